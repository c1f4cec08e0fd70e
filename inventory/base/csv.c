/* SPDX-License-Identifier: MIT */
#include "inventory/base/csv.h"

static bool at_end(const fp_csv *csv)
{
    return csv->at >= csv->text.size;
}

static bool ends_cell(const fp_csv *csv)
{
    const char c = csv->text.data[csv->at];
    return c == csv->separator || c == '\n' || c == '\r';
}

/* Behind the closing quote; false when there is none. */
static bool skip_quoted(fp_csv *csv, fp_str *inside)
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
    *inside = fp_str_tail(csv->text, start);
    return false;
}

/* At the separator or the line end that ends the cell: goes behind it. */
static void leave_cell(fp_csv *csv, fp_csv_cell *cell)
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

bool fp_csv_next(fp_csv *csv, fp_csv_cell *cell)
{
    if (at_end(csv))
        return false;
    *cell = (fp_csv_cell){.quoted = csv->text.data[csv->at] == '"'};
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

/* False: there are too many, or none. */
static bool read_header(fp_csv *csv, const fp_csv_titles *titles, fp_csv_header *out)
{
    fp_csv_cell cell = {.ends_record = false};
    *out = (fp_csv_header){.count = 0};
    while (!cell.ends_record && out->count < FP_CSV_COLUMNS_MAX && fp_csv_next(csv, &cell)) {
        out->fields[out->count++] = cell.whole ? titles->field_of(cell.text) : titles->none;
        out->quoted = out->quoted || cell.quoted;
    }
    out->whole = cell.whole;
    return cell.ends_record;
}

bool fp_csv_find_header(fp_str text, const fp_csv_titles *titles, fp_csv *csv, fp_csv_header *out)
{
    static const char separators[] = {',', ';', '\t'};
    fp_str rest = text, line;
    size_t lead = 0;
    for (uint64_t number = 1; lead < FP_CSV_LEAD_MAX && fp_str_split(&rest, '\n', &line);
         number++) {
        const size_t at = (size_t)(line.data - text.data);
        const size_t end = at + line.size + (rest.data != NULL); /* with its line end */
        const bool ink = fp_str_trim(line).size > 0;
        lead += ink;
        for (size_t i = 0; ink && i < sizeof separators; i++) {
            *csv = (fp_csv){{text.data, end}, at, separators[i], number};
            const bool read = read_header(csv, titles, out);
            csv->text = text;
            if (read && titles->accepts(out))
                return true;
        }
    }
    return false;
}
