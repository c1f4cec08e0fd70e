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
