/* SPDX-License-Identifier: MIT */
/* What the two were judged with otherwise: settings, data, and facts that somebody declared. */
#include "verify/record/changes_parts.h"

enum { DECLARED_MAX = 1024 /* statements of a record, the last ones; a report can claim more */ };

typedef struct declared {
    const fp_statement *at;
    size_t count;
} declared;

static declared declared_of(const fp_record *record)
{
    const size_t all = record->statement_count;
    const size_t count = all < DECLARED_MAX ? all : DECLARED_MAX;
    return (declared){count > 0 ? record->statements + (all - count) : NULL, count};
}

/* The one that counts, as fp_case_statement tells: those of the command line come last. */
static const fp_statement *find(declared list, fp_str key)
{
    for (size_t i = list.count; i-- > 0;)
        if (fp_str_eq(list.at[i].key, key))
            return &list.at[i];
    return NULL;
}

/* Does another one that counts as much say otherwise? */
static bool is_contradicted(declared list, const fp_statement *s)
{
    for (size_t i = 0; i < list.count; i++)
        if (fp_str_eq(list.at[i].key, s->key) && (list.at[i].item == 0) == (s->item == 0) &&
            !fp_str_eq(list.at[i].value, s->value))
            return true;
    return false;
}

/* "sms2003-clients = no"; empty: nobody declares it. */
static fp_str words_of(fp_comparison *c, declared list, fp_str key)
{
    const fp_statement *s = find(list, key);
    if (s == NULL)
        return FP_STR("");
    const fp_str value = is_contradicted(list, s) ? FP_STR("(several values)") : s->value;
    const char *text = fp_arena_printf(c->arena, "%.*s = %.*s", FP_STR_ARG(key), FP_STR_ARG(value));
    c->failed = c->failed || text == NULL;
    return fp_str_of(text);
}

static void compare_key(fp_comparison *c, declared before, declared after, fp_str key)
{
    const fp_str was = words_of(c, before, key);
    const fp_str is = words_of(c, after, key);
    if (!fp_str_eq(was, is))
        c->out->settings[c->out->setting_count++] =
            (fp_setting_change){"declared", {NULL, 0}, was, is};
}

/* Each key once: where the one that counts stands, and those of the record before first. */
static void compare_declared(fp_comparison *c, declared before, declared after)
{
    for (size_t i = 0; i < before.count && !c->failed; i++)
        if (find(before, before.at[i].key) == &before.at[i])
            compare_key(c, before, after, before.at[i].key);
    for (size_t i = 0; i < after.count && !c->failed; i++)
        if (find(after, after.at[i].key) == &after.at[i] && find(before, after.at[i].key) == NULL)
            compare_key(c, before, after, after.at[i].key);
}

void fp_compare_settings(fp_comparison *c)
{
    const declared before = declared_of(c->out->before);
    const declared after = declared_of(c->out->after);
    fp_setting_change *settings = NULL;
    size_t count = 0;
    if (fp_record_compare_settings(c->out->before, c->out->after, c->arena, &settings, &count) !=
        FP_OK) {
        c->failed = true;
        return;
    }
    c->out->settings = fp_comparison_room(c, count + before.count + after.count, sizeof *settings);
    if (c->out->settings == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        c->out->settings[c->out->setting_count++] = settings[i];
    compare_declared(c, before, after);
}
