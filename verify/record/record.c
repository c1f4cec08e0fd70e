/* SPDX-License-Identifier: MIT */
#include "verify/record/record.h"

const fp_record_item *fp_record_find_item(const fp_record *record, uint32_t id)
{
    return id >= 1 && id <= record->item_count ? &record->items[id - 1] : NULL;
}

const fp_record_marker *fp_record_find_marker(const fp_record *record, fp_str kb)
{
    for (size_t i = 0; i < record->state.marker_count; i++)
        if (fp_str_eq(record->state.markers[i].kb, kb))
            return &record->state.markers[i];
    return NULL;
}

const fp_record_result *fp_record_find_result(const fp_record *record, fp_str advisory)
{
    for (size_t i = 0; i < record->result_count; i++)
        if (fp_str_eq(record->results[i].advisory, advisory))
            return &record->results[i];
    return NULL;
}
