/* SPDX-License-Identifier: MIT */
#include "verify/decide/thresholds.h"

#include "verify/decide/advisory_parts.h"

static const fp_field threshold_fields[] = {
    {"branch", FP_FIELD_VERSION, false, offsetof(fp_threshold, branch), NULL},
    {"at_least", FP_FIELD_VERSION, false, offsetof(fp_threshold, at_least), NULL},
    {"below", FP_FIELD_VERSION, false, offsetof(fp_threshold, below), NULL},
    {"source", FP_FIELD_TEXT, true, offsetof(fp_threshold, source), NULL},
    {"certainty", FP_FIELD_WORD, true, offsetof(fp_threshold, certainty), fp_certainty_words},
};

/* ---- reading ---- */

static bool has(const fp_version *bound)
{
    return bound->count > 0;
}

static void check_bounds(fp_form *form, const fp_place *at, const fp_threshold *t)
{
    const fp_version *bounds[] = {&t->at_least, &t->below};
    if (!has(&t->at_least) && !has(&t->below))
        fp_form_tell(form, FP_LINT_RANGE, at, "needs \"at_least\", \"below\" or both");
    if (has(&t->at_least) && has(&t->below) && fp_version_compare(&t->at_least, &t->below) >= 0)
        fp_form_tell(form, FP_LINT_RANGE, at, "no version is in this range");
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
        if (has(bounds[i]) && !fp_version_begins(bounds[i], &t->branch))
            fp_form_tell(form, FP_LINT_RANGE, at,
                         "\"%s\" lies outside the branch, within which alone it counts",
                         i == 0 ? "at_least" : "below");
}

/* Of two overlapping branches it would depend on chance which one a version belongs to. */
static void check_pair(fp_form *form, const fp_place *at, const fp_threshold *a,
                       const fp_threshold *b)
{
    const bool same =
        fp_version_compare(&a->branch, &b->branch) == 0 && has(&a->branch) == has(&b->branch);
    const bool overlap =
        fp_version_begins(&a->branch, &b->branch) || fp_version_begins(&b->branch, &a->branch);
    if (!same && overlap)
        fp_form_tell(form, FP_LINT_RANGE, at, "its branch overlaps that of another threshold");
    if (same && fp_str_eq(a->source, b->source))
        fp_form_tell(form, FP_LINT_RANGE, at,
                     "two thresholds of one branch must come from two sources");
}

void fp_thresholds_read(fp_form *form, const fp_place *at, const fp_json *json, fp_thresholds *out)
{
    const size_t count = fp_json_size(json);
    if (count == 0 || count > FP_THRESHOLDS_MAX) {
        fp_form_error(form, at, "must hold 1 to %d thresholds", FP_THRESHOLDS_MAX);
        return;
    }
    out->at = fp_arena_alloc_array(form->arena, count, sizeof *out->at);
    if (out->at == NULL) {
        form->no_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const fp_place here = fp_place_index(at, i);
        fp_threshold *t = &out->at[out->count];
        if (!fp_form_read(form, &here, fp_json_at(json, i), FP_FIELDS(threshold_fields), t))
            continue;
        check_bounds(form, &here, t);
        if (fp_certainty_is_doubtful(t->certainty))
            fp_form_tell(form, FP_LINT_UNCONFIRMED, &here, FP_WARN_UNCONFIRMED);
        for (size_t k = 0; k < out->count; k++)
            check_pair(form, &here, &out->at[k], t);
        out->count++;
    }
}

/* ---- asking ---- */

static bool holds(const fp_threshold *t, const fp_version *version)
{
    return (!has(&t->at_least) || fp_version_compare(version, &t->at_least) >= 0) &&
           (!has(&t->below) || fp_version_compare(version, &t->below) < 0);
}

static void observe(const fp_test_context *context, const fp_threshold *t,
                    const fp_version *version, fp_origin origin, fp_test_result *out)
{
    char asked[FP_VERSION_TEXT_SIZE], low[FP_VERSION_TEXT_SIZE], high[FP_VERSION_TEXT_SIZE];
    fp_observe(&out->observations, context->arena, origin, "%s is %s %s%s%s%s (%.*s; %s)",
               fp_version_format(version, asked), holds(t, version) ? "in" : "not in",
               has(&t->at_least) ? "at least " : "", fp_version_format(&t->at_least, low),
               has(&t->below) ? (has(&t->at_least) ? " and below " : "below ") : "",
               fp_version_format(&t->below, high), FP_STR_ARG(t->source),
               fp_certainty_words[t->certainty - 1]);
}

fp_tri fp_thresholds_ask(const fp_thresholds *thresholds, const fp_version *version,
                         const fp_test_context *context, fp_origin origin, fp_test_result *out)
{
    size_t asked = 0;
    size_t held = 0;
    for (size_t i = 0; i < thresholds->count; i++) {
        const fp_threshold *t = &thresholds->at[i];
        if (!fp_version_begins(version, &t->branch))
            continue;
        asked++;
        held += holds(t, version);
        observe(context, t, version, origin, out);
        if (fp_certainty_is_doubtful(t->certainty))
            out->unconfirmed = t->source;
    }
    if (asked > 0 && (held == 0 || held == asked))
        return fp_tri_of(held > 0);

    char text[FP_VERSION_TEXT_SIZE];
    if (asked == 0)
        fp_observe(&out->observations, context->arena, origin,
                   "%s is of a branch for which no threshold is published",
                   fp_version_format(version, text));
    fp_test_doubt(out, asked == 0 ? FP_WHY_INCOMPLETE : FP_WHY_CONFLICTING);
    return FP_UNKNOWN;
}

/* ---- claiming ---- */

/* The first version behind all that begin with `branch`; none: there is no end. */
static fp_version behind(const fp_version *branch)
{
    fp_version next = *branch;
    while (next.count > 0 && next.part[next.count - 1] == UINT32_MAX)
        next.part[--next.count] = 0;
    if (next.count > 0)
        next.part[next.count - 1]++;
    return next;
}

static bool same_branch(const fp_threshold *a, const fp_threshold *b)
{
    return has(&a->branch) == has(&b->branch) && fp_version_compare(&a->branch, &b->branch) == 0;
}

static bool is_first_of_branch(const fp_thresholds *thresholds, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (same_branch(&thresholds->at[i], &thresholds->at[index]))
            return false;
    return true;
}

/* Of this branch, and on one side of all its thresholds: `side` is WITHIN or OUTSIDE. */
static fp_claim *on_side(fp_claims *c, const fp_thresholds *thresholds, size_t first, fp_look look,
                         fp_claim_kind side)
{
    const fp_threshold *branch = &thresholds->at[first];
    fp_claim *all = fp_claim_new(c, FP_CLAIM_ALL);
    if (has(&branch->branch)) {
        const fp_version end = behind(&branch->branch);
        fp_claim_add(all, fp_claim_range(c, FP_CLAIM_WITHIN, look, &branch->branch, &end));
    }
    for (size_t i = first; i < thresholds->count; i++) {
        const fp_threshold *t = &thresholds->at[i];
        if (same_branch(t, branch))
            fp_claim_add(all, fp_claim_range(c, side, look, &t->at_least, &t->below));
    }
    return all;
}

fp_claim *fp_thresholds_claim(fp_claims *c, const fp_thresholds *thresholds, fp_look look)
{
    fp_claim *yes = fp_claim_new(c, FP_CLAIM_ANY);
    fp_claim *no = fp_claim_new(c, FP_CLAIM_ANY);
    for (size_t i = 0; i < thresholds->count; i++) {
        if (!is_first_of_branch(thresholds, i))
            continue;
        fp_claim_add(yes, on_side(c, thresholds, i, look, FP_CLAIM_WITHIN));
        fp_claim_add(no, on_side(c, thresholds, i, look, FP_CLAIM_OUTSIDE));
    }
    return fp_claim_answer(c, yes, no);
}
