/* SPDX-License-Identifier: MIT */
#include "inventory/base/digest.h"

#include "inventory/base/helper.h"

#include <openssl/evp.h>
#include <stdlib.h>

struct fp_digest {
    EVP_MD_CTX *context; /* the helper's until it has settled, as `failed` is */
    bool failed;
    fp_helper *helper; /* NULL: computed in place */
};

fp_digest *fp_digest_new(fp_digest_kind kind)
{
    fp_digest *digest = calloc(1, sizeof *digest);
    if (digest == NULL)
        return NULL;
    digest->context = EVP_MD_CTX_new();
    const EVP_MD *md = kind == FP_SHA1 ? EVP_sha1() : EVP_sha256();
    if (digest->context == NULL || EVP_DigestInit_ex(digest->context, md, NULL) != 1) {
        fp_digest_free(digest);
        return NULL;
    }
    return digest;
}

static void update(void *context, fp_span bytes)
{
    fp_digest *digest = context;
    if (EVP_DigestUpdate(digest->context, bytes.data, bytes.size) != 1)
        digest->failed = true;
}

fp_digest *fp_digest_new_beside(fp_digest_kind kind)
{
    fp_digest *digest = fp_digest_new(kind);
    if (digest != NULL)
        digest->helper = fp_helper_new(update, digest);
    return digest;
}

void fp_digest_update(fp_digest *digest, fp_span bytes)
{
    if (bytes.size == 0)
        return;
    if (digest->helper != NULL)
        fp_helper_give(digest->helper, bytes);
    else
        update(digest, bytes);
}

void fp_digest_settle(fp_digest *digest)
{
    if (digest->helper != NULL)
        fp_helper_settle(digest->helper);
}

fp_status fp_digest_finish(fp_digest *digest, uint8_t *out)
{
    uint8_t value[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    fp_digest_settle(digest);
    const bool good = !digest->failed && EVP_DigestFinal_ex(digest->context, value, &size) == 1;
    fp_digest_free(digest);
    if (!good)
        return FP_CRYPTO;
    for (unsigned i = 0; i < size; i++)
        out[i] = value[i];
    return FP_OK;
}

void fp_digest_free(fp_digest *digest)
{
    if (digest == NULL)
        return;
    fp_helper_free(digest->helper);
    EVP_MD_CTX_free(digest->context);
    free(digest);
}

fp_status fp_digest_span(fp_digest_kind kind, fp_span bytes, uint8_t *out)
{
    fp_digest *digest = fp_digest_new(kind);
    if (digest == NULL)
        return FP_CRYPTO;
    fp_digest_update(digest, bytes);
    return fp_digest_finish(digest, out);
}

void fp_hex(const uint8_t *bytes, size_t size, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * size] = '\0';
}

fp_status fp_hex_text(const uint8_t *bytes, size_t size, fp_arena *arena, fp_str *out)
{
    char *text = fp_arena_alloc_array(arena, 2 * size + 1, 1);
    if (text == NULL)
        return FP_NOMEM;
    fp_hex(bytes, size, text);
    *out = (fp_str){text, 2 * size};
    return FP_OK;
}

fp_status fp_sha256_text(fp_span bytes, fp_arena *arena, fp_str *out)
{
    uint8_t sha256[FP_SHA256_SIZE] = {0};
    const fp_status status = fp_digest_span(FP_SHA256, bytes, sha256);
    return status == FP_OK ? fp_hex_text(sha256, sizeof sha256, arena, out) : status;
}

bool fp_unhex(fp_str digits, size_t size, uint8_t *out)
{
    if (digits.size != 2 * size)
        return false;
    for (size_t i = 0; i < size; i++) {
        const int high = fp_ascii_hex(digits.data[2 * i]);
        const int low = fp_ascii_hex(digits.data[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
