/* SPDX-License-Identifier: MIT */
/*
 * A whole file: where its signature stands, its digest, the signature. First byte: the size of the
 * pieces it is fed in; the rest: the file. What must hold: the pieces do not change the answer;
 * without roots nobody is believed; and with them only a file is valid whose digest is one that was
 * really signed, since the key is gone.
 */
#include "verify/authentic/authentic.h"

#include "tests/verify/fuzz_authentic.h"

#include <string.h>

enum { BUDGET = 8 << 20 };
static const fp_time NOW = INT64_C(1795348800000); /* 2026-11-22 */

typedef enum how { IN_ORDER, LOOKED_UP } how; /* fp_authentic_ahead */

static fp_authenticity examine(fp_span file, size_t piece, how way, const fp_trust *trust,
                               fp_arena *arena)
{
    const fp_authentic_policy policy = {.trust = trust, .now = NOW};
    fp_authenticity got = {0};
    fp_authentic *a = fp_authentic_begin(&policy, arena);
    require(a != NULL);
    if (way == LOOKED_UP)
        fp_authentic_ahead(a, fp_paged_of(file));
    for (size_t at = 0; at < file.size;) {
        const size_t left = file.size - at;
        const size_t size = piece == 0 || piece > left ? left : piece;
        fp_authentic_feed(a, fp_span_of(file.data + at, size));
        at += size;
    }
    require(fp_authentic_end(a, true, &got, NULL) == FP_OK);
    return got;
}

static bool was_signed(const uint8_t *sha256)
{
    for (size_t i = 0; i < sizeof SIGNED_DIGESTS; i += FP_SHA256_SIZE) {
        if (memcmp(SIGNED_DIGESTS + i, sha256, FP_SHA256_SIZE) == 0)
            return true;
    }
    return false;
}

static void check_signature(const fp_authentic_signature *s)
{
    require((s->result == FP_AUTHENTIC_VALID) == (s->failed == FP_CHECK_COUNT));
    require((s->reason.size == 0) == (s->result == FP_AUTHENTIC_VALID));
    require(s->digest_size <= FP_SHA256_SIZE);
    require(!s->stamp.believed || s->stamp.time != FP_TIME_NONE);
    require(fp_text_is_utf8(s->signer.subject) && fp_text_is_utf8(s->missing_issuer));
    require(fp_text_is_utf8(s->signer.organization) && fp_text_is_utf8(s->stamp.signer.issuer));
}

static void check(const fp_authenticity *got)
{
    require(got->signature_count <= FP_AUTHENTIC_SIGNATURES_MAX);
    require((got->decisive == NULL) == (got->signature_count == 0));
    require(got->decisive != NULL || got->result <= FP_AUTHENTIC_FORGED);
    for (size_t i = 0; i < got->signature_count; i++)
        check_signature(&got->signatures[i]);
    if (got->result != FP_AUTHENTIC_VALID)
        return;
    require(got->decisive->has_root && got->has_sha256 && was_signed(got->sha256));
    require(fp_str_eq(got->decisive->signer.common_name, FP_STR("Seed Publisher")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const fp_span file = fp_span_of(data + 1, size - 1);
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_authenticity whole = examine(file, 0, IN_ORDER, believed(), arena);
    const size_t piece = data[0] == 0 ? 1 : data[0];
    const fp_authenticity pieces = examine(file, piece, IN_ORDER, believed(), arena);
    const fp_authenticity ahead = examine(file, piece, LOOKED_UP, believed(), arena);
    const fp_authenticity alone = examine(file, 0, IN_ORDER, NULL, arena);
    check(&whole);
    check(&ahead);
    require(whole.result == pieces.result && fp_str_eq(whole.reason, pieces.reason));
    require(memcmp(whole.sha256, pieces.sha256, FP_SHA256_SIZE) == 0);
    require(whole.result == ahead.result && fp_str_eq(whole.reason, ahead.reason));
    require(!ahead.has_sha256 || memcmp(whole.sha256, ahead.sha256, FP_SHA256_SIZE) == 0);
    require(!ahead.has_sha1 || memcmp(whole.sha1, ahead.sha1, FP_SHA1_SIZE) == 0);
    require(alone.result <= FP_AUTHENTIC_UNTRUSTED);
    fp_arena_free(arena);
    return 0;
}
