/* SPDX-License-Identifier: MIT */
#include "inventory/registry/hive.h"

#include "inventory/registry/hive_cell.h"

typedef struct walker {
    const fp_hive *hive;
    const fp_hive_visitor *visitor;
    fp_reg_problems *problems;
    fp_hive_marks claims; /* cells that were read already */
    uint64_t work;        /* list entries and segments that may still be read */
    unsigned depth;       /* of the key that is visited next */
    bool whole;
    const fp_hive_key *key; /* whose values are visited */
} walker;

static void problem(walker *w, uint64_t where, const char *message)
{
    w->whole = false;
    fp_reg_problem(w->problems, where, "%s", message);
}

/* Told, but read all the same: which of the two records is the false one cannot be seen. */
static void claim(walker *w, uint32_t cell, uint32_t record)
{
    if (!fp_hive_claim(&w->claims, cell))
        problem(w, fp_hive_file_offset(record), "this record uses a cell that another record uses");
}

/*
 * An honest hive has room for everything its lists name; one whose records all name the same long
 * list would keep the walk busy for hours.
 */
static bool afford(walker *w, uint64_t entries, uint32_t record)
{
    if (entries <= w->work) {
        w->work -= entries;
        return true;
    }
    problem(w, fp_hive_file_offset(record), "the lists name more than the hive has room for");
    return false;
}

static bool visit_value(void *context, const fp_hive_value *value)
{
    walker *w = context;
    fp_diag d = {.status = FP_OK};
    if (!afford(w, 1 + value->size / FP_HIVE_SEGMENT, value->offset))
        return true;
    claim(w, value->offset, value->offset);
    if (fp_hive_check_data(w->hive, value, &d) != FP_OK)
        problem(w, d.where, d.message);
    else if (!value->is_inline && value->size > 0)
        claim(w, value->data_offset, value->offset);
    if (w->visitor->value != NULL)
        (void)w->visitor->value(w->visitor->context, w->key, value);
    return true;
}

static void visit_values(walker *w, const fp_hive_key *key)
{
    fp_diag d = {.status = FP_OK};
    if (key->values == 0 || !afford(w, key->values, key->offset))
        return;
    w->key = key;
    if (!fp_hive_values(w->hive, key, visit_value, w, &d))
        problem(w, d.where, d.message);
    else
        claim(w, key->value_list, key->offset);
}

static bool visit_key(void *context, const fp_hive_key *key);

static void visit_subkeys(walker *w, const fp_hive_key *key)
{
    fp_diag d = {.status = FP_OK};
    if (key->subkeys == 0 || !afford(w, key->subkeys, key->offset))
        return;
    w->depth++;
    if (!fp_hive_subkeys(w->hive, key, visit_key, w, &d))
        problem(w, d.where, d.message);
    w->depth--;
    claim(w, key->subkey_list, key->offset);
}

/* Recursion ends: at the depth limit, and because a key is entered once. */
static bool visit_key(void *context, const fp_hive_key *key)
{
    walker *w = context;
    const unsigned depth = w->depth;
    if (!fp_hive_claim(&w->claims, key->offset)) {
        problem(w, fp_hive_file_offset(key->offset), "a key that is listed twice");
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
    walker w = {.hive = hive,
                .visitor = visitor,
                .problems = problems,
                .work = hive->bins_size / 8,
                .whole = true};
    if (scratch == NULL || !fp_hive_marks_make(scratch, hive->bins_size, &w.claims)) {
        fp_arena_free(scratch);
        return FP_NOMEM;
    }
    fp_paged_bring_all(hive->file);
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
