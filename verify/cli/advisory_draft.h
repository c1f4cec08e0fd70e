/* SPDX-License-Identifier: MIT */
/*
 * The document that `fixproof advisory new` writes: advisory_draft.c makes all of it, and
 * advisory_draft_updates.c what `--site-update` asks for. What only its author can know is marked
 * "to do" and unconfirmed.
 */
#ifndef FP_CLI_ADVISORY_DRAFT_H
#define FP_CLI_ADVISORY_DRAFT_H

#include "inventory/base/json.h"
#include "inventory/configmgr/releases.h"
#include "verify/cli/options.h"
#include "verify/decide/verdict.h"

typedef struct fp_draft { /* what was asked for, checked; lives as the arena does */
    fp_arena *arena;
    fp_str schema; /* path of the JSON Schema */
    fp_str id, published, title;
    fp_str *kbs; /* at least one; the first is what remedies it */
    size_t kb_count;
    fp_str file;           /* of all --file-version */
    const char **versions; /* of it, by branch */
    size_t version_count;
    const fp_family *family;
    const fp_release **releases; /* in scope, as given; none: all of the family */
    size_t release_count;
    const fp_release *lowest; /* of these, or NULL */
    bool site_update;         /* Updates and Servicing is asked, of each release */
    bool good;                /* no memory ran out */
} fp_draft;

/* Freed with fp_json_free; what `good` says afterwards counts. */
fp_json *fp_draft_document(fp_draft *d);

/* ---- shared by the two ---- */

void fp_draft_put(fp_draft *d, fp_json *node, const char *key, fp_json *child);
void fp_draft_put_text(fp_draft *d, fp_json *node, const char *key, fp_str text);
/* Of JSON text, every part of which was checked; NULL is out of memory. */
fp_json *fp_draft_parsed(fp_draft *d, const char *text);

typedef struct fp_draft_texts { /* what every test has */
    const char *kind;
    fp_str title, needs, collect;
    fp_str source, certainty; /* no source: its author has to name it */
} fp_draft_texts;
/* A test without the members of its kind. */
fp_json *fp_draft_test(fp_draft *d, const fp_draft_texts *texts);
/* Adds a rule and returns it; `when` becomes part of it. */
fp_json *fp_draft_rule(fp_draft *d, fp_json *rules, fp_json *when, fp_verdict verdict,
                       const char *reason, const char *text);
/* An undetermined rule: affected or `or_else` is possible, and what would settle it. */
void fp_draft_leave_open(fp_draft *d, fp_json *rule, fp_verdict or_else, const char *needs,
                         const char *collect);

/* The tests of --site-update: a release, and the states of its package. */
void fp_draft_put_update_tests(fp_draft *d, fp_json *tests);
/* All rules between the scope and the last one. */
void fp_draft_add_update_rules(fp_draft *d, fp_json *rules);
/* Criteria: the update, or one that contains it, is installed. */
fp_json *fp_draft_update_installed(fp_draft *d);

#endif
