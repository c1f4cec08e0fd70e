/* SPDX-License-Identifier: MIT */
/* What the strict reader accepts can be written and read again, and says the same. */
#include "inventory/base/json.h"

#include "tests/support/fuzz.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fp_json *first = NULL;
    fp_diag d = {.status = FP_OK};
    const fp_status status = fp_json_parse(fp_span_of(data, size), &first, &d);
    if (status != FP_OK) {
        require(d.status == status && d.message[0] != '\0');
        return 0;
    }
    char *once = NULL;
    size_t once_size = 0;
    require(fp_json_write(first, &once, &once_size) == FP_OK);

    fp_json *second = NULL;
    require(fp_json_parse(fp_span_of(once, once_size), &second, NULL) == FP_OK);
    char *twice = NULL;
    size_t twice_size = 0;
    require(fp_json_write(second, &twice, &twice_size) == FP_OK);
    require(once_size == twice_size && memcmp(once, twice, once_size) == 0);

    fp_str key;
    void *cursor = NULL;
    size_t members = 0;
    while (fp_json_next(first, &cursor, &key) != NULL)
        members++;
    require(!fp_json_is(first, FP_JSON_OBJECT) || members == fp_json_size(first));

    free(once);
    free(twice);
    fp_json_free(first);
    fp_json_free(second);
    return 0;
}
