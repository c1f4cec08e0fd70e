/* SPDX-License-Identifier: MIT */
#include "verify/report/recorded.h"

#include <stdlib.h>
#include <string.h>

static const fp_str NOTHING = {NULL, 0};

typedef struct recording {
    const fp_report *report;
    fp_arena *arena;
    fp_record *out;
    bool failed; /* sticky: no memory */
} recording;

/* Room for a list; NULL after a failure. */
static void *room(recording *r, size_t count, size_t size)
{
    void *list = r->failed ? NULL : fp_arena_alloc_array(r->arena, count + 1, size);
    r->failed = list == NULL;
    return list;
}

static void record_subject(recording *r)
{
    const fp_case *c = r->report->casefile;
    const fp_product *product = &c->product;
    r->out->subject = (fp_record_subject){
        .host = c->host,
        .site_code = product->site_code,
        .product = product->family != NULL ? product->family->title : NOTHING,
        .release = product->release != NULL ? product->release->release : NOTHING,
        .version = product->version_text,
        .role = fp_str_of(fp_report_role_name(product->role)),
    };
}

static void record_items(recording *r)
{
    const size_t count = r->report->item_count;
    fp_record_item *items = room(r, count, sizeof *items);
    for (size_t i = 0; items != NULL && i < count; i++) {
        const fp_item *item = r->report->items[i];
        items[i] = (fp_record_item){.parent = item->parent,
                                    .path = item->path,
                                    .kind = item->kind,
                                    .hashed = item->hashed,
                                    .size = item->size,
                                    .complete = item->complete};
        memcpy(items[i].sha256, item->sha256, sizeof items[i].sha256);
    }
    r->out->items = items;
    r->out->item_count = count;
}

/* ---- hotfixes ---- */

static fp_record_marker marker_of(const fp_hotfix *h)
{
    fp_record_marker m = {.kb = h->kb,
                          .state = h->state,
                          .ground = h->ground,
                          .present = h->present,
                          .written = FP_TIME_NONE};
    for (size_t i = 0; i < h->trace_count; i++) {
        const fp_trace *t = &h->traces[i];
        if (i == 0)
            m.origin = t->origin;
        if (m.date.size == 0)
            m.date = t->installed_date;
        if (t->written != FP_TIME_NONE && (m.written == FP_TIME_NONE || t->written < m.written))
            m.written = t->written;
    }
    return m;
}

static fp_record_marker *find(fp_record_marker *markers, size_t count, fp_str kb)
{
    for (size_t i = 0; i < count; i++)
        if (fp_str_ieq(markers[i].kb, kb))
            return &markers[i];
    return NULL;
}

/* One that left no trace, asked about for several products: gone only where it is gone for each. */
static void join_asked(fp_record_marker *marker, const fp_hotfix *asked)
{
    if (asked->state != FP_HOTFIX_ABSENT)
        marker->state = asked->state;
    if (asked->present != FP_FALSE)
        marker->present = asked->present;
}

static int by_number(const void *a, const void *b)
{
    const uint64_t left = fp_record_kb_number(((const fp_record_marker *)a)->kb);
    const uint64_t right = fp_record_kb_number(((const fp_record_marker *)b)->kb);
    return (left > right) - (left < right);
}

/* The list knows a report of it alone. An advisory asks below its product, where it is seen that
 * the record of an installer is not there: what is left after a removal is not installed. */
static bool is_contradicted(const fp_record_marker *listed, const fp_hotfix *asked)
{
    return listed->ground == FP_GROUND_REPORTED && asked->state == FP_HOTFIX_CONFLICTING;
}

static void record_markers(recording *r)
{
    const size_t listed = r->report->hotfix_count;
    size_t asked = 0;
    while (fp_case_hotfix_asked(r->report->casefile, asked) != NULL)
        asked++;
    fp_record_marker *markers = room(r, listed + asked, sizeof *markers);
    if (markers == NULL)
        return;
    size_t count = listed;
    for (size_t i = 0; i < listed; i++)
        markers[i] = marker_of(&r->report->hotfixes[i]);
    for (size_t i = 0; i < asked; i++) {
        const fp_hotfix *h = fp_case_hotfix_asked(r->report->casefile, i);
        fp_record_marker *of_list = find(markers, listed, h->kb);
        if (of_list != NULL) {
            if (is_contradicted(of_list, h))
                *of_list = marker_of(h);
            continue;
        }
        fp_record_marker *known = find(markers + listed, count - listed, h->kb);
        if (known != NULL)
            join_asked(known, h);
        else
            markers[count++] = marker_of(h);
    }
    qsort(markers, count, sizeof *markers, by_number);
    r->out->state.markers = markers;
    r->out->state.marker_count = count;
    r->out->state.markers_complete = r->report->hotfixes_complete == FP_TRUE;
}

/* ---- files, catalogues, logs ---- */

/* By item: which are put aside to go back to, and so no files that run. */
static const bool *put_aside(recording *r)
{
    const fp_hotfix_evidence *all = &r->report->casefile->hotfixes;
    bool *aside = room(r, r->report->item_count, sizeof *aside);
    for (size_t i = 0; aside != NULL && i < all->file_count; i++)
        if (all->files[i].put_aside && all->files[i].item <= r->report->item_count)
            aside[all->files[i].item] = true;
    return aside;
}

static fp_record_file file_of(recording *r, const fp_case_file *file, const fp_item *item)
{
    char version[FP_VERSION_TEXT_SIZE] = "";
    if (file->pe.has_version)
        (void)fp_version_format(&file->pe.version, version);
    const char *kept = fp_arena_string(r->arena, version, strlen(version));
    r->failed = r->failed || kept == NULL;
    const fp_str original = fp_str_file_name(file->pe.original_name); /* copies are renamed */
    return (fp_record_file){file->item, original.size > 0 ? original : item->name, fp_str_of(kept)};
}

static void record_files(recording *r)
{
    const fp_case *c = r->report->casefile;
    const bool *aside = put_aside(r);
    fp_record_file *files = room(r, c->file_count, sizeof *files);
    size_t count = 0;
    for (size_t i = 0; files != NULL && i < c->file_count; i++) {
        const fp_item *item = fp_report_item(r->report, c->files[i].item);
        if (item != NULL && !aside[item->id])
            files[count++] = file_of(r, &c->files[i], item);
    }
    r->out->state.files = files;
    r->out->state.file_count = count;
}

static void record_catalogs(recording *r)
{
    const fp_case *c = r->report->casefile;
    fp_record_catalog *catalogs = room(r, c->catalog_count, sizeof *catalogs);
    size_t count = 0;
    for (size_t i = 0; catalogs != NULL && i < c->catalog_count; i++) {
        const fp_case_catalog *known = &c->catalogs[i];
        if (known->item == 0)
            continue;
        fp_record_catalog *catalog = &catalogs[count++];
        *catalog = (fp_record_catalog){
            .item = known->item, .created = FP_TIME_NONE, .damaged = known->damaged};
        if (known->catalog == NULL)
            continue;
        catalog->package_id = known->catalog->package_id;
        catalog->package_version = known->catalog->package_version;
        catalog->created = known->catalog->created;
    }
    r->out->state.catalogs = catalogs;
    r->out->state.catalog_count = count;
}

static void record_logs(recording *r)
{
    const fp_history *h = r->report->casefile->history;
    const size_t count = h != NULL ? h->file_count : 0;
    fp_record_log *logs = room(r, count, sizeof *logs);
    for (size_t i = 0; logs != NULL && i < count; i++)
        logs[i] = (fp_record_log){h->files[i].item, h->files[i].counts.earliest,
                                  h->files[i].counts.latest};
    r->out->state.logs = logs;
    r->out->state.log_count = count;
}

/* ---- episodes: the last ones of each activity ---- */

/* How many of its activity come after it? */
static size_t later_ones(const fp_history *h, size_t index)
{
    size_t count = 0;
    for (size_t i = index + 1; i < h->episode_count && count < FP_RECORD_EPISODES_MAX; i++)
        count += h->episodes[i].activity == h->episodes[index].activity;
    return count;
}

static fp_record_episode episode_of(const recording *r, const fp_episode *e)
{
    const fp_advisory *advisory;
    const fp_advisory_activity *activity = fp_report_activity_of(r->report, e->activity, &advisory);
    return (fp_record_episode){
        .advisory = advisory != NULL ? advisory->id : NOTHING,
        .activity = activity != NULL ? activity->name : NOTHING,
        .title = activity != NULL ? activity->title : NOTHING,
        .outcome = e->outcome,
        .begin = e->begin,
        .end = e->end,
        .update = e->update,
        .origin = e->failure_origin.item != 0 ? e->failure_origin : e->begin_origin,
    };
}

static void record_episodes(recording *r)
{
    static const fp_history none = {0};
    const fp_history *h =
        r->report->casefile->history != NULL ? r->report->casefile->history : &none;
    fp_record_episode *episodes = room(r, h->episode_count, sizeof *episodes);
    size_t count = 0;
    for (size_t i = 0; episodes != NULL && i < h->episode_count; i++)
        if (later_ones(h, i) < FP_RECORD_EPISODES_MAX)
            episodes[count++] = episode_of(r, &h->episodes[i]);
    r->out->state.episodes = episodes;
    r->out->state.episode_count = count;
}

/* ---- results ---- */

static fp_record_need *needs_of(recording *r, const fp_missing *list, size_t count)
{
    fp_record_need *needs = room(r, count, sizeof *needs);
    for (size_t i = 0; needs != NULL && i < count; i++)
        needs[i] = (fp_record_need){.test = list[i].test->name,
                                    .title = list[i].test->title,
                                    .needs = list[i].needs,
                                    .collect = list[i].collect,
                                    .why = fp_str_of(fp_missing_why_name(&list[i]))};
    return needs;
}

static void record_results(recording *r)
{
    const size_t count = r->report->result_count;
    fp_record_result *results = room(r, count, sizeof *results);
    for (size_t i = 0; results != NULL && i < count; i++) {
        const fp_result *from = &r->report->results[i];
        results[i] = (fp_record_result){
            .advisory = from->advisory->id,
            .title = from->advisory->title,
            .advisory_sha256 = from->advisory->sha256,
            .verdict = from->verdict,
            .possible = from->possible,
            .reason = from->reason,
            .reason_text = from->reason_text,
            .assurance = from->assurance,
            .remediation = from->remediation,
            .kbs = {from->advisory->kbs, from->advisory->kb_count},
            .caveats_known = true,
            .caveats = {from->caveats, from->caveat_count},
            .in_place = from->in_place,
            .missing = needs_of(r, from->missing, from->missing_count),
            .missing_count = from->missing_count,
            .proof = needs_of(r, from->proof, from->proof_count),
            .proof_count = from->proof_count,
        };
    }
    r->out->results = results;
    r->out->result_count = count;
}

fp_status fp_record_of(const fp_report *report, fp_arena *arena, fp_record *out)
{
    fp_record record = {.tool_version = fp_str_of(report->tool_version),
                        .command = fp_str_of(fp_report_view_name(report->view)),
                        .generated = report->generated,
                        .since = report->view == FP_VIEW_CONFIRM ? report->since : FP_TIME_NONE,
                        .settings = report->settings,
                        .statements = report->casefile->statements,
                        .statement_count = report->casefile->statement_count,
                        .has_state = true,
                        .state = {.collected_at = report->casefile->collected_at,
                                  .site_server = report->casefile->product.installed}};
    recording r = {.report = report, .arena = arena, .out = &record};
    record_subject(&r);
    record_items(&r);
    record_markers(&r);
    record_files(&r);
    record_catalogs(&r);
    record_logs(&r);
    record_episodes(&r);
    record_results(&r);
    if (r.failed)
        return FP_NOMEM;
    *out = record;
    return FP_OK;
}
