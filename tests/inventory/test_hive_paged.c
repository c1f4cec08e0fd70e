/* SPDX-License-Identifier: MIT */
/* Hives of which only parts are read: the same answers, few parts, and files that change. */
#include "inventory/registry/hive_recovery.h"

#include "tests/support/check.h"
#include "tests/support/hive_builder.h"
#include "tests/support/hive_dump.h"
#include "tests/support/hive_log_builder.h"
#include "tests/support/paged_file.h"
#include "tests/support/registry_probe.h"

#include <stdio.h>

#define S        "HKEY_LOCAL_MACHINE\\SOFTWARE"
#define NO_LIMIT UINT64_MAX

/* ---- a hive of many bins --------------------------------------------------------------------- */

typedef struct sample {
    registry_probe *p;
    hive_builder *b;
    hive_builder_key *updates; /* has most of the keys */
    uint8_t *file;
    size_t size;
    paged_file *parts;
    fp_registry_recovery recovery;
} sample;

static sample start(unsigned keys, const hive_builder_options *options)
{
    sample s = {.p = probe_new(SIZE_MAX)};
    s.b = hive_builder_new(s.p->arena);
    hive_builder_key *setup = hive_builder_path(s.b, FP_STR("Microsoft\\Setup"));
    assert_true(hive_builder_text(s.b, setup, FP_STR("Version"), FP_STR("4.00")));
    s.updates = hive_builder_path(s.b, FP_STR("Microsoft\\Updates"));
    for (unsigned i = 0; i < keys; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "KB%06u", i);
        hive_builder_key *key = hive_builder_add(s.b, s.updates, fp_str_of(name));
        assert_true(hive_builder_text(s.b, key, FP_STR("Title"), FP_STR("an update of no name")));
        assert_true(hive_builder_text(s.b, key, FP_STR("By"), FP_STR("nobody")));
    }
    assert_true(hive_builder_write(s.b, options, &s.file, &s.size));
    return s;
}

static const hive_builder_options plain = {.name = "SOFTWARE"};

static void open_parts(sample *s)
{
    s->parts = paged_file_new(fp_span_of(s->file, s->size), NO_LIMIT);
}

static void ignore(void *context, const fp_registry_problem *problem)
{
    registry_probe *p = context;
    if (p->problem_count < PROBE_PROBLEMS_MAX)
        p->where[p->problem_count] = problem->where;
    p->problem_count++;
}

static void view(sample *s)
{
    assert_int_equal(fp_registry_add_hive_with_logs(s->p->reg, 2, s->parts->p, FP_STR("SOFTWARE"),
                                                    NULL, 0, ignore, s->p, &s->p->soundness,
                                                    &s->recovery),
                     FP_OK);
}

static void change(sample *s, size_t size)
{
    paged_file_change(s->parts, size, size - 1);
}

static void end(sample *s)
{
    probe_free(s->p);
    if (s->parts != NULL)
        paged_file_free(s->parts);
}

static uint8_t *cell(const sample *s, uint32_t offset)
{
    return s->file + FP_HIVE_BLOCK + offset;
}

/* ---- the same answers ------------------------------------------------------------------------ */

static void sum_problem(void *context, const fp_registry_problem *problem)
{
    uint64_t *sum = context;
    *sum = *sum * 31 + problem->where;
}

/* The order and places of all problems of a walk, as one number. */
static uint64_t problems_of(fp_paged file, fp_arena *arena)
{
    uint64_t sum = 1;
    fp_reg_problems problems = {.tell = sum_problem, .context = &sum};
    const fp_hive_visitor visitor = {.context = NULL};
    fp_hive *hive = NULL;
    bool whole = false;
    if (fp_hive_open_paged(file, arena, &problems, &hive, NULL) != FP_OK)
        return 0;
    assert_int_equal(fp_hive_walk(hive, &visitor, &problems, &whole), FP_OK);
    return sum * 2 + whole;
}

static void check_same(fp_span file)
{
    fp_arena *arena = fp_arena_new(SIZE_MAX);
    paged_file *parts = paged_file_new(file, NO_LIMIT);
    hive_lines held = {.at = NULL};
    hive_lines paged = {.at = NULL};
    size_t only_held = 0;
    size_t only_paged = 0;
    assert_int_equal(hive_dump_own(file, arena, &held), hive_dump_paged(parts->p, arena, &paged));
    hive_dump_compare(&held, &paged, &only_held, &only_paged);
    assert_int_equal(only_held + only_paged, 0);
    assert_true(problems_of(fp_paged_of(file), arena) == problems_of(parts->p, arena));
    assert_int_equal(parts->troubles, 0);
    paged_file_free(parts);
    fp_arena_free(arena);
}

static void test_same_answers(void **state)
{
    (void)state;
    static const hive_builder_options forms[] = {{.name = "SOFTWARE"},
                                                 {.list = HIVE_LF, .leaf = 7},
                                                 {.list = HIVE_LI, .minor = 3},
                                                 {.dirty = true}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        sample s = start(i == 0 ? 3000 : 100, &forms[i]);
        check_same(fp_span_of(s.file, s.size));
        end(&s);
    }
}

static void test_same_answers_of_damaged(void **state)
{
    (void)state;
    sample s = start(60, &plain);
    uint64_t random = 1;
    for (unsigned i = 0; i < 500; i++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint8_t *byte = s.file + FP_HIVE_BLOCK + (random >> 33) % (s.size - FP_HIVE_BLOCK);
        *byte ^= (uint8_t)(1U << (random >> 20) % 8);
        check_same(fp_span_of(s.file, s.size - (i % 3 == 0 ? i : 0)));
    }
    end(&s);
}

/* ---- few parts ------------------------------------------------------------------------------- */

static void test_look_ups_touch_little(void **state)
{
    (void)state;
    sample s = start(20000, &plain);
    open_parts(&s);
    assert_true(s.size > 4U << 20);
    view(&s);
    assert_int_equal(s.p->soundness, FP_REG_SOUND);
    assert_in_range(fp_paged_held(s.parts->p), 1, 8 * FP_PAGED_CHUNK);

    for (unsigned i = 0; i < 20; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, S "\\Microsoft\\Setup\\KB%06u", i);
        assert_string_equal(probe_key(s.p, path), "no");
        assert_string_equal(probe_text(s.p, S "\\Microsoft\\Setup", "Version"), "4.00");
    }
    assert_in_range(fp_paged_held(s.parts->p), 1, 8 * FP_PAGED_CHUNK);
    assert_int_equal(s.p->problem_count, 0);
    end(&s);
}

/* A dirty hive of many parts and its log: pages are laid over the few parts that they change. */
static void test_recovery_touches_little(void **state)
{
    (void)state;
    sample s = start(20000, &(hive_builder_options){.name = "SOFTWARE", .written = 1213934530000});
    hive_builder_key *changed = s.updates->children[7777];
    uint8_t *after = fp_arena_copy(s.p->arena, s.file, s.size);
    after[FP_HIVE_BLOCK + changed->offset + 4 + 76 + 7] = 'x'; /* KB00777x */
    hive_log log = {.arena = s.p->arena};
    assert_true(hive_log_old(&log, fp_span_of(s.file, s.size), fp_span_of(after, s.size), 1));
    s.file = hive_log_dirty(s.p->arena, fp_span_of(s.file, s.size));
    fp_registry_log offered = {
        .item = 3, .name = FP_STR("SOFTWARE.LOG"), .content = fp_span_of(log.data, log.size)};
    open_parts(&s);
    fp_paged copy;
    fp_registry_recovery told;
    assert_int_equal(fp_hive_recover(s.parts->p, FP_STR("SOFTWARE"), &offered, 1, SIZE_MAX,
                                     s.p->arena, &told, &copy),
                     FP_OK);
    assert_int_equal(told.state, FP_REG_RECOVERED);
    assert_in_range(fp_paged_held(copy), 1, 4 * FP_PAGED_CHUNK);
    assert_in_range(fp_paged_held(s.parts->p), 0, FP_PAGED_CHUNK);

    fp_span whole;
    assert_true(fp_paged_get(copy, 0, s.size, &whole));
    assert_memory_equal(whole.data + FP_HIVE_BLOCK, after + FP_HIVE_BLOCK, s.size - FP_HIVE_BLOCK);
    end(&s);
}

/* A part that the log changes can no longer be read: the hive stays dirty. */
static void test_recovery_of_a_changed_file(void **state)
{
    (void)state;
    sample s = start(3000, &(hive_builder_options){.name = "SOFTWARE", .written = 1213934530000});
    uint8_t *after = fp_arena_copy(s.p->arena, s.file, s.size);
    after[s.size - 8] ^= 1;
    hive_log log = {.arena = s.p->arena};
    assert_true(hive_log_old(&log, fp_span_of(s.file, s.size), fp_span_of(after, s.size), 1));
    s.file = hive_log_dirty(s.p->arena, fp_span_of(s.file, s.size));
    fp_registry_log offered = {
        .item = 3, .name = FP_STR("SOFTWARE.LOG"), .content = fp_span_of(log.data, log.size)};
    open_parts(&s);
    fp_span block;
    assert_true(fp_paged_get(s.parts->p, 0, FP_HIVE_BLOCK, &block));
    change(&s, s.size);
    fp_paged copy;
    fp_registry_recovery told;
    assert_int_equal(fp_hive_recover(s.parts->p, FP_STR("SOFTWARE"), &offered, 1, SIZE_MAX,
                                     s.p->arena, &told, &copy),
                     FP_OK);
    assert_int_equal(told.state, FP_REG_NOT_RECOVERED);
    assert_non_null(told.doubt);
    assert_int_equal(offered.fate, FP_REG_LOG_UNUSED);
    end(&s);
}

/* One bin of four megabytes, all of it small free cells but for the last: the root. */
static void test_giant_bin(void **state)
{
    (void)state;
    enum { BIN = 4 << 20, ROOT = BIN - 120 };
    sample s = start(1, &plain);
    uint8_t *file = fp_arena_alloc(s.p->arena, FP_HIVE_BLOCK + BIN);
    uint8_t *bins = file + FP_HIVE_BLOCK;
    const uint32_t old_root = fp_load_u32le(s.file + 36);
    memcpy(file, s.file, FP_HIVE_BLOCK + 32);
    hive_put32(file + 36, ROOT);
    hive_put32(file + 40, BIN);
    hive_put32(bins + 8, BIN);
    for (size_t at = 32; at < ROOT; at += 8)
        hive_put32(bins + at, 8);
    memcpy(bins + ROOT, cell(&s, old_root), 80);
    hive_put32(bins + ROOT, (uint32_t)-120);
    hive_put32(bins + ROOT + 4 + 20, 0); /* no subkeys */
    hive_builder_seal(file, FP_HIVE_BLOCK + BIN);

    paged_file *parts = paged_file_new(fp_span_of(file, FP_HIVE_BLOCK + BIN), NO_LIMIT);
    fp_reg_problems problems = {.tell = NULL};
    fp_hive *hive = NULL;
    fp_hive_key root;
    assert_int_equal(fp_hive_open_paged(parts->p, s.p->arena, &problems, &hive, NULL), FP_OK);
    assert_int_equal(fp_hive_root(hive, &root, NULL), FP_OK);
    assert_true(fp_hive_is_whole(hive));
    assert_in_range(fp_paged_held(parts->p), 1, 3 * FP_PAGED_CHUNK);
    paged_file_free(parts);
    end(&s);
}

/* ---- bins ------------------------------------------------------------------------------------ */

/* A key with the next one behind it in the same bin. */
static unsigned key_before_another(const sample *s)
{
    for (unsigned i = 1500; i + 1 < s->updates->child_count; i++) {
        const uint32_t key = s->updates->children[i]->offset;
        const uint32_t next = s->updates->children[i + 1]->offset;
        if (key < next && key / FP_HIVE_BLOCK == next / FP_HIVE_BLOCK)
            return i;
    }
    fail();
    return 0;
}

/* Microsoft\Updates\KB000007, then `below`. */
static const char *ask(sample *s, unsigned number, const char *below)
{
    char path[80];
    (void)snprintf(path, sizeof path, S "\\Microsoft\\Updates\\KB%06u%s", number, below);
    return probe_key(s->p, path);
}

/*
 * What is behind a cell that does not fit is unreadable, and nothing is absent for certain below a
 * key in such a bin. Other bins are as they were.
 */
static void test_damaged_bin(void **state)
{
    (void)state;
    sample s = start(3000, &plain);
    const unsigned number = key_before_another(&s);
    const uint32_t next = s.updates->children[number + 1]->offset;
    hive_put32(cell(&s, next), 0x80000000);
    open_parts(&s);
    view(&s);
    assert_int_equal(s.p->soundness, FP_REG_SOUND);
    assert_string_equal(probe_key(s.p, S "\\Microsoft\\x"), "no");
    assert_int_equal(s.p->problem_count, 0);

    assert_string_equal(ask(&s, number, ""), "yes");
    assert_int_equal(s.p->problem_count, 1);
    assert_int_equal(s.p->where[0], FP_HIVE_BLOCK + (uint64_t)next);
    assert_string_equal(ask(&s, number, "\\x"), "unreadable");
    assert_string_equal(ask(&s, 3, "\\x"), "no");
    assert_string_equal(ask(&s, 3000, ""), "unreadable");
    const size_t told = s.p->problem_count;
    assert_string_equal(ask(&s, 3000, ""), "unreadable");
    assert_int_equal(s.p->problem_count, told); /* once */
    end(&s);
}

/* Data that look like a bin, at a place where one could begin: no offset leads into them. */
static void test_bin_within_a_cell(void **state)
{
    (void)state;
    enum { DATA = 3 * FP_HIVE_BLOCK };
    sample s = start(0, &plain);
    hive_builder_key *victim = hive_builder_add(s.b, s.updates, FP_STR("KB000001"));
    uint8_t *data = fp_arena_alloc(s.p->arena, DATA);
    assert_true(hive_builder_value_add(s.b, s.updates, FP_STR("big"), FP_REG_BINARY,
                                       fp_span_of(data, DATA)));
    assert_true(hive_builder_write(s.b, &plain, &s.file, &s.size));
    const uint32_t data_at = s.updates->values[0].data_offset;
    const uint32_t bin = (data_at / FP_HIVE_BLOCK + 1) * FP_HIVE_BLOCK;
    memcpy(cell(&s, bin), "hbin", 4);
    hive_put32(cell(&s, bin) + 4, bin);
    hive_put32(cell(&s, bin) + 8, FP_HIVE_BLOCK);
    memcpy(cell(&s, bin) + 32, cell(&s, victim->offset), 96);
    hive_put32(cell(&s, s.updates->list) + 8, bin + 32);
    open_parts(&s);
    view(&s);
    assert_int_equal(s.p->soundness, FP_REG_SOUND);
    assert_string_equal(ask(&s, 1, ""), "unreadable");
    assert_int_equal(s.p->where[0], FP_HIVE_BLOCK + (uint64_t)bin + 32);
    end(&s);
}

/* ---- files that change ----------------------------------------------------------------------- */

/* What was read before stays as it was, what was not is unknown. */
static void check_changed_after(size_t percent)
{
    sample s = start(3000, &plain);
    open_parts(&s);
    view(&s);
    assert_string_equal(probe_text(s.p, S "\\Microsoft\\Setup", "Version"), "4.00");
    change(&s, s.size / 100 * percent);
    assert_int_equal(s.parts->troubles, 0);
    assert_string_equal(ask(&s, 2999, ""), "unreadable");
    assert_string_equal(ask(&s, 3000, ""), "unreadable");
    assert_int_equal(s.parts->troubles, 1);
    assert_string_equal(probe_text(s.p, S "\\Microsoft\\Setup", "Version"), "4.00");
    assert_int_equal(fp_registry_survey(s.p->reg), FP_OK);
    assert_true(s.p->problem_count > 0);
    end(&s);
}

static void test_changed_after(void **state)
{
    (void)state;
    check_changed_after(100);
    check_changed_after(10);
    check_changed_after(150);
}

static void test_changed_before(void **state)
{
    (void)state;
    sample s = start(10, &plain);
    open_parts(&s);
    change(&s, s.size);
    view(&s);
    assert_int_equal(s.p->soundness, FP_REG_UNREADABLE);
    assert_int_equal(s.parts->troubles, 1);
    assert_true(s.p->problem_count > 0);
    assert_string_equal(probe_key(s.p, S "\\Microsoft"), "unreadable");
    end(&s);
}

/* Whatever of it may be held, an answer is right or unknown. */
static void test_memory_limits(void **state)
{
    (void)state;
    sample s = start(300, &plain);
    size_t rounds = 0;
    size_t answered = 0;
    for (uint64_t limit = 0; limit < s.size + FP_PAGED_CHUNK;
         limit += FP_PAGED_CHUNK / 4, rounds++) {
        registry_probe *p = probe_new(PROBE_BUDGET);
        paged_file *parts = paged_file_new(fp_span_of(s.file, s.size), limit);
        assert_int_equal(fp_registry_add_hive_with_logs(p->reg, 2, parts->p, FP_STR("SOFTWARE"),
                                                        NULL, 0, ignore, p, &p->soundness,
                                                        &s.recovery),
                         FP_OK);
        const char *there = probe_key(p, S "\\Microsoft\\Updates\\KB000299");
        const char *absent = probe_key(p, S "\\Microsoft\\Updates\\KB000300");
        assert_true(strcmp(there, "yes") == 0 || strcmp(there, "unreadable") == 0);
        assert_true(strcmp(absent, "no") == 0 || strcmp(absent, "unreadable") == 0);
        answered += strcmp(absent, "no") == 0;
        assert_int_equal(strcmp(absent, "no") != 0, parts->troubles);
        assert_true(fp_paged_held(parts->p) <= limit);
        paged_file_free(parts);
        probe_free(p);
    }
    assert_in_range(answered, 1, rounds - 1);
    end(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_answers),
        cmocka_unit_test(test_same_answers_of_damaged),
        cmocka_unit_test(test_look_ups_touch_little),
        cmocka_unit_test(test_giant_bin),
        cmocka_unit_test(test_recovery_touches_little),
        cmocka_unit_test(test_recovery_of_a_changed_file),
        cmocka_unit_test(test_damaged_bin),
        cmocka_unit_test(test_bin_within_a_cell),
        cmocka_unit_test(test_changed_after),
        cmocka_unit_test(test_changed_before),
        cmocka_unit_test(test_memory_limits),
    };
    return RUN_TESTS(tests);
}
