/* SPDX-License-Identifier: MIT */
#include "inventory/catalog/cabinet.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER_SIZE = 36,
    RESERVE_SIZES = 4, /* cbCFHeader, cbCFFolder, cbCFData */
    FOLDER_SIZE = 8,
    FILE_SIZE = 16,
    BLOCK_SIZE = 8,
    FLAG_PREVIOUS = 1,
    FLAG_NEXT = 2,
    FLAG_RESERVE = 4,
    UNCOMPRESSED_MAX = 32768, /* of one CFDATA */
    MSZIP_EXPANSION = 12,     /* what a block of MSZIP may be longer than its content */
    LZX_EXPANSION = 6144,     /* ... and of LZX */
    LZX_WINDOW_MIN = 15,
    LZX_WINDOW_MAX = 21,
    FOLDER_SPECIAL = 0xFFFD,  /* this and above: continued from or into another volume */
    SIGNATURE_RESERVE = 20,   /* cbCFHeader of a signed cabinet */
    SIGNATURE_STRUCTURE = 16, /* length of structure 2 */
    STRUCTURE_MAX = BLOCK_SIZE + 255 + 65535 /* the longest that must be seen whole */
};

typedef enum stage {
    STAGE_HEADER,
    STAGE_RESERVE_SIZES,
    STAGE_RESERVE,
    STAGE_FOLDER,
    STAGE_FILE,
    STAGE_FILE_NAME,
    STAGE_BLOCK,
    STAGE_BLOCK_DATA,
    STAGE_GAP,  /* `skip` bytes that no structure claims, then STAGE `after_gap` */
    STAGE_TAIL, /* behind cbCabinet */
    STAGE_STOPPED
} stage;

/* A part of the cabinet whose place the header names: the CFFILE table, or one folder's CFDATA
 * chain. */
typedef struct region {
    uint32_t offset;
    int32_t folder; /* or -1: the file table */
} region;

struct fp_cabinet_scanner {
    fp_cabinet cabinet;
    fp_arena *arena;
    stage at_stage;
    stage after_gap;
    uint64_t at;   /* offset of the next byte that no structure has taken */
    uint64_t skip; /* STAGE_GAP: bytes left */
    uint64_t tail; /* bytes seen behind cbCabinet */

    uint64_t folders_at; /* the CFFOLDER table */
    uint32_t files_offset;
    uint16_t folders_declared;
    uint16_t files_declared;
    uint16_t header_reserve;
    uint8_t folder_reserve;
    uint8_t block_reserve;
    size_t folder_capacity;
    size_t file_capacity;

    region *regions; /* sorted by offset once the folder table is read */
    size_t region_count;
    size_t next_region;

    size_t folder;         /* whose chain is being read */
    uint16_t blocks_left;  /* in it */
    uint32_t block_sum;    /* checksum over the head of the current CFDATA */
    uint32_t block_stored; /* checksum as stored */
    uint16_t block_size;

    uint8_t *held; /* a structure that came in several pieces */
    size_t held_size;
};

bool fp_cabinet_fault_is_hard(fp_cabinet_fault fault)
{
    return fault != FP_CAB_FINE && fault != FP_CAB_TRAILING_BYTES &&
           fault != FP_CAB_FILES_ELSEWHERE;
}

/* ---- findings ------------------------------------------------------------------------- */

FP_PRINTF(4, 5)
static void found(fp_cabinet_scanner *s, fp_cabinet_fault fault, uint64_t offset,
                  const char *format, ...)
{
    if (fp_cabinet_fault_is_hard(fault))
        s->at_stage = STAGE_STOPPED;
    const size_t i = s->cabinet.finding_count++;
    if (i >= FP_CABINET_FINDINGS_MAX)
        return;
    fp_cabinet_finding *f = &s->cabinet.findings[i];
    f->fault = fault;
    f->offset = offset;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(f->message, sizeof f->message, format, args);
    va_end(args);
}

static void out_of_memory(fp_cabinet_scanner *s)
{
    found(s, FP_CAB_OUT_OF_MEMORY, s->at, "no memory for the cabinet's tables");
}

/* ---- regions, in whatever order they stand -------------------------------------------- */

static int by_offset(const void *a, const void *b)
{
    const region *x = a;
    const region *y = b;
    if (x->offset != y->offset)
        return x->offset < y->offset ? -1 : 1;
    return (x->folder > y->folder) - (x->folder < y->folder);
}

/* A region that begins inside another one, or behind the cabinet's end. */
static void found_misplaced(fp_cabinet_scanner *s, const region *r)
{
    const uint64_t entry_size = FOLDER_SIZE + (uint64_t)s->folder_reserve;
    if (r->folder < 0)
        found(s, FP_CAB_BAD_HEADER, 16, "the file table cannot be at %u", (unsigned)r->offset);
    else
        found(s, FP_CAB_BAD_FOLDER, s->folders_at + (uint64_t)r->folder * entry_size,
              "the data of folder %d cannot be at %u", (int)r->folder, (unsigned)r->offset);
}

/* [MS-CAB], CFFILE: entries come by folder, then by offset. A decoder that streams relies on it, so
 * a file that overlaps another would be read differently by different tools. */
static void check_extents(fp_cabinet_scanner *s)
{
    const fp_cabinet *c = &s->cabinet;
    uint64_t entry = s->files_offset;
    uint64_t end = 0;
    for (size_t i = 0; i < c->file_count; i++) {
        const fp_cabinet_file *f = &c->files[i];
        if (i > 0 && f->folder != f[-1].folder)
            end = 0;
        if (f->folder_offset < end) {
            found(s, FP_CAB_BAD_FILE, entry, "file %zu overlaps the one before it", i);
            return;
        }
        end = (uint64_t)f->folder_offset + f->size;
        if (end > c->folders[f->folder].unpacked_bytes) {
            found(s, FP_CAB_BAD_FILE, entry, "file %zu lies outside its folder's data", i);
            return;
        }
        entry += FILE_SIZE + f->name.size + 1;
    }
}

static void begin_gap(fp_cabinet_scanner *s, uint64_t to, stage after)
{
    s->skip = to - s->at;
    s->after_gap = after;
    s->at_stage = s->skip > 0 ? STAGE_GAP : after;
}

static void enter_region(fp_cabinet_scanner *s)
{
    if (s->next_region == s->region_count) {
        check_extents(s);
        if (s->at_stage != STAGE_STOPPED)
            begin_gap(s, s->cabinet.size, STAGE_TAIL);
        return;
    }
    const region *r = &s->regions[s->next_region++];
    if (r->offset < s->at || r->offset >= s->cabinet.size) {
        found_misplaced(s, r);
        return;
    }
    if (r->folder < 0) {
        begin_gap(s, r->offset, STAGE_FILE);
        return;
    }
    s->folder = (size_t)r->folder;
    s->blocks_left = s->cabinet.folders[s->folder].blocks;
    begin_gap(s, r->offset, STAGE_BLOCK);
}

static void sort_regions(fp_cabinet_scanner *s)
{
    const fp_cabinet *c = &s->cabinet;
    s->regions = fp_arena_alloc_array(s->arena, c->folder_count + 1, sizeof *s->regions);
    if (s->regions == NULL) {
        out_of_memory(s);
        return;
    }
    s->regions[s->region_count++] = (region){s->files_offset, -1};
    for (size_t i = 0; i < c->folder_count; i++) {
        if (c->folders[i].blocks > 0) /* a folder of empty files has no place */
            s->regions[s->region_count++] = (region){c->folders[i].offset, (int32_t)i};
    }
    qsort(s->regions, s->region_count, sizeof *s->regions, by_offset);
    /* cabextract reads on behind the folders, 7-Zip and libarchive go where the header says. */
    if (s->files_offset > s->at && s->files_offset < c->size)
        found(s, FP_CAB_FILES_ELSEWHERE, 16,
              "the table of files does not follow the folders: programs disagree on what it holds");
    enter_region(s);
}

/* Does the structure that was just taken end inside the cabinet? */
static bool inside(fp_cabinet_scanner *s, uint64_t end)
{
    if (end <= s->cabinet.size)
        return true;
    found(s, FP_CAB_BAD_HEADER, 8, "the cabinet is said to end at %u, inside its own structure",
          (unsigned)s->cabinet.size);
    return false;
}

/* ---- header --------------------------------------------------------------------------- */

static void check_header(fp_cabinet_scanner *s, const uint32_t reserved[3], uint16_t version)
{
    enum { VERSION = 0x0103 };
    static const uint8_t offsets[3] = {4, 12, 20};
    const fp_cabinet *c = &s->cabinet;
    for (size_t i = 0; i < 3; i++) {
        if (reserved[i] != 0) {
            found(s, FP_CAB_BAD_HEADER, offsets[i], "a reserved field is not zero");
            return;
        }
    }
    if (version != VERSION)
        found(s, FP_CAB_BAD_HEADER, 24, "version %u.%u, not 1.3", version >> 8, version & 0xFFU);
    else if ((c->flags & ~(FLAG_PREVIOUS | FLAG_NEXT | FLAG_RESERVE)) != 0)
        found(s, FP_CAB_BAD_HEADER, 30, "unknown flags 0x%x", (unsigned)c->flags);
    else if ((c->flags & (FLAG_PREVIOUS | FLAG_NEXT)) != 0 || c->volume != 0)
        found(s, FP_CAB_MULTI_VOLUME, 30, "volume %u of a set of cabinets",
              (unsigned)c->volume + 1);
    else if (s->folders_declared == 0)
        found(s, FP_CAB_BAD_HEADER, 26, "no folders");
    else if (s->files_declared == 0)
        found(s, FP_CAB_BAD_HEADER, 28, "no files");
}

static void enter_folders(fp_cabinet_scanner *s)
{
    s->folders_at = s->at;
    s->at_stage = STAGE_FOLDER;
}

static void take_header(fp_cabinet_scanner *s, fp_span bytes)
{
    fp_cabinet *c = &s->cabinet;
    if (!fp_span_starts(bytes, "MSCF", 4)) {
        found(s, FP_CAB_NOT_A_CABINET, 0, "no MSCF signature");
        return;
    }
    uint32_t reserved[3];
    fp_reader r = fp_reader_at(bytes, 4);
    reserved[0] = fp_read_u32le(&r);
    c->size = fp_read_u32le(&r);
    reserved[1] = fp_read_u32le(&r);
    s->files_offset = fp_read_u32le(&r);
    reserved[2] = fp_read_u32le(&r);
    const uint16_t version = fp_read_u16le(&r);
    s->folders_declared = fp_read_u16le(&r);
    s->files_declared = fp_read_u16le(&r);
    c->flags = fp_read_u16le(&r);
    c->set_id = fp_read_u16le(&r);
    c->volume = fp_read_u16le(&r);

    check_header(s, reserved, version);
    if (s->at_stage == STAGE_STOPPED || !inside(s, s->at))
        return;
    if ((c->flags & FLAG_RESERVE) != 0) {
        s->at_stage = STAGE_RESERVE_SIZES;
        return;
    }
    c->signature = FP_CAB_UNSIGNED;
    enter_folders(s);
}

/*
 * Bytes that a signature does not protect must have their one canonical value, or bytes could hide
 * outside it and two tools disagree about one file. That the signature also ends the file is seen
 * at the end.
 */
static void take_signature_slot(fp_cabinet_scanner *s, fp_span reserve)
{
    fp_cabinet *c = &s->cabinet;
    fp_reader r = fp_reader_at(reserve, 4);
    c->signature_offset = fp_read_u32le(&r);
    c->signature_size = fp_read_u32le(&r);
    const uint64_t filler = fp_read_u64le(&r);
    c->signature = FP_CAB_SIGNED;

    const uint64_t start = s->at - reserve.size;
    if (reserve.size != SIGNATURE_RESERVE)
        found(s, FP_CAB_BAD_SIGNATURE_SLOT, 36, "a signature stored inside the header");
    else if (s->folder_reserve != 0 || s->block_reserve != 0)
        found(s, FP_CAB_BAD_SIGNATURE_SLOT, 38, "a signature beside other reserved areas");
    else if (filler != 0)
        found(s, FP_CAB_BAD_SIGNATURE_SLOT, start + 12, "the signature slot's filler is not zero");
    else if (c->signature_offset != c->size)
        found(s, FP_CAB_BAD_SIGNATURE_SLOT, start + 4,
              "the signature does not stand right behind the cabinet");
    else if (c->signature_size == 0)
        found(s, FP_CAB_BAD_SIGNATURE_SLOT, start + 8, "the signature is empty");
}

/* Does the reserve hold two structures, of which the second is or describes a signature? */
static bool has_signature_slot(fp_span reserve)
{
    fp_reader r = fp_reader_at(reserve, 0);
    const uint16_t first = fp_read_u16le(&r);
    const uint16_t second = fp_read_u16le(&r);
    return fp_reader_ok(&r) && reserve.size >= SIGNATURE_RESERVE && first == 0 &&
           second >= SIGNATURE_STRUCTURE && second <= reserve.size - 4;
}

static void take_reserve(fp_cabinet_scanner *s, fp_span bytes)
{
    if (!inside(s, s->at))
        return;
    enter_folders(s);
    s->cabinet.signature = FP_CAB_UNSIGNED;
    if (has_signature_slot(bytes))
        take_signature_slot(s, bytes);
}

static void take_reserve_sizes(fp_cabinet_scanner *s, fp_span bytes)
{
    fp_reader r = fp_reader_at(bytes, 0);
    s->header_reserve = fp_read_u16le(&r);
    s->folder_reserve = fp_read_u8(&r);
    s->block_reserve = fp_read_u8(&r);
    s->at_stage = STAGE_RESERVE;
    if (s->header_reserve == 0)
        take_reserve(s, fp_span_of(NULL, 0));
}

/* ---- folders and files ---------------------------------------------------------------- */

static void check_method(fp_cabinet_scanner *s, const fp_cabinet_folder *f, uint64_t offset)
{
    const unsigned method = f->type & 0x0FU;
    const unsigned window = (f->type >> 8) & 0x1FU;
    if (method == FP_CAB_QUANTUM)
        found(s, FP_CAB_QUANTUM_METHOD, offset + 6, "a folder is compressed with Quantum");
    else if (method > FP_CAB_LZX)
        found(s, FP_CAB_BAD_FOLDER, offset + 6, "unknown compression method %u", method);
    else if (method == FP_CAB_LZX && (window < LZX_WINDOW_MIN || window > LZX_WINDOW_MAX))
        found(s, FP_CAB_BAD_FOLDER, offset + 6, "impossible LZX window of 2^%u", window);
}

static void take_folder(fp_cabinet_scanner *s, fp_span bytes)
{
    fp_cabinet *c = &s->cabinet;
    if (!inside(s, s->at))
        return;
    fp_cabinet_folder *folders =
        fp_arena_grow(s->arena, c->folders, c->folder_count, &s->folder_capacity, sizeof *folders);
    if (folders == NULL) {
        out_of_memory(s);
        return;
    }
    fp_reader r = fp_reader_at(bytes, 0);
    fp_cabinet_folder *f = &folders[c->folder_count];
    *f = (fp_cabinet_folder){0};
    f->offset = fp_read_u32le(&r);
    f->blocks = fp_read_u16le(&r);
    f->type = fp_read_u16le(&r);
    c->folders = folders;
    c->folder_count++;
    check_method(s, f, s->at - bytes.size);
    if (s->at_stage != STAGE_STOPPED && c->folder_count == s->folders_declared)
        sort_regions(s);
}

static void take_file(fp_cabinet_scanner *s, fp_span bytes)
{
    fp_cabinet *c = &s->cabinet;
    fp_cabinet_file *files =
        fp_arena_grow(s->arena, c->files, c->file_count, &s->file_capacity, sizeof *files);
    if (files == NULL) {
        out_of_memory(s);
        return;
    }
    fp_reader r = fp_reader_at(bytes, 0);
    fp_cabinet_file *f = &files[c->file_count];
    *f = (fp_cabinet_file){0};
    f->size = fp_read_u32le(&r);
    f->folder_offset = fp_read_u32le(&r);
    f->folder = fp_read_u16le(&r);
    fp_read_skip(&r, 4); /* date and time */
    f->attributes = fp_read_u16le(&r);
    c->files = files;

    const uint64_t offset = s->at - bytes.size;
    if (f->folder >= FOLDER_SPECIAL)
        found(s, FP_CAB_BAD_FILE, offset + 8, "file %zu goes on in another volume", c->file_count);
    else if (f->folder >= c->folder_count)
        found(s, FP_CAB_BAD_FILE, offset + 8, "file %zu is in folder %u of %zu", c->file_count,
              (unsigned)f->folder, c->folder_count);
    else if (c->file_count > 0 && f->folder < f[-1].folder)
        found(s, FP_CAB_BAD_FILE, offset + 8, "file %zu is out of order", c->file_count);
    else
        s->at_stage = STAGE_FILE_NAME;
}

static void take_file_name(fp_cabinet_scanner *s, fp_span name)
{
    fp_cabinet *c = &s->cabinet;
    if (name.size == 0) {
        found(s, FP_CAB_BAD_FILE, s->at - 1, "file %zu has no name", c->file_count);
        return;
    }
    if (!inside(s, s->at))
        return;
    if (fp_str_dup(s->arena, fp_str_from_span(name), &c->files[c->file_count].name) != FP_OK) {
        out_of_memory(s);
        return;
    }
    c->file_count++;
    s->at_stage = STAGE_FILE;
    if (c->file_count == s->files_declared) {
        c->files_read = true;
        enter_region(s);
    }
}

/* ---- CFDATA --------------------------------------------------------------------------- */

/* [MS-CAB], CFDATA.csum: XOR of little-endian words; one to three bytes left over are taken with
 * the first in the highest place. */
static uint32_t checksum(fp_span bytes, uint32_t sum)
{
    const uint8_t *p = bytes.data;
    size_t left = bytes.size;
    uint64_t pairs = 0; /* two words at a time */
    for (; left >= 8; p += 8, left -= 8)
        pairs ^= fp_load_u64le(p);
    sum ^= (uint32_t)pairs ^ (uint32_t)(pairs >> 32);
    if (left >= 4) {
        sum ^= fp_load_u32le(p);
        p += 4;
        left -= 4;
    }
    uint32_t last = 0;
    for (; left > 0; p++, left--)
        last = last << 8 | *p;
    return sum ^ last;
}

static uint32_t packed_max(uint16_t type)
{
    switch ((fp_cabinet_method)(type & 0x0FU)) {
    case FP_CAB_STORED:
        return UNCOMPRESSED_MAX;
    case FP_CAB_MSZIP:
        return UNCOMPRESSED_MAX + MSZIP_EXPANSION;
    case FP_CAB_LZX:
        return UNCOMPRESSED_MAX + LZX_EXPANSION;
    case FP_CAB_QUANTUM:
        break;
    }
    return 0; /* refused before */
}

static void take_block(fp_cabinet_scanner *s, fp_span bytes)
{
    fp_cabinet_folder *f = &s->cabinet.folders[s->folder];
    fp_reader r = fp_reader_at(bytes, 0);
    s->block_stored = fp_read_u32le(&r);
    s->block_size = fp_read_u16le(&r);
    const uint16_t unpacked = fp_read_u16le(&r);
    s->block_sum = checksum(fp_span_of(bytes.data + 4, bytes.size - 4), 0);

    const uint64_t offset = s->at - bytes.size;
    if (unpacked == 0 || unpacked > UNCOMPRESSED_MAX)
        found(s, FP_CAB_BAD_DATA, offset + 6, "a block expands to %u bytes", (unsigned)unpacked);
    else if (s->block_size == 0 || s->block_size > packed_max(f->type))
        found(s, FP_CAB_BAD_DATA, offset + 4, "a block of %u bytes", (unsigned)s->block_size);
    else if ((f->type & 0x0FU) == FP_CAB_STORED && s->block_size != unpacked)
        found(s, FP_CAB_BAD_DATA, offset + 4, "a stored block of %u bytes expands to %u",
              (unsigned)s->block_size, (unsigned)unpacked);
    else if (inside(s, s->at + s->block_size)) {
        f->packed_bytes += s->block_size;
        f->unpacked_bytes += unpacked;
        s->at_stage = STAGE_BLOCK_DATA;
    }
}

static void take_block_data(fp_cabinet_scanner *s, fp_span bytes)
{
    if (s->block_stored == 0) {
        s->cabinet.blocks_unchecked++;
    } else if (checksum(bytes, s->block_sum) == s->block_stored) {
        s->cabinet.blocks_checked++;
    } else {
        found(s, FP_CAB_BAD_CHECKSUM, s->at - bytes.size - BLOCK_SIZE - s->block_reserve,
              "the checksum of a block of folder %zu is wrong", s->folder);
        return;
    }
    s->blocks_left--;
    s->at_stage = STAGE_BLOCK;
    if (s->blocks_left == 0)
        enter_region(s);
}

/* ---- the stream ----------------------------------------------------------------------- */

typedef void take(fp_cabinet_scanner *s, fp_span bytes);

/* How many bytes the current structure needs whole, and who takes them. */
static take *structure(const fp_cabinet_scanner *s, size_t *size)
{
    switch (s->at_stage) {
    case STAGE_HEADER:
        *size = HEADER_SIZE;
        return take_header;
    case STAGE_RESERVE_SIZES:
        *size = RESERVE_SIZES;
        return take_reserve_sizes;
    case STAGE_RESERVE:
        *size = s->header_reserve;
        return take_reserve;
    case STAGE_FOLDER:
        *size = FOLDER_SIZE + (size_t)s->folder_reserve;
        return take_folder;
    case STAGE_FILE:
        *size = FILE_SIZE;
        return take_file;
    case STAGE_BLOCK:
        *size = BLOCK_SIZE + (size_t)s->block_reserve;
        return take_block;
    case STAGE_BLOCK_DATA:
        *size = s->block_size;
        return take_block_data;
    case STAGE_FILE_NAME:
    case STAGE_GAP:
    case STAGE_TAIL:
    case STAGE_STOPPED:
        break;
    }
    *size = 0;
    return NULL;
}

static void drop(fp_span *in, size_t size)
{
    *in = fp_span_of(in->data + size, in->size - size);
}

static bool hold(fp_cabinet_scanner *s, fp_span *in, size_t size)
{
    if (s->held == NULL)
        s->held = fp_arena_alloc(s->arena, STRUCTURE_MAX);
    if (s->held == NULL) {
        out_of_memory(s);
        return false;
    }
    memcpy(s->held + s->held_size, in->data, size);
    s->held_size += size;
    drop(in, size);
    return true;
}

/* A structure of known size: from the stream itself when it is all there, else through `held`. */
static void scan_structure(fp_cabinet_scanner *s, fp_span *in, take *function, size_t size)
{
    fp_span whole = fp_span_of(in->data, size);
    if (s->held_size == 0 && in->size >= size) {
        drop(in, size);
    } else {
        const size_t missing = size - s->held_size;
        if (!hold(s, in, in->size < missing ? in->size : missing) || s->held_size < size)
            return;
        whole = fp_span_of(s->held, size);
        s->held_size = 0;
    }
    s->at += size;
    function(s, whole);
}

/* A name ends at its NUL, at most FP_CABINET_NAME_MAX bytes from its start. */
static void scan_name(fp_cabinet_scanner *s, fp_span *in)
{
    const size_t most = FP_CABINET_NAME_MAX - s->held_size;
    const size_t window = in->size < most ? in->size : most;
    const uint8_t *nul = memchr(in->data, 0, window);
    if (nul == NULL && window == most) {
        found(s, FP_CAB_BAD_FILE, s->at, "the name of file %zu has no end", s->cabinet.file_count);
        return;
    }
    const size_t size = nul == NULL ? window : (size_t)(nul - in->data) + 1;
    fp_span whole = fp_span_of(in->data, size);
    if (nul != NULL && s->held_size == 0) {
        drop(in, size);
    } else {
        if (!hold(s, in, size) || nul == NULL)
            return;
        whole = fp_span_of(s->held, s->held_size);
        s->held_size = 0;
    }
    s->at += whole.size;
    take_file_name(s, fp_span_of(whole.data, whole.size - 1));
}

static void scan_gap(fp_cabinet_scanner *s, fp_span *in)
{
    const size_t size = in->size < s->skip ? in->size : (size_t)s->skip;
    drop(in, size);
    s->at += size;
    s->skip -= size;
    if (s->skip == 0)
        s->at_stage = s->after_gap;
}

static void scan_step(fp_cabinet_scanner *s, fp_span *in)
{
    size_t size;
    take *function = structure(s, &size);
    if (function != NULL) {
        scan_structure(s, in, function, size);
    } else if (s->at_stage == STAGE_FILE_NAME) {
        scan_name(s, in);
    } else if (s->at_stage == STAGE_GAP) {
        scan_gap(s, in);
    } else {
        s->tail += s->at_stage == STAGE_TAIL ? in->size : 0;
        drop(in, in->size);
    }
}

fp_cabinet_scanner *fp_cabinet_scan_new(fp_arena *arena)
{
    fp_cabinet_scanner *s = fp_arena_alloc(arena, sizeof *s);
    if (s != NULL)
        s->arena = arena;
    return s;
}

void fp_cabinet_scan(fp_cabinet_scanner *scanner, fp_span bytes)
{
    while (bytes.size > 0) /* every step takes at least a byte */
        scan_step(scanner, &bytes);
}

const fp_cabinet *fp_cabinet_so_far(const fp_cabinet_scanner *scanner)
{
    return &scanner->cabinet;
}

static void check_tail(fp_cabinet_scanner *s)
{
    const fp_cabinet *c = &s->cabinet;
    if (c->signature == FP_CAB_SIGNED && s->tail != c->signature_size)
        found(s, FP_CAB_BAD_SIGNATURE_SLOT, c->size,
              "the signature does not end where the file does");
    else if (c->signature != FP_CAB_SIGNED && s->tail > 0)
        found(s, FP_CAB_TRAILING_BYTES, c->size, "bytes that follow the cabinet: %llu",
              (unsigned long long)s->tail);
}

const fp_cabinet *fp_cabinet_scan_end(fp_cabinet_scanner *scanner, bool whole)
{
    if (scanner->at_stage == STAGE_TAIL) {
        if (whole)
            check_tail(scanner);
    } else if (scanner->at_stage == STAGE_HEADER &&
               (scanner->held_size < 4 || memcmp(scanner->held, "MSCF", 4) != 0)) {
        found(scanner, FP_CAB_NOT_A_CABINET, 0, "no MSCF signature");
    } else if (scanner->at_stage != STAGE_STOPPED) {
        found(scanner, FP_CAB_CUT_OFF, scanner->at + scanner->held_size,
              "the cabinet ends before its structure does");
    }
    return &scanner->cabinet;
}

const fp_cabinet_finding *fp_cabinet_hard_finding(const fp_cabinet *cabinet)
{
    for (size_t i = 0; i < cabinet->finding_count && i < FP_CABINET_FINDINGS_MAX; i++) {
        if (fp_cabinet_fault_is_hard(cabinet->findings[i].fault))
            return &cabinet->findings[i];
    }
    return NULL;
}

/* ---- names ---------------------------------------------------------------------------- */

static char folded(char c)
{
    return c == '\\' ? '/' : fp_ascii_lower(c);
}

static bool same_name(fp_str a, fp_str b)
{
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++) {
        if (folded(a.data[i]) != folded(b.data[i]))
            return false;
    }
    return true;
}

ptrdiff_t fp_cabinet_find(const fp_cabinet *cabinet, fp_str name)
{
    for (size_t i = 0; i < cabinet->file_count; i++) {
        if (same_name(cabinet->files[i].name, name))
            return (ptrdiff_t)i;
    }
    return -1;
}
