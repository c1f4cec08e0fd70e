/* SPDX-License-Identifier: MIT */
#include "tests/support/archive_builder.h"
#include "tests/support/cab_builder.h"
#include "tests/support/check.h"

#include "inventory/archive/decoder.h"
#include "inventory/archive/frame.h"
#include "inventory/archive/jail.h"
#include "inventory/base/watched.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

static const char LONG_WORDS[] = "The quick brown fox jumps over the lazy dog, again and again. ";

/* One reading: what came, and how it ended. */
typedef struct reading {
    record *record;
    fp_archive_result result;
    fp_status status;
    fp_diag diag;
} reading;

static reading read_with(fp_span bytes, const fp_archive_limits *limits,
                         bool (*descend)(void *, const char *, unsigned))
{
    reading r = {.record = record_new()};
    fp_archive_events events = record_events(r.record);
    events.descend = descend;
    const int fd = descriptor_of(bytes);
    r.status = fp_archive_read(fd, limits, false, &events, &r.result, &r.diag);
    (void)close(fd);
    return r;
}

static reading read_bytes(fp_span bytes)
{
    return read_with(bytes, &fp_archive_default_limits, NULL);
}

static void reading_free(reading *r)
{
    record_free(r->record);
}

static void assert_fate(const reading *r, fp_decoder_fate fate)
{
    assert_int_equal(r->status, FP_OK);
    if (r->result.fate != fate)
        print_error("fate is %s, not %s: %s (member \"%s\", signal %d, exit %d)\n",
                    fp_decoder_fate_name(r->result.fate), fp_decoder_fate_name(fate),
                    r->result.message, r->result.member, r->result.signal, r->result.exit_code);
    assert_int_equal(r->result.fate, fate);
    assert_int_equal(r->record->disorder, 0);
    assert_int_equal(r->record->depth, 0); /* everything begun was ended */
    assert_int_equal(r->result.members, r->record->count);
}

static void assert_member(const reading *r, const char *name, unsigned level, fp_span content)
{
    const recorded_member *m = record_find(r->record, name);
    if (m == NULL)
        print_error("no member %s\n", name);
    assert_non_null(m);
    assert_int_equal(m->level, level);
    assert_true(m->ended);
    assert_true(m->complete);
    assert_int_equal(m->content_size, content.size);
    if (content.size > 0)
        assert_memory_equal(m->content, content.data, content.size);
}

static fp_span big_content(void)
{
    enum { BIG = 300 * 1000 };
    static uint8_t bytes[BIG];
    uint32_t state = 1;
    for (size_t i = 0; i < BIG; i++) {
        state = state * 1103515245 + 12345;
        bytes[i] = (uint8_t)(i % 7 == 0 ? state >> 24 : (size_t)LONG_WORDS[i % 60]);
    }
    return fp_span_of(bytes, BIG);
}

/* ---- formats -------------------------------------------------------------------------- */

typedef struct format_row {
    const char *name;
    const char *format; /* NULL: a cabinet */
    const char *filter;
    bool mszip;
    bool loose_end; /* the filter's format has no end mark, or libarchive does not ask for it */
} format_row;

static const format_row format_rows[] = {
    {.name = "cab"},
    {.name = "cab mszip", .mszip = true},
    {.name = "zip", .format = "zip"},
    {.name = "7z", .format = "7zip"},
    {.name = "tar", .format = "ustar"},
    {.name = "tar.gz", .format = "pax", .filter = "gzip"},
    {.name = "tar.bz2", .format = "pax", .filter = "bzip2"},
    {.name = "tar.xz", .format = "pax", .filter = "xz"},
    {.name = "tar.zst", .format = "pax", .filter = "zstd"},
    {.name = "tar.lz4", .format = "pax", .filter = "lz4", .loose_end = true},
    {.name = "tar.Z", .format = "pax", .filter = "compress", .loose_end = true},
};

/* Any of the formats, as bytes to be freed. */
static packed build(const format_row *row, const packed_file *files, size_t count)
{
    if (row->format != NULL)
        return pack(row->format, row->filter, files, count);
    cab_file *in_cab = calloc(count, sizeof *in_cab);
    for (size_t i = 0; i < count; i++)
        in_cab[i] =
            (cab_file){.name = files[i].name, .content = files[i].content, .attributes = 0x80};
    const cab_bytes cab = cab_build(in_cab, count, &(cab_options){.mszip = row->mszip});
    free(in_cab);
    return (packed){cab.data, cab.size};
}

static void test_format(void **state)
{
    const format_row *row = *state;
    const fp_span big = big_content();
    const packed_file files[] = {
        {"first.txt", cab_text("one")},
        {"folder/\xC3\xA9t\xC3\xA9.txt", cab_text("two")},
        {"empty", {0}},
        {"../../etc/passwd", cab_text("names are data")},
        {"big.bin", big},
    };
    const packed archive = build(row, files, 5);
    assert_true(
        fp_archive_probe(fp_span_of(archive.data, archive.size < 512 ? archive.size : 512)));
    reading r = read_bytes(fp_span_of(archive.data, archive.size));
    assert_fate(&r, FP_FATE_ENDED);
    assert_true(r.result.confined);
    assert_string_equal(r.result.member, "");
    assert_int_equal(r.record->count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_member(&r, files[i].name, 1, files[i].content);
    const recorded_member *first = record_find(r.record, "first.txt");
    assert_true(first->regular);
    assert_true(first->size_known);
    assert_int_equal(first->size, 3);
    assert_false(first->is_archive);
    assert_true(first->modified ==
                (fp_time)1213329906 * 1000); /* in UTC, whatever the local zone */
    reading_free(&r);
    free(archive.data);
}

/* Cut anywhere, no format may be called read to its end. */
static void test_format_cut(void **state)
{
    const format_row *row = *state;
    const packed_file files[] = {{"a", cab_text("some text in a")}, {"b", cab_text("more in b")}};
    const packed archive = build(row, files, 2);
    /* Every byte of the small ones; a tar is 10 KiB of mostly zeros behind its end. */
    const bool tar = row->format != NULL && strcmp(row->format, "ustar") == 0;
    const size_t end = tar ? 4 * 512 + 512 : archive.size;
    for (size_t size = 0; size < end; size += tar && size % 512 > 1 && size % 512 < 510 ? 37 : 1) {
        reading r = read_bytes(fp_span_of(archive.data, size));
        if (r.result.fate == FP_FATE_ENDED && row->loose_end) {
            /* Only padding behind the tar's own end marker can be lost unseen. */
            assert_member(&r, "a", 1, files[0].content);
            assert_member(&r, "b", 1, files[1].content);
        } else {
            if (r.result.fate == FP_FATE_ENDED)
                print_error("cut to %zu of %zu bytes\n", size, archive.size);
            assert_fate(&r, FP_FATE_REFUSED);
            assert_true(strlen(r.result.message) > 0);
        }
        reading_free(&r);
    }
    free(archive.data);
}

static void test_no_archive(void **state)
{
    (void)state;
    static const char *const contents[] = {"", "x", "Windows Registry Editor Version 5.00\r\n",
                                           "#mtree\n. type=dir\n", "Rar!\x1A\x07"};
    for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
        assert_false(fp_archive_probe(cab_text(contents[i])));
        reading r = read_bytes(cab_text(contents[i]));
        assert_fate(&r, FP_FATE_REFUSED);
        assert_int_equal(r.record->count, 0);
        reading_free(&r);
    }
}

/* A gzip of something that is no tar: refused, not guessed at. */
static void test_gzip_of_no_tar(void **state)
{
    (void)state;
    static const uint8_t gzip[] = {0x1F, 0x8B, 8, 0,    0,    0,    0,    0, 0, 3, 0x4B, 0x4C,
                                   0x4A, 6,    0, 0xC2, 0x41, 0x24, 0x35, 3, 0, 0, 0};
    reading r = read_bytes(fp_span_of(gzip, sizeof gzip));
    assert_fate(&r, FP_FATE_REFUSED);
    reading_free(&r);
}

static void test_folders_and_links(void **state)
{
    (void)state;
    /* A ustar header made by hand: type '5' folder, '2' link, '3' device. */
    static const char types[] = {'5', '2', '3'};
    uint8_t tar[3 * 512 + 1024] = {0};
    for (size_t i = 0; i < 3; i++) {
        uint8_t *h = tar + i * 512;
        (void)snprintf((char *)h, 100, "special%c", types[i]);
        memcpy(h + 100, "0000644", 8);
        memcpy(h + 108, "0000000", 8);
        memcpy(h + 116, "0000000", 8);
        memcpy(h + 124, "00000000000", 12);
        memcpy(h + 136, "00000000000", 12);
        h[156] = (uint8_t)types[i];
        memcpy(h + 157, "/etc/passwd", 11);
        memcpy(h + 257,
               "ustar\0"
               "00",
               8);
        memset(h + 148, ' ', 8);
        unsigned sum = 0;
        for (size_t k = 0; k < 512; k++)
            sum += h[k];
        (void)snprintf((char *)h + 148, 8, "%06o", sum);
    }
    reading r = read_bytes(fp_span_of(tar, sizeof tar));
    assert_fate(&r, FP_FATE_ENDED);
    assert_int_equal(r.record->count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_false(r.record->members[i].regular);
        assert_int_equal(r.record->members[i].content_size, 0);
    }
    reading_free(&r);
}

static void test_many_members(void **state)
{
    (void)state;
    enum { MANY = 100 * 1000 };
    char(*names)[16] = calloc(MANY, sizeof *names);
    packed_file *files = calloc(MANY, sizeof *files);
    for (size_t i = 0; i < MANY; i++) {
        (void)snprintf(names[i], sizeof names[i], "f%zu", i);
        files[i] = (packed_file){names[i], fp_span_of("x", 1)};
    }
    const packed archive = pack("ustar", "gzip", files, MANY);
    reading r = read_bytes(fp_span_of(archive.data, archive.size));
    assert_fate(&r, FP_FATE_ENDED);
    assert_int_equal(r.record->count, MANY);
    assert_int_equal(r.record->bytes, MANY);
    reading_free(&r);

    fp_archive_limits limits = fp_archive_default_limits;
    limits.members = MANY - 1;
    r = read_with(fp_span_of(archive.data, archive.size), &limits, NULL);
    assert_fate(&r, FP_FATE_LIMIT);
    assert_int_equal(r.record->count, MANY - 1);
    reading_free(&r);
    free(archive.data);
    free(files);
    free(names);
}

/* ---- archives in archives ------------------------------------------------------------- */

static void test_nested(void **state)
{
    (void)state;
    const fp_span big = big_content();
    const cab_file innermost[] = {{.name = "deep.txt", .content = cab_text("deep")},
                                  {.name = "deep.bin", .content = big}};
    cab_bytes cab = cab_build(innermost, 2, &(cab_options){.mszip = true});
    const packed_file middle[] = {
        {"before", cab_text("b")}, {"inner.cab", cab_span(&cab)}, {"after", cab_text("a")}};
    const packed zip = pack("zip", NULL, middle, 3);
    const packed_file outer[] = {{"x.zip", {zip.data, zip.size}}, {"last", cab_text("l")}};
    const packed tar = pack("pax", "xz", outer, 2);

    reading r = read_bytes(fp_span_of(tar.data, tar.size));
    assert_fate(&r, FP_FATE_ENDED);
    assert_member(&r, "x.zip", 1, fp_span_of(zip.data, zip.size)); /* its raw bytes as well */
    assert_member(&r, "before", 2, cab_text("b"));
    assert_member(&r, "inner.cab", 2, cab_span(&cab));
    assert_member(&r, "deep.txt", 3, cab_text("deep"));
    assert_member(&r, "deep.bin", 3, big);
    assert_member(&r, "after", 2, cab_text("a"));
    assert_member(&r, "last", 1, cab_text("l"));
    assert_true(record_find(r.record, "x.zip")->is_archive);
    assert_int_equal(record_find(r.record, "x.zip")->nested, FP_FATE_ENDED);
    assert_int_equal(record_find(r.record, "inner.cab")->nested, FP_FATE_ENDED);
    assert_int_equal(record_find(r.record, "last")->nested, FP_FATE_UNKNOWN);
    reading_free(&r);

    /* Too deep by one: told at the member, and everything else is there. */
    fp_archive_limits limits = fp_archive_default_limits;
    limits.nesting = 2;
    r = read_with(fp_span_of(tar.data, tar.size), &limits, NULL);
    assert_fate(&r, FP_FATE_ENDED);
    assert_member(&r, "inner.cab", 2, cab_span(&cab));
    assert_int_equal(record_find(r.record, "inner.cab")->nested, FP_FATE_LIMIT);
    assert_null(record_find(r.record, "deep.txt"));
    assert_member(&r, "last", 1, cab_text("l"));
    reading_free(&r);

    limits.nesting = 1; /* do not descend: no finding either */
    r = read_with(fp_span_of(tar.data, tar.size), &limits, NULL);
    assert_fate(&r, FP_FATE_ENDED);
    assert_int_equal(r.record->count, 2);
    assert_false(record_find(r.record, "x.zip")->is_archive);
    reading_free(&r);
    free(tar.data);
    free(zip.data);
    cab_free(&cab);
}

static bool not_the_zip(void *context, const char *name, unsigned level)
{
    (void)context;
    return level != 1 || strcmp(name, "x.zip") != 0;
}

static void test_descend(void **state)
{
    (void)state;
    const cab_file inner = {.name = "deep.txt", .content = cab_text("deep")};
    cab_bytes cab = cab_build(&inner, 1, NULL);
    const packed_file in_zip = {"hidden", cab_text("h")};
    const packed zip = pack("zip", NULL, &in_zip, 1);
    const packed_file outer[] = {{"x.zip", {zip.data, zip.size}}, {"y.cab", cab_span(&cab)}};
    const packed tar = pack("ustar", NULL, outer, 2);
    reading r = read_with(fp_span_of(tar.data, tar.size), &fp_archive_default_limits, not_the_zip);
    assert_fate(&r, FP_FATE_ENDED);
    assert_int_equal(r.record->count, 3);
    assert_false(record_find(r.record, "x.zip")->is_archive);
    assert_member(&r, "x.zip", 1, fp_span_of(zip.data, zip.size));
    assert_member(&r, "deep.txt", 2, cab_text("deep"));
    reading_free(&r);
    free(tar.data);
    free(zip.data);
    cab_free(&cab);
}

static bool only_deep(void *context, const char *name, unsigned level)
{
    (void)context;
    return level == 2 && strcmp(name, "deep.txt") == 0;
}

static reading read_withheld(fp_span bytes, const fp_archive_limits *limits)
{
    reading r = {.record = record_new()};
    fp_archive_events events = record_events(r.record);
    events.wants = only_deep;
    const int fd = descriptor_of(bytes);
    r.status = fp_archive_read(fd, limits, false, &events, &r.result, &r.diag);
    (void)close(fd);
    return r;
}

static void check_withheld(const reading *r, const char *name, size_t size)
{
    const recorded_member *m = record_find(r->record, name);
    assert_non_null(m);
    assert_true(m->withheld && m->complete);
    assert_int_equal(m->size, size);
    assert_int_equal(m->content_size, 0);
}

/* What is not wanted is read all the same: its end is known, what lies in it comes, limits hold. */
static void test_wants(void **state)
{
    (void)state;
    const cab_file inner[] = {{.name = "deep.txt", .content = cab_text("deep")},
                              {.name = "other.txt", .content = cab_text("other")}};
    cab_bytes cab = cab_build(inner, 2, NULL);
    const packed_file outer[] = {{"big", big_content()}, {"y.cab", cab_span(&cab)}};
    const packed tar = pack("ustar", NULL, outer, 2);
    const fp_span bytes = fp_span_of(tar.data, tar.size);
    reading r = read_withheld(bytes, &fp_archive_default_limits);
    assert_fate(&r, FP_FATE_ENDED);
    check_withheld(&r, "big", big_content().size);
    check_withheld(&r, "y.cab", cab.size);
    check_withheld(&r, "other.txt", 5);
    assert_member(&r, "deep.txt", 2, cab_text("deep"));
    assert_int_equal(r.result.bytes, big_content().size + cab.size + 9);
    assert_int_equal(r.result.nested_bytes, 9);
    reading_free(&r);

    fp_archive_limits limits = fp_archive_default_limits;
    limits.total_bytes = big_content().size + cab.size + 8;
    r = read_withheld(bytes, &limits);
    assert_fate(&r, FP_FATE_LIMIT);
    reading_free(&r);
    limits = fp_archive_default_limits;
    limits.member_bytes = big_content().size - 1;
    r = read_withheld(bytes, &limits);
    assert_fate(&r, FP_FATE_LIMIT);
    reading_free(&r);
    /* Cut in a member that is withheld: not complete. */
    r = read_withheld(fp_span_of(tar.data, 200 * 1000), &fp_archive_default_limits);
    assert_fate(&r, FP_FATE_REFUSED);
    assert_false(record_find(r.record, "big")->complete);
    reading_free(&r);
    free(tar.data);
    cab_free(&cab);
}

/* Its decoder is not to fall silent for so long. */
static void test_large_ones_are_never_withheld(void **state)
{
    (void)state;
    enum { LARGE = 16 * 1024 * 1024 + 1 };
    uint8_t *zeros = calloc(1, LARGE);
    if (zeros == NULL)
        abort();
    const packed_file outer[] = {{"large", {zeros, LARGE}}, {"less", {zeros, LARGE - 1}}};
    const packed tar = pack("ustar", NULL, outer, 2);
    reading r = read_withheld(fp_span_of(tar.data, tar.size), &fp_archive_default_limits);
    assert_fate(&r, FP_FATE_ENDED);
    assert_false(record_find(r.record, "large")->withheld);
    assert_int_equal(record_find(r.record, "large")->content_size, LARGE);
    check_withheld(&r, "less", LARGE - 1);
    reading_free(&r);
    free(tar.data);
    free(zeros);
}

/* The decoder run here, with a pipe that keeps each of its writes apart: what it says, and when. */
typedef struct said {
    char text[8][512];
    size_t size[8];
    size_t count;
} said;

static bool only_first(void *context, const char *name, unsigned level)
{
    (void)context;
    return level == 1 && strcmp(name, "first") == 0;
}

static said run_decoder(const packed *archive)
{
    fp_decoder_job job = {.limits = &fp_archive_default_limits, .wants = only_first};
    said s = {.count = 0};
    int ends[2];
    assert_int_equal(pipe2(ends, O_DIRECT | O_NONBLOCK), 0); /* never full: all is withheld */
    const int fd = descriptor_of(fp_span_of(archive->data, archive->size));
    const int code = fp_decoder_run(&job, fd, ends[1]);
    (void)close(fd);
    (void)close(ends[1]);
    while (s.count < 8) {
        const ssize_t n = read(ends[0], s.text[s.count], sizeof s.text[0]);
        if (n <= 0)
            break;
        s.size[s.count++] = (size_t)n;
    }
    (void)close(ends[0]);
    assert_int_equal(code, 0);
    return s;
}

static void check_ends_with(const said *s, size_t at, const char *name)
{
    const size_t size = strlen(name);
    assert_true(at < s->count && s->size[at] >= size);
    assert_memory_equal(s->text[at] + s->size[at] - size, name, size);
}

/* Before bytes that are withheld the parent hears all there is: of members of level 1 each time, or
 * it could not have enough; deeper, often enough to tell that nothing has stalled. */
static void test_silence_is_broken(void **state)
{
    (void)state;
    enum { SIZE = 12 * 1024 * 1024 };
    uint8_t *zeros = calloc(1, SIZE);
    if (zeros == NULL)
        abort();
    const fp_span content = fp_span_of(zeros, SIZE);
    const cab_file inner[] = {{.name = "one", .content = content},
                              {.name = "two", .content = content},
                              {.name = "three", .content = content}};
    cab_bytes cab = cab_build(inner, 3, &(cab_options){.mszip = true});
    const packed_file outer[] = {
        {"first", cab_text("1")}, {"second", cab_text("2")}, {"y.cab", cab_span(&cab)}};
    const packed tar = pack("ustar", NULL, outer, 3);
    const said s = run_decoder(&tar);
    assert_int_equal(s.count, 4);
    check_ends_with(&s, 0, "second");
    check_ends_with(&s, 1, "y.cab");
    check_ends_with(&s, 2, "two");
    free(tar.data);
    cab_free(&cab);
    free(zeros);
}

/* However a nested archive is damaged, the outer one goes on and the damage is told at the member.
 */
static void test_nested_damaged(void **state)
{
    (void)state;
    const cab_file inner[] = {{.name = "one.txt", .content = cab_text("first file")},
                              {.name = "two.txt", .content = cab_text("second file"), .folder = 1}};
    cab_bytes cab = cab_build(inner, 2, NULL);
    for (size_t size = 9; size < cab.size; size++) {
        const packed_file outer[] = {{"cut.cab", {cab.data, size}}, {"after", cab_text("a")}};
        const packed zip = pack("zip", NULL, outer, 2);
        reading r = read_bytes(fp_span_of(zip.data, zip.size));
        assert_fate(&r, FP_FATE_ENDED);
        assert_member(&r, "cut.cab", 1, fp_span_of(cab.data, size));
        assert_member(&r, "after", 1, cab_text("a"));
        const recorded_member *m = record_find(r.record, "cut.cab");
        assert_int_equal(m->nested, FP_FATE_REFUSED);
        assert_true(strlen(m->nested_message) > 0);
        reading_free(&r);
        free(zip.data);
    }
    cab_free(&cab);
}

/* The outer archive is cut inside the nested one: the outer's failure is what is told. */
static void test_outer_damaged(void **state)
{
    (void)state;
    const fp_span big = big_content();
    const packed_file inner[] = {{"one", cab_text("1")}, {"big", big}};
    const packed nested = pack("ustar", NULL, inner, 2);
    const packed_file outer = {"inner.tar", {nested.data, nested.size}};
    const packed tar = pack("ustar", NULL, &outer, 1);
    reading r = read_bytes(fp_span_of(tar.data, tar.size / 2));
    assert_fate(&r, FP_FATE_REFUSED);
    assert_string_equal(r.result.member, "inner.tar");
    assert_false(record_find(r.record, "inner.tar")->complete);
    assert_member(&r, "one", 2, cab_text("1"));
    assert_false(record_find(r.record, "big")->complete);
    reading_free(&r);
    free(tar.data);
    free(nested.data);
}

static void test_nested_7z(void **state)
{
    (void)state;
    const packed_file inner = {"x", cab_text("x")};
    const packed nested = pack("7zip", NULL, &inner, 1);
    const packed_file outer[] = {{"x.7z", {nested.data, nested.size}}, {"after", cab_text("a")}};
    const packed zip = pack("zip", NULL, outer, 2);
    reading r = read_bytes(fp_span_of(zip.data, zip.size));
    assert_fate(&r, FP_FATE_ENDED);
    assert_int_equal(r.record->count, 2);
    assert_int_equal(record_find(r.record, "x.7z")->nested, FP_FATE_REFUSED);
    assert_member(&r, "x.7z", 1, fp_span_of(nested.data, nested.size));
    assert_member(&r, "after", 1, cab_text("a"));
    reading_free(&r);
    free(zip.data);
    free(nested.data);
}

/* ---- limits --------------------------------------------------------------------------- */

static void test_limits(void **state)
{
    (void)state;
    enum { ZEROS = 10 * 1000 * 1000 };
    uint8_t *zeros = calloc(1, ZEROS);
    const packed_file bomb = {"bomb", {zeros, ZEROS}};
    const packed zip = pack("zip", NULL, &bomb, 1);
    const packed_file outer[] = {{"bomb.zip", {zip.data, zip.size}}, {"after", cab_text("a")}};
    const packed tar = pack("ustar", NULL, outer, 2);
    fp_archive_limits limits = fp_archive_default_limits;

    limits.member_bytes = ZEROS - 1;
    reading r = read_with(fp_span_of(zip.data, zip.size), &limits, NULL);
    assert_fate(&r, FP_FATE_LIMIT);
    assert_string_equal(r.result.member, "bomb");
    assert_false(record_find(r.record, "bomb")->complete);
    assert_true(r.record->bytes < ZEROS);
    reading_free(&r);

    /* In a nested archive it is that archive's finding. */
    r = read_with(fp_span_of(tar.data, tar.size), &limits, NULL);
    assert_fate(&r, FP_FATE_ENDED);
    assert_int_equal(record_find(r.record, "bomb.zip")->nested, FP_FATE_LIMIT);
    assert_true(record_find(r.record, "bomb.zip")->complete);
    assert_false(record_find(r.record, "bomb")->complete);
    assert_member(&r, "after", 1, cab_text("a"));
    reading_free(&r);

    /* The sum of all is everyone's. */
    limits = fp_archive_default_limits;
    limits.total_bytes = ZEROS;
    r = read_with(fp_span_of(zip.data, zip.size), &limits, NULL);
    assert_fate(&r, FP_FATE_ENDED);
    reading_free(&r);
    r = read_with(fp_span_of(tar.data, tar.size), &limits, NULL);
    assert_fate(&r, FP_FATE_LIMIT);
    assert_string_equal(r.result.member, "bomb");
    assert_true(r.record->bytes <= ZEROS);
    reading_free(&r);
    free(tar.data);
    free(zip.data);
    free(zeros);
}

/* Makes the first block of an xz stream ask for a dictionary of 1 GiB. */
static void ask_for_much(packed xz)
{
    enum { BLOCK_HEADER = 12, LZMA2 = 0x21, DICTIONARY_1_GIB = 36 };
    uint8_t *h = xz.data + BLOCK_HEADER;
    const size_t size = ((size_t)h[0] + 1) * 4;
    for (size_t i = 2; i + 2 < size; i++) {
        if (h[i] == LZMA2 && h[i + 1] == 1)
            h[i + 2] = DICTIONARY_1_GIB;
    }
    const unsigned long sum = crc32(0, h, (unsigned)size - 4);
    for (size_t i = 0; i < 4; i++)
        h[size - 4 + i] = (uint8_t)(sum >> (8 * i));
}

/* Refused by name: nothing dies, and the archive is not called damaged. */
static void test_memory_limit(void **state)
{
    (void)state;
    if (fp_is_watched())
        skip();
    const packed_file file = {"a", big_content()};
    const packed tar = pack("pax", "xz", &file, 1);
    ask_for_much(tar);
    fp_archive_limits limits = fp_archive_default_limits;
    limits.decoder_memory = (uint64_t)4 << 30;
    reading r = read_with(fp_span_of(tar.data, tar.size), &limits, NULL);
    assert_fate(&r, FP_FATE_ENDED);
    reading_free(&r);
    r = read_with(fp_span_of(tar.data, tar.size), &fp_archive_default_limits, NULL);
    assert_fate(&r, FP_FATE_LIMIT);
    reading_free(&r);
    free(tar.data);
}

static void test_event_stops(void **state)
{
    (void)state;
    const packed_file file = {"a", big_content()};
    const packed tar = pack("ustar", NULL, &file, 1);
    const int fd = descriptor_of(fp_span_of(tar.data, tar.size));
    record *seen = record_new();
    seen->stop_with = FP_NOMEM;
    seen->stop_at_byte = 100;
    const fp_archive_events events = record_events(seen);
    fp_archive_result result = {.fate = FP_FATE_DIED};
    fp_diag d = {0};
    assert_int_equal(fp_archive_read(fd, &fp_archive_default_limits, false, &events, &result, &d),
                     FP_NOMEM);
    assert_int_equal(d.status, FP_NOMEM);
    assert_int_equal(result.fate, FP_FATE_DIED); /* outputs are written only on success */
    assert_false(seen->members[0].ended);
    record_free(seen);
    (void)close(fd);
    free(tar.data);
}

static bool after_the_second(void *context)
{
    return ((const record *)context)->count == 2;
}

/* What comes after is not read, however bad it is; a member of level 2 does not count. */
static void test_enough(void **state)
{
    (void)state;
    const packed_file inner[] = {{"x", cab_text("x")}, {"y", cab_text("y")}};
    const packed first = pack("ustar", NULL, inner, 1);
    const packed_file files[] = {
        {"a.tar", fp_span_of(first.data, first.size)}, {"b", cab_text("b")}, {"c", big_content()}};
    const packed tar = pack("ustar", NULL, files, 3);
    const int fd = descriptor_of(fp_span_of(tar.data, tar.size - 2000));
    record *seen = record_new();
    fp_archive_events events = record_events(seen);
    events.enough = after_the_second;
    fp_archive_result result;
    assert_int_equal(fp_archive_read(fd, &fp_archive_default_limits, false, &events, &result, NULL),
                     FP_OK);
    assert_int_equal(result.fate, FP_FATE_ENOUGH);
    assert_true(fp_decoder_fate_is_good(result.fate));
    assert_string_equal(result.message, "");
    assert_int_equal(seen->count, 2); /* a.tar and x: asked when a.tar ended */
    assert_true(seen->members[0].complete && seen->members[1].complete);
    assert_int_equal(seen->disorder, 0);
    record_free(seen);
    (void)close(fd);
    free(first.data);
    free(tar.data);
}

static void test_descriptor_is_left_alone(void **state)
{
    (void)state;
    const packed_file file = {"a", cab_text("a")};
    const packed zip = pack("zip", NULL, &file, 1);
    const int fd = descriptor_of(fp_span_of(zip.data, zip.size));
    assert_int_equal(lseek(fd, 5, SEEK_SET), 5);
    record *seen = record_new();
    const fp_archive_events events = record_events(seen);
    fp_archive_result result;
    assert_int_equal(fp_archive_read(fd, &fp_archive_default_limits, true, &events, &result, NULL),
                     FP_OK);
    assert_int_equal(result.fate, FP_FATE_ENDED);
    assert_int_equal(lseek(fd, 0, SEEK_CUR), 5);
    record_free(seen);
    (void)close(fd);
    free(zip.data);
}

static void test_not_a_file(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    record *seen = record_new();
    const fp_archive_events events = record_events(seen);
    fp_archive_result result;
    assert_int_equal(
        fp_archive_read(ends[0], &fp_archive_default_limits, false, &events, &result, NULL), FP_IO);
    record_free(seen);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

/* ---- the jail: what a child that was taken over can do -------------------------------- */

static int tries_nothing(void *context, int in, int out)
{
    char byte = 0;
    (void)context;
    return pread(in, &byte, 1, 0) == 1 && write(out, &byte, 1) == 1 ? 7 : 1;
}

static int expect(bool condition)
{
    return condition ? 7 : 1;
}

static int tries_open(void *context, int in, int out)
{
    (void)context, (void)in, (void)out;
    const int fd = open("/etc/passwd", O_RDONLY);
    return expect(fd < 0 && errno == EPERM);
}

static int tries_to_create(void *context, int in, int out)
{
    (void)context, (void)in, (void)out;
    const int fd = open("/tmp/fixproof-escape", O_WRONLY | O_CREAT, 0600);
    return expect(fd < 0 && errno == EPERM && unlink("/tmp/x") != 0 && errno == EPERM);
}

static int tries_to_write_evidence(void *context, int in, int out)
{
    (void)context, (void)out;
    return expect(write(in, "x", 1) < 0 && errno == EBADF);
}

static int tries_other_descriptors(void *context, int in, int out)
{
    (void)context;
    char byte;
    for (int fd = 0; fd < 1024; fd++) {
        const bool ours = fd == in || fd == out || (fp_is_watched() && fd == 2);
        if (!ours && (read(fd, &byte, 1) >= 0 || errno != EBADF))
            return 1;
    }
    return 7;
}

static int tries_executable_memory(void *context, int in, int out)
{
    (void)context, (void)in, (void)out;
    void *p =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p != MAP_FAILED)
        return 1;
    p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return expect(p != MAP_FAILED && mprotect(p, 4096, PROT_READ | PROT_EXEC) != 0);
}

static int tries_to_map_a_file(void *context, int in, int out)
{
    (void)context, (void)out;
    return expect(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, in, 0) == MAP_FAILED && errno == EPERM);
}

static int tries_to_kill_its_parent(void *context, int in, int out)
{
    (void)context, (void)in, (void)out;
    return expect(kill(getppid(), SIGTERM) != 0 && errno == EPERM);
}

static int tries_much_memory(void *context, int in, int out)
{
    (void)context, (void)in, (void)out;
    return expect(mmap(NULL, (size_t)256 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                       -1, 0) == MAP_FAILED);
}

static int tries_fork(void *context, int in, int out)
{
    (void)context, (void)in, (void)out;
    return fork() < 0 ? 7 : 1;
}

static int tries_exec(void *context, int in, int out)
{
    (void)context, (void)in, (void)out;
    static char name[] = "true";
    char *const arguments[] = {name, NULL};
    return execve("/bin/true", arguments, arguments) != 0 ? 7 : 1;
}

static int tries_socket(void *context, int in, int out)
{
    (void)context, (void)in, (void)out;
    return socket(AF_INET, SOCK_STREAM, 0) < 0 ? 7 : 1;
}

static int tries_abort(void *context, int in, int out)
{
    (void)context, (void)in, (void)out;
    abort();
    return 1;
}

static const struct jail_row {
    const char *name;
    fp_jail_entry *entry;
    int code;   /* 7: the attempt was denied */
    int signal; /* that ends it instead */
    enum { NEVER, UNLESS_NATIVE, UNDER_VALGRIND } skip;
} jail_rows[] = {
    {"jail: works", tries_nothing, 7, 0, NEVER},
    {"jail: opens a file", tries_open, 7, 0, NEVER},
    {"jail: creates a file", tries_to_create, 7, 0, NEVER},
    {"jail: writes to the evidence", tries_to_write_evidence, 7, 0, NEVER},
    {"jail: uses other descriptors", tries_other_descriptors, 7, 0, NEVER},
    {"jail: makes code", tries_executable_memory, 7, 0, UNDER_VALGRIND},
    {"jail: maps a file", tries_to_map_a_file, 7, 0, NEVER},
    {"jail: kills its parent", tries_to_kill_its_parent, 7, 0, NEVER},
    {"jail: takes much memory", tries_much_memory, 7, 0, UNLESS_NATIVE},
    {"jail: forks", tries_fork, 0, SIGSYS, NEVER},
    {"jail: executes", tries_exec, 0, SIGSYS, UNDER_VALGRIND},
    {"jail: opens a socket", tries_socket, 0, SIGSYS, NEVER},
    {"jail: aborts", tries_abort, 0, SIGABRT, UNDER_VALGRIND},
};

static void test_jail(void **state)
{
    const struct jail_row *row = *state;
    if ((row->skip == UNLESS_NATIVE && fp_is_watched()) ||
        (row->skip == UNDER_VALGRIND && RUNNING_ON_VALGRIND))
        skip();
    const int spare = open("/dev/null", O_RDONLY); /* one more that the child must not have */
    const int fd = descriptor_of(cab_text("evidence"));
    const fp_jail_limits limits = {.memory_bytes = 64 << 20, .cpu_seconds = 30};
    fp_jail jail;
    assert_int_equal(fp_jail_start(row->entry, NULL, fd, &limits, true, &jail, NULL), FP_OK);
    assert_true(jail.confined);
    char byte;
    while (read(jail.from_child, &byte, 1) > 0)
        continue; /* until its end: stopping it would hide how it ended */
    const fp_jail_exit end = fp_jail_stop(&jail);
    assert_int_equal(end.signal, row->signal);
    assert_int_equal(end.code, row->code);
    (void)close(spare);
    (void)close(fd);
}

/* ---- the parent: what a bad child gets ------------------------------------------------ */

static const fp_archive_member some_member = {
    .level = 1, .name = {"name", 4}, .size_known = true, .size = 5, .regular = true};

static fp_frame_writer *writer(int out)
{
    fp_frame_writer *w = calloc(1, sizeof *w);
    w->fd = out;
    return w;
}

/* Says this much, all true, and gets it to the parent. */
static void say_a_beginning(int out)
{
    fp_frame_writer *w = writer(out);
    fp_frame_begin(w, &some_member);
    fp_frame_data(w, 1, fp_span_of("ab", 2));
    const ssize_t n = write(out, w->buffer, w->used);
    (void)n;
    free(w);
}

static int dies_of_a_signal(void *context, int in, int out)
{
    (void)context, (void)in;
    say_a_beginning(out);
    (void)signal(SIGSEGV, SIG_DFL);
    (void)raise(SIGSEGV);
    return 0;
}

static int dies_with_a_code(void *context, int in, int out)
{
    (void)context, (void)in;
    say_a_beginning(out);
    return 3;
}

static int ends_too_soon(void *context, int in, int out)
{
    (void)context, (void)in;
    say_a_beginning(out);
    return 0;
}

static int stalls(void *context, int in, int out)
{
    (void)context, (void)in;
    say_a_beginning(out);
    volatile unsigned spin = 0;
    while (spin < UINT32_MAX || spin > 0)
        spin++;
    return 0;
}

static int drips(void *context, int in, int out)
{
    (void)context, (void)in;
    say_a_beginning(out);
    for (;;) { /* bytes, but never a whole frame */
        struct timespec t;
        (void)clock_gettime(CLOCK_MONOTONIC, &t);
        if (t.tv_nsec < 1000 && write(out, "", 1) != 1)
            return 1;
    }
}

static int goes_on_after_the_end(void *context, int in, int out)
{
    (void)context, (void)in;
    fp_frame_writer *w = writer(out);
    fp_frame_over(w, FP_FATE_ENDED, "");
    fp_frame_over(w, FP_FATE_ENDED, "");
    return 0;
}

static int says_complete_too_soon(void *context, int in, int out)
{
    (void)context, (void)in;
    fp_frame_writer *w = writer(out);
    fp_frame_begin(w, &some_member);
    fp_frame_data(w, 1, fp_span_of("ab", 2));
    fp_frame_end(w, 1, true, FP_FATE_UNKNOWN, "");
    fp_frame_over(w, FP_FATE_ENDED, "");
    return 0;
}

static void say_withheld(int out, bool size_known, bool with_data)
{
    fp_frame_writer *w = writer(out);
    fp_archive_member m = some_member;
    m.withheld = true;
    m.size_known = size_known;
    fp_frame_begin(w, &m);
    if (with_data)
        fp_frame_data(w, 1, fp_span_of("ab", 2));
    fp_frame_end(w, 1, true, FP_FATE_UNKNOWN, "");
    fp_frame_over(w, FP_FATE_ENDED, "");
}

static int withholds_and_sends(void *context, int in, int out)
{
    (void)context, (void)in;
    say_withheld(out, true, true);
    return 0;
}

static int withholds_without_a_size(void *context, int in, int out)
{
    (void)context, (void)in;
    say_withheld(out, false, false);
    return 0;
}

static int sends_control_characters(void *context, int in, int out)
{
    (void)context, (void)in;
    fp_frame_writer *w = writer(out);
    fp_archive_member m = some_member;
    m.name = (fp_str){"a\x1B[31m\n", 7};
    fp_frame_begin(w, &m);
    fp_frame_over(w, FP_FATE_REFUSED, "no\x1B]0;title\x07");
    return 0;
}

static const struct child_row {
    const char *name;
    fp_jail_entry *entry;
    fp_decoder_fate fate;
    int signal;
    int code;
    unsigned stall_seconds;
    unsigned cpu_seconds;
    size_t members;
    const char *member;
} child_rows[] = {
    {"child: dies of a signal", dies_of_a_signal, FP_FATE_DIED, SIGSEGV, 0, 60, 60, 1, "name"},
    {"child: dies with a code", dies_with_a_code, FP_FATE_DIED, 0, 3, 60, 60, 1, "name"},
    {"child: ends too soon", ends_too_soon, FP_FATE_LIED, 0, 0, 60, 60, 1, "name"},
    {"child: stalls", stalls, FP_FATE_STALLED, 0, 0, 1, 60, 1, "name"},
    {"child: uses up its CPU time", stalls, FP_FATE_LIMIT, 0, 0, 60, 1, 1, "name"},
    {"child: drips", drips, FP_FATE_STALLED, 0, 0, 1, 60, 1, "name"},
    {"child: goes on after the end", goes_on_after_the_end, FP_FATE_LIED, 0, 0, 60, 60, 0, ""},
    {"child: says complete too soon", says_complete_too_soon, FP_FATE_LIED, 0, 0, 60, 60, 1,
     "name"},
    {"child: withholds and sends", withholds_and_sends, FP_FATE_LIED, 0, 0, 60, 60, 1, "name"},
    {"child: withholds without a size", withholds_without_a_size, FP_FATE_LIED, 0, 0, 60, 60, 0,
     ""},
    {"child: sends control characters", sends_control_characters, FP_FATE_REFUSED, 0, 0, 60, 60, 1,
     "a\\x1b[31m\\x0a"},
};

static void test_child(void **state)
{
    const struct child_row *row = *state;
    if (RUNNING_ON_VALGRIND && row->cpu_seconds == 1)
        skip(); /* valgrind keeps SIGXCPU for itself */
    fp_archive_limits limits = fp_archive_default_limits;
    limits.stall_seconds = row->stall_seconds;
    limits.cpu_seconds = row->cpu_seconds;
    reading r = {.record = record_new()};
    const fp_archive_events events = record_events(r.record);
    const int fd = descriptor_of(cab_text("evidence"));
    const fp_archive_lane lane = {.events = &events, .result = &r.result};
    r.status = fp_archive_read_children(row->entry, &lane, 1, fd, &limits, false, &r.diag);
    assert_fate(&r, row->fate);
    if (!fp_is_watched() || row->signal == 0) {
        assert_int_equal(r.result.signal, row->signal);
        assert_int_equal(r.result.exit_code, row->code);
    }
    if (row->code != 0) /* the number tells who ended it */
        assert_string_equal(r.result.message, "with exit status 3");
    assert_int_equal(r.record->count, row->members);
    assert_string_equal(r.result.member, row->member);
    for (size_t i = 0; i < r.record->count; i++) {
        assert_true(r.record->members[i].ended);
        assert_false(r.record->members[i].complete);
    }
    for (const char *p = r.result.message; *p != '\0'; p++)
        assert_true((unsigned char)*p >= ' ');
    reading_free(&r);
    (void)close(fd);
}

/* ---- several at a time ---- */

static int tells_all(void *context, int in, int out)
{
    (void)context, (void)in;
    fp_frame_writer *w = writer(out);
    fp_frame_begin(w, &some_member);
    fp_frame_data(w, 1, fp_span_of("abcde", 5));
    fp_frame_end(w, 1, true, FP_FATE_UNKNOWN, "");
    fp_frame_over(w, FP_FATE_ENDED, "");
    return 0;
}

typedef struct chosen {
    fp_jail_entry *entry;
} chosen;

static int runs_chosen(void *context, int in, int out)
{
    return ((const chosen *)context)->entry(NULL, in, out);
}

/* One of them goes wrong, the others are heard to their end, and their sum has its fate. */
static void test_one_bad_child_of_several(void **state)
{
    static const struct {
        fp_jail_entry *entry;
        fp_decoder_fate fate;
    } rows[] = {{dies_with_a_code, FP_FATE_DIED},
                {ends_too_soon, FP_FATE_LIED},
                {drips, FP_FATE_STALLED},
                {goes_on_after_the_end, FP_FATE_LIED},
                {sends_control_characters, FP_FATE_REFUSED}};
    enum { COUNT = 3 };
    (void)state;
    fp_archive_limits limits = fp_archive_default_limits;
    limits.stall_seconds = 1;
    const int fd = descriptor_of(cab_text("evidence"));
    for (size_t row = 0; row < COUNT * (sizeof rows / sizeof rows[0]); row++) {
        chosen entries[COUNT] = {{tells_all}, {tells_all}, {tells_all}};
        const size_t bad = row % COUNT;
        entries[bad].entry = rows[row / COUNT].entry;
        record *records[COUNT];
        fp_archive_events events[COUNT];
        fp_archive_result results[COUNT] = {0};
        fp_archive_lane lanes[COUNT];
        for (size_t i = 0; i < COUNT; i++) {
            records[i] = record_new();
            events[i] = record_events(records[i]);
            lanes[i] = (fp_archive_lane){&entries[i], &events[i], &results[i]};
        }
        assert_int_equal(
            fp_archive_read_children(runs_chosen, lanes, COUNT, fd, &limits, false, NULL), FP_OK);
        for (size_t i = 0; i < COUNT; i++) {
            assert_int_equal(results[i].fate, i == bad ? rows[row / COUNT].fate : FP_FATE_ENDED);
            assert_true(i == bad || records[i]->members[0].complete);
            record_free(records[i]);
        }
        const fp_archive_result sum = fp_archive_sum(results, COUNT, &limits);
        assert_int_equal(sum.fate, rows[row / COUNT].fate);
    }
    (void)close(fd);
}

static void test_sum(void **state)
{
    (void)state;
    const fp_archive_limits limits = {.members = 10, .total_bytes = 100};
    fp_archive_result results[2] = {
        {.fate = FP_FATE_ENDED, .confined = true, .members = 6, .bytes = 60},
        {.fate = FP_FATE_ENDED,
         .confined = true,
         .members = 9,
         .nested_members = 4,
         .bytes = 90,
         .nested_bytes = 40}};
    assert_int_equal(fp_archive_sum(results, 2, &limits).fate, FP_FATE_ENDED);
    assert_true(fp_archive_sum(results, 2, &limits).confined);
    results[1].confined = false;
    assert_false(fp_archive_sum(results, 2, &limits).confined);
    results[1].nested_members = 5;
    assert_int_equal(fp_archive_sum(results, 2, &limits).fate, FP_FATE_LIMIT);
    results[1].nested_members = 4;
    results[1].nested_bytes = 41;
    assert_int_equal(fp_archive_sum(results, 2, &limits).fate, FP_FATE_LIMIT);
    results[1].fate = FP_FATE_DIED;
    assert_int_equal(fp_archive_sum(results, 2, &limits).fate, FP_FATE_DIED);
    results[0].fate = FP_FATE_REFUSED;
    assert_int_equal(fp_archive_sum(results, 2, &limits).fate, FP_FATE_REFUSED);
}

int main(void)
{
    /* The writer of the fixtures needs it for names that are not ASCII; the child sets its own. */
    (void)setlocale(LC_ALL, "C.UTF-8");
    enum {
        FORMATS = sizeof format_rows / sizeof format_rows[0],
        JAILS = sizeof jail_rows / sizeof jail_rows[0],
        CHILDREN = sizeof child_rows / sizeof child_rows[0]
    };
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(test_no_archive),
        cmocka_unit_test(test_one_bad_child_of_several),
        cmocka_unit_test(test_sum),
        cmocka_unit_test(test_gzip_of_no_tar),
        cmocka_unit_test(test_folders_and_links),
        cmocka_unit_test(test_many_members),
        cmocka_unit_test(test_nested),
        cmocka_unit_test(test_descend),
        cmocka_unit_test(test_wants),
        cmocka_unit_test(test_large_ones_are_never_withheld),
        cmocka_unit_test(test_silence_is_broken),
        cmocka_unit_test(test_nested_damaged),
        cmocka_unit_test(test_outer_damaged),
        cmocka_unit_test(test_nested_7z),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_memory_limit),
        cmocka_unit_test(test_event_stops),
        cmocka_unit_test(test_enough),
        cmocka_unit_test(test_descriptor_is_left_alone),
        cmocka_unit_test(test_not_a_file),
    };
    enum { OTHERS = sizeof others / sizeof others[0] };
    static struct CMUnitTest tests[2 * FORMATS + JAILS + CHILDREN + OTHERS];
    static char names[2 * FORMATS][64];
    size_t count = 0;
    for (size_t i = 0; i < FORMATS; i++) {
        (void)snprintf(names[2 * i], sizeof names[0], "format: %s", format_rows[i].name);
        (void)snprintf(names[2 * i + 1], sizeof names[0], "cut anywhere: %s", format_rows[i].name);
        tests[count++] =
            (struct CMUnitTest){names[2 * i], test_format, NULL, NULL, (void *)&format_rows[i]};
        tests[count++] = (struct CMUnitTest){names[2 * i + 1], test_format_cut, NULL, NULL,
                                             (void *)&format_rows[i]};
    }
    for (size_t i = 0; i < JAILS; i++)
        tests[count++] =
            (struct CMUnitTest){jail_rows[i].name, test_jail, NULL, NULL, (void *)&jail_rows[i]};
    for (size_t i = 0; i < CHILDREN; i++)
        tests[count++] =
            (struct CMUnitTest){child_rows[i].name, test_child, NULL, NULL, (void *)&child_rows[i]};
    for (size_t i = 0; i < OTHERS; i++)
        tests[count++] = others[i];
    return RUN_TESTS(tests);
}
