/* SPDX-License-Identifier: MIT */
#include "verify/cli/progress.h"

#include "verify/report/page.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { QUIET_MS = 500, REDRAW_MS = 100, COUNT_COLUMNS = 24, LINE_MEMORY = 64 * 1024 };

static uint64_t now_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static unsigned terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2 * COUNT_COLUMNS)
        return 2 * COUNT_COLUMNS;
    return size.ws_col;
}

void fp_progress_start(fp_progress *progress, const fp_options *options)
{
    const char *term = getenv("TERM");
    *progress = (fp_progress){.started_ms = now_ms(), .width = terminal_width()};
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

void fp_progress_told(void *context, fp_str path, uint64_t bytes_read)
{
    fp_progress *progress = context;
    if (!progress->enabled)
        return;
    const uint64_t now = now_ms();
    if (now - progress->started_ms < QUIET_MS ||
        (progress->shown && now - progress->drawn_ms < REDRAW_MS))
        return;
    fp_arena *arena = fp_arena_new(LINE_MEMORY);
    fp_out line = {0};
    fp_str shown;
    if (arena != NULL && fp_text_display(path, arena, &shown) == FP_OK) {
        fp_out_printf(&line, "\r\033[K%8.1f MB read  ", (double)bytes_read / 1e6);
        fp_out_str(&line, tail(shown, progress->width - COUNT_COLUMNS));
        show(&line);
        progress->shown = true;
        progress->drawn_ms = now;
    }
    fp_out_free(&line);
    fp_arena_free(arena);
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
