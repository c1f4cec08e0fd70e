/* SPDX-License-Identifier: MIT */
/* fixproof/changes/v1: what changed from one report to a later one. */
#include "verify/report/json_parts.h"

#include "verify/report/words.h"

#include <string.h>

static void put_verdict(fp_doc *f, fp_json *node, const char *key, const fp_record_result *r)
{
    if (r == NULL) {
        fp_doc_put_null(f, node, key);
        return;
    }
    fp_json *side = fp_doc_object(f);
    fp_doc_put_text(f, side, "verdict", fp_str_of(fp_verdict_name(r->verdict)));
    fp_doc_put_text(f, side, "reason", r->reason);
    fp_doc_put_text(f, side, "reason_text", r->reason_text);
    fp_doc_put_known(f, side, "assurance", r->assurance);
    fp_doc_put(f, side, "possible", fp_doc_possible(f, r->possible));
    fp_doc_put(f, node, key, side);
}

static fp_json *need_of(fp_doc *f, const fp_record_need *need)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "test", need->test);
    fp_doc_put_text(f, node, "title", need->title);
    fp_doc_put_text(f, node, "needs", need->needs);
    fp_doc_put_text(f, node, "collect", need->collect);
    fp_doc_put_text(f, node, "why", need->why);
    return node;
}

static fp_json *result_of(fp_doc *f, const fp_result_change *r)
{
    size_t count;
    const fp_record_need *needs = fp_text_needs(r, &count);
    const fp_record_result *any = r->after != NULL ? r->after : r->before;
    fp_json *node = fp_doc_object(f);
    fp_json *next = fp_doc_array(f);
    fp_doc_put_text(f, node, "advisory", any->advisory);
    fp_doc_put_text(f, node, "title", any->title);
    fp_doc_put_text(f, node, "outcome", fp_str_of(fp_outcome_name(r->outcome)));
    fp_doc_put_text(f, node, "outcome_text", fp_str_of(fp_text_outcome_words(r->outcome).meaning));
    fp_doc_put_bool(f, node, "was_open", r->was_open);
    fp_doc_put_bool(f, node, "open", r->open);
    put_verdict(f, node, "before", r->before);
    put_verdict(f, node, "after", r->after);
    for (size_t i = 0; i < count; i++)
        fp_doc_add(f, next, need_of(f, &needs[i]));
    fp_doc_put(f, node, "next", next);
    fp_doc_put_known(f, node, "remediation", any->remediation);
    if (r->after != NULL && r->after->caveats.count > 0)
        fp_doc_put(f, node, "caveats",
                   fp_doc_texts(f, r->after->caveats.at, r->after->caveats.count));
    return node;
}

static fp_json *fact_of(fp_doc *f, const fp_fact_change *fact)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "fact", fp_str_of(fact->name));
    fp_doc_put_text(f, node, "change", fp_str_of(fp_delta_name(fact->change)));
    fp_doc_put_bool(f, node, "worse", fact->worse);
    fp_doc_put_known(f, node, "before", fact->before);
    fp_doc_put_known(f, node, "after", fact->after);
    return node;
}

static void put_marker(fp_doc *f, fp_json *node, const char *key, const fp_record_marker *m)
{
    if (m == NULL) {
        fp_doc_put_null(f, node, key);
        return;
    }
    fp_json *side = fp_doc_object(f);
    fp_doc_put_text(f, side, "state", fp_str_of(fp_hotfix_state_name(m->state)));
    fp_doc_put_tri(f, side, "present", m->present);
    fp_doc_put_known(f, side, "installed_date", m->date);
    fp_doc_put_time(f, side, "written", m->written);
    fp_doc_put(f, node, key, side);
}

static fp_json *marker_of(fp_doc *f, const fp_marker_change *m)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "kb", m->after != NULL ? m->after->kb : m->before->kb);
    fp_doc_put_text(f, node, "change", fp_str_of(fp_delta_name(m->change)));
    fp_doc_put_bool(f, node, "worse", m->worse);
    put_marker(f, node, "before", m->before);
    put_marker(f, node, "after", m->after);
    return node;
}

static void put_hash(fp_doc *f, fp_json *node, const fp_record *record, uint32_t id)
{
    const fp_record_item *item = fp_record_find_item(record, id);
    fp_doc_put_sha256(f, node, "sha256", item != NULL && item->hashed ? item->sha256 : NULL);
}

static void put_file(fp_doc *f, fp_json *node, const char *key, const fp_record *record,
                     const fp_record_file *file)
{
    if (file == NULL) {
        fp_doc_put_null(f, node, key);
        return;
    }
    fp_json *side = fp_doc_object(f);
    fp_doc_put_known(f, side, "version", file->version);
    put_hash(f, side, record, file->item);
    fp_doc_put(f, node, key, side);
}

static fp_json *file_of(fp_doc *f, const fp_changes *c, const fp_file_change *file)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "name", file->after != NULL ? file->after->name : file->before->name);
    fp_doc_put_text(f, node, "change", fp_str_of(fp_delta_name(file->change)));
    fp_doc_put_bool(f, node, "worse", file->worse);
    put_file(f, node, "before", c->before, file->before);
    put_file(f, node, "after", c->after, file->after);
    return node;
}

static void put_catalog(fp_doc *f, fp_json *node, const char *key, const fp_record *record,
                        const fp_record_catalog *catalog)
{
    if (catalog == NULL) {
        fp_doc_put_null(f, node, key);
        return;
    }
    fp_json *side = fp_doc_object(f);
    fp_doc_put_known(f, side, "package_id", catalog->package_id);
    fp_doc_put_time(f, side, "created", catalog->created);
    fp_doc_put_bool(f, side, "damaged", catalog->damaged);
    put_hash(f, side, record, catalog->item);
    fp_doc_put(f, node, key, side);
}

static fp_json *catalog_of(fp_doc *f, const fp_changes *c, const fp_catalog_change *catalog)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "change", fp_str_of(fp_delta_name(catalog->change)));
    fp_doc_put_bool(f, node, "worse", catalog->worse);
    put_catalog(f, node, "before", c->before, catalog->before);
    put_catalog(f, node, "after", c->after, catalog->after);
    return node;
}

static fp_json *regression_of(fp_doc *f, const fp_regression *r)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "kind", fp_str_of(r->kind));
    fp_doc_put_known(f, node, "name", r->name);
    fp_doc_put_text(f, node, "text", r->text);
    return node;
}

static void put_side(fp_doc *f, fp_json *root, const char *key, const fp_record *record)
{
    static const uint8_t unwritten[FP_SHA256_SIZE] = {0};
    if (record == NULL) {
        fp_doc_put_null(f, root, key);
        return;
    }
    const bool written = memcmp(record->sha256, unwritten, sizeof unwritten) != 0;
    fp_json *side = fp_doc_object(f);
    fp_doc_put_sha256(f, side, "report_sha256", written ? record->sha256 : NULL);
    fp_doc_put_text(f, side, "tool_version", record->tool_version);
    fp_doc_put_text(f, side, "command", record->command);
    fp_doc_put_time(f, side, "generated", record->generated);
    fp_doc_put_time(f, side, "collected_at", record->state.collected_at);
    fp_doc_put(f, root, key, side);
}

static void put_server(fp_doc *f, fp_json *root, const fp_changes *c)
{
    const fp_record_subject *after = &c->after->subject;
    const fp_record_subject *before = c->before != NULL ? &c->before->subject : after;
    fp_json *node = fp_doc_object(f);
    fp_doc_put_known(f, node, "host", after->host.size > 0 ? after->host : before->host);
    fp_doc_put_known(f, node, "site_code",
                     after->site_code.size > 0 ? after->site_code : before->site_code);
    fp_doc_put_tri(f, node, "same", c->same_server);
    fp_doc_put(f, root, "server", node);
}

static void put_conclusion(fp_doc *f, fp_json *root, const fp_changes *c)
{
    fp_json *regressions = fp_doc_array(f);
    fp_doc_put_text(f, root, "conclusion", fp_str_of(fp_conclusion_name(c->conclusion)));
    fp_doc_put_text(f, root, "conclusion_text", fp_str_of(fp_text_conclusion(c).meaning));
    fp_doc_put_time(f, root, "since", c->since);
    fp_doc_put_text(f, root, "order", fp_str_of(fp_order_name(c->order)));
    fp_doc_put_text(f, root, "order_text", c->order_text);
    for (size_t i = 0; i < c->regression_count; i++)
        fp_doc_add(f, regressions, regression_of(f, &c->regressions[i]));
    fp_doc_put(f, root, "regressions", regressions);
}

static void put_lists(fp_doc *f, fp_json *root, const fp_changes *c)
{
    fp_json *results = fp_doc_array(f);
    fp_json *facts = fp_doc_array(f);
    fp_json *markers = fp_doc_array(f);
    fp_json *files = fp_doc_array(f);
    fp_json *catalogs = fp_doc_array(f);
    fp_json *episodes = fp_doc_array(f);
    for (size_t i = 0; i < c->result_count; i++)
        fp_doc_add(f, results, result_of(f, &c->results[i]));
    for (size_t i = 0; i < c->fact_count; i++)
        fp_doc_add(f, facts, fact_of(f, &c->facts[i]));
    for (size_t i = 0; i < c->marker_count; i++)
        fp_doc_add(f, markers, marker_of(f, &c->markers[i]));
    for (size_t i = 0; i < c->file_count; i++)
        fp_doc_add(f, files, file_of(f, c, &c->files[i]));
    for (size_t i = 0; i < c->catalog_count; i++)
        fp_doc_add(f, catalogs, catalog_of(f, c, &c->catalogs[i]));
    for (size_t i = 0; i < c->episode_count; i++)
        fp_doc_add(f, episodes, fp_json_episode(f, c->episodes[i]));
    fp_doc_put(f, root, "results", results);
    fp_doc_put(f, root, "facts", facts);
    fp_doc_put(f, root, "markers", markers);
    fp_doc_put(f, root, "files", files);
    fp_doc_put(f, root, "catalogs", catalogs);
    fp_doc_put(f, root, "episodes", episodes);
}

static fp_json *setting_of(fp_doc *f, const fp_setting_change *change)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "setting", fp_str_of(change->setting));
    fp_doc_put_known(f, node, "advisory", change->advisory);
    fp_doc_put_known(f, node, "before", change->before);
    fp_doc_put_known(f, node, "after", change->after);
    return node;
}

fp_json *fp_doc_setting_changes(fp_doc *f, const fp_setting_change *list, size_t count)
{
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < count; i++)
        fp_doc_add(f, array, setting_of(f, &list[i]));
    return array;
}

/* null: not both tell what they were judged with, and nothing else is known to be otherwise */
static fp_json *settings_of(fp_doc *f, const fp_changes *c)
{
    const bool known = c->before != NULL && c->before->settings.known && c->after->settings.known;
    return known || c->setting_count > 0 ? fp_doc_setting_changes(f, c->settings, c->setting_count)
                                         : fp_json_new_null();
}

void fp_json_put_changes(fp_doc *f, fp_json *root, const fp_report *report)
{
    const fp_changes *c = report->changes;
    put_server(f, root, c);
    put_side(f, root, "before", c->before);
    put_side(f, root, "after", c->after);
    fp_doc_put(f, root, "settings", settings_of(f, c));
    put_conclusion(f, root, c);
    put_lists(f, root, c);
}
