/* SPDX-License-Identifier: MIT */
/*
 * The kinds of tests an advisory can name. A new kind is one file (test_<kind>.c) and one row of the table in
 * test.c.
 *
 * A test is TRUE, FALSE or UNKNOWN with the reason. FALSE needs evidence that is complete for the question.
 */
#ifndef FP_DECIDE_TEST_H
#define FP_DECIDE_TEST_H

#include "verify/decide/casefile.h"

typedef struct fp_test_result {
    fp_tri is;
    fp_unknown_why why;           /* when unknown */
    fp_observations observations; /* what was seen, or what was looked for where */
} fp_test_result;

typedef struct fp_test_context { /* what a kind may look at */
    const fp_case *casefile;
    const fp_advisory *advisory;
    size_t first_activity; /* index of the advisory's activity 0 in casefile->history */
    fp_time since;         /* of `confirm`: only what happened after counts as effect; FP_TIME_NONE */
    fp_arena *arena;
} fp_test_context;

struct fp_test_kind {
    const char *name;          /* value of "kind" in the data */
    const char *const *keys;   /* members it takes besides the common ones; NULL-terminated */
    /* Checks the JSON and puts the parsed arguments into the arena; reports through fp_advisory's lint. */
    fp_status (*parse)(const fp_json *json, const fp_advisory *advisory, fp_arena *arena,
                       const void **arguments, fp_diag *d);
    fp_status (*evaluate)(const fp_test_context *context, const void *arguments,
                          fp_test_result *out);
};

const fp_test_kind *fp_test_kind_find(fp_str name); /* NULL: no such kind */
const fp_test_kind *fp_test_kind_at(size_t index);  /* NULL past the end */

#endif
