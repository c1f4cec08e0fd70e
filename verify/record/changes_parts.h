/* SPDX-License-Identifier: MIT */
/* Between the files of changes.h. */
#ifndef FP_RECORD_CHANGES_PARTS_H
#define FP_RECORD_CHANGES_PARTS_H

#include "verify/record/changes.h"

typedef struct fp_comparison {
    fp_changes *out;
    fp_arena *arena;
    size_t regression_capacity;
    bool failed; /* sticky: no memory */
} fp_comparison;

/* Room for a list; NULL after a failure. */
void *fp_comparison_room(fp_comparison *c, size_t count, size_t size);
/* One more that got worse. */
void fp_comparison_worse(fp_comparison *c, const char *kind, fp_str name, const char *format, ...)
    FP_PRINTF(4, 5);

void fp_compare_settings(fp_comparison *c);
void fp_compare_facts(fp_comparison *c);
void fp_compare_markers(fp_comparison *c);
void fp_compare_files(fp_comparison *c);
void fp_compare_catalogs(fp_comparison *c);
void fp_compare_episodes(fp_comparison *c);
void fp_compare_results(fp_comparison *c);

#endif
