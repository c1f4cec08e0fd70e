/* SPDX-License-Identifier: MIT */
#include "inventory/configmgr/releases.h"

#include <stddef.h>

typedef struct family_table { /* one document */
    fp_family family;
    fp_release *releases; /* ascending, without overlaps */
    size_t release_count;
    fp_feature *features;
    size_t feature_count;
} family_table;

struct fp_releases {
    fp_arena *arena;
    family_table *families;
    size_t count;
    size_t capacity;
};

typedef struct reading { /* one document while it is read */
    fp_arena *arena;
    fp_diag *d;
    uint64_t row; /* for `where` */
} reading;

typedef enum member_kind {
    MEMBER_TEXT,
    MEMBER_VERSION,
    MEMBER_CERTAINTY,
    MEMBER_OTHER
} member_kind;

typedef struct member { /* of a JSON object; `offset` in the struct it is read into */
    const char *name;
    member_kind kind;
    bool optional;
    size_t offset;
} member;

static const member FAMILY_MEMBERS[] = {
    {"schema", MEMBER_OTHER, false, 0},
    {"family", MEMBER_TEXT, false, offsetof(fp_family, family)},
    {"title", MEMBER_TEXT, false, offsetof(fp_family, title)},
    {"from", MEMBER_VERSION, false, offsetof(fp_family, from)},
    {"below", MEMBER_VERSION, false, offsetof(fp_family, below)},
    {"source", MEMBER_TEXT, false, offsetof(fp_family, source)},
    {"certainty", MEMBER_CERTAINTY, false, offsetof(fp_family, certainty)},
    {"releases", MEMBER_OTHER, false, 0},
    {"features", MEMBER_OTHER, true, 0},
};

static const member RELEASE_MEMBERS[] = {
    {"release", MEMBER_TEXT, false, offsetof(fp_release, release)},
    {"title", MEMBER_TEXT, false, offsetof(fp_release, title)},
    {"from", MEMBER_VERSION, false, offsetof(fp_release, from)},
    {"below", MEMBER_VERSION, false, offsetof(fp_release, below)},
    {"source", MEMBER_TEXT, false, offsetof(fp_release, source)},
    {"certainty", MEMBER_CERTAINTY, false, offsetof(fp_release, certainty)},
};

static const member FEATURE_MEMBERS[] = {
    {"feature", MEMBER_TEXT, false, offsetof(fp_feature, feature)},
    {"title", MEMBER_TEXT, false, offsetof(fp_feature, title)},
    {"uninstall_name", MEMBER_TEXT, false, offsetof(fp_feature, uninstall_name)},
    {"replaced_by", MEMBER_TEXT, true, offsetof(fp_feature, replaced_by)},
    {"source", MEMBER_TEXT, false, offsetof(fp_feature, source)},
    {"certainty", MEMBER_CERTAINTY, false, offsetof(fp_feature, certainty)},
};
#define MEMBERS(table) (table), sizeof(table) / sizeof(table)[0]

static const char *const CERTAINTIES[] = {"confirmed", "inferred", "unconfirmed"};

static bool is_certainty(fp_str text)
{
    for (size_t i = 0; i < sizeof CERTAINTIES / sizeof CERTAINTIES[0]; i++) {
        if (fp_str_eq(text, fp_str_of(CERTAINTIES[i])))
            return true;
    }
    return false;
}

static fp_status refuse(const reading *r, const char *member_name, const char *why)
{
    return fp_fail(r->d, FP_FORMAT, "products", r->row, "\"%s\" %s", member_name, why);
}

static fp_status read_member(const reading *r, const member *m, const fp_json *node, char *target)
{
    if (m->kind == MEMBER_OTHER)
        return FP_OK;
    const fp_str text = fp_json_string(node);
    if (text.size == 0 || text.size > FP_RELEASES_TEXT_MAX)
        return refuse(r, m->name, "must be a text, neither empty nor too long");
    if (m->kind == MEMBER_VERSION) {
        fp_version *version = (void *)(target + m->offset);
        return fp_version_parse(text, version) ? FP_OK : refuse(r, m->name, "must be a version");
    }
    if (m->kind == MEMBER_CERTAINTY && !is_certainty(text))
        return refuse(r, m->name, "must be confirmed, inferred or unconfirmed");
    fp_str *copy = (void *)(target + m->offset);
    return fp_str_dup(r->arena, text, copy);
}

static bool is_known(fp_str key, const member *members, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (fp_str_eq(key, fp_str_of(members[i].name)))
            return true;
    }
    return false;
}

static fp_status refuse_unknown(const reading *r, const fp_json *object, const member *members,
                                size_t count)
{
    void *cursor = NULL;
    fp_str key;
    while (fp_json_next(object, &cursor, &key) != NULL) {
        if (!is_known(key, members, count))
            return fp_fail(r->d, FP_FORMAT, "products", r->row, "unknown member \"%.*s\"",
                           FP_STR_ARG(key));
    }
    return FP_OK;
}

static fp_status read_object(const reading *r, const fp_json *object, const member *members,
                             size_t count, void *target)
{
    if (!fp_json_is(object, FP_JSON_OBJECT))
        return fp_fail(r->d, FP_FORMAT, "products", r->row, "%s where an object belongs",
                       fp_json_type_name(fp_json_type_of(object)));
    fp_status status = refuse_unknown(r, object, members, count);
    for (size_t i = 0; i < count && status == FP_OK; i++) {
        const fp_json *node = fp_json_get(object, members[i].name);
        if (node != NULL)
            status = read_member(r, &members[i], node, target);
        else if (!members[i].optional)
            status = refuse(r, members[i].name, "is missing");
    }
    return status;
}

static fp_status check_range(const reading *r, const fp_version *from, const fp_version *below)
{
    return fp_version_compare(from, below) < 0 ? FP_OK
                                               : refuse(r, "below", "must be above \"from\"");
}

/* --- rows --- */

static fp_status check_release(const reading *r, const family_table *t, const fp_release *row)
{
    const fp_status status = check_range(r, &row->from, &row->below);
    if (status != FP_OK)
        return status;
    if (fp_version_compare(&row->from, &t->family.from) < 0 ||
        fp_version_compare(&row->below, &t->family.below) > 0)
        return refuse(r, "from", "and \"below\" must lie inside the family's range");
    if (t->release_count > 0 &&
        fp_version_compare(&row->from, &t->releases[t->release_count - 1].below) < 0)
        return refuse(r, "from", "must not lie below the end of the row before");
    for (size_t i = 0; i < t->release_count; i++) {
        if (fp_str_ieq(row->release, t->releases[i].release))
            return refuse(r, "release", "is there twice");
    }
    return FP_OK;
}

static fp_status read_releases(reading *r, const fp_json *rows, family_table *t)
{
    const size_t count = fp_json_size(rows);
    r->row = 0;
    if (!fp_json_is(rows, FP_JSON_ARRAY) || count == 0)
        return refuse(r, "releases", "must be a list of at least one");
    if (count > FP_RELEASES_MAX)
        return fp_fail(r->d, FP_LIMIT, "products", 0, "more than %d releases", FP_RELEASES_MAX);
    t->releases = fp_arena_alloc_array(r->arena, count, sizeof *t->releases);
    if (t->releases == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < count; i++) {
        fp_release row = {.family = t->family.family, .family_title = t->family.title};
        r->row = i + 1;
        fp_status status = read_object(r, fp_json_at(rows, i), MEMBERS(RELEASE_MEMBERS), &row);
        if (status == FP_OK)
            status = check_release(r, t, &row);
        if (status != FP_OK)
            return status;
        t->releases[t->release_count++] = row;
    }
    return FP_OK;
}

static const fp_feature *feature_named(const family_table *t, fp_str name)
{
    for (size_t i = 0; i < t->feature_count; i++) {
        if (fp_str_ieq(t->features[i].feature, name))
            return &t->features[i];
    }
    return NULL;
}

/* A feature can be replaced by another one of the table only, never by itself. */
static fp_status check_replacements(reading *r, const family_table *t)
{
    for (size_t i = 0; i < t->feature_count; i++) {
        const fp_feature *feature = &t->features[i];
        r->row = i + 1;
        if (feature->replaced_by.size == 0)
            continue;
        const fp_feature *by = feature_named(t, feature->replaced_by);
        if (by == NULL || by == feature)
            return refuse(r, "replaced_by", "must name another feature");
    }
    return FP_OK;
}

static fp_status read_features(reading *r, const fp_json *rows, family_table *t)
{
    const size_t count = fp_json_size(rows);
    r->row = 0;
    if (rows == NULL)
        return FP_OK;
    if (!fp_json_is(rows, FP_JSON_ARRAY))
        return refuse(r, "features", "must be a list");
    if (count == 0)
        return FP_OK;
    if (count > FP_FEATURES_MAX)
        return fp_fail(r->d, FP_LIMIT, "products", 0, "more than %d features", FP_FEATURES_MAX);
    t->features = fp_arena_alloc_array(r->arena, count, sizeof *t->features);
    if (t->features == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < count; i++) {
        fp_feature row = {.family = t->family.family};
        r->row = i + 1;
        const fp_status status =
            read_object(r, fp_json_at(rows, i), MEMBERS(FEATURE_MEMBERS), &row);
        if (status != FP_OK)
            return status;
        if (feature_named(t, row.feature) != NULL)
            return refuse(r, "feature", "is there twice");
        t->features[t->feature_count++] = row;
    }
    return check_replacements(r, t);
}

/* --- the table --- */

fp_releases *fp_releases_new(fp_arena *arena)
{
    fp_releases *releases = fp_arena_alloc(arena, sizeof *releases);
    if (releases != NULL)
        releases->arena = arena;
    return releases;
}

static fp_status check_family(const reading *r, const fp_releases *releases,
                              const fp_family *family)
{
    const fp_status status = check_range(r, &family->from, &family->below);
    if (status != FP_OK)
        return status;
    for (size_t i = 0; i < releases->count; i++) {
        const fp_family *other = &releases->families[i].family;
        if (fp_str_ieq(family->family, other->family))
            return refuse(r, "family", "is there twice");
        if (fp_version_compare(&family->from, &other->below) < 0 &&
            fp_version_compare(&other->from, &family->below) < 0)
            return fp_fail(r->d, FP_FORMAT, "products", 0, "its versions overlap those of %.*s",
                           FP_STR_ARG(other->family));
    }
    return FP_OK;
}

static fp_status read_family(const fp_releases *releases, const fp_json *root, family_table *t,
                             fp_diag *d)
{
    reading r = {.arena = releases->arena, .d = d};
    if (!fp_str_eq(fp_json_string(fp_json_get(root, "schema")), FP_STR("fixproof/products/v1")))
        return refuse(&r, "schema", "must be fixproof/products/v1");
    fp_status status = read_object(&r, root, MEMBERS(FAMILY_MEMBERS), &t->family);
    if (status == FP_OK)
        status = check_family(&r, releases, &t->family);
    if (status == FP_OK)
        status = read_releases(&r, fp_json_get(root, "releases"), t);
    if (status == FP_OK)
        status = read_features(&r, fp_json_get(root, "features"), t);
    return status;
}

static fp_status keep(fp_releases *releases, const family_table *t, fp_diag *d)
{
    if (releases->count == FP_FAMILIES_MAX)
        return fp_fail(d, FP_LIMIT, "products", 0, "more than %d families", FP_FAMILIES_MAX);
    family_table *grown = fp_arena_grow(releases->arena, releases->families, releases->count,
                                        &releases->capacity, sizeof *grown);
    if (grown == NULL)
        return FP_NOMEM;
    releases->families = grown;
    releases->families[releases->count++] = *t;
    return FP_OK;
}

fp_status fp_releases_add(fp_releases *releases, fp_span json, fp_diag *d)
{
    fp_json *root;
    fp_status status = fp_json_parse(json, &root, d);
    if (status != FP_OK)
        return status;
    family_table t = {.release_count = 0};
    status = read_family(releases, root, &t, d);
    fp_json_free(root);
    if (status == FP_OK)
        status = keep(releases, &t, d);
    if (status == FP_NOMEM)
        return fp_fail(d, FP_NOMEM, "products", 0, "no memory for the table of releases");
    return status;
}

static bool holds(const fp_version *from, const fp_version *below, const fp_version *version)
{
    return version->count > 0 && fp_version_compare(from, version) <= 0 &&
           fp_version_compare(version, below) < 0;
}

static const family_table *family_of(const fp_releases *releases, const fp_version *version)
{
    for (size_t i = 0; releases != NULL && i < releases->count; i++) {
        const family_table *t = &releases->families[i];
        if (holds(&t->family.from, &t->family.below, version))
            return t;
    }
    return NULL;
}

const fp_family *fp_releases_family(const fp_releases *releases, const fp_version *version)
{
    const family_table *t = family_of(releases, version);
    return t == NULL ? NULL : &t->family;
}

const fp_release *fp_releases_find(const fp_releases *releases, const fp_version *version)
{
    const family_table *t = family_of(releases, version);
    for (size_t i = 0; t != NULL && i < t->release_count; i++) {
        if (holds(&t->releases[i].from, &t->releases[i].below, version))
            return &t->releases[i];
    }
    return NULL;
}

static const family_table *table_named(const fp_releases *releases, fp_str family)
{
    for (size_t i = 0; releases != NULL && i < releases->count; i++)
        if (fp_str_eq(releases->families[i].family.family, family))
            return &releases->families[i];
    return NULL;
}

const fp_family *fp_releases_family_named(const fp_releases *releases, fp_str family)
{
    const family_table *t = table_named(releases, family);
    return t == NULL ? NULL : &t->family;
}

const fp_release *fp_releases_release_named(const fp_releases *releases, fp_str family,
                                            fp_str release)
{
    const family_table *t = table_named(releases, family);
    for (size_t i = 0; t != NULL && i < t->release_count; i++)
        if (fp_str_eq(t->releases[i].release, release))
            return &t->releases[i];
    return NULL;
}

const fp_family *fp_releases_family_at(const fp_releases *releases, size_t index)
{
    return releases != NULL && index < releases->count ? &releases->families[index].family : NULL;
}

const fp_release *fp_releases_release_at(const fp_releases *releases, size_t index)
{
    for (size_t i = 0; releases != NULL && i < releases->count; i++) {
        const family_table *t = &releases->families[i];
        if (index < t->release_count)
            return &t->releases[index];
        index -= t->release_count;
    }
    return NULL;
}

const fp_feature *fp_releases_feature(const fp_releases *releases, size_t index)
{
    for (size_t i = 0; releases != NULL && i < releases->count; i++) {
        const family_table *t = &releases->families[i];
        if (index < t->feature_count)
            return &t->features[index];
        index -= t->feature_count;
    }
    return NULL;
}
