/* SPDX-License-Identifier: MIT */
/*
 * Documents of Export-Clixml, read as rows: the objects of the document, and those in a list that
 * is one of them. [MS-PSRP] 2.2.5 (serialisation), 2.2.5.3.2 (_xHHHH_ in strings); Export-Clixml
 * writes the same elements under <Objs>. A property is an element with a name in an object's Props
 * or MS; one that is an object itself, a reference to one, or longer than FP_XML_TEXT_MAX
 * (inventory/base/xml.h) has an empty value here. A document that is cut or not well-formed gives
 * no row.
 */
#ifndef FP_BASE_CLIXML_H
#define FP_BASE_CLIXML_H

#include "inventory/base/text.h"

enum {
    FP_CLIXML_SIZE_MAX = 16 * 1024 * 1024 /* bytes of UTF-8 */
};

/* Is `head` the beginning of such a document, and does it name a property `name`? Case ignored. */
bool fp_clixml_names_property(fp_str head, fp_str name);

/* Anything but FP_OK ends the reading. An object without a property is no row. */
typedef struct fp_clixml_events {
    void *context;
    fp_status (*begin)(void *context, uint64_t line);                /* where its <Obj> stands */
    fp_status (*property)(void *context, fp_str name, fp_str value); /* live during the call */
    fp_status (*end)(void *context);
} fp_clixml_events;

/* `text` is UTF-8. FP_FORMAT: not well-formed, or refused by xml.h; FP_LIMIT: too large; FP_NOMEM;
 * or what an event said. `where` is a line. */
FP_MUST_CHECK fp_status fp_clixml_read(fp_str text, const fp_clixml_events *events, fp_diag *d);

#endif
