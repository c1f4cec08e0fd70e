/* SPDX-License-Identifier: MIT */
#include "verify/decide/declaration.h"

static bool holds(const fp_texts *texts, fp_str value)
{
    for (size_t i = 0; i < texts->count; i++)
        if (fp_str_ieq(texts->at[i], value))
            return true;
    return false;
}

void fp_declaration_check(fp_form *form, const fp_place *at, const fp_declaration *declaration)
{
    for (size_t i = 0; i < declaration->yes.count; i++)
        if (holds(&declaration->no, declaration->yes.at[i]))
            fp_form_error(form, at, "\"%.*s\" means both", FP_STR_ARG(declaration->yes.at[i]));
}

static fp_tri meaning(const fp_declaration *d, const fp_statement *s)
{
    const fp_str value = fp_str_trim(s->value);
    if (holds(&d->yes, value))
        return FP_TRUE;
    return holds(&d->no, value) ? FP_FALSE : FP_UNKNOWN;
}

fp_tri fp_declaration_ask(const fp_declaration *declaration, const fp_test_context *context,
                          const fp_statement **said, fp_test_result *out)
{
    fp_tri all = FP_UNKNOWN;
    *said = NULL;
    const fp_statement *next = NULL;
    while ((next = fp_test_statement(context, declaration->key, next)) != NULL) {
        const fp_origin origin = {next->item, next->key};
        const fp_tri is = meaning(declaration, next);
        fp_observe(&out->observations, context->arena, origin, "declared: %.*s = %.*s",
                   FP_STR_ARG(next->key), FP_STR_ARG(next->value));
        if (is == FP_UNKNOWN) {
            fp_test_finding(context, origin,
                            "declared %.*s = %.*s: this value has no meaning, ignored",
                            FP_STR_ARG(next->key), FP_STR_ARG(next->value));
        } else if (*said != NULL && is != all) {
            fp_test_finding(
                context, origin, "declared %.*s = %.*s, and = %.*s as well: neither counts",
                FP_STR_ARG(next->key), FP_STR_ARG((*said)->value), FP_STR_ARG(next->value));
            fp_test_unknown(out, FP_WHY_CONFLICTING);
            return FP_UNKNOWN;
        } else {
            all = is;
            *said = next;
        }
    }
    return all;
}
