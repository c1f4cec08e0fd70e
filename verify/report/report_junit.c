/* SPDX-License-Identifier: MIT */
/*
 * JUnit XML, as CI servers read it: one test case per advisory. There is no official schema; this
 * is valid by the two in use (Jenkins' xunit-plugin junit-10.xsd, windyroad's JUnit.xsd). Text a
 * case has no place for (a fixed advisory's assurance) stands in the properties and in system-out.
 */
#include "verify/report/export.h"
#include "verify/report/markup.h"

/* NULL: the case passed. */
static const char *element_of(fp_verdict verdict)
{
    static const char *const elements[FP_VERDICTS] = {
        [FP_UNDETERMINED] = "error",
        [FP_AFFECTED] = "failure",
        [FP_FIXED] = NULL,
        [FP_NOT_APPLICABLE] = "skipped",
    };
    return elements[verdict];
}

static void property(fp_page *p, const char *name, fp_str value)
{
    fp_markup_raw(p, "<property");
    fp_markup_attribute(p, "name", fp_str_of(name));
    fp_markup_attribute(p, "value", value);
    fp_markup_raw(p, "/>\n");
}

static void properties(fp_page *p, fp_export *x)
{
    const fp_report *report = x->report;
    fp_markup_raw(p, "<properties>\n");
    property(p, "fixproof.version", fp_str_of(report->tool_version));
    property(p, "fixproof.report.sha256", fp_str_of(x->digest));
    property(p, "product", x->product);
    for (size_t i = 0; i < report->result_count; i++) {
        const fp_result *result = &report->results[i];
        const char *id = fp_page_clean(p, result->advisory->id);
        property(p, fp_page_format(p, "%s.verdict", id),
                 fp_str_of(fp_verdict_name(result->verdict)));
        property(p, fp_page_format(p, "%s.reason", id), result->reason);
        property(p, fp_page_format(p, "%s.assurance", id), result->assurance);
        property(p, fp_page_format(p, "%s.possible", id),
                 fp_str_of(fp_text_verdicts(p, result->possible)));
    }
    fp_markup_raw(p, "</properties>\n");
}

static void test_case(fp_page *p, fp_export *x, const fp_result *result)
{
    const char *element = element_of(result->verdict);
    fp_markup_raw(p, "<testcase classname=\"fixproof\" time=\"0\"");
    fp_markup_attribute(p, "name",
                        fp_str_of(fp_page_format(p, "%s %s", fp_page_clean(p, result->advisory->id),
                                                 fp_page_clean(p, result->advisory->title))));
    if (element == NULL) {
        fp_markup_raw(p, "/>\n");
        return;
    }
    fp_out_printf(p->out, ">\n<%s", element);
    if (result->verdict != FP_NOT_APPLICABLE) /* windyroad: skipped has no type */
        fp_markup_attribute(p, "type", fp_str_of(fp_verdict_name(result->verdict)));
    fp_markup_attribute(p, "message", result->reason_text);
    fp_markup_raw(p, ">");
    fp_markup_text(p, fp_export_note(x, result));
    fp_out_printf(p->out, "</%s>\n</testcase>\n", element);
}

static void suite(fp_page *p, fp_export *x)
{
    enum { WITHOUT_ZONE = 19 }; /* "2008-06-13T04:05:06" */
    const fp_report *report = x->report;
    const fp_str host = report->casefile->host;
    fp_markup_raw(p, "<testsuite id=\"0\" package=\"fixproof\" name=\"fixproof\" time=\"0\"");
    fp_markup_attribute(p, "hostname", fp_str_trim(host).size > 0 ? host : FP_STR("localhost"));
    fp_markup_attribute(p, "timestamp", (fp_str){x->time.data, WITHOUT_ZONE});
    fp_out_printf(p->out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n",
                  report->result_count, fp_report_count(report, FP_AFFECTED),
                  fp_report_count(report, FP_UNDETERMINED),
                  fp_report_count(report, FP_NOT_APPLICABLE));
    properties(p, x);
    for (size_t i = 0; i < report->result_count; i++)
        test_case(p, x, &report->results[i]);
    fp_markup_raw(p, "<system-out>");
    for (size_t i = 0; i < report->result_count; i++) {
        fp_markup_textf(p, "%s: %s", fp_page_clean(p, report->results[i].advisory->id),
                        fp_export_note(x, &report->results[i]).data);
        fp_markup_raw(p, "\n");
    }
    fp_markup_raw(p, "</system-out>\n<system-err></system-err>\n</testsuite>\n");
}

fp_status fp_junit_write(const fp_report *report, const fp_report_style *style, fp_out *out)
{
    fp_export x;
    const fp_status status = fp_export_begin(&x, report);
    fp_page page = {.out = out, .style = style, .arena = x.doc.arena};
    if (status == FP_OK) {
        fp_markup_raw(&page, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
        suite(&page, &x);
        fp_markup_raw(&page, "</testsuites>\n");
    }
    const bool failed = out->failed || page.failed || x.words.failed;
    fp_export_end(&x);
    return status == FP_OK && failed ? FP_NOMEM : status;
}
