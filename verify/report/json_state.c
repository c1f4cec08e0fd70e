/* SPDX-License-Identifier: MIT */
/* "state" of fixproof/report/v1: what a later report is compared with. */
#include "verify/report/json_parts.h"

#include "verify/report/recorded.h"

static fp_json *marker_of(fp_doc *f, const fp_record_marker *m)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "kb", m->kb);
    fp_doc_put_text(f, node, "state", fp_str_of(fp_hotfix_state_name(m->state)));
    fp_doc_put_text(f, node, "ground", fp_str_of(fp_hotfix_ground_name(m->ground)));
    fp_doc_put_tri(f, node, "present", m->present);
    fp_doc_put_known(f, node, "installed_date", m->date);
    fp_doc_put_time(f, node, "written", m->written);
    fp_doc_put_origin(f, node, m->origin);
    return node;
}

static fp_json *file_of(fp_doc *f, const fp_record_file *file)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "name", file->name);
    fp_doc_put_known(f, node, "version", file->version);
    fp_doc_put_number(f, node, "evidence", file->item);
    return node;
}

static fp_json *catalog_of(fp_doc *f, const fp_record_catalog *catalog)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_known(f, node, "package_id", catalog->package_id);
    fp_doc_put_known(f, node, "package_version", catalog->package_version);
    fp_doc_put_time(f, node, "created", catalog->created);
    fp_doc_put_bool(f, node, "damaged", catalog->damaged);
    fp_doc_put_number(f, node, "evidence", catalog->item);
    return node;
}

static fp_json *log_of(fp_doc *f, const fp_record_log *log)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_time(f, node, "earliest", log->earliest);
    fp_doc_put_time(f, node, "latest", log->latest);
    fp_doc_put_number(f, node, "evidence", log->item);
    return node;
}

fp_json *fp_json_episode(fp_doc *f, const fp_record_episode *e)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "advisory", e->advisory);
    fp_doc_put_text(f, node, "activity", e->activity);
    fp_doc_put_text(f, node, "title", e->title);
    fp_doc_put_text(f, node, "outcome", fp_str_of(fp_json_outcome_name(e->outcome)));
    fp_doc_put_time(f, node, "begin", e->begin);
    fp_doc_put_time(f, node, "end", e->end);
    fp_doc_put_known(f, node, "update", e->update);
    fp_doc_put_origin(f, node, e->origin);
    return node;
}

#define PUT_LIST(f, object, key, list, count, node_of)                                             \
    do {                                                                                           \
        fp_json *array = fp_doc_array(f);                                                          \
        for (size_t i = 0; i < (count); i++)                                                       \
            fp_doc_add(f, array, node_of(f, &(list)[i]));                                          \
        fp_doc_put(f, object, key, array);                                                         \
    } while (0)

void fp_json_put_state(fp_doc *f, fp_json *root, const fp_report *report)
{
    fp_record record = {0};
    if (fp_record_of(report, f->arena, &record) != FP_OK)
        f->failed = true;
    const fp_record_state *s = &record.state;
    fp_json *node = fp_doc_object(f);
    fp_doc_put_time(f, node, "collected_at", s->collected_at);
    fp_doc_put_tri(f, node, "site_server", s->site_server);
    PUT_LIST(f, node, "markers", s->markers, s->marker_count, marker_of);
    fp_doc_put_bool(f, node, "markers_complete", s->markers_complete);
    PUT_LIST(f, node, "files", s->files, s->file_count, file_of);
    PUT_LIST(f, node, "catalogs", s->catalogs, s->catalog_count, catalog_of);
    PUT_LIST(f, node, "logs", s->logs, s->log_count, log_of);
    PUT_LIST(f, node, "episodes", s->episodes, s->episode_count, fp_json_episode);
    fp_doc_put(f, root, "state", node);
}
