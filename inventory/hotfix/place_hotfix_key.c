/* SPDX-License-Identifier: MIT */
/*
 * SOFTWARE\Microsoft\Windows NT\CurrentVersion\HotFix\KB..., in both views: written by Update.exe
 * beside the key below Updates (update.inf of KB889333).
 */
#include "inventory/hotfix/places.h"

static bool read_key(void *context, fp_found *f, fp_trace *trace)
{
    (void)context;
    (void)f;
    trace->says = FP_TRACE_SAYS_INSTALLED;
    return true;
}

static bool visit(void *context, const fp_reg_subkey *key)
{
    fp_search *s = context;
    if (!fp_search_step(s))
        return false;
    fp_search_key(s, key, (fp_str){0}, read_key, NULL);
    return s->status == FP_OK;
}

void fp_place_hotfix_key(fp_search *s)
{
    for (s->view = FP_VIEW_NATIVE; s->view < FP_VIEWS && s->status == FP_OK; s->view++) {
        fp_key_path_in(&s->path, s->view, "Microsoft\\Windows NT\\CurrentVersion\\HotFix");
        (void)fp_search_list(s, s->path.size, visit, s);
    }
}
