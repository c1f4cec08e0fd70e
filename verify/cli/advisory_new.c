/* SPDX-License-Identifier: MIT */
/*
 * `fixproof advisory new ID`: an advisory to begin with, and one case that fails until its author
 * has filled in what the evidence shows. What only the author can know is marked "to do" and
 * unconfirmed, so that the linter warns of it as long as it stands.
 */
#include "verify/cli/advisory_draft.h"
#include "verify/cli/advisory_verbs.h"
#include "verify/cli/output.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SMS_KEY "HKLM\\SOFTWARE\\Microsoft\\SMS"

typedef struct request {
    fp_advisory_request *r;
    fp_draft draft;
} request;

/* ---- where it is written ---- */

/* Beside the schemas of the data directory a relative path; elsewhere where they are. */
static fp_str schema_path(const fp_advisory_request *r, const char *into)
{
    char here[PATH_MAX], there[PATH_MAX];
    const char *advisories = fp_arena_printf(r->arena, "%s/advisories", r->data.directory);
    if (advisories != NULL && realpath(into, here) != NULL && realpath(advisories, there) != NULL &&
        strcmp(here, there) == 0)
        return FP_STR("../schema/advisory.schema.json");
    if (realpath(r->data.directory, there) == NULL)
        return FP_STR("advisory.schema.json");
    return fp_str_of(fp_arena_printf(r->arena, "%s/schema/advisory.schema.json", there));
}

/* ---- the case ---- */

/* What its author has to fill in, as comments. */
static const char *case_hint(const fp_draft *d)
{
    const char *file =
        fp_arena_printf(d->arena,
                        "# The file as it is on such a server, a version below the fixed one:\n"
                        "# file      %.*s version ...\n",
                        FP_STR_ARG(d->file));
    if (d->site_update)
        return fp_arena_printf(d->arena,
                               "# What Updates and Servicing lists; 262146 is offered, 196612 "
                               "installed:\n"
                               "# site-updates\n"
                               "#   NAME (%.*s) = 262146 FULLVERSION\n"
                               "%s",
                               FP_STR_ARG(d->kbs[0]), d->version_count > 0 && file ? file : "");
    if (d->version_count > 0)
        return file;
    return "# Only all of HKLM\\SOFTWARE shows that the fix is not recorded anywhere: name that\n"
           "# key above, and the keys below it from there (Microsoft\\SMS\\Setup).\n";
}

static const char *case_text(const fp_draft *d)
{
    char version[FP_VERSION_TEXT_SIZE];
    const fp_version *from = d->release_count > 0 ? &d->releases[0]->from : &d->family->from;
    const char *hint = case_hint(d);
    if (hint == NULL)
        return NULL;
    return fp_arena_printf(d->arena,
                           "# Fails until the evidence is filled in; see advisories/README.md.\n"
                           "about     A server in scope without the fix\n"
                           "\n"
                           "registry  " SMS_KEY "\n"
                           "  Setup\n"
                           "    Full Version = %s\n"
                           "\n"
                           "%s"
                           "\n"
                           "expect    affected %s\n",
                           fp_version_format(from, version), hint,
                           !d->site_update        ? "unpatched"
                           : d->version_count > 0 ? "file_older"
                                                  : "not_installed");
}

/* ---- what was asked for ---- */

/* "NAME=VERSION": all of one file, each of another branch. */
static int read_version(request *q, const char *value)
{
    fp_draft *d = &q->draft;
    fp_version version;
    const char *equals = strrchr(value, '=');
    const fp_str name = {value, equals == NULL ? 0 : (size_t)(equals - value)};
    if (name.size == 0 || !fp_version_parse(fp_str_of(equals + 1), &version))
        return fp_command_misused(q->r->command, "--file-version takes NAME=VERSION, not '%s'",
                                  value);
    if (d->version_count > 0 && !fp_str_eq(d->file, name))
        return fp_command_misused(q->r->command, "--file-version names two files: one test can be "
                                                 "written for you, not two");
    d->file = name;
    d->versions[d->version_count++] = equals + 1;
    return 0;
}

static int read_versions(request *q)
{
    const size_t count = fp_option_times(q->r->options, FP_OPT_FILE_VERSION);
    q->draft.versions = fp_arena_alloc_array(q->r->arena, count + 1, sizeof *q->draft.versions);
    int exit_status = q->draft.versions == NULL ? FP_EXIT_SOFTWARE : 0;
    for (size_t i = 0; exit_status == 0 && i < count; i++)
        exit_status = read_version(q, fp_option_nth(q->r->options, FP_OPT_FILE_VERSION, i));
    return exit_status;
}

static int read_release(request *q, const char *name)
{
    fp_draft *d = &q->draft;
    const fp_release *release =
        fp_releases_release_named(q->r->data.releases, d->family->family, fp_str_of(name));
    if (release == NULL)
        return fp_command_misused(q->r->command, "--release: %.*s has no release '%s'",
                                  FP_STR_ARG(d->family->family), name);
    d->releases[d->release_count++] = release;
    if (d->lowest == NULL || fp_version_compare(&release->from, &d->lowest->from) < 0)
        d->lowest = release;
    return 0;
}

static int read_product(request *q)
{
    const fp_options *options = q->r->options;
    const char *product = fp_option_value(options, FP_OPT_PRODUCT);
    const size_t count = fp_option_times(options, FP_OPT_RELEASE);
    int exit_status = fp_data_load_releases(&q->r->data, q->r->arena);
    if (exit_status != 0)
        return exit_status;
    q->draft.family = fp_releases_family_named(q->r->data.releases, fp_str_of(product));
    if (q->draft.family == NULL)
        return fp_command_misused(q->r->command,
                                  "--product: the product tables hold no family '%s'", product);
    q->draft.releases = fp_arena_alloc_array(q->r->arena, count + 1, sizeof *q->draft.releases);
    exit_status = q->draft.releases == NULL ? FP_EXIT_SOFTWARE : 0;
    for (size_t i = 0; exit_status == 0 && i < count; i++)
        exit_status = read_release(q, fp_option_nth(options, FP_OPT_RELEASE, i));
    return exit_status;
}

static bool is_identifier(fp_str id)
{
    fp_form form = {.module = "usage"};
    const fp_place top = {0};
    return fp_form_identifier(&form, &top, id) && id.data[0] != '.';
}

static int read_kbs(request *q)
{
    fp_form form = {.module = "usage"};
    const fp_place top = {0};
    const size_t count = fp_option_times(q->r->options, FP_OPT_KB);
    q->draft.kbs = fp_arena_alloc_array(q->r->arena, count + 1, sizeof *q->draft.kbs);
    if (q->draft.kbs == NULL)
        return FP_EXIT_SOFTWARE;
    for (size_t i = 0; i < count; i++) {
        const char *kb = fp_option_nth(q->r->options, FP_OPT_KB, i);
        if (!fp_form_kb(&form, &top, fp_str_of(kb)))
            return fp_command_misused(q->r->command, "--kb takes a number as KB954474, not '%s'",
                                      kb);
        q->draft.kbs[q->draft.kb_count++] = fp_str_of(kb);
    }
    return 0;
}

/* Each release has packages of its own, and a test of each is named after it. */
static int check_site_update(const request *q)
{
    const fp_draft *d = &q->draft;
    if (!d->site_update)
        return 0;
    if (d->release_count == 0)
        return fp_command_misused(q->r->command, "--site-update needs --release: each release has "
                                                 "an update of its own");
    for (size_t i = 0; i < d->release_count; i++)
        if (!is_identifier(d->releases[i]->release))
            return fp_command_misused(
                q->r->command, "--site-update names tests after releases, and '%.*s' makes no name",
                FP_STR_ARG(d->releases[i]->release));
    return 0;
}

static int read_request(request *q)
{
    const fp_options *options = q->r->options;
    const char *published = fp_option_value(options, FP_OPT_PUBLISHED);
    const char *title = fp_option_value(options, FP_OPT_TITLE);
    fp_time time;
    if (options->operand_count != 2 || !is_identifier(fp_str_of(options->operands[1])))
        return fp_command_misused(q->r->command, "advisory new takes one ID: letters, digits, '.', "
                                                 "'_', '-'");
    if (!fp_option_is_given(options, FP_OPT_KB) || published == NULL ||
        !fp_option_is_given(options, FP_OPT_PRODUCT))
        return fp_command_misused(q->r->command,
                                  "advisory new needs --kb, --product and --published");
    if (!fp_time_parse(fp_str_of(published), &time))
        return fp_command_misused(q->r->command, "--published takes a date, not '%s'", published);
    q->draft.id = fp_str_of(options->operands[1]);
    q->draft.published = fp_str_of(published);
    q->draft.title =
        title != NULL && *title != '\0' ? fp_str_of(title) : FP_STR("To do: its title");
    q->draft.site_update = fp_option_is_given(options, FP_OPT_SITE_UPDATE);
    static int (*const steps[])(request *) = {read_kbs, read_product, read_versions};
    int exit_status = 0;
    for (size_t i = 0; exit_status == 0 && i < sizeof steps / sizeof *steps; i++)
        exit_status = steps[i](q);
    return exit_status != 0 ? exit_status : check_site_update(q);
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

static int write_all(const request *q, const char *into, fp_str advisory)
{
    static const fp_advisory_writer writers[] = {{"text", write_next}, {NULL, NULL}};
    fp_arena *arena = q->r->arena;
    const fp_draft *d = &q->draft;
    const char *path = fp_arena_printf(arena, "%s/%.*s.json", into, FP_STR_ARG(d->id));
    const char *folder = fp_arena_printf(arena, "%s/%.*s", into, FP_STR_ARG(d->id));
    const char *cases = fp_arena_printf(arena, "%s/%.*s/cases", into, FP_STR_ARG(d->id));
    const char *one =
        fp_arena_printf(arena, "%s/%.*s/cases/unpatched.case", into, FP_STR_ARG(d->id));
    const char *text = case_text(d);
    if (path == NULL || folder == NULL || cases == NULL || one == NULL || text == NULL)
        return FP_EXIT_SOFTWARE;
    int exit_status = check(q->r, path, advisory);
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
    return next == NULL ? FP_EXIT_SOFTWARE : fp_advisory_write(q->r, writers, next);
}

int fp_advisory_new(fp_advisory_request *r)
{
    request q = {.r = r, .draft = {.arena = r->arena, .good = true}};
    const char *into = fp_option_value(r->options, FP_OPT_INTO);
    into = into == NULL || *into == '\0' ? "." : into;
    int exit_status = read_request(&q);
    if (exit_status == 0) {
        char *text = NULL;
        size_t size = 0;
        q.draft.schema = schema_path(r, into);
        fp_json *root = fp_draft_document(&q.draft);
        if (!q.draft.good || fp_json_write(root, &text, &size) != FP_OK)
            exit_status = FP_EXIT_SOFTWARE;
        fp_json_free(root);
        if (exit_status == 0)
            exit_status = write_all(&q, into, (fp_str){text, size});
        free(text);
    }
    if (exit_status == FP_EXIT_SOFTWARE)
        fp_console_error(NULL, "out of memory");
    return exit_status;
}
