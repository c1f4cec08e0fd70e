/* SPDX-License-Identifier: MIT */
/*
 * make_attest_seeds CORPUS: writes the seeds of fuzz_key, fuzz_envelope and fuzz_attestation into
 * CORPUS/key, CORPUS/envelope and CORPUS/attestation. The Ed25519 keys are those of RFC 8032, the
 * others are thrown away.
 */
#include "tests/support/key_builder.h"

#include "verify/attest/attestation.h"
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

static void write_statement(const char *corpus, const char *name, const fp_record *record,
                            fp_arena *arena)
{
    fp_out out = {0};
    if (fp_attestation_write(record, arena, &out, NULL) != FP_OK)
        abort();
    write_seed(corpus, name, (fp_str){out.data, out.size});
    fp_out_free(&out);
}

static void write_statements(const char *corpus, fp_arena *arena)
{
    fp_record_item items[] = {{.path = FP_STR("srv01/sms.reg"), .hashed = true},
                              {.path = FP_STR("srv01/Logs/a.log"), .hashed = true},
                              {.path = FP_STR("srv02/Logs/a.log"), .hashed = true, .sha256 = {1}},
                              {.path = FP_STR("srv02/sms.reg")}};
    fp_str caveats[] = {FP_STR_INIT("It was not seen to work.")};
    fp_record_result results[] = {{.advisory = FP_STR("954474"),
                                   .verdict = FP_FIXED,
                                   .possible = fp_verdict_bit(FP_FIXED),
                                   .reason = FP_STR("fix_effective"),
                                   .assurance = FP_STR("effective"),
                                   .caveats_known = true,
                                   .caveats = {caveats, 1}},
                                  {.advisory = FP_STR("MS12-062"),
                                   .possible = fp_verdict_all(),
                                   .reason = FP_STR("evidence_missing")}};
    fp_statement declared[] = {{.key = FP_STR("sms2003-clients"), .value = FP_STR("no")}};
    fp_record record = {.tool_version = FP_STR("0.1.0"),
                        .command = FP_STR("assess"),
                        .generated = 0,
                        .since = FP_TIME_NONE,
                        .items = items,
                        .item_count = 1,
                        .results = results,
                        .result_count = 1};
    write_statement(corpus, "attestation/least", &record, arena);
    record.item_count = 4;
    record.result_count = 2;
    record.statements = declared;
    record.statement_count = 1;
    record.since = 86400000;
    record.command = FP_STR("confirm");
    record.subject = (fp_record_subject){.host = FP_STR("SRV01"), .role = FP_STR("primary")};
    write_statement(corpus, "attestation/more", &record, arena);
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
    write_statements(argv[1], arena);
    fp_arena_free(arena);
    return 0;
}
