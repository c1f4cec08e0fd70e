/* SPDX-License-Identifier: MIT */
/*
 * SHA-1 and SHA-256 of a stream, through libcrypto. OpenSSL's types stay inside digest.c.
 */
#ifndef FP_BASE_DIGEST_H
#define FP_BASE_DIGEST_H

#include "inventory/base/text.h"

enum { FP_SHA1_SIZE = 20, FP_SHA256_SIZE = 32, FP_SHA256_HEX_SIZE = 2 * FP_SHA256_SIZE + 1 };

typedef enum fp_digest_kind { FP_SHA1, FP_SHA256 } fp_digest_kind;
typedef struct fp_digest fp_digest;

/* NULL when libcrypto refuses. Freed by fp_digest_free or fp_digest_finish. */
FP_MUST_CHECK fp_digest *fp_digest_new(fp_digest_kind kind);
/* The same, computed by a thread of its own if one can be had: the bytes of an update then stay as
 * they are until the next call with this digest has returned. */
FP_MUST_CHECK fp_digest *fp_digest_new_beside(fp_digest_kind kind);
/* The first failure sticks and is told by fp_digest_finish. */
void fp_digest_update(fp_digest *digest, fp_span bytes);
/* All bytes were taken: they are the caller's again. */
void fp_digest_settle(fp_digest *digest);
/* Writes exactly the kind's size to `out` and frees `digest`; FP_CRYPTO when anything failed. */
FP_MUST_CHECK fp_status fp_digest_finish(fp_digest *digest, uint8_t *out);
void fp_digest_free(fp_digest *digest); /* NULL is fine */

FP_MUST_CHECK fp_status fp_digest_span(fp_digest_kind kind, fp_span bytes, uint8_t *out);

/* Lower-case hex of `size` bytes, NUL-terminated: `out` holds 2 * size + 1. */
void fp_hex(const uint8_t *bytes, size_t size, char *out);
/* The same in the arena. FP_NOMEM. */
FP_MUST_CHECK fp_status fp_hex_text(const uint8_t *bytes, size_t size, fp_arena *arena,
                                    fp_str *out);
/* The SHA-256 of these bytes so. FP_CRYPTO, FP_NOMEM. */
FP_MUST_CHECK fp_status fp_sha256_text(fp_span bytes, fp_arena *arena, fp_str *out);
/* The `size` bytes that these digits, in either case, are all of. */
FP_MUST_CHECK bool fp_unhex(fp_str digits, size_t size, uint8_t *out);

#endif
