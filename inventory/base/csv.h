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

/* ---- the line of titles above the rows ---- */

enum {
    FP_CSV_COLUMNS_MAX = 128, /* a line of more titles is none */
    FP_CSV_LEAD_MAX = 8       /* lines that are not blank in which it stands: "#TYPE ..." */
};

typedef struct fp_csv_header {
    unsigned fields[FP_CSV_COLUMNS_MAX]; /* of the titles, as fp_csv_titles names them */
    size_t count;
    bool quoted; /* one of them is */
    bool whole;  /* the end of the line was seen: else the last title may go on */
} fp_csv_header;

typedef struct fp_csv_titles {
    unsigned (*field_of)(fp_str title);
    unsigned none; /* of a title that is not known */
    bool (*accepts)(const fp_csv_header *header);
} fp_csv_titles;

/*
 * The first line of titles that is accepted, whichever of ',', ';' and tab separates them; on
 * success `csv` is behind it. It is one line, so that what stands behind does not choose another.
 */
FP_MUST_CHECK bool fp_csv_find_header(fp_str text, const fp_csv_titles *titles, fp_csv *csv,
                                      fp_csv_header *out);

#endif
