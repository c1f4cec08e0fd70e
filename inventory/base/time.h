/* SPDX-License-Identifier: MIT */
/*
 * Points in time: milliseconds since 1970-01-01T00:00:00Z, proleptic Gregorian, no leap seconds.
 */
#ifndef FP_BASE_TIME_H
#define FP_BASE_TIME_H

#include "inventory/base/text.h"

typedef int64_t fp_time;
/* Not known. It compares as earlier than anything: test for it first. */
#define FP_TIME_NONE INT64_MIN

enum { FP_TIME_TEXT_SIZE = 32 };

/* Calendar fields to time; false when a field is out of range (month 1-12, day of that month, ...).
 */
FP_MUST_CHECK bool fp_time_civil(int year, int month, int day, int hour, int minute, int second,
                                 int millisecond, fp_time *out);
/* RFC 3339 with "Z" or an offset, or a bare date (its midnight UTC). Years 1601 to 9999. */
FP_MUST_CHECK bool fp_time_parse(fp_str text, fp_time *out);
/* FILETIME: 100 ns since 1601-01-01; 0 and anything after 9999 give FP_TIME_NONE. */
fp_time fp_time_from_filetime(uint64_t filetime);
/* "2008-06-13T04:05:06Z", with ".123" when there are milliseconds; FP_TIME_NONE gives "unknown". */
const char *fp_time_format(fp_time t, char out[FP_TIME_TEXT_SIZE]);

#endif
