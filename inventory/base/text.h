/* SPDX-License-Identifier: MIT */
/*
 * Text from evidence, decoded to UTF-8.
 *
 * Evidence comes as UTF-8, UTF-16LE/BE, with and without a byte-order mark, or in a named code page
 * (through iconv). Decoding never fails on bad bytes: each becomes U+FFFD and is counted, so that
 * the item can carry a problem; NUL characters are kept and counted too.
 */
#ifndef FP_BASE_TEXT_H
#define FP_BASE_TEXT_H

#include "inventory/base/str.h"
#include "inventory/base/utf8.h"

typedef enum fp_encoding {
    FP_ENCODING_UNKNOWN = 0, /* single bytes of an unknown code page: non-ASCII becomes U+FFFD */
    FP_ENCODING_UTF8,
    FP_ENCODING_UTF16LE,
    FP_ENCODING_UTF16BE,
    FP_ENCODING_CODE_PAGE /* named: see fp_text_format */
} fp_encoding;

typedef struct fp_text_format {
    fp_encoding encoding;
    size_t bom_size;       /* bytes of the byte-order mark at the start: 0, 2 or 3 */
    const char *code_page; /* iconv's name, e.g. "CP1252"; for FP_ENCODING_CODE_PAGE */
} fp_text_format;

/*
 * From the first bytes of an item: a byte-order mark decides; without one, a strong pattern of zero
 * bytes says UTF-16, else valid UTF-8 (cut characters at the end allowed) says UTF-8, else unknown.
 */
fp_text_format fp_text_sniff(fp_span head);

typedef struct fp_text_counts {
    uint64_t bad; /* undecodable bytes or units, each now U+FFFD */
    uint64_t nul; /* NUL characters, kept */
} fp_text_counts;

/*
 * Incremental decoder: text that arrives in pieces, cut anywhere. `out` of one call is valid until
 * the next call on the same decoder. UTF-8 input that is valid passes through without a copy.
 */
typedef struct fp_text_decoder fp_text_decoder;
FP_MUST_CHECK fp_status
fp_text_decoder_new(fp_text_format format, fp_text_decoder **out,
                    fp_diag *d); /* FP_UNSUPPORTED: iconv has no such page */
FP_MUST_CHECK fp_status fp_text_decode_piece(fp_text_decoder *decoder, fp_span bytes, fp_str *out);
FP_MUST_CHECK fp_status fp_text_decode_end(fp_text_decoder *decoder, fp_str *out); /* a cut tail */
fp_text_counts fp_text_decoder_counts(const fp_text_decoder *decoder);
void fp_text_decoder_free(fp_text_decoder *decoder); /* NULL is fine */

/* A whole item at once; the mark is dropped. `out` lives in `arena` (or in `bytes`, when valid
 * UTF-8). */
FP_MUST_CHECK fp_status fp_text_decode(fp_text_format format, fp_span bytes, fp_arena *arena,
                                       fp_str *out, fp_text_counts *counts, fp_diag *d);
/* The same in the encoding that fp_text_sniff tells; `code_page` (iconv's name, or NULL) is for
 * single bytes. */
FP_MUST_CHECK fp_status fp_text_decode_sniffed(fp_span bytes, const char *code_page,
                                               fp_arena *arena, fp_str *out, fp_text_counts *counts,
                                               fp_diag *d);

/* Registry strings: UTF-16LE units to UTF-8; an odd last byte and lone surrogates count as bad. */
FP_MUST_CHECK fp_status fp_text_utf16le(fp_span bytes, fp_arena *arena, fp_str *out,
                                        fp_text_counts *counts);
/* Latin-1 bytes (compressed registry names) to UTF-8. */
FP_MUST_CHECK fp_status fp_text_latin1(fp_span bytes, fp_arena *arena, fp_str *out);

bool fp_text_is_utf8(fp_str s); /* valid UTF-8 without NUL */

/*
 * Makes text from evidence safe to show on a terminal or in a line of text: control characters,
 * bidi marks and bad UTF-8 become \xNN or \u{NNNN}, a backslash stays. `out` is a fresh string in
 * `arena`.
 */
FP_MUST_CHECK fp_status fp_text_display(fp_str s, fp_arena *arena, fp_str *out);

#endif
