/* SPDX-License-Identifier: MIT */
/*
 * Entries below SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall, in both views, whose key or
 * display name means the hotfix. InstallDate: when it was installed, or last serviced ("Uninstall
 * Registry Key", Windows Installer, learn.microsoft.com).
 */
#include "inventory/hotfix/places.h"

typedef struct entry {
    fp_search *s;
    fp_str display_name;
} entry;

static bool read_entry(void *context, fp_found *f, fp_trace *trace)
{
    const entry *e = context;
    bool ignored = false;
    fp_search_keep(e->s, e->display_name, &trace->description);
    trace->installed_date = fp_search_text(e->s, f, "InstallDate", &ignored);
    trace->says = FP_TRACE_SAYS_INSTALLED;
    return true;
}

static fp_status visit(void *context, const fp_uninstall_entry *uninstall)
{
    fp_search *s = context;
    if (!fp_search_step(s))
        return s->status == FP_OK ? FP_LIMIT : s->status;
    entry e = {.s = s, .display_name = uninstall->display_name};
    s->view = uninstall->view;
    fp_key_path_in(&s->path, s->view, "Microsoft\\Windows\\CurrentVersion\\Uninstall");
    fp_search_key(s, uninstall->key, e.display_name, read_entry, &e);
    return s->status;
}

void fp_place_uninstall(fp_search *s)
{
    const fp_status status =
        fp_query_uninstall(s->evidence->registry, s->arena, &s->others, visit, s);
    if (s->status == FP_OK && status != FP_LIMIT) /* a limit is a doubt already */
        s->status = status;
}
