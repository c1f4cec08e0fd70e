/* SPDX-License-Identifier: MIT */
#include "inventory/base/xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

/* Expanded names, as expat gives them: namespace, this, local name. No XML character, so none can
 * fake it. */
#define SEPARATOR '\x1F'

enum {
    PIECE_SIZE = 64 * 1024,
    ELSEWHERE = 255 /* the node of every element that no rule knows */
};

struct fp_xml {
    XML_Parser parser;
    const fp_xml_form *form;
    void *context;
    fp_xml_trouble trouble;
    unsigned depth;                            /* elements that are open, our wrapper included */
    const fp_xml_rule *open[FP_XML_DEPTH_MAX]; /* NULL: known by no rule */
    unsigned char nodes[FP_XML_DEPTH_MAX + 1]; /* [depth]: of the innermost open element */
    bool wrapped;                              /* a fragment inside an element of ours */
    bool begun;
    bool has_text; /* the innermost open element's rule wants its text */
    size_t text_size;
    uint64_t fed; /* bytes given to the parser, without the wrapper's */
    size_t held;
    char text[FP_XML_TEXT_MAX];
    char piece[PIECE_SIZE];
};

static const char wrapper_start[] = "<f>";
static const char wrapper_end[] = "</f>";

const char *fp_xml_attribute(const char *const *attributes, const char *name)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        if (strcmp(attributes[i], name) == 0)
            return attributes[i + 1];
    }
    return NULL;
}

bool fp_xml_u32(const char *text, uint32_t *out)
{
    uint64_t value;
    if (text == NULL || !fp_str_to_u64(fp_str_of(text), &value) || value > UINT32_MAX)
        return false;
    *out = (uint32_t)value;
    return true;
}

const fp_xml_trouble *fp_xml_trouble_of(const fp_xml *x)
{
    return &x->trouble;
}

uint64_t fp_xml_line(const fp_xml *x)
{
    return XML_GetCurrentLineNumber(x->parser);
}

/* ---- trouble -------------------------------------------------------------------------- */

/* Of the document: the wrapper does not count. */
static uint64_t position(const fp_xml *x)
{
    const XML_Index at = XML_GetCurrentByteIndex(x->parser);
    const XML_Index own = x->wrapped ? (XML_Index)sizeof wrapper_start - 1 : 0;
    return at < own ? 0 : (uint64_t)(at - own);
}

static void refuse(fp_xml *x, const char *why)
{
    if (x->trouble.what != NULL)
        return;
    x->trouble.what = why;
    x->trouble.at = position(x);
    (void)XML_StopParser(x->parser, XML_FALSE);
}

static bool attributes_within_limit(const XML_Char **attributes)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        if (strnlen(attributes[i + 1], FP_XML_ATTRIBUTE_MAX + 1) > FP_XML_ATTRIBUTE_MAX)
            return false;
    }
    return true;
}

/* ---- elements ------------------------------------------------------------------------- */

/* Of a document the local name, when the namespace is the expected one or none, else NULL; of a
 * fragment what stands behind the prefix. */
static const char *local_name(const fp_xml *x, const XML_Char *name)
{
    if (x->form->name_space == NULL) {
        const char *colon = strrchr(name, ':');
        return colon != NULL ? colon + 1 : name;
    }
    const char *separator = strchr(name, SEPARATOR);
    if (separator == NULL)
        return name;
    const size_t size = (size_t)(separator - name);
    const bool ours =
        size == strlen(x->form->name_space) && memcmp(name, x->form->name_space, size) == 0;
    return ours ? separator + 1 : NULL;
}

static const fp_xml_rule *rule_of(const fp_xml *x, unsigned char parent, const XML_Char *name)
{
    if (parent == ELSEWHERE)
        return NULL;
    const char *local = local_name(x, name);
    if (local == NULL)
        return NULL;
    for (size_t i = 0; i < x->form->rule_count; i++) {
        const fp_xml_rule *rule = &x->form->rules[i];
        if (rule->parent == parent && (rule->name == NULL || strcmp(rule->name, local) == 0))
            return rule;
    }
    return NULL;
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    fp_xml *x = context;
    if (x->trouble.what != NULL)
        return; /* expat may still call once after it was stopped */
    if (x->depth == FP_XML_DEPTH_MAX) {
        refuse(x, "elements are nested too deep");
        return;
    }
    const bool wrapper = x->wrapped && x->depth == 0;
    const fp_xml_rule *rule = wrapper ? NULL : rule_of(x, x->nodes[x->depth], name);
    x->open[x->depth] = rule;
    x->depth++;
    x->nodes[x->depth] = wrapper ? FP_XML_ROOT : rule != NULL ? rule->node : ELSEWHERE;
    x->has_text = rule != NULL && rule->leave != NULL;
    x->text_size = 0;
    if (!attributes_within_limit(attributes))
        refuse(x, "an attribute is too long");
    else if (x->form->name_space != NULL && x->depth == 1 && rule == NULL)
        refuse(x, "its root element is not the one expected");
    else if (rule != NULL && rule->enter != NULL) {
        const char *why = rule->enter(x->context, (const char *const *)attributes);
        if (why != NULL)
            refuse(x, why);
    }
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    (void)name;
    fp_xml *x = context;
    if (x->trouble.what != NULL)
        return;
    x->depth--;
    const fp_xml_rule *rule = x->open[x->depth];
    x->has_text = false; /* of an element around it, what follows would be half of its text */
    if (rule == NULL || rule->leave == NULL)
        return;
    const char *why = rule->leave(x->context, (fp_str){x->text, x->text_size});
    x->text_size = 0;
    if (why != NULL)
        refuse(x, why);
}

static void XMLCALL on_text(void *context, const XML_Char *text, int size)
{
    fp_xml *x = context;
    if (!x->has_text || size <= 0)
        return;
    const size_t room = sizeof x->text - x->text_size;
    const size_t take = (size_t)size < room ? (size_t)size : room;
    memcpy(x->text + x->text_size, text, take);
    x->text_size += take;
}

static void XMLCALL on_doctype(void *context, const XML_Char *name, const XML_Char *system_id,
                               const XML_Char *public_id, int has_internal_subset)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_internal_subset;
    refuse(context, "a document type declaration is not accepted");
}

/* ---- bytes ---------------------------------------------------------------------------- */

static void give(fp_xml *x, const char *bytes, size_t size, bool last)
{
    if (x->trouble.what != NULL)
        return;
    if (XML_Parse(x->parser, bytes, (int)size, last ? XML_TRUE : XML_FALSE) == XML_STATUS_OK ||
        x->trouble.what != NULL)
        return;
    const enum XML_Error error = XML_GetErrorCode(x->parser);
    x->trouble.what = XML_ErrorString(error);
    x->trouble.at = position(x);
    x->trouble.no_memory = error == XML_ERROR_NO_MEMORY;
}

/* Behind a byte-order mark too. */
static bool starts_with_declaration(const fp_xml *x)
{
    static const char mark[] = "\xEF\xBB\xBF";
    fp_span bytes = fp_span_of(x->piece, x->held);
    if (fp_span_starts(bytes, mark, sizeof mark - 1))
        bytes = fp_span_of(bytes.data + 3, bytes.size - 3);
    return fp_span_starts(bytes, "<?xml", 5);
}

static void parse(fp_xml *x, bool last)
{
    if (!x->begun) {
        x->begun = true;
        x->wrapped = x->form->name_space == NULL && !starts_with_declaration(x);
        if (x->wrapped)
            give(x, wrapper_start, sizeof wrapper_start - 1, false);
    }
    x->fed += x->held;
    give(x, x->piece, x->held, last && !x->wrapped);
    x->held = 0;
    if (last && x->wrapped)
        give(x, wrapper_end, sizeof wrapper_end - 1, true);
    /* A tag without an end would be kept in memory, and looked through again with every piece. */
    if (!last && x->trouble.what == NULL && x->fed - position(x) > FP_XML_TOKEN_MAX)
        refuse(x, "a tag is too long");
}

/* In pieces of one size, whatever the decoder's are: bytes given one by one would cost their
 * square. */
void fp_xml_feed(fp_xml *x, fp_span bytes)
{
    while (bytes.size > 0 && x->trouble.what == NULL) {
        const size_t room = sizeof x->piece - x->held;
        const size_t size = bytes.size < room ? bytes.size : room;
        memcpy(x->piece + x->held, bytes.data, size);
        x->held += size;
        bytes = fp_span_of(bytes.data + size, bytes.size - size);
        if (x->held == sizeof x->piece)
            parse(x, false);
    }
}

void fp_xml_end(fp_xml *x, bool complete)
{
    if (x->trouble.what == NULL)
        parse(x, complete);
}

fp_xml *fp_xml_new(const fp_xml_form *form, void *context)
{
    fp_xml *x = malloc(sizeof *x);
    if (x == NULL)
        return NULL;
    x->form = form;
    x->context = context;
    x->trouble = (fp_xml_trouble){0};
    x->depth = 0;
    x->nodes[0] = FP_XML_ROOT;
    x->wrapped = x->begun = x->has_text = false;
    x->text_size = x->held = 0;
    x->fed = 0;
    /* A fragment has no declaration, so no other encoding either: the search for a literal in it
     * relies on that. */
    x->parser =
        form->name_space != NULL ? XML_ParserCreateNS(NULL, SEPARATOR) : XML_ParserCreate("UTF-8");
    if (x->parser == NULL) {
        free(x);
        return NULL;
    }
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    return x;
}

void fp_xml_free(fp_xml *x)
{
    if (x == NULL)
        return;
    XML_ParserFree(x->parser);
    free(x);
}
