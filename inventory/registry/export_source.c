/* SPDX-License-Identifier: MIT */
/* What the view asks of an export: see source.h. A node is the address of a fp_reg_key. */
#include "inventory/registry/reg_export.h"

#include <string.h>

static const fp_reg_key *key_of(uint64_t node)
{
    return (const fp_reg_key *)(uintptr_t)node; // NOLINT: made by node_of
}

static uint64_t node_of(const fp_reg_key *key)
{
    return (uint64_t)(uintptr_t)key;
}

/* Nothing is seen below `key`: what does that prove? */
static fp_reg_seen nothing_below(const fp_reg_export *e, const fp_reg_key *key, bool lossy_name)
{
    if (!key->covered)
        return (fp_reg_seen){.sight = FP_REG_SIGHT_NONE};
    if (e->soundness != FP_REG_SOUND)
        return (fp_reg_seen){.sight = FP_REG_SIGHT_DOUBT, .why = FP_WHY_INCOMPLETE};
    if (lossy_name)
        return (fp_reg_seen){.sight = FP_REG_SIGHT_DOUBT, .why = FP_WHY_UNREADABLE};
    return (fp_reg_seen){.sight = FP_REG_SIGHT_ABSENT, .node = node_of(key)};
}

/*
 * Exporters write the subkeys of a key in the order of their names. So an export that was cut off
 * just behind the empty line between two keys shows it after all: what is absent from the end of it
 * may have been lost, and only what the last key line lies behind was left out for certain.
 */
typedef enum end_place { END_ELSEWHERE = 0, END_BEFORE_NAME, END_BEHIND_NAME } end_place;

/* Where below `key` the last key line lies. `name` NULL: before all names. */
static end_place place_of_end(const fp_reg_export *e, const fp_reg_key *key, const fp_str *name)
{
    const fp_reg_tree *tree = e->tree;
    const fp_reg_key *last = tree->recent_depth > 0 ? tree->recent[tree->recent_depth - 1] : NULL;
    const fp_reg_key *below = NULL;
    for (; last != NULL && last != key; last = last->parent)
        below = last;
    if (last == NULL)
        return END_ELSEWHERE;
    const bool behind =
        below != NULL && name != NULL && fp_str_casecmp(below->node.name, *name) > 0;
    return behind ? END_BEHIND_NAME : END_BEFORE_NAME;
}

/* A 64-bit Windows, and only that, has a folder for programs of the other kind (Wine's conformance
 * tests, which run on Windows, read this value only where 32-bit programs run on 64 bits): the key
 * that would name it is there, and does not. */
static bool is_32_bit(const fp_reg_key *software)
{
    static const char *const path[] = {"Microsoft", "Windows", "CurrentVersion"};
    const fp_reg_key *key = software;
    for (size_t i = 0; key != NULL && i < sizeof path / sizeof path[0]; i++)
        key = (const fp_reg_key *)fp_name_tree_find(&key->children, fp_str_of(path[i]));
    return key != NULL && key->listed && !key->deleted &&
           fp_reg_tree_value(key, FP_STR("ProgramFilesDir (x86)")) == NULL;
}

/* Could `name` below `key` have stood where the export ends? */
static bool may_be_cut(const fp_reg_export *e, const fp_reg_key *key, fp_str name)
{
    if (place_of_end(e, key, &name) != END_BEFORE_NAME)
        return false;
    /* The last but one name of a SOFTWARE key may well come before Wow6432Node, which is not there
     * on a 32-bit Windows: its order tells nothing. */
    const bool wow64 =
        fp_str_ieq(name, FP_STR("Wow6432Node")) && fp_str_ieq(key->node.name, FP_STR("SOFTWARE"));
    return !wow64 || !is_32_bit(key);
}

/* A name outside ASCII could stand in the file as characters that nobody could decode. */
static bool may_be_lost(const fp_reg_export *e, fp_str name)
{
    bool outside = false;
    for (size_t i = 0; i < name.size; i++)
        outside = outside || (unsigned char)name.data[i] >= 0x80;
    return outside && e->lossy;
}

static fp_reg_seen child_not_seen(const fp_reg_export *e, const fp_reg_key *key, fp_str name)
{
    const fp_reg_seen seen = nothing_below(e, key, may_be_lost(e, name));
    if (seen.sight == FP_REG_SIGHT_ABSENT && may_be_cut(e, key, name))
        return (fp_reg_seen){.sight = FP_REG_SIGHT_DOUBT, .why = FP_WHY_INCOMPLETE};
    return seen;
}

static fp_reg_seen find(const void *source, fp_str path)
{
    const fp_reg_export *e = source;
    const fp_reg_key *key = e->tree->top;
    fp_str name;
    while (fp_reg_path_next(&path, &name)) {
        const fp_reg_key *child = (const fp_reg_key *)fp_name_tree_find(&key->children, name);
        if (child == NULL || child->deleted)
            return child_not_seen(e, key, name);
        key = child;
    }
    if (key == e->tree->top)
        return (fp_reg_seen){.sight = FP_REG_SIGHT_NONE};
    return (fp_reg_seen){.sight = FP_REG_SIGHT_PRESENT, .node = node_of(key)};
}

static fp_str where(const void *source, uint64_t node)
{
    const fp_reg_export *e = source;
    const fp_reg_key *key = key_of(node);
    const fp_str path = fp_reg_tree_path(e->tree, key);
    const char *text = fp_arena_printf(e->tree->arena, "%.*s, line %llu", FP_STR_ARG(path),
                                       (unsigned long long)key->line);
    return fp_str_of(text);
}

static fp_reg_value value_of(const fp_reg_export *e, const fp_reg_key *key,
                             const fp_reg_entry *entry)
{
    const fp_str path = fp_reg_tree_path(e->tree, key);
    const char *text = fp_arena_printf(e->tree->arena, "%.*s, line %llu", FP_STR_ARG(path),
                                       (unsigned long long)entry->line);
    return (fp_reg_value){.name = entry->node.name,
                          .type = entry->type,
                          .data = entry->data,
                          .suspect = entry->suspect,
                          .origin = {.where = fp_str_of(text)}};
}

static fp_reg_seen find_value(const void *source, uint64_t node, fp_str name, fp_reg_value *value)
{
    const fp_reg_export *e = source;
    const fp_reg_key *key = key_of(node);
    const fp_reg_entry *entry = fp_reg_tree_value(key, name);
    if (entry == NULL)
        return nothing_below(e, key, may_be_lost(e, name));
    *value = value_of(e, key, entry);
    return (fp_reg_seen){.sight = FP_REG_SIGHT_PRESENT, .node = node};
}

/* ---- listings -------------------------------------------------------------------------------- */

typedef struct listing {
    const fp_reg_export *e;
    const fp_reg_key *key;
    fp_registry_subkey_fn *subkey;
    fp_registry_value_fn *value;
    void *context;
} listing;

static bool tell_subkey(void *context, fp_name_node *node)
{
    const listing *l = context;
    const fp_reg_key *key = (const fp_reg_key *)node;
    if (key->deleted)
        return true;
    const fp_reg_subkey told = {.name = node->name, .written = FP_TIME_NONE};
    return l->subkey(l->context, &told);
}

static bool tell_value(void *context, fp_name_node *node)
{
    const listing *l = context;
    const fp_reg_entry *entry = (const fp_reg_entry *)node;
    if (entry->deleted)
        return true;
    const fp_reg_value told = value_of(l->e, l->key, entry);
    return l->value(l->context, &told);
}

static fp_reg_seen listed(const listing *l, bool all_told)
{
    if (!all_told)
        return (fp_reg_seen){.sight = FP_REG_SIGHT_DOUBT, .why = FP_WHY_UNREADABLE};
    fp_reg_seen seen = nothing_below(l->e, l->key, false);
    if (seen.sight == FP_REG_SIGHT_ABSENT)
        seen.sight = FP_REG_SIGHT_PRESENT; /* no more than these are there */
    return seen;
}

static fp_reg_seen subkeys(const void *source, uint64_t node, fp_arena *names,
                           fp_registry_subkey_fn *each, void *context)
{
    (void)names; /* they are in the tree */
    listing l = {.e = source, .key = key_of(node), .subkey = each, .context = context};
    const fp_reg_seen seen = listed(&l, fp_name_tree_each(&l.key->children, tell_subkey, &l));
    if (seen.sight == FP_REG_SIGHT_PRESENT && place_of_end(l.e, l.key, NULL) != END_ELSEWHERE)
        return (fp_reg_seen){.sight = FP_REG_SIGHT_DOUBT, .why = FP_WHY_INCOMPLETE};
    return seen;
}

static fp_reg_seen values(const void *source, uint64_t node, fp_registry_value_fn *each,
                          void *context)
{
    listing l = {.e = source, .key = key_of(node), .value = each, .context = context};
    return listed(&l, fp_name_tree_each(&l.key->values, tell_value, &l));
}

static fp_time written(const void *source, uint64_t node)
{
    (void)source;
    (void)node;
    return FP_TIME_NONE; /* exports do not carry it */
}

const fp_reg_source_ops fp_reg_export_ops = {.find = find,
                                             .value = find_value,
                                             .subkeys = subkeys,
                                             .values = values,
                                             .written = written,
                                             .where = where};
