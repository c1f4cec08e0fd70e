/* SPDX-License-Identifier: MIT */
#include "tests/support/random_tree.h"

#include <string.h>

enum {
    NAME_MAX_BYTES = 4 * FP_REGISTRY_KEY_NAME_MAX,
    DEPTH_USUAL = 7,
    KEYS_USUAL = 24,
    DEPTH_MOST = 100,
    CHILDREN_MOST = 400,
    DATA_MOST = 3 * 16344 + 8
};

typedef struct random_source {
    uint64_t state;
} random_source;

/* splitmix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators") */
static uint64_t next_number(random_source *r)
{
    r->state += 0x9E3779B97F4A7C15U;
    uint64_t z = r->state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

static size_t below(random_source *r, size_t limit)
{
    return (size_t)(next_number(r) % limit);
}

static bool one_in(random_source *r, size_t n)
{
    return below(r, n) == 0;
}

/* ---- names ----------------------------------------------------------------------------------- */

typedef struct alphabet {
    const char *letters[16]; /* UTF-8 */
    size_t units;            /* of UTF-16 that one takes */
} alphabet;

static const alphabet alphabets[] = {
    {{"a", "b", "c", "A", "B", "C", "K", "k", "S", "s", "1", "9", "_", "-", ".", " "}, 1},
    {{"a", "Z", "\"", "=", "[", "]", ";", "#", "@", "%", "/", "{", "}", "'", "$", "-"}, 1},
    {{"\u00E9", "\u00C9", "\u00FC", "\u00DC", "\u00F1", "\u00DF", "\u00B5", "\u00FF", "a", "B",
      "\u00A0", "\u00D7", "\u00F7", "\u00E6", "\u00C6", "7"},
     1},
    {{"\u03B1", "\u0391", "\u0434", "\u0414", "\u20AC", "\u6F22", "\u5B57", "\u304B", "\uFFFD",
      "\u0141", "\u0142", "\u05D0", "\u0178", "x", "Y", "3"},
     1},
    {{"\U0001F600", "\U00010400", "\U00010428", "\U0001D11E", "\U00020000", "\U0010FFFD",
      "\U0001F1E6", "\U00013000", "\U0001F4BE", "\U00010348", "\U0001F680", "\U0002A6D6",
      "\U00016A0F", "\U0001E900", "\U0001E922", "\U0001F9EA"},
     2},
    /* a key's name has no backslash: the last one is for values */
    {{"\\", "\"", "\\", "a", "B", "=", ",", "-", "\u00E9", "\u20AC", "[", "]", "@", "/", ":", "h"},
     1},
};
enum { ALPHABETS = sizeof alphabets / sizeof alphabets[0] };

static fp_str random_name(random_source *r, fp_arena *arena, size_t alphabet_count,
                          size_t units_max)
{
    char name[NAME_MAX_BYTES];
    const alphabet *a = &alphabets[below(r, alphabet_count)];
    const size_t most = one_in(r, 12) ? FP_REGISTRY_KEY_NAME_MAX : 12;
    const size_t letters = 1 + below(r, (most < units_max ? most : units_max) / a->units);
    size_t size = 0;
    for (size_t i = 0; i < letters; i++) {
        const char *letter = a->letters[below(r, 16)];
        memcpy(name + size, letter, strlen(letter));
        size += strlen(letter);
    }
    const char *copy = fp_arena_string(arena, name, size);
    return (fp_str){copy, copy == NULL ? 0 : size};
}

static fp_str random_key_name(random_source *r, fp_arena *arena, size_t units_max)
{
    return random_name(r, arena, ALPHABETS - 1, units_max);
}

/* hivexregedit takes names that differ in ASCII case for one key. */
static bool is_taken(const hive_builder_key *parent, fp_str name)
{
    for (size_t i = 0; i < parent->child_count; i++)
        if (fp_str_ieq(parent->children[i]->name, name))
            return true;
    return false;
}

/* ---- values ---------------------------------------------------------------------------------- */

static uint32_t random_type(random_source *r)
{
    static const uint32_t odd[] = {12, 16, 0xFF, 0x10000, 0x7FFFFFFF, 0x80000001, UINT32_MAX};
    return one_in(r, 6) ? odd[below(r, sizeof odd / sizeof odd[0])] : (uint32_t)below(r, 12);
}

static size_t random_size(random_source *r)
{
    static const size_t borders[] = {0, 1, 2, 3, 4, 5, 8, 4063, 4092, 16343, 16344, 16345, 32688};
    if (one_in(r, 80))
        return below(r, DATA_MOST);
    return one_in(r, 3) ? borders[below(r, one_in(r, 4) ? 13 : 7)] : below(r, 120);
}

static bool add_value(hive_builder *b, fp_arena *arena, random_source *r, hive_builder_key *key)
{
    const size_t size = random_size(r);
    uint8_t *data = fp_arena_alloc(arena, size + 1);
    const bool again = one_in(r, 20) && key->value_count > 0; /* duplicate names exist */
    const fp_str name = again ? key->values[0].name
                        : one_in(r, 10)
                            ? FP_STR("")
                            : random_name(r, arena, ALPHABETS, FP_REGISTRY_KEY_NAME_MAX);
    if (data == NULL || name.data == NULL)
        return false;
    for (size_t i = 0; i < size; i++)
        data[i] = (uint8_t)next_number(r);
    return hive_builder_value_add(b, key, name, random_type(r), fp_span_of(data, size));
}

/* A name of more than 255 characters, which only a value can have. */
static bool add_long_named(hive_builder *b, fp_arena *arena, random_source *r,
                           hive_builder_key *key)
{
    const size_t size = FP_REGISTRY_VALUE_NAME_MAX - below(r, 2000);
    char *name = fp_arena_alloc(arena, size);
    if (name == NULL)
        return false;
    memset(name, 'n', size);
    return hive_builder_value_add(b, key, (fp_str){name, size}, FP_REG_NONE, fp_span_of("", 0));
}

/* ---- trees ----------------------------------------------------------------------------------- */

static bool add_values(hive_builder *b, fp_arena *arena, random_source *r, hive_builder_key *key)
{
    for (size_t count = below(r, 5); count > 0; count--)
        if (!add_value(b, arena, r, key))
            return false;
    return !one_in(r, 300) || add_long_named(b, arena, r, key);
}

static bool add_usual(hive_builder *b, fp_arena *arena, random_source *r, hive_builder_key *parent,
                      size_t depth, size_t *left)
{
    if (!add_values(b, arena, r, parent))
        return false;
    for (size_t count = depth < DEPTH_USUAL ? below(r, 7) : 0; count > 0 && *left > 0; count--) {
        const fp_str name = random_key_name(r, arena, FP_REGISTRY_KEY_NAME_MAX);
        if (name.data == NULL)
            return false;
        if (is_taken(parent, name))
            continue;
        hive_builder_key *key = hive_builder_add(b, parent, name);
        --*left;
        if (key == NULL || !add_usual(b, arena, r, key, depth + 1, left))
            return false;
    }
    return true;
}

static bool add_wide(hive_builder *b, fp_arena *arena, random_source *r, hive_builder_key *parent)
{
    for (size_t count = below(r, CHILDREN_MOST); count > 0; count--) {
        const char *name = fp_arena_printf(arena, "%x-%zu", (unsigned)below(r, 4096), count);
        if (name == NULL || hive_builder_add(b, parent, fp_str_of(name)) == NULL)
            return false;
    }
    return true;
}

static bool add_deep(hive_builder *b, fp_arena *arena, random_source *r, hive_builder_key *parent)
{
    for (size_t count = below(r, DEPTH_MOST); count > 0 && parent != NULL; count--) {
        const fp_str name = random_key_name(r, arena, 6);
        parent = name.data == NULL ? NULL : hive_builder_add(b, parent, name);
    }
    return parent != NULL && add_values(b, arena, r, parent);
}

bool random_tree_fill(hive_builder *b, fp_arena *arena, uint64_t seed)
{
    random_source r = {seed};
    size_t left = KEYS_USUAL;
    hive_builder_key *root = hive_builder_root(b);
    return add_usual(b, arena, &r, root, 0, &left) &&
           (!one_in(&r, 25) || add_wide(b, arena, &r, root)) &&
           (!one_in(&r, 25) || add_deep(b, arena, &r, root));
}

/* ---- as text --------------------------------------------------------------------------------- */

static void put_name(fp_out *out, fp_str name, bool other_case)
{
    for (size_t i = 0; i < name.size; i++) {
        const char c = name.data[i];
        const char swapped = c == fp_ascii_upper(c) ? fp_ascii_lower(c) : fp_ascii_upper(c);
        fp_out_char(out, other_case ? swapped : c, 1);
    }
}

static void put_path(fp_out *out, random_source *r, const hive_builder_key *key, bool known)
{
    if (key->parent == NULL)
        return;
    put_path(out, r, key->parent, true);
    fp_out_char(out, '\\', 1);
    put_name(out, key->name, known && one_in(r, 3));
}

static void put_key(fp_out *out, random_source *r, const hive_builder_key *key, bool known)
{
    fp_out_text(out, key->parent == NULL ? "\n[\\" : "\n[");
    put_path(out, r, key, known);
    fp_out_text(out, "]\n");
}

static void put_value(fp_out *out, const hive_builder_value *value)
{
    if (value->name.size == 0)
        fp_out_char(out, '@', 1);
    else
        fp_out_char(out, '"', 1);
    for (size_t i = 0; i < value->name.size; i++) {
        const char c = value->name.data[i];
        if (c == '"' || c == '\\')
            fp_out_char(out, '\\', 1);
        fp_out_char(out, c, 1);
    }
    fp_out_printf(out, value->name.size == 0 ? "=hex(%x):" : "\"=hex(%x):", value->type);
    for (size_t i = 0; i < value->data.size; i++)
        fp_out_printf(out, i == 0 ? "%02x" : ",%02x", value->data.data[i]);
    fp_out_char(out, '\n', 1);
}

/* May the values from `middle` on come in a section of their own? There hivexregedit replaces
 * values of the same name. */
static bool can_part(const hive_builder_key *key, size_t middle)
{
    for (size_t i = 0; i < middle; i++)
        for (size_t j = middle; j < key->value_count; j++)
            if (fp_str_casecmp(key->values[i].name, key->values[j].name) == 0)
                return false;
    return middle > 0;
}

static void put_tree(fp_out *out, random_source *r, const hive_builder_key *key)
{
    const size_t middle = key->value_count / 2;
    const bool parted = one_in(r, 4) && can_part(key, middle);
    put_key(out, r, key, false);
    for (size_t i = 0; i < key->value_count; i++) {
        if (parted && i == middle)
            put_key(out, r, key, true);
        put_value(out, &key->values[i]);
    }
    for (size_t i = 0; i < key->child_count; i++)
        put_tree(out, r, key->children[i]);
}

void random_tree_text(const hive_builder_key *root, uint64_t seed, fp_out *out)
{
    random_source r = {seed};
    fp_out_text(out, "Windows Registry Editor Version 5.00\n");
    put_tree(out, &r, root);
}
