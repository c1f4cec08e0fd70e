/* SPDX-License-Identifier: MIT */
/* What changed, as text: the conclusion first, then what became of each advisory, what got worse,
 * what changed, what stayed, what is not shown, and what to do. */
#include "verify/report/text_parts.h"

enum { MARK_WIDTH = 16, NAME_WIDTH = 12, NAMES_SHOWN = 40 };

static const fp_str NOTHING = {NULL, 0};
static const fp_lead ROW = {.first = "  - ", .next = "    "};

/* ---- the head ---- */

static const char *side(fp_page *p, const fp_record *record)
{
    if (record->state.collected_at == FP_TIME_NONE)
        return fp_page_format(p, "%s of %s", fp_page_clean(p, record->command),
                              fp_text_time(p, record->generated));
    return fp_page_format(p, "%s of %s, collected %s", fp_page_clean(p, record->command),
                          fp_text_time(p, record->generated),
                          fp_text_time(p, record->state.collected_at));
}

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
                fp_str_of(c->before != NULL ? side(p, c->before) : fp_text_time(p, c->since)));
    fp_page_put(p, after, fp_str_of(side(p, c->after)));
    if (c->order != FP_ORDER_FORWARD)
        fp_page_put(p, (fp_lead){0}, c->order_text);
    if (c->before != NULL && c->same_server == FP_UNKNOWN)
        fp_page_put(p, (fp_lead){0},
                    FP_STR("That both are of one server is not shown: not both name the "
                           "computer."));
    fp_page_rule(p);
}

/* ---- advisories ---- */

static const char *verdict(fp_page *p, const fp_record_result *r)
{
    if (r == NULL)
        return "not asked";
    return fp_page_format(p, "%s (%s)",
                          r->verdict == FP_NOT_APPLICABLE ? "not applicable"
                                                          : fp_verdict_name(r->verdict),
                          fp_page_clean(p, r->reason));
}

/* Neither before nor now about the server, or not open before and not asked again. */
static bool is_aside(const fp_result_change *r)
{
    if (r->outcome == FP_OUTCOME_NOT_ASKED)
        return !r->was_open;
    return r->outcome == FP_OUTCOME_NOT_APPLICABLE &&
           (r->before == NULL || r->before->verdict == FP_NOT_APPLICABLE);
}

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
        fp_page_putf(p, lead, "before: %s; now: %s", verdict(p, r->before), verdict(p, r->after));
    else
        fp_page_putf(p, lead, "now: %s", verdict(p, r->after));
    if (r->after != NULL)
        fp_page_put(p, lead, r->after->reason_text);
}

static void asides(fp_page *p, const fp_changes *c, fp_outcome outcome)
{
    size_t count = 0;
    for (size_t i = 0; i < c->result_count; i++)
        count += c->results[i].outcome == outcome && is_aside(&c->results[i]);
    if (count > 0)
        fp_page_putf(p,
                     (fp_lead){.first = "  ",
                               .mark = fp_text_outcome_words(outcome).words,
                               .mark_width = MARK_WIDTH},
                     "%zu of %zu advisories", count, c->result_count);
}

static void advisories(fp_page *p, const fp_changes *c)
{
    fp_page_heading(p, "Advisories");
    for (size_t i = 0; i < c->result_count; i++)
        if (!is_aside(&c->results[i]))
            advisory(p, c, &c->results[i]);
    asides(p, c, FP_OUTCOME_NOT_APPLICABLE);
    asides(p, c, FP_OUTCOME_NOT_ASKED);
}

static void worse(fp_page *p, const fp_changes *c)
{
    if (c->regression_count == 0)
        return;
    fp_page_heading(p, "What got worse");
    for (size_t i = 0; i < c->regression_count; i++)
        fp_page_put(p, ROW, c->regressions[i].text);
}

/* ---- one line for each thing ---- */

static const char *marker_words(fp_page *p, const fp_record_marker *m)
{
    if (m == NULL)
        return "not listed";
    if (m->state == FP_HOTFIX_UNKNOWN)
        return m->present == FP_FALSE ? "no marker" : "not known";
    const char *date = fp_page_clean(p, m->date);
    if (*date == '\0' && m->written != FP_TIME_NONE)
        date = fp_text_time(p, m->written);
    return fp_page_format(p, "%s%s%s", fp_hotfix_state_name(m->state), *date != '\0' ? ", " : "",
                          date);
}

static const char *marker_line(fp_page *p, const fp_marker_change *m)
{
    const char *kb = fp_page_clean(p, m->after != NULL ? m->after->kb : m->before->kb);
    if (m->change == FP_CHANGE_SAME)
        return fp_page_format(p, "%s, %s", kb, marker_words(p, m->after));
    return fp_page_format(p, "%s: %s -> %s", kb, marker_words(p, m->before),
                          marker_words(p, m->after));
}

static const char *version_words(fp_page *p, const fp_record_file *file)
{
    if (file == NULL)
        return "not in the evidence";
    return file->version.size > 0 ? fp_page_clean(p, file->version) : "no version";
}

static const char *file_line(fp_page *p, const fp_file_change *f)
{
    const char *name = fp_page_clean(p, f->after != NULL ? f->after->name : f->before->name);
    const char *before = version_words(p, f->before);
    const char *after = version_words(p, f->after);
    if (f->change == FP_CHANGE_SAME)
        return fp_page_format(p, "%s, %s", name, after);
    const bool alike = f->change == FP_CHANGE_CHANGED && f->before != NULL && f->after != NULL &&
                       fp_str_eq(f->before->version, f->after->version);
    return fp_page_format(p, "%s: %s -> %s%s", name, before, after,
                          alike ? ", with other content" : "");
}

static const char *catalog_words(fp_page *p, const fp_record_catalog *k)
{
    if (k == NULL)
        return "not in the evidence";
    return fp_page_format(p, "created %s%s%s%s", fp_text_time(p, k->created),
                          k->package_id.size > 0 ? ", package " : "",
                          fp_page_clean(p, k->package_id), k->damaged ? ", DAMAGED" : "");
}

static const char *catalog_line(fp_page *p, const fp_catalog_change *k)
{
    if (k->change == FP_CHANGE_SAME)
        return fp_page_format(p, "catalogue, %s", catalog_words(p, k->after));
    return fp_page_format(p, "catalogue: %s -> %s", catalog_words(p, k->before),
                          catalog_words(p, k->after));
}

static const char *known(fp_page *p, fp_str s)
{
    return s.size > 0 ? fp_page_clean(p, s) : "not known";
}

static const char *fact_line(fp_page *p, const fp_fact_change *fact)
{
    if (fact->change == FP_CHANGE_SAME)
        return fp_page_format(p, "%s %s", fact->name, fp_page_clean(p, fact->after));
    return fp_page_format(p, "%s: %s -> %s", fact->name, known(p, fact->before),
                          fact->change == FP_CHANGE_GONE ? "none" : known(p, fact->after));
}

/* ---- lists of what came out in one way ---- */

typedef struct listing {
    fp_page *p;
    const char *heading; /* written before the first line */
    size_t count;
} listing;

static void line(listing *l, const char *text)
{
    if (l->count == 0)
        fp_page_heading(l->p, l->heading);
    if (l->count++ < NAMES_SHOWN)
        fp_page_put(l->p, ROW, fp_str_of(text));
}

static bool is_shown(fp_change change, unsigned wanted)
{
    return (wanted >> change & 1U) != 0;
}

/* What is known of neither is worth no line. */
static bool is_nothing(const fp_fact_change *fact)
{
    return fact->change == FP_CHANGE_UNKNOWN && fact->before.size == 0 && fact->after.size == 0;
}

static size_t list_things(fp_page *p, const fp_changes *c, const char *heading, unsigned wanted)
{
    listing l = {p, heading, 0};
    for (size_t i = 0; i < c->fact_count; i++)
        if (is_shown(c->facts[i].change, wanted) && !is_nothing(&c->facts[i]))
            line(&l, fact_line(p, &c->facts[i]));
    for (size_t i = 0; i < c->marker_count; i++)
        if (is_shown(c->markers[i].change, wanted))
            line(&l, marker_line(p, &c->markers[i]));
    for (size_t i = 0; i < c->file_count; i++)
        if (is_shown(c->files[i].change, wanted))
            line(&l, file_line(p, &c->files[i]));
    for (size_t i = 0; i < c->catalog_count; i++)
        if (is_shown(c->catalogs[i].change, wanted))
            line(&l, catalog_line(p, &c->catalogs[i]));
    if (l.count > NAMES_SHOWN)
        fp_page_putf(p, ROW, "... and %zu more (the JSON report has all)", l.count - NAMES_SHOWN);
    return l.count;
}

static void changed(fp_page *p, const fp_changes *c)
{
    const unsigned wanted = 1U << FP_CHANGE_NEW | 1U << FP_CHANGE_CHANGED | 1U << FP_CHANGE_GONE;
    if (list_things(p, c, "What changed", wanted) == 0) {
        fp_page_heading(p, "What changed");
        fp_page_put(p, ROW, FP_STR("nothing that both show"));
    }
}

static void episodes(fp_page *p, const fp_changes *c)
{
    if (c->episode_count == 0)
        return;
    fp_page_heading(p, "New in the log");
    for (size_t i = 0; i < c->episode_count; i++) {
        const fp_record_episode *e = c->episodes[i];
        fp_page_putf(p, ROW, "%s: %s%s%s: %s", fp_text_time(p, e->begin),
                     fp_text_outcome(e->outcome), e->update.size > 0 ? ", update " : "",
                     fp_page_clean(p, e->update),
                     fp_page_clean(p, e->title.size > 0 ? e->title : e->activity));
    }
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

static void step(fp_page *p, size_t number, fp_str what, fp_str how, fp_str who)
{
    fp_page_putf(p,
                 (fp_lead){.first = "  ",
                           .mark = fp_page_format(p, "%zu.", number),
                           .mark_width = 4,
                           .tone = FP_TONE_STRONG},
                 "%s: %s", fp_page_clean(p, who), fp_page_clean(p, what));
    if (how.size > 0)
        fp_page_prose(p, "      ", how, true);
}

static size_t steps_of(fp_page *p, const fp_changes *c, size_t index, size_t number)
{
    const fp_result_change *r = &c->results[index];
    size_t count;
    const fp_record_need *needs = fp_text_needs(r, &count);
    const bool affected = r->after != NULL && r->after->verdict == FP_AFFECTED;
    if (affected && r->after->remediation.size > 0)
        step(p, ++number, r->after->remediation, NOTHING, r->after->advisory);
    if (r->outcome == FP_OUTCOME_NOT_ASKED && r->was_open)
        step(p, ++number, FP_STR("ask it again, of the evidence after"), NOTHING,
             r->before->advisory);
    for (size_t i = 0; r->open && r->after != NULL && i < count; i++)
        if (is_first(c, index, &needs[i]))
            step(p, ++number, needs[i].needs.size > 0 ? needs[i].needs : needs[i].title,
                 needs[i].collect, r->after->advisory);
    return number;
}

static void to_do(fp_page *p, const fp_changes *c)
{
    size_t number = 0;
    fp_page_heading(p, "What to do");
    if (c->order == FP_ORDER_BACKWARDS)
        step(p, ++number, FP_STR("collect the evidence anew, after the change."), NOTHING,
             FP_STR("First"));
    if (c->regression_count > 0)
        step(p, ++number, FP_STR("find out why it is worse, and put it right."), NOTHING,
             FP_STR("What got worse"));
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
    worse(p, c);
    if (c->before != NULL) {
        changed(p, c);
        episodes(p, c);
        (void)list_things(p, c, "What stayed", 1U << FP_CHANGE_SAME);
        (void)list_things(p, c, "Not shown: one of the two does not tell", 1U << FP_CHANGE_UNKNOWN);
    }
    to_do(p, c);
}

void fp_text_changes(fp_page *p, const fp_report *report)
{
    fp_text_changes_made(p, report);
    fp_page_blank(p);
    fp_page_putf(p, (fp_lead){.tone = FP_TONE_FAINT}, "fixproof %s, %s", report->tool_version,
                 fp_text_time(p, report->generated));
}
