/* SPDX-License-Identifier: MIT */
#include "inventory/catalog/catalog_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
    INNER_MEMORY =
        32 * 1024 * 1024, /* bytes: tables of the largest cabinet that the format allows */
    HELD_FIRST = 64 * 1024
};

/* ---- the cabinets in the catalogue ---------------------------------------------------- */

void fp_catalog_drop_inner(fp_catalog_reader *r)
{
    fp_arena_free(r->inner.arena);
    r->inner = (fp_catalog_inner){.open = false};
}

void fp_catalog_begin_inner(fp_catalog_reader *r, fp_str name, bool is_package)
{
    r->inner = (fp_catalog_inner){.open = true, .is_package = is_package, .name = name};
    r->inner.arena = fp_arena_new(INNER_MEMORY);
    r->inner.scanner = r->inner.arena == NULL ? NULL : fp_cabinet_scan_new(r->inner.arena);
    if (r->inner.scanner == NULL)
        r->status = FP_NOMEM;
}

/* The decoder's words came out of the jail: as hostile as the archive. */
static void tell_of_nested(fp_catalog_reader *r, fp_str message)
{
    fp_str shown;
    if (fp_text_display(message, r->arena, &shown) != FP_OK)
        r->status = FP_NOMEM;
    else
        fp_catalog_problem(r, "%.*s: %.*s", FP_STR_ARG(r->inner.name), FP_STR_ARG(shown));
}

/* That it is cut where the reading was stopped is no fault of the cabinet's. */
static bool is_stop(const fp_cabinet_finding *finding, bool complete)
{
    return !complete && finding->fault == FP_CAB_CUT_OFF;
}

static fp_catalog_state state_of(const fp_cabinet_finding *fault, const fp_archive_member *m,
                                 bool complete)
{
    if (!complete)
        return FP_CATALOG_DAMAGED;
    if (fault != NULL)
        return fp_cabinet_fault_is_unsupported(fault->fault) ? FP_CATALOG_NOT_DECODED
                                                             : FP_CATALOG_DAMAGED;
    if (m->nested == FP_FATE_LIMIT)
        return FP_CATALOG_NOT_DECODED;
    return m->nested == FP_FATE_ENDED ? FP_CATALOG_SOUND : FP_CATALOG_DAMAGED;
}

/* libarchive alone is no judge of a cabinet: it passes over a wrong size and trailing bytes, and
 * may hand out a block before it finds it damaged. */
static fp_catalog_state judge(fp_catalog_reader *r, const fp_archive_member *m, bool complete)
{
    const fp_cabinet *cabinet = fp_cabinet_scan_end(r->inner.scanner, complete);
    const fp_cabinet_finding *first = &cabinet->findings[0];
    const fp_cabinet_finding *fault = fp_cabinet_hard_finding(cabinet);
    if (fault != NULL && is_stop(fault, complete))
        fault = NULL;
    if (cabinet->finding_count > 0 && !is_stop(first, complete))
        fp_catalog_problem(r, "%.*s: %s (offset %llu)", FP_STR_ARG(r->inner.name), first->message,
                           (unsigned long long)first->offset);
    if (fault == NULL && !complete)
        fp_catalog_problem(r, "%.*s: not read to its end", FP_STR_ARG(r->inner.name));
    else if (fault == NULL && m->nested != FP_FATE_ENDED)
        tell_of_nested(r, m->nested_message);
    if (r->second == NULL)
        r->catalog.blocks_unchecked += cabinet->blocks_unchecked;
    return state_of(fault, m, complete);
}

fp_catalog_state fp_catalog_end_inner(fp_catalog_reader *r, const fp_archive_member *m,
                                      bool complete)
{
    const fp_catalog_state state =
        r->inner.scanner != NULL ? judge(r, m, complete) : FP_CATALOG_NOT_DECODED;
    fp_catalog_drop_inner(r);
    return state;
}

/* ---- the search for KB numbers -------------------------------------------------------- */

bool fp_catalog_searches(const fp_catalog_search *s, fp_str member_name, fp_fragment_name *what)
{
    return s->asked && fp_fragment_name_parse(member_name, what) &&
           (what->kind == FP_FRAGMENT_EXTENDED || what->kind == FP_FRAGMENT_WHOLE);
}

void fp_catalog_search_begin(fp_catalog_reader *r, const fp_archive_member *m)
{
    fp_catalog_search *s = &r->search;
    s->collecting = fp_catalog_searches(s, m->name, &s->what);
    s->what.language = FP_STR("");
    s->held_size = 0;
}

static bool make_room(fp_catalog_search *s, size_t needed)
{
    size_t capacity = s->held_capacity < HELD_FIRST ? HELD_FIRST : s->held_capacity;
    while (capacity < needed)
        capacity *= 2;
    if (capacity == s->held_capacity)
        return true;
    uint8_t *held = realloc(s->held, capacity);
    if (held == NULL)
        return false;
    s->held = held;
    s->held_capacity = capacity;
    return true;
}

void fp_catalog_search_data(fp_catalog_reader *r, fp_span bytes)
{
    fp_catalog_search *s = &r->search;
    if (!s->collecting)
        return;
    if (bytes.size > FP_FRAGMENT_SIZE_MAX - s->held_size) {
        s->collecting = false;
        s->unreadable++;
        fp_catalog_problem(r, "%.*s: the fragment of revision %u is too large to be searched",
                           FP_STR_ARG(r->inner.name), (unsigned)s->what.revision_id);
        return;
    }
    if (!make_room(s, s->held_size + bytes.size)) {
        r->status = FP_NOMEM;
        return;
    }
    memcpy(s->held + s->held_size, bytes.data, bytes.size);
    s->held_size += bytes.size;
}

static bool may_match(const fp_catalog_reader *r, fp_span fragment)
{
    const fp_catalog *c = &r->catalog;
    for (size_t i = 0; i < c->question_count; i++) {
        if (c->questions[i].key.by == FP_CATALOG_BY_KB &&
            fp_fragment_may_name_kb(fragment, c->questions[i].key.number))
            return true;
    }
    return false;
}

/* Where a revision is told twice, its first place counts. True: nothing is to be added. */
static bool is_known(fp_catalog_search *s, size_t question, const fp_catalog_hit *hit, size_t *kept)
{
    fp_catalog_hit *hits = s->hits[question];
    for (size_t i = 0; i < *kept; i++) {
        if (hits[i].revision_id != hit->revision_id)
            continue;
        if (hits[i].member <= hit->member)
            return true;
        (*kept)--;
        s->hit_count[question]--;
        memmove(hits + i, hits + i + 1, (*kept - i) * sizeof *hits);
        break;
    }
    return false;
}

void fp_catalog_take_hit(fp_catalog_reader *r, size_t question, fp_catalog_hit hit)
{
    fp_catalog_search *s = &r->search;
    if (s->hits[question] == NULL)
        s->hits[question] =
            fp_arena_alloc_array(r->arena, FP_CATALOG_ANSWERS_MAX, sizeof *s->hits[question]);
    fp_catalog_hit *hits = s->hits[question];
    if (hits == NULL) {
        r->status = FP_NOMEM;
        return;
    }
    const size_t count = s->hit_count[question];
    size_t kept = count < FP_CATALOG_ANSWERS_MAX ? count : FP_CATALOG_ANSWERS_MAX;
    if (is_known(s, question, &hit, &kept))
        return;
    s->hit_count[question]++;
    size_t at = kept;
    while (at > 0 && hits[at - 1].member > hit.member)
        at--;
    if (at == FP_CATALOG_ANSWERS_MAX)
        return;
    const size_t behind = kept < FP_CATALOG_ANSWERS_MAX ? kept - at : kept - at - 1;
    memmove(hits + at + 1, hits + at, behind * sizeof *hits);
    hits[at] = hit;
}

static void take_kbs(fp_catalog_reader *r, const fp_fragment *said)
{
    const fp_catalog *c = &r->catalog;
    for (size_t i = 0; i < c->question_count; i++) {
        if (c->questions[i].key.by != FP_CATALOG_BY_KB)
            continue;
        for (size_t k = 0; k < said->kb_count && k < FP_FRAGMENT_KBS_MAX; k++) {
            if (said->kbs[k] == c->questions[i].key.number) {
                fp_catalog_take_hit(
                    r, i, (fp_catalog_hit){r->search.what.revision_id, r->catalog.members});
                break;
            }
        }
    }
}

static void read_held(fp_catalog_reader *r)
{
    static const fp_fragment_events none = {0};
    fp_catalog_search *s = &r->search;
    fp_fragment_reader *f = fp_fragment_new(s->what.kind, FP_STR(""), &none);
    if (f == NULL) {
        r->status = FP_NOMEM;
        return;
    }
    fp_fragment_feed(f, fp_span_of(s->held, s->held_size));
    const fp_fragment *said = fp_fragment_end(f, true);
    const fp_xml_trouble *trouble = fp_fragment_trouble(f);
    take_kbs(r, said);
    if (trouble->no_memory)
        r->status = FP_NOMEM;
    if (trouble->what != NULL || said->kb_unreadable || said->kb_count > FP_FRAGMENT_KBS_MAX) {
        s->unreadable++;
        fp_catalog_problem(r, "%.*s: the fragment of revision %u: %s", FP_STR_ARG(r->inner.name),
                           (unsigned)s->what.revision_id,
                           trouble->what != NULL ? trouble->what
                                                 : "a KBArticleID that cannot be read");
    }
    fp_fragment_free(f);
}

/* Of some 800,000 fragments nearly all end at the search for the digits. */
void fp_catalog_search_end(fp_catalog_reader *r, bool complete)
{
    fp_catalog_search *s = &r->search;
    if (!s->collecting)
        return;
    s->collecting = false;
    if (complete && may_match(r, fp_span_of(s->held, s->held_size)))
        read_held(r);
}

void fp_catalog_search_free(fp_catalog_search *s)
{
    free(s->held);
    s->held = NULL;
    s->held_size = s->held_capacity = 0;
}
