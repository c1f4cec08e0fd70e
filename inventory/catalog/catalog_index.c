/* SPDX-License-Identifier: MIT */
#include "inventory/catalog/catalog_parts.h"

#include <string.h>

enum { NODE_INDEX = 1, NODE_CABLIST, NODE_CAB };

static const char *take_cablist(void *context, const char *const *attributes)
{
    (void)context;
    const char *xor_value = fp_xml_attribute(attributes, "XOR");
    const bool known = xor_value == NULL || strcmp(xor_value, "0") == 0; /* all that was seen */
    return known ? NULL : "XOR is not 0: a form that is not known";
}

static const char *take_shard(void *context, const char *const *attributes)
{
    fp_catalog_reader *r = context;
    fp_catalog *c = &r->catalog;
    const char *name = fp_xml_attribute(attributes, "NAME");
    const char *range = fp_xml_attribute(attributes, "RANGESTART");
    fp_catalog_shard shard = {.has_range = range != NULL};
    if (name == NULL)
        return "a CAB element without NAME";
    if (c->shard_count == FP_CATALOG_SHARDS_MAX)
        return "too many CAB elements";
    if (range != NULL && !fp_xml_u32(range, &shard.range_start))
        return "a RANGESTART that is no number";
    fp_catalog_shard *shards =
        fp_arena_grow(r->arena, c->shards, c->shard_count, &r->shard_capacity, sizeof *shards);
    if (shards == NULL)
        return fp_catalog_no_memory(r);
    c->shards = shards;
    if (!fp_catalog_keep(r, fp_str_of(name), &shard.name))
        return fp_catalog_no_memory(r);
    shards[c->shard_count++] = shard;
    return NULL;
}

static const fp_xml_rule rules[] = {
    {FP_XML_ROOT, NODE_INDEX, "INDEX", NULL, NULL},
    {NODE_INDEX, NODE_CABLIST, "CABLIST", take_cablist, NULL},
    {NODE_CABLIST, NODE_CAB, "CAB", take_shard, NULL},
};

/* The real one has no namespace; one that claims the catalogue's would be read too. */
const fp_xml_form fp_catalog_index_form = {rules, sizeof rules / sizeof *rules,
                                           FP_CATALOG_NAMESPACE, .plain = false};

/* NULL: none of that name was seen. */
static const fp_catalog_member *member_of(const fp_catalog_reader *r, fp_str name)
{
    for (size_t i = 0; i < r->member_count; i++) {
        if (fp_str_ieq(r->members[i].name, name))
            return &r->members[i];
    }
    return NULL;
}

/* The greatest that is not above decides where a revision lies: two that are
 * equal, or out of order, leave that open. */
static bool check_ranges(fp_catalog_reader *r)
{
    const fp_catalog *c = &r->catalog;
    const fp_catalog_shard *before = NULL;
    for (size_t i = 0; i < c->shard_count; i++) {
        const fp_catalog_shard *shard = &c->shards[i];
        if (!shard->has_range)
            continue;
        if (before != NULL && shard->range_start <= before->range_start) {
            fp_catalog_problem(r, "index.xml: RANGESTART %u does not follow %u",
                               (unsigned)shard->range_start, (unsigned)before->range_start);
            return false;
        }
        before = shard;
    }
    return true;
}

/* Extractors differ in which of two members of one name they keep. */
static bool check_names(fp_catalog_reader *r)
{
    for (size_t i = 0; i < r->member_count; i++) {
        if (r->members[i].is_shard && member_of(r, r->members[i].name) != &r->members[i]) {
            fp_catalog_problem(r, "the catalogue has more than one %.*s",
                               FP_STR_ARG(r->members[i].name));
            return false;
        }
    }
    return true;
}

static bool is_cabinet(const fp_catalog_member *m)
{
    return m->is_shard || fp_str_ieq(m->name, FP_STR("package.cab"));
}

static bool is_named(const fp_catalog *c, const fp_catalog_member *m)
{
    bool named = false;
    for (size_t i = 0; i < c->shard_count && !named; i++)
        named = fp_str_ieq(c->shards[i].name, m->name);
    return named;
}

/* Nothing that goes by index.xml would look into them. */
static void tell_of_unnamed(fp_catalog_reader *r)
{
    size_t unnamed = 0;
    for (size_t i = 0; i < r->member_count; i++)
        unnamed += is_cabinet(&r->members[i]) && !is_named(&r->catalog, &r->members[i]) ? 1 : 0;
    if (unnamed > 0)
        fp_catalog_problem(r, "cabinets that index.xml does not name: %zu", unnamed);
}

static void count_inner(fp_catalog_reader *r)
{
    fp_catalog *c = &r->catalog;
    for (size_t i = 0; i < r->member_count; i++) {
        const fp_catalog_member *m = &r->members[i];
        if (!is_cabinet(m))
            continue;
        c->inner_sound += m->state == FP_CATALOG_SOUND ? 1 : 0;
        c->inner_damaged += m->state == FP_CATALOG_DAMAGED ? 1 : 0;
        c->inner_closed += m->state == FP_CATALOG_NOT_DECODED ? 1 : 0;
    }
}

void fp_catalog_match_shards(fp_catalog_reader *r, bool all_seen)
{
    fp_catalog *c = &r->catalog;
    size_t missing = 0;
    for (size_t i = 0; i < c->shard_count; i++) {
        const fp_catalog_member *member = member_of(r, c->shards[i].name);
        c->shards[i].present = member != NULL;
        c->shards[i].state = member != NULL ? member->state : FP_CATALOG_NOT_DECODED;
        missing += member != NULL ? 0 : 1;
    }
    if (r->members_lost > 0)
        fp_catalog_problem(r,
                           "the catalogue has more members than are listed: %llu were not compared",
                           (unsigned long long)r->members_lost);
    else if (missing > 0 && all_seen)
        fp_catalog_problem(r, "cabinets that index.xml names and that are missing: %zu of %zu",
                           missing, c->shard_count);
    if (r->index.whole)
        tell_of_unnamed(r);
    const bool ordered = check_ranges(r);
    const bool fits = check_names(r) && ordered && (missing == 0 || !all_seen);
    c->consistent = fits && all_seen && r->members_lost == 0;
    c->contradicts = r->members_lost == 0 && !fits;
    count_inner(r);
}
