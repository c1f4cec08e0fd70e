/* SPDX-License-Identifier: MIT */
/*
 * site-server: is a site server installed; is it of one of these families, is its version in this
 * range?
 *
 *     {"kind": "site-server", "family": ["..."], "version": {"at_least": "4.00.5931", "below":
 * "4.00.6221"}}
 *
 * Only the site's own version is compared, never a client's or a console's.
 */
#include "verify/decide/test.h"

typedef struct version_range { /* count == 0: no such bound */
    fp_version at_least, below;
} version_range;
static const fp_field range_fields[] = {
    {"at_least", FP_FIELD_VERSION, false, offsetof(version_range, at_least), NULL},
    {"below", FP_FIELD_VERSION, false, offsetof(version_range, below), NULL},
};

typedef struct site_server {
    fp_texts family;
    const fp_json *version; /* while reading only */
    bool ranged;
    version_range range;
} site_server;
static const fp_field site_server_fields[] = {
    {"family", FP_FIELD_TEXTS, false, offsetof(site_server, family), NULL},
    {"version", FP_FIELD_OBJECT, false, offsetof(site_server, version), NULL},
};

static void read_range(fp_form *form, const fp_place *at, site_server *s)
{
    const fp_place here = fp_place_key(at, FP_STR("version"));
    if (!fp_form_read(form, &here, s->version, FP_FIELDS(range_fields), &s->range))
        return;
    const bool low = s->range.at_least.count > 0;
    const bool high = s->range.below.count > 0;
    if (!low && !high)
        fp_form_error(form, &here, "needs \"at_least\", \"below\" or both");
    if (low && high && fp_version_compare(&s->range.at_least, &s->range.below) >= 0)
        fp_form_error(form, &here, "no version is in this range");
    s->ranged = true;
}

static fp_status parse(fp_form *form, const fp_place *at, const fp_json *json,
                       const fp_advisory *advisory, const void **arguments)
{
    (void)advisory;
    site_server *s = fp_arena_alloc(form->arena, sizeof *s);
    if (s == NULL)
        return FP_NOMEM;
    fp_form_fill(form, at, json, FP_FIELDS(site_server_fields), s);
    if (s->version != NULL)
        read_range(form, at, s);
    s->version = NULL;
    if (s->family.at != NULL && s->family.count == 0)
        fp_form_error(form, at, "\"family\" must name at least one");
    *arguments = s;
    return FP_OK;
}

static fp_tri family_matches(const site_server *s, const fp_product *product)
{
    if (s->family.count == 0)
        return FP_TRUE;
    if (product->release == NULL)
        return FP_UNKNOWN;
    for (size_t i = 0; i < s->family.count; i++)
        if (fp_str_eq(s->family.at[i], product->release->family))
            return FP_TRUE;
    return FP_FALSE;
}

static fp_tri version_matches(const site_server *s, const fp_product *product)
{
    if (!s->ranged)
        return FP_TRUE;
    if (!product->has_version)
        return FP_UNKNOWN;
    const version_range *range = &s->range;
    if (range->at_least.count > 0 && fp_version_compare(&product->version, &range->at_least) < 0)
        return FP_FALSE;
    return fp_tri_of(range->below.count == 0 ||
                     fp_version_compare(&product->version, &range->below) < 0);
}

static void observe(const fp_test_context *context, fp_observations *to,
                    const fp_observations *from)
{
    for (size_t i = 0; i < from->count; i++)
        fp_observe(to, context->arena, from->at[i].origin, "%.*s", FP_STR_ARG(from->at[i].value));
}

static fp_status evaluate(const fp_test_context *context, const void *arguments,
                          fp_test_result *out)
{
    const site_server *s = arguments;
    const fp_product *product = &context->casefile->product;
    observe(context, &out->observations, &product->observations);
    observe(context, &out->observations, &product->problems);

    const fp_tri asked = fp_tri_and(family_matches(s, product), version_matches(s, product));
    out->is = fp_tri_and(product->installed, asked);
    if (out->is != FP_UNKNOWN)
        return FP_OK;
    /* An installed product of a known version that no release table holds: more evidence of the
     * same kind would not help, newer tables would. */
    const bool no_table = product->installed == FP_TRUE && product->has_version;
    fp_test_unknown(out, no_table ? FP_WHY_INCOMPLETE : product->why);
    return FP_OK;
}

const fp_test_kind fp_test_site_server = {
    "site-server",
    {site_server_fields, sizeof site_server_fields / sizeof *site_server_fields},
    parse,
    evaluate,
};
