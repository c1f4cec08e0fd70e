/* SPDX-License-Identifier: MIT */
#include "inventory/base/text.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

static const uint32_t REPLACEMENT = 0xFFFD;
#define REPLACEMENT_UTF8 "\xEF\xBF\xBD"

enum { CARRY_MAX = 16 };

bool fp_text_is_utf8(fp_str s)
{
    fp_utf8_state state;
    if (s.size == 0)
        return true;
    return memchr(s.data, 0, s.size) == NULL &&
           fp_utf8_prefix((const uint8_t *)s.data, s.size, &state) == s.size;
}

/* ---- which encoding -----------------------------------------------------------------------------
 */

/* Of the 16-bit units in the head, how many have a zero high byte, for either byte order? ASCII
 * text has nearly all; single-byte text has none. */
static fp_encoding utf16_by_zeros(fp_span head)
{
    size_t zero_even = 0;
    size_t zero_odd = 0;
    const size_t units = head.size / 2;
    for (size_t i = 0; i < units; i++) {
        zero_even += head.data[2 * i] == 0;
        zero_odd += head.data[2 * i + 1] == 0;
    }
    if (units < 4)
        return FP_ENCODING_UNKNOWN;
    if (zero_odd > units / 2 && zero_even <= units / 8)
        return FP_ENCODING_UTF16LE;
    if (zero_even > units / 2 && zero_odd <= units / 8)
        return FP_ENCODING_UTF16BE;
    return FP_ENCODING_UNKNOWN;
}

fp_text_format fp_text_sniff(fp_span head)
{
    if (fp_span_starts(head, "\xEF\xBB\xBF", 3))
        return (fp_text_format){.encoding = FP_ENCODING_UTF8, .bom_size = 3};
    if (fp_span_starts(head, "\xFF\xFE", 2))
        return (fp_text_format){.encoding = FP_ENCODING_UTF16LE, .bom_size = 2};
    if (fp_span_starts(head, "\xFE\xFF", 2))
        return (fp_text_format){.encoding = FP_ENCODING_UTF16BE, .bom_size = 2};

    const fp_encoding by_zeros = utf16_by_zeros(head);
    if (by_zeros != FP_ENCODING_UNKNOWN)
        return (fp_text_format){.encoding = by_zeros};

    fp_utf8_state state = FP_UTF8_GOOD;
    if (head.size > 0)
        (void)fp_utf8_prefix(head.data, head.size, &state);
    return (fp_text_format){.encoding =
                                state == FP_UTF8_BAD ? FP_ENCODING_UNKNOWN : FP_ENCODING_UTF8};
}

/* ---- decoding -----------------------------------------------------------------------------------
 */

struct fp_text_decoder {
    fp_text_format format;
    size_t bom_left; /* bytes of the mark still to drop */
    uint8_t carry[CARRY_MAX];
    size_t carry_size; /* an unfinished character of the piece before */
    fp_text_counts counts;
    iconv_t iconv; /* (iconv_t)-1 unless a code page */
    char *out;
    size_t out_size;
    size_t out_capacity;
};

static bool out_reserve(fp_text_decoder *d, size_t more)
{
    size_t needed;
    if (!fp_size_add(d->out_size, more, &needed))
        return false;
    if (needed <= d->out_capacity)
        return true;
    size_t capacity;
    if (!fp_size_mul(d->out_capacity, 2, &capacity) || capacity < needed)
        capacity = needed < 256 ? 256 : needed;
    char *out = realloc(d->out, capacity);
    if (out == NULL)
        return false;
    d->out = out;
    d->out_capacity = capacity;
    return true;
}

static bool out_bytes(fp_text_decoder *d, const void *bytes, size_t size)
{
    if (!out_reserve(d, size))
        return false;
    if (size > 0)
        memcpy(d->out + d->out_size, bytes, size);
    d->out_size += size;
    return true;
}

static bool out_bad(fp_text_decoder *d)
{
    d->counts.bad++;
    return out_bytes(d, REPLACEMENT_UTF8, sizeof REPLACEMENT_UTF8 - 1);
}

fp_status fp_text_decoder_new(fp_text_format format, fp_text_decoder **out, fp_diag *diag)
{
    fp_text_decoder *d = calloc(1, sizeof *d);
    if (d == NULL)
        return fp_fail(diag, FP_NOMEM, "text", 0, "no memory for a decoder");
    d->format = format;
    d->bom_left = format.bom_size;
    d->iconv = (iconv_t)-1;
    if (format.encoding == FP_ENCODING_CODE_PAGE) {
        d->iconv = iconv_open("UTF-8", format.code_page);
        if (d->iconv == (iconv_t)-1) {
            free(d);
            return fp_fail(diag, FP_UNSUPPORTED, "text", 0, "code page %s is not known here",
                           format.code_page);
        }
    }
    *out = d;
    return FP_OK;
}

void fp_text_decoder_free(fp_text_decoder *d)
{
    if (d == NULL)
        return;
    if (d->iconv != (iconv_t)-1)
        (void)iconv_close(d->iconv);
    free(d->out);
    free(d);
}

fp_text_counts fp_text_decoder_counts(const fp_text_decoder *decoder)
{
    return decoder->counts;
}

/* Each of these consumes what it can of `bytes` and tells how much: the rest is an unfinished
 * character. */
static bool decode_utf8(fp_text_decoder *d, fp_span bytes, size_t *used)
{
    size_t at = 0;
    while (at < bytes.size) {
        fp_utf8_state state;
        const size_t good = fp_utf8_prefix(bytes.data + at, bytes.size - at, &state);
        if (!out_bytes(d, bytes.data + at, good))
            return false;
        at += good;
        if (state == FP_UTF8_CUT)
            break;
        if (state == FP_UTF8_BAD) {
            if (!out_bad(d))
                return false;
            at++;
        }
    }
    *used = at;
    return true;
}

static bool decode_ascii(fp_text_decoder *d, fp_span bytes, size_t *used)
{
    size_t at = 0;
    while (at < bytes.size) {
        const size_t run = fp_utf8_ascii_run(bytes.data + at, bytes.size - at);
        if (!out_bytes(d, bytes.data + at, run))
            return false;
        at += run;
        if (at < bytes.size) {
            if (!out_bad(d))
                return false;
            at++;
        }
    }
    *used = at;
    return true;
}

static uint32_t unit_at(const fp_text_decoder *d, const uint8_t *p)
{
    return d->format.encoding == FP_ENCODING_UTF16BE ? (uint32_t)p[0] << 8 | p[1]
                                                     : (uint32_t)p[1] << 8 | p[0];
}

static bool is_high_surrogate(uint32_t unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low_surrogate(uint32_t unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

static bool decode_utf16(fp_text_decoder *d, fp_span bytes, size_t *used)
{
    size_t at = 0;
    while (bytes.size - at >= 2) {
        uint32_t c = unit_at(d, bytes.data + at);
        size_t length = 2;
        if (is_high_surrogate(c)) {
            if (bytes.size - at < 4)
                break;
            const uint32_t low = unit_at(d, bytes.data + at + 2);
            if (is_low_surrogate(low)) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                length = 4;
            }
        }
        at += length;
        if (length == 2 && (is_high_surrogate(c) || is_low_surrogate(c))) {
            d->counts.bad++;
            c = REPLACEMENT;
        }
        if (!out_reserve(d, FP_UTF8_MAX))
            return false;
        d->out_size += fp_utf8_put(c, d->out + d->out_size);
    }
    *used = at;
    return true;
}

static bool decode_code_page(fp_text_decoder *d, fp_span bytes, size_t *used)
{
    /* iconv's interface is not const; it does not write to its input. */
    char *in = (char *)(uintptr_t)bytes.data;
    size_t left = bytes.size;
    while (left > 0) {
        if (!out_reserve(d, left + FP_UTF8_MAX))
            return false;
        char *out = d->out + d->out_size;
        size_t room = d->out_capacity - d->out_size;
        const size_t result = iconv(d->iconv, &in, &left, &out, &room);
        d->out_size = (size_t)(out - d->out);
        if (result != (size_t)-1)
            break;
        if (errno == EINVAL)
            break; /* an unfinished character at the end */
        if (errno == E2BIG) {
            if (!out_reserve(d, d->out_capacity + FP_UTF8_MAX))
                return false;
            continue;
        }
        if (!out_bad(d))
            return false;
        in++;
        left--;
    }
    *used = bytes.size - left;
    return true;
}

static bool decode(fp_text_decoder *d, fp_span bytes, size_t *used)
{
    switch (d->format.encoding) {
    case FP_ENCODING_UTF8:
        return decode_utf8(d, bytes, used);
    case FP_ENCODING_UTF16LE:
    case FP_ENCODING_UTF16BE:
        return decode_utf16(d, bytes, used);
    case FP_ENCODING_CODE_PAGE:
        return decode_code_page(d, bytes, used);
    case FP_ENCODING_UNKNOWN:
        return decode_ascii(d, bytes, used);
    }
    return false;
}

static void drop_mark(fp_text_decoder *d, fp_span *bytes)
{
    const size_t drop = d->bom_left < bytes->size ? d->bom_left : bytes->size;
    if (drop == 0)
        return;
    *bytes = fp_span_of(bytes->data + drop, bytes->size - drop);
    d->bom_left -= drop;
}

static void count_nuls(fp_text_decoder *d, fp_str s)
{
    const char *p = s.data;
    const char *end = s.size == 0 ? p : p + s.size;
    while (p < end && (p = memchr(p, 0, (size_t)(end - p))) != NULL) {
        d->counts.nul++;
        p++;
    }
}

/* Completes the character that the piece before left unfinished, byte by byte from the new piece.
 */
static bool decode_carry(fp_text_decoder *d, fp_span *bytes)
{
    while (d->carry_size > 0 && bytes->size > 0) {
        d->carry[d->carry_size++] = bytes->data[0];
        *bytes = fp_span_of(bytes->data + 1, bytes->size - 1);

        size_t used;
        if (!decode(d, fp_span_of(d->carry, d->carry_size), &used))
            return false;
        d->carry_size -= used;
        memmove(d->carry, d->carry + used, d->carry_size);
        if (d->carry_size == CARRY_MAX) { /* no code page needs this many bytes for a character */
            d->carry_size = 0;
            if (!out_bad(d))
                return false;
        }
    }
    return true;
}

fp_status fp_text_decode_piece(fp_text_decoder *d, fp_span bytes, fp_str *out)
{
    d->out_size = 0;
    drop_mark(d, &bytes);
    if (!decode_carry(d, &bytes))
        return FP_NOMEM;

    /* The common case: nothing is pending and the whole piece is valid as it stands. */
    const bool passes = d->out_size == 0 && (d->format.encoding == FP_ENCODING_UTF8 ||
                                             d->format.encoding == FP_ENCODING_UNKNOWN);
    if (passes && bytes.size > 0) {
        fp_utf8_state state = FP_UTF8_GOOD;
        const size_t good = d->format.encoding == FP_ENCODING_UTF8
                                ? fp_utf8_prefix(bytes.data, bytes.size, &state)
                                : fp_utf8_ascii_run(bytes.data, bytes.size);
        if (good == bytes.size || state == FP_UTF8_CUT) {
            d->carry_size = bytes.size - good;
            memcpy(d->carry, bytes.data + good, d->carry_size);
            *out = (fp_str){(const char *)bytes.data, good};
            count_nuls(d, *out);
            return FP_OK;
        }
    }

    size_t used = 0;
    if (bytes.size > 0 && !decode(d, bytes, &used))
        return FP_NOMEM;
    if (used < bytes.size) {
        d->carry_size = bytes.size - used;
        memcpy(d->carry, bytes.data + used, d->carry_size);
    }
    *out = (fp_str){d->out, d->out_size};
    count_nuls(d, *out);
    return FP_OK;
}

fp_status fp_text_decode_end(fp_text_decoder *d, fp_str *out)
{
    d->out_size = 0;
    if (d->carry_size > 0) {
        d->carry_size = 0;
        if (!out_bad(d))
            return FP_NOMEM;
    }
    *out = (fp_str){d->out, d->out_size};
    return FP_OK;
}

/* Joins two pieces in the arena; a lone first piece stays where it is. */
static fp_status join(fp_arena *arena, fp_str a, fp_str b, bool copy_a, fp_str *out)
{
    if (b.size == 0 && !copy_a) {
        *out = a;
        return FP_OK;
    }
    size_t total;
    if (!fp_size_add(a.size, b.size, &total))
        return FP_NOMEM;
    char *joined = fp_arena_alloc(arena, total);
    if (joined == NULL)
        return FP_NOMEM;
    if (a.size > 0)
        memcpy(joined, a.data, a.size);
    if (b.size > 0)
        memcpy(joined + a.size, b.data, b.size);
    *out = (fp_str){joined, total};
    return FP_OK;
}

fp_status fp_text_decode(fp_text_format format, fp_span bytes, fp_arena *arena, fp_str *out,
                         fp_text_counts *counts, fp_diag *diag)
{
    fp_text_decoder *d = NULL;
    fp_status status = fp_text_decoder_new(format, &d, diag);
    if (status != FP_OK)
        return status;

    fp_str body;
    fp_str whole = {NULL, 0};
    status = fp_text_decode_piece(d, bytes, &body);
    if (status == FP_OK) {
        const bool in_place = body.size == 0 || body.data != d->out;
        /* What the decoder wrote must move to the arena before the tail overwrites it. */
        status = in_place ? FP_OK : fp_str_dup(arena, body, &body);
    }
    if (status == FP_OK) {
        fp_str tail;
        status = fp_text_decode_end(d, &tail);
        if (status == FP_OK)
            status = join(arena, body, tail, false, &whole);
    }
    if (status == FP_OK) {
        *out = whole;
        *counts = d->counts;
    }
    fp_text_decoder_free(d);
    return status == FP_OK
               ? FP_OK
               : fp_fail(diag, status, "text", 0, "no memory for %zu bytes of text", bytes.size);
}

fp_status fp_text_decode_sniffed(fp_span bytes, const char *code_page, fp_arena *arena, fp_str *out,
                                 fp_text_counts *counts, fp_diag *d)
{
    fp_text_format format = fp_text_sniff(bytes);
    if (format.encoding == FP_ENCODING_UNKNOWN && code_page != NULL)
        format = (fp_text_format){.encoding = FP_ENCODING_CODE_PAGE, .code_page = code_page};
    return fp_text_decode(format, bytes, arena, out, counts, d);
}

/* UTF-16 becomes at most 3 bytes a unit, Latin-1 at most 2 a byte: these two need no decoder and no
 * heap. */
fp_status fp_text_utf16le(fp_span bytes, fp_arena *arena, fp_str *out, fp_text_counts *counts)
{
    size_t capacity;
    if (!fp_size_mul(bytes.size / 2 + 1, 3, &capacity))
        return FP_NOMEM;
    char *text = fp_arena_alloc(arena, capacity);
    if (text == NULL)
        return FP_NOMEM;

    fp_text_decoder d = {
        .format = {.encoding = FP_ENCODING_UTF16LE}, .out = text, .out_capacity = capacity};
    fp_text_counts found = {0, 0};
    size_t at = 0;
    while (bytes.size - at >= 2) {
        uint32_t c = unit_at(&d, bytes.data + at);
        at += 2;
        if (is_high_surrogate(c) && bytes.size - at >= 2 &&
            is_low_surrogate(unit_at(&d, bytes.data + at))) {
            c = 0x10000 + ((c - 0xD800) << 10) + (unit_at(&d, bytes.data + at) - 0xDC00);
            at += 2;
        } else if (is_high_surrogate(c) || is_low_surrogate(c)) {
            c = REPLACEMENT;
            found.bad++;
        }
        found.nul += c == 0;
        d.out_size += fp_utf8_put(c, text + d.out_size);
    }
    if (at < bytes.size) {
        found.bad++;
        d.out_size += fp_utf8_put(REPLACEMENT, text + d.out_size);
    }
    *out = (fp_str){text, d.out_size};
    *counts = found;
    return FP_OK;
}

fp_status fp_text_latin1(fp_span bytes, fp_arena *arena, fp_str *out)
{
    size_t capacity;
    if (!fp_size_mul(bytes.size, 2, &capacity))
        return FP_NOMEM;
    char *text = fp_arena_alloc(arena, capacity);
    if (text == NULL)
        return FP_NOMEM;
    size_t size = 0;
    for (size_t i = 0; i < bytes.size; i++)
        size += fp_utf8_put(bytes.data[i], text + size);
    *out = (fp_str){text, size};
    return FP_OK;
}

/* ---- display ------------------------------------------------------------------------------------
 */

/* Characters that change how the text around them is shown, or show as nothing. */
static bool is_deceptive(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},       {0x61C, 0x61C},   {0x180E, 0x180E},
        {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F},   {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF},
        {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF}, {0xE0000, 0xE0FFF},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    }
    return false;
}

static size_t escape_byte(uint32_t byte, char *out)
{
    static const char digits[] = "0123456789abcdef";
    out[0] = '\\';
    out[1] = 'x';
    out[2] = digits[byte >> 4 & 15];
    out[3] = digits[byte & 15];
    return 4;
}

static size_t escape_character(uint32_t c, char *out)
{
    static const char digits[] = "0123456789abcdef";
    size_t size = 0;
    out[size++] = '\\';
    out[size++] = 'u';
    out[size++] = '{';
    for (int shift = c > 0xFFFF ? 20 : 12; shift >= 0; shift -= 4)
        out[size++] = digits[c >> shift & 15];
    out[size++] = '}';
    return size;
}

fp_status fp_text_display(fp_str s, fp_arena *arena, fp_str *out)
{
    enum { ESCAPE_MAX = 10 }; /* "\u{0000ff}": an input byte never becomes more than that */
    size_t capacity = 0;
    for (fp_str rest = s; rest.size > 0;) {
        uint32_t c;
        size_t length;
        const bool good = fp_utf8_get(rest, &c, &length);
        capacity += good && !is_deceptive(c) ? length : ESCAPE_MAX;
        rest = fp_str_tail(rest, length);
    }
    char *text = fp_arena_alloc(arena, capacity + 1);
    if (text == NULL)
        return FP_NOMEM;

    size_t size = 0;
    for (fp_str rest = s; rest.size > 0;) {
        uint32_t c;
        size_t length;
        const bool good = fp_utf8_get(rest, &c, &length);
        if (!good || (c < 0x80 && is_deceptive(c))) {
            size += escape_byte(c, text + size);
        } else if (is_deceptive(c)) {
            size += escape_character(c, text + size);
        } else {
            memcpy(text + size, rest.data, length);
            size += length;
        }
        rest = fp_str_tail(rest, length);
    }
    *out = (fp_str){text, size};
    return FP_OK;
}
