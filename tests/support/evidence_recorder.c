/* SPDX-License-Identifier: MIT */
#include "tests/support/evidence_recorder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct stream {
    const fp_item *item;
    fp_digest *digest;
    uint64_t size;
} stream;

static record *next_record(recorder *r, const fp_item *item)
{
    static record spare;
    record *rec = r->count < RECORDS_MAX ? &r->records[r->count] : &spare;
    r->count++;
    *rec = (record){.item = item->id, .kind = item->kind};
    return rec;
}

static fp_status on_whole(void *context, fp_item *item, fp_span content)
{
    recorder *r = context;
    record *rec = next_record(r, item);
    rec->whole = true;
    rec->complete = item->complete;
    rec->size = content.size;
    if (fp_digest_span(FP_SHA256, content, rec->sha256) != FP_OK)
        return FP_NOMEM; /* SHA-256 itself does not fail */
    return r->fail_with;
}

static fp_status on_begin(void *context, fp_item *item, void **out)
{
    recorder *r = context;
    if (r->fail_with != FP_OK)
        return r->fail_with;
    stream *s = calloc(1, sizeof *s);
    if (s == NULL)
        return FP_NOMEM;
    s->item = item;
    s->digest = fp_digest_new(FP_SHA256);
    if (s->digest == NULL) {
        free(s);
        return FP_NOMEM;
    }
    r->open_streams++;
    *out = s;
    return FP_OK;
}

static fp_status on_data(void *context, void *opaque, fp_span bytes)
{
    recorder *r = context;
    stream *s = opaque;
    void (*during)(void *) = r->during;
    r->during = NULL;
    if (during != NULL)
        during(r->during_context);
    fp_digest_update(s->digest, bytes);
    s->size += bytes.size;
    return FP_OK;
}

static fp_status on_end(void *context, void *opaque, bool complete)
{
    recorder *r = context;
    stream *s = opaque;
    record *rec = next_record(r, s->item);
    rec->complete = complete;
    rec->size = s->size;
    const fp_status status = fp_digest_finish(s->digest, rec->sha256);
    free(s);
    r->open_streams--;
    return status;
}

static fp_status on_catalog(void *context, fp_item *item, const fp_cabinet *cabinet,
                            const fp_catalog *catalog, const fp_archive_result *result)
{
    recorder *r = context;
    if (r->catalog_count < RECORDS_MAX)
        r->catalogs[r->catalog_count] = (catalog_record){
            .item = item->id,
            .packages_read = catalog->packages_read,
            .fate = result->fate,
            .cabinet_files = cabinet->file_count,
            .members = catalog->members,
            .problems = catalog->problem_count,
            .found = catalog->question_count == 1 && catalog->questions[0].found == 1,
        };
    r->catalog_count++;
    return r->fail_with;
}

static void on_progress(void *context, const fp_evidence_step *step)
{
    recorder *r = context;
    r->progress_backward = r->progress_backward || step->bytes_read < r->progress;
    r->progress = step->bytes_read;
    r->progress_beyond = r->progress_beyond || step->part_done > step->part_total;
    r->progress_total = step->part_total;
}

static const fp_evidence_handler handlers[] = {
    {.kind = FP_KIND_REGISTRY_EXPORT, .whole = on_whole},
    {.kind = FP_KIND_REGISTRY_HIVE, .whole = on_whole},
    {.kind = FP_KIND_REGISTRY_LOG, .whole = on_whole},
    {.kind = FP_KIND_PE, .whole = on_whole},
    {.kind = FP_KIND_COLLECTION, .whole = on_whole},
    {.kind = FP_KIND_STATEMENTS, .whole = on_whole},
    {.kind = FP_KIND_LOG, .begin = on_begin, .data = on_data, .end = on_end},
    {.kind = FP_KIND_CATALOG,
     .begin = on_begin,
     .data = on_data,
     .end = on_end,
     .catalog = on_catalog},
};

fp_evidence_options recorder_options(recorder *r)
{
    static const fp_catalog_key asked[] = {{FP_CATALOG_BY_REVISION, .number = 7}};
    static const fp_catalog_request request = {.keys = asked, .key_count = 1};
    return (fp_evidence_options){
        .limits = fp_evidence_default_limits,
        .handlers = handlers,
        .handler_count = sizeof handlers / sizeof handlers[0],
        .context = r,
        .catalogs = &request,
        .progress = on_progress,
        .progress_context = r,
    };
}

const record *recorder_find(const recorder *r, uint32_t item)
{
    for (size_t i = 0; i < r->count && i < RECORDS_MAX; i++)
        if (r->records[i].item == item)
            return &r->records[i];
    return NULL;
}

const fp_item *find_item(const fp_evidence *set, const char *ending)
{
    for (uint32_t id = 1; id <= fp_evidence_count(set); id++) {
        const fp_item *item = fp_evidence_item(set, id);
        if (item->path.size >= strlen(ending) &&
            memcmp(item->path.data + item->path.size - strlen(ending), ending, strlen(ending)) == 0)
            return item;
    }
    return NULL;
}

bool has_problem(const fp_item *item, const char *part)
{
    for (size_t i = 0; i < item->problem_count && i < FP_ITEM_PROBLEMS_MAX; i++)
        if (strstr(item->problems[i], part) != NULL)
            return true;
    return false;
}

void print_items(const fp_evidence *set)
{
    for (uint32_t id = 1; id <= fp_evidence_count(set); id++) {
        const fp_item *item = fp_evidence_item(set, id);
        (void)printf("%u (%u) %.*s [%.*s] %s %llu%s%s\n", item->id, item->parent,
                     FP_STR_ARG(item->path), FP_STR_ARG(item->name), fp_kind_name(item->kind),
                     (unsigned long long)item->size, item->hashed ? " hashed" : "",
                     item->complete ? " complete" : "");
        for (size_t i = 0; i < item->problem_count && i < FP_ITEM_PROBLEMS_MAX; i++)
            (void)printf("    %s\n", item->problems[i]);
    }
}
