/* SPDX-License-Identifier: MIT */
#include "verify/decide/criteria.h"

#include <string.h>

/* ---- reading ---- */

typedef struct reading { /* what stays the same on the way down */
    fp_form *form;
    const fp_advisory *advisory;
    size_t *nodes;
} reading;

static void read_criteria(const reading *r, const fp_place *at, const fp_json *json, unsigned depth,
                          fp_criteria *out);

static void read_test_name(const reading *r, const fp_place *at, fp_str name, fp_criteria *out)
{
    fp_str names[FP_ADVISORY_TESTS_MAX];
    for (size_t i = 0; i < r->advisory->test_count; i++) {
        names[i] = r->advisory->tests[i].name;
        if (fp_str_eq(names[i], name)) {
            *out = (fp_criteria){.kind = FP_CRITERIA_TEST, .test = i};
            return;
        }
    }
    const fp_str nearest = fp_form_nearest(name, names, r->advisory->test_count);
    if (nearest.size > 0)
        fp_form_tell(r->form, FP_LINT_UNDEFINED, at,
                     "no test \"%.*s\" is defined: did you mean \"%.*s\"?", FP_STR_ARG(name),
                     FP_STR_ARG(nearest));
    else
        fp_form_tell(r->form, FP_LINT_UNDEFINED, at, "no test \"%.*s\" is defined",
                     FP_STR_ARG(name));
}

static void read_children(const reading *r, const fp_place *at, const fp_json *json, unsigned depth,
                          fp_criteria *out)
{
    const size_t count = fp_json_size(json);
    if (!fp_json_is(json, FP_JSON_ARRAY) || count > FP_FORM_ITEMS_MAX) {
        fp_form_error(r->form, at, "must be an array of at most %d criteria", FP_FORM_ITEMS_MAX);
        return;
    }
    if (count == 0 && out->kind == FP_CRITERIA_ANY) {
        fp_form_error(r->form, at, "any of nothing is never true");
        return;
    }
    out->children = fp_arena_alloc_array(r->form->arena, count == 0 ? 1 : count, sizeof *out);
    if (out->children == NULL) {
        r->form->no_memory = true;
        return;
    }
    out->child_count = count;
    for (size_t i = 0; i < count; i++) {
        const fp_place here = fp_place_index(at, i);
        read_criteria(r, &here, fp_json_at(json, i), depth + 1, &out->children[i]);
    }
}

static void read_negation(const reading *r, const fp_place *at, const fp_json *json, unsigned depth,
                          fp_criteria *out)
{
    out->children = fp_arena_alloc(r->form->arena, sizeof *out);
    if (out->children == NULL) {
        r->form->no_memory = true;
        return;
    }
    out->child_count = 1;
    read_criteria(r, at, json, depth + 1, out->children);
}

static void read_operator(const reading *r, const fp_place *at, const fp_json *json, unsigned depth,
                          fp_criteria *out)
{
    fp_str key;
    void *cursor = NULL;
    const fp_json *operand = fp_json_next(json, &cursor, &key);
    if (operand == NULL || fp_json_size(json) != 1) {
        fp_form_error(r->form, at, "must hold exactly one of \"all\", \"any\", \"not\"");
        return;
    }
    const fp_place here = fp_place_key(at, key);
    if (fp_str_eq(key, FP_STR("not"))) {
        out->kind = FP_CRITERIA_NOT;
        read_negation(r, &here, operand, depth, out);
    } else if (fp_str_eq(key, FP_STR("all")) || fp_str_eq(key, FP_STR("any"))) {
        out->kind = fp_str_eq(key, FP_STR("all")) ? FP_CRITERIA_ALL : FP_CRITERIA_ANY;
        read_children(r, &here, operand, depth, out);
    } else {
        fp_form_error(r->form, &here, "\"%.*s\" is none of \"all\", \"any\", \"not\"",
                      FP_STR_ARG(key));
    }
}

static void read_criteria(const reading *r, const fp_place *at, const fp_json *json, unsigned depth,
                          fp_criteria *out)
{
    if (depth >= FP_CRITERIA_DEPTH_MAX || *r->nodes >= FP_CRITERIA_NODES_MAX) {
        fp_form_error(r->form, at, "criteria are limited to depth %d and %d nodes in all",
                      FP_CRITERIA_DEPTH_MAX, FP_CRITERIA_NODES_MAX);
        return;
    }
    ++*r->nodes;
    if (fp_json_is(json, FP_JSON_STRING))
        read_test_name(r, at, fp_json_string(json), out);
    else if (fp_json_is(json, FP_JSON_OBJECT))
        read_operator(r, at, json, depth, out);
    else
        fp_form_error(r->form, at, "must be the name of a test or an object");
}

void fp_criteria_read(fp_form *form, const fp_place *at, const fp_json *json,
                      const fp_advisory *advisory,
                      size_t *nodes, /* NOLINT(readability-non-const-parameter): counted up below */
                      fp_criteria *out)
{
    const reading r = {form, advisory, nodes};
    read_criteria(&r, at, json, 0, out);
}

/* ---- evaluating; the depth was limited by the reader ---- */

fp_tri fp_criteria_evaluate(const fp_criteria *criteria, const fp_tri *truths)
{
    fp_tri all = FP_TRUE;
    fp_tri any = FP_FALSE;
    for (size_t i = 0; i < criteria->child_count; i++) {
        const fp_tri child = fp_criteria_evaluate(&criteria->children[i], truths);
        all = fp_tri_and(all, child);
        any = fp_tri_or(any, child);
    }
    switch (criteria->kind) {
    case FP_CRITERIA_TEST:
        return truths[criteria->test];
    case FP_CRITERIA_ALL:
        return all;
    case FP_CRITERIA_ANY:
        return any;
    case FP_CRITERIA_NOT:
        return fp_tri_not(all);
    }
    return FP_UNKNOWN;
}

static void count_uses(const fp_criteria *criteria, size_t test, bool negated,
                       fp_criteria_uses *uses)
{
    if (criteria->kind == FP_CRITERIA_TEST && criteria->test == test) {
        uses->all++;
        uses->negated += negated;
    }
    for (size_t i = 0; i < criteria->child_count; i++)
        count_uses(&criteria->children[i], test, negated || criteria->kind == FP_CRITERIA_NOT,
                   uses);
}

fp_criteria_uses fp_criteria_count(const fp_criteria *criteria, size_t test)
{
    fp_criteria_uses uses = {0, 0};
    count_uses(criteria, test, false, &uses);
    return uses;
}

fp_ruling fp_rule_ruling_doubting(const fp_rule *rule, const fp_tri *truths, const bool *doubted,
                                  size_t test_count, bool strict)
{
    fp_tri assumed[FP_ADVISORY_TESTS_MAX];
    memcpy(assumed, truths, test_count * sizeof *truths);
    for (size_t i = 0; !strict && i < rule->caveat_on_count; i++)
        if (assumed[rule->caveat_on[i]] == FP_UNKNOWN)
            assumed[rule->caveat_on[i]] = FP_FALSE;
    for (size_t i = 0; doubted != NULL && i < test_count; i++)
        if (doubted[i])
            assumed[i] = FP_UNKNOWN;
    return (fp_ruling){fp_criteria_evaluate(&rule->when, assumed), rule->verdict, rule->possible};
}

fp_ruling fp_rule_ruling(const fp_rule *rule, const fp_tri *truths, size_t test_count, bool strict)
{
    return fp_rule_ruling_doubting(rule, truths, NULL, test_count, strict);
}

size_t fp_rule_assuring(const fp_rule *rules, const fp_ruling *rulings, const fp_decision *d)
{
    for (size_t i = 0; i < d->rule; i++)
        if (rulings[i].when == FP_UNKNOWN && rulings[i].verdict == FP_FIXED &&
            !fp_str_eq(rules[i].assurance, FP_ASSURANCE_EFFECTIVE))
            return i;
    return d->rule;
}

bool fp_rule_caveated(const fp_rule *rule, const fp_tri *truths, size_t test_count, bool strict)
{
    return fp_criteria_evaluate(&rule->when, truths) == FP_UNKNOWN &&
           fp_rule_ruling(rule, truths, test_count, strict).when == FP_FALSE;
}
