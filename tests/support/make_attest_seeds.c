/* SPDX-License-Identifier: MIT */
/*
 * make_attest_seeds CORPUS: writes the seeds of fuzz_key and fuzz_envelope into CORPUS/key and
 * CORPUS/envelope. The Ed25519 keys are those of RFC 8032, the others are thrown away.
 */
#include "tests/support/key_builder.h"

#include "verify/attest/envelope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUDGET = 1 << 20, PATH_SIZE = 1024 };

static void write_seed(const char *corpus, const char *name, fp_str text)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", corpus, name);
    FILE *file = fopen(path, "w");
    if (file == NULL || fwrite(text.data, 1, text.size, file) != text.size || fclose(file) != 0) {
        perror(path);
        exit(73);
    }
}

static void write_key(const char *corpus, const char *name, char *pem)
{
    write_seed(corpus, name, fp_str_of(pem));
    free(pem);
}

static void write_keys(const char *corpus)
{
    write_key(corpus, "key/private", key_pem_private(KEY_SEED_ONE));
    write_key(corpus, "key/public", key_pem_public(KEY_SEED_ONE));
    write_key(corpus, "key/encrypted", key_pem_encrypted(KEY_SEED_ONE, "p", 16));
    write_key(corpus, "key/rounds", key_pem_claiming(KEY_SEED_ONE, INT32_MAX));
    write_key(corpus, "key/scrypt", key_pem_scrypt(KEY_SEED_ONE, "p"));
    write_key(corpus, "key/old-scheme", key_pem_old_scheme(KEY_SEED_ONE, "p"));
    write_key(corpus, "key/ec", key_pem_other_private("EC"));
    write_key(corpus, "key/ec-own-form", key_pem_traditional("EC"));
    write_key(corpus, "key/x25519", key_pem_other_public("X25519"));
}

static fp_envelope signed_by(const char *seed, fp_arena *arena)
{
    char *pem = key_pem_private(seed);
    fp_key *key = NULL;
    fp_envelope envelope = {.payload_type = {NULL, 0}};
    const fp_str payload = FP_STR("{\"seed\": 1}");
    if (fp_key_read_private(fp_span_of(pem, strlen(pem)), NULL, NULL, &key, NULL) != FP_OK ||
        fp_envelope_sign(FP_STR("application/vnd.seed+json"),
                         fp_span_of(payload.data, payload.size), key, arena, &envelope) != FP_OK)
        abort();
    free(pem);
    fp_key_free(key);
    return envelope;
}

static void write_envelope(const char *corpus, const char *name, const fp_envelope *envelope,
                           fp_arena *arena)
{
    fp_out out = {0};
    if (fp_envelope_write(envelope, arena, &out) != FP_OK)
        abort();
    write_seed(corpus, name, (fp_str){out.data, out.size});
    fp_out_free(&out);
}

static void write_envelopes(const char *corpus, fp_arena *arena)
{
    const fp_envelope one = signed_by(KEY_SEED_ONE, arena);
    const fp_envelope other = signed_by(KEY_SEED_TWO, arena);
    fp_envelope_signature both[] = {other.signatures[0], one.signatures[0]};
    fp_envelope envelope = one;
    write_envelope(corpus, "envelope/one", &one, arena);
    write_envelope(corpus, "envelope/other", &other, arena);
    envelope.signatures = both;
    envelope.signature_count = 2;
    write_envelope(corpus, "envelope/both", &envelope, arena);
    envelope.signature_count = 0;
    write_envelope(corpus, "envelope/none", &envelope, arena);
    write_seed(corpus, "envelope/url-safe",
               FP_STR("{\"payload\":\"_-8=\",\"payloadType\":\"t\",\"x\":[{}],"
                      "\"signatures\":[{\"sig\":\"\",\"cert\":\"c\"}]}"));
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "usage: make_attest_seeds CORPUS\n");
        return 64;
    }
    fp_arena *arena = fp_arena_new(BUDGET);
    if (arena == NULL)
        return 70;
    write_keys(argv[1]);
    write_envelopes(argv[1], arena);
    fp_arena_free(arena);
    return 0;
}
