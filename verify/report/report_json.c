/* SPDX-License-Identifier: MIT */
/* The JSON report: what every view shares. The views themselves are in json_*.c. */
#include "verify/report/report.h"

#include "verify/report/json_parts.h"

#include <stdlib.h>

fp_json *fp_doc_object(fp_doc *f)
{
    fp_json *node = fp_json_new_object();
    if (node == NULL)
        f->failed = true;
    return node;
}

fp_json *fp_doc_array(fp_doc *f)
{
    fp_json *node = fp_json_new_array();
    if (node == NULL)
        f->failed = true;
    return node;
}

void fp_doc_put(fp_doc *f, fp_json *object, const char *key, fp_json *child)
{
    if (!fp_json_put(object, key, child))
        f->failed = true;
}

void fp_doc_add(fp_doc *f, fp_json *array, fp_json *child)
{
    if (!fp_json_add(array, child))
        f->failed = true;
}

fp_json *fp_doc_text(fp_doc *f, fp_str s)
{
    fp_str shown = s;
    if (!fp_text_is_utf8(s) && fp_text_display(s, f->arena, &shown) != FP_OK) {
        f->failed = true;
        return NULL;
    }
    return fp_json_new_string(shown);
}

void fp_doc_put_text(fp_doc *f, fp_json *object, const char *key, fp_str s)
{
    fp_doc_put(f, object, key, fp_doc_text(f, s));
}

void fp_doc_put_known(fp_doc *f, fp_json *object, const char *key, fp_str s)
{
    if (s.size == 0)
        fp_doc_put_null(f, object, key);
    else
        fp_doc_put_text(f, object, key, s);
}

void fp_doc_put_number(fp_doc *f, fp_json *object, const char *key, uint64_t n)
{
    fp_doc_put(f, object, key, fp_json_new_integer(n > INT64_MAX ? INT64_MAX : (int64_t)n));
}

void fp_doc_put_bool(fp_doc *f, fp_json *object, const char *key, bool b)
{
    fp_doc_put(f, object, key, fp_json_new_bool(b));
}

void fp_doc_put_null(fp_doc *f, fp_json *object, const char *key)
{
    fp_doc_put(f, object, key, fp_json_new_null());
}

void fp_doc_put_time(fp_doc *f, fp_json *object, const char *key, fp_time t)
{
    char text[FP_TIME_TEXT_SIZE];
    if (t == FP_TIME_NONE)
        fp_doc_put_null(f, object, key);
    else
        fp_doc_put_text(f, object, key, fp_str_of(fp_time_format(t, text)));
}

void fp_doc_put_tri(fp_doc *f, fp_json *object, const char *key, fp_tri t)
{
    if (t == FP_UNKNOWN)
        fp_doc_put_null(f, object, key);
    else
        fp_doc_put_bool(f, object, key, t == FP_TRUE);
}

void fp_doc_put_hex(fp_doc *f, fp_json *object, const char *key, const uint8_t *bytes, size_t size)
{
    char hex[FP_SHA256_HEX_SIZE] = "";
    if (bytes != NULL)
        fp_hex(bytes, size, hex);
    fp_doc_put_known(f, object, key, fp_str_of(hex));
}

void fp_doc_put_sha256(fp_doc *f, fp_json *object, const char *key, const uint8_t *sha256)
{
    fp_doc_put_hex(f, object, key, sha256, FP_SHA256_SIZE);
}

void fp_doc_put_origin(fp_doc *f, fp_json *object, fp_origin origin)
{
    if (origin.item == 0)
        fp_doc_put_null(f, object, "evidence");
    else
        fp_doc_put_number(f, object, "evidence", origin.item);
    fp_doc_put_known(f, object, "where", origin.where);
}

fp_json *fp_doc_observations(fp_doc *f, const fp_observations *list)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < list->count; i++) {
        fp_json *seen = fp_doc_object(f);
        fp_doc_put_text(f, seen, "value", list->at[i].value);
        fp_doc_put_origin(f, seen, list->at[i].origin);
        fp_doc_add(f, array, seen);
    }
    return array;
}

static void put_subject(fp_doc *f, fp_json *root, const fp_report *report)
{
    const fp_case *c = report->casefile;
    const fp_release *release = c->product.release;
    fp_json *subject = fp_doc_object(f);
    fp_doc_put_known(f, subject, "host", c->host);
    fp_doc_put_known(f, subject, "site_code", c->product.site_code);
    fp_doc_put_known(f, subject, "product",
                     c->product.family != NULL ? c->product.family->title : (fp_str){NULL, 0});
    fp_doc_put_known(f, subject, "release", release != NULL ? release->release : (fp_str){NULL, 0});
    fp_doc_put_known(f, subject, "version", c->product.version_text);
    fp_doc_put_known(f, subject, "role", fp_str_of(fp_report_role_name(c->product.role)));
    fp_doc_put(f, root, "subject", subject);
}

static fp_json *problems_of(fp_doc *f, const fp_item *item)
{
    fp_json *problems = fp_doc_array(f);
    for (size_t i = 0; i < item->problem_count && i < FP_ITEM_PROBLEMS_MAX; i++)
        fp_doc_add(f, problems, fp_doc_text(f, fp_str_of(item->problems[i])));
    return problems;
}

/* What the collector's record says; null where none does. */
static void put_collected(fp_doc *f, fp_json *node, const fp_case *c, const fp_item *item)
{
    fp_collected collected = {.at = FP_TIME_NONE, .modified = FP_TIME_NONE};
    (void)fp_case_collected(c, item, &collected);
    fp_doc_put_time(f, node, "collected_at", collected.at);
    fp_doc_put_known(f, node, "source", collected.source);
    fp_doc_put_time(f, node, "modified", collected.modified);
}

static fp_json *evidence_item(fp_doc *f, const fp_report *report, const fp_item *item)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_number(f, node, "id", item->id);
    if (item->parent == 0)
        fp_doc_put_null(f, node, "parent");
    else
        fp_doc_put_number(f, node, "parent", item->parent);
    fp_doc_put_text(f, node, "path", item->path);
    fp_doc_put_text(f, node, "kind", fp_str_of(fp_kind_name(item->kind)));
    fp_doc_put_sha256(f, node, "sha256", item->hashed ? item->sha256 : NULL);
    fp_doc_put_number(f, node, "size_bytes", item->size);
    fp_doc_put_bool(f, node, "complete", item->complete);
    fp_doc_put(f, node, "problems", problems_of(f, item));
    fp_doc_put_number(f, node, "problem_count", item->problem_count);
    if (report->view == FP_VIEW_CHECKLIST)
        put_collected(f, node, report->casefile, item);
    return node;
}

static void put_evidence(fp_doc *f, fp_json *root, const fp_report *report)
{
    fp_json *evidence = fp_doc_array(f);
    for (size_t i = 0; i < report->item_count; i++)
        fp_doc_add(f, evidence, evidence_item(f, report, report->items[i]));
    fp_doc_put(f, root, "evidence", evidence);
    fp_doc_put_bool(f, root, "confined", report->confined);
}

static void put_findings(fp_doc *f, fp_json *root, const fp_report *report)
{
    const fp_case *c = report->casefile;
    fp_json *statements = fp_doc_array(f);
    for (size_t i = 0; i < c->statement_count; i++) {
        const fp_statement *s = &c->statements[i];
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "key", s->key);
        fp_doc_put_text(f, node, "value", s->value);
        fp_doc_put_known(f, node, "by", s->by);
        fp_doc_put_known(f, node, "date", s->date);
        fp_doc_put_known(f, node, "note", s->note);
        if (s->item == 0)
            fp_doc_put_null(f, node, "evidence");
        else
            fp_doc_put_number(f, node, "evidence", s->item);
        fp_doc_add(f, statements, node);
    }
    fp_doc_put(f, root, "statements", statements);
    fp_doc_put(f, root, "findings", fp_doc_observations(f, &c->findings));
    fp_doc_put(f, root, "product_problems", fp_doc_observations(f, &c->product.problems));
}

static void put_head(fp_doc *f, fp_json *root, const fp_report *report, fp_report_view view)
{
    static const char *const schemas[FP_VIEWS] = {
        [FP_VIEW_ASSESS] = "fixproof/report/v1",
        [FP_VIEW_CONFIRM] = "fixproof/report/v1",
        [FP_VIEW_EXPLAIN] = "fixproof/report/v1",
        [FP_VIEW_INVENTORY] = "fixproof/inventory/v1",
        [FP_VIEW_LOGS] = "fixproof/logs/v1",
        [FP_VIEW_CATALOG] = "fixproof/catalog/v1",
        [FP_VIEW_CHECKLIST] = "fixproof/checklist/v1",
        [FP_VIEW_DIFF] = "fixproof/changes/v1",
    };
    fp_json *tool = fp_doc_object(f);
    fp_doc_put_text(f, tool, "name", FP_STR("fixproof"));
    fp_doc_put_text(f, tool, "version", fp_str_of(report->tool_version));
    fp_doc_put_text(f, root, "schema", fp_str_of(schemas[view]));
    fp_doc_put(f, root, "tool", tool);
    fp_doc_put_text(f, root, "command", fp_str_of(fp_report_view_name(report->view)));
    fp_doc_put_time(f, root, "generated", report->generated);
}

fp_json *fp_json_changes_document(fp_doc *f, const fp_report *report)
{
    fp_json *root = fp_doc_object(f);
    put_head(f, root, report, FP_VIEW_DIFF);
    fp_json_put_changes(f, root, report);
    return root;
}

fp_json *fp_json_report_document(fp_doc *f, const fp_report *report)
{
    static void (*const bodies[FP_VIEWS])(fp_doc *, fp_json *, const fp_report *) = {
        [FP_VIEW_ASSESS] = fp_json_put_results,   [FP_VIEW_CONFIRM] = fp_json_put_results,
        [FP_VIEW_EXPLAIN] = fp_json_put_results,  [FP_VIEW_INVENTORY] = fp_json_put_inventory,
        [FP_VIEW_LOGS] = fp_json_put_logs,        [FP_VIEW_CATALOG] = fp_json_put_catalogs,
        [FP_VIEW_CHECKLIST] = fp_json_put_change,
    };
    if (report->view == FP_VIEW_DIFF)
        return fp_json_changes_document(f, report);
    fp_json *root = fp_doc_object(f);
    put_head(f, root, report, report->view);
    put_subject(f, root, report);
    put_evidence(f, root, report);
    put_findings(f, root, report);
    bodies[report->view](f, root, report);
    return root;
}

/* A character that a terminal may obey or that changes the direction of text, raw in a JSON string:
 * DEL, C1 controls, bidirectional marks, line separators, the byte-order mark. */
static bool is_treacherous(uint32_t code)
{
    return code == 0x7F || (code >= 0x80 && code <= 0x9F) || code == 0x61C || code == 0xFEFF ||
           (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

/* Code point of a two- or three-byte UTF-8 character at `at` (valid UTF-8), its size in *size. */
static uint32_t code_at(const char *text, size_t left, size_t *size)
{
    const unsigned char *b = (const unsigned char *)text;
    *size = 1;
    if (b[0] >= 0xC0 && b[0] < 0xE0 && left >= 2) {
        *size = 2;
        return (b[0] & 0x1FU) << 6 | (b[1] & 0x3FU);
    }
    if (b[0] >= 0xE0 && b[0] < 0xF0 && left >= 3) {
        *size = 3;
        return (b[0] & 0x0FU) << 12 | (b[1] & 0x3FU) << 6 | (b[2] & 0x3FU);
    }
    return b[0] < 0x80 ? b[0] : 0;
}

/* The document as it is, except that treacherous characters (which stand in strings only) leave as
 * \uNNNN: the same JSON, and harmless where a terminal shows it. */
static void write_safely(const char *text, size_t size, fp_out *out)
{
    size_t plain = 0;
    size_t step;
    for (size_t at = 0; at < size; at += step) {
        const uint32_t code = code_at(text + at, size - at, &step);
        if (!is_treacherous(code))
            continue;
        fp_out_str(out, (fp_str){text + plain, at - plain});
        fp_out_printf(out, "\\u%04X", (unsigned)code);
        plain = at + step;
    }
    fp_out_str(out, (fp_str){text + plain, size - plain});
}

static fp_status write_node(const fp_json *node, fp_out *out,
                            fp_status (*write)(const fp_json *, char **, size_t *))
{
    char *text = NULL;
    size_t size = 0;
    const fp_status status = write(node, &text, &size);
    if (status == FP_OK)
        write_safely(text, size, out);
    free(text);
    return status != FP_OK ? status : out->failed ? FP_NOMEM : FP_OK;
}

fp_status fp_doc_write(fp_doc *f, const fp_json *root, fp_out *out)
{
    return f->failed ? FP_NOMEM : write_node(root, out, fp_json_write);
}

fp_status fp_doc_write_compact(fp_doc *f, const fp_json *node, fp_out *out)
{
    return f->failed ? FP_NOMEM : write_node(node, out, fp_json_write_compact);
}

fp_status fp_json_report_write(const fp_report *report, const fp_report_style *style, fp_out *out)
{
    (void)style;
    fp_doc f = {.arena = fp_arena_new(FP_REPORT_MEMORY_MAX)};
    if (f.arena == NULL)
        return FP_NOMEM;
    fp_json *root = fp_json_report_document(&f, report);
    const fp_status status = fp_doc_write(&f, root, out);
    fp_json_free(root);
    fp_arena_free(f.arena);
    return status;
}
