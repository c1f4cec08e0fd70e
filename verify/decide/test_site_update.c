/* SPDX-License-Identifier: MIT */
/*
 * site-update: what does "Updates and Servicing" of a current-branch site say of a KB?
 *
 *     {"kind": "site-update", "kb": "KB...", "state": "installed"}
 *     {"kind": "site-update", "kb": "KB...", "state": "installed", "branch": "5.00.9128"}
 *     {"kind": "site-update", "kb": "KB...", "state": "installed", "package_guids": ["..."]}
 *
 * state: installed; pending (installed, and in effect after a restart only); failed (its
 * installation did); not-installed (no step of an installation was begun).
 *
 * Asked of every package whose name holds the KB, or of those of `package_guids` alone. With a
 * `branch` only those count whose FullVersion begins with its numbers: one KB may have a package
 * for each release, and one that was installed before the site was upgraded says nothing of the
 * release it has now; one without a readable FullVersion leaves the answer unknown. Packages or
 * lists that answer differently leave it unknown, conflicting: one KB may have a package that was
 * withdrawn, and which of two lists is the newer one nobody knows. A KB that no list names is
 * unknown: lists may be filtered, and what was superseded is hidden. So is every KB beside a list
 * that is not complete, for what was not readable may have said otherwise.
 */
#include "inventory/hotfix/kb.h"
#include "verify/decide/test.h"

typedef enum asked_state {
    ASKED_INSTALLED = 1,
    ASKED_PENDING,
    ASKED_FAILED,
    ASKED_NOT_INSTALLED
} asked_state;
static const char *const state_words[] = {"installed", "pending", "failed", "not-installed", NULL};

typedef struct question {
    fp_str kb;
    unsigned state;
    fp_version branch; /* count == 0: any */
    fp_texts guids;
} question;
static const fp_field site_update_fields[] = {
    {"kb", FP_FIELD_KB, true, offsetof(question, kb), NULL},
    {"state", FP_FIELD_WORD, true, offsetof(question, state), state_words},
    {"branch", FP_FIELD_VERSION, false, offsetof(question, branch), NULL},
    {"package_guids", FP_FIELD_TEXTS, false, offsetof(question, guids), NULL},
};

/* 8-4-4-4-12 hexadecimal digits. */
static bool is_guid(fp_str text)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    bool good = text.size == sizeof shape - 1;
    for (size_t i = 0; good && i < text.size; i++)
        good = shape[i] == '-' ? text.data[i] == '-' : fp_ascii_hex(text.data[i]) >= 0;
    return good;
}

static fp_status parse(fp_form *form, const fp_place *at, const fp_json *json,
                       const fp_advisory *advisory, const void **arguments)
{
    (void)advisory;
    question *q = fp_arena_alloc(form->arena, sizeof *q);
    if (q == NULL)
        return FP_NOMEM;
    fp_form_fill(form, at, json, FP_FIELDS(site_update_fields), q);
    const fp_place guids = fp_place_key(at, FP_STR("package_guids"));
    if (q->guids.at != NULL && q->guids.count == 0)
        fp_form_error(form, &guids, "must hold at least one GUID");
    for (size_t i = 0; q->guids.at != NULL && i < q->guids.count; i++) {
        const fp_place here = fp_place_index(&guids, i);
        if (!is_guid(q->guids.at[i]))
            fp_form_error(form, &here, "must be a GUID without braces");
    }
    *arguments = q;
    return FP_OK;
}

/* ---- asking ---- */

static fp_tri answer_of(asked_state asked, fp_site_update_stage stage)
{
    static const fp_site_update_stage wanted[] = {
        [ASKED_INSTALLED] = FP_SITE_UPDATE_INSTALLED,
        [ASKED_PENDING] = FP_SITE_UPDATE_PENDING,
        [ASKED_FAILED] = FP_SITE_UPDATE_FAILED,
        [ASKED_NOT_INSTALLED] = FP_SITE_UPDATE_NOT_INSTALLED,
    };
    switch (stage) {
    case FP_SITE_UPDATE_INSTALLED:
    case FP_SITE_UPDATE_PENDING:
    case FP_SITE_UPDATE_FAILED:
    case FP_SITE_UPDATE_NOT_INSTALLED:
        return fp_tri_of(stage == wanted[asked]);
    case FP_SITE_UPDATE_INSTALLING: /* what is on the server by now, nobody knows */
        return asked == ASKED_NOT_INSTALLED ? FP_UNKNOWN : FP_FALSE;
    case FP_SITE_UPDATE_UNKNOWN:
    case FP_SITE_UPDATE_NOT_OFFERED:
    case FP_SITE_UPDATE_STAGES:
        break;
    }
    return FP_UNKNOWN;
}

typedef struct answers {
    size_t counts[3]; /* of each fp_tri */
    bool cut;         /* a list is not complete */
} answers;

/* Is it a package that is asked for? UNKNOWN: of which branch it is cannot be told. */
static fp_tri is_asked(const question *q, uint64_t kb, const fp_site_update *u)
{
    bool any = q->guids.count == 0;
    for (size_t i = 0; !any && i < q->guids.count; i++)
        any = fp_str_ieq(q->guids.at[i], u->package_guid);
    if (!any || !fp_site_update_names(u, kb))
        return FP_FALSE;
    fp_version version;
    if (q->branch.count == 0)
        return FP_TRUE;
    return fp_version_parse(u->full_version, &version)
               ? fp_tri_of(fp_version_begins(&version, &q->branch))
               : FP_UNKNOWN;
}

static void observe(const fp_test_context *context, uint32_t item, const fp_site_update *u,
                    fp_test_result *out)
{
    const fp_origin origin = fp_origin_line(context->arena, item, u->line);
    const char *name = u->has_state ? fp_site_update_state_name(u->state) : NULL;
    if (u->has_state)
        fp_observe(&out->observations, context->arena, origin, "%.*s (%.*s): State %u%s%s",
                   FP_STR_ARG(u->name), FP_STR_ARG(u->package_guid), u->state,
                   name != NULL ? ", " : "", name != NULL ? name : "");
    else
        fp_observe(&out->observations, context->arena, origin, "%.*s (%.*s): no readable State",
                   FP_STR_ARG(u->name), FP_STR_ARG(u->package_guid));
}

static void ask_list(const fp_test_context *context, const question *q, uint64_t kb,
                     const fp_site_updates *list, answers *all, fp_test_result *out)
{
    all->cut = all->cut || !list->complete;
    for (size_t i = 0; i < list->count; i++) {
        const fp_site_update *u = &list->updates[i];
        const fp_tri asked = is_asked(q, kb, u);
        if (asked == FP_FALSE)
            continue;
        observe(context, list->item, u, out);
        all->counts[asked == FP_UNKNOWN
                        ? FP_UNKNOWN
                        : answer_of((asked_state)q->state, fp_site_update_stage_at(u))]++;
    }
}

static void conclude(const fp_test_context *context, const question *q, const answers *all,
                     fp_test_result *out)
{
    const bool yes = all->counts[FP_TRUE] > 0, no = all->counts[FP_FALSE] > 0;
    if (yes && no) {
        fp_test_unknown(out, FP_WHY_CONFLICTING);
        fp_test_finding(context,
                        out->observations.count > 0 ? out->observations.at[0].origin
                                                    : (fp_origin){0, q->kb},
                        "Updates and Servicing lists %.*s in states that contradict each other",
                        FP_STR_ARG(q->kb));
    } else if (all->counts[FP_UNKNOWN] > 0 || all->cut || !(yes || no)) {
        fp_test_unknown(out, FP_WHY_INCOMPLETE);
    } else {
        out->is = fp_tri_of(yes);
    }
}

static fp_status evaluate(const fp_test_context *context, const void *arguments,
                          fp_test_result *out)
{
    const question *q = arguments;
    const fp_case *c = context->casefile;
    answers all = {.cut = false};
    uint64_t kb = 0;
    if (!fp_kb_parse(q->kb, &kb) || c->site_updates_count == 0)
        return FP_OK;
    for (size_t i = 0; i < c->site_updates_count; i++)
        ask_list(context, q, kb, &c->site_updates[i], &all, out);
    conclude(context, q, &all, out);
    if (out->observations.count == 0)
        fp_observe(&out->observations, context->arena,
                   (fp_origin){c->site_updates[0].item, FP_STR("Updates and Servicing")},
                   "no package that is asked for has %.*s in its name", FP_STR_ARG(q->kb));
    return FP_OK;
}

const fp_test_kind fp_test_site_update = {
    .name = "site-update",
    .fields = {site_update_fields, sizeof site_update_fields / sizeof *site_update_fields},
    .parse = parse,
    .evaluate = evaluate,
};
