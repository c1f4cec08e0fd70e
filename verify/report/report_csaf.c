/* SPDX-License-Identifier: MIT */
/*
 * CSAF 2.0, profile VEX (OASIS CSAF 2.0, 4.5): one product, the one on this server; one
 * vulnerability per advisory. The tracking id is made of the digest of the JSON report; a document
 * with an undetermined verdict is "interim", as more evidence will change it.
 */
#include "verify/report/export.h"

#define PRODUCT_ID "server"
enum { ID_DIGITS = 32 }; /* of the digest: enough to tell any two reports apart */

static const char *status_of(fp_verdict verdict)
{
    static const char *const of[FP_VERDICTS] = {
        [FP_UNDETERMINED] = "under_investigation",
        [FP_AFFECTED] = "known_affected",
        [FP_FIXED] = "fixed",
        [FP_NOT_APPLICABLE] = "known_not_affected",
    };
    return of[verdict];
}

static fp_json *product_ids(fp_doc *f)
{
    fp_json *list = fp_doc_array(f);
    fp_doc_add(f, list, fp_doc_text(f, FP_STR(PRODUCT_ID)));
    return list;
}

static void add_note(fp_export *x, fp_json *list, const char *category, const char *title,
                     fp_str text)
{
    fp_json *node = fp_doc_object(&x->doc);
    fp_doc_put_text(&x->doc, node, "category", fp_str_of(category));
    fp_doc_put_text(&x->doc, node, "title", fp_str_of(title));
    fp_doc_put_text(&x->doc, node, "text", text);
    fp_doc_add(&x->doc, list, node);
}

static fp_json *publisher(fp_doc *f)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "category", FP_STR("user"));
    fp_doc_put_text(f, node, "name", FP_STR("fixproof"));
    /* No address is ours to claim: .invalid is reserved (RFC 6761). Who publishes puts theirs. */
    fp_doc_put_text(f, node, "namespace", FP_STR("https://fixproof.invalid/"));
    return node;
}

static fp_json *generator(fp_export *x)
{
    fp_doc *f = &x->doc;
    fp_json *node = fp_doc_object(f);
    fp_json *engine = fp_doc_object(f);
    fp_doc_put_text(f, engine, "name", FP_STR("fixproof"));
    fp_doc_put_text(f, engine, "version", fp_str_of(x->report->tool_version));
    fp_doc_put_text(f, node, "date", x->time);
    fp_doc_put(f, node, "engine", engine);
    return node;
}

static fp_json *revisions(fp_export *x)
{
    fp_doc *f = &x->doc;
    fp_json *list = fp_doc_array(f);
    fp_json *first = fp_doc_object(f);
    fp_doc_put_text(f, first, "date", x->time);
    fp_doc_put_text(f, first, "number", FP_STR("1"));
    fp_doc_put_text(f, first, "summary", FP_STR("As assessed."));
    fp_doc_add(f, list, first);
    return list;
}

static fp_json *tracking(fp_export *x)
{
    fp_doc *f = &x->doc;
    const bool open = fp_report_count(x->report, FP_UNDETERMINED) > 0;
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "id",
                    fp_str_of(fp_page_format(&x->words, "fixproof-%.*s", ID_DIGITS, x->digest)));
    fp_doc_put_text(f, node, "status", open ? FP_STR("interim") : FP_STR("final"));
    fp_doc_put_text(f, node, "version", FP_STR("1"));
    fp_doc_put_text(f, node, "initial_release_date", x->time);
    fp_doc_put_text(f, node, "current_release_date", x->time);
    fp_doc_put(f, node, "generator", generator(x));
    fp_doc_put(f, node, "revision_history", revisions(x));
    return node;
}

static void put_change(fp_export *x, fp_json *node)
{
    const fp_str change = fp_export_change_note(x);
    if (change.size == 0)
        return;
    fp_json *notes = fp_doc_array(&x->doc);
    add_note(x, notes, "details", "What changed", change);
    fp_doc_put(&x->doc, node, "notes", notes);
}

static fp_json *document(fp_export *x)
{
    fp_doc *f = &x->doc;
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "category", FP_STR("csaf_vex"));
    fp_doc_put_text(f, node, "csaf_version", FP_STR("2.0"));
    fp_doc_put_text(f, node, "lang", FP_STR("en"));
    put_change(x, node);
    fp_doc_put(f, node, "publisher", publisher(f));
    fp_doc_put_text(f, node, "title",
                    fp_str_of(fp_page_format(&x->words, "Assessment of %s", x->product.data)));
    fp_doc_put(f, node, "tracking", tracking(x));
    return node;
}

static fp_json *product_tree(fp_export *x)
{
    fp_doc *f = &x->doc;
    fp_json *tree = fp_doc_object(f);
    fp_json *list = fp_doc_array(f);
    fp_json *product = fp_doc_object(f);
    fp_json *helper = fp_doc_object(f);
    fp_doc_put_text(f, product, "product_id", FP_STR(PRODUCT_ID));
    fp_doc_put_text(f, product, "name", x->product);
    fp_doc_put_text(f, helper, "purl", x->purl);
    fp_doc_put(f, product, "product_identification_helper", helper);
    fp_doc_add(f, list, product);
    fp_doc_put(f, tree, "full_product_names", list);
    return tree;
}

/* "CVE-2008-1234": CSAF has a member of its own for it. */
static bool is_cve(fp_str id)
{
    uint64_t year;
    uint64_t number;
    fp_str rest = id;
    fp_str part;
    return fp_str_split(&rest, '-', &part) && fp_str_eq(part, FP_STR("CVE")) &&
           fp_str_split(&rest, '-', &part) && part.size == 4 && fp_str_to_u64(part, &year) &&
           fp_str_split(&rest, '-', &part) && part.size >= 4 && fp_str_to_u64(part, &number) &&
           rest.size == 0;
}

static void put_id(fp_export *x, fp_json *node, const fp_advisory *advisory)
{
    fp_doc *f = &x->doc;
    if (is_cve(advisory->id)) {
        fp_doc_put_text(f, node, "cve", advisory->id);
        return;
    }
    fp_json *ids = fp_doc_array(f);
    fp_json *id = fp_doc_object(f);
    fp_doc_put_text(f, id, "system_name", FP_STR("fixproof advisory"));
    fp_doc_put_text(f, id, "text", fp_export_clean(x, advisory->id));
    fp_doc_add(f, ids, id);
    fp_doc_put(f, node, "ids", ids);
}

/* Known to be affected: what to do about it. A KB is the vendor's fix. */
static void put_remediation(fp_export *x, fp_json *node, const fp_result *result)
{
    fp_doc *f = &x->doc;
    fp_json *list = fp_doc_array(f);
    fp_json *one = fp_doc_object(f);
    fp_doc_put_text(f, one, "category",
                    result->advisory->kb_count > 0 ? FP_STR("vendor_fix") : FP_STR("mitigation"));
    fp_doc_put_text(f, one, "details", fp_export_clean(x, result->remediation));
    fp_doc_put(f, one, "product_ids", product_ids(f));
    fp_doc_add(f, list, one);
    fp_doc_put(f, node, "remediations", list);
}

/* Known not to be affected: why. */
static void put_impact(fp_export *x, fp_json *node, const fp_result *result)
{
    fp_doc *f = &x->doc;
    fp_json *threats = fp_doc_array(f);
    fp_json *threat = fp_doc_object(f);
    fp_doc_put_text(f, threat, "category", FP_STR("impact"));
    fp_doc_put_text(f, threat, "details", fp_export_clean(x, result->reason_text));
    fp_doc_put(f, threat, "product_ids", product_ids(f));
    fp_doc_add(f, threats, threat);
    fp_doc_put(f, node, "threats", threats);
    if (!fp_export_product_absent(x, result))
        return;
    fp_json *flags = fp_doc_array(f);
    fp_json *flag = fp_doc_object(f);
    fp_doc_put_text(f, flag, "label", FP_STR("component_not_present"));
    fp_doc_put(f, flag, "product_ids", product_ids(f));
    fp_doc_add(f, flags, flag);
    fp_doc_put(f, node, "flags", flags);
}

static fp_json *vulnerability(fp_export *x, const fp_result *result)
{
    fp_doc *f = &x->doc;
    const fp_advisory *advisory = result->advisory;
    fp_json *node = fp_doc_object(f);
    fp_json *notes = fp_doc_array(f);
    fp_json *status = fp_doc_object(f);
    put_id(x, node, advisory);
    fp_doc_put_text(f, node, "title", fp_export_clean(x, advisory->title));
    add_note(x, notes, "description", "What the advisory is about",
             fp_export_clean(x, advisory->summary.size > 0 ? advisory->summary : advisory->title));
    add_note(x, notes, "details", "Verdict of fixproof", fp_export_note(x, result));
    fp_doc_put(f, node, "notes", notes);
    fp_doc_put(f, status, status_of(result->verdict), product_ids(f));
    fp_doc_put(f, node, "product_status", status);
    if (result->verdict == FP_AFFECTED)
        put_remediation(x, node, result);
    if (result->verdict == FP_NOT_APPLICABLE)
        put_impact(x, node, result);
    return node;
}

static void fill(fp_export *x, fp_json *root)
{
    fp_json *list = fp_doc_array(&x->doc);
    fp_doc_put(&x->doc, root, "document", document(x));
    fp_doc_put(&x->doc, root, "product_tree", product_tree(x));
    for (size_t i = 0; i < x->report->result_count; i++)
        fp_doc_add(&x->doc, list, vulnerability(x, &x->report->results[i]));
    fp_doc_put(&x->doc, root, "vulnerabilities", list);
}

fp_status fp_csaf_write(const fp_report *report, const fp_report_style *style, fp_out *out)
{
    (void)style;
    return fp_export_json(report, out, fill);
}
