/* SPDX-License-Identifier: MIT */
#include "inventory/catalog/catalog.h"

#include <expat.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Expanded names, as expat gives them: namespace, this, local name. No XML character, so none can
 * fake it. */
#define SEPARATOR    '\x1F'
#define OFFLINE_SYNC "http://schemas.microsoft.com/msus/2004/02/OfflineSync"
#define PACKAGE_XML  FP_STR("package.xml")
#define PACKAGE_CAB  FP_STR("package.cab")
#define INDEX_XML    FP_STR("index.xml")

enum { PIECE_SIZE = 64 * 1024 };

typedef enum document_kind { DOCUMENT_NONE = 0, DOCUMENT_INDEX, DOCUMENT_PACKAGES } document_kind;

/* One of the two documents while it is parsed, and what is known of it afterwards. */
typedef struct document {
    XML_Parser parser; /* NULL: not begun, or done */
    bool begun;
    bool whole;  /* read to its end, well-formed, and it is what its name says */
    bool failed; /* a problem was told: no more bytes go to the parser */
    unsigned depth;
    bool on_path[FP_CATALOG_DEPTH_MAX]; /* the element at this depth is where we expect it */
    uint64_t fed;                       /* bytes given to the parser */
    size_t held;
    char piece[PIECE_SIZE];
} document;

struct fp_catalog_reader {
    fp_catalog catalog;
    fp_arena *arena;
    unsigned level; /* of the catalogue's own members */
    fp_status status;
    document index;
    document packages;
    document *current; /* whose parser is running: expat's handlers get the reader */

    bool inside_package_cab;
    fp_cabinet_scanner *scanner; /* of package.cab's own bytes */
    bool package_cab_seen;
    bool package_cab_sound;

    size_t action_capacity;
    uint64_t actions_lost; /* updates with a value that was not kept */
    size_t shard_capacity;
    bool updates_seen; /* the Updates element */
    uint64_t updates_unreadable;
    fp_str *names; /* of the outer members */
    size_t name_count;
    size_t name_capacity;
    uint64_t names_lost;
};

/* ---- problems ------------------------------------------------------------------------- */

FP_PRINTF(2, 3)
static void problem(fp_catalog_reader *r, const char *format, ...)
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
    if (fp_str_dup(r->arena, fp_str_of(text), &c->problems[i]) != FP_OK)
        r->status = FP_NOMEM;
}

/* Stops the document that is being parsed. */
static void give_up(fp_catalog_reader *r)
{
    r->current->failed = true;
    (void)XML_StopParser(r->current->parser, XML_FALSE);
}

static void no_memory(fp_catalog_reader *r)
{
    r->status = FP_NOMEM;
    give_up(r);
}

/* "package.xml, byte 123": where the parser stands. */
static const char *document_name(const fp_catalog_reader *r, const document *d)
{
    return d == &r->index ? "index.xml" : "package.xml";
}

static unsigned long long document_at(const document *d)
{
    const XML_Index at = XML_GetCurrentByteIndex(d->parser);
    return at < 0 ? 0 : (unsigned long long)at;
}

static void refuse(fp_catalog_reader *r, const char *why)
{
    problem(r, "%s: %s (byte %llu)", document_name(r, r->current), why, document_at(r->current));
    give_up(r);
}

static bool keep(fp_catalog_reader *r, const char *value, fp_str *out)
{
    if (fp_str_dup(r->arena, fp_str_of(value), out) == FP_OK)
        return true;
    no_memory(r);
    return false;
}

/* ---- attributes ----------------------------------------------------------------------- */

/* NULL-ended pairs of name and value, as expat gives them. NULL: not there. */
static const char *attribute(const XML_Char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        if (strcmp(attributes[i], name) == 0)
            return attributes[i + 1];
    }
    return NULL;
}

static bool to_u32(const char *text, uint32_t *out)
{
    uint64_t value;
    if (text == NULL || !fp_str_to_u64(fp_str_of(text), &value) || value > UINT32_MAX)
        return false;
    *out = (uint32_t)value;
    return true;
}

static bool attributes_within_limit(fp_catalog_reader *r, const XML_Char **attributes)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        if (strnlen(attributes[i + 1], FP_CATALOG_ATTRIBUTE_MAX + 1) > FP_CATALOG_ATTRIBUTE_MAX) {
            refuse(r, "an attribute is too long");
            return false;
        }
    }
    return true;
}

/* ---- index.xml ------------------------------------------------------------------------ */

static void take_cablist(fp_catalog_reader *r, const XML_Char **attributes)
{
    const char *xor_value = attribute(attributes, "XOR");
    if (xor_value != NULL && strcmp(xor_value, "0") != 0)
        refuse(r, "XOR is not 0: a form that is not known"); /* formats.md 2.2 */
}

static void take_shard(fp_catalog_reader *r, const XML_Char **attributes)
{
    fp_catalog *c = &r->catalog;
    const char *name = attribute(attributes, "NAME");
    const char *range = attribute(attributes, "RANGESTART");
    if (name == NULL) {
        refuse(r, "a CAB element without NAME");
        return;
    }
    if (c->shard_count == FP_CATALOG_SHARDS_MAX) {
        refuse(r, "too many CAB elements");
        return;
    }
    fp_catalog_shard shard = {.has_range = range != NULL};
    if (range != NULL && !to_u32(range, &shard.range_start)) {
        refuse(r, "a RANGESTART that is no number");
        return;
    }
    fp_catalog_shard *shards =
        fp_arena_grow(r->arena, c->shards, c->shard_count, &r->shard_capacity, sizeof *shards);
    if (shards == NULL) {
        no_memory(r);
        return;
    }
    c->shards = shards;
    if (keep(r, name, &shard.name))
        shards[c->shard_count++] = shard;
}

/* ---- package.xml ---------------------------------------------------------------------- */

static void take_package(fp_catalog_reader *r, const XML_Char **attributes)
{
    fp_catalog *c = &r->catalog;
    const char *id = attribute(attributes, "PackageId");
    const char *date = attribute(attributes, "CreationDate");
    const char *version = attribute(attributes, "PackageVersion");
    if (id == NULL || date == NULL)
        problem(r, "package.xml: the header has no PackageId or no CreationDate");
    if (!keep(r, id, &c->package_id) || !keep(r, date, &c->creation_date) ||
        !keep(r, version, &c->package_version))
        return;
    if (date != NULL && !fp_time_parse(c->creation_date, &c->created)) {
        c->created = FP_TIME_NONE;
        problem(r, "package.xml: CreationDate is not a date");
    }
}

static void count_action(fp_catalog_reader *r, const char *value)
{
    fp_catalog *c = &r->catalog;
    const fp_str action = fp_str_of(value);
    for (size_t i = 0; i < c->action_count; i++) {
        if (fp_str_eq(c->actions[i].value, action)) {
            c->actions[i].count++;
            return;
        }
    }
    if (c->action_count == FP_CATALOG_ACTIONS_MAX) {
        r->actions_lost++;
        return;
    }
    fp_catalog_action *actions =
        fp_arena_grow(r->arena, c->actions, c->action_count, &r->action_capacity, sizeof *actions);
    if (actions == NULL) {
        no_memory(r);
        return;
    }
    c->actions = actions;
    if (keep(r, value, &actions[c->action_count].value))
        actions[c->action_count++].count = 1;
}

static void answer(fp_catalog_reader *r, fp_catalog_question *q, const char *action,
                   const XML_Char **attributes)
{
    if (q->found++ > 0)
        return; /* the first stays; the count tells of the others */
    const char *id = attribute(attributes, "UpdateId");
    q->has_action = action != NULL;
    if (!keep(r, action, &q->action) || !keep(r, id, &q->update_id))
        return;
    if (!to_u32(attribute(attributes, "RevisionNumber"), &q->revision_number))
        problem(r, "package.xml: update %u has no readable RevisionNumber",
                (unsigned)q->revision_id);
}

static void take_update(fp_catalog_reader *r, const XML_Char **attributes)
{
    fp_catalog *c = &r->catalog;
    const char *action = attribute(attributes, "DeploymentAction");
    c->updates++;
    if (action == NULL)
        c->without_action++;
    else
        count_action(r, action);

    uint32_t revision_id;
    if (!to_u32(attribute(attributes, "RevisionId"), &revision_id)) {
        r->updates_unreadable++;
        return;
    }
    for (size_t i = 0; i < c->question_count && r->status == FP_OK; i++) {
        if (c->questions[i].revision_id == revision_id)
            answer(r, &c->questions[i], action, attributes);
    }
}

static void take_updates(fp_catalog_reader *r, const XML_Char **attributes)
{
    (void)attributes;
    r->updates_seen = true;
}

/* ---- both documents ------------------------------------------------------------------- */

/* The elements we read, each by its place: an <Update> anywhere else is another thing. */
static const struct {
    document_kind document;
    unsigned depth; /* 1: the root */
    const char *name;
    void (*take)(fp_catalog_reader *r, const XML_Char **attributes);
} elements[] = {
    {DOCUMENT_INDEX, 1, "INDEX", NULL},
    {DOCUMENT_INDEX, 2, "CABLIST", take_cablist},
    {DOCUMENT_INDEX, 3, "CAB", take_shard},
    {DOCUMENT_PACKAGES, 1, "OfflineSyncPackage", take_package},
    {DOCUMENT_PACKAGES, 2, "Updates", take_updates},
    {DOCUMENT_PACKAGES, 3, "Update", take_update},
};

/* The local name, when the namespace is the catalogue's or none; else NULL. */
static const char *local_name(const XML_Char *name)
{
    const char *separator = strchr(name, SEPARATOR);
    if (separator == NULL)
        return name;
    const size_t size = (size_t)(separator - name);
    const bool ours = size == strlen(OFFLINE_SYNC) && memcmp(name, OFFLINE_SYNC, size) == 0;
    return ours ? separator + 1 : NULL;
}

static void enter(fp_catalog_reader *r, const char *name, const XML_Char **attributes)
{
    document *d = r->current;
    const document_kind kind = d == &r->index ? DOCUMENT_INDEX : DOCUMENT_PACKAGES;
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
        if (elements[i].document != kind || elements[i].depth != d->depth ||
            strcmp(elements[i].name, name) != 0)
            continue;
        d->on_path[d->depth - 1] = true;
        if (elements[i].take != NULL)
            elements[i].take(r, attributes);
        return;
    }
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    fp_catalog_reader *r = context;
    document *d = r->current;
    if (d->failed)
        return; /* expat may still call once after it was stopped */
    if (d->depth == FP_CATALOG_DEPTH_MAX) {
        refuse(r, "elements are nested too deep");
        return;
    }
    d->depth++;
    d->on_path[d->depth - 1] = false;
    if (!attributes_within_limit(r, attributes))
        return;
    const char *local = local_name(name);
    if (local != NULL && (d->depth == 1 || d->on_path[d->depth - 2]))
        enter(r, local, attributes);
    if (d->depth == 1 && !d->on_path[0] && !d->failed)
        refuse(r, "its root element is not the one expected");
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    (void)name;
    fp_catalog_reader *r = context;
    if (!r->current->failed)
        r->current->depth--;
}

/* No catalogue has one; entities that grow and attributes given by default come in through here
 * only. */
static void XMLCALL on_doctype(void *context, const XML_Char *name, const XML_Char *system_id,
                               const XML_Char *public_id, int has_internal_subset)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_internal_subset;
    refuse(context, "a document type declaration is not accepted");
}

static void parse(fp_catalog_reader *r, document *d, bool last)
{
    if (d->failed || d->parser == NULL)
        return;
    r->current = d;
    const int size = (int)d->held;
    d->fed += d->held;
    d->held = 0;
    const enum XML_Status status =
        XML_Parse(d->parser, d->piece, size, last ? XML_TRUE : XML_FALSE);
    if (d->failed)
        return;
    if (status != XML_STATUS_OK) {
        problem(r, "%s: %s (byte %llu)", document_name(r, d),
                XML_ErrorString(XML_GetErrorCode(d->parser)), document_at(d));
        if (XML_GetErrorCode(d->parser) == XML_ERROR_NO_MEMORY)
            r->status = FP_NOMEM;
        d->failed = true;
        return;
    }
    /* A tag without an end would be kept in memory, and looked through again with every piece. */
    if (!last && d->fed - document_at(d) > FP_CATALOG_TOKEN_MAX)
        refuse(r, "a tag is too long");
}

/* In pieces of one size, whatever the decoder's are: bytes given one by one would cost their
 * square. */
static void feed(fp_catalog_reader *r, document *d, fp_span bytes)
{
    while (bytes.size > 0 && !d->failed && d->parser != NULL) {
        const size_t room = sizeof d->piece - d->held;
        const size_t size = bytes.size < room ? bytes.size : room;
        memcpy(d->piece + d->held, bytes.data, size);
        d->held += size;
        bytes = fp_span_of(bytes.data + size, bytes.size - size);
        if (d->held == sizeof d->piece)
            parse(r, d, false);
    }
}

static void begin_document(fp_catalog_reader *r, document *d)
{
    if (d->begun) {
        problem(r, "the catalogue has more than one %s", document_name(r, d));
        d->failed = true;
        d->whole = false;
        return;
    }
    d->begun = true;
    d->parser = XML_ParserCreateNS(NULL, SEPARATOR);
    if (d->parser == NULL) {
        r->status = FP_NOMEM;
        d->failed = true;
        return;
    }
    XML_SetUserData(d->parser, r);
    XML_SetElementHandler(d->parser, on_start, on_end);
    XML_SetStartDoctypeDeclHandler(d->parser, on_doctype);
}

static void end_document(fp_catalog_reader *r, document *d, bool complete)
{
    parse(r, d, complete); /* of a cut one, what came: a hit in it is worth knowing */
    if (!d->failed && !complete)
        problem(r, "%s: not read to its end", document_name(r, d));
    d->whole = complete && !d->failed;
    if (d->parser != NULL)
        XML_ParserFree(d->parser);
    d->parser = NULL;
}

/* ---- members -------------------------------------------------------------------------- */

static document *document_of(fp_catalog_reader *r, const fp_archive_member *m)
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
        problem(r, "the catalogue has more than one package.cab");
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
        problem(r, "package.cab: %.*s", FP_STR_ARG(shown));
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
        problem(r, "package.cab: %s (offset %llu)", cabinet->findings[0].message,
                (unsigned long long)cabinet->findings[0].offset);
    if (!hard && !complete)
        problem(r, "package.cab: not read to its end");
    else if (!hard && m->nested != FP_FATE_ENDED)
        tell_of_nested(r, m->nested_message);
    if (hard || !complete || m->nested != FP_FATE_ENDED)
        r->package_cab_sound = false;
}

fp_status fp_catalog_begin(fp_catalog_reader *r, const fp_archive_member *m)
{
    if (m->level == r->level)
        note_member(r, m->name);
    document *d = document_of(r, m);
    if (d != NULL)
        begin_document(r, d);
    else if (is_package_cab(r, m))
        begin_package_cab(r);
    return r->status;
}

fp_status fp_catalog_data(fp_catalog_reader *r, const fp_archive_member *m, fp_span b)
{
    document *d = document_of(r, m);
    if (d != NULL)
        feed(r, d, b);
    else if (is_package_cab(r, m) && r->scanner != NULL)
        fp_cabinet_scan(r->scanner, b);
    return r->status;
}

fp_status fp_catalog_end(fp_catalog_reader *r, const fp_archive_member *m, bool complete)
{
    document *d = document_of(r, m);
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

bool fp_catalog_descends(const char *member_name, unsigned level)
{
    (void)level;
    static const char prefix[] = "package";
    const char *last = member_name;
    for (const char *p = member_name; *p != '\0'; p++) {
        if (*p == '/' || *p == '\\')
            last = p + 1;
    }
    fp_str rest = fp_str_of(last);
    if (!fp_str_istarts(rest, FP_STR("package")) || !fp_str_iends(rest, FP_STR(".cab")))
        return true;
    const size_t prefix_size = sizeof prefix - 1;
    rest = (fp_str){rest.data + prefix_size, rest.size - prefix_size - strlen(".cab")};
    for (size_t i = 0; i < rest.size; i++) {
        if (rest.data[i] < '0' || rest.data[i] > '9')
            return true;
    }
    return rest.size == 0; /* package.cab itself */
}

static bool keep_questions(fp_catalog_reader *r, const uint32_t *revision_ids, size_t count)
{
    fp_catalog *c = &r->catalog;
    c->questions = fp_arena_alloc_array(r->arena, count, sizeof *c->questions);
    if (c->questions == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        c->questions[i].revision_id = revision_ids[i];
    c->question_count = count;
    return true;
}

fp_catalog_reader *fp_catalog_reader_new(fp_arena *arena, unsigned level,
                                         const uint32_t *revision_ids, size_t count)
{
    fp_catalog_reader *r = fp_arena_alloc(arena, sizeof *r);
    if (r == NULL)
        return NULL;
    r->arena = arena;
    r->level = level;
    r->catalog.created = FP_TIME_NONE;
    if (!keep_questions(r, revision_ids,
                        count < FP_CATALOG_QUESTIONS_MAX ? count : FP_CATALOG_QUESTIONS_MAX))
        return NULL;
    return r;
}

static bool is_member(const fp_catalog_reader *r, fp_str name)
{
    for (size_t i = 0; i < r->name_count; i++) {
        if (fp_str_ieq(r->names[i], name))
            return true;
    }
    return false;
}

static void match_shards(fp_catalog_reader *r, bool all_seen)
{
    fp_catalog *c = &r->catalog;
    size_t missing = 0;
    for (size_t i = 0; i < c->shard_count; i++) {
        c->shards[i].present = is_member(r, c->shards[i].name);
        missing += c->shards[i].present ? 0 : 1;
    }
    if (r->names_lost > 0)
        problem(r, "the catalogue has more members than are listed: %llu were not compared",
                (unsigned long long)r->names_lost);
    else if (missing > 0 && all_seen)
        problem(r, "%zu of the %zu cabinets named in index.xml are missing", missing,
                c->shard_count);
}

static void tell_of_updates(fp_catalog_reader *r)
{
    const fp_catalog *c = &r->catalog;
    if (r->updates_unreadable > 0)
        problem(r, "package.xml: %llu updates without a readable RevisionId",
                (unsigned long long)r->updates_unreadable);
    if (r->actions_lost > 0)
        problem(r,
                "package.xml: more than %d DeploymentAction values: those of %llu updates not kept",
                FP_CATALOG_ACTIONS_MAX, (unsigned long long)r->actions_lost);
    for (size_t i = 0; i < c->question_count; i++) {
        if (c->questions[i].found > 1)
            problem(r, "package.xml: %u updates carry RevisionId %u", c->questions[i].found,
                    (unsigned)c->questions[i].revision_id);
    }
}

static void tell_of_absence(fp_catalog_reader *r, bool fate_good)
{
    if (!fate_good)
        problem(r, "the catalogue was not read to its end");
    else if (!r->index.begun)
        problem(r, "the catalogue has no index.xml");
    if (!r->package_cab_seen && fate_good)
        problem(r, "the catalogue has no package.cab");
    else if (!r->packages.begun && r->package_cab_sound)
        problem(r, "package.cab has no package.xml");
    else if (r->packages.whole && !r->updates_seen)
        problem(r, "package.xml: no Updates element");
}

const fp_catalog *fp_catalog_finish(fp_catalog_reader *r, bool fate_good)
{
    fp_catalog *c = &r->catalog;
    document *both[2] = {&r->index, &r->packages};
    for (size_t i = 0; i < 2; i++) {
        if (both[i]->parser != NULL) /* begun and never ended: the reading was stopped */
            end_document(r, both[i], false);
    }
    tell_of_absence(r, fate_good);
    tell_of_updates(r);
    match_shards(r, fate_good);

    const bool good = fate_good && r->status == FP_OK;
    c->index_read = good && r->index.whole;
    c->packages_read = good && r->packages.whole && r->package_cab_sound && r->updates_seen &&
                       r->updates_unreadable == 0;
    return c;
}
