/* SPDX-License-Identifier: MIT */
/*
 * Listings of installed updates that administrators attach: `wmic qfe` (table, list, csv),
 * PowerShell's Get-HotFix (table, list, CSV, JSON, CLIXML), `systeminfo` (list, csv). In any
 * display language: what counts is the structure (columns, "[01]: KB954474") and the property names
 * of WMI ("HotFixID"), which are not translated; never a translated label. UTF-8, UTF-16 with or
 * without a byte-order mark, or a code page.
 *
 * A listing proves little: Win32_QuickFixEngineering, which all of them ask, reads the registry's
 * Updates and HotFix keys on Server 2003 and only Component Based Servicing on Vista and later;
 * hotfixes that came as a Windows Installer package are in neither. So what is listed was recorded;
 * what is not listed may be installed all the same.
 *
 * A row counts only when its KB number is known to be whole. These cut it:
 * - the end of the file, and lines wrapped by a console;
 * - PowerShell's tables, which shorten what does not fit ("KB95447...", or U+2026);
 * - systeminfo itself: it gives up in mid-list when there are some 240 updates, after "[245]:
 *   KB302", say, though it declares more ("273 Hotfix(s) Installed.").
 *
 * On Server 2003 and XP a row's HotFixID may be "File 1"; its ServicePackInEffect then tells the
 * KB (so a published inventory script of 2008, Assaf Miron's Computer-Inventory.ps1).
 */
#ifndef FP_HOTFIX_LISTING_H
#define FP_HOTFIX_LISTING_H

#include "inventory/base/arena.h"
#include "inventory/base/fact.h"

enum {
    FP_LISTING_HEAD = 64 * 1024,            /* bytes of text in which a listing must begin */
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
    FP_LISTING_CLIXML,     /* Export-Clixml */
    FP_LISTING_SYSTEMINFO, /* "[01]: KB954474" below a label that declares how many */
    FP_LISTING_FORMS
} fp_listing_form;

const char *fp_listing_form_name(fp_listing_form form); /* published: "table", "csv" ... */

typedef struct fp_listing_row {
    uint64_t kb;
    fp_str installed_on; /* as written; the order of day and month is not known */
    fp_str installed_by;
    fp_str description;
    uint64_t line; /* where the row begins: 1, 2, ... in the file */
} fp_listing_row;

typedef struct fp_listing_host {
    fp_str name;
    fp_origin origin;
} fp_listing_host;

enum { FP_LISTING_HOSTS_MAX = 2 }; /* two contradict each other: further ones add nothing */

typedef struct fp_listing {
    uint32_t item;
    fp_listing_form form;
    fp_listing_row *rows; /* in the order of the file; a KB may occur more than once */
    size_t row_count;
    bool rows_lost; /* there are more than FP_LISTING_ROWS_MAX */
    bool cut;       /* it ends in mid-row, or declares more rows than it has (systeminfo does) */
    fp_listing_host hosts[FP_LISTING_HOSTS_MAX]; /* different computers that its rows name */
    size_t host_count;
    fp_observations problems; /* what in it could not be read, with lines */
} fp_listing;

/* Is this, the beginning of a text in UTF-8, such a listing? Cheap; looks at `head` only. */
bool fp_listing_probe(fp_str head);

/*
 * Reads one; `content` must outlive `out`. `code_page`: iconv name for text that is no Unicode, or
 * NULL (then bytes that are no UTF-8 are replaced; KB numbers and dates survive in any code page).
 * `item` is for origins. FP_OK also with problems; FP_FORMAT: no listing; FP_LIMIT: larger than
 * FP_LISTING_SIZE_MAX; FP_UNSUPPORTED: no such code page; FP_NOMEM. `where` is a line.
 */
FP_MUST_CHECK fp_status fp_listing_read(fp_span content, uint32_t item, const char *code_page,
                                        fp_arena *arena, fp_listing *out, fp_diag *d);

#endif
