/* SPDX-License-Identifier: MIT */
/*
 * The traces a hotfix leaves (domain.md 6): keys of Update.exe, the HotFix key, uninstall entries.
 * One answer per KB, with every trace listed; both registry views are searched.
 */
#ifndef FP_CONFIGMGR_MARKER_H
#define FP_CONFIGMGR_MARKER_H

#include "inventory/base/version.h"
#include "inventory/registry/registry.h"

enum { FP_MARKER_FILES_MAX = 256, FP_MARKER_TRACES_MAX = 64 };

typedef enum fp_trace_place {
    FP_TRACE_UPDATES = 0, /* SOFTWARE\Microsoft\Updates\<product>\<level>\KB...: the marker proper */
    FP_TRACE_HOTFIX,      /* SOFTWARE\Microsoft\Windows NT\CurrentVersion\HotFix\KB... */
    FP_TRACE_UNINSTALL,   /* ...\CurrentVersion\Uninstall\* whose key or display name holds the KB */
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
    fp_str product; /* UPDATES: the key below Updates ("System Center Configuration Manager 2007") */
    fp_str level;   /* UPDATES: the key below that ("SP1") */
    fp_str key_path;
    fp_time written; /* last write of the key, from a hive; FP_TIME_NONE */
    fp_str installed_date; /* raw text, format unconfirmed: never orders events by itself */
    fp_str installed_by;
    fp_str description;
    fp_str type;
    fp_marker_file *files;
    size_t file_count;
    fp_origin origin;
} fp_trace;

typedef struct fp_marker {
    fp_str kb;        /* "KB954474" */
    fp_tri present;   /* by the UPDATES places of the product asked for, both views */
    fp_unknown_why why;
    fp_trace *traces; /* all places */
    size_t trace_count;
    fp_tri elsewhere;      /* a trace in another place than UPDATES */
    fp_observations notes; /* disagreements in words: "uninstall entry without marker key" ... */
    fp_str unknown_where;  /* when unknown: the key path whose export would settle it */
} fp_marker;

/*
 * Searches for `kb` ("KB954474"; the bare number matches too) below the update product `product`
 * (case ignored; empty = any product).
 */
FP_MUST_CHECK fp_status fp_marker_read(fp_registry *reg, fp_str kb, fp_str product, fp_arena *arena,
                                       fp_marker *out);
/* Every KB that left an UPDATES trace; for `fixproof inventory`. TRUE: the listing is complete. */
FP_MUST_CHECK fp_status fp_marker_list(fp_registry *reg, fp_arena *arena, fp_marker **out,
                                       size_t *count, fp_tri *complete);

/*
 * When was it installed? A window [earliest, latest], either may be FP_TIME_NONE. The date text alone
 * gives no window; together with a key's last write in a hive on the same day (either order of month
 * and day) it does: from that day's earliest instant anywhere on earth (UTC+14) to the write. The last write
 * alone gives only `latest`.
 */
typedef struct fp_install_window {
    fp_time earliest;
    fp_time latest;
} fp_install_window;
fp_install_window fp_marker_window(const fp_marker *marker);

#endif
