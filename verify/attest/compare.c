/* SPDX-License-Identifier: MIT */
#include "verify/attest/compare.h"

#include <stdlib.h>
#include <string.h>

typedef struct items { /* pointers into the lists of a record, sorted */
    const fp_record_item **at;
    size_t count;
} items;

static int compare_digests(const fp_record_item *a, const fp_record_item *b)
{
    return memcmp(a->sha256, b->sha256, FP_SHA256_SIZE);
}

/* From their ends: what has the same name, then the same folder, stands together. */
static int compare_tails(fp_str a, fp_str b)
{
    size_t i = 1;
    while (i <= a.size && i <= b.size && a.data[a.size - i] == b.data[b.size - i])
        i++;
    if (i > a.size || i > b.size)
        return (a.size > b.size) - (a.size < b.size);
    return (unsigned char)a.data[a.size - i] < (unsigned char)b.data[b.size - i] ? -1 : 1;
}

static int by_content(const void *a, const void *b)
{
    const fp_record_item *left = *(const fp_record_item *const *)a;
    const fp_record_item *right = *(const fp_record_item *const *)b;
    const int order = compare_digests(left, right);
    return order != 0 ? order : fp_str_compare(left->path, right->path);
}

static int by_tail(const void *a, const void *b)
{
    const fp_record_item *left = *(const fp_record_item *const *)a;
    const fp_record_item *right = *(const fp_record_item *const *)b;
    return compare_tails(left->path, right->path);
}

static bool is_tail(fp_str path, fp_str tail)
{
    if (tail.size > path.size ||
        memcmp(path.data + path.size - tail.size, tail.data, tail.size) != 0)
        return false;
    return tail.size == path.size || path.data[path.size - tail.size - 1] == '/';
}

/* But for the folder that one of them begins with, which is where the evidence lies. */
static bool is_same_place(fp_str a, fp_str b)
{
    const fp_str shorter = a.size <= b.size ? a : b;
    const fp_str longer = a.size <= b.size ? b : a;
    const ptrdiff_t slash = fp_str_find(shorter, FP_STR("/"));
    return is_tail(longer, shorter) ||
           (slash >= 0 && is_tail(longer, fp_str_tail(shorter, (size_t)slash + 1)));
}

static bool list_items(const fp_record *record, fp_arena *arena, items *out)
{
    out->at = fp_arena_alloc_array(arena, record->item_count + 1, sizeof *out->at);
    out->count = 0;
    if (out->at == NULL)
        return false;
    for (size_t i = 0; i < record->item_count; i++)
        out->at[out->count++] = &record->items[i];
    return true;
}

static void sort(items *list, int (*order)(const void *, const void *))
{
    qsort(list->at, list->count, sizeof *list->at, order);
}

/* Takes out of both lists what has the same content; what was never read has none. */
static void drop_same(items *attested, items *at_hand)
{
    sort(attested, by_content);
    sort(at_hand, by_content);
    items left = {attested->at, 0};
    items right = {at_hand->at, 0};
    size_t i = 0;
    size_t k = 0;
    while (i < attested->count && k < at_hand->count) {
        const fp_record_item *a = attested->at[i];
        const fp_record_item *b = at_hand->at[k];
        const int order = compare_digests(a, b);
        if (order == 0 && a->hashed && b->hashed) {
            i++;
            k++;
        } else if (order < 0 || (order == 0 && !a->hashed)) {
            left.at[left.count++] = a;
            i++;
        } else {
            right.at[right.count++] = b;
            k++;
        }
    }
    while (i < attested->count)
        left.at[left.count++] = attested->at[i++];
    while (k < at_hand->count)
        right.at[right.count++] = at_hand->at[k++];
    *attested = left;
    *at_hand = right;
}

typedef struct differences {
    fp_difference *at;
    size_t count;
    bool of_contents; /* not of lists alone */
} differences;

static void add(differences *list, fp_difference_kind kind, const fp_record_item *attested,
                const fp_record_item *at_hand)
{
    list->at[list->count++] = (fp_difference){kind, attested, at_hand};
}

static void add_pair(differences *list, const fp_record_item *attested,
                     const fp_record_item *at_hand)
{
    if (attested->hashed && at_hand->hashed)
        add(list, FP_DIFFERENCE_CHANGED, attested, at_hand);
    else if (attested->hashed)
        add(list, FP_DIFFERENCE_UNREAD, attested, at_hand);
    else if (at_hand->hashed)
        add(list, FP_DIFFERENCE_UNREAD_THEN, attested, at_hand);
    else if (list->of_contents)
        add(list, FP_DIFFERENCE_UNREAD_BOTH, attested, at_hand);
}

static void pair_by_name(items *attested, items *at_hand, differences *out)
{
    sort(attested, by_tail);
    sort(at_hand, by_tail);
    size_t i = 0;
    size_t k = 0;
    while (i < attested->count || k < at_hand->count) {
        const fp_record_item *a = i < attested->count ? attested->at[i] : NULL;
        const fp_record_item *b = k < at_hand->count ? at_hand->at[k] : NULL;
        const bool pair = a != NULL && b != NULL && is_same_place(a->path, b->path);
        const bool first =
            b == NULL || (a != NULL && compare_tails(a->path, b->path) <= 0); /* a comes first */
        if (pair)
            add_pair(out, a, b);
        else if (first)
            add(out, FP_DIFFERENCE_MISSING, a, NULL);
        else
            add(out, FP_DIFFERENCE_EXTRA, NULL, b);
        i += pair || first;
        k += pair || !first;
    }
}

/* Lists of one record are arrays: their order is that of the addresses. */
static int as_listed(const void *a, const void *b)
{
    const fp_difference *left = a;
    const fp_difference *right = b;
    if ((left->attested == NULL) != (right->attested == NULL))
        return left->attested == NULL ? 1 : -1;
    const fp_record_item *x = left->attested != NULL ? left->attested : left->at_hand;
    const fp_record_item *y = left->attested != NULL ? right->attested : right->at_hand;
    return (x > y) - (x < y);
}

static fp_status compare(const fp_record *attested, const fp_record *at_hand, bool contents,
                         fp_arena *arena, fp_difference **out, size_t *count)
{
    items theirs;
    items ours;
    differences found = {.of_contents = contents};
    if (!list_items(attested, arena, &theirs) || !list_items(at_hand, arena, &ours))
        return FP_NOMEM;
    drop_same(&theirs, &ours);
    found.at = fp_arena_alloc_array(arena, theirs.count + ours.count + 1, sizeof *found.at);
    if (found.at == NULL)
        return FP_NOMEM;
    pair_by_name(&theirs, &ours, &found);
    qsort(found.at, found.count, sizeof *found.at, as_listed);
    *out = found.at;
    *count = found.count;
    return FP_OK;
}

fp_status fp_compare_items(const fp_record *attested, const fp_record *at_hand, fp_arena *arena,
                           fp_difference **out, size_t *count)
{
    return compare(attested, at_hand, false, arena, out, count);
}

fp_status fp_compare_evidence(const fp_record *attested, const fp_record *at_hand, fp_arena *arena,
                              fp_difference **out, size_t *count)
{
    return compare(attested, at_hand, true, arena, out, count);
}

bool fp_same_caveats(const fp_record_result *attested, const fp_record_result *other)
{
    if (!attested->caveats_known || !other->caveats_known)
        return true;
    bool same = attested->caveats.count == other->caveats.count;
    for (size_t i = 0; same && i < attested->caveats.count; i++)
        same = fp_str_eq(attested->caveats.at[i], other->caveats.at[i]);
    return same;
}

bool fp_same_verdict(const fp_record_result *attested, const fp_record_result *other)
{
    return other != NULL && fp_str_ieq(attested->advisory, other->advisory) &&
           attested->verdict == other->verdict && attested->possible == other->possible &&
           fp_str_eq(attested->reason, other->reason) &&
           fp_str_eq(attested->assurance, other->assurance) && fp_same_caveats(attested, other);
}

bool fp_same_server(const fp_record_subject *attested, const fp_record_subject *other)
{
    return fp_str_eq(attested->host, other->host) &&
           fp_str_eq(attested->site_code, other->site_code) &&
           fp_str_eq(attested->product, other->product) &&
           fp_str_eq(attested->release, other->release) &&
           fp_str_eq(attested->version, other->version) && fp_str_eq(attested->role, other->role);
}

fp_status fp_compare_verdicts(const fp_record *attested, const fp_record *other, fp_arena *arena,
                              fp_disagreements *out)
{
    fp_disagreements found = {0};
    found.at = fp_arena_alloc_array(arena, attested->result_count + other->result_count + 1,
                                    sizeof *found.at);
    if (found.at == NULL)
        return FP_NOMEM;
    if (!fp_same_server(&attested->subject, &other->subject))
        found.other_server = &other->subject;
    for (size_t i = 0; i < attested->result_count; i++) {
        const fp_record_result *r = &attested->results[i];
        const fp_record_result *now = fp_record_find_result(other, r->advisory);
        if (!fp_same_verdict(r, now))
            found.at[found.count++] = (fp_disagreement){r, now};
    }
    for (size_t i = 0; i < other->result_count; i++) {
        const fp_record_result *r = &other->results[i];
        if (fp_record_find_result(attested, r->advisory) == NULL)
            found.at[found.count++] = (fp_disagreement){NULL, r};
    }
    *out = found;
    return FP_OK;
}
