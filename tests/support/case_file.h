/* SPDX-License-Identifier: MIT */
/* What tests leave of a case for other programs to read. */
#ifndef FP_TESTS_CASE_FILE_H
#define FP_TESTS_CASE_FILE_H

#include "inventory/base/text.h"

/* Writes `folder`/NAME.ENDING; a '/' in `name` becomes '-'. False when it could not be written. */
bool case_file_write(const char *folder, const char *name, const char *ending, fp_str bytes);

#endif
