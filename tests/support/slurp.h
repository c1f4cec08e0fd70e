/* SPDX-License-Identifier: MIT */
/* A whole file in memory. */
#ifndef FP_TESTS_SLURP_H
#define FP_TESTS_SLURP_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* malloc'd bytes of a file, with a NUL after them; NULL when it cannot be read. */
static inline void *slurp_file(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return NULL;
    char *bytes = NULL;
    size_t used = 0;
    size_t got = 0;
    do {
        char *grown = realloc(bytes, used + 65536 + 1);
        if (grown == NULL)
            break;
        bytes = grown;
        got = fread(bytes + used, 1, 65536, f);
        used += got;
    } while (got > 0);
    fclose(f);
    if (bytes != NULL)
        bytes[used] = '\0';
    *size = used;
    return bytes;
}

#endif
