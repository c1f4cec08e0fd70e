/* SPDX-License-Identifier: MIT */
/*
 * The verdicts, and the decision list: a pure function from rules and their truths to what is
 * decided. It knows no advisory and no product.
 */
#ifndef FP_DECIDE_VERDICT_H
#define FP_DECIDE_VERDICT_H

#include "inventory/base/text.h"
#include "inventory/base/tri.h"

typedef enum fp_verdict {
    FP_UNDETERMINED = 0,
    FP_AFFECTED,
    FP_FIXED,
    FP_NOT_APPLICABLE,
    FP_VERDICTS
} fp_verdict;

const char *fp_verdict_name(fp_verdict verdict); /* "not_applicable" ...: published */
bool fp_verdict_from_name(fp_str name, fp_verdict *out);

/* A set of definite verdicts: bit FP_AFFECTED, FP_FIXED, FP_NOT_APPLICABLE. */
typedef unsigned fp_verdict_set;
static inline fp_verdict_set fp_verdict_bit(fp_verdict v)
{
    return 1U << v;
}

/* Every definite verdict: nothing is known. */
fp_verdict_set fp_verdict_all(void);

/* One rule as the list sees it: what it concludes, and how its condition came out (with the tests
 * named in caveat_on counted as FALSE where unknown, unless strict). */
typedef struct fp_ruling {
    fp_tri when;
    fp_verdict verdict;
    fp_verdict_set possible; /* stated by a rule that concludes FP_UNDETERMINED */
} fp_ruling;

enum { FP_RULES_MAX = 256 };

typedef struct fp_decision {
    fp_verdict verdict;
    fp_verdict_set
        possible; /* the definite verdicts still open; a definite verdict's own bit alone */
    size_t rule;  /* index of the TRUE rule that ended the walk; == count when none did */
    bool stated;  /* FP_UNDETERMINED because that rule says so, nothing being open before it that it
                     does not  state itself */
} fp_decision;

/*
 * Walks the rules in order: TRUE adds its verdict and ends;
 * UNKNOWN adds its verdict and goes on, unless it concludes FP_UNDETERMINED (such a rule decides
 * only when TRUE, and then adds the verdicts it states); FALSE adds nothing. One open verdict is
 * the verdict, unless the walk ended at a rule that concludes FP_UNDETERMINED. When nothing at all
 * is open, or no rule is TRUE, everything is possible.
 */
fp_decision fp_decide(const fp_ruling *rulings, size_t count);

#endif
