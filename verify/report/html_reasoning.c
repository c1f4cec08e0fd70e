/* SPDX-License-Identifier: MIT */
/* The whole reasoning on one advisory as HTML: every rule with its tree, every other question. */
#include "verify/report/html_parts.h"
#include "verify/report/identity.h"

/* Of several advisories the reasoning is a line each on paper, unless that is what was asked for.
 */
static bool is_long(const fp_report *report)
{
    return report->result_count > 1 && report->view != FP_VIEW_EXPLAIN;
}

static void truth(fp_page *p, fp_tri is)
{
    fp_out_printf(p->out, "<span class=\"answer %s\">%s</span> ", fp_html_answer(is),
                  fp_text_truth(is));
}

/* Depth is bounded by FP_CRITERIA_DEPTH_MAX. */
static void tree(fp_page *p, const fp_report *report, size_t index, const fp_because *b)
{
    static const char *const operators[] = {"", "all of", "any of", "not"};
    fp_markup_raw(p, "<li>");
    if (b->kind == FP_CRITERIA_TEST && b->test != NULL) {
        truth(p, b->result);
        fp_markup_raw(p, "<a href=\"#");
        fp_html_test_id(p, report, index, b->test);
        fp_markup_raw(p, "\">");
        fp_markup_text(p, fp_text_question(b->test));
        fp_markup_raw(p, "</a></li>\n");
        return;
    }
    if (b->child_count == 0) {
        truth(p, b->result);
        fp_markup_raw(p, "always</li>\n");
        return;
    }
    fp_markup_raw(p, "<details open=\"\">\n<summary>");
    truth(p, b->result);
    fp_out_printf(p->out, "%s</summary>\n<ul class=\"tree\">\n", operators[b->kind]);
    for (size_t i = 0; i < b->child_count; i++)
        tree(p, report, index, &b->children[i]);
    fp_markup_raw(p, "</ul>\n</details></li>\n");
}

static void rule_summary(fp_page *p, const fp_result *result, size_t number)
{
    const fp_rule_outcome *outcome = &result->rules[number];
    const char *note = fp_text_rule_note(result, number);
    fp_markup_raw(p, "<summary>");
    truth(p, outcome->when);
    if (*note != '\0')
        fp_out_printf(p->out, "<em>%s</em> ", note);
    fp_out_printf(p->out, "&#8594; %s (", fp_verdict_name(outcome->rule->verdict));
    fp_markup_element(p, "code", outcome->rule->reason);
    fp_markup_raw(p, ")");
    if (outcome->rule->text.size > 0)
        fp_markup_element(p, "span class=\"about\"", outcome->rule->text);
    fp_markup_raw(p, "</summary>\n");
}

/* On paper the deciding one is whole; of the others a line tells what they would conclude. */
static void rule(fp_page *p, const fp_report *report, size_t index, size_t number)
{
    const fp_result *result = &report->results[index];
    const fp_rule_outcome *outcome = &result->rules[number];
    const bool open = report->view == FP_VIEW_EXPLAIN || number == result->deciding;
    fp_out_printf(p->out, "<li><details class=\"rule%s", open ? " whole\" open=\"\">\n" : "\">\n");
    rule_summary(p, result, number);
    if (fp_text_counts_caveat(outcome)) {
        fp_markup_raw(p, "<p class=\"caveat\">Counted as FALSE although not all of it is known: a "
                         "caveat of the result. ");
        fp_markup_text(p, outcome->rule->caveat);
        fp_markup_raw(p, "</p>\n");
    }
    fp_markup_raw(p, "<ul class=\"tree\">\n");
    tree(p, report, index, &outcome->because);
    fp_markup_raw(p, "</ul>\n</details></li>\n");
}

static void references(fp_page *p, const fp_report *report, size_t index)
{
    const fp_advisory *advisory = report->results[index].advisory;
    if (advisory->reference_count == 0)
        return;
    fp_html_section(p, report, index, "References");
    fp_markup_raw(p, "<ul>\n");
    for (size_t i = 0; i < advisory->reference_count; i++) {
        const fp_reference *r = &advisory->references[i];
        fp_markup_raw(p, "<li>");
        fp_markup_text(p, r->title);
        fp_markup_raw(p, ": ");
        if (fp_uri_is_https(r->url)) {
            fp_markup_raw(p, "<a rel=\"noreferrer\"");
            fp_markup_attribute(p, "href", r->url);
            fp_markup_raw(p, ">");
            fp_markup_element(p, "span class=\"ev\"", r->url);
            fp_markup_raw(p, "</a>");
        } else {
            fp_markup_element(p, "span class=\"ev\"", r->url);
        }
        fp_markup_raw(p, "</li>\n");
    }
    fp_markup_raw(p, "</ul>\n</section>\n");
}

/* The questions that were not shown with the verdict: rules rest on them too. */
static void other_tests(fp_page *p, const fp_report *report, size_t index)
{
    fp_report_tests all;
    fp_report_tests behind;
    fp_report_tests_all(&report->results[index], &all);
    fp_report_tests_behind(&report->results[index], &behind);
    if (all.count == behind.count)
        return;
    fp_html_section(p, report, index, "Other questions that the rules ask");
    fp_out_printf(p->out, "<details%s>\n<summary>%zu question%s</summary>\n",
                  is_long(report) ? "" : " class=\"whole\" open=\"\"", all.count - behind.count,
                  fp_plural(all.count - behind.count));
    for (size_t i = 0; i < all.count; i++)
        if (!fp_report_tests_hold(&behind, all.at[i]->test))
            fp_html_test(p, report, index, all.at[i], report->view == FP_VIEW_EXPLAIN);
    fp_markup_raw(p, "</details>\n</section>\n");
}

static void rules(fp_page *p, const fp_report *report, size_t index)
{
    const fp_result *result = &report->results[index];
    fp_html_section(p, report, index, "Rules");
    fp_out_printf(p->out, "<details%s%s>\n<summary>%s%zu rule%s%s</summary>\n",
                  is_long(report) ? "" : " class=\"whole\"",
                  report->view == FP_VIEW_EXPLAIN ? " open=\"\"" : "",
                  result->rule_count > 1 ? "All " : "", result->rule_count,
                  fp_plural(result->rule_count), result->rule_count > 1 ? ", in order" : "");
    fp_markup_raw(p, "<p>The first rule that is TRUE decides; an UNKNOWN one before it keeps its "
                     "verdict possible.</p>\n<ol class=\"rules\">\n");
    for (size_t i = 0; i < result->rule_count; i++)
        rule(p, report, index, i);
    fp_markup_raw(p, "</ol>\n</details>\n</section>\n");
}

void fp_html_reasoning(fp_page *p, const fp_report *report, size_t index)
{
    rules(p, report, index);
    other_tests(p, report, index);
    references(p, report, index);
}

void fp_html_annex(fp_page *p, const fp_report *report, size_t index)
{
    fp_out_printf(p->out,
                  "<article class=\"annex%s\" aria-labelledby=\"r%zu-reasoning\">\n"
                  "<h2 id=\"r%zu-reasoning\">",
                  is_long(report) ? "" : " apart", index + 1, index + 1);
    fp_markup_textf(p, "The whole reasoning on %s",
                    fp_page_clean(p, report->results[index].advisory->id));
    fp_markup_raw(p, "</h2>\n");
    fp_html_paper_note(p, report);
    fp_html_reasoning(p, report, index);
    fp_markup_raw(p, "</article>\n");
}
