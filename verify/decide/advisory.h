/* SPDX-License-Identifier: MIT */
/*
 * An advisory as data: fixproof/advisory/v1, read strictly from JSON (schema in data/schema/).
 *
 * The engine knows the *kinds* of tests (test.h, one table row each) and nothing of any advisory.
 * Unknown keys, a test used but not defined, a list without an unconditional last rule, a threshold
 * without a source: each is a located error. Everything lives in the arena.
 */
#ifndef FP_DECIDE_ADVISORY_H
#define FP_DECIDE_ADVISORY_H

#include "detect/episode.h"
#include "verify/decide/form.h"
#include "verify/decide/verdict.h"

enum {
    FP_ADVISORY_SIZE_MAX = 1024 * 1024, /* bytes of the document */
    FP_ADVISORY_TESTS_MAX = 128,
    FP_CRITERIA_DEPTH_MAX = 16,
    FP_CRITERIA_NODES_MAX = 4096, /* of all rules together; as many of all the change record has */
    FP_ADVISORY_ACTIVITIES_MAX = 8
};

typedef struct fp_test_kind fp_test_kind; /* test.h */

typedef struct fp_test { /* a named test of an advisory */
    fp_str name;
    fp_str title; /* the question in words, as a change record shows it */
    const fp_test_kind *kind;
    const void *arguments; /* parsed and checked by the kind; in the arena */
    fp_str source;
    fp_str certainty; /* confirmed, inferred, unconfirmed */
    fp_str needs;     /* what evidence answers it */
    fp_str collect;   /* how to take that evidence from a server */
} fp_test;

typedef enum fp_criteria_kind {
    FP_CRITERIA_TEST,
    FP_CRITERIA_ALL,
    FP_CRITERIA_ANY,
    FP_CRITERIA_NOT
} fp_criteria_kind;

typedef struct fp_criteria { /* all of no children is TRUE: the unconditional rule */
    fp_criteria_kind kind;
    size_t test; /* index into the advisory's tests, for FP_CRITERIA_TEST */
    struct fp_criteria *children;
    size_t child_count;
} fp_criteria;

/*
 * `caveat_on` names tests of `when` that stand there without a `not` above them: UNKNOWN counts as
 * FALSE for this rule, and where that made the rule FALSE the caveat is part of the result. A
 * caveat without caveat_on belongs to the rule's own conclusion. needs and collect: of a rule that
 * concludes FP_UNDETERMINED because the evidence contradicts itself, what would resolve it.
 */
typedef struct fp_rule {
    fp_criteria when;
    fp_verdict verdict;
    fp_verdict_set possible;
    fp_str reason;           /* published: "fix_not_effective" */
    fp_str text;             /* the reason in words */
    fp_str assurance;        /* of a fixed verdict: "effective", "installed"; or empty */
    const size_t *caveat_on; /* tests */
    size_t caveat_on_count;
    fp_str caveat;      /* text added when a caveat test is UNKNOWN */
    fp_str remediation; /* what to do instead of the advisory's; or empty */
    fp_str needs, collect;
} fp_rule;

#define FP_ASSURANCE_EFFECTIVE FP_STR("effective")
#define FP_ASSURANCE_INSTALLED FP_STR("installed")

typedef struct fp_advisory_activity {
    fp_str name;
    fp_str component; /* informative */
    const fp_signature_def *signatures;
    size_t signature_count;
    fp_str title;
    fp_str unconfirmed; /* source of its first unconfirmed signature, or empty */
} fp_advisory_activity;

typedef struct fp_reference {
    fp_str title, url;
} fp_reference;

typedef struct fp_supersedence { /* of two updates: what is told of one holds for the other */
    fp_str kb, supersedes;
    fp_str source;
    unsigned certainty; /* 1 + index in fp_certainty_words */
} fp_supersedence;

typedef enum fp_phase { /* of a change */
                        FP_PHASE_BEFORE = 0,
                        FP_PHASE_ACTION,
                        FP_PHASE_AFTER,
                        FP_PHASE_BACK_OUT,
                        FP_PHASES
} fp_phase;

const char *fp_phase_name(fp_phase phase); /* "back-out" ...: published */

typedef struct fp_checklist_item { /* of the change record; see checklist.h */
    fp_str name;
    fp_str text; /* a statement that holds once it is done */
    fp_phase phase;
    const fp_criteria *only_if;   /* FALSE: it does not concern this server. NULL: always does */
    const fp_criteria *ticked_by; /* NULL: no evidence shows it, a person has to tell */
    fp_str source;
} fp_checklist_item;

typedef struct fp_package { /* what the planned action installs */
    fp_str kb;
    fp_str name;                /* of the file, or as the console shows it */
    fp_str sha256;              /* hex, lower case; empty: no source tells it */
    const fp_criteria *only_if; /* as of an item */
    fp_str source, certainty;
} fp_package;

typedef struct fp_advisory {
    fp_str sha256; /* of the document that it was read from, hex */
    fp_str id, title, summary, published, revised;
    fp_str *kbs;
    size_t kb_count;
    fp_str *cves;
    size_t cve_count;
    fp_str severity;              /* as its publisher rates it, or empty */
    fp_checklist_item *checklist; /* in the order of the phases, else as it stands */
    size_t checklist_count;
    fp_package *packages;
    size_t package_count;
    fp_supersedence *supersedence; /* for readers; a verdict asks for each KB by a test */
    size_t supersedence_count;
    fp_reference *references;
    size_t reference_count;
    fp_str remediation;  /* what to do when affected */
    uint32_t *revisions; /* asked of a catalogue */
    size_t revision_count;
    fp_str revisions_unconfirmed; /* their source, when it is unconfirmed; or empty */
    fp_advisory_activity *activities;
    size_t activity_count;
    fp_test *tests;
    size_t test_count;
    fp_rule *rules;
    size_t rule_count;
    fp_str note; /* on the data themselves: what is unconfirmed */
} fp_advisory;

/*
 * FP_FORMAT when there was at least one error (each told to `lint`, see form.h, which may be NULL;
 * the first is in `d` too: module "advisory" or "json", `where` = line). FP_CRYPTO. FP_LIMIT:
 * larger than FP_ADVISORY_SIZE_MAX. Warnings do not fail: tests never used, verdicts never given,
 * rules that cannot be reached.
 */
FP_MUST_CHECK fp_status fp_advisory_read(fp_span json, fp_arena *arena, fp_lint_fn *lint,
                                         void *context, const fp_advisory **out, fp_diag *d);

#endif
