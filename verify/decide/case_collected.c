/* SPDX-License-Identifier: MIT */
/* What a collector's record says of the items that lie beside it. */
#include "verify/decide/case_parts.h"

static bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

/* Is `item` the one that a record beside it calls `path`? Case ignored, with / or \. */
static bool is_called(const fp_item *item, fp_str folder, fp_str path)
{
    if (item->path.size != folder.size + path.size || !fp_str_starts(item->path, folder))
        return false;
    const char *rest = item->path.data + folder.size;
    for (size_t i = 0; i < path.size; i++) {
        const bool slashes = is_slash(rest[i]) && is_slash(path.data[i]);
        if (!slashes && fp_ascii_lower(rest[i]) != fp_ascii_lower(path.data[i]))
            return false;
    }
    return true;
}

bool fp_case_is_collected(const fp_case *c, const fp_case_source *source, const fp_item *item)
{
    const fp_item *record = fp_evidence_item(c->evidence, source->record);
    return record != NULL && is_called(item, fp_case_folder_of(record), source->path);
}

bool fp_case_collected(const fp_case *c, const fp_item *item, fp_collected *out)
{
    for (size_t i = 0; c->parts != NULL && i < c->parts->source_count; i++) {
        const fp_case_source *source = &c->parts->sources[i];
        if (!fp_case_is_collected(c, source, item))
            continue;
        *out = (fp_collected){source->collected_at, source->source, source->modified};
        return true;
    }
    return false;
}
