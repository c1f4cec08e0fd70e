/* SPDX-License-Identifier: MIT */
/*
 * Memory with a budget: one arena per input, and parsers allocate nowhere else.
 *
 * All objects of an arena are freed together. An object is zeroed and aligned for any type. When
 * the budget (bytes asked for, without overhead) would be exceeded, or malloc fails, allocation
 * returns NULL and the caller answers FP_NOMEM. Under AddressSanitizer every object has a block of
 * its own, so that an overrun of one is seen. Not thread-safe: an arena belongs to one thread at a
 * time.
 */
#ifndef FP_BASE_ARENA_H
#define FP_BASE_ARENA_H

#include "inventory/base/status.h"

#include <stddef.h>

typedef struct fp_arena fp_arena;

/* NULL when there is no memory. The caller frees it with fp_arena_free. */
FP_MUST_CHECK fp_arena *fp_arena_new(size_t budget_bytes);
void fp_arena_free(fp_arena *arena); /* NULL is fine */

FP_MUST_CHECK void *fp_arena_alloc(fp_arena *arena, size_t size);
FP_MUST_CHECK void *fp_arena_alloc_array(fp_arena *arena, size_t count, size_t size);
FP_MUST_CHECK void *fp_arena_copy(fp_arena *arena, const void *bytes, size_t size);
/* NUL-terminated copy of `size` bytes. */
FP_MUST_CHECK char *fp_arena_string(fp_arena *arena, const char *text, size_t size);
FP_MUST_CHECK char *fp_arena_printf(fp_arena *arena, const char *format, ...) FP_PRINTF(2, 3);

/*
 * Room for one more element at the end of a growing array: returns the array, moved when it had to
 * grow, or NULL (the old array is then still good). The old copy stays in the arena until it is
 * freed.
 *
 *     items = fp_arena_grow(a, items, count, &capacity, sizeof *items);
 */
FP_MUST_CHECK void *fp_arena_grow(fp_arena *arena, void *array, size_t count, size_t *capacity,
                                  size_t element_size);

#endif
