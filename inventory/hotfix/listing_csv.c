/* SPDX-License-Identifier: MIT */
/*
 * Comma separated values under a header of property names. Export-Csv quotes every field and may
 * put a "#TYPE" line first; wmic quotes nothing, so a value with a comma in it shifts its row,
 * which is told and not counted.
 */
#include "inventory/hotfix/listing_form.h"

#include "inventory/base/csv.h"

/* ---- header ---- */

static unsigned field_of(fp_str title)
{
    return fp_listing_field_of(title);
}

static bool accepts(const fp_csv_header *h)
{
    bool has_id = false;
    for (size_t i = 0; i < h->count; i++)
        has_id = has_id || h->fields[i] == FP_LISTING_ID;
    return has_id && (h->count > 1 || h->quoted);
}

static const fp_csv_titles titles = {field_of, FP_LISTING_FIELDS, accepts};

static bool probe(fp_str head)
{
    fp_csv csv;
    fp_csv_header h;
    return fp_csv_find_header(head, &titles, &csv, &h);
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

static void take_cell(row *out, const fp_csv_header *h, const fp_csv_cell *cell)
{
    const unsigned field = out->count < h->count ? h->fields[out->count] : FP_LISTING_FIELDS;
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

static bool next_row(fp_csv *csv, const fp_csv_header *h, row *out)
{
    fp_csv_cell cell = {.ends_record = false};
    *out = (row){.record = {.line = csv->line}};
    while (!cell.ends_record && fp_csv_next(csv, &cell))
        take_cell(out, h, &cell);
    out->whole = cell.whole && cell.ends_record;
    return out->count > 0;
}

/* A console wraps long lines when they are copied from there: then the next one is no whole row. */
static bool is_wrapped(fp_csv behind, const fp_csv_header *h)
{
    row next;
    return next_row(&behind, h, &next) && next.ink && next.count != h->count;
}

static void keep(fp_listing_reader *r, const fp_csv_header *h, row *from)
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
        fp_listing_problem(r, from->record.line, "%zu field%s under %zu title%s: not counted",
                           from->count, fp_plural(from->count), h->count, fp_plural(h->count));
}

static void read(fp_listing_reader *r)
{
    fp_csv csv;
    fp_csv_header h;
    row next;
    if (!fp_csv_find_header(r->text, &titles, &csv, &h))
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
