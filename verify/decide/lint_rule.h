/* SPDX-License-Identifier: MIT */
/*
 * The kinds of what the reader and the linter of advisories say: so that other programs can tell
 * them apart, count them and pass over some. Ids are published and do not change their meaning.
 */
#ifndef FP_DECIDE_LINT_RULE_H
#define FP_DECIDE_LINT_RULE_H

#include <stdbool.h>

typedef enum fp_lint_rule {
    FP_LINT_VALUE = 0, /* every error that is none of the others */
    FP_LINT_SYNTAX,
    FP_LINT_UNKNOWN_NAME,
    FP_LINT_MISSING_MEMBER,
    FP_LINT_WRONG_TYPE,
    FP_LINT_UNDEFINED,
    FP_LINT_RANGE,
    FP_LINT_PATTERN,
    FP_LINT_LAST_RULE,
    FP_LINT_PATTERN_HAZARD, /* the first of the warnings */
    FP_LINT_UNCONFIRMED,
    FP_LINT_UNUSED_TEST,
    FP_LINT_UNREACHABLE_RULE,
    FP_LINT_VERDICT_NEVER,
    FP_LINT_TO_DO,
    FP_LINT_RULES
} fp_lint_rule;

typedef struct fp_lint_rule_row {
    const char *id;    /* "unknown-name" */
    bool error;        /* else a warning */
    const char *title; /* a sentence */
    const char *help;  /* what to do about it; sentences */
} fp_lint_rule_row;

extern const fp_lint_rule_row fp_lint_rule_table[FP_LINT_RULES];

#endif
