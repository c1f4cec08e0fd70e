/* SPDX-License-Identifier: MIT */
/*
 * wsusscn2.cab, Microsoft's offline scan catalogue: what it is, and answers to questions asked
 * before it is read. expat's types stay inside catalog.c.
 *
 * The catalogue is streamed: its members arrive as archive events (archive.h) and nothing but the
 * answers is kept. RevisionIds mean something only inside one catalogue, so every answer stands
 * next to the catalogue's PackageId and CreationDate.
 */
#ifndef FP_CATALOG_CATALOG_H
#define FP_CATALOG_CATALOG_H

#include "inventory/archive/archive.h"
#include "inventory/base/arena.h"
#include "inventory/base/time.h"
#include "inventory/catalog/cabinet.h"

enum {
    FP_CATALOG_QUESTIONS_MAX = 64,
    FP_CATALOG_ACTIONS_MAX = 32,          /* distinct DeploymentAction values kept */
    FP_CATALOG_SHARDS_MAX = 4096,         /* CAB elements of index.xml */
    FP_CATALOG_ATTRIBUTE_MAX = 64 * 1024, /* bytes of one attribute value */
    FP_CATALOG_TOKEN_MAX = 1024 * 1024,   /* bytes of one tag with all its attributes */
    FP_CATALOG_DEPTH_MAX = 32,            /* XML elements */
    FP_CATALOG_PROBLEMS_MAX = 32
};

typedef struct fp_catalog_question {
    uint32_t revision_id; /* asked */
    unsigned found;       /* how many <Update> carry it (more than 1 is a finding) */
    bool has_action;
    fp_str action;    /* DeploymentAction as stored; empty when the attribute is absent */
    fp_str update_id; /* UpdateId as stored */
    uint32_t revision_number;
} fp_catalog_question;

typedef struct fp_catalog_action {
    fp_str value;
    uint64_t count;
} fp_catalog_action;

typedef struct fp_catalog_shard {
    fp_str name;
    bool has_range;
    uint32_t range_start;
    bool present; /* a member of that name was seen in the catalogue */
} fp_catalog_shard;

typedef struct fp_catalog {
    bool index_read;    /* index.xml was read to its end and is well-formed */
    bool packages_read; /* package.xml was read to its end and is well-formed: only then is an
                           update that was not found absent */
    fp_str package_id;
    fp_str creation_date; /* as stored */
    fp_time created;      /* or FP_TIME_NONE */
    fp_str package_version;
    uint64_t updates; /* <Update> elements */
    fp_catalog_action *actions;
    size_t action_count;
    uint64_t without_action; /* <Update> without the attribute */
    fp_catalog_question *questions;
    size_t question_count;
    fp_catalog_shard *shards;
    size_t shard_count;
    uint64_t members;                         /* of the outer cabinet */
    fp_str problems[FP_CATALOG_PROBLEMS_MAX]; /* UTF-8 sentences: what is damaged, and where */
    size_t problem_count; /* may exceed the array: further ones are counted only */
} fp_catalog;

/* Is this cabinet a scan catalogue: does it hold index.xml and package.cab? */
bool fp_catalog_probe(const fp_cabinet *cabinet);
/*
 * For fp_archive_events.descend: of the catalogue's inner cabinets only package.cab is decoded now.
 * False for every member that is named package<number>.cab, at any level; true for all others, so
 * that it also serves where the catalogue lies inside another archive.
 */
bool fp_catalog_descends(const char *member_name, unsigned level);

typedef struct fp_catalog_reader fp_catalog_reader;

/* `level` = the level of the catalogue's own members (1 for a catalogue that was opened itself). */
FP_MUST_CHECK fp_catalog_reader *fp_catalog_reader_new(fp_arena *arena, unsigned level,
                                                       const uint32_t *revision_ids, size_t count);
/* To be handed on from fp_archive_events, for every member at `level` and deeper. FP_NOMEM or
 * FP_OK. */
FP_MUST_CHECK fp_status fp_catalog_begin(fp_catalog_reader *r, const fp_archive_member *m);
FP_MUST_CHECK fp_status fp_catalog_data(fp_catalog_reader *r, const fp_archive_member *m,
                                        fp_span b);
FP_MUST_CHECK fp_status fp_catalog_end(fp_catalog_reader *r, const fp_archive_member *m,
                                       bool complete);
/*
 * The answers, in the arena, never NULL; frees the reader (call it in any case). `fate_good`: the
 * decoder ended well; without that, index_read and packages_read are false: what came is then only
 * provisional.
 */
const fp_catalog *fp_catalog_finish(fp_catalog_reader *r, bool fate_good);

#endif
