/* SPDX-License-Identifier: MIT */
/* Listings of updates and the names of collected files as traces of hotfixes. */
#include "tests/support/hotfix_text.h"

enum { BUDGET = 64 << 20, LISTING_ITEM = 40, PATH_ITEM = 7 };

static const fp_str PRODUCT = FP_STR_INIT("System Center Configuration Manager 2007");

static fp_hotfix ask(const fp_hotfix_evidence *evidence, fp_arena *arena)
{
    fp_hotfix h;
    assert_int_equal(fp_hotfix_read(evidence, FP_STR("KB954474"), PRODUCT, arena, &h), FP_OK);
    return h;
}

/* --- listings --- */

static fp_listing listing_of(const char *text, uint32_t item, fp_arena *arena)
{
    fp_listing listing;
    assert_int_equal(
        fp_listing_read(fp_span_of(text, strlen(text)), item, NULL, arena, &listing, NULL), FP_OK);
    return listing;
}

static const char named[] = "HotFixID  Description  InstalledBy    InstalledOn  \n"
                            "KB933854  Update       KOLCM01\\admin  6/1/2008     \n"
                            "KB954474  Hotfix       KOLCM01\\admin  6/19/2008    \n"
                            "KB954474  Hotfix       KOLCM01\\admin  6/19/2008    \n";
static const char not_named[] = "HotFixID  \nKB933854  \nKB9544741  \n";

static void test_listed(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, WHOLE_SOFTWARE);
    const fp_listing listings[] = {listing_of(not_named, LISTING_ITEM, t.arena),
                                   listing_of(named, LISTING_ITEM + 1, t.arena)};
    const fp_hotfix_evidence evidence = {
        .registry = t.reg, .listings = listings, .listing_count = 2};
    const fp_hotfix h = ask(&evidence, t.arena);
    const fp_trace *trace = hotfix_text_trace(&h, FP_TRACE_LISTING); /* listed twice, one trace */
    assert_int_equal(h.trace_count, 1);
    assert_int_equal(trace->says, FP_TRACE_SAYS_INSTALLED);
    assert_str(trace->name, "KB954474");
    assert_str(trace->installed_date, "6/19/2008");
    assert_str(trace->installed_by, "KOLCM01\\admin");
    assert_str(trace->description, "Hotfix");
    assert_int_equal(trace->origin.item, LISTING_ITEM + 1);
    assert_str(trace->origin.where, "line 3");
    assert_int_equal(trace->written, FP_TIME_NONE);

    assert_int_equal(h.present, FP_FALSE); /* a listing is not the marker */
    assert_int_equal(h.elsewhere, FP_TRUE);
    assert_int_equal(h.state, FP_HOTFIX_CONFLICTING);
    registry_text_free(&t);
}

static void test_listed_without_a_registry(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    const fp_listing listing = listing_of(named, LISTING_ITEM, t.arena);
    const fp_hotfix_evidence evidence = {
        .registry = t.reg, .listings = &listing, .listing_count = 1};
    const fp_hotfix h = ask(&evidence, t.arena);
    assert_int_equal(h.present, FP_UNKNOWN);
    assert_int_equal(h.elsewhere, FP_TRUE);
    assert_int_equal(h.state, FP_HOTFIX_INSTALLED);
    assert_int_equal(h.ground, FP_GROUND_REPORTED);
    registry_text_free(&t);
}

/* What a listing does not name may be installed all the same: its silence adds nothing to what the
 * registry says, and takes nothing away. */
static void test_not_listed(void **state)
{
    (void)state;
    for (int with_registry = 0; with_registry < 2; with_registry++) {
        registry_text t = registry_text_new(BUDGET);
        if (with_registry)
            registry_text_add(&t, WHOLE_SOFTWARE);
        const fp_listing listing = listing_of(not_named, LISTING_ITEM, t.arena);
        const fp_hotfix_evidence without = {.registry = t.reg};
        const fp_hotfix_evidence with = {
            .registry = t.reg, .listings = &listing, .listing_count = 1};
        const fp_hotfix a = ask(&without, t.arena);
        const fp_hotfix b = ask(&with, t.arena);
        assert_int_equal(b.trace_count, 0);
        assert_int_equal(a.present, b.present);
        assert_int_equal(a.elsewhere, b.elsewhere);
        assert_int_equal(a.state, b.state);
        registry_text_free(&t);
    }
}

static void test_list_all(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, WHOLE_SOFTWARE);
    const fp_listing listing = listing_of(not_named, LISTING_ITEM, t.arena);
    static const fp_hotfix_path paths[] = {{PATH_ITEM, FP_STR_INIT("set/KB111111.log")},
                                           {PATH_ITEM, FP_STR_INIT("set/KB933854.log")}};
    const fp_hotfix_evidence evidence = {.registry = t.reg,
                                         .listings = &listing,
                                         .listing_count = 1,
                                         .paths = paths,
                                         .path_count = 2};
    fp_hotfix *all;
    size_t count;
    fp_tri complete;
    assert_int_equal(fp_hotfix_list(&evidence, t.arena, &all, &count, &complete), FP_OK);
    assert_int_equal(count, 2); /* a log's name makes no hotfix known */
    assert_str(all[0].kb, "KB933854");
    assert_int_equal(all[0].trace_count, 2);
    assert_str(all[1].kb, "KB9544741");
    registry_text_free(&t);
}

/* --- names of files --- */

typedef struct path_row {
    const char *path;
    const char *log;    /* name of the trace, or NULL */
    const char *folder; /* likewise */
} path_row;

static const path_row paths[] = {
    {"KB954474.log", "KB954474.log", NULL},
    {"set.zip!/Windows/kb954474-v2.LOG", "kb954474-v2.LOG", NULL},
    {"C:\\WINDOWS\\KB954474.log", "KB954474.log", NULL},
    {"KB9544741.log", NULL, NULL},
    {"KB954474.log.txt", NULL, NULL},
    {"after KB954474.log", NULL, NULL},
    {"KB954474.log/a.txt", NULL, NULL},
    {"KB954474", NULL, NULL},
    {"Windows/$NTUninstallKB954474$/spuninst/spuninst.inf", NULL, "$NTUninstallKB954474$"},
    {"C:\\windows\\$ntuninstallkb954474-v2$\\a.dll", NULL, "$ntuninstallkb954474-v2$"},
    {"$NTUninstallKB954474$", NULL, NULL},
    {"$NTUninstallKB9544741$/a", NULL, NULL},
    {"$NTUninstallKB954474/a", NULL, NULL},
    {"$NTUninstall$/a", NULL, NULL},
    {"$NTUninstall", NULL, NULL},
    {"SMS/Logs/KB954474/KB954474.log", "KB954474.log", "KB954474"},
    {"sms\\LOGS\\kb954474\\x", NULL, "kb954474"},
    {"Logs/KB954474", NULL, NULL},
    {"Logs/a/KB954474/x", NULL, NULL},
    {"KB954474/x", NULL, NULL},
    {"//\\/", NULL, NULL},
    {"", NULL, NULL},
};
enum { PATHS = sizeof paths / sizeof paths[0] };

static void check_hint(const fp_hotfix *h, fp_trace_place place, const char *name, const char *path)
{
    if (name == NULL)
        return;
    const fp_trace *trace = hotfix_text_trace(h, place);
    assert_str(trace->name, name);
    assert_int_equal(trace->says, FP_TRACE_SAYS_HINT);
    assert_int_equal(trace->origin.item, PATH_ITEM);
    assert_str(trace->origin.where, path);
}

static void test_path(void **state)
{
    const path_row *row = *state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, WHOLE_SOFTWARE);
    /* Twice: one trace. */
    const fp_hotfix_path both[] = {{PATH_ITEM, fp_str_of(row->path)},
                                   {PATH_ITEM + 1, fp_str_of(row->path)}};
    const fp_hotfix_evidence evidence = {.registry = t.reg, .paths = both, .path_count = 2};
    const fp_hotfix h = ask(&evidence, t.arena);
    assert_int_equal(h.trace_count, (row->log != NULL) + (row->folder != NULL));
    check_hint(&h, FP_TRACE_LOG, row->log, row->path);
    check_hint(&h, FP_TRACE_FOLDER, row->folder, row->path);
    assert_int_equal(h.present, FP_FALSE); /* hints decide nothing */
    assert_int_equal(h.elsewhere, FP_FALSE);
    assert_int_equal(h.state, FP_HOTFIX_ABSENT);
    registry_text_free(&t);
}

/* However many files hint at it, nothing is lost of what counts. */
static void test_many_hints(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, WHOLE_SOFTWARE);
    fp_hotfix_path many[2 * FP_HOTFIX_TRACES_MAX];
    for (size_t i = 0; i < sizeof many / sizeof many[0]; i++)
        many[i] = (fp_hotfix_path){PATH_ITEM,
                                   fp_str_of(fp_arena_printf(t.arena, "KB954474-v%zu.log", i + 1))};
    const fp_hotfix_evidence evidence = {
        .registry = t.reg, .paths = many, .path_count = sizeof many / sizeof many[0]};
    const fp_hotfix h = ask(&evidence, t.arena);
    assert_int_equal(h.trace_count, FP_HOTFIX_TRACES_MAX);
    assert_int_equal(h.traces_lost, false);
    assert_int_equal(h.state, FP_HOTFIX_ABSENT);
    registry_text_free(&t);
}

static void test_budgets(void **state)
{
    (void)state;
    registry_text t = registry_text_new(BUDGET);
    registry_text_add(&t, WHOLE_SOFTWARE);
    const fp_listing listing = listing_of(named, LISTING_ITEM, t.arena);
    const fp_hotfix_path path = {PATH_ITEM, FP_STR("Logs/KB954474/KB954474.log")};
    const fp_hotfix_evidence evidence = {.registry = t.reg,
                                         .listings = &listing,
                                         .listing_count = 1,
                                         .paths = &path,
                                         .path_count = 1};
    fp_status status = FP_NOMEM;
    for (size_t budget = 0; status != FP_OK; budget += 64) {
        fp_arena *arena = fp_arena_new(budget);
        assert_non_null(arena);
        fp_hotfix h;
        status = fp_hotfix_read(&evidence, FP_STR("KB954474"), PRODUCT, arena, &h);
        assert_true(status == FP_OK || status == FP_NOMEM);
        if (status == FP_OK)
            assert_int_equal(h.trace_count, 3);
        fp_arena_free(arena);
    }
    registry_text_free(&t);
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(test_listed),     cmocka_unit_test(test_listed_without_a_registry),
        cmocka_unit_test(test_not_listed), cmocka_unit_test(test_list_all),
        cmocka_unit_test(test_many_hints), cmocka_unit_test(test_budgets),
    };
    enum { OTHERS = sizeof others / sizeof others[0] };
    static struct CMUnitTest tests[PATHS + OTHERS];
    static path_row copies[PATHS];
    for (size_t i = 0; i < PATHS; i++) {
        copies[i] = paths[i];
        tests[i] = (struct CMUnitTest){
            .name = paths[i].path, .test_func = test_path, .initial_state = &copies[i]};
    }
    memcpy(tests + PATHS, others, sizeof others);
    return RUN_TESTS(tests);
}
