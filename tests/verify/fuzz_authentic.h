/* SPDX-License-Identifier: MIT */
/* What the targets about signatures believe: the root below which make_sign_seeds signed. */
#ifndef FP_TESTS_FUZZ_AUTHENTIC_H
#define FP_TESTS_FUZZ_AUTHENTIC_H

#include "tests/support/fuzz.h"
#include "verify/authentic/trust.h"

#include "tests/verify/fuzz_authentic_facts.inc"

static inline fp_trust *believed(void)
{
    static fp_trust *trust; /* kept for the next input */
    fp_trust_added added;
    if (trust == NULL) {
        trust = fp_trust_new();
        require(fp_trust_add_pem(trust, fp_span_of(ROOT_PEM, sizeof ROOT_PEM), true, &added,
                                 NULL) == FP_OK);
    }
    return trust;
}

#endif
