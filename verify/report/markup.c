/* SPDX-License-Identifier: MIT */
#include "verify/report/markup.h"

#include <stdarg.h>
#include <string.h>

void fp_markup_raw(fp_page *p, const char *literal)
{
    fp_out_text(p->out, literal);
}

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void fp_markup_text(fp_page *p, fp_str text)
{
    const char *plain = fp_page_clean(p, text);
    for (const char *c = plain; *c != '\0'; c++) {
        const char *escaped = entity(*c);
        if (escaped == NULL)
            continue;
        fp_out_str(p->out, (fp_str){plain, (size_t)(c - plain)});
        fp_out_text(p->out, escaped);
        plain = c + 1;
    }
    fp_out_text(p->out, plain);
}

void fp_markup_textf(fp_page *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fp_markup_text(p, fp_str_of(fp_page_format_list(p, format, args)));
    va_end(args);
}

void fp_markup_attribute(fp_page *p, const char *name, fp_str value)
{
    fp_out_printf(p->out, " %s=\"", name);
    fp_markup_text(p, value);
    fp_out_char(p->out, '"', 1);
}

void fp_markup_element(fp_page *p, const char *start, fp_str text)
{
    fp_out_printf(p->out, "<%s>", start);
    fp_markup_text(p, text);
    fp_out_printf(p->out, "</%.*s>", (int)strcspn(start, " "), start);
}

void fp_markup_elementf(fp_page *p, const char *start, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fp_markup_element(p, start, fp_str_of(fp_page_format_list(p, format, args)));
    va_end(args);
}
