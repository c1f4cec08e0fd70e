/* SPDX-License-Identifier: MIT */
#include "verify/report/words.h"

const char *fp_text_origin(fp_page *p, const fp_report *report, fp_origin origin)
{
    const fp_item *item = fp_report_item(report, origin.item);
    const char *where = fp_page_clean(p, origin.where);
    if (item == NULL)
        return where;
    return fp_page_format(p, "[%u] %s%s%s", (unsigned)origin.item, fp_page_clean(p, item->name),
                          *where != '\0' ? ", " : "", where);
}

fp_origin fp_text_seen_at(const fp_observation *seen)
{
    static const fp_str separator = FP_STR_INIT(", ");
    const fp_str where = seen->origin.where;
    fp_origin at = seen->origin;
    bool path = false; /* other places are short, and stay as they are */
    for (size_t i = 0; i < where.size && i < seen->value.size; i++) {
        const fp_str rest = fp_str_tail(where, i + 1);
        const fp_str next = fp_str_tail(seen->value, i + 1);
        if (where.data[i] != seen->value.data[i])
            break;
        path = path || where.data[i] == '\\';
        if (path && (next.size == 0 || next.data[0] == ',' || next.data[0] == ':') &&
            (rest.size == 0 || fp_str_starts(rest, separator)))
            at.where = fp_str_tail(rest, rest.size == 0 ? 0 : separator.size);
    }
    return at;
}

const char *fp_text_time(fp_page *p, fp_time t)
{
    char text[FP_TIME_TEXT_SIZE];
    return t == FP_TIME_NONE ? "not known" : fp_page_format(p, "%s", fp_time_format(t, text));
}

const char *fp_text_number(fp_page *p, uint64_t n)
{
    if (n < 1000)
        return fp_page_format(p, "%u", (unsigned)n);
    return fp_page_format(p, "%s,%03u", fp_text_number(p, n / 1000), (unsigned)(n % 1000));
}

const char *fp_text_bytes(fp_page *p, uint64_t bytes)
{
    return fp_page_format(p, "%s byte%s", fp_text_number(p, bytes), fp_plural(bytes));
}

const char *fp_text_of_advisories(fp_page *p, size_t count, size_t all)
{
    return fp_page_format(p, "%zu of %zu %s", count, all, all == 1 ? "advisory" : "advisories");
}

const char *fp_text_verdict(fp_verdict verdict)
{
    static const char *const words[FP_VERDICTS] = {"undetermined", "affected", "fixed",
                                                   "not applicable"};
    return words[verdict];
}

const char *fp_text_verdicts(fp_page *p, fp_verdict_set set)
{
    const char *text = "";
    unsigned left = 0;
    for (unsigned v = FP_AFFECTED; v < FP_VERDICTS; v++)
        left += (set & fp_verdict_bit((fp_verdict)v)) != 0;
    for (unsigned v = FP_AFFECTED; v < FP_VERDICTS; v++) {
        if ((set & fp_verdict_bit((fp_verdict)v)) == 0)
            continue;
        left--;
        text = fp_page_format(p, "%s%s%s", text, fp_text_verdict((fp_verdict)v),
                              left > 1    ? ", "
                              : left == 1 ? " or "
                                          : "");
    }
    return text;
}

static fp_headline fixed_headline(const fp_result *result)
{
    const char *meaning = "The remediation is in place.";
    if (fp_str_eq(result->assurance, FP_ASSURANCE_EFFECTIVE))
        meaning = "The remediation is installed and was seen to work.";
    else if (fp_str_eq(result->assurance, FP_STR("installed")))
        meaning = "The remediation is installed; this evidence does not show that it works.";
    return (fp_headline){"FIXED", meaning, FP_TONE_GOOD};
}

fp_headline fp_text_headline(fp_page *p, const fp_result *result)
{
    switch (result->verdict) {
    case FP_AFFECTED:
        return (fp_headline){"AFFECTED",
                             "Action is needed: the remediation is not in place, or does not work.",
                             FP_TONE_BAD};
    case FP_FIXED:
        return fixed_headline(result);
    case FP_NOT_APPLICABLE:
        return (fp_headline){"NOT APPLICABLE", "The advisory does not concern this server.",
                             FP_TONE_GOOD};
    case FP_UNDETERMINED:
    case FP_VERDICTS:
        break;
    }
    const char *open = fp_text_verdicts(p, result->possible);
    if (fp_report_no_action(result))
        return (fp_headline){"UNDETERMINED", fp_page_format(p, "No action needed: %s.", open),
                             FP_TONE_GOOD};
    return (fp_headline){
        "UNDETERMINED",
        *open == '\0'
            ? "The evidence does not settle it."
            : fp_page_format(p, "The evidence does not settle it; still possible: %s.", open),
        FP_TONE_OPEN};
}

const char *fp_text_product(fp_page *p, const fp_product *product)
{
    if (product->installed == FP_FALSE)
        return "no ConfigMgr or SMS site server";
    if (product->installed == FP_UNKNOWN)
        return "not known";
    const char *title = "site server of an unknown family";
    if (product->release != NULL)
        title = fp_page_clean(p, product->release->title);
    else if (product->family != NULL)
        title =
            fp_page_format(p, "%s, a release not listed", fp_page_clean(p, product->family->title));
    const char *version = fp_page_clean(p, product->version_text);
    return *version == '\0' ? title : fp_page_format(p, "%s, version %s", title, version);
}

static const char *role_words(fp_site_role role)
{
    static const char *const words[] = {"", "primary site", "secondary site"};
    return words[role];
}

const char *fp_text_site(fp_page *p, const fp_product *product)
{
    const char *code = fp_page_clean(p, product->site_code);
    const char *role = role_words(product->role);
    return fp_page_format(p, "%s%s%s", code, *code != '\0' && *role != '\0' ? ", " : "", role);
}

fp_str fp_text_folder(const fp_report *report)
{
    if (report->item_count < 2)
        return (fp_str){NULL, 0};
    fp_str common = report->items[0]->path;
    for (size_t i = 1; i < report->item_count; i++) {
        const fp_str path = report->items[i]->path;
        size_t same = 0;
        while (same < common.size && same < path.size && common.data[same] == path.data[same])
            same++;
        common.size = same;
    }
    while (common.size > 0 && common.data[common.size - 1] != '/')
        common.size--;
    return common.size > 1 ? common : (fp_str){NULL, 0}; /* the root alone tells nothing */
}

const char *fp_text_reference(fp_page *p, const fp_reference *reference)
{
    return fp_page_format(p, "%s: %s", fp_page_clean(p, reference->title),
                          fp_page_clean(p, reference->url));
}

static const char *expected_words(fp_page *p, const fp_settings *s)
{
    const char *text = "";
    for (size_t i = 0; i < s->expected_count; i++)
        text = fp_page_format(
            p, "%s; expected%s%s: SHA-256 %s", text, s->expected[i].name.size > 0 ? " of " : "",
            fp_page_clean(p, s->expected[i].name), fp_page_clean(p, s->expected[i].sha256));
    return text;
}

/* What is as always is not told; all of it is in the JSON report. */
static const char *settings_words(fp_page *p, const fp_settings *s)
{
    if (!s->known)
        return "";
    const char *roots =
        s->root_count == 0 ? ""
                           : fp_page_format(p, "; root certificates believed: %zu%s", s->root_count,
                                            s->trust_any_root ? ", pinned or not" : "");
    return fp_page_format(p, "advisory data of SHA-256 %s%s%s%s%s%s", s->advisories.data,
                          s->accept_weak ? "; weak signatures accepted" : "", roots,
                          s->code_page.size > 0 ? "; code page " : "",
                          fp_page_clean(p, s->code_page), expected_words(p, s));
}

void fp_text_subject_facts(fp_page *p, const fp_report *report, fp_fact facts[FP_SUBJECT_FACTS])
{
    const fp_case *c = report->casefile;
    const bool collected = c->collected_at != FP_TIME_NONE;
    const bool judged = report->view != FP_VIEW_INVENTORY;
    facts[0] = (fp_fact){"Server", c->host.size > 0 ? fp_page_clean(p, c->host) : "not named"};
    facts[1] = (fp_fact){"Site", fp_text_site(p, &c->product)};
    facts[2] = (fp_fact){"Product", fp_text_product(p, &c->product)};
    facts[3] = (fp_fact){"Collected", collected ? fp_text_time(p, c->collected_at) : ""};
    facts[4] = (fp_fact){"Change began",
                         report->since != FP_TIME_NONE ? fp_text_time(p, report->since) : ""};
    facts[5] = (fp_fact){"Judged with", judged ? settings_words(p, &report->settings) : ""};
}

const char *fp_text_declared(fp_page *p, const fp_report *report, const fp_statement *statement)
{
    const fp_item *item = fp_report_item(report, statement->item);
    const char *by = fp_page_clean(p, statement->by);
    const char *date = fp_page_clean(p, statement->date);
    const bool signed_by = *by != '\0' || *date != '\0';
    const char *place = signed_by ? ", on the command line" : "on the command line";
    if (item != NULL)
        place = fp_page_format(p, "%s[%u] %s", signed_by ? ", " : "in ", (unsigned)item->id,
                               fp_page_clean(p, item->name));
    return fp_page_format(p, "declared %s%s%s%s%s", *by != '\0' ? "by " : "", by,
                          *date != '\0' ? " on " : "", date, place);
}

static fp_next nothing_to_do(const fp_result *result)
{
    fp_next next = {.heading = "No action needed",
                    .text = "Keep this report with the change record."};
    if (result->verdict == FP_UNDETERMINED) {
        next.text = "Whatever the missing evidence says, nothing has to be done. To settle the "
                    "verdict all the same:";
        next.missing = true;
    }
    if (fp_str_eq(result->assurance, FP_STR("installed")))
        next.also = "To show that it works too, ask `fixproof confirm` of evidence taken later.";
    return next;
}

fp_next fp_text_next_step(const fp_result *result)
{
    if (fp_report_no_action(result))
        return nothing_to_do(result);
    if (result->verdict == FP_AFFECTED)
        return (fp_next){.heading = "What to do", .remedy = true};
    fp_next next = {.heading = "What to collect", .missing = true};
    if (result->missing_count == 0)
        next.text = "No evidence is known that would settle it: what leaves it open stands below, "
                    "and is for a person to judge.";
    return next;
}

const char *fp_text_phrase(fp_page *p, fp_str sentence)
{
    fp_str phrase = fp_str_trim(sentence);
    if (phrase.size > 0 && phrase.data[phrase.size - 1] == '.')
        phrase.size--;
    return fp_page_clean(p, phrase);
}

fp_str fp_text_question(const fp_test *test)
{
    return test->title.size > 0 ? test->title : test->name;
}

const char *fp_text_settles(fp_page *p, const fp_result *result, const fp_missing *m)
{
    if (m->stated)
        return fp_page_format(p, "the verdict%s%s", result->possible != 0 ? ", " : "",
                              fp_text_verdicts(p, result->possible));
    return fp_page_format(p, "%s (%s)", fp_page_clean(p, fp_text_question(m->test)),
                          fp_unknown_why_name(m->why));
}

const char *fp_text_answer(fp_tri is)
{
    static const char *const words[] = {"unknown", "no", "yes"};
    return words[is];
}

const char *fp_text_truth(fp_tri is)
{
    static const char *const words[] = {"UNKNOWN", "FALSE", "TRUE"};
    return words[is];
}

const char *fp_text_rule_note(const fp_result *result, size_t index)
{
    const fp_rule_outcome *outcome = &result->rules[index];
    if (index == result->deciding)
        return "decides";
    if (!outcome->reached)
        return "not reached";
    if (outcome->when != FP_UNKNOWN)
        return "";
    /* A rule for undetermined adds nothing unless it is TRUE. */
    return outcome->rule->verdict == FP_UNDETERMINED ? "does not decide" : "stays possible";
}

bool fp_text_counts_caveat(const fp_rule_outcome *outcome)
{
    return outcome->when == FP_FALSE && outcome->because.result == FP_UNKNOWN;
}

const char *fp_text_outcome(fp_episode_outcome outcome)
{
    static const char *const words[] = {"no end seen", "completed", "failed"};
    return words[outcome];
}
