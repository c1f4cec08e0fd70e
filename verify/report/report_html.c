/* SPDX-License-Identifier: MIT */
/* The HTML report: the document around its parts. */
#include "verify/report/report.h"

#include "verify/report/change.h"
#include "verify/report/html_parts.h"
#include "verify/report/identity.h"

enum { SHORT_DIGEST = 16 /* digits: enough to tell the runs of one server apart */ };

const char *fp_html_tone(fp_tone tone)
{
    static const char *const classes[FP_TONES] = {
        [FP_TONE_PLAIN] = "plain", [FP_TONE_STRONG] = "strong", [FP_TONE_FAINT] = "faint",
        [FP_TONE_GOOD] = "good",   [FP_TONE_BAD] = "bad",       [FP_TONE_OPEN] = "open",
    };
    return classes[tone];
}

void fp_html_origin(fp_page *p, const fp_report *report, fp_origin origin)
{
    const fp_item *item = fp_report_item(report, origin.item);
    if (item != NULL && item->id <= FP_HTML_ITEMS_MAX) {
        fp_out_printf(p->out, "<a href=\"#e%u\">", (unsigned)item->id);
        fp_markup_textf(p, "[%u] %s", (unsigned)item->id, fp_page_clean(p, item->name));
        fp_markup_raw(p, "</a>");
    } else if (item != NULL) {
        fp_markup_textf(p, "[%u] %s", (unsigned)item->id, fp_page_clean(p, item->name));
    }
    if (item != NULL && origin.where.size > 0)
        fp_markup_raw(p, ", ");
    fp_markup_text(p, origin.where);
}

void fp_html_observations(fp_page *p, const fp_report *report, const fp_observations *list)
{
    if (list->count == 0 && !list->lost)
        return;
    fp_markup_raw(p, "<ul class=\"seen\">\n");
    for (size_t i = 0; i < list->count; i++) {
        const fp_observation *seen = &list->at[i];
        fp_markup_raw(p, "<li>");
        fp_markup_element(p, "span class=\"ev\"", seen->value);
        if (seen->origin.item != 0 || seen->origin.where.size > 0) {
            fp_markup_raw(p, "<span class=\"origin ev\">");
            fp_html_origin(p, report, fp_text_seen_at(seen));
            fp_markup_raw(p, "</span>");
        }
        fp_markup_raw(p, "</li>\n");
    }
    if (list->lost)
        fp_markup_raw(p, "<li>... and others that were not kept</li>\n");
    fp_markup_raw(p, "</ul>\n");
}

void fp_html_prose(fp_page *p, fp_str text)
{
    fp_str rest = fp_str_trim(text);
    fp_str line;
    while (fp_str_split(&rest, '\n', &line)) {
        if (fp_str_trim(line).size == 0)
            continue;
        fp_markup_element(p, "p", fp_str_trim(line));
        fp_markup_raw(p, "\n");
    }
}

static const char *kind_words(const fp_report *report)
{
    static const char *const words[FP_VIEWS] = {
        [FP_VIEW_ASSESS] = "Assessment",
        [FP_VIEW_CONFIRM] = "Confirmation after a change",
        [FP_VIEW_EXPLAIN] = "Assessment",
        [FP_VIEW_INVENTORY] = "",
        [FP_VIEW_LOGS] = "",
        [FP_VIEW_CATALOG] = "",
        [FP_VIEW_CHECKLIST] = "Change record",
    };
    return words[report->view];
}

static fp_str server_name(const fp_report *report)
{
    return report->casefile->host.size > 0 ? report->casefile->host : FP_STR("a server not named");
}

static void title(fp_page *p, const fp_report *report)
{
    const char *server = fp_page_clean(p, server_name(report));
    if (report->view == FP_VIEW_CHECKLIST) {
        fp_markup_elementf(p, "title", "Change %s on %s", fp_page_clean(p, report->change), server);
    } else if (report->changes != NULL) {
        fp_markup_elementf(p, "title", "%s: change on %s",
                           fp_text_conclusion(report->changes).words, server);
    } else if (report->result_count == 1) {
        const fp_result *only = &report->results[0];
        fp_markup_elementf(p, "title", "%s: %s on %s", fp_text_headline(p, only).words,
                           fp_page_clean(p, only->advisory->id), server);
    } else {
        fp_markup_elementf(p, "title", "%zu advisories on %s", report->result_count, server);
    }
    fp_markup_raw(p, "\n");
}

/* Each printed page names the run that it is of. */
static void head(fp_page *p, const fp_report *report, const char *digest)
{
    fp_markup_raw(p, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
                     "form-action 'none'\"/>\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                     "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
                     "<meta name=\"color-scheme\" content=\"light dark\"/>\n");
    fp_markup_raw(p, "<meta name=\"generator\"");
    fp_markup_attribute(p, "content",
                        fp_str_of(fp_page_format(p, "fixproof %s", report->tool_version)));
    fp_markup_raw(p, "/>\n<link rel=\"icon\" href=\"data:,\"/>\n"); /* else browsers ask for one */
    title(p, report);
    fp_markup_raw(p, "<style>\n");
    for (size_t i = 0; fp_html_style[i] != NULL; i++)
        fp_markup_raw(p, fp_html_style[i]);
    fp_out_printf(
        p->out, "@page { @bottom-left { content: \"JSON report %.*s\"; font: 8pt sans-serif; } }\n",
        SHORT_DIGEST, digest);
    fp_markup_raw(p, "</style>\n</head>\n");
}

static void subject(fp_page *p, const fp_report *report)
{
    fp_fact facts[FP_SUBJECT_FACTS];
    fp_text_subject_facts(p, report, facts);
    fp_markup_raw(p, "<dl class=\"facts\">\n");
    for (size_t i = 0; i < FP_SUBJECT_FACTS; i++) {
        if (*facts[i].value == '\0')
            continue;
        fp_markup_element(p, "dt", fp_str_of(facts[i].label));
        fp_markup_element(p, "dd class=\"ev\"", fp_str_of(facts[i].value));
        fp_markup_raw(p, "\n");
    }
    const char *before = fp_change_report_before(p, report);
    if (*before != '\0') {
        fp_markup_element(p, "dt", FP_STR("Report before"));
        fp_markup_element(p, "dd class=\"ev\"", fp_str_of(before));
        fp_markup_raw(p, "\n");
    }
    fp_markup_element(p, "dt", FP_STR("Report made"));
    fp_markup_element(p, "dd", fp_str_of(fp_text_time(p, report->generated)));
    fp_markup_raw(p, "\n</dl>\n");
}

static bool is_aside(const fp_report *report, const fp_result *result)
{
    return report->view == FP_VIEW_CHECKLIST ? !fp_change_concerns(report, result)
                                             : fp_report_is_aside(report, result);
}

static size_t count_asides(const fp_report *report)
{
    size_t count = 0;
    for (size_t i = 0; i < report->result_count; i++)
        count += is_aside(report, &report->results[i]);
    return count;
}

static void overview_links(fp_page *p, const fp_report *report)
{
    for (size_t i = 0; i < report->result_count; i++) {
        const fp_result *result = &report->results[i];
        if (is_aside(report, result))
            continue;
        const fp_headline h = fp_text_headline(p, result);
        fp_out_printf(p->out, "<li><strong class=\"%s\">%s</strong> <a href=\"#r%zu\">",
                      fp_html_tone(h.tone), h.words, i + 1);
        fp_markup_textf(p, "%s: %s", fp_page_clean(p, result->advisory->id),
                        fp_page_clean(p, result->advisory->title));
        fp_markup_raw(p, "</a></li>\n");
    }
}

/* Several advisories: one line each, with a link; those that are set aside are counted. */
static void overview(fp_page *p, const fp_report *report)
{
    const size_t asides = count_asides(report);
    const bool told = report->changes != NULL; /* in the conclusion */
    if (report->result_count < 2 || asides == report->result_count || told)
        return;
    fp_markup_raw(p, "<nav aria-label=\"Advisories\">\n<ul class=\"overview\">\n");
    overview_links(p, report);
    if (asides > 0) {
        fp_markup_raw(p, "<li><strong class=\"good\">NOT APPLICABLE</strong> <a href=\"#aside\">");
        fp_markup_text(p, fp_str_of(fp_text_of_advisories(p, asides, report->result_count)));
        fp_markup_raw(p, "</a></li>\n");
    }
    fp_markup_raw(p, "</ul>\n</nav>\n");
    size_t wanted_by;
    const fp_missing *need = fp_report_shared_need(report, &wanted_by);
    if (need == NULL)
        return;
    fp_markup_raw(p, "<p><strong>Collect first:</strong> ");
    fp_markup_textf(p, "%s (%zu advisories ask for it)", fp_text_phrase(p, need->needs), wanted_by);
    fp_markup_raw(p, "</p>\n");
}

static void foot(fp_page *p, const fp_report *report, const char *digest)
{
    fp_markup_raw(p, "<footer>\n");
    if (!report->confined)
        fp_markup_raw(p, "<p><strong>Warning:</strong> an archive was decoded by a process that "
                         "could not be confined.</p>\n");
    fp_markup_elementf(p, "p", "fixproof %s, %s", report->tool_version,
                       fp_text_time(p, report->generated));
    fp_markup_raw(p, "\n<p>SHA-256 of the JSON report of the same run: ");
    fp_markup_element(p, "code class=\"ev\"", fp_str_of(digest));
    fp_markup_raw(p, "</p>\n</footer>\n");
}

/* What it is of: a change is named first, then the server. */
static void headline(fp_page *p, const fp_report *report)
{
    const fp_product *product = &report->casefile->product;
    const bool change = report->view == FP_VIEW_CHECKLIST;
    const char *site = fp_text_site(p, product);
    fp_markup_element(p, "p class=\"kind\"", fp_str_of(kind_words(report)));
    fp_markup_raw(p, "\n");
    fp_markup_element(p, "h1 class=\"ev\"", change ? report->change : server_name(report));
    fp_markup_raw(p, "\n");
    fp_markup_elementf(p, "p class=\"faint ev\"", "%s%s%s%s%s%s",
                       change ? fp_page_clean(p, server_name(report)) : "", change ? "; " : "",
                       site, *site != '\0' ? "; " : "",
                       product->installed == FP_UNKNOWN ? "product " : "",
                       fp_text_product(p, product));
    fp_markup_raw(p, "\n");
}

static void results(fp_page *p, const fp_report *report)
{
    const bool change = report->view == FP_VIEW_CHECKLIST;
    for (size_t i = 0; i < report->result_count; i++) {
        if (is_aside(report, &report->results[i]))
            continue;
        if (change)
            fp_html_change(p, report, i);
        else
            fp_html_result(p, report, i);
    }
    if (report->changes != NULL && report->changes->before != NULL)
        fp_html_changes(p, report);
    if (change)
        fp_html_unconcerned(p, report);
    else
        fp_html_asides(p, report);
}

static fp_status document(fp_page *p, const fp_report *report)
{
    char digest[FP_SHA256_HEX_SIZE];
    const fp_status status = fp_report_digest(report, digest);
    if (status != FP_OK)
        return status;
    head(p, report, digest);
    fp_markup_raw(p, "<body>\n<a class=\"skip\" href=\"#main\">To the verdict</a>\n<header>\n");
    headline(p, report);
    overview(p, report);
    fp_markup_raw(p, "</header>\n<main id=\"main\">\n");
    if (report->changes != NULL)
        fp_html_conclusion(p, report);
    results(p, report);
    fp_markup_raw(p, "<section aria-labelledby=\"subject\">\n<h2 id=\"subject\">Server</h2>\n");
    subject(p, report);
    fp_markup_raw(p, "</section>\n");
    fp_html_record(p, report);
    for (size_t i = 0; report->view != FP_VIEW_CHECKLIST && i < report->result_count; i++)
        if (!is_aside(report, &report->results[i]))
            fp_html_annex(p, report, i);
    fp_markup_raw(p, "</main>\n");
    foot(p, report, digest);
    fp_markup_raw(p, "</body>\n</html>\n");
    return FP_OK;
}

fp_status fp_html_write(const fp_report *report, const fp_report_style *style, fp_out *out)
{
    const fp_report_style utf8 = {.color = style->color, .utf8 = true, .width = style->width};
    fp_page page = {.out = out, .style = &utf8, .arena = fp_arena_new(FP_REPORT_MEMORY_MAX)};
    if (page.arena == NULL)
        return FP_NOMEM;
    const fp_status status = document(&page, report);
    fp_arena_free(page.arena);
    return page.failed || out->failed ? FP_NOMEM : status;
}
