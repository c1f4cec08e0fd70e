/* SPDX-License-Identifier: MIT */
/*
 * ConfigMgr log files as records: the three framings of ConfigMgr and SMS logs.
 *
 *   site    message $$<COMPONENT><06-13-2008 04:05:06.789+300><thread=4844 (0x12EC)>
 *   client  <![LOG[message]LOG]!><time="04:05:06.789+300" date="06-13-2008" component=... >
 *   plain   anything else: pasted from a viewer, an advisory, a ticket; no time of its own
 *
 * A push reader: bytes arrive in pieces (any encoding, see text.h), records leave through a
 * callback; the same bytes give the same records wherever they were cut. Lines end at LF, CR LF or
 * a lone CR (one real log mixes all three) and are numbered so. A blank line is no record.
 *
 * UTC = local + bias. A record without a bias, or with an impossible one, has no UTC time but is
 * kept. The framing is text: a message can forge it, so it proves nothing about its author.
 *
 * Plain records are made readable as people paste them: a leading list mark ("- ", "* ") and
 * trailing blanks or a stray "-" go, curly quotes become straight, a viewer's row (message TAB
 * component TAB date TAB thread) loses its columns, and where the whole item looks like Markdown
 * (decided by its head: no framed record, several "\_") "\_" and "\\" lose their backslash.
 */
#ifndef FP_DETECT_LOGLINE_H
#define FP_DETECT_LOGLINE_H

#include "inventory/base/text.h"
#include "inventory/base/time.h"

enum {
    FP_LOG_LINE_MAX = 1024 * 1024,   /* bytes kept of a line, and of a whole client record */
    FP_LOG_RECORD_LINES_MAX = 10000, /* physical lines of one client record */
    FP_LOG_HEAD = 64 * 1024,         /* bytes from which encoding and Markdown are told */
    FP_LOG_BIAS_MAX = 14 * 60,       /* minutes; no zone on Earth is further from UTC */
    FP_LOG_BACKWARDS_MS = 1000, /* threads write a little out of order: no clock was set back */
    FP_LOG_GMT_SLACK_MS = 5 * 60 * 1000 /* between a record's stamp and its STATMSG's GMTDATE */
};

typedef enum fp_log_framing {
    FP_LOG_PLAIN = 0,
    FP_LOG_SITE,
    FP_LOG_CLIENT,
    FP_LOG_ROTATED, /* <MAXIMUM LOG FILE SIZE REACHED - FILE RENAMED> */
    FP_LOG_OLD      /* SMS 1.x / 2.0 stamps with a zone name: recognised, no UTC */
} fp_log_framing;

/* STATMSG: ID=6709 SEV=I ... : the fields that matter. */
typedef struct fp_statmsg {
    uint32_t id;
    fp_str severity, component, system, site;
    fp_time gmt; /* GMTDATE, or FP_TIME_NONE */
} fp_statmsg;

typedef struct fp_log_record { /* strings are valid during the callback */
    fp_log_framing framing;
    fp_time time;   /* UTC, or FP_TIME_NONE */
    fp_time local;  /* local time read as if UTC, or FP_TIME_NONE: order within one file */
    bool stamp_bad; /* there is a stamp and it is malformed or contradicts itself */
    fp_str message; /* without framing, without trailing '~' and blanks */
    fp_str component;
    uint32_t thread;
    unsigned type;  /* client framing: 1 information, 2 warning, 3 error, 0 common; else 0 */
    uint64_t line;  /* of its first line, from 1 */
    uint64_t lines; /* physical lines it spans */
    bool cut;       /* longer than a limit, or a client record that has no end */
    bool nul;       /* holds NUL characters: part of it was never written */
    fp_str raw;     /* as it stands in the text, framing and all; see fp_log_block_fn */
    const fp_statmsg *statmsg; /* of a message that is one, else NULL */
} fp_log_record;

typedef struct fp_log_counts {
    uint64_t lines, records, site, client, plain, rotated, old;
    uint64_t bad_stamps, backwards /* the time went back: UTC, or local where there is no UTC */;
    uint64_t mismatch;  /* STATMSG records whose GMTDATE contradicts local + bias */
    uint64_t cut_lines; /* lines and records over a limit: what was dropped proves nothing */
    uint64_t undecodable, nul;
    fp_time first, last; /* UTC of the first and last dated record as they stand; FP_TIME_NONE */
    fp_time earliest, latest;
    bool rotated_last; /* the last record is the rotation mark */
} fp_log_counts;

typedef struct fp_log_reader fp_log_reader;
/* A status other than FP_OK ends the reading: fp_log_feed returns it. */
typedef fp_status fp_log_record_fn(void *context, const fp_log_record *record);
/*
 * Told before the records of a stretch of text: until the next call, `raw` of every record lies
 * inside `block`, in order. So a caller can search the whole stretch at once.
 */
typedef void fp_log_block_fn(void *context, fp_str block);

/*
 * `code_page` is for text that is neither UTF-8 nor UTF-16 (NULL: bytes over 0x7F become U+FFFD).
 * NULL result: no memory. Memory use is bounded by FP_LOG_LINE_MAX.
 */
FP_MUST_CHECK fp_log_reader *fp_log_reader_new(const char *code_page, fp_log_record_fn *record,
                                               void *context);
void fp_log_reader_on_block(fp_log_reader *reader, fp_log_block_fn *block);
/* FP_NOMEM; FP_UNSUPPORTED: no such code page; or what the callback returned. The first one sticks.
 */
FP_MUST_CHECK fp_status fp_log_feed(fp_log_reader *reader, fp_span bytes);
/* Last record, counts; does not free. */
FP_MUST_CHECK fp_status fp_log_end(fp_log_reader *reader, fp_log_counts *counts);
void fp_log_reader_free(fp_log_reader *reader); /* NULL is fine */

/*
 * Parses one line (UTF-8, without its end) of site or plain framing; client records need the
 * reader. Curly quotes and Markdown stay: strings point into `line`. `line`, `lines`, `cut`,
 * `statmsg` are not set.
 */
void fp_log_parse_line(fp_str line, fp_log_record *out);

/* False when the message is none. Quotes may be curly, as on web pages. Strings point into
 * `message`. */
FP_MUST_CHECK bool fp_statmsg_parse(fp_str message, fp_statmsg *out);

#endif
