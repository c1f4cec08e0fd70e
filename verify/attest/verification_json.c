/* SPDX-License-Identifier: MIT */
#include "verify/attest/verification.h"

#include "verify/attest/attestation_parts.h"

static fp_json *null_or(fp_json *node)
{
    return node != NULL ? node : fp_json_new_null();
}

static fp_json *signatures_of(fp_doc *f, const fp_envelope *envelope)
{
    static const char *const states[] = {[FP_SIGNATURE_OTHER] = "other_key",
                                         [FP_SIGNATURE_BAD] = "bad",
                                         [FP_SIGNATURE_GOOD] = "good"};
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < envelope->signature_count; i++) {
        fp_json *node = fp_doc_object(f);
        fp_doc_put_known(f, node, "key", envelope->signatures[i].key_id);
        fp_doc_put_text(f, node, "state", fp_str_of(states[envelope->signatures[i].state]));
        fp_doc_add(f, array, node);
    }
    return array;
}

static fp_json *attested_of(fp_doc *f, const fp_record *record)
{
    fp_json *node = fp_doc_object(f);
    size_t subjects = 0;
    for (size_t i = 0; i < record->item_count; i++)
        subjects += record->items[i].hashed;
    fp_attest_put_run(f, node, record);
    fp_attest_put_claims(f, node, record);
    fp_doc_put_number(f, node, "subject_count", subjects);
    fp_doc_put_number(f, node, "unread_count", record->item_count - subjects);
    return node;
}

/* ---- what is otherwise ---- */

static fp_json *item_of(fp_doc *f, const fp_record_item *item)
{
    if (item == NULL)
        return NULL;
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "path", item->path);
    fp_doc_put_sha256(f, node, "sha256", item->hashed ? item->sha256 : NULL);
    return node;
}

static fp_json *differences_of(fp_doc *f, const fp_difference *list, size_t count)
{
    static const char *const kinds[FP_DIFFERENCES] = {
        [FP_DIFFERENCE_UNREAD] = "unread",           [FP_DIFFERENCE_UNREAD_BOTH] = "unread_both",
        [FP_DIFFERENCE_UNREAD_THEN] = "unread_then", [FP_DIFFERENCE_CHANGED] = "changed",
        [FP_DIFFERENCE_MISSING] = "missing",         [FP_DIFFERENCE_EXTRA] = "extra",
    };
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < count; i++) {
        fp_json *node = fp_doc_object(f);
        fp_doc_put_text(f, node, "kind", fp_str_of(kinds[list[i].kind]));
        fp_doc_put(f, node, "attested", null_or(item_of(f, list[i].attested)));
        fp_doc_put(f, node, "at_hand", null_or(item_of(f, list[i].at_hand)));
        fp_doc_add(f, array, node);
    }
    return array;
}

/* "server": of whom it speaks where that is another one; "differences": verdicts. */
static fp_json *claims_of(fp_doc *f, const fp_disagreements *claims)
{
    fp_json *node = fp_doc_object(f);
    fp_json *array = fp_doc_array(f);
    for (size_t i = 0; i < claims->count; i++) {
        const fp_disagreement *x = &claims->at[i];
        fp_json *one = fp_doc_object(f);
        fp_doc_put(f, one, "attested",
                   null_or(x->attested != NULL ? fp_attest_verdict(f, x->attested) : NULL));
        fp_doc_put(f, one, "at_hand",
                   null_or(x->at_hand != NULL ? fp_attest_verdict(f, x->at_hand) : NULL));
        fp_doc_add(f, array, one);
    }
    fp_doc_put_bool(f, node, "same", fp_disagreements_none(claims));
    fp_doc_put(
        f, node, "server",
        null_or(claims->other_server != NULL ? fp_attest_server(f, claims->other_server) : NULL));
    fp_doc_put(f, node, "differences", array);
    return node;
}

/* ---- what was checked; null: was not asked for ---- */

static fp_json *report_of(fp_doc *f, const fp_report_check *check)
{
    if (check->path == NULL)
        return NULL;
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "path", fp_str_of(check->path));
    fp_doc_put_sha256(f, node, "sha256", check->sha256);
    fp_doc_put_bool(f, node, "same", check->same);
    fp_doc_put(f, node, "evidence", differences_of(f, check->differences, check->difference_count));
    fp_doc_put(f, node, "verdicts", null_or(check->same ? claims_of(f, &check->claims) : NULL));
    return node;
}

static fp_json *evidence_of(fp_doc *f, const fp_evidence_check *check)
{
    if (!check->done)
        return NULL;
    fp_json *node = fp_doc_object(f);
    fp_doc_put_bool(f, node, "same", check->difference_count == 0);
    fp_doc_put_number(f, node, "item_count", check->item_count);
    fp_doc_put(f, node, "differences",
               differences_of(f, check->differences, check->difference_count));
    return node;
}

static fp_json *verdicts_of(fp_doc *f, const fp_verdict_check *check)
{
    if (!check->wanted)
        return NULL;
    fp_json *node = fp_doc_object(f);
    const bool asked = check->why_not == NULL;
    fp_doc_put_bool(f, node, "asked", asked);
    fp_doc_put_known(f, node, "why_not", fp_str_of(asked ? "" : check->why_not));
    fp_doc_put(f, node, "settings",
               null_or(asked && check->settings_known
                           ? fp_doc_setting_changes(f, check->settings, check->setting_count)
                           : NULL));
    fp_doc_put(f, node, "verdicts", null_or(asked ? claims_of(f, &check->claims) : NULL));
    return node;
}

fp_status fp_verification_json(const fp_verification *v, fp_arena *arena, fp_out *out)
{
    static const char *const answers[FP_ANSWERS] = {[FP_ANSWER_OPEN] = "open",
                                                    [FP_ANSWER_VERIFIED] = "verified",
                                                    [FP_ANSWER_NOT_VERIFIED] = "not_verified"};
    fp_doc f = {.arena = arena};
    const bool believed = v->signed_by_key;
    fp_json *root = fp_doc_object(&f);
    fp_doc_put_text(&f, root, "schema", FP_STR("fixproof/verification/v1"));
    fp_doc_put(&f, root, "tool", fp_attest_tool(&f, fp_str_of(v->tool_version)));
    fp_doc_put_text(&f, root, "answer", fp_str_of(answers[fp_verification_answer(v)]));
    fp_doc_put_text(&f, root, "key", fp_str_of(v->key_id));
    fp_doc_put(&f, root, "signatures", signatures_of(&f, v->envelope));
    fp_doc_put(&f, root, "attested", null_or(believed ? attested_of(&f, &v->attested) : NULL));
    fp_doc_put(&f, root, "report", null_or(report_of(&f, &v->report)));
    fp_doc_put(&f, root, "evidence", null_or(evidence_of(&f, &v->evidence)));
    fp_doc_put(&f, root, "reproduced", null_or(verdicts_of(&f, &v->verdicts)));
    const fp_status status = fp_doc_write(&f, root, out);
    fp_json_free(root);
    return status;
}
