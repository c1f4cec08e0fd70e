/* SPDX-License-Identifier: MIT */
/*
 * A trace: what one place says of one hotfix. Every place that can hold traces is a row of the
 * table in places.c; what the traces of a hotfix mean together is decided in state.c.
 */
#ifndef FP_HOTFIX_TRACE_H
#define FP_HOTFIX_TRACE_H

#include "inventory/base/fact.h"
#include "inventory/base/time.h"
#include "inventory/base/tri.h"
#include "inventory/base/version.h"

enum {
    FP_TRACE_FILES_MAX = 256, /* of a trace */
};

typedef enum fp_trace_place {
    FP_TRACE_UPDATES =
        0,              /* SOFTWARE\Microsoft\Updates\<product>\<level>\KB...: the marker proper */
    FP_TRACE_HOTFIX,    /* SOFTWARE\Microsoft\Windows NT\CurrentVersion\HotFix\KB... */
    FP_TRACE_UNINSTALL, /* ...\CurrentVersion\Uninstall\* whose key or display name holds the KB */
    FP_TRACE_CBS,       /* ...\Component Based Servicing\Packages\Package_for_KB... */
    FP_TRACE_MSI,       /* ...\Installer\UserData\<sid>\Products\<product>\Patches\<patch> */
    FP_TRACE_LISTING,   /* a text that an administrator attached: listing.h */
    FP_TRACE_LOG,       /* an installer's log, by its name: KB954474.log */
    FP_TRACE_FOLDER,    /* $NTUninstallKB954474$, <install>\Logs\KB954474, by the paths of items */
    FP_TRACE_PLACES
} fp_trace_place;

const char *fp_trace_place_name(fp_trace_place place);  /* published: "updates", "hotfix", "cbs" */
const char *fp_trace_place_title(fp_trace_place place); /* for a reader: "marker key" */

/* What the place itself says. */
typedef enum fp_trace_says {
    FP_TRACE_SAYS_HINT = 0,   /* it was dealt with here; neither state follows from that */
    FP_TRACE_SAYS_INSTALLED,  /* recorded as installed */
    FP_TRACE_SAYS_PENDING,    /* recorded as waiting for a restart to be installed */
    FP_TRACE_SAYS_SUPERSEDED, /* installed, and replaced by a later one */
    FP_TRACE_SAYS_REMOVED,    /* recorded as not, or no longer, installed */
    FP_TRACE_SAYS_UNREADABLE, /* it says something that could not be read */
    FP_TRACE_SAYS_COUNT
} fp_trace_says;

const char *fp_trace_says_name(fp_trace_says says); /* published: "installed", "pending" ... */

typedef struct fp_trace_file { /* a file that a trace records: Filelist\<n> */
    fp_str name;
    fp_str version_text;
    bool has_version; /* version_text is a version */
    fp_version version;
    fp_str location;
    fp_origin origin;
} fp_trace_file;

/* The version a trace records against that of the file on disk. */
typedef enum fp_recorded {
    FP_RECORDED_UNKNOWN = 0, /* one of them is no version */
    FP_RECORDED_OLDER,       /* than the file: a later update replaced it */
    FP_RECORDED_EQUAL,
    FP_RECORDED_NEWER /* than the file: what the trace says is there is not */
} fp_recorded;
/* `on_disk` may be NULL: not known. */
fp_recorded fp_trace_file_compare(const fp_trace_file *recorded, const fp_version *on_disk);

typedef struct fp_trace {
    fp_trace_place place;
    fp_trace_says says;
    fp_str said; /* in the place's own words: "State = 0x2 (superseded)"; or empty */
    bool wow64;
    bool other_product; /* UPDATES: below another product than the one asked for */
    fp_str product;  /* UPDATES: the key below Updates ("System Center Configuration Manager 2007");
                        MSI: the product's display name */
    fp_str level;    /* UPDATES: the key below that ("SP1"); empty when there is none */
    fp_str name;     /* of the key itself, as stored: "KB954474-v2" */
    fp_str key_path; /* registry places */
    fp_time written; /* last write of the key, from a hive; FP_TIME_NONE */
    fp_str installed_date; /* raw text, format unconfirmed: never orders events by itself */
    fp_str installed_by;
    fp_str description; /* UNINSTALL, MSI: the display name; LISTING: the description */
    fp_str type;
    fp_str superseded_by; /* where the data name it ("KB..."), else empty */
    fp_trace_file *files;
    size_t file_count;
    fp_tri files_complete; /* TRUE: `files` has all that the key records, names and versions too */
    fp_origin origin;
} fp_trace;

#endif
