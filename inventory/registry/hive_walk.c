/* SPDX-License-Identifier: MIT */
#include "inventory/registry/hive.h"

#include "inventory/registry/hive_cell.h"

typedef struct walker {
    const fp_hive *hive;
    const fp_hive_visitor *visitor;
    fp_reg_problems *problems;
    fp_hive_marks claims; /* cells that were read already */
    unsigned depth;       /* of the key that is visited next */
    bool whole;
    const fp_hive_key *key; /* whose values are visited */
} walker;

static void problem(walker *w, uint64_t where, const char *message)
{
    w->whole = false;
    fp_reg_problem(w->problems, where, "%s", message);
}

static void shared(walker *w, uint32_t offset)
{
    problem(w, fp_hive_file_offset(offset), "this record uses cells that another record has");
}

static bool visit_value(void *context, const fp_hive_value *value)
{
    walker *w = context;
    fp_diag d = {.status = FP_OK};
    if (!fp_hive_claim_data(w->hive, value, &w->claims)) {
        shared(w, value->offset);
        return true;
    }
    if (fp_hive_check_data(w->hive, value, &d) != FP_OK)
        problem(w, d.where, d.message);
    if (w->visitor->value != NULL)
        (void)w->visitor->value(w->visitor->context, w->key, value);
    return true;
}

static void visit_values(walker *w, const fp_hive_key *key)
{
    if (key->values == 0)
        return;
    if (!fp_hive_claim(&w->claims, key->value_list)) {
        shared(w, key->offset);
        return;
    }
    fp_diag d = {.status = FP_OK};
    w->key = key;
    if (!fp_hive_values(w->hive, key, visit_value, w, &d))
        problem(w, d.where, d.message);
}

static bool visit_key(void *context, const fp_hive_key *key);

static void visit_subkeys(walker *w, const fp_hive_key *key)
{
    if (!fp_hive_claim_lists(w->hive, key, &w->claims)) {
        shared(w, key->offset);
        return;
    }
    fp_diag d = {.status = FP_OK};
    w->depth++;
    if (!fp_hive_subkeys(w->hive, key, visit_key, w, &d))
        problem(w, d.where, d.message);
    w->depth--;
}

/* Recursion ends: at the depth limit, and because a key is entered once. */
static bool visit_key(void *context, const fp_hive_key *key)
{
    walker *w = context;
    const unsigned depth = w->depth;
    if (!fp_hive_claim(&w->claims, key->offset)) {
        shared(w, key->offset);
        return true;
    }
    if (depth >= FP_REGISTRY_DEPTH_MAX) {
        problem(w, fp_hive_file_offset(key->offset), "a key deeper than 512 levels");
        return true;
    }
    const fp_hive_visitor *v = w->visitor;
    if (v->key != NULL && !v->key(v->context, key, depth))
        return true;
    visit_values(w, key);
    visit_subkeys(w, key);
    if (v->leave != NULL)
        v->leave(v->context, key, depth);
    return true;
}

fp_status fp_hive_walk(const fp_hive *hive, const fp_hive_visitor *visitor,
                       fp_reg_problems *problems, bool *whole)
{
    fp_arena *scratch = fp_arena_new(SIZE_MAX); /* takes 1/64 of the hive */
    walker w = {.hive = hive, .visitor = visitor, .problems = problems, .whole = true};
    if (scratch == NULL || !fp_hive_marks_make(scratch, hive->bins.size, &w.claims)) {
        fp_arena_free(scratch);
        return FP_NOMEM;
    }
    fp_hive_key root;
    fp_diag d = {.status = FP_OK};
    if (fp_hive_root(hive, &root, &d) == FP_OK)
        (void)visit_key(&w, &root);
    else
        problem(&w, d.where, d.message);
    fp_arena_free(scratch);
    *whole = w.whole;
    return FP_OK;
}
