/* SPDX-License-Identifier: MIT */
#include "verify/report/markdown.h"

#include <string.h>

static bool is_space_or_end(char c)
{
    return c == ' ' || c == '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits at the start, and then . or ): an ordered list. */
static bool ends_list_number(const char *text, const char *at)
{
    for (const char *c = text; c < at; c++)
        if (!is_digit(*c))
            return false;
    return at > text;
}

/* Some characters mean something only in some places; escaped everywhere else they would make the
 * source unreadable for people, who read it in mails and in diffs. */
static bool must_escape(const char *text, const char *at)
{
    switch (*at) {
    case '.': /* www.example.com, a.b@c.d; "1. " */
        return !is_space_or_end(at[1]) || ends_list_number(text, at);
    case ':': /* https://, :emoji: */
        return !is_space_or_end(at[1]);
    case ')':
        return ends_list_number(text, at);
    case '-':
    case '+':
    case '=': /* a list, a rule, a heading's underline */
        return at == text;
    case '\0':
        return false;
    default:
        return strchr("\\`*_{}[]<>&#|~!@$^\"", *at) != NULL;
    }
}

/* Between these and what follows, an empty comment keeps ticket systems from seeing a mention, a
 * reference to a ticket or a mail address: they look at the text after the escapes are gone. */
static bool calls_somebody(char c)
{
    return c == '@' || c == '#';
}

void fp_markdown_text(fp_page *p, fp_str text)
{
    const char *clean = fp_page_clean(p, fp_str_trim(text));
    if (*clean == '\0')
        fp_out_text(p->out, "*(empty)*");
    for (const char *c = clean; *c != '\0'; c++) {
        if (must_escape(clean, c))
            fp_out_char(p->out, '\\', 1);
        fp_out_char(p->out, *c, 1);
        if (calls_somebody(*c))
            fp_out_text(p->out, "<!-- -->");
    }
}

void fp_markdown_textf(fp_page *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fp_markdown_text(p, fp_str_of(fp_page_format_list(p, format, args)));
    va_end(args);
}

static size_t longest_run_of_backticks(const char *text)
{
    size_t longest = 0;
    size_t run = 0;
    for (; *text != '\0'; text++) {
        run = *text == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

void fp_markdown_code(fp_page *p, fp_str text, bool in_table)
{
    const char *clean = fp_page_clean(p, text);
    const size_t size = strlen(clean);
    if (size == 0) {
        fp_out_text(p->out, "*(empty)*");
        return;
    }
    const size_t fence = longest_run_of_backticks(clean) + 1;
    /* CommonMark takes one blank off each side where both have one. */
    const bool padded =
        clean[0] == '`' || clean[0] == ' ' || clean[size - 1] == '`' || clean[size - 1] == ' ';
    fp_out_char(p->out, '`', fence);
    fp_out_char(p->out, ' ', padded);
    for (const char *c = clean; *c != '\0'; c++) {
        if (in_table && *c == '|')
            fp_out_text(p->out, "\\u{007C}");
        else
            fp_out_char(p->out, *c, 1);
    }
    fp_out_char(p->out, ' ', padded);
    fp_out_char(p->out, '`', fence);
}
