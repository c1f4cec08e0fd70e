/* SPDX-License-Identifier: MIT */
/*
 * Did it run, and if not, where and why?
 *
 * Three questions, three types: fp_status says whether a function ran, fp_diag where and why it did
 * not, and each module's own enums say what was found. A damaged item is a finding about that item,
 * not a failed run.
 */
#ifndef FP_BASE_STATUS_H
#define FP_BASE_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#define FP_MUST_CHECK         __attribute__((warn_unused_result))
#define FP_PRINTF(text, args) __attribute__((format(printf, text, args)))

/* Few codes, each named for what the caller can do about it. */
typedef enum fp_status {
    FP_OK = 0,
    FP_NOMEM,       /* the arena's budget or the machine's memory is used up */
    FP_IO,          /* reading or writing failed: errno's text is in the message */
    FP_TRUNCATED,   /* the input ends before the structure does */
    FP_FORMAT,      /* the input contradicts its format */
    FP_LIMIT,       /* a named limit of ours was hit; the input may be sound */
    FP_UNSUPPORTED, /* sound, but a form that is not read here */
    FP_NOT_FOUND,   /* what was asked for is not there */
    FP_CRYPTO       /* libcrypto failed */
} fp_status;

enum { FP_DIAG_MESSAGE = 200 };

/* The first failure. `where` is a byte offset or a line number, as `module` counts (its header
 * says). */
typedef struct fp_diag {
    fp_status status;
    const char *module; /* a literal: "regf", "reg", "cab", "json" ... */
    uint64_t where;
    char message[FP_DIAG_MESSAGE]; /* UTF-8, may quote hostile input: escape before display */
} fp_diag;

/* Records the failure: the first one wins, `d` may be NULL. */
void fp_diag_set(fp_diag *d, fp_status status, const char *module, uint64_t where,
                 const char *format, ...) FP_PRINTF(5, 6);

/* The same, and the value is `status`, which is named twice so that an analyser sees that it is no
 * FP_OK:
 *
 *     return fp_fail(d, FP_TRUNCATED, "regf", offset, "the base block needs %d bytes", size);
 */
#define fp_fail(d, status, module, where, ...)                                                     \
    (fp_diag_set((d), (status), (module), (where), __VA_ARGS__), (fp_status)(status))

/* "truncated", "limit" ...: for messages and test output. */
const char *fp_status_name(fp_status status);

#endif
