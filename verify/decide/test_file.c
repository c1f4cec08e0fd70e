/* SPDX-License-Identifier: MIT */
/*
 * file: which version, or which content, has the file of this name?
 *
 *     {"kind": "file", "name": "smsprov.dll", "thresholds": [...]}
 *     {"kind": "file", "name": "smsprov.dll", "sha256": ["0123..."]}    one of these digests
 *
 * Any item of that name in the evidence counts, and any program whose version resource gives it as
 * its original name. All copies must agree: an old one that a package left beside the new one would
 * else prove what it does not. That a file is not in the evidence says nothing of the server.
 */
#include "verify/decide/copies.h"
#include "verify/decide/digests.h"
#include "verify/decide/thresholds.h"

typedef struct file_test {
    fp_str name;
    fp_texts sha256;
    const fp_json *threshold_list; /* while reading only */
    fp_thresholds thresholds;
} file_test;
static const fp_field file_fields[] = {
    {"name", FP_FIELD_TEXT, true, offsetof(file_test, name), NULL},
    {"sha256", FP_FIELD_TEXTS, false, offsetof(file_test, sha256), NULL},
    {"thresholds", FP_FIELD_ARRAY, false, offsetof(file_test, threshold_list), NULL},
};

static fp_status parse(fp_form *form, const fp_place *at, const fp_json *json,
                       const fp_advisory *advisory, const void **arguments)
{
    (void)advisory;
    file_test *t = fp_arena_alloc(form->arena, sizeof *t);
    if (t == NULL)
        return FP_NOMEM;
    fp_form_fill(form, at, json, FP_FIELDS(file_fields), t);
    *arguments = t;

    const fp_place name = fp_place_key(at, FP_STR("name"));
    const fp_place digests = fp_place_key(at, FP_STR("sha256"));
    const fp_place thresholds = fp_place_key(at, FP_STR("thresholds"));
    if (fp_str_find(t->name, FP_STR("/")) >= 0 || fp_str_find(t->name, FP_STR("\\")) >= 0)
        fp_form_error(form, &name, "must be a name without a folder: folders differ");
    if (t->threshold_list != NULL)
        fp_thresholds_read(form, &thresholds, t->threshold_list, &t->thresholds);
    fp_digests_check(form, &digests, &t->sha256);
    if ((t->threshold_list != NULL) == (t->sha256.at != NULL))
        fp_form_error(form, at, "needs either \"thresholds\" or \"sha256\"");
    t->threshold_list = NULL;
    return FP_OK;
}

/* ---- one copy ---- */

static fp_tri doubt(const fp_test_context *context, fp_origin origin, const char *what,
                    fp_unknown_why why, fp_test_result *out)
{
    fp_observe(&out->observations, context->arena, origin, "%s", what);
    fp_test_doubt(out, why);
    return FP_UNKNOWN;
}

static fp_tri ask_version(const fp_test_context *context, const file_test *t, const fp_copy *c,
                          fp_test_result *out)
{
    const fp_origin origin = {c->item != NULL ? c->item->id : 0, FP_STR("version resource")};
    if (c->file == NULL || !c->file->pe.has_version)
        return doubt(context, origin, "it has no version that can be read", FP_WHY_UNREADABLE, out);
    if (c->file->pe.languages_differ)
        return doubt(context, origin, "its languages have different versions", FP_WHY_CONFLICTING,
                     out);
    return fp_thresholds_ask(&t->thresholds, &c->file->pe.version, context, origin, out);
}

static fp_tri ask_digest(const fp_test_context *context, const file_test *t, const fp_copy *c,
                         fp_test_result *out)
{
    const fp_described_file *described = c->file != NULL ? c->file->described : NULL;
    const fp_origin origin = {c->item != NULL ? c->item->id : 0, t->name};
    const uint8_t *sha256 = NULL;
    if (c->item != NULL && c->item->hashed && c->item->complete)
        sha256 = c->item->sha256;
    else if (c->item == NULL && described != NULL && described->hashed)
        sha256 = described->sha256;
    return fp_digests_ask(&t->sha256, sha256, context, origin, out);
}

static fp_status evaluate(const fp_test_context *context, const void *arguments,
                          fp_test_result *out)
{
    const file_test *t = arguments;
    const fp_origin nowhere = {0, t->name};
    fp_copies all;
    fp_copies_find(context->casefile, t->name, &all);
    size_t yes = 0;
    size_t no = 0;
    for (size_t i = 0; i < all.count; i++) {
        const fp_tri is = t->sha256.count > 0 ? ask_digest(context, t, &all.at[i], out)
                                              : ask_version(context, t, &all.at[i], out);
        yes += is == FP_TRUE;
        no += is == FP_FALSE;
    }
    if (all.count > 0 && !all.too_many && (yes == all.count || no == all.count)) {
        out->is = fp_tri_of(yes > 0);
        return FP_OK;
    }
    out->is = FP_UNKNOWN;
    if ((yes > 0 && no > 0) || all.too_many) {
        fp_test_doubt(out, FP_WHY_CONFLICTING);
        fp_test_finding(context, nowhere, "the evidence holds %s of %.*s: none of them counts",
                        all.too_many ? "too many copies" : "different copies", FP_STR_ARG(t->name));
    }
    return FP_OK;
}

/* A file that is not there says nothing, and neither do copies that are not alike. */
static fp_claim *claim(fp_claims *c, const void *arguments)
{
    const file_test *t = arguments;
    const fp_look look = {FP_LOOK_FILE, FP_STR(""), t->name};
    if (t->thresholds.count == 0)
        return NULL;
    return fp_claim_given(c, fp_claim_look(c, FP_CLAIM_EXISTS, look),
                          fp_thresholds_claim(c, &t->thresholds, look));
}

const fp_test_kind fp_test_file = {
    .name = "file",
    .fields = {file_fields, sizeof file_fields / sizeof *file_fields},
    .parse = parse,
    .evaluate = evaluate,
    .claim = claim,
};
