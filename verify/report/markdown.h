/* SPDX-License-Identifier: MIT */
/*
 * Markdown (CommonMark 0.31, with the tables and task lists of GitHub Flavored Markdown 0.29): the
 * one place where it is escaped.
 *
 * Text from evidence is always a code span, in which nothing means anything but the backtick; where
 * the span's fence is longer than any run of them in the text, nothing can end it. Prose of
 * advisory data is escaped character by character. Neither can become a heading, a list, a link, an
 * address that a ticket system turns into one, a mention that sends mail to people, or HTML.
 */
#ifndef FP_REPORT_MARKDOWN_H
#define FP_REPORT_MARKDOWN_H

#include "verify/report/page.h"

/* One line of prose, inside a line, without blanks at its ends. Text that is empty is told to be,
 * here and below: no line ends in a blank. */
void fp_markdown_text(fp_page *p, fp_str text);
void fp_markdown_textf(fp_page *p, const char *format, ...) FP_PRINTF(2, 3);
/* A code span. In the cell of a table a '|' is shown as \u{007C}: there it
 * would end the cell even in a code span. */
void fp_markdown_code(fp_page *p, fp_str text, bool in_table);

/* The format: a change record. */
fp_status fp_markdown_write(const fp_report *report, const fp_report_style *style, fp_out *out);

#endif
