/* SPDX-License-Identifier: MIT */
/*
 * Base64 (RFC 4648), in which bytes have one text and a text has one meaning: padded to its end
 * (section 3.2), no line break or other character (3.3), no bit set that decodes to nothing (3.5).
 * Two texts of the same bytes would be two envelopes with the same signature.
 *
 * Both alphabets are read, as DSSE asks of those who verify; a text is in one of them.
 */
#ifndef FP_ATTEST_BASE64_H
#define FP_ATTEST_BASE64_H

#include "inventory/base/text.h"

/* FP_FORMAT (module "base64", `where` = offset of the first wrong character), FP_NOMEM. */
FP_MUST_CHECK fp_status fp_base64_decode(fp_str text, fp_arena *arena, fp_span *out, fp_diag *d);
/* In the standard alphabet (section 4). FP_NOMEM. */
FP_MUST_CHECK fp_status fp_base64_encode(fp_span bytes, fp_arena *arena, fp_str *out);

#endif
