/* SPDX-License-Identifier: MIT */
/*
 * Writes registry hives (regf) for tests and samples: valid ones, from which a test breaks one
 * thing.
 *
 *     hive_builder *b = hive_builder_new(arena);
 *     hive_builder_key *setup = hive_builder_path(b, FP_STR("Microsoft\\SMS\\Setup"));
 *     hive_builder_text(b, setup, FP_STR("Full Version"), FP_STR("4.00.6221.1000"));
 *     hive_builder_write(b, &(hive_builder_options){.name = "SOFTWARE"}, &file);
 *
 * Everything lives in the arena. Keys and values come in the order they were added, subkeys sorted.
 */
#ifndef FP_TESTS_HIVE_BUILDER_H
#define FP_TESTS_HIVE_BUILDER_H

#include "inventory/registry/registry.h"

typedef struct hive_builder hive_builder;

typedef struct hive_builder_key {
    fp_str name;
    fp_time written; /* FP_TIME_NONE is stored as 0 */
    uint16_t more_flags;
    struct hive_builder_key *parent;
    struct hive_builder_key **children;
    size_t child_count;
    size_t child_capacity;
    struct hive_builder_value *values;
    size_t value_count;
    size_t value_capacity;
    /* After hive_builder_write: offsets of cells from the start of the bins. */
    uint32_t offset;
    uint32_t list;
    uint32_t value_list;
} hive_builder_key;

typedef struct hive_builder_value {
    fp_str name;
    uint32_t type;
    fp_span data;
    uint32_t offset;      /* after hive_builder_write */
    uint32_t data_offset; /* 0 when the data are in the record */
} hive_builder_value;

typedef enum hive_builder_list { HIVE_LH = 0, HIVE_LF, HIVE_LI } hive_builder_list;

typedef struct hive_builder_options {
    hive_builder_list list;
    size_t leaf;      /* not 0: an ri over lists of this many subkeys; always beyond 1,000 */
    uint32_t minor;   /* 0 = 5 */
    bool dirty;       /* the sequence numbers differ */
    const char *name; /* in the base block, ASCII; NULL = empty */
    fp_time written;  /* of the hive; 0 = not known */
} hive_builder_options;

hive_builder *hive_builder_new(fp_arena *arena); /* NULL: no memory, here and below */
hive_builder_key *hive_builder_root(hive_builder *b);
/* A new subkey, even when the name is there already. */
hive_builder_key *hive_builder_add(hive_builder *b, hive_builder_key *parent, fp_str name);
/* Below the root; what is missing of the path is made. */
hive_builder_key *hive_builder_path(hive_builder *b, fp_str path);

/* False: no memory. `data` must live as long as the builder. */
bool hive_builder_value_add(hive_builder *b, hive_builder_key *key, fp_str name, uint32_t type,
                            fp_span data);
bool hive_builder_text(hive_builder *b, hive_builder_key *key, fp_str name, fp_str text); /* SZ */
bool hive_builder_dword(hive_builder *b, hive_builder_key *key, fp_str name, uint32_t number);

/* `file` is writable memory of the arena. */
bool hive_builder_write(hive_builder *b, const hive_builder_options *options, uint8_t **file,
                        size_t *size);

/* Sets the base block's checksum right again after a change to it. */
void hive_builder_seal(uint8_t *file, size_t size);

void hive_put16(uint8_t *at, uint32_t value);
void hive_put32(uint8_t *at, uint32_t value);

#endif
