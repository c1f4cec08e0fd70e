/* SPDX-License-Identifier: MIT */
/*
 * The one door for bytes: a folder, an archive or a file becomes typed, hashed items.
 *
 * The caller opens what the user named and hands in descriptors; from there everything is read
 * here: folders recursively (openat, no symbolic link is followed, special files are refused),
 * archives in place through the jail, members of archives as items of their own. Each item's bytes
 * are read once; in that one pass they are recognised by content, hashed, and handed to the handler
 * of their kind. Every item stays listed, with its problems, even when it is unreadable or of no
 * use.
 */
#ifndef FP_INVENTORY_EVIDENCE_H
#define FP_INVENTORY_EVIDENCE_H

#include "inventory/archive/archive.h"
#include "inventory/base/digest.h"
#include "inventory/base/fact.h"
#include "inventory/base/paged.h"
#include "inventory/catalog/catalog.h"

/* Published names: see fp_kind_name. */
typedef enum fp_kind {
    FP_KIND_UNKNOWN = 0,
    FP_KIND_REGISTRY_EXPORT,
    FP_KIND_REGISTRY_HIVE,
    FP_KIND_REGISTRY_LOG, /* transaction log of a hive */
    FP_KIND_LOG,
    FP_KIND_CATALOG, /* wsusscn2.cab */
    FP_KIND_CABINET, /* any other cabinet */
    FP_KIND_ARCHIVE, /* zip, 7z, tar */
    FP_KIND_PE,
    FP_KIND_COLLECTION,   /* collection.json */
    FP_KIND_STATEMENTS,   /* statements.json */
    FP_KIND_LISTING,      /* of installed updates: wmic qfe, Get-HotFix, systeminfo */
    FP_KIND_SITE_UPDATES, /* Get-CMSiteUpdate: "Updates and Servicing" of a site */
    FP_KIND_COUNT
} fp_kind;

const char *fp_kind_name(fp_kind kind); /* "registry-export", "log" ... as in the JSON report */

enum { FP_ITEM_PROBLEMS_MAX = 32 };

typedef struct fp_item {
    uint32_t id;     /* 1, 2, ... in the order of the sorted listing */
    uint32_t parent; /* id of the archive it lies in, or 0 */
    fp_str path;     /* "folder/a.reg", "set.zip!/a.reg"; UTF-8 fit for display, at most 4 KiB */
    fp_str name;     /* the last component of path */
    fp_kind kind;
    uint64_t size; /* bytes read, or declared when nothing could be read */
    bool hashed;   /* sha256 covers all of it */
    bool complete; /* read to its end without an error */
    uint8_t sha256[FP_SHA256_SIZE];
    const char *problems[FP_ITEM_PROBLEMS_MAX]; /* UTF-8 sentences for a reader */
    size_t problem_count; /* may exceed the array: further ones are counted only */
} fp_item;

/* Named limits, reported when hit; also: 8 catalogues, 1,000,000 names in a folder. */
typedef struct fp_evidence_limits {
    size_t items; /* all together, members of archives too */
    unsigned folder_depth;
    uint64_t file;       /* bytes of a file; larger ones (sparse, perhaps) are not read */
    uint64_t whole_item; /* bytes of an item that must be held in memory (exports, json, PE ...) */
    uint64_t memory;     /* bytes held in memory for all items together */
    fp_archive_limits archive; /* a field that is 0 stands for fp_archive_default_limits' value */
} fp_evidence_limits;

extern const fp_evidence_limits fp_evidence_default_limits;

/*
 * What to do with the items of one kind. Either `whole` is set (the item's bytes, held in the
 * evidence set's arena until fp_evidence_free), or `paged`, or the stream functions alone; these
 * may stand beside one of the others. A handler adds problems with fp_evidence_problem; it never
 * fails the run, except for FP_NOMEM. Empty items have no handler.
 *
 * `paged` is for content of which parts are enough: a larger file on disk is recognised and hashed
 * in one pass as all others are, but not held; its parts are read again when they are asked for,
 * and only while the file stays as it was when it was hashed. Else the item gets a problem and is
 * no longer complete, and what was not read before stays unreadable. Members of archives are held.
 *
 * `whole` and `paged` are called once it is known how the item's source ended, so item->complete is
 * final there, and content that is not complete is delivered too: what is missing from it is
 * unknown, not absent. Streams of archive members cannot wait for that: what `end` is told is
 * provisional (the decoder may fail later), and item->complete is final once fp_evidence_add has
 * returned.
 */
typedef struct fp_evidence_handler {
    fp_kind kind;
    fp_status (*whole)(void *context, fp_item *item, fp_span content);
    fp_status (*paged)(void *context, fp_item *item, fp_paged content);
    fp_status (*begin)(void *context, fp_item *item, void **stream);
    /* Right after `begin`, before any data: the same bytes at any place, when the item is a file on
     * disk. As for `paged`: they stay readable while the file stays as it was. After this, the
     * bytes of `data` stay as they are until the next call for the stream has returned. Optional.
     */
    void (*ahead)(void *context, void *stream, fp_paged content);
    fp_status (*data)(void *context, void *stream, fp_span bytes);
    /* complete: the item ended where its source says it ends; false: cut, or the source failed.
     * Every stream that was begun is ended, also when the run fails. */
    fp_status (*end)(void *context, void *stream, bool complete);
    /*
     * FP_KIND_CATALOG only, besides a stream of the cabinet's bytes if one is wanted: called after
     * the cabinet was scanned and decoded, also when it could not be. `result` tells the decoder's
     * fate. `cabinet` and `catalog` live as long as the set.
     */
    fp_status (*catalog)(void *context, fp_item *item, const fp_cabinet *cabinet,
                         const fp_catalog *catalog, const fp_archive_result *result);
} fp_evidence_handler;

typedef struct fp_evidence_step { /* how far the reading has come */
    fp_str path;                  /* of the item that is read */
    uint64_t bytes_read;          /* of everything, decoded bytes too; it never falls */
    uint64_t part_done;  /* of what is read now, a file or the members of a catalogue, ... */
    uint64_t part_total; /* ... which has so many; 0: not known */
} fp_evidence_step;

typedef struct fp_evidence_options {
    fp_evidence_limits limits; /* fp_evidence_default_limits, or changed by a test */
    bool require_jail;
    /* That a catalogue may have at a time, of which every cabinet is to be decoded (at most
     * FP_ARCHIVE_DECODERS_MAX; 0 is 1). It makes no difference but time. */
    unsigned decoders;
    const fp_evidence_handler *handlers;
    size_t handler_count;
    void *context;
    const fp_catalog_request *catalogs; /* asked of every catalogue; outlives the set */
    void (*progress)(void *progress_context, const fp_evidence_step *step); /* may be NULL */
    void *progress_context;
} fp_evidence_options;

typedef struct fp_evidence fp_evidence;

FP_MUST_CHECK fp_status fp_evidence_new(const fp_evidence_options *options, fp_evidence **out);
void fp_evidence_free(fp_evidence *set); /* NULL is fine */

/*
 * Reads everything behind `fd`: a folder, an archive or a file; `name` is what the user called it.
 * The descriptor stays the caller's. A pipe is accepted only with `is_stdin` (its bytes are held in
 * memory: limits.whole_item). FP_OK also when items had problems; FP_IO / FP_UNSUPPORTED when the
 * thing itself could not be read at all (a special file), FP_NOMEM.
 */
FP_MUST_CHECK fp_status fp_evidence_add(fp_evidence *set, int fd, const char *name, bool is_stdin,
                                        fp_diag *d);
/* The user named it and it could not be opened: listed with this problem. */
FP_MUST_CHECK fp_status fp_evidence_add_unopened(fp_evidence *set, const char *name,
                                                 const char *problem);

size_t fp_evidence_count(const fp_evidence *set);
const fp_item *fp_evidence_item(const fp_evidence *set, uint32_t id); /* NULL: no such id */
void fp_evidence_problem(fp_evidence *set, uint32_t id, const char *format, ...) FP_PRINTF(3, 4);
/* False once any decoder ran without a jail. */
bool fp_evidence_confined(const fp_evidence *set);

#endif
