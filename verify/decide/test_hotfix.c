/* SPDX-License-Identifier: MIT */
/*
 * hotfix: what traces did it leave?
 *
 *     {"kind": "hotfix", "kb": "KB...", "update_product": "...", "state": "present"}
 *     {"kind": "hotfix", "kb": "KB...", "update_product": "...", "state": "conflict", "removed":
 * "hotfix-removed", "record": "expected"}
 *
 * present: the marker key is there. conflict: the traces contradict each other, so that the marker
 * proves nothing: a file it records is older on disk, sources disagree about the key, another place
 * knows the hotfix and the marker key is gone, someone states (key `removed`, value the KB) that it
 * was removed, or the key is empty where an installation is expected to record itself.
 */
#include "verify/decide/test.h"

typedef enum hotfix_state { HOTFIX_PRESENT = 1, HOTFIX_CONFLICT } hotfix_state;
static const char *const state_words[] = {"present", "conflict", NULL};

typedef enum hotfix_record { RECORD_ANY = 0, RECORD_EXPECTED } hotfix_record;
static const char *const record_words[] = {"expected", NULL};

typedef struct question {
    fp_str kb, update_product, removed;
    unsigned state, record;
} question;
static const fp_field hotfix_fields[] = {
    {"kb", FP_FIELD_TEXT, true, offsetof(question, kb), NULL},
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
    const fp_place kb = fp_place_key(at, FP_STR("kb"));
    if (q->kb.size > 0)
        (void)fp_form_kb(form, &kb, q->kb);
    if (q->removed.size > 0 && q->state != HOTFIX_CONFLICT)
        fp_form_error(form, at, "\"removed\" belongs to the state conflict");
    if (q->record != RECORD_ANY && q->state != HOTFIX_CONFLICT)
        fp_form_error(form, at, "\"record\" belongs to the state conflict");
    *arguments = q;
    return FP_OK;
}

/* ---- present ---- */

static void observe_all(const fp_test_context *context, const fp_observations *from,
                        fp_test_result *out)
{
    for (size_t i = 0; i < from->count; i++)
        fp_observe(&out->observations, context->arena, from->at[i].origin, "%.*s",
                   FP_STR_ARG(from->at[i].value));
}

static void observe_traces(const fp_test_context *context, const fp_hotfix *hotfix,
                           fp_test_result *out)
{
    for (size_t i = 0; i < hotfix->trace_count; i++) {
        const fp_trace *t = &hotfix->traces[i];
        fp_observe(&out->observations, context->arena, t->origin, "%.*s%s%.*s",
                   FP_STR_ARG(t->key_path), t->installed_date.size > 0 ? ", InstalledDate " : "",
                   FP_STR_ARG(t->installed_date));
    }
    observe_all(context, &hotfix->notes, out);
}

static void evaluate_present(const fp_test_context *context, const fp_hotfix *hotfix,
                             fp_test_result *out)
{
    observe_traces(context, hotfix, out);
    out->is = hotfix->present;
    out->why = hotfix->why;
    observe_all(context, &hotfix->searched, out);
}

/* ---- conflict ---- */

static bool is_recorded(const fp_test_context *context, const fp_trace_file *recorded,
                        const fp_case_file *file)
{
    const fp_item *item = fp_evidence_item(context->casefile->evidence, file->item);
    return (item != NULL && fp_trace_file_is(recorded, item->name)) ||
           fp_trace_file_is(recorded, file->pe.original_name);
}

/* A file that the marker records, against every file of that name in the evidence. */
static void compare_file(const fp_test_context *context, const fp_trace_file *recorded,
                         fp_test_result *out)
{
    bool compared = false;
    for (size_t i = 0; i < context->casefile->file_count; i++) {
        const fp_case_file *file = &context->casefile->files[i];
        if (!file->pe.has_version || !is_recorded(context, recorded, file))
            continue;
        compared = true;
        const bool older = fp_trace_file_compare(recorded, &file->pe.version) == FP_RECORDED_NEWER;
        const fp_origin origin = {file->item, FP_STR("version resource")};
        const uint32_t *part = file->pe.version.part;
        fp_observe(&out->observations, context->arena, origin,
                   "%.*s is %u.%u.%u.%u; the marker records %.*s%s", FP_STR_ARG(recorded->name),
                   part[0], part[1], part[2], part[3], FP_STR_ARG(recorded->version_text),
                   older ? ", which is newer" : "");
        if (older)
            out->is = FP_TRUE;
    }
    if (!compared && out->is == FP_FALSE)
        fp_test_unknown(out, FP_WHY_NOT_SUPPLIED);
}

static void compare_files(const fp_test_context *context, const fp_hotfix *hotfix,
                          fp_test_result *out)
{
    for (size_t i = 0; i < hotfix->trace_count && i < FP_HOTFIX_TRACES_MAX; i++) {
        const fp_trace *trace = &hotfix->traces[i];
        if (trace->place != FP_TRACE_UPDATES || trace->other_product)
            continue;
        for (size_t k = 0; k < trace->file_count; k++)
            if (trace->files[k].has_version)
                compare_file(context, &trace->files[k], out);
        if (trace->files_complete != FP_TRUE && out->is == FP_FALSE)
            fp_test_unknown(out, FP_WHY_INCOMPLETE);
    }
}

static fp_str bare_number(fp_str kb)
{
    return fp_str_istarts(kb, FP_STR("KB")) ? (fp_str){kb.data + 2, kb.size - 2} : kb;
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
        out->is = FP_TRUE;
    }
}

static bool is_hollow(const fp_trace *t)
{
    return t->installed_date.size == 0 && t->installed_by.size == 0 && t->description.size == 0 &&
           t->type.size == 0 && t->file_count == 0 && t->files_complete == FP_TRUE;
}

/* What a removal may leave: a key in which nothing says that anything was installed. */
static void look_for_hollow_key(const fp_test_context *context, const question *q,
                                const fp_hotfix *hotfix, fp_test_result *out)
{
    for (size_t i = 0; q->record == RECORD_EXPECTED && i < hotfix->trace_count; i++) {
        const fp_trace *t = &hotfix->traces[i];
        if (t->place != FP_TRACE_UPDATES || t->other_product || !is_hollow(t))
            continue;
        fp_observe(&out->observations, context->arena, t->origin,
                   "the key records nothing of an installation");
        out->is = FP_TRUE;
    }
}

static void evaluate_conflict(const fp_test_context *context, const question *q,
                              const fp_hotfix *hotfix, fp_test_result *out)
{
    const fp_origin nowhere = {0, hotfix->unknown_where};
    if (hotfix->present == FP_UNKNOWN) {
        out->is = hotfix->why == FP_WHY_CONFLICTING ? FP_TRUE : FP_UNKNOWN;
        out->why = hotfix->why;
    } else if (hotfix->present == FP_FALSE) {
        out->is = fp_tri_of(hotfix->elsewhere == FP_TRUE);
        if (out->is == FP_TRUE)
            fp_observe(&out->observations, context->arena, nowhere,
                       "other traces of %.*s, but no marker key", FP_STR_ARG(q->kb));
    } else {
        out->is = FP_FALSE;
        compare_files(context, hotfix, out);
        look_for_removal(context, q, out);
        look_for_hollow_key(context, q, hotfix, out);
    }
    if (out->is != FP_TRUE)
        return;
    observe_traces(context, hotfix, out);
    fp_test_finding(context, nowhere, "the traces of %.*s contradict each other",
                    FP_STR_ARG(q->kb));
}

static fp_status evaluate(const fp_test_context *context, const void *arguments,
                          fp_test_result *out)
{
    const question *q = arguments;
    const fp_hotfix *hotfix;
    const fp_status status = fp_case_hotfix(context->casefile, q->kb, q->update_product, &hotfix);
    if (status != FP_OK)
        return status;
    if (q->state == HOTFIX_PRESENT)
        evaluate_present(context, hotfix, out);
    else
        evaluate_conflict(context, q, hotfix, out);
    return FP_OK;
}

const fp_test_kind fp_test_hotfix = {
    "hotfix",
    {hotfix_fields, sizeof hotfix_fields / sizeof *hotfix_fields},
    parse,
    evaluate,
};
