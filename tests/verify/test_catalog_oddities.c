/* SPDX-License-Identifier: MIT */
/* Whether catalogues hold what they should not: such as a case describes, and real ones. */
#include "tests/support/cab_builder.h"
#include "tests/support/check.h"
#include "tests/support/one_test.h"

#include <stdio.h>

enum { BUDGET = 16 << 20, TEXT_MAX = 16 * 1024 };

#define STATE(name) "\"kind\": \"catalog\", \"state\": \"" name "\""
#define OTHER_THAN  STATE("unexpected-action") ", \"expected\": "
#define DUPLICATE   STATE("duplicate-revision")

/* ---- what may be asked ---- */

static const one_test_form forms[] = {
    {OTHER_THAN "[\"Bundle\"]", true},
    {OTHER_THAN "[\"Bundle\", \"bundle\"]", true},
    {DUPLICATE, true},
    {STATE("unexpected-action"), false},
    {OTHER_THAN "[]", false},
    {OTHER_THAN "\"Bundle\"", false},
    {OTHER_THAN "[\"\"]", false},
    {OTHER_THAN "[\"Bundle\", \"Bundle\"]", false},
    {OTHER_THAN "[\"Bundle\"], \"kb\": \"KB5\"", false},
    {OTHER_THAN "[\"Bundle\"], \"deployment_action\": [\"Bundle\"]", false},
    {OTHER_THAN "[\"Bundle\"], \"match\": \"any\"", false},
    {OTHER_THAN "[\"Bundle\"], \"sha256\": []", false},
    {DUPLICATE ", \"expected\": [\"Bundle\"]", false},
    {DUPLICATE ", \"revision\": [7]", false},
    {STATE("damaged") ", \"expected\": [\"Bundle\"]", false},
    {STATE("update") ", \"kb\": \"KB5\", \"expected\": [\"Bundle\"]", false},
    {STATE("unexpected_action") ", \"expected\": [\"Bundle\"]", false},
};

static void test_forms(void **state)
{
    (void)state;
    one_test_check_forms(forms, sizeof forms / sizeof *forms);
}

/* ---- what is answered: catalogues as cases describe them ---- */

#define GUID(last) "0b0e5f0c-1111-4a4a-8b8b-00000000000" last
#define ACTION(revision, action)                                                                   \
    " revision " revision " revision_number 3 update_id " GUID("1") " deployment_action " action   \
                                                                    "\n"
#define BUNDLES   ACTION("20", "Bundle") ACTION("21", "Bundle")
#define GOOD      "catalog whole 7\n" BUNDLES
#define ODD       "catalog whole\n" BUNDLES ACTION("22", "Uninstall") ACTION("23", "Uninstall")
#define TWICE     "catalog whole 7 9 7\n" ACTION("9", "Bundle") ACTION("9", "Bundle")
#define DAMAGED   "catalog damaged\n"
#define EXPECTED  OTHER_THAN "[\"Bundle\", \"Evaluate\"]"
#define SOME_ODD  "updates with a DeploymentAction that is not expected"
#define SOME_SAME "RevisionIds that more than one update carries"

static const one_test_question questions[] = {
    {"no catalogue", EXPECTED, "file a.dll\n", FP_UNKNOWN, FP_WHY_NOT_SUPPLIED, NULL},
    {"as expected", EXPECTED, GOOD, FP_FALSE, 0, SOME_ODD ": none (a catalogue without"},
    {"another one", EXPECTED, ODD, FP_TRUE, 0, SOME_ODD ": 2 ("},
    {"who has it", EXPECTED, ODD, FP_TRUE, 0,
     "RevisionId 22: UpdateId " GUID("1") ", revision 3, DeploymentAction Uninstall ("},
    {"to the letter", OTHER_THAN "[\"bundle\"]", GOOD, FP_TRUE, 0, "RevisionId 20: "},
    {"none has one", EXPECTED, "catalog whole 7 8\n", FP_FALSE, 0, NULL},
    {"of two catalogues one", EXPECTED, GOOD ODD, FP_TRUE, 0, SOME_ODD ": none"},
    {"damaged", EXPECTED, DAMAGED, FP_UNKNOWN, FP_WHY_UNREADABLE, "damaged"},
    {"one of them damaged", EXPECTED, GOOD DAMAGED, FP_UNKNOWN, FP_WHY_UNREADABLE, "damaged"},
    {"damage is no excuse", EXPECTED, DAMAGED ODD, FP_TRUE, 0, NULL},
    {"unsigned", EXPECTED, "catalog unsigned\n" ACTION("22", "Uninstall"), FP_UNKNOWN,
     FP_WHY_UNREADABLE, "not what its"},
    {"untrusted", EXPECTED, "catalog untrusted\n" ACTION("22", "Uninstall"), FP_TRUE, 0,
     "unverified cabinet"},
    {"untrusted, as expected", EXPECTED, "catalog untrusted 7\n", FP_FALSE, 0, NULL},
    {"no catalogue for duplicates", DUPLICATE, "file a.dll\n", FP_UNKNOWN, FP_WHY_NOT_SUPPLIED,
     NULL},
    {"each once", DUPLICATE, GOOD, FP_FALSE, 0, SOME_SAME ": none ("},
    {"two of them again", DUPLICATE, TWICE, FP_TRUE, 0, SOME_SAME ": 2: 7, 9 ("},
    {"in two catalogues", DUPLICATE, GOOD GOOD, FP_FALSE, 0, NULL},
    {"without a RevisionId", DUPLICATE, "catalog whole 0\n kb KB5\n kb KB6\n", FP_FALSE, 0, NULL},
    {"duplicates beside damage", DUPLICATE, GOOD DAMAGED, FP_UNKNOWN, FP_WHY_UNREADABLE, NULL},
    {"forged", DUPLICATE, "catalog forged 7 7\n", FP_UNKNOWN, FP_WHY_UNREADABLE, NULL},
    {"untrusted duplicates", DUPLICATE, "catalog untrusted 7 7\n", FP_TRUE, 0, "7 ("},
};

/* One value more than is kept: it may be the one that is not expected. */
static void test_described_values(void **state)
{
    (void)state;
    char text[TEXT_MAX] = "catalog whole\n", members[TEXT_MAX] = OTHER_THAN "[\"A0\"";
    fp_test_result r;
    fp_diag d = {0};
    for (int i = 0; i <= FP_CATALOG_ACTIONS_MAX; i++) {
        char more[80];
        (void)snprintf(more, sizeof more, " revision %d deployment_action A%d\n", i + 100, i);
        (void)strcat(text, more);
        (void)snprintf(more, sizeof more, ", \"A%d\"", i);
        if (i > 0)
            (void)strcat(members, more);
    }
    (void)strcat(members, "]");
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_advisory *advisory = one_test_advisory(arena, members, &d);
    fp_case *c = one_test_described(advisory, text, arena);
    assert_int_equal(one_test_ask(advisory, c, arena, &r), FP_UNKNOWN);
    assert_int_equal(r.why, FP_WHY_INCOMPLETE);
    one_test_check_seen(&r, "none found, and not all of package.xml was read");
    fp_case_free(c);
    fp_arena_free(arena);
}

/* ---- real catalogues ---- */

#define UPDATE(last, revision)                                                                     \
    "<Update UpdateId=\"" GUID(last) "\" RevisionNumber=\"1\" RevisionId=\"" revision "\""
#define DOES(action) " DeploymentAction=\"" action "\"/>"
#define PACKAGE_BEGIN                                                                              \
    "<OfflineSyncPackage PackageId=\"the-package\" "                                               \
    "CreationDate=\"2026-07-14T13:54:06Z\"><Updates>"
#define PACKAGE_END "</Updates></OfflineSyncPackage>"
#define SOUND       UPDATE("1", "10") "/>" UPDATE("2", "11") DOES("Bundle")
#define CATALOGUE   "(catalogue the-package of 2026-07-14T13:54:06Z"

typedef struct made {
    const char *name;
    const char *updates; /* in package.xml */
    fp_tri odd;          /* an update has another DeploymentAction than Bundle and Evaluate */
    fp_tri twice;        /* a RevisionId is carried twice */
    const char *seen[2]; /* when odd is asked, when twice is asked */
} made;

static const made mades[] = {
    {"as it should be",
     SOUND,
     FP_FALSE,
     FP_FALSE,
     {SOME_ODD ": none " CATALOGUE, SOME_SAME ": none " CATALOGUE}},
    {"another DeploymentAction",
     SOUND UPDATE("3", "12") DOES("Uninstall") UPDATE("4", "13") DOES("Evaluate"),
     FP_TRUE,
     FP_FALSE,
     {"RevisionId 12: UpdateId " GUID("3") ", revision 1, DeploymentAction Uninstall " CATALOGUE,
      NULL}},
    {"three of one, one of another",
     SOUND UPDATE("3", "12") DOES("A") UPDATE("4", "13") DOES("A") UPDATE("5", "14") DOES("A")
         UPDATE("6", "15") DOES("B"),
     FP_TRUE,
     FP_FALSE,
     {SOME_ODD ": 4 " CATALOGUE, NULL}},
    {"an empty one", SOUND UPDATE("3", "12") DOES(""), FP_TRUE, FP_FALSE, {"RevisionId 12", NULL}},
    {"a RevisionId twice",
     SOUND UPDATE("3", "11") "/>",
     FP_FALSE,
     FP_TRUE,
     {NULL, SOME_SAME ": 1: 11 " CATALOGUE}},
    {"one update twice", SOUND UPDATE("2", "11") DOES("Bundle"), FP_FALSE, FP_TRUE, {NULL, NULL}},
    {"a RevisionId that cannot be read: damage",
     SOUND "<Update RevisionId=\"x\"" DOES("A"),
     FP_UNKNOWN,
     FP_UNKNOWN,
     {"damaged", "damaged"}},
    {"cut: damage", SOUND "<Update>", FP_UNKNOWN, FP_UNKNOWN, {"damaged", "damaged"}},
};

static cab_bytes build(const char *updates)
{
    static const char index[] = "<INDEX><CABLIST><CAB NAME=\"package.cab\"/></CABLIST></INDEX>";
    char xml[TEXT_MAX];
    (void)snprintf(xml, sizeof xml, PACKAGE_BEGIN "%s" PACKAGE_END, updates);
    const cab_file package_xml = {.name = "package.xml", .content = cab_text(xml)};
    cab_bytes package = cab_build(&package_xml, 1, NULL);
    const cab_file members[] = {{.name = "index.xml", .content = cab_text(index)},
                                {.name = "package.cab", .content = cab_span(&package)}};
    cab_bytes whole = cab_build(members, 2, NULL);
    cab_free(&package);
    return whole;
}

static fp_case *open_made(const char *updates, const fp_advisory *const *advisories, size_t count)
{
    cab_bytes cab = build(updates);
    const fp_case_options options = {.advisories = advisories, .advisory_count = count};
    fp_case *c = one_test_catalog(cab_span(&cab), &options);
    cab_free(&cab);
    return c;
}

/* Both questions of two advisories in one reading, which nothing is added to. */
static void test_made(void **state)
{
    const made *m = *state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_diag d = {0};
    fp_test_result r[2];
    const fp_advisory *advisories[] = {one_test_advisory(arena, EXPECTED, &d),
                                       one_test_advisory(arena, DUPLICATE, &d)};
    fp_case *c = open_made(m->updates, advisories, 2);
    const size_t questions_put = c->catalogs[0].catalog->question_count;
    for (size_t i = 0; i < 2; i++)
        (void)one_test_ask(advisories[i], c, arena, &r[i]);
    fp_case_free(c);
    assert_int_equal(questions_put, 2); /* the RevisionIds that every one_test_advisory names */
    assert_string_equal(fp_tri_name(r[0].is), fp_tri_name(m->odd));
    assert_string_equal(fp_tri_name(r[1].is), fp_tri_name(m->twice));
    for (size_t i = 0; i < 2; i++)
        one_test_check_seen(&r[i], m->seen[i]);
    fp_arena_free(arena);
}

/* What is told is short, and of every value one update at least. */
static void test_shown(void **state)
{
    (void)state;
    char updates[TEXT_MAX] = "";
    for (int i = 0; i < 100; i++) {
        char one[200];
        (void)snprintf(one, sizeof one, "<Update RevisionId=\"%d\" DeploymentAction=\"%s\"/>", i,
                       i == 50   ? "Bundle"
                       : i == 99 ? "Late"
                                 : "Early");
        (void)strcat(updates, one);
    }
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_diag d = {0};
    fp_test_result r;
    const fp_advisory *advisory = one_test_advisory(arena, EXPECTED, &d);
    fp_case *c = open_made(updates, &advisory, 1);
    assert_int_equal(one_test_ask(advisory, c, arena, &r), FP_TRUE);
    assert_int_equal(r.observations.count, 1 + 8);
    one_test_check_seen(&r, SOME_ODD ": 99 (");
    one_test_check_seen(&r, "RevisionId 0: DeploymentAction Early");
    one_test_check_seen(&r, "RevisionId 6: DeploymentAction Early");
    one_test_check_seen(&r, "RevisionId 99: DeploymentAction Late");
    assert_false(one_test_saw(&r, "Bundle"));
    fp_case_free(c);
    fp_arena_free(arena);
}

/* What reading a catalogue can come to besides: the memory ran out, so that what came of it counts
 * for nothing, or a limit of ours was hit, so that not all of it came. */
typedef struct part {
    const char *name;
    bool starved;
    const char *updates; /* that came */
    fp_tri is[2];        /* is one odd, is a RevisionId carried twice? */
    fp_unknown_why why;
    const char *seen; /* when the first is asked */
} part;

static const part parts[] = {
    {"starved",
     true,
     SOUND UPDATE("3", "10") DOES("A"),
     {FP_UNKNOWN, FP_UNKNOWN},
     FP_WHY_UNREADABLE,
     NULL},
    {"a part, sound so far",
     false,
     SOUND,
     {FP_UNKNOWN, FP_UNKNOWN},
     FP_WHY_INCOMPLETE,
     ": none found, and not all of package.xml was read " CATALOGUE},
    {"a part that is odd",
     false,
     SOUND UPDATE("3", "10") DOES("A"),
     {FP_TRUE, FP_TRUE},
     0,
     SOME_ODD ": at least 1 " CATALOGUE},
};

static void test_part(void **state)
{
    const part *p = *state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_diag d = {0};
    fp_test_result r[2];
    const fp_advisory *advisories[] = {one_test_advisory(arena, EXPECTED, &d),
                                       one_test_advisory(arena, DUPLICATE, &d)};
    fp_case *c = open_made(p->updates, advisories, 2);
    fp_catalog came = *c->catalogs[0].catalog;
    came.starved = p->starved;
    came.packages_read = came.actions_read = came.revisions_read = came.relations_read = false;
    c->catalogs[0].catalog = &came;
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(one_test_ask(advisories[i], c, arena, &r[i]), p->is[i]);
        assert_int_equal(r[i].why, p->why);
    }
    one_test_check_seen(&r[0], p->seen);
    fp_case_free(c);
    fp_arena_free(arena);
}

int main(void)
{
    enum {
        QUESTIONS = sizeof questions / sizeof *questions,
        MADES = sizeof mades / sizeof *mades,
        PARTS = sizeof parts / sizeof *parts,
        OTHERS = 3
    };
    struct CMUnitTest tests[QUESTIONS + MADES + PARTS + OTHERS] = {
        cmocka_unit_test(test_forms), cmocka_unit_test(test_described_values),
        cmocka_unit_test(test_shown)};
    size_t count = OTHERS;
    for (size_t i = 0; i < QUESTIONS; i++)
        tests[count++] = (struct CMUnitTest){questions[i].name, one_test_check_question, NULL, NULL,
                                             (void *)(uintptr_t)&questions[i]};
    for (size_t i = 0; i < MADES; i++)
        tests[count++] =
            (struct CMUnitTest){mades[i].name, test_made, NULL, NULL, (void *)(uintptr_t)&mades[i]};
    for (size_t i = 0; i < PARTS; i++)
        tests[count++] =
            (struct CMUnitTest){parts[i].name, test_part, NULL, NULL, (void *)(uintptr_t)&parts[i]};
    return cmocka_run_group_tests_name("catalog_oddities", tests, NULL, NULL) != 0;
}
