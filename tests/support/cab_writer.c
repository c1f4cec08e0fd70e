/* SPDX-License-Identifier: MIT */
#include "cab_writer.h"

#include "cab_builder.h"
#include "lzx_encoder.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEADER_SIZE = 36,
    FOLDER_SIZE = 8,
    FILE_SIZE = 16,
    BLOCK_HEAD = 8,
    DATE_2026_07_14 = (2026 - 1980) << 9 | 7 << 5 | 14,
    TIME_13_54_06 = 13 << 11 | 54 << 5 | 3,
    ARCHIVE = 0x20 /* attribute */
};

struct cab_writer {
    unsigned method;
    unsigned window_bits;
    lzx_encoder *lzx;
    FILE *blocks; /* CFDATAs so far */
    bool failed;

    uint8_t *table; /* CFFILEs so far */
    size_t table_size;
    size_t table_capacity;
    size_t last_file; /* offset in the table */
    size_t file_count;

    uint64_t total; /* content bytes */
    uint64_t packed;
    size_t block_count;
    uint8_t piece[LZX_PIECE];
    size_t piece_size;
    uint8_t before[LZX_FRAME]; /* MSZIP: the block before */
    size_t before_size;
    lzx_frame frames[LZX_FRAMES];
};

static void store_u16(uint8_t *p, uint64_t value)
{
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
}

static void store_u32(uint8_t *p, uint64_t value)
{
    store_u16(p, value);
    store_u16(p + 2, value >> 16);
}

cab_writer *cab_writer_new(unsigned method, unsigned window_bits)
{
    cab_writer *w = calloc(1, sizeof *w);
    if (w == NULL)
        abort();
    w->method = method;
    w->window_bits = method == CAB_LZX ? window_bits : 0;
    if (method == CAB_LZX)
        w->lzx = lzx_encoder_new(window_bits);
    w->blocks = tmpfile();
    if (w->blocks == NULL)
        w->failed = true;
    return w;
}

/* ---- blocks ---- */

static void put_block(cab_writer *w, fp_span data, size_t content_size)
{
    uint8_t head[BLOCK_HEAD];
    store_u16(head + 4, data.size);
    store_u16(head + 6, content_size);
    store_u32(head, cab_checksum(head + 4, 4, cab_checksum(data.data, data.size, 0)));
    if (w->failed || fwrite(head, 1, sizeof head, w->blocks) != sizeof head ||
        fwrite(data.data, 1, data.size, w->blocks) != data.size)
        w->failed = true;
    w->packed += sizeof head + data.size;
    w->block_count++;
}

static void put_mszip(cab_writer *w, fp_span content)
{
    uint8_t packed[CAB_MSZIP_MAX];
    const size_t size = cab_mszip(content, fp_span_of(w->before, w->before_size), packed);
    memcpy(w->before, content.data, content.size);
    w->before_size = content.size;
    put_block(w, fp_span_of(packed, size), content.size);
}

static void flush_lzx(cab_writer *w)
{
    const size_t count = lzx_encode(w->lzx, fp_span_of(w->piece, w->piece_size), w->frames);
    for (size_t i = 0; i < count; i++)
        put_block(w, fp_span_of(w->frames[i].data, w->frames[i].size), w->frames[i].content_size);
}

static void flush_piece(cab_writer *w)
{
    if (w->method == CAB_LZX) {
        flush_lzx(w);
    } else {
        for (size_t at = 0; at < w->piece_size; at += LZX_FRAME) {
            const size_t left = w->piece_size - at;
            const fp_span block = fp_span_of(w->piece + at, left < LZX_FRAME ? left : LZX_FRAME);
            if (w->method == CAB_MSZIP)
                put_mszip(w, block);
            else
                put_block(w, block, block.size);
        }
    }
    w->piece_size = 0;
}

/* ---- members ---- */

void cab_writer_file(cab_writer *w, const char *name)
{
    const size_t size = FILE_SIZE + strlen(name) + 1;
    if (w->table_size + size > w->table_capacity) {
        w->table_capacity = 2 * w->table_capacity + 65536 + size;
        w->table = realloc(w->table, w->table_capacity);
        if (w->table == NULL)
            abort();
    }
    uint8_t *entry = w->table + w->table_size;
    store_u32(entry, 0);
    store_u32(entry + 4, w->total);
    store_u16(entry + 8, 0);
    store_u16(entry + 10, DATE_2026_07_14);
    store_u16(entry + 12, TIME_13_54_06);
    store_u16(entry + 14, ARCHIVE);
    memcpy(entry + FILE_SIZE, name, size - FILE_SIZE);
    w->last_file = w->table_size;
    w->table_size += size;
    w->file_count++;
}

void cab_writer_bytes(cab_writer *w, fp_span content)
{
    uint8_t *size = w->table + w->last_file;
    store_u32(size, fp_load_u32le(size) + content.size);
    w->total += content.size;
    while (content.size > 0) {
        const size_t room = LZX_PIECE - w->piece_size;
        const size_t take = content.size < room ? content.size : room;
        memcpy(w->piece + w->piece_size, content.data, take);
        w->piece_size += take;
        content = fp_span_of(content.data + take, content.size - take);
        if (w->piece_size == LZX_PIECE)
            flush_piece(w);
    }
}

/* ---- the whole ---- */

static bool write_head(const cab_writer *w, FILE *out)
{
    uint8_t head[HEADER_SIZE + FOLDER_SIZE] = "MSCF";
    const size_t blocks_at = sizeof head + w->table_size;
    store_u32(head + 8, blocks_at + w->packed);
    store_u32(head + 16, sizeof head);
    head[24] = 3; /* version 1.3 */
    head[25] = 1;
    store_u16(head + 26, 1);
    store_u16(head + 28, w->file_count);
    store_u32(head + HEADER_SIZE, blocks_at);
    store_u16(head + HEADER_SIZE + 4, w->block_count);
    store_u16(head + HEADER_SIZE + 6, w->method | w->window_bits << 8);
    return fwrite(head, 1, sizeof head, out) == sizeof head &&
           fwrite(w->table, 1, w->table_size, out) == w->table_size;
}

static bool copy_blocks(cab_writer *w, FILE *out)
{
    rewind(w->blocks);
    size_t got;
    while ((got = fread(w->piece, 1, sizeof w->piece, w->blocks)) > 0) {
        if (fwrite(w->piece, 1, got, out) != got)
            return false;
    }
    return ferror(w->blocks) == 0;
}

bool cab_writer_finish(cab_writer *w, FILE *out)
{
    if (w->piece_size > 0)
        flush_piece(w);
    const bool fits = w->block_count <= UINT16_MAX && w->file_count <= UINT16_MAX &&
                      w->table_size + w->packed < UINT32_MAX - 65536;
    const bool good =
        out != NULL && !w->failed && fits && write_head(w, out) && copy_blocks(w, out);
    if (w->blocks != NULL)
        (void)fclose(w->blocks);
    lzx_encoder_free(w->lzx);
    free(w->table);
    free(w);
    return good;
}
