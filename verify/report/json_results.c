/* SPDX-License-Identifier: MIT */
/* fixproof/report/v1: the verdicts with their whole explanation. */
#include "verify/report/json_parts.h"

fp_json *fp_doc_possible(fp_doc *f, fp_verdict_set set)
{
    fp_json *array = fp_doc_array(f);
    for (unsigned v = FP_AFFECTED; v < FP_VERDICTS; v++)
        if ((set & fp_verdict_bit((fp_verdict)v)) != 0)
            fp_doc_add(f, array, fp_doc_text(f, fp_str_of(fp_verdict_name((fp_verdict)v))));
    return array;
}

fp_json *fp_doc_texts(fp_doc *f, const fp_str *list, size_t count)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < count; i++)
        fp_doc_add(f, array, fp_doc_text(f, list[i]));
    return array;
}

/* Published as "title: address". */
fp_json *fp_doc_references(fp_doc *f, const fp_advisory *advisory)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < advisory->reference_count; i++) {
        const fp_reference *r = &advisory->references[i];
        const char *line =
            fp_arena_printf(f->arena, "%.*s: %.*s", FP_STR_ARG(r->title), FP_STR_ARG(r->url));
        f->failed = f->failed || line == NULL;
        fp_doc_add(f, array, fp_doc_text(f, fp_str_of(line)));
    }
    return array;
}

static fp_json *needs_of(fp_doc *f, const fp_missing *list, size_t count)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < count; i++) {
        const fp_missing *m = &list[i];
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "test", m->test->name);
        fp_doc_put_text(f, node, "title", m->test->title);
        fp_doc_put_text(f, node, "needs", m->needs);
        fp_doc_put_text(f, node, "collect", m->collect);
        fp_doc_put_text(f, node, "why", fp_str_of(fp_missing_why_name(m)));
        fp_doc_add(f, array, node);
    }
    return array;
}

void fp_json_put_test(fp_doc *f, fp_json *node, const fp_because *b)
{
    static const fp_test no_test = {0};
    static const fp_test_result no_result = {0};
    const fp_test *test = b->test != NULL ? b->test : &no_test;
    const fp_test_result *outcome = b->outcome != NULL ? b->outcome : &no_result;
    fp_doc_put_text(f, node, "test", test->name);
    fp_doc_put_text(f, node, "title", test->title);
    fp_doc_put_text(f, node, "result", fp_str_of(fp_tri_name(b->result)));
    if (b->result == FP_UNKNOWN)
        fp_doc_put_text(f, node, "why", fp_str_of(fp_unknown_why_name(outcome->why)));
    else
        fp_doc_put_null(f, node, "why");
    fp_doc_put_known(f, node, "source", test->source);
    fp_doc_put_known(f, node, "certainty", test->certainty);
    fp_doc_put(f, node, "observations", fp_doc_observations(f, &outcome->observations));
    fp_doc_put_bool(f, node, "observations_lost", outcome->observations.lost);
}

/* Depth is bounded by FP_CRITERIA_DEPTH_MAX. */
static fp_json *because_of(fp_doc *f, const fp_because *b)
{
    static const char *const operators[] = {"test", "all", "any", "not"};
    fp_json *node = fp_doc_object(f);
    if (b->kind == FP_CRITERIA_TEST) {
        fp_json_put_test(f, node, b);
        return node;
    }
    fp_json *children = fp_doc_array(f);
    for (size_t i = 0; i < b->child_count; i++)
        fp_doc_add(f, children, because_of(f, &b->children[i]));
    fp_doc_put(f, node, operators[b->kind], children);
    fp_doc_put_text(f, node, "result", fp_str_of(fp_tri_name(b->result)));
    return node;
}

static fp_json *rules_of(fp_doc *f, const fp_result *result)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < result->rule_count; i++) {
        const fp_rule_outcome *o = &result->rules[i];
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "reason", o->rule->reason);
        fp_doc_put_text(f, node, "reason_text", o->rule->text);
        fp_doc_put_text(f, node, "verdict", fp_str_of(fp_verdict_name(o->rule->verdict)));
        fp_doc_put_text(f, node, "when", fp_str_of(fp_tri_name(o->when)));
        fp_doc_put_bool(f, node, "reached", o->reached);
        fp_doc_put_bool(f, node, "decides", i == result->deciding);
        fp_doc_put(f, node, "because", because_of(f, &o->because));
        fp_doc_add(f, array, node);
    }
    return array;
}

void fp_json_put_verdict(fp_doc *f, fp_json *node, const fp_result *r)
{
    fp_doc_put_text(f, node, "verdict", fp_str_of(fp_verdict_name(r->verdict)));
    fp_doc_put_text(f, node, "reason", r->reason);
    fp_doc_put_text(f, node, "reason_text", r->reason_text);
    fp_doc_put_known(f, node, "assurance", r->assurance);
    fp_doc_put(f, node, "caveats", fp_doc_texts(f, r->caveats, r->caveat_count));
    fp_doc_put(f, node, "possible", fp_doc_possible(f, r->possible));
    fp_doc_put_bool(f, node, "action_needed", !fp_report_no_action(r));
    fp_doc_put(f, node, "missing", needs_of(f, r->missing, r->missing_count));
}

static fp_json *result_of(fp_doc *f, const fp_result *r)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "advisory", r->advisory->id);
    fp_doc_put_text(f, node, "title", r->advisory->title);
    fp_doc_put_known(f, node, "advisory_sha256", r->advisory->sha256);
    fp_json_put_verdict(f, node, r);
    fp_doc_put_bool(f, node, "in_place", r->in_place);
    fp_doc_put(f, node, "proof", needs_of(f, r->proof, r->proof_count));
    fp_doc_put(f, node, "kbs", fp_doc_texts(f, r->advisory->kbs, r->advisory->kb_count));
    fp_doc_put_known(f, node, "remediation", r->remediation);
    fp_doc_put(f, node, "references", fp_doc_references(f, r->advisory));
    fp_doc_put(f, node, "because", because_of(f, &r->because));
    fp_doc_put(f, node, "rules", rules_of(f, r));
    return node;
}

void fp_json_put_results(fp_doc *f, fp_json *root, const fp_report *report)
{
    if (report->view == FP_VIEW_CONFIRM)
        fp_doc_put_time(f, root, "since", report->since);
    else
        fp_doc_put_null(f, root, "since");
    fp_doc_put(f, root, "settings", fp_doc_settings(f, &report->settings));
    fp_json *results = fp_doc_array(f);
    for (size_t i = 0; i < report->result_count; i++)
        fp_doc_add(f, results, result_of(f, &report->results[i]));
    fp_doc_put(f, root, "results", results);
    fp_json_put_state(f, root, report);
    if (report->changes != NULL)
        fp_doc_put(f, root, "changes", fp_json_changes_document(f, report));
    else
        fp_doc_put_null(f, root, "changes");
}
