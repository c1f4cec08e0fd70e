/* SPDX-License-Identifier: MIT */
/* What changed, as text: the conclusion first, then what became of each advisory, what got worse,
 * what changed, what stayed, what is not shown, and what to do. */
#include "verify/report/text_parts.h"

enum { MARK_WIDTH = 16, NAME_WIDTH = 12 };

static const fp_str NOTHING = {NULL, 0};
static const fp_lead ROW = {.first = "  - ", .next = "    "};

/* ---- the head ---- */

static const char *server(fp_page *p, const fp_changes *c)
{
    const fp_record_subject *after = &c->after->subject;
    const fp_record_subject *before = c->before != NULL ? &c->before->subject : after;
    const fp_str host = after->host.size > 0 ? after->host : before->host;
    const fp_str site = after->site_code.size > 0 ? after->site_code : before->site_code;
    return fp_page_format(p, "%s%s%s",
                          host.size > 0 ? fp_page_clean(p, host) : "a computer that is not named",
                          site.size > 0 ? ", site " : "", fp_page_clean(p, site));
}

static void head(fp_page *p, const fp_changes *c)
{
    const fp_headline h = fp_text_conclusion(c);
    const fp_lead label = {.mark_width = NAME_WIDTH};
    fp_lead before = label;
    fp_lead after = label;
    before.mark = c->before != NULL ? "Before" : "Since";
    after.mark = "After";
    fp_page_rule(p);
    fp_page_put(p, (fp_lead){.mark = h.words, .mark_width = MARK_WIDTH, .tone = h.tone},
                fp_str_of(server(p, c)));
    fp_page_put(p, (fp_lead){0}, fp_str_of(h.meaning));
    fp_page_put(p, before,
                fp_str_of(c->before != NULL ? fp_text_record_made(p, c->before)
                                            : fp_text_time(p, c->since)));
    fp_page_put(p, after, fp_str_of(fp_text_record_made(p, c->after)));
    if (fp_text_order(c).size > 0)
        fp_page_put(p, (fp_lead){0}, fp_text_order(c));
    if (c->before != NULL && c->same_server == FP_UNKNOWN)
        fp_page_put(p, (fp_lead){0}, fp_str_of(fp_text_not_same_server()));
    fp_page_rule(p);
}

/* ---- advisories ---- */

static void advisory(fp_page *p, const fp_changes *c, const fp_result_change *r)
{
    const fp_headline h = fp_text_outcome_words(r->outcome);
    const fp_record_result *any = r->after != NULL ? r->after : r->before;
    fp_page_putf(
        p, (fp_lead){.first = "  ", .mark = h.words, .mark_width = MARK_WIDTH, .tone = h.tone},
        "%s  %s", fp_page_clean(p, any->advisory), fp_page_clean(p, any->title));
    const fp_lead lead = {.first = "                  "};
    fp_page_put(p, lead, fp_str_of(h.meaning));
    if (c->before != NULL)
        fp_page_putf(p, lead, "before: %s; now: %s", fp_text_recorded(p, r->before),
                     fp_text_recorded(p, r->after));
    else
        fp_page_putf(p, lead, "now: %s", fp_text_recorded(p, r->after));
    if (r->after == NULL)
        return;
    fp_page_put(p, lead, r->after->reason_text);
    for (size_t i = 0; i < r->after->caveats.count; i++)
        fp_page_putf(p, lead, "Caveat: %s", fp_page_clean(p, r->after->caveats.at[i]));
}

static void asides(fp_page *p, const fp_changes *c, fp_outcome outcome)
{
    const size_t count = fp_text_outcome_asides(c, outcome);
    if (count > 0)
        fp_page_putf(p,
                     (fp_lead){.first = "  ",
                               .mark = fp_text_outcome_words(outcome).words,
                               .mark_width = MARK_WIDTH},
                     "%s", fp_text_of_advisories(p, count, c->result_count));
}

static void advisories(fp_page *p, const fp_changes *c)
{
    fp_page_heading(p, "Advisories");
    for (size_t i = 0; i < c->result_count; i++)
        if (!fp_text_outcome_is_aside(&c->results[i]))
            advisory(p, c, &c->results[i]);
    asides(p, c, FP_OUTCOME_NOT_APPLICABLE);
    asides(p, c, FP_OUTCOME_NOT_ASKED);
}

static void list(fp_page *p, const fp_changes *c, fp_changes_list which)
{
    fp_lines lines;
    fp_changes_lines(p, c, which, &lines);
    if (lines.count > 0)
        fp_page_heading(p, fp_changes_heading(which));
    for (size_t i = 0; i < lines.count; i++)
        fp_page_put(p, ROW, fp_str_of(lines.at[i]));
}

/* ---- what to do ---- */

static bool is_first(const fp_changes *c, size_t result, const fp_record_need *need)
{
    for (size_t i = 0; i < result; i++) {
        size_t count;
        const fp_record_need *needs = fp_text_needs(&c->results[i], &count);
        for (size_t k = 0; k < count; k++)
            if (fp_str_eq(needs[k].needs, need->needs) &&
                fp_str_eq(needs[k].collect, need->collect))
                return false;
    }
    return true;
}

static void step(fp_page *p, size_t number, fp_str what, fp_str how)
{
    fp_page_put(p,
                (fp_lead){.first = "  ",
                          .mark = fp_page_format(p, "%zu.", number),
                          .mark_width = 4,
                          .tone = FP_TONE_STRONG},
                what);
    if (how.size > 0)
        fp_page_prose(p, "      ", how, true);
}

static void step_of(fp_page *p, size_t number, const fp_record_result *r, fp_str what, fp_str how)
{
    const char *text =
        fp_page_format(p, "%s: %s", fp_page_clean(p, r->advisory), fp_page_clean(p, what));
    step(p, number, fp_str_of(text), how);
}

static size_t steps_of(fp_page *p, const fp_changes *c, size_t index, size_t number)
{
    const fp_result_change *r = &c->results[index];
    size_t count;
    const fp_record_need *needs = fp_text_needs(r, &count);
    if (r->after == NULL)
        return number;
    if (r->after->verdict == FP_AFFECTED && r->after->remediation.size > 0)
        step_of(p, ++number, r->after, r->after->remediation, NOTHING);
    for (size_t i = 0; i < count; i++)
        if (is_first(c, index, &needs[i]))
            step_of(p, ++number, r->after,
                    needs[i].needs.size > 0 ? needs[i].needs : needs[i].title, needs[i].collect);
    return number;
}

static void to_do(fp_page *p, const fp_changes *c)
{
    fp_lines first;
    fp_page_heading(p, "What to do");
    fp_changes_lines(p, c, FP_LIST_FIRST, &first);
    size_t number = 0;
    for (; number < first.count; number++)
        step(p, number + 1, fp_str_of(first.at[number]), NOTHING);
    for (size_t i = 0; i < c->result_count; i++)
        number = steps_of(p, c, i, number);
    if (number == 0)
        fp_page_put(p, (fp_lead){.first = "  "}, FP_STR("Nothing."));
}

void fp_text_changes_made(fp_page *p, const fp_report *report)
{
    const fp_changes *c = report->changes;
    head(p, c);
    advisories(p, c);
    for (unsigned which = FP_LIST_WORSE; which < FP_CHANGES_LISTS; which++)
        list(p, c, (fp_changes_list)which);
    to_do(p, c);
}

void fp_text_changes(fp_page *p, const fp_report *report)
{
    fp_text_changes_made(p, report);
    fp_page_blank(p);
    fp_page_putf(p, (fp_lead){.tone = FP_TONE_FAINT}, "fixproof %s, %s", report->tool_version,
                 fp_text_time(p, report->generated));
}
