/* SPDX-License-Identifier: MIT */
/*
 * Reports: one file per format behind one table. A writer turns the model below into bytes and does
 * nothing else; two runs on the same model give the same bytes.
 */
#ifndef FP_REPORT_REPORT_H
#define FP_REPORT_REPORT_H

#include "inventory/base/out.h"
#include "verify/decide/assess.h"

typedef enum fp_report_view { /* which command asked: what is shown, in which depth */
    FP_VIEW_ASSESS = 0,
    FP_VIEW_CONFIRM,
    FP_VIEW_EXPLAIN
} fp_report_view;

typedef struct fp_report {
    fp_report_view view;
    const char *tool_version;
    fp_time generated; /* the one clock reading */
    const fp_case *casefile;
    const fp_result *results;
    size_t result_count;
    fp_time since; /* confirm */
} fp_report;

typedef struct fp_report_style { /* of text on a terminal */
    bool color;
    unsigned width; /* columns; 0 = do not wrap */
} fp_report_style;

typedef struct fp_report_format {
    const char *name; /* "text", "json" */
    const char *what; /* for --help */
    fp_status (*write)(const fp_report *report, const fp_report_style *style, fp_out *out);
} fp_report_format;

const fp_report_format *fp_report_format_find(const char *name); /* NULL: none */
const fp_report_format *fp_report_format_at(size_t index);       /* NULL past the end */

#endif
