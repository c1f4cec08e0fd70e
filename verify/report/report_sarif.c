/* SPDX-License-Identifier: MIT */
/*
 * SARIF 2.1.0: every advisory is a rule and has one result; the evidence items are artifacts with
 * their digests, what was seen in them are locations. `level` is "none" for every kind but "fail"
 * (3.27.10). What SARIF has no member for stands in the property bags.
 */
#include "verify/report/export.h"
#include "verify/report/sarif.h"

enum { LOCATIONS_MAX = 200 /* of one result */ };

typedef struct sarif_verdict {
    const char *kind, *level;
} sarif_verdict;

static const sarif_verdict *sarif_of(fp_verdict verdict)
{
    static const sarif_verdict of[FP_VERDICTS] = {
        [FP_UNDETERMINED] = {"open", "none"},
        [FP_AFFECTED] = {"fail", "error"},
        [FP_FIXED] = {"pass", "none"},
        [FP_NOT_APPLICABLE] = {"notApplicable", "none"},
    };
    return &of[verdict];
}

static fp_json *message(fp_export *x, fp_str text)
{
    return fp_sarif_message(&x->doc, text);
}

/* ---- the tool and its rules ---- */

static fp_json *rule(fp_export *x, const fp_result *result)
{
    fp_doc *f = &x->doc;
    const fp_advisory *a = result->advisory;
    const fp_str address = fp_export_address(result);
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "id", fp_export_clean(x, a->id));
    fp_doc_put(f, node, "shortDescription", message(x, fp_export_clean(x, a->title)));
    fp_doc_put(f, node, "fullDescription",
               message(x, fp_export_clean(x, a->summary.size > 0 ? a->summary : a->title)));
    if (a->remediation.size > 0)
        fp_doc_put(f, node, "help", message(x, fp_export_clean(x, a->remediation)));
    if (address.size > 0)
        fp_doc_put_text(f, node, "helpUri", address);
    return node;
}

static fp_json *tool(fp_export *x)
{
    fp_json *rules = fp_doc_array(&x->doc);
    for (size_t i = 0; i < x->report->result_count; i++)
        fp_doc_add(&x->doc, rules, rule(x, &x->report->results[i]));
    return fp_sarif_tool(&x->doc, x->report->tool_version, rules);
}

/* ---- artifacts and places in them ---- */

/* A relative reference (RFC 3986, 4.2), from the folder that all items lie in: no scheme and no
 * authority can come out of a path. */
static fp_str uri_of(fp_export *x, const fp_item *item)
{
    const size_t skip = x->folder.size;
    fp_str path = fp_str_tail(item->path, skip);
    while (path.size > 1 && path.data[0] == '/')
        path = fp_str_tail(path, 1);
    const char *uri = fp_uri_escape(path, true, x->doc.arena);
    x->doc.failed = x->doc.failed || uri == NULL;
    return fp_str_of(uri);
}

static fp_json *problems(fp_export *x, const fp_item *item)
{
    fp_json *list = fp_doc_array(&x->doc);
    for (size_t i = 0; i < item->problem_count && i < FP_ITEM_PROBLEMS_MAX; i++)
        fp_doc_add(&x->doc, list,
                   fp_doc_text(&x->doc, fp_export_clean(x, fp_str_of(item->problems[i]))));
    return list;
}

static fp_json *artifact(fp_export *x, const fp_item *item)
{
    fp_doc *f = &x->doc;
    char hex[FP_SHA256_HEX_SIZE];
    fp_json *node = fp_doc_object(f);
    fp_json *location = fp_doc_object(f);
    fp_json *properties = fp_doc_object(f);
    fp_doc_put_text(f, location, "uri", uri_of(x, item));
    fp_doc_put(f, node, "location", location);
    fp_doc_put_number(f, node, "length", item->size);
    if (item->hashed) {
        fp_json *hashes = fp_doc_object(f);
        fp_hex(item->sha256, FP_SHA256_SIZE, hex);
        fp_doc_put_text(f, hashes, "sha-256", fp_str_of(hex));
        fp_doc_put(f, node, "hashes", hashes);
    }
    fp_doc_put_text(f, properties, "kind", fp_str_of(fp_kind_name(item->kind)));
    fp_doc_put_bool(f, properties, "complete", item->complete);
    fp_doc_put(f, properties, "problems", problems(x, item));
    fp_doc_put(f, node, "properties", properties);
    return node;
}

/* "line 17" is a region; any other place (a key path, a member) is a logical location. */
static bool line_of(fp_str where, uint64_t *line)
{
    static const fp_str prefix = FP_STR_INIT("line ");
    if (!fp_str_starts(where, prefix))
        return false;
    const fp_str number = fp_str_tail(where, prefix.size);
    return fp_str_to_u64(number, line) && *line > 0 && *line <= INT32_MAX;
}

static fp_json *location(fp_export *x, const fp_observation *seen, uint64_t id)
{
    fp_doc *f = &x->doc;
    const fp_item *item = fp_report_item(x->report, seen->origin.item);
    uint64_t line;
    const bool has_line = line_of(seen->origin.where, &line);
    fp_json *node = fp_doc_object(f);
    fp_doc_put_number(f, node, "id", id); /* tests share what was seen: it tells them apart */
    if (item != NULL) {
        fp_json *physical = fp_doc_object(f);
        fp_doc_put(f, physical, "artifactLocation",
                   fp_sarif_artifact_location(f, uri_of(x, item), item->id - 1));
        if (has_line) {
            fp_json *region = fp_doc_object(f);
            fp_doc_put_number(f, region, "startLine", line);
            fp_doc_put(f, physical, "region", region);
        }
        fp_doc_put(f, node, "physicalLocation", physical);
    }
    if (seen->origin.where.size > 0 && !has_line)
        fp_doc_put(f, node, "logicalLocations",
                   fp_sarif_logical(f, fp_export_clean(x, seen->origin.where)));
    fp_doc_put(f, node, "message", message(x, fp_export_clean(x, seen->value)));
    return node;
}

static fp_json *locations(fp_export *x, const fp_result *result)
{
    fp_report_tests tests;
    fp_report_tests_behind(result, &tests);
    fp_json *list = fp_doc_array(&x->doc);
    uint64_t id = 0;
    for (size_t i = 0; i < tests.count; i++) {
        const fp_test_result *outcome = tests.at[i]->outcome;
        for (size_t j = 0; outcome != NULL && j < outcome->observations.count && id < LOCATIONS_MAX;
             j++)
            fp_doc_add(&x->doc, list, location(x, &outcome->observations.at[j], id++));
    }
    return list;
}

/* ---- results ---- */

static fp_json *texts(fp_export *x, const fp_str *list, size_t count)
{
    fp_json *array = fp_doc_array(&x->doc);
    for (size_t i = 0; i < count; i++)
        fp_doc_add(&x->doc, array, fp_doc_text(&x->doc, fp_export_clean(x, list[i])));
    return array;
}

static fp_json *missing(fp_export *x, const fp_result *result)
{
    fp_doc *f = &x->doc;
    fp_json *list = fp_doc_array(f);
    for (size_t i = 0; i < result->missing_count; i++) {
        const fp_missing *m = &result->missing[i];
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "needs", fp_export_clean(x, m->needs));
        fp_doc_put_text(f, node, "collect", fp_export_clean(x, m->collect));
        fp_doc_put_text(f, node, "why", fp_str_of(fp_missing_why_name(m)));
        fp_doc_add(f, list, node);
    }
    return list;
}

static fp_json *result_properties(fp_export *x, const fp_result *result)
{
    fp_doc *f = &x->doc;
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "verdict", fp_str_of(fp_verdict_name(result->verdict)));
    fp_doc_put_text(f, node, "reason", fp_export_clean(x, result->reason));
    fp_doc_put_known(f, node, "assurance", fp_export_clean(x, result->assurance));
    fp_doc_put(f, node, "possible", fp_doc_possible(f, result->possible));
    fp_doc_put_bool(f, node, "actionNeeded", !fp_report_no_action(result));
    fp_doc_put(f, node, "caveats", texts(x, result->caveats, result->caveat_count));
    fp_doc_put(f, node, "missing", missing(x, result));
    return node;
}

static fp_json *fingerprint(fp_export *x, const fp_result *result)
{
    char hex[FP_SHA256_HEX_SIZE] = "";
    if (fp_report_fingerprint(x->report, result, hex) != FP_OK)
        x->doc.failed = true;
    fp_json *node = fp_doc_object(&x->doc);
    fp_doc_put_text(&x->doc, node, "fixproof/v1", fp_str_of(hex));
    return node;
}

static fp_json *result_of(fp_export *x, size_t index)
{
    fp_doc *f = &x->doc;
    const fp_result *result = &x->report->results[index];
    const sarif_verdict *v = sarif_of(result->verdict);
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "ruleId", fp_export_clean(x, result->advisory->id));
    fp_doc_put_number(f, node, "ruleIndex", index);
    fp_doc_put_text(f, node, "kind", fp_str_of(v->kind));
    fp_doc_put_text(f, node, "level", fp_str_of(v->level));
    fp_doc_put(f, node, "message", message(x, fp_export_note(x, result)));
    fp_doc_put(f, node, "partialFingerprints", fingerprint(x, result));
    fp_doc_put(f, node, "relatedLocations", locations(x, result));
    fp_doc_put(f, node, "properties", result_properties(x, result));
    return node;
}

/* Findings about the evidence are notifications of the run. */
static fp_json *invocations(fp_export *x)
{
    fp_doc *f = &x->doc;
    const fp_observations *findings = &x->report->casefile->findings;
    fp_json *list = fp_doc_array(f);
    fp_json *run = fp_doc_object(f);
    fp_json *told = fp_doc_array(f);
    for (size_t i = 0; i < findings->count; i++) {
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "level", FP_STR("warning"));
        fp_doc_put(f, node, "message", message(x, fp_export_clean(x, findings->at[i].value)));
        fp_doc_add(f, told, node);
    }
    fp_doc_put_bool(f, run, "executionSuccessful", true);
    fp_doc_put_text(f, run, "endTimeUtc", x->time);
    fp_doc_put(f, run, "toolExecutionNotifications", told);
    fp_doc_add(f, list, run);
    return list;
}

static fp_json *run_properties(fp_export *x)
{
    fp_doc *f = &x->doc;
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "product", x->product);
    fp_doc_put_known(f, node, "folder", fp_export_clean(x, x->folder));
    fp_doc_put_text(f, node, "command", fp_str_of(fp_report_view_name(x->report->view)));
    fp_doc_put_text(f, node, "reportSha256", fp_str_of(x->digest));
    fp_doc_put_bool(f, node, "confined", x->report->confined);
    return node;
}

static fp_json *run_of(fp_export *x)
{
    fp_doc *f = &x->doc;
    fp_json *node = fp_doc_object(f);
    fp_json *artifacts = fp_doc_array(f);
    fp_json *results = fp_doc_array(f);
    for (size_t i = 0; i < x->report->item_count; i++)
        fp_doc_add(f, artifacts, artifact(x, x->report->items[i]));
    for (size_t i = 0; i < x->report->result_count; i++)
        fp_doc_add(f, results, result_of(x, i));
    fp_doc_put(f, node, "tool", tool(x));
    fp_doc_put(f, node, "invocations", invocations(x));
    fp_doc_put(f, node, "artifacts", artifacts);
    fp_doc_put(f, node, "results", results);
    fp_doc_put(f, node, "properties", run_properties(x));
    return node;
}

static void fill(fp_export *x, fp_json *root)
{
    fp_sarif_fill(&x->doc, root, run_of(x));
}

fp_status fp_sarif_write(const fp_report *report, const fp_report_style *style, fp_out *out)
{
    (void)style;
    return fp_export_json(report, out, fill);
}
