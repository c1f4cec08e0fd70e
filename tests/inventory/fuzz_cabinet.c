/* SPDX-License-Identifier: MIT */
/*
 * The cabinet scanner. First byte: the size of the pieces it is fed in; the rest: the cabinet.
 * Wrong checksums are blanked first, or nothing would get past them. What must hold: the pieces do
 * not change the answer, and what is called fine keeps inside its own bounds.
 */
#include "inventory/catalog/cabinet.h"

#include "tests/support/fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { BUDGET = 8 << 20, REPAIRS_MAX = 64 };

static const fp_cabinet *scan(fp_arena *arena, fp_span bytes, size_t piece)
{
    fp_cabinet_scanner *s = fp_cabinet_scan_new(arena);
    require(s != NULL);
    for (size_t at = 0; at < bytes.size;) {
        const size_t left = bytes.size - at;
        const size_t size = piece == 0 || piece > left ? left : piece;
        fp_cabinet_scan(s, fp_span_of(bytes.data + at, size));
        at += size;
    }
    return fp_cabinet_scan_end(s, true);
}

/* A stored checksum of zero means none. */
static void blank_wrong_checksums(uint8_t *bytes, size_t size)
{
    for (int i = 0; i < REPAIRS_MAX; i++) {
        fp_arena *arena = fp_arena_new(BUDGET);
        const fp_cabinet_finding *f =
            fp_cabinet_hard_finding(scan(arena, fp_span_of(bytes, size), 0));
        const bool wrong = f != NULL && f->fault == FP_CAB_BAD_CHECKSUM;
        if (wrong) {
            require(f->offset <= size - 4);
            memset(bytes + f->offset, 0, 4);
        }
        fp_arena_free(arena);
        if (!wrong)
            return;
    }
}

static void check_same(const fp_cabinet *a, const fp_cabinet *b)
{
    require(a->finding_count == b->finding_count && a->file_count == b->file_count);
    require(a->folder_count == b->folder_count && a->files_read == b->files_read);
    require(a->signature == b->signature && a->signature_offset == b->signature_offset);
    require(a->blocks_checked == b->blocks_checked && a->blocks_unchecked == b->blocks_unchecked);
    for (size_t i = 0; i < a->finding_count && i < FP_CABINET_FINDINGS_MAX; i++) {
        require(a->findings[i].fault == b->findings[i].fault);
        require(a->findings[i].offset == b->findings[i].offset);
        require(strcmp(a->findings[i].message, b->findings[i].message) == 0);
    }
    for (size_t i = 0; i < a->file_count; i++)
        require(fp_str_eq(a->files[i].name, b->files[i].name));
}

static void check_fine(const fp_cabinet *c, size_t size)
{
    require(c->size <= size && c->files_read && c->file_count > 0 && c->folder_count > 0);
    require(c->signature != FP_CAB_SIGNATURE_UNKNOWN);
    if (c->signature == FP_CAB_SIGNED)
        require(c->signature_offset == c->size && c->size + c->signature_size == size);
    uint64_t blocks = 0;
    for (size_t i = 0; i < c->folder_count; i++) {
        const fp_cabinet_folder *f = &c->folders[i];
        blocks += f->blocks;
        require(f->blocks == 0 || (f->offset < c->size && f->packed_bytes <= c->size));
        require(f->unpacked_bytes <= (uint64_t)f->blocks * 32768);
    }
    require(blocks == c->blocks_checked + c->blocks_unchecked);
    for (size_t i = 0; i < c->file_count; i++) {
        const fp_cabinet_file *f = &c->files[i];
        require(f->folder < c->folder_count && f->name.size > 0 && f->name.size < 256);
        require((uint64_t)f->folder_offset + f->size <= c->folders[f->folder].unpacked_bytes);
        require(fp_cabinet_find(c, f->name) >= 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const size_t piece = data[0] == 0 ? 1 : data[0];
    uint8_t *bytes = malloc(size);
    require(bytes != NULL);
    memcpy(bytes, data + 1, size - 1);
    size--;
    blank_wrong_checksums(bytes, size);

    fp_arena *arena = fp_arena_new(2 * (size_t)BUDGET);
    const fp_cabinet *whole = scan(arena, fp_span_of(bytes, size), 0);
    check_same(whole, scan(arena, fp_span_of(bytes, size), piece));
    if (fp_cabinet_hard_finding(whole) == NULL)
        check_fine(whole, size);
    fp_arena_free(arena);
    free(bytes);
    return 0;
}
