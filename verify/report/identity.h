/* SPDX-License-Identifier: MIT */
/*
 * What a document of ours is called: names made of content, never of chance, so that the same
 * report always has the same name.
 */
#ifndef FP_REPORT_IDENTITY_H
#define FP_REPORT_IDENTITY_H

#include "inventory/base/digest.h"
#include "verify/report/report.h"

/*
 * SHA-256 of the JSON report of this run, in hex: the name of the run. Every other format that
 * carries it can be checked against the JSON report. FP_NOMEM, FP_CRYPTO.
 */
FP_MUST_CHECK fp_status fp_report_digest(const fp_report *report, char hex[FP_SHA256_HEX_SIZE]);

#endif
