/* SPDX-License-Identifier: MIT */
/*
 * What a document of ours, and what it is about, is called: names made of content, never of chance,
 * so that the same report always has the same names.
 */
#ifndef FP_REPORT_IDENTITY_H
#define FP_REPORT_IDENTITY_H

#include "inventory/base/digest.h"
#include "verify/report/report.h"

enum { FP_UUID_SIZE = 37 };

/*
 * SHA-256 of the JSON report of this run, in hex: the name of the run. Every other format that
 * carries it can be checked against the JSON report. FP_NOMEM, FP_CRYPTO.
 */
FP_MUST_CHECK fp_status fp_report_digest(const fp_report *report, char hex[FP_SHA256_HEX_SIZE]);

/* A UUID of version 8 (RFC 9562, 5.8) of the first 128 bits of a digest in hex. */
void fp_report_uuid(const char *hex, char out[FP_UUID_SIZE]);

/* One name of many parts, in their order: SHA-256 in hex. The first part says of what kind they
 * are, so that no two kinds share a name. FP_CRYPTO. */
FP_MUST_CHECK fp_status fp_fingerprint(const fp_str *parts, size_t count,
                                       char hex[FP_SHA256_HEX_SIZE]);
/* The same for as long as the advisory is asked of the same server: what tells a finding from a new
 * one. SHA-256 in hex. FP_CRYPTO, FP_NOMEM. */
FP_MUST_CHECK fp_status fp_report_fingerprint(const fp_report *report, const fp_result *result,
                                              char hex[FP_SHA256_HEX_SIZE]);

/*
 * The product on this server as a package URL of the type "generic" (the purl specification's for
 * what no other type fits): pkg:generic/configmgr-2007@4.00.6221.1000?server=SRV01&site_code=ABC.
 * What is not known is left out; a product that is not known is "unknown". NULL: no memory.
 */
FP_MUST_CHECK const char *fp_report_purl(const fp_report *report, fp_arena *arena);

/* RFC 3986: everything but letters, digits, "-._~" (and '/' where `slash`) becomes %NN. NULL: no
 * memory. */
FP_MUST_CHECK const char *fp_uri_escape(fp_str text, bool slash, fp_arena *arena);
/* An https address made of nothing but what RFC 3986 allows in one: fit to be a link. */
bool fp_uri_is_https(fp_str text);

#endif
