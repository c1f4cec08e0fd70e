/* SPDX-License-Identifier: MIT */
/*
 * The made catalogue (scripts/make-catalog) in small: it is the same every time, whatever built it,
 * and its parts agree with each other.
 */
#include "tests/support/catalog_model.h"
#include "tests/support/check.h"

#include "inventory/base/digest.h"
#include "inventory/catalog/catalog.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { UPDATES = 1900, SHARDS = 2, BUDGET = 64 * 1024 * 1024 };

#define DIGEST "f99d5812c013f06ee51fea47ed623d945a1cdf4fc90d8540562b975238d65ae0"

static const catalog_model model = {.updates = UPDATES};

static char folder[] = "/tmp/fixproof-made-XXXXXX";

static bool run(const char *arguments)
{
    char command[1024];
    (void)snprintf(command, sizeof command, "cd %s && %s %s", folder, MAKE_CATALOG, arguments);
    return system(command) == 0;
}

static int make_catalog(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    const bool made = run("1900 lzx:21 package package.cab") &&
                      run("1900 mszip shard 2 package2.cab") &&
                      run("1900 lzx:15 shard 3 package3.cab") && run("1900 lzx:21 whole all.cab .");
    return made ? 0 : -1;
}

static int remove_catalog(void **state)
{
    char command[64];
    (void)state;
    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

/* ---- what is in it ---- */

typedef struct seen {
    fp_catalog_reader *reader;
    fp_digest *digest;       /* of all that is not a cabinet: names and contents */
    uint64_t fragments[128]; /* by the first letter of their names */
} seen;

static fp_status on_begin(void *context, const fp_archive_member *m)
{
    seen *s = context;
    if (!m->is_archive)
        fp_digest_update(s->digest, fp_span_of(m->name.data, m->name.size));
    if (m->level == 2)
        s->fragments[m->name.data[0] & 127]++;
    return fp_catalog_begin(s->reader, m);
}

static fp_status on_data(void *context, const fp_archive_member *m, fp_span bytes)
{
    seen *s = context;
    if (!m->is_archive)
        fp_digest_update(s->digest, bytes);
    return fp_catalog_data(s->reader, m, bytes);
}

static fp_status on_end(void *context, const fp_archive_member *m, bool complete)
{
    return fp_catalog_end(((seen *)context)->reader, m, complete);
}

static const fp_catalog *read_all(const char *name, fp_arena *arena, seen *s)
{
    static const fp_catalog_key asked = {.number = MODEL_KNOWN_REVISION};
    static const fp_catalog_request request = {.keys = &asked, .key_count = 1};
    char path[64];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    s->reader = fp_catalog_reader_new(arena, 1, &request);
    s->digest = fp_digest_new(FP_SHA256);
    const fp_archive_events events = {
        .context = s, .begin = on_begin, .data = on_data, .end = on_end};
    fp_archive_result result;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(fp_archive_read(fd, &fp_archive_default_limits, false, &events, &result, NULL),
                     FP_OK);
    (void)close(fd);
    return fp_catalog_finish(s->reader, result.fate == FP_FATE_ENDED);
}

/* Compilers, processors and libraries differ; what is written does not. Whoever changes the model
 * changes the digest, on purpose. */
static void test_same_every_time(void **state)
{
    uint8_t digest[FP_SHA256_SIZE];
    char hex[FP_SHA256_HEX_SIZE];
    seen s = {.reader = NULL};
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    (void)read_all("all.cab", arena, &s);
    assert_int_equal(fp_digest_finish(s.digest, digest), FP_OK);
    fp_hex(digest, sizeof digest, hex);
    assert_string_equal(hex, DIGEST);
    fp_arena_free(arena);
}

static void test_content(void **state)
{
    seen s = {.reader = NULL};
    (void)state;
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_catalog *c = read_all("all.cab", arena, &s);
    fp_digest_free(s.digest);
    assert_int_equal(c->problem_count, 0);
    assert_true(c->index_read && c->packages_read);
    assert_int_equal(c->updates, UPDATES);
    assert_int_equal(c->shard_count, SHARDS + 1);
    assert_int_equal(c->questions[0].found, 1);
    assert_str(c->questions[0].updates[0]->action, "PreDeploymentCheck");
    assert_int_equal(s.fragments['c'], UPDATES);
    assert_int_equal(s.fragments['x'], UPDATES);
    assert_in_range(s.fragments['l'], 3 * UPDATES, 4 * UPDATES);
    assert_int_equal(s.fragments['f'], MODEL_LICENCES);
    fp_arena_free(arena);
}

/* RevisionIds ascend, so that a shard's RANGESTART divides them. */
static void test_revisions(void **state)
{
    static const uint32_t sizes[] = {20, 33, UPDATES, 140000};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const catalog_model m = {.updates = sizes[i]};
        uint32_t before = 0;
        bool known = false;
        for (uint32_t update = 0; update < m.updates; update++) {
            const uint32_t revision = model_revision(&m, update);
            assert_true(revision > before && revision <= MODEL_HIGHEST_REVISION);
            known |= revision == MODEL_KNOWN_REVISION;
            before = revision;
        }
        assert_true(known);
    }
}

static void test_share_of_articles(void **state)
{
    uint32_t with = 0;
    (void)state;
    for (uint32_t update = 0; update < UPDATES; update++)
        with += model_kb_in_fragment(&model, update) != 0;
    assert_in_range(with, UPDATES * 38 / 100, UPDATES * 44 / 100); /* 256 of 626 */
}

/* ---- flaws ---- */

static const fp_catalog *read_flawed(model_flaw flaw, fp_arena *arena)
{
    char arguments[128];
    seen s = {.reader = NULL};
    (void)snprintf(arguments, sizeof arguments, "1900:%d mszip package package.cab", flaw);
    assert_true(run(arguments));
    (void)snprintf(arguments, sizeof arguments, "1900:%d stored whole flawed.cab .", flaw);
    assert_true(run(arguments));
    const fp_catalog *c = read_all("flawed.cab", arena, &s);
    fp_digest_free(s.digest);
    return c;
}

static void test_flaws(void **state)
{
    static const struct {
        model_flaw flaw;
        bool index_read;
        bool packages_read;
        unsigned found;
    } rows[] = {{MODEL_SOUND, true, true, 1},    {MODEL_XOR, false, true, 1},
                {MODEL_MISSING, true, true, 1},  {MODEL_DUPLICATE, true, true, 2},
                {MODEL_CUT_XML, true, false, 1}, {MODEL_ENTITIES, true, false, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fp_arena *arena = fp_arena_new(BUDGET);
        const fp_catalog *c = read_flawed(rows[i].flaw, arena);
        assert_int_equal(c->index_read, rows[i].index_read);
        assert_int_equal(c->packages_read, rows[i].packages_read);
        assert_int_equal(c->questions[0].found, rows[i].found);
        assert_int_equal(c->problem_count > 0, rows[i].flaw != MODEL_SOUND);
        fp_arena_free(arena);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_every_time), cmocka_unit_test(test_content),
        cmocka_unit_test(test_revisions),       cmocka_unit_test(test_share_of_articles),
        cmocka_unit_test(test_flaws), /* the last: it replaces package.cab */
    };
    return cmocka_run_group_tests_name(__FILE__, tests, make_catalog, remove_catalog) != 0;
}
