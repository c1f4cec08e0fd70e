/* SPDX-License-Identifier: MIT */
/* `catalog` as text: what a wsusscn2.cab is, and what it says of the updates asked for. */
#include "verify/report/text_parts.h"

/* Some of it at least? */
static bool is_decoded(const fp_case_catalog *c)
{
    const fp_catalog *catalog = c->catalog;
    return catalog != NULL && c->cabinet != NULL &&
           catalog->inner_sound + catalog->inner_damaged + catalog->inner_closed > 0;
}

/* Whole is said only of what was looked at: all of it. */
static const char *check_words(fp_page *p, const fp_case_catalog *c)
{
    const fp_catalog *catalog = c->catalog;
    if (fp_case_catalog_is_whole(c))
        return "whole";
    if (fp_catalog_is_whole(catalog, c->cabinet))
        return fp_page_format(p, "decoded without an error; blocks without a checksum: %s",
                              fp_text_number(p, fp_case_catalog_unchecked(c)));
    if (fp_catalog_is_decoded(catalog))
        return "NOT SEEN TO BE WHOLE: see the findings";
    const size_t inner = catalog->inner_sound + catalog->inner_closed;
    return fp_page_format(p, "no damage seen; %zu of %zu inner cabinet%s decoded%s",
                          catalog->inner_sound, inner, fp_plural(inner),
                          catalog->asked_all ? ": see the findings" : " (--check full: all)");
}

/* What a decoder makes of bytes that nobody vouches for is not to be believed. */
static const char *state_words(fp_page *p, const fp_case_catalog *c)
{
    if (c->damaged)
        return "DAMAGED, altered or not read to its end: proves nothing";
    if (!is_decoded(c))
        return "not decoded";
    const char *checked = check_words(p, c);
    switch (fp_case_catalog_standing(c)) {
    case FP_CATALOG_NOT_SHOWN:
        return fp_page_format(p, "%s; decoded from an unverified cabinet", checked);
    case FP_CATALOG_AUTHENTIC:
        return c->expected ? fp_page_format(p, "%s; its SHA-256 is the expected one", checked)
                           : checked;
    case FP_CATALOG_INAUTHENTIC:
        return fp_page_format(p, "%s; but unsigned, as a published one never is: proves nothing",
                              checked);
    }
    return "";
}

static const char *decoder_words(fp_page *p, const fp_archive_result *decoder)
{
    const char *message = fp_page_clean(p, fp_str_of(decoder->message));
    if (decoder->fate == FP_FATE_ENOUGH)
        return "stopped: what no answer needs was not decompressed (--check full)";
    if (*message == '\0')
        return decoder->fate == FP_FATE_UNKNOWN ? "not run" : fp_decoder_fate_name(decoder->fate);
    if (decoder->fate == FP_FATE_UNKNOWN)
        return message;
    return fp_page_format(p, "%s: %s", fp_decoder_fate_name(decoder->fate), message);
}

static const char *known(fp_page *p, fp_str text)
{
    return text.size > 0 ? fp_page_clean(p, text) : "not known";
}

/* Zero is said only of a package.xml that was read to its end. */
static const char *updates_words(fp_page *p, const fp_catalog *catalog)
{
    if (catalog->packages_read)
        return fp_text_number(p, catalog->updates);
    if (catalog->updates == 0)
        return "not read";
    return fp_page_format(p, "%s in the part that was read", fp_text_number(p, catalog->updates));
}

static void identity(fp_page *p, const fp_case_catalog *c)
{
    const fp_catalog *catalog = c->catalog;
    const fp_cabinet *cabinet = c->cabinet;
    if (catalog != NULL) {
        fp_text_property(p, "Package", known(p, catalog->package_id));
        fp_text_property(p, "Created", known(p, catalog->creation_date));
        fp_text_property(p, "Version", fp_page_clean(p, catalog->package_version));
        fp_text_property(p, "Updates", updates_words(p, catalog));
    }
    if (cabinet != NULL) {
        fp_text_property(p, "Members",
                         cabinet->files_read ? fp_text_number(p, cabinet->file_count) : "not read");
        fp_text_property(p, "Checksums",
                         fp_page_format(p, "right in %s block%s, absent in %s",
                                        fp_text_number(p, cabinet->blocks_checked),
                                        fp_plural(cabinet->blocks_checked),
                                        fp_text_number(p, cabinet->blocks_unchecked)));
    }
    fp_text_property(p, "Decoder", decoder_words(p, &c->decoder));
    fp_text_property(p, "State", state_words(p, c));
}

/* ---- signature ---- */

static const char *result_words(const fp_case_catalog *c)
{
    static const char *const words[] = {
        [FP_AUTHENTIC_UNKNOWN] = "NOT EXAMINED",
        [FP_AUTHENTIC_UNSIGNED] = "none: anybody may have made this file",
        [FP_AUTHENTIC_MISMATCH] = "MISMATCH",
        [FP_AUTHENTIC_FORGED] = "FORGED",
        [FP_AUTHENTIC_UNTRUSTED] = "UNTRUSTED",
        [FP_AUTHENTIC_EXPIRED] = "EXPIRED",
        [FP_AUTHENTIC_WEAK] = "WEAK",
        [FP_AUTHENTIC_VALID] = "valid: the file is as its publisher signed it",
    };
    return words[c->authenticity != NULL ? c->authenticity->result : FP_AUTHENTIC_UNKNOWN];
}

static void certificate(fp_page *p, const char *label, const fp_authentic_certificate *c)
{
    char hex[2 * FP_SHA256_SIZE + 1];
    fp_hex(c->sha256, sizeof c->sha256, hex);
    fp_text_property(p, label, fp_page_clean(p, c->subject));
    fp_text_property(p, "  SHA-256", fp_page_format(p, "%s", hex));
}

static void time_stamp(fp_page *p, const fp_authentic_stamp *stamp)
{
    char time[FP_TIME_TEXT_SIZE];
    if (stamp->kind == FP_STAMP_NONE) {
        fp_text_property(p, "Time stamp", "none");
        return;
    }
    fp_text_property(p, "Time stamp",
                     fp_page_format(p, "%s%s, by %s", fp_time_format(stamp->time, time),
                                    stamp->believed ? "" : " (NOT believed)",
                                    fp_page_clean(p, stamp->signer.subject)));
    if (!stamp->believed)
        fp_text_property(p, "  missing", fp_page_clean(p, stamp->missing_issuer));
}

static void whose(fp_page *p, const fp_authentic_signature *s)
{
    char hex[2 * FP_SHA256_SIZE + 1];
    char from[FP_TIME_TEXT_SIZE];
    char to[FP_TIME_TEXT_SIZE];
    if (s->digest_size > 0) {
        fp_hex(s->digest, s->digest_size, hex);
        fp_text_property(p, "Digest", fp_page_format(p, "%s %s", s->digest_name, hex));
    }
    if (s->has_signer) {
        certificate(p, "Signer", &s->signer);
        fp_text_property(p, "  valid",
                         fp_page_format(p, "%s to %s", fp_time_format(s->signer.not_before, from),
                                        fp_time_format(s->signer.not_after, to)));
        fp_text_property(p, "Issuer", fp_page_clean(p, s->signer.issuer));
        time_stamp(p, &s->stamp);
    }
    if (s->has_root)
        certificate(p, "Root", &s->root);
    fp_text_property(p, "Missing", fp_page_clean(p, s->missing_issuer));
    fp_text_property(p, "Weakness", fp_page_clean(p, s->weakness));
}

static void signature(fp_page *p, const fp_case_catalog *c)
{
    fp_page_heading(p, "Signature");
    fp_text_property(p, "Result", result_words(c));
    if (c->authenticity == NULL)
        return;
    if (c->authenticity->result != FP_AUTHENTIC_UNSIGNED)
        fp_text_property(p, "Reason", fp_page_clean(p, c->authenticity->reason));
    if (c->authenticity->decisive == NULL)
        return;
    if (c->authenticity->signature_count > 1)
        fp_text_property(
            p, "Signatures",
            fp_page_format(p, "%zu; this one decides", c->authenticity->signature_count));
    whose(p, c->authenticity->decisive);
    fp_text_property(p, "Revocation", "not checked");
}

/* ---- answers ---- */

static void actions(fp_page *p, const fp_catalog *catalog)
{
    if (!catalog->packages_read && catalog->updates == 0)
        return;
    fp_page_heading(p, catalog->packages_read
                           ? "Deployment actions, and how many updates have them"
                           : "Deployment actions, in the part of package.xml that was read");
    for (size_t i = 0; i < catalog->action_count; i++)
        fp_page_putf(p, (fp_lead){.first = "  "}, "\"%s\": %s",
                     fp_page_clean(p, catalog->actions[i].value),
                     fp_text_number(p, catalog->actions[i].count));
    fp_page_putf(p, (fp_lead){.first = "  "}, "none: %s",
                 fp_text_number(p, catalog->without_action));
}

static void damage(fp_page *p, const fp_case_catalog *c)
{
    const size_t told = c->catalog == NULL ? 0
                        : c->catalog->problem_count < FP_CATALOG_PROBLEMS_MAX
                            ? c->catalog->problem_count
                            : FP_CATALOG_PROBLEMS_MAX;
    const size_t found = c->cabinet == NULL ? 0
                         : c->cabinet->finding_count < FP_CABINET_FINDINGS_MAX
                             ? c->cabinet->finding_count
                             : FP_CABINET_FINDINGS_MAX;
    if (told + found == 0)
        return;
    fp_page_heading(p, "Findings");
    for (size_t i = 0; i < found; i++)
        fp_page_putf(p, (fp_lead){.first = "  - "}, "%s (offset %llu)",
                     fp_page_clean(p, fp_str_of(c->cabinet->findings[i].message)),
                     (unsigned long long)c->cabinet->findings[i].offset);
    for (size_t i = 0; i < told; i++)
        fp_page_put(p, (fp_lead){.first = "  - "}, c->catalog->problems[i]);
}

static void members(fp_page *p, const fp_cabinet *cabinet)
{
    fp_page_heading(p, "Members");
    for (size_t i = 0; i < cabinet->file_count; i++)
        fp_page_put(p,
                    (fp_lead){.mark = fp_page_format(p, "%14s  ",
                                                     fp_text_number(p, cabinet->files[i].size))},
                    cabinet->files[i].name);
    if (!cabinet->files_read)
        fp_page_put(p, (fp_lead){.first = "  "}, FP_STR("The list is not whole."));
}

void fp_text_catalog(fp_page *p, const fp_report *report)
{
    const fp_case *c = report->casefile;
    for (size_t i = 0; i < c->catalog_count; i++) {
        const fp_case_catalog *catalog = &c->catalogs[i];
        const fp_item *item = fp_report_item(report, catalog->item);
        fp_page_heading(p, item != NULL ? fp_page_clean(p, item->path) : "catalogue");
        identity(p, catalog);
        signature(p, catalog);
        if (catalog->catalog != NULL) {
            fp_text_catalog_questions(p, catalog->catalog);
            fp_text_catalog_odd(p, catalog->catalog);
            actions(p, catalog->catalog);
        }
        damage(p, catalog);
        if (report->members && catalog->cabinet != NULL)
            members(p, catalog->cabinet);
    }
    fp_text_evidence(p, report);
    fp_text_foot(p, report);
}
