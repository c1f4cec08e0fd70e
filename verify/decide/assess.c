/* SPDX-License-Identifier: MIT */
#include "verify/decide/assess.h"

#include "verify/decide/checklist.h"
#include "verify/decide/criteria.h"
#include "verify/decide/missing.h"

/* ---- the tests, each asked once ---- */

typedef struct answers {
    const fp_test_result *results; /* one per test */
    const fp_tri *truths;
} answers;

static size_t first_activity(const fp_case_options *opened_with, size_t index)
{
    size_t first = 0;
    for (size_t i = 0; i < index; i++)
        first += opened_with->advisories[i]->activity_count;
    return first;
}

/*
 * A hive without its newest changes shows the server as it was before them. What is known from it
 * may no longer have been so: the hotfix may have been removed since, the product upgraded.
 */
static void doubt_lagging(const fp_test_context *context, fp_test_result *result)
{
    if (result->is == FP_UNKNOWN || result->stands)
        return;
    for (size_t i = 0; i < result->observations.count; i++) {
        const fp_origin origin = result->observations.at[i].origin;
        if (!fp_registry_lags(context->casefile->registry, origin.item))
            continue;
        fp_test_unknown(result, FP_WHY_INCOMPLETE);
        fp_observe(&result->observations, context->arena, origin,
                   "this hive's newest changes are missing, and may have changed that");
        return;
    }
}

static fp_status ask(const fp_test_context *context, answers *out)
{
    const fp_advisory *advisory = context->advisory;
    fp_test_result *results =
        fp_arena_alloc_array(context->arena, advisory->test_count + 1, sizeof *results);
    fp_tri *truths = fp_arena_alloc_array(context->arena, advisory->test_count + 1, sizeof *truths);
    if (results == NULL || truths == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < advisory->test_count; i++) {
        const fp_test *test = &advisory->tests[i];
        const fp_status status = test->kind->evaluate(context, test->arguments, &results[i]);
        if (status != FP_OK)
            return status;
        doubt_lagging(context, &results[i]);
        truths[i] = results[i].is;
    }
    *out = (answers){results, truths};
    return FP_OK;
}

/* ---- the explanation ---- */

/* What a group is, from what its members are. */
static fp_tri of_children(const fp_because *b)
{
    fp_tri all = FP_TRUE;
    fp_tri any = FP_FALSE;
    for (size_t i = 0; i < b->child_count; i++) {
        all = fp_tri_and(all, b->children[i].result);
        any = fp_tri_or(any, b->children[i].result);
    }
    return b->kind == FP_CRITERIA_ANY ? any : b->kind == FP_CRITERIA_NOT ? fp_tri_not(all) : all;
}

fp_status fp_explain(const fp_advisory *advisory, const fp_test_result *outcomes,
                     const fp_criteria *criteria, fp_arena *arena, fp_because *out)
{
    *out = (fp_because){.kind = criteria->kind};
    if (criteria->kind == FP_CRITERIA_TEST) {
        out->test = &advisory->tests[criteria->test];
        out->outcome = &outcomes[criteria->test];
        out->result = out->outcome->is;
        return FP_OK;
    }
    fp_because *children = fp_arena_alloc_array(arena, criteria->child_count + 1, sizeof *children);
    if (children == NULL)
        return FP_NOMEM;
    out->children = children;
    out->child_count = criteria->child_count;
    for (size_t i = 0; i < criteria->child_count; i++)
        if (fp_explain(advisory, outcomes, &criteria->children[i], arena, &children[i]) != FP_OK)
            return FP_NOMEM;
    out->result = of_children(out);
    return FP_OK;
}

static bool is_open(const fp_rule_outcome *r)
{
    return r->reached && r->when == FP_UNKNOWN && r->rule->verdict != FP_UNDETERMINED;
}

/* Of a definite verdict its rule; of several open ones, any of the rules that leave them open. */
static fp_status explain_result(fp_result *out, bool one_rule, fp_arena *arena)
{
    if (one_rule) {
        out->because = out->rules[out->deciding].because;
        return FP_OK;
    }
    fp_because *open = fp_arena_alloc_array(arena, out->rule_count + 1, sizeof *open);
    if (open == NULL)
        return FP_NOMEM;
    out->because = (fp_because){.kind = FP_CRITERIA_ANY, .result = FP_FALSE, .children = open};
    for (size_t i = 0; i < out->rule_count; i++) {
        const fp_rule_outcome *r = &out->rules[i];
        if (!is_open(r) && !(i == out->deciding && !fp_criteria_unconditional(&r->rule->when)))
            continue;
        open[out->because.child_count++] = r->because;
        out->because.result = fp_tri_or(out->because.result, r->because.result);
    }
    return FP_OK;
}

/* ---- the rules ---- */

static fp_str assurance_of(const fp_advisory *advisory, const fp_ruling *rulings,
                           const fp_decision *decision)
{
    if (decision->verdict == FP_UNDETERMINED)
        return FP_STR("");
    return advisory->rules[fp_rule_assuring(advisory->rules, rulings, decision)].assurance;
}

static fp_status judge(const fp_advisory *advisory, const answers *a, bool strict, fp_arena *arena,
                       fp_result *out, fp_decision *decision)
{
    fp_ruling rulings[FP_RULES_MAX];
    fp_rule_outcome *rules = fp_arena_alloc_array(arena, advisory->rule_count, sizeof *rules);
    if (rules == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < advisory->rule_count; i++) {
        const fp_rule *rule = &advisory->rules[i];
        rulings[i] = fp_rule_ruling(rule, a->truths, advisory->test_count, strict);
        rules[i] = (fp_rule_outcome){.rule = rule, .when = rulings[i].when};
        if (fp_explain(advisory, a->results, &rule->when, arena, &rules[i].because) != FP_OK)
            return FP_NOMEM;
    }
    *decision = fp_decide(rulings, advisory->rule_count);
    for (size_t i = 0; i < advisory->rule_count && i <= decision->rule; i++)
        rules[i].reached = true;
    out->rules = rules;
    out->rule_count = advisory->rule_count;
    out->deciding = decision->rule;
    out->verdict = decision->verdict;
    out->possible = decision->possible;
    out->assurance = assurance_of(advisory, rulings, decision);
    return FP_OK;
}

/* A verdict that only a caveat keeps out of the result must be heard of. */
static bool has_caveat(const fp_result *out, size_t i, const answers *a, bool strict)
{
    const fp_rule_outcome *r = &out->rules[i];
    if (r->rule->caveat.size == 0 || !r->reached)
        return false;
    if (r->rule->caveat_on_count == 0)
        return i == out->deciding && r->rule->verdict != FP_UNDETERMINED;
    return (out->possible & fp_verdict_bit(r->rule->verdict)) == 0 &&
           fp_rule_caveated(r->rule, a->truths, out->advisory->test_count, strict);
}

/* ---- answers that rest on what is not shown ---- */

typedef bool doubt(const fp_test *test, const fp_test_result *result);

/* Is the answer known, and is a fact that it rests on confirmed by nobody? */
static bool is_unconfirmed(const fp_test *test, const fp_test_result *result)
{
    return result->is != FP_UNKNOWN && fp_test_is_doubtful(test, result);
}

/* Is it known from evidence that is not shown to be genuine? */
static bool is_reserved(const fp_test *test, const fp_test_result *result)
{
    (void)test;
    return result->is != FP_UNKNOWN && result->reserved.size > 0;
}

static bool is_asked_by_reached(const fp_result *out, size_t test)
{
    for (size_t i = 0; i < out->rule_count; i++)
        if (out->rules[i].reached && fp_criteria_count(&out->rules[i].rule->when, test).all > 0)
            return true;
    return false;
}

static fp_verdict verdict_without(const fp_advisory *advisory, const answers *a, bool strict,
                                  const bool *doubted, fp_str *assurance)
{
    fp_ruling rulings[FP_RULES_MAX];
    for (size_t i = 0; i < advisory->rule_count; i++)
        rulings[i] = fp_rule_ruling_doubting(&advisory->rules[i], a->truths, doubted,
                                             advisory->test_count, strict);
    const fp_decision without = fp_decide(rulings, advisory->rule_count);
    *assurance = assurance_of(advisory, rulings, &without);
    return without.verdict;
}

/* Would the same be decided, as surely, without those answers? */
static bool stands_without(const fp_result *out, const answers *a, bool strict, const bool *doubted)
{
    static const bool none[FP_ADVISORY_TESTS_MAX] = {false};
    fp_str with;
    fp_str without;
    return verdict_without(out->advisory, a, strict, none, &with) ==
               verdict_without(out->advisory, a, strict, doubted, &without) &&
           fp_str_eq(with, without);
}

static fp_str doubt_words(const fp_test *test, const fp_test_result *result, doubt *of,
                          fp_arena *arena)
{
    if (of == is_reserved)
        return result->reserved;
    const fp_str source = result->unconfirmed.size > 0 ? result->unconfirmed : test->source;
    return fp_str_of(fp_arena_printf(arena,
                                     "This rests on a fact that is not confirmed: %.*s (%.*s)",
                                     FP_STR_ARG(test->title), FP_STR_ARG(source)));
}

/* Several tests may have the same to say. */
static void add_caveat(fp_result *out, fp_str text)
{
    for (size_t i = 0; i < out->caveat_count; i++)
        if (fp_str_eq(out->caveats[i], text))
            return;
    out->caveats[out->caveat_count++] = text;
}

/* A definite verdict that rests on what is not shown says so, and on what. */
static fp_status add_doubts(fp_result *out, const answers *a, bool strict, doubt *of,
                            fp_arena *arena)
{
    const fp_advisory *advisory = out->advisory;
    bool doubted[FP_ADVISORY_TESTS_MAX] = {false};
    for (size_t i = 0; i < advisory->test_count; i++)
        doubted[i] = of(&advisory->tests[i], &a->results[i]);
    if (out->verdict == FP_UNDETERMINED || stands_without(out, a, strict, doubted))
        return FP_OK;
    for (size_t i = 0; i < advisory->test_count; i++) {
        if (!doubted[i] || !is_asked_by_reached(out, i))
            continue;
        const fp_str text = doubt_words(&advisory->tests[i], &a->results[i], of, arena);
        if (text.size == 0)
            return FP_NOMEM;
        add_caveat(out, text);
    }
    return FP_OK;
}

static fp_status add_caveats(fp_result *out, const answers *a, bool strict, fp_arena *arena)
{
    bool lowered = false;
    out->caveats = fp_arena_alloc_array(arena, out->rule_count + 2 * out->advisory->test_count,
                                        sizeof *out->caveats);
    if (out->caveats == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < out->rule_count; i++) {
        if (!has_caveat(out, i, a, strict))
            continue;
        out->caveats[out->caveat_count++] = out->rules[i].rule->caveat;
        lowered = lowered || out->rules[i].rule->caveat_on_count > 0;
    }
    if (lowered && fp_str_eq(out->assurance, FP_ASSURANCE_EFFECTIVE))
        out->assurance = FP_ASSURANCE_INSTALLED;
    const fp_status status = add_doubts(out, a, strict, is_unconfirmed, arena);
    return status == FP_OK ? add_doubts(out, a, strict, is_reserved, arena) : status;
}

static fp_status conclude(fp_result *out, const fp_decision *decision, const answers *a,
                          bool strict, fp_arena *arena)
{
    const bool one_rule = decision->verdict != FP_UNDETERMINED || decision->stated;
    if (one_rule) {
        const fp_rule *rule = out->rules[decision->rule].rule;
        out->reason = rule->reason;
        out->reason_text = rule->text;
        if (rule->remediation.size > 0)
            out->remediation = rule->remediation;
    } else {
        out->reason = FP_STR("evidence_missing");
        out->reason_text = FP_STR("Evidence that was not supplied, or could not be read, leaves "
                                  "more than one verdict open.");
    }
    if (add_caveats(out, a, strict, arena) != FP_OK ||
        explain_result(out, one_rule, arena) != FP_OK)
        return FP_NOMEM;
    return out->verdict == FP_UNDETERMINED ? fp_missing_of_open_rules(out, arena, decision->stated)
                                           : FP_OK;
}

/* ---- confirm ---- */

/* Was the evidence collected before the change began? */
static bool is_stale(const fp_case *c, const fp_assess_options *options)
{
    return options->older || (c->collected_at != FP_TIME_NONE && options->since != FP_TIME_NONE &&
                              c->collected_at < options->since);
}

static void set_not_yet_effective(fp_result *out, fp_str text)
{
    out->verdict = FP_UNDETERMINED;
    out->possible = fp_verdict_bit(FP_FIXED) | fp_verdict_bit(FP_AFFECTED);
    out->reason = FP_STR("not_yet_effective");
    out->reason_text = text;
    out->assurance = FP_STR("");
    out->caveat_count = 0; /* they qualify a verdict that is not given */
}

/* May the verdict be a fixed that would not stand? */
static bool may_be_unproven(const fp_result *out, bool stale)
{
    for (size_t i = 0; i < out->rule_count; i++) {
        const fp_rule_outcome *r = &out->rules[i];
        if (r->reached && r->when != FP_FALSE && r->rule->verdict == FP_FIXED &&
            (stale || !fp_str_eq(r->rule->assurance, FP_ASSURANCE_EFFECTIVE)))
            return true;
    }
    return false;
}

/*
 * confirm takes no fix on trust. fixed stands only with assurance "effective" and from evidence
 * that is not older than the change; else it may as well have had no effect. What is not about a
 * fix (not_applicable, affected, contradictions) stays as it is.
 */
static fp_status confirm(const fp_case *c, const fp_assess_options *options, bool stated,
                         fp_result *out)
{
    const fp_verdict_set unproven = fp_verdict_bit(FP_FIXED) | fp_verdict_bit(FP_AFFECTED);
    const bool stale = is_stale(c, options);
    const fp_str text = stale ? FP_STR("The evidence was collected before the change began.")
                              : FP_STR("Nothing shows that the fix took effect after the change "
                                       "began.");
    if (out->verdict == FP_UNDETERMINED && !stated && out->possible == unproven) {
        set_not_yet_effective(out, text);
        return FP_OK;
    }
    if (out->verdict == FP_UNDETERMINED && !stated && may_be_unproven(out, stale))
        out->possible |= fp_verdict_bit(FP_AFFECTED);
    if (out->verdict != FP_FIXED || (!stale && fp_str_eq(out->assurance, FP_ASSURANCE_EFFECTIVE)))
        return FP_OK;
    set_not_yet_effective(out, text);
    return fp_missing_of_assurance(out, c->arena, FP_ASSURANCE_EFFECTIVE,
                                   stale ? FP_LEAVES_ALL : FP_LEAVES_NOT_TRUE);
}

/* ---- a remedy that is there ---- */

/* What would show that it is in effect: what the rules that conclude so still ask for. */
static fp_status add_proof(fp_result *out, fp_arena *arena)
{
    fp_result effective = *out;
    effective.missing = NULL;
    effective.missing_count = 0;
    if (!out->in_place ||
        (out->verdict == FP_FIXED && fp_str_eq(out->assurance, FP_ASSURANCE_EFFECTIVE)))
        return FP_OK;
    const fp_status status =
        fp_missing_of_assurance(&effective, arena, FP_ASSURANCE_EFFECTIVE, FP_LEAVES_NOT_TRUE);
    out->proof = effective.missing;
    out->proof_count = effective.missing_count;
    return status;
}

/* Is it there? What confirm does not take on trust still is. */
static fp_status find_in_place(const answers *a, bool strict, fp_arena *arena, fp_result *out)
{
    fp_result trusting = *out;
    fp_decision decision = {.verdict = out->verdict};
    if (strict && judge(out->advisory, a, false, arena, &trusting, &decision) != FP_OK)
        return FP_NOMEM;
    out->in_place = decision.verdict == FP_FIXED;
    return FP_OK;
}

/* ---- */

/* Whose verdict would it be? Nothing is decided about two computers at once. */
static void refuse_two_hosts(fp_result *out)
{
    out->verdict = FP_UNDETERMINED;
    out->possible = fp_verdict_all();
    out->reason = FP_STR("host_conflict");
    out->reason_text = FP_STR("The evidence names more than one computer; one evidence set is one "
                              "server.");
    out->assurance = FP_STR("");
    out->caveat_count = 0;
    out->missing_count = 0;
    out->in_place = false;
    out->proof_count = 0;
    out->deciding = out->rule_count;
    out->because = (fp_because){.kind = FP_CRITERIA_ANY, .result = FP_UNKNOWN};
}

fp_status fp_assess(fp_case *c, const fp_case_options *opened_with, size_t index,
                    const fp_assess_options *options, fp_result *out)
{
    const fp_test_context context = {.casefile = c,
                                     .advisory = opened_with->advisories[index],
                                     .first_activity = first_activity(opened_with, index),
                                     .since = options->since,
                                     .arena = c->arena,
                                     .findings = &c->findings};
    fp_result result = {.advisory = context.advisory, .remediation = context.advisory->remediation};
    fp_decision decision;
    answers a;
    fp_status status = ask(&context, &a);
    if (status == FP_OK)
        status = judge(context.advisory, &a, options->strict, c->arena, &result, &decision);
    if (status == FP_OK)
        status = conclude(&result, &decision, &a, options->strict, c->arena);
    if (status == FP_OK)
        status = find_in_place(&a, options->strict, c->arena, &result);
    if (status == FP_OK && options->strict)
        status = confirm(c, options, decision.stated, &result);
    if (status == FP_OK)
        status = add_proof(&result, c->arena);
    result.answers = a.results;
    if (status == FP_OK)
        status = fp_checklist_fill(c, is_stale(c, options) || options->undated, &result);
    if (status != FP_OK)
        return status;
    if (c->host_conflict)
        refuse_two_hosts(&result);
    *out = result;
    return FP_OK;
}

/* Is a verdict open that asks for action? */
static bool may_need_action(const fp_result *result)
{
    const fp_verdict_set none_needed = fp_verdict_bit(FP_FIXED) | fp_verdict_bit(FP_NOT_APPLICABLE);
    return (result->possible & ~none_needed) != 0 || result->possible == 0;
}

static unsigned rank(const fp_result *result)
{
    static const unsigned ranks[FP_VERDICTS] = {
        [FP_AFFECTED] = 0, [FP_UNDETERMINED] = 1, [FP_FIXED] = 3, [FP_NOT_APPLICABLE] = 4};
    const bool harmless = result->verdict == FP_UNDETERMINED && !may_need_action(result);
    return ranks[result->verdict] + harmless;
}

void fp_results_sort(fp_result *results, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const fp_result moved = results[i];
        size_t to = i;
        for (; to > 0 && rank(&results[to - 1]) > rank(&moved); to--)
            results[to] = results[to - 1];
        results[to] = moved;
    }
}

int fp_results_exit_status(const fp_result *results, size_t count)
{
    int exit_status = 0;
    for (size_t i = 0; i < count; i++) {
        if (results[i].verdict == FP_AFFECTED)
            return 1;
        if (may_need_action(&results[i]))
            exit_status = 2;
    }
    return exit_status;
}
