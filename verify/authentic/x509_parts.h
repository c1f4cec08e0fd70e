/* SPDX-License-Identifier: MIT */
/*
 * What the files of this folder share that is made of OpenSSL's types. Nobody outside includes it.
 * A function that answers FP_CRYPTO or FP_NOMEM did not run; everything about the input is a
 * result.
 */
#ifndef FP_AUTHENTIC_X509_PARTS_H
#define FP_AUTHENTIC_X509_PARTS_H

#include "verify/authentic/authentic.h"
#include "verify/authentic/signed_data.h"

#include <openssl/x509.h>

/* ---- trust.c ---- */

typedef struct fp_pin {
    uint8_t sha256[FP_SHA256_SIZE];
    bool legacy; /* of use for old files only: a chain that ends here is weak */
    char publisher[FP_TRUST_PUBLISHER_MAX]; /* the organisation that signs under it, UTF-8 */
    size_t publisher_size;
} fp_pin;

struct fp_trust {
    fp_pin pins[FP_TRUST_PINS_MAX];
    size_t pin_count;
    X509_STORE *store;                                  /* the believed roots */
    char roots[FP_TRUST_ROOTS_MAX][FP_SHA256_HEX_SIZE]; /* their thumbprints, ascending */
    size_t root_count;
};

/* The pin of this certificate, or NULL. */
const fp_pin *fp_trust_pin(const fp_trust *trust, X509 *certificate);

/* ---- certificate.c ---- */

/* The X.509 certificates of a SignedData that can be read, in its order. */
typedef struct fp_bag {
    X509 *at[FP_CERTIFICATES_MAX];
    fp_span raw[FP_CERTIFICATES_MAX];
    size_t count;
    bool damaged; /* there are others */
} fp_bag;

void fp_bag_open(const fp_signed_data *data, fp_bag *out);
void fp_bag_close(fp_bag *bag);
/* The certificate that the signer names, or NULL; owned by the bag. */
X509 *fp_bag_find(const fp_bag *bag, const fp_signer_info *signer);

FP_MUST_CHECK fp_status fp_certificate_describe(X509 *certificate, fp_arena *arena,
                                                fp_authentic_certificate *out);
FP_MUST_CHECK fp_status fp_name_text(const X509_NAME *name, fp_arena *arena, fp_str *out);

/* ---- signer.c ---- */

/* `prefix` then `bytes`; `out` holds FP_HASH_SIZE_MAX. FP_CRYPTO also for FP_HASH_UNKNOWN. */
FP_MUST_CHECK fp_status fp_hash_bytes(fp_hash hash, fp_span prefix, fp_span bytes, uint8_t *out);
/* Do the signed attributes name this content type and its digest? */
FP_MUST_CHECK fp_status fp_signer_covers(const fp_signer_info *signer, fp_span content_type,
                                         fp_span content, bool *covers);
/* Did the certificate's key sign the signed attributes, with the algorithms that are named? */
FP_MUST_CHECK fp_status fp_signer_verify(const fp_signer_info *signer, X509 *certificate,
                                         bool *holds);
/* Is the digest known, and does the signature's algorithm agree with it? */
bool fp_signer_agrees(const fp_signer_info *signer);

/* ---- chain.c ---- */

typedef enum fp_usage { FP_USAGE_CODE_SIGNING, FP_USAGE_TIME_STAMPING } fp_usage;

typedef enum fp_chain_state {
    FP_CHAIN_UNKNOWN = 0,
    FP_CHAIN_UNTRUSTED,
    FP_CHAIN_WRONG_USAGE,
    FP_CHAIN_OUT_OF_TIME, /* believed, but not at that time */
    FP_CHAIN_GOOD
} fp_chain_state;

typedef struct fp_chain {
    fp_chain_state state;
    fp_str reason;
    fp_str missing_issuer; /* FP_CHAIN_UNTRUSTED for want of this certificate */
    fp_str weakness;       /* FP_CHAIN_GOOD: what is weak in it, or empty */
    fp_str publisher;      /* the root's pin names this organisation; empty: it is not pinned */
    bool has_root;
    fp_authentic_certificate root;
    bool lifetime; /* the leaf's signatures end with it, time stamp or not */
} fp_chain;

/* From `leaf` through `bag` to a root of `trust`, at time `at`. */
FP_MUST_CHECK fp_status fp_chain_check(const fp_trust *trust, X509 *leaf, const fp_bag *bag,
                                       fp_usage usage, fp_time at, fp_arena *arena, fp_chain *out);

/* ---- stamp.c ---- */

typedef struct fp_stamp_question {
    const fp_trust *trust;
    fp_span signature; /* the octets that were stamped */
    const fp_bag *bag; /* of the stamped signature: a legacy stamp's certificates are there */
    fp_der value;      /* of the attribute */
    fp_stamp_kind kind;
} fp_stamp_question;

typedef struct fp_stamp_answer {
    bool holds;    /* it is about this signature, and its signer signed it */
    fp_str reason; /* why not, or why it is not believed */
    fp_str weakness;
    fp_authentic_stamp stamp;
} fp_stamp_answer;

FP_MUST_CHECK fp_status fp_stamp_check(const fp_stamp_question *question, fp_arena *arena,
                                       fp_stamp_answer *out);

#endif
