/* SPDX-License-Identifier: MIT */
#include "verify/cli/command.h"

#include <string.h>

enum { OPTION_COLUMN = 25, COMMAND_COLUMN = 20 };

/* Its help stands in a column, below the name where that is too long. */
static void option_lines(fp_out *out, const fp_command *command, fp_option_id id)
{
    const fp_option *option = &fp_option_table[id];
    const size_t start = out->size;
    fp_out_printf(out, "  --%s%s%s", option->name, option->argument != NULL ? " " : "",
                  option->argument != NULL ? option->argument : "");
    size_t used = out->size - start;
    if (used >= OPTION_COLUMN) {
        fp_out_char(out, '\n', 1);
        used = 0;
    }
    fp_str rest = fp_str_of(fp_command_option_help(command, id)), line;
    for (; fp_str_split(&rest, '\n', &line); used = 0) {
        fp_out_char(out, ' ', OPTION_COLUMN - used);
        fp_out_str(out, line);
        fp_out_char(out, '\n', 1);
    }
}

/* `command` NULL: whatever the command. */
static void options_of(fp_out *out, const fp_command *command, uint64_t accepted)
{
    for (unsigned id = 0; id < FP_OPT_COUNT; id++)
        if ((accepted & FP_OPT_BIT(id)) != 0)
            option_lines(out, command, id);
}

/* Those of a command, or all. */
static void formats(fp_out *out, const fp_command *command)
{
    const fp_report_format *format;
    fp_out_text(out, "\nFormats\n");
    for (size_t i = 0; (format = fp_report_format_at(i)) != NULL; i++)
        if (command == NULL || fp_command_takes_format(command, format))
            fp_out_printf(out, "  %-11s%s\n", format->name, format->what);
}

/* `answers`: fp_command.answers. */
static void exit_statuses(fp_out *out, const char *const *answers)
{
    static const char *const verdicts[] = {
        "nothing to do: only fixed and not applicable are possible",
        "at least one advisory: affected",
        "none affected, at least one undetermined that could be",
    };
    static const struct {
        int status;
        const char *meaning;
    } rows[] = {
        {FP_EXIT_USAGE, "wrong usage"},
        {FP_EXIT_DATA, "evidence, advisory data, key or attestation unusable; evidence of two\n"
                       "      computers"},
        {FP_EXIT_NOINPUT, "cannot open input"},
        {FP_EXIT_SOFTWARE, "internal error, out of memory"},
        {FP_EXIT_CANTCREAT, "cannot write output"},
        {FP_EXIT_IOERR, "read error"},
    };
    fp_out_text(out, "\nExit status\n");
    for (int i = 0; i <= FP_EXIT_UNDETERMINED; i++) {
        const char *meaning = answers != NULL ? answers[i] : verdicts[i];
        if (meaning != NULL)
            fp_out_printf(out, "  %2d  %s\n", i, meaning);
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        fp_out_printf(out, "  %2d  %s\n", rows[i].status, rows[i].meaning);
}

static void limits(fp_out *out)
{
    const fp_evidence_limits *l = &fp_evidence_default_limits;
    const fp_archive_limits *a = &fp_archive_default_limits; /* what zeros in l->archive mean */
    const unsigned long long mib = 1024 * 1024;
    fp_out_text(out, "\nLimits (each is told in the report when it is hit)\n");
    fp_out_printf(out, "  items                %zu, members of archives included\n", l->items);
    fp_out_printf(out, "  folders              %u deep; symbolic links are not followed\n",
                  l->folder_depth);
    fp_out_printf(out,
                  "  registry, JSON, PE   %llu MiB each, %llu MiB together; of hives and PE files\n"
                  "                       on disk only what is read counts; logs and catalogues\n"
                  "                       have no limit\n",
                  (unsigned long long)l->whole_item / mib, (unsigned long long)l->memory / mib);
    fp_out_printf(out,
                  "  archives             %llu members, %llu MiB each, %llu MiB together,\n"
                  "                       %u levels; decoder: %llu MiB, %u s of processor time,\n"
                  "                       %u s without a sign of life\n",
                  (unsigned long long)a->members, (unsigned long long)a->member_bytes / mib,
                  (unsigned long long)a->total_bytes / mib, a->nesting,
                  (unsigned long long)a->decoder_memory / mib, a->cpu_seconds, a->stall_seconds);
    fp_out_printf(out, "  log lines            %d bytes\n", FP_LOG_LINE_MAX);
}

static void folders(fp_out *out)
{
    fp_out_text(out, "\nFolders\n"
                     "  data      --data, $FIXPROOF_DATA, or beside the program\n"
                     "  roots     *.pem in trust/ of the data, and in $FIXPROOF_ROOTS or\n"
                     "            " FIXPROOF_ROOTS_DIR "\n");
}

void fp_help_overview(fp_out *out)
{
    fp_out_text(out,
                "fixproof: has this remediation been made on this server, and does it work?\n"
                "Evidence in, verdict out: affected, fixed, not applicable or undetermined.\n\n"
                "Usage: fixproof COMMAND ARGUMENT... [OPTION]...\n\n");
    const fp_command *command;
    for (size_t i = 0; (command = fp_command_at(i)) != NULL; i++)
        if (command->summary != NULL)
            fp_out_printf(out, "  %-*s%s\n", COMMAND_COLUMN, command->name, command->summary);
    fp_out_text(out, "\nA first look, and the proof after the change:\n"
                     "  fixproof assess /evidence/srv01 --format text --format json=before.json\n"
                     "  fixproof confirm /evidence/srv01-after --before before.json\n\n"
                     "Options that most commands take (\"--\" ends options)\n");
    options_of(out, NULL, FP_OPTS_EVIDENCE | FP_OPTS_ALWAYS);
    formats(out, NULL);
    folders(out);
    exit_statuses(out, NULL);
    fp_out_text(out, "\nfixproof COMMAND --help tells more of each command.\n");
}

void fp_help_command(fp_out *out, const fp_command *command)
{
    fp_out_printf(out, "Usage: fixproof %s %s\n\n%s\nExamples\n%s\nOptions\n", command->name,
                  command->arguments, command->help, command->examples);
    options_of(out, command, command->options | FP_OPTS_ALWAYS);
    if ((command->options & FP_OPT_BIT(FP_OPT_FORMAT)) != 0)
        formats(out, command);
    if ((command->options & FP_OPT_BIT(FP_OPT_ROOTS)) != 0)
        folders(out);
    if (command->reads_evidence)
        limits(out);
    exit_statuses(out, command->answers);
}
