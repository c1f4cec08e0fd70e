/* SPDX-License-Identifier: MIT */
#include "detect/signature.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

struct fp_pattern {
    pcre2_code *code;
    uint32_t update; /* number of the group "update", 0 = none */
};

struct fp_matcher {
    pcre2_match_data *data;
    pcre2_match_context *context;
};

static fp_status fail_with_words(fp_diag *d, int error, size_t offset)
{
    PCRE2_UCHAR words[120];
    if (pcre2_get_error_message(error, words, sizeof words) < 0)
        words[0] = '\0';
    return fp_fail(d, error == PCRE2_ERROR_HEAP_FAILED ? FP_NOMEM : FP_FORMAT, "pattern", offset,
                   "%s", (const char *)words);
}

static pcre2_compile_context *new_compile_context(void)
{
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (context != NULL) {
        (void)pcre2_set_max_pattern_length(context, FP_PATTERN_SIZE_MAX);
        (void)pcre2_set_parens_nest_limit(context, FP_PATTERN_NEST_MAX);
    }
    return context;
}

static bool matches_empty(const pcre2_code *code)
{
    uint32_t empty = 1;
    return pcre2_pattern_info(code, PCRE2_INFO_MATCHEMPTY, &empty) != 0 || empty != 0;
}

static uint32_t group_number(const pcre2_code *code, const char *name)
{
    const int number = pcre2_substring_number_from_name(code, (PCRE2_SPTR)name);
    return number > 0 ? (uint32_t)number : 0;
}

fp_status fp_pattern_new(fp_str pattern, fp_pattern **out, fp_diag *d)
{
    pcre2_compile_context *context = new_compile_context();
    fp_pattern *p = calloc(1, sizeof *p);
    fp_status status = FP_OK;
    if (context == NULL || p == NULL) {
        status = fp_fail(d, FP_NOMEM, "pattern", 0, "no memory for a pattern");
        goto out;
    }
    int error = 0;
    PCRE2_SIZE offset = 0;
    p->code = pcre2_compile((PCRE2_SPTR)(pattern.data != NULL ? pattern.data : ""), pattern.size,
                            PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY, &error,
                            &offset, context);
    if (p->code == NULL) {
        status = fail_with_words(d, error, offset);
        goto out;
    }
    if (matches_empty(p->code)) {
        status = fp_fail(d, FP_FORMAT, "pattern", 0, "the pattern matches the empty string");
        goto out;
    }
    /* Not compiled further to machine code: the literals leave so few records that it would not
     * pay, and the bounds on matching would be others. */
    p->update = group_number(p->code, "update");
    *out = p;
    p = NULL;

out:
    pcre2_compile_context_free(context);
    fp_pattern_free(p);
    return status;
}

void fp_pattern_free(fp_pattern *p)
{
    if (p == NULL)
        return;
    pcre2_code_free(p->code);
    free(p);
}

fp_matcher *fp_matcher_new(void)
{
    fp_matcher *m = calloc(1, sizeof *m);
    if (m == NULL)
        return NULL;
    m->data = pcre2_match_data_create(UINT8_MAX, NULL);
    m->context = pcre2_match_context_create(NULL);
    if (m->data == NULL || m->context == NULL) {
        fp_matcher_free(m);
        return NULL;
    }
    (void)pcre2_set_match_limit(m->context, FP_MATCH_STEPS_MAX);
    (void)pcre2_set_depth_limit(m->context, FP_MATCH_DEPTH_MAX);
    (void)pcre2_set_heap_limit(m->context, FP_MATCH_HEAP_MAX_KIB);
    return m;
}

void fp_matcher_free(fp_matcher *m)
{
    if (m == NULL)
        return;
    pcre2_match_data_free(m->data);
    pcre2_match_context_free(m->context);
    free(m);
}

/* Group `number` of a match with `count` groups. */
static fp_str group_text(const fp_matcher *m, fp_str text, uint32_t number, uint32_t count)
{
    const PCRE2_SIZE *range = pcre2_get_ovector_pointer(m->data) + 2 * (size_t)number;
    if (number >= count || range[0] == PCRE2_UNSET || range[1] > text.size || range[0] > range[1])
        return (fp_str){"", 0};
    return (fp_str){text.data + range[0], range[1] - range[0]};
}

fp_match fp_pattern_match(const fp_pattern *p, fp_matcher *m, fp_str text, fp_captures *out)
{
    if (text.data == NULL)
        return FP_MATCH_NO; /* no pattern matches the empty string */
    if (text.size > FP_MATCH_TEXT_MAX)
        return FP_MATCH_UNKNOWN;
    const int result =
        pcre2_match(p->code, (PCRE2_SPTR)text.data, text.size, 0, 0, m->data, m->context);
    if (result == PCRE2_ERROR_NOMATCH)
        return FP_MATCH_NO;
    if (result < 0)
        return FP_MATCH_UNKNOWN;

    /* 0: more groups than the vector holds; those it holds are set. */
    const uint32_t count = result == 0 ? pcre2_get_ovector_count(m->data) : (uint32_t)result;
    for (uint32_t i = 0; i < FP_MATCH_GROUPS; i++)
        out->group[i] = group_text(m, text, i, count);
    out->update = group_text(m, text, p->update == 0 ? count : p->update, count);
    return FP_MATCH_YES;
}
