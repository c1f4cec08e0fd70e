/* SPDX-License-Identifier: MIT */
/*
 * One line that tells what is being read: on a terminal only, only once half a second has passed,
 * and gone without a trace at the end.
 */
#ifndef FP_CLI_PROGRESS_H
#define FP_CLI_PROGRESS_H

#include "inventory/base/out.h"
#include "inventory/evidence.h"
#include "verify/cli/options.h"

typedef struct fp_progress {
    bool enabled;
    bool shown;
    uint64_t started_ms; /* monotonic */
    uint64_t drawn_ms;
    unsigned width;           /* columns */
    uint64_t part_started_ms; /* of the part that is read now: see fp_evidence_step */
    uint64_t part_total;
    uint64_t part_done;
    uint64_t part_read; /* bytes_read when it began */
    uint64_t told_ms;   /* the last time that something was told, and ... */
    uint64_t told_read; /* ... its bytes_read */
} fp_progress;

void fp_progress_start(fp_progress *progress, const fp_options *options);
/* For fp_case_options.progress; `context` is the fp_progress. */
void fp_progress_told(void *context, const fp_evidence_step *step);
void fp_progress_end(fp_progress *progress);

/* "   650.1 MB read, 210.4 MB/s, 0:03 left  wsusscn2.cab", not wider than the terminal: rate and
 * time left are those of the part that is read, once a while of it has passed. */
void fp_progress_line(fp_progress *progress, const fp_evidence_step *step, uint64_t now_ms,
                      fp_out *line);

#endif
