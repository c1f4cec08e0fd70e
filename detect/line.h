/* SPDX-License-Identifier: MIT */
/* Inside the log reader: one line, or the text of one client record, as a record. */
#ifndef FP_DETECT_LINE_H
#define FP_DETECT_LINE_H

#include "detect/logline.h"
#include "detect/stamp.h"

#define FP_CLIENT_OPEN  "<![LOG["
#define FP_CLIENT_CLOSE "]LOG]!><time=\"" /* a message ends at the first of these */

enum { FP_THREAD_TEXT_MAX = 40 }; /* "thread=4294967295 (0xFFFFFFFF)" */

/* What neighbouring lines mostly share is worked out once. Starts zeroed. */
typedef struct fp_line_cache {
    fp_stamp_cache stamps;
    char thread_text[FP_THREAD_TEXT_MAX]; /* "4844 (0x12EC)" */
    size_t thread_size;
    uint32_t thread;
    bool thread_agrees;
} fp_line_cache;

/* As fp_log_parse_line. */
void fp_line_parse(fp_str line, fp_line_cache *cache, fp_log_record *out);

/*
 * `text` begins with FP_CLIENT_OPEN and holds FP_CLIENT_CLOSE at `end_mark`. Returns how much of
 * `text` the record takes: more may stand behind it on the line.
 */
size_t fp_line_parse_client(fp_str text, size_t end_mark, fp_log_record *out);

bool fp_line_is_site(fp_str line); /* site framing, of whatever age */

#endif
