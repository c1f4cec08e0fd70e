/* SPDX-License-Identifier: MIT */
/*
 * Listings that administrators attached. A row says that the hotfix is installed. That a listing
 * has no such row says nothing (listing.h), so that one which is cut leaves nothing open either.
 */
#include "inventory/hotfix/places.h"

/* Systems list an update several times; it is one statement. */
static bool is_kept(const fp_found *f, const fp_listing *listing)
{
    const size_t count = f->hotfix.trace_count;
    if (count == 0)
        return false;
    const fp_trace *last = &f->hotfix.traces[count - 1];
    return last->place == FP_TRACE_LISTING && last->origin.item == listing->item;
}

static void add_row(fp_search *s, fp_found *f, const fp_listing *listing, const fp_listing_row *row)
{
    if (is_kept(f, listing) || !fp_search_has_room(s, f))
        return;
    const fp_origin origin = fp_origin_line(s->arena, listing->item, row->line);
    if (origin.where.size == 0) {
        s->status = FP_NOMEM;
        return;
    }
    const fp_trace trace = {.place = FP_TRACE_LISTING,
                            .says = FP_TRACE_SAYS_INSTALLED,
                            .name = f->hotfix.kb,
                            .written = FP_TIME_NONE,
                            .installed_date = row->installed_on,
                            .installed_by = row->installed_by,
                            .description = row->description,
                            .files_complete = FP_TRUE,
                            .origin = origin};
    fp_search_add(s, f, &trace);
}

void fp_place_listing(fp_search *s)
{
    for (size_t i = 0; i < s->evidence->listing_count; i++) {
        const fp_listing *listing = &s->evidence->listings[i];
        for (size_t k = 0; k < listing->row_count && fp_search_step(s); k++) {
            fp_found *f = fp_search_hotfix(s, listing->rows[k].kb);
            if (f != NULL)
                add_row(s, f, listing, &listing->rows[k]);
        }
    }
}
