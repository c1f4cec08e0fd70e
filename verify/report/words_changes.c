/* SPDX-License-Identifier: MIT */
/* Changes in words. */
#include "verify/report/words.h"

fp_headline fp_text_conclusion(const fp_changes *changes)
{
    static const fp_headline of[FP_CONCLUSIONS] = {
        [FP_CONCLUSION_NOT_SETTLED] = {"NOT CONFIRMED", "The evidence does not settle it.",
                                       FP_TONE_OPEN},
        [FP_CONCLUSION_CONFIRMED] = {"CONFIRMED",
                                     "Nothing asked about affects the server, what was remedied is "
                                     "in effect, and nothing got worse.",
                                     FP_TONE_GOOD},
        [FP_CONCLUSION_NOT_SHOWN] = {"NOT YET SHOWN",
                                     "The remediation is installed, and not yet shown to work.",
                                     FP_TONE_OPEN},
        [FP_CONCLUSION_NOT_FIXED] = {"NOT FIXED", "Action is needed: the server is affected.",
                                     FP_TONE_BAD},
        [FP_CONCLUSION_WORSE] = {"WORSE", "Something is worse than before.", FP_TONE_BAD},
    };
    fp_headline headline = of[changes->conclusion];
    if (changes->conclusion == FP_CONCLUSION_NOT_SETTLED && changes->order == FP_ORDER_BACKWARDS)
        headline.meaning = changes->order_text.data;
    return headline;
}

fp_headline fp_text_outcome_words(fp_outcome outcome)
{
    static const fp_headline of[FP_OUTCOMES] = {
        [FP_OUTCOME_NOT_SETTLED] = {"NOT SETTLED", "The evidence leaves it open.", FP_TONE_OPEN},
        [FP_OUTCOME_FIXED] = {"FIXED", "Fixed, and shown to be in effect.", FP_TONE_GOOD},
        [FP_OUTCOME_NOT_SHOWN] = {"NOT YET SHOWN", "Installed, and not yet shown to work.",
                                  FP_TONE_OPEN},
        [FP_OUTCOME_NOT_EFFECTIVE] = {"NOT EFFECTIVE",
                                      "The server is affected although a remedy is installed.",
                                      FP_TONE_BAD},
        [FP_OUTCOME_NOT_INSTALLED] = {"NOT INSTALLED",
                                      "The server is affected: no remedy is installed.",
                                      FP_TONE_BAD},
        [FP_OUTCOME_AFFECTED] = {"AFFECTED", "The server is affected.", FP_TONE_BAD},
        [FP_OUTCOME_WORSE] = {"WORSE", "The server is affected, and was not before.", FP_TONE_BAD},
        [FP_OUTCOME_NOT_APPLICABLE] = {"NOT APPLICABLE",
                                       "The advisory does not concern this server.", FP_TONE_GOOD},
        [FP_OUTCOME_NOT_ASKED] = {"NOT ASKED", "It was asked before, and not again.", FP_TONE_OPEN},
    };
    return of[outcome];
}

const fp_record_need *fp_text_needs(const fp_result_change *r, size_t *count)
{
    *count = 0;
    if (r->after == NULL)
        return NULL;
    const bool proof = r->outcome == FP_OUTCOME_NOT_SHOWN && r->after->proof_count > 0;
    if (r->outcome != FP_OUTCOME_NOT_SHOWN && r->outcome != FP_OUTCOME_NOT_SETTLED)
        return NULL;
    *count = proof ? r->after->proof_count : r->after->missing_count;
    return proof ? r->after->proof : r->after->missing;
}
