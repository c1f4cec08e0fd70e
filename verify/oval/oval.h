/* SPDX-License-Identifier: MIT */
/*
 * The bridge to OVAL 5.11: what an advisory asks as OVAL definitions, what the evidence says as
 * OVAL system characteristics. Any OVAL interpreter can then judge for itself (`oscap oval
 * analyse`). The schemas are those of the OVAL language, 5.11 (oval-definitions-5,
 * oval-system-characteristics-5 and their #windows and #independent parts).
 *
 * Its rule: nothing that OVAL cannot ask, and nothing that is not known, comes out as a pass. What
 * only fixproof can answer (log episodes, catalogues, declarations, lists of site updates, what
 * traces mean together) is a variable without a value; the characteristics of the same version
 * carry fixproof's own answers for it, and without them the definitions are unknown.
 *
 * Objects, states and tests are named by what they are, so that characteristics never answer
 * another question than the definitions ask: data that changed leave the object unanswered. Only
 * fixproof's own answers go by the names of advisory and test: both documents should be of the same
 * version.
 */
#ifndef FP_OVAL_OVAL_H
#define FP_OVAL_OVAL_H

#include "verify/report/report.h"

/* Definitions of every advisory: 1 to 3 are its verdict, see fp_oval_verdicts; then one for each
 * rule and each test. */
enum { FP_OVAL_RULES_FROM = 1001, FP_OVAL_TESTS_FROM = 2001 };

typedef struct fp_oval_generator { /* who writes it, and when */
    const char *tool_version;
    fp_time now;
} fp_oval_generator;

/*
 * The definitions of one advisory:
 *
 *   1 inventory      false: not applicable
 *   2 vulnerability  true: affected
 *   3 compliance     true: fixed
 *
 * A definite verdict is one of these, and the other two being known not to hold; else undetermined.
 * A verdict that no rule gives has no definition. `arena` is scratch. FP_NOMEM, FP_CRYPTO.
 */
FP_MUST_CHECK fp_status fp_oval_definitions_write(const fp_advisory *advisory,
                                                  const fp_releases *releases,
                                                  const fp_oval_generator *generator,
                                                  fp_arena *arena, fp_out *out);

/*
 * What the evidence holds of every object that the definitions of the report's advisories look at,
 * all of which must have been assessed (report->results). The flag of an object:
 *
 *   complete        all of it was seen; of files: all copies in the evidence
 *   incomplete      this much was seen, and there may be more
 *   does not exist  evidence that covers it was read, and it is not there
 *   not collected   no evidence reaches it
 *   error           it was there and could not be read, or evidence contradicts itself
 *
 * `arena` is scratch. FP_NOMEM, FP_CRYPTO.
 */
FP_MUST_CHECK fp_status fp_oval_characteristics_write(const fp_report *report, fp_arena *arena,
                                                      fp_out *out);

#endif
