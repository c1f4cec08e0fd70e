/* SPDX-License-Identifier: MIT */
#include "verify/report/report.h"

#include "verify/report/export.h"
#include "verify/report/html_parts.h"
#include "verify/report/json_parts.h"
#include "verify/report/markdown.h"
#include "verify/report/text_parts.h"

#include <string.h>

enum {
    ALL_VIEWS = (1U << FP_VIEWS) - 1U,
    CHANGE_VIEW = 1U << FP_VIEW_CHECKLIST,
    DIFF_VIEW = 1U << FP_VIEW_DIFF,
    REPORT_VIEWS = ALL_VIEWS & ~(CHANGE_VIEW | DIFF_VIEW),
    VERDICT_VIEWS = 1U << FP_VIEW_ASSESS | 1U << FP_VIEW_CONFIRM | 1U << FP_VIEW_EXPLAIN
};

static const fp_report_format formats[] = {
    {.name = "text",
     .what = "for people: the verdict first, then why and what to do",
     .views = ALL_VIEWS,
     .write = fp_text_write},
    {.name = "json",
     .what = "for programs: see data/schema/",
     .views = ALL_VIEWS,
     .write = fp_json_report_write},
    {.name = "ndjson",
     .what = "the JSON report in lines, one record each",
     .views = REPORT_VIEWS,
     .write = fp_ndjson_write},
    {.name = "html",
     .what = "one page to read, file and print: no script, no request",
     .views = VERDICT_VIEWS | CHANGE_VIEW,
     .write = fp_html_write},
    {.name = "markdown",
     .what = "for tickets and wikis: a change record as Markdown",
     .views = CHANGE_VIEW,
     .write = fp_markdown_write},
    {.name = "csv",
     .what = "for spreadsheets: a row per advisory",
     .views = VERDICT_VIEWS,
     .write = fp_csv_write},
    {.name = "nagios",
     .what = "for monitoring; on standard output: exit status 0, 2 or 3",
     .views = VERDICT_VIEWS,
     .write = fp_nagios_write,
     .plugin = true},
    {.name = "junit",
     .what = "for CI servers: JUnit XML, a test case per advisory",
     .views = VERDICT_VIEWS,
     .write = fp_junit_write},
    {.name = "sarif", .what = "SARIF 2.1.0", .views = VERDICT_VIEWS, .write = fp_sarif_write},
    {.name = "openvex", .what = "OpenVEX 0.2.0", .views = VERDICT_VIEWS, .write = fp_openvex_write},
    {.name = "csaf",
     .what = "CSAF 2.0, profile VEX",
     .views = VERDICT_VIEWS,
     .write = fp_csaf_write},
    {.name = "cyclonedx",
     .what = "CycloneDX 1.6, VEX",
     .views = VERDICT_VIEWS,
     .write = fp_cyclonedx_write},
};

const fp_report_format *fp_report_format_at(size_t index)
{
    return index < sizeof formats / sizeof *formats ? &formats[index] : NULL;
}

const fp_report_format *fp_report_format_find(const char *name)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}

const char *fp_report_view_name(fp_report_view view)
{
    static const char *const names[FP_VIEWS] = {"assess", "confirm", "explain",   "inventory",
                                                "logs",   "catalog", "checklist", "diff"};
    return names[view];
}

const char *fp_report_role_name(fp_site_role role)
{
    static const char *const names[] = {"", "primary", "secondary"};
    return names[role];
}

const fp_advisory_activity *fp_report_activity_of(const fp_report *report, uint32_t index,
                                                  const fp_advisory **advisory)
{
    size_t left = index;
    for (size_t i = 0; i < report->advisory_count; i++) {
        *advisory = report->advisories[i];
        if (left < (*advisory)->activity_count)
            return &(*advisory)->activities[left];
        left -= (*advisory)->activity_count;
    }
    *advisory = NULL;
    return NULL;
}

const fp_advisory_activity *fp_report_activity(const fp_report *report, uint32_t index)
{
    const fp_advisory *advisory;
    return fp_report_activity_of(report, index, &advisory);
}

bool fp_report_is_told(const fp_item *item)
{
    return item->kind != FP_KIND_UNKNOWN || (item->parent == 0 && item->problem_count > 0);
}

const fp_item *fp_report_item(const fp_report *report, uint32_t id)
{
    return id >= 1 && id <= report->item_count ? report->items[id - 1] : NULL;
}

bool fp_report_no_action(const fp_result *result)
{
    const fp_verdict_set harmless = fp_verdict_bit(FP_FIXED) | fp_verdict_bit(FP_NOT_APPLICABLE);
    const fp_verdict_set open =
        result->verdict == FP_UNDETERMINED ? result->possible : fp_verdict_bit(result->verdict);
    return open != 0 && (open & ~harmless) == 0;
}

static bool rests_on_statement(const fp_result *result)
{
    fp_report_tests tests;
    fp_report_tests_behind(result, &tests);
    for (size_t i = 0; i < tests.count; i++) {
        const fp_test_result *outcome = tests.at[i]->outcome;
        if (outcome != NULL && outcome->declared && outcome->is != FP_UNKNOWN)
            return true;
    }
    return false;
}

bool fp_report_is_aside(const fp_report *report, const fp_result *result)
{
    return report->view != FP_VIEW_EXPLAIN && report->result_count > 1 &&
           result->verdict == FP_NOT_APPLICABLE && result->caveat_count == 0 &&
           !rests_on_statement(result);
}

size_t fp_report_asides(const fp_report *report)
{
    size_t count = 0;
    for (size_t i = 0; i < report->result_count; i++)
        count += fp_report_is_aside(report, &report->results[i]);
    return count;
}

static bool asks_for(const fp_result *result, const fp_missing *need)
{
    for (size_t i = 0; i < result->missing_count; i++)
        if (fp_str_eq(result->missing[i].needs, need->needs) &&
            fp_str_eq(result->missing[i].collect, need->collect))
            return true;
    return false;
}

static size_t count_asking(const fp_report *report, const fp_missing *need)
{
    size_t count = 0;
    for (size_t i = 0; i < report->result_count; i++)
        count += !fp_report_no_action(&report->results[i]) && asks_for(&report->results[i], need);
    return count;
}

const fp_missing *fp_report_shared_need(const fp_report *report, size_t *wanted_by)
{
    const fp_missing *best = NULL;
    *wanted_by = 1;
    for (size_t i = 0; i < report->result_count; i++) {
        const fp_result *r = &report->results[i];
        for (size_t k = 0; r->verdict == FP_UNDETERMINED && k < r->missing_count; k++) {
            /* What contradicts itself is not settled by collecting the same again, what a rule
             * states not by collecting alone. */
            const bool more_settles_it =
                !r->missing[k].stated && r->missing[k].why != FP_WHY_CONFLICTING;
            const size_t count = count_asking(report, &r->missing[k]);
            if (more_settles_it && count > *wanted_by) {
                *wanted_by = count;
                best = &r->missing[k];
            }
        }
    }
    return best;
}

bool fp_report_tests_hold(const fp_report_tests *list, const fp_test *test)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->at[i]->test == test)
            return true;
    return false;
}

static void add_test(fp_report_tests *list, const fp_because *b)
{
    if (!fp_report_tests_hold(list, b->test) && list->count < FP_ADVISORY_TESTS_MAX)
        list->at[list->count++] = b;
}

/* Depth is bounded by FP_CRITERIA_DEPTH_MAX. */
static void collect_tests(fp_report_tests *list, const fp_because *b)
{
    if (b->kind == FP_CRITERIA_TEST && b->test != NULL)
        add_test(list, b);
    for (size_t i = 0; i < b->child_count; i++)
        collect_tests(list, &b->children[i]);
}

/* Does a group come out as it does whatever this group within it says? Advisories have a group for
 * each branch, of which a server is on one. */
static bool is_moot(const fp_because *group, const fp_because *child)
{
    if (child->kind == FP_CRITERIA_TEST || child->result == group->result)
        return false;
    return group->kind == FP_CRITERIA_ANY ||
           (group->kind == FP_CRITERIA_ALL && group->result == FP_FALSE);
}

static void collect_reasons(fp_report_tests *list, const fp_because *b)
{
    if (b->kind == FP_CRITERIA_TEST && b->test != NULL)
        add_test(list, b);
    for (size_t i = 0; i < b->child_count; i++)
        if (!is_moot(b, &b->children[i]))
            collect_reasons(list, &b->children[i]);
}

void fp_report_tests_behind(const fp_result *result, fp_report_tests *out)
{
    out->count = 0;
    collect_reasons(out, &result->because);
    if (out->count > 0)
        return;
    for (size_t i = 0; i < result->rule_count && i < result->deciding; i++)
        collect_reasons(out, &result->rules[i].because);
}

static void collect_deciding(fp_report_tests *list, const fp_because *b)
{
    if (b->kind == FP_CRITERIA_TEST && b->test != NULL)
        add_test(list, b);
    for (size_t i = 0; i < b->child_count; i++)
        if (b->kind == FP_CRITERIA_NOT || b->children[i].result == b->result)
            collect_deciding(list, &b->children[i]);
}

void fp_report_tests_deciding(const fp_because *because, fp_report_tests *out)
{
    out->count = 0;
    collect_deciding(out, because);
}

void fp_report_tests_all(const fp_result *result, fp_report_tests *out)
{
    out->count = 0;
    for (size_t i = 0; i < result->rule_count; i++)
        collect_tests(out, &result->rules[i].because);
}

size_t fp_report_count(const fp_report *report, fp_verdict verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < report->result_count; i++)
        count += report->results[i].verdict == verdict;
    return count;
}
