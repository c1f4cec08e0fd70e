/* SPDX-License-Identifier: MIT */
/*
 * registry: is this key there, is this value, and what does it say?
 *
 *     {"kind": "registry", "key": "HKEY_LOCAL_MACHINE\\SOFTWARE\\..."}           the key is there
 *     {"kind": "registry", "key": "...", "value": "Name"}                        the value is there
 *     {"kind": "registry", "key": "...", "value": "Name", "equals": ["0"]}       and is one of
 * these
 *     {"kind": "registry", "key": "...", "value": "Name", "thresholds": [...]}   and is a version
 *
 * "view": native, wow64 or any (the default). `any` asks both views of HKEY_LOCAL_MACHINE\SOFTWARE
 * and is TRUE when one of them says so, FALSE when both are known not to. A number is compared as
 * its decimal digits. A value that is absent equals nothing and reaches no threshold; one that
 * cannot be read as what it is compared with is unknown, never "less".
 */
#include "verify/decide/thresholds.h"

#include "inventory/registry/query.h"

typedef enum registry_view { VIEW_ANY = 0, VIEW_NATIVE, VIEW_WOW64, VIEW_ANY_NAMED } registry_view;
static const char *const view_words[] = {"native", "wow64", "any", NULL};

typedef struct registry_test {
    fp_str key, value;
    unsigned view;
    fp_texts equals;
    const fp_json *threshold_list; /* while reading only */
    fp_thresholds thresholds;
} registry_test;
static const fp_field registry_fields[] = {
    {"key", FP_FIELD_TEXT, true, offsetof(registry_test, key), NULL},
    {"value", FP_FIELD_TEXT, false, offsetof(registry_test, value), NULL},
    {"view", FP_FIELD_WORD, false, offsetof(registry_test, view), view_words},
    {"equals", FP_FIELD_TEXTS, false, offsetof(registry_test, equals), NULL},
    {"thresholds", FP_FIELD_ARRAY, false, offsetof(registry_test, threshold_list), NULL},
};

#define SOFTWARE FP_STR("HKEY_LOCAL_MACHINE\\SOFTWARE\\")
#define WOW64    FP_STR("HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node")

static void check_key(fp_form *form, const fp_place *at, const registry_test *t)
{
    const fp_place key = fp_place_key(at, FP_STR("key"));
    const bool software = fp_str_istarts(t->key, SOFTWARE);
    if (t->key.size > 0 &&
        (!fp_str_starts(t->key, FP_STR("HKEY_")) || t->key.size > FP_KEY_PATH_MAX))
        fp_form_error(form, &key, "must be a full path: HKEY_LOCAL_MACHINE\\...");
    if (fp_str_istarts(t->key, WOW64))
        fp_form_error(form, &key, "name it without Wow6432Node: \"view\" says which view");
    if (t->view == VIEW_WOW64 && !software)
        fp_form_error(form, at, "only HKEY_LOCAL_MACHINE\\SOFTWARE has a second view");
}

static fp_status parse(fp_form *form, const fp_place *at, const fp_json *json,
                       const fp_advisory *advisory, const void **arguments)
{
    (void)advisory;
    registry_test *t = fp_arena_alloc(form->arena, sizeof *t);
    if (t == NULL)
        return FP_NOMEM;
    fp_form_fill(form, at, json, FP_FIELDS(registry_fields), t);
    *arguments = t;
    check_key(form, at, t);

    const fp_place thresholds = fp_place_key(at, FP_STR("thresholds"));
    if (t->threshold_list != NULL)
        fp_thresholds_read(form, &thresholds, t->threshold_list, &t->thresholds);
    const bool compared = t->equals.at != NULL || t->threshold_list != NULL;
    if (compared && t->value.size == 0)
        fp_form_error(form, at, "\"equals\" and \"thresholds\" need a \"value\"");
    if (t->equals.at != NULL && t->threshold_list != NULL)
        fp_form_error(form, at, "either \"equals\" or \"thresholds\"");
    if (t->equals.at != NULL && t->equals.count == 0)
        fp_form_error(form, at, "\"equals\" must hold at least one text");
    t->threshold_list = NULL;
    return FP_OK;
}

/* ---- what the value says ---- */

static fp_tri compare(const fp_test_context *context, const registry_test *t,
                      const fp_reg_value *value, fp_test_result *out)
{
    fp_str text;
    fp_version version;
    const bool readable = !value->suspect && fp_reg_value_text(value, context->arena, &text);
    if (readable)
        fp_observe(&out->observations, context->arena, value->origin, "%.*s = %.*s",
                   FP_STR_ARG(t->value), FP_STR_ARG(text));
    for (size_t i = 0; readable && i < t->equals.count; i++)
        if (fp_str_ieq(fp_str_trim(text), t->equals.at[i]))
            return FP_TRUE;
    if (readable && t->equals.count > 0)
        return FP_FALSE;
    if (readable && fp_version_parse(fp_str_trim(text), &version))
        return fp_thresholds_ask(&t->thresholds, &version, context, value->origin, out);

    fp_observe(&out->observations, context->arena, value->origin, "%.*s cannot be read as %s",
               FP_STR_ARG(t->value), t->equals.count > 0 ? "a text" : "a version");
    fp_test_doubt(out, FP_WHY_UNREADABLE);
    return FP_UNKNOWN;
}

/* ---- one view after the other ---- */

static fp_tri ask(const fp_test_context *context, const registry_test *t, fp_str path,
                  fp_test_result *out)
{
    fp_registry *registry = context->casefile->registry;
    fp_reg_value value = {.name = {NULL, 0}};
    const bool named = t->value.size > 0;
    const fp_reg_answer answer = named ? fp_registry_value(registry, path, t->value, &value)
                                       : fp_registry_key(registry, path);
    if (answer.exists == FP_UNKNOWN) {
        fp_test_doubt(out, answer.why);
        return FP_UNKNOWN;
    }
    if (answer.exists == FP_TRUE && (t->equals.count > 0 || t->thresholds.count > 0))
        return compare(context, t, &value, out);
    fp_observe(&out->observations, context->arena, answer.origin, "%.*s%s%.*s: %s",
               FP_STR_ARG(path), named ? ", value " : "", FP_STR_ARG(t->value),
               answer.exists == FP_TRUE ? "there" : "not there");
    return answer.exists;
}

static fp_status evaluate(const fp_test_context *context, const void *arguments,
                          fp_test_result *out)
{
    const registry_test *t = arguments;
    fp_str other;
    if (t->view != VIEW_WOW64)
        out->is = ask(context, t, t->key, out);
    if (t->view == VIEW_NATIVE || !fp_str_istarts(t->key, SOFTWARE))
        return FP_OK;
    if (!fp_registry_wow64_path(context->casefile->registry, t->key, &other))
        return FP_NOMEM;
    const fp_tri wow64 = ask(context, t, other, out);
    out->is = t->view == VIEW_WOW64 ? wow64 : fp_tri_or(out->is, wow64);
    return FP_OK;
}

/* ---- claiming ---- */

static fp_claim *claim_view(fp_claims *c, const registry_test *t, fp_str path)
{
    const fp_look look = {t->value.size > 0 ? FP_LOOK_VALUE : FP_LOOK_KEY, path, t->value};
    fp_claim *exists = fp_claim_look(c, FP_CLAIM_EXISTS, look);
    if (t->thresholds.count > 0)
        return fp_claim_both(c, exists,
                             fp_claim_given(c, fp_claim_look(c, FP_CLAIM_VERSION, look),
                                            fp_thresholds_claim(c, &t->thresholds, look)));
    if (t->equals.count == 0)
        return exists;
    fp_claim *equals = fp_claim_look(c, FP_CLAIM_EQUALS, look);
    if (equals != NULL)
        equals->texts = t->equals;
    return fp_claim_both(c, exists,
                         fp_claim_given(c, fp_claim_look(c, FP_CLAIM_TEXT, look), equals));
}

static fp_claim *claim(fp_claims *c, const void *arguments)
{
    const registry_test *t = arguments;
    if (t->view == VIEW_NATIVE || !fp_str_istarts(t->key, SOFTWARE))
        return claim_view(c, t, t->key);
    const fp_str below = {t->key.data + SOFTWARE.size, t->key.size - SOFTWARE.size};
    const char *other = fp_arena_printf(c->arena, "%s\\%.*s", WOW64.data, FP_STR_ARG(below));
    c->failed = c->failed || other == NULL;
    fp_claim *wow64 = claim_view(c, t, fp_str_of(other));
    return t->view == VIEW_WOW64 ? wow64 : fp_claim_either(c, claim_view(c, t, t->key), wow64);
}

const fp_test_kind fp_test_registry = {
    .name = "registry",
    .fields = {registry_fields, sizeof registry_fields / sizeof *registry_fields},
    .parse = parse,
    .evaluate = evaluate,
    .claim = claim,
};
