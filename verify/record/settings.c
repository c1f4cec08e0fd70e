/* SPDX-License-Identifier: MIT */
#include "verify/record/settings.h"

#include <stdlib.h>

enum { SHOWN_MAX = 8 /* digests of a list, in words */ };

/* ---- the digest of many files ---- */

static int by_name(const void *a, const void *b)
{
    return fp_str_compare(((const fp_named_digest *)a)->name, ((const fp_named_digest *)b)->name);
}

static fp_span bytes_of(fp_str text)
{
    return fp_span_of(text.data, text.size);
}

fp_status fp_settings_digest(fp_named_digest *files, size_t count, fp_arena *arena, fp_str *out)
{
    uint8_t sha256[FP_SHA256_SIZE];
    fp_digest *all = fp_digest_new(FP_SHA256);
    if (all == NULL)
        return FP_CRYPTO;
    if (count > 0)
        qsort(files, count, sizeof *files, by_name);
    for (size_t i = 0; i < count; i++) {
        fp_digest_update(all, bytes_of(files[i].sha256));
        fp_digest_update(all, bytes_of(FP_STR("  ")));
        fp_digest_update(all, bytes_of(files[i].name));
        fp_digest_update(all, bytes_of(FP_STR("\n")));
    }
    const fp_status status = fp_digest_finish(all, sha256);
    return status == FP_OK ? fp_hex_text(sha256, sizeof sha256, arena, out) : status;
}

/* ---- read back ---- */

typedef struct settings_form {
    const fp_json *roots, *expected, *data;
} settings_form;
static const fp_field form_fields[] = {
    {"roots", FP_FIELD_ARRAY, true, offsetof(settings_form, roots), NULL},
    {"expected_sha256", FP_FIELD_ARRAY, true, offsetof(settings_form, expected), NULL},
    {"data", FP_FIELD_OBJECT, true, offsetof(settings_form, data), NULL},
};
static const fp_field setting_fields[] = {
    {"accept_weak", FP_FIELD_BOOL, true, offsetof(fp_settings, accept_weak), NULL},
    {"trust_any_root", FP_FIELD_BOOL, true, offsetof(fp_settings, trust_any_root), NULL},
    {"code_page", FP_FIELD_KNOWN, true, offsetof(fp_settings, code_page), NULL},
};
static const fp_field data_fields[] = {
    {"advisories", FP_FIELD_TEXT, true, offsetof(fp_settings, advisories), NULL},
    {"products", FP_FIELD_TEXT, true, offsetof(fp_settings, products), NULL},
    {"trust", FP_FIELD_TEXT, true, offsetof(fp_settings, trust), NULL},
};
static const fp_field digest_fields[] = {
    {"name", FP_FIELD_KNOWN, false, offsetof(fp_named_digest, name), NULL},
    {"sha256", FP_FIELD_TEXT, true, offsetof(fp_named_digest, sha256), NULL},
};

static void read_digests(fp_form *form, const fp_place *at, const fp_json *array,
                         fp_named_digest **out, size_t *count)
{
    const size_t size = fp_json_size(array);
    if (size > FP_SETTINGS_LIST_MAX) {
        fp_form_error(form, at, "more than %d elements", FP_SETTINGS_LIST_MAX);
        return;
    }
    fp_named_digest *list = fp_arena_alloc_array(form->arena, size + 1, sizeof *list);
    form->no_memory = form->no_memory || list == NULL;
    for (size_t i = 0; list != NULL && i < size && form->errors == 0; i++) {
        const fp_place here = fp_place_index(at, i);
        if (!fp_form_is_object(form, &here, fp_json_at(array, i)))
            return;
        fp_form_fill(form, &here, fp_json_at(array, i), FP_FIELDS(digest_fields), &list[i]);
        (void)fp_form_sha256(form, &here, list[i].sha256);
    }
    *out = list;
    *count = list != NULL ? size : 0;
}

void fp_settings_fill(fp_form *form, const fp_place *at, const fp_json *node, fp_settings *out)
{
    const fp_place roots = fp_place_key(at, FP_STR("roots"));
    const fp_place expected = fp_place_key(at, FP_STR("expected_sha256"));
    const fp_place data = fp_place_key(at, FP_STR("data"));
    settings_form s = {0};
    if (fp_json_type_of(node) == FP_JSON_NULL) /* or missing: an earlier version wrote it */
        return;
    if (!fp_form_is_object(form, at, node))
        return;
    fp_form_fill(form, at, node, FP_FIELDS(form_fields), &s);
    fp_form_fill(form, at, node, FP_FIELDS(setting_fields), out);
    if (form->errors > 0)
        return;
    fp_form_fill(form, &data, s.data, FP_FIELDS(data_fields), out);
    read_digests(form, &roots, s.roots, &out->roots, &out->root_count);
    read_digests(form, &expected, s.expected, &out->expected, &out->expected_count);
    out->known = form->errors == 0;
}

/* ---- compared ---- */

typedef struct comparison {
    fp_arena *arena;
    fp_setting_change *out;
    size_t count;
    bool failed;
} comparison;

static void add(comparison *c, const char *setting, fp_str before, fp_str after)
{
    c->out[c->count++] = (fp_setting_change){setting, {NULL, 0}, before, after};
}

static void compare_texts(comparison *c, const char *setting, fp_str before, fp_str after)
{
    if (!fp_str_eq(before, after))
        add(c, setting, before, after);
}

static fp_str answer(bool is)
{
    return is ? FP_STR("yes") : FP_STR("no");
}

static bool same_list(const fp_named_digest *a, size_t count, const fp_named_digest *b,
                      size_t other_count)
{
    bool same = count == other_count;
    for (size_t i = 0; same && i < count; i++)
        same = fp_str_eq(a[i].name, b[i].name) && fp_str_eq(a[i].sha256, b[i].sha256);
    return same;
}

/* "HEX, NAME HEX and 3 more" */
static fp_str list_words(comparison *c, const fp_named_digest *list, size_t count)
{
    const char *text = "";
    for (size_t i = 0; text != NULL && i < count && i < SHOWN_MAX; i++)
        text = fp_arena_printf(c->arena, "%s%s%.*s%s%.*s", text, i > 0 ? ", " : "",
                               FP_STR_ARG(list[i].name), list[i].name.size > 0 ? " " : "",
                               FP_STR_ARG(list[i].sha256));
    if (text != NULL && count > SHOWN_MAX)
        text = fp_arena_printf(c->arena, "%s and %zu more", text, count - SHOWN_MAX);
    c->failed = c->failed || text == NULL;
    return fp_str_of(text);
}

static void compare_lists(comparison *c, const char *setting, const fp_named_digest *before,
                          size_t count, const fp_named_digest *after, size_t after_count)
{
    if (!same_list(before, count, after, after_count))
        add(c, setting, list_words(c, before, count), list_words(c, after, after_count));
}

fp_status fp_settings_compare(const fp_settings *before, const fp_settings *after, fp_arena *arena,
                              fp_setting_change *out, size_t *count)
{
    comparison c = {.arena = arena, .out = out};
    *count = 0;
    if (!before->known || !after->known)
        return FP_OK;
    compare_texts(&c, "accept_weak", answer(before->accept_weak), answer(after->accept_weak));
    compare_texts(&c, "trust_any_root", answer(before->trust_any_root),
                  answer(after->trust_any_root));
    compare_lists(&c, "roots", before->roots, before->root_count, after->roots, after->root_count);
    compare_texts(&c, "code_page", before->code_page, after->code_page);
    compare_lists(&c, "expected_sha256", before->expected, before->expected_count, after->expected,
                  after->expected_count);
    compare_texts(&c, "products", before->products, after->products);
    compare_texts(&c, "trust", before->trust, after->trust);
    *count = c.count;
    return c.failed ? FP_NOMEM : FP_OK;
}
