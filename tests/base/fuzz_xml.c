/* SPDX-License-Identifier: MIT */
/*
 * Documents, read with fp_xml_form.plain and without. First byte: the size of the pieces, and in
 * its highest bit whether the document is cut; the rest: the document. What must hold: both tell
 * the same, and the pieces make no difference.
 */
#include "tests/support/xml_events.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    const bool complete = (data[0] & 0x80) == 0;
    const fp_span document = fp_span_of(data + 1, size - 1);
    xml_events expected = xml_events_of(document, false, 0, complete);
    xml_events plain = xml_events_of(document, true, data[0] & 0x7FU, complete);
    if (expected.size != plain.size || memcmp(expected.text, plain.text, plain.size) != 0)
        abort();
    free(expected.text);
    free(plain.text);
    return 0;
}
