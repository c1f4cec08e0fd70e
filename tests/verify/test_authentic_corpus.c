/* SPDX-License-Identifier: MIT */
/*
 * Signatures that others made: cabinets signed by Microsoft (FIXPROOF_CORPUS), with and without
 * Microsoft's roots, against what osslsigncode computes where it is installed; and the signed
 * catalogue of a sample, which nobody trusts.
 */
#include "tests/support/check.h"
#include "tests/support/slurp.h"

#include "verify/authentic/authentic.h"

#include <stdio.h>
#include <unistd.h>

enum { BUDGET = 16 << 20 };
static const fp_time NOW = INT64_C(1795348800000); /* 2026-11-22 */

typedef struct corpus_row {
    const char *path;
    fp_authentic_result with_roots;
    fp_authentic_result without;
    const char *organization;
} corpus_row;

static const corpus_row ROWS[] = {
    {"cab/tpm/TrustedTpm-06202024.cab", FP_AUTHENTIC_VALID, FP_AUTHENTIC_UNTRUSTED,
     "Microsoft Corporation"},
    {"cab/tpm/TrustedTpm-10232021.cab", FP_AUTHENTIC_VALID, FP_AUTHENTIC_UNTRUSTED,
     "Microsoft Corporation"},
    /* Its certificate is that of an authority; another key made the signature. */
    {"cab/gcab/test-signed.cab", FP_AUTHENTIC_FORGED, FP_AUTHENTIC_FORGED,
     "Linux Vendor Firmware Project"},
    {"cab/jsign/sample1.cab", FP_AUTHENTIC_UNSIGNED, FP_AUTHENTIC_UNSIGNED, NULL},
    {"cab/jsign/sample4.cab", FP_AUTHENTIC_UNSIGNED, FP_AUTHENTIC_UNSIGNED, NULL},
    {"cab/updateservicesdsc/WSUS.cab", FP_AUTHENTIC_UNSIGNED, FP_AUTHENTIC_UNSIGNED, NULL},
};

#define ROOTS "roots/microsoft-roots.pem"

static const char *corpus;

static const char *in_corpus(const char *name)
{
    static char path[1024];
    snprintf(path, sizeof path, "%s/%s", corpus, name);
    return path;
}

typedef struct bytes {
    void *data;
    size_t size;
} bytes;

static bytes read_bytes(const char *path)
{
    bytes file = {0};
    file.data = slurp_file(path, &file.size);
    assert_non_null(file.data);
    return file;
}

static fp_span span_of(const bytes *file)
{
    return fp_span_of(file->data, file->size);
}

static fp_trust *microsoft(void)
{
    fp_trust *trust = fp_trust_new();
    fp_trust_added added;
    bytes pins = read_bytes(FIXPROOF_SOURCE_DIR "/data/trust/microsoft.json");
    assert_int_equal(fp_trust_add_pins(trust, span_of(&pins), NULL), FP_OK);
    free(pins.data);
    bytes roots = read_bytes(in_corpus(ROOTS));
    assert_int_equal(fp_trust_add_pem(trust, span_of(&roots), false, &added, NULL), FP_OK);
    free(roots.data);
    assert_int_equal(added.believed, 6); /* two of the four are there twice */
    assert_int_equal(added.refused, 0);
    return trust;
}

/* The digest that osslsigncode prints, as bytes; false where it is not installed. */
static bool ask_osslsigncode(const char *path, char hex[2 * FP_SHA256_SIZE + 1])
{
    char command[4096];
    snprintf(command, sizeof command,
             "'" FIXPROOF_SOURCE_DIR
             "/tests/support/osslsigncode-verify' '%s/%s' '%s' 2>/dev/null |"
             " sed -n 's/^Calculated message digest *: *\\([0-9A-F]*\\).*/\\1/p' | head -1",
             corpus, ROOTS, path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    char line[256] = "";
    const bool read = fgets(line, sizeof line, pipe) != NULL;
    pclose(pipe);
    if (!read)
        return false;
    line[strcspn(line, "\n")] = '\0';
    for (size_t i = 0; i <= strlen(line) && i < 2 * FP_SHA256_SIZE + 1; i++)
        hex[i] = fp_ascii_lower(line[i]);
    return true;
}

static void check_against_osslsigncode(const char *path, const fp_authentic_signature *signature)
{
    char theirs[2 * FP_SHA256_SIZE + 1] = "";
    char ours[2 * FP_SHA256_SIZE + 1];
    fp_hex(signature->digest, signature->digest_size, ours);
    if (ask_osslsigncode(path, theirs))
        assert_string_equal(ours, theirs);
    else
        print_message("skipped: osslsigncode is not installed\n");
}

static void check_row(const corpus_row *row, const fp_trust *trust, fp_authentic_result expected)
{
    bytes file = read_bytes(in_corpus(row->path));
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_authentic_policy policy = {.trust = trust, .now = NOW};
    fp_authenticity got;
    assert_int_equal(fp_authentic_span(span_of(&file), &policy, arena, &got, NULL), FP_OK);
    if (got.result != expected)
        print_error("%s: %s: %.*s\n", row->path, fp_authentic_result_name(got.result),
                    FP_STR_ARG(got.reason));
    assert_int_equal(got.result, expected);
    assert_int_equal(got.signature_count, row->organization != NULL);
    if (row->organization != NULL) {
        assert_str(got.decisive->signer.organization, row->organization);
        check_against_osslsigncode(in_corpus(row->path), got.decisive);
    }
    fp_arena_free(arena);
    free(file.data);
}

static void signed_by_others(void **state)
{
    (void)state;
    corpus = corpus_or_skip();
    fp_trust *trust = microsoft();
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        check_row(&ROWS[i], trust, ROWS[i].with_roots);
        check_row(&ROWS[i], NULL, ROWS[i].without);
    }
    fp_trust_free(trust);
}

/* What osslsigncode and openssl tell of this file, fact by fact. */
static void a_cabinet_of_microsoft(void **state)
{
    (void)state;
    corpus = corpus_or_skip();
    fp_trust *trust = microsoft();
    bytes file = read_bytes(in_corpus("cab/tpm/TrustedTpm-10232021.cab"));
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_authentic_policy policy = {.trust = trust, .now = NOW};
    fp_authenticity got;
    char text[FP_TIME_TEXT_SIZE];
    assert_int_equal(fp_authentic_span(span_of(&file), &policy, arena, &got, NULL), FP_OK);
    const fp_authentic_signature *s = got.decisive;
    assert_int_equal(got.result, FP_AUTHENTIC_VALID);
    assert_string_equal(got.carrier, "cabinet");
    assert_str(s->signer.common_name, "Microsoft Windows");
    assert_string_equal(fp_time_format(s->signer.not_after, text), "2021-12-02T21:29:13Z");
    assert_str(s->root.common_name, "Microsoft Root Certificate Authority 2010");
    assert_str(s->root.serial, "28CC3A25BFBA44AC449A9B586B4339AA");
    assert_int_equal(s->stamp.kind, FP_STAMP_RFC3161);
    assert_true(s->stamp.believed);
    assert_string_equal(fp_time_format(s->stamp.time, text), "2021-10-15T19:11:12.116Z");
    assert_str(s->weakness, "");
    fp_arena_free(arena);
    free(file.data);
    fp_trust_free(trust);
}

static void the_catalogue_of_a_sample(void **state)
{
    (void)state;
    bytes file =
        read_bytes(FIXPROOF_SOURCE_DIR "/data/samples/unpatched-symptom/evidence/wsusscn2.cab");
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_authentic_policy policy = {.now = NOW};
    fp_authenticity got;
    assert_int_equal(fp_authentic_span(span_of(&file), &policy, arena, &got, NULL), FP_OK);
    assert_int_equal(got.result, FP_AUTHENTIC_UNTRUSTED);
    assert_str(got.decisive->missing_issuer, "CN=fixproof sample signer (nobody trusts it)");
    assert_int_equal(got.decisive->stamp.kind, FP_STAMP_NONE);
    fp_arena_free(arena);
    free(file.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signed_by_others),
        cmocka_unit_test(a_cabinet_of_microsoft),
        cmocka_unit_test(the_catalogue_of_a_sample),
    };
    return RUN_TESTS(tests);
}
