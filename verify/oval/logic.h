/* SPDX-License-Identifier: MIT */
/*
 * An advisory as claims: its tests, its rules as the decision list sees them, its verdicts.
 *
 * The list counts an unknown test as FALSE for a rule that names it under "caveat_on", and lets a
 * rule that concludes `undetermined` decide only when TRUE. Kleene logic has no words for either;
 * where fixproof alone answers a test they are expressed by asking whether its answer is known to
 * be true (or false), elsewhere the definitions stay unknown where fixproof would decide.
 */
#ifndef FP_OVAL_LOGIC_H
#define FP_OVAL_LOGIC_H

#include "verify/decide/claim.h"
#include "verify/decide/test.h"

typedef struct fp_oval_logic { /* made by fp_oval_logic_make */
    const fp_advisory *advisory;
    fp_claim **tests;
    bool *answered; /* of a test: by fixproof alone */
    fp_claim **rules;
} fp_oval_logic;

/* In c->arena. FP_NOMEM. */
FP_MUST_CHECK fp_status fp_oval_logic_make(fp_claims *c, const fp_advisory *advisory,
                                           fp_oval_logic *out);
/* Is this the verdict? Made of FP_CLAIM_RULE; constant where no rule gives it, or every one. */
fp_claim *fp_oval_verdict(fp_claims *c, const fp_oval_logic *logic, fp_verdict verdict);

#endif
