/* SPDX-License-Identifier: MIT */
/*
 * The plain part of XML, which is nearly all of a large document that a program wrote: tags with
 * ASCII names and quoted, printable values, and printable text between them.
 *
 * Within an element, every such tag or piece of text is well-formed by itself and means the same to
 * every XML processor (XML 1.0, 2.4, 3.1), in every encoding that has ASCII in it. What is not
 * plain is not wrong: a reference, a comment, a section, an instruction, a prefix, a namespace
 * declaration, another script, a control character that would be normalised, a value in which the
 * other quote stands, more attributes than are kept, or a token that is cut off. It is not judged
 * here.
 */
#ifndef FP_BASE_XML_PLAIN_H
#define FP_BASE_XML_PLAIN_H

#include "inventory/base/bytes.h"

enum {
    FP_XML_PLAIN_NAME_MAX = 63, /* bytes of an element's name */
    FP_XML_PLAIN_ATTRIBUTES_MAX = 16
};

typedef enum fp_xml_plain_kind {
    FP_XML_NOT_PLAIN = 0,
    FP_XML_TEXT,  /* one byte or more; the text may go on */
    FP_XML_START, /* <name ...> */
    FP_XML_EMPTY, /* <name .../> */
    FP_XML_END    /* </name> */
} fp_xml_plain_kind;

typedef struct fp_xml_part { /* of the bytes that were looked at */
    size_t at;
    size_t size;
} fp_xml_part;

typedef struct fp_xml_plain {
    fp_xml_plain_kind kind;
    size_t size;      /* bytes of it */
    size_t lines;     /* text: ends of lines in it; a tag has none */
    fp_xml_part name; /* tags */
    size_t attribute_count;
    struct {
        fp_xml_part name;  /* no two are the same; '=' follows */
        fp_xml_part value; /* a quote follows */
    } attributes[FP_XML_PLAIN_ATTRIBUTES_MAX];
} fp_xml_plain;

/* What `bytes` begin with. False: nothing plain, and *out is of no use. */
FP_MUST_CHECK bool fp_xml_plain_read(fp_span bytes, fp_xml_plain *out);

#endif
