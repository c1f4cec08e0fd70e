/* SPDX-License-Identifier: MIT */
/*
 * Makes keys in PEM for tests. Ed25519 keys come from a seed, so that every run has the same; their
 * key ids are therefore the same too. Texts are the caller's to free; a failure aborts: this is
 * test code.
 */
#ifndef FP_TESTS_KEY_BUILDER_H
#define FP_TESTS_KEY_BUILDER_H

#include "verify/attest/key.h"

/* PKCS#8, 32 bytes of `seed` hex digits. */
char *key_pem_private(const char *seed);
char *key_pem_public(const char *seed);
/* PKCS#8, encrypted with PBES2 and AES-256; `rounds` of PBKDF2. */
char *key_pem_encrypted(const char *seed, const char *phrase, int rounds);
/* Says that it takes so many rounds, and cannot be decrypted. */
char *key_pem_claiming(const char *seed, int rounds);
/* Encrypted with scrypt, and with the scheme of PKCS#12 (3DES). */
char *key_pem_scrypt(const char *seed, const char *phrase);
char *key_pem_old_scheme(const char *seed, const char *phrase);
/* A key of another kind ("RSA", "EC", "X25519", "ED448"): its halves. */
char *key_pem_other_private(const char *kind);
char *key_pem_other_public(const char *kind);
/* The same for a kind that has a form of its own ("RSA PRIVATE KEY"). */
char *key_pem_traditional(const char *kind);

/* Two seeds of RFC 8032, 7.1. */
#define KEY_SEED_ONE "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
#define KEY_SEED_TWO "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"

#endif
