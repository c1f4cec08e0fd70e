/* SPDX-License-Identifier: MIT */
/*
 * The words of a registry export: quoted strings, dword and hex data. The grammar is reg.exe's own,
 * as Wine's conformance tests (programs/reg/tests, run on Windows) pin it down.
 *
 * Every function reads at the beginning of *rest, which is one line without its end, and moves it
 * on.
 */
#ifndef FP_REGISTRY_REG_TEXT_H
#define FP_REGISTRY_REG_TEXT_H

#include "inventory/base/text.h"

typedef enum fp_reg_lex {
    FP_REG_LEX_OK = 0,
    FP_REG_LEX_BAD,  /* not what the grammar allows: Windows would skip the value */
    FP_REG_LEX_OPEN, /* the line ends inside a string or a bracket */
    FP_REG_LEX_MORE, /* hex data go on in the next line */
    FP_REG_LEX_NOMEM
} fp_reg_lex;

void fp_reg_lex_blanks(fp_str *rest);
/* Only blanks, or blanks and a ";" comment, are left. */
bool fp_reg_lex_at_end(fp_str rest);
/* Moves behind `literal` when *rest begins with it. */
bool fp_reg_lex_literal(fp_str *rest, fp_str literal);

/*
 * From the opening quote to the closing one. `out` is the text without escapes (a part of the line
 * when it has none). *odd: an escape other than \\ and \" stood there; \n and \r became the
 * character, others were kept as they are.
 */
fp_reg_lex fp_reg_lex_string(fp_str *rest, fp_arena *arena, fp_str *out, bool *odd);

/* 1 to 8 hexadecimal digits. */
fp_reg_lex fp_reg_lex_hex32(fp_str *rest, uint32_t *out);

/* Bytes of hex data, gathered over its lines; the buffer is used again for the next value. */
typedef struct fp_reg_hex {
    fp_arena *arena;
    uint8_t *bytes;
    size_t count;
    size_t capacity;
    bool after_comma; /* when the answer was MORE: a comma, not the colon, stood before the "\" */
} fp_reg_hex;

/* One line of it; OK: the data end here. `count` is zeroed by the caller before the first line. */
fp_reg_lex fp_reg_lex_hex(fp_str rest, fp_reg_hex *hex);

/* UTF-16 units that this UTF-8 text (valid, as the decoder gives it) takes. */
size_t fp_reg_utf16_units(fp_str text);
/* The text as UTF-16LE, with a NUL unit at its end when `terminate`. */
FP_MUST_CHECK fp_status fp_reg_utf16(fp_str text, bool terminate, fp_arena *arena, fp_span *out);

#endif
