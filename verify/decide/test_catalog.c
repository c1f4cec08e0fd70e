/* SPDX-License-Identifier: MIT */
/*
 * catalog: what do the supplied catalogues say?
 *
 *     {"kind": "catalog", "state": "damaged"}     is one of them not whole, or not its publisher's?
 *     {"kind": "catalog", "state": "authentic"}   is every one of them shown to be its publisher's?
 *     {"kind": "catalog", "state": "known", "sha256": ["0123..."]}   is every one of them listed?
 *     {"kind": "catalog", "state": "update", "revision": [1234]}   does one hold this update?
 *
 * A catalogue that is damaged, altered or unsigned (the published one is signed: Microsoft, "Using
 * WUA to Scan for Updates Offline") is never proof. One that is not *shown* to be its publisher's,
 * for want of a root say, is no worse than one that was not handed in: it is not called damaged,
 * but what rests on it says so (fp_test_result.reserved), and it is not called authentic.
 *
 * The revision must be among those asked of every catalogue ("catalog" / "revisions" of the
 * advisory).
 */
#include "verify/decide/digests.h"

typedef enum catalog_state {
    CATALOG_DAMAGED = 1,
    CATALOG_UPDATE,
    CATALOG_AUTHENTIC,
    CATALOG_KNOWN
} catalog_state;
static const char *const state_words[] = {"damaged", "update", "authentic", "known", NULL};

typedef struct catalog_test {
    unsigned state;
    fp_numbers revision;
    fp_texts sha256;
} catalog_test;
static const fp_field catalog_fields[] = {
    {"state", FP_FIELD_WORD, true, offsetof(catalog_test, state), state_words},
    {"revision", FP_FIELD_NUMBERS, false, offsetof(catalog_test, revision), NULL},
    {"sha256", FP_FIELD_TEXTS, false, offsetof(catalog_test, sha256), NULL},
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
    const fp_place digests = fp_place_key(at, FP_STR("sha256"));
    fp_digests_check(form, &digests, &t->sha256);
    if ((t->state == CATALOG_KNOWN) != (t->sha256.at != NULL))
        fp_form_error(form, at, "\"sha256\" belongs to the state known, only");
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

/* ---- what a catalogue is worth ---- */

static bool proves_nothing(const fp_case_catalog *catalog)
{
    return catalog->damaged || fp_case_catalog_standing(catalog) == FP_CATALOG_INAUTHENTIC;
}

/* Its signature in a word, and why. */
static const char *signature_words(const fp_test_context *context, const fp_case_catalog *catalog)
{
    const fp_authenticity *found = catalog->authenticity;
    if (catalog->expected)
        return "its SHA-256 is the expected one";
    if (found == NULL)
        return "signature not examined";
    const char *words = fp_arena_printf(
        context->arena, "signature %s%s%.*s", fp_authentic_result_name(found->result),
        found->reason.size > 0 ? ": " : "", FP_STR_ARG(found->reason));
    return words != NULL ? words : "signature";
}

/* What would show whose it is. */
static const char *remedy(const fp_case_catalog *catalog)
{
    switch (catalog->authenticity == NULL ? FP_AUTHENTIC_UNKNOWN : catalog->authenticity->result) {
    case FP_AUTHENTIC_UNTRUSTED:
        return "--roots with the root certificates of its publisher tells whether it is theirs, "
               "--expect-sha256 says that it is";
    case FP_AUTHENTIC_WEAK:
        return "--accept-weak takes such a signature for proof";
    case FP_AUTHENTIC_UNKNOWN:
    case FP_AUTHENTIC_UNSIGNED:
    case FP_AUTHENTIC_MISMATCH:
    case FP_AUTHENTIC_FORGED:
    case FP_AUTHENTIC_EXPIRED:
    case FP_AUTHENTIC_VALID:
        break;
    }
    return "a copy with a signature that holds, and --roots, would tell";
}

/* The first one that nobody vouches for is named in what rests on it. */
static fp_status reserve(const fp_test_context *context, fp_test_result *out)
{
    const fp_case *c = context->casefile;
    for (size_t i = 0; i < c->catalog_count; i++) {
        const fp_case_catalog *catalog = &c->catalogs[i];
        if (fp_case_catalog_standing(catalog) != FP_CATALOG_NOT_SHOWN)
            continue;
        out->reserved = fp_str_of(fp_arena_printf(
            context->arena,
            "The catalogue (evidence item %u) is decoded from an unverified cabinet (%s): %s.",
            catalog->item, signature_words(context, catalog), remedy(catalog)));
        return out->reserved.size > 0 ? FP_OK : FP_NOMEM;
    }
    return FP_OK;
}

static void observe_catalog(const fp_test_context *context, const fp_case_catalog *catalog,
                            fp_test_result *out)
{
    static const char *const standings[] = {
        [FP_CATALOG_NOT_SHOWN] = "no damage seen, but decoded from an unverified cabinet",
        [FP_CATALOG_AUTHENTIC] = "whole and genuine",
        [FP_CATALOG_INAUTHENTIC] = "not what its publisher signed",
    };
    fp_observe(&out->observations, context->arena, (fp_origin){catalog->item, FP_STR("catalogue")},
               "%s (%s)",
               catalog->damaged ? "damaged" : standings[fp_case_catalog_standing(catalog)],
               signature_words(context, catalog));
}

/* ---- is one damaged, are all authentic? ---- */

static void evaluate_damaged(const fp_test_context *context, fp_test_result *out)
{
    const fp_case *c = context->casefile;
    out->is = FP_FALSE;
    for (size_t i = 0; i < c->catalog_count; i++) {
        const fp_case_catalog *catalog = &c->catalogs[i];
        observe_catalog(context, catalog, out);
        if (!proves_nothing(catalog)) {
            fp_test_observe_revisions(context, catalog, FP_STR(""), out);
            continue;
        }
        out->is = FP_TRUE;
        fp_test_finding(context, (fp_origin){catalog->item, FP_STR("catalogue")},
                        "a supplied catalogue (item %u) is %s: what was synchronised from such a "
                        "one proves nothing",
                        catalog->item,
                        catalog->damaged ? "damaged" : "not what its publisher signed");
    }
}

/* By its content alone, whatever its signature. */
static void evaluate_known(const fp_test_context *context, const catalog_test *t,
                           fp_test_result *out)
{
    const fp_case *c = context->casefile;
    if (c->catalog_count == 0)
        return; /* unknown: not supplied */
    out->is = FP_TRUE;
    for (size_t i = 0; i < c->catalog_count; i++) {
        const fp_origin origin = {c->catalogs[i].item, FP_STR("catalogue")};
        out->is = fp_tri_and(
            out->is, fp_digests_ask(&t->sha256, c->catalogs[i].sha256, context, origin, out));
    }
}

static void evaluate_authentic(const fp_test_context *context, fp_test_result *out)
{
    static const fp_tri truths[] = {[FP_CATALOG_NOT_SHOWN] = FP_UNKNOWN,
                                    [FP_CATALOG_AUTHENTIC] = FP_TRUE,
                                    [FP_CATALOG_INAUTHENTIC] = FP_FALSE};
    const fp_case *c = context->casefile;
    if (c->catalog_count == 0)
        return; /* unknown: not supplied */
    out->is = FP_TRUE;
    for (size_t i = 0; i < c->catalog_count; i++) {
        const fp_case_catalog *catalog = &c->catalogs[i];
        observe_catalog(context, catalog, out);
        out->is = fp_tri_and(out->is, catalog->damaged ? FP_FALSE
                                                       : truths[fp_case_catalog_standing(catalog)]);
    }
    out->why = FP_WHY_INCOMPLETE;
}

/* ---- does one hold an update? ---- */

static void observe_question(const fp_test_context *context, const fp_case_catalog *catalog,
                             const fp_catalog_question *q, fp_test_result *out)
{
    const fp_catalog *from = catalog->catalog;
    const bool verified = fp_case_catalog_standing(catalog) == FP_CATALOG_AUTHENTIC;
    const char *times = q->found > 1 ? fp_arena_printf(context->arena, " %u times", q->found) : "";
    const fp_catalog_update *u = fp_catalog_answer(q);
    const char *says =
        q->found == 0 ? "is not there"
        : u == NULL   ? "is there"
        : !u->has_action
            ? "has no DeploymentAction"
            : fp_arena_printf(context->arena, "has DeploymentAction %.*s", FP_STR_ARG(u->action));
    fp_observe(
        &out->observations, context->arena, (fp_origin){catalog->item, FP_STR("package.xml")},
        "update %u%s %s (catalogue %.*s of %.*s%s)", q->key.number, times != NULL ? times : "",
        says != NULL ? says : "is there", FP_STR_ARG(from->package_id),
        FP_STR_ARG(from->creation_date), verified ? "" : ", decoded from an unverified cabinet");
}

void fp_test_observe_revisions(const fp_test_context *context, const fp_case_catalog *catalog,
                               fp_str number, fp_test_result *out)
{
    const fp_catalog *from = catalog->catalog;
    uint64_t only = 0;
    const bool all = !fp_str_to_u64(number, &only);
    if (from == NULL || proves_nothing(catalog))
        return;
    for (size_t i = 0; i < from->question_count; i++) {
        const fp_catalog_question *q = &from->questions[i];
        if (q->key.by == FP_CATALOG_BY_REVISION && (all || q->key.number == only) &&
            (q->found > 0 || q->settled))
            observe_question(context, catalog, q, out);
    }
}

static const fp_catalog_question *question_of(const fp_catalog *catalog, uint64_t revision)
{
    for (size_t i = 0; i < catalog->question_count; i++)
        if (catalog->questions[i].key.by == FP_CATALOG_BY_REVISION &&
            catalog->questions[i].key.number == revision)
            return &catalog->questions[i];
    return NULL;
}

static fp_tri holds_update(const fp_test_context *context, const fp_case_catalog *catalog,
                           uint64_t revision, fp_test_result *out)
{
    if (proves_nothing(catalog) || catalog->catalog == NULL) {
        out->why = FP_WHY_UNREADABLE;
        return FP_UNKNOWN;
    }
    const fp_catalog_question *q = question_of(catalog->catalog, revision);
    if (q == NULL || (q->found == 0 && !q->settled)) {
        out->why = FP_WHY_INCOMPLETE;
        return FP_UNKNOWN;
    }
    observe_question(context, catalog, q, out);
    return fp_tri_of(q->found > 0);
}

static void evaluate_update(const fp_test_context *context, uint64_t revision, fp_test_result *out)
{
    const fp_case *c = context->casefile;
    if (c->catalog_count == 0)
        return; /* unknown: not supplied */
    out->is = FP_FALSE;
    for (size_t i = 0; i < c->catalog_count; i++)
        out->is = fp_tri_or(out->is, holds_update(context, &c->catalogs[i], revision, out));
    out->unconfirmed = context->advisory->revisions_unconfirmed;
}

static fp_status evaluate(const fp_test_context *context, const void *arguments,
                          fp_test_result *out)
{
    const catalog_test *t = arguments;
    switch ((catalog_state)t->state) {
    case CATALOG_DAMAGED:
        evaluate_damaged(context, out);
        return out->is == FP_FALSE ? reserve(context, out) : FP_OK;
    case CATALOG_UPDATE:
        evaluate_update(context, t->revision.at[0], out);
        return out->is != FP_UNKNOWN ? reserve(context, out) : FP_OK;
    case CATALOG_AUTHENTIC:
        evaluate_authentic(context, out);
        return FP_OK;
    case CATALOG_KNOWN:
        evaluate_known(context, t, out);
        return FP_OK;
    }
    return FP_OK;
}

const fp_test_kind fp_test_catalog = {
    .name = "catalog",
    .fields = {catalog_fields, sizeof catalog_fields / sizeof *catalog_fields},
    .parse = parse,
    .evaluate = evaluate,
};
