/* SPDX-License-Identifier: MIT */
/* `assess` and `confirm` as text: per advisory the verdict, why, what is doubtful, what to do next.
 */
#include "verify/report/text_parts.h"

enum { OBSERVATIONS_SHOWN = 5, ANSWER_WIDTH = 9, TESTS_SHOWN_MAX = FP_ADVISORY_TESTS_MAX };

static const char *answer_words(fp_tri is)
{
    static const char *const words[] = {"unknown", "no", "yes"};
    return words[is];
}

static void test_answer(fp_page *p, const fp_report *report, const fp_because *b)
{
    fp_page_put(p,
                (fp_lead){.first = "  ",
                          .mark = answer_words(b->result),
                          .mark_width = ANSWER_WIDTH,
                          .tone = b->result == FP_UNKNOWN ? FP_TONE_OPEN : FP_TONE_STRONG},
                b->test->title.size > 0 ? b->test->title : b->test->name);
    if (b->outcome == NULL)
        return;
    if (b->result == FP_UNKNOWN)
        fp_page_putf(p, (fp_lead){.first = "           "}, "evidence: %s",
                     fp_unknown_why_name(b->outcome->why));
    fp_text_observations(p, report, "           ", "           ", &b->outcome->observations,
                         OBSERVATIONS_SHOWN);
}

/* The tests of a tree, each once, in the order in which they stand. */
typedef struct test_list {
    const fp_because *at[TESTS_SHOWN_MAX];
    size_t count;
} test_list;

static void add_test(test_list *list, const fp_because *b)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->at[i]->test == b->test)
            return;
    if (list->count < TESTS_SHOWN_MAX)
        list->at[list->count++] = b;
}

/* Depth is bounded by FP_CRITERIA_DEPTH_MAX. */
static void collect_tests(test_list *list, const fp_because *b)
{
    if (b->kind == FP_CRITERIA_TEST && b->test != NULL)
        add_test(list, b);
    for (size_t i = 0; i < b->child_count; i++)
        collect_tests(list, &b->children[i]);
}

/* What the verdict rests on: the deciding rule's tests, or, when that rule is unconditional, those
 * that ruled out every rule before it. */
static void tests_behind(const fp_result *result, test_list *list)
{
    collect_tests(list, &result->because);
    if (list->count > 0)
        return;
    for (size_t i = 0; i < result->rule_count && i < result->deciding; i++)
        collect_tests(list, &result->rules[i].because);
}

static void why(fp_page *p, const fp_report *report, const fp_result *result)
{
    fp_page_heading(p, "Why");
    fp_page_put(p, (fp_lead){.first = "  "}, result->reason_text);
    fp_page_putf(p, (fp_lead){.first = "  "}, "reason: %s%s%s", fp_page_clean(p, result->reason),
                 result->assurance.size > 0 ? "; assurance: " : "",
                 fp_page_clean(p, result->assurance));
    fp_page_blank(p);
    test_list tests = {.count = 0};
    tests_behind(result, &tests);
    for (size_t i = 0; i < tests.count; i++)
        test_answer(p, report, tests.at[i]);
}

static void caveats(fp_page *p, const fp_result *result)
{
    if (result->caveat_count == 0)
        return;
    fp_page_heading(p, "Caveats");
    for (size_t i = 0; i < result->caveat_count; i++)
        fp_page_put(p, (fp_lead){.first = "  - "}, result->caveats[i]);
}

void fp_text_results(fp_page *p, const fp_report *report)
{
    fp_text_summary(p, report);
    for (size_t i = 0; i < report->result_count; i++) {
        if (i > 0)
            fp_page_blank(p);
        fp_text_banner(p, report, &report->results[i]);
        why(p, report, &report->results[i]);
        caveats(p, &report->results[i]);
        fp_text_next(p, &report->results[i]);
    }
    fp_text_subject(p, report);
    fp_text_evidence(p, report);
    fp_text_foot(p, report);
}
