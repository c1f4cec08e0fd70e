/* SPDX-License-Identifier: MIT */
#include "inventory/base/paged.h"

#include "inventory/base/watched.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { RUN_CHUNKS = 128 }; /* brought in at once where all are wanted: 2 MiB */

struct fp_paged_file {
    int fd; /* -1: an overlay */
    struct stat seen;
    fp_paged below; /* of an overlay */
    uint8_t *bytes; /* the reservation */
    size_t size;
    uint8_t *there; /* one bit for each chunk */
    uint64_t held;
    uint64_t *held_by_all;
    uint64_t held_max;
    bool failed; /* sticky: what was read before stays good */
    void (*trouble)(void *context, const char *what);
    void *context;
};

static bool same_time(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

bool fp_paged_same_state(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           same_time(&a->st_mtim, &b->st_mtim) && same_time(&a->st_ctim, &b->st_ctim);
}

/* ---- opening --------------------------------------------------------------------------------- */

static size_t chunks_of(size_t size)
{
    return size / FP_PAGED_CHUNK + 1;
}

/* A watched program may touch only what was read: an overrun is seen there. */
static uint8_t *reserve(size_t size)
{
    const int access = fp_is_watched() ? PROT_NONE : PROT_READ | PROT_WRITE;
    void *place = mmap(NULL, chunks_of(size) * FP_PAGED_CHUNK, access,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return place == MAP_FAILED ? NULL : place;
}

static void release(fp_paged_file *file)
{
    if (file->fd >= 0)
        (void)close(file->fd);
    if (file->bytes != NULL)
        (void)munmap(file->bytes, chunks_of(file->size) * FP_PAGED_CHUNK);
    free(file->there);
    free(file);
}

fp_status fp_paged_open(const fp_paged_source *from, fp_paged *out)
{
    if ((uint64_t)from->seen->st_size > FP_PAGED_SIZE_MAX)
        return FP_LIMIT;
    fp_paged_file *file = malloc(sizeof *file);
    if (file == NULL)
        return FP_NOMEM;
    *file = (fp_paged_file){.fd = fcntl(from->fd, F_DUPFD_CLOEXEC, 0),
                            .seen = *from->seen,
                            .size = (size_t)from->seen->st_size,
                            .held_by_all = from->held,
                            .held_max = from->held_max,
                            .trouble = from->trouble,
                            .context = from->context};
    fp_status status = FP_IO;
    if (file->fd < 0)
        goto fail;
    status = FP_NOMEM;
    file->there = calloc(chunks_of(file->size) / 8 + 1, 1);
    file->bytes = reserve(file->size);
    if (file->there == NULL || file->bytes == NULL)
        goto fail;
    *out = (fp_paged){fp_span_of(file->bytes, file->size), file};
    return FP_OK;

fail:
    release(file);
    return status;
}

void fp_paged_close(fp_paged p)
{
    if (p.file == NULL || p.file->fd < 0)
        return;
    *p.file->held_by_all -= p.file->held;
    release(p.file);
}

fp_status fp_paged_over(fp_paged below, size_t size, fp_arena *arena, fp_paged *out)
{
    fp_paged_file *file = fp_arena_alloc(arena, sizeof *file);
    uint8_t *bytes = fp_arena_alloc(arena, size);
    uint8_t *there = fp_arena_alloc(arena, chunks_of(size) / 8 + 1);
    if (file == NULL || bytes == NULL || there == NULL)
        return FP_NOMEM;
    *file = (fp_paged_file){.fd = -1, .below = below, .bytes = bytes, .size = size, .there = there};
    *out = (fp_paged){fp_span_of(bytes, size), file};
    return FP_OK;
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool fail(fp_paged_file *file, const char *what)
{
    file->failed = true;
    if (file->trouble != NULL)
        file->trouble(file->context, what);
    return false;
}

static bool read_all(int fd, uint8_t *to, size_t size, uint64_t offset)
{
    for (size_t done = 0; done < size;) {
        const ssize_t got = pread(fd, to + done, size - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

/* Asked behind the reading: what a change between the two brought in is seen as well. */
static bool read_part(fp_paged_file *file, uint8_t *to, size_t size, uint64_t offset)
{
    struct stat now;
    if (file->failed)
        return false;
    const bool whole = read_all(file->fd, to, size, offset);
    if (fstat(file->fd, &now) != 0 || !fp_paged_same_state(&now, &file->seen))
        return fail(file, "it changed while it was read");
    return whole || fail(file, "a part of it could not be read");
}

static bool is_there(const fp_paged_file *file, size_t chunk)
{
    return (file->there[chunk / 8] >> chunk % 8 & 1) != 0;
}

/* Of an overlay: what is below, then zeros. */
static bool copy_below(const fp_paged_file *file, uint8_t *to, size_t size, size_t at)
{
    const size_t below = file->below.place.size;
    const size_t left = at < below ? below - at : 0;
    const size_t known = size < left ? size : left;
    memset(to + known, 0, size - known);
    return known == 0 || fp_paged_copy(file->below, at, known, to);
}

static bool bring_from_file(fp_paged_file *file, size_t size, size_t at)
{
    if (file->failed)
        return false;
    if (*file->held_by_all > file->held_max || size > file->held_max - *file->held_by_all)
        return fail(file, "the limit on what is held in memory of all items is reached: not all "
                          "of it was examined");
    if (fp_is_watched() && mprotect(file->bytes + at, size, PROT_READ | PROT_WRITE) != 0)
        return fail(file, "a part of it could not be read");
    if (!read_part(file, file->bytes + at, size, at))
        return false;
    *file->held_by_all += size;
    return true;
}

/* `count` chunks, none of which is there. */
static bool bring(fp_paged_file *file, size_t chunk, size_t count)
{
    const size_t at = chunk * FP_PAGED_CHUNK;
    const size_t left = file->size - at;
    const size_t size = left < count * FP_PAGED_CHUNK ? left : count * FP_PAGED_CHUNK;
    const bool done = file->fd < 0 ? copy_below(file, file->bytes + at, size, at)
                                   : bring_from_file(file, size, at);
    if (!done)
        return false;
    file->held += size;
    for (size_t i = chunk; i < chunk + count; i++)
        file->there[i / 8] = (uint8_t)(file->there[i / 8] | 1U << i % 8);
    return true;
}

/* Large pages are asked for where everything is wanted anyway: each one touched would be held. */
void fp_paged_bring_all(fp_paged p)
{
    fp_paged_file *file = p.file;
    if (file == NULL || file->fd < 0 || *file->held_by_all > file->held_max ||
        file->size - file->held > file->held_max - *file->held_by_all)
        return;
    const size_t chunks = (file->size + FP_PAGED_CHUNK - 1) / FP_PAGED_CHUNK;
    (void)madvise(file->bytes, chunks_of(file->size) * FP_PAGED_CHUNK, MADV_HUGEPAGE);
    for (size_t first = 0; first < chunks && !file->failed;) {
        size_t end = first;
        while (end < chunks && end - first < RUN_CHUNKS && !is_there(file, end))
            end++;
        if (end > first && !bring(file, first, end - first))
            return;
        first = end > first ? end : first + 1;
    }
}

bool fp_paged_get(fp_paged p, uint64_t offset, uint64_t size, fp_span *out)
{
    fp_span part;
    if (!fp_span_sub(p.place, offset, size, &part))
        return false;
    if (p.file != NULL && size > 0) {
        const size_t last = (size_t)(offset + size - 1) / FP_PAGED_CHUNK;
        for (size_t i = (size_t)offset / FP_PAGED_CHUNK; i <= last; i++) {
            if (!is_there(p.file, i) && !bring(p.file, i, 1))
                return false;
        }
    }
    *out = part;
    return true;
}

static bool copy_part(fp_paged_file *file, size_t at, size_t size, uint8_t *to)
{
    if (!is_there(file, at / FP_PAGED_CHUNK))
        return file->fd < 0 ? copy_below(file, to, size, at) : read_part(file, to, size, at);
    memcpy(to, file->bytes + at, size);
    return true;
}

bool fp_paged_copy(fp_paged p, uint64_t offset, size_t size, void *to)
{
    fp_span part;
    if (!fp_span_sub(p.place, offset, size, &part))
        return false;
    if (p.file == NULL) {
        if (size > 0)
            memcpy(to, part.data, size);
        return true;
    }
    uint8_t *out = to;
    for (size_t done = 0; done < size;) {
        const size_t at = (size_t)offset + done;
        const size_t left_of_chunk = FP_PAGED_CHUNK - at % FP_PAGED_CHUNK;
        const size_t left = size - done;
        const size_t piece = left < left_of_chunk ? left : left_of_chunk;
        if (!copy_part(p.file, at, piece, out + done))
            return false;
        done += piece;
    }
    return true;
}

bool fp_paged_put(fp_paged overlay, uint64_t offset, fp_span bytes)
{
    fp_span old;
    if (overlay.file == NULL || overlay.file->fd >= 0 ||
        !fp_paged_get(overlay, offset, bytes.size, &old))
        return false;
    if (bytes.size > 0)
        memcpy(overlay.file->bytes + offset, bytes.data, bytes.size);
    return true;
}

size_t fp_paged_held(fp_paged p)
{
    return p.file == NULL ? p.place.size : (size_t)p.file->held;
}
