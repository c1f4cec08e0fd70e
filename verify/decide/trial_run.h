/* SPDX-License-Identifier: MIT */
/*
 * Cases of an advisory, tried: is the verdict the one expected, and what of the advisory do they
 * reach all together? The evidence goes the way that real evidence goes, from memory; nothing is
 * written to disk.
 */
#ifndef FP_DECIDE_TRIAL_RUN_H
#define FP_DECIDE_TRIAL_RUN_H

#include "verify/decide/assess.h"
#include "verify/decide/trial.h"

/*
 * The case file of the server that is described. `options` names advisories and releases; what the
 * trial declares and describes is added, and must outlive *out, which is freed by fp_case_free.
 * Failures are those of fp_case_open.
 */
FP_MUST_CHECK fp_status fp_trial_open(const fp_trial *trial, fp_case_options *options,
                                      fp_case **out, fp_diag *d);

typedef struct fp_coverage { /* zeroed, then as large as the advisory: fp_coverage_new */
    const fp_advisory *advisory;
    bool *rules;        /* decided in some case, or ended the walk */
    bool (*answers)[3]; /* of each test, by fp_tri: was there a case with this answer? */
    fp_verdict_set verdicts;
    bool undetermined;
} fp_coverage;

FP_MUST_CHECK fp_status fp_coverage_new(const fp_advisory *advisory, fp_arena *arena,
                                        fp_coverage *out);
size_t fp_coverage_rules(const fp_coverage *coverage); /* how many were reached */

typedef struct fp_trial_problems {
    fp_str *at; /* sentences */
    size_t count, capacity;
} fp_trial_problems;

/*
 * Tries one case. What is not as expected is added to `problems`, in `arena`; besides the
 * expectation: a definite verdict that more evidence would turn into another one (each export, log
 * and file is left out once, where nothing is declared). FP_NOMEM, FP_IO.
 */
FP_MUST_CHECK fp_status fp_trial_run(const fp_trial *trial, const fp_advisory *advisory,
                                     const fp_releases *releases, fp_arena *arena,
                                     fp_coverage *coverage, fp_trial_problems *problems,
                                     fp_diag *d);

#endif
