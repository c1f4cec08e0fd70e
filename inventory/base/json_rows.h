/* SPDX-License-Identifier: MIT */
/*
 * Documents of ConvertTo-Json, read as rows: an array of objects, one object alone, or an object
 * with arrays of them in it ("value" where PowerShell wraps an array, "OsHotFixes" of
 * Get-ComputerInfo). A document that is cut gives no row.
 */
#ifndef FP_BASE_JSON_ROWS_H
#define FP_BASE_JSON_ROWS_H

#include "inventory/base/json.h"

enum {
    FP_JSON_ROWS_SIZE_MAX = 8 * 1024 * 1024 /* bytes; in memory it takes some fifty times as much */
};

/* Does a document that begins with `head` name a member `name` anywhere in it? Case ignored. */
bool fp_json_names_member(fp_str head, fp_str name);

/*
 * One element of the arrays, an object or not, which lives during the call only; `line` is where an
 * object begins. Anything but FP_OK ends the reading.
 */
typedef fp_status fp_json_row_fn(void *context, const fp_json *element, uint64_t line);

/*
 * Calls `row` in the order of the document; a root that has a member `mark` (case ignored) is the
 * one row. What the parser says, FP_LIMIT, or what `row` said; `where` is a line.
 */
FP_MUST_CHECK fp_status fp_json_rows(fp_str text, fp_str mark, fp_json_row_fn *row, void *context,
                                     fp_diag *d);

bool fp_json_row_has(const fp_json *element, fp_str name); /* an object with it; case ignored */

/* A value as text: a string, or of a date {"value": "\/Date(...)\/", "DateTime": "..."} its words.
 * Lives as the document; empty for anything else. */
fp_str fp_json_row_text(const fp_json *value);

#endif
