/* SPDX-License-Identifier: MIT */
/* What is plain in a document is told as if expat had read it, and so is all else around it. */
#include "tests/support/check.h"
#include "tests/support/xml_events.h"

#include "inventory/base/xml_plain.h"

#include <stdio.h>

enum { DEEPER = FP_XML_DEPTH_MAX + 2, LARGE = 300 * 1000 };

static void check_alike(fp_span document)
{
    static const size_t pieces[] = {0, 1, 2, 7, 64, 4096};
    for (int complete = 0; complete < 2; complete++) {
        xml_events expected = xml_events_of(document, false, 0, complete == 1);
        for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
            xml_events plain = xml_events_of(document, true, pieces[i], complete == 1);
            assert_string_equal(plain.text, expected.text);
            free(plain.text);
        }
        free(expected.text);
    }
}

#define U "<r xmlns=\"" XML_EVENTS_NAMESPACE "\">"

static const struct row {
    const char *name;
    const char *document;
    const char *says; /* among other things */
} rows[] = {
    {"plain", U "<a one=\"1\" two='2'>x<b>y</b></a></r>", "<a line 1 [one]=[1] [two]=[2]\n"},
    {"plain: text", U "<a>x<b>y ></b>z</a></r>", ">b [y >]\n"},
    {"plain: lines", U "\n\n<a>\n<b/></a></r>", "<b line 4\n"},
    {"plain: no namespace", "<r><a><b/></a></r>", "fine"},
    {"plain: another one", "<r xmlns=\"urn:v\"><a/></r>", "root"},
    {"plain: unknown around known", U "<c><a/></c><a/></r>", "fine"},
    {"declared", "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" U "<a><b/></a></r>\n",
     "<b line 2\n"},
    {"latin", "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>" U "<b>\xDC</b></r>", "\xC3\x9C"},
    {"reference", U "<a one=\"&lt;&#65;\">&amp;x</a><a/></r>", "[one]=[<A]"},
    {"reference inside plain", U "<a><b>x<a/>&amp;y</b><b>z</b></a><b>&gt;</b></r>", ">b [>]\n"},
    {"unknown reference", U "<a><b>x</b>&no;</a></r>", "undefined entity at 28"},
    {"comment", U "<a><!-- <b> --><b>x<!-- > -->y</b></a></r>", ">b [xy]\n"},
    {"comment with two dashes", U "<a><!-- -- --></a></r>", "not well-formed"},
    {"section", U "<a><b><![CDATA[<b>]]></b></a></r>", ">b [<b>]\n"},
    {"end of a section in text", U "<a><b>x]]>y</b></a></r>", "not well-formed"},
    {"brackets in text", U "<a><b>x]]y]</b><b>z</b></a></r>", ">b [x]]y]]\n"},
    {"instruction", U "<a><?b c?><b>x</b></a></r>", ">b [x]\n"},
    {"script", U "<a n=\"\xC3\x9C\"><b>\xC3\x9C</b><b>z</b></a></r>", ">b [z]\n"},
    {"not UTF-8", U "<a><b>x\xFF</b></a></r>", "not well-formed (invalid token) at 24"},
    {"carriage return", U "<a n=\"x\ty\"><b>x\r\ny</b></a></r>", ">b [x\ny]\n"},
    {"control character", U "<a><b>\x01</b></a></r>", "not well-formed"},
    {"prefix of another", U "<a xmlns:p=\"urn:v\"><p:b/><b/></a><b/></r>", "<b line 1\n"},
    {"prefix of the same", "<p:r xmlns:p=\"urn:u\" xmlns=\"urn:v\"><a/><p:a><a/><p:b/></p:a></p:r>",
     "<a line 1\n<b line 1\n"},
    {"undeclared prefix", U "<a><p:b/></a></r>", "unbound prefix"},
    {"default changed", U "<a><a xmlns=\"urn:v\"><a/><b/></a><b/></a></r>", "fine"},
    {"default taken away", U "<a><a xmlns=\"\"><b/></a></a></r>", "<b line 1\n"},
    {"twice one attribute", U "<a><b x=\"1\" x=\"2\"/></a></r>", "duplicate attribute"},
    {"attributes without a space", U "<a><b x=\"1\"y=\"2\"/></a></r>", "not well-formed"},
    {"attribute without a value", U "<a><b x/></a></r>", "not well-formed"},
    {"'<' in a value", U "<a><b x=\"<\"/></a></r>", "not well-formed"},
    {"many attributes",
     U "<a a='' b='' c='' d='' e='' f='' g='' h='' i='' j='' k='' l='' m='' n='' o='' p='' "
       "q=''/></r>",
     "[q]=[]"},
    {"wrong end", U "<a><b>x</a></r>", "mismatched tag at 26"},
    {"end too many", U "<a></a></a></r>", "mismatched tag"},
    {"not ended", U "<a><b>x</b>", "no element found at 28"},
    {"cut in a tag", U "<a><b x=\"1", "unclosed token at 20"},
    {"behind the root", U "<a/></r><b/>", "junk after document element at 25"},
    {"text behind the root", U "<a/></r>x", "junk after document element"},
    {"empty", "", "no element found"},
    {"refused at its start", U "<a><b>x</b>\n<a no=\"1\"/></a></r>", "refused at its start at 29"},
    {"refused at its end", U "<a><b>no</b></a></r>", "refused at its end at 25"},
    {"refused at an empty one's end", U "<b>no<c/></b></r>", "fine"},
    {"doctype", "<!DOCTYPE r [<!ENTITY e \"x\">]><r><a>&e;</a></r>", "not accepted"},
    {"spaces in tags", U "<a  x='1'  ><b /></a ></r>", "[x]=[1]"},
};

static void test_row(void **state)
{
    const struct row *row = *state;
    const fp_span document = fp_span_of(row->document, strlen(row->document));
    xml_events events = xml_events_of(document, true, 0, true);
    if (strstr(events.text, row->says) == NULL)
        print_error("%s", events.text);
    assert_non_null(strstr(events.text, row->says));
    free(events.text);
    check_alike(document);
}

static void test_every_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t size = 0; size < strlen(rows[i].document); size++)
            check_alike(fp_span_of(rows[i].document, size));
    }
}

/* Two characters whose bytes, in one order, look like a tag and a letter. */
static void test_utf16(void **state)
{
    (void)state;
    static const uint16_t text[] = {'<', 'r', '>', '<', 'a', '>', 0x3C61, 0x3E41,
                                    '<', '/', 'a', '>', '<', '/', 'r',    '>'};
    for (unsigned big = 0; big < 2; big++) {
        uint8_t wide[2 + sizeof text] = {big ? 0xFE : 0xFF, big ? 0xFF : 0xFE};
        size_t size = 2;
        for (size_t i = 0; i < sizeof text / sizeof *text; i++, size += 2) {
            wide[size + big] = (uint8_t)text[i];
            wide[size + 1 - big] = (uint8_t)(text[i] >> 8);
        }
        check_alike(fp_span_of(wide, size));
        check_alike(fp_span_of(wide + 2, size - 2));
    }
}

static void test_depth(void **state)
{
    (void)state;
    for (size_t depth = FP_XML_DEPTH_MAX - 2; depth <= DEEPER; depth++) {
        char document[16 + 7 * DEEPER] = "<r>";
        for (size_t i = 1; i < depth; i++)
            (void)strcat(document, "<a>");
        for (size_t i = 1; i < depth; i++)
            (void)strcat(document, "</a>");
        (void)strcat(document, "</r>");
        check_alike(fp_span_of(document, strlen(document)));
    }
}

/* Across the pieces in which documents are read, with '>' and what is not plain everywhere. */
static void test_large(void **state)
{
    (void)state;
    static const char *const parts[] = {"<a one=\"1\"><b>x</b></a>",
                                        "<b>&amp;</b>",
                                        "<a>\n",
                                        "</a>",
                                        "<!-- > > > -->",
                                        "<b>>>]></b>",
                                        "<a t=\">>>>\">\xC3\x9C</a>",
                                        "<c><a><b/></a></c>",
                                        " ",
                                        "<b/>"};
    char *document = malloc(LARGE + 64);
    if (document == NULL)
        abort();
    for (unsigned seed = 1; seed <= 8; seed++) {
        uint32_t random = seed;
        size_t size = (size_t)sprintf(document, "<r>");
        unsigned open = 0;
        while (size < LARGE - 2048) {
            random = random * 1664525 + 1013904223;
            const unsigned part = (random >> 24) % (sizeof parts / sizeof *parts);
            if ((part == 2 && open == 100) || (part == 3 && open == 0))
                continue;
            open += part == 2 ? 1 : 0;
            open -= part == 3 ? 1 : 0;
            size += (size_t)sprintf(document + size, "%s", parts[part]);
        }
        while (open-- > 0)
            size += (size_t)sprintf(document + size, "</a>");
        size += (size_t)sprintf(document + size, seed % 2 == 0 ? "</r>" : "</a>");
        check_alike(fp_span_of(document, size));
    }
    free(document);
}

/* Cut soon behind a tag that is longer than a piece: an expat that puts off what it got in bits
 * would keep the last elements to itself. */
static void test_cut_behind_a_long_tag(void **state)
{
    (void)state;
    enum { PIECE = 64 * 1024, BEFORE = 20 * 1000, VALUE = 43 * 1000 }; /* three pieces in all */
    char *document = malloc(PIECE + 2 * VALUE + 64);
    if (document == NULL)
        abort();
    size_t size = (size_t)sprintf(document, U "<a>");
    memset(document + size, 't', PIECE - BEFORE - size);
    size = PIECE - BEFORE;
    for (unsigned i = 0; i < 2; i++) {
        size += (size_t)sprintf(document + size, i == 0 ? "<b y=\"" : "\" z=\"");
        memset(document + size, 'v', VALUE);
        size += VALUE;
    }
    size += (size_t)sprintf(document + size, "\"/><b z=\"1\"/>");
    const fp_span cut = fp_span_of(document, size);
    xml_events events = xml_events_of(cut, false, 0, false);
    assert_non_null(strstr(events.text, "[z]=[1]"));
    free(events.text);
    check_alike(cut);
    free(document);
}

/* ---- tokens --------------------------------------------------------------------------- */

static void test_tokens(void **state)
{
    static const struct {
        const char *bytes;
        fp_xml_plain_kind kind;
        size_t size;
    } tokens[] = {
        {"<a>", FP_XML_START, 3},
        {"<a/>x", FP_XML_EMPTY, 4},
        {"</a>", FP_XML_END, 4},
        {"x<a>", FP_XML_TEXT, 1},
        {"<a b='1' c=\"\">", FP_XML_START, 14},
        {"<a", FP_XML_NOT_PLAIN, 0},
        {"<a/", FP_XML_NOT_PLAIN, 0},
        {"</a", FP_XML_NOT_PLAIN, 0},
        {"</a >", FP_XML_NOT_PLAIN, 0},
        {"<1>", FP_XML_NOT_PLAIN, 0},
        {"<p:a>", FP_XML_NOT_PLAIN, 0},
        {"<a xmlns=''>", FP_XML_NOT_PLAIN, 0},
        {"<a b='1'c='2'>", FP_XML_NOT_PLAIN, 0},
        {"<a b='1' b='2'>", FP_XML_NOT_PLAIN, 0},
        {"<a b='&lt;'>", FP_XML_NOT_PLAIN, 0},
        {"<a b='<'>", FP_XML_NOT_PLAIN, 0},
        {"<a\tb='1'>", FP_XML_NOT_PLAIN, 0},
        {"&amp;", FP_XML_NOT_PLAIN, 0},
        {"]", FP_XML_NOT_PLAIN, 0},
        {"", FP_XML_NOT_PLAIN, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        fp_xml_plain plain;
        const bool is =
            fp_xml_plain_read(fp_span_of(tokens[i].bytes, strlen(tokens[i].bytes)), &plain);
        assert_int_equal(is, tokens[i].kind != FP_XML_NOT_PLAIN);
        if (is) {
            assert_int_equal(plain.kind, tokens[i].kind);
            assert_int_equal(plain.size, tokens[i].size);
        }
    }
}

int main(void)
{
    enum { ROWS = sizeof rows / sizeof *rows };
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(test_every_cut),
        cmocka_unit_test(test_utf16),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_large),
        cmocka_unit_test(test_cut_behind_a_long_tag),
        cmocka_unit_test(test_tokens),
    };
    struct CMUnitTest tests[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        tests[i] =
            (struct CMUnitTest){rows[i].name, test_row, NULL, NULL, (void *)(uintptr_t)&rows[i]};
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return cmocka_run_group_tests(others, NULL, NULL) + failed != 0;
}
