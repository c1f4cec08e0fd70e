/* SPDX-License-Identifier: MIT */
/*
 * The members of a catalogue as a decoder tells of them: documents, cabinets and what lies in
 * those. What must hold: two readers that share the cabinets tell the same as one that reads all,
 * whatever the size of the pieces; and what is told of an update agrees with itself.
 *
 * Input: a byte of flags, then members, each behind a byte 1E: a letter, the name, a line feed, the
 * content. The letters:
 *
 *   m  a member of the last cabinet, or of the catalogue when there was none
 *   h  ... that is cut short
 *   o  a member of the catalogue itself
 *   c  a cabinet in it: sound; d: with a wrong byte; r: refused by its decoder; l: over its limit
 */
#include "inventory/catalog/catalog.h"

#include "tests/support/cab_builder.h"
#include "tests/support/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BUDGET = 8 << 20,
    MEMBERS_MAX = 96,
    NAME_MAX_BYTES = 64,
    MARK = 0x1E,
    FATE_BAD = 1, /* flags ... */
    NO_KB = 2,
    FULL = 4,
    PIECE_SHIFT = 3 /* ... and above: the size of the pieces */
};

static const fp_catalog_key asked[] = {
    {FP_CATALOG_BY_REVISION, .number = 10},
    {FP_CATALOG_BY_UPDATE, .any_number = true,
     .update_id = {0x0b, 0x0e, 0x5f, 0x0c, 0x11, 0x11, 0x4a, 0x4a, 0x8b, 0x8b, 0, 0, 0, 0, 0, 1}},
    {FP_CATALOG_BY_KB, .number = 954474},
    {FP_CATALOG_BY_KB, .number = 7},
};
enum { ASKED = sizeof asked / sizeof *asked, ASKED_BUT_KB = 2 };
static const fp_str expected[] = {FP_STR_INIT("Install")};

typedef struct told {
    char letter;
    char name[NAME_MAX_BYTES];
    fp_span content;
} told;

typedef struct world {
    told members[MEMBERS_MAX];
    size_t count;
    cab_bytes cabinets[MEMBERS_MAX]; /* of those that are one */
    size_t piece;
    bool fate_good;
    fp_catalog_request request;
} world;

/* ---- the input ------------------------------------------------------------------------ */

static void take_member(world *w, fp_span record)
{
    const uint8_t *line = record.size == 0 ? NULL : memchr(record.data, '\n', record.size);
    if (line == NULL || line == record.data || w->count == MEMBERS_MAX)
        return;
    const size_t head = (size_t)(line - record.data);
    const size_t size = head - 1 < NAME_MAX_BYTES - 1 ? head - 1 : NAME_MAX_BYTES - 1;
    told *t = &w->members[w->count++];
    t->letter = (char)record.data[0];
    memcpy(t->name, record.data + 1, size);
    t->content = fp_span_of(line + 1, record.size - head - 1);
}

static void take_members(world *w, fp_span input)
{
    const uint8_t *at = input.data, *end = input.data + input.size;
    while (at < end) {
        const uint8_t *mark = memchr(at, MARK, (size_t)(end - at));
        const uint8_t *stop = mark == NULL ? end : mark;
        take_member(w, fp_span_of(at, (size_t)(stop - at)));
        at = mark == NULL ? end : mark + 1;
    }
}

static bool is_cabinet(const told *t)
{
    return t->letter != '\0' && strchr("cdrl", t->letter) != NULL;
}

static bool is_inner(const told *t)
{
    return t->letter == 'm' || t->letter == 'h';
}

static void build_cabinet(world *w, size_t at)
{
    cab_file files[MEMBERS_MAX];
    size_t count = 0;
    for (size_t i = at + 1; i < w->count && is_inner(&w->members[i]); i++)
        files[count++] = (cab_file){.name = w->members[i].name, .content = w->members[i].content};
    w->cabinets[at] = cab_build(files, count, NULL);
    if (w->members[at].letter == 'd')
        w->cabinets[at].data[w->cabinets[at].size - 1] ^= 1;
}

static world *read_world(const uint8_t *data, size_t size)
{
    world *w = calloc(1, sizeof *w);
    require(w != NULL);
    const unsigned flags = data[0];
    take_members(w, fp_span_of(data + 1, size - 1));
    for (size_t i = 0; i < w->count; i++) {
        if (is_cabinet(&w->members[i]))
            build_cabinet(w, i);
    }
    w->piece = 8 * (flags >> PIECE_SHIFT) + 1;
    w->fate_good = (flags & FATE_BAD) == 0;
    w->request = (fp_catalog_request){.keys = asked,
                                      .key_count = (flags & NO_KB) != 0 ? ASKED_BUT_KB : ASKED,
                                      .expected_actions = expected,
                                      .expected_count = 1,
                                      .relations = true,
                                      .details = true,
                                      .language = FP_STR("en"),
                                      .full = (flags & FULL) != 0};
    return w;
}

static void free_world(world *w)
{
    for (size_t i = 0; i < w->count; i++)
        cab_free(&w->cabinets[i]);
    free(w);
}

/* ---- as a decoder would tell ---------------------------------------------------------- */

typedef struct teller {
    const world *w;
    fp_catalog_reader *r;
    size_t piece; /* 0: all at once */
    uint64_t index;
    bool inside; /* a cabinet, whose members are told of */
} teller;

static void give(teller *t, const fp_archive_member *m, fp_span bytes)
{
    for (size_t at = 0; at < bytes.size;) {
        const size_t left = bytes.size - at;
        const size_t size = t->piece == 0 || t->piece > left ? left : t->piece;
        const fp_status status = fp_catalog_data(t->r, m, fp_span_of(bytes.data + at, size));
        require(status == FP_OK || status == FP_NOMEM);
        at += size;
    }
}

static void begin(teller *t, fp_archive_member *m, fp_span bytes)
{
    m->index = t->index++;
    m->withheld = !m->is_archive && !fp_catalog_wants_bytes(t->r, m->name, m->level);
    const fp_status status = fp_catalog_begin(t->r, m);
    require(status == FP_OK || status == FP_NOMEM);
    if (!m->withheld)
        give(t, m, bytes);
}

static void end(teller *t, const fp_archive_member *m, bool complete)
{
    const fp_status status = fp_catalog_end(t->r, m, complete);
    require(status == FP_OK || status == FP_NOMEM);
}

static fp_archive_member member_of(const told *t, unsigned level)
{
    return (fp_archive_member){.level = level,
                               .name = fp_str_of(t->name),
                               .size_known = true,
                               .size = t->content.size,
                               .modified = FP_TIME_NONE,
                               .regular = true};
}

static void tell_plain(teller *t, const told *of, unsigned level)
{
    fp_archive_member m = member_of(of, level);
    begin(t, &m, of->content);
    end(t, &m, of->letter != 'h');
}

/* Its members, if its decoder descends. The number of them. */
static size_t tell_cabinet(teller *t, size_t at)
{
    const told *of = &t->w->members[at];
    fp_archive_member m = member_of(of, 1);
    m.is_archive = fp_catalog_wants(t->r, &t->w->request, m.name);
    begin(t, &m, cab_span(&t->w->cabinets[at]));
    size_t count = 0;
    for (; at + 1 + count < t->w->count && is_inner(&t->w->members[at + 1 + count]); count++) {
        if (m.is_archive)
            tell_plain(t, &t->w->members[at + 1 + count], 2);
    }
    if (m.is_archive)
        m.nested = of->letter == 'r'   ? FP_FATE_REFUSED
                   : of->letter == 'l' ? FP_FATE_LIMIT
                                       : FP_FATE_ENDED;
    m.nested_message = m.nested == FP_FATE_ENDED ? FP_STR("") : FP_STR("not read");
    end(t, &m, true);
    return count;
}

static void tell_all(const world *w, fp_catalog_reader *r, size_t piece)
{
    teller t = {.w = w, .r = r, .piece = piece};
    for (size_t i = 0; i < w->count; i++) {
        if (is_cabinet(&w->members[i]))
            i += tell_cabinet(&t, i);
        else
            tell_plain(&t, &w->members[i], 1);
    }
}

/* By as many readers as `shares`, and a second time where one is asked for. */
static const fp_catalog *read_catalog(const world *w, fp_arena *arena, unsigned shares,
                                      size_t piece)
{
    fp_catalog_reader *r = fp_catalog_reader_new(arena, 1, &w->request);
    require(r != NULL);
    fp_catalog_reader *helper = NULL;
    if (shares > 1 && fp_catalog_wants_all(r)) {
        helper = fp_catalog_helper_new(r, 1, shares);
        require(helper != NULL);
    }
    tell_all(w, r, piece);
    if (helper != NULL) {
        tell_all(w, helper, piece);
        require(fp_catalog_join(r, helper));
    }
    if (fp_catalog_again(r, w->fate_good))
        tell_all(w, r, piece);
    return fp_catalog_finish(r, w->fate_good);
}

/* ---- what must hold ------------------------------------------------------------------- */

static void mix_text(uint64_t *sum, fp_str text)
{
    require(text.size == 0 || fp_text_is_utf8(text));
    for (size_t i = 0; i < text.size; i++)
        mix_number(sum, (uint8_t)text.data[i]);
    mix_number(sum, text.size);
}

static void check_details(const fp_catalog *c, const fp_catalog_details *d, uint64_t *sum)
{
    require(!d->read || c->packages_read);
    require(!d->read || d->shard.size > 0);
    mix_number(sum, d->read);
    mix_text(sum, d->shard);
    mix_text(sum, d->type);
    mix_text(sum, d->severity);
    mix_text(sum, d->title);
    for (size_t i = 0; i < d->kb_count && i < FP_FRAGMENT_KBS_MAX; i++)
        mix_number(sum, d->kbs[i]);
    mix_number(sum, d->kb_count);
    for (size_t i = 0; i < d->file_count && i < FP_CATALOG_FILES_MAX; i++) {
        const fp_catalog_file *f = &d->files[i];
        require(f->url.size == 0 || f->has_sha1);
        mix_number(sum, f->revision_id);
        mix_number(sum, f->size);
        mix_text(sum, f->name);
        mix_text(sum, f->url);
    }
    mix_number(sum, d->file_count);
}

static void check_question(const fp_catalog *c, const fp_catalog_question *q, uint64_t *sum)
{
    require(q->update_count <= q->found && q->update_count <= FP_CATALOG_ANSWERS_MAX);
    require(!q->settled || (c->index_read && c->packages_read) || q->key.by != FP_CATALOG_BY_KB);
    mix_number(sum, q->found);
    mix_number(sum, q->settled);
    for (size_t i = 0; i < q->update_count; i++) {
        const fp_catalog_update *u = q->updates[i];
        mix_number(sum, u->is->revision_id);
        mix_number(sum, u->listed);
        mix_text(sum, u->action);
        mix_number(sum, u->bundles.count);
        if (u->details != NULL)
            check_details(c, u->details, sum);
    }
}

/* Of all that is told. */
static uint64_t digest_of(const fp_catalog *c)
{
    uint64_t sum = 1;
    mix_number(&sum, c->starved);
    if (c->starved)
        return sum;
    mix_number(&sum, c->index_read);
    mix_number(&sum, c->packages_read);
    mix_number(&sum, c->members);
    mix_number(&sum, c->inner_sound);
    mix_number(&sum, c->inner_damaged);
    mix_number(&sum, c->inner_closed);
    mix_number(&sum, c->consistent);
    mix_number(&sum, c->contradicts);
    require(!c->consistent || !c->contradicts);
    require(!fp_catalog_is_decoded(c) || c->inner_closed == 0);
    for (size_t i = 0; i < c->shard_count; i++)
        mix_number(&sum, c->shards[i].state);
    for (size_t i = 0; i < c->question_count; i++)
        check_question(c, &c->questions[i], &sum);
    for (size_t i = 0; i < c->problem_count && i < FP_CATALOG_PROBLEMS_MAX; i++)
        mix_text(&sum, c->problems[i]);
    mix_number(&sum, c->problem_count);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    world *w = read_world(data, size);
    fp_arena *alone = fp_arena_new(BUDGET);
    fp_arena *shared = fp_arena_new(BUDGET);
    require(alone != NULL && shared != NULL);
    const fp_catalog *one = read_catalog(w, alone, 1, 0);
    const fp_catalog *two = read_catalog(w, shared, 2, w->piece);
    require(one->starved || two->starved || digest_of(one) == digest_of(two));
    fp_arena_free(alone);
    fp_arena_free(shared);
    free_world(w);
    return 0;
}
