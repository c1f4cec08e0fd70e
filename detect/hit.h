/* SPDX-License-Identifier: MIT */
/*
 * Inside `detect`: what a scan keeps of a log file, how the timeline orders it, and the machine
 * that reads it.
 *
 *   scan.c       one file -> hits                       (a stream; memory by the number of hits)
 *   timeline.c   hits of all files -> logs in order     (duplicates, breaks, gaps)
 *   episode.c    one log in order -> episodes and runs  (the machine)
 */
#ifndef FP_DETECT_HIT_H
#define FP_DETECT_HIT_H

#include "detect/episode.h"
#include "detect/literal.h"
#include "detect/signature.h"

typedef struct fp_signature {
    fp_signature_role role;
    char *name;
    fp_pattern *pattern;
    size_t first_literal; /* in the activity's `literals` */
    size_t literal_count;
} fp_signature;

struct fp_activity {
    char *name;
    fp_signature *signatures;
    size_t count;
    fp_literal *literals; /* owner = index of the signature; texts are the activity's */
    size_t literal_count;
    size_t order[FP_SIGNATURES_MAX]; /* signatures in the order they are tried */
};

typedef enum fp_hit_kind {
    FP_HIT_SIGNATURE = 0,
    FP_HIT_DAMAGE,  /* a record that could not be read whole: what seems absent may have stood here
                     */
    FP_HIT_EXPIRED, /* FP_EPISODE_RECORDS_MAX records went by */
    FP_HIT_BREAK    /* records are missing here */
} fp_hit_kind;

#define FP_HIT_ALL_ACTIVITIES UINT32_MAX

typedef struct fp_hit_detail { /* of a FAILURE or an END */
    fp_str text, update;
    bool has_counts;
    uint64_t counts[FP_SIG_COUNTS];
} fp_hit_detail;

typedef struct fp_hit {
    fp_hit_kind kind;
    uint32_t activity; /* index, or FP_HIT_ALL_ACTIVITIES */
    uint32_t signature;
    uint32_t thread;
    uint32_t file;  /* index in the timeline's files */
    bool duplicate; /* another file has it */
    fp_time time;   /* UTC or FP_TIME_NONE */
    fp_time key;    /* place in the log's order; FP_TIME_NONE in a file without times */
    uint64_t line;
    uint64_t component; /* hash; 0 = none; of a plain record the framed one before it */
    uint64_t text_hash;
    const fp_hit_detail *detail; /* NULL unless FAILURE or END; may be shared */
} fp_hit;

typedef struct fp_hit_chunk {
    struct fp_hit_chunk *next;
    size_t count;
    fp_hit hits[64];
} fp_hit_chunk;

typedef struct fp_file { /* a scanned file; fp_log_file is what is told of it */
    fp_log_file told;
    fp_hit_chunk *first, *last;
    size_t order; /* among all files, once they are sorted */
    uint32_t index;
    bool skewed; /* a GMTDATE contradicts its times */
} fp_file;

struct fp_timeline {
    fp_arena *arena;
    const fp_activity **activities;
    size_t activity_count;
    size_t *first_signature; /* of each activity, in the numbering over all of them */
    size_t signature_count;
    fp_literals *literals; /* owner: number of the signature over all activities */
    fp_matcher *matcher;
    fp_file **files;
    size_t file_count, file_capacity;
    size_t hit_count;
    fp_scan *scans; /* not ended yet */
    fp_str hosts[FP_TIMELINE_HOSTS_MAX];
    fp_origin host_origins[FP_TIMELINE_HOSTS_MAX];
    size_t host_count;
};

void fp_scan_free(fp_scan *scan); /* and takes it off its timeline's list */

/* "line 17" as an origin. */
FP_MUST_CHECK fp_status fp_line_origin(fp_arena *arena, uint32_t item, uint64_t line,
                                       fp_origin *out);

/* Growing lists in the arena. */
typedef struct fp_episode_row {
    const fp_episode *episode;
    fp_time key; /* of its first hit; FP_TIME_NONE sorts last */
    size_t number;
} fp_episode_row;

typedef struct fp_run_row {
    fp_run run;
    fp_time key;
    size_t number;
} fp_run_row;

typedef struct fp_outcomes {
    fp_arena *arena;
    fp_episode_row *episodes;
    size_t episode_count, episode_capacity;
    fp_run_row *runs;
    size_t run_count, run_capacity;
} fp_outcomes;

/*
 * Reads the hits of one log for one activity, in order. A NULL hit ends the log: what is open is
 * closed.
 */
typedef struct fp_machine fp_machine;
FP_MUST_CHECK fp_machine *fp_machine_new(const fp_timeline *timeline, uint32_t activity,
                                         fp_outcomes *out);
FP_MUST_CHECK fp_status fp_machine_take(fp_machine *machine, const fp_hit *hit);

#endif
