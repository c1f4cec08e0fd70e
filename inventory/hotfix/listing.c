/* SPDX-License-Identifier: MIT */
#include "inventory/hotfix/listing.h"

#include "inventory/hotfix/kb.h"
#include "inventory/hotfix/listing_form.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The first whose structure is there. A table of one column looks like CSV of one, and text that
 * quotes a table like systeminfo's: the stricter form comes first. */
static const fp_listing_form_reader *const forms[] = {
    &fp_listing_form_json,  &fp_listing_form_clixml,     &fp_listing_form_csv,
    &fp_listing_form_table, &fp_listing_form_properties, &fp_listing_form_systeminfo,
};

static const char *const form_names[FP_LISTING_FORMS] = {
    [FP_LISTING_UNKNOWN] = "unknown",
    [FP_LISTING_TABLE] = "table",
    [FP_LISTING_PROPERTIES] = "list",
    [FP_LISTING_CSV] = "csv",
    [FP_LISTING_JSON] = "json",
    [FP_LISTING_CLIXML] = "clixml",
    [FP_LISTING_SYSTEMINFO] = "systeminfo",
};

const char *fp_listing_form_name(fp_listing_form form)
{
    return form < FP_LISTING_FORMS ? form_names[form] : form_names[FP_LISTING_UNKNOWN];
}

static const fp_listing_form_reader *form_of(fp_str text)
{
    const fp_str head = {text.data, text.size < FP_LISTING_HEAD ? text.size : FP_LISTING_HEAD};
    for (size_t i = 0; head.size > 0 && i < sizeof forms / sizeof forms[0]; i++)
        if (forms[i]->probe(head))
            return forms[i];
    return NULL;
}

bool fp_listing_probe(fp_str head)
{
    return form_of(head) != NULL;
}

/* ---- fields ---- */

fp_listing_field fp_listing_field_of(fp_str name)
{
    static const fp_str names[FP_LISTING_FIELDS] = {
        [FP_LISTING_ID] = FP_STR_INIT("HotFixID"),
        [FP_LISTING_SERVICE_PACK] = FP_STR_INIT("ServicePackInEffect"),
        [FP_LISTING_INSTALLED_ON] = FP_STR_INIT("InstalledOn"),
        [FP_LISTING_INSTALLED_BY] = FP_STR_INIT("InstalledBy"),
        [FP_LISTING_DESCRIPTION] = FP_STR_INIT("Description"),
        [FP_LISTING_CSNAME] = FP_STR_INIT("CSName"),
        [FP_LISTING_SERVER] = FP_STR_INIT("__SERVER"),
        [FP_LISTING_SOURCE] = FP_STR_INIT("Source"),
        [FP_LISTING_NODE] = FP_STR_INIT("Node"),
        [FP_LISTING_PSCOMPUTERNAME] = FP_STR_INIT("PSComputerName"),
    };
    return (fp_listing_field)fp_str_index(name, names, FP_LISTING_FIELDS);
}

static bool is_name_character(char c)
{
    return fp_listing_is_digit(c) || (fp_ascii_lower(c) >= 'a' && fp_ascii_lower(c) <= 'z') ||
           c == '-' || c == '_';
}

static fp_str within_limit(fp_str field)
{
    if (field.size <= FP_LISTING_FIELD_MAX)
        return field;
    size_t size = FP_LISTING_FIELD_MAX;
    while (size > 0 && ((unsigned char)field.data[size] & 0xC0) == 0x80)
        size--; /* not in mid-character */
    return (fp_str){field.data, size};
}

/* ---- what is told ---- */

static fp_origin origin_of(fp_listing_reader *r, uint64_t line)
{
    const fp_origin origin = fp_origin_line(r->arena, r->out->item, line);
    if (origin.where.size == 0)
        r->status = FP_NOMEM;
    return origin;
}

void fp_listing_problem(fp_listing_reader *r, uint64_t line, const char *format, ...)
{
    char message[FP_DIAG_MESSAGE];
    if (r->out->problems.count == FP_OBSERVATIONS_MAX) {
        r->out->problems.lost = true;
        return;
    }
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    fp_observe(&r->out->problems, r->arena, origin_of(r, line), "%s", message);
}

void fp_listing_document_read(fp_listing_reader *r, fp_status status, const fp_diag *why)
{
    if (status == FP_OK || r->status != FP_OK)
        return;
    if (status == FP_NOMEM) {
        r->status = FP_NOMEM;
        return;
    }
    r->out->cut = true;
    fp_listing_problem(r, why->where, "%s: nothing of it is counted", why->message);
}

void fp_listing_doubt(fp_listing_reader *r, uint64_t line, fp_str id)
{
    fp_listing_problem(r, line, "%.*s may be cut: not counted", FP_STR_ARG(within_limit(id)));
}

/* ---- rows ---- */

/* An address or an alias is no computer's name; neither is one that a narrow column cut. */
static bool is_host(fp_str name)
{
    bool letters = false;
    for (size_t i = 0; i < name.size; i++) {
        if (!is_name_character(name.data[i]) && name.data[i] != '.')
            return false;
        letters = letters || !(fp_listing_is_digit(name.data[i]) || name.data[i] == '.');
    }
    return letters && name.size <= FP_LISTING_FIELD_MAX && fp_str_find(name, FP_STR("..")) < 0 &&
           !fp_str_ieq(name, FP_STR("localhost"));
}

static fp_str before_dot(fp_str name)
{
    fp_str rest = name, host = name;
    return fp_str_split(&rest, '.', &host) ? host : name;
}

void fp_listing_add_host(fp_listing_reader *r, fp_str name, uint64_t line)
{
    fp_listing *out = r->out;
    if (!is_host(name) || out->host_count == FP_LISTING_HOSTS_MAX)
        return;
    for (size_t i = 0; i < out->host_count; i++)
        if (fp_str_ieq(before_dot(out->hosts[i].name), before_dot(name)))
            return;
    out->hosts[out->host_count++] = (fp_listing_host){name, origin_of(r, line)};
}

static void keep_row(fp_listing_reader *r, const fp_listing_record *record, uint64_t kb)
{
    fp_listing *out = r->out;
    if (out->row_count == FP_LISTING_ROWS_MAX) {
        out->rows_lost = true;
        return;
    }
    fp_listing_row *rows =
        fp_arena_grow(r->arena, out->rows, out->row_count, &r->row_capacity, sizeof *rows);
    if (rows == NULL) {
        r->status = FP_NOMEM;
        return;
    }
    out->rows = rows;
    rows[out->row_count++] =
        (fp_listing_row){.kb = kb,
                         .installed_on = within_limit(record->at[FP_LISTING_INSTALLED_ON]),
                         .installed_by = within_limit(record->at[FP_LISTING_INSTALLED_BY]),
                         .description = within_limit(record->at[FP_LISTING_DESCRIPTION]),
                         .line = record->line};
}

void fp_listing_add(fp_listing_reader *r, const fp_listing_record *record)
{
    for (size_t i = FP_LISTING_CSNAME; i < FP_LISTING_FIELDS; i++) {
        if (is_host(record->at[i])) {
            fp_listing_add_host(r, record->at[i], record->line);
            break;
        }
    }
    fp_str id = record->at[FP_LISTING_ID];
    if (fp_str_ieq(id, FP_STR("File 1")))
        id = record->at[FP_LISTING_SERVICE_PACK];
    uint64_t kb;
    if (fp_kb_name(id, &kb))
        keep_row(r, record, kb);
    else if (fp_str_istarts(id, FP_STR("KB")))
        fp_listing_problem(r, record->line, "%.*s is cut, or no KB number: not counted",
                           FP_STR_ARG(within_limit(id)));
}

/* ---- lines ---- */

fp_listing_lines fp_listing_lines_of(fp_str text)
{
    return (fp_listing_lines){.rest = text};
}

bool fp_listing_next_line(fp_listing_lines *lines)
{
    const char *end =
        lines->rest.size == 0 ? NULL : memchr(lines->rest.data, '\n', lines->rest.size);
    if (lines->rest.size == 0)
        return false;
    fp_str line = {lines->rest.data,
                   end != NULL ? (size_t)(end - lines->rest.data) : lines->rest.size};
    lines->rest = end != NULL ? (fp_str){end + 1, lines->rest.size - line.size - 1}
                              : (fp_str){line.data + line.size, 0};
    const size_t with_returns = line.size;
    while (line.size > 0 && line.data[line.size - 1] == '\r')
        line.size--;
    lines->ended = end != NULL || line.size < with_returns;
    lines->line = line;
    lines->number++;
    return true;
}

bool fp_listing_next_inked(fp_listing_lines *lines)
{
    while (fp_listing_next_line(lines))
        if (fp_str_trim(lines->line).size > 0)
            return true;
    return false;
}

/* ---- reading ---- */

fp_status fp_listing_read(fp_span content, uint32_t item, const char *code_page, fp_arena *arena,
                          fp_listing *out, fp_diag *d)
{
    fp_listing listing = {.item = item};
    fp_listing_reader r = {.arena = arena, .out = &listing};
    if (content.size > FP_LISTING_SIZE_MAX)
        return fp_fail(d, FP_LIMIT, "listing", 0, "more than %d bytes", FP_LISTING_SIZE_MAX);
    fp_text_counts counts;
    const fp_status status = fp_text_decode_sniffed(content, code_page, arena, &r.text, &counts, d);
    if (status != FP_OK)
        return status;
    const fp_listing_form_reader *form = form_of(r.text);
    if (form == NULL)
        return fp_fail(d, FP_FORMAT, "listing", 1, "no listing of installed updates");

    listing.form = form->form;
    form->read(&r);
    if (r.status != FP_OK ||
        (listing.problems.lost && listing.problems.count < FP_OBSERVATIONS_MAX))
        return fp_fail(d, FP_NOMEM, "listing", 0, "out of memory");
    if (listing.rows_lost)
        fp_listing_problem(&r, 1, "more than %d rows: the others are not counted",
                           FP_LISTING_ROWS_MAX);
    *out = listing;
    return FP_OK;
}
