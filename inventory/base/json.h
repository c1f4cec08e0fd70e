/* SPDX-License-Identifier: MIT */
/*
 * JSON documents, read strictly and written in the order given; jansson's types stay inside json.c.
 *
 * Reading refuses duplicate keys, bad UTF-8, lone surrogates, NUL, depth over FP_JSON_DEPTH_MAX and
 * documents over FP_JSON_SIZE_MAX. Errors carry the line in `where` and the column in the message.
 */
#ifndef FP_BASE_JSON_H
#define FP_BASE_JSON_H

#include "inventory/base/text.h"

enum { FP_JSON_DEPTH_MAX = 64, FP_JSON_SIZE_MAX = 16 * 1024 * 1024 };

typedef struct fp_json fp_json; /* a node: owned by its document, except the root */

typedef enum fp_json_type {
    FP_JSON_NULL,
    FP_JSON_BOOL,
    FP_JSON_NUMBER, /* an integer or a real */
    FP_JSON_STRING,
    FP_JSON_ARRAY,
    FP_JSON_OBJECT
} fp_json_type;

typedef struct fp_json_position { /* from 1; 0 = not known */
    uint64_t line, column;        /* the column counts characters */
} fp_json_position;

/* module "json", `where` = line. On success *out is freed by fp_json_free. */
FP_MUST_CHECK fp_status fp_json_parse(fp_span text, fp_json **out, fp_diag *d);
/* The same, and *at is set when it fails: where the text stops being what it should be. The message
 * is without the column. */
FP_MUST_CHECK fp_status fp_json_parse_located(fp_span text, fp_json **out, fp_json_position *at,
                                              fp_diag *d);
/* Line and column of the byte at `offset`. */
fp_json_position fp_json_position_of(fp_span text, size_t offset);
void fp_json_free(fp_json *root); /* NULL is fine */

/* All of these take NULL for a missing node. */
fp_json_type fp_json_type_of(const fp_json *node); /* FP_JSON_NULL for NULL */
bool fp_json_is(const fp_json *node, fp_json_type type);
const char *fp_json_type_name(fp_json_type type); /* "an object", "a string" ... */
/* Member of an object, or NULL. */
const fp_json *fp_json_get(const fp_json *object, const char *key);
size_t fp_json_size(const fp_json *node); /* elements of an array, members of an object, else 0 */
const fp_json *fp_json_at(const fp_json *array, size_t index);
/*
 * The members of an object in document order, one a call, its key in *key; NULL at the end. *cursor
 * is NULL at the start:
 *
 *     void *cursor = NULL;
 *     while ((value = fp_json_next(object, &cursor, &key)) != NULL)
 */
const fp_json *fp_json_next(const fp_json *object, void **cursor, fp_str *key);
fp_str fp_json_string(const fp_json *node); /* empty unless a string; lives as the document */
FP_MUST_CHECK bool fp_json_u64(const fp_json *node, uint64_t *out); /* integer 0 ... 2^63-1 */
FP_MUST_CHECK bool fp_json_bool(const fp_json *node, bool *out);

/*
 * Writing. A node made here is owned by the caller until it is put into another one. Text that is
 * not valid UTF-8 is written with U+FFFD; NUL inside is written \u0000. Makers return NULL when out
 * of memory; fp_json_put and fp_json_add then (and for a NULL child) return false and free the
 * child.
 */
fp_json *fp_json_new_object(void);
fp_json *fp_json_new_array(void);
fp_json *fp_json_new_string(fp_str s);
fp_json *fp_json_new_integer(int64_t n);
fp_json *fp_json_new_bool(bool b);
fp_json *fp_json_new_null(void);
bool fp_json_put(fp_json *object, const char *key, fp_json *child);
bool fp_json_add(fp_json *array, fp_json *child);
/* Two-space indent, members in the order they were put, a newline at the end. Freed with free(). */
FP_MUST_CHECK fp_status fp_json_write(const fp_json *root, char **out, size_t *size);
/* The same on one line, without blanks and without a line end. */
FP_MUST_CHECK fp_status fp_json_write_compact(const fp_json *root, char **out, size_t *size);

#endif
