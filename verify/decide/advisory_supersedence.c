/* SPDX-License-Identifier: MIT */
/* Which update supersedes which. */
#include "verify/decide/advisory_parts.h"

static const fp_field supersedence_fields[] = {
    {"kb", FP_FIELD_TEXT, true, offsetof(fp_supersedence, kb), NULL},
    {"supersedes", FP_FIELD_TEXT, true, offsetof(fp_supersedence, supersedes), NULL},
    {"source", FP_FIELD_TEXT, true, offsetof(fp_supersedence, source), NULL},
    {"certainty", FP_FIELD_WORD, true, offsetof(fp_supersedence, certainty), fp_certainty_words},
};

/* Does what stands in row `from` lead back to it? Each row is gone through once. */
static bool is_circular(const fp_advisory *advisory, size_t from)
{
    size_t queue[FP_FORM_ITEMS_MAX];
    bool seen[FP_FORM_ITEMS_MAX] = {false};
    size_t count = 0;
    const fp_supersedence *rows = advisory->supersedence;
    queue[count++] = from;
    for (size_t next = 0; next < count; next++) {
        const fp_str superseded = rows[queue[next]].supersedes;
        if (fp_str_eq(superseded, rows[from].kb))
            return true;
        for (size_t i = 0; i < advisory->supersedence_count; i++) {
            if (seen[i] || !fp_str_eq(rows[i].kb, superseded))
                continue;
            seen[i] = true;
            queue[count++] = i;
        }
    }
    return false;
}

static void read_rows(fp_form *form, const fp_place *at, const fp_json *json, size_t count,
                      fp_advisory *advisory)
{
    for (size_t i = 0; i < count; i++) {
        const fp_place here = fp_place_index(at, i);
        fp_supersedence *row = &advisory->supersedence[advisory->supersedence_count];
        if (!fp_form_read(form, &here, fp_json_at(json, i), FP_FIELDS(supersedence_fields), row) ||
            !fp_form_kb(form, &here, row->kb) || !fp_form_kb(form, &here, row->supersedes))
            continue;
        advisory->supersedence_count++;
        if (is_circular(advisory, advisory->supersedence_count - 1))
            fp_form_error(form, &here, "%.*s supersedes itself: a circle", FP_STR_ARG(row->kb));
    }
}

void fp_advisory_read_supersedence(fp_form *form, const fp_place *at, const fp_json *json,
                                   fp_advisory *advisory)
{
    const size_t count = fp_json_size(json);
    if (count >= FP_FORM_ITEMS_MAX) {
        fp_form_error(form, at, "must be less than %d", FP_FORM_ITEMS_MAX);
        return;
    }
    advisory->supersedence =
        fp_arena_alloc_array(form->arena, count + 1, sizeof *advisory->supersedence);
    if (advisory->supersedence == NULL)
        form->no_memory = true;
    else
        read_rows(form, at, json, count, advisory);
}
