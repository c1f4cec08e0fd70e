/* SPDX-License-Identifier: MIT */
#include "verify/decide/copies.h"

static void add(fp_copies *all, const fp_item *item, const fp_case_file *file)
{
    for (size_t i = 0; item != NULL && i < all->count; i++) {
        if (all->at[i].item == item) {
            all->at[i].file = file;
            return;
        }
    }
    if (all->count < FP_COPIES_MAX)
        all->at[all->count++] = (fp_copy){item, file};
    else
        all->too_many = true;
}

void fp_copies_find(const fp_case *c, fp_str name, fp_copies *out)
{
    const size_t items = c->evidence != NULL ? fp_evidence_count(c->evidence) : 0;
    *out = (fp_copies){.count = 0};
    for (uint32_t id = 1; id <= items && !out->too_many; id++) {
        const fp_item *item = fp_evidence_item(c->evidence, id);
        if (item != NULL && fp_str_ieq(item->name, name))
            add(out, item, NULL);
    }
    for (size_t i = 0; i < c->file_count && !out->too_many; i++) {
        const fp_case_file *file = &c->files[i];
        const fp_item *item = items > 0 ? fp_evidence_item(c->evidence, file->item) : NULL;
        if (fp_str_ieq(file->pe.original_name, name) ||
            (item != NULL && fp_str_ieq(item->name, name)))
            add(out, item, file);
    }
}

const fp_version *fp_copy_version(const fp_copy *copy)
{
    if (copy->file == NULL || !copy->file->pe.has_version || copy->file->pe.languages_differ)
        return NULL;
    return &copy->file->pe.version;
}
