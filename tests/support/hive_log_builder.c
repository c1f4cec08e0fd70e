/* SPDX-License-Identifier: MIT */
#include "tests/support/hive_log_builder.h"

#include <string.h>

enum { BLOCK = FP_HIVE_BLOCK, SECTOR = FP_HIVE_SECTOR, HEAD = 40 };

static void put32(uint8_t *at, uint32_t value)
{
    for (size_t i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static void put64(uint8_t *at, uint64_t value)
{
    put32(at, (uint32_t)value);
    put32(at + 4, (uint32_t)(value >> 32));
}

/* Zeros at the end of the log; NULL: no memory. The pointer is good until the next call. */
static uint8_t *more(hive_log *log, size_t size)
{
    if (size > log->capacity - log->size) {
        const size_t capacity = 2 * (log->size + size);
        uint8_t *data = fp_arena_alloc(log->arena, capacity);
        if (data == NULL)
            return NULL;
        if (log->size > 0)
            memcpy(data, log->data, log->size);
        log->data = data;
        log->capacity = capacity;
    }
    uint8_t *at = log->data + log->size;
    log->size += size;
    return at;
}

static bool differs(fp_span before, fp_span after, size_t block)
{
    fp_span a, b;
    const uint64_t at = BLOCK + (uint64_t)block * BLOCK;
    return !fp_span_sub(before, at, BLOCK, &a) || !fp_span_sub(after, at, BLOCK, &b) ||
           memcmp(a.data, b.data, BLOCK) != 0;
}

static size_t blocks_of(fp_span hive)
{
    return hive.size / BLOCK - 1;
}

static size_t count_different(fp_span before, fp_span after)
{
    size_t count = 0;
    for (size_t i = 0; i < blocks_of(after); i++)
        count += differs(before, after, i);
    return count;
}

void hive_log_seal(uint8_t *log)
{
    put32(log + 508, fp_hive_checksum(fp_span_of(log, SECTOR)));
}

static bool base_block(hive_log *log, fp_span hive, uint32_t type, uint32_t number)
{
    uint8_t *at = more(log, SECTOR);
    if (at == NULL)
        return false;
    memcpy(at, hive.data, SECTOR);
    put32(at + 4, number);
    put32(at + 8, number);
    put32(at + 28, type);
    hive_log_seal(at);
    return true;
}

bool hive_log_old(hive_log *log, fp_span before, fp_span after, uint32_t type)
{
    const size_t blocks = blocks_of(after);
    if (!base_block(log, after, type, 8))
        return false;
    uint8_t *at = more(log, (4 + blocks + SECTOR - 1) / SECTOR * SECTOR);
    if (at == NULL)
        return false;
    memcpy(at, "DIRT", 4);
    for (size_t i = 0; i < blocks; i++)
        at[4 + i] = differs(before, after, i) ? 0xFF : 0;
    for (size_t i = 0; i < blocks; i++) {
        uint8_t *page = differs(before, after, i) ? more(log, BLOCK) : log->data;
        if (page == NULL)
            return false;
        if (page != log->data)
            memcpy(page, after.data + BLOCK + i * BLOCK, BLOCK);
    }
    return true;
}

bool hive_log_new(hive_log *log, fp_span hive, uint32_t number)
{
    return base_block(log, hive, FP_HIVE_LOG_NEW, number);
}

void hive_log_seal_entry(uint8_t *log, size_t at)
{
    uint8_t *entry = log + at;
    const uint32_t size = fp_load_u32le(entry + 4);
    put64(entry + 24, fp_hive_log_hash(fp_span_of(entry + HEAD, size - HEAD)));
    put64(entry + 32, fp_hive_log_hash(fp_span_of(entry, 32)));
}

bool hive_log_entry(hive_log *log, fp_span before, fp_span after, uint32_t number)
{
    const size_t count = count_different(before, after);
    const size_t size = (HEAD + count * (8 + BLOCK) + SECTOR - 1) / SECTOR * SECTOR;
    const size_t at = log->size;
    uint8_t *entry = more(log, size);
    if (entry == NULL)
        return false;
    memcpy(entry, "HvLE", 4);
    put32(entry + 4, (uint32_t)size);
    put32(entry + 12, number);
    put32(entry + 16, (uint32_t)(blocks_of(after) * BLOCK));
    put32(entry + 20, (uint32_t)count);
    uint8_t *row = entry + HEAD;
    uint8_t *page = row + 8 * count;
    for (size_t i = 0; i < blocks_of(after); i++) {
        if (!differs(before, after, i))
            continue;
        put32(row, (uint32_t)(i * BLOCK));
        put32(row + 4, BLOCK);
        memcpy(page, after.data + BLOCK + i * BLOCK, BLOCK);
        row += 8;
        page += BLOCK;
    }
    hive_log_seal_entry(log->data, at);
    return true;
}

bool hive_log_room(hive_log *log)
{
    return more(log, SECTOR) != NULL;
}

uint8_t *hive_log_dirty(fp_arena *arena, fp_span before)
{
    uint8_t *hive = fp_arena_copy(arena, before.data, before.size);
    if (hive == NULL)
        return NULL;
    put32(hive + 4, 8);
    put32(hive + 8, 7);
    hive_log_seal(hive);
    return hive;
}
