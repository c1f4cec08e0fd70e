/* SPDX-License-Identifier: MIT */
/* Reports of hand-made models: what must stand in them, what must never, and that JSON keeps its
 * schema. */
#include "inventory/base/json.h"
#include "tests/support/check.h"
#include "tests/support/report_model.h"
#include "verify/report/words.h"

#include <stdio.h>
#include <unistd.h>

static char *write_report(const report_model *m, const char *format)
{
    fp_out out = {0};
    assert_int_equal(fp_report_format_find(format)->write(&m->report, &m->style, &out), FP_OK);
    assert_non_null(out.data);
    assert_int_equal(strlen(out.data), out.size); /* no NUL inside */
    return out.data;
}

static void assert_has(const char *text, const char *needle)
{
    if (strstr(text, needle) == NULL)
        fail_msg("'%s' is not in:\n%s", needle, text);
}

static void assert_lacks(const char *text, const char *needle)
{
    if (strstr(text, needle) != NULL)
        fail_msg("'%s' is in:\n%s", needle, text);
}

static void assert_before(const char *text, const char *first, const char *second)
{
    assert_has(text, first);
    assert_has(text, second);
    assert_true(strstr(text, first) < strstr(text, second));
}

/* No line ends in a blank, none is wider than the page (paths and commands that cannot be broken
 * apart). */
static void assert_tidy(const char *text, size_t width)
{
    size_t columns = 0;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\n') {
            assert_true(c == text || c[-1] != ' ');
            if (width > 0 && columns > width)
                fail_msg("a line of %zu columns:\n%s", columns, text);
            columns = 0;
        } else if (((unsigned char)*c & 0xC0) != 0x80) {
            columns++;
        }
    }
    assert_int_equal(columns, 0); /* ends with a line end */
}

static void the_verdict_stands_first(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    char *text = write_report(&m, "text");
    assert_before(text, "AFFECTED", "Why\n");
    assert_before(text, "Why\n", "Caveats\n");
    assert_before(text, "Caveats\n", "What to do\n");
    assert_before(text, "What to do\n", "Install KB954474.");
    assert_before(text, "Install KB954474.", "Subject\n");
    assert_before(text, "Subject\n", "Evidence, below srv01/\n");
    assert_has(text, "[2] wsyncmgr.log, line 17");
    assert_has(text, "declared by Jane Doe on 2008-06-12");
    assert_has(text, "1 item of no known kind");
    assert_lacks(text, "readme.txt");
    assert_lacks(text, "\033");
    assert_tidy(text, 80);
    free(text);
}

static void an_open_verdict_says_what_to_collect(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    report_model_open(&m);
    char *text = write_report(&m, "text");
    assert_before(text, "UNDETERMINED", "affected or not applicable");
    assert_before(text, "What to collect\n", "copy \"%ProgramFiles%\\Logs\\wsyncmgr.lo*\" .\n");
    assert_has(text, "unknown  Does the site synchronise");
    assert_lacks(text, "No action needed");
    assert_lacks(text, "What to do\n");
    free(text);
}

static void a_key_path_is_not_said_twice(void **state)
{
    static const struct {
        const char *value, *where, *shown;
    } rows[] = {
        {"HKLM\\A\\KB1, InstalledDate 1", "HKLM\\A\\KB1, offset 0x10", "offset 0x10"},
        {"HKLM\\A\\KB1: looked through", "HKLM\\A\\KB1, offset 0x10", "offset 0x10"},
        {"HKLM\\A\\KB1", "HKLM\\A\\KB1", ""},
        {"HKLM\\A\\KB1: not there", "HKLM\\A, offset 0x10", "HKLM\\A, offset 0x10"},
        {"HKLM\\A\\KB12", "HKLM\\A\\KB1, offset 0x10", "HKLM\\A\\KB1, offset 0x10"},
        {"HKLM\\A\\KB1", "HKLM\\A\\KB12, offset 0x10", "HKLM\\A\\KB12, offset 0x10"},
        {"line 1: failed", "line 1", "line 1"},
        {"", "HKLM\\A", "HKLM\\A"},
        {"HKLM\\A", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const fp_observation seen = {fp_str_of(rows[i].value), {7, fp_str_of(rows[i].where)}};
        const fp_origin at = fp_text_seen_at(&seen);
        assert_int_equal(at.item, 7);
        assert_true(fp_str_eq(at.where, fp_str_of(rows[i].shown)));
    }
}

/* A rule that leaves it open while its tests are known, such as one about a restart. */
static void what_a_rule_states_settles_the_verdict(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    report_model_open(&m);
    m.missing[0].stated = true;
    char *text = write_report(&m, "text");
    assert_before(text, "the log wsyncmgr.log",
                  "settles: the verdict, affected or not applicable\n");
    free(text);
    m.result.missing_count = 0;
    text = write_report(&m, "text");
    assert_has(text, "No evidence is known that would settle it");
    assert_lacks(text, "contradicts itself");
    free(text);
}

static void fixed_or_not_applicable_needs_no_action(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    report_model_open(&m);
    m.result.possible = fp_verdict_bit(FP_FIXED) | fp_verdict_bit(FP_NOT_APPLICABLE);
    char *text = write_report(&m, "text");
    assert_has(text, "UNDETERMINED");
    assert_has(text, "No action needed: fixed or not applicable.");
    assert_has(text, "No action needed\n");
    free(text);
}

static void an_empty_set_of_verdicts_never_needs_nothing(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    report_model_open(&m);
    m.result.possible = 0;
    assert_false(fp_report_no_action(&m.result));
}

static void fixed_says_how_far_it_was_shown(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    m.result.verdict = FP_FIXED;
    m.result.possible = fp_verdict_bit(FP_FIXED);
    m.result.assurance = FP_STR("installed");
    char *text = write_report(&m, "text");
    assert_has(text, "does not show that it works");
    assert_has(text, "assurance: installed");
    free(text);
    m.result.assurance = FP_STR("effective");
    text = write_report(&m, "text");
    assert_has(text, "was seen to work");
    free(text);
}

static void several_advisories_are_summed_up_first(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    report_model_aside(&m);
    m.both_results[1].caveat_count = 1;
    char *text = write_report(&m, "text");
    assert_before(text, "AFFECTED        954474", "NOT APPLICABLE  954474");
    assert_before(text, "NOT APPLICABLE  954474", "====");
    assert_tidy(text, 80);
    free(text);
}

static void what_is_not_about_the_server_is_a_line(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    report_model_aside(&m);
    char *text = write_report(&m, "text");
    assert_before(text, "AFFECTED        954474", "NOT APPLICABLE  1 of 2 advisories");
    assert_before(text, "====", "954474          There is no such server.");
    assert_null(strstr(text, "NOT APPLICABLE  954474"));
    assert_tidy(text, 80);
    free(text);
    m.report.results = &m.both_results[1]; /* alone it is told in full */
    m.report.result_count = 1;
    text = write_report(&m, "text");
    assert_has(text, "NOT APPLICABLE  954474");
    free(text);
}

/* any(all(FALSE, UNKNOWN), all(TRUE, UNKNOWN)): a group for each branch, and one of them counts. */
static void groups_that_change_nothing_are_no_reason(void **state)
{
    (void)state;
    enum { LEAVES = 4 };
    static fp_test tests[LEAVES];
    fp_because leaf[LEAVES];
    static const fp_tri results[LEAVES] = {FP_FALSE, FP_UNKNOWN, FP_TRUE, FP_UNKNOWN};
    for (size_t i = 0; i < LEAVES; i++)
        leaf[i] = (fp_because){.kind = FP_CRITERIA_TEST, .test = &tests[i], .result = results[i]};
    fp_because branch[2] = {
        {.kind = FP_CRITERIA_ALL, .result = FP_FALSE, .children = &leaf[0], .child_count = 2},
        {.kind = FP_CRITERIA_ALL, .result = FP_UNKNOWN, .children = &leaf[2], .child_count = 2}};
    fp_result result = {
        .because = {
            .kind = FP_CRITERIA_ANY, .result = FP_UNKNOWN, .children = branch, .child_count = 2}};
    fp_report_tests list;
    fp_report_tests_behind(&result, &list);
    assert_int_equal(list.count, 2);
    assert_ptr_equal(list.at[0], &leaf[2]);
    assert_ptr_equal(list.at[1], &leaf[3]);

    /* All of them FALSE: each is a reason, of an `all` only what made it FALSE. */
    branch[1].result = result.because.result = FP_FALSE;
    fp_report_tests_behind(&result, &list);
    assert_int_equal(list.count, LEAVES);
    result.because.kind = FP_CRITERIA_ALL;
    branch[1].result = FP_UNKNOWN;
    fp_report_tests_behind(&result, &list);
    assert_int_equal(list.count, 2);
    assert_ptr_equal(list.at[0], &leaf[0]);
}

static void what_most_of_them_miss_comes_first(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    report_model_open(&m);
    fp_missing other = m.missing[0];
    other.needs = FP_STR("Something else.");
    fp_result three[3] = {m.result, m.result, m.result};
    three[0].missing = &other;
    m.report.results = three;
    m.report.result_count = 3;
    size_t wanted_by = 0;
    assert_ptr_equal(fp_report_shared_need(&m.report, &wanted_by), &m.missing[0]);
    assert_int_equal(wanted_by, 2);
    char *text = write_report(&m, "text");
    assert_before(text, "(2 advisories ask for it)", "====");
    assert_tidy(text, 80);
    free(text);
    m.report.result_count = 2; /* now nobody asks for the same */
    assert_null(fp_report_shared_need(&m.report, &wanted_by));
    m.report.results = &three[1]; /* affected cannot follow: no need to collect anything */
    three[1].possible = three[2].possible = fp_verdict_bit(FP_FIXED);
    assert_null(fp_report_shared_need(&m.report, &wanted_by));
}

static void colour_is_only_added(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    char *plain = write_report(&m, "text");
    m.style.color = true;
    char *colored = write_report(&m, "text");
    assert_has(colored, "\033[1;31mAFFECTED\033[0m");
    char *to = colored; /* without the escapes it is the same text */
    for (const char *from = colored; *from != '\0'; from++) {
        if (*from == '\033')
            from += strcspn(from, "m");
        else
            *to++ = *from;
    }
    *to = '\0';
    assert_string_equal(plain, colored);
    free(plain);
    free(colored);
}

static void explain_shows_every_rule(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_EXPLAIN);
    char *text = write_report(&m, "text");
    assert_has(text, " 1. FALSE -> fixed (fix_installed)");
    assert_has(text, " 2. TRUE: decides -> affected (unpatched)");
    assert_has(text, " 3. TRUE: not reached -> not_applicable (legacy_path_not_used)");
    assert_has(text, "    |- TRUE     release-listed");
    assert_has(text, "    `- TRUE     legacy-path");
    assert_has(text, "source: advisory 954474 (confirmed)");
    assert_tidy(text, 80);
    free(text);
    m.style.utf8 = true;
    text = write_report(&m, "text");
    assert_has(text, "├─ TRUE     release-listed");
    assert_tidy(text, 80);
    free(text);
}

static void a_rule_with_an_unknown_caveat_says_so(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_EXPLAIN);
    m.rule_outcomes[0].because.result = FP_UNKNOWN;
    char *text = write_report(&m, "text");
    assert_has(text, "Counted as FALSE although not all of it is known");
    free(text);
}

static void text_of_every_view_fits_every_width(void **state)
{
    (void)state;
    for (unsigned view = 0; view < FP_VIEWS; view++) {
        report_model m;
        report_model_make(&m, (fp_report_view)view);
        for (unsigned width = 40; width <= 120; width++) {
            m.style.width = width;
            char *text = write_report(&m, "text");
            assert_tidy(text, 0); /* words longer than the page stay whole */
            free(text);
        }
        m.style.width = 0;
        char *text = write_report(&m, "text");
        assert_tidy(text, 0);
        free(text);
    }
}

static void logs_show_episodes_gaps_and_files(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_LOGS);
    char *text = write_report(&m, "text");
    assert_has(text, "failed       2008-06-13T00:00:00Z to 2008-06-13T00:01:00Z");
    assert_has(text, "no end seen  not known to not known legacy-sync");
    assert_has(text, "legacy-sync  Legacy synchronisation");
    assert_has(text, "update: 1293995");
    assert_has(text, "from the beginning to 2008-06-13T00:00:00Z");
    assert_has(text, "1,200 lines, 1,100 records");
    assert_tidy(text, 80);
    free(text);
}

static void inventory_shows_markers_with_their_traces(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_INVENTORY);
    char *text = write_report(&m, "text");
    assert_has(text, "1 conflicting, 1 pending. There are no others:");
    assert_has(text, "\n  X SP1\n    KB1  CONFLICTING  6/13/2008  admin  -         [1] sms.reg\n"
                     "      ! a file is older\n"
                     "        updatewuscatalog.exe is older\n");
    assert_has(text, "\n  Windows\n    KB2  pending ");
    assert_has(text, "PENDING: a key that waits for it [1]");
    assert_lacks(text, "orphan");
    assert_has(text, "4.0.6221.1100     x86      [1] sms.reg\n"
                     "      ! its text says 4.0.6221.1000");
    assert_has(text, "      - signed by CN=Signer,O=Publisher, valid\n");
    assert_lacks(text, "There may be more");
    assert_lacks(text, "CurrentState");
    free(text);

    m.report.details = true;
    text = write_report(&m, "text");
    assert_has(text, "- marker key of X, SP1: installed\n");
    assert_has(text, "file updatewuscatalog.exe, version 4.0.6221.1100, in C:\\bin");
    assert_has(text, "- servicing package: pending, CurrentState = 0x60\n");
    assert_has(text, "superseded by KB3");
    assert_has(text, "an orphan: there, which proves nothing");
    assert_tidy(text, 80);
    free(text);
    m.report.hotfixes_complete = FP_UNKNOWN;
    m.report.hotfix_count = 0;
    text = write_report(&m, "text");
    assert_has(text, "None was seen, but the evidence does not cover every place");
    assert_lacks(text, "none, and the evidence covers their place");
    free(text);
    m.report.hotfixes_complete = FP_TRUE;
    text = write_report(&m, "text");
    assert_has(text, "None: every place that would record one was read.");
    free(text);
}

/* As systems and languages write it: the column shows the day, and all of it. */
static void inventory_shows_days_whole(void **state)
{
    static const struct {
        const char *recorded, *shown;
    } rows[] = {
        {"6/19/2008", "  6/19/2008  "},
        {"6/19/2008 12:00:00 AM", "  6/19/2008  "},
        {"19.06.2008 00:00:00", "  19.06.2008  "},
        {"19. 06. 2008 0:00:00", "  19. 06. 2008  "},
        {"2008. 06. 19. 0:00:00", "  2008. 06. 19.  "},
        {"2008-06-19T18:42:10Z", "  2008-06-19  "},
        {"2008-06-19T00:00:00", "  2008-06-19  "},
        {"2008-06-19 \xEC\x98\xA4\xEC\xA0\x84 12:00:00", "  2008-06-19  "},
        {"Thursday, June 19, 2008 12:00:00 AM", "  June 19, 2008  "},
        {"Friday, September 19, 2008 12:00:00 AM", "  Sept 19, 2008  "},
        {"Donnerstag, 19. Juni 2008 00:00:00", "  19. Juni 2008  "},
        {"jeudi 19 juin 2008 00:00:00", "  19 juin 2008  "},
        {"vendredi 1 f\xC3\xA9vrier 2008 00:00:00", "  1 f\xC3\xA9vr 2008  "},
        {"01c9c5ce4b48e5fd", "  2009-04-25  "},
        {"10cd4bf3009a2541", "  10cd4bf3009a..  "},
        {"yesterday", "  yesterday  "},
    };
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_INVENTORY);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        m.traces[0].installed_date = fp_str_of(rows[i].recorded);
        char *text = write_report(&m, "text");
        assert_has(text, rows[i].shown);
        assert_tidy(text, 80);
        free(text);
    }
    m.traces[0].installed_date = (fp_str){0};
    m.traces[0].written = 1213934530000;
    char *text = write_report(&m, "text");
    assert_has(text, "  by 2008-06-20  ");
    free(text);
}

/* When it was installed is not since when it is gone. */
static void inventory_tells_what_a_removal_rests_on(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_INVENTORY);
    m.hotfixes[1].state = FP_HOTFIX_REMOVED;
    m.traces[1].says = FP_TRACE_SAYS_REMOVED;
    m.traces[1].said = FP_STR("CurrentState = 0x5 (uninstall pending)");
    m.traces[1].installed_date = FP_STR("2/3/2004");
    m.traces[1].installed_by = FP_STR("somebody");
    char *text = write_report(&m, "text");
    assert_has(text, "\n    KB2  removed ");
    assert_has(text, "\n      - CurrentState = 0x5 (uninstall pending)\n");
    assert_lacks(text, "2/3/2004");
    assert_lacks(text, "somebody");
    free(text);

    m.hotfixes[1].state = FP_HOTFIX_UNKNOWN;
    m.hotfixes[1].ground = FP_GROUND_NONE;
    m.traces[1].says = FP_TRACE_SAYS_UNREADABLE;
    m.traces[1].said = FP_STR("CurrentState = 0x65 (partially installed)");
    text = write_report(&m, "text");
    assert_has(text, "\n      - CurrentState = 0x65 (partially installed)\n      ! ");
    free(text);
}

static void inventory_tells_the_packages_of_a_site(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_INVENTORY);
    char *text = write_report(&m, "text");
    assert_has(text, "\n    installed      Hotfix (KB4), 5.00.9128.1000 [3]\n"
                     "      - State 196612, INSTALL_SUCCESS, package G1, released 9/18/2024\n"
                     "    failed         Hotfix (KB4), 5.00.9128.1000 [3]\n");
    assert_has(text, "    unknown        Release 5 [3]\n"
                     "      - no readable State\n"
                     "    ! [3] could not be read whole");
    assert_tidy(text, 80);
    free(text);

    /* A package alone needs no more than a row. */
    m.site_updates[0].count = 1;
    m.site_updates[0].complete = true;
    text = write_report(&m, "text");
    assert_has(text, "Hotfix (KB4), 5.00.9128.1000 [3]\n");
    assert_lacks(text, "package G1");
    assert_lacks(text, "read whole");
    free(text);
    m.casefile.site_updates_count = 0;
    text = write_report(&m, "text");
    assert_lacks(text, "Updates and Servicing");
    free(text);
}

/* Three hundred updates of Windows must not drown the one that needs a look. */
static void inventory_tells_what_is_plain_shortly(void **state)
{
    enum { MANY = 300 };
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_INVENTORY);
    static fp_hotfix many[MANY];
    static char names[MANY][16];
    m.traces[1].says = FP_TRACE_SAYS_INSTALLED;
    for (size_t i = 0; i < MANY; i++) {
        (void)snprintf(names[i], sizeof names[i], "KB%zu", 2000000 + i);
        many[i] = m.hotfixes[1];
        many[i].kb = fp_str_of(names[i]);
        many[i].state = i == 7 ? FP_HOTFIX_PENDING : FP_HOTFIX_INSTALLED;
    }
    m.report.hotfixes = many;
    m.report.hotfix_count = MANY;
    m.casefile.site_updates_count = 0;
    char *text = write_report(&m, "text");
    assert_tidy(text, 80);
    assert_has(text, "1 pending, 299 installed");
    assert_has(text, "\n    KB2000007  pending ");
    assert_has(text, "299 others that their installers recorded: listed at the end\n");
    assert_has(text, "\n  Windows, 299 installed:\n    KB2000000 KB2000001 ");
    assert_has(text, "KB2000299");
    size_t lines = 0;
    for (const char *c = text; *c != '\0'; c++)
        lines += *c == '\n';
    assert_true(lines < 100);
    free(text);

    m.report.details = true;
    text = write_report(&m, "text");
    assert_has(text, "\n    KB2000299  installed ");
    free(text);

    /* Nor must those of a listing, of which no installer's record was seen. */
    m.report.details = false;
    m.traces[1].place = FP_TRACE_LISTING;
    for (size_t i = 0; i < MANY; i++) {
        many[i].state = FP_HOTFIX_INSTALLED;
        many[i].ground = FP_GROUND_REPORTED;
    }
    text = write_report(&m, "text");
    assert_has(text, "\n  Reported by listings alone\n    300: listed at the end\n");
    assert_has(text, "\n  Reported by listings alone, 300 installed:\n    KB2000000 ");
    assert_lacks(text, "it waits for a restart");
    m.report.hotfix_count = 2;
    free(text);
    text = write_report(&m, "text");
    assert_has(text, "\n  Reported by listings alone\n    KB2000000  installed ");
    assert_lacks(text, "it waits for a restart");
    free(text);
}

static void rows_are_cut_to_the_page(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_INVENTORY);
    m.items[0].name = FP_STR("an export with a name that does not fit.reg");
    char *text = write_report(&m, "text");
    assert_has(text, "[1] an export with a name th..\n");
    assert_tidy(text, 80);
    free(text);
    m.style.utf8 = true;
    text = write_report(&m, "text");
    assert_has(text, "[1] an export with a name tha\xE2\x80\xA6\n");
    free(text);
    m.style.width = 0; /* a file: nothing is cut */
    text = write_report(&m, "text");
    assert_has(text, "[1] an export with a name that does not fit.reg\n");
    free(text);
}

static void catalog_answers_what_was_asked(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_CATALOG);
    char *text = write_report(&m, "text");
    assert_has(text, "1293995     DeploymentAction \"Block\"");
    assert_has(text, "RevisionId 7: is not in this catalogue");
    assert_has(text, "file x.cab, 1,234 bytes");
    assert_has(text, "Not all that could say more was read");
    assert_has(text, "superseded by 1293996; in 2 steps 99 (not in this catalogue)");
    assert_has(text, "UpdateId 64c50000-0000-0000-0000-000000000000: was not found");
    assert_has(text, "and 1 more");
    assert_has(text, "  Result       valid: the file is as its publisher signed it");
    assert_has(text, "  Signatures   2; this one decides");
    assert_has(text, "  State        whole\n");
    assert_has(text, "  Signer       CN=Signer,O=Publisher");
    assert_has(text, "  Time stamp   2008-06-13T00:00:00Z, by CN=Signer,O=Publisher");
    assert_has(text, "  Revocation   not checked");
    free(text);
    m.catalogs[0].authenticity = NULL;
    text = write_report(&m, "text");
    assert_has(text, "  Result       NOT EXAMINED");
    assert_has(text, "  State        whole; decoded from an unverified cabinet\n");
    assert_lacks(text, "signed it");
    free(text);
    m.catalog.consistent = false;
    text = write_report(&m, "text");
    assert_has(text, "  State        NOT SEEN TO BE WHOLE");
    free(text);
    m.catalog.inner_closed = 1;
    text = write_report(&m, "text");
    assert_has(text, "  State        no damage seen; 2 of 3 inner cabinets decoded");
    assert_has(text, "(--check full:");
    assert_lacks(text, "  State        whole");
    free(text);
    m.catalog.asked_all = true; /* it would not help */
    text = write_report(&m, "text");
    assert_has(text, "  State        no damage seen; 2 of 3 inner cabinets decoded: see");
    assert_lacks(text, "--check full");
    free(text);
    m.questions[1].settled = false; /* then absence is not known */
    text = write_report(&m, "text");
    assert_has(text, "RevisionId 7: was not found");
    free(text);
}

/* Not read is not none, and no checksum is not a right one. */
static void catalog_claims_only_what_was_read(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_CATALOG);
    m.catalogs[0].authenticity = NULL;
    m.catalog.blocks_unchecked = 2;
    m.cabinet.blocks_unchecked = 1;
    char *text = write_report(&m, "text");
    assert_has(text, "decoded without an error; blocks without a checksum: 3;");
    assert_lacks(text, "whole");
    free(text);
    m.catalogs[0].expected = true; /* its digest vouches for every byte */
    text = write_report(&m, "text");
    assert_has(text, "  State        whole; its SHA-256 is the expected one\n");
    free(text);

    m.catalog.packages_read = false;
    text = write_report(&m, "text");
    assert_has(text, " in the part that was read\n");
    assert_has(text, "Deployment actions, in the part of package.xml that was read\n");
    free(text);
    m.catalog.updates = 0;
    m.catalog.package_id = FP_STR("");
    m.cabinet.files_read = false;
    m.catalogs[0].decoder = (fp_archive_result){.message = "not decoded: x"};
    text = write_report(&m, "text");
    assert_has(text, "  Package      not known\n");
    assert_has(text, "  Updates      not read\n");
    assert_has(text, "  Members      not read\n");
    assert_has(text, "  Decoder      not decoded: x\n");
    assert_lacks(text, "Deployment actions");
    free(text);
    m.catalog.inner_sound = m.catalog.inner_damaged = m.catalog.inner_closed = 0;
    text = write_report(&m, "text");
    assert_has(text, "  State        not decoded\n");
    free(text);
}

static void catalog_tells_of_fragments_alone(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_CATALOG);
    m.updates[0].listed = false;
    m.details = (fp_catalog_details){.read = true, .shard = FP_STR("package2.cab")};
    m.questions[1].key.by = FP_CATALOG_BY_KB;
    char *text = write_report(&m, "text");
    assert_has(text, "1293995     not found in package.xml: there is only a fragment of it\n");
    assert_has(text, "package2.cab says nothing of it.\n");
    assert_has(text, "KB7: no update carries it\n");
    assert_lacks(text, "no readable");
    assert_tidy(text, 80);
    free(text);
}

/* Text from evidence that tries to forge a report: lines of its own, colours, direction, bad UTF-8,
 * NUL. */
static const char hostile[] = "x\n==\nFIXED\033[2J\r\xE2\x80\xAE\xC2\x9B\xFF\x7F\0y";

static void break_everything(report_model *m)
{
    report_model_fill(m, (fp_str){hostile, sizeof hostile - 1});
}

static void assert_harmless(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) /* CSV ends its lines with CR LF */
        assert_true((unsigned char)*c >= 0x20 || *c == '\n' || (*c == '\r' && c[1] == '\n'));
    assert_lacks(text, "\x7F");
    assert_lacks(text, "\xC2\x9B");
    assert_lacks(text, "\xE2\x80\xAE");
    assert_lacks(text, "\nFIXED");
    assert_true(fp_text_is_utf8(fp_str_of(text)));
}

static void hostile_text_is_harmless_in_every_view(void **state)
{
    (void)state;
    for (unsigned view = 0; view < FP_VIEWS; view++) {
        report_model m;
        report_model_make(&m, (fp_report_view)view);
        break_everything(&m);
        const fp_report_format *format;
        for (size_t i = 0; (format = fp_report_format_at(i)) != NULL; i++) {
            if (!fp_report_format_can(format, (fp_report_view)view))
                continue;
            char *text = write_report(&m, format->name);
            assert_harmless(text);
            free(text);
        }
    }
}

static void json_escapes_and_loses_nothing(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    m.casefile.host = FP_STR("a\xE2\x80\xAE\xC2\x9B\x7F\xEF\xBB\xBF z");
    char *text = write_report(&m, "json");
    fp_json *root;
    assert_int_equal(fp_json_parse(fp_span_of(text, strlen(text)), &root, NULL), FP_OK);
    assert_has(text, "\"a\\u202E\\u009B\\u007F\\uFEFF z\"");
    assert_true(fp_str_eq(fp_json_string(fp_json_get(fp_json_get(root, "subject"), "host")),
                          m.casefile.host));
    fp_json_free(root);
    free(text);
}

static void reports_do_not_vary(void **state)
{
    (void)state;
    for (unsigned view = 0; view < FP_VIEWS; view++) {
        report_model a;
        report_model b;
        report_model_make(&a, (fp_report_view)view);
        report_model_make(&b, (fp_report_view)view);
        const fp_report_format *format;
        for (size_t i = 0; (format = fp_report_format_at(i)) != NULL; i++) {
            if (!fp_report_format_can(format, (fp_report_view)view))
                continue;
            char *one = write_report(&a, format->name);
            char *two = write_report(&b, format->name);
            assert_string_equal(one, two);
            free(one);
            free(two);
        }
    }
}

/* JSON against data/schema/, by the reference validator. 77: there is none here. */
static int validate(const char *json, const char *schema)
{
    char path[] = "/tmp/fixproof-report-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, json, strlen(json)), (ssize_t)strlen(json));
    close(fd);
    char command[2048];
    snprintf(command, sizeof command,
             "python3 -c 'import sys,json\ntry:\n import jsonschema\nexcept ImportError:\n "
             "sys.exit(77)\n"
             "s=json.load(open(sys.argv[2]))\nc=jsonschema.validators.validator_for(s)\n"
             "c.check_schema(s)\nc(s).validate(json.load(open(sys.argv[1])))' '%s' "
             "'" FIXPROOF_SOURCE_DIR "/data/schema/%s.schema.json'",
             path, schema);
    const int status = system(command);
    unlink(path);
    return status == -1 ? -1 : WEXITSTATUS(status);
}

static void check_schema(fp_report_view view, const char *schema, void (*change)(report_model *))
{
    report_model m;
    report_model_make(&m, view);
    if (change != NULL)
        change(&m);
    char *text = write_report(&m, "json");
    const int status = validate(text, schema);
    free(text);
    if (status == 77 || status == 127) {
        print_message("skipped: python3-jsonschema is not installed\n");
        skip();
    }
    assert_int_equal(status, 0);
}

static void nothing_known(report_model *m)
{
    static const fp_case empty = {.collected_at = FP_TIME_NONE};
    m->casefile = empty;
    m->report.item_count = 0;
    m->report.result_count = 0;
    m->report.hotfix_count = 0;
    m->report.restart = NULL;
}

static void json_of_assess_keeps_its_schema(void **state)
{
    (void)state;
    check_schema(FP_VIEW_ASSESS, "report", NULL);
    check_schema(FP_VIEW_ASSESS, "report", break_everything);
    check_schema(FP_VIEW_ASSESS, "report", report_model_open);
    check_schema(FP_VIEW_ASSESS, "report", nothing_known);
}

static void json_of_confirm_keeps_its_schema(void **state)
{
    (void)state;
    check_schema(FP_VIEW_CONFIRM, "report", NULL);
}

static void json_of_diff_keeps_its_schema(void **state)
{
    (void)state;
    check_schema(FP_VIEW_DIFF, "changes", NULL);
    check_schema(FP_VIEW_DIFF, "changes", break_everything);
}

static void changes_stand_first(void **state)
{
    (void)state;
    report_model m;
    for (unsigned i = 0; i < 2; i++) {
        report_model_make(&m, i == 0 ? FP_VIEW_DIFF : FP_VIEW_CONFIRM);
        char *text = write_report(&m, "text");
        assert_tidy(text, 80);
        assert_before(text, "\nWORSE ", "What got worse");
        assert_before(text, "What got worse\n  - KB1 is gone.", "What changed");
        assert_before(text, "What changed", "a.exe: 1.2.0.0 -> no version");
        assert_before(text, "Judged otherwise\n  - data of the advisory 954474:", " otherwise\n");
        assert_before(text, "New in the log", "failed, update 1293995");
        assert_before(text, "What stayed\n  - KB1, installed", "Not shown");
        assert_before(text, "Not shown", "What to do");
        assert_before(text, "Collect the evidence anew", "A later log.");
        free(text);
    }
}

/* Of what is as always nothing is told but the data. */
static void settings_are_told_shortly(void **state)
{
    (void)state;
    report_model m;
    report_model_make(&m, FP_VIEW_ASSESS);
    char *text = write_report(&m, "text");
    assert_before(text, "Judged with", "weak signatures accepted");
    assert_has(text, "root certificates believed: 1, pinned");
    assert_has(text, "code page cp932");
    assert_has(text, "expected of wsusscn2.cab");
    free(text);
    m.report.settings = (fp_settings){.known = true, .advisories = FP_STR("abc")};
    text = write_report(&m, "text");
    assert_has(text, "Judged with  advisory data of SHA-256 abc\n");
    free(text);
    m.report.settings = (fp_settings){0};
    text = write_report(&m, "text");
    assert_lacks(text, "Judged with");
    free(text);
    report_model_make(&m, FP_VIEW_INVENTORY); /* which judges nothing */
    text = write_report(&m, "text");
    assert_lacks(text, "Judged with");
    free(text);
}

static void json_of_explain_keeps_its_schema(void **state)
{
    (void)state;
    check_schema(FP_VIEW_EXPLAIN, "report", NULL);
}

static void json_of_inventory_keeps_its_schema(void **state)
{
    (void)state;
    check_schema(FP_VIEW_INVENTORY, "inventory", NULL);
    check_schema(FP_VIEW_INVENTORY, "inventory", break_everything);
    check_schema(FP_VIEW_INVENTORY, "inventory", nothing_known);
}

static void json_of_logs_keeps_its_schema(void **state)
{
    (void)state;
    check_schema(FP_VIEW_LOGS, "logs", NULL);
    check_schema(FP_VIEW_LOGS, "logs", nothing_known);
}

static void json_of_catalog_keeps_its_schema(void **state)
{
    (void)state;
    check_schema(FP_VIEW_CATALOG, "catalog", NULL);
    check_schema(FP_VIEW_CATALOG, "catalog", break_everything);
    check_schema(FP_VIEW_CATALOG, "catalog", nothing_known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_verdict_stands_first),
        cmocka_unit_test(an_open_verdict_says_what_to_collect),
        cmocka_unit_test(a_key_path_is_not_said_twice),
        cmocka_unit_test(what_a_rule_states_settles_the_verdict),
        cmocka_unit_test(fixed_or_not_applicable_needs_no_action),
        cmocka_unit_test(an_empty_set_of_verdicts_never_needs_nothing),
        cmocka_unit_test(fixed_says_how_far_it_was_shown),
        cmocka_unit_test(several_advisories_are_summed_up_first),
        cmocka_unit_test(what_is_not_about_the_server_is_a_line),
        cmocka_unit_test(what_most_of_them_miss_comes_first),
        cmocka_unit_test(groups_that_change_nothing_are_no_reason),
        cmocka_unit_test(colour_is_only_added),
        cmocka_unit_test(explain_shows_every_rule),
        cmocka_unit_test(a_rule_with_an_unknown_caveat_says_so),
        cmocka_unit_test(text_of_every_view_fits_every_width),
        cmocka_unit_test(logs_show_episodes_gaps_and_files),
        cmocka_unit_test(inventory_shows_markers_with_their_traces),
        cmocka_unit_test(inventory_shows_days_whole),
        cmocka_unit_test(inventory_tells_what_a_removal_rests_on),
        cmocka_unit_test(inventory_tells_the_packages_of_a_site),
        cmocka_unit_test(inventory_tells_what_is_plain_shortly),
        cmocka_unit_test(rows_are_cut_to_the_page),
        cmocka_unit_test(catalog_answers_what_was_asked),
        cmocka_unit_test(catalog_claims_only_what_was_read),
        cmocka_unit_test(catalog_tells_of_fragments_alone),
        cmocka_unit_test(hostile_text_is_harmless_in_every_view),
        cmocka_unit_test(json_escapes_and_loses_nothing),
        cmocka_unit_test(reports_do_not_vary),
        cmocka_unit_test(json_of_assess_keeps_its_schema),
        cmocka_unit_test(json_of_confirm_keeps_its_schema),
        cmocka_unit_test(json_of_explain_keeps_its_schema),
        cmocka_unit_test(json_of_diff_keeps_its_schema),
        cmocka_unit_test(changes_stand_first),
        cmocka_unit_test(settings_are_told_shortly),
        cmocka_unit_test(json_of_inventory_keeps_its_schema),
        cmocka_unit_test(json_of_logs_keeps_its_schema),
        cmocka_unit_test(json_of_catalog_keeps_its_schema),
    };
    return RUN_TESTS(tests);
}
