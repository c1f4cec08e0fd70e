/* SPDX-License-Identifier: MIT */
/* What advisories ask catalogues of updates: catalogues that a case describes, and real ones. */
#include "tests/support/archive_builder.h"
#include "tests/support/cab_builder.h"
#include "tests/support/check.h"
#include "tests/support/one_test.h"

#include <stdio.h>

enum { BUDGET = 16 << 20, TEXT_MAX = 4096 };

#define GUID(last) "0b0e5f0c-1111-4a4a-8b8b-00000000000" last

/* ---- what may be asked ---- */

#define STATE(name) "\"kind\": \"catalog\", \"state\": \"" name "\""
#define UPDATE      STATE("update")
#define ID          "\"update_id\": \"" GUID("1") "\""

static const one_test_form forms[] = {
    {UPDATE ", \"revision\": [7]", true},
    {UPDATE ", \"revision\": [7], \"superseded\": false", true},
    {UPDATE ", " ID, true},
    {UPDATE ", \"update_id\": \"0B0E5F0C-1111-4A4A-8B8B-000000000001\"", true},
    {UPDATE ", " ID ", \"revision_number\": 0, \"deployment_action\": [\"Bundle\"]", true},
    {UPDATE ", " ID ", \"superseded\": true, \"match\": \"every\"", true},
    {UPDATE ", \"kb\": \"KB5\"", true},
    {UPDATE ", \"kb\": \"KB5\", \"deployment_action\": [\"A\", \"B\"], \"match\": \"any\"", true},
    {UPDATE, false},
    {UPDATE ", \"revision\": [9]", false}, /* not among the advisory's */
    {UPDATE ", \"revision\": []", false},
    {UPDATE ", \"revision\": [7, 8]", false},
    {UPDATE ", \"revision\": [7], \"match\": \"any\"", false},
    {UPDATE ", \"revision\": [7], " ID, false},
    {UPDATE ", \"revision\": [7], \"revision_number\": 1", false},
    {UPDATE ", " ID ", \"kb\": \"KB5\"", false},
    {UPDATE ", \"update_id\": \"{" GUID("1") "}\"", false},
    {UPDATE ", \"update_id\": \"0b0e5f0c\"", false},
    {UPDATE ", " ID ", \"revision_number\": 4294967296", false},
    {UPDATE ", " ID ", \"revision_number\": 1, \"superseded\": true, \"match\": \"any\"", false},
    {UPDATE ", " ID ", \"superseded\": true", false}, /* of how many revisions? */
    {UPDATE ", " ID ", \"match\": \"any\"", false},   /* of what? */
    {UPDATE ", \"kb\": \"KB5\", \"revision_number\": 1", false},
    {UPDATE ", \"kb\": \"5\"", false},
    {UPDATE ", \"kb\": \"KB4294967296\"", false},
    {UPDATE ", \"kb\": \"KB5\", \"deployment_action\": [\"A\"]", false},
    {UPDATE ", \"kb\": \"KB5\", \"deployment_action\": [], \"match\": \"any\"", false},
    {UPDATE ", \"kb\": \"KB5\", \"superseded\": null, \"match\": \"any\"", false},
    {UPDATE ", \"kb\": \"KB5\", \"superseded\": true, \"match\": \"some\"", false},
    {UPDATE ", \"kb\": \"KB5\", \"sha256\": []", false},
    {STATE("damaged") ", \"kb\": \"KB5\"", false},
    {STATE("authentic") ", \"match\": \"any\"", false},
    {STATE("damaged") ", \"superseded\": false", false},
};

static void test_forms(void **state)
{
    (void)state;
    one_test_check_forms(forms, sizeof forms / sizeof *forms);
}

/* ---- what is answered: catalogues as cases describe them ---- */

/* KB 5 has a bundle that is superseded and the update in it, KB 6 one update. */
#define ID_1 "0b0e5f0c-1111-4a4a-8b8b-000000000001"
#define ID_2 "0b0e5f0c-1111-4a4a-8b8b-000000000002"
#define ID_3 "0b0e5f0c-1111-4a4a-8b8b-000000000003"
#define ONE                                                                                        \
    "catalog whole 7\n"                                                                            \
    " update_id " ID_1 " revision_number 100 revision 10 kb KB5 superseded_by 30\n"                \
    " update_id " ID_2 " revision_number 1 revision 20 kb KB5 deployment_action Bundle\n"          \
    " update_id " ID_3 " revision_number 7 revision 30 kb 6 deployment_action Evaluate\n"          \
    " update_id " ID_3 " revision_number 8 revision 31 superseded_by 99\n"
/* The update 2:1 as another one has it, and 3:7 as the first. */
#define OTHER                                                                                      \
    "catalog whole\n"                                                                              \
    " update_id " ID_2 " revision_number 1 revision 5 deployment_action Install\n"                 \
    " update_id " ID_3 " revision_number 7 revision 6 deployment_action Evaluate\n"
#define DAMAGED           "catalog damaged\n"
#define KB(number, more)  UPDATE ", \"kb\": \"KB" number "\"" more
#define BY_ID(last, more) UPDATE ", \"update_id\": \"" GUID(last) "\"" more
#define NUMBER(n)         ", \"revision_number\": " n
#define ACTION(name)      ", \"deployment_action\": [\"" name "\", \"Other\"]"
#define SUPERSEDED(how)   ", \"superseded\": " how
#define MATCH(how)        ", \"match\": \"" how "\""

static const one_test_question questions[] = {
    {NULL, KB("5", ""), "file a.dll\n", FP_UNKNOWN, FP_WHY_NOT_SUPPLIED, NULL},
    {NULL, KB("5", ""), ONE, FP_TRUE, 0,
     "KB5: UpdateId " GUID("1") ", revision 100, RevisionId 10, no DeploymentAction, superseded"},
    {NULL, KB("7", ""), ONE, FP_FALSE, 0, "KB7: not there"},
    {NULL, KB("7", ""), ONE DAMAGED, FP_UNKNOWN, FP_WHY_UNREADABLE, "damaged"},
    {NULL, KB("5", ""), DAMAGED ONE, FP_TRUE, 0, NULL},
    {NULL, KB("5", ""), "catalog unsigned\n kb KB5\n", FP_UNKNOWN, FP_WHY_UNREADABLE,
     "not what its"},
    {NULL, KB("5", ""), "catalog forged\n kb KB5\n", FP_UNKNOWN, FP_WHY_UNREADABLE, NULL},
    {NULL, KB("5", ""), "catalog untrusted\n kb KB5\n", FP_TRUE, 0, "unverified cabinet"},
    {NULL, BY_ID("1", ""), ONE, FP_TRUE, 0,
     "UpdateId " GUID("1") ": revision 100, RevisionId 10, no"},
    {NULL, BY_ID("9", ""), ONE, FP_FALSE, 0, NULL},
    {NULL, BY_ID("1", NUMBER("100")), ONE, FP_TRUE, 0,
     "UpdateId " GUID("1") ", revision 100: RevisionId 10, no DeploymentAction"},
    {NULL, BY_ID("1", NUMBER("101")), ONE, FP_FALSE, 0,
     "UpdateId " GUID("1") ", revision 101: not there"},
    /* of any or every update with the KB */
    {NULL, KB("5", SUPERSEDED("true") MATCH("any")), ONE, FP_TRUE, 0,
     "superseded by RevisionId 30 (UpdateId " GUID("3") ")"},
    {NULL, KB("5", SUPERSEDED("true") MATCH("every")), ONE, FP_FALSE, 0, "not superseded"},
    {NULL, KB("5", SUPERSEDED("false") MATCH("any")), ONE, FP_TRUE, 0, NULL},
    {NULL, KB("5", SUPERSEDED("false") MATCH("every")), ONE, FP_FALSE, 0, NULL},
    {NULL, KB("6", SUPERSEDED("false") MATCH("every")), ONE, FP_TRUE, 0, NULL},
    {NULL, KB("7", SUPERSEDED("false") MATCH("every")), ONE, FP_FALSE, 0,
     NULL}, /* none is no every */
    {NULL, KB("7", SUPERSEDED("false") MATCH("any")), ONE, FP_FALSE, 0, NULL},
    {NULL, KB("6", SUPERSEDED("false") MATCH("every")), ONE DAMAGED, FP_UNKNOWN, FP_WHY_UNREADABLE,
     NULL},
    {NULL, KB("6", SUPERSEDED("false") MATCH("any")), ONE DAMAGED, FP_TRUE, 0, NULL},
    {NULL, KB("6", SUPERSEDED("true") MATCH("every")), ONE DAMAGED, FP_FALSE, 0, NULL},
    {NULL, KB("5", ACTION("Bundle") MATCH("any")), ONE, FP_TRUE, 0, "DeploymentAction Bundle"},
    {NULL, KB("5", ACTION("bundle") MATCH("any")), ONE, FP_FALSE, 0, NULL}, /* to the letter */
    {NULL, KB("5", ACTION("Bundle") MATCH("every")), ONE, FP_FALSE, 0, NULL},
    {NULL, KB("5", ACTION("Bundle") SUPERSEDED("true") MATCH("any")), ONE, FP_FALSE, 0, NULL},
    {NULL, KB("5", ACTION("Bundle") SUPERSEDED("false") MATCH("any")), ONE, FP_TRUE, 0, NULL},
    /* of any or every revision of an update */
    {NULL, BY_ID("3", SUPERSEDED("true") MATCH("any")), ONE, FP_TRUE, 0,
     "superseded by RevisionId 99 (not in this catalogue)"},
    {NULL, BY_ID("3", SUPERSEDED("true") MATCH("every")), ONE, FP_FALSE, 0, NULL},
    /* of one */
    {NULL, BY_ID("3", NUMBER("8") SUPERSEDED("true")), ONE, FP_TRUE, 0, NULL},
    {NULL, BY_ID("3", NUMBER("7") SUPERSEDED("true")), ONE, FP_FALSE, 0, NULL},
    {NULL, BY_ID("3", NUMBER("9") SUPERSEDED("true")), ONE, FP_FALSE, 0, NULL},
    {NULL, BY_ID("2", NUMBER("1") ACTION("Bundle")), ONE, FP_TRUE, 0, NULL},
    {NULL, BY_ID("2", NUMBER("1") ACTION("Bundle")), ONE OTHER, FP_UNKNOWN, FP_WHY_CONFLICTING,
     NULL},
    {NULL, BY_ID("3", NUMBER("7") ACTION("Evaluate")), ONE OTHER, FP_TRUE, 0, NULL},
    {NULL, BY_ID("2", ACTION("Bundle") MATCH("any")), ONE OTHER, FP_TRUE, 0, NULL},
    {NULL, UPDATE ", \"revision\": [7]", ONE, FP_TRUE, 0,
     "RevisionId 7: an update of no readable UpdateId, no DeploymentAction ("},
    {NULL, UPDATE ", \"revision\": [8]", ONE, FP_FALSE, 0, NULL},
    {NULL, UPDATE ", \"revision\": [7], \"deployment_action\": [\"Bundle\"]", ONE, FP_FALSE, 0,
     NULL},
    {NULL, UPDATE ", \"revision\": [7], \"superseded\": false", ONE, FP_TRUE, 0, NULL},
};

/* ---- real catalogues ---- */

#define HEAD(last, number, revision)                                                               \
    "<Update UpdateId=\"" GUID(last) "\" RevisionNumber=\"" number "\" RevisionId=\"" revision "\""
#define PACKAGE_BEGIN                                                                              \
    "<OfflineSyncPackage PackageId=\"the-package\" "                                               \
    "CreationDate=\"2026-07-14T13:54:06Z\"><Updates>"
#define PACKAGE_END "</Updates></OfflineSyncPackage>"
#define FIRST                                                                                      \
    HEAD("1", "1", "10")                                                                           \
    " IsBundle=\"true\"><SupersededBy><Revision Id=\"12\"/></SupersededBy>"                        \
    "</Update>"
#define SECOND HEAD("2", "2", "11") " DeploymentAction=\"Bundle\"/>"
#define THIRD  HEAD("3", "3", "12") "/>"

typedef struct made {
    const char *name;
    const char *package;   /* the updates in package.xml */
    const char *x10, *x11; /* fragments */
    bool without_shard;
    fp_tri there;            /* KB5 */
    fp_tri superseded;       /* every one of them is */
    fp_tri first_superseded; /* the update 1:1 is */
    fp_tri bundle;           /* the update 2, in any revision, has the DeploymentAction Bundle */
    fp_tri kb_bundle;        /* ... any with KB5 has it */
} made;

#define X_KB(text) "<ExtendedProperties><KBArticleID>" text "</KBArticleID></ExtendedProperties>"

static const made mades[] = {
    {"as it should be", FIRST SECOND THIRD, X_KB("5"), X_KB("5"), false, FP_TRUE, FP_FALSE, FP_TRUE,
     FP_TRUE, FP_TRUE},
    {"one alone has the KB", FIRST SECOND THIRD, X_KB("5"), X_KB("55"), false, FP_TRUE, FP_TRUE,
     FP_TRUE, FP_TRUE, FP_FALSE},
    {"none has the KB", FIRST SECOND THIRD, X_KB("6"), X_KB("55"), false, FP_FALSE, FP_FALSE,
     FP_TRUE, FP_TRUE, FP_FALSE},
    {"a shard is missing: damage", FIRST SECOND THIRD, X_KB("5"), X_KB("5"), true, FP_UNKNOWN,
     FP_UNKNOWN, FP_UNKNOWN, FP_UNKNOWN, FP_UNKNOWN},
    {"a KB that cannot be read", FIRST SECOND THIRD, X_KB("5"), X_KB("5x"), false, FP_TRUE,
     FP_UNKNOWN, FP_TRUE, FP_TRUE, FP_UNKNOWN},
    {"only the shard knows an update", FIRST THIRD, X_KB("5"), X_KB("5"), false, FP_TRUE,
     FP_UNKNOWN, FP_TRUE, FP_FALSE, FP_UNKNOWN},
    {"a reference that cannot be read",
     FIRST SECOND HEAD("3", "3",
                       "12") "><SupersededBy><Revision Id=\"x\"/></SupersededBy></Update>",
     X_KB("5"), X_KB("5"), false, FP_TRUE, FP_UNKNOWN, FP_TRUE, FP_TRUE, FP_TRUE},
    {"a RevisionId twice", FIRST SECOND THIRD HEAD("4", "1", "10") "/>", X_KB("5"), X_KB("6"),
     false, FP_TRUE, FP_UNKNOWN, FP_UNKNOWN, FP_TRUE, FP_UNKNOWN},
    {"another update has that RevisionId", FIRST SECOND THIRD HEAD("4", "1", "11") "/>", X_KB("6"),
     X_KB("5"), false, FP_TRUE, FP_UNKNOWN, FP_TRUE, FP_UNKNOWN, FP_UNKNOWN},
    {"an UpdateId that cannot be read", FIRST SECOND "<Update UpdateId=\"?\" RevisionId=\"12\"/>",
     X_KB("5"), X_KB("5"), false, FP_TRUE, FP_FALSE, FP_UNKNOWN, FP_TRUE, FP_TRUE},
};

static cab_bytes build(const made *m)
{
    static const char index[] = "<INDEX><CABLIST><CAB NAME=\"package.cab\"/>"
                                "<CAB NAME=\"package2.cab\" RANGESTART=\"0\"/></CABLIST></INDEX>";
    char xml[TEXT_MAX];
    (void)snprintf(xml, sizeof xml, PACKAGE_BEGIN "%s" PACKAGE_END, m->package);
    const cab_file package_xml = {.name = "package.xml", .content = cab_text(xml)};
    const cab_file fragments[] = {
        {.name = "x\\10", .content = cab_text(m->x10)},
        {.name = "x\\11", .content = cab_text(m->x11)},
        {.name = "l\\en\\11",
         .content = cab_text("<LocalizedProperties><Language>en</Language>"
                             "<Title>Two</Title></LocalizedProperties>")}};
    cab_bytes package = cab_build(&package_xml, 1, NULL);
    cab_bytes shard = cab_build(fragments, 3, NULL);
    const cab_file members[] = {{.name = "index.xml", .content = cab_text(index)},
                                {.name = "package.cab", .content = cab_span(&package)},
                                {.name = "package2.cab", .content = cab_span(&shard)}};
    cab_bytes whole = cab_build(members, m->without_shard ? 2 : 3, NULL);
    cab_free(&package);
    cab_free(&shard);
    return whole;
}

enum { ASKED = 5 };

static fp_case *open_made(const made *m, const fp_advisory *const *advisories, size_t count,
                          const fp_catalog_request *besides)
{
    cab_bytes cab = build(m);
    const fp_case_options options = {
        .advisories = advisories, .advisory_count = count, .catalogs = besides};
    fp_case *c = one_test_catalog(cab_span(&cab), &options);
    cab_free(&cab);
    return c;
}

/* The questions of several advisories, all in one reading. */
static void test_made(void **state)
{
    static const char *const members[ASKED] = {
        KB("5", ""), KB("5", SUPERSEDED("true") MATCH("every")),
        BY_ID("1", NUMBER("1") SUPERSEDED("true")), BY_ID("2", ACTION("Bundle") MATCH("any")),
        KB("5", ACTION("Bundle") MATCH("any"))};
    const made *m = *state;
    const fp_tri expected[ASKED] = {m->there, m->superseded, m->first_superseded, m->bundle,
                                    m->kb_bundle};
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_advisory *advisories[ASKED];
    fp_diag d = {0};
    fp_tri is[ASKED];
    for (size_t i = 0; i < ASKED; i++)
        advisories[i] = one_test_advisory(arena, members[i], &d);
    fp_case *c = open_made(m, advisories, ASKED, NULL);
    const size_t questions_put = c->catalogs[0].catalog->question_count;
    for (size_t i = 0; i < ASKED; i++) {
        fp_test_result r;
        is[i] = one_test_ask(advisories[i], c, arena, &r);
        if (is[i] != FP_UNKNOWN && i != 1 &&
            !one_test_saw(&r, "the-package of 2026-07-14T13:54:06Z"))
            is[i] = FP_UNKNOWN;
    }
    fp_case_free(c);
    fp_arena_free(arena);
    assert_int_equal(questions_put, 5); /* two RevisionIds, one KB, two UpdateIds */
    for (size_t i = 0; i < ASKED; i++)
        if (is[i] != expected[i])
            fail_msg("%s: %s", members[i], fp_tri_name(is[i]));
}

static size_t decoded(const fp_case *c)
{
    return c->catalogs[0].catalog->inner_sound;
}

/* Shards are decoded for a KB alone; titles are there for whoever asks for them. */
static void test_cost(void **state)
{
    (void)state;
    const fp_catalog_request titles = {.details = true, .language = FP_STR_INIT("en")};
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_diag d = {0};
    fp_test_result r;
    const fp_advisory *by_id = one_test_advisory(arena, BY_ID("2", ""), &d);
    const fp_advisory *by_kb = one_test_advisory(arena, KB("5", ""), &d);

    fp_case *c = open_made(&mades[0], &by_id, 1, NULL);
    assert_int_equal(decoded(c), 1);
    assert_int_equal(one_test_ask(by_id, c, arena, &r), FP_TRUE);
    assert_false(one_test_saw(&r, "Two"));
    fp_case_free(c);
    c = open_made(&mades[0], &by_kb, 1, NULL);
    assert_int_equal(decoded(c), 2);
    fp_case_free(c);
    c = open_made(&mades[0], &by_id, 1, &titles);
    assert_int_equal(decoded(c), 1);
    assert_int_equal(one_test_ask(by_id, c, arena, &r), FP_TRUE);
    assert_true(
        one_test_saw(&r, ": revision 2, RevisionId 11, \"Two\", DeploymentAction Bundle ("));
    fp_case_free(c);
    fp_arena_free(arena);
}

/* More than one request can hold: what was not asked is unknown, and a finding. */
static void test_too_many(void **state)
{
    (void)state;
    enum { ADVISORIES = FP_CATALOG_QUESTIONS_MAX };
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_advisory *advisories[ADVISORIES];
    fp_diag d = {0};
    fp_test_result r;
    for (size_t i = 0; i < ADVISORIES; i++) {
        char members[200];
        (void)snprintf(members, sizeof members, UPDATE ", \"kb\": \"KB%zu\"", i + 5);
        advisories[i] = one_test_advisory(arena, members, &d);
    }
    fp_case *c = open_made(&mades[0], advisories, ADVISORIES, NULL);
    assert_int_equal(c->catalogs[0].catalog->question_count, FP_CATALOG_QUESTIONS_MAX);
    assert_int_equal(c->findings.count, 2); /* two RevisionIds came first */
    assert_int_equal(one_test_ask(advisories[0], c, arena, &r), FP_TRUE);
    assert_int_equal(one_test_ask(advisories[ADVISORIES - 3], c, arena, &r), FP_FALSE);
    assert_int_equal(one_test_ask(advisories[ADVISORIES - 1], c, arena, &r), FP_UNKNOWN);
    assert_int_equal(r.why, FP_WHY_INCOMPLETE);
    fp_case_free(c);
    fp_arena_free(arena);
}

int main(void)
{
    enum {
        QUESTIONS = sizeof questions / sizeof *questions,
        MADES = sizeof mades / sizeof *mades,
        OTHERS = 3
    };
    struct CMUnitTest tests[QUESTIONS + MADES + OTHERS] = {
        cmocka_unit_test(test_forms), cmocka_unit_test(test_cost), cmocka_unit_test(test_too_many)};
    size_t count = OTHERS;
    for (size_t i = 0; i < QUESTIONS; i++)
        tests[count++] = (struct CMUnitTest){questions[i].members, one_test_check_question, NULL,
                                             NULL, (void *)(uintptr_t)&questions[i]};
    for (size_t i = 0; i < MADES; i++)
        tests[count++] =
            (struct CMUnitTest){mades[i].name, test_made, NULL, NULL, (void *)(uintptr_t)&mades[i]};
    return cmocka_run_group_tests_name("catalog_update", tests, NULL, NULL) != 0;
}
