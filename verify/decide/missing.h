/* SPDX-License-Identifier: MIT */
/*
 * What to collect so that an undetermined result becomes a verdict.
 */
#ifndef FP_DECIDE_MISSING_H
#define FP_DECIDE_MISSING_H

#include "verify/decide/assess.h"

/* Which tests of a rule's tree are asked for. */
typedef enum fp_missing_leaves {
    FP_LEAVES_UNKNOWN, /* that left it unknown */
    FP_LEAVES_NOT_TRUE,
    FP_LEAVES_ALL
} fp_missing_leaves;

/* Fills out->missing from out->rules and out->deciding: the rules that are still open first, then
 * those that only a caveat ruled out; each test, and each thing to collect, once. */
FP_MUST_CHECK fp_status fp_missing_of_open_rules(fp_result *out, fp_arena *arena, bool stated);
/* Adds what the rules for a fixed verdict of this assurance ask, and where one of them decides,
 * what leaves open that another one does. */
FP_MUST_CHECK fp_status fp_missing_of_assurance(fp_result *out, fp_arena *arena, fp_str assurance,
                                                fp_missing_leaves leaves);

#endif
