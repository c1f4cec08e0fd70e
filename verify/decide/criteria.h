/* SPDX-License-Identifier: MIT */
/*
 * Criteria: all, any and not over named tests, in Kleene's logic. Pure, and never short-circuited.
 *
 *     "marker-present"                      a test
 *     {"all": [...]}  {"any": [...]}  {"not": ...}
 *     {"all": []}                           TRUE: the unconditional rule
 */
#ifndef FP_DECIDE_CRITERIA_H
#define FP_DECIDE_CRITERIA_H

#include "verify/decide/advisory.h"

/* Reads criteria; test names are looked up in `advisory`, whose tests must be read. Limits:
 * FP_CRITERIA_DEPTH_MAX and, over the whole document, *nodes up to FP_CRITERIA_NODES_MAX. Errors
 * are told to the form. */
void fp_criteria_read(fp_form *form, const fp_place *at, const fp_json *json,
                      const fp_advisory *advisory, size_t *nodes, fp_criteria *out);

/* `truths`: one per test of the advisory. */
fp_tri fp_criteria_evaluate(const fp_criteria *criteria, const fp_tri *truths);

/* How often a test stands in the criteria, and how often of these below a `not`. */
typedef struct fp_criteria_uses {
    size_t all, negated;
} fp_criteria_uses;
fp_criteria_uses fp_criteria_count(const fp_criteria *criteria, size_t test);

static inline bool fp_criteria_unconditional(const fp_criteria *criteria)
{
    return criteria->kind == FP_CRITERIA_ALL && criteria->child_count == 0;
}

/* A rule as the decision list sees it: with caveat tests counted as FALSE where unknown, unless
 * strict. */
fp_ruling fp_rule_ruling(const fp_rule *rule, const fp_tri *truths, size_t test_count, bool strict);
/* The same, were the tests marked in `doubted` not known. A caveat test counts as FALSE only where
 * it is unknown in truth. */
fp_ruling fp_rule_ruling_doubting(const fp_rule *rule, const fp_tri *truths, const bool *doubted,
                                  size_t test_count, bool strict);
/*
 * Whose assurance is that of a decision: of a fixed one the first rule that may be the one that
 * decides and shows no effect, for a verdict is as sure as the least of what may be behind it; else
 * the rule that ended the walk. `d` is definite, made of these rulings.
 */
size_t fp_rule_assuring(const fp_rule *rules, const fp_ruling *rulings, const fp_decision *d);
/* Was the rule ruled out only because an unknown caveat test was counted as FALSE? */
bool fp_rule_caveated(const fp_rule *rule, const fp_tri *truths, size_t test_count, bool strict);

#endif
