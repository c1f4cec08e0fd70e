/* SPDX-License-Identifier: MIT */
/*
 * A registry export, read for the product and for hotfixes, as the two views of one server:
 * whatever it says, an answer that is not known names what would settle it, and one that is given
 * has its traces.
 */
#include "inventory/configmgr/product.h"

#include "inventory/hotfix/hotfix.h"
#include "inventory/hotfix/restart.h"
#include "inventory/hotfix/window.h"
#include "tests/support/fuzz.h"

#include <stdlib.h>

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static size_t deciding_traces(const fp_hotfix *h)
{
    size_t count = 0;
    for (size_t i = 0; i < h->trace_count; i++)
        count += h->traces[i].place == FP_TRACE_UPDATES && !h->traces[i].other_product;
    return count;
}

static bool any_says(const fp_hotfix *h, fp_trace_says says)
{
    for (size_t i = 0; i < h->trace_count; i++)
        if (h->traces[i].says == says)
            return true;
    return false;
}

/* What is not known never makes a definite answer. */
static void check_state(const fp_hotfix *h)
{
    const bool definite = h->state != FP_HOTFIX_UNKNOWN && h->state != FP_HOTFIX_CONFLICTING;
    demand(!h->contested || h->state == FP_HOTFIX_CONFLICTING);
    demand(h->because.size > 0 &&
           (h->ground != FP_GROUND_NONE || !definite || h->state == FP_HOTFIX_ABSENT));
    if (any_says(h, FP_TRACE_SAYS_UNREADABLE) || h->traces_lost)
        demand(!definite || h->state == FP_HOTFIX_PENDING);
    if (h->state == FP_HOTFIX_INSTALLED && h->ground >= FP_GROUND_RECORDED)
        demand(any_says(h, FP_TRACE_SAYS_INSTALLED) && !any_says(h, FP_TRACE_SAYS_PENDING));
    if (h->state == FP_HOTFIX_REMOVED)
        demand(any_says(h, FP_TRACE_SAYS_REMOVED) && !any_says(h, FP_TRACE_SAYS_INSTALLED));
    if (h->state == FP_HOTFIX_ABSENT)
        demand(h->covered && h->present == FP_FALSE && h->elsewhere == FP_FALSE);
}

static void check_hotfix(const fp_hotfix *h)
{
    demand(h->trace_count <= FP_HOTFIX_TRACES_MAX);
    demand((h->present == FP_TRUE) == (deciding_traces(h) > 0) || h->traces_lost);
    demand((h->present == FP_UNKNOWN) == (h->unknown_where.size > 0));
    for (size_t i = 0; i < h->trace_count; i++) {
        const fp_trace *t = &h->traces[i];
        demand(t->origin.item == 1 && t->key_path.size > t->name.size && t->name.size > 0);
        demand(t->file_count <= FP_TRACE_FILES_MAX);
    }
    check_state(h);
    const fp_install_window w = fp_hotfix_window(h);
    demand(w.earliest == FP_TIME_NONE || w.earliest <= w.latest);
}

static void check_product(const fp_product *p)
{
    demand(p->has_version ? p->installed == FP_TRUE && p->version.count > 0
                          : p->version.count == 0 && p->family == NULL && p->release == NULL);
    demand((p->installed == FP_UNKNOWN) == (p->unknown_where.size > 0));
    demand(p->installed == FP_TRUE || p->version_text.size == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fp_arena *arena = fp_arena_new(256 << 20);
    demand(arena != NULL);
    fp_registry *reg = fp_registry_new(arena);
    demand(reg != NULL);
    fp_registry_soundness soundness;
    demand(fp_registry_add_export(reg, 1, fp_span_of(data, size), NULL, NULL, NULL, &soundness) ==
           FP_OK);

    fp_product product;
    demand(fp_product_read(reg, NULL, arena, &product) == FP_OK);
    check_product(&product);

    const fp_hotfix_evidence evidence = {.registry = reg};
    fp_hotfix hotfix;
    const fp_str kb = FP_STR("KB954474");
    demand(fp_hotfix_read(&evidence, kb, FP_STR("System Center Configuration Manager 2007"), arena,
                          &hotfix) == FP_OK);
    check_hotfix(&hotfix);

    const fp_str kbs[] = {FP_STR("KB999001"), kb, FP_STR("954474")};
    fp_hotfix each[3];
    demand(fp_hotfix_read_each(&evidence, kbs, 3,
                               FP_STR("System Center Configuration Manager 2007"), arena,
                               each) == FP_OK);
    for (size_t i = 0; i < 3; i++)
        check_hotfix(&each[i]);
    demand(each[1].state == hotfix.state && each[1].ground == hotfix.ground);
    demand(each[1].present == hotfix.present && each[1].elsewhere == hotfix.elsewhere);
    demand(each[1].trace_count == hotfix.trace_count && each[2].traces == each[1].traces);
    demand(each[1].notes.count == hotfix.notes.count);

    fp_hotfix *hotfixes;
    size_t count;
    fp_tri complete;
    demand(fp_hotfix_list(&evidence, arena, &hotfixes, &count, &complete) == FP_OK);
    for (size_t i = 0; i < count; i++) {
        demand(hotfixes[i].trace_count > 0 || hotfixes[i].traces_lost);
        check_hotfix(&hotfixes[i]);
    }

    fp_restart restart;
    demand(fp_restart_read(reg, arena, &restart) == FP_OK);
    demand((restart.pending == FP_UNKNOWN) == (restart.unknown_where.size > 0));
    fp_arena_free(arena);
    return 0;
}
