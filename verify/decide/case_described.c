/* SPDX-License-Identifier: MIT */
/* Files and catalogues that are described: they become what reading them would have made of them.
 */
#include "verify/decide/case_parts.h"

static fp_status add_files(fp_case *c, const fp_case_options *options)
{
    for (size_t i = 0; i < options->described_count; i++) {
        const fp_described_file *d = &options->described[i];
        const fp_case_file file = {.pe.has_version = d->has_version,
                                   .pe.version = d->version,
                                   .pe.original_name = d->name,
                                   .described = d};
        if (fp_case_add_file(c, &file) != FP_OK)
            return FP_NOMEM;
        c->parts->usable = true;
    }
    return FP_OK;
}

static bool answers(const fp_catalog_key *key, const fp_described_update *d)
{
    if (key->by == FP_CATALOG_BY_REVISION && !d->has_revision)
        return false;
    for (size_t i = 0; key->by == FP_CATALOG_BY_KB && i < d->kb_count; i++)
        if (d->kbs[i] == key->number)
            return true;
    return fp_catalog_key_is(key, &d->is);
}

static const fp_update *row_of(const fp_described_catalog *d, uint32_t revision_id)
{
    for (size_t i = 0; i < d->update_count; i++)
        if (d->updates[i].has_revision && d->updates[i].is.revision_id == revision_id)
            return &d->updates[i].is;
    return NULL;
}

/* As catalog.h tells an update. NULL: no memory. */
static fp_catalog_update *update_of(fp_arena *arena, const fp_described_catalog *catalog,
                                    const fp_described_update *d)
{
    char guid[FP_GUID_TEXT + 1] = "";
    fp_catalog_update *u = fp_arena_alloc(arena, sizeof *u);
    fp_relative *by = fp_arena_alloc(arena, sizeof *by);
    if (d->is.has_update_id)
        fp_guid_format(d->is.update_id, guid);
    if (u == NULL || by == NULL || fp_str_dup(arena, fp_str_of(guid), &u->update_id) != FP_OK)
        return NULL;
    *by = (fp_relative){d->superseded_by, 1, row_of(catalog, d->superseded_by)};
    u->is = &d->is;
    u->listed = true;
    u->has_action = d->has_action;
    u->action = d->action;
    if (d->superseded)
        u->superseded_by = (fp_relatives){.at = by, .count = 1};
    return u;
}

static fp_status answer(fp_arena *arena, const fp_described_catalog *d, fp_catalog_question *q)
{
    q->settled = true;
    q->updates = fp_arena_alloc_array(arena, d->update_count + 1, sizeof(fp_catalog_update *));
    if (q->updates == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < d->update_count; i++) {
        if (!answers(&q->key, &d->updates[i]))
            continue;
        q->found++;
        q->updates[q->update_count] = update_of(arena, d, &d->updates[i]);
        if (q->updates[q->update_count++] == NULL)
            return FP_NOMEM;
    }
    return FP_OK;
}

/* Of a value that is one too many nothing is kept: see actions_read. */
static fp_catalog_action *action_of(fp_catalog *catalog, fp_str value)
{
    for (size_t i = 0; i < catalog->action_count; i++)
        if (fp_str_eq(catalog->actions[i].value, value))
            return &catalog->actions[i];
    if (catalog->action_count == FP_CATALOG_ACTIONS_MAX)
        return NULL;
    catalog->actions[catalog->action_count].value = value;
    return &catalog->actions[catalog->action_count++];
}

static fp_status count_actions(fp_arena *arena, const fp_described_catalog *d, fp_catalog *catalog)
{
    catalog->actions =
        fp_arena_alloc_array(arena, FP_CATALOG_ACTIONS_MAX, sizeof *catalog->actions);
    if (catalog->actions == NULL)
        return FP_NOMEM;
    catalog->actions_read = true;
    catalog->updates = d->update_count;
    for (size_t i = 0; i < d->update_count; i++) {
        const fp_described_update *u = &d->updates[i];
        fp_catalog_action *action = u->has_action ? action_of(catalog, u->action) : NULL;
        catalog->without_action += u->has_action ? 0 : 1;
        catalog->actions_read = catalog->actions_read && (action != NULL || !u->has_action);
        if (action == NULL)
            continue;
        action->count++;
        if (action->first_count < FP_CATALOG_FIRST_MAX)
            action->first[action->first_count++] = &u->is;
    }
    return FP_OK;
}

static fp_status compare_revisions(fp_arena *arena, const fp_described_catalog *d,
                                   fp_catalog *catalog)
{
    fp_updates *all = fp_updates_new(arena);
    fp_status status = all == NULL ? FP_NOMEM : FP_OK;
    for (size_t i = 0; status == FP_OK && i < d->update_count; i++)
        if (d->updates[i].has_revision)
            status = fp_updates_add(all, &d->updates[i].is);
    if (status == FP_OK)
        status = fp_updates_duplicates(all, catalog->duplicates, FP_CATALOG_DUPLICATES_MAX,
                                       &catalog->duplicate_count);
    catalog->revisions_read = status == FP_OK;
    return status;
}

static fp_status count_updates(const fp_case *c, const fp_described_catalog *d, fp_catalog *catalog)
{
    const fp_status status = count_actions(c->arena, d, catalog);
    return status == FP_OK ? compare_revisions(c->arena, d, catalog) : status;
}

/* Whole, and asked what every catalogue is asked. */
static fp_status answer_questions(const fp_case *c, const fp_described_catalog *d,
                                  fp_catalog *catalog)
{
    const fp_catalog_request *request = c->parts->catalogs;
    fp_status status = FP_OK;
    catalog->questions =
        fp_arena_alloc_array(c->arena, request->key_count + 1, sizeof *catalog->questions);
    if (catalog->questions == NULL)
        return FP_NOMEM;
    catalog->question_count = request->key_count;
    for (size_t i = 0; status == FP_OK && i < request->key_count; i++) {
        catalog->questions[i].key = request->keys[i];
        status = answer(c->arena, d, &catalog->questions[i]);
    }
    catalog->index_read = catalog->packages_read = true;
    catalog->relations_read = request->relations;
    return status;
}

static fp_status add_catalog(fp_case *c, const fp_described_catalog *d)
{
    fp_case_catalog *all = fp_arena_grow(c->arena, c->catalogs, c->catalog_count,
                                         &c->parts->catalog_capacity, sizeof *all);
    fp_catalog *catalog = fp_arena_alloc(c->arena, sizeof *catalog);
    fp_authenticity *found = fp_arena_alloc(c->arena, sizeof *found);
    const uint8_t *sha256 = fp_arena_copy(c->arena, d->sha256, FP_SHA256_SIZE);
    if (all == NULL || catalog == NULL || found == NULL || sha256 == NULL ||
        answer_questions(c, d, catalog) != FP_OK || count_updates(c, d, catalog) != FP_OK)
        return FP_NOMEM;
    found->result = d->signature;
    c->catalogs = all;
    c->catalogs[c->catalog_count++] = (fp_case_catalog){.catalog = catalog,
                                                        .damaged = d->damaged,
                                                        .authenticity = found,
                                                        .sha256 = d->hashed ? sha256 : NULL};
    c->parts->usable = true;
    return FP_OK;
}

fp_status fp_case_add_described(fp_case *c)
{
    const fp_case_options *options = c->parts->options;
    fp_status status = add_files(c, options);
    for (size_t i = 0; status == FP_OK && i < options->described_catalog_count; i++)
        status = add_catalog(c, &options->described_catalogs[i]);
    return status;
}
