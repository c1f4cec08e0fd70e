/* SPDX-License-Identifier: MIT */
/* package.xml, namespace http://schemas.microsoft.com/msus/2004/02/OfflineSync. */
#include "inventory/catalog/catalog_parts.h"

#include <string.h>

enum {
    NODE_PACKAGE = 1,
    NODE_UPDATES,
    NODE_UPDATE,
    NODE_SUPERSEDED_BY,
    NODE_BUNDLED_BY,
    NODE_PREREQUISITES,
    NODE_OR,
    NODE_CATEGORIES,
    NODE_LEAF
};

static const char *take_package(void *context, const char *const *attributes)
{
    fp_catalog_reader *r = context;
    fp_catalog *c = &r->catalog;
    const char *id = fp_xml_attribute(attributes, "PackageId");
    const char *date = fp_xml_attribute(attributes, "CreationDate");
    const char *version = fp_xml_attribute(attributes, "PackageVersion");
    if (id == NULL || date == NULL)
        fp_catalog_problem(r, "package.xml: the header has no PackageId or no CreationDate");
    if (!fp_catalog_keep(r, fp_str_of(id), &c->package_id) ||
        !fp_catalog_keep(r, fp_str_of(date), &c->creation_date) ||
        !fp_catalog_keep(r, fp_str_of(version), &c->package_version))
        return fp_catalog_no_memory(r);
    if (date != NULL && !fp_time_parse(c->creation_date, &c->created)) {
        c->created = FP_TIME_NONE;
        fp_catalog_problem(r, "package.xml: CreationDate is not a date");
    }
    return NULL;
}

static const char *take_updates(void *context, const char *const *attributes)
{
    (void)attributes;
    ((fp_catalog_reader *)context)->updates_seen = true;
    return NULL;
}

/* ---- one update ----------------------------------------------------------------------- */

/* Index of the value, counted; FP_ACTION_LOST: there are too many values. False: no memory. */
static bool count_action(fp_catalog_reader *r, fp_str value, uint8_t *out)
{
    fp_catalog *c = &r->catalog;
    for (size_t i = 0; i < c->action_count; i++) {
        if (!fp_str_eq(c->actions[i].value, value))
            continue;
        c->actions[i].count++;
        *out = (uint8_t)i;
        return true;
    }
    *out = FP_ACTION_LOST;
    if (c->action_count == FP_CATALOG_ACTIONS_MAX) {
        r->actions_lost++;
        return true;
    }
    fp_catalog_action *actions =
        fp_arena_grow(r->arena, c->actions, c->action_count, &r->action_capacity, sizeof *actions);
    if (actions == NULL || !fp_catalog_keep(r, value, &actions[c->action_count].value))
        return false;
    c->actions = actions;
    actions[c->action_count].count = 1;
    *out = (uint8_t)c->action_count++;
    return true;
}

static bool is_true(const char *value)
{
    return value != NULL && (strcmp(value, "true") == 0 || strcmp(value, "1") == 0);
}

/* What cannot be read is counted, and told once for all: it may be the one that is asked for. */
static void read_identity(fp_catalog_reader *r, const char *const *attributes, fp_update *row)
{
    const char *id = fp_xml_attribute(attributes, "UpdateId");
    r->revision_known = fp_xml_u32(fp_xml_attribute(attributes, "RevisionId"), &row->revision_id);
    r->revision_id = row->revision_id;
    row->has_update_id = id != NULL && fp_guid_parse(fp_str_of(id), row->update_id);
    row->has_revision_number =
        fp_xml_u32(fp_xml_attribute(attributes, "RevisionNumber"), &row->revision_number);
    r->revisions_unreadable += r->revision_known ? 0 : 1;
    r->ids_unreadable += row->has_update_id ? 0 : 1;
    r->numbers_unreadable += row->has_revision_number ? 0 : 1;
}

/* To the letter: another case is another value. */
static bool is_expected(const fp_catalog_request *request, fp_str action)
{
    for (size_t i = 0; i < request->expected_count; i++) {
        if (fp_str_eq(request->expected_actions[i], action))
            return true;
    }
    return request->expected_count == 0;
}

static void notice_action(fp_catalog_reader *r, fp_str action, const fp_update *row)
{
    if (is_expected(r->request, action))
        return;
    if (r->catalog.odd_count < FP_CATALOG_ODD_MAX)
        r->odd[r->catalog.odd_count] = row;
    r->catalog.odd_count++;
}

/* Of each value, expected here or not: others may expect something else. */
static void keep_first(fp_catalog_reader *r, const fp_update *row)
{
    if (row->action >= r->catalog.action_count)
        return; /* none, or one that was not kept */
    fp_catalog_action *action = &r->catalog.actions[row->action];
    if (action->first_count < FP_CATALOG_FIRST_MAX)
        action->first[action->first_count++] = row;
}

static const char *take_update(void *context, const char *const *attributes)
{
    fp_catalog_reader *r = context;
    const char *action = fp_xml_attribute(attributes, "DeploymentAction");
    fp_update row = {.action = FP_ACTION_NONE};
    r->catalog.updates++;
    if (action == NULL)
        r->catalog.without_action++;
    else if (!count_action(r, fp_str_of(action), &row.action))
        return fp_catalog_no_memory(r);
    read_identity(r, attributes, &row);
    row.is_bundle = is_true(fp_xml_attribute(attributes, "IsBundle"));
    row.is_leaf = is_true(fp_xml_attribute(attributes, "IsLeaf"));
    if (!r->revision_known)
        return NULL; /* it answers nothing, and is not absent: see revisions_unreadable */

    const fp_status status = fp_updates_add(r->updates, &row);
    const fp_update *kept = status == FP_OK      ? fp_updates_last(r->updates)
                            : status == FP_LIMIT ? fp_arena_copy(r->arena, &row, sizeof row)
                                                 : NULL;
    if (kept == NULL)
        return fp_catalog_no_memory(r);
    if (action != NULL)
        notice_action(r, fp_str_of(action), kept);
    keep_first(r, kept);
    fp_catalog_take_answer(r, kept);
    return r->status == FP_OK ? NULL : fp_catalog_no_memory(r);
}

/* ---- what lies in it ------------------------------------------------------------------ */

static const char *relate(fp_catalog_reader *r, fp_relation relation, const char *const *attributes)
{
    uint32_t to;
    if (!fp_xml_u32(fp_xml_attribute(attributes, "Id"), &to)) {
        r->references_unreadable++;
        return NULL;
    }
    if (!r->request->relations || !r->revision_known)
        return NULL;
    const fp_status status = fp_updates_relate(r->updates, relation, r->revision_id, to);
    return status == FP_NOMEM ? fp_catalog_no_memory(r) : NULL;
}

static const char *take_superseding(void *context, const char *const *attributes)
{
    return relate(context, FP_SUPERSEDED_BY, attributes);
}

static const char *take_bundle(void *context, const char *const *attributes)
{
    return relate(context, FP_BUNDLED_BY, attributes);
}

static const char *take_prerequisite(void *context, const char *const *attributes)
{
    (void)attributes;
    const fp_catalog_reader *r = context;
    fp_update *row = r->revision_known ? fp_updates_last(r->updates) : NULL;
    if (row != NULL && row->prerequisites < UINT16_MAX)
        row->prerequisites++;
    return NULL;
}

static const char *take_category(void *context, const char *const *attributes)
{
    (void)attributes;
    const fp_catalog_reader *r = context;
    fp_update *row = r->revision_known ? fp_updates_last(r->updates) : NULL;
    if (row != NULL && row->categories < UINT8_MAX)
        row->categories++;
    return NULL;
}

static const fp_xml_rule rules[] = {
    {FP_XML_ROOT, NODE_PACKAGE, "OfflineSyncPackage", take_package, NULL},
    {NODE_PACKAGE, NODE_UPDATES, "Updates", take_updates, NULL},
    {NODE_UPDATES, NODE_UPDATE, "Update", take_update, NULL},
    {NODE_UPDATE, NODE_SUPERSEDED_BY, "SupersededBy", NULL, NULL},
    {NODE_SUPERSEDED_BY, NODE_LEAF, "Revision", take_superseding, NULL},
    {NODE_UPDATE, NODE_BUNDLED_BY, "BundledBy", NULL, NULL},
    {NODE_BUNDLED_BY, NODE_LEAF, "Revision", take_bundle, NULL},
    {NODE_UPDATE, NODE_PREREQUISITES, "Prerequisites", NULL, NULL},
    {NODE_PREREQUISITES, NODE_LEAF, "UpdateId", take_prerequisite, NULL},
    {NODE_PREREQUISITES, NODE_OR, "Or", NULL, NULL},
    {NODE_OR, NODE_LEAF, "UpdateId", take_prerequisite, NULL},
    {NODE_UPDATE, NODE_CATEGORIES, "Categories", NULL, NULL},
    {NODE_CATEGORIES, NODE_LEAF, "Category", take_category, NULL},
};

const fp_xml_form fp_catalog_packages_form = {rules, sizeof rules / sizeof *rules,
                                              FP_CATALOG_NAMESPACE, .plain = true};

/* ---- what could not be read ----------------------------------------------------------- */

static void tell_count(fp_catalog_reader *r, uint64_t count, const char *what)
{
    if (count > 0)
        fp_catalog_problem(r, "package.xml: %s: %llu", what, (unsigned long long)count);
}

static void tell_of_duplicates(fp_catalog_reader *r)
{
    fp_catalog *c = &r->catalog;
    if (fp_updates_duplicates(r->updates, c->duplicates, FP_CATALOG_DUPLICATES_MAX,
                              &c->duplicate_count) != FP_OK)
        r->status = FP_NOMEM;
    else if (c->duplicate_count > 0)
        fp_catalog_problem(
            r, "package.xml: RevisionIds that more than one update carries: %zu, the first is %u",
            c->duplicate_count, (unsigned)c->duplicates[0]);
}

void fp_catalog_tell_of_packages(fp_catalog_reader *r)
{
    tell_count(r, r->revisions_unreadable, "updates without a readable RevisionId");
    tell_count(r, r->ids_unreadable, "updates without a readable UpdateId");
    tell_count(r, r->numbers_unreadable, "updates without a readable RevisionNumber");
    tell_count(r, r->references_unreadable, "references to a revision that is no number");
    tell_count(r, fp_updates_lost(r->updates), "updates above the limit, not compared");
    tell_count(r, fp_references_lost(r->updates), "references above the limit, not followed");
    if (r->actions_lost > 0)
        fp_catalog_problem(
            r, "package.xml: more than %d DeploymentAction values: those of %llu updates not kept",
            FP_CATALOG_ACTIONS_MAX, (unsigned long long)r->actions_lost);
    tell_of_duplicates(r);
}
