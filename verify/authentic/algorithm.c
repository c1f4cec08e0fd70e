/* SPDX-License-Identifier: MIT */
#include "verify/authentic/algorithm.h"

typedef struct hash_row {
    fp_oid id;
    fp_hash hash;
} hash_row;

static const hash_row HASHES[] = {
    {{8, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x02, 0x05}}, FP_HASH_MD5},
    {{5, {0x2B, 0x0E, 0x03, 0x02, 0x1A}}, FP_HASH_SHA1},
    {{9, {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01}}, FP_HASH_SHA256},
    {{9, {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02}}, FP_HASH_SHA384},
    {{9, {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03}}, FP_HASH_SHA512},
};

typedef struct signing_row {
    fp_oid id;
    fp_signing signing;
} signing_row;

static const signing_row SIGNINGS[] = {
    /* rsaEncryption, md5With..., sha1With..., sha256With..., sha384With..., sha512WithRSAEncryption
     */
    {{9, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01}}, {FP_SCHEME_RSA, FP_HASH_UNKNOWN}},
    {{9, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x04}}, {FP_SCHEME_RSA, FP_HASH_MD5}},
    {{9, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x05}}, {FP_SCHEME_RSA, FP_HASH_SHA1}},
    {{9, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B}}, {FP_SCHEME_RSA, FP_HASH_SHA256}},
    {{9, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0C}}, {FP_SCHEME_RSA, FP_HASH_SHA384}},
    {{9, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0D}}, {FP_SCHEME_RSA, FP_HASH_SHA512}},
    /* id-ecPublicKey, ecdsa-with-SHA1, -SHA256, -SHA384, -SHA512 */
    {{7, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01}}, {FP_SCHEME_ECDSA, FP_HASH_UNKNOWN}},
    {{7, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01}}, {FP_SCHEME_ECDSA, FP_HASH_SHA1}},
    {{8, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02}}, {FP_SCHEME_ECDSA, FP_HASH_SHA256}},
    {{8, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03}}, {FP_SCHEME_ECDSA, FP_HASH_SHA384}},
    {{8, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x04}}, {FP_SCHEME_ECDSA, FP_HASH_SHA512}},
};

const char *fp_hash_name(fp_hash hash)
{
    static const char *const names[] = {"an unknown digest", "MD5",     "SHA-1",
                                        "SHA-256",           "SHA-384", "SHA-512"};
    return names[hash];
}

size_t fp_hash_size(fp_hash hash)
{
    static const uint8_t sizes[] = {0, 16, 20, 32, 48, 64};
    return sizes[hash];
}

bool fp_hash_is_weak(fp_hash hash)
{
    return hash == FP_HASH_MD5 || hash == FP_HASH_SHA1;
}

/* AlgorithmIdentifier ::= SEQUENCE { algorithm OID, parameters ANY OPTIONAL } */
static fp_span read_identifier(fp_reader *r, bool *plain)
{
    fp_reader inside = fp_der_enter(r, FP_DER_SEQUENCE);
    const fp_der id = fp_der_read(&inside, FP_DER_OID);
    *plain = true;
    if (fp_reader_left(&inside) > 0) {
        const fp_der parameters = fp_der_next(&inside);
        *plain = parameters.tag == FP_DER_NULL && parameters.content.size == 0;
    }
    if (!fp_der_done(&inside))
        r->failed = true;
    return id.content;
}

fp_hash fp_hash_read(fp_reader *r)
{
    bool plain;
    const fp_span id = read_identifier(r, &plain);
    for (size_t i = 0; plain && i < sizeof HASHES / sizeof HASHES[0]; i++) {
        if (fp_oid_is(id, &HASHES[i].id))
            return HASHES[i].hash;
    }
    return FP_HASH_UNKNOWN;
}

fp_signing fp_signing_read(fp_reader *r)
{
    bool plain;
    const fp_span id = read_identifier(r, &plain);
    for (size_t i = 0; i < sizeof SIGNINGS / sizeof SIGNINGS[0]; i++) {
        const signing_row *row = &SIGNINGS[i];
        if (fp_oid_is(id, &row->id) && (plain || row->signing.hash == FP_HASH_UNKNOWN))
            return row->signing;
    }
    return (fp_signing){0};
}
