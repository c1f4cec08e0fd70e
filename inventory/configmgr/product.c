/* SPDX-License-Identifier: MIT */
#include "inventory/configmgr/product.h"

#include "inventory/registry/query.h"

#define SMS            "Microsoft\\SMS"
#define SETUP          FP_PRODUCT_SETUP_KEY
#define IDENTIFICATION FP_PRODUCT_IDENTIFICATION_KEY

typedef struct reading {
    fp_registry *reg;
    const fp_releases *releases;
    fp_arena *arena;
    fp_product *p;
} reading;

typedef struct site_view { /* what one view says of a site server */
    fp_tri installed;
    fp_text_value version_value; /* SMS\Setup, Full Version */
    bool has_version;
    fp_version version;
} site_view;

static fp_status text_in(const reading *r, fp_view view, const char *key, const char *name,
                         fp_text_value *out)
{
    fp_key_path path;
    fp_key_path_in(&path, view, key);
    return fp_query_text(r->reg, fp_key_path_str(&path), name, r->arena, out);
}

static const char *view_name(fp_view view)
{
    return view == FP_VIEW_WOW64 ? "32-bit view" : "native view";
}

static void problem(reading *r, fp_origin origin, const char *what, fp_str text)
{
    fp_observe(&r->p->problems, r->arena, origin, "%s: \"%.*s\"", what, FP_STR_ARG(text));
}

/* --- is there a site server, and which version? --- */

/* The answer about one view goes into `doubt`; an export of the whole SMS key would settle it. */
static void note_view(const reading *r, fp_doubt *doubt, fp_view view, const fp_reg_answer *answer)
{
    fp_key_path path;
    fp_key_path_in(&path, view, SMS);
    fp_doubt_note(doubt, r->arena, answer, fp_key_path_str(&path));
}

/*
 * Without a Full Version there is no site server, unless SMS\Identification names a site: then
 * something was removed or hidden, and nothing can be said.
 */
static fp_status read_absence(reading *r, fp_view view, site_view *site, fp_doubt *doubt)
{
    fp_text_value code;
    const fp_status status = text_in(r, view, IDENTIFICATION, FP_PRODUCT_SITE_CODE, &code);
    if (status != FP_OK)
        return status;
    fp_reg_answer answer = code.answer;
    if (answer.exists == FP_TRUE) {
        problem(r, answer.origin, "a site code, but SMS\\Setup has no Full Version", code.text);
        answer = (fp_reg_answer){.exists = FP_UNKNOWN, .why = FP_WHY_CONFLICTING};
    }
    if (answer.exists == FP_FALSE)
        fp_observe(&r->p->observations, r->arena, site->version_value.answer.origin,
                   "no site server in the %s: SMS\\Setup has no Full Version", view_name(view));
    site->installed = answer.exists;
    note_view(r, doubt, view, &answer);
    return FP_OK;
}

static void read_version(reading *r, site_view *site)
{
    const fp_text_value *value = &site->version_value;
    site->installed = FP_TRUE;
    fp_observe(&r->p->observations, r->arena, value->answer.origin, "Full Version = %.*s",
               FP_STR_ARG(value->text));
    site->has_version =
        value->state == FP_TEXT_FOUND && fp_version_parse(value->text, &site->version);
    if (!site->has_version)
        problem(r, value->answer.origin, "Full Version is not a version", value->text);
}

static fp_status read_view(reading *r, fp_view view, site_view *site, fp_doubt *doubt)
{
    const fp_status status = text_in(r, view, SETUP, FP_PRODUCT_VERSION, &site->version_value);
    if (status != FP_OK)
        return status;
    switch (site->version_value.state) {
    case FP_TEXT_UNKNOWN:
        note_view(r, doubt, view, &site->version_value.answer);
        return FP_OK;
    case FP_TEXT_ABSENT:
        return read_absence(r, view, site, doubt);
    case FP_TEXT_FOUND:
    case FP_TEXT_UNUSABLE:
        read_version(r, site);
        return FP_OK;
    }
    return FP_OK;
}

static bool same_version(const site_view *a, const site_view *b)
{
    return a->has_version && b->has_version && fp_version_compare(&a->version, &b->version) == 0;
}

static void take_version(reading *r, const site_view *site, fp_view view)
{
    fp_product *p = r->p;
    p->installed = FP_TRUE;
    p->wow64 = view == FP_VIEW_WOW64;
    p->version_text = site->version_value.text;
    p->has_version = site->has_version;
    p->version = site->version;
    if (!site->has_version)
        p->why = FP_WHY_UNREADABLE;
}

static void tell_unseen_view(reading *r, const site_view views[FP_VIEWS])
{
    for (fp_view view = FP_VIEW_NATIVE; view < FP_VIEWS; view++) {
        fp_key_path path;
        fp_key_path_in(&path, view, SETUP);
        const fp_origin nowhere = {0, FP_STR("registry")};
        if (views[view].installed == FP_UNKNOWN)
            fp_observe(&r->p->observations, r->arena, nowhere, "not known: %.*s",
                       FP_STR_ARG(fp_key_path_str(&path)));
    }
}

/* Two views, each with a site server, must agree; otherwise there is one, of no known version. */
static void join_views(reading *r, const site_view views[FP_VIEWS])
{
    const site_view *native = &views[FP_VIEW_NATIVE];
    const site_view *wow64 = &views[FP_VIEW_WOW64];
    const fp_view first = native->installed == FP_TRUE ? FP_VIEW_NATIVE : FP_VIEW_WOW64;
    take_version(r, &views[first], first);
    tell_unseen_view(r, views);
    if (native->installed != FP_TRUE || wow64->installed != FP_TRUE || same_version(native, wow64))
        return;
    r->p->has_version = false;
    r->p->version = (fp_version){.count = 0};
    r->p->why = FP_WHY_CONFLICTING;
    problem(r, wow64->version_value.answer.origin,
            "the two registry views have different versions; the 32-bit one says",
            wow64->version_value.text);
}

static fp_status read_installed(reading *r)
{
    site_view views[FP_VIEWS] = {{.installed = FP_UNKNOWN}};
    fp_doubt doubt = {.any = false};
    for (fp_view view = FP_VIEW_NATIVE; view < FP_VIEWS; view++) {
        const fp_status status = read_view(r, view, &views[view], &doubt);
        if (status != FP_OK)
            return status;
    }
    if (views[FP_VIEW_NATIVE].installed == FP_TRUE || views[FP_VIEW_WOW64].installed == FP_TRUE) {
        join_views(r, views);
        return FP_OK;
    }
    if (!doubt.any) {
        r->p->installed = FP_FALSE;
        return FP_OK;
    }
    r->p->why = fp_doubt_why(&doubt);
    return fp_doubt_where(&doubt, r->arena, &r->p->unknown_where);
}

/* --- what the site says of itself --- */

typedef struct detail { /* a text kept where it is found */
    const char *key;
    const char *name;
    size_t offset; /* of an fp_str in fp_product */
} detail;

static const detail DETAILS[] = {
    {IDENTIFICATION, FP_PRODUCT_SITE_CODE, offsetof(fp_product, site_code)},
    {SETUP, FP_PRODUCT_SITE_CODE,
     offsetof(fp_product, site_code)}, /* seldom there: Identification counts */
    {IDENTIFICATION, "Site Server", offsetof(fp_product, site_server)},
    {SETUP, "Installation Directory", offsetof(fp_product, install_folder)},
};

/* Two sources differ: of two computers, perhaps. */
static void tell_conflict(reading *r, fp_view view, const detail *d)
{
    fp_key_path path;
    fp_str where = {NULL, 0};
    fp_key_path_in(&path, view, d->key);
    if (fp_str_dup(r->arena, fp_key_path_str(&path), &where) != FP_OK)
        where = FP_STR("");
    fp_observe(&r->p->problems, r->arena, (fp_origin){0, where},
               "%s: the registry sources contradict each other", d->name);
    if (d->offset == offsetof(fp_product, site_server))
        r->p->site_server_conflict = true;
}

static fp_status read_detail(reading *r, fp_view view, const detail *d)
{
    fp_text_value value;
    const fp_status status = text_in(r, view, d->key, d->name, &value);
    if (status != FP_OK)
        return status;
    if (value.answer.exists == FP_UNKNOWN && value.answer.why == FP_WHY_CONFLICTING)
        tell_conflict(r, view, d);
    if (value.answer.exists != FP_TRUE)
        return FP_OK;
    fp_observe(&r->p->details, r->arena, value.answer.origin, "%s = %.*s", d->name,
               FP_STR_ARG(value.text));
    fp_str *kept = (void *)((char *)r->p + d->offset);
    if (value.state == FP_TEXT_UNUSABLE) {
        fp_observe(&r->p->problems, r->arena, value.answer.origin, "%s is not a sound text",
                   d->name);
        return FP_OK;
    }
    if (kept->size == 0) {
        *kept = value.text;
        if (d->offset == offsetof(fp_product, site_server))
            r->p->site_server_origin = value.answer.origin;
    } else if (!fp_str_ieq(*kept, value.text)) {
        fp_observe(&r->p->problems, r->arena, value.answer.origin,
                   "%s is also given as \"%.*s\"; kept is \"%.*s\"", d->name,
                   FP_STR_ARG(value.text), FP_STR_ARG(*kept));
    }
    return FP_OK;
}

static fp_status read_details(reading *r)
{
    /* The view where the site was found speaks first. */
    const fp_view first = r->p->wow64 ? FP_VIEW_WOW64 : FP_VIEW_NATIVE;
    for (int i = 0; i < FP_VIEWS; i++) {
        const fp_view view = i == 0 ? first : (fp_view)(FP_VIEWS - 1 - (int)first);
        for (size_t k = 0; k < sizeof DETAILS / sizeof DETAILS[0]; k++) {
            const fp_status status = read_detail(r, view, &DETAILS[k]);
            if (status != FP_OK)
                return status;
        }
    }
    return FP_OK;
}

static fp_site_role role_of(const fp_reg_value *value)
{
    uint64_t type;
    if (value->suspect || value->type != FP_REG_DWORD || !fp_reg_value_u64(value, &type))
        return FP_ROLE_UNKNOWN;
    if (type == 1)
        return FP_ROLE_PRIMARY;
    return type == 2 ? FP_ROLE_SECONDARY : FP_ROLE_UNKNOWN;
}

static const char *role_name(fp_site_role role)
{
    switch (role) {
    case FP_ROLE_PRIMARY:
        return "primary site";
    case FP_ROLE_SECONDARY:
        return "secondary site";
    case FP_ROLE_UNKNOWN:
        break;
    }
    return "unknown";
}

/* TYPE of the views that have a site server; where two differ, the role is unknown. */
static void read_role(reading *r)
{
    bool seen = false;
    for (fp_view view = FP_VIEW_NATIVE; view < FP_VIEWS; view++) {
        fp_key_path path;
        fp_key_path_in(&path, view, SETUP);
        fp_reg_value value;
        const fp_reg_answer answer =
            fp_registry_value(r->reg, fp_key_path_str(&path), FP_STR("TYPE"), &value);
        if (answer.exists != FP_TRUE)
            continue;
        const fp_site_role role = role_of(&value);
        fp_observe(&r->p->details, r->arena, answer.origin, "TYPE: %s", role_name(role));
        if (role == FP_ROLE_UNKNOWN)
            fp_observe(&r->p->problems, r->arena, answer.origin,
                       "TYPE is neither 1 (primary) nor 2 (secondary)");
        else if (seen && role != r->p->role)
            fp_observe(&r->p->problems, r->arena, answer.origin,
                       "the two registry views have different values of TYPE");
        r->p->role = seen && role != r->p->role ? FP_ROLE_UNKNOWN : role;
        seen = true;
    }
}

/* --- console --- */

/* Each marks a console where it has a Full UI Version: SMS 2003, ConfigMgr 2007, 2012 and later. */
static const char *const CONSOLE_KEYS[] = {SETUP, "Microsoft\\ConfigMgr\\Setup",
                                           "Microsoft\\ConfigMgr10\\Setup"};

static fp_status read_console(reading *r)
{
    fp_tri console = FP_FALSE;
    for (fp_view view = FP_VIEW_NATIVE; view < FP_VIEWS; view++) {
        for (size_t i = 0; i < sizeof CONSOLE_KEYS / sizeof CONSOLE_KEYS[0]; i++) {
            fp_text_value value;
            const fp_status status = text_in(r, view, CONSOLE_KEYS[i], "Full UI Version", &value);
            if (status != FP_OK)
                return status;
            if (value.answer.exists == FP_TRUE)
                fp_observe(&r->p->details, r->arena, value.answer.origin,
                           "administrator console: Full UI Version = %.*s", FP_STR_ARG(value.text));
            console = fp_tri_or(console, value.answer.exists);
        }
    }
    r->p->console = console;
    return FP_OK;
}

/* --- feature packs --- */

static fp_status choose_features(reading *r)
{
    size_t count = 0;
    while (fp_releases_feature(r->releases, count) != NULL)
        count++;
    if (count == 0)
        return FP_OK;
    r->p->features = fp_arena_alloc_array(r->arena, count, sizeof *r->p->features);
    if (r->p->features == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < count; i++) {
        const fp_feature *feature = fp_releases_feature(r->releases, i);
        if (r->p->family == NULL || fp_str_eq(feature->family, r->p->family->family))
            r->p->features[r->p->feature_count++] = (fp_product_feature){.feature = feature};
    }
    return FP_OK;
}

static fp_status match_feature(void *context, const fp_uninstall_entry *entry)
{
    reading *r = context;
    for (size_t i = 0; i < r->p->feature_count; i++) {
        fp_product_feature *f = &r->p->features[i];
        if (f->installed == FP_TRUE || !fp_str_ieq(entry->display_name, f->feature->uninstall_name))
            continue;
        f->installed = FP_TRUE;
        f->origin = fp_registry_key(r->reg, entry->path).origin;
        fp_observe(&r->p->details, r->arena, f->origin, "uninstall entry \"%.*s\"",
                   FP_STR_ARG(entry->display_name));
    }
    return FP_OK;
}

static bool is_replaced(const fp_product *p, const fp_feature *feature)
{
    for (size_t i = 0; i < p->feature_count; i++) {
        const fp_product_feature *other = &p->features[i];
        if (other->installed == FP_TRUE && fp_str_eq(other->feature->family, feature->family) &&
            fp_str_ieq(other->feature->feature, feature->replaced_by))
            return true;
    }
    return false;
}

/* No entry means no feature only where every entry was seen and no other feature deleted it. */
static void settle_absent_features(reading *r, const fp_doubt *doubt)
{
    for (size_t i = 0; i < r->p->feature_count; i++) {
        fp_product_feature *f = &r->p->features[i];
        if (f->installed == FP_TRUE)
            continue;
        if (doubt->any)
            f->why = fp_doubt_why(doubt);
        else if (is_replaced(r->p, f->feature))
            f->why = FP_WHY_INCOMPLETE;
        else
            f->installed = FP_FALSE;
    }
}

static fp_status read_features(reading *r)
{
    fp_status status = choose_features(r);
    if (status != FP_OK || r->p->feature_count == 0)
        return status;
    fp_doubt doubt = {.any = false};
    status = fp_query_uninstall(r->reg, r->arena, &doubt, match_feature, r);
    if (status == FP_OK)
        settle_absent_features(r, &doubt);
    return status;
}

/* --- all together --- */

static void find_release(reading *r)
{
    if (!r->p->has_version)
        return;
    r->p->family = fp_releases_family(r->releases, &r->p->version);
    r->p->release = fp_releases_find(r->releases, &r->p->version);
}

fp_status fp_product_read(fp_registry *reg, const fp_releases *releases, fp_arena *arena,
                          fp_product *out)
{
    fp_product product = {.installed = FP_UNKNOWN};
    reading r = {.reg = reg, .releases = releases, .arena = arena, .p = &product};
    fp_status status = read_installed(&r);
    if (status == FP_OK)
        status = read_details(&r);
    if (status == FP_OK)
        status = read_console(&r);
    if (status != FP_OK)
        return status;
    read_role(&r);
    find_release(&r);
    status = read_features(&r);
    if (status != FP_OK)
        return status;
    if (fp_observations_starved(&product.observations) ||
        fp_observations_starved(&product.details) || fp_observations_starved(&product.problems))
        return FP_NOMEM;
    *out = product;
    return FP_OK;
}
