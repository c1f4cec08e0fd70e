/* SPDX-License-Identifier: MIT */
#include "inventory/registry/registry.h"

#include "inventory/registry/hive_recovery.h"
#include "inventory/registry/hive_source.h"
#include "inventory/registry/reg_export.h"
#include "inventory/registry/source.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { SCRATCH_MAX = 512 * 1024 * 1024 }; /* bytes for putting one listing together */

struct fp_registry {
    fp_arena *arena;
    fp_reg_source *sources;
    size_t count;
    size_t capacity;
    size_t recovered; /* bytes of copies of hives */
};

fp_registry *fp_registry_new(fp_arena *arena)
{
    fp_registry *reg = fp_arena_alloc(arena, sizeof *reg);
    if (reg != NULL)
        reg->arena = arena;
    return reg;
}

void fp_reg_problem(fp_reg_problems *problems, uint64_t where, const char *format, ...)
{
    problems->count++;
    if (problems->tell == NULL || problems->count > FP_REG_PROBLEMS_MAX)
        return;
    char message[FP_DIAG_MESSAGE];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    const bool last = problems->count == FP_REG_PROBLEMS_MAX;
    const fp_registry_problem problem = {
        .where = where, .message = last ? "further problems are not listed" : message};
    problems->tell(problems->context, &problem);
}

/* ---- sources --------------------------------------------------------------------------------- */

static fp_status add(fp_registry *reg, const fp_reg_source *source)
{
    fp_reg_source *sources =
        fp_arena_grow(reg->arena, reg->sources, reg->count, &reg->capacity, sizeof *sources);
    if (sources == NULL)
        return FP_NOMEM;
    reg->sources = sources;
    reg->sources[reg->count++] = *source;
    return FP_OK;
}

fp_status fp_registry_add_export(fp_registry *reg, uint32_t item, fp_span content,
                                 const char *code_page, fp_registry_problem_fn *problem,
                                 void *context, fp_registry_soundness *soundness)
{
    fp_reg_problems problems = {.tell = problem, .context = context};
    fp_reg_export *made = NULL;
    const fp_status status = fp_reg_export_read(content, code_page, reg->arena, &problems, &made);
    if (status != FP_OK)
        return status;
    *soundness = made->soundness;
    const bool readable = made->soundness != FP_REG_UNREADABLE;
    const fp_reg_source source = {.ops = readable ? &fp_reg_export_ops : NULL,
                                  .source = made,
                                  .item = item,
                                  .why_nothing = FP_WHY_UNREADABLE};
    return add(reg, &source);
}

static fp_status add_hive(fp_registry *reg, uint32_t item, const fp_hive_source *made, bool lags)
{
    const fp_reg_source source = {.ops = made->place.mount.size > 0 ? &fp_hive_source_ops : NULL,
                                  .source = made,
                                  .item = item,
                                  .lags = lags,
                                  .why_nothing =
                                      made->hive == NULL ? FP_WHY_UNREADABLE : FP_WHY_INCOMPLETE};
    return add(reg, &source);
}

fp_status fp_registry_add_hive_with_logs(fp_registry *reg, uint32_t item, fp_paged content,
                                         fp_str name_hint, fp_registry_log *logs, size_t log_count,
                                         fp_registry_problem_fn *problem, void *context,
                                         fp_registry_soundness *soundness,
                                         fp_registry_recovery *recovery)
{
    fp_paged file = content;
    fp_registry_recovery told = {.state = FP_REG_RECOVERY_UNKNOWN};
    fp_status status =
        fp_hive_recover(content, name_hint, logs, log_count,
                        FP_REGISTRY_RECOVERED_MAX - reg->recovered, reg->arena, &told, &file);
    if (status != FP_OK)
        return status;
    const bool recovered = told.state == FP_REG_RECOVERED;
    if (recovered)
        reg->recovered += file.place.size;

    fp_reg_problems *problems = fp_arena_alloc(reg->arena, sizeof *problems);
    if (problems == NULL)
        return FP_NOMEM;
    *problems = (fp_reg_problems){.tell = problem, .context = context};
    fp_hive_source *made = NULL;
    status = fp_hive_source_open(file, name_hint, reg->arena, problems, &made);
    if (status != FP_OK)
        return status;
    made->recovered = recovered;
    if (told.lags && made->soundness == FP_REG_SOUND)
        made->soundness = FP_REG_DIRTY;
    *soundness = made->soundness;
    *recovery = told;
    return add_hive(reg, item, made, told.lags);
}

fp_status fp_registry_add_hive(fp_registry *reg, uint32_t item, fp_span content, fp_str name_hint,
                               fp_registry_problem_fn *problem, void *context,
                               fp_registry_soundness *soundness)
{
    fp_registry_recovery recovery;
    return fp_registry_add_hive_with_logs(reg, item, fp_paged_of(content), name_hint, NULL, 0,
                                          problem, context, soundness, &recovery);
}

fp_status fp_registry_survey(fp_registry *reg)
{
    fp_status status = FP_OK;
    for (size_t i = 0; status == FP_OK && i < reg->count; i++) {
        if (reg->sources[i].ops == &fp_hive_source_ops)
            status = fp_hive_source_survey(reg->sources[i].source);
    }
    return status;
}

void fp_registry_cut(fp_registry *reg, uint32_t item)
{
    for (size_t i = 0; i < reg->count; i++)
        reg->sources[i].cut = reg->sources[i].cut || reg->sources[i].item == item;
}

bool fp_registry_lags(const fp_registry *reg, uint32_t item)
{
    for (size_t i = 0; reg != NULL && i < reg->count; i++) {
        if (reg->sources[i].item == item && reg->sources[i].lags)
            return true;
    }
    return false;
}

/* ---- putting answers together ---------------------------------------------------------------- */

typedef struct tally {
    const fp_reg_source *present; /* the first source that has it; one that does not lag, if any */
    const fp_reg_source *absent;  /* the first one that proves it is not there */
    uint64_t present_node;
    uint64_t absent_node;
    fp_unknown_why why; /* the most alarming reason for not knowing */
} tally;

static void doubt(tally *t, fp_unknown_why why)
{
    if (why > t->why)
        t->why = why;
}

static void count(tally *t, const fp_reg_source *source, fp_reg_seen seen)
{
    switch (seen.sight) {
    case FP_REG_SIGHT_NONE:
        doubt(t, FP_WHY_INCOMPLETE);
        return;
    case FP_REG_SIGHT_DOUBT:
        doubt(t, seen.why);
        return;
    case FP_REG_SIGHT_ABSENT:
        if (t->absent == NULL) {
            t->absent = source;
            t->absent_node = seen.node;
        }
        return;
    case FP_REG_SIGHT_PRESENT:
        if (t->present == NULL || (t->present->lags && !source->lags)) {
            t->present = source;
            t->present_node = seen.node;
        }
        return;
    }
}

static fp_origin origin_of(const fp_reg_source *source, uint64_t node)
{
    return (fp_origin){.item = source->item, .where = source->ops->where(source->source, node)};
}

static fp_reg_answer unknown(fp_unknown_why why)
{
    return (fp_reg_answer){.exists = FP_UNKNOWN, .why = why};
}

static fp_reg_answer answer(const tally *t)
{
    if (t->present != NULL && t->absent != NULL)
        return unknown(FP_WHY_CONFLICTING);
    if (t->present != NULL)
        return (fp_reg_answer){.exists = FP_TRUE, .origin = origin_of(t->present, t->present_node)};
    if (t->absent != NULL)
        return (fp_reg_answer){.exists = FP_FALSE, .origin = origin_of(t->absent, t->absent_node)};
    return unknown(t->why);
}

/* What is not in an item of which the end is missing may have stood there. */
static fp_reg_seen allow_for_cut(const fp_reg_source *source, fp_reg_seen seen, fp_reg_sight proof)
{
    if (source->cut && seen.sight == proof)
        return (fp_reg_seen){.sight = FP_REG_SIGHT_DOUBT, .why = FP_WHY_INCOMPLETE};
    return seen;
}

static fp_reg_seen find(const fp_reg_source *source, fp_str path)
{
    if (source->ops == NULL)
        return (fp_reg_seen){.sight = FP_REG_SIGHT_DOUBT, .why = source->why_nothing};
    return allow_for_cut(source, source->ops->find(source->source, path), FP_REG_SIGHT_ABSENT);
}

fp_reg_answer fp_registry_key(fp_registry *reg, fp_str path)
{
    tally t = {.why = FP_WHY_NOT_SUPPLIED};
    for (size_t i = 0; i < reg->count; i++)
        count(&t, &reg->sources[i], find(&reg->sources[i], path));
    return answer(&t);
}

fp_reg_answer fp_registry_volatile_key(fp_registry *reg, fp_str path)
{
    tally t = {.why = FP_WHY_NOT_SUPPLIED};
    for (size_t i = 0; i < reg->count; i++) {
        fp_reg_seen seen = find(&reg->sources[i], path);
        if (seen.sight == FP_REG_SIGHT_ABSENT && reg->sources[i].ops == &fp_hive_source_ops)
            seen.sight = FP_REG_SIGHT_NONE;
        count(&t, &reg->sources[i], seen);
    }
    return answer(&t);
}

/* ---- one value ------------------------------------------------------------------------------- */

/* The best of two sights of one value: a suspect one gives way. False: they contradict each other.
 */
static bool reconcile(fp_reg_value *kept, const fp_reg_value *other)
{
    if (other->suspect)
        return true;
    if (kept->suspect) {
        *kept = *other;
        return true;
    }
    return fp_reg_value_same(kept, other);
}

fp_reg_answer fp_registry_value(fp_registry *reg, fp_str path, fp_str name, fp_reg_value *value)
{
    tally t = {.why = FP_WHY_NOT_SUPPLIED};
    fp_reg_value best = {.type = 0};
    bool agree = true;
    for (size_t i = 0; i < reg->count; i++) {
        const fp_reg_source *source = &reg->sources[i];
        fp_reg_seen seen = find(source, path);
        fp_reg_value found = {.type = 0};
        if (seen.sight == FP_REG_SIGHT_PRESENT)
            seen =
                allow_for_cut(source, source->ops->value(source->source, seen.node, name, &found),
                              FP_REG_SIGHT_ABSENT);
        if (seen.sight == FP_REG_SIGHT_PRESENT) {
            found.origin.item = source->item;
            if (t.present == NULL)
                best = found;
            else
                agree = reconcile(&best, &found) && agree;
            if (t.present != NULL && t.present->lags && !source->lags && !found.suspect)
                best = found;
        }
        count(&t, source, seen);
    }
    if (!agree)
        return unknown(FP_WHY_CONFLICTING);
    fp_reg_answer result = answer(&t);
    if (result.exists == FP_TRUE) {
        result.origin = best.origin;
        *value = best;
    }
    return result;
}

/* ---- listings -------------------------------------------------------------------------------- */

typedef struct listed_item {
    fp_str name;
    size_t source; /* index */
    fp_reg_subkey subkey;
    fp_reg_value value;
} listed_item;

typedef struct listing {
    fp_registry *reg;
    fp_arena *scratch;
    listed_item *items;
    size_t count;
    size_t capacity;
    size_t source;  /* the one that is being asked */
    bool *complete; /* for each source: it told all there is */
    size_t complete_count;
    tally keys; /* of the key whose content is listed */
    bool conflict;
} listing;

static listed_item *new_item(listing *l, fp_str name)
{
    listed_item *items = fp_arena_grow(l->scratch, l->items, l->count, &l->capacity, sizeof *items);
    if (items == NULL)
        return NULL;
    l->items = items;
    l->items[l->count] = (listed_item){.name = name, .source = l->source};
    return &l->items[l->count++];
}

static bool take_subkey(void *context, const fp_reg_subkey *key)
{
    listing *l = context;
    listed_item *item = new_item(l, key->name);
    if (item == NULL)
        return false;
    item->subkey = *key;
    return true;
}

static bool take_value(void *context, const fp_reg_value *value)
{
    listing *l = context;
    listed_item *item = new_item(l, value->name);
    if (item == NULL)
        return false;
    item->value = *value;
    item->value.origin.item = l->reg->sources[l->source].item;
    return true;
}

static fp_reg_seen list_of(listing *l, const fp_reg_source *source, uint64_t node, bool values)
{
    const fp_reg_seen all =
        values ? source->ops->values(source->source, node, take_value, l)
               : source->ops->subkeys(source->source, node, l->scratch, take_subkey, l);
    return allow_for_cut(source, all, FP_REG_SIGHT_PRESENT);
}

static void gather(listing *l, fp_str path, bool values)
{
    for (size_t i = 0; i < l->reg->count; i++) {
        const fp_reg_source *source = &l->reg->sources[i];
        const fp_reg_seen key = find(source, path);
        count(&l->keys, source, key);
        if (key.sight != FP_REG_SIGHT_PRESENT)
            continue;
        l->source = i;
        const fp_reg_seen all = list_of(l, source, key.node, values);
        l->complete[i] = all.sight == FP_REG_SIGHT_PRESENT;
        l->complete_count += l->complete[i];
        if (!l->complete[i])
            doubt(&l->keys, all.sight == FP_REG_SIGHT_DOUBT ? all.why : FP_WHY_INCOMPLETE);
    }
}

static int by_name_then_source(const void *a, const void *b)
{
    const listed_item *left = a;
    const listed_item *right = b;
    const int order = fp_str_casecmp(left->name, right->name);
    if (order != 0)
        return order;
    return left->source < right->source ? -1 : left->source > right->source;
}

/* The items [first, end) have one name: do all complete sources have it? */
static bool all_complete_have(const listing *l, size_t first, size_t end)
{
    size_t have = 0;
    for (size_t i = first; i < end; i++) {
        const bool again = i > first && l->items[i].source == l->items[i - 1].source;
        have += l->complete[l->items[i].source] && !again;
    }
    return have == l->complete_count;
}

static bool all_lag(const listing *l, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        if (!l->reg->sources[l->items[i].source].lags)
            return false;
    }
    return true;
}

/* Two hives, two states: neither orders events. Nor does the time in a hive that lags, of a key
 * that is known from another source: it may have been written again. */
static fp_time common_time(const listing *l, size_t first, size_t end)
{
    const bool lagging = all_lag(l, first, end);
    fp_time known = FP_TIME_NONE;
    for (size_t i = first; i < end; i++) {
        const fp_time t = l->items[i].subkey.written;
        if (t == FP_TIME_NONE || (!lagging && l->reg->sources[l->items[i].source].lags))
            continue;
        if (known != FP_TIME_NONE && known != t)
            return FP_TIME_NONE;
        known = t;
    }
    return known;
}

/* Puts the items of one name into the first of them. */
static void merge_group(listing *l, size_t first, size_t end, bool values)
{
    bool agree = all_complete_have(l, first, end);
    listed_item *kept = &l->items[first];
    for (size_t i = first + 1; i < end; i++) {
        const listed_item *other = &l->items[i];
        agree = agree && other->source != l->items[i - 1].source; /* one name twice in one source */
        if (values)
            agree = reconcile(&kept->value, &other->value) && agree;
    }
    if (!values)
        kept->subkey.written = common_time(l, first, end);
    if (agree)
        return;
    l->conflict = true;
    kept->value.suspect = true;
}

/* Sorts and merges; the items of one name are one item afterwards. */
static void merge(listing *l, bool values)
{
    if (l->count > 0)
        qsort(l->items, l->count, sizeof *l->items, by_name_then_source);
    size_t merged = 0;
    for (size_t first = 0, end; first < l->count; first = end) {
        end = first + 1;
        while (end < l->count && fp_str_casecmp(l->items[first].name, l->items[end].name) == 0)
            end++;
        merge_group(l, first, end, values);
        l->items[merged++] = l->items[first];
    }
    l->count = merged;
}

static fp_reg_answer listing_answer(const listing *l)
{
    fp_reg_answer result = answer(&l->keys);
    if (result.exists != FP_TRUE)
        return result;
    if (l->conflict)
        return unknown(FP_WHY_CONFLICTING);
    return l->complete_count > 0 ? result : unknown(l->keys.why);
}

static bool listing_begin(listing *l)
{
    l->scratch = fp_arena_new(SCRATCH_MAX);
    if (l->scratch == NULL)
        return false;
    l->complete = fp_arena_alloc_array(l->scratch, l->reg->count, sizeof *l->complete);
    return l->complete != NULL;
}

fp_reg_answer fp_registry_subkeys(fp_registry *reg, fp_str path, fp_registry_subkey_fn *each,
                                  void *context)
{
    listing l = {.reg = reg, .keys = {.why = FP_WHY_NOT_SUPPLIED}};
    fp_reg_answer result = unknown(FP_WHY_UNREADABLE); /* no memory */
    if (listing_begin(&l)) {
        gather(&l, path, false);
        merge(&l, false);
        for (size_t i = 0; i < l.count && each(context, &l.items[i].subkey); i++) {
        }
        result = listing_answer(&l);
    }
    fp_arena_free(l.scratch);
    return result;
}

fp_reg_answer fp_registry_values(fp_registry *reg, fp_str path, fp_registry_value_fn *each,
                                 void *context)
{
    listing l = {.reg = reg, .keys = {.why = FP_WHY_NOT_SUPPLIED}};
    fp_reg_answer result = unknown(FP_WHY_UNREADABLE); /* no memory */
    if (listing_begin(&l)) {
        gather(&l, path, true);
        merge(&l, true);
        for (size_t i = 0; i < l.count && each(context, &l.items[i].value); i++) {
        }
        result = listing_answer(&l);
    }
    fp_arena_free(l.scratch);
    return result;
}

/* ---- times and views ------------------------------------------------------------------------- */

fp_time fp_registry_written(fp_registry *reg, fp_str path)
{
    fp_time known = FP_TIME_NONE;
    for (size_t i = 0; i < reg->count; i++) {
        const fp_reg_source *source = &reg->sources[i];
        const fp_reg_seen seen = find(source, path);
        const fp_time t = seen.sight == FP_REG_SIGHT_PRESENT
                              ? source->ops->written(source->source, seen.node)
                              : FP_TIME_NONE;
        if (t == FP_TIME_NONE)
            continue;
        if (known != FP_TIME_NONE && known != t)
            return FP_TIME_NONE; /* as common_time */
        known = t;
    }
    return known;
}

bool fp_registry_wow64_path(fp_registry *reg, fp_str path, fp_str *out)
{
    const fp_str software = FP_STR("HKEY_LOCAL_MACHINE\\SOFTWARE");
    const fp_str node = FP_STR("\\Wow6432Node");
    if (!fp_str_istarts(path, software))
        return false;
    const fp_str rest = fp_str_tail(path, software.size);
    if (rest.size > 0 && rest.data[0] != '\\')
        return false;
    const bool there_already =
        fp_str_istarts(rest, node) && (rest.size == node.size || rest.data[node.size] == '\\');
    if (there_already)
        return false;
    const char *text = fp_arena_printf(reg->arena, "%.*s%.*s%.*s", (int)software.size, path.data,
                                       FP_STR_ARG(node), FP_STR_ARG(rest));
    if (text == NULL)
        return false;
    *out = fp_str_of(text);
    return true;
}
