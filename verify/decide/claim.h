/* SPDX-License-Identifier: MIT */
/*
 * What a test claims of a server, in terms that any other program can check: objects that are
 * looked at, and Kleene logic over what is seen there. For exports into other languages of checks;
 * a verdict never comes from here.
 *
 * A kind of test whose question has no such form (log episodes, catalogues, declarations, lists of
 * site updates, what traces mean together) claims nothing: only fixproof can answer it.
 */
#ifndef FP_DECIDE_CLAIM_H
#define FP_DECIDE_CLAIM_H

#include "inventory/configmgr/releases.h"
#include "verify/decide/form.h"

typedef enum fp_look_kind {
    FP_LOOK_KEY = 0,       /* the key `path` */
    FP_LOOK_VALUE,         /* the value `name` of the key `path` */
    FP_LOOK_EITHER_VIEW,   /* that value in both views, `path` below HKEY_LOCAL_MACHINE\SOFTWARE */
    FP_LOOK_UPDATE_MARKER, /* keys of the KB `name` below the update product `path`, both views */
    FP_LOOK_FILE,          /* every file of this name */
    FP_LOOK_ANSWER /* fixproof's own answer to the test `name` of the advisory `path`: "true",
                      "false" or "unknown" */
} fp_look_kind;

typedef struct fp_look {
    fp_look_kind kind;
    fp_str path, name;
} fp_look;

typedef enum fp_claim_kind {
    FP_CLAIM_OPEN = 0, /* nobody knows */
    FP_CLAIM_ALL,      /* of no children: TRUE */
    FP_CLAIM_ANY,      /* of no children: FALSE */
    FP_CLAIM_NOT,
    FP_CLAIM_EXISTS,  /* something is there */
    FP_CLAIM_ONE,     /* ... and only one */
    FP_CLAIM_VERSION, /* something is there, and each is written as a version */
    FP_CLAIM_WITHIN,  /* something is there, and each has a version in [at_least, below) */
    FP_CLAIM_OUTSIDE, /* ... and none has */
    FP_CLAIM_TEXT,    /* ... and each is a text or a number */
    FP_CLAIM_EQUALS,  /* ... and each is, case ignored, one of `texts` */
    FP_CLAIM_TEST,    /* of the advisory: `index` */
    FP_CLAIM_RULE     /* of the advisory: `index` */
} fp_claim_kind;

typedef struct fp_claim {
    fp_claim_kind kind;
    fp_look look;
    fp_version at_least, below; /* count == 0: no such bound */
    fp_texts texts;
    size_t index;
    struct fp_claim *first, *last; /* children */
    struct fp_claim *next;         /* of the same parent; a claim has one parent */
} fp_claim;

typedef struct fp_claims { /* makes them; the first failure sticks */
    fp_arena *arena;
    const fp_releases *releases; /* or NULL */
    bool failed;                 /* no memory */
} fp_claims;

/* NULL when there is no memory, and every function takes NULL for a claim. */
fp_claim *fp_claim_new(fp_claims *c, fp_claim_kind kind);
fp_claim *fp_claim_look(fp_claims *c, fp_claim_kind kind, fp_look look);
fp_claim *fp_claim_range(fp_claims *c, fp_claim_kind kind, fp_look look, const fp_version *at_least,
                         const fp_version *below);
fp_claim *fp_claim_index(fp_claims *c, fp_claim_kind kind, size_t index);
/* Adds a child, which must belong to no other claim; returns `parent`. */
fp_claim *fp_claim_add(fp_claim *parent, fp_claim *child);
fp_claim *fp_claim_both(fp_claims *c, fp_claim *a, fp_claim *b);
fp_claim *fp_claim_either(fp_claims *c, fp_claim *a, fp_claim *b);
fp_claim *fp_claim_not(fp_claims *c, fp_claim *a);
fp_claim *fp_claim_copy(fp_claims *c, const fp_claim *claim);
/* TRUE where `yes` is, FALSE where `no` is, else open. `no` must not hold where `yes` does. */
fp_claim *fp_claim_answer(fp_claims *c, fp_claim *yes, fp_claim *no);

/* `claim` where `condition` holds, else open. */
fp_claim *fp_claim_given(fp_claims *c, fp_claim *condition, fp_claim *claim);

/* Is it about an object? */
static inline bool fp_claim_looks(const fp_claim *claim)
{
    return claim->kind >= FP_CLAIM_EXISTS && claim->kind <= FP_CLAIM_EQUALS;
}
/* Is it the empty ALL, the empty ANY? */
bool fp_claim_is_true(const fp_claim *claim);
bool fp_claim_is_false(const fp_claim *claim);
/* The same claim without constants in it, unless it is one. In place; depth is what was built. */
fp_claim *fp_claim_simplify(fp_claims *c, fp_claim *claim);

#endif
