/* SPDX-License-Identifier: MIT */
/*
 * PKCS #7 and CMS SignedData (RFC 2315, RFC 5652) with one signer, taken apart into spans. One
 * reader serves the code signature, the RFC 3161 token in it and the older counter-signature.
 * Nothing is verified here; spans point into what was read.
 */
#ifndef FP_AUTHENTIC_SIGNED_DATA_H
#define FP_AUTHENTIC_SIGNED_DATA_H

#include "verify/authentic/algorithm.h"

enum {
    FP_CERTIFICATES_MAX = 32,        /* of one SignedData */
    FP_CERTIFICATE_SIZE_MAX = 65536, /* bytes of one */
    FP_ATTRIBUTES_MAX = 64,          /* of one signer: signed or unsigned */
    FP_ATTRIBUTE_VALUES_MAX = 8      /* of one attribute */
};

extern const fp_oid FP_OID_CONTENT_TYPE;   /* 1.2.840.113549.1.9.3 */
extern const fp_oid FP_OID_MESSAGE_DIGEST; /* 1.2.840.113549.1.9.4 */

typedef struct fp_signer_info {
    fp_span issuer; /* the certificate's issuer and serial number, whole elements ... */
    fp_span serial;
    fp_span key_id; /* ... or its subject key identifier (octets): the other is empty */
    fp_hash hash;
    fp_signing signing;
    fp_span signed_attributes;   /* the whole element, tagged [0]; never empty */
    fp_span unsigned_attributes; /* content octets; empty when there are none */
    fp_span signature;           /* octets */
} fp_signer_info;

typedef struct fp_signed_data {
    fp_span content_type; /* content octets of the OID */
    fp_der content;       /* inside [0]: a SEQUENCE (PKCS #7) or an OCTET STRING (CMS) */
    fp_span certificates[FP_CERTIFICATES_MAX]; /* whole elements */
    size_t certificate_count;
    fp_signer_info signer;
} fp_signed_data;

/*
 * `bytes` is a ContentInfo and nothing else. FP_FORMAT: not DER, not SignedData, no or several
 * signers, no content, no signed attributes; FP_LIMIT. Module "pkcs7", `where` = byte offset in the
 * part that was being read.
 */
FP_MUST_CHECK fp_status fp_signed_data_read(fp_span bytes, fp_signed_data *out, fp_diag *d);
/* A SignerInfo alone, as counter-signatures are stored. */
FP_MUST_CHECK fp_status fp_signer_info_read(fp_der element, fp_signer_info *out, fp_diag *d);

typedef struct fp_attribute {
    size_t value_count;
    fp_der values[FP_ATTRIBUTE_VALUES_MAX];
} fp_attribute;

/*
 * The attribute of this type among `attributes` (the content octets of the set). FP_NOT_FOUND;
 * FP_FORMAT when the set is malformed or holds the type twice; FP_LIMIT.
 */
FP_MUST_CHECK fp_status fp_attribute_find(fp_span attributes, const fp_oid *type,
                                          fp_attribute *out);
/* The same, and it must have exactly one value, with this tag: else FP_FORMAT. */
FP_MUST_CHECK fp_status fp_attribute_single(fp_span attributes, const fp_oid *type, fp_der_tag tag,
                                            fp_der *out);
/* Content octets of the signer's signed attributes. */
fp_span fp_signed_attributes(const fp_signer_info *signer);

#endif
