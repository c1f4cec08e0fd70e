/* SPDX-License-Identifier: MIT */
/*
 * ConvertTo-Json: an array of objects, one object alone, or an object with arrays of them in it
 * ("value" where PowerShell wraps an array, "OsHotFixes" of Get-ComputerInfo). Dates are text, or
 * objects {"value": "\/Date(...)\/", "DateTime": "..."}. A document that is cut gives no row.
 */
#include "inventory/hotfix/listing_form.h"

#include "inventory/base/json.h"

enum { DOCUMENT_MAX = 8 * 1024 * 1024 }; /* bytes; in memory it takes some fifty times as much */

/* ---- recognition ---- */

/* The string that begins at text[*at] == '"'; *at goes behind it. */
static bool next_string(fp_str text, size_t *at, fp_str *out)
{
    const size_t start = ++*at;
    for (; *at < text.size; ++*at) {
        if (text.data[*at] == '\\') {
            ++*at;
        } else if (text.data[*at] == '"') {
            *out = (fp_str){text.data + start, (*at)++ - start};
            return true;
        }
    }
    return false;
}

static char skip_blanks(fp_str text, size_t *at)
{
    const fp_str rest = {text.data + *at, text.size - *at};
    *at += (size_t)(fp_str_trim(rest).data - rest.data);
    return *at < text.size ? text.data[*at] : '\0';
}

/* A document that names a member "HotFixID" anywhere in `head`. */
static bool probe(fp_str head)
{
    size_t at = 0;
    const char first = skip_blanks(head, &at);
    if (first != '[' && first != '{')
        return false;
    while (at < head.size) {
        fp_str string;
        if (head.data[at] != '"')
            at++;
        else if (!next_string(head, &at, &string))
            return false;
        else if (fp_listing_field_of(string) == FP_LISTING_ID && skip_blanks(head, &at) == ':')
            return true;
    }
    return false;
}

/* ---- lines ---- */

/* Where the objects of the rows begin, in the order of the document, which was parsed before. */
typedef struct places {
    fp_str text;
    size_t at;
    uint64_t line;
    char open[FP_JSON_DEPTH_MAX + 1]; /* the brackets around `at` */
    size_t depth;
} places;

static bool is_in_rows(const places *p)
{
    return (p->depth == 1 && p->open[0] == '[') ||
           (p->depth == 2 && p->open[0] == '{' && p->open[1] == '[');
}

/* Moves behind one character, or one string. */
static void step(places *p)
{
    const char c = p->text.data[p->at];
    fp_str string;
    if (c == '"') {
        if (!next_string(p->text, &p->at, &string))
            p->at = p->text.size;
        return;
    }
    p->at++;
    p->line += c == '\n';
    if ((c == '{' || c == '[') && p->depth < FP_JSON_DEPTH_MAX)
        p->open[p->depth++] = c;
    if ((c == '}' || c == ']') && p->depth > 0)
        p->depth--;
}

static uint64_t line_of_next_row(places *p)
{
    while (p->at < p->text.size && !(p->text.data[p->at] == '{' && is_in_rows(p)))
        step(p);
    const uint64_t line = p->line;
    if (p->at < p->text.size)
        step(p);
    return line;
}

/* ---- rows ---- */

static fp_str text_of(const fp_json *value)
{
    if (!fp_json_is(value, FP_JSON_OBJECT))
        return fp_json_string(value);
    const fp_str date = fp_json_string(fp_json_get(value, "DateTime"));
    return date.size > 0 ? date : fp_json_string(fp_json_get(value, "value"));
}

static bool is_row(const fp_json *object)
{
    fp_str key;
    void *cursor = NULL;
    while (fp_json_next(object, &cursor, &key) != NULL)
        if (fp_listing_field_of(key) == FP_LISTING_ID)
            return true;
    return false;
}

static void read_row(fp_listing_reader *r, const fp_json *object, uint64_t line)
{
    fp_listing_record record = {.line = line};
    const fp_json *value;
    fp_str key;
    void *cursor = NULL;
    while ((value = fp_json_next(object, &cursor, &key)) != NULL) {
        const fp_listing_field field = fp_listing_field_of(key);
        if (field == FP_LISTING_FIELDS || r->status != FP_OK)
            continue;
        /* The document is freed before the listing. */
        r->status = fp_str_dup(r->arena, fp_str_trim(text_of(value)), &record.at[field]);
    }
    if (r->status == FP_OK)
        fp_listing_add(r, &record);
}

static void read_array(fp_listing_reader *r, const fp_json *array, places *p)
{
    for (size_t i = 0; i < fp_json_size(array) && r->status == FP_OK; i++) {
        const fp_json *element = fp_json_at(array, i);
        if (!fp_json_is(element, FP_JSON_OBJECT))
            continue;
        const uint64_t line = line_of_next_row(p);
        if (is_row(element))
            read_row(r, element, line);
    }
}

static void read_document(fp_listing_reader *r, const fp_json *root)
{
    places p = {.text = r->text, .line = 1};
    const fp_json *value;
    fp_str key;
    void *cursor = NULL;
    if (fp_json_is(root, FP_JSON_ARRAY)) {
        read_array(r, root, &p);
    } else if (is_row(root)) {
        read_row(r, root, 1);
    } else {
        while ((value = fp_json_next(root, &cursor, &key)) != NULL)
            if (fp_json_is(value, FP_JSON_ARRAY))
                read_array(r, value, &p);
    }
}

static void refuse(fp_listing_reader *r, uint64_t line, const char *why)
{
    r->out->cut = true;
    fp_listing_problem(r, line, "%s: nothing of it is counted", why);
}

static void read(fp_listing_reader *r)
{
    fp_json *root;
    fp_diag why = {0};
    if (r->text.size > DOCUMENT_MAX) {
        refuse(r, 1, "a document of more than 8 MiB");
        return;
    }
    const fp_status status = fp_json_parse(fp_span_of(r->text.data, r->text.size), &root, &why);
    if (status == FP_OK) {
        read_document(r, root);
        fp_json_free(root);
    } else if (status == FP_NOMEM) {
        r->status = FP_NOMEM;
    } else {
        refuse(r, why.where, why.message);
    }
}

const fp_listing_form_reader fp_listing_form_json = {FP_LISTING_JSON, probe, read};
