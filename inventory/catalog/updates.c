/* SPDX-License-Identifier: MIT */
#include "inventory/catalog/updates.h"

#include <stdlib.h>
#include <string.h>

enum { PER_BLOCK = 1024 };

/* A list that never moves what it holds: 140,000 updates, without the copies that an array leaves
 * behind in an arena as it grows. */
typedef struct list {
    void **blocks; /* [limit / PER_BLOCK + 1] */
    size_t count;
    size_t limit;
    size_t item_size;
    uint64_t lost;
} list;

typedef struct reference {
    uint32_t from, to;
} reference;

struct fp_updates {
    fp_arena *arena;
    list updates;
    list references[FP_RELATIONS];
    bool last_kept;
};

/* ---- lists ---------------------------------------------------------------------------- */

static bool list_init(list *l, fp_arena *arena, size_t limit, size_t item_size)
{
    *l = (list){.limit = limit, .item_size = item_size};
    l->blocks = fp_arena_alloc_array(arena, limit / PER_BLOCK + 1, sizeof *l->blocks);
    return l->blocks != NULL;
}

static void *list_at(const list *l, size_t index)
{
    return (char *)l->blocks[index / PER_BLOCK] + index % PER_BLOCK * l->item_size;
}

static fp_status list_add(list *l, fp_arena *arena, const void *item)
{
    if (l->count == l->limit) {
        l->lost++;
        return FP_LIMIT;
    }
    void **block = &l->blocks[l->count / PER_BLOCK];
    if (*block == NULL)
        *block = fp_arena_alloc_array(arena, PER_BLOCK, l->item_size);
    if (*block == NULL)
        return FP_NOMEM;
    memcpy(list_at(l, l->count), item, l->item_size);
    l->count++;
    return FP_OK;
}

fp_updates *fp_updates_new(fp_arena *arena)
{
    fp_updates *u = fp_arena_alloc(arena, sizeof *u);
    if (u == NULL || !list_init(&u->updates, arena, FP_UPDATES_MAX, sizeof(fp_update)))
        return NULL;
    for (size_t i = 0; i < FP_RELATIONS; i++) {
        if (!list_init(&u->references[i], arena, FP_REFERENCES_MAX, sizeof(reference)))
            return NULL;
    }
    u->arena = arena;
    return u;
}

fp_status fp_updates_add(fp_updates *u, const fp_update *update)
{
    const fp_status status = list_add(&u->updates, u->arena, update);
    u->last_kept = status == FP_OK;
    return status;
}

fp_update *fp_updates_last(fp_updates *u)
{
    return u->last_kept ? list_at(&u->updates, u->updates.count - 1) : NULL;
}

fp_status fp_updates_relate(fp_updates *u, fp_relation relation, uint32_t from, uint32_t to)
{
    const reference item = {from, to};
    return list_add(&u->references[relation], u->arena, &item);
}

size_t fp_updates_count(const fp_updates *u)
{
    return u->updates.count;
}

const fp_update *fp_updates_at(const fp_updates *u, size_t index)
{
    return list_at(&u->updates, index);
}

uint64_t fp_updates_lost(const fp_updates *u)
{
    return u->updates.lost;
}

uint64_t fp_references_lost(const fp_updates *u)
{
    uint64_t lost = 0;
    for (size_t i = 0; i < FP_RELATIONS; i++)
        lost += u->references[i].lost;
    return lost;
}

const fp_update *fp_updates_find(const fp_updates *u, uint32_t revision_id)
{
    for (size_t i = 0; i < u->updates.count; i++) {
        const fp_update *update = list_at(&u->updates, i);
        if (update->revision_id == revision_id)
            return update;
    }
    return NULL;
}

/* ---- relations ------------------------------------------------------------------------ */

static int by_from(const void *a, const void *b)
{
    const reference *left = a, *right = b;
    if (left->from != right->from)
        return left->from < right->from ? -1 : 1;
    return (left->to > right->to) - (left->to < right->to);
}

/* A sorted copy, turned round for `backward`: freed by the caller. NULL: no memory. */
static reference *sorted_copy(const list *l, bool backward)
{
    reference *copy = malloc((l->count + 1) * sizeof *copy);
    if (copy == NULL)
        return NULL;
    for (size_t i = 0; i < l->count; i++) {
        const reference *item = list_at(l, i);
        copy[i] = backward ? (reference){item->to, item->from} : *item;
    }
    qsort(copy, l->count, sizeof *copy, by_from);
    return copy;
}

/* Index of the first with this `from`, or of where it would stand. */
static size_t first_of(const reference *sorted, size_t count, uint32_t from)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (sorted[middle].from < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_known(const fp_relatives *r, uint32_t of, uint32_t revision_id)
{
    bool known = revision_id == of;
    for (size_t i = 0; i < r->count; i++)
        known = known || r->at[i].revision_id == revision_id;
    return known;
}

/* Breadth first: the list is its own queue, and what is in it is not visited again, so a circle
 * comes to an end. */
static void reach(const reference *sorted, size_t count, uint32_t of, fp_relatives *r)
{
    size_t next = 0;
    uint32_t from = of;
    unsigned steps = 1;
    for (;;) {
        for (size_t i = first_of(sorted, count, from); i < count && sorted[i].from == from; i++) {
            if (is_known(r, of, sorted[i].to))
                continue;
            if (r->count == FP_RELATIVES_MAX) {
                r->cut = true;
                return;
            }
            r->at[r->count++] = (fp_relative){.revision_id = sorted[i].to, .steps = steps};
        }
        if (next == r->count)
            return;
        from = r->at[next].revision_id;
        steps = r->at[next++].steps + 1;
    }
}

fp_status fp_updates_kin(const fp_updates *u, fp_relation relation, bool backward,
                         const fp_kinship *asked, size_t count)
{
    const list *references = &u->references[relation];
    reference *sorted = sorted_copy(references, backward);
    if (sorted == NULL)
        return FP_NOMEM;
    fp_status status = FP_OK;
    fp_relative found[FP_RELATIVES_MAX];
    for (size_t i = 0; i < count && status == FP_OK; i++) {
        fp_relatives r = {.at = found};
        reach(sorted, references->count, asked[i].of, &r);
        for (size_t k = 0; k < r.count; k++)
            found[k].update = fp_updates_find(u, found[k].revision_id);
        r.at = fp_arena_copy(u->arena, found, r.count * sizeof *found);
        if (r.at == NULL)
            status = FP_NOMEM;
        else
            *asked[i].into = r;
    }
    free(sorted);
    return status;
}

/* ---- duplicates ----------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    const uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

fp_status fp_updates_duplicates(const fp_updates *u, uint32_t *out, size_t most, size_t *count)
{
    const size_t all = u->updates.count;
    uint32_t *ids = malloc((all + 1) * sizeof *ids);
    if (ids == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < all; i++)
        ids[i] = fp_updates_at(u, i)->revision_id;
    qsort(ids, all, sizeof *ids, by_number);
    *count = 0;
    for (size_t i = 1; i < all; i++) {
        const bool second = ids[i] == ids[i - 1] && (i == 1 || ids[i] != ids[i - 2]);
        if (!second)
            continue;
        if (*count < most)
            out[*count] = ids[i];
        (*count)++;
    }
    free(ids);
    return FP_OK;
}

/* ---- GUIDs ---------------------------------------------------------------------------- */

static bool dash_before(size_t byte)
{
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

bool fp_guid_parse(fp_str text, uint8_t out[FP_GUID_SIZE])
{
    if (text.size != FP_GUID_TEXT)
        return false;
    const char *p = text.data;
    uint8_t guid[FP_GUID_SIZE];
    for (size_t i = 0; i < FP_GUID_SIZE; i++) {
        if (dash_before(i) && *p++ != '-')
            return false;
        const int high = fp_ascii_hex(p[0]), low = fp_ascii_hex(p[1]);
        if (high < 0 || low < 0)
            return false;
        guid[i] = (uint8_t)(high << 4 | low);
        p += 2;
    }
    memcpy(out, guid, sizeof guid);
    return true;
}

void fp_guid_format(const uint8_t guid[FP_GUID_SIZE], char out[FP_GUID_TEXT + 1])
{
    static const char digits[] = "0123456789abcdef";
    char *p = out;
    for (size_t i = 0; i < FP_GUID_SIZE; i++) {
        if (dash_before(i))
            *p++ = '-';
        *p++ = digits[guid[i] >> 4];
        *p++ = digits[guid[i] & 15];
    }
    *p = '\0';
}
