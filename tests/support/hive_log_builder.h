/* SPDX-License-Identifier: MIT */
/*
 * Writes transaction logs of hives, from two states of one hive: what Windows would have in the log
 * while it brings the first state to the second.
 *
 *     hive_log log = {.arena = arena};
 *     hive_log_old(&log, before, after, 1);
 *
 * Everything lives in the arena. Functions return false when there is no memory.
 */
#ifndef FP_TESTS_HIVE_LOG_BUILDER_H
#define FP_TESTS_HIVE_LOG_BUILDER_H

#include "inventory/registry/hive_log.h"

typedef struct hive_log {
    fp_arena *arena;
    uint8_t *data;
    size_t size;
    size_t capacity;
} hive_log;

/* The old form, whole. `type` 1 or 2; blocks of 4096 bytes that differ are marked and stored. */
bool hive_log_old(hive_log *log, fp_span before, fp_span after, uint32_t type);

/* The new form: its base block, with the number of the first entry; then the entries. */
bool hive_log_new(hive_log *log, fp_span hive, uint32_t number);
bool hive_log_entry(hive_log *log, fp_span before, fp_span after, uint32_t number);
/* Room behind the last entry, which shows that there is no later one. */
bool hive_log_room(hive_log *log);

/* Sets checksum or hashes right again after a change. `at`: where the entry begins. */
void hive_log_seal(uint8_t *log);
void hive_log_seal_entry(uint8_t *log, size_t at);

/* `before` between two writes: a copy with sequence numbers that differ, 8 and 7. */
uint8_t *hive_log_dirty(fp_arena *arena, fp_span before);

#endif
