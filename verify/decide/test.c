/* SPDX-License-Identifier: MIT */
#include "verify/decide/test.h"

#include <stdarg.h>
#include <stdio.h>

static const fp_test_kind *const kinds[] = {
    &fp_test_site_server, &fp_test_hotfix,   &fp_test_episode,
    &fp_test_in_use,      &fp_test_catalog,  &fp_test_registry,
    &fp_test_file,        &fp_test_declared, &fp_test_site_update,
};

const fp_test_kind *fp_test_kind_at(size_t index)
{
    return index < sizeof kinds / sizeof *kinds ? kinds[index] : NULL;
}

const fp_test_kind *fp_test_kind_find(fp_str name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (fp_str_eq(name, fp_str_of(kinds[i]->name)))
            return kinds[i];
    return NULL;
}

void fp_test_observe_all(const fp_test_context *context, const fp_observations *from,
                         fp_test_result *out)
{
    for (size_t i = 0; i < from->count; i++)
        fp_observe(&out->observations, context->arena, from->at[i].origin, "%.*s",
                   FP_STR_ARG(from->at[i].value));
}

void fp_test_finding(const fp_test_context *context, fp_origin origin, const char *format, ...)
{
    enum { FINDING_MAX = 400 };
    char text[FINDING_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);

    /* Several tests may meet the same contradiction. */
    for (size_t i = 0; i < context->findings->count; i++)
        if (fp_str_eq(context->findings->at[i].value, fp_str_of(text)))
            return;
    fp_observe(context->findings, context->arena, origin, "%s", text);
}

static bool counts(const fp_statement *s, fp_str key, bool from_files)
{
    return fp_str_eq(s->key, key) && (s->item != 0) == from_files;
}

const fp_statement *fp_test_statement(const fp_test_context *context, fp_str key,
                                      const fp_statement *after)
{
    const fp_case *c = context->casefile;
    const fp_statement *last = key.size > 0 ? fp_case_statement(c, key) : NULL;
    if (last == NULL)
        return NULL;
    const bool from_files = last->item != 0; /* the last one is of those that outrank */
    const fp_statement *next = NULL;
    size_t count = 0;
    for (size_t i = 0; i < c->statement_count; i++) {
        const fp_statement *s = &c->statements[i];
        if (!counts(s, key, from_files))
            continue;
        count++;
        if (next == NULL && (after == NULL || s > after))
            next = s;
    }
    return count <= FP_TEST_STATEMENTS_MAX ? next : NULL;
}

bool fp_test_activity(fp_form *form, const fp_place *at, const fp_advisory *advisory, fp_str name,
                      size_t *index)
{
    fp_str names[FP_ADVISORY_ACTIVITIES_MAX];
    for (size_t i = 0; i < advisory->activity_count; i++) {
        names[i] = advisory->activities[i].name;
        if (fp_str_eq(names[i], name)) {
            *index = i;
            return true;
        }
    }
    if (name.size == 0)
        return false; /* told already: missing */
    const fp_place here = fp_place_key(at, FP_STR("activity"));
    const fp_str nearest = fp_form_nearest(name, names, advisory->activity_count);
    fp_form_tell(form, FP_LINT_UNDEFINED, &here, "no activity \"%.*s\" is defined%s%.*s",
                 FP_STR_ARG(name), nearest.size > 0 ? ": did you mean " : "", FP_STR_ARG(nearest));
    return false;
}
