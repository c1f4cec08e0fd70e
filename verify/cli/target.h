/* SPDX-License-Identifier: MIT */
/*
 * Where the output of a command goes, and in which formats: --format NAME[=FILE], repeatable.
 */
#ifndef FP_CLI_TARGET_H
#define FP_CLI_TARGET_H

#include "verify/cli/command.h"

typedef struct fp_target { /* one --format */
    const fp_report_format *format;
    const char *file; /* NULL: standard output */
} fp_target;

typedef struct fp_targets { /* in the arena given; at least one */
    fp_target *at;
    size_t count;
} fp_targets;

/* All return the exit status, 0 for success, and tell the user what is wrong. */

/* Text on standard output, unless told otherwise. */
int fp_targets_parse(const fp_command *command, const fp_options *options, fp_arena *arena,
                     fp_targets *out);
/* A slip of the hand must not cost what is read, which may be the only copy: no target is this
 * file. */
int fp_targets_spare(const fp_targets *targets, const fp_command *command, const char *path);
/* How text for this target is to look; `console` = how it is to look on standard output. */
fp_report_style fp_target_style(const fp_target *target, const fp_report_style *console);
/* Writes and frees `out`. */
int fp_target_write(const fp_target *target, fp_out *out);

#endif
