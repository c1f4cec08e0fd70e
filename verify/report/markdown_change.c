/* SPDX-License-Identifier: MIT */
/* The change record as Markdown. */
#include "verify/report/change.h"
#include "verify/report/markdown.h"

static void raw(fp_page *p, const char *literal)
{
    fp_out_text(p->out, literal);
}

static void bullet(fp_page *p, const char *label)
{
    fp_out_printf(p->out, "- **%s:** ", label);
}

static void origin(fp_page *p, const fp_report *report, fp_origin at)
{
    const fp_item *item = fp_report_item(report, at.item);
    if (item == NULL && at.where.size == 0)
        return;
    raw(p, " in ");
    if (item != NULL) {
        fp_out_printf(p->out, "\\[%u\\] ", (unsigned)item->id);
        fp_markdown_code(p, item->name, false);
    }
    if (item != NULL && at.where.size > 0)
        raw(p, ", ");
    fp_markdown_code(p, at.where, false);
}

static void observations(fp_page *p, const fp_report *report, const char *indent,
                         const fp_observations *list, size_t most)
{
    for (size_t i = 0; i < list->count && i < most; i++) {
        fp_out_printf(p->out, "%s- ", indent);
        fp_markdown_code(p, list->at[i].value, false);
        origin(p, report, list->at[i].origin);
        raw(p, "\n");
    }
    if (list->count > most || list->lost)
        fp_out_printf(p->out, "%s- and more, which the JSON record holds\n", indent);
}

/* Of an item that is set aside the answer is enough. */
static void fact(fp_page *p, const fp_report *report, const fp_because *b, bool whole)
{
    raw(p, "  - ");
    fp_markdown_text(p, fp_text_question(b->test));
    fp_out_printf(p->out, " **%s**", fp_text_answer(b->result));
    if (b->result == FP_UNKNOWN)
        fp_out_printf(p->out, " (%s)", fp_unknown_why_name(b->outcome->why));
    raw(p, "\n");
    if (!whole)
        return;
    observations(p, report, "    ", &b->outcome->observations, FP_CHANGE_FACTS_MAX);
    if (b->result != FP_UNKNOWN || b->test->needs.size == 0)
        return;
    raw(p, "    - Needs: ");
    fp_markdown_text(p, b->test->needs);
    raw(p, "\n");
}

/* A task list: the box is filled where evidence proves the item, and nowhere else. */
static void item(fp_page *p, const fp_report *report, const fp_checked *checked)
{
    const char *note = fp_change_note(checked);
    fp_out_printf(p->out, "- %s ", checked->is == FP_TICK_TICKED ? "[x]" : "[ ]");
    if (checked->is == FP_TICK_FAILED)
        raw(p, "**FAILED:** ");
    else if (checked->is != FP_TICK_TICKED)
        fp_out_printf(p->out, "*%s:* ", fp_change_word(checked->is));
    fp_markdown_text(p, checked->item->text);
    raw(p, "\n");
    if (*note != '\0')
        fp_out_printf(p->out, "  - *%s*\n", note);
    fp_report_tests facts;
    fp_report_tests_deciding(&checked->because, &facts);
    for (size_t i = 0; i < facts.count; i++)
        fact(p, report, facts.at[i], checked->is != FP_TICK_ASIDE);
    raw(p, "  - Source: ");
    fp_markdown_text(p, checked->item->source);
    raw(p, "\n");
    if (fp_change_is_signed(checked))
        raw(p, "  - Done by:                     Date:\n");
}

static void packages(fp_page *p, const fp_result *result)
{
    size_t shown = 0;
    for (size_t i = 0; i < result->advisory->package_count; i++) {
        const fp_package *package = &result->advisory->packages[i];
        if (result->packages[i] == FP_FALSE)
            continue;
        shown++;
        bullet(p, "Package");
        fp_markdown_code(p, package->name, false);
        raw(p, " (");
        fp_markdown_text(p, package->kb);
        raw(p, "), SHA-256: ");
        if (package->sha256.size > 0)
            fp_markdown_code(p, package->sha256, false);
        else
            raw(p, "no source gives it");
        raw(p, ". Source: ");
        fp_markdown_text(p, package->source);
        raw(p, "\n");
    }
    if (shown == 0)
        raw(p, "- **Package:** no source names it\n- **SHA-256:**\n");
    raw(p, "\n");
}

/* Quoted: it is the advisory that speaks. */
static void prose(fp_page *p, fp_str text)
{
    fp_str rest = fp_str_trim(text);
    fp_str line;
    while (fp_str_split(&rest, '\n', &line)) {
        if (fp_str_trim(line).size == 0)
            continue;
        raw(p, "> ");
        fp_markdown_text(p, fp_str_trim(line));
        raw(p, "\n\n");
    }
}

static void phase(fp_page *p, const fp_report *report, const fp_result *result, fp_phase which)
{
    if (!fp_change_has(result, which) && which != FP_PHASE_ACTION)
        return;
    fp_out_printf(p->out, "\n### %s\n\n", fp_change_phase(which));
    if (which == FP_PHASE_ACTION) {
        prose(p, result->remediation);
        packages(p, result);
    }
    for (size_t i = 0; i < result->advisory->checklist_count; i++)
        if (result->checklist[i].item->phase == which)
            item(p, report, &result->checklist[i]);
}

static void state(fp_page *p, const fp_report *report, const fp_result *result)
{
    bullet(p, "Before");
    fp_markdown_text(p, fp_str_of(fp_change_state_before(p, report, result)));
    raw(p, "\n");
    bullet(p, "Now");
    fp_markdown_textf(p, "%s: %s", fp_change_state_now(p, result),
                      fp_page_clean(p, result->reason_text));
    raw(p, "\n");
    for (size_t i = 0; i < result->caveat_count; i++) {
        bullet(p, "Caveat");
        fp_markdown_text(p, result->caveats[i]);
        raw(p, "\n");
    }
    for (size_t i = 0; i < result->missing_count; i++) {
        bullet(p, "Missing");
        fp_markdown_text(p, result->missing[i].needs);
        raw(p, "\n");
    }
    bullet(p, "Checklist");
    raw(p, fp_change_summary(p, result));
    raw(p, "\n");
}

static void advisory(fp_page *p, const fp_report *report, const fp_result *result)
{
    raw(p, "\n## ");
    fp_markdown_textf(p, "%s: %s", fp_page_clean(p, result->advisory->id),
                      fp_page_clean(p, result->advisory->title));
    raw(p, "\n\n");
    fp_markdown_text(p, fp_str_of(fp_change_identity(p, result->advisory)));
    raw(p, "\n\n");
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
        raw(p, any ? "- " : "\n## Advisories that do not concern this server\n\n- ");
        any = true;
        fp_markdown_textf(p, "%s: %s", fp_page_clean(p, r->advisory->id),
                          fp_page_clean(p, r->reason_text));
        raw(p, "\n");
    }
}

static void subject(fp_page *p, const fp_report *report)
{
    fp_fact facts[FP_SUBJECT_FACTS];
    fp_text_subject_facts(p, report, facts);
    for (size_t i = 0; i < FP_SUBJECT_FACTS; i++) {
        if (*facts[i].value == '\0')
            continue;
        bullet(p, facts[i].label);
        fp_markdown_code(p, fp_str_of(facts[i].value), false);
        raw(p, "\n");
    }
    const char *before = fp_change_report_before(p, report);
    if (*before == '\0')
        return;
    bullet(p, "Report before");
    fp_markdown_code(p, fp_str_of(before), false);
    raw(p, "\n");
}

static void statements(fp_page *p, const fp_report *report)
{
    const fp_case *c = report->casefile;
    if (c->statement_count > 0)
        raw(p, "\n## Declared, not observed\n\n");
    for (size_t i = 0; i < c->statement_count; i++) {
        const fp_statement *s = &c->statements[i];
        raw(p, "- ");
        fp_markdown_code(p, s->key, false);
        raw(p, " = ");
        fp_markdown_code(p, s->value, false);
        raw(p, ": ");
        fp_markdown_code(p, fp_str_of(fp_text_declared(p, report, s)), false);
        if (s->note.size > 0) {
            raw(p, " ");
            fp_markdown_code(p, s->note, false);
        }
        raw(p, "\n");
    }
}

static void findings(fp_page *p, const fp_report *report)
{
    const fp_case *c = report->casefile;
    if (c->findings.count + c->product.problems.count == 0)
        return;
    raw(p, "\n## Findings about the evidence\n\n");
    observations(p, report, "", &c->findings, c->findings.count);
    observations(p, report, "", &c->product.problems, c->product.problems.count);
}

static void evidence_row(fp_page *p, const fp_report *report, const fp_item *one)
{
    char hash[FP_SHA256_HEX_SIZE] = "not read whole, no digest";
    if (one->hashed)
        fp_hex(one->sha256, FP_SHA256_SIZE, hash);
    fp_out_printf(p->out, "| %u | ", (unsigned)one->id);
    fp_markdown_code(p, one->path, true);
    fp_out_printf(p->out, " | %s, %s | `%s` | ", fp_kind_name(one->kind),
                  fp_text_bytes(p, one->size), hash);
    fp_markdown_code(p, fp_str_of(fp_change_collected(p, report, one)), true);
    raw(p, " | ");
    const size_t kept =
        one->problem_count < FP_ITEM_PROBLEMS_MAX ? one->problem_count : FP_ITEM_PROBLEMS_MAX;
    for (size_t i = 0; i < kept; i++) {
        raw(p, i > 0 ? " " : "");
        fp_markdown_code(p, fp_str_of(one->problems[i]), true);
    }
    if (kept < one->problem_count)
        fp_out_printf(p->out, " and %zu more", one->problem_count - kept);
    raw(p, kept > 0 ? " |\n" : "|\n");
}

static void evidence(fp_page *p, const fp_report *report)
{
    raw(p, "\n## Evidence\n\n"
           "| id | path | kind and size | SHA-256 | collection | problems |\n"
           "|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < report->item_count; i++)
        evidence_row(p, report, report->items[i]);
}

static void signatures(fp_page *p)
{
    raw(p, "\n## Signatures\n\n| | Name | Date | Signature |\n|---|---|---|---|\n");
    for (size_t i = 0; fp_change_roles[i] != NULL; i++)
        fp_out_printf(p->out, "| %s | | | |\n", fp_change_roles[i]);
}

static void document(fp_page *p, const fp_report *report)
{
    raw(p, "# Change record ");
    fp_markdown_code(p, report->change, false);
    raw(p, "\n\n");
    subject(p, report);
    for (size_t i = 0; i < report->result_count; i++)
        if (fp_change_concerns(report, &report->results[i]))
            advisory(p, report, &report->results[i]);
    asides(p, report);
    statements(p, report);
    findings(p, report);
    evidence(p, report);
    signatures(p);
    if (!report->confined)
        raw(p, "\n**Warning:** an archive was decoded by a process that could not be confined.\n");
    fp_out_printf(p->out, "\nfixproof %s, %s\n", report->tool_version,
                  fp_text_time(p, report->generated));
}

fp_status fp_markdown_write(const fp_report *report, const fp_report_style *style, fp_out *out)
{
    fp_page page = {.out = out, .style = style, .arena = fp_arena_new(FP_REPORT_MEMORY_MAX)};
    if (page.arena == NULL)
        return FP_NOMEM;
    document(&page, report);
    fp_arena_free(page.arena);
    return page.failed || out->failed ? FP_NOMEM : FP_OK;
}
