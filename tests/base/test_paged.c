/* SPDX-License-Identifier: MIT */
#include "inventory/base/paged.h"

#include "tests/support/check.h"
#include "tests/support/paged_file.h"

enum { CHUNKS = 5, SIZE = CHUNKS * FP_PAGED_CHUNK - 100, HELD_MAX = 1 << 30 };

/* ---- a file ---------------------------------------------------------------------------------- */

typedef struct world {
    uint8_t bytes[SIZE];
    paged_file *file;
} world;

static world *start(uint64_t held_max)
{
    world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    for (size_t i = 0; i < SIZE; i++)
        w->bytes[i] = (uint8_t)(i * 7 + i / 251);
    w->file = paged_file_new(fp_span_of(w->bytes, SIZE), held_max);
    return w;
}

static void end(world *w)
{
    paged_file_free(w->file);
    free(w);
}

static bool get(world *w, uint64_t offset, uint64_t size)
{
    fp_span part;
    if (!fp_paged_get(w->file->p, offset, size, &part))
        return false;
    assert_int_equal(part.size, size);
    if (size > 0)
        assert_memory_equal(part.data, w->bytes + offset, size);
    return true;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void test_only_what_is_asked_for(void **state)
{
    (void)state;
    world *w = start(HELD_MAX);
    assert_int_equal(fp_paged_held(w->file->p), 0);
    assert_true(get(w, 0, 0));
    assert_int_equal(fp_paged_held(w->file->p), 0);
    assert_true(get(w, FP_PAGED_CHUNK + 1, 10));
    assert_int_equal(fp_paged_held(w->file->p), FP_PAGED_CHUNK);
    assert_true(get(w, FP_PAGED_CHUNK, FP_PAGED_CHUNK));
    assert_int_equal(fp_paged_held(w->file->p), FP_PAGED_CHUNK);
    assert_true(get(w, FP_PAGED_CHUNK - 1, 2));
    assert_int_equal(fp_paged_held(w->file->p), 2 * FP_PAGED_CHUNK);
    assert_int_equal(w->file->held, 2 * FP_PAGED_CHUNK);
    end(w);
}

static void test_every_place(void **state)
{
    (void)state;
    for (size_t at = 0; at <= SIZE; at += 997) {
        world *w = start(HELD_MAX);
        assert_true(get(w, at, SIZE - at));
        assert_true(get(w, 0, at));
        assert_int_equal(fp_paged_held(w->file->p), SIZE);
        end(w);
    }
}

static void test_spans_stay(void **state)
{
    (void)state;
    world *w = start(HELD_MAX);
    fp_span first;
    assert_true(fp_paged_get(w->file->p, 5, 100, &first));
    assert_true(get(w, 0, SIZE));
    fp_span again;
    assert_true(fp_paged_get(w->file->p, 5, 100, &again));
    assert_ptr_equal(first.data, again.data);
    assert_memory_equal(first.data, w->bytes + 5, 100);
    end(w);
}

static void test_outside(void **state)
{
    (void)state;
    world *w = start(HELD_MAX);
    assert_true(get(w, SIZE, 0));
    assert_true(get(w, SIZE - 1, 1));
    assert_false(get(w, SIZE - 1, 2));
    assert_false(get(w, SIZE, 1));
    assert_false(get(w, SIZE + 1, 0));
    assert_false(get(w, UINT64_MAX, 2));
    assert_false(get(w, 2, UINT64_MAX));
    uint8_t byte;
    assert_false(fp_paged_copy(w->file->p, SIZE, 1, &byte));
    const fp_paged start_of_it = fp_paged_start(w->file->p, 10);
    fp_span part;
    assert_true(fp_paged_get(start_of_it, 9, 1, &part));
    assert_false(fp_paged_get(start_of_it, 9, 2, &part));
    assert_int_equal(w->file->troubles, 0);
    end(w);
}

static void test_copies_keep_nothing(void **state)
{
    (void)state;
    world *w = start(HELD_MAX);
    uint8_t copy[SIZE];
    assert_true(fp_paged_copy(w->file->p, 3, SIZE - 3, copy));
    assert_memory_equal(copy, w->bytes + 3, SIZE - 3);
    assert_int_equal(fp_paged_held(w->file->p), 0);
    assert_true(get(w, FP_PAGED_CHUNK, 1)); /* part of it from memory */
    assert_true(fp_paged_copy(w->file->p, 3, SIZE - 3, copy));
    assert_memory_equal(copy, w->bytes + 3, SIZE - 3);
    end(w);
}

static void test_all_at_once(void **state)
{
    (void)state;
    world *w = start(HELD_MAX);
    fp_span before;
    assert_true(fp_paged_get(w->file->p, 2 * FP_PAGED_CHUNK, 1, &before));
    fp_paged_bring_all(w->file->p);
    assert_int_equal(fp_paged_held(w->file->p), SIZE);
    assert_int_equal(w->file->held, SIZE);
    paged_file_change(w->file, 1, 0); /* nothing more is read */
    fp_paged_bring_all(w->file->p);
    assert_true(get(w, 0, SIZE));
    assert_int_equal(before.data[0], w->bytes[2 * FP_PAGED_CHUNK]);
    assert_int_equal(w->file->troubles, 0);
    end(w);
}

static void test_more_than_a_piece_at_once(void **state)
{
    enum { LARGE = 5 * 1024 * 1024 + 3 };
    (void)state;
    uint8_t *bytes = malloc(LARGE);
    assert_non_null(bytes);
    for (size_t i = 0; i < LARGE; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 251);
    paged_file *file = paged_file_new(fp_span_of(bytes, LARGE), HELD_MAX);
    fp_paged_bring_all(file->p);
    assert_int_equal(fp_paged_held(file->p), LARGE);
    fp_span all;
    assert_true(fp_paged_get(file->p, 0, LARGE, &all));
    assert_memory_equal(all.data, bytes, LARGE);
    paged_file_free(file);
    free(bytes);
}

static void test_not_all_at_once(void **state)
{
    (void)state;
    world *w = start(SIZE - 1); /* the limit does not allow it */
    fp_paged_bring_all(w->file->p);
    assert_int_equal(fp_paged_held(w->file->p), 0);
    assert_int_equal(w->file->troubles, 0);
    end(w);

    w = start(HELD_MAX);
    assert_true(get(w, 0, 1));
    paged_file_change(w->file, FP_PAGED_CHUNK, 0);
    fp_paged_bring_all(w->file->p);
    assert_int_equal(fp_paged_held(w->file->p), FP_PAGED_CHUNK);
    assert_int_equal(w->file->troubles, 1);
    end(w);
}

static void test_span(void **state)
{
    (void)state;
    static const uint8_t bytes[] = "0123456789";
    const fp_paged p = fp_paged_of(fp_span_of(bytes, 10));
    fp_span part;
    uint8_t copy[4];
    assert_true(fp_paged_get(p, 2, 8, &part));
    assert_ptr_equal(part.data, bytes + 2);
    assert_false(fp_paged_get(p, 2, 9, &part));
    assert_true(fp_paged_copy(p, 6, 4, copy));
    assert_memory_equal(copy, "6789", 4);
    assert_false(fp_paged_copy(p, 7, 4, copy));
    assert_int_equal(fp_paged_held(p), 10);
    fp_paged_close(p);
}

/* ---- overlays -------------------------------------------------------------------------------- */

enum { LONGER = SIZE + 3 * FP_PAGED_CHUNK, PUT_AT = 2 * FP_PAGED_CHUNK - 3 };

static void check_overlay(world *w, fp_paged below)
{
    fp_arena *arena = fp_arena_new(SIZE_MAX);
    fp_paged over;
    fp_span part;
    assert_int_equal(fp_paged_over(below, LONGER, arena, &over), FP_OK);
    assert_int_equal(fp_paged_held(over), 0);
    assert_true(fp_paged_put(over, PUT_AT, fp_span_of("other", 5)));
    assert_int_equal(fp_paged_held(over), 2 * FP_PAGED_CHUNK);
    assert_true(fp_paged_put(over, LONGER - 5, fp_span_of("end", 3)));

    uint8_t *want = calloc(LONGER, 1);
    uint8_t *copy = malloc(LONGER);
    assert_true(want != NULL && copy != NULL);
    memcpy(want, w->bytes, SIZE);
    memcpy(want + PUT_AT, "other", 5);
    memcpy(want + LONGER - 5, "end", 3);
    assert_true(fp_paged_copy(over, 0, LONGER, copy));
    assert_memory_equal(copy, want, LONGER);
    assert_true(fp_paged_get(over, 0, LONGER, &part));
    assert_memory_equal(part.data, want, LONGER);
    assert_true(fp_paged_copy(below, 0, SIZE, copy));
    assert_memory_equal(copy, w->bytes, SIZE);
    assert_int_equal(fp_paged_held(over), LONGER);

    assert_false(fp_paged_put(over, LONGER - 1, fp_span_of("xx", 2)));
    assert_false(fp_paged_put(below, 0, fp_span_of("x", 1)));
    free(want);
    free(copy);
    fp_paged_close(over);
    fp_arena_free(arena);
}

static void test_overlay(void **state)
{
    (void)state;
    world *w = start(HELD_MAX);
    check_overlay(w, w->file->p);
    assert_int_equal(fp_paged_held(w->file->p), 0);
    check_overlay(w, fp_paged_of(fp_span_of(w->bytes, SIZE)));
    end(w);
}

static void test_shorter_overlay(void **state)
{
    (void)state;
    world *w = start(HELD_MAX);
    fp_arena *arena = fp_arena_new(SIZE_MAX);
    fp_paged over;
    fp_span part;
    assert_int_equal(fp_paged_over(w->file->p, 10, arena, &over), FP_OK);
    assert_true(fp_paged_get(over, 0, 10, &part));
    assert_memory_equal(part.data, w->bytes, 10);
    assert_false(fp_paged_get(over, 0, 11, &part));
    fp_arena_free(arena);
    end(w);
}

static void test_overlay_of_a_changed_file(void **state)
{
    (void)state;
    world *w = start(HELD_MAX);
    fp_arena *arena = fp_arena_new(SIZE_MAX);
    fp_paged over;
    fp_span part;
    assert_int_equal(fp_paged_over(w->file->p, LONGER, arena, &over), FP_OK);
    assert_true(fp_paged_put(over, 0, fp_span_of("x", 1)));
    paged_file_change(w->file, SIZE, SIZE - 1);
    assert_false(fp_paged_put(over, FP_PAGED_CHUNK, fp_span_of("x", 1)));
    assert_false(fp_paged_get(over, FP_PAGED_CHUNK, 1, &part));
    assert_true(fp_paged_get(over, 0, 1, &part));
    assert_int_equal(part.data[0], 'x');
    fp_arena_free(arena);
    end(w);
}

static void test_overlay_without_memory(void **state)
{
    (void)state;
    world *w = start(HELD_MAX);
    fp_paged over;
    for (size_t budget = 0; budget < SIZE + 4096; budget += 64) {
        fp_arena *arena = fp_arena_new(budget);
        const fp_status status = fp_paged_over(w->file->p, SIZE, arena, &over);
        assert_true(status == (budget < SIZE ? FP_NOMEM : FP_OK) || budget - SIZE < 1024);
        fp_arena_free(arena);
    }
    end(w);
}

/* ---- what goes wrong ------------------------------------------------------------------------- */

static void check_gone(world *w)
{
    uint8_t byte;
    assert_false(get(w, 2 * FP_PAGED_CHUNK, 1));
    assert_false(fp_paged_copy(w->file->p, 3 * FP_PAGED_CHUNK, 1, &byte));
    assert_true(get(w, 0, FP_PAGED_CHUNK)); /* read before */
    assert_int_equal(w->file->troubles, 1);
    assert_int_equal(fp_paged_held(w->file->p), FP_PAGED_CHUNK);
}

typedef struct change_row {
    const char *title;
    size_t size; /* of the file afterwards */
    size_t at;   /* of the byte that is written */
} change_row;

static const change_row change_rows[] = {
    {"cut short", FP_PAGED_CHUNK, 0},
    {"cut to nothing", 1, 0},
    {"grown", SIZE + 1, SIZE},
    {"another byte in another part", SIZE, SIZE - 1},
    {"another byte in the part that is asked for", SIZE, 2 * FP_PAGED_CHUNK},
};

static void test_change_row(void **state)
{
    const change_row *row = *state;
    world *w = start(HELD_MAX);
    assert_true(get(w, 0, 1));
    paged_file_change(w->file, row->size, row->at);
    check_gone(w);
    end(w);
}

static void test_time_set_back(void **state)
{
    (void)state;
    world *w = start(HELD_MAX);
    assert_true(get(w, 0, 1));
    paged_file_change(w->file, SIZE, 2 * FP_PAGED_CHUNK);
    const struct timespec times[] = {w->file->seen.st_atim, w->file->seen.st_mtim};
    assert_int_equal(futimens(w->file->fd, times), 0);
    check_gone(w);
    end(w);
}

static void test_limit(void **state)
{
    (void)state;
    world *w = start(2 * FP_PAGED_CHUNK);
    assert_true(get(w, 0, 1));
    assert_false(get(w, FP_PAGED_CHUNK, 2 * FP_PAGED_CHUNK));
    assert_int_equal(w->file->troubles, 1);
    assert_int_equal(w->file->held, 2 * FP_PAGED_CHUNK);
    assert_true(get(w, FP_PAGED_CHUNK, 1)); /* it was brought before the limit was met */
    end(w);
}

static void test_not_opened(void **state)
{
    (void)state;
    world *w = start(HELD_MAX);
    fp_paged p;
    struct stat huge = w->file->seen;
    huge.st_size = (off_t)FP_PAGED_SIZE_MAX + 1;
    fp_paged_source from = {.fd = w->file->fd, .seen = &huge, .held = &w->file->held};
    assert_int_equal(fp_paged_open(&from, &p), FP_LIMIT);
    from.seen = &w->file->seen;
    from.fd = -1;
    assert_int_equal(fp_paged_open(&from, &p), FP_IO);
    end(w);
}

#define COUNT_OF(list) (sizeof(list) / sizeof((list)[0]))

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_only_what_is_asked_for),
        cmocka_unit_test(test_every_place),
        cmocka_unit_test(test_spans_stay),
        cmocka_unit_test(test_outside),
        cmocka_unit_test(test_copies_keep_nothing),
        cmocka_unit_test(test_all_at_once),
        cmocka_unit_test(test_more_than_a_piece_at_once),
        cmocka_unit_test(test_not_all_at_once),
        cmocka_unit_test(test_span),
        cmocka_unit_test(test_overlay),
        cmocka_unit_test(test_shorter_overlay),
        cmocka_unit_test(test_overlay_of_a_changed_file),
        cmocka_unit_test(test_overlay_without_memory),
        cmocka_unit_test(test_time_set_back),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_not_opened),
    };
    static struct CMUnitTest tests[COUNT_OF(single) + COUNT_OF(change_rows)];
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(single); i++)
        tests[count++] = single[i];
    for (size_t i = 0; i < COUNT_OF(change_rows); i++)
        tests[count++] = (struct CMUnitTest){change_rows[i].title, test_change_row, NULL, NULL,
                                             (void *)&change_rows[i]};
    return RUN_TESTS(tests);
}
