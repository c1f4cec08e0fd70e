/* SPDX-License-Identifier: MIT */
#include "inventory/hotfix/restart.h"

#include "tests/support/hive_builder.h"
#include "tests/support/hotfix_text.h"

enum { BUDGET = 16 << 20, EXPORTS_MAX = 3 };

#define CV          "Microsoft\\Windows\\CurrentVersion"
#define CBS         HKLM CV "\\Component Based Servicing"
#define AUTO_UPDATE HKLM CV "\\WindowsUpdate\\Auto Update"
#define CONTROL     "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control"
#define SESSION     CONTROL "\\Session Manager"
#define UPDATES     HKLM "Microsoft\\Updates"
#define NO_FILES    KEY(SESSION) "\"ObjectDirectories\"=\"x\"\n"
/* "\??\C:\a" and an empty name: to be deleted. */
#define FILES "=hex(7):5c,00,3f,00,3f,00,5c,00,43,00,3a,00,5c,00,61,00,00,00,00,00,00,00\n"

typedef struct restart_row {
    const char *name;
    const char *exports[EXPORTS_MAX];
    fp_tri pending;
    fp_unknown_why why;
    const char *unknown_where;
} restart_row;

static const restart_row ROWS[] = {
    {"nothing is pending", {KEY(CBS), KEY(AUTO_UPDATE), NO_FILES}, FP_FALSE, 0, ""},
    {"RebootPending",
     {KEY(CBS) KEY(CBS "\\RebootPending"), KEY(AUTO_UPDATE), NO_FILES},
     FP_TRUE,
     0,
     ""},
    {"RebootInProgress", {KEY(CBS) KEY(CBS "\\RebootInProgress")}, FP_TRUE, 0, ""},
    {"PackagesPending", {KEY(CBS) KEY(CBS "\\PackagesPending")}, FP_TRUE, 0, ""},
    {"RebootRequired", {KEY(AUTO_UPDATE) KEY(AUTO_UPDATE "\\RebootRequired")}, FP_TRUE, 0, ""},
    {"files to rename", {KEY(SESSION) "\"PendingFileRenameOperations\"" FILES}, FP_TRUE, 0, ""},
    {"more files to rename",
     {KEY(SESSION) "\"PendingFileRenameOperations2\"" FILES},
     FP_TRUE,
     0,
     ""},
    {"empty lists are no sign",
     {KEY(CBS), KEY(AUTO_UPDATE),
      KEY(SESSION) "\"PendingFileRenameOperations\"=hex(7):00,00\n"
                   "\"PendingFileRenameOperations2\"=hex(7):\n"},
     FP_FALSE,
     0,
     ""},
    {"a list that is none",
     {KEY(CBS), KEY(AUTO_UPDATE), KEY(SESSION) "\"PendingFileRenameOperations\"=dword:00000001\n"},
     FP_UNKNOWN,
     FP_WHY_UNREADABLE,
     SESSION},
    {"two exports disagree",
     {KEY(CBS) KEY(CBS "\\RebootPending"), KEY(CBS) KEY(AUTO_UPDATE), NO_FILES},
     FP_UNKNOWN,
     FP_WHY_CONFLICTING,
     CBS},
    {"Windows Update was not exported",
     {KEY(CBS), NO_FILES},
     FP_UNKNOWN,
     FP_WHY_INCOMPLETE,
     AUTO_UPDATE},
    {"no registry",
     {NULL},
     FP_UNKNOWN,
     FP_WHY_NOT_SUPPLIED,
     CBS " and " AUTO_UPDATE " and " SESSION},
    {"UpdateExeVolatile is a false alarm",
     {KEY(CBS) KEY(UPDATES) KEY(UPDATES "\\UpdateExeVolatile") "\"Flags\"=dword:00000001\n",
      KEY(AUTO_UPDATE), NO_FILES},
     FP_FALSE,
     0,
     ""},
};
enum { ROW_COUNT = sizeof ROWS / sizeof ROWS[0] };

static fp_restart read_restart(registry_text *t)
{
    fp_restart r;
    assert_int_equal(fp_restart_read(t->reg, t->arena, &r), FP_OK);
    assert_int_equal(r.sign_count, 7);
    return r;
}

static void test_row(void **state)
{
    const restart_row *row = *state;
    registry_text t = registry_text_new(BUDGET);
    for (size_t i = 0; i < EXPORTS_MAX && row->exports[i] != NULL; i++)
        registry_text_add(&t, row->exports[i]);
    const fp_restart r = read_restart(&t);
    assert_int_equal(r.pending, row->pending);
    if (row->pending == FP_UNKNOWN)
        assert_int_equal(r.why, row->why);
    assert_str(r.unknown_where, row->unknown_where);
    registry_text_free(&t);
}

static void test_the_false_alarm_is_listed(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, KEY(UPDATES) KEY(UPDATES "\\UpdateExeVolatile"));
    const fp_restart r = read_restart(&t);
    size_t ignored = 0;
    for (size_t i = 0; i < r.sign_count; i++) {
        if (!r.signs[i].ignored)
            continue;
        ignored++;
        assert_int_equal(r.signs[i].answer.exists, FP_TRUE);
        assert_str(r.signs[i].key_path, UPDATES "\\UpdateExeVolatile");
    }
    assert_int_equal(ignored, 1);
    registry_text_free(&t);
}

/* --- hives --- */

static void add_hive(registry_text *t, hive_builder *b, const char *name)
{
    uint8_t *file;
    size_t size;
    assert_true(hive_builder_write(b, &(hive_builder_options){.name = name}, &file, &size));
    registry_text_add_hive(t, fp_span_of(file, size), name);
}

static void add_software(registry_text *t)
{
    hive_builder *b = hive_builder_new(t->arena);
    assert_non_null(b);
    assert_non_null(hive_builder_path(b, FP_STR(CV "\\Component Based Servicing\\Packages")));
    assert_non_null(hive_builder_path(b, FP_STR(CV "\\WindowsUpdate\\Auto Update")));
    add_hive(t, b, "SOFTWARE");
}

/* ControlSet002 is the current one; `files` may be empty. */
static void add_system(registry_text *t, fp_span files)
{
    hive_builder *b = hive_builder_new(t->arena);
    assert_non_null(b);
    hive_builder_key *select = hive_builder_path(b, FP_STR("Select"));
    assert_non_null(select);
    assert_true(hive_builder_dword(b, select, FP_STR("Current"), 2));
    hive_builder_key *other =
        hive_builder_path(b, FP_STR("ControlSet001\\Control\\Session Manager"));
    hive_builder_key *current =
        hive_builder_path(b, FP_STR("ControlSet002\\Control\\Session Manager"));
    assert_true(other != NULL && current != NULL);
    if (files.size > 0)
        assert_true(hive_builder_value_add(b, current, FP_STR("PendingFileRenameOperations"),
                                           FP_REG_MULTI_SZ, files));
    add_hive(t, b, "SYSTEM");
}

static void test_a_hive_does_not_prove_that_a_key_in_memory_is_not_there(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    add_software(&t);
    add_system(&t, (fp_span){NULL, 0});
    const fp_restart r = read_restart(&t);
    assert_int_equal(r.pending, FP_UNKNOWN);
    assert_int_equal(r.why, FP_WHY_INCOMPLETE);
    assert_str(r.unknown_where, CBS " and " AUTO_UPDATE);

    registry_text_add(&t, KEY(CBS));
    registry_text_add(&t, KEY(AUTO_UPDATE));
    assert_int_equal(read_restart(&t).pending, FP_FALSE);
    registry_text_free(&t);
}

static void test_a_key_that_only_the_export_has(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    add_software(&t);
    registry_text_add(&t, KEY(CBS) KEY(CBS "\\RebootPending"));
    assert_int_equal(read_restart(&t).pending, FP_TRUE);
    registry_text_free(&t);
}

static void test_files_in_the_current_control_set(void **state)
{
    (void)state;
    static const uint8_t FILE_NAME[] = {'a', 0, 0, 0, 0, 0};
    registry_text t = registry_text_new(BUDGET);
    add_system(&t, fp_span_of(FILE_NAME, sizeof FILE_NAME));
    const fp_restart r = read_restart(&t);
    assert_int_equal(r.pending, FP_TRUE);
    assert_str(r.unknown_where, "");
    registry_text_free(&t);
}

static void test_every_budget(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    bool done = false;
    for (size_t budget = 0; budget < BUDGET && !done; budget += 64) {
        fp_arena *arena = fp_arena_new(budget);
        assert_non_null(arena);
        fp_restart r = {.sign_count = 77};
        const fp_status status = fp_restart_read(t.reg, arena, &r);
        const bool whole = r.sign_count == 7 && r.unknown_where.size > 0;
        fp_arena_free(arena);
        assert_true(status == FP_OK ? whole : status == FP_NOMEM && r.sign_count == 77);
        assert_true(budget > 0 || status == FP_NOMEM);
        done = status == FP_OK;
    }
    assert_true(done);
    registry_text_free(&t);
}

int main(void)
{
    struct CMUnitTest tests[ROW_COUNT];
    for (size_t i = 0; i < ROW_COUNT; i++)
        tests[i] = (struct CMUnitTest){.name = ROWS[i].name,
                                       .test_func = test_row,
                                       .initial_state = (void *)(uintptr_t)&ROWS[i]};
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_the_false_alarm_is_listed),
        cmocka_unit_test(test_a_hive_does_not_prove_that_a_key_in_memory_is_not_there),
        cmocka_unit_test(test_a_key_that_only_the_export_has),
        cmocka_unit_test(test_files_in_the_current_control_set),
        cmocka_unit_test(test_every_budget),
    };
    const bool failed = RUN_TESTS(others);
    return RUN_TESTS(tests) || failed;
}
