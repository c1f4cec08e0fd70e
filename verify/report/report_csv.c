/* SPDX-License-Identifier: MIT */
/*
 * CSV (RFC 4180): a header and one row per advisory, for spreadsheets; after a change also one for
 * each that only the report before asked.
 *
 * Spreadsheets take a cell that begins with = + - @ (or their full-width forms) for a formula, and
 * evidence must not become one: such a cell gets an apostrophe in front, as OWASP's "CSV Injection"
 * advises. Control characters are escaped before, so none of tab, CR or LF is left in a cell.
 */
#include "verify/report/export.h"

#include <string.h>

typedef struct row {
    fp_export *x;
    const fp_result *result;
    const fp_result_change *change; /* of confirm, else NULL */
    bool absent;                    /* only the report before asked it: `result` names it */
} row;

static fp_str host(const row *r)
{
    return r->x->report->casefile->host;
}

static fp_str site_code(const row *r)
{
    return r->x->report->casefile->product.site_code;
}

static fp_str product(const row *r)
{
    return fp_str_of(fp_text_product(&r->x->words, &r->x->report->casefile->product));
}

static fp_str collected_at(const row *r)
{
    const fp_time t = r->x->report->casefile->collected_at;
    return t == FP_TIME_NONE ? FP_STR("") : fp_str_of(fp_text_time(&r->x->words, t));
}

static fp_str generated(const row *r)
{
    return r->x->time;
}

static fp_str command(const row *r)
{
    return fp_str_of(fp_report_view_name(r->x->report->view));
}

static fp_str advisory(const row *r)
{
    return r->result->advisory->id;
}

static fp_str title(const row *r)
{
    return r->result->advisory->title;
}

static fp_str verdict(const row *r)
{
    return r->absent ? FP_STR("") : fp_str_of(fp_verdict_name(r->result->verdict));
}

static fp_str action_needed(const row *r)
{
    if (r->absent)
        return r->change->was_open ? FP_STR("yes") : FP_STR("no");
    return fp_report_no_action(r->result) ? FP_STR("no") : FP_STR("yes");
}

static fp_str reason(const row *r)
{
    return r->result->reason;
}

static fp_str reason_text(const row *r)
{
    return r->result->reason_text;
}

static fp_str assurance(const row *r)
{
    return r->result->assurance;
}

static fp_str possible(const row *r)
{
    const char *text = "";
    for (unsigned v = FP_AFFECTED; v < FP_VERDICTS; v++)
        if ((r->result->possible & fp_verdict_bit((fp_verdict)v)) != 0)
            text = fp_page_format(&r->x->words, "%s%s%s", text, *text != '\0' ? " " : "",
                                  fp_verdict_name((fp_verdict)v));
    return fp_str_of(text);
}

static fp_str caveats(const row *r)
{
    const char *text = "";
    for (size_t i = 0; i < r->result->caveat_count; i++)
        text = fp_page_format(&r->x->words, "%s%s%s", text, *text != '\0' ? " " : "",
                              fp_page_clean(&r->x->words, r->result->caveats[i]));
    return fp_str_of(text);
}

static fp_str missing(const row *r)
{
    const char *text = "";
    for (size_t i = 0; i < r->result->missing_count; i++)
        text = fp_page_format(&r->x->words, "%s%s%s", text, *text != '\0' ? " " : "",
                              fp_page_clean(&r->x->words, r->result->missing[i].needs));
    return fp_str_of(text);
}

static fp_str declared(const row *r)
{
    const fp_case *c = r->x->report->casefile;
    fp_page *p = &r->x->words;
    const char *text = "";
    for (size_t i = 0; i < c->statement_count; i++)
        text = fp_page_format(p, "%s%s%s=%s", text, *text != '\0' ? " " : "",
                              fp_page_clean(p, c->statements[i].key),
                              fp_page_clean(p, c->statements[i].value));
    return fp_str_of(text);
}

static fp_str report_sha256(const row *r)
{
    return fp_str_of(r->x->digest);
}

static fp_str outcome(const row *r)
{
    return r->change != NULL ? fp_str_of(fp_outcome_name(r->change->outcome)) : FP_STR("");
}

static const fp_record_result *before_of(const row *r)
{
    return r->change != NULL ? r->change->before : NULL;
}

static fp_str standing(const row *r)
{
    const bool compared = r->change != NULL && r->x->report->changes->before != NULL;
    return compared ? fp_str_of(fp_export_standing(r->change)) : FP_STR("");
}

static fp_str verdict_before(const row *r)
{
    const fp_record_result *before = before_of(r);
    return before != NULL ? fp_str_of(fp_verdict_name(before->verdict)) : FP_STR("");
}

static fp_str reason_before(const row *r)
{
    const fp_record_result *before = before_of(r);
    return before != NULL ? before->reason : FP_STR("");
}

static fp_str conclusion(const row *r)
{
    const fp_changes *c = r->x->report->changes;
    return c != NULL ? fp_str_of(fp_conclusion_name(c->conclusion)) : FP_STR("");
}

static fp_str change_note(const row *r)
{
    return fp_export_change_note(r->x);
}

/* Published: new columns are added at the end. */
static const struct {
    const char *name;
    fp_str (*value)(const row *r);
} columns[] = {
    {"host", host},
    {"site_code", site_code},
    {"product", product},
    {"collected_at", collected_at},
    {"generated", generated},
    {"command", command},
    {"advisory", advisory},
    {"title", title},
    {"verdict", verdict},
    {"action_needed", action_needed},
    {"reason", reason},
    {"reason_text", reason_text},
    {"assurance", assurance},
    {"possible", possible},
    {"caveats", caveats},
    {"missing", missing},
    {"report_sha256", report_sha256},
    {"declared", declared},
    {"outcome", outcome},
    {"standing", standing},
    {"verdict_before", verdict_before},
    {"reason_before", reason_before},
    {"conclusion", conclusion},
    {"change", change_note},
};

static bool begins_formula(const char *cell)
{
    static const char *const starts[] = {
        "=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};
    cell += strspn(cell, " "); /* some trim first */
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncmp(cell, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

static void put_cell(fp_out *out, const char *cell)
{
    fp_out_text(out, begins_formula(cell) ? "\"'" : "\"");
    for (const char *c = cell; *c != '\0'; c++)
        fp_out_char(out, *c, *c == '"' ? 2 : 1);
    fp_out_char(out, '"', 1);
}

static void put_row(fp_out *out, const row *r)
{
    const size_t count = sizeof columns / sizeof *columns;
    for (size_t i = 0; i < count; i++) {
        put_cell(out, fp_page_clean(&r->x->words, columns[i].value(r)));
        fp_out_text(out, i + 1 < count ? "," : "\r\n");
    }
}

static void put_absent_rows(fp_out *out, fp_export *x)
{
    const fp_changes *c = x->report->changes;
    for (size_t i = 0; c != NULL && i < c->result_count; i++) {
        if (c->results[i].after != NULL)
            continue;
        const fp_advisory named = fp_export_absent(&c->results[i]);
        const fp_result result = {.advisory = &named};
        const row one = {x, &result, &c->results[i], true};
        put_row(out, &one);
    }
}

fp_status fp_csv_write(const fp_report *report, const fp_report_style *style, fp_out *out)
{
    (void)style;
    const size_t count = sizeof columns / sizeof *columns;
    fp_export x;
    const fp_status status = fp_export_begin(&x, report);
    for (size_t i = 0; i < count; i++)
        fp_out_printf(out, "%s%s", columns[i].name, i + 1 < count ? "," : "\r\n");
    for (size_t r = 0; status == FP_OK && r < report->result_count; r++) {
        const fp_result *result = &report->results[r];
        const row one = {&x, result, fp_export_outcome(&x, result), false};
        put_row(out, &one);
    }
    if (status == FP_OK)
        put_absent_rows(out, &x);
    const bool failed = out->failed || x.words.failed;
    fp_export_end(&x);
    return status == FP_OK && failed ? FP_NOMEM : status;
}
