/* SPDX-License-Identifier: MIT */
/* Decoding in one piece and in many gives the same valid UTF-8, whatever the bytes and the cuts. */
#include "inventory/base/text.h"

#include "tests/support/fuzz.h"

#include <string.h>

enum { WHOLE_MAX = 1 << 16 };

static const fp_text_format formats[] = {
    {.encoding = FP_ENCODING_UNKNOWN},
    {.encoding = FP_ENCODING_UTF8},
    {.encoding = FP_ENCODING_UTF16LE},
    {.encoding = FP_ENCODING_UTF16BE},
    {.encoding = FP_ENCODING_CODE_PAGE, .code_page = "CP1252"},
    {.encoding = FP_ENCODING_CODE_PAGE, .code_page = "SHIFT_JIS"},
};

static size_t in_pieces(fp_text_format format, fp_span bytes, size_t step, char *out, size_t room)
{
    fp_text_decoder *d = NULL;
    require(fp_text_decoder_new(format, &d, NULL) == FP_OK);
    size_t size = 0;
    fp_str piece;
    for (size_t at = 0; at < bytes.size; at += step) {
        const size_t left = bytes.size - at;
        require(fp_text_decode_piece(d, fp_span_of(bytes.data + at, left < step ? left : step),
                                     &piece) == FP_OK);
        require(size + piece.size <= room);
        if (piece.size > 0)
            memcpy(out + size, piece.data, piece.size);
        size += piece.size;
    }
    require(fp_text_decode_end(d, &piece) == FP_OK);
    require(size + piece.size <= room);
    if (piece.size > 0)
        memcpy(out + size, piece.data, piece.size);
    fp_text_decoder_free(d);
    return size + piece.size;
}

static bool valid_but_for_nul(fp_str s)
{
    fp_str part;
    while (fp_str_split(&s, '\0', &part)) {
        if (!fp_text_is_utf8(part))
            return false;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > WHOLE_MAX)
        return 0;
    fp_text_format format = formats[data[0] % (sizeof formats / sizeof formats[0])];
    const size_t step = 1 + data[1] % 7;
    const fp_span bytes = fp_span_of(data + 2, size - 2);
    (void)fp_text_sniff(bytes);

    fp_arena *arena = fp_arena_new(16 * WHOLE_MAX);
    require(arena != NULL);
    fp_str whole;
    fp_text_counts counts;
    require(fp_text_decode(format, bytes, arena, &whole, &counts, NULL) == FP_OK);
    require(valid_but_for_nul(whole));

    static char pieces[4 * WHOLE_MAX];
    const size_t got = in_pieces(format, bytes, step, pieces, sizeof pieces);
    require(got == whole.size && (got == 0 || memcmp(pieces, whole.data, got) == 0));

    fp_str shown;
    require(fp_text_display(fp_str_from_span(bytes), arena, &shown) == FP_OK);
    require(fp_text_is_utf8(shown));
    require(fp_str_casecmp(whole, whole) == 0);
    fp_arena_free(arena);
    return 0;
}
