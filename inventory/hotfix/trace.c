/* SPDX-License-Identifier: MIT */
#include "inventory/hotfix/trace.h"

const char *fp_trace_says_name(fp_trace_says says)
{
    static const char *const NAMES[FP_TRACE_SAYS_COUNT] = {
        [FP_TRACE_SAYS_HINT] = "hint",       [FP_TRACE_SAYS_INSTALLED] = "installed",
        [FP_TRACE_SAYS_PENDING] = "pending", [FP_TRACE_SAYS_SUPERSEDED] = "superseded",
        [FP_TRACE_SAYS_REMOVED] = "removed", [FP_TRACE_SAYS_UNREADABLE] = "unreadable",
    };
    return NAMES[says];
}

fp_recorded fp_trace_file_compare(const fp_trace_file *recorded, const fp_version *on_disk)
{
    if (!recorded->has_version || on_disk == NULL || on_disk->count == 0)
        return FP_RECORDED_UNKNOWN;
    const int order = fp_version_compare(&recorded->version, on_disk);
    if (order == 0)
        return FP_RECORDED_EQUAL;
    return order < 0 ? FP_RECORDED_OLDER : FP_RECORDED_NEWER;
}
