/* SPDX-License-Identifier: MIT */
/*
 * OpenVEX 0.2.0: one statement per advisory about the product on this server.
 *
 * The format has no private fields: what it has no word for stands in status_notes, and what is to
 * be said of a change as a whole in those of each statement. It wants a product in every statement,
 * although its schema does not.
 */
#include "verify/report/export.h"

static const char *status_of(fp_verdict verdict)
{
    static const char *const of[FP_VERDICTS] = {
        [FP_UNDETERMINED] = "under_investigation",
        [FP_AFFECTED] = "affected",
        [FP_FIXED] = "fixed",
        [FP_NOT_APPLICABLE] = "not_affected",
    };
    return of[verdict];
}

static fp_json *vulnerability(fp_export *x, const fp_advisory *advisory)
{
    fp_doc *f = &x->doc;
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "name", fp_export_clean(x, advisory->id));
    fp_doc_put_text(f, node, "description", fp_export_clean(x, advisory->title));
    return node;
}

static fp_json *products(fp_export *x)
{
    fp_doc *f = &x->doc;
    fp_json *list = fp_doc_array(f);
    fp_json *product = fp_doc_object(f);
    fp_json *identifiers = fp_doc_object(f);
    fp_doc_put_text(f, product, "@id", x->purl);
    fp_doc_put_text(f, identifiers, "purl", x->purl);
    fp_doc_put(f, product, "identifiers", identifiers);
    fp_doc_add(f, list, product);
    return list;
}

static fp_str notes(fp_export *x, const fp_result *result)
{
    const fp_str change = fp_export_change_note(x);
    const fp_str note = fp_export_note(x, result);
    if (change.size == 0)
        return note;
    return fp_str_of(
        fp_page_format(&x->words, "%s The change as a whole: %s", note.data, change.data));
}

static fp_json *statement(fp_export *x, const fp_result *result)
{
    fp_doc *f = &x->doc;
    fp_json *node = fp_doc_object(f);
    fp_doc_put(f, node, "vulnerability", vulnerability(x, result->advisory));
    fp_doc_put(f, node, "products", products(x));
    fp_doc_put_text(f, node, "status", fp_str_of(status_of(result->verdict)));
    fp_doc_put_text(f, node, "status_notes", notes(x, result));
    if (fp_export_product_absent(x, result))
        fp_doc_put_text(f, node, "justification", FP_STR("component_not_present"));
    if (result->verdict == FP_NOT_APPLICABLE)
        fp_doc_put_text(f, node, "impact_statement", fp_export_clean(x, result->reason_text));
    if (result->verdict == FP_AFFECTED)
        fp_doc_put_text(f, node, "action_statement", fp_export_clean(x, result->remediation));
    return node;
}

static void fill(fp_export *x, fp_json *root)
{
    fp_doc *f = &x->doc;
    fp_page *p = &x->words;
    const char *tool = fp_page_format(p, "fixproof %s", x->report->tool_version);
    fp_doc_put_text(f, root, "@context", FP_STR("https://openvex.dev/ns/v0.2.0"));
    fp_doc_put_text(f, root, "@id", fp_str_of(fp_page_format(p, "urn:uuid:%s", x->uuid)));
    fp_doc_put_text(f, root, "author", FP_STR("fixproof"));
    fp_doc_put_text(f, root, "role", FP_STR("Assessment of one server from evidence"));
    fp_doc_put_text(f, root, "timestamp", x->time);
    fp_doc_put_number(f, root, "version", 1);
    fp_doc_put_text(f, root, "tooling", fp_str_of(tool));
    fp_json *statements = fp_doc_array(f);
    for (size_t i = 0; i < x->report->result_count; i++)
        fp_doc_add(f, statements, statement(x, &x->report->results[i]));
    fp_doc_put(f, root, "statements", statements);
}

fp_status fp_openvex_write(const fp_report *report, const fp_report_style *style, fp_out *out)
{
    (void)style;
    return fp_export_json(report, out, fill);
}
