/* SPDX-License-Identifier: MIT */
/* What changed, as HTML: the conclusion first, then what became of each advisory; behind the
 * verdicts what changed on the server, what stayed, what is not shown. */
#include "verify/report/html_parts.h"

static void list(fp_page *p, const fp_changes *c, fp_changes_list which, bool heading)
{
    fp_lines lines;
    fp_changes_lines(p, c, which, &lines);
    if (lines.count == 0)
        return;
    if (heading)
        fp_out_printf(p->out, "<h3>%s</h3>\n", fp_changes_heading(which));
    fp_markup_raw(p, "<ul>\n");
    for (size_t i = 0; i < lines.count; i++) {
        fp_markup_element(p, "li class=\"ev\"", fp_str_of(lines.at[i]));
        fp_markup_raw(p, "\n");
    }
    fp_markup_raw(p, "</ul>\n");
}

/* ---- the conclusion ---- */

static void conclusion(fp_page *p, const fp_changes *c)
{
    const fp_headline h = fp_text_conclusion(c);
    fp_out_printf(p->out,
                  "<div class=\"verdict %s\">\n<h2 id=\"conclusion\"><span class=\"word\">%s</span>"
                  "</h2>\n",
                  fp_html_tone(h.tone), h.words);
    fp_markup_element(p, "p class=\"meaning\"", fp_str_of(h.meaning));
    fp_markup_raw(p, "\n");
    fp_markup_elementf(p, "p", "Asked: did the change that began %s take effect?",
                       fp_text_time(p, c->since));
    fp_markup_raw(p, "\n");
    if (fp_text_order(c).size > 0)
        fp_markup_element(p, "p", fp_text_order(c));
    if (c->before != NULL && c->same_server == FP_UNKNOWN)
        fp_markup_element(p, "p", fp_str_of(fp_text_not_same_server()));
    fp_markup_raw(p, "</div>\n");
}

/* Links to the verdict, where there is one. */
static void name(fp_page *p, const fp_report *report, const fp_record_result *r)
{
    size_t index = 0;
    while (index < report->result_count &&
           !fp_str_eq(report->results[index].advisory->id, r->advisory))
        index++;
    const bool linked = index < report->result_count;
    if (linked)
        fp_out_printf(p->out, "<a href=\"#r%zu\">", index + 1);
    fp_markup_textf(p, "%s: %s", fp_page_clean(p, r->advisory), fp_page_clean(p, r->title));
    if (linked)
        fp_markup_raw(p, "</a>");
}

static void outcome(fp_page *p, const fp_report *report, const fp_result_change *r)
{
    const fp_headline h = fp_text_outcome_words(r->outcome);
    fp_out_printf(p->out, "<li><strong class=\"%s\">%s</strong>\n<div>", fp_html_tone(h.tone),
                  h.words);
    name(p, report, r->after != NULL ? r->after : r->before);
    fp_markup_element(p, "p", fp_str_of(h.meaning));
    if (report->changes->before != NULL)
        fp_markup_elementf(p, "p class=\"faint\"", "Before: %s. Now: %s.",
                           fp_text_recorded(p, r->before), fp_text_recorded(p, r->after));
    for (size_t i = 0; r->after != NULL && i < r->after->caveats.count; i++)
        fp_markup_elementf(p, "p", "Caveat: %s", fp_page_clean(p, r->after->caveats.at[i]));
    fp_markup_raw(p, "</div></li>\n");
}

static void asides(fp_page *p, const fp_report *report, fp_outcome which)
{
    const size_t count = fp_text_outcome_asides(report->changes, which);
    const bool linked = which == FP_OUTCOME_NOT_APPLICABLE && fp_report_asides(report) > 0;
    if (count == 0)
        return;
    fp_out_printf(p->out, "<li><strong class=\"faint\">%s</strong> <%s>",
                  fp_text_outcome_words(which).words, linked ? "a href=\"#aside\"" : "span");
    fp_markup_text(p, fp_str_of(fp_text_of_advisories(p, count, report->changes->result_count)));
    fp_out_printf(p->out, "</%s></li>\n", linked ? "a" : "span");
}

void fp_html_conclusion(fp_page *p, const fp_report *report)
{
    const fp_changes *c = report->changes;
    fp_markup_raw(p, "<section aria-labelledby=\"conclusion\">\n");
    conclusion(p, c);
    fp_markup_raw(p, "<ul class=\"overview\">\n");
    for (size_t i = 0; i < c->result_count; i++)
        if (!fp_text_outcome_is_aside(&c->results[i]))
            outcome(p, report, &c->results[i]);
    asides(p, report, FP_OUTCOME_NOT_APPLICABLE);
    asides(p, report, FP_OUTCOME_NOT_ASKED);
    fp_markup_raw(p, "</ul>\n");
    list(p, c, FP_LIST_WORSE, true);
    list(p, c, FP_LIST_FIRST, true);
    fp_markup_raw(p, "</section>\n");
}

/* ---- what changed on the server ---- */

static void side(fp_page *p, const char *label, const fp_record *record)
{
    fp_markup_element(p, "dt", fp_str_of(label));
    fp_markup_element(p, "dd class=\"ev\"", fp_str_of(fp_text_record_made(p, record)));
    fp_markup_raw(p, "\n");
}

void fp_html_changes(fp_page *p, const fp_report *report)
{
    const fp_changes *c = report->changes;
    fp_markup_raw(p, "<section aria-labelledby=\"changes\">\n<h2 id=\"changes\">What changed</h2>\n"
                     "<dl class=\"facts\">\n");
    side(p, "Before", c->before);
    side(p, "After", c->after);
    fp_markup_raw(p, "</dl>\n");
    for (unsigned which = FP_LIST_CHANGED; which < FP_CHANGES_LISTS; which++)
        list(p, c, (fp_changes_list)which, which != FP_LIST_CHANGED);
    fp_markup_raw(p, "</section>\n");
}
