/* SPDX-License-Identifier: MIT */
/*
 * Comma separated values (RFC 4180, with any separator), cell by cell, with line numbers. What is
 * not well formed is a cell too; how sure it is, its flags tell.
 */
#ifndef FP_BASE_CSV_H
#define FP_BASE_CSV_H

#include "inventory/base/text.h"

typedef struct fp_csv {
    fp_str text;
    size_t at;
    char separator;
    uint64_t line; /* of text.data[at] */
} fp_csv;

typedef struct fp_csv_cell {
    fp_str text; /* without the quotes around it; doubled ones inside stay */
    bool quoted;
    bool whole; /* what ends it was seen: a separator or a line end */
    bool ends_record;
} fp_csv_cell;

/* False at the end of the text. */
FP_MUST_CHECK bool fp_csv_next(fp_csv *csv, fp_csv_cell *cell);

#endif
