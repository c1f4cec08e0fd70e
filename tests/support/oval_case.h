/* SPDX-License-Identifier: MIT */
/* A case for scripts/check-oval: its evidence as OVAL, and fixproof's own answers to compare with.
 */
#ifndef FP_TESTS_OVAL_CASE_H
#define FP_TESTS_OVAL_CASE_H

#include "verify/decide/assess.h"

/* Asks `c` the one advisory of `options`, as assess does, and writes `folder`/NAME.oval.xml and
 * NAME.answers.json; a '/' in `name` becomes '-'. False when something failed. */
bool oval_case_write(const char *folder, const char *name, fp_case *c,
                     const fp_case_options *options);

#endif
