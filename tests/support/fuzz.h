/* SPDX-License-Identifier: MIT */
/* What a fuzz target begins with. */
#ifndef FP_TESTS_FUZZ_H
#define FP_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* assert that stands in every build. */
static inline void require(bool holds)
{
    if (!holds)
        abort();
}

/* One more number of a sequence, which a sum stands for (FNV-1a, a number at a time): begin with 1.
 */
static inline void mix_number(uint64_t *sum, uint64_t number)
{
    *sum = (*sum ^ number) * UINT64_C(1099511628211);
}

#endif
