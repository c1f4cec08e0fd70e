/* SPDX-License-Identifier: MIT */
/*
 * Ed25519 keys (RFC 8032) from PEM: a private key as PKCS#8 (RFC 5958), encrypted or not, a public
 * one as SubjectPublicKeyInfo (RFC 8410). That is what `openssl genpkey -algorithm ed25519` and
 * `openssl pkey -pubout` write. Other kinds of keys are refused by name. OpenSSL's types stay
 * inside key.c.
 *
 * Of a file with a key in it nothing else is taken: a second PEM block is refused, since it would
 * have to be guessed which one is meant.
 */
#ifndef FP_ATTEST_KEY_H
#define FP_ATTEST_KEY_H

#include "inventory/base/digest.h"

enum {
    FP_KEY_FILE_MAX = 64 * 1024, /* bytes of PEM */
    FP_PASSPHRASE_MAX = 1024,    /* bytes */
    /* PBKDF2 (RFC 8018): a key that asks for more would take minutes to open. OpenSSL's own default
     * is 2048. */
    FP_KEY_ITERATIONS_MAX = 10 * 1000 * 1000,
    FP_SIGNATURE_SIZE = 64 /* bytes */
};

typedef struct fp_key fp_key;

/*
 * Writes the pass phrase into `out`, which has room for FP_PASSPHRASE_MAX bytes and is wiped by the
 * caller; its size into *size. Called only for a key that is encrypted. Anything but FP_OK is what
 * the reading of the key then says too.
 */
typedef fp_status fp_passphrase_fn(void *context, char *out, size_t *size, fp_diag *d);

/*
 * Module "key". FP_NOT_FOUND: no PEM in it; FP_FORMAT: damaged, more than one PEM, or a wrong pass
 * phrase; FP_UNSUPPORTED: a key of another kind or encrypted otherwise, or the other half;
 * FP_LIMIT; FP_NOMEM; FP_CRYPTO. *out is freed by fp_key_free.
 */
FP_MUST_CHECK fp_status fp_key_read_private(fp_span pem, fp_passphrase_fn *ask, void *context,
                                            fp_key **out, fp_diag *d);
FP_MUST_CHECK fp_status fp_key_read_public(fp_span pem, fp_key **out, fp_diag *d);
void fp_key_free(fp_key *key); /* NULL is fine; the private half is wiped */

/* SHA-256 of the public half's SubjectPublicKeyInfo in DER, 64 hex digits: of both halves the same.
 * Lives as long as the key. */
const char *fp_key_id(const fp_key *key);

/* FP_CRYPTO, FP_NOMEM. `key` has the private half. */
FP_MUST_CHECK fp_status fp_key_sign(const fp_key *key, fp_span bytes,
                                    uint8_t out[FP_SIGNATURE_SIZE]);
/* *holds: did this key sign these bytes? Not when `signature` is not FP_SIGNATURE_SIZE long.
 * FP_CRYPTO, FP_NOMEM: nobody knows. */
FP_MUST_CHECK fp_status fp_key_verify(const fp_key *key, fp_span bytes, fp_span signature,
                                      bool *holds);

#endif
