/* SPDX-License-Identifier: MIT */
/*
 * The checklist of an advisory held against the evidence: the program ticks what evidence proves,
 * and leaves the rest to a person.
 *
 * A tick is worth what a person's signature would be, so it takes more than TRUE: not a statement
 * (that is DECLARED), not a fact that nobody confirmed, not evidence that is not shown to be
 * genuine where a signature could show it, not an item of evidence without a digest, by which
 * nobody could check it later, and, of what a change does, nothing that is not shown to be from
 * after the change began.
 */
#ifndef FP_DECIDE_CHECKLIST_H
#define FP_DECIDE_CHECKLIST_H

#include "verify/decide/assess.h"

const char *fp_tick_name(fp_tick tick);        /* "open", "ticked" ...: published */
const char *fp_open_why_name(fp_open_why why); /* "by-hand" ...: published */
bool fp_tick_from_name(fp_str name, fp_tick *out);

/*
 * Fills out->checklist and out->packages of a result, of which the advisory and the answers to its
 * tests are set. `stale`: the evidence is not shown to be from after the change began.
 */
FP_MUST_CHECK fp_status fp_checklist_fill(const fp_case *c, bool stale, fp_result *out);

#endif
