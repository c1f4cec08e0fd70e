/* SPDX-License-Identifier: MIT */
/*
 * Messages to the user, and what is known of the terminal.
 */
#ifndef FP_CLI_CONSOLE_H
#define FP_CLI_CONSOLE_H

#include "verify/cli/exit.h"
#include "verify/cli/options.h"
#include "verify/report/report.h"

enum { FP_CONSOLE_WIDTH = 80, FP_CONSOLE_WIDTH_MIN = 40, FP_CONSOLE_WIDTH_MAX = 120 };

/* "fixproof: SUBJECT: message" in one line on standard error, escaped for display; SUBJECT may be
 * NULL. */
void fp_console_error(const char *subject, const char *format, ...) FP_PRINTF(2, 3);
int fp_console_out_of_memory(void); /* tells of it; FP_EXIT_SOFTWARE */
/* What a module says of a file: with the line, member or offset it gives. */
void fp_console_diag(const char *subject, const fp_diag *d);
/* The exit status that a failed run of a library function means. */
fp_exit fp_console_exit_of(fp_status status);

/* How text for standard output is to look; false: --color has a value that is none (told). */
FP_MUST_CHECK bool fp_console_style(const fp_options *options, fp_report_style *out);
/* How text for a file is to look: the same everywhere. */
fp_report_style fp_console_file_style(void);

#endif
