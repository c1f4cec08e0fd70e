/* SPDX-License-Identifier: MIT */
/*
 * Whom to believe: root certificates from PEM bundles, of which only those count whose SHA-256 is
 * pinned (data/trust/, fixproof/trust/v1): the name in a certificate is anyone's to choose. A pin
 * also names the organisation whose signatures are believed under that root, since an authority
 * issues certificates to others too. OpenSSL's types stay inside verify/authentic.
 */
#ifndef FP_AUTHENTIC_TRUST_H
#define FP_AUTHENTIC_TRUST_H

#include "inventory/base/text.h"

enum {
    FP_TRUST_PINS_MAX = 256,
    FP_TRUST_CERTIFICATES_MAX = 1024, /* of one bundle; a whole system's store has some 150 */
    FP_TRUST_ROOTS_MAX = 4096,        /* believed, of all bundles */
    FP_TRUST_TEXT_MAX = 1024,         /* bytes of one text of the pins */
    FP_TRUST_PUBLISHER_MAX = 128      /* bytes of an organisation's name */
};

typedef struct fp_trust fp_trust;

/* NULL: no memory. Nothing is believed until something is added. */
FP_MUST_CHECK fp_trust *fp_trust_new(void);
void fp_trust_free(fp_trust *trust); /* NULL is fine */

/*
 * Adds the pins of one document; do it before the bundles are added. FP_FORMAT: unknown or missing
 * members, a thumbprint that is not 64 hex digits, one that is there twice; FP_LIMIT, FP_NOMEM.
 * Module "trust", `where` = the row counted from 1; bad JSON is module "json" with its line.
 */
FP_MUST_CHECK fp_status fp_trust_add_pins(fp_trust *trust, fp_span json, fp_diag *d);

typedef struct fp_trust_added { /* certificates of one bundle */
    size_t believed;
    size_t refused;          /* not pinned */
    char refused_first[128]; /* the first refused one's subject, UTF-8 as in the certificate */
} fp_trust_added;

/*
 * Adds a bundle of certificates in PEM. `any_root`: also those that are not pinned. FP_NOT_FOUND:
 * no certificate in it; FP_FORMAT: a damaged one (those before it were added); FP_LIMIT, FP_NOMEM,
 * FP_CRYPTO.
 * Module "pem", `where` = which certificate, counted from 1.
 */
FP_MUST_CHECK fp_status fp_trust_add_pem(fp_trust *trust, fp_span pem, bool any_root,
                                         fp_trust_added *added, fp_diag *d);

/* The certificates believed: how many, and the SHA-256 of each in hex, ascending. */
size_t fp_trust_root_count(const fp_trust *trust);
const char *fp_trust_root(const fp_trust *trust, size_t index);

#endif
