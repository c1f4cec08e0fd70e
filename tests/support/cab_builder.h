/* SPDX-License-Identifier: MIT */
/*
 * Writes cabinets for tests, well-formed by default, with a knob for each thing a test may want
 * odd: reserved areas, a (fake) signature, the file table behind the data, blocks of other sizes,
 * no checksums. Memory comes from malloc and a failure aborts: this is test code.
 */
#ifndef FP_TESTS_CAB_BUILDER_H
#define FP_TESTS_CAB_BUILDER_H

#include "inventory/base/bytes.h"

typedef struct cab_file {
    const char *name;
    fp_span content;
    unsigned folder;     /* files of a folder stand together, folders in order */
    uint16_t attributes; /* 0x80: the name is UTF-8 */
} cab_file;

typedef struct cab_options {
    bool mszip;
    bool no_checksums;
    bool data_first; /* the CFDATA before the CFFILEs */
    uint16_t block;  /* content bytes per CFDATA; 0: 32768 */
    size_t gap;      /* unclaimed bytes between the regions */
    uint16_t header_reserve;
    uint8_t folder_reserve;
    uint8_t block_reserve;
    fp_span signature; /* not empty: a signature slot, and these bytes behind it */
} cab_options;

typedef struct cab_bytes {
    uint8_t *data;
    size_t size;
    size_t capacity;
    size_t folders_at; /* offsets in it: the first CFFOLDER ... */
    size_t files_at;   /* ... CFFILE ... */
    size_t blocks_at;  /* ... and CFDATA */
} cab_bytes;

/* `options` may be NULL. Freed with cab_free. */
cab_bytes cab_build(const cab_file *files, size_t count, const cab_options *options);
void cab_free(cab_bytes *cab);
static inline fp_span cab_span(const cab_bytes *cab)
{
    return fp_span_of(cab->data, cab->size);
}

/* For breaking things. */
void cab_put_u16(cab_bytes *cab, size_t offset, uint16_t value);
void cab_put_u32(cab_bytes *cab, size_t offset, uint32_t value);
/* Recomputes the checksum of the CFDATA at `offset`, which has `reserve` bytes of reserved area. */
void cab_fix_checksum(cab_bytes *cab, size_t offset, size_t reserve);

/* For other writers of cabinets: [MS-CAB] 3.1 from `sum` on, and one MSZIP block of at most 32768
 * bytes, with the block before it (or none); returns its size. */
enum { CAB_MSZIP_MAX = 32768 + 4096 };
uint32_t cab_checksum(const uint8_t *p, size_t size, uint32_t sum);
size_t cab_mszip(fp_span content, fp_span before, uint8_t out[CAB_MSZIP_MAX]);

static inline fp_span cab_text(const char *text)
{
    size_t size = 0;
    while (text[size] != '\0')
        size++;
    return fp_span_of(text, size);
}

#endif
