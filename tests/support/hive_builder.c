/* SPDX-License-Identifier: MIT */
#include "tests/support/hive_builder.h"

#include "inventory/registry/reg_text.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

enum {
    BLOCK = 4096,
    BIN_HEADER = 32,
    NK_SIZE = 76, /* without the name */
    VK_SIZE = 20,
    SEGMENT = 16344,
    INLINE_MAX = 4,
    CHILDREN_WITHOUT_RI = 1000,
    KEY_ROOT = 0x0C, /* root, and not to be deleted */
    KEY_LATIN1 = 0x20,
    VALUE_LATIN1 = 1,
};
#define NOWHERE UINT32_MAX

struct hive_builder {
    fp_arena *arena;
    hive_builder_key *root;
    locale_t unicode; /* for the hashes of names */
    /* while writing */
    const hive_builder_options *options;
    uint8_t *bins;
    size_t capacity;
    size_t free_at; /* where the next cell goes */
    size_t end;     /* of the bins so far */
    uint32_t security;
    bool failed; /* no memory */
};

/* ---- what is to be written ------------------------------------------------------------------- */

static hive_builder_key *new_key(hive_builder *b, hive_builder_key *parent, fp_str name)
{
    hive_builder_key *key = fp_arena_alloc(b->arena, sizeof *key);
    if (key == NULL || fp_str_dup(b->arena, name, &key->name) != FP_OK)
        return NULL;
    key->written = FP_TIME_NONE;
    key->parent = parent;
    return key;
}

hive_builder *hive_builder_new(fp_arena *arena)
{
    hive_builder *b = fp_arena_alloc(arena, sizeof *b);
    if (b == NULL)
        return NULL;
    b->arena = arena;
    b->root = new_key(b, NULL, FP_STR("$$$PROTO.HIV"));
    return b->root != NULL ? b : NULL;
}

hive_builder_key *hive_builder_root(hive_builder *b)
{
    return b->root;
}

hive_builder_key *hive_builder_add(hive_builder *b, hive_builder_key *parent, fp_str name)
{
    hive_builder_key *key = new_key(b, parent, name);
    hive_builder_key **children = fp_arena_grow(b->arena, parent->children, parent->child_count,
                                                &parent->child_capacity, sizeof(void *));
    if (key == NULL || children == NULL)
        return NULL;
    parent->children = children;
    parent->children[parent->child_count++] = key;
    return key;
}

static hive_builder_key *child_named(const hive_builder_key *key, fp_str name)
{
    for (size_t i = key->child_count; i > 0; i--) { /* the newest first: input is mostly in order */
        if (fp_str_casecmp(key->children[i - 1]->name, name) == 0)
            return key->children[i - 1];
    }
    return NULL;
}

hive_builder_key *hive_builder_path(hive_builder *b, fp_str path)
{
    hive_builder_key *key = b->root;
    fp_str name;
    while (key != NULL && path.size > 0 && fp_str_split(&path, '\\', &name)) {
        hive_builder_key *child = child_named(key, name);
        key = child != NULL ? child : hive_builder_add(b, key, name);
    }
    return key;
}

bool hive_builder_value_add(hive_builder *b, hive_builder_key *key, fp_str name, uint32_t type,
                            fp_span data)
{
    hive_builder_value *values = fp_arena_grow(b->arena, key->values, key->value_count,
                                               &key->value_capacity, sizeof *values);
    hive_builder_value value = {.type = type, .data = data};
    if (values == NULL || fp_str_dup(b->arena, name, &value.name) != FP_OK)
        return false;
    key->values = values;
    key->values[key->value_count++] = value;
    return true;
}

bool hive_builder_text(hive_builder *b, hive_builder_key *key, fp_str name, fp_str text)
{
    fp_span data;
    return fp_reg_utf16(text, true, b->arena, &data) == FP_OK &&
           hive_builder_value_add(b, key, name, FP_REG_SZ, data);
}

bool hive_builder_dword(hive_builder *b, hive_builder_key *key, fp_str name, uint32_t number)
{
    uint8_t *data = fp_arena_alloc(b->arena, 4);
    if (data == NULL)
        return false;
    hive_put32(data, number);
    return hive_builder_value_add(b, key, name, FP_REG_DWORD, fp_span_of(data, 4));
}

/* ---- bins and cells -------------------------------------------------------------------------- */

void hive_put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

void hive_put32(uint8_t *at, uint32_t value)
{
    hive_put16(at, value);
    hive_put16(at + 2, value >> 16);
}

static void put64(uint8_t *at, uint64_t value)
{
    hive_put32(at, (uint32_t)value);
    hive_put32(at + 4, (uint32_t)(value >> 32));
}

static uint64_t filetime(fp_time t)
{
    return t == FP_TIME_NONE ? 0 : (uint64_t)(t + 11644473600000) * 10000;
}

static bool reserve(hive_builder *b, size_t size)
{
    if (size <= b->capacity)
        return true;
    const size_t capacity = size * 2;
    uint8_t *bins = fp_arena_alloc(b->arena, capacity);
    if (bins == NULL) {
        b->failed = true;
        return false;
    }
    if (b->end > 0)
        memcpy(bins, b->bins, b->end);
    b->bins = bins;
    b->capacity = capacity;
    return true;
}

/* What is left of the current bin becomes a free cell. */
static void close_bin(hive_builder *b)
{
    if (b->free_at < b->end)
        hive_put32(b->bins + b->free_at, (uint32_t)(b->end - b->free_at));
    b->free_at = b->end;
}

static bool open_bin(hive_builder *b, size_t cell_size)
{
    const size_t size = (BIN_HEADER + cell_size + BLOCK - 1) / BLOCK * BLOCK;
    if (!reserve(b, b->end + size))
        return false;
    uint8_t *bin = b->bins + b->end;
    memcpy(bin, "hbin", 4);
    hive_put32(bin + 4, (uint32_t)b->end);
    hive_put32(bin + 8, (uint32_t)size);
    b->free_at = b->end + BIN_HEADER;
    b->end += size;
    return true;
}

/* A new cell for a record of `size` bytes, or NULL. The pointer is good until the next call. */
static uint8_t *cell(hive_builder *b, size_t size, uint32_t *offset)
{
    *offset = NOWHERE;
    if (b->failed)
        return NULL;
    const size_t cell_size = (size + 4 + 7) / 8 * 8;
    if (cell_size > b->end - b->free_at) {
        close_bin(b);
        if (!open_bin(b, cell_size))
            return NULL;
    }
    *offset = (uint32_t)b->free_at;
    uint8_t *at = b->bins + b->free_at;
    hive_put32(at, (uint32_t)(0 - cell_size)); /* negative: allocated */
    b->free_at += cell_size;
    return at + 4;
}

/* Holds `data` and has room for `size` bytes. */
static uint32_t cell_with(hive_builder *b, fp_span data, size_t size)
{
    uint32_t offset;
    uint8_t *record = cell(b, size, &offset);
    if (record != NULL && data.size > 0)
        memcpy(record, data.data, data.size);
    return offset;
}

/* ---- names ----------------------------------------------------------------------------------- */

/* Latin-1 when every character has one byte there. */
static fp_span stored_name(hive_builder *b, fp_str name, bool *latin1)
{
    fp_span wide = {NULL, 0};
    if (fp_reg_utf16(name, false, b->arena, &wide) != FP_OK)
        b->failed = true;
    *latin1 = true;
    for (size_t i = 1; i < wide.size; i += 2)
        *latin1 = *latin1 && wide.data[i] == 0;
    if (!*latin1)
        return wide;
    uint8_t *narrow = fp_arena_alloc(b->arena, wide.size / 2);
    if (narrow == NULL) {
        b->failed = true;
        return (fp_span){NULL, 0};
    }
    for (size_t i = 0; i < wide.size / 2; i++)
        narrow[i] = wide.data[2 * i];
    return fp_span_of(narrow, wide.size / 2);
}

static uint32_t hash_of(hive_builder *b, fp_str name)
{
    fp_span wide = {NULL, 0};
    if (fp_reg_utf16(name, false, b->arena, &wide) != FP_OK)
        b->failed = true;
    uint32_t hash = 0;
    for (size_t i = 0; i + 1 < wide.size; i += 2)
        hash = 37 * hash + (uint32_t)towupper_l(fp_load_u16le(wide.data + i), b->unicode);
    return hash;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* As Windows does, every segment's cell has room for a full one and 4 bytes more: hivex counts on
 * those 4 (yarp's BigDataHive has such cells). */
static uint32_t write_segments(hive_builder *b, fp_span data)
{
    const size_t count = (data.size + SEGMENT - 1) / SEGMENT;
    uint32_t *offsets = fp_arena_alloc_array(b->arena, count, sizeof *offsets);
    uint32_t list_offset, offset;
    for (size_t i = 0; offsets != NULL && i < count; i++) {
        const size_t done = i * SEGMENT;
        const size_t part = data.size - done < SEGMENT ? data.size - done : SEGMENT;
        offsets[i] = cell_with(b, fp_span_of(data.data + done, part), SEGMENT + 4);
    }
    uint8_t *list = cell(b, count * 4, &list_offset);
    for (size_t i = 0; list != NULL && offsets != NULL && i < count; i++)
        hive_put32(list + 4 * i, offsets[i]);
    uint8_t *db = cell(b, 12, &offset);
    if (db == NULL || offsets == NULL) {
        b->failed = true;
        return NOWHERE;
    }
    memcpy(db, "db", 2);
    hive_put16(db + 2, (uint32_t)count);
    hive_put32(db + 4, list_offset);
    return offset;
}

static void write_value(hive_builder *b, hive_builder_value *value)
{
    bool latin1 = false;
    const fp_span name = stored_name(b, value->name, &latin1);
    const bool is_inline = value->data.size <= INLINE_MAX;
    const bool big = value->data.size > SEGMENT && b->options->minor != 3;
    value->data_offset = 0;
    if (!is_inline)
        value->data_offset =
            big ? write_segments(b, value->data) : cell_with(b, value->data, value->data.size);

    uint8_t *vk = cell(b, VK_SIZE + name.size, &value->offset);
    if (vk == NULL)
        return;
    memcpy(vk, "vk", 2);
    hive_put16(vk + 2, (uint32_t)name.size);
    hive_put32(vk + 4, (uint32_t)value->data.size | (is_inline ? 0x80000000U : 0));
    hive_put32(vk + 8, value->data_offset);
    if (is_inline && value->data.size > 0)
        memcpy(vk + 8, value->data.data, value->data.size);
    hive_put32(vk + 12, value->type);
    hive_put16(vk + 16, latin1 ? VALUE_LATIN1 : 0);
    if (name.size > 0)
        memcpy(vk + VK_SIZE, name.data, name.size);
}

static void write_values(hive_builder *b, hive_builder_key *key)
{
    for (size_t i = 0; i < key->value_count; i++)
        write_value(b, &key->values[i]);
    uint8_t *list = cell(b, 4 * key->value_count, &key->value_list);
    for (size_t i = 0; list != NULL && i < key->value_count; i++)
        hive_put32(list + 4 * i, key->values[i].offset);
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void write_key(hive_builder *b, hive_builder_key *key)
{
    bool latin1 = false;
    const fp_span name = stored_name(b, key->name, &latin1);
    uint8_t *nk = cell(b, NK_SIZE + name.size, &key->offset);
    key->list = NOWHERE;
    key->value_list = NOWHERE;
    if (nk == NULL)
        return;
    const uint32_t flags = key->more_flags | (latin1 ? (uint32_t)KEY_LATIN1 : 0) |
                           (key->parent == NULL ? (uint32_t)KEY_ROOT : 0);
    memcpy(nk, "nk", 2);
    hive_put16(nk + 2, flags);
    put64(nk + 4, filetime(key->written));
    hive_put32(nk + 16, key->parent != NULL ? key->parent->offset : NOWHERE);
    hive_put32(nk + 20, (uint32_t)key->child_count);
    hive_put32(nk + 28, NOWHERE);
    hive_put32(nk + 32, NOWHERE);
    hive_put32(nk + 36, (uint32_t)key->value_count);
    hive_put32(nk + 40, NOWHERE);
    hive_put32(nk + 44, b->security);
    hive_put32(nk + 48, NOWHERE);
    hive_put16(nk + 72, (uint32_t)name.size);
    if (name.size > 0)
        memcpy(nk + NK_SIZE, name.data, name.size);
}

static void put_hint(hive_builder *b, uint8_t *at, fp_str name)
{
    if (b->options->list == HIVE_LH)
        hive_put32(at, hash_of(b, name));
    else if (name.size > 0)
        memcpy(at, name.data, name.size < 4 ? name.size : 4);
}

static uint32_t write_leaf(hive_builder *b, hive_builder_key *const *children, size_t count)
{
    static const char *const magics[] = {[HIVE_LH] = "lh", [HIVE_LF] = "lf", [HIVE_LI] = "li"};
    const bool hints = b->options->list != HIVE_LI;
    const size_t stride = hints ? 8 : 4;
    uint32_t offset;
    uint8_t *list = cell(b, 4 + stride * count, &offset);
    if (list == NULL)
        return NOWHERE;
    memcpy(list, magics[b->options->list], 2);
    hive_put16(list + 2, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        uint8_t *entry = list + 4 + stride * i;
        hive_put32(entry, children[i]->offset);
        if (hints)
            put_hint(b, entry + 4, children[i]->name);
    }
    return offset;
}

static uint32_t write_list(hive_builder *b, const hive_builder_key *key)
{
    size_t leaf = b->options->leaf;
    if (leaf == 0 && key->child_count <= CHILDREN_WITHOUT_RI)
        return write_leaf(b, key->children, key->child_count);
    if (leaf == 0)
        leaf = CHILDREN_WITHOUT_RI;

    const size_t count = (key->child_count + leaf - 1) / leaf;
    uint32_t *offsets = fp_arena_alloc_array(b->arena, count, sizeof *offsets);
    for (size_t i = 0; offsets != NULL && i < count; i++) {
        const size_t left = key->child_count - i * leaf;
        offsets[i] = write_leaf(b, key->children + i * leaf, left < leaf ? left : leaf);
    }
    uint32_t offset;
    uint8_t *ri = cell(b, 4 + 4 * count, &offset);
    if (ri == NULL || offsets == NULL) {
        b->failed = true;
        return NOWHERE;
    }
    memcpy(ri, "ri", 2);
    hive_put16(ri + 2, (uint32_t)count);
    for (size_t i = 0; i < count; i++)
        hive_put32(ri + 4 + 4 * i, offsets[i]);
    return offset;
}

static int by_name(const void *a, const void *b)
{
    const hive_builder_key *left = *(hive_builder_key *const *)a;
    const hive_builder_key *right = *(hive_builder_key *const *)b;
    return fp_str_casecmp(left->name, right->name);
}

/* The key's own record is there; now what belongs to it, and the same for its subkeys. */
static void write_content(hive_builder *b, hive_builder_key *key)
{
    if (key->value_count > 0)
        write_values(b, key);
    if (key->child_count > 0) {
        qsort(key->children, key->child_count, sizeof *key->children, by_name);
        for (size_t i = 0; i < key->child_count; i++)
            write_key(b, key->children[i]);
        key->list = write_list(b, key);
    }
    if (b->failed)
        return;
    uint8_t *nk = b->bins + key->offset + 4;
    hive_put32(nk + 28, key->list);
    hive_put32(nk + 40, key->value_list);
    for (size_t i = 0; i < key->child_count; i++)
        write_content(b, key->children[i]);
}

/* One security record for all keys: an empty descriptor in self-relative form. */
static void write_security(hive_builder *b)
{
    enum { SK_SIZE = 20, DESCRIPTOR_SIZE = 20 };
    uint8_t *sk = cell(b, SK_SIZE + DESCRIPTOR_SIZE, &b->security);
    if (sk == NULL)
        return;
    memcpy(sk, "sk", 2);
    hive_put32(sk + 4, b->security);
    hive_put32(sk + 8, b->security);
    hive_put32(sk + 12, 1);
    hive_put32(sk + 16, DESCRIPTOR_SIZE);
    sk[SK_SIZE] = 1; /* revision */
    hive_put16(sk + SK_SIZE + 2, 0x8000);
}

/* ---- the file -------------------------------------------------------------------------------- */

void hive_builder_seal(uint8_t *file, size_t size)
{
    if (size < BLOCK)
        return;
    uint32_t sum = 0;
    for (size_t at = 0; at < 508; at += 4)
        sum ^= fp_load_u32le(file + at);
    if (sum == UINT32_MAX)
        sum--;
    hive_put32(file + 508, sum == 0 ? 1 : sum);
}

static void write_base_block(const hive_builder *b, uint8_t *file)
{
    const hive_builder_options *o = b->options;
    memcpy(file, "regf", 4);
    hive_put32(file + 4, o->dirty ? 8 : 7);
    hive_put32(file + 8, 7);
    put64(file + 12, o->written == 0 ? 0 : filetime(o->written));
    hive_put32(file + 20, 1);
    hive_put32(file + 24, o->minor == 0 ? 5 : o->minor);
    hive_put32(file + 32, 1);
    hive_put32(file + 36, b->root->offset);
    hive_put32(file + 40, (uint32_t)b->end);
    hive_put32(file + 44, 1);
    for (size_t i = 0; o->name != NULL && o->name[i] != '\0' && i < 31; i++)
        file[48 + 2 * i] = (uint8_t)o->name[i];
    hive_builder_seal(file, BLOCK);
}

bool hive_builder_write(hive_builder *b, const hive_builder_options *options, uint8_t **file,
                        size_t *size)
{
    b->options = options;
    b->bins = NULL;
    b->capacity = 0;
    b->free_at = 0;
    b->end = 0;
    b->failed = false;
    b->unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (b->unicode == (locale_t)0)
        return false;

    write_key(b, b->root);
    write_security(b);
    if (!b->failed) {
        hive_put32(b->bins + b->root->offset + 4 + 44, b->security);
        write_content(b, b->root);
    }
    freelocale(b->unicode);
    uint8_t *made = b->failed ? NULL : fp_arena_alloc(b->arena, BLOCK + b->end);
    if (made == NULL)
        return false;
    close_bin(b);
    memcpy(made + BLOCK, b->bins, b->end);
    write_base_block(b, made);
    *file = made;
    *size = BLOCK + b->end;
    return true;
}
