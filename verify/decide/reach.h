/* SPDX-License-Identifier: MIT */
/*
 * Which rules of a decision list can decide at all? One that holds only where a rule before it
 * holds too never does.
 *
 * The tests are taken as independent of each other, so that what is told to be dead is dead
 * whatever they mean; that two of them exclude each other is not known here.
 */
#ifndef FP_DECIDE_REACH_H
#define FP_DECIDE_REACH_H

#include "verify/decide/advisory.h"

/* Criteria looked at for all rules of an advisory together: a second at most. */
#define FP_REACH_WORK ((uint64_t)20000000)

typedef enum fp_reach {
    FP_REACH_UNKNOWN = 0, /* the work was used up */
    FP_REACH_NEVER,
    FP_REACH_CAN
} fp_reach;

/* `*work` is counted down. */
fp_reach fp_rule_reach(const fp_advisory *advisory, size_t rule, uint64_t *work);

#endif
