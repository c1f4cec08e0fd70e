/* SPDX-License-Identifier: MIT */
#include "verify/attest/verification.h"

/* Evidence that is there and cannot be read now says nothing either way. */
static bool is_wrong(const fp_difference *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].kind != FP_DIFFERENCE_UNREAD)
            return true;
    return false;
}

static bool report_is_wrong(const fp_report_check *check)
{
    return check->path != NULL &&
           (!check->same || check->difference_count > 0 || !fp_disagreements_none(&check->claims));
}

fp_answer fp_verification_answer(const fp_verification *v)
{
    const fp_evidence_check *evidence = &v->evidence;
    if (!v->signed_by_key || report_is_wrong(&v->report) ||
        is_wrong(evidence->differences, evidence->difference_count) ||
        !fp_disagreements_none(&v->verdicts.claims))
        return FP_ANSWER_NOT_VERIFIED;
    return evidence->difference_count > 0 || v->verdicts.why_not != NULL ? FP_ANSWER_OPEN
                                                                         : FP_ANSWER_VERIFIED;
}
