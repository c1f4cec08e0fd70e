/* SPDX-License-Identifier: MIT */
#include "verify/report/identity.h"

#include "verify/report/json_parts.h"

fp_status fp_report_digest(const fp_report *report, char hex[FP_SHA256_HEX_SIZE])
{
    uint8_t digest[FP_SHA256_SIZE];
    fp_out json = {0};
    fp_status status = fp_json_report_write(report, NULL, &json);
    if (status == FP_OK)
        status = fp_digest_span(FP_SHA256, fp_span_of(json.data, json.size), digest);
    fp_out_free(&json);
    if (status == FP_OK)
        fp_hex(digest, FP_SHA256_SIZE, hex);
    return status;
}
