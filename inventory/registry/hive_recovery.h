/* SPDX-License-Identifier: MIT */
/*
 * What Windows does with a dirty hive when it loads it, in memory: which logs apply, and a copy of
 * the hive with their pages. Evidence itself is never written.
 *
 * A log belongs to a hive by what both hold, not by its name alone: an old one by the same time of
 * last write, a new one by the same name in the base block and by sequence numbers that follow the
 * hive's. Where a base block has no name, the file's name ("SOFTWARE.LOG1" beside "SOFTWARE")
 * stands in for it.
 *
 * Old form: valid as a whole or not at all. Two that apply with different results contradict each
 * other, and none is applied. New form: the log with the lowest number first, then one that goes on
 * where it ended; within a log, entries as long as their numbers rise by one and their hashes are
 * right. What ends that way for any other reason than the log's end leaves doubt: newer changes may
 * be missing. So does a newest log that ends with its last entry, as one that was cut there would;
 * and a second log that is not there or holds nothing, because Windows writes to the two in turn.
 *
 * A clean hive is read as it is, as Windows does; but a new log of it whose entries are not older
 * shows that it was copied before them.
 *
 * When the hive's own base block is bad, an old log gives its own copy; of new ones only the latest
 * counts.
 */
#ifndef FP_REGISTRY_HIVE_RECOVERY_H
#define FP_REGISTRY_HIVE_RECOVERY_H

#include "inventory/registry/hive_log.h"

/*
 * Of a clean hive only the base block is read. *copy is set when the state is FP_REG_RECOVERED: an
 * overlay over the hive, of at most `limit` bytes of address space in `arena`, with a base block
 * that is right and equal sequence numbers. FP_OK, FP_NOMEM. Bytes that neither the hive nor a log
 * holds are never made up: the copy ends before them.
 */
FP_MUST_CHECK fp_status fp_hive_recover(fp_paged hive, fp_str hive_name, fp_registry_log *logs,
                                        size_t count, size_t limit, fp_arena *arena,
                                        fp_registry_recovery *out, fp_paged *copy);

#endif
