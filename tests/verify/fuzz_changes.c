/* SPDX-License-Identifier: MIT */
/* Two reports, a NUL between them: what is said of the change holds together, and is written. */
#include "verify/record/changes.h"

#include "tests/support/fuzz.h"
#include "verify/report/report.h"

#include <string.h>

enum { BUDGET = 8 * 1024 * 1024 };

static void check_lists(const fp_changes *c)
{
    size_t worse = 0;
    for (size_t i = 0; i < c->fact_count; i++)
        worse += c->facts[i].worse;
    for (size_t i = 0; i < c->marker_count; i++) {
        const fp_marker_change *m = &c->markers[i];
        require(m->before != NULL || m->after != NULL);
        require(m->change != FP_DELTA_GONE || m->worse);
        worse += m->worse;
    }
    for (size_t i = 0; i < c->file_count; i++) {
        const fp_file_change *f = &c->files[i];
        require(f->before != NULL || f->after != NULL);
        require(f->change != FP_DELTA_GONE && f->change != FP_DELTA_NEW);
        require((f->before != NULL && f->after != NULL) || f->change == FP_DELTA_UNKNOWN);
        worse += f->worse;
    }
    for (size_t i = 0; i < c->catalog_count; i++)
        worse += c->catalogs[i].worse;
    for (size_t i = 0; i < c->result_count; i++)
        worse += c->results[i].outcome == FP_OUTCOME_WORSE;
    require(worse == c->regression_count);
}

/* Never a false "confirmed". */
static void check_conclusion(const fp_changes *c)
{
    require((c->conclusion == FP_CONCLUSION_WORSE) == (c->regression_count > 0));
    if (c->conclusion != FP_CONCLUSION_CONFIRMED)
        return;
    require(c->order != FP_ORDER_BACKWARDS);
    for (size_t i = 0; i < c->result_count; i++)
        require(c->results[i].after == NULL || c->results[i].after->verdict == FP_NOT_APPLICABLE ||
                c->results[i].outcome == FP_OUTCOME_FIXED || !c->results[i].open);
}

static void check_same(const fp_record *record, fp_arena *arena)
{
    fp_changes c = {.after = NULL};
    if (fp_changes_find(record, record, record->generated, arena, &c) != FP_OK)
        return;
    require(c.regression_count == 0 && c.episode_count == 0);
    for (size_t i = 0; i < c.marker_count; i++)
        require(c.markers[i].change == FP_DELTA_SAME || c.markers[i].change == FP_DELTA_UNKNOWN);
    for (size_t i = 0; i < c.file_count; i++)
        require(c.files[i].change == FP_DELTA_SAME || c.files[i].change == FP_DELTA_UNKNOWN);
}

static void write_all(const fp_changes *changes)
{
    static const char *const formats[] = {"text", "json"};
    static const fp_report_style style = {.width = 80};
    const fp_report report = {.view = FP_VIEW_DIFF, .tool_version = "0", .changes = changes};
    for (size_t i = 0; i < 2; i++) {
        fp_out out = {0};
        require(fp_report_format_find(formats[i])->write(&report, &style, &out) == FP_OK);
        require(out.size > 0 && fp_text_is_utf8((fp_str){out.data, out.size}));
        fp_out_free(&out);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *nul = size == 0 ? NULL : memchr(data, 0, size);
    const size_t first = nul == NULL ? size : (size_t)(nul - data);
    const size_t skip = nul == NULL ? size : first + 1;
    fp_record before;
    fp_record after;
    fp_changes changes;
    fp_arena *arena = fp_arena_new(BUDGET);
    require(arena != NULL);
    if (fp_record_read(fp_span_of(data, first), arena, &before, NULL) == FP_OK &&
        fp_record_read(fp_span_of(data + skip, size - skip), arena, &after, NULL) == FP_OK &&
        fp_record_same_server(&before, &after, NULL) != FP_FALSE &&
        fp_changes_find(&before, &after, before.generated, arena, &changes) == FP_OK) {
        check_lists(&changes);
        check_conclusion(&changes);
        check_same(&after, arena);
        write_all(&changes);
    }
    fp_arena_free(arena);
    return 0;
}
