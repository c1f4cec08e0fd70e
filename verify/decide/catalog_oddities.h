/* SPDX-License-Identifier: MIT */
/*
 * Two states of the kind `catalog`: does a supplied catalogue hold what it should not?
 *
 *     {"state": "unexpected-action", "expected": ["Bundle", "Evaluate"]}
 *                 an update whose DeploymentAction is none of these, to the letter. One without the
 *                 attribute has no other one: it is left out, as --expect-action does
 *     {"state": "duplicate-revision"}
 *                 a RevisionId that more than one update carries
 *
 * FALSE needs that every catalogue was read to the end of its package.xml. Neither costs more than
 * what is read of each catalogue in any case.
 */
#ifndef FP_DECIDE_CATALOG_ODDITIES_H
#define FP_DECIDE_CATALOG_ODDITIES_H

#include "verify/decide/test.h"

/* `out` is zeroed. */
void fp_catalog_ask_actions(const fp_test_context *context, const fp_texts *expected,
                            fp_test_result *out);
void fp_catalog_ask_duplicates(const fp_test_context *context, fp_test_result *out);

#endif
