/* SPDX-License-Identifier: MIT */
/*
 * What the formats of other programs need of a report, made once: its names, the product in the
 * words and identifiers they use, and one text per verdict that says what the format itself cannot.
 * All text is clean: the programs that show it escape markup at best.
 */
#ifndef FP_REPORT_EXPORT_H
#define FP_REPORT_EXPORT_H

#include "verify/report/identity.h"
#include "verify/report/json_parts.h"
#include "verify/report/words.h"

typedef struct fp_export {
    const fp_report *report;
    fp_doc doc;
    fp_page words;                   /* makes text only: it has no output */
    char digest[FP_SHA256_HEX_SIZE]; /* of the JSON report of the same run: its name */
    char uuid[FP_UUID_SIZE];         /* made of the digest */
    fp_str time;                     /* when the report was made */
    fp_str purl;                     /* the product on this server, as a package URL */
    fp_str product;                  /* ... in words */
    fp_str folder;                   /* fp_text_folder */
} fp_export;

fp_status fp_export_begin(fp_export *x, const fp_report *report);
void fp_export_end(fp_export *x);
/* A whole JSON document: `fill` puts its members. */
fp_status fp_export_json(const fp_report *report, fp_out *out,
                         void (*fill)(fp_export *x, fp_json *root));

/* Verdict, reason, assurance, what became of it by the change, caveats, what is still possible and
 * what is missing, in a paragraph. */
fp_str fp_export_note(fp_export *x, const fp_result *result);
/* The change as a whole in a paragraph: its conclusion, what got worse, what changed, what stayed,
 * what is not shown, what was asked before alone. Empty when there is none (fp_report.changes). */
fp_str fp_export_change_note(fp_export *x);
/* What became of the advisory by the change, or NULL. */
const fp_result_change *fp_export_outcome(const fp_export *x, const fp_result *result);
/* What it is against the report before, in the words of SARIF 2.1.0, 3.27.24: "new", "unchanged",
 * "updated" (the verdict, its reason, its assurance or what is possible differs), "absent". */
const char *fp_export_standing(const fp_result_change *change);
/* Of an advisory that only the report before asked: its id and title, and no more is known. */
fp_advisory fp_export_absent(const fp_result_change *change);
/* `text` in the export's memory, as "%s" wants it; cleaned. */
fp_str fp_export_clean(fp_export *x, fp_str text);
/* True when the product is known not to be there: the formats have a word for that. */
bool fp_export_product_absent(const fp_export *x, const fp_result *result);
/* The address behind the advisory's first reference that has one, or empty. */
fp_str fp_export_address(const fp_result *result);

/* The writers, one file each. */
fp_status fp_ndjson_write(const fp_report *report, const fp_report_style *style, fp_out *out);
fp_status fp_csv_write(const fp_report *report, const fp_report_style *style, fp_out *out);
fp_status fp_nagios_write(const fp_report *report, const fp_report_style *style, fp_out *out);
fp_status fp_junit_write(const fp_report *report, const fp_report_style *style, fp_out *out);
fp_status fp_sarif_write(const fp_report *report, const fp_report_style *style, fp_out *out);
fp_status fp_openvex_write(const fp_report *report, const fp_report_style *style, fp_out *out);
fp_status fp_csaf_write(const fp_report *report, const fp_report_style *style, fp_out *out);
fp_status fp_cyclonedx_write(const fp_report *report, const fp_report_style *style, fp_out *out);

#endif
