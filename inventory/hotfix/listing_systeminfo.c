/* SPDX-License-Identifier: MIT */
/*
 * systeminfo: labels, each with a value, and below some of them numbered rows.
 *
 *     Hotfix(s):                 2 Hotfix(s) Installed.
 *                                [01]: KB954474
 *                                [02]: KB893803v2 - Update
 *
 * With /fo csv the rows of a label are one field: "2 Hotfix(s) Installed.,[01]: KB954474,...".
 * Labels are translated; that the list declares how many rows it has, and numbers them, is not. The
 * computer is named first, its system's version third.
 */
#include "inventory/base/csv.h"
#include "inventory/hotfix/kb.h"
#include "inventory/hotfix/listing_form.h"

enum { DECLARED_DIGITS_MAX = 5, HOST_LABEL = 0, VERSION_LABEL = 2 };

/* A list below one label. */
typedef struct section {
    bool declares; /* its label holds a number */
    uint64_t declared;
    uint64_t rows;
    fp_str last; /* the last row's identifier, until it is known to be whole */
    uint64_t last_line;
    bool last_ended; /* the file goes on behind it */
    bool updates;    /* a row names an update */
} section;

typedef struct scan {
    fp_listing_reader *r; /* NULL: only looking */
    section current;
    bool found; /* a list of updates that declares its length */
    size_t labels;
    fp_str host; /* the first label's value, while the order of labels is as expected */
    uint64_t host_line;
} scan;

/* ---- pieces of a line ---- */

static fp_str from(fp_str text, size_t at)
{
    return fp_str_tail(text, at);
}

/* "[01]: KB954474": what stands behind the colon. Also "[246]" and "[24", where systeminfo gave up.
 */
static bool split_row(fp_str piece, fp_str *id)
{
    const fp_str text = fp_str_trim(piece);
    size_t at = 1;
    if (text.size < 2 || text.data[0] != '[' || !fp_listing_is_digit(text.data[1]))
        return false;
    while (at < text.size && fp_listing_is_digit(text.data[at]))
        at++;
    *id = (fp_str){text.data + text.size, 0};
    if (at == text.size)
        return true;
    if (text.data[at++] != ']')
        return false;
    if (at < text.size && text.data[at] == ':')
        *id = fp_str_trim(from(text, at + 1));
    return at == text.size || text.data[at] == ':';
}

/* "KB893803v2 - Update" (Server 2003, XP): the kind of update is no part of the identifier. */
static fp_str without_kind(fp_str id)
{
    const ptrdiff_t dash = fp_str_find(id, FP_STR(" - "));
    return dash < 0 ? id : (fp_str){id.data, (size_t)dash};
}

static bool is_update(fp_str id)
{
    uint64_t number;
    if (fp_kb_name(id, &number) || fp_str_eq(id, FP_STR("File 1")))
        return true;
    return id.size > 1 && id.data[0] == 'Q' && fp_str_to_u64(from(id, 1), &number);
}

static fp_str value_of(fp_str label)
{
    const ptrdiff_t colon = fp_str_find(label, FP_STR(":"));
    return colon < 0 ? label : fp_str_trim(from(label, (size_t)colon + 1));
}

/* The first number in a label's value: "2 Hotfix(s) Installed.", in any language; that of a KB is
 * none. */
static bool declared_in(fp_str value, uint64_t *count)
{
    for (size_t at = 0; at < value.size; at++) {
        size_t digits = 0;
        while (at + digits < value.size && fp_listing_is_digit(value.data[at + digits]))
            digits++;
        const char before = at > 0 ? fp_ascii_lower(value.data[at - 1]) : ' ';
        if (digits > 0 && !(before >= 'a' && before <= 'z'))
            return digits <= DECLARED_DIGITS_MAX &&
                   fp_str_to_u64((fp_str){value.data + at, digits}, count);
        at += digits;
    }
    return false;
}

/* "5.2.3790 Service Pack 2 Build 3790" */
static bool is_version(fp_str value)
{
    size_t dots = 0, at = 0;
    for (; at < value.size && value.data[at] != ' '; at++) {
        dots += value.data[at] == '.';
        if (value.data[at] != '.' && !fp_listing_is_digit(value.data[at]))
            return false;
    }
    return dots == 2;
}

/* ---- sections ---- */

static void count_row(scan *s, fp_str id, uint64_t line)
{
    if (s->r != NULL)
        fp_listing_add(s->r, &(fp_listing_record){.at = {[FP_LISTING_ID] = id}, .line = line});
}

static void tell_shortfall(scan *s)
{
    const section *c = &s->current;
    const unsigned long long rows = (unsigned long long)c->rows;
    if (c->declares)
        fp_listing_problem(s->r, c->last_line, "the list declares %llu update%s and names %llu",
                           (unsigned long long)c->declared, fp_plural(c->declared), rows);
    else
        fp_listing_problem(s->r, c->last_line,
                           "the list names %llu update%s and does not declare how many there are",
                           rows, fp_plural(rows));
}

/* Its last row may be cut where systeminfo gave up or the file ends. */
static void settle_last_row(scan *s)
{
    const section *c = &s->current;
    const bool complete = c->declares && c->rows >= c->declared;
    uint64_t kb;
    if (complete && c->last_ended)
        count_row(s, c->last, c->last_line);
    else if (fp_kb_name(c->last, &kb))
        fp_listing_doubt(s->r, c->last_line, c->last);
    if (!complete)
        tell_shortfall(s);
    s->r->out->cut = s->r->out->cut || !complete || !c->last_ended;
}

static void finish_section(scan *s)
{
    if (s->current.updates && s->r != NULL)
        settle_last_row(s);
    s->found = s->found || (s->current.updates && s->current.declares);
    s->current = (section){.declares = false};
}

static void take_row(scan *s, fp_str id, uint64_t line, bool ended)
{
    section *c = &s->current;
    if (c->rows > 0 && c->updates)
        count_row(s, c->last, c->last_line);
    c->rows++;
    c->last = without_kind(id);
    c->last_line = line;
    c->last_ended = ended;
    c->updates = c->updates || is_update(c->last);
}

static void take_label(scan *s, fp_str label, uint64_t line)
{
    finish_section(s);
    const fp_str value = value_of(label);
    s->current.declares = declared_in(value, &s->current.declared);
    if (s->labels == HOST_LABEL) {
        s->host = value;
        s->host_line = line;
    }
    if (s->labels == VERSION_LABEL && !is_version(value))
        s->host.size = 0;
    s->labels++;
}

/* Pieces of a line, or of a field: rows follow a comma where they do not have a line each. */
static bool next_piece(fp_str *rest, fp_str *piece)
{
    if (rest->size == 0)
        return false;
    const ptrdiff_t comma = fp_str_find(*rest, FP_STR(",["));
    *piece = *rest;
    *rest = from(*rest, rest->size);
    if (comma >= 0) {
        *rest = (fp_str){piece->data + comma + 1, piece->size - (size_t)comma - 1};
        piece->size = (size_t)comma;
    }
    return true;
}

static void take_text(scan *s, fp_str text, uint64_t line, bool ended)
{
    fp_str rest = text, piece, id;
    while (next_piece(&rest, &piece)) {
        if (split_row(piece, &id))
            take_row(s, id, line, ended || rest.size > 0);
        else if (fp_str_trim(piece).size > 0)
            take_label(s, piece, line);
    }
}

/* ---- the two layouts ---- */

static void keep_host(scan *s)
{
    if (s->r != NULL && s->labels > VERSION_LABEL)
        fp_listing_add_host(s->r, s->host, s->host_line);
}

static void scan_lines(scan *s, fp_str text)
{
    fp_listing_lines lines = fp_listing_lines_of(text);
    while (fp_listing_next_inked(&lines))
        take_text(s, lines.line, lines.number, lines.ended);
    finish_section(s);
    keep_host(s);
}

/* A record of labels, which has no version in it, and one of values. */
static void scan_csv(scan *s, fp_str text)
{
    fp_csv csv = {.text = text, .separator = ',', .line = 1};
    fp_csv_cell cell;
    uint64_t line = csv.line;
    size_t column = 0;
    while (fp_csv_next(&csv, &cell)) {
        s->labels = column++;
        take_text(s, cell.text, line, cell.whole);
        finish_section(s);
        line = csv.line;
        if (cell.ends_record) {
            keep_host(s);
            column = 0;
        }
    }
}

static void scan_all(scan *s, fp_str text)
{
    const fp_str ink = fp_str_trim(text);
    if (ink.size > 0 && ink.data[0] == '"')
        scan_csv(s, text);
    else
        scan_lines(s, text);
}

static bool probe(fp_str head)
{
    scan s = {.r = NULL};
    scan_all(&s, head);
    return s.found;
}

static void read(fp_listing_reader *r)
{
    scan s = {.r = r};
    scan_all(&s, r->text);
}

const fp_listing_form_reader fp_listing_form_systeminfo = {FP_LISTING_SYSTEMINFO, probe, read};
