/* SPDX-License-Identifier: MIT */
/* A hive in its place in the registry, as a source of the view. */
#ifndef FP_REGISTRY_HIVE_SOURCE_H
#define FP_REGISTRY_HIVE_SOURCE_H

#include "inventory/registry/hive_place.h"
#include "inventory/registry/source.h"

typedef struct fp_hive_source {
    fp_arena *arena;
    fp_hive *hive; /* NULL: not one that can be read */
    fp_hive_place place;
    fp_registry_soundness soundness;
    bool recovered;          /* read from a copy with its logs applied: offsets are the copy's */
    struct fp_hive_met *met; /* damage that look-ups met and told */
} fp_hive_source;

/*
 * Opens it and finds its place; FP_OK whatever the hive's state; FP_NOMEM. Problems are told with
 * the file offset, now and, each once, when a look-up meets them: `problems` must outlive it.
 */
FP_MUST_CHECK fp_status fp_hive_source_open(fp_paged content, fp_str name_hint, fp_arena *arena,
                                            fp_reg_problems *problems, fp_hive_source **out);
/* Reads everything once, so that what is unreadable is told now; look-ups tell nothing then. */
FP_MUST_CHECK fp_status fp_hive_source_survey(const fp_hive_source *s);

extern const fp_reg_source_ops fp_hive_source_ops;

#endif
