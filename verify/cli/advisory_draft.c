/* SPDX-License-Identifier: MIT */
#include "verify/cli/advisory_draft.h"

#include "verify/decide/checklist.h"

#include <string.h>

#define TO_DO    FP_STR("to do: name the source")
#define DOUBTFUL FP_STR("unconfirmed")
#define REGISTRY FP_STR("The registry of the site server: all of HKLM\\SOFTWARE, best as a hive.")
#define TAKE_IT  FP_STR("On the site server: reg save HKLM\\SOFTWARE SOFTWARE.")

void fp_draft_put(fp_draft *d, fp_json *node, const char *key, fp_json *child)
{
    d->good &= fp_json_put(node, key, child);
}

void fp_draft_put_text(fp_draft *d, fp_json *node, const char *key, fp_str text)
{
    fp_draft_put(d, node, key, fp_json_new_string(text));
}

fp_json *fp_draft_parsed(fp_draft *d, const char *text)
{
    fp_json *node = NULL;
    if (text == NULL ||
        fp_json_parse((fp_span){(const uint8_t *)text, strlen(text)}, &node, NULL) != FP_OK)
        d->good = false;
    return node;
}

static void add_text(fp_draft *d, fp_json *list, fp_str text)
{
    d->good &= fp_json_add(list, fp_json_new_string(text));
}

/* ---- tests ---- */

fp_json *fp_draft_test(fp_draft *d, const fp_draft_texts *texts)
{
    const bool known = texts->source.size > 0;
    fp_json *node = fp_json_new_object();
    fp_draft_put_text(d, node, "kind", fp_str_of(texts->kind));
    fp_draft_put_text(d, node, "title", texts->title);
    fp_draft_put_text(d, node, "source", known ? texts->source : TO_DO);
    fp_draft_put_text(d, node, "certainty", known ? texts->certainty : DOUBTFUL);
    fp_draft_put_text(d, node, "needs", texts->needs);
    fp_draft_put_text(d, node, "collect", texts->collect);
    return node;
}

static fp_json *registry_test(fp_draft *d, const char *kind, fp_str title)
{
    return fp_draft_test(
        d, &(fp_draft_texts){.kind = kind, .title = title, .needs = REGISTRY, .collect = TAKE_IT});
}

/* The branch of a threshold: all of its numbers but the last. */
static fp_str branch_of(const char *version)
{
    const char *last = strrchr(version, '.');
    return (fp_str){version, last == NULL ? 0 : (size_t)(last - version)};
}

static fp_json *thresholds_node(fp_draft *d, const char *side)
{
    fp_json *list = fp_json_new_array();
    for (size_t i = 0; i < d->version_count; i++) {
        fp_json *node = fp_json_new_object();
        const fp_str branch = branch_of(d->versions[i]);
        if (branch.size > 0)
            fp_draft_put_text(d, node, "branch", branch);
        fp_draft_put_text(d, node, side, fp_str_of(d->versions[i]));
        fp_draft_put_text(d, node, "source", TO_DO);
        fp_draft_put_text(d, node, "certainty", DOUBTFUL);
        d->good &= fp_json_add(list, node);
    }
    return list;
}

static void put_marker_test(fp_draft *d, fp_json *tests, const char *name, const char *state,
                            fp_str title)
{
    fp_json *node = registry_test(d, "hotfix", title);
    fp_draft_put_text(d, node, "kb", d->kbs[0]);
    fp_draft_put_text(d, node, "update_product", d->family->title);
    fp_draft_put_text(d, node, "state", fp_str_of(state));
    fp_draft_put(d, tests, name, node);
}

/* `side`: "at_least" or "below", of the fixed version of its branch. */
static void put_file_test(fp_draft *d, fp_json *tests, const char *name, const char *side,
                          fp_str title)
{
    const char *needs =
        fp_arena_printf(d->arena, "The file %.*s of the site server.", FP_STR_ARG(d->file));
    const char *collect =
        fp_arena_printf(d->arena, "Copy %.*s from the site server (To do: from which folder).",
                        FP_STR_ARG(d->file));
    fp_json *node = fp_draft_test(d, &(fp_draft_texts){.kind = "file",
                                                       .title = title,
                                                       .needs = fp_str_of(needs),
                                                       .collect = fp_str_of(collect)});
    fp_draft_put_text(d, node, "name", d->file);
    fp_draft_put(d, node, "thresholds", thresholds_node(d, side));
    fp_draft_put(d, tests, name, node);
}

static void put_fix_tests(fp_draft *d, fp_json *tests)
{
    if (d->version_count > 0)
        put_file_test(d, tests, "fixed", "at_least",
                      FP_STR("Is the file of the fixed version or later?"));
    if (d->version_count > 0 && d->site_update)
        put_file_test(d, tests, "older", "below", FP_STR("Is the file older than the fix?"));
    if (d->site_update) {
        fp_draft_put_update_tests(d, tests);
    } else if (d->version_count == 0) {
        put_marker_test(d, tests, "fixed", "present", FP_STR("Is the fix recorded as installed?"));
        put_marker_test(d, tests, "fix-conflict", "conflict",
                        FP_STR("Do the traces of the fix contradict each other?"));
    }
}

/* Of one release, or of none: all in scope. The build of one release is known from the tables. */
static void put_release_test(fp_draft *d, fp_json *tests, const char *name, fp_str title,
                             const fp_release *one)
{
    fp_json *family = fp_json_new_array();
    fp_json *names = fp_json_new_array();
    fp_json *node = fp_draft_test(d, &(fp_draft_texts){"site-server", title, REGISTRY, TAKE_IT,
                                                       one == NULL ? FP_STR("") : one->source,
                                                       one == NULL ? FP_STR("") : one->certainty});
    add_text(d, family, d->family->family);
    for (size_t i = 0; i < d->release_count; i++)
        if (one == NULL || one == d->releases[i])
            add_text(d, names, d->releases[i]->release);
    fp_draft_put(d, node, "family", family);
    if (d->release_count > 0)
        fp_draft_put(d, node, "release", names);
    else
        fp_json_free(names);
    fp_draft_put(d, tests, name, node);
}

/* Of a release before those in scope a source has to tell: that it is not named says nothing. */
static bool has_older(const fp_draft *d)
{
    return d->lowest != NULL && fp_version_compare(&d->family->from, &d->lowest->from) < 0;
}

static void put_older_test(fp_draft *d, fp_json *tests)
{
    char below[FP_VERSION_TEXT_SIZE];
    fp_json *family = fp_json_new_array();
    fp_json *version = fp_json_new_object();
    fp_json *node = fp_draft_test(
        d, &(fp_draft_texts){"site-server", FP_STR("Is it of a release before these?"), REGISTRY,
                             TAKE_IT, d->lowest->source, d->lowest->certainty});
    add_text(d, family, d->family->family);
    fp_draft_put(d, node, "family", family);
    fp_draft_put_text(d, version, "below", fp_str_of(fp_version_format(&d->lowest->from, below)));
    fp_draft_put(d, node, "version", version);
    fp_draft_put(d, tests, "older-release", node);
}

static fp_json *tests_node(fp_draft *d)
{
    fp_json *tests = fp_json_new_object();
    const fp_draft_texts site_server = {
        "site-server",
        FP_STR("Is a ConfigMgr or SMS site server installed?"),
        REGISTRY,
        TAKE_IT,
        FP_STR("The Setup key that every release shares; Q267258, update rules of a 2012 "
               "catalogue"),
        FP_STR("confirmed")};
    fp_draft_put(d, tests, "site-server", fp_draft_test(d, &site_server));
    put_release_test(d, tests, "in-scope", FP_STR("Is it of a release that this is about?"), NULL);
    if (has_older(d))
        put_older_test(d, tests);
    for (size_t i = 0; d->site_update && i < d->release_count; i++) {
        const fp_release *one = d->releases[i];
        const char *name = fp_arena_printf(d->arena, "release-%.*s", FP_STR_ARG(one->release));
        const char *title = fp_arena_printf(d->arena, "Is it %.*s?", FP_STR_ARG(one->release));
        if (name != NULL && title != NULL)
            put_release_test(d, tests, name, fp_str_of(title), one);
        d->good &= name != NULL && title != NULL;
    }
    put_fix_tests(d, tests);
    return tests;
}

/* ---- rules ---- */

static fp_json *test_named(const char *name)
{
    return fp_json_new_string(fp_str_of(name));
}

static fp_json *not_node(fp_draft *d, const char *test)
{
    fp_json *node = fp_json_new_object();
    fp_draft_put(d, node, "not", test_named(test));
    return node;
}

fp_json *fp_draft_rule(fp_draft *d, fp_json *rules, fp_json *when, fp_verdict verdict,
                       const char *reason, const char *text)
{
    fp_json *node = fp_json_new_object();
    fp_draft_put(d, node, "when", when);
    fp_draft_put_text(d, node, "verdict", fp_str_of(fp_verdict_name(verdict)));
    fp_draft_put_text(d, node, "reason", fp_str_of(reason));
    fp_draft_put_text(d, node, "text", fp_str_of(text));
    d->good &= fp_json_add(rules, node);
    return node;
}

void fp_draft_leave_open(fp_draft *d, fp_json *rule, fp_verdict or_else, const char *needs,
                         const char *collect)
{
    fp_json *possible = fp_json_new_array();
    add_text(d, possible, fp_str_of(fp_verdict_name(FP_AFFECTED)));
    add_text(d, possible, fp_str_of(fp_verdict_name(or_else)));
    fp_draft_put(d, rule, "possible", possible);
    fp_draft_put_text(d, rule, "needs", fp_str_of(needs));
    fp_draft_put_text(d, rule, "collect", fp_str_of(collect));
}

static void add_scope_rules(fp_draft *d, fp_json *rules)
{
    (void)fp_draft_rule(d, rules, not_node(d, "site-server"), FP_NOT_APPLICABLE,
                        "product_not_installed", "No site server is installed on this computer.");
    if (has_older(d)) {
        fp_json *rule = fp_draft_rule(
            d, rules, test_named("older-release"), FP_UNDETERMINED, "older_release",
            "To do: whether an older release is affected. Until a source tells, it is open.");
        fp_draft_leave_open(
            d, rule, FP_NOT_APPLICABLE,
            "A release that the advisory is about, and then the registry again.",
            "Update the site to such a release, then: reg save HKLM\\SOFTWARE SOFTWARE.");
    }
    (void)fp_draft_rule(d, rules, not_node(d, "in-scope"), FP_NOT_APPLICABLE, "release_not_listed",
                        "The site server is not of a release that this is about.");
}

/* One test decides: the marker, or the file. */
static void add_fix_rules(fp_draft *d, fp_json *rules)
{
    if (d->version_count == 0) {
        fp_json *conflict =
            fp_draft_rule(d, rules, test_named("fix-conflict"), FP_UNDETERMINED, "marker_conflict",
                          "The traces of the fix contradict each other.");
        fp_draft_put(d, conflict, "possible", fp_draft_parsed(d, "[\"affected\",\"fixed\"]"));
    }
    fp_json *fixed = fp_draft_rule(d, rules, test_named("fixed"), FP_FIXED, "fix_installed",
                                   "The fix is installed.");
    fp_draft_put_text(d, fixed, "assurance", FP_STR("installed"));
    (void)fp_draft_rule(d, rules, not_node(d, "fixed"), FP_AFFECTED, "unpatched",
                        "The fix is not installed.");
}

static fp_json *rules_node(fp_draft *d)
{
    fp_json *rules = fp_json_new_array();
    add_scope_rules(d, rules);
    if (d->site_update)
        fp_draft_add_update_rules(d, rules);
    else
        add_fix_rules(d, rules);
    fp_json *last =
        fp_draft_rule(d, rules, fp_draft_parsed(d, "{\"all\":[]}"), FP_UNDETERMINED,
                      "evidence_incomplete", "The evidence does not reach any conclusion.");
    fp_draft_put(d, last, "possible", fp_json_new_array());
    return rules;
}

/* ---- the rest ---- */

/* `ticked_by` NULL: a person has to tell. */
static void put_item(fp_draft *d, fp_json *list, const char *name, fp_phase phase, const char *text,
                     fp_json *ticked_by)
{
    fp_json *node = fp_json_new_object();
    fp_draft_put_text(d, node, "phase", fp_str_of(fp_phase_name(phase)));
    fp_draft_put_text(d, node, "text", fp_str_of(text));
    if (ticked_by != NULL)
        fp_draft_put(d, node, "ticked_by", ticked_by);
    fp_draft_put_text(d, node, "source", TO_DO);
    fp_draft_put(d, list, name, node);
}

/* A marker that is contradicted ticks nothing. */
static fp_json *installed_node(fp_draft *d)
{
    if (d->site_update)
        return fp_draft_update_installed(d);
    if (d->version_count > 0)
        return test_named("fixed");
    return fp_draft_parsed(d, "{\"all\":[\"fixed\",{\"not\":\"fix-conflict\"}]}");
}

static fp_json *checklist_node(fp_draft *d)
{
    fp_json *list = fp_json_new_object();
    put_item(d, list, "in-scope", FP_PHASE_BEFORE, "The site server is of a release in scope.",
             test_named("in-scope"));
    put_item(d, list, "installed", FP_PHASE_ACTION, "The fix is installed on this site server.",
             installed_node(d));
    put_item(d, list, "in-effect", FP_PHASE_AFTER, "To do: what must hold once it is installed.",
             NULL);
    put_item(d, list, "way-back", FP_PHASE_BACK_OUT, "To do: how it is removed.", NULL);
    return list;
}

fp_json *fp_draft_document(fp_draft *d)
{
    fp_json *root = fp_json_new_object();
    fp_json *kbs = fp_json_new_array();
    fp_json *references = fp_json_new_array();
    fp_json *reference = fp_json_new_object();
    fp_draft_put_text(d, reference, "title", TO_DO);
    fp_draft_put_text(d, reference, "url", FP_STR("https://example.com/to-do"));
    d->good &= fp_json_add(references, reference);
    for (size_t i = 0; i < d->kb_count; i++)
        add_text(d, kbs, d->kbs[i]);
    fp_draft_put_text(d, root, "$schema", d->schema);
    fp_draft_put_text(d, root, "schema", FP_STR("fixproof/advisory/v1"));
    fp_draft_put_text(d, root, "id", d->id);
    fp_draft_put_text(d, root, "title", d->title);
    fp_draft_put_text(d, root, "title_source", TO_DO);
    fp_draft_put_text(d, root, "title_certainty", DOUBTFUL);
    fp_draft_put_text(d, root, "summary",
                      FP_STR("To do: what is wrong, with which releases, and the remedy."));
    fp_draft_put_text(d, root, "published", d->published);
    fp_draft_put(d, root, "kbs", kbs);
    fp_draft_put(d, root, "references", references);
    fp_draft_put_text(d, root, "remediation",
                      FP_STR("To do: what to install, and how it is confirmed."));
    fp_draft_put(d, root, "tests", tests_node(d));
    fp_draft_put(d, root, "decide", rules_node(d));
    fp_draft_put(d, root, "checklist", checklist_node(d));
    return root;
}
