/* SPDX-License-Identifier: MIT */
/*
 * Text from evidence in every place of every view. First byte: view, colour and width; the rest is
 * the text. No report may hold control characters or bad UTF-8, none may end a line in a blank, and
 * JSON must be JSON that gives the text back.
 */
#include "inventory/base/json.h"
#include "tests/support/report_model.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
    if (!good)
        abort();
}

static void put_everywhere(report_model *m, fp_str text)
{
    m->casefile.host = m->casefile.product.site_code = m->casefile.product.version_text = text;
    m->casefile.product.install_folder = text;
    for (size_t i = 0; i < MODEL_ITEMS; i++)
        m->items[i].path = m->items[i].name = text;
    for (size_t i = 0; i < MODEL_TESTS; i++)
        m->observations[i].value = m->observations[i].origin.where = text;
    m->statements[0] = (fp_statement){text, text, text, text, text, 0};
    m->findings[0].value = text;
    m->episodes[0].failure_text = m->episodes[0].update = m->episodes[0].marks = text;
    m->log_files[0].host = m->log_files[0].name = text;
    m->hotfixes[0].kb = m->traces[0].key_path = m->traces[0].installed_by = text;
    m->traces[0].product = m->traces[0].level = m->traces[0].installed_date = text;
    m->trace_files[0].name = m->trace_files[0].version_text = m->trace_files[0].location = text;
    m->files[0].pe.version_text = m->files[0].pe.original_name = text;
    m->hosts[0].name = text;
    m->catalog.package_id = m->catalog.creation_date = m->actions[0].value = text;
    m->questions[0].action = m->questions[0].update_id = text;
    m->cabinet_files[0].name = text;
    m->advisory.title = m->advisory.remediation = m->result.reason_text = text;
}

static void check_shown(const fp_out *out)
{
    const fp_str text = {out->data, out->size};
    check(out->size > 0 && out->data[out->size - 1] == '\n' && fp_text_is_utf8(text));
    for (size_t i = 0; i < out->size; i++) {
        const unsigned char c = (unsigned char)out->data[i];
        check((c >= 0x20 && c != 0x7F) || c == '\n');
        check(c != '\n' || i == 0 || out->data[i - 1] != ' ');
        check(c != 0xC2 || (unsigned char)out->data[i + 1] >= 0xA0); /* C1 controls */
    }
}

static void check_json(const fp_out *out, const report_model *m)
{
    fp_json *root;
    check(fp_json_parse(fp_span_of(out->data, out->size), &root, NULL) == FP_OK);
    const fp_str host = fp_json_string(fp_json_get(fp_json_get(root, "subject"), "host"));
    if (fp_text_is_utf8(m->casefile.host))
        check(fp_str_eq(host, m->casefile.host));
    fp_json_free(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned widths[] = {80, 40, 120, 0};
    if (size == 0 || size > 4096)
        return 0;
    report_model m;
    report_model_make(&m, (fp_report_view)(data[0] % FP_VIEWS));
    m.style.width = widths[data[0] >> 6];
    m.style.utf8 = (data[0] & 0x20) != 0;
    put_everywhere(&m, (fp_str){(const char *)data + 1, size - 1});

    fp_out text = {0};
    check(fp_report_format_find("text")->write(&m.report, &m.style, &text) == FP_OK);
    check_shown(&text);
    fp_out json = {0};
    check(fp_report_format_find("json")->write(&m.report, &m.style, &json) == FP_OK);
    check_shown(&json);
    check_json(&json, &m);
    fp_out_free(&text);
    fp_out_free(&json);
    return 0;
}
