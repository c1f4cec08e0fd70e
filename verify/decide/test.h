/* SPDX-License-Identifier: MIT */
/*
 * The kinds of tests an advisory can name. A new kind is one file (test_<kind>.c) and one row of
 * the table in test.c.
 *
 * A test is TRUE, FALSE or UNKNOWN with the reason. FALSE needs evidence that is complete for the
 * question.
 */
#ifndef FP_DECIDE_TEST_H
#define FP_DECIDE_TEST_H

#include "verify/decide/casefile.h"
#include "verify/decide/claim.h"

typedef struct fp_installation { /* of the fix that a test relates events to */
    fp_str kb;                   /* empty: the test relates nothing to an installation */
    fp_install_window window;    /* traces and declarations together */
} fp_installation;

typedef struct fp_test_result {
    fp_tri is;
    fp_unknown_why why;           /* when unknown */
    fp_observations observations; /* what was seen, or what was looked for where */
    fp_installation installed;
    bool stands;        /* the answer rests on no hive that lags, though one was looked at */
    bool declared;      /* the answer rests on a statement, not on what was seen alone */
    fp_str unconfirmed; /* source of an unconfirmed fact that the answer rests on, or empty; that of
                           the test itself is fp_test.source */
    fp_str reserved;    /* a sentence: evidence that the answer rests on is not shown to be genuine,
                           and what would show it; or empty */
} fp_test_result;

/* Does the answer rest on a fact that nobody confirmed? */
static inline bool fp_test_is_doubtful(const fp_test *test, const fp_test_result *result)
{
    return fp_str_eq(test->certainty, FP_STR("unconfirmed")) || result->unconfirmed.size > 0;
}

typedef struct fp_test_context { /* what a kind may look at */
    const fp_case *casefile;
    const fp_advisory *advisory;
    size_t first_activity; /* index of the advisory's activity 0 in casefile->history */
    fp_time since; /* of `confirm`: only what happened after counts as effect; FP_TIME_NONE */
    fp_arena *arena;
    fp_observations *findings; /* contradictions of the whole case file */
} fp_test_context;

struct fp_test_kind {
    const char *name; /* value of "kind" in the data */
    fp_fields fields; /* members it takes besides the common ones */
    /* Checks the members and puts the arguments into the form's arena. What is wrong is told to the
     * form; FP_NOMEM is the only failure. The advisory's activities are already read. */
    fp_status (*parse)(fp_form *form, const fp_place *at, const fp_json *json,
                       const fp_advisory *advisory, const void **arguments);
    /* `out` is zeroed: UNKNOWN, not supplied. */
    fp_status (*evaluate)(const fp_test_context *context, const void *arguments,
                          fp_test_result *out);
    /* The hotfix that it asks for with fp_case_hotfix, so that all are read at once; `kb` stays
     * empty: none. NULL: it never does. */
    void (*asks_hotfix)(const void *arguments, fp_str *kb, fp_str *product);
    /* The update that it asks catalogues for, so that each is read once for all questions; with
     * *relations if what supersedes it is asked too. False: these arguments ask for none. NULL: it
     * never does. */
    bool (*asks_catalog)(const void *arguments, fp_catalog_key *key, bool *relations);
    /* The same question in terms that other programs can check; NULL: only fixproof answers it, for
     * all arguments, or (where the function gives NULL and c has not failed) for these. */
    fp_claim *(*claim)(fp_claims *c, const void *arguments);
};

const fp_test_kind *fp_test_kind_find(fp_str name); /* NULL: no such kind */
const fp_test_kind *fp_test_kind_at(size_t index);  /* NULL past the end */

/* For the kinds: an answer that is not known, and why. */
static inline void fp_test_unknown(fp_test_result *out, fp_unknown_why why)
{
    out->is = FP_UNKNOWN;
    out->why = why;
}
/* One more reason why it is not known; the most alarming one is kept. */
static inline void fp_test_doubt(fp_test_result *out, fp_unknown_why why)
{
    out->why = why > out->why ? why : out->why;
}
/* Copies what another module saw. */
void fp_test_observe_all(const fp_test_context *context, const fp_observations *from,
                         fp_test_result *out);
/* Adds a contradiction to the findings, once. */
void fp_test_finding(const fp_test_context *context, fp_origin origin, const char *format, ...)
    FP_PRINTF(3, 4);
/* What a catalogue, unless it proves nothing, says of the updates that were asked for; `number`: of
 * this one alone, any number when it is none. */
void fp_test_observe_revisions(const fp_test_context *context, const fp_case_catalog *catalog,
                               fp_str number, fp_test_result *out);
enum {
    FP_TEST_STATEMENTS_MAX = 16
}; /* with one key; whoever declares it more often says nothing */
/*
 * The statements with this key, one after the other (`after` NULL: the first; NULL past the last).
 * Those of the command line outrank those of files, which then do not count. None when there are
 * more than FP_TEST_STATEMENTS_MAX.
 */
const fp_statement *fp_test_statement(const fp_test_context *context, fp_str key,
                                      const fp_statement *after);
/* Index of the advisory's activity of this name; told to the form when there is none. */
bool fp_test_activity(fp_form *form, const fp_place *at, const fp_advisory *advisory, fp_str name,
                      size_t *index);

/* The kinds, one file each; test.c holds them in a table. */
extern const fp_test_kind fp_test_site_server;
extern const fp_test_kind fp_test_hotfix;
extern const fp_test_kind fp_test_episode;
extern const fp_test_kind fp_test_in_use;
extern const fp_test_kind fp_test_catalog;
extern const fp_test_kind fp_test_registry;
extern const fp_test_kind fp_test_file;
extern const fp_test_kind fp_test_declared;
extern const fp_test_kind fp_test_site_update;

#endif
