/* SPDX-License-Identifier: MIT */
/*
 * What scripts/bench needs for logs:
 *
 *   bench_logs generate MEGABYTES     a wsyncmgr.log, the same every time, to standard output
 *   bench_logs literals               the literals of advisory 954474, one a line
 *   bench_logs scan FILE              scans it as `fixproof assess` does, tells what was found
 */
#include "tests/support/logs.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 256 * 1024, ARENA = 64 * 1024 * 1024, UPDATES_PER_RUN = 1500 };

/* ---- generate ---- */

typedef struct generator {
    fp_out out;
    uint64_t written, limit;
    long ms; /* since the first day */
    uint32_t seed;
} generator;

static uint32_t next_number(generator *g)
{
    g->seed = g->seed * 1664525U + 1013904223U;
    return g->seed >> 8;
}

static void flush(generator *g)
{
    (void)fwrite(g->out.data, 1, g->out.size, stdout);
    g->written += g->out.size;
    g->out.size = 0;
}

static void put_record(generator *g, const char *message)
{
    /* Days of one month after another; 28 each, so that every date is one. */
    const long day = g->ms / 86400000;
    const long of_day = g->ms % 86400000;
    fp_out_printf(&g->out,
                  "%s  $$<SMS_WSUS_SYNC_MANAGER><%02ld-%02ld-%04ld %02ld:%02ld:%02ld.%03ld+480>"
                  "<thread=%u (0x%X)>\r\n",
                  message, day / 28 % 12 + 1, day % 28 + 1, 2008 + day / 336, of_day / 3600000,
                  of_day / 60000 % 60, of_day / 1000 % 60, of_day % 1000, 5976U, 5976U);
    g->ms += 3 + next_number(g) % 40;
}

static void put_status(generator *g, int id)
{
    char message[512];
    (void)snprintf(
        message, sizeof message,
        "STATMSG: ID=%d SEV=I LEV=M SOURCE=\"SMS Server\" COMP=\"SMS_WSUS_SYNC_MANAGER\" "
        "SYS=SITESRV01 SITE=CS1 PID=432 TID=5976 ISTR0=\"\" ISTR1=\"\" ISTR2=\"\" "
        "ISTR3=\"\" NUMATTRS=0",
        id);
    put_record(g, message);
}

static void put_update(generator *g, unsigned number, unsigned total)
{
    static const char *const kinds[] = {"Security Update for Windows Server 2003",
                                        "Update for Windows XP", "Definition Update for Forefront",
                                        "Cumulative Security Update for Internet Explorer 7"};
    char message[512];
    if (number % 10 == 0)
        (void)snprintf(message, sizeof message,
                       "sync: WSUS synchronizing updates, processed %u out of %u items (%u%%)",
                       number, total, 100 * number / total);
    else
        (void)snprintf(
            message, sizeof message, "Synchronizing update %08x-%04x-4%03x-9%03x-%012x - %s (KB%u)",
            next_number(g), next_number(g) & 0xFFFF, next_number(g) & 0xFFF, next_number(g) & 0xFFF,
            next_number(g), kinds[next_number(g) % 4], 900000 + next_number(g) % 60000);
    put_record(g, message);
}

static void put_legacy(generator *g)
{
    static const char pkg[] = "C:\\Program Files\\Microsoft Updates Inventory "
                              "Tool\\PkgSource\\wsusscn2.cab";
    char message[512];
    put_record(g, "Performing legacy sync");
    put_status(g, 6709);
    put_record(g, "Started with command line: C:\\Program Files\\Microsoft Configuration "
                  "Manager\\bin\\i386\\updatewuscatalog.exe /x");
    (void)snprintf(message, sizeof message, "Processing security catalog %s ...", pkg);
    put_record(g, message);
    (void)snprintf(message, sizeof message, "Initializing catalog %s for synchronization.", pkg);
    put_record(g, message);
    put_record(g, "Pre-processing updates...");
    put_record(g, "Updates summary: 8123 processed, 411 matched, 27 outdated, 384 updated");
}

static void put_run(generator *g)
{
    const unsigned total = UPDATES_PER_RUN + next_number(g) % UPDATES_PER_RUN;
    put_record(g, "Wakeup for a polling cycle");
    put_record(g, "Starting Sync");
    put_record(g, "Performing sync on regular schedule");
    put_status(g, 6701);
    put_status(g, 6704);
    for (unsigned i = 1; i <= total && g->written + g->out.size < g->limit; i++) {
        put_update(g, i, total);
        if (g->out.size > PIECE)
            flush(g);
    }
    put_legacy(g);
    put_status(g, 6702);
    put_record(g, "Sync succeeded. Setting sync alert to canceled state on site CS1");
    g->ms += 4L * 3600 * 1000;
}

static int generate(uint64_t megabytes)
{
    generator g = {.limit = megabytes * 1000000, .seed = 954474};
    fp_out_text(&g.out, "\xEF\xBB\xBF");
    while (g.written + g.out.size < g.limit)
        put_run(&g);
    flush(&g);
    fp_out_free(&g.out);
    return fflush(stdout) == 0 ? 0 : 1;
}

/* ---- scan ---- */

static fp_status feed_file(fp_scan *scan, const char *path, uint64_t *bytes)
{
    static uint8_t piece[PIECE];
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return FP_IO;
    fp_status status = FP_OK;
    ssize_t got;
    while (status == FP_OK && (got = read(fd, piece, sizeof piece)) > 0) {
        *bytes += (uint64_t)got;
        status = fp_scan_feed(scan, fp_span_of(piece, (size_t)got));
    }
    (void)close(fd);
    return status;
}

static fp_status scan_path(fp_timeline *timeline, const char *path, uint64_t *bytes)
{
    fp_scan *scan = NULL;
    fp_status status = fp_scan_begin(timeline, 1, fp_str_of(path), NULL, &scan);
    if (status != FP_OK)
        return status;
    status = feed_file(scan, path, bytes);
    const fp_status ended = fp_scan_end(scan, true);
    return status == FP_OK ? ended : status;
}

static int scan(const char *path)
{
    fp_activity *activity = legacy_sync_activity();
    if (activity == NULL)
        return 1;
    fp_arena *arena = fp_arena_new(ARENA);
    const fp_activity *const activities[] = {activity};
    fp_timeline *timeline = arena == NULL ? NULL : fp_timeline_new(arena, activities, 1);
    const fp_history *history = NULL;
    uint64_t bytes = 0;
    fp_status status = timeline == NULL ? FP_NOMEM : scan_path(timeline, path, &bytes);
    if (status == FP_OK)
        status = fp_timeline_build(timeline, &history);
    if (status == FP_OK)
        (void)printf("%" PRIu64 " bytes, %" PRIu64 " records, %zu episodes, %zu runs\n", bytes,
                     history->files[0].counts.records, history->episode_count, history->run_count);
    else
        (void)fprintf(stderr, "%s: %s\n", path, fp_status_name(status));
    fp_timeline_free(timeline);
    fp_arena_free(arena);
    fp_activity_free(activity);
    return status == FP_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "generate") == 0)
        return generate(strtoull(argv[2], NULL, 10));
    if (argc == 3 && strcmp(argv[1], "scan") == 0)
        return scan(argv[2]);
    if (argc == 2 && strcmp(argv[1], "literals") == 0)
        return legacy_sync_literals(stdout);
    (void)fprintf(stderr, "usage: bench_logs generate MEGABYTES | literals | scan FILE\n");
    return 64;
}
