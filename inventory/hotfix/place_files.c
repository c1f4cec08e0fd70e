/* SPDX-License-Identifier: MIT */
/*
 * What the names of collected files tell: an installer's log, and folders that an installer made.
 * They are hints, no more: a log is written by an installation that fails and by a removal too, and
 * administrators delete or keep $NTUninstall...$ as they like.
 */
#include "inventory/hotfix/kb.h"
#include "inventory/hotfix/places.h"

/* Many files of one folder are one trace. */
static bool is_kept(const fp_found *f, fp_trace_place place, fp_str name)
{
    for (size_t i = 0; i < f->hotfix.trace_count; i++) {
        const fp_trace *t = &f->hotfix.traces[i];
        if (t->place == place && fp_str_ieq(t->name, name))
            return true;
    }
    return false;
}

static void add_name(fp_search *s, uint64_t number, fp_str name, const fp_hotfix_path *path)
{
    fp_found *f = fp_search_hotfix(s, number);
    if (f == NULL || is_kept(f, s->place->place, name) ||
        f->hotfix.trace_count == FP_HOTFIX_TRACES_MAX || s->traces == FP_HOTFIX_SEARCH_TRACES_MAX)
        return; /* nothing is lost with a hint */
    const fp_trace trace = {.place = s->place->place,
                            .says = FP_TRACE_SAYS_HINT,
                            .name = name,
                            .written = FP_TIME_NONE,
                            .files_complete = FP_TRUE,
                            .origin = {path->item, path->path}};
    fp_search_add(s, f, &trace);
}

/* The next component of a path with / or \, as in "set.zip!/Windows/KB954474.log". */
static bool next_component(fp_str *rest, fp_str *component)
{
    size_t size = 0;
    if (rest->size == 0)
        return false;
    while (size < rest->size && rest->data[size] != '/' && rest->data[size] != '\\')
        size++;
    *component = (fp_str){rest->data, size};
    const size_t used = size < rest->size ? size + 1 : size;
    *rest = (fp_str){rest->data + used, rest->size - used};
    return true;
}

/* ---- KB954474.log ---- */

static bool is_log_of(fp_str name, uint64_t *number)
{
    const fp_str ending = FP_STR(".log");
    return fp_str_iends(name, ending) &&
           fp_kb_name((fp_str){name.data, name.size - ending.size}, number);
}

void fp_place_log(fp_search *s)
{
    for (size_t i = 0; i < s->evidence->path_count && fp_search_step(s); i++) {
        const fp_hotfix_path *path = &s->evidence->paths[i];
        fp_str rest = path->path, last = {NULL, 0};
        uint64_t number;
        while (next_component(&rest, &last))
            ;
        if (is_log_of(last, &number))
            add_name(s, number, last, path);
    }
}

/* ---- $NTUninstallKB954474$, Logs\KB954474 ---- */

static bool is_uninstall_folder(fp_str name, uint64_t *number)
{
    const fp_str begin = FP_STR("$NTUninstall");
    return fp_str_istarts(name, begin) && fp_str_iends(name, FP_STR("$")) &&
           name.size > begin.size &&
           fp_kb_name((fp_str){name.data + begin.size, name.size - begin.size - 1}, number);
}

/* A folder is what something lies in: the last component is none. */
static void search_folders(fp_search *s, const fp_hotfix_path *path)
{
    fp_str rest = path->path, name, above = {NULL, 0};
    uint64_t number;
    while (next_component(&rest, &name) && rest.size > 0) {
        const bool in_logs = fp_str_ieq(above, FP_STR("Logs")) && fp_kb_name(name, &number);
        if (in_logs || is_uninstall_folder(name, &number))
            add_name(s, number, name, path);
        above = name;
    }
}

void fp_place_folder(fp_search *s)
{
    for (size_t i = 0; i < s->evidence->path_count && fp_search_step(s); i++)
        search_folders(s, &s->evidence->paths[i]);
}
