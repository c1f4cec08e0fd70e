/* SPDX-License-Identifier: MIT */
#include "verify/cli/before.h"

int fp_before_read(fp_session *s)
{
    const char *path = fp_option_value(s->options, FP_OPT_BEFORE);
    fp_diag d = {0};
    fp_span text;
    if (path == NULL)
        return 0;
    fp_record *before = fp_arena_alloc(s->arena, sizeof *before);
    if (before == NULL)
        return fp_data_told(path, FP_NOMEM, &d);
    fp_status status = fp_data_read_file(path, FP_JSON_SIZE_MAX, s->arena, &text, &d);
    if (status == FP_OK)
        status = fp_record_read(text, s->arena, before, &d);
    if (status != FP_OK)
        return fp_data_told(path, status, &d);
    s->report.before = before;
    s->report.since = before->generated;
    return 0;
}

/* The computer's name without its domain: sources differ in how much of it they give. */
static fp_str computer(fp_str name)
{
    const ptrdiff_t dot = fp_str_find(name, FP_STR("."));
    return dot < 0 ? name : (fp_str){name.data, (size_t)dot};
}

static int compare(const fp_session *s, const char *what, fp_str then, fp_str now)
{
    fp_case *c = s->casefile;
    if (then.size > 0 && now.size > 0 && !fp_str_ieq(then, now)) {
        fp_console_error(fp_option_value(s->options, FP_OPT_BEFORE),
                         "is of another server: its %s is %.*s, that of the evidence %.*s", what,
                         FP_STR_ARG(then), FP_STR_ARG(now));
        return FP_EXIT_DATA;
    }
    if (then.size == 0 || now.size == 0)
        fp_observe(&c->findings, c->arena, (fp_origin){0},
                   "the %s is not named by %s: that both are of one server is not shown by it",
                   what, then.size == 0 ? "the report taken before the change" : "the evidence");
    return 0;
}

int fp_before_compare(fp_session *s)
{
    const fp_record *before = s->report.before;
    if (before == NULL)
        return 0;
    const int exit_status =
        compare(s, "computer name", computer(before->subject.host), computer(s->casefile->host));
    return exit_status != 0
               ? exit_status
               : compare(s, "site code", before->subject.site_code, s->casefile->product.site_code);
}
