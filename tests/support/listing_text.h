/* SPDX-License-Identifier: MIT */
/* Listings of installed updates as wmic and PowerShell write them, from one plain description. */
#ifndef FP_TESTS_LISTING_TEXT_H
#define FP_TESTS_LISTING_TEXT_H

#include "inventory/base/out.h"

typedef enum listing_style {
    LISTING_WMIC_TABLE,
    LISTING_WMIC_LIST,
    LISTING_WMIC_CSV,
    LISTING_PS_TABLE,
    LISTING_PS_LIST,
    LISTING_PS_CSV,
    LISTING_PS_CSV_TYPED, /* "#TYPE ..." first, separated by semicolons */
    LISTING_PS_JSON,
    LISTING_PS_CLIXML,
    LISTING_STYLES
} listing_style;

/*
 * `description`: lines of fields separated by '|', the first one holds the titles. The result ends
 * its lines with LF and is freed with fp_out_free.
 */
fp_out listing_text(listing_style style, const char *description);

/*
 * `text` (UTF-8) in another encoding of iconv's, behind `mark`; every LF becomes `line_end`.
 */
fp_out listing_encode(const fp_out *text, const char *encoding, const char *mark, size_t mark_size,
                      const char *line_end);

#endif
