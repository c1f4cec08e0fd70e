/* SPDX-License-Identifier: MIT */
/* The view over several sources, the place of a hive, values as text and numbers. */
#include "inventory/registry/registry.h"

#include "tests/support/check.h"
#include "tests/support/hive_builder.h"
#include "tests/support/registry_probe.h"

#include <stdio.h>

#define S     "HKEY_LOCAL_MACHINE\\SOFTWARE"
#define SETUP S "\\Microsoft\\SMS\\Setup"
#define HEAD  "Windows Registry Editor Version 5.00\n\n"
/* A key behind all others: the export was not cut before it. */
#define BEHIND "[HKEY_USERS]\n\n"

/* ---- several sources ----------------------------------------------------------------------------
 */

typedef struct merge_row {
    const char *title;
    const char *first; /* an export */
    const char *second;
    const char *key;
    const char *value; /* NULL: the key is asked for */
    const char *answer;
} merge_row;

static const merge_row merge_rows[] = {
    {"each tells its part: first", HEAD "[" S "\\A]\n\"v\"=\"1\"\n\n",
     HEAD "[" S "\\B]\n\"v\"=\"2\"\n\n", S "\\A", "v", "1"},
    {"each tells its part: second", HEAD "[" S "\\A]\n\"v\"=\"1\"\n\n",
     HEAD "[" S "\\B]\n\"v\"=\"2\"\n\n", S "\\B", "v", "2"},
    {"neither covers it", HEAD "[" S "\\A]\n\n", HEAD "[" S "\\B]\n\n", S "\\C", NULL,
     "incomplete"},
    {"one covers it and has it not", HEAD "[" S "\\A]\n\n", HEAD "[" S "\\B]\n\n" BEHIND,
     S "\\B\\x", NULL, "no"},
    {"both have it", HEAD "[" S "\\A]\n\"v\"=\"1\"\n\n", HEAD "[" S "\\A]\n\"V\"=\"1\"\n\n",
     S "\\A", "v", "1"},
    {"they differ in the value", HEAD "[" S "\\A]\n\"v\"=\"1\"\n\n",
     HEAD "[" S "\\A]\n\"v\"=\"2\"\n\n", S "\\A", "v", "conflicting"},
    {"they differ in the type", HEAD "[" S "\\A]\n\"v\"=dword:1\n\n",
     HEAD "[" S "\\A]\n\"v\"=hex:01,00,00,00\n\n", S "\\A", "v", "conflicting"},
    {"a terminator more is no contradiction",
     HEAD "[" S "\\A]\n\"v\"=hex(2):61,00,62,00,00,00,00,00\n\n",
     HEAD "[" S "\\A]\n\"v\"=hex(2):61,00,62,00\n\n", S "\\A", "v", "ab"},
    {"what follows a NUL is no contradiction",
     HEAD "[" S "\\A]\n\"v\"=hex(1):61,00,00,00,62,00,00,00\n\n",
     HEAD "[" S "\\A]\n\"v\"=\"a\"\n\n", S "\\A", "v", "a"},
    {"one has the value, the other not", HEAD "[" S "\\A]\n\"v\"=\"1\"\n\n", HEAD "[" S "\\A]\n\n",
     S "\\A", "v", "conflicting"},
    {"one has the key, the other not", HEAD "[" S "\\A]\n\n[" S "\\A\\x]\n\n",
     HEAD "[" S "\\A]\n\n" BEHIND, S "\\A\\x", NULL, "conflicting"},
    {"a root that the other's root lacks", HEAD "[" S "]\n\n" BEHIND, HEAD "[" S "\\A]\n\n",
     S "\\A", NULL, "conflicting"},
    {"a partial source contradicts nobody by silence", HEAD "[" S "\\A]\n\"v\"=\"1\"\n\n",
     HEAD "[" S "\\A]\n", S "\\A", "v", "1"},
    {"a partial source contradicts by what it has", HEAD "[" S "\\A]\n\n",
     HEAD "[" S "\\A]\n\"v\"=\"1\"\n", S "\\A", "v", "conflicting"},
    {"a suspect value gives way", HEAD "[" S "\\A]\n\"v\"=\"1\\q\"\n\n",
     HEAD "[" S "\\A]\n\"v\"=\"2\"\n\n", S "\\A", "v", "2"},
    {"an unreadable one beside a sound one", "rubbish", HEAD "[" S "\\A]\n\n" BEHIND, S "\\A\\x",
     NULL, "no"},
    {"an unreadable one may hold the answer", "rubbish", HEAD "[" S "\\A]\n\n", S "\\B", NULL,
     "unreadable"},
};

static void check_merge(const merge_row *row, const char *first, const char *second)
{
    registry_probe *p = probe_new(PROBE_BUDGET);
    assert_int_equal(probe_export_text(p, first), FP_OK);
    assert_int_equal(probe_export_text(p, second), FP_OK);
    const char *answer =
        row->value == NULL ? probe_key(p, row->key) : probe_text(p, row->key, row->value);
    assert_string_equal(answer, row->answer);
    probe_free(p);
}

static void test_merge_row(void **state) /* the order of the sources decides nothing */
{
    const merge_row *row = *state;
    check_merge(row, row->first, row->second);
    check_merge(row, row->second, row->first);
}

static void test_listings_merge(void **state)
{
    (void)state;
    registry_probe *p = probe_new(PROBE_BUDGET);
    assert_string_equal(probe_subkeys(p, S), ": not supplied");
    assert_int_equal(probe_export_text(p, HEAD "[" S "\\A\\x]\n\n"), FP_OK);
    assert_int_equal(probe_export_text(p, HEAD "[" S "\\A\\B]\n\n[" S "\\A\\C]\n\n"), FP_OK);
    assert_string_equal(probe_subkeys(p, S "\\A"), "B, C, x: incomplete");

    /* a complete one that has them all */
    assert_int_equal(probe_export_text(p, HEAD "[" S "\\A]\n\n[" S "\\A\\X]\n\n[" S "\\A\\b]\n\n[" S
                                               "\\A\\c]\n\n[" S "\\A\\d]\n\n" BEHIND),
                     FP_OK);
    assert_string_equal(probe_subkeys(p, S "\\A"), "B, C, d, x: yes");

    /* and one that lacks d */
    assert_int_equal(probe_export_text(p, HEAD "[" S "\\A]\n\n[" S "\\A\\X]\n\n[" S "\\A\\b]\n\n[" S
                                               "\\A\\c]\n\n" BEHIND),
                     FP_OK);
    assert_string_equal(probe_subkeys(p, S "\\A"), "B, C, d, x: conflicting");
    probe_free(p);
}

static void test_values_merge(void **state)
{
    (void)state;
    registry_probe *p = probe_new(PROBE_BUDGET);
    assert_int_equal(probe_export_text(p, HEAD "[" S "]\n\"a\"=\"1\"\n\"b\"=\"2\"\n\n"), FP_OK);
    assert_int_equal(probe_export_text(p, HEAD "[" S "]\n\"B\"=\"2\"\n\"A\"=\"1\"\n\n"), FP_OK);
    assert_string_equal(probe_values(p, S), "a, b: yes");
    assert_int_equal(probe_export_text(p, HEAD "[" S "]\n\"a\"=\"1\"\n\"b\"=\"3\"\n\n"), FP_OK);
    assert_string_equal(probe_values(p, S), "a, b?: conflicting");
    probe_free(p);
}

/* The same text, from regedit of Windows 9x in the server's code page and from a later one: with
 * the page declared they agree, without it the first one's letters are not known and give way. */
static void test_ansi_and_unicode_exports_overlap(void **state)
{
    static const char ANSI[] = "REGEDIT4\n\n[" S "\\A]\n\"v\"=\"\xF8x\"\n\n" BEHIND;
    static const char UNICODE[] = HEAD "[" S "\\A]\n\"v\"=\"\xC3\xB8x\"\n\n" BEHIND;
    static const struct {
        const char *code_page, *answer;
    } ROWS[] = {{"CP1252", "\xC3\xB8x"}, {"CP1250", "conflicting"}, {NULL, "\xC3\xB8x"}};
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        registry_probe *p = probe_new(PROBE_BUDGET);
        const fp_span ansi = fp_span_of(ANSI, sizeof ANSI - 1);
        assert_int_equal(probe_export(p, ansi, ROWS[i].code_page), FP_OK);
        assert_int_equal(probe_export(p, probe_utf16(p, UNICODE), ROWS[i].code_page), FP_OK);
        assert_string_equal(probe_text(p, S "\\A", "v"), ROWS[i].answer);
        probe_free(p);
    }
}

static bool stop_at_once(void *context, const fp_reg_subkey *key)
{
    (void)key;
    ++*(unsigned *)context;
    return false;
}

static void test_listing_can_be_stopped(void **state)
{
    (void)state;
    registry_probe *p = probe_new(PROBE_BUDGET);
    unsigned calls = 0;
    assert_int_equal(probe_export_text(p, HEAD "[" S "]\n\n[" S "\\a]\n\n[" S "\\b]\n\n" BEHIND),
                     FP_OK);
    assert_int_equal(fp_registry_subkeys(p->reg, FP_STR(S), stop_at_once, &calls).exists, FP_TRUE);
    assert_int_equal(calls, 1);
    probe_free(p);
}

/* An export cut off between two keys looks whole; whoever read it knows better. */
static void test_cut_item(void **state)
{
    (void)state;
    registry_probe *p = probe_new(PROBE_BUDGET);
    assert_int_equal(probe_export_text(p, HEAD "[" S "]\n\"v\"=\"1\"\n\n" BEHIND), FP_OK);
    fp_registry_cut(p->reg, 2); /* another item */
    assert_string_equal(probe_key(p, S "\\x"), "no");
    assert_string_equal(probe_text(p, S, "w"), "no");
    fp_registry_cut(p->reg, 1);
    assert_string_equal(probe_key(p, S "\\x"), "incomplete");
    assert_string_equal(probe_text(p, S, "w"), "incomplete");
    assert_string_equal(probe_text(p, S, "v"), "1");
    assert_string_equal(probe_values(p, S), "v: incomplete");
    assert_string_equal(probe_subkeys(p, S), ": incomplete");
    probe_free(p);
}

/* ---- an export and a hive -----------------------------------------------------------------------
 */

static fp_span software_hive(registry_probe *p, fp_time written)
{
    hive_builder *b = hive_builder_new(p->arena);
    hive_builder_key *setup = hive_builder_path(b, FP_STR("Microsoft\\SMS\\Setup"));
    setup->written = written;
    assert_true(hive_builder_text(b, setup, FP_STR("Full Version"), FP_STR("4.00.6221.1000")));
    uint8_t *file = NULL;
    size_t size = 0;
    assert_true(hive_builder_write(b, &(hive_builder_options){.name = NULL}, &file, &size));
    return fp_span_of(file, size);
}

static void test_export_and_hive(void **state)
{
    (void)state;
    registry_probe *p = probe_new(PROBE_BUDGET);
    assert_int_equal(probe_hive(p, software_hive(p, 1213934530000), "SOFTWARE"), FP_OK);
    assert_int_equal(
        probe_export_text(p, HEAD "[" SETUP "]\n\"Full Version\"=\"4.00.6221.1000\"\n\n"), FP_OK);
    assert_string_equal(probe_text(p, SETUP, "Full Version"), "4.00.6221.1000");
    assert_string_equal(probe_subkeys(p, S "\\Microsoft\\SMS"), "Setup: yes");
    assert_int_equal(fp_registry_written(p->reg, FP_STR(SETUP)), 1213934530000);

    assert_int_equal(probe_export_text(p, HEAD "[" SETUP "\\x]\n\n"), FP_OK);
    assert_string_equal(probe_key(p, SETUP "\\x"), "conflicting");
    probe_free(p);
}

static void test_two_hives_with_two_times(void **state)
{
    (void)state;
    registry_probe *p = probe_new(PROBE_BUDGET);
    assert_int_equal(probe_hive(p, software_hive(p, 1213934530000), "SOFTWARE"), FP_OK);
    assert_int_equal(probe_hive(p, software_hive(p, 1213934540000), "SOFTWARE"), FP_OK);
    assert_string_equal(probe_subkeys(p, S "\\Microsoft\\SMS"), "Setup: yes");
    assert_int_equal(fp_registry_written(p->reg, FP_STR(SETUP)), FP_TIME_NONE);
    probe_free(p);
}

/* ---- the place of a hive ------------------------------------------------------------------------
 */

typedef struct mount_row {
    const char *title;
    const char *keys[6];     /* of the hive */
    const char *root_name;   /* NULL = the builder's */
    const char *header_name; /* in the base block */
    const char *hint;        /* the file's name */
    fp_registry_soundness soundness;
    const char *asked;
    const char *answer;
} mount_row;

#define SYSTEM "HKEY_LOCAL_MACHINE\\SYSTEM"

static const mount_row mount_rows[] = {
    {"SOFTWARE by the file's name",
     {"Microsoft"},
     NULL,
     NULL,
     "SOFTWARE",
     FP_REG_SOUND,
     S "\\x",
     "no"},
    {"SOFTWARE by a longer name",
     {"Microsoft"},
     NULL,
     NULL,
     "set/software-2008.hiv",
     FP_REG_SOUND,
     S "\\x",
     "no"},
    {"SOFTWARE by the base block",
     {"Microsoft"},
     NULL,
     "emRoot\\System32\\Config\\SOFTWARE",
     "x",
     FP_REG_SOUND,
     S "\\x",
     "no"},
    {"SOFTWARE by its content",
     {"Microsoft", "Classes", "Wow6432Node"},
     NULL,
     NULL,
     "x",
     FP_REG_SOUND,
     S "\\x",
     "no"},
    {"may be SOFTWARE: what is there counts",
     {"Microsoft", "Classes"},
     NULL,
     NULL,
     "x",
     FP_REG_PARTLY,
     S "\\Microsoft",
     "yes"},
    {"may be SOFTWARE: absence does not",
     {"Microsoft", "Classes"},
     NULL,
     NULL,
     "x",
     FP_REG_PARTLY,
     S "\\Wow6432Node",
     "incomplete"},
    {"another word that begins so",
     {"Microsoft"},
     NULL,
     NULL,
     "SoftwareDistribution",
     FP_REG_PARTLY,
     S "\\x",
     "incomplete"},
    {"Wow6432Node saved on its own",
     {"Microsoft", "Classes"},
     "Wow6432Node",
     NULL,
     "SOFTWARE",
     FP_REG_SOUND,
     S "\\Wow6432Node\\Microsoft",
     "yes"},
    {"Wow6432Node says nothing of the native view",
     {"Microsoft", "Classes"},
     "Wow6432Node",
     NULL,
     "SOFTWARE",
     FP_REG_SOUND,
     S "\\Microsoft",
     "incomplete"},
    {"SYSTEM", {"Select", "ControlSet001"}, NULL, NULL, "x", FP_REG_SOUND, SYSTEM "\\x", "no"},
    {"SYSTEM with a later set",
     {"Select", "ControlSet003"},
     NULL,
     NULL,
     "x",
     FP_REG_SOUND,
     SYSTEM "\\ControlSet003",
     "yes"},
    {"the current set is not told",
     {"Select", "ControlSet001"},
     NULL,
     NULL,
     "x",
     FP_REG_SOUND,
     SYSTEM "\\CurrentControlSet\\Control",
     "unreadable"},
    {"a user's hive",
     {"Software", "Environment"},
     NULL,
     NULL,
     "SOFTWARE",
     FP_REG_UNREADABLE,
     S,
     "incomplete"},
    {"an older state",
     {"Microsoft"},
     NULL,
     NULL,
     "SOFTWARE.SAV",
     FP_REG_UNREADABLE,
     S,
     "incomplete"},
    {"a backup",
     {"Microsoft"},
     NULL,
     NULL,
     "config\\RegBack\\SOFTWARE",
     FP_REG_UNREADABLE,
     S,
     "incomplete"},
};

static void test_mount_row(void **state)
{
    const mount_row *row = *state;
    registry_probe *p = probe_new(PROBE_BUDGET);
    hive_builder *b = hive_builder_new(p->arena);
    for (size_t i = 0; row->keys[i] != NULL; i++)
        assert_non_null(hive_builder_path(b, fp_str_of(row->keys[i])));
    if (row->root_name != NULL)
        hive_builder_root(b)->name = fp_str_of(row->root_name);
    uint8_t *file = NULL;
    size_t size = 0;
    const hive_builder_options options = {.name = row->header_name};
    assert_true(hive_builder_write(b, &options, &file, &size));
    assert_int_equal(probe_hive(p, fp_span_of(file, size), row->hint), FP_OK);
    assert_int_equal(p->soundness, row->soundness);
    assert_int_equal(p->problem_count, row->soundness == FP_REG_SOUND ? 0 : 1);
    assert_string_equal(probe_key(p, row->asked), row->answer);
    probe_free(p);
}

static void test_current_control_set(void **state)
{
    (void)state;
    registry_probe *p = probe_new(PROBE_BUDGET);
    hive_builder *b = hive_builder_new(p->arena);
    hive_builder_key *select = hive_builder_path(b, FP_STR("Select"));
    hive_builder_key *name = hive_builder_path(b, FP_STR("ControlSet002\\Control\\ComputerName"));
    assert_non_null(hive_builder_path(b, FP_STR("ControlSet001\\Control")));
    assert_true(hive_builder_dword(b, select, FP_STR("Current"), 2));
    assert_true(hive_builder_text(b, name, FP_STR("ComputerName"), FP_STR("KOLCM01")));
    uint8_t *file = NULL;
    size_t size = 0;
    assert_true(hive_builder_write(b, &(hive_builder_options){.name = NULL}, &file, &size));
    assert_int_equal(probe_hive(p, fp_span_of(file, size), "SYSTEM"), FP_OK);
#define CURRENT SYSTEM "\\CurrentControlSet\\Control\\ComputerName"
    assert_string_equal(probe_text(p, CURRENT, "ComputerName"), "KOLCM01");
    assert_string_equal(probe_key(p, CURRENT "\\x"), "no");
    probe_free(p);
}

/* ---- paths and values ---------------------------------------------------------------------------
 */

static void test_wow64_path(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {S "\\Microsoft", S "\\Wow6432Node\\Microsoft"},
        {S, S "\\Wow6432Node"},
        {"hkey_local_machine\\software\\x", "hkey_local_machine\\software\\Wow6432Node\\x"},
        {S "\\Wow6432Node", NULL},
        {S "\\wow6432node\\x", NULL},
        {S "\\Wow6432NodeX", S "\\Wow6432Node\\Wow6432NodeX"},
        {S "X", NULL},
        {"HKEY_LOCAL_MACHINE\\SYSTEM\\x", NULL},
        {"HKEY_LOCAL_MACHINE", NULL},
    };
    registry_probe *p = probe_new(PROBE_BUDGET);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fp_str path = {NULL, 0};
        const bool has = fp_registry_wow64_path(p->reg, fp_str_of(rows[i][0]), &path);
        assert_int_equal(has, rows[i][1] != NULL);
        if (has)
            assert_str(path, rows[i][1]);
    }
    probe_free(p);
}

typedef struct read_row {
    const char *title;
    uint32_t type;
    size_t size;
    uint8_t data[12];
    const char *text;   /* NULL: no text */
    const char *number; /* NULL: no number */
} read_row;

static const read_row read_rows[] = {
    {"SZ", FP_REG_SZ, 6, {'a', 0, 'b', 0, 0, 0}, "ab", NULL},
    {"SZ without terminator", FP_REG_SZ, 4, {'a', 0, 'b', 0}, "ab", NULL},
    {"SZ goes on behind its NUL", FP_REG_SZ, 6, {'a', 0, 0, 0, 'b', 0}, "a", NULL},
    {"SZ of an odd size", FP_REG_SZ, 3, {'a', 0, 'b'}, "a\xEF\xBF\xBD", NULL},
    {"SZ of no bytes", FP_REG_SZ, 0, {0}, "", NULL},
    {"EXPAND_SZ", FP_REG_EXPAND_SZ, 4, {'%', 0, 0, 0}, "%", NULL},
    {"LINK", FP_REG_LINK, 2, {'\\', 0}, "\\", NULL},
    {"MULTI_SZ is no text", FP_REG_MULTI_SZ, 4, {'a', 0, 0, 0}, NULL, NULL},
    {"BINARY is neither", FP_REG_BINARY, 4, {1, 0, 0, 0}, NULL, NULL},
    {"DWORD", FP_REG_DWORD, 4, {1, 2, 0, 0}, "513", "513"},
    {"DWORD of 8 bytes is neither", FP_REG_DWORD, 8, {1}, NULL, NULL},
    {"DWORD of 1 byte is neither", FP_REG_DWORD, 1, {1}, NULL, NULL},
    {"DWORD big-endian", FP_REG_DWORD_BE, 4, {0, 0, 2, 1}, "513", "513"},
    {"QWORD",
     FP_REG_QWORD,
     8,
     {255, 255, 255, 255, 255, 255, 255, 255},
     "18446744073709551615",
     "18446744073709551615"},
    {"QWORD of 4 bytes is neither", FP_REG_QWORD, 4, {1}, NULL, NULL},
};

static void test_read_row(void **state)
{
    const read_row *row = *state;
    fp_arena *arena = fp_arena_new(4096);
    const fp_reg_value value = {.type = row->type, .data = fp_span_of(row->data, row->size)};
    fp_str text;
    uint64_t number = 0;
    char printed[32];
    assert_int_equal(fp_reg_value_text(&value, arena, &text), row->text != NULL);
    if (row->text != NULL)
        assert_str(text, row->text);
    assert_int_equal(fp_reg_value_u64(&value, &number), row->number != NULL);
    (void)snprintf(printed, sizeof printed, "%llu", (unsigned long long)number);
    if (row->number != NULL)
        assert_string_equal(printed, row->number);
    fp_arena_free(arena);
}

#define COUNT_OF(rows) (sizeof(rows) / sizeof((rows)[0]))

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_listings_merge),
        cmocka_unit_test(test_values_merge),
        cmocka_unit_test(test_ansi_and_unicode_exports_overlap),
        cmocka_unit_test(test_listing_can_be_stopped),
        cmocka_unit_test(test_cut_item),
        cmocka_unit_test(test_export_and_hive),
        cmocka_unit_test(test_two_hives_with_two_times),
        cmocka_unit_test(test_current_control_set),
        cmocka_unit_test(test_wow64_path),
    };
    static struct CMUnitTest
        tests[COUNT_OF(merge_rows) + COUNT_OF(mount_rows) + COUNT_OF(read_rows) + COUNT_OF(single)];
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(merge_rows); i++)
        tests[count++] = (struct CMUnitTest){merge_rows[i].title, test_merge_row, NULL, NULL,
                                             (void *)&merge_rows[i]};
    for (size_t i = 0; i < COUNT_OF(mount_rows); i++)
        tests[count++] = (struct CMUnitTest){mount_rows[i].title, test_mount_row, NULL, NULL,
                                             (void *)&mount_rows[i]};
    for (size_t i = 0; i < COUNT_OF(read_rows); i++)
        tests[count++] = (struct CMUnitTest){read_rows[i].title, test_read_row, NULL, NULL,
                                             (void *)&read_rows[i]};
    for (size_t i = 0; i < COUNT_OF(single); i++)
        tests[count++] = single[i];
    return RUN_TESTS(tests);
}
