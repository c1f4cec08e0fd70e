/* SPDX-License-Identifier: MIT */
/* KB numbers and recorded files by their names. */
#include "inventory/hotfix/kb.h"

#include "inventory/hotfix/trace.h"
#include "tests/support/check.h"

#include <stdio.h>

/* --- KB numbers in names --- */

typedef struct kb_row {
    const char *text;
    const char *found; /* every number, each with a blank behind it */
} kb_row;

static const kb_row KB_ROWS[] = {
    {"", ""},
    {"KB954474", "954474 "},
    {"kb954474", "954474 "},
    {"KB954474-v2", "954474 "},
    {"KB954474v2", "954474 "},
    {"KB954474V2-ENU", "954474 "},
    {"KB954474x", ""},
    {"KB954474v", ""},
    {"KB9544741", "9544741 "},
    {"XKB954474", ""},
    {"9KB954474", ""},
    {"Hotfix for X (KB954474)", "954474 "},
    {"KB1 and KB22,KB333", "1 22 333 "},
    {"KB", ""},
    {"KB-954474", ""},
    {"KB 954474", ""},
    {"KBKB954474", ""},
    {"KB12345678901", ""},
    {"KB9999999999", "9999999999 "},
    {"SMS2003AC-KB885266-x86", "885266 "},
    {"\xE6\x9B\xB4\xE6\x96\xB0KB954474\xE6\x9B\xB4", "954474 "},
    {"954474", ""},
};
enum { KB_ROW_COUNT = sizeof KB_ROWS / sizeof KB_ROWS[0] };

static void test_kb_row(void **state)
{
    const kb_row *row = *state;
    char found[128] = "";
    uint64_t number;
    for (size_t at = 0; fp_kb_next(fp_str_of(row->text), &at, &number);) {
        const size_t used = strlen(found);
        (void)snprintf(found + used, sizeof found - used, "%llu ", (unsigned long long)number);
    }
    assert_string_equal(found, row->found);
}

static void test_kb_parse(void **state)
{
    (void)state;
    uint64_t n = 0;
    assert_true(fp_kb_parse(FP_STR("KB954474"), &n));
    assert_int_equal(n, 954474);
    assert_true(fp_kb_parse(FP_STR("kb1"), &n));
    assert_true(fp_kb_parse(FP_STR("954474"), &n));
    assert_int_equal(n, 954474);
    assert_false(fp_kb_parse(FP_STR(""), &n));
    assert_false(fp_kb_parse(FP_STR("K"), &n));
    assert_false(fp_kb_parse(FP_STR("KB"), &n));
    assert_false(fp_kb_parse(FP_STR("KB954474 "), &n));
    assert_false(fp_kb_parse(FP_STR("KB954474-v2"), &n));
    assert_false(fp_kb_parse(FP_STR("12345678901"), &n));
}

/* --- recorded and on disk --- */

static void test_compare(void **state)
{
    (void)state;
    fp_trace_file recorded = {.name = FP_STR("a.exe")};
    fp_version disk = {.part = {4, 0, 6221, 1047}, .count = 4};
    assert_int_equal(fp_trace_file_compare(&recorded, &disk), FP_RECORDED_UNKNOWN);
    recorded.has_version = fp_version_parse(FP_STR("4.00.6221.1047"), &recorded.version);
    assert_int_equal(fp_trace_file_compare(&recorded, &disk), FP_RECORDED_EQUAL);
    assert_int_equal(fp_trace_file_compare(&recorded, NULL), FP_RECORDED_UNKNOWN);
    assert_int_equal(fp_trace_file_compare(&recorded, &(fp_version){.count = 0}),
                     FP_RECORDED_UNKNOWN);
    disk.part[3] = 1046;
    assert_int_equal(fp_trace_file_compare(&recorded, &disk), FP_RECORDED_NEWER);
    disk.part[3] = 10470;
    assert_int_equal(fp_trace_file_compare(&recorded, &disk), FP_RECORDED_OLDER);
}

int main(void)
{
    struct CMUnitTest tests[KB_ROW_COUNT];
    for (size_t i = 0; i < KB_ROW_COUNT; i++)
        tests[i] = (struct CMUnitTest){.name = KB_ROWS[i].text,
                                       .test_func = test_kb_row,
                                       .initial_state = (void *)(uintptr_t)&KB_ROWS[i]};
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_kb_parse),
        cmocka_unit_test(test_compare),
    };
    const bool failed = RUN_TESTS(others);
    return RUN_TESTS(tests) || failed;
}
