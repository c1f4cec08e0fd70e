/* SPDX-License-Identifier: MIT */
/*
 * One advisory asked of one case file: the verdict with its whole explanation. Evaluation never
 * short-circuits.
 */
#ifndef FP_DECIDE_ASSESS_H
#define FP_DECIDE_ASSESS_H

#include "verify/decide/test.h"

typedef struct fp_because { /* explanation: mirrors the criteria */
    fp_criteria_kind kind;
    const fp_test *test;           /* of a FP_CRITERIA_TEST */
    const fp_test_result *outcome; /* of a FP_CRITERIA_TEST */
    fp_tri result;
    const struct fp_because *children;
    size_t child_count;
} fp_because;

typedef struct fp_rule_outcome {
    const fp_rule *rule;
    fp_tri
        when; /* as the walk saw it (caveat tests counted as FALSE when unknown, unless strict) */
    bool reached; /* the walk came this far */
    fp_because because;
} fp_rule_outcome;

typedef struct fp_missing { /* evidence that would settle it */
    const fp_test *test;
    fp_str needs;
    fp_str collect;
    fp_unknown_why why; /* of the test; nothing where it is stated */
    bool stated;        /* the deciding rule asks for it, and its tests are known: what it settles
                           is the verdict */
} fp_missing;

const char *fp_missing_why_name(const fp_missing *m); /* of the test, or "stated": published */

typedef enum fp_tick {                   /* what becomes of an item of the checklist */
                       FP_TICK_OPEN = 0, /* a person has to tell */
                       FP_TICK_TICKED,   /* evidence proves that it holds */
                       FP_TICK_DECLARED, /* somebody says that it holds; no evidence shows it */
                       FP_TICK_FAILED,   /* seen, or said, not to hold */
                       FP_TICK_ASIDE,    /* it does not concern this server */
                       FP_TICKS
} fp_tick;

typedef enum fp_open_why {                      /* of an open item */
                           FP_OPEN_BY_HAND = 0, /* no evidence can show it */
                           FP_OPEN_EVIDENCE,    /* evidence is missing, or contradicts itself */
                           FP_OPEN_UNCONFIRMED, /* it rests on a fact that nobody confirmed */
                           FP_OPEN_NOT_GENUINE, /* ... on evidence that is not shown to be genuine
                                                 */
                           FP_OPEN_STALE,     /* not shown to be collected after the change began */
                           FP_OPEN_NO_DIGEST, /* it stands in evidence that has no digest */
                           FP_OPEN_WHYS
} fp_open_why;

typedef struct fp_checked { /* an item of the checklist, held against the evidence */
    const fp_checklist_item *item;
    fp_tick is;
    bool declared;      /* ... by a statement, not by what was seen */
    fp_open_why why;    /* of FP_TICK_OPEN */
    fp_because because; /* of ticked_by, of FP_TICK_ASIDE of only_if; nothing below it where there
                           is none */
} fp_checked;

typedef struct fp_result { /* in the case's arena */
    const fp_advisory *advisory;
    fp_verdict verdict;
    fp_verdict_set
        possible;  /* the definite verdicts still open; for a definite verdict only itself */
    fp_str reason; /* of the deciding rule, or one of ours: "evidence_missing" (several verdicts are
                      open), "host_conflict", "not_yet_effective" (confirm) */
    fp_str reason_text;
    fp_str remediation; /* what to do when affected: the deciding rule's, or the advisory's */
    fp_str assurance;
    /* Of the rules; then one per fact that a definite verdict, or its assurance, rests on and that
     * is unconfirmed, or read from evidence not shown to be genuine. */
    fp_str *caveats;
    size_t caveat_count;
    fp_missing *missing; /* undetermined: unknown tests of rules the walk reached, most useful
                            first, once each */
    size_t missing_count;
    bool in_place; /* the remedy is there, as far as the evidence tells: not strict, the verdict
                      is fixed */
    fp_missing
        *proof; /* in place and not shown to be in effect: what would show it, as `missing` */
    size_t proof_count;
    const fp_test_result *answers; /* one per test of the advisory */
    const fp_checked *checklist;   /* one per item of the advisory */
    const fp_tri *packages;        /* one per package: does it concern this server? */
    const fp_rule_outcome *rules;  /* all of them */
    size_t rule_count;
    size_t deciding;    /* index into rules, == rule_count when none is TRUE */
    fp_because because; /* the deciding rule's tree, or `any` of the rules still open */
} fp_result;

/*
 * strict, as `confirm` asks: caveat_on is ignored, and a fix is not taken on trust. `fixed` stands
 * only with assurance "effective" and from evidence that was not collected before `since`;
 * otherwise, and when just fixed and affected are open, the result is undetermined {affected,
 * fixed}, reason "not_yet_effective". Everything else stays as it is.
 */
typedef struct fp_assess_options {
    bool strict;   /* `confirm`: caveat_on is ignored, fixed needs assurance "effective" */
    fp_time since; /* `confirm`; FP_TIME_NONE for `assess` */
    bool older;    /* the evidence is known to be older than the change, whatever its collection
                      says: it confirms nothing */
    bool undated;  /* nothing shows that it is from after the change: it ticks nothing that the
                      change does */
} fp_assess_options;

/* The tree of these criteria over the outcomes of all tests of the advisory. FP_NOMEM. */
FP_MUST_CHECK fp_status fp_explain(const fp_advisory *advisory, const fp_test_result *outcomes,
                                   const fp_criteria *criteria, fp_arena *arena, fp_because *out);

/* `index` of the advisory among those the case was opened with. */
FP_MUST_CHECK fp_status fp_assess(fp_case *c, const fp_case_options *opened_with, size_t index,
                                  const fp_assess_options *options, fp_result *out);

/*
 * The most urgent first: affected, then undetermined that may be affected, then what may need no
 * action, fixed and not applicable; otherwise as they were.
 */
void fp_results_sort(fp_result *results, size_t count);

/* The exit status, 0, 1 or 2, that all results together give. */
int fp_results_exit_status(const fp_result *results, size_t count);

#endif
