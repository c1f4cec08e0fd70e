/* SPDX-License-Identifier: MIT */
#include "verify/decide/verdict.h"

static const char *const verdict_names[FP_VERDICTS] = {
    [FP_UNDETERMINED] = "undetermined",
    [FP_AFFECTED] = "affected",
    [FP_FIXED] = "fixed",
    [FP_NOT_APPLICABLE] = "not_applicable",
};

const char *fp_verdict_name(fp_verdict verdict)
{
    return (unsigned)verdict < FP_VERDICTS ? verdict_names[verdict] : "?";
}

bool fp_verdict_from_name(fp_str name, fp_verdict *out)
{
    for (unsigned i = 0; i < FP_VERDICTS; i++) {
        if (fp_str_eq(name, fp_str_of(verdict_names[i]))) {
            *out = (fp_verdict)i;
            return true;
        }
    }
    return false;
}

fp_verdict_set fp_verdict_all(void)
{
    return fp_verdict_bit(FP_AFFECTED) | fp_verdict_bit(FP_FIXED) |
           fp_verdict_bit(FP_NOT_APPLICABLE);
}

/* The only verdict of a set that holds one; FP_UNDETERMINED for none or several. */
static fp_verdict only_verdict(fp_verdict_set set)
{
    for (unsigned v = FP_AFFECTED; v < FP_VERDICTS; v++)
        if (set == fp_verdict_bit((fp_verdict)v))
            return (fp_verdict)v;
    return FP_UNDETERMINED;
}

/* The walk ended at a rule that is TRUE: what it adds to the verdicts left open before it. */
static fp_decision decide_at(const fp_ruling *ruling, size_t index, fp_verdict_set open)
{
    if (ruling->verdict != FP_UNDETERMINED) {
        const fp_verdict_set possible = open | fp_verdict_bit(ruling->verdict);
        return (fp_decision){only_verdict(possible), possible, index, false};
    }

    /* Never a definite verdict from here, even when one alone is open: were the rule that left it
     * open false, this one would decide. Of nothing at all follows nothing: everything is open. */
    const fp_verdict_set possible = open | ruling->possible;
    return (fp_decision){FP_UNDETERMINED, possible != 0 ? possible : fp_verdict_all(), index,
                         (open & ~ruling->possible) == 0};
}

fp_decision fp_decide(const fp_ruling *rulings, size_t count)
{
    fp_verdict_set open = 0;
    for (size_t i = 0; i < count; i++) {
        if (rulings[i].when == FP_TRUE)
            return decide_at(&rulings[i], i, open);
        if (rulings[i].when == FP_UNKNOWN && rulings[i].verdict != FP_UNDETERMINED)
            open |= fp_verdict_bit(rulings[i].verdict);
    }
    return (fp_decision){FP_UNDETERMINED, fp_verdict_all(), count, false};
}
