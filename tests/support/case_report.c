/* SPDX-License-Identifier: MIT */
#include "tests/support/case_report.h"

#include "tests/support/case_file.h"
#include "verify/report/report.h"

#include <stdio.h>
#include <stdlib.h>

static bool write_all(const char *folder, const char *name, const fp_report *report)
{
    const fp_report_style style = {.width = 80};
    const fp_report_format *format;
    bool good = true;
    for (size_t i = 0; good && (format = fp_report_format_at(i)) != NULL; i++) {
        fp_out out = {0};
        if (!fp_report_format_can(format, report->view))
            continue;
        good = format->write(report, &style, &out) == FP_OK &&
               case_file_write(folder, name, format->name, (fp_str){out.data, out.size});
        fp_out_free(&out);
    }
    return good;
}

bool case_report_write(const char *folder, const char *name, const fp_case *c,
                       const fp_result *result, fp_time since)
{
    const size_t count = fp_evidence_count(c->evidence);
    const fp_item **items = calloc(count + 1, sizeof *items);
    if (items == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        items[i] = fp_evidence_item(c->evidence, (uint32_t)i + 1);
    fp_report report = {.view = since == FP_TIME_NONE ? FP_VIEW_ASSESS : FP_VIEW_CONFIRM,
                        .tool_version = "0.1.0",
                        .generated = INT64_C(1214035200000), /* 2008-06-21T08:00:00Z */
                        .casefile = c,
                        .items = items,
                        .item_count = count,
                        .confined = fp_evidence_confined(c->evidence),
                        .results = result,
                        .result_count = 1,
                        .since = since,
                        .advisories = &result->advisory,
                        .advisory_count = 1};
    char record[1024];
    const int size = snprintf(record, sizeof record, "%s-checklist", name);
    bool good = size > 0 && (size_t)size < sizeof record && write_all(folder, name, &report);
    report.view = FP_VIEW_CHECKLIST;
    report.change = FP_STR("CHG0012345");
    good = good && write_all(folder, record, &report);
    free(items);
    return good;
}
