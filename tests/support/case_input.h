/* SPDX-License-Identifier: MIT */
/*
 * The evidence of a case as descriptors: files as they are, damaged copies, archives made on the
 * fly. All of it in memory (memfd); nothing is written to disk.
 */
#ifndef FP_TESTS_CASE_INPUT_H
#define FP_TESTS_CASE_INPUT_H

#include "inventory/base/json.h"
#include "tests/support/slurp.h"
#include "verify/decide/casefile.h"

enum { CASE_INPUTS_MAX = 32, CASE_NAME_MAX = 512 };

typedef struct case_inputs {
    fp_case_input at[CASE_INPUTS_MAX];
    char names[CASE_INPUTS_MAX][CASE_NAME_MAX];
    size_t count;
} case_inputs;

typedef enum case_fate {
    CASE_BROKEN = 0, /* the case file is wrong: told on standard error */
    CASE_READY,
    CASE_SKIPPED /* it needs FIXPROOF_CORPUS */
} case_fate;

/* `evidence` is the array of a case (tests/cases/README.md); relative paths count from `folder`. */
case_fate case_inputs_open(const fp_json *evidence, const char *folder, case_inputs *out);
void case_inputs_close(case_inputs *inputs);

bool case_ends_with(const char *text, const char *tail);

#endif
