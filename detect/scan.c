/* SPDX-License-Identifier: MIT */
/*
 * One log file to hits. Blocks of text are searched for all literals at once; only records that
 * hold one, or that lie inside an open episode, are looked at.
 */
#include "detect/hit.h"

#include <stdlib.h>
#include <string.h>

enum {
    JOIN_MAX = 200,       /* bytes of two halves: published messages have about 115 */
    JOIN_BLANK_LINES = 1, /* between the halves of a wrapped message */
    COMPONENT_MAX = 128,
    HOST_MAX = 255
};

/* Is an episode of an activity open, as far as this file tells? At its start one may be: that is
 * assumed until a begin or the end of a run shows how things stand, for another component's END may
 * come before the right one. */
typedef struct watch {
    bool open;
    bool assumed;
    uint64_t until;     /* record number at which it expires */
    uint64_t component; /* whose END counts; 0 = anybody's */
    bool taken;         /* the record before this one was a FAILURE or an END */
} watch;

struct fp_scan {
    fp_scan *next;
    fp_timeline *timeline;
    fp_file *file;
    fp_log_reader *reader;
    fp_str block;
    size_t next_literal; /* position in the block of the next one; valid when `searched` */
    bool searched;
    uint64_t records;
    const fp_hit_detail *last_detail; /* and the signature that made it */
    const fp_signature *last_by;
    size_t watching; /* how many watches are open */
    watch *watches;
    bool *owners; /* by signature over all activities: one of its literals is in the text */
    char component[COMPONENT_MAX]; /* of the last framed record */
    size_t component_size;
    struct {
        bool valid, plain;
        char text[JOIN_MAX];
        size_t size;
        uint64_t line, last_line;
        fp_time time;
    } before; /* the record before, while an episode is open */
    char joined[JOIN_MAX];
};

static uint64_t hash_of(fp_str s)
{
    uint64_t h = UINT64_C(0xCBF29CE484222325); /* FNV-1a */
    for (size_t i = 0; i < s.size; i++)
        h = (h ^ (unsigned char)s.data[i]) * UINT64_C(0x100000001B3);
    return h == 0 ? 1 : h;
}

/* ---- hits ---- */

static fp_status append(fp_scan *s, const fp_hit *hit)
{
    fp_file *f = s->file;
    const size_t room = sizeof f->last->hits / sizeof f->last->hits[0];
    if (f->last == NULL || f->last->count == room) {
        fp_hit_chunk *chunk = fp_arena_alloc(s->timeline->arena, sizeof *chunk);
        if (chunk == NULL)
            return FP_NOMEM;
        if (f->last == NULL)
            f->first = chunk;
        else
            f->last->next = chunk;
        f->last = chunk;
    }
    f->last->hits[f->last->count++] = *hit;
    f->told.hits++;
    return FP_OK;
}

/* Over the limit nothing more of the file is kept, and a break says so. */
static fp_status add_hit(fp_scan *s, fp_hit hit)
{
    if (s->file->told.hits_lost)
        return FP_OK;
    if (s->timeline->hit_count >= FP_TIMELINE_HITS_MAX) {
        s->file->told.hits_lost = true;
        hit = (fp_hit){.kind = FP_HIT_BREAK,
                       .activity = FP_HIT_ALL_ACTIVITIES,
                       .time = FP_TIME_NONE,
                       .line = hit.line};
    }
    s->timeline->hit_count++;
    hit.file = s->file->index;
    hit.key = FP_TIME_NONE;
    return append(s, &hit);
}

static fp_status add_event(fp_scan *s, fp_hit_kind kind, uint32_t activity, uint64_t line)
{
    const fp_hit_chunk *last = s->file->last;
    const fp_hit *before = last == NULL ? NULL : &last->hits[last->count - 1];
    if (before != NULL && before->kind == kind && before->activity == activity)
        return FP_OK; /* twice says no more than once */
    return add_hit(
        s, (fp_hit){.kind = kind, .activity = activity, .time = FP_TIME_NONE, .line = line});
}

/* ---- the open episodes ---- */

static void open_watch(fp_scan *s, watch *w, uint64_t component)
{
    if (!w->open) {
        w->open = true;
        w->component = component;
        s->watching++;
    }
    w->until = s->records + FP_EPISODE_RECORDS_MAX;
}

static void close_watch(fp_scan *s, watch *w)
{
    s->watching -= w->open;
    w->open = false;
}

static fp_status expire(fp_scan *s, uint64_t line)
{
    for (size_t i = 0; i < s->timeline->activity_count; i++) {
        watch *w = &s->watches[i];
        if (!w->open || s->records < w->until)
            continue;
        close_watch(s, w);
        w->assumed = false;
        const fp_status status = add_event(s, FP_HIT_EXPIRED, (uint32_t)i, line);
        if (status != FP_OK)
            return status;
    }
    return FP_OK;
}

static void follow(fp_scan *s, watch *w, fp_signature_role role, uint64_t component)
{
    switch (role) {
    case FP_SIG_BEGIN:
        close_watch(s, w); /* the component of the newest begin counts */
        open_watch(s, w, component);
        w->assumed = false;
        break;
    case FP_SIG_STEP:
        open_watch(s, w, component);
        break;
    case FP_SIG_FAILURE:
        open_watch(s, w, component);
        w->taken = true;
        break;
    case FP_SIG_END:
        if (!w->assumed)
            close_watch(s, w);
        w->taken = true;
        break;
    case FP_SIG_RUN_END:
    case FP_SIG_RUN_FAILURE:
        close_watch(s, w);
        w->assumed = false;
        break;
    case FP_SIG_RUN_BEGIN:
    case FP_SIG_ROLES:
        break;
    }
}

/* ---- matching ---- */

/* What is matched: a record's message, or two joined. */
typedef struct piece {
    fp_str text;
    fp_time time;
    uint64_t line;
    uint64_t component;
    uint32_t thread;
    bool joined;
} piece;

static fp_str at_most(fp_str s, size_t size)
{
    if (s.size <= size)
        return s;
    while (size > 0 && ((unsigned char)s.data[size] & 0xC0) == 0x80)
        size--;
    return (fp_str){s.data, size};
}

/* The same message again and again needs no more memory than once. */
static bool same_as_last(const fp_scan *s, const fp_signature *by, const fp_captures *captures,
                         fp_str text)
{
    return s->last_detail != NULL && s->last_by == by &&
           fp_str_eq(s->last_detail->text, at_most(text, FP_EPISODE_TEXT_MAX)) &&
           fp_str_eq(s->last_detail->update, at_most(captures->update, FP_EPISODE_TEXT_MAX)) &&
           text.size <= FP_EPISODE_TEXT_MAX;
}

static fp_status new_detail(fp_scan *s, const fp_signature *by, const fp_captures *captures,
                            fp_str text, const fp_hit_detail **out)
{
    if (same_as_last(s, by, captures, text)) {
        *out = s->last_detail;
        return FP_OK;
    }
    fp_hit_detail *detail = fp_arena_alloc(s->timeline->arena, sizeof *detail);
    if (detail == NULL)
        return FP_NOMEM;
    fp_status status =
        fp_str_dup(s->timeline->arena, at_most(text, FP_EPISODE_TEXT_MAX), &detail->text);
    if (status == FP_OK)
        status = fp_str_dup(s->timeline->arena, at_most(captures->update, FP_EPISODE_TEXT_MAX),
                            &detail->update);
    detail->has_counts = true;
    for (size_t i = 0; i < FP_SIG_COUNTS; i++)
        detail->has_counts &= fp_str_to_u64(captures->group[i + 1], &detail->counts[i]);
    s->last_detail = status == FP_OK ? detail : NULL;
    s->last_by = by;
    *out = detail;
    return status;
}

static fp_status take_match(fp_scan *s, const piece *p, size_t activity, size_t signature,
                            const fp_captures *captures)
{
    const fp_signature *by = &s->timeline->activities[activity]->signatures[signature];
    fp_hit hit = {.activity = (uint32_t)activity,
                  .signature = (uint32_t)signature,
                  .thread = p->thread,
                  .time = p->time,
                  .line = p->line,
                  .component = p->component,
                  .text_hash = hash_of(p->text)};
    if (by->role == FP_SIG_FAILURE || by->role == FP_SIG_END) {
        const fp_status status = new_detail(s, by, captures, p->text, &hit.detail);
        if (status != FP_OK)
            return status;
    }
    follow(s, &s->watches[activity], by->role, p->component);
    return add_hit(s, hit);
}

static bool same_component(uint64_t a, uint64_t b)
{
    return a == 0 || b == 0 || a == b;
}

/* Is this signature worth trying on this piece? */
static bool is_due(const fp_scan *s, const piece *p, size_t activity, size_t signature)
{
    const fp_signature *sig = &s->timeline->activities[activity]->signatures[signature];
    const watch *w = &s->watches[activity];
    if (sig->literal_count > 0 && !s->owners[s->timeline->first_signature[activity] + signature])
        return false;
    if (sig->role == FP_SIG_END)
        return w->open && same_component(w->component, p->component);
    return !p->joined || sig->role == FP_SIG_FAILURE;
}

/* A file that makes matching reach its bounds again and again is given up: no input may take hours.
 */
static fp_match match(fp_scan *s, const fp_signature *by, fp_str text, fp_captures *captures)
{
    if (s->file->told.unmatched >= FP_EPISODE_UNMATCHED_MAX)
        return FP_MATCH_UNKNOWN;
    return fp_pattern_match(by->pattern, s->timeline->matcher, text, captures);
}

static fp_status match_activity(fp_scan *s, const piece *p, size_t activity)
{
    const fp_activity *a = s->timeline->activities[activity];
    fp_status status = FP_OK;
    for (size_t i = 0; i < a->count && status == FP_OK; i++) {
        const size_t signature = a->order[i];
        if (!is_due(s, p, activity, signature))
            continue;
        fp_captures captures;
        switch (match(s, &a->signatures[signature], p->text, &captures)) {
        case FP_MATCH_YES:
            status = take_match(s, p, activity, signature, &captures);
            break;
        case FP_MATCH_UNKNOWN:
            s->file->told.unmatched++;
            status = add_event(s, FP_HIT_DAMAGE, (uint32_t)activity, p->line);
            break;
        case FP_MATCH_NO:
            break;
        }
    }
    return status;
}

static void find_owners(fp_scan *s, fp_str text)
{
    memset(s->owners, 0, s->timeline->signature_count * sizeof *s->owners);
    fp_literals_owners(s->timeline->literals, text, s->owners);
}

/* ---- wrapped messages ---- */

static bool can_join(const fp_scan *s, const fp_log_record *record)
{
    return s->before.valid && (s->before.plain || record->framing == FP_LOG_PLAIN) &&
           s->before.size + 1 + record->message.size <= JOIN_MAX &&
           record->line - s->before.last_line <= 1 + JOIN_BLANK_LINES;
}

static fp_status match_joined(fp_scan *s, const fp_log_record *record, const piece *alone)
{
    memcpy(s->joined, s->before.text, s->before.size);
    s->joined[s->before.size] = ' ';
    if (record->message.size > 0)
        memcpy(s->joined + s->before.size + 1, record->message.data, record->message.size);

    piece p = *alone;
    p.text = (fp_str){s->joined, s->before.size + 1 + record->message.size};
    p.line = s->before.line;
    p.joined = true;
    if (p.time == FP_TIME_NONE)
        p.time = s->before.time;
    find_owners(s, p.text);
    for (size_t i = 0; i < s->timeline->activity_count; i++) {
        watch *w = &s->watches[i];
        if (!w->open || w->taken)
            continue;
        const fp_status status = match_activity(s, &p, i);
        if (status != FP_OK)
            return status;
    }
    return FP_OK;
}

static void remember(fp_scan *s, const fp_log_record *record)
{
    s->before.valid = s->watching > 0 && record->message.size <= JOIN_MAX;
    if (!s->before.valid)
        return;
    if (record->message.size > 0)
        memcpy(s->before.text, record->message.data, record->message.size);
    s->before.size = record->message.size;
    s->before.plain = record->framing == FP_LOG_PLAIN;
    s->before.line = record->line;
    s->before.last_line = record->line + record->lines - 1;
    s->before.time = record->time;
}

/* ---- records ---- */

static void on_block(void *context, fp_str block)
{
    fp_scan *s = context;
    s->block = block;
    s->searched = false;
}

/* Does the record hold a literal? The block is searched once: most records lie before the next
 * literal. */
static bool holds_literal(fp_scan *s, const fp_log_record *record)
{
    const size_t at = (size_t)(record->raw.data - s->block.data);
    if (!s->searched || s->next_literal < at) {
        s->next_literal = fp_literals_find(s->timeline->literals, s->block, at);
        s->searched = true;
    }
    return s->next_literal < at + record->raw.size;
}

/* Plain lines among framed records continue the record before them: they share its component. */
static uint64_t component_of(const fp_scan *s, const fp_log_record *record)
{
    if (record->component.size > 0)
        return hash_of(record->component);
    return s->component_size == 0 ? 0 : hash_of((fp_str){s->component, s->component_size});
}

static void remember_component(fp_scan *s, fp_str component)
{
    if (component.size == 0 || component.size > COMPONENT_MAX ||
        (component.size == s->component_size &&
         memcmp(component.data, s->component, component.size) == 0))
        return;
    memcpy(s->component, component.data, component.size);
    s->component_size = component.size;
}

static fp_status match_record(fp_scan *s, const fp_log_record *record, bool literal)
{
    const piece p = {.text = record->message,
                     .time = record->time,
                     .line = record->line,
                     .component = component_of(s, record),
                     .thread = record->thread};
    bool before_taken = false;
    for (size_t i = 0; i < s->timeline->activity_count; i++) {
        before_taken |= s->watches[i].taken;
        s->watches[i].taken = false;
    }
    if (literal)
        find_owners(s, record->message);
    else
        memset(s->owners, 0, s->timeline->signature_count * sizeof *s->owners);
    for (size_t i = 0; i < s->timeline->activity_count; i++) {
        const fp_status status = match_activity(s, &p, i);
        if (status != FP_OK)
            return status;
    }
    return !before_taken && can_join(s, record) ? match_joined(s, record, &p) : FP_OK;
}

/* ---- whose log is it ---- */

static bool is_host_name(fp_str s)
{
    for (size_t i = 0; i < s.size; i++) {
        const char c = s.data[i];
        const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        if (!good)
            return false;
    }
    return s.size > 0 && s.size <= HOST_MAX && s.data[0] != '.';
}

static fp_str first_label(fp_str host)
{
    const char *dot = memchr(host.data, '.', host.size);
    return dot == NULL ? host : (fp_str){host.data, (size_t)(dot - host.data)};
}

static fp_status note_host(fp_scan *s, const fp_log_record *record)
{
    fp_timeline *t = s->timeline;
    if (record->statmsg == NULL || !is_host_name(record->statmsg->system))
        return FP_OK;
    const fp_str host = record->statmsg->system;
    if (s->file->told.host.size == 0) {
        const fp_status status = fp_str_dup(t->arena, host, &s->file->told.host);
        if (status != FP_OK)
            return status;
    }
    for (size_t i = 0; i < t->host_count; i++) {
        if (fp_str_ieq(t->hosts[i], first_label(host)))
            return FP_OK;
    }
    if (t->host_count == FP_TIMELINE_HOSTS_MAX)
        return FP_OK; /* two are a conflict already */
    const fp_status status = fp_str_dup(t->arena, first_label(host), &t->hosts[t->host_count]);
    if (status != FP_OK)
        return status;
    return fp_line_origin(t->arena, s->file->told.item, record->line,
                          &t->host_origins[t->host_count++]);
}

static fp_status on_record(void *context, const fp_log_record *record)
{
    fp_scan *s = context;
    s->records++;
    const bool literal = holds_literal(s, record);
    const bool damaged = record->cut || record->nul;
    fp_status status = record->statmsg == NULL ? FP_OK : note_host(s, record);
    if (record->framing != FP_LOG_PLAIN)
        remember_component(s, record->component);

    /* What was lost may have come before or after what is left of the record. */
    if (status == FP_OK && damaged)
        status = add_event(s, FP_HIT_DAMAGE, FP_HIT_ALL_ACTIVITIES, record->line);
    if (status == FP_OK && (literal || s->watching > 0))
        status = match_record(s, record, literal);
    if (status == FP_OK && damaged)
        status = add_event(s, FP_HIT_DAMAGE, FP_HIT_ALL_ACTIVITIES, record->line);
    if (status == FP_OK && s->watching > 0)
        status = expire(s, record->line);
    remember(s, record);
    return status;
}

/* ---- one file ---- */

static fp_file *new_file(fp_timeline *t, uint32_t item, fp_str name)
{
    fp_file **files =
        fp_arena_grow(t->arena, t->files, t->file_count, &t->file_capacity, sizeof *t->files);
    fp_file *f = fp_arena_alloc(t->arena, sizeof *f);
    if (files == NULL || f == NULL || fp_str_dup(t->arena, name, &f->told.name) != FP_OK)
        return NULL;
    f->told.item = item;
    f->told.counts = (fp_log_counts){.first = FP_TIME_NONE,
                                     .last = FP_TIME_NONE,
                                     .earliest = FP_TIME_NONE,
                                     .latest = FP_TIME_NONE};
    f->index = (uint32_t)t->file_count;
    t->files = files;
    t->files[t->file_count++] = f;
    return f;
}

fp_status fp_scan_begin(fp_timeline *t, uint32_t item, fp_str name, const char *code_page,
                        fp_scan **out)
{
    fp_scan *s = calloc(1, sizeof *s);
    if (s == NULL)
        return FP_NOMEM;
    s->timeline = t;
    s->next = t->scans;
    t->scans = s;
    s->watches = calloc(t->activity_count + 1, sizeof *s->watches);
    s->owners = calloc(t->signature_count + 1, sizeof *s->owners);
    s->reader = fp_log_reader_new(code_page, on_record, s);
    s->file = new_file(t, item, name);
    if (s->watches == NULL || s->owners == NULL || s->reader == NULL || s->file == NULL) {
        fp_scan_free(s);
        return FP_NOMEM;
    }
    fp_log_reader_on_block(s->reader, on_block);
    for (size_t i = 0; i < t->activity_count; i++) {
        open_watch(s, &s->watches[i], 0); /* the file before may end inside an episode */
        s->watches[i].assumed = true;
    }
    *out = s;
    return FP_OK;
}

void fp_scan_free(fp_scan *s)
{
    for (fp_scan **at = &s->timeline->scans; *at != NULL; at = &(*at)->next) {
        if (*at == s) {
            *at = s->next;
            break;
        }
    }
    fp_log_reader_free(s->reader);
    free(s->watches);
    free(s->owners);
    free(s);
}

fp_status fp_scan_feed(fp_scan *s, fp_span bytes)
{
    return fp_log_feed(s->reader, bytes);
}

fp_status fp_scan_end(fp_scan *s, bool complete)
{
    fp_log_file *told = &s->file->told;
    const fp_status status = fp_log_end(s->reader, &told->counts);
    told->complete = status == FP_OK && complete;
    fp_scan_free(s);
    return status;
}
