/* SPDX-License-Identifier: MIT */
/*
 * Version numbers, compared component by component as integers: 4.00 = 4.0, 4.0.10 > 4.0.9.
 *
 * Strict: a component that is not decimal digits or does not fit in 32 bits makes the whole version
 * unknown (the parse fails), never zero and never "less".
 */
#ifndef FP_BASE_VERSION_H
#define FP_BASE_VERSION_H

#include "inventory/base/text.h"

enum { FP_VERSION_PARTS = 8, FP_VERSION_TEXT_SIZE = FP_VERSION_PARTS * 11 };

typedef struct fp_version {
    uint32_t part[FP_VERSION_PARTS]; /* missing ones are zero */
    unsigned count;                  /* 1 to FP_VERSION_PARTS; 0 = no version */
} fp_version;

FP_MUST_CHECK bool fp_version_parse(fp_str text, fp_version *out);
int fp_version_compare(const fp_version *a, const fp_version *b); /* -1, 0, 1; 4.0 equals 4.0.0 */
/* Does it begin with the components of `prefix`? Every version begins with none. */
bool fp_version_begins(const fp_version *version, const fp_version *prefix);
/* "4.0.6221.1000": numbers without leading zeros; the empty string for no version. */
const char *fp_version_format(const fp_version *version, char out[FP_VERSION_TEXT_SIZE]);

#endif
