/* SPDX-License-Identifier: MIT */
/* A text with one thing in it changed. */
#ifndef FP_TESTS_REPLACED_H
#define FP_TESTS_REPLACED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A copy of `text`, to be freed, with the first `old` replaced; aborts when there is none. */
static inline char *replaced(const char *text, const char *old, const char *new)
{
    const char *at = strstr(text, old);
    const size_t size = strlen(text) + strlen(new) + 1;
    char *copy = malloc(size);
    if (at == NULL || copy == NULL) {
        (void)fprintf(stderr, "'%s' is not in:\n%s\n", old, text);
        abort();
    }
    (void)snprintf(copy, size, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    return copy;
}

#endif
