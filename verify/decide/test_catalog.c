/* SPDX-License-Identifier: MIT */
/*
 * catalog: what do the supplied catalogues say?
 *
 *     {"kind": "catalog", "state": "damaged"}     is one of them not whole, or not its publisher's?
 *     {"kind": "catalog", "state": "authentic"}   is every one of them shown to be its publisher's?
 *     {"kind": "catalog", "state": "known", "sha256": ["0123..."]}   is every one of them listed?
 *     {"kind": "catalog", "state": "update", ...}      does one hold this update? catalog_update.h
 *     {"kind": "catalog", "state": "unexpected-action", ...}
 *     {"kind": "catalog", "state": "duplicate-revision"}     and these? catalog_oddities.h
 *
 * damaged is about what was handed in: FALSE where nothing was, which it says, as an advisory uses
 * it to rule out a synchronisation that is shown to prove nothing. All others are about the world,
 * and UNKNOWN without a catalogue.
 *
 * A catalogue that is damaged, altered or unsigned (the published one is signed: Microsoft, "Using
 * WUA to Scan for Updates Offline") is never proof. One that is not *shown* to be its publisher's,
 * for want of a root say, is no worse than one that was not handed in: it is not called damaged,
 * but what rests on it says so (fp_test_result.reserved), and it is not called authentic.
 */
#include "verify/decide/catalog_oddities.h"
#include "verify/decide/catalog_update.h"
#include "verify/decide/digests.h"

typedef enum catalog_state {
    CATALOG_DAMAGED = 1,
    CATALOG_UPDATE,
    CATALOG_AUTHENTIC,
    CATALOG_KNOWN,
    CATALOG_UNEXPECTED_ACTION,
    CATALOG_DUPLICATE_REVISION
} catalog_state;
static const char *const state_words[] = {
    "damaged", "update", "authentic", "known", "unexpected-action", "duplicate-revision", NULL};

typedef struct catalog_test {
    unsigned state;
    fp_texts sha256;
    fp_texts expected; /* values of DeploymentAction */
    fp_update_question update;
} catalog_test;
#define OF_UPDATE(member) offsetof(catalog_test, update.member)
static const fp_field catalog_fields[] = {
    {"state", FP_FIELD_WORD, true, offsetof(catalog_test, state), state_words},
    {"sha256", FP_FIELD_TEXTS, false, offsetof(catalog_test, sha256), NULL},
    {"expected", FP_FIELD_TEXTS, false, offsetof(catalog_test, expected), NULL},
    {"revision", FP_FIELD_NUMBERS, false, OF_UPDATE(revision), NULL},
    {"update_id", FP_FIELD_TEXT, false, OF_UPDATE(update_id), NULL},
    {"revision_number", FP_FIELD_COUNT, false, OF_UPDATE(revision_number), NULL},
    {"kb", FP_FIELD_KB, false, OF_UPDATE(kb), NULL},
    {"deployment_action", FP_FIELD_TEXTS, false, OF_UPDATE(actions), NULL},
    {"superseded", FP_FIELD_BOOL, false, OF_UPDATE(superseded), NULL},
    {"match", FP_FIELD_WORD, false, OF_UPDATE(match), fp_update_match_words},
};

static void check_expected(fp_form *form, const fp_place *at, const catalog_test *t)
{
    const fp_place here = fp_place_key(at, FP_STR("expected"));
    const bool asked = t->state == CATALOG_UNEXPECTED_ACTION;
    if (asked && t->expected.at == NULL)
        fp_form_tell(form, FP_LINT_MISSING_MEMBER, at,
                     "the state unexpected-action needs \"expected\"");
    else if (asked && t->expected.count == 0)
        fp_form_error(form, &here, "must hold at least one value");
    else if (!asked && t->expected.at != NULL)
        fp_form_error(form, &here, "belongs to the state unexpected-action, only");
}

static fp_status parse(fp_form *form, const fp_place *at, const fp_json *json,
                       const fp_advisory *advisory, const void **arguments)
{
    catalog_test *t = fp_arena_alloc(form->arena, sizeof *t);
    if (t == NULL)
        return FP_NOMEM;
    fp_form_fill(form, at, json, FP_FIELDS(catalog_fields), t);
    *arguments = t;

    const fp_place digests = fp_place_key(at, FP_STR("sha256"));
    fp_digests_check(form, &digests, &t->sha256);
    if ((t->state == CATALOG_KNOWN) != (t->sha256.at != NULL))
        fp_form_error(form, at, "\"sha256\" belongs to the state known, only");
    check_expected(form, at, t);
    if (t->state == CATALOG_UPDATE)
        fp_update_question_check(form, at, json, advisory, &t->update);
    else
        fp_update_question_refuse(form, at, json);
    return FP_OK;
}

/* ---- what a catalogue is worth ---- */

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
    if (c->catalog_count == 0)
        fp_observe(&out->observations, context->arena, (fp_origin){0, FP_STR("")},
                   "no catalogue was handed in");
    for (size_t i = 0; i < c->catalog_count; i++) {
        const fp_case_catalog *catalog = &c->catalogs[i];
        observe_catalog(context, catalog, out);
        if (!fp_case_catalog_is_worthless(catalog)) {
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

/* ---- the kind ---- */

/* Why a catalogue that is there answers nothing. */
static void observe_worthless(const fp_test_context *context, fp_test_result *out)
{
    const fp_case *c = context->casefile;
    for (size_t i = 0; i < c->catalog_count; i++)
        if (fp_case_catalog_is_worthless(&c->catalogs[i]))
            observe_catalog(context, &c->catalogs[i], out);
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
        observe_worthless(context, out);
        fp_update_question_ask(context, &t->update, out);
        return out->is != FP_UNKNOWN ? reserve(context, out) : FP_OK;
    case CATALOG_AUTHENTIC:
        evaluate_authentic(context, out);
        return FP_OK;
    case CATALOG_KNOWN:
        evaluate_known(context, t, out);
        return FP_OK;
    case CATALOG_UNEXPECTED_ACTION:
        observe_worthless(context, out);
        fp_catalog_ask_actions(context, &t->expected, out);
        return out->is != FP_UNKNOWN ? reserve(context, out) : FP_OK;
    case CATALOG_DUPLICATE_REVISION:
        observe_worthless(context, out);
        fp_catalog_ask_duplicates(context, out);
        return out->is != FP_UNKNOWN ? reserve(context, out) : FP_OK;
    }
    return FP_OK;
}

static bool asks_catalog(const void *arguments, fp_catalog_key *key, bool *relations)
{
    const catalog_test *t = arguments;
    *key = t->update.key;
    *relations = t->update.asks_superseded;
    return t->state == CATALOG_UPDATE;
}

const fp_test_kind fp_test_catalog = {
    .name = "catalog",
    .fields = {catalog_fields, sizeof catalog_fields / sizeof *catalog_fields},
    .parse = parse,
    .evaluate = evaluate,
    .asks_catalog = asks_catalog,
};
