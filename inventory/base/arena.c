/* SPDX-License-Identifier: MIT */
#include "inventory/base/arena.h"

#include "inventory/base/bytes.h"
#include "inventory/base/watched.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 32 * 1024 };

typedef struct block {
    struct block *next;
    size_t used;
    size_t size;
    alignas(max_align_t) unsigned char data[];
} block;

struct fp_arena {
    block *blocks; /* the newest first; only it is filled up */
    size_t budget;
    size_t used;
};

fp_arena *fp_arena_new(size_t budget_bytes)
{
    fp_arena *arena = calloc(1, sizeof *arena);
    if (arena != NULL)
        arena->budget = budget_bytes;
    return arena;
}

void fp_arena_free(fp_arena *arena)
{
    if (arena == NULL)
        return;
    for (block *b = arena->blocks; b != NULL;) {
        block *next = b->next;
        free(b);
        b = next;
    }
    free(arena);
}

static block *new_block(fp_arena *arena, size_t size)
{
    size_t total;
    if (!fp_size_add(sizeof(block), size, &total))
        return NULL;
    block *b = calloc(1, total);
    if (b == NULL)
        return NULL;
    b->size = size;

    /* A big object gets a block behind the current one, whose free rest stays in use. */
    if (arena->blocks != NULL && size > BLOCK_SIZE) {
        b->next = arena->blocks->next;
        arena->blocks->next = b;
    } else {
        b->next = arena->blocks;
        arena->blocks = b;
    }
    return b;
}

void *fp_arena_alloc(fp_arena *arena, size_t size)
{
    if (size > arena->budget - arena->used)
        return NULL;

    const size_t align = alignof(max_align_t);
    size_t rounded;
    if (!fp_size_add(size, align - 1, &rounded))
        return NULL;
    rounded = size == 0 ? align : rounded & ~(align - 1);

    block *b = arena->blocks;
    if (FP_SANITIZED)
        b = new_block(arena, size); /* exact, so that the redzone begins at the object's end */
    else if (b == NULL || b->size - b->used < rounded)
        b = new_block(arena, rounded > BLOCK_SIZE ? rounded : BLOCK_SIZE);
    if (b == NULL)
        return NULL;

    void *object = b->data + b->used;
    b->used += FP_SANITIZED ? size : rounded;
    arena->used += size;
    return object;
}

void *fp_arena_alloc_array(fp_arena *arena, size_t count, size_t size)
{
    size_t total;
    if (!fp_size_mul(count, size, &total))
        return NULL;
    return fp_arena_alloc(arena, total);
}

void *fp_arena_copy(fp_arena *arena, const void *bytes, size_t size)
{
    void *copy = fp_arena_alloc(arena, size);
    if (copy != NULL && size > 0)
        memcpy(copy, bytes, size);
    return copy;
}

char *fp_arena_string(fp_arena *arena, const char *text, size_t size)
{
    size_t total;
    if (!fp_size_add(size, 1, &total))
        return NULL;
    char *copy = fp_arena_alloc(arena, total);
    if (copy != NULL && size > 0)
        memcpy(copy, text, size);
    return copy;
}

char *fp_arena_printf(fp_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    const int size = vsnprintf(NULL, 0, format, args);
    va_end(args);

    char *text = size < 0 ? NULL : fp_arena_alloc(arena, (size_t)size + 1);
    if (text != NULL)
        (void)vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    return text;
}

void *fp_arena_grow(fp_arena *arena, void *array, size_t count, size_t *capacity,
                    size_t element_size)
{
    if (count < *capacity)
        return array;

    size_t grown;
    if (!fp_size_mul(*capacity, 2, &grown))
        return NULL;
    if (grown < 8)
        grown = 8;
    unsigned char *moved = fp_arena_alloc_array(arena, grown, element_size);
    if (moved == NULL)
        return NULL;
    if (count > 0)
        memcpy(moved, array, count * element_size);
    *capacity = grown;
    return moved;
}
