/* SPDX-License-Identifier: MIT */
#include "inventory/base/xml.h"

#include "inventory/base/xml_plain.h"

#include <expat.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Expanded names, as expat gives them: namespace, this, local name. No XML character, so none can
 * fake it. */
#define SEPARATOR '\x1F'

enum {
    PIECE_SIZE = 64 * 1024,
    VAIN_MAX = 4,   /* lumps in a row that do not end with a tag, before a whole piece is given */
    ELSEWHERE = 255 /* the node of every element that no rule knows */
};

/*
 * A plain form's document is read by two. The parser gets the prolog, and every lump up to the next
 * '>' that does not begin with something plain. Where it has come to the end of a tag, and nothing
 * but that was given, it stands between tags, and what is plain behind it is read here: the parser
 * never hears of it. Only where plain elements are still open when the parser's turn comes, it is
 * told of these, by their names. So it judges everything that is not plain in its right place.
 */
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
    uint64_t fed;   /* bytes of the document that were read */
    uint64_t given; /* bytes that the parser got: not what is plain, but what is made up */
    int64_t ahead;  /* of the lump it got last: its place in the document, less that in `given` */
    size_t held;
    bool eight_bit;       /* ASCII means itself in it */
    bool aliased;         /* a prefix stands for the form's namespace: nothing is plain any more */
    bool between_tags;    /* the parser stands there, in an element */
    bool reading_plain;   /* ... from `plain_at` on */
    bool muted;           /* the parser is told of elements that are open already */
    unsigned told;        /* open elements that it knows of */
    unsigned vain;        /* see VAIN_MAX */
    uint64_t tag_end;     /* in `given`: of the last tag that it told of */
    uint64_t plain_at;    /* of what is read now */
    uint64_t plain_lines; /* that the parser did not see */
    char names[FP_XML_DEPTH_MAX + 1][FP_XML_PLAIN_NAME_MAX + 1]; /* of open plain elements */
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
    return XML_GetCurrentLineNumber(x->parser) + x->plain_lines;
}

/* ---- trouble -------------------------------------------------------------------------- */

/* In the document: what is made up does not count. */
static uint64_t position(const fp_xml *x)
{
    if (x->reading_plain)
        return x->plain_at;
    const int64_t at = (int64_t)XML_GetCurrentByteIndex(x->parser) + x->ahead;
    return at < 0 ? 0 : (uint64_t)at;
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

/* `local` may be NULL: a name of another namespace. */
static const fp_xml_rule *rule_of(const fp_xml *x, unsigned char parent, const char *local)
{
    if (parent == ELSEWHERE || local == NULL)
        return NULL;
    for (size_t i = 0; i < x->form->rule_count; i++) {
        const fp_xml_rule *rule = &x->form->rules[i];
        if (rule->parent == parent && (rule->name == NULL || strcmp(rule->name, local) == 0))
            return rule;
    }
    return NULL;
}

static void open_element(fp_xml *x, const char *local, const char **attributes)
{
    if (x->depth == FP_XML_DEPTH_MAX) {
        refuse(x, "elements are nested too deep");
        return;
    }
    const bool wrapper = x->wrapped && x->depth == 0;
    const fp_xml_rule *rule = wrapper ? NULL : rule_of(x, x->nodes[x->depth], local);
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

static void close_element(fp_xml *x)
{
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

/* The end of a tag in what was given: that of an empty element's end lies behind it already. */
static void note_tag_end(fp_xml *x)
{
    if (x->form->plain)
        x->tag_end = (uint64_t)XML_GetCurrentByteIndex(x->parser) +
                     (uint64_t)XML_GetCurrentByteCount(x->parser);
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    fp_xml *x = context;
    if (x->trouble.what != NULL)
        return; /* expat may still call once after it was stopped */
    if (x->muted) {
        x->told++;
        return;
    }
    open_element(x, local_name(x, name), attributes);
    x->told = x->depth;
    note_tag_end(x);
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    (void)name;
    fp_xml *x = context;
    if (x->trouble.what != NULL)
        return;
    close_element(x);
    x->told = x->depth;
    note_tag_end(x);
}

/* Without a prefix for it, an element of the form's namespace has it by default, and so do all
 * plain elements in that one: names tell enough. */
static void XMLCALL on_namespace(void *context, const XML_Char *prefix, const XML_Char *uri)
{
    fp_xml *x = context;
    if (prefix != NULL && uri != NULL && strcmp(uri, x->form->name_space) == 0)
        x->aliased = true;
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
    x->ahead = (int64_t)x->fed - (int64_t)x->given;
    x->given += size;
    if (XML_Parse(x->parser, bytes, (int)size, last ? XML_TRUE : XML_FALSE) == XML_STATUS_OK ||
        x->trouble.what != NULL)
        return;
    const enum XML_Error error = XML_GetErrorCode(x->parser);
    x->trouble.what = XML_ErrorString(error);
    x->trouble.at = position(x);
    x->trouble.no_memory = error == XML_ERROR_NO_MEMORY;
}

static void give_document(fp_xml *x, const char *bytes, size_t size, bool last)
{
    give(x, bytes, size, last);
    x->fed += size;
}

/* ---- what is plain -------------------------------------------------------------------- */

static void open_plain(fp_xml *x, char *bytes, const fp_xml_plain *plain)
{
    const char *attributes[2 * FP_XML_PLAIN_ATTRIBUTES_MAX + 1];
    char *name = x->names[x->depth];
    size_t count = 0;
    memcpy(name, bytes + plain->name.at, plain->name.size);
    name[plain->name.size] = '\0';
    for (size_t i = 0; i < plain->attribute_count; i++) {
        const fp_xml_part parts[2] = {plain->attributes[i].name, plain->attributes[i].value};
        for (size_t k = 0; k < 2; k++) {
            attributes[count++] = bytes + parts[k].at;
            bytes[parts[k].at + parts[k].size] = '\0'; /* '=', or the quote */
        }
    }
    attributes[count] = NULL;
    open_element(x, name, attributes);
}

/* Is it the end of the innermost element, and was that a plain one? Else the parser decides. */
static bool closes(const fp_xml *x, const char *bytes, const fp_xml_plain *plain)
{
    if (x->depth <= x->told)
        return false;
    const char *name = x->names[x->depth - 1];
    return strlen(name) == plain->name.size &&
           memcmp(name, bytes + plain->name.at, plain->name.size) == 0;
}

static void take_plain(fp_xml *x, char *bytes, const fp_xml_plain *plain)
{
    x->plain_at = x->fed;
    x->reading_plain = true;
    if (plain->kind == FP_XML_TEXT)
        on_text(x, bytes, (int)plain->size);
    if (plain->kind == FP_XML_START || plain->kind == FP_XML_EMPTY)
        open_plain(x, bytes, plain);
    if (plain->kind == FP_XML_EMPTY)
        x->plain_at += plain->size;
    if ((plain->kind == FP_XML_EMPTY || plain->kind == FP_XML_END) && x->trouble.what == NULL)
        close_element(x);
    x->reading_plain = false;
    x->fed += plain->size;
    x->plain_lines += plain->kind == FP_XML_TEXT ? plain->lines : 0;
}

/*
 * Nothing stands in their tags that matters to what follows. Each tag is given whole: since 2.6
 * (and in what distributions made of 2.5) expat can put off what it got in bits. One that it does
 * not take at once would come to light later, in a wrong place.
 */
static void tell_of_open_elements(fp_xml *x)
{
    x->muted = true;
    while (x->told < x->depth && x->trouble.what == NULL) {
        char tag[FP_XML_PLAIN_NAME_MAX + 3];
        const unsigned number = x->told;
        const int size = snprintf(tag, sizeof tag, "<%s>", x->names[number]);
        give(x, tag, (size_t)size, false);
        if (x->told == number)
            refuse(x, "its parser keeps back what it is given");
    }
    x->muted = false;
}

/* Up to the end of what may be a tag. After some in vain: all, or '>' in a long text or a comment
 * would cost a call each. */
static size_t give_lump(fp_xml *x, const char *bytes, size_t size)
{
    const char *end = x->vain < VAIN_MAX ? memchr(bytes, '>', size) : NULL;
    const size_t lump = end != NULL ? (size_t)(end - bytes) + 1 : size;
    tell_of_open_elements(x);
    give_document(x, bytes, lump, false);
    x->between_tags = x->eight_bit && !x->aliased && x->depth > 0 && x->tag_end == x->given;
    x->vain = x->between_tags ? 0 : x->vain + 1;
    return lump;
}

static void read_piece(fp_xml *x)
{
    if (x->vain >= VAIN_MAX)
        x->vain = VAIN_MAX - 1; /* one more, with every piece */
    for (size_t at = 0; at < x->held && x->trouble.what == NULL;) {
        char *bytes = x->piece + at;
        const size_t left = x->held - at;
        fp_xml_plain plain;
        if (x->between_tags && fp_xml_plain_read(fp_span_of(bytes, left), &plain) &&
            (plain.kind != FP_XML_END || closes(x, bytes, &plain))) {
            take_plain(x, bytes, &plain);
            at += plain.size;
        } else {
            at += give_lump(x, bytes, left);
        }
    }
}

static void end_plain(fp_xml *x)
{
    tell_of_open_elements(x);
    give(x, "", 0, true);
}

/* ---- pieces --------------------------------------------------------------------------- */

/* Behind a byte-order mark too. */
static bool starts_with_declaration(const fp_xml *x)
{
    static const char mark[] = "\xEF\xBB\xBF";
    fp_span bytes = fp_span_of(x->piece, x->held);
    if (fp_span_starts(bytes, mark, sizeof mark - 1))
        bytes = fp_span_of(bytes.data + 3, bytes.size - 3);
    return fp_span_starts(bytes, "<?xml", 5);
}

static void begin(fp_xml *x)
{
    x->begun = true;
    x->wrapped = x->form->name_space == NULL && !starts_with_declaration(x);
    x->eight_bit = x->held >= 2 && x->piece[0] == '<' && x->piece[1] != '\0';
    if (x->wrapped)
        give(x, wrapper_start, sizeof wrapper_start - 1, false);
}

static void parse(fp_xml *x, bool last)
{
    if (!x->begun)
        begin(x);
    if (x->form->plain)
        read_piece(x);
    else
        give_document(x, x->piece, x->held, last && !x->wrapped);
    x->held = 0;
    if (last && x->form->plain)
        end_plain(x);
    if (last && x->wrapped)
        give(x, wrapper_end, sizeof wrapper_end - 1, true);
    /* A tag without an end would be kept in memory, and looked through again with every piece. */
    if (!last && x->trouble.what == NULL && !x->between_tags &&
        x->fed - position(x) > FP_XML_TOKEN_MAX)
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
    memset(x, 0, offsetof(fp_xml, names)); /* what follows is written before it is read */
    x->form = form;
    x->context = context;
    x->nodes[0] = FP_XML_ROOT;
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
    if (form->plain)
        XML_SetStartNamespaceDeclHandler(x->parser, on_namespace);
#ifdef FP_EXPAT_CAN_DEFER
    /* Pieces and FP_XML_TOKEN_MAX make it needless; of a cut document it keeps elements back. */
    (void)XML_SetReparseDeferralEnabled(x->parser, XML_FALSE);
#endif
    return x;
}

void fp_xml_free(fp_xml *x)
{
    if (x == NULL)
        return;
    XML_ParserFree(x->parser);
    free(x);
}
