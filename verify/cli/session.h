/* SPDX-License-Identifier: MIT */
/*
 * What the commands that read evidence share: the options checked, the data loaded, the inputs
 * opened, the case file read, the reports written.
 */
#ifndef FP_CLI_SESSION_H
#define FP_CLI_SESSION_H

#include "verify/cli/command.h"
#include "verify/cli/data.h"
#include "verify/cli/progress.h"
#include "verify/cli/target.h"

enum {
    FP_SESSION_MEMORY_MAX = 256 * 1024 * 1024
}; /* of options, data and reports, not of evidence */

typedef struct fp_session {
    const fp_command *command;
    const fp_options *options;
    fp_arena *arena;
    fp_time now; /* the one clock reading, or SOURCE_DATE_EPOCH */
    fp_report_style style;
    fp_targets targets;
    fp_data data;
    fp_case_input *inputs;
    size_t input_count;
    fp_statement *declared;
    size_t declared_count;
    fp_expected_file *expected;
    size_t expected_count;
    fp_catalog_request catalogs; /* what is asked of every catalogue */
    fp_progress progress;
    fp_case_options case_options;
    fp_case *casefile;
    fp_report report;
} fp_session;

/*
 * All return the exit status, 0 for success, and tell the user what is wrong. A session that was
 * begun is ended with fp_session_end, whatever happened to it.
 */
int fp_session_begin(fp_session *s, const fp_command *command, const fp_options *options);
/* Loads advisories (when the command takes --advisory), releases and trusted roots, opens the
 * inputs, reads the evidence; fails where it is not what --expect-sha256 says. */
int fp_session_read(fp_session *s);
/* Is the evidence of use, and of one server? */
int fp_session_check(const fp_session *s);
/* Every hotfix that left a trace, into the report. */
int fp_session_list_hotfixes(fp_session *s);
int fp_session_write(fp_session *s);
/* Checks the evidence and asks every advisory. */
int fp_session_ask(fp_session *s, const fp_assess_options *how);
/* Writes the report: the exit status of the verdicts, and of the changes where there are any. */
int fp_session_conclude(fp_session *s);
/* Checks the evidence, asks every advisory, writes the report: as fp_session_conclude. */
int fp_session_decide(fp_session *s, const fp_assess_options *how);
void fp_session_end(fp_session *s);

/* Opens the operands; those that cannot be opened are told, and listed with their problem. */
int fp_session_open_inputs(fp_session *s);

#endif
