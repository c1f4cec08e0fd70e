/* SPDX-License-Identifier: MIT */
#include "inventory/hotfix/window.h"

#include "tests/support/check.h"

typedef struct window_row {
    const char *name;
    const char *date;
    const char *written; /* RFC 3339; NULL: not known */
    const char *earliest;
    const char *latest;
} window_row;

static const window_row WINDOW_ROWS[] = {
    {"nothing known", "", NULL, "unknown", "unknown"},
    {"date alone", "6/20/2008", NULL, "unknown", "unknown"},
    {"write alone", "", "2008-06-20T12:00:00Z", "unknown", "2008-06-20T12:00:00Z"},
    {"month first", "6/20/2008", "2008-06-20T12:00:00Z", "2008-06-19T10:00:00Z",
     "2008-06-20T12:00:00Z"},
    {"day first", "20/06/2008", "2008-06-20T12:00:00Z", "2008-06-19T10:00:00Z",
     "2008-06-20T12:00:00Z"},
    {"either order, the write decides", "7/6/2008", "2008-06-07T12:00:00Z", "2008-06-06T10:00:00Z",
     "2008-06-07T12:00:00Z"},
    {"dots", "20.6.2008", "2008-06-20T12:00:00Z", "2008-06-19T10:00:00Z", "2008-06-20T12:00:00Z"},
    {"dashes and a time", " 6-20-2008 10:00", "2008-06-20T12:00:00Z", "2008-06-19T10:00:00Z",
     "2008-06-20T12:00:00Z"},
    {"first instant of the day on earth", "6/20/2008", "2008-06-19T10:00:00Z",
     "2008-06-19T10:00:00Z", "2008-06-19T10:00:00Z"},
    {"before the day on earth", "6/20/2008", "2008-06-19T09:59:59Z", "unknown",
     "2008-06-19T09:59:59Z"},
    {"last instant of the day on earth", "6/20/2008", "2008-06-21T11:59:59Z",
     "2008-06-19T10:00:00Z", "2008-06-21T11:59:59Z"},
    {"after the day on earth", "6/20/2008", "2008-06-21T12:00:00Z", "unknown",
     "2008-06-21T12:00:00Z"},
    {"no such day", "31/31/2008", "2008-06-20T12:00:00Z", "unknown", "2008-06-20T12:00:00Z"},
    {"two digits of a year", "6/20/08", "2008-06-20T12:00:00Z", "unknown", "2008-06-20T12:00:00Z"},
    {"four parts", "6/20/2008/1", "2008-06-20T12:00:00Z", "unknown", "2008-06-20T12:00:00Z"},
    {"words", "yesterday", "2008-06-20T12:00:00Z", "unknown", "2008-06-20T12:00:00Z"},
};
enum { WINDOW_ROW_COUNT = sizeof WINDOW_ROWS / sizeof WINDOW_ROWS[0] };

static fp_trace dated(const char *date, const char *written)
{
    fp_trace t = {.installed_date = fp_str_of(date), .written = FP_TIME_NONE};
    if (written != NULL)
        assert_true(fp_time_parse(fp_str_of(written), &t.written));
    return t;
}

static void check_window(const fp_hotfix *m, const char *earliest, const char *latest)
{
    const fp_install_window w = fp_hotfix_window(m);
    char text[FP_TIME_TEXT_SIZE];
    assert_string_equal(fp_time_format(w.earliest, text), earliest);
    assert_string_equal(fp_time_format(w.latest, text), latest);
}

static void test_window_row(void **state)
{
    const window_row *row = *state;
    fp_trace t = dated(row->date, row->written);
    const fp_hotfix m = {.traces = &t, .trace_count = 1};
    check_window(&m, row->earliest, row->latest);
}

static void test_window_holds_all_markers(void **state)
{
    (void)state;
    fp_trace t[] = {dated("6/20/2008", "2008-06-20T12:00:00Z"),
                    dated("6/18/2008", "2008-06-18T12:00:00Z"),
                    dated("6/19/2008", "2008-06-19T12:00:00Z")};
    const fp_hotfix m = {.traces = t, .trace_count = 3};
    check_window(&m, "2008-06-17T10:00:00Z", "2008-06-20T12:00:00Z");
}

static void test_window_of_an_undated_marker_too(void **state)
{
    (void)state;
    fp_trace t[] = {dated("6/20/2008", "2008-06-20T12:00:00Z"), dated("", NULL)};
    const fp_hotfix m = {.traces = t, .trace_count = 2};
    check_window(&m, "unknown", "unknown");
    const fp_hotfix reversed = {.traces = (fp_trace[]){t[1], t[0]}, .trace_count = 2};
    check_window(&reversed, "unknown", "unknown");
}

static void test_window_ignores_other_places(void **state)
{
    (void)state;
    fp_trace t[] = {dated("6/20/2008", "2008-06-20T12:00:00Z"), dated("", "2009-01-01T00:00:00Z"),
                    dated("", "2009-01-01T00:00:00Z")};
    t[1].place = FP_TRACE_UNINSTALL;
    t[2].other_product = true;
    const fp_hotfix m = {.traces = t, .trace_count = 3};
    check_window(&m, "2008-06-19T10:00:00Z", "2008-06-20T12:00:00Z");
}

int main(void)
{
    struct CMUnitTest tests[WINDOW_ROW_COUNT];
    for (size_t i = 0; i < WINDOW_ROW_COUNT; i++)
        tests[i] = (struct CMUnitTest){.name = WINDOW_ROWS[i].name,
                                       .test_func = test_window_row,
                                       .initial_state = (void *)(uintptr_t)&WINDOW_ROWS[i]};
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_window_holds_all_markers),
        cmocka_unit_test(test_window_of_an_undated_marker_too),
        cmocka_unit_test(test_window_ignores_other_places),
    };
    const bool failed = RUN_TESTS(others);
    return RUN_TESTS(tests) || failed;
}
