/* SPDX-License-Identifier: MIT */
/*
 * Look-up of a key. The subkeys of a large key are listed once, with all that is checked about
 * them, and remembered by hashes of their names: asking for each of 20,000 keys would otherwise
 * read 400,000,000 entries. A hash only says where to look; the names themselves decide, and names
 * chosen to have one hash are paid for like the entries of a list.
 */
#include "inventory/registry/hive_cell.h"
#include "inventory/registry/hive_name.h"

#include <stdlib.h>

typedef struct entry {
    uint32_t hash;
    uint32_t offset;
} entry;

typedef struct fp_hive_index {
    struct fp_hive_index *next; /* in its bucket */
    uint32_t key;               /* offset */
    const entry *entries;       /* sorted */
    size_t count;
    bool whole; /* all were read */
    fp_diag why;
} fp_hive_index;

/* ---- making one ------------------------------------------------------------------------------ */

typedef struct listing {
    entry *entries;
    size_t count;
} listing;

/* There is room: no more subkeys are told than the key says. */
static bool add_entry(void *context, const fp_hive_key *key)
{
    listing *l = context;
    l->entries[l->count++] =
        (entry){fp_hive_name_hash(key->name, key->latin1 ? 1 : 2), key->offset};
    return true;
}

static int compare(const void *a, const void *b)
{
    const entry *x = a;
    const entry *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static bool same(const entry *a, const entry *b)
{
    return a->hash == b->hash && a->offset == b->offset;
}

/* A key that is listed a million times is kept twice: more often changes no answer. */
static void sort(listing *l)
{
    if (l->count == 0)
        return;
    qsort(l->entries, l->count, sizeof *l->entries, compare);
    size_t kept = 0;
    for (size_t i = 0; i < l->count; i++) {
        if (kept < 2 || !same(&l->entries[kept - 2], &l->entries[i]))
            l->entries[kept++] = l->entries[i];
    }
    l->count = kept;
}

static fp_hive_index *make_index(const fp_hive *hive, const fp_hive_key *key)
{
    fp_hive_index *index = fp_arena_alloc(hive->memory->arena, sizeof *index);
    /* A key that says more than the hive has room for is not listed at all. */
    const size_t most = key->subkeys < hive->bins_size / 8 ? key->subkeys : hive->bins_size / 8;
    listing l = {.entries = malloc((most + 1) * sizeof *l.entries)};
    if (index == NULL || l.entries == NULL) {
        free(l.entries);
        return NULL;
    }
    index->key = key->offset;
    index->whole = fp_hive_subkeys(hive, key, add_entry, &l, &index->why);
    sort(&l);
    index->entries = fp_arena_copy(hive->memory->arena, l.entries, l.count * sizeof *l.entries);
    index->count = l.count;
    free(l.entries);
    return index->entries == NULL ? NULL : index;
}

static fp_hive_index *index_of(const fp_hive *hive, const fp_hive_key *key)
{
    enum { BUCKETS = sizeof hive->memory->indexes / sizeof hive->memory->indexes[0] };
    fp_hive_index **bucket = &hive->memory->indexes[key->offset / 8 % BUCKETS];
    for (fp_hive_index *i = *bucket; i != NULL; i = i->next) {
        if (i->key == key->offset)
            return i;
    }
    fp_hive_index *made = make_index(hive, key);
    if (made != NULL) {
        made->next = *bucket;
        *bucket = made;
    }
    return made;
}

/* ---- look-up --------------------------------------------------------------------------------- */

typedef struct search {
    fp_hive_search names;
    fp_hive_key *out;
} search;

static bool match_key(void *context, const fp_hive_key *key)
{
    search *s = context;
    if (fp_hive_search_first(&s->names, key->name, key->latin1))
        *s->out = *key;
    return true;
}

static size_t first_of_hash(const fp_hive_index *index, uint32_t hash)
{
    size_t low = 0;
    size_t high = index->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (index->entries[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* False: one could not be read, or there are too many. */
static bool match_indexed(const fp_hive *hive, const fp_hive_index *index, search *s, fp_diag *d)
{
    const uint32_t hash = fp_hive_wanted_hash(&s->names.wanted);
    const size_t first = first_of_hash(index, hash);
    size_t end = first;
    while (end < index->count && index->entries[end].hash == hash)
        end++;
    if (!fp_hive_afford(hive, end - first)) {
        (void)fp_fail(d, FP_LIMIT, "regf", fp_hive_file_offset(index->key),
                      "the lists name more than look-ups may read");
        return false;
    }
    for (size_t i = first; i < end; i++) {
        fp_hive_key key;
        if (fp_hive_key_at(hive, index->entries[i].offset, &key, d) != FP_OK)
            return false;
        (void)match_key(s, &key);
    }
    return true;
}

fp_hive_found fp_hive_find_key(const fp_hive *hive, const fp_hive_key *key, fp_str name,
                               fp_hive_key *out, fp_diag *d)
{
    search s = {.names.wanted = fp_hive_wanted_name(name), .out = out};
    if (key->subkeys <= FP_HIVE_SMALL_LIST)
        return fp_hive_search_result(&s.names, fp_hive_subkeys(hive, key, match_key, &s, d));

    const fp_hive_index *index = index_of(hive, key);
    if (index == NULL) {
        (void)fp_fail(d, FP_NOMEM, "regf", fp_hive_file_offset(key->offset),
                      "no memory to look up a key among %u", key->subkeys);
        return FP_HIVE_UNREADABLE;
    }
    const bool matched = match_indexed(hive, index, &s, d);
    if (!index->whole && d != NULL && d->status == FP_OK)
        *d = index->why;
    return fp_hive_search_result(&s.names, matched && index->whole);
}
