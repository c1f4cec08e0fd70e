/* SPDX-License-Identifier: MIT */
/*
 * JUnit XML, as CI servers read it: one test case per advisory. There is no official schema; this
 * is valid by the two in use (Jenkins' xunit-plugin junit-10.xsd, windyroad's JUnit.xsd). Text a
 * case has no place for (a fixed advisory's assurance) stands in the properties and in system-out.
 * A change as a whole is a case too: something may have got worse that no advisory is about.
 */
#include "verify/report/export.h"
#include "verify/report/markup.h"

#include <string.h>

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

/* NULL: the case passed, or there is no change. */
static const char *element_of_change(const fp_changes *c)
{
    static const char *const elements[] = {NULL, "failure", "error"};
    return c == NULL ? NULL : elements[fp_conclusion_exit_status(c->conclusion)];
}

static void outcome_properties(fp_page *p, const fp_changes *c)
{
    if (c == NULL)
        return;
    property(p, "change.conclusion", fp_str_of(fp_conclusion_name(c->conclusion)));
    for (size_t i = 0; i < c->result_count; i++) {
        const fp_result_change *r = &c->results[i];
        const char *id =
            fp_page_clean(p, r->after != NULL ? r->after->advisory : r->before->advisory);
        property(p, fp_page_format(p, "%s.outcome", id), fp_str_of(fp_outcome_name(r->outcome)));
        if (r->before == NULL)
            continue;
        property(p, fp_page_format(p, "%s.verdict_before", id),
                 fp_str_of(fp_verdict_name(r->before->verdict)));
        property(p, fp_page_format(p, "%s.reason_before", id), r->before->reason);
    }
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
    outcome_properties(p, report->changes);
    fp_markup_raw(p, "</properties>\n");
}

typedef struct junit_case {
    const char *name;
    const char *element; /* NULL: it passed */
    const char *type;    /* NULL: none (windyroad: skipped has none) */
    fp_str message, text;
} junit_case;

static void put_case(fp_page *p, const junit_case *c)
{
    fp_markup_raw(p, "<testcase classname=\"fixproof\" time=\"0\"");
    fp_markup_attribute(p, "name", fp_str_of(c->name));
    if (c->element == NULL) {
        fp_markup_raw(p, "/>\n");
        return;
    }
    fp_out_printf(p->out, ">\n<%s", c->element);
    if (c->type != NULL)
        fp_markup_attribute(p, "type", fp_str_of(c->type));
    fp_markup_attribute(p, "message", c->message);
    fp_markup_raw(p, ">");
    fp_markup_text(p, c->text);
    fp_out_printf(p->out, "</%s>\n</testcase>\n", c->element);
}

static void test_case(fp_page *p, fp_export *x, const fp_result *result)
{
    const bool skipped = result->verdict == FP_NOT_APPLICABLE;
    const junit_case one = {.name =
                                fp_page_format(p, "%s %s", fp_page_clean(p, result->advisory->id),
                                               fp_page_clean(p, result->advisory->title)),
                            .element = element_of(result->verdict),
                            .type = skipped ? NULL : fp_verdict_name(result->verdict),
                            .message = result->reason_text,
                            .text = fp_export_note(x, result)};
    put_case(p, &one);
}

static void change_case(fp_page *p, fp_export *x)
{
    const fp_changes *c = x->report->changes;
    if (c == NULL)
        return;
    const junit_case one = {.name = "the change as a whole",
                            .element = element_of_change(c),
                            .type = fp_conclusion_name(c->conclusion),
                            .message = fp_str_of(fp_text_conclusion(c).meaning),
                            .text = fp_export_change_note(x)};
    put_case(p, &one);
}

static void system_out(fp_page *p, fp_export *x)
{
    const fp_report *report = x->report;
    fp_markup_raw(p, "<system-out>");
    if (report->changes != NULL)
        fp_markup_textf(p, "change: %s", fp_export_change_note(x).data);
    fp_markup_raw(p, report->changes != NULL ? "\n" : "");
    for (size_t i = 0; i < report->result_count; i++) {
        fp_markup_textf(p, "%s: %s", fp_page_clean(p, report->results[i].advisory->id),
                        fp_export_note(x, &report->results[i]).data);
        fp_markup_raw(p, "\n");
    }
    fp_markup_raw(p, "</system-out>\n<system-err></system-err>\n");
}

static void suite(fp_page *p, fp_export *x)
{
    enum { WITHOUT_ZONE = 19 }; /* "2008-06-13T04:05:06" */
    const fp_report *report = x->report;
    const fp_str host = report->casefile->host;
    const char *change = element_of_change(report->changes);
    const size_t failed = change != NULL && strcmp(change, "failure") == 0;
    const size_t open = change != NULL && !failed;
    fp_markup_raw(p, "<testsuite id=\"0\" package=\"fixproof\" name=\"fixproof\" time=\"0\"");
    fp_markup_attribute(p, "hostname", fp_str_trim(host).size > 0 ? host : FP_STR("localhost"));
    fp_markup_attribute(p, "timestamp", (fp_str){x->time.data, WITHOUT_ZONE});
    fp_out_printf(p->out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n",
                  report->result_count + (report->changes != NULL),
                  fp_report_count(report, FP_AFFECTED) + failed,
                  fp_report_count(report, FP_UNDETERMINED) + open,
                  fp_report_count(report, FP_NOT_APPLICABLE));
    properties(p, x);
    change_case(p, x);
    for (size_t i = 0; i < report->result_count; i++)
        test_case(p, x, &report->results[i]);
    system_out(p, x);
    fp_markup_raw(p, "</testsuite>\n");
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
