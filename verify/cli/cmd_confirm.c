/* SPDX-License-Identifier: MIT */
#include "verify/cli/session.h"

typedef struct earlier { /* the report taken before the change */
    const char *path;
    fp_time generated;
    fp_str host, site_code; /* or empty */
} earlier;

static int unusable(const char *path, const char *why)
{
    fp_console_error(path, "%s", why);
    return FP_EXIT_DATA;
}

static int read_subject(const fp_json *root, fp_arena *arena, earlier *out)
{
    const fp_json *subject = fp_json_get(root, "subject");
    if (fp_str_dup(arena, fp_json_string(fp_json_get(subject, "host")), &out->host) != FP_OK ||
        fp_str_dup(arena, fp_json_string(fp_json_get(subject, "site_code")), &out->site_code) !=
            FP_OK)
        return FP_EXIT_SOFTWARE;
    return 0;
}

static int read_report(fp_session *s, const char *path, earlier *out)
{
    fp_diag d = {0};
    fp_span text;
    fp_json *root;
    fp_status status = fp_data_read_file(path, FP_JSON_SIZE_MAX, s->arena, &text, &d);
    if (status == FP_IO) {
        fp_console_diag(path, &d);
        return FP_EXIT_NOINPUT;
    }
    if (status == FP_OK)
        status = fp_json_parse(text, &root, &d);
    if (status != FP_OK) {
        fp_console_diag(path, &d);
        return (int)fp_console_exit_of(status);
    }

    *out = (earlier){.path = path};
    int exit_status;
    if (!fp_str_eq(fp_json_string(fp_json_get(root, "schema")), FP_STR("fixproof/report/v1")))
        exit_status = unusable(path, "not a report of fixproof (schema fixproof/report/v1)");
    else if (!fp_time_parse(fp_json_string(fp_json_get(root, "generated")), &out->generated))
        exit_status = unusable(path, "the report does not say when it was generated");
    else
        exit_status = read_subject(root, s->arena, out);
    fp_json_free(root);
    return exit_status;
}

static int read_since(fp_session *s, earlier *before)
{
    const char *path = fp_option_value(s->options, FP_OPT_BEFORE);
    const char *since = fp_option_value(s->options, FP_OPT_SINCE);
    if ((path == NULL) == (since == NULL))
        return fp_command_misused(s->command, "say when the change began: either --before "
                                              "REPORT.json or --since TIME");
    if (path != NULL) {
        const int exit_status = read_report(s, path, before);
        s->report.since = before->generated;
        return exit_status;
    }
    if (!fp_time_parse(fp_str_of(since), &s->report.since))
        return fp_command_misused(s->command,
                                  "--since takes a time such as 2008-06-17T20:00:00Z, "
                                  "not '%s'",
                                  since);
    return 0;
}

/* The computer's name without its domain: sources differ in how much of it they give. */
static fp_str computer(fp_str name)
{
    const ptrdiff_t dot = fp_str_find(name, FP_STR("."));
    return dot < 0 ? name : (fp_str){name.data, (size_t)dot};
}

static int compare(fp_case *c, const earlier *before, const char *what, fp_str then, fp_str now)
{
    if (then.size > 0 && now.size > 0 && !fp_str_ieq(then, now)) {
        fp_console_error(before->path,
                         "is of another server: its %s is %.*s, that of the evidence "
                         "%.*s",
                         what, FP_STR_ARG(then), FP_STR_ARG(now));
        return FP_EXIT_DATA;
    }
    if (then.size == 0 || now.size == 0)
        fp_observe(&c->findings, c->arena, (fp_origin){0},
                   "the %s is not named by %s: that both are of one server is not shown by it",
                   what, then.size == 0 ? "the report taken before the change" : "the evidence");
    return 0;
}

static int compare_subjects(fp_session *s, const earlier *before)
{
    fp_case *c = s->casefile;
    if (before->path == NULL)
        return 0;
    const int exit_status =
        compare(c, before, "computer name", computer(before->host), computer(c->host));
    if (exit_status != 0)
        return exit_status;
    return compare(c, before, "site code", before->site_code, c->product.site_code);
}

static int run(const fp_command *command, const fp_options *options)
{
    earlier before = {0};
    fp_session s;
    int exit_status = fp_session_begin(&s, command, options);
    if (exit_status == 0)
        exit_status = read_since(&s, &before);
    if (exit_status == 0)
        exit_status = fp_session_read(&s);
    if (exit_status == 0)
        exit_status = fp_session_check(&s);
    if (exit_status == 0)
        exit_status = compare_subjects(&s, &before);
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
