/* SPDX-License-Identifier: MIT */
/*
 * Handlers for every kind that write down what they are given, and an evidence set that uses them.
 */
#ifndef FP_TESTS_EVIDENCE_RECORDER_H
#define FP_TESTS_EVIDENCE_RECORDER_H

#include "inventory/evidence.h"

enum { RECORDS_MAX = 512 };

typedef struct record {
    uint32_t item;
    fp_kind kind;  /* when the handler was called */
    bool whole;    /* else a stream */
    bool complete; /* item->complete when `whole` was called; what `end` was told */
    uint64_t size;
    uint8_t sha256[FP_SHA256_SIZE];
} record;

typedef struct catalog_record {
    uint32_t item;
    bool packages_read;
    fp_decoder_fate fate;
    size_t cabinet_files;
    uint64_t members;
    size_t problems;
    bool found; /* revision 7 */
} catalog_record;

typedef struct recorder {
    record records[RECORDS_MAX];
    size_t count; /* may exceed the array */
    catalog_record catalogs[RECORDS_MAX];
    size_t catalog_count;
    size_t open_streams;
    uint64_t progress;      /* the last value told */
    bool progress_backward; /* it once fell */
    bool progress_beyond;   /* more of a part was read than it has */
    uint64_t progress_total;
    /* Called from the first `data` of a stream, then forgotten: to change the file meanwhile. */
    void (*during)(void *context);
    void *during_context;
    fp_status fail_with; /* what every handler answers */
} recorder;

/* Options with all handlers, default limits, `r` as context and revision 7 asked for. */
fp_evidence_options recorder_options(recorder *r);
/* The record of this item, or NULL. */
const record *recorder_find(const recorder *r, uint32_t item);
/* The first item whose path ends in `ending`, or NULL. */
const fp_item *find_item(const fp_evidence *set, const char *ending);
bool has_problem(const fp_item *item, const char *part);
void print_items(const fp_evidence *set);

#endif
