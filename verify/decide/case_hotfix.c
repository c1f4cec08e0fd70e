/* SPDX-License-Identifier: MIT */
/*
 * What the case knows of hotfixes. Several tests ask about the same one: each is read once, and all
 * that tests ask for below one product in one walk over the places that hold traces.
 */
#include "inventory/hotfix/kb.h"
#include "verify/decide/case_parts.h"
#include "verify/decide/test.h"

#include <stdlib.h>

typedef struct answer {
    fp_str kb, product; /* as asked; outlive the case */
    fp_hotfix hotfix;   /* once it is read */
    bool read;
    bool asked; /* and not only read because a test will ask for it */
    struct answer *next;
} answer;

struct fp_case_hotfixes {
    answer *first;
};

/* By item: which lie, or came from, where files are put aside? NULL: no memory. */
static const bool *put_aside(const fp_case *c)
{
    const size_t count = fp_evidence_count(c->evidence);
    bool *aside = fp_arena_alloc_array(c->arena, count + 1, sizeof *aside);
    for (size_t i = 0; aside != NULL && i < c->hotfixes.path_count; i++) {
        const fp_hotfix_path *path = &c->hotfixes.paths[i];
        if (path->item <= count && fp_hotfix_is_put_aside(path->path))
            aside[path->item] = true;
    }
    return aside;
}

typedef struct files {
    fp_hotfix_file *at;
    size_t count;
} files;

static void add_file(files *f, uint32_t item, const fp_version *version, fp_str path, bool aside)
{
    const fp_str name = fp_str_file_name(path);
    if (name.size > 0)
        f->at[f->count++] = (fp_hotfix_file){item, name, *version, aside};
}

static const fp_version unknown = {.count = 0};

static void add_read(const fp_case *c, const bool *aside, files *f)
{
    for (size_t i = 0; i < c->file_count; i++) {
        const fp_case_file *file = &c->files[i];
        const fp_item *item = fp_evidence_item(c->evidence, file->item);
        const fp_str name = item != NULL ? item->name : (fp_str){NULL, 0};
        const fp_str original = file->pe.original_name;
        const bool is_aside = item != NULL && aside[file->item];
        const bool sure = file->pe.has_version && !file->pe.languages_differ;
        const fp_version *version = sure ? &file->pe.version : &unknown;
        add_file(f, file->item, version, name, is_aside);
        if (fp_str_casecmp(fp_str_file_name(name), fp_str_file_name(original)) != 0)
            add_file(f, file->item, version, original, is_aside);
    }
}

/* A program of which nothing could be read may be the one that runs. */
static void add_unread(const fp_case *c, const bool *aside, const bool *read, files *f)
{
    const size_t count = fp_evidence_count(c->evidence);
    for (uint32_t id = 1; id <= count; id++) {
        const fp_item *item = fp_evidence_item(c->evidence, id);
        if (item != NULL && item->kind == FP_KIND_PE && !read[id])
            add_file(f, id, &unknown, item->name, aside[id]);
    }
}

static fp_status gather_files(fp_case *c)
{
    const size_t items = fp_evidence_count(c->evidence);
    files f = {.at = fp_arena_alloc_array(c->arena, 2 * c->file_count + items + 1, sizeof *f.at)};
    bool *read = fp_arena_alloc_array(c->arena, items + 1, sizeof *read);
    const bool *aside = put_aside(c);
    if (f.at == NULL || read == NULL || aside == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < c->file_count; i++)
        read[c->files[i].item] = true;
    add_read(c, aside, &f);
    add_unread(c, aside, read, &f);
    if (f.count > 0)
        qsort(f.at, f.count, sizeof *f.at, fp_hotfix_file_order);
    c->hotfixes.files = f.at;
    c->hotfixes.file_count = f.count;
    return FP_OK;
}

/* The item that came from `source`, or else the record that says so. */
static uint32_t item_of(const fp_case *c, const fp_case_source *source)
{
    const size_t count = fp_evidence_count(c->evidence);
    for (uint32_t id = 1; id <= count; id++) {
        const fp_item *item = fp_evidence_item(c->evidence, id);
        if (item != NULL && fp_case_is_collected(c, source, item))
            return id;
    }
    return source->record;
}

static fp_status gather_paths(fp_case *c)
{
    const size_t count = fp_evidence_count(c->evidence);
    const size_t sources = c->parts->source_count;
    fp_hotfix_path *paths = fp_arena_alloc_array(c->arena, count + sources + 1, sizeof *paths);
    if (paths == NULL)
        return FP_NOMEM;
    for (uint32_t id = 1; id <= count; id++) {
        const fp_item *item = fp_evidence_item(c->evidence, id);
        paths[id - 1] = (fp_hotfix_path){id, item != NULL ? item->path : (fp_str){NULL, 0}};
    }
    size_t told = count;
    for (size_t i = 0; i < sources; i++) {
        const fp_case_source *source = &c->parts->sources[i];
        if (source->source.size > 0)
            paths[told++] = (fp_hotfix_path){item_of(c, source), source->source};
    }
    c->hotfixes.paths = paths;
    c->hotfixes.path_count = told;
    return FP_OK;
}

/* One that is none must not spoil the walk for the others. */
static bool is_kb(fp_str kb)
{
    uint64_t number;
    return fp_kb_parse(kb, &number) && number != 0;
}

static answer *kept_answer(const fp_case_hotfixes *answers, fp_str kb, fp_str product)
{
    for (answer *a = answers->first; a != NULL; a = a->next)
        if (fp_str_ieq(a->kb, kb) && fp_str_eq(a->product, product))
            return a;
    return NULL;
}

/* The answer, unread when it is new. NULL: no memory. */
static answer *answer_for(const fp_case *c, fp_str kb, fp_str product)
{
    answer *a = c->answers != NULL ? kept_answer(c->answers, kb, product) : NULL;
    if (a != NULL)
        return a;
    a = fp_arena_alloc(c->arena, sizeof *a);
    if (a == NULL)
        return NULL;
    *a = (answer){.kb = kb, .product = product};
    if (c->answers != NULL) {
        a->next = c->answers->first;
        c->answers->first = a;
    }
    return a;
}

static fp_status expect_questions(fp_case *c, const fp_advisory *advisory)
{
    for (size_t i = 0; i < advisory->test_count; i++) {
        const fp_test *test = &advisory->tests[i];
        fp_str kb = {NULL, 0}, product = {NULL, 0};
        if (test->kind->asks_hotfix != NULL)
            test->kind->asks_hotfix(test->arguments, &kb, &product);
        if (is_kb(kb) && answer_for(c, kb, product) == NULL)
            return FP_NOMEM;
    }
    return FP_OK;
}

fp_status fp_case_gather_hotfixes(fp_case *c)
{
    c->hotfixes = (fp_hotfix_evidence){.registry = c->registry,
                                       .listings = c->parts->listings,
                                       .listing_count = c->parts->listing_count};
    c->answers = fp_arena_alloc(c->arena, sizeof *c->answers);
    if (c->answers == NULL)
        return FP_NOMEM;
    fp_status status = gather_paths(c);
    if (status == FP_OK)
        status = gather_files(c);
    for (size_t i = 0; status == FP_OK && i < c->parts->options->advisory_count; i++)
        status = expect_questions(c, c->parts->options->advisories[i]);
    return status;
}

/* Reads this one, and with it what else is expected to be asked for below its product. */
static fp_status read_answers(const fp_case *c, answer *wanted)
{
    answer *all[FP_HOTFIX_ASKED_MAX] = {wanted};
    fp_str kbs[FP_HOTFIX_ASKED_MAX] = {wanted->kb};
    size_t count = 1;
    answer *a = c->answers != NULL ? c->answers->first : NULL;
    for (; a != NULL && count < FP_HOTFIX_ASKED_MAX; a = a->next) {
        if (a == wanted || a->read || !fp_str_eq(a->product, wanted->product))
            continue;
        kbs[count] = a->kb;
        all[count++] = a;
    }
    fp_hotfix *read = fp_arena_alloc_array(c->arena, count, sizeof *read);
    if (read == NULL)
        return FP_NOMEM;
    const fp_status status =
        fp_hotfix_read_each(&c->hotfixes, kbs, count, wanted->product, c->arena, read);
    for (size_t i = 0; status == FP_OK && i < count; i++) {
        all[i]->hotfix = read[i];
        all[i]->read = true;
    }
    return status;
}

fp_status fp_case_hotfix(const fp_case *c, fp_str kb, fp_str product, const fp_hotfix **out)
{
    answer *a = is_kb(kb) ? answer_for(c, kb, product) : NULL;
    if (a == NULL)
        return is_kb(kb) ? FP_NOMEM : FP_FORMAT;
    const fp_status status = a->read ? FP_OK : read_answers(c, a);
    if (status != FP_OK)
        return status;
    a->asked = true;
    *out = &a->hotfix;
    return FP_OK;
}

const fp_hotfix *fp_case_hotfix_asked(const fp_case *c, size_t index)
{
    size_t left = index;
    for (const answer *a = c->answers != NULL ? c->answers->first : NULL; a != NULL; a = a->next)
        if (a->asked && left-- == 0)
            return &a->hotfix;
    return NULL;
}

/* Another trace in such a hive takes nothing away from a marker elsewhere, unless it contradicts.
 */
bool fp_case_hotfix_lags(const fp_case *c, const fp_hotfix *hotfix)
{
    const bool agreed =
        hotfix->state == FP_HOTFIX_INSTALLED || hotfix->state == FP_HOTFIX_SUPERSEDED;
    bool any = false;
    for (size_t i = 0; i < hotfix->trace_count; i++) {
        const fp_trace *t = &hotfix->traces[i];
        const bool lags = fp_registry_lags(c->registry, t->origin.item);
        if (!lags && agreed && t->place == FP_TRACE_UPDATES && !t->other_product)
            return false;
        any = any || lags;
    }
    return any;
}
