/* SPDX-License-Identifier: MIT */
/* The machine: the hits of one log, in order, become the episodes and runs of one activity. Its
 * rules stand in episode.h. */
#include "detect/hit.h"

#include <inttypes.h>
#include <string.h>

struct fp_machine {
    const fp_timeline *timeline;
    const fp_activity *activity;
    uint32_t index;
    fp_outcomes *out;

    bool open;
    bool begun;      /* by a BEGIN */
    bool begin_only; /* nothing but BEGIN so far: the burst may go on */
    bool damaged;    /* a record in it could not be read whole */
    bool skewed;     /* a file of it contradicts its own times */
    uint64_t seen;   /* bit for each signature */
    uint64_t component;
    fp_time key;
    const fp_hit *last; /* of the episode */
    uint64_t listed;    /* the signatures whose names `marks` holds: most episodes see the same */
    fp_str marks;
    fp_episode episode;

    bool in_run;
    bool run_damaged;
    fp_time run_key;
    fp_run run;
};

fp_status fp_line_origin(fp_arena *arena, uint32_t item, uint64_t line, fp_origin *out)
{
    const char *where = fp_arena_printf(arena, "line %" PRIu64, line);
    if (where == NULL)
        return FP_NOMEM;
    *out = (fp_origin){.item = item, .where = fp_str_of(where)};
    return FP_OK;
}

fp_machine *fp_machine_new(const fp_timeline *timeline, uint32_t activity, fp_outcomes *out)
{
    fp_machine *m = fp_arena_alloc(out->arena, sizeof *m);
    if (m == NULL)
        return NULL;
    m->timeline = timeline;
    m->activity = timeline->activities[activity];
    m->index = activity;
    m->out = out;
    return m;
}

static const fp_file *file_of(const fp_machine *m, const fp_hit *hit)
{
    return m->timeline->files[hit->file];
}

static fp_status origin_of(const fp_machine *m, const fp_hit *hit, fp_origin *out)
{
    return fp_line_origin(m->out->arena, file_of(m, hit)->told.item, hit->line, out);
}

/* ---- closing ---- */

static fp_status list_marks(fp_machine *m, fp_str *out)
{
    fp_str list = {"", 0};
    if (m->listed == m->seen) {
        *out = m->marks;
        return FP_OK;
    }
    for (size_t i = 0; i < m->activity->count; i++) {
        if ((m->seen >> i & 1) == 0)
            continue;
        const char *text =
            fp_arena_printf(m->out->arena, "%.*s%s%s", FP_STR_ARG(list), list.size == 0 ? "" : ",",
                            m->activity->signatures[i].name);
        if (text == NULL)
            return FP_NOMEM;
        list = fp_str_of(text);
    }
    m->listed = m->seen;
    m->marks = list;
    *out = list;
    return FP_OK;
}

static fp_status push_episode(fp_machine *m)
{
    fp_outcomes *o = m->out;
    fp_episode_row *rows = fp_arena_grow(o->arena, o->episodes, o->episode_count,
                                         &o->episode_capacity, sizeof *o->episodes);
    fp_episode *episode = fp_arena_copy(o->arena, &m->episode, sizeof *episode);
    if (rows == NULL || episode == NULL)
        return FP_NOMEM;
    o->episodes = rows;
    rows[o->episode_count] =
        (fp_episode_row){.episode = episode, .key = m->key, .number = o->episode_count};
    o->episode_count++;
    return FP_OK;
}

static bool has_failed(const fp_machine *m)
{
    return m->episode.outcome == FP_EPISODE_FAILED;
}

static fp_status finish(fp_machine *m)
{
    fp_episode *e = &m->episode;
    e->whole = e->outcome == FP_EPISODE_FAILED || (e->outcome == FP_EPISODE_COMPLETED && m->begun);
    e->skewed = m->skewed;
    e->dated = e->begin != FP_TIME_NONE && e->end != FP_TIME_NONE && !e->skewed;
    m->open = false;
    fp_status status = list_marks(m, &e->marks);
    if (status == FP_OK)
        status = origin_of(m, m->last, &e->end_origin);
    return status == FP_OK ? push_episode(m) : status;
}

/* No END came. */
static fp_status close_without_end(fp_machine *m)
{
    if (!m->open)
        return FP_OK;
    m->episode.end = has_failed(m) ? m->last->time : FP_TIME_NONE;
    return finish(m);
}

/* The log ends here, or what follows is missing. */
static fp_status cut_short(fp_machine *m)
{
    m->episode.cut_short = true;
    return close_without_end(m);
}

/* ---- inside an episode ---- */

static void note(fp_machine *m, const fp_hit *hit)
{
    m->seen |= UINT64_C(1) << hit->signature;
    m->skewed |= file_of(m, hit)->skewed;
    m->last = hit;
}

static fp_status open_episode(fp_machine *m, const fp_hit *hit)
{
    m->open = true;
    m->begun = m->begin_only = m->damaged = m->skewed = false;
    m->seen = 0;
    m->component = hit->component;
    m->key = hit->key;
    m->episode = (fp_episode){.activity = m->index,
                              .begin = FP_TIME_NONE,
                              .end = FP_TIME_NONE,
                              .failure = FP_TIME_NONE,
                              .update = {"", 0},
                              .failure_text = {"", 0}};
    return origin_of(m, hit, &m->episode.begin_origin);
}

static fp_status take_begin(fp_machine *m, const fp_hit *hit)
{
    const bool goes_on = m->open && m->begin_only && (m->seen >> hit->signature & 1) == 0;
    if (goes_on) {
        note(m, hit);
        return FP_OK;
    }
    fp_status status = close_without_end(m);
    if (status == FP_OK)
        status = open_episode(m, hit);
    if (status != FP_OK)
        return status;
    m->begun = m->begin_only = true;
    m->episode.begin = hit->time;
    note(m, hit);
    return FP_OK;
}

static fp_status take_step(fp_machine *m, const fp_hit *hit)
{
    const fp_status status = m->open ? FP_OK : open_episode(m, hit);
    m->begin_only = false;
    note(m, hit);
    return status;
}

static fp_status take_failure(fp_machine *m, const fp_hit *hit)
{
    fp_status status = take_step(m, hit);
    if (status != FP_OK || has_failed(m))
        return status;
    fp_episode *e = &m->episode;
    e->outcome = FP_EPISODE_FAILED;
    e->failure = hit->time;
    e->update = hit->detail->update;
    e->failure_text = hit->detail->text;
    return origin_of(m, hit, &e->failure_origin);
}

static bool same_component(uint64_t a, uint64_t b)
{
    return a == 0 || b == 0 || a == b;
}

static fp_status take_end(fp_machine *m, const fp_hit *hit)
{
    if (!m->open || !same_component(m->component, hit->component))
        return FP_OK;
    note(m, hit);
    fp_episode *e = &m->episode;
    if (!has_failed(m))
        e->outcome = m->damaged ? FP_EPISODE_UNKNOWN : FP_EPISODE_COMPLETED;
    e->end = hit->time;
    e->has_counts = hit->detail->has_counts;
    if (e->has_counts)
        memcpy(e->counts, hit->detail->counts, sizeof e->counts);
    return finish(m);
}

/* ---- runs ---- */

static fp_status begin_run(fp_machine *m, const fp_hit *hit)
{
    m->in_run = true; /* one that did not end is forgotten: it was not seen whole */
    m->run_damaged = false;
    m->run_key = hit->key;
    m->run =
        (fp_run){.activity = m->index, .begin = hit->time, .end = FP_TIME_NONE, .active = false};
    return origin_of(m, hit, &m->run.begin_origin);
}

static fp_status push_run(fp_machine *m)
{
    fp_outcomes *o = m->out;
    fp_run_row *rows =
        fp_arena_grow(o->arena, o->runs, o->run_count, &o->run_capacity, sizeof *o->runs);
    if (rows == NULL)
        return FP_NOMEM;
    o->runs = rows;
    rows[o->run_count] = (fp_run_row){.run = m->run, .key = m->run_key, .number = o->run_count};
    o->run_count++;
    return FP_OK;
}

static fp_status end_run(fp_machine *m, const fp_hit *hit, bool failed)
{
    fp_status status = close_without_end(m);
    const bool told = m->in_run && (m->run.active || (!m->run_damaged && !failed));
    m->in_run = false;
    if (status != FP_OK || !told)
        return status;
    m->run.end = hit->time;
    status = origin_of(m, hit, &m->run.end_origin);
    return status == FP_OK ? push_run(m) : status;
}

/* ---- the machine ---- */

static fp_status take_signature(fp_machine *m, const fp_hit *hit)
{
    switch (m->activity->signatures[hit->signature].role) {
    case FP_SIG_BEGIN:
        m->run.active = true;
        return take_begin(m, hit);
    case FP_SIG_STEP:
        m->run.active = true;
        return take_step(m, hit);
    case FP_SIG_FAILURE:
        m->run.active = true;
        return take_failure(m, hit);
    case FP_SIG_END:
        return take_end(m, hit);
    case FP_SIG_RUN_BEGIN:
        return begin_run(m, hit);
    case FP_SIG_RUN_END:
        return end_run(m, hit, false);
    case FP_SIG_RUN_FAILURE:
        return end_run(m, hit, true);
    case FP_SIG_ROLES:
        break;
    }
    return FP_OK;
}

fp_status fp_machine_take(fp_machine *m, const fp_hit *hit)
{
    if (hit == NULL)
        return cut_short(m);
    switch (hit->kind) {
    case FP_HIT_SIGNATURE:
        return take_signature(m, hit);
    case FP_HIT_DAMAGE:
        m->damaged = true;
        m->run_damaged = true;
        return FP_OK;
    case FP_HIT_EXPIRED:
        return close_without_end(m);
    case FP_HIT_BREAK:
        m->in_run = false;
        return cut_short(m);
    }
    return FP_OK;
}
