/* SPDX-License-Identifier: MIT */
#include "verify/oval/logic.h"

#include "verify/decide/criteria.h"
#include "verify/oval/parts.h"

/* ---- tests ---- */

static bool can_express(const fp_claim *claim)
{
    bool can = !fp_claim_looks(claim) || fp_oval_can_look(&claim->look);
    for (const fp_claim *child = claim->first; can && child != NULL; child = child->next)
        can = can_express(child);
    return can;
}

/* Is fixproof's answer to the test this word? */
static fp_claim *answer_is(fp_claims *c, const fp_advisory *advisory, const fp_test *test,
                           const char *word)
{
    const fp_look look = {FP_LOOK_ANSWER, advisory->id, test->name};
    fp_claim *claim = fp_claim_look(c, FP_CLAIM_EQUALS, look);
    fp_str *text = fp_arena_alloc(c->arena, sizeof *text);
    c->failed = c->failed || text == NULL;
    if (c->failed)
        return claim;
    *text = fp_str_of(word);
    claim->texts = (fp_texts){text, 1};
    return claim;
}

/* any(answer is "true", all(answer is "unknown", open)) */
static fp_claim *answer_of(fp_claims *c, const fp_advisory *advisory, const fp_test *test)
{
    return fp_claim_either(
        c, answer_is(c, advisory, test, "true"),
        fp_claim_both(c, answer_is(c, advisory, test, "unknown"), fp_claim_new(c, FP_CLAIM_OPEN)));
}

static void make_test(fp_claims *c, fp_oval_logic *logic, size_t index)
{
    const fp_test *test = &logic->advisory->tests[index];
    fp_claim *claim = test->kind->claim != NULL ? test->kind->claim(c, test->arguments) : NULL;
    logic->answered[index] = claim == NULL || !can_express(claim);
    if (logic->answered[index])
        claim = answer_of(c, logic->advisory, test);
    logic->tests[index] = fp_claim_simplify(c, claim);
}

/* ---- rules ---- */

typedef struct rule_reading {
    fp_claims *c;
    const fp_oval_logic *logic;
    const fp_rule *rule;
} rule_reading;

/* Does an unknown answer to this test count as "not TRUE" in the rule? */
static bool is_collapsed(const rule_reading *r, size_t test)
{
    bool collapsed = r->rule->verdict == FP_UNDETERMINED;
    for (size_t i = 0; i < r->rule->caveat_on_count; i++)
        collapsed = collapsed || r->rule->caveat_on[i] == test;
    return collapsed && r->logic->answered[test];
}

static fp_claim *test_claim(const rule_reading *r, size_t index, bool negated)
{
    const fp_advisory *advisory = r->logic->advisory;
    const fp_test *test = &advisory->tests[index];
    if (!is_collapsed(r, index))
        return fp_claim_index(r->c, FP_CLAIM_TEST, index);
    return negated ? fp_claim_not(r->c, answer_is(r->c, advisory, test, "false"))
                   : answer_is(r->c, advisory, test, "true");
}

/* The depth was limited by the reader (FP_CRITERIA_DEPTH_MAX). */
static fp_claim *criteria_claim(const rule_reading *r, const fp_criteria *criteria, bool negated)
{
    static const fp_claim_kind kinds[] = {[FP_CRITERIA_TEST] = FP_CLAIM_TEST,
                                          [FP_CRITERIA_ALL] = FP_CLAIM_ALL,
                                          [FP_CRITERIA_ANY] = FP_CLAIM_ANY,
                                          [FP_CRITERIA_NOT] = FP_CLAIM_NOT};
    if (criteria->kind == FP_CRITERIA_TEST)
        return test_claim(r, criteria->test, negated);
    fp_claim *claim = fp_claim_new(r->c, kinds[criteria->kind]);
    const bool below = criteria->kind == FP_CRITERIA_NOT ? !negated : negated;
    for (size_t i = 0; i < criteria->child_count; i++)
        fp_claim_add(claim, criteria_claim(r, &criteria->children[i], below));
    return claim;
}

fp_status fp_oval_logic_make(fp_claims *c, const fp_advisory *advisory, fp_oval_logic *out)
{
    fp_oval_logic logic = {
        .advisory = advisory,
        .tests = fp_arena_alloc_array(c->arena, advisory->test_count + 1, sizeof *logic.tests),
        .answered = fp_arena_alloc_array(c->arena, advisory->test_count + 1, sizeof(bool)),
        .rules = fp_arena_alloc_array(c->arena, advisory->rule_count + 1, sizeof *logic.rules),
    };
    if (logic.tests == NULL || logic.answered == NULL || logic.rules == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < advisory->test_count && !c->failed; i++)
        make_test(c, &logic, i);
    for (size_t i = 0; i < advisory->rule_count && !c->failed; i++) {
        const rule_reading r = {c, &logic, &advisory->rules[i]};
        logic.rules[i] = fp_claim_simplify(c, criteria_claim(&r, &advisory->rules[i].when, false));
    }
    if (c->failed)
        return FP_NOMEM;
    *out = logic;
    return FP_OK;
}

/* ---- verdicts ---- */

static fp_claim *rule_claim(fp_claims *c, const fp_oval_logic *logic, size_t index)
{
    const fp_claim *rule = logic->rules[index];
    if (fp_claim_is_true(rule) || fp_claim_is_false(rule))
        return fp_claim_copy(c, rule);
    return fp_claim_index(c, FP_CLAIM_RULE, index);
}

/* TRUE: the rule gives it. UNKNOWN: the rule leaves it open. FALSE: neither. */
static fp_tri gives(const fp_rule *rule, fp_verdict verdict)
{
    if (rule->verdict != FP_UNDETERMINED)
        return fp_tri_of(rule->verdict == verdict);
    const bool open = rule->possible == 0 || (rule->possible & fp_verdict_bit(verdict)) != 0;
    return open ? FP_UNKNOWN : FP_FALSE;
}

/* The rule holds, and none before it that concludes something else. */
static fp_claim *decides(fp_claims *c, const fp_oval_logic *logic, size_t index, fp_verdict verdict)
{
    fp_claim *all = fp_claim_add(fp_claim_new(c, FP_CLAIM_ALL), rule_claim(c, logic, index));
    for (size_t i = 0; i < index; i++)
        if (gives(&logic->advisory->rules[i], verdict) != FP_TRUE)
            fp_claim_add(all, fp_claim_not(c, rule_claim(c, logic, i)));
    return all;
}

fp_claim *fp_oval_verdict(fp_claims *c, const fp_oval_logic *logic, fp_verdict verdict)
{
    fp_claim *any = fp_claim_new(c, FP_CLAIM_ANY);
    for (size_t i = 0; i < logic->advisory->rule_count && !c->failed; i++) {
        const fp_tri given = gives(&logic->advisory->rules[i], verdict);
        if (given == FP_FALSE)
            continue;
        fp_claim *all = decides(c, logic, i, verdict);
        if (given == FP_UNKNOWN)
            fp_claim_add(all, fp_claim_new(c, FP_CLAIM_OPEN));
        fp_claim_add(any, all);
    }
    return fp_claim_simplify(c, any);
}
