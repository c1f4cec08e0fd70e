/* SPDX-License-Identifier: MIT */
/*
 * Every file tests/cases/<row>/<case>.json as a test of its own: evidence in, verdict out, all in
 * this process. What a case may say is in tests/cases/README.md.
 *
 *   test_cases [FILTER]       only the cases whose path holds FILTER
 *
 * FIXPROOF_REPORTS=FOLDER: the reports on every case are written there, in all formats.
 * FIXPROOF_OVAL=FOLDER: its evidence as OVAL, and the answers to compare with.
 */
#include "tests/support/case_input.h"
#include "tests/support/case_report.h"
#include "tests/support/case_world.h"
#include "tests/support/check.h"
#include "tests/support/oval_case.h"
#include "verify/decide/assess.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CASES FIXPROOF_SOURCE_DIR "/tests/cases"

enum { CASES_MAX = 1024, DECLARED_MAX = 8 };

/* ---- one case ---- */

typedef struct asked { /* how to ask, from the case file; forgotten by forget_question */
    fp_statement declared[DECLARED_MAX];
    fp_trust *trust;
    fp_case_options options;
    fp_assess_options how;
} asked;

/* A certificate in the cases' folder that is believed for this case, pinned or not. */
static void believe(asked *q, fp_str file)
{
    char path[1024];
    size_t size = 0;
    fp_trust_added added = {0};
    snprintf(path, sizeof path, "%s/%.*s", CASES, FP_STR_ARG(file));
    char *pem = slurp_file(path, &size);
    q->trust = fp_trust_new();
    if (pem == NULL || q->trust == NULL ||
        fp_trust_add_pem(q->trust, fp_span_of(pem, size), true, &added, NULL) != FP_OK)
        fail_msg("\"root\" is no certificate: %s", path);
    free(pem);
    q->options.trust = q->trust;
}

static void forget_question(asked *q)
{
    fp_trust_free(q->trust);
}

static void read_question(const fp_json *json, asked *q)
{
    *q = (asked){.how.since = FP_TIME_NONE};
    const fp_json *declare = fp_json_get(json, "declare");
    assert_in_range(fp_json_size(declare), 0, DECLARED_MAX);
    void *cursor = NULL;
    fp_str key;
    const fp_json *value;
    for (size_t i = 0; (value = fp_json_next(declare, &cursor, &key)) != NULL; i++)
        q->declared[i] = (fp_statement){.key = key, .value = fp_json_string(value)};
    q->options = (fp_case_options){.advisories = &world.advisory,
                                   .advisory_count = 1,
                                   .releases = world.releases,
                                   .declared = q->declared,
                                   .declared_count = fp_json_size(declare)};
    if (fp_json_get(json, "root") != NULL)
        believe(q, fp_json_string(fp_json_get(json, "root")));
    const fp_json *now = fp_json_get(json, "now");
    if (now != NULL && !fp_time_parse(fp_json_string(now), &q->options.now))
        fail_msg("\"now\" is not a time");
    q->how.strict = fp_str_eq(fp_json_string(fp_json_get(json, "mode")), fp_str_of("confirm"));
    const fp_json *since = fp_json_get(json, "since");
    if (since != NULL && !fp_time_parse(fp_json_string(since), &q->how.since))
        fail_msg("\"since\" is not a time");
}

static void print_case(const fp_case *c, const fp_result *result)
{
    for (uint32_t id = 1; id <= fp_evidence_count(c->evidence); id++) {
        const fp_item *item = fp_evidence_item(c->evidence, id);
        print_message("    %u %.*s: %s, %llu bytes\n", id, FP_STR_ARG(item->path),
                      fp_kind_name(item->kind), (unsigned long long)item->size);
        for (size_t i = 0; i < item->problem_count && i < FP_ITEM_PROBLEMS_MAX; i++)
            print_message("      ! %s\n", item->problems[i]);
    }
    for (size_t i = 0; result != NULL && i < result->rule_count; i++)
        print_message("    rule %.*s: %s%s\n", FP_STR_ARG(result->rules[i].rule->reason),
                      fp_tri_name(result->rules[i].when),
                      result->rules[i].reached ? "" : " (not reached)");
}

static fp_verdict_set verdicts_of(const fp_json *names)
{
    fp_verdict_set set = 0;
    for (size_t i = 0; i < fp_json_size(names); i++) {
        fp_verdict v;
        if (!fp_verdict_from_name(fp_json_string(fp_json_at(names, i)), &v))
            fail_msg("\"possible\" names an unknown verdict");
        set |= fp_verdict_bit(v);
    }
    return set;
}

static bool is_missing(const fp_result *result, fp_str name)
{
    for (size_t i = 0; i < result->missing_count; i++)
        if (fp_str_eq(result->missing[i].test->name, name))
            return true;
    return false;
}

static unsigned compare_missing(const fp_json *expected, const fp_result *result)
{
    unsigned wrong = 0;
    for (size_t i = 0; i < fp_json_size(expected); i++) {
        const fp_str name = fp_json_string(fp_json_at(expected, i));
        if (!is_missing(result, name)) {
            print_error("  missing: \"%.*s\" is not asked for\n", FP_STR_ARG(name));
            wrong++;
        }
    }
    const fp_str first = fp_json_string(fp_json_at(expected, 0));
    if (result->missing_count > 0 && !fp_str_eq(first, result->missing[0].test->name)) {
        print_error("  missing: \"%.*s\" is not the first\n", FP_STR_ARG(first));
        wrong++;
    }
    if (fp_json_size(expected) != result->missing_count) {
        print_error("  missing:");
        for (size_t i = 0; i < result->missing_count; i++)
            print_error(" %.*s", FP_STR_ARG(result->missing[i].test->name));
        print_error(": %zu instead of %zu\n", result->missing_count, fp_json_size(expected));
        wrong++;
    }
    return wrong;
}

static unsigned compare_text(const char *what, const fp_json *expected, fp_str actual)
{
    if (expected == NULL || fp_str_eq(fp_json_string(expected), actual))
        return 0;
    print_error("  %s: \"%.*s\", expected \"%.*s\"\n", what, FP_STR_ARG(actual),
                FP_STR_ARG(fp_json_string(expected)));
    return 1;
}

/* A definite verdict stands alone and misses nothing; an open one says what is open. */
static unsigned check_shape(const fp_result *result)
{
    const bool definite = result->verdict != FP_UNDETERMINED;
    const bool alone = result->possible == fp_verdict_bit(result->verdict);
    if (definite ? alone && result->missing_count == 0 : result->possible != 0)
        return 0;
    print_error("  the result contradicts itself: %s, possible %x, %zu missing\n",
                fp_verdict_name(result->verdict), result->possible, result->missing_count);
    return 1;
}

static unsigned compare(const fp_json *expect, const fp_result *result)
{
    unsigned wrong = check_shape(result);
    wrong += compare_text("verdict", fp_json_get(expect, "verdict"),
                          fp_str_of(fp_verdict_name(result->verdict)));
    wrong += compare_text("reason", fp_json_get(expect, "reason"), result->reason);
    wrong += compare_text("assurance", fp_json_get(expect, "assurance"), result->assurance);
    const fp_json *possible = fp_json_get(expect, "possible");
    if (possible != NULL && verdicts_of(possible) != result->possible) {
        print_error("  possible:");
        for (fp_verdict v = FP_AFFECTED; v < FP_VERDICTS; v++)
            if ((result->possible & fp_verdict_bit(v)) != 0)
                print_error(" %s", fp_verdict_name(v));
        print_error("\n");
        wrong++;
    }
    const fp_json *caveats = fp_json_get(expect, "caveats");
    uint64_t count = 0;
    if (caveats != NULL && fp_json_u64(caveats, &count) && count != result->caveat_count) {
        print_error("  caveats: %zu, expected %llu\n", result->caveat_count,
                    (unsigned long long)count);
        wrong++;
    }
    return wrong + compare_missing(fp_json_get(expect, "missing"), result);
}

/* "error": the evidence can carry no verdict. */
static unsigned expect_error(fp_str error, fp_status opened, const fp_case *c)
{
    if (fp_str_eq(error, fp_str_of("host_conflict")))
        return opened == FP_OK && c->host_conflict ? 0 : 1;
    if (fp_str_eq(error, fp_str_of("unusable")))
        return opened != FP_OK || !fp_case_usable(c) ? 0 : 1;
    fail_msg("\"error\" knows host_conflict and unusable");
    return 1;
}

static bool report_case(const char *path, const fp_case *c, const asked *q, const fp_result *result)
{
    const char *folder = getenv("FIXPROOF_REPORTS");
    return folder == NULL ||
           case_report_write(folder, path + sizeof CASES, c, result, q->how.since);
}

static bool export_case(const char *path, fp_case *c, const asked *q)
{
    const char *folder = getenv("FIXPROOF_OVAL");
    return folder == NULL || oval_case_write(folder, path + sizeof CASES, c, &q->options);
}

static unsigned decide_case(const fp_json *json, const char *path, const case_inputs *inputs)
{
    asked q;
    read_question(json, &q);
    const fp_json *expect = fp_json_get(json, "expect");
    const fp_json *error = fp_json_get(expect, "error");

    fp_case *c = NULL;
    fp_diag d = {0};
    const fp_status opened = fp_case_open(inputs->at, inputs->count, &q.options, &c, &d);
    fp_result result = {0};
    unsigned wrong = 0;
    if (error != NULL) {
        wrong = expect_error(fp_json_string(error), opened, c);
    } else if (opened != FP_OK) {
        print_error("  the evidence could not be opened: %s\n", d.message);
        wrong = 1;
    } else if (c->host_conflict || !fp_case_usable(c)) {
        print_error("  the evidence carries no verdict\n");
        wrong = 1;
    } else if (fp_assess(c, &q.options, 0, &q.how, &result) != FP_OK) {
        print_error("  not assessed\n");
        wrong = 1;
    } else {
        wrong = compare(expect, &result) + !report_case(path, c, &q, &result) +
                !export_case(path, c, &q);
    }
    if (wrong != 0 && opened == FP_OK)
        print_case(c, &result);
    fp_case_free(c);
    forget_question(&q);
    return wrong;
}

/* ---- less evidence never gives another verdict ---- */

enum { NOTHING_LEFT_OUT = CASE_INPUTS_MAX };

/* The verdicts open when the input `without` is left out and no caveat is accepted; 0 = there is
 * none. */
static fp_verdict_set open_verdicts(const fp_json *json, size_t without)
{
    const fp_case_options options = {
        .advisories = &world.advisory, .advisory_count = 1, .releases = world.releases};
    const fp_assess_options strict = {.strict = true, .since = FP_TIME_NONE};
    case_inputs inputs = {0};
    fp_case *c = NULL;
    fp_diag d = {0};
    fp_result result = {0};
    if (case_inputs_open(fp_json_get(json, "evidence"), CASES, &inputs) == CASE_READY) {
        fp_case_input left[CASE_INPUTS_MAX];
        size_t count = 0;
        for (size_t i = 0; i < inputs.count; i++)
            if (i != without)
                left[count++] = inputs.at[i];
        if (fp_case_open(left, count, &options, &c, &d) == FP_OK &&
            fp_assess(c, &options, 0, &strict, &result) != FP_OK)
            result.possible = 0;
    }
    fp_case_free(c);
    case_inputs_close(&inputs);
    return result.possible;
}

/*
 * Promise 3: whatever the missing evidence turns out to say, a verdict that was given still stands.
 * What was declared is not evidence, so such cases are left alone.
 */
static unsigned leave_each_out(const fp_json *json)
{
    const size_t count = fp_json_size(fp_json_get(json, "evidence"));
    if (count < 2 || fp_json_get(json, "declare") != NULL ||
        fp_json_get(fp_json_get(json, "expect"), "error") != NULL)
        return 0;
    unsigned wrong = 0;
    const fp_verdict_set all = open_verdicts(json, NOTHING_LEFT_OUT);
    for (size_t i = 0; i < count; i++) {
        const fp_verdict_set part = open_verdicts(json, i);
        const bool definite = part != 0 && (part & (part - 1)) == 0;
        if (!definite || (part & all) != 0)
            continue;
        print_error("  without item %zu the verdict is another: %x, with it %x\n", i, part, all);
        wrong++;
    }
    return wrong;
}

static fp_json *read_case(const char *path)
{
    size_t size = 0;
    char *text = slurp_file(path, &size);
    fp_json *json = NULL;
    fp_diag d = {0};
    if (text != NULL && fp_json_parse(fp_span_of(text, size), &json, &d) != FP_OK)
        print_error("%s:%llu: %s\n", path, (unsigned long long)d.where, d.message);
    free(text);
    return json;
}

static void run_case(void **state)
{
    const char *path = *state;
    fp_json *json = read_case(path);
    assert_non_null(json);

    case_inputs inputs = {0};
    const case_fate fate = case_inputs_open(fp_json_get(json, "evidence"), CASES, &inputs);
    unsigned wrong = fate == CASE_BROKEN ? 1 : 0;
    if (fate == CASE_READY)
        wrong = decide_case(json, path, &inputs) + leave_each_out(json);
    case_inputs_close(&inputs);
    fp_json_free(json);
    if (fate == CASE_SKIPPED) {
        print_message("skipped: set FIXPROOF_CORPUS to run the corpus tests\n");
        skip();
    }
    if (wrong != 0)
        fail_msg("%u of what %s expects did not come", wrong, path);
}

/* ---- the list of cases ---- */

static struct CMUnitTest tests[CASES_MAX];
static size_t test_count;

static void add_case(const char *path)
{
    char *copy = strdup(path);
    const char *name = copy == NULL ? NULL : strstr(copy, "/tests/cases/");
    if (name == NULL || test_count == CASES_MAX) {
        fprintf(stderr, "too many cases, or no memory\n");
        exit(1);
    }
    tests[test_count++] = (struct CMUnitTest){
        .name = name + strlen("/tests/cases/"), .test_func = run_case, .initial_state = copy};
}

static void find_cases(const char *folder, const char *filter, unsigned depth)
{
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char path[1024];
        struct stat st;
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && stat(path, &st) == 0) {
            if (S_ISDIR(st.st_mode) && depth == 0 && strcmp(entries[i]->d_name, "evidence") != 0)
                find_cases(path, filter, depth + 1);
            else if (depth == 1 && case_ends_with(path, ".json") && strstr(path, filter) != NULL)
                add_case(path);
        }
        free(entries[i]);
    }
    free(entries);
}

int main(int argc, char **argv)
{
    find_cases(CASES, argc > 1 ? argv[1] : "", 0);
    if (test_count == 0) {
        fprintf(stderr, "no cases below %s\n", CASES);
        return 1;
    }
    const int failed =
        _cmocka_run_group_tests("cases", tests, test_count, case_world_setup, case_world_teardown);
    for (size_t i = 0; i < test_count; i++)
        free(tests[i].initial_state);
    return failed != 0;
}
