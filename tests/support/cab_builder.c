/* SPDX-License-Identifier: MIT */
#include "cab_builder.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { BLOCK = 32768, PACKED_MAX = CAB_MSZIP_MAX };

static void append(cab_bytes *cab, const void *bytes, size_t size)
{
    if (cab->size + size > cab->capacity) {
        cab->capacity = (cab->size + size) * 2 + 256;
        cab->data = realloc(cab->data, cab->capacity);
        if (cab->data == NULL)
            abort();
    }
    if (size > 0 && bytes != NULL)
        memcpy(cab->data + cab->size, bytes, size);
    else if (size > 0)
        memset(cab->data + cab->size, 0, size);
    cab->size += size;
}

static void zeros(cab_bytes *cab, size_t size)
{
    append(cab, NULL, size);
}

static void u16(cab_bytes *cab, size_t value)
{
    const uint8_t b[2] = {(uint8_t)value, (uint8_t)(value >> 8)};
    append(cab, b, sizeof b);
}

static void u32(cab_bytes *cab, size_t value)
{
    u16(cab, value & 0xFFFF);
    u16(cab, value >> 16);
}

void cab_put_u16(cab_bytes *cab, size_t offset, uint16_t value)
{
    cab->data[offset] = (uint8_t)value;
    cab->data[offset + 1] = (uint8_t)(value >> 8);
}

void cab_put_u32(cab_bytes *cab, size_t offset, uint32_t value)
{
    cab_put_u16(cab, offset, (uint16_t)value);
    cab_put_u16(cab, offset + 2, (uint16_t)(value >> 16));
}

/* Written from the definition, word by word, so that it can disagree with the scanner's. */
uint32_t cab_checksum(const uint8_t *p, size_t size, uint32_t sum)
{
    for (; size >= 4; p += 4, size -= 4)
        sum ^= fp_load_u32le(p);
    uint32_t last = 0;
    for (size_t i = 0; i < size; i++)
        last |= (uint32_t)p[i] << (8 * (size - 1 - i));
    return sum ^ last;
}

void cab_fix_checksum(cab_bytes *cab, size_t offset, size_t reserve)
{
    const uint8_t *p = cab->data + offset;
    const size_t size = fp_load_u16le(p + 4);
    const uint32_t data = cab_checksum(p + 8 + reserve, size, 0);
    cab_put_u32(cab, offset, cab_checksum(p + 4, 4 + reserve, data));
}

/* "CK", then deflate with the block before as its dictionary. */
size_t cab_mszip(fp_span content, fp_span before, uint8_t out[CAB_MSZIP_MAX])
{
    z_stream z = {0};
    if (deflateInit2(&z, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    if (before.size > 0)
        (void)deflateSetDictionary(&z, before.data, (uInt)before.size);
    uint8_t *in = malloc(content.size + 1); /* zlib's next_in is not const everywhere */
    if (in == NULL)
        abort();
    memcpy(in, content.data, content.size);
    z.next_in = in;
    z.avail_in = (uInt)content.size;
    z.next_out = out + 2;
    z.avail_out = PACKED_MAX - 2;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        abort();
    out[0] = 'C';
    out[1] = 'K';
    const size_t size = PACKED_MAX - z.avail_out;
    (void)deflateEnd(&z);
    free(in);
    return size;
}

static void put_block(cab_bytes *cab, fp_span content, fp_span before, const cab_options *o)
{
    uint8_t packed[PACKED_MAX];
    fp_span stored = content;
    if (o->mszip)
        stored = fp_span_of(packed, cab_mszip(content, before, packed));
    const size_t at = cab->size;
    u32(cab, 0);
    u16(cab, stored.size);
    u16(cab, content.size);
    for (unsigned i = 0; i < o->block_reserve; i++)
        append(cab, "r", 1);
    append(cab, stored.data, stored.size);
    if (!o->no_checksums)
        cab_fix_checksum(cab, at, o->block_reserve);
}

/* All content of one folder, in one piece. */
static cab_bytes folder_content(const cab_file *files, size_t count, unsigned folder)
{
    cab_bytes all = {0};
    for (size_t i = 0; i < count; i++) {
        if (files[i].folder == folder)
            append(&all, files[i].content.data, files[i].content.size);
    }
    return all;
}

static size_t put_folder_data(cab_bytes *cab, fp_span content, const cab_options *o)
{
    const size_t most = o->block != 0 ? o->block : BLOCK;
    fp_span before = {0};
    size_t blocks = 0;
    for (size_t at = 0; at < content.size; blocks++) {
        const size_t left = content.size - at;
        const fp_span piece = fp_span_of(content.data + at, left < most ? left : most);
        put_block(cab, piece, before, o);
        before = piece;
        at += piece.size;
    }
    return blocks;
}

static void put_files(cab_bytes *cab, const cab_file *files, size_t count)
{
    enum {
        DATE_2008_06_13 = (2008 - 1980) << 9 | 6 << 5 | 13,
        TIME_04_05_06 = 4 << 11 | 5 << 5 | 3
    };
    size_t offset = 0;
    cab->files_at = cab->size;
    cab_put_u32(cab, 16, (uint32_t)cab->size);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && files[i].folder != files[i - 1].folder)
            offset = 0;
        u32(cab, files[i].content.size);
        u32(cab, offset);
        u16(cab, files[i].folder);
        u16(cab, DATE_2008_06_13);
        u16(cab, TIME_04_05_06);
        u16(cab, files[i].attributes);
        append(cab, files[i].name, strlen(files[i].name) + 1);
        offset += files[i].content.size;
    }
}

static void put_data(cab_bytes *cab, const cab_file *files, size_t count, unsigned folders,
                     const cab_options *o)
{
    cab->blocks_at = cab->size;
    for (unsigned f = 0; f < folders; f++) {
        cab_bytes content = folder_content(files, count, f);
        const size_t entry = cab->folders_at + f * (8 + (size_t)o->folder_reserve);
        cab_put_u32(cab, entry, (uint32_t)cab->size);
        cab_put_u16(cab, entry + 4, (uint16_t)put_folder_data(cab, cab_span(&content), o));
        cab_put_u16(cab, entry + 6, o->mszip ? 1 : 0);
        cab_free(&content);
    }
}

static void put_header(cab_bytes *cab, size_t files, unsigned folders, const cab_options *o)
{
    const bool reserve = o->header_reserve != 0 || o->folder_reserve != 0 ||
                         o->block_reserve != 0 || o->signature.size > 0;
    append(cab, "MSCF\0\0\0\0", 8);
    zeros(cab, 16);
    append(cab, "\3\1", 2);
    u16(cab, folders);
    u16(cab, files);
    u16(cab, reserve ? 4 : 0);
    u16(cab, 0x1234); /* setID: any */
    u16(cab, 0);
    if (!reserve)
        return;
    const size_t header_reserve = o->signature.size > 0 ? 20 : o->header_reserve;
    u16(cab, header_reserve);
    append(cab, &o->folder_reserve, 1);
    append(cab, &o->block_reserve, 1);
    zeros(cab, header_reserve);
}

static void put_signature(cab_bytes *cab, fp_span signature)
{
    cab_put_u16(cab, 42, 16);
    cab_put_u32(cab, 44, (uint32_t)cab->size);
    cab_put_u32(cab, 48, (uint32_t)signature.size);
    append(cab, signature.data, signature.size);
}

cab_bytes cab_build(const cab_file *files, size_t count, const cab_options *options)
{
    static const cab_options plain = {0};
    const cab_options *o = options != NULL ? options : &plain;
    const unsigned folders = count == 0 ? 0 : files[count - 1].folder + 1;
    cab_bytes cab = {0};
    put_header(&cab, count, folders, o);
    cab.folders_at = cab.size;
    zeros(&cab, folders * (8 + (size_t)o->folder_reserve));
    zeros(&cab, o->gap);
    if (o->data_first) {
        put_data(&cab, files, count, folders, o);
        zeros(&cab, o->gap);
        put_files(&cab, files, count);
    } else {
        put_files(&cab, files, count);
        zeros(&cab, o->gap);
        put_data(&cab, files, count, folders, o);
    }
    cab_put_u32(&cab, 8, (uint32_t)cab.size);
    if (o->signature.size > 0)
        put_signature(&cab, o->signature);
    return cab;
}

void cab_free(cab_bytes *cab)
{
    free(cab->data);
    *cab = (cab_bytes){0};
}
