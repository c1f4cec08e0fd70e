/* SPDX-License-Identifier: MIT */
#include "verify/attest/verification.h"

/* Evidence that is there and cannot be read now says nothing either way, whoever read it before. */
static bool is_wrong(const fp_difference *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].kind != FP_DIFFERENCE_UNREAD && list[i].kind != FP_DIFFERENCE_UNREAD_BOTH)
            return true;
    return false;
}

static bool report_is_wrong(const fp_report_check *check)
{
    return check->path != NULL &&
           (!check->same || check->difference_count > 0 || !fp_disagreements_none(&check->claims));
}

/* Was what is said of this advisory (empty: of the server) judged otherwise than it was? */
static bool judged_otherwise(const fp_verdict_check *check, fp_str advisory)
{
    for (size_t i = 0; i < check->setting_count; i++)
        if (check->settings[i].advisory.size == 0 ||
            fp_str_eq(check->settings[i].advisory, advisory))
            return true;
    return false;
}

static bool again_is_wrong(const fp_verdict_check *check)
{
    const fp_disagreements *found = &check->claims;
    bool wrong = found->other_server != NULL && !judged_otherwise(check, (fp_str){NULL, 0});
    for (size_t i = 0; i < found->count; i++) {
        const fp_disagreement *x = &found->at[i];
        const fp_record_result *any = x->attested != NULL ? x->attested : x->at_hand;
        wrong = wrong || !judged_otherwise(check, any->advisory);
    }
    return wrong;
}

/* Were the verdicts asked for again, and not as they were then? The same again shows less so. */
static bool is_asked_otherwise(const fp_verdict_check *check)
{
    const bool asked = check->wanted && check->why_not == NULL;
    return asked && (!check->settings_known || check->setting_count > 0);
}

fp_answer fp_verification_answer(const fp_verification *v)
{
    const fp_evidence_check *evidence = &v->evidence;
    if (!v->signed_by_key || report_is_wrong(&v->report) ||
        is_wrong(evidence->differences, evidence->difference_count) || again_is_wrong(&v->verdicts))
        return FP_ANSWER_NOT_VERIFIED;
    return evidence->difference_count > 0 || v->verdicts.why_not != NULL ||
                   is_asked_otherwise(&v->verdicts) || !fp_disagreements_none(&v->verdicts.claims)
               ? FP_ANSWER_OPEN
               : FP_ANSWER_VERIFIED;
}
