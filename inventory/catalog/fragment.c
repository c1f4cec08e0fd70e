/* SPDX-License-Identifier: MIT */
#include "inventory/catalog/fragment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- names ---------------------------------------------------------------------------- */

static bool next_part(fp_str *rest, fp_str *part)
{
    size_t at = 0;
    while (at < rest->size && rest->data[at] != '/' && rest->data[at] != '\\')
        at++;
    *part = (fp_str){rest->data, at};
    *rest = fp_str_tail(*rest, at < rest->size ? at + 1 : at);
    return part->size > 0;
}

bool fp_fragment_name_parse(fp_str member_name, fp_fragment_name *out)
{
    static const struct {
        fp_str folder;
        fp_fragment_kind kind;
    } folders[] = {
        {FP_STR_INIT("c"), FP_FRAGMENT_CORE},
        {FP_STR_INIT("x"), FP_FRAGMENT_EXTENDED},
        {FP_STR_INIT("l"), FP_FRAGMENT_LOCALIZED},
        {FP_STR_INIT("s"), FP_FRAGMENT_WHOLE},
    };
    fp_fragment_name name = {0};
    fp_str rest = member_name, folder, number;
    uint64_t revision_id;
    if (!next_part(&rest, &folder))
        return false;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        if (fp_str_ieq(folder, folders[i].folder))
            name.kind = folders[i].kind;
    }
    if (name.kind == FP_FRAGMENT_NONE ||
        (name.kind == FP_FRAGMENT_LOCALIZED && !next_part(&rest, &name.language)) ||
        !next_part(&rest, &number) ||
        number.data + number.size != member_name.data + member_name.size ||
        !fp_str_to_u64(number, &revision_id) || revision_id > UINT32_MAX)
        return false;
    name.revision_id = (uint32_t)revision_id;
    *out = name;
    return true;
}

/* ---- values --------------------------------------------------------------------------- */

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool fp_base64_digest(fp_str text, uint8_t *out, size_t size)
{
    const size_t padding = (3 - size % 3) % 3;
    if (text.size != (size + 2) / 3 * 4)
        return false;
    uint32_t bits = 0;
    unsigned held = 0;
    size_t got = 0;
    for (size_t i = 0; i < text.size - padding; i++) {
        const int value = base64_value(text.data[i]);
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[got++] = (uint8_t)(bits >> held);
        }
    }
    for (size_t i = text.size - padding; i < text.size; i++) {
        if (text.data[i] != '=')
            return false;
    }
    return got == size;
}

/* Two bytes, by the second, which texts seldom have: many times as fast as memmem. */
static bool contains_pair(fp_span bytes, char first, char second)
{
    size_t at = 1;
    while (at < bytes.size) {
        const uint8_t *found = memchr(bytes.data + at, second, bytes.size - at);
        if (found == NULL)
            return false;
        if (found[-1] == (uint8_t)first)
            return true;
        at = (size_t)(found - bytes.data) + 1;
    }
    return false;
}

/* UTF-16, with its mark or without: one of its first two characters is ASCII. */
static bool is_wide(fp_span bytes)
{
    enum { TWO = 4 };
    return bytes.size >= TWO && memchr(bytes.data, 0, TWO) != NULL;
}

bool fp_fragment_may_name_kb(fp_span fragment, uint32_t number)
{
    char digits[16];
    const int size = snprintf(digits, sizeof digits, "%u", (unsigned)number);
    fp_span body = fragment;
    if (fp_span_starts(body, "<?xml", 5)) /* of a whole document: no reason to parse it */
        body = fp_span_of(body.data + 5, body.size - 5);
    return fp_str_find(fp_str_from_span(body), (fp_str){digits, (size_t)size}) >= 0 ||
           is_wide(body) || contains_pair(body, '&', '#') || contains_pair(body, '<', '!') ||
           contains_pair(body, '<', '?');
}

/* ---- reading -------------------------------------------------------------------------- */

struct fp_fragment_reader {
    fp_fragment said;
    fp_fragment_events events;
    fp_str language;
    bool any_language; /* the fragment's name says it */
    bool language_fits;
    fp_xml *xml;
    fp_fragment_file file;
    bool digest_is_sha256;
    size_t pending_title_size;
    char pending_title[FP_FRAGMENT_VALUE_MAX];
    char title[FP_FRAGMENT_VALUE_MAX];
    char type[64];
    char severity[64];
    char file_name[FP_FRAGMENT_VALUE_MAX];
};

/* Copied, cut between characters where it is too long. */
static fp_str copy_into(char *out, size_t room, fp_str text)
{
    size_t size = text.size < room ? text.size : room;
    while (size < text.size && size > 0 && ((unsigned char)text.data[size] & 0xC0) == 0x80)
        size--;
    if (size > 0)
        memcpy(out, text.data, size);
    return (fp_str){out, size};
}

static const char *take_identity(void *context, const char *const *attributes)
{
    fp_fragment_reader *f = context;
    const char *id = fp_xml_attribute(attributes, "UpdateID");
    f->said.has_identity =
        id != NULL && fp_guid_parse(fp_str_of(id), f->said.update_id) &&
        fp_xml_u32(fp_xml_attribute(attributes, "RevisionNumber"), &f->said.revision_number);
    return NULL;
}

static const char *take_properties(void *context, const char *const *attributes)
{
    fp_fragment_reader *f = context;
    const char *type = fp_xml_attribute(attributes, "UpdateType");
    const char *severity = fp_xml_attribute(attributes, "MsrcSeverity");
    if (type != NULL)
        f->said.type = copy_into(f->type, sizeof f->type, fp_str_of(type));
    if (severity != NULL)
        f->said.severity = copy_into(f->severity, sizeof f->severity, fp_str_of(severity));
    return NULL;
}

static const char *take_kb(void *context, fp_str text)
{
    fp_fragment_reader *f = context;
    uint64_t number;
    if (!fp_str_to_u64(fp_str_trim(text), &number) || number > UINT32_MAX) {
        f->said.kb_unreadable = true;
        return NULL;
    }
    if (f->said.kb_count < FP_FRAGMENT_KBS_MAX)
        f->said.kbs[f->said.kb_count] = (uint32_t)number;
    f->said.kb_count++;
    return NULL;
}

static const char *begin_localized(void *context, const char *const *attributes)
{
    (void)attributes;
    fp_fragment_reader *f = context;
    f->pending_title_size = 0;
    f->language_fits = f->any_language;
    return NULL;
}

static const char *take_language(void *context, fp_str text)
{
    fp_fragment_reader *f = context;
    f->language_fits = f->language_fits || fp_str_ieq(fp_str_trim(text), f->language);
    return NULL;
}

static const char *take_title(void *context, fp_str text)
{
    fp_fragment_reader *f = context;
    f->pending_title_size = copy_into(f->pending_title, sizeof f->pending_title, text).size;
    return NULL;
}

static const char *end_localized(void *context, fp_str text)
{
    (void)text;
    fp_fragment_reader *f = context;
    if (f->language_fits && f->said.title.size == 0)
        f->said.title =
            copy_into(f->title, sizeof f->title, (fp_str){f->pending_title, f->pending_title_size});
    return NULL;
}

static const char *begin_file(void *context, const char *const *attributes)
{
    fp_fragment_reader *f = context;
    const char *algorithm = fp_xml_attribute(attributes, "DigestAlgorithm");
    const char *digest = fp_xml_attribute(attributes, "Digest");
    const char *size = fp_xml_attribute(attributes, "Size");
    const char *name = fp_xml_attribute(attributes, "FileName");
    f->file =
        (fp_fragment_file){.name = copy_into(f->file_name, sizeof f->file_name, fp_str_of(name))};
    f->file.has_size = size != NULL && fp_str_to_u64(fp_str_of(size), &f->file.size);
    f->file.has_sha1 = algorithm != NULL && digest != NULL &&
                       fp_str_ieq(fp_str_of(algorithm), FP_STR("SHA1")) &&
                       fp_base64_digest(fp_str_of(digest), f->file.sha1, FP_SHA1_SIZE);
    return NULL;
}

static const char *begin_digest(void *context, const char *const *attributes)
{
    fp_fragment_reader *f = context;
    const char *algorithm = fp_xml_attribute(attributes, "Algorithm");
    f->digest_is_sha256 = algorithm != NULL && fp_str_ieq(fp_str_of(algorithm), FP_STR("SHA256"));
    return NULL;
}

static const char *take_digest(void *context, fp_str text)
{
    fp_fragment_reader *f = context;
    if (f->digest_is_sha256 && fp_base64_digest(fp_str_trim(text), f->file.sha256, FP_SHA256_SIZE))
        f->file.has_sha256 = true;
    return NULL;
}

static const char *end_file(void *context, fp_str text)
{
    (void)text;
    const fp_fragment_reader *f = context;
    if (f->events.file != NULL)
        f->events.file(f->events.context, &f->file);
    return NULL;
}

enum {
    NODE_EXTENDED = 1,
    NODE_LOCALIZED,
    NODE_FILES,
    NODE_FILE,
    NODE_UPDATE,
    NODE_PROPERTIES,
    NODE_COLLECTION,
    NODE_LEAF
};

/* Roots of c/, x/ and l/, and below Update those of s/. */
static const fp_xml_rule rules[] = {
    {FP_XML_ROOT, NODE_LEAF, "UpdateIdentity", take_identity, NULL},
    {FP_XML_ROOT, NODE_LEAF, "Properties", take_properties, NULL},
    {FP_XML_ROOT, NODE_EXTENDED, "ExtendedProperties", take_properties, NULL},
    {NODE_EXTENDED, NODE_LEAF, "KBArticleID", NULL, take_kb},
    {FP_XML_ROOT, NODE_FILES, "Files", NULL, NULL},
    {NODE_FILES, NODE_FILE, "File", begin_file, end_file},
    {NODE_FILE, NODE_LEAF, "AdditionalDigest", begin_digest, take_digest},
    {FP_XML_ROOT, NODE_LOCALIZED, "LocalizedProperties", begin_localized, end_localized},
    {NODE_LOCALIZED, NODE_LEAF, "Language", NULL, take_language},
    {NODE_LOCALIZED, NODE_LEAF, "Title", NULL, take_title},
    {FP_XML_ROOT, NODE_UPDATE, "Update", NULL, NULL},
    {NODE_UPDATE, NODE_LEAF, "UpdateIdentity", take_identity, NULL},
    {NODE_UPDATE, NODE_PROPERTIES, "Properties", take_properties, NULL},
    {NODE_PROPERTIES, NODE_LEAF, "KBArticleID", NULL, take_kb},
    {NODE_UPDATE, NODE_COLLECTION, "LocalizedPropertiesCollection", NULL, NULL},
    {NODE_COLLECTION, NODE_LOCALIZED, "LocalizedProperties", begin_localized, end_localized},
};

static const fp_xml_form form = {rules, sizeof rules / sizeof *rules, NULL, .plain = false};

fp_fragment_reader *fp_fragment_new(fp_fragment_kind kind, fp_str language,
                                    const fp_fragment_events *events)
{
    fp_fragment_reader *f = calloc(1, sizeof *f);
    if (f == NULL)
        return NULL;
    f->language = language;
    f->any_language = kind == FP_FRAGMENT_LOCALIZED;
    f->events = *events;
    f->xml = fp_xml_new(&form, f);
    if (f->xml == NULL) {
        free(f);
        return NULL;
    }
    return f;
}

void fp_fragment_free(fp_fragment_reader *f)
{
    if (f == NULL)
        return;
    fp_xml_free(f->xml);
    free(f);
}

void fp_fragment_feed(fp_fragment_reader *f, fp_span bytes)
{
    fp_xml_feed(f->xml, bytes);
}

const fp_fragment *fp_fragment_end(fp_fragment_reader *f, bool complete)
{
    fp_xml_end(f->xml, complete);
    return &f->said;
}

const fp_xml_trouble *fp_fragment_trouble(const fp_fragment_reader *f)
{
    return fp_xml_trouble_of(f->xml);
}
