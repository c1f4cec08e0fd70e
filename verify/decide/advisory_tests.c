/* SPDX-License-Identifier: MIT */
/* The named tests of an advisory: what all kinds have in common, then the kind's own arguments. */
#include "verify/decide/advisory_parts.h"
#include "verify/decide/test.h"

typedef struct test_form {
    fp_str kind, title, source, needs, collect;
    unsigned certainty;
} test_form;
static const fp_field test_fields[] = {
    {"kind", FP_FIELD_TEXT, true, offsetof(test_form, kind), NULL},
    {"title", FP_FIELD_TEXT, true, offsetof(test_form, title), NULL},
    {"source", FP_FIELD_TEXT, true, offsetof(test_form, source), NULL},
    {"certainty", FP_FIELD_WORD, true, offsetof(test_form, certainty), fp_certainty_words},
    {"needs", FP_FIELD_TEXT, true, offsetof(test_form, needs), NULL},
    {"collect", FP_FIELD_TEXT, true, offsetof(test_form, collect), NULL},
};

enum { KINDS_NAMED_MAX = 32 };

static const fp_test_kind *find_kind(fp_form *form, const fp_place *at, fp_str name)
{
    const fp_test_kind *kind = fp_test_kind_find(name);
    if (kind != NULL || name.size == 0)
        return kind;

    fp_str names[KINDS_NAMED_MAX];
    size_t count = 0;
    while (count < KINDS_NAMED_MAX && fp_test_kind_at(count) != NULL) {
        names[count] = fp_str_of(fp_test_kind_at(count)->name);
        count++;
    }
    const fp_str nearest = fp_form_nearest(name, names, count);
    const fp_place here = fp_place_key(at, FP_STR("kind"));
    fp_form_tell(form, FP_LINT_UNKNOWN_NAME, &here, "no kind of test is named \"%.*s\"%s%.*s",
                 FP_STR_ARG(name), nearest.size > 0 ? ": the nearest is " : "",
                 FP_STR_ARG(nearest));
    return NULL;
}

static void read_test(fp_form *form, const fp_place *at, fp_str name, const fp_json *json,
                      const fp_advisory *advisory, fp_test *out)
{
    test_form t = {0};
    if (fp_str_dup(form->arena, name, &out->name) != FP_OK)
        form->no_memory = true;
    if (!fp_form_identifier(form, at, name) || !fp_form_is_object(form, at, json))
        return;
    fp_form_fill(form, at, json, FP_FIELDS(test_fields), &t);
    out->title = t.title;
    out->source = t.source;
    out->needs = t.needs;
    out->collect = t.collect;
    out->certainty = t.certainty == 0 ? FP_STR("") : fp_str_of(fp_certainty_words[t.certainty - 1]);

    out->kind = find_kind(form, at, t.kind);
    if (out->kind == NULL)
        return;
    fp_form_close(form, at, json, FP_FIELDS(test_fields), out->kind->fields);
    if (out->kind->parse(form, at, json, advisory, &out->arguments) != FP_OK)
        form->no_memory = true;
}

void fp_advisory_read_tests(fp_form *form, const fp_place *at, const fp_json *json,
                            fp_advisory *advisory)
{
    const size_t count = fp_json_size(json);
    if (count > FP_ADVISORY_TESTS_MAX) {
        fp_form_error(form, at, "more than %d tests", FP_ADVISORY_TESTS_MAX);
        return;
    }
    advisory->tests = fp_arena_alloc_array(form->arena, count + 1, sizeof *advisory->tests);
    if (advisory->tests == NULL) {
        form->no_memory = true;
        return;
    }
    fp_str name;
    void *cursor = NULL;
    const fp_json *test;
    while (count > 0 && (test = fp_json_next(json, &cursor, &name)) != NULL) {
        const fp_place here = fp_place_key(at, name);
        read_test(form, &here, name, test, advisory, &advisory->tests[advisory->test_count++]);
    }
}
