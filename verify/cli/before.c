/* SPDX-License-Identifier: MIT */
#include "verify/cli/before.h"
#include "verify/report/recorded.h"

int fp_before_read(fp_session *s)
{
    const char *path = fp_option_value(s->options, FP_OPT_BEFORE);
    if (path == NULL)
        return 0;
    fp_record *before = fp_arena_alloc(s->arena, sizeof *before);
    if (before == NULL)
        return FP_EXIT_SOFTWARE;
    const int exit_status = fp_data_read_record(path, s->arena, before);
    if (exit_status != 0)
        return exit_status;
    s->report.before = before;
    s->report.since = before->generated;
    return 0;
}

/* A name that one of the two does not have. */
static void tell_missing(fp_case *c, const char *what, fp_str then, fp_str now)
{
    if (then.size == 0 || now.size == 0)
        fp_observe(&c->findings, c->arena, (fp_origin){0},
                   "the %s is not named by %s: that both are of one server is not shown by it",
                   what, then.size == 0 ? "the report taken before the change" : "the evidence");
}

int fp_before_compare(fp_session *s)
{
    const fp_record *before = s->report.before;
    fp_case *c = s->casefile;
    const fp_record now = {.subject = {.host = c->host, .site_code = c->product.site_code}};
    fp_diag d = {0};
    if (before == NULL)
        return 0;
    if (fp_record_same_server(before, &now, &d) == FP_FALSE)
        return fp_data_told(fp_option_value(s->options, FP_OPT_BEFORE), FP_FORMAT, &d);
    tell_missing(c, "computer name", before->subject.host, c->host);
    tell_missing(c, "site code", before->subject.site_code, c->product.site_code);
    return 0;
}

int fp_before_order(const fp_session *s, fp_order *order)
{
    fp_record now;
    fp_str text;
    if (fp_record_of(&s->report, s->arena, &now) != FP_OK)
        return fp_console_out_of_memory();
    *order = fp_record_order(s->report.before, &now, s->report.since, &text);
    return 0;
}
