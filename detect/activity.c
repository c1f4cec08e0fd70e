/* SPDX-License-Identifier: MIT */
/* An activity: checked and compiled once, read by all scans. */
#include "detect/hit.h"

#include <stdlib.h>
#include <string.h>

static char *copy_string(fp_str s)
{
    char *copy = malloc(s.size + 1);
    if (copy == NULL)
        return NULL;
    if (s.size > 0)
        memcpy(copy, s.data, s.size);
    copy[s.size] = '\0';
    return copy;
}

static fp_status check(const fp_signature_def *def, size_t index, fp_diag *d)
{
    if (def->literal_count > FP_SIG_LITERALS_MAX)
        return fp_fail(d, FP_LIMIT, "signature", index, "more than %d literals",
                       FP_SIG_LITERALS_MAX);
    if (def->literal_count == 0 && def->role != FP_SIG_END)
        return fp_fail(d, FP_FORMAT, "signature", index,
                       "only an end signature can do without literals");
    for (size_t i = 0; i < def->literal_count; i++) {
        const fp_status status = fp_literal_check(def->literals[i]);
        if (status != FP_OK)
            return fp_fail(d, status, "signature", index,
                           "literal %zu is not %d to %d bytes without a line end", i,
                           FP_LITERAL_SIZE_MIN, FP_LITERAL_SIZE_MAX);
    }
    return FP_OK;
}

static fp_status take_literals(fp_activity *a, const fp_signature_def *def, size_t index)
{
    fp_signature *s = &a->signatures[index];
    s->first_literal = a->literal_count;
    s->literal_count = def->literal_count;
    for (size_t i = 0; i < def->literal_count; i++) {
        char *text = copy_string(def->literals[i]);
        if (text == NULL)
            return FP_NOMEM;
        a->literals[a->literal_count++] =
            (fp_literal){.text = {text, def->literals[i].size}, .owner = (uint32_t)index};
    }
    return FP_OK;
}

static fp_status take_signature(fp_activity *a, const fp_signature_def *def, size_t index,
                                fp_diag *d)
{
    fp_status status = check(def, index, d);
    if (status != FP_OK)
        return status;
    fp_signature *s = &a->signatures[index];
    s->role = def->role;
    fp_diag why = {.status = FP_OK};
    status = fp_pattern_new(def->pattern, &s->pattern, &why);
    if (status != FP_OK)
        return fp_fail(d, status, "signature", index, "%s (at %llu)", why.message,
                       (unsigned long long)why.where);
    a->count++;
    s->name = copy_string(def->name);
    if (s->name == NULL || take_literals(a, def, index) != FP_OK)
        return fp_fail(d, FP_NOMEM, "signature", index, "no memory");
    return FP_OK;
}

/* One record may match several: a pasted block on one line has them all. This is the order in which
 * they would have been written. */
static size_t rank_of(fp_signature_role role)
{
    static const fp_signature_role ranks[FP_SIG_ROLES] = {
        FP_SIG_RUN_BEGIN, FP_SIG_BEGIN,   FP_SIG_STEP,       FP_SIG_FAILURE,
        FP_SIG_END,       FP_SIG_RUN_END, FP_SIG_RUN_FAILURE};
    size_t rank = 0;
    while (rank < FP_SIG_ROLES && ranks[rank] != role)
        rank++;
    return rank;
}

static void put_in_order(fp_activity *a)
{
    size_t at = 0;
    for (size_t rank = 0; rank <= FP_SIG_ROLES; rank++) {
        for (size_t i = 0; i < a->count; i++) {
            if (rank_of(a->signatures[i].role) == rank)
                a->order[at++] = i;
        }
    }
}

static fp_activity *new_activity(fp_str name, const fp_signature_def *defs, size_t count)
{
    size_t literals = 0;
    for (size_t i = 0; i < count; i++)
        literals += defs[i].literal_count;
    fp_activity *a = calloc(1, sizeof *a);
    if (a == NULL)
        return NULL;
    a->name = copy_string(name);
    a->signatures = calloc(count == 0 ? 1 : count, sizeof *a->signatures);
    a->literals = calloc(literals == 0 ? 1 : literals, sizeof *a->literals);
    if (a->name == NULL || a->signatures == NULL || a->literals == NULL) {
        fp_activity_free(a);
        return NULL;
    }
    return a;
}

fp_status fp_activity_new(fp_str name, const fp_signature_def *defs, size_t count,
                          fp_activity **out, fp_diag *d)
{
    if (count > FP_SIGNATURES_MAX)
        return fp_fail(d, FP_LIMIT, "signature", count, "more than %d signatures",
                       FP_SIGNATURES_MAX);
    fp_activity *a = new_activity(name, defs, count);
    if (a == NULL)
        return fp_fail(d, FP_NOMEM, "signature", 0, "no memory");
    for (size_t i = 0; i < count; i++) {
        const fp_status status = take_signature(a, &defs[i], i, d);
        if (status != FP_OK) {
            fp_activity_free(a);
            return status;
        }
    }
    put_in_order(a);
    *out = a;
    return FP_OK;
}

void fp_activity_free(fp_activity *a)
{
    if (a == NULL)
        return;
    for (size_t i = 0; i < a->count; i++) {
        free(a->signatures[i].name);
        fp_pattern_free(a->signatures[i].pattern);
    }
    for (size_t i = 0; i < a->literal_count; i++) {
        /* fp_str points to const bytes; these are our own copy. */
        free((void *)(uintptr_t)a->literals[i].text.data);
    }
    free(a->literals);
    free(a->signatures);
    free(a->name);
    free(a);
}
