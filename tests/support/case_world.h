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

extern case_world world; /* between the two below */

/* A group's fixture. Nonzero, told on standard error, when the data cannot be read. */
int case_world_setup(void **state);
int case_world_teardown(void **state);

#endif
