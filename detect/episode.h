/* SPDX-License-Identifier: MIT */
/*
 * What happened: begin, success and failure of an activity, found in logs by an advisory's
 * signatures.
 *
 * An *activity* is data: a name and patterns (PCRE2, types kept inside signature.c) with roles.
 * Each log file is scanned once, in a stream (fp_scan_feed): only hits are kept. When all files are
 * read, their hits are put on one timeline (UTC; records found twice, as in overlapping copies,
 * count once; time between files that no record covers is a gap) and the machine makes *episodes*
 * of them (fp_timeline_build).
 *
 * Which files belong together. Files of one stem ("wsyncmgr.lo_", "wsyncmgr.log") and files that
 * share a dated hit are one *log*; each log has its own timeline, so that a line of another log
 * never ends an episode. A file without UTC times is a log of its own, unless it is the .lo_ or
 * .log beside another such file. A log is unbroken from one file to the next when their times
 * overlap, or when the first is a complete .lo_ and the next its .log; elsewhere there is a gap,
 * and no episode and no run reaches over it.
 *
 * The machine, for each activity of each log:
 * - BEGIN opens an episode. Begins come in bursts (a first line, a status message, a command line):
 * while the open episode has had begins only, one whose name it has not had yet is a mark on it.
 * Any other BEGIN closes the open episode without an end and opens the next.
 * - STEP and FAILURE open an episode when none is open: its begin was rotated away and is not
 * known.
 * - END closes the open episode: FAILED when it had a FAILURE, else COMPLETED, with counts that may
 * be zero. Outside an episode, or from another component than its begin, END means nothing.
 * - RUN_END and RUN_FAILURE close an open episode too, but do not complete it. A run that failed
 * and did not show the activity is not told: it may have failed before the activity's turn.
 * - A gap, the last record of a log, and FP_EPISODE_RECORDS_MAX records without a hit close it
 * without an end.
 * - A record that could not be read whole (cut, with NUL characters, or on which matching reached a
 * bound) may hide a FAILURE or an END: an episode around it is not COMPLETED, a run around it not
 * inactive. Closed without an end means FAILED when there was a FAILURE, else UNKNOWN.
 *
 * A message that was wrapped when it was pasted: inside an episode a record is also matched joined
 * with the one before it, if one of the two is plain, at most one blank line lies between them, and
 * both together are as short as such messages are (FAILURE and END).
 */
#ifndef FP_DETECT_EPISODE_H
#define FP_DETECT_EPISODE_H

#include "detect/logline.h"
#include "inventory/base/arena.h"
#include "inventory/base/fact.h"
#include "inventory/base/tri.h"

typedef enum fp_signature_role {
    FP_SIG_BEGIN = 0, /* the activity is under way */
    FP_SIG_STEP,      /* proves it under way as well; inside an episode only a mark on it */
    FP_SIG_FAILURE,   /* capture "update": the number it names, if any */
    FP_SIG_END, /* captures by position: up to four counts. Looked for inside an episode only */
    FP_SIG_RUN_BEGIN,   /* the enclosing run (e.g. a synchronisation) begins */
    FP_SIG_RUN_END,     /* ... and ends: an open episode in it ends here, without counts */
    FP_SIG_RUN_FAILURE, /* ... or ends before its time: it may not have come to the activity */
    FP_SIG_ROLES
} fp_signature_role;

enum {
    FP_SIG_COUNTS = 4,
    FP_SIGNATURES_MAX = 64, /* of one activity */
    FP_SIG_LITERALS_MAX = 32,
    FP_EPISODE_RECORDS_MAX = 100000, /* of one file, since the last hit */
    FP_EPISODE_UNMATCHED_MAX = 1000, /* of one file; then nothing of it is matched any more */
    FP_EPISODE_TEXT_MAX = 512        /* bytes kept of a failing message */
};

typedef struct fp_signature_def { /* from advisory data; strings outlive the activity */
    fp_signature_role role;
    fp_str name;
    fp_str pattern; /* PCRE2, UTF, matched against the message of one record; matching is bounded */
    const fp_str *literals; /* a record can match only if it holds one of these, ASCII letters
                               without case; ten characters and more make a fast search. None: every
                               record is tried (allowed for END only, as it is tried inside episodes
                               only). Literals are looked for in the text as it stands: better
                               without '_', '\\' and quotes, which web pages change */
    size_t literal_count;
} fp_signature_def;

typedef struct fp_activity fp_activity;

/* `where` of the diag: index of the bad signature. FP_FORMAT: PCRE2's words; a pattern that matches
 * the empty string is refused; FP_LIMIT. Freed by fp_activity_free; strings are copied. */
FP_MUST_CHECK fp_status fp_activity_new(fp_str name, const fp_signature_def *defs, size_t count,
                                        fp_activity **out, fp_diag *d);
void fp_activity_free(fp_activity *activity); /* NULL is fine */

/* One log file being scanned for several activities at once. */
typedef struct fp_timeline fp_timeline;
typedef struct fp_scan fp_scan;

FP_MUST_CHECK fp_timeline *fp_timeline_new(fp_arena *arena, const fp_activity *const *activities,
                                           size_t count);
void fp_timeline_free(fp_timeline *timeline); /* scans' buffers; what the arena holds stays */
/* `name` (path or file name, copied) tells wsyncmgr.lo_ from wsyncmgr.log. FP_NOMEM. */
FP_MUST_CHECK fp_status fp_scan_begin(fp_timeline *timeline, uint32_t item, fp_str name,
                                      const char *code_page, fp_scan **out);
/* FP_NOMEM; FP_UNSUPPORTED: no such code page. */
FP_MUST_CHECK fp_status fp_scan_feed(fp_scan *scan, fp_span bytes);
/* Frees the scan. `complete` false: the file was cut, its end proves nothing. */
FP_MUST_CHECK fp_status fp_scan_end(fp_scan *scan, bool complete);

typedef struct fp_log_file { /* one per scanned item */
    uint32_t item;
    fp_str name;
    bool complete;
    fp_log_counts counts;
    uint64_t hits;       /* records on which a signature matched, and damaged ones, kept */
    uint64_t duplicates; /* hits that another file had already */
    uint64_t unmatched;  /* times that matching reached a bound: neither a hit nor none */
    bool hits_lost; /* more hits than FP_TIMELINE_HITS_MAX: the rest of the file proves nothing */
    fp_str host;    /* first SYS= of its STATMSG records; empty when none; conflicting: see hosts */
    uint32_t log;   /* files with the same number belong to one log */
} fp_log_file;

enum { FP_TIMELINE_HITS_MAX = 50000, FP_TIMELINE_HOSTS_MAX = 8 };

typedef struct fp_log_gap { /* of one log; each dated log begins with an open one */
    fp_time from, to;       /* of the uncovered stretch; FP_TIME_NONE = open */
    uint32_t before, after; /* items on its two sides, 0 = none */
} fp_log_gap;

typedef enum fp_episode_outcome {
    FP_EPISODE_UNKNOWN = 0, /* no end was seen, or a record in it could not be read whole */
    FP_EPISODE_COMPLETED,   /* an END, no FAILURE in it */
    FP_EPISODE_FAILED       /* a FAILURE inside it */
} fp_episode_outcome;

typedef struct fp_episode {
    uint32_t activity; /* index in the timeline's activities */
    fp_episode_outcome outcome;
    bool whole;     /* FAILED: the failure was seen; COMPLETED: begin and end were seen */
    bool cut_short; /* its log ends in it, or has a gap there: what came next was not seen */
    bool skewed;    /* its file contradicts its own times: see dated */
    /* Begin and end times are known, and nothing contradicts its file's times: no GMTDATE, no clock
     * that was set back, for before or after that it was wrong. */
    bool dated;
    fp_time begin;   /* UTC of the first BEGIN; FP_TIME_NONE: not seen, or without a time */
    fp_time end;     /* of END; FAILED without one: of the last hit; else FP_TIME_NONE */
    fp_time failure; /* of the first FAILURE, or FP_TIME_NONE */
    bool has_counts;
    uint64_t counts[FP_SIG_COUNTS]; /* by position, from END */
    fp_str update;                  /* what the first FAILURE captured, or empty */
    fp_str marks; /* names of all signatures seen in it, comma separated, in the data's order */
    fp_origin begin_origin;   /* of its first hit, a BEGIN or not */
    fp_origin end_origin;     /* of its last hit: END, when there was one */
    fp_origin failure_origin; /* no item when there was no FAILURE */
    fp_str failure_text;      /* the first failing message, at most FP_EPISODE_TEXT_MAX bytes */
} fp_episode;

typedef struct fp_run { /* an enclosing run that was seen from RUN_BEGIN to RUN_END in unbroken log
                         */
    uint32_t activity;
    fp_time begin, end;
    bool
        active; /* the activity was seen in it; false only when every record in it was read whole */
    fp_origin begin_origin, end_origin;
} fp_run;

typedef struct fp_history { /* in the arena */
    fp_log_file *files;     /* in the order of time */
    size_t file_count;
    fp_log_gap *gaps;
    size_t gap_count;
    fp_episode
        *episodes; /* in the order of time; undated ones in file order, after nothing is known */
    size_t episode_count;
    fp_run *runs;
    size_t run_count;
    fp_str hosts[FP_TIMELINE_HOSTS_MAX]; /* distinct SYS= values (host part before the first dot,
                                            case ignored) */
    fp_origin host_origins[FP_TIMELINE_HOSTS_MAX];
    size_t host_count;
} fp_history;

/* Items whose scan has ended may turn out to be cut (their archive was damaged further on): then
 * their end proves nothing. Asks `is_cut` of each; before fp_timeline_build. */
void fp_timeline_cut(fp_timeline *timeline, bool (*is_cut)(void *context, uint32_t item),
                     void *context);

/* After all scans have ended. */
FP_MUST_CHECK fp_status fp_timeline_build(fp_timeline *timeline, const fp_history **out);

/* Does some log have a stretch that was not looked through, so that whole episodes may lie in it
 * unseen? Hits were lost, lines were cut, or matching was given up. */
bool fp_history_has_holes(const fp_history *history);

#endif
