/* SPDX-License-Identifier: MIT */
#include "verify/attest/key.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

struct fp_key {
    EVP_PKEY *pkey;
    char id[FP_SHA256_HEX_SIZE];
};

static fp_status fail(fp_diag *d, fp_status status, const char *what)
{
    return fp_fail(d, status, "key", 0, "%s", what);
}

/* Did libcrypto fail for want of memory? Then its answer says nothing of what it was asked. It does
 * not always tell: a probe shows whether there is any now. */
static bool no_memory(void)
{
    enum { PROBE = 1024 };
    if (ERR_GET_REASON(ERR_peek_error()) == ERR_R_MALLOC_FAILURE)
        return true;
    void *probe = OPENSSL_malloc(PROBE);
    OPENSSL_free(probe);
    return probe == NULL;
}

/* What libcrypto did not take: that is the input's fault, unless there was no memory. */
static fp_status refused(fp_diag *d, const char *what)
{
    return no_memory() ? fail(d, FP_NOMEM, "out of memory") : fail(d, FP_FORMAT, what);
}

/* ---- PEM (RFC 7468) ---- */

typedef struct block { /* freed by free_block */
    char *name, *header;
    unsigned char *data;
    long size;
} block;

static void free_block(block *b)
{
    OPENSSL_free(b->name);
    OPENSSL_free(b->header);
    OPENSSL_clear_free(b->data, b->data != NULL ? (size_t)b->size : 0);
    *b = (block){0};
}

static bool next_block(BIO *bio, block *out)
{
    *out = (block){0};
    return PEM_read_bio(bio, &out->name, &out->header, &out->data, &out->size) == 1;
}

/* Did the reading of PEM end because there is none, not because it is damaged? */
static bool none_left(void)
{
    return ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
}

/* The one block of the file. */
static fp_status read_block(BIO *bio, block *out, fp_diag *d)
{
    block other;
    if (!next_block(bio, out))
        return none_left() ? fail(d, FP_NOT_FOUND, "no key in it: PEM is wanted (-----BEGIN ...)")
                           : refused(d, "the PEM in it is damaged");
    if (next_block(bio, &other)) {
        free_block(&other);
        return fail(d, FP_FORMAT, "more than one PEM block in it: which one is the key?");
    }
    if (!none_left())
        return refused(d, "the PEM in it is damaged");
    ERR_clear_error();
    if (*out->header != '\0')
        return fail(d, FP_UNSUPPORTED, "a key in the old form, not PKCS#8 (openssl pkcs8 -topk8)");
    return FP_OK;
}

/* ---- kinds ---- */

#define WANTED "an Ed25519 key is needed (openssl genpkey -algorithm ed25519)"

static fp_status wrong_block(const char *name, fp_diag *d)
{
    static const struct {
        const char *name, *words;
    } rows[] = {
        {"PRIVATE KEY", "a private key, and the public one is wanted (openssl pkey -pubout)"},
        {"ENCRYPTED PRIVATE KEY",
         "a private key, and the public one is wanted (openssl pkey -pubout)"},
        {"PUBLIC KEY", "a public key, and the private one is wanted to sign"},
        {"RSA PRIVATE KEY", "an RSA key: " WANTED},
        {"RSA PUBLIC KEY", "an RSA key: " WANTED},
        {"DSA PRIVATE KEY", "a DSA key: " WANTED},
        {"EC PRIVATE KEY", "an EC key: " WANTED},
        {"EC PARAMETERS", "an EC key: " WANTED},
        {"OPENSSH PRIVATE KEY", "a key in OpenSSH's own form: " WANTED},
        {"CERTIFICATE", "a certificate: its key is wanted (openssl x509 -pubkey -noout)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0)
            return fail(d, FP_UNSUPPORTED, rows[i].words);
    return fp_fail(d, FP_UNSUPPORTED, "key", 0, "a \"%.60s\": " WANTED, name);
}

static fp_status check_kind(EVP_PKEY *pkey, fp_diag *d)
{
    if (EVP_PKEY_get_base_id(pkey) == EVP_PKEY_ED25519)
        return FP_OK;
    const char *kind = EVP_PKEY_get0_type_name(pkey);
    return fp_fail(d, FP_UNSUPPORTED, "key", 0, "a key of another kind (%s): " WANTED,
                   kind != NULL ? kind : "unknown");
}

/* Takes `pkey` over. */
static fp_status make_key(EVP_PKEY *pkey, fp_key **out, fp_diag *d)
{
    fp_key *key = calloc(1, sizeof *key);
    unsigned char *der = NULL;
    int size = -1;
    uint8_t digest[FP_SHA256_SIZE];
    fp_status status = key == NULL ? fail(d, FP_NOMEM, "out of memory") : check_kind(pkey, d);
    if (status == FP_OK) {
        size = i2d_PUBKEY(pkey, &der);
        status =
            size > 0 ? fp_digest_span(FP_SHA256, fp_span_of(der, (size_t)size), digest) : FP_CRYPTO;
    }
    OPENSSL_free(der);
    if (status != FP_OK) {
        EVP_PKEY_free(pkey);
        free(key);
        return fail(d, status, "libcrypto fails");
    }
    key->pkey = pkey;
    fp_hex(digest, FP_SHA256_SIZE, key->id);
    *out = key;
    return FP_OK;
}

/* ---- the two halves ---- */

/* Of what a DER reader took from `b`: is it a key, and nothing behind it? */
static bool is_whole(const block *b, const unsigned char *end, const void *read)
{
    return read != NULL && end == b->data + b->size;
}

static fp_status read_public(const block *b, fp_key **out, fp_diag *d)
{
    if (strcmp(b->name, PEM_STRING_PUBLIC) != 0)
        return wrong_block(b->name, d);
    const unsigned char *at = b->data;
    EVP_PKEY *pkey = d2i_PUBKEY(NULL, &at, b->size);
    if (is_whole(b, at, pkey))
        return make_key(pkey, out, d);
    EVP_PKEY_free(pkey);
    return refused(d, "the public key is damaged, or of a kind that is not known");
}

/* Takes `info` over, which may be NULL. */
static fp_status read_info(PKCS8_PRIV_KEY_INFO *info, fp_key **out, fp_diag *d)
{
    EVP_PKEY *pkey = info != NULL ? EVP_PKCS82PKEY(info) : NULL;
    PKCS8_PRIV_KEY_INFO_free(info);
    if (pkey == NULL)
        return refused(d, "the private key is damaged, or of a kind that is not known");
    return make_key(pkey, out, d);
}

static fp_status read_plain(const block *b, fp_key **out, fp_diag *d)
{
    const unsigned char *at = b->data;
    PKCS8_PRIV_KEY_INFO *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, b->size);
    if (!is_whole(b, at, info)) {
        PKCS8_PRIV_KEY_INFO_free(info);
        info = NULL;
    }
    return read_info(info, out, d);
}

/* The number of rounds of the key derivation; 0 when it is not PBKDF2 within PBES2. */
static uint64_t rounds_of(const X509_SIG *encrypted)
{
    const X509_ALGOR *scheme;
    X509_SIG_get0(encrypted, &scheme, NULL);
    uint64_t rounds = 0;
    PBE2PARAM *pbes2 = NULL;
    PBKDF2PARAM *pbkdf2 = NULL;
    if (OBJ_obj2nid(scheme->algorithm) == NID_pbes2)
        pbes2 = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), scheme->parameter);
    if (pbes2 != NULL && OBJ_obj2nid(pbes2->keyfunc->algorithm) == NID_id_pbkdf2)
        pbkdf2 = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), pbes2->keyfunc->parameter);
    if (pbkdf2 != NULL && ASN1_INTEGER_get_uint64(&rounds, pbkdf2->iter) != 1)
        rounds = UINT64_MAX; /* negative, or larger than any number of ours */
    PBKDF2PARAM_free(pbkdf2);
    PBE2PARAM_free(pbes2);
    return rounds;
}

typedef struct asker { /* for the pass phrase */
    fp_passphrase_fn *ask;
    void *context;
} asker;

static fp_status decrypt(const X509_SIG *encrypted, const asker *from, fp_key **out, fp_diag *d)
{
    const uint64_t rounds = rounds_of(encrypted);
    if (rounds == 0 && no_memory())
        return fail(d, FP_NOMEM, "out of memory");
    if (rounds == 0)
        return fail(d, FP_UNSUPPORTED,
                    "it is not encrypted with PBES2 and PBKDF2 (openssl pkcs8 -topk8)");
    if (rounds > FP_KEY_ITERATIONS_MAX)
        return fp_fail(d, FP_LIMIT, "key", 0, "it takes more than %d rounds to decrypt",
                       FP_KEY_ITERATIONS_MAX);
    char phrase[FP_PASSPHRASE_MAX];
    size_t size = 0;
    PKCS8_PRIV_KEY_INFO *info = NULL;
    const fp_status status = from->ask(from->context, phrase, &size, d);
    if (status == FP_OK)
        info = PKCS8_decrypt(encrypted, phrase, (int)size);
    OPENSSL_cleanse(phrase, sizeof phrase);
    if (status != FP_OK)
        return status;
    if (info == NULL)
        return refused(d, "the pass phrase is wrong, or the key is damaged");
    return read_info(info, out, d);
}

static fp_status read_encrypted(const block *b, const asker *from, fp_key **out, fp_diag *d)
{
    const unsigned char *at = b->data;
    X509_SIG *encrypted = d2i_X509_SIG(NULL, &at, b->size);
    const fp_status status = is_whole(b, at, encrypted)
                                 ? decrypt(encrypted, from, out, d)
                                 : refused(d, "the encrypted key is damaged");
    X509_SIG_free(encrypted);
    return status;
}

static fp_status read_private(const block *b, const asker *from, fp_key **out, fp_diag *d)
{
    if (strcmp(b->name, PEM_STRING_PKCS8INF) == 0)
        return read_plain(b, out, d);
    if (strcmp(b->name, PEM_STRING_PKCS8) == 0)
        return read_encrypted(b, from, out, d);
    return wrong_block(b->name, d);
}

static fp_status open_pem(fp_span pem, BIO **out, fp_diag *d)
{
    if (pem.size > FP_KEY_FILE_MAX)
        return fp_fail(d, FP_LIMIT, "key", 0, "more than %d bytes", FP_KEY_FILE_MAX);
    *out = BIO_new_mem_buf(pem.size > 0 ? (const void *)pem.data : "", (int)pem.size);
    return *out != NULL ? FP_OK : fail(d, FP_NOMEM, "out of memory");
}

static fp_status read_pem(fp_span pem, const asker *private, fp_key **out, fp_diag *d)
{
    BIO *bio;
    block b = {0};
    fp_status status = open_pem(pem, &bio, d);
    if (status != FP_OK)
        return status;
    ERR_clear_error();
    status = read_block(bio, &b, d);
    if (status == FP_OK)
        status = private != NULL ? read_private(&b, private, out, d) : read_public(&b, out, d);
    free_block(&b);
    BIO_free(bio);
    ERR_clear_error();
    return status;
}

fp_status fp_key_read_private(fp_span pem, fp_passphrase_fn *ask, void *context, fp_key **out,
                              fp_diag *d)
{
    return read_pem(pem, &(asker){ask, context}, out, d);
}

fp_status fp_key_read_public(fp_span pem, fp_key **out, fp_diag *d)
{
    return read_pem(pem, NULL, out, d);
}

void fp_key_free(fp_key *key)
{
    if (key == NULL)
        return;
    EVP_PKEY_free(key->pkey);
    free(key);
}

const char *fp_key_id(const fp_key *key)
{
    return key->id;
}

/* ---- signatures: Ed25519 hashes the message itself, so all of it is given at once ---- */

fp_status fp_key_sign(const fp_key *key, fp_span bytes, uint8_t out[FP_SIGNATURE_SIZE])
{
    size_t size = FP_SIGNATURE_SIZE;
    ERR_clear_error();
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const bool good = context != NULL &&
                      EVP_DigestSignInit(context, NULL, NULL, NULL, key->pkey) == 1 &&
                      EVP_DigestSign(context, out, &size, bytes.data, bytes.size) == 1 &&
                      size == FP_SIGNATURE_SIZE;
    const fp_status status = good ? FP_OK : no_memory() ? FP_NOMEM : FP_CRYPTO;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return status;
}

fp_status fp_key_verify(const fp_key *key, fp_span bytes, fp_span signature, bool *holds)
{
    if (signature.size != FP_SIGNATURE_SIZE) {
        *holds = false;
        return FP_OK;
    }
    ERR_clear_error();
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    fp_status status = FP_CRYPTO;
    bool good = false;
    if (context != NULL && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key->pkey) == 1) {
        const int answer =
            EVP_DigestVerify(context, signature.data, signature.size, bytes.data, bytes.size);
        if (answer == 1 || ERR_peek_error() == 0) { /* a wrong signature is no error */
            good = answer == 1;
            status = FP_OK;
        }
    }
    if (!good && no_memory())
        status = FP_NOMEM;
    if (status == FP_OK)
        *holds = good;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return status;
}
