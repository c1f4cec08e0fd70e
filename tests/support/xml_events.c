/* SPDX-License-Identifier: MIT */
#include "tests/support/xml_events.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct telling {
    xml_events events;
    const fp_xml *xml;
} telling;

FP_PRINTF(2, 3)
static void tell(xml_events *e, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const int more = vsnprintf(NULL, 0, format, args);
    va_end(args);
    const size_t needed = e->size + (size_t)more + 1;
    if (needed > e->capacity) {
        e->capacity = 2 * needed + 256;
        e->text = realloc(e->text, e->capacity);
    }
    if (e->text == NULL || more < 0)
        abort();
    (void)vsnprintf(e->text + e->size, e->capacity - e->size, format, again);
    va_end(again);
    e->size += (size_t)more;
}

static const char *enter(telling *t, char what, const char *const *attributes)
{
    tell(&t->events, "<%c line %llu", what, (unsigned long long)fp_xml_line(t->xml));
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        tell(&t->events, " [%s]=[%s]", attributes[i], attributes[i + 1]);
    tell(&t->events, "\n");
    return fp_xml_attribute(attributes, "no") != NULL ? "refused at its start" : NULL;
}

static const char *leave(telling *t, char what, fp_str text)
{
    tell(&t->events, ">%c [%.*s]\n", what, FP_STR_ARG(text));
    return fp_str_eq(text, FP_STR("no")) ? "refused at its end" : NULL;
}

#define PAIR(what)                                                                                 \
    static const char *enter_##what(void *context, const char *const *attributes)                  \
    {                                                                                              \
        return enter(context, #what[0], attributes);                                               \
    }                                                                                              \
    static const char *leave_##what(void *context, fp_str text)                                    \
    {                                                                                              \
        return leave(context, #what[0], text);                                                     \
    }
PAIR(r)
PAIR(a)
PAIR(b)

enum { NODE_R = 1, NODE_A, NODE_B };

static const fp_xml_rule rules[] = {
    {FP_XML_ROOT, NODE_R, "r", enter_r, leave_r}, {NODE_R, NODE_A, "a", enter_a, leave_a},
    {NODE_A, NODE_A, "a", enter_a, leave_a},      {NODE_A, NODE_B, "b", enter_b, leave_b},
    {NODE_B, NODE_A, "a", enter_a, NULL},         {NODE_R, NODE_B, "b", NULL, leave_b},
};

xml_events xml_events_of(fp_span document, bool plain, size_t piece, bool complete)
{
    const fp_xml_form form = {rules, sizeof rules / sizeof *rules, XML_EVENTS_NAMESPACE, plain};
    telling t = {.events = {.text = NULL}};
    fp_xml *x = fp_xml_new(&form, &t);
    if (x == NULL)
        abort();
    t.xml = x;
    for (size_t at = 0; at < document.size;) {
        const size_t left = document.size - at;
        const size_t size = piece == 0 || piece > left ? left : piece;
        fp_xml_feed(x, fp_span_of(document.data + at, size));
        at += size;
    }
    fp_xml_end(x, complete);
    const fp_xml_trouble *trouble = fp_xml_trouble_of(x);
    if (trouble->what != NULL)
        tell(&t.events, "%s at %llu\n", trouble->what, (unsigned long long)trouble->at);
    else
        tell(&t.events, "fine\n");
    fp_xml_free(x);
    return t.events;
}
