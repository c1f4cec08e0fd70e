/* SPDX-License-Identifier: MIT */
/* Nodes of an attestation that stand in other documents too; internal to verify/attest. */
#ifndef FP_ATTEST_ATTESTATION_PARTS_H
#define FP_ATTEST_ATTESTATION_PARTS_H

#include "verify/record/record.h"
#include "verify/report/json_parts.h"

/* {"sha256"} */
fp_json *fp_attest_digest(fp_doc *f, const uint8_t sha256[FP_SHA256_SIZE]);
/* {"name", "version"} */
fp_json *fp_attest_tool(fp_doc *f, fp_str version);
/* {"host", "site_code", "product", "release", "version", "role"}: null where not known */
fp_json *fp_attest_server(fp_doc *f, const fp_record_subject *subject);
/* [{"key", "value"}] of what was declared on the command line */
fp_json *fp_attest_declared(fp_doc *f, const fp_record *record);
/* {"advisory", "advisory_sha256", "verdict", "reason", "assurance", "possible"} */
fp_json *fp_attest_verdict(fp_doc *f, const fp_record_result *result);
fp_json *fp_attest_verdicts(fp_doc *f, const fp_record *record);

#endif
