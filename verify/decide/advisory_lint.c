/* SPDX-License-Identifier: MIT */
/* What is allowed and still looks like a mistake. */
#include "verify/decide/advisory_parts.h"
#include "verify/decide/criteria.h"
#include "verify/decide/reach.h"

static size_t uses_of(const fp_advisory *advisory, size_t test)
{
    size_t uses = 0;
    for (size_t i = 0; i < advisory->rule_count; i++)
        uses += fp_criteria_count(&advisory->rules[i].when, test).all;
    return uses;
}

/* How many items of the checklist ask this test, and whether one is ticked by it. */
static size_t checklist_uses(const fp_advisory *advisory, size_t test, bool *ticks)
{
    size_t uses = 0;
    *ticks = false;
    for (size_t i = 0; i < advisory->checklist_count; i++) {
        const fp_checklist_item *item = &advisory->checklist[i];
        const size_t scope = item->only_if == NULL ? 0 : fp_criteria_count(item->only_if, test).all;
        const size_t tick =
            item->ticked_by == NULL ? 0 : fp_criteria_count(item->ticked_by, test).all;
        uses += scope + tick;
        *ticks = *ticks || tick > 0;
    }
    return uses;
}

static void lint_tests(fp_form *form, const fp_place *at, const fp_advisory *advisory)
{
    for (size_t i = 0; i < advisory->test_count; i++) {
        const fp_test *test = &advisory->tests[i];
        const fp_place here = fp_place_key(at, test->name);
        const bool unconfirmed = fp_str_eq(test->certainty, FP_STR("unconfirmed"));
        bool ticks;
        const size_t asked = checklist_uses(advisory, i, &ticks);
        const size_t uses = uses_of(advisory, i);
        if (uses + asked == 0)
            fp_form_tell(form, FP_LINT_UNUSED_TEST, &here,
                         "no rule and no item of the checklist asks this test");
        else if (uses > 0 && unconfirmed)
            fp_form_tell(form, FP_LINT_UNCONFIRMED, &here, FP_WARN_UNCONFIRMED);
        else if (ticks && unconfirmed)
            fp_form_tell(form, FP_LINT_UNCONFIRMED, &here,
                         "is not confirmed, and so never ticks an item");
    }
}

/* The last rule takes what is left, which may be nothing as long as every answer is known. */
static bool is_dead(const fp_advisory *advisory, size_t rule, uint64_t *work)
{
    if (rule + 1 < advisory->rule_count)
        return fp_rule_reach(advisory, rule, work) == FP_REACH_NEVER;
    for (size_t i = 0; i < rule; i++)
        if (fp_criteria_unconditional(&advisory->rules[i].when))
            return true;
    return false;
}

static void lint_rules(fp_form *form, const fp_place *at, const fp_advisory *advisory)
{
    uint64_t work = FP_REACH_WORK;
    fp_verdict_set given = 0;
    for (size_t i = 0; i < advisory->rule_count; i++) {
        const fp_place here = fp_place_index(at, i);
        if (is_dead(advisory, i, &work))
            fp_form_tell(form, FP_LINT_UNREACHABLE_RULE, &here,
                         "cannot be reached: where it holds, a rule before it holds");
        else
            given |= fp_verdict_bit(advisory->rules[i].verdict);
    }
    for (unsigned v = FP_AFFECTED; v < FP_VERDICTS; v++)
        if ((given & fp_verdict_bit((fp_verdict)v)) == 0)
            fp_form_tell(form, FP_LINT_VERDICT_NEVER, at, "the verdict %s is never given",
                         fp_verdict_name((fp_verdict)v));
}

/* As `fixproof advisory new` leaves it, wherever that is. No deeper than fp_json_parse lets it be.
 */
static void lint_written(fp_form *form, const fp_place *at, const fp_json *node)
{
    if (fp_str_ifind(fp_json_string(node), FP_STR("to do:")) >= 0)
        fp_form_tell(form, FP_LINT_TO_DO, at, "is still to be written");
    for (size_t i = 0; fp_json_is(node, FP_JSON_ARRAY) && i < fp_json_size(node); i++) {
        const fp_place here = fp_place_index(at, i);
        lint_written(form, &here, fp_json_at(node, i));
    }
    if (!fp_json_is(node, FP_JSON_OBJECT))
        return;
    void *cursor = NULL;
    fp_str key;
    const fp_json *value;
    while ((value = fp_json_next(node, &cursor, &key)) != NULL) {
        const fp_place here = fp_place_key(at, key);
        lint_written(form, &here, value);
    }
}

void fp_advisory_lint(fp_form *form, const fp_place *tests, const fp_place *rules,
                      const fp_json *root, const fp_advisory *advisory)
{
    lint_written(form, tests->up, root);
    lint_tests(form, tests, advisory);
    lint_rules(form, rules, advisory);
}
