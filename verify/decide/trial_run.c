/* SPDX-License-Identifier: MIT */
#include "verify/decide/trial_run.h"

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

static fp_status prepare(const run *r, size_t without, hand_in *out)
{
    const fp_trial *t = r->trial;
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
            return fp_fail(r->d, FP_IO, "case", 0, "%s", strerror(error));
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
    fp_status status = prepare(r, without, &h);
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

static bool is_among(const fp_trial *t, fp_str name)
{
    for (size_t i = 0; i < t->missing_count; i++)
        if (fp_str_eq(t->missing[i], name))
            return true;
    return false;
}

/* The first to collect first, the others in any order. */
static bool misses_as_expected(const fp_trial *t, const fp_result *result)
{
    bool same = t->missing_count == result->missing_count;
    for (size_t i = 0; same && i < result->missing_count; i++)
        same = is_among(t, result->missing[i].test->name);
    return same &&
           (result->missing_count == 0 || fp_str_eq(t->missing[0], result->missing[0].test->name));
}

static fp_status compare_missing(const run *r, const fp_result *result)
{
    enum { NAMES_MAX = 300 };
    char names[NAMES_MAX] = "none";
    size_t size = 0;
    if (misses_as_expected(r->trial, result))
        return FP_OK;
    for (size_t i = 0; i < result->missing_count && size < NAMES_MAX; i++)
        size += (size_t)snprintf(names + size, NAMES_MAX - size, "%s%.*s", i > 0 ? " " : "",
                                 FP_STR_ARG(result->missing[i].test->name));
    return add_problem(r, "missing: %s", names);
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
    return status == FP_OK ? compare_missing(r, result) : status;
}

/* ---- promise 3: a verdict that was given still stands when more evidence comes ---- */

static bool is_definite(fp_verdict_set set)
{
    return set != 0 && (set & (set - 1)) == 0;
}

static fp_status open_verdicts(const run *r, size_t without, fp_verdict_set *out)
{
    answer a;
    const fp_status status = decide(r, without, true, &a);
    *out = status == FP_OK && a.usable ? a.result.possible : 0;
    fp_case_free(a.c);
    return status;
}

static fp_status leave_each_out(const run *r)
{
    const fp_trial *t = r->trial;
    const size_t pieces = t->item_count + t->file_count + t->catalog_count;
    fp_verdict_set all;
    if (pieces < 2 || t->declared_count > 0)
        return FP_OK;
    fp_status status = open_verdicts(r, LEAVE_NOTHING_OUT, &all);
    for (size_t i = 0; status == FP_OK && i < pieces; i++) {
        fp_verdict_set part;
        char got[64], whole[64];
        status = open_verdicts(r, i, &part);
        if (status == FP_OK && is_definite(part) && (part & all) == 0)
            status = add_problem(
                r, "without %s the verdict is %s, with it %s: what is not there proves nothing",
                i < t->item_count ? t->items[i].name : "one of the files or catalogues",
                set_words(part, got), set_words(all, whole));
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

/* Depth is bounded by FP_CRITERIA_DEPTH_MAX. */
static void cover_tests(fp_coverage *coverage, const fp_because *b)
{
    if (b->kind == FP_CRITERIA_TEST)
        coverage->answers[b->test - coverage->advisory->tests][b->result] = true;
    for (size_t i = 0; i < b->child_count; i++)
        cover_tests(coverage, &b->children[i]);
}

static void cover(fp_coverage *coverage, const fp_result *result)
{
    if (result->deciding < result->rule_count)
        coverage->rules[result->deciding] = true;
    for (size_t i = 0; i < result->rule_count; i++)
        cover_tests(coverage, &result->rules[i].because);
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
