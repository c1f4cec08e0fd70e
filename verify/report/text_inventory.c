/* SPDX-License-Identifier: MIT */
/*
 * `inventory` as text: what the server has, on one screen. `--details` (text_details.c) tells every
 * trace and where all was read.
 */
#include "verify/report/text_parts.h"

static const char *tri_words(fp_tri t)
{
    static const char *const words[] = {"not known", "no", "yes"};
    return words[t];
}

/* ---- the installation ---- */

static const char *features(fp_page *p, const fp_product *product)
{
    const char *text = "";
    for (size_t i = 0; i < product->feature_count; i++)
        text = fp_page_format(p, "%s%s%s: %s", text, i > 0 ? ", " : "",
                              fp_page_clean(p, product->features[i].feature->feature),
                              tri_words(product->features[i].installed));
    return text;
}

static const char *restart_words(fp_page *p, const fp_restart *restart)
{
    if (restart->pending == FP_FALSE)
        return "not pending: none of its signs is there";
    if (restart->pending == FP_UNKNOWN)
        return fp_page_format(p, "not known if pending (%s); it takes an export of %s",
                              fp_unknown_why_name(restart->why),
                              fp_page_clean(p, restart->unknown_where));
    const char *text = "PENDING";
    const char *separator = ": ";
    for (size_t i = 0; i < restart->sign_count; i++) {
        const fp_restart_sign *sign = &restart->signs[i];
        if (sign->ignored || sign->answer.exists != FP_TRUE)
            continue;
        text = fp_page_format(p, "%s%s%s [%u]", text, separator, sign->name,
                              (unsigned)sign->answer.origin.item);
        separator = ", ";
    }
    return text;
}

static void installation(fp_page *p, const fp_report *report)
{
    const fp_product *product = &report->casefile->product;
    const fp_release *release = product->release;
    fp_page_heading(p, "Installation");
    if (release != NULL)
        fp_text_property(p, "Release",
                         fp_page_format(p, "%s (%s)", fp_page_clean(p, release->release),
                                        fp_page_clean(p, release->certainty)));
    fp_text_property(p, "Installed in", fp_page_clean(p, product->install_folder));
    if (product->installed == FP_TRUE)
        fp_text_property(p, "View", product->wow64 ? "32-bit (Wow6432Node)" : "native");
    fp_text_property(p, "Features", features(p, product));
    fp_text_property(p, "Console", tri_words(product->console));
    if (report->restart != NULL)
        fp_text_property(p, "Restart", restart_words(p, report->restart));
}

static void names(fp_page *p, const fp_report *report)
{
    const fp_case *c = report->casefile;
    if (!c->host_conflict)
        return;
    fp_page_heading(p, "Computer names: they contradict each other");
    for (size_t i = 0; i < c->host_count; i++)
        fp_page_putf(p, (fp_lead){.first = "  - ", .next = "    "}, "%s  %s",
                     fp_page_clean(p, c->hosts[i].name),
                     fp_text_origin(p, report, c->hosts[i].origin));
}

/* ---- program files ---- */

static const char *version_words(fp_page *p, const fp_pe *pe)
{
    const uint32_t *v = pe->version.part;
    return pe->has_version ? fp_page_format(p, "%u.%u.%u.%u", v[0], v[1], v[2], v[3]) : "none";
}

/* Winnt.h's IMAGE_FILE_MACHINE_* */
static const char *machine_words(fp_page *p, uint16_t machine)
{
    switch (machine) {
    case 0x014c:
        return "x86";
    case 0x8664:
        return "x64";
    case 0x0200:
        return "Itanium";
    default:
        return fp_page_format(p, "0x%x", machine);
    }
}

/* A file without a signature of its own may be signed by a catalogue file: nothing is said of it.
 */
static void put_signature(fp_page *p, const fp_authenticity *found)
{
    const fp_authentic_signature *s = found == NULL ? NULL : found->decisive;
    if (found == NULL || found->result == FP_AUTHENTIC_UNSIGNED)
        return;
    if (found->result == FP_AUTHENTIC_VALID)
        fp_page_putf(p, (fp_lead){.first = "      - "}, "signed by %s, valid",
                     fp_page_clean(p, s->signer.subject));
    else
        fp_page_putf(p, (fp_lead){.first = "      ! ", .next = "        "}, "signature %s: %s",
                     fp_authentic_result_name(found->result), fp_page_clean(p, found->reason));
}

static void put_file(fp_page *p, const fp_report *report, const fp_case_file *file, size_t skip)
{
    const fp_item *item = fp_report_item(report, file->item);
    const fp_str path = item != NULL ? item->path : FP_STR("");
    const fp_cell cells[] = {
        {version_words(p, &file->pe), 16, FP_TONE_PLAIN},
        {machine_words(p, file->pe.machine), 7, FP_TONE_PLAIN},
        {fp_page_format(p, "[%u] %s", (unsigned)file->item,
                        fp_page_clean(p, fp_str_tail(path, skip))),
         0, FP_TONE_PLAIN},
    };
    const fp_lead lead = {.first = "      ! ", .next = "        "};
    fp_page_row(p, "    ", cells, 3);
    if (fp_pe_text_agrees(&file->pe) == FP_FALSE)
        fp_page_putf(p, lead, "its text says %s: the two disagree, and the number counts",
                     fp_page_clean(p, file->pe.version_text));
    if (file->pe.languages_differ)
        fp_page_put(p, lead, FP_STR("its languages have different versions"));
    if (file->pe.strings_damaged)
        fp_page_put(p, lead, FP_STR("its texts are damaged"));
    put_signature(p, file->authenticity);
}

static void files(fp_page *p, const fp_report *report)
{
    const fp_case *c = report->casefile;
    const fp_cell heads[] = {
        {"version", 16, FP_TONE_FAINT}, {"for", 7, FP_TONE_FAINT}, {"from", 0, FP_TONE_FAINT}};
    if (c->file_count == 0)
        return;
    fp_page_heading(p, "Program files");
    fp_page_row(p, "    ", heads, 3);
    for (size_t i = 0; i < c->file_count; i++)
        put_file(p, report, &c->files[i], fp_text_folder(report).size);
}

void fp_text_inventory(fp_page *p, const fp_report *report)
{
    fp_text_subject(p, report);
    installation(p, report);
    names(p, report);
    fp_text_hotfixes(p, report);
    fp_text_site_updates(p, report);
    files(p, report);
    if (report->details)
        fp_text_details(p, report);
    fp_text_evidence(p, report);
    fp_text_hotfix_numbers(p, report);
    fp_text_foot(p, report);
}
