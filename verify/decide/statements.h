/* SPDX-License-Identifier: MIT */
/*
 * The two JSON files that may lie beside the evidence: what a person declares, and what the
 * collector says of the collection. Both are read strictly; one error and
 * nothing of the file counts.
 */
#ifndef FP_DECIDE_STATEMENTS_H
#define FP_DECIDE_STATEMENTS_H

#include "verify/decide/casefile.h"

enum { FP_STATEMENTS_MAX = 256, FP_STATEMENTS_SIZE_MAX = 1024 * 1024 };

typedef struct fp_collection_failure { /* what the collector wanted and did not get */
    fp_str source, reason;
} fp_collection_failure;

typedef struct fp_collected_item {
    fp_str path;   /* in the set, from the record's own folder on */
    fp_str source; /* where it was taken from on the server, or empty */
    fp_str modified;
} fp_collected_item;

typedef struct fp_collection {
    fp_str host, collected_at, collector;
    fp_time time;
    fp_collected_item *items;
    size_t item_count;
    fp_collection_failure *failed;
    size_t failed_count;
} fp_collection;

/* `item` is written into each statement. Errors are told to `lint` (may be NULL) and the first to
 * `d`. */
FP_MUST_CHECK fp_status fp_statements_read(fp_span json, uint32_t item, fp_arena *arena,
                                           fp_lint_fn *lint, void *context, fp_statement **out,
                                           size_t *count, fp_diag *d);
FP_MUST_CHECK fp_status fp_collection_read(fp_span json, fp_arena *arena, fp_lint_fn *lint,
                                           void *context, fp_collection *out, fp_diag *d);

#endif
