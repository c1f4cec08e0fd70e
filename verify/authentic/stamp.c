/* SPDX-License-Identifier: MIT */
/*
 * Time stamps: an RFC 3161 token (a SignedData of its own around a TSTInfo), or the older PKCS #9
 * counter-signature (a SignerInfo over the stamped signature). Each has its own chain, which must
 * have been valid at the time it tells.
 */
#include "verify/authentic/x509_parts.h"

static const fp_oid OID_DATA = {9, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01}};
static const fp_oid OID_SIGNING_TIME = {9, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x05}};
static const fp_oid OID_TST_INFO = {
    11, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x04}};
static const fp_oid OID_SIGNING_CERTIFICATE = {
    11, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x0C}};
static const fp_oid OID_SIGNING_CERTIFICATE_V2 = {
    11, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x2F}};

typedef struct token { /* what both kinds come down to */
    fp_signer_info signer;
    fp_span content_type;
    fp_span content; /* the octets that the message digest is over */
    fp_hash imprint; /* the digest of the stamped signature, other than the signer's own */
    fp_time time;
} token;

/* ---- RFC 3161 ------------------------------------------------------------------------- */

/* TSTInfo ::= SEQUENCE { version, policy, messageImprint { algorithm, digest }, serialNumber,
 * genTime, ... }: is it about `stamped`, and of what time? */
static fp_status read_tst_info(fp_span content, fp_span stamped, token *t, bool *about)
{
    fp_reader file = fp_reader_at(content, 0);
    fp_reader info = fp_der_enter(&file, FP_DER_SEQUENCE);
    (void)fp_der_read(&info, FP_DER_INTEGER);
    (void)fp_der_read(&info, FP_DER_OID);
    fp_reader imprint = fp_der_enter(&info, FP_DER_SEQUENCE);
    t->imprint = fp_hash_read(&imprint);
    const fp_span digest = fp_der_read(&imprint, FP_DER_OCTETS).content;
    (void)fp_der_read(&info, FP_DER_INTEGER);
    const fp_der time = fp_der_read(&info, FP_DER_GENERALIZED_TIME);
    *about = false;
    if (!fp_der_done(&file) || !fp_der_done(&imprint) || !fp_reader_ok(&info) ||
        !fp_der_time(time, &t->time) || t->imprint == FP_HASH_UNKNOWN)
        return FP_OK;
    uint8_t own[FP_HASH_SIZE_MAX];
    const fp_status status = fp_hash_bytes(t->imprint, fp_span_of(NULL, 0), stamped, own);
    if (status == FP_OK)
        *about = fp_span_eq(digest, fp_span_of(own, fp_hash_size(t->imprint)));
    return status;
}

/* ESSCertID, first of the attribute's: SEQUENCE { [algorithm], certHash, ... } (RFC 5035). */
static fp_status read_certificate_hash(fp_der attribute, fp_hash fallback, fp_span *digest,
                                       fp_hash *hash)
{
    fp_reader r = fp_der_inside(attribute);
    fp_reader ids = fp_der_enter(&r, FP_DER_SEQUENCE);
    fp_reader id = fp_der_enter(&ids, FP_DER_SEQUENCE);
    *hash = fallback;
    if (fp_reader_left(&id) > 0 && id.span.data[id.at] == FP_DER_SEQUENCE)
        *hash = fp_hash_read(&id);
    *digest = fp_der_read(&id, FP_DER_OCTETS).content;
    return fp_reader_ok(&id) ? FP_OK : FP_FORMAT;
}

/* RFC 3161, 2.4.2 and RFC 5816: the token names its signer's certificate by digest, so that no
 * other one with the same key can take its place. */
static fp_status names_certificate(const fp_signer_info *signer, fp_span certificate, bool *names)
{
    const fp_span attributes = fp_signed_attributes(signer);
    fp_der attribute;
    fp_hash fallback = FP_HASH_SHA256;
    fp_status status =
        fp_attribute_single(attributes, &OID_SIGNING_CERTIFICATE_V2, FP_DER_SEQUENCE, &attribute);
    if (status == FP_NOT_FOUND) {
        fallback = FP_HASH_SHA1;
        status =
            fp_attribute_single(attributes, &OID_SIGNING_CERTIFICATE, FP_DER_SEQUENCE, &attribute);
    }
    fp_span digest;
    fp_hash hash = FP_HASH_UNKNOWN;
    *names = false;
    if (status == FP_OK)
        status = read_certificate_hash(attribute, fallback, &digest, &hash);
    if (status != FP_OK || hash == FP_HASH_UNKNOWN)
        return FP_OK;
    uint8_t own[FP_HASH_SIZE_MAX];
    status = fp_hash_bytes(hash, fp_span_of(NULL, 0), certificate, own);
    if (status == FP_OK)
        *names = fp_span_eq(digest, fp_span_of(own, fp_hash_size(hash)));
    return status;
}

/* ---- both ----------------------------------------------------------------------------- */

static fp_status believe(const fp_stamp_question *q, const token *t, X509 *certificate,
                         const fp_bag *bag, fp_arena *arena, fp_stamp_answer *out)
{
    fp_chain chain;
    const fp_status status =
        fp_chain_check(q->trust, certificate, bag, FP_USAGE_TIME_STAMPING, t->time, arena, &chain);
    if (status != FP_OK)
        return status;
    out->stamp.believed = chain.state == FP_CHAIN_GOOD;
    out->stamp.root = chain.root;
    out->stamp.missing_issuer = chain.missing_issuer;
    out->weakness = chain.weakness;
    if (fp_hash_is_weak(t->signer.hash) || fp_hash_is_weak(t->imprint))
        out->weakness = FP_STR("the time stamp uses MD5 or SHA-1");
    if (out->stamp.believed)
        return FP_OK;
    const char *reason =
        fp_arena_printf(arena, "the time stamp is not believed: %.*s", FP_STR_ARG(chain.reason));
    out->reason = fp_str_of(reason);
    return reason == NULL ? FP_NOMEM : FP_OK;
}

static fp_status check_token(const fp_stamp_question *q, const token *t, const fp_bag *bag,
                             fp_arena *arena, fp_stamp_answer *out)
{
    X509 *certificate = fp_bag_find(bag, &t->signer);
    bool holds = false;
    out->reason = FP_STR("the time stamp does not hold its signer's certificate");
    if (certificate == NULL)
        return FP_OK;
    fp_status status = fp_certificate_describe(certificate, arena, &out->stamp.signer);
    if (status == FP_OK)
        status = fp_signer_covers(&t->signer, t->content_type, t->content, &holds);
    out->reason = FP_STR("the time stamp's attributes are not about its content");
    if (status != FP_OK || !holds)
        return status;
    status = fp_signer_verify(&t->signer, certificate, &holds);
    out->reason = FP_STR("the time stamp's own signature does not verify");
    if (status != FP_OK || !holds)
        return status;
    out->holds = true;
    out->stamp.time = t->time;
    return believe(q, t, certificate, bag, arena, out);
}

static fp_span raw_of(const fp_bag *bag, const X509 *certificate)
{
    for (size_t i = 0; i < bag->count; i++) {
        if (bag->at[i] == certificate)
            return bag->raw[i];
    }
    return fp_span_of(NULL, 0);
}

static fp_status check_rfc3161_in(const fp_stamp_question *q, token *t, const fp_bag *bag,
                                  fp_arena *arena, fp_stamp_answer *out)
{
    bool about = false;
    fp_status status = read_tst_info(t->content, q->signature, t, &about);
    out->reason = FP_STR("the time stamp is not about this signature");
    if (status != FP_OK || !about)
        return status;
    const X509 *certificate = fp_bag_find(bag, &t->signer);
    bool names = false;
    if (certificate != NULL)
        status = names_certificate(&t->signer, raw_of(bag, certificate), &names);
    out->reason = FP_STR("the time stamp does not name its signer's certificate");
    if (status != FP_OK || !names)
        return status;
    return check_token(q, t, bag, arena, out);
}

static fp_status check_rfc3161(const fp_stamp_question *q, fp_arena *arena, fp_stamp_answer *out)
{
    fp_signed_data data;
    out->reason = FP_STR("the time stamp is malformed");
    const fp_status read = fp_signed_data_read(q->value.whole, &data, NULL);
    if (read != FP_OK || data.content.tag != FP_DER_OCTETS ||
        !fp_oid_is(data.content_type, &OID_TST_INFO))
        return FP_OK;
    token t = {
        .signer = data.signer, .content_type = data.content_type, .content = data.content.content};
    fp_bag bag;
    fp_bag_open(&data, &bag);
    const fp_status status = check_rfc3161_in(q, &t, &bag, arena, out);
    fp_bag_close(&bag);
    return status;
}

static fp_status check_legacy(const fp_stamp_question *q, fp_arena *arena, fp_stamp_answer *out)
{
    token t = {.content = q->signature, .content_type = fp_span_of(OID_DATA.bytes, OID_DATA.size)};
    fp_attribute time;
    out->reason = FP_STR("the counter-signature is malformed");
    if (fp_signer_info_read(q->value, &t.signer, NULL) != FP_OK)
        return FP_OK;
    t.imprint = t.signer.hash;
    if (fp_attribute_find(fp_signed_attributes(&t.signer), &OID_SIGNING_TIME, &time) != FP_OK ||
        time.value_count != 1 || !fp_der_time(time.values[0], &t.time))
        return FP_OK;
    return check_token(q, &t, q->bag, arena, out);
}

fp_status fp_stamp_check(const fp_stamp_question *question, fp_arena *arena, fp_stamp_answer *out)
{
    *out = (fp_stamp_answer){.stamp = {.kind = question->kind, .time = FP_TIME_NONE}};
    switch (question->kind) {
    case FP_STAMP_RFC3161:
        return check_rfc3161(question, arena, out);
    case FP_STAMP_LEGACY:
        return check_legacy(question, arena, out);
    case FP_STAMP_NONE:
        break;
    }
    return FP_OK;
}
