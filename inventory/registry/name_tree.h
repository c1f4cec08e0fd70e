/* SPDX-License-Identifier: MIT */
/*
 * A set of names without case (fp_str_casecmp), always in order.
 *
 * A balanced tree (Andersson's AA tree), not a hash table: a file that chooses its names can make a
 * hash collide, and 200,000 colliding keys would stop the run. Here look-up and insertion cost
 * O(log n) comparisons whatever the names are. A node is the first member of the caller's own
 * object, which lives in the caller's arena.
 */
#ifndef FP_REGISTRY_NAME_TREE_H
#define FP_REGISTRY_NAME_TREE_H

#include "inventory/base/text.h"

typedef struct fp_name_node {
    fp_str name;
    struct fp_name_node *left;
    struct fp_name_node *right;
    unsigned level; /* 1 = leaf; at most log2(count) + 1, so recursion is shallow */
} fp_name_node;

typedef struct fp_name_tree { /* zeros: empty */
    fp_name_node *root;
    fp_name_node *last; /* the greatest name: input that is sorted already costs one comparison */
} fp_name_tree;

/* NULL: not there. */
fp_name_node *fp_name_tree_find(const fp_name_tree *tree, fp_str name);
/* `node->name` is set and not yet in the tree. */
void fp_name_tree_add(fp_name_tree *tree, fp_name_node *node);

/* In order of the names; false as soon as `each` returned false. `each` must not change the tree.
 */
typedef bool fp_name_tree_fn(void *context, fp_name_node *node);
bool fp_name_tree_each(const fp_name_tree *tree, fp_name_tree_fn *each, void *context);

#endif
