/* SPDX-License-Identifier: MIT */
/* A report read back: what is accepted is whole in itself. */
#include "verify/record/record.h"

#include "tests/support/fuzz.h"

enum { BUDGET = 4 * 1024 * 1024 };

static void check_state(const fp_record *r)
{
    const fp_record_state *s = &r->state;
    for (size_t i = 0; i < s->marker_count; i++) {
        require(s->markers[i].state < FP_HOTFIX_STATES && s->markers[i].kb.size > 2);
        require(s->markers[i].origin.item <= r->item_count);
        require(fp_record_find_marker(r, s->markers[i].kb) == &s->markers[i]);
    }
    for (size_t i = 0; i < s->file_count; i++)
        require(fp_record_find_item(r, s->files[i].item) != NULL);
    for (size_t i = 0; i < s->catalog_count; i++)
        require(fp_record_find_item(r, s->catalogs[i].item) != NULL);
    for (size_t i = 0; i < s->log_count; i++)
        require(fp_record_find_item(r, s->logs[i].item) != NULL &&
                s->logs[i].earliest <= s->logs[i].latest);
    for (size_t i = 0; i < s->episode_count; i++)
        require(s->episodes[i].outcome <= FP_EPISODE_FAILED && s->episodes[i].activity.size > 0);
}

static void check_results(const fp_record *r)
{
    for (size_t i = 0; i < r->result_count; i++) {
        const fp_record_result *result = &r->results[i];
        require(result->verdict < FP_VERDICTS && result->reason.size > 0);
        require((result->possible & ~fp_verdict_all()) == 0);
        require(result->verdict == FP_UNDETERMINED ||
                result->possible == fp_verdict_bit(result->verdict));
        require(result->verdict != FP_FIXED || result->in_place);
        require(fp_record_find_result(r, result->advisory) == result);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fp_record record = {0};
    fp_diag d = {0};
    fp_arena *arena = fp_arena_new(BUDGET);
    require(arena != NULL);
    const fp_status status = fp_record_read(fp_span_of(data, size), arena, &record, &d);
    require(status == d.status);
    if (status == FP_OK) {
        require(record.generated != FP_TIME_NONE);
        for (size_t i = 0; i < record.item_count; i++)
            require(record.items[i].kind < FP_KIND_COUNT && record.items[i].parent <= i);
        check_state(&record);
        check_results(&record);
    }
    fp_arena_free(arena);
    return 0;
}
