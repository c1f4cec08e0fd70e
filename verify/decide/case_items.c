/* SPDX-License-Identifier: MIT */
/* One handler per kind of evidence: into the case file with it, and its problems to the item. */
#include "verify/decide/case_parts.h"

/* ---- registry ---- */

void fp_case_registry_problem(void *told, const fp_registry_problem *problem)
{
    const fp_case_told *t = told;
    fp_evidence_problem(t->c->evidence, t->item, "%s %llu: %s", t->unit,
                        (unsigned long long)problem->where, problem->message);
}

void fp_case_tell_soundness(fp_case *c, const fp_item *item, fp_registry_soundness soundness)
{
    static const char *const words[] = {
        [FP_REG_UNREADABLE] = "nothing in it could be used",
        [FP_REG_PARTLY] = "not whole: what is not in it may still have been on the server",
        [FP_REG_DIRTY] = NULL, /* told with what became of its logs */
        [FP_REG_SOUND] = NULL,
    };
    if (words[soundness] != NULL)
        fp_evidence_problem(c->evidence, item->id, "%s", words[soundness]);
    if (!item->complete)
        fp_registry_cut(c->registry, item->id);
    c->parts->usable = true;
}

static fp_status take_export(void *context, fp_item *item, fp_span content)
{
    fp_case *c = context;
    fp_case_told told = {c, item->id, "line"};
    fp_registry_soundness soundness;
    const fp_status status =
        fp_registry_add_export(c->registry, item->id, content, c->parts->options->code_page,
                               fp_case_registry_problem, &told, &soundness);
    if (status == FP_OK)
        fp_case_tell_soundness(c, item, soundness);
    return status;
}

static fp_status take_hive(void *context, fp_item *item, fp_paged content)
{
    fp_case *c = context;
    return fp_case_hold(c, &c->parts->hives, item->id, content);
}

static fp_status take_hive_log(void *context, fp_item *item, fp_span content)
{
    fp_case *c = context;
    if (c->parts->hive_logs.count < FP_CASE_HIVE_LOGS_MAX)
        return fp_case_hold(c, &c->parts->hive_logs, item->id, fp_paged_of(content));
    fp_evidence_problem(c->evidence, item->id, "not used: more than %d transaction logs in one set",
                        FP_CASE_HIVE_LOGS_MAX);
    return FP_OK;
}

/* ---- files ---- */

fp_status fp_case_add_file(fp_case *c, const fp_case_file *file)
{
    fp_case_file *files =
        fp_arena_grow(c->arena, c->files, c->file_count, &c->parts->file_capacity, sizeof *files);
    if (files == NULL)
        return FP_NOMEM;
    c->files = files;
    c->files[c->file_count++] = *file;
    return FP_OK;
}

static fp_status take_pe(void *context, fp_item *item, fp_paged content)
{
    fp_case *c = context;
    fp_diag why = {0};
    fp_case_file file = {.item = item->id};
    fp_status status = fp_pe_read(content, c->arena, &file.pe, &why);
    if (status == FP_NOMEM)
        return status;
    c->parts->usable = true;
    if (status != FP_OK) {
        fp_evidence_problem(c->evidence, item->id, "offset %llu: %s", (unsigned long long)why.where,
                            why.message);
        return FP_OK;
    }
    status = fp_case_examine(c, item, content, &file.authenticity);
    return status == FP_OK ? fp_case_add_file(c, &file) : status;
}

/* ---- statements and the collector's record ---- */

static void form_problem(void *context, const fp_lint *lint)
{
    const fp_case_told *t = context;
    fp_evidence_problem(t->c->evidence, t->item, "line %llu: %.*s%s%.*s",
                        (unsigned long long)lint->line, FP_STR_ARG(lint->path),
                        lint->path.size > 0 ? ": " : "", FP_STR_ARG(lint->message));
}

/* What is wrong with a document is a problem of its item; nothing of it counts then. */
static fp_status tell_document(fp_case *c, const fp_item *item, fp_status status,
                               const fp_diag *why)
{
    if (status == FP_NOMEM || status == FP_OK)
        return status;
    if (why->module != NULL && fp_str_eq(fp_str_of(why->module), FP_STR("json")))
        fp_evidence_problem(c->evidence, item->id, "line %llu: %s", (unsigned long long)why->where,
                            why->message);
    fp_evidence_problem(c->evidence, item->id, "not as its schema says: nothing of it counts");
    return FP_OK;
}

static fp_status add_statement(fp_case *c, const fp_statement *statement)
{
    fp_statement *all = fp_arena_grow(c->arena, c->statements, c->statement_count,
                                      &c->parts->statement_capacity, sizeof *all);
    if (all == NULL)
        return FP_NOMEM;
    c->statements = all;
    c->statements[c->statement_count++] = *statement;
    return FP_OK;
}

static fp_status take_statements(void *context, fp_item *item, fp_span content)
{
    fp_case *c = context;
    fp_case_told told = {c, item->id, "line"};
    fp_diag why = {0};
    fp_statement *read = NULL;
    size_t count = 0;
    const fp_status status =
        fp_statements_read(content, item->id, c->arena, form_problem, &told, &read, &count, &why);
    for (size_t i = 0; status == FP_OK && i < count; i++)
        if (add_statement(c, &read[i]) != FP_OK)
            return FP_NOMEM;
    c->parts->usable = true;
    return tell_document(c, item, status, &why);
}

/* Where a file lay on the server may name a hotfix, and a change record tells all of it. */
static fp_status add_sources(fp_case *c, const fp_item *item, const fp_collection *record)
{
    fp_case_parts *parts = c->parts;
    for (size_t i = 0; i < record->item_count; i++) {
        const fp_collected_item *collected = &record->items[i];
        if (parts->source_count == FP_CASE_SOURCES_MAX) {
            fp_evidence_problem(c->evidence, item->id, "only the first %d sources are looked at",
                                FP_CASE_SOURCES_MAX);
            return FP_OK;
        }
        fp_case_source *all = fp_arena_grow(c->arena, parts->sources, parts->source_count,
                                            &parts->source_capacity, sizeof *all);
        if (all == NULL)
            return FP_NOMEM;
        parts->sources = all;
        fp_time modified;
        if (!fp_time_parse(collected->modified, &modified))
            modified = FP_TIME_NONE;
        all[parts->source_count++] = (fp_case_source){.record = item->id,
                                                      .path = collected->path,
                                                      .source = collected->source,
                                                      .modified = modified,
                                                      .collected_at = record->time};
    }
    return FP_OK;
}

static fp_status take_collection(void *context, fp_item *item, fp_span content)
{
    fp_case *c = context;
    fp_case_told told = {c, item->id, "line"};
    fp_diag why = {0};
    fp_collection record;
    const fp_status status =
        fp_collection_read(content, c->arena, form_problem, &told, &record, &why);
    if (status != FP_OK)
        return tell_document(c, item, status, &why);

    /* Of several records the oldest: evidence is as old as its oldest part. */
    if (c->collected_at == FP_TIME_NONE || record.time < c->collected_at) {
        c->collected_at = record.time;
        c->collected_at_text = record.collected_at;
    }
    for (size_t i = 0; i < record.failed_count; i++)
        fp_evidence_problem(c->evidence, item->id, "the collector could not take %.*s%s%.*s",
                            FP_STR_ARG(record.failed[i].source),
                            record.failed[i].reason.size > 0 ? ": " : "",
                            FP_STR_ARG(record.failed[i].reason));
    if (add_sources(c, item, &record) != FP_OK)
        return FP_NOMEM;
    const fp_origin origin = {item->id, FP_STR("host")};
    return fp_case_add_host(c, record.host, origin);
}

/* ---- listings of installed updates ---- */

static void tell_rows(fp_case *c, const fp_item *item, const fp_observations *problems)
{
    for (size_t i = 0; i < problems->count; i++)
        fp_evidence_problem(c->evidence, item->id, "%.*s: %.*s",
                            FP_STR_ARG(problems->at[i].origin.where),
                            FP_STR_ARG(problems->at[i].value));
    if (problems->lost)
        fp_evidence_problem(c->evidence, item->id, "more problems than are told here");
}

static fp_status tell_listing(fp_case *c, const fp_item *item, const fp_listing *listing)
{
    tell_rows(c, item, &listing->problems);
    if (listing->cut)
        fp_evidence_problem(c->evidence, item->id,
                            "cut: what it does not list may be installed all the same");
    for (size_t i = 0; i < listing->host_count; i++)
        if (fp_case_add_host(c, listing->hosts[i].name, listing->hosts[i].origin) != FP_OK)
            return FP_NOMEM;
    return FP_OK;
}

static fp_status take_listing(void *context, fp_item *item, fp_span content)
{
    fp_case *c = context;
    fp_case_parts *parts = c->parts;
    fp_diag why = {0};
    fp_listing listing;
    const fp_status status =
        fp_listing_read(content, item->id, parts->options->code_page, c->arena, &listing, &why);
    if (status == FP_NOMEM)
        return status;
    parts->usable = true;
    if (status != FP_OK) {
        fp_evidence_problem(c->evidence, item->id, "%s", why.message);
        return FP_OK;
    }
    fp_listing *all = fp_arena_grow(c->arena, parts->listings, parts->listing_count,
                                    &parts->listing_capacity, sizeof *all);
    if (all == NULL)
        return FP_NOMEM;
    parts->listings = all;
    all[parts->listing_count++] = listing;
    return tell_listing(c, item, &listing);
}

/* ---- Updates and Servicing ---- */

static fp_status take_site_updates(void *context, fp_item *item, fp_span content)
{
    fp_case *c = context;
    fp_diag why = {0};
    fp_site_updates list;
    const fp_status status = fp_site_updates_read(content, item->id, c->parts->options->code_page,
                                                  c->arena, &list, &why);
    if (status == FP_NOMEM)
        return status;
    c->parts->usable = true;
    if (status != FP_OK) { /* it may say anything */
        fp_evidence_problem(c->evidence, item->id, "%s", why.message);
        list = (fp_site_updates){.item = item->id};
    }
    tell_rows(c, item, &list.problems);
    list.complete = list.complete && item->complete;
    fp_site_updates *all = fp_arena_grow(c->arena, c->site_updates, c->site_updates_count,
                                         &c->parts->site_updates_capacity, sizeof *all);
    if (all == NULL)
        return FP_NOMEM;
    c->site_updates = all;
    all[c->site_updates_count++] = list;
    return FP_OK;
}

/* ---- logs ---- */

static fp_status begin_log(void *context, fp_item *item, void **stream)
{
    fp_case *c = context;
    fp_scan *scan = NULL;
    const fp_status status = fp_scan_begin(c->parts->timeline, item->id, item->path,
                                           c->parts->options->code_page, &scan);
    if (status == FP_OK)
        *stream = scan;
    return status;
}

static fp_status feed_log(void *context, void *stream, fp_span bytes)
{
    (void)context;
    return fp_scan_feed(stream, bytes);
}

static fp_status end_log(void *context, void *stream, bool complete)
{
    (void)context;
    return fp_scan_end(stream, complete);
}

/* ---- */

const fp_evidence_handler fp_case_handlers[] = {
    {.kind = FP_KIND_REGISTRY_EXPORT, .whole = take_export},
    {.kind = FP_KIND_REGISTRY_HIVE, .paged = take_hive},
    {.kind = FP_KIND_REGISTRY_LOG, .whole = take_hive_log},
    {.kind = FP_KIND_PE, .paged = take_pe},
    {.kind = FP_KIND_STATEMENTS, .whole = take_statements},
    {.kind = FP_KIND_COLLECTION, .whole = take_collection},
    {.kind = FP_KIND_LISTING, .whole = take_listing},
    {.kind = FP_KIND_SITE_UPDATES, .whole = take_site_updates},
    {.kind = FP_KIND_LOG, .begin = begin_log, .data = feed_log, .end = end_log},
    {.kind = FP_KIND_CATALOG,
     .catalog = fp_case_take_catalog,
     .begin = fp_case_begin_signature,
     .ahead = fp_case_signature_ahead,
     .data = fp_case_feed_signature,
     .end = fp_case_end_signature},
};
const size_t fp_case_handler_count = sizeof fp_case_handlers / sizeof *fp_case_handlers;
