/* SPDX-License-Identifier: MIT */
/*
 * One line that tells what is being read: on a terminal only, only once half a second has passed,
 * and gone without a trace at the end.
 */
#ifndef FP_CLI_PROGRESS_H
#define FP_CLI_PROGRESS_H

#include "verify/cli/options.h"

typedef struct fp_progress {
    bool enabled;
    bool shown;
    uint64_t started_ms; /* monotonic */
    uint64_t drawn_ms;
    unsigned width;
} fp_progress;

void fp_progress_start(fp_progress *progress, const fp_options *options);
/* For fp_case_options.progress; `context` is the fp_progress. */
void fp_progress_told(void *context, fp_str path, uint64_t bytes_read);
void fp_progress_end(fp_progress *progress);

#endif
