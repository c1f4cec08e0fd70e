/* SPDX-License-Identifier: MIT */
#include "inventory/registry/hive_log.h"

#include <string.h>

enum { NAME_SIZE = 64, CHECKSUM_AT = 508, ENTRY_HEAD = 40, HASHED_HEAD = 32, TABLE_ROW = 8 };

/* ---- the base block -------------------------------------------------------------------------- */

static fp_span up_to_zero(fp_span wide)
{
    size_t size = 0;
    while (size + 1 < wide.size && fp_load_u16le(wide.data + size) != 0)
        size += 2;
    return fp_span_of(wide.data, size);
}

bool fp_hive_block_read(fp_span file, fp_hive_block *out)
{
    fp_reader r = fp_reader_at(file, 0);
    fp_hive_block b = {.right = false};
    const fp_span magic = fp_read_span(&r, 4);
    b.primary = fp_read_u32le(&r);
    b.secondary = fp_read_u32le(&r);
    b.written = fp_read_u64le(&r);
    fp_read_skip(&r, 8); /* version */
    b.file_type = fp_read_u32le(&r);
    fp_read_skip(&r, 8); /* format, root */
    b.bins_size = fp_read_u32le(&r);
    fp_read_skip(&r, 4); /* clustering factor */
    b.name = fp_read_span(&r, NAME_SIZE);
    fp_read_skip(&r, CHECKSUM_AT - 48 - NAME_SIZE);
    const uint32_t stored = fp_read_u32le(&r);
    if (!fp_reader_ok(&r))
        return false;
    b.name = up_to_zero(b.name);
    b.right = fp_span_starts(magic, "regf", 4) && fp_hive_checksum(file) == stored;
    *out = b;
    return true;
}

/* ---- the old form ---------------------------------------------------------------------------- */

static size_t count_bits(fp_span bitmap)
{
    size_t count = 0;
    for (size_t i = 0; i < bitmap.size; i++)
        count += (size_t)__builtin_popcount(bitmap.data[i]);
    return count;
}

static fp_status check_old_block(const fp_hive_block *b, fp_diag *d)
{
    if (!b->right)
        return fp_fail(d, FP_FORMAT, "regf-log", CHECKSUM_AT, "its checksum is wrong");
    if (b->file_type != FP_HIVE_LOG_OLD && b->file_type != FP_HIVE_LOG_OLDEST)
        return fp_fail(d, FP_FORMAT, "regf-log", 28, "file type %u", b->file_type);
    if (b->primary != b->secondary)
        return fp_fail(d, FP_FORMAT, "regf-log", 4,
                       "it was not written to its end (sequence numbers %u and %u)", b->primary,
                       b->secondary);
    if (b->bins_size == 0 || b->bins_size % FP_HIVE_BLOCK != 0)
        return fp_fail(d, FP_FORMAT, "regf-log", 40, "bins of %u bytes", b->bins_size);
    return FP_OK;
}

fp_status fp_hive_old_log_read(fp_span log, fp_hive_old_log *out, fp_diag *d)
{
    fp_hive_old_log o = {.page_count = 0};
    if (!fp_hive_block_read(log, &o.block))
        return fp_fail(d, FP_TRUNCATED, "regf-log", log.size, "the base block needs 512 bytes");
    const fp_status status = check_old_block(&o.block, d);
    if (status != FP_OK)
        return status;

    fp_reader r = fp_reader_at(log, FP_HIVE_SECTOR);
    const fp_span magic = fp_read_span(&r, 4);
    if (fp_reader_ok(&r) && !fp_span_starts(magic, "DIRT", 4))
        return fp_fail(d, FP_FORMAT, "regf-log", FP_HIVE_SECTOR, "no DIRT signature");
    o.bitmap = fp_read_span(&r, o.block.bins_size / FP_HIVE_BLOCK);
    fp_read_skip(&r, (FP_HIVE_SECTOR - r.at % FP_HIVE_SECTOR) % FP_HIVE_SECTOR);
    o.page_count = count_bits(o.bitmap);
    o.pages = fp_read_span(&r, (uint64_t)o.page_count * FP_HIVE_SECTOR);
    if (!fp_reader_ok(&r))
        return fp_fail(d, FP_TRUNCATED, "regf-log", log.size, "it ends before its %zu pages",
                       o.page_count);
    if (o.page_count == 0)
        return fp_fail(d, FP_FORMAT, "regf-log", FP_HIVE_SECTOR + 4, "it marks no page");
    *out = o;
    return FP_OK;
}

bool fp_hive_old_log_has(const fp_hive_old_log *log, size_t sector)
{
    return sector / 8 < log->bitmap.size && (log->bitmap.data[sector / 8] >> sector % 8 & 1) != 0;
}

/* ---- Marvin32 -------------------------------------------------------------------------------- */

static uint32_t rotl(uint32_t value, unsigned bits)
{
    return value << bits | value >> (32 - bits);
}

typedef struct marvin {
    uint32_t lo;
    uint32_t hi;
} marvin;

static void mix(marvin *m, uint32_t word)
{
    m->lo += word;
    m->hi ^= m->lo;
    m->lo = rotl(m->lo, 20) + m->hi;
    m->hi = rotl(m->hi, 9) ^ m->lo;
    m->lo = rotl(m->lo, 27) + m->hi;
    m->hi = rotl(m->hi, 19);
}

uint64_t fp_hive_log_hash(fp_span bytes)
{
    marvin m = {.lo = 0x7A4E55C5U, .hi = 0x82EF4D88U};
    for (size_t at = 0; at + 4 <= bytes.size; at += 4)
        mix(&m, fp_load_u32le(bytes.data + at));
    mix(&m, 0x80); /* the end mark of data that fill their last word */
    mix(&m, 0);
    return (uint64_t)m.hi << 32 | m.lo;
}

/* ---- the new form ---------------------------------------------------------------------------- */

typedef struct entry_head {
    fp_hive_log_entry entry;
    uint64_t content_hash;
} entry_head;

static fp_status read_head(fp_span log, size_t at, entry_head *out, fp_diag *d)
{
    fp_reader r = fp_reader_at(log, at);
    entry_head h = {.entry = {.at = at}};
    const fp_span magic = fp_read_span(&r, 4);
    if (!fp_reader_ok(&r) || !fp_span_starts(magic, "HvLE", 4))
        return FP_NOT_FOUND;
    h.entry.size = fp_read_u32le(&r);
    h.entry.flags = fp_read_u32le(&r);
    h.entry.number = fp_read_u32le(&r);
    h.entry.bins_size = fp_read_u32le(&r);
    h.entry.page_count = fp_read_u32le(&r);
    h.content_hash = fp_read_u64le(&r);
    const uint64_t head_hash = fp_read_u64le(&r);
    if (!fp_reader_ok(&r))
        return fp_fail(d, FP_TRUNCATED, "regf-log", log.size, "it ends in the head of an entry");
    if (fp_hive_log_hash(fp_span_of(magic.data, HASHED_HEAD)) != head_hash)
        return fp_fail(d, FP_FORMAT, "regf-log", at, "the hash of an entry's head is wrong");
    *out = h;
    return FP_OK;
}

/* Every page within the bins, and its bytes within the entry. */
static bool pages_fit(const fp_hive_log_entry *e)
{
    const uint64_t table = (uint64_t)e->page_count * TABLE_ROW;
    if (e->page_count == 0 || table > e->size - ENTRY_HEAD)
        return false;
    uint64_t room = e->size - ENTRY_HEAD - table;
    for (uint32_t i = 0; i < e->page_count; i++) {
        const uint8_t *row = e->bytes.data + ENTRY_HEAD + (size_t)i * TABLE_ROW;
        const uint32_t offset = fp_load_u32le(row);
        const uint32_t size = fp_load_u32le(row + 4);
        if (size == 0 || size % FP_HIVE_SECTOR != 0 || offset % FP_HIVE_SECTOR != 0 ||
            (uint64_t)offset + size > e->bins_size || size > room)
            return false;
        room -= size;
    }
    return true;
}

fp_status fp_hive_log_entry_read(fp_span log, size_t at, fp_hive_log_entry *out, fp_diag *d)
{
    entry_head h;
    const fp_status status = read_head(log, at, &h, d);
    if (status != FP_OK)
        return status;
    fp_hive_log_entry *e = &h.entry;
    if (e->size < FP_HIVE_SECTOR || e->size % FP_HIVE_SECTOR != 0)
        return fp_fail(d, FP_FORMAT, "regf-log", at + 4, "an entry of %u bytes", e->size);
    if (!fp_span_sub(log, at, e->size, &e->bytes))
        return fp_fail(d, FP_TRUNCATED, "regf-log", log.size, "it ends in an entry of %u bytes",
                       e->size);
    if (fp_hive_log_hash(fp_span_of(e->bytes.data + ENTRY_HEAD, e->size - ENTRY_HEAD)) !=
        h.content_hash)
        return fp_fail(d, FP_FORMAT, "regf-log", at, "the hash of an entry's content is wrong");
    if (e->bins_size == 0 || e->bins_size % FP_HIVE_BLOCK != 0)
        return fp_fail(d, FP_FORMAT, "regf-log", at + 16, "bins of %u bytes", e->bins_size);
    if (!pages_fit(e))
        return fp_fail(d, FP_FORMAT, "regf-log", at + 20,
                       "an entry's %u pages fit neither it nor the bins", e->page_count);
    *out = *e;
    return FP_OK;
}

bool fp_hive_log_goes_on(fp_span log, size_t at, uint32_t number)
{
    entry_head h;
    for (; at < log.size; at += FP_HIVE_SECTOR) {
        if (read_head(log, at, &h, NULL) == FP_OK && fp_hive_log_at_least(h.entry.number, number))
            return true;
    }
    return false;
}

fp_hive_log_pages fp_hive_log_pages_of(const fp_hive_log_entry *entry)
{
    const uint64_t table = (uint64_t)entry->page_count * TABLE_ROW;
    return (fp_hive_log_pages){.table = fp_reader_at(entry->bytes, ENTRY_HEAD),
                               .data = fp_reader_at(entry->bytes, ENTRY_HEAD + table),
                               .left = entry->page_count};
}

bool fp_hive_log_page_next(fp_hive_log_pages *pages, fp_hive_log_page *out)
{
    if (pages->left == 0)
        return false;
    pages->left--;
    out->offset = fp_read_u32le(&pages->table);
    out->bytes = fp_read_span(&pages->data, fp_read_u32le(&pages->table));
    return fp_reader_ok(&pages->table) && fp_reader_ok(&pages->data);
}
