/* SPDX-License-Identifier: MIT */
#include "verify/authentic/carrier.h"

#include "inventory/files/pe.h"

/* ---- what both have ------------------------------------------------------------------- */

/* One DER element and its padding with zeros to a multiple of eight: nothing else fits in. */
static fp_status unpad(fp_span area, fp_span *pkcs7, fp_diag *d)
{
    fp_reader r = fp_reader_at(area, 0);
    const fp_der element = fp_der_read(&r, FP_DER_SEQUENCE);
    if (!fp_reader_ok(&r))
        return fp_fail(d, FP_FORMAT, "authentic", 0, "the signature is not DER, or is cut");
    const fp_span rest = fp_read_span(&r, fp_reader_left(&r));
    bool clean = rest.size <= FP_SIGNATURE_PADDING_MAX;
    for (size_t i = 0; i < rest.size && clean; i++)
        clean = rest.data[i] == 0;
    if (!clean)
        return fp_fail(d, FP_FORMAT, "authentic", element.whole.size,
                       "bytes follow the signature in its place");
    *pkcs7 = element.whole;
    return FP_OK;
}

/* ---- cabinet: [MS-CAB]; the signature, as osslsigncode and jsign write and check it ---- */

enum {
    CAB_SIZE = 8, /* offsets in CFHEADER */
    CAB_FLAGS = 30,
    CAB_VOLUME = 34,
    CAB_RESERVE_SIZES = 36,
    CAB_RESERVE = 40,
    CAB_SIGNED_HEADER = 60, /* bytes of the header of a signed cabinet */
    CAB_FLAG_RESERVE = 4,
    CAB_SLOT = 20 /* bytes of the reserve that holds the signature's place */
};

static bool probe_cab(fp_span head)
{
    return fp_span_starts(head, "MSCF", 4);
}

static bool is_zero(fp_span head, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        if (head.data[i] != 0)
            return false;
    }
    return true;
}

/* A reserve is a slot when either its size or its two lengths say so: one altered byte does not
 * make a signed cabinet an unsigned one. Twenty zeros are room that somebody left. */
static bool has_slot(fp_span head)
{
    static const uint8_t lengths[] = {0, 0, 16, 0};
    if ((fp_load_u16le(head.data + CAB_FLAGS) & CAB_FLAG_RESERVE) == 0)
        return false;
    if (fp_span_starts(fp_span_of(head.data + CAB_RESERVE, 4), lengths, sizeof lengths))
        return true;
    return fp_load_u16le(head.data + CAB_RESERVE_SIZES) == CAB_SLOT &&
           !is_zero(head, CAB_RESERVE, CAB_SIGNED_HEADER);
}

/* What no signature protects, and what it protects but a reader could still take in two ways. */
static bool is_canonical(fp_span head)
{
    static const uint8_t reserve[] = {CAB_SLOT, 0, 0, 0, 0, 0, 16, 0};
    return is_zero(head, 4, 8) && is_zero(head, CAB_VOLUME, CAB_RESERVE_SIZES) &&
           fp_span_starts(fp_span_of(head.data + CAB_RESERVE_SIZES, sizeof reserve), reserve,
                          sizeof reserve) &&
           is_zero(head, 52, CAB_SIGNED_HEADER);
}

static fp_status locate_cab(fp_span head, fp_layout *out, fp_diag *d)
{
    if (head.size < CAB_SIGNED_HEADER) /* the smallest cabinet is longer */
        return FP_TRUNCATED;
    *out = (fp_layout){0};
    if (!has_slot(head))
        return FP_OK;
    if (!is_canonical(head))
        return fp_fail(d, FP_FORMAT, "authentic", 0,
                       "the header is not the one form that a signed cabinet has");
    out->signature_offset = fp_load_u32le(head.data + 44);
    out->signature_size = fp_load_u32le(head.data + 48);
    out->holes[0] = (fp_hole){4, 8};
    out->holes[1] = (fp_hole){CAB_VOLUME, 56};
    out->hole_count = 2;
    out->extent_agrees = fp_load_u32le(head.data + CAB_SIZE) == out->signature_offset;
    if (out->signature_size == 0 || out->signature_offset < CAB_SIGNED_HEADER)
        return fp_fail(d, FP_FORMAT, "authentic", 44, "the signature is empty or in the header");
    return FP_OK;
}

/* ---- PE: "Windows Authenticode Portable Executable Signature Format" ------------------- */

enum { WIN_CERTIFICATE_SIZE = 8, REVISION_2 = 0x0200, TYPE_PKCS7 = 2 };

static fp_status locate_pe(fp_span head, fp_layout *out, fp_diag *d)
{
    fp_pe_signing pe;
    fp_diag why = {0};
    const fp_status status = fp_pe_read_signing(head, &pe, &why);
    if (status == FP_TRUNCATED)
        return status;
    if (status != FP_OK)
        return fp_fail(d, FP_UNSUPPORTED, "authentic", why.where, "%s", why.message);
    *out = (fp_layout){0};
    if (pe.certificates_size == 0)
        return FP_OK;
    out->holes[0] = (fp_hole){pe.checksum, pe.checksum + 4};
    out->holes[1] = (fp_hole){pe.certificate_entry, pe.certificate_entry + 8};
    out->hole_count = 2;
    out->signature_offset = pe.certificates;
    out->signature_size = pe.certificates_size;
    out->extent_agrees = true; /* a PE file does not say how long it is */
    if (pe.certificates < pe.headers_end)
        return fp_fail(d, FP_FORMAT, "authentic", pe.certificate_entry,
                       "the signature stands inside the headers");
    return FP_OK;
}

/* One WIN_CERTIFICATE { length, revision, type, PKCS #7 }, which fills the table. */
static fp_status unwrap_pe(fp_span area, fp_span *pkcs7, fp_diag *d)
{
    fp_reader r = fp_reader_at(area, 0);
    const uint32_t length = fp_read_u32le(&r);
    const uint16_t revision = fp_read_u16le(&r);
    const uint16_t type = fp_read_u16le(&r);
    if (!fp_reader_ok(&r) || length < WIN_CERTIFICATE_SIZE || length > area.size)
        return fp_fail(d, FP_FORMAT, "authentic", 0, "the certificate table is damaged");
    if (revision != REVISION_2 || type != TYPE_PKCS7)
        return fp_fail(d, FP_UNSUPPORTED, "authentic", 4,
                       "a certificate of another kind than PKCS #7");
    if (area.size - length > FP_SIGNATURE_PADDING_MAX || !is_zero(area, length, area.size))
        return fp_fail(d, FP_FORMAT, "authentic", length,
                       "the certificate table holds more than one signature");
    fp_span content;
    if (!fp_span_sub(area, WIN_CERTIFICATE_SIZE, length - WIN_CERTIFICATE_SIZE, &content))
        return fp_fail(d, FP_FORMAT, "authentic", 0, "the certificate table is damaged");
    return unpad(content, pkcs7, d);
}

/* ---- the table ------------------------------------------------------------------------ */

static const fp_carrier CARRIERS[] = {
    {"cabinet", probe_cab, locate_cab, unpad, {&FP_OID_SPC_CAB, &FP_OID_SPC_LINK}},
    {"executable", fp_pe_probe, locate_pe, unwrap_pe, {&FP_OID_SPC_PE_IMAGE, NULL}},
};

const fp_carrier *fp_carrier_of(fp_span head)
{
    for (size_t i = 0; i < sizeof CARRIERS / sizeof CARRIERS[0]; i++) {
        if (CARRIERS[i].probe(head))
            return &CARRIERS[i];
    }
    return NULL;
}
