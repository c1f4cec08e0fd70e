/* SPDX-License-Identifier: MIT */
/* Packages of Component Based Servicing as traces of hotfixes. */
#include "tests/support/hive_builder.h"
#include "tests/support/hotfix_text.h"

#include <stdio.h>

enum { BUDGET = 64 << 20 };

#define CV       "Microsoft\\Windows\\CurrentVersion"
#define CBS      HKLM CV "\\Component Based Servicing"
#define PARENTS  KEY(HKLM "Microsoft\\Windows") KEY(HKLM CV) KEY(CBS) KEY(CBS "\\Packages")
#define TAIL     "~31bf3856ad364e35~amd64~~10.0.1.3"
#define OWN      "Package_for_KB4013429" TAIL
#define PACKAGES CBS "\\Packages\\"
#define STATE(n) "\"CurrentState\"=dword:000000" n "\n"

static fp_hotfix read_body(registry_text *t, const char *packages)
{
    registry_text_add(t, fp_arena_printf(t->arena, "%s%s", WHOLE_SOFTWARE PARENTS, packages));
    return hotfix_text_read(t, FP_STR("KB4013429"), NO_PRODUCT);
}

/* --- what a number says --- */

typedef struct state_row {
    const char *name;
    const char *value;
    fp_trace_says says;
    const char *said;
    fp_tri elsewhere;
} state_row;

static const state_row STATE_ROWS[] = {
    {"absent", STATE("00"), FP_TRACE_SAYS_REMOVED, "CurrentState = 0x0 (absent)", FP_TRUE},
    {"uninstall pending", STATE("05"), FP_TRACE_SAYS_REMOVED,
     "CurrentState = 0x5 (uninstall pending)", FP_TRUE},
    {"resolving", STATE("10"), FP_TRACE_SAYS_HINT, "CurrentState = 0x10 (resolving)", FP_FALSE},
    {"resolved", STATE("20"), FP_TRACE_SAYS_HINT, "CurrentState = 0x20 (resolved)", FP_FALSE},
    {"staging", STATE("30"), FP_TRACE_SAYS_HINT, "CurrentState = 0x30 (staging)", FP_FALSE},
    {"staged", STATE("40"), FP_TRACE_SAYS_HINT, "CurrentState = 0x40 (staged)", FP_FALSE},
    {"superseded", STATE("50"), FP_TRACE_SAYS_SUPERSEDED, "CurrentState = 0x50 (superseded)",
     FP_TRUE},
    {"install pending", STATE("60"), FP_TRACE_SAYS_PENDING, "CurrentState = 0x60 (install pending)",
     FP_TRUE},
    {"partially installed", STATE("65"), FP_TRACE_SAYS_UNREADABLE,
     "CurrentState = 0x65 (partially installed)", FP_TRUE},
    {"installed", STATE("70"), FP_TRACE_SAYS_INSTALLED, "CurrentState = 0x70 (installed)", FP_TRUE},
    {"permanent", STATE("80"), FP_TRACE_SAYS_INSTALLED, "CurrentState = 0x80 (permanent)", FP_TRUE},
    {"Vista's staged", STATE("04"), FP_TRACE_SAYS_HINT, "CurrentState = 0x4 (staged)", FP_FALSE},
    {"Vista's install requested", STATE("06"), FP_TRACE_SAYS_PENDING,
     "CurrentState = 0x6 (install requested)", FP_TRUE},
    {"Vista's installed", STATE("07"), FP_TRACE_SAYS_INSTALLED, "CurrentState = 0x7 (installed)",
     FP_TRUE},
    {"Vista's permanent", STATE("08"), FP_TRACE_SAYS_INSTALLED, "CurrentState = 0x8 (permanent)",
     FP_TRUE},
    {"a number nobody explains", STATE("71"), FP_TRACE_SAYS_UNREADABLE,
     "CurrentState = 0x71 (not known)", FP_TRUE},
    {"a text", "\"CurrentState\"=\"112\"\n", FP_TRACE_SAYS_UNREADABLE, "", FP_TRUE},
    {"no state", "", FP_TRACE_SAYS_UNREADABLE, "", FP_TRUE},
};
enum { STATE_ROW_COUNT = sizeof STATE_ROWS / sizeof STATE_ROWS[0] };

static void test_state_row(void **state)
{
    const state_row *row = *state;
    registry_text t = registry_text_new(BUDGET);
    const char *body = fp_arena_printf(t.arena, "%s%s", KEY(PACKAGES OWN), row->value);
    const fp_hotfix h = read_body(&t, body);
    const fp_trace *trace = hotfix_text_trace(&h, FP_TRACE_CBS);
    assert_int_equal(trace->says, row->says);
    assert_str(trace->said, row->said);
    assert_int_equal(h.elsewhere, row->elsewhere);
    assert_int_equal(h.present, FP_FALSE);
    assert_int_equal(h.covered, true);
    assert_str(trace->name, OWN);
    assert_str(trace->key_path, PACKAGES OWN);
    registry_text_free(&t);
}

/* --- which packages speak --- */

typedef struct package_row {
    const char *name;
    const char *body;
    size_t traces;
    fp_trace_says says; /* of the first */
} package_row;

#define PACKAGE(name, n) KEY(PACKAGES name TAIL) STATE(n)
#define OLDER_OWN        "Package_for_KB4013429~31bf3856ad364e35~amd64~~10.0.1.1"
#define PART(i)          "Package_" i "_for_KB4013429"

static const package_row PACKAGE_ROWS[] = {
    {"staged parts do not matter beside the own package",
     PACKAGE("Package_for_KB4013429", "70") PACKAGE(PART("1"), "40") PACKAGE(PART("2"), "00"), 1,
     FP_TRACE_SAYS_INSTALLED},
    {"installed parts do not either",
     PACKAGE("Package_for_KB4013429", "50") PACKAGE(PART("1"), "70"), 1, FP_TRACE_SAYS_SUPERSEDED},
    {"several versions are several traces",
     PACKAGE("Package_for_KB4013429", "70") KEY(PACKAGES OLDER_OWN) STATE("50"), 2,
     FP_TRACE_SAYS_SUPERSEDED},
    {"parts alone speak once for each thing they say",
     PACKAGE(PART("1"), "70") PACKAGE(PART("2"), "70") PACKAGE(PART("3"), "40"), 2,
     FP_TRACE_SAYS_INSTALLED},
    {"a variant is no own package beside one",
     PACKAGE("Package_for_KB4013429", "70") PACKAGE("Package_for_KB4013429_RTM", "40"), 1,
     FP_TRACE_SAYS_INSTALLED},
    {"a variant alone speaks", PACKAGE("Package_for_KB4013429_SP1", "70"), 1,
     FP_TRACE_SAYS_INSTALLED},
    {"another KB", PACKAGE("Package_for_KB40134290", "70"), 0, FP_TRACE_SAYS_HINT},
    {"any case", KEY(PACKAGES "PACKAGE_FOR_kb4013429" TAIL) STATE("70"), 1,
     FP_TRACE_SAYS_INSTALLED},
};
enum { PACKAGE_ROW_COUNT = sizeof PACKAGE_ROWS / sizeof PACKAGE_ROWS[0] };

static void test_package_row(void **state)
{
    const package_row *row = *state;
    registry_text t = registry_text_new(BUDGET);
    const fp_hotfix h = read_body(&t, row->body);
    assert_int_equal(h.trace_count, row->traces);
    if (row->traces > 0)
        assert_int_equal(h.traces[0].says, row->says);
    registry_text_free(&t);
}

/* --- when, and by whom --- */

static void test_install_time(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    /* 2017-03-20T04:05:06Z */
    const fp_hotfix h =
        read_body(&t, KEY(PACKAGES OWN) STATE("70") "\"InstallTimeHigh\"=dword:01d2a12f\n"
                                                    "\"InstallTimeLow\"=dword:285ec500\n"
                                                    "\"InstallUser\"=\"S-1-5-18\"\n");
    const fp_trace *trace = hotfix_text_trace(&h, FP_TRACE_CBS);
    assert_str(trace->installed_date, "2017-03-20T04:05:06Z");
    assert_str(trace->installed_by, "S-1-5-18");
    assert_int_equal(trace->written, FP_TIME_NONE);
    registry_text_free(&t);
}

static void test_half_a_time_is_none(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    const fp_hotfix h =
        read_body(&t, KEY(PACKAGES OWN) STATE("70") "\"InstallTimeLow\"=dword:285ec500\n");
    assert_str(hotfix_text_trace(&h, FP_TRACE_CBS)->installed_date, "");
    registry_text_free(&t);
}

/* --- what was not seen, or twice --- */

static void test_contested_state(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, WHOLE_SOFTWARE PARENTS KEY(PACKAGES OWN) STATE("70"));
    const fp_hotfix h = read_body(&t, KEY(PACKAGES OWN) STATE("00"));
    assert_true(h.contested);
    assert_int_equal(h.state, FP_HOTFIX_CONFLICTING);
    assert_int_equal(hotfix_text_trace(&h, FP_TRACE_CBS)->says, FP_TRACE_SAYS_UNREADABLE);
    registry_text_free(&t);
}

static void test_contested_key(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, WHOLE_SOFTWARE PARENTS KEY(PACKAGES OWN) STATE("70"));
    const fp_hotfix h = read_body(&t, "");
    assert_true(h.contested);
    assert_int_equal(h.trace_count, 0);
    assert_int_equal(h.state, FP_HOTFIX_CONFLICTING);
    registry_text_free(&t);
}

static void test_packages_not_supplied(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, KEY(HKLM "Microsoft\\Updates"));
    registry_text_add(&t, KEY(WOW "Microsoft\\Updates"));
    const fp_hotfix h = hotfix_text_read(&t, FP_STR("KB4013429"), NO_PRODUCT);
    assert_int_equal(h.elsewhere, FP_UNKNOWN);
    assert_false(h.covered);
    registry_text_free(&t);
}

/* Its KB is not in its name: it may be any. */
static void test_a_rollup_leaves_other_kbs_open(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    const fp_hotfix h = read_body(&t, PACKAGE("Package_for_RollupFix", "70"));
    assert_int_equal(h.elsewhere, FP_UNKNOWN);
    assert_int_equal(h.state, FP_HOTFIX_UNKNOWN);

    const fp_hotfix of_product = hotfix_text_read(&t, FP_STR("KB4013429"), FP_STR("Some Product"));
    assert_int_equal(of_product.elsewhere, FP_FALSE);
    assert_int_equal(of_product.state, FP_HOTFIX_ABSENT);
    registry_text_free(&t);
}

/* --- all of them --- */

static void test_list(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, WHOLE_SOFTWARE PARENTS PACKAGE("Package_for_KB4013429", "70")
                              PACKAGE("Package_1_for_KB958481", "40"));
    const fp_hotfix_evidence evidence = {.registry = t.reg};
    fp_hotfix *all;
    size_t count;
    fp_tri complete = FP_UNKNOWN;
    assert_int_equal(fp_hotfix_list(&evidence, t.arena, &all, &count, &complete), FP_OK);
    assert_int_equal(count, 2);
    assert_str(all[0].kb, "KB958481");
    assert_int_equal(all[0].traces[0].says, FP_TRACE_SAYS_HINT);
    assert_str(all[1].kb, "KB4013429");
    assert_int_equal(all[1].state, FP_HOTFIX_INSTALLED);
    assert_int_equal(complete, FP_TRUE);
    registry_text_free(&t);
}

static void test_the_write_time_of_a_hive(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    hive_builder *b = hive_builder_new(t.arena);
    assert_non_null(b);
    hive_builder_key *package =
        hive_builder_path(b, FP_STR(CV "\\Component Based Servicing\\Packages\\" OWN));
    assert_non_null(package);
    assert_true(fp_time_parse(FP_STR("2017-03-20T12:00:00Z"), &package->written));
    assert_true(hive_builder_dword(b, package, FP_STR("CurrentState"), 0x70));
    uint8_t *file;
    size_t size;
    assert_true(hive_builder_write(b, &(hive_builder_options){.name = "SOFTWARE"}, &file, &size));
    registry_text_add_hive(&t, fp_span_of(file, size), "SOFTWARE");
    const fp_hotfix h = hotfix_text_read(&t, FP_STR("KB4013429"), NO_PRODUCT);
    char text[FP_TIME_TEXT_SIZE];
    assert_string_equal(fp_time_format(hotfix_text_trace(&h, FP_TRACE_CBS)->written, text),
                        "2017-03-20T12:00:00Z");
    assert_int_equal(h.state, FP_HOTFIX_INSTALLED);
    registry_text_free(&t);
}

int main(void)
{
    struct CMUnitTest tests[STATE_ROW_COUNT + PACKAGE_ROW_COUNT];
    size_t count = 0;
    for (size_t i = 0; i < STATE_ROW_COUNT; i++)
        tests[count++] = (struct CMUnitTest){.name = STATE_ROWS[i].name,
                                             .test_func = test_state_row,
                                             .initial_state = (void *)(uintptr_t)&STATE_ROWS[i]};
    for (size_t i = 0; i < PACKAGE_ROW_COUNT; i++)
        tests[count++] = (struct CMUnitTest){.name = PACKAGE_ROWS[i].name,
                                             .test_func = test_package_row,
                                             .initial_state = (void *)(uintptr_t)&PACKAGE_ROWS[i]};
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_install_time),
        cmocka_unit_test(test_half_a_time_is_none),
        cmocka_unit_test(test_contested_state),
        cmocka_unit_test(test_contested_key),
        cmocka_unit_test(test_packages_not_supplied),
        cmocka_unit_test(test_a_rollup_leaves_other_kbs_open),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_the_write_time_of_a_hive),
    };
    const bool failed = RUN_TESTS(others);
    return RUN_TESTS(tests) || failed;
}
