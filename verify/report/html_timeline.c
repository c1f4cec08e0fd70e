/* SPDX-License-Identifier: MIT */
/*
 * The timeline as HTML: when the activity went well or badly, and where the installation lies.
 *
 * The picture is SVG in the document itself. Shapes, not colours, tell the outcomes apart; the
 * table below it holds the same facts for those who do not see it. Lengths are tenths of a unit, in
 * integers: printed numbers depend on no locale.
 */
#include "verify/report/html_parts.h"

#include <stdio.h>

enum {
    TENTHS = 10,
    PLOT_LEFT = 100 * TENTHS,  /* of labels beside it */
    PLOT_WIDTH = 575 * TENTHS, /* of a picture 720 wide */
    LABEL_HEIGHT = 18,
    LANE_HEIGHT = 46,
    TICKS_MAX = 7
};

static const fp_time one_minute = INT64_C(60) * 1000;
static const fp_time one_day = INT64_C(24) * 60 * 60 * 1000;

typedef struct span {
    fp_time from, to; /* FP_TIME_NONE until something was put in */
} span;

typedef struct chart {
    const fp_report *report;
    const fp_advisory *advisory;
    size_t index;            /* of the result */
    uint32_t first_activity; /* in the history */
    const fp_history *history;
    const fp_installation *installs[FP_HTML_INSTALLS_MAX];
    size_t install_count;
    size_t first; /* episode shown, an index of the history */
    size_t total; /* episodes of this advisory's activities */
    size_t shown, failed, completed;
    span time;
} chart;

static bool is_ours(const chart *c, uint32_t activity)
{
    return activity >= c->first_activity &&
           activity - c->first_activity < c->advisory->activity_count;
}

/* Where an episode stands on the axis: what is known first of begin, failure and end. */
static fp_time time_of(const fp_episode *e)
{
    if (e->begin != FP_TIME_NONE)
        return e->begin;
    return e->failure != FP_TIME_NONE ? e->failure : e->end;
}

static void reach(span *s, fp_time t)
{
    if (t == FP_TIME_NONE)
        return;
    if (s->from == FP_TIME_NONE || t < s->from)
        s->from = t;
    if (s->to == FP_TIME_NONE || t > s->to)
        s->to = t;
}

static void find_installs(chart *c)
{
    fp_report_tests tests;
    fp_report_tests_all(&c->report->results[c->index], &tests);
    for (size_t i = 0; i < tests.count; i++) {
        const fp_test_result *outcome = tests.at[i]->outcome;
        if (outcome == NULL || outcome->installed.kb.size == 0)
            continue;
        bool known = false;
        for (size_t j = 0; j < c->install_count && !known; j++)
            known = fp_str_ieq(c->installs[j]->kb, outcome->installed.kb);
        if (!known && c->install_count < FP_HTML_INSTALLS_MAX)
            c->installs[c->install_count++] = &outcome->installed;
    }
}

static void find_episodes(chart *c)
{
    const fp_history *h = c->history;
    c->first = h->episode_count;
    for (size_t i = h->episode_count; i > 0; i--) {
        const fp_episode *e = &h->episodes[i - 1];
        if (!is_ours(c, e->activity))
            continue;
        c->total++;
        if (c->total > FP_HTML_EPISODES_MAX)
            continue;
        c->first = i - 1;
        c->shown++;
        c->failed += e->outcome == FP_EPISODE_FAILED;
        c->completed += e->outcome == FP_EPISODE_COMPLETED;
        reach(&c->time, time_of(e));
    }
}

static void find_span(chart *c)
{
    for (size_t i = 0; i < c->install_count; i++) {
        reach(&c->time, c->installs[i]->window.earliest);
        reach(&c->time, c->installs[i]->window.latest);
    }
    if (c->report->view == FP_VIEW_CONFIRM)
        reach(&c->time, c->report->since);
    if (c->time.from == FP_TIME_NONE)
        return;
    const fp_time margin = (c->time.to - c->time.from) / 20 + 10 * one_minute;
    c->time.from -= margin;
    c->time.to += margin;
}

static bool make_chart(const fp_report *report, size_t index, chart *c)
{
    static const fp_history empty = {0};
    const fp_case *file = report->casefile;
    *c = (chart){.report = report,
                 .advisory = report->results[index].advisory,
                 .index = index,
                 .history = file->history != NULL ? file->history : &empty,
                 .time = {FP_TIME_NONE, FP_TIME_NONE}};
    size_t i = 0;
    for (; i < report->advisory_count && report->advisories[i] != c->advisory; i++)
        c->first_activity += (uint32_t)report->advisories[i]->activity_count;
    if (i == report->advisory_count || c->advisory->activity_count == 0)
        return false;
    find_installs(c);
    find_episodes(c);
    find_span(c);
    return true;
}

/* ---- the picture ---- */

typedef struct tenths { /* a number with one decimal, for "%s" */
    char text[24];
} tenths;

static tenths number(int64_t n)
{
    tenths t;
    (void)snprintf(t.text, sizeof t.text, "%lld.%lld", (long long)(n / TENTHS),
                   (long long)(n % TENTHS));
    return t;
}

static int64_t x_of(const chart *c, fp_time t)
{
    const int64_t width = c->time.to - c->time.from; /* of years 1601 to 9999: no overflow */
    const fp_time in = t < c->time.from ? c->time.from : t > c->time.to ? c->time.to : t;
    return PLOT_LEFT + (in - c->time.from) * PLOT_WIDTH / width;
}

static fp_time tick_step(const chart *c)
{
    static const int minutes[] = {5,    15,   30,    60,    180,    360,    720,     1440,
                                  2880, 7200, 14400, 43200, 131040, 525600, 2628000, 26280000};
    const size_t count = sizeof minutes / sizeof *minutes;
    for (size_t i = 0; i < count; i++)
        if ((c->time.to - c->time.from) / (minutes[i] * one_minute) < TICKS_MAX)
            return minutes[i] * one_minute;
    return INT64_C(10) * minutes[count - 1] * one_minute;
}

static void axis(fp_page *p, const chart *c, int height)
{
    const fp_time step = tick_step(c);
    fp_time t = c->time.from - c->time.from % step;
    for (t = t < c->time.from ? t + step : t; t <= c->time.to; t += step) {
        char text[FP_TIME_TEXT_SIZE];
        const char *shown = fp_time_format(t, text);
        const tenths x = number(x_of(c, t));
        fp_out_printf(p->out,
                      "<line class=\"grid\" x1=\"%s\" y1=\"18\" x2=\"%s\" y2=\"%d\"/>"
                      "<text class=\"tick\" x=\"%s\" y=\"12\">",
                      x.text, x.text, height, x.text);
        if (step >= one_day)
            fp_out_printf(p->out, "%.10s", shown);
        else
            fp_out_printf(p->out, "%.5s %.5s", shown + 5, shown + 11);
        fp_markup_raw(p, "</text>\n");
    }
}

/* A label beside a line at x, on the side where there is room. */
static void label(fp_page *p, int64_t x, int row, const char *text)
{
    const bool left = x > PLOT_LEFT + PLOT_WIDTH / 2;
    fp_out_printf(p->out, "<text class=\"label\" x=\"%s\" y=\"%d\" text-anchor=\"%s\">",
                  number(left ? x - 40 : x + 40).text, 18 + row * LABEL_HEIGHT - 5,
                  left ? "end" : "start");
    fp_markup_text(p, fp_str_of(text));
    fp_markup_raw(p, "</text>\n");
}

static void mark_line(fp_page *p, const char *kind, int64_t x, int top, int height)
{
    fp_out_printf(p->out, "<line class=\"%s\" x1=\"%s\" y1=\"%d\" x2=\"%s\" y2=\"%d\"/>\n", kind,
                  number(x).text, top, number(x).text, height);
}

static const char *install_words(fp_page *p, const fp_installation *install)
{
    const char *kb = fp_page_clean(p, install->kb);
    if (install->window.earliest == install->window.latest)
        return fp_page_format(p, "%s installed", kb);
    if (install->window.earliest == FP_TIME_NONE)
        return fp_page_format(p, "%s installed by then", kb);
    if (install->window.latest == FP_TIME_NONE)
        return fp_page_format(p, "%s installed after that", kb);
    return fp_page_format(p, "%s installed in this time", kb);
}

static bool is_dated(const fp_installation *install)
{
    return install->window.earliest != FP_TIME_NONE || install->window.latest != FP_TIME_NONE;
}

static void installs(fp_page *p, const chart *c, int *row, int height)
{
    for (size_t i = 0; i < c->install_count; i++) {
        const fp_install_window *w = &c->installs[i]->window;
        if (!is_dated(c->installs[i]))
            continue;
        const int64_t from = w->earliest != FP_TIME_NONE ? x_of(c, w->earliest) : PLOT_LEFT;
        const int64_t to = w->latest != FP_TIME_NONE ? x_of(c, w->latest) : PLOT_LEFT + PLOT_WIDTH;
        const int top = 18 + *row * LABEL_HEIGHT;
        (*row)++;
        fp_out_printf(p->out,
                      "<rect class=\"install\" x=\"%s\" y=\"%d\" width=\"%s\" "
                      "height=\"%d\"/>\n",
                      number(from).text, top, number(to - from).text, height - top);
        if (w->earliest != FP_TIME_NONE)
            mark_line(p, "edge", from, top, height);
        if (w->latest != FP_TIME_NONE)
            mark_line(p, "edge", to, top, height);
        label(p, w->latest != FP_TIME_NONE ? to : from, *row, install_words(p, c->installs[i]));
    }
}

/* Stretches that the logs cover, below the lanes: where there is none, nothing was seen. */
static void coverage(fp_page *p, const chart *c, int y)
{
    fp_out_printf(p->out, "<text class=\"lane\" x=\"4\" y=\"%d\">covered by logs</text>\n", y - 6);
    for (size_t i = 0; i < c->history->file_count; i++) {
        const fp_log_counts *n = &c->history->files[i].counts;
        if (n->earliest == FP_TIME_NONE || n->latest == FP_TIME_NONE)
            continue;
        if (n->latest < c->time.from || n->earliest > c->time.to)
            continue;
        const int64_t from = x_of(c, n->earliest);
        const int64_t width = x_of(c, n->latest) - from;
        fp_out_printf(p->out,
                      "<rect class=\"covered\" x=\"%s\" y=\"%d\" width=\"%s\" height=\"6\"/>\n",
                      number(from).text, y, number(width < TENTHS ? TENTHS : width).text);
    }
}

static void marker(fp_page *p, const chart *c, const fp_episode *e, int y)
{
    static const char *const shapes[] = {
        [FP_EPISODE_UNKNOWN] =
            "<rect class=\"open\" x=\"-6\" y=\"-6\" width=\"12\" height=\"12\"/>",
        [FP_EPISODE_COMPLETED] = "<circle class=\"good\" r=\"7\"/><path d=\"M-3.5 0L-1 3L4 -3\"/>",
        [FP_EPISODE_FAILED] =
            "<path class=\"bad\" d=\"M0 -9L9 0L0 9L-9 0Z\"/><path d=\"M-3 -3L3 3M3 -3L-3 3\"/>",
    };
    const fp_time t = time_of(e);
    if (t == FP_TIME_NONE)
        return;
    fp_out_printf(p->out, "<g class=\"mark\" transform=\"translate(%s %d)\"><title>",
                  number(x_of(c, t)).text, y);
    fp_markup_textf(p, "%s, begun %s", fp_text_outcome(e->outcome), fp_text_time(p, e->begin));
    fp_out_printf(p->out, "</title>%s</g>\n", shapes[e->outcome]);
}

static void lanes(fp_page *p, const chart *c, int top)
{
    for (size_t a = 0; a < c->advisory->activity_count; a++) {
        const int y = top + (int)a * LANE_HEIGHT;
        fp_out_printf(p->out, "<text class=\"lane\" x=\"4\" y=\"%d\">", y + 12);
        fp_markup_text(p, c->advisory->activities[a].name);
        fp_out_printf(p->out,
                      "</text>\n<line class=\"track\" x1=\"%s\" y1=\"%d\" x2=\"%s\" y2=\"%d\"/>\n",
                      number(PLOT_LEFT).text, y + 30, number(PLOT_LEFT + PLOT_WIDTH).text, y + 30);
        for (size_t i = c->first; i < c->history->episode_count; i++)
            if (c->history->episodes[i].activity == c->first_activity + a)
                marker(p, c, &c->history->episodes[i], y + 30);
    }
}

static const char *summary(fp_page *p, const chart *c)
{
    const char *text = fp_page_format(
        p, "%zu episode%s: %zu failed, %zu completed, %zu without an end.", c->shown,
        fp_plural(c->shown), c->failed, c->completed, c->shown - c->failed - c->completed);
    for (size_t i = 0; i < c->install_count; i++) {
        const fp_install_window *w = &c->installs[i]->window;
        const char *kb = fp_page_clean(p, c->installs[i]->kb);
        if (!is_dated(c->installs[i]))
            text = fp_page_format(p, "%s No time of an installation of %s is known.", text, kb);
        else if (w->earliest == w->latest)
            text =
                fp_page_format(p, "%s %s was installed %s.", text, kb, fp_text_time(p, w->latest));
        else if (w->earliest == FP_TIME_NONE)
            text = fp_page_format(p, "%s %s was installed by %s.", text, kb,
                                  fp_text_time(p, w->latest));
        else
            text = fp_page_format(p, "%s %s was installed between %s and %s.", text, kb,
                                  fp_text_time(p, w->earliest), fp_text_time(p, w->latest));
    }
    return text;
}

static void picture(fp_page *p, const chart *c)
{
    const bool confirm = c->report->view == FP_VIEW_CONFIRM;
    int rows = confirm;
    for (size_t i = 0; i < c->install_count; i++)
        rows += is_dated(c->installs[i]);
    const int top = 18 + rows * LABEL_HEIGHT;
    const int height = top + (int)c->advisory->activity_count * LANE_HEIGHT + 34;
    fp_out_printf(p->out,
                  "<div class=\"chart\" role=\"group\" aria-label=\"Timeline\" tabindex=\"0\">\n"
                  "<svg viewBox=\"0 0 720 %d\" role=\"img\" aria-labelledby=\"r%zu-chart\">\n"
                  "<title id=\"r%zu-chart\">",
                  height, c->index + 1, c->index + 1);
    fp_markup_text(p, fp_str_of(summary(p, c)));
    fp_markup_raw(p, "</title>\n");
    int row = 0;
    axis(p, c, height - 8);
    installs(p, c, &row, height - 8);
    if (confirm && c->report->since != FP_TIME_NONE) {
        const int64_t x = x_of(c, c->report->since);
        mark_line(p, "since", x, 18 + row * LABEL_HEIGHT, height - 8);
        label(p, x, row + 1, "the change began");
    }
    lanes(p, c, top);
    coverage(p, c, height - 16);
    fp_markup_raw(p, "</svg>\n</div>\n");
}

/* ---- the same as a table ---- */

static void episode_facts(fp_page *p, const fp_episode *e)
{
    if (e->has_counts)
        fp_markup_elementf(p, "div", "Counts: %s, %s, %s, %s", fp_text_number(p, e->counts[0]),
                           fp_text_number(p, e->counts[1]), fp_text_number(p, e->counts[2]),
                           fp_text_number(p, e->counts[3]));
    if (e->update.size > 0)
        fp_markup_elementf(p, "div class=\"ev\"", "Update %s", fp_page_clean(p, e->update));
    if (e->failure_text.size > 0)
        fp_markup_element(p, "div class=\"ev\"", e->failure_text);
}

static void episode_row(fp_page *p, const chart *c, const fp_episode *e)
{
    static const char *const tones[] = {"open", "good", "bad"};
    fp_out_printf(p->out, "<tr><th scope=\"row\" class=\"%s\">%s</th><td>", tones[e->outcome],
                  fp_text_outcome(e->outcome));
    fp_markup_elementf(p, "div", "%s to %s", fp_text_time(p, e->begin), fp_text_time(p, e->end));
    if (c->advisory->activity_count > 1)
        fp_markup_element(p, "div", c->advisory->activities[e->activity - c->first_activity].name);
    fp_markup_raw(p, "</td><td>");
    episode_facts(p, e);
    fp_markup_raw(p, "<div class=\"origin ev\">");
    fp_html_origin(p, c->report,
                   e->outcome == FP_EPISODE_FAILED ? e->failure_origin : e->begin_origin);
    fp_markup_raw(p, "</div></td></tr>\n");
}

static void table(fp_page *p, const chart *c)
{
    if (c->shown == 0)
        return;
    fp_out_printf(p->out,
                  "<details class=\"screen\">\n<summary>The %zu episode%s as a table</summary>\n",
                  c->shown, fp_plural(c->shown));
    fp_markup_raw(p, "<table>\n<thead><tr><th scope=\"col\">Outcome</th><th scope=\"col\">From and "
                     "to (UTC)</th><th scope=\"col\">What was seen</th></tr></thead>\n<tbody>\n");
    for (size_t i = c->first; i < c->history->episode_count; i++)
        if (is_ours(c, c->history->episodes[i].activity))
            episode_row(p, c, &c->history->episodes[i]);
    fp_markup_raw(p, "</tbody>\n</table>\n</details>\n");
}

void fp_html_timeline(fp_page *p, const fp_report *report, size_t index)
{
    chart c;
    if (!make_chart(report, index, &c))
        return;
    fp_html_section(p, report, index, "Timeline");
    for (size_t a = 0; a < c.advisory->activity_count; a++) {
        fp_markup_elementf(p, "p class=\"faint\"", "%s: %s",
                           fp_page_clean(p, c.advisory->activities[a].name),
                           fp_page_clean(p, c.advisory->activities[a].title));
        fp_markup_raw(p, "\n");
    }
    if (c.shown == 0)
        fp_markup_raw(p, "<p>No episode was found in a log.</p>\n");
    else
        fp_markup_element(p, "p", fp_str_of(summary(p, &c)));
    if (c.shown > 0 && c.time.from != FP_TIME_NONE)
        picture(p, &c);
    if (c.shown < c.total)
        fp_markup_elementf(p, "p",
                           "The last %zu of %zu are shown; the JSON report of `fixproof "
                           "logs` has all.",
                           c.shown, c.total);
    table(p, &c);
    fp_markup_raw(p, "</section>\n");
}
