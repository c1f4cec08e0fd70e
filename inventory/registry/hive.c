/* SPDX-License-Identifier: MIT */
/* Base block, bins and cells of a hive. */
#include "inventory/registry/hive.h"

#include "inventory/registry/hive_cell.h"

#include <string.h>

enum { CHECKSUM_AT = 508, BIN_HEADER = 32, CELL_ALIGN = 8, NAME_SIZE = 64 };

/* ---- base block ------------------------------------------------------------------------------ */

/* XOR of the 127 words before it; the two results that mark nothing are replaced. */
uint32_t fp_hive_checksum(fp_span block)
{
    uint32_t sum = 0;
    for (size_t at = 0; at < CHECKSUM_AT; at += 4)
        sum ^= fp_load_u32le(block.data + at);
    if (sum == UINT32_MAX)
        return UINT32_MAX - 1;
    return sum == 0 ? 1 : sum;
}

typedef struct base_block { /* what decides whether it is read at all */
    fp_span magic;
    uint32_t major;
    uint32_t file_type;
    uint32_t format;
} base_block;

static fp_status check_form(const base_block *b, const fp_hive_header *h, fp_diag *d)
{
    if (memcmp(b->magic.data, "regf", 4) != 0)
        return fp_fail(d, FP_FORMAT, "regf", 0, "no regf signature");
    if (b->major != 1 || h->minor < 3 || h->minor > 5)
        return fp_fail(d, FP_UNSUPPORTED, "regf", 20, "version %u.%u is not read here%s", b->major,
                       h->minor, h->checksum_right ? "" : ", and the checksum is wrong");
    if (b->file_type != 0)
        return fp_fail(d, FP_UNSUPPORTED, "regf", 28, "file type %u: a transaction log, not a hive",
                       b->file_type);
    if (b->format != 1)
        return fp_fail(d, FP_UNSUPPORTED, "regf", 32, "format %u is not read here", b->format);
    return FP_OK;
}

fp_status fp_hive_read_header(fp_span file, fp_hive_header *out, fp_diag *d)
{
    fp_reader r = fp_reader_at(file, 0);
    base_block b = {.major = 0};
    fp_hive_header h = {.minor = 0};
    b.magic = fp_read_span(&r, 4);
    h.primary = fp_read_u32le(&r);
    h.secondary = fp_read_u32le(&r);
    h.written = fp_time_from_filetime(fp_read_u64le(&r));
    b.major = fp_read_u32le(&r);
    h.minor = fp_read_u32le(&r);
    b.file_type = fp_read_u32le(&r);
    b.format = fp_read_u32le(&r);
    h.root = fp_read_u32le(&r);
    h.bins_size = fp_read_u32le(&r);
    fp_read_skip(&r, 4); /* clustering factor */
    h.name = fp_read_span(&r, NAME_SIZE);
    fp_read_skip(&r, CHECKSUM_AT - 48 - NAME_SIZE);
    const uint32_t stored = fp_read_u32le(&r);
    fp_read_skip(&r, FP_HIVE_BLOCK - CHECKSUM_AT - 4);

    if (!fp_reader_ok(&r))
        return fp_fail(d, FP_TRUNCATED, "regf", file.size, "the base block needs 4096 bytes");
    h.checksum_right = fp_hive_checksum(file) == stored;
    const fp_status status = check_form(&b, &h, d);
    if (status == FP_OK)
        *out = h;
    return status;
}

/* ---- marks ----------------------------------------------------------------------------------- */

bool fp_hive_marks_make(fp_arena *arena, size_t bins_size, fp_hive_marks *out)
{
    out->size = (uint32_t)bins_size; /* bins are at most 4 GiB by their 32-bit offsets */
    out->bits = fp_arena_alloc(arena, bins_size / (CELL_ALIGN * (size_t)8) + 1);
    return out->bits != NULL;
}

bool fp_hive_marked(const fp_hive_marks *marks, uint32_t offset)
{
    const uint32_t at = offset / CELL_ALIGN;
    return offset % CELL_ALIGN == 0 && offset < marks->size &&
           (marks->bits[at / 8] >> (at % 8) & 1) != 0;
}

void fp_hive_mark(fp_hive_marks *marks, uint32_t offset)
{
    const uint32_t at = offset / CELL_ALIGN;
    if (offset < marks->size)
        marks->bits[at / 8] = (uint8_t)(marks->bits[at / 8] | 1U << at % 8);
}

bool fp_hive_claim(fp_hive_marks *claims, uint32_t offset)
{
    if (fp_hive_marked(claims, offset))
        return false;
    fp_hive_mark(claims, offset);
    return true;
}

/* ---- bins and cells -------------------------------------------------------------------------- */

/* The size field of the cell at `at`: *size is how far the next one is. False: no cell fits there.
 */
static bool cell_extent(fp_span bins, size_t at, size_t end, size_t *size, bool *allocated)
{
    const int64_t stored = (int32_t)fp_load_u32le(bins.data + at);
    const uint64_t extent = (uint64_t)(stored < 0 ? -stored : stored);
    if (extent == 0 || extent % CELL_ALIGN != 0 || extent > end - at)
        return false;
    *size = (size_t)extent;
    *allocated = stored < 0;
    return true;
}

bool fp_hive_cell(const fp_hive *hive, uint32_t offset, fp_span *record)
{
    size_t size = 0;
    bool allocated = false;
    return fp_hive_marked(&hive->starts, offset) &&
           cell_extent(hive->bins, offset, hive->bins.size, &size, &allocated) && allocated &&
           fp_span_sub(hive->bins, (uint64_t)offset + 4, size - 4, record);
}

/* Marks the cells of one bin; false: a cell does not fit, and what follows it is unreadable. */
static bool index_cells(fp_hive *hive, size_t at, size_t end, size_t *bad_at)
{
    while (at < end) {
        size_t size = 0;
        bool allocated = false;
        if (!cell_extent(hive->bins, at, end, &size, &allocated)) {
            *bad_at = at;
            return false;
        }
        if (allocated)
            fp_hive_mark(&hive->starts, (uint32_t)at);
        at += size;
    }
    return true;
}

/* Size of the bin at `at`, or 0: none begins there. */
static size_t bin_size(fp_span bins, size_t at)
{
    fp_reader r = fp_reader_at(bins, at);
    const fp_span magic = fp_read_span(&r, 4);
    const uint32_t own_offset = fp_read_u32le(&r);
    const uint32_t size = fp_read_u32le(&r);
    fp_read_skip(&r, BIN_HEADER - 12);
    if (!fp_reader_ok(&r) || memcmp(magic.data, "hbin", 4) != 0 || own_offset != at)
        return 0;
    return size < FP_HIVE_BLOCK || size % FP_HIVE_BLOCK != 0 || size > bins.size - at ? 0 : size;
}

static void damaged(fp_hive *hive, fp_reg_problems *problems, size_t at, const char *what)
{
    hive->whole = false;
    fp_reg_problem(problems, FP_HIVE_BLOCK + (uint64_t)at, "%s", what);
}

/* A block that begins no bin is passed over: the ones behind it may be sound. */
static void index_bins(fp_hive *hive, fp_reg_problems *problems)
{
    bool gap = false;
    for (size_t at = 0; at < hive->bins.size;) {
        const size_t size = bin_size(hive->bins, at);
        if (size == 0) {
            if (!gap)
                damaged(hive, problems, at, "no bin begins here");
            gap = true;
            at += FP_HIVE_BLOCK;
            continue;
        }
        gap = false;
        size_t bad_at = 0;
        if (!index_cells(hive, at + BIN_HEADER, at + size, &bad_at))
            damaged(hive, problems, bad_at, "no cell fits here: the rest of the bin is unreadable");
        at += size;
    }
}

/* The part of the file that the bins may take, in whole blocks or less at a cut end. */
static fp_span bins_of(fp_span file, uint32_t declared, bool *cut)
{
    const size_t there = file.size - FP_HIVE_BLOCK;
    *cut = declared > there || declared % FP_HIVE_BLOCK != 0 || declared == 0;
    return fp_span_of(file.data + FP_HIVE_BLOCK, declared < there ? declared : there);
}

fp_status fp_hive_open(fp_span file, fp_arena *arena, fp_reg_problems *problems, fp_hive **out,
                       fp_diag *d)
{
    fp_hive_header header = {.minor = 0};
    const fp_status status = fp_hive_read_header(file, &header, d);
    if (status != FP_OK)
        return status;

    fp_hive *hive = fp_arena_alloc(arena, sizeof *hive);
    if (hive == NULL)
        return fp_fail(d, FP_NOMEM, "regf", 0, "no memory");
    bool cut = false;
    hive->header = header;
    hive->bins = bins_of(file, header.bins_size, &cut);
    hive->whole = true;
    if (!fp_hive_marks_make(arena, hive->bins.size, &hive->starts))
        return fp_fail(d, FP_NOMEM, "regf", 0, "no memory for the index of %zu bytes of bins",
                       hive->bins.size);
    if (cut)
        damaged(hive, problems, hive->bins.size, "the bins end before their declared size");
    index_bins(hive, problems);
    *out = hive;
    return FP_OK;
}

const fp_hive_header *fp_hive_header_of(const fp_hive *hive)
{
    return &hive->header;
}

bool fp_hive_is_dirty(const fp_hive *hive)
{
    return !hive->header.checksum_right || hive->header.primary != hive->header.secondary;
}

bool fp_hive_is_whole(const fp_hive *hive)
{
    return hive->whole;
}
