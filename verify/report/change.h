/* SPDX-License-Identifier: MIT */
/*
 * The change record in words: what its formats for people say alike. What changed on a server from
 * one report to the next is another matter: fp_changes, fp_delta.
 */
#ifndef FP_REPORT_CHANGE_H
#define FP_REPORT_CHANGE_H

#include "verify/report/words.h"

enum { FP_CHANGE_FACTS_MAX = 4 /* observations of one test that are shown; JSON has all */ };

/* Who signs, ended by NULL: planned, carried out, checked, approved. */
extern const char *const fp_change_roles[];

const char *fp_change_mark(fp_tick tick); /* "[x]" */
const char *fp_change_word(fp_tick tick); /* "ticked" */
fp_tone fp_change_tone(fp_tick tick);
/* What the mark means for this item, in a sentence; "" where the facts say it. */
const char *fp_change_note(const fp_checked *checked);
/* A person signs beside it. */
bool fp_change_is_signed(const fp_checked *checked);
const char *fp_change_phase(fp_phase phase); /* a heading */

/* Does the change concern this advisory? Of several, one that is not applicable, now and before,
 * needs no more than a line. */
bool fp_change_concerns(const fp_report *report, const fp_result *result);
/* The result of the report from before the change, or NULL. */
const fp_record_result *fp_change_before(const fp_report *report, const fp_result *result);
/* "AFFECTED (unpatched), by the report of 2008-06-13 ...": the state before, or that it is not
 * known. */
const char *fp_change_state_before(fp_page *p, const fp_report *report, const fp_result *result);
const char *fp_change_state_now(fp_page *p, const fp_result *result);
/* "assess of 2008-06-13 ..., SHA-256 ...": the report from before the change, or "". */
const char *fp_change_report_before(fp_page *p, const fp_report *report);
/* "2 ticked, 1 failed, 5 open" */
const char *fp_change_summary(fp_page *p, const fp_result *result);
/* Is there an item of this phase that is shown? Those set aside are. */
bool fp_change_has(const fp_result *result, fp_phase phase);
/* "Published 2008-06-13, revised 2008-06-17; fixed by KB954474; CVE-...; severity" */
const char *fp_change_identity(fp_page *p, const fp_advisory *advisory);
/* When and where an item was collected, by the collector's record. */
const char *fp_change_collected(fp_page *p, const fp_report *report, const fp_item *item);

#endif
