/* SPDX-License-Identifier: MIT */
/* `explain` as text: every rule in order with its tree, then each test with all that was
 * seen. */
#include "verify/report/text_parts.h"

typedef struct branches { /* how the lines of the tree are drawn */
    const char *tee, *last, *pipe, *none;
} branches;

static const branches *branches_of(const fp_page *p)
{
    static const branches box = {"├─ ", "└─ ", "│  ", "   "};
    static const branches ascii = {"|- ", "`- ", "|  ", "   "};
    return p->style->utf8 ? &box : &ascii;
}

static fp_tone truth_tone(fp_tri t)
{
    static const fp_tone tones[] = {FP_TONE_OPEN, FP_TONE_FAINT, FP_TONE_STRONG};
    return tones[t];
}

static fp_str criteria_words(const fp_because *b)
{
    switch (b->kind) {
    case FP_CRITERIA_ALL:
        return b->child_count == 0 ? FP_STR("always") : FP_STR("all of");
    case FP_CRITERIA_ANY:
        return FP_STR("any of");
    case FP_CRITERIA_NOT:
        return FP_STR("not");
    case FP_CRITERIA_TEST:
        return b->test != NULL ? b->test->name : FP_STR("test");
    }
    return FP_STR("");
}

static void test_detail(fp_page *p, const fp_report *report, const char *prefix,
                        const fp_because *b)
{
    const fp_test *test = b->test;
    const char *body = fp_page_format(p, "%s  ", prefix);
    const fp_lead lead = {.first = body, .next = body};
    if (test->title.size > 0)
        fp_page_put(p, lead, test->title);
    if (b->outcome != NULL) {
        if (b->result == FP_UNKNOWN)
            fp_page_putf(p, lead, "evidence: %s", fp_unknown_why_name(b->outcome->why));
        fp_text_observations(p, report, fp_page_format(p, "%s- ", body),
                             fp_page_format(p, "%s  ", body), &b->outcome->observations, 0);
    }
    if (test->source.size > 0)
        fp_page_putf(p, lead, "source: %s%s%s%s", fp_page_clean(p, test->source),
                     test->certainty.size > 0 ? " (" : "", fp_page_clean(p, test->certainty),
                     test->certainty.size > 0 ? ")" : "");
}

/* One test with all that was seen, once: rules share tests. */
static void test_section(fp_page *p, const fp_report *report, const fp_because *b)
{
    fp_page_blank(p);
    fp_page_put(p,
                (fp_lead){.first = "  ",
                          .next = "    ",
                          .mark = fp_text_truth(b->result),
                          .mark_width = 9,
                          .tone = truth_tone(b->result)},
                b->test->name);
    test_detail(p, report, "  ", b);
}

/* Where the test stands in a tree, or NULL. */
static const fp_because *find_test(const fp_because *b, const fp_test *test)
{
    if (b->kind == FP_CRITERIA_TEST)
        return b->test == test ? b : NULL;
    const fp_because *found = NULL;
    for (size_t i = 0; i < b->child_count && found == NULL; i++)
        found = find_test(&b->children[i], test);
    return found;
}

static void test_sections(fp_page *p, const fp_report *report, const fp_result *result)
{
    for (size_t t = 0; t < result->advisory->test_count; t++) {
        const fp_because *found = NULL;
        for (size_t i = 0; i < result->rule_count && found == NULL; i++)
            found = find_test(&result->rules[i].because, &result->advisory->tests[t]);
        if (found != NULL)
            test_section(p, report, found);
    }
}

/* `first` stands before the node itself, `prefix` before everything below it. Depth is bounded by
 * FP_CRITERIA_DEPTH_MAX. */
static void tree(fp_page *p, const char *first, const char *prefix, const fp_because *b)
{
    fp_page_put(p,
                (fp_lead){.first = first,
                          .next = prefix,
                          .mark = fp_text_truth(b->result),
                          .mark_width = 9,
                          .tone = truth_tone(b->result)},
                criteria_words(b));
    const branches *draw = branches_of(p);
    for (size_t i = 0; i < b->child_count; i++) {
        const bool last = i + 1 == b->child_count;
        tree(p, fp_page_format(p, "%s%s", prefix, last ? draw->last : draw->tee),
             fp_page_format(p, "%s%s", prefix, last ? draw->none : draw->pipe), &b->children[i]);
    }
}

static const char *rule_mark(fp_page *p, const fp_result *result, size_t index)
{
    const char *note = fp_text_rule_note(result, index);
    return fp_page_format(p, "%s%s%s", fp_text_truth(result->rules[index].when),
                          *note != '\0' ? ": " : "", note);
}

static void caveat_note(fp_page *p, const fp_rule_outcome *outcome)
{
    if (!fp_text_counts_caveat(outcome))
        return;
    fp_page_put(
        p, (fp_lead){.first = "    "},
        FP_STR("Counted as FALSE although not all of it is known: a caveat of the result."));
    if (outcome->rule->caveat.size > 0)
        fp_page_put(p, (fp_lead){.first = "    caveat: "}, outcome->rule->caveat);
}

static void rule(fp_page *p, const fp_result *result, size_t index)
{
    const fp_rule_outcome *outcome = &result->rules[index];
    const fp_rule *r = outcome->rule;
    fp_page_blank(p);
    fp_page_put(
        p, (fp_lead){.mark = fp_page_format(p, "%2zu. ", index + 1), .mark_width = 4},
        fp_str_of(fp_page_format(p, "%s -> %s (%s)", rule_mark(p, result, index),
                                 fp_verdict_name(r->verdict), fp_page_clean(p, r->reason))));
    if (r->text.size > 0)
        fp_page_put(p, (fp_lead){.first = "    "}, r->text);
    caveat_note(p, outcome);
    tree(p, "    ", "    ", &outcome->because);
}

static void explain(fp_page *p, const fp_report *report, const fp_result *result)
{
    fp_text_banner(p, report, result);
    fp_page_heading(p, "Reason");
    fp_page_put(p, (fp_lead){.first = "  "}, result->reason_text);
    fp_page_putf(p, (fp_lead){.first = "  "}, "reason: %s%s%s", fp_page_clean(p, result->reason),
                 result->assurance.size > 0 ? "; assurance: " : "",
                 fp_page_clean(p, result->assurance));
    for (size_t i = 0; i < result->caveat_count; i++)
        fp_page_put(p, (fp_lead){.first = "  caveat: "}, result->caveats[i]);
    fp_page_heading(p, "Rules, in order");
    fp_page_put(
        p, (fp_lead){.first = "  "},
        FP_STR("The first rule that is TRUE decides; an UNKNOWN one before it keeps its verdict "
               "possible."));
    for (size_t i = 0; i < result->rule_count; i++)
        rule(p, result, i);
    fp_page_heading(p, "Tests, with all that was seen");
    test_sections(p, report, result);
    fp_text_next(p, result);
}

void fp_text_explain(fp_page *p, const fp_report *report)
{
    for (size_t i = 0; i < report->result_count; i++) {
        if (i > 0)
            fp_page_blank(p);
        explain(p, report, &report->results[i]);
    }
    fp_text_subject(p, report);
    fp_text_evidence(p, report);
    fp_text_foot(p, report);
}
