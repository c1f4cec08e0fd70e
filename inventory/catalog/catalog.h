/* SPDX-License-Identifier: MIT */
/*
 * wsusscn2.cab, Microsoft's offline scan catalogue: what it is, and answers to questions asked
 * before it is read.
 *
 * The catalogue is streamed: its members arrive as archive events (archive.h), and of each update
 * 32 bytes are kept. RevisionIds are numbered anew in each release and mean something inside one
 * catalogue only, so every answer stands next to the catalogue's PackageId and CreationDate; what
 * lasts is UpdateId and RevisionNumber.
 */
#ifndef FP_CATALOG_CATALOG_H
#define FP_CATALOG_CATALOG_H

#include "inventory/archive/archive.h"
#include "inventory/base/arena.h"
#include "inventory/base/time.h"
#include "inventory/catalog/cabinet.h"
#include "inventory/catalog/fragment.h"
#include "inventory/catalog/updates.h"

enum {
    FP_CATALOG_QUESTIONS_MAX = 64,
    FP_CATALOG_ANSWERS_MAX = 64,    /* updates kept for one question */
    FP_CATALOG_EXPECTED_MAX = 32,   /* DeploymentAction values that are expected */
    FP_CATALOG_ODD_MAX = 64,        /* updates listed for having another */
    FP_CATALOG_DUPLICATES_MAX = 16, /* RevisionIds listed for being carried twice */
    FP_CATALOG_FILES_MAX = 64,      /* files kept of one update */
    FP_CATALOG_SUBJECTS_MAX = 1024, /* updates whose fragments are read, with those they bundle */
    FP_CATALOG_ACTIONS_MAX = 32,    /* distinct DeploymentAction values kept */
    FP_CATALOG_FIRST_MAX = 8,       /* updates kept that have one of them */
    FP_CATALOG_SHARDS_MAX = 4096,   /* CAB elements of index.xml */
    FP_CATALOG_PROBLEMS_MAX = 32
};

/* ---- what is asked -------------------------------------------------------------------- */

typedef enum fp_catalog_by {
    FP_CATALOG_BY_REVISION = 0,
    FP_CATALOG_BY_UPDATE,
    FP_CATALOG_BY_KB /* looked for in every shard */
} fp_catalog_by;

typedef struct fp_catalog_key {
    fp_catalog_by by;
    uint32_t number; /* RevisionId, KB number; or the RevisionNumber of an UpdateId ... */
    bool any_number; /* ... which may be any */
    uint8_t update_id[FP_GUID_SIZE];
} fp_catalog_key;

/* Is it the update with this row? Never of a KB number, which package.xml does not have. */
bool fp_catalog_key_is(const fp_catalog_key *key, const fp_update *row);
bool fp_catalog_key_same(const fp_catalog_key *a, const fp_catalog_key *b);
/* In words, NUL-terminated: "RevisionId 7", "KB954474", "UpdateId 64c52254-...", "UpdateId
 * 64c52254-..., revision 100". */
enum { FP_CATALOG_KEY_TEXT = 80 };
const char *fp_catalog_key_format(const fp_catalog_key *key, char out[FP_CATALOG_KEY_TEXT]);

typedef struct fp_catalog_request { /* what it points to outlives the reader */
    const fp_catalog_key *keys;     /* further ones than FP_CATALOG_QUESTIONS_MAX are not asked */
    size_t key_count;
    const fp_str *expected_actions; /* none: every DeploymentAction will do */
    size_t expected_count;
    bool relations;  /* tell who supersedes and bundles the updates that were found */
    bool details;    /* tell what the shards say of them: the catalogue is read a second time */
    fp_str language; /* of titles, as "en" */
    bool full;       /* decode every shard, to see whether it is whole */
} fp_catalog_request;

/* ---- what is answered ----------------------------------------------------------------- */

typedef struct fp_catalog_file { /* of an update, or of one that it bundles */
    uint32_t revision_id;        /* of the one that carries it */
    bool in_package;             /* package.xml names it, by its SHA-1 */
    bool has_sha1, has_sha256, has_size;
    uint8_t sha1[FP_SHA1_SIZE];
    uint8_t sha256[FP_SHA256_SIZE];
    uint64_t size;
    fp_str name; /* as x/ has it, or empty */
    fp_str url;  /* where package.xml locates it, or empty */
} fp_catalog_file;

typedef struct fp_catalog_details {
    bool read;    /* all that could say something was read: the shard, and package.xml again */
    fp_str shard; /* that holds the RevisionId, by index.xml; empty: none does */
    fp_str type, severity, title; /* empty: nothing says it */
    uint32_t kbs[FP_FRAGMENT_KBS_MAX];
    size_t kb_count;        /* may exceed the array, as file_count may */
    fp_catalog_file *files; /* [FP_CATALOG_FILES_MAX] */
    size_t file_count;
} fp_catalog_details;

typedef struct fp_catalog_update {
    const fp_update *is;
    fp_str update_id; /* lower case; empty: what stands there is no GUID */
    fp_str action;    /* DeploymentAction; has_action false: the attribute is absent */
    bool has_action;
    bool listed; /* by package.xml; else there is only a fragment of it in a shard */
    /* With request.relations, else empty. */
    fp_relatives superseded_by, supersedes, bundled_by, bundles;
    fp_catalog_details *details; /* NULL: not asked, or not to be had */
} fp_catalog_update;

typedef struct fp_catalog_question {
    fp_catalog_key key;
    unsigned found;              /* how many <Update> answer it */
    bool settled;                /* all that could was read: found == 0 means that there is none */
    fp_catalog_update **updates; /* those that were kept */
    size_t update_count;
} fp_catalog_question;

typedef struct fp_catalog_action {
    fp_str value;
    uint64_t count;
    const fp_update *first[FP_CATALOG_FIRST_MAX]; /* those that have it, in their order */
    size_t first_count;
} fp_catalog_action;

typedef enum fp_catalog_state {
    FP_CATALOG_NOT_DECODED = 0,
    FP_CATALOG_SOUND,  /* structure, checksums and sizes fit, and every member came */
    FP_CATALOG_DAMAGED /* one of these does not */
} fp_catalog_state;

typedef struct fp_catalog_shard { /* a CAB element of index.xml: package.cab is one too */
    fp_str name;
    bool has_range;
    uint32_t range_start;
    bool present; /* a member of that name was seen in the catalogue */
    fp_catalog_state state;
} fp_catalog_shard;

typedef struct fp_catalog {
    bool starved;        /* memory ran out: nothing that was read of it counts */
    bool index_read;     /* index.xml was read to its end and is well-formed */
    bool packages_read;  /* package.xml was read to its end and is well-formed: only then is an
                            update that was not found absent */
    bool relations_read; /* ... with every reference in it, as request.relations asked: only then is
                            an update that nothing is said to supersede not superseded */
    bool actions_read;   /* ... with every value of DeploymentAction: only then is there no other */
    bool revisions_read; /* ... with every RevisionId compared to the others: only then is one that
                            is not among the duplicates carried once */
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
    bool asked_actions;           /* request.expected_actions was not empty */
    uint64_t odd_count;           /* updates whose DeploymentAction was not expected */
    const fp_catalog_update *odd; /* the first of them */
    size_t odd_kept;
    size_t duplicate_count; /* RevisionIds that more than one update carries */
    uint32_t duplicates[FP_CATALOG_DUPLICATES_MAX];
    fp_catalog_shard *shards;
    size_t shard_count;

    bool asked_all;                                  /* every cabinet in it was to be decoded */
    size_t inner_sound, inner_damaged, inner_closed; /* inner cabinets; closed: not decoded */
    uint64_t blocks_unchecked;                       /* in these: their checksum is absent */
    bool consistent;  /* index.xml names what is there, in ascending order, and no member twice */
    bool contradicts; /* it does not: damage. Both false: not all was seen */
    uint64_t members; /* of the outer cabinet */
    fp_str problems[FP_CATALOG_PROBLEMS_MAX]; /* UTF-8 sentences: what is damaged, and where */
    size_t problem_count; /* may exceed the array: further ones are counted only */
} fp_catalog;

/* Is this cabinet a scan catalogue: does it hold index.xml and package.cab? */
bool fp_catalog_probe(const fp_cabinet *cabinet);
/* Is a member of this name, in whatever folder, a part of a catalogue: package<number>.cab? */
bool fp_catalog_names_shard(fp_str member_name);
/* Were all cabinets in it decoded, the questions needing it or not? */
bool fp_catalog_is_decoded(const fp_catalog *catalog);
/*
 * ... and is nothing wrong anywhere, nor odd? `cabinet` is the outer one. False too where not all
 * was decoded: then nobody knows. Blocks that carry no checksum are for the caller to judge.
 */
bool fp_catalog_is_whole(const fp_catalog *catalog, const fp_cabinet *cabinet);
/* May more than one update carry this RevisionId? What is said of it is then nobody's for certain.
 */
bool fp_catalog_is_ambiguous(const fp_catalog *catalog, uint32_t revision_id);
/* The first update that answers it, or NULL. */
const fp_catalog_update *fp_catalog_answer(const fp_catalog_question *q);

/* ---- reading -------------------------------------------------------------------------- */

typedef struct fp_catalog_reader fp_catalog_reader;

/* `level` = the level of the catalogue's own members (1 for a catalogue that was opened itself). */
FP_MUST_CHECK fp_catalog_reader *fp_catalog_reader_new(fp_arena *arena, unsigned level,
                                                       const fp_catalog_request *request);
/* To be handed on from fp_archive_events, for every member at `level` and deeper. FP_NOMEM or
 * FP_OK. */
FP_MUST_CHECK fp_status fp_catalog_begin(fp_catalog_reader *r, const fp_archive_member *m);
FP_MUST_CHECK fp_status fp_catalog_data(fp_catalog_reader *r, const fp_archive_member *m,
                                        fp_span b);
FP_MUST_CHECK fp_status fp_catalog_end(fp_catalog_reader *r, const fp_archive_member *m,
                                       bool complete);
/* Must this member be decoded too, whatever its level? Asked of cabinets only, from the decoder's
 * process: for fp_archive_events.descend. `r` may be NULL, before one is made. */
bool fp_catalog_wants(const fp_catalog_reader *r, const fp_catalog_request *request,
                      fp_str member_name);
/* Are this member's bytes looked at? For fp_archive_events.wants, from the decoder's process, once
 * there is a reader. */
bool fp_catalog_wants_bytes(const fp_catalog_reader *r, fp_str member_name, unsigned level);
/* Must all cabinets in it be decoded: is it worth several decoders at a time? */
bool fp_catalog_wants_all(const fp_catalog_reader *r);
/*
 * A reader of one share of the cabinets, by their numbers, beside `r`, which is left with share 0
 * of `shares`; to be made before the first member comes. It is fed as `r` is, by a decoder of its
 * own (fp_catalog_wants tells them apart), and ended by fp_catalog_join. NULL: no memory.
 */
FP_MUST_CHECK fp_catalog_reader *fp_catalog_helper_new(fp_catalog_reader *r, unsigned share,
                                                       unsigned shares);
/*
 * What the helper found becomes r's, as if r had found it: the order of the members counts, not
 * that of the readers. Frees the helper; r's share is the whole again. False: the two did not meet
 * the same members; where both decoders ended well, one of them was taken over, and nothing stands.
 */
FP_MUST_CHECK bool fp_catalog_join(fp_catalog_reader *r, fp_catalog_reader *helper);
/* Asked between members of the catalogue: did everything come that the answers need? What is left
 * need not be decoded. */
bool fp_catalog_enough(const fp_catalog_reader *r);
/* It was enough. `outer`: the catalogue's own cabinet, of which the first members came, in their
 * order; the others are there too. */
void fp_catalog_left(fp_catalog_reader *r, const fp_cabinet *outer);
/*
 * All members came. True: they are to come once more, from the beginning, because what the answers
 * need was not known before: fp_catalog_wants tells what to decode then.
 */
bool fp_catalog_again(fp_catalog_reader *r, bool fate_good);
/*
 * The answers, in the arena, never NULL; frees the reader (call it in any case). `fate_good`: the
 * decoder ended well; without that, or where memory ran out, index_read and packages_read are
 * false: what came is then only provisional. After fp_catalog_again has said true it is about the
 * second time, on which details alone depend.
 */
const fp_catalog *fp_catalog_finish(fp_catalog_reader *r, bool fate_good);

#endif
