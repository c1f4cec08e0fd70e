/* SPDX-License-Identifier: MIT */
/*
 * Packs a cabinet's folder with LZX ([MS-PATCH] 2 and [MS-CAB] 3.2), which nothing packaged writes.
 *
 * A plain encoder: the longest match that a short search finds, verbatim blocks, uncompressed ones
 * where those are smaller, no translation of calls (the E8 bit is 0). What it writes depends on
 * nothing but the content. A failure of memory aborts: this is test code.
 */
#ifndef FP_TESTS_LZX_ENCODER_H
#define FP_TESTS_LZX_ENCODER_H

#include "inventory/base/bytes.h"

enum {
    LZX_WINDOW_BITS_MIN = 15,
    LZX_WINDOW_BITS_MAX = 21,
    LZX_FRAME = 32768, /* content bytes of a CFDATA */
    LZX_FRAMES = 8,    /* of a block */
    LZX_PIECE = LZX_FRAMES * LZX_FRAME,
    LZX_PACKED_MAX = LZX_FRAME + 6144 /* bytes of a CFDATA's data, by the format */
};

typedef struct lzx_frame { /* the data of one CFDATA */
    size_t content_size;   /* cbUncomp */
    size_t size;           /* cbData */
    uint8_t data[LZX_PACKED_MAX];
} lzx_frame;

typedef struct lzx_encoder lzx_encoder;

/* For one folder. The window is 2^window_bits bytes: CFFOLDER.typeCompress = 3 | window_bits << 8.
 * Freed with lzx_encoder_free. */
lzx_encoder *lzx_encoder_new(unsigned window_bits);
void lzx_encoder_free(lzx_encoder *e); /* NULL is fine */
/* The folder's content comes in order, LZX_PIECE bytes at a time and at last 1 to LZX_PIECE.
 * Returns how many frames were written. */
size_t lzx_encode(lzx_encoder *e, fp_span content, lzx_frame frames[LZX_FRAMES]);

#endif
