/* SPDX-License-Identifier: MIT */
/*
 * The inside of a catalogue's reader, shared by the catalog_*.c files and nobody else.
 *
 *   catalog.c           members become documents; the end of it all
 *   catalog_index.c     index.xml
 *   catalog_packages.c  package.xml
 *   catalog_answers.c   what was found, put together for those who asked
 */
#ifndef FP_CATALOG_PARTS_H
#define FP_CATALOG_PARTS_H

#include "inventory/catalog/catalog.h"
#include "inventory/catalog/xml.h"

typedef struct fp_catalog_document { /* a document while it is read, and what is known of it later
                                      */
    const char *name;
    fp_xml *xml; /* NULL: not begun, or done */
    bool begun;
    bool whole;  /* read to its end, well-formed, and it is what its name says */
    bool failed; /* a problem was told */
} fp_catalog_document;

struct fp_catalog_reader {
    fp_catalog catalog;
    fp_arena *arena;
    const fp_catalog_request *request;
    unsigned level; /* of the catalogue's own members */
    fp_status status;
    fp_catalog_document index;
    fp_catalog_document packages;

    bool inside_package_cab;
    fp_cabinet_scanner *scanner; /* of package.cab's own bytes */
    bool package_cab_seen;
    bool package_cab_sound;

    size_t action_capacity;
    uint64_t actions_lost; /* updates with a value that was not kept */
    size_t shard_capacity;
    bool updates_seen; /* the Updates element */
    fp_updates *updates;
    uint32_t revision_id; /* of the Update that is open, when ... */
    bool revision_known;
    uint64_t revisions_unreadable; /* updates without a readable RevisionId, UpdateId ... */
    uint64_t ids_unreadable;
    uint64_t numbers_unreadable;
    uint64_t references_unreadable;
    const fp_update *odd[FP_CATALOG_ODD_MAX];
    fp_str *names; /* of the outer members */
    size_t name_count;
    size_t name_capacity;
    uint64_t names_lost;
};

extern const fp_xml_form fp_catalog_index_form;
extern const fp_xml_form fp_catalog_packages_form;

/* One more problem of the catalogue. FP_NOMEM goes into r->status. */
void fp_catalog_problem(fp_catalog_reader *r, const char *format, ...) FP_PRINTF(2, 3);
/* For a rule's handler: it has no memory, and the document comes to an end. */
const char *fp_catalog_no_memory(fp_catalog_reader *r);
/* A copy in the arena. False: no memory, see r->status. */
FP_MUST_CHECK bool fp_catalog_keep(fp_catalog_reader *r, fp_str text, fp_str *out);

/* catalog_packages.c: what of package.xml could not be read. */
void fp_catalog_tell_of_packages(fp_catalog_reader *r);
/* catalog_index.c: are the cabinets that index.xml names there? */
void fp_catalog_match_shards(fp_catalog_reader *r, bool all_seen);

/* catalog_answers.c */

/* An update with this row answers questions, maybe. `row` stays. */
void fp_catalog_take_answer(fp_catalog_reader *r, const fp_update *row);
/* After the last member: fills the answers in. */
void fp_catalog_fill_answers(fp_catalog_reader *r);

#endif
