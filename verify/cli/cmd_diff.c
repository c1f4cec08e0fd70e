/* SPDX-License-Identifier: MIT */
#include "verify/cli/session.h"

#include <string.h>

static int read_both(fp_session *s, fp_record records[2])
{
    const char *const *paths = s->options->operands;
    if (strcmp(paths[0], "-") == 0 && strcmp(paths[1], "-") == 0)
        return fp_command_misused(s->command, "standard input is named twice");
    const int exit_status = fp_data_read_record(paths[0], s->arena, &records[0]);
    return exit_status != 0 ? exit_status : fp_data_read_record(paths[1], s->arena, &records[1]);
}

/* What was collected counts, where the report says when: it may have been made much later. */
static fp_time time_of(const fp_record *record)
{
    return record->state.collected_at != FP_TIME_NONE ? record->state.collected_at
                                                      : record->generated;
}

static int compare(fp_session *s, const fp_record records[2], fp_changes *out)
{
    fp_diag d = {0};
    if (fp_record_same_server(&records[0], &records[1], &d) == FP_FALSE)
        return fp_data_told(s->options->operands[0], FP_FORMAT, &d);
    if (fp_changes_find(&records[0], &records[1], time_of(&records[0]), s->arena, out) != FP_OK)
        return fp_console_out_of_memory();
    s->report.changes = out;
    return 0;
}

static int run(const fp_command *command, const fp_options *options)
{
    fp_record records[2] = {{.generated = FP_TIME_NONE}};
    fp_changes changes;
    fp_session s;
    int exit_status = fp_session_begin(&s, command, options);
    if (exit_status == 0)
        exit_status = read_both(&s, records);
    if (exit_status == 0)
        exit_status = compare(&s, records, &changes);
    if (exit_status == 0)
        exit_status = fp_session_conclude(&s);
    fp_session_end(&s);
    return exit_status;
}

static const char *const answers[] = {
    "confirmed: nothing is open in AFTER, and nothing is worse",
    "something affects the server in AFTER, or is worse than in BEFORE",
    "neither, and something is open or not yet shown to work"};

const fp_command fp_command_diff = {
    .name = "diff",
    .arguments = "BEFORE.json AFTER.json [OPTION]...",
    .summary = "say what changed from one report to a later one",
    .help = "Compares two JSON reports of assess, confirm or explain about ONE server: what\n"
            "became of each advisory, what got worse, what changed (release, hotfixes, files,\n"
            "catalogue, new episodes in the logs), what stayed, what is not shown, and what\n"
            "to do next. Reports of two servers or sites are refused; a report that is older\n"
            "than the one before it confirms nothing. What AFTER does not show is not shown,\n"
            "never gone. \"-\" is standard input, for one of them.\n"
            "\n"
            "confirm says the same of fresh evidence, and asks it more strictly.\n",
    .examples = "  fixproof diff srv01-before.json srv01-after.json\n"
                "  fixproof diff srv01-may.json srv01-june.json --format json=changes.json\n",
    .options = FP_OPT_BIT(FP_OPT_FORMAT) | FP_OPT_BIT(FP_OPT_COLOR) | FP_OPT_BIT(FP_OPT_QUIET),
    .operands_min = 2,
    .operands_max = 2,
    .operand_words = "name two JSON reports: the one before and the one after",
    .view = FP_VIEW_DIFF,
    .answers = answers,
    .run = run,
};
