/* SPDX-License-Identifier: MIT */
/*
 * The cabinets of a catalogue decoded by several children at a time: whoever read what, and
 * whoever was faster, what is told is the same to the letter; and what goes wrong in one of the
 * children is not lost.
 */
#include "tests/support/archive_builder.h"
#include "tests/support/cab_builder.h"
#include "tests/support/check.h"

#include "inventory/evidence.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

enum { SHARDS = 7, FRAGMENTS_MAX = 120, TEXT = 16 * 1024, LARGE = 2 * 1024 * 1024 };

static const char PACKAGE[] =
    "<OfflineSyncPackage PackageId=\"p\" CreationDate=\"2026-07-14T13:54:06Z\"><Updates>"
    "<Update UpdateId=\"0b0e5f0c-1111-4a4a-8b8b-000000000001\" RevisionNumber=\"1\" "
    "RevisionId=\"30\"/></Updates></OfflineSyncPackage>";
static const char INDEX[] =
    "<INDEX><CABLIST><CAB NAME=\"package.cab\"/>"
    "<CAB NAME=\"package2.cab\" RANGESTART=\"0\"/><CAB NAME=\"package3.cab\" RANGESTART=\"100\"/>"
    "<CAB NAME=\"package4.cab\" RANGESTART=\"200\"/><CAB NAME=\"package5.cab\" RANGESTART=\"300\"/>"
    "<CAB NAME=\"package6.cab\" RANGESTART=\"400\"/><CAB NAME=\"package7.cab\" RANGESTART=\"500\"/>"
    "<CAB NAME=\"package8.cab\" RANGESTART=\"600\"/></CABLIST></INDEX>";

#define KB(text) "<ExtendedProperties><KBArticleID>" text "</KBArticleID></ExtendedProperties>"

/* In the order in which they stand in the catalogue, which is not that of their numbers. */
static const struct shard {
    const char *name;
    unsigned first;      /* RevisionId of its fragments ... */
    unsigned count;      /* ... which carry KB954474 */
    unsigned unreadable; /* RevisionId of one whose KBArticleID is none; 0: none */
    bool large;          /* it takes its decoder longer */
} shards[SHARDS] = {
    {"package5.cab", 300, 2, 350, true},   {"package2.cab", 10, 3, 0, false},
    {"package8.cab", 600, 40, 690, false}, {"package3.cab", 300, 2, 0, false}, /* told twice */
    {"package7.cab", 500, 4, 590, false},  {"package4.cab", 200, 30, 0, true},
    {"package6.cab", 400, 20, 490, false},
};

/* It halves when it is compressed. */
static void fill(uint8_t *bytes, size_t size)
{
    uint32_t noise = 1;
    for (size_t i = 0; i < size; i++) {
        noise = noise * 1664525 + 1013904223;
        bytes[i] = (uint8_t)(noise >> 28);
    }
}

static cab_bytes build_shard(const struct shard *s)
{
    static char names[FRAGMENTS_MAX][16];
    static uint8_t large[LARGE];
    cab_file files[FRAGMENTS_MAX];
    size_t count = 0;
    if (s->large) {
        fill(large, sizeof large);
        files[count++] = (cab_file){.name = "f\\1", .content = fp_span_of(large, sizeof large)};
    }
    for (unsigned i = 0; i < s->count; i++, count++) {
        (void)snprintf(names[count], sizeof names[count], "x\\%u", s->first + i);
        files[count] = (cab_file){.name = names[count], .content = cab_text(KB("954474"))};
    }
    if (s->unreadable > 0) {
        (void)snprintf(names[count], sizeof names[count], "x\\%u", s->unreadable);
        files[count] = (cab_file){.name = names[count], .content = cab_text(KB("KB954474"))};
        count++;
    }
    const cab_options mszip = {.mszip = true};
    return cab_build(files, count, &mszip);
}

typedef struct damage {
    int broken[2]; /* indices of shards of which a byte is wrong; -1: none */
} damage;

static const damage none = {{-1, -1}};

static cab_bytes build_catalogue(const damage *d)
{
    const cab_file xml = {.name = "package.xml", .content = cab_text(PACKAGE)};
    cab_bytes package = cab_build(&xml, 1, NULL);
    cab_bytes inner[SHARDS];
    cab_file members[SHARDS + 2] = {{.name = "index.xml", .content = cab_text(INDEX)}};
    for (int i = 0; i < SHARDS; i++) {
        inner[i] = build_shard(&shards[i]);
        if (i == d->broken[0] || i == d->broken[1])
            inner[i].data[inner[i].size - 1] ^= 1;
        members[i + 1] = (cab_file){.name = shards[i].name, .content = cab_span(&inner[i])};
    }
    members[SHARDS + 1] = (cab_file){.name = "package.cab", .content = cab_span(&package)};
    cab_bytes catalogue = cab_build(members, SHARDS + 2, NULL);
    cab_free(&package);
    for (int i = 0; i < SHARDS; i++)
        cab_free(&inner[i]);
    return catalogue;
}

/* ---- all that is told, as text -------------------------------------------------------- */

typedef struct told {
    size_t size;
    char text[TEXT];
    fp_decoder_fate fate;
    bool settled, complete;
    size_t found;
    uint64_t members;    /* bytes of the catalogue's */
    uint64_t part_total; /* fp_evidence_step, the last one */
    bool part_is_beyond; /* more was done than there is */
    uint64_t part_done;
} told;

static void on_progress(void *context, const fp_evidence_step *step)
{
    told *t = context;
    t->part_is_beyond = t->part_is_beyond || step->part_done > step->part_total;
    t->part_done = step->part_done;
    t->part_total = step->part_total;
}

FP_PRINTF(2, 3)
static void tell(told *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int more = vsnprintf(t->text + t->size, sizeof t->text - t->size, format, args);
    va_end(args);
    if (more > 0 && (size_t)more < sizeof t->text - t->size)
        t->size += (size_t)more;
}

static void tell_question(told *t, const fp_catalog_question *q)
{
    tell(t, "found %u settled %d:", q->found, q->settled);
    for (size_t i = 0; i < q->update_count; i++)
        tell(t, " %u", (unsigned)q->updates[i]->is->revision_id);
    tell(t, "\n");
}

static fp_status on_catalog(void *context, fp_item *item, const fp_cabinet *cabinet,
                            const fp_catalog *c, const fp_archive_result *result)
{
    told *t = context;
    tell(t, "%s '%s' in '%s', complete %d, whole %d\n", fp_decoder_fate_name(result->fate),
         result->message, result->member, item->complete, fp_catalog_is_whole(c, cabinet));
    tell(t, "sound %zu damaged %zu closed %zu members %llu read %d %d\n", c->inner_sound,
         c->inner_damaged, c->inner_closed, (unsigned long long)c->members, c->index_read,
         c->packages_read);
    for (size_t i = 0; i < c->shard_count; i++)
        tell(t, "%.*s: %d\n", FP_STR_ARG(c->shards[i].name), c->shards[i].state);
    tell(t, "problems %zu\n", c->problem_count);
    for (size_t i = 0; i < c->problem_count && i < FP_CATALOG_PROBLEMS_MAX; i++)
        tell(t, "%.*s\n", FP_STR_ARG(c->problems[i]));
    for (size_t i = 0; i < c->question_count; i++)
        tell_question(t, &c->questions[i]);
    for (size_t i = 0; i < cabinet->file_count; i++)
        t->members += cabinet->files[i].size;
    t->fate = result->fate;
    t->settled = c->question_count > 0 && c->questions[0].settled;
    t->found = c->question_count > 0 ? c->questions[0].found : 0;
    return FP_OK;
}

static const fp_catalog_key by_kb[] = {{FP_CATALOG_BY_KB, .number = 954474},
                                       {FP_CATALOG_BY_KB, .number = 1}};
static const fp_catalog_request for_kb = {.keys = by_kb, .key_count = 2};
static const fp_catalog_request for_all = {.full = true};

static told *read_from(int fd, unsigned decoders, const fp_catalog_request *request,
                       uint64_t members_max)
{
    told *t = calloc(1, sizeof *t);
    if (t == NULL)
        abort();
    const fp_evidence_handler handler = {.kind = FP_KIND_CATALOG, .catalog = on_catalog};
    fp_evidence_options options = {.limits = fp_evidence_default_limits,
                                   .handlers = &handler,
                                   .handler_count = 1,
                                   .context = t,
                                   .decoders = decoders,
                                   .progress = on_progress,
                                   .progress_context = t,
                                   .catalogs = request};
    if (members_max > 0)
        options.limits.archive.members = members_max;
    fp_evidence *set = NULL;
    assert_true(fp_evidence_new(&options, &set) == FP_OK &&
                fp_evidence_add(set, fd, "wsusscn2.cab", false, NULL) == FP_OK);
    const fp_item *item = fp_evidence_item(set, 1);
    t->complete = item->complete;
    for (size_t i = 0; i < item->problem_count && i < FP_ITEM_PROBLEMS_MAX; i++)
        tell(t, "item: %s\n", item->problems[i]);
    fp_evidence_free(set);
    assert_true(t->size > 0);
    return t;
}

static told *read_with(const cab_bytes *catalogue, unsigned decoders,
                       const fp_catalog_request *request, uint64_t members_max)
{
    const int fd = descriptor_of(cab_span(catalogue));
    told *t = read_from(fd, decoders, request, members_max);
    (void)close(fd);
    return t;
}

static void check_the_same(const damage *d, const fp_catalog_request *request, const char *says)
{
    cab_bytes catalogue = build_catalogue(d);
    told *alone = read_with(&catalogue, 1, request, 0);
    assert_non_null(strstr(alone->text, says));
    for (unsigned decoders = 0; decoders <= FP_ARCHIVE_DECODERS_MAX + 1; decoders++) {
        told *several = read_with(&catalogue, decoders, request, 0);
        assert_string_equal(several->text, alone->text);
        free(several);
    }
    free(alone);
    cab_free(&catalogue);
}

/* ---- tests ---------------------------------------------------------------------------- */

/* 100 hits, of which two are told twice: those that are kept are the first of the catalogue. */
static void test_answers_in_the_order_of_the_catalogue(void **state)
{
    (void)state;
    check_the_same(&none, &for_kb, ": 300 301 10 11 12 600 601");
    check_the_same(&none, &for_kb, "problems 4\npackage5.cab: the fragment of revision 350");
}

static void test_damage_in_the_order_of_the_catalogue(void **state)
{
    (void)state;
    const damage two = {{2, 6}};
    check_the_same(&two, &for_kb, "damaged 2");
    check_the_same(&two, &for_all, "damaged 2");
    const damage adjacent = {{0, 1}};
    check_the_same(&adjacent, &for_kb, "settled 0");
}

static void test_whole(void **state)
{
    (void)state;
    check_the_same(&none, &for_all, "whole 1\nsound 8 damaged 0 closed 0");
}

/* package8.cab has most members, and is share 0 of two and of four, share 2 of three. */
static void test_a_limit_in_one_child(void **state)
{
    (void)state;
    cab_bytes catalogue = build_catalogue(&none);
    for (unsigned decoders = 1; decoders <= FP_ARCHIVE_DECODERS_MAX; decoders++) {
        told *t = read_with(&catalogue, decoders, &for_kb, 50);
        assert_int_equal(t->fate, FP_FATE_LIMIT);
        assert_false(t->settled);
        assert_false(t->complete);
        free(t);
    }
    cab_free(&catalogue);
}

/* No child alone has so many members as all have together. */
static void test_a_limit_on_all(void **state)
{
    (void)state;
    enum { ALL = 9 + 1 + 101 + 4 + 2 }; /* outer, package.xml, fragments, unreadable, large */
    cab_bytes catalogue = build_catalogue(&none);
    for (unsigned decoders = 1; decoders <= FP_ARCHIVE_DECODERS_MAX; decoders++) {
        told *enough = read_with(&catalogue, decoders, &for_kb, ALL);
        told *short_of_one = read_with(&catalogue, decoders, &for_kb, ALL - 1);
        assert_int_equal(enough->fate, FP_FATE_ENDED);
        assert_int_equal(short_of_one->fate, FP_FATE_LIMIT);
        assert_false(short_of_one->settled || short_of_one->complete);
        free(enough);
        free(short_of_one);
    }
    cab_free(&catalogue);
}

/* Where a second decoder cannot be started, one does all the work: one of these limits lets the
 * first one have its descriptors, and no other. */
static void test_fewer_decoders_than_asked_for(void **state)
{
    (void)state;
    enum { LEAST = 3, ROOM = 24 };
    cab_bytes catalogue = build_catalogue(&none);
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    unsigned decoded = 0;
    for (rlim_t limit = LEAST; limit < LEAST + ROOM; limit++) {
        const int fd = descriptor_of(cab_span(&catalogue));
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &(struct rlimit){limit, before.rlim_max}), 0);
        told *alone = read_from(fd, 1, &for_kb, 0);
        told *several = read_from(fd, FP_ARCHIVE_DECODERS_MAX, &for_kb, 0);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
        (void)close(fd);
        assert_string_equal(several->text, alone->text);
        decoded += alone->fate == FP_FATE_ENDED ? 1 : 0;
        free(alone);
        free(several);
    }
    assert_in_range(decoded, 1, ROOM - 1);
    cab_free(&catalogue);
}

/* Of what is decoded it is known how much there is. */
static void test_how_far_it_is(void **state)
{
    (void)state;
    cab_bytes catalogue = build_catalogue(&none);
    for (unsigned decoders = 1; decoders <= 2; decoders++) {
        told *t = read_with(&catalogue, decoders, &for_all, 0);
        assert_false(t->part_is_beyond);
        assert_int_equal(t->part_total, t->members);
        assert_true(t->part_done > 0);
        free(t);
    }
    cab_free(&catalogue);
}

/* Decoding ends with package.xml here: how much is before that, nobody knows. */
static void test_how_far_an_answer_is(void **state)
{
    (void)state;
    static const fp_catalog_request for_little = {0};
    static char text[LARGE];
    memset(text, ' ', sizeof text);
    memcpy(text, PACKAGE, sizeof PACKAGE - 1);
    const cab_file xml = {.name = "package.xml",
                          .content = fp_span_of((const uint8_t *)text, sizeof text)};
    cab_bytes package = cab_build(&xml, 1, NULL);
    const cab_file members[] = {{.name = "index.xml", .content = cab_text(INDEX)},
                                {.name = "package.cab", .content = cab_span(&package)},
                                {.name = "package2.cab", .content = cab_span(&package)}};
    cab_bytes catalogue = cab_build(members, sizeof members / sizeof *members, NULL);
    told *t = read_with(&catalogue, 1, &for_little, 0);
    assert_int_equal(t->fate, FP_FATE_ENOUGH);
    assert_int_equal(t->part_total, 0);
    free(t);
    cab_free(&catalogue);
    cab_free(&package);
}

/* ---- a decoder that was taken over ---------------------------------------------------- */

/* A member of the catalogue, come whole, with the bytes of a sound cabinet. */
static void come(fp_catalog_reader *r, const char *name, const cab_bytes *cabinet)
{
    const fp_archive_member m = {.level = 1,
                                 .name = fp_str_of(name),
                                 .regular = true,
                                 .is_archive = true,
                                 .nested = FP_FATE_ENDED};
    assert_int_equal(fp_catalog_begin(r, &m), FP_OK);
    if (cabinet != NULL)
        assert_int_equal(fp_catalog_data(r, &m, cab_span(cabinet)), FP_OK);
    assert_int_equal(fp_catalog_end(r, &m, true), FP_OK);
}

/* One of two decoders is heard to find package4.cab, of its share, damaged; the other one is heard
 * to say `first`, then `second`. NULL: nothing. */
static void check_join(const char *first, const char *second, bool agrees, size_t sound)
{
    fp_arena *arena = fp_arena_new(1024 * 1024);
    fp_catalog_reader *r = fp_catalog_reader_new(arena, 1, &for_all);
    fp_catalog_reader *helper = fp_catalog_helper_new(r, 1, 2);
    assert_non_null(helper);
    cab_bytes cabinet = build_shard(&shards[1]);
    come(r, "package4.cab", NULL);
    come(r, "package5.cab", NULL);
    if (first != NULL)
        come(helper, first, &cabinet);
    if (second != NULL)
        come(helper, second, &cabinet);
    assert_int_equal(fp_catalog_join(r, helper), agrees);
    const fp_catalog *c = fp_catalog_finish(r, agrees);
    assert_int_equal(c->inner_sound, sound);
    assert_int_equal(c->inner_damaged, 1);
    cab_free(&cabinet);
    fp_arena_free(arena);
}

/* What another decoder found is not its to say. */
static void test_decoders_that_contradict_each_other(void **state)
{
    (void)state;
    check_join("package4.cab", "package5.cab", true, 1);
    check_join("package5.cab", "package4.cab", false, 0);
    check_join("package4.cab", "package7.cab", false, 0);
    check_join("package5.cab", NULL, false, 0);
    check_join("package4.cab", NULL, false, 0);
    check_join(NULL, NULL, false, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_in_the_order_of_the_catalogue),
        cmocka_unit_test(test_damage_in_the_order_of_the_catalogue),
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_a_limit_in_one_child),
        cmocka_unit_test(test_a_limit_on_all),
        cmocka_unit_test(test_fewer_decoders_than_asked_for),
        cmocka_unit_test(test_how_far_it_is),
        cmocka_unit_test(test_how_far_an_answer_is),
        cmocka_unit_test(test_decoders_that_contradict_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
