/* SPDX-License-Identifier: MIT */
/*
 * The copies of one program file in the evidence: items of its name, programs whose version
 * resource gives it as their original name, and files that are described instead of supplied.
 */
#ifndef FP_DECIDE_COPIES_H
#define FP_DECIDE_COPIES_H

#include "verify/decide/casefile.h"

enum { FP_COPIES_MAX = 64 }; /* of one file in one evidence set; among more nothing is decided */

typedef struct fp_copy {
    const fp_item *item;      /* NULL: described only */
    const fp_case_file *file; /* NULL: no program that could be read */
} fp_copy;

typedef struct fp_copies {
    fp_copy at[FP_COPIES_MAX];
    size_t count;
    bool too_many;
} fp_copies;

void fp_copies_find(const fp_case *c, fp_str name, fp_copies *out);

/* What its version resource says; NULL: it has none that can be read, or several that differ. */
const fp_version *fp_copy_version(const fp_copy *copy);

#endif
