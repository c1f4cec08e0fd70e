/* SPDX-License-Identifier: MIT */
/*
 * Between listing.c, which decodes a listing and keeps its rows, and the readers of the forms, one
 * file each. A form hands over the fields of a row as far as they are known to be whole; which KB
 * they name is decided in one place.
 */
#ifndef FP_HOTFIX_LISTING_FORM_H
#define FP_HOTFIX_LISTING_FORM_H

#include "inventory/hotfix/listing.h"

typedef struct fp_listing_reader {
    fp_str text; /* UTF-8; outlives the listing */
    fp_arena *arena;
    fp_listing *out;
    size_t row_capacity;
    fp_status status; /* FP_NOMEM sticks */
} fp_listing_reader;

typedef struct fp_listing_form_reader {
    fp_listing_form form;
    bool (*probe)(fp_str head);
    void (*read)(fp_listing_reader *r);
} fp_listing_form_reader;

extern const fp_listing_form_reader fp_listing_form_table, fp_listing_form_properties,
    fp_listing_form_csv, fp_listing_form_json, fp_listing_form_clixml, fp_listing_form_systeminfo;

/* Properties of Win32_QuickFixEngineering, and what PowerShell and wmic add. Of those that name
 * the computer an earlier one is the better source: PSComputerName is whatever it was called by. */
typedef enum fp_listing_field {
    FP_LISTING_ID = 0, /* HotFixID */
    FP_LISTING_SERVICE_PACK,
    FP_LISTING_INSTALLED_ON,
    FP_LISTING_INSTALLED_BY,
    FP_LISTING_DESCRIPTION,
    FP_LISTING_CSNAME,
    FP_LISTING_SERVER,
    FP_LISTING_SOURCE,
    FP_LISTING_NODE,
    FP_LISTING_PSCOMPUTERNAME,
    FP_LISTING_FIELDS /* none of them */
} fp_listing_field;

fp_listing_field fp_listing_field_of(fp_str name); /* case ignored */

typedef struct fp_listing_record {
    fp_str at[FP_LISTING_FIELDS]; /* empty when not there, or not known to be whole */
    uint64_t line;
} fp_listing_record;

/* Keeps the row when it names a KB, and the computer it names. */
void fp_listing_add(fp_listing_reader *r, const fp_listing_record *record);
void fp_listing_add_host(fp_listing_reader *r, fp_str name, uint64_t line);
void fp_listing_problem(fp_listing_reader *r, uint64_t line, const char *format, ...)
    FP_PRINTF(3, 4);
/* The end of a form that is one document, whole or nothing: what its reader said, and why. */
void fp_listing_document_read(fp_listing_reader *r, fp_status status, const fp_diag *why);
/* Its number may go on behind the cut. */
void fp_listing_doubt(fp_listing_reader *r, uint64_t line, fp_str id);

/* ---- lines ---- */

enum { FP_LISTING_LEAD_MAX = 8 }; /* lines with ink before a listing begins: a prompt, a title */

typedef struct fp_listing_lines {
    fp_str rest;
    uint64_t number; /* of `line` */
    fp_str line;     /* without its end, which is LF, CR LF, or wmic's CR CR LF */
    bool ended;      /* it has one: else the file may be cut here */
} fp_listing_lines;

fp_listing_lines fp_listing_lines_of(fp_str text);
FP_MUST_CHECK bool fp_listing_next_line(fp_listing_lines *lines);
FP_MUST_CHECK bool fp_listing_next_inked(fp_listing_lines *lines); /* the next that is not blank */
static inline bool fp_listing_is_blank(char c)
{
    return c == ' ' || c == '\t';
}
static inline bool fp_listing_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

#endif
