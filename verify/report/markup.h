/* SPDX-License-Identifier: MIT */
/*
 * Elements on a page: the one place where HTML and XML are escaped.
 *
 * What is not written here as a literal of ours goes through fp_markup_text or fp_markup_attribute:
 * cleaned first (fp_page_clean: control and bidirectional characters and what XML 1.0 does not
 * allow become visible escapes), then escaped, so that no text can open, close or leave an element
 * or an attribute.
 */
#ifndef FP_REPORT_MARKUP_H
#define FP_REPORT_MARKUP_H

#include "verify/report/page.h"

void fp_markup_raw(fp_page *p, const char *literal); /* markup of ours, as it is */
void fp_markup_text(fp_page *p, fp_str text);
void fp_markup_textf(fp_page *p, const char *format, ...) FP_PRINTF(2, 3);
/* ` name="value"`: inside a start tag that raw markup opened. */
void fp_markup_attribute(fp_page *p, const char *name, fp_str value);
/* <start>text</name>: `start` is a literal, a name and perhaps attributes: "td class=\"hash\"". */
void fp_markup_element(fp_page *p, const char *start, fp_str text);
void fp_markup_elementf(fp_page *p, const char *start, const char *format, ...) FP_PRINTF(3, 4);

#endif
