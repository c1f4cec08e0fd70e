/* SPDX-License-Identifier: MIT */
/*
 * `fixproof advisory VERB`: cmd_advisory.c holds the table of verbs, list and show; lint, test and
 * new have a file each.
 */
#ifndef FP_CLI_ADVISORY_VERBS_H
#define FP_CLI_ADVISORY_VERBS_H

#include "verify/cli/command.h"
#include "verify/cli/data.h"
#include "verify/cli/target.h"
#include "verify/report/words.h"

/* What `new` alone takes. */
#define FP_OPTS_ADVISORY_NEW                                                                       \
    (FP_OPT_BIT(FP_OPT_KB) | FP_OPT_BIT(FP_OPT_PRODUCT) | FP_OPT_BIT(FP_OPT_RELEASE) |             \
     FP_OPT_BIT(FP_OPT_FILE_VERSION) | FP_OPT_BIT(FP_OPT_SITE_UPDATE) |                            \
     FP_OPT_BIT(FP_OPT_PUBLISHED) | FP_OPT_BIT(FP_OPT_TITLE) | FP_OPT_BIT(FP_OPT_INTO))

typedef struct fp_advisory_request {
    const fp_command *command;
    const fp_options *options;
    fp_arena *arena;
    fp_targets targets;
    fp_report_style style; /* of the target that is being written */
    fp_data data;          /* its directory is set, unless the verb needs none */
} fp_advisory_request;

/* Each returns the exit status, and has told what went wrong. The first operand is the verb. */
int fp_advisory_lint_files(fp_advisory_request *r);
int fp_advisory_test_cases(fp_advisory_request *r);
int fp_advisory_new(fp_advisory_request *r);

typedef struct fp_advisory_writer { /* of what a verb found, in one format */
    const char *format;
    void (*write)(fp_advisory_request *r, const void *found, fp_out *out);
} fp_advisory_writer;

/* To every target, by the writer of its format: the verb has one for each that its word names
 * (fp_command_word.formats). Up to one without a name. */
int fp_advisory_write(fp_advisory_request *r, const fp_advisory_writer *writers, const void *found);
/* Writes and frees `root`; `good`: nothing failed while it was made. */
void fp_advisory_put_json(fp_json *root, bool good, fp_out *out);
/* {"name", "version"} of this program. */
fp_json *fp_advisory_tool(bool *good);

#endif
