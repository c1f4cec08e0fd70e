/* SPDX-License-Identifier: MIT */
/*
 * The updates of package.xml, each in 32 bytes, and who supersedes and bundles whom: what must be
 * known of all of them to answer for one.
 *
 * package.xml tells each relation once, from one side (SupersededBy, BundledBy), of RevisionIds,
 * and may name one that it does not hold.
 */
#ifndef FP_CATALOG_UPDATES_H
#define FP_CATALOG_UPDATES_H

#include "inventory/base/arena.h"
#include "inventory/base/text.h"

enum {
    FP_UPDATES_MAX = 400 * 1000,     /* kept: three times what is in those of 2026 */
    FP_REFERENCES_MAX = 1000 * 1000, /* of one kind, kept */
    FP_RELATIVES_MAX = 64,           /* of one update in one direction */
    FP_GUID_SIZE = 16,
    FP_GUID_TEXT = 36,
    FP_ACTION_NONE = 255, /* fp_update.action: the attribute is absent */
    FP_ACTION_LOST = 254  /* ... its value was not kept */
};

typedef struct fp_update {
    uint32_t revision_id;
    uint32_t revision_number;
    uint8_t update_id[FP_GUID_SIZE];
    bool has_update_id;       /* it is a GUID */
    bool has_revision_number; /* it is a number */
    bool is_bundle, is_leaf;
    uint8_t action; /* index into the values of DeploymentAction, or FP_ACTION_... */
    uint8_t categories;
    uint16_t prerequisites; /* UpdateIds named; both saturate */
} fp_update;

typedef enum fp_relation { FP_SUPERSEDED_BY = 0, FP_BUNDLED_BY, FP_RELATIONS } fp_relation;

typedef struct fp_updates fp_updates; /* everything in the arena */

FP_MUST_CHECK fp_updates *fp_updates_new(fp_arena *arena); /* NULL: no memory */
/* FP_LIMIT: counted, not kept. FP_NOMEM. */
FP_MUST_CHECK fp_status fp_updates_add(fp_updates *u, const fp_update *update);
/* The one that was added last; NULL: none, or it was not kept. */
fp_update *fp_updates_last(fp_updates *u);
/* `from` is superseded by, or bundled by, `to`. FP_LIMIT: counted, not kept. FP_NOMEM. */
FP_MUST_CHECK fp_status fp_updates_relate(fp_updates *u, fp_relation relation, uint32_t from,
                                          uint32_t to);

size_t fp_updates_count(const fp_updates *u); /* kept */
const fp_update *fp_updates_at(const fp_updates *u, size_t index);
uint64_t fp_updates_lost(const fp_updates *u);    /* not kept */
uint64_t fp_references_lost(const fp_updates *u); /* ... of any relation */
/* The first with this RevisionId, or NULL. */
const fp_update *fp_updates_find(const fp_updates *u, uint32_t revision_id);

typedef struct fp_relative {
    uint32_t revision_id;
    unsigned steps;          /* 1: directly, 2: of one that is so directly ... */
    const fp_update *update; /* NULL: dangling, this catalogue does not hold it */
} fp_relative;

typedef struct fp_relatives { /* nearest first; each once, and never the update itself */
    fp_relative *at;          /* in the arena */
    size_t count;
    bool cut; /* there are more than FP_RELATIVES_MAX */
} fp_relatives;

typedef struct fp_kinship { /* one question: whom does `of` reach? */
    uint32_t of;
    fp_relatives *into;
} fp_kinship;

/*
 * Answers `count` of them at once. Not `backward`: those that an update is superseded (bundled) by,
 * and those they are, and so on; `backward`: those that it supersedes (bundles), and so on.
 * FP_NOMEM.
 */
FP_MUST_CHECK fp_status fp_updates_kin(const fp_updates *u, fp_relation relation, bool backward,
                                       const fp_kinship *asked, size_t count);

/* RevisionIds that more than one update carries: how many, and the first `most` of them in
 * ascending order. FP_NOMEM. */
FP_MUST_CHECK fp_status fp_updates_duplicates(const fp_updates *u, uint32_t *out, size_t most,
                                              size_t *count);

/* 8-4-4-4-12 hexadecimal digits in either case, as catalogues write them: without braces. */
FP_MUST_CHECK bool fp_guid_parse(fp_str text, uint8_t out[FP_GUID_SIZE]);
/* In lower case, NUL-terminated. */
void fp_guid_format(const uint8_t guid[FP_GUID_SIZE], char out[FP_GUID_TEXT + 1]);

#endif
