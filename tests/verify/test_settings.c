/* SPDX-License-Identifier: MIT */
/* What a verdict was judged with: digests of the data, and what two runs have otherwise. */
#include "tests/support/check.h"
#include "verify/record/changes.h"

#include <stdio.h>

enum { BUDGET = 1024 * 1024 };

#define HEX_16 "0123456789abcdef"
#define ONE    FP_STR_INIT(HEX_16 HEX_16 HEX_16 HEX_16)
#define OTHER  FP_STR_INIT("ffff456789abcdef" HEX_16 HEX_16 HEX_16)

static fp_arena *arena;

static int make_arena(void **state)
{
    (void)state;
    arena = fp_arena_new(BUDGET);
    return arena != NULL ? 0 : -1;
}

static int free_arena(void **state)
{
    (void)state;
    fp_arena_free(arena);
    return 0;
}

/* ---- the digest of many files ---- */

/* What `sha256sum a.json b.json | sha256sum` gives of files that hold "a" and "b" alone. */
static void a_folder_has_the_digest_of_coreutils(void **state)
{
    (void)state;
    static const fp_str a =
        FP_STR_INIT("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
    static const fp_str b =
        FP_STR_INIT("3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d");
    fp_named_digest files[] = {{FP_STR_INIT("b.json"), b}, {FP_STR_INIT("a.json"), a}};
    fp_str digest = {NULL, 0};
    assert_int_equal(fp_settings_digest(files, 2, arena, &digest), FP_OK);
    assert_str(digest, "42b8df7d402804294392835161e9f06653d83d1e1271435f2cc06292009fab90");
    assert_int_equal(fp_settings_digest(files, 0, arena, &digest), FP_OK);
    assert_str(digest, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void little_memory_is_told(void **state)
{
    (void)state;
    fp_arena *none = fp_arena_new(0);
    fp_str digest = {NULL, 0};
    assert_int_equal(fp_settings_digest(NULL, 0, none, &digest), FP_NOMEM);
    fp_arena_free(none);
}

/* ---- what is otherwise ---- */

static fp_named_digest roots[] = {{{NULL, 0}, ONE}, {{NULL, 0}, OTHER}};
static fp_named_digest expected[] = {{FP_STR_INIT("a.cab"), ONE}, {FP_STR_INIT("b.cab"), ONE}};

static fp_record record_of(fp_record_result *result)
{
    *result = (fp_record_result){.advisory = FP_STR("A-1"), .advisory_sha256 = ONE};
    return (fp_record){.settings = {.known = true,
                                    .roots = roots,
                                    .root_count = 1,
                                    .expected = expected,
                                    .expected_count = 1,
                                    .advisories = ONE,
                                    .products = ONE,
                                    .trust = ONE},
                       .results = result,
                       .result_count = 1};
}

static void alter(fp_record *record, const char *setting)
{
    static const fp_str other = OTHER;
    fp_settings *s = &record->settings;
    if (strcmp(setting, "accept_weak") == 0)
        s->accept_weak = true;
    else if (strcmp(setting, "trust_any_root") == 0)
        s->trust_any_root = true;
    else if (strcmp(setting, "roots") == 0)
        s->root_count = 2;
    else if (strcmp(setting, "code_page") == 0)
        s->code_page = FP_STR("cp932");
    else if (strcmp(setting, "expected_sha256") == 0)
        s->expected = expected + 1;
    else if (strcmp(setting, "products") == 0)
        s->products = other;
    else if (strcmp(setting, "trust") == 0)
        s->trust = other;
    else
        record->results[0].advisory_sha256 = other;
}

static void each_setting_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *setting, *before, *after;
    } rows[] = {
        {"accept_weak", "no", "yes"},
        {"trust_any_root", "no", "yes"},
        {"roots", HEX_16 HEX_16 HEX_16 HEX_16,
         HEX_16 HEX_16 HEX_16 HEX_16 ", ffff456789abcdef" HEX_16 HEX_16 HEX_16},
        {"code_page", "", "cp932"},
        {"expected_sha256", "a.cab " HEX_16 HEX_16 HEX_16 HEX_16,
         "b.cab " HEX_16 HEX_16 HEX_16 HEX_16},
        {"products", HEX_16 HEX_16 HEX_16 HEX_16, "ffff456789abcdef" HEX_16 HEX_16 HEX_16},
        {"trust", HEX_16 HEX_16 HEX_16 HEX_16, "ffff456789abcdef" HEX_16 HEX_16 HEX_16},
        {"advisory", HEX_16 HEX_16 HEX_16 HEX_16, "ffff456789abcdef" HEX_16 HEX_16 HEX_16},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fp_record_result results[2];
        const fp_record before = record_of(&results[0]);
        fp_record after = record_of(&results[1]);
        fp_setting_change *changes = NULL;
        size_t count = 0;
        alter(&after, rows[i].setting);
        assert_int_equal(fp_record_compare_settings(&before, &after, arena, &changes, &count),
                         FP_OK);
        assert_int_equal(count, 1);
        assert_string_equal(changes[0].setting, rows[i].setting);
        assert_str(changes[0].advisory, strcmp(rows[i].setting, "advisory") == 0 ? "A-1" : "");
        assert_str(changes[0].before, rows[i].before);
        assert_str(changes[0].after, rows[i].after);
    }
}

static size_t count_changes(const fp_record *before, const fp_record *after)
{
    fp_setting_change *changes = NULL;
    size_t count = 99;
    assert_int_equal(fp_record_compare_settings(before, after, arena, &changes, &count), FP_OK);
    return count;
}

/* Of which advisories were asked nothing is made: that is told by the results themselves. */
static void what_is_not_known_is_not_otherwise(void **state)
{
    (void)state;
    fp_record_result results[2];
    const fp_record before = record_of(&results[0]);
    fp_record after = record_of(&results[1]);
    assert_int_equal(count_changes(&before, &after), 0);
    after.settings = (fp_settings){0};
    assert_int_equal(count_changes(&before, &after), 0);
    assert_int_equal(count_changes(&after, &before), 0);
    results[1].advisory_sha256 = (fp_str){NULL, 0}; /* as an earlier version wrote it */
    assert_int_equal(count_changes(&before, &after), 0);
    assert_int_equal(count_changes(&after, &before), 0);
    after = record_of(&results[1]);
    results[1] = (fp_record_result){.advisory = FP_STR("A-2"), .advisory_sha256 = OTHER};
    after.settings.advisories = (fp_str)OTHER;
    assert_int_equal(count_changes(&before, &after), 0);
}

/* By a report that tells the rest: taken out of it, the digest would hide other data. */
static void advisory_data_that_is_not_told_may_be_any(void **state)
{
    (void)state;
    fp_record_result results[2];
    const fp_record before = record_of(&results[0]);
    const fp_record after = record_of(&results[1]);
    fp_setting_change *changes = NULL;
    size_t count = 0;
    results[1].advisory_sha256 = (fp_str){NULL, 0};
    assert_int_equal(fp_record_compare_settings(&before, &after, arena, &changes, &count), FP_OK);
    assert_int_equal(count, 1);
    assert_string_equal(changes[0].setting, "advisory");
    assert_str(changes[0].advisory, "A-1");
    assert_true(changes[0].before.size > 0 && changes[0].after.size == 0);
    assert_int_equal(count_changes(&after, &before), 1);
    results[0].advisory_sha256 = (fp_str){NULL, 0};
    assert_int_equal(count_changes(&before, &after), 1);
}

static void a_long_list_is_cut(void **state)
{
    (void)state;
    fp_named_digest many[20];
    fp_record_result results[2];
    const fp_record before = record_of(&results[0]);
    fp_record after = record_of(&results[1]);
    fp_setting_change *changes = NULL;
    size_t count = 0;
    for (size_t i = 0; i < 20; i++)
        many[i] = roots[0];
    after.settings.roots = many;
    after.settings.root_count = 20;
    assert_int_equal(fp_record_compare_settings(&before, &after, arena, &changes, &count), FP_OK);
    assert_int_equal(count, 1);
    assert_true(fp_str_find(changes[0].after, FP_STR(" and 12 more")) > 0);
}

/* ---- declared otherwise ---- */

#define SAID(name, said, from)                                                                     \
    {                                                                                              \
        .key = FP_STR_INIT(name), .value = FP_STR_INIT(said), .item = from                         \
    }

static void assert_declared(fp_statement *was, size_t was_count, fp_statement *is, size_t is_count,
                            const char *before, const char *after)
{
    fp_record_result results[2];
    fp_record earlier = record_of(&results[0]);
    fp_record later = record_of(&results[1]);
    fp_changes changes = {.setting_count = 99};
    earlier.statements = was;
    earlier.statement_count = was_count;
    later.statements = is;
    later.statement_count = is_count;
    assert_int_equal(fp_changes_find(&earlier, &later, 0, arena, &changes), FP_OK);
    assert_int_equal(changes.setting_count, before != NULL);
    if (before == NULL)
        return;
    assert_string_equal(changes.settings[0].setting, "declared");
    assert_str(changes.settings[0].before, before);
    assert_str(changes.settings[0].after, after);
}

/* What counts is what fp_case_statement takes: the command line before files, the last of those. */
static void facts_declared_otherwise_are_told(void **state)
{
    (void)state;
    fp_statement no[] = {SAID("a", "no", 0)};
    fp_statement by_file[] = {SAID("a", "no", 3)};
    fp_statement outranked[] = {SAID("a", "yes", 3), SAID("a", "no", 0)};
    fp_statement both[] = {SAID("a", "yes", 3), SAID("a", "no", 4)};
    fp_statement more[] = {SAID("a", "no", 0), SAID("b", "c", 0)};
    assert_declared(NULL, 0, NULL, 0, NULL, NULL);
    assert_declared(no, 1, no, 1, NULL, NULL);
    assert_declared(no, 1, by_file, 1, NULL, NULL);
    assert_declared(outranked, 2, no, 1, NULL, NULL);
    assert_declared(NULL, 0, no, 1, "", "a = no");
    assert_declared(by_file, 1, NULL, 0, "a = no", "");
    assert_declared(no, 1, both, 2, "a = no", "a = (several values)");
    assert_declared(no, 1, more, 2, "", "b = c");
    assert_declared(more, 2, no, 1, "b = c", "");
}

/* A report can claim any number; the last ones are compared, which are those that count. */
static void many_declared_facts_take_little_time(void **state)
{
    (void)state;
    enum { MANY = 65536 };
    static fp_statement many[MANY];
    for (size_t i = 0; i < MANY; i++)
        many[i] = (fp_statement)SAID("a", "no", 0);
    many[MANY - 1].value = FP_STR("yes");
    assert_declared(NULL, 0, many, MANY, "", "a = (several values)");
    assert_declared(many, MANY - 1, many, MANY - 1, NULL, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_arena, free_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_folder_has_the_digest_of_coreutils),
        TEST(little_memory_is_told),
        TEST(each_setting_is_told),
        TEST(what_is_not_known_is_not_otherwise),
        TEST(advisory_data_that_is_not_told_may_be_any),
        TEST(a_long_list_is_cut),
        TEST(facts_declared_otherwise_are_told),
        TEST(many_declared_facts_take_little_time),
    };
    return RUN_TESTS(tests);
}
