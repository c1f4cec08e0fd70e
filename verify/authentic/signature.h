/* SPDX-License-Identifier: MIT */
/*
 * One Authenticode signature against the digests of the file that carries it: every check of
 * fp_authentic_check in order. All of them are made, so that a report can say whose signature it is
 * that does not hold; the first that fails gives the result.
 */
#ifndef FP_AUTHENTIC_SIGNATURE_H
#define FP_AUTHENTIC_SIGNATURE_H

#include "verify/authentic/authentic.h"
#include "verify/authentic/carrier.h"

typedef struct fp_signature_question {
    const fp_carrier *carrier;
    const fp_authentic_policy *policy; /* its trust is never NULL here */
    fp_span pkcs7;
    const uint8_t *sha1; /* Authenticode digests of the file; NULL: not computed */
    const uint8_t *sha256;
    bool ends_well;     /* the file was read to its end, and it ends where the signature does */
    bool extent_agrees; /* fp_layout */
} fp_signature_question;

/* Which digests of the file fp_signature_examine will ask for, of this signature and of those
 * nested in it: bit 1 << FP_HASH_SHA1 and so on. What cannot be read asks for none. */
unsigned fp_signature_digests(fp_span pkcs7);
/*
 * *nested: further signatures stored inside this one, not examined here (value_count 0: none).
 * FP_OK with any result; FP_NOMEM, FP_CRYPTO. *out lives in `arena`.
 */
FP_MUST_CHECK fp_status fp_signature_examine(const fp_signature_question *question, fp_arena *arena,
                                             fp_authentic_signature *out, fp_attribute *nested);

#endif
