/* SPDX-License-Identifier: MIT */
/*
 * Hostile registry exports, with and without a code page. What must hold: every key and value that
 * was read is found by its path and never *absent*, a file that is not sound proves no absence, and
 * a cut never turns a present key into an absent one unless the piece is itself a sound export.
 */
#include "inventory/registry/reg_export.h"

#include "tests/support/fuzz.h"

enum { BUDGET = 64 * 1024 * 1024, KEYS_MAX = 200 };

static void ignore(void *context, const fp_registry_problem *problem)
{
    (void)context;
    require(problem->message[0] != '\0' && problem->where > 0);
}

typedef struct state {
    fp_arena *arena;
    fp_registry *reg;
    const fp_reg_export *e;
    fp_registry *cut; /* of the first half */
    fp_registry_soundness cut_soundness;
    fp_str path; /* of the current key */
    size_t keys;
} state;

static bool visit_value(void *context, fp_name_node *node)
{
    state *s = context;
    const fp_reg_entry *entry = (const fp_reg_entry *)node;
    fp_reg_value value;
    const fp_reg_answer a = fp_registry_value(s->reg, s->path, node->name, &value);
    if (entry->deleted) {
        require(a.exists == FP_UNKNOWN);
        return true;
    }
    fp_str text;
    require(a.exists == FP_TRUE && value.data.size == entry->data.size);
    if (fp_reg_value_text(&value, s->arena, &text))
        require(text.size <= 2 * value.data.size + 20);
    return s->keys++ < KEYS_MAX;
}

static bool visit_key(void *context, fp_name_node *node)
{
    state *s = context;
    const fp_reg_key *key = (const fp_reg_key *)node;
    if (key->deleted || s->keys++ >= KEYS_MAX)
        return true;
    const fp_str path = fp_reg_tree_path(s->e->tree, key);
    require(fp_registry_key(s->reg, path).exists == FP_TRUE);
    if (s->cut_soundness != FP_REG_SOUND)
        require(fp_registry_key(s->cut, path).exists != FP_FALSE);
    s->path = path;
    (void)fp_name_tree_each(&key->values, visit_value, s);
    return fp_name_tree_each(&key->children, visit_key, s);
}

static bool count_subkey(void *context, const fp_reg_subkey *key)
{
    require(key->name.size > 0);
    return ++*(size_t *)context < KEYS_MAX;
}

static void check(fp_span content, const char *code_page)
{
    state s = {.arena = fp_arena_new(BUDGET)};
    require(s.arena != NULL);
    s.reg = fp_registry_new(s.arena);
    s.cut = fp_registry_new(s.arena);
    fp_reg_problems problems = {.tell = ignore};
    fp_registry_soundness soundness = FP_REG_UNREADABLE;
    fp_reg_export *e = NULL;
    const fp_span half = fp_span_of(content.data, content.size / 2);
    if (fp_registry_add_export(s.reg, 1, content, code_page, ignore, NULL, &soundness) == FP_OK &&
        fp_registry_add_export(s.cut, 1, half, code_page, ignore, NULL, &s.cut_soundness) ==
            FP_OK &&
        fp_reg_export_read(content, code_page, s.arena, &problems, &e) == FP_OK) {
        size_t count = 0;
        s.e = e;
        require(e->soundness == soundness);
        require(soundness == FP_REG_SOUND || problems.count > 0);
        if (soundness != FP_REG_UNREADABLE)
            (void)fp_name_tree_each(&e->tree->top->children, visit_key, &s);
        const fp_reg_answer a = fp_registry_subkeys(s.reg, FP_STR("HKEY_LOCAL_MACHINE\\SOFTWARE"),
                                                    count_subkey, &count);
        require(soundness == FP_REG_SOUND || a.exists == FP_UNKNOWN);
    }
    fp_arena_free(s.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check(fp_span_of(data, size), NULL);
    check(fp_span_of(data, size), "CP1252");
    return 0;
}
