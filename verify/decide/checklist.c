/* SPDX-License-Identifier: MIT */
#include "verify/decide/checklist.h"

#include "verify/decide/criteria.h"

static const char *const tick_words[FP_TICKS] = {"open", "ticked", "declared", "failed", "aside"};

const char *fp_tick_name(fp_tick tick)
{
    return tick_words[tick];
}

bool fp_tick_from_name(fp_str name, fp_tick *out)
{
    for (unsigned i = 0; i < FP_TICKS; i++) {
        if (!fp_str_eq(name, fp_str_of(tick_words[i])))
            continue;
        *out = (fp_tick)i;
        return true;
    }
    return false;
}

const char *fp_open_why_name(fp_open_why why)
{
    static const char *const words[FP_OPEN_WHYS] = {"by-hand",     "evidence", "unconfirmed",
                                                    "not-genuine", "stale",    "no-digest"};
    return words[why];
}

typedef struct checking {
    const fp_case *casefile;
    const fp_advisory *advisory;
    const fp_test_result *answers;
    /* The answers of the tests by what they rest on; each as it is, or UNKNOWN. */
    fp_tri all[FP_ADVISORY_TESTS_MAX];
    fp_tri confirmed[FP_ADVISORY_TESTS_MAX]; /* on no fact that nobody confirmed */
    fp_tri genuine[FP_ADVISORY_TESTS_MAX];   /* ... on no evidence that is not shown genuine */
    fp_tri seen[FP_ADVISORY_TESTS_MAX];      /* ... and on no statement */
    bool stale;
} checking;

static void sort_answers(checking *k)
{
    for (size_t i = 0; i < k->advisory->test_count; i++) {
        const fp_test_result *answer = &k->answers[i];
        const bool doubtful = fp_test_is_doubtful(&k->advisory->tests[i], answer);
        k->all[i] = answer->is;
        k->confirmed[i] = doubtful ? FP_UNKNOWN : answer->is;
        k->genuine[i] = answer->reserved.size > 0 ? FP_UNKNOWN : k->confirmed[i];
        k->seen[i] = answer->declared ? FP_UNKNOWN : k->genuine[i];
    }
}

/* Does each place where this was read lie in an item that has a digest? */
static bool is_traceable(const fp_case *c, const fp_test_result *answer)
{
    for (size_t i = 0; i < answer->observations.count; i++) {
        const uint32_t id = answer->observations.at[i].origin.item;
        const fp_item *item =
            id == 0 || c->evidence == NULL ? NULL : fp_evidence_item(c->evidence, id);
        if (item != NULL && !item->hashed)
            return false;
    }
    return true;
}

/* Depth is bounded by FP_CRITERIA_DEPTH_MAX. */
static bool all_traceable(const checking *k, const fp_criteria *by)
{
    if (by->kind == FP_CRITERIA_TEST)
        return k->answers[by->test].is == FP_UNKNOWN ||
               is_traceable(k->casefile, &k->answers[by->test]);
    for (size_t i = 0; i < by->child_count; i++)
        if (!all_traceable(k, &by->children[i]))
            return false;
    return true;
}

/* What the change does cannot be seen in what was collected before it. */
static bool comes_too_early(const checking *k, fp_phase phase)
{
    return k->stale && (phase == FP_PHASE_ACTION || phase == FP_PHASE_AFTER);
}

static void leave_open(fp_checked *out, fp_open_why why)
{
    out->is = FP_TICK_OPEN;
    out->why = why;
}

static fp_open_why why_open(const checking *k, const fp_criteria *by)
{
    if (fp_criteria_evaluate(by, k->all) == FP_UNKNOWN)
        return FP_OPEN_EVIDENCE;
    return fp_criteria_evaluate(by, k->confirmed) == FP_UNKNOWN ? FP_OPEN_UNCONFIRMED
                                                                : FP_OPEN_NOT_GENUINE;
}

static void decide(const checking *k, fp_checked *out)
{
    const fp_criteria *by = out->item->ticked_by;
    const fp_tri seen = fp_criteria_evaluate(by, k->seen);
    const fp_tri is = fp_criteria_evaluate(by, k->genuine);
    out->declared = seen != is;
    if (comes_too_early(k, out->item->phase))
        leave_open(out, FP_OPEN_STALE);
    else if (is == FP_UNKNOWN)
        leave_open(out, why_open(k, by));
    else if (is == FP_FALSE)
        out->is = FP_TICK_FAILED;
    else if (out->declared)
        out->is = FP_TICK_DECLARED;
    else if (!all_traceable(k, by))
        leave_open(out, FP_OPEN_NO_DIGEST);
    else
        out->is = FP_TICK_TICKED;
    out->declared = out->declared && out->is != FP_TICK_OPEN;
}

static fp_tri concerns_server(const checking *k, const fp_criteria *only_if)
{
    return only_if == NULL ? FP_TRUE : fp_criteria_evaluate(only_if, k->genuine);
}

static fp_status check(const checking *k, const fp_checklist_item *item, fp_checked *out)
{
    const fp_tri concerns = concerns_server(k, item->only_if);
    const fp_criteria *asked = item->ticked_by;
    *out = (fp_checked){.item = item, .because.kind = FP_CRITERIA_ALL};
    if (concerns == FP_FALSE) {
        out->is = FP_TICK_ASIDE;
        out->declared = fp_criteria_evaluate(item->only_if, k->seen) != FP_FALSE;
        asked = item->only_if;
    } else if (asked != NULL && concerns == FP_UNKNOWN &&
               fp_criteria_evaluate(asked, k->genuine) == FP_FALSE) {
        leave_open(out, FP_OPEN_EVIDENCE); /* whether it should hold is what is not known */
        asked = item->only_if;
    } else if (asked != NULL) {
        decide(k, out);
    }
    return asked == NULL
               ? FP_OK
               : fp_explain(k->advisory, k->answers, asked, k->casefile->arena, &out->because);
}

/* The evidence is of two computers: of which would a tick be? */
static void leave_all_open(const fp_advisory *advisory, fp_checked *out)
{
    for (size_t i = 0; i < advisory->checklist_count; i++)
        out[i] = (fp_checked){.item = &advisory->checklist[i],
                              .why = FP_OPEN_EVIDENCE,
                              .because.kind = FP_CRITERIA_ALL};
}

fp_status fp_checklist_fill(const fp_case *c, bool stale, fp_result *out)
{
    const fp_advisory *advisory = out->advisory;
    fp_checked *checked =
        fp_arena_alloc_array(c->arena, advisory->checklist_count + 1, sizeof *checked);
    fp_tri *packages =
        fp_arena_alloc_array(c->arena, advisory->package_count + 1, sizeof *packages);
    if (checked == NULL || packages == NULL)
        return FP_NOMEM;
    out->checklist = checked;
    out->packages = packages;
    if (c->host_conflict) {
        leave_all_open(advisory, checked);
        return FP_OK;
    }
    checking k = {.casefile = c, .advisory = advisory, .answers = out->answers, .stale = stale};
    sort_answers(&k);
    for (size_t i = 0; i < advisory->checklist_count; i++)
        if (check(&k, &advisory->checklist[i], &checked[i]) != FP_OK)
            return FP_NOMEM;
    for (size_t i = 0; i < advisory->package_count; i++)
        packages[i] = concerns_server(&k, advisory->packages[i].only_if);
    return FP_OK;
}
