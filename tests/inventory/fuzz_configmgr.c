/* SPDX-License-Identifier: MIT */
/*
 * A registry export, read for the product and for markers, as the two views of one server: whatever
 * it says, an answer that is not known names what would settle it, and one that is given has its
 * traces.
 */
#include "inventory/configmgr/product.h"
#include "inventory/hotfix/marker.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static size_t deciding_traces(const fp_marker *m)
{
    size_t count = 0;
    for (size_t i = 0; i < m->trace_count; i++)
        count += m->traces[i].place == FP_TRACE_UPDATES && !m->traces[i].other_product;
    return count;
}

static void check_marker(const fp_marker *m)
{
    demand(m->trace_count <= FP_MARKER_TRACES_MAX);
    demand((m->present == FP_TRUE) == (deciding_traces(m) > 0) || m->traces_lost);
    demand((m->present == FP_UNKNOWN) == (m->unknown_where.size > 0));
    for (size_t i = 0; i < m->trace_count; i++) {
        const fp_trace *t = &m->traces[i];
        demand(t->origin.item == 1 && t->key_path.size > t->name.size && t->name.size > 0);
        demand(t->file_count <= FP_MARKER_FILES_MAX);
    }
    const fp_install_window w = fp_marker_window(m);
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

    fp_marker marker;
    const fp_str kb = FP_STR("KB954474");
    demand(fp_marker_read(reg, kb, FP_STR("System Center Configuration Manager 2007"), arena,
                          &marker) == FP_OK);
    check_marker(&marker);

    fp_marker *markers;
    size_t count;
    fp_tri complete;
    demand(fp_marker_list(reg, arena, &markers, &count, &complete) == FP_OK);
    for (size_t i = 0; i < count; i++) {
        demand(markers[i].present == FP_TRUE);
        check_marker(&markers[i]);
    }
    fp_arena_free(arena);
    return 0;
}
