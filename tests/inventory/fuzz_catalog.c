/* SPDX-License-Identifier: MIT */
/*
 * index.xml and package.xml. First byte: which (its lowest bit) and the size of the pieces; the
 * rest: the document. What must hold: the pieces do not change the answer, and an answer agrees
 * with itself.
 */
#include "inventory/base/xml.h"

#include "inventory/catalog/catalog.h"
#include "tests/support/fuzz.h"

enum { BUDGET = 4 << 20 };

static const fp_catalog_key asked[] = {
    {FP_CATALOG_BY_REVISION, .number = 1293995},
    {FP_CATALOG_BY_REVISION, .number = 1},
    {FP_CATALOG_BY_REVISION, .number = 4294967295U},
    {FP_CATALOG_BY_UPDATE, .any_number = true},
    {FP_CATALOG_BY_UPDATE, .number = 1},
};
enum { ASKED = sizeof asked / sizeof *asked };
static const fp_str expected[] = {FP_STR_INIT("Bundle"), FP_STR_INIT("Evaluate")};
static const fp_catalog_request request = {.keys = asked,
                                           .key_count = ASKED,
                                           .expected_actions = expected,
                                           .expected_count = 2,
                                           .relations = true};

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
    fp_catalog_reader *r = fp_catalog_reader_new(arena, 1, &request);
    require(r != NULL);
    fp_status status =
        index ? give(r, &index_xml, bytes, piece) : fp_catalog_begin(r, &package_cab);
    if (!index && status == FP_OK)
        status = give(r, &package_xml, bytes, piece);
    require(status == FP_OK || status == FP_NOMEM);
    return fp_catalog_finish(r, true);
}

/* Nearest first, each once, and never the update itself. */
static void check_relatives(const fp_catalog_update *u, const fp_relatives *r)
{
    require(r->count <= FP_RELATIVES_MAX);
    for (size_t i = 0; i < r->count; i++) {
        require(r->at[i].revision_id != u->is->revision_id);
        require(r->at[i].steps == 1 || (i > 0 && r->at[i].steps <= r->at[i - 1].steps + 1));
        require(r->at[i].update == NULL || r->at[i].update->revision_id == r->at[i].revision_id);
        for (size_t k = 0; k < i; k++)
            require(r->at[i].revision_id != r->at[k].revision_id);
    }
}

static void check_update(const fp_catalog_update *u)
{
    require(u->update_id.size == (u->is->has_update_id ? FP_GUID_TEXT : 0));
    require(u->listed);
    require(u->has_action || u->action.size == 0);
    check_relatives(u, &u->superseded_by);
    check_relatives(u, &u->supersedes);
    check_relatives(u, &u->bundled_by);
    check_relatives(u, &u->bundles);
}

static void check(const fp_catalog *c)
{
    require(c->problem_count > 0 || c->index_read);
    require(c->action_count <= FP_CATALOG_ACTIONS_MAX && c->shard_count <= FP_CATALOG_SHARDS_MAX);
    uint64_t with_action = 0;
    for (size_t i = 0; i < c->action_count; i++) {
        with_action += c->actions[i].count;
        require(c->actions[i].value.size <= FP_XML_ATTRIBUTE_MAX);
        require(c->actions[i].first_count <= FP_CATALOG_FIRST_MAX &&
                c->actions[i].first_count <= c->actions[i].count);
        for (size_t k = 0; k < c->actions[i].first_count; k++)
            require(c->actions[i].first[k]->action == i);
        for (size_t k = 0; k < i; k++)
            require(!fp_str_eq(c->actions[i].value, c->actions[k].value));
    }
    require(with_action + c->without_action <= c->updates);
    require(c->packages_read || (!c->actions_read && !c->revisions_read));
    require(c->revisions_read || !c->relations_read);
    require(c->odd_count <= c->updates && c->odd_kept <= c->odd_count);
    for (size_t i = 0; i < c->question_count; i++) {
        const fp_catalog_question *q = &c->questions[i];
        require(q->found <= c->updates && q->update_count <= q->found);
        require(!q->settled || c->packages_read);
        for (size_t k = 0; k < q->update_count; k++)
            check_update(q->updates[k]);
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
    require(whole->odd_count == pieces->odd_count);
    require(whole->duplicate_count == pieces->duplicate_count);
    for (size_t i = 0; i < ASKED; i++)
        require(whole->questions[i].found == pieces->questions[i].found);
    fp_arena_free(arena);
    return 0;
}
