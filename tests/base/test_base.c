/* SPDX-License-Identifier: MIT */
#include "tests/support/check.h"

#include "inventory/base/arena.h"
#include "inventory/base/bytes.h"
#include "inventory/base/digest.h"
#include "inventory/base/fact.h"
#include "inventory/base/json.h"
#include "inventory/base/out.h"
#include "inventory/base/time.h"
#include "inventory/base/tri.h"
#include "inventory/base/version.h"

#include <stdio.h>

static fp_span bytes_of(const char *text)
{
    return fp_span_of(text, strlen(text));
}

static void first_failure_wins(void **state)
{
    (void)state;
    fp_diag d = {.status = FP_OK};
    assert_int_equal(fp_fail(&d, FP_FORMAT, "regf", 7, "bad %d", 1), FP_FORMAT);
    assert_int_equal(fp_fail(&d, FP_IO, "io", 9, "later"), FP_IO);
    assert_int_equal(d.status, FP_FORMAT);
    assert_int_equal(d.where, 7);
    assert_string_equal(d.message, "bad 1");
    assert_int_equal(fp_fail(NULL, FP_LIMIT, "x", 0, "no diag"), FP_LIMIT);
}

static void arena_keeps_its_budget(void **state)
{
    (void)state;
    fp_arena *a = fp_arena_new(100);
    assert_non_null(fp_arena_alloc(a, 60));
    assert_null(fp_arena_alloc(a, 41));
    assert_non_null(fp_arena_alloc(a, 40));
    assert_null(fp_arena_alloc(a, 1));
    assert_null(fp_arena_alloc_array(a, SIZE_MAX / 2, 3));
    fp_arena_free(a);
}

static void arena_objects_are_zeroed_and_do_not_move(void **state)
{
    (void)state;
    fp_arena *a = fp_arena_new(10 * 1000 * 1000);
    unsigned char *objects[200];
    for (size_t i = 0; i < 200; i++) {
        const size_t size = i % 7 == 0 ? 40000 : i + 1;
        objects[i] = fp_arena_alloc(a, size);
        assert_non_null(objects[i]);
        for (size_t k = 0; k < size; k++)
            assert_int_equal(objects[i][k], 0);
        memset(objects[i], (int)i, size);
    }
    for (size_t i = 0; i < 200; i++)
        assert_int_equal(objects[i][0], i);
    fp_arena_free(a);
}

static void arena_grows_arrays(void **state)
{
    (void)state;
    fp_arena *a = fp_arena_new(1 << 20);
    int *numbers = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        numbers = fp_arena_grow(a, numbers, (size_t)i, &capacity, sizeof *numbers);
        assert_non_null(numbers);
        numbers[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers[i], i);
    fp_arena_free(a);
}

static void reader_failure_sticks(void **state)
{
    (void)state;
    static const uint8_t data[] = {1, 2, 3, 4, 5, 6, 7};
    fp_reader r = fp_reader_at(fp_span_of(data, sizeof data), 1);
    assert_int_equal(fp_read_u16le(&r), 0x0302);
    assert_int_equal(fp_read_u32le(&r), 0x07060504);
    assert_true(fp_reader_ok(&r));
    assert_int_equal(fp_read_u8(&r), 0);
    assert_false(fp_reader_ok(&r));
    assert_int_equal(fp_reader_left(&r), 0);
    assert_int_equal(fp_read_span(&r, 0).size, 0);

    fp_reader outside = fp_reader_at(fp_span_of(data, sizeof data), 8);
    assert_false(fp_reader_ok(&outside));
    fp_reader at_end = fp_reader_at(fp_span_of(data, sizeof data), 7);
    assert_true(fp_reader_ok(&at_end));
    assert_int_equal(fp_read_u64le(&at_end), 0);
    assert_false(fp_reader_ok(&at_end));
}

static void spans_do_not_leave_their_whole(void **state)
{
    (void)state;
    fp_span part;
    const fp_span whole = bytes_of("0123456789");
    assert_true(fp_span_sub(whole, 10, 0, &part));
    assert_true(fp_span_sub(whole, 3, 7, &part));
    assert_int_equal(part.data[0], '3');
    assert_false(fp_span_sub(whole, 3, 8, &part));
    assert_false(fp_span_sub(whole, 11, 0, &part));
    assert_false(fp_span_sub(whole, 1, UINT64_MAX, &part));
}

static void kleene_tables(void **state)
{
    (void)state;
    static const fp_tri all[] = {FP_UNKNOWN, FP_FALSE, FP_TRUE};
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < 3; k++) {
            /* By definition: the result is definite when every completion of the unknowns agrees.
             */
            bool and_true = false, and_false = false, or_true = false, or_false = false;
            for (int a = 0; a < 2; a++) {
                for (int b = 0; b < 2; b++) {
                    if ((all[i] != FP_UNKNOWN && (all[i] == FP_TRUE) != a) ||
                        (all[k] != FP_UNKNOWN && (all[k] == FP_TRUE) != b))
                        continue;
                    *(a && b ? &and_true : &and_false) = true;
                    *(a || b ? &or_true : &or_false) = true;
                }
            }
            const fp_tri expected_and = and_true && and_false ? FP_UNKNOWN : fp_tri_of(and_true);
            const fp_tri expected_or = or_true && or_false ? FP_UNKNOWN : fp_tri_of(or_true);
            assert_int_equal(fp_tri_and(all[i], all[k]), expected_and);
            assert_int_equal(fp_tri_or(all[i], all[k]), expected_or);
        }
    }
    assert_int_equal(fp_tri_not(FP_UNKNOWN), FP_UNKNOWN);
    assert_int_equal(fp_tri_not(FP_TRUE), FP_FALSE);
    assert_int_equal(fp_tri_not(FP_FALSE), FP_TRUE);
}

static void digests_match_the_standards_vectors(void **state)
{
    (void)state;
    uint8_t out[FP_SHA256_SIZE];
    char hex[FP_SHA256_HEX_SIZE];
    assert_int_equal(fp_digest_span(FP_SHA256, bytes_of("abc"), out), FP_OK);
    fp_hex(out, FP_SHA256_SIZE, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(fp_digest_span(FP_SHA1, bytes_of("abc"), out), FP_OK);
    fp_hex(out, FP_SHA1_SIZE, hex);
    assert_string_equal(hex, "a9993e364706816aba3e25717850c26c9cd0d89d");
}

/* From two places that are written anew in turn, as files are read. */
static void digests_beside_are_the_same(void **state)
{
    (void)state;
    enum { PIECE = 64 * 1024, PIECES = 50 };
    static uint8_t places[2][PIECE];
    uint8_t expected[FP_SHA256_SIZE], out[FP_SHA256_SIZE];
    fp_digest *in_place = fp_digest_new(FP_SHA256), *beside = fp_digest_new_beside(FP_SHA256);
    assert_true(in_place != NULL && beside != NULL);
    for (unsigned i = 0; i < PIECES; i++) {
        memset(places[i % 2], (int)i, PIECE);
        const fp_span piece = fp_span_of(places[i % 2], PIECE - i);
        fp_digest_update(in_place, piece);
        fp_digest_update(beside, piece);
    }
    fp_digest_settle(beside);
    memset(places, 0xFF, sizeof places);
    assert_int_equal(fp_digest_finish(in_place, expected), FP_OK);
    assert_int_equal(fp_digest_finish(beside, out), FP_OK);
    assert_memory_equal(out, expected, sizeof out);
    fp_digest_free(fp_digest_new_beside(FP_SHA1)); /* never used */
}

static void only_all_digits_are_bytes(void **state)
{
    (void)state;
    uint8_t out[2] = {1, 2};
    assert_false(fp_unhex(FP_STR("abc"), 2, out));
    assert_false(fp_unhex(FP_STR("abcde"), 2, out));
    assert_false(fp_unhex(FP_STR("abcdef"), 2, out));
    assert_false(fp_unhex(FP_STR("00g0"), 2, out));
    assert_false(fp_unhex(FP_STR("000x"), 2, out));
    assert_false(fp_unhex((fp_str){NULL, 0}, 2, out));
    assert_true(fp_unhex(FP_STR("aBfF"), 2, out));
    assert_int_equal(out[0], 0xAB);
    assert_int_equal(out[1], 0xFF);
}

static void versions_are_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *a;
        const char *b;
        int order; /* 2: a is no version */
    } rows[] = {
        {"4.00.6221.1000", "4.0.6221.1000", 0},
        {"4.0", "4.0.0.0", 0},
        {"4.0.10", "4.0.9", 1},
        {"2.50.4253.3000", "4.00.5931.0000", -1},
        {"5.00.9141.1000", "5.00.9141.999", 1},
        {"4294967295", "1", 1},
        {"4294967296.0", "1", 2},
        {"abc", "1", 2},
        {"", "1", 2},
        {"4.0.", "1", 2},
        {".4", "1", 2},
        {"4..0", "1", 2},
        {"4,0,6221", "1", 2},
        {"4.0.6221.1193 (srv)", "1", 2},
        {" 4.0", "1", 2},
        {"+4.0", "1", 2},
        {"1.2.3.4.5.6.7.8.9", "1", 2},
        {"00000000004.0", "1", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fp_version a, b;
        assert_true(fp_version_parse(fp_str_of(rows[i].b), &b));
        const bool good = fp_version_parse(fp_str_of(rows[i].a), &a);
        if (good != (rows[i].order != 2))
            fail_msg("%s", rows[i].a);
        if (!good)
            continue;
        assert_int_equal(fp_version_compare(&a, &b), rows[i].order);
        assert_int_equal(fp_version_compare(&b, &a), -rows[i].order);
    }
}

static void times_round_trip(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        const char *out; /* NULL: refused */
    } rows[] = {
        {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
        {"2008-06-13T04:05:06Z", "2008-06-13T04:05:06Z"},
        {"2008-06-13T04:05:06.5+02:00", "2008-06-13T02:05:06.500Z"},
        {"2008-06-13 04:05:06-07:00", "2008-06-13T11:05:06Z"},
        {"2008-02-29", "2008-02-29T00:00:00Z"},
        {"2000-02-29", "2000-02-29T00:00:00Z"},
        {"1900-02-28T23:59:59.999Z", "1900-02-28T23:59:59.999Z"},
        {"1601-01-01", "1601-01-01T00:00:00Z"},
        {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
        {"1900-02-29", NULL},
        {"2008-13-01", NULL},
        {"2008-06-31", NULL},
        {"2008-06-13T24:00:00Z", NULL},
        {"2008-06-13T04:05:06", NULL},
        {"2008-06-13T04:05:06.Z", NULL},
        {"2008-06-13T04:05:06Zx", NULL},
        {"2008-6-13", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fp_time t;
        char text[FP_TIME_TEXT_SIZE];
        const bool good = fp_time_parse(fp_str_of(rows[i].in), &t);
        if (good != (rows[i].out != NULL))
            fail_msg("%s", rows[i].in);
        if (good)
            assert_string_equal(fp_time_format(t, text), rows[i].out);
    }
    char text[FP_TIME_TEXT_SIZE];
    assert_string_equal(fp_time_format(FP_TIME_NONE, text), "unknown");
    /* 2008-06-13T00:00:00Z as a FILETIME */
    assert_string_equal(fp_time_format(fp_time_from_filetime(UINT64_C(128577888000000000)), text),
                        "2008-06-13T00:00:00Z");
    assert_true(fp_time_from_filetime(0) == FP_TIME_NONE);
    assert_true(fp_time_from_filetime(UINT64_MAX) == FP_TIME_NONE);
}

static void every_day_of_four_centuries(void **state)
{
    (void)state;
    fp_time previous = FP_TIME_NONE;
    for (int year = 1800; year <= 2200; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= 31; day++) {
                fp_time t;
                if (!fp_time_civil(year, month, day, 0, 0, 0, 0, &t))
                    continue;
                if (previous != FP_TIME_NONE)
                    assert_int_equal(t - previous, 86400000);
                previous = t;
                char expected[40], text[FP_TIME_TEXT_SIZE];
                (void)snprintf(expected, sizeof expected, "%04d-%02d-%02dT00:00:00Z", year, month,
                               day);
                assert_string_equal(fp_time_format(t, text), expected);
            }
        }
    }
}

static void json_is_strict(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "{",
        "{\"a\":1,\"a\":2}",
        "[1,]",
        "\"\xff\"",
        "\"\\ud800\"",
        "{\"a\":01}",
        "nul",
        "[1] x",
        "'a'",
        "{a:1}",
        "\"a\nb\"",
        "1e999",
        "[\"\\u0000\"]",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        fp_json *root = NULL;
        fp_diag d = {.status = FP_OK};
        if (fp_json_parse(bytes_of(bad[i]), &root, &d) != FP_FORMAT)
            fail_msg("accepted: %s", bad[i]);
    }
    char deep[2 * FP_JSON_DEPTH_MAX + 3];
    memset(deep, '[', FP_JSON_DEPTH_MAX + 1);
    memset(deep + FP_JSON_DEPTH_MAX + 1, ']', FP_JSON_DEPTH_MAX + 1);
    fp_json *root = NULL;
    assert_int_equal(fp_json_parse(fp_span_of(deep, 2 * FP_JSON_DEPTH_MAX + 2), &root, NULL),
                     FP_LIMIT);
    assert_int_equal(fp_json_parse(fp_span_of(deep + 1, 2 * FP_JSON_DEPTH_MAX), &root, NULL),
                     FP_OK);
    fp_json_free(root);
}

static void json_errors_name_the_line(void **state)
{
    (void)state;
    fp_json *root = NULL;
    fp_diag d = {.status = FP_OK};
    assert_int_equal(fp_json_parse(bytes_of("{\n \"a\": 1,\n \"b\" 2\n}"), &root, &d), FP_FORMAT);
    assert_int_equal(d.where, 3);
}

static void json_keeps_order_and_repairs_text(void **state)
{
    (void)state;
    fp_json *root = fp_json_new_object();
    assert_true(fp_json_put(root, "z", fp_json_new_integer(-3)));
    assert_true(fp_json_put(root, "a", fp_json_new_string(FP_STR("x\xffy"))));
    fp_json *list = fp_json_new_array();
    assert_true(fp_json_add(list, fp_json_new_bool(true)));
    assert_true(fp_json_put(root, "list", list));
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(fp_json_write(root, &text, &size), FP_OK);
    assert_string_equal(text, "{\n  \"z\": -3,\n  \"a\": \"x\xEF\xBF\xBDy\",\n"
                              "  \"list\": [\n    true\n  ]\n}\n");
    free(text);
    fp_json_free(root);
}

static void text_is_recognised_and_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        size_t size;
        fp_encoding encoding;
        const char *out;
        uint64_t bad;
    } rows[] = {
        {"plain", 5, FP_ENCODING_UTF8, "plain", 0},
        {"\xEF\xBB\xBF"
         "abc",
         6, FP_ENCODING_UTF8, "abc", 0},
        {"\xFF\xFE"
         "a\0\x3d\xd8\x00\xde",
         8, FP_ENCODING_UTF16LE, "a\xF0\x9F\x98\x80", 0},
        {"\xFE\xFF\0a\0b", 6, FP_ENCODING_UTF16BE, "ab", 0},
        {"a\0b\0c\0d\0", 8, FP_ENCODING_UTF16LE, "abcd", 0},
        {"\0a\0b\0c\0d", 8, FP_ENCODING_UTF16BE, "abcd", 0},
        {"\xFF\xFE\x00\xd8"
         "a\0",
         6, FP_ENCODING_UTF16LE,
         "\xEF\xBF\xBD"
         "a",
         1},
        {"\xFF\xFE"
         "a\0b",
         5, FP_ENCODING_UTF16LE, "a\xEF\xBF\xBD", 1},
        {"caf\xe9 ole", 8, FP_ENCODING_UNKNOWN, "caf\xEF\xBF\xBD ole", 1},
        {"caf\xc3\xa9", 5, FP_ENCODING_UTF8, "caf\xc3\xa9", 0},
        {"cut\xe2\x82", 5, FP_ENCODING_UTF8, "cut\xEF\xBF\xBD", 1},
        {"", 0, FP_ENCODING_UTF8, "", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fp_arena *a = fp_arena_new(4096);
        const fp_span in = fp_span_of(rows[i].in, rows[i].size);
        const fp_text_format format = fp_text_sniff(in);
        assert_int_equal(format.encoding, rows[i].encoding);
        fp_str out;
        fp_text_counts counts;
        assert_int_equal(fp_text_decode(format, in, a, &out, &counts, NULL), FP_OK);
        assert_str(out, rows[i].out);
        assert_int_equal(counts.bad, rows[i].bad);
        fp_arena_free(a);
    }
}

static void code_pages_by_name(void **state)
{
    (void)state;
    fp_arena *a = fp_arena_new(4096);
    fp_str out;
    fp_text_counts counts;
    fp_text_format format = {.encoding = FP_ENCODING_CODE_PAGE, .code_page = "CP1250"};
    assert_int_equal(fp_text_decode(format, bytes_of("Kol\xedn \xef\xe8"), a, &out, &counts, NULL),
                     FP_OK);
    assert_str(out, "Kol\u00edn \u010f\u010d");
    format.code_page = "no-such-page";
    assert_int_equal(fp_text_decode(format, bytes_of("x"), a, &out, &counts, NULL), FP_UNSUPPORTED);
    fp_arena_free(a);
}

static void names_compare_without_case(void **state)
{
    (void)state;
    assert_int_equal(fp_str_casecmp(FP_STR("Wow6432Node"), FP_STR("WOW6432node")), 0);
    assert_int_equal(fp_str_casecmp(FP_STR("Kol\u00edn"), FP_STR("KOL\u00cdN")), 0);
    assert_int_equal(fp_str_casecmp(FP_STR("\u00ff"), FP_STR("\u0178")), 0);
    assert_int_equal(fp_str_casecmp(FP_STR("a"), FP_STR("b")), -1);
    assert_int_equal(fp_str_casecmp(FP_STR("ab"), FP_STR("a")), 1);
    /* A look-alike outside ASCII is not the ASCII letter. */
    assert_int_not_equal(fp_str_casecmp(FP_STR("SM\u017f"), FP_STR("SMS")), 0);
    assert_int_not_equal(fp_str_casecmp(FP_STR("K\u0131"), FP_STR("KI")), 0);
}

static void display_disarms_text(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        const char *out;
    } rows[] = {
        {"C:\\Program Files", "C:\\Program Files"},
        {"a\x1b[31mb", "a\\x1b[31mb"},
        {"line\nnext", "line\\x0anext"},
        {"x\u202ey", "x\\u{202e}y"},
        {"\xff", "\\xff"},
        {"\xc2\x85", "\\u{0085}"},
        {"Kol\u00edn", "Kol\u00edn"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fp_arena *a = fp_arena_new(4096);
        fp_str out;
        assert_int_equal(fp_text_display(fp_str_of(rows[i].in), a, &out), FP_OK);
        assert_str(out, rows[i].out);
        fp_arena_free(a);
    }
}

static void strings(void **state)
{
    (void)state;
    fp_str rest = FP_STR("a..b");
    fp_str piece;
    assert_true(fp_str_split(&rest, '.', &piece));
    assert_str(piece, "a");
    assert_true(fp_str_split(&rest, '.', &piece));
    assert_str(piece, "");
    assert_true(fp_str_split(&rest, '.', &piece));
    assert_str(piece, "b");
    assert_false(fp_str_split(&rest, '.', &piece));
    assert_int_equal(fp_str_ifind(FP_STR("Title KB954474 x"), FP_STR("kb954474")), 6);
    assert_int_equal(fp_str_find(FP_STR("abc"), FP_STR("abcd")), -1);
    assert_str(fp_str_trim(FP_STR(" \t x y\r\n")), "x y");
    uint64_t n;
    assert_true(fp_str_to_u64(FP_STR("18446744073709551615"), &n));
    assert_false(fp_str_to_u64(FP_STR("18446744073709551616"), &n));
    assert_false(fp_str_to_u64(FP_STR(""), &n));
    assert_true(fp_str_iends(FP_STR("WSYNCMGR.LO_"), FP_STR(".lo_")));
    assert_false(fp_str_starts(FP_STR("a"), FP_STR("ab")));
}

static void observations_are_bounded(void **state)
{
    (void)state;
    fp_arena *a = fp_arena_new(1 << 20);
    fp_observations list = {0};
    for (int i = 0; i < FP_OBSERVATIONS_MAX + 1; i++)
        fp_observe(&list, a, (fp_origin){.item = 1}, "value %d", i);
    assert_int_equal(list.count, FP_OBSERVATIONS_MAX);
    assert_true(list.lost);
    assert_false(fp_observations_starved(&list));
    assert_str(list.at[3].value, "value 3");
    fp_arena_free(a);

    fp_arena *starved = fp_arena_new(1);
    fp_observations none = {0};
    fp_observe(&none, starved, (fp_origin){.item = 1}, "value");
    assert_true(fp_observations_starved(&none));
    fp_arena_free(starved);
}

static void output_grows(void **state)
{
    (void)state;
    fp_out out = {0};
    for (int i = 0; i < 10000; i++)
        fp_out_printf(&out, "%d,", i % 10);
    fp_out_char(&out, '-', 3);
    fp_out_text(&out, "end");
    assert_false(out.failed);
    assert_int_equal(out.size, 20006);
    assert_string_equal(out.data + 20000, "---end");
    fp_out_free(&out);
}

static void test_file_names(void **state)
{
    (void)state;
    assert_str(fp_str_tail(FP_STR("a.exe"), 2), "exe");
    assert_str(fp_str_tail(FP_STR("a.exe"), 5), "");
    assert_str(fp_str_tail((fp_str){NULL, 0}, 0), "");
    assert_str(fp_str_file_name(FP_STR("a.exe")), "a.exe");
    assert_str(fp_str_file_name(FP_STR("set.zip!/bin/i386/a.EXE")), "a.EXE");
    assert_str(fp_str_file_name(FP_STR("C:\\bin\\a.exe")), "a.exe");
    assert_str(fp_str_file_name(FP_STR("C:\\bin/a.exe")), "a.exe");
    assert_str(fp_str_file_name(FP_STR("a.exe/")), "");
    assert_str(fp_str_file_name((fp_str){NULL, 0}), "");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file_names),
        cmocka_unit_test(first_failure_wins),
        cmocka_unit_test(arena_keeps_its_budget),
        cmocka_unit_test(arena_objects_are_zeroed_and_do_not_move),
        cmocka_unit_test(arena_grows_arrays),
        cmocka_unit_test(reader_failure_sticks),
        cmocka_unit_test(spans_do_not_leave_their_whole),
        cmocka_unit_test(kleene_tables),
        cmocka_unit_test(digests_match_the_standards_vectors),
        cmocka_unit_test(digests_beside_are_the_same),
        cmocka_unit_test(only_all_digits_are_bytes),
        cmocka_unit_test(versions_are_numbers),
        cmocka_unit_test(times_round_trip),
        cmocka_unit_test(every_day_of_four_centuries),
        cmocka_unit_test(json_is_strict),
        cmocka_unit_test(json_errors_name_the_line),
        cmocka_unit_test(json_keeps_order_and_repairs_text),
        cmocka_unit_test(text_is_recognised_and_decoded),
        cmocka_unit_test(code_pages_by_name),
        cmocka_unit_test(names_compare_without_case),
        cmocka_unit_test(display_disarms_text),
        cmocka_unit_test(strings),
        cmocka_unit_test(observations_are_bounded),
        cmocka_unit_test(output_grows),
    };
    return RUN_TESTS(tests);
}
