/* SPDX-License-Identifier: MIT */
/* What "Updates and Servicing" lists, as part of the inventory: a line for each package. */
#include "verify/report/text_parts.h"

enum { STATE_WIDTH = 15 };

static fp_tone tone_of(fp_site_update_stage stage)
{
    static const fp_tone tones[FP_SITE_UPDATE_STAGES] = {
        [FP_SITE_UPDATE_UNKNOWN] = FP_TONE_OPEN, [FP_SITE_UPDATE_INSTALLED] = FP_TONE_GOOD,
        [FP_SITE_UPDATE_PENDING] = FP_TONE_OPEN, [FP_SITE_UPDATE_INSTALLING] = FP_TONE_OPEN,
        [FP_SITE_UPDATE_FAILED] = FP_TONE_BAD,
    };
    return tones[stage];
}

static bool is_same_name(const fp_site_updates *list, size_t index)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count && count < 2; i++)
        count += fp_str_eq(list->updates[i].name, list->updates[index].name);
    return count > 1;
}

static const char *state_words(fp_page *p, const fp_site_update *u)
{
    const char *name = u->has_state ? fp_site_update_state_name(u->state) : NULL;
    if (!u->has_state)
        return "no readable State";
    return fp_page_format(p, "State %u%s%s", (unsigned)u->state, name != NULL ? ", " : "",
                          name != NULL ? name : "");
}

static void put_details(fp_page *p, const fp_site_update *u)
{
    const bool known = u->package_guid.size > 0, dated = u->released.size > 0;
    fp_page_putf(p, (fp_lead){.first = "      - ", .next = "        "}, "%s%s%s%s%s",
                 state_words(p, u), known ? ", package " : "", fp_page_clean(p, u->package_guid),
                 dated ? ", released " : "", fp_page_clean(p, u->released));
}

static void put_list(fp_page *p, const fp_report *report, const fp_site_updates *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const fp_site_update *u = &list->updates[i];
        const fp_site_update_stage stage = fp_site_update_stage_at(u);
        const fp_lead lead = {"    ", NULL, fp_site_update_stage_name(stage), STATE_WIDTH,
                              tone_of(stage)};
        fp_page_putf(p, lead, "%s%s%s [%u]", fp_page_clean(p, u->name),
                     u->full_version.size > 0 ? ", " : "", fp_page_clean(p, u->full_version),
                     (unsigned)list->item);
        if (report->details || stage == FP_SITE_UPDATE_UNKNOWN || is_same_name(list, i))
            put_details(p, u);
    }
    if (!list->complete)
        fp_page_putf(p, (fp_lead){.first = "    ! ", .next = "      "},
                     "[%u] could not be read whole: it may list more", (unsigned)list->item);
}

void fp_text_site_updates(fp_page *p, const fp_report *report)
{
    const fp_case *c = report->casefile;
    if (c->site_updates_count == 0)
        return;
    fp_page_heading(p, "Site updates (Updates and Servicing)");
    for (size_t i = 0; i < c->site_updates_count; i++)
        put_list(p, report, &c->site_updates[i]);
}
