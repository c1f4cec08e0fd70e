/* SPDX-License-Identifier: MIT */
/*
 * Columns under a header. wmic separates its columns by two blanks at least; PowerShell underlines
 * them. Positions count characters: what stands before the identifier is ASCII in all known
 * languages, and an identifier out of its column is told, never guessed.
 */
#include "inventory/hotfix/kb.h"
#include "inventory/hotfix/listing_form.h"

#include <string.h>

enum {
    COLUMNS_MAX = 32,
    DEFAULT_COLUMNS = 5, /* Get-HotFix: Source, Description, HotFixID, InstalledBy, InstalledOn */
    DEFAULT_ID = 2,      /* of these, from 0 */
    DEFAULT_DATE = 4,
    ROWS_LOOKED_AT = 16 /* to tell a translated header's table from another one */
};

typedef struct column {
    size_t start; /* in characters */
    fp_listing_field field;
} column;

typedef struct table {
    column columns[COLUMNS_MAX];
    size_t count;
    size_t id; /* the column of identifiers */
    fp_str header;
} table;

/* ---- a line in columns ---- */

typedef struct sliced {
    fp_str line;
    size_t at[COLUMNS_MAX + 1]; /* byte offset of each column, at most the line's size */
} sliced;

static void slice(const table *t, fp_str line, sliced *out)
{
    size_t next = 0, position = 0;
    out->line = line;
    for (size_t i = 0; i < line.size && next < t->count; i++) {
        if (((unsigned char)line.data[i] & 0xC0) == 0x80)
            continue; /* within a character */
        if (position++ == t->columns[next].start)
            out->at[next++] = i;
    }
    while (next <= t->count)
        out->at[next++] = line.size;
}

static bool blank_at(fp_str line, size_t offset)
{
    return offset >= line.size || fp_listing_is_blank(line.data[offset]);
}

/* No text runs over the line's edge at `offset`. */
static bool is_edge(fp_str line, size_t offset)
{
    return offset == 0 || blank_at(line, offset - 1) || offset == line.size;
}

static fp_str word_at(fp_str line, size_t offset)
{
    size_t end = offset;
    while (!blank_at(line, end))
        end++;
    return (fp_str){line.data + offset, end - offset};
}

/* What stands in a column, without the blanks around it; empty where neighbours run into it. */
static fp_str cell_of(const sliced *s, size_t i)
{
    const fp_str cell = {s->line.data + s->at[i], s->at[i + 1] - s->at[i]};
    if (!is_edge(s->line, s->at[i]) || !is_edge(s->line, s->at[i + 1]))
        return (fp_str){cell.data, 0};
    return fp_str_trim(cell);
}

/* ---- headers ---- */

/* Each word of `line` begins a column. */
static void set_columns(table *t, fp_str line)
{
    size_t position = 0;
    bool in_word = false;
    t->count = 0;
    for (size_t i = 0; i < line.size && t->count < COLUMNS_MAX; i++) {
        const bool blank = fp_listing_is_blank(line.data[i]);
        if (!blank && !in_word)
            t->columns[t->count++] = (column){position, FP_LISTING_FIELDS};
        in_word = !blank;
        position += ((unsigned char)line.data[i] & 0xC0) != 0x80;
    }
}

/* Titles are property names, or words of another language. True when one is HotFixID. */
static bool name_columns(table *t)
{
    bool found = false;
    sliced titles;
    slice(t, t->header, &titles);
    for (size_t i = 0; i < t->count; i++) {
        column *c = &t->columns[i];
        c->field = fp_listing_field_of(cell_of(&titles, i));
        if (c->field == FP_LISTING_ID && !found)
            t->id = i;
        found = found || c->field == FP_LISTING_ID;
    }
    return found;
}

static bool is_underline(fp_str line)
{
    size_t dashes = 0;
    for (size_t i = 0; i < line.size; i++) {
        dashes += line.data[i] == '-';
        if (line.data[i] != '-' && !fp_listing_is_blank(line.data[i]))
            return false;
    }
    return dashes > 0;
}

/* A sentence that mentions HotFixID has single blanks. */
static bool is_spaced(fp_str header)
{
    const fp_str ink = fp_str_trim(header);
    for (size_t i = 1; i < ink.size; i++)
        if (ink.data[i - 1] == ' ' && ink.data[i] != ' ' && (i < 2 || ink.data[i - 2] != ' '))
            return false;
    return true;
}

/* Three numbers, in any order of day, month and year: "6/15/2015 ...", "15. 06. 2015". */
static bool is_date(fp_str text)
{
    size_t at = 0;
    char separator = 0;
    for (size_t number = 0; number < 3; number++) {
        const size_t digits = at;
        while (at < text.size && fp_listing_is_digit(text.data[at]))
            at++;
        if (at == digits)
            return false;
        if (number == 2)
            return true;
        if (at == text.size || strchr("/.-", text.data[at]) == NULL ||
            (number == 1 && text.data[at] != separator))
            return false;
        separator = text.data[at++];
        while (at < text.size && text.data[at] == ' ')
            at++;
    }
    return false;
}

/*
 * Under titles of another language: the five columns of Get-HotFix, told by their contents. The
 * date keeps listings of updates that are offered ("KB", "Size", "Title") apart.
 */
static bool is_default_view(const table *t, fp_listing_lines rows)
{
    uint64_t kb;
    sliced s;
    if (t->count != DEFAULT_COLUMNS)
        return false;
    for (size_t i = 0; i < ROWS_LOOKED_AT && fp_listing_next_inked(&rows); i++) {
        slice(t, rows.line, &s);
        if (cell_of(&s, 0).size > 0 && fp_kb_name(cell_of(&s, DEFAULT_ID), &kb) &&
            is_date(cell_of(&s, DEFAULT_DATE)))
            return true;
    }
    return false;
}

static void set_default_view(table *t)
{
    static const fp_listing_field fields[DEFAULT_COLUMNS] = {
        FP_LISTING_SOURCE, FP_LISTING_DESCRIPTION, FP_LISTING_ID, FP_LISTING_INSTALLED_BY,
        FP_LISTING_INSTALLED_ON};
    for (size_t i = 0; i < DEFAULT_COLUMNS; i++)
        t->columns[i].field = fields[i];
    t->id = DEFAULT_ID;
}

/* Is lines->line a header? On success `lines` stands on its last line. */
static bool read_header(table *t, fp_listing_lines *lines)
{
    fp_listing_lines next = *lines;
    const bool underlined = fp_listing_next_inked(&next) && is_underline(next.line);
    t->header = lines->line;
    set_columns(t, underlined ? next.line : t->header);
    if (name_columns(t) && (underlined || is_spaced(t->header))) {
        if (underlined)
            *lines = next;
        return true;
    }
    if (!underlined || !is_default_view(t, next))
        return false;
    set_default_view(t);
    *lines = next;
    return true;
}

static bool find_table(fp_listing_lines *lines, table *t)
{
    for (size_t i = 0; i < FP_LISTING_LEAD_MAX && fp_listing_next_inked(lines); i++)
        if (read_header(t, lines))
            return true;
    return false;
}

static bool probe(fp_str head)
{
    fp_listing_lines lines = fp_listing_lines_of(head);
    table t;
    return find_table(&lines, &t);
}

/* ---- rows ---- */

/* What stands in the column of identifiers. */
typedef enum beginning {
    BEGINS_NOTHING,
    BEGINS_ROW,
    BEGINS_REST /* of an identifier that was wrapped: it goes on with a digit */
} beginning;

static beginning beginning_of(const table *t, const sliced *s)
{
    const size_t at = s->at[t->id];
    if (blank_at(s->line, at) || !is_edge(s->line, at))
        return BEGINS_NOTHING;
    const char c = s->line.data[at];
    return fp_listing_is_digit(c) || c == '-' ? BEGINS_REST : BEGINS_ROW;
}

/* What of this line is whole: text may go on in the next one, which a console or PowerShell
 * wrapped, or behind the end of the file. */
typedef struct wholeness {
    bool within;      /* what does not reach the line's end */
    bool at_line_end; /* what does */
} wholeness;

static wholeness look_ahead(const table *t, const fp_listing_lines *lines)
{
    fp_listing_lines next = *lines;
    sliced s;
    if (!fp_listing_next_line(&next) || fp_str_trim(next.line).size == 0)
        return (wholeness){true, lines->ended};
    slice(t, next.line, &s);
    const beginning begins = beginning_of(t, &s);
    return (wholeness){begins != BEGINS_REST, begins == BEGINS_ROW};
}

static bool is_whole(const sliced *s, wholeness whole, fp_str text)
{
    const bool at_line_end = text.data + text.size == s->line.data + s->line.size;
    return whole.within && (whole.at_line_end || !at_line_end);
}

static void read_row(fp_listing_reader *r, const table *t, const fp_listing_lines *lines,
                     const sliced *s)
{
    const wholeness whole = look_ahead(t, lines);
    fp_listing_record record = {.line = lines->number};
    for (size_t i = 0; i < t->count; i++) {
        const fp_str cell = cell_of(s, i);
        if (t->columns[i].field < FP_LISTING_FIELDS && is_whole(s, whole, cell))
            record.at[t->columns[i].field] = cell;
    }
    const fp_str word = word_at(s->line, s->at[t->id]);
    uint64_t kb;
    if (fp_kb_name(word, &kb)) {
        /* Even where the next column, a date that is set to the right, reaches into this one. */
        if (is_whole(s, whole, word))
            record.at[FP_LISTING_ID] = word;
        else
            fp_listing_doubt(r, lines->number, word);
        r->out->cut = r->out->cut || (!lines->ended && !is_whole(s, whole, word));
    }
    fp_listing_add(r, &record);
}

/* A KB that stands elsewhere in its line is seen by a reader, so it is not passed over in silence.
 */
static bool holds_kb(fp_str line)
{
    uint64_t kb;
    for (size_t at = 0; at < line.size; at++)
        if (is_edge(line, at) && !blank_at(line, at) && fp_kb_name(word_at(line, at), &kb))
            return true;
    return false;
}

static void read_line(fp_listing_reader *r, const table *t, const fp_listing_lines *lines)
{
    sliced s;
    slice(t, lines->line, &s);
    if (beginning_of(t, &s) == BEGINS_ROW)
        read_row(r, t, lines, &s);
    else if (holds_kb(lines->line))
        fp_listing_problem(r, lines->number, "a KB number that is not in its column: not counted");
}

static void read(fp_listing_reader *r)
{
    fp_listing_lines lines = fp_listing_lines_of(r->text);
    table t;
    if (!find_table(&lines, &t))
        return;
    while (r->status == FP_OK && fp_listing_next_inked(&lines))
        if (!fp_str_eq(lines.line, t.header) && !is_underline(lines.line))
            read_line(r, &t, &lines);
}

const fp_listing_form_reader fp_listing_form_table = {FP_LISTING_TABLE, probe, read};
