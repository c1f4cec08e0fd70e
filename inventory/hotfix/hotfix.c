/* SPDX-License-Identifier: MIT */
#include "inventory/hotfix/hotfix.h"

#include "inventory/hotfix/kb.h"
#include "inventory/hotfix/notes.h"
#include "inventory/hotfix/places.h"
#include "inventory/hotfix/state.h"

static void search_places(fp_search *s, bool that_make_known)
{
    const fp_hotfix_place *place;
    for (size_t i = 0; s->status == FP_OK && (place = fp_hotfix_place_at(i)) != NULL; i++) {
        s->place = place;
        if (place->search != NULL && place->makes_known == that_make_known)
            place->search(s);
    }
}

/* A mere mention counts of every hotfix that any place makes known: they all come first. */
static fp_status search_all(fp_search *s)
{
    search_places(s, true);
    search_places(s, false);
    const bool starved = s->asked.no_memory || s->others.no_memory;
    return s->status == FP_OK && starved ? FP_NOMEM : s->status;
}

/* --- conclusions --- */

static void join_doubts(fp_doubt *into, fp_arena *arena, const fp_doubt *more)
{
    const fp_reg_answer answer = {.exists = FP_UNKNOWN, .why = more->why};
    into->no_memory = into->no_memory || more->no_memory;
    for (size_t i = 0; i < more->path_count; i++)
        fp_doubt_note(into, arena, &answer, more->path[i]);
}

static fp_status conclude_present(fp_search *s, fp_found *f)
{
    if (f->present) {
        f->hotfix.present = FP_TRUE;
        return FP_OK;
    }
    fp_doubt doubt = s->asked;
    join_doubts(&doubt, s->arena, &f->of_present);
    f->hotfix.present = doubt.any ? FP_UNKNOWN : FP_FALSE;
    if (doubt.any)
        f->hotfix.why = fp_doubt_why(&doubt);
    return fp_doubt_where(&doubt, s->arena, &f->hotfix.unknown_where);
}

/* In the order of the places, and of each place as they were found. */
static void sort_traces(fp_hotfix *h)
{
    for (size_t i = 1; i < h->trace_count; i++) {
        const fp_trace trace = h->traces[i];
        size_t at = i;
        for (; at > 0 && h->traces[at - 1].place > trace.place; at--)
            h->traces[at] = h->traces[at - 1];
        h->traces[at] = trace;
    }
}

static bool is_contested(const fp_doubt *keys)
{
    return keys->any && keys->why == FP_WHY_CONFLICTING;
}

static fp_status conclude(fp_search *s, fp_found *f)
{
    fp_hotfix *h = &f->hotfix;
    const fp_status status = conclude_present(s, f);
    if (status != FP_OK)
        return status;
    const bool doubted = s->others.any || f->of_elsewhere.any;
    h->elsewhere = f->elsewhere ? FP_TRUE : doubted ? FP_UNKNOWN : FP_FALSE;
    h->contested = h->contested || is_contested(&f->of_present) || is_contested(&f->of_elsewhere);
    h->covered = !doubted && !s->asked.any && !f->of_present.any;
    h->searched = s->searched;
    sort_traces(h);
    fp_hotfix_note(h, s->product, s->arena);
    if (fp_observations_starved(&h->notes) || fp_observations_starved(&s->searched))
        return FP_NOMEM;
    return fp_hotfix_conclude(s->evidence, s->product, s->arena, h);
}

/* The search and what follows from it, for every hotfix that is found or was asked for. */
static fp_status search_and_conclude(fp_search *s)
{
    fp_status status = search_all(s);
    for (size_t i = 0; status == FP_OK && i < s->count; i++)
        status = conclude(s, s->hotfixes[i]);
    return status;
}

fp_status fp_hotfix_read(const fp_hotfix_evidence *evidence, fp_str kb, fp_str product,
                         fp_arena *arena, fp_hotfix *out)
{
    return fp_hotfix_read_each(evidence, &kb, 1, product, arena, out);
}

fp_status fp_hotfix_read_each(const fp_hotfix_evidence *evidence, const fp_str *kbs, size_t count,
                              fp_str product, fp_arena *arena, fp_hotfix *out)
{
    fp_search s = {.evidence = evidence, .arena = arena, .product = product};
    const fp_found *asked[FP_HOTFIX_ASKED_MAX];
    if (count > FP_HOTFIX_ASKED_MAX)
        return FP_LIMIT;
    for (size_t i = 0; i < count; i++) {
        uint64_t number;
        if (!fp_kb_parse(kbs[i], &number) || number == 0)
            return FP_FORMAT;
        asked[i] = fp_search_ask(&s, number);
        if (asked[i] == NULL)
            return FP_NOMEM;
    }
    const fp_status status = search_and_conclude(&s);
    for (size_t i = 0; status == FP_OK && i < count; i++)
        out[i] = asked[i]->hotfix;
    return status;
}

fp_status fp_hotfix_list(const fp_hotfix_evidence *evidence, fp_arena *arena, fp_hotfix **out,
                         size_t *count, fp_tri *complete)
{
    fp_search s = {.evidence = evidence, .arena = arena};
    const fp_status status = search_and_conclude(&s);
    if (status != FP_OK)
        return status;
    fp_hotfix *hotfixes = fp_arena_alloc_array(arena, s.count + 1, sizeof *hotfixes);
    if (hotfixes == NULL)
        return FP_NOMEM;
    bool contested = false;
    for (size_t i = 0; i < s.count; i++) {
        hotfixes[i] = s.hotfixes[i]->hotfix;
        contested = contested || s.hotfixes[i]->of_present.any;
    }
    *out = hotfixes;
    *count = s.count;
    *complete = s.unlisted || s.hotfixes_lost || contested ? FP_UNKNOWN : FP_TRUE;
    return FP_OK;
}
