/* SPDX-License-Identifier: MIT */
/*
 * SARIF 2.1.0: what every log file of ours has in common. Numbers in comments are sections of the
 * OASIS standard.
 */
#ifndef FP_REPORT_SARIF_H
#define FP_REPORT_SARIF_H

#include "verify/report/json_parts.h"

/* A `message` (3.11) that shows `text` as it stands. */
fp_json *fp_sarif_message(fp_doc *f, fp_str text);
/* A `tool` (3.18): this program in this version, and its rules. */
fp_json *fp_sarif_tool(fp_doc *f, const char *version, fp_json *rules);
/* An `artifactLocation` (3.4) by its place among the artifacts of the run. An empty `uri` is left
 * out. */
fp_json *fp_sarif_artifact_location(fp_doc *f, fp_str uri, uint64_t index);
/* `logicalLocations` (3.28.4) with one, of this name; `name` is clean. */
fp_json *fp_sarif_logical(fp_doc *f, fp_str name);
/* `partialFingerprints` (3.27.17) with one; its name ends with its version (3.5.4.2). */
fp_json *fp_sarif_fingerprints(fp_doc *f, const char *hex);
/* The log file (3.13) with this one run. */
void fp_sarif_fill(fp_doc *f, fp_json *root, fp_json *run);

#endif
