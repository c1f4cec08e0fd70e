/* SPDX-License-Identifier: MIT */
#include "inventory/base/tri.h"

fp_tri fp_tri_not(fp_tri a)
{
    return a == FP_UNKNOWN ? FP_UNKNOWN : fp_tri_of(a == FP_FALSE);
}

fp_tri fp_tri_and(fp_tri a, fp_tri b)
{
    if (a == FP_FALSE || b == FP_FALSE)
        return FP_FALSE;
    return a == FP_TRUE && b == FP_TRUE ? FP_TRUE : FP_UNKNOWN;
}

fp_tri fp_tri_or(fp_tri a, fp_tri b)
{
    if (a == FP_TRUE || b == FP_TRUE)
        return FP_TRUE;
    return a == FP_FALSE && b == FP_FALSE ? FP_FALSE : FP_UNKNOWN;
}

const char *fp_tri_name(fp_tri t)
{
    static const char *const names[] = {"unknown", "false", "true"};
    return names[t];
}

const char *fp_unknown_why_name(fp_unknown_why w)
{
    static const char *const names[] = {"not supplied", "incomplete", "unreadable", "conflicting"};
    return names[w];
}
