/* SPDX-License-Identifier: MIT */
#include "inventory/registry/reg_text.h"

#include <string.h>

static void advance(fp_str *rest, size_t size)
{
    rest->data += size;
    rest->size -= size;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

void fp_reg_lex_blanks(fp_str *rest)
{
    while (rest->size > 0 && is_blank(rest->data[0]))
        advance(rest, 1);
}

bool fp_reg_lex_at_end(fp_str rest)
{
    fp_reg_lex_blanks(&rest);
    return rest.size == 0 || rest.data[0] == ';';
}

bool fp_reg_lex_literal(fp_str *rest, fp_str literal)
{
    if (!fp_str_starts(*rest, literal))
        return false;
    advance(rest, literal.size);
    return true;
}

/* ---- strings --------------------------------------------------------------------------------- */

/* Bytes up to the closing quote, not counting it; false when the line ends first. */
static bool string_extent(fp_str text, size_t *size, bool *escaped)
{
    *escaped = false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"') {
            *size = i;
            return true;
        }
        if (text.data[i] == '\\') {
            *escaped = true;
            i++;
        }
    }
    return false;
}

/* Writes what `\c` stands for; the number of bytes written. */
static size_t unescape(char c, char *out, bool *odd)
{
    switch (c) {
    case '\\':
    case '"':
        out[0] = c;
        return 1;
    case 'n':
    case 'r': /* Wine's way to write a line end; whether Windows reads it so is not known */
        *odd = true;
        out[0] = c == 'n' ? '\n' : '\r';
        return 1;
    default:
        *odd = true;
        out[0] = '\\';
        out[1] = c;
        return 2;
    }
}

fp_reg_lex fp_reg_lex_string(fp_str *rest, fp_arena *arena, fp_str *out, bool *odd)
{
    fp_str text = *rest;
    advance(&text, 1);
    size_t size = 0;
    bool escaped = false;
    if (!string_extent(text, &size, &escaped))
        return FP_REG_LEX_OPEN;

    *odd = false;
    const fp_str inside = {text.data, size};
    advance(&text, size + 1);
    *rest = text;
    if (!escaped) {
        *out = inside;
        return FP_REG_LEX_OK;
    }

    char *plain = fp_arena_alloc(arena, inside.size);
    if (plain == NULL)
        return FP_REG_LEX_NOMEM;
    size_t at = 0;
    for (size_t i = 0; i < inside.size; i++) {
        if (inside.data[i] != '\\') {
            plain[at++] = inside.data[i];
            continue;
        }
        i++; /* string_extent never ends on a lone backslash */
        if (inside.data[i] == '0')
            return FP_REG_LEX_BAD;
        at += unescape(inside.data[i], plain + at, odd);
    }
    *out = (fp_str){plain, at};
    return FP_REG_LEX_OK;
}

/* ---- numbers --------------------------------------------------------------------------------- */

static fp_reg_lex hex_number(fp_str *rest, size_t digits_max, uint32_t *out)
{
    uint32_t value = 0;
    size_t digits = 0;
    while (digits < rest->size && fp_ascii_hex(rest->data[digits]) >= 0) {
        if (digits == digits_max)
            return FP_REG_LEX_BAD;
        value = value << 4 | (uint32_t)fp_ascii_hex(rest->data[digits]);
        digits++;
    }
    if (digits == 0)
        return FP_REG_LEX_BAD;
    advance(rest, digits);
    *out = value;
    return FP_REG_LEX_OK;
}

fp_reg_lex fp_reg_lex_hex32(fp_str *rest, uint32_t *out)
{
    return hex_number(rest, 8, out);
}

static fp_reg_lex append(fp_reg_hex *hex, uint8_t byte)
{
    uint8_t *bytes = fp_arena_grow(hex->arena, hex->bytes, hex->count, &hex->capacity, 1);
    if (bytes == NULL)
        return FP_REG_LEX_NOMEM;
    hex->bytes = bytes;
    hex->bytes[hex->count++] = byte;
    return FP_REG_LEX_OK;
}

/* Where a byte may stand: at the beginning or after a comma. */
static fp_reg_lex hex_item(fp_str *rest, fp_reg_hex *hex, bool *ended)
{
    fp_reg_lex_blanks(rest);
    if (fp_reg_lex_at_end(*rest)) {
        *ended = true;
        return FP_REG_LEX_OK;
    }
    if (fp_reg_lex_literal(rest, FP_STR("\\")))
        return fp_reg_lex_at_end(*rest) ? FP_REG_LEX_MORE : FP_REG_LEX_BAD;

    uint32_t byte = 0;
    const fp_reg_lex lex = hex_number(rest, 2, &byte);
    return lex == FP_REG_LEX_OK ? append(hex, (uint8_t)byte) : lex;
}

fp_reg_lex fp_reg_lex_hex(fp_str rest, fp_reg_hex *hex)
{
    hex->after_comma = hex->count > 0;
    for (;;) {
        bool ended = false;
        const fp_reg_lex lex = hex_item(&rest, hex, &ended);
        if (lex != FP_REG_LEX_OK || ended)
            return lex;
        if (fp_reg_lex_at_end(rest))
            return FP_REG_LEX_OK;
        if (!fp_reg_lex_literal(&rest, FP_STR(",")))
            return FP_REG_LEX_BAD;
        hex->after_comma = true;
    }
}

/* ---- UTF-16 ---------------------------------------------------------------------------------- */

static uint32_t continuation(fp_str text, size_t at)
{
    return at < text.size ? (uint32_t)((unsigned char)text.data[at] & 0x3F) : 0;
}

/* One character of valid UTF-8; a text that is not (it cannot come from the decoder) stays bounded.
 */
static uint32_t take_character(fp_str *text)
{
    const uint32_t lead = (unsigned char)text->data[0];
    uint32_t c = lead;
    size_t size = 1;
    if (lead >= 0xF0) {
        c = (lead & 7) << 18 | continuation(*text, 1) << 12 | continuation(*text, 2) << 6 |
            continuation(*text, 3);
        size = 4;
    } else if (lead >= 0xE0) {
        c = (lead & 15) << 12 | continuation(*text, 1) << 6 | continuation(*text, 2);
        size = 3;
    } else if (lead >= 0xC0) {
        c = (lead & 31) << 6 | continuation(*text, 1);
        size = 2;
    }
    advance(text, size < text->size ? size : text->size);
    return c;
}

size_t fp_reg_utf16_units(fp_str text)
{
    size_t units = 0;
    for (size_t i = 0; i < text.size; i++) {
        const unsigned char byte = (unsigned char)text.data[i];
        units += (byte & 0xC0) != 0x80;
        units += byte >= 0xF0;
    }
    return units;
}

static uint8_t *put_unit(uint8_t *at, uint32_t unit)
{
    at[0] = (uint8_t)unit;
    at[1] = (uint8_t)(unit >> 8);
    return at + 2;
}

fp_status fp_reg_utf16(fp_str text, bool terminate, fp_arena *arena, fp_span *out)
{
    /* A byte of UTF-8 never becomes more than one unit: the checked product below has room for all.
     */
    size_t capacity;
    if (!fp_size_mul(text.size + (terminate ? 1 : 0), 2, &capacity))
        return FP_NOMEM;
    const size_t units = fp_reg_utf16_units(text) + (terminate ? 1 : 0);
    uint8_t *bytes = fp_arena_alloc(arena, units * 2);
    if (bytes == NULL)
        return FP_NOMEM;

    uint8_t *at = bytes;
    uint8_t *const end = bytes + units * 2;
    while (text.size > 0 && at < end) {
        const uint32_t c = take_character(&text);
        if (c < 0x10000) {
            at = put_unit(at, c);
        } else if (end - at >= 4) {
            at = put_unit(at, 0xD800 + ((c - 0x10000) >> 10));
            at = put_unit(at, 0xDC00 + ((c - 0x10000) & 0x3FF));
        }
    }
    *out = fp_span_of(bytes, units * 2);
    return FP_OK;
}
