/* SPDX-License-Identifier: MIT */
/*
 * hotfix: what traces did it leave?
 *
 *     {"kind": "hotfix", "kb": "KB...", "update_product": "...", "state": "present"}
 *     {"kind": "hotfix", "kb": "KB...", "update_product": "...", "state": "conflict", "removed":
 * "hotfix-removed", "record": "expected"}
 *
 * present: the marker key is there. conflict: the traces contradict each other, so that the marker
 * proves nothing: a file it records is older on disk, sources disagree about the key, one place
 * says that the hotfix is installed and another that it is not, another place knows the hotfix and
 * the marker key is gone, someone states (key `removed`, value the KB) that it was removed, or the
 * key is empty where an installation is expected to record itself. pending, superseded, removed:
 * all traces together say so (inventory/hotfix/state.h).
 */
#include "verify/decide/test.h"

typedef enum asked_state {
    ASKED_PRESENT = 1,
    ASKED_CONFLICT,
    ASKED_PENDING,
    ASKED_SUPERSEDED,
    ASKED_REMOVED
} asked_state;
static const char *const state_words[] = {"present",    "conflict", "pending",
                                          "superseded", "removed",  NULL};

typedef enum hotfix_record { RECORD_ANY = 0, RECORD_EXPECTED } hotfix_record;
static const char *const record_words[] = {"expected", NULL};

typedef struct question {
    fp_str kb, update_product, removed;
    unsigned state, record;
} question;
static const fp_field hotfix_fields[] = {
    {"kb", FP_FIELD_KB, true, offsetof(question, kb), NULL},
    {"update_product", FP_FIELD_TEXT, true, offsetof(question, update_product), NULL},
    {"state", FP_FIELD_WORD, true, offsetof(question, state), state_words},
    {"removed", FP_FIELD_TEXT, false, offsetof(question, removed), NULL},
    {"record", FP_FIELD_WORD, false, offsetof(question, record), record_words},
};

static fp_status parse(fp_form *form, const fp_place *at, const fp_json *json,
                       const fp_advisory *advisory, const void **arguments)
{
    (void)advisory;
    question *q = fp_arena_alloc(form->arena, sizeof *q);
    if (q == NULL)
        return FP_NOMEM;
    fp_form_fill(form, at, json, FP_FIELDS(hotfix_fields), q);
    if (q->removed.size > 0 && q->state != ASKED_CONFLICT)
        fp_form_error(form, at, "\"removed\" belongs to the state conflict");
    if (q->record != RECORD_ANY && q->state != ASKED_CONFLICT)
        fp_form_error(form, at, "\"record\" belongs to the state conflict");
    *arguments = q;
    return FP_OK;
}

/* ---- present ---- */

static void observe_traces(const fp_test_context *context, const fp_hotfix *hotfix,
                           fp_test_result *out)
{
    for (size_t i = 0; i < hotfix->trace_count; i++) {
        const fp_trace *t = &hotfix->traces[i];
        const fp_str place =
            t->key_path.size > 0 ? t->key_path : fp_str_of(fp_trace_place_title(t->place));
        const bool plain = t->says == FP_TRACE_SAYS_INSTALLED;
        fp_observe(&out->observations, context->arena, t->origin, "%.*s%s%.*s%s%s",
                   FP_STR_ARG(place), t->installed_date.size > 0 ? ", InstalledDate " : "",
                   FP_STR_ARG(t->installed_date), plain ? "" : ": ",
                   plain ? "" : fp_trace_says_name(t->says));
    }
    fp_test_observe_all(context, &hotfix->notes, out);
}

static void evaluate_present(const fp_test_context *context, const fp_hotfix *hotfix,
                             fp_test_result *out)
{
    observe_traces(context, hotfix, out);
    out->is = hotfix->present;
    out->why = hotfix->why;
    fp_test_observe_all(context, &hotfix->searched, out);
}

/* ---- conflict ---- */

/* Why the files do not settle it; false: there is none that could. */
static bool files_open(const fp_hotfix *hotfix, fp_unknown_why *why)
{
    bool any = false;
    *why = FP_WHY_NOT_SUPPLIED;
    for (size_t i = 0; i < hotfix->trace_count; i++) {
        const fp_trace *t = &hotfix->traces[i];
        if (t->place != FP_TRACE_UPDATES || t->other_product)
            continue;
        if (t->files_complete != FP_TRUE)
            *why = FP_WHY_INCOMPLETE;
        any = any || t->files_complete != FP_TRUE;
        for (size_t k = 0; k < t->file_count; k++)
            any = any || t->files[k].has_version;
    }
    return any && hotfix->files_match == FP_UNKNOWN;
}

static fp_str bare_number(fp_str kb)
{
    return fp_str_istarts(kb, FP_STR("KB")) ? fp_str_tail(kb, 2) : kb;
}

static void look_for_removal(const fp_test_context *context, const question *q, fp_test_result *out)
{
    const fp_case *c = context->casefile;
    for (size_t i = 0; q->removed.size > 0 && i < c->statement_count; i++) {
        const fp_statement *s = &c->statements[i];
        if (!fp_str_eq(s->key, q->removed) ||
            !fp_str_eq(bare_number(fp_str_trim(s->value)), bare_number(q->kb)))
            continue;
        const fp_origin origin = {s->item, s->key};
        fp_observe(&out->observations, context->arena, origin,
                   "declared removed, and its marker is present");
        out->declared = out->declared || out->is != FP_TRUE;
        out->is = FP_TRUE;
    }
}

/* What a removal may leave: a key in which nothing says that anything was installed. */
static void look_for_hollow_key(const fp_test_context *context, const question *q,
                                const fp_hotfix *hotfix, fp_test_result *out)
{
    for (size_t i = 0; q->record == RECORD_EXPECTED && i < hotfix->trace_count; i++) {
        const fp_trace *t = &hotfix->traces[i];
        if (t->place != FP_TRACE_UPDATES || t->other_product || t->says != FP_TRACE_SAYS_HINT)
            continue;
        fp_observe(&out->observations, context->arena, t->origin,
                   "the key records nothing of an installation");
        out->declared = false;
        out->is = FP_TRUE;
    }
}

/* The marker key is there: is it contradicted? */
static void doubt_marker(const fp_test_context *context, const question *q, const fp_hotfix *hotfix,
                         fp_test_result *out)
{
    fp_unknown_why why;
    out->is = FP_FALSE;
    if (files_open(hotfix, &why))
        fp_test_unknown(out, why);
    if (hotfix->state == FP_HOTFIX_UNKNOWN)
        fp_test_unknown(out, hotfix->why);
    if (hotfix->state == FP_HOTFIX_CONFLICTING || hotfix->state == FP_HOTFIX_REMOVED)
        out->is = FP_TRUE;
    look_for_removal(context, q, out);
    look_for_hollow_key(context, q, hotfix, out);
}

/* The marker key is not there. Where an installer records that the hotfix is gone, or waits for a
 * restart, that is as it should be. */
static void doubt_absence(const fp_test_context *context, const question *q,
                          const fp_hotfix *hotfix, fp_test_result *out)
{
    const bool explained = hotfix->state == FP_HOTFIX_REMOVED || hotfix->state == FP_HOTFIX_PENDING;
    out->is = fp_tri_of(hotfix->state == FP_HOTFIX_CONFLICTING ||
                        (hotfix->elsewhere == FP_TRUE && !explained));
    if (out->is == FP_TRUE)
        fp_observe(&out->observations, context->arena, (fp_origin){0, hotfix->unknown_where},
                   "other traces of %.*s, but no marker key", FP_STR_ARG(q->kb));
}

static void evaluate_conflict(const fp_test_context *context, const question *q,
                              const fp_hotfix *hotfix, fp_test_result *out)
{
    fp_test_observe_all(context, &hotfix->compared, out);
    switch (hotfix->present) {
    case FP_TRUE:
        doubt_marker(context, q, hotfix, out);
        break;
    case FP_FALSE:
        doubt_absence(context, q, hotfix, out);
        break;
    case FP_UNKNOWN:
        out->is = hotfix->state == FP_HOTFIX_CONFLICTING ? FP_TRUE : FP_UNKNOWN;
        out->why = hotfix->why;
        break;
    }
    if (out->is != FP_TRUE)
        return;
    observe_traces(context, hotfix, out);
    fp_test_finding(context, (fp_origin){0, hotfix->unknown_where},
                    "the traces of %.*s contradict each other", FP_STR_ARG(q->kb));
}

/* ---- what all traces together say ---- */

static void evaluate_state(const fp_test_context *context, fp_hotfix_state wanted,
                           const fp_hotfix *hotfix, fp_test_result *out)
{
    const fp_hotfix_state state = hotfix->state;
    if (state == wanted)
        out->is = FP_TRUE;
    else if (state == FP_HOTFIX_UNKNOWN || state == FP_HOTFIX_CONFLICTING)
        fp_test_unknown(out, hotfix->why);
    else if (hotfix->covered)
        out->is = FP_FALSE;
    else /* a place that was not read may say otherwise */
        fp_test_unknown(out, FP_WHY_INCOMPLETE);
    fp_observe(&out->observations, context->arena, (fp_origin){0, hotfix->kb}, "%s: %.*s",
               fp_hotfix_state_name(state), FP_STR_ARG(hotfix->because));
    observe_traces(context, hotfix, out);
}

static fp_status evaluate(const fp_test_context *context, const void *arguments,
                          fp_test_result *out)
{
    const question *q = arguments;
    const fp_hotfix *hotfix;
    const fp_status status = fp_case_hotfix(context->casefile, q->kb, q->update_product, &hotfix);
    if (status != FP_OK)
        return status;
    out->stands = !fp_case_hotfix_lags(context->casefile, hotfix);
    switch ((asked_state)q->state) {
    case ASKED_PRESENT:
        evaluate_present(context, hotfix, out);
        break;
    case ASKED_CONFLICT:
        evaluate_conflict(context, q, hotfix, out);
        break;
    case ASKED_PENDING:
        evaluate_state(context, FP_HOTFIX_PENDING, hotfix, out);
        break;
    case ASKED_SUPERSEDED:
        evaluate_state(context, FP_HOTFIX_SUPERSEDED, hotfix, out);
        break;
    case ASKED_REMOVED:
        evaluate_state(context, FP_HOTFIX_REMOVED, hotfix, out);
        break;
    }
    return FP_OK;
}

static void asks_hotfix(const void *arguments, fp_str *kb, fp_str *product)
{
    const question *q = arguments;
    *kb = q->kb;
    *product = q->update_product;
}

/* The marker key is a key like any other; what all traces mean together is not for others to say.
 */
static fp_claim *claim(fp_claims *c, const void *arguments)
{
    const question *q = arguments;
    if (q->state != ASKED_PRESENT)
        return NULL;
    const fp_look marker = {FP_LOOK_UPDATE_MARKER, q->update_product, q->kb};
    return fp_claim_look(c, FP_CLAIM_EXISTS, marker);
}

const fp_test_kind fp_test_hotfix = {
    .name = "hotfix",
    .fields = {hotfix_fields, sizeof hotfix_fields / sizeof *hotfix_fields},
    .parse = parse,
    .evaluate = evaluate,
    .claim = claim,
    .asks_hotfix = asks_hotfix,
};
