/* SPDX-License-Identifier: MIT */
/* fixproof/checklist/v1: the record of a change. */
#include "verify/decide/checklist.h"
#include "verify/report/change.h"
#include "verify/report/json_parts.h"

/* The tests that alone make the item what it is. */
static fp_json *facts_of(fp_doc *f, const fp_checked *checked)
{
    fp_report_tests facts;
    fp_json *array = fp_doc_array(f);
    fp_report_tests_deciding(&checked->because, &facts);
    for (size_t i = 0; i < facts.count; i++) {
        fp_json *node = fp_doc_object(f);
        fp_json_put_test(f, node, facts.at[i]);
        fp_doc_put_text(f, node, "needs", facts.at[i]->test->needs);
        fp_doc_put_text(f, node, "collect", facts.at[i]->test->collect);
        fp_doc_add(f, array, node);
    }
    return array;
}

static fp_json *item_of(fp_doc *f, const fp_checked *checked)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "id", checked->item->name);
    fp_doc_put_text(f, node, "phase", fp_str_of(fp_phase_name(checked->item->phase)));
    fp_doc_put_text(f, node, "text", checked->item->text);
    fp_doc_put_text(f, node, "state", fp_str_of(fp_tick_name(checked->is)));
    if (checked->is == FP_TICK_OPEN)
        fp_doc_put_text(f, node, "open_because", fp_str_of(fp_open_why_name(checked->why)));
    else
        fp_doc_put_null(f, node, "open_because");
    fp_doc_put_bool(f, node, "declared", checked->declared);
    fp_doc_put_text(f, node, "source", checked->item->source);
    fp_doc_put(f, node, "facts", facts_of(f, checked));
    return node;
}

static fp_json *items_of(fp_doc *f, const fp_result *result)
{
    fp_json *array = fp_doc_array(f);
    for (unsigned phase = 0; phase < FP_PHASES; phase++)
        for (size_t i = 0; i < result->advisory->checklist_count; i++)
            if (result->checklist[i].item->phase == phase)
                fp_doc_add(f, array, item_of(f, &result->checklist[i]));
    return array;
}

static fp_json *packages_of(fp_doc *f, const fp_result *result)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < result->advisory->package_count; i++) {
        const fp_package *package = &result->advisory->packages[i];
        if (result->packages[i] == FP_FALSE)
            continue;
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "kb", package->kb);
        fp_doc_put_text(f, node, "name", package->name);
        fp_doc_put_known(f, node, "sha256", package->sha256);
        fp_doc_put_text(f, node, "source", package->source);
        fp_doc_put_text(f, node, "certainty", package->certainty);
        fp_doc_add(f, array, node);
    }
    return array;
}

static fp_json *earlier_of(fp_doc *f, const fp_record_result *before)
{
    if (before == NULL)
        return fp_json_new_null();
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "verdict", fp_str_of(fp_verdict_name(before->verdict)));
    fp_doc_put_text(f, node, "reason", before->reason);
    fp_doc_put_text(f, node, "reason_text", before->reason_text);
    fp_doc_put_known(f, node, "assurance", before->assurance);
    fp_doc_put(f, node, "possible", fp_doc_possible(f, before->possible));
    return node;
}

static fp_json *advisory_of(fp_doc *f, const fp_report *report, const fp_result *result)
{
    const fp_advisory *a = result->advisory;
    fp_json *node = fp_doc_object(f);
    fp_json *now = fp_doc_object(f);
    fp_doc_put_text(f, node, "advisory", a->id);
    fp_doc_put_text(f, node, "title", a->title);
    fp_doc_put_text(f, node, "published", a->published);
    fp_doc_put_known(f, node, "revised", a->revised);
    fp_doc_put(f, node, "kbs", fp_doc_texts(f, a->kbs, a->kb_count));
    fp_doc_put(f, node, "cves", fp_doc_texts(f, a->cves, a->cve_count));
    fp_doc_put_known(f, node, "severity", a->severity);
    fp_doc_put(f, node, "references", fp_doc_references(f, a));
    fp_doc_put(f, node, "before", earlier_of(f, fp_change_before(report, result)));
    fp_json_put_verdict(f, now, result);
    fp_doc_put(f, node, "now", now);
    fp_doc_put_text(f, node, "action", result->remediation);
    fp_doc_put(f, node, "packages", packages_of(f, result));
    fp_doc_put(f, node, "items", items_of(f, result));
    return node;
}

static fp_json *before_of(fp_doc *f, const fp_record *before)
{
    if (before == NULL)
        return fp_json_new_null();
    fp_json *node = fp_doc_object(f);
    fp_doc_put_sha256(f, node, "sha256", before->sha256);
    fp_doc_put_time(f, node, "generated", before->generated);
    fp_doc_put_text(f, node, "command", before->command);
    fp_doc_put_text(f, node, "tool_version", before->tool_version);
    return node;
}

static fp_json *roles(fp_doc *f)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; fp_change_roles[i] != NULL; i++)
        fp_doc_add(f, array, fp_doc_text(f, fp_str_of(fp_change_roles[i])));
    return array;
}

void fp_json_put_change(fp_doc *f, fp_json *root, const fp_report *report)
{
    fp_json *change = fp_doc_object(f);
    fp_doc_put_text(f, change, "id", report->change);
    fp_doc_put(f, root, "change", change);
    fp_doc_put_time(f, root, "collected_at", report->casefile->collected_at);
    fp_doc_put_time(f, root, "since", report->since);
    fp_doc_put(f, root, "settings", fp_doc_settings(f, &report->settings));
    fp_doc_put(f, root, "before", before_of(f, report->before));
    fp_json *advisories = fp_doc_array(f);
    for (size_t i = 0; i < report->result_count; i++)
        fp_doc_add(f, advisories, advisory_of(f, report, &report->results[i]));
    fp_doc_put(f, root, "advisories", advisories);
    fp_doc_put(f, root, "sign_off", roles(f));
}
