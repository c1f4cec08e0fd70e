/* SPDX-License-Identifier: MIT */
#include "inventory/hotfix/notes.h"

#include "inventory/hotfix/kb.h"

static void note_names(fp_hotfix *h, fp_arena *arena)
{
    for (size_t i = 0; i < h->trace_count; i++) {
        const fp_trace *t = &h->traces[i];
        uint64_t number;
        if (t->place == FP_TRACE_UPDATES && !fp_kb_parse(t->name, &number))
            fp_observe(&h->notes, arena, t->origin, "the marker key is named %.*s",
                       FP_STR_ARG(t->name));
        if (t->other_product)
            fp_observe(&h->notes, arena, t->origin, "a marker key of another product: %.*s",
                       FP_STR_ARG(t->product));
    }
}

static const fp_trace_file *file_named(const fp_trace *trace, fp_str name)
{
    for (size_t i = 0; i < trace->file_count; i++) {
        if (trace->files[i].has_version && fp_str_ieq(trace->files[i].name, name))
            return &trace->files[i];
    }
    return NULL;
}

/* Two marker keys of one hotfix that record different versions of a file of one name. */
static void note_versions(fp_hotfix *h, fp_arena *arena, const fp_trace *a, const fp_trace *b)
{
    for (size_t i = 0; i < a->file_count; i++) {
        const fp_trace_file *file = &a->files[i];
        const fp_trace_file *other = file->has_version ? file_named(b, file->name) : NULL;
        if (other != NULL && fp_version_compare(&file->version, &other->version) != 0)
            fp_observe(&h->notes, arena, other->origin,
                       "the marker keys record different versions of %.*s: %.*s and %.*s",
                       FP_STR_ARG(file->name), FP_STR_ARG(file->version_text),
                       FP_STR_ARG(other->version_text));
    }
}

void fp_hotfix_note(fp_hotfix *h, fp_str product, fp_arena *arena)
{
    const fp_origin nowhere = {0, h->kb};
    note_names(h, arena);
    if (product.size > 0 && h->present == FP_FALSE && h->elsewhere == FP_TRUE)
        fp_observe(&h->notes, arena, nowhere,
                   "%.*s left other traces, but no marker key of the product", FP_STR_ARG(h->kb));
    if (h->traces_lost)
        fp_observe(&h->notes, arena, nowhere, "more traces of %.*s than are listed",
                   FP_STR_ARG(h->kb));
    for (size_t i = 1; i < h->trace_count; i++) {
        if (h->traces[i].file_count > 0 && h->traces[0].file_count > 0)
            note_versions(h, arena, &h->traces[0], &h->traces[i]);
    }
}
