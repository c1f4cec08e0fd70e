/* SPDX-License-Identifier: MIT */
/*
 * An envelope: whatever is read is written and read again as the same bytes. One that the key of
 * the seeds verifies holds the payload of the seeds: nobody else has that key.
 */
#include "tests/support/fuzz.h"
#include "tests/support/key_builder.h"

#include "verify/attest/envelope.h"

#include <stdlib.h>
#include <string.h>

enum { BUDGET = 16 << 20 };

static const fp_key *seed_key(void)
{
    static fp_key *key; /* kept for the next input */
    if (key == NULL) {
        char *pem = key_pem_public(KEY_SEED_ONE);
        require(fp_key_read_public(fp_span_of(pem, strlen(pem)), &key, NULL) == FP_OK);
        free(pem);
    }
    return key;
}

static bool same(fp_span a, fp_span b)
{
    return fp_str_eq(fp_str_from_span(a), fp_str_from_span(b));
}

static void check_again(const fp_envelope *envelope, fp_arena *arena)
{
    fp_out out = {0};
    fp_envelope again;
    require(fp_envelope_write(envelope, arena, &out) == FP_OK);
    require(fp_envelope_read(fp_span_of(out.data, out.size), arena, &again, NULL) == FP_OK);
    fp_out_free(&out);
    require(fp_str_eq(again.payload_type, envelope->payload_type));
    require(same(again.payload, envelope->payload));
    require(again.signature_count == envelope->signature_count);
    for (size_t i = 0; i < again.signature_count; i++) {
        require(fp_str_eq(again.signatures[i].key_id, envelope->signatures[i].key_id));
        require(same(again.signatures[i].bytes, envelope->signatures[i].bytes));
    }
}

static void check_signatures(fp_envelope *envelope, fp_arena *arena)
{
    bool good = false;
    bool any = false;
    require(fp_envelope_verify(envelope, seed_key(), arena, &good) == FP_OK);
    for (size_t i = 0; i < envelope->signature_count; i++) {
        const fp_envelope_signature *s = &envelope->signatures[i];
        any = any || s->state == FP_SIGNATURE_GOOD;
        require(s->state != FP_SIGNATURE_GOOD || s->bytes.size == FP_SIGNATURE_SIZE);
    }
    require(any == good);
    require(!good || (fp_str_eq(envelope->payload_type, FP_STR("application/vnd.seed+json")) &&
                      fp_str_eq(fp_str_from_span(envelope->payload), FP_STR("{\"seed\": 1}"))));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_envelope envelope;
    fp_diag d = {0};
    require(arena != NULL);
    const fp_status status = fp_envelope_read(fp_span_of(data, size), arena, &envelope, &d);
    require(status == d.status);
    if (status == FP_OK) {
        check_again(&envelope, arena);
        check_signatures(&envelope, arena);
    }
    fp_arena_free(arena);
    return 0;
}
