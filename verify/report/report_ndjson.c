/* SPDX-License-Identifier: MIT */
/*
 * NDJSON: the JSON report in lines, for programs that take one record at a time.
 *
 * The first line is the report itself without its lists; then one line per element of each list, in
 * the order of the document. Every line names the report (by its digest) and the server, so that
 * lines of many servers can lie in one place. Nothing is lost: the lists put back into the first
 * line's data are the JSON report.
 */
#include "verify/report/export.h"

static void open_line(fp_export *x, fp_json *line, const char *record)
{
    fp_doc_put_text(&x->doc, line, "schema", FP_STR("fixproof/ndjson/v1"));
    fp_doc_put_text(&x->doc, line, "record", fp_str_of(record));
    fp_doc_put_text(&x->doc, line, "report", fp_str_of(x->digest));
    fp_doc_put_known(&x->doc, line, "host", x->report->casefile->host);
}

/* {..., "data": as it was written already }: a node belongs to its document. */
static fp_status put_line(fp_export *x, const char *record, fp_str data, fp_out *out)
{
    fp_json *line = fp_doc_object(&x->doc);
    open_line(x, line, record);
    fp_out head = {0};
    const fp_status status = fp_doc_write_compact(&x->doc, line, &head);
    fp_json_free(line);
    if (status == FP_OK) {
        fp_out_str(out, (fp_str){head.data, head.size - 1}); /* without its brace */
        fp_out_text(out, ",\"data\":");
        fp_out_str(out, data);
        fp_out_text(out, "}\n");
    }
    fp_out_free(&head);
    return status;
}

static fp_status report_line(fp_export *x, const fp_json *root, fp_out *out)
{
    fp_out data = {0};
    fp_status status = FP_OK;
    void *cursor = NULL;
    fp_str key;
    const fp_json *value;
    while (status == FP_OK && (value = fp_json_next(root, &cursor, &key)) != NULL) {
        if (fp_json_is(value, FP_JSON_ARRAY))
            continue;
        fp_out_printf(&data, "%c\"%.*s\":", data.size == 0 ? '{' : ',', FP_STR_ARG(key));
        status = fp_doc_write_compact(&x->doc, value, &data);
    }
    fp_out_text(&data, "}");
    if (status == FP_OK)
        status = put_line(x, "report", (fp_str){data.data, data.size}, out);
    fp_out_free(&data);
    return status;
}

static fp_status element_lines(fp_export *x, const char *key, const fp_json *array, fp_out *out)
{
    fp_status status = FP_OK;
    for (size_t i = 0; status == FP_OK && i < fp_json_size(array); i++) {
        fp_out data = {0};
        status = fp_doc_write_compact(&x->doc, fp_json_at(array, i), &data);
        if (status == FP_OK)
            status = put_line(x, key, (fp_str){data.data, data.size}, out);
        fp_out_free(&data);
    }
    return status;
}

static fp_status lines(fp_export *x, const fp_json *root, fp_out *out)
{
    fp_status status = report_line(x, root, out);
    void *cursor = NULL;
    fp_str key;
    const fp_json *value;
    while (status == FP_OK && (value = fp_json_next(root, &cursor, &key)) != NULL)
        if (fp_json_is(value, FP_JSON_ARRAY))
            status = element_lines(x, fp_page_clean(&x->words, key), value, out);
    return status;
}

fp_status fp_ndjson_write(const fp_report *report, const fp_report_style *style, fp_out *out)
{
    (void)style;
    fp_export x;
    fp_status status = fp_export_begin(&x, report);
    if (status == FP_OK) {
        fp_json *root = fp_json_report_document(&x.doc, report);
        status = lines(&x, root, out);
        fp_json_free(root);
    }
    fp_export_end(&x);
    return status == FP_OK && out->failed ? FP_NOMEM : status;
}
