/* SPDX-License-Identifier: MIT */
/*
 * `fixproof advisory new ID`: an advisory to begin with, and one case that fails until its author
 * has filled in what the evidence shows. What only the author can know is marked "to do" and
 * unconfirmed, so that the linter warns of it as long as it stands.
 */
#include "verify/cli/advisory_verbs.h"

#include "verify/cli/output.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define TO_DO    FP_STR("to do: name the source")
#define DOUBTFUL FP_STR("unconfirmed")
#define SMS_KEY  "HKLM\\SOFTWARE\\Microsoft\\SMS"
#define REGISTRY FP_STR("The registry of the site server: all of HKLM\\SOFTWARE, best as a hive.")
#define TAKE_IT  FP_STR("On the site server: reg save HKLM\\SOFTWARE SOFTWARE.")

typedef struct draft { /* what was asked for, checked */
    fp_advisory_request *r;
    fp_str id, published, title;
    fp_str file;           /* of all --file-version */
    const char **versions; /* of it, by branch */
    size_t version_count;
    const fp_family *family;
    const fp_release *first; /* release in scope, or NULL: all of the family */
    bool good;               /* no memory ran out */
} draft;

/* ---- JSON ---- */

static void put(draft *d, fp_json *node, const char *key, fp_json *child)
{
    d->good &= fp_json_put(node, key, child);
}

static void put_text(draft *d, fp_json *node, const char *key, fp_str text)
{
    put(d, node, key, fp_json_new_string(text));
}

static fp_json *list_of(draft *d, fp_option_id option)
{
    fp_json *list = fp_json_new_array();
    for (size_t i = 0; i < fp_option_times(d->r->options, option); i++)
        d->good &= fp_json_add(
            list, fp_json_new_string(fp_str_of(fp_option_nth(d->r->options, option, i))));
    return list;
}

static fp_json *test_node(draft *d, const char *kind, fp_str title, fp_str needs, fp_str collect)
{
    fp_json *node = fp_json_new_object();
    put_text(d, node, "kind", fp_str_of(kind));
    put_text(d, node, "title", title);
    put_text(d, node, "source", TO_DO);
    put_text(d, node, "certainty", DOUBTFUL);
    put_text(d, node, "needs", needs);
    put_text(d, node, "collect", collect);
    return node;
}

/* The branch of a threshold: all of its numbers but the last. */
static fp_str branch_of(const char *version)
{
    const char *last = strrchr(version, '.');
    return (fp_str){version, last == NULL ? 0 : (size_t)(last - version)};
}

static fp_json *thresholds_node(draft *d)
{
    fp_json *list = fp_json_new_array();
    for (size_t i = 0; i < d->version_count; i++) {
        fp_json *node = fp_json_new_object();
        const fp_str branch = branch_of(d->versions[i]);
        if (branch.size > 0)
            put_text(d, node, "branch", branch);
        put_text(d, node, "at_least", fp_str_of(d->versions[i]));
        put_text(d, node, "source", TO_DO);
        put_text(d, node, "certainty", DOUBTFUL);
        d->good &= fp_json_add(list, node);
    }
    return list;
}

static fp_json *marker_node(draft *d, const char *state, fp_str title)
{
    fp_json *node = test_node(d, "hotfix", title, REGISTRY, TAKE_IT);
    put_text(d, node, "kb", fp_str_of(fp_option_value(d->r->options, FP_OPT_KB)));
    put_text(d, node, "update_product", d->family->title);
    put_text(d, node, "state", fp_str_of(state));
    return node;
}

static void put_fix_tests(draft *d, fp_json *tests)
{
    if (d->version_count == 0) {
        put(d, tests, "fixed",
            marker_node(d, "present", FP_STR("Is the fix recorded as installed?")));
        put(d, tests, "fix-conflict",
            marker_node(d, "conflict", FP_STR("Do the traces of the fix contradict each other?")));
        return;
    }
    const char *needs =
        fp_arena_printf(d->r->arena, "The file %.*s of the site server.", FP_STR_ARG(d->file));
    const char *collect =
        fp_arena_printf(d->r->arena, "Copy %.*s from the site server (To do: from which folder).",
                        FP_STR_ARG(d->file));
    fp_json *node = test_node(d, "file", FP_STR("Is the file of the fixed version or later?"),
                              fp_str_of(needs), fp_str_of(collect));
    put_text(d, node, "name", d->file);
    put(d, node, "thresholds", thresholds_node(d));
    put(d, tests, "fixed", node);
}

static fp_json *tests_node(draft *d)
{
    fp_json *tests = fp_json_new_object();
    put(d, tests, "site-server",
        test_node(d, "site-server", FP_STR("Is a site server installed?"), REGISTRY, TAKE_IT));
    fp_json *scope = test_node(d, "site-server", FP_STR("Is it of a release that this is about?"),
                               REGISTRY, TAKE_IT);
    fp_json *family = fp_json_new_array();
    d->good &= fp_json_add(family, fp_json_new_string(d->family->family));
    put(d, scope, "family", family);
    if (d->first != NULL)
        put(d, scope, "release", list_of(d, FP_OPT_RELEASE));
    put(d, tests, "in-scope", scope);
    put_fix_tests(d, tests);
    return tests;
}

static fp_json *not_node(draft *d, const char *test)
{
    fp_json *node = fp_json_new_object();
    put_text(d, node, "not", fp_str_of(test));
    return node;
}

static fp_json *rule_node(draft *d, fp_json *list, fp_json *when, fp_verdict verdict,
                          const char *reason, const char *text)
{
    fp_json *node = fp_json_new_object();
    put(d, node, "when", when);
    put_text(d, node, "verdict", fp_str_of(fp_verdict_name(verdict)));
    put_text(d, node, "reason", fp_str_of(reason));
    put_text(d, node, "text", fp_str_of(text));
    d->good &= fp_json_add(list, node);
    return node;
}

static void put_possible(draft *d, fp_json *rule, const fp_verdict *verdicts, size_t count)
{
    fp_json *list = fp_json_new_array();
    for (size_t i = 0; i < count; i++)
        d->good &= fp_json_add(list, fp_json_new_string(fp_str_of(fp_verdict_name(verdicts[i]))));
    put(d, rule, "possible", list);
}

static fp_json *rules_node(draft *d)
{
    static const fp_verdict either[] = {FP_AFFECTED, FP_FIXED};
    fp_json *list = fp_json_new_array();
    (void)rule_node(d, list, not_node(d, "site-server"), FP_NOT_APPLICABLE, "product_not_installed",
                    "No site server is installed on this computer.");
    (void)rule_node(d, list, not_node(d, "in-scope"), FP_NOT_APPLICABLE, "release_not_listed",
                    "The site server is not of a release that this is about.");
    if (d->version_count == 0)
        put_possible(d,
                     rule_node(d, list, fp_json_new_string(FP_STR("fix-conflict")), FP_UNDETERMINED,
                               "marker_conflict", "The traces of the fix contradict each other."),
                     either, 2);
    fp_json *fixed = rule_node(d, list, fp_json_new_string(FP_STR("fixed")), FP_FIXED,
                               "fix_installed", "The fix is installed.");
    put_text(d, fixed, "assurance", FP_STR("installed"));
    (void)rule_node(d, list, not_node(d, "fixed"), FP_AFFECTED, "unpatched",
                    "The fix is not installed.");
    fp_json *always = fp_json_new_object();
    put(d, always, "all", fp_json_new_array());
    put_possible(d,
                 rule_node(d, list, always, FP_UNDETERMINED, "evidence_incomplete",
                           "The evidence does not reach any conclusion."),
                 NULL, 0);
    return list;
}

/* `ticked_by` NULL: a person has to tell. */
static void put_item(draft *d, fp_json *list, const char *name, fp_phase phase, const char *text,
                     fp_json *ticked_by)
{
    fp_json *node = fp_json_new_object();
    put_text(d, node, "phase", fp_str_of(fp_phase_name(phase)));
    put_text(d, node, "text", fp_str_of(text));
    if (ticked_by != NULL)
        put(d, node, "ticked_by", ticked_by);
    put_text(d, node, "source", TO_DO);
    put(d, list, name, node);
}

/* A marker that is contradicted ticks nothing. */
static fp_json *installed_node(draft *d)
{
    if (d->version_count > 0)
        return fp_json_new_string(FP_STR("fixed"));
    fp_json *all = fp_json_new_object();
    fp_json *both = fp_json_new_array();
    d->good &= fp_json_add(both, fp_json_new_string(FP_STR("fixed")));
    d->good &= fp_json_add(both, not_node(d, "fix-conflict"));
    put(d, all, "all", both);
    return all;
}

static fp_json *checklist_node(draft *d)
{
    fp_json *list = fp_json_new_object();
    put_item(d, list, "in-scope", FP_PHASE_BEFORE, "The site server is of a release in scope.",
             fp_json_new_string(FP_STR("in-scope")));
    put_item(d, list, "installed", FP_PHASE_ACTION, "The fix is installed on this site server.",
             installed_node(d));
    put_item(d, list, "in-effect", FP_PHASE_AFTER, "To do: what must hold once it is installed.",
             NULL);
    put_item(d, list, "way-back", FP_PHASE_BACK_OUT, "To do: how it is removed.", NULL);
    return list;
}

/* Beside the schemas of the data directory a relative path; elsewhere where they are. */
static fp_str schema_path(const draft *d, const char *into)
{
    char here[PATH_MAX], there[PATH_MAX];
    const char *advisories = fp_arena_printf(d->r->arena, "%s/advisories", d->r->data.directory);
    if (advisories != NULL && realpath(into, here) != NULL && realpath(advisories, there) != NULL &&
        strcmp(here, there) == 0)
        return FP_STR("../schema/advisory.schema.json");
    if (realpath(d->r->data.directory, there) == NULL)
        return FP_STR("advisory.schema.json");
    return fp_str_of(fp_arena_printf(d->r->arena, "%s/schema/advisory.schema.json", there));
}

static fp_json *advisory_node(draft *d, const char *into)
{
    fp_json *root = fp_json_new_object();
    fp_json *references = fp_json_new_array();
    fp_json *reference = fp_json_new_object();
    put_text(d, reference, "title", TO_DO);
    put_text(d, reference, "url", FP_STR("https://example.com/to-do"));
    d->good &= fp_json_add(references, reference);
    put_text(d, root, "$schema", schema_path(d, into));
    put_text(d, root, "schema", FP_STR("fixproof/advisory/v1"));
    put_text(d, root, "id", d->id);
    put_text(d, root, "title", d->title);
    put_text(d, root, "title_source", TO_DO);
    put_text(d, root, "title_certainty", DOUBTFUL);
    put_text(d, root, "summary",
             FP_STR("To do: what is wrong, with which releases, and the remedy."));
    put_text(d, root, "published", d->published);
    put(d, root, "kbs", list_of(d, FP_OPT_KB));
    put(d, root, "references", references);
    put_text(d, root, "remediation", FP_STR("To do: what to install, and how it is confirmed."));
    put(d, root, "tests", tests_node(d));
    put(d, root, "decide", rules_node(d));
    put(d, root, "checklist", checklist_node(d));
    return root;
}

/* ---- the case ---- */

static const char *case_text(const draft *d)
{
    char version[FP_VERSION_TEXT_SIZE];
    const fp_version *from = d->first != NULL ? &d->first->from : &d->family->from;
    const char *missing =
        d->version_count > 0
            ? fp_arena_printf(
                  d->r->arena,
                  "# The file as it is on such a server, a version below the fixed one:\n"
                  "# file      %.*s version ...\n",
                  FP_STR_ARG(d->file))
            : "# Only all of HKLM\\SOFTWARE shows that the fix is not recorded anywhere: name "
              "that\n"
              "# key above, and the keys below it from there (Microsoft\\SMS\\Setup).\n";
    return missing == NULL
               ? NULL
               : fp_arena_printf(
                     d->r->arena,
                     "# Fails until the evidence is filled in; see advisories/README.md.\n"
                     "about     A server in scope without the fix\n"
                     "\n"
                     "registry  " SMS_KEY "\n"
                     "  Setup\n"
                     "    Full Version = %s\n"
                     "\n"
                     "%s"
                     "\n"
                     "expect    affected unpatched\n",
                     fp_version_format(from, version), missing);
}

/* ---- what was asked for ---- */

/* "NAME=VERSION": all of one file, each of another branch. */
static int read_version(draft *d, const char *value)
{
    fp_version version;
    const char *equals = strrchr(value, '=');
    const fp_str name = {value, equals == NULL ? 0 : (size_t)(equals - value)};
    if (name.size == 0 || !fp_version_parse(fp_str_of(equals + 1), &version))
        return fp_command_misused(d->r->command, "--file-version takes NAME=VERSION, not '%s'",
                                  value);
    if (d->version_count > 0 && !fp_str_eq(d->file, name))
        return fp_command_misused(d->r->command, "--file-version names two files: one test can be "
                                                 "written for you, not two");
    d->file = name;
    d->versions[d->version_count++] = equals + 1;
    return 0;
}

static int read_product(draft *d)
{
    const fp_options *options = d->r->options;
    const char *product = fp_option_value(options, FP_OPT_PRODUCT);
    int exit_status = fp_data_load_releases(&d->r->data, d->r->arena);
    if (exit_status != 0)
        return exit_status;
    d->family = fp_releases_family_named(d->r->data.releases, fp_str_of(product));
    if (d->family == NULL)
        return fp_command_misused(d->r->command,
                                  "--product: the product tables hold no family '%s'", product);
    for (size_t i = 0; i < fp_option_times(options, FP_OPT_RELEASE); i++) {
        const char *name = fp_option_nth(options, FP_OPT_RELEASE, i);
        const fp_release *release =
            fp_releases_release_named(d->r->data.releases, d->family->family, fp_str_of(name));
        if (release == NULL)
            return fp_command_misused(d->r->command, "--release: %s has no release '%s'", product,
                                      name);
        d->first = i == 0 ? release : d->first;
    }
    return 0;
}

static bool is_identifier(fp_str id)
{
    fp_form form = {.module = "usage"};
    const fp_place top = {0};
    return fp_form_identifier(&form, &top, id) && id.data[0] != '.';
}

static int read_request(draft *d)
{
    const fp_options *options = d->r->options;
    const char *kb = fp_option_value(options, FP_OPT_KB);
    const char *published = fp_option_value(options, FP_OPT_PUBLISHED);
    const char *title = fp_option_value(options, FP_OPT_TITLE);
    fp_time time;
    if (options->operand_count != 2 || !is_identifier(fp_str_of(options->operands[1])))
        return fp_command_misused(d->r->command, "advisory new takes one ID: letters, digits, '.', "
                                                 "'_', '-'");
    if (kb == NULL || published == NULL || fp_option_value(options, FP_OPT_PRODUCT) == NULL)
        return fp_command_misused(d->r->command,
                                  "advisory new needs --kb, --product and --published");
    if (!fp_time_parse(fp_str_of(published), &time))
        return fp_command_misused(d->r->command, "--published takes a date, not '%s'", published);
    d->id = fp_str_of(options->operands[1]);
    d->published = fp_str_of(published);
    d->title = title != NULL && *title != '\0' ? fp_str_of(title) : FP_STR("To do: its title");
    const size_t versions = fp_option_times(options, FP_OPT_FILE_VERSION);
    d->versions = fp_arena_alloc_array(d->r->arena, versions + 1, sizeof *d->versions);
    int exit_status = d->versions == NULL ? FP_EXIT_SOFTWARE : read_product(d);
    for (size_t i = 0; exit_status == 0 && i < versions; i++)
        exit_status = read_version(d, fp_option_nth(options, FP_OPT_FILE_VERSION, i));
    return exit_status;
}

/* ---- writing ---- */

/* Nothing that is there is written over. */
static int write_file(const char *path, fp_str text)
{
    struct stat st;
    fp_diag d = {0};
    if (lstat(path, &st) == 0) {
        fp_console_error(path, "is there already, and stays as it is");
        return FP_EXIT_CANTCREAT;
    }
    if (fp_output_to_file(path, text, &d) == FP_OK)
        return 0;
    fp_console_error(path, "%s", d.message);
    return FP_EXIT_CANTCREAT;
}

static int make_folder(const char *path)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return 0;
    fp_console_error(path, "%s", strerror(errno));
    return FP_EXIT_CANTCREAT;
}

static void keep_warning_count(void *context, const fp_lint *lint)
{
    size_t *errors = context;
    *errors += lint->error;
}

/* What was written must be what the linter takes. */
static int check(fp_advisory_request *r, const char *path, fp_str text)
{
    fp_diag d = {0};
    const fp_advisory *advisory;
    size_t errors = 0;
    if (fp_advisory_read(fp_span_of(text.data, text.size), r->arena, keep_warning_count, &errors,
                         &advisory, &d) == FP_OK)
        return 0;
    fp_console_error(path, "cannot be made of this: %s", d.message);
    return FP_EXIT_USAGE;
}

static void write_next(fp_advisory_request *r, const void *found, fp_out *out)
{
    (void)r;
    fp_out_text(out, found);
}

static int write_all(draft *d, const char *into, fp_str advisory)
{
    static const fp_advisory_writer writers[] = {{"text", write_next}, {NULL, NULL}};
    fp_arena *arena = d->r->arena;
    const char *path = fp_arena_printf(arena, "%s/%.*s.json", into, FP_STR_ARG(d->id));
    const char *folder = fp_arena_printf(arena, "%s/%.*s", into, FP_STR_ARG(d->id));
    const char *cases = fp_arena_printf(arena, "%s/%.*s/cases", into, FP_STR_ARG(d->id));
    const char *one =
        fp_arena_printf(arena, "%s/%.*s/cases/unpatched.case", into, FP_STR_ARG(d->id));
    const char *text = case_text(d);
    if (path == NULL || folder == NULL || cases == NULL || one == NULL || text == NULL)
        return FP_EXIT_SOFTWARE;
    int exit_status = check(d->r, path, advisory);
    if (exit_status == 0)
        exit_status = write_file(path, advisory);
    if (exit_status == 0)
        exit_status = make_folder(folder);
    if (exit_status == 0)
        exit_status = make_folder(cases);
    if (exit_status == 0)
        exit_status = write_file(one, fp_str_of(text));
    if (exit_status != 0)
        return exit_status;
    const char *next =
        fp_arena_printf(arena,
                        "%s\n%s\n\n"
                        "Next: fixproof advisory lint %s   tells what is left to do\n"
                        "      fixproof advisory test %s   tries the case, which fails yet\n",
                        path, one, path, path);
    return next == NULL ? FP_EXIT_SOFTWARE : fp_advisory_write(d->r, writers, next);
}

int fp_advisory_new(fp_advisory_request *r)
{
    draft d = {.r = r, .good = true};
    const char *into = fp_option_value(r->options, FP_OPT_INTO);
    into = into == NULL || *into == '\0' ? "." : into;
    int exit_status = read_request(&d);
    if (exit_status != 0 || d.family == NULL)
        return exit_status;
    char *text = NULL;
    size_t size = 0;
    fp_json *root = advisory_node(&d, into);
    if (!d.good || fp_json_write(root, &text, &size) != FP_OK)
        exit_status = FP_EXIT_SOFTWARE;
    fp_json_free(root);
    if (exit_status == 0)
        exit_status = write_all(&d, into, (fp_str){text, size});
    if (exit_status == FP_EXIT_SOFTWARE)
        fp_console_error(NULL, "out of memory");
    free(text);
    return exit_status;
}
