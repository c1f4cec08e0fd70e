/* SPDX-License-Identifier: MIT */
/* One advisory as HTML: the verdict, why, what to do, and every rule with its tree. */
#include "verify/report/html_parts.h"
#include "verify/report/identity.h"

static const char *answer_class(fp_tri is)
{
    static const char *const classes[] = {"open", "no", "yes"};
    return classes[is];
}

/* Ids of tests: their place in the advisory, as their names are data. */
static void test_id(fp_page *p, const fp_result *result, size_t index, const fp_test *test)
{
    fp_out_printf(p->out, "r%zut%td", index + 1, test - result->advisory->tests);
}

static fp_str question(const fp_test *test)
{
    return test->title.size > 0 ? test->title : test->name;
}

static void test_source(fp_page *p, const fp_test *test)
{
    if (test->source.size == 0)
        return;
    fp_markup_raw(p, "<p class=\"faint\">The question comes from: ");
    fp_markup_text(p, test->source);
    if (test->certainty.size > 0)
        fp_markup_textf(p, " (%s)", fp_page_clean(p, test->certainty));
    fp_markup_raw(p, "</p>\n");
}

static void test(fp_page *p, const fp_report *report, size_t index, const fp_because *b, bool open)
{
    fp_markup_raw(p, "<details class=\"test\" id=\"");
    test_id(p, &report->results[index], index, b->test);
    fp_out_printf(p->out,
                  "\"%s>\n<summary><span class=\"row\"><span class=\"answer %s\">%s</span> ",
                  open ? " open=\"\"" : "", answer_class(b->result), fp_text_answer(b->result));
    fp_markup_element(p, "span", question(b->test));
    fp_markup_raw(p, "</span></summary>\n");
    if (b->outcome != NULL) {
        if (b->result == FP_UNKNOWN)
            fp_markup_elementf(p, "p", "Evidence: %s.", fp_unknown_why_name(b->outcome->why));
        fp_html_observations(p, report, &b->outcome->observations);
    }
    test_source(p, b->test);
    fp_markup_raw(p, "</details>\n");
}

/* No landmarks: with several advisories there would be several of one name. */
static void heading(fp_page *p, const char *text)
{
    fp_out_printf(p->out, "<section>\n<h3>%s</h3>\n", text);
}

void fp_html_banner(fp_page *p, const fp_report *report, size_t index)
{
    const fp_result *result = &report->results[index];
    const fp_headline h = fp_text_headline(p, result);
    fp_out_printf(p->out, "<div class=\"verdict %s\">\n<h2 id=\"r%zu-verdict\">",
                  fp_html_tone(h.tone), index + 1);
    fp_out_printf(p->out, "<span class=\"word\">%s</span> ", h.words);
    fp_markup_element(p, "span class=\"ev\"", result->advisory->id);
    fp_markup_raw(p, "</h2>\n");
    fp_markup_element(p, "p class=\"meaning\"", fp_str_of(h.meaning));
    fp_markup_raw(p, "\n");
    fp_markup_element(p, "p", result->advisory->title);
    fp_markup_raw(p, "\n");
    if (report->view == FP_VIEW_CONFIRM)
        fp_markup_elementf(p, "p", "Asked: did the change that began %s take effect?",
                           fp_text_time(p, report->since));
    fp_markup_raw(p, "</div>\n");
}

static void why(fp_page *p, const fp_report *report, size_t index, const fp_report_tests *tests)
{
    const fp_result *result = &report->results[index];
    heading(p, "Why");
    fp_markup_element(p, "p", result->reason_text);
    fp_markup_raw(p, "\n<p class=\"faint\">Reason: ");
    fp_markup_element(p, "code", result->reason);
    if (result->assurance.size > 0) {
        fp_markup_raw(p, "; assurance: ");
        fp_markup_element(p, "code", result->assurance);
    }
    fp_markup_raw(p, "</p>\n");
    for (size_t i = 0; i < result->caveat_count; i++) {
        fp_markup_raw(p, "<p class=\"caveat\"><strong>Caveat:</strong> ");
        fp_markup_text(p, result->caveats[i]);
        fp_markup_raw(p, "</p>\n");
    }
    for (size_t i = 0; i < tests->count; i++)
        test(p, report, index, tests->at[i], true);
    fp_markup_raw(p, "</section>\n");
}

static void missing(fp_page *p, const fp_result *result)
{
    if (result->missing_count == 0)
        return;
    fp_markup_raw(p, "<ol class=\"missing\">\n");
    for (size_t i = 0; i < result->missing_count; i++) {
        const fp_missing *m = &result->missing[i];
        fp_markup_raw(p, "<li>");
        fp_markup_element(p, "p class=\"needs\"", m->needs.size > 0 ? m->needs : question(m->test));
        fp_markup_raw(p, "\n");
        fp_markup_elementf(p, "p class=\"faint\"", "Settles: %s", fp_text_settles(p, result, m));
        fp_markup_raw(p, "\n");
        fp_html_prose(p, m->collect);
        fp_markup_raw(p, "</li>\n");
    }
    fp_markup_raw(p, "</ol>\n");
}

static void next_step(fp_page *p, const fp_result *result)
{
    const fp_next next = fp_text_next_step(result);
    heading(p, next.heading);
    if (next.text != NULL)
        fp_markup_element(p, "p", fp_str_of(next.text));
    if (next.remedy)
        fp_html_prose(p, result->remediation);
    if (next.missing)
        missing(p, result);
    if (next.also != NULL)
        fp_markup_element(p, "p", fp_str_of(next.also));
    fp_markup_raw(p, "</section>\n");
}

/* ---- every rule ---- */

static void truth(fp_page *p, fp_tri is)
{
    fp_out_printf(p->out, "<span class=\"answer %s\">%s</span> ", answer_class(is),
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
        test_id(p, &report->results[index], index, b->test);
        fp_markup_raw(p, "\">");
        fp_markup_text(p, question(b->test));
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

static void rule(fp_page *p, const fp_report *report, size_t index, size_t number)
{
    const fp_result *result = &report->results[index];
    const fp_rule_outcome *outcome = &result->rules[number];
    const char *note = fp_text_rule_note(result, number);
    fp_out_printf(p->out, "<li><details class=\"rule\"%s>\n<summary>",
                  number == result->deciding ? " open=\"\"" : "");
    truth(p, outcome->when);
    if (*note != '\0')
        fp_out_printf(p->out, "<em>%s</em> ", note);
    fp_out_printf(p->out, "&#8594; %s (", fp_verdict_name(outcome->rule->verdict));
    fp_markup_element(p, "code", outcome->rule->reason);
    fp_markup_raw(p, ")</summary>\n");
    if (outcome->rule->text.size > 0)
        fp_markup_element(p, "p", outcome->rule->text);
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

static void references(fp_page *p, const fp_advisory *advisory)
{
    if (advisory->reference_count == 0)
        return;
    heading(p, "References");
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
    if (all.count > behind.count)
        heading(p, "Questions that the rules ask besides");
    for (size_t i = 0; i < all.count; i++)
        if (!fp_report_tests_hold(&behind, all.at[i]->test))
            test(p, report, index, all.at[i], false);
    if (all.count > behind.count)
        fp_markup_raw(p, "</section>\n");
}

static void rules(fp_page *p, const fp_report *report, size_t index)
{
    const fp_result *result = &report->results[index];
    heading(p, "Rules");
    fp_out_printf(p->out, "<details%s>\n<summary>All %zu rules, in order</summary>\n",
                  report->view == FP_VIEW_EXPLAIN ? " open=\"\"" : "", result->rule_count);
    fp_markup_raw(p, "<p>The first rule that is TRUE decides; an UNKNOWN one before it keeps its "
                     "verdict possible.</p>\n<ol class=\"rules\">\n");
    for (size_t i = 0; i < result->rule_count; i++)
        rule(p, report, index, i);
    fp_markup_raw(p, "</ol>\n</details>\n</section>\n");
}

void fp_html_result(fp_page *p, const fp_report *report, size_t index)
{
    fp_report_tests behind;
    fp_report_tests_behind(&report->results[index], &behind);
    fp_out_printf(p->out, "<article id=\"r%zu\" aria-labelledby=\"r%zu-verdict\">\n", index + 1,
                  index + 1);
    fp_html_banner(p, report, index);
    next_step(p, &report->results[index]);
    why(p, report, index, &behind);
    fp_html_timeline(p, report, index);
    fp_markup_raw(p, "</article>\n");
}

void fp_html_reasoning(fp_page *p, const fp_report *report, size_t index)
{
    const fp_advisory *advisory = report->results[index].advisory;
    fp_out_printf(p->out,
                  "<article class=\"annex\" aria-labelledby=\"r%zu-reasoning\">\n"
                  "<h2 id=\"r%zu-reasoning\">",
                  index + 1, index + 1);
    fp_markup_textf(p, "The whole reasoning on %s", fp_page_clean(p, advisory->id));
    fp_markup_raw(p, "</h2>\n");
    rules(p, report, index);
    other_tests(p, report, index);
    references(p, advisory);
    fp_markup_raw(p, "</article>\n");
}
