/* SPDX-License-Identifier: MIT */
/*
 * A draft that asks Updates and Servicing: the package of each release in its states, other updates
 * that contain the fix, and where a file is named that file too. The order of the rules is that of
 * the advisories in data/advisories/ that ask the same: what is not in effect yet and what
 * contradicts itself come first, a list that names nothing decides nothing.
 */
#include "verify/cli/advisory_draft.h"

#define LISTED                                                                                     \
    FP_STR("What Updates and Servicing of the site lists: name, package GUID, state and full "     \
           "version of every row.")
#define TAKE_LIST                                                                                  \
    "In the PowerShell of the console, connected to the site: Get-CMSiteUpdate | Select-Object "   \
    "Name, PackageGuid, State, FullVersion, DateReleased, LastUpdateTime | ConvertTo-Json > "      \
    "site-updates.json. All rows, and of this site alone."

#define SHOWN                                                                                      \
    "Microsoft's documentation (updates.md): what Updates and Servicing shows; states of "         \
    "SMS_CM_UpdatePackages"

typedef struct state { /* of the package of the first KB */
    const char *state, *suffix;
    const char *before, *after; /* of the KB and the release in the question */
    const char *source;         /* NULL: the article of the KB, which its author names */
} state;
static const state states[] = {
    {"installed", "", "Is ", " installed?", NULL},
    {"pending", "-pending", "Does ", " wait for a restart?", SHOWN},
    {"failed", "-failed", "Did the installation of ", " fail?", SHOWN},
    {"not-installed", "-offered", "Is ", " offered, and not installed?",
     SHOWN "; that an update which is shown as available is not contained in another one that is "
           "installed follows from superseded ones being hidden"},
};

/* "kb37447175-2409-pending", of KB number `kb` and release number `release`. */
static const char *test_name(const fp_draft *d, size_t kb, size_t release, const char *suffix)
{
    const fp_str digits = fp_str_tail(d->kbs[kb], sizeof "KB" - 1);
    return fp_arena_printf(d->arena, "kb%.*s-%.*s%s", FP_STR_ARG(digits),
                           FP_STR_ARG(d->releases[release]->release), suffix);
}

static void put_state(fp_draft *d, fp_json *tests, size_t kb, size_t release, const state *s)
{
    char branch[FP_VERSION_TEXT_SIZE];
    const fp_release *of = d->releases[release];
    const char *name = test_name(d, kb, release, s->suffix);
    const char *title = fp_arena_printf(d->arena, "%s%.*s for %.*s%s", s->before,
                                        FP_STR_ARG(d->kbs[kb]), FP_STR_ARG(of->release), s->after);
    if (name == NULL || title == NULL) {
        d->good = false;
        return;
    }
    const fp_draft_texts texts = {"site-update",     fp_str_of(title),     LISTED,
                                  FP_STR(TAKE_LIST), fp_str_of(s->source), FP_STR("inferred")};
    fp_json *node = fp_draft_test(d, &texts);
    fp_draft_put_text(d, node, "kb", d->kbs[kb]);
    fp_draft_put_text(d, node, "state", fp_str_of(s->state));
    fp_draft_put_text(d, node, "branch", fp_str_of(fp_version_format(&of->from, branch)));
    fp_draft_put(d, tests, name, node);
}

void fp_draft_put_update_tests(fp_draft *d, fp_json *tests)
{
    for (size_t r = 0; r < d->release_count; r++) {
        for (size_t s = 0; s < sizeof states / sizeof *states; s++)
            put_state(d, tests, 0, r, &states[s]);
        for (size_t k = 1; k < d->kb_count; k++)
            put_state(d, tests, k, r, &states[0]);
    }
}

/* ---- criteria, as JSON text ---- */

/* `text` and one more criterion: the KB in this state, on the release that it is for. */
static const char *or_on_release(const fp_draft *d, const char *text, size_t kb, size_t release,
                                 const char *suffix)
{
    const char *name = test_name(d, kb, release, suffix);
    if (text == NULL || name == NULL)
        return NULL;
    return fp_arena_printf(d->arena, "%s%s{\"all\":[\"release-%.*s\",\"%s\"]}", text,
                           *text == '\0' ? "" : ",", FP_STR_ARG(d->releases[release]->release),
                           name);
}

static const char *or_first_kb(const fp_draft *d, const char *text, const char *suffix)
{
    for (size_t r = 0; r < d->release_count; r++)
        text = or_on_release(d, text, 0, r, suffix);
    return text;
}

static const char *or_others(const fp_draft *d, const char *text)
{
    for (size_t r = 0; r < d->release_count; r++)
        for (size_t k = 1; k < d->kb_count; k++)
            text = or_on_release(d, text, k, r, "");
    return text;
}

static const char *or_file(const fp_draft *d, const char *text)
{
    if (d->version_count == 0 || text == NULL)
        return text;
    return fp_arena_printf(d->arena, "%s%s{\"all\":[\"in-scope\",\"fixed\"]}", text,
                           *text == '\0' ? "" : ",");
}

static fp_json *any_of(fp_draft *d, const char *text)
{
    return fp_draft_parsed(d,
                           text == NULL ? NULL : fp_arena_printf(d->arena, "{\"any\":[%s]}", text));
}

/* `other`: one criterion. */
static fp_json *any_of_and(fp_draft *d, const char *text, const char *other)
{
    if (text == NULL || other == NULL)
        return fp_draft_parsed(d, NULL);
    return fp_draft_parsed(d,
                           fp_arena_printf(d->arena, "{\"all\":[{\"any\":[%s]},%s]}", text, other));
}

fp_json *fp_draft_update_installed(fp_draft *d)
{
    return any_of(d, or_others(d, or_first_kb(d, "", "")));
}

/* ---- rules ---- */

/* What `caveat` says of these tests where they are unknown, which then do not stand in the way. */
static void count_unknown_as_false(fp_draft *d, fp_json *rule, const char *tests,
                                   const char *caveat)
{
    fp_draft_put(d, rule, "caveat_on", fp_draft_parsed(d, tests));
    fp_draft_put_text(d, rule, "caveat", fp_str_of(caveat));
}

static void add_pending(fp_draft *d, fp_json *rules)
{
    fp_json *rule =
        fp_draft_rule(d, rules, any_of(d, or_first_kb(d, "", "-pending")), FP_UNDETERMINED,
                      "fix_pending", "The update waits for a restart: it is not in effect yet.");
    fp_draft_leave_open(d, rule, FP_FIXED, "A restart of the site server, and then the list again.",
                        "Restart the site server. Then: " TAKE_LIST);
}

static void add_file_older_than_update(fp_draft *d, fp_json *rules)
{
    const char *installed = or_others(d, or_first_kb(d, "", ""));
    fp_json *rule = fp_draft_rule(
        d, rules, any_of_and(d, installed, "\"older\""), FP_UNDETERMINED, "file_older_than_update",
        "The update is listed as installed, and the file is older than it.");
    fp_draft_leave_open(d, rule, FP_FIXED, "The file that is in use, and the list of today.",
                        "Copy the file again. " TAKE_LIST);
}

static void add_contradiction(fp_draft *d, fp_json *rules)
{
    const char *there = or_file(d, or_others(d, or_first_kb(d, "", "")));
    if (there != NULL)
        there = fp_arena_printf(d->arena, "{\"any\":[%s]}", there);
    fp_json *rule =
        fp_draft_rule(d, rules, any_of_and(d, or_first_kb(d, "", "-offered"), there),
                      FP_UNDETERMINED, "evidence_contradicts_itself",
                      "The update is offered, and it is installed as well, or one that contains "
                      "it is: superseded updates are hidden.");
    fp_draft_leave_open(d, rule, FP_FIXED, "The list of today, and the files that are in use.",
                        TAKE_LIST);
}

static void add_file_older(fp_draft *d, fp_json *rules)
{
    fp_json *rule =
        fp_draft_rule(d, rules, fp_draft_parsed(d, "{\"all\":[\"in-scope\",\"older\"]}"),
                      FP_AFFECTED, "file_older", "The file is older than the fix.");
    count_unknown_as_false(d, rule, "[\"older\"]",
                           "The file was not seen, or its version is of no branch that is named.");
}

/* ["fixed","kb2-2409",...]: what may be unknown where the update itself decides. */
static const char *beside_the_update(const fp_draft *d)
{
    const char *text = d->version_count > 0 ? "\"fixed\"" : "";
    for (size_t r = 0; r < d->release_count; r++)
        for (size_t k = 1; k < d->kb_count && text != NULL; k++) {
            const char *name = test_name(d, k, r, "");
            text = name == NULL ? NULL
                                : fp_arena_printf(d->arena, "%s%s\"%s\"", text,
                                                  *text == '\0' ? "" : ",", name);
        }
    return text == NULL ? NULL : fp_arena_printf(d->arena, "[%s]", text);
}

static void add_fixed(fp_draft *d, fp_json *rules)
{
    fp_json *rule;
    if (d->version_count > 0 || d->kb_count > 1) {
        rule = fp_draft_rule(d, rules, any_of(d, or_others(d, or_file(d, ""))), FP_FIXED,
                             "fix_installed",
                             "The file is of the fixed version, or an update that contains the fix "
                             "is installed.");
        fp_draft_put_text(d, rule, "assurance", FP_STR("installed"));
        count_unknown_as_false(d, rule, beside_the_update(d),
                               "Whether another update that contains the fix is installed is not "
                               "known.");
    }
    rule = fp_draft_rule(d, rules, any_of(d, or_first_kb(d, "", "")), FP_FIXED, "update_installed",
                         "Updates and Servicing says that the update is installed.");
    fp_draft_put_text(d, rule, "assurance", FP_STR("installed"));
}

void fp_draft_add_update_rules(fp_draft *d, fp_json *rules)
{
    add_pending(d, rules);
    if (d->version_count > 0)
        add_file_older_than_update(d, rules);
    add_contradiction(d, rules);
    if (d->version_count > 0)
        add_file_older(d, rules);
    add_fixed(d, rules);
    (void)fp_draft_rule(d, rules,
                        any_of(d, or_first_kb(d, or_first_kb(d, "", "-offered"), "-failed")),
                        FP_AFFECTED, "not_installed",
                        "Updates and Servicing says that the update is not installed, or that its "
                        "installation failed.");
}
