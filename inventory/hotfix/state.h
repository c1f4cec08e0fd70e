/* SPDX-License-Identifier: MIT */
/*
 * One answer per KB: what the traces of a hotfix mean together.
 *
 * The answer is a decision list in three-valued logic, as verdicts are:
 * the rows of state.c in order; one that holds ends the list, one that may hold (because a trace
 * could not be read) leaves its state open too. Several open states are UNKNOWN. So a state on the
 * ground RECORDED or CONFIRMED stands, whatever the traces that could not be read say. The order of
 * the traces is of no effect.
 */
#ifndef FP_HOTFIX_STATE_H
#define FP_HOTFIX_STATE_H

#include "inventory/hotfix/hotfix.h"

/*
 * From `traces`, `traces_lost`, `present`, `elsewhere`, `contested` and `covered`, and the program
 * files in the evidence, to `state`, `ground`, `because`, `files_match` and, where the state needs
 * it, `why`; adds to `notes`. `product`: the one asked for, or empty for any. FP_NOMEM.
 */
FP_MUST_CHECK fp_status fp_hotfix_conclude(const fp_hotfix_evidence *evidence, fp_str product,
                                           fp_arena *arena, fp_hotfix *hotfix);

#endif
