/* SPDX-License-Identifier: MIT */
/*
 * A growing piece of output. Libraries never print: writers fill one of these, the command line
 * writes it where the user asked. The first failure (no memory, or over the limit) sticks.
 */
#ifndef FP_BASE_OUT_H
#define FP_BASE_OUT_H

#include "inventory/base/text.h"

typedef struct fp_out {
    char *data; /* NUL-terminated once anything was written; freed by fp_out_free */
    size_t size;
    size_t capacity;
    bool failed;
} fp_out;

void fp_out_str(fp_out *out, fp_str s); /* as it is */
void fp_out_text(fp_out *out, const char *nul_terminated);
void fp_out_char(fp_out *out, char c, size_t times);
void fp_out_printf(fp_out *out, const char *format, ...) FP_PRINTF(2, 3);
void fp_out_free(fp_out *out);

#endif
