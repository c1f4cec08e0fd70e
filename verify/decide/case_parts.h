/* SPDX-License-Identifier: MIT */
/*
 * Between casefile.c, which opens a case, and case_items.c, which takes what the evidence holds.
 */
#ifndef FP_DECIDE_CASE_PARTS_H
#define FP_DECIDE_CASE_PARTS_H

#include "verify/decide/casefile.h"
#include "verify/decide/statements.h"

enum {
    FP_CASE_HIVE_LOGS_MAX = 1024, /* transaction logs considered; more is no server's registry */
    FP_CASE_SOURCES_MAX = 1024    /* items of collection.json whose sources are looked at */
};
#define FP_CASE_LOG_WORK ((uint64_t)4 << 30) /* bytes of logs offered to all hives together */

typedef struct fp_case_held { /* bytes kept until all items are read; the evidence owns them */
    uint32_t item;
    fp_paged content;
} fp_case_held;

typedef struct fp_case_held_list {
    fp_case_held *at;
    size_t count;
    size_t capacity;
} fp_case_held_list;

typedef struct fp_case_source { /* where an item of the set comes from */
    uint32_t record;            /* the collection.json that says so */
    fp_str path;                /* in the set, from the record's folder on */
    fp_str source;              /* on the server, or empty */
    fp_time modified;           /* FP_TIME_NONE: the record does not say */
    fp_time collected_at;       /* of that record */
} fp_case_source;

struct fp_case_parts {
    const fp_case_options *options;
    const fp_catalog_request *catalogs; /* what is asked of every catalogue, by all together */
    fp_activity **activities;
    size_t activity_count;
    fp_timeline *timeline;
    fp_case_held_list hives, hive_logs;
    uint64_t log_work; /* of FP_CASE_LOG_WORK */
    bool usable;       /* something was recognised and readable */
    fp_listing *listings;
    size_t listing_count, listing_capacity;
    fp_case_source *sources;
    size_t source_count, source_capacity;
    size_t host_capacity, statement_capacity, catalog_capacity, file_capacity;
    size_t site_updates_capacity;
};

/* The handlers, with the fp_case as their context. */
extern const fp_evidence_handler fp_case_handlers[];
extern const size_t fp_case_handler_count;

/* Handlers' parts: hives wait for their transaction logs; then they are added together. */
FP_MUST_CHECK fp_status fp_case_hold(fp_case *c, fp_case_held_list *list, uint32_t item,
                                     fp_paged content);
FP_MUST_CHECK fp_status fp_case_add_hives(fp_case *c);

/* Catalogues, and whether they are what their publisher signed: case_catalog.c. */

/* Fills parts->catalogs: what the command line asks, and every advisory. */
FP_MUST_CHECK fp_status fp_case_ask_catalogs(fp_case *c);
FP_MUST_CHECK fp_status fp_case_take_catalog(void *context, fp_item *item,
                                             const fp_cabinet *cabinet, const fp_catalog *catalog,
                                             const fp_archive_result *result);
FP_MUST_CHECK fp_status fp_case_begin_signature(void *context, fp_item *item, void **stream);
void fp_case_signature_ahead(void *context, void *stream, fp_paged content);
FP_MUST_CHECK fp_status fp_case_feed_signature(void *context, void *stream, fp_span bytes);
FP_MUST_CHECK fp_status fp_case_end_signature(void *context, void *stream, bool complete);
/* The signature of a file that can be read in parts. *out is left as it is when libcrypto failed:
 * told as a problem of the item. */
FP_MUST_CHECK fp_status fp_case_examine(fp_case *c, const fp_item *item, fp_paged content,
                                        const fp_authenticity **out);
/* Each catalogue to its signature and its digest, once everything is read. */
void fp_case_join_signatures(fp_case *c);

/* Is this the item that a record means? */
bool fp_case_is_collected(const fp_case *c, const fp_case_source *source, const fp_item *item);

/* The part of its path before its name. */
fp_str fp_case_folder_of(const fp_item *item);

/* Fills c->hotfixes, once everything is read. */
FP_MUST_CHECK fp_status fp_case_gather_hotfixes(fp_case *c);

typedef struct fp_case_told { /* where the problems of a source go */
    fp_case *c;
    uint32_t item;
    const char *unit; /* what a position counts */
} fp_case_told;
void fp_case_registry_problem(void *told, const fp_registry_problem *problem);
void fp_case_tell_soundness(fp_case *c, const fp_item *item, fp_registry_soundness soundness);

FP_MUST_CHECK fp_status fp_case_add_file(fp_case *c, const fp_case_file *file);
/* What the options describe instead of supplying it. */
FP_MUST_CHECK fp_status fp_case_add_described(fp_case *c);
/* A source that names the computer; placeholders and nothing at all are left out. */
FP_MUST_CHECK fp_status fp_case_add_host(fp_case *c, fp_str name, fp_origin origin);

#endif
