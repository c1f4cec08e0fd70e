/* SPDX-License-Identifier: MIT */
/* Reports on a case in every format, for the validators of those formats. */
#ifndef FP_TESTS_CASE_REPORT_H
#define FP_TESTS_CASE_REPORT_H

#include "verify/decide/assess.h"

/* Writes `folder`/NAME.FORMAT for every format; a '/' in `name` becomes '-'. False when one could
 * not be written. */
bool case_report_write(const char *folder, const char *name, const fp_case *c,
                       const fp_result *result, fp_time since);

#endif
