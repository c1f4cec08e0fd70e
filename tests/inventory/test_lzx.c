/* SPDX-License-Identifier: MIT */
/*
 * What the LZX encoder of the tests writes must mean the same to every reader: libarchive (through
 * the jail) and, where they are installed, cabextract, 7-Zip and bsdtar.
 */
#include "tests/support/cab_writer.h"
#include "tests/support/check.h"
#include "tests/support/lzx_encoder.h"

#include "inventory/archive/archive.h"
#include "inventory/base/digest.h"
#include "inventory/catalog/cabinet.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* ---- contents ---- */

typedef struct dice {
    uint64_t state;
} dice;

static uint32_t roll(dice *d, uint32_t sides)
{
    d->state = d->state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(d->state >> 33) % sides;
}

typedef void filler(uint8_t *to, size_t size);

static void zeros(uint8_t *to, size_t size)
{
    memset(to, 0, size);
}

static void noise(uint8_t *to, size_t size)
{
    dice d = {1};
    for (size_t i = 0; i < size; i++)
        to[i] = (uint8_t)roll(&d, 256);
}

static void every_byte_once(uint8_t *to, size_t size)
{
    for (size_t i = 0; i < size; i++)
        to[i] = (uint8_t)(i * 167 + i / 256);
}

/* Runs, copies from any distance up to beyond the window, and noise: all slots and lengths. */
static void mixture(uint8_t *to, size_t size)
{
    dice d = {2};
    for (size_t at = 0; at < size;) {
        const uint32_t kind = roll(&d, 4);
        size_t length = 1 + roll(&d, 1U << (1 + roll(&d, 10)));
        length = length < size - at ? length : size - at;
        const size_t far = 1 + roll(&d, 1U << (1 + roll(&d, 23)));
        for (size_t i = 0; i < length; i++) {
            if (kind == 0)
                to[at + i] = (uint8_t)roll(&d, 256);
            else if (kind == 1 || far > at)
                to[at + i] = (uint8_t)kind;
            else
                to[at + i] = to[at + i - far];
        }
        at += length;
    }
}

/* Blocks of text and of noise by turns, so that both kinds of blocks follow each other. */
static void patchwork(uint8_t *to, size_t size)
{
    dice d = {3};
    for (size_t i = 0; i < size; i++)
        to[i] = i / LZX_PIECE % 2 == 0 ? (uint8_t) "<Update Id=\"%\" />"[i % 17]
                                       : (uint8_t)roll(&d, 256);
}

/* Weights that grow like Fibonacci's numbers make codes longer than the format allows. */
static void lopsided(uint8_t *to, size_t size)
{
    dice d = {4};
    for (size_t i = 0; i < size; i++) {
        uint8_t value = 0;
        while (value < 60 && roll(&d, 8) < 3)
            value++;
        to[i] = (uint8_t)(value * 3 + roll(&d, 2) * (i % 251));
    }
}

/* ---- readers ---- */

typedef struct readback {
    fp_digest *digest;
    uint64_t size;
} readback;

static fp_status take_bytes(void *context, const fp_archive_member *m, fp_span bytes)
{
    readback *r = context;
    (void)m;
    fp_digest_update(r->digest, bytes);
    r->size += bytes.size;
    return FP_OK;
}

static fp_status ignore_begin(void *context, const fp_archive_member *m)
{
    (void)context;
    (void)m;
    return FP_OK;
}

static fp_status ignore_end(void *context, const fp_archive_member *m, bool complete)
{
    (void)context;
    (void)m;
    (void)complete;
    return FP_OK;
}

static bool libarchive_reads(const char *path, const uint8_t expected[FP_SHA256_SIZE])
{
    readback r = {.digest = fp_digest_new(FP_SHA256)};
    const fp_archive_events events = {
        .context = &r, .begin = ignore_begin, .data = take_bytes, .end = ignore_end};
    fp_archive_limits limits = fp_archive_default_limits;
    limits.nesting = 1;
    fp_archive_result result;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const bool read = fp_archive_read(fd, &limits, false, &events, &result, NULL) == FP_OK &&
                      result.fate == FP_FATE_ENDED;
    uint8_t got[FP_SHA256_SIZE];
    const bool digested = fp_digest_finish(r.digest, got) == FP_OK;
    (void)close(fd);
    return read && digested && memcmp(got, expected, sizeof got) == 0;
}

static bool tool_reads(const char *command, const char *path, const uint8_t *expected)
{
    char line[600];
    uint8_t buffer[65536];
    uint8_t got[FP_SHA256_SIZE];
    (void)snprintf(line, sizeof line, "%s %s 2>/dev/null", command, path);
    FILE *pipe = popen(line, "r");
    if (pipe == NULL)
        return false;
    fp_digest *digest = fp_digest_new(FP_SHA256);
    size_t n;
    while ((n = fread(buffer, 1, sizeof buffer, pipe)) > 0)
        fp_digest_update(digest, fp_span_of(buffer, n));
    const bool ended = pclose(pipe) == 0;
    return fp_digest_finish(digest, got) == FP_OK && ended &&
           memcmp(got, expected, sizeof got) == 0;
}

static const struct {
    const char *name;
    const char *present;
    const char *command;
} tools[] = {
    {"cabextract", "command -v cabextract >/dev/null", "cabextract -p -q"},
    {"7z", "command -v 7z >/dev/null", "7z e -so -bd"},
    {"bsdtar", "command -v bsdtar >/dev/null", "bsdtar -xOf"},
};

/* ---- one cabinet ---- */

static void write_cabinet(const char *path, unsigned method, unsigned window_bits, fp_span content)
{
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    cab_writer *w = cab_writer_new(method, window_bits);
    const size_t half = content.size / 2; /* in two files: content runs on from one to the next */
    cab_writer_file(w, "first");
    cab_writer_bytes(w, fp_span_of(content.data, half));
    cab_writer_file(w, "second");
    cab_writer_bytes(w, fp_span_of(content.data + half, content.size - half));
    assert_true(cab_writer_finish(w, out));
    assert_int_equal(fclose(out), 0);
}

static bool scanner_is_fine(const char *path)
{
    static uint8_t buffer[65536];
    fp_arena *arena = fp_arena_new((size_t)1 << 20);
    fp_cabinet_scanner *s = fp_cabinet_scan_new(arena);
    FILE *in = fopen(path, "rb");
    size_t n;
    while ((n = fread(buffer, 1, sizeof buffer, in)) > 0)
        fp_cabinet_scan(s, fp_span_of(buffer, n));
    const bool fine = fp_cabinet_scan_end(s, true)->finding_count == 0;
    (void)fclose(in);
    fp_arena_free(arena);
    return fine;
}

/* Returns the number of readers that read something else. */
static unsigned check_readers(const char *path, fp_span content)
{
    unsigned wrong = 0;
    uint8_t expected[FP_SHA256_SIZE];
    assert_int_equal(fp_digest_span(FP_SHA256, content, expected), FP_OK);
    if (!scanner_is_fine(path) || !libarchive_reads(path, expected)) {
        print_error("the scanner or libarchive: ");
        wrong++;
    }
    for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++) {
        if (system(tools[i].present) != 0 || tool_reads(tools[i].command, path, expected))
            continue;
        print_error("%s: ", tools[i].name);
        wrong++;
    }
    return wrong;
}

static unsigned check(filler *fill, const char *name, size_t size, unsigned method, unsigned bits)
{
    char path[] = "/tmp/fixproof-lzx-XXXXXX";
    const int fd = mkstemp(path);
    uint8_t *content = malloc(size);
    assert_true(fd >= 0 && content != NULL);
    fill(content, size);
    write_cabinet(path, method, bits, fp_span_of(content, size));
    const unsigned wrong = check_readers(path, fp_span_of(content, size));
    if (wrong > 0)
        print_error("%s, %zu bytes, method %u, window %u\n", name, size, method, bits);
    free(content);
    (void)close(fd);
    (void)unlink(path);
    return wrong;
}

static const struct {
    filler *fill;
    const char *name;
} fillers[] = {{zeros, "zeros"},     {noise, "noise"},         {every_byte_once, "every byte"},
               {mixture, "mixture"}, {patchwork, "patchwork"}, {lopsided, "lopsided"}};

enum { FILLERS = sizeof fillers / sizeof fillers[0] };

/* ---- tests ---- */

/* Around the ends of frames, of blocks and of the smallest window, odd and even. */
static void test_sizes(void **state)
{
    static const size_t sizes[] = {2,     3,     4,     257,   32767,     32768,         32769,
                                   65535, 65536, 65537, 98303, LZX_PIECE, LZX_PIECE + 1, 300001};
    unsigned wrong = 0;
    (void)state;
    for (size_t f = 0; f < FILLERS; f++) {
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
            wrong += check(fillers[f].fill, fillers[f].name, sizes[i], CAB_LZX, 15 + i % 7);
    }
    assert_int_equal(wrong, 0);
}

/* Longer than the window and than what the encoder holds, so that matches reach as far as they may.
 */
static void test_windows(void **state)
{
    unsigned wrong = 0;
    (void)state;
    for (unsigned bits = LZX_WINDOW_BITS_MIN; bits <= LZX_WINDOW_BITS_MAX; bits += 2) {
        const size_t size = 3 * ((size_t)1 << bits) + LZX_PIECE + 12345 + bits;
        for (size_t f = 3; f < FILLERS; f++)
            wrong += check(fillers[f].fill, fillers[f].name, size, CAB_LZX, bits);
    }
    assert_int_equal(wrong, 0);
}

static void test_other_methods(void **state)
{
    unsigned wrong = 0;
    (void)state;
    for (size_t f = 0; f < FILLERS; f++) {
        wrong += check(fillers[f].fill, fillers[f].name, 500001, CAB_STORED, 0);
        wrong += check(fillers[f].fill, fillers[f].name, 500001, CAB_MSZIP, 0);
    }
    assert_int_equal(wrong, 0);
}

/* Not only readable: smaller. Noise may grow by the heads of its blocks. */
static void test_ratio(void **state)
{
    static uint8_t content[4 * LZX_PIECE];
    static lzx_frame frames[LZX_FRAMES];
    (void)state;
    size_t sizes[FILLERS] = {0};
    for (size_t f = 0; f < FILLERS; f++) {
        lzx_encoder *e = lzx_encoder_new(21);
        fillers[f].fill(content, sizeof content);
        for (size_t at = 0; at < sizeof content; at += LZX_PIECE) {
            const size_t count = lzx_encode(e, fp_span_of(content + at, LZX_PIECE), frames);
            for (size_t i = 0; i < count; i++)
                sizes[f] += frames[i].size;
        }
        lzx_encoder_free(e);
    }
    assert_true(sizes[0] < 4000);
    assert_true(sizes[1] <= sizeof content + 4 * 16);
    assert_true(sizes[3] < sizeof content / 2);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_windows),
        cmocka_unit_test(test_other_methods),
        cmocka_unit_test(test_ratio),
    };
    return RUN_TESTS(tests);
}
