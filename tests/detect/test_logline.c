/* SPDX-License-Identifier: MIT */
#include "tests/support/check.h"
#include "tests/support/logs.h"

#include "detect/logline.h"

#include <stdio.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

/* ---- one line ---- */

typedef struct line_row {
    const char *name, *line;
    fp_log_framing framing;
    const char *time;  /* UTC, "unknown" */
    const char *local; /* as if UTC */
    const char *message, *component;
    uint32_t thread;
    bool stamp_bad;
} line_row;

#define TAIL "><thread=4844 (0x12EC)>"

static const line_row line_rows[] = {
    {"site", "Starting Sync $$<SMS_WSUS_SYNC_MANAGER><02-08-2020 02:13:11.659+480" TAIL,
     FP_LOG_SITE, "2020-02-08T10:13:11.659Z", "2020-02-08T02:13:11.659Z", "Starting Sync",
     "SMS_WSUS_SYNC_MANAGER", 4844, false},
    {"site, two blanks and a tilde", "Done.~  $$<A><11-30-2022 01:03:34.174-60" TAIL, FP_LOG_SITE,
     "2022-11-30T00:03:34.174Z", "2022-11-30T01:03:34.174Z", "Done.", "A", 4844, false},
    {"site, no blank", "Done.$$<A><11-30-2022 01:03:34.174-60" TAIL, FP_LOG_SITE,
     "2022-11-30T00:03:34.174Z", "2022-11-30T01:03:34.174Z", "Done.", "A", 4844, false},
    {"site, no message", "$$<A><11-30-2022 01:03:34.174+000" TAIL, FP_LOG_SITE,
     "2022-11-30T01:03:34.174Z", "2022-11-30T01:03:34.174Z", "", "A", 4844, false},
    {"site, a tilde inside", "a~b~~ $$<A><11-30-2022 01:03:34.174+00" TAIL, FP_LOG_SITE,
     "2022-11-30T01:03:34.174Z", "2022-11-30T01:03:34.174Z", "a~b", "A", 4844, false},
    {"site, blanks behind", "m $$<A><11-30-2022 01:03:34.174+00" TAIL "  \t", FP_LOG_SITE,
     "2022-11-30T01:03:34.174Z", "2022-11-30T01:03:34.174Z", "m", "A", 4844, false},
    {"site, the message forges a framing",
     "x $$<B><01-01-2001 00:00:00.000+000><thread=1 (0x1)> $$<A><11-30-2022 01:03:34.174+0" TAIL,
     FP_LOG_SITE, "2022-11-30T01:03:34.174Z", "2022-11-30T01:03:34.174Z",
     "x $$<B><01-01-2001 00:00:00.000+000><thread=1 (0x1)>", "A", 4844, false},
    {"site, brackets in the message", "SQL>>>>> <a> $$< $$<A><11-30-2022 01:03:34.174+0" TAIL,
     FP_LOG_SITE, "2022-11-30T01:03:34.174Z", "2022-11-30T01:03:34.174Z", "SQL>>>>> <a> $$<", "A",
     4844, false},
    {"site, thread without hex", "m $$<A><11-30-2022 01:03:34.174+0><thread=12>", FP_LOG_SITE,
     "2022-11-30T01:03:34.174Z", "2022-11-30T01:03:34.174Z", "m", "A", 12, false},
    {"site, hex is another number", "m $$<A><11-30-2022 01:03:34.174+0><thread=4844 (0x12ED)>",
     FP_LOG_SITE, "2022-11-30T01:03:34.174Z", "2022-11-30T01:03:34.174Z", "m", "A", 4844, true},
    {"site, no bias", "m $$<A><11-30-2022 01:03:34.174" TAIL, FP_LOG_SITE, "unknown",
     "2022-11-30T01:03:34.174Z", "m", "A", 4844, false},
    {"site, seven digits, no bias", "m $$<A><11-30-2022 01:03:34.1748888" TAIL, FP_LOG_SITE,
     "unknown", "2022-11-30T01:03:34.174Z", "m", "A", 4844, false},
    {"site, two signs", "m $$<A><11-30-2022 01:03:34.174+-420" TAIL, FP_LOG_SITE, "unknown",
     "2022-11-30T01:03:34.174Z", "m", "A", 4844, true},
    {"site, a blank for a sign", "m $$<A><11-30-2022 01:03:34.174 600" TAIL, FP_LOG_SITE, "unknown",
     "2022-11-30T01:03:34.174Z", "m", "A", 4844, true},
    {"site, a bias of no place on Earth", "m $$<A><11-30-2022 01:03:34.174+841" TAIL, FP_LOG_SITE,
     "unknown", "2022-11-30T01:03:34.174Z", "m", "A", 4844, true},
    {"site, the furthest bias", "m $$<A><11-30-2022 01:03:34.174-840" TAIL, FP_LOG_SITE,
     "2022-11-29T11:03:34.174Z", "2022-11-30T01:03:34.174Z", "m", "A", 4844, false},
    {"site, five digits of bias", "m $$<A><11-30-2022 01:03:34.174+00000" TAIL, FP_LOG_SITE,
     "unknown", "2022-11-30T01:03:34.174Z", "m", "A", 4844, true},
    {"site, month 13", "m $$<A><13-30-2022 01:03:34.174+0" TAIL, FP_LOG_SITE, "unknown", "unknown",
     "m", "A", 4844, true},
    {"site, 30 February", "m $$<A><02-30-2022 01:03:34.174+0" TAIL, FP_LOG_SITE, "unknown",
     "unknown", "m", "A", 4844, true},
    {"site, 24 o'clock", "m $$<A><02-03-2022 24:03:34.174+0" TAIL, FP_LOG_SITE, "unknown",
     "unknown", "m", "A", 4844, true},
    {"site, one-digit date", "m $$<A><2-3-2022 04:03:34.174+0" TAIL, FP_LOG_SITE,
     "2022-02-03T04:03:34.174Z", "2022-02-03T04:03:34.174Z", "m", "A", 4844, false},
    {"site, a stamp of nonsense", "m $$<A><yesterday" TAIL, FP_LOG_SITE, "unknown", "unknown", "m",
     "A", 4844, true},
    {"not site, one dollar", "m $<A><11-30-2022 01:03:34.174+0" TAIL, FP_LOG_PLAIN, "unknown",
     "unknown", "m $<A><11-30-2022 01:03:34.174+0" TAIL, "", 0, false},
    {"not site, cut", "m $$<A><11-30-2022 01:03:34.174+0><thread=4844 (0x12EC)", FP_LOG_PLAIN,
     "unknown", "unknown", "m $$<A><11-30-2022 01:03:34.174+0><thread=4844 (0x12EC)", "", 0, false},
    {"not site, no thread number", "m $$<A><11-30-2022 01:03:34.174+0><thread=>", FP_LOG_PLAIN,
     "unknown", "unknown", "m $$<A><11-30-2022 01:03:34.174+0><thread=>", "", 0, false},
    {"old, with a component",
     "m $$<SMS_OFFER_STATUS_SUMMARIZER><Tue Jul 18 17:38:07.470 2000 Eastern Daylight "
     "Time><thread=170 (0xAA)>",
     FP_LOG_OLD, "unknown", "2000-07-18T17:38:07.470Z", "m", "SMS_OFFER_STATUS_SUMMARIZER", 170,
     false},
    {"old, a stamp alone", "m <Fri Mar 26 10:43:41.547 1999 Eastern Standard Time>", FP_LOG_OLD,
     "unknown", "1999-03-26T10:43:41.547Z", "m", "", 0, false},
    {"old, a thread in hex", "m <Wed May 21 17:09:02 1997~><thread=DB>", FP_LOG_OLD, "unknown",
     "1997-05-21T17:09:02Z", "m", "", 0xDB, false},
    {"rotation mark", "<MAXIMUM LOG FILE SIZE REACHED - FILE RENAMED>", FP_LOG_ROTATED, "unknown",
     "unknown", "<MAXIMUM LOG FILE SIZE REACHED - FILE RENAMED>", "", 0, false},
    {"plain", "Performing legacy sync", FP_LOG_PLAIN, "unknown", "unknown",
     "Performing legacy sync", "", 0, false},
    {"plain, list mark and stray dash", "- Processing x ...-  ", FP_LOG_PLAIN, "unknown", "unknown",
     "Processing x ...", "", 0, false},
    {"plain, star", "* Done", FP_LOG_PLAIN, "unknown", "unknown", "Done", "", 0, false},
    {"plain, an arrow is no list mark", "---> done", FP_LOG_PLAIN, "unknown", "unknown",
     "---> done", "", 0, false},
    {"viewer row", "Starting Sync\tSMS_WSUS_SYNC_MANAGER\t2/8/2020 2:13:11 AM\t5976 (0x1758)",
     FP_LOG_PLAIN, "unknown", "unknown", "Starting Sync", "SMS_WSUS_SYNC_MANAGER", 5976, false},
    {"viewer row, tabs in the message", "a\tb\tC\t08.02.2020 02:13:11\t5976 (0x1758)", FP_LOG_PLAIN,
     "unknown", "unknown", "a\tb", "C", 5976, false},
    {"a table is no viewer row", "a\tb c\t12\t5976", FP_LOG_PLAIN, "unknown", "unknown",
     "a\tb c\t12\t5976", "", 0, false},
};

static const char *shown(fp_time t)
{
    static char text[FP_TIME_TEXT_SIZE];
    return fp_time_format(t, text);
}

static void parses_a_line(void **state)
{
    const line_row *row = *state;
    fp_log_record r;
    fp_log_parse_line(fp_str_of(row->line), &r);
    assert_int_equal(r.framing, row->framing);
    assert_string_equal(shown(r.time), row->time);
    assert_string_equal(shown(r.local), row->local);
    assert_str(r.message, row->message);
    assert_str(r.component, row->component);
    assert_int_equal(r.thread, row->thread);
    assert_int_equal(r.stamp_bad, row->stamp_bad);
}

/* No prefix of a line crashes or is taken for the whole. */
static void every_truncation_of_a_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof line_rows / sizeof line_rows[0]; i++) {
        const fp_str whole = fp_str_of(line_rows[i].line);
        for (size_t size = 0; size < whole.size; size++) {
            char *copy = malloc(size + 1); /* exact, so that a sanitizer sees an overrun */
            memcpy(copy, whole.data, size);
            fp_log_record r;
            fp_log_parse_line((fp_str){copy, size}, &r);
            assert_true(r.message.size <= size);
            free(copy);
        }
    }
}

/* ---- a whole text ---- */

enum { RECORDS_MAX = 64 };

typedef struct seen { /* every record in one line of text */
    fp_out text;
    size_t count;
} seen;

static fp_status see(void *context, const fp_log_record *r)
{
    static const char letters[] = "PSCRO"; /* by framing */
    seen *s = context;
    s->count++;
    fp_out_printf(&s->text, "%c%llu", letters[r->framing], (unsigned long long)r->line);
    if (r->lines != 1)
        fp_out_printf(&s->text, "+%llu", (unsigned long long)(r->lines - 1));
    fp_out_printf(&s->text, "%s%s%s%s[", r->cut ? "!" : "", r->nul ? "0" : "",
                  r->stamp_bad ? "?" : "", r->time != FP_TIME_NONE ? "t" : "");
    fp_out_str(&s->text, r->message);
    fp_out_text(&s->text, "] ");
    return FP_OK;
}

static fp_status read_all(fp_str text, size_t step, const char *code_page, seen *s,
                          fp_log_counts *counts)
{
    fp_log_reader *r = fp_log_reader_new(code_page, see, s);
    assert_non_null(r);
    fp_status status = FP_OK;
    for (size_t at = 0; at < text.size && status == FP_OK; at += step) {
        const size_t left = text.size - at;
        status = fp_log_feed(r, fp_span_of(text.data + at, left < step ? left : step));
    }
    if (status == FP_OK)
        status = fp_log_end(r, counts);
    fp_log_reader_free(r);
    return status;
}

#define CLIENT_TAIL                                                                                \
    "]LOG]!><time=\"04:05:06.789+300\" date=\"6-13-2008\" component=\"C\" context=\"\" "           \
    "type=\"0\" "                                                                                  \
    "thread=\"7\" file=\"x.cpp:1\">"
#define SITE_TAIL " $$<C><06-13-2008 04:05:06.789+300><thread=7 (0x7)>"

typedef struct text_row {
    const char *name;
    const char *text;
    size_t size; /* 0 = of the string */
    const char *expected;
} text_row;

static const text_row text_rows[] = {
    {"nothing", "", 0, ""},
    {"blank lines", "\r\n \n\r\t\r\n", 0, ""},
    {"LF, CR LF, CR", "a\nb\r\nc\rd", 0, "P1[a] P2[b] P3[c] P4[d] "},
    {"CR CR LF", "a\r\r\nb\r", 0, "P1[a] P3[b] "},
    {"byte-order mark",
     "\xEF\xBB\xBF"
     "a" SITE_TAIL "\r\n",
     0, "S1t[a] "},
    {"a mark in the middle",
     "a\n\xEF\xBB\xBF"
     "b" SITE_TAIL "\r\n",
     0, "P1[a] S2t[b] "},
    {"site records", "a" SITE_TAIL "\r\nb" SITE_TAIL "\r\n", 0, "S1t[a] S2t[b] "},
    {"site records, lone CR", "a" SITE_TAIL "\rb" SITE_TAIL "\r", 0, "S1t[a] S2t[b] "},
    {"client record", "<![LOG[a" CLIENT_TAIL "\r\n", 0, "C1t[a] "},
    {"client record of three lines", "<![LOG[a\r\nb\r\n\r\nc" CLIENT_TAIL "\r\nx", 0,
     "C1+3t[a\r\nb\r\n\r\nc] P5[x] "},
    {"client record of two lines, lone CR", "<![LOG[a\rb" CLIENT_TAIL "\rx", 0,
     "C1+1t[a\rb] P3[x] "},
    {"two client records on a line", "<![LOG[a" CLIENT_TAIL "<![LOG[b" CLIENT_TAIL "\n", 0,
     "C1t[a] C1t[b] "},
    {"text behind a client record", "<![LOG[a" CLIENT_TAIL " b\n", 0, "C1t[a] P1[b] "},
    {"text before a client record", "b<![LOG[a" CLIENT_TAIL "\n", 0, "P1[b] C1t[a] "},
    {"a client record without an end", "<![LOG[a\nb\n", 0, "C1+1!?[a\nb] "},
    {"an opening inside an open record", "<![LOG[a\n<![LOG[b" CLIENT_TAIL "\n", 0,
     "C1!?[a] C2t[b] "},
    {"client record, its end forged", "<![LOG[a]LOG]!><time=\"x\" b" CLIENT_TAIL "\n", 0,
     "C1?[a] "},
    {"client record, quotes in the message", "<![LOG[say \"a\" = 1" CLIENT_TAIL "\n", 0,
     "C1t[say \"a\" = 1] "},
    {"client record, no bias",
     "<![LOG[a]LOG]!><time=\"04:05:06.7891234\" date=\"06-13-2008\" component=\"C\" type=\"1\" "
     "thread=\"7\">\n",
     0, "C1[a] "},
    {"client record, more attributes",
     "<![LOG[a]LOG]!><time=\"04:05:06.789-60\" date=\"06-13-2008\" component=\"C\" more=\"x\">\n",
     0, "C1t[a] "},
    {"client record, cut in its attributes",
     "<![LOG[a]LOG]!><time=\"04:05:06.789-60\" date=\"06-1\n", 0, "C1?[a] "},
    {"a site record that quotes an opening", "<![LOG[a" SITE_TAIL "\nb" SITE_TAIL "\n", 0,
     "S1t[<![LOG[a] S2t[b] "},
    {"a continuation line", "a" SITE_TAIL "\nmore of it\n", 0, "S1t[a] P2[more of it] "},
    {"rotation", "a" SITE_TAIL "\n<MAXIMUM LOG FILE SIZE REACHED - FILE RENAMED>\n", 0,
     "S1t[a] R2[<MAXIMUM LOG FILE SIZE REACHED - FILE RENAMED>] "},
    {"curly quotes",
     "COMP=\xE2\x80\x9C"
     "A\xE2\x80\x9D",
     0, "P1[COMP=\"A\"] "},
    {"curly quotes are no Markdown",
     "\xE2\x80\x9C"
     "A\\_b\xE2\x80\x9D",
     0, "P1[\"A\\_b\"] "},
    {"one escape is no Markdown", "a\\_b \\\\server\n", 0, "P1[a\\_b \\\\server] "},
    {"Markdown", "a\\_b\\_c\\_d \\\\server C:\\Dir\n", 0, "P1[a_b_c_d \\server C:\\Dir] "},
    {"no Markdown with framed records", "a\\_b\\_c\\_d\ne" SITE_TAIL "\n", 0,
     "P1[a\\_b\\_c\\_d] S2t[e] "},
    {"UTF-16LE",
     "\xFF\xFE"
     "a\0\r\0\n\0b\0",
     10, "P1[a] P2[b] "},
    {"UTF-16BE",
     "\xFE\xFF"
     "\0a\0\r\0\n\0b",
     10, "P1[a] P2[b] "},
    {"NUL", "a\0b\n", 4, NULL}, /* holds a NUL: compared by its own test */
    {"undecodable",
     "a\xFF"
     "b\n",
     0,
     "P1[a\xEF\xBF\xBD"
     "b] "},
};

static fp_str text_of(const text_row *row)
{
    return (fp_str){row->text, row->size == 0 ? strlen(row->text) : row->size};
}

static void reads_a_text(void **state)
{
    const text_row *row = *state;
    const fp_str text = text_of(row);
    for (size_t step = 1; step <= text.size + 1; step++) {
        seen s = {.text = {.data = NULL}};
        fp_log_counts counts;
        assert_int_equal(read_all(text, step, NULL, &s, &counts), FP_OK);
        if (row->expected != NULL)
            assert_str(((fp_str){s.text.data, s.text.size}), row->expected);
        assert_int_equal(counts.records, s.count);
        assert_int_equal(counts.site + counts.client + counts.plain + counts.rotated + counts.old,
                         s.count);
        fp_out_free(&s.text);
    }
}

/* The same behind a full head, where the pieces are what is fed: whole or byte by byte, the records
 * are the same. */
static void reads_a_text_in_pieces(void **state)
{
    const text_row *row = *state;
    fp_out log = {.data = NULL};
    fp_out_char(&log, 'x', FP_LOG_HEAD - 1);
    fp_out_text(&log, "\n");
    fp_out_str(&log, text_of(row));
    fp_str expected = {NULL, 0};
    fp_out first = {.data = NULL};
    for (size_t step = log.size; step > 0; step = step > 9 ? 9 : step - 1) {
        seen s = {.text = {.data = NULL}};
        fp_log_counts counts;
        const fp_str head = {log.data, FP_LOG_HEAD};
        fp_log_reader *r = fp_log_reader_new(NULL, see, &s);
        assert_non_null(r);
        assert_int_equal(fp_log_feed(r, fp_span_of(head.data, head.size)), FP_OK);
        for (size_t at = head.size; at < log.size; at += step) {
            const size_t left = log.size - at;
            assert_int_equal(fp_log_feed(r, fp_span_of(log.data + at, left < step ? left : step)),
                             FP_OK);
        }
        assert_int_equal(fp_log_end(r, &counts), FP_OK);
        fp_log_reader_free(r);
        if (expected.data == NULL) {
            first = s.text;
            expected = (fp_str){first.data, first.size};
            continue;
        }
        assert_true(fp_str_eq((fp_str){s.text.data, s.text.size}, expected));
        fp_out_free(&s.text);
    }
    fp_out_free(&first);
    fp_out_free(&log);
}

static void every_truncation_of_a_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof text_rows / sizeof text_rows[0]; i++) {
        const fp_str whole = text_of(&text_rows[i]);
        for (size_t size = 0; size < whole.size; size++) {
            seen s = {.text = {.data = NULL}};
            fp_log_counts counts;
            assert_int_equal(read_all((fp_str){whole.data, size}, 3, NULL, &s, &counts), FP_OK);
            fp_out_free(&s.text);
        }
    }
}

static fp_log_counts counts_of(fp_str text, const char *code_page, seen *s)
{
    fp_log_counts counts;
    assert_int_equal(read_all(text, 4096, code_page, s, &counts), FP_OK);
    return counts;
}

static void counts_nuls_and_bad_bytes(void **state)
{
    (void)state;
    seen s = {.text = {.data = NULL}};
    const fp_log_counts c = counts_of((fp_str){"a\0b\nc\xFF\xFE\n\0\0\n", 11}, NULL, &s);
    assert_int_equal(c.nul, 3);
    assert_int_equal(c.undecodable, 2);
    assert_int_equal(c.lines, 3);
    assert_memory_equal(s.text.data, "P10[a\0b] P2[", 12);
    fp_out_free(&s.text);
}

static void reads_a_code_page(void **state)
{
    (void)state;
    seen s = {.text = {.data = NULL}};
    const fp_log_counts c = counts_of(FP_STR("\xDC"
                                             "berpr\xFC"
                                             "fung\n"),
                                      "CP1252", &s);
    assert_int_equal(c.undecodable, 0);
    assert_str(((fp_str){s.text.data, s.text.size}), "P1[Überprüfung] ");
    fp_out_free(&s.text);

    seen none = {.text = {.data = NULL}};
    fp_log_counts counts;
    assert_int_equal(read_all(FP_STR("\xDC\n"), 4096, "NO-SUCH-PAGE", &none, &counts),
                     FP_UNSUPPORTED);
}

static void counts_times(void **state)
{
    (void)state;
    fp_out log = {.data = NULL};
    log_site(&log, 5000, "a");
    log_site(&log, 4500, "half a second back is thread disorder");
    log_site(&log, 1000, "set back");
    log_plain(&log, "no time");
    log_site(&log, 9000, "b");
    log_site(&log, 8000, "exactly the slack");
    seen s = {.text = {.data = NULL}};
    const fp_log_counts c = counts_of((fp_str){log.data, log.size}, NULL, &s);
    assert_true(c.first == log_time(5000));
    assert_true(c.last == log_time(8000));
    assert_true(c.earliest == log_time(1000));
    assert_true(c.latest == log_time(9000));
    assert_int_equal(c.backwards, 1);
    assert_int_equal(c.site, 5);
    assert_int_equal(c.plain, 1);
    assert_false(c.rotated_last);
    fp_out_free(&s.text);
    fp_out_free(&log);
}

static void without_a_time_there_is_none(void **state)
{
    (void)state;
    seen s = {.text = {.data = NULL}};
    const fp_log_counts c = counts_of(FP_STR("a\nb\n"), NULL, &s);
    assert_true(c.first == FP_TIME_NONE && c.last == FP_TIME_NONE);
    assert_true(c.earliest == FP_TIME_NONE && c.latest == FP_TIME_NONE);
    fp_out_free(&s.text);
}

/* A line of exactly the limit is whole; one byte more is cut, wherever the pieces are cut. */
static void cuts_long_lines(void **state)
{
    (void)state;
    static const size_t steps[] = {100000, FP_LOG_LINE_MAX, FP_LOG_LINE_MAX + 1,
                                   FP_LOG_LINE_MAX + 2, 3 * FP_LOG_LINE_MAX};
    for (int over = 0; over <= 2; over++) {
        for (size_t i = 0; i < COUNT(steps); i++) {
            const size_t step = steps[i];
            fp_out log = {.data = NULL};
            fp_out_char(&log, 'x', FP_LOG_LINE_MAX + (size_t)over);
            fp_out_text(&log, "\r\nnext\n");
            seen s = {.text = {.data = NULL}};
            fp_log_counts c;
            assert_int_equal(read_all((fp_str){log.data, log.size}, step, NULL, &s, &c), FP_OK);
            assert_int_equal(c.cut_lines, over == 0 ? 0 : 1);
            assert_int_equal(c.lines, 2);
            assert_int_equal(c.records, 2);
            assert_memory_equal(s.text.data, over == 0 ? "P1[x" : "P1!", over == 0 ? 4 : 3);
            assert_int_equal(s.text.size, FP_LOG_LINE_MAX + (over == 0 ? 14 : 15));
            fp_out_free(&s.text);
            fp_out_free(&log);
        }
    }
}

/* No character is cut in two. */
static void cuts_between_characters(void **state)
{
    (void)state;
    fp_out log = {.data = NULL};
    fp_out_char(&log, 'x', FP_LOG_LINE_MAX - 1);
    fp_out_text(&log, "ü and more\n");
    seen s = {.text = {.data = NULL}};
    const fp_log_counts c = counts_of((fp_str){log.data, log.size}, NULL, &s);
    assert_int_equal(c.cut_lines, 1);
    assert_true(fp_text_is_utf8((fp_str){s.text.data, s.text.size}));
    fp_out_free(&s.text);
    fp_out_free(&log);
}

static void gives_up_an_endless_client_record(void **state)
{
    (void)state;
    fp_out log = {.data = NULL};
    fp_out_text(&log, "<![LOG[begins\n");
    for (int i = 0; i < FP_LOG_RECORD_LINES_MAX + 5; i++)
        fp_out_text(&log, "more\n");
    seen s = {.text = {.data = NULL}};
    const fp_log_counts c = counts_of((fp_str){log.data, log.size}, NULL, &s);
    assert_int_equal(c.client, 1);
    assert_int_equal(c.plain, 6);
    assert_int_equal(c.cut_lines, 1);
    fp_out_free(&s.text);
    fp_out_free(&log);
}

static fp_status stop_at_the_second(void *context, const fp_log_record *record)
{
    (void)record;
    int *count = context;
    return ++*count == 2 ? FP_LIMIT : FP_OK;
}

static void a_callback_ends_the_reading(void **state)
{
    (void)state;
    int count = 0;
    fp_log_reader *r = fp_log_reader_new(NULL, stop_at_the_second, &count);
    fp_log_counts counts;
    assert_int_equal(fp_log_feed(r, fp_span_of("a\nb\nc\nd\n", 8)), FP_OK); /* still the head */
    assert_int_equal(fp_log_end(r, &counts), FP_LIMIT);
    assert_int_equal(fp_log_feed(r, fp_span_of("e\n", 2)), FP_LIMIT);
    assert_int_equal(count, 2);
    fp_log_reader_free(r);
}

/* ---- status messages ---- */

#define STATMSG                                                                                    \
    "STATMSG: ID=6703 SEV=E LEV=M SOURCE=\"SMS Server\" COMP=\"SMS_WSUS_SYNC_MANAGER\" "           \
    "SYS=CM1.corp.contoso.com SITE=CHQ PID=2836 TID=9640 GMTDATE=Fri Aug 02 20:54:26.571 2024 "    \
    "ISTR0=\"x SYS=EVIL ID=1\" ISTR1=\"\" NUMATTRS=0 LE=0X8013150a"

static void reads_a_status_message(void **state)
{
    (void)state;
    fp_statmsg m;
    assert_true(fp_statmsg_parse(FP_STR(STATMSG), &m));
    assert_int_equal(m.id, 6703);
    assert_str(m.severity, "E");
    assert_str(m.component, "SMS_WSUS_SYNC_MANAGER");
    assert_str(m.system, "CM1.corp.contoso.com");
    assert_str(m.site, "CHQ");
    assert_string_equal(shown(m.gmt), "2024-08-02T20:54:26.571Z");

    assert_true(fp_statmsg_parse(FP_STR("STATMSG: ID=1 COMP=“A B” SYS=X SITE=Y"), &m));
    assert_str(m.component, "A B");
    assert_str(m.system, "X");
    assert_true(m.gmt == FP_TIME_NONE);

    /* Nothing behind the server's name: this may be half of it. */
    assert_true(fp_statmsg_parse(FP_STR("STATMSG: ID=1 SYS=KOL"), &m));
    assert_str(m.system, "");

    /* The first field of a name counts, and a quoted string is no field. */
    assert_true(fp_statmsg_parse(FP_STR("STATMSG: ID=1 SOURCE=\"SYS=A\" SYS=B SYS=C"), &m));
    assert_str(m.system, "B");

    assert_false(fp_statmsg_parse(FP_STR("STATMSG: SEV=I ID=1"), &m));
    assert_false(fp_statmsg_parse(FP_STR("STATMSG: ID=x"), &m));
    assert_false(fp_statmsg_parse(FP_STR("STATMSG: ID=4294967296"), &m));
    assert_false(fp_statmsg_parse(FP_STR(" STATMSG: ID=1"), &m));
    assert_false(fp_statmsg_parse(FP_STR(""), &m));
}

static void every_truncation_of_a_status_message(void **state)
{
    (void)state;
    const fp_str whole = FP_STR(STATMSG);
    for (size_t size = 0; size < whole.size; size++) {
        char *copy = malloc(size + 1);
        memcpy(copy, whole.data, size);
        fp_statmsg m;
        const bool is = fp_statmsg_parse((fp_str){copy, size}, &m);
        assert_int_equal(is, size >= sizeof "STATMSG: ID=6" - 1);
        free(copy);
    }
}

typedef struct gmt_row {
    const char *name, *stamp;
    uint64_t mismatch;
} gmt_row;

static const gmt_row gmt_rows[] = {
    {"GMTDATE agrees", "08-02-2024 16:54:26.600+240", 0},
    {"GMTDATE within the slack", "08-02-2024 16:59:26.571+240", 0},
    {"GMTDATE beyond the slack", "08-02-2024 16:59:26.572+240", 1},
    {"GMTDATE, the sign is reversed", "08-02-2024 16:54:26.600-240", 1},
    {"GMTDATE, a quarter of an hour", "08-02-2024 16:54:26.600+255", 1},
    {"GMTDATE, no bias to check", "08-02-2024 16:54:26.600", 0},
};

static void checks_the_bias(void **state)
{
    const gmt_row *row = *state;
    fp_out log = {.data = NULL};
    fp_out_printf(&log, "%s $$<A><%s><thread=1 (0x1)>\n", STATMSG, row->stamp);
    seen s = {.text = {.data = NULL}};
    assert_int_equal(counts_of((fp_str){log.data, log.size}, NULL, &s).mismatch, row->mismatch);
    fp_out_free(&s.text);
    fp_out_free(&log);
}

/* ---- real logs ---- */

static void reads_the_corpus(void **state)
{
    (void)state;
    const char *corpus = corpus_or_skip();
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/log/cmtraceopen/corpus/cmtlog/clean/basic.cmtlog",
                   corpus);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char bytes[65536];
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    assert_true(size > 0);
    seen s = {.text = {.data = NULL}};
    const fp_log_counts c = counts_of((fp_str){bytes, size}, NULL, &s);
    assert_true(c.client > 0);
    assert_int_equal(c.cut_lines, 0);
    fp_out_free(&s.text);
}

int main(void)
{
    static char piece_names[COUNT(text_rows)][64];
    static struct CMUnitTest tests[COUNT(line_rows) + 2 * COUNT(text_rows) + COUNT(gmt_rows) + 32];
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(every_truncation_of_a_line),
        cmocka_unit_test(every_truncation_of_a_text),
        cmocka_unit_test(counts_nuls_and_bad_bytes),
        cmocka_unit_test(reads_a_code_page),
        cmocka_unit_test(counts_times),
        cmocka_unit_test(without_a_time_there_is_none),
        cmocka_unit_test(cuts_long_lines),
        cmocka_unit_test(cuts_between_characters),
        cmocka_unit_test(gives_up_an_endless_client_record),
        cmocka_unit_test(a_callback_ends_the_reading),
        cmocka_unit_test(reads_a_status_message),
        cmocka_unit_test(every_truncation_of_a_status_message),
        cmocka_unit_test(reads_the_corpus),
    };
    size_t n = 0;
    for (size_t i = 0; i < COUNT(line_rows); i++)
        tests[n++] = (struct CMUnitTest){line_rows[i].name, parses_a_line, NULL, NULL,
                                         (void *)&line_rows[i]};
    for (size_t i = 0; i < COUNT(text_rows); i++)
        tests[n++] =
            (struct CMUnitTest){text_rows[i].name, reads_a_text, NULL, NULL, (void *)&text_rows[i]};
    for (size_t i = 0; i < COUNT(text_rows); i++) {
        (void)snprintf(piece_names[i], sizeof piece_names[i], "%s, in pieces", text_rows[i].name);
        tests[n++] = (struct CMUnitTest){piece_names[i], reads_a_text_in_pieces, NULL, NULL,
                                         (void *)&text_rows[i]};
    }
    for (size_t i = 0; i < COUNT(gmt_rows); i++)
        tests[n++] = (struct CMUnitTest){gmt_rows[i].name, checks_the_bias, NULL, NULL,
                                         (void *)&gmt_rows[i]};
    for (size_t i = 0; i < COUNT(others); i++)
        tests[n++] = others[i];
    return _cmocka_run_group_tests(__FILE__, tests, n, NULL, NULL) != 0;
}
