/* SPDX-License-Identifier: MIT */
/*
 * JSON objects read strictly, by tables of their members: every object of an advisory, of
 * statements and of a collection record goes through here.
 *
 * A missing member, a member of the wrong type and a member nobody knows are errors, each told with
 * its place in the document ("/tests/marker/kb"), its line and, for a misspelt name, the nearest
 * known one. Reading goes on after an error, so that one run tells them all.
 */
#ifndef FP_DECIDE_FORM_H
#define FP_DECIDE_FORM_H

#include "inventory/base/json.h"
#include "inventory/base/time.h"
#include "inventory/base/tri.h"
#include "inventory/base/version.h"
#include "verify/decide/lint_rule.h"

enum {
    FP_FORM_TEXT_MAX = 8192,  /* bytes of one text */
    FP_FORM_ITEMS_MAX = 256,  /* elements of one array */
    FP_FORM_NAME_MAX = 64,    /* bytes of an id or name */
    FP_FORM_ERRORS_MAX = 100, /* told, and as many warnings; further ones are counted only */
    FP_FORM_PATH_MAX = 512    /* bytes of a place in words */
};

typedef struct fp_lint { /* what the reader and the linter say; `path` = place inside the document
                          */
    bool error;          /* else a warning */
    fp_lint_rule rule;
    uint64_t line;   /* 0 = not known */
    uint64_t column; /* in characters from 1; 0 = not known */
    fp_str path;     /* "/tests/marker/kb"; valid during the call */
    fp_str message;
} fp_lint;
typedef void fp_lint_fn(void *context, const fp_lint *lint);

/* Where in the document: a chain up to the root (up == NULL, nothing else set). */
typedef struct fp_place {
    const struct fp_place *up;
    fp_str key; /* member of an object; data == NULL: element `index` of an array */
    size_t index;
} fp_place;

static inline fp_place fp_place_key(const fp_place *up, fp_str key)
{
    return (fp_place){up, key, 0};
}
static inline fp_place fp_place_index(const fp_place *up, size_t index)
{
    return (fp_place){up, (fp_str){NULL, 0}, index};
}

/* Where a place is in a document that fp_json_parse accepted; zeros when it cannot be found. */
fp_json_position fp_place_position(const fp_place *at, fp_span document);

typedef struct fp_form { /* one document being read; made by the caller, zeroed but for these: */
    const char *module;  /* of diagnostics: "advisory", "statements" */
    fp_span document;
    fp_arena *arena;
    fp_lint_fn *lint; /* or NULL */
    void *context;
    fp_diag *d;
    size_t errors, warnings; /* so far */
    bool no_memory;
} fp_form;

/* An error that has no rule of its own: FP_LINT_VALUE. */
void fp_form_error(fp_form *form, const fp_place *at, const char *format, ...) FP_PRINTF(3, 4);
/* An error or a warning, as the table of rules says. */
void fp_form_tell(fp_form *form, fp_lint_rule rule, const fp_place *at, const char *format, ...)
    FP_PRINTF(4, 5);
/* FP_NOMEM, FP_FORMAT when there were errors, or FP_OK. */
fp_status fp_form_status(const fp_form *form);

typedef struct fp_texts {
    fp_str *at;
    size_t count;
} fp_texts;
typedef struct fp_numbers {
    uint64_t *at;
    size_t count;
} fp_numbers;

/* What is written at `offset` of the target; nothing when the member is absent. */
typedef enum fp_field_kind {
    FP_FIELD_TEXT = 0, /* fp_str, not empty, copied into the arena */
    FP_FIELD_KB,       /* fp_str, "KB" and a number */
    FP_FIELD_NOTE,     /* fp_str, may be empty: for readers only */
    FP_FIELD_TEXTS,    /* fp_texts */
    FP_FIELD_NUMBERS,  /* fp_numbers */
    FP_FIELD_WORD,     /* unsigned: 1 + index of the text in `words` */
    FP_FIELD_VERSION,  /* fp_version */
    FP_FIELD_TIME,     /* fp_str that is an RFC 3339 time or date */
    FP_FIELD_BOOL,     /* bool */
    FP_FIELD_COUNT,    /* uint64_t */
    FP_FIELD_KNOWN,    /* fp_str of any length; null: empty */
    FP_FIELD_MOMENT,   /* fp_time; null: FP_TIME_NONE */
    FP_FIELD_TRI,      /* fp_tri; null: FP_UNKNOWN */
    FP_FIELD_ID,       /* uint32_t, not 0; null: 0 */
    FP_FIELD_OBJECT,   /* const fp_json *, lives as the document */
    FP_FIELD_ARRAY,    /* const fp_json * */
    FP_FIELD_NODE      /* const fp_json * of any type */
} fp_field_kind;

typedef struct fp_field {
    const char *key;
    fp_field_kind kind;
    bool required;
    size_t offset;
    const char *const *words; /* of FP_FIELD_WORD: NULL-terminated */
} fp_field;

typedef struct fp_fields {
    const fp_field *at;
    size_t count;
} fp_fields;
#define FP_FIELDS(table) ((fp_fields){(table), sizeof(table) / sizeof *(table)})

/* Is it an object? An error otherwise. */
bool fp_form_is_object(fp_form *form, const fp_place *at, const fp_json *node);
/* Writes the members that `fields` names into the zeroed `target`. */
void fp_form_fill(fp_form *form, const fp_place *at, const fp_json *object, fp_fields fields,
                  void *target);
/* Members that neither table names are errors. `more` may be empty. */
void fp_form_close(fp_form *form, const fp_place *at, const fp_json *object, fp_fields fields,
                   fp_fields more);
/* All three, for an object with one table. */
bool fp_form_read(fp_form *form, const fp_place *at, const fp_json *node, fp_fields fields,
                  void *target);

/* Ids and names: letters, digits, '.', '_', '-', not more than 64; an error otherwise. */
bool fp_form_identifier(fp_form *form, const fp_place *at, fp_str name);

/* "KB" and up to ten digits; an error otherwise. */
bool fp_form_kb(fp_form *form, const fp_place *at, fp_str kb);

/* 64 hexadecimal digits; an error otherwise. */
bool fp_form_sha256(fp_form *form, const fp_place *at, fp_str digest);

/* The nearest of `count` names to a misspelt one, or the empty string when none is near. */
fp_str fp_form_nearest(fp_str name, const fp_str *names, size_t count);

#endif
