/* SPDX-License-Identifier: MIT */
/*
 * A signature alone: SpcIndirectData, PKCS #7, time stamps, certificates. First byte: what carries
 * it; the rest: its DER. What must hold: it is valid only for the one file that was really signed,
 * by the one who signed it.
 */
#include "verify/authentic/signature.h"

#include "tests/verify/fuzz_authentic.h"

#include <string.h>

enum { BUDGET = 4 << 20 };

/* Beginnings that a carrier is recognised by. */
static const fp_carrier *carrier(bool executable)
{
    static const uint8_t pe[68] = {[0] = 'M', [1] = 'Z', [60] = 64, [64] = 'P', [65] = 'E'};
    return fp_carrier_of(executable ? fp_span_of(pe, sizeof pe) : fp_span_of("MSCF", 4));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    uint8_t sha1[FP_SHA1_SIZE];
    uint8_t sha256[FP_SHA256_SIZE];
    memset(sha1, 0x11, sizeof sha1);
    memset(sha256, 0x25, sizeof sha256);
    const fp_authentic_policy policy = {.trust = believed(), .now = INT64_C(1795348800000)};
    const fp_signature_question question = {.carrier = carrier((data[0] & 1) != 0),
                                            .policy = &policy,
                                            .pkcs7 = fp_span_of(data + 1, size - 1),
                                            .sha1 = sha1,
                                            .sha256 = sha256,
                                            .ends_well = true,
                                            .extent_agrees = true};
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_authentic_signature got;
    fp_attribute nested;
    require(fp_signature_examine(&question, arena, &got, &nested) == FP_OK);
    require(nested.value_count <= FP_ATTRIBUTE_VALUES_MAX);
    require((got.failed == FP_CHECK_COUNT) == (got.result == FP_AUTHENTIC_VALID));
    if (got.result == FP_AUTHENTIC_VALID) {
        require(got.has_root && got.digest_size == FP_SHA256_SIZE);
        require(memcmp(got.digest, sha256, sizeof sha256) == 0);
        require(fp_str_eq(got.signer.common_name, FP_STR("Seed Publisher")));
        require(fp_str_eq(got.root.common_name, FP_STR("Seed Root")));
    }
    fp_arena_free(arena);
    return 0;
}
