/* SPDX-License-Identifier: MIT */
/* A registry made of exports that a test writes as plain text. */
#ifndef FP_TESTS_REGISTRY_TEXT_H
#define FP_TESTS_REGISTRY_TEXT_H

#include "inventory/registry/registry.h"
#include "tests/support/check.h"

typedef struct registry_text {
    fp_arena *arena;
    fp_registry *reg;
    uint32_t items;
} registry_text;

static inline registry_text registry_text_new(size_t budget)
{
    registry_text t = {.arena = fp_arena_new(budget)};
    assert_non_null(t.arena);
    t.reg = fp_registry_new(t.arena);
    assert_non_null(t.reg);
    return t;
}

/*
 * Adds an export: `body` is what follows the header line, lines ended by \n. It must be sound. A
 * key behind all others shows that it was not cut off before.
 */
static inline void registry_text_add(registry_text *t, const char *body)
{
    char *text = fp_arena_printf(
        t->arena, "Windows Registry Editor Version 5.00\n\n%s\n[HKEY_USERS]\n\n", body);
    assert_non_null(text);
    fp_registry_soundness soundness;
    assert_int_equal(fp_registry_add_export(t->reg, ++t->items, fp_span_of(text, strlen(text)),
                                            NULL, NULL, NULL, &soundness),
                     FP_OK);
    assert_int_equal(soundness, FP_REG_SOUND);
}

/* Adds a hive, which must be sound. */
static inline void registry_text_add_hive(registry_text *t, fp_span file, const char *name)
{
    fp_registry_soundness soundness;
    assert_int_equal(
        fp_registry_add_hive(t->reg, ++t->items, file, fp_str_of(name), NULL, NULL, &soundness),
        FP_OK);
    assert_int_equal(soundness, FP_REG_SOUND);
}

static inline void registry_text_free(registry_text *t)
{
    fp_arena_free(t->arena);
}

#endif
