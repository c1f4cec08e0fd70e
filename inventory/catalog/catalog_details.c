/* SPDX-License-Identifier: MIT */
/*
 * The second time a catalogue is read: what its shards say of the updates that were found, and
 * which files package.xml names for them.
 *
 * A bundle has the title and the KB number, the updates that it bundles have the files: so those
 * are subjects too, and what they say of files goes to the one that was asked for.
 */
#include "inventory/catalog/catalog_parts.h"

#include <stdlib.h>
#include <string.h>

typedef struct subject { /* `owner` was asked for; it is, or bundles, the update `revision_id` */
    uint32_t revision_id;
    fp_catalog_update *owner;
} subject;

struct fp_catalog_second {
    subject subjects[FP_CATALOG_SUBJECTS_MAX]; /* in order of revision_id */
    size_t subject_count;
    bool cut;                       /* there are more */
    const fp_catalog_shard *shards; /* of index.xml, and which of them are wanted */
    size_t shard_count;
    bool *wanted;

    bool inside_package_cab;
    fp_xml *packages;
    bool packages_whole;
    const subject *update; /* the first subject that the open Update is; NULL: none */

    fp_fragment_reader *fragment; /* of ... */
    const subject *of;            /* ... this subject, the first of its revision */
    fp_fragment_name what;
    fp_str shard; /* that is open */
    uint64_t fragments_bad;
};

/* ---- who is asked about --------------------------------------------------------------- */

static int by_revision(const void *a, const void *b)
{
    const subject *left = a, *right = b;
    return (left->revision_id > right->revision_id) - (left->revision_id < right->revision_id);
}

static void add_subject(fp_catalog_second *s, uint32_t revision_id, fp_catalog_update *owner)
{
    if (s->subject_count == FP_CATALOG_SUBJECTS_MAX)
        s->cut = true;
    else
        s->subjects[s->subject_count++] = (subject){revision_id, owner};
}

/* The first with this revision, in order; NULL: there is none. */
static const subject *find_subject(const fp_catalog_second *s, uint32_t revision_id)
{
    size_t low = 0, high = s->subject_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (s->subjects[middle].revision_id < revision_id)
            low = middle + 1;
        else
            high = middle;
    }
    const bool found = low < s->subject_count && s->subjects[low].revision_id == revision_id;
    return found ? &s->subjects[low] : NULL;
}

/* The next one of the same revision, or NULL. */
static const subject *next_subject(const fp_catalog_second *s, const subject *of)
{
    const subject *next = of + 1;
    const bool same = next < s->subjects + s->subject_count && next->revision_id == of->revision_id;
    return same ? next : NULL;
}

/* The one with the greatest RANGESTART that is not above. NULL: none. */
static const fp_catalog_shard *shard_of(const fp_catalog *c, uint32_t revision_id)
{
    const fp_catalog_shard *best = NULL;
    for (size_t i = 0; i < c->shard_count; i++) {
        const fp_catalog_shard *shard = &c->shards[i];
        if (shard->has_range && shard->range_start <= revision_id &&
            (best == NULL || shard->range_start > best->range_start))
            best = shard;
    }
    return best;
}

static bool open_details(fp_catalog_reader *r, fp_catalog_update *u)
{
    const fp_catalog_shard *shard = shard_of(&r->catalog, u->is->revision_id);
    u->details = fp_arena_alloc(r->arena, sizeof *u->details);
    if (u->details == NULL)
        return false;
    u->details->files =
        fp_arena_alloc_array(r->arena, FP_CATALOG_FILES_MAX, sizeof *u->details->files);
    if (shard != NULL)
        u->details->shard = shard->name;
    return u->details->files != NULL;
}

static bool collect(fp_catalog_reader *r, fp_catalog_second *s)
{
    const fp_catalog *c = &r->catalog;
    for (size_t i = 0; i < c->question_count; i++) {
        for (size_t k = 0; k < c->questions[i].update_count; k++) {
            fp_catalog_update *u = c->questions[i].updates[k];
            if (u->details != NULL)
                continue;
            if (!open_details(r, u))
                return false;
            add_subject(s, u->is->revision_id, u);
            for (size_t n = 0; n < u->bundles.count; n++)
                add_subject(s, u->bundles.at[n].revision_id, u);
        }
    }
    qsort(s->subjects, s->subject_count, sizeof *s->subjects, by_revision);
    return true;
}

static bool choose_shards(fp_catalog_reader *r, fp_catalog_second *s)
{
    const fp_catalog *c = &r->catalog;
    s->wanted = fp_arena_alloc_array(r->arena, c->shard_count, sizeof *s->wanted);
    s->shards = c->shards;
    s->shard_count = c->shard_count;
    if (s->wanted == NULL)
        return false;
    for (size_t i = 0; i < s->subject_count; i++) {
        const fp_catalog_shard *shard = shard_of(c, s->subjects[i].revision_id);
        if (shard != NULL)
            s->wanted[shard - c->shards] = true;
    }
    return true;
}

fp_catalog_second *fp_catalog_second_new(fp_catalog_reader *r)
{
    fp_catalog_second *s = fp_arena_alloc(r->arena, sizeof *s);
    if (s == NULL || !collect(r, s) || !choose_shards(r, s)) {
        r->status = FP_NOMEM;
        return NULL;
    }
    if (s->cut)
        fp_catalog_problem(r, "of the updates found and those that they bundle only %d are told of",
                           FP_CATALOG_SUBJECTS_MAX);
    for (size_t i = 0; i < r->catalog.shard_count; i++)
        r->catalog.shards[i].state = FP_CATALOG_NOT_DECODED; /* until it came this time */
    return s->subject_count > 0 ? s : NULL;
}

bool fp_catalog_second_wants(const fp_catalog_second *s, fp_str member_name)
{
    if (!fp_catalog_names_shard(member_name))
        return true;
    for (size_t i = 0; i < s->shard_count; i++) {
        if (s->wanted[i] && fp_str_ieq(s->shards[i].name, member_name))
            return true;
    }
    return false;
}

bool fp_catalog_second_enough(const fp_catalog_second *s)
{
    for (size_t i = 0; i < s->shard_count; i++) {
        if (s->wanted[i] && s->shards[i].state == FP_CATALOG_NOT_DECODED)
            return false;
    }
    return s->packages_whole;
}

/* ---- files ---------------------------------------------------------------------------- */

/* The file of the update `revision_id` with this SHA-1 (NULL: not known), or a new one. NULL: there
 * are too many already. */
static fp_catalog_file *file_of(fp_catalog_details *d, uint32_t revision_id, const uint8_t *sha1)
{
    const size_t kept = d->file_count < FP_CATALOG_FILES_MAX ? d->file_count : FP_CATALOG_FILES_MAX;
    for (size_t i = 0; sha1 != NULL && i < kept; i++) {
        fp_catalog_file *file = &d->files[i];
        if (file->revision_id == revision_id && file->has_sha1 &&
            memcmp(file->sha1, sha1, sizeof file->sha1) == 0)
            return file;
    }
    d->file_count++;
    if (kept == FP_CATALOG_FILES_MAX)
        return NULL;
    fp_catalog_file *file = &d->files[kept];
    file->revision_id = revision_id;
    file->has_sha1 = sha1 != NULL;
    if (sha1 != NULL)
        memcpy(file->sha1, sha1, sizeof file->sha1);
    return file;
}

/* x/ describes it. */
static void take_file(void *context, const fp_fragment_file *said)
{
    fp_catalog_reader *r = context;
    const fp_catalog_second *s = r->second;
    for (const subject *of = s->of; of != NULL; of = next_subject(s, of)) {
        fp_catalog_file *file =
            file_of(of->owner->details, of->revision_id, said->has_sha1 ? said->sha1 : NULL);
        if (file == NULL)
            continue;
        file->has_size = said->has_size;
        file->size = said->size;
        file->has_sha256 = said->has_sha256;
        memcpy(file->sha256, said->sha256, sizeof file->sha256);
        if (!fp_catalog_keep(r, said->name, &file->name))
            return;
    }
}

/* ---- package.xml ---------------------------------------------------------------------- */

enum {
    NODE_PACKAGE = 1,
    NODE_UPDATES,
    NODE_UPDATE,
    NODE_PAYLOAD,
    NODE_FILE,
    NODE_LOCATIONS,
    NODE_LOCATION
};

static const char *enter_update(void *context, const char *const *attributes)
{
    fp_catalog_second *s = ((fp_catalog_reader *)context)->second;
    uint32_t revision_id;
    const bool known = fp_xml_u32(fp_xml_attribute(attributes, "RevisionId"), &revision_id);
    s->update = known ? find_subject(s, revision_id) : NULL;
    return NULL;
}

static const char *take_payload(void *context, const char *const *attributes)
{
    const fp_catalog_second *s = ((fp_catalog_reader *)context)->second;
    const char *id = fp_xml_attribute(attributes, "Id");
    uint8_t sha1[FP_SHA1_SIZE];
    if (s->update == NULL || id == NULL)
        return NULL;
    const bool known = fp_base64_digest(fp_str_of(id), sha1, sizeof sha1);
    for (const subject *of = s->update; of != NULL; of = next_subject(s, of)) {
        fp_catalog_file *file = file_of(of->owner->details, of->revision_id, known ? sha1 : NULL);
        if (file != NULL)
            file->in_package = true;
    }
    return NULL;
}

static bool locate(fp_catalog_reader *r, fp_catalog_details *d, const uint8_t *sha1,
                   const char *url)
{
    const size_t kept = d->file_count < FP_CATALOG_FILES_MAX ? d->file_count : FP_CATALOG_FILES_MAX;
    for (size_t i = 0; i < kept; i++) {
        fp_catalog_file *file = &d->files[i];
        if (!file->has_sha1 || memcmp(file->sha1, sha1, sizeof file->sha1) != 0 ||
            file->url.size > 0)
            continue;
        if (!fp_catalog_keep(r, fp_str_of(url), &file->url))
            return false;
    }
    return true;
}

/* One file may belong to several updates. */
static const char *take_location(void *context, const char *const *attributes)
{
    fp_catalog_reader *r = context;
    const char *id = fp_xml_attribute(attributes, "Id");
    const char *url = fp_xml_attribute(attributes, "Url");
    uint8_t sha1[FP_SHA1_SIZE];
    if (id == NULL || url == NULL || !fp_base64_digest(fp_str_of(id), sha1, sizeof sha1))
        return NULL;
    const fp_catalog *c = &r->catalog;
    for (size_t i = 0; i < c->question_count; i++) {
        for (size_t k = 0; k < c->questions[i].update_count; k++) {
            if (!locate(r, c->questions[i].updates[k]->details, sha1, url))
                return fp_catalog_no_memory(r);
        }
    }
    return NULL;
}

static const fp_xml_rule rules[] = {
    {FP_XML_ROOT, NODE_PACKAGE, "OfflineSyncPackage", NULL, NULL},
    {NODE_PACKAGE, NODE_UPDATES, "Updates", NULL, NULL},
    {NODE_UPDATES, NODE_UPDATE, "Update", enter_update, NULL},
    {NODE_UPDATE, NODE_PAYLOAD, "PayloadFiles", NULL, NULL},
    {NODE_PAYLOAD, NODE_FILE, "File", take_payload, NULL},
    {NODE_PACKAGE, NODE_LOCATIONS, "FileLocations", NULL, NULL},
    {NODE_LOCATIONS, NODE_LOCATION, "FileLocation", take_location, NULL},
};

static const fp_xml_form packages_form = {rules, sizeof rules / sizeof *rules, FP_CATALOG_NAMESPACE,
                                          .plain = true};

/* ---- fragments ------------------------------------------------------------------------ */

static bool in_language(const fp_catalog_reader *r, const fp_fragment_name *what)
{
    return what->kind != FP_FRAGMENT_LOCALIZED || fp_str_ieq(what->language, r->request->language);
}

static void begin_fragment(fp_catalog_reader *r, const fp_archive_member *m)
{
    fp_catalog_second *s = r->second;
    const fp_fragment_events events = {.context = r, .file = take_file};
    if (!fp_fragment_name_parse(m->name, &s->what) || !in_language(r, &s->what))
        return;
    s->of = find_subject(s, s->what.revision_id);
    if (s->of == NULL)
        return;
    s->fragment = fp_fragment_new(s->what.kind, r->request->language, &events);
    if (s->fragment == NULL)
        r->status = FP_NOMEM;
}

static bool keep_known(fp_catalog_reader *r, fp_str said, fp_str *out)
{
    return said.size == 0 || fp_catalog_keep(r, said, out);
}

/* A fragment is about the update that its name says; c/ says it once more. */
static void check_identity(fp_catalog_reader *r, const fp_catalog_update *u,
                           const fp_fragment *said)
{
    const bool same = said->revision_number == u->is->revision_number &&
                      memcmp(said->update_id, u->is->update_id, FP_GUID_SIZE) == 0;
    if (said->has_identity && u->is->has_update_id && u->is->has_revision_number && !same)
        fp_catalog_problem(r,
                           "%.*s: the fragment of revision %u names another update than "
                           "package.xml",
                           FP_STR_ARG(r->second->shard), (unsigned)u->is->revision_id);
}

static void take_said(fp_catalog_reader *r, fp_catalog_update *u, const fp_fragment *said)
{
    fp_catalog_details *d = u->details;
    check_identity(r, u, said);
    for (size_t i = 0; i < said->kb_count && i < FP_FRAGMENT_KBS_MAX; i++) {
        if (d->kb_count < FP_FRAGMENT_KBS_MAX)
            d->kbs[d->kb_count] = said->kbs[i];
        d->kb_count++;
    }
    if (!keep_known(r, said->type, &d->type) || !keep_known(r, said->severity, &d->severity) ||
        !keep_known(r, said->title, &d->title))
        r->status = FP_NOMEM;
}

static void end_fragment(fp_catalog_reader *r, bool complete)
{
    fp_catalog_second *s = r->second;
    if (s->fragment == NULL)
        return;
    const fp_fragment *said = fp_fragment_end(s->fragment, complete);
    const fp_xml_trouble *trouble = fp_fragment_trouble(s->fragment);
    for (const subject *of = s->of; of != NULL; of = next_subject(s, of)) {
        if (of->owner->is->revision_id == of->revision_id)
            take_said(r, of->owner, said);
    }
    if (trouble->no_memory)
        r->status = FP_NOMEM;
    if (trouble->what != NULL) {
        s->fragments_bad++;
        fp_catalog_problem(r, "%.*s: a fragment of revision %u: %s", FP_STR_ARG(s->shard),
                           (unsigned)s->what.revision_id, trouble->what);
    }
    fp_fragment_free(s->fragment);
    s->fragment = NULL;
}

/* ---- members -------------------------------------------------------------------------- */

static fp_catalog_shard *shard_named(fp_catalog_reader *r, fp_str name)
{
    fp_catalog *c = &r->catalog;
    for (size_t i = 0; i < c->shard_count; i++) {
        if (r->second->wanted[i] && fp_str_ieq(c->shards[i].name, name))
            return &c->shards[i];
    }
    return NULL;
}

static void begin_outer(fp_catalog_reader *r, const fp_archive_member *m)
{
    fp_catalog_second *s = r->second;
    const fp_catalog_shard *shard = shard_named(r, m->name);
    s->inside_package_cab = fp_str_ieq(m->name, FP_STR("package.cab"));
    s->shard = shard != NULL ? shard->name : FP_STR("");
    if (shard != NULL)
        fp_catalog_begin_inner(r, shard->name, false);
}

static bool is_packages(const fp_catalog_reader *r, const fp_archive_member *m)
{
    return m->level == r->level + 1 && r->second->inside_package_cab &&
           fp_str_ieq(m->name, FP_STR("package.xml"));
}

void fp_catalog_second_begin(fp_catalog_reader *r, const fp_archive_member *m)
{
    fp_catalog_second *s = r->second;
    if (m->level == r->level)
        begin_outer(r, m);
    else if (is_packages(r, m) && s->packages == NULL) {
        s->packages = fp_xml_new(&packages_form, r);
        if (s->packages == NULL)
            r->status = FP_NOMEM;
    } else if (m->level == r->level + 1 && s->shard.size > 0)
        begin_fragment(r, m);
}

void fp_catalog_second_data(fp_catalog_reader *r, const fp_archive_member *m, fp_span bytes)
{
    fp_catalog_second *s = r->second;
    if (m->level == r->level && r->inner.scanner != NULL)
        fp_cabinet_scan(r->inner.scanner, bytes);
    else if (is_packages(r, m) && s->packages != NULL)
        fp_xml_feed(s->packages, bytes);
    else if (m->level == r->level + 1 && s->fragment != NULL)
        fp_fragment_feed(s->fragment, bytes);
}

void fp_catalog_second_end(fp_catalog_reader *r, const fp_archive_member *m, bool complete)
{
    fp_catalog_second *s = r->second;
    if (m->level == r->level && r->inner.open) {
        const fp_catalog_state state = fp_catalog_end_inner(r, m, complete);
        fp_catalog_shard *shard = shard_named(r, s->shard);
        if (shard != NULL)
            shard->state = state;
    } else if (is_packages(r, m) && s->packages != NULL && !s->packages_whole) {
        fp_xml_end(s->packages, complete);
        s->packages_whole = complete && fp_xml_trouble_of(s->packages)->what == NULL;
    } else if (m->level == r->level + 1) {
        end_fragment(r, complete);
    }
}

/* What its shard, and those of the updates that it bundles, could have said was read. */
static bool shards_sound(fp_catalog_reader *r, const fp_catalog_update *u)
{
    const fp_catalog *c = &r->catalog;
    const fp_catalog_shard *own = shard_of(c, u->is->revision_id);
    bool sound = own != NULL && own->state == FP_CATALOG_SOUND;
    for (size_t i = 0; i < u->bundles.count; i++) {
        const fp_catalog_shard *shard = shard_of(c, u->bundles.at[i].revision_id);
        sound = sound && shard != NULL && shard->state == FP_CATALOG_SOUND;
    }
    return sound && !u->bundles.cut;
}

void fp_catalog_second_finish(fp_catalog_reader *r, bool fate_good)
{
    fp_catalog_second *s = r->second;
    const fp_catalog *c = &r->catalog;
    fp_fragment_free(s->fragment);
    fp_xml_free(s->packages);
    s->fragment = NULL;
    s->packages = NULL;
    fp_catalog_drop_inner(r);
    if (!fate_good)
        fp_catalog_problem(r, "the second time, for details, it was not read to its end");
    const bool good = fate_good && s->packages_whole && c->index_read && c->packages_read &&
                      c->consistent && s->fragments_bad == 0 && !s->cut;
    for (size_t i = 0; i < c->question_count; i++) {
        for (size_t k = 0; k < c->questions[i].update_count; k++) {
            fp_catalog_update *u = c->questions[i].updates[k];
            u->details->read = good && shards_sound(r, u);
        }
    }
}
