/* SPDX-License-Identifier: MIT */
/*
 * What `advisory lint` found in each file, for those that write it: as lines and JSON
 * (advisory_lint_files.c) and as SARIF.
 */
#ifndef FP_CLI_ADVISORY_LINT_H
#define FP_CLI_ADVISORY_LINT_H

#include "verify/cli/advisory_verbs.h"

typedef struct fp_linted { /* one file */
    const char *path;      /* as the user named it */
    fp_arena *arena;
    fp_lint *findings; /* texts in the arena */
    size_t count, capacity;
    size_t errors, warnings;
    const char *unread; /* why the file could not be opened or read, or NULL */
    bool no_memory;
    int exit_status;
} fp_linted;

typedef struct fp_linted_files {
    const fp_linted *at;
    size_t count;
} fp_linted_files;

/* An fp_advisory_writer of fp_linted_files. */
void fp_advisory_lint_sarif(fp_advisory_request *r, const void *found, fp_out *out);

#endif
