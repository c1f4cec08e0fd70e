/* SPDX-License-Identifier: MIT */
#include "inventory/base/utf8.h"

#include <string.h>

/* Length of the sequence that this byte begins; 0 when none can begin with it. */
static size_t sequence_length(uint8_t lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

/* The second byte has a narrower range after some leads: no overlong forms, surrogates, or >
 * U+10FFFF. */
static bool second_byte_fits(uint8_t lead, uint8_t second)
{
    switch (lead) {
    case 0xE0:
        return second >= 0xA0 && second <= 0xBF;
    case 0xED:
        return second >= 0x80 && second <= 0x9F;
    case 0xF0:
        return second >= 0x90 && second <= 0xBF;
    case 0xF4:
        return second >= 0x80 && second <= 0x8F;
    default:
        return second >= 0x80 && second <= 0xBF;
    }
}

/* One sequence of `size` > 0 bytes at `p`: its length, and whether it is good, bad or cut off. */
static fp_utf8_state check_sequence(const uint8_t *p, size_t size, size_t *length)
{
    *length = sequence_length(p[0]);
    if (*length == 0)
        return FP_UTF8_BAD;
    for (size_t i = 1; i < *length; i++) {
        if (i == size)
            return FP_UTF8_CUT;
        if (i == 1 ? !second_byte_fits(p[0], p[1]) : (p[i] & 0xC0) != 0x80)
            return FP_UTF8_BAD;
    }
    return FP_UTF8_GOOD;
}

size_t fp_utf8_ascii_run(const uint8_t *p, size_t size)
{
    size_t i = 0;
    for (; size - i >= 8; i += 8) {
        uint64_t word;
        memcpy(&word, p + i, 8);
        if ((word & UINT64_C(0x8080808080808080)) != 0)
            break;
    }
    while (i < size && p[i] < 0x80)
        i++;
    return i;
}

size_t fp_utf8_prefix(const uint8_t *p, size_t size, fp_utf8_state *state)
{
    size_t at = 0;
    *state = FP_UTF8_GOOD;
    while (at < size) {
        at += fp_utf8_ascii_run(p + at, size - at);
        if (at == size)
            break;
        size_t length;
        *state = check_sequence(p + at, size - at, &length);
        if (*state != FP_UTF8_GOOD)
            break;
        at += length;
    }
    return at;
}

size_t fp_utf8_put(uint32_t c, char out[FP_UTF8_MAX])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

bool fp_utf8_get(fp_str s, uint32_t *c, size_t *length)
{
    const uint8_t *p = (const uint8_t *)s.data;
    if (check_sequence(p, s.size, length) != FP_UTF8_GOOD) {
        *c = p[0];
        *length = 1;
        return false;
    }
    static const uint8_t lead_mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    *c = p[0] & lead_mask[*length];
    for (size_t i = 1; i < *length; i++)
        *c = *c << 6 | (p[i] & 0x3F);
    return true;
}
