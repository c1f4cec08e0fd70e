/* SPDX-License-Identifier: MIT */
/*
 * XML, streamed: documents, and fragments that have several roots. expat's types stay inside xml.c.
 *
 * Why expat, and not something faster: it is a parser that others have attacked for twenty years,
 * it checks well-formedness to the letter, and it needs 4 MB. Where speed counts, it sees little:
 * of the 800,000 fragments almost none, for a search for the literal comes first; and of
 * package.xml, 110 MB, what is not plain (fp_xml_form.plain).
 *
 * What to read is told by rules: an element is known by its name and by the element it lies in, so
 * that one of the same name elsewhere is another thing. A document type declaration is refused:
 * entities that grow and attributes given by default come in through there only.
 */
#ifndef FP_BASE_XML_H
#define FP_BASE_XML_H

#include "inventory/base/text.h"

enum {
    FP_XML_ATTRIBUTE_MAX = 64 * 1024, /* bytes of one attribute value */
    FP_XML_TOKEN_MAX = 1024 * 1024,   /* bytes of one tag with all its attributes */
    FP_XML_DEPTH_MAX = 128,           /* elements */
    FP_XML_TEXT_MAX = 4096,           /* bytes of an element's text that are kept */
    FP_XML_ROOT = 0                   /* the node in which the root elements lie */
};

typedef struct fp_xml_rule {
    unsigned char parent; /* node of the element it lies in */
    unsigned char node;   /* its own: above FP_XML_ROOT */
    const char *name;     /* local; NULL: any that no rule before this one names */
    /* At its start; attributes: name, value, name, value ... NULL. What comes back is why the
     * document is refused, or NULL. May be NULL. */
    const char *(*enter)(void *context, const char *const *attributes);
    /* At its end, with its own text, cut at FP_XML_TEXT_MAX. May be NULL. */
    const char *(*leave)(void *context, fp_str text);
} fp_xml_rule;

typedef struct fp_xml_form { /* outlives the parser */
    const fp_xml_rule *rules;
    size_t rule_count;
    /* A document: its namespace, which its elements have or none, and its root must be of a rule.
     * NULL: a fragment: any roots, any number, prefixes are cut off, namespaces mean nothing. A
     * fragment that begins with an XML declaration is a document with one root. */
    const char *name_space;
    /* A document that is large and written by a program: what is plain in it (xml_plain.h) is read
     * here, several times as fast, and expat is given what is left. No difference is seen. */
    bool plain;
} fp_xml_form;

typedef struct fp_xml fp_xml;

/* NULL: no memory. */
FP_MUST_CHECK fp_xml *fp_xml_new(const fp_xml_form *form, void *context);
void fp_xml_free(fp_xml *x); /* NULL is fine */
/* Further bytes; in pieces of any size. After trouble they are ignored. */
void fp_xml_feed(fp_xml *x, fp_span bytes);
/* No more bytes come. `complete`: the document ends here; false: it was cut, and what came of it
 * is read. */
void fp_xml_end(fp_xml *x, bool complete);

typedef struct fp_xml_trouble {
    const char *what; /* a literal, or expat's; NULL: none */
    uint64_t at;      /* byte */
    bool no_memory;
} fp_xml_trouble;

/* The line of the tag that a rule is called for: 1, 2, ... */
uint64_t fp_xml_line(const fp_xml *x);

/* The first; after it no rule is called. */
const fp_xml_trouble *fp_xml_trouble_of(const fp_xml *x);

/* The value of an attribute, or NULL. */
const char *fp_xml_attribute(const char *const *attributes, const char *name);
/* Decimal, 32 bits; false too when `text` is NULL. */
FP_MUST_CHECK bool fp_xml_u32(const char *text, uint32_t *out);

#endif
