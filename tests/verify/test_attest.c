/* SPDX-License-Identifier: MIT */
/* Base64, keys and envelopes: what attestations are made of. */
#include "tests/support/check.h"
#include "tests/support/key_builder.h"

#include "inventory/base/json.h"
#include "verify/attest/base64.h"
#include "verify/attest/envelope.h"

#include <stdio.h>

enum { BUDGET = 8 << 20 };

static fp_arena *arena;

static int make_arena(void **state)
{
    (void)state;
    arena = fp_arena_new(BUDGET);
    return arena == NULL;
}

static int free_arena(void **state)
{
    (void)state;
    fp_arena_free(arena);
    return 0;
}

static fp_span bytes_of(const char *text)
{
    return fp_span_of(text, strlen(text));
}

/* ---- base64 ---- */

/* RFC 4648, section 10. */
static const struct {
    const char *plain, *coded;
} vectors[] = {{"", ""},
               {"f", "Zg=="},
               {"fo", "Zm8="},
               {"foo", "Zm9v"},
               {"foob", "Zm9vYg=="},
               {"fooba", "Zm9vYmE="},
               {"foobar", "Zm9vYmFy"}};

static void base64_is_as_the_standard_shows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        fp_str coded;
        fp_span plain;
        assert_int_equal(fp_base64_encode(bytes_of(vectors[i].plain), arena, &coded), FP_OK);
        assert_str(coded, vectors[i].coded);
        assert_int_equal(fp_base64_decode(coded, arena, &plain, NULL), FP_OK);
        assert_str(fp_str_from_span(plain), vectors[i].plain);
    }
}

static void base64_of_every_byte_comes_back(void **state)
{
    (void)state;
    uint8_t bytes[256];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(255 - i);
    for (size_t size = 0; size <= sizeof bytes; size++) {
        fp_str coded;
        fp_span plain;
        assert_int_equal(fp_base64_encode(fp_span_of(bytes, size), arena, &coded), FP_OK);
        assert_int_equal(fp_base64_decode(coded, arena, &plain, NULL), FP_OK);
        assert_int_equal(plain.size, size);
        assert_memory_equal(plain.data, bytes, size);
    }
}

static void both_alphabets_are_read(void **state)
{
    (void)state;
    fp_span one;
    fp_span other;
    assert_int_equal(fp_base64_decode(FP_STR("+/+/"), arena, &one, NULL), FP_OK);
    assert_int_equal(fp_base64_decode(FP_STR("-_-_"), arena, &other, NULL), FP_OK);
    assert_int_equal(one.size, 3);
    assert_memory_equal(one.data, other.data, 3);
    assert_memory_equal(one.data, "\xFB\xFF\xBF", 3);
}

static void other_base64_is_refused_where_it_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t at;
    } rows[] = {{"Z", 1},      {"Zm", 2},       {"Zm9", 3},      {"Zg=", 3},      {"Zm9vYg", 6},
                {"Zm9v\n", 5}, {"Zm9v\nYm", 7}, {"Z m9vYg=", 1}, {"Zm9v====", 4}, {"====", 0},
                {"A===", 1},   {"Zg==Zg==", 2}, {"Zm8=Zm8=", 3}, {"Zh==", 1},     {"Zm9=", 2},
                {"+/-_", 2},   {"-_+/", 2},     {"Zm9\xC3", 3},  {"Zm,v", 2},     {"=m9v", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fp_span out;
        fp_diag d = {0};
        const fp_status status = fp_base64_decode(fp_str_of(rows[i].text), arena, &out, &d);
        if (status != FP_FORMAT || d.where != rows[i].at)
            print_error("%s: status %d at %d\n", rows[i].text, (int)status, (int)d.where);
        assert_int_equal(status, FP_FORMAT);
        assert_int_equal(d.where, rows[i].at);
    }
}

/* ---- keys ---- */

typedef struct phrase { /* what is answered when a pass phrase is asked for */
    const char *text;   /* NULL: there is none */
    unsigned asked;
} phrase;

static fp_status answer(void *context, char *out, size_t *size, fp_diag *d)
{
    phrase *p = context;
    p->asked++;
    if (p->text == NULL)
        return fp_fail(d, FP_NOT_FOUND, "phrase", 0, "nobody knows it");
    *size = strlen(p->text);
    memcpy(out, p->text, *size);
    return FP_OK;
}

static fp_key *private_key(const char *seed)
{
    char *pem = key_pem_private(seed);
    fp_key *key = NULL;
    assert_int_equal(fp_key_read_private(bytes_of(pem), answer, NULL, &key, NULL), FP_OK);
    free(pem);
    return key;
}

static fp_key *public_key(const char *seed)
{
    char *pem = key_pem_public(seed);
    fp_key *key = NULL;
    assert_int_equal(fp_key_read_public(bytes_of(pem), &key, NULL), FP_OK);
    free(pem);
    return key;
}

/* RFC 8032, 7.1, tests 1 and 2. */
static void signatures_are_those_of_the_standard(void **state)
{
    (void)state;
    static const struct {
        const char *seed, *message, *signature;
    } rows[] = {{KEY_SEED_ONE, "",
                 "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
                 "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
                {KEY_SEED_TWO, "r",
                 "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
                 "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fp_key *key = private_key(rows[i].seed);
        uint8_t signature[FP_SIGNATURE_SIZE];
        char hex[2 * FP_SIGNATURE_SIZE + 1];
        assert_int_equal(fp_key_sign(key, bytes_of(rows[i].message), signature), FP_OK);
        fp_hex(signature, sizeof signature, hex);
        assert_string_equal(hex, rows[i].signature);
        fp_key_free(key);
    }
}

static bool holds(const fp_key *key, const char *message, const uint8_t *signature, size_t size)
{
    bool good = true;
    assert_int_equal(fp_key_verify(key, bytes_of(message), fp_span_of(signature, size), &good),
                     FP_OK);
    return good;
}

static void only_the_signature_of_these_bytes_holds(void **state)
{
    (void)state;
    fp_key *one = private_key(KEY_SEED_ONE);
    fp_key *known = public_key(KEY_SEED_ONE);
    fp_key *other = public_key(KEY_SEED_TWO);
    uint8_t signature[FP_SIGNATURE_SIZE + 1] = {0};
    assert_int_equal(fp_key_sign(one, bytes_of("text"), signature), FP_OK);
    assert_true(holds(known, "text", signature, FP_SIGNATURE_SIZE));
    assert_false(holds(other, "text", signature, FP_SIGNATURE_SIZE));
    assert_false(holds(known, "texT", signature, FP_SIGNATURE_SIZE));
    for (size_t size = 0; size <= sizeof signature; size++)
        assert_true(holds(known, "text", signature, size) == (size == FP_SIGNATURE_SIZE));
    for (size_t bit = 0; bit < FP_SIGNATURE_SIZE * 8; bit++) {
        signature[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_false(holds(known, "text", signature, FP_SIGNATURE_SIZE));
        signature[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    fp_key_free(one);
    fp_key_free(known);
    fp_key_free(other);
}

static void both_halves_have_one_id(void **state)
{
    (void)state;
    fp_key *one = private_key(KEY_SEED_ONE);
    fp_key *known = public_key(KEY_SEED_ONE);
    fp_key *other = public_key(KEY_SEED_TWO);
    /* openssl pkey -pubin -outform DER | sha256sum */
    assert_string_equal(fp_key_id(one),
                        "06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9");
    assert_string_equal(fp_key_id(one), fp_key_id(known));
    assert_string_not_equal(fp_key_id(one), fp_key_id(other));
    fp_key_free(one);
    fp_key_free(known);
    fp_key_free(other);
}

typedef struct attempt { /* to read a PEM, which is freed */
    fp_status status;
    unsigned asked;
    fp_diag d;
} attempt;

static attempt try_private(char *pem, const char *text)
{
    attempt a = {0};
    phrase p = {text, 0};
    fp_key *key = NULL;
    a.status = fp_key_read_private(bytes_of(pem), answer, &p, &key, &a.d);
    a.asked = p.asked;
    assert_true((a.status == FP_OK) == (key != NULL));
    assert_int_equal(a.status, a.d.status);
    fp_key_free(key);
    free(pem);
    return a;
}

static attempt try_public(char *pem)
{
    attempt a = {0};
    fp_key *key = NULL;
    a.status = fp_key_read_public(bytes_of(pem), &key, &a.d);
    assert_true((a.status == FP_OK) == (key != NULL));
    assert_int_equal(a.status, a.d.status);
    fp_key_free(key);
    free(pem);
    return a;
}

static void an_encrypted_key_takes_its_phrase(void **state)
{
    (void)state;
    attempt a = try_private(key_pem_encrypted(KEY_SEED_ONE, "open, sesame", 2048), "open, sesame");
    assert_int_equal(a.status, FP_OK);
    assert_int_equal(a.asked, 1);
    a = try_private(key_pem_encrypted(KEY_SEED_ONE, "open, sesame", 2048), "sesame");
    assert_int_equal(a.status, FP_FORMAT);
    a = try_private(key_pem_encrypted(KEY_SEED_ONE, "open, sesame", 2048), "");
    assert_int_equal(a.status, FP_FORMAT);
    a = try_private(key_pem_encrypted(KEY_SEED_ONE, "open, sesame", 2048), NULL);
    assert_int_equal(a.status, FP_NOT_FOUND);
    a = try_private(key_pem_private(KEY_SEED_ONE), NULL);
    assert_int_equal(a.status, FP_OK);
    assert_int_equal(a.asked, 0);
}

/* Before anybody is asked for a pass phrase. */
static void a_key_that_takes_too_long_to_open_is_refused(void **state)
{
    (void)state;
    attempt a = try_private(key_pem_claiming(KEY_SEED_ONE, FP_KEY_ITERATIONS_MAX + 1), "p");
    assert_int_equal(a.status, FP_LIMIT);
    assert_int_equal(a.asked, 0);
    a = try_private(key_pem_claiming(KEY_SEED_ONE, INT32_MAX), "p");
    assert_int_equal(a.status, FP_LIMIT);
    a = try_private(key_pem_scrypt(KEY_SEED_ONE, "p"), "p");
    assert_int_equal(a.status, FP_UNSUPPORTED);
    assert_int_equal(a.asked, 0);
    a = try_private(key_pem_old_scheme(KEY_SEED_ONE, "p"), "p");
    assert_int_equal(a.status, FP_UNSUPPORTED);
    assert_int_equal(a.asked, 0);
}

static void other_kinds_of_keys_are_refused(void **state)
{
    (void)state;
    static const char *const kinds[] = {"RSA", "EC", "X25519", "ED448"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        attempt a = try_private(key_pem_other_private(kinds[i]), NULL);
        assert_int_equal(a.status, FP_UNSUPPORTED);
        assert_non_null(strstr(a.d.message, kinds[i]));
        assert_non_null(strstr(a.d.message, "Ed25519"));
        a = try_public(key_pem_other_public(kinds[i]));
        assert_int_equal(a.status, FP_UNSUPPORTED);
        assert_non_null(strstr(a.d.message, kinds[i]));
    }
    assert_int_equal(try_private(key_pem_traditional("RSA"), NULL).status, FP_UNSUPPORTED);
    assert_int_equal(try_private(key_pem_traditional("EC"), NULL).status, FP_UNSUPPORTED);
}

static void the_other_half_is_refused(void **state)
{
    (void)state;
    assert_int_equal(try_private(key_pem_public(KEY_SEED_ONE), NULL).status, FP_UNSUPPORTED);
    assert_int_equal(try_public(key_pem_private(KEY_SEED_ONE)).status, FP_UNSUPPORTED);
    const attempt a = try_public(key_pem_encrypted(KEY_SEED_ONE, "p", 1));
    assert_int_equal(a.status, FP_UNSUPPORTED);
}

static char *joined(char *one, char *other)
{
    char *text = malloc(strlen(one) + strlen(other) + 1);
    assert_non_null(text);
    strcpy(text, one);
    strcat(text, other);
    free(one);
    free(other);
    return text;
}

static void a_file_has_one_key(void **state)
{
    (void)state;
    assert_int_equal(try_private(strdup(""), NULL).status, FP_NOT_FOUND);
    assert_int_equal(try_private(strdup("not a key\n"), NULL).status, FP_NOT_FOUND);
    attempt a =
        try_private(joined(key_pem_private(KEY_SEED_ONE), key_pem_private(KEY_SEED_TWO)), NULL);
    assert_int_equal(a.status, FP_FORMAT);
    a = try_private(joined(strdup("of the auditor\n"), key_pem_private(KEY_SEED_TWO)), NULL);
    assert_int_equal(a.status, FP_OK);
    a = try_public(joined(key_pem_public(KEY_SEED_ONE), key_pem_public(KEY_SEED_ONE)));
    assert_int_equal(a.status, FP_FORMAT);
}

/* The last byte of a PEM is a line end that may be missing. */
static void a_key_cut_anywhere_is_none(void **state)
{
    (void)state;
    char *pem = key_pem_public(KEY_SEED_ONE);
    for (size_t size = 0; size + 1 < strlen(pem); size++)
        assert_int_not_equal(try_public(strndup(pem, size)).status, FP_OK);
    free(pem);
    pem = key_pem_encrypted(KEY_SEED_ONE, "p", 1);
    for (size_t size = 0; size + 1 < strlen(pem); size++)
        assert_int_not_equal(try_private(strndup(pem, size), "p").status, FP_OK);
    free(pem);
}

/* PEM of this DER, in hexadecimal. */
static char *pem_of(const char *name, const char *hex)
{
    uint8_t der[128];
    char pem[512];
    fp_str coded;
    const size_t size = strlen(hex) / 2;
    assert_true(fp_unhex(fp_str_of(hex), size, der));
    assert_int_equal(fp_base64_encode(fp_span_of(der, size), arena, &coded), FP_OK);
    (void)snprintf(pem, sizeof pem, "-----BEGIN %s-----\n%.*s\n-----END %s-----\n", name,
                   FP_STR_ARG(coded), name);
    return strdup(pem);
}

/* RFC 8410: the DER of both halves of the first key. */
#define PKCS8 "302e020100300506032b657004220420" KEY_SEED_ONE
#define SPKI                                                                                       \
    "302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"

static void nothing_stands_behind_a_key(void **state)
{
    (void)state;
    assert_int_equal(try_private(pem_of("PRIVATE KEY", PKCS8), NULL).status, FP_OK);
    assert_int_equal(try_private(pem_of("PRIVATE KEY", PKCS8 "00"), NULL).status, FP_FORMAT);
    assert_int_equal(try_private(pem_of("PRIVATE KEY", PKCS8 "0500"), NULL).status, FP_FORMAT);
    assert_int_equal(try_public(pem_of("PUBLIC KEY", SPKI)).status, FP_OK);
    assert_int_equal(try_public(pem_of("PUBLIC KEY", SPKI "00")).status, FP_FORMAT);
    assert_int_equal(try_private(pem_of("ENCRYPTED PRIVATE KEY", PKCS8), "p").status, FP_FORMAT);
    assert_int_equal(try_public(pem_of("PUBLIC KEY", PKCS8)).status, FP_FORMAT);
}

static void a_large_file_is_no_key(void **state)
{
    (void)state;
    char *text = malloc(FP_KEY_FILE_MAX + 2);
    assert_non_null(text);
    memset(text, '\n', FP_KEY_FILE_MAX + 1);
    text[FP_KEY_FILE_MAX + 1] = '\0';
    assert_int_equal(try_public(text).status, FP_LIMIT);
}

/* ---- envelopes ---- */

static fp_envelope signed_by(const char *seed, const char *type, const char *payload)
{
    fp_key *key = private_key(seed);
    fp_envelope envelope;
    assert_int_equal(fp_envelope_sign(fp_str_of(type), bytes_of(payload), key, arena, &envelope),
                     FP_OK);
    fp_key_free(key);
    return envelope;
}

static fp_span written(const fp_envelope *envelope)
{
    fp_out out = {0};
    assert_int_equal(fp_envelope_write(envelope, arena, &out), FP_OK);
    const fp_span text = fp_span_of(fp_arena_copy(arena, out.data, out.size), out.size);
    fp_out_free(&out);
    return text;
}

/* The example of protocol.md, "Test Vectors". */
static void what_is_signed_is_as_dsse_shows(void **state)
{
    (void)state;
    const fp_envelope envelope =
        signed_by(KEY_SEED_ONE, "http://example.com/HelloWorld", "hello world");
    fp_key *key = public_key(KEY_SEED_ONE);
    assert_true(holds(key, "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
                      envelope.signatures[0].bytes.data, FP_SIGNATURE_SIZE));
    assert_str(envelope.signatures[0].key_id, fp_key_id(key));
    fp_key_free(key);
}

static bool verified(fp_envelope *envelope, const char *seed)
{
    fp_key *key = public_key(seed);
    bool good = true;
    assert_int_equal(fp_envelope_verify(envelope, key, arena, &good), FP_OK);
    fp_key_free(key);
    return good;
}

static void an_envelope_comes_back_as_it_was_written(void **state)
{
    (void)state;
    const fp_envelope envelope = signed_by(KEY_SEED_ONE, "text/x", "payload");
    fp_envelope read;
    assert_int_equal(fp_envelope_read(written(&envelope), arena, &read, NULL), FP_OK);
    assert_str(read.payload_type, "text/x");
    assert_str(fp_str_from_span(read.payload), "payload");
    assert_int_equal(read.signature_count, 1);
    assert_true(verified(&read, KEY_SEED_ONE));
    assert_int_equal(read.signatures[0].state, FP_SIGNATURE_GOOD);
    assert_false(verified(&read, KEY_SEED_TWO));
    assert_int_equal(read.signatures[0].state, FP_SIGNATURE_OTHER);
}

static void every_part_of_it_is_signed(void **state)
{
    (void)state;
    fp_envelope envelope = signed_by(KEY_SEED_ONE, "text/x", "payload");
    envelope.payload = bytes_of("payloae");
    assert_false(verified(&envelope, KEY_SEED_ONE));
    assert_int_equal(envelope.signatures[0].state, FP_SIGNATURE_BAD);
    envelope = signed_by(KEY_SEED_ONE, "text/x", "payload");
    envelope.payload_type = FP_STR("text/y");
    assert_false(verified(&envelope, KEY_SEED_ONE));
    /* A border between type and payload that has moved. */
    envelope.payload_type = FP_STR("text/x ");
    envelope.payload = bytes_of("ayload");
    assert_false(verified(&envelope, KEY_SEED_ONE));
}

static void one_of_several_signatures_is_enough(void **state)
{
    (void)state;
    const fp_envelope one = signed_by(KEY_SEED_ONE, "text/x", "payload");
    const fp_envelope two = signed_by(KEY_SEED_TWO, "text/x", "payload");
    fp_envelope_signature both[] = {two.signatures[0], one.signatures[0], one.signatures[0]};
    both[2].bytes = bytes_of("of another algorithm, and longer than an Ed25519 signature would be");
    fp_envelope envelope = one;
    envelope.signatures = both;
    envelope.signature_count = 3;
    assert_true(verified(&envelope, KEY_SEED_ONE));
    assert_int_equal(both[0].state, FP_SIGNATURE_OTHER);
    assert_int_equal(both[1].state, FP_SIGNATURE_GOOD);
    assert_int_equal(both[2].state, FP_SIGNATURE_BAD);
    assert_true(verified(&envelope, KEY_SEED_TWO));
}

static void a_key_id_decides_nothing(void **state)
{
    (void)state;
    fp_envelope envelope = signed_by(KEY_SEED_ONE, "text/x", "payload");
    fp_key *two = public_key(KEY_SEED_TWO);
    envelope.signatures[0].key_id = fp_str_of(fp_key_id(two));
    assert_true(verified(&envelope, KEY_SEED_ONE));
    assert_false(verified(&envelope, KEY_SEED_TWO));
    assert_int_equal(envelope.signatures[0].state, FP_SIGNATURE_BAD);
    envelope.signatures[0].key_id = (fp_str){NULL, 0};
    assert_true(verified(&envelope, KEY_SEED_ONE));
    fp_key_free(two);
}

static fp_status read_text(const char *json)
{
    fp_envelope envelope;
    fp_diag d = {0};
    const fp_status status = fp_envelope_read(bytes_of(json), arena, &envelope, &d);
    assert_int_equal(status, d.status);
    return status;
}

static void what_dsse_does_not_name_is_passed_over(void **state)
{
    (void)state;
    assert_int_equal(read_text("{\"payload\": \"\", \"payloadType\": \"\", \"signatures\": []}"),
                     FP_OK);
    assert_int_equal(read_text("{\"payload\": \"Zg==\", \"payloadType\": \"t\", \"x\": {},"
                               " \"signatures\": [{\"sig\": \"\", \"cert\": \"y\"}]}"),
                     FP_OK);
}

static void what_is_no_envelope_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "[]",
        "null",
        "{}",
        "{\"payload\": \"\"}",
        "{\"payload\": \"\", \"payloadType\": \"\"}",
        "{\"payload\": 1, \"payloadType\": \"\", \"signatures\": []}",
        "{\"payload\": \"\", \"payloadType\": null, \"signatures\": []}",
        "{\"payload\": \"\", \"payloadType\": \"\", \"signatures\": {}}",
        "{\"payload\": \"\", \"payloadType\": \"\", \"signatures\": [\"\"]}",
        "{\"payload\": \"\", \"payloadType\": \"\", \"signatures\": [{}]}",
        "{\"payload\": \"\", \"payloadType\": \"\", \"signatures\": [{\"sig\": \"Z\"}]}",
        "{\"payload\":\"\", \"payloadType\":\"\", \"signatures\":[{\"sig\":\"\", \"keyid\":7}]}",
        "{\"payload\": \"Zg\", \"payloadType\": \"\", \"signatures\": []}",
        "{\"payload\": \"Zg==\\n\", \"payloadType\": \"\", \"signatures\": []}",
        "{\"payload\": \"Zh==\", \"payloadType\": \"\", \"signatures\": []}",
        "{\"payload\": \"\", \"payload\": \"\", \"payloadType\": \"\", \"signatures\": []}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (read_text(texts[i]) != FP_FORMAT)
            print_error("%s\n", texts[i]);
        assert_int_equal(read_text(texts[i]), FP_FORMAT);
    }
}

static void too_many_signatures_are_refused(void **state)
{
    (void)state;
    fp_envelope envelope = signed_by(KEY_SEED_ONE, "text/x", "payload");
    fp_envelope_signature many[FP_ENVELOPE_SIGNATURES_MAX + 1];
    for (size_t i = 0; i < sizeof many / sizeof *many; i++)
        many[i] = envelope.signatures[0];
    envelope.signatures = many;
    envelope.signature_count = FP_ENVELOPE_SIGNATURES_MAX;
    fp_envelope read;
    assert_int_equal(fp_envelope_read(written(&envelope), arena, &read, NULL), FP_OK);
    envelope.signature_count++;
    assert_int_equal(fp_envelope_read(written(&envelope), arena, &read, NULL), FP_FORMAT);
}

/* `fill` everywhere, then `end`. */
static fp_span large(size_t size, int fill, const char *end)
{
    char *text = malloc(size + strlen(end));
    assert_non_null(text);
    memset(text, fill, size);
    memcpy(text + size, end, strlen(end));
    return fp_span_of(text, size + strlen(end));
}

static void an_envelope_beyond_the_limits_is_refused(void **state)
{
    (void)state;
    fp_envelope envelope;
    fp_span text = large(100U << 20, ' ', "{}");
    assert_int_equal(fp_envelope_read(text, arena, &envelope, NULL), FP_LIMIT);
    free((void *)text.data);
    text = large(10000, '[', "");
    assert_int_equal(fp_envelope_read(text, arena, &envelope, NULL), FP_LIMIT);
    free((void *)text.data);
}

/* The line end behind the last brace may be missing. */
static void an_envelope_cut_anywhere_is_none(void **state)
{
    (void)state;
    const fp_envelope envelope = signed_by(KEY_SEED_ONE, "text/x", "payload");
    const fp_span text = written(&envelope);
    for (size_t size = 0; size + 1 < text.size; size++) {
        fp_envelope read;
        assert_int_equal(fp_envelope_read(fp_span_of(text.data, size), arena, &read, NULL),
                         FP_FORMAT);
    }
}

static fp_status all_of_it(fp_arena *small, fp_span text, const fp_key *key)
{
    fp_envelope read;
    bool good = false;
    fp_out out = {0};
    fp_status status = fp_envelope_read(text, small, &read, NULL);
    if (status == FP_OK)
        status = fp_envelope_verify(&read, key, small, &good);
    if (status == FP_OK)
        status = fp_envelope_sign(read.payload_type, read.payload, key, small, &read);
    if (status == FP_OK)
        status = fp_envelope_write(&read, small, &out);
    assert_true(status != FP_OK || good);
    fp_out_free(&out);
    return status;
}

static void little_memory_is_no_other_answer(void **state)
{
    (void)state;
    const fp_envelope envelope = signed_by(KEY_SEED_ONE, "text/x", "payload");
    const fp_span text = written(&envelope);
    fp_key *key = private_key(KEY_SEED_ONE);
    fp_status status = FP_NOMEM;
    size_t budget = 0;
    for (; status != FP_OK; budget += 64) {
        fp_arena *small = fp_arena_new(budget);
        assert_non_null(small);
        status = all_of_it(small, text, key);
        assert_true(status == FP_OK || status == FP_NOMEM);
        fp_arena_free(small);
        assert_true(budget < BUDGET);
    }
    assert_true(budget > 256);
    fp_key_free(key);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_arena, free_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(base64_is_as_the_standard_shows),
        TEST(base64_of_every_byte_comes_back),
        TEST(both_alphabets_are_read),
        TEST(other_base64_is_refused_where_it_is_wrong),
        TEST(signatures_are_those_of_the_standard),
        TEST(only_the_signature_of_these_bytes_holds),
        TEST(both_halves_have_one_id),
        TEST(an_encrypted_key_takes_its_phrase),
        TEST(a_key_that_takes_too_long_to_open_is_refused),
        TEST(other_kinds_of_keys_are_refused),
        TEST(the_other_half_is_refused),
        TEST(a_file_has_one_key),
        TEST(a_key_cut_anywhere_is_none),
        TEST(nothing_stands_behind_a_key),
        TEST(a_large_file_is_no_key),
        TEST(what_is_signed_is_as_dsse_shows),
        TEST(an_envelope_comes_back_as_it_was_written),
        TEST(every_part_of_it_is_signed),
        TEST(one_of_several_signatures_is_enough),
        TEST(a_key_id_decides_nothing),
        TEST(what_dsse_does_not_name_is_passed_over),
        TEST(what_is_no_envelope_is_refused),
        TEST(too_many_signatures_are_refused),
        TEST(an_envelope_beyond_the_limits_is_refused),
        TEST(an_envelope_cut_anywhere_is_none),
        TEST(little_memory_is_no_other_answer),
    };
    return RUN_TESTS(tests);
}
