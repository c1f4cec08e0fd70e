/* SPDX-License-Identifier: MIT */
/*
 * Other people's hives, against hivex and against what is known of each; and exports against the
 * hives of the same servers. Needs FIXPROOF_CORPUS.
 */
#include "inventory/registry/hive_source.h"
#include "inventory/registry/reg_export.h"

#include "tests/support/check.h"
#include "tests/support/hive_dump.h"
#include "tests/support/paged_file.h"
#include "tests/support/registry_probe.h"

#include <stdio.h>

#define S "HKEY_LOCAL_MACHINE\\SOFTWARE"

/* ---- the same content as hivexregedit's ---------------------------------------------------------
 */

typedef struct hive_row {
    const char *file;
    bool opens;        /* for us */
    size_t lines;      /* keys and values that we read */
    size_t only_own;   /* not in hivexregedit's */
    size_t only_other; /* in hivexregedit's only */
    size_t problems;
    const char *why; /* they differ */
} hive_row;

#define YARP   "hive/yarp/"
#define PYTHON "hive/python-registry/"

static const hive_row hive_rows[] = {
    {"hive/hivex/minimal", true, 1, 0, 0, 0, ""},
    {"hive/hivex/rlenvalue_test_hive", true, 8, 0, 0, 0, ""},
    {"hive/hivex/special", true, 7, 0, 0, 0, ""},
    {PYTHON "REORGANIZED_VALUES_TESTS", true, 25, 0, 0, 0, ""},
    {PYTHON "UNICODE_TESTS", true, 25, 0, 0, 0, ""},
    {PYTHON "issue22.hive", true, 11, 0, 0, 0, ""},
    {YARP "BadBaseBlockHive/BadBaseBlockHive", false, 0, 0, 0, 0, ""},
    {YARP "BadListHive", true, 6, 0, 1, 2,
     "keys 2 and 3 share a list: hivex shows 3's subkey twice, we once, where its parent says"},
    {YARP "BadLogHive1/BadLogHive", true, 5003, 0, 0, 0, ""},
    {YARP "BadSubkeyHive", true, 6, 0, 1, 1,
     "key 2 lists 3's subkey: hivex shows it twice, we once, where its parent says"},
    {YARP "BigDataHive", true, 4, 0, 0, 0, ""},
    {YARP "BogusKeyNamesHive", true, 3, 1, 2, 0,
     "hivexregedit prints the line end in a name as it is: one key becomes two lines"},
    {YARP "CompHive", true, 4, 0, 0, 0, ""},
    {YARP "DupNameHive", true, 2, 0, 0, 0, ""},
    {YARP "EmptyHive", true, 1, 0, 0, 0, ""},
    {YARP "ExtendedASCIIHive", true, 3, 0, 0, 0, ""},
    {YARP "GarbageHive", true, 1, 1, 0, 0, "hivex refuses a wrong checksum, we call it dirty"},
    {YARP "MultiSzHive", true, 4, 0, 0, 0, ""},
    {YARP "NewDirtyHive1/NewDirtyHive", true, 7, 0, 0, 0, ""},
    {YARP "NewDirtyHive1/RecoveredHive_Windows10", true, 6, 0, 0, 0, ""},
    {YARP "OldDirtyHive/OldDirtyHive", true, 5003, 0, 0, 0, ""},
    {YARP "OldDirtyHive/RecoveredHive_Windows7", true, 5004, 0, 0, 0, ""},
    {YARP "StringValuesHive", true, 6, 0, 0, 0, ""},
    {YARP "TruncatedHive", true, 2, 0, 0, 2, ""},
    {YARP "TruncatedHiveBin", false, 0, 0, 0, 0, ""},
    {YARP "TruncatedNameHive", true, 1, 0, 0, 1, ""},
    {YARP "UnicodeHive", true, 3, 0, 0, 0, ""},
    {YARP "ValuesOrderHive", true, 4, 0, 0, 0, ""},
    {YARP "WrongOrderHive", true, 11, 0, 0, 0, ""},
    {"made/1-cm2007-sp1-unpatched/SOFTWARE", true, 160, 0, 0, 0, ""},
    {"made/2-cm2007-sp1-kb954474/SOFTWARE", true, 191, 0, 0, 0, ""},
    {"made/3-cm2007-sp2-ms12-062/SOFTWARE", true, 97, 0, 0, 0, ""},
    {"made/4-no-configmgr/SOFTWARE", true, 47, 0, 0, 0, ""},
};

/* The same when it is read in parts. */
static void check_paged(fp_span file, fp_arena *arena, const hive_lines *own)
{
    paged_file *parts = paged_file_new(file, UINT64_MAX);
    hive_lines lines = {.at = NULL};
    size_t only_own = 0;
    size_t only_parts = 0;
    assert_int_equal(hive_dump_paged(parts->p, arena, &lines), own->count > 0);
    hive_dump_compare(own, &lines, &only_own, &only_parts);
    assert_int_equal(only_own + only_parts, 0);
    assert_int_equal(parts->troubles, 0);
    paged_file_free(parts);
}

static void check_own(const hive_row *row, fp_span file, fp_arena *arena, hive_lines *own)
{
    fp_hive *hive = NULL;
    fp_reg_problems problems = {.tell = NULL};
    const fp_hive_visitor visitor = {.context = NULL};
    assert_true(file.size > 0);
    assert_int_equal(hive_dump_own(file, arena, own), row->opens);
    assert_int_equal(own->count, row->lines);
    check_paged(file, arena, own);
    if (!row->opens)
        return;
    bool whole = false;
    assert_int_equal(fp_hive_open(file, arena, &problems, &hive, NULL), FP_OK);
    assert_int_equal(fp_hive_walk(hive, &visitor, &problems, &whole), FP_OK);
    assert_int_equal(problems.count, row->problems);
}

static void test_hive_row(void **state)
{
    const hive_row *row = *state;
    if (corpus_folder() == NULL)
        skip();
    fp_arena *arena = fp_arena_new(PROBE_BUDGET);
    hive_lines own = {.at = NULL};
    hive_lines other = {.at = NULL};
    check_own(row, corpus_file(row->file, arena), arena, &own);

    const char *path = fp_arena_printf(arena, "%s/%s", getenv("FIXPROOF_CORPUS"), row->file);
    if (!hive_dump_hivex(path, arena, &other)) {
        fp_arena_free(arena);
        print_message("skipped: hivexregedit is not installed, so there is nothing to compare\n");
        skip();
    }
    size_t only_own = 0;
    size_t only_other = 0;
    hive_dump_compare(&own, &other, &only_own, &only_other);
    assert_int_equal(only_own, row->only_own);
    assert_int_equal(only_other, row->only_other);
    fp_arena_free(arena);
}

/* ---- what the view makes of hives that are not as they should be --------------------------------
 */

typedef struct state_row {
    const char *file;
    fp_registry_soundness soundness; /* before a place is looked for */
    uint64_t where;                  /* the first problem */
} state_row;

static const state_row state_rows[] = {
    {YARP "BadBaseBlockHive/BadBaseBlockHive", FP_REG_UNREADABLE, 20},
    {YARP "TruncatedHiveBin", FP_REG_UNREADABLE, 1024},
    {YARP "TruncatedHive", FP_REG_PARTLY, 12288},
    {YARP "OldDirtyHive/OldDirtyHive", FP_REG_DIRTY, 4},
    {YARP "NewDirtyHive1/NewDirtyHive", FP_REG_DIRTY, 4},
    {YARP "BadLogHive1/BadLogHive", FP_REG_DIRTY, 4},
    {YARP "GarbageHive", FP_REG_DIRTY, 508},
    {YARP "EmptyHive", FP_REG_SOUND, 0},
};

static fp_registry_soundness state_of(fp_span file, fp_arena *arena)
{
    fp_hive *hive = NULL;
    fp_reg_problems problems = {.tell = NULL};
    if (fp_hive_open(file, arena, &problems, &hive, NULL) != FP_OK)
        return FP_REG_UNREADABLE;
    if (!fp_hive_is_whole(hive))
        return FP_REG_PARTLY;
    return fp_hive_is_dirty(hive) ? FP_REG_DIRTY : FP_REG_SOUND;
}

/* None of these has a root that is known: not one answer comes from them. */
static void test_state_row(void **state)
{
    const state_row *row = *state;
    if (corpus_folder() == NULL)
        skip();
    registry_probe *p = probe_new(PROBE_BUDGET);
    const fp_span file = corpus_file(row->file, p->arena);
    assert_int_equal(state_of(file, p->arena), row->soundness);
    assert_int_equal(probe_hive(p, file, "SOFTWARE"), FP_OK);
    assert_int_equal(p->soundness, FP_REG_UNREADABLE);
    assert_true(p->problem_count > 0);
    if (row->where != 0)
        assert_int_equal(p->where[0], row->where);
    assert_true(fp_registry_key(p->reg, FP_STR(S)).exists == FP_UNKNOWN);
    probe_free(p);
}

/* ---- an export and the hive of one server -------------------------------------------------------
 */

static const char *const servers[] = {
    "made/1-cm2007-sp1-unpatched",
    "made/2-cm2007-sp1-kb954474",
    "made/3-cm2007-sp2-ms12-062",
    "made/4-no-configmgr",
};

typedef struct pair {
    fp_registry *asked; /* the source that must have it too */
    fp_arena *arena;
    fp_str path;
    size_t count;
    bool failed;
} pair;

static bool same_value(void *context, const fp_reg_value *value)
{
    pair *p = context;
    fp_reg_value other = {.type = 0};
    const fp_reg_answer a = fp_registry_value(p->asked, p->path, value->name, &other);
    const bool same =
        a.exists == FP_TRUE && other.type == value->type && other.data.size == value->data.size &&
        (value->data.size == 0 || memcmp(other.data.data, value->data.data, value->data.size) == 0);
    if (!same || value->suspect)
        p->failed = true;
    p->count++;
    return true;
}

typedef struct descent {
    fp_registry *told;
    fp_registry *asked;
    bool open_end; /* `told` may have been cut off: not every listing is known to be complete */
    fp_arena *arena;
    fp_str path;
    size_t *count;
    bool *failed;
} descent;

static bool same_key(void *context, const fp_reg_subkey *key);

static void same_below(const descent *d)
{
    pair p = {.asked = d->asked, .arena = d->arena, .path = d->path};
    if (fp_registry_key(d->asked, d->path).exists != FP_TRUE ||
        fp_registry_values(d->told, d->path, same_value, &p).exists != FP_TRUE || p.failed)
        *d->failed = true;
    *d->count += 1 + p.count;
    descent below = *d;
    const fp_tri whole = fp_registry_subkeys(d->told, d->path, same_key, &below).exists;
    if (whole != FP_TRUE && !(whole == FP_UNKNOWN && d->open_end))
        *d->failed = true;
}

static bool same_key(void *context, const fp_reg_subkey *key)
{
    descent d = *(const descent *)context;
    const char *path =
        fp_arena_printf(d.arena, "%.*s\\%.*s", FP_STR_ARG(d.path), FP_STR_ARG(key->name));
    d.path = fp_str_of(path);
    same_below(&d);
    return true;
}

static size_t compare(fp_registry *told, bool open_end, fp_registry *asked, fp_arena *arena)
{
    size_t count = 0;
    bool failed = false;
    const descent d = {.told = told,
                       .open_end = open_end,
                       .asked = asked,
                       .arena = arena,
                       .path = FP_STR(S),
                       .count = &count,
                       .failed = &failed};
    same_below(&d);
    assert_false(failed);
    return count;
}

static void test_server(void **state)
{
    const char *folder = *state;
    if (corpus_folder() == NULL)
        skip();
    registry_probe *e = probe_new(PROBE_BUDGET);
    registry_probe *h = probe_new(PROBE_BUDGET);
    const char *export_path = fp_arena_printf(e->arena, "%s/software.reg", folder);
    const char *hive_path = fp_arena_printf(e->arena, "%s/SOFTWARE", folder);
    assert_int_equal(probe_export(e, corpus_file(export_path, e->arena), NULL), FP_OK);
    assert_int_equal(probe_hive(h, corpus_file(hive_path, h->arena), "SOFTWARE"), FP_OK);
    assert_int_equal(e->soundness, FP_REG_SOUND);
    assert_int_equal(h->soundness, FP_REG_SOUND);
    assert_int_equal(e->problem_count + h->problem_count, 0);

    const size_t in_export = compare(e->reg, true, h->reg, e->arena);
    const size_t in_hive = compare(h->reg, false, e->reg, h->arena);
    assert_true(in_export > 40);
    assert_int_equal(in_export, in_hive);

    /* Both in one view: nothing contradicts. */
    assert_int_equal(probe_hive(e, corpus_file(hive_path, e->arena), "SOFTWARE"), FP_OK);
    assert_int_equal(compare(e->reg, false, e->reg, e->arena), in_export);
    probe_free(e);
    probe_free(h);
}

#define COUNT_OF(rows) (sizeof(rows) / sizeof((rows)[0]))

int main(void)
{
    static struct CMUnitTest tests[COUNT_OF(hive_rows) + COUNT_OF(state_rows) + COUNT_OF(servers)];
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(hive_rows); i++)
        tests[count++] = (struct CMUnitTest){hive_rows[i].file, test_hive_row, NULL, NULL,
                                             (void *)&hive_rows[i]};
    for (size_t i = 0; i < COUNT_OF(state_rows); i++)
        tests[count++] = (struct CMUnitTest){state_rows[i].file, test_state_row, NULL, NULL,
                                             (void *)&state_rows[i]};
    for (size_t i = 0; i < COUNT_OF(servers); i++)
        tests[count++] =
            (struct CMUnitTest){servers[i], test_server, NULL, NULL, (void *)servers[i]};
    return RUN_TESTS(tests);
}
