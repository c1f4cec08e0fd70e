/* SPDX-License-Identifier: MIT */
/*
 * The JSON reports in their parts, one file per view; internal to verify/report.
 *
 * Every member is put in a fixed order, and none is left out: what is not known is null. Names once
 * published do not change their meaning; data/schema/ is the contract.
 */
#ifndef FP_REPORT_JSON_PARTS_H
#define FP_REPORT_JSON_PARTS_H

#include "inventory/base/json.h"
#include "verify/record/record.h"
#include "verify/report/report.h"

typedef struct fp_doc { /* a document being built; the first failure (no memory) sticks */
    fp_arena *arena;
    bool failed;
} fp_doc;

fp_status fp_json_report_write(const fp_report *report, const fp_report_style *style, fp_out *out);
/* Freed with fp_json_free. */
fp_json *fp_json_report_document(fp_doc *f, const fp_report *report);
/* fixproof/changes/v1 of a report that has changes: of diff, and within that of confirm. */
fp_json *fp_json_changes_document(fp_doc *f, const fp_report *report);
/* Characters that a terminal may obey, or that change the direction of text, leave as \uNNNN: the
 * same JSON, and harmless where it is shown. Compact: one line, without a line end. */
fp_status fp_doc_write(fp_doc *f, const fp_json *root, fp_out *out);
fp_status fp_doc_write_compact(fp_doc *f, const fp_json *node, fp_out *out);

/* Nodes; NULL after a failure. Text that is not valid UTF-8 is escaped for display. */
fp_json *fp_doc_object(fp_doc *f);
fp_json *fp_doc_array(fp_doc *f);
void fp_doc_put(fp_doc *f, fp_json *object, const char *key, fp_json *child);
void fp_doc_add(fp_doc *f, fp_json *array, fp_json *child);
fp_json *fp_doc_text(fp_doc *f, fp_str s);

void fp_doc_put_text(fp_doc *f, fp_json *object, const char *key, fp_str s);
void fp_doc_put_known(fp_doc *f, fp_json *object, const char *key, fp_str s); /* empty: null */
void fp_doc_put_number(fp_doc *f, fp_json *object, const char *key, uint64_t n);
void fp_doc_put_bool(fp_doc *f, fp_json *object, const char *key, bool b);
void fp_doc_put_null(fp_doc *f, fp_json *object, const char *key);
void fp_doc_put_time(fp_doc *f, fp_json *object, const char *key, fp_time t); /* or null */
/* true, false, or null for unknown */
void fp_doc_put_tri(fp_doc *f, fp_json *object, const char *key, fp_tri t);
/* In hexadecimal, up to FP_SHA256_SIZE bytes; none (NULL): null */
void fp_doc_put_hex(fp_doc *f, fp_json *object, const char *key, const uint8_t *bytes, size_t size);
void fp_doc_put_sha256(fp_doc *f, fp_json *object, const char *key, const uint8_t *sha256);
/* "evidence" (an id, or null) and "where" (or null) */
void fp_doc_put_origin(fp_doc *f, fp_json *object, fp_origin origin);
/* The member "settings": what was judged with; or null. */
fp_json *fp_doc_settings(fp_doc *f, const fp_settings *settings);
/* [{"setting", "advisory", "before", "after"}] */
fp_json *fp_doc_setting_changes(fp_doc *f, const fp_setting_change *list, size_t count);
/* [{"value", "evidence", "where"}] */
fp_json *fp_doc_observations(fp_doc *f, const fp_observations *list);

fp_json *fp_doc_texts(fp_doc *f, const fp_str *list, size_t count);
fp_json *fp_doc_references(fp_doc *f, const fp_advisory *advisory); /* ["title: address"] */
fp_json *fp_doc_possible(fp_doc *f, fp_verdict_set set);            /* ["affected", ...] */

void fp_json_put_site_updates(fp_doc *f, fp_json *root, const fp_case *c); /* of the inventory */
/* "authenticity": an object, or null when the signature was not examined */
void fp_json_put_authenticity(fp_doc *f, fp_json *node, const fp_authenticity *found);

const char *fp_json_outcome_name(fp_episode_outcome outcome); /* "failed" ...: published */
/* "state", of the views that give verdicts: what later reports are compared with. */
void fp_json_put_state(fp_doc *f, fp_json *root, const fp_report *report);
fp_json *fp_json_episode(fp_doc *f, const fp_record_episode *e);
/* Parts of a catalogue. */
fp_json *fp_json_catalog_questions(fp_doc *f, const fp_catalog *catalog);
fp_json *fp_json_catalog_revisions(fp_doc *f, const fp_catalog *catalog);
void fp_json_put_odd_actions(fp_doc *f, fp_json *node, const fp_catalog *catalog);
void fp_json_put_duplicates(fp_doc *f, fp_json *node, const fp_catalog *catalog);

/* From "verdict" to "missing". */
void fp_json_put_verdict(fp_doc *f, fp_json *node, const fp_result *r);
/* A test and its outcome, "test" to "observations_lost". */
void fp_json_put_test(fp_doc *f, fp_json *node, const fp_because *b);

/* One per view: the members of that view alone. */
void fp_json_put_results(fp_doc *f, fp_json *root, const fp_report *report);
void fp_json_put_inventory(fp_doc *f, fp_json *root, const fp_report *report);
void fp_json_put_logs(fp_doc *f, fp_json *root, const fp_report *report);
void fp_json_put_change(fp_doc *f, fp_json *root, const fp_report *report);
void fp_json_put_catalogs(fp_doc *f, fp_json *root, const fp_report *report);
void fp_json_put_changes(fp_doc *f, fp_json *root, const fp_report *report);

#endif
