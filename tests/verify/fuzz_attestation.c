/* SPDX-License-Identifier: MIT */
/*
 * A statement: what is read is written and read again as the same. Its items are what they are, and
 * of any two halves of them each item is matched or told, once.
 */
#include "verify/attest/attestation.h"

#include "tests/support/fuzz.h"
#include "verify/attest/compare.h"

#include <string.h>

enum { BUDGET = 64 << 20 };

static void check_same(const fp_record *a, const fp_record *b, fp_arena *arena)
{
    fp_difference *differences;
    size_t count;
    require(fp_compare_items(a, b, arena, &differences, &count) == FP_OK && count == 0);
    require(a->generated == b->generated && a->since == b->since);
    require(fp_str_eq(a->command, b->command) && fp_str_eq(a->tool_version, b->tool_version));
    require(fp_str_eq(a->subject.host, b->subject.host));
    require(memcmp(a->sha256, b->sha256, sizeof a->sha256) == 0);
    require(a->result_count == b->result_count && a->statement_count == b->statement_count);
    for (size_t i = 0; i < a->result_count; i++)
        require(fp_same_verdict(&a->results[i], &b->results[i]));
    for (size_t i = 0; i < a->statement_count; i++)
        require(fp_str_eq(a->statements[i].value, b->statements[i].value));
}

static void check_again(const fp_record *record, fp_arena *arena)
{
    fp_record again;
    fp_out out = {0};
    fp_diag d = {0};
    const fp_status status = fp_attestation_write(record, arena, &out, &d);
    require(status == d.status && (status == FP_OK || status == FP_NOT_FOUND));
    if (status == FP_OK) {
        require(fp_attestation_read(fp_span_of(out.data, out.size), arena, &again, NULL) == FP_OK);
        check_same(record, &again, arena);
    }
    fp_out_free(&out);
}

static void check_halves(const fp_record *record, fp_arena *arena)
{
    fp_difference *differences;
    size_t count;
    fp_record left = *record;
    fp_record right = *record;
    left.item_count = record->item_count / 2;
    right.items = record->items + left.item_count;
    right.item_count = record->item_count - left.item_count;
    require(fp_compare_items(&left, &right, arena, &differences, &count) == FP_OK);
    size_t of_left = 0;
    size_t of_right = 0;
    for (size_t i = 0; i < count; i++) {
        of_left += differences[i].attested != NULL;
        of_right += differences[i].at_hand != NULL;
        require((differences[i].kind == FP_DIFFERENCE_MISSING) == (differences[i].at_hand == NULL));
        require((differences[i].kind == FP_DIFFERENCE_EXTRA) == (differences[i].attested == NULL));
    }
    require(of_left <= left.item_count && of_right <= right.item_count);
    require(left.item_count - of_left == right.item_count - of_right); /* the pairs */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_record record;
    fp_diag d = {0};
    require(arena != NULL);
    const fp_status status = fp_attestation_read(fp_span_of(data, size), arena, &record, &d);
    require(status == d.status);
    if (status == FP_OK) {
        check_again(&record, arena);
        check_halves(&record, arena);
    }
    fp_arena_free(arena);
    return 0;
}
