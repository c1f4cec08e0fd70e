/* SPDX-License-Identifier: MIT */
#include "tests/support/cab_builder.h"
#include "tests/support/check.h"

#include "inventory/catalog/cabinet.h"

#include <stdio.h>

enum { BUDGET = 1 << 20 };

static const cab_file three_files[] = {
    {.name = "a.txt", .content = {(const uint8_t *)"alpha", 5}},
    {.name = "dir\\empty", .content = {(const uint8_t *)"", 0}},
    {.name = "b.txt", .content = {(const uint8_t *)"bravo bravo", 11}, .folder = 1},
};
enum { THREE = sizeof three_files / sizeof three_files[0] };

/* Scans in pieces of `piece` bytes (0: all at once); the result lives in `arena`. */
static const fp_cabinet *scan(fp_arena *arena, fp_span bytes, size_t piece, bool whole)
{
    fp_cabinet_scanner *s = fp_cabinet_scan_new(arena);
    assert_non_null(s);
    for (size_t at = 0; at < bytes.size;) {
        const size_t left = bytes.size - at;
        const size_t size = piece == 0 || piece > left ? left : piece;
        fp_cabinet_scan(s, fp_span_of(bytes.data + at, size));
        at += size;
    }
    return fp_cabinet_scan_end(s, whole);
}

/* ---- cabinets that are fine ----------------------------------------------------------- */

typedef struct fine_row {
    const char *name;
    cab_options options;
} fine_row;

static const fine_row fine_rows[] = {
    {"plain", {0}},
    {"mszip", {.mszip = true}},
    {"data before files", {.data_first = true}},
    {"gaps between regions", {.gap = 700}},
    {"data first with gaps", {.data_first = true, .gap = 3}},
    {"small blocks", {.block = 2}},
    {"no checksums", {.no_checksums = true}},
    {"header reserve of 6144 bytes", {.header_reserve = 6144}},
    {"folder and block reserves", {.folder_reserve = 128, .block_reserve = 255}},
    {"every reserve", {.header_reserve = 1, .folder_reserve = 2, .block_reserve = 3}},
    {"signed", {.signature = {(const uint8_t *)"0123456789", 10}}},
};

static void check_three(const fp_cabinet *c, const cab_bytes *cab, const cab_options *o)
{
    const bool elsewhere = o->data_first || o->gap > 0; /* soft, and the only thing to be said */
    assert_int_equal(c->finding_count, elsewhere ? 1 : 0);
    assert_true(!elsewhere || c->findings[0].fault == FP_CAB_FILES_ELSEWHERE);
    assert_null(fp_cabinet_hard_finding(c));
    assert_true(c->files_read);
    assert_int_equal(c->file_count, THREE);
    for (size_t i = 0; i < THREE; i++) {
        assert_str(c->files[i].name, three_files[i].name);
        assert_int_equal(c->files[i].size, three_files[i].content.size);
        assert_int_equal(c->files[i].folder, three_files[i].folder);
    }
    assert_int_equal(c->folder_count, 2);
    assert_int_equal(c->folders[0].unpacked_bytes, 5);
    assert_int_equal(c->folders[1].unpacked_bytes, 11);
    const uint64_t blocks = o->block == 2 ? 3 + 6 : 2;
    assert_int_equal(c->blocks_checked, o->no_checksums ? 0 : blocks);
    assert_int_equal(c->blocks_unchecked, o->no_checksums ? blocks : 0);
    assert_int_equal(c->size + o->signature.size, cab->size);
    assert_int_equal(c->signature, o->signature.size > 0 ? FP_CAB_SIGNED : FP_CAB_UNSIGNED);
    assert_int_equal(c->signature_size, o->signature.size);
}

static void test_fine(void **state)
{
    const fine_row *row = *state;
    cab_bytes cab = cab_build(three_files, THREE, &row->options);
    static const size_t pieces[] = {0, 1, 2, 3, 7, 36, 64, 1000};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        fp_arena *arena = fp_arena_new(BUDGET);
        check_three(scan(arena, cab_span(&cab), pieces[i], true), &cab, &row->options);
        fp_arena_free(arena);
    }
    cab_free(&cab);
}

/* Cut anywhere, it must be a hard finding: nothing that was cut off may look whole. */
static void test_truncated(void **state)
{
    const fine_row *row = *state;
    cab_bytes cab = cab_build(three_files, THREE, &row->options);
    for (size_t size = 0; size < cab.size; size++) {
        fp_arena *arena = fp_arena_new(BUDGET);
        const fp_cabinet *c = scan(arena, fp_span_of(cab.data, size), 0, true);
        const fp_cabinet_finding *f = fp_cabinet_hard_finding(c);
        assert_non_null(f);
        const fp_cabinet_fault expected = size < 4 ? FP_CAB_NOT_A_CABINET
                                          : size < cab.size - row->options.signature.size
                                              ? FP_CAB_CUT_OFF
                                              : FP_CAB_BAD_SIGNATURE_SLOT;
        assert_int_equal(f->fault, expected);
        if (expected == FP_CAB_CUT_OFF)
            assert_int_equal(f->offset, size);
        fp_arena_free(arena);
    }
    cab_free(&cab);
}

/* ---- one thing broken ----------------------------------------------------------------- */

enum { SIGNED = 1, RESERVED = 2, MSZIP = 4 };

typedef struct broken_row {
    const char *name;
    int base; /* of the cabinet: SIGNED, RESERVED, MSZIP */
    enum { AT_START, AT_FOLDERS, AT_FILES, AT_BLOCKS, AT_END } from;
    int offset;
    int width; /* bytes written: 1, 2, 4; 0: `value` zero bytes appended */
    uint32_t value;
    fp_cabinet_fault fault;
    int fault_offset; /* from the same place */
} broken_row;

/* Offsets: [MS-CAB]. Files: a.txt at 0, dir\empty at 22, b.txt at 48 of the table. */
static const broken_row broken_rows[] = {
    {"signature", 0, AT_START, 0, 1, 'm', FP_CAB_NOT_A_CABINET, 0},
    {"reserved1", 0, AT_START, 4, 1, 1, FP_CAB_BAD_HEADER, 4},
    {"reserved2", 0, AT_START, 15, 1, 1, FP_CAB_BAD_HEADER, 12},
    {"reserved3", 0, AT_START, 20, 1, 1, FP_CAB_BAD_HEADER, 20},
    {"minor version", 0, AT_START, 24, 1, 4, FP_CAB_BAD_HEADER, 24},
    {"major version", 0, AT_START, 25, 1, 0, FP_CAB_BAD_HEADER, 24},
    {"no folders", 0, AT_START, 26, 2, 0, FP_CAB_BAD_HEADER, 26},
    {"no files", 0, AT_START, 28, 2, 0, FP_CAB_BAD_HEADER, 28},
    {"unknown flag", 0, AT_START, 30, 2, 8, FP_CAB_BAD_HEADER, 30},
    {"previous cabinet", 0, AT_START, 30, 2, 1, FP_CAB_MULTI_VOLUME, 30},
    {"next cabinet", 0, AT_START, 30, 2, 2, FP_CAB_MULTI_VOLUME, 30},
    {"volume number", 0, AT_START, 34, 2, 1, FP_CAB_MULTI_VOLUME, 30},
    {"size of nothing", 0, AT_START, 8, 4, 0, FP_CAB_BAD_HEADER, 8},
    {"size inside the folders", 0, AT_START, 8, 4, 40, FP_CAB_BAD_HEADER, 8},
    {"size inside the files", 0, AT_START, 8, 4, 80, FP_CAB_BAD_HEADER, 8},
    {"size beyond the end", 0, AT_START, 8, 4, 5000, FP_CAB_CUT_OFF, -1},
    {"bytes behind", 0, AT_END, 0, 0, 5, FP_CAB_TRAILING_BYTES, 0},
    {"file table inside the header", 0, AT_START, 16, 4, 20, FP_CAB_BAD_HEADER, 16},
    {"file table inside the folders", 0, AT_START, 16, 4, 44, FP_CAB_BAD_HEADER, 16},
    {"file table beyond the end", 0, AT_START, 16, 4, 9000, FP_CAB_BAD_HEADER, 16},
    {"more files than there are", 0, AT_START, 28, 2, 4, FP_CAB_BAD_FILE, -1},
    {"folder inside the header", 0, AT_FOLDERS, 0, 4, 36, FP_CAB_BAD_FOLDER, 0},
    {"folder inside the file table", 0, AT_FOLDERS, 0, 4, 60, FP_CAB_BAD_FOLDER, 0},
    {"folders at one place", 0, AT_FOLDERS, 8, 4, 122, FP_CAB_BAD_FOLDER, 8},
    {"folder beyond the end", 0, AT_FOLDERS, 8, 4, 9000, FP_CAB_BAD_FOLDER, 8},
    {"folder without data", 0, AT_FOLDERS, 4, 2, 0, FP_CAB_BAD_FILE, 16},
    {"more blocks than there are", 0, AT_FOLDERS, 4, 2, 2, FP_CAB_BAD_FOLDER, 8},
    {"unknown method", 0, AT_FOLDERS, 6, 2, 4, FP_CAB_BAD_FOLDER, 6},
    {"quantum", 0, AT_FOLDERS, 6, 2, 0x1202, FP_CAB_QUANTUM_METHOD, 6},
    {"lzx window of 14 bits", 0, AT_FOLDERS, 6, 2, 0x0E03, FP_CAB_BAD_FOLDER, 6},
    {"lzx window of 22 bits", 0, AT_FOLDERS, 6, 2, 0x1603, FP_CAB_BAD_FOLDER, 6},
    {"file too large", 0, AT_FILES, 0, 4, 6, FP_CAB_BAD_FILE, 0},
    {"file of 4 GB", 0, AT_FILES, 0, 4, 0xFFFFFFFF, FP_CAB_BAD_FILE, 0},
    {"file behind its folder", 0, AT_FILES, 4, 4, 1, FP_CAB_BAD_FILE, 0},
    {"file offset of 4 GB", 0, AT_FILES, 4, 4, 0xFFFFFFFF, FP_CAB_BAD_FILE, 0},
    {"files overlap", 0, AT_FILES, 26, 4, 4, FP_CAB_BAD_FILE, 22},
    {"folder that is not there", 0, AT_FILES, 8, 2, 2, FP_CAB_BAD_FILE, 8},
    {"file from another volume", 0, AT_FILES, 8, 2, 0xFFFD, FP_CAB_BAD_FILE, 8},
    {"file into another volume", 0, AT_FILES, 8, 2, 0xFFFE, FP_CAB_BAD_FILE, 8},
    {"files not in order of folders", 0, AT_FILES, 8, 2, 1, FP_CAB_BAD_FILE, 30},
    {"name is empty", 0, AT_FILES, 16, 1, 0, FP_CAB_BAD_FILE, 16},
    {"wrong checksum", 0, AT_BLOCKS, 0, 1, 0x55, FP_CAB_BAD_CHECKSUM, 0},
    {"wrong data", 0, AT_BLOCKS, 8, 1, 'x', FP_CAB_BAD_CHECKSUM, 0},
    {"wrong last byte of data", 0, AT_BLOCKS, 12, 1, 'x', FP_CAB_BAD_CHECKSUM, 0},
    {"wrong data, mszip", MSZIP, AT_BLOCKS, 10, 1, 'x', FP_CAB_BAD_CHECKSUM, 0},
    {"wrong block reserve", RESERVED, AT_BLOCKS, 8, 1, 'x', FP_CAB_BAD_CHECKSUM, 0},
    {"block without data", 0, AT_BLOCKS, 4, 2, 0, FP_CAB_BAD_DATA, 4},
    {"block of nothing", 0, AT_BLOCKS, 6, 2, 0, FP_CAB_BAD_DATA, 6},
    {"block expands too much", 0, AT_BLOCKS, 6, 2, 32769, FP_CAB_BAD_DATA, 6},
    {"stored block of two sizes", 0, AT_BLOCKS, 6, 2, 6, FP_CAB_BAD_DATA, 4},
    {"mszip block too long", MSZIP, AT_BLOCKS, 4, 2, 32781, FP_CAB_BAD_DATA, 4},
    {"block over the end", MSZIP, AT_BLOCKS, 4, 2, 32780, FP_CAB_BAD_HEADER, -1},
    {"slot: volume number", SIGNED, AT_START, 34, 1, 1, FP_CAB_MULTI_VOLUME, 30},
    {"slot: folder reserve", SIGNED, AT_START, 38, 1, 1, FP_CAB_BAD_SIGNATURE_SLOT, 38},
    {"slot: block reserve", SIGNED, AT_START, 39, 1, 1, FP_CAB_BAD_SIGNATURE_SLOT, 38},
    {"slot: offset", SIGNED, AT_START, 44, 1, 0, FP_CAB_BAD_SIGNATURE_SLOT, 44},
    {"slot: no size", SIGNED, AT_START, 48, 1, 0, FP_CAB_BAD_SIGNATURE_SLOT, 48},
    {"slot: size too small", SIGNED, AT_START, 48, 1, 9, FP_CAB_BAD_SIGNATURE_SLOT, -1},
    {"slot: size too large", SIGNED, AT_START, 48, 1, 11, FP_CAB_BAD_SIGNATURE_SLOT, -1},
    {"slot: filler, first half", SIGNED, AT_START, 52, 1, 1, FP_CAB_BAD_SIGNATURE_SLOT, 52},
    {"slot: filler, second half", SIGNED, AT_START, 59, 1, 1, FP_CAB_BAD_SIGNATURE_SLOT, 52},
    {"slot: bytes behind the signature", SIGNED, AT_END, 0, 0, 1, FP_CAB_BAD_SIGNATURE_SLOT, -1},
    {"slot: cabinet size", SIGNED, AT_START, 8, 1, 0xF0, FP_CAB_BAD_SIGNATURE_SLOT, 44},
};

static size_t place(const cab_bytes *cab, const broken_row *row)
{
    switch (row->from) {
    case AT_START:
        return 0;
    case AT_FOLDERS:
        return cab->folders_at;
    case AT_FILES:
        return cab->files_at;
    case AT_BLOCKS:
        return cab->blocks_at;
    case AT_END:
        return cab->size;
    }
    return 0;
}

static void test_broken(void **state)
{
    const broken_row *row = *state;
    const cab_options options = {
        .mszip = (row->base & MSZIP) != 0,
        .block_reserve = (row->base & RESERVED) != 0 ? 4 : 0,
        .signature = fp_span_of("0123456789", (row->base & SIGNED) != 0 ? 10 : 0),
    };
    cab_bytes cab = cab_build(three_files, THREE, &options);
    const size_t from = place(&cab, row);
    const size_t size = cab.size + (row->width == 0 ? row->value : 0);
    uint8_t *bytes = calloc(1, size);
    memcpy(bytes, cab.data, cab.size);
    for (int i = 0; i < row->width; i++)
        bytes[from + (size_t)row->offset + (size_t)i] = (uint8_t)(row->value >> (8 * i));

    for (size_t piece = 0; piece < 3; piece++) {
        fp_arena *arena = fp_arena_new(BUDGET);
        const fp_cabinet *c = scan(arena, fp_span_of(bytes, size), piece, true);
        assert_int_equal(c->finding_count, 1);
        assert_int_equal(c->findings[0].fault, row->fault);
        if (row->fault_offset >= 0)
            assert_int_equal(c->findings[0].offset, from + (size_t)row->fault_offset);
        assert_int_equal(fp_cabinet_hard_finding(c) != NULL, row->fault != FP_CAB_TRAILING_BYTES);
        fp_arena_free(arena);
    }
    free(bytes);
    cab_free(&cab);
}

/* ---- the rest ------------------------------------------------------------------------- */

/* A signature kept inside the header's reserve is not the one layout that is accepted. */
static void test_signature_in_the_header(void **state)
{
    (void)state;
    cab_bytes cab = cab_build(three_files, THREE, &(cab_options){.header_reserve = 100});
    cab_put_u16(&cab, 42, 96);
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_cabinet *c = scan(arena, cab_span(&cab), 0, true);
    assert_int_equal(c->findings[0].fault, FP_CAB_BAD_SIGNATURE_SLOT);
    assert_int_equal(c->findings[0].offset, 36);
    fp_arena_free(arena);
    cab_free(&cab);
}

/* The source was cut: nothing can be said of what follows the cabinet, but its own structure was
 * seen. */
static void test_tail_of_a_cut_source(void **state)
{
    (void)state;
    const cab_options options = {.signature = fp_span_of("0123456789", 10)};
    cab_bytes cab = cab_build(three_files, THREE, &options);
    fp_arena *arena = fp_arena_new(BUDGET);
    assert_int_equal(scan(arena, fp_span_of(cab.data, cab.size - 3), 0, false)->finding_count, 0);
    const fp_cabinet *c = scan(arena, fp_span_of(cab.data, cab.size - 11), 0, false);
    assert_int_equal(c->findings[0].fault, FP_CAB_CUT_OFF);
    fp_arena_free(arena);
    cab_free(&cab);
}

static void test_name_lengths(void **state)
{
    (void)state;
    char name[258];
    memset(name, 'n', sizeof name);
    for (size_t length = 254; length <= 257; length++) {
        name[length] = '\0';
        const cab_file file = {.name = name, .content = {(const uint8_t *)"x", 1}};
        cab_bytes cab = cab_build(&file, 1, NULL);
        for (size_t piece = 0; piece < 4; piece++) {
            fp_arena *arena = fp_arena_new(BUDGET);
            const fp_cabinet *c = scan(arena, cab_span(&cab), piece * 100, true);
            if (length <= 255) {
                assert_int_equal(c->finding_count, 0);
                assert_int_equal(c->files[0].name.size, length);
            } else {
                assert_int_equal(c->findings[0].fault, FP_CAB_BAD_FILE);
                assert_int_equal(c->findings[0].offset, cab.files_at + 16);
            }
            fp_arena_free(arena);
        }
        cab_free(&cab);
        name[length] = 'n';
    }
}

static void test_find(void **state)
{
    (void)state;
    cab_bytes cab = cab_build(three_files, THREE, NULL);
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_cabinet *c = scan(arena, cab_span(&cab), 0, true);
    assert_int_equal(fp_cabinet_find(c, FP_STR("A.TXT")), 0);
    assert_int_equal(fp_cabinet_find(c, FP_STR("Dir/Empty")), 1);
    assert_int_equal(fp_cabinet_find(c, FP_STR("b.txt")), 2);
    assert_int_equal(fp_cabinet_find(c, FP_STR("b.tx")), -1);
    fp_arena_free(arena);
    cab_free(&cab);
}

/* The most files a cabinet can hold, in 65,535 blocks of a byte. */
static void test_largest_tables(void **state)
{
    (void)state;
    enum { FILES = 65535 };
    cab_file *files = calloc(FILES, sizeof *files);
    for (size_t i = 0; i < FILES; i++)
        files[i] = (cab_file){.name = "f", .content = fp_span_of("x", 1)};
    cab_bytes cab = cab_build(files, FILES, &(cab_options){.block = 1});
    fp_arena *arena = fp_arena_new((size_t)32 << 20);
    const fp_cabinet *c = scan(arena, cab_span(&cab), 4096, true);
    assert_int_equal(c->finding_count, 0);
    assert_int_equal(c->file_count, FILES);
    assert_int_equal(c->blocks_checked, FILES);
    assert_int_equal(c->folders[0].blocks, FILES);
    fp_arena_free(arena);
    cab_free(&cab);
    free(files);
}

/* With any budget it ends in the whole answer or in "no memory", never in a wrong one. */
static void test_budgets(void **state)
{
    (void)state;
    cab_bytes cab = cab_build(three_files, THREE, NULL);
    bool succeeded = false;
    for (size_t budget = 0; !succeeded; budget += 64) {
        assert_true(budget < BUDGET);
        fp_arena *arena = fp_arena_new(budget);
        fp_cabinet_scanner *s = fp_cabinet_scan_new(arena);
        if (s != NULL) {
            fp_cabinet_scan(s,
                            fp_span_of(cab.data, 10)); /* in two pieces: the held bytes count too */
            fp_cabinet_scan(s, fp_span_of(cab.data + 10, cab.size - 10));
            const fp_cabinet *c = fp_cabinet_scan_end(s, true);
            succeeded = c->finding_count == 0;
            if (!succeeded)
                assert_int_equal(c->findings[0].fault, FP_CAB_OUT_OF_MEMORY);
            else
                assert_true(c->files_read);
        }
        fp_arena_free(arena);
    }
    cab_free(&cab);
}

int main(void)
{
    enum {
        FINE = sizeof fine_rows / sizeof fine_rows[0],
        BROKEN = sizeof broken_rows / sizeof broken_rows[0]
    };
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(test_signature_in_the_header),
        cmocka_unit_test(test_tail_of_a_cut_source),
        cmocka_unit_test(test_name_lengths),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_largest_tables),
        cmocka_unit_test(test_budgets),
    };
    enum { OTHERS = sizeof others / sizeof others[0] };
    static struct CMUnitTest tests[2 * FINE + BROKEN + OTHERS];
    static char names[2 * FINE][64];
    size_t count = 0;
    for (size_t i = 0; i < FINE; i++) {
        (void)snprintf(names[2 * i], sizeof names[0], "fine: %s", fine_rows[i].name);
        (void)snprintf(names[2 * i + 1], sizeof names[0], "cut anywhere: %s", fine_rows[i].name);
        tests[count++] =
            (struct CMUnitTest){names[2 * i], test_fine, NULL, NULL, (void *)&fine_rows[i]};
        tests[count++] = (struct CMUnitTest){names[2 * i + 1], test_truncated, NULL, NULL,
                                             (void *)&fine_rows[i]};
    }
    for (size_t i = 0; i < BROKEN; i++)
        tests[count++] = (struct CMUnitTest){broken_rows[i].name, test_broken, NULL, NULL,
                                             (void *)&broken_rows[i]};
    for (size_t i = 0; i < OTHERS; i++)
        tests[count++] = others[i];
    return RUN_TESTS(tests);
}
