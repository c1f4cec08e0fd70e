/* SPDX-License-Identifier: MIT */
/* Cases of advisories as text: what is read of them, what is refused and where, and whether what
 * does not come as expected is told. */
#include "tests/support/case_world.h"
#include "tests/support/check.h"
#include "verify/decide/trial_run.h"

#include <stdio.h>

enum { BUDGET = 8 * 1024 * 1024, TEXT_MAX = 16 * 1024 };

static const char good[] = "# a comment\n"
                           "about     SP1 without the hotfix\n"
                           "\n"
                           "registry  HKLM\\SOFTWARE\n"
                           "  Microsoft\\SMS\\Setup\n"
                           "    Full Version = 4.00.6221.1000\n"
                           "    TYPE = dword:1\n"
                           "    Path = C:\\a \"b\"\n"
                           "    @ = \n"
                           "  Microsoft\\Updates\n"
                           "log       wsyncmgr.log SMS_WSUS_SYNC_MANAGER\n"
                           "  2008-06-13T02:03:11.5+02:00 Performing legacy sync\n"
                           "  a line of another kind\n"
                           "file      updatewuscatalog.exe version 4.00.6221.1000\n"
                           "declare   sms2003-clients = yes\n"
                           "expect    affected unpatched\n"
                           "caveats   0\n";

static const char export[] = "Windows Registry Editor Version 5.00\r\n"
                             "\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE]\r\n"
                             "\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft]\r\n"
                             "\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SMS]\r\n"
                             "\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SMS\\Setup]\r\n"
                             "\"Full Version\"=\"4.00.6221.1000\"\r\n"
                             "\"TYPE\"=dword:00000001\r\n"
                             "\"Path\"=\"C:\\\\a \\\"b\\\"\"\r\n"
                             "@=\"\"\r\n"
                             "\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Updates]\r\n"
                             "[HKEY_USERS]\r\n\r\n";
static const char log_text[] = "Performing legacy sync $$<SMS_WSUS_SYNC_MANAGER><06-13-2008 "
                               "00:03:11.500+0><thread=1 (0x1)>\r\n"
                               "a line of another kind\r\n";

typedef struct told { /* of the first error */
    size_t errors;
    uint64_t line, column;
    char message[400];
} told;

static void hear(void *context, const fp_lint *lint)
{
    told *t = context;
    if (t->errors++ > 0)
        return;
    t->line = lint->line;
    t->column = lint->column;
    (void)snprintf(t->message, sizeof t->message, "%.*s", FP_STR_ARG(lint->message));
}

static const fp_trial *read_text(const char *text, size_t size, fp_arena *arena, told *t,
                                 fp_status *status)
{
    const fp_trial *trial = NULL;
    fp_diag d = {0};
    *status = fp_trial_read(fp_span_of(text, size), arena, hear, t, &trial, &d);
    assert_true((*status == FP_OK) == (trial != NULL));
    assert_int_equal(d.status, *status);
    if (*status == FP_FORMAT)
        assert_int_equal(d.where, t->line);
    return trial;
}

static void test_good(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_status status;
    told told_of = {0};
    fp_time since;
    const fp_trial *t = read_text(good, strlen(good), arena, &told_of, &status);
    if (t == NULL)
        fail_msg("%llu:%llu: %s", (unsigned long long)told_of.line,
                 (unsigned long long)told_of.column, told_of.message);
    assert_str(t->about, "SP1 without the hotfix");
    assert_int_equal(t->item_count, 2);
    assert_str(t->items[0].content, export);
    assert_string_equal(t->items[1].name, "wsyncmgr.log");
    assert_str(t->items[1].content, log_text);
    assert_int_equal(t->file_count, 1);
    assert_true(t->files[0].has_version && !t->files[0].hashed);
    assert_int_equal(t->files[0].version.part[3], 1000);
    assert_int_equal(t->declared_count, 1);
    assert_str(t->declared[0].value, "yes");
    assert_int_equal(t->verdict, FP_AFFECTED);
    assert_str(t->reason, "unpatched");
    assert_int_equal(t->possible, 1U << FP_AFFECTED);
    assert_true(t->counts_caveats && !t->confirm && t->since == FP_TIME_NONE);
    assert_true(fp_time_parse(FP_STR("2008-06-13"), &since));
    fp_arena_free(arena);
}

typedef struct row {
    const char *name, *find, *put;
    uint64_t line, column;
} row;

static const row rows[] = {
    {"unknown keyword", "file  ", "fiel  ", 14, 1},
    {"no about", "about     SP1 without the hotfix\n", "", 16, 1},
    {"about twice", "declare   sms2003-clients = yes", "about     twice", 15, 11},
    {"no evidence of any kind", "registry  HKLM\\SOFTWARE", "# \xC3\xA9", 5, 3},
    {"registry without a key", "registry  HKLM\\SOFTWARE", "registry", 4, 9},
    {"registry of no path", "registry  HKLM\\SOFTWARE", "registry  SOFTWARE", 4, 11},
    {"registry of no root key", "registry  HKLM\\SOFTWARE", "registry  HKLMx\\SOFTWARE", 4, 11},
    {"key with its root", "  Microsoft\\Updates", "  HKLM\\Updates", 10, 3},
    {"key with a stroke behind", "  Microsoft\\Updates", "  Microsoft\\", 10, 3},
    {"key with an empty name", "  Microsoft\\Updates", "  Microsoft\\\\a", 10, 3},
    {"key that closes the line", "  Microsoft\\Updates", "  Microsoft]", 10, 3},
    {"value behind another key", "  Microsoft\\Updates\n", "  Microsoft\n    a = b\n", 11, 5},
    {"no number", "dword:1", "dword:x", 7, 12},
    {"number too long", "dword:1", "dword:123456789", 7, 12},
    {"log without a name", "log       wsyncmgr.log SMS_WSUS_SYNC_MANAGER", "log", 11, 4},
    {"log with too many names", "SYNC_MANAGER", "SYNC_MANAGER x", 11, 46},
    {"dated line without a component", " SMS_WSUS_SYNC_MANAGER", "", 12, 3},
    {"file without a name", "file      updatewuscatalog.exe version 4.00.6221.1000", "file", 14, 5},
    {"file of no version", "version 4.00.6221.1000", "version 4.00.x", 14, 32},
    {"file of no digest", "version 4.00.6221.1000", "sha256 00ff", 14, 32},
    {"file with a foreign property", "version 4.00.6221.1000", "size 7", 14, 32},
    {"record without a host", "declare   sms2003-clients = yes", "collected 2008-06-20", 15, 11},
    {"record of no host", "declare   sms2003-clients = yes", "collected 2008-06-20 a\"b", 15, 11},
    {"record without a time", "declare   sms2003-clients = yes", "collected KOLCM01 a", 15, 11},
    {"site updates with a name", "declare   sms2003-clients = yes", "site-updates a.csv", 15, 14},
    {"package without a state", "declare   sms2003-clients = yes", "site-updates\n A = x", 16, 2},
    {"package that is no pair", "declare   sms2003-clients = yes", "site-updates\n A", 16, 2},
    {"package with a quote", "declare   sms2003-clients = yes", "site-updates\n A\" = 2", 16, 2},
    {"catalogue of no state", "file      updatewuscatalog.exe version 4.00.6221.1000",
     "catalog   good", 14, 11},
    {"catalogue with a name", "file      updatewuscatalog.exe version 4.00.6221.1000",
     "catalog   whole a.cab", 14, 17},
    {"damaged catalogue that holds", "file      updatewuscatalog.exe version 4.00.6221.1000",
     "catalog   damaged 1293995", 14, 19},
    {"update of no property", "file      updatewuscatalog.exe version 4.00.6221.1000",
     "catalog whole\n  kb", 15, 3},
    {"update with a foreign property", "file      updatewuscatalog.exe version 4.00.6221.1000",
     "catalog whole\n  kb KB5 size 7", 15, 10},
    {"update by a number alone", "file      updatewuscatalog.exe version 4.00.6221.1000",
     "catalog whole\n  7", 15, 3},
    {"update of nothing that is asked for", "file      updatewuscatalog.exe version 4.00.6221.1000",
     "catalog whole\n  deployment_action Bundle", 15, 3},
    {"update of no GUID", "file      updatewuscatalog.exe version 4.00.6221.1000",
     "catalog whole\n  update_id {0b0e5f0c}", 15, 3},
    {"update of no KB", "file      updatewuscatalog.exe version 4.00.6221.1000",
     "catalog whole\n  kb 5x", 15, 3},
    {"update of no revision", "file      updatewuscatalog.exe version 4.00.6221.1000",
     "catalog whole\n  revision 4294967296", 15, 3},
    {"update in a damaged catalogue", "file      updatewuscatalog.exe version 4.00.6221.1000",
     "catalog damaged\n  kb KB5", 15, 3},
    {"catalogue of no digest", "file      updatewuscatalog.exe version 4.00.6221.1000",
     "catalog   weak sha256 00ff", 14, 16},
    {"declaration without a value", "sms2003-clients = yes", "sms2003-clients", 15, 11},
    {"declaration of nothing", "sms2003-clients = yes", "sms2003-clients = ", 15, 11},
    {"confirm without a time", "declare   sms2003-clients = yes", "confirm   yesterday", 15, 11},
    {"no verdict of that name", "affected unpatched", "afected unpatched", 16, 11},
    {"no reason", "affected unpatched", "affected", 16, 11},
    {"expectation twice", "caveats   0", "expect    fixed x", 17, 11},
    {"no expectation", "expect    affected unpatched\n", "", 16, 1},
    {"undetermined without the rest", "affected unpatched", "undetermined unpatched", 17, 1},
    {"a definite verdict that misses something", "caveats   0", "missing   marker", 17, 1},
    {"possibly undetermined", "caveats   0", "possible  undetermined", 17, 11},
    {"no number of caveats", "caveats   0", "caveats   few", 17, 11},
    {"an item of no state", "caveats   0", "checklist done a", 17, 11},
    {"a state without items", "caveats   0", "checklist failed", 17, 11},
    {"a state twice", "caveats   0", "checklist failed a\nchecklist failed b", 18, 11},
    {"a line that belongs to nothing", "caveats   0", "  caveats 0", 17, 3},
    {"a control character", "caveats   0", "caveats\x01 0", 17, 1},
    {"not UTF-8", "caveats   0", "caveats   \xE9", 17, 1},
};

static void test_row(void **state)
{
    const row *r = *state;
    const char *at = strstr(good, r->find);
    char text[TEXT_MAX];
    told t = {0};
    fp_status status;
    assert_non_null(at);
    (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, r->put,
                   at + strlen(r->find));
    fp_arena *arena = fp_arena_new(BUDGET);
    (void)read_text(text, strlen(text), arena, &t, &status);
    fp_arena_free(arena);
    assert_int_equal(status, FP_FORMAT);
    if (t.line != r->line || t.column != r->column)
        fail_msg("told at %llu:%llu: %s", (unsigned long long)t.line, (unsigned long long)t.column,
                 t.message);
}

static void test_cut_anywhere(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof good; size++) {
        fp_arena *arena = fp_arena_new(BUDGET);
        char *copy = malloc(size + 1); /* the sanitizer's edge */
        told t = {0};
        fp_status status;
        assert_non_null(copy);
        memcpy(copy, good, size);
        (void)read_text(copy, size, arena, &t, &status);
        assert_true(status == FP_OK || status == FP_FORMAT);
        free(copy);
        fp_arena_free(arena);
    }
}

static void test_budgets(void **state)
{
    static const char catalog[] = "about a\ncatalog whole 7\n kb KB5 deployment_action Bundle\n"
                                  "expect affected unpatched\n";
    static const char *const texts[] = {good, catalog};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fp_status status = FP_NOMEM;
        size_t refused = 0;
        for (size_t budget = 0; status == FP_NOMEM; budget += 64) {
            told t = {0};
            fp_arena *arena = fp_arena_new(budget);
            (void)read_text(texts[i], strlen(texts[i]), arena, &t, &status);
            assert_true(status == FP_OK || status == FP_NOMEM);
            refused += status == FP_NOMEM;
            fp_arena_free(arena);
        }
        assert_true(refused > 10);
    }
}

/* Of `size` bytes: the line of the first error, or 0. */
static uint64_t line_refused(const char *text, size_t size, fp_status expected)
{
    told t = {0};
    fp_status status;
    fp_arena *arena = fp_arena_new(BUDGET);
    (void)read_text(text, size, arena, &t, &status);
    fp_arena_free(arena);
    assert_int_equal(status, expected);
    return t.line;
}

/* `head`, and behind it `count` times `line`. */
static size_t repeat(char *text, const char *head, const char *line, size_t count)
{
    size_t size = (size_t)sprintf(text, "%s", head);
    for (size_t i = 0; i < count; i++)
        size += (size_t)sprintf(text + size, "%s%zu\n", line, i);
    return size;
}

static void test_limits(void **state)
{
    (void)state;
    static const char *const lines[] = {"catalog whole ", "registry  HKLM\\A",
                                        "log x",          "file a",
                                        "declare a = b",  "collected 2008-06-20 a"};
    char *text = malloc(FP_TRIAL_SIZE_MAX + 1);
    assert_non_null(text);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_true(line_refused(text, repeat(text, "", lines[i], 40), FP_FORMAT) > 1);
    size_t size = repeat(text, "registry  HKLM\\A\n", " k", FP_TRIAL_KEYS_MAX + 1);
    assert_int_equal(line_refused(text, size, FP_FORMAT), FP_TRIAL_KEYS_MAX + 1);
    size = repeat(text, "catalog whole\n", " kb ", FP_TRIAL_UPDATES_MAX + 1);
    assert_int_equal(line_refused(text, size, FP_FORMAT), FP_TRIAL_UPDATES_MAX + 2);
    memset(text, '#', FP_TRIAL_SIZE_MAX + 1);
    (void)line_refused(text, FP_TRIAL_SIZE_MAX + 1, FP_LIMIT);
    free(text);
}

/* ---- trying ---- */

#define SP1                                                                                        \
    "about a\nregistry HKLM\\SOFTWARE\n Microsoft\\SMS\\Setup\n  Full Version = "                  \
    "4.00.6221.1000\n Microsoft\\Updates\n"
#define LINE(time, text) " 2008-06-" time "Z " text "\n"
#define STATUS(id)                                                                                 \
    "STATMSG: ID=" id " SEV=I LEV=M SOURCE=\"SMS Server\" COMP=\"SMS_WSUS_SYNC_MANAGER\""
#define LOG         "log wsyncmgr.log SMS_WSUS_SYNC_MANAGER\n"
#define RUN_WITHOUT LOG LINE("12T00:00:00", STATUS("6701")) LINE("12T00:10:00", STATUS("6702"))
#define RUN_WITH                                                                                   \
    LOG LINE("13T00:00:00", STATUS("6701")) LINE("13T00:01:00", "Performing legacy sync")          \
        LINE("13T00:02:00", "Updates summary: 3 processed, 2 matched, 1 outdated, 1 updated")      \
            LINE("13T00:10:00", STATUS("6702"))
#define IN_USE "declare sms2003-clients = yes\n"

typedef struct trial_row {
    const char *name, *text, *problem; /* NULL: it comes as expected */
} trial_row;

static const trial_row trial_rows[] = {
    {"as expected", SP1 IN_USE "expect affected unpatched\n", NULL},
    {"another verdict", SP1 IN_USE "expect fixed unpatched\n", "verdict: affected, expected fixed"},
    {"another reason", SP1 IN_USE "expect affected unpatched_symptom_seen\n",
     "reason: unpatched, expected unpatched_symptom_seen"},
    {"other verdicts possible",
     SP1 "expect undetermined evidence_missing\npossible affected fixed\n"
         "missing legacy-path-in-use legacy-sync-failed\n",
     "possible: affected not_applicable, expected affected fixed"},
    {"another one missing first",
     SP1 "expect undetermined evidence_missing\npossible affected not_applicable\n"
         "missing legacy-sync-failed legacy-path-in-use\n",
     "missing: legacy-path-in-use legacy-sync-failed"},
    {"one missing too few",
     SP1 "expect undetermined evidence_missing\npossible affected not_applicable\n"
         "missing legacy-path-in-use\n",
     "missing: legacy-path-in-use legacy-sync-failed"},
    {"none missing",
     SP1 "expect undetermined evidence_missing\npossible affected not_applicable\nmissing none\n",
     "missing: legacy-path-in-use legacy-sync-failed"},
    {"another assurance", SP1 IN_USE "expect affected unpatched\nassurance effective\n",
     "assurance: , expected effective"},
    {"other caveats", SP1 IN_USE "expect affected unpatched\ncaveats 1\n",
     "caveats: 0, expected 1"},
    {"items as they are",
     SP1 IN_USE "expect affected unpatched\nchecklist ticked in-scope\nchecklist failed installed\n"
                "checklist declared legacy-path\nchecklist aside none\n",
     NULL},
    {"an item that is not ticked",
     SP1 IN_USE "expect affected unpatched\nchecklist ticked in-scope installed\n",
     "checklist ticked: in-scope"},
    {"an item too few", SP1 IN_USE "expect affected unpatched\nchecklist failed none\n",
     "checklist failed: installed"},
    {"nothing usable", "about a\nlog x.txt\n nothing\nexpect affected unpatched\n",
     "the evidence carries no verdict"},
    {"a record names another computer",
     SP1 " Microsoft\\SMS\\Identification\n  Site Server = A\ncollected 2008-06-20 B\n"
         "expect affected unpatched\n",
     "the evidence carries no verdict"},
    {"use seen in one run", SP1 RUN_WITH "expect affected unpatched\n", NULL},
    /* One run without it is taken to show that it is not in use, which the other run disproves. */
    {"more evidence, another verdict", SP1 RUN_WITHOUT RUN_WITH "expect affected unpatched\n",
     "without wsyncmgr.log the verdict is not_applicable, with it affected"},
};

static void test_trial(void **state)
{
    const trial_row *r = *state;
    fp_arena *arena = fp_arena_new(BUDGET);
    told t = {0};
    fp_status status;
    const fp_trial *trial = read_text(r->text, strlen(r->text), arena, &t, &status);
    if (trial == NULL)
        fail_msg("%llu: %s", (unsigned long long)t.line, t.message);
    fp_coverage coverage;
    fp_trial_problems problems = {.count = 0};
    assert_int_equal(fp_coverage_new(world.advisory, arena, &coverage), FP_OK);
    assert_int_equal(
        fp_trial_run(trial, world.advisory, world.releases, arena, &coverage, &problems, NULL),
        FP_OK);
    const bool usable = r->problem == NULL || strstr(r->problem, "no verdict") == NULL;
    assert_int_equal(fp_coverage_rules(&coverage), usable ? 1 : 0);
    if (problems.count != (r->problem != NULL))
        fail_msg("%zu problems, the first: %.*s", problems.count,
                 problems.count > 0 ? (int)problems.at[0].size : 0,
                 problems.count > 0 ? problems.at[0].data : "");
    if (r->problem != NULL && !fp_str_starts(problems.at[0], fp_str_of(r->problem)))
        fail_msg("told: %.*s", FP_STR_ARG(problems.at[0]));
    fp_arena_free(arena);
}

static void test_coverage(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    told t = {0};
    fp_status status;
    const char *text = SP1 IN_USE "expect affected unpatched\n";
    const fp_trial *trial = read_text(text, strlen(text), arena, &t, &status);
    fp_coverage c;
    fp_trial_problems problems = {.count = 0};
    assert_non_null(trial);
    assert_int_equal(fp_coverage_new(world.advisory, arena, &c), FP_OK);
    assert_int_equal(fp_coverage_rules(&c), 0);
    assert_int_equal(
        fp_trial_run(trial, world.advisory, world.releases, arena, &c, &problems, NULL), FP_OK);
    assert_int_equal(fp_coverage_rules(&c), 1);
    assert_int_equal(c.verdicts, 1U << FP_AFFECTED);
    assert_false(c.undetermined);
    for (size_t i = 0; i < world.advisory->test_count; i++) {
        const fp_str name = world.advisory->tests[i].name;
        if (fp_str_eq(name, FP_STR("site-server")))
            assert_true(c.answers[i][FP_TRUE] && !c.answers[i][FP_FALSE]);
        if (fp_str_eq(name, FP_STR("fix-marker")))
            assert_true(!c.answers[i][FP_TRUE] && c.answers[i][FP_FALSE]);
        if (fp_str_eq(name, FP_STR("legacy-sync-failed")))
            assert_true(c.answers[i][FP_UNKNOWN] && !c.answers[i][FP_FALSE]);
    }
    fp_arena_free(arena);
}

int main(void)
{
    enum { ROWS = sizeof rows / sizeof *rows, TRIALS = sizeof trial_rows / sizeof *trial_rows };
    static const struct CMUnitTest fixed[] = {
        cmocka_unit_test(test_good),     cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_budgets),  cmocka_unit_test(test_limits),
        cmocka_unit_test(test_coverage),
    };
    enum { FIXED = sizeof fixed / sizeof *fixed };
    struct CMUnitTest tests[FIXED + ROWS + TRIALS];
    memcpy(tests, fixed, sizeof fixed);
    for (size_t i = 0; i < ROWS; i++)
        tests[FIXED + i] = (struct CMUnitTest){.name = rows[i].name,
                                               .test_func = test_row,
                                               .initial_state = (void *)(uintptr_t)&rows[i]};
    for (size_t i = 0; i < TRIALS; i++)
        tests[FIXED + ROWS + i] =
            (struct CMUnitTest){.name = trial_rows[i].name,
                                .test_func = test_trial,
                                .initial_state = (void *)(uintptr_t)&trial_rows[i]};
    return cmocka_run_group_tests(tests, case_world_setup, case_world_teardown) != 0;
}
