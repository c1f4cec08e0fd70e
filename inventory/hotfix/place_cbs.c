/* SPDX-License-Identifier: MIT */
/*
 * SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\Packages\Package_for_KB...,
 * of Vista and Server 2008 and later. The servicing stack is a native program: there is no such key
 * in the 32-bit view.
 *
 * A KB's own package is named "Package_for_KB4013429~31bf3856ad364e35~amd64~~10.0.1.3"; it is made
 * of others, such as "Package_1_for_KB4013429~...", of which those that the server does not need
 * stay staged. So the own package speaks for the KB; only where there is none do the others, one
 * for each thing they say. Several versions of the own package are several traces.
 *
 * A cumulative update is named Package_for_RollupFix, without its KB: where one is there, a KB that
 * was not found may be that one, unless it belongs to a product, which such updates do not.
 *
 * InstallTimeHigh and InstallTimeLow are the halves of a FILETIME, InstallUser is the SID of who
 * asked for it: no specification says so, but independent programs read them like that (ManageIQ's
 * Windows inventory, a scanner's list of hotfixes, scripts of administrators).
 */
#include "inventory/hotfix/kb.h"
#include "inventory/hotfix/places.h"

#define PACKAGES "Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\Packages"

/*
 * "Tip of the Day: CBS Servicing States Chart - Refresher", Microsoft, 2015-10-12
 * (learn.microsoft.com/archive/blogs/tip_of_the_day): the numbers of CurrentState, and those of
 * "CBS State", which Vista and Server 2008 store. 5 is in both.
 */
static const fp_search_meaning STATES[] = {
    {0x00, "absent", FP_TRACE_SAYS_REMOVED},
    {0x05, "uninstall pending", FP_TRACE_SAYS_REMOVED}, /* with the next restart */
    {0x10, "resolving", FP_TRACE_SAYS_HINT},
    {0x20, "resolved", FP_TRACE_SAYS_HINT},
    {0x30, "staging", FP_TRACE_SAYS_HINT},
    {0x40, "staged", FP_TRACE_SAYS_HINT},
    {0x50, "superseded", FP_TRACE_SAYS_SUPERSEDED}, /* by which one is not stored */
    {0x60, "install pending", FP_TRACE_SAYS_PENDING},
    {0x65, "partially installed", FP_TRACE_SAYS_UNREADABLE}, /* which part is not stored */
    {0x70, "installed", FP_TRACE_SAYS_INSTALLED},
    {0x80, "permanent", FP_TRACE_SAYS_INSTALLED},
    {1, "resolving", FP_TRACE_SAYS_HINT},
    {2, "resolved", FP_TRACE_SAYS_HINT},
    {3, "staging", FP_TRACE_SAYS_HINT},
    {4, "staged", FP_TRACE_SAYS_HINT},
    {6, "install requested", FP_TRACE_SAYS_PENDING},
    {7, "installed", FP_TRACE_SAYS_INSTALLED},
    {8, "permanent", FP_TRACE_SAYS_INSTALLED},
};
enum { STATE_COUNT = sizeof STATES / sizeof STATES[0] };

typedef struct walk {
    fp_search *s;
    bool parts; /* the second time: the packages that a KB's own package is made of */
} walk;

/* Is this part of any use: is there neither the own package nor another part that says the same? */
static bool is_wanted(const fp_search *s, fp_found *f, fp_trace_says says)
{
    for (size_t i = 0; i < f->hotfix.trace_count; i++) {
        const fp_trace *t = &f->hotfix.traces[i];
        if (t->place != FP_TRACE_CBS)
            continue;
        if (fp_kb_own_package(t->name))
            f->settled = s->place;
        if (f->settled == s->place || t->says == says)
            return false;
    }
    return true;
}

static void read_time(fp_search *s, fp_found *f, fp_trace *trace)
{
    uint64_t high, low;
    if (!fp_search_number(s, f, "InstallTimeHigh", &high) ||
        !fp_search_number(s, f, "InstallTimeLow", &low) || high > UINT32_MAX || low > UINT32_MAX)
        return;
    const fp_time installed = fp_time_from_filetime(high << 32 | low);
    char text[FP_TIME_TEXT_SIZE];
    if (installed != FP_TIME_NONE)
        fp_search_keep(s, fp_str_of(fp_time_format(installed, text)), &trace->installed_date);
}

static bool read_package(void *context, fp_found *f, fp_trace *trace)
{
    const walk *w = context;
    bool ignored = false;
    fp_search_says(w->s, f, "CurrentState", STATES, STATE_COUNT, trace);
    if (w->parts && !is_wanted(w->s, f, trace->says))
        return false;
    read_time(w->s, f, trace);
    trace->installed_by = fp_search_text(w->s, f, "InstallUser", &ignored);
    return true;
}

static bool visit(void *context, const fp_reg_subkey *key)
{
    walk *w = context;
    if (!fp_search_step(w->s))
        return false;
    if (fp_kb_own_package(key->name) != w->parts)
        fp_search_key(w->s, key, (fp_str){0}, read_package, w);
    if (w->s->product.size == 0 && fp_str_istarts(key->name, FP_STR("Package_for_RollupFix")))
        fp_search_doubt_path(w->s, fp_key_path_str(&w->s->path));
    return w->s->status == FP_OK;
}

void fp_place_cbs(fp_search *s)
{
    walk w = {.s = s};
    for (int pass = 0; pass < 2 && s->status == FP_OK; pass++) {
        w.parts = pass == 1;
        s->view = FP_VIEW_NATIVE;
        fp_key_path_in(&s->path, s->view, PACKAGES);
        (void)fp_search_list(s, s->path.size, visit, &w);
    }
}
