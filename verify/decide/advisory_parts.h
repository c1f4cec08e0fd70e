/* SPDX-License-Identifier: MIT */
/*
 * The parts of fp_advisory_read, in the order in which they must run: activities, tests, rules,
 * what is for the change record, lint. Each tells its errors to the form and goes on.
 */
#ifndef FP_DECIDE_ADVISORY_PARTS_H
#define FP_DECIDE_ADVISORY_PARTS_H

#include "verify/decide/advisory.h"

extern const char *const fp_certainty_words[]; /* confirmed, inferred, unconfirmed; NULL */
/* `certainty` as FP_FIELD_WORD writes it: is it the word that no verdict should rest on? */
bool fp_certainty_is_doubtful(unsigned certainty);
#define FP_WARN_UNCONFIRMED "a verdict is built on an unconfirmed fact"

/* No update may supersede itself, over others neither. */
void fp_advisory_read_supersedence(fp_form *form, const fp_place *at, const fp_json *json,
                                   fp_advisory *advisory);
/* Each of these signatures must compile. */
void fp_advisory_read_activities(fp_form *form, const fp_place *at, const fp_json *json,
                                 fp_advisory *advisory);
void fp_advisory_read_tests(fp_form *form, const fp_place *at, const fp_json *json,
                            fp_advisory *advisory);
void fp_advisory_read_rules(fp_form *form, const fp_place *at, const fp_json *json,
                            fp_advisory *advisory);
/* The checklist and the packages; `at`: the object that holds both. */
void fp_advisory_read_change(fp_form *form, const fp_place *at, const fp_json *checklist,
                             const fp_json *packages, fp_advisory *advisory);
/* Warnings only. `tests` and `rules`: where these stand in the document, which begins with `root`.
 */
void fp_advisory_lint(fp_form *form, const fp_place *tests, const fp_place *rules,
                      const fp_json *root, const fp_advisory *advisory);

#endif
