/* SPDX-License-Identifier: MIT */
/* A search for answers that make the rule decide: one test after the other is tried both ways, and
 * a branch ends as soon as the rule fails or one before it holds. */
#include "verify/decide/reach.h"

#include "verify/decide/criteria.h"

typedef struct search {
    const fp_advisory *advisory;
    size_t rule;
    fp_tri truths[FP_ADVISORY_TESTS_MAX];
    uint64_t *work;
} search;

/* The depth is that of criteria, bounded by their reader. Costs one unit per criterion. */
static fp_tri evaluate(const search *s, const fp_criteria *c)
{
    if (*s->work == 0)
        return FP_UNKNOWN;
    --*s->work;
    if (c->kind == FP_CRITERIA_TEST)
        return s->truths[c->test];
    fp_tri all = FP_TRUE;
    fp_tri any = FP_FALSE;
    for (size_t i = 0; i < c->child_count; i++) {
        const fp_tri child = evaluate(s, &c->children[i]);
        all = fp_tri_and(all, child);
        any = fp_tri_or(any, child);
    }
    if (c->kind == FP_CRITERIA_NOT)
        return fp_tri_not(all);
    return c->kind == FP_CRITERIA_ALL ? all : any;
}

/* A test that is not tried yet, in criteria that are still open; false: there is none. */
static bool find_open(const search *s, const fp_criteria *c, size_t *test)
{
    if (c->kind == FP_CRITERIA_TEST) {
        *test = c->test;
        return s->truths[c->test] == FP_UNKNOWN;
    }
    for (size_t i = 0; i < c->child_count; i++)
        if (evaluate(s, &c->children[i]) == FP_UNKNOWN && find_open(s, &c->children[i], test))
            return true;
    return false;
}

/* Does the branch go on, and then with which criteria? */
typedef enum branch { BRANCH_OPEN = 0, BRANCH_DEAD, BRANCH_FOUND } branch;

static branch look(const search *s, const fp_criteria **open)
{
    const fp_rule *rules = s->advisory->rules;
    *open = NULL;
    for (size_t i = 0; i <= s->rule; i++) {
        const fp_tri is = evaluate(s, &rules[i].when);
        if (is == (i == s->rule ? FP_FALSE : FP_TRUE))
            return BRANCH_DEAD;
        if (is == FP_UNKNOWN)
            *open = &rules[i].when; /* the rule itself, or the last one before it */
    }
    return *open == NULL ? BRANCH_FOUND : BRANCH_OPEN;
}

/* Recursion is as deep as there are tests. */
static fp_reach try_all(search *s)
{
    const fp_criteria *open;
    size_t test = 0;
    const branch now = look(s, &open);
    if (*s->work == 0)
        return FP_REACH_UNKNOWN;
    if (now != BRANCH_OPEN)
        return now == BRANCH_FOUND ? FP_REACH_CAN : FP_REACH_NEVER;
    if (!find_open(s, open, &test))
        return FP_REACH_UNKNOWN;
    static const fp_tri answers[] = {FP_TRUE, FP_FALSE};
    fp_reach reach = FP_REACH_NEVER;
    for (size_t i = 0; i < 2 && reach == FP_REACH_NEVER; i++) {
        s->truths[test] = answers[i];
        reach = try_all(s);
    }
    s->truths[test] = FP_UNKNOWN;
    return reach;
}

fp_reach fp_rule_reach(const fp_advisory *advisory, size_t rule,
                       uint64_t *work) /* NOLINT(readability-non-const-parameter): counted down */
{
    search s = {.advisory = advisory, .rule = rule, .work = work};
    return try_all(&s);
}
