/* SPDX-License-Identifier: MIT */
#include "tests/support/registry_probe.h"

#include "inventory/registry/reg_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

registry_probe *probe_new(size_t budget)
{
    registry_probe *p = calloc(1, sizeof *p);
    fp_arena *arena = fp_arena_new(budget);
    if (p == NULL || arena == NULL)
        abort();
    p->arena = arena;
    p->reg = fp_registry_new(arena);
    return p;
}

void probe_free(registry_probe *p)
{
    fp_arena_free(p->arena);
    free(p);
}

static void record(void *context, const fp_registry_problem *problem)
{
    registry_probe *p = context;
    if (p->problem_count == PROBE_PROBLEMS_MAX)
        return;
    p->where[p->problem_count] = problem->where;
    (void)snprintf(p->message[p->problem_count], FP_DIAG_MESSAGE, "%s", problem->message);
    p->problem_count++;
}

fp_status probe_export(registry_probe *p, fp_span content, const char *code_page)
{
    return fp_registry_add_export(p->reg, 1, content, code_page, record, p, &p->soundness);
}

fp_status probe_hive(registry_probe *p, fp_span content, const char *name_hint)
{
    const fp_status status =
        fp_registry_add_hive(p->reg, 2, content, fp_str_of(name_hint), record, p, &p->soundness);
    return status == FP_OK ? fp_registry_survey(p->reg) : status;
}

fp_status probe_export_text(registry_probe *p, const char *text)
{
    return probe_export(p, fp_span_of(text, strlen(text)), NULL);
}

fp_span probe_utf16(registry_probe *p, const char *text)
{
    const fp_str mark = FP_STR("\xEF\xBB\xBF");
    const char *marked = fp_arena_printf(p->arena, "%s%s", mark.data, text);
    fp_span wide = {NULL, 0};
    if (marked == NULL || fp_reg_utf16(fp_str_of(marked), false, p->arena, &wide) != FP_OK)
        abort();
    return wide;
}

/* ---- answers --------------------------------------------------------------------------------- */

static const char *word(fp_reg_answer a)
{
    switch (a.exists) {
    case FP_TRUE:
        return "yes";
    case FP_FALSE:
        return "no";
    case FP_UNKNOWN:
        break;
    }
    return fp_unknown_why_name(a.why);
}

const char *probe_key(registry_probe *p, const char *path)
{
    return word(fp_registry_key(p->reg, fp_str_of(path)));
}

const char *probe_value(registry_probe *p, const char *path, const char *name, fp_reg_value *value)
{
    return word(fp_registry_value(p->reg, fp_str_of(path), fp_str_of(name), value));
}

const char *probe_text(registry_probe *p, const char *path, const char *name)
{
    fp_reg_value value;
    const fp_reg_answer a = fp_registry_value(p->reg, fp_str_of(path), fp_str_of(name), &value);
    if (a.exists != FP_TRUE)
        return word(a);
    fp_str text;
    if (value.suspect)
        return "suspect";
    if (!fp_reg_value_text(&value, p->arena, &text))
        return "no text";
    return fp_arena_string(p->arena, text.data, text.size);
}

typedef struct names {
    registry_probe *p;
    const char *text;
    bool any;
} names;

static bool add_name(names *n, fp_str name, bool suspect)
{
    n->text = fp_arena_printf(n->p->arena, "%s%s%.*s%s", n->text, n->any ? ", " : "",
                              FP_STR_ARG(name), suspect ? "?" : "");
    n->any = true;
    return n->text != NULL;
}

static bool add_subkey(void *context, const fp_reg_subkey *key)
{
    return add_name(context, key->name, false);
}

static bool add_value(void *context, const fp_reg_value *value)
{
    return add_name(context, value->name, value->suspect);
}

const char *probe_subkeys(registry_probe *p, const char *path)
{
    names n = {.p = p, .text = ""};
    const fp_reg_answer a = fp_registry_subkeys(p->reg, fp_str_of(path), add_subkey, &n);
    return fp_arena_printf(p->arena, "%s: %s", n.text, word(a));
}

const char *probe_values(registry_probe *p, const char *path)
{
    names n = {.p = p, .text = ""};
    const fp_reg_answer a = fp_registry_values(p->reg, fp_str_of(path), add_value, &n);
    return fp_arena_printf(p->arena, "%s: %s", n.text, word(a));
}

/* ---- corpus ---------------------------------------------------------------------------------- */

const char *corpus_folder(void)
{
    const char *folder = getenv("FIXPROOF_CORPUS");
    if (folder == NULL)
        (void)printf("skipped: set FIXPROOF_CORPUS to run the corpus tests\n");
    return folder;
}

fp_span corpus_file(const char *path, fp_arena *arena)
{
    const char *folder = getenv("FIXPROOF_CORPUS");
    const char *full = folder == NULL ? NULL : fp_arena_printf(arena, "%s/%s", folder, path);
    FILE *file = full == NULL ? NULL : fopen(full, "rb");
    struct stat st;
    fp_span content = {NULL, 0};
    if (file != NULL && fstat(fileno(file), &st) == 0 && st.st_size > 0) {
        uint8_t *data = fp_arena_alloc(arena, (size_t)st.st_size);
        if (data != NULL && fread(data, 1, (size_t)st.st_size, file) == (size_t)st.st_size)
            content = fp_span_of(data, (size_t)st.st_size);
    }
    if (file != NULL)
        (void)fclose(file);
    return content;
}
