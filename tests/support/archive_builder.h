/* SPDX-License-Identifier: MIT */
/*
 * Archives for tests: zip, 7z and tar by libarchive's writer, in memory; a descriptor of any bytes;
 * and a recorder of archive events that keeps every member with its content. A failure aborts: this
 * is test code.
 */
#ifndef FP_TESTS_ARCHIVE_BUILDER_H
#define FP_TESTS_ARCHIVE_BUILDER_H

#include "inventory/archive/archive.h"

typedef struct packed_file {
    const char *name;
    fp_span content;
} packed_file;

typedef struct packed {
    uint8_t *data;
    size_t size;
} packed;

/* `format`: "zip", "7zip", "pax", "ustar"; `filter`: "gzip", "xz" ... or NULL. Freed with
 * free(data). */
packed pack(const char *format, const char *filter, const packed_file *files, size_t count);

/* A descriptor of an unnamed file with these bytes, open for reading and writing, offset at its
 * end. */
int descriptor_of(fp_span bytes);

typedef struct recorded_member {
    unsigned level;
    uint64_t index;
    char name[300];
    bool regular;
    bool is_archive;
    bool withheld;
    bool size_known;
    uint64_t size;
    fp_time modified;
    bool ended;
    bool complete;
    fp_decoder_fate nested;
    char nested_message[200];
    uint8_t *content; /* only of the first CONTENT_MAX bytes */
    uint64_t content_size;
} recorded_member;

enum { RECORD_MAX = 512, CONTENT_MAX = 1 << 20 };

typedef struct record {
    recorded_member members[RECORD_MAX]; /* further ones are counted only */
    size_t count;
    size_t open[FP_ARCHIVE_NESTING_MAX + 1]; /* by level: index into members */
    uint64_t bytes;
    unsigned disorder; /* events that break the contract */
    unsigned depth;
    fp_status stop_with;   /* answered ... */
    uint64_t stop_at_byte; /* ... once so many bytes came */
} record;

record *record_new(void);
void record_free(record *r);
fp_archive_events record_events(record *r);
/* The first member with this name, or NULL. */
const recorded_member *record_find(const record *r, const char *name);

#endif
