/* SPDX-License-Identifier: MIT */
/*
 * Kinds of files that carry Authenticode: how each is recognised, where its signature stands, which
 * of its bytes the digest leaves out, and what its signature may say it covers. One row each.
 */
#ifndef FP_AUTHENTIC_CARRIER_H
#define FP_AUTHENTIC_CARRIER_H

#include "verify/authentic/spc.h"

enum { FP_HOLES_MAX = 2, FP_DATA_TYPES_MAX = 2, FP_SIGNATURE_PADDING_MAX = 7 /* to 8 bytes */ };

typedef struct fp_hole { /* [begin, end): bytes that the digest leaves out */
    uint64_t begin;
    uint64_t end;
} fp_hole;

typedef struct fp_layout {
    fp_hole holes[FP_HOLES_MAX]; /* ascending, before the signature */
    size_t hole_count;
    uint64_t signature_offset; /* the digest ends here */
    uint64_t signature_size;   /* 0: not signed */
    bool extent_agrees;        /* the file's own idea of its size ends there too */
} fp_layout;

typedef struct fp_carrier {
    const char *name;
    bool (*probe)(fp_span head);
    /* FP_TRUNCATED: a longer head is needed; FP_FORMAT: the place of the signature is not the one
     * canonical place; FP_UNSUPPORTED: not readable here, signed or not. */
    fp_status (*locate)(fp_span head, fp_layout *out, fp_diag *d);
    /* The PKCS #7 in what stands between signature_offset and the end; FP_FORMAT, FP_UNSUPPORTED.
     */
    fp_status (*unwrap)(fp_span area, fp_span *pkcs7, fp_diag *d);
    const fp_oid *data_types[FP_DATA_TYPES_MAX]; /* NULL: none */
} fp_carrier;

/* The kind of a file that begins like this, or NULL. */
const fp_carrier *fp_carrier_of(fp_span head);

#endif
