/* SPDX-License-Identifier: MIT */
/*
 * The state `update` of the kind `catalog`: is an update in the supplied catalogues, with which
 * DeploymentAction, and does another one supersede it?
 *
 *     "revision": [1234]                       by RevisionId, which means something in one release
 *                                              of the catalogue only
 *     "update_id": "64c52254-...", "revision_number": 100    the number may be left out
 *     "kb": "KB5101650"                        looked for in every shard: slow
 *     "deployment_action": ["Bundle"]          ... and it has one of these, to the letter
 *     "superseded": false                      ... and nothing supersedes it
 *     "match": "any" or "every"                ... of several
 *
 * Several updates may carry one KB number, and several revisions one UpdateId: where more is asked
 * of them than whether there is one, "match" says of how many it must hold. One update that several
 * catalogues (or one, twice) describe differently leaves such a question open.
 */
#ifndef FP_DECIDE_CATALOG_UPDATE_H
#define FP_DECIDE_CATALOG_UPDATE_H

#include "verify/decide/test.h"

typedef struct fp_update_question {
    fp_catalog_key key;
    fp_texts actions; /* one of them; none: any will do, and none too */
    bool asks_superseded, superseded;
    unsigned match; /* 1 + index in fp_update_match_words; 0: one update is meant */
    /* As it is written. */
    fp_numbers revision;
    fp_str update_id, kb;
    uint64_t revision_number;
} fp_update_question;

extern const char *const fp_update_match_words[];

/* What was filled in of the test `json`: whole, and without contradiction? Else told to the form.
 * Sets the rest of *q. */
void fp_update_question_check(fp_form *form, const fp_place *at, const fp_json *json,
                              const fp_advisory *advisory, fp_update_question *q);
/* Of another state: nothing of it may be written. */
void fp_update_question_refuse(fp_form *form, const fp_place *at, const fp_json *json);
/* `out` is zeroed. */
void fp_update_question_ask(const fp_test_context *context, const fp_update_question *q,
                            fp_test_result *out);

#endif
