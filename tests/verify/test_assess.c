/* SPDX-License-Identifier: MIT */
/* The tests' kinds, the table of advisory 954474 by truths, and what a result says. */
#include "tests/support/check.h"
#include "verify/decide/assess.h"
#include "verify/decide/criteria.h"

#include <stdio.h>

enum {
    BUDGET = 16 * 1024 * 1024,
    TEXT_MAX = 256 * 1024,
    A = 1U << FP_AFFECTED,
    F = 1U << FP_FIXED,
    N = 1U << FP_NOT_APPLICABLE
};

/* ---- a case made by hand ---- */

typedef struct bench {
    fp_arena *arena;
    const fp_advisory *advisory;
    fp_case_options opened_with;
    fp_case c;
    fp_history history;
    fp_log_file file;
} bench;

static const fp_advisory *shipped(fp_arena *arena)
{
    const fp_advisory *advisory = NULL;
    FILE *file = fopen(FIXPROOF_SOURCE_DIR "/data/advisories/954474.json", "rb");
    char *text = fp_arena_alloc(arena, TEXT_MAX);
    assert_non_null(file);
    assert_non_null(text);
    const size_t size = fread(text, 1, TEXT_MAX, file);
    (void)fclose(file);
    assert_int_equal(fp_advisory_read(fp_span_of(text, size), arena, NULL, NULL, &advisory, NULL),
                     FP_OK);
    return advisory;
}

/* Nothing known: an empty registry, no logs. */
static int open_bench(void **state)
{
    bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    b->arena = fp_arena_new(BUDGET);
    assert_non_null(b->arena);
    b->advisory = shipped(b->arena);
    b->opened_with = (fp_case_options){.advisories = &b->advisory, .advisory_count = 1};
    b->c.arena = b->arena;
    b->c.registry = fp_registry_new(b->arena);
    b->c.hotfixes.registry = b->c.registry;
    b->c.history = &b->history;
    b->c.collected_at = FP_TIME_NONE;
    b->history.files = &b->file;
    *state = b;
    return 0;
}

static int close_bench(void **state)
{
    bench *b = *state;
    fp_arena_free(b->arena);
    free(b);
    return 0;
}

static void add_registry(bench *b, const char *text)
{
    fp_registry_soundness soundness;
    assert_int_equal(fp_registry_add_export(b->c.registry, 1, fp_span_of(text, strlen(text)), NULL,
                                            NULL, NULL, &soundness),
                     FP_OK);
    assert_int_equal(soundness, FP_REG_SOUND);
}

#define RECORD    "\"InstalledBy\"=\"admin\"\r\n"
#define UPDATES   "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Updates]\r\n\r\n"
#define UPDATES32 "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\Microsoft\\Updates]\r\n\r\n"
#define PRODUCT_KEY                                                                                \
    "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Updates\\System Center Configuration Manager 2007"
#define MARKER                                                                                     \
    PRODUCT_KEY "]\r\n\r\n" PRODUCT_KEY "\\SP1]\r\n\r\n" PRODUCT_KEY "\\SP1\\KB954474]\r\n" RECORD \
                "\r\n"
#define HOLLOW_MARKER                                                                              \
    PRODUCT_KEY "]\r\n\r\n" PRODUCT_KEY "\\SP1]\r\n\r\n" PRODUCT_KEY "\\SP1\\KB954474]\r\n\r\n"
/* A key behind all others: the export was not cut off before. */
#define BEHIND "[HKEY_USERS]\r\n\r\n"
#define HEADER "Windows Registry Editor Version 5.00\r\n\r\n"

static void set_version(bench *b, const char *version)
{
    b->c.product.installed = FP_TRUE;
    b->c.product.has_version = fp_version_parse(fp_str_of(version), &b->c.product.version);
    assert_true(b->c.product.has_version);
}

static fp_time at(const char *text)
{
    fp_time t = FP_TIME_NONE;
    assert_true(fp_time_parse(fp_str_of(text), &t));
    return t;
}

static const fp_test *named(const bench *b, const char *name)
{
    for (size_t i = 0; i < b->advisory->test_count; i++)
        if (fp_str_eq(b->advisory->tests[i].name, fp_str_of(name)))
            return &b->advisory->tests[i];
    fail_msg("no test %s", name);
    return NULL;
}

static fp_test_result ask_since(bench *b, const char *name, fp_time since)
{
    const fp_test *test = named(b, name);
    const fp_test_context context = {.casefile = &b->c,
                                     .advisory = b->advisory,
                                     .since = since,
                                     .arena = b->arena,
                                     .findings = &b->c.findings};
    fp_test_result result = {0};
    assert_int_equal(test->kind->evaluate(&context, test->arguments, &result), FP_OK);
    return result;
}

static fp_tri ask(bench *b, const char *name)
{
    return ask_since(b, name, FP_TIME_NONE).is;
}

static void declare(bench *b, fp_statement *s, const char *key, const char *value)
{
    *s = (fp_statement){.key = fp_str_of(key), .value = fp_str_of(value)};
    b->c.statements = s;
    b->c.statement_count = 1;
}

/* ---- site-server ---- */

static void test_site_server(void **state)
{
    bench *b = *state;
    assert_int_equal(ask(b, "site-server"), FP_UNKNOWN);
    assert_int_equal(ask(b, "listed-release"), FP_UNKNOWN);

    b->c.product.installed = FP_FALSE;
    assert_int_equal(ask(b, "site-server"), FP_FALSE);
    assert_int_equal(ask(b, "listed-release"), FP_FALSE);

    b->c.product.installed = FP_TRUE; /* and no version */
    b->c.product.why = FP_WHY_CONFLICTING;
    assert_int_equal(ask(b, "site-server"), FP_TRUE);
    assert_int_equal(ask(b, "listed-release"), FP_UNKNOWN);
    assert_int_equal(ask_since(b, "listed-release", FP_TIME_NONE).why, FP_WHY_CONFLICTING);
}

static void test_releases(void **state)
{
    static const struct {
        const char *version, *holds;
    } rows[] = {
        {"2.00.1239.0000", "earlier-release"},
        {"2.50.4253.3000", "earlier-release"},
        {"2.99", "earlier-release"},
        {"3.0", ""},
        {"1.9", ""},
        {"4.00.5135.0000", ""},
        {"4.00.5930.9999", ""},
        {"4.00.5931", "listed-release"},
        {"4.0.5931.0001", "listed-release"},
        {"4.00.6221.1000", "listed-release"},
        {"4.00.6486.9999", "listed-release"},
        {"4.00.6487.0000", "sp2-or-later"},
        {"4.00.6487.2207", "sp2-or-later"},
        {"4.01", ""},
        {"4.99.9999", ""},
        {"5.00.7711.0000", "later-release"},
        {"5.00.9146.1027", "later-release"},
    };
    static const char *const names[] = {"earlier-release", "listed-release", "sp2-or-later",
                                        "later-release"};
    bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        set_version(b, rows[i].version);
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (ask(b, names[k]) != fp_tri_of(strcmp(rows[i].holds, names[k]) == 0))
                fail_msg("%s: %s", rows[i].version, names[k]);
    }
}

/* ---- hotfix ---- */

static void test_marker(void **state)
{
    bench *b = *state;
    assert_int_equal(ask(b, "fix-marker"), FP_UNKNOWN);
    assert_int_equal(ask(b, "fix-marker-conflict"), FP_UNKNOWN);
    add_registry(b, HEADER UPDATES MARKER BEHIND);
    assert_int_equal(ask(b, "fix-marker"), FP_TRUE);
    assert_int_equal(ask(b, "fix-marker-conflict"), FP_FALSE);
}

static void test_hollow_marker(void **state)
{
    bench *b = *state;
    add_registry(b, HEADER UPDATES HOLLOW_MARKER BEHIND);
    assert_int_equal(ask(b, "fix-marker"), FP_TRUE);
    assert_int_equal(ask(b, "fix-marker-conflict"), FP_TRUE);
}

static void test_marker_absent(void **state)
{
    bench *b = *state;
    add_registry(b, HEADER UPDATES UPDATES32 BEHIND);
    assert_int_equal(ask(b, "fix-marker"), FP_FALSE);
}

static void test_marker_one_view(void **state)
{
    bench *b = *state;
    add_registry(b, HEADER UPDATES BEHIND);
    assert_int_equal(ask(b, "fix-marker"), FP_UNKNOWN); /* the other view was not supplied */
}

static void test_declared_removed(void **state)
{
    bench *b = *state;
    fp_statement s = {.key = FP_STR("hotfix-removed"), .value = FP_STR("954474")};
    b->c.statements = &s;
    b->c.statement_count = 1;
    add_registry(b, HEADER UPDATES MARKER BEHIND);
    assert_int_equal(ask(b, "fix-marker-conflict"), FP_TRUE);
    assert_int_equal(b->c.findings.count, 1);
    s.value = FP_STR("KB954474");
    assert_int_equal(ask(b, "fix-marker-conflict"), FP_TRUE);
    assert_int_equal(b->c.findings.count, 1); /* told once */
    s.value = FP_STR("KB9544");
    assert_int_equal(ask(b, "fix-marker-conflict"), FP_FALSE);
}

static void test_recorded_version(void **state)
{
    static const struct {
        const char *on_disk;
        fp_tri conflict;
    } rows[] = {{NULL, FP_UNKNOWN},
                {"4.0.6221.1018", FP_TRUE},
                {"4.0.6221.1019", FP_FALSE},
                {"4.0.6221.1020", FP_FALSE}};
    bench *b = *state;
    fp_hotfix_file file = {.item = 9, .name = FP_STR("UpdateWusCatalog.exe")};
    b->c.hotfixes.files = &file;
    add_registry(b, HEADER UPDATES MARKER PRODUCT_KEY
                 "\\SP1\\KB954474\\Filelist]\r\n\r\n" PRODUCT_KEY
                 "\\SP1\\KB954474\\Filelist\\0]\r\n\"FileName\"=\"updatewuscatalog.exe\"\r\n"
                 "\"Version\"=\"4.00.6221.1019\"\r\n\r\n" BEHIND);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        b->c.hotfixes.file_count = rows[i].on_disk != NULL;
        if (rows[i].on_disk != NULL)
            assert_true(fp_version_parse(fp_str_of(rows[i].on_disk), &file.version));
        if (ask(b, "fix-marker-conflict") != rows[i].conflict)
            fail_msg("row %zu", i);
    }
}

#define KEY_OF(path)   "[HKEY_LOCAL_MACHINE\\SOFTWARE" path "]\r\n\r\n"
#define SERVICING      "\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing"
#define SERVICING_KEYS KEY_OF(SERVICING) KEY_OF(SERVICING "\\Packages")
/* SOFTWARE down to the packages, and nothing else. */
#define SOFTWARE                                                                                   \
    KEY_OF("")                                                                                     \
    KEY_OF("\\Microsoft")                                                                          \
    KEY_OF("\\Microsoft\\Windows")                                                                 \
    KEY_OF("\\Microsoft\\Windows\\CurrentVersion") SERVICING_KEYS
#define PACKAGE(name, state)                                                                       \
    "[HKEY_LOCAL_MACHINE\\SOFTWARE" SERVICING "\\Packages\\" name                                  \
    "]\r\n\"CurrentState\"=dword:" state "\r\n\r\n"
#define OWN_PACKAGE "Package_for_KB954474~31bf3856ad364e35~amd64~~6.0.1.0"

static void test_what_all_traces_say(void **state)
{
    static const struct {
        const char *registry;
        fp_tri present, conflict, pending;
    } rows[] = {
        {MARKER, FP_TRUE, FP_FALSE, FP_UNKNOWN},
        {UPDATES UPDATES32, FP_FALSE, FP_FALSE, FP_UNKNOWN},
        {SOFTWARE, FP_FALSE, FP_FALSE, FP_FALSE},
        {MARKER PACKAGE(OWN_PACKAGE, "00000070"), FP_TRUE, FP_FALSE, FP_UNKNOWN},
        {MARKER PACKAGE(OWN_PACKAGE, "00000060"), FP_TRUE, FP_FALSE, FP_TRUE},
        {SOFTWARE PACKAGE(OWN_PACKAGE, "00000060"), FP_FALSE, FP_FALSE, FP_TRUE},
        {SOFTWARE PACKAGE(OWN_PACKAGE, "00000000"), FP_FALSE, FP_FALSE, FP_FALSE},
        {SOFTWARE PACKAGE(OWN_PACKAGE, "00000070"), FP_FALSE, FP_TRUE, FP_FALSE},
        {MARKER PACKAGE(OWN_PACKAGE, "00000000"), FP_TRUE, FP_TRUE, FP_UNKNOWN},
        {MARKER PACKAGE(OWN_PACKAGE, "00000099"), FP_TRUE, FP_UNKNOWN, FP_UNKNOWN},
        {PACKAGE(OWN_PACKAGE, "00000060"), FP_UNKNOWN, FP_UNKNOWN, FP_TRUE},
    };
    bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[4096];
        (void)snprintf(text, sizeof text, "%s%s%s", HEADER, rows[i].registry, BEHIND);
        b->c.registry = fp_registry_new(b->arena);
        b->c.hotfixes.registry = b->c.registry;
        add_registry(b, fp_arena_string(b->arena, text, strlen(text)));
        if (ask(b, "fix-marker") != rows[i].present ||
            ask(b, "fix-marker-conflict") != rows[i].conflict ||
            ask(b, "fix-pending") != rows[i].pending)
            fail_msg("row %zu: %s %s %s", i, fp_tri_name(ask(b, "fix-marker")),
                     fp_tri_name(ask(b, "fix-marker-conflict")),
                     fp_tri_name(ask(b, "fix-pending")));
    }
}

/* ---- episode ---- */

static fp_episode failed_at(const char *begin, const char *end, uint32_t item)
{
    return (fp_episode){.outcome = FP_EPISODE_FAILED,
                        .whole = true,
                        .dated = begin != NULL,
                        .begin = begin == NULL ? FP_TIME_NONE : at(begin),
                        .end = end == NULL ? FP_TIME_NONE : at(end),
                        .begin_origin = {item, {NULL, 0}}};
}

static fp_episode done_at(const char *begin, const char *end, uint32_t item, uint64_t processed)
{
    fp_episode e = failed_at(begin, end, item);
    e.outcome = FP_EPISODE_COMPLETED;
    e.has_counts = true;
    e.counts[0] = processed;
    return e;
}

#define INSTALLED "2008-06-19T18:42:10Z"
#define SINCE     "2008-06-19T12:00:00Z"
/* Before the change, between its begin and the installation, after. */
#define B1     "2008-06-12T00:00:00Z"
#define B2     "2008-06-12T00:10:00Z"
#define M1     "2008-06-19T14:00:00Z"
#define M2     "2008-06-19T14:10:00Z"
#define A1     "2008-06-20T00:00:00Z"
#define A2     "2008-06-20T00:10:00Z"
#define A3     "2008-06-21T00:00:00Z"
#define A4     "2008-06-21T00:10:00Z"
#define ACROSS "2008-06-19T18:40:00Z"

typedef struct happened {
    char what; /* F failed, C completed, Z completed with nothing processed, U unknown outcome */
    const char *begin, *end;
    uint32_t item;
} happened;

typedef struct episode_row {
    const char *name;
    happened events[4];
    const char *installed; /* declared */
    const char *since;
    char failed, after, undated, completed; /* T F U */
} episode_row;

static const episode_row episode_rows[] = {
    {"nothing", {{0}}, INSTALLED, NULL, 'U', 'U', 'U', 'U'},
    {"an end that was not seen", {{'U', A1, NULL, 1}}, INSTALLED, NULL, 'U', 'U', 'U', 'U'},
    {"failed after", {{'F', A1, A2, 1}}, INSTALLED, NULL, 'T', 'T', 'F', 'F'},
    {"failed before", {{'F', B1, B2, 1}}, INSTALLED, NULL, 'T', 'F', 'F', 'F'},
    {"failed across the installation", {{'F', ACROSS, A1, 1}}, INSTALLED, NULL, 'T', 'U', 'T', 'F'},
    {"failed, installation not dated", {{'F', A1, A2, 1}}, NULL, NULL, 'T', 'U', 'T', 'F'},
    {"failed, not dated", {{'F', NULL, NULL, 1}}, INSTALLED, NULL, 'T', 'U', 'T', 'F'},
    {"completed after", {{'C', A1, A2, 1}}, INSTALLED, NULL, 'F', 'F', 'F', 'T'},
    {"completed before", {{'C', B1, B2, 1}}, INSTALLED, NULL, 'F', 'F', 'F', 'F'},
    {"completed across the installation",
     {{'C', ACROSS, A1, 1}},
     INSTALLED,
     NULL,
     'F',
     'F',
     'F',
     'U'},
    {"completed, installation not dated", {{'C', A1, A2, 1}}, NULL, NULL, 'F', 'F', 'F', 'U'},
    {"completed, not dated", {{'C', NULL, NULL, 1}}, INSTALLED, NULL, 'F', 'F', 'F', 'U'},
    {"nothing processed", {{'Z', A1, A2, 1}}, INSTALLED, NULL, 'F', 'F', 'F', 'F'},
    {"failed before, completed after",
     {{'F', B1, B2, 1}, {'C', A1, A2, 1}},
     INSTALLED,
     NULL,
     'F',
     'F',
     'F',
     'T'},
    {"failed after, then completed",
     {{'F', A1, A2, 1}, {'C', A3, A4, 2}},
     INSTALLED,
     NULL,
     'F',
     'F',
     'F',
     'T'},
    {"completed after, then failed",
     {{'C', A1, A2, 1}, {'F', A3, A4, 2}},
     INSTALLED,
     NULL,
     'T',
     'T',
     'F',
     'F'},
    {"nothing processed takes no failure back",
     {{'F', A1, A2, 1}, {'Z', A3, A4, 1}},
     INSTALLED,
     NULL,
     'T',
     'T',
     'F',
     'F'},
    {"a failure without time beside a success",
     {{'C', A1, A2, 1}, {'F', NULL, NULL, 2}},
     INSTALLED,
     NULL,
     'T',
     'U',
     'T',
     'U'},
    {"a success without time beside a failure",
     {{'F', A1, A2, 1}, {'C', NULL, NULL, 2}},
     INSTALLED,
     NULL,
     'T',
     'T',
     'F',
     'U'},
    {"without times, one log: its order",
     {{'F', NULL, NULL, 1}, {'C', NULL, NULL, 1}},
     INSTALLED,
     NULL,
     'F',
     'F',
     'F',
     'U'},
    {"without times, one log: failed last",
     {{'C', NULL, NULL, 1}, {'F', NULL, NULL, 1}},
     INSTALLED,
     NULL,
     'T',
     'U',
     'T',
     'F'},
    {"without times, two logs: no order",
     {{'F', NULL, NULL, 1}, {'C', NULL, NULL, 2}},
     INSTALLED,
     NULL,
     'T',
     'U',
     'T',
     'U'},
    {"the begin was rotated away",
     {{'F', NULL, B2, 1}, {'C', A1, A2, 1}},
     INSTALLED,
     NULL,
     'F',
     'F',
     'F',
     'T'},
    {"... in another log",
     {{'F', NULL, B2, 1}, {'C', A1, A2, 2}},
     INSTALLED,
     NULL,
     'T',
     'U',
     'T',
     'U'},
    {"declared as a day: failed that day",
     {{'F', A1, A2, 1}},
     "2008-06-19",
     NULL,
     'T',
     'U',
     'T',
     'F'},
    {"declared as a day: failed two days later",
     {{'F', A3, A4, 1}},
     "2008-06-19",
     NULL,
     'T',
     'T',
     'F',
     'F'},
    {"declared as no time", {{'F', A3, A4, 1}}, "yesterday", NULL, 'T', 'U', 'T', 'F'},
    {"confirm: completed after both", {{'C', A1, A2, 1}}, INSTALLED, SINCE, 'F', 'F', 'F', 'T'},
    {"confirm: before the change, fix older",
     {{'C', A1, A2, 1}},
     INSTALLED,
     A3,
     'F',
     'F',
     'F',
     'F'},
    {"confirm: across the change", {{'C', A1, A3, 1}}, INSTALLED, A2, 'F', 'F', 'F', 'U'},
    {"confirm: after the change, before the installation",
     {{'C', M1, M2, 1}},
     INSTALLED,
     SINCE,
     'F',
     'F',
     'F',
     'F'},
    {"confirm: after the change, installation not dated",
     {{'C', M1, M2, 1}},
     NULL,
     SINCE,
     'F',
     'F',
     'F',
     'T'},
    {"confirm: failed after the change, not dated",
     {{'F', M1, M2, 1}},
     NULL,
     SINCE,
     'T',
     'U',
     'T',
     'F'},
    {"confirm: failed before the change", {{'F', B1, B2, 1}}, NULL, SINCE, 'T', 'F', 'F', 'F'},
};

static fp_tri tri_of_letter(char letter)
{
    return letter == 'T' ? FP_TRUE : letter == 'F' ? FP_FALSE : FP_UNKNOWN;
}

static void check_row(bench *b, const episode_row *r)
{
    fp_episode episodes[4];
    fp_statement s = {.key = FP_STR("hotfix-installed-at"), .value = fp_str_of(r->installed)};
    const fp_time since = r->since == NULL ? FP_TIME_NONE : at(r->since);
    b->c.statements = &s;
    b->c.statement_count = r->installed != NULL;
    b->history.episodes = episodes;
    b->history.episode_count = 0;
    b->history.file_count = 1;
    for (size_t i = 0; i < 4 && r->events[i].what != 0; i++) {
        const happened *h = &r->events[i];
        fp_episode e = h->what == 'F' ? failed_at(h->begin, h->end, h->item)
                                      : done_at(h->begin, h->end, h->item, h->what == 'C' ? 7 : 0);
        if (h->what == 'U')
            e.outcome = FP_EPISODE_UNKNOWN;
        episodes[b->history.episode_count++] = e;
    }
    const char got[4] = {
        "UFT"[ask_since(b, "legacy-sync-failed", since).is],
        "UFT"[ask_since(b, "legacy-sync-failed-after-fix", since).is],
        "UFT"[ask_since(b, "legacy-sync-failure-undated", since).is],
        "UFT"[ask_since(b, "legacy-sync-completed-after-fix", since).is],
    };
    const char expected[4] = {r->failed, r->after, r->undated, r->completed};
    if (memcmp(got, expected, sizeof got) != 0)
        fail_msg("%s: failed, after, undated, completed are %.4s, not %.4s", r->name, got,
                 expected);
}

static void test_episodes(void **state)
{
    bench *b = *state;
    add_registry(b, HEADER UPDATES MARKER BEHIND);
    for (size_t i = 0; i < sizeof episode_rows / sizeof *episode_rows; i++)
        check_row(b, &episode_rows[i]);
}

/* A stretch that was not looked through may hide a failure. */
static void test_holes_in_the_log(void **state)
{
    bench *b = *state;
    fp_statement s;
    fp_episode done = done_at(A1, A2, 1, 5);
    declare(b, &s, "hotfix-installed-at", INSTALLED);
    b->history.episodes = &done;
    b->history.episode_count = 1;
    b->history.file_count = 1;
    static const fp_log_file holes[] = {
        {.hits_lost = true}, {.unmatched = 1}, {.counts.cut_lines = 1}};
    for (size_t i = 0; i < sizeof holes / sizeof *holes; i++) {
        b->file = (fp_log_file){.item = 0};
        assert_int_equal(ask(b, "legacy-sync-failed"), FP_FALSE);
        assert_int_equal(ask(b, "legacy-sync-completed-after-fix"), FP_TRUE);
        b->file = holes[i];
        assert_int_equal(ask(b, "legacy-sync-failed"), FP_UNKNOWN);
        assert_int_equal(ask(b, "legacy-sync-completed-after-fix"), FP_UNKNOWN);
    }
}

/* A log may hold very many episodes: the answer must not take the square of them. */
static void test_many_episodes(void **state)
{
    enum { MANY = 200000 };
    bench *b = *state;
    fp_episode *episodes = calloc(MANY, sizeof *episodes);
    assert_non_null(episodes);
    for (size_t i = 0; i < MANY; i++)
        episodes[i] = i % 2 == 0 ? failed_at(NULL, NULL, 1 + (uint32_t)(i / 2 % 1000))
                                 : done_at(NULL, NULL, 1 + (uint32_t)(i / 2 % 1000), 1);
    b->history.episodes = episodes;
    b->history.episode_count = MANY;
    b->history.file_count = 1;
    assert_int_equal(ask(b, "legacy-sync-failed"), FP_FALSE);
    free(episodes);
}

/* ---- activity ---- */

static void test_in_use(void **state)
{
    /* seen: E an episode, R a whole run without it, r a run with it, - nothing */
    static const struct {
        char seen;
        const char *declared;
        fp_tri is;
        size_t findings;
    } rows[] = {
        {'-', NULL, FP_UNKNOWN, 0},    {'-', "no", FP_FALSE, 0}, {'-', "YES", FP_TRUE, 0},
        {'-', "maybe", FP_UNKNOWN, 1}, {'E', NULL, FP_TRUE, 0},  {'E', "no", FP_TRUE, 1},
        {'E', "yes", FP_TRUE, 0},      {'R', NULL, FP_FALSE, 0}, {'R', "no", FP_FALSE, 0},
        {'R', "yes", FP_UNKNOWN, 1},   {'r', NULL, FP_TRUE, 0},  {'r', "no", FP_TRUE, 1},
    };
    bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fp_statement s = {.key = FP_STR("sms2003-clients"), .value = fp_str_of(rows[i].declared)};
        fp_episode e = {.begin = FP_TIME_NONE, .end = FP_TIME_NONE};
        fp_run run = {.active = rows[i].seen == 'r'};
        b->c.statements = &s;
        b->c.statement_count = rows[i].declared != NULL;
        b->c.findings = (fp_observations){0};
        b->history.episodes = &e;
        b->history.episode_count = rows[i].seen == 'E';
        b->history.runs = &run;
        b->history.run_count = rows[i].seen == 'R' || rows[i].seen == 'r';
        if (ask(b, "legacy-path-in-use") != rows[i].is || b->c.findings.count != rows[i].findings)
            fail_msg("row %zu", i);
    }
}

/* ---- catalog ---- */

static void test_catalog(void **state)
{
    bench *b = *state;
    fp_case_catalog catalogs[2] = {{.item = 1}, {.item = 2}};
    assert_int_equal(ask(b, "catalog-damaged"), FP_FALSE);
    b->c.catalogs = catalogs;
    b->c.catalog_count = 2;
    assert_int_equal(ask(b, "catalog-damaged"), FP_FALSE);
    assert_int_equal(b->c.findings.count, 0);
    catalogs[0].damaged = true;
    assert_int_equal(ask(b, "catalog-damaged"), FP_TRUE);
    assert_int_equal(b->c.findings.count, 1);
}

static const void *read_catalog_test(bench *b, const char *json)
{
    static uint32_t asked[] = {7};
    const fp_advisory advisory = {.revisions = asked, .revision_count = 1};
    const fp_place top = {0};
    fp_json *root = NULL;
    const void *arguments = NULL;
    fp_form form = {.module = "t", .document = fp_span_of(json, strlen(json)), .arena = b->arena};
    assert_int_equal(fp_json_parse(form.document, &root, NULL), FP_OK);
    assert_int_equal(fp_test_catalog.parse(&form, &top, root, &advisory, &arguments), FP_OK);
    fp_json_free(root);
    assert_int_equal(form.errors, 0);
    return arguments;
}

/* What each result of a signature makes of the questions: damaged, authentic, holds update 7. */
static void test_catalog_signatures(void **state)
{
    static const struct {
        fp_authentic_result result;
        fp_tri damaged, authentic, update;
        bool reserved;
    } rows[] = {
        {FP_AUTHENTIC_UNKNOWN, FP_FALSE, FP_UNKNOWN, FP_TRUE, true},
        {FP_AUTHENTIC_UNSIGNED, FP_TRUE, FP_FALSE, FP_UNKNOWN, false},
        {FP_AUTHENTIC_MISMATCH, FP_TRUE, FP_FALSE, FP_UNKNOWN, false},
        {FP_AUTHENTIC_FORGED, FP_TRUE, FP_FALSE, FP_UNKNOWN, false},
        {FP_AUTHENTIC_UNTRUSTED, FP_FALSE, FP_UNKNOWN, FP_TRUE, true},
        {FP_AUTHENTIC_EXPIRED, FP_FALSE, FP_UNKNOWN, FP_TRUE, true},
        {FP_AUTHENTIC_WEAK, FP_FALSE, FP_UNKNOWN, FP_TRUE, true},
        {FP_AUTHENTIC_VALID, FP_FALSE, FP_TRUE, FP_TRUE, false},
    };
    bench *b = *state;
    const void *damaged = read_catalog_test(b, "{\"state\": \"damaged\"}");
    const void *authentic = read_catalog_test(b, "{\"state\": \"authentic\"}");
    const void *update = read_catalog_test(b, "{\"state\": \"update\", \"revision\": [7]}");
    fp_catalog_question q = {.key = {FP_CATALOG_BY_REVISION, .number = 7}, .found = 1};
    fp_catalog catalog = {.questions = &q, .question_count = 1, .packages_read = true};
    fp_authenticity found = {0};
    fp_case_catalog supplied = {.item = 1, .catalog = &catalog, .authenticity = &found};
    const fp_test_context context = {
        .casefile = &b->c, .advisory = b->advisory, .arena = b->arena, .findings = &b->c.findings};
    b->c.catalogs = &supplied;
    b->c.catalog_count = 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fp_test_result r[3] = {0};
        found.result = rows[i].result;
        assert_int_equal(fp_test_catalog.evaluate(&context, damaged, &r[0]), FP_OK);
        assert_int_equal(fp_test_catalog.evaluate(&context, authentic, &r[1]), FP_OK);
        assert_int_equal(fp_test_catalog.evaluate(&context, update, &r[2]), FP_OK);
        if (r[0].is != rows[i].damaged || r[1].is != rows[i].authentic ||
            r[2].is != rows[i].update || (r[0].reserved.size > 0) != rows[i].reserved ||
            (r[2].reserved.size > 0) != rows[i].reserved || r[1].reserved.size > 0)
            fail_msg("%s: %d %d %d", fp_authentic_result_name(found.result), r[0].is, r[1].is,
                     r[2].is);
        supplied.damaged = true; /* whoever signed it */
        r[1] = (fp_test_result){0};
        assert_int_equal(fp_test_catalog.evaluate(&context, authentic, &r[1]), FP_OK);
        assert_int_equal(r[1].is, FP_FALSE);
        supplied.damaged = false;
    }
    b->c.catalogs = NULL;
    b->c.catalog_count = 0;
    fp_test_result none = {0};
    assert_int_equal(fp_test_catalog.evaluate(&context, authentic, &none), FP_OK);
    assert_int_equal(none.is, FP_UNKNOWN);
    assert_int_equal(none.why, FP_WHY_NOT_SUPPLIED);
}

/* Only `damaged` is about what was handed in: not so of nothing, and that is said. */
static void without_a_catalogue_nothing_is_known_of_one(void **state)
{
    static const struct {
        const char *test;
        fp_tri is;
    } rows[] = {
        {"{\"state\": \"damaged\"}", FP_FALSE},
        {"{\"state\": \"authentic\"}", FP_UNKNOWN},
        {"{\"state\": \"update\", \"revision\": [7]}", FP_UNKNOWN},
        {"{\"state\": \"unexpected-action\", \"expected\": [\"Bundle\"]}", FP_UNKNOWN},
        {"{\"state\": \"duplicate-revision\"}", FP_UNKNOWN},
        {"{\"state\": \"known\", \"sha256\": [\"00000000000000000000000000000000"
         "00000000000000000000000000000000\"]}",
         FP_UNKNOWN},
    };
    bench *b = *state;
    const fp_test_context context = {
        .casefile = &b->c, .advisory = b->advisory, .arena = b->arena, .findings = &b->c.findings};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fp_test_result r = {0};
        const void *arguments = read_catalog_test(b, rows[i].test);
        assert_int_equal(fp_test_catalog.evaluate(&context, arguments, &r), FP_OK);
        assert_int_equal(r.is, rows[i].is);
        if (r.is == FP_UNKNOWN)
            assert_int_equal(r.why, FP_WHY_NOT_SUPPLIED);
        else
            assert_str(r.observations.at[0].value, "no catalogue was handed in");
    }
}

/* A digest that whoever asks vouches for stands in for a signature that is not shown, never for one
 * that is broken; what an advisory lists is known by its content alone. */
static void test_catalog_digests(void **state)
{
    static const uint8_t zeros[FP_SHA256_SIZE];
    static const uint8_t ones[FP_SHA256_SIZE] = {1};
    bench *b = *state;
    const void *known = read_catalog_test(
        b, "{\"state\": \"known\", \"sha256\": [\"00000000000000000000000000000000"
           "00000000000000000000000000000000\"]}");
    const void *authentic = read_catalog_test(b, "{\"state\": \"authentic\"}");
    fp_authenticity found = {.result = FP_AUTHENTIC_UNTRUSTED};
    fp_case_catalog supplied[2] = {{.item = 1, .authenticity = &found, .expected = true},
                                   {.item = 2, .authenticity = &found, .expected = true}};
    const fp_test_context context = {
        .casefile = &b->c, .advisory = b->advisory, .arena = b->arena, .findings = &b->c.findings};
    const struct {
        const uint8_t *first, *second;
        fp_tri is;
    } rows[] = {{zeros, zeros, FP_TRUE},
                {zeros, ones, FP_FALSE},
                {NULL, ones, FP_FALSE},
                {zeros, NULL, FP_UNKNOWN}};
    fp_test_result none = {0};
    assert_int_equal(fp_test_catalog.evaluate(&context, known, &none), FP_OK);
    assert_int_equal(none.is, FP_UNKNOWN);
    b->c.catalogs = supplied;
    b->c.catalog_count = 2;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fp_test_result r = {0};
        supplied[0].sha256 = rows[i].first;
        supplied[1].sha256 = rows[i].second;
        assert_int_equal(fp_test_catalog.evaluate(&context, known, &r), FP_OK);
        assert_int_equal(r.is, rows[i].is);
        assert_int_equal(r.why, r.is == FP_UNKNOWN ? FP_WHY_UNREADABLE : r.why);
    }
    fp_test_result vouched = {0};
    assert_int_equal(fp_test_catalog.evaluate(&context, authentic, &vouched), FP_OK);
    assert_int_equal(vouched.is, FP_TRUE);
    for (found.result = FP_AUTHENTIC_UNSIGNED; found.result <= FP_AUTHENTIC_FORGED;
         found.result++) {
        fp_test_result broken = {0};
        assert_int_equal(fp_test_catalog.evaluate(&context, authentic, &broken), FP_OK);
        assert_int_equal(broken.is, FP_FALSE);
    }
    b->c.catalogs = NULL;
    b->c.catalog_count = 0;
}

static void test_catalog_update(void **state)
{
    bench *b = *state;
    const void *arguments = read_catalog_test(b, "{\"state\": \"update\", \"revision\": [7]}");
    fp_catalog_question q = {.key = {FP_CATALOG_BY_REVISION, .number = 7}};
    fp_catalog catalog = {.questions = &q, .question_count = 1};
    fp_case_catalog supplied = {.item = 1, .catalog = &catalog};
    const fp_test_context context = {
        .casefile = &b->c, .advisory = b->advisory, .arena = b->arena, .findings = &b->c.findings};
    static const struct {
        bool supplied, damaged, read;
        unsigned found;
        fp_tri is;
        fp_unknown_why why;
    } rows[] = {
        {false, false, false, 0, FP_UNKNOWN, FP_WHY_NOT_SUPPLIED},
        {true, false, false, 0, FP_UNKNOWN, FP_WHY_INCOMPLETE},
        {true, false, true, 0, FP_FALSE, 0},
        {true, false, false, 1, FP_TRUE, 0},
        {true, true, true, 1, FP_UNKNOWN, FP_WHY_UNREADABLE},
    };
    b->c.catalogs = &supplied;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fp_test_result r = {0};
        b->c.catalog_count = rows[i].supplied;
        supplied.damaged = rows[i].damaged;
        q.settled = rows[i].read;
        q.found = rows[i].found;
        assert_int_equal(fp_test_catalog.evaluate(&context, arguments, &r), FP_OK);
        if (r.is != rows[i].is || (r.is == FP_UNKNOWN && r.why != rows[i].why))
            fail_msg("row %zu", i);
    }
    b->c.catalogs = NULL;
}

/* ---- the table of 954474, by truths ---- */

typedef struct truth_row {
    const char
        *release; /* the test that holds: "listed-release" ...; "?" unknown, "" none, "-" no site */
    char marker, conflict, pending, in_use, failed, after, undated, completed, damaged;
    fp_verdict_set possible;
    const char *reason; /* of the deciding rule, or "evidence_missing" */
} truth_row;

#define LISTED "listed-release"
static const truth_row truth_rows[] = {
    {"-", 'U', 'U', 'U', 'U', 'U', 'U', 'U', 'U', 'F', N, "product_not_installed"},
    {"earlier-release", 'U', 'U', 'F', 'U', 'T', 'U', 'T', 'F', 'F', N, "release_not_listed"},
    {"later-release", 'T', 'T', 'F', 'T', 'T', 'T', 'F', 'F', 'F', N, "release_not_listed"},
    {"", 'T', 'F', 'F', 'T', 'F', 'F', 'F', 'T', 'F', A | F | N, "unknown_release"},
    {"sp2-or-later", 'U', 'U', 'F', 'T', 'T', 'U', 'T', 'F', 'F', A | N,
     "symptom_on_unlisted_release"},
    {"sp2-or-later", 'U', 'U', 'U', 'U', 'U', 'U', 'U', 'U', 'F', N, "release_not_listed"},
    {LISTED, 'T', 'T', 'F', 'T', 'F', 'F', 'F', 'T', 'F', A | F, "marker_conflict"},
    {LISTED, 'U', 'T', 'F', 'U', 'U', 'U', 'U', 'U', 'F', A | F, "marker_conflict"},
    {LISTED, 'T', 'F', 'T', 'T', 'F', 'F', 'F', 'T', 'F', A | F, "fix_pending"},
    {LISTED, 'F', 'F', 'T', 'T', 'T', 'F', 'F', 'F', 'F', A | F, "fix_pending"},
    {LISTED, 'T', 'T', 'T', 'T', 'F', 'F', 'F', 'T', 'F', A | F, "marker_conflict"},
    {LISTED, 'T', 'F', 'U', 'T', 'F', 'F', 'F', 'T', 'F', F, "fix_effective"},
    {LISTED, 'T', 'F', 'F', 'T', 'T', 'T', 'F', 'F', 'F', A, "fix_not_effective"},
    {LISTED, 'T', 'U', 'F', 'T', 'T', 'U', 'T', 'F', 'F', A | F, "failure_not_dated"},
    {LISTED, 'T', 'U', 'F', 'T', 'F', 'F', 'F', 'T', 'F', F, "fix_effective"},
    {LISTED, 'T', 'F', 'F', 'T', 'F', 'F', 'F', 'T', 'T', F, "fix_installed"},
    {LISTED, 'T', 'U', 'F', 'T', 'T', 'F', 'F', 'F', 'F', F, "fix_installed"},
    {LISTED, 'T', 'U', 'F', 'U', 'U', 'U', 'U', 'U', 'F', F, "fix_installed"},
    {LISTED, 'T', 'F', 'F', 'F', 'U', 'U', 'U', 'U', 'F', F, "fix_installed"},
    {LISTED, 'F', 'F', 'F', 'F', 'U', 'U', 'U', 'U', 'F', N, "legacy_path_not_used"},
    {LISTED, 'F', 'F', 'F', 'T', 'T', 'U', 'T', 'F', 'F', A, "unpatched_symptom_seen"},
    {LISTED, 'F', 'F', 'F', 'T', 'F', 'F', 'F', 'U', 'F', A, "unpatched"},
    {LISTED, 'F', 'F', 'F', 'T', 'U', 'U', 'U', 'U', 'F', A, "unpatched"},
    /* evidence missing */
    {LISTED, 'F', 'F', 'F', 'U', 'U', 'U', 'U', 'U', 'F', A | N, "evidence_missing"},
    {LISTED, 'U', 'U', 'F', 'F', 'U', 'U', 'U', 'U', 'F', F | N, "evidence_missing"},
    {LISTED, 'U', 'U', 'F', 'T', 'T', 'U', 'T', 'F', 'F', A | F, "evidence_missing"},
    {LISTED, 'U', 'U', 'U', 'U', 'U', 'U', 'U', 'U', 'F', A | F | N, "evidence_missing"},
    {"?", 'U', 'U', 'U', 'U', 'U', 'U', 'U', 'U', 'F', A | F | N, "evidence_missing"},
    {"?", 'U', 'U', 'F', 'T', 'T', 'U', 'T', 'F', 'F', A | F | N, "evidence_missing"},
    /* a failure that was seen is not hidden behind an unknown release or date */
    {"?", 'T', 'F', 'F', 'T', 'T', 'U', 'T', 'F', 'F', A | F | N, "evidence_missing"},
    {"?", 'T', 'F', 'F', 'T', 'T', 'T', 'F', 'F', 'F', A | F | N, "evidence_missing"},
    {"?", 'T', 'F', 'F', 'T', 'F', 'F', 'F', 'T', 'F', F | N, "evidence_missing"},
    {"?", 'F', 'F', 'F', 'F', 'U', 'U', 'U', 'U', 'F', N, "evidence_missing"},
};

static void set_truth(const bench *b, fp_tri *truths, const char *name, char letter)
{
    truths[(size_t)(named(b, name) - b->advisory->tests)] = tri_of_letter(letter);
}

static void set_truths(const bench *b, const truth_row *r, fp_tri *truths)
{
    static const char *const releases[] = {"earlier-release", "later-release", "listed-release",
                                           "sp2-or-later"};
    const bool unknown = strcmp(r->release, "?") == 0;
    for (size_t i = 0; i < sizeof releases / sizeof *releases; i++)
        set_truth(b, truths, releases[i],
                  unknown                                ? 'U'
                  : strcmp(releases[i], r->release) == 0 ? 'T'
                                                         : 'F');
    set_truth(b, truths, "site-server", unknown ? 'U' : strcmp(r->release, "-") == 0 ? 'F' : 'T');
    set_truth(b, truths, "fix-marker", r->marker);
    set_truth(b, truths, "fix-marker-conflict", r->conflict);
    set_truth(b, truths, "fix-pending", r->pending);
    set_truth(b, truths, "legacy-path-in-use", r->in_use);
    set_truth(b, truths, "legacy-sync-failed", r->failed);
    set_truth(b, truths, "legacy-sync-failed-after-fix", r->after);
    set_truth(b, truths, "legacy-sync-failure-undated", r->undated);
    set_truth(b, truths, "legacy-sync-completed-after-fix", r->completed);
    set_truth(b, truths, "catalog-damaged", r->damaged);
}

static void test_table(void **state)
{
    bench *b = *state;
    for (size_t i = 0; i < sizeof truth_rows / sizeof *truth_rows; i++) {
        const truth_row *r = &truth_rows[i];
        fp_tri truths[FP_ADVISORY_TESTS_MAX];
        fp_ruling rulings[FP_RULES_MAX];
        set_truths(b, r, truths);
        for (size_t k = 0; k < b->advisory->rule_count; k++)
            rulings[k] =
                fp_rule_ruling(&b->advisory->rules[k], truths, b->advisory->test_count, false);
        const fp_decision d = fp_decide(rulings, b->advisory->rule_count);
        const bool by_rule = d.verdict != FP_UNDETERMINED || d.stated;
        const fp_str reason =
            by_rule ? b->advisory->rules[d.rule].reason : FP_STR("evidence_missing");
        if (d.possible != r->possible || !fp_str_eq(reason, fp_str_of(r->reason)))
            fail_msg("row %zu: %.*s, possible %u", i, FP_STR_ARG(reason), d.possible);
    }
}

/* ---- results ---- */

static fp_result assess_how(bench *b, bool strict, fp_time since)
{
    const fp_assess_options how = {.strict = strict, .since = since};
    fp_result result = {0};
    assert_int_equal(fp_assess(&b->c, &b->opened_with, 0, &how, &result), FP_OK);
    return result;
}

static fp_result assess(bench *b)
{
    return assess_how(b, false, FP_TIME_NONE);
}

static void assert_missing(const fp_result *r, const char *const *names)
{
    size_t i = 0;
    for (; names[i] != NULL; i++) {
        if (i >= r->missing_count)
            fail_msg("%s is not asked for", names[i]);
        assert_str(r->missing[i].test->name, names[i]);
    }
    assert_int_equal(r->missing_count, i);
}

static void test_nothing_known(void **state)
{
    bench *b = *state;
    const fp_result r = assess(b);
    assert_int_equal(r.verdict, FP_UNDETERMINED);
    assert_int_equal(r.possible, A | F | N);
    assert_str(r.reason, "evidence_missing");
    assert_int_equal(r.caveat_count, 0); /* affected is open as it is */
    assert_int_equal(r.missing[0].why, FP_WHY_NOT_SUPPLIED);
    assert_missing(&r, (const char *const[]){"site-server", "fix-marker",
                                             "legacy-sync-completed-after-fix",
                                             "legacy-path-in-use", "legacy-sync-failed", NULL});
    assert_int_equal(r.because.kind, FP_CRITERIA_ANY);
    assert_int_equal(r.because.result, FP_UNKNOWN);
    assert_int_equal(r.deciding, r.rule_count - 1);
}

static void test_unpatched_or_unused(void **state)
{
    bench *b = *state;
    set_version(b, "4.00.6221.1000");
    add_registry(b, HEADER UPDATES UPDATES32 BEHIND);
    const fp_result r = assess(b);
    assert_int_equal(r.possible, A | N);
    assert_int_equal(r.caveat_count, 0);
    assert_missing(&r, (const char *const[]){"legacy-path-in-use", "legacy-sync-failed", NULL});
}

static void test_fixed_or_unused(void **state)
{
    bench *b = *state;
    fp_statement s;
    set_version(b, "4.00.5931.0000");
    declare(b, &s, "sms2003-clients", "no");
    const fp_result r = assess(b);
    assert_int_equal(r.verdict, FP_UNDETERMINED);
    assert_int_equal(r.possible, F | N);
    assert_int_equal(r.caveat_count, 1); /* that it does not fail is not known */
    assert_str(r.missing[0].test->name, "fix-marker");
    assert_int_equal(fp_results_exit_status(&r, 1), 0);
}

static void test_installed(void **state)
{
    bench *b = *state;
    set_version(b, "4.00.6221.1000");
    add_registry(b, HEADER UPDATES MARKER BEHIND);
    const fp_result r = assess(b);
    assert_int_equal(r.verdict, FP_FIXED);
    assert_str(r.reason, "fix_installed");
    assert_str(r.assurance, "installed");
    assert_int_equal(r.caveat_count, 2);
    assert_int_equal(r.missing_count, 0);
    assert_int_equal(r.because.kind, FP_CRITERIA_ALL);
    assert_int_equal(r.because.result, FP_TRUE);
    assert_str(r.because.children[1].test->name, "fix-marker");
    assert_true(r.because.children[1].outcome->observations.count > 0);
}

static void test_effective(void **state)
{
    bench *b = *state;
    fp_statement s;
    fp_episode done = done_at(A1, A2, 1, 5);
    set_version(b, "4.00.6221.1000");
    add_registry(b, HEADER UPDATES MARKER BEHIND);
    declare(b, &s, "hotfix-installed-at", INSTALLED);
    b->history.episodes = &done;
    b->history.episode_count = 1;
    b->history.file_count = 1;
    const fp_result r = assess(b);
    assert_str(r.reason, "fix_effective");
    assert_str(r.assurance, "effective");
    assert_int_equal(r.caveat_count, 0);
    assert_true(r.rules[r.deciding].reached);
    assert_false(r.rules[r.deciding + 1].reached);
}

static void test_stated(void **state)
{
    bench *b = *state;
    fp_episode failure = failed_at(A1, A2, 1);
    set_version(b, "4.00.6221.1000");
    add_registry(b, HEADER UPDATES MARKER BEHIND);
    b->history.episodes = &failure;
    b->history.episode_count = 1;
    b->history.file_count = 1;
    const fp_result r = assess(b);
    assert_str(r.reason, "failure_not_dated");
    assert_int_equal(r.possible, A | F);
    assert_int_equal(r.caveat_count, 0);
    assert_missing(&r, (const char *const[]){"legacy-sync-failure-undated", NULL});
    assert_true(r.missing[0].stated); /* the test is known: nothing of it is to be settled */
    assert_string_equal(fp_missing_why_name(&r.missing[0]), "stated");
}

static void test_confirm(void **state)
{
    bench *b = *state;
    fp_statement s;
    fp_episode done = done_at(A1, A2, 1, 5);
    set_version(b, "4.00.6221.1000");
    add_registry(b, HEADER UPDATES MARKER BEHIND);

    fp_result r = assess_how(b, true, at(SINCE)); /* no log */
    assert_int_equal(r.verdict, FP_UNDETERMINED);
    assert_str(r.reason, "not_yet_effective");
    assert_int_equal(r.possible, A | F);
    assert_int_equal(r.caveat_count, 0);
    assert_str(r.assurance, "");
    assert_true(r.missing_count > 0);

    declare(b, &s, "hotfix-installed-at", INSTALLED);
    b->history.episodes = &done;
    b->history.episode_count = 1;
    b->history.file_count = 1;
    r = assess_how(b, true, at(SINCE));
    assert_str(r.reason, "fix_effective");

    b->c.collected_at = at(SINCE) - 1; /* evidence from before the change */
    r = assess_how(b, true, at(SINCE));
    assert_str(r.reason, "not_yet_effective");
    assert_int_equal(r.possible, A | F);
    assert_true(r.missing_count > 0);
    b->c.collected_at = at(SINCE);
    assert_str(assess_how(b, true, at(SINCE)).reason, "fix_effective");

    done.counts[0] = 0; /* processed nothing */
    r = assess_how(b, true, at(SINCE));
    assert_str(r.reason, "not_yet_effective");
    assert_missing(&r, (const char *const[]){"legacy-sync-completed-after-fix", NULL});

    done.counts[0] = 5;
    r = assess_how(b, true, at(A3)); /* effective, but before this change */
    assert_str(r.reason, "not_yet_effective");
}

static void test_confirm_keeps_the_rest(void **state)
{
    bench *b = *state;
    fp_statement s;
    b->c.collected_at = at(SINCE) - 1;
    set_version(b, "4.00.6487.2000");
    assert_str(assess_how(b, true, at(SINCE)).reason, "release_not_listed");
    set_version(b, "4.00.6221.1000");
    add_registry(b, HEADER UPDATES UPDATES32 BEHIND);
    declare(b, &s, "sms2003-clients", "no");
    assert_str(assess_how(b, true, at(SINCE)).reason, "legacy_path_not_used");
    declare(b, &s, "sms2003-clients", "yes");
    assert_str(assess_how(b, true, at(SINCE)).reason, "unpatched");
}

static void test_host_conflict(void **state)
{
    bench *b = *state;
    set_version(b, "5.00.7711.0000");
    b->c.host_conflict = true;
    const fp_result r = assess(b);
    assert_int_equal(r.verdict, FP_UNDETERMINED);
    assert_str(r.reason, "host_conflict");
    assert_int_equal(r.possible, A | F | N);
    assert_int_equal(fp_results_exit_status(&r, 1), 2);
}

/* The second advisory's activities stand behind the first one's in the history. */
static void test_second_advisory(void **state)
{
    bench *b = *state;
    const fp_advisory *two[] = {b->advisory, b->advisory};
    const fp_case_options options = {.advisories = two, .advisory_count = 2};
    const fp_assess_options how = {.since = FP_TIME_NONE};
    fp_episode failure = failed_at(A1, A2, 1);
    fp_result first = {0};
    fp_result second = {0};
    failure.activity = 1;
    b->history.episodes = &failure;
    b->history.episode_count = 1;
    b->history.file_count = 1;
    set_version(b, "4.00.6487.2000");
    assert_int_equal(fp_assess(&b->c, &options, 0, &how, &first), FP_OK);
    assert_int_equal(fp_assess(&b->c, &options, 1, &how, &second), FP_OK);
    assert_str(first.reason, "release_not_listed");
    assert_str(second.reason, "symptom_on_unlisted_release");
}

static void test_exit_status(void **state)
{
    (void)state;
    static const struct {
        fp_verdict verdict[2];
        fp_verdict_set possible[2];
        int status;
    } rows[] = {
        {{FP_FIXED, FP_NOT_APPLICABLE}, {F, N}, 0},
        {{FP_FIXED, FP_UNDETERMINED}, {F, F | N}, 0},
        {{FP_FIXED, FP_UNDETERMINED}, {F, A | N}, 2},
        {{FP_UNDETERMINED, FP_AFFECTED}, {A | N, A}, 1},
        {{FP_AFFECTED, FP_FIXED}, {A, F}, 1},
        {{FP_UNDETERMINED, FP_UNDETERMINED}, {A | F | N, F}, 2},
        {{FP_UNDETERMINED, FP_FIXED}, {0, F}, 2}, /* of nothing follows nothing */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fp_result r[2] = {{0}};
        for (size_t k = 0; k < 2; k++) {
            r[k].verdict = rows[i].verdict[k];
            r[k].possible = rows[i].possible[k];
        }
        if (fp_results_exit_status(r, 2) != rows[i].status)
            fail_msg("row %zu", i);
    }
    assert_int_equal(fp_results_exit_status(NULL, 0), 0);
}

/* `deciding` tells which is which. */
static void test_order(void **state)
{
    (void)state;
    fp_result r[] = {
        {.verdict = FP_NOT_APPLICABLE, .possible = N, .deciding = 6},
        {.verdict = FP_UNDETERMINED, .possible = F | N, .deciding = 4},
        {.verdict = FP_FIXED, .possible = F, .deciding = 5},
        {.verdict = FP_UNDETERMINED, .possible = A | N, .deciding = 2},
        {.verdict = FP_AFFECTED, .possible = A, .deciding = 0},
        {.verdict = FP_UNDETERMINED, .possible = 0, .deciding = 3},
        {.verdict = FP_AFFECTED, .possible = A, .deciding = 1},
        {.verdict = FP_NOT_APPLICABLE, .possible = N, .deciding = 7},
    };
    const size_t count = sizeof r / sizeof *r;
    fp_results_sort(r, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(r[i].deciding, i);
    fp_results_sort(NULL, 0);
}

/* However little memory there is, the answer is the same one or none. */
static void test_budgets(void **state)
{
    bench *b = *state;
    const fp_assess_options how = {.since = FP_TIME_NONE};
    fp_status status = FP_NOMEM;
    size_t refused = 0;
    fp_arena *const whole = b->c.arena;
    set_version(b, "4.00.6221.1000");
    add_registry(b, HEADER UPDATES UPDATES32 BEHIND);
    for (size_t budget = 0; status == FP_NOMEM; budget += 64) {
        fp_result result = {0};
        b->c.arena = fp_arena_new(budget);
        b->c.findings = (fp_observations){0};
        status = fp_assess(&b->c, &b->opened_with, 0, &how, &result);
        assert_true(status == FP_OK || status == FP_NOMEM);
        if (status == FP_OK)
            assert_int_equal(result.possible, A | N);
        refused += status == FP_NOMEM;
        fp_arena_free(b->c.arena);
    }
    b->c.arena = whole;
    assert_true(refused > 10);
}

int main(void)
{
#define BENCH(test) cmocka_unit_test_setup_teardown(test, open_bench, close_bench)
    const struct CMUnitTest tests[] = {
        BENCH(test_site_server),
        BENCH(test_releases),
        BENCH(test_marker),
        BENCH(test_hollow_marker),
        BENCH(test_marker_absent),
        BENCH(test_marker_one_view),
        BENCH(test_declared_removed),
        BENCH(test_recorded_version),
        BENCH(test_what_all_traces_say),
        BENCH(test_episodes),
        BENCH(test_holes_in_the_log),
        BENCH(test_many_episodes),
        BENCH(test_in_use),
        BENCH(test_catalog),
        BENCH(test_catalog_signatures),
        BENCH(without_a_catalogue_nothing_is_known_of_one),
        BENCH(test_catalog_digests),
        BENCH(test_catalog_update),
        BENCH(test_table),
        BENCH(test_nothing_known),
        BENCH(test_unpatched_or_unused),
        BENCH(test_fixed_or_unused),
        BENCH(test_installed),
        BENCH(test_effective),
        BENCH(test_stated),
        BENCH(test_confirm),
        BENCH(test_confirm_keeps_the_rest),
        BENCH(test_host_conflict),
        BENCH(test_second_advisory),
        BENCH(test_exit_status),
        cmocka_unit_test(test_order),
        BENCH(test_budgets),
    };
    return RUN_TESTS(tests);
}
