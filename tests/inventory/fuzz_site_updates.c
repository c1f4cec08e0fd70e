/* SPDX-License-Identifier: MIT */
/*
 * Lists of "Updates and Servicing". First byte: where to cut, in 256ths. What must hold: names and
 * states are readable and in the order of lines; a list with a problem is not complete; and what is
 * left of a CSV after the cut says nothing of a package that the whole does not say.
 */
#include "inventory/configmgr/site_updates.h"

#include "tests/support/fuzz.h"

#include <string.h>

enum { BUDGET = 32 * 1024 * 1024, CUTS = 256 };

static void check_field(fp_str field)
{
    require(field.size <= FP_SITE_UPDATES_FIELD_MAX);
    for (size_t i = 0; i < field.size; i++)
        require((unsigned char)field.data[i] >= ' ');
}

static void check_list(const fp_site_updates *list)
{
    require(list->count <= FP_SITE_UPDATES_MAX);
    require(!list->complete || list->problems.count == 0);
    for (size_t i = 0; i < list->count; i++) {
        const fp_site_update *u = &list->updates[i];
        require(u->name.size > 0 && u->line > 0);
        require(i == 0 || list->updates[i - 1].line <= u->line);
        require(u->has_state || !list->complete);
        check_field(u->name);
        check_field(u->package_guid);
        check_field(u->full_version);
        check_field(u->client_version);
        check_field(u->released);
        check_field(u->updated);
    }
}

static bool read(fp_span content, fp_arena *arena, fp_site_updates *out)
{
    const fp_status status = fp_site_updates_read(content, 1, NULL, arena, out, NULL);
    require(status == FP_OK || status == FP_FORMAT || status == FP_NOMEM);
    if (status == FP_OK)
        check_list(out);
    return status == FP_OK;
}

/* The rows before the cut are the first rows of the whole. */
static void check_prefix(const fp_site_updates *part, const fp_site_updates *whole)
{
    require(part->count <= whole->count);
    for (size_t i = 0; i < part->count; i++) {
        const fp_site_update *a = &part->updates[i], *b = &whole->updates[i];
        require(fp_str_eq(a->name, b->name) && fp_str_eq(a->package_guid, b->package_guid));
        require(a->has_state == b->has_state && a->state == b->state && a->line == b->line);
    }
}

/* A JSON or XML document that is damaged behind its end gives nothing, and cut off there, all. */
static bool is_document(fp_span content, fp_arena *arena)
{
    fp_str text;
    fp_text_counts counts;
    if (fp_text_decode_sniffed(content, NULL, arena, &text, &counts, NULL) != FP_OK)
        return true; /* nothing is known of it */
    text = fp_str_trim(text);
    return text.size > 0 && memchr("[{<", text.data[0], 3) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const fp_span all = fp_span_of(data + 1, size - 1);
    const fp_span some = fp_span_of(all.data, all.size * data[0] / CUTS);
    fp_arena *arena = fp_arena_new(BUDGET);
    require(arena != NULL);
    fp_site_updates whole, part;
    const bool has_whole = read(all, arena, &whole);
    if (read(some, arena, &part) && has_whole && !is_document(all, arena) &&
        fp_text_sniff(some).encoding == fp_text_sniff(all).encoding)
        check_prefix(&part, &whole);
    fp_arena_free(arena);
    return 0;
}
