/* SPDX-License-Identifier: MIT */
/*
 * SpcIndirectDataContent: the digest of the file that an Authenticode signature covers
 * ("Windows Authenticode Portable Executable Signature Format").
 */
#ifndef FP_AUTHENTIC_SPC_H
#define FP_AUTHENTIC_SPC_H

#include "verify/authentic/signed_data.h"

extern const fp_oid FP_OID_SPC_INDIRECT_DATA; /* 1.3.6.1.4.1.311.2.1.4 */
extern const fp_oid FP_OID_SPC_PE_IMAGE;      /* ....2.1.15 */
extern const fp_oid FP_OID_SPC_CAB;           /* ....2.1.25: what free tools write */
extern const fp_oid FP_OID_SPC_LINK;          /* ....2.1.28: what Microsoft's cabinets carry */

typedef struct fp_spc {
    fp_span data_type; /* content octets of the OID: what kind of file was signed */
    fp_hash hash;
    fp_span digest; /* exactly as long as `hash` says, unless that is unknown */
} fp_spc;

/* `content` is the SEQUENCE. False: malformed, or a digest of another length than its algorithm's
 * (copied by that length it would run over its buffer). */
FP_MUST_CHECK bool fp_spc_read(fp_der content, fp_spc *out);

#endif
