/* SPDX-License-Identifier: MIT */
#include "verify/cli/before.h"

static int read_since(fp_session *s)
{
    const char *since = fp_option_value(s->options, FP_OPT_SINCE);
    if (fp_option_is_given(s->options, FP_OPT_BEFORE) == (since != NULL))
        return fp_command_misused(s->command, "say when the change began: either --before "
                                              "REPORT.json or --since TIME");
    if (since == NULL)
        return fp_before_read(s);
    if (!fp_time_parse(fp_str_of(since), &s->report.since))
        return fp_command_misused(s->command,
                                  "--since takes a time such as 2008-06-17T20:00:00Z, "
                                  "not '%s'",
                                  since);
    return 0;
}

static int run(const fp_command *command, const fp_options *options)
{
    fp_session s;
    int exit_status = fp_session_begin(&s, command, options);
    if (exit_status == 0)
        exit_status = read_since(&s);
    if (exit_status == 0)
        exit_status = fp_session_read(&s);
    if (exit_status == 0)
        exit_status = fp_session_check(&s);
    if (exit_status == 0)
        exit_status = fp_before_compare(&s);
    if (exit_status == 0)
        exit_status =
            fp_session_decide(&s, &(fp_assess_options){.strict = true, .since = s.report.since});
    fp_session_end(&s);
    return exit_status;
}

const fp_command fp_command_confirm = {
    .name = "confirm",
    .arguments = "EVIDENCE... (--before REPORT | --since TIME) [OPTION]...",
    .summary = "prove that a change took effect",
    .help = "Stricter than assess: fixed needs proof that the remediation works, from after\n"
            "the change began, in evidence collected after that. Otherwise the verdict is\n"
            "undetermined, and the report says what to wait for or to collect.\n"
            "\n"
            "With --before the change began when that report was made, and a report of\n"
            "another server or site is refused.\n",
    .examples = "  fixproof confirm /evidence/srv01-after --before srv01-before.json\n"
                "  fixproof confirm srv01-after.zip --since 2008-06-17T20:00:00+02:00\n",
    .options = FP_OPTS_EVIDENCE | FP_OPT_BIT(FP_OPT_ADVISORY) | FP_OPT_BIT(FP_OPT_DECLARE) |
               FP_OPT_BIT(FP_OPT_BEFORE) | FP_OPT_BIT(FP_OPT_SINCE),
    .reads_evidence = true,
    .view = FP_VIEW_CONFIRM,
    .operands_min = 1,
    .operand_words = "name the evidence: a folder, an archive or files",
    .run = run,
};
