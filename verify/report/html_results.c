/* SPDX-License-Identifier: MIT */
/* One advisory as HTML: the verdict, what to do, why; and those that are set aside. */
#include "verify/report/html_parts.h"

const char *fp_html_answer(fp_tri is)
{
    static const char *const classes[] = {"open", "no", "yes"};
    return classes[is];
}

void fp_html_test_id(fp_page *p, const fp_report *report, size_t index, const fp_test *test)
{
    const fp_advisory *advisory = report->results[index].advisory;
    fp_out_printf(p->out, "r%zut%td", index + 1, test - advisory->tests);
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

/* Open where there is something to see. */
void fp_html_test(fp_page *p, const fp_report *report, size_t index, const fp_because *b,
                  bool whole)
{
    static const fp_observations none = {0};
    const fp_observations *seen = b->outcome != NULL ? &b->outcome->observations : &none;
    const bool open = whole && (seen->count > 0 || seen->lost);
    fp_out_printf(p->out, "<details class=\"test%s",
                  open ? " whole\" open=\"\" id=\"" : "\" id=\"");
    fp_html_test_id(p, report, index, b->test);
    fp_out_printf(p->out,
                  "\">\n<summary><span class=\"row\"><span class=\"answer %s\">%s</span> <span>",
                  fp_html_answer(b->result), fp_text_answer(b->result));
    fp_markup_text(p, fp_text_question(b->test));
    if (b->result == FP_UNKNOWN && b->outcome != NULL) {
        fp_markup_raw(p, " ");
        fp_markup_elementf(p, "span class=\"why\"", "(%s)", fp_unknown_why_name(b->outcome->why));
    }
    fp_markup_raw(p, "</span></span></summary>\n");
    fp_html_observations(p, report, seen);
    test_source(p, b->test);
    fp_markup_raw(p, "</details>\n");
}

/* No landmarks: with several advisories there would be several of one name. */
void fp_html_section(fp_page *p, const fp_report *report, size_t index, const char *heading)
{
    const unsigned level = fp_report_is_aside(report, &report->results[index]) ? 4 : 3;
    fp_out_printf(p->out, "<section>\n<h%u>%s</h%u>\n", level, heading, level);
}

void fp_html_paper_note(fp_page *p, const fp_report *report)
{
    if (report->view != FP_VIEW_EXPLAIN)
        fp_markup_raw(p, "<p class=\"paper faint\">What was folded is a line here; the JSON report "
                         "of the same run holds all of it.</p>\n");
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
    if (report->view == FP_VIEW_CONFIRM && report->changes == NULL)
        fp_markup_elementf(p, "p", "Asked: did the change that began %s take effect?",
                           fp_text_time(p, report->since));
    fp_markup_raw(p, "</div>\n");
}

static void why(fp_page *p, const fp_report *report, size_t index)
{
    const fp_result *result = &report->results[index];
    fp_report_tests tests;
    fp_report_tests_behind(result, &tests);
    fp_html_section(p, report, index, "Why");
    if (!fp_report_is_aside(report, result))
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
    for (size_t i = 0; i < tests.count; i++)
        fp_html_test(p, report, index, tests.at[i], true);
    fp_markup_raw(p, "</section>\n");
}

/* The first advisory here that says the same of how to collect it: its index, or this one's. */
static size_t first_to_say(const fp_report *report, size_t index, const fp_missing *m)
{
    for (size_t i = 0; i < index; i++) {
        const fp_result *earlier = &report->results[i];
        for (size_t k = 0; k < earlier->missing_count; k++)
            if (fp_text_next_step(earlier).missing &&
                fp_str_eq(earlier->missing[k].needs, m->needs) &&
                fp_str_eq(earlier->missing[k].collect, m->collect))
                return i;
    }
    return index;
}

static void how_to_collect(fp_page *p, const fp_report *report, size_t index, const fp_missing *m)
{
    const size_t said = first_to_say(report, index, m);
    if (said == index) {
        fp_html_prose(p, m->collect);
        return;
    }
    fp_out_printf(p->out, "<p>As for <a href=\"#r%zu\">", said + 1);
    fp_markup_text(p, report->results[said].advisory->id);
    fp_markup_raw(p, "</a>.</p>\n");
}

static void missing(fp_page *p, const fp_report *report, size_t index)
{
    const fp_result *result = &report->results[index];
    if (result->missing_count == 0)
        return;
    fp_markup_raw(p, "<ol class=\"missing\">\n");
    for (size_t i = 0; i < result->missing_count; i++) {
        const fp_missing *m = &result->missing[i];
        fp_markup_raw(p, "<li>");
        fp_markup_element(p, "p class=\"needs\"",
                          m->needs.size > 0 ? m->needs : fp_text_question(m->test));
        fp_markup_raw(p, "\n");
        fp_markup_elementf(p, "p class=\"faint\"", "Settles: %s", fp_text_settles(p, result, m));
        fp_markup_raw(p, "\n");
        how_to_collect(p, report, index, m);
        fp_markup_raw(p, "</li>\n");
    }
    fp_markup_raw(p, "</ol>\n");
}

static void next_step(fp_page *p, const fp_report *report, size_t index)
{
    const fp_result *result = &report->results[index];
    const fp_next next = fp_text_next_step(result);
    fp_html_section(p, report, index, next.heading);
    if (next.text != NULL)
        fp_markup_element(p, "p", fp_str_of(next.text));
    if (next.remedy)
        fp_html_prose(p, result->remediation);
    if (next.missing)
        missing(p, report, index);
    if (next.also != NULL)
        fp_markup_element(p, "p", fp_str_of(next.also));
    fp_markup_raw(p, "</section>\n");
}

void fp_html_result(fp_page *p, const fp_report *report, size_t index)
{
    fp_out_printf(p->out, "<article id=\"r%zu\" aria-labelledby=\"r%zu-verdict\">\n", index + 1,
                  index + 1);
    fp_html_banner(p, report, index);
    next_step(p, report, index);
    why(p, report, index);
    fp_html_timeline(p, report, index);
    fp_markup_raw(p, "</article>\n");
}

/* ---- those that are set aside ---- */

/* Folded on the screen, and so a line on paper: which, and why not. */
static void aside(fp_page *p, const fp_report *report, size_t index)
{
    const fp_result *result = &report->results[index];
    fp_out_printf(p->out,
                  "<details class=\"aside\" id=\"r%zu\">\n<summary><h3 id=\"r%zu-verdict\">",
                  index + 1, index + 1);
    fp_markup_element(p, "strong", result->advisory->id);
    fp_markup_textf(p, " %s", fp_page_clean(p, result->advisory->title));
    fp_markup_raw(p, "</h3> ");
    fp_markup_element(p, "span class=\"about\"", result->reason_text);
    fp_out_printf(p->out, "</summary>\n<article aria-labelledby=\"r%zu-verdict\">\n", index + 1);
    why(p, report, index);
    fp_html_timeline(p, report, index);
    fp_html_reasoning(p, report, index);
    fp_markup_raw(p, "</article>\n</details>\n");
}

void fp_html_asides(fp_page *p, const fp_report *report)
{
    const size_t count = fp_report_asides(report);
    if (count == 0)
        return;
    fp_markup_raw(p, "<section aria-labelledby=\"aside\">\n<div class=\"verdict good\">\n"
                     "<h2 id=\"aside\"><span class=\"word\">NOT APPLICABLE</span> ");
    fp_markup_text(p, fp_str_of(fp_text_of_advisories(p, count, report->result_count)));
    fp_markup_raw(p, "</h2>\n<p class=\"meaning\">");
    fp_markup_raw(p, count == 1 ? "It does" : "They do");
    fp_markup_raw(p, " not concern this server.</p>\n</div>\n");
    fp_html_paper_note(p, report);
    for (size_t i = 0; i < report->result_count; i++)
        if (fp_report_is_aside(report, &report->results[i]))
            aside(p, report, i);
    fp_markup_raw(p, "</section>\n");
}
