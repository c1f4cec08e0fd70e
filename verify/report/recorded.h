/* SPDX-License-Identifier: MIT */
/*
 * The record of a run: what its JSON report tells of the server, without writing it.
 * fp_record_read of that report gives the same, but for text that was not valid UTF-8.
 */
#ifndef FP_REPORT_RECORDED_H
#define FP_REPORT_RECORDED_H

#include "verify/record/record.h"
#include "verify/report/report.h"

/* Texts are those of the report's model; lists are in the arena. FP_NOMEM. */
FP_MUST_CHECK fp_status fp_record_of(const fp_report *report, fp_arena *arena, fp_record *out);

#endif
