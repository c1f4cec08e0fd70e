/* SPDX-License-Identifier: MIT */
/*
 * SARIF 2.1.0: every advisory is a rule and has one result; the evidence items are artifacts with
 * their digests, what was seen in them are locations. `level` is "none" for every kind but "fail"
 * (3.27.10). What SARIF has no member for stands in the property bags.
 *
 * Where a report from before a change is given, it is the baseline (3.27.24): each result says how
 * it stands to it, and what only that report asked is there too, "absent", as it was. baselineGuid
 * is left out, as it may be: GUIDs here would be made of digests, UUIDs of version 8, and the
 * schema takes versions 1 to 5. The digest of that report is a property of the run. The change as a
 * whole is a result as well: something may have got worse that no advisory is about.
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

static const fp_advisory the_change = {.id = FP_STR_INIT("change-as-a-whole"), /* none of ours */
                                       .title = FP_STR_INIT("What became of the change")};

/* Rules stand in the order of the results: advisories, those only asked before, the change. */
static void add_change_rules(fp_export *x, fp_json *rules)
{
    const fp_changes *c = x->report->changes;
    fp_result named = {.advisory = &the_change};
    for (size_t i = 0; c != NULL && i < c->result_count; i++) {
        if (c->results[i].after != NULL)
            continue;
        const fp_advisory absent = fp_export_absent(&c->results[i]);
        named.advisory = &absent;
        fp_doc_add(&x->doc, rules, rule(x, &named));
    }
    named.advisory = &the_change;
    if (c != NULL)
        fp_doc_add(&x->doc, rules, rule(x, &named));
}

static fp_json *tool(fp_export *x)
{
    fp_json *rules = fp_doc_array(&x->doc);
    for (size_t i = 0; i < x->report->result_count; i++)
        fp_doc_add(&x->doc, rules, rule(x, &x->report->results[i]));
    add_change_rules(x, rules);
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
    fp_json *node = fp_doc_object(f);
    fp_json *location = fp_doc_object(f);
    fp_json *properties = fp_doc_object(f);
    fp_doc_put_text(f, location, "uri", uri_of(x, item));
    fp_doc_put(f, node, "location", location);
    fp_doc_put_number(f, node, "length", item->size);
    if (item->hashed) {
        fp_json *hashes = fp_doc_object(f);
        fp_doc_put_sha256(f, hashes, "sha-256", item->sha256);
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

/* What became of it by the change; nothing without one. */
static void put_outcome(fp_export *x, fp_json *node, const fp_result_change *change)
{
    fp_doc *f = &x->doc;
    if (change == NULL)
        return;
    fp_doc_put_text(f, node, "outcome", fp_str_of(fp_outcome_name(change->outcome)));
    if (change->before == NULL) {
        fp_doc_put_null(f, node, "before");
        return;
    }
    fp_json *before = fp_doc_object(f);
    fp_doc_put_text(f, before, "verdict", fp_str_of(fp_verdict_name(change->before->verdict)));
    fp_doc_put_text(f, before, "reason", fp_export_clean(x, change->before->reason));
    fp_doc_put_known(f, before, "assurance", fp_export_clean(x, change->before->assurance));
    fp_doc_put(f, before, "possible", fp_doc_possible(f, change->before->possible));
    fp_doc_put(f, node, "before", before);
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
    put_outcome(x, node, fp_export_outcome(x, result));
    return node;
}

static fp_json *fingerprint(fp_export *x, const fp_result *result)
{
    char hex[FP_SHA256_HEX_SIZE] = "";
    if (fp_report_fingerprint(x->report, result, hex) != FP_OK)
        x->doc.failed = true;
    return fp_sarif_fingerprints(&x->doc, hex);
}

static fp_json *result_head(fp_export *x, const fp_result *result, size_t rule_index,
                            const sarif_verdict *v, fp_str text)
{
    fp_doc *f = &x->doc;
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "ruleId", fp_export_clean(x, result->advisory->id));
    fp_doc_put_number(f, node, "ruleIndex", rule_index);
    fp_doc_put_text(f, node, "kind", fp_str_of(v->kind));
    fp_doc_put_text(f, node, "level", fp_str_of(v->level));
    fp_doc_put(f, node, "message", message(x, text));
    fp_doc_put(f, node, "partialFingerprints", fingerprint(x, result));
    return node;
}

static bool has_baseline(const fp_export *x)
{
    return x->report->changes != NULL && x->report->changes->before != NULL;
}

static fp_json *result_of(fp_export *x, size_t index)
{
    fp_doc *f = &x->doc;
    const fp_result *result = &x->report->results[index];
    const fp_result_change *change = fp_export_outcome(x, result);
    fp_json *node =
        result_head(x, result, index, sarif_of(result->verdict), fp_export_note(x, result));
    if (has_baseline(x) && change != NULL)
        fp_doc_put_text(f, node, "baselineState", fp_str_of(fp_export_standing(change)));
    fp_doc_put(f, node, "relatedLocations", locations(x, result));
    fp_doc_put(f, node, "properties", result_properties(x, result));
    return node;
}

/* As it was in the baseline. */
static fp_json *absent_result(fp_export *x, const fp_result_change *change, size_t rule_index)
{
    fp_doc *f = &x->doc;
    const fp_advisory named = fp_export_absent(change);
    const fp_result result = {.advisory = &named};
    const char *text = fp_page_format(&x->words, "Asked before, and not again. Before: %s. %s",
                                      fp_text_recorded(&x->words, change->before),
                                      fp_page_clean(&x->words, change->before->reason_text));
    fp_json *properties = fp_doc_object(f);
    fp_json *node =
        result_head(x, &result, rule_index, sarif_of(change->before->verdict), fp_str_of(text));
    put_outcome(x, properties, change);
    fp_doc_put_text(f, node, "baselineState", fp_str_of(fp_export_standing(change)));
    fp_doc_put(f, node, "properties", properties);
    return node;
}

static fp_json *change_result(fp_export *x, size_t rule_index)
{
    static const sarif_verdict of[] = {{"pass", "none"}, {"fail", "error"}, {"open", "none"}};
    const fp_result result = {.advisory = &the_change};
    const fp_changes *c = x->report->changes;
    fp_json *node =
        result_head(x, &result, rule_index, &of[fp_conclusion_exit_status(c->conclusion)],
                    fp_export_change_note(x));
    if (!has_baseline(x))
        return node;
    /* Only a report of confirm has one of the kind. */
    const bool again = fp_str_eq(c->before->command, FP_STR("confirm"));
    fp_doc_put_text(&x->doc, node, "baselineState", again ? FP_STR("updated") : FP_STR("new"));
    return node;
}

static fp_json *results(fp_export *x)
{
    fp_json *list = fp_doc_array(&x->doc);
    const fp_changes *c = x->report->changes;
    size_t rule_index = x->report->result_count;
    for (size_t i = 0; i < x->report->result_count; i++)
        fp_doc_add(&x->doc, list, result_of(x, i));
    for (size_t i = 0; c != NULL && i < c->result_count; i++)
        if (c->results[i].after == NULL)
            fp_doc_add(&x->doc, list, absent_result(x, &c->results[i], rule_index++));
    if (c != NULL)
        fp_doc_add(&x->doc, list, change_result(x, rule_index));
    return list;
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

static fp_json *change_properties(fp_export *x)
{
    static const char *const names[FP_CHANGES_LISTS] = {
        [FP_LIST_FIRST] = "first",       [FP_LIST_WORSE] = "worse",
        [FP_LIST_CHANGED] = "changed",   [FP_LIST_SETTINGS] = "judgedOtherwise",
        [FP_LIST_EPISODES] = "newInLog", [FP_LIST_STAYED] = "stayed",
        [FP_LIST_NOT_SHOWN] = "notShown"};
    fp_doc *f = &x->doc;
    const fp_changes *c = x->report->changes;
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "conclusion", fp_str_of(fp_conclusion_name(c->conclusion)));
    fp_doc_put_time(f, node, "since", c->since);
    fp_doc_put_text(f, node, "order", fp_str_of(fp_order_name(c->order)));
    fp_doc_put_text(f, node, "orderText", c->order_text);
    fp_doc_put_tri(f, node, "sameServer", c->same_server);
    fp_doc_put_sha256(f, node, "baselineReportSha256",
                      c->before != NULL ? c->before->sha256 : NULL);
    for (unsigned which = FP_LIST_WORSE; which < FP_CHANGES_LISTS; which++) {
        fp_lines lines;
        fp_json *list = fp_doc_array(f);
        fp_changes_lines(&x->words, c, (fp_changes_list)which, &lines);
        for (size_t i = 0; i < lines.count; i++)
            fp_doc_add(f, list, fp_doc_text(f, fp_str_of(lines.at[i])));
        fp_doc_put(f, node, names[which], list);
    }
    return node;
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
    if (x->report->changes != NULL)
        fp_doc_put(f, node, "change", change_properties(x));
    return node;
}

static fp_json *run_of(fp_export *x)
{
    fp_doc *f = &x->doc;
    fp_json *node = fp_doc_object(f);
    fp_json *artifacts = fp_doc_array(f);
    for (size_t i = 0; i < x->report->item_count; i++)
        fp_doc_add(f, artifacts, artifact(x, x->report->items[i]));
    fp_doc_put(f, node, "tool", tool(x));
    fp_doc_put(f, node, "invocations", invocations(x));
    fp_doc_put(f, node, "artifacts", artifacts);
    fp_doc_put(f, node, "results", results(x));
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
