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

#include "inventory/base/arena.h"
#include "inventory/base/bytes.h"

/* UTF-8, not NUL-terminated; `data` may be NULL when size is 0. Owned as the giver says. */
typedef struct fp_str {
    const char *data;
    size_t size;
} fp_str;

/* Both of a string literal only: the second is for static tables, where a constant is wanted. */
#define FP_STR(literal) ((fp_str){"" literal, sizeof(literal) - 1})
#define FP_STR_INIT(literal)                                                                       \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }
#define FP_STR_ARG(s) (int)(s).size, (s).data != NULL ? (s).data : "" /* for "%.*s" */

fp_str fp_str_of(const char *nul_terminated); /* NULL gives the empty string */
static inline fp_str fp_str_from_span(fp_span s)
{
    return (fp_str){(const char *)s.data, s.size};
}
static inline char fp_ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}
static inline char fp_ascii_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}
/* The value of a hexadecimal digit in either case, or -1. */
static inline int fp_ascii_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = fp_ascii_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}
/* What is behind the first `from` bytes; from <= s.size. Of an empty string, an empty one: adding
 * to a NULL pointer is undefined, even 0. */
static inline fp_str fp_str_tail(fp_str s, size_t from)
{
    return from == 0 ? s : (fp_str){s.data + from, s.size - from};
}
bool fp_str_eq(fp_str a, fp_str b);
/* ASCII letters without case: keywords, hex, GUIDs, host names. */
bool fp_str_ieq(fp_str a, fp_str b);
/* Index of the first of `count` names that `s` is, case as in fp_str_ieq; `count` when none is. */
size_t fp_str_index(fp_str s, const fp_str *names, size_t count);
int fp_str_compare(fp_str a, fp_str b); /* by bytes, as memcmp tells it */
bool fp_str_starts(fp_str s, fp_str prefix);
bool fp_str_istarts(fp_str s, fp_str prefix);
bool fp_str_iends(fp_str s, fp_str suffix);
fp_str fp_str_trim(fp_str s);         /* without ASCII blanks, tabs, CR, LF at both ends */
fp_str fp_str_file_name(fp_str path); /* the last component of a path with / or \ */
/* Byte offset of `needle`, or -1. fp_str_ifind ignores ASCII case. */
ptrdiff_t fp_str_find(fp_str haystack, fp_str needle);
ptrdiff_t fp_str_ifind(fp_str haystack, fp_str needle);
/* The piece before the first `separator` of *rest, which moves on behind it; false at the end. */
bool fp_str_split(fp_str *rest, char separator, fp_str *piece);
/* Decimal digits only, nothing else, no overflow. */
FP_MUST_CHECK bool fp_str_to_u64(fp_str s, uint64_t *out);
FP_MUST_CHECK fp_status fp_str_dup(fp_arena *arena, fp_str s, fp_str *out);

/*
 * Unicode names without case, as the registry compares them: simple upper-case mapping of each
 * character (glibc's table). -1, 0, 1 as strcmp. Bad UTF-8 compares by byte.
 */
int fp_str_casecmp(fp_str a, fp_str b);

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

enum { FP_UTF8_MAX = 4 }; /* bytes of one character */
/* Writes a Unicode scalar value; its size. */
size_t fp_utf8_put(uint32_t c, char out[FP_UTF8_MAX]);
bool fp_text_is_utf8(fp_str s); /* valid UTF-8 without NUL */

/*
 * Makes text from evidence safe to show on a terminal or in a line of text: control characters,
 * bidi marks and bad UTF-8 become \xNN or \u{NNNN}, a backslash stays. `out` is a fresh string in
 * `arena`.
 */
FP_MUST_CHECK fp_status fp_text_display(fp_str s, fp_arena *arena, fp_str *out);

#endif
