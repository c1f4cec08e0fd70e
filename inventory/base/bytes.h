/* SPDX-License-Identifier: MIT */
/*
 * Hostile bytes: a bounded span, and a reader whose first failure sticks.
 *
 * A parser reads a whole structure, asks once whether it was all there (fp_reader_ok), validates,
 * then uses it. After a failed read every further read gives zeros or an empty span, never a wild
 * pointer. Sizes from input are added and multiplied through the checked helpers only.
 */
#ifndef FP_BASE_BYTES_H
#define FP_BASE_BYTES_H

#include "inventory/base/status.h"

#include <stddef.h>

typedef struct fp_span {
    const uint8_t *data; /* never NULL when size > 0; owned by whoever made the span */
    size_t size;
} fp_span;

static inline fp_span fp_span_of(const void *data, size_t size)
{
    return (fp_span){(const uint8_t *)data, size};
}

/* The part [offset, offset + size), or false when it does not lie inside `whole`. */
FP_MUST_CHECK static inline bool fp_span_sub(fp_span whole, uint64_t offset, uint64_t size,
                                             fp_span *out)
{
    if (offset > whole.size || size > whole.size - offset)
        return false;
    *out = fp_span_of(size == 0 ? whole.data : whole.data + offset, (size_t)size);
    return true;
}

/* Does `span` begin with these bytes? */
bool fp_span_starts(fp_span span, const void *prefix, size_t size);

typedef struct fp_reader {
    fp_span span;
    size_t at;   /* offset of the next byte; after a failure, of the read that failed */
    bool failed; /* sticky */
} fp_reader;

/* Starts at `offset` of `span`; an offset outside is a failed reader. */
fp_reader fp_reader_at(fp_span span, uint64_t offset);
static inline bool fp_reader_ok(const fp_reader *r)
{
    return !r->failed;
}
static inline size_t fp_reader_left(const fp_reader *r)
{
    return r->failed ? 0 : r->span.size - r->at;
}

uint8_t fp_read_u8(fp_reader *r);
uint16_t fp_read_u16le(fp_reader *r);
uint32_t fp_read_u32le(fp_reader *r);
uint64_t fp_read_u64le(fp_reader *r);
fp_span fp_read_span(fp_reader *r, uint64_t size);
void fp_read_skip(fp_reader *r, uint64_t size);

/* Loads from memory that the caller knows to hold enough bytes. */
static inline uint16_t fp_load_u16le(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}
static inline uint32_t fp_load_u32le(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}
static inline uint64_t fp_load_u64le(const uint8_t *p)
{
    return (uint64_t)fp_load_u32le(p) | (uint64_t)fp_load_u32le(p + 4) << 32;
}

FP_MUST_CHECK static inline bool fp_size_add(size_t a, size_t b, size_t *sum)
{
    return !__builtin_add_overflow(a, b, sum);
}
FP_MUST_CHECK static inline bool fp_size_mul(size_t a, size_t b, size_t *product)
{
    return !__builtin_mul_overflow(a, b, product);
}

#endif
