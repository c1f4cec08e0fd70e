/* SPDX-License-Identifier: MIT */
#include "verify/cli/session.h"

static int list_markers(fp_session *s)
{
    fp_marker *markers = NULL;
    const fp_status status = fp_marker_list(s->casefile->registry, s->casefile->arena, &markers,
                                            &s->report.marker_count, &s->report.markers_complete);
    if (status != FP_OK) {
        fp_console_error(NULL, "cannot list the hotfix markers: %s", fp_status_name(status));
        return (int)fp_console_exit_of(status);
    }
    s->report.markers = markers;
    return 0;
}

/* What names which computer is worth seeing even, and above all, when they contradict each other:
 * so the listing is written first, and the check decides the exit status. */
static int run(const fp_command *command, const fp_options *options)
{
    fp_session s;
    int exit_status = fp_session_begin(&s, command, options, FP_VIEW_INVENTORY);
    if (exit_status == 0)
        exit_status = fp_session_read(&s);
    if (exit_status == 0)
        exit_status = list_markers(&s);
    if (exit_status == 0)
        exit_status = fp_session_write(&s);
    if (exit_status == 0)
        exit_status = fp_session_check(&s);
    fp_session_end(&s);
    return exit_status;
}

const fp_command fp_command_inventory = {
    .name = "inventory",
    .arguments = "EVIDENCE... [OPTION]...",
    .summary = "list what the evidence says the server has",
    .help = "Release, service pack, role, site, features, computer names, hotfix markers\n"
            "with every trace they left, program files and their versions, and all evidence\n"
            "with its SHA-256 and problems. No verdict: the exit status is 0 when anything\n"
            "was of use.\n",
    .examples = "  fixproof inventory /evidence/srv01\n"
                "  fixproof inventory SOFTWARE SOFTWARE.LOG1 --format json | jq .markers\n",
    .options = FP_OPTS_EVIDENCE,
    .reads_evidence = true,
    .operands_min = 1,
    .operand_words = "name the evidence: a folder, an archive or files",
    .run = run,
};
