/* SPDX-License-Identifier: MIT */
#include "verify/cli/before.h"
#include "verify/report/recorded.h"

typedef struct confirming {
    fp_session s;
    fp_record now; /* what the evidence says */
    fp_changes changes;
} confirming;

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

static int check_server(confirming *c)
{
    return fp_before_compare(&c->s);
}

static int decide(confirming *c)
{
    fp_order order;
    int exit_status = fp_before_order(&c->s, &order);
    if (exit_status != 0)
        return exit_status;
    const fp_assess_options how = {
        .strict = true, .since = c->s.report.since, .older = order == FP_ORDER_BACKWARDS};
    exit_status = fp_session_ask(&c->s, &how);
    return exit_status == 0 ? fp_session_list_hotfixes(&c->s) : exit_status;
}

/* Is it listed, or did an advisory ask for it? */
static bool is_known(const fp_report *report, fp_str kb)
{
    const fp_hotfix *asked;
    for (size_t i = 0; i < report->hotfix_count; i++)
        if (fp_str_ieq(report->hotfixes[i].kb, kb))
            return true;
    for (size_t i = 0; (asked = fp_case_hotfix_asked(report->casefile, i)) != NULL; i++)
        if (fp_str_ieq(asked->kb, kb))
            return true;
    return false;
}

/* What was there and left no trace is looked for by its number: then it is known to be gone, or
 * not. */
static int look_for_missing(confirming *c)
{
    static const fp_record nothing = {0};
    const fp_record *before = c->s.report.before != NULL ? c->s.report.before : &nothing;
    size_t asked = 0;
    for (size_t i = 0; i < before->state.marker_count && asked < FP_RECORD_ASKED_MAX; i++) {
        const fp_record_marker *marker = &before->state.markers[i];
        const fp_hotfix *found;
        if (fp_record_marker_there(before, marker) != FP_TRUE || is_known(&c->s.report, marker->kb))
            continue;
        asked++;
        if (fp_case_hotfix(c->s.casefile, marker->kb, FP_STR(""), &found) != FP_OK)
            return fp_console_out_of_memory();
    }
    return 0;
}

/* With the hotfixes that were looked for. */
static int compare(confirming *c)
{
    if (fp_record_of(&c->s.report, c->s.arena, &c->now) != FP_OK ||
        fp_changes_find(c->s.report.before, &c->now, c->s.report.since, c->s.arena, &c->changes) !=
            FP_OK)
        return fp_console_out_of_memory();
    c->s.report.changes = &c->changes;
    return 0;
}

static int confirm(confirming *c)
{
    static int (*const steps[])(confirming *) = {check_server, decide, look_for_missing, compare};
    int exit_status = fp_session_check(&c->s);
    for (size_t i = 0; exit_status == 0 && i < sizeof steps / sizeof *steps; i++)
        exit_status = steps[i](c);
    return exit_status == 0 ? fp_session_conclude(&c->s) : exit_status;
}

static int run(const fp_command *command, const fp_options *options)
{
    confirming c = {.changes = {.before = NULL}};
    int exit_status = fp_session_begin(&c.s, command, options);
    if (exit_status == 0)
        exit_status = read_since(&c.s);
    if (exit_status == 0)
        exit_status = fp_session_read(&c.s);
    if (exit_status == 0)
        exit_status = confirm(&c);
    fp_session_end(&c.s);
    return exit_status;
}

static const char *const answers[] = {
    "nothing is open, what was remedied is in effect, nothing got worse",
    "at least one advisory: affected; or something got worse",
    "neither, and something is open or not yet shown to work"};

const fp_command fp_command_confirm = {
    .name = "confirm",
    .arguments = "EVIDENCE... (--before REPORT | --since TIME) [OPTION]...",
    .summary = "prove that a change took effect",
    .help = "Stricter than assess: fixed needs proof that the remediation works, from after\n"
            "the change began, in evidence collected after that. Otherwise the verdict is\n"
            "undetermined, and the report says what to wait for or to collect.\n"
            "\n"
            "With --before (a JSON report of assess, confirm or explain) the change began\n"
            "when that report was made. The report then says what became of each advisory,\n"
            "what changed, what stayed, and what got worse: a hotfix that is gone, a file of\n"
            "an older version. A report of another server or site is refused; evidence that\n"
            "is older than the report confirms nothing.\n",
    .examples = "  fixproof confirm /evidence/srv01-after --before srv01-before.json\n"
                "  fixproof confirm srv01-after.zip --since 2008-06-17T20:00:00+02:00\n",
    .options = FP_OPTS_EVIDENCE | FP_OPT_BIT(FP_OPT_ADVISORY) | FP_OPT_BIT(FP_OPT_DECLARE) |
               FP_OPT_BIT(FP_OPT_BEFORE) | FP_OPT_BIT(FP_OPT_SINCE),
    .reads_evidence = true,
    .operands_min = 1,
    .operand_words = "name the evidence: a folder, an archive or files",
    .view = FP_VIEW_CONFIRM,
    .answers = answers,
    .run = run,
};
