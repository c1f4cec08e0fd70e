/* SPDX-License-Identifier: MIT */
/*
 * Text laid out in columns: the one place where the text report wraps, pads, colours and escapes.
 *
 * Whatever reaches a page is escaped here (fp_text_display), so that evidence can neither move the
 * cursor nor forge a line of the report. No line ends in a blank. Colour never carries meaning.
 */
#ifndef FP_REPORT_PAGE_H
#define FP_REPORT_PAGE_H

#include "inventory/base/out.h"
#include "verify/report/report.h"

#include <stdarg.h>

typedef enum fp_tone {
    FP_TONE_PLAIN = 0,
    FP_TONE_STRONG,
    FP_TONE_FAINT,
    FP_TONE_GOOD,
    FP_TONE_BAD,
    FP_TONE_OPEN, /* not settled */
    FP_TONES
} fp_tone;

typedef struct fp_page {
    fp_out *out;
    fp_arena *arena; /* scratch of one report */
    const fp_report_style *style;
    bool failed; /* sticky: no memory */
} fp_page;

/* What a paragraph begins with: `first` on its first line, `next` on the others (NULL: as many
 * blanks), then `mark` in its tone, padded to `mark_width` columns. All are trusted literals or
 * cleaned text. */
typedef struct fp_lead {
    const char *first;
    const char *next;
    const char *mark;
    unsigned mark_width;
    fp_tone tone;
} fp_lead;

void fp_page_blank(fp_page *p);
void fp_page_heading(fp_page *p, const char *heading);
void fp_page_rule(fp_page *p);
/* A paragraph, wrapped with a hanging indent. */
void fp_page_put(fp_page *p, fp_lead lead, fp_str text);
void fp_page_putf(fp_page *p, fp_lead lead, const char *format, ...) FP_PRINTF(3, 4);
/* A line of a table: cells side by side, two blanks between, each cut to its width and padded to
 * it; the last one is cut to the page. Texts are clean. */
typedef struct fp_cell {
    const char *text;
    unsigned width; /* columns */
    fp_tone tone;
} fp_cell;
void fp_page_row(fp_page *p, const char *indent, const fp_cell *cells, size_t count);
/* Text of advisory data, whose line ends count; `wrap` false keeps each line whole, to be copied.
 */
void fp_page_prose(fp_page *p, const char *indent, fp_str text, bool wrap);

/* Escaped for display and NUL-terminated: evidence in "%s". Never NULL. */
const char *fp_page_clean(fp_page *p, fp_str s);
const char *fp_page_format(fp_page *p, const char *format, ...) FP_PRINTF(2, 3); /* never NULL */
const char *fp_page_format_list(fp_page *p, const char *format, va_list args) FP_PRINTF(2, 0);

unsigned fp_text_columns(fp_str s); /* columns it takes on a terminal; UTF-8 without controls */

#endif
