/* SPDX-License-Identifier: MIT */
/* Keys of a hive: nk records and the lists li, lf, lh, ri. */
#include "inventory/registry/hive.h"

#include "inventory/registry/hive_cell.h"

#include <string.h>

enum {
    FLAG_LINK = 0x10,
    FLAG_LATIN1 = 0x20,
    FLAG_PREDEFINED = 0x40, /* the value count is a handle, not a count */
    KEY_CELL_MIN = 80,      /* bytes: what the smallest key takes */
};

bool fp_hive_key_is_link(const fp_hive_key *key)
{
    return (key->flags & FLAG_LINK) != 0;
}

/* ---- nk -------------------------------------------------------------------------------------- */

/* A backslash in a name would make one key pass for a path of several. */
static const char *name_fault(const fp_hive_key *key)
{
    const size_t width = key->latin1 ? 1 : 2;
    if (key->name.size % width != 0)
        return "a key name of half a character";
    if (key->name.size / width > FP_REGISTRY_KEY_NAME_MAX)
        return "a key name of more than 255 characters";
    for (size_t i = 0; i < key->name.size; i += width) {
        const bool low = key->latin1 || key->name.data[i + 1] == 0;
        if (low && key->name.data[i] == '\\')
            return "a backslash in a key name";
    }
    return NULL;
}

fp_status fp_hive_key_at(const fp_hive *hive, uint32_t offset, fp_hive_key *out, fp_diag *d)
{
    const uint64_t where = fp_hive_file_offset(offset);
    fp_span record;
    if (!fp_hive_cell(hive, offset, &record))
        return fp_fail(d, FP_FORMAT, "regf", where, "a key is said to be here, but no cell begins");

    fp_hive_key key = {.offset = offset};
    fp_reader r = fp_reader_at(record, 0);
    const fp_span magic = fp_read_span(&r, 2);
    key.flags = fp_read_u16le(&r);
    key.written = fp_time_from_filetime(fp_read_u64le(&r));
    fp_read_skip(&r, 4); /* access bits */
    key.parent = fp_read_u32le(&r);
    key.subkeys = fp_read_u32le(&r);
    fp_read_skip(&r, 4); /* volatile subkeys: not on disk */
    key.subkey_list = fp_read_u32le(&r);
    fp_read_skip(&r, 4);
    key.values = fp_read_u32le(&r);
    key.value_list = fp_read_u32le(&r);
    fp_read_skip(&r, 28); /* security, class, largest sizes, work area */
    const uint16_t name_size = fp_read_u16le(&r);
    fp_read_skip(&r, 2);
    key.name = fp_read_span(&r, name_size);
    key.latin1 = (key.flags & FLAG_LATIN1) != 0;
    if ((key.flags & FLAG_PREDEFINED) != 0)
        key.values = 0;

    if (!fp_reader_ok(&r))
        return fp_fail(d, FP_FORMAT, "regf", where, "a key that does not fit in its cell");
    if (memcmp(magic.data, "nk", 2) != 0)
        return fp_fail(d, FP_FORMAT, "regf", where, "not a key record");
    const char *fault = name_fault(&key);
    if (fault != NULL)
        return fp_fail(d, FP_FORMAT, "regf", where, "%s", fault);
    *out = key;
    return FP_OK;
}

fp_status fp_hive_root(const fp_hive *hive, fp_hive_key *out, fp_diag *d)
{
    return fp_hive_key_at(hive, hive->header.root, out, d);
}

/* ---- lists ----------------------------------------------------------------------------------- */

typedef struct listing {
    const fp_hive *hive;
    const fp_hive_key *parent;
    fp_hive_key_fn *each;
    void *context;
    fp_diag *d;
    uint32_t left; /* keys that the parent still promises */
    bool whole;
    bool stopped; /* by `each` */
} listing;

static void unreadable(listing *l, uint32_t offset, const char *what)
{
    l->whole = false;
    (void)fp_fail(l->d, FP_FORMAT, "regf", fp_hive_file_offset(offset), "%s", what);
}

/* What a list keeps of a name besides the key's offset. */
typedef enum hint { HINT_NONE = 0, HINT_LETTERS, HINT_HASH } hint;

static uint8_t upper(uint8_t c) /* Latin-1 */
{
    const bool small = (c >= 'a' && c <= 'z') || (c >= 0xE0 && c <= 0xFE && c != 0xF7);
    return small ? (uint8_t)(c - ('a' - 'A')) : c;
}

/* Micro sign, sharp s and y with diaeresis: their upper case is not Latin-1, or there is none. */
static bool has_plain_upper(const uint8_t *unit, size_t width)
{
    return (width == 1 || unit[1] == 0) && unit[0] != 0xB5 && unit[0] != 0xDF && unit[0] != 0xFF;
}

/*
 * Is this key's name another one than its list tells? Then one of them is damaged, and which names
 * are absent is not known. Asked of Latin-1 only (four letters: of ASCII): upper case of others
 * is not the same everywhere. A hint of zeros is none.
 */
static bool hint_differs(const fp_hive_key *key, hint kind, uint32_t stored)
{
    enum { LETTERS = 4 };
    const size_t width = key->latin1 ? 1 : 2;
    uint32_t hash = 0;
    uint32_t differing = 0;
    if (kind == HINT_NONE || stored == 0)
        return false;
    for (size_t i = 0; i < key->name.size / width; i++) {
        const uint8_t *unit = key->name.data + i * width;
        if (!has_plain_upper(unit, width) || (kind == HINT_LETTERS && unit[0] >= 0x80))
            return false;
        hash = 37 * hash + upper(unit[0]);
        if (i < LETTERS)
            differing += upper((uint8_t)(stored >> (8 * i))) != upper(unit[0]);
    }
    return kind == HINT_HASH ? hash != stored : differing > 0;
}

static void tell_child(listing *l, uint32_t offset, hint kind, uint32_t stored)
{
    fp_hive_key child;
    if (fp_hive_key_at(l->hive, offset, &child, l->d) != FP_OK) {
        l->whole = false;
        return;
    }
    /* Every key has one parent and the root none: no list can make a loop or share a subtree. */
    if (child.parent != l->parent->offset || offset == l->hive->header.root) {
        unreadable(l, offset, "a subkey that belongs to another key");
        return;
    }
    if (hint_differs(&child, kind, stored))
        unreadable(l, offset, "a key with another name than its list tells");
    l->stopped = !l->each(l->context, &child);
}

typedef struct key_list {
    fp_span entries;
    uint32_t count;
    size_t stride; /* bytes of an entry; its first four are the offset */
    bool of_lists; /* ri */
    hint hint;     /* the other four of an entry of eight */
} key_list;

static bool read_list(const fp_hive *hive, uint32_t offset, key_list *out)
{
    static const struct {
        char magic[3];
        uint8_t stride;
        bool of_lists;
        hint hint;
    } kinds[] = {{"lf", 8, false, HINT_LETTERS},
                 {"lh", 8, false, HINT_HASH},
                 {"li", 4, false, HINT_NONE},
                 {"ri", 4, true, HINT_NONE}};

    fp_span record;
    if (!fp_hive_cell(hive, offset, &record))
        return false;
    fp_reader r = fp_reader_at(record, 0);
    const fp_span magic = fp_read_span(&r, 2);
    const uint16_t count = fp_read_u16le(&r);
    for (size_t i = 0; fp_reader_ok(&r) && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (memcmp(magic.data, kinds[i].magic, 2) != 0)
            continue;
        *out = (key_list){.count = count,
                          .stride = kinds[i].stride,
                          .of_lists = kinds[i].of_lists,
                          .hint = kinds[i].hint};
        out->entries = fp_read_span(&r, (uint64_t)count * kinds[i].stride);
        return fp_reader_ok(&r);
    }
    return false;
}

static uint32_t entry(const key_list *list, uint32_t i)
{
    return fp_load_u32le(list->entries.data + i * list->stride);
}

static uint32_t entry_hint(const key_list *list, uint32_t i)
{
    return list->hint == HINT_NONE ? 0 : fp_load_u32le(list->entries.data + i * list->stride + 4);
}

static void tell_leaf(listing *l, uint32_t offset, const key_list *list)
{
    if (list->of_lists) {
        unreadable(l, offset, "a list of lists within another");
        return;
    }
    for (uint32_t i = 0; i < list->count && !l->stopped; i++) {
        if (l->left == 0) { /* else one short list could be named a million times */
            unreadable(l, offset, "a list of more subkeys than the key has");
            return;
        }
        l->left--;
        tell_child(l, entry(list, i), list->hint, entry_hint(list, i));
    }
}

static void tell_list(listing *l, uint32_t offset)
{
    key_list list;
    if (!read_list(l->hive, offset, &list)) {
        unreadable(l, offset, "not a list of subkeys");
        return;
    }
    if (!list.of_lists) {
        tell_leaf(l, offset, &list);
        return;
    }
    for (uint32_t i = 0; i < list.count && !l->stopped; i++) {
        const uint32_t leaf_offset = entry(&list, i);
        key_list leaf;
        if (l->left == 0) {
            unreadable(l, offset, "a list of more subkeys than the key has");
            return;
        }
        if (read_list(l->hive, leaf_offset, &leaf) && leaf.count > 0) {
            tell_leaf(l, leaf_offset, &leaf);
        } else {
            unreadable(l, leaf_offset, "not a list of subkeys");
            l->left--; /* it had one at least: so bad leaves, too, come to an end */
        }
    }
}

bool fp_hive_subkeys(const fp_hive *hive, const fp_hive_key *key, fp_hive_key_fn *each,
                     void *context, fp_diag *d)
{
    listing l = {.hive = hive,
                 .parent = key,
                 .each = each,
                 .context = context,
                 .d = d,
                 .left = key->subkeys,
                 .whole = true};
    if (key->subkeys == 0)
        return true;
    if (key->subkeys > hive->bins_size / KEY_CELL_MIN) {
        unreadable(&l, key->offset, "a key with more subkeys than the hive has room for");
        return false;
    }
    if (!fp_hive_afford(hive, key->subkeys)) {
        unreadable(&l, key->offset, "the lists name more than look-ups may read");
        return false;
    }
    tell_list(&l, key->subkey_list);
    if (l.left != 0 && l.whole && !l.stopped)
        unreadable(&l, key->offset, "a list of fewer subkeys than the key has");
    return l.whole && !l.stopped;
}
