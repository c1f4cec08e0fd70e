/* SPDX-License-Identifier: MIT */
#include "inventory/base/bytes.h"

#include <string.h>

bool fp_span_starts(fp_span span, const void *prefix, size_t size)
{
    return span.size >= size && (size == 0 || memcmp(span.data, prefix, size) == 0);
}

fp_reader fp_reader_at(fp_span span, uint64_t offset)
{
    const bool inside = offset <= span.size;
    return (fp_reader){.span = span, .at = inside ? (size_t)offset : 0, .failed = !inside};
}

/* The next `size` bytes, or NULL and a failed reader. */
static const uint8_t *take(fp_reader *r, uint64_t size)
{
    if (r->failed || size > r->span.size - r->at) {
        r->failed = true;
        return NULL;
    }
    const uint8_t *p = r->span.data + r->at;
    r->at += (size_t)size;
    return p;
}

uint8_t fp_read_u8(fp_reader *r)
{
    const uint8_t *p = take(r, 1);
    return p == NULL ? 0 : *p;
}

uint16_t fp_read_u16le(fp_reader *r)
{
    const uint8_t *p = take(r, 2);
    return p == NULL ? 0 : fp_load_u16le(p);
}

uint32_t fp_read_u32le(fp_reader *r)
{
    const uint8_t *p = take(r, 4);
    return p == NULL ? 0 : fp_load_u32le(p);
}

uint64_t fp_read_u64le(fp_reader *r)
{
    const uint8_t *p = take(r, 8);
    return p == NULL ? 0 : fp_load_u64le(p);
}

fp_span fp_read_span(fp_reader *r, uint64_t size)
{
    if (size == 0)
        return fp_span_of(NULL, 0);
    const uint8_t *p = take(r, size);
    return p == NULL ? fp_span_of(NULL, 0) : fp_span_of(p, (size_t)size);
}

void fp_read_skip(fp_reader *r, uint64_t size)
{
    (void)fp_read_span(r, size);
}
