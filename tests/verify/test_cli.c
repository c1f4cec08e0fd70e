/* SPDX-License-Identifier: MIT */
/* The program itself, run as a user runs it: exit status, what goes where, and what is left behind.
 */
#include "tests/support/program.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- usage --- */

static void nothing_to_do_is_a_usage_error(void **state)
{
    (void)state;
    run(NULL);
    assert_failed(64);
    assert_in(got.err, "fixproof --help");
}

static void slips_are_told_with_the_nearest_word(void **state)
{
    (void)state;
    run("asess", "x", NULL);
    assert_failed(64);
    assert_in(got.err, "did you mean assess?");
    run("assess", "x", "--frmat", "json", NULL);
    assert_failed(64);
    assert_in(got.err, "did you mean --format?");
    run("assess", "x", "--format", "jsn", NULL);
    assert_failed(64);
    assert_in(got.err, "text, json");
    run("assess", "x", "--before", "y", NULL);
    assert_failed(64);
    run("--quiet", "assess", "x", NULL);
    assert_failed(64);
}

static void what_is_missing_is_told(void **state)
{
    (void)state;
    run("assess", NULL);
    assert_failed(64);
    run("explain", "x", NULL);
    assert_failed(64);
    run("confirm", "x", NULL);
    assert_failed(64);
    run("confirm", "x", "--since", "2008-06-13", "--before", "y", NULL);
    assert_failed(64);
    run("confirm", "x", "--since", "yesterday", NULL);
    assert_failed(64);
    run("advisory", NULL);
    assert_failed(64);
    run("advisory", "dance", NULL);
    assert_failed(64);
    run("advisory", "show", NULL);
    assert_failed(64);
}

static void bad_values_are_told_before_anything_is_read(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"--declare", "novalue"}, {"--declare", "=x"},     {"--declare", "x="},
        {"--color", "sometimes"}, {"--code-page", "none"}, {"--format", "json="},
        {"--format", "="},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        run("assess", "/nonexistent", rows[i][0], rows[i][1], NULL);
        assert_failed(64);
    }
    run("assess", "/nonexistent", "--format", "json", "--format", "text", NULL);
    assert_failed(64);
    run("assess", "/nonexistent", "--format", "json=a", "--format", "text=a", NULL);
    assert_failed(64);
    run("catalog", "/nonexistent", "--revision", "-1", NULL);
    assert_failed(64);
    run("catalog", "/nonexistent", "--check", "half", NULL);
    assert_failed(64);
    setenv("SOURCE_DATE_EPOCH", "soon", 1);
    run("assess", "/nonexistent", NULL);
    assert_failed(64);
}

static void assert_lines_fit(const char *text)
{
    for (const char *line = text; *line != '\0';) {
        const size_t size = strcspn(line, "\n");
        if (size > 80)
            fail_msg("a line of %zu columns: %.*s", size, (int)size, line);
        assert_true(size == 0 || line[size - 1] != ' ');
        line += size + (line[size] == '\n');
    }
}

static void help_teaches(void **state)
{
    (void)state;
    static const char *const verbs[] = {"assess", "confirm", "explain",  "inventory",
                                        "logs",   "catalog", "advisory", "diff"};
    run("--help", NULL);
    assert_status(0);
    assert_string_equal(got.err, "");
    assert_in(got.out, "Exit status");
    assert_lines_fit(got.out);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        assert_in(got.out, verbs[i]);
        run(verbs[i], "--help", NULL);
        assert_status(0);
        assert_in(got.out, "Examples\n  fixproof ");
        assert_in(got.out, "73  cannot write output");
        assert_lines_fit(got.out);
        run("help", verbs[i], NULL);
        assert_status(0);
        run("--help", NULL);
    }
}

static void version_is_one_line(void **state)
{
    (void)state;
    run("--version", NULL);
    assert_status(0);
    assert_int_equal(strncmp(got.out, "fixproof ", 9), 0);
    assert_ptr_equal(strchr(got.out, '\n'), got.out + strlen(got.out) - 1);
}

/* --- input --- */

static void what_cannot_be_opened_is_told(void **state)
{
    (void)state;
    run("assess", in_folder("none"), NULL);
    assert_failed(66);
    assert_in(got.err, "none: No such file or directory");
    run("assess", "", NULL);
    assert_failed(66);
    run("logs", "--records", in_folder("none"), NULL);
    assert_failed(66);
}

static void pipes_and_devices_are_no_evidence(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
    run("assess", in_folder("pipe"), NULL); /* must not wait for a writer */
    assert_failed(66);
    run("assess", "/dev/zero", NULL);
    assert_failed(66);
    run("inventory", folder, NULL); /* a folder that holds one: listed, and nothing of use */
    assert_status(65);
}

static void one_that_cannot_be_opened_does_not_stop_the_others(void **state)
{
    (void)state;
    run("assess", sample("fix-installed"), in_folder("none"), NULL);
    assert_status(0);
    assert_in(got.err, "none: No such file or directory");
    assert_in(got.out, "none");
    assert_in(got.out, "FIXED");
}

static void evidence_of_no_use_is_no_verdict(void **state)
{
    (void)state;
    put_file("notes.txt", "nothing to see\n");
    run("assess", in_folder("notes.txt"), NULL);
    assert_failed(65);
    run("assess", folder, NULL);
    assert_failed(65);
    run("logs", in_folder("notes.txt"), NULL);
    assert_status(65);
    run("logs", "--records", in_folder("notes.txt"), NULL);
    assert_failed(65);
    run("catalog", in_folder("notes.txt"), NULL);
    assert_failed(65);
}

static void two_computers_are_no_verdict(void **state)
{
    (void)state;
    char other[512];
    snprintf(other, sizeof other, "%s", sample("not-in-use"));
    run("assess", sample("fix-installed"), other, NULL);
    assert_failed(65);
    assert_in(got.err, "KOLCM01");
    assert_in(got.err, "OLOCM03");
    run("inventory", sample("fix-installed"), other, NULL); /* which names which is shown */
    assert_status(65);
    assert_in(got.out, "they contradict each other");
}

static void a_closed_standard_input_is_a_read_error(void **state)
{
    (void)state;
    close_stdin = true;
    run("assess", "-", NULL);
    assert_failed(74);
    run("assess", "-", "-", NULL);
    assert_failed(64);
}

/* --- advisories --- */

static void an_unknown_advisory_is_told_with_the_known_ones(void **state)
{
    (void)state;
    run("assess", sample("fix-installed"), "--advisory", "1", NULL);
    assert_failed(66);
    assert_in(got.err, "954474");
    run("advisory", "show", in_folder("none.json"), NULL);
    assert_failed(66);
}

static void a_bad_advisory_is_told_with_its_line(void **state)
{
    (void)state;
    put_file("bad.json", "{\n  \"schema\": \"fixproof/advisory/v1\",\n  \"idd\": 1\n}\n");
    char expected[256];
    run("assess", sample("fix-installed"), "--advisory", in_folder("bad.json"), NULL);
    assert_failed(65);
    snprintf(expected, sizeof expected, "%s/bad.json:3:3: ", folder);
    assert_in(got.err, expected);
    put_file("worse.json", "{\n\n \"a\": }\n");
    run("assess", sample("fix-installed"), "--advisory", in_folder("worse.json"), NULL);
    assert_failed(65);
    snprintf(expected, sizeof expected, "%s/worse.json:3:7: ", folder);
    assert_in(got.err, expected);
}

/* ---- advisories that are no good, or hostile: told with their place, soon, and with 65 ---- */

static void put_repeated(const char *name, const char *head, const char *piece, size_t times,
                         const char *tail)
{
    FILE *file = fopen(in_folder(name), "w");
    assert_non_null(file);
    fputs(head, file);
    for (size_t i = 0; i < times; i++)
        fputs(piece, file);
    fputs(tail, file);
    fclose(file);
}

static void assert_lint(const char *name, int status, const char *place)
{
    run("advisory", "lint", in_folder(name), NULL);
    assert_status(status);
    assert_in(got.out, in_folder(name));
    assert_in(got.out, place);
}

#define TEST_HEAD "{\"tests\": {\n\"a\": "

static void lint_meets_hostile_data(void **state)
{
    (void)state;
    put_repeated("deep.json", "{\"tests\":\n", "[", 10000, "");
    assert_lint("deep.json", 65, ".json:2:64: error: ");
    put_repeated("closed.json", "", "{\"a\":", 10000, "1");
    assert_lint("closed.json", 65, ".json:1:");
    put_file("twice.json", "{\"id\": \"a\",\n \"id\": \"b\"}");
    assert_lint("twice.json", 65, ".json:2:5: error: duplicate object key");
    put_file("latin1.json", "{\"id\":\n \"\xE9\"}");
    assert_lint("latin1.json", 65, ".json:2:");
    put_file("nul.json", "{\"id\":\n \"\\u0000\"}");
    assert_lint("nul.json", 65, ".json:2:");
    put_file("number.json",
             TEST_HEAD "{\"kind\": \"site-server\",\n \"thresholds\": [{\"below\": 4.0}]}}}");
    assert_lint("number.json", 65, ".json:3:18: error: must be a string, not a number");
    put_file("circle.json", TEST_HEAD "{\"kind\": \"all\", \"of\": [\"b\"]},\n"
                                      " \"b\": {\"kind\": \"all\", \"of\": [\"a\"]}}}");
    assert_lint("circle.json", 65, ".json:3:8: error: no kind of test is named \"all\"");
    put_repeated("errors.json", "{", "\"x\": 1,\n", 0, "\"x\": 1}");
    assert_lint("errors.json", 65, ".json:1:2: error: unknown key");
}

static void lint_refuses_what_is_large(void **state)
{
    enum { HUGE = 100 * 1024 * 1024 };
    (void)state;
    put_file("huge.json", "{\"id\": \"");
    assert_int_equal(truncate(in_folder("huge.json"), HUGE), 0);
    assert_lint("huge.json", 65, "error: more than ");
    run("assess", sample("no-site-server"), "--advisory", in_folder("huge.json"), NULL);
    assert_failed(65);
    put_repeated("many.json", "{\"id\": \"a\", \"tests\": {", "\"a\": [{}],\n", 60000,
                 "\"z\": 1}}");
    assert_lint("many.json", 65, ".json:");
}

static void lint_lists_all_errors_and_goes_on(void **state)
{
    (void)state;
    put_file("bad.json", "{\n  \"schema\": \"fixproof/advisory/v1\",\n  \"idd\": 1\n}\n");
    run("advisory", "lint", in_folder("bad.json"),
        FIXPROOF_SOURCE_DIR "/data/advisories/954474.json", NULL);
    assert_status(65);
    assert_in(got.out, "bad.json:3:3: error: ");
    assert_in(got.out, "2 files, ");
    run("advisory", "lint", FIXPROOF_SOURCE_DIR "/data/advisories/954474.json", NULL);
    assert_status(0);
    assert_in(got.out, "1 file, 0 errors, 0 warnings\n");
    run("advisory", "lint", in_folder("none.json"), NULL);
    assert_status(66);
}

/* Columns count characters, whatever their size: columnKind says so. */
static void lint_speaks_sarif(void **state)
{
    (void)state;
    char target[300];
    char text[TEXT_MAX];
    put_file("odd.json", "{\"\xF0\x9F\x93\x84 {0} [a](b)\": 1,  \"id\": 2}\n");
    snprintf(target, sizeof target, "sarif=%s", in_folder("lint.sarif"));
    run("advisory", "lint", in_folder("odd.json"), in_folder("none.json"), "--format", target,
        "--format", "text", NULL);
    assert_status(66);
    assert_in(got.out, "odd.json:1:22: error: must be a string");
    slurp(in_folder("lint.sarif"), text);
    assert_in(text, "\"columnKind\": \"unicodeCodePoints\"");
    assert_in(text, "\"startLine\": 1,\n                  \"startColumn\": 22");
    assert_in(text, "\"uri\": \"file:///");
    assert_in(text, "\"ruleId\": \"unknown-name\"");
    assert_in(text, "{{0}} \\\\[a\\\\](b)"); /* a message: inert */
    assert_in(text, "\"fullyQualifiedName\": \"/\xF0\x9F\x93\x84 {0} [a](b)\""); /* a name */
    assert_in(text, "\"executionSuccessful\": false"); /* one was not read, and why */
    assert_in(text, "No such file or directory");
}

enum { FINGERPRINTS_MAX = 32 };

/* Those of all findings in a file of this content. */
static size_t fingerprints_of(const char *name, const char *content, char out[FINGERPRINTS_MAX][65])
{
    static const char key[] = "\"fixproof/v1\": \"";
    size_t count = 0;
    put_file(name, content);
    run("advisory", "lint", in_folder(name), "--format", "sarif", NULL);
    assert_status(65);
    for (const char *at = strstr(got.out, key); at != NULL; at = strstr(at + 1, key)) {
        assert_true(count < FINGERPRINTS_MAX);
        snprintf(out[count], sizeof out[count], "%s", at + strlen(key));
        assert_int_equal(strspn(out[count], "0123456789abcdef"), 64);
        count++;
    }
    return count;
}

static size_t count_shared(char one[FINGERPRINTS_MAX][65], size_t count,
                           char other[FINGERPRINTS_MAX][65], size_t other_count)
{
    size_t shared = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < other_count; k++)
            shared += strcmp(one[i], other[k]) == 0;
    return shared;
}

static void a_finding_keeps_its_fingerprint_when_lines_move(void **state)
{
    (void)state;
    char one[FINGERPRINTS_MAX][65];
    char other[FINGERPRINTS_MAX][65];
    const size_t count = fingerprints_of("a.json", "{\"odd\": 1}\n", one);
    assert_true(count > 2);
    assert_int_equal(count_shared(one, count, one, count), count); /* each its own */
    size_t found = fingerprints_of("a.json", "\n\n{\n\n  \"odd\": 2}\n", other);
    assert_int_equal(found, count);
    assert_int_equal(count_shared(one, count, other, found), count);
    found = fingerprints_of("a.json", "{\"odder\": 1}\n", other);
    assert_int_equal(found, count);
    assert_int_equal(count_shared(one, count, other, found), count - 1);
    found = fingerprints_of("b.json", "{\"odd\": 1}\n", other);
    assert_int_equal(count_shared(one, count, other, found), 0);
}

static void findings_replace_no_advisory(void **state)
{
    (void)state;
    put_file("mine.json", "{}");
    run("advisory", "lint", in_folder("mine.json"), "--format", json_to("mine.json"), NULL);
    assert_failed(64);
    run("advisory", "list", "--format", "sarif", NULL);
    assert_failed(64);
    run("advisory", "new", "A-1", "--format", "json", NULL);
    assert_failed(64);
}

static void verbs_of_advisory_write_to_files(void **state)
{
    (void)state;
    char text[TEXT_MAX];
    run("advisory", "show", "954474", "--format", json_to("out.json"), "--format", "text", NULL);
    assert_status(0);
    assert_in(got.out, "Rules, in order");
    slurp(in_folder("out.json"), text);
    assert_in(text, "\"schema\": \"fixproof/advisory/v1\"");
    run("advisory", "list", "--format", "json=/dev/full", NULL);
    assert_failed(73);
}

/* --- cases of advisories --- */

#define SMALL_TEST(name, key)                                                                      \
    "\"" name "\": {\"kind\": \"registry\", \"key\": \"HKEY_LOCAL_MACHINE\\\\SYSTEM\\\\" key       \
    "\", \"title\": \"t\", \"source\": \"s\", \"certainty\": \"confirmed\", \"needs\": \"n\", "    \
    "\"collect\": \"c\"}"
#define SMALL_RULE(when, verdict, more)                                                            \
    "{\"when\": " when ", \"verdict\": \"" verdict "\", \"reason\": \"is_" verdict                 \
    "\", \"text\": \"t\"" more "}"
#define SMALL_HEAD                                                                                 \
    "{\"schema\": \"fixproof/advisory/v1\", \"id\": \"small\", \"title\": \"t\", "                 \
    "\"title_source\": "                                                                           \
    "\"s\", \"title_certainty\": \"confirmed\", \"summary\": \"s\", \"published\": "               \
    "\"2012-09-11\", "                                                                             \
    "\"kbs\": [], \"references\": [], \"remediation\": \"r\",\n\"tests\": {" SMALL_TEST(           \
        "a", "A") ", " SMALL_TEST("b", "B") "},\n"
static const char small_advisory[] =
    SMALL_HEAD "\"decide\": [" SMALL_RULE("\"a\"", "affected", "") ", " SMALL_RULE(
        "\"b\"", "fixed", ", \"assurance\": \"installed\"") ", " SMALL_RULE("{\"all\": []}",
                                                                            "not_applicable",
                                                                            "") "]}";

/* --- as sure as the least of what may have decided --- */

#define SURE_RULE(when, assurance)                                                                 \
    "{\"when\": " when ", \"verdict\": \"fixed\", \"reason\": \"is_" assurance                     \
    "\", \"text\": \"t\", \"assurance\": \"" assurance "\"}"

static void an_unknown_rule_lowers_the_assurance(void **state)
{
    (void)state;
    static const char *const without = "Windows Registry Editor Version 5.00\r\n\r\n"
                                       "[HKEY_LOCAL_MACHINE\\SYSTEM\\B]\r\n\r\n";
    put_file("sure.json",
             SMALL_HEAD "\"decide\": [" SURE_RULE("\"a\"", "installed") ", " SURE_RULE(
                 "\"b\"", "effective") ", " SMALL_RULE("{\"all\": []}", "affected", "") "]}");
    put_file("b.reg", without);
    run("assess", in_folder("b.reg"), "--advisory", in_folder("sure.json"), "--format", "json",
        NULL);
    assert_status(0);
    assert_in(got.out, "\"reason\": \"is_effective\"");
    assert_in(got.out, "\"assurance\": \"installed\"");
    run("confirm", in_folder("b.reg"), "--since", "2008-01-01", "--advisory",
        in_folder("sure.json"), "--format", "json", NULL);
    assert_status(2);
    assert_in(got.out, "\"reason\": \"not_yet_effective\"");
    assert_in(got.out, "\"test\": \"a\""); /* to collect: it may be the one */

    put_file("c.reg", "Windows Registry Editor Version 5.00\r\n\r\n"
                      "[HKEY_LOCAL_MACHINE\\SYSTEM]\r\n\r\n"
                      "[HKEY_LOCAL_MACHINE\\SYSTEM\\B]\r\n\r\n[HKEY_USERS]\r\n\r\n");
    run("assess", in_folder("c.reg"), "--advisory", in_folder("sure.json"), "--format", "json",
        NULL);
    assert_status(0);
    assert_in(got.out, "\"assurance\": \"effective\"");
}

/* Were it known, it would be a fix that nothing shows to work: not knowing is no better. */
static void what_may_be_fixed_is_not_confirmed(void **state)
{
    (void)state;
    put_file("may.json", SMALL_HEAD "\"decide\": [" SURE_RULE("\"a\"", "installed") ", " SMALL_RULE(
                             "{\"all\": []}", "not_applicable", "") "]}");
    put_file("b.reg", "Windows Registry Editor Version 5.00\r\n\r\n"
                      "[HKEY_LOCAL_MACHINE\\SYSTEM\\B]\r\n\r\n");
    run("assess", in_folder("b.reg"), "--advisory", in_folder("may.json"), "--format", "json",
        NULL);
    assert_status(0);
    put_file("may-report.json", got.out);
    assert_in(got.out, "\"verdict\": \"undetermined\"");
    run("confirm", in_folder("b.reg"), "--since", "2008-01-01", "--advisory", in_folder("may.json"),
        NULL);
    assert_status(2);
    assert_in(got.out, "NOT CONFIRMED");
    assert_in(got.out, "still possible: affected, fixed or not");
    assert_null(strstr(got.out, "No action needed"));
    run("diff", in_folder("may-report.json"), in_folder("may-report.json"), NULL);
    assert_status(2);
    assert_in(got.out, "What to do\n  1.  small: ");
}

static void put_case(const char *name, const char *text)
{
    char path[64];
    snprintf(path, sizeof path, "small/cases/%s", name);
    put_file(path, text);
}

static void cases_of_an_advisory_are_tried(void **state)
{
    (void)state;
    put_file("small.json", small_advisory);
    run("advisory", "test", in_folder("small.json"), NULL);
    assert_status(1); /* no case reaches anything */
    assert_in(got.out, "0 of 0 cases as expected, 0 of 3 rules reached");

    assert_int_equal(mkdir(in_folder("small"), 0700), 0);
    assert_int_equal(mkdir(in_folder("small/cases"), 0700), 0);
    put_case("a.case", "about a\nregistry HKLM\\SYSTEM\n A\nexpect affected is_affected\n");
    put_case("b.case", "about b\nregistry HKLM\\SYSTEM\n B\nexpect fixed is_fixed\n");
    put_case("ignored.txt", "nothing\n");
    run("advisory", "test", in_folder("small.json"), NULL);
    assert_status(1);
    assert_in(got.out, "2 of 2 cases as expected, 2 of 3 rules reached");
    assert_in(got.out, "no case reaches rule 3: not_applicable (is_not_applicable)");
    assert_in(got.out, "tests that are never unknown: a, b");

    put_case("c.case", "about c\nregistry HKLM\\SYSTEM\nexpect not_applicable is_not_applicable\n");
    run("advisory", "test", in_folder("small.json"), NULL);
    assert_status(0);
    assert_in(got.out, "3 of 3 cases as expected, 3 of 3 rules reached");

    put_case("c.case", "about c\nregistry HKLM\\SYSTEM\nexpect affected is_affected\n");
    run("advisory", "test", in_folder("small.json"), NULL);
    assert_status(1);
    assert_in(got.out, "verdict: not_applicable, expected affected");
    run("advisory", "test", in_folder("small.json"), "--format", "json", NULL);
    assert_status(1);
    assert_in(got.out, "\"fixproof/advisory-test/v1\"");

    put_case("c.case", "about c\nregistry SYSTEM\n");
    run("advisory", "test", in_folder("small.json"), NULL);
    assert_status(65);
    assert_in(got.out, "2:10: registry KEY");
    run("advisory", "test", in_folder("none.json"), NULL);
    assert_failed(66);
    run("advisory", "test", "954474", NULL);
    assert_status(0);
}

#define NEW "advisory", "new"
#define FOR "--product", "configmgr-current-branch", "--published", "2025-10-15"

/* FILE:LINE:COLUMN: ..., LINE never less than the one before. */
static void assert_findings_in_order(const char *text)
{
    unsigned long before = 0;
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, ".json:")) != NULL; count++) {
        const unsigned long line = strtoul(at + strlen(".json:"), NULL, 10);
        assert_true(line >= before);
        before = line;
        at++;
    }
    assert_true(count > 1);
}

static void a_new_advisory_lints_and_its_case_fails(void **state)
{
    (void)state;
    run(NEW, "A-1", "--kb", "KB1", FOR, "--into", folder, "--release", "2403", "--release", "2409",
        "--file-version", "a.dll=5.00.9128.1037", "--file-version", "a.dll=5.00.9132.1031", NULL);
    assert_status(0);
    run("advisory", "lint", in_folder("A-1.json"), NULL);
    assert_status(1); /* warnings: what is left to do */
    assert_in(got.out, "1 file, 0 errors, ");
    assert_in(got.out, "is still to be written (/title)");
    assert_findings_in_order(got.out);
    run("advisory", "test", in_folder("A-1.json"), NULL);
    assert_status(1);
    assert_in(got.out, "0 of 1 case as expected, 1 of 6 rules reached");
    assert_in(got.out, "missing: fixed");

    run(NEW, "A-2", "--kb", "KB1", FOR, "--into", folder, NULL);
    assert_status(0);
    run("advisory", "lint", in_folder("A-2.json"), NULL);
    assert_status(1);
    run("advisory", "test", in_folder("A-2.json"), NULL);
    assert_status(1);
    assert_in(got.out, "0 of 1 case as expected, 1 of 6 rules reached");
}

/* What the draft of --site-update decides: KB1 remedies it, KB2 contains it. */
static const struct {
    const char *version; /* of the site; NULL: none, and the whole registry to show it */
    const char *rest;    /* of the case */
} update_cases[] = {
    {NULL, "expect not_applicable product_not_installed"},
    {"5.00.9122.1000", "expect undetermined older_release\n"
                       "possible affected not_applicable\nmissing older-release"},
    {"5.00.9141.1000", "expect not_applicable release_not_listed"},
    {"5.00.9128.1000", "site-updates\n X (KB1) = 196613 5.00.9128.2\n"
                       "expect undetermined fix_pending\n"
                       "possible affected fixed\nmissing kb1-2403-pending"},
    {"5.00.9132.1000", "site-updates\n X (KB1) = 196612 5.00.9132.2\n"
                       "file a.dll version 5.00.9132.1030\n"
                       "expect undetermined file_older_than_update\n"
                       "possible affected fixed\nmissing older"},
    {"5.00.9132.1000", "site-updates\n X (KB1) = 262146 5.00.9132.2\n"
                       "file a.dll version 5.00.9132.1031\n"
                       "expect undetermined evidence_contradicts_itself\n"
                       "possible affected fixed\nmissing fixed"},
    {"5.00.9132.1000", "site-updates\n X (KB1) = 262146 5.00.9132.2\n"
                       " Y (KB2) = 196612 5.00.9132.3\n"
                       "expect undetermined evidence_contradicts_itself\n"
                       "possible affected fixed\nmissing kb2-2409"},
    {"5.00.9128.1000", "file a.dll version 5.00.9128.1036\nexpect affected file_older"},
    {"5.00.9128.1000", "file a.dll version 5.00.9128.1037\nexpect fixed fix_installed"},
    {"5.00.9128.1000", "site-updates\n Y (KB2) = 196612 5.00.9128.3\n"
                       "expect fixed fix_installed"},
    {"5.00.9132.1000", "site-updates\n X (KB1) = 196612 5.00.9132.2\n"
                       "expect fixed update_installed"},
    {"5.00.9132.1000", "site-updates\n X (KB1) = 262143 5.00.9132.2\n"
                       "expect affected not_installed"},
    /* The list still names the one of the release before; and nothing but the registry. */
    {"5.00.9132.1000", "site-updates\n X (KB1) = 196612 5.00.9128.2\n"
                       "expect undetermined evidence_missing\npossible affected fixed\n"
                       "missing kb1-2409 older"},
    {"5.00.9132.1000", "expect undetermined evidence_missing\npossible affected fixed\n"
                       "missing kb1-2409 older"},
};

static void put_update_cases(void)
{
    assert_int_equal(unlink(in_folder("A-3/cases/unpatched.case")), 0);
    for (size_t i = 0; i < sizeof update_cases / sizeof *update_cases; i++) {
        char name[64], text[512];
        const char *version = update_cases[i].version;
        (void)snprintf(name, sizeof name, "A-3/cases/%zu.case", i);
        (void)snprintf(
            text, sizeof text, "about a\nregistry HKLM\\SOFTWARE\n Microsoft\\%s\n  %s = %s\n%s\n",
            version == NULL ? "Windows" : "SMS\\Setup", version == NULL ? "Name" : "Full Version",
            version == NULL ? "" : version, update_cases[i].rest);
        put_file(name, text);
    }
}

static void a_new_advisory_of_updates_and_servicing(void **state)
{
    (void)state;
    run(NEW, "A-3", "--kb", "KB1", "--kb", "KB2", FOR, "--into", folder, "--release", "2409",
        "--release", "2403", "--site-update", "--file-version", "a.dll=5.00.9128.1037",
        "--file-version", "a.dll=5.00.9132.1031", NULL);
    assert_status(0);
    put_update_cases();
    run("advisory", "lint", in_folder("A-3.json"), NULL);
    assert_status(1);
    assert_in(got.out, "1 file, 0 errors, ");
    run("advisory", "test", in_folder("A-3.json"), NULL);
    assert_in(got.out, "14 of 14 cases as expected, 11 of 11 rules reached");
    assert_status(0);

    run(NEW, "A-4", "--kb", "KB1", FOR, "--into", folder, "--release", "1511", "--site-update",
        NULL);
    assert_status(0); /* no file, nothing that contains it, no older release */
    run("advisory", "test", in_folder("A-4.json"), NULL);
    assert_status(1);
    assert_in(got.out, "0 of 1 case as expected, 1 of 7 rules reached");
}

static void a_new_advisory_is_refused(void **state)
{
    (void)state;
    run(NEW, "--kb", "KB1", FOR, "--into", folder, NULL);
    assert_failed(64);
    run(NEW, "../a", "--kb", "KB1", FOR, "--into", folder, NULL);
    assert_failed(64);
    run(NEW, "..", "--kb", "KB1", FOR, "--into", folder, NULL);
    assert_failed(64);
    run(NEW, "a", FOR, "--into", folder, NULL);
    assert_failed(64);
    run(NEW, "a", "--kb", "1", FOR, "--into", folder, NULL);
    assert_failed(64);
    run(NEW, "a", "--kb", "KB1", "--product", "none", "--published", "2025-10-15", NULL);
    assert_failed(64);
    run(NEW, "a", "--kb", "KB1", FOR, "--release", "1999", "--into", folder, NULL);
    assert_failed(64);
    run(NEW, "a", "--kb", "KB1", FOR, "--site-update", "--into", folder, NULL);
    assert_failed(64);
    run(NEW, "a", "--kb", "KB1", "--product", "configmgr-2012", "--release", "R2 SP1",
        "--published", "2015-01-01", "--site-update", "--into", folder, NULL);
    assert_failed(64);
    run(NEW, "a", "--kb", "KB1", FOR, "--file-version", "a.dll", "--into", folder, NULL);
    assert_failed(64);
    run(NEW, "a", "--kb", "KB1", FOR, "--file-version", "a=1.1", "--file-version", "b=2.1", NULL);
    assert_failed(64);
    run(NEW, "a", "--kb", "KB1", FOR, "--into", in_folder("none"), NULL);
    assert_failed(73);
    run("advisory", "list", "--kb", "KB1", NULL);
    assert_failed(64);
    /* Nothing is written over. */
    put_file("a.json", "mine");
    run(NEW, "a", "--kb", "KB1", FOR, "--into", folder, NULL);
    assert_failed(73);
    char kept[16];
    FILE *file = fopen(in_folder("a.json"), "r");
    assert_non_null(file);
    assert_non_null(fgets(kept, sizeof kept, file));
    fclose(file);
    assert_string_equal(kept, "mine");
}

static void advisories_are_listed_and_shown(void **state)
{
    (void)state;
    run("advisory", "list", NULL);
    assert_status(0);
    assert_in(got.out, "954474");
    run("advisory", "show", "954474", NULL);
    assert_status(0);
    assert_in(got.out, "Rules, in order");
    run("advisory", "list", "--format", "json", NULL);
    assert_status(0);
    assert_in(got.out, "fixproof/advisories/v1");
}

static void data_that_was_asked_for_is_never_replaced(void **state)
{
    (void)state;
    run("assess", sample("fix-installed"), "--data", folder, NULL);
    assert_failed(66);
    setenv("FIXPROOF_DATA", folder, 1);
    run("assess", sample("fix-installed"), NULL);
    assert_failed(66);
    run("assess", sample("fix-installed"), "--data", FIXPROOF_ONE_ADVISORY, NULL);
    assert_status(0);
}

/* --- output --- */

static void a_report_file_is_whole_or_the_old_one(void **state)
{
    (void)state;
    char target[300];
    run("assess", sample("fix-installed"), "--format", json_to("report.json"), NULL);
    assert_status(0);
    assert_string_equal(got.out, "");
    assert_int_equal(entries(folder), 1);

    snprintf(target, sizeof target, "json=%s/none/report.json", folder);
    run("assess", sample("fix-installed"), "--format", target, NULL);
    assert_failed(73);
    snprintf(target, sizeof target, "json=%s", folder); /* a folder */
    run("assess", sample("fix-installed"), "--format", target, NULL);
    assert_failed(73);
    assert_int_equal(entries(folder), 1);
}

/* A slip of the hand must not cost the only copy. */
static void a_report_replaces_no_evidence(void **state)
{
    (void)state;
    put_file("a.log", "Performing legacy sync\n");
    char target[300];
    run("assess", in_folder("a.log"), "--format", json_to("a.log"), NULL);
    assert_failed(64);
    assert_int_equal(symlink("a.log", in_folder("link")), 0);
    snprintf(target, sizeof target, "text=%s", in_folder("link"));
    run("inventory", in_folder("a.log"), "--format", target, NULL);
    assert_failed(64);

    run("assess", sample("fix-installed"), "--format", json_to("before.json"), NULL);
    assert_status(0);
    run("confirm", sample("fix-installed"), "--before", in_folder("before.json"), "--format",
        json_to("before.json"), NULL);
    assert_failed(64);
    run("assess", sample("fix-installed"), "--format", json_to("before.json"),
        NULL); /* again is no slip */
    assert_status(0);
}

/* A file that may not grow is an error like any other, and leaves the old one. */
static void a_file_size_limit_is_told(void **state)
{
    (void)state;
    put_file("report.json", "old");
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit small = {.rlim_cur = 1000, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    run("assess", sample("fix-installed"), "--format", json_to("report.json"), NULL);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_failed(73);
    assert_int_equal(entries(folder), 1);
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    run("assess", sample("fix-installed"), "--format", "json=/dev/full", NULL);
    assert_failed(73);
    assert_in(got.err, "/dev/full: ");
    extra_stdout = open("/dev/full", O_WRONLY);
    static const char *const verbs[] = {"assess", "inventory"};
    for (size_t i = 0; i < 2; i++) {
        run(verbs[i], sample("fix-installed"), NULL);
        assert_failed(73);
    }
    run("--help", NULL);
    assert_failed(73);
    run("logs", "--records", sample("fix-effective"), NULL);
    assert_failed(73);
    close(extra_stdout);
}

static void a_reader_that_went_away_is_told(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    extra_stdout = ends[1];
    run("assess", sample("fix-installed"), NULL);
    assert_failed(73);
    run("logs", "--records", sample("fix-effective"), NULL);
    assert_failed(73);
    close(ends[1]);
}

static void a_closed_standard_output_is_told(void **state)
{
    (void)state;
    close_stdout = true;
    run("assess", sample("fix-installed"), NULL);
    assert_failed(73);
    run("assess", sample("fix-installed"), "--format", json_to("report.json"),
        NULL); /* nobody needs it */
    assert_status(0);
}

static void the_same_command_writes_the_same_bytes(void **state)
{
    (void)state;
    static const char *const formats[] = {"text", "json",      "ndjson", "html",
                                          "csv",  "nagios",    "junit",  "openvex",
                                          "csaf", "cyclonedx", "sarif"};
    static char first[TEXT_MAX];
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        run("assess", sample("unpatched-symptom"), "--format", formats[i], NULL);
        assert_status(strcmp(formats[i], "nagios") == 0 ? 2 : 1);
        strcpy(first, got.out);
        run("assess", sample("unpatched-symptom"), "--format", formats[i], NULL);
        assert_string_equal(got.out, first);
        assert_string_equal(got.err, ""); /* no progress where there is no terminal */
    }
}

/* The data count by their content alone; what is other data is told. */
static void the_place_of_the_data_does_not_show(void **state)
{
    (void)state;
    static char first[TEXT_MAX];
    char command[400];
    run("assess", sample("fix-effective"), "--format", "json", NULL);
    assert_status(0);
    strcpy(first, got.out);
    snprintf(command, sizeof command, "cp -r '%s/data' '%s' && touch '%s/data/products/x.txt'",
             FIXPROOF_SOURCE_DIR, folder, folder);
    assert_int_equal(system(command), 0);
    run("assess", sample("fix-effective"), "--data", in_folder("data"), "--advisory", "954474",
        "--format", "json", NULL);
    assert_string_equal(got.out, first);

    snprintf(command, sizeof command, "echo >> '%s/data/advisories/954474.json'", folder);
    assert_int_equal(system(command), 0);
    run("assess", sample("fix-effective"), "--format", json_to("a.json"), NULL);
    run("assess", sample("fix-effective"), "--data", in_folder("data"), "--advisory", "954474",
        "--accept-weak", "--format", json_to("b.json"), NULL);
    run("diff", in_folder("a.json"), in_folder("b.json"), NULL);
    assert_status(0);
    assert_in(got.out, "Judged otherwise\n  - weak signatures accepted: no ");
    assert_in(got.out, "  - data of the advisory 954474:");
    run("diff", in_folder("a.json"), in_folder("a.json"), NULL);
    assert_null(strstr(got.out, "Judged otherwise"));
    snprintf(command, sizeof command,
             "sed 's/\"advisory_sha256\"/\"x\"/' '%s/a.json' > '%s/b.json'", folder, folder);
    assert_int_equal(system(command), 0);
    run("diff", in_folder("a.json"), in_folder("b.json"), NULL);
    assert_in(got.out, "Judged otherwise\n  - data of the advisory 954474:");
    assert_in(got.out, "not told");
}

/* It decides how evidence is read, too; of advisories only those that are asked are told. */
static void what_gives_no_verdict_tells_its_settings(void **state)
{
    (void)state;
    static const struct {
        const char *verb, *item;
        bool asks;
    } rows[] = {{"inventory", "software.reg", false},
                {"logs", "Logs/wsyncmgr.log", true},
                {"catalog", "wsusscn2.cab", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char path[400];
        snprintf(path, sizeof path, "%s/%s", sample("unpatched-symptom"), rows[i].item);
        run(rows[i].verb, path, "--code-page", "CP1250", "--accept-weak", "--format", "json", NULL);
        assert_status(0);
        assert_in(got.out, "\"settings\": {\n    \"accept_weak\": true,\n"
                           "    \"trust_any_root\": false,\n");
        assert_in(got.out, "\"code_page\": \"CP1250\"");
        assert_in(got.out, rows[i].asks ? "\"advisories\": \"" : "\"advisories\": null");
        assert_in(got.out, "\"products\": \"");
    }
}

/* What gives no verdict has no exit status for one. */
static void help_tells_the_exit_status_of_the_command(void **state)
{
    (void)state;
    static const char *const without[] = {"inventory", "logs",   "catalog", "advisory",
                                          "diff",      "attest", "export",  "complete"};
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        run(without[i], "--help", NULL);
        assert_in(got.out, "Exit status");
        assert_null(strstr(got.out, "advisory: affected"));
    }
}

/* A line would tell as a fact what somebody said. */
static void what_is_declared_is_not_folded_away(void **state)
{
    (void)state;
    char path[600];
    snprintf(path, sizeof path, "%s/software.reg", sample("unpatched-symptom"));
    put_file("small.json", small_advisory);
    run("assess", path, "--declare", "sms2003-clients=no", "--advisory", "954474", "--advisory",
        in_folder("small.json"), NULL);
    assert_in(got.out, "NOT APPLICABLE  954474 ");
    assert_in(got.out, "declared: sms2003-clients = no");
    run("assess", path, "--declare", "sms2003-clients=no", "--advisory", "954474", "--advisory",
        in_folder("small.json"), "--format", "html", NULL);
    assert_null(strstr(got.out, "<details class=\"aside\""));
}

/* Of the same evidence: nothing of the server changed, somebody said something. */
static void a_declared_fact_is_no_change_of_the_server(void **state)
{
    (void)state;
    char path[400];
    snprintf(path, sizeof path, "%s/software.reg", sample("unpatched-symptom"));
    run("assess", path, "--advisory", "954474", "--format", json_to("a.json"), NULL);
    assert_status(2);
    run("assess", path, "--advisory", "954474", "--declare", "sms2003-clients=no", "--format",
        json_to("b.json"), NULL);
    assert_status(0);
    run("diff", in_folder("a.json"), in_folder("b.json"), NULL);
    assert_status(0);
    assert_in(got.out, "Judged otherwise\n  - declared, not observed: none ");
    assert_in(got.out, " sms2003-clients = no\n");
    run("diff", in_folder("a.json"), in_folder("b.json"), "--format", "json", NULL);
    assert_in(got.out, "\"setting\": \"declared\"");
    run("diff", in_folder("b.json"), in_folder("b.json"), NULL);
    assert_null(strstr(got.out, "Judged otherwise"));
}

/* Of two reports of assess too: what is fixed there is not asked for proof by its verdict. */
static void what_would_show_a_fix_is_told_by_diff(void **state)
{
    (void)state;
    run("assess", sample("unpatched-symptom"), "--advisory", "954474", "--format",
        json_to("a.json"), NULL);
    run("assess", sample("fix-installed"), "--advisory", "954474", "--format", json_to("b.json"),
        NULL);
    run("diff", in_folder("a.json"), in_folder("b.json"), NULL);
    assert_in(got.out, "NOT YET SHOWN");
    assert_in(got.out, "What to do\n  1.  954474: wsyncmgr.log");
}

/* Confirmed, by a catalogue that nobody is shown to have made: who reads the conclusion must know.
 */
static void a_conclusion_keeps_the_caveats(void **state)
{
    (void)state;
    char catalogue[600];
    char evidence[600];
    snprintf(catalogue, sizeof catalogue, "%s/wsusscn2.cab", sample("unpatched-symptom"));
    snprintf(evidence, sizeof evidence, "%s", sample("fix-effective"));
    run("assess", evidence, "--advisory", "954474", "--format", json_to("a.json"), NULL);
    run("assess", evidence, catalogue, "--advisory", "954474", "--format", json_to("b.json"), NULL);
    assert_status(0);
    run("diff", in_folder("a.json"), in_folder("b.json"), NULL);
    assert_status(0);
    assert_in(got.out, "Caveat: The catalogue (evidence item ");
    run("diff", in_folder("a.json"), in_folder("b.json"), "--format", "json", NULL);
    assert_in(got.out, "\"caveats\": [");
    run("diff", in_folder("b.json"), in_folder("a.json"), NULL);
    assert_null(strstr(got.out, "Caveat"));
}

static void settings_are_recorded(void **state)
{
    (void)state;
    run("assess", sample("fix-effective"), "--accept-weak", "--code-page", "cp1252", "--format",
        "json", NULL);
    assert_status(0);
    assert_in(got.out, "\"accept_weak\": true");
    assert_in(got.out, "\"trust_any_root\": false");
    assert_in(got.out, "\"roots\": []");
    assert_in(got.out, "\"code_page\": \"cp1252\"");
    assert_in(got.out, "\"expected_sha256\": []");
    run("checklist", sample("fix-effective"), "--change", "C1", "--format", "markdown", NULL);
    assert_in(got.out, "- **Judged with:** `advisory data of SHA-256 ");
}

/* Nor where it was run: only a terminal is spoken to in its own way. */
static void the_locale_does_not_show(void **state)
{
    (void)state;
    static char first[TEXT_MAX];
    run("explain", sample("fix-effective"), "--advisory", "954474", NULL);
    assert_status(0);
    strcpy(first, got.out);
    setenv("LC_ALL", "C", 1);
    run("explain", sample("fix-effective"), "--advisory", "954474", NULL);
    setenv("LC_ALL", "C.UTF-8", 1);
    assert_string_equal(got.out, first);
}

/* When a file was last touched is not evidence: a copy gives the same report. */
static void file_times_do_not_show(void **state)
{
    (void)state;
    static char first[TEXT_MAX];
    char command[600];
    snprintf(command, sizeof command, "cp -r '%s' '%s'", sample("fix-effective"), in_folder("e"));
    assert_int_equal(system(command), 0);
    run("assess", in_folder("e"), "--format", "json", NULL);
    assert_status(0);
    strcpy(first, got.out);
    snprintf(command, sizeof command, "find '%s' -exec touch -d 2001-02-03 {} +", in_folder("e"));
    assert_int_equal(system(command), 0);
    run("assess", in_folder("e"), "--format", "json", NULL);
    assert_string_equal(got.out, first);
}

static void a_dash_is_standard_output(void **state)
{
    (void)state;
    char target[300];
    snprintf(target, sizeof target, "text=%s", in_folder("report.txt"));
    run("assess", sample("fix-installed"), "--format", "json=-", "--format", target, NULL);
    assert_status(0);
    assert_int_equal(strncmp(got.out, "{\n", 2), 0);
    assert_int_equal(entries(folder), 1);
    run("assess", sample("fix-installed"), "--format", "json=-", "--format", "text", NULL);
    assert_failed(64);
}

static void several_formats_come_from_one_run(void **state)
{
    static const char *const formats[] = {"html", "sarif", "junit", "csv", "json"};
    enum { FORMATS = sizeof formats / sizeof *formats };
    char targets[FORMATS][300];
    (void)state;
    for (size_t i = 0; i < FORMATS; i++)
        snprintf(targets[i], sizeof targets[i], "%s=%s", formats[i], in_folder(formats[i]));
    run("assess", sample("fix-installed"), "--format", targets[0], "--format", targets[1],
        "--format", targets[2], "--format", targets[3], "--format", targets[4], "--format",
        "openvex", NULL);
    assert_status(0);
    assert_in(got.out, "\"status\": \"fixed\"");
    assert_int_equal(entries(folder), FORMATS);
    /* All name the same run: the digest of its JSON report. */
    const char *digest = strstr(got.out, "SHA-256 ");
    assert_non_null(digest);
    char named[65];
    snprintf(named, sizeof named, "%.64s", digest + strlen("SHA-256 "));
    for (size_t i = 0; i + 1 < FORMATS; i++) {
        static char text[TEXT_MAX];
        slurp(in_folder(formats[i]), text);
        assert_in(text, named);
    }
}

static void a_monitor_gets_its_own_exit_status(void **state)
{
    static const struct {
        const char *sample;
        int plugin, own;
    } rows[] = {{"fix-installed", 0, 0}, {"unpatched-symptom", 2, 1}, {"log-only", 3, 2}};
    char target[300];
    (void)state;
    snprintf(target, sizeof target, "nagios=%s", in_folder("nagios"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        run("assess", sample(rows[i].sample), "--format", "nagios", NULL);
        assert_status(rows[i].plugin);
        run("assess", sample(rows[i].sample), "--format", target, NULL); /* a file: nobody waits */
        assert_status(rows[i].own);
    }
    run("assess", "/nonexistent", "--format", "nagios", NULL);
    assert_failed(66);
}

static void a_format_belongs_to_its_commands(void **state)
{
    (void)state;
    run("inventory", sample("fix-installed"), "--format", "html", NULL);
    assert_failed(64);
    assert_in(got.err, "html");
    run("inventory", sample("fix-installed"), "--format", "ndjson", NULL);
    assert_status(0);
    assert_in(got.out, "\"record\":\"report\"");
}

static void colour_only_when_asked_for(void **state)
{
    (void)state;
    run("assess", sample("fix-installed"), NULL);
    assert_null(strchr(got.out, '\033'));
    run("assess", sample("fix-installed"), "--color", "always", NULL);
    assert_non_null(strchr(got.out, '\033'));
    char target[300];
    snprintf(target, sizeof target, "text=%s", in_folder("report.txt"));
    run("assess", sample("fix-installed"), "--color", "always", "--format", target, NULL);
    assert_status(0);
    static char text[TEXT_MAX];
    slurp(in_folder("report.txt"), text);
    assert_null(strchr(text, '\033'));
}

/* --- verdicts --- */

static void samples_give_their_exit_status(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int status;
        const char *reason;
    } rows[] = {
        {"unpatched-symptom", 1, "unpatched_symptom_seen"},
        {"fix-not-effective", 1, "fix_not_effective"},
        {"fix-effective", 0, "fix_effective"},
        {"fix-installed", 0, "fix_installed"},
        {"not-in-use", 0, "legacy_path_not_used"},
        {"sp2-not-listed", 0, "release_not_listed"},
        {"no-site-server", 0, "product_not_installed"},
        {"failure-not-dated", 2, "failure_not_dated"},
        {"marker-conflict", 2, "marker_conflict"},
        {"log-only", 2, "evidence_missing"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char expected[128];
        run("assess", sample(rows[i].name), NULL);
        assert_status(rows[i].status);
        snprintf(expected, sizeof expected, "reason: %s", rows[i].reason);
        assert_in(got.out, expected);
        run("explain", sample(rows[i].name), "--advisory", "954474", NULL);
        assert_status(rows[i].status);
        assert_in(got.out, ": decides -> ");
    }
}

static void confirm_wants_proof_from_after_the_change(void **state)
{
    (void)state;
    run("confirm", sample("fix-effective"), "--since", "2008-06-19", NULL);
    assert_status(0);
    run("confirm", sample("fix-installed"), "--since", "2008-06-19", NULL);
    assert_status(2);
    assert_in(got.out, "reason: not_yet_effective");
    run("confirm", sample("fix-effective"), "--since", "2020-01-01", NULL);
    assert_status(2);
}

static void confirm_reads_the_report_before(void **state)
{
    (void)state;
    setenv("SOURCE_DATE_EPOCH", "1213344000", 1); /* 2008-06-13T08:00:00Z */
    run("assess", sample("unpatched-symptom"), "--format", json_to("before.json"), NULL);
    assert_status(1);
    setenv("SOURCE_DATE_EPOCH", "1214035200", 1);
    run("confirm", sample("fix-effective"), "--before", in_folder("before.json"), NULL);
    assert_status(0);
    assert_in(got.out, "2008-06-13T08:00:00Z");
    run("confirm", sample("not-in-use"), "--before", in_folder("before.json"), NULL);
    assert_failed(65); /* another server */
    assert_in(got.err, "KOLCM01");
    run("confirm", sample("fix-effective"), "--before", in_folder("none.json"), NULL);
    assert_failed(66);
    put_file("other.json", "{\"schema\": \"something/else\"}\n");
    run("confirm", sample("fix-effective"), "--before", in_folder("other.json"), NULL);
    assert_failed(65);
    put_file("broken.json", "{\n");
    run("confirm", sample("fix-effective"), "--before", in_folder("broken.json"), NULL);
    assert_failed(65);
}

static void a_change_record_needs_an_id(void **state)
{
    (void)state;
    run("checklist", sample("fix-effective"), NULL);
    assert_failed(64);
    assert_in(got.err, "--change ID");
    run("checklist", sample("fix-effective"), "--change", "", NULL);
    assert_failed(64);
    run("checklist", sample("fix-effective"), "--change", "\xFF", NULL);
    assert_failed(64);
    run("checklist", sample("fix-effective"), "--change", "C1", "--format", "sarif", NULL);
    assert_failed(64);
    run("assess", sample("fix-effective"), "--change", "C1", NULL);
    assert_failed(64);
    run("assess", sample("fix-effective"), "--format", "markdown", NULL);
    assert_failed(64);
}

/* Its exit status is that of the verdicts, and what is ticked follows the evidence. */
static void a_change_is_recorded_before_and_after(void **state)
{
    (void)state;
    run("checklist", sample("unpatched-symptom"), "--change", "CHG1", NULL);
    assert_status(1);
    assert_in(got.out, "CHANGE RECORD  CHG1");
    assert_in(got.out, "[!] KB954474 is installed");
    assert_in(got.out, "[!] A legacy synchronisation that began after");
    assert_in(got.out, "collected 2008-06-13T08:15:00Z from");
    run("checklist", sample("fix-effective"), "--change", "CHG1", "--format", "text", "--format",
        "markdown=-", NULL);
    assert_failed(64); /* two reports to one place */
    const char *file = in_folder("record.md");
    char to_file[300];
    (void)snprintf(to_file, sizeof to_file, "markdown=%s", file);
    run("checklist", sample("fix-effective"), "--change", "CHG1", "--format", "text", "--format",
        to_file, NULL);
    assert_status(0);
    assert_in(got.out, "[x] KB954474 is installed");
    assert_in(got.out, "[x] A legacy synchronisation that began after");
    assert_in(got.out, "[ ] The way back");
    slurp(file, got.out);
    assert_in(got.out, "- [x] KB954474 is installed");
    run("checklist", sample("not-in-use"), "--change", "CHG1", NULL);
    assert_status(0);
    assert_in(got.out, "[!] The site synchronises wsusscn2.cab");
}

/* The state before comes from the report; what was collected before it shows nothing of a change.
 */
static void a_record_takes_the_state_from_before(void **state)
{
    (void)state;
    const char *before = in_folder("before.json");
    char to_file[300];
    (void)snprintf(to_file, sizeof to_file, "json=%s", before);
    setenv("SOURCE_DATE_EPOCH", "1213862400", 1); /* 2008-06-19T08:00:00Z */
    run("assess", sample("unpatched-symptom"), "--format", to_file, NULL);
    assert_status(1);
    setenv("SOURCE_DATE_EPOCH", "1214035200", 1);
    run("checklist", sample("fix-effective"), "--change", "CHG1", "--before", before, NULL);
    assert_status(0);
    assert_in(got.out, "Before       AFFECTED (unpatched_symptom_seen), by the report of");
    assert_in(got.out, "Now          FIXED (fix_effective; assurance: effective)");
    assert_in(got.out, "Change began 2008-06-19T08:00:00Z");
    assert_in(got.out, "Before       assess, 2008-06-19T08:00:00Z, SHA-256");
    assert_in(got.out, "[x] KB954474 is installed");
    assert_in(got.out, "[x] A legacy synchronisation that began after");
    run("checklist", sample("unpatched-symptom"), "--change", "CHG1", "--before", before, NULL);
    assert_status(1); /* the same evidence again: of 13 June */
    assert_in(got.out, "[ ] KB954474 is installed");
    assert_in(got.out, "not shown to be from after the change");
    char logs[300]; /* nothing tells when it was taken, and it ends before the report was made */
    (void)snprintf(logs, sizeof logs, "%s/Logs", sample("unpatched-symptom"));
    run("checklist", logs, "--change", "CHG1", "--before", before, NULL);
    assert_status(2);
    assert_in(got.out, "not shown to be from after the change");
    run("checklist", sample("fix-installed"), "--change", "CHG1", "--before", before, NULL);
    assert_status(2);
    assert_in(got.out, "not_yet_effective");
    run("checklist", sample("not-in-use"), "--change", "CHG1", "--before", before, NULL);
    assert_failed(65);
    assert_in(got.err, "is of another server");
    run("checklist", sample("fix-effective"), "--change", "CHG1", "--before", in_folder("none"),
        NULL);
    assert_failed(66);
    (void)snprintf(to_file, sizeof to_file, "json=%s", before);
    run("checklist", sample("fix-effective"), "--change", "CHG1", "--before", before, "--format",
        to_file, NULL);
    assert_failed(64); /* it would replace the report */
    unsetenv("SOURCE_DATE_EPOCH");
}

static void diff_takes_two_reports(void **state)
{
    (void)state;
    run("assess", sample("fix-installed"), "--format", json_to("a.json"), NULL);
    assert_status(0);
    run("diff", in_folder("a.json"), NULL);
    assert_failed(64);
    run("diff", "-", "-", NULL);
    assert_failed(64);
    run("diff", in_folder("a.json"), in_folder("a.json"), "--format", "html", NULL);
    assert_failed(64);
    run("diff", in_folder("a.json"), in_folder("a.json"), "--format", json_to("a.json"), NULL);
    assert_failed(64); /* it would be replaced */
    run("diff", in_folder("a.json"), in_folder("none.json"), NULL);
    assert_failed(66);
    extra_stdin = open(in_folder("a.json"), O_RDONLY | O_CLOEXEC);
    assert_true(extra_stdin >= 0);
    run("diff", "-", in_folder("a.json"), NULL);
    close(extra_stdin);
    assert_status(2); /* installed, not shown to work */
    assert_in(got.out, "NOT YET SHOWN");
    assert_in(got.out, "What changed\n  - nothing that both show");
}

static void what_is_declared_is_told_as_declared(void **state)
{
    (void)state;
    run("assess", sample("fix-installed"), "--declare", "sms2003-clients=no", NULL);
    assert_status(0);
    assert_in(got.out, "Declared, not observed\n  sms2003-clients = no\n      declared on the "
                       "command line\n");
}

static void records_are_lines_of_four_fields(void **state)
{
    (void)state;
    run("logs", "--records", sample("log-only"), NULL);
    assert_status(0);
    assert_in(got.out, "\tSMS_WSUS_SYNC_MANAGER\t5976\t");
    for (const char *line = got.out; *line != '\0'; line = strchr(line, '\n') + 1) {
        size_t tabs = 0;
        for (const char *c = line; *c != '\n'; c++)
            tabs += *c == '\t';
        assert_int_equal(tabs, 3);
    }
    run("logs", "--records", sample("log-only"), "--format", "json", NULL);
    assert_failed(64);
}

static void a_hive_without_its_newest_changes_is_told_beside_its_hotfixes(void **state)
{
    (void)state;
    static const char hives[] = FIXPROOF_SOURCE_DIR "/tests/cases/evidence/hives";
    static const char said[] = "A hive's newest changes are missing";
    char path[600];
    snprintf(path, sizeof path, "%s/dirty-sp1-gone/SOFTWARE", hives);
    run("inventory", path, NULL);
    assert_status(0);
    assert_in(got.out, "KB954474");
    assert_in(got.out, said);
    snprintf(path, sizeof path, "%s/sp1-kb", hives);
    run("inventory", path, NULL);
    assert_in(got.out, "KB954474");
    assert_null(strstr(got.out, said));
}

static void the_other_views_work_on_a_sample(void **state)
{
    (void)state;
    run("inventory", sample("fix-effective"), NULL);
    assert_status(0);
    assert_in(got.out, "KB954474");
    run("logs", sample("unpatched-symptom"), NULL);
    assert_status(0);
    assert_in(got.out, "update: 1293995");
    char path[600];
    snprintf(path, sizeof path, "%s/wsusscn2.cab", sample("unpatched-symptom"));
    run("catalog", path, "--revision", "1293995", "--members", NULL);
    assert_status(0);
    assert_in(got.out, "DeploymentAction");
    assert_in(got.out, "index.xml");
    assert_in(got.out, "what no answer needs was not decompressed");
    run("catalog", path, "--check", "quick", "--format", "json", NULL);
    assert_status(0);
    assert_in(got.out, "\"decoder\": \"enough\"");
    run("catalog", path, "--check", "full", "--format", "json", NULL);
    assert_status(0);
    assert_in(got.out, "\"decoder\": \"ended\"");
    assert_in(got.out, "\"whole\": true");
}

/* The second time that a catalogue is read. */
static void details_come_from_the_cabinets_that_hold_them(void **state)
{
    (void)state;
    char path[600];
    snprintf(path, sizeof path, "%s/wsusscn2.cab", sample("unpatched-symptom"));
    run("catalog", path, "--update", "0B0E5F0C-1111-4A4A-8B8B-000000000003:101", "--details",
        "--format", "json", NULL);
    assert_status(0);
    assert_in(got.out, "\"read\": true");
    assert_in(got.out, "\"cabinet\": \"package2.cab\"");
    run("catalog", path, "--revision", "1293101", "--details", NULL);
    assert_status(0);
    assert_in(got.out, "bundles 1293102");
    run("catalog", path, "--kb", "KB954474", NULL);
    assert_status(0);
    assert_in(got.out, "KB954474: no update carries it");
    run("catalog", path, "--details", NULL);
    assert_failed(64);
    run("catalog", path, "--revision", "1", "--language", "de", NULL);
    assert_failed(64);
    run("catalog", path, "--update", "0b0e5f0c", NULL);
    assert_failed(64);
    static const char *const half[] = {"{",
                                       "}",
                                       "{}",
                                       "{0b0e5f0c-1111-4a4a-8b8b-000000000003",
                                       "0b0e5f0c-1111-4a4a-8b8b-000000000003}:101",
                                       "{0b0e5f0c-1111-4a4a-8b8b-000000000003:101}"};
    for (size_t i = 0; i < sizeof half / sizeof *half; i++) {
        run("catalog", path, "--update", half[i], NULL);
        assert_failed(64);
    }
    run("catalog", path, "--update", "{0b0e5f0c-1111-4a4a-8b8b-000000000003}", "--update",
        "{0B0E5F0C-1111-4A4A-8B8B-000000000003}:101", NULL);
    assert_status(0);
    assert_in(got.out, "UpdateId 0b0e5f0c-1111-4a4a-8b8b-000000000003");
    assert_null(strstr(got.out, "is not in this catalogue"));
    run("catalog", path, "--kb", "KB954474x", NULL);
    assert_failed(64);
}

/* Some supervisors leave it so to what they start: nobody may take the end of a child for no end.
 */
static void ignored_children_are_waited_for(void **state)
{
    (void)state;
    char path[600];
    snprintf(path, sizeof path, "%s/wsusscn2.cab", sample("unpatched-symptom"));
    ignore_children = true;
    run("catalog", path, "--check", "full", NULL);
    assert_status(0);
    assert_in(got.out, "whole");
}

/* An advisory of four tests that ask catalogues; affected: odd, stray, and not the others. */
static void put_catalog_advisory(const char *name)
{
    static const char *const tests[] = {
        ("\"odd\": {\"state\": \"update\", "
         "\"update_id\": \"0B0E5F0C-1111-4A4A-8B8B-000000000003\", "
         "\"deployment_action\": [\"PreDeploymentCheck\"], \"match\": \"any\""),
        ", \"kb\": {\"state\": \"update\", \"kb\": \"KB954474\"",
        ", \"stray\": {\"state\": \"unexpected-action\", \"expected\": [\"Bundle\"]",
        ", \"twice\": {\"state\": \"duplicate-revision\"",
    };
    char text[4096];
    int size = snprintf(text, sizeof text,
                        "{\"schema\": \"fixproof/advisory/v1\", \"id\": \"A\", \"title\": \"t\", "
                        "\"title_source\": \"s\", \"title_certainty\": \"confirmed\", "
                        "\"summary\": \"s\", \"published\": \"2008-06-13\", \"kbs\": [], "
                        "\"references\": [], \"remediation\": \"r\", \"tests\": {");
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        size += snprintf(text + size, sizeof text - (size_t)size,
                         "%s, \"kind\": \"catalog\", \"title\": \"t\", \"source\": \"s\", "
                         "\"certainty\": \"confirmed\", \"needs\": \"n\", \"collect\": \"c\"}",
                         tests[i]);
    (void)snprintf(text + size, sizeof text - (size_t)size,
                   "}, \"decide\": [{\"when\": {\"all\": [\"odd\", {\"not\": \"kb\"}, \"stray\", "
                   "{\"not\": \"twice\"}]}, \"verdict\": \"affected\", \"reason\": \"odd\", "
                   "\"text\": \"t\"}, {\"when\": {\"all\": []}, \"verdict\": \"not_applicable\", "
                   "\"reason\": \"none\", \"text\": \"t\"}]}\n");
    put_file(name, text);
}

/* Every way to show a verdict names the update and the catalogue; OVAL says that it cannot ask. */
static void an_advisory_asks_a_catalogue(void **state)
{
    static const char update[] = "UpdateId 0b0e5f0c-1111-4a4a-8b8b-000000000003";
    static const char says[] = "DeploymentAction PreDeploymentCheck";
    static const char catalogue[] = "7d1f5e0a-2c4b-4e69-9f33-1a5b0c6d7e80";
    static const char *const formats[] = {"text", "json", "html"};
    (void)state;
    put_catalog_advisory("a.json");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        run("explain", sample("unpatched-symptom"), "--advisory", in_folder("a.json"), "--format",
            formats[i], NULL);
        assert_status(1);
        if (i > 0) { /* text is broken into lines */
            assert_in(got.out, update);
            assert_in(got.out, says);
            assert_in(got.out, "KB954474: not there");
            assert_in(got.out, "updates with a DeploymentAction that is not expected: ");
            assert_in(got.out, "RevisionIds that more than one update carries: none");
        }
        assert_in(got.out, catalogue);
    }
    run("assess", sample("fix-installed"), "--advisory", in_folder("a.json"), NULL);
    assert_status(2); /* no catalogue */
    run("export", "oval-definitions", in_folder("a.json"), NULL);
    assert_status(0);
    assert_in(got.out, "OVAL cannot ask this");
}

/* One byte of a member's name: no checksum sees it, the signature does. */
static void an_altered_catalogue_is_told(void **state)
{
    (void)state;
    char path[600];
    char text[TEXT_MAX];
    snprintf(path, sizeof path, "%s/wsusscn2.cab", sample("unpatched-symptom"));
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    const size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    run("catalog", path, NULL);
    assert_status(0);
    assert_in(got.out, "Result       UNTRUSTED");

    char *name = memmem(text, size, "package2.cab", 12);
    assert_non_null(name);
    *name = 'P';
    file = fopen(in_folder("altered.cab"), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    fclose(file);
    run("catalog", in_folder("altered.cab"), NULL);
    assert_status(65);
    assert_in(got.out, "Result       MISMATCH");
    assert_in(got.err, "damaged, altered");
}

/* A script that asks of two must not take the silence on one for its health. */
static void each_catalogue_named_is_one(void **state)
{
    (void)state;
    char path[600];
    snprintf(path, sizeof path, "%s/wsusscn2.cab", sample("unpatched-symptom"));
    put_file("notes.txt", "nothing to see\n");
    put_file("a\001b.txt", "nothing to see\n");
    run("catalog", path, in_folder("notes.txt"), NULL);
    assert_status(65);
    assert_in(got.out, "Result       UNTRUSTED");
    assert_in(got.err, "notes.txt: not a scan catalogue");
    run("catalog", path, in_folder("none.cab"), NULL);
    assert_status(66);
    assert_in(got.out, "Result       UNTRUSTED");
    put_file("cut.cab", "MSCF");
    run("catalog", in_folder("cut.cab"), NULL);
    assert_failed(65);
    assert_in(got.err, "not a scan catalogue: no cabinet with index.xml and package.cab in it (");
    run("catalog", in_folder("a\001b.txt"), path, NULL);
    assert_status(65);
    assert_in(got.err, "not a scan catalogue");
    assert_null(strchr(got.err, '\001'));
    run("catalog", sample("unpatched-symptom"), path, NULL); /* a folder that holds one */
    assert_status(0);
    assert_string_equal(got.err, "");
}

static const char stranger[] = "-----BEGIN CERTIFICATE-----\n"
                               "MIIBZjCCAQ2gAwIBAgICEAAwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJU2VlZCBS\n"
                               "b290MCAXDTAwMDEwMTAwMDAwMFoYDzIwOTAwMTAxMDAwMDAwWjAUMRIwEAYDVQQD\n"
                               "DAlTZWVkIFJvb3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARWtYbJbRKlSknR\n"
                               "PGXQhCfvVTINrM75MIx+YDypddIdWsnhngwgkpFLVFhgq2ScGDCSwfsXTbHSBha7\n"
                               "A3IOVVeFo00wSzAdBgNVHQ4EFgQUEJekhmYUsDZaP+zTTymflulYSkMwCQYDVR0j\n"
                               "BAIwADAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIBBjAKBggqhkjOPQQD\n"
                               "AgNHADBEAiB902APd18R5xYdxytpFiCNBc7R+i6I6t2P4tyDf6IsKgIgGcnxaKvd\n"
                               "Vrdk4sVNl9nh8SY7Hl/tYuudmUxy5Hi5+Tk=\n"
                               "-----END CERTIFICATE-----\n";

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void roots_that_nobody_pinned_are_told(void **state)
{
    (void)state;
    char path[600];
    snprintf(path, sizeof path, "%s/wsusscn2.cab", sample("unpatched-symptom"));
    write_file(in_folder("roots.pem"), stranger);
    run("catalog", path, "--roots", in_folder("roots.pem"), NULL);
    assert_status(65);
    assert_in(got.err, "pinned");
    run("catalog", path, "--roots", in_folder("roots.pem"), "--trust-any-root", NULL);
    assert_status(0);
    assert_in(got.out, "Result       UNTRUSTED");
    run("catalog", path, "--trust-any-root", NULL);
    assert_status(64);
    run("catalog", path, "--roots", in_folder("missing.pem"), NULL);
    assert_status(66);
}

/* A folder of bundles that is asked for is read under the same pins, and never left out quietly. */
static void roots_of_a_folder(void **state)
{
    (void)state;
    char path[600];
    snprintf(path, sizeof path, "%s/wsusscn2.cab", sample("unpatched-symptom"));
    assert_int_equal(mkdir(in_folder("roots"), 0700), 0);
    setenv("FIXPROOF_ROOTS", in_folder("roots"), 1);
    run("catalog", path, NULL);
    assert_status(0);
    write_file(in_folder("roots/a.txt"), "no bundle");
    run("catalog", path, NULL);
    assert_status(0);
    write_file(in_folder("roots/a.pem"), stranger);
    run("catalog", path, NULL);
    assert_failed(65);
    assert_in(got.err, "pinned");
    setenv("FIXPROOF_ROOTS", in_folder("missing"), 1);
    run("catalog", path, NULL);
    assert_failed(66);
    unsetenv("FIXPROOF_ROOTS");
    run("--help", NULL);
    assert_in(got.out, "fixproof/roots");
}

/* Evidence that is not what it was said to be is not reported on. */
static void an_expected_digest_is_held_to(void **state)
{
    (void)state;
    char path[600];
    char expected[200];
    char hex[65] = "";
    snprintf(path, sizeof path, "%s/wsusscn2.cab", sample("unpatched-symptom"));
    run("catalog", path, "--format", "json", NULL);
    const char *digest = strstr(got.out, "\"sha256\": \"");
    assert_non_null(digest);
    memcpy(hex, digest + strlen("\"sha256\": \""), sizeof hex - 1);
    const char *whole = sample("unpatched-symptom");
    for (unsigned right = 0; right < 2; right++) {
        const char first = hex[0];
        if (!right)
            hex[0] = first == '0' ? '1' : '0';
        run("catalog", path, "--expect-sha256", hex, NULL);
        assert_status(right ? 0 : 65);
        snprintf(expected, sizeof expected, "wsusscn2.cab=%s", hex);
        run("assess", whole, "--expect-sha256", expected, NULL);
        assert_status(right ? 1 : 65);
        assert_true(right || strstr(got.err, "was expected") != NULL);
        assert_true((*got.out != '\0') == right);
        snprintf(expected, sizeof expected, "missing.cab=%s", hex);
        run("assess", whole, "--expect-sha256", expected, NULL);
        assert_status(65);
        hex[0] = first;
    }
    snprintf(expected, sizeof expected, "=%s", hex);
    run("catalog", path, "--expect-sha256", expected, NULL);
    assert_status(64);
    run("catalog", path, "--expect-sha256", "wsusscn2.cab=00", NULL);
    assert_status(64);
}

static void a_weak_signature_may_be_accepted(void **state)
{
    (void)state;
    static const char catalogs[] = FIXPROOF_SOURCE_DIR "/tests/cases/evidence/catalogs";
    char cab[600];
    char pem[600];
    snprintf(cab, sizeof cab, "%s/sha1.cab", catalogs);
    snprintf(pem, sizeof pem, "%s/sha1.pem", catalogs);
    setenv("SOURCE_DATE_EPOCH", "1798761600", 1); /* 2027-01-01 */
    run("catalog", cab, "--roots", pem, "--trust-any-root", NULL);
    assert_status(0);
    assert_in(got.out, "Result       WEAK");
    run("catalog", cab, "--roots", pem, "--trust-any-root", "--accept-weak", NULL);
    assert_status(0);
    assert_in(got.out, "Result       valid");
    assert_in(got.out, "Weakness     the file's digest is SHA-1");
}

/* A seed of the fuzz target, without the byte that steers it; `stranger` is its root. */
static void a_signed_program_is_told(void **state)
{
    (void)state;
    static char text[TEXT_MAX];
    FILE *file = fopen(FIXPROOF_SOURCE_DIR "/tests/corpus/authentic/pe-plain", "rb");
    assert_non_null(file);
    const size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    write_file(in_folder("roots.pem"), stranger);
    for (unsigned altered = 0; altered < 2; altered++) {
        text[0x451] ^= (char)altered;
        file = fopen(in_folder("a.exe"), "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(text + 1, 1, size - 1, file), size - 1);
        fclose(file);
        run("inventory", in_folder("a.exe"), "--roots", in_folder("roots.pem"), "--trust-any-root",
            NULL);
        assert_status(0);
        assert_in(got.out, altered ? "signature mismatch: " : "Seed Publisher,O=Fixture, valid");
    }
}

/* What an installation adds to trust/ is held to the same pins; a trust/ that is no good is not
 * left out quietly. */
static void trust_of_the_data_directory(void **state)
{
    (void)state;
    char path[600];
    snprintf(path, sizeof path, "%s/wsusscn2.cab", sample("unpatched-symptom"));
    assert_int_equal(mkdir(in_folder("advisories"), 0700), 0);
    assert_int_equal(mkdir(in_folder("products"), 0700), 0);
    run("catalog", path, "--data", folder, NULL);
    assert_status(0);

    assert_int_equal(mkdir(in_folder("trust"), 0700), 0);
    write_file(in_folder("trust/roots.pem"), stranger);
    run("catalog", path, "--data", folder, NULL);
    assert_failed(65);
    assert_in(got.err, "pinned");

    write_file(in_folder("trust/roots.pem"), "nothing");
    run("catalog", path, "--data", folder, NULL);
    assert_failed(65);
    write_file(in_folder("trust/pins.json"), "{}");
    run("catalog", path, "--data", folder, NULL);
    assert_failed(65);
    assert_in(got.err, "pins.json");
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ROW(nothing_to_do_is_a_usage_error),
        ROW(slips_are_told_with_the_nearest_word),
        ROW(what_is_missing_is_told),
        ROW(bad_values_are_told_before_anything_is_read),
        ROW(help_teaches),
        ROW(version_is_one_line),
        ROW(what_cannot_be_opened_is_told),
        ROW(pipes_and_devices_are_no_evidence),
        ROW(one_that_cannot_be_opened_does_not_stop_the_others),
        ROW(evidence_of_no_use_is_no_verdict),
        ROW(two_computers_are_no_verdict),
        ROW(a_closed_standard_input_is_a_read_error),
        ROW(an_unknown_advisory_is_told_with_the_known_ones),
        ROW(a_bad_advisory_is_told_with_its_line),
        ROW(lint_lists_all_errors_and_goes_on),
        ROW(lint_meets_hostile_data),
        ROW(lint_refuses_what_is_large),
        ROW(lint_speaks_sarif),
        ROW(a_finding_keeps_its_fingerprint_when_lines_move),
        ROW(findings_replace_no_advisory),
        ROW(verbs_of_advisory_write_to_files),
        ROW(an_unknown_rule_lowers_the_assurance),
        ROW(what_may_be_fixed_is_not_confirmed),
        ROW(cases_of_an_advisory_are_tried),
        ROW(a_new_advisory_lints_and_its_case_fails),
        ROW(a_new_advisory_of_updates_and_servicing),
        ROW(a_new_advisory_is_refused),
        ROW(advisories_are_listed_and_shown),
        ROW(data_that_was_asked_for_is_never_replaced),
        ROW(a_report_file_is_whole_or_the_old_one),
        ROW(a_report_replaces_no_evidence),
        ROW(a_file_size_limit_is_told),
        ROW(a_full_disk_is_told),
        ROW(a_reader_that_went_away_is_told),
        ROW(a_closed_standard_output_is_told),
        ROW(the_same_command_writes_the_same_bytes),
        ROW(the_place_of_the_data_does_not_show),
        ROW(what_gives_no_verdict_tells_its_settings),
        ROW(help_tells_the_exit_status_of_the_command),
        ROW(what_is_declared_is_not_folded_away),
        ROW(a_declared_fact_is_no_change_of_the_server),
        ROW(what_would_show_a_fix_is_told_by_diff),
        ROW(a_conclusion_keeps_the_caveats),
        ROW(settings_are_recorded),
        ROW(the_locale_does_not_show),
        ROW(file_times_do_not_show),
        ROW(a_dash_is_standard_output),
        ROW(several_formats_come_from_one_run),
        ROW(a_monitor_gets_its_own_exit_status),
        ROW(a_format_belongs_to_its_commands),
        ROW(colour_only_when_asked_for),
        ROW(samples_give_their_exit_status),
        ROW(confirm_wants_proof_from_after_the_change),
        ROW(confirm_reads_the_report_before),
        ROW(diff_takes_two_reports),
        ROW(a_change_record_needs_an_id),
        ROW(a_change_is_recorded_before_and_after),
        ROW(a_record_takes_the_state_from_before),
        ROW(what_is_declared_is_told_as_declared),
        ROW(records_are_lines_of_four_fields),
        ROW(a_hive_without_its_newest_changes_is_told_beside_its_hotfixes),
        ROW(the_other_views_work_on_a_sample),
        ROW(details_come_from_the_cabinets_that_hold_them),
        ROW(ignored_children_are_waited_for),
        ROW(an_advisory_asks_a_catalogue),
        ROW(an_altered_catalogue_is_told),
        ROW(each_catalogue_named_is_one),
        ROW(roots_that_nobody_pinned_are_told),
        ROW(roots_of_a_folder),
        ROW(an_expected_digest_is_held_to),
        ROW(a_weak_signature_may_be_accepted),
        ROW(a_signed_program_is_told),
        ROW(trust_of_the_data_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
