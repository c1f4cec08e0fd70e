/* SPDX-License-Identifier: MIT */
#include "inventory/base/out.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for `more` bytes and a NUL behind what is there. */
static bool reserve(fp_out *out, size_t more)
{
    size_t needed;
    if (out->failed || !fp_size_add(out->size, more, &needed) || !fp_size_add(needed, 1, &needed)) {
        out->failed = true;
        return false;
    }
    if (needed <= out->capacity)
        return true;

    size_t capacity;
    if (!fp_size_mul(out->capacity, 2, &capacity) || capacity < needed)
        capacity = needed < 4096 ? 4096 : needed;
    char *data = realloc(out->data, capacity);
    if (data == NULL) {
        out->failed = true;
        return false;
    }
    out->data = data;
    out->capacity = capacity;
    return true;
}

void fp_out_str(fp_out *out, fp_str s)
{
    if (!reserve(out, s.size))
        return;
    if (s.size > 0)
        memcpy(out->data + out->size, s.data, s.size);
    out->size += s.size;
    out->data[out->size] = '\0';
}

void fp_out_text(fp_out *out, const char *nul_terminated)
{
    fp_out_str(out, fp_str_of(nul_terminated));
}

void fp_out_char(fp_out *out, char c, size_t times)
{
    if (!reserve(out, times))
        return;
    memset(out->data + out->size, c, times);
    out->size += times;
    out->data[out->size] = '\0';
}

void fp_out_printf(fp_out *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    const int size = vsnprintf(NULL, 0, format, args);
    va_end(args);

    if (size < 0)
        out->failed = true;
    else if (reserve(out, (size_t)size)) {
        (void)vsnprintf(out->data + out->size, (size_t)size + 1, format, again);
        out->size += (size_t)size;
    }
    va_end(again);
}

void fp_out_free(fp_out *out)
{
    free(out->data);
    *out = (fp_out){0};
}
