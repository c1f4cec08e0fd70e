/* SPDX-License-Identifier: MIT */
#include "tests/support/xml_check.h"

#include <expat.h>
#include <string.h>

const char *const xml_html_names[] = {
    "html",   "head", "meta", "link",    "title",  "style",   "body",    "a",
    "header", "p",    "h1",   "h2",      "h3",     "h4",      "nav",     "ul",
    "ol",     "li",   "main", "article", "div",    "section", "details", "summary",
    "span",   "code", "em",   "dl",      "dt",     "dd",      "svg",     "line",
    "rect",   "text", "g",    "path",    "circle", "table",   "thead",   "tbody",
    "tr",     "th",   "td",   "footer",  "strong", NULL};

typedef struct walk {
    const char *const *names;
    xml_count *count;
} walk;

static void XMLCALL start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    walk *w = context;
    size_t i = 0;
    while (w->names[i] != NULL && strcmp(w->names[i], name) != 0)
        i++;
    w->count->elements++;
    w->count->strangers += w->names[i] == NULL;
    for (size_t a = 0; attributes[a] != NULL; a += 2) {
        w->count->attributes++;
        w->count->strangers += strncmp(attributes[a], "on", 2) == 0;
    }
}

xml_count xml_check(fp_str document, const char *const *names)
{
    xml_count count = {0};
    walk w = {names, &count};
    XML_Parser parser = XML_ParserCreate("UTF-8");
    if (parser == NULL)
        return count;
    XML_SetUserData(parser, &w);
    XML_SetElementHandler(parser, start, NULL);
    count.well_formed =
        XML_Parse(parser, document.data, (int)document.size, XML_TRUE) == XML_STATUS_OK;
    XML_ParserFree(parser);
    return count;
}
