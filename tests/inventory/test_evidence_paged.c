/* SPDX-License-Identifier: MIT */
/* Items of which only parts are read: which ones are, and files that change after they were hashed.
 */
#include "inventory/evidence.h"
#include "inventory/evidence_set.h"

#include "tests/support/check.h"
#include "tests/support/evidence_recorder.h"
#include "tests/support/evidence_tree.h"

#include <stdio.h>
#include <unistd.h>

enum { BIG = 3 << 20, MEMORY = 1 << 20 };

/* ---- a set ----------------------------------------------------------------------------------- */

typedef struct given { /* to the handler */
    fp_item *item;
    fp_paged content;
    bool complete;
} given;

typedef struct world {
    tree tree;
    fp_evidence *set;
    given given[2 * FP_EVIDENCE_PAGED_MAX];
    size_t count;
    const char *cut_meanwhile; /* path of a file that is cut while it is read, or NULL */
} world;

static fp_status take(void *context, fp_item *item, fp_paged content)
{
    world *w = context;
    if (w->count < sizeof w->given / sizeof w->given[0])
        w->given[w->count++] = (given){item, content, item->complete};
    return FP_OK;
}

static void on_progress(void *context, const fp_evidence_step *step)
{
    world *w = context;
    (void)step;
    if (w->cut_meanwhile != NULL)
        (void)truncate(w->cut_meanwhile, BIG / 2 + 1);
}

static world *start(void)
{
    static const fp_evidence_handler handler = {.kind = FP_KIND_REGISTRY_HIVE, .paged = take};
    world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    assert_true(tree_make(&w->tree));
    fp_evidence_options options = {.limits = fp_evidence_default_limits,
                                   .handlers = &handler,
                                   .handler_count = 1,
                                   .context = w,
                                   .progress = on_progress,
                                   .progress_context = w};
    options.limits.memory = MEMORY;
    assert_int_equal(fp_evidence_new(&options, &w->set), FP_OK);
    return w;
}

static void end(world *w)
{
    fp_evidence_free(w->set);
    tree_remove(&w->tree);
    free(w);
}

/* What passes for a hive: the base block's first words decide. */
static uint8_t *hive_of(size_t size)
{
    uint8_t *bytes = calloc(size, 1);
    assert_non_null(bytes);
    for (size_t i = 4096; i < size; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 251);
    memcpy(bytes, "regf", 4);
    bytes[20] = 1;
    bytes[24] = 5;
    bytes[32] = 1;
    return bytes;
}

static void put(world *w, const char *name, size_t size)
{
    uint8_t *bytes = hive_of(size);
    assert_true(tree_file(&w->tree, name, bytes, size));
    free(bytes);
}

static void read_all(world *w)
{
    const int fd = tree_open(&w->tree, "");
    assert_int_equal(fp_evidence_add(w->set, fd, "set", false, NULL), FP_OK);
    (void)close(fd);
}

static bool get(const given *g, size_t at)
{
    fp_span part;
    if (!fp_paged_get(g->content, at, 1, &part))
        return false;
    assert_int_equal(part.data[0], (uint8_t)(at * 7 + at / 251));
    return true;
}

/* ---- which ones ------------------------------------------------------------------------------ */

static void test_large_file(void **state)
{
    (void)state;
    world *w = start();
    put(w, "SOFTWARE", BIG);
    read_all(w);
    assert_int_equal(w->count, 1);
    const given *g = &w->given[0];
    assert_true(g->complete && g->item->hashed);
    assert_int_equal(g->item->size, BIG);
    assert_int_equal(g->item->problem_count, 0);
    assert_int_equal(g->content.place.size, BIG);
    assert_int_equal(fp_paged_held(g->content), 0);
    assert_true(get(g, BIG - 1));
    assert_int_equal(w->set->held, fp_paged_held(g->content));

    uint8_t sha256[FP_SHA256_SIZE];
    uint8_t *bytes = hive_of(BIG);
    assert_int_equal(fp_digest_span(FP_SHA256, fp_span_of(bytes, BIG), sha256), FP_OK);
    assert_memory_equal(g->item->sha256, sha256, sizeof sha256);
    free(bytes);
    end(w);
}

static void test_small_file_is_held(void **state)
{
    (void)state;
    world *w = start();
    put(w, "a", FP_EVIDENCE_PAGED_MIN - 1);
    put(w, "b", FP_EVIDENCE_PAGED_MIN);
    read_all(w);
    assert_int_equal(w->count, 2);
    assert_null(w->given[0].content.file);
    assert_non_null(w->given[1].content.file);
    assert_true(get(&w->given[0], 5000) && get(&w->given[1], 5000));
    end(w);
}

static void test_member_is_held(void **state)
{
    (void)state;
    world *w = start();
    uint8_t *bytes = hive_of(BIG / 4);
    const member members[] = {{"SOFTWARE", bytes, BIG / 4, MEMBER_FILE}};
    const int fd = pack("zip", members, 1);
    assert_true(fd >= 0);
    assert_int_equal(fp_evidence_add(w->set, fd, "set.zip", false, NULL), FP_OK);
    (void)close(fd);
    free(bytes);
    assert_int_equal(w->count, 1);
    assert_null(w->given[0].content.file);
    assert_int_equal(w->given[0].content.place.size, BIG / 4);
    assert_true(get(&w->given[0], 5000));
    end(w);
}

static void test_many_files(void **state)
{
    (void)state;
    world *w = start();
    for (unsigned i = 0; i < FP_EVIDENCE_PAGED_MAX + 3; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "%03u", i);
        put(w, name, FP_EVIDENCE_PAGED_MIN);
    }
    read_all(w);
    assert_int_equal(w->count, FP_EVIDENCE_PAGED_MAX + 3);
    for (size_t i = 0; i < w->count; i++) {
        assert_int_equal(w->given[i].content.file != NULL, i < FP_EVIDENCE_PAGED_MAX);
        assert_true(i % 16 != 0 || get(&w->given[i], 5000));
    }
    end(w);
}

/* ---- files that change ----------------------------------------------------------------------- */

static char *path_of(const world *w, char path[128])
{
    (void)snprintf(path, 128, "%s/SOFTWARE", w->tree.root);
    return path;
}

static void test_cut_after(void **state)
{
    (void)state;
    char path[128];
    world *w = start();
    put(w, "SOFTWARE", BIG);
    read_all(w);
    const given *g = &w->given[0];
    assert_true(get(g, 5000));
    assert_int_equal(truncate(path_of(w, path), 5000), 0);
    assert_false(get(g, BIG - 1));
    assert_false(get(g, BIG / 2));
    assert_true(get(g, 5000));
    assert_true(has_problem(g->item, "it changed while it was read"));
    assert_int_equal(g->item->problem_count, 1);
    assert_false(g->item->complete);
    end(w);
}

static void test_cut_meanwhile(void **state)
{
    (void)state;
    char path[128];
    world *w = start();
    put(w, "SOFTWARE", BIG);
    w->cut_meanwhile = path_of(w, path);
    read_all(w);
    const given *g = &w->given[0];
    assert_int_equal(w->count, 1);
    assert_false(g->complete || g->item->hashed);
    assert_true(g->item->size < BIG);
    assert_int_equal(g->content.place.size, g->item->size);
    assert_false(get(g, 5000));
    end(w);
}

/* Another file in its place is not read; the one that was hashed still is, though it has no name.
 */
static void test_replaced(void **state)
{
    (void)state;
    char path[128];
    char other[160];
    world *w = start();
    put(w, "SOFTWARE", BIG);
    read_all(w);
    (void)snprintf(other, sizeof other, "%s.other", path_of(w, path));
    put(w, "SOFTWARE.other", FP_EVIDENCE_PAGED_MIN);
    assert_int_equal(rename(other, path), 0);
    /* Losing its name changes the file's status: it is not known to be as it was. */
    assert_false(get(&w->given[0], BIG - 1));
    assert_true(has_problem(w->given[0].item, "it changed while it was read"));
    end(w);
}

static void test_memory_limit(void **state)
{
    (void)state;
    world *w = start();
    put(w, "SOFTWARE", BIG);
    read_all(w);
    const given *g = &w->given[0];
    size_t at = 4096;
    while (at < BIG && get(g, at))
        at += FP_PAGED_CHUNK;
    assert_in_range(at, MEMORY - 2 * FP_PAGED_CHUNK, MEMORY + FP_PAGED_CHUNK);
    assert_true(has_problem(g->item, "limit on what is held in memory"));
    end(w);
}

/* ---- streams that may look ahead ------------------------------------------------------------- */

typedef struct stream {
    unsigned begun, looked, fed; /* how often */
    bool in_order;               /* begin, look, data */
    bool same;                   /* what was read ahead is what came by */
    uint8_t ahead[64];
    uint64_t ahead_at, at;
} stream;

static fp_status on_begin(void *context, fp_item *item, void **out)
{
    stream *s = context;
    (void)item;
    s->begun++;
    *out = s;
    return FP_OK;
}

static void on_ahead(void *context, void *stream_of, fp_paged content)
{
    stream *s = stream_of;
    (void)context;
    s->looked++;
    s->in_order = s->begun == 1 && s->fed == 0;
    s->ahead_at = content.place.size - sizeof s->ahead;
    s->same = fp_paged_copy(content, s->ahead_at, sizeof s->ahead, s->ahead);
}

static fp_status on_data(void *context, void *stream_of, fp_span bytes)
{
    stream *s = stream_of;
    (void)context;
    s->fed++;
    for (size_t i = 0; i < bytes.size; i++, s->at++)
        if (s->looked > 0 && s->at >= s->ahead_at && s->at - s->ahead_at < sizeof s->ahead)
            s->same = s->same && bytes.data[i] == s->ahead[s->at - s->ahead_at];
    return FP_OK;
}

static fp_status on_end(void *context, void *stream_of, bool complete)
{
    (void)context;
    (void)stream_of;
    (void)complete;
    return FP_OK;
}

/* A file of this size, or a tar of it, is streamed to a handler that wants to look ahead. */
static stream look_ahead_in(size_t size, bool in_an_archive)
{
    static const fp_evidence_handler handler = {.kind = FP_KIND_REGISTRY_HIVE,
                                                .begin = on_begin,
                                                .ahead = on_ahead,
                                                .data = on_data,
                                                .end = on_end};
    stream s = {0};
    const fp_evidence_options options = {.limits = fp_evidence_default_limits,
                                         .handlers = &handler,
                                         .handler_count = 1,
                                         .context = &s};
    fp_evidence *set = NULL;
    assert_int_equal(fp_evidence_new(&options, &set), FP_OK);
    uint8_t *bytes = hive_of(size);
    const member m = {"SOFTWARE", bytes, size, MEMBER_FILE};
    const int fd = in_an_archive ? pack("tar", &m, 1) : blob(bytes, size);
    free(bytes);
    assert_int_equal(fp_evidence_add(set, fd, "SOFTWARE", false, NULL), FP_OK);
    (void)close(fd);
    const fp_item *item = fp_evidence_item(set, in_an_archive ? 2 : 1);
    assert_true(item->complete && item->hashed);
    assert_int_equal(s.at, size);
    fp_evidence_free(set);
    return s;
}

static void test_ahead(void **state)
{
    (void)state;
    const stream large = look_ahead_in(BIG, false);
    assert_int_equal(large.looked, 1);
    assert_true(large.in_order && large.same && large.fed > 0);
    assert_int_equal(look_ahead_in(FP_EVIDENCE_PAGED_MIN - 1, false).looked, 0);
    assert_int_equal(look_ahead_in(BIG, true).looked, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_large_file),     cmocka_unit_test(test_small_file_is_held),
        cmocka_unit_test(test_member_is_held), cmocka_unit_test(test_many_files),
        cmocka_unit_test(test_cut_after),      cmocka_unit_test(test_cut_meanwhile),
        cmocka_unit_test(test_replaced),       cmocka_unit_test(test_memory_limit),
        cmocka_unit_test(test_ahead),
    };
    return RUN_TESTS(tests);
}
