/* SPDX-License-Identifier: MIT */
/*
 * The report that was taken before a change (--before): read, and held against the evidence. The
 * change began when it was made.
 */
#ifndef FP_CLI_BEFORE_H
#define FP_CLI_BEFORE_H

#include "verify/cli/session.h"
#include "verify/record/changes.h"

/* Fills s->report.before and .since from the file that --before names, if it is given. Returns the
 * exit status, or 0; what is wrong is told. */
int fp_before_read(fp_session *s);
/* Once the evidence is read: is it of the same server? Another one is an error that is told; a name
 * that one of the two does not have is a finding. 0 without a report. */
int fp_before_compare(fp_session *s);
/* ... and was it taken after that report (without one: after s->report.since)? The exit status, or
 * 0. */
int fp_before_order(const fp_session *s, fp_order *order);

#endif
