/* SPDX-License-Identifier: MIT */
/*
 * declared: what does a responsible person say?
 *
 *     {"kind": "declared", "key": "ntlm-fallback", "yes": ["disabled"], "no": ["enabled"]}
 *
 * For what no file shows. A statement with one of the values `yes` makes it TRUE, with one of `no`
 * FALSE; without a statement it is unknown. `collect` should name key and values.
 */
#include "verify/decide/declaration.h"

static const fp_field declared_fields[] = {
    {"key", FP_FIELD_TEXT, true, offsetof(fp_declaration, key), NULL},
    {"yes", FP_FIELD_TEXTS, true, offsetof(fp_declaration, yes), NULL},
    {"no", FP_FIELD_TEXTS, true, offsetof(fp_declaration, no), NULL},
};

static fp_status parse(fp_form *form, const fp_place *at, const fp_json *json,
                       const fp_advisory *advisory, const void **arguments)
{
    (void)advisory;
    fp_declaration *d = fp_arena_alloc(form->arena, sizeof *d);
    if (d == NULL)
        return FP_NOMEM;
    fp_form_fill(form, at, json, FP_FIELDS(declared_fields), d);
    *arguments = d;
    fp_declaration_check(form, at, d);
    if (d->yes.count == 0)
        fp_form_error(form, at, "\"yes\" must hold at least one value");
    return FP_OK;
}

static fp_status evaluate(const fp_test_context *context, const void *arguments,
                          fp_test_result *out)
{
    const fp_statement *said;
    out->is = fp_declaration_ask(arguments, context, &said, out);
    out->declared = true;
    return FP_OK;
}

const fp_test_kind fp_test_declared = {
    .name = "declared",
    .fields = {declared_fields, sizeof declared_fields / sizeof *declared_fields},
    .parse = parse,
    .evaluate = evaluate,
};
