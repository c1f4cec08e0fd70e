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

/* A name outside ASCII could stand in the file as characters that nobody could decode. */
static bool may_be_lost(const fp_reg_export *e, fp_str name)
{
    bool outside = false;
    for (size_t i = 0; i < name.size; i++)
        outside = outside || (unsigned char)name.data[i] >= 0x80;
    return outside && e->lossy;
}

static fp_reg_seen find(const void *source, fp_str path)
{
    const fp_reg_export *e = source;
    const fp_reg_key *key = e->tree->top;
    fp_str name;
    while (fp_reg_path_next(&path, &name)) {
        const fp_reg_key *child = (const fp_reg_key *)fp_name_tree_find(&key->children, name);
        if (child == NULL || child->deleted)
            return nothing_below(e, key, may_be_lost(e, name));
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
    const fp_reg_subkey told = {.name = node->name,
                                .written = FP_TIME_NONE,
                                .origin = {.where = where(l->e, node_of(key))}};
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

static fp_reg_seen subkeys(const void *source, uint64_t node, fp_registry_subkey_fn *each,
                           void *context)
{
    listing l = {.e = source, .key = key_of(node), .subkey = each, .context = context};
    return listed(&l, fp_name_tree_each(&l.key->children, tell_subkey, &l));
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
