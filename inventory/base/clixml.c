/* SPDX-License-Identifier: MIT */
#include "inventory/base/clixml.h"

#include "inventory/base/out.h"

#include <expat.h>
#include <string.h>

/* ---- recognition ---- */

static const fp_str root_tag = FP_STR_INIT("<Objs ");

/* Behind an XML declaration at most. */
static bool begins_well(fp_str head)
{
    fp_str text = fp_str_trim(head);
    if (fp_str_starts(text, FP_STR("<?xml"))) {
        const ptrdiff_t end = fp_str_find(text, FP_STR("?>"));
        text = end < 0 ? (fp_str){NULL, 0} : fp_str_trim(fp_str_tail(text, (size_t)end + 2));
    }
    return fp_str_starts(text, root_tag);
}

bool fp_clixml_names_property(fp_str head, fp_str name)
{
    static const fp_str before = FP_STR_INIT(" N=\"");
    if (!begins_well(head))
        return false;
    for (ptrdiff_t at; (at = fp_str_find(head, before)) >= 0;) {
        head = fp_str_tail(head, (size_t)at + before.size);
        const fp_str word = {head.data, name.size < head.size ? name.size : head.size};
        if (fp_str_ieq(word, name) && head.size > name.size && head.data[name.size] == '"')
            return true;
    }
    return false;
}

/* ---- strings ---- */

enum { ESCAPE_SIZE = 7 }; /* _xHHHH_ */

/* The UTF-16 unit that an escape at the start of `s` stands for, or -1. */
static int32_t escaped_unit(fp_str s)
{
    if (s.size < ESCAPE_SIZE || s.data[0] != '_' || s.data[1] != 'x' || s.data[6] != '_')
        return -1;
    int32_t unit = 0;
    for (size_t i = 2; i < 6; i++) {
        const int digit = fp_ascii_hex(s.data[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* One character that is written as escapes; its size in `s`, or 0 when none stands there. A lone
 * surrogate is U+FFFD. */
static size_t take_escaped(fp_out *out, fp_str s)
{
    char utf8[FP_UTF8_MAX];
    const int32_t unit = escaped_unit(s);
    if (unit < 0)
        return 0;
    const int32_t next = escaped_unit(fp_str_tail(s, ESCAPE_SIZE));
    uint32_t c = (uint32_t)unit;
    const bool pair = c >= 0xD800 && c < 0xDC00 && next >= 0xDC00 && next < 0xE000;
    if (pair)
        c = 0x10000 + ((c - 0xD800) << 10) + ((uint32_t)next - 0xDC00);
    else if (c >= 0xD800 && c < 0xE000)
        c = 0xFFFD;
    fp_out_str(out, (fp_str){utf8, fp_utf8_put(c, utf8)});
    return pair ? 2 * ESCAPE_SIZE : ESCAPE_SIZE;
}

static fp_str unescaped(fp_out *out, fp_str s)
{
    out->size = 0;
    while (s.size > 0) {
        size_t used = take_escaped(out, s);
        if (used == 0) {
            const char *next = s.size > 1 ? memchr(s.data + 1, '_', s.size - 1) : NULL;
            used = next != NULL ? (size_t)(next - s.data) : s.size;
            fp_out_str(out, (fp_str){s.data, used});
        }
        s = fp_str_tail(s, used);
    }
    return (fp_str){out->data, out->size};
}

/* ---- elements ---- */

typedef enum place {
    PLACE_OTHER = 0,
    PLACE_ROOT,
    PLACE_OBJECT, /* of the document, or of a list of it */
    PLACE_LIST,   /* in an object of the document */
    PLACE_PROPERTIES,
    PLACE_PROPERTY
} place;

typedef struct element {
    place place;
    bool is_row; /* an object whose `begin` was told */
    uint64_t line;
} element;

typedef struct reader {
    XML_Parser parser;
    const fp_clixml_events *events; /* NULL: only look whether it is well-formed */
    fp_status status;
    const char *why; /* of our own refusals */
    element open[FP_CLIXML_DEPTH_MAX];
    size_t depth;
    fp_out name, value; /* of the property that is open */
    fp_out name_text, value_text;
} reader;

static void stop(reader *r, fp_status status, const char *why)
{
    if (r->status == FP_OK) {
        r->status = status;
        r->why = why;
        (void)XML_StopParser(r->parser, XML_FALSE);
    }
}

static void heed(reader *r, fp_status said)
{
    if (said != FP_OK)
        stop(r, said, NULL);
}

static bool is_any(const char *name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

static const char *attribute(const XML_Char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (strcmp(attributes[i], name) == 0)
            return attributes[i + 1];
    return NULL;
}

/* What an element is, by its name and by what it stands in. */
static place place_of(const reader *r, const char *name, const XML_Char **attributes)
{
    static const char *const properties[] = {"Props", "MS", NULL};
    static const char *const lists[] = {"LST", "IE", "QUE", "STK", NULL};
    const element *parent = r->depth > 0 ? &r->open[r->depth - 1] : NULL;
    if (parent == NULL)
        return strcmp(name, "Objs") == 0 ? PLACE_ROOT : PLACE_OTHER;
    switch (parent->place) {
    case PLACE_ROOT:
    case PLACE_LIST:
        return strcmp(name, "Obj") == 0 ? PLACE_OBJECT : PLACE_OTHER;
    case PLACE_OBJECT:
        if (is_any(name, properties))
            return PLACE_PROPERTIES;
        return r->depth == 2 && !parent->is_row && is_any(name, lists) ? PLACE_LIST : PLACE_OTHER;
    case PLACE_PROPERTIES:
        return attribute(attributes, "N") != NULL ? PLACE_PROPERTY : PLACE_OTHER;
    case PLACE_PROPERTY:
    case PLACE_OTHER:
        break;
    }
    return PLACE_OTHER;
}

static void begin_property(reader *r, const char *name)
{
    element *object = &r->open[r->depth - 3]; /* above Props and this one */
    r->name.size = r->value.size = 0;
    fp_out_text(&r->name, name);
    if (object->is_row || r->events == NULL)
        return;
    object->is_row = true;
    heed(r, r->events->begin(r->events->context, object->line));
}

static void end_property(reader *r)
{
    const fp_str name = unescaped(&r->name_text, (fp_str){r->name.data, r->name.size});
    const fp_str value = unescaped(&r->value_text, (fp_str){r->value.data, r->value.size});
    if (r->name.failed || r->value.failed || r->name_text.failed || r->value_text.failed)
        stop(r, FP_NOMEM, "out of memory");
    else if (r->events != NULL)
        heed(r, r->events->property(r->events->context, name, value));
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    reader *r = context;
    if (r->status != FP_OK)
        return; /* expat may still call once after it was stopped */
    const place as = place_of(r, name, attributes);
    if (r->depth == FP_CLIXML_DEPTH_MAX) {
        stop(r, FP_LIMIT, "elements are nested too deep");
        return;
    }
    if (r->depth == 0 && as != PLACE_ROOT) {
        stop(r, FP_FORMAT, "its root is not Objs");
        return;
    }
    r->open[r->depth++] = (element){.place = as, .line = XML_GetCurrentLineNumber(r->parser)};
    if (as == PLACE_PROPERTY)
        begin_property(r, attribute(attributes, "N"));
}

static void XMLCALL on_text(void *context, const XML_Char *text, int size)
{
    reader *r = context;
    if (r->status == FP_OK && r->open[r->depth - 1].place == PLACE_PROPERTY)
        fp_out_str(&r->value, (fp_str){text, (size_t)size});
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    reader *r = context;
    (void)name;
    if (r->status != FP_OK)
        return;
    const element *closed = &r->open[r->depth - 1];
    if (closed->place == PLACE_PROPERTY)
        end_property(r);
    else if (closed->is_row)
        heed(r, r->events->end(r->events->context));
    r->depth--;
}

static void XMLCALL on_doctype(void *context, const XML_Char *name, const XML_Char *system_id,
                               const XML_Char *public_id, int has_internal_subset)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_internal_subset;
    stop(context, FP_FORMAT, "it has a document type");
}

/* ---- reading ---- */

static fp_status parsed(reader *r, fp_str text, fp_diag *d)
{
    const enum XML_Status status = XML_Parse(r->parser, text.data, (int)text.size, XML_TRUE);
    const uint64_t line = XML_GetCurrentLineNumber(r->parser);
    if (r->status != FP_OK)
        return r->why == NULL ? r->status : fp_fail(d, r->status, "clixml", line, "%s", r->why);
    if (status == XML_STATUS_OK)
        return FP_OK;
    const enum XML_Error error = XML_GetErrorCode(r->parser);
    return fp_fail(d, error == XML_ERROR_NO_MEMORY ? FP_NOMEM : FP_FORMAT, "clixml", line, "%s",
                   XML_ErrorString(error));
}

static fp_status parse(fp_str text, const fp_clixml_events *events, fp_diag *d)
{
    reader r = {.parser = XML_ParserCreate("UTF-8"), .events = events};
    if (r.parser == NULL)
        return fp_fail(d, FP_NOMEM, "clixml", 0, "out of memory");
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_start, on_end);
    XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    const fp_status status = parsed(&r, text, d);
    XML_ParserFree(r.parser);
    fp_out_free(&r.name);
    fp_out_free(&r.value);
    fp_out_free(&r.name_text);
    fp_out_free(&r.value_text);
    return status;
}

fp_status fp_clixml_read(fp_str text, const fp_clixml_events *events, fp_diag *d)
{
    if (text.size > FP_CLIXML_SIZE_MAX)
        return fp_fail(d, FP_LIMIT, "clixml", 1, "a document of more than %d bytes",
                       (int)FP_CLIXML_SIZE_MAX);
    const fp_status status = parse(text, NULL, d); /* whole, before anything of it counts */
    return status == FP_OK ? parse(text, events, d) : status;
}
