/* SPDX-License-Identifier: MIT */
/*
 * Findings about advisories as SARIF 2.1.0, for what shows them beside the line: every file is an
 * artifact, every kind of finding a rule. Columns count characters, as those of all findings do:
 * columnKind "unicodeCodePoints" (3.14.27).
 */
#include "verify/cli/advisory_lint.h"

#include "verify/report/identity.h"
#include "verify/report/sarif.h"

#include <string.h>

static fp_str clean(fp_doc *f, fp_str text)
{
    fp_str shown = {NULL, 0};
    if (fp_text_display(text, f->arena, &shown) != FP_OK)
        f->failed = true;
    return shown;
}

static const char *level_of(bool error)
{
    return error ? "error" : "warning";
}

/* ---- rules ---- */

static fp_json *rule(fp_doc *f, const fp_lint_rule_row *row)
{
    fp_json *node = fp_doc_object(f);
    fp_json *configuration = fp_doc_object(f);
    fp_doc_put_text(f, configuration, "level", fp_str_of(level_of(row->error)));
    fp_doc_put_text(f, node, "id", fp_str_of(row->id));
    fp_doc_put(f, node, "shortDescription", fp_sarif_message(f, fp_str_of(row->title)));
    fp_doc_put(f, node, "fullDescription", fp_sarif_message(f, fp_str_of(row->title)));
    fp_doc_put(f, node, "help", fp_sarif_message(f, fp_str_of(row->help)));
    fp_doc_put(f, node, "defaultConfiguration", configuration);
    return node;
}

static fp_json *tool(fp_doc *f)
{
    fp_json *rules = fp_doc_array(f);
    for (unsigned i = 0; i < FP_LINT_RULES; i++)
        fp_doc_add(f, rules, rule(f, &fp_lint_rule_table[i]));
    return fp_sarif_tool(f, FIXPROOF_VERSION, rules);
}

/* ---- places ---- */

/* A relative reference (RFC 3986, 4.2) or a file URI (RFC 8089); empty for standard input, which
 * has no address. */
static fp_str uri_of(fp_doc *f, const char *path)
{
    if (strcmp(path, "-") == 0)
        return (fp_str){NULL, 0};
    while (strncmp(path, "./", 2) == 0) /* a name on a list, not a way to walk */
        path += 2;
    const char *uri = fp_uri_escape(fp_str_of(path), true, f->arena);
    if (uri != NULL && *uri == '/')
        uri = fp_arena_printf(f->arena, "file://%s", uri);
    f->failed = f->failed || uri == NULL;
    return fp_str_of(uri);
}

static fp_json *artifact(fp_doc *f, const fp_linted *file)
{
    const fp_str uri = uri_of(f, file->path);
    fp_json *node = fp_doc_object(f);
    fp_json *location = fp_doc_object(f);
    fp_json *roles = fp_doc_array(f);
    if (uri.size > 0)
        fp_doc_put_text(f, location, "uri", uri);
    else
        fp_doc_put(f, location, "description", fp_sarif_message(f, FP_STR("standard input")));
    fp_doc_add(f, roles, fp_doc_text(f, FP_STR("analysisTarget")));
    fp_doc_put(f, node, "location", location);
    fp_doc_put(f, node, "roles", roles);
    fp_doc_put_text(f, node, "sourceLanguage", FP_STR("json"));
    return node;
}

static fp_json *region(fp_doc *f, const fp_lint *finding)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_number(f, node, "startLine", finding->line);
    if (finding->column > 0)
        fp_doc_put_number(f, node, "startColumn", finding->column);
    return node;
}

/* `locations` with one: the file, the line in it (`finding` NULL: the whole of it), and the place
 * in the document. */
static fp_json *locations(fp_doc *f, const fp_linted *file, size_t index, const fp_lint *finding)
{
    fp_json *list = fp_doc_array(f);
    fp_json *node = fp_doc_object(f);
    fp_json *physical = fp_doc_object(f);
    fp_doc_put(f, physical, "artifactLocation",
               fp_sarif_artifact_location(f, uri_of(f, file->path), index));
    if (finding != NULL && finding->line > 0)
        fp_doc_put(f, physical, "region", region(f, finding));
    fp_doc_put(f, node, "physicalLocation", physical);
    if (finding != NULL && finding->path.size > 0)
        fp_doc_put(f, node, "logicalLocations", fp_sarif_logical(f, clean(f, finding->path)));
    fp_doc_add(f, list, node);
    return list;
}

/* ---- the run ---- */

/* Of the rule, the file, the place in the document and what is wrong there: lines above may come
 * and go. A place may lack several members. */
static fp_json *fingerprints(fp_doc *f, const fp_linted *file, const fp_lint *finding)
{
    const fp_str parts[] = {FP_STR("fixproof/lint-finding/v1"),
                            fp_str_of(fp_lint_rule_table[finding->rule].id), uri_of(f, file->path),
                            finding->path, finding->message};
    char hex[FP_SHA256_HEX_SIZE] = "";
    if (fp_fingerprint(parts, sizeof parts / sizeof *parts, hex) != FP_OK)
        f->failed = true;
    return fp_sarif_fingerprints(f, hex);
}

static fp_json *result(fp_doc *f, const fp_linted *file, size_t index, const fp_lint *finding)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "ruleId", fp_str_of(fp_lint_rule_table[finding->rule].id));
    fp_doc_put_number(f, node, "ruleIndex", finding->rule);
    fp_doc_put_text(f, node, "kind", FP_STR("fail"));
    fp_doc_put_text(f, node, "level", fp_str_of(level_of(finding->error)));
    fp_doc_put(f, node, "message", fp_sarif_message(f, clean(f, finding->message)));
    fp_doc_put(f, node, "locations", locations(f, file, index, finding));
    fp_doc_put(f, node, "partialFingerprints", fingerprints(f, file, finding));
    return node;
}

/* A file that could not be read has no findings, and is no clean one either. */
static fp_json *invocations(fp_doc *f, const fp_linted_files *files)
{
    fp_json *list = fp_doc_array(f);
    fp_json *run = fp_doc_object(f);
    fp_json *told = fp_doc_array(f);
    bool all_read = true;
    for (size_t i = 0; i < files->count; i++) {
        if (files->at[i].unread == NULL)
            continue;
        fp_json *node = fp_doc_object(f);
        const fp_str why = clean(f, fp_str_of(files->at[i].unread));
        fp_doc_put_text(f, node, "level", FP_STR("error"));
        fp_doc_put(f, node, "message", fp_sarif_message(f, why));
        fp_doc_put(f, node, "locations", locations(f, &files->at[i], i, NULL));
        fp_doc_add(f, told, node);
        all_read = false;
    }
    fp_doc_put_bool(f, run, "executionSuccessful", all_read);
    fp_doc_put(f, run, "toolExecutionNotifications", told);
    fp_doc_add(f, list, run);
    return list;
}

static fp_json *run_of(fp_doc *f, const fp_linted_files *files)
{
    fp_json *node = fp_doc_object(f);
    fp_json *artifacts = fp_doc_array(f);
    fp_json *results = fp_doc_array(f);
    for (size_t i = 0; i < files->count; i++) {
        fp_doc_add(f, artifacts, artifact(f, &files->at[i]));
        for (size_t k = 0; k < files->at[i].count; k++)
            fp_doc_add(f, results, result(f, &files->at[i], i, &files->at[i].findings[k]));
    }
    fp_doc_put(f, node, "tool", tool(f));
    fp_doc_put(f, node, "invocations", invocations(f, files));
    fp_doc_put(f, node, "artifacts", artifacts);
    fp_doc_put_text(f, node, "columnKind", FP_STR("unicodeCodePoints"));
    fp_doc_put(f, node, "results", results);
    return node;
}

void fp_advisory_lint_sarif(fp_advisory_request *r, const void *found, fp_out *out)
{
    fp_doc f = {.arena = r->arena};
    fp_json *root = fp_doc_object(&f);
    fp_sarif_fill(&f, root, run_of(&f, found));
    if (fp_doc_write(&f, root, out) != FP_OK)
        out->failed = true;
    fp_json_free(root);
}
