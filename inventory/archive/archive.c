/* SPDX-License-Identifier: MIT */
#include "inventory/archive/archive.h"

#include "inventory/archive/decoder.h"
#include "inventory/archive/frame.h"
#include "inventory/archive/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
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

static int64_t patience_left(const patience *p)
{
    const int64_t stall_left = p->stall_ms - p->stalled_ms;
    const int64_t total_left = p->total_ms - p->waited_ms;
    return stall_left < total_left ? stall_left : total_left;
}

/* ---- children that are heard at a time ------------------------------------------------ */

typedef struct reading { /* one child */
    fp_frames *frames;
    patience patience;
    fp_jail jail;
    fp_jail_exit end; /* once it was started and runs no more */
    bool running;
    bool stalled;
} reading;

static void stop(reading *r, bool stalled)
{
    r->stalled = stalled;
    r->end = fp_jail_stop(&r->jail);
    r->running = false;
}

/* Ends those that are out of patience; false when none is left. */
static bool any_runs(reading *all, size_t count)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        if (all[i].running && patience_left(&all[i].patience) <= 0)
            stop(&all[i], true);
        any = any || all[i].running;
    }
    return any;
}

/* Until one of them has bytes, or is out of patience. */
static void wait_for_bytes(reading *all, size_t count, struct pollfd *waited)
{
    int64_t least = 60000;
    for (size_t i = 0; i < count; i++) {
        const int64_t left = patience_left(&all[i].patience);
        waited[i] = (struct pollfd){.fd = -1, .events = POLLIN};
        if (!all[i].running)
            continue;
        waited[i].fd = all[i].jail.from_child;
        least = left < least ? left : least;
    }
    const int64_t before = now_ms();
    const bool failed = poll(waited, (nfds_t)count, (int)least) < 0 && errno != EINTR;
    const int64_t spent = now_ms() - before;
    for (size_t i = 0; i < count; i++) {
        all[i].patience.stalled_ms += spent;
        all[i].patience.waited_ms += spent;
        if (failed) /* it shows itself in the read that follows */
            waited[i].revents = POLLIN;
    }
}

/* Feeds what is there to the frames. False at the pipe's end, or when enough was heard. */
static bool hear(reading *r)
{
    size_t room;
    uint8_t *at = fp_frames_room(r->frames, &room);
    const ssize_t n = read(r->jail.from_child, at, room);
    if (n < 0 && errno == EINTR)
        return true;
    if (n <= 0)
        return false;
    const uint64_t before = fp_frames_count(r->frames);
    if (!fp_frames_take(r->frames, (size_t)n))
        return false;
    if (fp_frames_count(r->frames) > before)
        r->patience.stalled_ms = 0;
    return true;
}

static void hear_all(reading *all, size_t count)
{
    struct pollfd waited[FP_ARCHIVE_DECODERS_MAX];
    while (any_runs(all, count)) {
        wait_for_bytes(all, count, waited);
        for (size_t i = 0; i < count; i++) {
            if (all[i].running && waited[i].revents != 0 && !hear(&all[i]))
                stop(&all[i], false);
        }
    }
}

static fp_status start(reading *r, fp_jail_entry *entry, const fp_archive_lane *lane, int fd,
                       const fp_archive_limits *limits, bool require_jail, fp_diag *d)
{
    const fp_jail_limits jail_limits = {.memory_bytes = limits->decoder_memory,
                                        .cpu_seconds = limits->cpu_seconds};
    r->frames = fp_frames_new(limits, lane->events);
    if (r->frames == NULL)
        return fp_fail(d, FP_NOMEM, "archive", 0, "no memory for the decoder's frames");
    const fp_status status =
        fp_jail_start(entry, lane->context, fd, &jail_limits, require_jail, &r->jail, d);
    if (status != FP_OK)
        return status;
    r->running = true;
    r->patience = patience_of(limits);
    /* As large as anybody may have it, so that the two seldom wait for each other. */
    (void)fcntl(r->jail.from_child, F_SETPIPE_SZ, PIPE_SIZE);
    lane->result->confined = r->jail.confined; /* owed also to a caller whose event ends it */
    return FP_OK;
}

static fp_status finish(reading *r, const fp_archive_lane *lane, fp_diag *d)
{
    fp_archive_result found = {0};
    const fp_status status = fp_frames_finish(r->frames, r->stalled, r->end, &found);
    if (status != FP_OK)
        return fp_fail(d, status, "archive", found.members, "the reader of the members stopped");
    found.confined = r->jail.confined;
    *lane->result = found;
    return FP_OK;
}

fp_status fp_archive_read_children(fp_jail_entry *entry, const fp_archive_lane *lanes, size_t count,
                                   int fd, const fp_archive_limits *limits, bool require_jail,
                                   fp_diag *d)
{
    reading all[FP_ARCHIVE_DECODERS_MAX] = {0};
    fp_status status = FP_OK;
    for (size_t i = 0; i < count && status == FP_OK; i++)
        status = start(&all[i], entry, &lanes[i], fd, limits, require_jail, d);
    const bool started = status == FP_OK;
    if (started)
        hear_all(all, count);
    for (size_t i = 0; i < count; i++) {
        if (all[i].running) /* a later one could not be started */
            stop(&all[i], false);
        const fp_status own = started ? finish(&all[i], &lanes[i], d) : FP_OK;
        status = status == FP_OK ? own : status;
        fp_frames_free(all[i].frames);
    }
    return status;
}

/* ---- decoders ------------------------------------------------------------------------- */

fp_status fp_archive_read_several(int fd, const fp_archive_limits *limits, bool require_jail,
                                  const fp_archive_events *events, fp_archive_result *results,
                                  size_t count, fp_diag *d)
{
    fp_decoder_job jobs[FP_ARCHIVE_DECODERS_MAX];
    fp_archive_lane lanes[FP_ARCHIVE_DECODERS_MAX];
    struct stat st;
    if (count > FP_ARCHIVE_DECODERS_MAX)
        return fp_fail(d, FP_LIMIT, "archive", 0, "too many decoders");
    if (fstat(fd, &st) != 0)
        return fp_fail(d, FP_IO, "archive", 0, "fstat: %s", strerror(errno));
    if (!S_ISREG(st.st_mode))
        return fp_fail(d, FP_IO, "archive", 0, "not a file");
    for (size_t i = 0; i < count; i++) {
        jobs[i] = (fp_decoder_job){.limits = limits,
                                   .descend = events[i].descend,
                                   .wants = events[i].wants,
                                   .context = events[i].context};
        lanes[i] = (fp_archive_lane){&jobs[i], &events[i], &results[i]};
    }
    return fp_archive_read_children(fp_decoder_run, lanes, count, fd, limits, require_jail, d);
}

fp_status fp_archive_read(int fd, const fp_archive_limits *limits, bool require_jail,
                          const fp_archive_events *events, fp_archive_result *result, fp_diag *d)
{
    return fp_archive_read_several(fd, limits, require_jail, events, result, 1, d);
}

/* Level 1 came from each of them, and counts once. */
static const char *over_limit(const fp_archive_result *results, size_t count,
                              const fp_archive_limits *limits)
{
    uint64_t members = results[0].members;
    uint64_t bytes = results[0].bytes;
    for (size_t i = 1; i < count; i++) {
        members += results[i].nested_members;
        bytes += results[i].nested_bytes;
    }
    if (members > limits->members)
        return "too many members";
    return bytes > limits->total_bytes ? "the members together are too large" : NULL;
}

fp_archive_result fp_archive_sum(const fp_archive_result *results, size_t count,
                                 const fp_archive_limits *limits)
{
    fp_archive_result sum = results[0];
    for (size_t i = 1; i < count && fp_decoder_fate_is_good(sum.fate); i++) {
        if (!fp_decoder_fate_is_good(results[i].fate))
            sum = results[i];
    }
    for (size_t i = 0; i < count; i++)
        sum.confined = sum.confined && results[i].confined;
    const char *limit = over_limit(results, count, limits);
    if (limit == NULL || !fp_decoder_fate_is_good(sum.fate))
        return sum;
    sum.fate = FP_FATE_LIMIT;
    (void)snprintf(sum.message, sizeof sum.message, "%s", limit);
    return sum;
}
