/* SPDX-License-Identifier: MIT */
/*
 * Hotfixes: every trace they left anywhere in the evidence, and one answer per KB.
 *
 * A name names a hotfix when the KB stands in it as a whole word: "KB954474", "KB954474-v2",
 * "SMS2003AC-KB885266-x86", case ignored; or, of a registry key, when the bare number is the whole
 * name. KB9544741 is another one. Both registry views are searched.
 */
#ifndef FP_HOTFIX_HOTFIX_H
#define FP_HOTFIX_HOTFIX_H

#include "inventory/hotfix/listing.h"
#include "inventory/hotfix/trace.h"
#include "inventory/registry/registry.h"

enum {
    FP_HOTFIX_TRACES_MAX = 64,           /* of a hotfix; further ones still count as seen */
    FP_HOTFIXES_MAX = 4096,              /* that fp_hotfix_list lists */
    FP_HOTFIX_ASKED_MAX = 256,           /* at once: each has room for all its traces */
    FP_HOTFIX_COPIES_MAX = 256,          /* files of one name that are compared; of more, unknown */
    FP_HOTFIX_SEARCH_FILES_MAX = 16384,  /* kept by one search, over all traces */
    FP_HOTFIX_SEARCH_TRACES_MAX = 16384, /* the same of traces */
    FP_HOTFIX_KEYS_MAX = 1 << 20         /* registry keys looked at by one search */
};

/* A program file in the evidence, by a name that it goes by: its own, or the original one in its
 * version resource. Where they differ there is one entry for each. */
typedef struct fp_hotfix_file {
    uint32_t item;
    fp_str name;        /* without a folder */
    fp_version version; /* count 0: not known, as it could not be read or contradicts itself */
    bool put_aside;     /* fp_hotfix_is_put_aside of its path: it is no file that runs */
} fp_hotfix_file;

/* What Update.exe put aside to be able to go back, %windir%\$NTUninstallKB...$: old
 * by design. */
bool fp_hotfix_is_put_aside(fp_str path);

/* For qsort: by name without case, then by item. */
int fp_hotfix_file_order(const void *a, const void *b);

/* Where an item lies, or came from: $NTUninstallKB954474$\spuninst.inf. */
typedef struct fp_hotfix_path {
    uint32_t item;
    fp_str path; /* with / or \ */
} fp_hotfix_path;

/* Everything in the evidence that can hold traces. All of it outlives the answers. */
typedef struct fp_hotfix_evidence {
    fp_registry *registry;
    const fp_listing *listings;
    size_t listing_count;
    const fp_hotfix_file *files; /* in the order of fp_hotfix_file_order */
    size_t file_count;
    const fp_hotfix_path *paths;
    size_t path_count;
} fp_hotfix_evidence;

typedef enum fp_hotfix_state {
    FP_HOTFIX_UNKNOWN = 0,
    FP_HOTFIX_ABSENT, /* every place that would record it was read: none says that it is */
    FP_HOTFIX_INSTALLED,
    FP_HOTFIX_PENDING,     /* installed once the server restarts */
    FP_HOTFIX_SUPERSEDED,  /* installed, and replaced by a later one */
    FP_HOTFIX_REMOVED,     /* a place records that it is not, or no longer, installed */
    FP_HOTFIX_CONFLICTING, /* traces contradict each other: nothing follows from them */
    FP_HOTFIX_STATES
} fp_hotfix_state;

const char *fp_hotfix_state_name(fp_hotfix_state state); /* published: "installed" ... */

/* How sure: what the state rests on. */
typedef enum fp_hotfix_ground {
    FP_GROUND_NONE = 0,
    FP_GROUND_REPORTED, /* a listing says so, or a trace that is no installer's own record */
    FP_GROUND_RECORDED, /* the installer's own record says so */
    FP_GROUND_CONFIRMED /* ... and every file it records is on disk in at least that version */
} fp_hotfix_ground;

const char *fp_hotfix_ground_name(fp_hotfix_ground ground); /* published: "recorded" ... */

typedef struct fp_hotfix {
    fp_str kb; /* "KB954474" */
    fp_hotfix_state state;
    fp_hotfix_ground ground;
    fp_str because;     /* the state in one sentence, for a reader */
    fp_unknown_why why; /* UNKNOWN, CONFLICTING; or `present` unknown */

    fp_tri present;   /* by the UPDATES places of the product asked for, both views */
    fp_tri elsewhere; /* a trace in another place than UPDATES, or there below another product;
                         FP_TRACE_SAYS_HINT traces do not count */
    bool contested;   /* sources disagree about a key or value that decides what a trace says */
    bool covered;     /* every place that would record it was read, and soundly */
    /* The files recorded below UPDATES (of the product asked for) against those on disk: FALSE: one
     * on disk is older than recorded; TRUE: none is, and each whose version is recorded was
     * compared; UNKNOWN: some could not be, or none is recorded. */
    fp_tri files_match;

    fp_trace *traces; /* all places, in their order */
    size_t trace_count;
    bool traces_lost;         /* there are more, over the limits above */
    fp_observations searched; /* what was looked for where, and how that came out */
    fp_observations notes;    /* disagreements and oddities in words */
    fp_observations compared; /* each recorded file against each of its name on disk, in words */
    fp_str unknown_where;     /* when unknown: the key path (or two, joined by " and ") whose export
                                 would settle it */
} fp_hotfix;

/*
 * Searches for `kb` ("KB954474", or the bare number) below the update product `product` (case
 * ignored; empty = any product). FP_FORMAT: `kb` is no KB number; FP_NOMEM.
 */
FP_MUST_CHECK fp_status fp_hotfix_read(const fp_hotfix_evidence *evidence, fp_str kb,
                                       fp_str product, fp_arena *arena, fp_hotfix *out);
/*
 * The same of several in one walk: out[i] is that of kbs[i], and what fp_hotfix_read would tell as
 * long as the limits on all traces and files of a search are not reached. FP_LIMIT: more than
 * FP_HOTFIX_ASKED_MAX.
 */
FP_MUST_CHECK fp_status fp_hotfix_read_each(const fp_hotfix_evidence *evidence, const fp_str *kbs,
                                            size_t count, fp_str product, fp_arena *arena,
                                            fp_hotfix *out);
/*
 * Every KB that left a trace other than a mere name of a log or folder, in the order of their
 * numbers; for `fixproof inventory`. *complete is TRUE when there are no others, else UNKNOWN.
 */
FP_MUST_CHECK fp_status fp_hotfix_list(const fp_hotfix_evidence *evidence, fp_arena *arena,
                                       fp_hotfix **out, size_t *count, fp_tri *complete);

#endif
