/* SPDX-License-Identifier: MIT */
/*
 * Comma separated values under a header of property names. Export-Csv quotes every field and may
 * put a "#TYPE" line first; wmic quotes nothing, so a value with a comma in it shifts its row,
 * which is told and not counted.
 */
#include "inventory/hotfix/listing_form.h"

enum { COLUMNS_MAX = 128 };

/* ---- cells ---- */

static bool at_end(const fp_listing_csv *csv)
{
    return csv->at >= csv->text.size;
}

static bool ends_cell(const fp_listing_csv *csv)
{
    const char c = csv->text.data[csv->at];
    return c == csv->separator || c == '\n' || c == '\r';
}

/* Behind the closing quote; false when there is none. */
static bool skip_quoted(fp_listing_csv *csv, fp_str *inside)
{
    const size_t start = ++csv->at;
    for (; !at_end(csv); csv->at++) {
        const char c = csv->text.data[csv->at];
        csv->line += c == '\n';
        if (c != '"')
            continue;
        const bool doubled = csv->at + 1 < csv->text.size && csv->text.data[csv->at + 1] == '"';
        if (!doubled) {
            *inside = (fp_str){csv->text.data + start, csv->at++ - start};
            return true;
        }
        csv->at++;
    }
    *inside = (fp_str){csv->text.data + start, csv->text.size - start};
    return false;
}

/* At the separator or the line end that ends the cell: goes behind it. */
static void leave_cell(fp_listing_csv *csv, fp_listing_cell *cell)
{
    cell->whole = !at_end(csv);
    cell->ends_record = at_end(csv) || csv->text.data[csv->at] != csv->separator;
    if (!cell->ends_record)
        csv->at++;
    if (!cell->ends_record || at_end(csv))
        return;
    while (!at_end(csv) && csv->text.data[csv->at] == '\r') /* wmic writes two of them */
        csv->at++;
    if (!at_end(csv) && csv->text.data[csv->at] == '\n') {
        csv->at++;
        csv->line++;
    }
}

bool fp_listing_next_cell(fp_listing_csv *csv, fp_listing_cell *cell)
{
    if (at_end(csv))
        return false;
    *cell = (fp_listing_cell){.quoted = csv->text.data[csv->at] == '"'};
    fp_str inside = {NULL, 0};
    const size_t start = csv->at;
    const bool closed = cell->quoted && skip_quoted(csv, &inside);
    const size_t behind_quote = csv->at;
    while (!at_end(csv) && !ends_cell(csv))
        csv->at++;
    const bool sound_quotes = closed && csv->at == behind_quote;
    const fp_str all = {csv->text.data + start, csv->at - start};
    cell->text = sound_quotes ? inside : fp_str_trim(all);
    leave_cell(csv, cell);
    return true;
}

/* ---- header ---- */

typedef struct header {
    fp_listing_field fields[COLUMNS_MAX];
    size_t count;
    bool has_id;
    bool quoted;
} header;

static header read_header(fp_listing_csv *csv)
{
    header h = {.count = 0};
    fp_listing_cell cell;
    while (h.count < COLUMNS_MAX && fp_listing_next_cell(csv, &cell)) {
        h.fields[h.count] = cell.whole ? fp_listing_field_of(cell.text) : FP_LISTING_FIELDS;
        h.has_id = h.has_id || h.fields[h.count] == FP_LISTING_ID;
        h.quoted = h.quoted || cell.quoted;
        h.count++;
        if (cell.ends_record)
            break;
    }
    return h;
}

/* The header in `line`, which is a line of csv->text; on success `csv` is behind it. */
static bool is_header(fp_listing_csv *csv, const fp_listing_lines *lines, header *out)
{
    static const char separators[] = {',', ';', '\t'};
    for (size_t i = 0; i < sizeof separators; i++) {
        fp_listing_csv try = {.text = csv->text,
                              .at = (size_t)(lines->line.data - csv->text.data),
                              .separator = separators[i],
                              .line = lines->number};
        *out = read_header(&try);
        if (out->has_id && (out->count > 1 || out->quoted)) {
            *csv = try;
            return true;
        }
    }
    return false;
}

static bool find_header(fp_listing_csv *csv, header *out)
{
    fp_listing_lines lines = fp_listing_lines_of(csv->text);
    for (size_t i = 0; i < FP_LISTING_LEAD_MAX && fp_listing_next_inked(&lines); i++)
        if (is_header(csv, &lines, out))
            return true;
    return false;
}

static bool probe(fp_str head)
{
    fp_listing_csv csv = {.text = head};
    header h;
    return find_header(&csv, &h);
}

/* ---- rows ---- */

typedef struct row {
    fp_listing_record record;
    fp_str unsure_id; /* not known to be whole */
    bool id_at_end;   /* of its line, without quotes: it may go on in the next one */
    size_t count;
    bool ink;
    bool whole; /* its end was seen */
} row;

static void take_cell(row *out, const header *h, const fp_listing_cell *cell)
{
    const fp_listing_field field =
        out->count < h->count ? h->fields[out->count] : FP_LISTING_FIELDS;
    out->count++;
    out->ink = out->ink || cell->text.size > 0;
    if (field == FP_LISTING_FIELDS)
        return;
    if (cell->whole)
        out->record.at[field] = cell->text;
    else if (field == FP_LISTING_ID)
        out->unsure_id = cell->text;
    if (field == FP_LISTING_ID)
        out->id_at_end = cell->ends_record && !cell->quoted;
}

static bool next_row(fp_listing_csv *csv, const header *h, row *out)
{
    fp_listing_cell cell = {.ends_record = false};
    *out = (row){.record = {.line = csv->line}};
    while (!cell.ends_record && fp_listing_next_cell(csv, &cell))
        take_cell(out, h, &cell);
    out->whole = cell.whole && cell.ends_record;
    return out->count > 0;
}

/* A console wraps long lines when they are copied from there: then the next one is no whole row. */
static bool is_wrapped(fp_listing_csv behind, const header *h)
{
    row next;
    return next_row(&behind, h, &next) && next.ink && next.count != h->count;
}

static void keep(fp_listing_reader *r, const header *h, row *from)
{
    const bool cut = !from->whole;
    r->out->cut = r->out->cut || cut;
    if (from->unsure_id.size > 0) {
        fp_listing_doubt(r, from->record.line, from->unsure_id);
        from->record.at[FP_LISTING_ID].size = 0;
    }
    if (from->count == h->count || (cut && from->count < h->count))
        fp_listing_add(r, &from->record);
    else
        fp_listing_problem(r, from->record.line, "%zu fields under %zu titles: not counted",
                           from->count, h->count);
}

static void read(fp_listing_reader *r)
{
    fp_listing_csv csv = {.text = r->text};
    header h;
    row next;
    if (!find_header(&csv, &h))
        return;
    while (r->status == FP_OK && next_row(&csv, &h, &next)) {
        if (!next.ink || fp_listing_field_of(next.record.at[FP_LISTING_ID]) == FP_LISTING_ID)
            continue;
        if (next.id_at_end && is_wrapped(csv, &h))
            next.unsure_id = next.record.at[FP_LISTING_ID];
        keep(r, &h, &next);
    }
}

const fp_listing_form_reader fp_listing_form_csv = {FP_LISTING_CSV, probe, read};
