/* SPDX-License-Identifier: MIT */
/*
 * The keys and values of one export, as a tree of names without case. Everything lives in one
 * arena; names and data may be parts of the decoded text, which lives there too.
 */
#ifndef FP_REGISTRY_REG_TREE_H
#define FP_REGISTRY_REG_TREE_H

#include "inventory/registry/name_tree.h"
#include "inventory/registry/registry.h"

typedef struct fp_reg_key {
    fp_name_node node; /* first: a node of its parent's `children` is its key */
    struct fp_reg_key *parent;
    struct fp_reg_key *next; /* in order of creation: a parent comes before its children */
    fp_name_tree children;   /* fp_reg_key */
    fp_name_tree values;     /* fp_reg_entry */
    uint64_t line;           /* where it was first named, itself or by a key below it */
    bool listed;             /* it has a [key] line of its own */
    bool root;               /* its [key] line was the first of a subtree */
    bool covered;            /* root, or below one: set by fp_reg_tree_finish */
    bool deleted;            /* by a "[-key]" line; what was below it is gone */
} fp_reg_key;

typedef struct fp_reg_entry { /* a value */
    fp_name_node node;
    uint32_t type;
    fp_span data;
    uint64_t line;
    bool suspect;
    bool deleted; /* by "name"=- */
} fp_reg_entry;

typedef struct fp_reg_tree {
    fp_arena *arena;
    fp_reg_key *top; /* nameless: its children are the root keys HKEY_... */
    fp_reg_key *newest;
    /* The path of the key found last: the next one of an export shares most of it. */
    fp_reg_key *recent[FP_REGISTRY_DEPTH_MAX];
    size_t recent_depth;
} fp_reg_tree;

FP_MUST_CHECK fp_status fp_reg_tree_new(fp_arena *arena, fp_reg_tree **out);

/* NULL when `path` can be a key's; else what is wrong with it. A "\" at the end is allowed. */
const char *fp_reg_path_fault(fp_str path);

/* Finds or makes the key; `path` has no fault. */
FP_MUST_CHECK fp_status fp_reg_tree_list(fp_reg_tree *tree, fp_str path, uint64_t line,
                                         fp_reg_key **out);
/* Deletes the key with everything below it, if it is there. */
void fp_reg_tree_delete(fp_reg_tree *tree, fp_str path);

/* Adds the value, or replaces the one of that name: then *replaced is its old content. */
FP_MUST_CHECK fp_status fp_reg_tree_set(fp_reg_tree *tree, fp_reg_key *key,
                                        const fp_reg_entry *entry, fp_reg_entry *replaced);
/* NULL: no such value. */
fp_reg_entry *fp_reg_tree_value(const fp_reg_key *key, fp_str name);

/*
 * After the last line: fills `covered`. Returns the first key below a root that has no line of its
 * own, or NULL: exporters write every key, so there a piece of the export is missing.
 */
const fp_reg_key *fp_reg_tree_finish(fp_reg_tree *tree);

/* Full path; empty without memory. */
fp_str fp_reg_tree_path(const fp_reg_tree *tree, const fp_reg_key *key);

#endif
