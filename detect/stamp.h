/* SPDX-License-Identifier: MIT */
/*
 * The time stamps of log records. UTC = local + bias in minutes: Arizona (UTC-7) writes +420.
 */
#ifndef FP_DETECT_STAMP_H
#define FP_DETECT_STAMP_H

#include "inventory/base/text.h"
#include "inventory/base/time.h"

typedef struct fp_stamp {
    fp_time utc;   /* or FP_TIME_NONE: no bias, or a bad one */
    fp_time local; /* local time read as if UTC, or FP_TIME_NONE */
    bool bad;      /* malformed somewhere; what could be read of it was */
} fp_stamp;

/* Neighbouring records mostly share date, hour and minute: they are worked out once. */
typedef struct fp_stamp_cache {
    char head[16]; /* "06-13-2008 04:05" */
    fp_time minute;
    bool valid;
} fp_stamp_cache;

/* "06-13-2008 04:05:06.789+300"; `cache` starts zeroed. */
fp_stamp fp_stamp_site(fp_str text, fp_stamp_cache *cache);
/* The client framing's time="04:05:06.789+300" and date="06-13-2008". */
fp_stamp fp_stamp_client(fp_str time, fp_str date);
/* "Tue Jul 18 17:38:07.470 2000", perhaps with a zone's name and '~' behind: local time; bad when
 * it is none. */
fp_stamp fp_stamp_asctime(fp_str text);

#endif
