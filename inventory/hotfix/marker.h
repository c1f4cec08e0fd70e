/* SPDX-License-Identifier: MIT */
/*
 * The traces a hotfix leaves (domain.md 6): keys of Update.exe, the HotFix key, uninstall entries.
 * One answer per KB, with every trace listed; both registry views are searched.
 *
 * A key names a hotfix when the KB stands in its name as a whole word: "KB954474", "KB954474-v2",
 * "SMS2003AC-KB885266-x86", case ignored; or when the bare number is the whole name. KB9544741 is
 * another one.
 */
#ifndef FP_HOTFIX_MARKER_H
#define FP_HOTFIX_MARKER_H

#include "inventory/base/version.h"
#include "inventory/registry/registry.h"

enum {
    FP_MARKER_FILES_MAX = 256,          /* of a trace */
    FP_MARKER_TRACES_MAX = 64,          /* of a hotfix; further ones still count as seen */
    FP_MARKERS_MAX = 1024,              /* hotfixes that fp_marker_list lists */
    FP_MARKER_SEARCH_FILES_MAX = 16384, /* kept by one search, over all traces */
    FP_MARKER_SEARCH_TRACES_MAX = 4096, /* the same of traces */
    FP_MARKER_KEYS_MAX = 1 << 20        /* registry keys looked at by one search */
};

typedef enum fp_trace_place {
    FP_TRACE_UPDATES =
        0,              /* SOFTWARE\Microsoft\Updates\<product>\<level>\KB...: the marker proper */
    FP_TRACE_HOTFIX,    /* SOFTWARE\Microsoft\Windows NT\CurrentVersion\HotFix\KB... */
    FP_TRACE_UNINSTALL, /* ...\CurrentVersion\Uninstall\* whose key or display name holds the KB */
    FP_TRACE_PLACES
} fp_trace_place;

typedef struct fp_marker_file { /* Filelist\<n> */
    fp_str name;
    fp_str version_text;
    bool has_version; /* version_text is a version */
    fp_version version;
    fp_str location;
    fp_origin origin;
} fp_marker_file;

typedef struct fp_trace {
    fp_trace_place place;
    bool wow64;
    bool other_product; /* UPDATES: below another product than the one asked for */
    fp_str
        product;  /* UPDATES: the key below Updates ("System Center Configuration Manager 2007") */
    fp_str level; /* UPDATES: the key below that ("SP1"); empty when there is none */
    fp_str name;  /* of the key itself, as stored: "KB954474-v2" */
    fp_str key_path;
    fp_time written;       /* last write of the key, from a hive; FP_TIME_NONE */
    fp_str installed_date; /* raw text, format unconfirmed: never orders events by itself */
    fp_str installed_by;
    fp_str description; /* UNINSTALL: the display name */
    fp_str type;
    fp_marker_file *files;
    size_t file_count;
    fp_tri files_complete; /* TRUE: `files` has all that the key records, names and versions too */
    fp_origin origin;
} fp_trace;

typedef struct fp_marker {
    fp_str kb;      /* "KB954474" */
    fp_tri present; /* by the UPDATES places of the product asked for, both views */
    fp_unknown_why why;
    fp_trace *traces; /* all places */
    size_t trace_count;
    bool traces_lost; /* there are more, over the limits above */
    fp_tri elsewhere; /* a trace in another place than UPDATES, or there below another product */
    fp_observations searched; /* what was looked for where, and how that came out */
    fp_observations notes;    /* disagreements and oddities in words */
    fp_str unknown_where;     /* when unknown: the key path (or two, joined by " and ") whose export
                                 would     settle it */
} fp_marker;

/*
 * Searches for `kb` ("KB954474", or the bare number) below the update product `product` (case
 * ignored; empty = any product). FP_FORMAT: `kb` is no KB number; FP_NOMEM.
 */
FP_MUST_CHECK fp_status fp_marker_read(fp_registry *reg, fp_str kb, fp_str product, fp_arena *arena,
                                       fp_marker *out);
/*
 * Every KB that left an UPDATES trace, in the order of their numbers; for `fixproof inventory`.
 * *complete is TRUE when there are no others, else UNKNOWN.
 */
FP_MUST_CHECK fp_status fp_marker_list(fp_registry *reg, fp_arena *arena, fp_marker **out,
                                       size_t *count, fp_tri *complete);

/*
 * When was it installed? A window [earliest, latest], either may be FP_TIME_NONE: not known. The
 * date text alone gives no window; together with a key's last write in a hive on the same day
 * (either order of month and day) it does: from that day's earliest instant anywhere on earth
 * (UTC+14) to the write. The last write alone gives only `latest`. Several marker keys of the
 * product asked for give the window that holds all of theirs.
 */
typedef struct fp_install_window {
    fp_time earliest;
    fp_time latest;
} fp_install_window;
fp_install_window fp_marker_window(const fp_marker *marker);

/* The version a marker records against that of the file on disk. */
typedef enum fp_recorded {
    FP_RECORDED_UNKNOWN = 0, /* one of them is no version */
    FP_RECORDED_OLDER,       /* than the file: a later update replaced it */
    FP_RECORDED_EQUAL,
    FP_RECORDED_NEWER /* than the file: what the marker says is there is not */
} fp_recorded;
/* `on_disk` may be NULL: not known. */
fp_recorded fp_marker_compare(const fp_marker_file *recorded, const fp_version *on_disk);
/* Is `path` (of a file in the evidence, with / or \) a file of the recorded name? Case ignored. */
bool fp_marker_file_is(const fp_marker_file *recorded, fp_str path);

#endif
