/* SPDX-License-Identifier: MIT */
/*
 * activity: is it in use on this server?
 *
 *     {"kind": "activity", "activity": "...",
 *      "declared": {"key": "...", "in_use": ["yes"], "not_in_use": ["no"]}}
 *
 * One sign of it in a log, dated or not, proves it. Its absence from one whole enclosing run
 * disproves it. What is seen outranks what is declared, and every contradiction between the two is
 * a finding.
 */
#include "verify/decide/declaration.h"

static const fp_field declaration_fields[] = {
    {"key", FP_FIELD_TEXT, true, offsetof(fp_declaration, key), NULL},
    {"in_use", FP_FIELD_TEXTS, true, offsetof(fp_declaration, yes), NULL},
    {"not_in_use", FP_FIELD_TEXTS, true, offsetof(fp_declaration, no), NULL},
};

typedef struct activity_test {
    fp_str activity;
    const fp_json *declared_json; /* while reading only */
    fp_declaration declared;
    size_t activity_index;
} activity_test;
static const fp_field activity_fields[] = {
    {"activity", FP_FIELD_TEXT, true, offsetof(activity_test, activity), NULL},
    {"declared", FP_FIELD_OBJECT, false, offsetof(activity_test, declared_json), NULL},
};

static fp_status parse(fp_form *form, const fp_place *at, const fp_json *json,
                       const fp_advisory *advisory, const void **arguments)
{
    activity_test *t = fp_arena_alloc(form->arena, sizeof *t);
    if (t == NULL)
        return FP_NOMEM;
    fp_form_fill(form, at, json, FP_FIELDS(activity_fields), t);
    (void)fp_test_activity(form, at, advisory, t->activity, &t->activity_index);

    const fp_place here = fp_place_key(at, FP_STR("declared"));
    if (t->declared_json != NULL &&
        fp_form_read(form, &here, t->declared_json, FP_FIELDS(declaration_fields), &t->declared))
        fp_declaration_check(form, &here, &t->declared);
    t->declared_json = NULL;
    *arguments = t;
    return FP_OK;
}

/* The runs with, or without, the activity: how many, and where the last one begins. */
static size_t observe_runs(const fp_test_context *context, uint32_t activity, bool active,
                           fp_test_result *out)
{
    const fp_history *h = context->casefile->history;
    const fp_run *last = NULL;
    size_t count = 0;
    for (size_t i = 0; i < h->run_count; i++) {
        if (h->runs[i].activity != activity || h->runs[i].active != active)
            continue;
        last = &h->runs[i];
        count++;
    }
    if (last == NULL)
        return 0;
    char begin[FP_TIME_TEXT_SIZE];
    fp_observe(&out->observations, context->arena, last->begin_origin,
               active ? "seen in %zu whole run%s, the last one begun %s"
                      : "not seen in %zu whole run%s, the last one begun %s",
               count, fp_plural(count), fp_time_format(last->begin, begin));
    return count;
}

/* Outside whole runs it was seen as well: where last? */
static size_t observe_sightings(const fp_test_context *context, uint32_t activity, bool tell,
                                fp_test_result *out)
{
    const fp_history *h = context->casefile->history;
    const fp_episode *last = NULL;
    size_t count = 0;
    for (size_t i = 0; i < h->episode_count; i++) {
        if (h->episodes[i].activity != activity)
            continue;
        last = &h->episodes[i];
        count++;
    }
    char begin[FP_TIME_TEXT_SIZE];
    if (last != NULL && tell)
        fp_observe(&out->observations, context->arena, last->begin_origin,
                   "seen %zu time%s, the last one begun %s", count, fp_plural(count),
                   fp_time_format(last->begin, begin));
    return count;
}

/* What the logs show: TRUE seen, FALSE a whole run without it, UNKNOWN neither. */
static fp_tri observed(const fp_test_context *context, uint32_t activity, fp_test_result *out)
{
    const fp_history *h = context->casefile->history;
    fp_test_unknown(out, h != NULL && h->file_count > 0 ? FP_WHY_INCOMPLETE : FP_WHY_NOT_SUPPLIED);
    if (h == NULL)
        return FP_UNKNOWN;

    const size_t with = observe_runs(context, activity, true, out);
    const size_t without = observe_runs(context, activity, false, out);
    const size_t sightings = observe_sightings(context, activity, with == 0, out);
    if (with > 0 || sightings > 0)
        return FP_TRUE;
    return without > 0 && !fp_history_has_holes(h) ? FP_FALSE : FP_UNKNOWN;
}

static fp_status evaluate(const fp_test_context *context, const void *arguments,
                          fp_test_result *out)
{
    const activity_test *t = arguments;
    const uint32_t activity = (uint32_t)(context->first_activity + t->activity_index);
    const fp_statement *s;
    const fp_tri seen = observed(context, activity, out);
    const fp_tri declared = fp_declaration_ask(&t->declared, context, &s, out);
    out->is = seen != FP_UNKNOWN ? seen : declared;
    out->declared = seen == FP_UNKNOWN;
    if (seen != FP_UNKNOWN)
        out->unconfirmed = context->advisory->activities[t->activity_index].unconfirmed;
    if (seen == FP_UNKNOWN || declared == FP_UNKNOWN || seen == declared)
        return FP_OK;

    const fp_origin origin = {s->item, s->key};
    fp_test_finding(context, origin, "declared %.*s = %.*s, but the logs show that it is %s",
                    FP_STR_ARG(s->key), FP_STR_ARG(s->value),
                    seen == FP_TRUE ? "in use" : "not in use");
    /* A run without it does not outweigh someone who says that there are runs with it. */
    if (seen == FP_FALSE)
        fp_test_unknown(out, FP_WHY_CONFLICTING);
    return FP_OK;
}

const fp_test_kind fp_test_in_use = {
    .name = "activity",
    .fields = {activity_fields, sizeof activity_fields / sizeof *activity_fields},
    .parse = parse,
    .evaluate = evaluate,
};
