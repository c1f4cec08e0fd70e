/* SPDX-License-Identifier: MIT */
#include "verify/cli/command.h"

#include "verify/cli/output.h"
#include "verify/decide/form.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>

enum { OPTIONS_MEMORY = 64 * 1024 * 1024, COMMANDS_MAX = 64 };

/*
 * Descriptors 0 to 2 that came closed would be given to the first files opened, and a report could
 * end up in the evidence. Each gets /dev/null the wrong way round, so that using it still fails.
 */
static bool hold_standard_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
            return false;
    return true;
}

static int unknown_command(const char *name)
{
    fp_str names[COMMANDS_MAX];
    size_t count = 0;
    for (; count < COMMANDS_MAX && fp_command_at(count) != NULL; count++)
        names[count] = fp_str_of(fp_command_at(count)->name);
    const fp_str near = fp_form_nearest(fp_str_of(name), names, count);
    if (*name == '-')
        return fp_command_misused(NULL, "the command comes first, then its options: %s", name);
    if (near.size == 0)
        return fp_command_misused(NULL, "unknown command %s", name);
    return fp_command_misused(NULL, "unknown command %s (did you mean %.*s?)", name,
                              FP_STR_ARG(near));
}

static int print_overview(void)
{
    fp_out out = {0};
    fp_help_overview(&out);
    return fp_command_print(&out);
}

static int print_help(const fp_command *command)
{
    fp_out out = {0};
    fp_help_command(&out, command);
    return fp_command_print(&out);
}

static int print_version(void)
{
    fp_out out = {0};
    fp_out_text(&out, "fixproof " FIXPROOF_VERSION "\n");
    return fp_command_print(&out);
}

static int run_command(const fp_command *command, const fp_options *options)
{
    if (fp_option_is_given(options, FP_OPT_HELP))
        return print_help(command);
    if (fp_option_is_given(options, FP_OPT_VERSION))
        return print_version();
    if (options->operand_count < command->operands_min)
        return fp_command_misused(command, "%s", command->operand_words);
    if (command->operands_max != 0 && options->operand_count > command->operands_max)
        return fp_command_misused(command, "too many arguments: %s",
                                  options->operands[command->operands_max]);
    return command->run(command, options);
}

static int parse_and_run(const fp_command *command, int argc, char **argv)
{
    fp_arena *arena = fp_arena_new(OPTIONS_MEMORY);
    fp_options options;
    fp_diag d = {0};
    int exit_status;
    if (arena == NULL || fp_options_parse(argc, argv, 2, command->options | FP_OPTS_ALWAYS, arena,
                                          &options, &d) != FP_OK) {
        if (arena == NULL || d.status == FP_NOMEM) {
            fp_console_error(NULL, "out of memory");
            exit_status = FP_EXIT_SOFTWARE;
        } else {
            exit_status = fp_command_misused(command, "%s", d.message);
        }
    } else {
        exit_status = run_command(command, &options);
    }
    fp_arena_free(arena);
    return exit_status;
}

static int start(int argc, char **argv)
{
    if (argc < 2)
        return fp_command_misused(NULL, "say what to do, as fixproof assess EVIDENCE");
    const bool asks_help = strcmp(argv[1], "help") == 0;
    if (asks_help && argc > 2)
        return fp_command_find(argv[2]) != NULL ? print_help(fp_command_find(argv[2]))
                                                : unknown_command(argv[2]);
    if (asks_help || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return print_overview();
    if (strcmp(argv[1], "--version") == 0)
        return print_version();
    const fp_command *command = fp_command_find(argv[1]);
    return command != NULL ? parse_and_run(command, argc, argv) : unknown_command(argv[1]);
}

int main(int argc, char **argv)
{
    if (!hold_standard_descriptors())
        return FP_EXIT_SOFTWARE;
    /* A reader that went away, a file that may not grow: errors of ours to tell (73), not reasons
     * to die with a temporary file left behind. */
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
    /* Inherited as ignored from a supervisor, it would hide how a decoder ended. */
    (void)signal(SIGCHLD, SIG_DFL);
    int exit_status = start(argc, argv);
    fp_diag d = {0};
    if (fp_output_close_stdout(&d) != FP_OK) {
        fp_console_error("standard output", "%s", d.message);
        exit_status = FP_EXIT_CANTCREAT;
    }
    return exit_status;
}
