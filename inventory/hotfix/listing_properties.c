/* SPDX-License-Identifier: MIT */
/*
 * One property a line: "HotFixID=KB954474" (wmic), "HotFixID     : KB954474" (Format-List).
 *
 * Blank lines do not tell where a record ends: what reads wmic's CR CR LF may have put one between
 * any two lines. A property that comes again begins the next record.
 */
#include "inventory/hotfix/listing_form.h"

enum {
    RECORD_LINES_MAX = 64
}; /* with ink, up to the first HotFixID: Get-HotFix | fl * has some 30 */

typedef struct property {
    fp_str name;
    fp_str value;
} property;

static size_t name_size(fp_str line)
{
    size_t size = 0;
    while (size < line.size &&
           (fp_listing_is_digit(line.data[size]) || line.data[size] == '_' ||
            (fp_ascii_lower(line.data[size]) >= 'a' && fp_ascii_lower(line.data[size]) <= 'z')))
        size++;
    return size;
}

static bool split_property(fp_str line, property *out)
{
    const size_t size = name_size(line);
    size_t at = size;
    if (size == 0)
        return false;
    while (at < line.size && line.data[at] == ' ')
        at++;
    const bool listed = at > size && at < line.size && line.data[at] == ':';
    const bool assigned = at == size && at < line.size && line.data[at] == '=';
    if (!listed && !assigned) /* "Note: ..." has no blank before the colon */
        return false;
    const fp_str behind = {line.data + at + 1, line.size - at - 1};
    *out = (property){{line.data, size}, fp_str_trim(behind)};
    return true;
}

/* Format-List continues a long value in the next lines, set in. */
static bool is_continuation(fp_str line)
{
    return line.size > 0 && fp_listing_is_blank(line.data[0]) && fp_str_trim(line).size > 0;
}

static bool is_identifier(fp_str value)
{
    bool blank = false;
    for (size_t i = 0; i < value.size; i++)
        blank = blank || fp_listing_is_blank(value.data[i]);
    return value.size > 0 && (!blank || fp_str_ieq(value, FP_STR("File 1")));
}

/* To the first property of the first record: from there on every line is one, up to HotFixID. */
static bool find_list(fp_listing_lines *lines)
{
    property p;
    for (size_t i = 0; i < FP_LISTING_LEAD_MAX && fp_listing_next_inked(lines); i++) {
        fp_listing_lines ahead = *lines;
        bool more = true;
        for (size_t k = 0; more && k < RECORD_LINES_MAX; k++) {
            const bool split = split_property(ahead.line, &p);
            if (split && fp_listing_field_of(p.name) == FP_LISTING_ID)
                return is_identifier(p.value);
            more =
                (split || (k > 0 && is_continuation(ahead.line))) && fp_listing_next_inked(&ahead);
        }
    }
    return false;
}

static bool probe(fp_str head)
{
    fp_listing_lines lines = fp_listing_lines_of(head);
    return find_list(&lines);
}

/* Nothing of the value can be in the next line, which a console may have wrapped, or behind the end
 * of the file. */
static bool is_whole(const fp_listing_lines *lines)
{
    fp_listing_lines next = *lines;
    property p;
    if (!fp_listing_next_line(&next) || fp_str_trim(next.line).size == 0)
        return lines->ended;
    return split_property(next.line, &p);
}

typedef struct record {
    fp_listing_record fields;
    unsigned seen; /* one bit a field */
} record;

static void finish(fp_listing_reader *r, record *current)
{
    fp_listing_add(r, &current->fields);
    *current = (record){.seen = 0};
}

static void take(fp_listing_reader *r, record *current, const property *p,
                 const fp_listing_lines *lines)
{
    const fp_listing_field field = fp_listing_field_of(p->name);
    const bool whole = is_whole(lines);
    if (field == FP_LISTING_FIELDS)
        return;
    if ((current->seen & 1U << field) != 0)
        finish(r, current);
    current->seen |= 1U << field;
    r->out->cut = r->out->cut || !lines->ended;
    if (whole)
        current->fields.at[field] = p->value;
    if (field != FP_LISTING_ID && current->fields.line != 0)
        return;
    current->fields.line = lines->number;
    if (field == FP_LISTING_ID && !whole && p->value.size > 0)
        fp_listing_doubt(r, lines->number, p->value);
}

static void read(fp_listing_reader *r)
{
    fp_listing_lines lines = fp_listing_lines_of(r->text);
    record current = {.seen = 0};
    property p;
    if (!find_list(&lines))
        return;
    do {
        if (split_property(lines.line, &p))
            take(r, &current, &p, &lines);
    } while (r->status == FP_OK && fp_listing_next_line(&lines));
    finish(r, &current);
}

const fp_listing_form_reader fp_listing_form_properties = {FP_LISTING_PROPERTIES, probe, read};
