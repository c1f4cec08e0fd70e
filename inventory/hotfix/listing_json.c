/* SPDX-License-Identifier: MIT */
/* ConvertTo-Json of updates. A document that is cut gives no row. */
#include "inventory/hotfix/listing_form.h"

#include "inventory/base/json_rows.h"

static const fp_str mark = FP_STR_INIT("HotFixID");

static bool probe(fp_str head)
{
    return fp_json_names_member(head, mark);
}

static fp_status read_row(void *context, const fp_json *element, uint64_t line)
{
    fp_listing_reader *r = context;
    fp_listing_record record = {.line = line};
    const fp_json *value;
    fp_str key;
    void *cursor = NULL;
    if (!fp_json_row_has(element, mark))
        return FP_OK;
    while ((value = fp_json_next(element, &cursor, &key)) != NULL) {
        const fp_listing_field field = fp_listing_field_of(key);
        if (field == FP_LISTING_FIELDS || r->status != FP_OK)
            continue;
        /* The document is freed before the listing. */
        r->status = fp_str_dup(r->arena, fp_str_trim(fp_json_row_text(value)), &record.at[field]);
    }
    if (r->status == FP_OK)
        fp_listing_add(r, &record);
    return r->status;
}

static void read(fp_listing_reader *r)
{
    fp_diag why = {0};
    fp_listing_document_read(r, fp_json_rows(r->text, mark, read_row, r, &why), &why);
}

const fp_listing_form_reader fp_listing_form_json = {FP_LISTING_JSON, probe, read};
