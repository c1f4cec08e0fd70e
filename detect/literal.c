/* SPDX-License-Identifier: MIT */
#include "detect/literal.h"

#include <stdlib.h>
#include <string.h>

enum { PAIRS = 1 << 16, SHIFT_MAX = 255, NONE = -1 };

typedef struct entry {
    fp_str text;
    uint32_t owner;
    int32_t next; /* the next literal whose window ends in the same two bytes, without case */
} entry;

struct fp_literals {
    size_t window; /* size of the shortest literal; 0 when there is none */
    size_t count;
    entry *entries;
    char *bytes;
    int32_t first[PAIRS]; /* by the pair in lower case: literals whose window ends in it */
    uint8_t shift[PAIRS]; /* by the pair as it stands: how far the window can move on */
    bool begins[PAIRS];   /* by the pair as it stands: a literal begins so */
};

static uint32_t pair_of(char a, char b)
{
    return (uint32_t)(unsigned char)a << 8 | (unsigned char)b;
}

static uint32_t lower_pair(const char *p)
{
    return pair_of(fp_ascii_lower(p[0]), fp_ascii_lower(p[1]));
}

fp_status fp_literal_check(fp_str text)
{
    if (text.size > FP_LITERAL_SIZE_MAX)
        return FP_LIMIT;
    if (text.size < FP_LITERAL_SIZE_MIN || memchr(text.data, '\n', text.size) != NULL ||
        memchr(text.data, '\r', text.size) != NULL)
        return FP_FORMAT;
    return FP_OK;
}

/* The four ways in which ASCII letters without case can write a pair. */
static void all_cases(const char *pair, uint32_t out[4])
{
    const char first[2] = {fp_ascii_lower(pair[0]), fp_ascii_upper(pair[0])};
    const char second[2] = {fp_ascii_lower(pair[1]), fp_ascii_upper(pair[1])};
    for (int i = 0; i < 4; i++)
        out[i] = pair_of(first[i & 1], second[i >> 1]);
}

/* The window may move by `shift` at most when it ends in this pair. */
static void bound_shift(fp_literals *l, const char *pair, uint8_t shift)
{
    uint32_t cases[4];
    all_cases(pair, cases);
    for (int i = 0; i < 4; i++) {
        if (shift < l->shift[cases[i]])
            l->shift[cases[i]] = shift;
    }
}

static void mark_begin(fp_literals *l, const char *pair)
{
    uint32_t cases[4];
    all_cases(pair, cases);
    for (int i = 0; i < 4; i++)
        l->begins[cases[i]] = true;
}

static void enter(fp_literals *l, size_t index)
{
    entry *e = &l->entries[index];
    for (size_t i = 0; i + 2 <= l->window; i++) {
        const size_t left = l->window - 2 - i;
        bound_shift(l, e->text.data + i, (uint8_t)(left < SHIFT_MAX ? left : SHIFT_MAX));
    }
    mark_begin(l, e->text.data);
    int32_t *first = &l->first[lower_pair(e->text.data + l->window - 2)];
    e->next = *first;
    *first = (int32_t)index;
}

static fp_status copy(fp_literals *l, const fp_literal *literals, size_t count, size_t total)
{
    l->entries = calloc(count == 0 ? 1 : count, sizeof *l->entries);
    l->bytes = malloc(total == 0 ? 1 : total);
    if (l->entries == NULL || l->bytes == NULL)
        return FP_NOMEM;
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        const fp_str text = literals[i].text;
        memcpy(l->bytes + at, text.data, text.size);
        l->entries[i] = (entry){.text = {l->bytes + at, text.size}, .owner = literals[i].owner};
        at += text.size;
        if (l->window == 0 || text.size < l->window)
            l->window = text.size;
    }
    l->count = count;
    return FP_OK;
}

static void fill_tables(fp_literals *l)
{
    const size_t furthest = l->window < 2 ? 1 : l->window - 1;
    memset(l->shift, (int)(furthest < SHIFT_MAX ? furthest : SHIFT_MAX), sizeof l->shift);
    for (size_t i = 0; i < PAIRS; i++)
        l->first[i] = NONE;
    for (size_t i = 0; i < l->count; i++)
        enter(l, i);
}

fp_status fp_literals_new(const fp_literal *literals, size_t count, fp_literals **out, fp_diag *d)
{
    if (count > FP_LITERALS_MAX)
        return fp_fail(d, FP_LIMIT, "literal", count, "more than %d literals", FP_LITERALS_MAX);
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        const fp_status status = fp_literal_check(literals[i].text);
        if (status != FP_OK)
            return fp_fail(d, status, "literal", i, "a literal has %d to %d bytes and no line end",
                           FP_LITERAL_SIZE_MIN, FP_LITERAL_SIZE_MAX);
        total += literals[i].text.size;
    }
    fp_literals *l = calloc(1, sizeof *l);
    if (l == NULL || copy(l, literals, count, total) != FP_OK) {
        fp_literals_free(l);
        return fp_fail(d, FP_NOMEM, "literal", 0, "no memory for %zu literals", count);
    }
    fill_tables(l);
    *out = l;
    return FP_OK;
}

void fp_literals_free(fp_literals *l)
{
    if (l == NULL)
        return;
    free(l->entries);
    free(l->bytes);
    free(l);
}

static bool stands_at(const entry *e, fp_str text, size_t at)
{
    if (e->text.size > text.size - at)
        return false;
    for (size_t i = 0; i < e->text.size; i++) {
        if (fp_ascii_lower(text.data[at + i]) != fp_ascii_lower(e->text.data[i]))
            return false;
    }
    return true;
}

/* The first literal from entry `index` on (along its chain) that stands at `at`, or NONE. */
static int32_t entry_at(const fp_literals *l, int32_t index, fp_str text, size_t at)
{
    while (index != NONE && !stands_at(&l->entries[index], text, at))
        index = l->entries[index].next;
    return index;
}

/* Windows of `text` begin before this. */
static size_t windows_of(const fp_literals *l, fp_str text)
{
    return l->window == 0 || text.size < l->window ? 0 : text.size - l->window + 1;
}

/* How far the window at `at` can move on; 0: a literal may begin here. */
static size_t shift_at(const fp_literals *l, fp_str text, size_t at)
{
    const char *tail = text.data + at + l->window - 2;
    return l->shift[pair_of(tail[0], tail[1])];
}

/* The first literal (of those whose window ends as the window at `at` does) that stands there, or
 * NONE. */
static int32_t literal_at(const fp_literals *l, fp_str text, size_t at)
{
    if (!l->begins[pair_of(text.data[at], text.data[at + 1])])
        return NONE;
    return entry_at(l, l->first[lower_pair(text.data + at + l->window - 2)], text, at);
}

/* Where the first literal that begins in [at, end) begins, or `end`. */
static size_t find_between(const fp_literals *l, fp_str text, size_t at, size_t end)
{
    while (at < end) {
        const size_t shift = shift_at(l, text, at);
        if (shift == 0 && literal_at(l, text, at) != NONE)
            return at;
        at += shift == 0 ? 1 : shift;
    }
    return end;
}

/*
 * A cursor waits for each table entry before it can ask for the next, so two of them, one for each
 * half of the text, search in the time of one. They go in step: what the second does in vain,
 * because the first finds something, is never more than what the first did.
 */
size_t fp_literals_find(const fp_literals *l, fp_str text, size_t from)
{
    const size_t end = windows_of(l, text);
    if (from >= end)
        return text.size;
    const size_t half = from + (end - from) / 2;
    size_t a = from;
    size_t b = half;
    while (a < half && b < end) {
        size_t shift_a = shift_at(l, text, a);
        size_t shift_b = shift_at(l, text, b);
        if (shift_a == 0) {
            if (literal_at(l, text, a) != NONE)
                return a;
            shift_a = 1;
        }
        if (shift_b == 0) {
            if (literal_at(l, text, b) != NONE)
                break;
            shift_b = 1;
        }
        a += shift_a;
        b += shift_b;
    }
    a = find_between(l, text, a, half);
    if (a < half)
        return a;
    b = find_between(l, text, b, end);
    return b < end ? b : text.size;
}

void fp_literals_owners(const fp_literals *l, fp_str text, bool *owners)
{
    const size_t end = windows_of(l, text);
    for (size_t at = find_between(l, text, 0, end); at < end;
         at = find_between(l, text, at + 1, end)) {
        for (int32_t i = literal_at(l, text, at); i != NONE;
             i = entry_at(l, l->entries[i].next, text, at))
            owners[l->entries[i].owner] = true;
    }
}
