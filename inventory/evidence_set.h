/* SPDX-License-Identifier: MIT */
/*
 * The inside of an evidence set, shared by the evidence_*.c files and nobody else.
 *
 *   evidence.c          the set, its listing of items, their problems
 *   evidence_walk.c     folders
 *   evidence_file.c     one file or pipe: its bytes, once, in order
 *   evidence_intake.c   one item on its way in: recognised, hashed, handed to its handler
 *   evidence_archive.c  what lies in archives and cabinets
 *
 * Handler calls and all writing to the set happen in the caller's thread.
 */
#ifndef FP_INVENTORY_EVIDENCE_SET_H
#define FP_INVENTORY_EVIDENCE_SET_H

#include "inventory/evidence.h"

#include <sys/stat.h>

enum {
    FP_EVIDENCE_CHUNK = 1024 * 1024,          /* bytes read at once */
    FP_EVIDENCE_PATH_MAX = 4096,              /* bytes of a shown path; longer ones are cut */
    FP_EVIDENCE_PROBLEM_MAX = 1000,           /* bytes of one problem; longer ones are cut */
    FP_EVIDENCE_CATALOGS_MAX = 8,             /* catalogues of one set that are read */
    FP_EVIDENCE_FOLDER_ENTRIES_MAX = 1000000, /* names in one folder */
    FP_EVIDENCE_PAGED_MIN = 256 * 1024,       /* bytes: a smaller file is held, not kept open */
    FP_EVIDENCE_PAGED_MAX = 64,               /* files kept open; further ones are held */
    FP_EVIDENCE_LEVELS_MAX = FP_ARCHIVE_NESTING_MAX
};

struct fp_evidence {
    fp_evidence_options options;
    fp_arena *arena; /* items, paths, contents held for handlers */
    fp_arena *notes; /* texts of problems, on a budget of their own */
    fp_item **items; /* item of id n at n - 1; items do not move */
    size_t count;
    size_t capacity;
    size_t folders;     /* visited */
    bool full;          /* the limit on items was hit and told */
    bool unconfined;    /* some decoder ran without a jail */
    uint64_t held;      /* bytes held in memory for handlers, finished or not */
    uint64_t read;      /* bytes read so far, for progress */
    uint64_t read_told; /* ... when progress was last told */
    uint64_t part_done; /* see fp_evidence_step */
    uint64_t part_total;
    uint8_t *chunks[2];                       /* FP_EVIDENCE_CHUNK bytes each */
    fp_arena *kept[FP_EVIDENCE_CATALOGS_MAX]; /* catalogues and their cabinets' tables */
    size_t kept_count;
    fp_paged paged[FP_EVIDENCE_PAGED_MAX]; /* files that are still read from */
    size_t paged_count;
};

/* ---- the listing (evidence.c) ---- */

/* Where an item is shown: `folder`, already fit for display, then `separator`, then the raw `name`.
 */
typedef struct fp_place {
    fp_str folder;
    const char *separator;
    fp_str name;
    uint32_t parent; /* id of the archive it lies in, or 0 */
} fp_place;

/*
 * Lists one more item. FP_LIMIT: no more items may be listed; the first one too many is still
 * listed, with that problem, and is not to be read.
 */
FP_MUST_CHECK fp_status fp_evidence_list(fp_evidence *set, const fp_place *place, fp_item **out);
/* A path fit for display. */
typedef struct fp_shown_path {
    char text[FP_EVIDENCE_PATH_MAX];
    size_t size;
    size_t name_size; /* the last bytes of it are the last component */
    bool cut;
} fp_shown_path;

/* The path that fp_evidence_list would give, for a folder, which is no item. FP_NOMEM. */
FP_MUST_CHECK fp_status fp_evidence_show(const fp_place *place, fp_shown_path *out);
/* As fp_evidence_problem, and the item counts as not complete. */
void fp_evidence_spoil(fp_evidence *set, fp_item *item, const char *format, ...) FP_PRINTF(3, 4);
/* The same with a text that is not copied, for a problem that many items share. */
void fp_evidence_spoil_with(fp_item *item, const char *literal);
/* `count` more bytes of `item` were read. */
void fp_evidence_progress(fp_evidence *set, const fp_item *item, uint64_t count);
/* What is read from now on has `total` bytes (0: not known); set->part_done is the caller's. */
void fp_evidence_begin_part(fp_evidence *set, uint64_t total);

/* ---- one item on its way in (evidence_intake.c) ---- */

typedef struct fp_delivery {            /* the whole content of an item, due to its handler */
    const fp_evidence_handler *handler; /* NULL: nothing is due */
    fp_item *item;
    fp_paged content;
} fp_delivery;

typedef struct fp_intake {
    fp_evidence *set;
    fp_item *item;   /* NULL: not in use */
    fp_digest *hash; /* SHA-256 */
    uint8_t *head;   /* the first bytes, until there are enough to recognise */
    size_t head_size;
    bool recognised;
    int fd;                             /* with `seen`: the file it is read from */
    const struct stat *seen;            /* how the file was at first; NULL: it is no file */
    const fp_evidence_handler *handler; /* of its kind; NULL: nobody is interested */
    bool opened;                        /* the handler was looked up and begun */
    void *stream;
    bool streaming;
    const fp_paged *paged; /* for a handler that reads parts of it, or NULL */
    uint8_t *held;         /* for one that wants the whole */
    size_t held_size;
    size_t held_capacity;
    bool dropped;            /* too large to hold */
    fp_arena *cabinet_arena; /* cabinets only; the next two live in it */
    fp_cabinet_scanner *scanner;
    const fp_cabinet *cabinet; /* set by fp_intake_end */
    fp_delivery due;           /* set by fp_intake_end */
} fp_intake;

FP_MUST_CHECK fp_status fp_intake_begin(fp_intake *in, fp_evidence *set, fp_item *item,
                                        bool hash_beside);
FP_MUST_CHECK fp_status fp_intake_data(fp_intake *in, fp_span bytes);
/* Recognises it by what has come so far: of a container, whose members now begin, that is enough.
 */
FP_MUST_CHECK fp_status fp_intake_settle(fp_intake *in);
/*
 * `complete`: the source ended where it should. Sets the item's kind, digest, completeness and
 * problems and ends its stream; a whole content is put into `in->due` and not yet handed over.
 */
FP_MUST_CHECK fp_status fp_intake_end(fp_intake *in, bool complete);
/* Is it a scan catalogue, as far as it has been read? */
bool fp_intake_is_catalog(const fp_intake *in);
/* Keeps the cabinet's arena for the life of the set; false: there are too many already. */
FP_MUST_CHECK bool fp_intake_keep_cabinet(fp_intake *in);
/* Releases what is left, at any point; an open stream is ended as cut. Safe on a zeroed intake. */
void fp_intake_free(fp_intake *in);
/* NULL: nobody is interested in this kind. */
const fp_evidence_handler *fp_handler_of(const fp_evidence *set, fp_kind kind);
FP_MUST_CHECK fp_status fp_deliver(fp_evidence *set, const fp_delivery *due);

/* ---- sources ---- */

/* Reads a regular file that is listed as `item`, and what lies in it when it is an archive. `cut`:
 * it is known already that its end is missing. */
FP_MUST_CHECK fp_status fp_evidence_read_file(fp_evidence *set, fp_item *item, int fd, bool cut);
/* Reads a pipe to its end; FP_IO when it fails. */
FP_MUST_CHECK fp_status fp_evidence_read_pipe(fp_evidence *set, fp_item *item, int fd, fp_diag *d);
/* Reads the folder behind `fd` and everything below it; `path` is how it is shown. */
FP_MUST_CHECK fp_status fp_evidence_walk(fp_evidence *set, int fd, fp_str path, fp_diag *d);
bool fp_kind_holds_members(fp_kind kind);
/* The members of the archive or cabinet `in`, read again from `fd`, which was `before` at first. */
FP_MUST_CHECK fp_status fp_evidence_open_archive(fp_evidence *set, fp_intake *in, int fd,
                                                 const struct stat *before);
/* False, with a problem, when the file behind `fd` is no longer as `before` says. */
bool fp_evidence_unchanged(fp_item *item, int fd, const struct stat *before);

#endif
