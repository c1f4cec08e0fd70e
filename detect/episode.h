/* SPDX-License-Identifier: MIT */
/*
 * What happened: begin, success and failure of an activity, found in logs by an advisory's signatures.
 *
 * An *activity* is data: a name and patterns (PCRE2, types kept inside signature.c) with roles. Each log file is
 * scanned once, in a stream (fp_scan_*): only hits are kept. When all files are read, their hits are put on
 * one timeline (UTC; records found twice, as in overlapping copies, count once; time between files
 * that no record covers is a gap) and the machine makes *episodes* of them (fp_timeline_build).
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
    FP_SIG_END,       /* captures by position: up to four counts. Looked for inside an episode only */
    FP_SIG_RUN_BEGIN, /* the enclosing run (e.g. a synchronisation) begins */
    FP_SIG_RUN_END,   /* ... and ends: an open episode in it ends here, without counts */
    FP_SIG_ROLES
} fp_signature_role;

enum { FP_SIG_COUNTS = 4, FP_SIGNATURES_MAX = 64, FP_SIG_LITERALS_MAX = 32 };

typedef struct fp_signature_def { /* from advisory data; strings outlive the activity */
    fp_signature_role role;
    fp_str name;
    fp_str pattern;   /* PCRE2, UTF, matched against the message of one record; matching is bounded */
    const fp_str *literals; /* a record can match only if it holds one of these; none: every record is tried
                               (allowed for END only, as it is tried inside episodes only) */
    size_t literal_count;
} fp_signature_def;

typedef struct fp_activity fp_activity;

/* `where` of the diag: index of the bad signature. FP_FORMAT: PCRE2's words; a pattern that matches the
 * empty string is refused; FP_LIMIT. Freed by fp_activity_free; strings are copied. */
FP_MUST_CHECK fp_status fp_activity_new(fp_str name, const fp_signature_def *defs, size_t count,
                                        fp_activity **out, fp_diag *d);
void fp_activity_free(fp_activity *activity);

/* One log file being scanned for several activities at once. */
typedef struct fp_timeline fp_timeline;
typedef struct fp_scan fp_scan;

FP_MUST_CHECK fp_timeline *fp_timeline_new(fp_arena *arena, const fp_activity *const *activities,
                                           size_t count);
void fp_timeline_free(fp_timeline *timeline); /* scans' buffers; what the arena holds stays */
/* `name` tells wsyncmgr.lo_ from wsyncmgr.log where no time does. */
FP_MUST_CHECK fp_status fp_scan_begin(fp_timeline *timeline, uint32_t item, fp_str name,
                                      const char *code_page, fp_scan **out);
FP_MUST_CHECK fp_status fp_scan_feed(fp_scan *scan, fp_span bytes);
/* Frees the scan. `complete` false: the file was cut, its end proves nothing. */
FP_MUST_CHECK fp_status fp_scan_end(fp_scan *scan, bool complete);

typedef struct fp_log_file { /* one per scanned item */
    uint32_t item;
    fp_str name;
    bool complete;
    fp_log_counts counts;
    uint64_t duplicates; /* hits that another file had already */
    bool hits_lost;      /* more hits than FP_TIMELINE_HITS_MAX */
    fp_str host;         /* SYS= of its STATMSG records; empty when none; conflicting: see hosts */
} fp_log_file;

enum { FP_TIMELINE_HITS_MAX = 1000000, FP_TIMELINE_HOSTS_MAX = 8 };

typedef struct fp_log_gap {
    fp_time from, to;            /* of the uncovered stretch; FP_TIME_NONE = open */
    uint32_t before, after;      /* items on its two sides, 0 = none */
} fp_log_gap;

typedef enum fp_episode_outcome {
    FP_EPISODE_UNKNOWN = 0, /* no end was seen: the log stops, or another begin came first */
    FP_EPISODE_COMPLETED,   /* an END, no FAILURE in it */
    FP_EPISODE_FAILED       /* a FAILURE inside it */
} fp_episode_outcome;

typedef struct fp_episode {
    uint32_t activity;        /* index in the timeline's activities */
    fp_episode_outcome outcome;
    bool whole;               /* FAILED: the failure was seen; COMPLETED: begin and end were seen */
    bool dated;               /* begin and end times are known */
    fp_time begin, end;       /* UTC; FP_TIME_NONE */
    bool has_counts;
    uint64_t counts[FP_SIG_COUNTS]; /* by position, from END */
    fp_str update;            /* what FAILURE captured, or empty */
    fp_str marks;             /* names of STEP and FAILURE signatures seen, comma separated */
    fp_origin begin_origin, end_origin, failure_origin;
    fp_str failure_text;      /* the failing message */
} fp_episode;

typedef struct fp_run { /* an enclosing run that was seen from RUN_BEGIN to RUN_END in unbroken log */
    uint32_t activity;
    fp_time begin, end;
    bool active; /* the activity was seen in it */
    fp_origin begin_origin, end_origin;
} fp_run;

typedef struct fp_history { /* in the arena */
    fp_log_file *files; /* in the order of time */
    size_t file_count;
    fp_log_gap *gaps;
    size_t gap_count;
    fp_episode *episodes; /* in the order of time; undated ones in file order, after nothing is known */
    size_t episode_count;
    fp_run *runs;
    size_t run_count;
    fp_str hosts[FP_TIMELINE_HOSTS_MAX]; /* distinct SYS= values (host part before the first dot, case ignored) */
    fp_origin host_origins[FP_TIMELINE_HOSTS_MAX];
    size_t host_count;
} fp_history;

/* After all scans have ended. */
FP_MUST_CHECK fp_status fp_timeline_build(fp_timeline *timeline, const fp_history **out);

#endif
