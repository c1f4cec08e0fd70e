/* SPDX-License-Identifier: MIT */
#include "verify/authentic/x509_parts.h"

#include <openssl/bio.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

enum { NAME_TEXT_MAX = 1024, SERIAL_TEXT_MAX = 128 /* bytes that are kept of a longer one */ };

/* ---- the certificates of a signature -------------------------------------------------- */

void fp_bag_open(const fp_signed_data *data, fp_bag *out)
{
    *out = (fp_bag){0};
    for (size_t i = 0; i < data->certificate_count; i++) {
        const fp_span raw = data->certificates[i];
        const unsigned char *at = raw.data;
        X509 *certificate = d2i_X509(NULL, &at, (long)raw.size);
        if (certificate == NULL || at != raw.data + raw.size) {
            X509_free(certificate);
            out->damaged = true;
            continue;
        }
        out->raw[out->count] = raw;
        out->at[out->count++] = certificate;
    }
}

void fp_bag_close(fp_bag *bag)
{
    for (size_t i = 0; i < bag->count; i++)
        X509_free(bag->at[i]);
    bag->count = 0;
}

/* Byte for byte, out of the certificate itself: TBSCertificate ::= SEQUENCE { [0] version OPTIONAL,
 * serialNumber, signature, issuer, ... } */
static bool has_issuer_and_serial(fp_span raw, const fp_signer_info *signer)
{
    fp_der version;
    fp_reader file = fp_reader_at(raw, 0);
    fp_reader certificate = fp_der_enter(&file, FP_DER_SEQUENCE);
    fp_reader tbs = fp_der_enter(&certificate, FP_DER_SEQUENCE);
    (void)fp_der_optional(&tbs, FP_DER_CONTEXT_0, &version);
    const fp_span serial = fp_der_read(&tbs, FP_DER_INTEGER).whole;
    (void)fp_der_read(&tbs, FP_DER_SEQUENCE);
    const fp_span issuer = fp_der_read(&tbs, FP_DER_SEQUENCE).whole;
    return fp_reader_ok(&tbs) && fp_span_eq(serial, signer->serial) &&
           fp_span_eq(issuer, signer->issuer);
}

static bool has_key_id(X509 *certificate, fp_span key_id)
{
    const ASN1_OCTET_STRING *id = X509_get0_subject_key_id(certificate);
    return id != NULL &&
           fp_span_eq(fp_span_of(ASN1_STRING_get0_data(id), (size_t)ASN1_STRING_length(id)),
                      key_id);
}

X509 *fp_bag_find(const fp_bag *bag, const fp_signer_info *signer)
{
    for (size_t i = 0; i < bag->count; i++) {
        X509 *certificate = bag->at[i];
        if (signer->key_id.size > 0 ? has_key_id(certificate, signer->key_id)
                                    : has_issuer_and_serial(bag->raw[i], signer))
            return certificate;
    }
    return NULL;
}

/* ---- in words ------------------------------------------------------------------------- */

fp_status fp_name_text(const X509_NAME *name, fp_arena *arena, fp_str *out)
{
    /* RFC 2253, in UTF-8; control characters stay escaped. */
    const unsigned long flags = XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
    BIO *bio = BIO_new(BIO_s_mem());
    if (bio == NULL)
        return FP_NOMEM;
    char *text = NULL;
    long size = 0;
    if (X509_NAME_print_ex(bio, name, 0, flags) >= 0)
        size = BIO_get_mem_data(bio, &text);
    if (size > NAME_TEXT_MAX)
        size = NAME_TEXT_MAX;
    const fp_status status =
        fp_text_display((fp_str){text, size > 0 ? (size_t)size : 0}, arena, out);
    BIO_free(bio);
    return status;
}

/* The one entry of this kind; several, or one that is no text, are nobody's name. */
static fp_status single_entry(const X509_NAME *name, int nid, fp_arena *arena, fp_str *out)
{
    *out = (fp_str){0};
    const int first = X509_NAME_get_index_by_NID(name, nid, -1);
    if (first < 0 || X509_NAME_get_index_by_NID(name, nid, first) >= 0)
        return FP_OK;
    const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, first);
    unsigned char *text = NULL;
    const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
    if (size < 0)
        return FP_OK;
    const size_t kept = size > NAME_TEXT_MAX ? NAME_TEXT_MAX : (size_t)size;
    const fp_status status = fp_text_display((fp_str){(char *)text, kept}, arena, out);
    OPENSSL_free(text);
    return status;
}

static fp_status serial_text(X509 *certificate, fp_arena *arena, fp_str *out)
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(certificate);
    const size_t size = (size_t)ASN1_STRING_length(serial);
    char text[2 * SERIAL_TEXT_MAX + 1];
    fp_hex(ASN1_STRING_get0_data(serial), size > SERIAL_TEXT_MAX ? SERIAL_TEXT_MAX : size, text);
    for (char *p = text; *p != '\0'; p++)
        *p = fp_ascii_upper(*p);
    return fp_str_dup(arena, fp_str_of(text), out);
}

static fp_time time_of(const ASN1_TIME *time)
{
    struct tm tm;
    fp_time out;
    if (time == NULL || ASN1_TIME_to_tm(time, &tm) != 1 ||
        !fp_time_civil(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
                       tm.tm_sec, 0, &out))
        return FP_TIME_NONE;
    return out;
}

static fp_status thumbprint(X509 *certificate, const EVP_MD *md, size_t size, uint8_t *out)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (X509_digest(certificate, md, digest, &length) != 1 || length != size)
        return FP_CRYPTO;
    memcpy(out, digest, size);
    return FP_OK;
}

fp_status fp_certificate_describe(X509 *certificate, fp_arena *arena, fp_authentic_certificate *out)
{
    const X509_NAME *subject = X509_get_subject_name(certificate);
    fp_authentic_certificate c = {.not_before = time_of(X509_get0_notBefore(certificate)),
                                  .not_after = time_of(X509_get0_notAfter(certificate))};
    fp_status status = fp_name_text(subject, arena, &c.subject);
    if (status == FP_OK)
        status = fp_name_text(X509_get_issuer_name(certificate), arena, &c.issuer);
    if (status == FP_OK)
        status = single_entry(subject, NID_commonName, arena, &c.common_name);
    if (status == FP_OK)
        status = single_entry(subject, NID_organizationName, arena, &c.organization);
    if (status == FP_OK)
        status = serial_text(certificate, arena, &c.serial);
    if (status == FP_OK)
        status = thumbprint(certificate, EVP_sha1(), FP_SHA1_SIZE, c.sha1);
    if (status == FP_OK)
        status = thumbprint(certificate, EVP_sha256(), FP_SHA256_SIZE, c.sha256);
    if (status == FP_OK)
        *out = c;
    return status;
}
