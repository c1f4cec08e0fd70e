/* SPDX-License-Identifier: MIT */
/* Bytes in an anonymous file that is read in parts, and what becomes of it when it changes. */
#ifndef FP_TESTS_PAGED_FILE_H
#define FP_TESTS_PAGED_FILE_H

#include "inventory/base/paged.h"

typedef struct paged_file {
    fp_paged p;
    int fd;
    struct stat seen;
    uint64_t held;
    unsigned troubles; /* told */
} paged_file;

/* Aborts the test program when the machine refuses. At most `held_max` bytes are kept. */
paged_file *paged_file_new(fp_span content, uint64_t held_max);
/* Checks that nothing is left of the count of what is held. */
void paged_file_free(paged_file *f);
/* Gives it this size and another byte at `at`, and waits until that shows in its times. */
void paged_file_change(paged_file *f, size_t size, size_t at);

#endif
