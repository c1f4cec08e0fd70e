/* SPDX-License-Identifier: MIT */
/* The change record as HTML: per advisory the state, the items by phase, lines to sign beside what
 * is left to a person. */
#include "verify/report/change.h"
#include "verify/report/html_parts.h"

static const char *box_of(fp_tick tick)
{
    static const char *const boxes[FP_TICKS] = {[FP_TICK_OPEN] = "",
                                                [FP_TICK_TICKED] = "&#10003;",
                                                [FP_TICK_DECLARED] = "d",
                                                [FP_TICK_FAILED] = "&#10007;",
                                                [FP_TICK_ASIDE] = "&#8211;"};
    return boxes[tick];
}

/* Of an item that is set aside the answer is enough. */
static void fact(fp_page *p, const fp_report *report, const fp_because *b, bool whole)
{
    fp_markup_raw(p, "<p>");
    fp_markup_text(p, fp_text_question(b->test));
    fp_out_printf(p->out, " <span class=\"answer\">%s</span>", fp_text_answer(b->result));
    if (b->result == FP_UNKNOWN)
        fp_markup_textf(p, " (%s)", fp_unknown_why_name(b->outcome->why));
    fp_markup_raw(p, "</p>\n");
    if (!whole)
        return;
    fp_html_observations(p, report, &b->outcome->observations);
    if (b->result == FP_UNKNOWN && b->test->needs.size > 0) {
        fp_markup_raw(p, "<p>Needs: ");
        fp_markup_text(p, b->test->needs);
        fp_markup_raw(p, "</p>\n");
    }
}

static void facts(fp_page *p, const fp_report *report, const fp_checked *checked)
{
    fp_report_tests tests;
    fp_report_tests_deciding(&checked->because, &tests);
    if (tests.count == 0)
        return;
    const bool whole = checked->is != FP_TICK_ASIDE;
    if (whole)
        fp_markup_raw(
            p, "<details class=\"whole\" open=\"\">\n<summary>What the evidence says</summary>\n");
    for (size_t i = 0; i < tests.count; i++)
        fact(p, report, tests.at[i], whole);
    if (whole)
        fp_markup_raw(p, "</details>\n");
}

static void item(fp_page *p, const fp_report *report, const fp_checked *checked)
{
    const char *note = fp_change_note(checked);
    const char *tone = fp_html_tone(fp_change_tone(checked->is));
    fp_out_printf(p->out,
                  "<li><span class=\"box %s\" aria-hidden=\"true\">%s</span>\n<div>\n<p "
                  "class=\"needs\">",
                  tone, box_of(checked->is));
    fp_out_printf(p->out, "<span class=\"state %s\">%s:</span> ", tone,
                  fp_change_word(checked->is));
    fp_markup_text(p, checked->item->text);
    fp_markup_raw(p, "</p>\n");
    if (*note != '\0')
        fp_markup_element(p, "p", fp_str_of(note));
    facts(p, report, checked);
    fp_markup_raw(p, "<p class=\"faint\">Source: ");
    fp_markup_text(p, checked->item->source);
    fp_markup_raw(p, "</p>\n");
    if (fp_change_is_signed(checked))
        fp_markup_raw(p, "<p class=\"by\"><span>Done by</span><span class=\"blank\"></span>"
                         "<span>Date</span><span class=\"blank\"></span></p>\n");
    fp_markup_raw(p, "</div></li>\n");
}

static void package(fp_page *p, const fp_package *one)
{
    fp_markup_raw(p, "<dl class=\"facts\">\n");
    fp_markup_element(p, "dt", FP_STR("Package"));
    fp_markup_elementf(p, "dd class=\"ev\"", "%s (%s)", fp_page_clean(p, one->name),
                       fp_page_clean(p, one->kb));
    fp_markup_element(p, "dt", FP_STR("SHA-256"));
    if (one->sha256.size > 0)
        fp_markup_element(p, "dd class=\"ev\"", one->sha256);
    else
        fp_markup_raw(p, "<dd>no source gives it <span class=\"blank\"></span></dd>");
    fp_markup_element(p, "dt", FP_STR("Source"));
    fp_markup_elementf(p, "dd", "%s (%s)", fp_page_clean(p, one->source),
                       fp_page_clean(p, one->certainty));
    fp_markup_raw(p, "\n</dl>\n");
}

static void packages(fp_page *p, const fp_result *result)
{
    size_t shown = 0;
    for (size_t i = 0; i < result->advisory->package_count; i++) {
        if (result->packages[i] == FP_FALSE)
            continue;
        package(p, &result->advisory->packages[i]);
        shown++;
    }
    if (shown == 0)
        fp_markup_raw(p, "<dl class=\"facts\">\n<dt>Package</dt><dd>no source names it <span "
                         "class=\"blank\"></span></dd>\n<dt>SHA-256</dt><dd><span "
                         "class=\"blank\"></span></dd>\n</dl>\n");
}

static void phase(fp_page *p, const fp_report *report, const fp_result *result, fp_phase which)
{
    const bool any = fp_change_has(result, which);
    if (!any && which != FP_PHASE_ACTION)
        return;
    fp_out_printf(p->out, "<section>\n<h3>%s</h3>\n", fp_change_phase(which));
    if (which == FP_PHASE_ACTION) {
        fp_html_prose(p, result->remediation);
        packages(p, result);
    }
    if (any)
        fp_markup_raw(p, "<ul class=\"checklist\">\n");
    for (size_t i = 0; i < result->advisory->checklist_count; i++)
        if (result->checklist[i].item->phase == which)
            item(p, report, &result->checklist[i]);
    fp_markup_raw(p, any ? "</ul>\n</section>\n" : "</section>\n");
}

static void property(fp_page *p, const char *label, const char *value)
{
    fp_markup_element(p, "dt", fp_str_of(label));
    fp_markup_element(p, "dd", fp_str_of(value));
    fp_markup_raw(p, "\n");
}

static void state(fp_page *p, const fp_report *report, const fp_result *result)
{
    fp_markup_raw(p, "<section>\n<h3>State</h3>\n<dl class=\"facts\">\n");
    property(p, "Before", fp_change_state_before(p, report, result));
    property(p, "Now", fp_change_state_now(p, result));
    property(p, "Why", fp_page_clean(p, result->reason_text));
    for (size_t i = 0; i < result->caveat_count; i++)
        property(p, "Caveat", fp_page_clean(p, result->caveats[i]));
    for (size_t i = 0; i < result->missing_count; i++)
        property(p, "Missing", fp_page_clean(p, result->missing[i].needs));
    property(p, "Checklist", fp_change_summary(p, result));
    property(p, "Advisory", fp_change_identity(p, result->advisory));
    fp_markup_raw(p, "</dl>\n</section>\n");
}

void fp_html_change(fp_page *p, const fp_report *report, size_t index)
{
    const fp_result *result = &report->results[index];
    fp_out_printf(p->out, "<article id=\"r%zu\" aria-labelledby=\"r%zu-verdict\">\n", index + 1,
                  index + 1);
    fp_html_banner(p, report, index);
    state(p, report, result);
    for (unsigned which = 0; which < FP_PHASES; which++)
        phase(p, report, result, (fp_phase)which);
    fp_markup_raw(p, "</article>\n");
}

void fp_html_unconcerned(fp_page *p, const fp_report *report)
{
    bool any = false;
    for (size_t i = 0; i < report->result_count; i++) {
        const fp_result *r = &report->results[i];
        if (fp_change_concerns(report, r))
            continue;
        if (!any)
            fp_markup_raw(p, "<section aria-labelledby=\"aside\">\n<h2 id=\"aside\">Advisories "
                             "that do not concern this server</h2>\n<dl class=\"facts lines\">\n");
        any = true;
        property(p, fp_page_clean(p, r->advisory->id), fp_page_clean(p, r->reason_text));
    }
    if (any)
        fp_markup_raw(p, "</dl>\n</section>\n");
}
