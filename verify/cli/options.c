/* SPDX-License-Identifier: MIT */
#include "verify/cli/options.h"

#include "verify/decide/form.h"

#include <string.h>

const fp_option fp_option_table[FP_OPT_COUNT] = {
    [FP_OPT_ADVISORY] = {"advisory", "ID", true,
                         "ask this advisory: an id from `fixproof advisory\n"
                         "list`, or the path of a file (default: all of them)"},
    [FP_OPT_DECLARE] = {"declare", "KEY=VALUE", true,
                        "a fact that you answer for, as sms2003-clients=no;\n"
                        "always reported as declared, never as observed"},
    [FP_OPT_BEFORE] = {"before", "REPORT", false,
                       "the JSON report taken before the change: its time is\n"
                       "when the change began, its server must be this one"},
    [FP_OPT_SINCE] = {"since", "TIME", false,
                      "when the change began: 2008-06-17T20:00:00Z, an offset\n"
                      "instead of Z, or a date (its midnight UTC)"},
    [FP_OPT_CHANGE] = {"change", "ID", false, "the id of the change, as CHG0012345"},
    [FP_OPT_RECORDS] = {"records", NULL, false,
                        "print every record instead: UTC time, component, thread\n"
                        "and message, separated by tabs"},
    [FP_OPT_REVISION] = {"revision", "N", true,
                         "ask the catalogue for the update with this RevisionId"},
    [FP_OPT_UPDATE] = {"update", "GUID[:N]", true,
                       "ask it for the update with this UpdateId, in braces\n"
                       "or not, in every revision, or in revision number N"},
    [FP_OPT_EXPECT_ACTION] = {"expect-action", "NAME", true,
                              "list the updates whose DeploymentAction is none of\n"
                              "these, to the letter"},
    [FP_OPT_LANGUAGE] = {"language", "NAME", false,
                         "of the titles that --details tells (default: en)"},
    [FP_OPT_CHECK] = {"check", "HOW", false,
                      "full: decode every cabinet in it, to see whether it\n"
                      "is whole; quick (default): those that answers need"},
    [FP_OPT_MEMBERS] = {"members", NULL, false, "list the cabinet's members too"},
    [FP_OPT_DETAILS] = {"details", NULL, false, "tell more (JSON always tells all)"},
    [FP_OPT_KB] = {"kb", "KB", true, "the number of an article, as KB954474"},
    [FP_OPT_PRODUCT] = {"product", "FAMILY", false,
                        "what it is about: a family of the product tables, as\n"
                        "configmgr-current-branch"},
    [FP_OPT_RELEASE] = {"release", "NAME", true,
                        "its releases in scope, as 2403 (default: all of them)"},
    [FP_OPT_FILE_VERSION] = {"file-version", "NAME=VERSION", true,
                             "fixed when this file has at least this version;\n"
                             "one for each branch"},
    [FP_OPT_SITE_UPDATE] = {"site-update", NULL, false,
                            "of the current branch: Updates and Servicing tells\n"
                            "whether the first --kb is installed on each --release,\n"
                            "or one of the others, which contain it"},
    [FP_OPT_PUBLISHED] = {"published", "DATE", false, "when it was published: 2025-06-10"},
    [FP_OPT_TITLE] = {"title", "TEXT", false, "its title"},
    [FP_OPT_INTO] = {"into", "DIR", false, "where to write (default: here)"},
    [FP_OPT_KEY] = {"key", "PEM", false,
                    "the Ed25519 key: its private half to attest, its public\nhalf to verify"},
    [FP_OPT_PASSPHRASE_FILE] = {"passphrase-file", "FILE", false,
                                "its first line is the pass phrase of the key; a pipe\n"
                                "will do (default: ask at the terminal)"},
    [FP_OPT_OUTPUT] = {"output", "FILE", false,
                       "write it to FILE instead of standard output, once it\nis complete"},
    [FP_OPT_REPORT] = {"report", "REPORT", false, "the JSON report: is it the one attested?"},
    [FP_OPT_REPRODUCE] = {"reproduce", NULL, false,
                          "ask the advisories of this evidence again: are these\n"
                          "the verdicts attested?"},
    [FP_OPT_FORMAT] = {"format", "NAME[=FILE]", true,
                       "text (default) or another format (below), to FILE\n"
                       "instead of standard output; FILE is replaced only\n"
                       "once the report is complete"},
    [FP_OPT_COLOR] = {"color", "WHEN", false,
                      "auto (default: on a terminal, unless NO_COLOR is set),\n"
                      "always or never"},
    [FP_OPT_QUIET] = {"quiet", NULL, false, "no progress and no notes; errors and the report stay"},
    [FP_OPT_NO_PROGRESS] = {"no-progress", NULL, false, "no progress line"},
    [FP_OPT_DATA] = {"data", "DIR", false,
                     "where advisories/, products/ and trust/ are (default:\n"
                     "$FIXPROOF_DATA, then beside the program)"},
    [FP_OPT_CODE_PAGE] = {"code-page", "NAME", false,
                          "of single-byte logs, exports and listings that do\n"
                          "not say it: an iconv name such as CP1250"},
    [FP_OPT_REQUIRE_JAIL] = {"require-jail", NULL, false,
                             "refuse archives where their decoder cannot be confined"},
    [FP_OPT_ROOTS] = {"roots", "PEM", true,
                      "root certificates for signatures, besides those of the\n"
                      "folders below; only those that trust/ of the data\n"
                      "directory pins are believed"},
    [FP_OPT_TRUST_ANY_ROOT] = {"trust-any-root", NULL, false,
                               "believe every certificate of --roots, pinned or not"},
    [FP_OPT_ACCEPT_WEAK] = {"accept-weak", NULL, false,
                            "a signature by MD5, SHA-1 or a short key counts too, as\n"
                            "those of 2008 are; the report names the weakness"},
    [FP_OPT_EXPECT_SHA256] = {"expect-sha256", "[NAME=]HEX", true,
                              "fail unless the evidence of this name, or any, has\n"
                              "this digest; a catalogue with it counts as genuine"},
    [FP_OPT_VERSION] = {"version", NULL, false, "print the version and end"},
    [FP_OPT_HELP] = {"help", NULL, false, "print this and end"},
};

static bool is_accepted(uint64_t accepted, fp_option_id id)
{
    return (accepted & FP_OPT_BIT(id)) != 0;
}

static fp_status unknown(fp_str name, int index, uint64_t accepted, fp_arena *arena, fp_diag *d)
{
    const char *word = fp_arena_string(arena, name.data, name.size);
    if (word == NULL)
        return fp_fail(d, FP_NOMEM, "usage", 0, "out of memory");
    for (unsigned id = 0; id < FP_OPT_COUNT; id++)
        if (strcmp(fp_option_table[id].name, word) == 0)
            return fp_fail(d, FP_FORMAT, "usage", (uint64_t)index,
                           "option --%s does not belong to this command", word);
    fp_str names[FP_OPT_COUNT];
    size_t count = 0;
    for (unsigned id = 0; id < FP_OPT_COUNT; id++)
        if (is_accepted(accepted, (fp_option_id)id))
            names[count++] = fp_str_of(fp_option_table[id].name);
    const fp_str near = fp_form_nearest(name, names, count);
    if (near.size == 0)
        return fp_fail(d, FP_FORMAT, "usage", (uint64_t)index, "unknown option --%s", word);
    return fp_fail(d, FP_FORMAT, "usage", (uint64_t)index,
                   "unknown option --%s (did you mean --%.*s?)", word, FP_STR_ARG(near));
}

bool fp_option_find(fp_str name, uint64_t accepted, fp_option_id *out)
{
    for (unsigned id = 0; id < FP_OPT_COUNT; id++) {
        if (is_accepted(accepted, (fp_option_id)id) &&
            fp_str_eq(fp_str_of(fp_option_table[id].name), name)) {
            *out = (fp_option_id)id;
            return true;
        }
    }
    return false;
}

typedef struct parser {
    int argc;
    char *const *argv;
    int at; /* the argument being read */
    uint64_t accepted;
    fp_arena *arena;
    fp_options *out;
    fp_diag *d;
} parser;

static fp_status wrong(parser *p, const char *words, const char *name)
{
    return fp_fail(p->d, FP_FORMAT, "usage", (uint64_t)p->at, "option --%s %s", name, words);
}

/* argv[at] is "--name" or "--name=value". */
static fp_status long_option(parser *p)
{
    fp_str rest = fp_str_of(p->argv[p->at] + 2);
    const ptrdiff_t equals = fp_str_find(rest, FP_STR("="));
    const fp_str name = {rest.data, equals < 0 ? rest.size : (size_t)equals};
    fp_option_id id;
    if (!fp_option_find(name, p->accepted, &id))
        return unknown(name, p->at, p->accepted, p->arena, p->d);

    const fp_option *option = &fp_option_table[id];
    const char *value = equals < 0 ? NULL : rest.data + equals + 1;
    if (option->argument == NULL && value != NULL)
        return wrong(p, "takes no value", option->name);
    if (!option->repeatable && option->argument != NULL && fp_option_is_given(p->out, id))
        return wrong(p, "is given twice", option->name);
    if (option->argument != NULL && value == NULL) {
        if (p->at + 1 >= p->argc)
            return wrong(p, "needs a value", option->name);
        value = p->argv[++p->at];
    }
    if (value != NULL && *value == '\0')
        return wrong(p, "needs a value", option->name);
    p->out->given[p->out->given_count++] = (fp_option_given){id, value};
    return FP_OK;
}

fp_status fp_options_parse(int argc, char *const *argv, int first, uint64_t accepted,
                           fp_arena *arena, fp_options *out, fp_diag *d)
{
    const size_t most = argc > first ? (size_t)(argc - first) : 0;
    fp_options options = {.given = fp_arena_alloc_array(arena, most + 1, sizeof *options.given),
                          .operands = fp_arena_alloc_array(arena, most + 1, sizeof(char *))};
    if (options.given == NULL || options.operands == NULL)
        return fp_fail(d, FP_NOMEM, "usage", 0, "out of memory");

    parser p = {argc, argv, first, accepted, arena, &options, d};
    bool ended = false;
    for (; p.at < argc; p.at++) {
        const char *argument = argv[p.at];
        fp_status status = FP_OK;
        if (ended || argument[0] != '-' || argument[1] == '\0')
            options.operands[options.operand_count++] = argument;
        else if (strcmp(argument, "--") == 0)
            ended = true;
        else if (argument[1] == '-')
            status = long_option(&p);
        else if (strcmp(argument, "-h") == 0)
            options.given[options.given_count++] = (fp_option_given){FP_OPT_HELP, NULL};
        else
            status = fp_fail(d, FP_FORMAT, "usage", (uint64_t)p.at,
                             "unknown option %s (a file of this name: ./%s)", argument, argument);
        if (status != FP_OK)
            return status;
    }
    *out = options;
    return FP_OK;
}

size_t fp_option_times(const fp_options *options, fp_option_id id)
{
    size_t times = 0;
    for (size_t i = 0; i < options->given_count; i++)
        times += options->given[i].id == id;
    return times;
}

bool fp_option_is_given(const fp_options *options, fp_option_id id)
{
    return fp_option_times(options, id) > 0;
}

const char *fp_option_nth(const fp_options *options, fp_option_id id, size_t index)
{
    size_t left = index;
    for (size_t i = 0; i < options->given_count; i++)
        if (options->given[i].id == id && left-- == 0)
            return options->given[i].value;
    return NULL;
}

const char *fp_option_value(const fp_options *options, fp_option_id id)
{
    const size_t times = fp_option_times(options, id);
    return times == 0 ? NULL : fp_option_nth(options, id, times - 1);
}
