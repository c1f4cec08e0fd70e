/* SPDX-License-Identifier: MIT */
#include "verify/authentic/x509_parts.h"

#include <openssl/evp.h>

static const EVP_MD *digest_of(fp_hash hash)
{
    switch (hash) {
    case FP_HASH_MD5:
        return EVP_md5();
    case FP_HASH_SHA1:
        return EVP_sha1();
    case FP_HASH_SHA256:
        return EVP_sha256();
    case FP_HASH_SHA384:
        return EVP_sha384();
    case FP_HASH_SHA512:
        return EVP_sha512();
    case FP_HASH_UNKNOWN:
        break;
    }
    return NULL;
}

fp_status fp_hash_bytes(fp_hash hash, fp_span prefix, fp_span bytes, uint8_t *out)
{
    const EVP_MD *md = digest_of(hash);
    EVP_MD_CTX *context = md == NULL ? NULL : EVP_MD_CTX_new();
    unsigned size = 0;
    const bool good = context != NULL && EVP_DigestInit_ex(context, md, NULL) == 1 &&
                      (prefix.size == 0 || EVP_DigestUpdate(context, prefix.data, prefix.size)) &&
                      (bytes.size == 0 || EVP_DigestUpdate(context, bytes.data, bytes.size)) &&
                      EVP_DigestFinal_ex(context, out, &size) == 1 && size == fp_hash_size(hash);
    EVP_MD_CTX_free(context);
    return good ? FP_OK : FP_CRYPTO;
}

bool fp_signer_agrees(const fp_signer_info *signer)
{
    return signer->hash != FP_HASH_UNKNOWN && signer->signing.scheme != FP_SCHEME_UNKNOWN &&
           (signer->signing.hash == FP_HASH_UNKNOWN || signer->signing.hash == signer->hash);
}

fp_status fp_signer_covers(const fp_signer_info *signer, fp_span content_type, fp_span content,
                           bool *covers)
{
    const fp_span attributes = fp_signed_attributes(signer);
    fp_der type;
    fp_der digest;
    *covers = false;
    if (fp_attribute_single(attributes, &FP_OID_CONTENT_TYPE, FP_DER_OID, &type) != FP_OK ||
        fp_attribute_single(attributes, &FP_OID_MESSAGE_DIGEST, FP_DER_OCTETS, &digest) != FP_OK)
        return FP_OK;
    if (signer->hash == FP_HASH_UNKNOWN)
        return FP_OK;
    uint8_t own[FP_HASH_SIZE_MAX];
    const fp_status status = fp_hash_bytes(signer->hash, fp_span_of(NULL, 0), content, own);
    if (status == FP_OK)
        *covers = fp_span_eq(type.content, content_type) &&
                  fp_span_eq(digest.content, fp_span_of(own, fp_hash_size(signer->hash)));
    return status;
}

static bool has_scheme(const EVP_PKEY *key, fp_scheme scheme)
{
    switch (scheme) {
    case FP_SCHEME_RSA:
        return EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
    case FP_SCHEME_ECDSA:
        return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC;
    case FP_SCHEME_UNKNOWN:
        break;
    }
    return false;
}

fp_status fp_signer_verify(const fp_signer_info *signer, X509 *certificate, bool *holds)
{
    /* RFC 5652, 5.4: what is signed has the tag of a SET, not the [0] it is stored with. */
    static const uint8_t set_tag = FP_DER_SET;
    const fp_span stored = signer->signed_attributes;
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    *holds = false;
    if (key == NULL || !has_scheme(key, signer->signing.scheme) || !fp_signer_agrees(signer))
        return FP_OK;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context == NULL)
        return FP_NOMEM;
    *holds = EVP_DigestVerifyInit(context, NULL, digest_of(signer->hash), NULL, key) == 1 &&
             EVP_DigestVerifyUpdate(context, &set_tag, 1) == 1 &&
             EVP_DigestVerifyUpdate(context, stored.data + 1, stored.size - 1) == 1 &&
             EVP_DigestVerifyFinal(context, signer->signature.data, signer->signature.size) == 1;
    EVP_MD_CTX_free(context);
    return FP_OK;
}
