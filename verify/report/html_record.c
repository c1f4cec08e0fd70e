/* SPDX-License-Identifier: MIT */
/* What the verdicts rest on, as HTML: declarations, findings, the evidence, the lines to sign. */
#include "verify/report/change.h"
#include "verify/report/html_parts.h"

static void statements(fp_page *p, const fp_report *report)
{
    const fp_case *c = report->casefile;
    if (c->statement_count == 0)
        return;
    fp_markup_raw(p, "<section aria-labelledby=\"declared\">\n"
                     "<h2 id=\"declared\">Declared, not observed</h2>\n<ul class=\"seen\">\n");
    for (size_t i = 0; i < c->statement_count; i++) {
        const fp_statement *s = &c->statements[i];
        fp_markup_raw(p, "<li>");
        fp_markup_elementf(p, "span class=\"ev\"", "%s = %s", fp_page_clean(p, s->key),
                           fp_page_clean(p, s->value));
        fp_markup_element(p, "span class=\"origin ev\"", fp_str_of(fp_text_declared(p, report, s)));
        if (s->note.size > 0)
            fp_markup_element(p, "span class=\"origin ev\"", s->note);
        fp_markup_raw(p, "</li>\n");
    }
    fp_markup_raw(p, "</ul>\n</section>\n");
}

static void findings(fp_page *p, const fp_report *report)
{
    const fp_case *c = report->casefile;
    if (c->findings.count == 0 && c->product.problems.count == 0)
        return;
    fp_markup_raw(p, "<section aria-labelledby=\"findings\">\n"
                     "<h2 id=\"findings\">Findings about the evidence</h2>\n");
    fp_html_observations(p, report, &c->findings);
    fp_html_observations(p, report, &c->product.problems);
    fp_markup_raw(p, "</section>\n");
}

static void problems(fp_page *p, const fp_item *item)
{
    const size_t kept =
        item->problem_count < FP_ITEM_PROBLEMS_MAX ? item->problem_count : FP_ITEM_PROBLEMS_MAX;
    for (size_t i = 0; i < kept; i++) {
        fp_markup_raw(p, "<p class=\"problem\"><strong>Problem:</strong> ");
        fp_markup_text(p, fp_str_of(item->problems[i]));
        fp_markup_raw(p, "</p>\n");
    }
    if (kept < item->problem_count)
        fp_markup_elementf(p, "p class=\"problem\"", "... and %zu more problem%s",
                           item->problem_count - kept, fp_plural(item->problem_count - kept));
}

/* A change record lists all; else what nothing is told of is counted on paper. */
static bool is_printed(const fp_report *report, const fp_item *item)
{
    return report->view == FP_VIEW_CHECKLIST || fp_report_is_told(item);
}

static void item_row(fp_page *p, const fp_report *report, const fp_item *item, size_t skip)
{
    char hash[FP_SHA256_HEX_SIZE] = "not read whole, no digest";
    if (item->hashed)
        fp_hex(item->sha256, FP_SHA256_SIZE, hash);
    fp_out_printf(p->out, "<tr%s id=\"e%u\"><th scope=\"row\">%u</th><td>",
                  is_printed(report, item) ? "" : " class=\"screen\"", (unsigned)item->id,
                  (unsigned)item->id);
    fp_markup_element(p, "div class=\"ev\"", fp_str_tail(item->path, skip));
    fp_markup_element(p, "div class=\"hash ev\"", fp_str_of(hash));
    if (report->view == FP_VIEW_CHECKLIST)
        fp_markup_element(p, "div class=\"faint ev\"",
                          fp_str_of(fp_change_collected(p, report, item)));
    problems(p, item);
    fp_markup_raw(p, "</td><td>");
    fp_markup_element(p, "div", fp_str_of(fp_kind_name(item->kind)));
    fp_markup_element(p, "div class=\"faint\"", fp_str_of(fp_text_bytes(p, item->size)));
    fp_markup_raw(p, "</td></tr>\n");
}

static void evidence(fp_page *p, const fp_report *report)
{
    const fp_str folder = fp_text_folder(report);
    const size_t shown =
        report->item_count < FP_HTML_ITEMS_MAX ? report->item_count : FP_HTML_ITEMS_MAX;
    fp_markup_raw(p, "<section aria-labelledby=\"evidence\">\n<h2 id=\"evidence\">Evidence</h2>\n");
    if (folder.size > 0) {
        fp_markup_raw(p, "<p>Below ");
        fp_markup_element(p, "span class=\"ev\"", folder);
        fp_markup_raw(p, "</p>\n");
    }
    fp_markup_raw(p, "<table class=\"evidence\">\n<thead><tr><th scope=\"col\">id</th>"
                     "<th scope=\"col\">Item and its SHA-256</th><th scope=\"col\">Kind and "
                     "size</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < shown; i++)
        item_row(p, report, report->items[i], folder.size);
    fp_markup_raw(p, "</tbody>\n</table>\n");
    size_t unprinted = 0;
    for (size_t i = 0; i < shown; i++)
        unprinted += !is_printed(report, report->items[i]);
    if (unprinted > 0)
        fp_markup_elementf(p, "p class=\"paper\"",
                           "... and %zu of no known kind, listed in the "
                           "JSON report.",
                           unprinted);
    if (shown < report->item_count)
        fp_markup_elementf(p, "p", "... and %zu more item%s, listed in the JSON report.",
                           report->item_count - shown, fp_plural(report->item_count - shown));
    fp_markup_raw(p, "</section>\n");
}

/* Of a report on paper only: it is signed by hand. */
static void signatures(fp_page *p, const fp_report *report)
{
    static const char *const roles[] = {"Carried out by", "Checked by", "Approved by", NULL};
    const bool change = report->view == FP_VIEW_CHECKLIST;
    const char *const *who = change ? fp_change_roles : roles;
    fp_out_printf(p->out, "<section class=\"sign%s\" aria-labelledby=\"sign\">\n",
                  change ? " shown" : "");
    fp_markup_raw(p, "<h2 id=\"sign\">Signatures</h2>\n<table>\n<thead><tr><th></th>"
                     "<th scope=\"col\">Name</th><th scope=\"col\">Date</th>"
                     "<th scope=\"col\">Signature</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; who[i] != NULL; i++)
        fp_out_printf(p->out, "<tr><th scope=\"row\">%s</th><td></td><td></td><td></td></tr>\n",
                      who[i]);
    fp_markup_raw(p, "</tbody>\n</table>\n</section>\n");
}

void fp_html_record(fp_page *p, const fp_report *report)
{
    statements(p, report);
    findings(p, report);
    evidence(p, report);
    signatures(p, report);
}
