/* SPDX-License-Identifier: MIT */
/*
 * Two states of one hive become a dirty hive and its transaction logs:
 *
 *     make_hive_logs BEFORE AFTER OUT            OUT, OUT.LOG1 (the old form)
 *     make_hive_logs BEFORE AFTER OUT --new      OUT, OUT.LOG1, OUT.LOG2 (the new form)
 */
#include "tests/support/hive_log_builder.h"

#include <stdio.h>
#include <string.h>

enum { HIVE_MAX = 64 * 1024 * 1024 };

static bool read_hive(fp_arena *arena, const char *path, fp_span *out)
{
    uint8_t *data = fp_arena_alloc(arena, HIVE_MAX);
    FILE *file = fopen(path, "rb");
    const size_t size = file != NULL && data != NULL ? fread(data, 1, HIVE_MAX, file) : 0;
    if (file != NULL)
        (void)fclose(file);
    *out = fp_span_of(data, size);
    return size > FP_HIVE_BLOCK;
}

static bool write_file(const char *path, const uint8_t *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return false;
    const bool written = fwrite(data, 1, size, file) == size;
    return fclose(file) == 0 && written;
}

/* 2008-06-20T00:00:00Z: what ties an old log to its hive. */
static void set_written(fp_span hive)
{
    static const uint8_t written[] = {0x00, 0x00, 0x1A, 0x95, 0x68, 0xD2, 0xC8, 0x01};
    uint8_t *data = (uint8_t *)(uintptr_t)hive.data;
    memcpy(data + 12, written, sizeof written);
    hive_log_seal(data);
}

static bool write_logs(fp_arena *arena, fp_span before, fp_span after, const char *out, bool is_new)
{
    hive_log one = {.arena = arena};
    hive_log two = {.arena = arena};
    const char *path_one = fp_arena_printf(arena, "%s.LOG1", out);
    const char *path_two = fp_arena_printf(arena, "%s.LOG2", out);
    if (path_one == NULL || path_two == NULL)
        return false;
    if (!is_new)
        return hive_log_old(&one, before, after, 1) && write_file(path_one, one.data, one.size);
    return hive_log_new(&one, before, 7) && hive_log_entry(&one, (fp_span){NULL, 0}, before, 7) &&
           hive_log_new(&two, before, 8) && hive_log_entry(&two, before, after, 8) &&
           hive_log_room(&two) && write_file(path_one, one.data, one.size) &&
           write_file(path_two, two.data, two.size);
}

int main(int argc, char **argv)
{
    if (argc < 4 || argc > 5 || (argc == 5 && strcmp(argv[4], "--new") != 0)) {
        (void)fprintf(stderr, "usage: make_hive_logs BEFORE AFTER OUT [--new]\n");
        return 64;
    }
    fp_arena *arena = fp_arena_new((size_t)1 << 30);
    fp_span before, after;
    bool done =
        arena != NULL && read_hive(arena, argv[1], &before) && read_hive(arena, argv[2], &after);
    if (done) {
        set_written(before);
        set_written(after);
        const uint8_t *dirty = hive_log_dirty(arena, before);
        done = dirty != NULL && write_file(argv[3], dirty, before.size) &&
               write_logs(arena, before, after, argv[3], argc == 5);
    }
    fp_arena_free(arena);
    if (!done)
        (void)fprintf(stderr, "make_hive_logs: nothing was written\n");
    return done ? 0 : 1;
}
