/* SPDX-License-Identifier: MIT */
#include "verify/decide/form.h"

#include "inventory/base/digest.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- telling ---- */

/* "/tests/marker/kb" from the root down: written from the end of the buffer backwards, so that a
 * path that is too long keeps its last part. */
static fp_str place_text(const fp_place *at, char buffer[FP_FORM_PATH_MAX])
{
    size_t start = FP_FORM_PATH_MAX;
    for (; at != NULL && at->up != NULL; at = at->up) {
        char number[24];
        fp_str piece = at->key;
        if (piece.data == NULL) {
            (void)snprintf(number, sizeof number, "%zu", at->index);
            piece = fp_str_of(number);
        }
        if (piece.size + 1 > start)
            break;
        start -= piece.size;
        memcpy(buffer + start, piece.data, piece.size);
        buffer[--start] = '/';
    }
    return (fp_str){buffer + start, FP_FORM_PATH_MAX - start};
}

static bool told_enough(const fp_form *form, bool error)
{
    return (error ? form->errors : form->warnings) > FP_FORM_ERRORS_MAX;
}

static void tell(fp_form *form, fp_lint_rule rule, const fp_place *at, const char *message)
{
    const bool error = fp_lint_rule_table[rule].error;
    size_t *count = error ? &form->errors : &form->warnings;
    ++*count;
    /* A document made of errors must not cost a scan of itself for each of them. */
    const bool told = !error || (form->d != NULL && form->d->status != FP_OK);
    if (told_enough(form, error) || (form->lint == NULL && told))
        return;
    char buffer[FP_FORM_PATH_MAX];
    const fp_str path = place_text(at, buffer);
    const fp_json_position where = fp_place_position(at, form->document);
    if (error)
        (void)fp_fail(form->d, FP_FORMAT, form->module, where.line, "%.*s%s%s", FP_STR_ARG(path),
                      path.size == 0 ? "" : ": ", message);
    if (form->lint == NULL)
        return;
    const fp_lint lint = {error, rule, where.line, where.column, path, fp_str_of(message)};
    form->lint(form->context, &lint);
}

void fp_form_error(fp_form *form, const fp_place *at, const char *format, ...)
{
    char message[FP_DIAG_MESSAGE];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    tell(form, FP_LINT_VALUE, at, message);
}

void fp_form_tell(fp_form *form, fp_lint_rule rule, const fp_place *at, const char *format, ...)
{
    char message[FP_DIAG_MESSAGE];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    tell(form, rule, at, message);
}

fp_status fp_form_status(const fp_form *form)
{
    if (form->no_memory)
        return fp_fail(form->d, FP_NOMEM, form->module, 0, "out of memory");
    return form->errors > 0 ? FP_FORMAT : FP_OK;
}

/* ---- names that are nearly right ---- */

/* Levenshtein's distance, one row at a time; both at most FP_FORM_NAME_MAX bytes. */
static size_t distance(fp_str a, fp_str b)
{
    size_t row[FP_FORM_NAME_MAX + 1];
    for (size_t j = 0; j <= b.size; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            const size_t change = diagonal + (a.data[i - 1] != b.data[j - 1]);
            diagonal = row[j];
            const size_t drop = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            row[j] = change < drop ? change : drop;
        }
    }
    return row[b.size];
}

fp_str fp_form_nearest(fp_str name, const fp_str *names, size_t count)
{
    fp_str nearest = {NULL, 0};
    size_t least = name.size / 3 + 2; /* farther away it would be a guess, not a help */
    if (name.size > FP_FORM_NAME_MAX)
        return nearest;
    for (size_t i = 0; i < count; i++) {
        if (names[i].size > FP_FORM_NAME_MAX)
            continue;
        const size_t d = distance(name, names[i]);
        if (d < least) {
            least = d;
            nearest = names[i];
        }
    }
    return nearest;
}

static void error_unknown(fp_form *form, const fp_place *at, const char *what, fp_str name,
                          const fp_str *names, size_t count)
{
    const fp_str nearest =
        told_enough(form, true) ? (fp_str){NULL, 0} : fp_form_nearest(name, names, count);
    if (nearest.size > 0)
        fp_form_tell(form, FP_LINT_UNKNOWN_NAME, at, "unknown %s \"%.*s\": did you mean \"%.*s\"?",
                     what, FP_STR_ARG(name), FP_STR_ARG(nearest));
    else
        fp_form_tell(form, FP_LINT_UNKNOWN_NAME, at, "unknown %s \"%.*s\"", what, FP_STR_ARG(name));
}

bool fp_form_identifier(fp_form *form, const fp_place *at, fp_str name)
{
    bool good = name.size > 0 && name.size <= FP_FORM_NAME_MAX;
    for (size_t i = 0; good && i < name.size; i++) {
        const char c = name.data[i];
        good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    }
    if (!good)
        fp_form_error(form, at, "must be a name: letters, digits, '.', '_', '-', at most %d",
                      FP_FORM_NAME_MAX);
    return good;
}

bool fp_form_kb(fp_form *form, const fp_place *at, fp_str kb)
{
    enum { DIGITS_MAX = 10 };
    uint64_t number;
    const bool good = fp_str_starts(kb, FP_STR("KB")) && kb.size <= 2 + DIGITS_MAX &&
                      fp_str_to_u64(fp_str_tail(kb, 2), &number);
    if (!good)
        fp_form_error(form, at, "must be KB and a number");
    return good;
}

bool fp_form_sha256(fp_form *form, const fp_place *at, fp_str digest)
{
    uint8_t bytes[FP_SHA256_SIZE];
    const bool good = fp_unhex(digest, sizeof bytes, bytes);
    if (!good)
        fp_form_error(form, at, "must be the %d hexadecimal digits of a SHA-256",
                      FP_SHA256_HEX_SIZE - 1);
    return good;
}

/* ---- values ---- */

static bool has_type(fp_form *form, const fp_place *at, const fp_json *node, fp_json_type type)
{
    if (fp_json_is(node, type))
        return true;
    fp_form_tell(form, FP_LINT_WRONG_TYPE, at, "must be %s, not %s", fp_json_type_name(type),
                 fp_json_type_name(fp_json_type_of(node)));
    return false;
}

static bool read_note(fp_form *form, const fp_place *at, const fp_json *node, fp_str *out)
{
    if (!has_type(form, at, node, FP_JSON_STRING))
        return false;
    const fp_str text = fp_json_string(node);
    if (text.size > FP_FORM_TEXT_MAX) {
        fp_form_error(form, at, "longer than %d bytes", FP_FORM_TEXT_MAX);
        return false;
    }
    if (fp_str_dup(form->arena, text, out) != FP_OK) {
        form->no_memory = true;
        return false;
    }
    return true;
}

static bool read_text(fp_form *form, const fp_place *at, const fp_json *node, fp_str *out)
{
    if (!read_note(form, at, node, out))
        return false;
    if (out->size == 0)
        fp_form_error(form, at, "must not be empty");
    return out->size > 0;
}

/* Room for the elements of an array, or NULL (told). An empty array gives room for one. */
static void *array_room(fp_form *form, const fp_place *at, const fp_json *node, size_t element)
{
    if (!has_type(form, at, node, FP_JSON_ARRAY))
        return NULL;
    const size_t count = fp_json_size(node);
    if (count > FP_FORM_ITEMS_MAX) {
        fp_form_error(form, at, "more than %d elements", FP_FORM_ITEMS_MAX);
        return NULL;
    }
    void *room = fp_arena_alloc_array(form->arena, count == 0 ? 1 : count, element);
    form->no_memory = form->no_memory || room == NULL;
    return room;
}

static void read_texts(fp_form *form, const fp_place *at, const fp_json *node, fp_texts *out)
{
    fp_str *texts = array_room(form, at, node, sizeof *texts);
    if (texts == NULL)
        return;
    for (size_t i = 0; i < fp_json_size(node); i++) {
        const fp_place here = fp_place_index(at, i);
        if (!read_text(form, &here, fp_json_at(node, i), &texts[i]))
            continue;
        for (size_t k = 0; k < i; k++)
            if (fp_str_eq(texts[k], texts[i]))
                fp_form_error(form, &here, "\"%.*s\" stands here twice", FP_STR_ARG(texts[i]));
    }
    *out = (fp_texts){texts, fp_json_size(node)};
}

static void read_numbers(fp_form *form, const fp_place *at, const fp_json *node, fp_numbers *out)
{
    uint64_t *numbers = array_room(form, at, node, sizeof *numbers);
    if (numbers == NULL)
        return;
    for (size_t i = 0; i < fp_json_size(node); i++) {
        const fp_place here = fp_place_index(at, i);
        if (!fp_json_u64(fp_json_at(node, i), &numbers[i]))
            fp_form_error(form, &here, "must be a whole number, not negative");
    }
    *out = (fp_numbers){numbers, fp_json_size(node)};
}

static void read_word(fp_form *form, const fp_place *at, const fp_json *node,
                      const char *const *words, unsigned *out)
{
    if (!has_type(form, at, node, FP_JSON_STRING))
        return;
    const fp_str text = fp_json_string(node);
    fp_str names[FP_FORM_ITEMS_MAX];
    size_t count = 0;
    for (; words[count] != NULL && count < FP_FORM_ITEMS_MAX; count++) {
        names[count] = fp_str_of(words[count]);
        if (fp_str_eq(text, names[count])) {
            *out = (unsigned)count + 1;
            return;
        }
    }
    error_unknown(form, at, "word", text, names, count);
}

static void read_version(fp_form *form, const fp_place *at, const fp_json *node, fp_version *out)
{
    fp_version version;
    if (!has_type(form, at, node, FP_JSON_STRING))
        return;
    if (fp_version_parse(fp_json_string(node), &version))
        *out = version;
    else
        fp_form_error(form, at, "is no version: numbers with full stops between them");
}

static void read_time(fp_form *form, const fp_place *at, const fp_json *node, fp_str *out)
{
    fp_time t;
    fp_str text;
    if (!read_text(form, at, node, &text))
        return;
    if (fp_time_parse(text, &t))
        *out = text;
    else
        fp_form_error(form, at, "is neither a date nor an RFC 3339 time");
}

static void read_bool(fp_form *form, const fp_place *at, const fp_json *node, bool *out)
{
    bool is;
    if (has_type(form, at, node, FP_JSON_BOOL) && fp_json_bool(node, &is))
        *out = is;
}

static void read_count(fp_form *form, const fp_place *at, const fp_json *node, uint64_t *out)
{
    if (!fp_json_u64(node, out))
        fp_form_error(form, at, "must be a whole number, not negative");
}

/* ---- values that may be null: not known ---- */

static bool is_known(const fp_json *node)
{
    return !fp_json_is(node, FP_JSON_NULL);
}

static void read_known(fp_form *form, const fp_place *at, const fp_json *node, fp_str *out)
{
    if (is_known(node) && has_type(form, at, node, FP_JSON_STRING) &&
        fp_str_dup(form->arena, fp_json_string(node), out) != FP_OK)
        form->no_memory = true;
}

static void read_moment(fp_form *form, const fp_place *at, const fp_json *node, fp_time *out)
{
    *out = FP_TIME_NONE;
    if (is_known(node) && !fp_time_parse(fp_json_string(node), out))
        fp_form_error(form, at, "is neither null nor an RFC 3339 time");
}

static void read_tri(fp_form *form, const fp_place *at, const fp_json *node, fp_tri *out)
{
    bool is;
    if (is_known(node) && has_type(form, at, node, FP_JSON_BOOL) && fp_json_bool(node, &is))
        *out = fp_tri_of(is);
}

static void read_id(fp_form *form, const fp_place *at, const fp_json *node, uint32_t *out)
{
    uint64_t id;
    if (!is_known(node))
        return;
    if (fp_json_u64(node, &id) && id > 0 && id <= UINT32_MAX)
        *out = (uint32_t)id;
    else
        fp_form_error(form, at, "is neither null nor a number from 1 on");
}

/* ---- */

static void read_node(fp_form *form, const fp_place *at, const fp_json *node, fp_json_type type,
                      const fp_json **out)
{
    if (has_type(form, at, node, type))
        *out = node;
}

static void read_field(fp_form *form, const fp_place *at, const fp_json *node,
                       const fp_field *field, void *slot)
{
    switch (field->kind) {
    case FP_FIELD_TEXT:
        (void)read_text(form, at, node, slot);
        return;
    case FP_FIELD_KB:
        if (read_text(form, at, node, slot))
            (void)fp_form_kb(form, at, *(const fp_str *)slot);
        return;
    case FP_FIELD_NOTE:
        (void)read_note(form, at, node, slot);
        return;
    case FP_FIELD_TEXTS:
        read_texts(form, at, node, slot);
        return;
    case FP_FIELD_NUMBERS:
        read_numbers(form, at, node, slot);
        return;
    case FP_FIELD_WORD:
        read_word(form, at, node, field->words, slot);
        return;
    case FP_FIELD_VERSION:
        read_version(form, at, node, slot);
        return;
    case FP_FIELD_TIME:
        read_time(form, at, node, slot);
        return;
    case FP_FIELD_BOOL:
        read_bool(form, at, node, slot);
        return;
    case FP_FIELD_COUNT:
        read_count(form, at, node, slot);
        return;
    case FP_FIELD_KNOWN:
        read_known(form, at, node, slot);
        return;
    case FP_FIELD_MOMENT:
        read_moment(form, at, node, slot);
        return;
    case FP_FIELD_TRI:
        read_tri(form, at, node, slot);
        return;
    case FP_FIELD_ID:
        read_id(form, at, node, slot);
        return;
    case FP_FIELD_OBJECT:
        read_node(form, at, node, FP_JSON_OBJECT, slot);
        return;
    case FP_FIELD_ARRAY:
        read_node(form, at, node, FP_JSON_ARRAY, slot);
        return;
    case FP_FIELD_NODE:
        *(const fp_json **)slot = node;
        return;
    }
}

/* ---- objects ---- */

bool fp_form_is_object(fp_form *form, const fp_place *at, const fp_json *node)
{
    return has_type(form, at, node, FP_JSON_OBJECT);
}

void fp_form_fill(fp_form *form, const fp_place *at, const fp_json *object, fp_fields fields,
                  void *target)
{
    for (size_t i = 0; i < fields.count; i++) {
        const fp_field *field = &fields.at[i];
        const fp_json *node = fp_json_get(object, field->key);
        if (node == NULL) {
            if (field->required)
                fp_form_tell(form, FP_LINT_MISSING_MEMBER, at, "\"%s\" is missing", field->key);
            continue;
        }
        const fp_place here = fp_place_key(at, fp_str_of(field->key));
        read_field(form, &here, node, field, (char *)target + field->offset);
    }
}

void fp_form_close(fp_form *form, const fp_place *at, const fp_json *object, fp_fields fields,
                   fp_fields more)
{
    fp_str names[2 * FP_FORM_ITEMS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < fields.count && count < FP_FORM_ITEMS_MAX; i++)
        names[count++] = fp_str_of(fields.at[i].key);
    for (size_t i = 0; i < more.count && count < 2 * FP_FORM_ITEMS_MAX; i++)
        names[count++] = fp_str_of(more.at[i].key);

    fp_str key;
    void *cursor = NULL;
    while (fp_json_next(object, &cursor, &key) != NULL) {
        size_t i = 0;
        while (i < count && !fp_str_eq(key, names[i]))
            i++;
        const fp_place here = fp_place_key(at, key);
        if (i == count)
            error_unknown(form, &here, "key", key, names, count);
    }
}

bool fp_form_read(fp_form *form, const fp_place *at, const fp_json *node, fp_fields fields,
                  void *target)
{
    if (!fp_form_is_object(form, at, node))
        return false;
    const size_t before = form->errors;
    fp_form_fill(form, at, node, fields, target);
    fp_form_close(form, at, node, fields, (fp_fields){NULL, 0});
    return form->errors == before && !form->no_memory;
}
