/* SPDX-License-Identifier: MIT */
#include "inventory/registry/hive_recovery.h"

#include <string.h>

enum { LOGS_MAX = 64 }; /* considered for one hive: a folder of hives has three for each */
enum { CHECKSUM_AT = 508, FLAGS_AT = 144, BIN_TIME_AT = FP_HIVE_BLOCK + 20 };

typedef struct candidate { /* a log of this hive that may be applied */
    fp_registry_log *log;
    fp_hive_block block;
    bool is_new;
    fp_hive_old_log old;
    size_t entries;      /* new: to apply */
    uint32_t first;      /* new: number of the first entry */
    bool ends_broken;    /* new: for another reason than the log's end */
    bool ends_with_file; /* new: no room behind the last entry */
} candidate;

typedef struct recovery {
    fp_paged hive;
    fp_span head; /* of the hive: its base block */
    fp_str name;
    fp_hive_block block;
    uint64_t bin_time; /* of the first bin, 0 = none */
    fp_arena *arena;
    candidate *all;
    size_t count;
    size_t new_logs; /* of this hive, whatever their state */
    bool hollow;     /* one of them, which is no older than the hive, holds no entry */
    bool newer_old;  /* an old log of a later write */
    const char *doubt;
    uint64_t pages;
    /* the copy: the hive with pages over it */
    uint32_t bins_size;
    uint32_t flags;
    uint32_t sequence;
    fp_paged copy;
    bool failed; /* a part of the hive could not be read */
    size_t size;
    size_t known;     /* bytes that the hive itself gives */
    uint8_t *covered; /* one bit for each sector of the copy behind them */
} recovery;

static void put32(uint8_t *at, uint32_t value)
{
    for (size_t i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

/* ---- does it belong to the hive? ------------------------------------------------------------- */

static bool same_bytes(fp_span a, fp_span b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* "SOFTWARE.LOG1" beside "SOFTWARE". */
static bool named_after(fp_str log, fp_str hive)
{
    if (hive.size == 0 || log.size <= hive.size || !fp_str_istarts(log, hive))
        return false;
    const fp_str end = fp_str_tail(log, hive.size);
    return fp_str_ieq(end, FP_STR(".LOG")) || fp_str_ieq(end, FP_STR(".LOG1")) ||
           fp_str_ieq(end, FP_STR(".LOG2"));
}

static bool both_named(const recovery *r, const fp_hive_block *log)
{
    return r->block.right && log->right && r->block.name.size > 0 && log->name.size > 0;
}

static bool tied_by_name(const recovery *r, const fp_registry_log *log, const fp_hive_block *block)
{
    if (both_named(r, block))
        return same_bytes(r->block.name, block->name);
    return named_after(log->name, r->name) ||
           (block->name.size > 0 && same_bytes(r->block.name, block->name));
}

/* ---- judging one log ------------------------------------------------------------------------- */

static void keep(recovery *r, const candidate *c)
{
    c->log->fate = FP_REG_LOG_UNUSED;
    r->all[r->count++] = *c;
}

/* Zero is no time: it would tie every log to every hive. */
static bool same_write(const recovery *r, const fp_hive_block *log)
{
    return log->written != 0 &&
           (log->written == r->block.written ||
            (!r->block.right && r->bin_time != 0 && log->written == r->bin_time));
}

static void judge_old(recovery *r, candidate *c)
{
    fp_registry_log *log = c->log;
    const bool tied = tied_by_name(r, log, &c->block);
    if (c->block.right && !same_write(r, &c->block)) {
        const bool other = !tied || !r->block.right || c->block.written == 0;
        log->fate = other                                 ? FP_REG_LOG_OTHER
                    : c->block.written < r->block.written ? FP_REG_LOG_OLDER
                                                          : FP_REG_LOG_NEWER;
        r->newer_old = r->newer_old || log->fate == FP_REG_LOG_NEWER;
        return;
    }
    if (!tied && (!c->block.right || both_named(r, &c->block)))
        return; /* of another hive */
    log->fate = FP_REG_LOG_DAMAGED;
    if (fp_hive_old_log_read(log->content, &c->old, &log->why) == FP_OK)
        keep(r, c);
}

/* How many entries go on from the first, and why they end. */
static void follow(candidate *c, const fp_hive_log_entry *first)
{
    const fp_span log = c->log->content;
    fp_hive_log_entry e = *first;
    c->entries = 1;
    c->first = first->number;
    size_t at = first->at + first->size;
    uint32_t next = first->number + 1;
    fp_status status;
    while ((status = fp_hive_log_entry_read(log, at, &e, &c->log->why)) == FP_OK &&
           e.number == next) {
        c->entries++;
        next++;
        at += e.size;
    }
    /* Older entries behind the newest are what an earlier use of the log left there. */
    c->ends_broken = c->log->cut || (status != FP_OK && status != FP_NOT_FOUND) ||
                     fp_hive_log_goes_on(log, at, next);
    c->ends_with_file = at >= log.size;
}

static bool is_known(const recovery *r, const fp_registry_log *log)
{
    for (size_t i = 0; i < r->count; i++) {
        if (same_bytes(r->all[i].log->content, log->content))
            return true;
    }
    return false;
}

static void judge_new(recovery *r, candidate *c)
{
    fp_registry_log *log = c->log;
    if (!tied_by_name(r, log, &c->block))
        return;
    r->new_logs++;
    log->fate = FP_REG_LOG_DAMAGED;
    fp_hive_log_entry first;
    if (!c->block.right) {
        (void)fp_fail(&log->why, FP_FORMAT, "regf-log", CHECKSUM_AT, "its checksum is wrong");
        return;
    }
    const fp_status status =
        fp_hive_log_entry_read(log->content, FP_HIVE_SECTOR, &first, &log->why);
    if (status == FP_NOT_FOUND) {
        log->fate = FP_REG_LOG_UNUSED;
        r->hollow = r->hollow || fp_hive_log_at_least(c->block.primary, r->block.secondary);
        return;
    }
    if (status != FP_OK)
        return;
    if (first.number != c->block.primary) {
        (void)fp_fail(&log->why, FP_FORMAT, "regf-log", FP_HIVE_SECTOR + 12,
                      "it begins with entry %u instead of %u", first.number, c->block.primary);
        return;
    }
    if (r->block.right && !fp_hive_log_at_least(first.number, r->block.secondary)) {
        log->fate = FP_REG_LOG_OLDER;
        return;
    }
    if (is_known(r, log)) {
        r->new_logs--; /* one log twice is still one log */
        log->fate = FP_REG_LOG_UNUSED;
        return;
    }
    follow(c, &first);
    keep(r, c);
}

static void judge_without_block(recovery *r, fp_registry_log *log)
{
    if (!named_after(log->name, r->name))
        return;
    if (log->content.size == 0 && !log->cut) {
        const bool of_two = !fp_str_iends(log->name, FP_STR(".LOG")); /* that one is a dummy now */
        log->fate = FP_REG_LOG_UNUSED;
        r->new_logs += of_two;
        r->hollow = r->hollow || of_two;
        return;
    }
    log->fate = FP_REG_LOG_DAMAGED;
    (void)fp_fail(&log->why, FP_TRUNCATED, "regf-log", log->content.size,
                  "the base block needs 512 bytes");
}

static void judge(recovery *r, fp_registry_log *log)
{
    candidate c = {.log = log};
    log->fate = FP_REG_LOG_OTHER;
    if (!fp_hive_block_read(log->content, &c.block)) {
        judge_without_block(r, log);
        return;
    }
    c.is_new = c.block.file_type == FP_HIVE_LOG_NEW;
    if (c.is_new)
        judge_new(r, &c);
    else
        judge_old(r, &c);
}

/*
 * A clean hive stands as Windows would load it, whatever its logs hold. But every entry of a log of
 * its own was written before the hive was last brought up to date, and its number is below the
 * hive's then; one that is not below was written after the hive was copied.
 */
static bool is_later(const recovery *r, const fp_registry_log *log)
{
    fp_hive_block block;
    fp_hive_log_entry first;
    return fp_hive_block_read(log->content, &block) && block.right &&
           block.file_type == FP_HIVE_LOG_NEW && tied_by_name(r, log, &block) &&
           fp_hive_log_entry_read(log->content, FP_HIVE_SECTOR, &first, NULL) == FP_OK &&
           first.number == block.primary && fp_hive_log_at_least(first.number, r->block.secondary);
}

static void look_for_later(const recovery *r, fp_registry_log *logs, size_t count,
                           fp_registry_recovery *out)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_later(r, &logs[i]))
            continue;
        logs[i].fate = FP_REG_LOG_NEWER;
        out->doubt = "a log of it holds writes that came after it was copied";
    }
}

/* ---- the copy -------------------------------------------------------------------------------- */

/* Why there is none: a literal, or NULL with `*status` FP_OK (made) or FP_NOMEM. */
static const char *make_copy(recovery *r, size_t limit, size_t in_logs, fp_status *status)
{
    *status = FP_OK;
    const uint64_t size = FP_HIVE_BLOCK + (uint64_t)r->bins_size;
    /* Growth has pages for all that it adds; a number in a log alone takes no memory. */
    if (size > (uint64_t)r->hive.place.size + in_logs)
        return "its logs declare a size for which they hold no pages";
    if (size > limit)
        return "it is too large for a copy with its logs applied";
    const uint64_t own =
        r->block.right ? FP_HIVE_BLOCK + (uint64_t)r->block.bins_size : r->hive.place.size;
    size_t known = own < r->hive.place.size ? (size_t)own : r->hive.place.size;
    if (known > size)
        known = (size_t)size;
    r->size = (size_t)size;
    r->known = known / FP_HIVE_SECTOR * FP_HIVE_SECTOR;
    *status = fp_paged_over(fp_paged_start(r->hive, r->known), r->size, r->arena, &r->copy);
    r->covered = fp_arena_alloc(r->arena, (r->size - r->known) / FP_HIVE_SECTOR / 8 + 1);
    if (r->covered == NULL)
        *status = FP_NOMEM;
    return NULL;
}

/* Offsets and sizes are multiples of a sector; what lies behind the hive's final end is left out.
 */
static void apply_page(recovery *r, uint32_t offset, fp_span bytes)
{
    r->pages++;
    for (size_t done = 0; done < bytes.size; done += FP_HIVE_SECTOR) {
        const uint64_t at = FP_HIVE_BLOCK + (uint64_t)offset + done;
        if (at + FP_HIVE_SECTOR > r->size)
            return;
        if (!fp_paged_put(r->copy, at, fp_span_of(bytes.data + done, FP_HIVE_SECTOR)))
            r->failed = true;
        if (at < r->known)
            continue;
        const size_t sector = ((size_t)at - r->known) / FP_HIVE_SECTOR;
        r->covered[sector / 8] = (uint8_t)(r->covered[sector / 8] | 1U << sector % 8);
    }
}

/* The copy ends where neither the hive nor a log has bytes: zeros there would pass for data. */
static void end_at_first_gap(recovery *r)
{
    for (size_t at = r->known; at < r->size; at += FP_HIVE_SECTOR) {
        const size_t sector = (at - r->known) / FP_HIVE_SECTOR;
        if ((r->covered[sector / 8] >> sector % 8 & 1) == 0) {
            r->size = at;
            return;
        }
    }
}

static void write_block(recovery *r, fp_span from)
{
    uint8_t block[FP_HIVE_SECTOR];
    memcpy(block, from.data, FP_HIVE_SECTOR);
    put32(block + 4, r->sequence);
    put32(block + 8, r->sequence);
    put32(block + 28, 0); /* file type: a hive */
    put32(block + 40, r->bins_size);
    put32(block + FLAGS_AT, r->flags);
    put32(block + CHECKSUM_AT, fp_hive_checksum(fp_span_of(block, FP_HIVE_SECTOR)));
    if (!fp_paged_put(r->copy, 0, fp_span_of(block, FP_HIVE_SECTOR)))
        r->failed = true;
}

/* ---- the old form ---------------------------------------------------------------------------- */

/* The sector as this log would leave it; *page counts the marked ones. */
static fp_span sector_of(const recovery *r, const fp_hive_old_log *log, size_t sector, size_t *page)
{
    fp_span bytes = {NULL, 0};
    const bool there =
        fp_hive_old_log_has(log, sector)
            ? fp_span_sub(log->pages, (uint64_t)(*page)++ * FP_HIVE_SECTOR, FP_HIVE_SECTOR, &bytes)
            : fp_paged_get(r->hive, FP_HIVE_BLOCK + (uint64_t)sector * FP_HIVE_SECTOR,
                           FP_HIVE_SECTOR, &bytes);
    return there ? bytes : (fp_span){NULL, 0};
}

/* Work follows the pages that are there: a size in a log's base block alone costs nothing. */
static bool same_result(const recovery *r, const fp_hive_old_log *a, const fp_hive_old_log *b)
{
    size_t page_a = 0;
    size_t page_b = 0;
    if (a->block.bins_size != b->block.bins_size)
        return false;
    for (size_t i = 0; i < a->block.bins_size / FP_HIVE_SECTOR; i++) {
        if (i % 8 == 0 && (a->bitmap.data[i / 8] | b->bitmap.data[i / 8]) == 0) {
            i += 7; /* neither marks any of these eight */
            continue;
        }
        if (!same_bytes(sector_of(r, a, i, &page_a), sector_of(r, b, i, &page_b)))
            return false;
    }
    return true;
}

static fp_status replay_old(recovery *r, size_t limit, fp_registry_recovery *out)
{
    candidate *c = &r->all[0];
    r->bins_size = c->block.bins_size;
    r->sequence = c->block.primary;
    r->flags = fp_load_u32le(c->log->content.data + FLAGS_AT);
    fp_status status;
    out->doubt = make_copy(r, limit, c->log->content.size, &status);
    if (status != FP_OK || out->doubt != NULL)
        return status;

    size_t page = 0;
    fp_span bytes;
    for (size_t i = 0; i < r->bins_size / FP_HIVE_SECTOR; i++) {
        if (!fp_hive_old_log_has(&c->old, i))
            continue;
        bytes = sector_of(r, &c->old, i, &page);
        apply_page(r, (uint32_t)(i * FP_HIVE_SECTOR), bytes);
    }
    write_block(r, c->log->content);
    c->log->fate = FP_REG_LOG_APPLIED;
    if (r->newer_old)
        r->doubt = "another of its logs is of a later write than the hive";
    else if (!r->block.right && c->block.written != r->bin_time)
        r->doubt = "its base block was damaged, and only the time in it ties the log to it";
    return FP_OK;
}

/* ---- the new form ---------------------------------------------------------------------------- */

/* The one to apply next: the lowest first, or (when `after` is not NULL) the one that goes on. */
static candidate *next_log(recovery *r, const uint32_t *after)
{
    candidate *best = NULL;
    for (size_t i = 0; i < r->count; i++) {
        candidate *c = &r->all[i];
        if (c->log->fate == FP_REG_LOG_APPLIED || (after != NULL && c->first != *after))
            continue;
        if (best == NULL || !fp_hive_log_at_least(c->first, best->first))
            best = c;
    }
    return best;
}

static candidate *latest_log(recovery *r)
{
    candidate *best = &r->all[0];
    for (size_t i = 1; i < r->count; i++) {
        if (!fp_hive_log_at_least(best->first, r->all[i].first))
            best = &r->all[i];
    }
    return best;
}

typedef void entry_fn(recovery *r, const fp_hive_log_entry *entry);

static void each_entry(recovery *r, const candidate *c, entry_fn *each)
{
    size_t at = FP_HIVE_SECTOR;
    fp_hive_log_entry e;
    for (size_t i = 0; i < c->entries; i++, at += e.size) {
        if (fp_hive_log_entry_read(c->log->content, at, &e, NULL) != FP_OK)
            return; /* it was read before */
        each(r, &e);
    }
}

static void note_entry(recovery *r, const fp_hive_log_entry *entry)
{
    r->bins_size = entry->bins_size;
    r->flags = (r->flags & ~1U) | (entry->flags & 1U);
    r->sequence = entry->number + 1;
}

static void apply_entry(recovery *r, const fp_hive_log_entry *entry)
{
    fp_hive_log_pages pages = fp_hive_log_pages_of(entry);
    fp_hive_log_page page;
    while (fp_hive_log_page_next(&pages, &page))
        apply_page(r, page.offset, page.bytes);
}

/* Two logs with the same first number, or one that begins within the other. */
static bool overlaps(const candidate *a, const candidate *b)
{
    return a != b && b->first - a->first < a->entries &&
           !same_bytes(a->log->content, b->log->content);
}

static bool any_overlap(const recovery *r)
{
    for (size_t i = 0; i < r->count; i++) {
        for (size_t k = 0; k < r->count; k++) {
            if (overlaps(&r->all[i], &r->all[k]))
                return true;
        }
    }
    return false;
}

/* Puts the logs to apply in order at the front of `all`; the number of them. */
static size_t order_new(recovery *r, size_t *in_logs)
{
    size_t chosen = 0;
    candidate *c = r->block.right ? next_log(r, NULL) : latest_log(r);
    while (c != NULL) {
        const candidate moved = *c;
        *c = r->all[chosen];
        r->all[chosen] = moved;
        c = &r->all[chosen++];
        c->log->fate = FP_REG_LOG_APPLIED;
        *in_logs += c->log->content.size;
        each_entry(r, c, note_entry);
        if (c->ends_broken)
            r->doubt = "a log is damaged or ends too early";
        c = r->block.right && !c->ends_broken ? next_log(r, &r->sequence) : NULL;
    }
    return chosen;
}

static void doubt_new(recovery *r, size_t chosen)
{
    if (r->doubt != NULL)
        return;
    for (size_t i = chosen; i < r->count && r->block.right; i++) {
        if (fp_hive_log_at_least(r->all[i].first, r->sequence))
            r->doubt = "another of its logs does not go on where the first one ends";
    }
    if (r->doubt != NULL)
        return;
    if (!r->block.right)
        r->doubt = "its base block was damaged, so not all of its logs can be ordered";
    else if (r->new_logs < 2)
        r->doubt = "Windows writes two logs in turn, and the other was not supplied";
    else if (r->hollow) /* not used yet, or cut to nothing: which of them cannot be seen */
        r->doubt = "one of its logs is empty: it may not have been copied";
    else if (!fp_hive_log_at_least(r->sequence, r->block.primary))
        r->doubt = "its logs end before its own last write";
    else if (r->all[chosen - 1].ends_with_file) /* a whole log may, too */
        r->doubt = "its newest log ends with an entry: later ones may have been cut off";
}

/* What was not applied may hold newer changes all the same. */
static void doubt_other_logs(recovery *r, const fp_registry_log *logs, size_t count)
{
    for (size_t i = 0; i < count && r->doubt == NULL; i++) {
        if (logs[i].fate == FP_REG_LOG_DAMAGED)
            r->doubt = "another of its logs is damaged";
        else if (logs[i].fate == FP_REG_LOG_OLDER &&
                 fp_hive_log_goes_on(logs[i].content, FP_HIVE_SECTOR, r->sequence))
            r->doubt =
                "another of its logs begins before the hive, and ends behind what was applied";
    }
}

static fp_status replay_new(recovery *r, size_t limit, fp_registry_recovery *out)
{
    size_t in_logs = 0;
    const size_t chosen = order_new(r, &in_logs);
    const fp_span from = r->block.right ? r->head : r->all[0].log->content;
    const uint32_t one = r->flags & 1U;
    r->flags = (fp_load_u32le(from.data + FLAGS_AT) & ~1U) | one;
    fp_status status;
    out->doubt = make_copy(r, limit, in_logs, &status);
    if (status != FP_OK)
        return status;
    for (size_t i = 0; i < chosen; i++) {
        if (out->doubt == NULL)
            each_entry(r, &r->all[i], apply_entry);
        else
            r->all[i].log->fate = FP_REG_LOG_UNUSED;
    }
    if (out->doubt != NULL)
        return FP_OK;
    write_block(r, from);
    doubt_new(r, chosen);
    return FP_OK;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Do the candidates contradict each other? */
static bool conflict(const recovery *r)
{
    for (size_t i = 1; i < r->count; i++) {
        if (r->all[i].is_new != r->all[0].is_new)
            return true;
        if (!r->all[i].is_new && !same_result(r, &r->all[0].old, &r->all[i].old))
            return true;
    }
    return r->count > 0 && r->all[0].is_new && any_overlap(r);
}

static bool needs_logs(recovery *r, fp_registry_log *logs, size_t count, fp_registry_recovery *out)
{
    if (!fp_paged_get(r->hive, 0, FP_HIVE_BLOCK, &r->head) ||
        !fp_hive_block_read(r->head, &r->block))
        return false;
    out->state = FP_REG_CLEAN;
    if (r->block.right && r->block.primary == r->block.secondary) {
        look_for_later(r, logs, count, out);
        return false;
    }
    out->state = FP_REG_NOT_RECOVERED;
    fp_span bin_time;
    if (fp_paged_get(r->hive, BIN_TIME_AT, 8, &bin_time))
        r->bin_time = fp_load_u64le(bin_time.data);
    return true;
}

static void give_up(recovery *r, fp_registry_recovery *out)
{
    for (size_t i = 0; i < r->count; i++)
        r->all[i].log->fate = FP_REG_LOG_UNUSED;
    out->doubt = "not all of it could be read";
}

static fp_status recover(recovery *r, fp_registry_log *logs, size_t count, size_t limit,
                         fp_registry_recovery *out, fp_paged *copy)
{
    *out = (fp_registry_recovery){.state = FP_REG_RECOVERY_UNKNOWN};
    for (size_t i = 0; i < count; i++) {
        logs[i].fate = FP_REG_LOG_UNASKED;
        logs[i].why = (fp_diag){.status = FP_OK};
    }
    if (!needs_logs(r, logs, count, out) || count == 0)
        return FP_OK;

    r->all = fp_arena_alloc_array(r->arena, count < LOGS_MAX ? count : LOGS_MAX, sizeof *r->all);
    if (r->all == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < count && r->count < LOGS_MAX; i++)
        judge(r, &logs[i]);
    if (r->count == LOGS_MAX) {
        out->doubt = "more logs than can belong to one hive";
        return FP_OK;
    }
    if (r->count == 0)
        return FP_OK;
    if (conflict(r)) {
        for (size_t i = 0; i < r->count; i++)
            r->all[i].log->fate = FP_REG_LOG_CONFLICT;
        out->doubt = "its logs contradict each other";
        return FP_OK;
    }
    const fp_status status =
        r->all[0].is_new ? replay_new(r, limit, out) : replay_old(r, limit, out);
    if (status != FP_OK || out->doubt != NULL)
        return status;
    if (r->failed) {
        give_up(r, out);
        return FP_OK;
    }
    doubt_other_logs(r, logs, count);
    end_at_first_gap(r);
    *out = (fp_registry_recovery){.state = FP_REG_RECOVERED, .pages = r->pages, .doubt = r->doubt};
    *copy = fp_paged_start(r->copy, r->size);
    return FP_OK;
}

fp_status fp_hive_recover(fp_paged hive, fp_str hive_name, fp_registry_log *logs, size_t count,
                          size_t limit, fp_arena *arena, fp_registry_recovery *out, fp_paged *copy)
{
    recovery r = {.hive = hive, .name = hive_name, .arena = arena};
    const fp_status status = recover(&r, logs, count, limit, out, copy);
    out->lags = out->state == FP_REG_NOT_RECOVERED || out->doubt != NULL;
    return status;
}
