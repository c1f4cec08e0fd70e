/* SPDX-License-Identifier: MIT */
/* Base block, bins and cells of a hive. */
#include "inventory/registry/hive.h"

#include "inventory/registry/hive_cell.h"

#include <string.h>

enum { CHECKSUM_AT = 508, BIN_HEADER = 32, CELL_ALIGN = 8, NAME_SIZE = 64 };
enum { WORK_MIN = 1024 * 1024, WORK_MAX = 64 * 1024 * 1024 }; /* entries of lists: seconds */

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

/* False for any odd offset too. */
static bool is_marked(const fp_hive_marks *marks, uint32_t offset)
{
    const uint32_t at = offset / CELL_ALIGN;
    return offset % CELL_ALIGN == 0 && offset < marks->size &&
           (marks->bits[at / 8] >> (at % 8) & 1) != 0;
}

static void mark(fp_hive_marks *marks, uint32_t offset)
{
    const uint32_t at = offset / CELL_ALIGN;
    if (offset < marks->size)
        marks->bits[at / 8] = (uint8_t)(marks->bits[at / 8] | 1U << at % 8);
}

bool fp_hive_claim(fp_hive_marks *claims, uint32_t offset)
{
    if (is_marked(claims, offset))
        return false;
    mark(claims, offset);
    return true;
}

/* ---- cells ----------------------------------------------------------------------------------- */

/* Of a cell with this size field: *size is how far the next one is. False: no cell fits in `room`.
 */
static bool cell_extent(const uint8_t *field, size_t room, size_t *size, bool *allocated)
{
    const int64_t stored = (int32_t)fp_load_u32le(field);
    const uint64_t extent = (uint64_t)(stored < 0 ? -stored : stored);
    if (extent == 0 || extent % CELL_ALIGN != 0 || extent > room)
        return false;
    *size = (size_t)extent;
    *allocated = stored < 0;
    return true;
}

/* A bin is gone through block by block without keeping it: one may be as large as the hive. No size
 * field lies in two blocks, because cells begin at multiples of 8. */
typedef struct window {
    size_t from; /* offset of the block; SIZE_MAX: none yet */
    uint8_t block[FP_HIVE_BLOCK];
} window;

static const uint8_t *look_at(const fp_hive *hive, size_t at, window *w)
{
    const size_t in_block = at % FP_HIVE_BLOCK;
    if (w->from != at - in_block) {
        w->from = at - in_block;
        if (!fp_paged_copy(hive->file, FP_HIVE_BLOCK + (uint64_t)w->from, FP_HIVE_BLOCK, w->block))
            return NULL;
    }
    return w->block + in_block;
}

static void problem(const fp_hive *hive, size_t at, const char *what)
{
    fp_reg_problem(hive->problems, FP_HIVE_BLOCK + (uint64_t)at, "%s", what);
}

/* Marks the cells of one bin; false: some could not be, and it is told. */
static bool mark_cells(const fp_hive *hive, size_t at, size_t end)
{
    fp_hive_marks starts = hive->starts;
    window w = {.from = SIZE_MAX};
    while (at < end) {
        size_t size = 0;
        bool allocated = false;
        const uint8_t *field = look_at(hive, at, &w);
        if (field == NULL || !cell_extent(field, end - at, &size, &allocated)) {
            problem(hive, at,
                    field == NULL ? "the rest of the bin could not be read"
                                  : "no cell fits here: the rest of the bin is unreadable");
            return false;
        }
        if (allocated)
            mark(&starts, (uint32_t)at);
        at += size;
    }
    return true;
}

/* ---- bins ------------------------------------------------------------------------------------ */

typedef enum bin_state { BIN_UNSEEN = 0, BIN_SOUND, BIN_DAMAGED } bin_state;

static size_t block_count(const fp_hive *hive)
{
    return hive->bins_size / FP_HIVE_BLOCK;
}

/* Size of the bin at `at`, or 0: none begins there. */
static size_t bin_size(const fp_hive *hive, size_t at)
{
    uint8_t header[BIN_HEADER];
    if (hive->bins_size - at < BIN_HEADER ||
        !fp_paged_copy(hive->file, FP_HIVE_BLOCK + (uint64_t)at, BIN_HEADER, header) ||
        memcmp(header, "hbin", 4) != 0 || fp_load_u32le(header + 4) != at)
        return 0;
    const uint32_t size = fp_load_u32le(header + 8);
    const bool fits = size >= FP_HIVE_BLOCK && size <= hive->bins_size - at;
    return fits && size % FP_HIVE_BLOCK == 0 ? size : 0;
}

/* A block that begins no bin is passed over: the ones behind it may be sound. */
static void index_bins(fp_hive *hive)
{
    bool gap = false;
    for (size_t at = 0; at < hive->bins_size;) {
        const size_t size = bin_size(hive, at);
        if (size == 0) {
            if (!gap)
                problem(hive, at, "no bin begins here");
            gap = true;
            hive->whole = false;
            at += FP_HIVE_BLOCK;
            continue;
        }
        gap = false;
        const size_t first = at / FP_HIVE_BLOCK;
        for (size_t i = 0; i < size / FP_HIVE_BLOCK; i++)
            hive->bin_of[first + i] = (uint32_t)first + 1;
        at += size;
    }
}

static bin_state walk_bin(const fp_hive *hive, size_t first)
{
    size_t end = first;
    while (end < block_count(hive) && hive->bin_of[end] == first + 1)
        end++;
    const bool sound = mark_cells(hive, first * FP_HIVE_BLOCK + BIN_HEADER, end * FP_HIVE_BLOCK);
    return sound ? BIN_SOUND : BIN_DAMAGED;
}

/* Of the bin that holds `offset`, whose cells are marked then; UNSEEN: there is none. */
static bin_state state_at(const fp_hive *hive, uint32_t offset)
{
    const size_t block = offset / FP_HIVE_BLOCK;
    if (block >= block_count(hive) || hive->bin_of[block] == 0)
        return BIN_UNSEEN;
    const size_t first = hive->bin_of[block] - 1;
    if (hive->states[first] == BIN_UNSEEN)
        hive->states[first] = (uint8_t)walk_bin(hive, first);
    return (bin_state)hive->states[first];
}

bool fp_hive_cell(const fp_hive *hive, uint32_t offset, fp_span *record)
{
    fp_span field;
    size_t size = 0;
    bool allocated = false;
    return state_at(hive, offset) != BIN_UNSEEN && is_marked(&hive->starts, offset) &&
           fp_paged_get(hive->file, fp_hive_file_offset(offset), 4, &field) &&
           cell_extent(field.data, hive->bins_size - offset, &size, &allocated) && allocated &&
           fp_paged_get(hive->file, fp_hive_file_offset(offset) + 4, size - 4, record);
}

/* ---- the hive -------------------------------------------------------------------------------- */

bool fp_hive_afford(const fp_hive *hive, uint64_t entries)
{
    if (entries <= FP_HIVE_SMALL_LIST)
        return true;
    if (entries > hive->memory->work)
        return false;
    hive->memory->work -= entries;
    return true;
}

/* All lists of a hive are smaller together than it is; some are asked for more than once. */
static uint64_t work_for(size_t bins_size)
{
    const uint64_t work = WORK_MIN + (uint64_t)bins_size / 8;
    return work < WORK_MAX ? work : WORK_MAX;
}

static bool make_index(fp_hive *hive, fp_arena *arena)
{
    hive->memory = fp_arena_alloc(arena, sizeof *hive->memory);
    if (hive->memory == NULL)
        return false;
    *hive->memory = (fp_hive_memory){.arena = arena, .work = work_for(hive->bins_size)};
    hive->bin_of = fp_arena_alloc_array(arena, block_count(hive) + 1, sizeof *hive->bin_of);
    hive->states = fp_arena_alloc(arena, block_count(hive) + 1);
    return hive->bin_of != NULL && hive->states != NULL &&
           fp_hive_marks_make(arena, hive->bins_size, &hive->starts);
}

fp_status fp_hive_open_paged(fp_paged file, fp_arena *arena, fp_reg_problems *problems,
                             fp_hive **out, fp_diag *d)
{
    fp_span block;
    fp_hive_header header = {.minor = 0};
    const fp_paged start = fp_paged_start(file, FP_HIVE_BLOCK);
    if (!fp_paged_get(start, 0, start.place.size, &block))
        return fp_fail(d, FP_IO, "regf", 0, "the base block could not be read");
    const fp_status status = fp_hive_read_header(block, &header, d);
    if (status != FP_OK)
        return status;

    fp_hive *hive = fp_arena_alloc(arena, sizeof *hive);
    if (hive == NULL)
        return fp_fail(d, FP_NOMEM, "regf", 0, "no memory");
    const size_t there = file.place.size - FP_HIVE_BLOCK;
    const uint32_t declared = header.bins_size;
    *hive = (fp_hive){.header = header,
                      .file = file,
                      .bins_size = declared < there ? declared : there,
                      .problems = problems,
                      .whole = true};
    if (!make_index(hive, arena))
        return fp_fail(d, FP_NOMEM, "regf", 0, "no memory for the index of %zu bytes of bins",
                       hive->bins_size);
    if (declared > there || declared % FP_HIVE_BLOCK != 0 || declared == 0) {
        hive->whole = false;
        problem(hive, hive->bins_size, "the bins end before their declared size");
    }
    index_bins(hive);
    hive->whole = hive->whole && state_at(hive, header.root) != BIN_DAMAGED;
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

bool fp_hive_is_sound_at(const fp_hive *hive, uint32_t offset)
{
    return state_at(hive, offset) == BIN_SOUND;
}
