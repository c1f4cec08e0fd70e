/* SPDX-License-Identifier: MIT */
#include "tests/support/one_test.h"

#include "tests/support/archive_builder.h"
#include "tests/support/check.h"

#include <unistd.h>

enum { BUDGET = 16 << 20 };

#define BEFORE                                                                                     \
    "{\"schema\": \"fixproof/advisory/v1\", \"id\": \"A\", \"title\": \"t\",\n"                    \
    "\"title_source\": \"s\", \"title_certainty\": \"confirmed\", \"summary\": \"s\",\n"           \
    "\"published\": \"2012-09-11\", \"kbs\": [], \"references\": [], \"remediation\": \"r\", "     \
    "\"catalog\": {\"revisions\": [7, 8], \"source\": \"s\", \"certainty\": \"inferred\"},\n"      \
    "\"tests\": {\"t\": {"
#define BEHIND                                                                                     \
    ", \"title\": \"t\", \"source\": \"s\", \"certainty\": \"confirmed\",\n"                       \
    "\"needs\": \"n\", \"collect\": \"c\"}},\n"                                                    \
    "\"decide\": [\n"                                                                              \
    "{\"when\": \"t\", \"verdict\": \"affected\", \"reason\": \"r\", \"text\": \"t\"},\n"          \
    "{\"when\": {\"all\": []}, \"verdict\": \"not_applicable\", \"reason\": \"n\", "               \
    "\"text\": \"t\"}]}"

const fp_advisory *one_test_advisory(fp_arena *arena, const char *members, fp_diag *d)
{
    const fp_advisory *advisory = NULL;
    const char *text = fp_arena_printf(arena, BEFORE "%s" BEHIND, members);
    if (text == NULL)
        abort();
    const fp_status status =
        fp_advisory_read(fp_span_of(text, strlen(text)), arena, NULL, NULL, &advisory, d);
    if (status != FP_OK && status != FP_FORMAT)
        abort();
    return advisory;
}

fp_case *one_test_described(const fp_advisory *advisory, const char *evidence, fp_arena *arena)
{
    fp_case_options *options = fp_arena_alloc(arena, sizeof *options);
    const fp_advisory **advisories = fp_arena_copy(arena, &advisory, sizeof advisory);
    const char *text = fp_arena_printf(arena, "about a\n%sexpect affected r\n", evidence);
    const fp_trial *trial = NULL;
    fp_case *c = NULL;
    fp_diag d = {0};
    if (options == NULL || advisories == NULL || text == NULL)
        abort();
    *options = (fp_case_options){.advisories = advisories, .advisory_count = 1};
    if (fp_trial_read(fp_span_of(text, strlen(text)), arena, NULL, NULL, &trial, &d) != FP_OK ||
        fp_trial_open(trial, options, &c, &d) != FP_OK)
        abort();
    return c;
}

fp_tri one_test_ask(const fp_advisory *advisory, fp_case *c, fp_arena *arena, fp_test_result *out)
{
    const fp_test_context context = {.casefile = c,
                                     .advisory = advisory,
                                     .since = FP_TIME_NONE,
                                     .arena = arena,
                                     .findings = &c->findings};
    *out = (fp_test_result){0};
    if (advisory->tests[0].kind->evaluate(&context, advisory->tests[0].arguments, out) != FP_OK)
        abort();
    return out->is;
}

bool one_test_saw(const fp_test_result *result, const char *text)
{
    for (size_t i = 0; i < result->observations.count; i++)
        if (fp_str_find(result->observations.at[i].value, fp_str_of(text)) >= 0)
            return true;
    return false;
}

void one_test_check_seen(const fp_test_result *result, const char *text)
{
    if (text != NULL && !one_test_saw(result, text))
        fail_msg("nobody saw \"%s\", but \"%.*s\"", text,
                 FP_STR_ARG(result->observations.count > 0 ? result->observations.at[0].value
                                                           : FP_STR("")));
}

void one_test_check_forms(const one_test_form *forms, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fp_arena *arena = fp_arena_new(BUDGET);
        fp_diag d = {0};
        const bool good = one_test_advisory(arena, forms[i].members, &d) != NULL;
        if (good != forms[i].good)
            fail_msg("%s: %s", forms[i].members, d.message);
        fp_arena_free(arena);
    }
}

void one_test_check_question(void **state)
{
    const one_test_question *q = *state;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_diag d = {0};
    fp_test_result r;
    const fp_advisory *advisory = one_test_advisory(arena, q->members, &d);
    assert_non_null(advisory);
    fp_case *c = one_test_described(advisory, q->evidence, arena);
    const fp_tri is = one_test_ask(advisory, c, arena, &r);
    fp_case_free(c);
    if (is != q->is || (is == FP_UNKNOWN && r.why != q->why))
        fail_msg("%s, %s", fp_tri_name(is), fp_unknown_why_name(r.why));
    one_test_check_seen(&r, q->seen);
    assert_int_equal(r.reserved.size > 0, strstr(q->evidence, "untrusted") != NULL);
    fp_arena_free(arena);
}

fp_case *one_test_catalog(fp_span cabinet, const fp_case_options *options)
{
    const fp_case_input input = {.fd = descriptor_of(cabinet), .name = "wsusscn2.cab"};
    fp_case *c = NULL;
    fp_diag d = {0};
    if (fp_case_open(&input, 1, options, &c, &d) != FP_OK)
        fail_msg("%s", d.message);
    (void)close(input.fd);
    assert_int_equal(c->catalog_count, 1);
    c->catalogs[0].authenticity = NULL;
    return c;
}
