/* SPDX-License-Identifier: MIT */
/*
 * Transaction logs of hives. A row starts from a dirty hive and good logs that bring it to a known
 * state, breaks one thing, and says what becomes of hive and logs. With FIXPROOF_CORPUS: real dirty
 * hives against what Windows itself made of them.
 */
#include "inventory/registry/hive_recovery.h"

#include "tests/support/check.h"
#include "tests/support/hive_builder.h"
#include "tests/support/hive_dump.h"
#include "tests/support/hive_log_builder.h"
#include "tests/support/registry_probe.h"

#define S "HKEY_LOCAL_MACHINE\\SOFTWARE"

enum { LIMIT = 64 * 1024 * 1024, LOGS = 3 };
enum { EXPORT_ITEM = 1 }; /* of registry_probe.c */

/* ---- one hive in three states ---------------------------------------------------------------- */

typedef struct world {
    registry_probe *p;
    fp_arena *arena;
    fp_span state[3]; /* the third is larger */
    uint8_t *hive;    /* the first, dirty */
    size_t size;
    hive_log one, two;
    fp_registry_log logs[LOGS];
    size_t count;
    fp_registry_recovery told;
    fp_span copy;
} world;

static fp_span state_of(fp_arena *arena, int number)
{
    hive_builder *b = hive_builder_new(arena);
    uint8_t *file = NULL;
    size_t size = 0;
    hive_builder_key *setup = hive_builder_path(b, FP_STR("Microsoft\\SMS\\Setup"));
    assert_non_null(hive_builder_path(b, FP_STR("Classes")));
    assert_true(hive_builder_dword(b, setup, FP_STR("State"), (uint32_t)number));
    if (number > 0)
        assert_non_null(hive_builder_path(b, FP_STR("Microsoft\\Updates\\KB954474")));
    for (int i = 0; number > 1 && i < 200; i++)
        assert_true(hive_builder_text(b, setup, FP_STR("More"), FP_STR("and more and more")));
    const hive_builder_options options = {.name = "SOFTWARE", .written = 1213934530000};
    assert_true(hive_builder_write(b, &options, &file, &size));
    return fp_span_of(file, size);
}

static void offer(world *w, const char *name, const hive_log *log)
{
    w->logs[w->count] = (fp_registry_log){.item = (uint32_t)w->count + 3, .name = fp_str_of(name)};
    if (log != NULL)
        w->logs[w->count].content = fp_span_of(log->data, log->size);
    w->count++;
}

static void start(world *w)
{
    *w = (world){.p = probe_new(PROBE_BUDGET)};
    w->arena = w->p->arena;
    for (int i = 0; i < 3; i++)
        w->state[i] = state_of(w->arena, i);
    assert_true(w->state[2].size > w->state[1].size);
    w->hive = hive_log_dirty(w->arena, w->state[0]);
    w->size = w->state[0].size;
    w->one.arena = w->two.arena = w->arena;
}

static void start_old(world *w)
{
    start(w);
    assert_true(hive_log_old(&w->one, w->state[0], w->state[2], 1));
    offer(w, "SOFTWARE.LOG1", &w->one);
}

/* LOG1: entry 7; LOG2: entries 8 and 9. */
static void start_new(world *w)
{
    start(w);
    assert_true(hive_log_new(&w->one, w->state[0], 7));
    assert_true(hive_log_entry(&w->one, w->state[0], w->state[1], 7));
    assert_true(hive_log_room(&w->one));
    assert_true(hive_log_new(&w->two, w->state[0], 8));
    assert_true(hive_log_entry(&w->two, w->state[1], w->state[0], 8));
    assert_true(hive_log_entry(&w->two, w->state[0], w->state[2], 9));
    assert_true(hive_log_room(&w->two));
    offer(w, "SOFTWARE.LOG1", &w->one);
    offer(w, "SOFTWARE.LOG2", &w->two);
}

static fp_span whole_of(fp_paged copy)
{
    fp_span bytes;
    assert_true(fp_paged_get(copy, 0, copy.place.size, &bytes));
    return bytes;
}

static void recover_within(world *w, size_t limit)
{
    const fp_span hive = fp_span_of(w->hive, w->size);
    const uint64_t before = fp_hive_log_hash(hive);
    fp_paged copy = fp_paged_of(fp_span_of(NULL, 0));
    assert_int_equal(fp_hive_recover(fp_paged_of(hive), FP_STR("SOFTWARE"), w->logs, w->count,
                                     limit, w->arena, &w->told, &copy),
                     FP_OK);
    w->copy = whole_of(copy);
    assert_true(fp_hive_log_hash(hive) == before);
}

static void recover(world *w)
{
    recover_within(w, LIMIT);
}

/* The copy has the bins of this state, and a clean base block. */
static bool has_state(const world *w, int number)
{
    const fp_span want = w->state[number];
    fp_hive_block block;
    return fp_hive_block_read(w->copy, &block) && block.right && block.file_type == 0 &&
           block.primary == block.secondary && w->copy.size == want.size &&
           memcmp(w->copy.data + FP_HIVE_BLOCK, want.data + FP_HIVE_BLOCK,
                  want.size - FP_HIVE_BLOCK) == 0;
}

/* ---- Marvin32 -------------------------------------------------------------------------------- */

static void test_marvin_vectors(void **state)
{
    (void)state;
    uint8_t bytes[32] = {0};
    assert_true(fp_hive_log_hash(fp_span_of(bytes, 32)) == UINT64_C(0xda91a06ac5359223));
    for (uint8_t i = 0; i < 32; i++)
        bytes[i] = i;
    assert_true(fp_hive_log_hash(fp_span_of(bytes, 32)) == UINT64_C(0xc64feee425c2e24c));
    memset(bytes, 0, 32);
    memcpy(bytes, "HvLE", 4);
    assert_true(fp_hive_log_hash(fp_span_of(bytes, 32)) == UINT64_C(0xbd65808db899c2f2));
}

/* ---- one thing is wrong ---------------------------------------------------------------------- */

typedef struct log_row {
    const char *title;
    void (*begin)(world *w);
    void (*change)(world *w);
    fp_registry_recovery_state state;
    int content; /* RECOVERED: which state; -1 = none of them */
    bool sure;
    fp_registry_log_fate fates[LOGS];
    uint64_t where; /* of the first log's problem; 0 = none */
} log_row;

static void put64_at(uint8_t *at, uint64_t value)
{
    hive_put32(at, (uint32_t)value);
    hive_put32(at + 4, (uint32_t)(value >> 32));
}

static void nothing(world *w)
{
    (void)w;
}

static void clean_hive(world *w)
{
    hive_put32(w->hive + 4, 7);
    hive_log_seal(w->hive);
}

/* As Windows leaves it behind: the numbers follow those of the last entry. */
static void clean_behind_logs(world *w)
{
    hive_put32(w->hive + 4, 10);
    hive_put32(w->hive + 8, 10);
    hive_log_seal(w->hive);
}

static void no_logs(world *w)
{
    w->count = 0;
}

static void old_type_2(world *w)
{
    hive_put32(w->one.data + 28, 2);
    hive_log_seal(w->one.data);
}

static void old_checksum(world *w)
{
    w->one.data[508] ^= 1;
}

static void old_unequal(world *w)
{
    hive_put32(w->one.data + 4, 9);
    hive_log_seal(w->one.data);
}

static void old_invl(world *w)
{
    memcpy(w->one.data + 512, "INVL", 4);
}

static void old_no_page(world *w)
{
    memset(w->one.data + 516, 0, w->state[2].size / FP_HIVE_BLOCK - 1);
}

static void shift_written(world *w, int64_t by)
{
    const uint64_t t = fp_load_u64le(w->one.data + 12);
    put64_at(w->one.data + 12, t + (uint64_t)by);
    hive_log_seal(w->one.data);
}

static void old_older(world *w)
{
    shift_written(w, -1);
}

static void old_newer(world *w)
{
    shift_written(w, 1);
}

static void rename_log(uint8_t *log)
{
    log[48] = 'X';
    hive_log_seal(log);
}

static void old_other_hive(world *w)
{
    rename_log(w->one.data);
}

static void old_no_time(world *w)
{
    put64_at(w->one.data + 12, 0);
    hive_log_seal(w->one.data);
    put64_at(w->hive + 12, 0);
    hive_log_seal(w->hive);
}

static void old_huge_bins(world *w)
{
    hive_put32(w->one.data + 40, 0xFFFFF000);
    hive_log_seal(w->one.data);
}

/* One page more is marked far behind the bins than there are pages. */
static void old_missing_page(world *w)
{
    w->one.data[512 + 4] = 0xFF;
    w->one.size -= 512;
    w->logs[0].content.size -= 512;
}

static void old_same_twice(world *w)
{
    offer(w, "SOFTWARE.LOG2", &w->one);
}

static void old_two_results(world *w)
{
    assert_true(hive_log_old(&w->two, w->state[0], w->state[1], 1));
    offer(w, "SOFTWARE.LOG2", &w->two);
}

static void old_second_newer(world *w)
{
    assert_true(hive_log_old(&w->two, w->state[0], w->state[1], 1));
    w->two.data[12]++;
    hive_log_seal(w->two.data);
    offer(w, "SOFTWARE.LOG2", &w->two);
}

static void hive_checksum(world *w)
{
    w->hive[508] ^= 1;
}

/* The time that the format keeps in the first bin too. */
static void hive_checksum_and_bin_time(world *w)
{
    w->hive[508] ^= 1;
    memcpy(w->hive + FP_HIVE_BLOCK + 20, w->one.data + 12, 8);
}

static void hive_cut(world *w)
{
    w->size -= 512;
}

static void hive_and_log_new(world *w)
{
    assert_true(hive_log_new(&w->two, w->state[0], 7));
    assert_true(hive_log_entry(&w->two, w->state[0], w->state[1], 7));
    offer(w, "SOFTWARE.LOG2", &w->two);
}

static uint8_t *entry(world *w)
{
    return w->one.data + 512;
}

static void seal_entry(world *w)
{
    hive_log_seal_entry(w->one.data, 512);
}

static void new_swapped(world *w)
{
    const fp_registry_log first = w->logs[0];
    w->logs[0] = w->logs[1];
    w->logs[1] = first;
}

static void new_one_log(world *w)
{
    w->count = 1;
}

static void new_empty_second(world *w)
{
    w->logs[1].content = (fp_span){NULL, 0};
}

/* Vista and later leave one beside the two. */
static void new_empty_dummy(world *w)
{
    offer(w, "SOFTWARE.LOG", NULL);
}

/* Its base block is of an earlier use, or of one that was to follow. */
static void second_without_entry(world *w, uint32_t number)
{
    hive_put32(w->two.data + 4, number);
    hive_put32(w->two.data + 8, number);
    hive_log_seal(w->two.data);
    w->logs[1].content.size = 512;
}

static void new_second_not_used(world *w)
{
    second_without_entry(w, 3);
}

static void new_second_cut_to_block(world *w)
{
    second_without_entry(w, 8);
}

static void new_empty_second_cut(world *w)
{
    w->logs[1].content = (fp_span){NULL, 0};
    w->logs[1].cut = true;
}

static void new_copy_as_second(world *w)
{
    w->count = 1;
    offer(w, "SOFTWARE.LOG2", &w->one);
}

static void new_checksum(world *w)
{
    w->one.data[508] ^= 1;
}

static void new_content_hash(world *w)
{
    entry(w)[600] ^= 1;
}

static void new_head_hash(world *w)
{
    entry(w)[8] ^= 1;
}

static void new_first_number(world *w)
{
    hive_put32(w->one.data + 4, 6);
    hive_log_seal(w->one.data);
}

static void new_bins(world *w)
{
    hive_put32(entry(w) + 16, 4095);
    seal_entry(w);
}

static void new_page_outside(world *w)
{
    hive_put32(entry(w) + 40, 0xFFFFF000);
    seal_entry(w);
}

static void new_page_odd(world *w)
{
    hive_put32(entry(w) + 44, 100);
    seal_entry(w);
}

static void new_many_pages(world *w)
{
    hive_put32(entry(w) + 20, 4000000000U);
    seal_entry(w);
}

static void new_no_page(world *w)
{
    hive_put32(entry(w) + 20, 0);
    seal_entry(w);
}

static void new_size_odd(world *w)
{
    hive_put32(entry(w) + 4, 700);
    put64_at(entry(w) + 32, fp_hive_log_hash(fp_span_of(entry(w), 32)));
}

static void new_size_huge(world *w)
{
    hive_put32(entry(w) + 4, 0xFFFFFE00);
    put64_at(entry(w) + 32, fp_hive_log_hash(fp_span_of(entry(w), 32)));
}

static void new_grows_without_pages(world *w)
{
    hive_put32(entry(w) + 16, 0x100000);
    seal_entry(w);
    w->count = 1;
}

static size_t second_entry(world *w)
{
    return 512 + fp_load_u32le(w->two.data + 512 + 4);
}

static void new_gap(world *w)
{
    const size_t at = second_entry(w);
    hive_put32(w->two.data + at + 12, 10);
    hive_log_seal_entry(w->two.data, at);
}

static void new_remnant(world *w)
{
    const size_t at = second_entry(w);
    hive_put32(w->two.data + at + 12, 3);
    hive_log_seal_entry(w->two.data, at);
}

static void new_second_broken(world *w)
{
    w->two.data[second_entry(w) + 600] ^= 1;
}

static void new_logs_apart(world *w)
{
    hive_put32(w->two.data + 4, 20);
    hive_log_seal(w->two.data);
    hive_put32(w->two.data + 512 + 12, 20);
    hive_log_seal_entry(w->two.data, 512);
}

static void new_overlap(world *w)
{
    hive_put32(w->two.data + 4, 7);
    hive_log_seal(w->two.data);
    hive_put32(w->two.data + 512 + 12, 7);
    hive_log_seal_entry(w->two.data, 512);
}

static void new_too_old(world *w)
{
    hive_put32(w->hive + 4, 9);
    hive_put32(w->hive + 8, 8);
    hive_log_seal(w->hive);
}

static void new_ends_before_hive(world *w)
{
    hive_put32(w->hive + 4, 90);
    hive_log_seal(w->hive);
}

static void new_other_hive(world *w)
{
    rename_log(w->one.data);
    rename_log(w->two.data);
}

static void number_entry(hive_log *log, size_t at, uint32_t number)
{
    hive_put32(log->data + at + 12, number);
    hive_log_seal_entry(log->data, at);
}

/* Its first entry is older than the hive, its second newer than all that is applied. */
static void new_older_goes_on(world *w)
{
    hive_put32(w->two.data + 4, 6);
    hive_put32(w->two.data + 8, 6);
    hive_log_seal(w->two.data);
    number_entry(&w->two, 512, 6);
}

static void new_older(world *w)
{
    new_older_goes_on(w);
    number_entry(&w->two, second_entry(w), 7);
}

/* 0xFFFFFFFF, then 0 and 1. */
static void new_wrap(world *w)
{
    hive_put32(w->hive + 4, 0);
    hive_put32(w->hive + 8, UINT32_MAX);
    hive_log_seal(w->hive);
    hive_put32(w->one.data + 4, UINT32_MAX);
    hive_log_seal(w->one.data);
    hive_put32(w->two.data + 4, 0);
    hive_log_seal(w->two.data);
    const size_t second = second_entry(w);
    number_entry(&w->one, 512, UINT32_MAX);
    number_entry(&w->two, 512, 0);
    number_entry(&w->two, second, 1);
}

static void new_cut_item(world *w)
{
    w->logs[1].cut = true;
}

static void clear_name(uint8_t *block)
{
    memset(block + 48, 0, 64);
    hive_log_seal(block);
}

static void new_nameless(world *w)
{
    clear_name(w->hive);
    clear_name(w->one.data);
    clear_name(w->two.data);
}

static void new_nameless_elsewhere(world *w)
{
    new_nameless(w);
    w->logs[0].name = FP_STR("SYSTEM.LOG1");
    w->logs[1].name = FP_STR("SYSTEM.LOG2");
}

#define CLEAN   FP_REG_CLEAN
#define YES     FP_REG_RECOVERED
#define NO      FP_REG_NOT_RECOVERED
#define UNASKED FP_REG_LOG_UNASKED
#define OTHER   FP_REG_LOG_OTHER
#define DAMAGED FP_REG_LOG_DAMAGED
#define OLDER   FP_REG_LOG_OLDER
#define NEWER   FP_REG_LOG_NEWER
#define CONTRA  FP_REG_LOG_CONFLICT
#define UNUSED  FP_REG_LOG_UNUSED
#define APPLIED FP_REG_LOG_APPLIED

static const log_row rows[] = {
    {"old: applies", start_old, nothing, YES, 2, true, {APPLIED}, 0},
    {"old: type 2", start_old, old_type_2, YES, 2, true, {APPLIED}, 0},
    {"old: the hive is clean", start_old, clean_hive, CLEAN, -1, true, {UNASKED}, 0},
    {"old: no log", start_old, no_logs, NO, -1, true, {UNASKED}, 0},
    {"old: wrong checksum", start_old, old_checksum, NO, -1, true, {DAMAGED}, 508},
    {"old: not written to its end", start_old, old_unequal, NO, -1, true, {DAMAGED}, 4},
    {"old: no DIRT", start_old, old_invl, NO, -1, true, {DAMAGED}, 512},
    {"old: no page marked", start_old, old_no_page, NO, -1, true, {DAMAGED}, 516},
    {"old: of an earlier write", start_old, old_older, NO, -1, true, {OLDER}, 0},
    {"old: of a later write", start_old, old_newer, NO, -1, true, {NEWER}, 0},
    {"old: of another hive", start_old, old_other_hive, NO, -1, true, {OTHER}, 0},
    {"old: no time of last write", start_old, old_no_time, NO, -1, true, {OTHER}, 0},
    {"old: bins of 4 GiB", start_old, old_huge_bins, NO, -1, true, {DAMAGED}, 17408},
    {"old: a page is missing", start_old, old_missing_page, NO, -1, true, {DAMAGED}, 16896},
    {"old: the same twice", start_old, old_same_twice, YES, 2, true, {APPLIED, UNUSED}, 0},
    {"old: two results", start_old, old_two_results, NO, -1, false, {CONTRA, CONTRA}, 0},
    {"old: another is newer", start_old, old_second_newer, YES, 2, false, {APPLIED, NEWER}, 0},
    {"old: the hive's checksum", start_old, hive_checksum, YES, 2, false, {APPLIED}, 0},
    {"old: the hive's checksum, known by its first bin",
     start_old,
     hive_checksum_and_bin_time,
     YES,
     2,
     true,
     {APPLIED},
     0},
    {"old: both forms", start_old, hive_and_log_new, NO, -1, false, {CONTRA, CONTRA}, 0},
    {"new: two logs", start_new, nothing, YES, 2, true, {APPLIED, APPLIED}, 0},
    {"new: in any order", start_new, new_swapped, YES, 2, true, {APPLIED, APPLIED}, 0},
    {"new: the hive is clean",
     start_new,
     clean_behind_logs,
     CLEAN,
     -1,
     true,
     {UNASKED, UNASKED},
     0},
    {"new: the hive is clean, and its logs are later",
     start_new,
     clean_hive,
     CLEAN,
     -1,
     false,
     {NEWER, NEWER},
     0},
    {"new: the other is not there", start_new, new_one_log, YES, 1, false, {APPLIED}, 0},
    {"new: the other is empty", start_new, new_empty_second, YES, 1, false, {APPLIED, UNUSED}, 0},
    {"new: an empty dummy beside the two",
     start_new,
     new_empty_dummy,
     YES,
     2,
     true,
     {APPLIED, APPLIED, UNUSED},
     0},
    {"new: the other is of an earlier use, without an entry",
     start_new,
     new_second_not_used,
     YES,
     1,
     true,
     {APPLIED, UNUSED},
     0},
    {"new: the other has lost its entries",
     start_new,
     new_second_cut_to_block,
     YES,
     1,
     false,
     {APPLIED, UNUSED},
     0},
    {"new: the other could not be read",
     start_new,
     new_empty_second_cut,
     YES,
     1,
     false,
     {APPLIED, DAMAGED},
     0},
    {"new: a copy is no other", start_new, new_copy_as_second, YES, 1, false, {APPLIED, UNUSED}, 0},
    {"new: wrong checksum", start_new, new_checksum, YES, -1, false, {DAMAGED, APPLIED}, 508},
    {"new: hash of the content",
     start_new,
     new_content_hash,
     YES,
     -1,
     false,
     {DAMAGED, APPLIED},
     512},
    {"new: hash of the head", start_new, new_head_hash, YES, -1, false, {DAMAGED, APPLIED}, 512},
    {"new: not the log's number",
     start_new,
     new_first_number,
     YES,
     -1,
     false,
     {DAMAGED, APPLIED},
     524},
    {"new: bins", start_new, new_bins, YES, -1, false, {DAMAGED, APPLIED}, 528},
    {"new: a page outside", start_new, new_page_outside, YES, -1, false, {DAMAGED, APPLIED}, 532},
    {"new: a page of 100 bytes", start_new, new_page_odd, YES, -1, false, {DAMAGED, APPLIED}, 532},
    {"new: four thousand million pages",
     start_new,
     new_many_pages,
     YES,
     -1,
     false,
     {DAMAGED, APPLIED},
     532},
    {"new: no page", start_new, new_no_page, YES, -1, false, {DAMAGED, APPLIED}, 532},
    {"new: an entry of 700 bytes",
     start_new,
     new_size_odd,
     YES,
     -1,
     false,
     {DAMAGED, APPLIED},
     516},
    {"new: an entry of 4 GiB", start_new, new_size_huge, YES, -1, false, {DAMAGED, APPLIED}, 5632},
    {"new: grows without pages", start_new, new_grows_without_pages, NO, -1, false, {UNUSED}, 0},
    {"new: a gap in a log", start_new, new_gap, YES, 0, false, {APPLIED, APPLIED}, 0},
    {"new: an older entry behind", start_new, new_remnant, YES, 0, true, {APPLIED, APPLIED}, 0},
    {"new: the last entry is broken",
     start_new,
     new_second_broken,
     YES,
     0,
     false,
     {APPLIED, APPLIED},
     0},
    {"new: a gap between logs", start_new, new_logs_apart, YES, 1, false, {APPLIED, UNUSED}, 0},
    {"new: logs overlap", start_new, new_overlap, NO, -1, false, {CONTRA, CONTRA}, 0},
    {"new: the first is too old", start_new, new_too_old, YES, -1, true, {OLDER, APPLIED}, 0},
    {"new: the second is too old", start_new, new_older, YES, 1, true, {APPLIED, OLDER}, 0},
    {"new: the second begins too early, and goes on",
     start_new,
     new_older_goes_on,
     YES,
     1,
     false,
     {APPLIED, OLDER},
     0},
    {"new: they end before the hive",
     start_new,
     new_ends_before_hive,
     YES,
     2,
     false,
     {APPLIED, APPLIED},
     0},
    {"new: of another hive", start_new, new_other_hive, NO, -1, true, {OTHER, OTHER}, 0},
    {"new: numbers wrap", start_new, new_wrap, YES, 2, true, {APPLIED, APPLIED}, 0},
    {"new: the item is cut", start_new, new_cut_item, YES, 2, false, {APPLIED, APPLIED}, 0},
    {"new: no names", start_new, new_nameless, YES, 2, true, {APPLIED, APPLIED}, 0},
    {"new: no names, and files of another",
     start_new,
     new_nameless_elsewhere,
     NO,
     -1,
     true,
     {OTHER, OTHER},
     0},
    {"new: the hive's checksum", start_new, hive_checksum, YES, -1, false, {UNUSED, APPLIED}, 0},
};

static void test_row(void **state)
{
    const log_row *row = *state;
    world w;
    row->begin(&w);
    row->change(&w);
    recover(&w);
    assert_int_equal(w.told.state, row->state);
    assert_int_equal(w.told.doubt == NULL, row->sure);
    assert_int_equal(w.told.lags, row->state == NO || !row->sure);
    for (size_t i = 0; i < w.count; i++)
        assert_int_equal(w.logs[i].fate, row->fates[i]);
    if (row->where != 0)
        assert_int_equal(w.logs[0].why.where, row->where);
    else
        assert_int_equal(w.logs[0].why.status, FP_OK);
    if (row->state == YES && row->content >= 0)
        assert_true(has_state(&w, row->content));
    assert_int_equal(w.copy.size > 0, row->state == YES);
    probe_free(w.p);
}

/* Bytes that a cut hive lacks are not made up: the copy ends where they would stand. */
static void test_cut_hive(void **state)
{
    (void)state;
    world w;
    start(&w);
    hive_cut(&w);
    assert_true(hive_log_old(&w.one, w.state[0], w.state[1], 1));
    memset(w.one.data + 516, 0, 8);
    w.one.data[516] = 1; /* the first sector, from the hive itself */
    w.one.size = 1536;
    memcpy(w.one.data + 1024, w.state[0].data + FP_HIVE_BLOCK, 512);
    offer(&w, "SOFTWARE.LOG1", &w.one);
    recover(&w);
    assert_int_equal(w.told.state, FP_REG_RECOVERED);
    assert_int_equal(w.told.pages, 1);
    assert_int_equal(w.copy.size, w.size);
    probe_free(w.p);
}

static void test_limit(void **state)
{
    (void)state;
    world w;
    start_new(&w);
    recover_within(&w, w.state[2].size - 1);
    assert_int_equal(w.told.state, FP_REG_NOT_RECOVERED);
    assert_non_null(w.told.doubt);
    assert_int_equal(w.copy.size, 0);
    recover_within(&w, w.state[2].size);
    assert_true(has_state(&w, 2));
    probe_free(w.p);
}

/* ---- cut at every sector --------------------------------------------------------------------- */

static void test_cut_old(void **state)
{
    (void)state;
    world w;
    start_old(&w);
    for (size_t size = 0; size < w.one.size; size += 512) {
        w.logs[0].content.size = size;
        recover(&w);
        assert_int_equal(w.told.state, FP_REG_NOT_RECOVERED);
    }
    w.logs[0].content.size = w.one.size;
    recover(&w);
    assert_true(has_state(&w, 2));
    probe_free(w.p);
}

/* Where an entry ends, too: a log that ends there may have been cut. */
static void test_cut_new(void **state)
{
    (void)state;
    world w;
    start_new(&w);
    const size_t second = second_entry(&w);
    const size_t end = w.two.size - 512;
    for (size_t size = 512; size <= w.two.size; size += 512) {
        w.logs[1].content.size = size;
        recover(&w);
        assert_int_equal(w.told.state, FP_REG_RECOVERED);
        assert_true(has_state(&w, size < second ? 1 : size < end ? 0 : 2));
        assert_int_equal(w.told.doubt == NULL, size == w.two.size);
    }
    probe_free(w.p);
}

/* ---- in the view ----------------------------------------------------------------------------- */

static void ignore(void *context, const fp_registry_problem *problem)
{
    (void)context;
    (void)problem;
}

static fp_status view(world *w, fp_registry *reg, fp_registry_soundness *soundness)
{
    return fp_registry_add_hive_with_logs(reg, 2, fp_paged_of(fp_span_of(w->hive, w->size)),
                                          FP_STR("SOFTWARE"), w->logs, w->count, ignore, NULL,
                                          soundness, &w->told);
}

static void test_view(void **state)
{
    (void)state;
    world w;
    start_new(&w);
    assert_int_equal(view(&w, w.p->reg, &w.p->soundness), FP_OK);
    assert_int_equal(w.p->soundness, FP_REG_SOUND);
    assert_string_equal(probe_key(w.p, S "\\Microsoft\\Updates\\KB954474"), "yes");
    assert_string_equal(probe_key(w.p, S "\\Microsoft\\Updates\\KB1"), "no");
    assert_string_equal(probe_text(w.p, S "\\Microsoft\\SMS\\Setup", "State"), "2");
    probe_free(w.p);
}

static void test_view_in_doubt(void **state)
{
    (void)state;
    world w;
    start_new(&w);
    new_one_log(&w);
    assert_int_equal(view(&w, w.p->reg, &w.p->soundness), FP_OK);
    assert_int_equal(w.p->soundness, FP_REG_DIRTY);
    assert_string_equal(probe_key(w.p, S "\\Microsoft\\Updates\\KB954474"), "yes");
    assert_string_equal(probe_key(w.p, S "\\Microsoft\\Updates\\KB1"), "incomplete");
    assert_true(fp_registry_lags(w.p->reg, 2));
    probe_free(w.p);
}

/* What another item shows too does not rest on the hive that lags, whichever comes first. */
static void test_view_origin(void **state)
{
    (void)state;
    world w;
    fp_reg_value value;
    start_new(&w);
    new_one_log(&w);
    assert_int_equal(view(&w, w.p->reg, &w.p->soundness), FP_OK);
    const fp_str setup = FP_STR(S "\\Microsoft\\SMS\\Setup");
    assert_int_equal(fp_registry_value(w.p->reg, setup, FP_STR("State"), &value).origin.item, 2);
    assert_int_equal(probe_export_text(w.p, "Windows Registry Editor Version 5.00\r\n\r\n"
                                            "[" S "\\Microsoft\\SMS\\Setup]\r\n"
                                            "\"State\"=dword:00000001\r\n\r\n"),
                     FP_OK);
    assert_false(fp_registry_lags(w.p->reg, EXPORT_ITEM));
    assert_int_equal(fp_registry_key(w.p->reg, setup).origin.item, EXPORT_ITEM);
    const fp_reg_answer answer = fp_registry_value(w.p->reg, setup, FP_STR("State"), &value);
    assert_int_equal(answer.origin.item, EXPORT_ITEM);
    assert_int_equal(value.origin.item, EXPORT_ITEM);
    probe_free(w.p);
}

/* Success or FP_NOMEM with every budget, and success in the end. */
static void test_budgets(void **state)
{
    void (*const begins[])(world *) = {start_old, start_new};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        world w;
        begins[i](&w);
        fp_status status = FP_NOMEM;
        for (size_t budget = 0; status != FP_OK; budget += 64) {
            fp_arena *arena = fp_arena_new(budget);
            fp_registry *reg = arena != NULL ? fp_registry_new(arena) : NULL;
            fp_registry_soundness soundness = FP_REG_UNREADABLE;
            status = reg != NULL ? view(&w, reg, &soundness) : FP_NOMEM;
            assert_true(status == FP_OK || status == FP_NOMEM);
            assert_true(status != FP_OK || soundness == FP_REG_SOUND);
            assert_true(budget < PROBE_BUDGET);
            fp_arena_free(arena);
        }
        probe_free(w.p);
    }
}

/* ---- real dirty hives ------------------------------------------------------------------------ */

#define YARP "hive/yarp/"

typedef struct real_row {
    const char *title;
    const char *hive; /* and .LOG1, .LOG2 */
    const char *name;
    const char *recovered; /* by Windows; NULL: not to be recovered */
    uint64_t pages;
    bool sure;
} real_row;

static const real_row real_rows[] = {
    {"NewDirtyHive1", YARP "NewDirtyHive1/NewDirtyHive", "NewDirtyHive",
     YARP "NewDirtyHive1/RecoveredHive_Windows10", 0, true},
    {"OldDirtyHive", YARP "OldDirtyHive/OldDirtyHive", "OldDirtyHive",
     YARP "OldDirtyHive/RecoveredHive_Windows7", 64, true},
    {"BadBaseBlockHive", YARP "BadBaseBlockHive/BadBaseBlockHive", "BadBaseBlockHive",
     YARP "OldDirtyHive/RecoveredHive_Windows7", 64, false},
    {"BadLogHive1", YARP "BadLogHive1/BadLogHive", "BadLogHive", NULL, 0, true},
};

static void same_content(fp_arena *arena, fp_span own, fp_span windows)
{
    hive_lines ours = {.at = NULL};
    hive_lines theirs = {.at = NULL};
    size_t only_own = 0;
    size_t only_other = 0;
    assert_true(hive_dump_own(own, arena, &ours));
    assert_true(hive_dump_own(windows, arena, &theirs));
    hive_dump_compare(&ours, &theirs, &only_own, &only_other);
    assert_true(ours.count > 0);
    assert_int_equal(ours.count, theirs.count);
    assert_int_equal(only_own + only_other, 0);
}

static void test_real(void **state)
{
    const real_row *row = *state;
    if (corpus_folder() == NULL)
        skip();
    fp_arena *arena = fp_arena_new(PROBE_BUDGET);
    const fp_span hive = corpus_file(row->hive, arena);
    fp_registry_log logs[2];
    for (int i = 0; i < 2; i++) {
        const char *path = fp_arena_printf(arena, "%s.LOG%d", row->hive, i + 1);
        const char *name = fp_arena_printf(arena, "%s.LOG%d", row->name, i + 1);
        logs[i] = (fp_registry_log){
            .item = (uint32_t)i + 2, .name = fp_str_of(name), .content = corpus_file(path, arena)};
    }
    fp_registry_recovery told;
    fp_paged copy = fp_paged_of(fp_span_of(NULL, 0));
    assert_int_equal(fp_hive_recover(fp_paged_of(hive), fp_str_of(row->name), logs, 2, LIMIT, arena,
                                     &told, &copy),
                     FP_OK);
    assert_int_equal(told.state, row->recovered != NULL ? FP_REG_RECOVERED : FP_REG_NOT_RECOVERED);
    assert_int_equal(told.doubt == NULL, row->sure);
    if (row->pages > 0)
        assert_int_equal(told.pages, row->pages);
    if (row->recovered != NULL)
        same_content(arena, whole_of(copy), corpus_file(row->recovered, arena));
    fp_arena_free(arena);
}

#define COUNT_OF(list) (sizeof(list) / sizeof((list)[0]))

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_marvin_vectors), cmocka_unit_test(test_cut_hive),
        cmocka_unit_test(test_limit),          cmocka_unit_test(test_cut_old),
        cmocka_unit_test(test_cut_new),        cmocka_unit_test(test_view),
        cmocka_unit_test(test_view_in_doubt),  cmocka_unit_test(test_view_origin),
        cmocka_unit_test(test_budgets),
    };
    static struct CMUnitTest tests[COUNT_OF(rows) + COUNT_OF(real_rows) + COUNT_OF(single)];
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        tests[count++] = (struct CMUnitTest){rows[i].title, test_row, NULL, NULL, (void *)&rows[i]};
    for (size_t i = 0; i < COUNT_OF(real_rows); i++)
        tests[count++] =
            (struct CMUnitTest){real_rows[i].title, test_real, NULL, NULL, (void *)&real_rows[i]};
    for (size_t i = 0; i < COUNT_OF(single); i++)
        tests[count++] = single[i];
    return RUN_TESTS(tests);
}
