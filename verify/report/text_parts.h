/* SPDX-License-Identifier: MIT */
/*
 * The text report in its parts, one file per view; internal to verify/report.
 */
#ifndef FP_REPORT_TEXT_PARTS_H
#define FP_REPORT_TEXT_PARTS_H

#include "verify/report/page.h"

fp_status fp_text_write(const fp_report *report, const fp_report_style *style, fp_out *out);

/* One per view. */
void fp_text_results(fp_page *p, const fp_report *report);
void fp_text_explain(fp_page *p, const fp_report *report);
void fp_text_inventory(fp_page *p, const fp_report *report);
void fp_text_logs(fp_page *p, const fp_report *report);
void fp_text_catalog(fp_page *p, const fp_report *report);

/* Shared by several views. */
void fp_text_banner(fp_page *p, const fp_report *report, const fp_result *result);
void fp_text_summary(fp_page *p, const fp_report *report); /* several advisories: one line each */
void fp_text_next(fp_page *p, const fp_result *result);
void fp_text_subject(fp_page *p, const fp_report *report);
void fp_text_evidence(fp_page *p, const fp_report *report);
void fp_text_foot(fp_page *p, const fp_report *report);
/* A list of observations, at most about `most` of them (0: all): from its beginning and its end. */
void fp_text_observations(fp_page *p, const fp_report *report, const char *first, const char *next,
                          const fp_observations *list, size_t most);
/* "[2] sms.reg, HKEY_LOCAL_MACHINE\SOFTWARE\...", or "" for nothing. Clean. */
const char *fp_text_origin(fp_page *p, const fp_report *report, fp_origin origin);
const char *fp_text_time(fp_page *p, fp_time t);              /* "not known" for FP_TIME_NONE */
const char *fp_text_bytes(fp_page *p, uint64_t bytes);        /* "12,345 bytes" */
const char *fp_text_number(fp_page *p, uint64_t n);           /* "12,345" */
const char *fp_text_verdicts(fp_page *p, fp_verdict_set set); /* "affected or fixed" */

/* "  Label      value": a line of a list of properties. Skipped when the value is empty. */
void fp_text_property(fp_page *p, const char *label, const char *value);

#endif
