/* SPDX-License-Identifier: MIT */
#include "verify/report/change.h"

#include "verify/decide/checklist.h"

const char *const fp_change_roles[] = {"Planned by", "Carried out by", "Checked by", "Approved by",
                                       NULL};

const char *fp_change_mark(fp_tick tick)
{
    static const char *const marks[FP_TICKS] = {[FP_TICK_OPEN] = "[ ]",
                                                [FP_TICK_TICKED] = "[x]",
                                                [FP_TICK_DECLARED] = "[d]",
                                                [FP_TICK_FAILED] = "[!]",
                                                [FP_TICK_ASIDE] = "[-]"};
    return marks[tick];
}

const char *fp_change_word(fp_tick tick)
{
    static const char *const words[FP_TICKS] = {[FP_TICK_OPEN] = "open",
                                                [FP_TICK_TICKED] = "ticked",
                                                [FP_TICK_DECLARED] = "declared",
                                                [FP_TICK_FAILED] = "failed",
                                                [FP_TICK_ASIDE] = "set aside"};
    return words[tick];
}

fp_tone fp_change_tone(fp_tick tick)
{
    static const fp_tone tones[FP_TICKS] = {[FP_TICK_OPEN] = FP_TONE_OPEN,
                                            [FP_TICK_TICKED] = FP_TONE_GOOD,
                                            [FP_TICK_DECLARED] = FP_TONE_OPEN,
                                            [FP_TICK_FAILED] = FP_TONE_BAD,
                                            [FP_TICK_ASIDE] = FP_TONE_FAINT};
    return tones[tick];
}

const char *fp_change_note(const fp_checked *checked)
{
    static const char *const open[FP_OPEN_WHYS] = {
        [FP_OPEN_BY_HAND] = "For a person: no evidence can show it.",
        [FP_OPEN_EVIDENCE] = "For a person: the evidence does not settle it.",
        [FP_OPEN_UNCONFIRMED] = "For a person: it rests on a fact that nobody confirmed.",
        [FP_OPEN_NOT_GENUINE] =
            "For a person: it rests on evidence that is not shown to be genuine.",
        [FP_OPEN_STALE] =
            "For a person: the evidence is not shown to be from after the change began.",
        [FP_OPEN_NO_DIGEST] =
            "For a person: it stands in evidence that was not read whole, and has no digest."};
    switch (checked->is) {
    case FP_TICK_OPEN:
        return open[checked->why];
    case FP_TICK_DECLARED:
        return "Declared, not seen: for a person to confirm.";
    case FP_TICK_FAILED:
        return checked->declared ? "Declared not to hold." : "Seen not to hold.";
    case FP_TICK_ASIDE:
        return "Does not concern this server.";
    case FP_TICK_TICKED:
    case FP_TICKS:
        break;
    }
    return "";
}

bool fp_change_is_signed(const fp_checked *checked)
{
    return checked->is == FP_TICK_OPEN || checked->is == FP_TICK_DECLARED;
}

const char *fp_change_phase(fp_phase phase)
{
    static const char *const headings[FP_PHASES] = {[FP_PHASE_BEFORE] = "Before the change",
                                                    [FP_PHASE_ACTION] = "Planned action",
                                                    [FP_PHASE_AFTER] = "After the change",
                                                    [FP_PHASE_BACK_OUT] = "Back-out"};
    return headings[phase];
}

const fp_record_result *fp_change_before(const fp_report *report, const fp_result *result)
{
    return report->before == NULL ? NULL
                                  : fp_record_find_result(report->before, result->advisory->id);
}

bool fp_change_concerns(const fp_report *report, const fp_result *result)
{
    const fp_record_result *before = fp_change_before(report, result);
    const bool concerned = before != NULL && before->verdict != FP_NOT_APPLICABLE;
    return concerned || report->result_count == 1 || result->verdict != FP_NOT_APPLICABLE ||
           result->caveat_count > 0;
}

static const char *state(fp_page *p, fp_verdict verdict, fp_str reason, fp_str assurance)
{
    static const char *const words[FP_VERDICTS] = {[FP_UNDETERMINED] = "UNDETERMINED",
                                                   [FP_AFFECTED] = "AFFECTED",
                                                   [FP_FIXED] = "FIXED",
                                                   [FP_NOT_APPLICABLE] = "NOT APPLICABLE"};
    return fp_page_format(p, "%s (%s%s%s)", words[verdict], fp_page_clean(p, reason),
                          assurance.size > 0 ? "; assurance: " : "", fp_page_clean(p, assurance));
}

const char *fp_change_report_before(fp_page *p, const fp_report *report)
{
    const fp_record *before = report->before;
    char hash[FP_SHA256_HEX_SIZE];
    if (before == NULL)
        return "";
    fp_hex(before->sha256, FP_SHA256_SIZE, hash);
    return fp_page_format(p, "%s, %s, SHA-256 %s", fp_page_clean(p, before->command),
                          fp_text_time(p, before->generated), hash);
}

const char *fp_change_state_before(fp_page *p, const fp_report *report, const fp_result *result)
{
    const fp_record_result *before = fp_change_before(report, result);
    if (report->before == NULL)
        return "not given (--before REPORT puts it here)";
    if (before == NULL)
        return "the report from before the change does not ask this advisory";
    return fp_page_format(p, "%s, by the report of %s",
                          state(p, before->verdict, before->reason, before->assurance),
                          fp_text_time(p, report->before->generated));
}

const char *fp_change_state_now(fp_page *p, const fp_result *result)
{
    return state(p, result->verdict, result->reason, result->assurance);
}

const char *fp_change_summary(fp_page *p, const fp_result *result)
{
    static const fp_tick order[] = {FP_TICK_TICKED, FP_TICK_DECLARED, FP_TICK_FAILED, FP_TICK_OPEN,
                                    FP_TICK_ASIDE};
    const char *text = "";
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        size_t count = 0;
        for (size_t k = 0; k < result->advisory->checklist_count; k++)
            count += result->checklist[k].is == order[i];
        if (count > 0)
            text = fp_page_format(p, "%s%s%zu %s", text, *text != '\0' ? ", " : "", count,
                                  fp_change_word(order[i]));
    }
    return *text != '\0' ? text : "the advisory has no checklist";
}

bool fp_change_has(const fp_result *result, fp_phase phase)
{
    for (size_t i = 0; i < result->advisory->checklist_count; i++)
        if (result->checklist[i].item->phase == phase)
            return true;
    return false;
}

static const char *list(fp_page *p, const char *before, const fp_str *names, size_t count)
{
    const char *text = "";
    for (size_t i = 0; i < count; i++)
        text = fp_page_format(p, "%s%s%s", text, i > 0 ? ", " : before, fp_page_clean(p, names[i]));
    return text;
}

const char *fp_change_identity(fp_page *p, const fp_advisory *a)
{
    return fp_page_format(p, "Published %s%s%s%s%s%s%s", fp_page_clean(p, a->published),
                          a->revised.size > 0 ? ", revised " : "", fp_page_clean(p, a->revised),
                          list(p, "; fixed by ", a->kbs, a->kb_count),
                          list(p, "; ", a->cves, a->cve_count), a->severity.size > 0 ? "; " : "",
                          fp_page_clean(p, a->severity));
}

const char *fp_change_collected(fp_page *p, const fp_report *report, const fp_item *item)
{
    fp_collected collected;
    if (item->kind == FP_KIND_COLLECTION)
        return "the collector's record";
    if (!fp_case_collected(report->casefile, item, &collected))
        return "collection not recorded";
    const bool dated = collected.modified != FP_TIME_NONE;
    return fp_page_format(p, "collected %s%s%s%s%s", fp_text_time(p, collected.at),
                          collected.source.size > 0 ? " from " : "",
                          fp_page_clean(p, collected.source), dated ? ", last written there " : "",
                          dated ? fp_text_time(p, collected.modified) : "");
}
