/* SPDX-License-Identifier: MIT */
/*
 * Hostile transaction logs beside a hive that is dirty. Input: one log or two; a number in a part
 * of the base block that nothing reads says how many sectors the first has (0: all). Checksums and
 * the hashes of entries are repaired first, or nearly none would get past them; a bit there
 * prevents it, others damage the hive's base block, make the hive clean, add the first log once
 * more. What must hold: the evidence is not changed, a recovered copy is a clean hive, no larger
 * than hive and logs together, and the same logs give the same answer twice.
 *
 * Seeds: make_hive_logs over two hives of make_hive, some with other flags and entry numbers.
 */
#include "inventory/registry/hive_recovery.h"

#include "tests/support/fuzz.h"
#include "tests/support/hive_builder.h"
#include "tests/support/hive_log_builder.h"

#include <stdlib.h>
#include <string.h>

enum {
    BUDGET = 64 * 1024 * 1024,
    LIMIT = 16 * 1024 * 1024,
    FLAGS_AT = 160,
    SPLIT_AT = 162,
    CHECKSUM_AT = 508
};
enum { NO_REPAIR = 1, BLOCK_DAMAGED = 2, TWICE = 4, CLEAN = 8, LOGS_MAX = 3 };

static bool has_flag(fp_span log, uint8_t flag)
{
    return log.size >= FP_HIVE_SECTOR && (log.data[FLAGS_AT] & flag) != 0;
}

static void repair(uint8_t *log, size_t size)
{
    if (size < FP_HIVE_SECTOR || has_flag(fp_span_of(log, size), NO_REPAIR))
        return;
    hive_log_seal(log);
    size_t at = FP_HIVE_SECTOR;
    while (size - at >= FP_HIVE_SECTOR && memcmp(log + at, "HvLE", 4) == 0) {
        const uint32_t entry = fp_load_u32le(log + at + 4);
        if (entry < FP_HIVE_SECTOR || entry > size - at)
            return;
        hive_log_seal_entry(log, at);
        at += entry;
    }
}

static size_t first_size(const uint8_t *log, size_t size)
{
    const size_t sectors = size < FP_HIVE_SECTOR ? 0 : fp_load_u16le(log + SPLIT_AT);
    const size_t first = sectors * FP_HIVE_SECTOR;
    return sectors == 0 || first > size ? size : first;
}

static fp_span make_hive(fp_arena *arena, fp_span log)
{
    hive_builder *b = hive_builder_new(arena);
    uint8_t *file = NULL;
    size_t size = 0;
    require(b != NULL && hive_builder_path(b, FP_STR("Microsoft\\SMS\\Setup")) != NULL);
    require(hive_builder_write(b, &(hive_builder_options){.name = "SOFTWARE"}, &file, &size));
    if (has_flag(log, CLEAN))
        return fp_span_of(file, size);
    if (log.size >= FP_HIVE_SECTOR)
        memcpy(file + 12, log.data + 12, 8); /* the time that ties an old log to it */
    uint8_t *dirty = hive_log_dirty(arena, fp_span_of(file, size));
    if (has_flag(log, BLOCK_DAMAGED))
        dirty[CHECKSUM_AT] ^= 1;
    return fp_span_of(dirty, size);
}

static void check(fp_arena *arena, fp_span hive, fp_span one, fp_span two)
{
    const uint64_t before = fp_hive_log_hash(hive);
    fp_registry_log logs[LOGS_MAX] = {
        {.item = 1, .name = FP_STR("SOFTWARE.LOG1"), .content = one},
        {.item = 2, .name = FP_STR("SOFTWARE.LOG2"), .content = two},
        {.item = 3, .name = FP_STR("copy of SOFTWARE.LOG1"), .content = one}};
    fp_registry_log again[LOGS_MAX] = {logs[0], logs[1], logs[2]};
    const size_t count = has_flag(one, TWICE) ? LOGS_MAX : LOGS_MAX - 1;
    fp_registry_recovery told, told_again;
    fp_paged paged = fp_paged_of(hive);
    fp_paged paged_again = paged;
    require(fp_hive_recover(paged, FP_STR("SOFTWARE"), logs, count, LIMIT, arena, &told, &paged) ==
            FP_OK);
    require(fp_hive_recover(fp_paged_of(hive), FP_STR("SOFTWARE"), again, count, LIMIT, arena,
                            &told_again, &paged_again) == FP_OK);
    fp_span copy, copy_again;
    require(fp_paged_get(paged, 0, paged.place.size, &copy));
    require(fp_paged_get(paged_again, 0, paged_again.place.size, &copy_again));
    require(fp_hive_log_hash(hive) == before);
    const fp_registry_recovery_state kept =
        has_flag(one, CLEAN) ? FP_REG_CLEAN : FP_REG_NOT_RECOVERED;
    require(told.state == kept || (told.state == FP_REG_RECOVERED && kept != FP_REG_CLEAN));
    require(told.state == told_again.state && copy.size == copy_again.size);
    const bool applied = logs[0].fate == FP_REG_LOG_APPLIED || logs[1].fate == FP_REG_LOG_APPLIED ||
                         logs[2].fate == FP_REG_LOG_APPLIED;
    require((told.state == FP_REG_RECOVERED) == applied);
    if (told.state != FP_REG_RECOVERED)
        return;
    require(memcmp(copy.data, copy_again.data, copy.size) == 0);
    require(copy.size >= FP_HIVE_BLOCK && copy.size <= hive.size + one.size + two.size);
    fp_hive *read = NULL;
    fp_reg_problems problems = {.tell = NULL};
    if (fp_hive_open(copy, arena, &problems, &read, NULL) == FP_OK)
        require(!fp_hive_is_dirty(read));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fp_arena *arena = fp_arena_new(BUDGET);
    require(arena != NULL);
    uint8_t *log = malloc(size + 1);
    require(log != NULL);
    if (size > 0)
        memcpy(log, data, size);
    const size_t first = first_size(log, size);
    repair(log, first);
    repair(log + first, size - first);
    const fp_span one = fp_span_of(log, first);
    check(arena, make_hive(arena, one), one, fp_span_of(log + first, size - first));
    free(log);
    fp_arena_free(arena);
    return 0;
}
