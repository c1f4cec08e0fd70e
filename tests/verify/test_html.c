/* SPDX-License-Identifier: MIT */
/* The HTML report of hand-made models: order, what must stand in it, and hostile text kept inert on
 * the level of bytes. What a browser makes of it is the matter of scripts/check-html. */
#include "tests/support/check.h"
#include "tests/support/report_model.h"
#include "tests/support/xml_check.h"
#include "verify/report/identity.h"

#include <stdlib.h>
#include <string.h>

static char *page_of(const report_model *m)
{
    fp_out out = {0};
    assert_int_equal(fp_report_format_find("html")->write(&m->report, &m->style, &out), FP_OK);
    assert_int_equal(strlen(out.data), out.size);
    return out.data;
}

static xml_count check(const char *page)
{
    const xml_count count = xml_check(fp_str_of(page), xml_html_names);
    assert_true(count.well_formed);
    assert_int_equal(count.strangers, 0);
    return count;
}

static void the_verdict_comes_first(void **state)
{
    static const char *const order[] = {
        "<h1",  "AFFECTED",   "What to do", "Install KB954474.", ">Why<",      ">Timeline<",
        "<svg", ">Evidence<", "Signatures", "reasoning",         "References", NULL};
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    char *page = page_of(&m);
    assert_order(page, order);
    (void)check(page);
    free(page);
}

static void every_view_and_verdict_is_whole(void **state)
{
    static const fp_report_view views[] = {FP_VIEW_ASSESS, FP_VIEW_CONFIRM, FP_VIEW_EXPLAIN};
    (void)state;
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        for (unsigned v = 0; v < FP_VERDICTS; v++) {
            report_model m;
            report_model_make(&m, views[i]);
            if (v == FP_UNDETERMINED)
                report_model_open(&m);
            m.result.verdict = (fp_verdict)v;
            char *page = page_of(&m);
            (void)check(page);
            /* confirm: the conclusion is one of its own */
            assert_int_equal(check_times(page, "class=\"verdict "),
                             views[i] == FP_VIEW_CONFIRM ? 2 : 1);
            free(page);
        }
    }
}

/* Of several, one that does not concern the server is a line, and all the rest of it is folded. */
static void what_is_set_aside_is_a_line(void **state)
{
    static const char *const order[] = {"class=\"verdict bad\"",
                                        "NOT APPLICABLE",
                                        "1 of 2",
                                        "<details class=\"aside\" id=\"r2\">",
                                        "<strong>954474</strong> ConfigMgr",
                                        "class=\"about\">There is no such server.",
                                        "</summary>",
                                        "<h4>Why",
                                        "<h4>Rules",
                                        "</details>",
                                        ">Evidence<",
                                        "reasoning on 954474",
                                        NULL};
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    report_model_aside(&m);
    char *page = page_of(&m);
    assert_order(page, order);
    assert_int_equal(check_times(page, "class=\"aside\""), 1);
    assert_int_equal(check_times(page, "class=\"annex\""), 1); /* not on pages of its own */
    (void)check(page);
    free(page);

    m.both_results[1].caveat_count = 1; /* what is in doubt is shown in full */
    page = page_of(&m);
    assert_int_equal(check_times(page, "class=\"aside\""), 0);
    assert_int_equal(check_times(page, "class=\"annex\""), 2);
    free(page);

    m.both_results[1].caveat_count = 0;
    m.report.view = FP_VIEW_EXPLAIN; /* asked for all of it */
    page = page_of(&m);
    assert_int_equal(check_times(page, "class=\"aside\""), 0);
    assert_int_equal(check_times(page, "class=\"paper faint\""), 0);
    free(page);
}

static void open_verdicts_say_what_to_collect(void **state)
{
    static const char *const order[] = {"UNDETERMINED",
                                        "affected or not applicable",
                                        "What to collect",
                                        "the log wsyncmgr.log",
                                        "copy &quot;%",
                                        ">Why<",
                                        NULL};
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    report_model_open(&m);
    char *page = page_of(&m);
    assert_order(page, order);
    free(page);
}

/* How to collect a thing is told once; on paper and on the screen what has nothing to show is a
 * line. */
static void nothing_is_told_twice(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    report_model_open(&m);
    m.outcomes[1].observations = (fp_observations){0};
    fp_result results[2] = {m.result, m.result};
    m.report.results = results;
    m.report.result_count = 2;
    char *page = page_of(&m);
    assert_int_equal(check_times(page, "copy &quot;%"), 1);
    assert_int_equal(check_times(page, "<p>As for <a href=\"#r1\">954474</a>.</p>"), 1);
    assert_int_equal(check_times(page, "<details class=\"test\" id=\"r1t1\">"), 1);
    assert_int_equal(check_times(page, " <span class=\"why\">(not supplied)</span>"), 2);
    assert_int_equal(check_times(page, "<details class=\"test whole\" open=\"\" id=\"r1t0\">"), 1);
    (void)check(page);
    free(page);
}

static void every_item_has_its_digest(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    m.items[2].hashed = false;
    char *page = page_of(&m);
    char digest[FP_SHA256_HEX_SIZE];
    for (size_t i = 0; i < MODEL_ITEMS; i++) {
        fp_hex(m.items[i].sha256, FP_SHA256_SIZE, digest);
        assert_int_equal(check_times(page, digest), i == 2 ? 0 : 1);
    }
    assert_int_equal(check_times(page, "no digest"), 1);
    assert_int_equal(check_times(page, "<tr class=\"screen\" id=\"e3\">"), 1); /* unknown kind */
    assert_int_equal(check_times(page, "<tr class="), 1);
    assert_int_equal(check_times(page, "1 of no known kind, listed in"), 1);
    assert_int_equal(fp_report_digest(&m.report, digest), FP_OK);
    assert_int_equal(check_times(page, digest), 1);
    free(page);
}

static void what_changed_is_told(void **state)
{
    static const char *const order[] = {
        "<main",
        "class=\"verdict bad\"",
        "WORSE",
        "It is older.",
        "That both are of one server is not shown",
        "class=\"overview\"",
        "NOT YET SHOWN",
        "Before: undetermined (evidence_missing). Now: undetermined (fix_installed).",
        "WORSE",
        "NOT ASKED",
        "Now: not asked.",
        ">What got worse<",
        "KB1 is gone.",
        ">What to do<",
        "Collect the evidence anew",
        "954474: ask it again",
        "AFFECTED",
        ">What changed<",
        ">Before<",
        ">After<",
        "release: SP1 \u2192 SP2",
        "a.exe: 1.2.0.0 \u2192 no version",
        ">New in the log<",
        "failed, update 1293995",
        ">What stayed<",
        "KB1, installed",
        ">Not shown by",
        "a.exe: not in the evidence \u2192 no version",
        ">Evidence<",
        NULL};
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_CONFIRM);
    report_model_before(&m);
    char *page = page_of(&m);
    assert_order(page, order);
    (void)check(page);
    free(page);

    m.changes.before = NULL; /* --since: nothing to compare with */
    m.changes.fact_count = m.changes.marker_count = m.changes.file_count = 0;
    m.changes.catalog_count = m.changes.episode_count = m.changes.regression_count = 0;
    page = page_of(&m);
    assert_int_equal(check_times(page, ">What changed<"), 0);
    assert_int_equal(check_times(page, "Before: "), 0);
    assert_int_equal(check_times(page, "class=\"verdict "), 2);
    free(page);
}

static void the_timeline_shows_episodes_and_installation(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_CONFIRM);
    char *page = page_of(&m);
    assert_int_equal(check_times(page, "class=\"mark\""), 1); /* the other one has no time at all */
    assert_int_equal(check_times(page, "class=\"install\""), 1);
    assert_int_equal(check_times(page, "class=\"since\""), 1);
    assert_int_equal(check_times(page, "1 failed, 0 completed, 1 without an end"), 2);
    free(page);

    m.outcomes[1].installed.window = (fp_install_window){FP_TIME_NONE, FP_TIME_NONE};
    page = page_of(&m);
    assert_int_equal(check_times(page, "class=\"install\""), 0);
    assert_int_equal(check_times(page, "No time of an installation of KB954474 is known"), 2);
    free(page);
}

static void times_at_the_ends_of_the_calendar_are_drawn(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    assert_true(fp_time_civil(1601, 1, 1, 0, 0, 0, 0, &m.episodes[0].begin));
    assert_true(
        fp_time_civil(9999, 12, 31, 23, 59, 59, 999, &m.outcomes[1].installed.window.latest));
    char *page = page_of(&m);
    (void)check(page);
    assert_int_equal(check_times(page, "class=\"mark\""), 1);
    free(page);
}

static void long_lists_are_cut_and_say_so(void **state)
{
    enum { MANY = 2100 };
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    const fp_item **items = calloc(MANY, sizeof *items);
    fp_episode *episodes = calloc(MANY, sizeof *episodes);
    assert_non_null(items);
    assert_non_null(episodes);
    for (size_t i = 0; i < MANY; i++) {
        items[i] = &m.items[0];
        episodes[i] = m.episodes[0];
    }
    m.report.items = items;
    m.report.item_count = MANY;
    m.history.episodes = episodes;
    m.history.episode_count = MANY;
    char *page = page_of(&m);
    assert_int_equal(check_times(page, "100 more items"), 1);
    assert_int_equal(check_times(page, "The last 200 of 2100"), 1);
    assert_int_equal(check_times(page, "class=\"mark\""), 200);
    free(page);
    free(items);
    free(episodes);
}

/* Text that tries to open an element, to leave an attribute, to end the style sheet, to hide. */
static const char *const hostile[] = {
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</style><style>*{display:none}",
    "</title></svg><!--",
    "]]><![CDATA[",
    "&lt;b&gt; &#60;i&#62; &notanentity;",
    "\xE2\x80\xAEgnp.exe\xE2\x81\xA6\xE2\x80\x8F",
    "\x01\x1F\x7F\xC2\x85\xEF\xBF\xBE\xEF\xBF\xBF\xFF\xED\xA0\x80",
    "https://example.org/\" onclick=\"alert(1)",
    "javascript:alert(1)",
};

static xml_count filled(const char *text)
{
    report_model m;
    report_model_make(&m, FP_VIEW_CONFIRM);
    report_model_fill(&m, fp_str_of(text));
    m.items[0].path = FP_STR("another"); /* no folder in common, whatever the text */
    char *page = page_of(&m);
    const xml_count count = check(page);
    assert_int_equal(check_times(page, "\xE2\x80\xAE"), 0);
    assert_int_equal(check_times(page, "href=\"javascript:"), 0);
    free(page);
    return count;
}

static void hostile_text_adds_no_element_and_no_attribute(void **state)
{
    (void)state;
    const xml_count plain = filled("plain");
    const xml_count link = filled("https://example.org/");
    assert_true(link.elements > plain.elements); /* the reference became a link */
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        const xml_count count = filled(hostile[i]);
        if (count.elements != plain.elements)
            fail_msg("%s: %zu elements, not %zu", hostile[i], count.elements, plain.elements);
        assert_int_equal(count.attributes, plain.attributes);
    }
}

static void a_path_of_ten_thousand_characters_is_whole(void **state)
{
    enum { LONG = 10000 };
    static char path[LONG + 1];
    (void)state;
    memset(path, 'p', LONG);
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    m.items[0].path = fp_str_of(path);
    char *page = page_of(&m);
    assert_int_equal(check_times(page, path), 1);
    (void)check(page);
    free(page);
}

static void it_asks_for_nothing(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_EXPLAIN);
    char *page = page_of(&m);
    static const char *const never[] = {"<script", "src=", "@import", "url(", "<iframe", "http:"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        assert_int_equal(check_times(page, never[i]), 0);
    assert_int_equal(check_times(page, "default-src 'none'"), 1);
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_verdict_comes_first),
        cmocka_unit_test(every_view_and_verdict_is_whole),
        cmocka_unit_test(what_is_set_aside_is_a_line),
        cmocka_unit_test(open_verdicts_say_what_to_collect),
        cmocka_unit_test(nothing_is_told_twice),
        cmocka_unit_test(every_item_has_its_digest),
        cmocka_unit_test(what_changed_is_told),
        cmocka_unit_test(the_timeline_shows_episodes_and_installation),
        cmocka_unit_test(times_at_the_ends_of_the_calendar_are_drawn),
        cmocka_unit_test(long_lists_are_cut_and_say_so),
        cmocka_unit_test(hostile_text_adds_no_element_and_no_attribute),
        cmocka_unit_test(a_path_of_ten_thousand_characters_is_whole),
        cmocka_unit_test(it_asks_for_nothing),
    };
    return RUN_TESTS(tests);
}
