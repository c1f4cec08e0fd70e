/* SPDX-License-Identifier: MIT */
#include "verify/report/export.h"

#include <string.h>

static fp_str product_words(fp_export *x)
{
    const fp_case *c = x->report->casefile;
    const bool known = c->product.installed == FP_TRUE;
    return fp_str_of(fp_page_format(
        &x->words, "%s on %s",
        known ? fp_text_product(&x->words, &c->product) : "site server product",
        c->host.size > 0 ? fp_page_clean(&x->words, c->host) : "a server not named"));
}

fp_status fp_export_begin(fp_export *x, const fp_report *report)
{
    static const fp_report_style plain = {0};
    fp_arena *arena = fp_arena_new(FP_REPORT_MEMORY_MAX);
    *x = (fp_export){
        .report = report, .doc = {.arena = arena}, .words = {.arena = arena, .style = &plain}};
    if (arena == NULL)
        return FP_NOMEM;
    const fp_status status = fp_report_digest(report, x->digest);
    if (status != FP_OK)
        return status;
    fp_report_uuid(x->digest, x->uuid);
    x->time = fp_str_of(fp_text_time(&x->words, report->generated));
    x->purl = fp_str_of(fp_report_purl(report, arena));
    x->product = product_words(x);
    x->folder = fp_text_folder(report);
    return x->words.failed || x->purl.size == 0 ? FP_NOMEM : FP_OK;
}

void fp_export_end(fp_export *x)
{
    fp_arena_free(x->doc.arena);
}

fp_status fp_export_json(const fp_report *report, fp_out *out,
                         void (*fill)(fp_export *x, fp_json *root))
{
    fp_export x;
    fp_status status = fp_export_begin(&x, report);
    if (status == FP_OK) {
        fp_json *root = fp_doc_object(&x.doc);
        fill(&x, root);
        x.doc.failed = x.doc.failed || x.words.failed;
        status = fp_doc_write(&x.doc, root, out);
        fp_json_free(root);
    }
    fp_export_end(&x);
    return status;
}

fp_str fp_export_clean(fp_export *x, fp_str text)
{
    return fp_str_of(fp_page_clean(&x->words, text));
}

static const char *missing_words(fp_export *x, const char *text, const fp_result *result)
{
    fp_page *p = &x->words;
    for (size_t i = 0; i < result->missing_count; i++) {
        const fp_missing *m = &result->missing[i];
        text = fp_page_format(p, "%s Missing: %s (%s).", text,
                              fp_text_phrase(p, m->needs.size > 0 ? m->needs : m->test->title),
                              m->stated ? "it settles the verdict" : fp_missing_why_name(m));
    }
    return text;
}

/* ---- what changed ---- */

const fp_result_change *fp_export_outcome(const fp_export *x, const fp_result *result)
{
    const fp_changes *c = x->report->changes;
    for (size_t i = 0; c != NULL && i < c->result_count; i++)
        if (c->results[i].after != NULL &&
            fp_str_eq(c->results[i].after->advisory, result->advisory->id))
            return &c->results[i];
    return NULL;
}

const char *fp_export_standing(const fp_result_change *change)
{
    const fp_record_result *before = change->before;
    const fp_record_result *after = change->after;
    if (after == NULL)
        return "absent";
    if (before == NULL)
        return "new";
    const bool same = before->verdict == after->verdict && before->possible == after->possible &&
                      fp_str_eq(before->reason, after->reason) &&
                      fp_str_eq(before->assurance, after->assurance);
    return same ? "unchanged" : "updated";
}

fp_advisory fp_export_absent(const fp_result_change *change)
{
    return (fp_advisory){.id = change->before->advisory, .title = change->before->title};
}

static const char *outcome_words(fp_export *x, const char *text, const fp_result *result)
{
    fp_page *p = &x->words;
    const fp_result_change *change = fp_export_outcome(x, result);
    if (change == NULL)
        return text;
    text = fp_page_format(p, "%s After the change: %s", text,
                          fp_text_outcome_words(change->outcome).meaning);
    if (x->report->changes->before == NULL)
        return text;
    return fp_page_format(p, "%s Before: %s.", text, fp_text_recorded(p, change->before));
}

static const char *list_words(fp_export *x, const char *text, fp_changes_list which)
{
    fp_page *p = &x->words;
    fp_lines lines;
    fp_changes_lines(p, x->report->changes, which, &lines);
    for (size_t i = 0; i < lines.count; i++) {
        const char *lead = fp_page_format(p, " %s:", fp_changes_heading(which));
        text = fp_page_format(p, "%s%s %s", text, i > 0 ? ";" : lead,
                              fp_text_phrase(p, fp_str_of(lines.at[i])));
    }
    return lines.count > 0 ? fp_page_format(p, "%s.", text) : text;
}

static const char *absent_words(fp_export *x, const char *text)
{
    const fp_changes *c = x->report->changes;
    fp_page *p = &x->words;
    for (size_t i = 0; i < c->result_count; i++)
        if (c->results[i].after == NULL)
            text = fp_page_format(p, "%s Asked before, and not again: %s, %s.", text,
                                  fp_page_clean(p, c->results[i].before->advisory),
                                  fp_text_recorded(p, c->results[i].before));
    return text;
}

fp_str fp_export_change_note(fp_export *x)
{
    fp_page *p = &x->words;
    const fp_changes *c = x->report->changes;
    if (c == NULL)
        return FP_STR("");
    const fp_headline h = fp_text_conclusion(c);
    const fp_str order = c->order == FP_ORDER_FORWARD ? c->order_text : fp_text_order(c);
    const char *text = fp_page_format(p, "%s. %s", h.words, h.meaning);
    if (order.size > 0)
        text = fp_page_format(p, "%s %s", text, fp_page_clean(p, order));
    if (c->before != NULL && c->same_server == FP_UNKNOWN)
        text = fp_page_format(p, "%s %s", text, fp_text_not_same_server());
    text = list_words(x, text, FP_LIST_WORSE);
    text = absent_words(x, text);
    for (unsigned which = FP_LIST_CHANGED; which < FP_CHANGES_LISTS; which++)
        text = list_words(x, text, (fp_changes_list)which);
    return fp_str_of(text);
}

/* ---- a verdict ---- */

fp_str fp_export_note(fp_export *x, const fp_result *result)
{
    fp_page *p = &x->words;
    const fp_headline h = fp_text_headline(p, result);
    const char *text =
        fp_page_format(p, "%s. %s %s Reason: %s.", h.words, h.meaning,
                       fp_page_clean(p, result->reason_text), fp_page_clean(p, result->reason));
    if (result->assurance.size > 0)
        text = fp_page_format(p, "%s Assurance: %s.", text, fp_page_clean(p, result->assurance));
    text = outcome_words(x, text, result);
    for (size_t i = 0; i < result->caveat_count; i++)
        text = fp_page_format(p, "%s Caveat: %s", text, fp_page_clean(p, result->caveats[i]));
    text = missing_words(x, text, result);
    for (size_t i = 0; i < x->report->casefile->statement_count; i++) {
        const fp_statement *s = &x->report->casefile->statements[i];
        text = fp_page_format(p, "%s Declared, not observed: %s = %s.", text,
                              fp_page_clean(p, s->key), fp_page_clean(p, s->value));
    }
    return fp_str_of(
        fp_page_format(p, "%s The JSON report of this run has the SHA-256 %s.", text, x->digest));
}

bool fp_export_product_absent(const fp_export *x, const fp_result *result)
{
    return result->verdict == FP_NOT_APPLICABLE &&
           x->report->casefile->product.installed == FP_FALSE;
}

fp_str fp_export_address(const fp_result *result)
{
    const fp_advisory *a = result->advisory;
    for (size_t i = 0; i < a->reference_count; i++)
        if (fp_uri_is_https(a->references[i].url))
            return a->references[i].url;
    return (fp_str){NULL, 0};
}
