/* SPDX-License-Identifier: MIT */
/* The decision list of an advisory. */
#include "verify/decide/advisory_parts.h"
#include "verify/decide/criteria.h"

static const char *const verdict_words[] = {[FP_UNDETERMINED] = "undetermined",
                                            [FP_AFFECTED] = "affected",
                                            [FP_FIXED] = "fixed",
                                            [FP_NOT_APPLICABLE] = "not_applicable",
                                            [FP_VERDICTS] = NULL};
static const char *const assurance_words[] = {"effective", "installed", NULL};

typedef struct rule_form {
    const fp_json *when;
    unsigned verdict, assurance;
    fp_str reason, text, caveat, remediation, needs, collect;
    fp_texts possible, caveat_on;
} rule_form;

#define MEMBER(name, kind, required)                                                               \
    {                                                                                              \
#name, kind, required, offsetof(rule_form, name), NULL                                     \
    }
static const fp_field rule_fields[] = {
    MEMBER(when, FP_FIELD_NODE, true),
    {"verdict", FP_FIELD_WORD, true, offsetof(rule_form, verdict), verdict_words},
    MEMBER(reason, FP_FIELD_TEXT, true),
    MEMBER(text, FP_FIELD_TEXT, true),
    {"assurance", FP_FIELD_WORD, false, offsetof(rule_form, assurance), assurance_words},
    MEMBER(possible, FP_FIELD_TEXTS, false),
    MEMBER(caveat_on, FP_FIELD_TEXTS, false),
    MEMBER(caveat, FP_FIELD_TEXT, false),
    MEMBER(remediation, FP_FIELD_TEXT, false),
    MEMBER(needs, FP_FIELD_TEXT, false),
    MEMBER(collect, FP_FIELD_TEXT, false),
};
#undef MEMBER

static void read_possible(fp_form *form, const fp_place *at, const rule_form *r, fp_rule *out)
{
    const bool undetermined = out->verdict == FP_UNDETERMINED;
    const fp_place here = fp_place_key(at, FP_STR("possible"));
    if (undetermined != (r->possible.at != NULL))
        fp_form_error(form, at,
                      undetermined ? "a rule that concludes undetermined must state \"possible\""
                                   : "only a rule that concludes undetermined states \"possible\"");
    for (size_t i = 0; i < r->possible.count; i++) {
        fp_verdict verdict;
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a list with a count has members */
        if (!fp_verdict_from_name(r->possible.at[i], &verdict) || verdict == FP_UNDETERMINED)
            fp_form_error(form, &here, "must name affected, fixed or not_applicable");
        else
            out->possible |= fp_verdict_bit(verdict);
    }
}

/* An unknown that is counted as FALSE must be able to hide a rule, never to make one: so no `not`.
 */
static void read_caveat_test(fp_form *form, const fp_place *at, const fp_advisory *advisory,
                             fp_str name, const fp_criteria *when, size_t *out)
{
    size_t test = 0;
    while (test < advisory->test_count && !fp_str_eq(advisory->tests[test].name, name))
        test++;
    *out = test;
    if (test == advisory->test_count) {
        fp_form_tell(form, FP_LINT_UNDEFINED, at, "no test \"%.*s\" is defined", FP_STR_ARG(name));
        return;
    }
    const fp_criteria_uses uses = fp_criteria_count(when, test);
    if (uses.all == 0)
        fp_form_error(form, at, "\"%.*s\" does not stand in \"when\"", FP_STR_ARG(name));
    if (uses.negated > 0)
        fp_form_error(form, at, "\"%.*s\" stands below a \"not\": unknown would count as proof",
                      FP_STR_ARG(name));
}

static void read_caveat(fp_form *form, const fp_place *at, const rule_form *r,
                        const fp_advisory *advisory, fp_rule *out)
{
    const fp_place here = fp_place_key(at, FP_STR("caveat_on"));
    const size_t count = r->caveat_on.count;
    out->caveat = r->caveat;
    if (count == 0)
        return;
    if (r->caveat.size == 0)
        fp_form_error(form, at, "\"caveat_on\" needs a \"caveat\": the text that the result shows");
    size_t *tests = fp_arena_alloc_array(form->arena, count, sizeof *tests);
    if (tests == NULL) {
        form->no_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const fp_place element = fp_place_index(&here, i);
        read_caveat_test(form, &element, advisory, r->caveat_on.at[i], &out->when, &tests[i]);
    }
    out->caveat_on = tests;
    out->caveat_on_count = count;
}

static void read_rule(fp_form *form, const fp_place *at, const fp_json *json,
                      const fp_advisory *advisory, size_t *nodes, fp_rule *out)
{
    rule_form r = {0};
    if (!fp_form_read(form, at, json, FP_FIELDS(rule_fields), &r))
        return;
    const fp_place when = fp_place_key(at, FP_STR("when"));
    fp_criteria_read(form, &when, r.when, advisory, nodes, &out->when);
    (void)fp_form_identifier(form, at, r.reason);
    out->verdict = (fp_verdict)(r.verdict - 1);
    out->reason = r.reason;
    out->text = r.text;
    out->needs = r.needs;
    out->collect = r.collect;
    out->remediation = r.remediation;
    if (r.assurance != 0)
        out->assurance = fp_str_of(assurance_words[r.assurance - 1]);
    if ((r.assurance != 0) != (out->verdict == FP_FIXED))
        fp_form_error(form, at, "\"assurance\" belongs to every rule that concludes fixed, only");
    if (r.remediation.size > 0 && out->verdict != FP_AFFECTED)
        fp_form_error(form, at, "\"remediation\" belongs to a rule that concludes affected");
    if ((r.needs.size > 0) != (r.collect.size > 0))
        fp_form_error(form, at, "\"needs\" and \"collect\" go together");
    if (r.needs.size > 0 && out->verdict != FP_UNDETERMINED)
        fp_form_error(form, at, "\"needs\" belongs to a rule that concludes undetermined");
    read_possible(form, at, &r, out);
    read_caveat(form, at, &r, advisory, out);
}

void fp_advisory_read_rules(fp_form *form, const fp_place *at, const fp_json *json,
                            fp_advisory *advisory)
{
    const size_t count = fp_json_size(json);
    if (json == NULL)
        return;
    if (count == 0 || count > FP_RULES_MAX) {
        fp_form_error(form, at, "must hold 1 to %d rules", FP_RULES_MAX);
        return;
    }
    advisory->rules = fp_arena_alloc_array(form->arena, count, sizeof *advisory->rules);
    if (advisory->rules == NULL) {
        form->no_memory = true;
        return;
    }
    size_t nodes = 0;
    const size_t errors = form->errors;
    for (size_t i = 0; i < count; i++) {
        const fp_place here = fp_place_index(at, i);
        read_rule(form, &here, fp_json_at(json, i), advisory, &nodes, &advisory->rules[i]);
    }
    advisory->rule_count = count;

    const fp_place last = fp_place_index(at, count - 1);
    if (form->errors == errors && !fp_criteria_unconditional(&advisory->rules[count - 1].when))
        fp_form_tell(form, FP_LINT_LAST_RULE, &last,
                     "the last rule must be unconditional: {\"all\": []}");
}
