/* SPDX-License-Identifier: MIT */
#include "verify/authentic/signed_data.h"

static const fp_oid OID_SIGNED_DATA = {9, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02}};
const fp_oid FP_OID_CONTENT_TYPE = {9, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x03}};
const fp_oid FP_OID_MESSAGE_DIGEST = {9, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x04}};

/* ---- signer --------------------------------------------------------------------------- */

/* CMSVersion: a small integer. Which one depends on the writer; nothing is decided by it. */
static void read_version(fp_reader *r)
{
    const fp_der version = fp_der_read(r, FP_DER_INTEGER);
    if (version.content.size != 1 || version.content.data[0] > 5)
        r->failed = true;
}

/* issuerAndSerialNumber, or [0] subjectKeyIdentifier. */
static void read_signer_identifier(fp_reader *r, fp_signer_info *out)
{
    fp_der key_id;
    if (fp_der_optional(r, FP_DER_CONTEXT_0_PRIMITIVE, &key_id)) {
        out->key_id = key_id.content;
        if (key_id.content.size == 0)
            r->failed = true;
        return;
    }
    fp_reader name = fp_der_enter(r, FP_DER_SEQUENCE);
    out->issuer = fp_der_read(&name, FP_DER_SEQUENCE).whole;
    out->serial = fp_der_read(&name, FP_DER_INTEGER).whole;
    if (!fp_der_done(&name))
        r->failed = true;
}

fp_status fp_signer_info_read(fp_der element, fp_signer_info *out, fp_diag *d)
{
    fp_signer_info signer = {0};
    fp_der attributes = {0};
    fp_reader r = fp_der_inside(element);
    read_version(&r);
    read_signer_identifier(&r, &signer);
    signer.hash = fp_hash_read(&r);
    const bool has_signed = fp_der_optional(&r, FP_DER_CONTEXT_0, &attributes);
    signer.signed_attributes = attributes.whole;
    signer.signing = fp_signing_read(&r);
    signer.signature = fp_der_read(&r, FP_DER_OCTETS).content;
    if (fp_der_optional(&r, FP_DER_CONTEXT_1, &attributes))
        signer.unsigned_attributes = attributes.content;

    if (element.tag != FP_DER_SEQUENCE || !fp_der_done(&r))
        return fp_fail(d, FP_FORMAT, "pkcs7", r.at, "the signer's part is malformed");
    if (!has_signed)
        return fp_fail(d, FP_FORMAT, "pkcs7", r.at, "the signer signed no attributes");
    *out = signer;
    return FP_OK;
}

/* ---- signed data ---------------------------------------------------------------------- */

/* Certificates that are not X.509 (other tags) can sign nothing here and are left out. */
static fp_status read_certificates(fp_reader *r, fp_signed_data *out, fp_diag *d)
{
    fp_der set;
    if (!fp_der_optional(r, FP_DER_CONTEXT_0, &set))
        return FP_OK;
    fp_reader inside = fp_der_inside(set);
    while (fp_reader_left(&inside) > 0) {
        const fp_der certificate = fp_der_next(&inside);
        if (inside.failed)
            break;
        if (certificate.tag != FP_DER_SEQUENCE)
            continue;
        if (out->certificate_count == FP_CERTIFICATES_MAX)
            return fp_fail(d, FP_LIMIT, "pkcs7", r->at, "more than %d certificates",
                           FP_CERTIFICATES_MAX);
        if (certificate.whole.size > FP_CERTIFICATE_SIZE_MAX)
            return fp_fail(d, FP_LIMIT, "pkcs7", r->at, "a certificate of %zu bytes",
                           certificate.whole.size);
        out->certificates[out->certificate_count++] = certificate.whole;
    }
    if (inside.failed)
        return fp_fail(d, FP_FORMAT, "pkcs7", r->at, "the certificates are malformed");
    return FP_OK;
}

/* EncapsulatedContentInfo. */
static void read_content(fp_reader *r, fp_signed_data *out)
{
    fp_reader info = fp_der_enter(r, FP_DER_SEQUENCE);
    out->content_type = fp_der_read(&info, FP_DER_OID).content;
    fp_reader explicit = fp_der_enter(&info, FP_DER_CONTEXT_0);
    out->content = fp_der_next(&explicit);
    if (!fp_der_done(&explicit) || !fp_der_done(&info))
        r->failed = true;
}

/* The one member of `signerInfos`. Two signers would be two answers to "who signed this". */
static fp_status read_signer(fp_reader *r, fp_signed_data *out, fp_diag *d)
{
    fp_reader signers = fp_der_enter(r, FP_DER_SET);
    const fp_der signer = fp_der_next(&signers);
    if (!fp_der_done(&signers))
        return fp_fail(d, FP_FORMAT, "pkcs7", r->at, "not exactly one signer");
    return fp_signer_info_read(signer, &out->signer, d);
}

/* digestAlgorithms repeats what the signer's part says. */
static bool read_hashes(fp_reader *r, fp_hash *first)
{
    fp_reader set = fp_der_enter(r, FP_DER_SET);
    *first = fp_hash_read(&set);
    return fp_der_done(&set);
}

fp_status fp_signed_data_read(fp_span bytes, fp_signed_data *out, fp_diag *d)
{
    fp_signed_data data = {0};
    fp_reader file = fp_reader_at(bytes, 0);
    fp_reader info = fp_der_enter(&file, FP_DER_SEQUENCE);
    const fp_span type = fp_der_read(&info, FP_DER_OID).content;
    fp_reader explicit = fp_der_enter(&info, FP_DER_CONTEXT_0);
    fp_reader r = fp_der_enter(&explicit, FP_DER_SEQUENCE);
    if (!fp_der_done(&file) || !fp_der_done(&info) || !fp_der_done(&explicit) ||
        !fp_oid_is(type, &OID_SIGNED_DATA))
        return fp_fail(d, FP_FORMAT, "pkcs7", 0, "not one PKCS #7 SignedData");

    fp_hash hash;
    read_version(&r);
    const bool one_hash = read_hashes(&r, &hash);
    read_content(&r, &data);
    if (r.failed || !one_hash)
        return fp_fail(d, FP_FORMAT, "pkcs7", r.at, "its digest or its content is malformed");
    fp_status status = read_certificates(&r, &data, d);
    if (status != FP_OK)
        return status;
    fp_der crls; /* not used: they would be chosen by whoever made the file */
    (void)fp_der_optional(&r, FP_DER_CONTEXT_1, &crls);
    status = read_signer(&r, &data, d);
    if (status != FP_OK)
        return status;
    if (!fp_der_done(&r) || hash != data.signer.hash)
        return fp_fail(d, FP_FORMAT, "pkcs7", r.at,
                       "bytes behind the signer, or two digests that differ");
    *out = data;
    return FP_OK;
}

/* ---- attributes ----------------------------------------------------------------------- */

fp_span fp_signed_attributes(const fp_signer_info *signer)
{
    fp_reader r = fp_reader_at(signer->signed_attributes, 0);
    return fp_der_next(&r).content;
}

/* Attribute ::= SEQUENCE { type OID, values SET OF ANY } */
static fp_status read_values(fp_der set, fp_attribute *out)
{
    fp_reader r = fp_der_inside(set);
    out->value_count = 0;
    while (fp_reader_left(&r) > 0) {
        if (out->value_count == FP_ATTRIBUTE_VALUES_MAX)
            return FP_LIMIT;
        out->values[out->value_count++] = fp_der_next(&r);
    }
    return r.failed || out->value_count == 0 ? FP_FORMAT : FP_OK;
}

fp_status fp_attribute_find(fp_span attributes, const fp_oid *type, fp_attribute *out)
{
    fp_reader r = fp_reader_at(attributes, 0);
    fp_der found = {0};
    for (size_t count = 0; fp_reader_left(&r) > 0; count++) {
        if (count == FP_ATTRIBUTES_MAX)
            return FP_LIMIT;
        fp_reader attribute = fp_der_enter(&r, FP_DER_SEQUENCE);
        const fp_span name = fp_der_read(&attribute, FP_DER_OID).content;
        const fp_der values = fp_der_read(&attribute, FP_DER_SET);
        if (!fp_der_done(&attribute))
            return FP_FORMAT;
        if (!fp_oid_is(name, type))
            continue;
        if (found.tag != 0) /* which of the two is meant? */
            return FP_FORMAT;
        found = values;
    }
    if (r.failed)
        return FP_FORMAT;
    return found.tag == 0 ? FP_NOT_FOUND : read_values(found, out);
}

fp_status fp_attribute_single(fp_span attributes, const fp_oid *type, fp_der_tag tag, fp_der *out)
{
    fp_attribute attribute;
    const fp_status status = fp_attribute_find(attributes, type, &attribute);
    if (status != FP_OK)
        return status;
    if (attribute.value_count != 1 || attribute.values[0].tag != tag)
        return FP_FORMAT;
    *out = attribute.values[0];
    return FP_OK;
}
