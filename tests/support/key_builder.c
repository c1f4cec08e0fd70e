/* SPDX-License-Identifier: MIT */
#include "tests/support/key_builder.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <stdlib.h>
#include <string.h>

static void require(bool holds)
{
    if (!holds)
        abort();
}

static EVP_PKEY *from_seed(const char *seed)
{
    uint8_t bytes[32];
    require(fp_unhex(fp_str_of(seed), sizeof bytes, bytes));
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, bytes, sizeof bytes);
    require(key != NULL);
    return key;
}

static EVP_PKEY *of_kind(const char *kind)
{
    EVP_PKEY *key = strcmp(kind, "RSA") == 0  ? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048)
                    : strcmp(kind, "EC") == 0 ? EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256")
                                              : EVP_PKEY_Q_keygen(NULL, NULL, kind);
    require(key != NULL);
    return key;
}

/* What was written, and the end of `key`. */
static char *take(BIO *bio, bool written, EVP_PKEY *key)
{
    char *data;
    require(written);
    const size_t size = (size_t)BIO_get_mem_data(bio, &data);
    char *text = strndup(data, size);
    require(text != NULL);
    BIO_free(bio);
    EVP_PKEY_free(key);
    return text;
}

static char *private_of(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    return take(bio, PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1, key);
}

static char *public_of(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    return take(bio, PEM_write_bio_PUBKEY(bio, key) == 1, key);
}

char *key_pem_private(const char *seed)
{
    return private_of(from_seed(seed));
}

char *key_pem_public(const char *seed)
{
    return public_of(from_seed(seed));
}

char *key_pem_other_private(const char *kind)
{
    return private_of(of_kind(kind));
}

char *key_pem_other_public(const char *kind)
{
    return public_of(of_kind(kind));
}

char *key_pem_traditional(const char *kind)
{
    EVP_PKEY *key = of_kind(kind);
    BIO *bio = BIO_new(BIO_s_mem());
    return take(bio, PEM_write_bio_PrivateKey_traditional(bio, key, NULL, NULL, 0, NULL, NULL) == 1,
                key);
}

/* Takes the schemes over; without one it is that of PKCS#12. `claimed` is written in its place. */
static char *encrypted(const char *seed, const char *phrase, X509_ALGOR *scheme,
                       X509_ALGOR *claimed)
{
    EVP_PKEY *key = from_seed(seed);
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
    const int size = (int)strlen(phrase);
    if (scheme == NULL)
        scheme = PKCS5_pbe_set(NID_pbe_WithSHA1And3_Key_TripleDES_CBC, 2048, NULL, 0);
    X509_SIG *sig = PKCS8_set0_pbe(phrase, size, info, scheme);
    BIO *bio = BIO_new(BIO_s_mem());
    require(sig != NULL);
    if (claimed != NULL) {
        X509_ALGOR *written_scheme;
        X509_SIG_getm(sig, &written_scheme, NULL);
        require(X509_ALGOR_copy(written_scheme, claimed) == 1);
        X509_ALGOR_free(claimed);
    }
    const bool written = PEM_write_bio_PKCS8(bio, sig) == 1;
    X509_SIG_free(sig);
    PKCS8_PRIV_KEY_INFO_free(info);
    return take(bio, written, key);
}

char *key_pem_encrypted(const char *seed, const char *phrase, int rounds)
{
    return encrypted(seed, phrase, PKCS5_pbe2_set(EVP_aes_256_cbc(), rounds, NULL, 0), NULL);
}

char *key_pem_claiming(const char *seed, int rounds)
{
    return encrypted(seed, "", PKCS5_pbe2_set(EVP_aes_256_cbc(), 1, NULL, 0),
                     PKCS5_pbe2_set(EVP_aes_256_cbc(), rounds, NULL, 0));
}

char *key_pem_scrypt(const char *seed, const char *phrase)
{
    return encrypted(seed, phrase,
                     PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), NULL, 0, NULL, 1024, 8, 1), NULL);
}

char *key_pem_old_scheme(const char *seed, const char *phrase)
{
    return encrypted(seed, phrase, NULL, NULL);
}
