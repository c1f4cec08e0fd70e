/* SPDX-License-Identifier: MIT */
#include "verify/record/record.h"

#include "inventory/hotfix/kb.h"

uint64_t fp_record_kb_number(fp_str kb)
{
    uint64_t number;
    return fp_kb_parse(kb, &number) ? number : 0;
}

const fp_record_item *fp_record_find_item(const fp_record *record, uint32_t id)
{
    return id >= 1 && id <= record->item_count ? &record->items[id - 1] : NULL;
}

const fp_record_marker *fp_record_find_marker(const fp_record *record, fp_str kb)
{
    const fp_record_marker *markers = record->state.markers;
    const uint64_t wanted = fp_record_kb_number(kb);
    size_t from = 0;
    size_t end = record->state.marker_count;
    while (from < end) {
        const size_t middle = from + (end - from) / 2;
        const uint64_t number = fp_record_kb_number(markers[middle].kb);
        if (number == wanted)
            return &markers[middle];
        if (number < wanted)
            from = middle + 1;
        else
            end = middle;
    }
    return NULL;
}

const fp_record_result *fp_record_find_result(const fp_record *record, fp_str advisory)
{
    for (size_t i = 0; i < record->result_count; i++)
        if (fp_str_eq(record->results[i].advisory, advisory))
            return &record->results[i];
    return NULL;
}

/* Kept back by a report that tells the rest, the data may be any: nobody knows. One that tells
 * nothing is of an earlier version, and its settings as a whole are not known. */
static bool may_differ(const fp_record *before, fp_str was, const fp_record *after, fp_str is)
{
    if (was.size > 0 && is.size > 0)
        return !fp_str_eq(was, is);
    return (was.size == 0 && before->settings.known) || (is.size == 0 && after->settings.known);
}

fp_status fp_record_compare_settings(const fp_record *before, const fp_record *after,
                                     fp_arena *arena, fp_setting_change **out, size_t *count)
{
    *out = fp_arena_alloc_array(arena, FP_SETTING_CHANGES + before->result_count + 1, sizeof **out);
    if (*out == NULL)
        return FP_NOMEM;
    const fp_status status =
        fp_settings_compare(&before->settings, &after->settings, arena, *out, count);
    for (size_t i = 0; status == FP_OK && i < before->result_count; i++) {
        const fp_record_result *a = &before->results[i];
        const fp_record_result *b = fp_record_find_result(after, a->advisory);
        if (b == NULL || !may_differ(before, a->advisory_sha256, after, b->advisory_sha256))
            continue;
        (*out)[(*count)++] =
            (fp_setting_change){"advisory", a->advisory, a->advisory_sha256, b->advisory_sha256};
    }
    return status;
}
