/* SPDX-License-Identifier: MIT */
/* The change record as text: per advisory the state, the items by phase, the lines to sign. */
#include "verify/report/change.h"
#include "verify/report/text_parts.h"

#define FACT_INDENT "        "

/* Of an item that is set aside the answer is enough. */
static void fact(fp_page *p, const fp_report *report, const fp_because *b, bool whole)
{
    const fp_str title = fp_text_question(b->test);
    if (b->result == FP_UNKNOWN)
        fp_page_putf(p, (fp_lead){.first = FACT_INDENT}, "%s unknown (%s)", fp_page_clean(p, title),
                     fp_unknown_why_name(b->outcome->why));
    else
        fp_page_putf(p, (fp_lead){.first = FACT_INDENT}, "%s %s", fp_page_clean(p, title),
                     fp_text_answer(b->result));
    if (!whole)
        return;
    fp_text_observations(p, report, FACT_INDENT "  ", FACT_INDENT "  ", &b->outcome->observations,
                         FP_CHANGE_FACTS_MAX);
    if (b->result == FP_UNKNOWN && b->test->needs.size > 0)
        fp_page_putf(p, (fp_lead){.first = FACT_INDENT "  "}, "needs: %s",
                     fp_page_clean(p, b->test->needs));
}

static void item(fp_page *p, const fp_report *report, const fp_checked *checked)
{
    const char *note = fp_change_note(checked);
    fp_page_put(p,
                (fp_lead){.first = "  ",
                          .mark = fp_change_mark(checked->is),
                          .mark_width = 4,
                          .tone = fp_change_tone(checked->is)},
                checked->item->text);
    if (*note != '\0')
        fp_page_put(p, (fp_lead){.first = FACT_INDENT}, fp_str_of(note));
    fp_report_tests facts;
    fp_report_tests_deciding(&checked->because, &facts);
    for (size_t i = 0; i < facts.count; i++)
        fact(p, report, facts.at[i], checked->is != FP_TICK_ASIDE);
    fp_page_putf(p, (fp_lead){.first = FACT_INDENT, .tone = FP_TONE_FAINT}, "source: %s",
                 fp_page_clean(p, checked->item->source));
    if (fp_change_is_signed(checked))
        fp_out_text(p->out, FACT_INDENT "Done by ____________________  Date ______________\n");
}

static void packages(fp_page *p, const fp_result *result)
{
    size_t shown = 0;
    for (size_t i = 0; i < result->advisory->package_count; i++) {
        const fp_package *package = &result->advisory->packages[i];
        if (result->packages[i] == FP_FALSE)
            continue;
        shown++;
        fp_page_putf(p, (fp_lead){.first = "  ", .mark = "Package", .mark_width = 13}, "%s (%s)",
                     fp_page_clean(p, package->name), fp_page_clean(p, package->kb));
        fp_page_put(p, (fp_lead){.first = "  ", .mark = "SHA-256", .mark_width = 13},
                    package->sha256.size > 0
                        ? package->sha256
                        : FP_STR("no source gives it: ______________________________________"));
        fp_page_putf(p, (fp_lead){.first = "               "}, "source: %s (%s)",
                     fp_page_clean(p, package->source), fp_page_clean(p, package->certainty));
    }
    if (shown == 0)
        fp_out_text(p->out, "  Package      no source names it: ______________________________\n"
                            "  SHA-256      __________________________________________________\n");
}

static void phase(fp_page *p, const fp_report *report, const fp_result *result, fp_phase which)
{
    if (!fp_change_has(result, which) && which != FP_PHASE_ACTION)
        return;
    fp_page_heading(p, fp_change_phase(which));
    if (which == FP_PHASE_ACTION) {
        fp_page_prose(p, "  ", result->remediation, true);
        fp_page_blank(p);
        packages(p, result);
    }
    bool first = which != FP_PHASE_ACTION;
    for (size_t i = 0; i < result->advisory->checklist_count; i++) {
        if (result->checklist[i].item->phase != which)
            continue;
        if (!first)
            fp_page_blank(p);
        first = false;
        item(p, report, &result->checklist[i]);
    }
}

static void state(fp_page *p, const fp_report *report, const fp_result *result)
{
    fp_text_property(p, "Before", fp_change_state_before(p, report, result));
    fp_text_property(p, "Now", fp_change_state_now(p, result));
    fp_page_put(p, (fp_lead){.first = "               "}, result->reason_text);
    for (size_t i = 0; i < result->caveat_count; i++)
        fp_page_put(p, (fp_lead){.first = "  ", .mark = "Caveat", .mark_width = 13},
                    result->caveats[i]);
    for (size_t i = 0; i < result->missing_count; i++)
        fp_page_put(p, (fp_lead){.first = "  ", .mark = "Missing", .mark_width = 13},
                    result->missing[i].needs);
    fp_text_property(p, "Checklist", fp_change_summary(p, result));
}

static void advisory(fp_page *p, const fp_report *report, const fp_result *result)
{
    const fp_advisory *a = result->advisory;
    fp_page_blank(p);
    fp_page_rule(p);
    fp_page_put(p,
                (fp_lead){.mark = fp_page_clean(p, a->id),
                          .mark_width = fp_text_columns(a->id) + 2,
                          .tone = FP_TONE_STRONG},
                a->title);
    fp_page_put(p, (fp_lead){0}, fp_str_of(fp_change_identity(p, a)));
    fp_page_rule(p);
    state(p, report, result);
    for (unsigned which = 0; which < FP_PHASES; which++)
        phase(p, report, result, (fp_phase)which);
}

static void asides(fp_page *p, const fp_report *report)
{
    bool any = false;
    for (size_t i = 0; i < report->result_count; i++) {
        const fp_result *r = &report->results[i];
        if (fp_change_concerns(report, r))
            continue;
        if (!any)
            fp_page_heading(p, "Advisories that do not concern this server");
        any = true;
        fp_page_put(
            p,
            (fp_lead){.first = "  ", .mark = fp_page_clean(p, r->advisory->id), .mark_width = 16},
            r->reason_text);
    }
}

static void evidence(fp_page *p, const fp_report *report)
{
    const fp_str folder = fp_text_folder(report);
    fp_page_heading(p, folder.size == 0
                           ? "Evidence"
                           : fp_page_format(p, "Evidence, below %s", fp_page_clean(p, folder)));
    for (size_t i = 0; i < report->item_count; i++) {
        const fp_item *one = report->items[i];
        char hash[FP_SHA256_HEX_SIZE] = "not read whole, no digest";
        if (one->hashed)
            fp_hex(one->sha256, FP_SHA256_SIZE, hash);
        fp_page_put(
            p, (fp_lead){.first = fp_page_format(p, "%4u  ", (unsigned)one->id), .next = "      "},
            fp_str_tail(one->path, folder.size));
        fp_page_putf(p, (fp_lead){.first = "      "}, "%s, %s", fp_kind_name(one->kind),
                     fp_text_bytes(p, one->size));
        fp_out_printf(p->out, "      %s\n", hash);
        fp_page_put(p, (fp_lead){.first = "      "},
                    fp_str_of(fp_change_collected(p, report, one)));
        fp_text_problems(p, one);
    }
}

static void signatures(fp_page *p)
{
    fp_page_heading(p, "Signatures");
    for (size_t i = 0; fp_change_roles[i] != NULL; i++)
        fp_out_printf(p->out,
                      "\n  %-16sName ____________________  Date ______________\n"
                      "                  Signature ______________________________\n",
                      fp_change_roles[i]);
}

void fp_text_change(fp_page *p, const fp_report *report)
{
    fp_page_put(p, (fp_lead){.mark = "CHANGE RECORD", .mark_width = 15, .tone = FP_TONE_STRONG},
                report->change);
    fp_text_property(p, "Before", fp_change_report_before(p, report));
    fp_text_subject(p, report);
    for (size_t i = 0; i < report->result_count; i++)
        if (fp_change_concerns(report, &report->results[i]))
            advisory(p, report, &report->results[i]);
    asides(p, report);
    evidence(p, report);
    signatures(p);
    fp_text_foot(p, report);
}
