/* SPDX-License-Identifier: MIT */
/*
 * ConfigMgr log files as records: the three framings of formats.md 6.
 *
 *   site    message $$<COMPONENT><06-13-2008 04:05:06.789+300><thread=4844 (0x12EC)>
 *   client  <![LOG[message]LOG]!><time="04:05:06.789+300" date="06-13-2008" component=... >
 *   plain   anything else: pasted from a viewer, an advisory, a ticket; no time of its own
 *
 * A push reader: bytes arrive in pieces (any encoding, see text.h), records leave through a callback.
 * UTC = local + bias. A record without a bias, or with an impossible one, has no UTC time but is kept.
 */
#ifndef FP_DETECT_LOGLINE_H
#define FP_DETECT_LOGLINE_H

#include "inventory/base/text.h"
#include "inventory/base/time.h"

enum {
    FP_LOG_LINE_MAX = 1024 * 1024,    /* bytes of one physical line kept; the rest is dropped, a problem */
    FP_LOG_RECORD_LINES_MAX = 10000   /* physical lines of one client record */
};

typedef enum fp_log_framing {
    FP_LOG_PLAIN = 0,
    FP_LOG_SITE,
    FP_LOG_CLIENT,
    FP_LOG_ROTATED, /* <MAXIMUM LOG FILE SIZE REACHED - FILE RENAMED> */
    FP_LOG_OLD      /* SMS 1.x / 2.0 stamps with a zone name: recognised, no UTC */
} fp_log_framing;

typedef struct fp_log_record { /* strings are valid during the callback */
    fp_log_framing framing;
    fp_time time;      /* UTC, or FP_TIME_NONE */
    fp_time local;     /* local time read as if UTC, or FP_TIME_NONE: order within one file */
    bool stamp_bad;    /* there is a stamp and it is malformed or contradicts itself */
    fp_str message;    /* without framing, without trailing '~' and blanks */
    fp_str component;
    uint32_t thread;
    unsigned type;     /* client framing: 1 information, 2 warning, 3 error, 0 common; else 0 */
    uint64_t line;     /* of its first line, from 1 */
    uint64_t lines;    /* physical lines it spans */
    bool cut;          /* longer than the limit, or ended by the end of the file */
} fp_log_record;

typedef struct fp_log_counts {
    uint64_t lines, records, site, client, plain, bad_stamps, backwards /* local time went back */;
    uint64_t cut_lines, undecodable, nul;
    fp_time first, last; /* UTC of the first and last dated record as they stand; FP_TIME_NONE */
    fp_time earliest, latest;
} fp_log_counts;

typedef struct fp_log_reader fp_log_reader;
typedef fp_status fp_log_record_fn(void *context, const fp_log_record *record);

/*
 * `code_page` is for text that is neither UTF-8 nor UTF-16 (NULL: bytes over 0x7F become U+FFFD).
 * NULL result: no memory. Memory use is bounded by FP_LOG_LINE_MAX.
 */
FP_MUST_CHECK fp_log_reader *fp_log_reader_new(const char *code_page, fp_log_record_fn *record,
                                               void *context);
FP_MUST_CHECK fp_status fp_log_feed(fp_log_reader *reader, fp_span bytes);
/* Last record, counts; does not free. */
FP_MUST_CHECK fp_status fp_log_end(fp_log_reader *reader, fp_log_counts *counts);
void fp_log_reader_free(fp_log_reader *reader); /* NULL is fine */

/* Parses one line (UTF-8, without its end) of site or plain framing; client records need the reader. */
void fp_log_parse_line(fp_str line, fp_log_record *out);

/* Does this head of an item look like a ConfigMgr log: does a line of it carry a framing, or a STATMSG? */
bool fp_log_probe(fp_span head);

/* STATMSG: ID=6709 SEV=I ... : the fields that matter; false when the message is none. */
typedef struct fp_statmsg {
    uint32_t id;
    fp_str severity, component, system, site;
    fp_time gmt; /* GMTDATE, or FP_TIME_NONE */
} fp_statmsg;
FP_MUST_CHECK bool fp_statmsg_parse(fp_str message, fp_statmsg *out);

#endif
