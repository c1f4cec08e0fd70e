/* SPDX-License-Identifier: MIT */
/*
 * index.xml and package.xml. First byte: which (its lowest bit) and the size of the pieces; the
 * rest: the document. What must hold: the pieces do not change the answer, and an answer agrees
 * with itself.
 */
#include "inventory/catalog/catalog.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BUDGET = 4 << 20 };

static const uint32_t asked[] = {1293995, 1, 4294967295U};

static void require(bool holds)
{
    if (!holds)
        abort();
}

static fp_status give(fp_catalog_reader *r, const fp_archive_member *m, fp_span bytes, size_t piece)
{
    fp_status status = fp_catalog_begin(r, m);
    for (size_t at = 0; at < bytes.size && status == FP_OK;) {
        const size_t left = bytes.size - at;
        const size_t size = piece == 0 || piece > left ? left : piece;
        status = fp_catalog_data(r, m, fp_span_of(bytes.data + at, size));
        at += size;
    }
    return status != FP_OK ? status : fp_catalog_end(r, m, true);
}

static const fp_catalog *read_document(fp_arena *arena, bool index, fp_span bytes, size_t piece)
{
    const fp_archive_member index_xml = {.level = 1, .name = FP_STR("index.xml"), .regular = true};
    const fp_archive_member package_cab = {
        .level = 1, .name = FP_STR("package.cab"), .regular = true, .is_archive = true};
    const fp_archive_member package_xml = {
        .level = 2, .name = FP_STR("package.xml"), .regular = true};
    fp_catalog_reader *r = fp_catalog_reader_new(arena, 1, asked, 3);
    require(r != NULL);
    fp_status status =
        index ? give(r, &index_xml, bytes, piece) : fp_catalog_begin(r, &package_cab);
    if (!index && status == FP_OK)
        status = give(r, &package_xml, bytes, piece);
    require(status == FP_OK || status == FP_NOMEM);
    return fp_catalog_finish(r, true);
}

static void check(const fp_catalog *c)
{
    require(c->problem_count > 0 || c->index_read);
    require(c->action_count <= FP_CATALOG_ACTIONS_MAX && c->shard_count <= FP_CATALOG_SHARDS_MAX);
    uint64_t with_action = 0;
    for (size_t i = 0; i < c->action_count; i++) {
        with_action += c->actions[i].count;
        require(c->actions[i].value.size <= FP_CATALOG_ATTRIBUTE_MAX);
        for (size_t k = 0; k < i; k++)
            require(!fp_str_eq(c->actions[i].value, c->actions[k].value));
    }
    require(with_action + c->without_action <= c->updates);
    for (size_t i = 0; i < c->question_count; i++) {
        require(c->questions[i].revision_id == asked[i] && c->questions[i].found <= c->updates);
        require(c->questions[i].found > 0 || !c->questions[i].has_action);
    }
    for (size_t i = 0; i < c->problem_count && i < FP_CATALOG_PROBLEMS_MAX; i++)
        require(fp_text_is_utf8(c->problems[i]) || c->problems[i].size == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const bool index = (data[0] & 1) != 0;
    const size_t piece = (size_t)(data[0] >> 1) + 1;
    const fp_span bytes = fp_span_of(data + 1, size - 1);

    fp_arena *arena = fp_arena_new(2 * (size_t)BUDGET);
    const fp_catalog *whole = read_document(arena, index, bytes, 0);
    const fp_catalog *pieces = read_document(arena, index, bytes, piece);
    check(whole);
    require(whole->index_read == pieces->index_read && whole->updates == pieces->updates);
    require(whole->shard_count == pieces->shard_count);
    require(whole->action_count == pieces->action_count);
    require(whole->problem_count == pieces->problem_count);
    for (size_t i = 0; i < 3; i++)
        require(whole->questions[i].found == pieces->questions[i].found);
    fp_arena_free(arena);
    return 0;
}
