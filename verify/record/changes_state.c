/* SPDX-License-Identifier: MIT */
/* What changed of what the server has. */
#include "verify/record/changes_parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- the installation ---- */

/* Is the version in `after` lower? Only numbers can tell. */
static bool went_back(fp_str before, fp_str after)
{
    fp_version a;
    fp_version b;
    return fp_version_parse(before, &a) && fp_version_parse(after, &b) &&
           fp_version_compare(&b, &a) < 0;
}

static fp_delta change_of(fp_str before, fp_str after)
{
    if (before.size == 0 || after.size == 0)
        return FP_DELTA_UNKNOWN;
    return fp_str_eq(before, after) ? FP_DELTA_SAME : FP_DELTA_CHANGED;
}

static void compare_fact(fp_comparison *c, const char *name, fp_str before, fp_str after)
{
    fp_fact_change *fact = &c->out->facts[c->out->fact_count++];
    *fact = (fp_fact_change){name, before, after, change_of(before, after), false};
}

/* A site server that is no longer installed has no release left to compare. */
static bool is_removed(const fp_changes *changes)
{
    return changes->before->state.site_server == FP_TRUE &&
           changes->after->state.site_server == FP_FALSE;
}

void fp_compare_facts(fp_comparison *c)
{
    const fp_record_subject *before = &c->out->before->subject;
    const fp_record_subject *after = &c->out->after->subject;
    compare_fact(c, "product", before->product, after->product);
    compare_fact(c, "release", before->release, after->release);
    compare_fact(c, "version", before->version, after->version);
    compare_fact(c, "role", before->role, after->role);
    fp_fact_change *product = &c->out->facts[0];
    fp_fact_change *version = &c->out->facts[2];
    if (is_removed(c->out)) {
        product->change = FP_DELTA_GONE;
        product->worse = true;
        fp_comparison_worse(c, "fact", fp_str_of(product->name),
                            "A site server was installed and is no longer.");
    }
    version->worse = went_back(version->before, version->after);
    if (version->worse)
        fp_comparison_worse(c, "fact", fp_str_of(version->name),
                            "The version went back from %.*s to %.*s.", FP_STR_ARG(version->before),
                            FP_STR_ARG(version->after));
}

/* ---- hotfixes ---- */

typedef enum standing { NOT_KNOWN = 0, NOT_THERE, THERE, CONTRADICTORY } standing;

static standing standing_of(const fp_record *record, const fp_record_marker *marker)
{
    static const standing of_states[FP_HOTFIX_STATES] = {
        [FP_HOTFIX_ABSENT] = NOT_THERE, [FP_HOTFIX_REMOVED] = NOT_THERE,
        [FP_HOTFIX_INSTALLED] = THERE,  [FP_HOTFIX_PENDING] = THERE,
        [FP_HOTFIX_SUPERSEDED] = THERE, [FP_HOTFIX_CONFLICTING] = CONTRADICTORY};
    static const standing of_keys[] = {
        [FP_UNKNOWN] = NOT_KNOWN, [FP_FALSE] = NOT_THERE, [FP_TRUE] = THERE};
    if (marker == NULL) /* what left no trace is not listed */
        return record->has_state && record->state.markers_complete ? NOT_THERE : NOT_KNOWN;
    return marker->state == FP_HOTFIX_UNKNOWN ? of_keys[marker->present] : of_states[marker->state];
}

fp_tri fp_record_marker_there(const fp_record *record, const fp_record_marker *marker)
{
    static const fp_tri there[] = {[NOT_KNOWN] = FP_UNKNOWN,
                                   [NOT_THERE] = FP_FALSE,
                                   [THERE] = FP_TRUE,
                                   [CONTRADICTORY] = FP_UNKNOWN};
    return there[standing_of(record, marker)];
}

static bool was_written_again(const fp_record_marker *before, const fp_record_marker *after)
{
    return before->written != FP_TIME_NONE && after->written != FP_TIME_NONE &&
           before->written != after->written;
}

static fp_delta change_of_marker(const fp_marker_change *m, standing was, standing is)
{
    if (was == NOT_KNOWN || is == NOT_KNOWN)
        return FP_DELTA_UNKNOWN;
    if (was != is && (was == CONTRADICTORY || is == CONTRADICTORY))
        return FP_DELTA_CHANGED;
    if (was != is)
        return is == THERE ? FP_DELTA_NEW : FP_DELTA_GONE;
    if (was != THERE)
        return FP_DELTA_SAME;
    const bool alike = m->before->state == m->after->state ||
                       m->before->state == FP_HOTFIX_UNKNOWN ||
                       m->after->state == FP_HOTFIX_UNKNOWN;
    return alike && !was_written_again(m->before, m->after) ? FP_DELTA_SAME : FP_DELTA_CHANGED;
}

static void add_marker(fp_comparison *c, const fp_record_marker *before,
                       const fp_record_marker *after)
{
    const standing was = standing_of(c->out->before, before);
    const standing is = standing_of(c->out->after, after);
    const fp_str kb = after != NULL ? after->kb : before->kb;
    fp_marker_change m = {.before = before, .after = after};
    if (was != THERE && was != CONTRADICTORY && is != THERE && is != CONTRADICTORY)
        return;
    m.change = change_of_marker(&m, was, is);
    m.worse = was == THERE && (is == NOT_THERE || is == CONTRADICTORY);
    if (m.worse)
        fp_comparison_worse(c, "hotfix", kb, "%.*s was there, and %s.", FP_STR_ARG(kb),
                            is == NOT_THERE ? "is gone" : "its traces contradict each other now");
    c->out->markers[c->out->marker_count++] = m;
}

/* Both lists are in the order of the numbers. */
void fp_compare_markers(fp_comparison *c)
{
    const fp_record_state *a = &c->out->before->state;
    const fp_record_state *b = &c->out->after->state;
    size_t i = 0;
    size_t k = 0;
    c->out->markers =
        fp_comparison_room(c, a->marker_count + b->marker_count, sizeof *c->out->markers);
    while (c->out->markers != NULL && (i < a->marker_count || k < b->marker_count)) {
        const uint64_t left =
            i < a->marker_count ? fp_record_kb_number(a->markers[i].kb) : UINT64_MAX;
        const uint64_t right =
            k < b->marker_count ? fp_record_kb_number(b->markers[k].kb) : UINT64_MAX;
        add_marker(c, left <= right ? &a->markers[i] : NULL, right <= left ? &b->markers[k] : NULL);
        i += left <= right;
        k += right <= left;
    }
}

/* ---- files ---- */

typedef struct file_entry { /* a file with what decides about it */
    const fp_record_file *file;
    const fp_record_item *item;
    bool matched;
} file_entry;

static int by_name(const void *a, const void *b)
{
    const file_entry *left = a;
    const file_entry *right = b;
    const int order = fp_str_casecmp(left->file->name, right->file->name);
    if (order != 0)
        return order;
    const int hash = memcmp(left->item->sha256, right->item->sha256, FP_SHA256_SIZE);
    return hash != 0
               ? hash
               : (left->file->item > right->file->item) - (left->file->item < right->file->item);
}

static file_entry *sorted_files(fp_comparison *c, const fp_record *record)
{
    const size_t count = record->state.file_count;
    file_entry *list = fp_comparison_room(c, count, sizeof *list);
    if (list == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        list[i] = (file_entry){&record->state.files[i],
                               fp_record_find_item(record, record->state.files[i].item), false};
    if (count > 0)
        qsort(list, count, sizeof *list, by_name);
    return list;
}

static fp_delta change_of_file(const file_entry *before, const file_entry *after)
{
    if (before->item->hashed && after->item->hashed)
        return memcmp(before->item->sha256, after->item->sha256, FP_SHA256_SIZE) == 0
                   ? FP_DELTA_SAME
                   : FP_DELTA_CHANGED;
    return change_of(before->file->version, after->file->version) == FP_DELTA_CHANGED
               ? FP_DELTA_CHANGED
               : FP_DELTA_UNKNOWN;
}

static void add_file(fp_comparison *c, const file_entry *before, const file_entry *after)
{
    fp_file_change f = {.before = before != NULL ? before->file : NULL,
                        .after = after != NULL ? after->file : NULL};
    if (before != NULL && after != NULL) {
        f.change = change_of_file(before, after);
        f.worse = went_back(before->file->version, after->file->version);
    }
    if (f.worse)
        fp_comparison_worse(c, "file", after->file->name, "%.*s went back from %.*s to %.*s.",
                            FP_STR_ARG(after->file->name), FP_STR_ARG(before->file->version),
                            FP_STR_ARG(after->file->version));
    c->out->files[c->out->file_count++] = f;
}

typedef struct file_group { /* the files of one name in a sorted list */
    file_entry *at;
    size_t count, left; /* left: not matched yet */
} file_group;

/* The group at the front of `rest`, which moves on behind it; none when its name is not `name`. */
static file_group take_group(file_group *rest, fp_str name)
{
    file_group group = {rest->at, 0, 0};
    while (group.count < rest->count && fp_str_casecmp(rest->at[group.count].file->name, name) == 0)
        group.count++;
    group.left = group.count;
    rest->at += group.count;
    rest->count -= group.count;
    return group;
}

/* Both are in the order of the hashes. */
static void match_same(fp_comparison *c, file_group *a, file_group *b)
{
    size_t k = 0;
    for (size_t i = 0; i < a->count; i++) {
        const uint8_t *hash = a->at[i].item->sha256;
        while (k < b->count && memcmp(b->at[k].item->sha256, hash, FP_SHA256_SIZE) < 0)
            k++;
        if (k == b->count || memcmp(b->at[k].item->sha256, hash, FP_SHA256_SIZE) != 0 ||
            !a->at[i].item->hashed || !b->at[k].item->hashed)
            continue;
        add_file(c, &a->at[i], &b->at[k]);
        a->at[i].matched = b->at[k].matched = true;
        a->left--;
        b->left--;
        k++;
    }
}

static const file_entry *unmatched(const file_group *group)
{
    for (size_t i = 0; i < group->count; i++)
        if (!group->at[i].matched)
            return &group->at[i];
    return NULL;
}

/* What is left of one name: a pair, or files of which none can be said to be the other. */
static void match_rest(fp_comparison *c, const file_group *a, const file_group *b)
{
    if (a->left == 1 && b->left == 1) {
        add_file(c, unmatched(a), unmatched(b));
        return;
    }
    for (size_t i = 0; i < a->count; i++)
        if (!a->at[i].matched)
            add_file(c, &a->at[i], NULL);
    for (size_t i = 0; i < b->count; i++)
        if (!b->at[i].matched)
            add_file(c, NULL, &b->at[i]);
}

static file_group all_files(fp_comparison *c, const fp_record *record)
{
    file_entry *list = sorted_files(c, record);
    return (file_group){list, list != NULL ? record->state.file_count : 0, 0};
}

void fp_compare_files(fp_comparison *c)
{
    file_group a = all_files(c, c->out->before);
    file_group b = all_files(c, c->out->after);
    c->out->files = fp_comparison_room(c, a.count + b.count, sizeof *c->out->files);
    while (!c->failed && (a.count > 0 || b.count > 0)) {
        const bool from_a = b.count == 0 || (a.count > 0 && fp_str_casecmp(a.at->file->name,
                                                                           b.at->file->name) <= 0);
        const fp_str name = from_a ? a.at->file->name : b.at->file->name;
        file_group one = take_group(&a, name);
        file_group two = take_group(&b, name);
        match_same(c, &one, &two);
        match_rest(c, &one, &two);
    }
}

/* ---- catalogues ---- */

static const fp_record_catalog *newest(const fp_record *record)
{
    const fp_record_catalog *newest = NULL;
    for (size_t i = 0; i < record->state.catalog_count; i++)
        if (newest == NULL || record->state.catalogs[i].created > newest->created)
            newest = &record->state.catalogs[i];
    return newest;
}

static fp_delta change_of_catalog(const fp_changes *c, const fp_record_catalog *before,
                                  const fp_record_catalog *after)
{
    if (before == NULL || after == NULL)
        return FP_DELTA_UNKNOWN;
    const fp_record_item *a = fp_record_find_item(c->before, before->item);
    const fp_record_item *b = fp_record_find_item(c->after, after->item);
    if (!a->hashed || !b->hashed)
        return change_of(before->package_id, after->package_id) == FP_DELTA_CHANGED
                   ? FP_DELTA_CHANGED
                   : FP_DELTA_UNKNOWN;
    return memcmp(a->sha256, b->sha256, FP_SHA256_SIZE) == 0 ? FP_DELTA_SAME : FP_DELTA_CHANGED;
}

void fp_compare_catalogs(fp_comparison *c)
{
    fp_catalog_change *k = &c->out->catalogs[0];
    k->before = newest(c->out->before);
    k->after = newest(c->out->after);
    if (k->before == NULL && k->after == NULL)
        return;
    c->out->catalog_count = 1;
    k->change = change_of_catalog(c->out, k->before, k->after);
    if (k->before == NULL || k->after == NULL || k->change != FP_DELTA_CHANGED)
        return;
    const bool older = k->after->created != FP_TIME_NONE && k->after->created < k->before->created;
    const bool damaged = k->after->damaged && !k->before->damaged;
    k->worse = older || damaged;
    if (k->worse)
        fp_comparison_worse(c, "catalogue", k->after->package_id,
                            damaged ? "The catalogue is damaged, and was not."
                                    : "The catalogue is an older one than before.");
}

/* ---- episodes ---- */

static bool is_of(const fp_record_episode *e, const fp_record_episode *other)
{
    return fp_str_eq(e->advisory, other->advisory) && fp_str_eq(e->activity, other->activity);
}

/* After when is an episode of this activity news? After the last one that the record before knows,
 * and else after what its logs reach, or the time it was made. */
static fp_time known_until(const fp_record *before, const fp_record_episode *e)
{
    fp_time last = FP_TIME_NONE;
    for (size_t i = 0; i < before->state.episode_count; i++) {
        const fp_record_episode *known = &before->state.episodes[i];
        if (is_of(known, e) && known->begin > last)
            last = known->begin;
    }
    for (size_t i = 0; last == FP_TIME_NONE && i < before->state.log_count; i++)
        if (before->state.logs[i].latest > last)
            last = before->state.logs[i].latest;
    return last != FP_TIME_NONE ? last : before->generated;
}

void fp_compare_episodes(fp_comparison *c)
{
    enum { COMPARED_MAX = 4096 }; /* a run keeps far fewer; a report can claim more */
    const fp_record_state *after = &c->out->after->state;
    const size_t count = after->episode_count < COMPARED_MAX ? after->episode_count : COMPARED_MAX;
    c->out->episodes = fp_comparison_room(c, count, sizeof *c->out->episodes);
    for (size_t i = 0; c->out->episodes != NULL && i < count; i++) {
        const fp_record_episode *e = &after->episodes[i];
        if (e->begin != FP_TIME_NONE && e->begin > known_until(c->out->before, e))
            c->out->episodes[c->out->episode_count++] = e;
    }
}
