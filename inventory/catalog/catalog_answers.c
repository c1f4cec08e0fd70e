/* SPDX-License-Identifier: MIT */
#include "inventory/catalog/catalog_parts.h"

#include <stdio.h>
#include <string.h>

const fp_catalog_update *fp_catalog_answer(const fp_catalog_question *q)
{
    return q->update_count > 0 ? q->updates[0] : NULL;
}

bool fp_catalog_is_ambiguous(const fp_catalog *c, uint32_t revision_id)
{
    const size_t kept = c->duplicate_count < FP_CATALOG_DUPLICATES_MAX ? c->duplicate_count
                                                                       : FP_CATALOG_DUPLICATES_MAX;
    for (size_t i = 0; i < kept; i++) {
        if (c->duplicates[i] == revision_id)
            return true;
    }
    return kept < c->duplicate_count && revision_id > c->duplicates[kept - 1];
}

bool fp_catalog_key_is(const fp_catalog_key *key, const fp_update *row)
{
    switch (key->by) {
    case FP_CATALOG_BY_REVISION:
        return row->revision_id == key->number;
    case FP_CATALOG_BY_UPDATE:
        return row->has_update_id && memcmp(row->update_id, key->update_id, FP_GUID_SIZE) == 0 &&
               (key->any_number ||
                (row->has_revision_number && row->revision_number == key->number));
    case FP_CATALOG_BY_KB:
        return false; /* see fp_catalog_take_hits */
    }
    return false;
}

bool fp_catalog_key_same(const fp_catalog_key *a, const fp_catalog_key *b)
{
    return a->by == b->by && a->number == b->number && a->any_number == b->any_number &&
           memcmp(a->update_id, b->update_id, sizeof a->update_id) == 0;
}

const char *fp_catalog_key_format(const fp_catalog_key *key, char out[FP_CATALOG_KEY_TEXT])
{
    char guid[FP_GUID_TEXT + 1];
    const unsigned number = key->number;
    out[0] = '\0';
    switch (key->by) {
    case FP_CATALOG_BY_REVISION:
        (void)snprintf(out, FP_CATALOG_KEY_TEXT, "RevisionId %u", number);
        break;
    case FP_CATALOG_BY_KB:
        (void)snprintf(out, FP_CATALOG_KEY_TEXT, "KB%u", number);
        break;
    case FP_CATALOG_BY_UPDATE:
        fp_guid_format(key->update_id, guid);
        if (key->any_number)
            (void)snprintf(out, FP_CATALOG_KEY_TEXT, "UpdateId %s", guid);
        else
            (void)snprintf(out, FP_CATALOG_KEY_TEXT, "UpdateId %s, revision %u", guid, number);
        break;
    }
    return out;
}

/* One update is told once, however many questions it answers. */
static fp_catalog_update *update_of(fp_catalog_reader *r, const fp_update *row, bool listed)
{
    const fp_catalog *c = &r->catalog;
    for (size_t i = 0; i < c->question_count; i++) {
        for (size_t k = 0; k < c->questions[i].update_count; k++) {
            if (c->questions[i].updates[k]->is == row)
                return c->questions[i].updates[k];
        }
    }
    fp_catalog_update *update = fp_arena_alloc(r->arena, sizeof *update);
    if (update != NULL)
        *update = (fp_catalog_update){.is = row, .listed = listed};
    return update;
}

static fp_status answer(fp_catalog_reader *r, fp_catalog_question *q, const fp_update *row,
                        bool listed)
{
    q->found++;
    if (q->update_count == FP_CATALOG_ANSWERS_MAX)
        return FP_OK;
    if (q->updates == NULL)
        q->updates = fp_arena_alloc_array(r->arena, FP_CATALOG_ANSWERS_MAX, sizeof *q->updates);
    fp_catalog_update *update = q->updates == NULL ? NULL : update_of(r, row, listed);
    if (update == NULL)
        return FP_NOMEM;
    q->updates[q->update_count++] = update;
    return FP_OK;
}

void fp_catalog_take_answer(fp_catalog_reader *r, const fp_update *row)
{
    fp_catalog *c = &r->catalog;
    for (size_t i = 0; i < c->question_count; i++) {
        if (fp_catalog_key_is(&c->questions[i].key, row) &&
            answer(r, &c->questions[i], row, true) != FP_OK)
            r->status = FP_NOMEM;
    }
}

/* An update of which there is a fragment is one, though package.xml does not know it. */
static const fp_update *row_of(fp_catalog_reader *r, uint32_t revision_id, bool *listed)
{
    const fp_update *row = fp_updates_find(r->updates, revision_id);
    *listed = row != NULL;
    const fp_update unknown = {.revision_id = revision_id, .action = FP_ACTION_NONE};
    return row != NULL ? row : fp_arena_copy(r->arena, &unknown, sizeof unknown);
}

void fp_catalog_take_hits(fp_catalog_reader *r)
{
    fp_catalog *c = &r->catalog;
    for (size_t i = 0; i < c->question_count; i++) {
        const size_t count = r->search.hit_count[i];
        const size_t kept = count < FP_CATALOG_ANSWERS_MAX ? count : FP_CATALOG_ANSWERS_MAX;
        for (size_t k = 0; k < kept; k++) {
            bool listed;
            const fp_update *row = row_of(r, r->search.hits[i][k].revision_id, &listed);
            if (row == NULL || answer(r, &c->questions[i], row, listed) != FP_OK)
                r->status = FP_NOMEM;
        }
        if (count > kept)
            c->questions[i].found = (unsigned)count;
    }
}

/* ---- after the last member ------------------------------------------------------------ */

static fp_status describe(fp_catalog_reader *r, fp_catalog_update *u)
{
    char guid[FP_GUID_TEXT + 1] = "";
    if (u->is->has_update_id)
        fp_guid_format(u->is->update_id, guid);
    u->has_action = u->is->action != FP_ACTION_NONE;
    if (u->is->action < r->catalog.action_count)
        u->action = r->catalog.actions[u->is->action].value;
    return fp_str_dup(r->arena, fp_str_of(guid), &u->update_id);
}

static fp_status describe_odd(fp_catalog_reader *r)
{
    fp_catalog *c = &r->catalog;
    const size_t count =
        c->odd_count < FP_CATALOG_ODD_MAX ? (size_t)c->odd_count : FP_CATALOG_ODD_MAX;
    fp_catalog_update *odd = fp_arena_alloc_array(r->arena, count, sizeof *odd);
    if (odd == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < count; i++) {
        odd[i].is = r->odd[i];
        if (describe(r, &odd[i]) != FP_OK)
            return FP_NOMEM;
    }
    c->odd = odd;
    c->odd_kept = count;
    return FP_OK;
}

typedef struct answered { /* every update that answers a question, once */
    fp_catalog_update *at[FP_CATALOG_QUESTIONS_MAX * FP_CATALOG_ANSWERS_MAX];
    size_t count;
} answered;

static fp_status collect(fp_catalog_reader *r, answered *all)
{
    const fp_catalog *c = &r->catalog;
    for (size_t i = 0; i < c->question_count; i++) {
        for (size_t k = 0; k < c->questions[i].update_count; k++) {
            fp_catalog_update *u = c->questions[i].updates[k];
            if (u->update_id.data != NULL) /* described: met before */
                continue;
            if (describe(r, u) != FP_OK)
                return FP_NOMEM;
            all->at[all->count++] = u;
        }
    }
    return FP_OK;
}

static fp_status find_kin(fp_catalog_reader *r, const answered *all)
{
    static const struct {
        fp_relation relation;
        bool backward;
        size_t at;
    } rows[] = {
        {FP_SUPERSEDED_BY, false, offsetof(fp_catalog_update, superseded_by)},
        {FP_SUPERSEDED_BY, true, offsetof(fp_catalog_update, supersedes)},
        {FP_BUNDLED_BY, false, offsetof(fp_catalog_update, bundled_by)},
        {FP_BUNDLED_BY, true, offsetof(fp_catalog_update, bundles)},
    };
    fp_kinship *asked = fp_arena_alloc_array(r->arena, all->count, sizeof *asked);
    if (asked == NULL)
        return FP_NOMEM;
    fp_status status = FP_OK;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && status == FP_OK; i++) {
        for (size_t k = 0; k < all->count; k++)
            asked[k] = (fp_kinship){all->at[k]->is->revision_id,
                                    (fp_relatives *)(void *)((char *)all->at[k] + rows[i].at)};
        status = fp_updates_kin(r->updates, rows[i].relation, rows[i].backward, asked, all->count);
    }
    return status;
}

/* Every cabinet that index.xml names, and every other of such a name, was searched. */
static bool searched_all(const fp_catalog_reader *r)
{
    const fp_catalog *c = &r->catalog;
    return c->index_read && c->consistent && c->inner_damaged == 0 && c->inner_closed == 0 &&
           r->search.unreadable == 0;
}

/* May an update that was not recognised be the one that was asked for? */
static bool is_settled(const fp_catalog_reader *r, const fp_catalog_key *key)
{
    const bool numbers = key->any_number || r->numbers_unreadable == 0;
    switch (key->by) {
    case FP_CATALOG_BY_REVISION:
        return r->catalog.packages_read;
    case FP_CATALOG_BY_UPDATE:
        return r->catalog.packages_read && r->ids_unreadable == 0 && numbers;
    case FP_CATALOG_BY_KB:
        return r->catalog.packages_read && searched_all(r);
    }
    return false;
}

static fp_status fill(fp_catalog_reader *r)
{
    answered *all = fp_arena_alloc(r->arena, sizeof *all);
    fp_status status = all == NULL ? FP_NOMEM : collect(r, all);
    if (status == FP_OK && r->request->relations && all->count > 0)
        status = find_kin(r, all);
    return status == FP_OK ? describe_odd(r) : status;
}

void fp_catalog_fill_answers(fp_catalog_reader *r)
{
    fp_catalog *c = &r->catalog;
    if (fill(r) != FP_OK)
        r->status = FP_NOMEM;
    for (size_t i = 0; i < c->question_count; i++)
        c->questions[i].settled = is_settled(r, &c->questions[i].key);
}
