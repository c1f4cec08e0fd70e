/* SPDX-License-Identifier: MIT */
/*
 * Digest and signature algorithms by their object identifiers (RFC 3279, 4055, 5754; FIPS 180-4).
 * What is not in these tables is unknown, and nothing signed with it is believed.
 */
#ifndef FP_AUTHENTIC_ALGORITHM_H
#define FP_AUTHENTIC_ALGORITHM_H

#include "verify/authentic/der.h"

enum { FP_HASH_SIZE_MAX = 64 };

typedef enum fp_hash {
    FP_HASH_UNKNOWN = 0,
    FP_HASH_MD5,
    FP_HASH_SHA1,
    FP_HASH_SHA256,
    FP_HASH_SHA384,
    FP_HASH_SHA512
} fp_hash;

typedef enum fp_scheme { /* of a public key */
                         FP_SCHEME_UNKNOWN = 0,
                         FP_SCHEME_RSA, /* PKCS #1 v1.5 */
                         FP_SCHEME_ECDSA
} fp_scheme;

typedef struct fp_signing {
    fp_scheme scheme;
    fp_hash hash; /* FP_HASH_UNKNOWN: the identifier names the key only */
} fp_signing;

const char *fp_hash_name(fp_hash hash); /* "SHA-256"; "an unknown digest" */
size_t fp_hash_size(fp_hash hash);      /* bytes; 0 for FP_HASH_UNKNOWN */
bool fp_hash_is_weak(fp_hash hash);     /* collisions are known: MD5, SHA-1 */

/* AlgorithmIdentifier at `r`; a malformed one fails the reader. Parameters must be absent or NULL.
 */
fp_hash fp_hash_read(fp_reader *r);
/* The same for a signature; the parameters of a bare key's identifier are not looked at. */
fp_signing fp_signing_read(fp_reader *r);

#endif
