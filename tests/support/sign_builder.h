/* SPDX-License-Identifier: MIT */
/*
 * Makes certificates and Authenticode signatures for tests: a good one by default, with one thing
 * broken on request, down to what no signing tool would write. Memory comes from the arena given; a
 * failure aborts: this is test code.
 */
#ifndef FP_TESTS_SIGN_BUILDER_H
#define FP_TESTS_SIGN_BUILDER_H

#include "verify/authentic/algorithm.h"
#include "verify/authentic/authentic.h"

typedef struct sign_identity sign_identity; /* a certificate and its key */

typedef struct sign_person {
    const char *name;                /* common name */
    const char *organization;        /* or NULL */
    const char *second_organization; /* or NULL */
    const char *key_usage;           /* NULL: what it needs */
    const sign_identity *issuer;     /* NULL: self-signed */
    bool authority;
    const char *usage; /* extended key usage as OpenSSL names it, or NULL: no such extension */
    int from_year;     /* valid from its first day ... */
    int to_year;       /* ... to this one's first day; 0: 2000 to 2090 */
    int rsa_bits;      /* 0: an EC key on P-256 */
    bool sha1;         /* the certificate is signed with SHA-1 */
} sign_person;

sign_identity *sign_identity_new(const sign_person *person);
void sign_identity_free(sign_identity *identity);
/* The certificate, in the arena. */
fp_span sign_pem(const sign_identity *identity, fp_arena *arena);
fp_span sign_der(const sign_identity *identity, fp_arena *arena);

typedef enum sign_flaw {
    SIGN_SOUND = 0,
    /* of the structure */
    SIGN_TRAILING_BYTES, /* one more element behind the SignedData, in its place */
    SIGN_LONG_LENGTH,    /* a length in more bytes than it needs */
    SIGN_INDEFINITE,     /* BER's indefinite length */
    SIGN_NO_SIGNER,
    SIGN_TWO_SIGNERS,
    SIGN_NO_SIGNED_ATTRIBUTES,
    SIGN_OTHER_SET_DIGEST, /* digestAlgorithms names another digest than the signer */
    /* of the content */
    SIGN_OTHER_CONTENT_TYPE,
    SIGN_OTHER_DATA_TYPE, /* of the other carrier */
    SIGN_NO_DATA_TYPE,
    SIGN_LONG_DIGEST, /* of the file, one byte longer than its algorithm's */
    SIGN_SHORT_DIGEST,
    SIGN_EMPTY_DIGEST,
    SIGN_HUGE_DIGEST,       /* 4096 bytes */
    SIGN_DEEP_VALUE,        /* a thousand elements inside each other */
    SIGN_CONTENT_TAIL,      /* one more element in SpcIndirectData */
    SIGN_OTHER_FILE_DIGEST, /* another file's */
    SIGN_OTHER_FILE_HASH,   /* SHA-1 of the file in a signature with SHA-256 */
    SIGN_MD5,
    /* of the signer's part */
    SIGN_OTHER_ATTRIBUTE_TYPE, /* the contentType attribute */
    SIGN_NO_MESSAGE_DIGEST,
    SIGN_TWO_MESSAGE_DIGESTS, /* two attributes */
    SIGN_TWO_DIGEST_VALUES,   /* one attribute, two values */
    SIGN_OTHER_MESSAGE_DIGEST,
    SIGN_SHORT_MESSAGE_DIGEST,
    SIGN_OTHER_SIGNING_HASH, /* the signature's algorithm names another digest */
    SIGN_OTHER_SCHEME,       /* RSA for an EC key */
    SIGN_UNKNOWN_SCHEME,
    SIGN_ALTERED_SIGNATURE,
    SIGN_EMPTY_SIGNATURE,
    SIGN_NO_CERTIFICATE,
    SIGN_OTHER_SERIAL,        /* the signer names a certificate that is not there */
    SIGN_DAMAGED_CERTIFICATE, /* of the authorities */
    SIGN_MANY_CERTIFICATES,
    /* of a time stamp */
    SIGN_STAMP_OTHER_SIGNATURE, /* it is about another signature */
    SIGN_STAMP_ALTERED,
    SIGN_STAMP_NOT_NAMED, /* no signing-certificate attribute */
    SIGN_STAMP_OTHER_NAMED,
    SIGN_STAMP_BAD_TIME,
    SIGN_STAMP_TWICE, /* the attribute, not the value */
    SIGN_STAMP_EMPTY  /* an attribute without a value */
} sign_flaw;

enum { SIGN_CHAIN_MAX = 4 };

typedef struct sign_stamp {
    fp_stamp_kind kind;
    const sign_identity *signer;
    const sign_identity *chain[SIGN_CHAIN_MAX]; /* authorities to put in; NULL ends */
    const char *time;                           /* GeneralizedTime; NULL: 20210601120000Z */
    bool sha1;
} sign_stamp;

typedef struct sign_plan {
    const sign_identity *signer;
    const sign_identity *chain[SIGN_CHAIN_MAX];
    fp_hash hash; /* FP_HASH_UNKNOWN: SHA-256 */
    bool link;    /* the data type that Microsoft's cabinets carry */
    sign_stamp stamp;
    const struct sign_plan *nested;
    sign_flaw flaw;
} sign_plan;

/* A file of either kind, signed; with `signature` != NULL these bytes instead of what the plan
 * says. The file's content depends on `seed`. */
fp_span sign_cabinet(const sign_plan *plan, uint8_t seed, fp_arena *arena);
fp_span sign_executable(const sign_plan *plan, bool plus, uint8_t seed, fp_arena *arena);
/* The PKCS #7 alone, for a file with this digest. */
fp_span sign_pkcs7(const sign_plan *plan, bool executable, const uint8_t sha1[FP_SHA1_SIZE],
                   const uint8_t sha256[FP_SHA256_SIZE], fp_arena *arena);
/* Both around a given PKCS #7; padded to eight bytes with zeros. */
fp_span sign_put_in_cabinet(fp_span pkcs7, uint8_t seed, fp_arena *arena);
fp_span sign_put_in_executable(fp_span pkcs7, bool plus, uint8_t seed, fp_arena *arena);

/* One DER element around the parts, in the arena. */
fp_span sign_element(fp_arena *arena, unsigned tag, const fp_span *parts, size_t count);

#endif
