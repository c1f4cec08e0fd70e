/* SPDX-License-Identifier: MIT */
/*
 * Where a fact comes from. Every value that reaches a verdict carries an origin: the evidence item
 * and the place in it.
 */
#ifndef FP_BASE_FACT_H
#define FP_BASE_FACT_H

#include "inventory/base/text.h"

typedef struct fp_origin {
    uint32_t item; /* id of the evidence item (1, 2, ...); 0 = declared or derived, no item */
    fp_str where;  /* key path, "line 17", member name, "offset 0x200"; UTF-8, unescaped */
} fp_origin;

/* "line 17" of the item; an empty `where` when the arena is full. */
fp_origin fp_origin_line(fp_arena *arena, uint32_t item, uint64_t line);

/* One thing that was seen, in words a reader can check: "Full Version = 4.00.6221.1000". */
typedef struct fp_observation {
    fp_str value;
    fp_origin origin;
} fp_observation;

/* A growing list of observations in an arena. A failed growth sets `lost` instead of failing. */
typedef struct fp_observations {
    fp_observation *at;
    size_t count;
    size_t capacity;
    bool lost;
} fp_observations;

enum { FP_OBSERVATIONS_MAX = 64 }; /* per test; more are counted into `lost` */

void fp_observe(fp_observations *list, fp_arena *arena, fp_origin origin, const char *format, ...)
    FP_PRINTF(4, 5);
/* Were some lost for want of memory, not because there are too many? Then the caller fails. */
bool fp_observations_starved(const fp_observations *list);

#endif
