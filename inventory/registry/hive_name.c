/* SPDX-License-Identifier: MIT */
#include "inventory/registry/hive_name.h"

#include "inventory/registry/hive.h"

enum { SCRATCH_MAX = 8 * FP_HIVE_VALUE_NAME_BYTES };

static bool is_ascii(fp_str name)
{
    for (size_t i = 0; i < name.size; i++) {
        if ((unsigned char)name.data[i] >= 0x80)
            return false;
    }
    return true;
}

fp_hive_wanted fp_hive_wanted_name(fp_str name)
{
    return (fp_hive_wanted){.name = name, .ascii = is_ascii(name)};
}

static uint32_t fold(uint32_t c)
{
    return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

/* ASCII equals ASCII only: fp_str_casecmp maps no other character to an ASCII letter. */
static bool ascii_matches(fp_str wanted, fp_span raw, size_t width)
{
    if (raw.size != wanted.size * width)
        return false;
    for (size_t i = 0; i < wanted.size; i++) {
        const uint8_t *c = raw.data + i * width;
        const uint32_t unit = width == 1 ? c[0] : fp_load_u16le(c);
        if (fold(unit) != fold((unsigned char)wanted.data[i]))
            return false;
    }
    return true;
}

/* Without case, as fp_str_casecmp. FP_UNKNOWN: no memory to decode a name outside ASCII. */
static fp_tri name_matches(const fp_hive_wanted *wanted, fp_span raw, bool latin1)
{
    if (wanted->ascii)
        return fp_tri_of(ascii_matches(wanted->name, raw, latin1 ? 1 : 2));

    fp_arena *scratch = fp_arena_new(SCRATCH_MAX);
    fp_str name;
    fp_tri matches = FP_UNKNOWN;
    if (scratch != NULL && fp_hive_name(raw, latin1, scratch, &name) == FP_OK)
        matches = fp_tri_of(fp_str_casecmp(wanted->name, name) == 0);
    fp_arena_free(scratch);
    return matches;
}

/* FNV-1a. What is not ASCII stays so in either case (see ascii_matches), and is left out. */
static uint32_t hash_unit(uint32_t hash, uint32_t unit)
{
    return unit < 0x80 ? (hash ^ fold(unit)) * 16777619U : hash;
}

uint32_t fp_hive_name_hash(fp_span raw, size_t width)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i + width <= raw.size; i += width)
        hash = hash_unit(hash, width == 1 ? raw.data[i] : fp_load_u16le(raw.data + i));
    return hash;
}

uint32_t fp_hive_wanted_hash(const fp_hive_wanted *wanted)
{
    return fp_hive_name_hash(fp_span_of(wanted->name.data, wanted->name.size), 1);
}

fp_status fp_hive_name(fp_span raw, bool latin1, fp_arena *arena, fp_str *out)
{
    fp_text_counts counts;
    return latin1 ? fp_text_latin1(raw, arena, out) : fp_text_utf16le(raw, arena, out, &counts);
}

bool fp_hive_search_first(fp_hive_search *search, fp_span raw, bool latin1)
{
    const fp_tri matches = name_matches(&search->wanted, raw, latin1);
    if (matches == FP_UNKNOWN)
        search->nomem = true;
    return matches == FP_TRUE && search->found++ == 0;
}

fp_hive_found fp_hive_search_result(const fp_hive_search *search, bool whole)
{
    if (search->found > 0)
        return search->found == 1 ? FP_HIVE_FOUND : FP_HIVE_TWICE;
    return whole && !search->nomem ? FP_HIVE_ABSENT : FP_HIVE_UNREADABLE;
}
