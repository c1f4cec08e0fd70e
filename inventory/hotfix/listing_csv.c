/* SPDX-License-Identifier: MIT */
/*
 * Comma separated values under a header of property names. Export-Csv quotes every field and may
 * put a "#TYPE" line first; wmic quotes nothing, so a value with a comma in it shifts its row,
 * which is told and not counted.
 */
#include "inventory/hotfix/listing_form.h"

#include "inventory/base/csv.h"

enum { COLUMNS_MAX = 128 };

/* ---- header ---- */

typedef struct header {
    fp_listing_field fields[COLUMNS_MAX];
    size_t count;
    bool has_id;
    bool quoted;
} header;

static header read_header(fp_csv *csv)
{
    header h = {.count = 0};
    fp_csv_cell cell;
    while (h.count < COLUMNS_MAX && fp_csv_next(csv, &cell)) {
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
static bool is_header(fp_csv *csv, const fp_listing_lines *lines, header *out)
{
    static const char separators[] = {',', ';', '\t'};
    for (size_t i = 0; i < sizeof separators; i++) {
        fp_csv try = {.text = csv->text,
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

static bool find_header(fp_csv *csv, header *out)
{
    fp_listing_lines lines = fp_listing_lines_of(csv->text);
    for (size_t i = 0; i < FP_LISTING_LEAD_MAX && fp_listing_next_inked(&lines); i++)
        if (is_header(csv, &lines, out))
            return true;
    return false;
}

static bool probe(fp_str head)
{
    fp_csv csv = {.text = head};
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

static void take_cell(row *out, const header *h, const fp_csv_cell *cell)
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

static bool next_row(fp_csv *csv, const header *h, row *out)
{
    fp_csv_cell cell = {.ends_record = false};
    *out = (row){.record = {.line = csv->line}};
    while (!cell.ends_record && fp_csv_next(csv, &cell))
        take_cell(out, h, &cell);
    out->whole = cell.whole && cell.ends_record;
    return out->count > 0;
}

/* A console wraps long lines when they are copied from there: then the next one is no whole row. */
static bool is_wrapped(fp_csv behind, const header *h)
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
    fp_csv csv = {.text = r->text};
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
