/* SPDX-License-Identifier: MIT */
/*
 * Which kind of archive do these first bytes announce? Exactly one reader of libarchive is enabled
 * for the answer, so that a file cannot choose its reader by looking like two formats at once.
 */
#ifndef FP_ARCHIVE_PROBE_H
#define FP_ARCHIVE_PROBE_H

#include "inventory/base/bytes.h"

enum { FP_PROBE_SIZE = 512 }; /* one tar header: nothing here needs more */

typedef enum fp_archive_kind {
    FP_ARCHIVE_NONE = 0,
    FP_ARCHIVE_CAB,
    FP_ARCHIVE_ZIP,
    FP_ARCHIVE_7Z,
    FP_ARCHIVE_TAR,
    FP_ARCHIVE_GZIP, /* this and the following: a tar is expected inside */
    FP_ARCHIVE_BZIP2,
    FP_ARCHIVE_XZ,
    FP_ARCHIVE_ZSTD,
    FP_ARCHIVE_LZ4,
    FP_ARCHIVE_COMPRESS
} fp_archive_kind;

fp_archive_kind fp_archive_kind_of(fp_span head);

#endif
