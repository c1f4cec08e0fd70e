/* SPDX-License-Identifier: MIT */
#include "verify/report/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { PLAIN_WIDTH = 80, NARROWEST = 20 /* columns of text: below it wrapping helps nobody */ };

/* One character: its bytes and its code point. The text is valid UTF-8, else a byte is a character.
 */
static size_t character(fp_str s, size_t at, uint32_t *code)
{
    const unsigned char c = (unsigned char)s.data[at];
    const size_t size = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    *code = c;
    if (size == 1 || size > s.size - at)
        return 1;
    uint32_t value = c & (0xFFU >> (size + 1));
    for (size_t i = 1; i < size; i++)
        value = value << 6 | ((unsigned char)s.data[at + i] & 0x3FU);
    *code = value;
    return size;
}

/* East Asian wide characters take two columns, combining marks none. Only alignment depends on it.
 */
static unsigned columns_of(uint32_t code)
{
    static const struct {
        uint32_t from, to;
        unsigned columns;
    } ranges[] = {
        {0x0300, 0x036F, 0}, {0x1100, 0x115F, 2},   {0x200B, 0x200D, 0},   {0x2E80, 0xA4CF, 2},
        {0xAC00, 0xD7A3, 2}, {0xF900, 0xFAFF, 2},   {0xFE30, 0xFE6F, 2},   {0xFF00, 0xFF60, 2},
        {0xFFE0, 0xFFE6, 2}, {0x1F300, 0x1FAFF, 2}, {0x20000, 0x3FFFD, 2},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (code >= ranges[i].from && code <= ranges[i].to)
            return ranges[i].columns;
    return 1;
}

unsigned fp_text_columns(fp_str s)
{
    unsigned columns = 0;
    uint32_t code;
    for (size_t at = 0; at < s.size;) {
        at += character(s, at, &code);
        columns += columns_of(code);
    }
    return columns;
}

const char *fp_page_clean(fp_page *p, fp_str s)
{
    fp_str shown;
    if (!p->failed && fp_text_display(s, p->arena, &shown) == FP_OK) {
        const char *text = fp_arena_string(p->arena, shown.data, shown.size);
        if (text != NULL)
            return text;
    }
    p->failed = true;
    return "";
}

const char *fp_page_format_list(fp_page *p, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    const int size = vsnprintf(NULL, 0, format, args);
    char *text = size < 0 ? NULL : fp_arena_alloc(p->arena, (size_t)size + 1);
    if (text != NULL)
        (void)vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    if (text == NULL)
        p->failed = true;
    return text != NULL ? text : "";
}

const char *fp_page_format(fp_page *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = fp_page_format_list(p, format, args);
    va_end(args);
    return text;
}

void fp_page_blank(fp_page *p)
{
    fp_out_char(p->out, '\n', 1);
}

/* Without the blanks at its end. */
static fp_str solid_part(const char *text)
{
    fp_str s = fp_str_of(text);
    while (s.size > 0 && s.data[s.size - 1] == ' ')
        s.size--;
    return s;
}

static void in_tone(fp_page *p, fp_tone tone, fp_str text)
{
    static const char *const starts[FP_TONES] = {
        [FP_TONE_PLAIN] = "",          [FP_TONE_STRONG] = "\033[1m", [FP_TONE_FAINT] = "\033[2m",
        [FP_TONE_GOOD] = "\033[1;32m", [FP_TONE_BAD] = "\033[1;31m", [FP_TONE_OPEN] = "\033[1;33m",
    };
    const bool colored = p->style->color && tone != FP_TONE_PLAIN && text.size > 0;
    if (colored)
        fp_out_text(p->out, starts[tone]);
    fp_out_str(p->out, text);
    if (colored)
        fp_out_text(p->out, "\033[0m");
}

void fp_page_heading(fp_page *p, const char *heading)
{
    if (p->out->size > 0)
        fp_page_blank(p);
    in_tone(p, FP_TONE_STRONG, solid_part(heading));
    fp_page_blank(p);
}

void fp_page_rule(fp_page *p)
{
    fp_out_char(p->out, '=', p->style->width == 0 ? PLAIN_WIDTH : p->style->width);
    fp_page_blank(p);
}

/* A line being filled. Blanks are owed, not written, until a word follows: no line ends in one. */
typedef struct line {
    fp_page *page;
    const char *next;  /* what a further line begins with */
    unsigned next_pad; /* ... and blanks behind it */
    unsigned room;     /* columns of text in a line; 0 = as many as there are */
    unsigned used;     /* columns of text in this line */
    unsigned owed;
} line;

static void write_owed(line *l)
{
    fp_out_char(l->page->out, ' ', l->owed);
    l->owed = 0;
}

static void new_line(line *l)
{
    fp_page_blank(l->page);
    const fp_str solid = solid_part(l->next);
    fp_out_str(l->page->out, solid);
    l->owed = (unsigned)(strlen(l->next) - solid.size) + l->next_pad;
    l->used = 0;
}

/* The longest start of an overlong word that fits and ends behind a separator; the whole, if none.
 */
static size_t piece_that_fits(fp_str word, unsigned room)
{
    size_t best = 0;
    unsigned columns = 0;
    uint32_t code;
    for (size_t at = 0; at < word.size;) {
        at += character(word, at, &code);
        columns += columns_of(code);
        if (columns > room)
            break;
        if (code == '\\' || code == '/' || code == ',' || code == ';')
            best = at;
    }
    return best == 0 ? word.size : best;
}

static void put_word(line *l, fp_str word)
{
    while (word.size > 0) {
        const unsigned columns = fp_text_columns(word);
        const unsigned blank = l->used > 0 ? 1 : 0;
        if (l->room == 0 || l->used + blank + columns <= l->room) {
            l->owed += blank;
            write_owed(l);
            fp_out_str(l->page->out, word);
            l->used += blank + columns;
            return;
        }
        if (l->used > 0) {
            new_line(l);
            continue;
        }
        const size_t size = piece_that_fits(word, l->room);
        write_owed(l);
        fp_out_str(l->page->out, (fp_str){word.data, size});
        l->used = l->room;
        word = fp_str_tail(word, size);
    }
}

void fp_page_put(fp_page *p, fp_lead lead, fp_str text)
{
    const char *first = lead.first != NULL ? lead.first : "";
    const char *mark = lead.mark != NULL ? lead.mark : "";
    const unsigned first_columns = fp_text_columns(fp_str_of(first));
    const unsigned mark_columns = fp_text_columns(fp_str_of(mark));
    const unsigned lead_columns =
        first_columns + (mark_columns < lead.mark_width ? lead.mark_width : mark_columns);
    const char *next = lead.next != NULL ? lead.next : "";
    const unsigned next_columns = fp_text_columns(fp_str_of(next));

    line l = {.page = p, .next = next};
    l.next_pad = next_columns < lead_columns ? lead_columns - next_columns : 0;
    const unsigned width = p->style->width;
    if (width > 0)
        l.room = width > lead_columns + NARROWEST ? width - lead_columns : NARROWEST;

    /* Blanks are owed until something follows them. */
    const fp_str solid_mark = solid_part(mark);
    const fp_str solid_first = solid_mark.size == 0 ? solid_part(first) : fp_str_of(first);
    fp_out_str(p->out, solid_first);
    in_tone(p, lead.tone, solid_mark);
    l.owed = lead_columns - fp_text_columns(solid_first) - fp_text_columns(solid_mark);

    fp_str rest = fp_str_of(fp_page_clean(p, text));
    fp_str word;
    while (fp_str_split(&rest, ' ', &word))
        put_word(&l, word);
    fp_page_blank(p);
}

void fp_page_putf(fp_page *p, fp_lead lead, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = fp_page_format_list(p, format, args);
    va_end(args);
    fp_page_put(p, lead, fp_str_of(text));
}

enum { NARROWEST_CELL = 8 /* columns: below it cutting helps nobody */ };

/* The start of `text` that fits, its end told by an ellipsis when there is more. */
static const char *fitting(fp_page *p, const char *text, unsigned width)
{
    const fp_str all = fp_str_of(text);
    if (fp_text_columns(all) <= width || width < NARROWEST_CELL)
        return text;
    const char *const ellipsis = p->style->utf8 ? "\u2026" : "..";
    const unsigned room = width - fp_text_columns(fp_str_of(ellipsis));
    unsigned columns = 0;
    size_t end = 0;
    for (size_t at = 0; at < all.size;) {
        uint32_t code;
        at += character(all, at, &code);
        columns += columns_of(code);
        if (columns > room)
            break;
        end = at;
    }
    const fp_str start = {text, end};
    return fp_page_format(p, "%.*s%s", FP_STR_ARG(fp_str_trim(start)), ellipsis);
}

void fp_page_row(fp_page *p, const char *indent, const fp_cell *cells, size_t count)
{
    unsigned owed = fp_text_columns(fp_str_of(indent));
    unsigned start = owed; /* of the cell */
    for (size_t i = 0; i < count; i++) {
        const unsigned page = p->style->width > start ? p->style->width - start : 0;
        const char *text = fitting(p, cells[i].text, i + 1 == count ? page : cells[i].width);
        const fp_str solid = solid_part(text);
        const unsigned used = fp_text_columns(solid);
        if (used > 0) {
            fp_out_char(p->out, ' ', owed);
            in_tone(p, cells[i].tone, solid);
            owed = 0;
        }
        owed += (cells[i].width > used ? cells[i].width - used : 0) + 2;
        start += (cells[i].width > used ? cells[i].width : used) + 2;
    }
    fp_page_blank(p);
}

void fp_page_prose(fp_page *p, const char *indent, fp_str text, bool wrap)
{
    fp_str rest = fp_str_trim(text);
    fp_str paragraph;
    while (fp_str_split(&rest, '\n', &paragraph)) {
        const fp_str text_line = fp_str_trim(paragraph);
        if (wrap && text_line.size > 0)
            fp_page_put(p, (fp_lead){.first = indent}, text_line);
        else if (text_line.size > 0)
            fp_out_printf(p->out, "%s%s\n", indent, fp_page_clean(p, text_line));
        else
            fp_page_blank(p);
    }
}
