/* SPDX-License-Identifier: MIT */
/*
 * Files that an advisory knows by their SHA-256: "sha256": ["0123...", ...].
 */
#ifndef FP_DECIDE_DIGESTS_H
#define FP_DECIDE_DIGESTS_H

#include "verify/decide/test.h"

/* Is each of them the hexadecimal digits of a SHA-256, and is there one? Else told to the form. */
void fp_digests_check(fp_form *form, const fp_place *at, const fp_texts *digests);
/* TRUE: `sha256` is one that the advisory lists; FALSE: it is none of them; UNKNOWN: NULL, not all
 * of the file could be read. What was seen becomes an observation. */
fp_tri fp_digests_ask(const fp_texts *listed, const uint8_t *sha256, const fp_test_context *context,
                      fp_origin origin, fp_test_result *out);

#endif
