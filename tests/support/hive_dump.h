/* SPDX-License-Identifier: MIT */
/*
 * The content of a hive as sorted lines, one for each key ("[path]") and value ("[path]
 * name=data"), from our own reader or from hivexregedit, so that the two can be compared.
 */
#ifndef FP_TESTS_HIVE_DUMP_H
#define FP_TESTS_HIVE_DUMP_H

#include "inventory/base/paged.h"
#include "inventory/base/text.h"

typedef struct hive_lines {
    fp_str *at;
    size_t count;
    size_t capacity;
} hive_lines;

/* By our own walk; false: it could not be opened. */
bool hive_dump_own(fp_span file, fp_arena *arena, hive_lines *out);
bool hive_dump_paged(fp_paged file, fp_arena *arena, hive_lines *out);
bool hive_dump_has_hivex(void); /* is hivexregedit installed? */
/* By `hivexregedit --export PATH`; what it printed before it failed counts. False: not installed.
 */
bool hive_dump_hivex(const char *path, fp_arena *arena, hive_lines *out);

/* How many lines are in one and not in the other. Both are sorted. */
void hive_dump_compare(const hive_lines *own, const hive_lines *other, size_t *only_own,
                       size_t *only_other);

#endif
