/* SPDX-License-Identifier: MIT */
#include "verify/decide/digests.h"

void fp_digests_check(fp_form *form, const fp_place *at, const fp_texts *digests)
{
    if (digests->at != NULL && digests->count == 0)
        fp_form_error(form, at, "must hold at least one digest");
    for (size_t i = 0; digests->at != NULL && i < digests->count; i++) {
        const fp_place here = fp_place_index(at, i);
        (void)fp_form_sha256(form, &here, digests->at[i]);
    }
}

static bool is_listed(const fp_texts *listed, const char *hex)
{
    for (size_t i = 0; i < listed->count; i++)
        if (fp_str_ieq(listed->at[i], fp_str_of(hex)))
            return true;
    return false;
}

fp_tri fp_digests_ask(const fp_texts *listed, const uint8_t *sha256, const fp_test_context *context,
                      fp_origin origin, fp_test_result *out)
{
    char hex[FP_SHA256_HEX_SIZE];
    if (sha256 == NULL) {
        fp_observe(&out->observations, context->arena, origin, "not all of it could be read");
        fp_test_doubt(out, FP_WHY_UNREADABLE);
        return FP_UNKNOWN;
    }
    fp_hex(sha256, FP_SHA256_SIZE, hex);
    const bool known = is_listed(listed, hex);
    fp_observe(&out->observations, context->arena, origin, "SHA-256 %s: %s", hex,
               known ? "one that the advisory lists" : "none that the advisory lists");
    return fp_tri_of(known);
}
