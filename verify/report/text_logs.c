/* SPDX-License-Identifier: MIT */
/* `logs` as text: the files, the time they cover, and the episodes found in them. */
#include "verify/report/text_parts.h"

static const char *item_name(fp_page *p, const fp_report *report, uint32_t id)
{
    const fp_item *item = fp_report_item(report, id);
    return item == NULL ? "nothing"
                        : fp_page_format(p, "[%u] %s", (unsigned)id, fp_page_clean(p, item->name));
}

static void log_file(fp_page *p, const fp_report *report, const fp_log_file *file)
{
    const fp_log_counts *n = &file->counts;
    fp_page_put(p, (fp_lead){.first = "  "}, fp_str_of(item_name(p, report, file->item)));
    fp_page_putf(p, (fp_lead){.first = "      "}, "%s to %s%s", fp_text_time(p, n->earliest),
                 fp_text_time(p, n->latest), file->complete ? "" : "; cut: its end proves nothing");
    fp_page_putf(p, (fp_lead){.first = "      "},
                 "%s lines, %s records: %s of a site server, %s of a client, %s without framing",
                 fp_text_number(p, n->lines), fp_text_number(p, n->records),
                 fp_text_number(p, n->site), fp_text_number(p, n->client),
                 fp_text_number(p, n->plain));
    if (file->host.size > 0)
        fp_page_putf(p, (fp_lead){.first = "      "}, "names the server %s",
                     fp_page_clean(p, file->host));
    const struct {
        uint64_t count;
        const char *what;
    } oddities[] = {
        {n->bad_stamps, "records with a malformed time stamp"},
        {n->backwards, "records earlier than the one before them"},
        {n->cut_lines, "lines longer than the limit, cut"},
        {n->undecodable, "bytes that could not be decoded"},
        {n->nul, "NUL characters"},
        {file->duplicates, "hits that another file had already"},
    };
    for (size_t i = 0; i < sizeof oddities / sizeof *oddities; i++)
        if (oddities[i].count > 0)
            fp_page_putf(p, (fp_lead){.first = "      ! "}, "%s %s",
                         fp_text_number(p, oddities[i].count), oddities[i].what);
    if (file->hits_lost)
        fp_page_put(p, (fp_lead){.first = "      ! "}, FP_STR("more hits than are kept"));
}

static const char *activity_name(fp_page *p, const fp_report *report, uint32_t index)
{
    const fp_advisory_activity *a = fp_report_activity(report, index);
    return a != NULL ? fp_page_clean(p, a->name)
                     : fp_page_format(p, "activity %u", (unsigned)index);
}

static void activities(fp_page *p, const fp_report *report)
{
    const fp_advisory_activity *a;
    fp_page_heading(p, "Looked for");
    for (uint32_t i = 0; (a = fp_report_activity(report, i)) != NULL; i++)
        fp_page_put(p,
                    (fp_lead){.first = "  ",
                              .mark = fp_page_clean(p, a->name),
                              .mark_width = fp_text_columns(a->name) + 2,
                              .tone = FP_TONE_STRONG},
                    a->title);
}

static fp_tone outcome_tone(const fp_episode *e)
{
    static const fp_tone tones[] = {FP_TONE_OPEN, FP_TONE_GOOD, FP_TONE_BAD};
    return tones[e->outcome];
}

static void episode(fp_page *p, const fp_report *report, const fp_episode *e)
{
    fp_page_putf(p,
                 (fp_lead){.first = "  ",
                           .mark = fp_text_outcome(e->outcome),
                           .mark_width = 13,
                           .tone = outcome_tone(e)},
                 "%s to %s %s", fp_text_time(p, e->begin), fp_text_time(p, e->end),
                 activity_name(p, report, e->activity));
    const char *body = "               ";
    if (e->has_counts)
        fp_page_putf(p, (fp_lead){.first = body}, "counts: %s, %s, %s, %s",
                     fp_text_number(p, e->counts[0]), fp_text_number(p, e->counts[1]),
                     fp_text_number(p, e->counts[2]), fp_text_number(p, e->counts[3]));
    if (e->update.size > 0)
        fp_page_putf(p, (fp_lead){.first = body}, "update: %s", fp_page_clean(p, e->update));
    if (e->failure_text.size > 0)
        fp_page_put(p, (fp_lead){.first = body}, e->failure_text);
    const fp_origin shown = e->outcome == FP_EPISODE_FAILED ? e->failure_origin : e->begin_origin;
    const char *origin = fp_text_origin(p, report, shown);
    if (*origin != '\0')
        fp_page_put(p, (fp_lead){.first = body}, fp_str_of(origin));
}

static void runs(fp_page *p, const fp_report *report, const fp_history *h)
{
    if (h->run_count == 0)
        return;
    fp_page_heading(p, "Whole runs around them");
    for (size_t i = 0; i < h->run_count; i++) {
        const fp_run *run = &h->runs[i];
        fp_page_putf(p, (fp_lead){.first = "  - "}, "%s to %s: %s %s", fp_text_time(p, run->begin),
                     fp_text_time(p, run->end), activity_name(p, report, run->activity),
                     run->active ? "seen" : "not seen");
    }
}

static void gaps(fp_page *p, const fp_report *report, const fp_history *h)
{
    if (h->gap_count == 0)
        return;
    fp_page_heading(p, "Time that no log covers");
    for (size_t i = 0; i < h->gap_count; i++) {
        const fp_log_gap *gap = &h->gaps[i];
        const char *from = gap->from == FP_TIME_NONE ? "the beginning" : fp_text_time(p, gap->from);
        const char *to = gap->to == FP_TIME_NONE ? "the present" : fp_text_time(p, gap->to);
        fp_page_putf(p, (fp_lead){.first = "  - "}, "from %s to %s (after %s, before %s)", from, to,
                     item_name(p, report, gap->before), item_name(p, report, gap->after));
    }
}

void fp_text_logs(fp_page *p, const fp_report *report)
{
    static const fp_history empty = {0};
    const fp_history *h = report->casefile->history != NULL ? report->casefile->history : &empty;
    activities(p, report);
    fp_page_heading(p, "Episodes");
    for (size_t i = 0; i < h->episode_count; i++)
        episode(p, report, &h->episodes[i]);
    if (h->episode_count == 0)
        fp_page_put(p, (fp_lead){.first = "  "}, FP_STR("none found"));
    runs(p, report, h);
    gaps(p, report, h);
    fp_page_heading(p, "Log files, in the order of time");
    for (size_t i = 0; i < h->file_count; i++)
        log_file(p, report, &h->files[i]);
    if (h->file_count == 0)
        fp_page_put(p, (fp_lead){.first = "  "}, FP_STR("none: no item was recognised as a log"));
    fp_text_evidence(p, report);
    fp_text_foot(p, report);
}
