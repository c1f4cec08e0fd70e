/* SPDX-License-Identifier: MIT */
#include "inventory/registry/registry.h"
#include "inventory/registry/source.h"

#include <string.h>

static bool is_string(uint32_t type)
{
    return type == FP_REG_SZ || type == FP_REG_EXPAND_SZ || type == FP_REG_LINK;
}

static bool nul_unit_at(fp_span data, size_t at)
{
    return data.data[at] == 0 && data.data[at + 1] == 0;
}

static fp_span up_to_nul(fp_span data)
{
    for (size_t at = 0; at + 1 < data.size; at += 2) {
        if (nul_unit_at(data, at))
            return fp_span_of(data.data, at);
    }
    return data;
}

static fp_span without_closing_nuls(fp_span data)
{
    size_t size = data.size & ~(size_t)1;
    while (size > 0 && nul_unit_at(data, size - 2))
        size -= 2;
    return fp_span_of(data.data, size);
}

/*
 * An export shows a REG_SZ up to its first NUL only, and whether a string had a terminator is lost
 * on the way through many tools: such differences are not contradictions.
 */
static fp_span shown(const fp_reg_value *value)
{
    if (value->type == FP_REG_SZ)
        return up_to_nul(value->data);
    if (value->type == FP_REG_MULTI_SZ || is_string(value->type))
        return without_closing_nuls(value->data);
    return value->data;
}

bool fp_reg_value_same(const fp_reg_value *a, const fp_reg_value *b)
{
    const fp_span left = shown(a);
    const fp_span right = shown(b);
    return a->type == b->type && left.size == right.size &&
           (left.size == 0 || memcmp(left.data, right.data, left.size) == 0);
}

bool fp_reg_value_u64(const fp_reg_value *value, uint64_t *out)
{
    const uint8_t *data = value->data.data;
    if (value->type == FP_REG_DWORD && value->data.size == 4) {
        *out = fp_load_u32le(data);
        return true;
    }
    if (value->type == FP_REG_DWORD_BE && value->data.size == 4) {
        *out = (uint64_t)data[0] << 24 | (uint64_t)data[1] << 16 | (uint64_t)data[2] << 8 | data[3];
        return true;
    }
    if (value->type == FP_REG_QWORD && value->data.size == 8) {
        *out = fp_load_u64le(data);
        return true;
    }
    return false;
}

bool fp_reg_value_text(const fp_reg_value *value, fp_arena *arena, fp_str *out)
{
    uint64_t number;
    if (fp_reg_value_u64(value, &number)) {
        const char *text = fp_arena_printf(arena, "%llu", (unsigned long long)number);
        if (text == NULL)
            return false;
        *out = fp_str_of(text);
        return true;
    }
    fp_text_counts counts;
    return is_string(value->type) &&
           fp_text_utf16le(up_to_nul(value->data), arena, out, &counts) == FP_OK;
}
