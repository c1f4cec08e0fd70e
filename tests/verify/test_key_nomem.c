/* SPDX-License-Identifier: MIT */
/* Keys and signatures while libcrypto runs out of memory: no other answer for that. Alone in its
 * program, since libcrypto takes another allocator only at its very start. */
#include "tests/support/check.h"
#include "tests/support/key_builder.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

static bool counting;
static size_t left; /* allocations that are still granted */
static size_t refused;

static bool grant(void)
{
    if (!counting)
        return true;
    if (left == 0) {
        refused++;
        return false;
    }
    left--;
    return true;
}

static void *give(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return grant() ? malloc(size) : NULL;
}

static void *give_more(void *old, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return grant() ? realloc(old, size) : NULL;
}

static void take(void *old, const char *file, int line)
{
    (void)file;
    (void)line;
    free(old);
}

static fp_status answer(void *context, char *out, size_t *size, fp_diag *d)
{
    (void)context;
    (void)d;
    out[0] = 'p';
    *size = 1;
    return FP_OK;
}

typedef fp_status job(const void *context);

static bool is_honest(fp_status status)
{
    return status == FP_OK || status == FP_NOMEM || status == FP_CRYPTO;
}

/* With 0, 1, 2 ... allocations, until nothing is refused any more. */
static void starve(job *run, const void *context)
{
    assert_int_equal(run(context), FP_OK); /* what libcrypto keeps for later is there now */
    fp_status status = FP_OK;
    for (size_t granted = 0;; granted++) {
        left = granted;
        refused = 0;
        counting = true;
        status = run(context);
        counting = false;
        if (!is_honest(status))
            print_error("%zu allocations: %s\n", granted, fp_status_name(status));
        assert_true(is_honest(status));
        assert_true(granted < 100000);
        if (refused == 0)
            break;
    }
    assert_int_equal(status, FP_OK);
}

static fp_status read_private(const void *context)
{
    const char *pem = context;
    fp_key *key = NULL;
    const fp_status status =
        fp_key_read_private(fp_span_of(pem, strlen(pem)), answer, NULL, &key, NULL);
    fp_key_free(key);
    return status;
}

static fp_status read_public(const void *context)
{
    const char *pem = context;
    fp_key *key = NULL;
    const fp_status status = fp_key_read_public(fp_span_of(pem, strlen(pem)), &key, NULL);
    fp_key_free(key);
    return status;
}

static void a_private_key_is_read_or_memory_is_short(void **state)
{
    (void)state;
    char *pem = key_pem_private(KEY_SEED_ONE);
    starve(read_private, pem);
    free(pem);
}

static void an_encrypted_key_is_read_or_memory_is_short(void **state)
{
    (void)state;
    char *pem = key_pem_encrypted(KEY_SEED_ONE, "p", 1);
    starve(read_private, pem);
    free(pem);
}

static void a_public_key_is_read_or_memory_is_short(void **state)
{
    (void)state;
    char *pem = key_pem_public(KEY_SEED_ONE);
    starve(read_public, pem);
    free(pem);
}

typedef struct signing {
    const fp_key *key;
    uint8_t signature[FP_SIGNATURE_SIZE];
} signing;

static fp_status sign(const void *context)
{
    const signing *s = context;
    uint8_t signature[FP_SIGNATURE_SIZE];
    const fp_status status = fp_key_sign(s->key, fp_span_of("text", 4), signature);
    assert_true(status != FP_OK || memcmp(signature, s->signature, sizeof signature) == 0);
    return status;
}

static fp_status verify(const void *context)
{
    const signing *s = context;
    bool holds = false;
    const fp_status status = fp_key_verify(s->key, fp_span_of("text", 4),
                                           fp_span_of(s->signature, sizeof s->signature), &holds);
    assert_true(status != FP_OK || holds); /* short of memory is not "forged" */
    return status;
}

static void a_signature_is_right_or_memory_is_short(void **state)
{
    (void)state;
    char *pem = key_pem_private(KEY_SEED_ONE);
    fp_key *key = NULL;
    assert_int_equal(fp_key_read_private(fp_span_of(pem, strlen(pem)), answer, NULL, &key, NULL),
                     FP_OK);
    signing s = {.key = key};
    assert_int_equal(fp_key_sign(key, fp_span_of("text", 4), s.signature), FP_OK);
    starve(sign, &s);
    starve(verify, &s);
    fp_key_free(key);
    free(pem);
}

int main(void)
{
    if (CRYPTO_set_mem_functions(give, give_more, take) != 1)
        return 1;
    ERR_clear_error(); /* what this thread needs for errors is there now */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_private_key_is_read_or_memory_is_short),
        cmocka_unit_test(an_encrypted_key_is_read_or_memory_is_short),
        cmocka_unit_test(a_public_key_is_read_or_memory_is_short),
        cmocka_unit_test(a_signature_is_right_or_memory_is_short),
    };
    return RUN_TESTS(tests);
}
