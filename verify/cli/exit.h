/* SPDX-License-Identifier: MIT */
/*
 * Exit status: 0 to 2 are verdicts, or the answer of a command that gives none
 * (fp_command.answers); 64 and up are failures (sysexits.h). Neither is ever used for the other.
 */
#ifndef FP_CLI_EXIT_H
#define FP_CLI_EXIT_H

typedef enum fp_exit {
    FP_EXIT_NOTHING_TO_DO = 0, /* every verdict still possible is fixed or not_applicable */
    FP_EXIT_AFFECTED = 1,      /* at least one affected */
    FP_EXIT_UNDETERMINED = 2,  /* none affected, at least one that could be */
    FP_EXIT_USAGE = 64,
    FP_EXIT_DATA = 65,    /* evidence or advisory data unusable */
    FP_EXIT_NOINPUT = 66, /* cannot open input */
    FP_EXIT_SOFTWARE = 70,
    FP_EXIT_CANTCREAT = 73, /* cannot write output */
    FP_EXIT_IOERR = 74      /* read error */
} fp_exit;

#endif
