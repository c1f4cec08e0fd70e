/* SPDX-License-Identifier: MIT */
/*
 * Bytes of which only the asked-for parts are in memory: all of a span, or a regular file that is
 * read in chunks, each when it is first asked for, and kept.
 *
 * A file has a reservation of address space of its size, so spans of any length are contiguous and
 * stay valid until it is closed. The file itself is never mapped: one that is cut short meanwhile
 * must be unreadable from then on, not a SIGBUS. After each read the file must still be the one
 * that was looked at before (size and both times), else nothing more is read from it.
 *
 * Over either an overlay can be laid: other bytes at some places, and another size.
 *
 * Not thread-safe.
 */
#ifndef FP_BASE_PAGED_H
#define FP_BASE_PAGED_H

#include "inventory/base/arena.h"
#include "inventory/base/bytes.h"

#include <sys/stat.h>

enum { FP_PAGED_CHUNK = 16 * 1024 };          /* bytes */
#define FP_PAGED_SIZE_MAX ((uint64_t)8 << 30) /* bytes of a file */

typedef struct fp_paged_file fp_paged_file;

typedef struct fp_paged { /* a view: copied freely */
    fp_span place;        /* of a file or an overlay: read through fp_paged_get only */
    fp_paged_file *file;  /* NULL: all of it is in memory */
} fp_paged;

static inline fp_paged fp_paged_of(fp_span bytes)
{
    return (fp_paged){bytes, NULL};
}

/* The first `size` bytes, or all where there are no more. */
static inline fp_paged fp_paged_start(fp_paged p, size_t size)
{
    p.place.size = size < p.place.size ? size : p.place.size;
    return p;
}

typedef struct fp_paged_source {
    int fd;                  /* of a regular file; duplicated */
    const struct stat *seen; /* how it was, and must stay */
    uint64_t *held;          /* bytes held in memory by all that share this count; outlives it */
    uint64_t held_max;
    /* Called once, at the first part that cannot be read: a literal, for a reader. May be NULL. */
    void (*trouble)(void *context, const char *what);
    void *context;
} fp_paged_source;

/*
 * All of the file, of which nothing is read yet. FP_NOMEM; FP_IO: no descriptor is left; FP_LIMIT:
 * larger than FP_PAGED_SIZE_MAX. What is opened is closed with fp_paged_close.
 */
FP_MUST_CHECK fp_status fp_paged_open(const fp_paged_source *from, fp_paged *out);
void fp_paged_close(fp_paged p); /* of a span: nothing */

/* The part [offset, offset + size). False: it does not lie inside, or could not be read. */
FP_MUST_CHECK bool fp_paged_get(fp_paged p, uint64_t offset, uint64_t size, fp_span *out);
/* Copies it and keeps nothing: for what is looked at once. */
FP_MUST_CHECK bool fp_paged_copy(fp_paged p, uint64_t offset, size_t size, void *to);

/*
 * All of it will be asked for: brings a file in, in large pieces; nothing when the limit does not
 * allow all of it. What cannot be read is told as ever and stays unread.
 */
void fp_paged_bring_all(fp_paged p);

/*
 * `size` bytes over `below`, which must outlive them: its bytes as far as it reaches, then zeros.
 * Lives in `arena`, where address space of its size counts; parts are copied when they are first
 * asked for. FP_NOMEM.
 */
FP_MUST_CHECK fp_status fp_paged_over(fp_paged below, size_t size, fp_arena *arena, fp_paged *out);
/* Puts other bytes at `offset`; `below` stays as it is. False: outside, or a part could not be
 * read.
 */
FP_MUST_CHECK bool fp_paged_put(fp_paged overlay, uint64_t offset, fp_span bytes);

/* Bytes that are in memory. */
size_t fp_paged_held(fp_paged p);
/* Are these the same file in the same state? The time of the last status change is compared too:
 * the one of the last write can be set back. */
bool fp_paged_same_state(const struct stat *a, const struct stat *b);

#endif
