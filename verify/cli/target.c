/* SPDX-License-Identifier: MIT */
#include "verify/cli/target.h"

#include "verify/cli/output.h"

#include <string.h>

static int tell_unknown(const fp_command *command, const char *name, fp_arena *arena)
{
    const char *known = "";
    const fp_report_format *f;
    for (size_t i = 0; known != NULL && (f = fp_report_format_at(i)) != NULL; i++)
        known = fp_arena_printf(arena, "%s%s%s", known, i > 0 ? ", " : "", f->name);
    return fp_command_misused(command, "unknown format %s (there are: %s)", name,
                              known != NULL ? known : "");
}

static int parse_target(const fp_command *command, const char *text, fp_arena *arena,
                        fp_target *out)
{
    const char *equals = strchr(text, '=');
    const size_t size = equals != NULL ? (size_t)(equals - text) : strlen(text);
    const char *name = fp_arena_string(arena, text, size);
    if (name == NULL)
        return fp_console_out_of_memory();
    if (equals != NULL && equals[1] == '\0')
        return fp_command_misused(command, "--format %s names no file", text);
    out->format = fp_report_format_find(name);
    out->file = equals != NULL && strcmp(equals, "=-") != 0 ? equals + 1 : NULL;
    if (out->format == NULL)
        return tell_unknown(command, name, arena);
    if (!fp_command_takes_format(command, out->format))
        return fp_command_misused(command, "format %s is not one of this command's", name);
    return 0;
}

static bool same_place(const fp_target *a, const fp_target *b)
{
    if (a->file == NULL || b->file == NULL)
        return a->file == b->file;
    return strcmp(a->file, b->file) == 0;
}

int fp_targets_parse(const fp_command *command, const fp_options *options, fp_arena *arena,
                     fp_targets *out)
{
    const size_t count = fp_option_times(options, FP_OPT_FORMAT);
    fp_target *targets = fp_arena_alloc_array(arena, count + 1, sizeof *targets);
    if (targets == NULL)
        return fp_console_out_of_memory();
    targets[0] = (fp_target){fp_report_format_at(0), NULL};
    for (size_t i = 0; i < count; i++) {
        const char *text = fp_option_nth(options, FP_OPT_FORMAT, i);
        const int exit_status = parse_target(command, text, arena, &targets[i]);
        if (exit_status != 0)
            return exit_status;
        for (size_t j = 0; j < i; j++)
            if (same_place(&targets[i], &targets[j]))
                return fp_command_misused(command, "two reports go to the same place: --format %s",
                                          text);
    }
    *out = (fp_targets){targets, count > 0 ? count : 1};
    return 0;
}

int fp_targets_spare(const fp_targets *targets, const fp_command *command, const char *path)
{
    for (size_t i = 0; i < targets->count; i++)
        if (targets->at[i].file != NULL && fp_output_is_file(targets->at[i].file, path))
            return fp_command_misused(command, "the output would replace %s, which is read", path);
    return 0;
}

fp_report_style fp_target_style(const fp_target *target, const fp_report_style *console)
{
    return target->file == NULL ? *console : fp_console_file_style();
}

int fp_target_write(const fp_target *target, fp_out *out)
{
    const char *name = target->file != NULL ? target->file : "standard output";
    const fp_str bytes = {out->data, out->size};
    fp_diag d = {0};
    int exit_status = 0;
    if (out->failed)
        exit_status = fp_console_out_of_memory();
    else if ((target->file == NULL ? fp_output_to_stdout(bytes, &d)
                                   : fp_output_to_file(target->file, bytes, &d)) != FP_OK) {
        fp_console_error(name, "%s", d.message);
        exit_status = FP_EXIT_CANTCREAT;
    }
    fp_out_free(out);
    return exit_status;
}
