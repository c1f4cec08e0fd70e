/* SPDX-License-Identifier: MIT */
/*
 * A fact that a responsible person declares, and what its values mean. It is always reported as
 * declared, never as observed.
 */
#ifndef FP_DECIDE_DECLARATION_H
#define FP_DECIDE_DECLARATION_H

#include "verify/decide/test.h"

typedef struct fp_declaration {
    fp_str key;
    fp_texts yes, no; /* values, ASCII letters without case; no value means both */
} fp_declaration;

/* Is some value among both? Told to the form. */
void fp_declaration_check(fp_form *form, const fp_place *at, const fp_declaration *declaration);

/*
 * What the statements with its key say, each observed in `out`; *said: one that says so, or NULL. A
 * value without a meaning is a finding and says nothing; statements that contradict each other say
 * nothing: out->why is then conflicting.
 */
fp_tri fp_declaration_ask(const fp_declaration *declaration, const fp_test_context *context,
                          const fp_statement **said, fp_test_result *out);

#endif
