/* SPDX-License-Identifier: MIT */
#include "inventory/catalog/catalog_parts.h"

#include <stdarg.h>
#include <stdio.h>
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
    if (m->level == r->level && fp_str_ieq(m->name, INDEX_XML))
        return &r->index;
    if (m->level == r->level + 1 && r->inside_package_cab && fp_str_ieq(m->name, PACKAGE_XML))
        return &r->packages;
    return NULL;
}

static bool is_package_cab(const fp_catalog_reader *r, const fp_archive_member *m)
{
    return m->level == r->level && fp_str_ieq(m->name, PACKAGE_CAB);
}

static void note_member(fp_catalog_reader *r, fp_str name)
{
    r->catalog.members++;
    if (r->name_count == FP_CATALOG_SHARDS_MAX || name.size > FP_CABINET_NAME_MAX) {
        r->names_lost++;
        return;
    }
    fp_str *names =
        fp_arena_grow(r->arena, r->names, r->name_count, &r->name_capacity, sizeof *names);
    if (names == NULL || fp_str_dup(r->arena, name, &names[r->name_count]) != FP_OK) {
        r->status = FP_NOMEM;
        return;
    }
    r->names = names;
    r->name_count++;
}

static void begin_package_cab(fp_catalog_reader *r)
{
    if (r->package_cab_seen)
        fp_catalog_problem(r, "the catalogue has more than one package.cab");
    r->package_cab_sound = !r->package_cab_seen;
    r->package_cab_seen = true;
    r->inside_package_cab = true;
    r->scanner = fp_cabinet_scan_new(r->arena);
    if (r->scanner == NULL)
        r->status = FP_NOMEM;
}

/* The decoder's words came out of the jail: as hostile as the archive. */
static void tell_of_nested(fp_catalog_reader *r, fp_str message)
{
    fp_str shown;
    if (fp_text_display(message, r->arena, &shown) != FP_OK)
        r->status = FP_NOMEM;
    else
        fp_catalog_problem(r, "package.cab: %.*s", FP_STR_ARG(shown));
}

/* libarchive alone is no judge of package.cab: it passes over a wrong size and trailing bytes, and
 * may hand out a block before it finds it damaged. */
static void end_package_cab(fp_catalog_reader *r, const fp_archive_member *m, bool complete)
{
    r->inside_package_cab = false;
    if (r->scanner == NULL)
        return;
    const fp_cabinet *cabinet = fp_cabinet_scan_end(r->scanner, complete);
    r->scanner = NULL;
    const bool hard = fp_cabinet_hard_finding(cabinet) != NULL;
    if (cabinet->finding_count > 0)
        fp_catalog_problem(r, "package.cab: %s (offset %llu)", cabinet->findings[0].message,
                           (unsigned long long)cabinet->findings[0].offset);
    if (!hard && !complete)
        fp_catalog_problem(r, "package.cab: not read to its end");
    else if (!hard && m->nested != FP_FATE_ENDED)
        tell_of_nested(r, m->nested_message);
    if (hard || !complete || m->nested != FP_FATE_ENDED)
        r->package_cab_sound = false;
}

fp_status fp_catalog_begin(fp_catalog_reader *r, const fp_archive_member *m)
{
    if (m->level == r->level)
        note_member(r, m->name);
    fp_catalog_document *d = document_of(r, m);
    if (d != NULL)
        begin_document(r, d, d == &r->index ? &fp_catalog_index_form : &fp_catalog_packages_form);
    else if (is_package_cab(r, m))
        begin_package_cab(r);
    return r->status;
}

fp_status fp_catalog_data(fp_catalog_reader *r, const fp_archive_member *m, fp_span b)
{
    fp_catalog_document *d = document_of(r, m);
    if (d != NULL && d->xml != NULL)
        fp_xml_feed(d->xml, b);
    else if (is_package_cab(r, m) && r->scanner != NULL)
        fp_cabinet_scan(r->scanner, b);
    return r->status;
}

fp_status fp_catalog_end(fp_catalog_reader *r, const fp_archive_member *m, bool complete)
{
    fp_catalog_document *d = document_of(r, m);
    if (d != NULL)
        end_document(r, d, complete);
    else if (is_package_cab(r, m))
        end_package_cab(r, m, complete);
    return r->status;
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
    for (size_t i = 0; i < count; i++)
        c->questions[i].key = r->request->keys[i];
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
    r->index.name = "index.xml";
    r->packages.name = "package.xml";
    r->catalog.created = FP_TIME_NONE;
    r->catalog.asked_actions = request->expected_count > 0;
    r->updates = fp_updates_new(arena);
    return r->updates != NULL && keep_questions(r) ? r : NULL;
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

const fp_catalog *fp_catalog_finish(fp_catalog_reader *r, bool fate_good)
{
    fp_catalog *c = &r->catalog;
    end_document(r, &r->index, false); /* of one that never ended: the reading was stopped */
    end_document(r, &r->packages, false);
    tell_of_absence(r, fate_good);
    fp_catalog_tell_of_packages(r);
    fp_catalog_match_shards(r, fate_good);

    const bool good = fate_good && r->status == FP_OK;
    c->index_read = good && r->index.whole;
    c->packages_read = good && r->packages.whole && r->package_cab_sound && r->updates_seen &&
                       r->revisions_unreadable == 0;
    fp_catalog_fill_answers(r);
    c->starved = r->status != FP_OK;
    if (c->starved) {
        c->index_read = c->packages_read = false;
        for (size_t i = 0; i < c->question_count; i++)
            c->questions[i].settled = false;
    }
    return c;
}
