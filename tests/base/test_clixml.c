/* SPDX-License-Identifier: MIT */
#include "inventory/base/clixml.h"
#include "inventory/base/out.h"
#include "inventory/base/xml.h"

#include "tests/support/check.h"

#include <stdio.h>

/* ---- rows as text: "2(HotFixID=KB1;State=) 7(...)" ---- */

static fp_status on_begin(void *context, uint64_t line)
{
    fp_out *out = context;
    fp_out_printf(out, "%s%llu(", out->size > 0 ? " " : "", (unsigned long long)line);
    return FP_OK;
}

static fp_status on_property(void *context, fp_str name, fp_str value)
{
    fp_out_printf(context, "%.*s=%.*s;", FP_STR_ARG(name), FP_STR_ARG(value));
    return FP_OK;
}

static fp_status on_end(void *context)
{
    fp_out_text(context, ")");
    return FP_OK;
}

static fp_status read_rows(fp_str text, fp_out *out, fp_diag *d)
{
    const fp_clixml_events events = {out, on_begin, on_property, on_end};
    *out = (fp_out){.data = NULL};
    return fp_clixml_read(text, &events, d);
}

#define OPEN                                                                                       \
    "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\n"

static const char objects[] =
    OPEN "  <Obj RefId=\"0\">\n"
         "    <TN RefId=\"0\"><T>System.Object</T></TN>\n"
         "    <ToString>not a property</ToString>\n"
         "    <Props>\n"
         "      <S N=\"HotFixID\">KB954474</S>\n"
         "      <U32 N=\"State\">196612</U32>\n"
         "      <Nil N=\"Name\" />\n"
         "      <Obj N=\"Kind\" RefId=\"1\"><ToString>Update</ToString><I32>1</I32></Obj>\n"
         "      <Obj N=\"Files\" RefId=\"2\"><LST><S>a.dll</S><Obj RefId=\"3\"><Props>"
         "<S N=\"Inner\">x</S></Props></Obj></LST></Obj>\n"
         "      <Ref N=\"Again\" RefId=\"2\" />\n"
         "    </Props>\n"
         "    <MS><DT N=\"InstalledOn\">2008-06-19T00:00:00</DT></MS>\n"
         "  </Obj>\n"
         "  <S>no object</S>\n"
         "  <Obj RefId=\"4\"><MS><S N=\"HotFixID\">KB1</S></MS></Obj>\n"
         "</Objs>\n";

static void test_objects(void **state)
{
    (void)state;
    fp_out out;
    assert_int_equal(read_rows(fp_str_of(objects), &out, NULL), FP_OK);
    assert_string_equal(out.data, "2(HotFixID=KB954474;State=196612;Name=;Kind=;Files=;Again=;"
                                  "InstalledOn=2008-06-19T00:00:00;) 16(HotFixID=KB1;)");
    fp_out_free(&out);
}

static const struct document {
    const char *name, *text, *rows;
    fp_status status;
} documents[] = {
    {"a list is one object",
     OPEN "<Obj RefId=\"0\"><TN/><LST>\n<Obj RefId=\"1\"><MS><S N=\"A\">1</S></MS></Obj>\n"
          "<Obj RefId=\"2\"><MS><S N=\"A\">2</S></MS></Obj></LST>\n<MS><I32 N=\"Count\">2</I32>"
          "</MS></Obj></Objs>",
     "3(A=1;) 4(A=2;) 2(Count=2;)", FP_OK},
    {"an object without properties", OPEN "<Obj RefId=\"0\"><MS/></Obj></Objs>", "", FP_OK},
    {"a declaration",
     "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" OPEN
     "<Obj><Props><S N=\"A\">\xC3\xBC</S></Props></Obj></Objs>",
     "3(A=\xC3\xBC;)", FP_OK},
    {"escapes",
     OPEN "<Obj><Props><S N=\"_x0041_\">a_x000A_b_x005F_x_xD83D__xDE00_&lt;</S>"
          "</Props></Obj></Objs>",
     "2(A=a\nb_x\xF0\x9F\x98\x80<;)", FP_OK},
    {"no escapes",
     OPEN "<Obj><Props><S N=\"A\">_x00G1__x41_ _x_ _X0041_ _x0041</S></Props></Obj>"
          "</Objs>",
     "2(A=_x00G1__x41_ _x_ _X0041_ _x0041;)", FP_OK},
    {"lone surrogates",
     OPEN "<Obj><Props><S N=\"A\">_xD83D_a_xDE00__xD83D__xD83D_</S></Props></Obj></Objs>",
     "2(A=\xEF\xBF\xBD"
     "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD;)",
     FP_OK},
    {"an element in a text", OPEN "<Obj><Props><S N=\"A\">KB1<B/>2</S></Props></Obj></Objs>",
     "2(A=;)", FP_OK},
    {"a list in a row",
     OPEN "<Obj><Props><S N=\"A\">1</S></Props><LST><Obj><MS><S N=\"A\">2</S></MS></Obj></LST>"
          "<MS><S N=\"B\">3</S></MS></Obj></Objs>",
     "2(A=1;B=3;)", FP_OK},
    {"another namespace", "<Objs xmlns=\"urn:x\"><Obj><Props><S N=\"A\">1</S></Props></Obj></Objs>",
     "", FP_FORMAT},
    {"another root", "<Obj><Props><S N=\"A\">1</S></Props></Obj>", "", FP_FORMAT},
    {"a document type",
     "<!DOCTYPE Objs [<!ENTITY a \"KB1\">]>" OPEN "<Obj><Props><S N=\"A\">&a;</S></Props></Obj>"
     "</Objs>",
     "", FP_FORMAT},
    {"two roots", OPEN "</Objs>" OPEN "</Objs>", "", FP_FORMAT},
    {"a control character", OPEN "<Obj><Props><S N=\"A\">\x01</S></Props></Obj></Objs>", "",
     FP_FORMAT},
    {"nothing", "", "", FP_FORMAT},
};

static void test_documents(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        const struct document *c = &documents[i];
        fp_out out;
        const fp_status status = read_rows(fp_str_of(c->text), &out, NULL);
        if (status != c->status || strcmp(out.data != NULL ? out.data : "", c->rows) != 0)
            fail_msg("%s: %s, %s", c->name, fp_status_name(status),
                     out.data != NULL ? out.data : "no rows");
        fp_out_free(&out);
    }
}

static void test_cut_anywhere(void **state)
{
    (void)state;
    const size_t whole = strlen(objects) - 1; /* the line end behind the root may be missing */
    for (size_t size = 0; size < whole; size++) {
        fp_out out;
        char *part = malloc(size > 0 ? size : 1);
        assert_non_null(part);
        memcpy(part, objects, size);
        fp_diag d = {0};
        assert_int_equal(read_rows((fp_str){part, size}, &out, &d), FP_FORMAT);
        assert_int_equal(out.size, 0);
        assert_true(d.where >= 1 && d.where <= 17);
        fp_out_free(&out);
        free(part);
    }
}

static void test_limits(void **state)
{
    (void)state;
    fp_out document = {.data = NULL}, out;
    fp_out_text(&document, OPEN "<Obj><Props><S N=\"A\">");
    fp_out_char(&document, 'x', FP_XML_TEXT_MAX);
    fp_out_text(&document, "</S></Props></Obj></Objs>");
    assert_int_equal(read_rows((fp_str){document.data, document.size}, &out, NULL), FP_OK);
    assert_string_equal(out.data, "2(A=;)");
    fp_out_free(&out);
    fp_out_free(&document);

    fp_out_text(&document, OPEN);
    fp_out_char(&document, ' ', FP_CLIXML_SIZE_MAX);
    fp_out_text(&document, "</Objs>");
    assert_int_equal(read_rows((fp_str){document.data, document.size}, &out, NULL), FP_LIMIT);
    fp_out_free(&document);
}

static fp_status refuse(void *context, fp_str name, fp_str value)
{
    (void)name;
    (void)value;
    ++*(unsigned *)context;
    return FP_UNSUPPORTED;
}

static fp_status accept_begin(void *context, uint64_t line)
{
    (void)context;
    (void)line;
    return FP_OK;
}

static fp_status accept_end(void *context)
{
    (void)context;
    return FP_OK;
}

static void test_an_event_ends_the_reading(void **state)
{
    (void)state;
    unsigned asked = 0;
    const fp_clixml_events events = {&asked, accept_begin, refuse, accept_end};
    assert_int_equal(fp_clixml_read(fp_str_of(objects), &events, NULL), FP_UNSUPPORTED);
    assert_int_equal(asked, 1);
}

static void test_recognition(void **state)
{
    (void)state;
    const fp_str id = FP_STR("HotFixID");
    assert_true(fp_clixml_names_property(fp_str_of(objects), id));
    assert_true(fp_clixml_names_property(fp_str_of(objects), FP_STR("hotfixid")));
    assert_false(fp_clixml_names_property(fp_str_of(objects), FP_STR("HotFix")));
    assert_false(fp_clixml_names_property(fp_str_of(objects), FP_STR("KB954474")));
    assert_true(fp_clixml_names_property(
        FP_STR("\n<?xml version=\"1.0\"?>\n<Objs a=\"\"><S N=\"HotFixID\""), id));
    assert_false(fp_clixml_names_property(FP_STR("<?xml <Objs a=\"\"><S N=\"HotFixID\""), id));
    assert_false(fp_clixml_names_property(FP_STR("<Objs a=\"\"><S N=\"HotFixID"), id));
    assert_false(fp_clixml_names_property(FP_STR("x <Objs a=\"\"><S N=\"HotFixID\""), id));
    assert_false(fp_clixml_names_property((fp_str){NULL, 0}, id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_objects),
        cmocka_unit_test(test_documents),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_an_event_ends_the_reading),
        cmocka_unit_test(test_recognition),
    };
    return RUN_TESTS(tests);
}
