/* SPDX-License-Identifier: MIT */
#include "inventory/base/json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* An fp_json is a json_t under another name: these two are the only places that know. */
static const json_t *node_of(const fp_json *json)
{
    return (const json_t *)(const void *)json;
}

static fp_json *json_of(json_t *node)
{
    return (fp_json *)(void *)node;
}

static json_t *owned(fp_json *json)
{
    return (json_t *)(void *)json;
}

static const fp_json *borrowed(const json_t *node)
{
    return (const fp_json *)(const void *)node;
}

/* jansson's own depth limit is far above ours, so the nesting is counted before it sees the text:
 * no recursion on hostile input. Brackets inside strings do not count. */
static bool depth_within_limit(fp_span text, size_t *offset)
{
    unsigned depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < text.size; i++) {
        const uint8_t c = text.data[i];
        *offset = i;
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > FP_JSON_DEPTH_MAX)
                return false;
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return true;
}

static bool has_mark(fp_span text)
{
    return fp_span_starts(text, "\xEF\xBB\xBF", 3);
}

fp_json_position fp_json_position_of(fp_span text, size_t offset)
{
    fp_json_position at = {1, 1};
    for (size_t i = has_mark(text) ? 3 : 0; i < offset && i < text.size; i++) {
        const uint8_t c = text.data[i];
        if (c == '\n')
            at = (fp_json_position){at.line + 1, 1};
        else if ((c & 0xC0) != 0x80) /* not the rest of a character */
            at.column++;
    }
    return at;
}

fp_status fp_json_parse_located(fp_span text, fp_json **out, fp_json_position *at, fp_diag *d)
{
    size_t offset = 0;
    *at = (fp_json_position){0, 0};
    if (text.size > FP_JSON_SIZE_MAX)
        return fp_fail(d, FP_LIMIT, "json", 0, "more than %d bytes", (int)FP_JSON_SIZE_MAX);
    if (!depth_within_limit(text, &offset)) {
        *at = fp_json_position_of(text, offset);
        return fp_fail(d, FP_LIMIT, "json", at->line, "nested more than %d deep",
                       FP_JSON_DEPTH_MAX);
    }

    fp_span body = text;
    if (has_mark(text)) /* common in hand-made files */
        body = fp_span_of(text.data + 3, text.size - 3);

    json_error_t error;
    json_t *root = json_loadb(body.size == 0 ? "" : (const char *)body.data, body.size,
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (root == NULL) {
        const bool memory = json_error_code(&error) == json_error_out_of_memory;
        *at = (fp_json_position){error.line < 0 ? 0 : (uint64_t)error.line,
                                 error.column < 0 ? 0 : (uint64_t)error.column};
        return fp_fail(d, memory ? FP_NOMEM : FP_FORMAT, "json", at->line, "%s", error.text);
    }
    *out = json_of(root);
    return FP_OK;
}

fp_status fp_json_parse(fp_span text, fp_json **out, fp_diag *d)
{
    fp_diag found = {0};
    fp_json_position at;
    const fp_status status = fp_json_parse_located(text, out, &at, &found);
    if (status == FP_OK)
        return FP_OK;
    if (at.column == 0)
        return fp_fail(d, status, found.module, found.where, "%s", found.message);
    return fp_fail(d, status, found.module, found.where, "%s (column %llu)", found.message,
                   (unsigned long long)at.column);
}

void fp_json_free(fp_json *root)
{
    json_decref(owned(root));
}

fp_json_type fp_json_type_of(const fp_json *node)
{
    if (node == NULL)
        return FP_JSON_NULL;
    switch (json_typeof(node_of(node))) {
    case JSON_OBJECT:
        return FP_JSON_OBJECT;
    case JSON_ARRAY:
        return FP_JSON_ARRAY;
    case JSON_STRING:
        return FP_JSON_STRING;
    case JSON_INTEGER:
    case JSON_REAL:
        return FP_JSON_NUMBER;
    case JSON_TRUE:
    case JSON_FALSE:
        return FP_JSON_BOOL;
    case JSON_NULL:
        return FP_JSON_NULL;
    }
    return FP_JSON_NULL;
}

bool fp_json_is(const fp_json *node, fp_json_type type)
{
    return node != NULL && fp_json_type_of(node) == type;
}

const char *fp_json_type_name(fp_json_type type)
{
    static const char *const names[] = {"null",     "true or false", "a number",
                                        "a string", "an array",      "an object"};
    return names[type];
}

const fp_json *fp_json_get(const fp_json *object, const char *key)
{
    return object == NULL ? NULL : borrowed(json_object_get(node_of(object), key));
}

size_t fp_json_size(const fp_json *node)
{
    if (fp_json_is(node, FP_JSON_ARRAY))
        return json_array_size(node_of(node));
    return fp_json_is(node, FP_JSON_OBJECT) ? json_object_size(node_of(node)) : 0;
}

const fp_json *fp_json_at(const fp_json *array, size_t index)
{
    return array == NULL ? NULL : borrowed(json_array_get(node_of(array), index));
}

const fp_json *fp_json_next(const fp_json *object, void **cursor, fp_str *key)
{
    if (!fp_json_is(object, FP_JSON_OBJECT))
        return NULL;
    /* jansson iterates through a pointer that is not const, yet changes nothing. */
    json_t *node = owned((fp_json *)(uintptr_t)object);
    *cursor = *cursor == NULL ? json_object_iter(node) : json_object_iter_next(node, *cursor);
    if (*cursor == NULL)
        return NULL;
    *key = fp_str_of(json_object_iter_key(*cursor));
    return borrowed(json_object_iter_value(*cursor));
}

fp_str fp_json_string(const fp_json *node)
{
    if (!fp_json_is(node, FP_JSON_STRING))
        return (fp_str){NULL, 0};
    return (fp_str){json_string_value(node_of(node)), json_string_length(node_of(node))};
}

bool fp_json_u64(const fp_json *node, uint64_t *out)
{
    if (node == NULL || !json_is_integer(node_of(node)) || json_integer_value(node_of(node)) < 0)
        return false;
    *out = (uint64_t)json_integer_value(node_of(node));
    return true;
}

bool fp_json_bool(const fp_json *node, bool *out)
{
    if (!fp_json_is(node, FP_JSON_BOOL))
        return false;
    *out = json_is_true(node_of(node));
    return true;
}

fp_json *fp_json_new_object(void)
{
    return json_of(json_object());
}

fp_json *fp_json_new_array(void)
{
    return json_of(json_array());
}

fp_json *fp_json_new_string(fp_str s)
{
    json_t *node = json_stringn(s.size == 0 ? "" : s.data, s.size);
    if (node != NULL)
        return json_of(node);

    /* Not valid UTF-8: replace what is bad. */
    fp_arena *arena = fp_arena_new(s.size * 4 + 4096);
    fp_str repaired;
    fp_text_counts counts;
    if (arena != NULL &&
        fp_text_decode((fp_text_format){.encoding = FP_ENCODING_UTF8}, fp_span_of(s.data, s.size),
                       arena, &repaired, &counts, NULL) == FP_OK)
        node = json_stringn(repaired.data, repaired.size);
    fp_arena_free(arena);
    return json_of(node);
}

fp_json *fp_json_new_integer(int64_t n)
{
    return json_of(json_integer(n));
}

fp_json *fp_json_new_bool(bool b)
{
    return json_of(json_boolean(b));
}

fp_json *fp_json_new_null(void)
{
    return json_of(json_null());
}

bool fp_json_put(fp_json *object, const char *key, fp_json *child)
{
    if (object == NULL) {
        fp_json_free(child);
        return false;
    }
    return json_object_set_new(owned(object), key, owned(child)) == 0;
}

bool fp_json_add(fp_json *array, fp_json *child)
{
    if (array == NULL) {
        fp_json_free(child);
        return false;
    }
    return json_array_append_new(owned(array), owned(child)) == 0;
}

fp_status fp_json_write(const fp_json *root, char **out, size_t *size)
{
    char *text = root == NULL ? NULL : json_dumps(node_of(root), JSON_INDENT(2) | JSON_ENCODE_ANY);
    if (text == NULL)
        return FP_NOMEM;
    const size_t length = strlen(text);
    char *whole = realloc(text, length + 2);
    if (whole == NULL) {
        free(text);
        return FP_NOMEM;
    }
    whole[length] = '\n';
    whole[length + 1] = '\0';
    *out = whole;
    *size = length + 1;
    return FP_OK;
}

fp_status fp_json_write_compact(const fp_json *root, char **out, size_t *size)
{
    char *text = root == NULL ? NULL : json_dumps(node_of(root), JSON_COMPACT | JSON_ENCODE_ANY);
    if (text == NULL)
        return FP_NOMEM;
    *out = text;
    *size = strlen(text);
    return FP_OK;
}
