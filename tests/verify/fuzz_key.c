/* SPDX-License-Identifier: MIT */
/* PEM as a private and as a public key: what is taken is an Ed25519 key that signs, and nothing is
 * both halves. */
#include "verify/attest/key.h"

#include "tests/support/fuzz.h"

#include <string.h>

/* The pass phrase of the seeds. */
static fp_status answer(void *context, char *out, size_t *size, fp_diag *d)
{
    (void)d;
    bool *asked = context;
    require(!*asked);
    *asked = true;
    out[0] = 'p';
    *size = 1;
    return FP_OK;
}

static void check_id(const fp_key *key)
{
    uint8_t digest[FP_SHA256_SIZE];
    require(fp_unhex(fp_str_of(fp_key_id(key)), sizeof digest, digest));
}

static void check_private(const fp_key *key)
{
    uint8_t signature[FP_SIGNATURE_SIZE];
    const fp_span message = fp_span_of("message", 7);
    bool holds = false;
    check_id(key);
    require(fp_key_sign(key, message, signature) == FP_OK);
    require(fp_key_verify(key, message, fp_span_of(signature, sizeof signature), &holds) == FP_OK);
    require(holds);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fp_key *private = NULL;
    fp_key *public = NULL;
    fp_diag d = {0};
    bool asked = false;
    fp_status status = fp_key_read_private(fp_span_of(data, size), answer, &asked, &private, &d);
    require(status == d.status && (status == FP_OK) == (private != NULL));
    d = (fp_diag){0};
    status = fp_key_read_public(fp_span_of(data, size), &public, &d);
    require(status == d.status && (status == FP_OK) == (public != NULL));
    require(private == NULL || public == NULL);
    if (private != NULL)
        check_private(private);
    if (public != NULL)
        check_id(public);
    fp_key_free(private);
    fp_key_free(public);
    return 0;
}
