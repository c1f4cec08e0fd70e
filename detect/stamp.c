/* SPDX-License-Identifier: MIT */
#include "detect/stamp.h"

#include "detect/logline.h"

#include <string.h>

enum { MS_PER_SECOND = 1000, MS_PER_MINUTE = 60 * MS_PER_SECOND };

static const fp_stamp no_stamp = {.utc = FP_TIME_NONE, .local = FP_TIME_NONE, .bad = true};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* One to `most` digits. */
static bool take_number(fp_str *rest, size_t most, int *out)
{
    size_t i = 0;
    int n = 0;
    while (i < rest->size && i < most && is_digit(rest->data[i]))
        n = n * 10 + (rest->data[i++] - '0');
    if (i == 0)
        return false;
    *rest = fp_str_tail(*rest, i);
    *out = n;
    return true;
}

static bool take_char(fp_str *rest, char c)
{
    if (rest->size == 0 || rest->data[0] != c)
        return false;
    *rest = fp_str_tail(*rest, 1);
    return true;
}

/* ".789", ".7890000": milliseconds. No fraction at all is fine. */
static bool take_fraction(fp_str *rest, int *ms)
{
    enum { DIGITS_MAX = 9 };
    *ms = 0;
    if (!take_char(rest, '.'))
        return true;
    size_t i = 0;
    for (int scale = 100; i < rest->size && i < DIGITS_MAX && is_digit(rest->data[i]); i++) {
        *ms += (rest->data[i] - '0') * scale;
        scale /= 10;
    }
    *rest = fp_str_tail(*rest, i);
    return i > 0;
}

static bool take_date(fp_str *rest, int *year, int *month, int *day)
{
    return take_number(rest, 2, month) && take_char(rest, '-') && take_number(rest, 2, day) &&
           take_char(rest, '-') && take_number(rest, 4, year);
}

/* What stands behind the time of day: nothing, a sign and one to four digits, or a malformed bias
 * ("+-420" and " 600" are in circulation). */
static void apply_bias(fp_str bias, fp_stamp *stamp)
{
    if (bias.size == 0)
        return; /* no bias: the UTC time is not known, and not local = UTC */
    const bool minus = bias.data[0] == '-';
    int minutes = 0;
    if (!take_char(&bias, '+') && !take_char(&bias, '-')) {
        stamp->bad = true;
        return;
    }
    if (!take_number(&bias, 4, &minutes) || bias.size != 0 || minutes > FP_LOG_BIAS_MAX) {
        stamp->bad = true;
        return;
    }
    stamp->utc = stamp->local + (int64_t)(minus ? -minutes : minutes) * MS_PER_MINUTE;
}

static bool two_digits(const char *p, int *out)
{
    *out = (p[0] - '0') * 10 + (p[1] - '0');
    return is_digit(p[0]) && is_digit(p[1]);
}

/* ":06.789" behind a date, hour and minute that are known already. */
static bool seconds_behind(fp_str tail, fp_time minute, fp_stamp *out)
{
    enum { SIZE = 7 };
    int second;
    if (tail.size < SIZE || tail.data[0] != ':' || tail.data[3] != '.' ||
        !two_digits(tail.data + 1, &second) || second > 59)
        return false;
    fp_str rest = fp_str_tail(tail, 3);
    int ms;
    if (!take_fraction(&rest, &ms))
        return false;
    *out = (fp_stamp){.utc = FP_TIME_NONE, .local = minute + second * MS_PER_SECOND + ms};
    apply_bias(rest, out);
    return true;
}

/* "hh:mm:ss.fraction" and what is behind it, on a given day. */
static fp_stamp time_of_day(fp_str rest, int year, int month, int day)
{
    int hour, minute, second, ms;
    fp_stamp stamp = no_stamp;
    if (!take_number(&rest, 2, &hour) || !take_char(&rest, ':') ||
        !take_number(&rest, 2, &minute) || !take_char(&rest, ':') ||
        !take_number(&rest, 2, &second) || !take_fraction(&rest, &ms))
        return stamp;
    if (!fp_time_civil(year, month, day, hour, minute, second, ms, &stamp.local))
        return no_stamp;
    stamp.bad = false;
    apply_bias(rest, &stamp);
    return stamp;
}

fp_stamp fp_stamp_site(fp_str text, fp_stamp_cache *cache)
{
    const size_t head = sizeof cache->head;
    fp_stamp stamp;
    if (cache->valid && text.size > head && memcmp(text.data, cache->head, head) == 0 &&
        seconds_behind(fp_str_tail(text, head), cache->minute, &stamp))
        return stamp;

    fp_str rest = text;
    int year, month, day;
    if (!take_date(&rest, &year, &month, &day) || !take_char(&rest, ' '))
        return no_stamp;
    stamp = time_of_day(rest, year, month, day);

    /* Only the fixed form has its minute end at the sixteenth character. */
    if (stamp.local != FP_TIME_NONE && text.size > head && text.data[10] == ' ' &&
        text.data[13] == ':' && text.data[16] == ':') {
        memcpy(cache->head, text.data, head);
        cache->minute = stamp.local - stamp.local % MS_PER_MINUTE;
        cache->valid = stamp.local >= 0;
    }
    return stamp;
}

fp_stamp fp_stamp_client(fp_str time, fp_str date)
{
    int year, month, day;
    if (!take_date(&date, &year, &month, &day) || date.size != 0)
        return no_stamp;
    return time_of_day(time, year, month, day);
}

/* "Jan " ... "Dec ": 1 to 12, or 0. C-locale names, as asctime writes them. */
static int month_number(fp_str s)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (int m = 0; s.size >= 3 && m < 12; m++) {
        if (memcmp(s.data, names + 3 * m, 3) == 0)
            return m + 1;
    }
    return 0;
}

static bool is_weekday(fp_str s)
{
    static const char names[] = "SunMonTueWedThuFriSat";
    for (int d = 0; s.size >= 3 && d < 7; d++) {
        if (memcmp(s.data, names + 3 * d, 3) == 0)
            return true;
    }
    return false;
}

/* One blank, or the two that asctime puts before a day of one digit. */
static bool take_blanks(fp_str *rest)
{
    if (!take_char(rest, ' '))
        return false;
    (void)take_char(rest, ' ');
    return true;
}

fp_stamp fp_stamp_asctime(fp_str text)
{
    enum { NAMES = 8 }; /* "Tue Jul " */
    int day, hour, minute, second, ms, year;
    fp_stamp stamp = no_stamp;
    if (text.size < NAMES || !is_weekday(text) || text.data[3] != ' ')
        return stamp;
    const int month = month_number(fp_str_tail(text, 4));
    fp_str rest = fp_str_tail(text, 7);
    if (month == 0 || !take_blanks(&rest) || !take_number(&rest, 2, &day) || !take_blanks(&rest) ||
        !take_number(&rest, 2, &hour) || !take_char(&rest, ':') ||
        !take_number(&rest, 2, &minute) || !take_char(&rest, ':') ||
        !take_number(&rest, 2, &second) || !take_fraction(&rest, &ms) || !take_blanks(&rest) ||
        !take_number(&rest, 4, &year))
        return stamp;
    stamp.bad = !fp_time_civil(year, month, day, hour, minute, second, ms, &stamp.local);
    return stamp;
}
