/* SPDX-License-Identifier: MIT */
#include "inventory/archive/probe.h"

#include "inventory/archive/archive.h"

/* Signatures at offset 0. A cabinet's four zero bytes are its reserved1: libarchive asks for them
 * too. */
static const struct {
    fp_archive_kind kind;
    size_t size;
    uint8_t bytes[8];
} signatures[] = {
    {FP_ARCHIVE_CAB, 8, {'M', 'S', 'C', 'F', 0, 0, 0, 0}},
    {FP_ARCHIVE_ZIP, 4, {'P', 'K', 3, 4}},
    {FP_ARCHIVE_ZIP, 4, {'P', 'K', 5, 6}}, /* without members */
    {FP_ARCHIVE_ZIP, 6, {'P', 'K', 7, 8, 'P', 'K'}},
    {FP_ARCHIVE_7Z, 6, {'7', 'z', 0xBC, 0xAF, 0x27, 0x1C}},
    {FP_ARCHIVE_GZIP, 3, {0x1F, 0x8B, 8}},
    {FP_ARCHIVE_BZIP2, 3, {'B', 'Z', 'h'}},
    {FP_ARCHIVE_XZ, 6, {0xFD, '7', 'z', 'X', 'Z', 0}},
    {FP_ARCHIVE_ZSTD, 4, {0x28, 0xB5, 0x2F, 0xFD}},
    {FP_ARCHIVE_LZ4, 4, {0x04, 0x22, 0x4D, 0x18}},
    {FP_ARCHIVE_COMPRESS, 2, {0x1F, 0x9D}},
};

/* An octal number, blanks before it, ended by a blank, a NUL or the field's end. */
static bool octal(fp_span field, uint32_t *out)
{
    size_t i = 0;
    while (i < field.size && field.data[i] == ' ')
        i++;
    const size_t first = i;
    uint32_t value = 0;
    for (; i < field.size && field.data[i] >= '0' && field.data[i] <= '7'; i++)
        value = value * 8 + (uint32_t)(field.data[i] - '0');
    *out = value;
    return i > first && (i == field.size || field.data[i] == ' ' || field.data[i] == 0);
}

/* POSIX ustar: the sum of the header's bytes, its own field taken as blanks. Older tars have no
 * magic, so the sum is what tells a tar from text. */
static bool is_tar(fp_span head)
{
    enum { CHECKSUM = 148, CHECKSUM_SIZE = 8 };
    fp_span field;
    uint32_t stored;
    if (head.size < FP_PROBE_SIZE || head.data[0] == 0 ||
        !fp_span_sub(head, CHECKSUM, CHECKSUM_SIZE, &field) || !octal(field, &stored))
        return false;

    uint32_t sum = CHECKSUM_SIZE * ' ';
    for (size_t i = 0; i < FP_PROBE_SIZE; i++) {
        if (i < CHECKSUM || i >= CHECKSUM + CHECKSUM_SIZE)
            sum += head.data[i];
    }
    return sum == stored;
}

fp_archive_kind fp_archive_kind_of(fp_span head)
{
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        if (fp_span_starts(head, signatures[i].bytes, signatures[i].size))
            return signatures[i].kind;
    }
    return is_tar(head) ? FP_ARCHIVE_TAR : FP_ARCHIVE_NONE;
}

bool fp_archive_probe(fp_span head)
{
    return fp_archive_kind_of(head) != FP_ARCHIVE_NONE;
}
