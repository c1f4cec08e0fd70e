/* SPDX-License-Identifier: MIT */
/* From a place to its line and column, by scanning the text again: jansson keeps no positions. The
 * text was accepted by fp_json_parse, so this needs no grammar, only to stay inside the document.
 */
#include "verify/decide/form.h"

#include <string.h>

typedef struct scan {
    fp_span text;
    size_t at;
} scan;

static int peek(const scan *s)
{
    return s->at < s->text.size ? s->text.data[s->at] : -1;
}

static void skip_blanks(scan *s)
{
    while (s->at < s->text.size && memchr(" \t\r\n", s->text.data[s->at], 4) != NULL)
        s->at++;
}

/* From the opening quote to behind the closing one; the raw text between them. */
static fp_str skip_string(scan *s)
{
    const size_t start = ++s->at;
    while (s->at < s->text.size && s->text.data[s->at] != '"')
        s->at += s->text.data[s->at] == '\\' ? 2 : 1;
    if (s->at >= s->text.size) {
        s->at = s->text.size;
        return (fp_str){NULL, 0};
    }
    return (fp_str){(const char *)s->text.data + start, s->at++ - start};
}

/* Behind the value that starts here. Depth is counted, not recursed into. */
static void skip_value(scan *s)
{
    size_t depth = 0;
    do {
        const int c = peek(s);
        if (c < 0)
            return;
        if (c == '"') {
            (void)skip_string(s);
            continue;
        }
        if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && depth > 0)
            depth--;
        s->at++;
    } while (depth > 0 || (peek(s) >= 0 && memchr(",]}", peek(s), 3) == NULL));
}

/* At '{': moves to the member's value, and says where its name begins. */
static bool enter_member(scan *s, fp_str key, size_t *name_at)
{
    if (peek(s) != '{')
        return false;
    for (;;) {
        s->at++; /* '{' or ',' */
        skip_blanks(s);
        if (peek(s) != '"')
            return false;
        const size_t here = s->at;
        const fp_str name = skip_string(s);
        skip_blanks(s);
        s->at++; /* ':' */
        skip_blanks(s);
        if (name.data != NULL && fp_str_eq(name, key)) {
            *name_at = here;
            return true;
        }
        skip_value(s);
        skip_blanks(s);
        if (peek(s) != ',')
            return false;
    }
}

/* At '[': moves to the element. */
static bool enter_element(scan *s, size_t index)
{
    if (peek(s) != '[')
        return false;
    s->at++;
    skip_blanks(s);
    for (size_t i = 0; i < index; i++) {
        skip_value(s);
        skip_blanks(s);
        if (peek(s) != ',')
            return false;
        s->at++;
        skip_blanks(s);
    }
    return peek(s) >= 0;
}

fp_json_position fp_place_position(const fp_place *at, fp_span document)
{
    const fp_json_position nowhere = {0, 0};
    const fp_place *chain[FP_JSON_DEPTH_MAX];
    size_t depth = 0;
    for (; at != NULL && at->up != NULL; at = at->up) {
        if (depth == FP_JSON_DEPTH_MAX)
            return nowhere;
        chain[depth++] = at;
    }

    scan s = {document, fp_span_starts(document, "\xEF\xBB\xBF", 3) ? 3 : 0};
    skip_blanks(&s);
    size_t found = s.at;
    while (depth > 0) {
        const fp_place *step = chain[--depth];
        const bool there = step->key.data != NULL ? enter_member(&s, step->key, &found)
                                                  : enter_element(&s, step->index);
        if (!there)
            return nowhere;
        if (step->key.data == NULL)
            found = s.at;
    }
    return fp_json_position_of(document, found);
}
