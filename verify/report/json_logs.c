/* SPDX-License-Identifier: MIT */
/* fixproof/logs/v1: log files, episodes, runs and gaps. */
#include "verify/report/json_parts.h"

static fp_json *log_file(fp_doc *f, const fp_log_file *file)
{
    const fp_log_counts *n = &file->counts;
    fp_json *node = fp_doc_object(f);
    fp_doc_put_number(f, node, "evidence", file->item);
    fp_doc_put_text(f, node, "name", file->name);
    fp_doc_put_bool(f, node, "complete", file->complete);
    fp_doc_put_known(f, node, "host", file->host);
    fp_doc_put_time(f, node, "earliest", n->earliest);
    fp_doc_put_time(f, node, "latest", n->latest);
    fp_doc_put_time(f, node, "first", n->first);
    fp_doc_put_time(f, node, "last", n->last);
    const struct {
        const char *key;
        uint64_t count;
    } counts[] = {
        {"lines", n->lines},
        {"records", n->records},
        {"site", n->site},
        {"client", n->client},
        {"plain", n->plain},
        {"bad_stamps", n->bad_stamps},
        {"backwards", n->backwards},
        {"cut_lines", n->cut_lines},
        {"undecodable", n->undecodable},
        {"nul", n->nul},
        {"duplicates", file->duplicates},
    };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        fp_doc_put_number(f, node, counts[i].key, counts[i].count);
    fp_doc_put_bool(f, node, "hits_lost", file->hits_lost);
    return node;
}

static void put_activity(fp_doc *f, fp_json *node, const fp_report *report, uint32_t index)
{
    const fp_advisory_activity *a = fp_report_activity(report, index);
    fp_doc_put_known(f, node, "activity", a != NULL ? a->name : (fp_str){NULL, 0});
}

static void put_place(fp_doc *f, fp_json *node, const char *key, fp_origin origin)
{
    if (origin.item == 0) {
        fp_doc_put_null(f, node, key);
        return;
    }
    fp_json *place = fp_doc_object(f);
    fp_doc_put_origin(f, place, origin);
    fp_doc_put(f, node, key, place);
}

const char *fp_json_outcome_name(fp_episode_outcome outcome)
{
    static const char *const names[] = {"unknown", "completed", "failed"};
    return names[outcome];
}

static fp_json *episode_of(fp_doc *f, const fp_report *report, const fp_episode *e)
{
    fp_json *node = fp_doc_object(f);
    put_activity(f, node, report, e->activity);
    fp_doc_put_text(f, node, "outcome", fp_str_of(fp_json_outcome_name(e->outcome)));
    fp_doc_put_bool(f, node, "whole", e->whole);
    fp_doc_put_time(f, node, "begin", e->begin);
    fp_doc_put_time(f, node, "end", e->end);
    if (e->has_counts) {
        fp_json *counts = fp_doc_array(f);
        for (size_t i = 0; i < FP_SIG_COUNTS; i++)
            fp_doc_add(
                f, counts,
                fp_json_new_integer(e->counts[i] > INT64_MAX ? INT64_MAX : (int64_t)e->counts[i]));
        fp_doc_put(f, node, "counts", counts);
    } else {
        fp_doc_put_null(f, node, "counts");
    }
    fp_doc_put_known(f, node, "update", e->update);
    fp_doc_put_known(f, node, "marks", e->marks);
    fp_doc_put_known(f, node, "failure_text", e->failure_text);
    put_place(f, node, "begin_at", e->begin_origin);
    put_place(f, node, "end_at", e->end_origin);
    put_place(f, node, "failure_at", e->failure_origin);
    return node;
}

static fp_json *run_of(fp_doc *f, const fp_report *report, const fp_run *run)
{
    fp_json *node = fp_doc_object(f);
    put_activity(f, node, report, run->activity);
    fp_doc_put_time(f, node, "begin", run->begin);
    fp_doc_put_time(f, node, "end", run->end);
    fp_doc_put_bool(f, node, "active", run->active);
    put_place(f, node, "begin_at", run->begin_origin);
    put_place(f, node, "end_at", run->end_origin);
    return node;
}

static fp_json *gap_of(fp_doc *f, const fp_log_gap *gap)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_time(f, node, "from", gap->from);
    fp_doc_put_time(f, node, "to", gap->to);
    put_place(f, node, "after", (fp_origin){.item = gap->before});
    put_place(f, node, "before", (fp_origin){.item = gap->after});
    return node;
}

void fp_json_put_logs(fp_doc *f, fp_json *root, const fp_report *report)
{
    static const fp_history empty = {0};
    const fp_history *h = report->casefile->history != NULL ? report->casefile->history : &empty;
    fp_json *files = fp_doc_array(f);
    for (size_t i = 0; i < h->file_count; i++)
        fp_doc_add(f, files, log_file(f, &h->files[i]));
    fp_json *episodes = fp_doc_array(f);
    for (size_t i = 0; i < h->episode_count; i++)
        fp_doc_add(f, episodes, episode_of(f, report, &h->episodes[i]));
    fp_json *runs = fp_doc_array(f);
    for (size_t i = 0; i < h->run_count; i++)
        fp_doc_add(f, runs, run_of(f, report, &h->runs[i]));
    fp_json *gaps = fp_doc_array(f);
    for (size_t i = 0; i < h->gap_count; i++)
        fp_doc_add(f, gaps, gap_of(f, &h->gaps[i]));
    fp_doc_put(f, root, "settings", fp_doc_settings(f, &report->settings));
    fp_doc_put(f, root, "files", files);
    fp_doc_put(f, root, "episodes", episodes);
    fp_doc_put(f, root, "runs", runs);
    fp_doc_put(f, root, "gaps", gaps);
}
