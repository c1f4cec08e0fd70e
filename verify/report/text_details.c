/* SPDX-License-Identifier: MIT */
/* `inventory --details` as text: where everything was read, and every trace of every hotfix. */
#include "verify/report/text_parts.h"

/* ---- the installation ---- */

static void installation(fp_page *p, const fp_report *report)
{
    const fp_product *product = &report->casefile->product;
    const fp_case *c = report->casefile;
    fp_page_heading(p, "What tells the installation");
    if (product->release != NULL)
        fp_page_putf(p, (fp_lead){.first = "  - ", .next = "    "}, "release %s: %s",
                     fp_page_clean(p, product->release->release),
                     fp_page_clean(p, product->release->source));
    fp_text_observations(p, report, "  - ", "    ", &product->observations, 0);
    fp_text_observations(p, report, "  - ", "    ", &product->details, 0);
    for (size_t i = 0; i < c->host_count; i++) {
        fp_page_putf(p, (fp_lead){.first = "  - ", .next = "    "}, "computer name %s",
                     fp_page_clean(p, c->hosts[i].name));
        fp_page_put(p, (fp_lead){.first = "      "},
                    fp_str_of(fp_text_origin(p, report, c->hosts[i].origin)));
    }
}

static const char *sign_words(const fp_restart_sign *sign)
{
    switch (sign->answer.exists) {
    case FP_TRUE:
        return sign->ignored ? "there, which proves nothing" : "THERE";
    case FP_FALSE:
        return "not there";
    case FP_UNKNOWN:
        return fp_unknown_why_name(sign->answer.why);
    }
    return "";
}

static void restart(fp_page *p, const fp_report *report)
{
    const fp_restart *restart = report->restart;
    if (restart == NULL)
        return;
    fp_page_heading(p, "Signs of a pending restart");
    for (size_t i = 0; i < restart->sign_count; i++) {
        const fp_restart_sign *sign = &restart->signs[i];
        fp_page_putf(p, (fp_lead){.first = "  - ", .next = "    "}, "%s: %s", sign->name,
                     sign_words(sign));
        fp_page_put(p, (fp_lead){.first = "      "}, sign->key_path);
    }
}

/* ---- hotfixes ---- */

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
    if (trace->files_complete != FP_TRUE)
        fp_page_put(p, (fp_lead){.first = "        "},
                    FP_STR("the list of its files may not be whole"));
}

static void facts(fp_page *p, const fp_trace *t)
{
    const fp_lead lead = {.first = "        ", .next = "          "};
    if (t->description.size > 0)
        fp_page_put(p, lead, t->description);
    if (t->installed_date.size > 0 || t->installed_by.size > 0)
        fp_page_putf(p, lead, "installed%s%s%s%s (as recorded)",
                     t->installed_date.size > 0 ? " " : "", fp_page_clean(p, t->installed_date),
                     t->installed_by.size > 0 ? " by " : "", fp_page_clean(p, t->installed_by));
    if (t->superseded_by.size > 0)
        fp_page_putf(p, lead, "superseded by %s", fp_page_clean(p, t->superseded_by));
    if (t->written != FP_TIME_NONE)
        fp_page_putf(p, lead, "key last written %s", fp_text_time(p, t->written));
    recorded_files(p, t);
}

static void trace(fp_page *p, const fp_report *report, const fp_trace *t)
{
    const fp_lead lead = {.first = "        ", .next = "          "};
    fp_page_putf(p, (fp_lead){.first = "    - ", .next = "      "}, "%s%s%s%s%s%s: %s%s%s",
                 fp_trace_place_title(t->place), t->wow64 ? " (32-bit view)" : "",
                 t->product.size > 0 ? " of " : "", fp_page_clean(p, t->product),
                 t->level.size > 0 ? ", " : "", fp_page_clean(p, t->level),
                 fp_trace_says_name(t->says), t->said.size > 0 ? ", " : "",
                 fp_page_clean(p, t->said));
    fp_page_put(p, lead, fp_str_of(fp_text_origin(p, report, t->origin)));
    facts(p, t);
}

static void hotfix(fp_page *p, const fp_report *report, const fp_hotfix *h)
{
    const char *ground = h->ground == FP_GROUND_NONE ? "" : fp_hotfix_ground_name(h->ground);
    const char *kb = fp_page_format(p, "%s  ", fp_page_clean(p, h->kb));
    const fp_lead lead = {.first = "  ",
                          .next = "    ",
                          .tone = FP_TONE_STRONG,
                          .mark = kb,
                          .mark_width = fp_text_columns(fp_str_of(kb))};
    fp_page_putf(p, lead, "%s%s%s: %s", fp_hotfix_state_name(h->state), *ground != '\0' ? ", " : "",
                 ground, fp_page_clean(p, h->because));
    for (size_t i = 0; i < h->trace_count; i++)
        trace(p, report, &h->traces[i]);
    fp_text_observations(p, report, "    ! ", "      ", &h->notes, 0);
    fp_text_observations(p, report, "    = ", "      ", &h->compared, 0);
}

void fp_text_details(fp_page *p, const fp_report *report)
{
    installation(p, report);
    restart(p, report);
    if (report->hotfix_count > 0)
        fp_page_heading(p, "Traces of hotfixes");
    for (size_t i = 0; i < report->hotfix_count; i++)
        hotfix(p, report, &report->hotfixes[i]);
}
