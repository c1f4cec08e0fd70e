/* SPDX-License-Identifier: MIT */
#include "verify/cli/before.h"

enum { CHANGE_MAX = 200 /* bytes of an id: more is no id */ };

static int read_change(fp_session *s)
{
    const char *change = fp_option_value(s->options, FP_OPT_CHANGE);
    if (change == NULL)
        return fp_command_misused(s->command, "name the change: --change ID");
    s->report.change = fp_str_of(change);
    if (!fp_text_is_utf8(s->report.change) || s->report.change.size > CHANGE_MAX)
        return fp_command_misused(s->command, "--change takes an id of UTF-8, at most %d bytes",
                                  CHANGE_MAX);
    return 0;
}

/* After a change nothing is taken on trust, and nothing older counts, as confirm does. */
static int decide(fp_session *s)
{
    fp_order order;
    fp_assess_options how = {.since = s->report.since};
    if (s->report.before != NULL) {
        const int exit_status = fp_before_order(s, &order);
        if (exit_status != 0)
            return exit_status;
        how.strict = true;
        how.older = order == FP_ORDER_BACKWARDS;
        how.undated = order != FP_ORDER_FORWARD;
    }
    return fp_session_decide(s, &how);
}

static int run(const fp_command *command, const fp_options *options)
{
    fp_session s;
    int exit_status = fp_session_begin(&s, command, options);
    if (exit_status == 0)
        exit_status = read_change(&s);
    if (exit_status == 0)
        exit_status = fp_before_read(&s);
    if (exit_status == 0)
        exit_status = fp_session_read(&s);
    if (exit_status == 0)
        exit_status = fp_session_check(&s);
    if (exit_status == 0)
        exit_status = fp_before_compare(&s);
    if (exit_status == 0)
        exit_status = decide(&s);
    fp_session_end(&s);
    return exit_status;
}

const fp_command fp_command_checklist = {
    .name = "checklist",
    .arguments = "EVIDENCE... --change ID [--before REPORT] [OPTION]...",
    .summary = "write the record of a change, ticked by evidence",
    .help = "The change record of one server: its state, and per advisory what must hold\n"
            "before, what is done, what must hold after, and the way back; the evidence\n"
            "with SHA-256 and collection times; lines to sign.\n"
            "\n"
            "  [x] ticked    evidence proves it; the fact and where it stands are told\n"
            "  [d] declared  a statement says it, and nothing shows it\n"
            "  [!] failed    seen (or declared) not to hold\n"
            "  [ ] open      for a person: no evidence shows it, or it is missing\n"
            "  [-] set aside it does not concern this server\n"
            "\n"
            "With --before the state before the change comes from that report; the change\n"
            "began when it was made, and the verdicts are those of confirm. A report of\n"
            "another server or site is refused.\n"
            "\n"
            "The exit status is that of the verdicts, as of assess; what is open or failed\n"
            "on the checklist does not change it.\n",
    .examples = "  fixproof checklist /evidence/srv01 --change CHG0012345 --advisory 954474\n"
                "  fixproof checklist /evidence/srv01-after --change CHG0012345 \\\n"
                "           --before before.json --format json=CHG0012345.json \\\n"
                "           --format html=CHG0012345.html --format markdown=CHG0012345.md\n",
    .options = FP_OPTS_EVIDENCE | FP_OPT_BIT(FP_OPT_ADVISORY) | FP_OPT_BIT(FP_OPT_DECLARE) |
               FP_OPT_BIT(FP_OPT_CHANGE) | FP_OPT_BIT(FP_OPT_BEFORE),
    .reads_evidence = true,
    .operands_min = 1,
    .operand_words = "name the evidence: a folder, an archive or files",
    .view = FP_VIEW_CHECKLIST,
    .run = run,
};
