/* SPDX-License-Identifier: MIT */
/* `fixproof advisory lint FILE...`: every error and warning of every file. */
#include "verify/cli/advisory_lint.h"

#include <string.h>

static bool is_before(const fp_lint *a, const fp_lint *b)
{
    return a->line != b->line ? a->line < b->line : a->column < b->column;
}

/* In the order of the document, as whoever mends it goes through it. They are FP_FORM_ERRORS_MAX of
 * each kind at most. */
static void keep(fp_linted *l, const fp_lint *f)
{
    fp_lint kept = *f;
    fp_lint *all = fp_arena_grow(l->arena, l->findings, l->count, &l->capacity, sizeof *all);
    if (all == NULL || fp_str_dup(l->arena, f->path, &kept.path) != FP_OK ||
        fp_str_dup(l->arena, f->message, &kept.message) != FP_OK) {
        l->no_memory = true;
        return;
    }
    l->findings = all;
    size_t at = l->count++;
    for (; at > 0 && is_before(&kept, &all[at - 1]); at--)
        all[at] = all[at - 1];
    all[at] = kept;
    l->errors += f->error;
    l->warnings += !f->error;
}

static void hear(void *context, const fp_lint *lint)
{
    keep(context, lint);
}

/* A file that cannot be opened is told on standard error, like any input; the others are linted all
 * the same. */
static void lint_file(fp_advisory_request *r, fp_linted *l)
{
    fp_diag d = {0};
    fp_data_source source;
    const fp_status status = fp_data_read_advisory(l->path, r->arena, hear, l, &source, &d);
    if (status == FP_IO) {
        fp_console_diag(l->path, &d);
        l->unread = fp_arena_string(r->arena, d.message, strlen(d.message));
        l->no_memory = l->unread == NULL;
        l->exit_status = FP_EXIT_NOINPUT;
    }
    if (status == FP_NOMEM || l->no_memory) {
        fp_console_error(l->path, "out of memory");
        l->exit_status = FP_EXIT_SOFTWARE;
    }
    if (l->exit_status != 0)
        return;
    if (status != FP_OK && l->errors == 0) { /* refused before its content was looked at */
        const fp_lint f = {true, FP_LINT_SYNTAX, d.where, 0, {NULL, 0}, fp_str_of(d.message)};
        keep(l, &f);
    }
    l->exit_status = l->errors > 0 ? FP_EXIT_DATA : (l->warnings > 0 ? FP_EXIT_AFFECTED : 0);
}

/* ---- as lines ---- */

static void put_line(fp_advisory_request *r, const fp_linted *l, const fp_lint *f, fp_out *out)
{
    fp_str shown;
    const char *where =
        f->column > 0 ? fp_arena_printf(r->arena, "%s:%llu:%llu", l->path,
                                        (unsigned long long)f->line, (unsigned long long)f->column)
                      : fp_arena_printf(r->arena, "%s:%llu", l->path, (unsigned long long)f->line);
    const char *text = where == NULL
                           ? NULL
                           : fp_arena_printf(r->arena, "%s: %s: %.*s%s%.*s%s", where,
                                             f->error ? "error" : "warning", FP_STR_ARG(f->message),
                                             f->path.size > 0 ? " (" : "", FP_STR_ARG(f->path),
                                             f->path.size > 0 ? ")" : "");
    if (text == NULL || fp_text_display(fp_str_of(text), r->arena, &shown) != FP_OK) {
        out->failed = true;
        return;
    }
    fp_out_str(out, shown);
    fp_out_char(out, '\n', 1);
}

static void write_lines(fp_advisory_request *r, const void *found, fp_out *out)
{
    const fp_linted_files *files = found;
    size_t errors = 0;
    size_t warnings = 0;
    for (size_t i = 0; i < files->count; i++) {
        const fp_linted *l = &files->at[i];
        for (size_t k = 0; k < l->count; k++)
            put_line(r, l, &l->findings[k], out);
        errors += l->errors;
        warnings += l->warnings;
    }
    if (!fp_option_is_given(r->options, FP_OPT_QUIET))
        fp_out_printf(out, "%zu file%s, %zu error%s, %zu warning%s\n", files->count,
                      fp_plural(files->count), errors, fp_plural(errors), warnings,
                      fp_plural(warnings));
}

/* ---- as JSON ---- */

static fp_json *number_or_null(uint64_t n)
{
    return n > 0 ? fp_json_new_integer((int64_t)n) : fp_json_new_null();
}

static fp_json *finding_node(const fp_lint *f, bool *good)
{
    fp_json *node = fp_json_new_object();
    *good &= fp_json_put(node, "severity",
                         fp_json_new_string(f->error ? FP_STR("error") : FP_STR("warning")));
    *good &=
        fp_json_put(node, "rule", fp_json_new_string(fp_str_of(fp_lint_rule_table[f->rule].id)));
    *good &= fp_json_put(node, "line", number_or_null(f->line));
    *good &= fp_json_put(node, "column", number_or_null(f->column));
    *good &= fp_json_put(node, "path", fp_json_new_string(f->path));
    *good &= fp_json_put(node, "message", fp_json_new_string(f->message));
    return node;
}

static fp_json *file_node(const fp_linted *l, bool *good)
{
    fp_json *node = fp_json_new_object();
    fp_json *findings = fp_json_new_array();
    for (size_t i = 0; i < l->count; i++)
        *good &= fp_json_add(findings, finding_node(&l->findings[i], good));
    *good &= fp_json_put(node, "file", fp_json_new_string(fp_str_of(l->path)));
    *good &= fp_json_put(node, "read", fp_json_new_bool(l->unread == NULL));
    *good &= fp_json_put(node, "errors", fp_json_new_integer((int64_t)l->errors));
    *good &= fp_json_put(node, "warnings", fp_json_new_integer((int64_t)l->warnings));
    *good &= fp_json_put(node, "findings", findings);
    return node;
}

static void write_json(fp_advisory_request *r, const void *found, fp_out *out)
{
    (void)r;
    const fp_linted_files *files = found;
    bool good = true;
    fp_json *root = fp_json_new_object();
    fp_json *list = fp_json_new_array();
    for (size_t i = 0; i < files->count; i++)
        good &= fp_json_add(list, file_node(&files->at[i], &good));
    good &= fp_json_put(root, "schema", fp_json_new_string(FP_STR("fixproof/lint/v1")));
    good &= fp_json_put(root, "tool", fp_advisory_tool(&good));
    good &= fp_json_put(root, "files", list);
    fp_advisory_put_json(root, good, out);
}

/* ---- */

int fp_advisory_lint_files(fp_advisory_request *r)
{
    static const fp_advisory_writer writers[] = {{"text", write_lines},
                                                 {"json", write_json},
                                                 {"sarif", fp_advisory_lint_sarif},
                                                 {NULL, NULL}};
    if (r->options->operand_count < 2)
        return fp_command_misused(r->command, "advisory lint takes at least one FILE");
    const size_t count = r->options->operand_count - 1;
    fp_linted *files = fp_arena_alloc_array(r->arena, count, sizeof *files);
    if (files == NULL)
        return fp_console_out_of_memory();
    int exit_status = 0;
    for (size_t i = 0; i < count; i++) {
        files[i] = (fp_linted){.path = r->options->operands[i + 1], .arena = r->arena};
        lint_file(r, &files[i]);
        if (files[i].exit_status > exit_status)
            exit_status = files[i].exit_status;
    }
    const fp_linted_files found = {files, count};
    const int written = fp_advisory_write(r, writers, &found);
    return written != 0 ? written : exit_status;
}
