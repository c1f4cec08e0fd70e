/* SPDX-License-Identifier: MIT */
/* What a catalogue says of the updates asked for. */
#include "verify/report/text_parts.h"

#define INDENT "                " /* of what is said of an update, below its RevisionId */

enum { RELATIVES_SHOWN = 12 }; /* JSON has them all */

static fp_lead revision_lead(fp_page *p, const fp_update *is)
{
    return (fp_lead){.first = "    ",
                     .mark = fp_page_format(p, "%u", (unsigned)is->revision_id),
                     .mark_width = 12,
                     .tone = FP_TONE_STRONG};
}

static const char *identity_words(fp_page *p, const fp_catalog_update *u)
{
    const char *id = u->update_id.size > 0 ? fp_page_clean(p, u->update_id) : "unreadable";
    return u->is->has_revision_number
               ? fp_page_format(p, "UpdateId %s, revision %u", id, (unsigned)u->is->revision_number)
               : fp_page_format(p, "UpdateId %s, of no readable revision", id);
}

static const char *action_words(fp_page *p, const fp_catalog_update *u)
{
    return u->has_action ? fp_page_format(p, "DeploymentAction \"%s\"", fp_page_clean(p, u->action))
                         : "no DeploymentAction";
}

/* "superseded by 12 (not in this catalogue); in 2 steps 14, 15" */
static void relatives(fp_page *p, const char *label, const fp_relatives *r)
{
    if (r->count == 0)
        return;
    const char *list = "";
    unsigned steps = 1;
    for (size_t i = 0; i < r->count && i < RELATIVES_SHOWN; i++) {
        const fp_relative *one = &r->at[i];
        const char *before = i == 0 ? "" : ", ";
        if (one->steps != steps)
            before = fp_page_format(p, "; in %u steps ", one->steps);
        steps = one->steps;
        list = fp_page_format(p, "%s%s%u%s", list, before, (unsigned)one->revision_id,
                              one->update == NULL ? " (not in this catalogue)" : "");
    }
    fp_page_putf(p, (fp_lead){.first = INDENT, .next = INDENT "  "}, "%s %s%s", label, list,
                 r->cut || r->count > RELATIVES_SHOWN ? " ... and more" : "");
}

static void file(fp_page *p, const fp_catalog_file *f)
{
    const fp_lead lead = {.first = INDENT, .next = INDENT "  "};
    char hex[2 * FP_SHA256_SIZE + 1];
    fp_page_putf(p, lead, "file %s%s%s", f->name.size > 0 ? fp_page_clean(p, f->name) : "",
                 f->has_size ? ", " : "", f->has_size ? fp_text_bytes(p, f->size) : "");
    if (f->has_sha1) {
        fp_hex(f->sha1, sizeof f->sha1, hex);
        fp_page_putf(p, (fp_lead){.first = INDENT "  "}, "SHA-1 %s", hex);
    }
    if (f->has_sha256) {
        fp_hex(f->sha256, sizeof f->sha256, hex);
        fp_page_putf(p, (fp_lead){.first = INDENT "  "}, "SHA-256 %s", hex);
    }
    if (f->url.size > 0)
        fp_page_put(p, (fp_lead){.first = INDENT "  "}, f->url);
}

static void details(fp_page *p, const fp_catalog_details *d)
{
    const fp_lead lead = {.first = INDENT, .next = INDENT "  "};
    const char *kbs = "";
    for (size_t i = 0; i < d->kb_count && i < FP_FRAGMENT_KBS_MAX; i++)
        kbs = fp_page_format(p, "%s%sKB%u", kbs, i > 0 ? ", " : "", (unsigned)d->kbs[i]);
    if (d->title.size > 0)
        fp_page_putf(p, lead, "\"%s\"", fp_page_clean(p, d->title));
    if (d->kb_count > 0)
        fp_page_put(p, lead, fp_str_of(kbs));
    if (d->type.size + d->severity.size > 0)
        fp_page_putf(p, lead, "%s%s%s", fp_page_clean(p, d->type),
                     d->severity.size > 0 ? ", severity " : "", fp_page_clean(p, d->severity));
    for (size_t i = 0; i < d->file_count && i < FP_CATALOG_FILES_MAX; i++)
        file(p, &d->files[i]);
    if (d->file_count > FP_CATALOG_FILES_MAX)
        fp_page_putf(p, lead, "and %zu more file%s", d->file_count - FP_CATALOG_FILES_MAX,
                     fp_plural(d->file_count - FP_CATALOG_FILES_MAX));
    if (!d->read)
        fp_page_put(p, lead, FP_STR("Not all that could say more was read: see the findings."));
    else if (d->title.size + d->type.size + d->severity.size + d->kb_count + d->file_count == 0)
        fp_page_putf(p, lead, "%s says nothing of it.", fp_page_clean(p, d->shard));
}

/* What package.xml says of it. */
static void listing(fp_page *p, const fp_catalog_update *u)
{
    const fp_update *is = u->is;
    if (!u->listed) {
        fp_page_put(p, revision_lead(p, is),
                    FP_STR("not found in package.xml: there is only a fragment of it"));
        return;
    }
    fp_page_putf(p, revision_lead(p, is), "%s, %s%s%s", action_words(p, u), identity_words(p, u),
                 is->is_bundle ? ", a bundle" : "", is->is_leaf ? ", a leaf" : "");
    fp_page_putf(p, (fp_lead){.first = INDENT}, "prerequisites: %u, categories: %u",
                 is->prerequisites, is->categories);
}

static void update(fp_page *p, const fp_catalog_update *u)
{
    listing(p, u);
    relatives(p, "superseded by", &u->superseded_by);
    relatives(p, "supersedes", &u->supersedes);
    relatives(p, "bundled by", &u->bundled_by);
    relatives(p, "bundles", &u->bundles);
    if (u->details != NULL)
        details(p, u->details);
}

static const char *found_words(fp_page *p, const fp_catalog_question *q)
{
    if (q->found == 0 && !q->settled)
        return "was not found, and not all that could hold it was read";
    if (q->found == 0) /* titles and texts, where a KB number may stand too, are not searched */
        return q->key.by == FP_CATALOG_BY_KB ? "no update carries it" : "is not in this catalogue";
    const char *more = q->settled ? "" : ", and not all that could hold it was read";
    return fp_page_format(p, "%u update%s%s", q->found, fp_plural(q->found), more);
}

static void question(fp_page *p, const fp_catalog_question *q)
{
    char asked[FP_CATALOG_KEY_TEXT];
    fp_page_putf(p, (fp_lead){.first = "  "}, "%s: %s", fp_catalog_key_format(&q->key, asked),
                 found_words(p, q));
    for (size_t i = 0; i < q->update_count; i++)
        update(p, q->updates[i]);
    if (q->update_count < q->found)
        fp_page_putf(p, (fp_lead){.first = "    "}, "and %zu more",
                     (size_t)q->found - q->update_count);
}

void fp_text_catalog_questions(fp_page *p, const fp_catalog *catalog)
{
    if (catalog->question_count == 0)
        return;
    fp_page_heading(p, "Updates asked for");
    for (size_t i = 0; i < catalog->question_count; i++)
        question(p, &catalog->questions[i]);
}

void fp_text_catalog_odd(fp_page *p, const fp_catalog *catalog)
{
    if (!catalog->asked_actions)
        return;
    fp_page_heading(p, "Updates with a DeploymentAction that is not expected");
    if (catalog->odd_count == 0)
        fp_page_put(p, (fp_lead){.first = "    "},
                    catalog->packages_read ? FP_STR("none")
                                           : FP_STR("none in the part that was read"));
    for (size_t i = 0; i < catalog->odd_kept; i++) {
        const fp_catalog_update *u = &catalog->odd[i];
        fp_page_putf(p, revision_lead(p, u->is), "%s, %s", action_words(p, u),
                     identity_words(p, u));
    }
    if (catalog->odd_count > catalog->odd_kept)
        fp_page_putf(p, (fp_lead){.first = "    "}, "and %s more",
                     fp_text_number(p, catalog->odd_count - catalog->odd_kept));
}
