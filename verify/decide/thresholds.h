/* SPDX-License-Identifier: MIT */
/*
 * Version thresholds as published, each within its branch and with its source.
 *
 *     "thresholds": [
 *       {"branch": "5.00.9128", "at_least": "5.00.9128.1034", "source": "...",
 *        "certainty": "confirmed"}]
 *
 * A version belongs to the branch with whose numbers it begins; a threshold that names no branch is
 * for every version. Only the thresholds of its own branch say anything about a version: applied to
 * another branch, a ceiling would make every older branch affected. Several thresholds of one
 * branch are several sources for one question: where they agree there is an answer, and between
 * them, where they disagree, there is none.
 */
#ifndef FP_DECIDE_THRESHOLDS_H
#define FP_DECIDE_THRESHOLDS_H

#include "verify/decide/test.h"

enum { FP_THRESHOLDS_MAX = 128 };

typedef struct fp_threshold {   /* [at_least, below); count == 0: no such bound */
    fp_version branch;          /* count == 0: every version */
    fp_version at_least, below; /* at least one of them, both inside the branch */
    fp_str source;
    unsigned certainty; /* 1 + index in fp_certainty_words */
} fp_threshold;

typedef struct fp_thresholds { /* in the form's arena */
    fp_threshold *at;
    size_t count;
} fp_thresholds;

/* Reads the array at `at`. Errors: no bound, an empty range, a bound outside its branch, branches
 * of which one lies in the other, one source twice. */
void fp_thresholds_read(fp_form *form, const fp_place *at, const fp_json *json, fp_thresholds *out);

/*
 * TRUE: all thresholds of its branch hold for this version; FALSE: none does; UNKNOWN: they
 * disagree (conflicting), or there is none for its branch (incomplete). What was compared with what
 * is observed in `out`, and out->why and out->unconfirmed are set; out->is is left alone.
 */
fp_tri fp_thresholds_ask(const fp_thresholds *thresholds, const fp_version *version,
                         const fp_test_context *context, fp_origin origin, fp_test_result *out);

/* The same of every version of an object: TRUE where all are on the same, right side. */
fp_claim *fp_thresholds_claim(fp_claims *c, const fp_thresholds *thresholds, fp_look look);

#endif
