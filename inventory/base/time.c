/* SPDX-License-Identifier: MIT */
#include "inventory/base/time.h"

#include <stdio.h>

enum { MS_PER_SECOND = 1000, MS_PER_MINUTE = 60 * MS_PER_SECOND, MS_PER_HOUR = 60 * MS_PER_MINUTE };
static const int64_t MS_PER_DAY = 24 * (int64_t)MS_PER_HOUR;

/* Days from 1970-01-01 to the first of March of `year`-based civil date (proleptic Gregorian). The
 * year begins in March here, so that the leap day is its last. */
static int64_t days_from_civil(int year, int month, int day)
{
    const int64_t y = month <= 2 ? year - 1 : year;
    const int64_t era = (y >= 0 ? y : y - 399) / 400;
    const int64_t year_of_era = y - era * 400;
    const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[month - 1];
}

bool fp_time_civil(int year, int month, int day, int hour, int minute, int second, int millisecond,
                   fp_time *out)
{
    if (year < 1601 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > days_in_month(year, month))
        return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 ||
        millisecond < 0 || millisecond > 999)
        return false;
    *out = days_from_civil(year, month, day) * MS_PER_DAY + (int64_t)hour * MS_PER_HOUR +
           (int64_t)minute * MS_PER_MINUTE + (int64_t)second * MS_PER_SECOND + millisecond;
    return true;
}

/* Exactly `count` decimal digits at the front of *rest. */
static bool take_digits(fp_str *rest, size_t count, int *out)
{
    if (rest->size < count)
        return false;
    int n = 0;
    for (size_t i = 0; i < count; i++) {
        const char c = rest->data[i];
        if (c < '0' || c > '9')
            return false;
        n = n * 10 + (c - '0');
    }
    rest->data += count;
    rest->size -= count;
    *out = n;
    return true;
}

static bool take_char(fp_str *rest, const char *any_of)
{
    for (const char *p = any_of; rest->size > 0 && *p != '\0'; p++) {
        if (rest->data[0] == *p) {
            rest->data++;
            rest->size--;
            return true;
        }
    }
    return false;
}

/* ".5", ".123", ".1234567": the first three digits count. */
static bool take_fraction(fp_str *rest, int *millisecond)
{
    *millisecond = 0;
    if (!take_char(rest, "."))
        return true;
    int digit = 0;
    int scale = 100;
    size_t count = 0;
    while (take_digits(rest, 1, &digit)) {
        *millisecond += digit * scale;
        scale /= 10;
        count++;
    }
    return count > 0 && count <= 9;
}

static bool take_offset(fp_str *rest, int *minutes)
{
    *minutes = 0;
    if (take_char(rest, "Zz"))
        return true;
    const bool west = rest->size > 0 && rest->data[0] == '-';
    int hours = 0;
    int mins = 0;
    if (!take_char(rest, "+-") || !take_digits(rest, 2, &hours) || !take_char(rest, ":") ||
        !take_digits(rest, 2, &mins) || hours > 23 || mins > 59)
        return false;
    *minutes = (west ? -1 : 1) * (hours * 60 + mins);
    return true;
}

bool fp_time_parse(fp_str text, fp_time *out)
{
    fp_str rest = text;
    int year, month, day;
    if (!take_digits(&rest, 4, &year) || !take_char(&rest, "-") || !take_digits(&rest, 2, &month) ||
        !take_char(&rest, "-") || !take_digits(&rest, 2, &day))
        return false;
    if (rest.size == 0)
        return fp_time_civil(year, month, day, 0, 0, 0, 0, out);

    int hour, minute, second, millisecond, offset;
    if (!take_char(&rest, "Tt ") || !take_digits(&rest, 2, &hour) || !take_char(&rest, ":") ||
        !take_digits(&rest, 2, &minute) || !take_char(&rest, ":") ||
        !take_digits(&rest, 2, &second))
        return false;
    if (!take_fraction(&rest, &millisecond) || !take_offset(&rest, &offset) || rest.size != 0)
        return false;

    fp_time local;
    if (!fp_time_civil(year, month, day, hour, minute, second, millisecond, &local))
        return false;
    *out = local - (int64_t)offset * MS_PER_MINUTE;
    return true;
}

fp_time fp_time_from_filetime(uint64_t filetime)
{
    /* 1601-01-01 to 1970-01-01 in milliseconds, and 9999-12-31 as a FILETIME's milliseconds. */
    static const int64_t epoch_ms = INT64_C(11644473600000);
    static const uint64_t last_ms = UINT64_C(265046774399999);
    const uint64_t ms = filetime / 10000;
    if (filetime == 0 || ms > last_ms)
        return FP_TIME_NONE;
    return (int64_t)ms - epoch_ms;
}

const char *fp_time_format(fp_time t, char out[FP_TIME_TEXT_SIZE])
{
    if (t == FP_TIME_NONE) {
        (void)snprintf(out, FP_TIME_TEXT_SIZE, "unknown");
        return out;
    }
    int64_t days = t / MS_PER_DAY;
    int64_t rest = t % MS_PER_DAY;
    if (rest < 0) {
        days--;
        rest += MS_PER_DAY;
    }

    /* The inverse of days_from_civil. */
    const int64_t z = days + 719468;
    const int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    const int64_t doe = z - era * 146097;
    const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const int64_t mp = (5 * doy + 2) / 153;
    const int day = (int)(doy - (153 * mp + 2) / 5 + 1);
    const int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    const int64_t year = yoe + era * 400 + (month <= 2 ? 1 : 0);

    const int second_of_day = (int)(rest / MS_PER_SECOND);
    const int ms = (int)(rest % MS_PER_SECOND);
    const int size =
        snprintf(out, FP_TIME_TEXT_SIZE, "%04lld-%02d-%02dT%02d:%02d:%02d", (long long)year, month,
                 day, second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60);
    if (size > 0 && size < FP_TIME_TEXT_SIZE)
        (void)snprintf(out + size, FP_TIME_TEXT_SIZE - (size_t)size, ms == 0 ? "Z" : ".%03dZ", ms);
    return out;
}
