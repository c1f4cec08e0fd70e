/* SPDX-License-Identifier: MIT */
/*
 * What the view asks of one source. Each form of evidence implements this table once: reg_export.c,
 * hive_source.c. A source answers for itself alone; registry.c puts the answers together.
 */
#ifndef FP_REGISTRY_SOURCE_H
#define FP_REGISTRY_SOURCE_H

#include "inventory/registry/registry.h"

/* What one source says of a key or a value. */
typedef enum fp_reg_sight {
    FP_REG_SIGHT_NONE = 0, /* not covered: the source does not reach there */
    FP_REG_SIGHT_DOUBT,    /* it should reach there, but cannot tell: `why` */
    FP_REG_SIGHT_ABSENT,   /* covered by a sound part of the source, and not there */
    FP_REG_SIGHT_PRESENT
} fp_reg_sight;

typedef struct fp_reg_seen {
    fp_reg_sight sight;
    fp_unknown_why why; /* DOUBT */
    uint64_t node;      /* PRESENT: the source's handle of the key; ABSENT: of what covers it */
} fp_reg_seen;

typedef struct fp_reg_source_ops {
    fp_reg_seen (*find)(const void *source, fp_str path);
    /* *value is set (with its origin's `where`, not `item`) only when PRESENT. */
    fp_reg_seen (*value)(const void *source, uint64_t node, fp_str name, fp_reg_value *value);
    /*
     * PRESENT: all of them were told; DOUBT: there may be more. Never stop early: `each` returns
     * false only when memory is used up, and then the answer is DOUBT.
     */
    fp_reg_seen (*subkeys)(const void *source, uint64_t node, fp_arena *names,
                           fp_registry_subkey_fn *each, void *context);
    fp_reg_seen (*values)(const void *source, uint64_t node, fp_registry_value_fn *each,
                          void *context);
    fp_time (*written)(const void *source, uint64_t node);
    /* Where a reader finds the key: its full path and line or offset; empty without memory. */
    fp_str (*where)(const void *source, uint64_t node);
} fp_reg_source_ops;

typedef struct fp_reg_source {
    const fp_reg_source_ops *ops; /* NULL: the item answers no question */
    const void *source;
    uint32_t item;
    fp_unknown_why why_nothing; /* ops NULL: what that makes of every question */
    bool cut;                   /* fp_registry_cut */
    bool lags;                  /* fp_registry_lags */
} fp_reg_source;

/* The next component of a path: without the backslash; false at the end. "" is not a component. */
bool fp_reg_path_next(fp_str *rest, fp_str *component);

enum { FP_REG_PROBLEMS_MAX = 64 }; /* told for one source; the rest is only counted */

/* Problems of one source on their way out. */
typedef struct fp_reg_problems {
    fp_registry_problem_fn *tell; /* may be NULL */
    void *context;
    uint64_t count;
} fp_reg_problems;
void fp_reg_problem(fp_reg_problems *problems, uint64_t where, const char *format, ...)
    FP_PRINTF(3, 4);

/* Are these the same stored data, as far as both sources can show it? See value.c. */
bool fp_reg_value_same(const fp_reg_value *a, const fp_reg_value *b);

#endif
