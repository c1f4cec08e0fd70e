/* SPDX-License-Identifier: MIT */
/* The decision list: its table, and its soundness against brute force over all completions. */
#include "tests/support/check.h"
#include "verify/decide/criteria.h"

#include <stdio.h>

/* ---- by hand ---- */

enum { A = 1U << FP_AFFECTED, F = 1U << FP_FIXED, N = 1U << FP_NOT_APPLICABLE };

static const fp_ruling affected_true = {FP_TRUE, FP_AFFECTED, 0};
static const fp_ruling affected_unknown = {FP_UNKNOWN, FP_AFFECTED, 0};
static const fp_ruling affected_false = {FP_FALSE, FP_AFFECTED, 0};
static const fp_ruling fixed_true = {FP_TRUE, FP_FIXED, 0};
static const fp_ruling fixed_unknown = {FP_UNKNOWN, FP_FIXED, 0};
static const fp_ruling conflict_true = {FP_TRUE, FP_UNDETERMINED, A | F};
static const fp_ruling conflict_unknown = {FP_UNKNOWN, FP_UNDETERMINED, A | F};
static const fp_ruling nothing_left = {FP_TRUE, FP_UNDETERMINED, 0};

typedef struct row {
    const char *name;
    const fp_ruling *rulings[4];
    size_t count;
    fp_verdict verdict;
    fp_verdict_set possible;
    size_t rule;
    bool stated;
} row;

static const row rows[] = {
    {"the first TRUE rule decides",
     {&affected_false, &fixed_true, &affected_true},
     3,
     FP_FIXED,
     F,
     1,
     false},
    {"an UNKNOWN rule stays open",
     {&affected_unknown, &fixed_true},
     2,
     FP_UNDETERMINED,
     A | F,
     1,
     false},
    {"UNKNOWN and TRUE of one verdict are that verdict",
     {&fixed_unknown, &fixed_true},
     2,
     FP_FIXED,
     F,
     1,
     false},
    {"nothing after a TRUE rule counts",
     {&fixed_true, &affected_unknown},
     2,
     FP_FIXED,
     F,
     0,
     false},
    {"a contradiction decides when TRUE",
     {&conflict_true, &fixed_true},
     2,
     FP_UNDETERMINED,
     A | F,
     0,
     true},
    {"... and only then", {&conflict_unknown, &fixed_true}, 2, FP_FIXED, F, 1, false},
    {"it keeps its reason beside what it states itself",
     {&affected_unknown, &conflict_true},
     2,
     FP_UNDETERMINED,
     A | F,
     1,
     true},
    {"it adds to what it does not state",
     {&(const fp_ruling){FP_UNKNOWN, FP_NOT_APPLICABLE, 0}, &conflict_true},
     2,
     FP_UNDETERMINED,
     A | F | N,
     1,
     false},
    {"one open verdict is none when the list ends undetermined",
     {&fixed_unknown, &nothing_left},
     2,
     FP_UNDETERMINED,
     F,
     1,
     false},
    {"of nothing follows nothing",
     {&affected_false, &nothing_left},
     2,
     FP_UNDETERMINED,
     A | F | N,
     1,
     true},
    {"no TRUE rule", {&fixed_unknown}, 1, FP_UNDETERMINED, A | F | N, 1, false},
    {"no rule", {NULL}, 0, FP_UNDETERMINED, A | F | N, 0, false},
};

static void test_row(void **state)
{
    const row *r = *state;
    fp_ruling rulings[4];
    for (size_t i = 0; i < r->count; i++)
        rulings[i] = *r->rulings[i];
    const fp_decision d = fp_decide(rulings, r->count);
    assert_int_equal(d.verdict, r->verdict);
    assert_int_equal(d.possible, r->possible);
    assert_int_equal(d.rule, r->rule);
    assert_int_equal(d.stated, r->stated);
}

static void test_names(void **state)
{
    (void)state;
    for (int v = 0; v < FP_VERDICTS; v++) {
        fp_verdict back;
        assert_true(fp_verdict_from_name(fp_str_of(fp_verdict_name((fp_verdict)v)), &back));
        assert_int_equal(back, v);
    }
    fp_verdict untouched = FP_FIXED;
    assert_false(fp_verdict_from_name(FP_STR("Fixed"), &untouched));
    assert_int_equal(untouched, FP_FIXED);
}

/* ---- random rule sets ---- */

enum {
    TESTS_MAX = 8,
    RULES_MAX = 7,
    NODES_MAX = 400,
    DEPTH_MAX = 3,
    CHILDREN_MAX = 3,
    TRIALS = 40000
};

typedef struct random_set {
    fp_criteria nodes[NODES_MAX];
    size_t node_count;
    size_t caveats[RULES_MAX][TESTS_MAX];
    fp_rule rules[RULES_MAX];
    size_t rule_count;
    fp_tri truths[TESTS_MAX];
    size_t test_count;
    uint64_t seed;
} random_set;

static unsigned draw(random_set *s, unsigned below)
{
    s->seed ^= s->seed << 13;
    s->seed ^= s->seed >> 7;
    s->seed ^= s->seed << 17;
    return (unsigned)((s->seed >> 20) % below);
}

static void grow_criteria(random_set *s, unsigned depth, fp_criteria *out)
{
    *out = (fp_criteria){.kind = FP_CRITERIA_TEST, .test = draw(s, (unsigned)s->test_count)};
    if (depth == 0 || draw(s, 3) == 0 || s->node_count + CHILDREN_MAX > NODES_MAX)
        return;
    out->kind = (fp_criteria_kind)(FP_CRITERIA_ALL + draw(s, 3));
    out->child_count = out->kind == FP_CRITERIA_NOT ? 1 : 1 + draw(s, CHILDREN_MAX);
    out->children = &s->nodes[s->node_count];
    s->node_count += out->child_count;
    for (size_t i = 0; i < out->child_count; i++)
        grow_criteria(s, depth - 1, &out->children[i]);
}

/* Caveats as the reader of advisories lets them through: on tests that stand in the rule, below no
 * `not`. */
static void grow_caveats(random_set *s, size_t index)
{
    fp_rule *rule = &s->rules[index];
    rule->caveat_on = s->caveats[index];
    for (size_t t = 0; t < s->test_count; t++) {
        const fp_criteria_uses uses = fp_criteria_count(&rule->when, t);
        if (uses.all > 0 && uses.negated == 0 && draw(s, 3) == 0)
            s->caveats[index][rule->caveat_on_count++] = t;
    }
}

static void grow_set(random_set *s, uint64_t seed)
{
    memset(s, 0, sizeof *s);
    s->seed = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    s->test_count = 1 + draw(s, TESTS_MAX);
    s->rule_count = 1 + draw(s, RULES_MAX);
    for (size_t t = 0; t < s->test_count; t++)
        s->truths[t] = (fp_tri)draw(s, 3);
    for (size_t i = 0; i < s->rule_count; i++) {
        fp_rule *rule = &s->rules[i];
        rule->verdict = (fp_verdict)draw(s, FP_VERDICTS);
        if (rule->verdict == FP_UNDETERMINED)
            rule->possible = draw(s, 8) << FP_AFFECTED;
        if (rule->verdict == FP_FIXED)
            rule->assurance = draw(s, 2) == 0 ? FP_ASSURANCE_EFFECTIVE : FP_ASSURANCE_INSTALLED;
        rule->when = (fp_criteria){.kind = FP_CRITERIA_ALL};
        if (i + 1 < s->rule_count) {
            grow_criteria(s, DEPTH_MAX, &rule->when);
            grow_caveats(s, i);
        }
    }
}

/* ---- brute force: two-valued, and written apart from the code it checks ---- */

static bool holds(const fp_criteria *c, const bool *world)
{
    if (c->kind == FP_CRITERIA_TEST)
        return world[c->test];
    size_t true_children = 0;
    for (size_t i = 0; i < c->child_count; i++)
        true_children += holds(&c->children[i], world);
    if (c->kind == FP_CRITERIA_ALL)
        return true_children == c->child_count;
    return c->kind == FP_CRITERIA_ANY ? true_children > 0 : true_children == 0;
}

static bool has_unknown_caveat(const random_set *s, const fp_rule *rule)
{
    for (size_t i = 0; i < rule->caveat_on_count; i++)
        if (s->truths[rule->caveat_on[i]] == FP_UNKNOWN)
            return true;
    return false;
}

typedef struct engine { /* what is checked, or something broken in its place */
    fp_decision (*decide)(const fp_ruling *rulings, size_t count);
    size_t (*assure)(const fp_rule *rules, const fp_ruling *rulings, const fp_decision *d);
} engine;

static bool is_effective(const fp_rule *rule)
{
    return fp_str_eq(rule->assurance, FP_ASSURANCE_EFFECTIVE);
}

/* Does what was decided hold in this world? Worlds in which a rule fires that a caveat ruled out,
 * or a contradiction that nobody saw, are those of which the result warns. */
static bool is_sound_in(const random_set *s, const fp_ruling *rulings, const fp_decision *d,
                        bool effective, const bool *world)
{
    size_t i = 0;
    while (!holds(&s->rules[i].when, world))
        i++; /* ends: the last rule is unconditional */
    const fp_rule *rule = &s->rules[i];
    if (rulings[i].when == FP_FALSE)
        return has_unknown_caveat(s, rule);
    if (rule->verdict == FP_UNDETERMINED && rulings[i].when == FP_UNKNOWN)
        return true;

    const fp_verdict_set outcome =
        rule->verdict == FP_UNDETERMINED ? rule->possible : fp_verdict_bit(rule->verdict);
    if ((outcome & ~d->possible) != 0 || (effective && !is_effective(rule)))
        return false;
    return d->verdict == FP_UNDETERMINED || d->verdict == rule->verdict;
}

static bool is_sound(const random_set *s, const engine *e, bool strict)
{
    fp_ruling rulings[RULES_MAX];
    for (size_t i = 0; i < s->rule_count; i++)
        rulings[i] = fp_rule_ruling(&s->rules[i], s->truths, s->test_count, strict);
    const fp_decision d = e->decide(rulings, s->rule_count);
    const bool effective =
        d.verdict == FP_FIXED && is_effective(&s->rules[e->assure(s->rules, rulings, &d)]);

    for (unsigned bits = 0; bits < 1U << s->test_count; bits++) {
        bool world[TESTS_MAX];
        bool completes = true;
        for (size_t t = 0; t < s->test_count; t++) {
            world[t] = (bits >> t & 1) != 0;
            completes = completes && (s->truths[t] == FP_UNKNOWN ||
                                      s->truths[t] == (world[t] ? FP_TRUE : FP_FALSE));
        }
        if (completes && !is_sound_in(s, rulings, &d, effective, world))
            return false;
    }
    return true;
}

static engine deciding(fp_decision (*decide)(const fp_ruling *rulings, size_t count))
{
    return (engine){decide, fp_rule_assuring};
}

static size_t unsound_sets(engine e, bool strict, size_t trials)
{
    size_t unsound = 0;
    for (size_t i = 0; i < trials; i++) {
        random_set s;
        grow_set(&s, i + 1);
        unsound += !is_sound(&s, &e, strict);
    }
    return unsound;
}

static void test_sound(void **state)
{
    (void)state;
    assert_int_equal(unsound_sets(deciding(fp_decide), false, TRIALS), 0);
}

static void test_sound_strict(void **state)
{
    (void)state;
    assert_int_equal(unsound_sets(deciding(fp_decide), true, TRIALS), 0);
}

/* With nothing unknown the list says exactly what its first rule that holds says. */
static void test_exact(void **state)
{
    (void)state;
    for (size_t trial = 0; trial < TRIALS; trial++) {
        random_set s;
        bool world[TESTS_MAX];
        fp_ruling rulings[RULES_MAX];
        grow_set(&s, trial + 1);
        for (size_t t = 0; t < s.test_count; t++) {
            world[t] = s.truths[t] == FP_TRUE;
            s.truths[t] = fp_tri_of(world[t]);
        }
        size_t first = 0;
        while (!holds(&s.rules[first].when, world))
            first++;
        for (size_t i = 0; i < s.rule_count; i++)
            rulings[i] = fp_rule_ruling(&s.rules[i], s.truths, s.test_count, false);
        const fp_decision d = fp_decide(rulings, s.rule_count);
        assert_int_equal(d.rule, first);
        assert_int_equal(d.verdict, s.rules[first].verdict);
    }
}

/* No rule that is known not to decide lowers an assurance: with nothing unknown it is that of the
 * rule that does. */
static void test_assurance(void **state)
{
    (void)state;
    static const fp_rule rules[] = {
        {.verdict = FP_FIXED, .assurance = FP_STR_INIT("installed")},
        {.verdict = FP_FIXED, .assurance = FP_STR_INIT("effective")},
    };
    for (unsigned first = FP_UNKNOWN; first <= FP_TRUE; first++) {
        const fp_ruling rulings[] = {{(fp_tri)first, FP_FIXED, 0}, {FP_TRUE, FP_FIXED, 0}};
        const fp_decision d = fp_decide(rulings, 2);
        assert_int_equal(d.verdict, FP_FIXED);
        assert_int_equal(fp_rule_assuring(rules, rulings, &d), first == FP_FALSE ? 1 : 0);
    }
}

/* More evidence never contradicts a verdict: one unknown less keeps it, or it was not given. */
static void test_monotone(void **state)
{
    (void)state;
    for (size_t trial = 0; trial < TRIALS; trial++) {
        random_set s;
        fp_ruling rulings[RULES_MAX];
        grow_set(&s, trial + 1);
        for (size_t i = 0; i < s.rule_count; i++)
            rulings[i] = fp_rule_ruling(&s.rules[i], s.truths, s.test_count, true);
        const fp_decision before = fp_decide(rulings, s.rule_count);
        for (size_t t = 0; t < s.test_count; t++)
            if (s.truths[t] == FP_UNKNOWN)
                s.truths[t] = draw(&s, 2) == 0 ? FP_FALSE : FP_TRUE;
        bool contradiction = false;
        for (size_t i = 0; i < s.rule_count; i++) {
            rulings[i] = fp_rule_ruling(&s.rules[i], s.truths, s.test_count, true);
            contradiction = contradiction || s.rules[i].verdict == FP_UNDETERMINED;
        }
        const fp_decision after = fp_decide(rulings, s.rule_count);
        if (!contradiction)
            assert_int_equal(after.possible & ~before.possible, 0);
    }
}

/* ---- the property can fail: each of these is caught ---- */

static fp_decision forgets_unknown(const fp_ruling *rulings, size_t count)
{
    fp_ruling known[RULES_MAX];
    for (size_t i = 0; i < count; i++) {
        known[i] = rulings[i];
        if (known[i].when == FP_UNKNOWN)
            known[i].when = FP_FALSE;
    }
    return fp_decide(known, count);
}

static fp_decision believes_unknown(const fp_ruling *rulings, size_t count)
{
    fp_ruling known[RULES_MAX];
    for (size_t i = 0; i < count; i++) {
        known[i] = rulings[i];
        if (known[i].when == FP_UNKNOWN)
            known[i].when = FP_TRUE;
    }
    return fp_decide(known, count);
}

static fp_decision takes_the_only_one(const fp_ruling *rulings, size_t count)
{
    fp_decision d = fp_decide(rulings, count);
    for (unsigned v = FP_AFFECTED; v < FP_VERDICTS; v++)
        if (d.possible == 1U << v)
            d.verdict = (fp_verdict)v;
    return d;
}

static fp_decision forgets_what_is_stated(const fp_ruling *rulings, size_t count)
{
    fp_ruling mute[RULES_MAX];
    for (size_t i = 0; i < count; i++) {
        mute[i] = rulings[i];
        mute[i].possible = 0;
    }
    return fp_decide(mute, count);
}

static size_t takes_the_deciding_one(const fp_rule *rules, const fp_ruling *rulings,
                                     const fp_decision *d)
{
    (void)rules;
    (void)rulings;
    return d->rule;
}

static void test_property_can_fail(void **state)
{
    enum { FEW = 2000 };
    (void)state;
    assert_true(unsound_sets(deciding(forgets_unknown), false, FEW) > 0);
    assert_true(unsound_sets(deciding(believes_unknown), false, FEW) > 0);
    assert_true(unsound_sets(deciding(takes_the_only_one), false, FEW) > 0);
    assert_true(unsound_sets(deciding(forgets_what_is_stated), false, FEW) > 0);
    assert_true(unsound_sets((engine){fp_decide, takes_the_deciding_one}, false, FEW) > 0);
}

int main(void)
{
    enum { ROWS = sizeof rows / sizeof *rows };
    struct CMUnitTest tests[ROWS + 7] = {
        cmocka_unit_test(test_names),        cmocka_unit_test(test_sound),
        cmocka_unit_test(test_sound_strict), cmocka_unit_test(test_exact),
        cmocka_unit_test(test_monotone),     cmocka_unit_test(test_property_can_fail),
        cmocka_unit_test(test_assurance),
    };
    for (size_t i = 0; i < ROWS; i++)
        tests[7 + i] = (struct CMUnitTest){.name = rows[i].name,
                                           .test_func = test_row,
                                           .initial_state = (void *)(uintptr_t)&rows[i]};
    return RUN_TESTS(tests);
}
