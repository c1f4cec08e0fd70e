/* SPDX-License-Identifier: MIT */
/* `inventory` as text: what the server has. */
#include "verify/report/text_parts.h"

static const char *tri_words(fp_tri t)
{
    static const char *const words[] = {"not known", "no", "yes"};
    return words[t];
}

static void product(fp_page *p, const fp_report *report)
{
    const fp_product *product = &report->casefile->product;
    fp_page_heading(p, "Details");
    if (product->release != NULL)
        fp_text_property(p, "Release",
                         fp_page_format(p, "%s (%s; %s)",
                                        fp_page_clean(p, product->release->release),
                                        fp_page_clean(p, product->release->certainty),
                                        fp_page_clean(p, product->release->source)));
    fp_text_property(p, "Installed in", fp_page_clean(p, product->install_folder));
    if (product->installed == FP_TRUE)
        fp_text_property(p, "View", product->wow64 ? "32-bit (Wow6432Node)" : "native");
    for (size_t i = 0; i < product->feature_count; i++)
        fp_text_property(p, i == 0 ? "Features" : "",
                         fp_page_format(p, "%s: %s",
                                        fp_page_clean(p, product->features[i].feature->title),
                                        tri_words(product->features[i].installed)));
    fp_text_property(p, "Console", tri_words(product->console));
    fp_text_observations(p, report, "  - ", "    ", &product->observations, 0);
    fp_text_observations(p, report, "  - ", "    ", &product->details, 0);
}

static void names(fp_page *p, const fp_report *report)
{
    const fp_case *c = report->casefile;
    if (c->host_count == 0)
        return;
    fp_page_heading(p, c->host_conflict ? "Computer names: they contradict each other"
                                        : "Computer names");
    for (size_t i = 0; i < c->host_count; i++) {
        fp_page_put(p, (fp_lead){.first = "  - "}, c->hosts[i].name);
        const char *origin = fp_text_origin(p, report, c->hosts[i].origin);
        if (*origin != '\0')
            fp_page_put(p, (fp_lead){.first = "      "}, fp_str_of(origin));
    }
}

static void recorded_files(fp_page *p, const fp_trace *trace)
{
    for (size_t i = 0; i < trace->file_count; i++) {
        const fp_trace_file *file = &trace->files[i];
        fp_page_putf(p, (fp_lead){.first = "        "}, "file %s, version %s%s%s",
                     fp_page_clean(p, file->name),
                     file->version_text.size > 0 ? fp_page_clean(p, file->version_text)
                                                 : "not recorded",
                     file->location.size > 0 ? ", in " : "", fp_page_clean(p, file->location));
    }
}

static void trace(fp_page *p, const fp_report *report, const fp_trace *t)
{
    fp_page_putf(p, (fp_lead){.first = "    - ", .next = "      "}, "%s%s%s%s%s%s",
                 fp_trace_place_title(t->place), t->wow64 ? " (32-bit view)" : "",
                 t->product.size > 0 ? ": " : "", fp_page_clean(p, t->product),
                 t->level.size > 0 ? ", " : "", fp_page_clean(p, t->level));
    fp_page_put(p, (fp_lead){.first = "        ", .next = "          "}, t->key_path);
    if (t->installed_date.size > 0)
        fp_page_putf(p, (fp_lead){.first = "        "}, "installed %s%s%s (as recorded)",
                     fp_page_clean(p, t->installed_date), t->installed_by.size > 0 ? " by " : "",
                     fp_page_clean(p, t->installed_by));
    if (t->written != FP_TIME_NONE)
        fp_page_putf(p, (fp_lead){.first = "        "}, "key last written %s",
                     fp_text_time(p, t->written));
    recorded_files(p, t);
    if (t->files_complete != FP_TRUE)
        fp_page_put(p, (fp_lead){.first = "        "},
                    FP_STR("the list of its files may not be whole"));
    /* The key was named already. */
    const bool same = fp_str_eq(t->origin.where, t->key_path);
    const fp_origin origin = {t->origin.item, same ? FP_STR("") : t->origin.where};
    const char *place = fp_text_origin(p, report, origin);
    if (*place != '\0')
        fp_page_put(p, (fp_lead){.first = "        ", .next = "          "}, fp_str_of(place));
}

static void markers(fp_page *p, const fp_report *report)
{
    fp_page_heading(p, "Hotfix markers");
    for (size_t i = 0; i < report->hotfix_count; i++) {
        const fp_hotfix *h = &report->hotfixes[i];
        fp_page_put(
            p, (fp_lead){.first = "  ", .tone = FP_TONE_STRONG, .mark = fp_page_clean(p, h->kb)},
            fp_str_of(""));
        for (size_t j = 0; j < h->trace_count; j++)
            trace(p, report, &h->traces[j]);
        fp_text_observations(p, report, "    ! ", "      ", &h->notes, 0);
    }
    if (report->hotfixes_complete == FP_UNKNOWN)
        fp_page_put(
            p, (fp_lead){.first = "  "},
            FP_STR("There may be others: the evidence does not cover every place where they are "
                   "kept."));
    else if (report->hotfix_count == 0)
        fp_page_put(p, (fp_lead){.first = "  "},
                    FP_STR("none, and the evidence covers their place"));
}

static void files(fp_page *p, const fp_report *report)
{
    const fp_case *c = report->casefile;
    if (c->file_count == 0)
        return;
    fp_page_heading(p, "Program files");
    for (size_t i = 0; i < c->file_count; i++) {
        const fp_case_file *file = &c->files[i];
        const fp_item *item = fp_report_item(report, file->item);
        const fp_version *v = &file->pe.version;
        const char *number =
            file->pe.has_version
                ? fp_page_format(p, "%u.%u.%u.%u", (unsigned)v->part[0], (unsigned)v->part[1],
                                 (unsigned)v->part[2], (unsigned)v->part[3])
                : "without a version";
        fp_page_putf(p, (fp_lead){.first = "  - "}, "[%u] %s: %s%s%s", (unsigned)file->item,
                     item != NULL ? fp_page_clean(p, item->path) : "", number,
                     file->pe.version_text.size > 0 ? ", says " : "",
                     fp_page_clean(p, file->pe.version_text));
    }
}

void fp_text_inventory(fp_page *p, const fp_report *report)
{
    fp_text_subject(p, report);
    product(p, report);
    names(p, report);
    markers(p, report);
    files(p, report);
    fp_text_evidence(p, report);
    fp_text_foot(p, report);
}
