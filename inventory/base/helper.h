/* SPDX-License-Identifier: MIT */
/*
 * A thread that does one kind of work beside its owner, one job at a time: the only threads there
 * are. While it is at a piece of memory, the owner fetches the next one into another place.
 */
#ifndef FP_BASE_HELPER_H
#define FP_BASE_HELPER_H

#include "inventory/base/bytes.h"

typedef struct fp_helper fp_helper;

/* `work` runs in the thread, in which all signals are blocked, and touches nothing but `context`
 * and the job. NULL: no thread could be had; then the owner does the work itself. */
FP_MUST_CHECK fp_helper *fp_helper_new(void (*work)(void *context, fp_span job), void *context);
/* Waits for the job before, and returns: `job` stays as it is until the helper has settled. */
void fp_helper_give(fp_helper *helper, fp_span job);
/* Returns when nothing is left to do: what the work wrote may be read, jobs are the owner's again.
 */
void fp_helper_settle(fp_helper *helper);
/* Settles, and ends the thread. NULL is fine. */
void fp_helper_free(fp_helper *helper);

#endif
