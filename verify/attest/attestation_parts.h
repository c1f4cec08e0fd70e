/* SPDX-License-Identifier: MIT */
/* Nodes of an attestation that stand in other documents too; internal to verify/attest. */
#ifndef FP_ATTEST_ATTESTATION_PARTS_H
#define FP_ATTEST_ATTESTATION_PARTS_H

#include "verify/record/record.h"
#include "verify/report/json_parts.h"

/* {"name", "version"} */
fp_json *fp_attest_tool(fp_doc *f, fp_str version);
/* {"host", "site_code", "product", "release", "version", "role"}: null where not known */
fp_json *fp_attest_server(fp_doc *f, const fp_record_subject *subject);
/* {"advisory", "advisory_sha256", "verdict", "reason", "assurance", "possible", "caveats"} */
fp_json *fp_attest_verdict(fp_doc *f, const fp_record_result *result);

/* Which run it was: "tool", "command", "generated", "since", "settings", "server". */
void fp_attest_put_run(fp_doc *f, fp_json *node, const fp_record *record);
/* What came of it: "declared" (on the command line), "verdicts", "report" (its digest). */
void fp_attest_put_claims(fp_doc *f, fp_json *node, const fp_record *record);

#endif
