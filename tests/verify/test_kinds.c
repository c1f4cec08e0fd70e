/* SPDX-License-Identifier: MIT */
/* Kinds of tests that no advisory in the tree needs yet, each asked of a case made by hand:
 * thresholds within their branch, registry values, files. */
#include "tests/support/check.h"
#include "tests/support/one_test.h"
#include "verify/decide/assess.h"

#include <stdio.h>

enum { BUDGET = 8 * 1024 * 1024 };

#define SETUP   "HKEY_LOCAL_MACHINE\\SOFTWARE\\Acme\\Setup"
#define SETUP32 "HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\Acme\\Setup"

typedef struct bench {
    fp_arena *arena;
    fp_case c;
    uint32_t items;
    fp_test_result last;
} bench;

static int open_bench(void **state)
{
    bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    b->arena = fp_arena_new(BUDGET);
    assert_non_null(b->arena);
    b->c.arena = b->arena;
    b->c.registry = fp_registry_new(b->arena);
    assert_non_null(b->c.registry);
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

static fp_tri ask(bench *b, const char *members)
{
    fp_diag d = {0};
    const fp_advisory *advisory = one_test_advisory(b->arena, members, &d);
    if (advisory == NULL)
        fail_msg("%s", d.message);
    return one_test_ask(advisory, &b->c, b->arena, &b->last);
}

static void add_registry(bench *b, const char *body)
{
    const char *text = fp_arena_printf(
        b->arena, "Windows Registry Editor Version 5.00\n\n%s\n[HKEY_USERS]\n\n", body);
    assert_non_null(text);
    fp_registry_soundness soundness;
    assert_int_equal(fp_registry_add_export(b->c.registry, ++b->items,
                                            fp_span_of(text, strlen(text)), NULL, NULL, NULL,
                                            &soundness),
                     FP_OK);
    assert_int_equal(soundness, FP_REG_SOUND);
}

/* ---- thresholds ---- */

#define THRESHOLD(members) "{" members ", \"source\": \"s\", \"certainty\": \"confirmed\"}"
#define OTHER(members)     "{" members ", \"source\": \"other\", \"certainty\": \"inferred\"}"
#define DOUBTFUL(members)  "{" members ", \"source\": \"hearsay\", \"certainty\": \"unconfirmed\"}"
#define TWO_BRANCHES                                                                               \
    THRESHOLD("\"branch\": \"5.00.9128\", \"at_least\": \"5.00.9128.1034\"")                       \
    ", " THRESHOLD("\"branch\": \"5.00.9132\", \"at_least\": \"5.00.9132.1028\"")
/* As two scanners have it of one file. */
#define DISPUTED                                                                                   \
    THRESHOLD("\"branch\": \"4.00.6487\", \"at_least\": \"4.00.6487.2209\"")                       \
    ", " OTHER("\"branch\": \"4.00.6487\", \"at_least\": \"4.00.6487.2216\"")

static void test_thresholds(void **state)
{
    static const struct {
        const char *thresholds, *version;
        fp_tri is;
        fp_unknown_why why;
    } rows[] = {
        {TWO_BRANCHES, "5.00.9128.1033", FP_FALSE, 0},
        {TWO_BRANCHES, "5.0.9128.1034", FP_TRUE, 0},
        {TWO_BRANCHES, "5.00.9128.1034.7", FP_TRUE, 0},
        {TWO_BRANCHES, "5.00.9132.1027", FP_FALSE, 0},
        {TWO_BRANCHES, "5.00.9132.1028", FP_TRUE, 0},
        /* Of neither branch: the numbers of another one say nothing. */
        {TWO_BRANCHES, "5.00.9122.9999", FP_UNKNOWN, FP_WHY_INCOMPLETE},
        {TWO_BRANCHES, "5.00.9135.1000", FP_UNKNOWN, FP_WHY_INCOMPLETE},
        {TWO_BRANCHES, "5", FP_UNKNOWN, FP_WHY_INCOMPLETE},
        {TWO_BRANCHES, "5.00.912", FP_UNKNOWN, FP_WHY_INCOMPLETE},
        {DISPUTED, "4.00.6487.2208", FP_FALSE, 0},
        {DISPUTED, "4.00.6487.2209", FP_UNKNOWN, FP_WHY_CONFLICTING},
        {DISPUTED, "4.00.6487.2215", FP_UNKNOWN, FP_WHY_CONFLICTING},
        {DISPUTED, "4.00.6487.2216", FP_TRUE, 0},
        {THRESHOLD("\"below\": \"2.0\""), "1.99999", FP_TRUE, 0},
        {THRESHOLD("\"below\": \"2.0\""), "2", FP_FALSE, 0},
        {THRESHOLD("\"at_least\": \"1.10\", \"below\": \"2.0\""), "1.9", FP_FALSE, 0},
    };
    bench *b = *state;
    b->c.product.installed = FP_TRUE;
    b->c.product.has_version = true;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char members[1024];
        snprintf(members, sizeof members, "\"kind\": \"site-server\", \"thresholds\": [%s]",
                 rows[i].thresholds);
        assert_true(fp_version_parse(fp_str_of(rows[i].version), &b->c.product.version));
        if (ask(b, members) != rows[i].is)
            fail_msg("%s: %s", rows[i].version, fp_tri_name(b->last.is));
        assert_true(b->last.observations.count > 0);
        if (rows[i].is == FP_UNKNOWN)
            assert_int_equal(b->last.why, rows[i].why);
    }
}

static void test_thresholds_of_no_site(void **state)
{
    bench *b = *state;
    const char *members = "\"kind\": \"site-server\", \"thresholds\": [" TWO_BRANCHES "]";
    assert_int_equal(ask(b, members), FP_UNKNOWN);
    b->c.product.installed = FP_FALSE;
    assert_int_equal(ask(b, members), FP_FALSE);
    b->c.product.installed = FP_TRUE; /* and no version that can be read */
    assert_int_equal(ask(b, members), FP_UNKNOWN);
}

static void test_unconfirmed_threshold(void **state)
{
    bench *b = *state;
    const char *members = "\"kind\": \"site-server\", \"thresholds\": [" DOUBTFUL(
        "\"branch\": \"1\", \"below\": \"1.5\"") ", " THRESHOLD("\"branch\": \"2\", \"below\": "
                                                                "\"2.5\"") "]";
    b->c.product.installed = FP_TRUE;
    b->c.product.has_version = fp_version_parse(FP_STR("1.1"), &b->c.product.version);
    assert_int_equal(ask(b, members), FP_TRUE);
    assert_str(b->last.unconfirmed, "hearsay");
    assert_true(fp_version_parse(FP_STR("2.1"), &b->c.product.version));
    assert_int_equal(ask(b, members), FP_TRUE);
    assert_str(b->last.unconfirmed, "");
}

static void test_releases(void **state)
{
    static const fp_family family = {.family = {"f", 1}};
    static const fp_release release = {.family = {"f", 1}, .release = {"2403", 4}};
    bench *b = *state;
    fp_product *p = &b->c.product;
    const char *members = "\"kind\": \"site-server\", \"family\": [\"f\"], \"release\": "
                          "[\"2403\", \"2409\"]";
    const char *another = "\"kind\": \"site-server\", \"family\": [\"f\"], \"release\": [\"2409\"]";
    const char *foreign = "\"kind\": \"site-server\", \"family\": [\"g\"], \"release\": [\"2403\"]";
    p->installed = FP_TRUE;
    p->has_version = true;
    assert_int_equal(ask(b, members), FP_UNKNOWN);
    p->family = &family; /* a build between two rows of the table */
    assert_int_equal(ask(b, members), FP_UNKNOWN);
    assert_int_equal(ask(b, foreign), FP_FALSE);
    p->release = &release;
    assert_int_equal(ask(b, members), FP_TRUE);
    assert_int_equal(ask(b, another), FP_FALSE);
}

/* A misspelt release must not make a server "another one". */
static void test_release_of_no_table(void **state)
{
    static const char table[] =
        "{\"schema\": \"fixproof/products/v1\", \"family\": \"f\", \"title\": \"F\", "
        "\"from\": \"1\", \"below\": \"9\", \"certainty\": \"confirmed\", \"source\": \"s\", "
        "\"releases\": [{\"release\": \"2403\", \"title\": \"t\", \"from\": \"1\", \"below\": "
        "\"2\", \"certainty\": \"confirmed\", \"source\": \"s\"}, {\"release\": \"2409\", "
        "\"title\": \"t\", \"from\": \"2\", \"below\": \"3\", \"certainty\": \"confirmed\", "
        "\"source\": \"s\"}], \"features\": []}";
    bench *b = *state;
    fp_diag d = {0};
    fp_releases *releases = fp_releases_new(b->arena);
    assert_non_null(releases);
    if (fp_releases_add(releases, fp_span_of(table, strlen(table)), &d) != FP_OK)
        fail_msg("%s", d.message);
    fp_product *p = &b->c.product;
    b->c.releases = releases;
    p->installed = FP_TRUE;
    p->has_version = fp_version_parse(FP_STR("1.5"), &p->version);
    p->family = fp_releases_family(releases, &p->version);
    p->release = fp_releases_find(releases, &p->version);
#define OF(family, release)                                                                        \
    "\"kind\": \"site-server\", \"family\": [\"" family "\"], \"release\": [\"" release "\"]"
    assert_int_equal(ask(b, OF("f", "2403")), FP_TRUE);
    assert_int_equal(ask(b, OF("f", "2409")), FP_FALSE);
    assert_int_equal(b->c.findings.count, 0);
    assert_int_equal(ask(b, OF("f", "2049")), FP_UNKNOWN);
    assert_int_equal(b->c.findings.count, 1);
    assert_int_equal(ask(b, "\"kind\": \"site-server\", \"family\": [\"g\"]"), FP_UNKNOWN);
}

/* ---- registry ---- */

#define ACME   "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Acme]\n\n"
#define ACME32 "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\Acme]\n\n"
#define KEY    "\"kind\": \"registry\", \"key\": \"HKEY_LOCAL_MACHINE\\\\SOFTWARE\\\\Acme\\\\Setup\""
#define VALUE  KEY ", \"value\": \"Level\""
#define EQUALS VALUE ", \"equals\": [\"1\", \"On\"]"
#define RANGE  VALUE ", \"thresholds\": [" TWO_BRANCHES "]"
#define NATIVE ", \"view\": \"native\""
#define WOW64  ", \"view\": \"wow64\""

static void test_registry(void **state)
{
    static const struct {
        const char *name, *registry, *members;
        fp_tri is;
        fp_unknown_why why;
    } rows[] = {
        {"nothing", "", KEY, FP_UNKNOWN, FP_WHY_NOT_SUPPLIED},
        {"no such key", ACME ACME32, KEY, FP_FALSE, 0},
        {"one view alone", ACME, KEY, FP_UNKNOWN, FP_WHY_INCOMPLETE},
        {"one view asked", ACME, KEY NATIVE, FP_FALSE, 0},
        {"the other view asked", ACME, KEY WOW64, FP_UNKNOWN, FP_WHY_INCOMPLETE},
        {"there", ACME "[" SETUP "]\n\n", KEY, FP_TRUE, 0},
        {"there in the other view", ACME32 "[" SETUP32 "]\n\n", KEY, FP_TRUE, 0},
        {"there, and not asked for", ACME ACME32 "[" SETUP32 "]\n\n", KEY NATIVE, FP_FALSE, 0},
        {"key without the value", ACME "[" SETUP "]\n\n" ACME32, VALUE, FP_FALSE, 0},
        {"value", ACME "[" SETUP "]\n\"Level\"=\"2\"\n\n", VALUE, FP_TRUE, 0},
        {"equal number", ACME "[" SETUP "]\n\"Level\"=dword:00000001\n\n", EQUALS, FP_TRUE, 0},
        {"equal text", ACME "[" SETUP "]\n\"Level\"=\" on \"\n\n", EQUALS, FP_TRUE, 0},
        {"other text", ACME "[" SETUP "]\n\"Level\"=\"2\"\n\n" ACME32, EQUALS, FP_FALSE, 0},
        {"other text, one view", ACME "[" SETUP "]\n\"Level\"=\"2\"\n\n", EQUALS, FP_UNKNOWN,
         FP_WHY_INCOMPLETE},
        {"no text", ACME "[" SETUP "]\n\"Level\"=hex:01,02\n\n" ACME32, EQUALS, FP_UNKNOWN,
         FP_WHY_UNREADABLE},
        {"version", ACME "[" SETUP "]\n\"Level\"=\"5.00.9128.1034\"\n\n", RANGE, FP_TRUE, 0},
        {"lower version", ACME "[" SETUP "]\n\"Level\"=\"5.00.9128.9\"\n\n" ACME32, RANGE, FP_FALSE,
         0},
        {"garbage is not less", ACME "[" SETUP "]\n\"Level\"=\"5.00.9128.9a\"\n\n" ACME32, RANGE,
         FP_UNKNOWN, FP_WHY_UNREADABLE},
        {"nor is a number too large",
         ACME "[" SETUP "]\n\"Level\"=\"5.00.9128.99999999999\"\n\n" ACME32, RANGE, FP_UNKNOWN,
         FP_WHY_UNREADABLE},
        {"no version at all", ACME ACME32, RANGE, FP_FALSE, 0},
        {"another branch", ACME "[" SETUP "]\n\"Level\"=\"5.00.9122.1\"\n\n" ACME32, RANGE,
         FP_UNKNOWN, FP_WHY_INCOMPLETE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bench *b = *state;
        if (*rows[i].registry != '\0')
            add_registry(b, rows[i].registry);
        if (ask(b, rows[i].members) != rows[i].is)
            fail_msg("%s: %s", rows[i].name, fp_tri_name(b->last.is));
        if (rows[i].is == FP_UNKNOWN && b->last.why != rows[i].why)
            fail_msg("%s: %s", rows[i].name, fp_unknown_why_name(b->last.why));
        assert_true(rows[i].is == FP_UNKNOWN || b->last.observations.count > 0);
        assert_int_equal(close_bench(state), 0);
        assert_int_equal(open_bench(state), 0);
    }
}

/* ---- files ---- */

#define FILE_VERSION                                                                               \
    "\"kind\": \"file\", \"name\": \"acme.dll\", \"thresholds\": [" TWO_BRANCHES "]"
#define DIGEST      "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"
#define FILE_DIGEST "\"kind\": \"file\", \"name\": \"acme.dll\", \"sha256\": [\"" DIGEST "\"]"

static fp_case_file file_of(const char *name, const char *version)
{
    fp_case_file f = {.pe.original_name = fp_str_of(name)};
    f.pe.has_version = version != NULL && fp_version_parse(fp_str_of(version), &f.pe.version);
    return f;
}

static void test_file_versions(void **state)
{
    static const struct {
        const char *name, *first, *second; /* versions of two copies */
        fp_tri is;
        fp_unknown_why why;
        bool finding;
    } rows[] = {
        {"fixed", "5.00.9128.1034", NULL, FP_TRUE, 0, false},
        {"not fixed", "5.00.9128.1033", NULL, FP_FALSE, 0, false},
        {"both fixed", "5.00.9128.1034", "5.00.9132.1028", FP_TRUE, 0, false},
        {"one fixed", "5.00.9128.1034", "5.00.9132.1", FP_UNKNOWN, FP_WHY_CONFLICTING, true},
        {"one fixed, one of another branch", "5.00.9128.1034", "5.00.9122.1", FP_UNKNOWN,
         FP_WHY_INCOMPLETE, false},
        {"no version", "-", NULL, FP_UNKNOWN, FP_WHY_UNREADABLE, false},
        {"fixed, and no version", "5.00.9128.1034", "-", FP_UNKNOWN, FP_WHY_UNREADABLE, false},
    };
    bench *b = *state;
    assert_int_equal(ask(b, FILE_VERSION), FP_UNKNOWN);
    assert_int_equal(b->last.why, FP_WHY_NOT_SUPPLIED);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fp_case_file files[] = {file_of("ACME.dll", rows[i].first),
                                file_of("acme.dll", rows[i].second),
                                file_of("acme2.dll", "5.00.9128.1")};
        if (rows[i].second == NULL)
            files[1].pe.original_name = FP_STR("other.dll");
        b->c.files = files;
        b->c.file_count = 3;
        b->c.findings.count = 0;
        if (ask(b, FILE_VERSION) != rows[i].is)
            fail_msg("%s: %s", rows[i].name, fp_tri_name(b->last.is));
        if (rows[i].is == FP_UNKNOWN)
            assert_int_equal(b->last.why, rows[i].why);
        assert_int_equal(b->c.findings.count, rows[i].finding);
    }
}

static void test_file_of_many_languages(void **state)
{
    bench *b = *state;
    fp_case_file file = file_of("acme.dll", "5.00.9128.1034");
    file.pe.languages_differ = true;
    b->c.files = &file;
    b->c.file_count = 1;
    assert_int_equal(ask(b, FILE_VERSION), FP_UNKNOWN);
}

static void test_too_many_copies(void **state)
{
    enum { COPIES = 65 };
    bench *b = *state;
    fp_case_file files[COPIES];
    for (size_t i = 0; i < COPIES; i++)
        files[i] = file_of("acme.dll", "5.00.9128.1034");
    b->c.files = files;
    b->c.file_count = COPIES - 1;
    assert_int_equal(ask(b, FILE_VERSION), FP_TRUE);
    b->c.file_count = COPIES;
    assert_int_equal(ask(b, FILE_VERSION), FP_UNKNOWN);
    assert_int_equal(b->last.why, FP_WHY_CONFLICTING);
}

static void test_file_digest(void **state)
{
    bench *b = *state;
    fp_described_file described = {.name = FP_STR("acme.dll"), .hashed = true};
    fp_case_file file = file_of("acme.dll", NULL);
    for (size_t i = 0; i < FP_SHA256_SIZE; i++)
        described.sha256[i] = (uint8_t)(i % 16 * 0x11);
    b->c.files = &file;
    b->c.file_count = 1;
    assert_int_equal(ask(b, FILE_DIGEST), FP_UNKNOWN); /* no digest is known of it */
    file.described = &described;
    assert_int_equal(ask(b, FILE_DIGEST), FP_TRUE);
    described.sha256[31] ^= 1;
    assert_int_equal(ask(b, FILE_DIGEST), FP_FALSE);
    described.hashed = false;
    assert_int_equal(ask(b, FILE_DIGEST), FP_UNKNOWN);
}

/* ---- statements ---- */

#define DECLARED                                                                                   \
    "\"kind\": \"declared\", \"key\": \"k\", \"yes\": [\"on\"], \"no\": [\"off\", \"none\"]"

static void test_declared(void **state)
{
    static const struct {
        const char *first, *second;
        fp_tri is;
        fp_unknown_why why;
        size_t findings;
    } rows[] = {
        {NULL, NULL, FP_UNKNOWN, FP_WHY_NOT_SUPPLIED, 0},
        {"On", NULL, FP_TRUE, 0, 0},
        {" none ", NULL, FP_FALSE, 0, 0},
        {"on", "on", FP_TRUE, 0, 0},
        {"on", "off", FP_UNKNOWN, FP_WHY_CONFLICTING, 1},
        {"perhaps", NULL, FP_UNKNOWN, FP_WHY_NOT_SUPPLIED, 1},
        {"perhaps", "on", FP_TRUE, 0, 1},
    };
    bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fp_statement s[] = {{.key = FP_STR("k"), .value = fp_str_of(rows[i].first)},
                            {.key = FP_STR("k"), .value = fp_str_of(rows[i].second)}};
        b->c.statements = s;
        b->c.statement_count = (rows[i].first != NULL) + (rows[i].second != NULL);
        b->c.findings.count = 0;
        if (ask(b, DECLARED) != rows[i].is)
            fail_msg("row %zu: %s", i, fp_tri_name(b->last.is));
        if (rows[i].is == FP_UNKNOWN)
            assert_int_equal(b->last.why, rows[i].why);
        assert_int_equal(b->c.findings.count, rows[i].findings);
    }
}

/* ---- Updates and Servicing ---- */

#define GUID_A "9B7A1E46-6A5D-4B0E-8D0C-0A1B2C3D4E5F"
#define GUID_B "11111111-2222-3333-4444-555555555555"
#define PACKAGE(guid, state)                                                                       \
    "{\"Name\": \"Configuration Manager 2403 Hotfix (KB29166583)\", \"PackageGuid\": \"" guid      \
    "\", \"State\": " state "}"
#define NEIGHBOUR                                                                                  \
    "{\"Name\": \"Hotfix (KB291665830)\", \"PackageGuid\": \"" GUID_B "\", \"State\": 196612}"
#define SITE_UPDATE(state)                                                                         \
    "\"kind\": \"site-update\", \"kb\": \"KB29166583\", \"state\": \"" state "\""
#define VERSIONED(version, state)                                                                  \
    "{\"Name\": \"Hotfix (KB29166583)\", \"PackageGuid\": \"" GUID_A                               \
    "\", \"FullVersion\": \"" version "\", \"State\": " state "}"
#define OF_BRANCH ", \"branch\": \"5.00.9128\""
#define OF_GUID_A ", \"package_guids\": [\"9b7a1e46-6a5d-4b0e-8d0c-0a1b2c3d4e5f\"]"

static void add_site_updates(bench *b, fp_site_updates *lists, const char *text)
{
    if (text == NULL)
        return;
    assert_int_equal(fp_site_updates_read(fp_span_of(text, strlen(text)), ++b->items, NULL,
                                          b->arena, &lists[b->c.site_updates_count], NULL),
                     FP_OK);
    b->c.site_updates = lists;
    b->c.site_updates_count++;
}

/* What is said of each State: installed, pending, failed, not-installed. */
static void test_site_update_states(void **state)
{
    static const char *const asked[] = {SITE_UPDATE("installed"), SITE_UPDATE("pending"),
                                        SITE_UPDATE("failed"), SITE_UPDATE("not-installed")};
    enum { ASKED = sizeof asked / sizeof *asked };
    static const struct {
        const char *list;
        fp_tri is[ASKED];
    } rows[] = {
        {"[" PACKAGE(GUID_A, "196612") "]", {FP_TRUE, FP_FALSE, FP_FALSE, FP_FALSE}},
        {"[" PACKAGE(GUID_A, "196613") "]", {FP_FALSE, FP_TRUE, FP_FALSE, FP_FALSE}},
        {"[" PACKAGE(GUID_A, "262143") "]", {FP_FALSE, FP_FALSE, FP_TRUE, FP_FALSE}},
        {"[" PACKAGE(GUID_A, "262142") "]", {FP_FALSE, FP_FALSE, FP_TRUE, FP_FALSE}},
        {"[" PACKAGE(GUID_A, "262146") "]", {FP_FALSE, FP_FALSE, FP_FALSE, FP_TRUE}},
        {"[" PACKAGE(GUID_A, "196607") "]", {FP_FALSE, FP_FALSE, FP_FALSE, FP_TRUE}},
        {"[" PACKAGE(GUID_A, "196609") "]", {FP_FALSE, FP_FALSE, FP_FALSE, FP_UNKNOWN}},
        /* Hidden, not applicable, 0, no published code: they say nothing. */
        {"[" PACKAGE(GUID_A, "393213") "]", {FP_UNKNOWN}},
        {"[" PACKAGE(GUID_A, "393214") "]", {FP_UNKNOWN}},
        {"[" PACKAGE(GUID_A, "0") "]", {FP_UNKNOWN}},
        {"[" PACKAGE(GUID_A, "196640") "]", {FP_UNKNOWN}},
        {"[" PACKAGE(GUID_A, "-196612") "]", {FP_UNKNOWN}},
    };
    bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fp_site_updates lists[1];
        b->c.site_updates_count = 0;
        add_site_updates(b, lists, rows[i].list);
        for (size_t k = 0; k < ASKED; k++)
            if (ask(b, asked[k]) != rows[i].is[k])
                fail_msg("%s: %s is %s", rows[i].list, asked[k], fp_tri_name(b->last.is));
    }
}

static void test_site_update(void **state)
{
    static const struct {
        const char *members, *first, *second;
        fp_tri is;
        fp_unknown_why why;
        size_t findings;
    } rows[] = {
        {SITE_UPDATE("installed"), NULL, NULL, FP_UNKNOWN, FP_WHY_NOT_SUPPLIED, 0},
        /* That a list does not name it, says nothing. */
        {SITE_UPDATE("installed"), "[" NEIGHBOUR "]", NULL, FP_UNKNOWN, FP_WHY_INCOMPLETE, 0},
        {SITE_UPDATE("not-installed"), "[" NEIGHBOUR "]", NULL, FP_UNKNOWN, FP_WHY_INCOMPLETE, 0},
        {SITE_UPDATE("installed"), "[" PACKAGE(GUID_A, "196612") ", " NEIGHBOUR "]", NULL, FP_TRUE,
         0, 0},
        /* Two packages of one KB. */
        {SITE_UPDATE("installed"), "[" PACKAGE(GUID_A, "196612") ", " PACKAGE(GUID_B, "262146") "]",
         NULL, FP_UNKNOWN, FP_WHY_CONFLICTING, 1},
        {SITE_UPDATE("installed") OF_GUID_A,
         "[" PACKAGE(GUID_A, "196612") ", " PACKAGE(GUID_B, "262146") "]", NULL, FP_TRUE, 0, 0},
        {SITE_UPDATE("installed") OF_GUID_A,
         "[" PACKAGE("{" GUID_A "}", "262146") ", " PACKAGE(GUID_B, "196612") "]", NULL, FP_FALSE,
         0, 0},
        {SITE_UPDATE("installed") OF_GUID_A, "[" PACKAGE(GUID_B, "196612") "]", NULL, FP_UNKNOWN,
         FP_WHY_INCOMPLETE, 0},
        {SITE_UPDATE("installed"), "[" PACKAGE(GUID_A, "196612") ", " PACKAGE(GUID_B, "393213") "]",
         NULL, FP_UNKNOWN, FP_WHY_INCOMPLETE, 0},
        {SITE_UPDATE("failed"), "[" PACKAGE(GUID_A, "196612") ", " PACKAGE(GUID_B, "262146") "]",
         NULL, FP_FALSE, 0, 0},
        /* A package of the release that the site had before. */
        {SITE_UPDATE("installed") OF_BRANCH,
         "[" VERSIONED("5.00.9122.1033", "196612") ", " VERSIONED("5.0.9128.1024", "262146") "]",
         NULL, FP_FALSE, 0, 0},
        {SITE_UPDATE("installed") OF_BRANCH, "[" VERSIONED("5.00.9128.1024", "196612") "]", NULL,
         FP_TRUE, 0, 0},
        {SITE_UPDATE("installed") OF_BRANCH, "[" VERSIONED("5.00.9122.1033", "196612") "]", NULL,
         FP_UNKNOWN, FP_WHY_INCOMPLETE, 0},
        {SITE_UPDATE("installed") OF_BRANCH, "[" VERSIONED("2403", "196612") "]", NULL, FP_UNKNOWN,
         FP_WHY_INCOMPLETE, 0},
        {SITE_UPDATE("installed") OF_BRANCH, "[" PACKAGE(GUID_A, "196612") "]", NULL, FP_UNKNOWN,
         FP_WHY_INCOMPLETE, 0},
        /* Two lists. */
        {SITE_UPDATE("installed"), "[" PACKAGE(GUID_A, "262146") "]",
         "[" PACKAGE(GUID_A, "196612") "]", FP_UNKNOWN, FP_WHY_CONFLICTING, 1},
        {SITE_UPDATE("installed"), "[" PACKAGE(GUID_A, "196612") "]", "[" NEIGHBOUR "]", FP_TRUE, 0,
         0},
        /* One that is not whole may say otherwise where it was not readable. */
        {SITE_UPDATE("installed"), "[" PACKAGE(GUID_A, "196612") "]", "[" NEIGHBOUR, FP_UNKNOWN,
         FP_WHY_INCOMPLETE, 0},
        {SITE_UPDATE("installed"), "[" PACKAGE(GUID_A, "196612") ", {\"Name\": \"x\"}]", NULL,
         FP_UNKNOWN, FP_WHY_INCOMPLETE, 0},
        {SITE_UPDATE("installed"), "[" PACKAGE(GUID_A, "196612") ", null]", NULL, FP_UNKNOWN,
         FP_WHY_INCOMPLETE, 0},
    };
    bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fp_site_updates lists[2];
        b->c.site_updates_count = 0;
        b->c.findings.count = 0;
        add_site_updates(b, lists, rows[i].first);
        add_site_updates(b, lists, rows[i].second);
        if (ask(b, rows[i].members) != rows[i].is)
            fail_msg("row %zu: %s", i, fp_tri_name(b->last.is));
        if (rows[i].is == FP_UNKNOWN)
            assert_int_equal(b->last.why, rows[i].why);
        assert_int_equal(b->c.findings.count, rows[i].findings);
    }
}

/* ---- a verdict that rests on what nobody confirmed says so ---- */

#define TEST_OF(title, certainty)                                                                  \
    "{\"kind\": \"registry\", \"key\": \"HKEY_LOCAL_MACHINE\\\\SYSTEM\", \"title\": \"" title      \
    "\", \"source\": \"s\", \"certainty\": \"" certainty                                           \
    "\", \"needs\": \"n\", \"collect\": \"c\"}"

static void test_doubts(void **state)
{
    /* The key is there: both tests are TRUE. */
    static const struct {
        const char *name, *sure, *doubtful, *when;
        size_t caveats;
    } rows[] = {
        {"confirmed", "confirmed", "inferred", "{\"all\": [\"a\", \"b\"]}", 0},
        {"one of two is not", "confirmed", "unconfirmed", "{\"all\": [\"a\", \"b\"]}", 1},
        {"the other alone suffices", "confirmed", "unconfirmed", "{\"any\": [\"a\", \"b\"]}", 0},
        {"neither of two is", "unconfirmed", "unconfirmed", "{\"any\": [\"a\", \"b\"]}", 2},
        {"it is not asked", "confirmed", "unconfirmed", "\"a\"", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bench *b = *state;
        const fp_advisory *advisory = NULL;
        const char *text = fp_arena_printf(
            b->arena,
            "{\"schema\": \"fixproof/advisory/v1\", \"id\": \"A\", \"title\": \"t\", "
            "\"title_source\": \"s\", \"title_certainty\": \"confirmed\", \"summary\": \"s\", "
            "\"published\": \"2012-09-11\", \"kbs\": [], \"references\": [], \"remediation\": "
            "\"r\", \"tests\": {\"a\": " TEST_OF("t", "%s") ", \"b\": " TEST_OF(
                "u",
                "%s") "}, "
                      "\"decide\": [{\"when\": %s, \"verdict\": \"affected\", \"reason\": \"r\", "
                      "\"text\": "
                      "\"t\"}, {\"when\": {\"all\": []}, \"verdict\": \"not_applicable\", "
                      "\"reason\": "
                      "\"n\", \"text\": \"t\"}]}",
            rows[i].sure, rows[i].doubtful, rows[i].when);
        assert_non_null(text);
        assert_int_equal(
            fp_advisory_read(fp_span_of(text, strlen(text)), b->arena, NULL, NULL, &advisory, NULL),
            FP_OK);
        add_registry(b, "[HKEY_LOCAL_MACHINE\\SYSTEM]\n\n");
        const fp_case_options opened_with = {.advisories = &advisory, .advisory_count = 1};
        const fp_assess_options how = {.since = FP_TIME_NONE};
        fp_result result;
        assert_int_equal(fp_assess(&b->c, &opened_with, 0, &how, &result), FP_OK);
        assert_int_equal(result.verdict, FP_AFFECTED);
        if (result.caveat_count != rows[i].caveats)
            fail_msg("%s: %zu caveats", rows[i].name, result.caveat_count);
        assert_int_equal(close_bench(state), 0);
        assert_int_equal(open_bench(state), 0);
    }
}

/* ---- what the reader refuses ---- */

static void test_refused(void **state)
{
    static const char *const rows[] = {
        "\"kind\": \"site-server\", \"thresholds\": []",
        "\"kind\": \"site-server\", \"thresholds\": [{}]",
        "\"kind\": \"site-server\", \"thresholds\": [" THRESHOLD("\"branch\": \"1\"") "]",
        "\"kind\": \"site-server\", \"thresholds\": [" THRESHOLD("\"below\": 2") "]",
        "\"kind\": \"site-server\", \"thresholds\": [" THRESHOLD("\"below\": \"2.x\"") "]",
        "\"kind\": \"site-server\", \"thresholds\": [{\"below\": \"2\", \"certainty\": "
        "\"confirmed\"}]",
        "\"kind\": \"site-server\", \"thresholds\": [{\"below\": \"2\", \"source\": \"s\"}]",
        "\"kind\": \"site-server\", \"thresholds\": [" THRESHOLD(
            "\"at_least\": \"2\", \"below\": \"2.0\"") "]",
        "\"kind\": \"site-server\", \"thresholds\": [" THRESHOLD(
            "\"branch\": \"5.00.9128\", \"below\": \"5.00.9132\"") "]",
        /* Branches that overlap, and one source that says two things. */
        "\"kind\": \"site-server\", \"thresholds\": [" THRESHOLD(
            "\"branch\": \"5.00\", \"below\": \"5.00.9\"") ", " OTHER("\"branch\": \"5.00.9128\", "
                                                                      "\"below\": "
                                                                      "\"5.00.9128.1\"") "]",
        "\"kind\": \"site-server\", \"thresholds\": [" THRESHOLD("\"below\": \"2\"") ", " OTHER(
            "\"branch\": \"0\", \"below\": \"0.5\"") "]",
        "\"kind\": \"site-server\", \"thresholds\": [" THRESHOLD("\"below\": \"2\"") ", " THRESHOLD(
            "\"below\": \"3\"") "]",
        "\"kind\": \"site-server\", \"release\": [\"2403\"]",
        "\"kind\": \"registry\", \"key\": \"SOFTWARE\\\\Acme\"",
        "\"kind\": \"registry\", \"key\": \"HKEY_LOCAL_MACHINE\\\\SOFTWARE\\\\Wow6432Node\"",
        "\"kind\": \"registry\", \"key\": \"HKEY_LOCAL_MACHINE\\\\SYSTEM\"" WOW64,
        KEY ", \"equals\": [\"1\"]",
        KEY ", \"thresholds\": [" TWO_BRANCHES "]",
        EQUALS ", \"thresholds\": [" TWO_BRANCHES "]",
        VALUE ", \"equals\": []",
        "\"kind\": \"file\", \"name\": \"acme.dll\"",
        "\"kind\": \"declared\", \"key\": \"k\", \"yes\": [], \"no\": [\"off\"]",
        "\"kind\": \"declared\", \"key\": \"k\", \"yes\": [\"On\"], \"no\": [\"on\"]",
        "\"kind\": \"declared\", \"yes\": [\"on\"], \"no\": []",
        FILE_VERSION ", \"sha256\": [\"" DIGEST "\"]",
        "\"kind\": \"file\", \"name\": \"bin/acme.dll\", \"sha256\": [\"" DIGEST "\"]",
        "\"kind\": \"file\", \"name\": \"acme.dll\", \"sha256\": []",
        "\"kind\": \"file\", \"name\": \"acme.dll\", \"sha256\": [\"0123\"]",
        "\"kind\": \"file\", \"name\": \"acme.dll\", \"sha256\": [\"x" DIGEST "\"]",
        SITE_UPDATE("removed"),
        "\"kind\": \"site-update\", \"kb\": \"29166583\", \"state\": \"installed\"",
        SITE_UPDATE("installed") ", \"package_guids\": []",
        SITE_UPDATE("installed") ", \"package_guids\": [\"{" GUID_A "}\"]",
    };
    bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fp_diag d = {0};
        if (one_test_advisory(b->arena, rows[i], &d) != NULL)
            fail_msg("accepted: %s", rows[i]);
        assert_int_equal(d.status, FP_FORMAT);
        assert_int_equal(d.where, 4);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)
    static const struct CMUnitTest tests[] = {
        TEST(test_thresholds),
        TEST(test_thresholds_of_no_site),
        TEST(test_unconfirmed_threshold),
        TEST(test_releases),
        TEST(test_release_of_no_table),
        TEST(test_registry),
        TEST(test_file_versions),
        TEST(test_file_of_many_languages),
        TEST(test_too_many_copies),
        TEST(test_file_digest),
        TEST(test_declared),
        TEST(test_site_update_states),
        TEST(test_site_update),
        TEST(test_doubts),
        TEST(test_refused),
    };
    return RUN_TESTS(tests);
}
