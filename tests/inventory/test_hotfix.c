/* SPDX-License-Identifier: MIT */
#include "inventory/hotfix/hotfix.h"

#include "inventory/configmgr/product.h"
#include "inventory/hotfix/window.h"
#include "tests/support/check.h"
#include "tests/support/hive_builder.h"
#include "tests/support/hotfix_text.h"

#include <stdio.h>

enum { BUDGET = 64 << 20, EXPORTS_MAX = 4 };

#define UPDATES   "Microsoft\\Updates"
#define CM        "System Center Configuration Manager 2007"
#define CM_KEY    UPDATES "\\" CM
#define SERVICING "Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\Packages"
#define UNINST    "Microsoft\\Windows\\CurrentVersion\\Uninstall"
#define HOTFIX    "Microsoft\\Windows NT\\CurrentVersion\\HotFix"
#define UNINSTALL_PARENTS                                                                          \
    KEY(HKLM "Microsoft\\Windows") KEY(HKLM "Microsoft\\Windows\\CurrentVersion") KEY(HKLM UNINST)
#define NT KEY(HKLM "Microsoft\\Windows NT") KEY(HKLM "Microsoft\\Windows NT\\CurrentVersion")

/* The product key with one level and one key below it, in either view. */
#define MARKED(view, level, kb)                                                                    \
    KEY(view UPDATES)                                                                              \
    KEY(view CM_KEY) KEY(view CM_KEY "\\" level) KEY(view CM_KEY "\\" level "\\" kb)
/* SOFTWARE with nothing below Updates in either view. */
#define EMPTY_SOFTWARE KEY("HKEY_LOCAL_MACHINE\\SOFTWARE")
#define EMPTY_WOW      KEY(WOW UPDATES)

/* --- present, absent, unknown --- */

typedef struct hotfix_row {
    const char *name;
    const char *exports[EXPORTS_MAX];
    fp_tri present;
    fp_unknown_why why;
    fp_tri elsewhere;
    size_t traces;
    size_t notes;
    const char *unknown_where;
} hotfix_row;

#define WHERE     "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Updates\\" CM
#define WOW_WHERE "HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\Microsoft\\Updates\\" CM

static const hotfix_row HOTFIX_ROWS[] = {
    {.name = "no registry",
     .present = FP_UNKNOWN,
     .why = FP_WHY_NOT_SUPPLIED,
     .unknown_where = WHERE " and " WOW_WHERE},
    {.name = "complete and absent",
     .exports = {EMPTY_SOFTWARE},
     .present = FP_FALSE,
     .elsewhere = FP_FALSE},
    {.name = "native view only",
     .exports = {KEY(HKLM UPDATES)},
     .why = FP_WHY_INCOMPLETE,
     .unknown_where = WOW_WHERE},
    {.name = "32-bit view only",
     .exports = {KEY(WOW UPDATES)},
     .why = FP_WHY_INCOMPLETE,
     .unknown_where = WHERE},
    {.name = "another product exported",
     .exports = {KEY(HKLM UPDATES "\\Windows Server 2003")},
     .why = FP_WHY_INCOMPLETE,
     .unknown_where = WHERE " and " WOW_WHERE},
    {.name = "both views of Updates, absent",
     .exports = {KEY(HKLM UPDATES), KEY(WOW UPDATES)},
     .present = FP_FALSE,
     .elsewhere = FP_UNKNOWN},
    {.name = "the product's key alone settles its view",
     .exports = {KEY(HKLM CM_KEY) KEY(HKLM CM_KEY "\\SP1"), KEY(WOW CM_KEY)},
     .present = FP_FALSE,
     .elsewhere = FP_UNKNOWN},
    {.name = "present in the native view",
     .exports = {MARKED(HKLM, "SP1", "KB954474")},
     .present = FP_TRUE,
     .traces = 1},
    {.name = "present in the 32-bit view",
     .exports = {MARKED(WOW, "SP1", "KB954474")},
     .present = FP_TRUE,
     .traces = 1},
    {.name = "any level, any case",
     .exports = {MARKED(HKLM, "some level", "kb954474")},
     .present = FP_TRUE,
     .traces = 1},
    {.name = "no level",
     .exports = {KEY(HKLM CM_KEY) KEY(HKLM CM_KEY "\\KB954474")},
     .present = FP_TRUE,
     .traces = 1},
    {.name = "the bare number",
     .exports = {MARKED(HKLM, "SP1", "954474")},
     .present = FP_TRUE,
     .traces = 1},
    {.name = "both views",
     .exports = {MARKED(HKLM, "SP1", "KB954474"), MARKED(WOW, "SP1", "KB954474")},
     .present = FP_TRUE,
     .traces = 2},
    {.name = "a package version is named as such",
     .exports = {MARKED(HKLM, "SP1", "KB954474-v2")},
     .present = FP_TRUE,
     .traces = 1,
     .notes = 1},
    {.name = "a longer number is another hotfix",
     .exports = {MARKED(HKLM, "SP1", "KB9544741"), EMPTY_WOW},
     .present = FP_FALSE,
     .elsewhere = FP_UNKNOWN},
    {.name = "a shorter number is another hotfix",
     .exports = {MARKED(HKLM, "SP1", "KB95447"), EMPTY_WOW},
     .present = FP_FALSE,
     .elsewhere = FP_UNKNOWN},
    {.name = "below another product",
     .exports = {KEY(HKLM UPDATES) KEY(HKLM UPDATES "\\Other") KEY(HKLM UPDATES "\\Other\\SP1")
                     KEY(HKLM UPDATES "\\Other\\SP1\\KB954474") "\"Type\"=\"Update\"\n",
                 EMPTY_WOW},
     .present = FP_FALSE,
     .elsewhere = FP_TRUE,
     .traces = 1,
     .notes = 2},
    {.name = "HotFix key without a marker",
     .exports = {EMPTY_SOFTWARE KEY(HKLM "Microsoft") NT KEY(HKLM HOTFIX)
                     KEY(HKLM HOTFIX "\\KB954474")},
     .present = FP_FALSE,
     .elsewhere = FP_TRUE,
     .traces = 1,
     .notes = 1},
    {.name = "uninstall entry by its key",
     .exports = {KEY(HKLM UNINST) KEY(HKLM UNINST "\\KB954474"), KEY(HKLM UPDATES), EMPTY_WOW},
     .present = FP_FALSE,
     .elsewhere = FP_TRUE,
     .traces = 1,
     .notes = 1},
    {.name = "uninstall entry by its display name",
     .exports = {KEY(HKLM UNINST)
                     KEY(HKLM UNINST "\\{1}") "\"DisplayName\"=\"Hotfix for X (KB954474)\"\n",
                 KEY(HKLM UPDATES), EMPTY_WOW},
     .present = FP_FALSE,
     .elsewhere = FP_TRUE,
     .traces = 1,
     .notes = 1},
    {.name = "display name of another hotfix",
     .exports = {EMPTY_SOFTWARE KEY(HKLM "Microsoft") KEY(HKLM "Microsoft\\Windows")
                     KEY(HKLM "Microsoft\\Windows\\CurrentVersion") KEY(HKLM UNINST)
                         KEY(HKLM UNINST "\\{1}") "\"DisplayName\"=\"Hotfix (KB9544740)\"\n"},
     .present = FP_FALSE,
     .elsewhere = FP_FALSE},
    {.name = "marker and uninstall entry",
     .exports = {MARKED(HKLM, "SP1", "KB954474"), KEY(HKLM UNINST) KEY(HKLM UNINST "\\KB954474")},
     .present = FP_TRUE,
     .elsewhere = FP_TRUE,
     .traces = 2},
    {.name = "two sources disagree about the key",
     .exports = {MARKED(HKLM, "SP1", "KB954474"),
                 KEY(HKLM UPDATES) KEY(HKLM CM_KEY) KEY(HKLM CM_KEY "\\SP1"), EMPTY_WOW},
     .present = FP_UNKNOWN,
     .why = FP_WHY_CONFLICTING,
     .notes = 1,
     .unknown_where = WHERE},
    {.name = "two sources disagree about the product",
     .exports = {MARKED(HKLM, "SP1", "KB954474"), KEY(HKLM UPDATES), EMPTY_WOW},
     .present = FP_UNKNOWN,
     .why = FP_WHY_CONFLICTING,
     .notes = 1,
     .unknown_where = WHERE},
};
enum { HOTFIX_ROW_COUNT = sizeof HOTFIX_ROWS / sizeof HOTFIX_ROWS[0] };

static registry_text open_exports(const char *const exports[EXPORTS_MAX])
{
    registry_text t = registry_text_new(BUDGET);
    for (size_t i = 0; i < EXPORTS_MAX && exports[i] != NULL; i++)
        registry_text_add(&t, exports[i]);
    return t;
}

static fp_hotfix read_hotfix(registry_text *t)
{
    const fp_hotfix m = hotfix_text_read(t, FP_STR("KB954474"), FP_STR(CM));
    assert_str(m.kb, "KB954474");
    return m;
}

static void test_hotfix_row(void **state)
{
    const hotfix_row *row = *state;
    registry_text t = open_exports(row->exports);
    const fp_hotfix m = read_hotfix(&t);
    for (size_t i = 0; i < m.notes.count; i++)
        print_message("    note: %.*s\n", FP_STR_ARG(m.notes.at[i].value));
    assert_int_equal(m.present, row->present);
    if (row->present == FP_UNKNOWN)
        assert_int_equal(m.why, row->why);
    assert_int_equal(m.elsewhere, row->elsewhere);
    assert_int_equal(m.trace_count, row->traces);
    assert_int_equal(m.notes.count, row->notes);
    assert_str(m.unknown_where, row->unknown_where == NULL ? "" : row->unknown_where);
    assert_int_equal(m.searched.count, 2); /* the product, in each view */
    for (size_t i = 0; i < m.trace_count; i++)
        assert_true(m.traces[i].origin.item > 0 && m.traces[i].key_path.size > 0);
    registry_text_free(&t);
}

static void test_bad_kb(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    fp_hotfix m = {.trace_count = 77};
    static const char *const BAD[] = {"", "KB", "KB954474-v2", "MS12-062", "KB0", "0"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_int_equal(fp_hotfix_read(&(fp_hotfix_evidence){.registry = t.reg}, fp_str_of(BAD[i]),
                                        FP_STR(CM), t.arena, &m),
                         FP_FORMAT);
    assert_int_equal(m.trace_count, 77);
    registry_text_free(&t);
}

static void test_any_product(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, MARKED(HKLM, "SP1", "KB954474"));
    fp_hotfix m;
    assert_int_equal(fp_hotfix_read(&(fp_hotfix_evidence){.registry = t.reg}, FP_STR("954474"),
                                    (fp_str){0}, t.arena, &m),
                     FP_OK);
    assert_int_equal(m.present, FP_TRUE);
    assert_str(m.kb, "KB954474");
    assert_str(m.traces[0].product, CM);
    assert_false(m.traces[0].other_product);
    registry_text_free(&t);
}

/* --- what a marker records --- */

#define RECORD                                                                                     \
    "\"Description\"=\"Hotfix\"\n\"InstalledBy\"=\"KOL\\\\admin\"\n"                               \
    "\"InstalledDate\"=\"6/20/2008\"\n\"Type\"=\"Update\"\n"
#define FILELIST KEY(HKLM CM_KEY "\\SP1\\KB954474\\Filelist")
#define RECORDED(n, name, version)                                                                 \
    KEY(HKLM CM_KEY "\\SP1\\KB954474\\Filelist\\" n)                                               \
    "\"FileName\"=\"" name "\"\n\"Version\"=\"" version "\"\n\"Location\"=\"C:\\\\bin\"\n"

static void test_record(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, MARKED(HKLM, "SP1", "KB954474")
                              RECORD FILELIST RECORDED("0", "updatewuscatalog.exe", "4.0.6221.1047")
                                  RECORDED("1", "readme.txt", "none"));
    const fp_hotfix m = read_hotfix(&t);
    assert_int_equal(m.trace_count, 1);
    const fp_trace *trace = &m.traces[0];
    assert_int_equal(trace->place, FP_TRACE_UPDATES);
    assert_str(trace->product, CM);
    assert_str(trace->level, "SP1");
    assert_str(trace->name, "KB954474");
    assert_str(trace->key_path, HKLM CM_KEY "\\SP1\\KB954474");
    assert_str(trace->description, "Hotfix");
    assert_str(trace->installed_by, "KOL\\admin");
    assert_str(trace->installed_date, "6/20/2008");
    assert_str(trace->type, "Update");
    assert_int_equal(trace->written, FP_TIME_NONE);
    assert_int_equal(trace->files_complete, FP_TRUE);
    assert_int_equal(trace->file_count, 2);
    assert_str(trace->files[0].name, "updatewuscatalog.exe");
    assert_str(trace->files[0].location, "C:\\bin");
    assert_true(trace->files[0].has_version);
    assert_int_equal(trace->files[0].version.part[3], 1047);
    assert_false(trace->files[1].has_version);
    assert_str(trace->files[1].version_text, "none");
    registry_text_free(&t);
}

static void test_unreadable_version_leaves_the_files_in_doubt(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(
        &t, MARKED(HKLM, "SP1", "KB954474") FILELIST KEY(
                HKLM CM_KEY "\\SP1\\KB954474\\Filelist\\0") "\"FileName\"=\"updatewuscatalog."
                                                            "exe\"\n\"Version\"=dword:00000004\n");
    const fp_hotfix m = read_hotfix(&t);
    assert_int_equal(m.present, FP_TRUE);
    assert_int_equal(m.traces[0].file_count, 1);
    assert_false(m.traces[0].files[0].has_version);
    assert_int_equal(m.traces[0].files_complete, FP_UNKNOWN);
    registry_text_free(&t);
}

static void test_two_markers_record_different_versions(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, MARKED(HKLM, "SP1", "KB954474")
                              FILELIST RECORDED("0", "updatewuscatalog.exe", "4.0.6221.1047"));
    registry_text_add(
        &t,
        MARKED(WOW, "SP1", "KB954474") KEY(WOW CM_KEY "\\SP1\\KB954474\\Filelist")
            KEY(WOW CM_KEY "\\SP1\\KB954474\\Filelist\\0") "\"FileName\"=\"UpdateWUSCatalog.exe\"\n"
                                                           "\"Version\"=\"4.0.6221.1001\"\n");
    const fp_hotfix m = read_hotfix(&t);
    assert_int_equal(m.present, FP_TRUE);
    assert_int_equal(m.trace_count, 2);
    assert_int_equal(m.notes.count, 1);
    registry_text_free(&t);
}

static void test_contested_value_is_left_out(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, MARKED(HKLM, "SP1", "KB954474") "\"InstalledDate\"=\"6/20/2008\"\n");
    registry_text_add(&t, MARKED(HKLM, "SP1", "KB954474") "\"InstalledDate\"=\"6/21/2008\"\n");
    const fp_hotfix m = read_hotfix(&t);
    assert_int_equal(m.present, FP_TRUE);
    assert_str(m.traces[0].installed_date, "");
    assert_int_equal(m.notes.count, 1);
    registry_text_free(&t);
}

static void test_traces_over_the_limit_still_count(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    char *body = fp_arena_printf(t.arena, "%s", KEY(HKLM UPDATES) KEY(HKLM CM_KEY));
    for (int i = 0; i < FP_HOTFIX_TRACES_MAX + 1; i++)
        body = fp_arena_printf(t.arena, "%s[%s\\L%d]\n[%s\\L%d\\KB954474]\n", body, HKLM CM_KEY, i,
                               HKLM CM_KEY, i);
    registry_text_add(&t, body);
    const fp_hotfix m = read_hotfix(&t);
    assert_int_equal(m.present, FP_TRUE);
    assert_int_equal(m.trace_count, FP_HOTFIX_TRACES_MAX);
    assert_true(m.traces_lost);
    registry_text_free(&t);
}

static void test_files_over_the_limit(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    char *body = fp_arena_printf(t.arena, "%s", MARKED(HKLM, "SP1", "KB954474") FILELIST);
    for (int i = 0; i < FP_TRACE_FILES_MAX + 1; i++)
        body =
            fp_arena_printf(t.arena, "%s[%s\\SP1\\KB954474\\Filelist\\%d]\n", body, HKLM CM_KEY, i);
    registry_text_add(&t, body);
    const fp_hotfix m = read_hotfix(&t);
    assert_int_equal(m.traces[0].file_count, FP_TRACE_FILES_MAX);
    assert_int_equal(m.traces[0].files_complete, FP_UNKNOWN);
    registry_text_free(&t);
}

/* --- what each place says --- */

typedef struct says_row {
    const char *name;
    const char *body;
    fp_trace_place place;
    fp_trace_says says;
    fp_tri elsewhere;
} says_row;

#define OTHER_KEY HKLM UPDATES "\\Other\\SP1\\KB954474"
#define OTHER                                                                                      \
    KEY(HKLM UPDATES) KEY(HKLM UPDATES "\\Other") KEY(HKLM UPDATES "\\Other\\SP1") KEY(OTHER_KEY)

static const says_row SAYS_ROWS[] = {
    {"a marker with a record", MARKED(HKLM, "SP1", "KB954474") RECORD, FP_TRACE_UPDATES,
     FP_TRACE_SAYS_INSTALLED, FP_FALSE},
    {"a marker with a file only",
     MARKED(HKLM, "SP1", "KB954474") FILELIST RECORDED("0", "a.exe", "1.0"), FP_TRACE_UPDATES,
     FP_TRACE_SAYS_INSTALLED, FP_FALSE},
    {"an empty marker", MARKED(HKLM, "SP1", "KB954474"), FP_TRACE_UPDATES, FP_TRACE_SAYS_HINT,
     FP_FALSE},
    {"a marker whose only value is no text",
     MARKED(HKLM, "SP1", "KB954474") "\"InstalledDate\"=dword:00000001\n", FP_TRACE_UPDATES,
     FP_TRACE_SAYS_UNREADABLE, FP_FALSE},
    {"an empty key of another product", OTHER, FP_TRACE_UPDATES, FP_TRACE_SAYS_HINT, FP_FALSE},
    {"a record of another product", OTHER "\"Type\"=\"Update\"\n", FP_TRACE_UPDATES,
     FP_TRACE_SAYS_INSTALLED, FP_TRUE},
    {"HotFix key", NT KEY(HKLM HOTFIX) KEY(HKLM HOTFIX "\\KB954474"), FP_TRACE_HOTFIX,
     FP_TRACE_SAYS_INSTALLED, FP_TRUE},
    {"uninstall entry", UNINSTALL_PARENTS KEY(HKLM UNINST "\\KB954474"), FP_TRACE_UNINSTALL,
     FP_TRACE_SAYS_INSTALLED, FP_TRUE},
};
enum { SAYS_ROW_COUNT = sizeof SAYS_ROWS / sizeof SAYS_ROWS[0] };

static void test_says_row(void **state)
{
    const says_row *row = *state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, fp_arena_printf(t.arena, "%s%s", WHOLE_SOFTWARE, row->body));
    const fp_hotfix m = read_hotfix(&t);
    const fp_trace *trace = hotfix_text_trace(&m, row->place);
    assert_int_equal(trace->says, row->says);
    assert_int_equal(m.elsewhere, row->elsewhere);
    registry_text_free(&t);
}

/* Names that mention hotfixes again and again must not be followed for ever. */
static void test_a_limit_on_mentions(void **state)
{
    (void)state;
    enum { MENTIONS = 125, ENTRIES = FP_HOTFIX_KEYS_MAX / MENTIONS + 1, LINE = 700 };
    char name[MENTIONS * 4 + 1];
    for (size_t i = 0; i < MENTIONS; i++)
        memcpy(name + 4 * i, "KB1,", 5);
    registry_text t = registry_text_new(BUDGET);
    char *body = malloc((size_t)ENTRIES * LINE);
    assert_non_null(body);
    size_t size = (size_t)sprintf(body, "%s", WHOLE_SOFTWARE UNINSTALL_PARENTS);
    for (int i = 0; i < ENTRIES; i++)
        size += (size_t)sprintf(body + size, "[%s\\%d]\n\"DisplayName\"=\"%s\"\n", HKLM UNINST, i,
                                name);
    registry_text_add(&t, body);
    free(body);
    const fp_hotfix m = read_hotfix(&t);
    assert_int_equal(m.present, FP_FALSE); /* its place was looked through before */
    assert_int_equal(m.elsewhere, FP_UNKNOWN);
    assert_int_equal(m.trace_count, 0);
    assert_false(m.covered);
    registry_text_free(&t);
}

/* --- every hotfix --- */

static void test_list(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, MARKED(HKLM, "SP1", "KB954474") KEY(HKLM CM_KEY "\\SP1\\KB12")
                              KEY(HKLM UPDATES "\\Other") KEY(HKLM UPDATES "\\Other\\SP9")
                                  KEY(HKLM UPDATES "\\Other\\SP9\\KB12-x86")
                                      KEY(HKLM UPDATES "\\UpdateExeVolatile"));
    registry_text_add(
        &t, KEY(HKLM UNINST) KEY(HKLM UNINST "\\KB7") KEY(
                HKLM UNINST "\\KB954474") "\"DisplayName\"=\"Hotfix (KB954474), KB7, KB954474\"\n");
    fp_hotfix *hotfixes;
    size_t count;
    fp_tri complete = FP_TRUE;
    assert_int_equal(fp_hotfix_list(&(fp_hotfix_evidence){.registry = t.reg}, t.arena, &hotfixes,
                                    &count, &complete),
                     FP_OK);
    assert_int_equal(count, 3);
    assert_str(hotfixes[0].kb, "KB7");
    assert_int_equal(hotfixes[0].trace_count, 2); /* by a key, and by a name of another */
    assert_str(hotfixes[1].kb, "KB12");
    assert_int_equal(hotfixes[1].trace_count, 2);
    assert_int_equal(hotfixes[1].present, FP_TRUE);
    assert_str(hotfixes[2].kb, "KB954474");
    assert_int_equal(hotfixes[2].trace_count, 2);
    assert_int_equal(hotfixes[2].elsewhere, FP_TRUE);
    assert_int_equal(complete, FP_UNKNOWN); /* the 32-bit view was not supplied */
    registry_text_free(&t);
}

static void test_list_of_other_places(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, WHOLE_SOFTWARE NT KEY(HKLM HOTFIX) KEY(HKLM HOTFIX "\\KB12")
                              UNINSTALL_PARENTS KEY(HKLM UNINST "\\KB12")
                                  KEY(HKLM UNINST "\\KB7") "\"InstallDate\"=\"20080619\"\n");
    fp_hotfix *hotfixes;
    size_t count;
    fp_tri complete = FP_UNKNOWN;
    assert_int_equal(fp_hotfix_list(&(fp_hotfix_evidence){.registry = t.reg}, t.arena, &hotfixes,
                                    &count, &complete),
                     FP_OK);
    assert_int_equal(count, 2);
    assert_str(hotfixes[0].kb, "KB7"); /* an uninstall entry alone */
    assert_int_equal(hotfixes[0].trace_count, 1);
    assert_int_equal(hotfixes[0].state, FP_HOTFIX_INSTALLED);
    assert_int_equal(hotfixes[0].ground, FP_GROUND_REPORTED);
    assert_str(hotfixes[0].traces[0].installed_date, "20080619");
    assert_str(hotfixes[1].kb, "KB12");
    assert_int_equal(hotfixes[1].trace_count, 2);
    assert_int_equal(hotfixes[1].present, FP_FALSE);
    assert_int_equal(complete, FP_TRUE);
    registry_text_free(&t);
}

/* An uninstall entry counts of a hotfix that a later place makes known, and stands before it. */
static void test_list_knows_mentions_of_every_hotfix(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, KEY(HKLM UNINST) KEY(HKLM UNINST "\\KB12"));
    registry_text_add(
        &t,
        KEY(HKLM SERVICING) KEY(
            HKLM SERVICING
            "\\Package_for_KB12~31bf3856ad364e35~amd64~~6.1") "\"CurrentState\"=dword:00000000\n");
    fp_hotfix *hotfixes;
    size_t count;
    fp_tri complete;
    assert_int_equal(fp_hotfix_list(&(fp_hotfix_evidence){.registry = t.reg}, t.arena, &hotfixes,
                                    &count, &complete),
                     FP_OK);
    assert_int_equal(count, 1);
    assert_int_equal(hotfixes[0].trace_count, 2);
    assert_int_equal(hotfixes[0].traces[0].place, FP_TRACE_UNINSTALL);
    assert_int_equal(hotfixes[0].traces[1].place, FP_TRACE_CBS);
    assert_int_equal(hotfixes[0].state, FP_HOTFIX_CONFLICTING);
    registry_text_free(&t);
}

static void test_list_complete_and_empty(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, EMPTY_SOFTWARE);
    fp_hotfix *hotfixes;
    size_t count = 9;
    fp_tri complete = FP_UNKNOWN;
    assert_int_equal(fp_hotfix_list(&(fp_hotfix_evidence){.registry = t.reg}, t.arena, &hotfixes,
                                    &count, &complete),
                     FP_OK);
    assert_int_equal(count, 0);
    assert_int_equal(complete, FP_TRUE);
    registry_text_free(&t);
}

static void test_list_over_the_limit(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    char *body = malloc(256 * (FP_HOTFIXES_MAX + 3));
    assert_non_null(body);
    size_t size = (size_t)sprintf(body, "%s",
                                  EMPTY_SOFTWARE KEY(HKLM "Microsoft") KEY(HKLM UPDATES)
                                      KEY(HKLM CM_KEY) KEY(HKLM CM_KEY "\\SP1"));
    for (int i = 1; i <= FP_HOTFIXES_MAX + 1; i++)
        size += (size_t)sprintf(body + size, "[%s\\SP1\\KB%d]\n", HKLM CM_KEY, i);
    registry_text_add(&t, body);
    free(body);
    fp_hotfix *hotfixes;
    size_t count;
    fp_tri complete;
    assert_int_equal(fp_hotfix_list(&(fp_hotfix_evidence){.registry = t.reg}, t.arena, &hotfixes,
                                    &count, &complete),
                     FP_OK);
    assert_int_equal(count, FP_HOTFIXES_MAX);
    assert_int_equal(complete, FP_UNKNOWN);
    registry_text_free(&t);
}

/* --- budgets --- */

static void test_every_budget(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, MARKED(HKLM, "SP1", "KB954474-v2")
                              RECORD KEY(HKLM CM_KEY "\\SP1\\KB954474-v2\\Filelist")
                                  KEY(HKLM CM_KEY "\\SP1\\KB954474-v2\\Filelist\\0"));
    registry_text_add(&t, KEY(HKLM UNINST) KEY(HKLM UNINST "\\KB954474"));
    bool done = false;
    for (size_t budget = 0; budget < BUDGET && !done; budget += 64) {
        fp_arena *arena = fp_arena_new(budget);
        assert_non_null(arena);
        fp_hotfix m = {0};
        const fp_status status = fp_hotfix_read(&(fp_hotfix_evidence){.registry = t.reg},
                                                FP_STR("KB954474"), FP_STR(CM), arena, &m);
        const bool whole = m.trace_count == 2 && m.notes.count == 1 && m.searched.count == 2;
        fp_arena_free(arena);
        assert_true(status == FP_OK ? whole : status == FP_NOMEM);
        assert_true(budget > 0 || status == FP_NOMEM);
        done = status == FP_OK;
    }
    assert_true(done);
    registry_text_free(&t);
}

/* --- a hive, with its last-write times --- */

static void test_hive_gives_the_write_time(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    hive_builder *b = hive_builder_new(t.arena);
    assert_non_null(b);
    hive_builder_key *kb =
        hive_builder_path(b, FP_STR("Microsoft\\Updates\\" CM "\\SP1\\KB954474"));
    assert_non_null(kb);
    assert_true(fp_time_parse(FP_STR("2008-06-20T12:00:00Z"), &kb->written));
    assert_true(hive_builder_text(b, kb, FP_STR("InstalledDate"), FP_STR("6/20/2008")));
    uint8_t *file;
    size_t size;
    assert_true(hive_builder_write(b, &(hive_builder_options){.name = "SOFTWARE"}, &file, &size));
    registry_text_add_hive(&t, fp_span_of(file, size), "SOFTWARE");
    const fp_hotfix m = read_hotfix(&t);
    assert_int_equal(m.present, FP_TRUE);
    assert_int_equal(m.elsewhere, FP_FALSE);
    const fp_install_window w = fp_hotfix_window(&m);
    char text[FP_TIME_TEXT_SIZE];
    assert_string_equal(fp_time_format(w.earliest, text), "2008-06-19T10:00:00Z");
    assert_string_equal(fp_time_format(w.latest, text), "2008-06-20T12:00:00Z");
    registry_text_free(&t);
}

/* --- hives made with other tools, where they are supplied --- */

typedef struct corpus_row {
    const char *folder;
    fp_tri installed;
    const char *version;
    fp_tri present;
} corpus_row;

static const corpus_row CORPUS_ROWS[] = {
    {"1-cm2007-sp1-unpatched", FP_TRUE, "4.00.6221.1000", FP_FALSE},
    {"2-cm2007-sp1-kb954474", FP_TRUE, "4.00.6221.1000", FP_TRUE},
    {"3-cm2007-sp2-ms12-062", FP_TRUE, "4.00.6487.2000", FP_FALSE},
    {"4-no-configmgr", FP_FALSE, "", FP_FALSE},
};

static fp_span slurp(fp_arena *arena, const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    const size_t room = 8 << 20;
    uint8_t *bytes = fp_arena_alloc(arena, room);
    assert_non_null(bytes);
    const size_t size = fread(bytes, 1, room, f);
    (void)fclose(f);
    assert_in_range(size, 1, room - 1);
    return fp_span_of(bytes, size);
}

static void check_corpus_row(const char *corpus, const corpus_row *row)
{
    registry_text t = registry_text_new(BUDGET);
    const char *path = fp_arena_printf(t.arena, "%s/made/%s/SOFTWARE", corpus, row->folder);
    fp_registry_soundness soundness;
    assert_int_equal(fp_registry_add_hive(t.reg, 1, slurp(t.arena, path), FP_STR("SOFTWARE"), NULL,
                                          NULL, &soundness),
                     FP_OK);
    fp_product p;
    assert_int_equal(fp_product_read(t.reg, NULL, t.arena, &p), FP_OK);
    assert_int_equal(p.installed, row->installed);
    assert_str(p.version_text, row->version);
    assert_int_equal(read_hotfix(&t).present, row->present);
    registry_text_free(&t);
}

static void test_corpus(void **state)
{
    (void)state;
    const char *corpus = corpus_or_skip();
    for (size_t i = 0; i < sizeof CORPUS_ROWS / sizeof CORPUS_ROWS[0]; i++)
        check_corpus_row(corpus, &CORPUS_ROWS[i]);
}

int main(void)
{
    struct CMUnitTest tests[HOTFIX_ROW_COUNT + SAYS_ROW_COUNT];
    for (size_t i = 0; i < SAYS_ROW_COUNT; i++)
        tests[HOTFIX_ROW_COUNT + i] =
            (struct CMUnitTest){.name = SAYS_ROWS[i].name,
                                .test_func = test_says_row,
                                .initial_state = (void *)(uintptr_t)&SAYS_ROWS[i]};
    for (size_t i = 0; i < HOTFIX_ROW_COUNT; i++)
        tests[i] = (struct CMUnitTest){.name = HOTFIX_ROWS[i].name,
                                       .test_func = test_hotfix_row,
                                       .initial_state = (void *)(uintptr_t)&HOTFIX_ROWS[i]};
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_bad_kb),
        cmocka_unit_test(test_any_product),
        cmocka_unit_test(test_record),
        cmocka_unit_test(test_unreadable_version_leaves_the_files_in_doubt),
        cmocka_unit_test(test_two_markers_record_different_versions),
        cmocka_unit_test(test_contested_value_is_left_out),
        cmocka_unit_test(test_traces_over_the_limit_still_count),
        cmocka_unit_test(test_files_over_the_limit),
        cmocka_unit_test(test_a_limit_on_mentions),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_list_of_other_places),
        cmocka_unit_test(test_list_knows_mentions_of_every_hotfix),
        cmocka_unit_test(test_list_complete_and_empty),
        cmocka_unit_test(test_list_over_the_limit),
        cmocka_unit_test(test_every_budget),
        cmocka_unit_test(test_hive_gives_the_write_time),
        cmocka_unit_test(test_corpus),
    };
    const bool failed = RUN_TESTS(others);
    return RUN_TESTS(tests) || failed;
}
