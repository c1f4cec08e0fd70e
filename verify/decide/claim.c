/* SPDX-License-Identifier: MIT */
#include "verify/decide/claim.h"

fp_claim *fp_claim_new(fp_claims *c, fp_claim_kind kind)
{
    fp_claim *claim = fp_arena_alloc(c->arena, sizeof *claim);
    if (claim == NULL)
        c->failed = true;
    else
        claim->kind = kind;
    return claim;
}

fp_claim *fp_claim_look(fp_claims *c, fp_claim_kind kind, fp_look look)
{
    fp_claim *claim = fp_claim_new(c, kind);
    if (claim != NULL)
        claim->look = look;
    return claim;
}

fp_claim *fp_claim_range(fp_claims *c, fp_claim_kind kind, fp_look look, const fp_version *at_least,
                         const fp_version *below)
{
    fp_claim *claim = fp_claim_look(c, kind, look);
    if (claim != NULL) {
        claim->at_least = *at_least;
        claim->below = *below;
    }
    return claim;
}

fp_claim *fp_claim_index(fp_claims *c, fp_claim_kind kind, size_t index)
{
    fp_claim *claim = fp_claim_new(c, kind);
    if (claim != NULL)
        claim->index = index;
    return claim;
}

fp_claim *fp_claim_add(fp_claim *parent, fp_claim *child)
{
    if (parent == NULL || child == NULL)
        return parent;
    if (parent->first == NULL)
        parent->first = child;
    else
        parent->last->next = child;
    parent->last = child;
    return parent;
}

fp_claim *fp_claim_both(fp_claims *c, fp_claim *a, fp_claim *b)
{
    return fp_claim_add(fp_claim_add(fp_claim_new(c, FP_CLAIM_ALL), a), b);
}

fp_claim *fp_claim_either(fp_claims *c, fp_claim *a, fp_claim *b)
{
    return fp_claim_add(fp_claim_add(fp_claim_new(c, FP_CLAIM_ANY), a), b);
}

fp_claim *fp_claim_not(fp_claims *c, fp_claim *a)
{
    return fp_claim_add(fp_claim_new(c, FP_CLAIM_NOT), a);
}

fp_claim *fp_claim_copy(fp_claims *c, const fp_claim *claim)
{
    fp_claim *copy = claim != NULL ? fp_claim_new(c, claim->kind) : NULL;
    if (copy == NULL)
        return NULL;
    *copy = *claim;
    copy->first = copy->last = copy->next = NULL;
    for (const fp_claim *child = claim->first; child != NULL; child = child->next)
        fp_claim_add(copy, fp_claim_copy(c, child));
    return copy;
}

/* any(yes, all(not yes, not no, open)) */
fp_claim *fp_claim_answer(fp_claims *c, fp_claim *yes, fp_claim *no)
{
    fp_claim *neither =
        fp_claim_both(c, fp_claim_not(c, fp_claim_copy(c, yes)), fp_claim_not(c, no));
    return fp_claim_either(c, yes, fp_claim_add(neither, fp_claim_new(c, FP_CLAIM_OPEN)));
}

/* any(all(condition, claim), all(not condition, open)) */
fp_claim *fp_claim_given(fp_claims *c, fp_claim *condition, fp_claim *claim)
{
    fp_claim *otherwise = fp_claim_not(c, fp_claim_copy(c, condition));
    return fp_claim_either(c, fp_claim_both(c, condition, claim),
                           fp_claim_both(c, otherwise, fp_claim_new(c, FP_CLAIM_OPEN)));
}

/* ---- constants ---- */

bool fp_claim_is_true(const fp_claim *claim)
{
    return claim != NULL && claim->kind == FP_CLAIM_ALL && claim->first == NULL;
}

bool fp_claim_is_false(const fp_claim *claim)
{
    return claim != NULL && claim->kind == FP_CLAIM_ANY && claim->first == NULL;
}

static fp_claim *simplify_not(fp_claim *claim)
{
    fp_claim *child = claim->first;
    if (child == NULL || !(fp_claim_is_true(child) || fp_claim_is_false(child)))
        return claim;
    child->kind = fp_claim_is_true(child) ? FP_CLAIM_ANY : FP_CLAIM_ALL;
    return child;
}

/* A child that decides alone leaves nothing of the others; one that adds nothing goes. */
static fp_claim *simplify_list(fp_claims *c, fp_claim *claim)
{
    const bool all = claim->kind == FP_CLAIM_ALL;
    fp_claim *child = claim->first;
    claim->first = claim->last = NULL;
    while (child != NULL) {
        fp_claim *next = child->next;
        child->next = NULL;
        child = fp_claim_simplify(c, child);
        if (all ? fp_claim_is_false(child) : fp_claim_is_true(child))
            return child;
        if (!(all ? fp_claim_is_true(child) : fp_claim_is_false(child)))
            fp_claim_add(claim, child);
        child = next;
    }
    return claim->first != NULL && claim->first->next == NULL ? claim->first : claim;
}

fp_claim *fp_claim_simplify(fp_claims *c, fp_claim *claim)
{
    if (claim == NULL || c->failed)
        return claim;
    if (claim->kind == FP_CLAIM_NOT) {
        claim->first = claim->last = fp_claim_simplify(c, claim->first);
        return simplify_not(claim);
    }
    const bool list = claim->kind == FP_CLAIM_ALL || claim->kind == FP_CLAIM_ANY;
    return list ? simplify_list(c, claim) : claim;
}
