/* SPDX-License-Identifier: MIT */
#include "inventory/catalog/catalog_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PACKAGE_XML FP_STR("package.xml")
#define PACKAGE_CAB FP_STR("package.cab")
#define INDEX_XML   FP_STR("index.xml")

/* ---- problems ------------------------------------------------------------------------- */

void fp_catalog_problem(fp_catalog_reader *r, const char *format, ...)
{
    fp_catalog *c = &r->catalog;
    const size_t i = c->problem_count++;
    if (i >= FP_CATALOG_PROBLEMS_MAX)
        return;
    char text[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    r->problem_at[i] = c->members;
    if (!fp_catalog_keep(r, fp_str_of(text), &c->problems[i]))
        c->problem_count--;
}

const char *fp_catalog_no_memory(fp_catalog_reader *r)
{
    r->status = FP_NOMEM;
    return "there is no memory for more of it";
}

bool fp_catalog_keep(fp_catalog_reader *r, fp_str text, fp_str *out)
{
    if (fp_str_dup(r->arena, text, out) == FP_OK)
        return true;
    r->status = FP_NOMEM;
    return false;
}

/* ---- documents ------------------------------------------------------------------------ */

static void begin_document(fp_catalog_reader *r, fp_catalog_document *d, const fp_xml_form *form)
{
    if (d->begun) {
        fp_catalog_problem(r, "the catalogue has more than one %s", d->name);
        d->failed = true;
        d->whole = false;
        return;
    }
    d->begun = true;
    d->xml = fp_xml_new(form, r);
    if (d->xml == NULL)
        r->status = FP_NOMEM;
}

static void end_document(fp_catalog_reader *r, fp_catalog_document *d, bool complete)
{
    if (d->xml == NULL)
        return;
    fp_xml_end(d->xml, complete); /* of a cut one, what came: a hit in it is worth knowing */
    const fp_xml_trouble *trouble = fp_xml_trouble_of(d->xml);
    if (trouble->no_memory)
        r->status = FP_NOMEM;
    if (trouble->what != NULL)
        fp_catalog_problem(r, "%s: %s (byte %llu)", d->name, trouble->what,
                           (unsigned long long)trouble->at);
    else if (!complete)
        fp_catalog_problem(r, "%s: not read to its end", d->name);
    d->failed = d->failed || trouble->what != NULL;
    d->whole = complete && !d->failed;
    fp_xml_free(d->xml);
    d->xml = NULL;
}

/* ---- members -------------------------------------------------------------------------- */

static fp_catalog_document *document_of(fp_catalog_reader *r, const fp_archive_member *m)
{
    if (r->share > 0)
        return NULL;
    if (m->level == r->level && fp_str_ieq(m->name, INDEX_XML))
        return &r->index;
    if (m->level == r->level + 1 && r->inner.open && r->inner.is_package &&
        fp_str_ieq(m->name, PACKAGE_XML))
        return &r->packages;
    return NULL;
}

/* The catalogue is flat: in a folder such a name means nothing. */
static bool is_shard(fp_str name)
{
    return fp_catalog_names_shard(name) && memchr(name.data, '/', name.size) == NULL &&
           memchr(name.data, '\\', name.size) == NULL;
}

static bool in_shard(const fp_catalog_reader *r, const fp_archive_member *m)
{
    return m->level == r->level + 1 && r->inner.open && !r->inner.is_package;
}

static bool is_inner(const fp_catalog_reader *r, const fp_archive_member *m)
{
    return m->level == r->level && r->inner.open;
}

/* NULL: it was not kept. */
static fp_catalog_member *note_member(fp_catalog_reader *r, fp_str name)
{
    r->catalog.members++;
    if (r->member_count == FP_CATALOG_SHARDS_MAX || name.size > FP_CABINET_NAME_MAX) {
        r->members_lost++;
        return NULL;
    }
    fp_catalog_member *members =
        fp_arena_grow(r->arena, r->members, r->member_count, &r->member_capacity, sizeof *members);
    if (members == NULL) {
        r->status = FP_NOMEM;
        return NULL;
    }
    r->members = members;
    fp_catalog_member *member = &members[r->member_count];
    *member = (fp_catalog_member){.is_shard = is_shard(name)};
    if (!fp_catalog_keep(r, name, &member->name))
        return NULL;
    r->member_count++;
    return member;
}

static void begin_package_cab(fp_catalog_reader *r)
{
    if (r->package_cab_seen)
        fp_catalog_problem(r, "the catalogue has more than one package.cab");
    r->package_cab_sound = !r->package_cab_seen;
    r->package_cab_seen = true;
    fp_catalog_begin_inner(r, PACKAGE_CAB, true);
}

/* A shard is looked at only when it is decoded: what is asked of it costs much. */
static void begin_outer(fp_catalog_reader *r, const fp_archive_member *m)
{
    fp_catalog_drop_inner(r);
    fp_catalog_member *member = note_member(r, m->name);
    if (!fp_catalog_has_share(r, m->name))
        return;
    if (fp_str_ieq(m->name, PACKAGE_CAB))
        begin_package_cab(r);
    else if (member != NULL && member->is_shard && fp_catalog_wants(r, r->request, member->name))
        fp_catalog_begin_inner(r, member->name, false);
}

fp_status fp_catalog_begin(fp_catalog_reader *r, const fp_archive_member *m)
{
    if (r->second != NULL) {
        fp_catalog_second_begin(r, m);
        return r->status;
    }
    if (m->level == r->level)
        begin_outer(r, m);
    fp_catalog_document *d = document_of(r, m);
    if (d != NULL)
        begin_document(r, d, d == &r->index ? &fp_catalog_index_form : &fp_catalog_packages_form);
    else if (in_shard(r, m))
        fp_catalog_search_begin(r, m);
    return r->status;
}

fp_status fp_catalog_data(fp_catalog_reader *r, const fp_archive_member *m, fp_span b)
{
    if (r->second != NULL) {
        fp_catalog_second_data(r, m, b);
        return r->status;
    }
    fp_catalog_document *d = document_of(r, m);
    if (d != NULL && d->xml != NULL)
        fp_xml_feed(d->xml, b);
    else if (is_inner(r, m) && r->inner.scanner != NULL)
        fp_cabinet_scan(r->inner.scanner, b);
    else if (in_shard(r, m))
        fp_catalog_search_data(r, b);
    return r->status;
}

static void end_inner(fp_catalog_reader *r, const fp_archive_member *m, bool complete)
{
    const bool is_package = r->inner.is_package;
    const fp_catalog_state state = fp_catalog_end_inner(r, m, complete);
    if (is_package)
        r->package_cab_sound = r->package_cab_sound && state == FP_CATALOG_SOUND;
    if (r->member_count > 0 && r->members_lost == 0)
        r->members[r->member_count - 1].state = state;
}

fp_status fp_catalog_end(fp_catalog_reader *r, const fp_archive_member *m, bool complete)
{
    if (r->second != NULL) {
        fp_catalog_second_end(r, m, complete);
        return r->status;
    }
    fp_catalog_document *d = document_of(r, m);
    if (d != NULL)
        end_document(r, d, complete);
    else if (is_inner(r, m))
        end_inner(r, m, complete);
    else if (in_shard(r, m))
        fp_catalog_search_end(r, complete);
    return r->status;
}

bool fp_catalog_enough(const fp_catalog_reader *r)
{
    if (r->second != NULL)
        return fp_catalog_second_enough(r->second);
    return !r->catalog.asked_all && r->index.begun && r->index.xml == NULL && r->package_cab_seen &&
           !r->inner.open;
}

static void leave_member(fp_catalog_reader *r, fp_str name)
{
    const bool is_index = fp_str_ieq(name, INDEX_XML);
    const bool is_package = fp_str_ieq(name, PACKAGE_CAB);
    if (is_index || is_package) { /* readers differ in which of two they take */
        fp_catalog_problem(r, "the catalogue has more than one %s",
                           is_index ? "index.xml" : "package.cab");
        r->index.whole = r->index.whole && !is_index;
        r->package_cab_sound = r->package_cab_sound && !is_package;
    }
    (void)note_member(r, name);
}

void fp_catalog_left(fp_catalog_reader *r, const fp_cabinet *outer)
{
    for (uint64_t i = r->catalog.members; i < outer->file_count; i++)
        leave_member(r, outer->files[i].name);
}

/* ---- the whole ------------------------------------------------------------------------ */

bool fp_catalog_probe(const fp_cabinet *cabinet)
{
    return fp_cabinet_find(cabinet, INDEX_XML) >= 0 && fp_cabinet_find(cabinet, PACKAGE_CAB) >= 0;
}

bool fp_catalog_names_shard(fp_str member_name)
{
    const fp_str stem = FP_STR("package"), ending = FP_STR(".cab");
    fp_str name = member_name;
    for (size_t at = name.size; at > 0; at--) {
        if (name.data[at - 1] != '/' && name.data[at - 1] != '\\')
            continue;
        name = fp_str_tail(name, at);
        break;
    }
    if (!fp_str_istarts(name, stem) || !fp_str_iends(name, ending) ||
        name.size <= stem.size + ending.size)
        return false;
    for (size_t i = stem.size; i < name.size - ending.size; i++) {
        if (name.data[i] < '0' || name.data[i] > '9')
            return false;
    }
    return true;
}

static bool keep_questions(fp_catalog_reader *r)
{
    fp_catalog *c = &r->catalog;
    const size_t asked = r->request->key_count;
    const size_t count = asked < FP_CATALOG_QUESTIONS_MAX ? asked : FP_CATALOG_QUESTIONS_MAX;
    c->questions = fp_arena_alloc_array(r->arena, count, sizeof *c->questions);
    if (c->questions == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        c->questions[i].key = r->request->keys[i];
        r->search.asked = r->search.asked || c->questions[i].key.by == FP_CATALOG_BY_KB;
    }
    c->question_count = count;
    return true;
}

fp_catalog_reader *fp_catalog_reader_new(fp_arena *arena, unsigned level,
                                         const fp_catalog_request *request)
{
    fp_catalog_reader *r = fp_arena_alloc(arena, sizeof *r);
    if (r == NULL)
        return NULL;
    r->arena = arena;
    r->request = request;
    r->level = level;
    r->shares = 1;
    r->index.name = "index.xml";
    r->packages.name = "package.xml";
    r->catalog.created = FP_TIME_NONE;
    r->catalog.asked_actions = request->expected_count > 0;
    r->updates = fp_updates_new(arena);
    if (r->updates == NULL || !keep_questions(r))
        return NULL;
    r->catalog.asked_all = request->full || r->search.asked;
    return r;
}

static void tell_of_absence(fp_catalog_reader *r, bool fate_good)
{
    if (!fate_good)
        fp_catalog_problem(r, "the catalogue was not read to its end");
    else if (!r->index.begun)
        fp_catalog_problem(r, "the catalogue has no index.xml");
    if (!r->package_cab_seen && fate_good)
        fp_catalog_problem(r, "the catalogue has no package.cab");
    else if (!r->packages.begun && r->package_cab_sound)
        fp_catalog_problem(r, "package.cab has no package.xml");
    else if (r->packages.whole && !r->updates_seen)
        fp_catalog_problem(r, "package.xml: no Updates element");
}

/* The first time is over. */
static void conclude(fp_catalog_reader *r, bool fate_good)
{
    fp_catalog *c = &r->catalog;
    end_document(r, &r->index, false); /* of one that never ended: the reading was stopped */
    end_document(r, &r->packages, false);
    fp_catalog_drop_inner(r);
    fp_catalog_search_free(&r->search);
    tell_of_absence(r, fate_good);
    fp_catalog_tell_of_packages(r);
    fp_catalog_match_shards(r, fate_good);

    const bool good = fate_good && r->status == FP_OK;
    c->index_read = good && r->index.whole;
    c->packages_read = good && r->packages.whole && r->package_cab_sound && r->updates_seen &&
                       r->revisions_unreadable == 0;
    c->actions_read = c->packages_read && r->actions_lost == 0;
    c->revisions_read = c->packages_read && fp_updates_lost(r->updates) == 0;
    c->relations_read = c->revisions_read && r->request->relations &&
                        r->references_unreadable == 0 && fp_references_lost(r->updates) == 0;
    fp_catalog_take_hits(r);
    fp_catalog_fill_answers(r);
    r->concluded = true;
}

bool fp_catalog_wants(const fp_catalog_reader *r, const fp_catalog_request *request,
                      fp_str member_name)
{
    if (r != NULL && r->second != NULL)
        return fp_catalog_second_wants(r->second, member_name);
    if (r != NULL && !fp_catalog_has_share(r, member_name))
        return false;
    if (!fp_catalog_names_shard(member_name) || request->full)
        return true;
    for (size_t i = 0; i < request->key_count; i++) {
        if (request->keys[i].by == FP_CATALOG_BY_KB)
            return true;
    }
    return false;
}

bool fp_catalog_wants_bytes(const fp_catalog_reader *r, fp_str member_name, unsigned level)
{
    fp_fragment_name what;
    if (r->second != NULL)
        return true;
    if (level == r->level)
        return fp_catalog_wants(r, r->request, member_name);
    return level == r->level + 1 && (fp_str_ieq(member_name, PACKAGE_XML) ||
                                     fp_catalog_searches(&r->search, member_name, &what));
}

bool fp_catalog_again(fp_catalog_reader *r, bool fate_good)
{
    conclude(r, fate_good);
    if (r->request->details && fate_good && r->status == FP_OK)
        r->second = fp_catalog_second_new(r);
    return r->second != NULL;
}

const fp_catalog *fp_catalog_finish(fp_catalog_reader *r, bool fate_good)
{
    fp_catalog *c = &r->catalog;
    if (!r->concluded) {
        conclude(r, fate_good);
        if (r->request->details && c->question_count > 0)
            fp_catalog_problem(r, "details are told only of a catalogue that is a file of its own");
    }
    if (r->second != NULL)
        fp_catalog_second_finish(r, fate_good);
    c->starved = r->status != FP_OK;
    if (c->starved) {
        c->index_read = c->packages_read = false;
        c->actions_read = c->revisions_read = c->relations_read = false;
        for (size_t i = 0; i < c->question_count; i++)
            c->questions[i].settled = false;
    }
    return c;
}

bool fp_catalog_is_decoded(const fp_catalog *c)
{
    return c->inner_sound + c->inner_damaged > 0 && c->inner_closed == 0;
}

bool fp_catalog_is_whole(const fp_catalog *c, const fp_cabinet *cabinet)
{
    return fp_catalog_is_decoded(c) && c->index_read && c->packages_read && c->consistent &&
           c->inner_damaged == 0 && c->problem_count == 0 && cabinet->files_read &&
           cabinet->finding_count == 0;
}
