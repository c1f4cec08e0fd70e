/* SPDX-License-Identifier: MIT */
#include "inventory/archive/archive.h"

#include "inventory/archive/decoder.h"
#include "inventory/archive/frame.h"
#include "inventory/archive/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Sized by what public readers of wsusscn2.cab tell: it expands to 25 GB in 800,000 files, its
 * largest single file to 1 GB; but its shards are not descended into. Four levels: an archive of an
 * archive of a catalogue. */
const fp_archive_limits fp_archive_default_limits = {
    .members = 1000 * 1000,
    .member_bytes = (uint64_t)4 << 30,
    .total_bytes = (uint64_t)32 << 30,
    .nesting = 4,
    .stall_seconds = 60,
    .cpu_seconds = 900,
    .decoder_memory = (uint64_t)512 << 20,
};

const char *fp_decoder_fate_name(fp_decoder_fate fate)
{
    switch (fate) {
    case FP_FATE_UNKNOWN:
        return "unknown";
    case FP_FATE_ENDED:
        return "ended";
    case FP_FATE_REFUSED:
        return "refused";
    case FP_FATE_LIMIT:
        return "limit";
    case FP_FATE_DIED:
        return "died";
    case FP_FATE_STALLED:
        return "stalled";
    case FP_FATE_LIED:
        return "lied";
    case FP_FATE_ENOUGH:
        return "enough";
    }
    return "?";
}

enum { PIPE_SIZE = 1024 * 1024 }; /* bytes; fs.pipe-max-size allows it by default */

static int64_t now_ms(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/*
 * Patience with a child: so long without a whole frame, and so long in all, or a child that was
 * taken over could drip a byte a minute for ever (asleep it uses none of its CPU time). Only the
 * time spent waiting counts, not what the handlers of the events take.
 */
typedef struct patience {
    int64_t stall_ms;
    int64_t total_ms;
    int64_t stalled_ms;
    int64_t waited_ms;
} patience;

static patience patience_of(const fp_archive_limits *limits)
{
    const int64_t stall_ms = (int64_t)limits->stall_seconds * 1000;
    return (patience){.stall_ms = stall_ms,
                      .total_ms = stall_ms + 4 * (int64_t)limits->cpu_seconds * 1000};
}

/* Waits for bytes; false when patience ran out first. */
static bool wait_for_bytes(int fd, patience *p)
{
    for (;;) {
        const int64_t stall_left = p->stall_ms - p->stalled_ms;
        const int64_t total_left = p->total_ms - p->waited_ms;
        const int64_t left = stall_left < total_left ? stall_left : total_left;
        if (left <= 0)
            return false;

        struct pollfd waited = {.fd = fd, .events = POLLIN};
        const int64_t before = now_ms();
        const int ready = poll(&waited, 1, left > 60000 ? 60000 : (int)left);
        const int64_t spent = now_ms() - before;
        p->stalled_ms += spent;
        p->waited_ms += spent;
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return true; /* a failing poll shows itself in the read that follows */
    }
}

/* Feeds the pipe to the frames until its end, or until enough was heard. True: the child stalled.
 */
static bool pump(int fd, fp_frames *frames, const fp_archive_limits *limits)
{
    patience p = patience_of(limits);
    for (;;) {
        if (!wait_for_bytes(fd, &p))
            return true;
        size_t room;
        uint8_t *at = fp_frames_room(frames, &room);
        const ssize_t n = read(fd, at, room);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        const uint64_t before = fp_frames_count(frames);
        if (!fp_frames_take(frames, (size_t)n))
            return false;
        if (fp_frames_count(frames) > before)
            p.stalled_ms = 0;
    }
}

fp_status fp_archive_read_child(fp_jail_entry *entry, void *context, int fd,
                                const fp_archive_limits *limits, bool require_jail,
                                const fp_archive_events *events, fp_archive_result *result,
                                fp_diag *d)
{
    fp_frames *frames = fp_frames_new(limits, events);
    if (frames == NULL)
        return fp_fail(d, FP_NOMEM, "archive", 0, "no memory for the decoder's frames");

    const fp_jail_limits jail_limits = {.memory_bytes = limits->decoder_memory,
                                        .cpu_seconds = limits->cpu_seconds};
    fp_jail jail;
    fp_archive_result found = {0};
    fp_status status = fp_jail_start(entry, context, fd, &jail_limits, require_jail, &jail, d);
    if (status != FP_OK)
        goto out;
    /* As large as anybody may have it, so that the two seldom wait for each other. */
    (void)fcntl(jail.from_child, F_SETPIPE_SZ, PIPE_SIZE);
    result->confined = jail.confined; /* owed also to a caller whose event ends the reading */

    const bool stalled = pump(jail.from_child, frames, limits);
    const fp_jail_exit end = fp_jail_stop(&jail);
    status = fp_frames_finish(frames, stalled, end, &found);
    if (status != FP_OK) {
        (void)fp_fail(d, status, "archive", found.members, "the reader of the members stopped");
        goto out;
    }
    found.confined = jail.confined;
    *result = found;
out:
    fp_frames_free(frames);
    return status;
}

fp_status fp_archive_read(int fd, const fp_archive_limits *limits, bool require_jail,
                          const fp_archive_events *events, fp_archive_result *result, fp_diag *d)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return fp_fail(d, FP_IO, "archive", 0, "fstat: %s", strerror(errno));
    if (!S_ISREG(st.st_mode))
        return fp_fail(d, FP_IO, "archive", 0, "not a file");
    fp_decoder_job job = {.limits = limits, .descend = events->descend, .context = events->context};
    return fp_archive_read_child(fp_decoder_run, &job, fd, limits, require_jail, events, result, d);
}
