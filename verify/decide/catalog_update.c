/* SPDX-License-Identifier: MIT */
#include "verify/decide/catalog_update.h"

#include "inventory/hotfix/kb.h"
#include "verify/decide/catalog_lines.h"

#include <stdio.h>

const char *const fp_update_match_words[] = {"any", "every", NULL};
enum { MATCH_ONE = 0, MATCH_ANY, MATCH_EVERY };

enum { UPDATES_SHOWN = 8 }; /* of one question in one catalogue */

/* ---- reading -------------------------------------------------------------------------- */

static bool is_given(const fp_json *json, const char *key)
{
    return fp_json_get(json, key) != NULL;
}

void fp_update_question_refuse(fp_form *form, const fp_place *at, const fp_json *json)
{
    static const char *const keys[] = {"revision", "update_id",         "revision_number",
                                       "kb",       "deployment_action", "superseded",
                                       "match"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const fp_place here = fp_place_key(at, fp_str_of(keys[i]));
        if (is_given(json, keys[i]))
            fp_form_error(form, &here, "belongs to the state update, only");
    }
}

static void read_revision(fp_form *form, const fp_place *at, const fp_advisory *advisory,
                          fp_update_question *q)
{
    const fp_place here = fp_place_key(at, FP_STR("revision"));
    q->key.by = FP_CATALOG_BY_REVISION;
    if (q->revision.count != 1) {
        fp_form_error(form, &here, "must be one number in brackets");
        return;
    }
    for (size_t i = 0; i < advisory->revision_count; i++) {
        if (advisory->revisions[i] != q->revision.at[0])
            continue;
        q->key.number = advisory->revisions[i];
        return;
    }
    fp_form_tell(form, FP_LINT_UNDEFINED, &here, "is not among the revisions of \"catalog\"");
}

static void read_update_id(fp_form *form, const fp_place *at, const fp_json *json,
                           fp_update_question *q)
{
    const fp_place id = fp_place_key(at, FP_STR("update_id"));
    const fp_place number = fp_place_key(at, FP_STR("revision_number"));
    q->key.by = FP_CATALOG_BY_UPDATE;
    q->key.any_number = !is_given(json, "revision_number");
    if (q->update_id.size > 0 && !fp_guid_parse(q->update_id, q->key.update_id))
        fp_form_error(form, &id,
                      "must be a GUID without braces: 64c52254-175b-4e2c-8a7c-30e3c24ae1d1");
    if (q->revision_number > UINT32_MAX)
        fp_form_error(form, &number, "a revision number has 32 bits");
    q->key.number = (uint32_t)q->revision_number;
}

static void read_kb(fp_form *form, const fp_place *at, fp_update_question *q)
{
    const fp_place here = fp_place_key(at, FP_STR("kb"));
    uint64_t number = 0;
    q->key.by = FP_CATALOG_BY_KB;
    if (q->kb.size > 0 && fp_kb_parse(q->kb, &number) && number > UINT32_MAX)
        fp_form_error(form, &here, "no KB number of a catalogue has more than 32 bits");
    q->key.number = (uint32_t)number;
}

static void check_match(fp_form *form, const fp_place *at, const fp_update_question *q)
{
    const bool several = q->key.by == FP_CATALOG_BY_KB || q->key.any_number;
    const bool more = q->asks_superseded || q->actions.at != NULL;
    if (several && more && q->match == MATCH_ONE)
        fp_form_tell(form, FP_LINT_MISSING_MEMBER, at,
                     "several updates may answer: \"match\" must say of how many of them it is "
                     "asked, \"any\" or \"every\"");
    if (!(several && more) && q->match != MATCH_ONE)
        fp_form_error(form, at,
                      "\"match\" is for \"deployment_action\" and \"superseded\" of a \"kb\", or "
                      "of an \"update_id\" without \"revision_number\"");
}

void fp_update_question_check(fp_form *form, const fp_place *at, const fp_json *json,
                              const fp_advisory *advisory, fp_update_question *q)
{
    const bool by_revision = is_given(json, "revision");
    const bool by_update = is_given(json, "update_id");
    const bool by_kb = is_given(json, "kb");
    const fp_place number = fp_place_key(at, FP_STR("revision_number"));
    const fp_place actions = fp_place_key(at, FP_STR("deployment_action"));
    if (by_revision + by_update + by_kb == 0)
        fp_form_tell(form, FP_LINT_MISSING_MEMBER, at,
                     "the state update needs one of \"revision\", \"update_id\" and \"kb\"");
    if (by_revision + by_update + by_kb > 1)
        fp_form_error(form, at,
                      "only one of \"revision\", \"update_id\" and \"kb\" can name the update");
    if (!by_update && is_given(json, "revision_number"))
        fp_form_error(form, &number, "belongs to \"update_id\"");
    if (q->actions.at != NULL && q->actions.count == 0)
        fp_form_error(form, &actions, "must hold at least one value");
    if (by_revision)
        read_revision(form, at, advisory, q);
    else if (by_update)
        read_update_id(form, at, json, q);
    else if (by_kb)
        read_kb(form, at, q);
    q->asks_superseded = is_given(json, "superseded");
    check_match(form, at, q);
}

/* ---- what was seen -------------------------------------------------------------------- */

/* What the key does not say already. */
static void put_identity(fp_out *line, const fp_catalog_key *key, const fp_catalog_update *u)
{
    const bool by_id = key->by == FP_CATALOG_BY_UPDATE;
    if (by_id && key->any_number && u->is->has_revision_number)
        fp_out_printf(line, ": revision %u,", (unsigned)u->is->revision_number);
    else if (by_id)
        fp_out_text(line, ":");
    else if (u->update_id.size > 0 && u->is->has_revision_number)
        fp_out_printf(line, ": UpdateId %.*s, revision %u,", FP_STR_ARG(u->update_id),
                      (unsigned)u->is->revision_number);
    else if (u->update_id.size > 0)
        fp_out_printf(line, ": UpdateId %.*s,", FP_STR_ARG(u->update_id));
    else
        fp_out_text(line, ": an update of no readable UpdateId,");
    if (key->by != FP_CATALOG_BY_REVISION)
        fp_out_printf(line, " RevisionId %u,", (unsigned)u->is->revision_id);
}

static void put_action(fp_out *line, const fp_catalog_update *u)
{
    if (!u->listed)
        fp_out_text(line, " not listed by package.xml");
    else if (u->has_action)
        fp_out_printf(line, " DeploymentAction %.*s", FP_STR_ARG(u->action));
    else
        fp_out_text(line, " no DeploymentAction");
}

/* By the nearest: RevisionIds mean nothing elsewhere, so it is named by its UpdateId too. */
static void put_superseded(fp_out *line, const fp_catalog *from, const fp_catalog_update *u)
{
    char guid[FP_GUID_TEXT + 1];
    const fp_relatives *by = &u->superseded_by;
    if (by->count == 0) {
        fp_out_text(line, from->relations_read && u->listed ? ", not superseded" : "");
        return;
    }
    const fp_update *nearest = by->at[0].update;
    fp_out_printf(line, ", superseded by RevisionId %u", (unsigned)by->at[0].revision_id);
    if (nearest != NULL && nearest->has_update_id) {
        fp_guid_format(nearest->update_id, guid);
        fp_out_printf(line, " (UpdateId %s)", guid);
    } else if (nearest == NULL) {
        fp_out_text(line, " (not in this catalogue)");
    }
    if (by->count > 1)
        fp_out_printf(line, " and %s%zu more", by->cut ? "at least " : "", by->count - 1);
}

static void put_update(fp_out *line, const fp_catalog_key *key, const fp_catalog *from,
                       const fp_catalog_update *u)
{
    put_identity(line, key, u);
    if (u->details != NULL && u->details->title.size > 0)
        fp_out_printf(line, " \"%.*s\",", FP_STR_ARG(u->details->title));
    put_action(line, u);
    put_superseded(line, from, u);
    if (fp_catalog_is_ambiguous(from, u->is->revision_id))
        fp_out_text(line, ", but more than one update carries its RevisionId");
}

/* `u` NULL: none of those that answer is told, `words` instead. */
static void observe_one(const fp_test_context *context, const fp_case_catalog *catalog,
                        const fp_catalog_question *asked, const fp_catalog_update *u,
                        const char *words, fp_test_result *out)
{
    char key[FP_CATALOG_KEY_TEXT];
    fp_out line = {0};
    fp_out_text(&line, fp_catalog_key_format(&asked->key, key));
    if (u != NULL)
        put_update(&line, &asked->key, catalog->catalog, u);
    else
        fp_out_text(&line, words);
    const fp_str where = asked->key.by == FP_CATALOG_BY_KB ? FP_STR("package.xml, package*.cab")
                                                           : FP_STR("package.xml");
    fp_test_observe_line(context, catalog, where, &line, out);
}

static void observe_question(const fp_test_context *context, const fp_case_catalog *catalog,
                             const fp_catalog_question *asked, fp_test_result *out)
{
    char more[64];
    size_t shown = 0;
    for (; shown < asked->update_count && shown < UPDATES_SHOWN; shown++)
        observe_one(context, catalog, asked, asked->updates[shown], "", out);
    if (asked->found == 0)
        observe_one(context, catalog, asked, NULL,
                    asked->settled ? ": not there"
                                   : ": not found, and not all that could hold it was read",
                    out);
    else if (shown < asked->found) {
        (void)snprintf(more, sizeof more, ": %s%zu more", shown > 0 ? "and " : "",
                       asked->found - shown);
        observe_one(context, catalog, asked, NULL, shown > 0 ? more : ": there", out);
    }
}

void fp_test_observe_revisions(const fp_test_context *context, const fp_case_catalog *catalog,
                               fp_str number, fp_test_result *out)
{
    const fp_catalog *from = catalog->catalog;
    uint64_t only = 0;
    const bool all = !fp_str_to_u64(number, &only);
    if (from == NULL || fp_case_catalog_is_worthless(catalog))
        return;
    for (size_t i = 0; i < from->question_count; i++) {
        const fp_catalog_question *asked = &from->questions[i];
        if (asked->key.by == FP_CATALOG_BY_REVISION && (all || asked->key.number == only) &&
            (asked->found > 0 || asked->settled))
            observe_question(context, catalog, asked, out);
    }
}

/* ---- asking --------------------------------------------------------------------------- */

typedef struct tally { /* over all updates in all catalogues */
    fp_tri there;      /* one at least */
    fp_tri any, every; /* has what else is asked */
} tally;

/* To the letter: another case is another value. */
static fp_tri has_action(const fp_update_question *q, const fp_catalog_update *u)
{
    if (q->actions.count == 0)
        return FP_TRUE;
    if (!u->listed || u->is->action == FP_ACTION_LOST)
        return FP_UNKNOWN;
    for (size_t i = 0; u->has_action && i < q->actions.count; i++)
        if (fp_str_eq(q->actions.at[i], u->action))
            return FP_TRUE;
    return FP_FALSE;
}

static fp_tri is_superseded(const fp_catalog *from, const fp_catalog_update *u)
{
    if (u->superseded_by.count > 0) /* by one that is not in the catalogue too: it says so */
        return FP_TRUE;
    return from->relations_read && u->listed ? FP_FALSE : FP_UNKNOWN;
}

static fp_tri is_so(const fp_update_question *q, const fp_catalog *from, const fp_catalog_update *u,
                    fp_test_result *out)
{
    if (fp_catalog_is_ambiguous(from, u->is->revision_id)) {
        fp_test_doubt(out, FP_WHY_CONFLICTING);
        return FP_UNKNOWN;
    }
    const fp_tri superseded = is_superseded(from, u);
    const fp_tri as_asked = !q->asks_superseded ? FP_TRUE
                            : q->superseded     ? superseded
                                                : fp_tri_not(superseded);
    return fp_tri_and(has_action(q, u), as_asked);
}

static void count_in(tally *t, fp_tri so)
{
    t->any = fp_tri_or(t->any, so);
    t->every = fp_tri_and(t->every, so);
}

/* There may be more of them, of which nothing is known. */
static void leave_open(tally *t, fp_unknown_why why, fp_test_result *out)
{
    count_in(t, FP_UNKNOWN);
    fp_test_doubt(out, why);
}

static const fp_catalog_question *find_question(const fp_catalog *catalog,
                                                const fp_catalog_key *key)
{
    for (size_t i = 0; i < catalog->question_count; i++)
        if (fp_catalog_key_same(&catalog->questions[i].key, key))
            return &catalog->questions[i];
    return NULL;
}

static void ask_catalog(const fp_test_context *context, const fp_case_catalog *catalog,
                        const fp_update_question *q, tally *t, fp_test_result *out)
{
    const bool readable = catalog->catalog != NULL && !fp_case_catalog_is_worthless(catalog);
    const fp_catalog_question *asked = readable ? find_question(catalog->catalog, &q->key) : NULL;
    if (asked == NULL) {
        t->there = fp_tri_or(t->there, FP_UNKNOWN);
        leave_open(t, readable ? FP_WHY_INCOMPLETE : FP_WHY_UNREADABLE, out);
        return;
    }
    observe_question(context, catalog, asked, out);
    const fp_tri none = asked->settled ? FP_FALSE : FP_UNKNOWN;
    t->there = fp_tri_or(t->there, asked->found > 0 ? FP_TRUE : none);
    if (!asked->settled || asked->found > asked->update_count)
        leave_open(t, FP_WHY_INCOMPLETE, out);
    for (size_t i = 0; i < asked->update_count; i++) {
        const fp_tri so = is_so(q, catalog->catalog, asked->updates[i], out);
        count_in(t, so);
        if (so == FP_UNKNOWN)
            fp_test_doubt(out, FP_WHY_INCOMPLETE);
    }
}

static fp_tri conclude(const fp_update_question *q, const tally *t, fp_test_result *out)
{
    const fp_tri every = fp_tri_and(t->there, t->every);
    if (q->actions.count == 0 && !q->asks_superseded)
        return t->there;
    if (q->match == MATCH_ANY)
        return t->any;
    if (q->match == MATCH_EVERY)
        return every;
    if (t->any == every)
        return every;
    if (t->any == FP_TRUE && every == FP_FALSE) /* one update, and two tales of it */
        fp_test_doubt(out, FP_WHY_CONFLICTING);
    return FP_UNKNOWN;
}

void fp_update_question_ask(const fp_test_context *context, const fp_update_question *q,
                            fp_test_result *out)
{
    const fp_case *c = context->casefile;
    tally t = {.there = FP_FALSE, .any = FP_FALSE, .every = FP_TRUE};
    if (c->catalog_count == 0)
        return; /* unknown: not supplied */
    for (size_t i = 0; i < c->catalog_count; i++)
        ask_catalog(context, &c->catalogs[i], q, &t, out);
    out->is = conclude(q, &t, out);
    if (q->key.by == FP_CATALOG_BY_REVISION)
        out->unconfirmed = context->advisory->revisions_unconfirmed;
}
