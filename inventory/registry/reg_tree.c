/* SPDX-License-Identifier: MIT */
#include "inventory/registry/reg_tree.h"

#include "inventory/registry/reg_text.h"
#include "inventory/registry/source.h"

#include <string.h>

fp_status fp_reg_tree_new(fp_arena *arena, fp_reg_tree **out)
{
    fp_reg_tree *tree = fp_arena_alloc(arena, sizeof *tree);
    fp_reg_key *top = fp_arena_alloc(arena, sizeof *top);
    if (tree == NULL || top == NULL)
        return FP_NOMEM;
    tree->arena = arena;
    tree->top = top;
    tree->newest = top;
    *out = tree;
    return FP_OK;
}

/* ---- paths ----------------------------------------------------------------------------------- */

static bool is_root_name(fp_str name)
{
    static const char *const roots[] = {"HKEY_LOCAL_MACHINE", "HKEY_CURRENT_USER", "HKEY_USERS",
                                        "HKEY_CLASSES_ROOT", "HKEY_CURRENT_CONFIG"};
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        if (fp_str_ieq(name, fp_str_of(roots[i])))
            return true;
    }
    return false;
}

bool fp_reg_path_next(fp_str *rest, fp_str *component)
{
    return rest->size > 0 && fp_str_split(rest, '\\', component);
}

const char *fp_reg_path_fault(fp_str path)
{
    fp_str name;
    size_t depth = 0;
    while (fp_reg_path_next(&path, &name)) {
        if (name.size == 0)
            return "a key path with an empty name";
        if (depth == 0 && !is_root_name(name))
            return "a key path that begins with no root key";
        if (fp_reg_utf16_units(name) > FP_REGISTRY_KEY_NAME_MAX)
            return "a key name of more than 255 characters";
        if (++depth > FP_REGISTRY_DEPTH_MAX)
            return "a key path of more than 512 names";
    }
    return depth == 0 ? "a key path with an empty name" : NULL;
}

/* ---- keys ------------------------------------------------------------------------------------ */

static fp_reg_key *child_of(const fp_reg_key *key, fp_str name)
{
    return (fp_reg_key *)fp_name_tree_find(&key->children, name);
}

static fp_reg_key *add_child(fp_reg_tree *tree, fp_reg_key *parent, fp_str name, uint64_t line)
{
    fp_reg_key *key = fp_arena_alloc(tree->arena, sizeof *key);
    if (key == NULL)
        return NULL;
    key->node.name = name;
    key->parent = parent;
    key->line = line;
    fp_name_tree_add(&parent->children, &key->node);
    tree->newest->next = key;
    tree->newest = key;
    return key;
}

/* `*shared`: so far the path is byte for byte the one before. */
static fp_reg_key *step(fp_reg_tree *tree, fp_reg_key *key, size_t depth, fp_str name,
                        uint64_t line, bool *shared)
{
    *shared =
        *shared && depth < tree->recent_depth && fp_str_eq(name, tree->recent[depth]->node.name);
    if (*shared)
        return tree->recent[depth];

    fp_reg_key *child = child_of(key, name);
    if (child == NULL)
        return add_child(tree, key, name, line);
    if (child->deleted) { /* made anew */
        child->deleted = false;
        child->line = line;
    }
    return child;
}

static bool below_root(const fp_reg_key *key)
{
    for (; key != NULL; key = key->parent) {
        if (key->root)
            return true;
    }
    return false;
}

fp_status fp_reg_tree_list(fp_reg_tree *tree, fp_str path, uint64_t line, fp_reg_key **out)
{
    fp_reg_key *key = tree->top;
    fp_str name;
    size_t depth = 0;
    bool shared = true;
    while (depth < FP_REGISTRY_DEPTH_MAX && fp_reg_path_next(&path, &name)) {
        key = step(tree, key, depth, name, line, &shared);
        if (key == NULL)
            return FP_NOMEM;
        tree->recent[depth++] = key;
        if (!shared)
            tree->recent_depth = depth;
    }
    tree->recent_depth = depth;

    if (!below_root(key))
        key->root = true;
    if (!key->listed)
        key->line = line;
    key->listed = true;
    *out = key;
    return FP_OK;
}

/* NULL: no such key. */
static fp_reg_key *find_key(const fp_reg_tree *tree, fp_str path)
{
    fp_reg_key *key = tree->top;
    fp_str name;
    while (key != NULL && fp_reg_path_next(&path, &name)) {
        key = child_of(key, name);
        if (key != NULL && key->deleted)
            return NULL;
    }
    return key;
}

void fp_reg_tree_delete(fp_reg_tree *tree, fp_str path)
{
    fp_reg_key *key = find_key(tree, path);
    if (key == NULL || key == tree->top)
        return;
    key->deleted = true;
    key->listed = false;
    key->root = false;
    key->children = (fp_name_tree){NULL, NULL};
    key->values = (fp_name_tree){NULL, NULL};
    tree->recent_depth = 0;
}

const fp_reg_key *fp_reg_tree_finish(fp_reg_tree *tree)
{
    const fp_reg_key *gap = NULL;
    for (fp_reg_key *key = tree->top->next; key != NULL; key = key->next) {
        key->covered = key->root || key->parent->covered;
        if (gap == NULL && key->parent->covered && !key->listed && !key->deleted)
            gap = key;
    }
    return gap;
}

fp_str fp_reg_tree_path(const fp_reg_tree *tree, const fp_reg_key *key)
{
    size_t size = 0;
    for (const fp_reg_key *k = key; k->parent != NULL; k = k->parent)
        size += k->node.name.size + 1;
    if (size == 0)
        return (fp_str){NULL, 0};
    char *path = fp_arena_alloc(tree->arena, size);
    if (path == NULL)
        return (fp_str){NULL, 0};

    size_t at = size;
    for (const fp_reg_key *k = key; k->parent != NULL; k = k->parent) {
        at -= k->node.name.size + 1;
        path[at] = '\\';
        if (k->node.name.size > 0)
            memcpy(path + at + 1, k->node.name.data, k->node.name.size);
    }
    return (fp_str){path + 1, size - 1};
}

/* ---- values ---------------------------------------------------------------------------------- */

fp_reg_entry *fp_reg_tree_value(const fp_reg_key *key, fp_str name)
{
    fp_reg_entry *entry = (fp_reg_entry *)fp_name_tree_find(&key->values, name);
    return entry != NULL && !entry->deleted ? entry : NULL;
}

fp_status fp_reg_tree_set(fp_reg_tree *tree, fp_reg_key *key, const fp_reg_entry *entry,
                          fp_reg_entry *replaced)
{
    fp_reg_entry *old = (fp_reg_entry *)fp_name_tree_find(&key->values, entry->node.name);
    if (old != NULL) {
        *replaced = *old;
        old->type = entry->type;
        old->data = entry->data;
        old->line = entry->line;
        old->suspect = entry->suspect;
        old->deleted = entry->deleted;
        return FP_OK;
    }
    *replaced = (fp_reg_entry){.deleted = true};
    fp_reg_entry *added = fp_arena_copy(tree->arena, entry, sizeof *entry);
    if (added == NULL)
        return FP_NOMEM;
    fp_name_tree_add(&key->values, &added->node);
    return FP_OK;
}
