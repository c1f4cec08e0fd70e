/* SPDX-License-Identifier: MIT */
/*
 * Output that is whole or not there: a file is written under a temporary name beside its target,
 * synced and renamed, so that a crash or a full disk leaves the old one.
 */
#ifndef FP_CLI_OUTPUT_H
#define FP_CLI_OUTPUT_H

#include "inventory/base/text.h"

/* Is there a regular file, and are these two names of it? */
bool fp_output_is_file(const char *one, const char *other);
/* Module "output"; FP_IO with errno's words. */
FP_MUST_CHECK fp_status fp_output_to_file(const char *path, fp_str bytes, fp_diag *d);
FP_MUST_CHECK fp_status fp_output_to_stdout(fp_str bytes, fp_diag *d);
/* Nothing more will be written: tells of a failure that only now comes to light. */
FP_MUST_CHECK fp_status fp_output_close_stdout(fp_diag *d);

#endif
