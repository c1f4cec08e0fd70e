/* SPDX-License-Identifier: MIT */
/*
 * SOFTWARE\Microsoft\Windows\CurrentVersion\Installer\UserData\<SID>\Products\<product>, where
 * Windows Installer keeps what it installed, for the machine (S-1-5-18) and for each user;
 * <product> and <patch> are packed GUIDs:
 *
 *     InstallProperties    DisplayName, InstallDate: the product
 *     Patches\<patch>      DisplayName, State, Installed: a patch of it
 *
 * The names and the kinds of the values are those that Wine's tests of MsiGetPatchInfoEx set up on
 * Windows (dlls/msi/tests/msi.c). A hotfix of ConfigMgr 2007 SP2 is a package of its own, so a
 * product (KB2477182); those of other programs are patches. Only the display name tells the KB.
 *
 * These keys are opened in the 64-bit view whatever the product is (KEY_WOW64_64KEY in ReactOS's
 * dll/win32/msi/registry.c, from Wine); a copy in the 32-bit view would add nothing.
 */
#include "inventory/hotfix/places.h"

#define USER_DATA "Microsoft\\Windows\\CurrentVersion\\Installer\\UserData"

enum { NAMES_BUDGET = 4 * FP_QUERY_TEXT_MAX }; /* bytes for the names of one entry, decoded */

/* MSIPATCHSTATE: Microsoft, MsiEnumPatchesEx, and the comments of msi.h. */
static const fp_search_meaning STATES[] = {
    {1, "applied", FP_TRACE_SAYS_INSTALLED},
    {2, "applied, but superseded", FP_TRACE_SAYS_SUPERSEDED}, /* by which one is not stored */
    {4, "applied, but obsoleted", FP_TRACE_SAYS_SUPERSEDED},
    {8, "registered, not applied", FP_TRACE_SAYS_HINT},
};
enum { STATE_COUNT = sizeof STATES / sizeof STATES[0] };

typedef struct entry { /* of one product, or of one of its patches */
    fp_search *s;
    fp_arena *scratch; /* a hive may let a million entries share one long name */
    fp_str product;    /* display names */
    fp_str patch;
} entry;

/* --- what entries say --- */

static bool read_product(void *context, fp_found *f, fp_trace *trace)
{
    const entry *e = context;
    fp_search *s = e->s;
    bool ignored = false;
    const size_t up = s->path.size;
    trace->says = FP_TRACE_SAYS_INSTALLED;
    fp_search_keep(s, e->product, &trace->product);
    fp_search_keep(s, e->product, &trace->description);
    if (fp_key_path_down(&s->path, FP_STR("InstallProperties")))
        trace->installed_date = fp_search_text(s, f, "InstallDate", &ignored);
    s->path.size = up;
    return true;
}

static bool read_patch(void *context, fp_found *f, fp_trace *trace)
{
    const entry *e = context;
    bool ignored = false;
    fp_search_says(e->s, f, "State", STATES, STATE_COUNT, trace);
    fp_search_keep(e->s, e->product, &trace->product);
    fp_search_keep(e->s, e->patch, &trace->description);
    trace->installed_date = fp_search_text(e->s, f, "Installed", &ignored);
    return true;
}

/* --- the walk --- */

/* The display name of the key at s->path. What cannot be read might be any name. */
static fp_str read_name(const entry *e)
{
    fp_search *s = e->s;
    const fp_str path = fp_key_path_str(&s->path);
    fp_text_value name = {.state = FP_TEXT_ABSENT};
    if (s->status == FP_OK)
        s->status = fp_query_text(s->evidence->registry, path, "DisplayName", e->scratch, &name);
    if (name.state == FP_TEXT_UNUSABLE)
        name.answer = (fp_reg_answer){.exists = FP_UNKNOWN, .why = FP_WHY_UNREADABLE};
    fp_search_doubt(s, &name.answer, path);
    return name.text;
}

/* Goes down to `name` below s->path; what cannot be followed is a doubt. */
static bool go_down(fp_search *s, fp_str name)
{
    if (fp_key_path_down(&s->path, name))
        return true;
    fp_search_doubt_path(s, fp_key_path_str(&s->path));
    return false;
}

static bool visit_patch(void *context, const fp_reg_subkey *key)
{
    const entry *product = context;
    fp_search *s = product->s;
    const size_t up = s->path.size;
    if (!fp_search_step(s))
        return false;
    entry e = {.s = s, .scratch = fp_arena_new(NAMES_BUDGET), .product = product->product};
    if (e.scratch == NULL)
        s->status = FP_NOMEM;
    else if (go_down(s, key->name))
        e.patch = read_name(&e);
    s->path.size = up;
    fp_search_key(s, key, e.patch, read_patch, &e);
    fp_arena_free(e.scratch);
    return s->status == FP_OK;
}

/* The product whose key is `key`, below s->path. */
static void search_product(entry *e, const fp_reg_subkey *key)
{
    fp_search *s = e->s;
    const size_t products = s->path.size;
    if (!go_down(s, key->name))
        return;
    const size_t product = s->path.size;
    if (go_down(s, FP_STR("InstallProperties")))
        e->product = read_name(e);
    s->path.size = product;
    if (go_down(s, FP_STR("Patches")))
        (void)fp_search_list(s, s->path.size, visit_patch, e);
    s->path.size = products;
    fp_search_key(s, key, e->product, read_product, e);
}

static bool visit_product(void *context, const fp_reg_subkey *key)
{
    fp_search *s = context;
    if (!fp_search_step(s))
        return false;
    entry e = {.s = s, .scratch = fp_arena_new(NAMES_BUDGET)};
    if (e.scratch == NULL)
        s->status = FP_NOMEM;
    else
        search_product(&e, key);
    fp_arena_free(e.scratch);
    return s->status == FP_OK;
}

static bool visit_user(void *context, const fp_reg_subkey *key)
{
    fp_search *s = context;
    const size_t up = s->path.size;
    if (!fp_search_step(s))
        return false;
    if (go_down(s, key->name) && go_down(s, FP_STR("Products")))
        (void)fp_search_list(s, s->path.size, visit_product, s);
    s->path.size = up;
    return s->status == FP_OK;
}

void fp_place_msi(fp_search *s)
{
    s->view = FP_VIEW_NATIVE;
    fp_key_path_in(&s->path, s->view, USER_DATA);
    (void)fp_search_list(s, s->path.size, visit_user, s);
}
