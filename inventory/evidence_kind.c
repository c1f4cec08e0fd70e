/* SPDX-License-Identifier: MIT */
#include "inventory/evidence_kind.h"

#include "inventory/configmgr/site_updates.h"
#include "inventory/evidence_set.h"
#include "inventory/files/pe.h"
#include "inventory/hotfix/listing.h"

#include <string.h>

enum {
    REGF_TYPE_AT = 28,
    JSON_DEPTH_MAX = 64,
    /* Percent of control characters that text may hold. A crash leaves zeros in a log, so text that
     * carries a log's own framing may hold many; a name alone excuses few. */
    CONTROLS_FRAMED = 25,
    CONTROLS_NAMED = 1
};

static const char *const kind_names[FP_KIND_COUNT] = {
    [FP_KIND_UNKNOWN] = "unknown",
    [FP_KIND_REGISTRY_EXPORT] = "registry-export",
    [FP_KIND_REGISTRY_HIVE] = "registry-hive",
    [FP_KIND_REGISTRY_LOG] = "registry-log",
    [FP_KIND_LOG] = "log",
    [FP_KIND_CATALOG] = "catalog",
    [FP_KIND_CABINET] = "cabinet",
    [FP_KIND_ARCHIVE] = "archive",
    [FP_KIND_PE] = "pe",
    [FP_KIND_COLLECTION] = "collection",
    [FP_KIND_STATEMENTS] = "statements",
    [FP_KIND_LISTING] = "hotfix-listing",
    [FP_KIND_SITE_UPDATES] = "site-updates",
};

const char *fp_kind_name(fp_kind kind)
{
    return kind < FP_KIND_COUNT ? kind_names[kind] : kind_names[FP_KIND_UNKNOWN];
}

bool fp_kind_holds_members(fp_kind kind)
{
    return kind == FP_KIND_ARCHIVE || kind == FP_KIND_CABINET || kind == FP_KIND_CATALOG;
}

/* ---- binary kinds ---- */

static bool is_regf(fp_span head)
{
    return fp_span_starts(head, "regf", 4);
}

static bool is_registry_log(fp_span head)
{
    static const uint32_t log_types[] = {1, 2, 6}; /* old, older, new format */
    if (!is_regf(head) || head.size < REGF_TYPE_AT + 4)
        return false;
    const uint32_t type = fp_load_u32le(head.data + REGF_TYPE_AT);
    for (size_t i = 0; i < sizeof log_types / sizeof log_types[0]; i++)
        if (type == log_types[i])
            return true;
    return false;
}

static bool is_cabinet(fp_span head)
{
    return fp_span_starts(head, "MSCF", 4);
}

typedef struct binary_probe {
    fp_kind kind;
    bool (*probe)(fp_span head);
} binary_probe;

/* The first that holds. A `regf` of unknown type goes to the hive reader, which says what is wrong.
 */
static const binary_probe binary_probes[] = {
    {FP_KIND_REGISTRY_LOG, is_registry_log}, {FP_KIND_REGISTRY_HIVE, is_regf},
    {FP_KIND_CABINET, is_cabinet},           {FP_KIND_PE, fp_pe_probe},
    {FP_KIND_ARCHIVE, fp_archive_probe},
};

/* ---- text kinds ---- */

typedef struct text_head {
    fp_str text; /* UTF-8 */
    uint64_t characters;
    uint64_t controls; /* other than tab, line ends, form feed and DOS' end-of-file mark */
} text_head;

static bool is_control(unsigned char c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1A) || c == 0x7F;
}

static text_head look_at_text(fp_str text)
{
    text_head head = {.text = text};
    for (size_t i = 0; i < text.size; i++) {
        const unsigned char c = (unsigned char)text.data[i];
        head.characters += (c & 0xC0) != 0x80;
        head.controls += is_control(c);
    }
    return head;
}

static bool controls_within(const text_head *head, unsigned percent)
{
    return head->controls * 100 <= head->characters * percent;
}

static fp_str first_line(fp_str text)
{
    const fp_str from_ink = fp_str_trim(text);
    size_t size = 0;
    while (size < from_ink.size && from_ink.data[size] != '\r' && from_ink.data[size] != '\n')
        size++;
    return fp_str_trim((fp_str){from_ink.data, size});
}

/*
 * Wider than what Windows imports: a header in the wrong case or of an unsupported version is an
 * export too, about which the reader has something to say.
 */
static bool is_registry_export(const text_head *head)
{
    const fp_str line = first_line(head->text);
    if (fp_str_istarts(line, FP_STR("Windows Registry Editor Version")))
        return true;
    const size_t tail_max = 8; /* REGEDIT4, REGEDIT 5: not a sentence about the program */
    return fp_str_istarts(line, FP_STR("REGEDIT")) && line.size <= strlen("REGEDIT") + tail_max;
}

/* The string that starts at text[*at] == '"', without quotes, escapes left as they are. */
static bool json_string(fp_str text, size_t *at, fp_str *out)
{
    for (size_t i = *at + 1; i < text.size; i++) {
        if (text.data[i] == '\\') {
            i++;
        } else if (text.data[i] == '"') {
            *out = (fp_str){text.data + *at + 1, i - *at - 1};
            *at = i + 1;
            return true;
        }
    }
    return false;
}

static char json_skip_blanks(fp_str text, size_t *at)
{
    while (*at < text.size && strchr(" \t\r\n", text.data[*at]) != NULL && text.data[*at] != '\0')
        ++*at;
    return *at < text.size ? text.data[*at] : '\0';
}

/*
 * The value of the member "schema" of the outermost object: also of a document that is damaged
 * further on, so that its reader can say how. Nested objects and strings that quote one do not
 * count.
 */
static fp_str json_schema(fp_str text)
{
    const fp_str none = {NULL, 0};
    size_t at = 0;
    if (json_skip_blanks(text, &at) != '{')
        return none;

    int depth = 0;
    while (at < text.size) {
        fp_str string;
        const char c = text.data[at];
        if (c == '"') {
            if (!json_string(text, &at, &string))
                return none;
            if (depth != 1 || !fp_str_eq(string, FP_STR("schema")) ||
                json_skip_blanks(text, &at) != ':')
                continue;
            at++;
            if (json_skip_blanks(text, &at) == '"' && json_string(text, &at, &string))
                return string;
            continue;
        }
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        if (depth <= 0 || depth > JSON_DEPTH_MAX)
            return none;
        at++;
    }
    return none;
}

static bool is_collection(const text_head *head)
{
    return fp_str_eq(json_schema(head->text), FP_STR("fixproof/collection/v1"));
}

static bool is_statements(const text_head *head)
{
    return fp_str_eq(json_schema(head->text), FP_STR("fixproof/statements/v1"));
}

/* A stamp of the site server's framing: "$$<COMPONENT><...><thread=" on one line. */
static bool has_site_stamp(fp_str line)
{
    const ptrdiff_t stamp = fp_str_find(line, FP_STR("$$<"));
    if (stamp < 0)
        return false;
    const fp_str rest = {line.data + stamp, line.size - (size_t)stamp};
    return fp_str_find(rest, FP_STR("><thread=")) >= 0;
}

static bool is_framed(fp_str line)
{
    return fp_str_find(line, FP_STR("<![LOG[")) >= 0 ||
           fp_str_find(line, FP_STR("STATMSG: ID=")) >= 0 || has_site_stamp(line);
}

/* Up to the end of the first line with a framing; empty when there is none. */
static fp_str up_to_framing(fp_str text)
{
    fp_str rest = text, line;
    while (fp_str_split(&rest, '\n', &line))
        if (is_framed(line))
            return (fp_str){text.data, (size_t)(line.data - text.data) + line.size};
    return (fp_str){NULL, 0};
}

/* A log that begins as text stays one, whatever comes behind it: many zeros, or lines that another
 * program added in UTF-16. */
static bool is_framed_log(const text_head *head)
{
    const text_head front = look_at_text(up_to_framing(head->text));
    return front.text.size > 0 &&
           (controls_within(&front, CONTROLS_FRAMED) || controls_within(head, CONTROLS_FRAMED));
}

static bool is_listing(const text_head *head)
{
    return controls_within(head, CONTROLS_NAMED) && fp_listing_probe(head->text);
}

static bool is_site_updates(const text_head *head)
{
    return controls_within(head, CONTROLS_NAMED) && fp_site_updates_probe(head->text);
}

typedef struct text_probe {
    fp_kind kind;
    bool (*probe)(const text_head *head);
} text_probe;

static const text_probe text_probes[] = {
    {FP_KIND_REGISTRY_EXPORT, is_registry_export},
    {FP_KIND_COLLECTION, is_collection},
    {FP_KIND_STATEMENTS, is_statements},
    {FP_KIND_LOG, is_framed_log},
    {FP_KIND_LISTING, is_listing},
    {FP_KIND_SITE_UPDATES, is_site_updates},
};

/* Lines without framing, as pasted from a viewer: only where the name says it is a log. */
static bool is_named_log(const text_head *head, fp_str name)
{
    return (fp_str_iends(name, FP_STR(".log")) || fp_str_iends(name, FP_STR(".lo_"))) &&
           controls_within(head, CONTROLS_NAMED);
}

static fp_kind recognise_text(const text_head *head, fp_str name)
{
    for (size_t i = 0; i < sizeof text_probes / sizeof text_probes[0]; i++)
        if (text_probes[i].probe(head))
            return text_probes[i].kind;
    return is_named_log(head, name) ? FP_KIND_LOG : FP_KIND_UNKNOWN;
}

static bool recognise_binary(fp_span head, fp_kind *out)
{
    for (size_t i = 0; i < sizeof binary_probes / sizeof binary_probes[0]; i++) {
        if (binary_probes[i].probe(head)) {
            *out = binary_probes[i].kind;
            return true;
        }
    }
    return false;
}

fp_status fp_kind_recognise(fp_span head, fp_str name, fp_kind *out)
{
    if (head.size > FP_KIND_HEAD)
        head.size = FP_KIND_HEAD;
    *out = FP_KIND_UNKNOWN;
    if (head.size == 0 || recognise_binary(head, out))
        return FP_OK;

    /* The decoder keeps a character that the head's end cuts: it is not looked at, and not bad. */
    fp_text_decoder *decoder = NULL;
    fp_status status = fp_text_decoder_new(fp_text_sniff(head), &decoder, NULL);
    if (status != FP_OK)
        return status;
    fp_str text;
    status = fp_text_decode_piece(decoder, head, &text);
    if (status == FP_OK) {
        const text_head look = look_at_text(text);
        *out = recognise_text(&look, name);
    }
    fp_text_decoder_free(decoder);
    return status;
}
