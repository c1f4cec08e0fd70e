/* SPDX-License-Identifier: MIT */
#include "inventory/base/fact.h"

#include <stdarg.h>
#include <stdio.h>

fp_origin fp_origin_line(fp_arena *arena, uint32_t item, uint64_t line)
{
    const char *where = fp_arena_printf(arena, "line %llu", (unsigned long long)line);
    return (fp_origin){item, fp_str_of(where)};
}

void fp_observe(fp_observations *list, fp_arena *arena, fp_origin origin, const char *format, ...)
{
    enum { VALUE_MAX = 1024 };
    char value[VALUE_MAX];

    va_list args;
    va_start(args, format);
    const int length = vsnprintf(value, sizeof value, format, args);
    va_end(args);

    fp_observation *grown = NULL;
    if (length >= 0 && list->count < FP_OBSERVATIONS_MAX)
        grown = fp_arena_grow(arena, list->at, list->count, &list->capacity, sizeof *list->at);
    if (grown == NULL) {
        list->lost = true;
        return;
    }
    list->at = grown;

    const size_t size = (size_t)length < sizeof value ? (size_t)length : sizeof value - 1;
    const fp_str text = {fp_arena_string(arena, value, size), size};
    if (text.data == NULL) {
        list->lost = true;
        return;
    }
    list->at[list->count++] = (fp_observation){.value = text, .origin = origin};
}

bool fp_observations_starved(const fp_observations *list)
{
    return list->lost && list->count < FP_OBSERVATIONS_MAX;
}
