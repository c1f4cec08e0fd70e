/* SPDX-License-Identifier: MIT */
/*
 * Transaction logs of hives, read in place and without trust: the old form (file type 1 or 2, one
 * set of pages behind "DIRT") and the new one of Windows 8.1 (file type 6, entries "HvLE" with
 * hashes). Whether a log belongs to a hive and applies is decided in hive_recovery.h.
 *
 * Layout: Maxim Suhanov, "Windows registry file format specification" (msuhanov/regf). Offsets of
 * pages count from the start of the bins. Module "regf-log", `where` = offset in the log.
 */
#ifndef FP_REGISTRY_HIVE_LOG_H
#define FP_REGISTRY_HIVE_LOG_H

#include "inventory/registry/hive.h"

enum {
    FP_HIVE_SECTOR = 512, /* unit of logs: base block, entries, pages */
    FP_HIVE_LOG_OLD = 1,  /* file types */
    FP_HIVE_LOG_OLDEST = 2,
    FP_HIVE_LOG_NEW = 6
};

/* ---- what hives and logs begin with ---------------------------------------------------------- */

typedef struct fp_hive_block {
    bool right; /* "regf", and the checksum agrees */
    uint32_t primary;
    uint32_t secondary;
    uint64_t written; /* FILETIME as stored: equality is what counts */
    uint32_t file_type;
    uint32_t bins_size;
    fp_span name; /* UTF-16LE up to the first zero; may be empty, may hold anything */
} fp_hive_block;

/* False: it has no 512 bytes. */
FP_MUST_CHECK bool fp_hive_block_read(fp_span file, fp_hive_block *out);

/* ---- the old form ---------------------------------------------------------------------------- */

typedef struct fp_hive_old_log {
    fp_hive_block block;
    fp_span bitmap; /* one bit for 512 bytes of the bins, the lowest first */
    fp_span pages;
    size_t page_count; /* set bits */
} fp_hive_old_log;

/* All of it is checked: after FP_OK every marked page is there. FP_TRUNCATED, FP_FORMAT. */
FP_MUST_CHECK fp_status fp_hive_old_log_read(fp_span log, fp_hive_old_log *out, fp_diag *d);
bool fp_hive_old_log_has(const fp_hive_old_log *log, size_t sector);

/* ---- the new form ---------------------------------------------------------------------------- */

typedef struct fp_hive_log_entry {
    size_t at; /* in the log */
    uint32_t size;
    uint32_t flags;
    uint32_t number;     /* sequence number */
    uint32_t bins_size;  /* bytes; every page lies within them */
    uint32_t page_count; /* at least 1 */
    fp_span bytes;       /* all of the entry */
} fp_hive_log_entry;

/*
 * FP_NOT_FOUND: no entry begins here (the end, or what an older use of the log left behind). With
 * FP_TRUNCATED and FP_FORMAT an entry began here and is not whole.
 */
FP_MUST_CHECK fp_status fp_hive_log_entry_read(fp_span log, size_t at, fp_hive_log_entry *out,
                                               fp_diag *d);

/* Is there, at or behind `at`, the head of an entry with this number or a later one? */
bool fp_hive_log_goes_on(fp_span log, size_t at, uint32_t number);

typedef struct fp_hive_log_page {
    uint32_t offset;
    fp_span bytes;
} fp_hive_log_page;

typedef struct fp_hive_log_pages { /* goes through an entry that was read */
    fp_reader table;
    fp_reader data;
    uint32_t left;
} fp_hive_log_pages;

fp_hive_log_pages fp_hive_log_pages_of(const fp_hive_log_entry *entry);
FP_MUST_CHECK bool fp_hive_log_page_next(fp_hive_log_pages *pages, fp_hive_log_page *out);

/* Marvin32 with the seed of these logs. The size is a multiple of 4. */
uint64_t fp_hive_log_hash(fp_span bytes);

/* a is b or later; numbers wrap at 2^32. */
static inline bool fp_hive_log_at_least(uint32_t a, uint32_t b)
{
    return a - b < 0x80000000U;
}

#endif
