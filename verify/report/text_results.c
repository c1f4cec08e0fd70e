/* SPDX-License-Identifier: MIT */
/* `assess` and `confirm` as text: per advisory the verdict, why, what is doubtful, what to do next.
 */
#include "verify/report/text_parts.h"

enum { OBSERVATIONS_SHOWN = 5, ANSWER_WIDTH = 9 };

static void test_answer(fp_page *p, const fp_report *report, const fp_because *b)
{
    fp_page_put(p,
                (fp_lead){.first = "  ",
                          .mark = fp_text_answer(b->result),
                          .mark_width = ANSWER_WIDTH,
                          .tone = b->result == FP_UNKNOWN ? FP_TONE_OPEN : FP_TONE_STRONG},
                fp_text_question(b->test));
    if (b->outcome == NULL)
        return;
    if (b->result == FP_UNKNOWN)
        fp_page_putf(p, (fp_lead){.first = "           "}, "evidence: %s",
                     fp_unknown_why_name(b->outcome->why));
    fp_text_observations(p, report, "           ", "           ", &b->outcome->observations,
                         OBSERVATIONS_SHOWN);
}

static void why(fp_page *p, const fp_report *report, const fp_result *result)
{
    fp_page_heading(p, "Why");
    fp_page_put(p, (fp_lead){.first = "  "}, result->reason_text);
    fp_page_putf(p, (fp_lead){.first = "  "}, "reason: %s%s%s", fp_page_clean(p, result->reason),
                 result->assurance.size > 0 ? "; assurance: " : "",
                 fp_page_clean(p, result->assurance));
    fp_page_blank(p);
    fp_report_tests tests;
    fp_report_tests_behind(result, &tests);
    for (size_t i = 0; i < tests.count; i++)
        test_answer(p, report, tests.at[i]);
}

static void caveats(fp_page *p, const fp_result *result)
{
    if (result->caveat_count == 0)
        return;
    fp_page_heading(p, "Caveats");
    for (size_t i = 0; i < result->caveat_count; i++)
        fp_page_put(p, (fp_lead){.first = "  - "}, result->caveats[i]);
}

static void asides(fp_page *p, const fp_report *report)
{
    bool any = false;
    for (size_t i = 0; i < report->result_count; i++) {
        const fp_result *r = &report->results[i];
        if (!fp_report_is_aside(report, r))
            continue;
        if (!any)
            fp_page_heading(p, "Not applicable (`--advisory ID` shows why, fact by fact)");
        any = true;
        fp_page_put(
            p,
            (fp_lead){.first = "  ", .mark = fp_page_clean(p, r->advisory->id), .mark_width = 16},
            r->reason_text);
    }
}

void fp_text_results(fp_page *p, const fp_report *report)
{
    if (report->changes == NULL) {
        fp_text_summary(p, report);
    } else { /* which says what became of each */
        fp_text_changes_made(p, report);
        fp_page_blank(p);
    }
    for (size_t i = 0; i < report->result_count; i++) {
        if (fp_report_is_aside(report, &report->results[i]))
            continue;
        if (i > 0)
            fp_page_blank(p);
        fp_text_banner(p, report, &report->results[i]);
        why(p, report, &report->results[i]);
        caveats(p, &report->results[i]);
        fp_text_next(p, &report->results[i]);
    }
    asides(p, report);
    fp_text_subject(p, report);
    fp_text_evidence(p, report);
    fp_text_foot(p, report);
}
