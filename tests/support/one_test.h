/* SPDX-License-Identifier: MIT */
/* An advisory of one test, for trying what a kind of test makes of evidence. */
#ifndef FP_TESTS_ONE_TEST_H
#define FP_TESTS_ONE_TEST_H

#include "verify/decide/trial_run.h"

/* `members`: those of its kind, as JSON; they stand in line 4. It asks catalogues for the revisions
 * 7 and 8. NULL: it was refused, see `d`. A failure of another kind aborts. */
const fp_advisory *one_test_advisory(fp_arena *arena, const char *members, fp_diag *d);
/* The evidence that the lines of a case (trial.h) describe. It needs the arena until it is
 * freed. What is wrong with the lines aborts. */
fp_case *one_test_described(const fp_advisory *advisory, const char *evidence, fp_arena *arena);
/* Its answer. */
fp_tri one_test_ask(const fp_advisory *advisory, fp_case *c, fp_arena *arena, fp_test_result *out);
/* Is this text in an observation? */
bool one_test_saw(const fp_test_result *result, const char *text);
/* Fails when it is in none. NULL: any will do. */
void one_test_check_seen(const fp_test_result *result, const char *text);

typedef struct one_test_form {
    const char *members;
    bool good; /* may be asked */
} one_test_form;
void one_test_check_forms(const one_test_form *forms, size_t count);

typedef struct one_test_question {
    const char *name, *members;
    const char *evidence; /* as one_test_described takes it */
    fp_tri is;
    fp_unknown_why why; /* of FP_UNKNOWN */
    const char *seen;   /* as one_test_check_seen takes it */
} one_test_question;
/* A test of cmocka: its state is a question. What an untrusted catalogue says is reserved. */
void one_test_check_question(void **state);

/* A case of one unsigned catalogue, whose signature is as if it had not been examined. */
fp_case *one_test_catalog(fp_span cabinet, const fp_case_options *options);

#endif
