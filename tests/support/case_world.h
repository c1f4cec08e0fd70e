/* SPDX-License-Identifier: MIT */
/* What cases are decided with: the advisory 954474 and the releases of data/products/. */
#ifndef FP_TESTS_CASE_WORLD_H
#define FP_TESTS_CASE_WORLD_H

#include "verify/decide/casefile.h"

typedef struct case_world {
    fp_arena *arena;
    fp_releases *releases;
    const fp_advisory *advisory;
} case_world;

/* False, told on standard error, when the data cannot be read. */
bool case_world_open(case_world *out);
void case_world_close(case_world *world);

#endif
