/* SPDX-License-Identifier: MIT */
/* The text report: what every view shares. The views themselves are in text_*.c. */
#include "verify/report/report.h"

#include "verify/report/text_parts.h"

enum { PROPERTY_WIDTH = 13, EVIDENCE_ROWS_MAX = 200, PROBLEM_LINES_MAX = 8, SHORT_HASH = 12 };

fp_status fp_text_write(const fp_report *report, const fp_report_style *style, fp_out *out)
{
    static void (*const views[FP_VIEWS])(fp_page *, const fp_report *) = {
        [FP_VIEW_ASSESS] = fp_text_results,   [FP_VIEW_CONFIRM] = fp_text_results,
        [FP_VIEW_EXPLAIN] = fp_text_explain,  [FP_VIEW_INVENTORY] = fp_text_inventory,
        [FP_VIEW_LOGS] = fp_text_logs,        [FP_VIEW_CATALOG] = fp_text_catalog,
        [FP_VIEW_CHECKLIST] = fp_text_change, [FP_VIEW_DIFF] = fp_text_changes,
    };
    fp_page page = {.out = out, .style = style, .arena = fp_arena_new(FP_REPORT_MEMORY_MAX)};
    if (page.arena == NULL)
        return FP_NOMEM;
    views[report->view](&page, report);
    fp_arena_free(page.arena);
    return page.failed || out->failed ? FP_NOMEM : FP_OK;
}

void fp_text_property(fp_page *p, const char *label, const char *value)
{
    if (*value == '\0')
        return;
    fp_page_put(p, (fp_lead){.first = "  ", .mark = label, .mark_width = PROPERTY_WIDTH},
                fp_str_of(value));
}

static void observation(fp_page *p, const fp_report *report, const char *first, const char *next,
                        const fp_observation *seen)
{
    fp_page_put(p, (fp_lead){.first = first, .next = next}, seen->value);
    const char *origin = fp_text_origin(p, report, fp_text_seen_at(seen));
    if (*origin != '\0')
        fp_page_put(p,
                    (fp_lead){.first = fp_page_format(p, "%s  ", next),
                              .next = fp_page_format(p, "%s      ", next)},
                    fp_str_of(origin));
}

void fp_text_observations(fp_page *p, const fp_report *report, const char *first, const char *next,
                          const fp_observations *list, size_t most)
{
    /* Too many: the first ones and the last ones, as either end may be what decides. */
    const size_t left_out = most != 0 && list->count > most ? list->count - (most - 1) : 0;
    const size_t gap = most / 2;
    for (size_t i = 0; i < list->count; i++) {
        if (left_out > 0 && i == gap) {
            fp_page_putf(p, (fp_lead){.first = first, .next = next},
                         "... %zu more (`fixproof explain` shows all) ...", left_out);
            i += left_out;
        }
        observation(p, report, first, next, &list->at[i]);
    }
    if (list->lost)
        fp_page_putf(p, (fp_lead){.first = first, .next = next},
                     "... and others that were not kept");
}

void fp_text_banner(fp_page *p, const fp_report *report, const fp_result *result)
{
    const fp_headline h = fp_text_headline(p, result);
    fp_page_rule(p);
    fp_page_put(p, (fp_lead){.mark = h.words, .mark_width = 16, .tone = h.tone},
                result->advisory->id);
    fp_page_put(p, (fp_lead){0}, result->advisory->title);
    fp_page_put(p, (fp_lead){0}, fp_str_of(h.meaning));
    if (report->view == FP_VIEW_CONFIRM)
        fp_page_putf(p, (fp_lead){0}, "Asked: did the change that began %s take effect?",
                     fp_text_time(p, report->since));
    fp_page_rule(p);
}

static void collect_first(fp_page *p, const fp_report *report)
{
    size_t wanted_by;
    const fp_missing *need = fp_report_shared_need(report, &wanted_by);
    if (need == NULL)
        return;
    fp_page_putf(p, (fp_lead){.mark = "Collect first", .mark_width = 16, .tone = FP_TONE_STRONG},
                 "%s (%zu advisories ask for it)", fp_text_phrase(p, need->needs), wanted_by);
    fp_page_blank(p);
}

static void summary_line(fp_page *p, const fp_result *result, unsigned widest)
{
    const fp_headline h = fp_text_headline(p, result);
    const unsigned pad = widest - fp_text_columns(result->advisory->id);
    fp_page_put(
        p,
        (fp_lead){.mark = fp_page_format(p, "%-16s%s%*s", h.words,
                                         fp_page_clean(p, result->advisory->id), (int)pad, ""),
                  .mark_width = 16 + widest + 2,
                  .tone = h.tone},
        result->advisory->title);
}

void fp_text_summary(fp_page *p, const fp_report *report)
{
    if (report->result_count < 2)
        return;
    unsigned widest = 0;
    const size_t asides = fp_report_asides(report);
    for (size_t i = 0; i < report->result_count; i++) {
        const unsigned columns = fp_text_columns(report->results[i].advisory->id);
        widest = columns > widest ? columns : widest;
    }
    for (size_t i = 0; i < report->result_count; i++)
        if (!fp_report_is_aside(report, &report->results[i]))
            summary_line(p, &report->results[i], widest);
    if (asides > 0)
        fp_page_putf(p, (fp_lead){.mark = "NOT APPLICABLE", .mark_width = 16},
                     "%s, listed at the end",
                     fp_text_of_advisories(p, asides, report->result_count));
    if (asides < report->result_count)
        fp_page_blank(p);
    collect_first(p, report);
}

static void missing(fp_page *p, const fp_result *result)
{
    for (size_t i = 0; i < result->missing_count; i++) {
        const fp_missing *m = &result->missing[i];
        fp_page_put(p,
                    (fp_lead){.first = "  ",
                              .mark = fp_page_format(p, "%zu.", i + 1),
                              .mark_width = 4,
                              .tone = FP_TONE_STRONG},
                    m->needs.size > 0 ? m->needs : m->test->title);
        fp_page_putf(p, (fp_lead){.first = "      "}, "settles: %s", fp_text_settles(p, result, m));
        fp_page_prose(p, "      ", m->collect, true);
    }
}

static void references(fp_page *p, const fp_advisory *advisory)
{
    if (advisory->reference_count > 0)
        fp_page_heading(p, "References");
    for (size_t i = 0; i < advisory->reference_count; i++)
        fp_page_put(p, (fp_lead){.first = "  - "},
                    fp_str_of(fp_text_reference(p, &advisory->references[i])));
}

void fp_text_next(fp_page *p, const fp_result *result)
{
    const fp_next next = fp_text_next_step(result);
    fp_page_heading(p, next.heading);
    if (next.text != NULL)
        fp_page_put(p, (fp_lead){.first = "  "}, fp_str_of(next.text));
    if (next.remedy) {
        fp_page_prose(p, "  ", result->remediation, true);
        references(p, result->advisory);
    }
    if (next.missing)
        missing(p, result);
    if (next.also != NULL)
        fp_page_put(p, (fp_lead){.first = "  "}, fp_str_of(next.also));
}

static void statements(fp_page *p, const fp_report *report)
{
    const fp_case *c = report->casefile;
    if (c->statement_count == 0)
        return;
    fp_page_heading(p, "Declared, not observed");
    for (size_t i = 0; i < c->statement_count; i++) {
        const fp_statement *s = &c->statements[i];
        fp_page_putf(p, (fp_lead){.first = "  "}, "%s = %s", fp_page_clean(p, s->key),
                     fp_page_clean(p, s->value));
        fp_page_put(p, (fp_lead){.first = "      "}, fp_str_of(fp_text_declared(p, report, s)));
        if (s->note.size > 0)
            fp_page_put(p, (fp_lead){.first = "      "}, s->note);
    }
}

static void findings(fp_page *p, const fp_report *report)
{
    const fp_case *c = report->casefile;
    if (c->findings.count == 0 && c->product.problems.count == 0)
        return;
    fp_page_heading(p, "Findings about the evidence");
    fp_text_observations(p, report, "  - ", "    ", &c->findings, 0);
    fp_text_observations(p, report, "  - ", "    ", &c->product.problems, 0);
}

void fp_text_subject(fp_page *p, const fp_report *report)
{
    fp_fact facts[FP_SUBJECT_FACTS];
    fp_text_subject_facts(p, report, facts);
    fp_page_heading(p, "Subject");
    for (size_t i = 0; i < FP_SUBJECT_FACTS; i++)
        fp_text_property(p, facts[i].label, facts[i].value);
    statements(p, report);
    findings(p, report);
}

void fp_text_problems(fp_page *p, const fp_item *item)
{
    const size_t kept =
        item->problem_count < FP_ITEM_PROBLEMS_MAX ? item->problem_count : FP_ITEM_PROBLEMS_MAX;
    const size_t shown = kept < PROBLEM_LINES_MAX ? kept : PROBLEM_LINES_MAX;
    for (size_t i = 0; i < shown; i++)
        fp_page_put(p, (fp_lead){.first = "      ! ", .next = "        "},
                    fp_str_of(item->problems[i]));
    if (shown < item->problem_count)
        fp_page_putf(p, (fp_lead){.first = "      ! "}, "... and %zu more problem%s",
                     item->problem_count - shown, fp_plural(item->problem_count - shown));
}

static void evidence_row(fp_page *p, const fp_item *item, size_t skip)
{
    char hash[FP_SHA256_HEX_SIZE] = "-";
    if (item->hashed)
        fp_hex(item->sha256, FP_SHA256_SIZE, hash);
    const char *id = fp_page_format(p, "%4u", (unsigned)item->id);
    const char *lead = fp_page_format(p, "%s  %-15s  %-*.*s  ", id, fp_kind_name(item->kind),
                                      SHORT_HASH, SHORT_HASH, hash);
    fp_page_put(p, (fp_lead){.first = lead, .next = "      "}, fp_str_tail(item->path, skip));
    fp_text_problems(p, item);
}

void fp_text_evidence(fp_page *p, const fp_report *report)
{
    size_t rows = 0;
    size_t unknown = 0;
    size_t over = 0;
    const fp_str folder = fp_text_folder(report);
    fp_page_heading(p, folder.size == 0
                           ? "Evidence"
                           : fp_page_format(p, "Evidence, below %s", fp_page_clean(p, folder)));
    if (report->item_count > 0)
        fp_out_printf(p->out, "%4s  %-15s  %-*s  %s\n", "id", "kind", SHORT_HASH, "SHA-256",
                      "path");
    for (size_t i = 0; i < report->item_count; i++) {
        if (!fp_report_is_told(report->items[i]))
            unknown++;
        else if (rows == EVIDENCE_ROWS_MAX)
            over++;
        else {
            evidence_row(p, report->items[i], folder.size);
            rows++;
        }
    }
    if (over > 0)
        fp_page_putf(p, (fp_lead){.first = "      "},
                     "and %zu more item%s, listed in the JSON report", over, fp_plural(over));
    if (unknown > 0)
        fp_page_putf(p, (fp_lead){.first = "      "},
                     "%zu item%s of no known kind, listed in the JSON report", unknown,
                     fp_plural(unknown));
}

void fp_text_foot(fp_page *p, const fp_report *report)
{
    fp_page_blank(p);
    if (!report->confined)
        fp_page_put(
            p, (fp_lead){0},
            FP_STR("Warning: an archive was decoded by a process that could not be confined."));
    fp_page_putf(p, (fp_lead){.tone = FP_TONE_FAINT}, "fixproof %s, %s", report->tool_version,
                 fp_text_time(p, report->generated));
}
