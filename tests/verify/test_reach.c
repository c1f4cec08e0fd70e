/* SPDX-License-Identifier: MIT */
/* Which rules can decide: against all answers tried one by one. */
#include "tests/support/check.h"
#include "verify/decide/criteria.h"
#include "verify/decide/reach.h"

enum { TESTS = 5, RULES = 5, LISTS = 3000, NODES = 64 };

typedef struct maker {
    uint32_t seed;
    fp_criteria nodes[NODES];
    size_t count;
} maker;

static uint32_t draw(maker *m, uint32_t below)
{
    m->seed = m->seed * 1664525U + 1013904223U;
    return (m->seed >> 16) % below;
}

static void make(maker *m, unsigned depth, fp_criteria *out)
{
    const uint32_t kind = depth == 0 ? 0 : draw(m, 4);
    *out = (fp_criteria){.kind = (fp_criteria_kind)kind, .test = draw(m, TESTS)};
    if (kind == FP_CRITERIA_TEST)
        return;
    out->child_count = kind == FP_CRITERIA_NOT ? 1 : 1 + draw(m, 2);
    if (m->count + out->child_count > NODES) {
        out->kind = FP_CRITERIA_TEST;
        out->child_count = 0;
        return;
    }
    out->children = &m->nodes[m->count];
    m->count += out->child_count;
    for (size_t i = 0; i < out->child_count; i++)
        make(m, depth - 1, &out->children[i]);
}

static bool can_decide(const fp_rule *rules, size_t rule)
{
    for (unsigned answers = 0; answers < 1U << TESTS; answers++) {
        fp_tri truths[TESTS];
        for (unsigned i = 0; i < TESTS; i++)
            truths[i] = fp_tri_of((answers >> i & 1) != 0);
        bool decides = fp_criteria_evaluate(&rules[rule].when, truths) == FP_TRUE;
        for (size_t i = 0; i < rule; i++)
            decides = decides && fp_criteria_evaluate(&rules[i].when, truths) == FP_FALSE;
        if (decides)
            return true;
    }
    return false;
}

static void test_against_all_answers(void **state)
{
    (void)state;
    size_t dead = 0;
    for (uint32_t seed = 0; seed < LISTS; seed++) {
        maker m = {.seed = seed * 2654435761U};
        fp_rule rules[RULES] = {0};
        fp_test tests[TESTS] = {0};
        for (size_t i = 0; i < RULES; i++)
            make(&m, 2, &rules[i].when);
        const fp_advisory advisory = {
            .tests = tests, .test_count = TESTS, .rules = rules, .rule_count = RULES};
        uint64_t work = FP_REACH_WORK;
        for (size_t i = 0; i < RULES; i++) {
            const fp_reach reach = fp_rule_reach(&advisory, i, &work);
            if (reach != (can_decide(rules, i) ? FP_REACH_CAN : FP_REACH_NEVER))
                fail_msg("list %u, rule %zu: %d", seed, i, reach);
            dead += reach == FP_REACH_NEVER;
        }
    }
    assert_true(dead > 100);
}

/* any(t0,t1) and any(t2,t3) and ... against a rule before it that is the same: a search that must
 * give up. */
static void test_bounded(void **state)
{
    (void)state;
    enum { PAIRS = 60 };
    fp_test tests[2 * PAIRS] = {0};
    fp_criteria leaves[2 * PAIRS], pairs[PAIRS];
    for (size_t i = 0; i < 2 * PAIRS; i++)
        leaves[i] = (fp_criteria){.kind = FP_CRITERIA_TEST, .test = i};
    for (size_t i = 0; i < PAIRS; i++)
        pairs[i] =
            (fp_criteria){.kind = FP_CRITERIA_ANY, .children = &leaves[2 * i], .child_count = 2};
    fp_rule rules[2] = {0};
    for (size_t i = 0; i < 2; i++)
        rules[i].when =
            (fp_criteria){.kind = FP_CRITERIA_ALL, .children = pairs, .child_count = PAIRS};
    const fp_advisory advisory = {
        .tests = tests, .test_count = 2 * PAIRS, .rules = rules, .rule_count = 2};
    uint64_t work = FP_REACH_WORK;
    assert_int_equal(fp_rule_reach(&advisory, 0, &work), FP_REACH_CAN);
    assert_int_equal(fp_rule_reach(&advisory, 1, &work), FP_REACH_UNKNOWN);
    assert_int_equal(work, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_all_answers),
        cmocka_unit_test(test_bounded),
    };
    return RUN_TESTS(tests);
}
