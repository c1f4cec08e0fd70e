/* SPDX-License-Identifier: MIT */
/*
 * site-server: is a site server installed; is it of one of these families and releases, is its
 * version in this range, or on the right side of its branch's thresholds?
 *
 *     {"kind": "site-server", "family": ["..."], "release": ["..."],
 *      "version": {"at_least": "4.00.5931", "below": "4.00.6221"}, "thresholds": [...]}
 *
 * Outside `version` the answer is FALSE; in a branch without a threshold it is UNKNOWN. Only the
 * site's own version is compared, never a client's or a console's.
 */
#include "verify/decide/thresholds.h"

typedef struct version_range { /* count == 0: no such bound */
    fp_version at_least, below;
} version_range;
static const fp_field range_fields[] = {
    {"at_least", FP_FIELD_VERSION, false, offsetof(version_range, at_least), NULL},
    {"below", FP_FIELD_VERSION, false, offsetof(version_range, below), NULL},
};

typedef struct site_server {
    fp_texts family, release;
    const fp_json *version, *threshold_list; /* while reading only */
    bool ranged;
    version_range range;
    fp_thresholds thresholds;
} site_server;
static const fp_field site_server_fields[] = {
    {"family", FP_FIELD_TEXTS, false, offsetof(site_server, family), NULL},
    {"release", FP_FIELD_TEXTS, false, offsetof(site_server, release), NULL},
    {"version", FP_FIELD_OBJECT, false, offsetof(site_server, version), NULL},
    {"thresholds", FP_FIELD_ARRAY, false, offsetof(site_server, threshold_list), NULL},
};

static void read_range(fp_form *form, const fp_place *at, site_server *s)
{
    const fp_place here = fp_place_key(at, FP_STR("version"));
    if (!fp_form_read(form, &here, s->version, FP_FIELDS(range_fields), &s->range))
        return;
    const bool low = s->range.at_least.count > 0;
    const bool high = s->range.below.count > 0;
    if (!low && !high)
        fp_form_tell(form, FP_LINT_RANGE, &here, "needs \"at_least\", \"below\" or both");
    if (low && high && fp_version_compare(&s->range.at_least, &s->range.below) >= 0)
        fp_form_tell(form, FP_LINT_RANGE, &here, "no version is in this range");
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
    const fp_place thresholds = fp_place_key(at, FP_STR("thresholds"));
    if (s->threshold_list != NULL)
        fp_thresholds_read(form, &thresholds, s->threshold_list, &s->thresholds);
    s->version = s->threshold_list = NULL;
    if (s->family.at != NULL && s->family.count == 0)
        fp_form_error(form, at, "\"family\" must name at least one");
    if (s->release.at != NULL && (s->release.count == 0 || s->family.count == 0))
        fp_form_error(form, at, "\"release\" must name at least one, of a \"family\"");
    *arguments = s;
    return FP_OK;
}

static bool is_among(const fp_texts *names, fp_str name)
{
    for (size_t i = 0; i < names->count; i++)
        if (fp_str_eq(names->at[i], name))
            return true;
    return false;
}

/* A name that the product tables do not hold is misspelt, or newer than they are: that it does not
 * match then says nothing. */
static bool is_named(const fp_releases *releases, const site_server *s, fp_str release)
{
    bool named = releases == NULL; /* no table, no doubt: nothing matches then */
    for (size_t i = 0; i < s->family.count; i++)
        named = named || fp_releases_release_named(releases, s->family.at[i], release) != NULL;
    return named;
}

static fp_tri no_match(const fp_test_context *context, const fp_texts *names, bool all_named)
{
    if (all_named)
        return FP_FALSE;
    fp_test_finding(context, (fp_origin){0, FP_STR("")},
                    "the advisory asks for a family or release that the product tables do not "
                    "hold (the first of them: %.*s)",
                    FP_STR_ARG(names->at[0]));
    return FP_UNKNOWN;
}

static fp_tri family_matches(const fp_test_context *context, const site_server *s,
                             const fp_product *product)
{
    if (s->family.count == 0)
        return FP_TRUE;
    if (product->family == NULL)
        return FP_UNKNOWN;
    if (is_among(&s->family, product->family->family))
        return FP_TRUE;
    const fp_releases *releases = context->casefile->releases;
    bool all_named = true;
    for (size_t i = 0; releases != NULL && i < s->family.count; i++)
        all_named = all_named && fp_releases_family_named(releases, s->family.at[i]) != NULL;
    return no_match(context, &s->family, all_named);
}

/* A build that no row of the table holds may be of any release. */
static fp_tri release_matches(const fp_test_context *context, const site_server *s,
                              const fp_product *product)
{
    if (s->release.count == 0)
        return FP_TRUE;
    if (product->release == NULL)
        return FP_UNKNOWN;
    if (is_among(&s->release, product->release->release))
        return FP_TRUE;
    bool all_named = true;
    for (size_t i = 0; i < s->release.count; i++)
        all_named = all_named && is_named(context->casefile->releases, s, s->release.at[i]);
    return no_match(context, &s->release, all_named);
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

static fp_tri thresholds_hold(const fp_test_context *context, const site_server *s,
                              const fp_product *product, fp_test_result *out)
{
    if (s->thresholds.count == 0)
        return FP_TRUE;
    if (!product->has_version)
        return FP_UNKNOWN;
    const fp_origin origin = product->observations.count > 0 ? product->observations.at[0].origin
                                                             : (fp_origin){0, FP_STR("")};
    return fp_thresholds_ask(&s->thresholds, &product->version, context, origin, out);
}

static fp_status evaluate(const fp_test_context *context, const void *arguments,
                          fp_test_result *out)
{
    const site_server *s = arguments;
    const fp_product *product = &context->casefile->product;
    fp_test_observe_all(context, &product->observations, out);
    fp_test_observe_all(context, &product->problems, out);

    fp_tri asked =
        fp_tri_and(family_matches(context, s, product), release_matches(context, s, product));
    asked = fp_tri_and(asked, version_matches(s, product));
    if (asked != FP_FALSE && product->installed != FP_FALSE)
        asked = fp_tri_and(asked, thresholds_hold(context, s, product, out));
    out->is = fp_tri_and(product->installed, asked);
    if (out->is != FP_UNKNOWN)
        return FP_OK;
    /* An installed product of a known version that no release table holds: more evidence of the
     * same kind would not help, newer tables would. */
    const bool no_table = product->installed == FP_TRUE && product->has_version;
    fp_test_doubt(out, no_table ? FP_WHY_INCOMPLETE : product->why);
    return FP_OK;
}

/* ---- claiming ---- */

static const fp_look version_look = {FP_LOOK_EITHER_VIEW, FP_STR_INIT(FP_PRODUCT_SETUP_KEY),
                                     FP_STR_INIT(FP_PRODUCT_VERSION)};
static const fp_look code_look = {FP_LOOK_EITHER_VIEW, FP_STR_INIT(FP_PRODUCT_IDENTIFICATION_KEY),
                                  FP_STR_INIT(FP_PRODUCT_SITE_CODE)};

static fp_claim *within(fp_claims *c, const fp_version *at_least, const fp_version *below)
{
    return fp_claim_range(c, FP_CLAIM_WITHIN, version_look, at_least, below);
}

static fp_claim *claim_family(fp_claims *c, const site_server *s)
{
    fp_claim *yes = fp_claim_new(c, FP_CLAIM_ANY);
    fp_claim *no = fp_claim_new(c, FP_CLAIM_ANY);
    bool all_named = true;
    for (size_t i = 0; i < s->family.count; i++)
        all_named = all_named && fp_releases_family_named(c->releases, s->family.at[i]) != NULL;
    const fp_family *f;
    for (size_t i = 0; (f = fp_releases_family_at(c->releases, i)) != NULL; i++) {
        const bool asked = is_among(&s->family, f->family);
        if (asked || all_named)
            fp_claim_add(asked ? yes : no, within(c, &f->from, &f->below));
    }
    return fp_claim_answer(c, yes, no);
}

static fp_claim *claim_release(fp_claims *c, const site_server *s)
{
    fp_claim *yes = fp_claim_new(c, FP_CLAIM_ANY);
    fp_claim *no = fp_claim_new(c, FP_CLAIM_ANY);
    bool all_named = true;
    for (size_t i = 0; i < s->release.count; i++)
        all_named = all_named && is_named(c->releases, s, s->release.at[i]);
    const fp_release *r;
    for (size_t i = 0; (r = fp_releases_release_at(c->releases, i)) != NULL; i++) {
        const bool asked = is_among(&s->release, r->release);
        if (asked || all_named)
            fp_claim_add(asked ? yes : no, within(c, &r->from, &r->below));
    }
    return fp_claim_answer(c, yes, no);
}

static fp_claim *claim_asked(fp_claims *c, const site_server *s)
{
    fp_claim *asked = fp_claim_new(c, FP_CLAIM_ALL);
    if (s->family.count > 0)
        fp_claim_add(asked, claim_family(c, s));
    if (s->release.count > 0)
        fp_claim_add(asked, claim_release(c, s));
    if (s->ranged)
        fp_claim_add(asked, fp_claim_answer(c, within(c, &s->range.at_least, &s->range.below),
                                            fp_claim_range(c, FP_CLAIM_OUTSIDE, version_look,
                                                           &s->range.at_least, &s->range.below)));
    if (s->thresholds.count > 0)
        fp_claim_add(asked, fp_thresholds_claim(c, &s->thresholds, version_look));
    return asked;
}

/* Of two views that both have a version others cannot tell whether they agree. A site code without
 * a version leaves it open whether there is a site server. */
static fp_claim *claim(fp_claims *c, const void *arguments)
{
    fp_claim *asked = claim_asked(c, arguments);
    if (!fp_claim_is_true(asked))
        asked = fp_claim_given(c,
                               fp_claim_both(c, fp_claim_look(c, FP_CLAIM_ONE, version_look),
                                             fp_claim_look(c, FP_CLAIM_VERSION, version_look)),
                               asked);
    fp_claim *left =
        fp_claim_both(c, fp_claim_not(c, fp_claim_look(c, FP_CLAIM_EXISTS, version_look)),
                      fp_claim_look(c, FP_CLAIM_EXISTS, code_look));
    fp_claim_add(left, fp_claim_new(c, FP_CLAIM_OPEN));
    return fp_claim_either(
        c, fp_claim_both(c, fp_claim_look(c, FP_CLAIM_EXISTS, version_look), asked), left);
}

const fp_test_kind fp_test_site_server = {
    .name = "site-server",
    .fields = {site_server_fields, sizeof site_server_fields / sizeof *site_server_fields},
    .parse = parse,
    .evaluate = evaluate,
    .claim = claim,
};
