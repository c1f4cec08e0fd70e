/* SPDX-License-Identifier: MIT */
/*
 * A document of any elements r, a and b, read with fp_xml_form.plain and without, and all that is
 * told of it as text: both must tell the same, to the byte at which trouble is.
 */
#ifndef FP_TESTS_XML_EVENTS_H
#define FP_TESTS_XML_EVENTS_H

#include "inventory/base/xml.h"

typedef struct xml_events {
    char *text; /* NUL-terminated, freed by the caller */
    size_t size, capacity;
} xml_events;

#define XML_EVENTS_NAMESPACE "urn:u"

/* In pieces of `piece` bytes, or in one for 0; `complete`: see fp_xml_end. */
xml_events xml_events_of(fp_span document, bool plain, size_t piece, bool complete);

#endif
