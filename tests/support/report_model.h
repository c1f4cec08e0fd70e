/* SPDX-License-Identifier: MIT */
/*
 * Reports made by hand: a whole model of one server and one advisory, to break one thing in.
 */
#ifndef FP_TESTS_REPORT_MODEL_H
#define FP_TESTS_REPORT_MODEL_H

#include "verify/report/report.h"

enum { MODEL_ITEMS = 4, MODEL_TESTS = 3, MODEL_RULES = 3, MODEL_CHECKS = 5 };

typedef struct report_model { /* everything `report` points to; copy nothing, it points into itself
                               */
    fp_report report;
    fp_report_style style;
    fp_case casefile;
    fp_item items[MODEL_ITEMS];
    const fp_item *item_list[MODEL_ITEMS];
    fp_family family;
    fp_release release;
    fp_feature feature;
    fp_product_feature features[1];
    fp_test tests[MODEL_TESTS];
    fp_test_result outcomes[MODEL_TESTS];
    fp_observation observations[MODEL_TESTS];
    fp_rule rules[MODEL_RULES];
    fp_because leaves[MODEL_TESTS];
    fp_because both[2]; /* children of an `all` */
    fp_rule_outcome rule_outcomes[MODEL_RULES];
    fp_advisory advisory;
    const fp_advisory *advisory_list[1];
    fp_str kbs[1];
    fp_reference references[1];
    fp_str caveats[1];
    fp_missing missing[1];
    fp_result result;
    fp_result both_results[2];                 /* report_model_aside */
    fp_checklist_item checklist[MODEL_CHECKS]; /* one for each fp_tick, in their order */
    fp_checked checked[MODEL_CHECKS];
    fp_package packages_of[1];
    fp_tri concerns[1];
    fp_record before;
    fp_record_result before_result;
    fp_statement statements[1];
    fp_settings settings;
    fp_named_digest roots[1], expected[1];
    fp_observation findings[1];
    fp_advisory_activity activities[1];
    fp_history history;
    fp_log_file log_files[1];
    fp_episode episodes[2];
    fp_run runs[1];
    fp_log_gap gaps[1];
    fp_trace traces[2];
    fp_trace_file trace_files[1];
    fp_hotfix hotfixes[2];
    fp_observation compared[1];
    fp_restart restart;
    fp_restart_sign signs[2];
    fp_listing listings[1];
    fp_listing_row listing_rows[1];
    fp_site_updates site_updates[1];
    fp_site_update packages[3];
    fp_case_file files[1];
    fp_host_name hosts[2];
    fp_case_catalog catalogs[1];
    fp_authentic_signature signatures[2];
    fp_authenticity authenticity;
    fp_catalog catalog;
    fp_catalog_action actions[1];
    fp_update rows[2];
    fp_catalog_update updates[1];
    fp_catalog_file catalog_files[2];
    fp_catalog_details details;
    fp_catalog_update *answers[1];
    fp_relative relatives[2];
    fp_catalog_question questions[3];
    fp_cabinet cabinet;
    fp_cabinet_file cabinet_files[2];
    fp_record after; /* confirm, diff: made of two records by hand */
    fp_record_result after_results[3];
    fp_record_need needs[1];
    fp_record_item record_items[2];
    fp_record_marker markers[2];
    fp_record_file record_files[2];
    fp_record_catalog record_catalogs[2];
    fp_record_episode record_episode;
    const fp_record_episode *new_episodes[1];
    fp_marker_change marker_changes[3];
    fp_file_change file_changes[3];
    fp_result_change result_changes[4];
    fp_regression regressions[1];
    fp_setting_change setting_changes[1];
    fp_changes changes;
} report_model;

/* An affected server, seen by `view`. */
void report_model_make(report_model *m, fp_report_view view);
/* Adds what a report from before the change said: undetermined. */
void report_model_before(report_model *m);
/* Adds a second result, of the same advisory: not applicable, without a caveat. What is to change
 * in the first one is changed before. */
void report_model_aside(report_model *m);
/* Turns the result into undetermined {affected, not_applicable}: test 1 is not known. */
void report_model_open(report_model *m);
/* Puts `text` wherever evidence or advisory data can put text; it must outlive the model. */
void report_model_fill(report_model *m, fp_str text);

#endif
