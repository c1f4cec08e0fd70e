/* SPDX-License-Identifier: MIT */
#include "inventory/hotfix/search.h"

#include "inventory/hotfix/kb.h"
#include "inventory/hotfix/places.h"

#include <string.h>

/* --- the walk --- */

/* A registry that goes on for ever must not be followed for ever. */
bool fp_search_step(fp_search *s)
{
    if (s->status != FP_OK)
        return false;
    if (s->steps < FP_HOTFIX_KEYS_MAX) {
        s->steps++;
        return true;
    }
    fp_search_doubt_path(s, FP_STR("HKEY_LOCAL_MACHINE\\SOFTWARE"));
    return false;
}

void fp_search_doubt(fp_search *s, const fp_reg_answer *answer, fp_str path)
{
    fp_doubt_note(s->of_product ? &s->asked : &s->others, s->arena, answer, path);
    s->unlisted = s->unlisted || (answer->exists == FP_UNKNOWN && s->place->makes_known);
}

void fp_search_doubt_path(fp_search *s, fp_str path)
{
    static const fp_reg_answer NOT_FOLLOWED = {.exists = FP_UNKNOWN, .why = FP_WHY_INCOMPLETE};
    fp_search_doubt(s, &NOT_FOLLOWED, path);
}

fp_reg_answer fp_search_list(fp_search *s, size_t export_size, fp_registry_subkey_fn *each,
                             void *context)
{
    const fp_reg_answer listed =
        fp_registry_subkeys(s->evidence->registry, fp_key_path_str(&s->path), each, context);
    fp_search_doubt(s, &listed, (fp_str){s->path.text, export_size});
    return listed;
}

/* --- which hotfixes --- */

/* Where this number is among the hotfixes, or would be. */
static size_t position_of(const fp_search *s, uint64_t number)
{
    size_t first = 0;
    for (size_t end = s->count; first < end;) {
        const size_t middle = first + (end - first) / 2;
        if (s->hotfixes[middle]->number < number)
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

static fp_found *new_hotfix(fp_search *s, uint64_t number, size_t position)
{
    if (s->count == FP_HOTFIXES_MAX) {
        s->hotfixes_lost = true;
        return NULL;
    }
    fp_found **grown =
        fp_arena_grow(s->arena, s->hotfixes, s->count, &s->capacity, sizeof(fp_found *));
    fp_found *f = fp_arena_alloc(s->arena, sizeof *f);
    const char *kb = fp_arena_printf(s->arena, "KB%llu", (unsigned long long)number);
    if (grown == NULL || f == NULL || kb == NULL) {
        s->status = FP_NOMEM;
        return NULL;
    }
    *f = (fp_found){.number = number, .hotfix = {.kb = fp_str_of(kb)}};
    s->hotfixes = grown;
    memmove(grown + position + 1, grown + position, (s->count - position) * sizeof(fp_found *));
    grown[position] = f;
    s->count++;
    return f;
}

static fp_found *hotfix_of(fp_search *s, uint64_t number, bool make)
{
    if (s->status != FP_OK)
        return NULL;
    const size_t position = position_of(s, number);
    if (position < s->count && s->hotfixes[position]->number == number)
        return s->hotfixes[position];
    return make ? new_hotfix(s, number, position) : NULL;
}

fp_found *fp_search_ask(fp_search *s, uint64_t number)
{
    s->only_asked = true;
    return hotfix_of(s, number, true);
}

fp_found *fp_search_hotfix(fp_search *s, uint64_t number)
{
    return hotfix_of(s, number, !s->only_asked && s->place->makes_known);
}

/* --- traces --- */

static void count_trace(const fp_search *s, fp_found *f)
{
    if (s->of_product)
        f->present = true;
    else
        f->elsewhere = true;
}

bool fp_search_has_room(fp_search *s, fp_found *f)
{
    if (f->hotfix.trace_count < FP_HOTFIX_TRACES_MAX && s->traces < FP_HOTFIX_SEARCH_TRACES_MAX)
        return true;
    f->hotfix.traces_lost = true;
    count_trace(s, f);
    return false;
}

void fp_search_add(fp_search *s, fp_found *f, const fp_trace *trace)
{
    if (s->status != FP_OK || !fp_search_has_room(s, f))
        return;
    fp_trace *traces = fp_arena_grow(s->arena, f->hotfix.traces, f->hotfix.trace_count,
                                     &f->trace_capacity, sizeof *traces);
    if (traces == NULL) {
        s->status = FP_NOMEM;
        return;
    }
    f->hotfix.traces = traces;
    traces[f->hotfix.trace_count++] = *trace;
    s->traces++;
    if (s->of_product || trace->says != FP_TRACE_SAYS_HINT)
        count_trace(s, f);
}

/* --- keys as traces --- */

typedef struct key_match {
    fp_search *s;
    const fp_reg_subkey *key;
    fp_search_read_fn *read;
    void *context;
} key_match;

static bool is_contested(fp_search *s, fp_found *f, fp_origin *origin)
{
    const fp_str path = fp_key_path_str(&s->path);
    const fp_reg_answer answer = fp_registry_key(s->evidence->registry, path);
    *origin = answer.origin;
    if (answer.exists == FP_TRUE)
        return false;
    fp_doubt_note(s->of_product ? &f->of_present : &f->of_elsewhere, s->arena, &answer, path);
    fp_observe(&f->hotfix.notes, s->arena, (fp_origin){0, f->hotfix.kb},
               "the evidence disagrees about the key %.*s", FP_STR_ARG(path));
    return true;
}

static void add_key(const key_match *m, fp_found *f)
{
    fp_search *s = m->s;
    if (f->key == s->key) /* its name, or its name and the text, mean the hotfix several times */
        return;
    f->key = s->key;
    /* One that will not be kept need not be read; but what decides `present` must not be contested.
     */
    if (f->settled == s->place || (!s->of_product && !fp_search_has_room(s, f)))
        return;
    fp_trace trace = {.place = s->place->place,
                      .wow64 = s->view == FP_VIEW_WOW64,
                      .written = m->key->written,
                      .files_complete = FP_TRUE};
    if (is_contested(s, f, &trace.origin) || !fp_search_has_room(s, f))
        return;
    if (!m->read(m->context, f, &trace))
        return;
    fp_search_keep(s, fp_key_path_str(&s->path), &trace.key_path);
    fp_search_keep(s, m->key->name, &trace.name);
    fp_search_add(s, f, &trace);
}

/* A mention costs look-ups as a key does: a name may be made of nothing else. */
static void add_mentions(const key_match *m, fp_str text)
{
    uint64_t number;
    for (size_t at = 0; fp_kb_next(text, &at, &number) && fp_search_step(m->s);) {
        fp_found *f = fp_search_hotfix(m->s, number);
        if (f != NULL)
            add_key(m, f);
    }
}

void fp_search_key(fp_search *s, const fp_reg_subkey *key, fp_str text, fp_search_read_fn *read,
                   void *context)
{
    const key_match match = {.s = s, .key = key, .read = read, .context = context};
    const size_t up = s->path.size;
    if (!fp_key_path_down(&s->path, key->name))
        return; /* longer than any path: no hotfix's name */
    s->key++;
    uint64_t number;
    fp_found *bare = s->only_asked && fp_kb_parse(key->name, &number)
                         ? fp_search_hotfix(s, number) /* the bare number, too */
                         : NULL;
    if (bare != NULL)
        add_key(&match, bare);
    add_mentions(&match, key->name);
    add_mentions(&match, text);
    s->path.size = up;
}

static void note_contested(fp_search *s, fp_found *f, const char *name)
{
    fp_observe(&f->hotfix.notes, s->arena, (fp_origin){0, f->hotfix.kb},
               "the evidence disagrees about %s of %.*s", name,
               FP_STR_ARG(fp_key_path_str(&s->path)));
}

fp_str fp_search_text(fp_search *s, fp_found *f, const char *name, bool *doubtful)
{
    fp_text_value value = {.state = FP_TEXT_ABSENT};
    if (s->status == FP_OK)
        s->status =
            fp_query_text(s->evidence->registry, fp_key_path_str(&s->path), name, s->arena, &value);
    if (value.state == FP_TEXT_UNUSABLE)
        fp_observe(&f->hotfix.notes, s->arena, value.answer.origin, "%s is not a sound text", name);
    if (value.state == FP_TEXT_UNKNOWN && value.answer.why == FP_WHY_CONFLICTING)
        note_contested(s, f, name);
    if (value.state == FP_TEXT_FOUND)
        return value.text;
    if (value.state != FP_TEXT_ABSENT)
        *doubtful = true;
    return (fp_str){0};
}

bool fp_search_number(fp_search *s, fp_found *f, const char *name, uint64_t *out)
{
    fp_reg_value value;
    const fp_str path = fp_key_path_str(&s->path);
    const fp_reg_answer answer =
        fp_registry_value(s->evidence->registry, path, fp_str_of(name), &value);
    if (answer.exists == FP_TRUE && !value.suspect && fp_reg_value_u64(&value, out))
        return true;
    if (answer.exists == FP_TRUE)
        fp_observe(&f->hotfix.notes, s->arena, answer.origin, "%s is not a sound number", name);
    if (answer.exists == FP_UNKNOWN && answer.why == FP_WHY_CONFLICTING) {
        f->hotfix.contested = true;
        note_contested(s, f, name);
    }
    return false;
}

void fp_search_keep(fp_search *s, fp_str text, fp_str *out)
{
    if (s->status == FP_OK)
        s->status = fp_str_dup(s->arena, text, out);
}

void fp_search_says(fp_search *s, fp_found *f, const char *name, const fp_search_meaning *table,
                    size_t count, fp_trace *trace)
{
    uint64_t number;
    trace->says = FP_TRACE_SAYS_UNREADABLE;
    if (!fp_search_number(s, f, name, &number))
        return;
    const char *meaning = "not known";
    for (size_t i = 0; i < count; i++) {
        if (table[i].number != number)
            continue;
        meaning = table[i].name;
        trace->says = table[i].says;
    }
    const char *said =
        fp_arena_printf(s->arena, "%s = 0x%llx (%s)", name, (unsigned long long)number, meaning);
    if (said == NULL)
        s->status = FP_NOMEM;
    trace->said = fp_str_of(said);
}
