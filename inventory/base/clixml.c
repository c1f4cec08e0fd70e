/* SPDX-License-Identifier: MIT */
#include "inventory/base/clixml.h"

#include "inventory/base/out.h"
#include "inventory/base/xml.h"

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

typedef struct object { /* an <Obj> that may be a row */
    uint64_t line;
    bool begun; /* it has a property: it is a row */
} object;

typedef struct reader {
    fp_xml *xml;
    const fp_clixml_events *events; /* NULL: only look whether it is well-formed */
    fp_status status;               /* what an event said */
    object document, item;          /* of the document; of a list that is one of its objects */
    bool in_list;
    fp_out name, name_text, value_text; /* of the property that is open */
} reader;

/* Why the reading ends, or NULL. */
static const char *heed(reader *r, fp_status said)
{
    r->status = said;
    return said == FP_OK ? NULL : "an event ended it";
}

static const char *begin_document_object(void *context, const char *const *attributes)
{
    reader *r = context;
    (void)attributes;
    r->document = (object){.line = fp_xml_line(r->xml)};
    return NULL;
}

static const char *begin_item(void *context, const char *const *attributes)
{
    reader *r = context;
    (void)attributes;
    r->item = (object){.line = fp_xml_line(r->xml)};
    r->in_list = true;
    return NULL;
}

static const char *end_object(reader *r, object *o)
{
    const bool row = o->begun;
    o->begun = false;
    return row ? heed(r, r->events->end(r->events->context)) : NULL;
}

static const char *end_document_object(void *context, fp_str text)
{
    reader *r = context;
    (void)text;
    return end_object(r, &r->document);
}

static const char *end_item(void *context, fp_str text)
{
    reader *r = context;
    (void)text;
    r->in_list = false;
    return end_object(r, &r->item);
}

/* A list in an object that is a row already is a part of that row. */
static bool is_counted(const reader *r)
{
    return r->events != NULL && !(r->in_list && r->document.begun);
}

static const char *begin_property(void *context, const char *const *attributes)
{
    reader *r = context;
    object *o = r->in_list ? &r->item : &r->document;
    const char *name = fp_xml_attribute(attributes, "N");
    r->name.size = 0;
    if (name == NULL || *name == '\0' || !is_counted(r))
        return NULL;
    fp_out_text(&r->name, name);
    if (o->begun)
        return NULL;
    o->begun = true;
    return heed(r, r->events->begin(r->events->context, o->line));
}

/* Of a text that is cut nobody knows what it says. */
static const char *end_property(void *context, fp_str text)
{
    reader *r = context;
    if (r->name.size == 0 || !is_counted(r))
        return NULL;
    const fp_str whole = text.size < FP_XML_TEXT_MAX ? text : (fp_str){NULL, 0};
    const fp_str name = unescaped(&r->name_text, (fp_str){r->name.data, r->name.size});
    const fp_str value = unescaped(&r->value_text, whole);
    if (r->name.failed || r->name_text.failed || r->value_text.failed)
        return heed(r, FP_NOMEM);
    return heed(r, r->events->property(r->events->context, name, value));
}

enum { DOCUMENT = FP_XML_ROOT + 1, OBJECT, PROPERTIES, LIST, ITEM, PROPERTY };

static const fp_xml_rule rules[] = {
    {FP_XML_ROOT, DOCUMENT, "Objs", NULL, NULL},
    {DOCUMENT, OBJECT, "Obj", begin_document_object, end_document_object},
    {OBJECT, PROPERTIES, "Props", NULL, NULL},
    {OBJECT, PROPERTIES, "MS", NULL, NULL},
    {OBJECT, LIST, "LST", NULL, NULL},
    {OBJECT, LIST, "IE", NULL, NULL},
    {OBJECT, LIST, "QUE", NULL, NULL},
    {OBJECT, LIST, "STK", NULL, NULL},
    {LIST, ITEM, "Obj", begin_item, end_item},
    {ITEM, PROPERTIES, "Props", NULL, NULL},
    {ITEM, PROPERTIES, "MS", NULL, NULL},
    {PROPERTIES, PROPERTY, NULL, begin_property, end_property},
};
static const fp_xml_form form = {rules, sizeof rules / sizeof *rules,
                                 "http://schemas.microsoft.com/powershell/2004/04", .plain = false};

/* ---- reading ---- */

static uint64_t line_at(fp_str text, uint64_t at)
{
    uint64_t line = 1;
    for (uint64_t i = 0; i < at && i < text.size; i++)
        line += text.data[i] == '\n';
    return line;
}

static fp_status parsed(reader *r, fp_str text, fp_diag *d)
{
    fp_xml_feed(r->xml, fp_span_of(text.data, text.size));
    fp_xml_end(r->xml, true);
    const fp_xml_trouble *trouble = fp_xml_trouble_of(r->xml);
    if (r->status != FP_OK || trouble->what == NULL)
        return r->status;
    return fp_fail(d, trouble->no_memory ? FP_NOMEM : FP_FORMAT, "clixml",
                   line_at(text, trouble->at), "%s", trouble->what);
}

static fp_status parse(fp_str text, const fp_clixml_events *events, fp_diag *d)
{
    reader r = {.events = events};
    r.xml = fp_xml_new(&form, &r);
    if (r.xml == NULL)
        return fp_fail(d, FP_NOMEM, "clixml", 0, "out of memory");
    const fp_status status = parsed(&r, text, d);
    fp_xml_free(r.xml);
    fp_out_free(&r.name);
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
