/* SPDX-License-Identifier: MIT */
/* fixproof/catalog/v1: what a catalogue says of the updates asked for. */
#include "verify/report/json_parts.h"

static void put_identity(fp_doc *f, fp_json *node, const fp_catalog_update *u)
{
    fp_doc_put_number(f, node, "revision_id", u->is->revision_id);
    fp_doc_put_known(f, node, "update_id", u->update_id);
    if (u->is->has_revision_number)
        fp_doc_put_number(f, node, "revision_number", u->is->revision_number);
    else
        fp_doc_put_null(f, node, "revision_number");
    if (u->has_action)
        fp_doc_put_text(f, node, "deployment_action", u->action);
    else
        fp_doc_put_null(f, node, "deployment_action");
}

static fp_json *relative_of(fp_doc *f, const fp_relative *r)
{
    char guid[FP_GUID_TEXT + 1] = "";
    fp_json *node = fp_doc_object(f);
    if (r->update != NULL && r->update->has_update_id)
        fp_guid_format(r->update->update_id, guid);
    fp_doc_put_number(f, node, "revision_id", r->revision_id);
    fp_doc_put_number(f, node, "steps", r->steps);
    fp_doc_put_bool(f, node, "in_catalog", r->update != NULL);
    fp_doc_put_known(f, node, "update_id", fp_str_of(guid));
    if (r->update != NULL && r->update->has_revision_number)
        fp_doc_put_number(f, node, "revision_number", r->update->revision_number);
    else
        fp_doc_put_null(f, node, "revision_number");
    return node;
}

static void put_relatives(fp_doc *f, fp_json *node, const char *key, const fp_relatives *r)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < r->count; i++)
        fp_doc_add(f, array, relative_of(f, &r->at[i]));
    fp_json *both = fp_doc_object(f);
    fp_doc_put(f, both, "updates", array);
    fp_doc_put_bool(f, both, "cut", r->cut);
    fp_doc_put(f, node, key, both);
}

static fp_json *file_of(fp_doc *f, const fp_catalog_file *file)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_number(f, node, "revision_id", file->revision_id);
    fp_doc_put_known(f, node, "name", file->name);
    if (file->has_size)
        fp_doc_put_number(f, node, "size_bytes", file->size);
    else
        fp_doc_put_null(f, node, "size_bytes");
    fp_doc_put_hex(f, node, "sha1", file->has_sha1 ? file->sha1 : NULL, sizeof file->sha1);
    fp_doc_put_sha256(f, node, "sha256", file->has_sha256 ? file->sha256 : NULL);
    fp_doc_put_bool(f, node, "in_package_xml", file->in_package);
    fp_doc_put_known(f, node, "url", file->url);
    return node;
}

static fp_json *details_of(fp_doc *f, const fp_catalog_details *d)
{
    fp_json *kbs = fp_doc_array(f);
    fp_json *files = fp_doc_array(f);
    fp_json *node = fp_doc_object(f);
    for (size_t i = 0; i < d->kb_count && i < FP_FRAGMENT_KBS_MAX; i++)
        fp_doc_add(f, kbs, fp_json_new_integer(d->kbs[i]));
    for (size_t i = 0; i < d->file_count && i < FP_CATALOG_FILES_MAX; i++)
        fp_doc_add(f, files, file_of(f, &d->files[i]));
    fp_doc_put_bool(f, node, "read", d->read);
    fp_doc_put_known(f, node, "cabinet", d->shard);
    fp_doc_put_known(f, node, "type", d->type);
    fp_doc_put_known(f, node, "severity", d->severity);
    fp_doc_put(f, node, "kbs", kbs);
    fp_doc_put_known(f, node, "title", d->title);
    fp_doc_put(f, node, "files", files);
    fp_doc_put_number(f, node, "file_count", d->file_count);
    return node;
}

static fp_json *update_of(fp_doc *f, const fp_catalog_update *u)
{
    fp_json *node = fp_doc_object(f);
    put_identity(f, node, u);
    fp_doc_put_bool(f, node, "is_bundle", u->is->is_bundle);
    fp_doc_put_bool(f, node, "is_leaf", u->is->is_leaf);
    fp_doc_put_number(f, node, "prerequisites", u->is->prerequisites);
    fp_doc_put_number(f, node, "categories", u->is->categories);
    put_relatives(f, node, "superseded_by", &u->superseded_by);
    put_relatives(f, node, "supersedes", &u->supersedes);
    put_relatives(f, node, "bundled_by", &u->bundled_by);
    put_relatives(f, node, "bundles", &u->bundles);
    fp_doc_put(f, node, "details",
               u->details != NULL ? details_of(f, u->details) : fp_json_new_null());
    return node;
}

static void put_asked(fp_doc *f, fp_json *node, const fp_catalog_key *key)
{
    char guid[FP_GUID_TEXT + 1] = "";
    switch (key->by) {
    case FP_CATALOG_BY_REVISION:
        fp_doc_put_text(f, node, "by", FP_STR("revision"));
        fp_doc_put_number(f, node, "revision_id", key->number);
        return;
    case FP_CATALOG_BY_KB:
        fp_doc_put_text(f, node, "by", FP_STR("kb"));
        fp_doc_put_number(f, node, "kb", key->number);
        return;
    case FP_CATALOG_BY_UPDATE:
        fp_guid_format(key->update_id, guid);
        fp_doc_put_text(f, node, "by", FP_STR("update"));
        fp_doc_put_text(f, node, "update_id", fp_str_of(guid));
        if (key->any_number)
            fp_doc_put_null(f, node, "revision_number");
        else
            fp_doc_put_number(f, node, "revision_number", key->number);
        return;
    }
}

fp_json *fp_json_catalog_questions(fp_doc *f, const fp_catalog *catalog)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < catalog->question_count; i++) {
        const fp_catalog_question *q = &catalog->questions[i];
        fp_json *node = fp_doc_object(f);
        fp_json *updates = fp_doc_array(f);
        fp_json *asked = fp_doc_object(f);
        put_asked(f, asked, &q->key);
        for (size_t k = 0; k < q->update_count; k++)
            fp_doc_add(f, updates, update_of(f, q->updates[k]));
        fp_doc_put(f, node, "asked", asked);
        fp_doc_put_number(f, node, "found", q->found);
        fp_doc_put_bool(f, node, "settled", q->settled);
        fp_doc_put(f, node, "updates", updates);
        fp_doc_add(f, array, node);
    }
    return array;
}

/* As before there were other questions: the first update of each RevisionId asked for. */
fp_json *fp_json_catalog_revisions(fp_doc *f, const fp_catalog *catalog)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < catalog->question_count; i++) {
        const fp_catalog_question *q = &catalog->questions[i];
        const fp_catalog_update *u = fp_catalog_answer(q);
        if (q->key.by != FP_CATALOG_BY_REVISION)
            continue;
        fp_json *node = fp_doc_object(f);
        fp_doc_put_number(f, node, "revision_id", q->key.number);
        fp_doc_put_number(f, node, "found", q->found);
        if (u != NULL && u->has_action)
            fp_doc_put_text(f, node, "deployment_action", u->action);
        else
            fp_doc_put_null(f, node, "deployment_action");
        fp_doc_put_known(f, node, "update_id", u != NULL ? u->update_id : FP_STR(""));
        fp_doc_put_number(f, node, "revision_number", u != NULL ? u->is->revision_number : 0);
        fp_doc_add(f, array, node);
    }
    return array;
}

/* null when it was not asked. */
void fp_json_put_odd_actions(fp_doc *f, fp_json *node, const fp_catalog *catalog)
{
    if (!catalog->asked_actions) {
        fp_doc_put_null(f, node, "unexpected_actions");
        return;
    }
    fp_json *updates = fp_doc_array(f);
    for (size_t i = 0; i < catalog->odd_kept; i++) {
        fp_json *one = fp_doc_object(f);
        put_identity(f, one, &catalog->odd[i]);
        fp_doc_add(f, updates, one);
    }
    fp_json *both = fp_doc_object(f);
    fp_doc_put_number(f, both, "count", catalog->odd_count);
    fp_doc_put(f, both, "updates", updates);
    fp_doc_put(f, node, "unexpected_actions", both);
}

void fp_json_put_duplicates(fp_doc *f, fp_json *node, const fp_catalog *catalog)
{
    fp_json *first = fp_doc_array(f);
    for (size_t i = 0; i < catalog->duplicate_count && i < FP_CATALOG_DUPLICATES_MAX; i++)
        fp_doc_add(f, first, fp_json_new_integer(catalog->duplicates[i]));
    fp_json *both = fp_doc_object(f);
    fp_doc_put_number(f, both, "count", catalog->duplicate_count);
    fp_doc_put(f, both, "first", first);
    fp_doc_put(f, node, "duplicate_revisions", both);
}
