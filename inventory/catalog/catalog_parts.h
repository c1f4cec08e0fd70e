/* SPDX-License-Identifier: MIT */
/*
 * The inside of a catalogue's reader, shared by the catalog_*.c files and nobody else.
 *
 *   catalog.c           members become documents; the end of it all
 *   catalog_index.c     index.xml
 *   catalog_packages.c  package.xml
 *   catalog_shards.c    the cabinets in the catalogue, and the search in all of them
 *   catalog_shares.c    ... by several readers at a time
 *   catalog_answers.c   what was found, put together for those who asked
 *   catalog_details.c   the second time: what the shards say of it
 */
#ifndef FP_CATALOG_PARTS_H
#define FP_CATALOG_PARTS_H

#include "inventory/base/xml.h"
#include "inventory/catalog/catalog.h"

#define FP_CATALOG_NAMESPACE "http://schemas.microsoft.com/msus/2004/02/OfflineSync"

typedef struct fp_catalog_document { /* a document while it is read, and what is known of it later
                                      */
    const char *name;
    fp_xml *xml; /* NULL: not begun, or done */
    bool begun;
    bool whole;  /* read to its end, well-formed, and it is what its name says */
    bool failed; /* a problem was told */
} fp_catalog_document;

typedef struct fp_catalog_member {
    fp_str name;
    bool is_shard;
    fp_catalog_state state; /* of a cabinet that was decoded */
} fp_catalog_member;

typedef struct fp_catalog_inner { /* its own bytes go to the scanner, its members to the readers */
    bool open;
    bool is_package; /* package.cab; else a shard */
    fp_str name;     /* fit for display */
    fp_arena *arena; /* of the scanner's tables */
    fp_cabinet_scanner *scanner;
} fp_catalog_inner;

typedef struct fp_catalog_hit { /* a revision that carries a KB number */
    uint32_t revision_id;
    uint64_t member; /* of the outer cabinet, where it was found: 1, 2, ... */
} fp_catalog_hit;

typedef struct fp_catalog_search { /* for KB numbers, in every shard */
    bool asked;
    bool collecting;       /* a fragment is held */
    fp_fragment_name what; /* ... this one; no language */
    uint8_t *held;
    size_t held_size, held_capacity;
    uint64_t unreadable; /* fragments that may hold one and could not be read */
    /* For each question: revisions that have it, in the order of the members. */
    fp_catalog_hit *hits[FP_CATALOG_QUESTIONS_MAX]; /* [FP_CATALOG_ANSWERS_MAX] */
    size_t hit_count[FP_CATALOG_QUESTIONS_MAX];     /* may exceed it */
} fp_catalog_search;

typedef struct fp_catalog_second fp_catalog_second;

struct fp_catalog_reader {
    fp_catalog catalog;
    fp_arena *arena;
    const fp_catalog_request *request;
    unsigned level; /* of the catalogue's own members */
    unsigned share; /* of the cabinets: its own; above 0: a helper, which reads nothing else */
    unsigned shares;
    fp_status status;
    fp_catalog_document index;
    fp_catalog_document packages;

    fp_catalog_inner inner; /* the cabinet in the catalogue that is open */
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
    uint64_t problem_at[FP_CATALOG_PROBLEMS_MAX]; /* members that had begun when it was told */
    fp_catalog_member *members;                   /* of the outer cabinet */
    size_t member_count;
    size_t member_capacity;
    uint64_t members_lost;

    fp_catalog_search search;
    bool concluded;            /* the first time is over: catalog holds the answers */
    fp_catalog_second *second; /* NULL: there is no second time */
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

/* catalog_shards.c */

/* `name` stays. */
void fp_catalog_begin_inner(fp_catalog_reader *r, fp_str name, bool is_package);
/* Not decoded: a limit of ours was hit in it, or it is of an unsupported form, which is no damage.
 */
FP_MUST_CHECK fp_catalog_state fp_catalog_end_inner(fp_catalog_reader *r,
                                                    const fp_archive_member *m, bool complete);
void fp_catalog_drop_inner(fp_catalog_reader *r); /* the reading was stopped inside of it */
/* Members of a shard, while KB numbers are looked for. */
bool fp_catalog_searches(const fp_catalog_search *s, fp_str member_name, fp_fragment_name *what);
void fp_catalog_search_begin(fp_catalog_reader *r, const fp_archive_member *m);
void fp_catalog_search_data(fp_catalog_reader *r, fp_span bytes);
void fp_catalog_search_end(fp_catalog_reader *r, bool complete);
void fp_catalog_search_free(fp_catalog_search *s); /* what is held; hits stay */
/* One more, at its place among the others, unless it is known. */
void fp_catalog_take_hit(fp_catalog_reader *r, size_t question, fp_catalog_hit hit);

/* catalog_shares.c */

/* Is a member of this name, a cabinet, in the reader's share? */
bool fp_catalog_has_share(const fp_catalog_reader *r, fp_str member_name);

/* catalog_details.c */

/* NULL: nothing is to be read again, or there is no memory (r->status). */
fp_catalog_second *fp_catalog_second_new(fp_catalog_reader *r);
bool fp_catalog_second_enough(const fp_catalog_second *s);
bool fp_catalog_second_wants(const fp_catalog_second *s, fp_str member_name);
void fp_catalog_second_begin(fp_catalog_reader *r, const fp_archive_member *m);
void fp_catalog_second_data(fp_catalog_reader *r, const fp_archive_member *m, fp_span bytes);
void fp_catalog_second_end(fp_catalog_reader *r, const fp_archive_member *m, bool complete);
void fp_catalog_second_finish(fp_catalog_reader *r, bool fate_good);

/* catalog_answers.c */

/* An update with this row answers questions, maybe. `row` stays. */
void fp_catalog_take_answer(fp_catalog_reader *r, const fp_update *row);
/* KB numbers: what the search found becomes answers. */
void fp_catalog_take_hits(fp_catalog_reader *r);
/* After the last member: fills the answers in. */
void fp_catalog_fill_answers(fp_catalog_reader *r);

#endif
