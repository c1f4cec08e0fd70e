/* SPDX-License-Identifier: MIT */
#include "tests/support/sign_builder.h"

#include "tests/support/cab_builder.h"
#include "tests/support/pe_builder.h"
#include "verify/authentic/der.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sign_identity {
    X509 *certificate;
    EVP_PKEY *key;
};

static void need(bool holds)
{
    if (!holds)
        abort();
}

/* ---- certificates --------------------------------------------------------------------- */

static void set_name(X509_NAME *name, const char *field, const char *value)
{
    if (value != NULL)
        need(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, (const unsigned char *)value,
                                        -1, -1, 0) == 1);
}

static void set_year(ASN1_TIME *time, int year)
{
    char text[32];
    snprintf(text, sizeof text, "%04d0101000000Z", year);
    need(ASN1_TIME_set_string_X509(time, text) == 1);
}

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    need(extension != NULL && X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

static void set_extensions(X509 *certificate, X509 *issuer, const sign_person *p)
{
    add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
    add_extension(certificate, issuer, NID_authority_key_identifier, "keyid");
    if (p->authority) {
        add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE");
        add_extension(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
    } else {
        add_extension(certificate, issuer, NID_key_usage,
                      p->key_usage != NULL ? p->key_usage : "critical,digitalSignature");
    }
    if (p->usage != NULL)
        add_extension(certificate, issuer, NID_ext_key_usage, p->usage);
}

sign_identity *sign_identity_new(const sign_person *p)
{
    static long serial = 0x1000;
    sign_identity *identity = calloc(1, sizeof *identity);
    need(identity != NULL);
    X509 *certificate = identity->certificate = X509_new();
    EVP_PKEY *key = identity->key =
        p->rsa_bits > 0 ? EVP_RSA_gen((unsigned)p->rsa_bits) : EVP_EC_gen("P-256");
    need(certificate != NULL && key != NULL && X509_set_version(certificate, X509_VERSION_3) == 1);
    const sign_identity *issuer = p->issuer != NULL ? p->issuer : identity;
    need(ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++) == 1);
    set_name(X509_get_subject_name(certificate), "O", p->organization);
    set_name(X509_get_subject_name(certificate), "O", p->second_organization);
    set_name(X509_get_subject_name(certificate), "CN", p->name);
    need(X509_set_issuer_name(certificate, X509_get_subject_name(issuer->certificate)) == 1);
    set_year(X509_getm_notBefore(certificate), p->from_year > 0 ? p->from_year : 2000);
    set_year(X509_getm_notAfter(certificate), p->to_year > 0 ? p->to_year : 2090);
    need(X509_set_pubkey(certificate, key) == 1);
    set_extensions(certificate, issuer->certificate, p);
    need(X509_sign(certificate, issuer->key, p->sha1 ? EVP_sha1() : EVP_sha256()) > 0);
    return identity;
}

void sign_identity_free(sign_identity *identity)
{
    if (identity == NULL)
        return;
    X509_free(identity->certificate);
    EVP_PKEY_free(identity->key);
    free(identity);
}

static fp_span keep(fp_arena *arena, const void *bytes, size_t size)
{
    void *copy = fp_arena_copy(arena, bytes, size);
    need(copy != NULL);
    return fp_span_of(copy, size);
}

fp_span sign_pem(const sign_identity *identity, fp_arena *arena)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text;
    need(bio != NULL && PEM_write_bio_X509(bio, identity->certificate) == 1);
    const long size = BIO_get_mem_data(bio, &text);
    const fp_span pem = keep(arena, text, (size_t)size);
    BIO_free(bio);
    return pem;
}

fp_span sign_der(const sign_identity *identity, fp_arena *arena)
{
    unsigned char *bytes = NULL;
    const int size = i2d_X509(identity->certificate, &bytes);
    need(size > 0);
    const fp_span der = keep(arena, bytes, (size_t)size);
    OPENSSL_free(bytes);
    return der;
}

/* ---- DER ------------------------------------------------------------------------------ */

static fp_span join(fp_arena *arena, const fp_span *parts, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += parts[i].size;
    uint8_t *bytes = fp_arena_alloc(arena, size + 1);
    need(bytes != NULL);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].size > 0)
            memcpy(bytes + at, parts[i].data, parts[i].size);
        at += parts[i].size;
    }
    return fp_span_of(bytes, size);
}

fp_span sign_element(fp_arena *arena, unsigned tag, const fp_span *parts, size_t count)
{
    const fp_span content = join(arena, parts, count);
    uint8_t head[6] = {(uint8_t)tag};
    size_t at = 1;
    size_t bytes = 0;
    for (size_t rest = content.size; content.size > 127 && rest > 0; rest >>= 8)
        bytes++;
    if (bytes > 0)
        head[at++] = (uint8_t)(0x80 | bytes);
    else
        head[at++] = (uint8_t)content.size;
    for (size_t i = bytes; i > 0; i--)
        head[at++] = (uint8_t)(content.size >> (8 * (i - 1)));
    return join(arena, (const fp_span[]){fp_span_of(head, at), content}, 2);
}

#define PARTS(...)                                                                                 \
    (const fp_span[]){__VA_ARGS__}, sizeof((const fp_span[]){__VA_ARGS__}) / sizeof(fp_span)
#define ELEMENT(arena, tag, ...) sign_element((arena), (tag), PARTS(__VA_ARGS__))
#define NOTHING                  fp_span_of(NULL, 0)

static fp_span oid(fp_arena *arena, const char *text)
{
    ASN1_OBJECT *object = OBJ_txt2obj(text, 1);
    need(object != NULL);
    const fp_span id = fp_span_of(OBJ_get0_data(object), OBJ_length(object));
    const fp_span element = ELEMENT(arena, FP_DER_OID, id);
    ASN1_OBJECT_free(object);
    return element;
}

static fp_span integer(fp_arena *arena, uint8_t value)
{
    return ELEMENT(arena, FP_DER_INTEGER, fp_span_of(&value, 1));
}

static fp_span octets(fp_arena *arena, fp_span bytes)
{
    return ELEMENT(arena, FP_DER_OCTETS, bytes);
}

static fp_span algorithm(fp_arena *arena, const char *id)
{
    return ELEMENT(arena, FP_DER_SEQUENCE, oid(arena, id), ELEMENT(arena, FP_DER_NULL, NOTHING));
}

static fp_span attribute(fp_arena *arena, const char *type, fp_span values)
{
    return ELEMENT(arena, FP_DER_SEQUENCE, oid(arena, type), ELEMENT(arena, FP_DER_SET, values));
}

/* ---- digests and signatures ----------------------------------------------------------- */

static const EVP_MD *md_of(fp_hash hash)
{
    switch (hash) {
    case FP_HASH_MD5:
        return EVP_md5();
    case FP_HASH_SHA1:
        return EVP_sha1();
    case FP_HASH_SHA384:
        return EVP_sha384();
    case FP_HASH_SHA512:
        return EVP_sha512();
    case FP_HASH_UNKNOWN:
    case FP_HASH_SHA256:
        break;
    }
    return EVP_sha256();
}

static const char *hash_id(fp_hash hash)
{
    static const char *const ids[] = {"2.16.840.1.101.3.4.2.1", "1.2.840.113549.2.5",
                                      "1.3.14.3.2.26",          "2.16.840.1.101.3.4.2.1",
                                      "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"};
    return ids[hash];
}

static fp_span digest(fp_arena *arena, fp_hash hash, fp_span bytes)
{
    uint8_t value[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    need(EVP_Digest(bytes.data, bytes.size, value, &size, md_of(hash), NULL) == 1);
    return keep(arena, value, size);
}

static fp_span sign_bytes(fp_arena *arena, const sign_identity *who, fp_hash hash, fp_span bytes)
{
    uint8_t value[1024];
    size_t size = sizeof value;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    need(context != NULL && EVP_DigestSignInit(context, NULL, md_of(hash), NULL, who->key) == 1 &&
         EVP_DigestSign(context, value, &size, bytes.data, bytes.size) == 1);
    EVP_MD_CTX_free(context);
    return keep(arena, value, size);
}

/* `size` bytes from the start of `bytes`, with 0xEE behind its end. */
static fp_span resized(fp_arena *arena, fp_span bytes, size_t size)
{
    uint8_t *copy = fp_arena_alloc(arena, size + 1);
    need(copy != NULL);
    memset(copy, 0xEE, size + 1);
    memcpy(copy, bytes.data, bytes.size < size ? bytes.size : size);
    return fp_span_of(copy, size);
}

static fp_span altered(fp_arena *arena, fp_span bytes)
{
    uint8_t *copy = fp_arena_copy(arena, bytes.data, bytes.size);
    need(copy != NULL);
    copy[bytes.size - 1] ^= 1;
    return fp_span_of(copy, bytes.size);
}

/* ---- a signer's part ------------------------------------------------------------------ */

typedef struct signer_part {
    const sign_identity *who;
    fp_hash hash;
    const char *content_type;
    fp_span content;      /* that the message digest is over */
    fp_span more;         /* further signed attributes */
    fp_span unsigned_set; /* content of [1] */
    sign_flaw flaw;
} signer_part;

static fp_span message_digest(fp_arena *arena, const signer_part *p)
{
    fp_span value = digest(arena, p->hash, p->content);
    if (p->flaw == SIGN_NO_MESSAGE_DIGEST)
        return NOTHING;
    if (p->flaw == SIGN_OTHER_MESSAGE_DIGEST)
        value = altered(arena, value);
    if (p->flaw == SIGN_SHORT_MESSAGE_DIGEST)
        value = resized(arena, value, 8);
    const fp_span one = octets(arena, value);
    const fp_span two = octets(arena, altered(arena, value));
    const char *type = "1.2.840.113549.1.9.4";
    if (p->flaw == SIGN_TWO_DIGEST_VALUES)
        return attribute(arena, type, join(arena, PARTS(one, two)));
    if (p->flaw == SIGN_TWO_MESSAGE_DIGESTS)
        return join(arena, PARTS(attribute(arena, type, one), attribute(arena, type, two)));
    return attribute(arena, type, one);
}

static fp_span signed_attributes(fp_arena *arena, const signer_part *p)
{
    const char *type =
        p->flaw == SIGN_OTHER_ATTRIBUTE_TYPE ? "1.2.840.113549.1.7.1" : p->content_type;
    return join(arena, PARTS(attribute(arena, "1.2.840.113549.1.9.3", oid(arena, type)),
                             message_digest(arena, p), p->more));
}

static fp_span signing_algorithm(fp_arena *arena, const signer_part *p)
{
    const bool rsa = EVP_PKEY_get_base_id(p->who->key) == EVP_PKEY_RSA;
    if (p->flaw == SIGN_UNKNOWN_SCHEME)
        return algorithm(arena, "1.2.840.113549.1.1.10");
    if (p->flaw == SIGN_OTHER_SCHEME)
        return algorithm(arena, rsa ? "1.2.840.10045.2.1" : "1.2.840.113549.1.1.1");
    if (p->flaw == SIGN_OTHER_SIGNING_HASH)
        return algorithm(arena, rsa ? "1.2.840.113549.1.1.13" : "1.2.840.10045.4.3.4");
    return algorithm(arena, rsa ? "1.2.840.113549.1.1.1" : "1.2.840.10045.2.1");
}

static fp_span issuer_and_serial(fp_arena *arena, const signer_part *p)
{
    unsigned char *issuer = NULL;
    unsigned char *serial = NULL;
    const int issuer_size = i2d_X509_NAME(X509_get_issuer_name(p->who->certificate), &issuer);
    const int serial_size = i2d_ASN1_INTEGER(X509_get0_serialNumber(p->who->certificate), &serial);
    need(issuer_size > 0 && serial_size > 0);
    fp_span number = keep(arena, serial, (size_t)serial_size);
    if (p->flaw == SIGN_OTHER_SERIAL)
        number = altered(arena, number);
    const fp_span name = fp_span_of(issuer, (size_t)issuer_size);
    const fp_span both = ELEMENT(arena, FP_DER_SEQUENCE, name, number);
    OPENSSL_free(issuer);
    OPENSSL_free(serial);
    return both;
}

typedef struct signer_bytes {
    fp_span element;
    fp_span signature; /* its octets */
} signer_bytes;

static fp_span signature_of(fp_arena *arena, const signer_part *p, fp_span attributes)
{
    const fp_span set = ELEMENT(arena, FP_DER_SET, attributes);
    const fp_span signature = sign_bytes(arena, p->who, p->hash, set);
    if (p->flaw == SIGN_EMPTY_SIGNATURE)
        return NOTHING;
    return p->flaw == SIGN_ALTERED_SIGNATURE || p->flaw == SIGN_STAMP_ALTERED
               ? altered(arena, signature)
               : signature;
}

/* Without p->unsigned_set, which may depend on the signature. */
static fp_span signer_head(fp_arena *arena, const signer_part *p, fp_span *signature)
{
    const fp_span attributes = signed_attributes(arena, p);
    *signature = signature_of(arena, p, attributes);
    const fp_span stored = p->flaw == SIGN_NO_SIGNED_ATTRIBUTES
                               ? NOTHING
                               : ELEMENT(arena, FP_DER_CONTEXT_0, attributes);
    return join(arena, PARTS(integer(arena, 1), issuer_and_serial(arena, p),
                             algorithm(arena, hash_id(p->hash)), stored,
                             signing_algorithm(arena, p), octets(arena, *signature)));
}

static fp_span signer_whole(fp_arena *arena, fp_span head, fp_span unsigned_set)
{
    const fp_span more =
        unsigned_set.size > 0 ? ELEMENT(arena, FP_DER_CONTEXT_1, unsigned_set) : NOTHING;
    return ELEMENT(arena, FP_DER_SEQUENCE, head, more);
}

/* ---- SignedData ----------------------------------------------------------------------- */

typedef struct data_part {
    const char *content_type;
    fp_span content; /* an element */
    const sign_identity *who;
    const sign_identity *const *chain;
    fp_hash hash;
    fp_span signers; /* content of the set */
    sign_flaw flaw;
} data_part;

static fp_span authority(fp_arena *arena, const sign_identity *who, sign_flaw flaw)
{
    const fp_span der = sign_der(who, arena);
    uint8_t *copy = fp_arena_copy(arena, der.data, der.size);
    need(copy != NULL);
    if (flaw == SIGN_DAMAGED_CERTIFICATE)
        copy[4] = FP_DER_SET; /* TBSCertificate is a SEQUENCE */
    return fp_span_of(copy, der.size);
}

static fp_span certificates(fp_arena *arena, const data_part *p)
{
    enum { MANY = 40 };
    fp_span all = p->flaw == SIGN_NO_CERTIFICATE ? NOTHING : sign_der(p->who, arena);
    for (size_t i = 0; i < SIGN_CHAIN_MAX && p->chain[i] != NULL; i++)
        all = join(arena, PARTS(all, authority(arena, p->chain[i], p->flaw)));
    for (size_t i = 0; i < MANY && p->flaw == SIGN_MANY_CERTIFICATES; i++)
        all = join(arena, PARTS(all, sign_der(p->who, arena)));
    return all.size > 0 ? ELEMENT(arena, FP_DER_CONTEXT_0, all) : NOTHING;
}

/* The outermost element with a length written as BER would allow. */
static fp_span relaxed(fp_arena *arena, fp_span whole, sign_flaw flaw)
{
    static const uint8_t end[] = {0, 0};
    fp_reader r = fp_reader_at(whole, 0);
    const fp_span content = fp_der_next(&r).content;
    const uint8_t indefinite[] = {FP_DER_SEQUENCE, 0x80};
    const uint8_t longer[] = {FP_DER_SEQUENCE,
                              0x84,
                              (uint8_t)(content.size >> 24),
                              (uint8_t)(content.size >> 16),
                              (uint8_t)(content.size >> 8),
                              (uint8_t)content.size};
    if (flaw == SIGN_INDEFINITE)
        return join(arena, PARTS(fp_span_of(indefinite, 2), content, fp_span_of(end, 2)));
    return join(arena, PARTS(fp_span_of(longer, sizeof longer), content));
}

static fp_span signed_data(fp_arena *arena, const data_part *p)
{
    const fp_hash named = p->flaw == SIGN_OTHER_SET_DIGEST ? FP_HASH_SHA512 : p->hash;
    const fp_span content = ELEMENT(arena, FP_DER_SEQUENCE, oid(arena, p->content_type),
                                    ELEMENT(arena, FP_DER_CONTEXT_0, p->content));
    const fp_span data =
        ELEMENT(arena, FP_DER_SEQUENCE, integer(arena, 1),
                ELEMENT(arena, FP_DER_SET, algorithm(arena, hash_id(named))), content,
                certificates(arena, p), ELEMENT(arena, FP_DER_SET, p->signers));
    const fp_span whole = ELEMENT(arena, FP_DER_SEQUENCE, oid(arena, "1.2.840.113549.1.7.2"),
                                  ELEMENT(arena, FP_DER_CONTEXT_0, data));
    if (p->flaw == SIGN_TRAILING_BYTES)
        return join(arena, PARTS(whole, integer(arena, 1)));
    if (p->flaw == SIGN_LONG_LENGTH || p->flaw == SIGN_INDEFINITE)
        return relaxed(arena, whole, p->flaw);
    return whole;
}

/* ---- time stamps ---------------------------------------------------------------------- */

static fp_span stamp_time(fp_arena *arena, const sign_stamp *s, sign_flaw flaw)
{
    const char *text = s->time != NULL ? s->time : "20210601120000Z";
    if (flaw == SIGN_STAMP_BAD_TIME)
        text = "20211301120000Z";
    return ELEMENT(arena, FP_DER_GENERALIZED_TIME, fp_span_of(text, strlen(text)));
}

static fp_span tst_info(fp_arena *arena, const sign_stamp *s, fp_span signature, sign_flaw flaw)
{
    const fp_hash hash = s->sha1 ? FP_HASH_SHA1 : FP_HASH_SHA256;
    fp_span imprint = digest(arena, hash, signature);
    if (flaw == SIGN_STAMP_OTHER_SIGNATURE)
        imprint = altered(arena, imprint);
    return ELEMENT(
        arena, FP_DER_SEQUENCE, integer(arena, 1), oid(arena, "1.2.3.4"),
        ELEMENT(arena, FP_DER_SEQUENCE, algorithm(arena, hash_id(hash)), octets(arena, imprint)),
        integer(arena, 7), stamp_time(arena, s, flaw));
}

/* SigningCertificateV2 with the default SHA-256. */
static fp_span names_signer(fp_arena *arena, const sign_stamp *s, sign_flaw flaw)
{
    fp_span hash = digest(arena, FP_HASH_SHA256, sign_der(s->signer, arena));
    if (flaw == SIGN_STAMP_NOT_NAMED)
        return NOTHING;
    if (flaw == SIGN_STAMP_OTHER_NAMED)
        hash = altered(arena, hash);
    const fp_span id = ELEMENT(arena, FP_DER_SEQUENCE, octets(arena, hash));
    return attribute(arena, "1.2.840.113549.1.9.16.2.47",
                     ELEMENT(arena, FP_DER_SEQUENCE, ELEMENT(arena, FP_DER_SEQUENCE, id)));
}

static fp_span rfc3161(fp_arena *arena, const sign_stamp *s, fp_span signature, sign_flaw flaw)
{
    static const char type[] = "1.2.840.113549.1.9.16.1.4";
    const fp_span info = tst_info(arena, s, signature, flaw);
    const fp_hash hash = s->sha1 ? FP_HASH_SHA1 : FP_HASH_SHA256;
    fp_span unused;
    const signer_part signer = {.who = s->signer,
                                .hash = hash,
                                .content_type = type,
                                .content = info,
                                .more = names_signer(arena, s, flaw),
                                .flaw = flaw == SIGN_STAMP_ALTERED ? flaw : SIGN_SOUND};
    const data_part data = {.content_type = type,
                            .content = octets(arena, info),
                            .who = s->signer,
                            .chain = s->chain,
                            .hash = hash,
                            .signers =
                                signer_whole(arena, signer_head(arena, &signer, &unused), NOTHING)};
    return signed_data(arena, &data);
}

static fp_span legacy(fp_arena *arena, const sign_stamp *s, fp_span signature, sign_flaw flaw)
{
    fp_span unused;
    const signer_part signer = {
        .who = s->signer,
        .hash = s->sha1 ? FP_HASH_SHA1 : FP_HASH_SHA256,
        .content_type = "1.2.840.113549.1.7.1",
        .content = flaw == SIGN_STAMP_OTHER_SIGNATURE ? altered(arena, signature) : signature,
        .more = attribute(arena, "1.2.840.113549.1.9.5", stamp_time(arena, s, flaw)),
        .flaw = flaw == SIGN_STAMP_ALTERED ? flaw : SIGN_SOUND};
    return signer_whole(arena, signer_head(arena, &signer, &unused), NOTHING);
}

static fp_span stamp_attribute(fp_arena *arena, const sign_plan *plan, fp_span signature)
{
    const sign_stamp *s = &plan->stamp;
    if (s->kind == FP_STAMP_NONE)
        return NOTHING;
    const bool modern = s->kind == FP_STAMP_RFC3161;
    const char *type = modern ? "1.3.6.1.4.1.311.3.3.1" : "1.2.840.113549.1.9.6";
    const fp_span value =
        modern ? rfc3161(arena, s, signature, plan->flaw) : legacy(arena, s, signature, plan->flaw);
    const fp_span one = attribute(arena, type, plan->flaw == SIGN_STAMP_EMPTY ? NOTHING : value);
    return plan->flaw == SIGN_STAMP_TWICE ? join(arena, PARTS(one, one)) : one;
}

/* ---- SpcIndirectData ------------------------------------------------------------------ */

typedef struct subject { /* what is signed */
    bool executable;
    const uint8_t *sha1;
    const uint8_t *sha256;
} subject;

static fp_span data_type(fp_arena *arena, const sign_plan *plan, bool executable)
{
    if (plan->flaw == SIGN_NO_DATA_TYPE)
        return NOTHING;
    if (executable != (plan->flaw == SIGN_OTHER_DATA_TYPE))
        return oid(arena, "1.3.6.1.4.1.311.2.1.15");
    return oid(arena, plan->link ? "1.3.6.1.4.1.311.2.1.28" : "1.3.6.1.4.1.311.2.1.25");
}

static fp_span file_digest(fp_arena *arena, const sign_plan *plan, const subject *s)
{
    const bool sha1 = plan->hash == FP_HASH_SHA1 || plan->flaw == SIGN_OTHER_FILE_HASH;
    fp_span value =
        sha1 ? fp_span_of(s->sha1, FP_SHA1_SIZE) : fp_span_of(s->sha256, FP_SHA256_SIZE);
    if (plan->hash == FP_HASH_SHA384 || plan->hash == FP_HASH_SHA512) /* as long, if not as right */
        value = resized(arena, value, fp_hash_size(plan->hash));
    switch ((unsigned)plan->flaw) {
    case SIGN_MD5:
        return resized(arena, value, 16);
    case SIGN_LONG_DIGEST:
        return resized(arena, value, value.size + 1);
    case SIGN_SHORT_DIGEST:
        return resized(arena, value, value.size - 1);
    case SIGN_EMPTY_DIGEST:
        return NOTHING;
    case SIGN_HUGE_DIGEST:
        return resized(arena, value, 4096);
    case SIGN_OTHER_FILE_DIGEST:
        return altered(arena, value);
    default:
        break;
    }
    return value;
}

static fp_span indirect_data(fp_arena *arena, const sign_plan *plan, const subject *s)
{
    enum { DEEP = 1000 };
    const fp_hash hash = plan->flaw == SIGN_MD5               ? FP_HASH_MD5
                         : plan->flaw == SIGN_OTHER_FILE_HASH ? FP_HASH_SHA1
                                                              : plan->hash;
    fp_span value = ELEMENT(arena, FP_DER_SEQUENCE, NOTHING);
    for (size_t depth = 1; depth < DEEP && plan->flaw == SIGN_DEEP_VALUE; depth++)
        value = ELEMENT(arena, FP_DER_SEQUENCE, value);
    const fp_span tail = plan->flaw == SIGN_CONTENT_TAIL ? integer(arena, 1) : NOTHING;
    return ELEMENT(arena, FP_DER_SEQUENCE,
                   ELEMENT(arena, FP_DER_SEQUENCE, data_type(arena, plan, s->executable), value),
                   ELEMENT(arena, FP_DER_SEQUENCE, algorithm(arena, hash_id(hash)),
                           octets(arena, file_digest(arena, plan, s))),
                   tail);
}

/* ---- the whole ------------------------------------------------------------------------ */

static fp_span make(const sign_plan *plan, const subject *s, fp_arena *arena);

static fp_span nested_attribute(fp_arena *arena, const sign_plan *plan, const subject *s)
{
    if (plan->nested == NULL)
        return NOTHING;
    return attribute(arena, "1.3.6.1.4.1.311.2.4.1", make(plan->nested, s, arena));
}

static fp_span signers(fp_arena *arena, const sign_plan *plan, const subject *s,
                       const signer_part *part)
{
    fp_span signature;
    const fp_span head = signer_head(arena, part, &signature);
    const fp_span unsigned_set = join(
        arena, PARTS(nested_attribute(arena, plan, s), stamp_attribute(arena, plan, signature)));
    const fp_span one = signer_whole(arena, head, unsigned_set);
    if (plan->flaw == SIGN_NO_SIGNER)
        return NOTHING;
    return plan->flaw == SIGN_TWO_SIGNERS ? join(arena, PARTS(one, one)) : one;
}

static fp_span make(const sign_plan *plan, const subject *s, fp_arena *arena)
{
    const char *type =
        plan->flaw == SIGN_OTHER_CONTENT_TYPE ? "1.3.6.1.4.1.311.2.1.5" : "1.3.6.1.4.1.311.2.1.4";
    const fp_span content = indirect_data(arena, plan, s);
    fp_reader r = fp_reader_at(content, 0);
    const signer_part part = {.who = plan->signer,
                              .hash = plan->hash,
                              .content_type = type,
                              .content = fp_der_next(&r).content,
                              .more = NOTHING,
                              .flaw = plan->flaw == SIGN_STAMP_ALTERED ? SIGN_SOUND : plan->flaw};
    const data_part data = {.content_type = type,
                            .content = content,
                            .who = plan->signer,
                            .chain = plan->chain,
                            .hash = plan->hash,
                            .signers = signers(arena, plan, s, &part),
                            .flaw = plan->flaw};
    return signed_data(arena, &data);
}

fp_span sign_pkcs7(const sign_plan *plan, bool executable, const uint8_t sha1[FP_SHA1_SIZE],
                   const uint8_t sha256[FP_SHA256_SIZE], fp_arena *arena)
{
    const subject s = {executable, sha1, sha256};
    return make(plan, &s, arena);
}

static fp_span padded(fp_arena *arena, fp_span bytes)
{
    static const uint8_t zeros[8] = {0};
    return join(arena, PARTS(bytes, fp_span_of(zeros, (8 - bytes.size % 8) % 8)));
}

typedef struct range {
    size_t begin;
    size_t end;
} range;

static fp_span digest_ranges(fp_arena *arena, fp_hash hash, fp_span file, const range *ranges,
                             size_t count)
{
    fp_span covered = NOTHING;
    for (size_t i = 0; i < count; i++) {
        fp_span part;
        need(fp_span_sub(file, ranges[i].begin, ranges[i].end - ranges[i].begin, &part));
        covered = join(arena, PARTS(covered, part));
    }
    return digest(arena, hash, covered);
}

/* ---- cabinets ------------------------------------------------------------------------- */

fp_span sign_put_in_cabinet(fp_span pkcs7, uint8_t seed, fp_arena *arena)
{
    uint8_t content[600];
    memset(content, seed, sizeof content);
    const cab_file files[] = {
        {.name = "a.txt", .content = fp_span_of(content, 100)},
        {.name = "folder\\b.txt", .content = fp_span_of(content + 100, 500)},
    };
    const cab_options options = {.signature = padded(arena, pkcs7)};
    cab_bytes cab = cab_build(files, 2, &options);
    const fp_span file = keep(arena, cab.data, cab.size);
    cab_free(&cab);
    return file;
}

fp_span sign_cabinet(const sign_plan *plan, uint8_t seed, fp_arena *arena)
{
    const uint8_t any[8] = {0};
    const fp_span draft = sign_put_in_cabinet(fp_span_of(any, sizeof any), seed, arena);
    const range ranges[] = {{0, 4}, {8, 34}, {56, draft.size - sizeof any}};
    const fp_span sha1 = digest_ranges(arena, FP_HASH_SHA1, draft, ranges, 3);
    const fp_span sha256 = digest_ranges(arena, FP_HASH_SHA256, draft, ranges, 3);
    return sign_put_in_cabinet(sign_pkcs7(plan, false, sha1.data, sha256.data, arena), seed, arena);
}

/* ---- PE files ------------------------------------------------------------------------- */

static fp_span build_executable(fp_span pkcs7, bool plus, uint8_t seed, pe_layout *layout,
                                fp_arena *arena)
{
    uint8_t *file = fp_arena_alloc(arena, PE_BUILD_MAX);
    need(file != NULL);
    const fp_span content = padded(arena, pkcs7);
    const pe_language language = {.id = 0x409, .version = {4, 0, 6221, seed}};
    const pe_plan plan = {.plus = plus,
                          .languages = &language,
                          .language_count = 1,
                          .certificate_size = content.size + 8};
    need(pe_build(&plan, file, layout));
    pe_put32(file, layout->certificates, (uint32_t)content.size + 8);
    pe_put16(file, layout->certificates + 4, 0x0200);
    pe_put16(file, layout->certificates + 6, 2);
    memcpy(file + layout->certificates + 8, content.data, content.size);
    return fp_span_of(file, layout->size);
}

fp_span sign_put_in_executable(fp_span pkcs7, bool plus, uint8_t seed, fp_arena *arena)
{
    pe_layout layout;
    return build_executable(pkcs7, plus, seed, &layout, arena);
}

fp_span sign_executable(const sign_plan *plan, bool plus, uint8_t seed, fp_arena *arena)
{
    const uint8_t any[8] = {0};
    pe_layout layout;
    const fp_span draft = build_executable(fp_span_of(any, sizeof any), plus, seed, &layout, arena);
    const size_t checksum = layout.coff + 24 + 64;
    const range ranges[] = {{0, checksum},
                            {checksum + 4, layout.certificate_entry},
                            {layout.certificate_entry + 8, layout.certificates}};
    const fp_span sha1 = digest_ranges(arena, FP_HASH_SHA1, draft, ranges, 3);
    const fp_span sha256 = digest_ranges(arena, FP_HASH_SHA256, draft, ranges, 3);
    return sign_put_in_executable(sign_pkcs7(plan, true, sha1.data, sha256.data, arena), plus, seed,
                                  arena);
}
