/* SPDX-License-Identifier: MIT */
/*
 * Listings of installed updates that administrators attach: `wmic qfe` (table, list, csv),
 * PowerShell's Get-HotFix (table, list, CSV, JSON), `systeminfo`. In any display language: what
 * counts is the structure (columns, "[01]: KB954474", "HotFixID=KB954474"), never a translated
 * header word. UTF-8, UTF-16 with or without a byte-order mark, or a single-byte (OEM) code page.
 *
 * A listing proves little: Win32_QuickFixEngineering, which all of them ask, reads the registry's
 * Updates and HotFix keys on Server 2003 and only Component Based Servicing on Vista and later
 * (domain.md 6.5); hotfixes that came as a Windows Installer package are in neither. So what is
 * listed was recorded; what is not listed may be installed all the same.
 */
#ifndef FP_HOTFIX_LISTING_H
#define FP_HOTFIX_LISTING_H

#include "inventory/base/arena.h"
#include "inventory/base/fact.h"
#include "inventory/base/tri.h"

enum {
    FP_LISTING_ROWS_MAX = 16384,            /* of one listing; further ones are counted as lost */
    FP_LISTING_SIZE_MAX = 16 * 1024 * 1024, /* bytes; a server lists a few hundred updates */
    FP_LISTING_FIELD_MAX = 1024             /* bytes of a field; longer ones are cut */
};

typedef enum fp_listing_form {
    FP_LISTING_UNKNOWN = 0,
    FP_LISTING_TABLE,      /* columns under a header: wmic qfe, Get-HotFix */
    FP_LISTING_PROPERTIES, /* Name=Value (wmic qfe list /format:list), Name : Value (Format-List) */
    FP_LISTING_CSV,        /* wmic /format:csv, Export-Csv, with ',' or ';' or tab */
    FP_LISTING_JSON,       /* ConvertTo-Json */
    FP_LISTING_SYSTEMINFO, /* "[01]: KB954474" below a label */
    FP_LISTING_FORMS
} fp_listing_form;

const char *fp_listing_form_name(fp_listing_form form); /* published: "table", "csv" ... */

typedef struct fp_listing_row {
    uint64_t kb;
    fp_str installed_on; /* as written; the order of day and month is not known */
    fp_str installed_by;
    fp_str description;
    uint64_t line; /* 1, 2, ... in the file */
} fp_listing_row;

typedef struct fp_listing {
    fp_listing_form form;
    fp_str host; /* the one computer that all rows name, or empty */
    fp_origin host_origin;
    fp_listing_row *rows; /* in the order of the file; a KB may occur more than once */
    size_t row_count;
    bool rows_lost;    /* there are more than FP_LISTING_ROWS_MAX */
    bool cut;          /* it ends in mid-row, or declares more rows than it has (systeminfo does) */
    bool hosts_differ; /* its rows name two computers: one set is one server */
    fp_observations problems; /* what in it could not be read, with lines */
} fp_listing;

/* Is this, the beginning of a text in UTF-8, such a listing? Cheap; looks at `head` only. */
bool fp_listing_probe(fp_str head);

/*
 * Reads one. `code_page`: iconv name for single-byte text, or NULL (then bytes that are no UTF-8
 * are replaced; KB numbers and dates survive in any code page). `item` is for origins. FP_OK also
 * with problems; FP_FORMAT: no listing; FP_LIMIT: larger than FP_LISTING_SIZE_MAX; FP_NOMEM.
 */
FP_MUST_CHECK fp_status fp_listing_read(fp_span content, uint32_t item, const char *code_page,
                                        fp_arena *arena, fp_listing *out, fp_diag *d);

#endif
