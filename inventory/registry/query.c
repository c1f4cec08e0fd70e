/* SPDX-License-Identifier: MIT */
#include "inventory/registry/query.h"

#include <string.h>

enum { NAME_BUDGET = 4 * FP_QUERY_TEXT_MAX }; /* bytes for one entry's name, decoded */

static void append(fp_key_path *path, fp_str text)
{
    if (text.size > 0)
        memcpy(path->text + path->size, text.data, text.size);
    path->size += text.size;
}

void fp_key_path_in(fp_key_path *path, fp_view view, const char *below)
{
    path->size = 0;
    append(path, FP_STR("HKEY_LOCAL_MACHINE\\SOFTWARE\\"));
    if (view == FP_VIEW_WOW64)
        append(path, FP_STR("Wow6432Node\\"));
    append(path, fp_str_of(below));
}

bool fp_key_path_down(fp_key_path *path, fp_str name)
{
    const size_t room = sizeof path->text - path->size;
    if (room == 0 || name.size > room - 1)
        return false;
    append(path, FP_STR("\\"));
    append(path, name);
    return true;
}

fp_str fp_key_path_str(const fp_key_path *path)
{
    return (fp_str){path->text, path->size};
}

/* --- doubts --- */

/* Is `path` the key `top` or one below it? */
static bool is_within(fp_str path, fp_str top)
{
    return fp_str_istarts(path, top) && (path.size == top.size || path.data[top.size] == '\\');
}

static void add_path(fp_doubt *doubt, fp_arena *arena, fp_str path)
{
    for (size_t i = 0; i < doubt->path_count; i++) {
        if (is_within(path, doubt->path[i]))
            return;
    }
    fp_str kept;
    if (doubt->path_count == FP_DOUBT_PATHS_MAX)
        return;
    if (fp_str_dup(arena, path, &kept) != FP_OK)
        doubt->no_memory = true;
    else
        doubt->path[doubt->path_count++] = kept;
}

void fp_doubt_note(fp_doubt *doubt, fp_arena *arena, const fp_reg_answer *answer, fp_str path)
{
    if (answer->exists != FP_UNKNOWN) {
        doubt->some_known = true;
        return;
    }
    if (!doubt->any || answer->why > doubt->why)
        doubt->why = answer->why;
    doubt->any = true;
    add_path(doubt, arena, path);
}

fp_unknown_why fp_doubt_why(const fp_doubt *doubt)
{
    if (doubt->why == FP_WHY_NOT_SUPPLIED && doubt->some_known)
        return FP_WHY_INCOMPLETE;
    return doubt->why;
}

fp_status fp_doubt_where(const fp_doubt *doubt, fp_arena *arena, fp_str *out)
{
    if (doubt->no_memory)
        return FP_NOMEM;
    fp_str joined = {0};
    for (size_t i = 0; i < doubt->path_count; i++) {
        const char *text = fp_arena_printf(arena, "%.*s%s%.*s", FP_STR_ARG(joined),
                                           i > 0 ? " and " : "", FP_STR_ARG(doubt->path[i]));
        if (text == NULL)
            return FP_NOMEM;
        joined = fp_str_of(text);
    }
    *out = joined;
    return FP_OK;
}

/* --- values --- */

fp_status fp_query_text(fp_registry *reg, fp_str path, const char *name, fp_arena *arena,
                        fp_text_value *out)
{
    fp_reg_value value;
    fp_text_value found = {.answer = fp_registry_value(reg, path, fp_str_of(name), &value)};
    if (found.answer.exists != FP_TRUE) {
        found.state = found.answer.exists == FP_FALSE ? FP_TEXT_ABSENT : FP_TEXT_UNKNOWN;
        *out = found;
        return FP_OK;
    }

    /* A number is not a text: DWORD 4 must not pass for the version "4". */
    found.state = FP_TEXT_UNUSABLE;
    const bool is_text = value.type == FP_REG_SZ || value.type == FP_REG_EXPAND_SZ;
    if (is_text && value.data.size <= FP_QUERY_TEXT_MAX) {
        fp_str text;
        if (!fp_reg_value_text(&value, arena, &text))
            return FP_NOMEM;
        found.text = fp_str_trim(text);
        if (!value.suspect)
            found.state = FP_TEXT_FOUND;
    }
    *out = found;
    return FP_OK;
}

/* --- uninstall entries --- */

typedef struct uninstall_walk {
    fp_registry *reg;
    fp_arena *arena;
    fp_doubt *doubt;
    fp_uninstall_fn *each;
    void *context;
    fp_view view;
    fp_key_path path;
    fp_status status;
} uninstall_walk;

/* The name of one entry. What cannot be read might be any name: then the listing is in doubt. */
static fp_status read_name(uninstall_walk *w, fp_arena *scratch, fp_str listing, fp_str *out)
{
    fp_text_value name;
    const fp_status status =
        fp_query_text(w->reg, fp_key_path_str(&w->path), "DisplayName", scratch, &name);
    if (status != FP_OK)
        return status;
    if (name.state == FP_TEXT_UNUSABLE)
        name.answer = (fp_reg_answer){.exists = FP_UNKNOWN, .why = FP_WHY_UNREADABLE};
    fp_doubt_note(w->doubt, w->arena, &name.answer, listing);
    *out = name.text;
    return FP_OK;
}

/* Names live in an arena of their own: a hive may let a million entries share one long name. */
static fp_status visit_entry_in(uninstall_walk *w, fp_arena *scratch, const fp_reg_subkey *key)
{
    static const fp_reg_answer TOO_LONG = {.exists = FP_UNKNOWN, .why = FP_WHY_UNREADABLE};
    const fp_str listing = fp_key_path_str(&w->path);
    if (!fp_key_path_down(&w->path, key->name)) {
        fp_doubt_note(w->doubt, w->arena, &TOO_LONG, listing);
        return FP_OK;
    }
    fp_uninstall_entry entry = {.path = fp_key_path_str(&w->path), .key = key, .view = w->view};
    const fp_status status = read_name(w, scratch, listing, &entry.display_name);
    return status == FP_OK ? w->each(w->context, &entry) : status;
}

static bool visit_entry(void *context, const fp_reg_subkey *key)
{
    uninstall_walk *w = context;
    const size_t up = w->path.size;
    fp_arena *scratch = fp_arena_new(NAME_BUDGET);
    w->status = scratch == NULL ? FP_NOMEM : visit_entry_in(w, scratch, key);
    fp_arena_free(scratch);
    w->path.size = up;
    return w->status == FP_OK;
}

fp_status fp_query_uninstall(fp_registry *reg, fp_arena *arena, fp_doubt *doubt,
                             fp_uninstall_fn *each, void *context)
{
    uninstall_walk w = {
        .reg = reg, .arena = arena, .doubt = doubt, .each = each, .context = context};
    for (fp_view view = FP_VIEW_NATIVE; view < FP_VIEWS && w.status == FP_OK; view++) {
        w.view = view;
        fp_key_path_in(&w.path, view, "Microsoft\\Windows\\CurrentVersion\\Uninstall");
        const fp_reg_answer listed =
            fp_registry_subkeys(reg, fp_key_path_str(&w.path), visit_entry, &w);
        fp_doubt_note(doubt, arena, &listed, fp_key_path_str(&w.path));
    }
    return w.status == FP_OK && doubt->no_memory ? FP_NOMEM : w.status;
}
