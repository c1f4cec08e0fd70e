/* SPDX-License-Identifier: MIT */
/*
 * DSSE envelopes: bytes of a named type, and signatures of both together.
 *
 * DSSE 1.0.2, https://github.com/secure-systems-lab/dsse: protocol.md (what is signed, PAE; how to
 * verify), envelope.md (the JSON form). Members that it does not name are ignored, as it demands.
 *
 * A key id is a hint and proves nothing (protocol.md, KEYID): every signature that can be one of
 * the key is tried. The payload is decoded once, and what was verified is what the caller reads.
 */
#ifndef FP_ATTEST_ENVELOPE_H
#define FP_ATTEST_ENVELOPE_H

#include "inventory/base/out.h"
#include "verify/attest/key.h"

enum { FP_ENVELOPE_SIGNATURES_MAX = 64 };

typedef enum fp_signature_state {
    FP_SIGNATURE_OTHER = 0, /* of another key: says nothing */
    FP_SIGNATURE_BAD,       /* names this key and was not made by it over this payload */
    FP_SIGNATURE_GOOD       /* made by this key */
} fp_signature_state;

typedef struct fp_envelope_signature {
    fp_str key_id; /* as the signer wrote it, or empty */
    fp_span bytes;
    fp_signature_state state; /* set by fp_envelope_verify */
} fp_envelope_signature;

typedef struct fp_envelope { /* in the arena given */
    fp_str payload_type;
    fp_span payload;
    fp_envelope_signature *signatures;
    size_t signature_count;
} fp_envelope;

/* Module "envelope" or "json" (`where` = line); FP_FORMAT, FP_LIMIT, FP_NOMEM. */
FP_MUST_CHECK fp_status fp_envelope_read(fp_span json, fp_arena *arena, fp_envelope *out,
                                         fp_diag *d);
/* An envelope with one signature, of `key`. FP_CRYPTO, FP_NOMEM. */
FP_MUST_CHECK fp_status fp_envelope_sign(fp_str payload_type, fp_span payload, const fp_key *key,
                                         fp_arena *arena, fp_envelope *out);
/* *good: at least one signature is of `key`. Says of each whose it is. FP_CRYPTO, FP_NOMEM. */
FP_MUST_CHECK fp_status fp_envelope_verify(fp_envelope *envelope, const fp_key *key,
                                           fp_arena *arena, bool *good);
/* FP_NOMEM. */
FP_MUST_CHECK fp_status fp_envelope_write(const fp_envelope *envelope, fp_arena *arena,
                                          fp_out *out);

#endif
