/* SPDX-License-Identifier: MIT */
/*
 * Text from evidence in every place of every view. First byte: view, colour and width; last byte:
 * format; the rest is the text. No report may hold control characters or bad UTF-8, none may end a
 * line in a blank; JSON must be JSON that gives the text back; HTML and JUnit must be well-formed
 * with no element but ours.
 */
#include "inventory/base/json.h"
#include "tests/support/fuzz.h"
#include "tests/support/report_model.h"
#include "tests/support/xml_check.h"

#include <stdlib.h>
#include <string.h>

static void check(bool good)
{
    if (!good)
        abort();
}

static void check_shown(const fp_out *out)
{
    const fp_str text = {out->data, out->size};
    check(out->size > 0 && out->data[out->size - 1] == '\n' && fp_text_is_utf8(text));
    for (size_t i = 0; i < out->size; i++) {
        const unsigned char c = (unsigned char)out->data[i];
        check((c >= 0x20 && c != 0x7F) || c == '\n' || (c == '\r' && out->data[i + 1] == '\n'));
        check(c != '\n' || i == 0 || out->data[i - 1] != ' ');
        check(c != 0xC2 || (unsigned char)out->data[i + 1] >= 0xA0); /* C1 controls */
    }
}

static void check_json(const fp_out *out, const report_model *m)
{
    fp_json *root;
    check(fp_json_parse(fp_span_of(out->data, out->size), &root, NULL) == FP_OK);
    const char *who = m->report.view == FP_VIEW_DIFF ? "server" : "subject";
    const fp_str host = fp_json_string(fp_json_get(fp_json_get(root, who), "host"));
    if (fp_text_is_utf8(m->casefile.host))
        check(fp_str_eq(host, m->casefile.host));
    fp_json_free(root);
}

static void check_xml(const fp_out *out, const char *const *names)
{
    const xml_count count = xml_check((fp_str){out->data, out->size}, names);
    check(count.well_formed && count.strangers == 0);
}

static void check_parses(fp_span text)
{
    fp_json *root;
    check(fp_json_parse(text, &root, NULL) == FP_OK);
    fp_json_free(root);
}

static void check_lines(const fp_out *out)
{
    fp_str rest = {out->data, out->size - 1};
    fp_str line;
    while (fp_str_split(&rest, '\n', &line))
        check_parses(fp_span_of(line.data, line.size));
}

static void check_syntax(const report_model *m, const char *format, const fp_out *out)
{
    static const char *const junit_names[] = {"testsuites", "testsuite",  "properties", "property",
                                              "testcase",   "failure",    "error",      "skipped",
                                              "system-out", "system-err", NULL};
    static const char *const documents[] = {"sarif", "openvex", "csaf", "cyclonedx"};
    if (strcmp(format, "json") == 0)
        check_json(out, m);
    if (strcmp(format, "ndjson") == 0)
        check_lines(out);
    if (strcmp(format, "html") == 0)
        check_xml(out, xml_html_names);
    if (strcmp(format, "junit") == 0)
        check_xml(out, junit_names);
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++)
        if (strcmp(format, documents[i]) == 0)
            check_parses(fp_span_of(out->data, out->size));
}

static void check_format(const report_model *m, const fp_report_format *format)
{
    fp_out out = {0};
    check(format->write(&m->report, &m->style, &out) == FP_OK);
    check_shown(&out);
    check_syntax(m, format->name, &out);
    fp_out_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned widths[] = {80, 40, 120, 0};
    if (size < 2 || size > 4096)
        return 0;
    report_model m;
    report_model_make(&m, (fp_report_view)(data[0] % FP_VIEWS));
    m.style.width = widths[data[0] >> 6];
    m.style.utf8 = (data[0] & 0x20) != 0;
    m.report.details = m.style.utf8;
    report_model_fill(&m, (fp_str){(const char *)data + 1, size - 2});

    size_t formats = 0;
    while (fp_report_format_at(formats) != NULL)
        formats++;
    const fp_report_format *format = fp_report_format_at(data[size - 1] % formats);
    if (fp_report_format_can(format, m.report.view))
        check_format(&m, format);
    return 0;
}
