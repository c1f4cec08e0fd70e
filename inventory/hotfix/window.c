/* SPDX-License-Identifier: MIT */
#include "inventory/hotfix/window.h"

#define HOURS(n) ((fp_time)(n)*60 * 60 * 1000)

enum { MOST_AHEAD = 14, MOST_BEHIND = 12 }; /* hours from UTC: the earliest and the latest zones */

/* One number of a date: 1 or 2 digits, or the 4 of a year. */
static bool date_part(fp_str text, size_t digits_min, size_t digits_max, int *out)
{
    uint64_t n;
    if (text.size < digits_min || text.size > digits_max || !fp_str_to_u64(text, &n))
        return false;
    *out = (int)n;
    return true;
}

/*
 * "6/14/2008": which of the first two is the month is not known. A time of day behind a blank is
 * ignored.
 */
static bool parse_date(fp_str text, int first[2], int *year)
{
    fp_str rest = fp_str_trim(text);
    fp_str date;
    if (!fp_str_split(&rest, ' ', &date))
        return false;
    const char separator = fp_str_find(date, FP_STR("/")) >= 0   ? '/'
                           : fp_str_find(date, FP_STR("-")) >= 0 ? '-'
                                                                 : '.';
    fp_str part[3];
    for (int i = 0; i < 3; i++) {
        if (!fp_str_split(&date, separator, &part[i]))
            return false;
    }
    fp_str more;
    return !fp_str_split(&date, separator, &more) && date_part(part[0], 1, 2, &first[0]) &&
           date_part(part[1], 1, 2, &first[1]) && date_part(part[2], 4, 4, year);
}

/*
 * The first instant of this day anywhere on earth, when `written` falls on this day somewhere on
 * earth; FP_TIME_NONE otherwise.
 */
static fp_time day_start(int year, int month, int day, fp_time written)
{
    fp_time midnight;
    if (!fp_time_civil(year, month, day, 0, 0, 0, 0, &midnight))
        return FP_TIME_NONE;
    const fp_time start = midnight - HOURS(MOST_AHEAD);
    const fp_time end = midnight + HOURS(24 + MOST_BEHIND);
    return start <= written && written < end ? start : FP_TIME_NONE;
}

static fp_install_window trace_window(const fp_trace *t)
{
    fp_install_window window = {FP_TIME_NONE, t->written};
    int first[2];
    int year;
    if (t->written == FP_TIME_NONE || !parse_date(t->installed_date, first, &year))
        return window;
    window.earliest = day_start(year, first[0], first[1], t->written);
    if (window.earliest == FP_TIME_NONE)
        window.earliest = day_start(year, first[1], first[0], t->written);
    return window;
}

/* FP_TIME_NONE compares as earlier than anything: an unknown bound makes the whole bound unknown.
 */
static fp_time earlier(fp_time a, fp_time b)
{
    return a < b ? a : b;
}

static fp_time later(fp_time a, fp_time b)
{
    if (a == FP_TIME_NONE || b == FP_TIME_NONE)
        return FP_TIME_NONE;
    return a > b ? a : b;
}

fp_install_window fp_hotfix_window(const fp_hotfix *hotfix)
{
    fp_install_window whole = {FP_TIME_NONE, FP_TIME_NONE};
    bool any = false;
    for (size_t i = 0; i < hotfix->trace_count; i++) {
        const fp_trace *t = &hotfix->traces[i];
        if (t->place != FP_TRACE_UPDATES || t->other_product)
            continue;
        const fp_install_window one = trace_window(t);
        whole.earliest = any ? earlier(whole.earliest, one.earliest) : one.earliest;
        whole.latest = any ? later(whole.latest, one.latest) : one.latest;
        any = true;
    }
    return whole;
}
