/* SPDX-License-Identifier: MIT */
/*
 * The inside of a hive, for the files hive*.c only. fp_hive_cell is the one door to the bytes
 * behind the base block; only hive.c itself reads the headers of bins and cells.
 */
#ifndef FP_REGISTRY_HIVE_CELL_H
#define FP_REGISTRY_HIVE_CELL_H

#include "inventory/registry/hive.h"

/* One bit for each 8 bytes of the bins: cells begin at multiples of 8. */
typedef struct fp_hive_marks {
    uint8_t *bits;
    uint32_t size; /* bytes of the bins that it covers */
} fp_hive_marks;

FP_MUST_CHECK bool fp_hive_marks_make(fp_arena *arena, size_t bins_size, fp_hive_marks *out);

enum { FP_HIVE_SMALL_LIST = 16 }; /* entries: cheaper to go through than to remember */

/* What look-ups leave behind for the next ones. */
typedef struct fp_hive_memory {
    fp_arena *arena;
    uint64_t work; /* entries of lists that may still be read */
    struct fp_hive_index *indexes[64];
} fp_hive_memory;

struct fp_hive {
    fp_hive_header header;
    fp_paged file;
    size_t bins_size;     /* bytes that are there of them */
    uint32_t *bin_of;     /* for each block 1 + the first block of its bin; 0: it lies in none */
    uint8_t *states;      /* of the bins, each at its first block: hive.c */
    fp_hive_marks starts; /* of allocated cells, in the bins that were walked */
    fp_reg_problems *problems;
    fp_hive_memory *memory;
    bool whole;
};

/*
 * May so many entries of one list still be read? Small lists are free. An honest hive never comes
 * to the end; one whose records all name the same long list would keep look-ups busy for hours.
 */
FP_MUST_CHECK bool fp_hive_afford(const fp_hive *hive, uint64_t entries);

/* The record in the allocated cell that starts at `offset`; false: there is none, or it could not
 * be read. The first use of a bin walks its cells. */
FP_MUST_CHECK bool fp_hive_cell(const fp_hive *hive, uint32_t offset, fp_span *record);

/* Marks `offset`; false: it was marked before. */
bool fp_hive_claim(fp_hive_marks *claims, uint32_t offset);

static inline uint64_t fp_hive_file_offset(uint32_t offset)
{
    return (uint64_t)FP_HIVE_BLOCK + offset;
}

#endif
