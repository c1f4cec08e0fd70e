/* SPDX-License-Identifier: MIT */
/* UTF-8, as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef FP_BASE_UTF8_H
#define FP_BASE_UTF8_H

#include "inventory/base/str.h"

enum { FP_UTF8_MAX = 4 }; /* bytes of one character */

/* Writes a Unicode scalar value; its size. */
size_t fp_utf8_put(uint32_t c, char out[FP_UTF8_MAX]);

/* The character at the front of a string that is not empty, and its length. A bad byte gives
 * itself, length 1, false. */
bool fp_utf8_get(fp_str s, uint32_t *c, size_t *length);

typedef enum fp_utf8_state { FP_UTF8_GOOD, FP_UTF8_BAD, FP_UTF8_CUT } fp_utf8_state;

/* Bytes at the front that are valid; *state: what stopped it, a bad byte, a sequence that the end
 * cuts, or (GOOD) the end. NUL is valid. */
size_t fp_utf8_prefix(const uint8_t *p, size_t size, fp_utf8_state *state);
size_t fp_utf8_ascii_run(const uint8_t *p, size_t size); /* ... and below 0x80 */

#endif
