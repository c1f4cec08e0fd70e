/* SPDX-License-Identifier: MIT */
/*
 * Whatever the advisory, its OVAL definitions are XML of our elements only; and whatever the truths
 * of its tests, the definitions rule out no verdict that is still possible, and are certain of none
 * that the decision list does not give.
 */
#include "tests/support/fuzz.h"
#include "tests/support/oval_names.h"
#include "tests/support/xml_check.h"
#include "verify/decide/criteria.h"
#include "verify/oval/logic.h"
#include "verify/oval/oval.h"

#include <stdlib.h>

enum { BUDGET = 32 * 1024 * 1024 };

static const char *const names[] = {OVAL_DEFINITIONS_NAMES, NULL};

/* ---- the claims of rules and verdicts, evaluated ---- */

typedef struct world {
    const fp_advisory *advisory;
    const fp_oval_logic *logic;
    const fp_tri *truths;
} world;

static fp_tri truth_named(const world *w, fp_str name)
{
    for (size_t i = 0; i < w->advisory->test_count; i++)
        if (fp_str_eq(w->advisory->tests[i].name, name))
            return w->truths[i];
    abort();
}

static fp_tri evaluate(const world *w, const fp_claim *claim)
{
    fp_tri all = FP_TRUE;
    fp_tri any = FP_FALSE;
    for (const fp_claim *child = claim->first; child != NULL; child = child->next) {
        const fp_tri is = evaluate(w, child);
        all = fp_tri_and(all, is);
        any = fp_tri_or(any, is);
    }
    switch (claim->kind) {
    case FP_CLAIM_ALL:
        return all;
    case FP_CLAIM_ANY:
        return any;
    case FP_CLAIM_NOT:
        return fp_tri_not(any);
    case FP_CLAIM_OPEN:
        return FP_UNKNOWN;
    case FP_CLAIM_TEST:
        return w->truths[claim->index];
    case FP_CLAIM_RULE:
        return evaluate(w, w->logic->rules[claim->index]);
    case FP_CLAIM_EQUALS: /* fixproof's own answer */
        require(claim->look.kind == FP_LOOK_ANSWER);
        return fp_tri_of(fp_str_eq(claim->texts.at[0],
                                   fp_str_of(fp_tri_name(truth_named(w, claim->look.name)))));
    case FP_CLAIM_EXISTS:
    case FP_CLAIM_ONE:
    case FP_CLAIM_VERSION:
    case FP_CLAIM_WITHIN:
    case FP_CLAIM_OUTSIDE:
    case FP_CLAIM_TEXT:
        break;
    }
    abort(); /* a rule is made of tests */
}

static void check_verdicts(const world *w, fp_claims *claims)
{
    fp_ruling rulings[FP_RULES_MAX];
    for (size_t i = 0; i < w->advisory->rule_count; i++)
        rulings[i] =
            fp_rule_ruling(&w->advisory->rules[i], w->truths, w->advisory->test_count, false);
    const fp_decision d = fp_decide(rulings, w->advisory->rule_count);
    for (unsigned v = FP_AFFECTED; v < FP_VERDICTS; v++) {
        const fp_claim *claim = fp_oval_verdict(claims, w->logic, (fp_verdict)v);
        if (claims->failed)
            return;
        const fp_tri is = evaluate(w, claim);
        require(is != FP_TRUE || d.verdict == (fp_verdict)v);
        require(is != FP_FALSE || (d.possible & fp_verdict_bit((fp_verdict)v)) == 0);
    }
}

static void check_logic(const fp_advisory *a, fp_arena *arena, const uint8_t *data, size_t size)
{
    enum { ROUNDS = 64 };
    fp_claims claims = {.arena = arena};
    fp_oval_logic logic;
    if (fp_oval_logic_make(&claims, a, &logic) != FP_OK)
        return;
    uint32_t chance = data[size / 2]; /* a linear congruence: the same for the same input */
    for (size_t round = 0; round < ROUNDS; round++) {
        fp_tri truths[FP_ADVISORY_TESTS_MAX];
        for (size_t i = 0; i < a->test_count; i++) {
            chance = chance * UINT32_C(1664525) + UINT32_C(1013904223);
            truths[i] = (fp_tri)((chance >> 16) % 3);
        }
        const world w = {a, &logic, truths};
        check_verdicts(&w, &claims);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const fp_oval_generator generator = {"0.1.0", 0};
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_advisory *a = NULL;
    fp_diag d = {0};
    fp_out out = {0};
    require(arena != NULL);
    if (fp_advisory_read(fp_span_of(data, size), arena, NULL, NULL, &a, &d) == FP_OK) {
        const fp_status status = fp_oval_definitions_write(a, NULL, &generator, arena, &out);
        require(status == FP_OK || status == FP_NOMEM || status == FP_LIMIT);
        if (status == FP_OK) {
            const xml_count count = xml_check((fp_str){out.data, out.size}, names);
            require(count.well_formed && count.strangers == 0);
        }
        check_logic(a, arena, data, size);
    }
    fp_out_free(&out);
    fp_arena_free(arena);
    return 0;
}
