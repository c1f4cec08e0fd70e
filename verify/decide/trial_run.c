/* SPDX-License-Identifier: MIT */
#include "verify/decide/trial_run.h"

#include "verify/decide/checklist.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct run {
    const fp_trial *trial;
    const fp_advisory *advisory;
    const fp_releases *releases;
    fp_arena *arena;
    fp_trial_problems *problems;
    fp_diag *d;
} run;

static fp_status add_problem(const run *r, const char *format, ...) FP_PRINTF(2, 3);
static fp_status add_problem(const run *r, const char *format, ...)
{
    enum { PROBLEM_MAX = 600 };
    char text[PROBLEM_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fp_trial_problems *p = r->problems;
    fp_str *all = fp_arena_grow(r->arena, p->at, p->count, &p->capacity, sizeof *all);
    if (all == NULL || fp_str_dup(r->arena, fp_str_of(text), &all[p->count]) != FP_OK)
        return fp_fail(r->d, FP_NOMEM, "case", 0, "out of memory");
    p->at = all;
    p->count++;
    return FP_OK;
}

/* ---- evidence ---- */

#define LEAVE_NOTHING_OUT SIZE_MAX

typedef struct hand_in { /* what is handed in: all of the trial, or all but one piece */
    fp_case_input inputs[FP_TRIAL_ITEMS_MAX];
    size_t input_count;
    fp_described_file files[FP_TRIAL_FILES_MAX];
    size_t file_count;
    fp_described_catalog catalogs[FP_TRIAL_CATALOGS_MAX];
    size_t catalog_count;
} hand_in;

static bool write_all(int fd, fp_str bytes)
{
    while (bytes.size > 0) {
        const ssize_t n = write(fd, bytes.data, bytes.size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = (fp_str){bytes.data + n, bytes.size - (size_t)n};
    }
    return true;
}

static void put_away(hand_in *h)
{
    for (size_t i = 0; i < h->input_count; i++)
        (void)close(h->inputs[i].fd);
    h->input_count = 0;
}

static fp_status prepare(const fp_trial *t, size_t without, hand_in *out, fp_diag *d)
{
    *out = (hand_in){.input_count = 0};
    for (size_t i = 0; i < t->item_count; i++) {
        if (i == without)
            continue;
        const int fd = memfd_create("case", MFD_CLOEXEC);
        if (fd >= 0)
            out->inputs[out->input_count++] = (fp_case_input){.fd = fd, .name = t->items[i].name};
        if (fd < 0 || !write_all(fd, t->items[i].content) || lseek(fd, 0, SEEK_SET) != 0) {
            const int error = errno;
            put_away(out);
            return fp_fail(d, FP_IO, "case", 0, "%s", strerror(error));
        }
    }
    for (size_t i = 0; i < t->file_count; i++)
        if (t->item_count + i != without)
            out->files[out->file_count++] = t->files[i];
    for (size_t i = 0; i < t->catalog_count; i++)
        if (t->item_count + t->file_count + i != without)
            out->catalogs[out->catalog_count++] = t->catalogs[i];
    return FP_OK;
}

fp_status fp_trial_open(const fp_trial *trial, fp_case_options *options, fp_case **out, fp_diag *d)
{
    hand_in h;
    fp_status status = prepare(trial, LEAVE_NOTHING_OUT, &h, d);
    if (status != FP_OK)
        return status;
    options->declared = trial->declared;
    options->declared_count = trial->declared_count;
    options->described = trial->files;
    options->described_count = trial->file_count;
    options->described_catalogs = trial->catalogs;
    options->described_catalog_count = trial->catalog_count;
    status = fp_case_open(h.inputs, h.input_count, options, out, d);
    put_away(&h);
    return status;
}

/* What is asked of a case, and the answer; `c` is freed by the caller, and the result lives in it.
 */
typedef struct answer {
    fp_case *c;
    fp_result result;
    bool usable; /* the evidence can carry a verdict */
} answer;

static fp_status decide(const run *r, size_t without, bool strict, answer *out)
{
    const fp_trial *t = r->trial;
    hand_in h;
    *out = (answer){.c = NULL};
    fp_status status = prepare(t, without, &h, r->d);
    if (status != FP_OK)
        return status;
    const fp_case_options options = {.advisories = &r->advisory,
                                     .advisory_count = 1,
                                     .releases = r->releases,
                                     .declared = t->declared,
                                     .declared_count = t->declared_count,
                                     .described = h.files,
                                     .described_count = h.file_count,
                                     .described_catalogs = h.catalogs,
                                     .described_catalog_count = h.catalog_count};
    const fp_assess_options how = {.strict = strict, .since = t->confirm ? t->since : FP_TIME_NONE};
    fp_diag why = {0};
    status = fp_case_open(h.inputs, h.input_count, &options, &out->c, &why);
    put_away(&h);
    if (status == FP_NOMEM)
        return fp_fail(r->d, FP_NOMEM, "case", 0, "out of memory");
    out->usable = status == FP_OK && !out->c->host_conflict && fp_case_usable(out->c);
    if (!out->usable)
        return FP_OK;
    if (fp_assess(out->c, &options, 0, &how, &out->result) == FP_OK)
        return FP_OK;
    fp_case_free(out->c);
    out->c = NULL;
    return fp_fail(r->d, FP_NOMEM, "case", 0, "out of memory");
}

/* ---- against the expectation ---- */

static const char *set_words(fp_verdict_set set, char out[64])
{
    size_t size = 0;
    out[0] = '\0';
    for (unsigned v = FP_AFFECTED; v < FP_VERDICTS; v++)
        if ((set & fp_verdict_bit((fp_verdict)v)) != 0)
            size += (size_t)snprintf(out + size, 64 - size, "%s%s", size > 0 ? " " : "",
                                     fp_verdict_name((fp_verdict)v));
    return size > 0 ? out : "nothing";
}

static bool is_among(const fp_trial_names *names, fp_str name)
{
    return fp_str_index(name, names->at, names->count) < names->count;
}

enum { NAMES_SHOWN = 300 /* bytes */ };

/* Adds a name to a list in words; what is more than fits is left out. */
static void add_name(char list[NAMES_SHOWN], fp_str name)
{
    const size_t size = strlen(list);
    (void)snprintf(list + size, NAMES_SHOWN - size, "%s%.*s", size > 0 ? " " : "",
                   FP_STR_ARG(name));
}

/* The first to collect first, the others in any order. */
static bool misses_as_expected(const fp_trial *t, const fp_result *result)
{
    bool same = t->missing.count == result->missing_count;
    for (size_t i = 0; same && i < result->missing_count; i++)
        same = is_among(&t->missing, result->missing[i].test->name);
    return same && (result->missing_count == 0 ||
                    fp_str_eq(t->missing.at[0], result->missing[0].test->name));
}

static fp_status compare_missing(const run *r, const fp_result *result)
{
    char names[NAMES_SHOWN] = "";
    if (misses_as_expected(r->trial, result))
        return FP_OK;
    for (size_t i = 0; i < result->missing_count; i++)
        add_name(names, result->missing[i].test->name);
    return add_problem(r, "missing: %s", *names != '\0' ? names : "none");
}

/* The items that are so, against those that are expected to be. */
static fp_status compare_ticks(const run *r, const fp_result *result, fp_tick tick)
{
    const fp_trial_names *expected = &r->trial->checklist[tick];
    char names[NAMES_SHOWN] = "";
    size_t count = 0;
    bool same = true;
    if (!expected->given)
        return FP_OK;
    for (size_t i = 0; i < result->advisory->checklist_count; i++) {
        const fp_checked *checked = &result->checklist[i];
        if (checked->is != tick)
            continue;
        count++;
        same = same && is_among(expected, checked->item->name);
        add_name(names, checked->item->name);
    }
    if (same && count == expected->count)
        return FP_OK;
    return add_problem(r, "checklist %s: %s", fp_tick_name(tick), count > 0 ? names : "none");
}

static fp_status compare_checklist(const run *r, const fp_result *result)
{
    fp_status status = FP_OK;
    for (unsigned tick = 0; status == FP_OK && tick < FP_TICKS; tick++)
        status = compare_ticks(r, result, (fp_tick)tick);
    return status;
}

static fp_status compare(const run *r, const fp_result *result)
{
    const fp_trial *t = r->trial;
    char got[64], expected[64];
    fp_status status = FP_OK;
    if (result->verdict != t->verdict)
        status = add_problem(r, "verdict: %s, expected %s", fp_verdict_name(result->verdict),
                             fp_verdict_name(t->verdict));
    if (status == FP_OK && !fp_str_eq(result->reason, t->reason))
        status = add_problem(r, "reason: %.*s, expected %.*s", FP_STR_ARG(result->reason),
                             FP_STR_ARG(t->reason));
    if (status == FP_OK && result->verdict == t->verdict && result->possible != t->possible)
        status = add_problem(r, "possible: %s, expected %s", set_words(result->possible, got),
                             set_words(t->possible, expected));
    if (status == FP_OK && t->assurance.size > 0 && !fp_str_eq(result->assurance, t->assurance))
        status = add_problem(r, "assurance: %.*s, expected %.*s", FP_STR_ARG(result->assurance),
                             FP_STR_ARG(t->assurance));
    if (status == FP_OK && t->counts_caveats && result->caveat_count != t->caveats)
        status = add_problem(r, "caveats: %zu, expected %llu", result->caveat_count,
                             (unsigned long long)t->caveats);
    if (status == FP_OK)
        status = compare_missing(r, result);
    return status == FP_OK ? compare_checklist(r, result) : status;
}

/* ---- promise 3: a verdict that was given still stands when more evidence comes ---- */

static bool is_definite(fp_verdict_set set)
{
    return set != 0 && (set & (set - 1)) == 0;
}

typedef struct standing { /* what is said of some of the evidence */
    fp_verdict_set open;
    fp_tick ticks[FP_FORM_ITEMS_MAX];
} standing;

static fp_status stand(const run *r, size_t without, standing *out)
{
    answer a;
    const fp_status status = decide(r, without, true, &a);
    *out = (standing){.open = 0};
    if (status == FP_OK && a.usable) {
        out->open = a.result.possible;
        for (size_t i = 0; i < r->advisory->checklist_count; i++)
            out->ticks[i] = a.result.checklist[i].is;
    }
    fp_case_free(a.c);
    return status;
}

/* An item that is ticked with some of the evidence and failed with all of it, or the reverse. */
static const fp_checklist_item *turned(const run *r, const standing *part, const standing *all)
{
    for (size_t i = 0; i < r->advisory->checklist_count; i++)
        if ((part->ticks[i] == FP_TICK_TICKED && all->ticks[i] == FP_TICK_FAILED) ||
            (part->ticks[i] == FP_TICK_FAILED && all->ticks[i] == FP_TICK_TICKED))
            return &r->advisory->checklist[i];
    return NULL;
}

static fp_status compare_part(const run *r, const char *left_out, const standing *part,
                              const standing *all)
{
    char got[64], whole[64];
    const fp_checklist_item *item = turned(r, part, all);
    if (is_definite(part->open) && (part->open & all->open) == 0)
        return add_problem(
            r, "without %s the verdict is %s, with it %s: what is not there proves nothing",
            left_out, set_words(part->open, got), set_words(all->open, whole));
    if (item != NULL)
        return add_problem(r, "without %s the item %.*s is the reverse of what it is with it",
                           left_out, FP_STR_ARG(item->name));
    return FP_OK;
}

static fp_status leave_each_out(const run *r)
{
    const fp_trial *t = r->trial;
    const size_t pieces = t->item_count + t->file_count + t->catalog_count;
    standing all;
    standing part;
    if (pieces < 2 || t->declared_count > 0)
        return FP_OK;
    fp_status status = stand(r, LEAVE_NOTHING_OUT, &all);
    for (size_t i = 0; status == FP_OK && i < pieces; i++) {
        status = stand(r, i, &part);
        if (status == FP_OK)
            status = compare_part(
                r, i < t->item_count ? t->items[i].name : "one of the files or catalogues", &part,
                &all);
    }
    return status;
}

/* ---- coverage ---- */

fp_status fp_coverage_new(const fp_advisory *advisory, fp_arena *arena, fp_coverage *out)
{
    *out = (fp_coverage){.advisory = advisory};
    out->rules = fp_arena_alloc_array(arena, advisory->rule_count + 1, sizeof *out->rules);
    out->answers = fp_arena_alloc_array(arena, advisory->test_count + 1, sizeof *out->answers);
    return out->rules == NULL || out->answers == NULL ? FP_NOMEM : FP_OK;
}

size_t fp_coverage_rules(const fp_coverage *coverage)
{
    size_t count = 0;
    for (size_t i = 0; i < coverage->advisory->rule_count; i++)
        count += coverage->rules[i];
    return count;
}

static void cover(fp_coverage *coverage, const fp_result *result)
{
    if (result->deciding < result->rule_count)
        coverage->rules[result->deciding] = true;
    for (size_t i = 0; i < coverage->advisory->test_count; i++)
        coverage->answers[i][result->answers[i].is] = true;
    if (result->verdict == FP_UNDETERMINED)
        coverage->undetermined = true;
    else
        coverage->verdicts |= fp_verdict_bit(result->verdict);
}

/* ---- */

fp_status fp_trial_run(const fp_trial *trial, const fp_advisory *advisory,
                       const fp_releases *releases, fp_arena *arena, fp_coverage *coverage,
                       fp_trial_problems *problems, fp_diag *d)
{
    const run r = {trial, advisory, releases, arena, problems, d};
    answer a;
    fp_status status = decide(&r, LEAVE_NOTHING_OUT, trial->confirm, &a);
    if (status == FP_OK && !a.usable)
        status = add_problem(&r, "the evidence carries no verdict");
    else if (status == FP_OK)
        status = compare(&r, &a.result);
    if (status == FP_OK && a.usable)
        cover(coverage, &a.result);
    fp_case_free(a.c);
    return status == FP_OK ? leave_each_out(&r) : status;
}
