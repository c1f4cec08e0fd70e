/* SPDX-License-Identifier: MIT */
#include "inventory/configmgr/product.h"

#include "tests/support/check.h"
#include "tests/support/registry_text.h"

#include <stdio.h>

enum { BUDGET = 16 << 20, EXPORTS_MAX = 4 };

#define HKLM         "HKEY_LOCAL_MACHINE\\SOFTWARE\\"
#define WOW          HKLM "Wow6432Node\\"
#define SMS          "[" HKLM "Microsoft\\SMS]\n"
#define WOW_SMS      "[" WOW "Microsoft\\SMS]\n"
#define SETUP        "[" HKLM "Microsoft\\SMS\\Setup]\n"
#define WOW_SETUP    "[" WOW "Microsoft\\SMS\\Setup]\n"
#define IDENTITY     "[" HKLM "Microsoft\\SMS\\Identification]\n"
#define WOW_IDENTITY "[" WOW "Microsoft\\SMS\\Identification]\n"
#define SP1          "\"Full Version\"=\"4.00.6221.1000\"\n"
#define PRIMARY      "\"TYPE\"=dword:00000001\n"

/* --- the table of releases, as it is shipped --- */

static const char *const TABLES[] = {"sms-2003", "configmgr-2007", "configmgr-2012",
                                     "configmgr-current-branch"};

static char *read_table(const char *name, size_t *size)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/data/products/%s.json", FIXPROOF_SOURCE_DIR, name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    static char text[64 * 1024];
    *size = fread(text, 1, sizeof text, f);
    (void)fclose(f);
    assert_in_range(*size, 1, sizeof text - 1);
    return text;
}

static fp_releases *load_tables(fp_arena *arena)
{
    fp_releases *releases = fp_releases_new(arena);
    assert_non_null(releases);
    for (size_t i = 0; i < sizeof TABLES / sizeof TABLES[0]; i++) {
        size_t size;
        const char *text = read_table(TABLES[i], &size);
        fp_diag d = {0};
        const fp_status status = fp_releases_add(releases, fp_span_of(text, size), &d);
        if (status != FP_OK)
            print_error("%s: %s: %s\n", TABLES[i], fp_status_name(status), d.message);
        assert_int_equal(status, FP_OK);
    }
    return releases;
}

typedef struct release_row {
    const char *version;
    const char *family; /* NULL: none holds it */
    const char *release;
} release_row;

static const release_row RELEASE_ROWS[] = {
    {"2.00.1239.0000", NULL, NULL},
    {"2.49.9999.9999", NULL, NULL},
    {"2.50.2725.9999", "sms-2003", NULL},
    {"2.50.2726.0000", "sms-2003", "RTM"},
    {"2.50.2726.0018", "sms-2003", "RTM"},
    {"2.50.3174.1018", "sms-2003", "SP1"},
    {"2.50.4160.1999", "sms-2003", "SP1"},
    {"2.50.4160.2000", "sms-2003", "SP2"},
    {"2.50.4253.3000", "sms-2003", "SP3"},
    {"2.51", NULL, NULL},
    {"4.0", "configmgr-2007", NULL},
    {"4.00.5135.0000", "configmgr-2007", NULL},
    {"4.00.5930.9999", "configmgr-2007", NULL},
    {"4.00.5931.0000", "configmgr-2007", "RTM"},
    {"4.0.5931", "configmgr-2007", "RTM"},
    {"4.00.6220.4294967295", "configmgr-2007", "RTM"},
    {"4.00.6221.0", "configmgr-2007", "SP1"},
    {"4.00.6221.1193", "configmgr-2007", "SP1"},
    {"4.00.6486.9999", "configmgr-2007", "SP1"},
    {"4.00.6487.0000", "configmgr-2007", "SP2"},
    {"4.00.6487.2157", "configmgr-2007", "SP2"},
    {"4.00.9999.0", "configmgr-2007", "SP2"},
    {"4.1", NULL, NULL},
    {"5.00.7710.9999", NULL, NULL},
    {"5.00.7711.0000", "configmgr-2012", "RTM"},
    {"5.00.7712.0000", "configmgr-2012", NULL},
    {"5.00.7804.1000", "configmgr-2012", "SP1"},
    {"5.00.7958.1501", "configmgr-2012", "R2"},
    {"5.00.8239.1000", "configmgr-2012", "R2 SP1"},
    {"5.00.8324.9999", "configmgr-2012", NULL},
    {"5.00.8325.1000", "configmgr-current-branch", "1511"},
    {"5.00.8412.1307", "configmgr-current-branch", "1606"},
    {"5.00.8413.1000", "configmgr-current-branch", NULL},
    {"5.00.9106.1000", "configmgr-current-branch", "2303"},
    {"5.0.9135.1042", "configmgr-current-branch", "2503"},
    {"5.00.9141.1000", "configmgr-current-branch", "2509"},
    {"5.00.9146.1000", "configmgr-current-branch", "2603"},
    {"5.00.9999.1000", "configmgr-current-branch", NULL},
    {"5.1", NULL, NULL},
    {"40.0.6221.1000", NULL, NULL},
};
enum { RELEASE_ROW_COUNT = sizeof RELEASE_ROWS / sizeof RELEASE_ROWS[0] };

static void test_release_row(void **state)
{
    const release_row *row = *state;
    fp_arena *arena = fp_arena_new(BUDGET);
    assert_non_null(arena);
    const fp_releases *releases = load_tables(arena);
    fp_version version;
    assert_true(fp_version_parse(fp_str_of(row->version), &version));
    const fp_family *family = fp_releases_family(releases, &version);
    const fp_release *release = fp_releases_find(releases, &version);
    assert_int_equal(family != NULL, row->family != NULL);
    if (family != NULL)
        assert_str(family->family, row->family);
    assert_int_equal(release != NULL, row->release != NULL);
    if (release != NULL) {
        assert_str(release->release, row->release);
        assert_str(release->family, row->family);
    }
    fp_arena_free(arena);
}

/* --- a table with one thing wrong --- */

#define FAMILY                                                                                     \
    "\"schema\":\"fixproof/products/v1\",\"family\":\"f\",\"title\":\"F\",\"from\":\"1\","         \
    "\"below\":\"2\",\"source\":\"s\",\"certainty\":\"inferred\""
#define RELEASE(name, from, below)                                                                 \
    "{\"release\":\"" name "\",\"title\":\"t\",\"from\":\"" from "\",\"below\":\"" below           \
    "\",\"source\":\"s\",\"certainty\":\"confirmed\"}"
#define FEATURE(name, by)                                                                          \
    "{\"feature\":\"" name "\",\"title\":\"t\",\"uninstall_name\":\"u\"" by                        \
    ",\"source\":\"s\",\"certainty\":\"confirmed\"}"
#define ONE "\"releases\":[" RELEASE("r", "1.0", "1.5") "]"

typedef struct table_row {
    const char *name;
    const char *json;
    fp_status status;
    const char *module;
    uint64_t where;
} table_row;

static const table_row TABLE_ROWS[] = {
    {"good table", "{" FAMILY "," ONE "}", FP_OK, NULL, 0},
    {"good features",
     "{" FAMILY "," ONE
     ",\"features\":[" FEATURE("a", ",\"replaced_by\":\"b\"") "," FEATURE("b", "") "]}",
     FP_OK, NULL, 0},
    {"no features", "{" FAMILY "," ONE ",\"features\":[]}", FP_OK, NULL, 0},
    {"not JSON", "{" FAMILY "," ONE "\n", FP_FORMAT, "json", 2},
    {"not an object", "[]", FP_FORMAT, "products", 0},
    {"other schema", "{\"schema\":\"fixproof/products/v2\"}", FP_FORMAT, "products", 0},
    {"no releases", "{" FAMILY "}", FP_FORMAT, "products", 0},
    {"empty releases", "{" FAMILY ",\"releases\":[]}", FP_FORMAT, "products", 0},
    {"unknown member", "{" FAMILY "," ONE ",\"x\":1}", FP_FORMAT, "products", 0},
    {"release is a text", "{" FAMILY ",\"releases\":[\"r\"]}", FP_FORMAT, "products", 1},
    {"unknown member of a release", "{" FAMILY ",\"releases\":[{\"release\":\"r\",\"build\":1}]}",
     FP_FORMAT, "products", 1},
    {"member missing",
     "{" FAMILY ",\"releases\":[{\"release\":\"r\",\"title\":\"t\",\"from\":\"1\"}]}", FP_FORMAT,
     "products", 1},
    {"not a version", "{" FAMILY ",\"releases\":[" RELEASE("r", "1.x", "2") "]}", FP_FORMAT,
     "products", 1},
    {"empty text", "{" FAMILY ",\"releases\":[" RELEASE("", "1", "2") "]}", FP_FORMAT, "products",
     1},
    {"empty range", "{" FAMILY ",\"releases\":[" RELEASE("r", "1.5", "1.5") "]}", FP_FORMAT,
     "products", 1},
    {"below its family", "{" FAMILY ",\"releases\":[" RELEASE("r", "0.9", "1.5") "]}", FP_FORMAT,
     "products", 1},
    {"above its family", "{" FAMILY ",\"releases\":[" RELEASE("r", "1.0", "2.1") "]}", FP_FORMAT,
     "products", 1},
    {"overlapping rows",
     "{" FAMILY ",\"releases\":[" RELEASE("r", "1.0", "1.5") "," RELEASE("q", "1.4", "1.6") "]}",
     FP_FORMAT, "products", 2},
    {"rows out of order",
     "{" FAMILY ",\"releases\":[" RELEASE("r", "1.4", "1.5") "," RELEASE("q", "1.0", "1.1") "]}",
     FP_FORMAT, "products", 2},
    {"a name twice",
     "{" FAMILY ",\"releases\":[" RELEASE("r", "1.0", "1.5") "," RELEASE("R", "1.5", "1.6") "]}",
     FP_FORMAT, "products", 2},
    {"feature replaced by nothing known",
     "{" FAMILY "," ONE ",\"features\":[" FEATURE("a", ",\"replaced_by\":\"b\"") "]}", FP_FORMAT,
     "products", 1},
    {"feature replaced by itself",
     "{" FAMILY "," ONE ",\"features\":[" FEATURE("a", ",\"replaced_by\":\"a\"") "]}", FP_FORMAT,
     "products", 1},
    {"feature twice",
     "{" FAMILY "," ONE ",\"features\":[" FEATURE("a", "") "," FEATURE("a", "") "]}", FP_FORMAT,
     "products", 2},
};
enum { TABLE_ROW_COUNT = sizeof TABLE_ROWS / sizeof TABLE_ROWS[0] };

static void test_table_row(void **state)
{
    const table_row *row = *state;
    fp_arena *arena = fp_arena_new(BUDGET);
    assert_non_null(arena);
    fp_releases *releases = fp_releases_new(arena);
    assert_non_null(releases);
    fp_diag d = {0};
    const fp_status status =
        fp_releases_add(releases, fp_span_of(row->json, strlen(row->json)), &d);
    const fp_version version = {.part = {1, 2}, .count = 2};
    const bool kept = fp_releases_family(releases, &version) != NULL;
    fp_arena_free(arena);
    assert_int_equal(status, row->status);
    assert_int_equal(kept, status == FP_OK); /* after a failure the table is as before */
    if (status != FP_OK) {
        assert_string_equal(d.module, row->module);
        assert_int_equal(d.where, row->where);
    }
}

static fp_status add_text(fp_releases *releases, const char *json)
{
    return fp_releases_add(releases, fp_span_of(json, strlen(json)), NULL);
}

static void test_family_twice(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_releases *releases = fp_releases_new(arena);
    assert_int_equal(add_text(releases, "{" FAMILY "," ONE "}"), FP_OK);
    assert_int_equal(add_text(releases, "{" FAMILY "," ONE "}"), FP_FORMAT);
    fp_arena_free(arena);
}

static void test_families_overlap(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_releases *releases = fp_releases_new(arena);
    assert_int_equal(add_text(releases, "{" FAMILY "," ONE "}"), FP_OK);
    assert_int_equal(
        add_text(releases,
                 "{\"schema\":\"fixproof/products/v1\",\"family\":\"g\",\"title\":\"G\","
                 "\"from\":\"1.9\",\"below\":\"3\",\"source\":\"s\",\"certainty\":\"inferred\","
                 "\"releases\":[" RELEASE("r", "2.0", "2.5") "]}"),
        FP_FORMAT);
    fp_arena_free(arena);
}

static void test_table_truncated(void **state)
{
    (void)state;
    size_t size;
    const char *text = read_table("configmgr-2007", &size);
    while (size > 0 && text[size - 1] == '\n')
        size--;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_releases *releases = fp_releases_new(arena);
    assert_non_null(releases);
    for (size_t cut = 0; cut < size; cut++) {
        fp_diag d = {0};
        assert_int_equal(fp_releases_add(releases, fp_span_of(text, cut), &d), FP_FORMAT);
        assert_string_equal(d.module, "json");
    }
    assert_int_equal(fp_releases_add(releases, fp_span_of(text, size), NULL), FP_OK);
    fp_arena_free(arena);
}

static void test_releases_every_budget(void **state)
{
    (void)state;
    static const char JSON[] = "{" FAMILY "," ONE ",\"features\":[" FEATURE("a", "") "]}";
    bool done = false;
    for (size_t budget = 0; budget < BUDGET && !done; budget += 64) {
        fp_arena *arena = fp_arena_new(budget);
        assert_non_null(arena);
        fp_releases *releases = fp_releases_new(arena);
        const fp_status status = releases == NULL ? FP_NOMEM : add_text(releases, JSON);
        fp_arena_free(arena);
        assert_true(status == FP_OK || status == FP_NOMEM);
        assert_true(budget > 0 || status == FP_NOMEM);
        done = status == FP_OK;
    }
    assert_true(done);
}

/* --- a site server, or none --- */

typedef struct product_row {
    const char *name;
    const char *exports[EXPORTS_MAX];
    fp_tri installed;
    fp_unknown_why why;  /* when the site or its version is unknown */
    const char *version; /* text as stored; NULL: none */
    const char *release; /* NULL: none */
    fp_site_role role;
    bool wow64;
    bool no_version; /* version text, but no version */
    size_t problems;
    const char *unknown_where;
} product_row;

#define BOTH_WHERE                                                                                 \
    "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SMS and "                                            \
    "HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\Microsoft\\SMS"
#define NATIVE_WHERE "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SMS"
#define WOW_WHERE    "HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\Microsoft\\SMS"

static const product_row PRODUCT_ROWS[] = {
    {"no registry at all", {NULL}, FP_UNKNOWN, FP_WHY_NOT_SUPPLIED, .unknown_where = BOTH_WHERE},
    {"primary site, SP1",
     {SETUP SP1 PRIMARY},
     FP_TRUE,
     .version = "4.00.6221.1000",
     .release = "SP1",
     .role = FP_ROLE_PRIMARY},
    {"secondary site",
     {SETUP SP1 "\"TYPE\"=dword:00000002\n"},
     FP_TRUE,
     .version = "4.00.6221.1000",
     .release = "SP1",
     .role = FP_ROLE_SECONDARY},
    {"value names without case",
     {SETUP "\"FULL VERSION\"=\"4.00.5931.0000\"\n"},
     FP_TRUE,
     .version = "4.00.5931.0000",
     .release = "RTM"},
    {"32-bit view",
     {WOW_SETUP SP1 PRIMARY},
     FP_TRUE,
     .version = "4.00.6221.1000",
     .release = "SP1",
     .role = FP_ROLE_PRIMARY,
     .wow64 = true},
    {"both views agree",
     {SETUP SP1, WOW_SETUP "\"Full Version\"=\"4.0.6221.1000\"\n"},
     FP_TRUE,
     .version = "4.00.6221.1000",
     .release = "SP1"},
    {"both views disagree",
     {SETUP SP1, WOW_SETUP "\"Full Version\"=\"4.00.6487.2000\"\n"},
     FP_TRUE,
     FP_WHY_CONFLICTING,
     "4.00.6221.1000",
     .no_version = true,
     .problems = 1},
    {"one view has garbage",
     {SETUP SP1, WOW_SETUP "\"Full Version\"=\"SP1\"\n"},
     FP_TRUE,
     FP_WHY_CONFLICTING,
     "4.00.6221.1000",
     .no_version = true,
     .problems = 2},
    {"one view known absent",
     {SETUP SP1, "[" WOW "Microsoft]\n"},
     FP_TRUE,
     .version = "4.00.6221.1000",
     .release = "SP1"},
    {"unknown release",
     {SETUP "\"Full Version\"=\"4.00.5135.0000\"\n"},
     FP_TRUE,
     .version = "4.00.5135.0000"},
    {"garbage version",
     {SETUP "\"Full Version\"=\"4.00.six\"\n"},
     FP_TRUE,
     FP_WHY_UNREADABLE,
     "4.00.six",
     .no_version = true,
     .problems = 1},
    {"overflowing version",
     {SETUP "\"Full Version\"=\"4.00.4294967296\"\n"},
     FP_TRUE,
     FP_WHY_UNREADABLE,
     "4.00.4294967296",
     .no_version = true,
     .problems = 1},
    {"empty version",
     {SETUP "\"Full Version\"=\"\"\n"},
     FP_TRUE,
     FP_WHY_UNREADABLE,
     "",
     .no_version = true,
     .problems = 1},
    {"version is a number",
     {SETUP "\"Full Version\"=dword:00000004\n"},
     FP_TRUE,
     FP_WHY_UNREADABLE,
     "",
     .no_version = true,
     .problems = 1},
    {"TYPE is 3",
     {SETUP SP1 "\"TYPE\"=dword:00000003\n"},
     FP_TRUE,
     .version = "4.00.6221.1000",
     .release = "SP1",
     .problems = 1},
    {"TYPE is a text",
     {SETUP SP1 "\"TYPE\"=\"1\"\n"},
     FP_TRUE,
     .version = "4.00.6221.1000",
     .release = "SP1",
     .problems = 1},
    {"TYPE differs between views",
     {SETUP SP1 PRIMARY, WOW_SETUP SP1 "\"TYPE\"=dword:00000002\n"},
     FP_TRUE,
     .version = "4.00.6221.1000",
     .release = "SP1",
     .problems = 1},
    {"two sources disagree",
     {SETUP SP1, SETUP "\"Full Version\"=\"4.00.6487.2000\"\n"},
     FP_UNKNOWN,
     FP_WHY_CONFLICTING,
     .unknown_where = BOTH_WHERE},

    /* Not a site server: consoles and clients. */
    {"console only, one view",
     {SMS SETUP "\"Full UI Version\"=\"2.50.4253.3000\"\n"},
     FP_UNKNOWN,
     FP_WHY_INCOMPLETE,
     .unknown_where = WOW_WHERE},
    {"console only, Setup alone supplied",
     {SETUP "\"Full UI Version\"=\"2.50.4253.3000\"\n"},
     FP_UNKNOWN,
     FP_WHY_INCOMPLETE,
     .unknown_where = BOTH_WHERE},
    {"console only, complete",
     {SMS SETUP "\"Full UI Version\"=\"2.50.4253.3000\"\n", "[" WOW "Microsoft]\n"},
     .installed = FP_FALSE},
    {"console keys of 2007 and 2012, complete",
     {"[" HKLM "Microsoft]\n[" HKLM "Microsoft\\ConfigMgr]\n[" HKLM "Microsoft\\ConfigMgr\\Setup]\n"
      "\"Full UI Version\"=\"4.00.6221.1000\"\n[" HKLM "Microsoft\\ConfigMgr10]\n[" HKLM
      "Microsoft\\ConfigMgr10\\Setup]\n"
      "\"Full UI Version\"=\"5.00.7958.1000\"\n",
      "[" WOW "Microsoft]\n"},
     .installed = FP_FALSE},
    {"client only, complete",
     {SMS "[" HKLM "Microsoft\\SMS\\Mobile Client]\n"
          "\"SmsClientVersion\"=\"4.00.6221.1000\"\n",
      "[" WOW "Microsoft]\n"},
     .installed = FP_FALSE},
    {"nothing below SOFTWARE", {"[HKEY_LOCAL_MACHINE\\SOFTWARE]\n"}, .installed = FP_FALSE},
    {"native view only",
     {"[" HKLM "Microsoft]\n"},
     FP_UNKNOWN,
     FP_WHY_INCOMPLETE,
     .unknown_where = WOW_WHERE},
    {"32-bit view only",
     {"[" WOW "Microsoft]\n"},
     FP_UNKNOWN,
     FP_WHY_INCOMPLETE,
     .unknown_where = NATIVE_WHERE},
    {"another key only",
     {"[" HKLM "Microsoft\\Updates]\n"},
     FP_UNKNOWN,
     FP_WHY_INCOMPLETE,
     .unknown_where = BOTH_WHERE},
    {"a site code without Setup",
     {SMS IDENTITY "\"Site Code\"=\"KOL\"\n", "[" WOW "Microsoft]\n"},
     FP_UNKNOWN,
     FP_WHY_CONFLICTING,
     .problems = 1,
     .unknown_where = NATIVE_WHERE},
};
enum { PRODUCT_ROW_COUNT = sizeof PRODUCT_ROWS / sizeof PRODUCT_ROWS[0] };

static void check_product(const fp_product *p, const product_row *row)
{
    assert_int_equal(p->installed, row->installed);
    if (row->installed == FP_UNKNOWN || row->no_version)
        assert_int_equal(p->why, row->why);
    assert_str(p->version_text, row->version == NULL ? "" : row->version);
    assert_int_equal(p->has_version, row->version != NULL && !row->no_version);
    assert_int_equal(p->release != NULL, row->release != NULL);
    if (p->release != NULL) {
        assert_str(p->release->release, row->release);
        assert_str(p->family->family, "configmgr-2007");
    }
    assert_int_equal(p->role, row->role);
    assert_int_equal(p->wow64, row->wow64);
    assert_int_equal(p->problems.count, row->problems);
    assert_str(p->unknown_where, row->unknown_where == NULL ? "" : row->unknown_where);
    for (size_t i = 0; i < p->observations.count; i++)
        assert_true(p->observations.at[i].origin.where.size > 0);
    for (size_t i = 0; i < p->details.count; i++)
        assert_true(p->details.at[i].origin.where.size > 0);
}

static registry_text open_exports(const char *const exports[EXPORTS_MAX])
{
    registry_text t = registry_text_new(BUDGET);
    for (size_t i = 0; i < EXPORTS_MAX && exports[i] != NULL; i++)
        registry_text_add(&t, exports[i]);
    return t;
}

static void test_product_row(void **state)
{
    const product_row *row = *state;
    registry_text t = open_exports(row->exports);
    const fp_releases *releases = load_tables(t.arena);
    fp_product p;
    assert_int_equal(fp_product_read(t.reg, releases, t.arena, &p), FP_OK);
    check_product(&p, row);
    registry_text_free(&t);
}

static fp_product read_product(registry_text *t)
{
    const fp_releases *releases = load_tables(t->arena);
    fp_product p;
    assert_int_equal(fp_product_read(t->reg, releases, t->arena, &p), FP_OK);
    return p;
}

static void test_unknown_release_has_its_family(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, SETUP "\"Full Version\"=\"4.00.5135.0000\"\n");
    const fp_product p = read_product(&t);
    assert_null(p.release);
    assert_non_null(p.family);
    assert_str(p.family->family, "configmgr-2007");
    registry_text_free(&t);
}

static void test_no_table(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, SETUP SP1);
    fp_product p;
    assert_int_equal(fp_product_read(t.reg, NULL, t.arena, &p), FP_OK);
    assert_true(p.has_version);
    assert_null(p.family);
    assert_int_equal(p.feature_count, 0);
    registry_text_free(&t);
}

static void test_site_details(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, SETUP SP1 "\"Installation Directory\"=\"D:\\\\SCCM\"\n"
                                    "\"Full UI Version\"=\"4.00.6221.1000\"\n" IDENTITY
                                    "\"Site Code\"=\"KOL\"\n\"Site Server\"=\"KOLCM01\"\n");
    const fp_product p = read_product(&t);
    assert_str(p.site_code, "KOL");
    assert_str(p.site_server, "KOLCM01");
    assert_str(p.install_folder, "D:\\SCCM");
    assert_int_equal(p.console, FP_TRUE);
    assert_int_equal(p.problems.count, 0);
    registry_text_free(&t);
}

static void test_details_of_the_32_bit_view_count_first(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, WOW_SETUP SP1 WOW_IDENTITY "\"Site Code\"=\"KOL\"\n");
    registry_text_add(&t, IDENTITY "\"Site Code\"=\"OLD\"\n");
    const fp_product p = read_product(&t);
    assert_true(p.wow64);
    assert_str(p.site_code, "KOL");
    assert_true(p.problems.count > 0); /* two site codes */
    registry_text_free(&t);
}

static void test_site_code_of_setup_differs(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, SETUP SP1 "\"Site Code\"=\"XYZ\"\n" IDENTITY "\"Site Code\"=\"KOL\"\n");
    const fp_product p = read_product(&t);
    assert_str(p.site_code, "KOL");
    assert_int_equal(p.problems.count, 1);
    registry_text_free(&t);
}

static void test_console_is_absent_when_all_is_known(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, "[HKEY_LOCAL_MACHINE\\SOFTWARE]\n");
    assert_int_equal(read_product(&t).console, FP_FALSE);
    registry_text_free(&t);
}

static void test_console_is_unknown_otherwise(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, "[" HKLM "Microsoft]\n");
    assert_int_equal(read_product(&t).console, FP_UNKNOWN);
    registry_text_free(&t);
}

/* --- feature packs --- */

#define UNINSTALL     "[" HKLM "Microsoft\\Windows\\CurrentVersion\\Uninstall]\n"
#define WOW_UNINSTALL "[" WOW "Microsoft\\Windows\\CurrentVersion\\Uninstall]\n"
#define ENTRY(view, key, name)                                                                     \
    "[" view "Microsoft\\Windows\\CurrentVersion\\Uninstall\\" key "]\n\"DisplayName\"=\"" name    \
    "\"\n"
#define R2_NAME "Microsoft System Center Configuration Manager 2007 R2"
#define R3_NAME "Microsoft System Center Configuration Manager 2007 R3"

typedef struct feature_row {
    const char *name;
    const char *exports[EXPORTS_MAX]; /* besides SMS\Setup */
    fp_tri r2;
    fp_tri r3;
} feature_row;

static const feature_row FEATURE_ROWS[] = {
    {"no uninstall entries supplied", {NULL}, FP_UNKNOWN, FP_UNKNOWN},
    {"no features", {UNINSTALL ENTRY(HKLM, "{1}", "Other"), WOW_UNINSTALL}, FP_FALSE, FP_FALSE},
    {"one view only", {UNINSTALL}, FP_UNKNOWN, FP_UNKNOWN},
    {"R2", {UNINSTALL ENTRY(HKLM, "{1}", R2_NAME), WOW_UNINSTALL}, FP_TRUE, FP_FALSE},
    {"R2 in the other view",
     {UNINSTALL, WOW_UNINSTALL ENTRY(WOW, "{1}", R2_NAME)},
     FP_TRUE,
     FP_FALSE},
    {"R3 hides R2", {UNINSTALL ENTRY(HKLM, "{1}", R3_NAME), WOW_UNINSTALL}, FP_UNKNOWN, FP_TRUE},
    {"the product itself is no feature",
     {UNINSTALL ENTRY(HKLM, "{1}", "Microsoft System Center Configuration Manager 2007"),
      WOW_UNINSTALL},
     FP_FALSE,
     FP_FALSE},
    {"a longer name is another product",
     {UNINSTALL ENTRY(HKLM, "{1}", R2_NAME " Toolkit"), WOW_UNINSTALL},
     FP_FALSE,
     FP_FALSE},
    {"a name that is no text",
     {UNINSTALL "[" HKLM "Microsoft\\Windows\\CurrentVersion\\Uninstall\\{1}]\n"
                "\"DisplayName\"=dword:00000001\n",
      WOW_UNINSTALL},
     FP_UNKNOWN,
     FP_UNKNOWN},
};
enum { FEATURE_ROW_COUNT = sizeof FEATURE_ROWS / sizeof FEATURE_ROWS[0] };

static void test_feature_row(void **state)
{
    const feature_row *row = *state;
    registry_text t = open_exports(row->exports);
    registry_text_add(&t, SETUP SP1);
    const fp_product p = read_product(&t);
    assert_int_equal(p.feature_count, 2);
    assert_str(p.features[0].feature->feature, "R2");
    assert_int_equal(p.features[0].installed, row->r2);
    assert_int_equal(p.features[1].installed, row->r3);
    if (row->r3 == FP_TRUE)
        assert_true(p.features[1].origin.where.size > 0);
    registry_text_free(&t);
}

static void test_product_every_budget(void **state)
{
    (void)state;
    static const char *const EXPORTS[EXPORTS_MAX] = {SETUP SP1 PRIMARY IDENTITY
                                                     "\"Site Code\"=\"KOL\"\n",
                                                     UNINSTALL ENTRY(HKLM, "{1}", R3_NAME)};
    registry_text t = open_exports(EXPORTS);
    const fp_releases *releases = load_tables(t.arena);
    bool done = false;
    for (size_t budget = 0; budget < BUDGET && !done; budget += 64) {
        fp_arena *arena = fp_arena_new(budget);
        assert_non_null(arena);
        fp_product p = {0};
        const fp_status status = fp_product_read(t.reg, releases, arena, &p);
        const bool whole = p.features != NULL && p.features[1].installed == FP_TRUE;
        fp_arena_free(arena);
        assert_true(status == FP_OK ? whole : status == FP_NOMEM);
        assert_true(budget > 0 || status == FP_NOMEM);
        done = status == FP_OK;
    }
    assert_true(done);
    registry_text_free(&t);
}

int main(void)
{
    struct CMUnitTest
        tests[RELEASE_ROW_COUNT + TABLE_ROW_COUNT + PRODUCT_ROW_COUNT + FEATURE_ROW_COUNT];
    size_t count = 0;
#define ADD_ROWS(rows, label, function)                                                            \
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows)[0]; i++)                                    \
    tests[count++] = (struct CMUnitTest){.name = rows[i].label,                                    \
                                         .test_func = function,                                    \
                                         .initial_state = (void *)(uintptr_t)&rows[i]}
    ADD_ROWS(RELEASE_ROWS, version, test_release_row);
    ADD_ROWS(TABLE_ROWS, name, test_table_row);
    ADD_ROWS(PRODUCT_ROWS, name, test_product_row);
    ADD_ROWS(FEATURE_ROWS, name, test_feature_row);

    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_family_twice),
        cmocka_unit_test(test_families_overlap),
        cmocka_unit_test(test_table_truncated),
        cmocka_unit_test(test_releases_every_budget),
        cmocka_unit_test(test_unknown_release_has_its_family),
        cmocka_unit_test(test_no_table),
        cmocka_unit_test(test_site_details),
        cmocka_unit_test(test_details_of_the_32_bit_view_count_first),
        cmocka_unit_test(test_site_code_of_setup_differs),
        cmocka_unit_test(test_console_is_absent_when_all_is_known),
        cmocka_unit_test(test_console_is_unknown_otherwise),
        cmocka_unit_test(test_product_every_budget),
    };
    const bool failed = RUN_TESTS(others);
    return RUN_TESTS(tests) || failed;
}
