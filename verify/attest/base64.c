/* SPDX-License-Identifier: MIT */
#include "verify/attest/base64.h"

/* Four characters are three bytes. */
enum { GROUP = 4, GROUP_BYTES = 3, BITS = 6, BITS_MASK = 0x3F };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The six bits of a letter or digit, or -1: what stands for 62 and 63 depends on the alphabet. */
static int shared_bits(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    return c >= '0' && c <= '9' ? c - '0' + 52 : -1;
}

typedef struct letters { /* the two characters in which the alphabets differ */
    char at62, at63;
} letters;

static int bits_of(char c, letters of)
{
    if (c == of.at62)
        return 62;
    return c == of.at63 ? 63 : shared_bits(c);
}

/* The first character that only one alphabet has says which it is. */
static letters letters_of(fp_str text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == '-' || text.data[i] == '_')
            return (letters){'-', '_'};
        else if (text.data[i] == '+' || text.data[i] == '/')
            break;
    return (letters){'+', '/'};
}

static fp_status wrong(size_t offset, const char *what, fp_diag *d)
{
    return fp_fail(d, FP_FORMAT, "base64", offset, "%s", what);
}

static size_t padding_of(fp_str text)
{
    if (text.size == 0 || text.data[text.size - 1] != '=')
        return 0;
    return text.data[text.size - 2] == '=' ? 2 : 1;
}

fp_status fp_base64_decode(fp_str text, fp_arena *arena, fp_span *out, fp_diag *d)
{
    if (text.size % GROUP != 0)
        return wrong(text.size, "base64 that ends within a group of four characters", d);
    const size_t padding = padding_of(text);
    const size_t size = text.size / GROUP * GROUP_BYTES - padding;
    const letters of = letters_of(text);
    uint8_t *bytes = fp_arena_alloc(arena, size + 1);
    if (bytes == NULL)
        return fp_fail(d, FP_NOMEM, "base64", 0, "out of memory");

    uint32_t held = 0;  /* bits that have been read, */
    unsigned count = 0; /* of which so many are not yet written */
    size_t written = 0;
    for (size_t i = 0; i < text.size - padding; i++) {
        const int bits = bits_of(text.data[i], of);
        if (bits < 0)
            return wrong(i, "a character that is not of base64", d);
        held = held << BITS | (uint32_t)bits;
        count += BITS;
        if (count >= 8) {
            count -= 8;
            bytes[written++] = (uint8_t)(held >> count);
        }
    }
    if ((held & ((1U << count) - 1)) != 0)
        return wrong(text.size - padding - 1, "base64 with bits at its end that mean nothing", d);
    *out = fp_span_of(bytes, size);
    return FP_OK;
}

fp_status fp_base64_encode(fp_span bytes, fp_arena *arena, fp_str *out)
{
    size_t size;
    if (!fp_size_mul(bytes.size / GROUP_BYTES + 1, GROUP, &size))
        return FP_NOMEM;
    char *text = fp_arena_alloc(arena, size + 1);
    if (text == NULL)
        return FP_NOMEM;
    size_t written = 0;
    for (size_t at = 0; at < bytes.size; at += GROUP_BYTES) {
        const size_t left = bytes.size - at;
        const uint32_t held = (uint32_t)bytes.data[at] << 16 |
                              (left > 1 ? (uint32_t)bytes.data[at + 1] << 8 : 0) |
                              (left > 2 ? (uint32_t)bytes.data[at + 2] : 0);
        for (unsigned i = 0; i < GROUP; i++)
            text[written++] = i <= left ? alphabet[held >> (18 - BITS * i) & BITS_MASK] : '=';
    }
    *out = (fp_str){text, written};
    return FP_OK;
}
