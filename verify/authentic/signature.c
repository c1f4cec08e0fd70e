/* SPDX-License-Identifier: MIT */
#include "verify/authentic/signature.h"

#include "verify/authentic/x509_parts.h"

#include <openssl/err.h>
#include <string.h>

static const fp_oid OID_RFC3161 = {10,
                                   {0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x03, 0x03, 0x01}};
static const fp_oid OID_COUNTER_SIGNATURE = {
    9, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x06}};
static const fp_oid OID_NESTED = {10, {0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x04, 0x01}};

static unsigned digests_of(fp_span pkcs7, fp_attribute *nested)
{
    fp_signed_data data;
    fp_spc spc;
    nested->value_count = 0;
    if (fp_signed_data_read(pkcs7, &data, NULL) != FP_OK)
        return 0;
    if (fp_attribute_find(data.signer.unsigned_attributes, &OID_NESTED, nested) != FP_OK)
        nested->value_count = 0;
    return fp_spc_read(data.content, &spc) ? 1U << spc.hash : 0;
}

unsigned fp_signature_digests(fp_span pkcs7)
{
    fp_attribute nested;
    fp_attribute deeper; /* ignored, as they are in the end */
    unsigned digests = digests_of(pkcs7, &nested);
    for (size_t i = 0; i < nested.value_count; i++)
        digests |= digests_of(nested.values[i].whole, &deeper);
    return digests;
}

typedef struct examination {
    const fp_signature_question *q;
    fp_arena *arena;
    fp_authentic_signature *out;
    fp_attribute *nested;
    unsigned held; /* one bit per fp_authentic_check */
    fp_signed_data data;
    fp_spc spc;
    fp_bag bag;
    X509 *signer; /* owned by the bag */
    fp_str stamp_reason;
    fp_str publisher; /* fp_chain */
} examination;

static void hold(examination *x, fp_authentic_check check)
{
    x->held |= 1U << check;
}

/* The first failure wins. */
static void fail(examination *x, fp_authentic_check check, fp_authentic_result result,
                 fp_str reason)
{
    if (x->out->failed != FP_CHECK_COUNT)
        return;
    x->out->failed = check;
    x->out->result = result;
    x->out->reason = reason;
}

static void demand(examination *x, fp_authentic_check check, bool held, fp_authentic_result result,
                   fp_str reason)
{
    if (held)
        hold(x, check);
    else
        fail(x, check, result, reason);
}

/* The one place where a signature becomes valid: nothing failed, and every single check held. */
static fp_authentic_result judge(const examination *x)
{
    const unsigned all = (1U << FP_CHECK_COUNT) - 1;
    if (x->out->failed != FP_CHECK_COUNT)
        return x->out->result;
    return x->held == all ? FP_AUTHENTIC_VALID : FP_AUTHENTIC_UNKNOWN;
}

/* ---- what is signed ------------------------------------------------------------------- */

static fp_status check_structure(examination *x)
{
    fp_diag d = {0};
    const fp_status status = fp_signed_data_read(x->q->pkcs7, &x->data, &d);
    if (status != FP_OK) {
        const char *reason =
            fp_arena_printf(x->arena, "the signature cannot be read: %s", d.message);
        fail(x, FP_CHECK_STRUCTURE,
             status == FP_FORMAT ? FP_AUTHENTIC_FORGED : FP_AUTHENTIC_UNKNOWN, fp_str_of(reason));
        return reason == NULL ? FP_NOMEM : FP_OK;
    }
    const fp_status found =
        fp_attribute_find(x->data.signer.unsigned_attributes, &OID_NESTED, x->nested);
    if (found == FP_NOT_FOUND)
        x->nested->value_count = 0;
    demand(x, FP_CHECK_STRUCTURE, found == FP_OK || found == FP_NOT_FOUND, FP_AUTHENTIC_FORGED,
           FP_STR("the signature's unsigned attributes are malformed"));
    return FP_OK;
}

static fp_status check_content(examination *x)
{
    bool fits = fp_oid_is(x->data.content_type, &FP_OID_SPC_INDIRECT_DATA) &&
                fp_spc_read(x->data.content, &x->spc);
    bool known = false;
    for (size_t i = 0; i < FP_DATA_TYPES_MAX && fits; i++) {
        const fp_oid *type = x->q->carrier->data_types[i];
        known = known || (type != NULL && fp_oid_is(x->spc.data_type, type));
    }
    fits = fits && known;
    demand(x, FP_CHECK_CONTENT, fits, FP_AUTHENTIC_FORGED,
           FP_STR("what was signed is not the digest of a file of this kind"));
    return FP_OK;
}

static const uint8_t *own_digest(const examination *x)
{
    if (x->spc.hash == FP_HASH_SHA256)
        return x->q->sha256;
    return x->spc.hash == FP_HASH_SHA1 ? x->q->sha1 : NULL;
}

/* A signature made with another digest than it says would be judged by the wrong one's strength. */
static fp_status check_algorithm(examination *x)
{
    const fp_signer_info *signer = &x->data.signer;
    const bool known = own_digest(x) != NULL && signer->signing.scheme != FP_SCHEME_UNKNOWN;
    if (known)
        demand(x, FP_CHECK_ALGORITHM, signer->hash == x->spc.hash && fp_signer_agrees(signer),
               FP_AUTHENTIC_FORGED, FP_STR("the digest algorithms of the signature disagree"));
    else
        fail(x, FP_CHECK_ALGORITHM, FP_AUTHENTIC_UNKNOWN,
             FP_STR("the signature uses an algorithm that is not examined"));
    return FP_OK;
}

static fp_status check_digest(examination *x)
{
    const uint8_t *own = own_digest(x);
    x->out->digest_name = fp_hash_name(x->spc.hash);
    if (own == NULL)
        return FP_OK;
    /* fp_spc_read has compared the lengths: this is the one copy of a signed digest. */
    const size_t size = fp_hash_size(x->spc.hash);
    memcpy(x->out->digest, x->spc.digest.data, size);
    x->out->digest_size = size;
    demand(x, FP_CHECK_DIGEST, memcmp(own, x->out->digest, size) == 0, FP_AUTHENTIC_MISMATCH,
           FP_STR("the file is not the one that was signed: its digest is another"));
    return FP_OK;
}

static fp_status check_extent(examination *x)
{
    demand(x, FP_CHECK_EXTENT, x->q->extent_agrees, FP_AUTHENTIC_FORGED,
           FP_STR("the signature does not begin where the file says that it ends"));
    return FP_OK;
}

static fp_status check_message_digest(examination *x)
{
    bool covers = false;
    const fp_status status =
        fp_signer_covers(&x->data.signer, x->data.content_type, x->data.content.content, &covers);
    if (status == FP_OK)
        demand(x, FP_CHECK_MESSAGE_DIGEST, covers, FP_AUTHENTIC_FORGED,
               FP_STR("the signed attributes are not about this content"));
    return status;
}

/* ---- who signed it, and when ---------------------------------------------------------- */

static fp_status check_signature(examination *x)
{
    bool holds = false;
    x->signer = fp_bag_find(&x->bag, &x->data.signer);
    if (x->signer == NULL) {
        fail(x, FP_CHECK_SIGNATURE, FP_AUTHENTIC_FORGED,
             FP_STR("the signer's certificate is not in the signature"));
        return FP_OK;
    }
    fp_status status = fp_certificate_describe(x->signer, x->arena, &x->out->signer);
    if (status == FP_OK)
        status = fp_signer_verify(&x->data.signer, x->signer, &holds);
    if (status != FP_OK)
        return status;
    x->out->has_signer = true;
    if (x->bag.damaged)
        fail(x, FP_CHECK_SIGNATURE, FP_AUTHENTIC_FORGED,
             FP_STR("a certificate in the signature is damaged"));
    demand(x, FP_CHECK_SIGNATURE, holds, FP_AUTHENTIC_FORGED,
           FP_STR("the signature was not made by its signer's key"));
    return FP_OK;
}

static fp_status check_stamp(examination *x, fp_stamp_kind kind, fp_der value)
{
    const fp_stamp_question question = {.trust = x->q->policy->trust,
                                        .signature = x->data.signer.signature,
                                        .bag = &x->bag,
                                        .value = value,
                                        .kind = kind};
    fp_stamp_answer answer;
    const fp_status status = fp_stamp_check(&question, x->arena, &answer);
    if (status != FP_OK)
        return status;
    fp_authentic_stamp *kept = &x->out->stamp;
    if (!answer.holds)
        fail(x, FP_CHECK_TIME_STAMP, FP_AUTHENTIC_FORGED, answer.reason);
    else if (kept->kind != FP_STAMP_NONE && (kept->believed || !answer.stamp.believed))
        return FP_OK; /* the first that is believed counts, else the first */
    *kept = answer.stamp;
    x->stamp_reason = answer.reason;
    if (answer.weakness.size > 0)
        x->out->weakness = answer.weakness;
    return FP_OK;
}

static fp_status check_time_stamps(examination *x)
{
    static const struct {
        fp_stamp_kind kind;
        const fp_oid *type;
    } kinds[] = {{FP_STAMP_RFC3161, &OID_RFC3161}, {FP_STAMP_LEGACY, &OID_COUNTER_SIGNATURE}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        fp_attribute attribute = {0};
        fp_status status =
            fp_attribute_find(x->data.signer.unsigned_attributes, kinds[i].type, &attribute);
        if (status == FP_FORMAT || status == FP_LIMIT)
            fail(x, FP_CHECK_TIME_STAMP, FP_AUTHENTIC_FORGED,
                 FP_STR("the time stamps are malformed, or too many"));
        for (size_t v = 0; status == FP_OK && v < attribute.value_count; v++)
            status = check_stamp(x, kinds[i].kind, attribute.values[v]);
        if (status == FP_NOMEM || status == FP_CRYPTO)
            return status;
    }
    if (x->out->failed != FP_CHECK_TIME_STAMP)
        hold(x, FP_CHECK_TIME_STAMP);
    return FP_OK;
}

/* ---- whether to believe it ------------------------------------------------------------ */

static fp_status read_chain(examination *x, fp_chain *chain)
{
    const fp_authentic_policy *policy = x->q->policy;
    const fp_authentic_stamp *stamp = &x->out->stamp;
    const fp_time at = stamp->believed ? stamp->time : policy->now;
    fp_status status = fp_chain_check(policy->trust, x->signer, &x->bag, FP_USAGE_CODE_SIGNING, at,
                                      x->arena, chain);
    if (status == FP_OK && stamp->believed && chain->lifetime)
        status = fp_chain_check(policy->trust, x->signer, &x->bag, FP_USAGE_CODE_SIGNING,
                                policy->now, x->arena, chain);
    return status;
}

/* Out of time, and a time stamp is there that would help if its issuer were believed: that is what
 * is missing. */
static void tell_out_of_time(examination *x, bool lifetime)
{
    const fp_authentic_stamp *stamp = &x->out->stamp;
    if (stamp->kind != FP_STAMP_NONE && !stamp->believed)
        fail(x, FP_CHECK_TIME_STAMP, FP_AUTHENTIC_UNTRUSTED, x->stamp_reason);
    else if (stamp->kind == FP_STAMP_NONE)
        fail(x, FP_CHECK_TIME, FP_AUTHENTIC_EXPIRED,
             FP_STR("the signer's certificates are not valid now, and no time stamp says that they "
                    "were when it was made"));
    else
        fail(x, FP_CHECK_TIME, FP_AUTHENTIC_EXPIRED,
             lifetime
                 ? FP_STR("the signer's certificates are not valid now, and its signatures end "
                          "with them, whatever a time stamp says (lifetime signing)")
                 : FP_STR("a certificate of the chain was not valid when it was stamped"));
}

static fp_status check_chain(examination *x)
{
    fp_chain chain;
    if (x->signer == NULL)
        return FP_OK;
    const fp_status status = read_chain(x, &chain);
    if (status != FP_OK)
        return status;
    x->publisher = chain.publisher;
    x->out->has_root = chain.has_root;
    x->out->root = chain.root;
    x->out->missing_issuer = chain.missing_issuer;
    if (chain.weakness.size > 0)
        x->out->weakness = chain.weakness;
    if (chain.state == FP_CHAIN_GOOD)
        hold(x, FP_CHECK_TIME);
    if (chain.state == FP_CHAIN_GOOD || chain.state == FP_CHAIN_OUT_OF_TIME)
        hold(x, FP_CHECK_CHAIN);
    else
        fail(x, FP_CHECK_CHAIN, FP_AUTHENTIC_UNTRUSTED, chain.reason);
    if (chain.state == FP_CHAIN_OUT_OF_TIME)
        tell_out_of_time(x, chain.lifetime);
    return FP_OK;
}

static fp_status check_publisher(examination *x)
{
    demand(x, FP_CHECK_PUBLISHER,
           x->publisher.size == 0 || fp_str_eq(x->publisher, x->out->signer.organization),
           FP_AUTHENTIC_UNTRUSTED,
           FP_STR("the signer is not the organisation that the root is believed for"));
    return FP_OK;
}

static fp_status check_strength(examination *x)
{
    if (fp_hash_is_weak(x->spc.hash))
        x->out->weakness = x->spc.hash == FP_HASH_MD5 ? FP_STR("the file's digest is MD5")
                                                      : FP_STR("the file's digest is SHA-1");
    demand(x, FP_CHECK_STRENGTH, x->out->weakness.size == 0 || x->q->policy->accept_weak,
           FP_AUTHENTIC_WEAK, x->out->weakness);
    return FP_OK;
}

static fp_status run(examination *x)
{
    static fp_status (*const checks[])(examination *) = {
        check_content,   check_algorithm,   check_digest, check_extent,    check_message_digest,
        check_signature, check_time_stamps, check_chain,  check_publisher, check_strength};
    hold(x, FP_CHECK_PLACE); /* or there would be nothing to examine */
    demand(x, FP_CHECK_END, x->q->ends_well, FP_AUTHENTIC_FORGED,
           FP_STR("bytes follow the signature"));
    fp_status status = check_structure(x);
    if (status != FP_OK || x->out->failed == FP_CHECK_STRUCTURE)
        return status;
    fp_bag_open(&x->data, &x->bag);
    for (size_t i = 0; i < sizeof checks / sizeof checks[0] && status == FP_OK; i++)
        status = checks[i](x);
    fp_bag_close(&x->bag);
    return status;
}

fp_status fp_signature_examine(const fp_signature_question *question, fp_arena *arena,
                               fp_authentic_signature *out, fp_attribute *nested)
{
    fp_authentic_signature signature = {.failed = FP_CHECK_COUNT, .stamp = {.time = FP_TIME_NONE}};
    examination x = {.q = question, .arena = arena, .out = &signature, .nested = nested};
    nested->value_count = 0;
    const fp_status status = run(&x);
    ERR_clear_error();
    if (status != FP_OK)
        return status;
    signature.result = judge(&x);
    *out = signature;
    return FP_OK;
}
