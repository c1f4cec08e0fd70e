/* SPDX-License-Identifier: MIT */
#include "inventory/evidence_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Members arrive as events, each between its begin and end, deeper ones in between. Those of a scan
 * catalogue go to the catalogue's reader; all others become items and take the way of any file.
 *
 * What the decoder says of a member stands only once the decoder itself has ended well. So contents
 * that are held for handlers wait in a queue until its fate is known; streams cannot wait, and
 * their items are marked afterwards.
 */

typedef struct pending_catalog {
    fp_item *item;
    const fp_cabinet *cabinet;
    fp_catalog_reader *reader; /* freed by fp_catalog_finish */
    bool sound;                /* its bytes were all there and are those of a whole cabinet */
    fp_archive_result decoder; /* of this cabinet, when it is a member; else of the run */
} pending_catalog;

typedef struct archive_run {
    fp_evidence *set;
    fp_item *archive;
    fp_intake open[FP_EVIDENCE_LEVELS_MAX + 1]; /* by level; [0] is not used */
    unsigned depth;                             /* members that are open */
    bool in_catalog; /* members at catalog_level and deeper are a catalogue's */
    unsigned catalog_level;
    fp_catalog_reader *reader; /* of that catalogue; NULL: there were too many to read this one */
    uint64_t catalog_bytes;    /* of its members, where it is what was opened; else 0 */
    uint64_t catalog_ended;    /* ... of those that ended */
    fp_delivery *queue;
    size_t queued, queue_capacity;
    pending_catalog *catalogs;
    size_t catalog_count, catalog_capacity;
    bool full;         /* stopped by us: the limit on items */
    bool starved;      /* stopped by us: the limit on a catalogue's memory */
    bool lied;         /* stopped by us: events that contradict each other */
    fp_status stopped; /* the failure of an event, which ends the run */
} archive_run;

static const char not_whole[] = "what it lies in could not be read to its end without an error";

/* ---- names ---- */

static const fp_catalog_request *catalog_request(const fp_evidence *set)
{
    static const fp_catalog_request nothing = {0};
    return set->options.catalogs != NULL ? set->options.catalogs : &nothing;
}

/*
 * The catalogue's shards, some 800,000 files in 25 GB, are decoded for questions that need them.
 * Outside of archives nothing bears this on a name alone: a member that is left closed carries a
 * problem. Runs in the decoder's process.
 */
static bool descends(void *context, const char *member_name, unsigned level)
{
    const archive_run *run = context;
    (void)level;
    return fp_catalog_wants(run->reader, catalog_request(run->set), fp_str_of(member_name));
}

/* Of members that are items every byte is, of a catalogue's those of few. In the decoder's process,
 * too, which knows no catalogue that lies in an archive. */
static bool wants(void *context, const char *member_name, unsigned level)
{
    const archive_run *run = context;
    return !run->in_catalog || run->reader == NULL ||
           fp_catalog_wants_bytes(run->reader, fp_str_of(member_name), level);
}

static fp_str shown_name(fp_str name)
{
    while (fp_str_starts(name, FP_STR("./"))) /* what `tar -C folder .` puts before every name */
        name = fp_str_tail(name, 2);
    return name;
}

static bool names_a_folder(fp_str name)
{
    return name.size > 0 && (name.data[name.size - 1] == '/' || name.data[name.size - 1] == '\\');
}

/* ---- members ---- */

/* archive.h promises that this does not happen: were it to, it is a finding about the archive. */
static fp_status contradiction(archive_run *run)
{
    run->lied = true;
    return FP_FORMAT;
}

static fp_item *container_of(archive_run *run, unsigned level)
{
    return level == 1 ? run->archive : run->open[level - 1].item;
}

static bool belongs_to_catalog(const archive_run *run, const fp_archive_member *member)
{
    return run->in_catalog && member->level >= run->catalog_level;
}

/* `level`: of its members. Everything that is kept of it lives in its cabinet's arena. */
static fp_status start_catalog(archive_run *run, fp_intake *container, unsigned level)
{
    container->item->kind = FP_KIND_CATALOG;
    run->in_catalog = true;
    run->catalog_level = level;
    if (run->set->kept_count >= FP_EVIDENCE_CATALOGS_MAX)
        return FP_OK;
    run->reader = fp_catalog_reader_new(container->cabinet_arena, level, catalog_request(run->set));
    return run->reader == NULL ? FP_NOMEM : FP_OK;
}

static fp_status end_catalog(archive_run *run, fp_intake *container, bool sound,
                             const fp_archive_result *decoder)
{
    pending_catalog pending = {.item = container->item,
                               .cabinet = container->cabinet,
                               .reader = run->reader,
                               .sound = sound,
                               .decoder = *decoder};
    run->in_catalog = false;
    run->reader = NULL;
    if (pending.reader == NULL || !fp_intake_keep_cabinet(container)) {
        if (pending.reader != NULL)
            (void)fp_catalog_finish(pending.reader, false);
        fp_evidence_spoil(run->set, container->item,
                          "the limit of %d catalogues is reached: not read",
                          FP_EVIDENCE_CATALOGS_MAX);
        return FP_OK;
    }
    pending_catalog *catalogs = fp_arena_grow(run->set->arena, run->catalogs, run->catalog_count,
                                              &run->catalog_capacity, sizeof *catalogs);
    if (catalogs == NULL) {
        (void)fp_catalog_finish(pending.reader, false);
        return FP_NOMEM;
    }
    run->catalogs = catalogs;
    catalogs[run->catalog_count++] = pending;
    return FP_OK;
}

/* A catalogue that needs more than its arena's budget is a finding about it, not the end of the
 * run. */
static fp_status catalog_status(archive_run *run, fp_status status)
{
    if (status != FP_NOMEM)
        return status;
    run->starved = true;
    return FP_LIMIT;
}

static fp_status list_member(archive_run *run, const fp_archive_member *member, fp_item **out)
{
    const fp_item *container = container_of(run, member->level);
    const fp_place place = {.folder = container->path,
                            .separator = "!/",
                            .name = shown_name(member->name),
                            .parent = container->id};
    const fp_status status = fp_evidence_list(run->set, &place, out);
    if (status == FP_LIMIT)
        run->full = true;
    return status;
}

static fp_status begin_item(archive_run *run, const fp_archive_member *member)
{
    if (!member->regular && names_a_folder(member->name))
        return FP_OK;
    fp_item *item = NULL;
    const fp_status status = list_member(run, member, &item);
    if (status != FP_OK)
        return status;
    if (!member->regular) {
        fp_evidence_spoil(run->set, item, "a link or special entry: it has no content of its own");
        return FP_OK;
    }
    return fp_intake_begin(&run->open[member->level], run->set, item, false);
}

/* A catalogue is known before its members begin: they cannot before its table of files was read. */
static fp_status look_for_catalog(archive_run *run, unsigned level)
{
    fp_intake *container = &run->open[level - 1];
    if (container->item == NULL)
        return contradiction(run);
    const fp_status status = fp_intake_settle(container);
    if (status != FP_OK)
        return status;
    return fp_intake_is_catalog(container) ? start_catalog(run, container, level) : FP_OK;
}

static fp_status begin_member(archive_run *run, const fp_archive_member *member)
{
    fp_status status = FP_OK;
    if (!run->in_catalog && member->level > 1)
        status = look_for_catalog(run, member->level);
    if (status != FP_OK)
        return status;
    run->depth++;
    if (!belongs_to_catalog(run, member))
        return begin_item(run, member);
    if (run->reader == NULL)
        return FP_OK;
    return catalog_status(run, fp_catalog_begin(run->reader, member));
}

static fp_status member_data(archive_run *run, const fp_archive_member *member, fp_span bytes)
{
    if (belongs_to_catalog(run, member)) {
        run->set->part_done += member->level == 1 ? bytes.size : 0;
        fp_evidence_progress(run->set, run->archive, bytes.size);
        if (run->reader == NULL)
            return FP_OK;
        return catalog_status(run, fp_catalog_data(run->reader, member, bytes));
    }
    fp_intake *in = &run->open[member->level];
    return in->item == NULL ? contradiction(run) : fp_intake_data(in, bytes);
}

static fp_status queue_delivery(archive_run *run, const fp_delivery *due)
{
    if (due->handler == NULL)
        return FP_OK;
    fp_delivery *queue = fp_arena_grow(run->set->arena, run->queue, run->queued,
                                       &run->queue_capacity, sizeof *queue);
    if (queue == NULL)
        return FP_NOMEM;
    run->queue = queue;
    queue[run->queued++] = *due;
    return FP_OK;
}

/* Everything that was listed after `container` lies in it: members come between its begin and end.
 */
static void spoil_members(archive_run *run, const fp_item *container)
{
    for (size_t i = container->id; i < run->set->count; i++)
        fp_evidence_spoil_with(run->set->items[i], not_whole);
}

static const char *reason_not_opened(const archive_run *run, const fp_archive_member *member)
{
    if (member->level >= run->set->options.limits.archive.nesting)
        return "not opened: archives are nested too deep";
    if (fp_catalog_names_shard(member->name))
        return "not opened: its name is that of a part of a scan catalogue";
    return "not opened: it only begins as an archive does";
}

/* How the reading of an archive within the archive went. */
static void judge_nested(archive_run *run, const fp_intake *in, const fp_archive_member *member)
{
    if (!fp_kind_holds_members(in->item->kind))
        return;
    if (!member->is_archive) {
        fp_evidence_spoil_with(in->item, reason_not_opened(run, member));
        return;
    }
    if (member->nested == FP_FATE_UNKNOWN)
        fp_evidence_spoil_with(in->item, "its members were not read to their end");
    else if (member->nested != FP_FATE_ENDED)
        fp_evidence_spoil(run->set, in->item, "decoder: %s: %.*s",
                          fp_decoder_fate_name(member->nested), FP_STR_ARG(member->nested_message));
    const bool damaged = in->cabinet != NULL && fp_cabinet_hard_finding(in->cabinet) != NULL;
    if (member->nested != FP_FATE_ENDED || damaged)
        spoil_members(run, in->item);
}

static fp_archive_result nested_result(const fp_archive_member *member)
{
    fp_archive_result result = {.fate = member->nested, .members = 0};
    (void)snprintf(result.message, sizeof result.message, "%.*s",
                   FP_STR_ARG(member->nested_message));
    return result;
}

static fp_status end_nested_catalog(archive_run *run, fp_intake *in,
                                    const fp_archive_member *member)
{
    const bool members_came = run->in_catalog && run->catalog_level == member->level + 1;
    if (!members_came && in->item->kind != FP_KIND_CATALOG)
        return FP_OK;
    if (!members_came) {
        const fp_status status = start_catalog(run, in, member->level + 1);
        if (status != FP_OK)
            return status;
    }
    const fp_archive_result decoder = nested_result(member);
    const bool sound = in->item->complete && member->nested == FP_FATE_ENDED;
    return end_catalog(run, in, sound, &decoder);
}

static fp_status end_item(archive_run *run, fp_intake *in, const fp_archive_member *member,
                          bool complete)
{
    fp_status status = fp_intake_end(in, complete);
    if (status != FP_OK)
        return status;
    if (in->item->size == 0 && member->size_known)
        in->item->size = member->size;
    if (!complete)
        fp_evidence_spoil(run->set, in->item, "it could not be read to its end");
    judge_nested(run, in, member);
    status = end_nested_catalog(run, in, member);
    if (status == FP_OK)
        status = queue_delivery(run, &in->due);
    return status;
}

static fp_status end_member(archive_run *run, const fp_archive_member *member, bool complete)
{
    run->depth--;
    if (belongs_to_catalog(run, member)) {
        if (member->level == 1) /* its bytes may have been withheld */
            run->set->part_done = run->catalog_ended += member->size;
        if (run->reader == NULL)
            return FP_OK;
        return catalog_status(run, fp_catalog_end(run->reader, member, complete));
    }
    fp_intake *in = &run->open[member->level];
    if (in->item == NULL)
        return FP_OK;
    const fp_status status = end_item(run, in, member, complete);
    fp_intake_free(in);
    return status;
}

/* ---- events ---- */

static fp_status remember(archive_run *run, fp_status status)
{
    if (run->stopped == FP_OK)
        run->stopped = status;
    return status;
}

static fp_status on_begin(void *context, const fp_archive_member *member)
{
    archive_run *run = context;
    if (member->level != run->depth + 1 || member->level > FP_EVIDENCE_LEVELS_MAX)
        return remember(run, contradiction(run));
    return remember(run, begin_member(run, member));
}

static fp_status on_data(void *context, const fp_archive_member *member, fp_span bytes)
{
    archive_run *run = context;
    if (member->level == 0 || member->level > run->depth) /* of any that is open: see archive.h */
        return remember(run, contradiction(run));
    return remember(run, member_data(run, member, bytes));
}

static fp_status on_end(void *context, const fp_archive_member *member, bool complete)
{
    archive_run *run = context;
    if (member->level == 0 || member->level != run->depth)
        return remember(run, contradiction(run));
    return remember(run, end_member(run, member, complete));
}

/* Of an archive every member is wanted, and of a catalogue in one too. */
static bool on_enough(void *context)
{
    const archive_run *run = context;
    return run->in_catalog && run->catalog_level == 1 && run->reader != NULL &&
           fp_catalog_enough(run->reader);
}

/* ---- helpers: a share of a catalogue's cabinets each, by a decoder of its own ---- */

typedef struct helper {
    archive_run *run;
    fp_catalog_reader *reader;
    bool starved; /* the limit on a catalogue's memory */
} helper;

static bool helper_descends(void *context, const char *member_name, unsigned level)
{
    const helper *h = context;
    (void)level;
    return fp_catalog_wants(h->reader, catalog_request(h->run->set), fp_str_of(member_name));
}

static bool helper_wants(void *context, const char *member_name, unsigned level)
{
    return fp_catalog_wants_bytes(((const helper *)context)->reader, fp_str_of(member_name), level);
}

static fp_status helper_status(helper *h, fp_status status)
{
    h->starved = status == FP_NOMEM;
    return status;
}

static fp_status helper_begin(void *context, const fp_archive_member *member)
{
    helper *h = context;
    return helper_status(h, fp_catalog_begin(h->reader, member));
}

static fp_status helper_data(void *context, const fp_archive_member *member, fp_span bytes)
{
    helper *h = context;
    fp_evidence_progress(h->run->set, h->run->archive, bytes.size);
    return helper_status(h, fp_catalog_data(h->reader, member, bytes));
}

static fp_status helper_end(void *context, const fp_archive_member *member, bool complete)
{
    helper *h = context;
    return helper_status(h, fp_catalog_end(h->reader, member, complete));
}

static fp_archive_events helper_events(helper *h)
{
    return (fp_archive_events){.context = h,
                               .begin = helper_begin,
                               .data = helper_data,
                               .end = helper_end,
                               .descend = helper_descends,
                               .wants = helper_wants};
}

/* Decoders for a catalogue of which every cabinet is to be decoded; for all else one. */
static unsigned decoders_of(const archive_run *run)
{
    const unsigned most = run->set->options.decoders;
    if (!run->in_catalog || run->catalog_level != 1 || run->reader == NULL || most < 2 ||
        !fp_catalog_wants_all(run->reader))
        return 1;
    return most < FP_ARCHIVE_DECODERS_MAX ? most : FP_ARCHIVE_DECODERS_MAX;
}

/* ---- after the last event ---- */

/* An event failed, so that members are still open: they end here, cut. */
static void close_open(archive_run *run)
{
    for (unsigned level = run->depth; level > 0; level--) {
        fp_intake *in = &run->open[level];
        if (in->item != NULL)
            fp_evidence_spoil(run->set, in->item, "it could not be read to its end");
        fp_intake_free(in);
    }
    run->depth = 0;
}

static void tell_fate(archive_run *run, const fp_archive_result *result)
{
    fp_evidence_spoil(run->set, run->archive, "decoder: %s%s%s: %s",
                      fp_decoder_fate_name(result->fate), result->member[0] == '\0' ? "" : " in ",
                      result->member, result->message);
}

static int compare_paths(const void *a, const void *b)
{
    const fp_item *left = *(const fp_item *const *)a;
    const fp_item *right = *(const fp_item *const *)b;
    const size_t shared = left->path.size < right->path.size ? left->path.size : right->path.size;
    const int order = memcmp(left->path.data, right->path.data, shared);
    if (order != 0)
        return order;
    return (left->path.size > right->path.size) - (left->path.size < right->path.size);
}

/* Tools differ in which of two members of one name they show: both stay, and both say so. */
static fp_status tell_duplicates(archive_run *run)
{
    fp_evidence *set = run->set;
    const size_t first = run->archive->id;
    const size_t count = set->count - first;
    if (count < 2)
        return FP_OK;
    fp_item **sorted = malloc(count * sizeof(fp_item *));
    if (sorted == NULL)
        return FP_NOMEM;
    memcpy(sorted, set->items + first, count * sizeof(fp_item *));
    qsort(sorted, count, sizeof(fp_item *), compare_paths);
    for (size_t i = 0; i < count; i++) {
        const bool as_before = i > 0 && compare_paths(&sorted[i], &sorted[i - 1]) == 0;
        const bool as_after = i + 1 < count && compare_paths(&sorted[i], &sorted[i + 1]) == 0;
        if (as_before || as_after)
            fp_evidence_problem(set, sorted[i]->id, "another member has the same name");
    }
    free(sorted);
    return FP_OK;
}

/* What a nested catalogue's handler is told is no better than the end of the whole run. */
static fp_archive_result decoder_of(const pending_catalog *pending, const fp_archive_result *run)
{
    if (!fp_decoder_fate_is_good(run->fate) && pending->decoder.fate == FP_FATE_ENDED)
        return *run;
    fp_archive_result own = pending->decoder;
    own.confined = run->confined;
    return own;
}

/* Frees every reader, also when it fails. */
static fp_status finish_catalogs(archive_run *run, const fp_archive_result *result, bool ended_well,
                                 fp_status status)
{
    const fp_evidence_handler *handler = fp_handler_of(run->set, FP_KIND_CATALOG);
    for (size_t i = 0; i < run->catalog_count; i++) {
        const pending_catalog *pending = &run->catalogs[i];
        const fp_archive_result decoder = decoder_of(pending, result);
        const fp_catalog *catalog =
            fp_catalog_finish(pending->reader, ended_well && pending->sound);
        if (catalog->starved && fp_decoder_fate_is_good(decoder.fate))
            fp_evidence_spoil(run->set, pending->item,
                              "the limit on a catalogue's memory is reached: not read whole");
        if (status == FP_OK && handler != NULL && handler->catalog != NULL)
            status = handler->catalog(run->set->options.context, pending->item, pending->cabinet,
                                      catalog, &decoder);
    }
    return status;
}

static fp_status settle(archive_run *run, bool ended_well)
{
    if (!ended_well)
        spoil_members(run, run->archive);
    fp_status status = tell_duplicates(run);
    for (size_t i = 0; status == FP_OK && i < run->queued; i++)
        status = fp_deliver(run->set, &run->queue[i]);
    return status;
}

/* ---- one archive ---- */

/* The reading was ended by an event of ours: by a limit, or by something that fails the run. */
static fp_status tell_stop(archive_run *run, fp_archive_result *result)
{
    result->fate = FP_FATE_LIMIT;
    if (run->full)
        (void)snprintf(result->message, sizeof result->message, "the limit of %zu items is reached",
                       run->set->options.limits.items);
    else if (run->starved)
        (void)snprintf(result->message, sizeof result->message,
                       "the limit on a catalogue's memory is reached");
    else if (run->lied)
        (void)snprintf(result->message, sizeof result->message, "the decoder contradicts itself");
    else
        return run->stopped;
    fp_evidence_spoil(run->set, run->archive, "%s: not read whole", result->message);
    return FP_OK;
}

/* False: the helpers' decoders contradict the first. */
static bool join_helpers(archive_run *run, const helper *helpers, unsigned count)
{
    bool agree = true;
    for (unsigned i = 1; i < count; i++) {
        if (helpers[i].starved && run->stopped == FP_OK)
            run->stopped = catalog_status(run, FP_NOMEM);
        if (helpers[i].reader != NULL && !fp_catalog_join(run->reader, helpers[i].reader))
            agree = false;
    }
    return agree;
}

/* The first decoder's events are the run's own. */
static fp_status run_several(archive_run *run, int fd, unsigned count, fp_archive_result *result,
                             fp_diag *d)
{
    const fp_evidence_options *options = &run->set->options;
    fp_archive_events events[FP_ARCHIVE_DECODERS_MAX] = {{.context = run,
                                                          .begin = on_begin,
                                                          .data = on_data,
                                                          .end = on_end,
                                                          .descend = descends,
                                                          .wants = wants,
                                                          .enough = on_enough}};
    fp_archive_result results[FP_ARCHIVE_DECODERS_MAX] = {0};
    helper helpers[FP_ARCHIVE_DECODERS_MAX] = {0};
    fp_status status = FP_OK;
    for (unsigned i = 1; i < count; i++) {
        helpers[i] = (helper){.run = run, .reader = fp_catalog_helper_new(run->reader, i, count)};
        events[i] = helper_events(&helpers[i]);
        if (helpers[i].reader == NULL)
            status = FP_NOMEM;
    }
    if (status == FP_OK)
        status = fp_archive_read_several(fd, &options->limits.archive, options->require_jail,
                                         events, results, count, d);
    const bool agree = join_helpers(run, helpers, count);
    *result = fp_archive_sum(results, count, &options->limits.archive);
    if (!agree && fp_decoder_fate_is_good(result->fate)) {
        result->fate = FP_FATE_LIED;
        (void)snprintf(result->message, sizeof result->message,
                       "the decoders do not tell of the same members");
    }
    return status;
}

/* One process or descriptor too many is no reason to decode nothing: fewer decoders do the same.
 * FP_IO comes before any event. */
static fp_status run_decoders(archive_run *run, int fd, fp_archive_result *result, fp_diag *d)
{
    unsigned count = decoders_of(run);
    fp_status status = run_several(run, fd, count, result, d);
    while (status == FP_IO && count > 1) {
        *d = (fp_diag){0};
        status = run_several(run, fd, --count, result, d);
    }
    return status;
}

/* 0 where the reading ends with the answers: how far that is, nobody knows. */
static uint64_t bytes_to_come(const archive_run *run)
{
    return run->reader != NULL && fp_catalog_wants_all(run->reader) ? run->catalog_bytes : 0;
}

/* FP_OK also when it could not be decoded: `result` and the item's problems tell. */
static fp_status decode(archive_run *run, int fd, fp_archive_result *result)
{
    fp_evidence *set = run->set;
    fp_diag d = {0};
    run->catalog_ended = 0;
    fp_evidence_begin_part(set, bytes_to_come(run));
    const fp_status status = run_decoders(run, fd, result, &d);
    fp_evidence_begin_part(set, 0);
    if ((status == FP_OK || run->stopped != FP_OK) && !result->confined)
        set->unconfined = true;
    close_open(run);
    if (run->stopped != FP_OK)
        return tell_stop(run, result);
    if (status == FP_NOMEM)
        return status;
    if (status != FP_OK) {
        fp_evidence_spoil(set, run->archive, "not decoded: %s", d.message);
        (void)snprintf(result->message, sizeof result->message, "%s", d.message);
    } else if (!fp_decoder_fate_is_good(result->fate)) {
        tell_fate(run, result);
    }
    return FP_OK;
}

static const char *reason_to_leave_closed(const fp_intake *in)
{
    const fp_cabinet_finding *finding =
        in->cabinet == NULL ? NULL : fp_cabinet_hard_finding(in->cabinet);
    if (finding != NULL && fp_cabinet_fault_is_unsupported(finding->fault))
        return "not decoded: a form of cabinet that is not supported";
    if (finding != NULL)
        return "not decoded: its structure is not that of a sound cabinet";
    if (!in->item->complete)
        return "not decoded: its bytes could not be read whole";
    return NULL;
}

/* Its members once more, where the answers of the first time ask for others. *good: whether the
 * last time ended well. */
static fp_status read_again(archive_run *run, fp_intake *in, int fd, const struct stat *before,
                            bool *good)
{
    if (run->reader == NULL || !fp_catalog_again(run->reader, *good))
        return FP_OK;
    fp_archive_result result = {.fate = FP_FATE_UNKNOWN};
    const fp_status status = decode(run, fd, &result);
    *good = fp_evidence_unchanged(in->item, fd, before) && fp_decoder_fate_is_good(result.fate);
    return status;
}

static uint64_t bytes_of_members(const fp_cabinet *cabinet)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < cabinet->file_count; i++)
        bytes += cabinet->files[i].size;
    return bytes;
}

static fp_status run_archive(archive_run *run, fp_intake *in, int fd, const struct stat *before)
{
    fp_archive_result result = {.fate = FP_FATE_UNKNOWN};
    fp_status status = FP_OK;
    if (in->item->kind == FP_KIND_CATALOG)
        status = start_catalog(run, in, 1);
    if (run->in_catalog && in->cabinet != NULL)
        run->catalog_bytes = bytes_of_members(in->cabinet);
    const char *closed = reason_to_leave_closed(in);
    if (status == FP_OK && closed != NULL) {
        fp_evidence_spoil_with(in->item, closed);
        (void)snprintf(result.message, sizeof result.message, "%s", closed);
    } else if (status == FP_OK && !(run->in_catalog && run->reader == NULL)) {
        status = decode(run, fd, &result);
        (void)fp_evidence_unchanged(in->item, fd, before);
    }
    if (result.fate == FP_FATE_ENOUGH)
        fp_catalog_left(run->reader, in->cabinet);
    const bool ended_well = fp_decoder_fate_is_good(result.fate) && in->item->complete;
    bool last_ended_well = ended_well;
    if (status == FP_OK && in->item->kind == FP_KIND_CATALOG)
        status = read_again(run, in, fd, before, &last_ended_well);
    if (status == FP_OK && in->item->kind == FP_KIND_CATALOG)
        status = end_catalog(run, in, last_ended_well, &result);
    if (run->reader != NULL) /* of a catalogue that was cut by a limit or a failing run */
        (void)fp_catalog_finish(run->reader, false);
    if (status == FP_OK)
        status = settle(run, ended_well);
    return finish_catalogs(run, &result, ended_well, status);
}

fp_status fp_evidence_open_archive(fp_evidence *set, fp_intake *in, int fd,
                                   const struct stat *before)
{
    archive_run *run = calloc(1, sizeof *run);
    if (run == NULL)
        return FP_NOMEM;
    run->set = set;
    run->archive = in->item;
    const fp_status status = run_archive(run, in, fd, before);
    free(run);
    return status;
}
