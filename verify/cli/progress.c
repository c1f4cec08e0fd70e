/* SPDX-License-Identifier: MIT */
#include "verify/cli/progress.h"

#include "verify/report/page.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum {
    QUIET_MS = 500,  /* of the run without a line, of a part without a rate */
    REDRAW_MS = 100, /* between two lines */
    COLUMNS_MIN = 48,
    LINE_MEMORY = 64 * 1024
};

static uint64_t now_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static unsigned terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < COLUMNS_MIN)
        return COLUMNS_MIN;
    return size.ws_col;
}

void fp_progress_start(fp_progress *progress, const fp_options *options)
{
    const char *term = getenv("TERM");
    *progress = (fp_progress){.started_ms = now_ms(), .width = terminal_width()};
    progress->part_started_ms = progress->told_ms = progress->started_ms;
    progress->enabled = isatty(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0 &&
                        !fp_option_is_given(options, FP_OPT_QUIET) &&
                        !fp_option_is_given(options, FP_OPT_NO_PROGRESS);
}

static void show(const fp_out *line)
{
    if (!line->failed && line->size > 0 && write(STDERR_FILENO, line->data, line->size) < 0)
        (void)0; /* progress is not worth an error */
}

/* The end of a long path says more than its beginning. Cut between characters. */
static fp_str tail(fp_str path, unsigned columns)
{
    fp_str rest = path;
    while (rest.size > 0 && fp_text_columns(rest) > columns) {
        rest.data++;
        rest.size--;
        while (rest.size > 0 && ((unsigned char)*rest.data & 0xC0U) == 0x80U) {
            rest.data++;
            rest.size--;
        }
    }
    return rest;
}

/* A file and what is decoded of it are parts of different speed. */
static void follow_part(fp_progress *progress, const fp_evidence_step *step, uint64_t now)
{
    if (step->part_total != progress->part_total || step->part_done < progress->part_done) {
        progress->part_started_ms = progress->told_ms;
        progress->part_read = progress->told_read;
        progress->part_total = step->part_total;
    }
    progress->part_done = step->part_done;
    progress->told_ms = now;
    progress->told_read = step->bytes_read;
}

static void put_time_left(uint64_t seconds, fp_out *line)
{
    const unsigned hours = (unsigned)(seconds / 3600);
    const unsigned minutes = (unsigned)(seconds / 60 % 60);
    if (hours > 0)
        fp_out_printf(line, ", %u:%02u:%02u left", hours, minutes, (unsigned)(seconds % 60));
    else
        fp_out_printf(line, ", %u:%02u left", minutes, (unsigned)(seconds % 60));
}

void fp_progress_line(fp_progress *progress, const fp_evidence_step *step, uint64_t now,
                      fp_out *line)
{
    fp_arena *arena = fp_arena_new(LINE_MEMORY);
    fp_str shown;
    follow_part(progress, step, now);
    const double seconds = (double)(now - progress->part_started_ms) / 1e3;
    const size_t start = line->size;
    fp_out_printf(line, "%8.1f MB read", (double)step->bytes_read / 1e6);
    if (now - progress->part_started_ms >= QUIET_MS) {
        fp_out_printf(line, ", %.1f MB/s",
                      (double)(step->bytes_read - progress->part_read) / 1e6 / seconds);
        if (step->part_total > 0 && step->part_done > 0)
            put_time_left((uint64_t)((double)(step->part_total - step->part_done) * seconds /
                                     (double)step->part_done),
                          line);
    }
    fp_out_text(line, "  ");
    const size_t used = line->size - start;
    if (arena != NULL && used < progress->width &&
        fp_text_display(step->path, arena, &shown) == FP_OK)
        fp_out_str(line, tail(shown, progress->width - (unsigned)used));
    fp_arena_free(arena);
}

void fp_progress_told(void *context, const fp_evidence_step *step)
{
    fp_progress *progress = context;
    if (!progress->enabled)
        return;
    const uint64_t now = now_ms();
    follow_part(progress, step, now);
    if (now - progress->started_ms < QUIET_MS ||
        (progress->shown && now - progress->drawn_ms < REDRAW_MS))
        return;
    fp_out line = {0};
    fp_out_text(&line, "\r\033[K");
    fp_progress_line(progress, step, now, &line);
    show(&line);
    progress->shown = true;
    progress->drawn_ms = now;
    fp_out_free(&line);
}

void fp_progress_end(fp_progress *progress)
{
    fp_out line = {0};
    if (progress->shown)
        fp_out_text(&line, "\r\033[K");
    show(&line);
    fp_out_free(&line);
    progress->shown = false;
}
