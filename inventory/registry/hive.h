/* SPDX-License-Identifier: MIT */
/*
 * Registry hives (regf), read in place and without trust.
 *
 * Layout: Maxim Suhanov, "Windows registry file format specification" (msuhanov/regf); versions 1.3
 * to 1.5. A hive that needs its transaction logs is *dirty*; hive_recovery.h applies them.
 *
 * Only what is asked for is read. The headers of the bins are followed once, from the first to the
 * last, so that nothing within a bin can pass for one; when a bin is first used its cells are
 * walked and the start of every allocated one is marked. An offset from the file is followed only
 * to a marked cell, and a record is used only when it fits in its cell. A child counts only when it
 * names the key it was reached from as its parent: that makes the keys a tree, whatever the lists
 * say. Look-ups scan whole lists; neither their order nor their hashes are relied on to find a key,
 * but a hash that belongs to another name shows damage. What cannot be read is told as unreadable,
 * never skipped in silence.
 *
 * Offsets are those of the format: from the start of the bins (file offset = 4096 + offset).
 */
#ifndef FP_REGISTRY_HIVE_H
#define FP_REGISTRY_HIVE_H

#include "inventory/base/paged.h"
#include "inventory/registry/registry.h"
#include "inventory/registry/source.h"

enum {
    FP_HIVE_BLOCK = 4096,    /* base block; unit of bins */
    FP_HIVE_SEGMENT = 16344, /* bytes in a segment of big data */
    FP_HIVE_VALUE_NAME_BYTES = 2 * FP_REGISTRY_VALUE_NAME_MAX
};

/* ---- the base block -------------------------------------------------------------------------- */

typedef struct fp_hive_header {
    uint32_t primary; /* sequence numbers: they differ while a write is going on */
    uint32_t secondary;
    uint32_t minor;     /* of version 1.x */
    uint32_t root;      /* offset of the root key */
    uint32_t bins_size; /* bytes, as declared */
    fp_time written;
    fp_span name; /* end of the path it was loaded from: UTF-16LE, at most 64 bytes, may hold
                     anything */
    bool checksum_right;
} fp_hive_header;

/* Module "regf", `where` = file offset. FP_TRUNCATED, FP_FORMAT, FP_UNSUPPORTED (version, a log).
 */
FP_MUST_CHECK fp_status fp_hive_read_header(fp_span file, fp_hive_header *out, fp_diag *d);

/* Of the base block of a hive or a log: `block` has 508 bytes at least. It stands at 508. */
uint32_t fp_hive_checksum(fp_span block);

/* ---- the hive -------------------------------------------------------------------------------- */

typedef struct fp_hive fp_hive;

/*
 * Reads the base block and the headers of the bins, and walks the bin of the root; damage there is
 * told as a problem (file offset), damage in other bins when they are first used. `file` and
 * `problems` must outlive the hive. Statuses as above, FP_NOMEM and FP_IO.
 */
FP_MUST_CHECK fp_status fp_hive_open_paged(fp_paged file, fp_arena *arena,
                                           fp_reg_problems *problems, fp_hive **out, fp_diag *d);
/* The same of a file that is in memory. */
FP_MUST_CHECK static inline fp_status
fp_hive_open(fp_span file, fp_arena *arena, fp_reg_problems *problems, fp_hive **out, fp_diag *d)
{
    return fp_hive_open_paged(fp_paged_of(file), arena, problems, out, d);
}
const fp_hive_header *fp_hive_header_of(const fp_hive *hive);
bool fp_hive_is_dirty(const fp_hive *hive); /* checksum wrong, or sequence numbers differ */
/* Every declared byte is there, in bins without gaps, and the root's bin is sound. */
bool fp_hive_is_whole(const fp_hive *hive);
/*
 * Do all cells of the bin that holds `offset` fit in it? Absence is proven by a key and a list that
 * lie in sound bins; what other bins are like does not count.
 */
bool fp_hive_is_sound_at(const fp_hive *hive, uint32_t offset);

/* ---- keys ------------------------------------------------------------------------------------ */

typedef struct fp_hive_key {
    uint32_t offset; /* of its cell */
    uint16_t flags;
    uint32_t parent;
    uint32_t subkeys;
    uint32_t subkey_list;
    uint32_t values;
    uint32_t value_list;
    fp_time written;
    fp_span name; /* raw */
    bool latin1;  /* else UTF-16LE */
} fp_hive_key;

/* A symbolic link: its content is elsewhere and is not followed. */
bool fp_hive_key_is_link(const fp_hive_key *key);

FP_MUST_CHECK fp_status fp_hive_root(const fp_hive *hive, fp_hive_key *out, fp_diag *d);
/* Any key by its offset, as an earlier answer gave it. */
FP_MUST_CHECK fp_status fp_hive_key_at(const fp_hive *hive, uint32_t offset, fp_hive_key *out,
                                       fp_diag *d);
FP_MUST_CHECK fp_status fp_hive_name(fp_span raw, bool latin1, fp_arena *arena, fp_str *out);

/*
 * The readable subkeys, in the order of the list. True when all were read and told; else the first
 * failure is in `d`. `each` returning false stops, and then the answer is false without a failure.
 */
typedef bool fp_hive_key_fn(void *context, const fp_hive_key *key);
FP_MUST_CHECK bool fp_hive_subkeys(const fp_hive *hive, const fp_hive_key *key,
                                   fp_hive_key_fn *each, void *context, fp_diag *d);

typedef enum fp_hive_found {
    FP_HIVE_UNREADABLE = 0, /* not seen, and something there could not be read */
    FP_HIVE_ABSENT,         /* everything was read, and it is not there */
    FP_HIVE_FOUND,
    FP_HIVE_TWICE /* found, and the name is there more than once */
} fp_hive_found;

/* UNREADABLE: why is in `d`. */
fp_hive_found fp_hive_find_key(const fp_hive *hive, const fp_hive_key *key, fp_str name,
                               fp_hive_key *out, fp_diag *d);

/* ---- values ---------------------------------------------------------------------------------- */

typedef struct fp_hive_value {
    uint32_t offset; /* of its cell */
    fp_span name;    /* raw; empty = the default value */
    bool latin1;
    uint32_t type;
    uint32_t size;        /* of the data, bytes */
    bool is_inline;       /* the data stand in the record itself */
    uint32_t data_offset; /* else of the cell */
} fp_hive_value;

typedef bool fp_hive_value_fn(void *context, const fp_hive_value *value);
FP_MUST_CHECK bool fp_hive_values(const fp_hive *hive, const fp_hive_key *key,
                                  fp_hive_value_fn *each, void *context, fp_diag *d);
fp_hive_found fp_hive_find_value(const fp_hive *hive, const fp_hive_key *key, fp_str name,
                                 fp_hive_value *out, fp_diag *d);

/* The data: a part of the file, or (big data) a copy in `arena`. */
FP_MUST_CHECK fp_status fp_hive_data(const fp_hive *hive, const fp_hive_value *value,
                                     fp_arena *arena, fp_span *out, fp_diag *d);
/* The same checks without a copy. */
FP_MUST_CHECK fp_status fp_hive_check_data(const fp_hive *hive, const fp_hive_value *value,
                                           fp_diag *d);

/* ---- all of it ------------------------------------------------------------------------------- */

typedef struct fp_hive_visitor { /* each may be NULL */
    void *context;
    /* Before its values and subkeys; depth 0 is the root. False: do not enter. */
    bool (*key)(void *context, const fp_hive_key *key, unsigned depth);
    bool (*value)(void *context, const fp_hive_key *key, const fp_hive_value *value);
    /* After everything below it. */
    void (*leave)(void *context, const fp_hive_key *key, unsigned depth);
} fp_hive_visitor;

/*
 * Visits every key that the root leads to, once. Cells that two records use are told as a problem,
 * and the entries that all lists together may have are limited by the hive's size, so the work is
 * linear in the file. *whole: no problem was met.
 */
FP_MUST_CHECK fp_status fp_hive_walk(const fp_hive *hive, const fp_hive_visitor *visitor,
                                     fp_reg_problems *problems, bool *whole);

#endif
