/* SPDX-License-Identifier: MIT */
/*
 * Three-valued truth (Kleene), and why something is not known.
 *
 * What could not be read is unknown, and unknown is not absent. Zero is unknown, so that a
 * forgotten assignment can only widen a verdict.
 */
#ifndef FP_BASE_TRI_H
#define FP_BASE_TRI_H

#include <stdbool.h>

typedef enum fp_tri { FP_UNKNOWN = 0, FP_FALSE, FP_TRUE } fp_tri;

/* Why a test is unknown; from the least to the most alarming. */
typedef enum fp_unknown_why {
    FP_WHY_NOT_SUPPLIED = 0, /* no evidence of this kind was given */
    FP_WHY_INCOMPLETE,       /* some was, but it does not reach the question */
    FP_WHY_UNREADABLE,       /* it was given and could not be read */
    FP_WHY_CONFLICTING       /* two pieces of evidence contradict each other */
} fp_unknown_why;

fp_tri fp_tri_not(fp_tri a);
fp_tri fp_tri_and(fp_tri a, fp_tri b);
fp_tri fp_tri_or(fp_tri a, fp_tri b);
static inline fp_tri fp_tri_of(bool b)
{
    return b ? FP_TRUE : FP_FALSE;
}

const char *fp_tri_name(fp_tri t);                 /* "true", "false", "unknown" */
const char *fp_unknown_why_name(fp_unknown_why w); /* "not supplied", ... */

#endif
