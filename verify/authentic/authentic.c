/* SPDX-License-Identifier: MIT */
#include "verify/authentic/authentic.h"

#include "verify/authentic/signature.h"

#include <stdlib.h>
#include <string.h>

enum { BESIDE_MIN = 16 * 1024 * 1024 }; /* bytes: below, a thread costs more than it saves */

typedef enum stage {
    STAGE_HEAD,      /* collecting the first bytes, until it is known where the signature stands */
    STAGE_COVERED,   /* before the signature */
    STAGE_SIGNATURE, /* in it; what follows is counted */
    STAGE_DECIDED    /* the result does not depend on further bytes */
} stage;

struct fp_authentic {
    fp_authentic_policy policy;
    fp_trust *nobody; /* where the policy has no anchors */
    fp_arena *arena;
    fp_status status; /* the first failure */
    stage stage;
    uint64_t at; /* offset of the next byte */

    uint8_t *head;
    size_t head_size;
    size_t head_capacity;

    const fp_carrier *carrier;
    fp_layout layout;
    fp_digest *sha1; /* NULL: no signature asks for it */
    fp_digest *sha256;
    uint8_t *area;    /* the signature's place */
    size_t area_size; /* bytes of it that came by */
    bool beside;      /* what is fed stays for a while */
    bool has_file;    /* `file` is the file that is fed */
    fp_paged file;
    bool was_ahead; /* `area` was filled before its bytes came by */
    bool changed;   /* ... which are not the same */

    fp_authentic_result decided; /* STAGE_DECIDED */
    fp_str reason;
};

const char *fp_authentic_result_name(fp_authentic_result result)
{
    static const char *const names[] = {"unknown",   "unsigned", "mismatch", "forged",
                                        "untrusted", "expired",  "weak",     "valid"};
    return names[result];
}

const char *fp_authentic_check_name(fp_authentic_check check)
{
    static const char *const names[FP_CHECK_COUNT + 1] = {
        [FP_CHECK_PLACE] = "place",
        [FP_CHECK_END] = "end",
        [FP_CHECK_STRUCTURE] = "structure",
        [FP_CHECK_CONTENT] = "content",
        [FP_CHECK_ALGORITHM] = "algorithm",
        [FP_CHECK_DIGEST] = "digest",
        [FP_CHECK_EXTENT] = "extent",
        [FP_CHECK_MESSAGE_DIGEST] = "message_digest",
        [FP_CHECK_SIGNATURE] = "signature",
        [FP_CHECK_TIME_STAMP] = "time_stamp",
        [FP_CHECK_CHAIN] = "chain",
        [FP_CHECK_TIME] = "time",
        [FP_CHECK_PUBLISHER] = "publisher",
        [FP_CHECK_STRENGTH] = "strength",
        [FP_CHECK_COUNT] = NULL,
    };
    return names[check];
}

fp_authentic *fp_authentic_begin(const fp_authentic_policy *policy, fp_arena *arena)
{
    fp_authentic *a = calloc(1, sizeof *a);
    if (a == NULL)
        return NULL;
    a->policy = *policy;
    a->arena = arena;
    if (policy->trust == NULL)
        a->policy.trust = a->nobody = fp_trust_new();
    if (a->policy.trust == NULL) {
        free(a);
        return NULL;
    }
    return a;
}

static void decide(fp_authentic *a, fp_authentic_result result, fp_str reason)
{
    a->stage = STAGE_DECIDED;
    a->decided = result;
    a->reason = reason;
}

static void decide_from(fp_authentic *a, fp_authentic_result result, const fp_diag *d)
{
    const char *reason = fp_arena_printf(a->arena, "%s", d->message);
    if (reason == NULL)
        a->status = FP_NOMEM;
    decide(a, result, fp_str_of(reason));
}

void fp_authentic_ahead(fp_authentic *a, fp_paged file)
{
    a->has_file = true;
    a->file = file;
}

void fp_authentic_beside(fp_authentic *a)
{
    a->beside = true;
}

/* ---- bytes that the digest covers ----------------------------------------------------- */

/* What was fed before is no longer needed. */
static void settle(fp_authentic *a)
{
    if (a->sha1 != NULL)
        fp_digest_settle(a->sha1);
    if (a->sha256 != NULL)
        fp_digest_settle(a->sha256);
}

static void digest(fp_authentic *a, fp_span bytes)
{
    if (a->sha1 != NULL)
        fp_digest_update(a->sha1, bytes);
    if (a->sha256 != NULL)
        fp_digest_update(a->sha256, bytes);
}

/* The hole that ends last behind `at`, or one behind everything. */
static fp_hole next_hole(const fp_authentic *a)
{
    for (size_t i = 0; i < a->layout.hole_count; i++) {
        if (a->at < a->layout.holes[i].end)
            return a->layout.holes[i];
    }
    return (fp_hole){UINT64_MAX, UINT64_MAX};
}

static fp_span take(fp_authentic *a, fp_span *bytes, uint64_t most)
{
    const size_t size = bytes->size < most ? bytes->size : (size_t)most;
    const fp_span taken = fp_span_of(bytes->data, size);
    *bytes = fp_span_of(bytes->data + size, bytes->size - size);
    a->at += size;
    return taken;
}

/* Each turn takes at least a byte or ends: holes and the signature's start lie ahead of `at`. */
static void feed_covered(fp_authentic *a, fp_span *bytes)
{
    while (bytes->size > 0 && a->at < a->layout.signature_offset) {
        const fp_hole hole = next_hole(a);
        if (a->at >= hole.begin) {
            (void)take(a, bytes, hole.end - a->at);
            continue;
        }
        const uint64_t end =
            hole.begin < a->layout.signature_offset ? hole.begin : a->layout.signature_offset;
        digest(a, take(a, bytes, end - a->at));
    }
    if (a->at == a->layout.signature_offset)
        a->stage = STAGE_SIGNATURE;
}

static void feed_signature(fp_authentic *a, fp_span *bytes)
{
    const fp_span taken = take(a, bytes, a->layout.signature_size - a->area_size);
    uint8_t *place = a->area + a->area_size;
    if (!a->was_ahead)
        memcpy(place, taken.data, taken.size);
    else if (memcmp(place, taken.data, taken.size) != 0)
        a->changed = true;
    a->area_size += taken.size;
    (void)take(a, bytes, bytes->size); /* `at` tells at the end that there were more */
}

/* ---- the first bytes ------------------------------------------------------------------ */

/* Which digests the signature asks for, if it can be read now; else all that one may ask for. */
static unsigned look_ahead(fp_authentic *a)
{
    const size_t size = (size_t)a->layout.signature_size;
    fp_span pkcs7;
    if (!a->has_file || !fp_paged_copy(a->file, a->layout.signature_offset, size, a->area))
        return 1U << FP_HASH_SHA1 | 1U << FP_HASH_SHA256;
    a->was_ahead = true;
    return a->carrier->unwrap(fp_span_of(a->area, size), &pkcs7, NULL) == FP_OK
               ? fp_signature_digests(pkcs7)
               : 0;
}

static fp_digest *start_digest(const fp_authentic *a, fp_digest_kind kind)
{
    return a->beside && a->layout.signature_offset >= BESIDE_MIN ? fp_digest_new_beside(kind)
                                                                 : fp_digest_new(kind);
}

static void start_digests(fp_authentic *a)
{
    const unsigned digests = look_ahead(a);
    const bool sha1 = (digests & 1U << FP_HASH_SHA1) != 0;
    const bool sha256 = (digests & 1U << FP_HASH_SHA256) != 0;
    if (sha1)
        a->sha1 = start_digest(a, FP_SHA1);
    if (sha256)
        a->sha256 = start_digest(a, FP_SHA256);
    if ((sha1 && a->sha1 == NULL) || (sha256 && a->sha256 == NULL))
        a->status = FP_CRYPTO;
}

static void start_covered(fp_authentic *a)
{
    if (a->layout.signature_size > FP_AUTHENTIC_SIGNATURE_MAX) {
        decide(a, FP_AUTHENTIC_UNKNOWN, FP_STR("the signature is larger than the limit"));
        return;
    }
    a->area = fp_arena_alloc(a->arena, (size_t)a->layout.signature_size);
    if (a->area == NULL)
        a->status = FP_NOMEM;
    else
        start_digests(a);
    a->stage = STAGE_COVERED;
}

/* FP_TRUNCATED: more bytes may tell. */
static fp_status locate(fp_authentic *a)
{
    fp_diag d = {0};
    const fp_span head = fp_span_of(a->head, a->head_size);
    a->carrier = fp_carrier_of(head);
    if (a->carrier == NULL) {
        decide(a, FP_AUTHENTIC_UNKNOWN, FP_STR("neither a cabinet nor an executable"));
        return FP_OK;
    }
    const fp_status status = a->carrier->locate(head, &a->layout, &d);
    if (status == FP_TRUNCATED)
        return status;
    if (status == FP_FORMAT)
        decide_from(a, FP_AUTHENTIC_FORGED, &d);
    else if (status != FP_OK)
        decide_from(a, FP_AUTHENTIC_UNKNOWN, &d);
    else if (a->layout.signature_size == 0)
        decide(a, FP_AUTHENTIC_UNSIGNED, FP_STR("it carries no signature"));
    else
        start_covered(a);
    return FP_OK;
}

static bool grow_head(fp_authentic *a)
{
    if (a->head_size < a->head_capacity)
        return true;
    const size_t capacity = a->head_capacity == 0 ? 1024 : 2 * a->head_capacity;
    uint8_t *grown = realloc(a->head, capacity);
    if (grown == NULL) {
        a->status = FP_NOMEM;
        return false;
    }
    a->head = grown;
    a->head_capacity = capacity;
    return true;
}

/* As many bytes as are needed, by doubling: a file fed byte by byte is looked at as often as one
 * fed whole. */
static void feed_head(fp_authentic *a, fp_span *bytes)
{
    while (bytes->size > 0) {
        if (!grow_head(a))
            return;
        const size_t room = a->head_capacity - a->head_size;
        const size_t size = bytes->size < room ? bytes->size : room;
        memcpy(a->head + a->head_size, bytes->data, size);
        a->head_size += size;
        *bytes = fp_span_of(bytes->data + size, bytes->size - size);
        if (a->head_size == a->head_capacity && locate(a) == FP_OK)
            return;
        if (a->head_size == FP_AUTHENTIC_HEAD_MAX) {
            decide(a, FP_AUTHENTIC_UNKNOWN, FP_STR("its headers are longer than the limit"));
            return;
        }
    }
}

static void feed_located(fp_authentic *a, fp_span *bytes)
{
    if (a->stage == STAGE_COVERED)
        feed_covered(a, bytes);
    if (a->stage == STAGE_SIGNATURE)
        feed_signature(a, bytes);
}

/* Everything that was collected goes its way once the place of the signature is known. */
static void release_head(fp_authentic *a)
{
    fp_span head = fp_span_of(a->head, a->head_size);
    feed_located(a, &head);
    settle(a);
    free(a->head);
    a->head = NULL;
    a->head_size = 0;
}

void fp_authentic_feed(fp_authentic *a, fp_span bytes)
{
    if (a->status != FP_OK)
        return;
    settle(a);
    if (a->stage == STAGE_HEAD) {
        feed_head(a, &bytes);
        if (a->status != FP_OK || a->stage == STAGE_HEAD)
            return;
        release_head(a);
    }
    feed_located(a, &bytes);
}

/* ---- the end -------------------------------------------------------------------------- */

/* A signature that is broken breaks the file, since anybody could have added it or altered another;
 * otherwise the best one counts: files signed for old and new systems carry a weak and a strong
 * one. */
static const fp_authentic_signature *most_telling(const fp_authentic_signature *all, size_t count)
{
    const fp_authentic_signature *best = &all[0];
    for (size_t i = 0; i < count; i++) {
        if (fp_authentic_is_broken(all[i].result))
            return &all[i];
        if (all[i].result > best->result)
            best = &all[i];
    }
    return best;
}

static fp_status examine_all(fp_authentic *a, fp_span pkcs7, fp_authenticity *out)
{
    fp_authentic_signature *all =
        fp_arena_alloc_array(a->arena, FP_AUTHENTIC_SIGNATURES_MAX, sizeof *all);
    if (all == NULL)
        return FP_NOMEM;
    fp_signature_question question = {.carrier = a->carrier,
                                      .policy = &a->policy,
                                      .pkcs7 = pkcs7,
                                      .sha1 = out->has_sha1 ? out->sha1 : NULL,
                                      .sha256 = out->has_sha256 ? out->sha256 : NULL,
                                      .ends_well = a->at == a->layout.signature_offset +
                                                                a->layout.signature_size,
                                      .extent_agrees = a->layout.extent_agrees};
    fp_attribute nested;
    fp_status status = fp_signature_examine(&question, a->arena, &all[0], &nested);
    size_t count = 1;
    for (size_t i = 0; i < nested.value_count && status == FP_OK; i++) {
        fp_attribute deeper; /* ignored: a signature nested twice is nobody's */
        question.pkcs7 = nested.values[i].whole;
        status = fp_signature_examine(&question, a->arena, &all[count++], &deeper);
    }
    if (status != FP_OK)
        return status;
    out->signatures = all;
    out->signature_count = count;
    out->decisive = most_telling(all, count);
    out->result = out->decisive->result;
    out->reason = out->decisive->reason;
    return FP_OK;
}

/* *digest is freed by finishing it. */
static fp_status finish_digest(fp_digest **digest, bool *has, uint8_t *out)
{
    fp_digest *finished = *digest;
    *digest = NULL;
    *has = finished != NULL;
    return finished == NULL ? FP_OK : fp_digest_finish(finished, out);
}

static fp_status finish_digests(fp_authentic *a, fp_authenticity *out)
{
    const fp_status first = finish_digest(&a->sha1, &out->has_sha1, out->sha1);
    const fp_status second = finish_digest(&a->sha256, &out->has_sha256, out->sha256);
    return first != FP_OK ? first : second;
}

static fp_status conclude(fp_authentic *a, fp_authenticity *out)
{
    if (a->area_size < a->layout.signature_size) {
        out->result = FP_AUTHENTIC_FORGED;
        out->reason = FP_STR("the file ends before its signature does");
        return FP_OK;
    }
    if (a->changed) {
        out->reason = FP_STR("the signature changed while the file was read");
        return FP_OK;
    }
    fp_diag d = {0};
    fp_span pkcs7;
    fp_status status = finish_digests(a, out);
    if (status != FP_OK)
        return status;
    status = a->carrier->unwrap(fp_span_of(a->area, a->area_size), &pkcs7, &d);
    if (status == FP_OK)
        return examine_all(a, pkcs7, out);
    decide_from(a, status == FP_FORMAT ? FP_AUTHENTIC_FORGED : FP_AUTHENTIC_UNKNOWN, &d);
    out->result = a->decided;
    out->reason = a->reason;
    return a->status;
}

/* A file shorter than the first capacity of `head` was not looked at yet. */
static void settle_head(fp_authentic *a)
{
    if (a->stage != STAGE_HEAD || a->status != FP_OK)
        return;
    if (locate(a) != FP_OK)
        decide(a, FP_AUTHENTIC_UNKNOWN, FP_STR("the file ends before its headers do"));
    else if (a->status == FP_OK)
        release_head(a);
}

static fp_status end(fp_authentic *a, bool complete, fp_authenticity *out)
{
    fp_authenticity found = {0};
    settle_head(a);
    if (a->status != FP_OK)
        return a->status;
    found.carrier = a->carrier == NULL ? NULL : a->carrier->name;
    if (a->stage == STAGE_DECIDED || a->carrier == NULL) { /* without a carrier it always is */
        found.result = a->decided;
        found.reason = a->reason;
    } else if (!complete) {
        found.reason = FP_STR("the file was not read to its end");
    } else {
        const fp_status status = conclude(a, &found);
        if (status != FP_OK)
            return status;
    }
    *out = found;
    return FP_OK;
}

fp_status fp_authentic_end(fp_authentic *a, bool complete, fp_authenticity *out, fp_diag *d)
{
    const fp_status status = end(a, complete, out);
    if (status != FP_OK)
        fp_diag_set(d, status, "authentic", a->at, "the signature could not be examined: %s",
                    fp_status_name(status));
    fp_digest_free(a->sha1);
    fp_digest_free(a->sha256);
    fp_trust_free(a->nobody);
    free(a->head);
    free(a);
    return status;
}

fp_status fp_authentic_span(fp_span file, const fp_authentic_policy *policy, fp_arena *arena,
                            fp_authenticity *out, fp_diag *d)
{
    fp_authentic *a = fp_authentic_begin(policy, arena);
    if (a == NULL)
        return fp_fail(d, FP_NOMEM, "authentic", 0, "no memory");
    fp_authentic_feed(a, file);
    return fp_authentic_end(a, true, out, d);
}
