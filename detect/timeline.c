/* SPDX-License-Identifier: MIT */
/* All hits of all files put in order: which files are one log, what was found twice, where records
 * are missing. */
#include "detect/hit.h"

#include <stdlib.h>
#include <string.h>

/* ---- life ---- */

static fp_status gather_literals(fp_timeline *t)
{
    size_t total = 0;
    for (size_t i = 0; i < t->activity_count; i++)
        total += t->activities[i]->literal_count;
    fp_literal *all = fp_arena_alloc_array(t->arena, total, sizeof *all);
    if (all == NULL)
        return FP_NOMEM;
    size_t at = 0;
    for (size_t i = 0; i < t->activity_count; i++) {
        const fp_activity *a = t->activities[i];
        t->first_signature[i] = t->signature_count;
        for (size_t k = 0; k < a->literal_count; k++) {
            all[at] = a->literals[k];
            all[at++].owner += (uint32_t)t->signature_count;
        }
        t->signature_count += a->count;
    }
    return fp_literals_new(all, total, &t->literals, NULL);
}

fp_timeline *fp_timeline_new(fp_arena *arena, const fp_activity *const *activities, size_t count)
{
    fp_timeline *t = fp_arena_alloc(arena, sizeof *t);
    if (t == NULL)
        return NULL;
    t->arena = arena;
    t->activities = fp_arena_copy(arena, activities, count * sizeof *activities);
    t->first_signature = fp_arena_alloc_array(arena, count, sizeof *t->first_signature);
    t->activity_count = count;
    t->matcher = fp_matcher_new();
    if (t->activities == NULL || t->first_signature == NULL || t->matcher == NULL ||
        gather_literals(t) != FP_OK) {
        fp_timeline_free(t);
        return NULL;
    }
    return t;
}

void fp_timeline_free(fp_timeline *t)
{
    if (t == NULL)
        return;
    while (t->scans != NULL)
        fp_scan_free(t->scans);
    fp_literals_free(t->literals);
    fp_matcher_free(t->matcher);
    t->literals = NULL;
    t->matcher = NULL;
}

/* ---- names ---- */

static bool is_date_character(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/* Without the extension, and without the date and time that some components append at a rotation.
 */
static fp_str stem_of(fp_str name)
{
    enum { DATE_MIN = 8 };
    fp_str stem = fp_str_file_name(name);
    for (size_t i = stem.size; i > 1; i--) {
        if (stem.data[i - 1] == '.') {
            stem.size = i - 1;
            break;
        }
    }
    size_t end = stem.size;
    while (end > 1 && is_date_character(stem.data[end - 1]))
        end--;
    if (stem.size - end >= DATE_MIN)
        stem.size = end;
    return stem;
}

static bool is_rotated(fp_str name)
{
    return fp_str_iends(name, FP_STR(".lo_"));
}

/* "x/wsyncmgr.lo_" and "x/wsyncmgr.log": the one was renamed when the other began. */
static bool rotates_into(fp_str older, fp_str newer)
{
    const size_t extension = sizeof ".log" - 1;
    return is_rotated(older) && fp_str_iends(newer, FP_STR(".log")) &&
           fp_str_ieq((fp_str){older.data, older.size - extension},
                      (fp_str){newer.data, newer.size - extension});
}

/* ASCII letters without case. */
static int compare_names(fp_str a, fp_str b)
{
    return fp_str_casecmp(a, b);
}

/* ---- the order of files ---- */

static fp_time first_time(const fp_file *f)
{
    return f->told.counts.earliest;
}

static int compare_times(fp_time a, fp_time b) /* unknown is last */
{
    if (a == b)
        return 0;
    if (a == FP_TIME_NONE || b == FP_TIME_NONE)
        return a == FP_TIME_NONE ? 1 : -1;
    return a < b ? -1 : 1;
}

static int compare_files(const void *left, const void *right)
{
    const fp_file *a = *(fp_file *const *)left;
    const fp_file *b = *(fp_file *const *)right;
    int order = compare_times(first_time(a), first_time(b));
    if (order == 0)
        order = compare_names(stem_of(a->told.name), stem_of(b->told.name));
    if (order == 0)
        order = (int)is_rotated(b->told.name) - (int)is_rotated(a->told.name);
    if (order == 0)
        order = compare_names(a->told.name, b->told.name);
    if (order == 0)
        order = a->index < b->index ? -1 : a->index > b->index;
    return order;
}

typedef struct sortable { /* qsort takes no context */
    fp_hit *hit;
    const fp_file *file;
    size_t number; /* 0 = before all others of its file */
} sortable;

typedef struct build {
    fp_timeline *t;
    fp_file **order; /* files in the order of time */
    fp_hit **hits;   /* all hits */
    size_t hit_count;
    sortable *sequence; /* what the machines read */
    size_t sequence_count;
    fp_outcomes out;
    fp_log_gap *gaps;
    size_t gap_count, gap_capacity;
} build;

static fp_status sort_files(build *b)
{
    const size_t count = b->t->file_count;
    b->order = fp_arena_alloc_array(b->t->arena, count, sizeof *b->order);
    if (b->order == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < count; i++)
        b->order[i] = b->t->files[i];
    if (count > 1)
        qsort(b->order, count, sizeof *b->order, compare_files);
    for (size_t i = 0; i < count; i++) {
        b->order[i]->order = i;
        b->order[i]->told.log = (uint32_t)i;
        const fp_log_counts *c = &b->order[i]->told.counts;
        b->order[i]->skewed = c->mismatch > 0 || c->backwards > 0;
    }
    return FP_OK;
}

/*
 * A hit's key is the latest time of its file so far: undated hits stay behind the record before
 * them, and the file's own order is kept. Where the clock was set back all keys of the file are its
 * first time, so that one stamp from the future does not push the rest behind other files.
 */
static void set_keys(fp_file *f)
{
    const fp_log_counts *c = &f->told.counts;
    fp_time key = c->earliest;
    for (fp_hit_chunk *chunk = f->first; chunk != NULL; chunk = chunk->next) {
        for (size_t i = 0; i < chunk->count; i++) {
            if (c->backwards == 0 && chunk->hits[i].time > key)
                key = chunk->hits[i].time;
            chunk->hits[i].key = key;
        }
    }
}

static fp_status gather_hits(build *b)
{
    size_t count = 0;
    for (size_t i = 0; i < b->t->file_count; i++)
        count += (size_t)b->t->files[i]->told.hits;
    b->hits = fp_arena_alloc_array(b->t->arena, count, sizeof(fp_hit *));
    if (b->hits == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < b->t->file_count; i++) {
        set_keys(b->order[i]);
        for (fp_hit_chunk *chunk = b->order[i]->first; chunk != NULL; chunk = chunk->next) {
            for (size_t k = 0; k < chunk->count; k++)
                b->hits[b->hit_count++] = &chunk->hits[k];
        }
    }
    return FP_OK;
}

/* ---- one log from several files ---- */

/* Files of one log carry one number, the order of its first file. */
static void unite(build *b, uint32_t one, uint32_t other)
{
    if (one == other)
        return;
    const uint32_t keep = one < other ? one : other;
    const uint32_t drop = one < other ? other : one;
    for (size_t i = 0; i < b->t->file_count; i++) {
        if (b->order[i]->told.log == drop)
            b->order[i]->told.log = keep;
    }
}

static bool is_dated(const fp_file *f)
{
    return first_time(f) != FP_TIME_NONE;
}

static bool belong_by_name(const fp_file *a, const fp_file *b)
{
    if (!is_dated(a) || !is_dated(b))
        return !is_dated(a) && !is_dated(b) && rotates_into(a->told.name, b->told.name);
    return fp_str_ieq(stem_of(a->told.name), stem_of(b->told.name));
}

/* `files` sorted by stem, so that files of one stem are neighbours. */
static int compare_stems(const void *left, const void *right)
{
    const fp_file *a = *(fp_file *const *)left;
    const fp_file *b = *(fp_file *const *)right;
    int order = (int)is_dated(b) - (int)is_dated(a);
    if (order == 0)
        order = compare_names(stem_of(a->told.name), stem_of(b->told.name));
    return order != 0 ? order : compare_files(left, right);
}

static fp_status unite_by_name(build *b)
{
    const size_t count = b->t->file_count;
    fp_file **files = fp_arena_copy(b->t->arena, b->order, count * sizeof *files);
    if (files == NULL)
        return FP_NOMEM;
    if (count > 1)
        qsort(files, count, sizeof *files, compare_stems);
    for (size_t i = 1; i < count; i++) {
        if (belong_by_name(files[i - 1], files[i]))
            unite(b, files[i - 1]->told.log, files[i]->told.log);
    }
    return FP_OK;
}

static int compare_u64(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* Two hits that compare equal are one record found twice. */
static int compare_identity(const fp_hit *a, const fp_hit *b)
{
    int order = compare_times(a->time, b->time);
    if (order == 0)
        order = compare_u64(a->text_hash, b->text_hash);
    if (order == 0)
        order = compare_u64(a->component, b->component);
    if (order == 0)
        order = compare_u64(a->thread, b->thread);
    if (order == 0)
        order = compare_u64(a->activity, b->activity);
    return order != 0 ? order : compare_u64(a->signature, b->signature);
}

static int compare_sortable_identity(const void *left, const void *right)
{
    const sortable *a = left;
    const sortable *b = right;
    const int order = compare_identity(a->hit, b->hit);
    return order != 0 ? order : compare_u64(a->number, b->number);
}

static fp_file *file_of(const build *b, const fp_hit *hit)
{
    return b->t->files[hit->file];
}

/* Of one record found in several files, the first file keeps it; the files are copies of one log.
 */
static void drop_copies(build *b, const sortable *same, size_t count)
{
    const fp_file *first = file_of(b, same[0].hit);
    for (size_t i = 1; i < count; i++) {
        fp_file *f = file_of(b, same[i].hit);
        if (f == first)
            continue;
        same[i].hit->duplicate = true;
        f->told.duplicates++;
        unite(b, first->told.log, f->told.log);
    }
}

static fp_status find_duplicates(build *b)
{
    sortable *dated = fp_arena_alloc_array(b->t->arena, b->hit_count, sizeof *dated);
    if (dated == NULL)
        return FP_NOMEM;
    size_t count = 0;
    for (size_t i = 0; i < b->hit_count; i++) {
        if (b->hits[i]->kind == FP_HIT_SIGNATURE && b->hits[i]->time != FP_TIME_NONE)
            dated[count++] = (sortable){.hit = b->hits[i], .number = i};
    }
    if (count > 1)
        qsort(dated, count, sizeof *dated, compare_sortable_identity);
    for (size_t i = 0; i < count;) {
        size_t end = i + 1;
        while (end < count && compare_identity(dated[i].hit, dated[end].hit) == 0)
            end++;
        drop_copies(b, &dated[i], end - i);
        i = end;
    }
    return FP_OK;
}

/* ---- the order inside one log ---- */

static fp_status add_gap(build *b, fp_log_gap gap)
{
    fp_log_gap *gaps =
        fp_arena_grow(b->t->arena, b->gaps, b->gap_count, &b->gap_capacity, sizeof *gaps);
    if (gaps == NULL)
        return FP_NOMEM;
    b->gaps = gaps;
    b->gaps[b->gap_count++] = gap;
    return FP_OK;
}

/* Until when the records of a file reach. A clock that was set back makes its latest stamp
 * doubtful. */
static fp_time covers_until(const fp_file *f)
{
    return f->told.counts.backwards > 0 ? f->told.counts.last : f->told.counts.latest;
}

/* Does `next` go on where `before` ends, so that no record can be missing between them? */
static bool is_unbroken(const fp_file *before, const fp_file *next)
{
    if (is_dated(next) && covers_until(before) >= first_time(next))
        return true; /* they overlap */
    return before->told.complete && rotates_into(before->told.name, next->told.name);
}

static fp_status add_break(build *b, const fp_file *before, const fp_file *next)
{
    fp_hit *hit = fp_arena_alloc(b->t->arena, sizeof *hit);
    if (hit == NULL)
        return FP_NOMEM;
    *hit = (fp_hit){.kind = FP_HIT_BREAK,
                    .activity = FP_HIT_ALL_ACTIVITIES,
                    .file = next->index,
                    .time = FP_TIME_NONE,
                    .key = first_time(next)};
    b->sequence[b->sequence_count++] = (sortable){.hit = hit, .file = next, .number = 0};
    return add_gap(b, (fp_log_gap){.from = covers_until(before),
                                   .to = first_time(next),
                                   .before = before->told.item,
                                   .after = next->told.item});
}

/* The files of one log, in order. */
static fp_status find_breaks(build *b, fp_file *const *files, size_t count)
{
    const fp_file *before = files[0]; /* the one that reaches furthest */
    fp_status status = FP_OK;
    if (is_dated(before))
        status = add_gap(b, (fp_log_gap){.from = FP_TIME_NONE,
                                         .to = first_time(before),
                                         .after = before->told.item});
    for (size_t i = 1; i < count && status == FP_OK; i++) {
        if (!is_unbroken(before, files[i]))
            status = add_break(b, before, files[i]);
        if (covers_until(files[i]) >= covers_until(before))
            before = files[i];
    }
    return status;
}

static int compare_logs(const void *left, const void *right)
{
    const fp_file *a = *(fp_file *const *)left;
    const fp_file *b = *(fp_file *const *)right;
    const int order = compare_u64(a->told.log, b->told.log);
    return order != 0 ? order : compare_u64(a->order, b->order);
}

static fp_status find_all_breaks(build *b)
{
    const size_t count = b->t->file_count;
    fp_file **files = fp_arena_copy(b->t->arena, b->order, count * sizeof *files);
    if (files == NULL)
        return FP_NOMEM;
    if (count > 1)
        qsort(files, count, sizeof *files, compare_logs);
    for (size_t i = 0; i < count;) {
        size_t end = i + 1;
        while (end < count && files[end]->told.log == files[i]->told.log)
            end++;
        const fp_status status = find_breaks(b, files + i, end - i);
        if (status != FP_OK)
            return status;
        i = end;
    }
    return FP_OK;
}

/* Log by log; inside a log by key, then by file, then as they stand in the file. */
static int compare_sequence(const void *left, const void *right)
{
    const sortable *a = left;
    const sortable *b = right;
    int order = compare_u64(a->file->told.log, b->file->told.log);
    if (order == 0)
        order = compare_times(a->hit->key, b->hit->key);
    if (order == 0)
        order = compare_u64(a->file->order, b->file->order);
    return order != 0 ? order : compare_u64(a->number, b->number);
}

static fp_status put_in_sequence(build *b)
{
    b->sequence =
        fp_arena_alloc_array(b->t->arena, b->hit_count + b->t->file_count, sizeof *b->sequence);
    if (b->sequence == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < b->hit_count; i++) {
        if (!b->hits[i]->duplicate)
            b->sequence[b->sequence_count++] =
                (sortable){.hit = b->hits[i], .file = file_of(b, b->hits[i]), .number = i + 1};
    }
    const fp_status status = find_all_breaks(b);
    if (b->sequence_count > 1)
        qsort(b->sequence, b->sequence_count, sizeof *b->sequence, compare_sequence);
    return status;
}

/* The hits of one log, in order, for one activity. */
static fp_status run_machine(build *b, uint32_t activity, const sortable *hits, size_t count)
{
    fp_machine *m = fp_machine_new(b->t, activity, &b->out);
    if (m == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < count; i++) {
        const fp_hit *hit = hits[i].hit;
        if (hit->activity != activity && hit->activity != FP_HIT_ALL_ACTIVITIES)
            continue;
        const fp_status status = fp_machine_take(m, hit);
        if (status != FP_OK)
            return status;
    }
    return fp_machine_take(m, NULL);
}

static fp_status run_machines(build *b)
{
    for (size_t i = 0; i < b->sequence_count;) {
        const uint32_t log = b->sequence[i].file->told.log;
        size_t end = i + 1;
        while (end < b->sequence_count && b->sequence[end].file->told.log == log)
            end++;
        for (uint32_t a = 0; a < b->t->activity_count; a++) {
            const fp_status status = run_machine(b, a, b->sequence + i, end - i);
            if (status != FP_OK)
                return status;
        }
        i = end;
    }
    return FP_OK;
}

/* ---- the history ---- */

static int compare_episodes(const void *left, const void *right)
{
    const fp_episode_row *a = left;
    const fp_episode_row *b = right;
    const int order = compare_times(a->key, b->key);
    return order != 0 ? order : compare_u64(a->number, b->number);
}

static int compare_runs(const void *left, const void *right)
{
    const fp_run_row *a = left;
    const fp_run_row *b = right;
    const int order = compare_times(a->key, b->key);
    return order != 0 ? order : compare_u64(a->number, b->number);
}

static int compare_gaps(const void *left, const void *right)
{
    const fp_log_gap *a = left;
    const fp_log_gap *b = right;
    int order = compare_times(a->to, b->to);
    if (order == 0)
        order = compare_times(b->from, a->from); /* the longer gap first */
    return order != 0 ? order : compare_u64(a->after, b->after);
}

static fp_status tell_files(build *b, fp_history *h)
{
    h->files = fp_arena_alloc_array(b->t->arena, b->t->file_count, sizeof *h->files);
    if (h->files == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < b->t->file_count; i++)
        h->files[h->file_count++] = b->order[i]->told;
    return FP_OK;
}

static fp_status tell_episodes(build *b, fp_history *h)
{
    h->episodes = fp_arena_alloc_array(b->t->arena, b->out.episode_count, sizeof *h->episodes);
    if (h->episodes == NULL)
        return FP_NOMEM;
    if (b->out.episode_count > 1)
        qsort(b->out.episodes, b->out.episode_count, sizeof *b->out.episodes, compare_episodes);
    for (size_t i = 0; i < b->out.episode_count; i++)
        h->episodes[h->episode_count++] = *b->out.episodes[i].episode;
    return FP_OK;
}

static fp_status tell_runs(build *b, fp_history *h)
{
    h->runs = fp_arena_alloc_array(b->t->arena, b->out.run_count, sizeof *h->runs);
    if (h->runs == NULL)
        return FP_NOMEM;
    if (b->out.run_count > 1)
        qsort(b->out.runs, b->out.run_count, sizeof *b->out.runs, compare_runs);
    for (size_t i = 0; i < b->out.run_count; i++)
        h->runs[h->run_count++] = b->out.runs[i].run;
    return FP_OK;
}

static fp_status tell(build *b, const fp_history **out)
{
    fp_history *h = fp_arena_alloc(b->t->arena, sizeof *h);
    if (h == NULL)
        return FP_NOMEM;
    fp_status status = tell_files(b, h);
    if (status == FP_OK)
        status = tell_episodes(b, h);
    if (status == FP_OK)
        status = tell_runs(b, h);
    if (status != FP_OK)
        return status;
    if (b->gap_count > 1)
        qsort(b->gaps, b->gap_count, sizeof *b->gaps, compare_gaps);
    h->gaps = b->gaps;
    h->gap_count = b->gap_count;
    h->host_count = b->t->host_count;
    memcpy(h->hosts, b->t->hosts, sizeof h->hosts);
    memcpy(h->host_origins, b->t->host_origins, sizeof h->host_origins);
    *out = h;
    return FP_OK;
}

void fp_timeline_cut(fp_timeline *t, bool (*is_cut)(void *context, uint32_t item), void *context)
{
    for (size_t i = 0; i < t->file_count; i++)
        if (is_cut(context, t->files[i]->told.item))
            t->files[i]->told.complete = false;
}

fp_status fp_timeline_build(fp_timeline *t, const fp_history **out)
{
    build b = {.t = t, .out = {.arena = t->arena}};
    fp_status status = sort_files(&b);
    if (status == FP_OK)
        status = gather_hits(&b);
    if (status == FP_OK)
        status = unite_by_name(&b);
    if (status == FP_OK)
        status = find_duplicates(&b);
    if (status == FP_OK)
        status = put_in_sequence(&b);
    if (status == FP_OK)
        status = run_machines(&b);
    return status == FP_OK ? tell(&b, out) : status;
}

bool fp_history_has_holes(const fp_history *history)
{
    for (size_t i = 0; i < history->file_count; i++) {
        const fp_log_file *file = &history->files[i];
        if (file->hits_lost || file->unmatched > 0 || file->counts.cut_lines > 0)
            return true;
    }
    return false;
}
