/* SPDX-License-Identifier: MIT */
#include "verify/oval/parts.h"

#include "inventory/base/digest.h"

#include <stdio.h>
#include <string.h>

/* ---- parts ---- */

/* "oval:fixproof:obj:" and 15 digits of the SHA-256 of the part. */
static fp_status name_part(fp_oval_section section, const fp_oval_part *part,
                           char id[FP_OVAL_ID_SIZE])
{
    static const char *const kinds[FP_OVAL_SECTIONS] = {"tst", "obj", "ste", "var"};
    const unsigned long long first = 100000000000000;
    uint8_t digest[FP_SHA256_SIZE];
    fp_digest *sum = fp_digest_new(FP_SHA256);
    if (sum == NULL)
        return FP_CRYPTO;
    fp_digest_update(sum, fp_span_of(part->element.data, part->element.size));
    fp_digest_update(sum, fp_span_of(part->rest.data, part->rest.size));
    const fp_status status = fp_digest_finish(sum, digest);
    if (status != FP_OK)
        return status;
    unsigned long long number = 0;
    for (size_t i = 0; i < sizeof number; i++)
        number = number << 8 | digest[i];
    (void)snprintf(id, FP_OVAL_ID_SIZE, "oval:fixproof:%s:%llu", kinds[section],
                   first + number % (9 * first));
    return FP_OK;
}

static const fp_oval_part *find_part(const fp_oval_parts *parts, fp_oval_section section,
                                     const fp_oval_part *part)
{
    for (size_t i = 0; i < parts->sections[section].count; i++) {
        const fp_oval_part *other = &parts->sections[section].at[i];
        if (fp_str_eq(other->element, part->element) && fp_str_eq(other->rest, part->rest))
            return other;
    }
    return NULL;
}

static fp_status keep_part(fp_oval_parts *parts, fp_oval_section section, fp_oval_part *part)
{
    fp_oval_part *all =
        fp_arena_grow(parts->arena, parts->sections[section].at, parts->sections[section].count,
                      &parts->sections[section].capacity, sizeof *all);
    if (all == NULL || fp_str_dup(parts->arena, part->rest, &part->rest) != FP_OK)
        return FP_NOMEM;
    const fp_status status = name_part(section, part, part->id);
    if (status != FP_OK)
        return status;
    parts->sections[section].at = all;
    all[parts->sections[section].count++] = *part;
    return FP_OK;
}

const char *fp_oval_part_add(fp_oval_parts *parts, fp_oval_section section, const char *element,
                             fp_out *rest)
{
    fp_oval_part part = {.element = fp_str_of(element), .rest = {rest->data, rest->size}};
    if (parts->status == FP_OK && rest->failed)
        parts->status = FP_NOMEM;
    if (parts->status == FP_OK && find_part(parts, section, &part) == NULL)
        parts->status = keep_part(parts, section, &part);
    const fp_oval_part *kept = parts->status == FP_OK ? find_part(parts, section, &part) : NULL;
    /* Parts move when their list grows: the caller gets a copy of its own. */
    const char *id = kept != NULL ? kept->id : "";
    const char *copy = fp_arena_string(parts->arena, id, strlen(id));
    if (copy == NULL)
        parts->status = parts->status == FP_OK ? FP_NOMEM : parts->status;
    fp_out_free(rest);
    return copy != NULL ? copy : "";
}

void fp_oval_parts_write(const fp_oval_parts *parts, fp_oval_section section, fp_out *out)
{
    static const char *const names[FP_OVAL_SECTIONS] = {"tests", "objects", "states", "variables"};
    if (parts->sections[section].count == 0)
        return;
    fp_out_printf(out, "<%s>\n", names[section]);
    for (size_t i = 0; i < parts->sections[section].count; i++) {
        const fp_oval_part *part = &parts->sections[section].at[i];
        fp_out_printf(out, "<%.*s id=\"%s\" version=\"1\"", FP_STR_ARG(part->element), part->id);
        fp_out_str(out, part->rest);
        fp_out_text(out, "\n");
    }
    fp_out_printf(out, "</%s>\n", names[section]);
}

/* ---- markup ---- */

fp_page fp_oval_page(fp_oval_parts *parts, fp_out *out)
{
    static const fp_report_style plain = {.utf8 = true};
    return (fp_page){.out = out, .arena = parts->arena, .style = &plain};
}

/* What was written in vain sticks, as it does for parts. */
static const char *add_page(fp_oval_parts *parts, fp_oval_section section, const char *element,
                            const fp_page *p)
{
    if (p->failed && parts->status == FP_OK)
        parts->status = FP_NOMEM;
    return fp_oval_part_add(parts, section, element, p->out);
}

void fp_oval_generator_write(fp_page *p, const char *tool_version, fp_time now)
{
    char time[FP_TIME_TEXT_SIZE];
    fp_markup_raw(p, "<generator>\n");
    fp_markup_element(p, "oval:product_name", FP_STR("fixproof"));
    fp_markup_element(p, "oval:product_version", fp_str_of(tool_version));
    fp_markup_raw(p, "<oval:schema_version>5.11</oval:schema_version>");
    fp_markup_element(p, "oval:timestamp", fp_str_of(fp_time_format(now, time)));
    fp_markup_raw(p, "\n</generator>\n");
}

/* ---- objects ---- */

typedef enum family { REGISTRY = 0, PROGRAM_FILE, VARIABLE } family; /* of OVAL's tests */

static family family_of(fp_look_kind kind)
{
    switch (kind) {
    case FP_LOOK_KEY:
    case FP_LOOK_VALUE:
    case FP_LOOK_EITHER_VIEW:
    case FP_LOOK_UPDATE_MARKER:
        return REGISTRY;
    case FP_LOOK_FILE:
        return PROGRAM_FILE;
    case FP_LOOK_ANSWER:
        break;
    }
    return VARIABLE;
}

bool fp_oval_split_path(fp_str path, fp_str *hive, fp_str *key)
{
    static const fp_str hives[] = {
        FP_STR_INIT("HKEY_LOCAL_MACHINE"),  FP_STR_INIT("HKEY_USERS"),
        FP_STR_INIT("HKEY_CLASSES_ROOT"),   FP_STR_INIT("HKEY_CURRENT_USER"),
        FP_STR_INIT("HKEY_CURRENT_CONFIG"),
    };
    for (size_t i = 0; i < sizeof hives / sizeof *hives; i++) {
        const size_t size = hives[i].size;
        if (!fp_str_istarts(path, hives[i]) || path.size < size + 2 || path.data[size] != '\\')
            continue;
        *hive = hives[i];
        *key = (fp_str){path.data + size + 1, path.size - size - 1};
        return true;
    }
    return false;
}

bool fp_oval_can_look(const fp_look *look)
{
    fp_str hive;
    fp_str key;
    const bool by_path = look->kind == FP_LOOK_KEY || look->kind == FP_LOOK_VALUE;
    return !by_path || fp_oval_split_path(look->path, &hive, &key);
}

/* Both views of HKEY_LOCAL_MACHINE\SOFTWARE, however Windows writes the name of the second. */
#define EITHER_VIEW "^SOFTWARE\\\\([Ww][Oo][Ww]6432[Nn][Oo][Dd][Ee]\\\\)?"

/* As a regular expression that matches nothing else. */
static void pattern_of(fp_out *out, fp_str text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (strchr("\\^$.|?*+()[]{}", text.data[i]) != NULL)
            fp_out_char(out, '\\', 1);
        fp_out_char(out, text.data[i], 1);
    }
}

static void put_pattern(fp_page *p, const char *element, fp_out *pattern)
{
    fp_out_printf(p->out, "<%s operation=\"pattern match\">", element);
    fp_markup_text(p, (fp_str){pattern->data, pattern->size});
    fp_out_printf(p->out, "</%s>", element);
    p->failed = p->failed || pattern->failed;
    fp_out_free(pattern);
}

static void put_either_view(fp_page *p, const fp_look *look)
{
    fp_out pattern = {0};
    fp_out_text(&pattern, EITHER_VIEW);
    pattern_of(&pattern, look->path);
    fp_out_text(&pattern, "$");
    fp_markup_raw(p, "<win:hive>HKEY_LOCAL_MACHINE</win:hive>");
    put_pattern(p, "win:key", &pattern);
}

/* Below the product, or below a level of it: a key in whose name the KB stands as a whole word, or
 * whose name is the bare number (inventory/hotfix/kb.h). */
static void put_marker(fp_page *p, const fp_look *look)
{
    const fp_str kb = fp_str_istarts(look->name, FP_STR("KB"))
                          ? (fp_str){look->name.data + 2, look->name.size - 2}
                          : look->name;
    fp_out pattern = {0};
    fp_out_text(&pattern, EITHER_VIEW "Microsoft\\\\Updates\\\\");
    pattern_of(&pattern, look->path);
    fp_out_printf(&pattern,
                  "\\\\([^\\\\]+\\\\)?(([^\\\\]*[^\\\\0-9A-Za-z])?[Kk][Bb]%.*s"
                  "([Vv][0-9][^\\\\]*|[^\\\\0-9A-Za-z][^\\\\]*)?|%.*s)$",
                  FP_STR_ARG(kb), FP_STR_ARG(kb));
    fp_markup_raw(p, "<win:hive>HKEY_LOCAL_MACHINE</win:hive>");
    put_pattern(p, "win:key", &pattern);
}

static void put_path(fp_page *p, const fp_look *look)
{
    fp_str hive = {NULL, 0};
    fp_str key = {NULL, 0};
    (void)fp_oval_split_path(look->path, &hive, &key); /* fp_oval_can_look was asked */
    fp_markup_element(p, "win:hive", hive);
    fp_markup_element(p, "win:key operation=\"case insensitive equals\"", key);
}

/* The 64-bit view by name: a 32-bit interpreter must not be sent elsewhere. Wow6432Node is named
 * where it is meant. */
static void put_registry(fp_page *p, const fp_look *look)
{
    fp_markup_raw(p, "<win:behaviors windows_view=\"64_bit\"/>");
    if (look->kind == FP_LOOK_EITHER_VIEW)
        put_either_view(p, look);
    else if (look->kind == FP_LOOK_UPDATE_MARKER)
        put_marker(p, look);
    else
        put_path(p, look);
    if (look->kind == FP_LOOK_VALUE || look->kind == FP_LOOK_EITHER_VIEW)
        fp_markup_element(p, "win:name operation=\"case insensitive equals\"", look->name);
    else
        fp_markup_raw(p, "<win:name xsi:nil=\"true\"/>");
}

const char *fp_oval_variable(fp_oval_parts *parts, const fp_look *look)
{
    fp_out out = {0};
    fp_page p = fp_oval_page(parts, &out);
    fp_markup_raw(&p, " comment=\"");
    fp_markup_textf(&p, "The test %s of %s, as fixproof answers it: true, false or unknown",
                    fp_page_clean(&p, look->name), fp_page_clean(&p, look->path));
    fp_markup_raw(&p, "\" datatype=\"string\"/>");
    return add_page(parts, FP_OVAL_VARIABLES, "external_variable", &p);
}

const char *fp_oval_object(fp_oval_parts *parts, const fp_look *look)
{
    static const char *const elements[] = {"win:registry_object", "win:file_object",
                                           "ind:variable_object"};
    const family f = family_of(look->kind);
    const char *variable = f == VARIABLE ? fp_oval_variable(parts, look) : "";
    fp_out out = {0};
    fp_page p = fp_oval_page(parts, &out);
    fp_markup_raw(&p, ">");
    switch (f) {
    case REGISTRY:
        put_registry(&p, look);
        break;
    case PROGRAM_FILE:
        fp_markup_raw(&p, "<win:path operation=\"pattern match\">^.+$</win:path>");
        fp_markup_element(&p, "win:filename operation=\"case insensitive equals\"", look->name);
        break;
    case VARIABLE:
        fp_markup_element(&p, "ind:var_ref", fp_str_of(variable));
        break;
    }
    fp_out_printf(&out, "</%s>", elements[f]);
    return add_page(parts, FP_OVAL_OBJECTS, elements[f], &p);
}

/* ---- states ---- */

enum { STATES_MAX = 256 }; /* of one test */

typedef struct states {
    const char *ids[STATES_MAX];
    size_t count;
} states;

static const char *const state_elements[] = {"win:registry_state", "win:file_state",
                                             "ind:variable_state"};

static void add_state(fp_oval_parts *parts, family f, const fp_page *p, states *to)
{
    fp_out_printf(p->out, "</%s>", state_elements[f]);
    const char *id = add_page(parts, FP_OVAL_STATES, state_elements[f], p);
    if (to->count < STATES_MAX)
        to->ids[to->count++] = id;
    else if (parts->status == FP_OK)
        parts->status = FP_LIMIT;
}

static void add_bound(fp_oval_parts *parts, family f, const fp_version *bound,
                      const char *operation, states *to)
{
    const char *entity = f == PROGRAM_FILE ? "win:version" : "win:value";
    char text[FP_VERSION_TEXT_SIZE];
    if (bound->count == 0)
        return;
    fp_out out = {0};
    const fp_page p = fp_oval_page(parts, &out);
    fp_out_printf(&out, "><%s datatype=\"version\" operation=\"%s\">%s</%s>", entity, operation,
                  fp_version_format(bound, text), entity);
    add_state(parts, f, &p, to);
}

/* Interpreters read what is no number as zero, or as less; so what is compared must be written as
 * a version first. Nine digits always fit. */
static void add_version_shape(fp_oval_parts *parts, states *to)
{
    static const char *const types[] = {"reg_sz", "reg_expand_sz"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        fp_out out = {0};
        const fp_page p = fp_oval_page(parts, &out);
        fp_out_printf(&out,
                      "><win:type>%s</win:type><win:value operation=\"pattern match\">"
                      "^[0-9]{1,9}(\\.[0-9]{1,9}){0,7}$</win:value>",
                      types[i]);
        add_state(parts, REGISTRY, &p, to);
    }
}

static void add_text_types(fp_oval_parts *parts, states *to)
{
    static const char *const types[] = {"reg_sz", "reg_expand_sz", "reg_dword", "reg_qword"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        fp_out out = {0};
        const fp_page p = fp_oval_page(parts, &out);
        fp_out_printf(&out, "><win:type>%s</win:type>", types[i]);
        add_state(parts, REGISTRY, &p, to);
    }
}

static void add_texts(fp_oval_parts *parts, family f, const fp_texts *texts, states *to)
{
    for (size_t i = 0; i < texts->count; i++) {
        fp_out out = {0};
        fp_page p = fp_oval_page(parts, &out);
        fp_markup_raw(&p, ">");
        fp_markup_element(
            &p, f == VARIABLE ? "ind:value" : "win:value operation=\"case insensitive equals\"",
            texts->at[i]);
        add_state(parts, f, &p, to);
    }
}

/* ---- tests ---- */

typedef struct shape { /* of the test that a claim becomes */
    const char *check, *existence;
    const char *operator; /* of its states */
    const char *words;
} shape;

static const shape *shape_of(fp_claim_kind kind)
{
    static const shape exists = {"all", "at_least_one_exists", "AND", "is there"};
    static const shape one = {"all", "only_one_exists", "AND", "is there once"};
    static const shape version = {"all", "at_least_one_exists", "OR", "is written as a version"};
    static const shape text = {"all", "at_least_one_exists", "OR", "is a text or a number"};
    static const shape equals = {"all", "at_least_one_exists", "OR", "is"};
    static const shape within = {"all", "at_least_one_exists", "AND", "is a version"};
    static const shape outside = {"none satisfy", "at_least_one_exists", "AND", "is not a version"};
    switch (kind) {
    case FP_CLAIM_ONE:
        return &one;
    case FP_CLAIM_VERSION:
        return &version;
    case FP_CLAIM_TEXT:
        return &text;
    case FP_CLAIM_EQUALS:
        return &equals;
    case FP_CLAIM_WITHIN:
        return &within;
    case FP_CLAIM_OUTSIDE:
        return &outside;
    case FP_CLAIM_OPEN:
    case FP_CLAIM_ALL:
    case FP_CLAIM_ANY:
    case FP_CLAIM_NOT:
    case FP_CLAIM_EXISTS:
    case FP_CLAIM_TEST:
    case FP_CLAIM_RULE:
        break;
    }
    return &exists;
}

static void add_states(fp_oval_parts *parts, const fp_claim *claim, states *to)
{
    const family f = family_of(claim->look.kind);
    if (claim->kind == FP_CLAIM_VERSION)
        add_version_shape(parts, to);
    if (claim->kind == FP_CLAIM_TEXT)
        add_text_types(parts, to);
    if (claim->kind == FP_CLAIM_EQUALS)
        add_texts(parts, f, &claim->texts, to);
    add_bound(parts, f, &claim->at_least, "greater than or equal", to);
    add_bound(parts, f, &claim->below, "less than", to);
}

/* The question in words, as a reader of results sees it. */
static void put_comment(fp_page *p, const fp_claim *claim)
{
    char low[FP_VERSION_TEXT_SIZE];
    char high[FP_VERSION_TEXT_SIZE];
    const fp_look *look = &claim->look;
    fp_markup_raw(p, " comment=\"");
    if (look->kind == FP_LOOK_ANSWER)
        fp_markup_text(p, FP_STR("fixproof's answer to "));
    fp_markup_text(p, look->path);
    if (look->path.size > 0 && look->name.size > 0)
        fp_markup_raw(p, ", ");
    fp_markup_text(p, look->name);
    fp_markup_textf(p, ": %s", shape_of(claim->kind)->words);
    for (size_t i = 0; i < claim->texts.count; i++)
        fp_markup_textf(p, "%s %s", i > 0 ? " or" : "", fp_page_clean(p, claim->texts.at[i]));
    if (claim->at_least.count > 0)
        fp_markup_textf(p, " of at least %s", fp_version_format(&claim->at_least, low));
    if (claim->below.count > 0)
        fp_markup_textf(p, " below %s", fp_version_format(&claim->below, high));
    fp_markup_raw(p, "\"");
}

static const char *unknown_test(fp_oval_parts *parts)
{
    fp_out out = {0};
    fp_page p = fp_oval_page(parts, &out);
    fp_markup_raw(&p, " check=\"all\" comment=\"Not known: never a pass\"/>");
    return add_page(parts, FP_OVAL_TESTS, "ind:unknown_test", &p);
}

const char *fp_oval_test(fp_oval_parts *parts, const fp_claim *claim)
{
    static const char *const elements[] = {"win:registry_test", "win:file_test",
                                           "ind:variable_test"};
    if (claim->kind == FP_CLAIM_OPEN)
        return unknown_test(parts);
    const family f = family_of(claim->look.kind);
    const char *prefix = f == VARIABLE ? "ind" : "win";
    const shape *s = shape_of(claim->kind);
    states all = {.count = 0};
    add_states(parts, claim, &all);
    fp_out out = {0};
    fp_page p = fp_oval_page(parts, &out);
    fp_out_printf(&out, " check=\"%s\" check_existence=\"%s\"", s->check, s->existence);
    if (all.count > 1)
        fp_out_printf(&out, " state_operator=\"%s\"", s->operator);
    put_comment(&p, claim);
    fp_out_printf(&out, "><%s:object object_ref=\"%s\"/>", prefix,
                  fp_oval_object(parts, &claim->look));
    for (size_t i = 0; i < all.count; i++)
        fp_out_printf(&out, "<%s:state state_ref=\"%s\"/>", prefix, all.ids[i]);
    fp_out_printf(&out, "</%s>", elements[f]);
    return add_page(parts, FP_OVAL_TESTS, elements[f], &p);
}
