/* SPDX-License-Identifier: MIT */
/* Catalogues: what they are asked, what they say, and whether they are what their publisher signed.
 */
#include "verify/decide/case_parts.h"
#include "verify/decide/test.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is asked of them ---- */

typedef struct questions {
    fp_catalog_key *keys; /* [FP_CATALOG_QUESTIONS_MAX] */
    size_t count;
    bool relations;
} questions;

static void ask_for(fp_case *c, questions *all, const fp_catalog_key *key)
{
    char words[FP_CATALOG_KEY_TEXT];
    for (size_t k = 0; k < all->count; k++)
        if (fp_catalog_key_same(&all->keys[k], key))
            return;
    if (all->count == FP_CATALOG_QUESTIONS_MAX) {
        fp_observe(&c->findings, c->arena, (fp_origin){0, FP_STR("")},
                   "catalogues are asked for %d updates at most; %s was not asked for",
                   FP_CATALOG_QUESTIONS_MAX, fp_catalog_key_format(key, words));
        return;
    }
    all->keys[all->count++] = *key;
}

static void ask_for_tests(fp_case *c, questions *all, const fp_advisory *a)
{
    for (size_t i = 0; i < a->test_count; i++) {
        const fp_test *test = &a->tests[i];
        fp_catalog_key key;
        bool relations = false;
        if (test->kind->asks_catalog == NULL ||
            !test->kind->asks_catalog(test->arguments, &key, &relations))
            continue;
        ask_for(c, all, &key);
        all->relations = all->relations || relations;
    }
}

fp_status fp_case_ask_catalogs(fp_case *c)
{
    const fp_case_options *options = c->parts->options;
    fp_catalog_request *request = fp_arena_alloc(c->arena, sizeof *request);
    questions all = {
        .keys = fp_arena_alloc_array(c->arena, FP_CATALOG_QUESTIONS_MAX, sizeof *all.keys)};
    if (request == NULL || all.keys == NULL)
        return FP_NOMEM;
    if (options->catalogs != NULL)
        *request = *options->catalogs;
    for (size_t i = 0; i < request->key_count; i++)
        ask_for(c, &all, &request->keys[i]);
    for (size_t i = 0; i < options->advisory_count; i++) {
        const fp_advisory *a = options->advisories[i];
        for (size_t k = 0; k < a->revision_count; k++)
            ask_for(c, &all, &(fp_catalog_key){FP_CATALOG_BY_REVISION, .number = a->revisions[k]});
        ask_for_tests(c, &all, a);
    }
    request->keys = all.keys;
    request->key_count = all.count;
    request->relations = request->relations || all.relations;
    c->parts->catalogs = request;
    return FP_OK;
}

/* ---- what they are worth ---- */

/* Not whole: the structure is broken, the decoder gave up, or the XML does not end. A limit of ours
 * is no damage, and no proof either. */
static bool is_damaged(const fp_cabinet *cabinet, const fp_catalog *catalog,
                       const fp_archive_result *result)
{
    if (cabinet != NULL && fp_cabinet_hard_finding(cabinet) != NULL)
        return true;
    switch (result->fate) {
    case FP_FATE_UNKNOWN:
    case FP_FATE_LIMIT:
        return false;
    case FP_FATE_REFUSED:
    case FP_FATE_DIED:
    case FP_FATE_STALLED:
    case FP_FATE_LIED:
        return true;
    case FP_FATE_ENDED:
    case FP_FATE_ENOUGH:
        return catalog == NULL || !catalog->index_read || !catalog->packages_read ||
               catalog->contradicts || catalog->inner_damaged > 0;
    }
    return true;
}

fp_status fp_case_take_catalog(void *context, fp_item *item, const fp_cabinet *cabinet,
                               const fp_catalog *catalog, const fp_archive_result *result)
{
    fp_case *c = context;
    fp_case_catalog *all = fp_arena_grow(c->arena, c->catalogs, c->catalog_count,
                                         &c->parts->catalog_capacity, sizeof *all);
    if (all == NULL)
        return FP_NOMEM;
    c->catalogs = all;
    c->catalogs[c->catalog_count++] =
        (fp_case_catalog){.item = item->id,
                          .cabinet = cabinet,
                          .catalog = catalog,
                          .decoder = *result,
                          .damaged = is_damaged(cabinet, catalog, result)};
    c->parts->usable = true;
    return FP_OK;
}

fp_catalog_standing fp_case_catalog_standing(const fp_case_catalog *catalog)
{
    static const fp_catalog_standing standings[] = {
        [FP_AUTHENTIC_UNKNOWN] = FP_CATALOG_NOT_SHOWN,
        [FP_AUTHENTIC_UNSIGNED] = FP_CATALOG_INAUTHENTIC,
        [FP_AUTHENTIC_MISMATCH] = FP_CATALOG_INAUTHENTIC,
        [FP_AUTHENTIC_FORGED] = FP_CATALOG_INAUTHENTIC,
        [FP_AUTHENTIC_UNTRUSTED] = FP_CATALOG_NOT_SHOWN,
        [FP_AUTHENTIC_EXPIRED] = FP_CATALOG_NOT_SHOWN,
        [FP_AUTHENTIC_WEAK] = FP_CATALOG_NOT_SHOWN,
        [FP_AUTHENTIC_VALID] = FP_CATALOG_AUTHENTIC,
    };
    const fp_authenticity *found = catalog->authenticity;
    const fp_catalog_standing by_signature =
        found == NULL ? FP_CATALOG_NOT_SHOWN : standings[found->result];
    return by_signature == FP_CATALOG_NOT_SHOWN && catalog->expected ? FP_CATALOG_AUTHENTIC
                                                                     : by_signature;
}

uint64_t fp_case_catalog_unchecked(const fp_case_catalog *catalog)
{
    return (catalog->cabinet != NULL ? catalog->cabinet->blocks_unchecked : 0) +
           (catalog->catalog != NULL ? catalog->catalog->blocks_unchecked : 0);
}

bool fp_case_catalog_is_whole(const fp_case_catalog *catalog)
{
    return !catalog->damaged && catalog->catalog != NULL && catalog->cabinet != NULL &&
           fp_catalog_is_whole(catalog->catalog, catalog->cabinet) &&
           (fp_case_catalog_unchecked(catalog) == 0 ||
            fp_case_catalog_standing(catalog) == FP_CATALOG_AUTHENTIC);
}

bool fp_case_catalog_is_worthless(const fp_case_catalog *catalog)
{
    return catalog->damaged || fp_case_catalog_standing(catalog) == FP_CATALOG_INAUTHENTIC;
}

bool fp_case_is_named(const fp_expected_file *expected, const fp_item *item)
{
    return expected->name.size > 0 &&
           (fp_str_ieq(expected->name, item->name) || fp_str_eq(expected->name, item->path));
}

bool fp_case_is_expected(const fp_expected_file *expected, const fp_item *item)
{
    return (expected->name.size == 0 || fp_case_is_named(expected, item)) && item->hashed &&
           memcmp(expected->sha256, item->sha256, FP_SHA256_SIZE) == 0;
}

/* ---- signatures ---- */

typedef struct examined { /* a stream of bytes whose signature is being examined */
    fp_case *c;
    uint32_t item;
    fp_authentic *signature;
} examined;

static fp_authentic_policy policy_of(const fp_case *c)
{
    const fp_case_options *options = c->parts->options;
    return (fp_authentic_policy){
        .trust = options->trust, .now = options->now, .accept_weak = options->accept_weak};
}

fp_status fp_case_begin_signature(void *context, fp_item *item, void **stream)
{
    fp_case *c = context;
    const fp_authentic_policy policy = policy_of(c);
    examined *e = malloc(sizeof *e);
    if (e == NULL)
        return FP_NOMEM;
    *e = (examined){c, item->id, fp_authentic_begin(&policy, c->arena)};
    if (e->signature == NULL) {
        free(e);
        return FP_NOMEM;
    }
    *stream = e;
    return FP_OK;
}

void fp_case_signature_ahead(void *context, void *stream, fp_paged content)
{
    const examined *e = stream;
    (void)context;
    fp_authentic_ahead(e->signature, content);
    fp_authentic_beside(e->signature);
}

fp_status fp_case_feed_signature(void *context, void *stream, fp_span bytes)
{
    const examined *e = stream;
    (void)context;
    fp_authentic_feed(e->signature, bytes);
    return FP_OK;
}

static fp_status keep_signature(fp_case *c, const fp_case_signature *signature)
{
    fp_case_signature *all = fp_arena_grow(c->arena, c->signatures, c->signature_count,
                                           &c->signature_capacity, sizeof *all);
    if (all == NULL)
        return FP_NOMEM;
    c->signatures = all;
    all[c->signature_count++] = *signature;
    return FP_OK;
}

fp_status fp_case_end_signature(void *context, void *stream, bool complete)
{
    examined *e = stream;
    fp_case *c = context;
    fp_case_signature signature = {.item = e->item};
    fp_diag why = {0};
    fp_status status = fp_authentic_end(e->signature, complete, &signature.found, &why);
    free(e);
    if (status == FP_NOMEM)
        return status;
    if (status == FP_OK)
        return keep_signature(c, &signature);
    fp_evidence_problem(c->evidence, signature.item, "%s", why.message);
    return FP_OK;
}

/* Of a file that was altered nothing is proof, whoever is believed. */
static void judge_catalog(fp_case *c, fp_case_catalog *catalog)
{
    const fp_authenticity *found = catalog->authenticity;
    if (!fp_authentic_is_broken(found->result))
        return;
    catalog->damaged = true;
    fp_evidence_problem(c->evidence, catalog->item, "signature: %.*s", FP_STR_ARG(found->reason));
}

/* Piece by piece, and nothing is kept. False: not all of it could be read. */
static bool feed_file(fp_authentic *signature, fp_paged content, uint8_t *piece, size_t piece_size)
{
    for (uint64_t at = 0; at < content.place.size; at += piece_size) {
        const uint64_t left = content.place.size - at;
        const size_t size = left < piece_size ? (size_t)left : piece_size;
        if (!fp_paged_copy(content, at, size, piece))
            return false;
        fp_authentic_feed(signature, fp_span_of(piece, size));
    }
    return true;
}

static fp_status examine(fp_case *c, const fp_item *item, fp_paged content, fp_authenticity *found,
                         fp_diag *why)
{
    enum { PIECE = 64 * 1024 };
    const fp_authentic_policy policy = policy_of(c);
    uint8_t *piece = malloc(PIECE);
    fp_authentic *signature = piece == NULL ? NULL : fp_authentic_begin(&policy, c->arena);
    fp_status status = FP_NOMEM;
    if (signature != NULL) {
        fp_authentic_ahead(signature, content);
        const bool whole = feed_file(signature, content, piece, PIECE);
        status = fp_authentic_end(signature, whole && item->complete, found, why);
    }
    free(piece);
    return status;
}

fp_status fp_case_examine(fp_case *c, const fp_item *item, fp_paged content,
                          const fp_authenticity **out)
{
    fp_diag why = {0};
    fp_authenticity *found = fp_arena_alloc(c->arena, sizeof *found);
    const fp_status status = found == NULL ? FP_NOMEM : examine(c, item, content, found, &why);
    if (status == FP_NOMEM)
        return status;
    if (status != FP_OK) {
        fp_evidence_problem(c->evidence, item->id, "%s", why.message);
        return FP_OK;
    }
    if (fp_authentic_is_broken(found->result))
        fp_evidence_problem(c->evidence, item->id, "signature: %.*s", FP_STR_ARG(found->reason));
    *out = found;
    return FP_OK;
}

static void identify(const fp_case *c, fp_case_catalog *catalog)
{
    const fp_case_options *options = c->parts->options;
    const fp_item *item = fp_evidence_item(c->evidence, catalog->item);
    if (item == NULL || !item->hashed)
        return;
    catalog->sha256 = item->sha256;
    for (size_t i = 0; i < options->expected_count; i++)
        catalog->expected |= fp_case_is_expected(&options->expected[i], item);
}

void fp_case_join_signatures(fp_case *c)
{
    for (size_t i = 0; i < c->catalog_count; i++) {
        identify(c, &c->catalogs[i]);
        for (size_t k = 0; k < c->signature_count; k++) {
            if (c->signatures[k].item != c->catalogs[i].item)
                continue;
            c->catalogs[i].authenticity = &c->signatures[k].found;
            judge_catalog(c, &c->catalogs[i]);
        }
    }
}
