/* SPDX-License-Identifier: MIT */
#include "tests/support/archive_builder.h"
#include "tests/support/cab_builder.h"
#include "tests/support/check.h"

#include "inventory/base/xml.h"
#include "inventory/catalog/catalog.h"

#include <stdio.h>
#include <unistd.h>

enum { BUDGET = 8 << 20 };

#define NAMESPACE "http://schemas.microsoft.com/msus/2004/02/OfflineSync"
#define HEADER                                                                                     \
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><OfflineSyncPackage MinimumClientVersion=\"5.8\" "  \
    "PackageId=\"3f0a4a4e-1111-2222-3333-444455556666\" PackageVersion=\"1.1\" "                   \
    "ProtocolVersion=\"1.0\" CreationDate=\"2008-06-13T04:05:06Z\" xmlns=\"" NAMESPACE "\">"
#define UPDATE(revision, more)                                                                     \
    "<Update CreationDate=\"2008-06-01T00:00:00Z\" DefaultLanguage=\"en\" "                        \
    "UpdateId=\"aaaaaaaa-0000-0000-0000-00000" revision "\" RevisionNumber=\"101\" "               \
    "RevisionId=\"" revision "\"" more "/>"
#define UPDATES                                                                                    \
    UPDATE("1293995", " DeploymentAction=\"Bundle\" IsLeaf=\"true\"")                              \
    UPDATE("1293996", " IsBundle=\"true\"")                                                        \
    UPDATE("1293997", " DeploymentAction=\"Evaluate\"")                                            \
    UPDATE("1293998", " DeploymentAction=\"Bundle\"")
#define FOOTER                                                                                     \
    "</Updates><FileLocations><FileLocation Id=\"x\" "                                             \
    "Url=\"u\"/></FileLocations></OfflineSyncPackage>"

static const char GOOD_PACKAGE[] = HEADER "<Updates>" UPDATES FOOTER;
static const char GOOD_INDEX[] =
    "<INDEX VERSION=\"1\"><CABLIST XOR=\"0\"><CAB NAME=\"package.cab\" />"
    "<CAB NAME=\"package2.cab\" RANGESTART=\"0\" FILESDIR=\"1\" />"
    "<CAB NAME=\"package3.cab\" RANGESTART=\"187611\" /></CABLIST></INDEX>";

static const fp_catalog_key asked[] = {{FP_CATALOG_BY_REVISION, .number = 1293995},
                                       {FP_CATALOG_BY_REVISION, .number = 1293996},
                                       {FP_CATALOG_BY_REVISION, .number = 42}};
static const fp_catalog_request request = {.keys = asked, .key_count = 3, .relations = true};

static const fp_archive_member index_member = {
    .level = 1, .index = 0, .name = {"index.xml", 9}, .regular = true};
static const fp_archive_member cab_member = {.level = 1,
                                             .index = 1,
                                             .name = {"package.cab", 11},
                                             .regular = true,
                                             .is_archive = true,
                                             .nested = FP_FATE_ENDED};
static const fp_archive_member xml_member = {
    .level = 2, .index = 2, .name = {"package.xml", 11}, .regular = true};

/* One member's events, its bytes in pieces (0: all at once). */
static fp_status give(fp_catalog_reader *r, const fp_archive_member *m, fp_span bytes, size_t piece,
                      bool complete)
{
    fp_status status = fp_catalog_begin(r, m);
    for (size_t at = 0; at < bytes.size && status == FP_OK;) {
        const size_t left = bytes.size - at;
        const size_t size = piece == 0 || piece > left ? left : piece;
        status = fp_catalog_data(r, m, fp_span_of(bytes.data + at, size));
        at += size;
    }
    return status != FP_OK ? status : fp_catalog_end(r, m, complete);
}

typedef struct fixture {
    const char *index;
    const char *package;
    size_t piece;
    size_t package_size; /* SIZE_MAX: all of it */
    bool cut;            /* the decoder says so: package.xml is not complete */
    bool fate_bad;
} fixture;

/* A whole catalogue by its events; NULL answers when the budget was too small. */
static const fp_catalog *read_fixture(fp_arena *arena, const fixture *f)
{
    fp_span package = cab_text(f->package);
    if (f->package_size < package.size)
        package.size = f->package_size;
    const cab_file file = {.name = "package.xml", .content = package};
    cab_bytes cab = cab_build(&file, 1, NULL);
    const fp_archive_member shards[] = {
        {.level = 1, .name = {"package2.cab", 12}, .regular = true},
        {.level = 1, .name = {"PACKAGE3.CAB", 12}, .regular = true}};

    fp_catalog_reader *r = fp_catalog_reader_new(arena, 1, &request);
    if (r == NULL) {
        cab_free(&cab);
        return NULL;
    }
    fp_status status = give(r, &index_member, cab_text(f->index), f->piece, true);
    if (status == FP_OK)
        status = fp_catalog_begin(r, &cab_member);
    if (status == FP_OK)
        status = fp_catalog_data(r, &cab_member, cab_span(&cab));
    if (status == FP_OK)
        status = give(r, &xml_member, package, f->piece, !f->cut);
    if (status == FP_OK)
        status = fp_catalog_end(r, &cab_member, true);
    for (size_t i = 0; i < 2 && status == FP_OK; i++)
        status = give(r, &shards[i], fp_span_of("MSCF", 4), 0, true);
    cab_free(&cab);
    const fp_catalog *c = fp_catalog_finish(r, !f->fate_bad);
    return status == FP_OK && !c->starved ? c : NULL;
}

static void print_problems(const fp_catalog *c)
{
    for (size_t i = 0; i < c->problem_count && i < FP_CATALOG_PROBLEMS_MAX; i++)
        print_message("  problem: %.*s\n", FP_STR_ARG(c->problems[i]));
}

static void check_good(const fp_catalog *c)
{
    if (c->problem_count > 0)
        print_problems(c);
    assert_int_equal(c->problem_count, 0);
    assert_true(c->index_read);
    assert_true(c->packages_read);
    assert_str(c->package_id, "3f0a4a4e-1111-2222-3333-444455556666");
    assert_str(c->creation_date, "2008-06-13T04:05:06Z");
    assert_str(c->package_version, "1.1");
    assert_true(c->created == (fp_time)1213329906 * 1000);
    assert_int_equal(c->updates, 4);
    assert_int_equal(c->without_action, 1);
    assert_int_equal(c->action_count, 2);
    assert_str(c->actions[0].value, "Bundle");
    assert_int_equal(c->actions[0].count, 2);
    assert_str(c->actions[1].value, "Evaluate");
    assert_int_equal(c->actions[1].count, 1);
    assert_int_equal(c->question_count, 3);
    assert_int_equal(c->questions[0].found, 1);
    const fp_catalog_update *first = fp_catalog_answer(&c->questions[0]);
    assert_true(first->has_action);
    assert_str(first->action, "Bundle");
    assert_str(first->update_id, "aaaaaaaa-0000-0000-0000-000001293995");
    assert_int_equal(first->is->revision_number, 101);
    assert_true(first->is->is_leaf);
    assert_false(first->is->is_bundle);
    assert_int_equal(c->questions[1].found, 1);
    assert_false(fp_catalog_answer(&c->questions[1])->has_action);
    assert_true(fp_catalog_answer(&c->questions[1])->is->is_bundle);
    assert_int_equal(c->questions[2].key.number, 42);
    assert_int_equal(c->questions[2].found, 0);
    assert_true(c->questions[2].settled);
    assert_null(fp_catalog_answer(&c->questions[2]));
    assert_int_equal(c->shard_count, 3);
    assert_str(c->shards[2].name, "package3.cab");
    assert_true(c->shards[2].present);
    assert_true(c->shards[2].has_range);
    assert_int_equal(c->shards[2].range_start, 187611);
    assert_false(c->shards[0].has_range);
    assert_int_equal(c->members, 4);
}

static void test_good(void **state)
{
    (void)state;
    static const size_t pieces[] = {0, 1, 7, 100};
    for (size_t i = 0; i < 4; i++) {
        fp_arena *arena = fp_arena_new(BUDGET);
        const fixture f = {GOOD_INDEX, GOOD_PACKAGE, pieces[i], SIZE_MAX, false, false};
        const fp_catalog *c = read_fixture(arena, &f);
        assert_non_null(c);
        check_good(c);
        fp_arena_free(arena);
    }
}

/* ---- questions ------------------------------------------------------------------------ */

#define OPEN(revision, number, id, more)                                                           \
    "<Update UpdateId=\"" id "\" RevisionNumber=\"" number "\" RevisionId=\"" revision "\"" more ">"
#define ID_A "AABD43AD-A183-4f0b-8EEE-8DBBCD67687F"
#define ID_B "64c52254-175b-4e2c-8a7c-30e3c24ae1d1"

#define CLOSE "</Update>"
#define RELATED_OLD                                                                                \
    OPEN("10", "1", ID_A, " IsBundle=\"true\"")                                                    \
    "<Prerequisites><UpdateId Id=\"a\"/><Or><UpdateId Id=\"b\"/><UpdateId Id=\"c\"/></Or>"         \
    "</Prerequisites><SupersededBy><Revision Id=\"11\"/><Revision Id=\"99\"/></SupersededBy>"      \
    "<Categories><Category Type=\"Product\" Id=\"d\"/></Categories>" CLOSE
#define RELATED_NEW OPEN("11", "2", ID_A, " IsBundle=\"false\"") CLOSE
#define RELATED_LEAF                                                                               \
    OPEN("12", "7", ID_B, " DeploymentAction=\"bundle\"")                                          \
    "<BundledBy><Revision Id=\"10\"/></BundledBy>" CLOSE
#define RELATED_TWIN OPEN("12", "8", ID_B, " DeploymentAction=\"Bundle\"") CLOSE
#define ELSEWHERE    "<Other><SupersededBy><Revision Id=\"1\"/></SupersededBy></Other>"

static const char RELATED_PACKAGE[] =
    HEADER "<Updates>" RELATED_OLD RELATED_NEW RELATED_LEAF RELATED_TWIN ELSEWHERE FOOTER;

static const fp_catalog *ask_with(fp_arena *arena, const char *package,
                                  const fp_catalog_request *what)
{
    const fp_span xml = cab_text(package);
    const cab_file file = {.name = "package.xml", .content = xml};
    cab_bytes cab = cab_build(&file, 1, NULL);
    fp_catalog_reader *r = fp_catalog_reader_new(arena, 1, what);
    assert_non_null(r);
    assert_int_equal(give(r, &index_member, cab_text(GOOD_INDEX), 0, true), FP_OK);
    assert_int_equal(fp_catalog_begin(r, &cab_member), FP_OK);
    assert_int_equal(fp_catalog_data(r, &cab_member, cab_span(&cab)), FP_OK);
    assert_int_equal(give(r, &xml_member, xml, 0, true), FP_OK);
    assert_int_equal(fp_catalog_end(r, &cab_member, true), FP_OK);
    cab_free(&cab);
    return fp_catalog_finish(r, true);
}

static void test_by_update_id(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_catalog_key keys[] = {{FP_CATALOG_BY_UPDATE, .any_number = true},
                             {FP_CATALOG_BY_UPDATE, .number = 2},
                             {FP_CATALOG_BY_UPDATE, .number = 3},
                             {FP_CATALOG_BY_REVISION, .number = 12}};
    for (size_t i = 0; i < 3; i++)
        assert_true(
            fp_guid_parse(FP_STR("aabd43ad-a183-4f0b-8eee-8dbbcd67687f"), keys[i].update_id));
    const fp_catalog_request what = {.keys = keys, .key_count = 4, .relations = true};
    const fp_catalog *c = ask_with(arena, RELATED_PACKAGE, &what);
    static const unsigned found[] = {2, 1, 0, 2};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(c->questions[i].found, found[i]);
        assert_int_equal(c->questions[i].update_count, found[i]);
        assert_true(c->questions[i].settled);
    }
    /* One update is one answer, whoever asked for it. */
    assert_ptr_equal(c->questions[0].updates[1], c->questions[1].updates[0]);
    assert_str(c->questions[0].updates[0]->update_id, "aabd43ad-a183-4f0b-8eee-8dbbcd67687f");
    assert_int_equal(c->duplicate_count, 1);
    assert_int_equal(c->duplicates[0], 12);
    fp_arena_free(arena);

    arena = fp_arena_new(BUDGET); /* an UpdateId that cannot be read may be the one */
    c = ask_with(arena, HEADER "<Updates>" OPEN("10", "1", "x", "") "</Update>" FOOTER, &what);
    assert_true(c->packages_read);
    assert_false(c->questions[0].settled);
    assert_true(c->questions[3].settled);
    fp_arena_free(arena);

    arena = fp_arena_new(BUDGET); /* a number too: the same for one that was asked with it */
    c = ask_with(arena, HEADER "<Updates>" OPEN("10", "", ID_A, "") "</Update>" FOOTER, &what);
    assert_int_equal(c->questions[0].found, 1);
    assert_true(c->questions[0].settled);
    assert_int_equal(c->questions[1].found, 0);
    assert_false(c->questions[1].settled);
    fp_arena_free(arena);
}

static void test_relations(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    static const fp_catalog_key keys[] = {{FP_CATALOG_BY_REVISION, .number = 10},
                                          {FP_CATALOG_BY_REVISION, .number = 11}};
    fp_catalog_request what = {.keys = keys, .key_count = 2, .relations = true};
    const fp_catalog *c = ask_with(arena, RELATED_PACKAGE, &what);
    const fp_catalog_update *old = fp_catalog_answer(&c->questions[0]);
    const fp_catalog_update *now = fp_catalog_answer(&c->questions[1]);
    assert_true(old->is->is_bundle && !now->is->is_bundle);
    assert_int_equal(old->is->prerequisites, 3);
    assert_int_equal(old->is->categories, 1);
    assert_int_equal(old->superseded_by.count, 2);
    assert_ptr_equal(old->superseded_by.at[0].update, now->is);
    assert_null(old->superseded_by.at[1].update); /* 99 dangles */
    assert_int_equal(old->bundles.count, 1);
    assert_int_equal(old->bundles.at[0].revision_id, 12);
    assert_int_equal(now->supersedes.count, 1);
    assert_ptr_equal(now->supersedes.at[0].update, old->is);
    fp_arena_free(arena);

    arena = fp_arena_new(BUDGET);
    what.relations = false;
    c = ask_with(arena, RELATED_PACKAGE, &what);
    assert_int_equal(fp_catalog_answer(&c->questions[0])->superseded_by.count, 0);
    fp_arena_free(arena);
}

static void test_expected_actions(void **state)
{
    (void)state;
    static const fp_str expected[] = {FP_STR_INIT("Bundle"), FP_STR_INIT("Evaluate")};
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_catalog_request what = {.expected_actions = expected, .expected_count = 2};
    const fp_catalog *c = ask_with(arena, RELATED_PACKAGE, &what);
    assert_int_equal(c->odd_count, 1);
    assert_str(c->odd[0].action, "bundle");
    assert_int_equal(c->odd[0].is->revision_number, 7);
    assert_true(c->actions_read && c->revisions_read);
    for (size_t i = 0; i < c->action_count; i++) {
        assert_int_equal(c->actions[i].first_count, c->actions[i].count);
        for (size_t k = 0; k < c->actions[i].first_count; k++)
            assert_int_equal(c->actions[i].first[k]->action, i);
    }
    fp_arena_free(arena);
}

/* ---- rows: what becomes of a catalogue that is not as it should be
 * ------------------------------- */

typedef struct row {
    const char *name;
    const char *index;   /* NULL: the good one */
    const char *package; /* NULL: the good one */
    bool index_read;
    bool packages_read;
    bool fine; /* no problem is to be told */
    bool cut;
    bool fate_bad;
    unsigned found; /* how often revision 1293995 */
    uint64_t updates;
} row;

#define INDEX_OF(content) "<INDEX><CABLIST" content "</CABLIST></INDEX>"

static const row rows[] = {
    {.name = "no namespace",
     .package = "<OfflineSyncPackage PackageId=\"a\" "
                "CreationDate=\"2008-06-13T04:05:06Z\"><Updates>" UPDATES FOOTER,
     .index_read = true,
     .packages_read = true,
     .fine = true,
     .found = 1,
     .updates = 4},
    {.name = "a prefix for the namespace",
     .package = "<o:OfflineSyncPackage xmlns:o=\"" NAMESPACE "\" PackageId=\"a\" "
                "CreationDate=\"2008-06-13T04:05:06Z\"><o:Updates><o:Update RevisionId=\"1293995\" "
                "UpdateId=\"aaaaaaaa-0000-0000-0000-000001293995\" "
                "RevisionNumber=\"1\"/></o:Updates></o:OfflineSyncPackage>",
     .index_read = true,
     .packages_read = true,
     .fine = true,
     .found = 1,
     .updates = 1},
    {.name = "another namespace",
     .package = "<OfflineSyncPackage xmlns=\"urn:x\" PackageId=\"a\"><Updates>" UPDATES FOOTER,
     .index_read = true},
    {.name = "elements of another namespace are not updates",
     .package =
         HEADER "<Updates><x:Update xmlns:x=\"urn:x\" RevisionId=\"1293995\"/>" UPDATES FOOTER,
     .index_read = true,
     .packages_read = true,
     .fine = true,
     .found = 1,
     .updates = 4},
    {.name = "an update in the wrong place is none",
     .package = HEADER "<Other>" UPDATE("1293995", "") "</Other><Updates><X>" UPDATE(
         "1293995", "") "</X>" UPDATES FOOTER,
     .index_read = true,
     .packages_read = true,
     .fine = true,
     .found = 1,
     .updates = 4},
    {.name = "unknown attributes and elements",
     .package = HEADER "<Updates New=\"1\">" UPDATE("1293995", " Newer=\"2\"") "<New/>" FOOTER,
     .index_read = true,
     .packages_read = true,
     .fine = true,
     .found = 1,
     .updates = 1},
    {.name = "no updates",
     .package = HEADER "<Updates>" FOOTER,
     .index_read = true,
     .packages_read = true,
     .fine = true},
    {.name = "no Updates element", .package = HEADER "</OfflineSyncPackage>", .index_read = true},
    {.name = "the same revision twice",
     .package = HEADER "<Updates>" UPDATES UPDATE("1293995", "") FOOTER,
     .index_read = true,
     .packages_read = true,
     .found = 2,
     .updates = 5},
    {.name = "a revision that is no number",
     .package = HEADER "<Updates>" UPDATES UPDATE("129399x", "") FOOTER,
     .index_read = true,
     .found = 1,
     .updates = 5},
    {.name = "a revision with a sign",
     .package = HEADER "<Updates>" UPDATE("+1293995", "") FOOTER,
     .index_read = true,
     .updates = 1},
    {.name = "a revision above 32 bits",
     .package = HEADER "<Updates>" UPDATE("4296261291", "") FOOTER, /* 1293995 + 2^32 */
     .index_read = true,
     .updates = 1},
    {.name = "an update without a revision",
     .package = HEADER "<Updates><Update/>" UPDATES FOOTER,
     .index_read = true,
     .found = 1,
     .updates = 5},
    {.name = "the header has no id",
     .package = "<OfflineSyncPackage CreationDate=\"2008-06-13\"><Updates>" UPDATES FOOTER,
     .index_read = true,
     .packages_read = true,
     .found = 1,
     .updates = 4},
    {.name = "the header has an impossible date",
     .package =
         "<OfflineSyncPackage PackageId=\"a\" CreationDate=\"2008-13-13\"><Updates>" UPDATES FOOTER,
     .index_read = true,
     .packages_read = true,
     .found = 1,
     .updates = 4},
    {.name = "another root", .package = "<Package/>", .index_read = true},
    {.name = "empty package.xml", .package = "", .index_read = true},
    {.name = "not well-formed at the end",
     .package = HEADER "<Updates>" UPDATES FOOTER "x",
     .index_read = true,
     .found = 1,
     .updates = 4},
    {.name = "a second root",
     .package = HEADER "<Updates>" UPDATES FOOTER "<OfflineSyncPackage/>",
     .index_read = true,
     .found = 1,
     .updates = 4},
    {.name = "a NUL character",
     .package = HEADER "<Updates>" UPDATES "&#0;" FOOTER,
     .index_read = true,
     .found = 1,
     .updates = 4},
    {.name = "broken UTF-8",
     .package = HEADER "<Updates>" UPDATES "\xFF" FOOTER,
     .index_read = true,
     .found = 1,
     .updates = 4},
    {.name = "a document type",
     .package = "<!DOCTYPE OfflineSyncPackage><OfflineSyncPackage><Updates>" UPDATES FOOTER,
     .index_read = true},
    {.name = "an entity",
     .package = "<!DOCTYPE a [<!ENTITY e \"1293995\">]><OfflineSyncPackage><Updates>"
                "<Update RevisionId=\"&e;\"/>" FOOTER,
     .index_read = true},
    {.name = "a default attribute",
     .package = "<!DOCTYPE a [<!ATTLIST Update DeploymentAction CDATA \"Bundle\">]>"
                "<OfflineSyncPackage><Updates>" UPDATES FOOTER,
     .index_read = true},
    {.name = "package.xml is cut, well-formed so far",
     .package = HEADER "<Updates>" UPDATES,
     .index_read = true,
     .cut = true,
     .found = 1,
     .updates = 4},
    {.name = "package.xml is whole and the decoder says it is cut",
     .index_read = true,
     .cut = true,
     .found = 1,
     .updates = 4},
    {.name = "the decoder died later", .fate_bad = true, .found = 1, .updates = 4},
    {.name = "XOR is absent",
     .index = INDEX_OF("><CAB NAME=\"package.cab\"/><CAB NAME=\"package2.cab\"/>"
                       "<CAB NAME=\"package3.cab\" RANGESTART=\"187611\"/>"),
     .index_read = true,
     .packages_read = true,
     .fine = true,
     .found = 1,
     .updates = 4},
    {.name = "XOR is 1",
     .index = INDEX_OF(" XOR=\"1\"><CAB NAME=\"package.cab\"/>"),
     .packages_read = true,
     .found = 1,
     .updates = 4},
    {.name = "a shard without a name",
     .index = INDEX_OF("><CAB RANGESTART=\"1\"/>"),
     .packages_read = true,
     .found = 1,
     .updates = 4},
    {.name = "a range that is no number",
     .index = INDEX_OF("><CAB NAME=\"package2.cab\" RANGESTART=\"-1\"/>"),
     .packages_read = true,
     .found = 1,
     .updates = 4},
    {.name = "two ranges that are equal",
     .index = INDEX_OF("><CAB NAME=\"package2.cab\" RANGESTART=\"7\"/>"
                       "<CAB NAME=\"package3.cab\" RANGESTART=\"7\"/>"),
     .index_read = true,
     .packages_read = true,
     .found = 1,
     .updates = 4},
    {.name = "a shard that it does not name",
     .index = INDEX_OF("><CAB NAME=\"package.cab\"/>"),
     .index_read = true,
     .packages_read = true,
     .found = 1,
     .updates = 4},
    {.name = "a shard that is missing",
     .index = INDEX_OF("><CAB NAME=\"package9.cab\" RANGESTART=\"1\"/>"),
     .index_read = true,
     .packages_read = true,
     .found = 1,
     .updates = 4},
    {.name = "index.xml is something else",
     .index = "<html></html>",
     .packages_read = true,
     .found = 1,
     .updates = 4},
    {.name = "index.xml is not well-formed",
     .index = "<INDEX><CABLIST></INDEX>",
     .packages_read = true,
     .found = 1,
     .updates = 4},
};

static void test_row(void **state)
{
    const row *w = *state;
    static const size_t pieces[] = {0, 1, 13};
    for (size_t i = 0; i < 3; i++) {
        fp_arena *arena = fp_arena_new(BUDGET);
        const fixture f = {w->index != NULL ? w->index : GOOD_INDEX,
                           w->package != NULL ? w->package : GOOD_PACKAGE,
                           pieces[i],
                           SIZE_MAX,
                           w->cut,
                           w->fate_bad};
        const fp_catalog *c = read_fixture(arena, &f);
        assert_non_null(c);
        if (w->fine)
            print_problems(c);
        assert_int_equal(c->index_read, w->index_read);
        assert_int_equal(c->packages_read, w->packages_read);
        assert_int_equal(c->problem_count == 0, w->fine);
        assert_int_equal(c->questions[0].found, w->found);
        assert_int_equal(c->updates, w->updates);
        fp_arena_free(arena);
    }
}

/* However long the part that came, package.xml is not read; and never is an update called absent.
 */
static void test_truncated(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof GOOD_PACKAGE - 1; size++) {
        fp_arena *arena = fp_arena_new(BUDGET);
        const fixture f = {GOOD_INDEX, GOOD_PACKAGE, 0, size, false, false};
        const fp_catalog *c = read_fixture(arena, &f);
        assert_non_null(c);
        assert_false(c->packages_read);
        assert_true(c->problem_count > 0);
        fp_arena_free(arena);
    }
    for (size_t size = 0; size < sizeof GOOD_INDEX - 1; size++) {
        char index[sizeof GOOD_INDEX];
        memcpy(index, GOOD_INDEX, size);
        index[size] = '\0';
        fp_arena *arena = fp_arena_new(BUDGET);
        const fixture f = {index, GOOD_PACKAGE, 0, SIZE_MAX, false, false};
        const fp_catalog *c = read_fixture(arena, &f);
        assert_non_null(c);
        assert_false(c->index_read);
        assert_true(c->packages_read);
        assert_true(c->problem_count > 0);
        fp_arena_free(arena);
    }
}

static void test_budgets(void **state)
{
    (void)state;
    const fixture f = {GOOD_INDEX, GOOD_PACKAGE, 0, SIZE_MAX, false, false};
    bool succeeded = false;
    for (size_t budget = 0; !succeeded; budget += 64) {
        assert_true(budget < BUDGET);
        fp_arena *arena = fp_arena_new(budget);
        const fp_catalog *c = read_fixture(arena, &f);
        succeeded = c != NULL;
        if (succeeded)
            check_good(c);
        fp_arena_free(arena);
    }
}

/* ---- limits --------------------------------------------------------------------------- */

/* prefix, `count` times `unit`, suffix; to be freed. */
static char *repeat(const char *prefix, const char *unit, size_t count, const char *suffix)
{
    char *text = calloc(1, strlen(prefix) + count * strlen(unit) + strlen(suffix) + 1);
    size_t at = strlen(prefix);
    memcpy(text, prefix, at);
    for (size_t i = 0; i < count; i++, at += strlen(unit))
        memcpy(text + at, unit, strlen(unit));
    memcpy(text + at, suffix, strlen(suffix));
    return text;
}

static void check_limit(char *package, bool read)
{
    fp_arena *arena = fp_arena_new(BUDGET);
    const fixture f = {GOOD_INDEX, package, 0, SIZE_MAX, false, false};
    const fp_catalog *c = read_fixture(arena, &f);
    assert_non_null(c);
    assert_int_equal(c->packages_read, read);
    assert_int_equal(c->problem_count == 0, read);
    fp_arena_free(arena);
    free(package);
}

static void test_limits(void **state)
{
    (void)state;
    const char *const start = HEADER "<Updates><Update RevisionId=\"1\" RevisionNumber=\"1\" "
                                     "UpdateId=\"aaaaaaaa-0000-0000-0000-000001293995\" X=\"";
    const char *const end = "\"/>" FOOTER;
    check_limit(repeat(start, "x", FP_XML_ATTRIBUTE_MAX, end), true);
    check_limit(repeat(start, "x", FP_XML_ATTRIBUTE_MAX + 1, end), false);
    check_limit(repeat(start, "x", 5 * FP_XML_TOKEN_MAX, ""), false); /* without an end */
    check_limit(repeat(HEADER "<Updates><!--", "x", 5 * FP_XML_TOKEN_MAX, "-->" FOOTER), false);

    char *inner = repeat("", "</a>", FP_XML_DEPTH_MAX - 2, FOOTER);
    check_limit(repeat(HEADER "<Updates>", "<a>", FP_XML_DEPTH_MAX - 2, inner), true);
    free(inner);
    inner = repeat("", "</a>", FP_XML_DEPTH_MAX - 1, FOOTER);
    check_limit(repeat(HEADER "<Updates>", "<a>", FP_XML_DEPTH_MAX - 1, inner), false);
    free(inner);
}

static void test_many_actions(void **state)
{
    (void)state;
    enum { VALUES = FP_CATALOG_ACTIONS_MAX + 5 };
    char package[64 * 1024];
    size_t size = (size_t)snprintf(package, sizeof package, "%s<Updates>", HEADER);
    for (int i = 0; i < VALUES; i++)
        size += (size_t)snprintf(package + size, sizeof package - size,
                                 "<Update RevisionId=\"%d\" RevisionNumber=\"1\" UpdateId=\""
                                 "aaaaaaaa-0000-0000-0000-000001293995\" "
                                 "DeploymentAction=\"A%d\"/>",
                                 i, i);
    (void)snprintf(package + size, sizeof package - size, "%s", FOOTER);
    fp_arena *arena = fp_arena_new(BUDGET);
    const fixture f = {GOOD_INDEX, package, 0, SIZE_MAX, false, false};
    const fp_catalog *c = read_fixture(arena, &f);
    assert_int_equal(c->action_count, FP_CATALOG_ACTIONS_MAX);
    assert_int_equal(c->updates, VALUES);
    assert_true(c->packages_read && c->revisions_read);
    assert_false(c->actions_read); /* a value that was not kept may be any */
    assert_int_equal(c->problem_count, 1);
    fp_arena_free(arena);
}

/* One that is not kept was compared with none: its RevisionId may be another one's. */
static void test_many_updates(void **state)
{
    (void)state;
    static const char unit[] = "<Update RevisionId=\"7\" DeploymentAction=\"A\"/>";
    const fp_catalog_request what = {.relations = true};
    for (size_t extra = 0; extra < 2; extra++) {
        char *package = repeat(HEADER "<Updates>", unit, FP_UPDATES_MAX + extra, FOOTER);
        fp_arena *arena = fp_arena_new(64 << 20);
        const fp_catalog *c = ask_with(arena, package, &what);
        assert_int_equal(c->updates, FP_UPDATES_MAX + extra);
        assert_true(c->packages_read && c->actions_read);
        assert_int_equal(c->revisions_read, extra == 0);
        assert_int_equal(c->relations_read, extra == 0);
        assert_int_equal(c->actions[0].count, FP_UPDATES_MAX + extra);
        assert_int_equal(c->actions[0].first_count, FP_CATALOG_FIRST_MAX);
        fp_arena_free(arena);
        free(package);
    }
}

static void test_many_shards(void **state)
{
    (void)state;
    const char *const end = "</CABLIST></INDEX>";
    for (int extra = 0; extra < 2; extra++) {
        char *index = repeat("<INDEX><CABLIST>", "<CAB NAME=\"p\"/>",
                             (size_t)FP_CATALOG_SHARDS_MAX + (size_t)extra, end);
        fp_arena *arena = fp_arena_new(BUDGET);
        const fixture f = {index, GOOD_PACKAGE, 0, SIZE_MAX, false, false};
        const fp_catalog *c = read_fixture(arena, &f);
        assert_int_equal(c->shard_count, FP_CATALOG_SHARDS_MAX);
        assert_int_equal(c->index_read, extra == 0);
        fp_arena_free(arena);
        free(index);
    }
}

/* ---- the members around the documents ------------------------------------------------- */

typedef struct members_row {
    const char *name;
    enum {
        NO_INDEX = 1,
        NO_CAB,
        NO_XML,
        TWO_INDEX,
        TWO_XML,
        NESTED_REFUSED,
        CAB_CUT,
        CAB_DAMAGED,
        XML_ELSEWHERE
    } what;
    bool index_read;
    bool packages_read;
} members_row;

static const members_row members_rows[] = {
    {"no index.xml", NO_INDEX, false, true},
    {"no package.cab", NO_CAB, true, false},
    {"no package.xml", NO_XML, true, false},
    {"two index.xml", TWO_INDEX, false, true},
    {"two package.xml", TWO_XML, true, false},
    {"package.cab refused after package.xml", NESTED_REFUSED, true, false},
    {"package.cab cut after package.xml", CAB_CUT, true, false},
    {"package.cab damaged", CAB_DAMAGED, true, false},
    {"package.xml in another cabinet", XML_ELSEWHERE, true, false},
};

static void test_members(void **state)
{
    const members_row *w = *state;
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_span package = cab_text(GOOD_PACKAGE);
    const cab_file file = {.name = "package.xml", .content = package};
    cab_bytes cab = cab_build(&file, 1, NULL);
    if (w->what == CAB_DAMAGED)
        cab.data[cab.size - 1] ^= 1;
    fp_archive_member outer = cab_member;
    if (w->what == XML_ELSEWHERE)
        outer.name = FP_STR("package2.cab");
    if (w->what == NESTED_REFUSED) {
        outer.nested = FP_FATE_REFUSED;
        outer.nested_message = FP_STR("because\x1B[31m");
    }
    fp_catalog_reader *r = fp_catalog_reader_new(arena, 1, &request);
    const fp_span index = cab_text("<INDEX><CABLIST></CABLIST></INDEX>");
    if (w->what != NO_INDEX)
        assert_int_equal(give(r, &index_member, index, 0, true), FP_OK);
    if (w->what == TWO_INDEX)
        assert_int_equal(give(r, &index_member, index, 0, true), FP_OK);
    if (w->what != NO_CAB) {
        assert_int_equal(fp_catalog_begin(r, &outer), FP_OK);
        assert_int_equal(fp_catalog_data(r, &outer, cab_span(&cab)), FP_OK);
        if (w->what != NO_XML)
            assert_int_equal(give(r, &xml_member, package, 0, true), FP_OK);
        if (w->what == TWO_XML)
            assert_int_equal(give(r, &xml_member, package, 0, true), FP_OK);
        assert_int_equal(fp_catalog_end(r, &outer, w->what != CAB_CUT), FP_OK);
    }
    const fp_catalog *c = fp_catalog_finish(r, true);
    assert_int_equal(c->index_read, w->index_read);
    assert_int_equal(c->packages_read, w->packages_read);
    assert_true(c->problem_count > 0);
    for (size_t i = 0; i < c->problem_count; i++)
        assert_true(fp_text_is_utf8(c->problems[i]) &&
                    fp_str_find(c->problems[i], FP_STR("\x1B")) < 0);
    fp_arena_free(arena);
    cab_free(&cab);
}

static void test_level_two(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_archive_member index = index_member;
    fp_catalog_reader *r = fp_catalog_reader_new(arena, 2, &request);
    assert_int_equal(give(r, &index, cab_text("<html/>"), 0, true),
                     FP_OK); /* not the catalogue's */
    index.level = 2;
    assert_int_equal(give(r, &index, cab_text("<INDEX/>"), 0, true), FP_OK);
    assert_true(fp_catalog_finish(r, true)->index_read);
    fp_arena_free(arena);
}

static void test_names_of_shards(void **state)
{
    (void)state;
    static const char *const others[] = {"package.cab",   "wsusscn2.cab",  "package.zip",
                                         "packages2.cab", "package2.cabx", "",
                                         "package2"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(fp_catalog_names_shard(fp_str_of(others[i])));
    assert_true(fp_catalog_names_shard(FP_STR("package2.cab")));
    assert_true(fp_catalog_names_shard(FP_STR("PACKAGE69.CAB")));
    assert_true(fp_catalog_names_shard(FP_STR("some\\folder/package10.cab")));
}

static bool descends(void *context, const char *member_name, unsigned level)
{
    (void)level;
    return fp_catalog_wants(context, &request, fp_str_of(member_name));
}

/* From bytes to answers through the decoder: a cabinet that holds a cabinet. */
static fp_status on_begin(void *context, const fp_archive_member *m)
{
    return fp_catalog_begin(context, m);
}
static fp_status on_data(void *context, const fp_archive_member *m, fp_span b)
{
    return fp_catalog_data(context, m, b);
}
static fp_status on_end(void *context, const fp_archive_member *m, bool complete)
{
    return fp_catalog_end(context, m, complete);
}

static void test_through_the_decoder(void **state)
{
    (void)state;
    const cab_options mszip = {.mszip = true};
    const cab_file xml = {.name = "package.xml", .content = cab_text(GOOD_PACKAGE)};
    const cab_file fragment = {.name = "c\\605", .content = cab_text("<UpdateIdentity/>")};
    cab_bytes package = cab_build(&xml, 1, &mszip);
    cab_bytes shard = cab_build(&fragment, 1, &mszip);
    const cab_file members[] = {{.name = "index.xml", .content = cab_text(GOOD_INDEX)},
                                {.name = "package.cab", .content = cab_span(&package)},
                                {.name = "package2.cab", .content = cab_span(&shard)},
                                {.name = "package3.cab", .content = cab_span(&shard)}};
    cab_bytes catalogue = cab_build(members, 4, NULL);

    fp_arena *arena = fp_arena_new(BUDGET);
    fp_cabinet_scanner *s = fp_cabinet_scan_new(arena);
    fp_cabinet_scan(s, cab_span(&catalogue));
    assert_true(fp_catalog_probe(fp_cabinet_scan_end(s, true)));

    fp_catalog_reader *r = fp_catalog_reader_new(arena, 1, &request);
    const fp_archive_events events = {
        .context = r, .begin = on_begin, .data = on_data, .end = on_end, .descend = descends};
    const int fd = descriptor_of(cab_span(&catalogue));
    fp_archive_result result;
    assert_int_equal(fp_archive_read(fd, &fp_archive_default_limits, false, &events, &result, NULL),
                     FP_OK);
    assert_int_equal(result.fate, FP_FATE_ENDED);
    assert_int_equal(result.members, 5); /* the shards were not descended into */
    check_good(fp_catalog_finish(r, true));
    (void)close(fd);
    fp_arena_free(arena);
    cab_free(&catalogue);
    cab_free(&shard);
    cab_free(&package);
}

int main(void)
{
    enum {
        ROWS = sizeof rows / sizeof rows[0],
        MEMBERS = sizeof members_rows / sizeof members_rows[0]
    };
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_by_update_id),
        cmocka_unit_test(test_relations),
        cmocka_unit_test(test_expected_actions),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_budgets),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_many_actions),
        cmocka_unit_test(test_many_updates),
        cmocka_unit_test(test_many_shards),
        cmocka_unit_test(test_level_two),
        cmocka_unit_test(test_names_of_shards),
        cmocka_unit_test(test_through_the_decoder),
    };
    enum { OTHERS = sizeof others / sizeof others[0] };
    static struct CMUnitTest tests[ROWS + MEMBERS + OTHERS];
    size_t count = 0;
    for (size_t i = 0; i < ROWS; i++)
        tests[count++] = (struct CMUnitTest){rows[i].name, test_row, NULL, NULL, (void *)&rows[i]};
    for (size_t i = 0; i < MEMBERS; i++)
        tests[count++] = (struct CMUnitTest){members_rows[i].name, test_members, NULL, NULL,
                                             (void *)&members_rows[i]};
    for (size_t i = 0; i < OTHERS; i++)
        tests[count++] = others[i];
    return RUN_TESTS(tests);
}
