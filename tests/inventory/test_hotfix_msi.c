/* SPDX-License-Identifier: MIT */
/* Products and patches of Windows Installer as traces of hotfixes. */
#include "tests/support/hotfix_text.h"

enum { BUDGET = 64 << 20 };

#define CV        "Microsoft\\Windows\\CurrentVersion"
#define INSTALLER HKLM CV "\\Installer"
#define USER_DATA INSTALLER "\\UserData"
#define MACHINE   USER_DATA "\\S-1-5-18"
#define USER      USER_DATA "\\S-1-5-21-1-2-3-500"
#define P1        "00002109511090400000000000F01FEC"
#define Q1        "3C1B0F0B3A9E7D94C8A5C4B1D0F3A2E1"
#define Q2        "4C1B0F0B3A9E7D94C8A5C4B1D0F3A2E1"
#define PARENTS   KEY(HKLM "Microsoft\\Windows") KEY(HKLM CV) KEY(INSTALLER) KEY(USER_DATA)
#define PRODUCT(user, name)                                                                        \
    KEY(user)                                                                                      \
    KEY(user "\\Products")                                                                         \
    KEY(user "\\Products\\" P1)                                                                    \
    KEY(user "\\Products\\" P1 "\\InstallProperties")                                              \
    "\"DisplayName\"=\"" name                                                                      \
    "\"\n\"InstallDate\"=\"20120911\"\n" KEY(user "\\Products\\" P1 "\\Patches")
#define PATCH(user, patch, name)                                                                   \
    KEY(user "\\Products\\" P1 "\\Patches\\" patch) "\"DisplayName\"=\"" name "\"\n"
#define STATE(n)  "\"State\"=dword:0000000" n "\n"
#define INSTALLED "\"Installed\"=\"20120912\"\n"
#define KB        FP_STR("KB2721642")

static fp_hotfix read_body(registry_text *t, const char *entries)
{
    registry_text_add(t, fp_arena_printf(t->arena, "%s%s", WHOLE_SOFTWARE PARENTS, entries));
    return hotfix_text_read(t, KB, NO_PRODUCT);
}

/* --- patches --- */

typedef struct state_row {
    const char *name;
    const char *value;
    fp_trace_says says;
    const char *said;
    fp_hotfix_state state;
} state_row;

static const state_row STATE_ROWS[] = {
    {"applied", STATE("1"), FP_TRACE_SAYS_INSTALLED, "State = 0x1 (applied)", FP_HOTFIX_INSTALLED},
    {"superseded", STATE("2"), FP_TRACE_SAYS_SUPERSEDED, "State = 0x2 (applied, but superseded)",
     FP_HOTFIX_SUPERSEDED},
    {"obsoleted", STATE("4"), FP_TRACE_SAYS_SUPERSEDED, "State = 0x4 (applied, but obsoleted)",
     FP_HOTFIX_SUPERSEDED},
    {"registered", STATE("8"), FP_TRACE_SAYS_HINT, "State = 0x8 (registered, not applied)",
     FP_HOTFIX_ABSENT},
    {"invalid", STATE("0"), FP_TRACE_SAYS_UNREADABLE, "State = 0x0 (not known)", FP_HOTFIX_UNKNOWN},
    {"two at once", STATE("3"), FP_TRACE_SAYS_UNREADABLE, "State = 0x3 (not known)",
     FP_HOTFIX_UNKNOWN},
    {"a text", "\"State\"=\"1\"\n", FP_TRACE_SAYS_UNREADABLE, "", FP_HOTFIX_UNKNOWN},
    {"no state", "", FP_TRACE_SAYS_UNREADABLE, "", FP_HOTFIX_UNKNOWN},
};
enum { STATE_ROW_COUNT = sizeof STATE_ROWS / sizeof STATE_ROWS[0] };

static void test_state_row(void **state)
{
    const state_row *row = *state;
    registry_text t = registry_text_new(BUDGET);
    const char *body = fp_arena_printf(
        t.arena, "%s%s%s", PRODUCT(MACHINE, "Some Product") PATCH(MACHINE, Q1, "Fix (KB2721642)"),
        row->value, INSTALLED);
    const fp_hotfix h = read_body(&t, body);
    const fp_trace *trace = hotfix_text_trace(&h, FP_TRACE_MSI);
    assert_int_equal(trace->says, row->says);
    assert_str(trace->said, row->said);
    assert_str(trace->product, "Some Product");
    assert_str(trace->description, "Fix (KB2721642)");
    assert_str(trace->installed_date, "20120912");
    assert_str(trace->name, Q1);
    assert_str(trace->key_path, MACHINE "\\Products\\" P1 "\\Patches\\" Q1);
    assert_int_equal(h.state, row->state);
    assert_true(h.covered);
    registry_text_free(&t);
}

static void test_patch_of_a_user(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    const fp_hotfix h =
        read_body(&t, PRODUCT(USER, "Some Product") PATCH(USER, Q1, "KB2721642") STATE("1"));
    assert_int_equal(h.trace_count, 1);
    assert_int_equal(h.state, FP_HOTFIX_INSTALLED);
    registry_text_free(&t);
}

static void test_patch_of_two_products(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    const fp_hotfix h =
        read_body(&t, PRODUCT(MACHINE, "A") PATCH(MACHINE, Q1, "KB2721642") STATE("1")
                          PATCH(MACHINE, Q2, "KB2721642-V2") STATE("2") PRODUCT(USER, "B")
                              PATCH(USER, Q1, "KB2721642") STATE("1"));
    assert_int_equal(h.trace_count, 3);
    assert_str(h.traces[0].product, "A");
    assert_str(h.traces[1].product, "A");
    assert_str(h.traces[2].product, "B");
    assert_int_equal(h.state, FP_HOTFIX_INSTALLED);
    registry_text_free(&t);
}

static void test_another_kb(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    const fp_hotfix h =
        read_body(&t, PRODUCT(MACHINE, "A") PATCH(MACHINE, Q1, "KB27216420") STATE("1"));
    assert_int_equal(h.trace_count, 0);
    assert_int_equal(h.elsewhere, FP_FALSE);
    assert_int_equal(h.state, FP_HOTFIX_ABSENT);
    registry_text_free(&t);
}

/* --- products --- */

static void test_a_hotfix_that_is_a_product(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    const fp_hotfix h = read_body(&t, PRODUCT(MACHINE, "Hotfix KB2721642"));
    const fp_trace *trace = hotfix_text_trace(&h, FP_TRACE_MSI);
    assert_int_equal(trace->says, FP_TRACE_SAYS_INSTALLED);
    assert_str(trace->installed_date, "20120911");
    assert_str(trace->description, "Hotfix KB2721642");
    assert_str(trace->key_path, MACHINE "\\Products\\" P1);
    assert_int_equal(h.state, FP_HOTFIX_INSTALLED);
    registry_text_free(&t);
}

/* --- what was not seen --- */

static void test_a_name_that_cannot_be_read_may_be_any(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    const fp_hotfix h =
        read_body(&t, PRODUCT(MACHINE, "A") KEY(
                          MACHINE "\\Products\\" P1
                                  "\\Patches\\" Q1) "\"DisplayName\"=dword:00000001\n" STATE("1"));
    assert_int_equal(h.trace_count, 0);
    assert_int_equal(h.elsewhere, FP_UNKNOWN);
    assert_false(h.covered);
    registry_text_free(&t);
}

static void test_a_nameless_patch_is_no_trace(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    const fp_hotfix h = read_body(
        &t, PRODUCT(MACHINE, "A") KEY(MACHINE "\\Products\\" P1 "\\Patches\\" Q1) STATE("1"));
    assert_int_equal(h.trace_count, 0);
    assert_int_equal(h.elsewhere, FP_FALSE);
    registry_text_free(&t);
}

static void test_contested_state(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, WHOLE_SOFTWARE PARENTS PRODUCT(MACHINE, "A")
                              PATCH(MACHINE, Q1, "KB2721642") STATE("1"));
    const fp_hotfix h =
        read_body(&t, PRODUCT(MACHINE, "A") PATCH(MACHINE, Q1, "KB2721642") STATE("2"));
    assert_true(h.contested);
    assert_int_equal(h.state, FP_HOTFIX_CONFLICTING);
    registry_text_free(&t);
}

static void test_user_data_not_supplied(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, KEY(HKLM CV "\\Component Based Servicing"));
    const fp_hotfix h = hotfix_text_read(&t, KB, NO_PRODUCT);
    assert_int_equal(h.elsewhere, FP_UNKNOWN);
    registry_text_free(&t);
}

/* --- all of them --- */

static void test_list(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, WHOLE_SOFTWARE PARENTS PRODUCT(MACHINE, "A (KB1)")
                              PATCH(MACHINE, Q1, "KB2721642 and KB12") STATE("1"));
    const fp_hotfix_evidence evidence = {.registry = t.reg};
    fp_hotfix *all;
    size_t count;
    fp_tri complete = FP_UNKNOWN;
    assert_int_equal(fp_hotfix_list(&evidence, t.arena, &all, &count, &complete), FP_OK);
    assert_int_equal(count, 3);
    assert_str(all[0].kb, "KB1");
    assert_str(all[1].kb, "KB12");
    assert_str(all[2].kb, "KB2721642");
    assert_int_equal(complete, FP_TRUE);
    registry_text_free(&t);
}

static void test_every_budget(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, WHOLE_SOFTWARE PARENTS PRODUCT(MACHINE, "Some Product")
                              PATCH(MACHINE, Q1, "Fix (KB2721642)") STATE("1") INSTALLED);
    const fp_hotfix_evidence evidence = {.registry = t.reg};
    bool done = false;
    for (size_t budget = 0; budget < BUDGET && !done; budget += 64) {
        fp_arena *arena = fp_arena_new(budget);
        assert_non_null(arena);
        fp_hotfix h = {0};
        const fp_status status = fp_hotfix_read(&evidence, KB, NO_PRODUCT, arena, &h);
        const bool whole = h.trace_count == 1 && h.traces[0].said.size > 0 &&
                           h.traces[0].product.size > 0 && h.traces[0].installed_date.size > 0;
        fp_arena_free(arena);
        assert_true(status == FP_OK ? whole : status == FP_NOMEM);
        assert_true(budget > 0 || status == FP_NOMEM);
        done = status == FP_OK;
    }
    assert_true(done);
    registry_text_free(&t);
}

int main(void)
{
    struct CMUnitTest tests[STATE_ROW_COUNT];
    for (size_t i = 0; i < STATE_ROW_COUNT; i++)
        tests[i] = (struct CMUnitTest){.name = STATE_ROWS[i].name,
                                       .test_func = test_state_row,
                                       .initial_state = (void *)(uintptr_t)&STATE_ROWS[i]};
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_patch_of_a_user),
        cmocka_unit_test(test_patch_of_two_products),
        cmocka_unit_test(test_another_kb),
        cmocka_unit_test(test_a_hotfix_that_is_a_product),
        cmocka_unit_test(test_a_name_that_cannot_be_read_may_be_any),
        cmocka_unit_test(test_a_nameless_patch_is_no_trace),
        cmocka_unit_test(test_contested_state),
        cmocka_unit_test(test_user_data_not_supplied),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_every_budget),
    };
    const bool failed = RUN_TESTS(others);
    return RUN_TESTS(tests) || failed;
}
