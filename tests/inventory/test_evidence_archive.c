/* SPDX-License-Identifier: MIT */
#include "inventory/evidence.h"

#include "tests/support/cab_builder.h"
#include "tests/support/check.h"
#include "tests/support/evidence_recorder.h"
#include "tests/support/evidence_tree.h"

#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static const char hive[64] = "regf";
static const char log_text[] = "Started  $$<A><06-13-2008 04:05:06.789+300><thread=1 (0x1)>\r\n";
static const char reg_export[] = "REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE]\r\n";
static const char statements[] = "{\"schema\":\"fixproof/statements/v1\",\"statements\":[]}";

/* The same five in every form of a set. */
static const member usual[] = {
    {"a.json", statements, sizeof statements - 1, MEMBER_FILE},
    {"b/export.reg", reg_export, sizeof reg_export - 1, MEMBER_FILE},
    {"b/hive.reg", hive, sizeof hive, MEMBER_FILE},
    {"notes.txt", "nothing\n", 8, MEMBER_FILE},
    {"wsyncmgr.log", log_text, sizeof log_text - 1, MEMBER_FILE},
};
enum { USUAL = sizeof usual / sizeof usual[0] };
static const fp_kind usual_kinds[USUAL] = {FP_KIND_STATEMENTS, FP_KIND_REGISTRY_EXPORT,
                                           FP_KIND_REGISTRY_HIVE, FP_KIND_UNKNOWN, FP_KIND_LOG};

typedef struct fixture {
    recorder recorder;
    fp_evidence_options options;
    fp_evidence *set;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    *state = f;
    if (f == NULL)
        return -1;
    f->options = recorder_options(&f->recorder);
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    const bool leaked = f->recorder.open_streams != 0;
    fp_evidence_free(f->set);
    free(f);
    return leaked ? -1 : 0;
}

static void add(fixture *f, int fd, const char *name)
{
    if (f->set == NULL)
        assert_int_equal(fp_evidence_new(&f->options, &f->set), FP_OK);
    assert_true(fd >= 0);
    const fp_status status = fp_evidence_add(f->set, fd, name, false, NULL);
    (void)close(fd);
    assert_int_equal(status, FP_OK);
}

static const fp_item *found(const fixture *f, const char *ending)
{
    const fp_item *item = find_item(f->set, ending);
    if (item == NULL)
        print_items(f->set);
    assert_non_null(item);
    return item;
}

static void check_problem(const fixture *f, const char *ending, const char *part)
{
    const fp_item *item = found(f, ending);
    if (!has_problem(item, part))
        print_items(f->set);
    assert_true(has_problem(item, part));
}

static void check_complete(const fixture *f, const char *ending, bool complete)
{
    const fp_item *item = found(f, ending);
    if (item->complete != complete)
        print_items(f->set);
    assert_int_equal(item->complete, complete);
    assert_true(complete || item->problem_count > 0);
    const record *r = recorder_find(&f->recorder, item->id);
    if (r != NULL && r->whole)
        assert_int_equal(r->complete, complete);
}

/* A zip, whole, as a member of something else. The caller frees `data`. */
static member packed(const char *name, const char *format, const member *members, size_t count)
{
    const int fd =
        strcmp(format, "cab") == 0 ? pack_cabinet(members, count) : pack(format, members, count);
    assert_true(fd >= 0);
    member m = {.name = name};
    m.data = slurp(fd, &m.size);
    assert_non_null(m.data);
    return m;
}

static void drop(const member *m)
{
    free((void *)m->data);
}

/* ---- the same set in every form ---- */

static void check_usual(const fixture *f, const char *name)
{
    assert_int_equal(fp_evidence_count(f->set), USUAL + 1);
    const fp_item *archive = fp_evidence_item(f->set, 1);
    assert_str(archive->path, name);
    assert_int_equal(archive->problem_count, 0);
    assert_true(archive->complete && archive->hashed);
    for (uint32_t i = 0; i < USUAL; i++) {
        const fp_item *item = fp_evidence_item(f->set, i + 2);
        char path[64];
        uint8_t expected[FP_SHA256_SIZE];
        (void)snprintf(path, sizeof path, "%s!/%s", name, usual[i].name);
        assert_str(item->path, path);
        assert_int_equal(item->parent, 1);
        assert_int_equal(item->kind, usual_kinds[i]);
        assert_int_equal(item->size, usual[i].size);
        assert_int_equal(item->problem_count, 0);
        assert_true(item->complete && item->hashed);
        assert_int_equal(
            fp_digest_span(FP_SHA256, fp_span_of(usual[i].data, usual[i].size), expected), FP_OK);
        assert_memory_equal(item->sha256, expected, FP_SHA256_SIZE);
        const record *r = recorder_find(&f->recorder, item->id);
        assert_int_equal(r != NULL, usual_kinds[i] != FP_KIND_UNKNOWN);
        if (r != NULL) {
            assert_true(r->complete);
            assert_memory_equal(r->sha256, expected, FP_SHA256_SIZE);
        }
    }
    assert_str(fp_evidence_item(f->set, 3)->name, "export.reg");
}

static void test_format(void **state)
{
    static const char *const formats[] = {"zip", "tar", "tar.gz", "7zip", "cab"};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        print_message("           %s\n", formats[i]);
        void *own = NULL;
        assert_int_equal(set_up(&own), 0);
        fixture *f = own;
        const member m = packed("set", formats[i], usual, USUAL);
        add(f, blob(m.data, m.size), "some.set");
        drop(&m);
        check_usual(f, "some.set");
        assert_int_equal(fp_evidence_item(f->set, 1)->kind,
                         strcmp(formats[i], "cab") == 0 ? FP_KIND_CABINET : FP_KIND_ARCHIVE);
        assert_int_equal(tear_down(&own), 0);
    }
    (void)state;
}

static void test_folder_entries_are_no_items(void **state)
{
    fixture *f = *state;
    const member members[] = {
        {"./", NULL, 0, MEMBER_FOLDER},
        {"./b/", NULL, 0, MEMBER_FOLDER},
        {"./b/x.log", log_text, sizeof log_text - 1, MEMBER_FILE},
        {"./link.log", "b/x.log", 0, MEMBER_LINK},
    };
    add(f, pack("tar", members, 4), "set.tar");
    assert_int_equal(fp_evidence_count(f->set), 3);
    check_complete(f, "set.tar!/b/x.log", true);
    check_problem(f, "set.tar!/link.log", "link or special entry");
    check_complete(f, "set.tar!/link.log", false);
}

static void test_archive_in_a_folder(void **state)
{
    fixture *f = *state;
    tree t;
    assert_true(tree_make(&t));
    size_t size = 0;
    uint8_t *zip = slurp(pack("zip", usual, USUAL), &size);
    assert_true(tree_file(&t, "m.zip", zip, size));
    assert_true(tree_file(&t, "z.log", log_text, sizeof log_text - 1));
    free(zip);
    add(f, tree_open(&t, ""), "set");
    tree_remove(&t);
    assert_int_equal(fp_evidence_count(f->set), USUAL + 2);
    assert_str(fp_evidence_item(f->set, 1)->path, "set/m.zip");
    assert_str(fp_evidence_item(f->set, 2)->path, "set/m.zip!/a.json");
    assert_str(fp_evidence_item(f->set, USUAL + 2)->path, "set/z.log");
    assert_int_equal(fp_evidence_item(f->set, USUAL + 2)->parent, 0);
}

static void test_zip_on_standard_input(void **state)
{
    fixture *f = *state;
    size_t size = 0;
    uint8_t *zip = slurp(pack("zip", usual, USUAL), &size);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], zip, size), (ssize_t)size);
    free(zip);
    (void)close(ends[1]);
    assert_int_equal(fp_evidence_new(&f->options, &f->set), FP_OK);
    assert_int_equal(fp_evidence_add(f->set, ends[0], "-", true, NULL), FP_OK);
    (void)close(ends[0]);
    check_usual(f, "-");
}

/* ---- names ---- */

static void test_names_are_data(void **state)
{
    fixture *f = *state;
    const member members[] = {
        {"../../etc/x.log", log_text, sizeof log_text - 1, MEMBER_FILE},
        {"..\\..\\y.log", log_text, sizeof log_text - 1, MEMBER_FILE},
        {"/absolute.log", log_text, sizeof log_text - 1, MEMBER_FILE},
        {"C:\\z\x1B[2J.log", log_text, sizeof log_text - 1, MEMBER_FILE},
    };
    add(f, pack("tar", members, 4), "set.tar");
    assert_int_equal(fp_evidence_count(f->set), 5);
    assert_str(found(f, "x.log")->path, "set.tar!/../../etc/x.log");
    assert_str(found(f, "y.log")->path, "set.tar!/..\\..\\y.log");
    assert_str(found(f, "y.log")->name, "y.log");
    assert_str(found(f, "absolute.log")->path, "set.tar!//absolute.log");
    assert_str(found(f, "2J.log")->name, "z\\x1b[2J.log");
    assert_int_equal(access("../../etc/x.log", F_OK), -1);
    for (uint32_t id = 2; id <= 5; id++)
        assert_int_equal(fp_evidence_item(f->set, id)->kind, FP_KIND_LOG);
}

static void test_duplicate_names(void **state)
{
    fixture *f = *state;
    const member members[] = {
        {"a.log", log_text, sizeof log_text - 1, MEMBER_FILE},
        {"b.log", log_text, sizeof log_text - 1, MEMBER_FILE},
        {"a.log", log_text, sizeof log_text - 5, MEMBER_FILE},
    };
    add(f, pack("zip", members, 3), "set.zip");
    assert_int_equal(fp_evidence_count(f->set), 4);
    assert_true(has_problem(fp_evidence_item(f->set, 2), "same name"));
    assert_true(has_problem(fp_evidence_item(f->set, 4), "same name"));
    assert_int_equal(fp_evidence_item(f->set, 3)->problem_count, 0);
    assert_int_equal(fp_evidence_item(f->set, 4)->size, sizeof log_text - 5);
}

/* ---- limits ---- */

static int zip_of_many(size_t count)
{
    member *members = calloc(count, sizeof *members);
    char(*names)[32] = calloc(count, sizeof *names);
    assert_non_null(members);
    assert_non_null(names);
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(names[i], sizeof names[i], "%zu.log", i);
        members[i] = (member){names[i], "x", 1, MEMBER_FILE};
    }
    const int fd = pack("zip", members, count);
    free(members);
    free(names);
    return fd;
}

static void test_zip_with_very_many_members(void **state)
{
    fixture *f = *state;
    f->options.handler_count = 0;
    const int fd = zip_of_many(100000);
    const time_t begun = time(NULL);
    add(f, fd, "set.zip");
    assert_true(time(NULL) - begun < 60);
    const size_t limit = f->options.limits.items;
    assert_int_equal(fp_evidence_count(f->set), limit + 1);
    check_problem(f, "set.zip", "the limit of 50000 items");
    check_complete(f, "set.zip", false);
    const fp_item *last = fp_evidence_item(f->set, (uint32_t)limit + 1);
    assert_true(has_problem(last, "the limit of 50000 items"));
    assert_false(last->complete);
    assert_false(fp_evidence_item(f->set, 2)->complete);
    assert_true(fp_evidence_confined(f->set));
}

static void test_bomb(void **state)
{
    fixture *f = *state;
    const member members[] = {
        {"a.reg", reg_export, sizeof reg_export - 1, MEMBER_FILE},
        {"bomb", NULL, 64 << 20, MEMBER_FILE},
        {"c.log", log_text, sizeof log_text - 1, MEMBER_FILE},
    };
    f->options.limits.archive.member_bytes = 1 << 20;
    add(f, pack("tar.gz", members, 3), "set.tgz");
    check_complete(f, "set.tgz", false);
    check_complete(f, "bomb", false);
    check_problem(f, "set.tgz", "limit");
    assert_true(found(f, "bomb")->size <= 2 << 20);
    check_complete(f, "a.reg", false); /* the decoder did not end well */
}

static void test_total_limit(void **state)
{
    fixture *f = *state;
    const member members[] = {{"a", NULL, 1 << 20, MEMBER_FILE},
                              {"b", NULL, 1 << 20, MEMBER_FILE},
                              {"c", NULL, 1 << 20, MEMBER_FILE},
                              {"d", NULL, 1 << 20, MEMBER_FILE}};
    f->options.limits.archive.total_bytes = 5 << 19;
    add(f, pack("zip", members, 4), "set.zip");
    check_complete(f, "set.zip", false);
    check_problem(f, "set.zip", "limit");
}

static void test_nested(void **state)
{
    fixture *f = *state;
    const member inner = packed("in.zip", "zip", usual, USUAL);
    const member middle = packed("mid.tar", "tar", &inner, 1);
    add(f, pack("zip", &middle, 1), "set.zip");
    assert_int_equal(fp_evidence_count(f->set), USUAL + 3);
    assert_str(fp_evidence_item(f->set, 3)->path, "set.zip!/mid.tar!/in.zip");
    const fp_item *log = found(f, "set.zip!/mid.tar!/in.zip!/wsyncmgr.log");
    assert_int_equal(log->parent, 3);
    assert_int_equal(log->kind, FP_KIND_LOG);
    check_complete(f, "in.zip", true);
    check_complete(f, "in.zip!/b/hive.reg", true);
    uint8_t expected[FP_SHA256_SIZE];
    assert_int_equal(fp_digest_span(FP_SHA256, fp_span_of(inner.data, inner.size), expected),
                     FP_OK);
    assert_memory_equal(fp_evidence_item(f->set, 3)->sha256, expected, FP_SHA256_SIZE);
    assert_int_equal(fp_evidence_item(f->set, 3)->kind, FP_KIND_ARCHIVE);
    drop(&inner);
    drop(&middle);
}

/* Raw bytes of the outer member keep coming while a member of it is open. */
static void test_large_member_of_a_nested_archive(void **state)
{
    fixture *f = *state;
    const member members[] = {
        {"zeros", NULL, 700000, MEMBER_FILE},
        {"x.log", log_text, sizeof log_text - 1, MEMBER_FILE},
    };
    const member inner = packed("in.tar", "tar", members, 2);
    add(f, pack("zip", &inner, 1), "set.zip");
    assert_int_equal(fp_evidence_count(f->set), 4);
    for (uint32_t id = 1; id <= 4; id++) {
        assert_true(fp_evidence_item(f->set, id)->complete);
        assert_int_equal(fp_evidence_item(f->set, id)->problem_count, 0);
    }
    assert_int_equal(found(f, "zeros")->size, 700000);
    assert_int_equal(found(f, "in.tar")->size, inner.size);
    drop(&inner);
}

static void test_nested_too_deep(void **state)
{
    fixture *f = *state;
    f->options.limits.archive.nesting = 2;
    const member inner = packed("in.zip", "zip", usual, USUAL);
    const member middle = packed("mid.tar", "tar", &inner, 1);
    add(f, pack("zip", &middle, 1), "set.zip");
    assert_int_equal(fp_evidence_count(f->set), 3);
    check_complete(f, "in.zip", false);
    assert_true(found(f, "in.zip")->hashed);
    check_problem(f, "in.zip", "nested too deep");
    drop(&inner);
    drop(&middle);
}

/* Told where it gets too deep, and everything above is there. */
static void test_cabinets_twenty_deep(void **state)
{
    fixture *f = *state;
    enum { DEEP = 20 };
    member inner = packed("in.cab", "cab", usual, USUAL);
    for (unsigned i = 2; i < DEEP; i++) {
        const member outer = packed("in.cab", "cab", &inner, 1);
        drop(&inner);
        inner = outer;
    }
    add(f, blob(inner.data, inner.size), "set.cab");
    drop(&inner);
    const size_t levels = fp_archive_default_limits.nesting;
    assert_int_equal(fp_evidence_count(f->set), levels + 1);
    const fp_item *last = fp_evidence_item(f->set, (uint32_t)levels + 1);
    assert_true(last->hashed && !last->complete);
    assert_true(has_problem(last, "nested too deep"));
}

/* The most members that a cabinet can have, in a folder without a byte. */
static void test_cabinet_of_empty_members(void **state)
{
    fixture *f = *state;
    enum { MEMBERS = 65535 };
    cab_file *files = calloc(MEMBERS, sizeof *files);
    assert_non_null(files);
    for (size_t i = 0; i < MEMBERS; i++)
        files[i] = (cab_file){.name = "e"};
    cab_bytes cab = cab_build(files, MEMBERS, NULL);
    free(files);
    const time_t begun = time(NULL);
    add(f, blob(cab.data, cab.size), "set.cab");
    cab_free(&cab);
    assert_true(time(NULL) - begun < 60);
    assert_int_equal(fp_evidence_count(f->set), f->options.limits.items + 1);
    check_complete(f, "set.cab", false);
    check_problem(f, "set.cab", "the limit of 50000 items");
    assert_int_equal(fp_evidence_item(f->set, 2)->size, 0);
}

static void test_items_within_the_limit_of_a_nested_archive(void **state)
{
    fixture *f = *state;
    f->options.limits.items = 4;
    const member inner = packed("in.zip", "zip", usual, USUAL);
    add(f, pack("tar", &inner, 1), "set.tar");
    drop(&inner);
    assert_int_equal(fp_evidence_count(f->set), 5);
    check_problem(f, "in.zip!/b/hive.reg", "the limit of 4 items");
    check_complete(f, "set.tar", false);
    check_complete(f, "in.zip", false);
    check_complete(f, "a.json", false);
}

/* ---- damage ---- */

static int damaged(const char *format, size_t from_end)
{
    size_t size = 0;
    uint8_t *bytes =
        slurp(strcmp(format, "cab") == 0 ? pack_cabinet(usual, USUAL) : pack(format, usual, USUAL),
              &size);
    assert_non_null(bytes);
    bytes[size - from_end] ^= 1;
    const int fd = blob(bytes, size);
    free(bytes);
    return fd;
}

/* Nothing that lies in a damaged cabinet is decoded: the decoder is the weak spot. */
static void test_damaged_cabinet_is_not_decoded(void **state)
{
    fixture *f = *state;
    add(f, damaged("cab", 3), "set.cab");
    assert_int_equal(fp_evidence_count(f->set), 1);
    assert_int_equal(found(f, "set.cab")->kind, FP_KIND_CABINET);
    assert_true(found(f, "set.cab")->hashed);
    check_complete(f, "set.cab", false);
    check_problem(f, "set.cab", "not decoded");
}

static void test_damaged_zip(void **state)
{
    fixture *f = *state;
    size_t size = 0;
    uint8_t *zip = slurp(pack("zip", usual, USUAL), &size);
    uint8_t *at = memmem(zip, size, "nothing", 7); /* short members are stored */
    if (at == NULL)
        at = zip + size / 2;
    *at ^= 1;
    add(f, blob(zip, size), "set.zip");
    free(zip);
    check_complete(f, "set.zip", false);
    check_problem(f, "set.zip", "decoder: refused");
    check_complete(f, "b/export.reg", false); /* before the damage */
    check_problem(f, "b/export.reg", "could not be read to its end without an error");
}

static void test_cut_archives(void **state)
{
    fixture *f = *state;
    static const char *const formats[] = {"zip", "tar", "tar.gz", "7zip", "cab"};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        const member m = packed("set", formats[i], usual, USUAL);
        for (size_t cut = 13; cut < m.size; cut += m.size / 7 + 1) {
            const uint32_t first = f->set == NULL ? 1 : (uint32_t)fp_evidence_count(f->set) + 1;
            add(f, blob(m.data, cut), formats[i]);
            const fp_item *archive = fp_evidence_item(f->set, first);
            if (archive->kind == FP_KIND_UNKNOWN)
                continue; /* a tar cut in its first block is no tar */
            for (uint32_t id = first; id <= fp_evidence_count(f->set); id++) {
                assert_false(fp_evidence_item(f->set, id)->complete);
                assert_true(fp_evidence_item(f->set, id)->problem_count > 0);
            }
        }
        drop(&m);
    }
}

static void test_damaged_archive_in_a_sound_one(void **state)
{
    fixture *f = *state;
    member inner = packed("in.cab", "cab", usual, USUAL);
    ((uint8_t *)(uintptr_t)inner.data)[inner.size - 3] ^= 1;
    const member members[] = {
        {"a.log", log_text, sizeof log_text - 1, MEMBER_FILE},
        inner,
        {"z.reg", reg_export, sizeof reg_export - 1, MEMBER_FILE},
    };
    add(f, pack("zip", members, 3), "set.zip");
    drop(&inner);
    check_complete(f, "set.zip", true);
    check_complete(f, "set.zip!/a.log", true);
    check_complete(f, "set.zip!/z.reg", true);
    check_complete(f, "in.cab", false);
    for (uint32_t id = 1; id <= fp_evidence_count(f->set); id++) {
        const fp_item *item = fp_evidence_item(f->set, id);
        if (item->parent == found(f, "in.cab")->id)
            assert_false(item->complete);
    }
}

/* The decoder does not look at the size in the header; our own reader does. */
static void test_nested_cabinet_that_only_the_decoder_believes(void **state)
{
    fixture *f = *state;
    member inner = packed("in.cab", "cab", usual, USUAL);
    ((uint8_t *)(uintptr_t)inner.data)[9] ^= 1; /* cbCabinet: 256 bytes more or less */
    add(f, pack("zip", &inner, 1), "set.zip");
    drop(&inner);
    assert_int_equal(fp_evidence_count(f->set), USUAL + 2);
    check_complete(f, "set.zip", true);
    check_complete(f, "in.cab", false);
    check_problem(f, "in.cab", "cabinet: ");
    for (size_t i = 0; i < USUAL; i++)
        check_complete(f, usual[i].name, false);
}

typedef struct appending {
    tree tree;
    int fd;
} appending;

static void append_a_byte(void *context)
{
    appending *a = context;
    (void)!write(a->fd, "x", 1);
}

/* What was hashed and what was decoded must be the same bytes. */
static void test_archive_that_changes_between_the_readings(void **state)
{
    fixture *f = *state;
    appending a;
    assert_true(tree_make(&a.tree));
    const member m = packed("set.zip", "zip", usual, USUAL);
    assert_true(tree_file(&a.tree, "set.zip", m.data, m.size));
    drop(&m);
    char path[128];
    (void)snprintf(path, sizeof path, "%s/set.zip", a.tree.root);
    a.fd = open(path, O_WRONLY | O_APPEND);
    f->recorder.during = append_a_byte; /* when a member is decoded: the second reading */
    f->recorder.during_context = &a;
    add(f, tree_open(&a.tree, "set.zip"), "set.zip");
    (void)close(a.fd);
    tree_remove(&a.tree);
    assert_int_equal(fp_evidence_count(f->set), USUAL + 1);
    check_problem(f, "set.zip", "it changed while it was read");
    check_complete(f, "set.zip", false);
    for (size_t i = 0; i < USUAL; i++)
        check_complete(f, usual[i].name, false);
}

static void test_something_else_behind_a_zips_signature(void **state)
{
    fixture *f = *state;
    add(f, blob("PK\3\4 and that was all", 22), "x.zip");
    assert_int_equal(fp_evidence_count(f->set), 1);
    check_complete(f, "x.zip", false);
    check_problem(f, "x.zip", "decoder: refused");
}

/* ---- catalogues ---- */

static const char index_xml[] =
    "<INDEX VERSION=\"1\"><CABLIST XOR=\"0\"><CAB NAME=\"package.cab\" />"
    "<CAB NAME=\"package2.cab\" RANGESTART=\"0\" /></CABLIST></INDEX>";
static const char package_xml[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><OfflineSyncPackage "
    "xmlns=\"http://schemas.microsoft.com/msus/2004/02/OfflineSync\" PackageId=\"p\" "
    "CreationDate=\"2008-06-10T00:00:00Z\"><Updates><Update "
    "UpdateId=\"0b0e5f0c-1111-4a4a-8b8b-000000000001\" RevisionNumber=\"1\" "
    "RevisionId=\"7\" DeploymentAction=\"Evaluate\" /></Updates></OfflineSyncPackage>";

static member catalog(const char *name)
{
    const member package = {"package.xml", package_xml, sizeof package_xml - 1, MEMBER_FILE};
    const member shard = {"c\\7", "<a/>", 4, MEMBER_FILE};
    const member members[] = {
        {"index.xml", index_xml, sizeof index_xml - 1, MEMBER_FILE},
        packed("package.cab", "cab", &package, 1),
        packed("package2.cab", "cab", &shard, 1),
    };
    const member whole = packed(name, "cab", members, 3);
    drop(&members[1]);
    drop(&members[2]);
    return whole;
}

static void check_catalog(const fixture *f, const char *ending, fp_decoder_fate fate)
{
    const fp_item *item = found(f, ending);
    if (item->problem_count > 0)
        print_items(f->set);
    assert_int_equal(item->kind, FP_KIND_CATALOG);
    assert_int_equal(item->problem_count, 0);
    assert_true(item->complete);
    assert_int_equal(f->recorder.catalog_count, 1);
    const catalog_record *c = &f->recorder.catalogs[0];
    assert_int_equal(c->item, item->id);
    assert_int_equal(c->fate, fate);
    assert_int_equal(c->cabinet_files, 3);
    assert_int_equal(c->members, 3);
    assert_int_equal(c->problems, 0);
    assert_true(c->packages_read);
    assert_true(c->found);
    const record *r = recorder_find(&f->recorder, item->id); /* the cabinet's own bytes */
    assert_non_null(r);
    assert_true(r->complete);
    assert_memory_equal(r->sha256, item->sha256, FP_SHA256_SIZE);
}

static void test_full_catalog(void **state)
{
    fixture *f = *state;
    const member m = catalog("wsusscn2.cab");
    static fp_catalog_request all;
    all = *f->options.catalogs;
    all.full = true;
    f->options.catalogs = &all;
    add(f, blob(m.data, m.size), "any.name");
    drop(&m);
    assert_int_equal(fp_evidence_count(f->set), 1);
    check_catalog(f, "any.name", FP_FATE_ENDED);
}

static void test_catalog(void **state)
{
    fixture *f = *state;
    const member m = catalog("wsusscn2.cab");
    add(f, blob(m.data, m.size), "any.name");
    drop(&m);
    assert_int_equal(fp_evidence_count(f->set), 1);
    check_catalog(f, "any.name", FP_FATE_ENOUGH);
}

/* The member that is not decoded could be what another reader takes. */
static void test_catalog_with_two_of_one_name(void **state)
{
    static const char *const names[] = {"index.xml", "Package.cab"};
    fixture *f = *state;
    for (size_t i = 0; i < 2; i++) {
        const member package = {"package.xml", package_xml, sizeof package_xml - 1, MEMBER_FILE};
        const member members[] = {{"index.xml", index_xml, sizeof index_xml - 1, MEMBER_FILE},
                                  packed("package.cab", "cab", &package, 1),
                                  {"package2.cab", "MSCF", 4, MEMBER_FILE},
                                  {names[i], "other", 5, MEMBER_FILE}};
        const member whole = packed("wsusscn2.cab", "cab", members, 4);
        add(f, blob(whole.data, whole.size), "any.name");
        drop(&whole);
        drop(&members[1]);
        assert_int_equal(f->recorder.catalogs[i].fate, FP_FATE_ENOUGH);
        assert_int_equal(f->recorder.catalogs[i].problems, 1);
        assert_int_equal(f->recorder.catalogs[i].packages_read, i == 0);
    }
}

/* Nothing but its package.cab is needed, and that one is damaged. */
static void test_catalog_that_is_damaged(void **state)
{
    fixture *f = *state;
    const member package = {"package.xml", package_xml, sizeof package_xml - 20, MEMBER_FILE};
    const member members[] = {{"index.xml", index_xml, sizeof index_xml - 1, MEMBER_FILE},
                              packed("package.cab", "cab", &package, 1),
                              {"package2.cab", "MSCF", 4, MEMBER_FILE}};
    const member whole = packed("wsusscn2.cab", "cab", members, 3);
    add(f, blob(whole.data, whole.size), "any.name");
    drop(&whole);
    drop(&members[1]);
    assert_int_equal(f->recorder.catalog_count, 1);
    assert_false(f->recorder.catalogs[0].packages_read);
    assert_true(f->recorder.catalogs[0].problems > 0);
}

static void test_catalog_in_a_zip(void **state)
{
    fixture *f = *state;
    const member m = catalog("wsusscn2.cab");
    const member members[] = {
        {"a.log", log_text, sizeof log_text - 1, MEMBER_FILE},
        m,
        {"z.log", log_text, sizeof log_text - 1, MEMBER_FILE},
    };
    add(f, pack("zip", members, 3), "set.zip");
    drop(&m);
    assert_int_equal(fp_evidence_count(f->set), 4);
    check_catalog(f, "set.zip!/wsusscn2.cab", FP_FATE_ENDED);
    check_complete(f, "z.log", true);
}

static void test_damaged_catalog(void **state)
{
    fixture *f = *state;
    const member m = catalog("wsusscn2.cab");
    ((uint8_t *)(uintptr_t)m.data)[m.size - 100] ^= 1;
    add(f, blob(m.data, m.size), "wsusscn2.cab");
    const member outer = {"wsusscn2.cab", m.data, m.size, MEMBER_FILE};
    add(f, pack("zip", &outer, 1), "set.zip");
    drop(&m);
    assert_int_equal(f->recorder.catalog_count, 2);
    for (size_t i = 0; i < 2; i++) {
        const catalog_record *c = &f->recorder.catalogs[i];
        const fp_item *item = fp_evidence_item(f->set, c->item);
        assert_int_equal(item->kind, FP_KIND_CATALOG);
        assert_false(item->complete);
        assert_false(c->packages_read);
        assert_int_equal(c->cabinet_files, 3);
        assert_true(c->fate != FP_FATE_ENDED || i == 1);
    }
    assert_int_equal(f->recorder.catalogs[0].fate, FP_FATE_UNKNOWN);
    check_problem(f, "wsusscn2.cab", "not decoded");
}

static void test_too_many_catalogs(void **state)
{
    fixture *f = *state;
    const member m = catalog("wsusscn2.cab");
    enum { COUNT = 10 };
    for (int i = 0; i < COUNT; i++)
        add(f, blob(m.data, m.size), "wsusscn2.cab");
    const member outer = {"other.cab", m.data, m.size, MEMBER_FILE};
    add(f, pack("zip", &outer, 1), "set.zip");
    drop(&m);
    assert_int_equal(fp_evidence_count(f->set), COUNT + 2);
    assert_int_equal(f->recorder.catalog_count, 8);
    assert_true(fp_evidence_item(f->set, 8)->complete);
    assert_false(fp_evidence_item(f->set, 9)->complete);
    check_problem(f, "other.cab", "the limit of 8 catalogues");
}

/* A part of a catalogue that was unpacked: 12,500 files that answer nothing. */
static void test_catalog_shard_in_a_zip(void **state)
{
    fixture *f = *state;
    const member file = {"c\\7", "<a/>", 4, MEMBER_FILE};
    const member shard = packed("x/Package12.CAB", "cab", &file, 1);
    add(f, pack("zip", &shard, 1), "set.zip");
    drop(&shard);
    assert_int_equal(fp_evidence_count(f->set), 2);
    check_problem(f, "Package12.CAB", "part of a scan catalogue");
    check_complete(f, "Package12.CAB", false);
}

/* ---- the run's own failures ---- */

static void test_handler_without_memory(void **state)
{
    fixture *f = *state;
    const member m = catalog("wsusscn2.cab");
    const member members[] = {usual[0], usual[4], m};
    f->recorder.fail_with = FP_NOMEM;
    for (size_t i = 0; i < 3; i++) {
        fp_evidence *set = NULL;
        assert_int_equal(fp_evidence_new(&f->options, &set), FP_OK);
        const int fd = pack("zip", &members[i], 1);
        assert_int_equal(fp_evidence_add(set, fd, "set.zip", false, NULL), FP_NOMEM);
        (void)close(fd);
        fp_evidence_free(set);
    }
    drop(&m);
}

static void test_same_input_same_listing(void **state)
{
    fixture *f = *state;
    const member inner = packed("in.zip", "zip", usual, USUAL);
    const member members[] = {usual[0], inner, usual[4]};
    add(f, pack("tar", members, 3), "set.tar");
    const size_t count = fp_evidence_count(f->set);
    add(f, pack("tar", members, 3), "set.tar");
    drop(&inner);
    assert_int_equal(fp_evidence_count(f->set), 2 * count);
    for (uint32_t id = 1; id <= count; id++) {
        const fp_item *one = fp_evidence_item(f->set, id);
        const fp_item *two = fp_evidence_item(f->set, id + (uint32_t)count);
        assert_true(fp_str_eq(one->path, two->path));
        assert_int_equal(one->kind, two->kind);
        assert_memory_equal(one->sha256, two->sha256, FP_SHA256_SIZE);
    }
}

/* ---- other people's files ---- */

static void test_corpus(void **state)
{
    fixture *f = *state;
    const char *corpus = corpus_or_skip();
    f->options.limits.archive.member_bytes = 64 << 20; /* one of the files is a bomb of 2 GB */
    add(f, open(corpus, O_RDONLY | O_DIRECTORY), "corpus");
    size_t kinds[FP_KIND_COUNT] = {0};
    for (uint32_t id = 1; id <= fp_evidence_count(f->set); id++) {
        const fp_item *item = fp_evidence_item(f->set, id);
        kinds[item->kind]++;
        assert_true(item->complete || item->problem_count > 0);
        assert_true(fp_text_is_utf8(item->path));
        assert_true(item->parent < item->id);
    }
    assert_true(kinds[FP_KIND_REGISTRY_HIVE] > 10);
    assert_true(kinds[FP_KIND_REGISTRY_EXPORT] > 10);
    assert_true(kinds[FP_KIND_LOG] > 50);
    assert_true(kinds[FP_KIND_CABINET] > 50);
    assert_int_equal(found(f, "TrustedTpm-06202024.cab")->problem_count, 0);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_format),
        TEST(test_folder_entries_are_no_items),
        TEST(test_archive_in_a_folder),
        TEST(test_zip_on_standard_input),
        TEST(test_names_are_data),
        TEST(test_duplicate_names),
        TEST(test_zip_with_very_many_members),
        TEST(test_bomb),
        TEST(test_total_limit),
        TEST(test_nested),
        TEST(test_large_member_of_a_nested_archive),
        TEST(test_nested_too_deep),
        TEST(test_cabinets_twenty_deep),
        TEST(test_cabinet_of_empty_members),
        TEST(test_items_within_the_limit_of_a_nested_archive),
        TEST(test_damaged_cabinet_is_not_decoded),
        TEST(test_damaged_zip),
        TEST(test_cut_archives),
        TEST(test_damaged_archive_in_a_sound_one),
        TEST(test_nested_cabinet_that_only_the_decoder_believes),
        TEST(test_archive_that_changes_between_the_readings),
        TEST(test_something_else_behind_a_zips_signature),
        TEST(test_catalog),
        TEST(test_full_catalog),
        TEST(test_catalog_with_two_of_one_name),
        TEST(test_catalog_that_is_damaged),
        TEST(test_catalog_in_a_zip),
        TEST(test_damaged_catalog),
        TEST(test_too_many_catalogs),
        TEST(test_catalog_shard_in_a_zip),
        TEST(test_handler_without_memory),
        TEST(test_same_input_same_listing),
        TEST(test_corpus),
    };
    return RUN_TESTS(tests);
}
