/* SPDX-License-Identifier: MIT */
#include "verify/cli/session.h"

static int run(const fp_command *command, const fp_options *options)
{
    static const fp_assess_options how = {.strict = false, .since = FP_TIME_NONE};
    fp_session s;
    int exit_status = fp_session_begin(&s, command, options);
    if (exit_status == 0)
        exit_status = fp_session_read(&s);
    if (exit_status == 0)
        exit_status = fp_session_decide(&s, &how);
    fp_session_end(&s);
    return exit_status;
}

const fp_command fp_command_assess = {
    .name = "assess",
    .arguments = "EVIDENCE... [OPTION]...",
    .summary = "say whether the server needs the remediation",
    .help = "Reads evidence taken from ONE server and says, per advisory: affected, fixed,\n"
            "not applicable, or undetermined with the evidence that would settle it.\n"
            "\n"
            "EVIDENCE is a folder, an archive of one (zip, 7z, tar, cab), or files: registry\n"
            "exports (.reg), hives with their transaction logs (.LOG, .LOG1, .LOG2) in the\n"
            "same folder, wsyncmgr.log and wsyncmgr.lo_, wsusscn2.cab, program files, lists\n"
            "of installed updates (systeminfo, wmic qfe, Get-HotFix) and of Updates and\n"
            "Servicing (Get-CMSiteUpdate), collection.json, statements.json. Items are\n"
            "recognised by their content; names are only hints. \"-\" is standard input, for\n"
            "one file.\n",
    .examples = "  fixproof assess /evidence/srv01\n"
                "  fixproof assess sms.reg wsyncmgr.log --declare sms2003-clients=no \\\n"
                "           --format text --format json=srv01.json\n",
    .options = FP_OPTS_EVIDENCE | FP_OPT_BIT(FP_OPT_ADVISORY) | FP_OPT_BIT(FP_OPT_DECLARE),
    .reads_evidence = true,
    .view = FP_VIEW_ASSESS,
    .operands_min = 1,
    .operand_words = "name the evidence: a folder, an archive or files",
    .run = run,
};
