/* SPDX-License-Identifier: MIT */
#include "tests/support/check.h"

#include "inventory/catalog/updates.h"

#include <stdio.h>

enum { BUDGET = 64 << 20 };

static void add(fp_updates *u, uint32_t revision_id)
{
    const fp_update row = {.revision_id = revision_id};
    assert_int_equal(fp_updates_add(u, &row), FP_OK);
}

static void relate(fp_updates *u, uint32_t from, uint32_t to)
{
    assert_int_equal(fp_updates_relate(u, FP_SUPERSEDED_BY, from, to), FP_OK);
}

static fp_relatives kin(const fp_updates *u, uint32_t of, bool backward)
{
    fp_relatives found;
    const fp_kinship asked = {of, &found};
    assert_int_equal(fp_updates_kin(u, FP_SUPERSEDED_BY, backward, &asked, 1), FP_OK);
    return found;
}

static void check_kin(const fp_updates *u, uint32_t of, bool backward, const char *expected)
{
    const fp_relatives r = kin(u, of, backward);
    char text[256] = "";
    for (size_t i = 0; i < r.count; i++) {
        const size_t size = strlen(text);
        (void)snprintf(text + size, sizeof text - size, "%s%u:%u%s", i > 0 ? " " : "",
                       (unsigned)r.at[i].revision_id, r.at[i].steps,
                       r.at[i].update == NULL ? "?" : "");
    }
    assert_string_equal(text, expected);
    assert_false(r.cut);
}

static void chains_are_followed_both_ways(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_updates *u = fp_updates_new(arena);
    for (uint32_t i = 1; i <= 5; i++)
        add(u, i);
    relate(u, 3, 4);
    relate(u, 1, 3);
    relate(u, 1, 2);
    relate(u, 2, 4);
    relate(u, 4, 77); /* dangling */
    check_kin(u, 1, false, "2:1 3:1 4:2 77:3?");
    check_kin(u, 4, false, "77:1?");
    check_kin(u, 5, false, "");
    check_kin(u, 4, true, "2:1 3:1 1:2");
    check_kin(u, 77, true, "4:1 2:2 3:2 1:3");
    fp_arena_free(arena);
}

static void a_circle_comes_to_an_end(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_updates *u = fp_updates_new(arena);
    add(u, 1);
    relate(u, 1, 1);
    relate(u, 1, 2);
    relate(u, 2, 3);
    relate(u, 3, 1);
    check_kin(u, 1, false, "2:1? 3:2?");
    check_kin(u, 2, false, "3:1? 1:2");
    fp_arena_free(arena);
}

static void many_relatives_are_cut(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_updates *u = fp_updates_new(arena);
    for (uint32_t i = 1; i <= FP_RELATIVES_MAX; i++)
        relate(u, 0, i);
    assert_int_equal(kin(u, 0, false).count, FP_RELATIVES_MAX);
    assert_false(kin(u, 0, false).cut);
    relate(u, 0, 1000);
    assert_int_equal(kin(u, 0, false).count, FP_RELATIVES_MAX);
    assert_true(kin(u, 0, false).cut);
    fp_arena_free(arena);
}

static void duplicates_are_counted_once(void **state)
{
    (void)state;
    static const uint32_t ids[] = {7, 5, 7, 3, 5, 7, 9, 0, 0};
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_updates *u = fp_updates_new(arena);
    uint32_t out[2] = {0};
    size_t count = 1;
    assert_int_equal(fp_updates_duplicates(u, out, 2, &count), FP_OK);
    assert_int_equal(count, 0);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        add(u, ids[i]);
    assert_int_equal(fp_updates_duplicates(u, out, 2, &count), FP_OK);
    assert_int_equal(count, 3);
    assert_int_equal(out[0], 0);
    assert_int_equal(out[1], 5);
    fp_arena_free(arena);
}

static void limits_are_told(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_updates *u = fp_updates_new(arena);
    const fp_update row = {.revision_id = 9};
    assert_null(fp_updates_last(u));
    for (size_t i = 0; i < FP_UPDATES_MAX; i++)
        if (fp_updates_add(u, &row) != FP_OK)
            fail_msg("update %zu", i);
    assert_non_null(fp_updates_last(u));
    assert_int_equal(fp_updates_add(u, &row), FP_LIMIT);
    assert_null(fp_updates_last(u));
    assert_int_equal(fp_updates_count(u), FP_UPDATES_MAX);
    assert_int_equal(fp_updates_lost(u), 1);
    for (size_t i = 0; i < FP_REFERENCES_MAX; i++)
        if (fp_updates_relate(u, FP_BUNDLED_BY, 1, 2) != FP_OK)
            fail_msg("reference %zu", i);
    assert_int_equal(fp_updates_relate(u, FP_BUNDLED_BY, 1, 2), FP_LIMIT);
    assert_int_equal(fp_references_lost(u), 1);
    fp_arena_free(arena);
}

static void guids_are_read_and_written(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "64c52254-175b-4e2c-8a7c-30e3c24ae1d",
        "64c52254-175b-4e2c-8a7c-30e3c24ae1d10",
        "{64c52254-175b-4e2c-8a7c-30e3c24ae1d1}",
        "64c5225401750-4e2c-8a7c-30e3c24ae1d1",
        "64c52254-175b-4e2c-8a7c-30e3c24ae1g1",
        "64c52254175b-4e2c-8a7c-30e3c24ae1d1-",
    };
    uint8_t guid[FP_GUID_SIZE];
    char text[FP_GUID_TEXT + 1];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(fp_guid_parse(fp_str_of(bad[i]), guid));
    assert_true(fp_guid_parse(FP_STR("AABD43AD-A183-4f0b-8EEE-8DBBCD67687F"), guid));
    fp_guid_format(guid, text);
    assert_string_equal(text, "aabd43ad-a183-4f0b-8eee-8dbbcd67687f");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_are_followed_both_ways),
        cmocka_unit_test(a_circle_comes_to_an_end),
        cmocka_unit_test(many_relatives_are_cut),
        cmocka_unit_test(duplicates_are_counted_once),
        cmocka_unit_test(limits_are_told),
        cmocka_unit_test(guids_are_read_and_written),
    };
    return RUN_TESTS(tests);
}
