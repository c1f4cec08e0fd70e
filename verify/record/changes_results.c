/* SPDX-License-Identifier: MIT */
/* What became of each advisory. */
#include "verify/record/changes_parts.h"

/* May it affect the server? */
static bool is_open(const fp_record_result *r)
{
    const fp_verdict_set harmless = fp_verdict_bit(FP_FIXED) | fp_verdict_bit(FP_NOT_APPLICABLE);
    return (r->possible & ~harmless) != 0 || r->possible == 0;
}

static bool is_effective(const fp_record_result *r)
{
    return r->verdict == FP_FIXED && fp_str_eq(r->assurance, FP_ASSURANCE_EFFECTIVE);
}

/* Is one of its remedies recorded as there? FALSE: each is known not to be. */
static fp_tri remedy_there(const fp_record *record, const fp_record_result *r)
{
    fp_tri any = r->kbs.count == 0 ? FP_UNKNOWN : FP_FALSE;
    for (size_t i = 0; i < r->kbs.count; i++) {
        const fp_record_marker *marker = fp_record_find_marker(record, r->kbs.at[i]);
        any = fp_tri_or(any, marker == NULL ? FP_UNKNOWN : fp_record_marker_there(record, marker));
    }
    return any;
}

static fp_outcome outcome_of_affected(const fp_record *after, const fp_record_result *before,
                                      const fp_record_result *now)
{
    const fp_tri there = remedy_there(after, now);
    /* Installed, not shown to work, and now shown not to: that is no step back. */
    const bool expected =
        there == FP_TRUE && before != NULL && before->verdict == FP_FIXED && !is_effective(before);
    if (before != NULL && !is_open(before) && !expected)
        return FP_OUTCOME_WORSE;
    if (there == FP_UNKNOWN)
        return FP_OUTCOME_AFFECTED;
    return there == FP_TRUE ? FP_OUTCOME_NOT_EFFECTIVE : FP_OUTCOME_NOT_INSTALLED;
}

static fp_outcome outcome_of(const fp_record *after, const fp_record_result *before,
                             const fp_record_result *now)
{
    if (now == NULL)
        return FP_OUTCOME_NOT_ASKED;
    switch (now->verdict) {
    case FP_AFFECTED:
        return outcome_of_affected(after, before, now);
    case FP_FIXED:
        return is_effective(now) ? FP_OUTCOME_FIXED : FP_OUTCOME_NOT_SHOWN;
    case FP_NOT_APPLICABLE:
        return FP_OUTCOME_NOT_APPLICABLE;
    case FP_UNDETERMINED:
    case FP_VERDICTS:
        break;
    }
    return now->in_place ? FP_OUTCOME_NOT_SHOWN : FP_OUTCOME_NOT_SETTLED;
}

static void add(fp_comparison *c, const fp_record_result *before, const fp_record_result *now)
{
    const fp_outcome outcome = outcome_of(c->out->after, before, now);
    c->out->results[c->out->result_count++] = (fp_result_change){
        before, now, outcome, before == NULL || is_open(before), now == NULL || is_open(now)};
    if (outcome == FP_OUTCOME_WORSE)
        fp_comparison_worse(c, "advisory", now->advisory,
                            "%.*s affects the server; before, the server was %s.",
                            FP_STR_ARG(now->advisory),
                            before->verdict == FP_FIXED ? "fixed" : "not affected by it");
}

void fp_compare_results(fp_comparison *c)
{
    static const fp_record nothing = {0};
    const fp_record *before = c->out->before != NULL ? c->out->before : &nothing;
    const fp_record *after = c->out->after;
    c->out->results =
        fp_comparison_room(c, before->result_count + after->result_count, sizeof *c->out->results);
    if (c->out->results == NULL)
        return;
    for (size_t i = 0; i < after->result_count; i++)
        add(c, fp_record_find_result(before, after->results[i].advisory), &after->results[i]);
    for (size_t i = 0; i < before->result_count; i++)
        if (fp_record_find_result(after, before->results[i].advisory) == NULL)
            add(c, &before->results[i], NULL);
}
