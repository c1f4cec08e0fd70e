/* SPDX-License-Identifier: MIT */
/* Export-Clixml of updates. A document that is cut gives no row. */
#include "inventory/hotfix/listing_form.h"

#include "inventory/base/clixml.h"

static const fp_str mark = FP_STR_INIT("HotFixID");

static bool probe(fp_str head)
{
    return fp_clixml_names_property(head, mark);
}

typedef struct rows {
    fp_listing_reader *reader;
    fp_listing_record record; /* of the object that is being read */
} rows;

static fp_status begin(void *context, uint64_t line)
{
    rows *r = context;
    r->record = (fp_listing_record){.line = line};
    return FP_OK;
}

/* What PowerShell adds to an object stands behind what WMI gave, and is the better form of it. */
static fp_status take(void *context, fp_str name, fp_str value)
{
    rows *r = context;
    const fp_listing_field field = fp_listing_field_of(name);
    if (field == FP_LISTING_FIELDS)
        return FP_OK;
    return fp_str_dup(r->reader->arena, fp_str_trim(value), &r->record.at[field]);
}

static fp_status end(void *context)
{
    rows *r = context;
    fp_listing_add(r->reader, &r->record);
    return r->reader->status;
}

static void read(fp_listing_reader *r)
{
    rows all = {.reader = r};
    const fp_clixml_events events = {&all, begin, take, end};
    fp_diag why = {0};
    fp_listing_document_read(r, fp_clixml_read(r->text, &events, &why), &why);
}

const fp_listing_form_reader fp_listing_form_clixml = {FP_LISTING_CLIXML, probe, read};
