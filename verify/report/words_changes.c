/* SPDX-License-Identifier: MIT */
/* Changes in words. */
#include "verify/report/words.h"

#include <string.h>

static bool order_concludes(const fp_changes *changes)
{
    return changes->conclusion == FP_CONCLUSION_NOT_SETTLED && changes->order == FP_ORDER_BACKWARDS;
}

fp_headline fp_text_conclusion(const fp_changes *changes)
{
    static const fp_headline of[FP_CONCLUSIONS] = {
        [FP_CONCLUSION_NOT_SETTLED] = {"NOT CONFIRMED", "The evidence does not settle it.",
                                       FP_TONE_OPEN},
        [FP_CONCLUSION_CONFIRMED] = {"CONFIRMED",
                                     "Nothing asked about affects the server, what was remedied is "
                                     "in effect, and nothing got worse.",
                                     FP_TONE_GOOD},
        [FP_CONCLUSION_NOT_SHOWN] = {"NOT YET SHOWN",
                                     "The remediation is installed, and not yet shown to work.",
                                     FP_TONE_OPEN},
        [FP_CONCLUSION_NOT_FIXED] = {"NOT FIXED", "Action is needed: the server is affected.",
                                     FP_TONE_BAD},
        [FP_CONCLUSION_WORSE] = {"WORSE", "Something is worse than before.", FP_TONE_BAD},
    };
    fp_headline headline = of[changes->conclusion];
    if (order_concludes(changes))
        headline.meaning = changes->order_text.data;
    return headline;
}

fp_str fp_text_order(const fp_changes *changes)
{
    const bool told = changes->order == FP_ORDER_FORWARD || order_concludes(changes);
    return told ? FP_STR("") : changes->order_text;
}

fp_headline fp_text_outcome_words(fp_outcome outcome)
{
    static const fp_headline of[FP_OUTCOMES] = {
        [FP_OUTCOME_NOT_SETTLED] = {"NOT SETTLED", "The evidence leaves it open.", FP_TONE_OPEN},
        [FP_OUTCOME_FIXED] = {"FIXED", "Fixed, and shown to be in effect.", FP_TONE_GOOD},
        [FP_OUTCOME_NOT_SHOWN] = {"NOT YET SHOWN", "Installed, and not yet shown to work.",
                                  FP_TONE_OPEN},
        [FP_OUTCOME_NOT_EFFECTIVE] = {"NOT EFFECTIVE",
                                      "The server is affected although a remedy is installed.",
                                      FP_TONE_BAD},
        [FP_OUTCOME_NOT_INSTALLED] = {"NOT INSTALLED",
                                      "The server is affected: no remedy is installed.",
                                      FP_TONE_BAD},
        [FP_OUTCOME_AFFECTED] = {"AFFECTED", "The server is affected.", FP_TONE_BAD},
        [FP_OUTCOME_WORSE] = {"WORSE", "The server is affected, and was not before.", FP_TONE_BAD},
        [FP_OUTCOME_NOT_APPLICABLE] = {"NOT APPLICABLE",
                                       "The advisory does not concern this server.", FP_TONE_GOOD},
        [FP_OUTCOME_NOT_ASKED] = {"NOT ASKED", "It was asked before, and not again.", FP_TONE_OPEN},
    };
    return of[outcome];
}

const fp_record_need *fp_text_needs(const fp_result_change *r, size_t *count)
{
    *count = 0;
    if (r->after == NULL)
        return NULL;
    const bool proof = r->outcome == FP_OUTCOME_NOT_SHOWN && r->after->proof_count > 0;
    if (r->outcome != FP_OUTCOME_NOT_SHOWN && r->outcome != FP_OUTCOME_NOT_SETTLED)
        return NULL;
    *count = proof ? r->after->proof_count : r->after->missing_count;
    return proof ? r->after->proof : r->after->missing;
}

const char *fp_text_not_same_server(void)
{
    return "That both are of one server is not shown: not both name the computer.";
}

const char *fp_text_record_made(fp_page *p, const fp_record *record)
{
    if (record->state.collected_at == FP_TIME_NONE)
        return fp_page_format(p, "%s of %s", fp_page_clean(p, record->command),
                              fp_text_time(p, record->generated));
    return fp_page_format(p, "%s of %s, collected %s", fp_page_clean(p, record->command),
                          fp_text_time(p, record->generated),
                          fp_text_time(p, record->state.collected_at));
}

const char *fp_text_recorded(fp_page *p, const fp_record_result *r)
{
    if (r == NULL)
        return "not asked";
    return fp_page_format(p, "%s (%s)", fp_text_verdict(r->verdict), fp_page_clean(p, r->reason));
}

bool fp_text_outcome_is_aside(const fp_result_change *r)
{
    if (r->outcome == FP_OUTCOME_NOT_ASKED)
        return !r->was_open;
    return r->outcome == FP_OUTCOME_NOT_APPLICABLE && r->after->caveats.count == 0 &&
           (r->before == NULL || r->before->verdict == FP_NOT_APPLICABLE);
}

size_t fp_text_outcome_asides(const fp_changes *c, fp_outcome outcome)
{
    size_t count = 0;
    for (size_t i = 0; i < c->result_count; i++)
        count += c->results[i].outcome == outcome && fp_text_outcome_is_aside(&c->results[i]);
    return count;
}

/* ---- one line for each thing ---- */

static const char *arrow(const fp_page *p)
{
    return p->style->utf8 ? "\u2192" : "->";
}

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
    if (m->change == FP_DELTA_SAME)
        return fp_page_format(p, "%s, %s", kb, marker_words(p, m->after));
    return fp_page_format(p, "%s: %s %s %s", kb, marker_words(p, m->before), arrow(p),
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
    if (f->change == FP_DELTA_SAME)
        return fp_page_format(p, "%s, %s", name, after);
    const bool alike = f->change == FP_DELTA_CHANGED && f->before != NULL && f->after != NULL &&
                       fp_str_eq(f->before->version, f->after->version);
    return fp_page_format(p, "%s: %s %s %s%s", name, before, arrow(p), after,
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
    if (k->change == FP_DELTA_SAME)
        return fp_page_format(p, "catalogue, %s", catalog_words(p, k->after));
    return fp_page_format(p, "catalogue: %s %s %s", catalog_words(p, k->before), arrow(p),
                          catalog_words(p, k->after));
}

static const char *known(fp_page *p, fp_str s)
{
    return s.size > 0 ? fp_page_clean(p, s) : "not known";
}

static const char *fact_line(fp_page *p, const fp_fact_change *fact)
{
    if (fact->change == FP_DELTA_SAME)
        return fp_page_format(p, "%s %s", fact->name, fp_page_clean(p, fact->after));
    return fp_page_format(p, "%s: %s %s %s", fact->name, known(p, fact->before), arrow(p),
                          fact->change == FP_DELTA_GONE ? "none" : known(p, fact->after));
}

static const char *episode_line(fp_page *p, const fp_record_episode *e)
{
    return fp_page_format(p, "%s: %s%s%s: %s", fp_text_time(p, e->begin),
                          fp_text_outcome(e->outcome), e->update.size > 0 ? ", update " : "",
                          fp_page_clean(p, e->update),
                          fp_page_clean(p, e->title.size > 0 ? e->title : e->activity));
}

/* ---- what the two were judged with ---- */

const char *fp_text_setting(fp_page *p, const fp_setting_change *change)
{
    static const struct {
        const char *setting, *words;
    } rows[] = {
        {"accept_weak", "weak signatures accepted"},
        {"trust_any_root", "roots of --roots believed without a pin"},
        {"roots", "root certificates believed"},
        {"code_page", "code page"},
        {"expected_sha256", "digests expected"},
        {"products", "data of products"},
        {"trust", "data of trusted roots"},
        {"declared", "declared, not observed"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].setting, change->setting) == 0)
            return rows[i].words;
    return fp_page_format(p, "data of the advisory %s", fp_page_clean(p, change->advisory));
}

const char *fp_text_setting_side(fp_page *p, const fp_setting_change *change, fp_str side)
{
    if (side.size > 0)
        return fp_page_clean(p, side);
    return change->advisory.size > 0 ? "not told" : "none";
}

static const char *setting_line(fp_page *p, const fp_setting_change *s)
{
    return fp_page_format(p, "%s: %s %s %s", fp_text_setting(p, s),
                          fp_text_setting_side(p, s, s->before), arrow(p),
                          fp_text_setting_side(p, s, s->after));
}

/* ---- lists ---- */

static void add(fp_lines *out, const char *line)
{
    if (out->count < FP_LINES_MAX)
        out->at[out->count++] = line;
    else
        out->more++;
}

/* What one of the two keeps back is not the same for that. */
static void add_settings(fp_page *p, const fp_changes *c, fp_lines *out)
{
    for (size_t i = 0; i < c->setting_count; i++)
        add(out, setting_line(p, &c->settings[i]));
    if (c->before == NULL)
        return;
    if (!c->before->settings.known)
        add(out, "settings: the report before does not tell its own");
    if (!c->after->settings.known)
        add(out, "settings: the later report does not tell its own");
}

/* What is known of neither is worth no line. */
static bool is_nothing(const fp_fact_change *fact)
{
    return fact->change == FP_DELTA_UNKNOWN && fact->before.size == 0 && fact->after.size == 0;
}

static bool is_one_of(fp_delta change, unsigned ways)
{
    return (ways >> change & 1U) != 0;
}

static void add_things(fp_page *p, const fp_changes *c, unsigned ways, fp_lines *out)
{
    for (size_t i = 0; i < c->fact_count; i++)
        if (is_one_of(c->facts[i].change, ways) && !is_nothing(&c->facts[i]))
            add(out, fact_line(p, &c->facts[i]));
    for (size_t i = 0; i < c->marker_count; i++)
        if (is_one_of(c->markers[i].change, ways))
            add(out, marker_line(p, &c->markers[i]));
    for (size_t i = 0; i < c->file_count; i++)
        if (is_one_of(c->files[i].change, ways))
            add(out, file_line(p, &c->files[i]));
    for (size_t i = 0; i < c->catalog_count; i++)
        if (is_one_of(c->catalogs[i].change, ways))
            add(out, catalog_line(p, &c->catalogs[i]));
}

static void add_first_steps(fp_page *p, const fp_changes *c, fp_lines *out)
{
    if (c->order == FP_ORDER_BACKWARDS)
        add(out, "Collect the evidence anew, after the change.");
    if (c->regression_count > 0)
        add(out, "Find out why it is worse, and put it right.");
    for (size_t i = 0; i < c->result_count; i++)
        if (c->results[i].outcome == FP_OUTCOME_NOT_ASKED && c->results[i].was_open)
            add(out, fp_page_format(p, "%s: ask it again, of the later evidence.",
                                    fp_page_clean(p, c->results[i].before->advisory)));
}

/* What one way of a list is, as bits of fp_delta; 0: it is none of things. */
static unsigned ways_of(fp_changes_list which)
{
    static const unsigned ways[FP_CHANGES_LISTS] = {
        [FP_LIST_CHANGED] = 1U << FP_DELTA_NEW | 1U << FP_DELTA_CHANGED | 1U << FP_DELTA_GONE,
        [FP_LIST_STAYED] = 1U << FP_DELTA_SAME,
        [FP_LIST_NOT_SHOWN] = 1U << FP_DELTA_UNKNOWN};
    return ways[which];
}

void fp_changes_lines(fp_page *p, const fp_changes *c, fp_changes_list which, fp_lines *out)
{
    out->count = out->more = 0;
    if (which == FP_LIST_FIRST)
        add_first_steps(p, c, out);
    for (size_t i = 0; which == FP_LIST_WORSE && i < c->regression_count; i++)
        add(out, fp_page_clean(p, c->regressions[i].text));
    if (which == FP_LIST_SETTINGS)
        add_settings(p, c, out);
    for (size_t i = 0; which == FP_LIST_EPISODES && i < c->episode_count; i++)
        add(out, episode_line(p, c->episodes[i]));
    add_things(p, c, ways_of(which), out);
    if (which == FP_LIST_CHANGED && out->count == 0 && c->before != NULL)
        add(out, "nothing that both show");
    if (out->more > 0) /* the last one gives its place */
        out->at[FP_LINES_MAX - 1] =
            fp_page_format(p, "... and %zu more (the JSON report has all)", out->more + 1);
}

const char *fp_changes_heading(fp_changes_list which)
{
    static const char *const headings[FP_CHANGES_LISTS] = {[FP_LIST_FIRST] = "What to do",
                                                           [FP_LIST_WORSE] = "What got worse",
                                                           [FP_LIST_CHANGED] = "What changed",
                                                           [FP_LIST_SETTINGS] = "Judged otherwise",
                                                           [FP_LIST_EPISODES] = "New in the log",
                                                           [FP_LIST_STAYED] = "What stayed",
                                                           [FP_LIST_NOT_SHOWN] =
                                                               "Not shown by one of the two"};
    return headings[which];
}
