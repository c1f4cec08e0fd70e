/* SPDX-License-Identifier: MIT */
/*
 * catalog: what do the supplied catalogues say?
 *
 *     {"kind": "catalog", "state": "damaged"}                      is one of them not whole?
 *     {"kind": "catalog", "state": "update", "revision": [1234]}  does one hold this update?
 *
 * A damaged catalogue is never proof. The revision must be among those asked of every catalogue
 * ("catalog" / "revisions" of the advisory).
 */
#include "verify/decide/test.h"

typedef enum catalog_state { CATALOG_DAMAGED = 1, CATALOG_UPDATE } catalog_state;
static const char *const state_words[] = {"damaged", "update", NULL};

typedef struct catalog_test {
    unsigned state;
    fp_numbers revision;
} catalog_test;
static const fp_field catalog_fields[] = {
    {"state", FP_FIELD_WORD, true, offsetof(catalog_test, state), state_words},
    {"revision", FP_FIELD_NUMBERS, false, offsetof(catalog_test, revision), NULL},
};

static fp_status parse(fp_form *form, const fp_place *at, const fp_json *json,
                       const fp_advisory *advisory, const void **arguments)
{
    catalog_test *t = fp_arena_alloc(form->arena, sizeof *t);
    if (t == NULL)
        return FP_NOMEM;
    fp_form_fill(form, at, json, FP_FIELDS(catalog_fields), t);
    *arguments = t;

    const fp_place here = fp_place_key(at, FP_STR("revision"));
    if ((t->state == CATALOG_UPDATE) != (t->revision.count == 1))
        fp_form_error(form, at, "one \"revision\" belongs to the state update, only");
    for (size_t i = 0; i < t->revision.count; i++) {
        bool asked = false;
        for (size_t k = 0; k < advisory->revision_count; k++)
            asked = asked || advisory->revisions[k] == t->revision.at[i];
        if (!asked)
            fp_form_error(form, &here, "is not among the revisions of \"catalog\"");
    }
    return FP_OK;
}

static void evaluate_damaged(const fp_test_context *context, fp_test_result *out)
{
    const fp_case *c = context->casefile;
    out->is = FP_FALSE;
    for (size_t i = 0; i < c->catalog_count; i++) {
        const fp_origin origin = {c->catalogs[i].item, FP_STR("catalogue")};
        fp_observe(&out->observations, context->arena, origin, "%s",
                   c->catalogs[i].damaged ? "damaged" : "whole");
        if (!c->catalogs[i].damaged)
            continue;
        out->is = FP_TRUE;
        fp_test_finding(context, origin,
                        "a supplied catalogue (item %u) is damaged: what was synchronised from "
                        "such a one proves nothing",
                        c->catalogs[i].item);
    }
}

static const fp_catalog_question *question_of(const fp_catalog *catalog, uint64_t revision)
{
    for (size_t i = 0; i < catalog->question_count; i++)
        if (catalog->questions[i].revision_id == revision)
            return &catalog->questions[i];
    return NULL;
}

static fp_tri holds_update(const fp_test_context *context, const fp_case_catalog *catalog,
                           uint64_t revision, fp_test_result *out)
{
    if (catalog->damaged || catalog->catalog == NULL) {
        out->why = FP_WHY_UNREADABLE;
        return FP_UNKNOWN;
    }
    const fp_catalog_question *q = question_of(catalog->catalog, revision);
    const fp_origin origin = {catalog->item, FP_STR("package.xml")};
    if (q == NULL || (q->found == 0 && !catalog->catalog->packages_read)) {
        out->why = FP_WHY_INCOMPLETE;
        return FP_UNKNOWN;
    }
    fp_observe(&out->observations, context->arena, origin,
               "revision %llu: %u times, DeploymentAction %.*s", (unsigned long long)revision,
               q->found, FP_STR_ARG(q->has_action ? q->action : FP_STR("absent")));
    return fp_tri_of(q->found > 0);
}

static fp_status evaluate(const fp_test_context *context, const void *arguments,
                          fp_test_result *out)
{
    const catalog_test *t = arguments;
    const fp_case *c = context->casefile;
    if (t->state == CATALOG_DAMAGED) {
        evaluate_damaged(context, out);
        return FP_OK;
    }
    if (c->catalog_count == 0)
        return FP_OK; /* unknown: not supplied */
    fp_tri any = FP_FALSE;
    for (size_t i = 0; i < c->catalog_count; i++)
        any = fp_tri_or(any, holds_update(context, &c->catalogs[i], t->revision.at[0], out));
    out->is = any;
    out->unconfirmed = context->advisory->revisions_unconfirmed;
    return FP_OK;
}

const fp_test_kind fp_test_catalog = {
    "catalog",
    {catalog_fields, sizeof catalog_fields / sizeof *catalog_fields},
    parse,
    evaluate,
};
