/* SPDX-License-Identifier: MIT */
#include "verify/cli/session.h"

#include "inventory/hotfix/kb.h"

#include <string.h>

/* ---- what is asked -------------------------------------------------------------------- */

static bool parse_number(fp_str text, uint32_t *out)
{
    uint64_t number;
    if (!fp_str_to_u64(text, &number) || number > UINT32_MAX)
        return false;
    *out = (uint32_t)number;
    return true;
}

static bool parse_revision(const char *text, fp_catalog_key *out)
{
    *out = (fp_catalog_key){.by = FP_CATALOG_BY_REVISION};
    return parse_number(fp_str_of(text), &out->number);
}

/* The registry and PowerShell write a GUID in braces. */
static fp_str without_braces(fp_str guid)
{
    if (!fp_str_starts(guid, FP_STR("{")) || !fp_str_iends(guid, FP_STR("}")))
        return guid;
    return (fp_str){guid.data + 1, guid.size - 2};
}

/* GUID or GUID:N */
static bool parse_update(const char *text, fp_catalog_key *out)
{
    const fp_str whole = fp_str_of(text);
    const ptrdiff_t colon = fp_str_find(whole, FP_STR(":"));
    const fp_str guid = {text, colon < 0 ? whole.size : (size_t)colon};
    *out = (fp_catalog_key){.by = FP_CATALOG_BY_UPDATE, .any_number = colon < 0};
    return fp_guid_parse(without_braces(guid), out->update_id) &&
           (colon < 0 || parse_number(fp_str_tail(whole, guid.size + 1), &out->number));
}

static bool parse_kb(const char *text, fp_catalog_key *out)
{
    uint64_t number;
    if (!fp_kb_parse(fp_str_of(text), &number) || number > UINT32_MAX)
        return false;
    *out = (fp_catalog_key){.by = FP_CATALOG_BY_KB, .number = (uint32_t)number};
    return true;
}

static const struct {
    fp_option_id option;
    const char *takes;
    bool (*parse)(const char *text, fp_catalog_key *out);
} ways[] = {
    {FP_OPT_REVISION, "a number", parse_revision},
    {FP_OPT_UPDATE, "an UpdateId, as 64c52254-175b-4e2c-8a7c-30e3c24ae1d1 or ...:100",
     parse_update},
    {FP_OPT_KB, "a KB number, as KB954474", parse_kb},
};

static int parse_keys(fp_session *s)
{
    fp_catalog_key *keys = fp_arena_alloc_array(s->arena, FP_CATALOG_QUESTIONS_MAX, sizeof *keys);
    if (keys == NULL)
        return FP_EXIT_SOFTWARE;
    s->catalogs.keys = keys;
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        const char *name = fp_option_table[ways[w].option].name;
        for (size_t i = 0; i < fp_option_times(s->options, ways[w].option); i++) {
            const char *text = fp_option_nth(s->options, ways[w].option, i);
            if (s->catalogs.key_count == FP_CATALOG_QUESTIONS_MAX)
                return fp_command_misused(s->command, "more than %d updates are asked for",
                                          FP_CATALOG_QUESTIONS_MAX);
            if (!ways[w].parse(text, &keys[s->catalogs.key_count++]))
                return fp_command_misused(s->command, "--%s takes %s, not '%s'", name,
                                          ways[w].takes, text);
        }
    }
    return 0;
}

static int parse_check(fp_session *s)
{
    const char *how = fp_option_value(s->options, FP_OPT_CHECK);
    s->catalogs.full = how != NULL && strcmp(how, "full") == 0;
    if (how != NULL && !s->catalogs.full && strcmp(how, "quick") != 0)
        return fp_command_misused(s->command, "--check is full or quick, not '%s'", how);
    return 0;
}

static int parse_details(fp_session *s)
{
    const char *language = fp_option_value(s->options, FP_OPT_LANGUAGE);
    s->catalogs.details = fp_option_is_given(s->options, FP_OPT_DETAILS);
    s->catalogs.language = fp_str_of(language != NULL ? language : "en");
    if (language != NULL && !s->catalogs.details)
        return fp_command_misused(s->command, "--language is about --details, which is not given");
    if (s->catalogs.details && !fp_option_is_given(s->options, FP_OPT_REVISION) &&
        !fp_option_is_given(s->options, FP_OPT_UPDATE) &&
        !fp_option_is_given(s->options, FP_OPT_KB))
        return fp_command_misused(s->command,
                                  "--details of which update? (--revision, --update or --kb)");
    return 0;
}

static int parse_expected(fp_session *s)
{
    const size_t count = fp_option_times(s->options, FP_OPT_EXPECT_ACTION);
    if (count > FP_CATALOG_EXPECTED_MAX)
        return fp_command_misused(s->command, "more than %d times --expect-action",
                                  FP_CATALOG_EXPECTED_MAX);
    fp_str *expected = fp_arena_alloc_array(s->arena, count, sizeof *expected);
    if (expected == NULL)
        return FP_EXIT_SOFTWARE;
    for (size_t i = 0; i < count; i++)
        expected[i] = fp_str_of(fp_option_nth(s->options, FP_OPT_EXPECT_ACTION, i));
    s->catalogs.expected_actions = expected;
    s->catalogs.expected_count = count;
    return 0;
}

static int parse_request(fp_session *s)
{
    s->catalogs.relations = true;
    int exit_status = parse_check(s);
    if (exit_status == 0)
        exit_status = parse_details(s);
    if (exit_status == 0)
        exit_status = parse_expected(s);
    return exit_status == 0 ? parse_keys(s) : exit_status;
}

/* ---- what is answered ----------------------------------------------------------------- */

/* Is the item of this path the input of this name, or in it: a folder or an archive? */
static bool lies_in(fp_str path, fp_str name)
{
    fp_str outer = name;
    while (outer.size > 0 && outer.data[outer.size - 1] == '/')
        outer.size--;
    if (!fp_str_starts(path, outer))
        return false;
    const fp_str rest = fp_str_tail(path, outer.size);
    return rest.size == 0 || fp_str_starts(rest, FP_STR("/")) || fp_str_starts(rest, FP_STR("!/"));
}

/* With what is wrong with it, which may be why it is not recognised. */
static int tell_no_catalog(const fp_session *s, const fp_case_input *input, fp_str name)
{
    static const char none[] = "not a scan catalogue: no cabinet with index.xml and package.cab";
    for (size_t i = 0; i < s->report.item_count; i++) {
        const fp_item *item = s->report.items[i];
        if (item->problem_count == 0 || !fp_str_eq(item->path, name))
            continue;
        fp_console_error(input->name, "%s in it (%s)", none, item->problems[0]);
        return FP_EXIT_DATA;
    }
    fp_console_error(input->name, "%s in it", none);
    return FP_EXIT_DATA;
}

/* One that cannot be opened was told already. */
static int check_input(const fp_session *s, const fp_case_input *input)
{
    fp_str name;
    if (input->problem != NULL)
        return FP_EXIT_NOINPUT;
    if (fp_text_display(fp_str_of(input->name), s->arena, &name) != FP_OK)
        return fp_console_out_of_memory();
    for (size_t i = 0; i < s->report.item_count; i++) {
        const fp_item *item = s->report.items[i];
        if (item->kind == FP_KIND_CATALOG && lies_in(item->path, name))
            return 0;
    }
    return tell_no_catalog(s, input, name);
}

static int check_item(const fp_session *s, const fp_item *item)
{
    const fp_case *c = s->casefile;
    const fp_case_catalog *catalog = NULL;
    if (item->kind != FP_KIND_CATALOG)
        return 0;
    for (size_t i = 0; i < c->catalog_count && catalog == NULL; i++)
        catalog = c->catalogs[i].item == item->id ? &c->catalogs[i] : NULL;
    const bool damaged = catalog != NULL && catalog->damaged;
    if (!damaged && catalog != NULL && catalog->catalog != NULL && catalog->catalog->packages_read)
        return 0;
    fp_console_error(NULL, "%.*s: the catalogue %s", FP_STR_ARG(item->path),
                     damaged ? "is damaged, altered, or was not read to its end"
                             : "could not be read");
    return FP_EXIT_DATA;
}

/* All that is wrong is told; the first of it gives the exit status. */
static int check(const fp_session *s)
{
    int exit_status = 0;
    for (size_t i = 0; i < s->report.item_count; i++) {
        const int one = check_item(s, s->report.items[i]);
        exit_status = exit_status != 0 ? exit_status : one;
    }
    for (size_t i = 0; i < s->input_count; i++) {
        const int one = check_input(s, &s->inputs[i]);
        exit_status = exit_status != 0 ? exit_status : one;
    }
    return exit_status;
}

static int run(const fp_command *command, const fp_options *options)
{
    fp_session s;
    int exit_status = fp_session_begin(&s, command, options);
    if (exit_status == 0)
        exit_status = parse_request(&s);
    if (exit_status == 0)
        exit_status = fp_session_read(&s);
    s.report.members = fp_option_is_given(options, FP_OPT_MEMBERS);
    if (exit_status == 0 && s.casefile->catalog_count > 0)
        exit_status = fp_session_write(&s);
    if (exit_status == 0)
        exit_status = check(&s);
    fp_session_end(&s);
    return exit_status;
}

static const fp_option_meaning meanings[] = {
    {FP_OPT_DETAILS, "titles, KB numbers and files of the updates found, out\n"
                     "of the cabinets that hold them"},
    {FP_OPT_KB, "the updates that carry this KB number, as KB954474, out\n"
                "of all its cabinets"},
    {FP_OPT_COUNT, NULL},
};

static const char *const answers[] = {"it is written; no damage was seen", NULL, NULL};

const fp_command fp_command_catalog = {
    .name = "catalog",
    .arguments = "FILE.cab... [--revision N]... [OPTION]...",
    .summary = "show what a wsusscn2.cab is and what it says of an update",
    .help = "PackageId, dates, number of updates, their DeploymentActions, whether the\n"
            "cabinet is damaged, and for each --revision, --update and --kb who the updates\n"
            "are, their DeploymentAction, what supersedes them and what they supersede, what\n"
            "bundles them and what they bundle. RevisionIds mean something in one catalogue\n"
            "only; UpdateIds last. KB numbers stand in the cabinets of details: all of them\n"
            "are decoded for one. It is called whole only when all of it was decoded.\n"
            "Its signature is verified against the roots of --roots; without them it is\n"
            "\"untrusted\" at best, but still seen to fit the file or not. Revocation is not\n"
            "checked: nothing goes over the network. The exit status is 65 when a\n"
            "catalogue is damaged, cannot be read, is not what was signed, or is none,\n"
            "and 66 when one cannot be opened.\n",
    .examples = "  fixproof catalog wsusscn2.cab --roots microsoft-roots.pem\n"
                "  fixproof catalog wsusscn2.cab --revision 1293995\n"
                "  fixproof catalog wsusscn2.cab --update 64c52254-175b-4e2c-8a7c-30e3c24ae1d1\n"
                "  fixproof catalog wsusscn2.cab --kb 5101650 --details --language de\n"
                "  fixproof catalog wsusscn2.cab --check full\n"
                "  fixproof catalog wsusscn2.cab --expect-action Bundle --expect-action Evaluate\n"
                "  fixproof catalog wsusscn2.cab --members --format json=catalog.json\n",
    .options = FP_OPTS_EVIDENCE | FP_OPT_BIT(FP_OPT_REVISION) | FP_OPT_BIT(FP_OPT_UPDATE) |
               FP_OPT_BIT(FP_OPT_EXPECT_ACTION) | FP_OPT_BIT(FP_OPT_KB) |
               FP_OPT_BIT(FP_OPT_DETAILS) | FP_OPT_BIT(FP_OPT_LANGUAGE) | FP_OPT_BIT(FP_OPT_CHECK) |
               FP_OPT_BIT(FP_OPT_MEMBERS),
    .meanings = meanings,
    .reads_evidence = true,
    .view = FP_VIEW_CATALOG,
    .operands_min = 1,
    .operand_words = "name the catalogue",
    .answers = answers,
    .run = run,
};
