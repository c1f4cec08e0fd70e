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

#endif
