/* SPDX-License-Identifier: MIT */
/*
 * The text report in its parts, one file per view; internal to verify/report.
 */
#ifndef FP_REPORT_TEXT_PARTS_H
#define FP_REPORT_TEXT_PARTS_H

#include "verify/report/words.h"

fp_status fp_text_write(const fp_report *report, const fp_report_style *style, fp_out *out);

/* One per view. */
void fp_text_results(fp_page *p, const fp_report *report);
void fp_text_explain(fp_page *p, const fp_report *report);
void fp_text_inventory(fp_page *p, const fp_report *report);
void fp_text_logs(fp_page *p, const fp_report *report);
void fp_text_catalog(fp_page *p, const fp_report *report);
void fp_text_change(fp_page *p, const fp_report *report);
void fp_text_changes(fp_page *p, const fp_report *report);

/* Before the verdicts of confirm, and all of diff. */
void fp_text_changes_made(fp_page *p, const fp_report *report);

/* Parts of the inventory. */
void fp_text_hotfixes(fp_page *p, const fp_report *report);
void fp_text_hotfix_numbers(fp_page *p, const fp_report *report); /* those that have no row */
void fp_text_site_updates(fp_page *p, const fp_report *report);
void fp_text_details(fp_page *p, const fp_report *report);

/* Parts of a catalogue. */
void fp_text_catalog_questions(fp_page *p, const fp_catalog *catalog);
void fp_text_catalog_odd(fp_page *p, const fp_catalog *catalog);

/* A day as text of a narrow column; of a date that some system wrote in its own language, without
 * weekday and time of day: "19.06.2008", "June 19, 2008". */
const char *fp_text_day(fp_page *p, fp_time t);
const char *fp_text_recorded_day(fp_page *p, fp_str recorded);

/* Shared by several views. */
void fp_text_banner(fp_page *p, const fp_report *report, const fp_result *result);
/* Several advisories: one line each, those that are aside counted. */
void fp_text_summary(fp_page *p, const fp_report *report);
void fp_text_next(fp_page *p, const fp_result *result);
void fp_text_subject(fp_page *p, const fp_report *report);
void fp_text_evidence(fp_page *p, const fp_report *report);
void fp_text_problems(fp_page *p, const fp_item *item); /* of an item, below its row */
void fp_text_foot(fp_page *p, const fp_report *report);
/* A list of observations, at most about `most` of them (0: all): from its beginning and its end. */
void fp_text_observations(fp_page *p, const fp_report *report, const char *first, const char *next,
                          const fp_observations *list, size_t most);
/* "  Label      value": a line of a list of properties. Skipped when the value is empty. */
void fp_text_property(fp_page *p, const char *label, const char *value);

#endif
