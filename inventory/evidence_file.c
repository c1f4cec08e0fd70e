/* SPDX-License-Identifier: MIT */
#include "inventory/evidence_set.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    /* From this size on a second thread hashes: below it, starting one costs more than it saves. */
    HASH_BESIDE_MIN = 16 * 1024 * 1024
};

/*
 * Files are read, never mapped: one that is cut short meanwhile must be a problem of the item, not
 * a SIGBUS. What the size was at the start bounds the reading, so a file that grows as fast as it
 * is read comes to an end too.
 */
static ssize_t read_at(int fd, uint8_t *buffer, size_t size, uint64_t offset)
{
    ssize_t got;
    do {
        got = pread(fd, buffer, size, (off_t)offset);
    } while (got < 0 && errno == EINTR);
    return got;
}

bool fp_evidence_unchanged(fp_item *item, int fd, const struct stat *before)
{
    struct stat now;
    if (fstat(fd, &now) == 0 && fp_paged_same_state(&now, before))
        return true;
    fp_evidence_spoil_with(item, "it changed while it was read");
    return false;
}

/* All of the file into the intake. *whole: every byte was there, and nothing else. */
static fp_status read_all(fp_intake *in, int fd, uint64_t size, bool *whole)
{
    fp_evidence *set = in->set;
    uint64_t at = 0;
    unsigned turn = 0; /* the other chunk may still be hashed */
    for (;;) {
        /* One byte more than there should be tells of a file that has grown. */
        const uint64_t left = size - at;
        const size_t want = left < FP_EVIDENCE_CHUNK ? (size_t)left + 1 : FP_EVIDENCE_CHUNK;
        const ssize_t got = read_at(fd, set->chunks[turn], want, at);
        if (got < 0) {
            const int error = errno;
            fp_evidence_spoil(set, in->item, "could not be read from byte %llu on: %s",
                              (unsigned long long)at, strerror(error));
            *whole = false;
            return FP_OK;
        }
        const size_t mine = (uint64_t)got > left ? (size_t)left : (size_t)got;
        set->part_done = at + mine;
        const fp_status status = fp_intake_data(in, fp_span_of(set->chunks[turn], mine));
        if (status != FP_OK)
            return status;
        at += mine;
        if (got == 0 || (uint64_t)got > left) {
            *whole = got == 0 && at == size;
            if (!*whole)
                fp_evidence_spoil(set, in->item, "it changed while it was read: %s",
                                  got == 0 ? "it ends early" : "it has grown");
            return FP_OK;
        }
        turn ^= 1U;
    }
}

static fp_status read_and_hand_over(fp_intake *in, int fd, const struct stat *before, bool cut)
{
    bool whole = false;
    fp_evidence_begin_part(in->set, (uint64_t)before->st_size);
    fp_status status = read_all(in, fd, (uint64_t)before->st_size, &whole);
    fp_evidence_begin_part(in->set, 0);
    if (status != FP_OK)
        return status;
    whole = whole && fp_evidence_unchanged(in->item, fd, before) && !cut;
    status = fp_intake_end(in, whole);
    if (status == FP_OK)
        status = fp_deliver(in->set, &in->due);
    if (status != FP_OK || !fp_kind_holds_members(in->item->kind))
        return status;
    return fp_evidence_open_archive(in->set, in, fd, before);
}

fp_status fp_evidence_read_file(fp_evidence *set, fp_item *item, int fd, bool cut)
{
    struct stat before;
    if (fstat(fd, &before) != 0) {
        fp_evidence_spoil(set, item, "%s", strerror(errno));
        return FP_OK;
    }
    if ((uint64_t)before.st_size > set->options.limits.file) {
        item->size = (uint64_t)before.st_size;
        fp_evidence_spoil(set, item, "larger than the limit of %llu bytes on a file: not read",
                          (unsigned long long)set->options.limits.file);
        return FP_OK;
    }
    fp_intake in;
    fp_status status = fp_intake_begin(&in, set, item, before.st_size >= HASH_BESIDE_MIN);
    in.fd = fd;
    in.seen = &before;
    if (status == FP_OK)
        status = read_and_hand_over(&in, fd, &before, cut);
    fp_intake_free(&in);
    return status;
}

/* ---- pipes ---- */

/* A pipe may be non-blocking: then wait instead of spinning. */
static ssize_t read_some(int fd, uint8_t *buffer, size_t size)
{
    for (;;) {
        const ssize_t got = read(fd, buffer, size);
        if (got >= 0 || (errno != EINTR && errno != EAGAIN))
            return got;
        struct pollfd waiting = {.fd = fd, .events = POLLIN};
        if (errno == EAGAIN && poll(&waiting, 1, -1) < 0 && errno != EINTR)
            return -1;
    }
}

static bool write_all(int fd, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t put = write(fd, bytes, size);
        if (put < 0 && errno != EINTR)
            return false;
        if (put > 0) {
            bytes += put;
            size -= (size_t)put;
        }
    }
    return true;
}

static fp_status copy_pipe(fp_evidence *set, int from, int to, bool *cut, fp_diag *d)
{
    const uint64_t limit = set->options.limits.whole_item;
    uint64_t total = 0;
    for (;;) {
        const ssize_t got = read_some(from, set->chunks[0], FP_EVIDENCE_CHUNK);
        if (got == 0)
            return FP_OK;
        if (got < 0)
            return fp_fail(d, FP_IO, "evidence", total, "%s", strerror(errno));
        const uint64_t room = limit - total;
        const size_t take = (uint64_t)got > room ? (size_t)room : (size_t)got;
        if (!write_all(to, set->chunks[0], take))
            return fp_fail(d, FP_IO, "evidence", total, "no memory to hold it: %s",
                           strerror(errno));
        total += take;
        if (take < (size_t)got) {
            *cut = true;
            return FP_OK;
        }
    }
}

fp_status fp_evidence_read_pipe(fp_evidence *set, fp_item *item, int fd, fp_diag *d)
{
    bool cut = false;
    const int copy = memfd_create("fixproof-pipe", MFD_CLOEXEC);
    fp_status status =
        copy < 0 ? fp_fail(d, FP_IO, "evidence", 0, "no memory to hold it: %s", strerror(errno))
                 : copy_pipe(set, fd, copy, &cut, d);
    if (status != FP_OK)
        fp_evidence_spoil(set, item, "the pipe could not be read");
    if (cut)
        fp_evidence_spoil(set, item, "cut at the limit of %llu bytes for a pipe",
                          (unsigned long long)set->options.limits.whole_item);
    if (status == FP_OK)
        status = fp_evidence_read_file(set, item, copy, cut);
    if (copy >= 0)
        (void)close(copy);
    return status;
}
