/* SPDX-License-Identifier: MIT */
/* statements.json and collection.json: one error and nothing of the file counts. */
#include "verify/decide/statements.h"

#include "tests/support/fuzz.h"

enum { BUDGET = 4 * 1024 * 1024 };

static void count_errors(void *context, const fp_lint *lint)
{
    size_t *errors = context;
    *errors += lint->error;
}

static void check_statements(fp_span json, fp_arena *arena)
{
    fp_statement *read = NULL;
    size_t count = 0;
    size_t errors = 0;
    fp_diag d = {0};
    const fp_status status =
        fp_statements_read(json, 3, arena, count_errors, &errors, &read, &count, &d);
    require(status == d.status);
    require(status == FP_OK || (read == NULL && count == 0));
    require(status != FP_OK || (errors == 0 && count <= FP_STATEMENTS_MAX));
    for (size_t i = 0; i < count; i++) {
        fp_time t;
        require(read[i].item == 3 && read[i].key.size > 0 && read[i].value.size > 0);
        require(read[i].by.size > 0 && fp_time_parse(read[i].date, &t));
    }
}

static void check_collection(fp_span json, fp_arena *arena)
{
    fp_collection record = {.host = {NULL, 0}};
    size_t errors = 0;
    fp_diag d = {0};
    const fp_status status = fp_collection_read(json, arena, count_errors, &errors, &record, &d);
    require(status == d.status);
    require((status == FP_OK) == (record.host.size > 0));
    require(status != FP_OK || (errors == 0 && record.time != FP_TIME_NONE));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fp_arena *arena = fp_arena_new(BUDGET);
    require(arena != NULL);
    check_statements(fp_span_of(data, size), arena);
    check_collection(fp_span_of(data, size), arena);
    fp_arena_free(arena);
    return 0;
}
