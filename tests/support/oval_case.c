/* SPDX-License-Identifier: MIT */
#include "tests/support/oval_case.h"

#include "inventory/base/json.h"
#include "tests/support/case_file.h"
#include "verify/oval/oval.h"

#include <stdlib.h>

enum { BUDGET = 64 * 1024 * 1024 };

static bool write_characteristics(const char *folder, const char *name, const fp_case *c,
                                  const fp_result *result)
{
    const fp_report report = {.tool_version = "0.1.0",
                              .generated = INT64_C(1214035200000), /* 2008-06-21T08:00:00Z */
                              .casefile = c,
                              .results = result,
                              .result_count = 1};
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_out out = {0};
    const bool good = arena != NULL &&
                      fp_oval_characteristics_write(&report, arena, &out) == FP_OK &&
                      case_file_write(folder, name, "oval.xml", (fp_str){out.data, out.size});
    fp_out_free(&out);
    fp_arena_free(arena);
    return good;
}

static fp_json *tests_of(const fp_result *result, bool *good)
{
    fp_report_tests tests;
    fp_report_tests_all(result, &tests);
    fp_json *list = fp_json_new_array();
    for (size_t i = 0; i < result->advisory->test_count; i++) {
        const fp_test *test = &result->advisory->tests[i];
        fp_json *node = fp_json_new_object();
        const char *is = NULL;
        for (size_t k = 0; k < tests.count; k++)
            if (tests.at[k]->test == test)
                is = fp_tri_name(tests.at[k]->outcome->is);
        *good &= fp_json_put(node, "name", fp_json_new_string(test->name));
        *good &= fp_json_put(node, "is",
                             is != NULL ? fp_json_new_string(fp_str_of(is)) : fp_json_new_null());
        *good &= fp_json_add(list, node);
    }
    return list;
}

static fp_json *caveats_of(const fp_result *result, const fp_rule *rule, bool *good)
{
    fp_json *list = fp_json_new_array();
    for (size_t i = 0; i < rule->caveat_on_count; i++)
        *good &=
            fp_json_add(list, fp_json_new_string(result->advisory->tests[rule->caveat_on[i]].name));
    return list;
}

static fp_json *rules_of(const fp_result *result, bool *good)
{
    fp_json *list = fp_json_new_array();
    for (size_t i = 0; i < result->rule_count; i++) {
        const fp_rule_outcome *rule = &result->rules[i];
        fp_json *node = fp_json_new_object();
        const fp_str verdict = fp_str_of(fp_verdict_name(rule->rule->verdict));
        *good &= fp_json_put(node, "verdict", fp_json_new_string(verdict));
        *good &= fp_json_put(node, "when", fp_json_new_string(fp_str_of(fp_tri_name(rule->when))));
        *good &= fp_json_put(node, "caveat_on", caveats_of(result, rule->rule, good));
        *good &= fp_json_add(list, node);
    }
    return list;
}

static fp_json *verdicts_of(fp_verdict_set set, bool *good)
{
    fp_json *list = fp_json_new_array();
    for (unsigned v = FP_AFFECTED; v < FP_VERDICTS; v++)
        if ((set & fp_verdict_bit((fp_verdict)v)) != 0)
            *good &=
                fp_json_add(list, fp_json_new_string(fp_str_of(fp_verdict_name((fp_verdict)v))));
    return list;
}

static bool write_answers(const char *folder, const char *name, const fp_result *result)
{
    bool good = true;
    char *text = NULL;
    size_t size = 0;
    fp_json *root = fp_json_new_object();
    const fp_str verdict = fp_str_of(fp_verdict_name(result->verdict));
    good &= fp_json_put(root, "advisory", fp_json_new_string(result->advisory->id));
    good &= fp_json_put(root, "verdict", fp_json_new_string(verdict));
    good &= fp_json_put(root, "possible", verdicts_of(result->possible, &good));
    good &= fp_json_put(root, "tests", tests_of(result, &good));
    good &= fp_json_put(root, "rules", rules_of(result, &good));
    good = good && fp_json_write(root, &text, &size) == FP_OK &&
           case_file_write(folder, name, "answers.json", (fp_str){text, size});
    fp_json_free(root);
    free(text);
    return good;
}

bool oval_case_write(const char *folder, const char *name, fp_case *c,
                     const fp_case_options *options)
{
    const fp_assess_options how = {.strict = false, .since = FP_TIME_NONE};
    fp_result result;
    return fp_assess(c, options, 0, &how, &result) == FP_OK &&
           write_characteristics(folder, name, c, &result) && write_answers(folder, name, &result);
}
