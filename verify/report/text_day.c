/* SPDX-License-Identifier: MIT */
#include "verify/report/text_parts.h"

#include "inventory/base/utf8.h"

enum { WORDS_MAX = 8, LETTERS_MAX = 4 }; /* of a month: juin and juil(let) differ in the fourth */

typedef struct words {
    fp_str at[WORDS_MAX];
    size_t count;
} words;

const char *fp_text_day(fp_page *p, fp_time t)
{
    char text[FP_TIME_TEXT_SIZE];
    return fp_page_format(p, "%.10s", fp_time_format(t, text));
}

/* Vista and Server 2008 tell InstalledOn as 16 hexadecimal digits of a FILETIME ("Working With Hex
 * Encoded Dates", tek-tips.com, FAQ 96-7194). Those of 1829 to 2057 begin with 01. */
static bool is_filetime(fp_str text, fp_time *out)
{
    uint64_t number = 0;
    if (text.size != 16 || !fp_str_starts(text, FP_STR("01")))
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (fp_ascii_hex(text.data[i]) < 0)
            return false;
        number = number << 4 | (uint64_t)fp_ascii_hex(text.data[i]);
    }
    *out = fp_time_from_filetime(number);
    return *out != FP_TIME_NONE;
}

static bool has_digit(fp_str word)
{
    for (size_t i = 0; i < word.size; i++) {
        if (word.data[i] >= '0' && word.data[i] <= '9')
            return true;
    }
    return false;
}

/* "2008-06-19T00:00:00", without a zone: what stands before the T. */
static fp_str before_time(fp_str word)
{
    const ptrdiff_t end = fp_str_find(word, FP_STR("T"));
    return (fp_str){word.data, end < 0 ? 0 : (size_t)end};
}

/* The words before the time of day, up to the last number: in some languages a word such as "AM"
 * stands before the time. */
static words words_of_day(fp_str text)
{
    words w = {.count = 0};
    fp_str word;
    size_t end = 0;
    bool timed = false;
    while (!timed && w.count < WORDS_MAX && fp_str_split(&text, ' ', &word)) {
        timed = fp_str_find(word, FP_STR(":")) >= 0;
        if (timed)
            word = before_time(word);
        if (word.size == 0)
            continue;
        w.at[w.count++] = word;
        end = has_digit(word) ? w.count : end;
    }
    w.count = end;
    return w;
}

/* "Thursday, June 19, 2008": of two names the first is that of a weekday. */
static size_t first_of_day(const words *w)
{
    size_t names = 0;
    for (size_t i = 0; i < w->count; i++)
        names += !has_digit(w->at[i]);
    return names > 1 && !has_digit(w->at[0]) ? 1 : 0;
}

/* At most `letters` characters from its front. */
static fp_str shortened(fp_str text, unsigned letters)
{
    fp_str rest = text;
    uint32_t c;
    size_t length;
    for (unsigned i = 0; i < letters && rest.size > 0; i++) {
        (void)fp_utf8_get(rest, &c, &length);
        rest = fp_str_tail(rest, length);
    }
    return (fp_str){text.data, text.size - rest.size};
}

const char *fp_text_recorded_day(fp_page *p, fp_str recorded)
{
    fp_time t;
    if (fp_time_parse(recorded, &t) || is_filetime(recorded, &t))
        return fp_text_day(p, t);
    const words w = words_of_day(recorded);
    const char *day = "";
    for (size_t i = first_of_day(&w); i < w.count; i++) {
        const fp_str word = has_digit(w.at[i]) ? w.at[i] : shortened(w.at[i], LETTERS_MAX);
        day = fp_page_format(p, "%s%s%s", day, *day != '\0' ? " " : "", fp_page_clean(p, word));
    }
    return *day != '\0' ? day : fp_page_clean(p, recorded);
}
