/* SPDX-License-Identifier: MIT */
#include "inventory/evidence_kind.h"
#include "inventory/evidence_set.h"

#include <stdlib.h>
#include <string.h>

enum {
    HELD_FIRST = 16 * 1024, /* bytes */
    /* The tables of the largest cabinet the format allows (65535 files and folders with the longest
     * names, grown by doubling), and a catalogue reader's answers. */
    CABINET_MEMORY = 64 * 1024 * 1024
};

fp_status fp_intake_begin(fp_intake *in, fp_evidence *set, fp_item *item, bool hash_beside)
{
    *in = (fp_intake){.set = set, .item = item};
    in->hash = hash_beside ? fp_digest_new_beside(FP_SHA256) : fp_digest_new(FP_SHA256);
    return in->hash == NULL ? FP_NOMEM : FP_OK;
}

/* ---- handlers ---- */

const fp_evidence_handler *fp_handler_of(const fp_evidence *set, fp_kind kind)
{
    for (size_t i = 0; i < set->options.handler_count; i++)
        if (set->options.handlers[i].kind == kind)
            return &set->options.handlers[i];
    return NULL;
}

bool fp_intake_is_catalog(const fp_intake *in)
{
    if (in->scanner == NULL)
        return false;
    const fp_cabinet *so_far = fp_cabinet_so_far(in->scanner);
    return so_far->files_read && fp_catalog_probe(so_far);
}

static void tell_trouble(void *item, const char *what)
{
    fp_evidence_spoil_with(item, what);
}

/* Decided before any byte would be held; whatever fails here, it is held after all. */
static const fp_paged *open_paged(const fp_intake *in)
{
    fp_evidence *set = in->set;
    if (in->seen == NULL || in->seen->st_size < FP_EVIDENCE_PAGED_MIN ||
        set->paged_count == FP_EVIDENCE_PAGED_MAX)
        return NULL;
    const fp_paged_source from = {.fd = in->fd,
                                  .seen = in->seen,
                                  .held = &set->held,
                                  .held_max = set->options.limits.memory,
                                  .trouble = tell_trouble,
                                  .context = in->item};
    fp_paged *paged = &set->paged[set->paged_count];
    if (fp_paged_open(&from, paged) != FP_OK)
        return NULL;
    set->paged_count++;
    return paged;
}

/* Once the kind is known: after the first bytes, which hold a catalogue's table of files. */
static fp_status open_handler(fp_intake *in)
{
    in->opened = true;
    if (fp_intake_is_catalog(in))
        in->item->kind = FP_KIND_CATALOG;
    in->handler = fp_handler_of(in->set, in->item->kind);
    if (in->handler == NULL)
        return FP_OK;
    if (in->handler->paged != NULL || in->handler->ahead != NULL)
        in->paged = open_paged(in);
    if (in->handler->begin == NULL)
        return FP_OK;
    const fp_status status = in->handler->begin(in->set->options.context, in->item, &in->stream);
    in->streaming = status == FP_OK;
    if (in->streaming && in->handler->ahead != NULL && in->paged != NULL)
        in->handler->ahead(in->set->options.context, in->stream, *in->paged);
    return status;
}

/* ---- holding the whole ---- */

static void drop_held(fp_intake *in)
{
    in->set->held -= in->held_size;
    free(in->held);
    in->held = NULL;
    in->held_size = in->held_capacity = 0;
}

static const char *over_limit(const fp_intake *in, size_t more)
{
    const fp_evidence_limits *limits = &in->set->options.limits;
    if (more > limits->whole_item || in->held_size > limits->whole_item - more)
        return "larger than the limit on what is held in memory of one item: not examined";
    if (more > limits->memory || in->set->held > limits->memory - more)
        return "the limit on what is held in memory of all items is reached: not examined";
    return NULL;
}

static fp_status make_room(fp_intake *in, size_t more)
{
    size_t needed;
    if (!fp_size_add(in->held_size, more, &needed))
        return FP_NOMEM;
    if (needed <= in->held_capacity)
        return FP_OK;
    size_t capacity = in->held_capacity < HELD_FIRST ? HELD_FIRST : in->held_capacity;
    while (capacity < needed)
        if (!fp_size_mul(capacity, 2, &capacity))
            return FP_NOMEM;
    uint8_t *grown = realloc(in->held, capacity);
    if (grown == NULL)
        return FP_NOMEM;
    in->held = grown;
    in->held_capacity = capacity;
    return FP_OK;
}

static fp_status hold(fp_intake *in, fp_span bytes)
{
    if (in->dropped)
        return FP_OK;
    const char *limit = over_limit(in, bytes.size);
    if (limit != NULL) {
        fp_evidence_spoil_with(in->item, limit);
        in->dropped = true;
        drop_held(in);
        return FP_OK;
    }
    const fp_status status = make_room(in, bytes.size);
    if (status != FP_OK)
        return status;
    memcpy(in->held + in->held_size, bytes.data, bytes.size);
    in->held_size += bytes.size;
    in->set->held += bytes.size;
    return FP_OK;
}

/* Into the set's arena; what is held stays counted, now for good. */
static fp_status keep_held(fp_intake *in)
{
    const void *content = fp_arena_copy(in->set->arena, in->held, in->held_size);
    if (content == NULL)
        return FP_NOMEM;
    in->due = (fp_delivery){in->handler, in->item, fp_paged_of(fp_span_of(content, in->held_size))};
    free(in->held);
    in->held = NULL;
    in->held_size = in->held_capacity = 0;
    return FP_OK;
}

fp_status fp_deliver(fp_evidence *set, const fp_delivery *due)
{
    if (due->handler == NULL)
        return FP_OK;
    if (due->handler->paged != NULL)
        return due->handler->paged(set->options.context, due->item, due->content);
    return due->handler->whole(set->options.context, due->item, due->content.place);
}

static bool wants_content(const fp_intake *in)
{
    return in->handler != NULL && (in->handler->whole != NULL || in->handler->paged != NULL);
}

static fp_status keep_content(fp_intake *in)
{
    if (!wants_content(in) || in->dropped)
        return FP_OK;
    if (in->paged == NULL)
        return keep_held(in);
    const fp_paged what_was_hashed = fp_paged_start(*in->paged, (size_t)in->item->size);
    in->due = (fp_delivery){in->handler, in->item, what_was_hashed};
    return FP_OK;
}

/* ---- bytes ---- */

static fp_status pass_on(fp_intake *in, fp_span bytes)
{
    if (in->scanner != NULL)
        fp_cabinet_scan(in->scanner, bytes);
    if (!in->opened) {
        const fp_status status = open_handler(in);
        if (status != FP_OK)
            return status;
    }
    if (in->handler == NULL || bytes.size == 0)
        return FP_OK;
    if (wants_content(in) && in->paged == NULL) {
        const fp_status status = hold(in, bytes);
        if (status != FP_OK)
            return status;
    }
    if (in->handler->data != NULL)
        return in->handler->data(in->set->options.context, in->stream, bytes);
    return FP_OK;
}

static fp_status start_scanner(fp_intake *in)
{
    in->cabinet_arena = fp_arena_new(CABINET_MEMORY);
    if (in->cabinet_arena == NULL)
        return FP_NOMEM;
    in->scanner = fp_cabinet_scan_new(in->cabinet_arena);
    return in->scanner == NULL ? FP_NOMEM : FP_OK;
}

static fp_status recognise(fp_intake *in, fp_span head)
{
    in->recognised = true;
    const fp_status status = fp_kind_recognise(head, in->item->name, &in->item->kind);
    if (status == FP_OK && in->item->kind == FP_KIND_CABINET)
        return start_scanner(in);
    return status;
}

static fp_status recognise_and_pass_on(fp_intake *in, fp_span bytes)
{
    const fp_status status = recognise(in, bytes);
    return status == FP_OK ? pass_on(in, bytes) : status;
}

/* Collects until there are enough bytes to recognise; *bytes is what is left after that. */
static fp_status collect_head(fp_intake *in, fp_span *bytes)
{
    if (in->head == NULL)
        in->head = malloc(FP_KIND_HEAD);
    if (in->head == NULL)
        return FP_NOMEM;
    const size_t room = FP_KIND_HEAD - in->head_size;
    const size_t take = bytes->size < room ? bytes->size : room;
    memcpy(in->head + in->head_size, bytes->data, take);
    in->head_size += take;
    *bytes = fp_span_of(bytes->data + take, bytes->size - take);
    if (in->head_size < FP_KIND_HEAD)
        return FP_OK;
    return recognise_and_pass_on(in, fp_span_of(in->head, in->head_size));
}

fp_status fp_intake_data(fp_intake *in, fp_span bytes)
{
    if (bytes.size == 0)
        return FP_OK;
    in->item->size += bytes.size;
    fp_digest_update(in->hash, bytes);
    fp_evidence_progress(in->set, in->item, bytes.size);

    if (!in->recognised && in->head_size == 0 && bytes.size >= FP_KIND_HEAD)
        return recognise_and_pass_on(in, bytes);
    if (!in->recognised) {
        const fp_status status = collect_head(in, &bytes);
        if (status != FP_OK || bytes.size == 0)
            return status;
    }
    return pass_on(in, bytes);
}

fp_status fp_intake_settle(fp_intake *in)
{
    if (in->recognised || in->head_size == 0)
        return FP_OK;
    return recognise_and_pass_on(in, fp_span_of(in->head, in->head_size));
}

/* ---- the end ---- */

/* [MS-CAB] lets the table of files lie anywhere; Microsoft's lie at the start. */
static void settle_late_catalog(fp_intake *in)
{
    if (in->item->kind != FP_KIND_CABINET || !fp_intake_is_catalog(in))
        return;
    in->item->kind = FP_KIND_CATALOG;
    fp_evidence_problem(in->set, in->item->id,
                        "its table of files lies too far behind its start: the signature was not "
                        "examined");
}

static void tell_findings(fp_intake *in)
{
    const fp_cabinet *cabinet = in->cabinet;
    for (size_t i = 0; i < cabinet->finding_count && i < FP_CABINET_FINDINGS_MAX; i++) {
        const fp_cabinet_finding *finding = &cabinet->findings[i];
        fp_evidence_problem(in->set, in->item->id, "cabinet: %s (offset %llu)", finding->message,
                            (unsigned long long)finding->offset);
    }
    if (cabinet->finding_count > FP_CABINET_FINDINGS_MAX)
        fp_evidence_problem(in->set, in->item->id, "cabinet: %zu further findings",
                            cabinet->finding_count - FP_CABINET_FINDINGS_MAX);
    if (fp_cabinet_hard_finding(cabinet) != NULL)
        in->item->complete = false;
}

static fp_status finish_hash(fp_intake *in, bool complete)
{
    const fp_status status = fp_digest_finish(in->hash, in->item->sha256);
    in->hash = NULL;
    if (status == FP_NOMEM)
        return status;
    in->item->hashed = status == FP_OK && complete;
    if (status != FP_OK)
        fp_evidence_spoil(in->set, in->item, "its SHA-256 could not be computed");
    return FP_OK;
}

static fp_status end_stream(fp_intake *in, bool complete)
{
    if (!in->streaming)
        return FP_OK;
    in->streaming = false;
    if (in->handler == NULL || in->handler->end == NULL)
        return FP_OK;
    return in->handler->end(in->set->options.context, in->stream, complete);
}

fp_status fp_intake_end(fp_intake *in, bool complete)
{
    fp_item *item = in->item;
    fp_status status = fp_intake_settle(in);
    if (status != FP_OK)
        return status;
    /* What was found on the way (dropped, say) may already have spoiled it: see over_limit. */
    item->complete = complete && !in->dropped;
    status = finish_hash(in, complete);
    if (status != FP_OK)
        return status;
    if (item->size == 0 && complete)
        fp_evidence_problem(in->set, item->id, "empty");
    if (in->scanner != NULL) {
        in->cabinet = fp_cabinet_scan_end(in->scanner, complete);
        settle_late_catalog(in);
        tell_findings(in);
    }
    status = end_stream(in, complete);
    return status == FP_OK ? keep_content(in) : status;
}

bool fp_intake_keep_cabinet(fp_intake *in)
{
    fp_evidence *set = in->set;
    if (set->kept_count >= FP_EVIDENCE_CATALOGS_MAX)
        return false;
    set->kept[set->kept_count++] = in->cabinet_arena;
    in->cabinet_arena = NULL;
    return true;
}

void fp_intake_free(fp_intake *in)
{
    if (in->item == NULL)
        return;
    (void)end_stream(in, false); /* the run is failing with a status of its own */
    fp_digest_free(in->hash);
    drop_held(in);
    free(in->head);
    fp_arena_free(in->cabinet_arena);
    *in = (fp_intake){.set = NULL};
}
