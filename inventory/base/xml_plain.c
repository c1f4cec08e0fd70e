/* SPDX-License-Identifier: MIT */
#include "inventory/base/xml_plain.h"

#include <string.h>

enum { FIRST_OF_NAME = 1, OF_NAME = 2, OF_VALUE = 4, OF_TEXT = 8 };

/* Letters and '_' begin a name, digits, '-' and '.' go on in it. Of printable characters a value
 * has no '<', '&' and quotes, text no '<', '&' and ']' (of "]]>"), but tabs and line feeds. */
static const uint8_t kinds[128] = {
    /* clang-format off */
     0,  0,  0,  0,  0,  0,  0,  0,  0,  8,  8,  0,  0,  0,  0,  0,
     0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
    12, 12,  8, 12, 12, 12,  0,  8, 12, 12, 12, 12, 12, 14, 14, 12,
    14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 12, 12,  0, 12, 12, 12,
    12, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 12, 12,  4, 12, 15,
    12, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 12, 12, 12, 12,  0,
    /* clang-format on */
};

static bool is(fp_span bytes, size_t at, uint8_t kind)
{
    return at < bytes.size && bytes.data[at] < sizeof kinds && (kinds[bytes.data[at]] & kind) != 0;
}

static size_t pass(fp_span bytes, size_t at, uint8_t kind)
{
    while (is(bytes, at, kind))
        at++;
    return at;
}

static bool stands(fp_span bytes, size_t at, char c)
{
    return at < bytes.size && bytes.data[at] == (uint8_t)c;
}

static bool read_text(fp_span bytes, fp_xml_plain *out)
{
    out->kind = FP_XML_TEXT;
    out->size = pass(bytes, 0, OF_TEXT);
    out->lines = 0;
    for (size_t i = 0; i < out->size; i++)
        out->lines += bytes.data[i] == '\n' ? 1 : 0;
    return out->size > 0;
}

static bool read_name(fp_span bytes, size_t *at, fp_xml_part *out)
{
    const size_t begin = *at;
    if (!is(bytes, begin, FIRST_OF_NAME))
        return false;
    *at = pass(bytes, begin, OF_NAME);
    *out = (fp_xml_part){begin, *at - begin};
    return true;
}

static bool equal(fp_span bytes, fp_xml_part a, fp_xml_part b)
{
    return a.size == b.size && memcmp(bytes.data + a.at, bytes.data + b.at, a.size) == 0;
}

static bool read_attribute(fp_span bytes, size_t *at, fp_xml_plain *out)
{
    static const char declares[] = "xmlns";
    if (out->attribute_count == FP_XML_PLAIN_ATTRIBUTES_MAX)
        return false;
    fp_xml_part name;
    if (!read_name(bytes, at, &name) || !stands(bytes, *at, '=') ||
        (!stands(bytes, *at + 1, '"') && !stands(bytes, *at + 1, '\'')))
        return false;
    const char quote = (char)bytes.data[*at + 1];
    const size_t value = *at + 2;
    *at = pass(bytes, value, OF_VALUE);
    if (!stands(bytes, *at, quote) ||
        (name.size == sizeof declares - 1 &&
         memcmp(bytes.data + name.at, declares, sizeof declares - 1) == 0))
        return false;
    for (size_t i = 0; i < out->attribute_count; i++) {
        if (equal(bytes, out->attributes[i].name, name))
            return false;
    }
    out->attributes[out->attribute_count].name = name;
    out->attributes[out->attribute_count++].value = (fp_xml_part){value, *at - value};
    ++*at;
    return true;
}

/* From behind its name on. */
static bool read_rest_of_tag(fp_span bytes, size_t at, fp_xml_plain *out)
{
    for (;;) { /* bounded by the attributes */
        const size_t before = at;
        while (stands(bytes, at, ' '))
            at++;
        if (stands(bytes, at, '>')) {
            out->kind = FP_XML_START;
            out->size = at + 1;
            return true;
        }
        if (stands(bytes, at, '/') && stands(bytes, at + 1, '>')) {
            out->kind = FP_XML_EMPTY;
            out->size = at + 2;
            return true;
        }
        if (at == before || !read_attribute(bytes, &at, out))
            return false;
    }
}

bool fp_xml_plain_read(fp_span bytes, fp_xml_plain *out)
{
    out->attribute_count = 0;
    if (!stands(bytes, 0, '<'))
        return read_text(bytes, out);
    const bool ends = stands(bytes, 1, '/');
    size_t at = ends ? 2 : 1;
    if (!read_name(bytes, &at, &out->name) || out->name.size > FP_XML_PLAIN_NAME_MAX)
        return false;
    if (!ends)
        return read_rest_of_tag(bytes, at, out);
    out->kind = FP_XML_END;
    out->size = at + 1;
    return stands(bytes, at, '>');
}
