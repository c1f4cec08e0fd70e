/* SPDX-License-Identifier: MIT */
/*
 * Is a document of ours well-formed XML, and made of our elements only? Text that gets out of its
 * place shows as an element or attribute that nobody wrote.
 */
#ifndef FP_TESTS_XML_CHECK_H
#define FP_TESTS_XML_CHECK_H

#include "inventory/base/text.h"

typedef struct xml_count {
    bool well_formed;
    size_t elements;
    size_t attributes;
    size_t strangers; /* elements that are not among `names`, attributes that begin with "on" */
} xml_count;

/* `names`: the elements that may stand there, ended by NULL. */
xml_count xml_check(fp_str document, const char *const *names);

extern const char *const xml_html_names[]; /* of the HTML report */

#endif
