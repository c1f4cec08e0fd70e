/* SPDX-License-Identifier: MIT */
#include "verify/record/changes.h"

#include "verify/record/changes_parts.h"

#include <stdarg.h>
#include <stdio.h>

const char *fp_delta_name(fp_delta delta)
{
    static const char *const names[FP_DELTAS] = {"not_shown", "same", "new", "changed", "gone"};
    return names[delta];
}

const char *fp_outcome_name(fp_outcome outcome)
{
    static const char *const names[FP_OUTCOMES] = {
        [FP_OUTCOME_NOT_SETTLED] = "not_settled",
        [FP_OUTCOME_FIXED] = "fixed",
        [FP_OUTCOME_NOT_SHOWN] = "installed_not_shown",
        [FP_OUTCOME_NOT_EFFECTIVE] = "not_effective",
        [FP_OUTCOME_NOT_INSTALLED] = "not_installed",
        [FP_OUTCOME_AFFECTED] = "affected",
        [FP_OUTCOME_WORSE] = "worse",
        [FP_OUTCOME_NOT_APPLICABLE] = "not_applicable",
        [FP_OUTCOME_NOT_ASKED] = "not_asked",
    };
    return names[outcome];
}

const char *fp_order_name(fp_order order)
{
    static const char *const names[] = {"not_shown", "forward", "backwards"};
    return names[order];
}

const char *fp_conclusion_name(fp_conclusion conclusion)
{
    static const char *const names[FP_CONCLUSIONS] = {
        [FP_CONCLUSION_NOT_SETTLED] = "not_settled",
        [FP_CONCLUSION_CONFIRMED] = "confirmed",
        [FP_CONCLUSION_NOT_SHOWN] = "not_yet_shown",
        [FP_CONCLUSION_NOT_FIXED] = "not_fixed",
        [FP_CONCLUSION_WORSE] = "worse",
    };
    return names[conclusion];
}

int fp_conclusion_exit_status(fp_conclusion conclusion)
{
    static const int of[FP_CONCLUSIONS] = {
        [FP_CONCLUSION_NOT_SETTLED] = 2, [FP_CONCLUSION_CONFIRMED] = 0,
        [FP_CONCLUSION_NOT_SHOWN] = 2,   [FP_CONCLUSION_NOT_FIXED] = 1,
        [FP_CONCLUSION_WORSE] = 1,
    };
    return of[conclusion];
}

/* ---- one server? ---- */

/* The computer's name without its domain: sources differ in how much of it they give. */
static fp_str computer(fp_str name)
{
    fp_str rest = name;
    fp_str host;
    return fp_str_split(&rest, '.', &host) ? host : name;
}

static fp_tri same_name(const char *what, fp_str before, fp_str after, fp_diag *d)
{
    if (before.size == 0 || after.size == 0)
        return FP_UNKNOWN;
    if (fp_str_ieq(before, after))
        return FP_TRUE;
    fp_diag_set(d, FP_FORMAT, "report", 0,
                "is of another server: its %s is %.*s, that of the later evidence %.*s", what,
                FP_STR_ARG(before), FP_STR_ARG(after));
    return FP_FALSE;
}

fp_tri fp_record_same_server(const fp_record *before, const fp_record *after, fp_diag *d)
{
    const fp_tri host = same_name("computer name", computer(before->subject.host),
                                  computer(after->subject.host), d);
    const fp_tri site =
        same_name("site code", before->subject.site_code, after->subject.site_code, d);
    if (host == FP_FALSE || site == FP_FALSE)
        return FP_FALSE;
    return host; /* a site code is given to many sites of the world: alone it shows nothing */
}

/* ---- in which order? ---- */

static fp_time log_end(const fp_record *record)
{
    fp_time end = FP_TIME_NONE;
    for (size_t i = 0; i < record->state.log_count; i++)
        if (record->state.logs[i].latest > end)
            end = record->state.logs[i].latest;
    return end;
}

static fp_order order_of_logs(const fp_record *before, const fp_record *after, fp_time since,
                              fp_str *text)
{
    const fp_time end = log_end(after);
    if (before != NULL && end != FP_TIME_NONE && end < log_end(before)) {
        *text = FP_STR("The logs of the later evidence end before those of the earlier one, "
                       "and nothing else tells when it was collected: it is taken for older.");
        return FP_ORDER_BACKWARDS;
    }
    if (end != FP_TIME_NONE && end >= since) {
        *text = FP_STR("A log of the later evidence goes on after the change began.");
        return FP_ORDER_FORWARD;
    }
    *text = FP_STR("Nothing tells that the later evidence was collected after the change began.");
    return FP_ORDER_UNKNOWN;
}

fp_order fp_record_order(const fp_record *before, const fp_record *after, fp_time since,
                         fp_str *text)
{
    const fp_time collected = after->state.collected_at;
    if (after->generated < since) {
        *text = FP_STR("The later report was made before the change began.");
        return FP_ORDER_BACKWARDS;
    }
    if (collected == FP_TIME_NONE)
        return order_of_logs(before, after, since, text);
    if (collected < since) {
        *text = FP_STR("The later evidence was collected before the change began.");
        return FP_ORDER_BACKWARDS;
    }
    *text = FP_STR("The later evidence was collected after the change began.");
    return FP_ORDER_FORWARD;
}

/* ---- all of it ---- */

void *fp_comparison_room(fp_comparison *c, size_t count, size_t size)
{
    void *list = c->failed ? NULL : fp_arena_alloc_array(c->arena, count + 1, size);
    c->failed = list == NULL;
    return list;
}

void fp_comparison_worse(fp_comparison *c, const char *kind, fp_str name, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    const int size = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const size_t kept = size < 0 ? 0 : (size_t)size < sizeof text ? (size_t)size : sizeof text - 1;
    const char *copy = fp_arena_string(c->arena, text, kept);
    fp_regression *list = fp_arena_grow(c->arena, c->out->regressions, c->out->regression_count,
                                        &c->regression_capacity, sizeof *list);
    if (copy == NULL || list == NULL) {
        c->failed = true;
        return;
    }
    list[c->out->regression_count++] = (fp_regression){kind, name, fp_str_of(copy)};
    c->out->regressions = list;
}

static bool has_outcome(const fp_changes *changes, fp_outcome outcome)
{
    for (size_t i = 0; i < changes->result_count; i++)
        if (changes->results[i].outcome == outcome)
            return true;
    return false;
}

/* What may be fixed may be so without being shown to be in effect: then it would not be confirmed
 * either. */
static bool may_be_unconfirmed(const fp_result_change *r)
{
    return r->open || (r->after->possible & fp_verdict_bit(FP_FIXED)) != 0;
}

/* Does one leave open what it may not leave open? confirm asks what the change is about; of any
 * other report, what was open before and was not asked again counts too. */
static bool is_unsettled(const fp_changes *changes)
{
    const bool chosen = fp_str_eq(changes->after->command, FP_STR("confirm"));
    for (size_t i = 0; i < changes->result_count; i++) {
        const fp_result_change *r = &changes->results[i];
        if ((r->outcome == FP_OUTCOME_NOT_SETTLED && may_be_unconfirmed(r)) ||
            (r->outcome == FP_OUTCOME_NOT_ASKED && r->was_open && !chosen))
            return true;
    }
    return false;
}

static fp_conclusion conclude(const fp_changes *c)
{
    if (c->regression_count > 0)
        return FP_CONCLUSION_WORSE;
    if (has_outcome(c, FP_OUTCOME_NOT_EFFECTIVE) || has_outcome(c, FP_OUTCOME_NOT_INSTALLED) ||
        has_outcome(c, FP_OUTCOME_AFFECTED))
        return FP_CONCLUSION_NOT_FIXED;
    if (c->order == FP_ORDER_BACKWARDS || is_unsettled(c))
        return FP_CONCLUSION_NOT_SETTLED;
    return has_outcome(c, FP_OUTCOME_NOT_SHOWN) ? FP_CONCLUSION_NOT_SHOWN : FP_CONCLUSION_CONFIRMED;
}

fp_status fp_changes_find(const fp_record *before, const fp_record *after, fp_time since,
                          fp_arena *arena, fp_changes *out)
{
    fp_changes changes = {.before = before, .after = after, .since = since};
    fp_comparison c = {.out = &changes, .arena = arena};
    changes.same_server = before == NULL ? FP_UNKNOWN : fp_record_same_server(before, after, NULL);
    changes.order = fp_record_order(before, after, since, &changes.order_text);
    fp_compare_results(&c);
    if (before != NULL) {
        fp_compare_settings(&c);
        fp_compare_facts(&c);
        fp_compare_markers(&c);
        fp_compare_files(&c);
        fp_compare_catalogs(&c);
        fp_compare_episodes(&c);
    }
    if (c.failed)
        return FP_NOMEM;
    changes.conclusion = conclude(&changes);
    *out = changes;
    return FP_OK;
}
