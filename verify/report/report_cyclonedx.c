/* SPDX-License-Identifier: MIT */
/*
 * CycloneDX 1.6 as VEX: the product on this server is the component, every advisory a vulnerability
 * with its analysis. What the analysis has no word for stands in its detail and in properties.
 */
#include "verify/report/export.h"

static const char *state_of(fp_verdict verdict)
{
    static const char *const of[FP_VERDICTS] = {
        [FP_UNDETERMINED] = "in_triage",
        [FP_AFFECTED] = "exploitable",
        [FP_FIXED] = "resolved",
        [FP_NOT_APPLICABLE] = "not_affected",
    };
    return of[verdict];
}

static fp_json *component(fp_export *x)
{
    fp_doc *f = &x->doc;
    const fp_product *product = &x->report->casefile->product;
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "type", FP_STR("application"));
    fp_doc_put_text(f, node, "bom-ref", x->purl);
    fp_doc_put_text(f, node, "name", x->product);
    if (product->version_text.size > 0)
        fp_doc_put_text(f, node, "version", fp_export_clean(x, product->version_text));
    fp_doc_put_text(f, node, "purl", x->purl);
    return node;
}

static fp_json *tools(fp_export *x)
{
    fp_doc *f = &x->doc;
    fp_json *node = fp_doc_object(f);
    fp_json *list = fp_doc_array(f);
    fp_json *tool = fp_doc_object(f);
    fp_doc_put_text(f, tool, "type", FP_STR("application"));
    fp_doc_put_text(f, tool, "name", FP_STR("fixproof"));
    fp_doc_put_text(f, tool, "version", fp_str_of(x->report->tool_version));
    fp_doc_add(f, list, tool);
    fp_doc_put(f, node, "components", list);
    return node;
}

static fp_json *analysis(fp_export *x, const fp_result *result)
{
    fp_doc *f = &x->doc;
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "state", fp_str_of(state_of(result->verdict)));
    if (fp_export_product_absent(x, result))
        fp_doc_put_text(f, node, "justification", FP_STR("code_not_present"));
    if (result->verdict == FP_AFFECTED) {
        fp_json *response = fp_doc_array(f);
        fp_doc_add(f, response, fp_doc_text(f, FP_STR("update")));
        fp_doc_put(f, node, "response", response);
    }
    fp_doc_put_text(f, node, "detail", fp_export_note(x, result));
    return node;
}

static void property(fp_export *x, fp_json *list, const char *name, fp_str value)
{
    fp_json *node = fp_doc_object(&x->doc);
    fp_doc_put_text(&x->doc, node, "name", fp_str_of(name));
    fp_doc_put_text(&x->doc, node, "value", fp_export_clean(x, value));
    fp_doc_add(&x->doc, list, node);
}

static fp_json *properties(fp_export *x, const fp_result *result)
{
    fp_json *list = fp_doc_array(&x->doc);
    property(x, list, "fixproof:verdict", fp_str_of(fp_verdict_name(result->verdict)));
    property(x, list, "fixproof:reason", result->reason);
    property(x, list, "fixproof:assurance", result->assurance);
    property(x, list, "fixproof:possible",
             fp_str_of(fp_text_verdicts(&x->words, result->possible)));
    property(x, list, "fixproof:report-sha256", fp_str_of(x->digest));
    const fp_result_change *change = fp_export_outcome(x, result);
    if (change == NULL)
        return list;
    property(x, list, "fixproof:outcome", fp_str_of(fp_outcome_name(change->outcome)));
    if (change->before == NULL)
        return list;
    property(x, list, "fixproof:verdict-before",
             fp_str_of(fp_verdict_name(change->before->verdict)));
    property(x, list, "fixproof:reason-before", change->before->reason);
    return list;
}

/* Of a change as a whole. */
static void put_change(fp_export *x, fp_json *metadata)
{
    const fp_changes *c = x->report->changes;
    if (c == NULL)
        return;
    fp_json *list = fp_doc_array(&x->doc);
    property(x, list, "fixproof:conclusion", fp_str_of(fp_conclusion_name(c->conclusion)));
    property(x, list, "fixproof:change", fp_export_change_note(x));
    fp_doc_put(&x->doc, metadata, "properties", list);
}

static fp_json *advisories(fp_export *x, const fp_advisory *advisory)
{
    fp_doc *f = &x->doc;
    fp_json *list = fp_doc_array(f);
    for (size_t i = 0; i < advisory->reference_count; i++) {
        const fp_reference *r = &advisory->references[i];
        if (!fp_uri_is_https(r->url))
            continue;
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "title", fp_export_clean(x, r->title));
        fp_doc_put_text(f, node, "url", r->url);
        fp_doc_add(f, list, node);
    }
    return list;
}

static fp_json *vulnerability(fp_export *x, const fp_result *result)
{
    fp_doc *f = &x->doc;
    const fp_advisory *advisory = result->advisory;
    fp_json *node = fp_doc_object(f);
    fp_json *affects = fp_doc_array(f);
    fp_json *ref = fp_doc_object(f);
    fp_doc_put_text(f, node, "id", fp_export_clean(x, advisory->id));
    fp_doc_put_text(f, node, "description", fp_export_clean(x, advisory->title));
    if (result->remediation.size > 0)
        fp_doc_put_text(f, node, "recommendation", fp_export_clean(x, result->remediation));
    fp_doc_put(f, node, "advisories", advisories(x, advisory));
    fp_doc_put(f, node, "analysis", analysis(x, result));
    fp_doc_put_text(f, ref, "ref", x->purl);
    fp_doc_add(f, affects, ref);
    fp_doc_put(f, node, "affects", affects);
    fp_doc_put(f, node, "properties", properties(x, result));
    return node;
}

static void fill(fp_export *x, fp_json *root)
{
    fp_doc *f = &x->doc;
    fp_json *metadata = fp_doc_object(f);
    fp_json *list = fp_doc_array(f);
    fp_doc_put_text(f, root, "bomFormat", FP_STR("CycloneDX"));
    fp_doc_put_text(f, root, "specVersion", FP_STR("1.6"));
    fp_doc_put_text(f, root, "serialNumber",
                    fp_str_of(fp_page_format(&x->words, "urn:uuid:%s", x->uuid)));
    fp_doc_put_number(f, root, "version", 1);
    fp_doc_put_text(f, metadata, "timestamp", x->time);
    fp_doc_put(f, metadata, "tools", tools(x));
    fp_doc_put(f, metadata, "component", component(x));
    put_change(x, metadata);
    fp_doc_put(f, root, "metadata", metadata);
    for (size_t i = 0; i < x->report->result_count; i++)
        fp_doc_add(f, list, vulnerability(x, &x->report->results[i]));
    fp_doc_put(f, root, "vulnerabilities", list);
}

fp_status fp_cyclonedx_write(const fp_report *report, const fp_report_style *style, fp_out *out)
{
    (void)style;
    return fp_export_json(report, out, fill);
}
