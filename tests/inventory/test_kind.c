/* SPDX-License-Identifier: MIT */
#include "inventory/evidence_kind.h"

#include "tests/support/check.h"

#include <stdio.h>

/* UTF-16LE of an ASCII literal, built by the test. */
typedef enum coding { AS_IS, UTF16_WITH_MARK, UTF16_WITHOUT_MARK, UTF8_WITH_MARK } coding;

typedef struct row {
    const char *what;
    const char *name;
    const char *bytes;
    size_t size; /* 0: strlen(bytes) */
    coding coding;
    fp_kind kind;
} row;

#define REGF(type)     "regf" ZEROS_8 ZEROS_8 ZEROS_8 type "\0\0\0" ZEROS_8
#define ZEROS_8        "\0\0\0\0\0\0\0\0"
#define BYTES(literal) literal, sizeof(literal) - 1

static const char site_line[] =
    "Performing sync on regular schedule  $$<SMS_WSUS_SYNC_MANAGER><06-13-2008 "
    "04:05:06.789+300><thread=4844 (0x12EC)>\r\n";
static const char client_line[] = "<![LOG[Started]LOG]!><time=\"04:05:06.789+300\" ...>\r\n";

static const row rows[] = {
    {"a hive", "SOFTWARE", BYTES(REGF("\0")), AS_IS, FP_KIND_REGISTRY_HIVE},
    {"a hive that is named as an export", "a.reg", BYTES(REGF("\0")), AS_IS, FP_KIND_REGISTRY_HIVE},
    {"a log of a hive, type 1", "SOFTWARE.LOG", BYTES(REGF("\1")), AS_IS, FP_KIND_REGISTRY_LOG},
    {"a log of a hive, type 2", "x", BYTES(REGF("\2")), AS_IS, FP_KIND_REGISTRY_LOG},
    {"a log of a hive, type 6", "x", BYTES(REGF("\6")), AS_IS, FP_KIND_REGISTRY_LOG},
    {"regf of an unknown type", "x", BYTES(REGF("\7")), AS_IS, FP_KIND_REGISTRY_HIVE},
    {"regf and no more", "x", BYTES("regf"), AS_IS, FP_KIND_REGISTRY_HIVE},
    {"not quite regf", "x", BYTES("reg\0"), AS_IS, FP_KIND_UNKNOWN},

    {"an export", "x", "Windows Registry Editor Version 5.00\r\n", 0, AS_IS,
     FP_KIND_REGISTRY_EXPORT},
    {"an export in UTF-16", "x", "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_A]\r\n", 0,
     UTF16_WITH_MARK, FP_KIND_REGISTRY_EXPORT},
    {"an export in UTF-16 without a mark", "x",
     "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_A]\r\n", 0, UTF16_WITHOUT_MARK,
     FP_KIND_REGISTRY_EXPORT},
    {"an export in UTF-8 with a mark", "x", "Windows Registry Editor Version 5.00\n", 0,
     UTF8_WITH_MARK, FP_KIND_REGISTRY_EXPORT},
    {"an export of the old kind", "x", "REGEDIT4\r\n\r\n[HKEY_A]\r\n", 0, AS_IS,
     FP_KIND_REGISTRY_EXPORT},
    {"an export behind blanks", "x", " \t\r\n REGEDIT4\r\n", 0, AS_IS, FP_KIND_REGISTRY_EXPORT},
    {"an export of a version that Windows ignores", "x", "REGEDIT 4\r\n", 0, AS_IS,
     FP_KIND_REGISTRY_EXPORT},
    {"a sentence about regedit", "x", "REGEDIT is a program.\r\n", 0, AS_IS, FP_KIND_UNKNOWN},
    {"an export's header further down", "x", "see\nREGEDIT4\n", 0, AS_IS, FP_KIND_UNKNOWN},

    {"a log of the site server", "x.txt", site_line, 0, AS_IS, FP_KIND_LOG},
    {"a log of the site server in UTF-16", "x", site_line, 0, UTF16_WITH_MARK, FP_KIND_LOG},
    {"a log of a client", "x", client_line, 0, AS_IS, FP_KIND_LOG},
    {"a status message", "x", "STATMSG: ID=6701 SEV=I\n", 0, AS_IS, FP_KIND_LOG},
    {"a stamp broken over two lines", "x", "a $$<X>\n<y><thread=1>\n", 0, AS_IS, FP_KIND_UNKNOWN},
    {"plain lines with a log's name", "Ticket.LOG", "sync: failed\n", 0, AS_IS, FP_KIND_LOG},
    {"plain lines of a rotated log", "wsyncmgr.lo_", "sync: failed\n", 0, AS_IS, FP_KIND_LOG},
    {"plain lines with another name", "ticket.txt", "sync: failed\n", 0, AS_IS, FP_KIND_UNKNOWN},
    {"a single-byte code page with a log's name", "x.log", "Synchronisierung l\xE4uft\n", 0, AS_IS,
     FP_KIND_LOG},
    {"bytes that are no text with a log's name", "x.log", BYTES("\1\2\3\4" ZEROS_8), AS_IS,
     FP_KIND_UNKNOWN},
    {"a framed line among more zeros than text", "x.log", BYTES("<![LOG[" ZEROS_8 ZEROS_8 ZEROS_8),
     AS_IS, FP_KIND_UNKNOWN},
    {"a framed line, and more zeros than text behind it", "x.log",
     BYTES("<![LOG[\n" ZEROS_8 ZEROS_8 ZEROS_8), AS_IS, FP_KIND_LOG},
    {"a framed line behind more zeros than text", "x.log",
     BYTES(ZEROS_8 ZEROS_8 ZEROS_8 "<![LOG[\n"), AS_IS, FP_KIND_UNKNOWN},

    {"a collection", "x", "{\"schema\": \"fixproof/collection/v1\"}", 0, AS_IS, FP_KIND_COLLECTION},
    {"statements", "x", "\n{ \"by\":\"}\\\"{\", \"schema\" :\t\"fixproof/statements/v1\", [", 0,
     AS_IS, FP_KIND_STATEMENTS},
    {"statements with a mark", "x", "{\"schema\":\"fixproof/statements/v1\"}", 0, UTF8_WITH_MARK,
     FP_KIND_STATEMENTS},
    {"a schema in a nested object", "x", "{\"a\":{\"schema\":\"fixproof/statements/v1\"}}", 0,
     AS_IS, FP_KIND_UNKNOWN},
    {"a schema in an array", "x", "[{\"schema\":\"fixproof/statements/v1\"}]", 0, AS_IS,
     FP_KIND_UNKNOWN},
    {"a schema quoted in a string", "x",
     "{\"a\":\"\\\"schema\\\":\\\"fixproof/statements/v1\\\"\"}", 0, AS_IS, FP_KIND_UNKNOWN},
    {"a schema after the object's end", "x", "{} {\"schema\":\"fixproof/statements/v1\"}", 0, AS_IS,
     FP_KIND_UNKNOWN},
    {"another schema", "x", "{\"schema\":\"fixproof/statements/v2\"}", 0, AS_IS, FP_KIND_UNKNOWN},
    {"a string without an end", "x", "{\"schema", 0, AS_IS, FP_KIND_UNKNOWN},

    {"a table of updates", "qfe.txt", "HotFixID  InstalledOn  \r\r\nKB954474  6/19/2008    \r\r\n",
     0, UTF16_WITH_MARK, FP_KIND_LISTING},
    {"a table of updates with a log's name", "qfe.log",
     "HotFixID  InstalledOn  \nKB954474  6/19/2008\n", 0, AS_IS, FP_KIND_LISTING},
    {"a list of updates", "x", "CSName=A\r\nHotFixID=KB954474\r\n", 0, UTF16_WITHOUT_MARK,
     FP_KIND_LISTING},
    {"updates as CSV", "x", "#TYPE x\n\"CSName\",\"HotFixID\"\n", 0, UTF8_WITH_MARK,
     FP_KIND_LISTING},
    {"updates as JSON", "x.json", "[{\"HotFixID\": \"KB954474\"}]", 0, AS_IS, FP_KIND_LISTING},
    {"updates as CLIXML", "x.xml", "<Objs a=\"\"><Obj><Props><S N=\"HotFixID\">KB1</S>", 0,
     UTF16_WITH_MARK, FP_KIND_LISTING},
    {"a page about updates", "x.xml", "<html><p>HotFixID N=\"HotFixID\"</p></html>", 0, AS_IS,
     FP_KIND_UNKNOWN},
    {"systeminfo in a code page", "x", "\x8Ardigt: 1.\n [01]: KB954474\n", 0, AS_IS,
     FP_KIND_LISTING},

    {"updates of a site", "x", "[{\"Name\": \"A\", \"PackageGuid\": \"g\", \"State\": 2}]", 0,
     AS_IS, FP_KIND_SITE_UPDATES},
    {"updates of a site in UTF-16", "x.csv", "#TYPE X\r\n\"Name\",\"State\",\"PackageGuid\"\r\n", 0,
     UTF16_WITH_MARK, FP_KIND_SITE_UPDATES},
    {"updates of a site as CLIXML", "x",
     "<Objs a=\"\"><S N=\"PackageGuid\">g</S><U32 N=\"State\">2</U32>", 0, UTF16_WITH_MARK,
     FP_KIND_SITE_UPDATES},
    {"states of something else", "x.csv", "Name,State\r\nSpooler,Running\r\n", 0, AS_IS,
     FP_KIND_UNKNOWN},
    {"statements about updates", "x",
     "{\"schema\":\"fixproof/statements/v1\",\"HotFixID\":\"KB954474\"}", 0, AS_IS,
     FP_KIND_STATEMENTS},
    {"an export behind which updates are listed", "x", "REGEDIT4\n\nHotFixID  \nKB954474  \n", 0,
     AS_IS, FP_KIND_REGISTRY_EXPORT},
    {"a log that tells of updates", "x", "HotFixID  \nKB954474  \nSTATMSG: ID=6701 SEV=I\n", 0,
     AS_IS, FP_KIND_LOG},
    {"a ticket about updates", "ticket.txt",
     "KB954474: not installed.\nHotFixID: KB954474\n[01]: KB954474\n", 0, AS_IS, FP_KIND_UNKNOWN},
    {"a log of an installer", "KB954474.log", "[KB954474.log]\nKB954474 was installed\n", 0, AS_IS,
     FP_KIND_LOG},
    {"a table of updates full of zeros", "x", BYTES("HotFixID  \n" ZEROS_8 ZEROS_8 "KB954474  \n"),
     AS_IS, FP_KIND_UNKNOWN},

    {"a cabinet", "x.log", BYTES("MSCF" ZEROS_8), AS_IS, FP_KIND_CABINET},
    {"a zip", "x.reg", BYTES("PK\3\4\24\0\0\0\0\0"), AS_IS, FP_KIND_ARCHIVE},
    {"a compressed tar", "x", BYTES("\x1F\x8B\x08\0\0\0\0\0"), AS_IS, FP_KIND_ARCHIVE},
    {"MZ and nothing behind", "x.exe", "MZ", 0, AS_IS, FP_KIND_UNKNOWN},
    {"one byte", "x", "M", 0, AS_IS, FP_KIND_UNKNOWN},
    {"a mark and nothing behind", "x", "", 0, UTF16_WITH_MARK, FP_KIND_UNKNOWN},
};

enum { ROWS = sizeof rows / sizeof rows[0], CODED_MAX = 1024 };

static size_t encode(const row *r, uint8_t out[CODED_MAX])
{
    const size_t size = r->size != 0 ? r->size : strlen(r->bytes);
    size_t at = 0;
    if (r->coding == UTF16_WITH_MARK) {
        memcpy(out, "\xFF\xFE", 2);
        at = 2;
    } else if (r->coding == UTF8_WITH_MARK) {
        memcpy(out, "\xEF\xBB\xBF", 3);
        at = 3;
    }
    const bool wide = r->coding == UTF16_WITH_MARK || r->coding == UTF16_WITHOUT_MARK;
    for (size_t i = 0; i < size; i++) {
        out[at++] = (uint8_t)r->bytes[i];
        if (wide)
            out[at++] = 0;
    }
    return at;
}

static fp_kind kind_of(const void *bytes, size_t size, const char *name)
{
    /* A block of exactly this size, so that a look beyond the head is seen. */
    uint8_t *head = malloc(size == 0 ? 1 : size);
    assert_non_null(head);
    memcpy(head, bytes, size);
    fp_kind kind = FP_KIND_COUNT;
    const fp_status status = fp_kind_recognise(fp_span_of(head, size), fp_str_of(name), &kind);
    free(head);
    assert_int_equal(status, FP_OK);
    return kind;
}

static void test_row(void **state)
{
    const row *r = *state;
    uint8_t bytes[CODED_MAX];
    const size_t size = encode(r, bytes);
    const fp_kind kind = kind_of(bytes, size, r->name);
    if (kind != r->kind)
        print_error("%s, not %s\n", fp_kind_name(kind), fp_kind_name(r->kind));
    assert_int_equal(kind, r->kind);
}

/* Cut anywhere, a good head gives its own kind, a lesser one, or none; and nothing is read beyond
 * it. */
static void test_cut_anywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        uint8_t bytes[CODED_MAX];
        const size_t size = encode(&rows[i], bytes);
        for (size_t cut = 0; cut <= size; cut++)
            assert_in_range(kind_of(bytes, cut, rows[i].name), FP_KIND_UNKNOWN, FP_KIND_COUNT - 1);
    }
}

/* A character that the end of the head cuts is not a bad one. */
static void test_cut_character(void **state)
{
    (void)state;
    static uint8_t head[FP_KIND_HEAD];
    memset(head, 'a', sizeof head);
    memcpy(head, "sync: \xC3\xA4\n", 9);
    head[FP_KIND_HEAD - 1] = 0xC3;
    assert_int_equal(kind_of(head, sizeof head, "x.log"), FP_KIND_LOG);
}

/* Only the first 64 KiB are looked at, whatever is given. */
static void test_token_beyond_the_head(void **state)
{
    (void)state;
    static uint8_t bytes[FP_KIND_HEAD + 64];
    memset(bytes, 'a', sizeof bytes);
    memcpy(bytes + FP_KIND_HEAD, "<![LOG[", 7);
    assert_int_equal(kind_of(bytes, sizeof bytes, "x"), FP_KIND_UNKNOWN);
    memcpy(bytes + FP_KIND_HEAD - 7, "<![LOG[", 7);
    assert_int_equal(kind_of(bytes, sizeof bytes, "x"), FP_KIND_LOG);
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(fp_kind_name(FP_KIND_REGISTRY_EXPORT), "registry-export");
    assert_string_equal(fp_kind_name(FP_KIND_UNKNOWN), "unknown");
    for (int kind = 0; kind < FP_KIND_COUNT; kind++)
        assert_non_null(fp_kind_name((fp_kind)kind));
    assert_string_equal(fp_kind_name(FP_KIND_COUNT), "unknown");
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_cut_character),
        cmocka_unit_test(test_token_beyond_the_head),
        cmocka_unit_test(test_names),
    };
    enum { OTHERS = sizeof others / sizeof others[0] };
    static struct CMUnitTest tests[ROWS + OTHERS];
    static row copies[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        copies[i] = rows[i];
        tests[i] = (struct CMUnitTest){
            .name = rows[i].what, .test_func = test_row, .initial_state = &copies[i]};
    }
    memcpy(tests + ROWS, others, sizeof others);
    return RUN_TESTS(tests);
}
