/* SPDX-License-Identifier: MIT */
/* Activities: what their signatures are, checked by compiling them. */
#include "verify/decide/advisory_parts.h"

#include "detect/hazard.h"

static const char *const role_words[] = {[FP_SIG_BEGIN] = "begin",
                                         [FP_SIG_STEP] = "step",
                                         [FP_SIG_FAILURE] = "failure",
                                         [FP_SIG_END] = "end",
                                         [FP_SIG_RUN_BEGIN] = "run_begin",
                                         [FP_SIG_RUN_END] = "run_end",
                                         [FP_SIG_RUN_FAILURE] = "run_failure",
                                         [FP_SIG_ROLES] = NULL};

typedef struct activity_form {
    fp_str title, component;
    const fp_json *signatures;
} activity_form;
static const fp_field activity_fields[] = {
    {"title", FP_FIELD_TEXT, true, offsetof(activity_form, title), NULL},
    {"component", FP_FIELD_TEXT, false, offsetof(activity_form, component), NULL},
    {"signatures", FP_FIELD_ARRAY, true, offsetof(activity_form, signatures), NULL},
};

typedef struct signature_form {
    unsigned role, certainty;
    fp_str name, pattern, source;
    fp_texts literals;
} signature_form;
static const fp_field signature_fields[] = {
    {"role", FP_FIELD_WORD, true, offsetof(signature_form, role), role_words},
    {"name", FP_FIELD_TEXT, true, offsetof(signature_form, name), NULL},
    {"pattern", FP_FIELD_TEXT, true, offsetof(signature_form, pattern), NULL},
    {"literals", FP_FIELD_TEXTS, true, offsetof(signature_form, literals), NULL},
    {"source", FP_FIELD_TEXT, true, offsetof(signature_form, source), NULL},
    {"certainty", FP_FIELD_WORD, true, offsetof(signature_form, certainty), fp_certainty_words},
};

static void lint_signature(fp_form *form, const fp_place *at, const signature_form *s)
{
    const fp_place pattern = fp_place_key(at, FP_STR("pattern"));
    const char *hazard = fp_pattern_hazard(s->pattern);
    if (hazard != NULL)
        fp_form_tell(form, FP_LINT_PATTERN_HAZARD, &pattern, "%s", hazard);
    if (fp_certainty_is_doubtful(s->certainty))
        fp_form_tell(form, FP_LINT_UNCONFIRMED, at, FP_WARN_UNCONFIRMED);
}

static void read_signature(fp_form *form, const fp_place *at, const fp_json *json, size_t index,
                           fp_signature_def *defs, fp_advisory_activity *activity)
{
    signature_form s = {0};
    if (!fp_form_read(form, at, json, FP_FIELDS(signature_fields), &s))
        return;
    (void)fp_form_identifier(form, at, s.name);
    for (size_t i = 0; i < index; i++)
        if (fp_str_eq(defs[i].name, s.name))
            fp_form_error(form, at, "two signatures are named \"%.*s\"", FP_STR_ARG(s.name));
    if (fp_certainty_is_doubtful(s.certainty) && activity->unconfirmed.size == 0)
        activity->unconfirmed = s.source;
    lint_signature(form, at, &s);
    defs[index] = (fp_signature_def){(fp_signature_role)(s.role - 1), s.name, s.pattern,
                                     s.literals.at, s.literals.count};
}

/* PCRE2 has the last word on patterns, the detector on literals. */
static void compile(fp_form *form, const fp_place *at, fp_str name, const fp_signature_def *defs,
                    size_t count)
{
    fp_diag why = {0};
    fp_activity *compiled = NULL;
    const fp_status status = fp_activity_new(name, defs, count, &compiled, &why);
    fp_activity_free(compiled);
    if (status == FP_NOMEM)
        form->no_memory = true;
    if (status == FP_OK || status == FP_NOMEM)
        return;
    const fp_place bad = fp_place_index(at, (size_t)why.where);
    fp_form_tell(form, FP_LINT_PATTERN, why.where < count ? &bad : at, "%s", why.message);
}

static void read_signatures(fp_form *form, const fp_place *at, const fp_json *json,
                            fp_advisory_activity *activity)
{
    const size_t count = fp_json_size(json);
    if (count == 0 || count > FP_SIGNATURES_MAX) {
        fp_form_error(form, at, "must hold 1 to %d signatures", FP_SIGNATURES_MAX);
        return;
    }
    fp_signature_def *defs = fp_arena_alloc_array(form->arena, count, sizeof *defs);
    if (defs == NULL) {
        form->no_memory = true;
        return;
    }
    const size_t errors = form->errors;
    for (size_t i = 0; i < count; i++) {
        const fp_place here = fp_place_index(at, i);
        read_signature(form, &here, fp_json_at(json, i), i, defs, activity);
    }
    activity->signatures = defs;
    activity->signature_count = count;
    if (form->errors == errors && !form->no_memory)
        compile(form, at, activity->name, defs, count);
}

static void read_activity(fp_form *form, const fp_place *at, fp_str name, const fp_json *json,
                          fp_advisory_activity *out)
{
    activity_form a = {0};
    if (!fp_form_identifier(form, at, name) ||
        !fp_form_read(form, at, json, FP_FIELDS(activity_fields), &a))
        return;
    out->title = a.title;
    out->component = a.component;
    if (fp_str_dup(form->arena, name, &out->name) != FP_OK)
        form->no_memory = true;
    const fp_place signatures = fp_place_key(at, FP_STR("signatures"));
    read_signatures(form, &signatures, a.signatures, out);
}

void fp_advisory_read_activities(fp_form *form, const fp_place *at, const fp_json *json,
                                 fp_advisory *advisory)
{
    const size_t count = fp_json_size(json);
    if (count > FP_ADVISORY_ACTIVITIES_MAX) {
        fp_form_error(form, at, "more than %d activities", FP_ADVISORY_ACTIVITIES_MAX);
        return;
    }
    advisory->activities =
        fp_arena_alloc_array(form->arena, count + 1, sizeof *advisory->activities);
    if (advisory->activities == NULL) {
        form->no_memory = true;
        return;
    }
    fp_str name;
    void *cursor = NULL;
    const fp_json *activity;
    while (count > 0 && (activity = fp_json_next(json, &cursor, &name)) != NULL) {
        const fp_place here = fp_place_key(at, name);
        read_activity(form, &here, name, activity,
                      &advisory->activities[advisory->activity_count++]);
    }
}
