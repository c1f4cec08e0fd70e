/* SPDX-License-Identifier: MIT */
#include "inventory/base/json_rows.h"

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
    const fp_str rest = fp_str_tail(text, *at);
    *at += (size_t)(fp_str_trim(rest).data - rest.data);
    return *at < text.size ? text.data[*at] : '\0';
}

bool fp_json_names_member(fp_str head, fp_str name)
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
        else if (fp_str_ieq(string, name) && skip_blanks(head, &at) == ':')
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

bool fp_json_row_has(const fp_json *element, fp_str name)
{
    fp_str key;
    void *cursor = NULL;
    while (fp_json_next(element, &cursor, &key) != NULL)
        if (fp_str_ieq(key, name))
            return true;
    return false;
}

fp_str fp_json_row_text(const fp_json *value)
{
    if (!fp_json_is(value, FP_JSON_OBJECT))
        return fp_json_string(value);
    const fp_str date = fp_json_string(fp_json_get(value, "DateTime"));
    return date.size > 0 ? date : fp_json_string(fp_json_get(value, "value"));
}

typedef struct walk {
    places places;
    fp_json_row_fn *row;
    void *context;
} walk;

static fp_status read_array(walk *w, const fp_json *array)
{
    fp_status status = FP_OK;
    for (size_t i = 0; i < fp_json_size(array) && status == FP_OK; i++) {
        const fp_json *element = fp_json_at(array, i);
        const bool object = fp_json_is(element, FP_JSON_OBJECT);
        const uint64_t line = object ? line_of_next_row(&w->places) : w->places.line;
        status = w->row(w->context, element, line);
    }
    return status;
}

static fp_status read_document(walk *w, const fp_json *root, fp_str mark)
{
    const fp_json *value;
    fp_str key;
    void *cursor = NULL;
    fp_status status = FP_OK;
    if (fp_json_is(root, FP_JSON_ARRAY))
        return read_array(w, root);
    if (fp_json_row_has(root, mark))
        return w->row(w->context, root, 1);
    while (status == FP_OK && (value = fp_json_next(root, &cursor, &key)) != NULL)
        if (fp_json_is(value, FP_JSON_ARRAY))
            status = read_array(w, value);
    return status;
}

fp_status fp_json_rows(fp_str text, fp_str mark, fp_json_row_fn *row, void *context, fp_diag *d)
{
    fp_json *root;
    if (text.size > FP_JSON_ROWS_SIZE_MAX)
        return fp_fail(d, FP_LIMIT, "json", 1, "a document of more than %d bytes",
                       (int)FP_JSON_ROWS_SIZE_MAX);
    fp_status status = fp_json_parse(fp_span_of(text.data, text.size), &root, d);
    if (status != FP_OK)
        return status;
    walk w = {.places = {.text = text, .line = 1}, .row = row, .context = context};
    status = read_document(&w, root, mark);
    fp_json_free(root);
    return status;
}
