/* SPDX-License-Identifier: MIT */
#include "verify/cli/command.h"

#include "verify/cli/target.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const fp_command *const commands[] = {
    &fp_command_assess,   &fp_command_confirm,   &fp_command_diff,   &fp_command_checklist,
    &fp_command_explain,  &fp_command_inventory, &fp_command_logs,   &fp_command_catalog,
    &fp_command_advisory, &fp_command_export,    &fp_command_attest, &fp_command_verify_attestation,
    &fp_command_complete,
};

const fp_command *fp_command_at(size_t index)
{
    return index < sizeof commands / sizeof *commands ? commands[index] : NULL;
}

const fp_command *fp_command_find(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static bool names_format(const char *formats, const fp_report_format *format)
{
    fp_str rest = fp_str_of(formats);
    fp_str name;
    while (fp_str_split(&rest, ' ', &name))
        if (fp_str_eq(name, fp_str_of(format->name)))
            return true;
    return false;
}

const char *fp_command_option_help(const fp_command *command, fp_option_id id)
{
    const fp_option_meaning *m = command == NULL ? NULL : command->meanings;
    for (; m != NULL && m->id != FP_OPT_COUNT; m++)
        if (m->id == id)
            return m->help;
    return fp_option_table[id].help;
}

bool fp_command_takes_format(const fp_command *command, const fp_report_format *format)
{
    if ((command->options & FP_OPT_BIT(FP_OPT_FORMAT)) == 0)
        return false;
    return command->formats == NULL ? fp_report_format_can(format, command->view)
                                    : names_format(command->formats, format);
}

bool fp_command_word_takes_format(const fp_command_word *word, const fp_report_format *format)
{
    return word->formats == NULL || names_format(word->formats, format);
}

int fp_command_misused(const fp_command *command, const char *format, ...)
{
    char message[1024];
    va_list args;
    va_start(args, format);
    if (vsnprintf(message, sizeof message, format, args) < 0)
        message[0] = '\0';
    va_end(args);
    if (command != NULL)
        fp_console_error(NULL, "%s (see: fixproof %s --help)", message, command->name);
    else
        fp_console_error(NULL, "%s (see: fixproof --help)", message);
    return FP_EXIT_USAGE;
}

int fp_command_print(fp_out *out)
{
    static const fp_target standard_output = {0};
    return fp_target_write(&standard_output, out);
}
