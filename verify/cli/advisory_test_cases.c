/* SPDX-License-Identifier: MIT */
/*
 * `fixproof advisory test [FILE|ID...]`: tries the cases that lie beside an advisory, in
 * <id>/cases/ of its folder, and tells what of it no case reaches.
 */
#include "verify/cli/advisory_verbs.h"
#include "verify/decide/trial_run.h"

#include <string.h>

enum { CASE_MEMORY = 32 * 1024 * 1024 };

typedef struct tried_case {
    const char *path;
    fp_str about;
    fp_trial_problems problems; /* not as expected */
    size_t errors;              /* in the case itself; in `problems` too, with their place */
} tried_case;

typedef struct tried { /* one advisory */
    const fp_data_source *source;
    tried_case *cases;
    size_t count, passed, broken;
    fp_coverage coverage;
} tried;

/* ---- trying ---- */

typedef struct listener {
    fp_arena *arena;
    tried_case *c;
    bool no_memory;
} listener;

static void hear(void *context, const fp_lint *lint)
{
    listener *l = context;
    fp_trial_problems *p = &l->c->problems;
    fp_str *all = fp_arena_grow(l->arena, p->at, p->count, &p->capacity, sizeof *all);
    const char *text = fp_arena_printf(l->arena, "%llu:%llu: %.*s", (unsigned long long)lint->line,
                                       (unsigned long long)lint->column, FP_STR_ARG(lint->message));
    if (all == NULL || text == NULL) {
        l->no_memory = true;
        return;
    }
    p->at = all;
    p->at[p->count++] = fp_str_of(text);
    l->c->errors++;
}

static fp_status try_text(fp_advisory_request *r, tried *t, tried_case *c, fp_arena *arena,
                          fp_diag *d)
{
    fp_span text;
    const fp_trial *trial;
    listener l = {r->arena, c, false};
    fp_status status = fp_data_read_file(c->path, FP_TRIAL_SIZE_MAX, arena, &text, d);
    if (status == FP_OK)
        status = fp_trial_read(text, arena, hear, &l, &trial, d);
    if (l.no_memory)
        return FP_NOMEM;
    if (status == FP_OK)
        status = fp_str_dup(r->arena, trial->about, &c->about);
    if (status == FP_OK)
        status = fp_trial_run(trial, t->source->advisory, r->data.releases, r->arena, &t->coverage,
                              &c->problems, d);
    return status;
}

/* What is wrong with a case is told with the others; only what ends the run has an exit status. */
static int try_case(fp_advisory_request *r, tried *t, tried_case *c)
{
    fp_diag d = {0};
    fp_arena *arena = fp_arena_new(CASE_MEMORY);
    const fp_status status = arena == NULL ? FP_NOMEM : try_text(r, t, c, arena, &d);
    fp_arena_free(arena);
    if (status == FP_OK) {
        t->passed += c->problems.count == 0;
        return 0;
    }
    if (status == FP_FORMAT && c->errors > 0) {
        t->broken++;
        return 0;
    }
    if (status == FP_NOMEM)
        fp_console_error(c->path, "out of memory");
    else
        fp_console_diag(c->path, &d);
    return status == FP_IO ? FP_EXIT_NOINPUT : (int)fp_console_exit_of(status);
}

static const char *cases_folder(fp_advisory_request *r, const fp_data_source *source)
{
    const char *slash = strrchr(source->path, '/');
    const fp_str folder =
        slash == NULL ? FP_STR(".") : (fp_str){source->path, (size_t)(slash - source->path)};
    return fp_arena_printf(r->arena, "%.*s/%.*s/cases", FP_STR_ARG(folder),
                           FP_STR_ARG(source->advisory->id));
}

static int try_advisory(fp_advisory_request *r, const fp_data_source *source, tried *out)
{
    const char *const *paths = NULL;
    *out = (tried){.source = source};
    const char *folder = cases_folder(r, source);
    if (folder == NULL || fp_coverage_new(source->advisory, r->arena, &out->coverage) != FP_OK)
        return fp_console_out_of_memory();
    int exit_status = fp_data_list_cases(folder, r->arena, &paths, &out->count);
    if (exit_status != 0)
        return exit_status;
    out->cases = fp_arena_alloc_array(r->arena, out->count + 1, sizeof *out->cases);
    if (out->cases == NULL)
        return fp_console_out_of_memory();
    for (size_t i = 0; exit_status == 0 && i < out->count; i++) {
        out->cases[i].path = paths[i];
        exit_status = try_case(r, out, &out->cases[i]);
    }
    return exit_status;
}

static bool is_good(const tried *t)
{
    return t->passed == t->count &&
           fp_coverage_rules(&t->coverage) == t->source->advisory->rule_count;
}

typedef struct trials {
    const tried *at;
    size_t count;
} trials;

/* ---- as text ---- */

static void print_problems(fp_page *p, const tried_case *c)
{
    if (c->problems.count == 0)
        return;
    fp_page_putf(p,
                 (fp_lead){.first = "  ", .mark = "FAILED", .mark_width = 8, .tone = FP_TONE_BAD},
                 "%s%s%s", fp_page_clean(p, fp_str_of(c->path)), c->about.size > 0 ? ": " : "",
                 fp_page_clean(p, c->about));
    for (size_t i = 0; i < c->problems.count; i++)
        fp_page_put(p, (fp_lead){.first = "    "}, c->problems.at[i]);
}

/* Answers that no case has, as "never TRUE: a, b". */
static void print_answers(fp_page *p, const tried *t, fp_tri answer, const char *words)
{
    const fp_advisory *a = t->source->advisory;
    const char *names = "";
    for (size_t i = 0; i < a->test_count; i++)
        if (!t->coverage.answers[i][answer])
            names = fp_page_format(p, "%s%s%s", names, *names != '\0' ? ", " : "",
                                   fp_page_clean(p, a->tests[i].name));
    if (*names != '\0')
        fp_page_putf(p, (fp_lead){.first = "  "}, "tests that are never %s: %s", words, names);
}

static void print_coverage(fp_page *p, const tried *t)
{
    const fp_advisory *a = t->source->advisory;
    for (size_t i = 0; i < a->rule_count; i++)
        if (!t->coverage.rules[i])
            fp_page_putf(
                p, (fp_lead){.first = "  ", .next = "    "}, "no case reaches rule %zu: %s (%s)",
                i + 1, fp_verdict_name(a->rules[i].verdict), fp_page_clean(p, a->rules[i].reason));
    for (unsigned v = FP_AFFECTED; v < FP_VERDICTS; v++)
        if ((t->coverage.verdicts & fp_verdict_bit((fp_verdict)v)) == 0)
            fp_page_putf(p, (fp_lead){.first = "  "}, "no case is %s",
                         fp_verdict_name((fp_verdict)v));
    print_answers(p, t, FP_TRUE, "true");
    print_answers(p, t, FP_FALSE, "false");
    print_answers(p, t, FP_UNKNOWN, "unknown");
}

static void write_text(fp_advisory_request *r, const void *found, fp_out *out)
{
    const trials *all = found;
    fp_page p = {.out = out, .arena = r->arena, .style = &r->style};
    for (size_t i = 0; i < all->count; i++) {
        const tried *t = &all->at[i];
        const fp_advisory *a = t->source->advisory;
        fp_page_putf(&p,
                     (fp_lead){.mark = fp_page_clean(&p, a->id),
                               .mark_width = 2 + fp_text_columns(a->id),
                               .tone = FP_TONE_STRONG},
                     "%zu of %zu case%s as expected, %zu of %zu rule%s reached", t->passed,
                     t->count, fp_plural(t->count), fp_coverage_rules(&t->coverage), a->rule_count,
                     fp_plural(a->rule_count));
        for (size_t k = 0; k < t->count; k++)
            print_problems(&p, &t->cases[k]);
        if (!fp_option_is_given(r->options, FP_OPT_QUIET) || !is_good(t))
            print_coverage(&p, t);
    }
    out->failed = out->failed || p.failed;
}

/* ---- as JSON ---- */

static fp_json *case_node(const tried_case *c, bool *good)
{
    fp_json *node = fp_json_new_object();
    fp_json *problems = fp_json_new_array();
    for (size_t i = 0; i < c->problems.count; i++)
        *good &= fp_json_add(problems, fp_json_new_string(c->problems.at[i]));
    *good &= fp_json_put(node, "file", fp_json_new_string(fp_str_of(c->path)));
    *good &= fp_json_put(node, "about", fp_json_new_string(c->about));
    *good &= fp_json_put(node, "passed", fp_json_new_bool(c->problems.count == 0));
    *good &= fp_json_put(node, "problems", problems);
    return node;
}

static fp_json *rules_node(const tried *t, bool *good)
{
    fp_json *list = fp_json_new_array();
    for (size_t i = 0; i < t->source->advisory->rule_count; i++) {
        const fp_rule *rule = &t->source->advisory->rules[i];
        fp_json *node = fp_json_new_object();
        *good &= fp_json_put(node, "reason", fp_json_new_string(rule->reason));
        *good &= fp_json_put(node, "verdict",
                             fp_json_new_string(fp_str_of(fp_verdict_name(rule->verdict))));
        *good &= fp_json_put(node, "reached", fp_json_new_bool(t->coverage.rules[i]));
        *good &= fp_json_add(list, node);
    }
    return list;
}

static fp_json *tests_node(const tried *t, bool *good)
{
    static const fp_tri answers[] = {FP_TRUE, FP_FALSE, FP_UNKNOWN};
    fp_json *list = fp_json_new_array();
    for (size_t i = 0; i < t->source->advisory->test_count; i++) {
        fp_json *node = fp_json_new_object();
        *good &= fp_json_put(node, "test", fp_json_new_string(t->source->advisory->tests[i].name));
        for (size_t k = 0; k < sizeof answers / sizeof *answers; k++)
            *good &= fp_json_put(node, fp_tri_name(answers[k]),
                                 fp_json_new_bool(t->coverage.answers[i][answers[k]]));
        *good &= fp_json_add(list, node);
    }
    return list;
}

static fp_json *verdicts_node(const tried *t, bool *good)
{
    fp_json *list = fp_json_new_array();
    for (unsigned v = 0; v < FP_VERDICTS; v++)
        if (v == FP_UNDETERMINED ? t->coverage.undetermined
                                 : (t->coverage.verdicts & fp_verdict_bit((fp_verdict)v)) != 0)
            *good &=
                fp_json_add(list, fp_json_new_string(fp_str_of(fp_verdict_name((fp_verdict)v))));
    return list;
}

static fp_json *advisory_node(const tried *t, bool *good)
{
    fp_json *node = fp_json_new_object();
    fp_json *cases = fp_json_new_array();
    for (size_t i = 0; i < t->count; i++)
        *good &= fp_json_add(cases, case_node(&t->cases[i], good));
    *good &= fp_json_put(node, "advisory", fp_json_new_string(t->source->advisory->id));
    *good &= fp_json_put(node, "file", fp_json_new_string(fp_str_of(t->source->path)));
    *good &= fp_json_put(node, "passed", fp_json_new_bool(is_good(t)));
    *good &= fp_json_put(node, "cases", cases);
    *good &= fp_json_put(node, "rules", rules_node(t, good));
    *good &= fp_json_put(node, "tests", tests_node(t, good));
    *good &= fp_json_put(node, "verdicts", verdicts_node(t, good));
    return node;
}

static void write_json(fp_advisory_request *r, const void *found, fp_out *out)
{
    (void)r;
    const trials *all = found;
    bool good = true;
    fp_json *root = fp_json_new_object();
    fp_json *list = fp_json_new_array();
    for (size_t i = 0; i < all->count; i++)
        good &= fp_json_add(list, advisory_node(&all->at[i], &good));
    good &= fp_json_put(root, "schema", fp_json_new_string(FP_STR("fixproof/advisory-test/v1")));
    good &= fp_json_put(root, "tool", fp_advisory_tool(&good));
    good &= fp_json_put(root, "advisories", list);
    fp_advisory_put_json(root, good, out);
}

/* ---- */

static int load(fp_advisory_request *r, fp_data_source **sources, size_t *count)
{
    const size_t named = r->options->operand_count - 1;
    int exit_status = fp_data_load_releases(&r->data, r->arena);
    if (exit_status == 0 && named == 0) {
        exit_status = fp_data_load_advisories(&r->data, r->options, r->arena);
        *sources = r->data.sources;
        *count = r->data.count;
        return exit_status;
    }
    *sources = fp_arena_alloc_array(r->arena, named + 1, sizeof **sources);
    if (*sources == NULL)
        return fp_console_out_of_memory();
    for (*count = 0; exit_status == 0 && *count < named; ++*count)
        exit_status = fp_data_load_advisory(&r->data, r->options->operands[*count + 1], r->arena,
                                            &(*sources)[*count]);
    return exit_status;
}

int fp_advisory_test_cases(fp_advisory_request *r)
{
    static const fp_advisory_writer writers[] = {
        {"text", write_text}, {"json", write_json}, {NULL, NULL}};
    fp_data_source *sources = NULL;
    size_t count = 0;
    int exit_status = load(r, &sources, &count);
    tried *all = exit_status == 0 ? fp_arena_alloc_array(r->arena, count + 1, sizeof *all) : NULL;
    if (exit_status == 0 && all == NULL)
        return fp_console_out_of_memory();
    for (size_t i = 0; exit_status == 0 && i < count; i++)
        exit_status = try_advisory(r, &sources[i], &all[i]);
    if (exit_status != 0)
        return exit_status;

    for (size_t i = 0; i < count; i++) {
        if (all[i].broken > 0)
            exit_status = FP_EXIT_DATA;
        else if (!is_good(&all[i]) && exit_status == 0)
            exit_status = FP_EXIT_AFFECTED;
    }
    const trials found = {all, count};
    const int written = fp_advisory_write(r, writers, &found);
    return written != 0 ? written : exit_status;
}
