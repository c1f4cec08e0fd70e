/* SPDX-License-Identifier: MIT */
/*
 * Every allocation of the project's own code fails once (the linker puts these in malloc's place):
 * each run ends in success or FP_NOMEM, nothing leaks, and what is called complete is what it would
 * be.
 */
#include "inventory/evidence.h"

#include "inventory/evidence_set.h"
#include "tests/support/check.h"
#include "tests/support/evidence_recorder.h"
#include "tests/support/evidence_tree.h"

#include <limits.h>
#include <unistd.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static long until_failure = LONG_MAX; /* that many allocations still succeed */

static bool fails_now(void)
{
    if (until_failure == LONG_MAX)
        return false;
    return until_failure-- == 0;
}

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails_now() ? NULL : __real_realloc(old, size);
}

static const char hive[64] = "regf";
static const char log_text[] = "Started  $$<A><06-13-2008 04:05:06.789+300><thread=1 (0x1)>\r\n";
static const char package_xml[] = "<OfflineSyncPackage><Updates/></OfflineSyncPackage>";
static const char index_xml[] = "<INDEX><CABLIST><CAB NAME=\"package.cab\"/></CABLIST></INDEX>";

typedef struct outcome {
    fp_status status;
    size_t count;
    fp_kind kinds[16];
    bool complete[16];
} outcome;

static int catalog(void)
{
    const member package = {"package.xml", package_xml, sizeof package_xml - 1, MEMBER_FILE};
    member members[] = {{"index.xml", index_xml, sizeof index_xml - 1, MEMBER_FILE},
                        {"package.cab", NULL, 0, MEMBER_FILE}};
    members[1].data = slurp(pack_cabinet(&package, 1), &members[1].size);
    const int fd = pack_cabinet(members, 2);
    free((void *)(uintptr_t)members[1].data);
    return fd;
}

static bool build(tree *t)
{
    const member members[] = {{"x.log", log_text, sizeof log_text - 1, MEMBER_FILE},
                              {"x.hiv", hive, sizeof hive, MEMBER_FILE}};
    size_t zip_size = 0, catalog_size = 0;
    static char large[FP_EVIDENCE_PAGED_MIN] = "regf"; /* kept open */
    void *zip = slurp(pack("zip", members, 2), &zip_size);
    void *cab = slurp(catalog(), &catalog_size);
    const bool built =
        tree_make(t) && tree_file(t, "a/x.log", log_text, sizeof log_text - 1) &&
        tree_file(t, "a/SOFTWARE", hive, sizeof hive) &&
        tree_file(t, "a/SYSTEM", large, sizeof large) && tree_link(t, "a/link", "SOFTWARE") &&
        tree_file(t, "c.cab", cab, catalog_size) && tree_file(t, "z.zip", zip, zip_size);
    free(zip);
    free(cab);
    return built;
}

static fp_status on_parts(void *context, fp_item *item, fp_paged content)
{
    (void)context;
    fp_span all;
    item->complete = item->complete && fp_paged_get(content, 0, content.place.size, &all);
    return FP_OK;
}

/* The recorder's, but hives are read in parts. */
static fp_evidence_options parts_options(recorder *r, fp_evidence_handler handlers[FP_KIND_COUNT])
{
    fp_evidence_options options = recorder_options(r);
    for (size_t i = 0; i < options.handler_count; i++) {
        handlers[i] = options.handlers[i];
        if (handlers[i].kind == FP_KIND_REGISTRY_HIVE)
            handlers[i] = (fp_evidence_handler){.kind = FP_KIND_REGISTRY_HIVE, .paged = on_parts};
    }
    options.handlers = handlers;
    return options;
}

/* With the allocation number `failing` failing. *reached: it was asked for. */
static outcome run(const tree *t, long failing, bool *reached)
{
    static recorder r;
    memset(&r, 0, sizeof r);
    fp_evidence_handler handlers[FP_KIND_COUNT];
    const fp_evidence_options options = parts_options(&r, handlers);
    outcome o = {.status = FP_OK};
    const int fd = tree_open(t, "");
    fp_evidence *set = NULL;

    until_failure = failing;
    o.status = fp_evidence_new(&options, &set);
    if (o.status == FP_OK)
        o.status = fp_evidence_add(set, fd, "set", false, NULL);
    *reached = until_failure < 0;
    until_failure = LONG_MAX;

    o.count = set == NULL ? 0 : fp_evidence_count(set);
    for (uint32_t id = 1; id <= o.count && id <= 16; id++) {
        o.kinds[id - 1] = fp_evidence_item(set, id)->kind;
        o.complete[id - 1] = fp_evidence_item(set, id)->complete;
    }
    fp_evidence_free(set);
    (void)close(fd);
    if (r.open_streams != 0)
        o.status = FP_CRYPTO; /* a stream that was begun and not ended */
    return o;
}

static size_t incomplete(const outcome *o)
{
    size_t n = 0;
    for (size_t i = 0; i < o->count; i++)
        n += !o->complete[i];
    return n;
}

/* The decoder's process may have been the one without memory: then its archive says so. */
static void check_no_better(const outcome *o, const outcome *good)
{
    assert_true(o->count == good->count || incomplete(o) > incomplete(good));
    for (size_t i = 0; o->count == good->count && i < o->count; i++) {
        assert_true(good->complete[i] || !o->complete[i]);
        assert_true(!o->complete[i] || o->kinds[i] == good->kinds[i]);
    }
}

static void test_every_allocation_fails(void **state)
{
    (void)state;
    tree t;
    assert_true(build(&t));
    bool reached = false;
    const outcome good = run(&t, LONG_MAX, &reached);
    assert_int_equal(good.status, FP_OK);
    assert_int_equal(good.count, 8);
    assert_int_equal(good.kinds[4], FP_KIND_CATALOG);
    assert_true(good.kinds[1] == FP_KIND_REGISTRY_HIVE && good.complete[1]);

    long failing = 0;
    for (reached = true; reached && failing < 10000; failing++) {
        const outcome o = run(&t, failing, &reached);
        if (o.status != FP_OK && o.status != FP_NOMEM)
            print_error("allocation %ld: %s\n", failing, fp_status_name(o.status));
        assert_true(o.status == FP_OK || o.status == FP_NOMEM);
        if (o.status == FP_OK)
            check_no_better(&o, &good);
    }
    tree_remove(&t);
    assert_false(reached);
    assert_true(failing > 50); /* under a sanitizer more: there each object has its own block */
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_allocation_fails)};
    return RUN_TESTS(tests);
}
