/* SPDX-License-Identifier: MIT */
#include "verify/cli/session.h"

static int run(const fp_command *command, const fp_options *options)
{
    static const fp_assess_options how = {.strict = false, .since = FP_TIME_NONE};
    fp_session s;
    int exit_status = fp_session_begin(&s, command, options);
    if (exit_status == 0 && !fp_option_is_given(options, FP_OPT_ADVISORY))
        exit_status = fp_command_misused(command, "name the advisory: --advisory ID");
    s.catalogs.details = true; /* for the titles of the updates that tests ask for */
    s.catalogs.language = FP_STR("en");
    if (exit_status == 0)
        exit_status = fp_session_read(&s);
    if (exit_status == 0)
        exit_status = fp_session_decide(&s, &how);
    fp_session_end(&s);
    return exit_status;
}

const fp_command fp_command_explain = {
    .name = "explain",
    .arguments = "EVIDENCE... --advisory ID [OPTION]...",
    .summary = "show how a verdict came about, fact by fact",
    .help = "As assess, with the whole explanation: every rule of the advisory in order,\n"
            "TRUE, FALSE or UNKNOWN; below it each test with all that was seen, the place\n"
            "where it was seen, and where the advisory has its threshold from. A catalogue in\n"
            "which an update was found is read a second time, for its title.\n",
    .examples = "  fixproof explain /evidence/srv01 --advisory 954474\n"
                "  fixproof explain srv01.zip --advisory 954474 --format json=why.json\n",
    .options = FP_OPTS_EVIDENCE | FP_OPT_BIT(FP_OPT_ADVISORY) | FP_OPT_BIT(FP_OPT_DECLARE),
    .reads_evidence = true,
    .view = FP_VIEW_EXPLAIN,
    .operands_min = 1,
    .operand_words = "name the evidence: a folder, an archive or files",
    .run = run,
};
