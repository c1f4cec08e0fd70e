/* SPDX-License-Identifier: MIT */
#include "inventory/registry/name_tree.h"

fp_name_node *fp_name_tree_find(const fp_name_tree *tree, fp_str name)
{
    if (tree->last != NULL) {
        const int order = fp_str_casecmp(name, tree->last->name);
        if (order == 0)
            return tree->last;
        if (order > 0)
            return NULL;
    }
    fp_name_node *node = tree->root;
    while (node != NULL) {
        const int order = fp_str_casecmp(name, node->name);
        if (order == 0)
            return node;
        node = order < 0 ? node->left : node->right;
    }
    return NULL;
}

/* A left child of the same level becomes the parent. */
static fp_name_node *skew(fp_name_node *node)
{
    fp_name_node *left = node->left;
    if (left == NULL || left->level != node->level)
        return node;
    node->left = left->right;
    left->right = node;
    return left;
}

/* Two right children in a row of the same level: the middle one rises. */
static fp_name_node *split(fp_name_node *node)
{
    fp_name_node *right = node->right;
    if (right == NULL || right->right == NULL || right->right->level != node->level)
        return node;
    node->right = right->left;
    right->left = node;
    right->level++;
    return right;
}

static fp_name_node *insert(fp_name_node *node, fp_name_node *added, bool greatest)
{
    if (node == NULL)
        return added;
    if (greatest || fp_str_casecmp(added->name, node->name) > 0)
        node->right = insert(node->right, added, greatest);
    else
        node->left = insert(node->left, added, greatest);
    return split(skew(node));
}

void fp_name_tree_add(fp_name_tree *tree, fp_name_node *node)
{
    node->left = NULL;
    node->right = NULL;
    node->level = 1;

    const bool greatest = tree->last == NULL || fp_str_casecmp(node->name, tree->last->name) > 0;
    tree->root = insert(tree->root, node, greatest);
    if (greatest)
        tree->last = node;
}

static bool each_below(fp_name_node *node, fp_name_tree_fn *each, void *context)
{
    return node == NULL || (each_below(node->left, each, context) && each(context, node) &&
                            each_below(node->right, each, context));
}

bool fp_name_tree_each(const fp_name_tree *tree, fp_name_tree_fn *each, void *context)
{
    return each_below(tree->root, each, context);
}
