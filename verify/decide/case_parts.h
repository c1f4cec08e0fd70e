/* SPDX-License-Identifier: MIT */
/*
 * Between casefile.c, which opens a case, and case_items.c, which takes what the evidence holds.
 */
#ifndef FP_DECIDE_CASE_PARTS_H
#define FP_DECIDE_CASE_PARTS_H

#include "verify/decide/casefile.h"

struct fp_case_parts {
    const fp_case_options *options;
    fp_activity **activities;
    size_t activity_count;
    fp_timeline *timeline;
    bool usable; /* something was recognised and readable */
    size_t host_capacity, statement_capacity, catalog_capacity, file_capacity;
};

/* The handlers, with the fp_case as their context. */
extern const fp_evidence_handler fp_case_handlers[];
extern const size_t fp_case_handler_count;

/* A source that names the computer; placeholders and nothing at all are left out. */
FP_MUST_CHECK fp_status fp_case_add_host(fp_case *c, fp_str name, fp_origin origin);

#endif
