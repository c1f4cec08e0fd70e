/* SPDX-License-Identifier: MIT */
#include "verify/cli/session.h"

static int look_for_restart(fp_session *s)
{
    fp_restart *restart = fp_arena_alloc(s->casefile->arena, sizeof *restart);
    const fp_status status =
        restart == NULL ? FP_NOMEM
                        : fp_restart_read(s->casefile->registry, s->casefile->arena, restart);
    s->report.restart = restart;
    if (status == FP_OK)
        return 0;
    fp_console_error(NULL, "cannot look for a pending restart: %s", fp_status_name(status));
    return (int)fp_console_exit_of(status);
}

/* What names which computer is worth seeing even, and above all, when they contradict each other:
 * so the listing is written first, and the check decides the exit status. */
static int run(const fp_command *command, const fp_options *options)
{
    fp_session s;
    int exit_status = fp_session_begin(&s, command, options);
    if (exit_status == 0)
        exit_status = fp_session_read(&s);
    s.report.details = fp_option_is_given(options, FP_OPT_DETAILS);
    if (exit_status == 0)
        exit_status = fp_session_list_hotfixes(&s);
    if (exit_status == 0)
        exit_status = look_for_restart(&s);
    if (exit_status == 0)
        exit_status = fp_session_write(&s);
    if (exit_status == 0)
        exit_status = fp_session_check(&s);
    fp_session_end(&s);
    return exit_status;
}

static const fp_option_meaning meanings[] = {
    {FP_OPT_DETAILS, "every trace, and where all was read (JSON tells it\n"
                     "always)"},
    {FP_OPT_COUNT, NULL},
};

static const char *const answers[] = {"the inventory is written", NULL, NULL};

const fp_command fp_command_inventory = {
    .name = "inventory",
    .arguments = "EVIDENCE... [OPTION]...",
    .summary = "list what the evidence says the server has",
    .help = "Release, service pack, role, site and features; whether a restart is pending;\n"
            "every hotfix that left a trace, one answer from all traces: since when, by\n"
            "whom, how sure and from which evidence; what Updates and Servicing lists;\n"
            "program files and their versions; all evidence with its SHA-256 and problems.\n"
            "No verdict: the exit status is 0 when anything was of use.\n\n"
            "A hotfix is installed, superseded (installed, and replaced by a later one),\n"
            "pending (until a restart), removed, CONFLICTING (its traces contradict each\n"
            "other) or unknown. How sure: reported (by a listing, or what is left of it),\n"
            "recorded (by its installer), confirmed (and every file it records is there in\n"
            "at least that version).\n",
    .examples = "  fixproof inventory /evidence/srv01\n"
                "  fixproof inventory /evidence/srv01 --details\n"
                "  fixproof inventory SOFTWARE SOFTWARE.LOG1 --format json | jq .markers\n",
    .options = FP_OPTS_EVIDENCE | FP_OPT_BIT(FP_OPT_DETAILS),
    .meanings = meanings,
    .reads_evidence = true,
    .view = FP_VIEW_INVENTORY,
    .operands_min = 1,
    .operand_words = "name the evidence: a folder, an archive or files",
    .answers = answers,
    .run = run,
};
