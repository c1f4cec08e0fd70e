/* SPDX-License-Identifier: MIT */
/*
 * The patterns of advisory data: PCRE2, whose types stay inside signature.c. A match is bounded in
 * steps, depth and memory; one that reaches a bound answers neither yes nor no.
 */
#ifndef FP_DETECT_SIGNATURE_H
#define FP_DETECT_SIGNATURE_H

#include "inventory/base/text.h"

enum {
    FP_PATTERN_SIZE_MAX = 4096,
    FP_PATTERN_NEST_MAX = 32,
    FP_MATCH_TEXT_MAX = 16 * 1024, /* bytes: real messages have at most a few thousand */
    FP_MATCH_STEPS_MAX = 100000,   /* from one place of the text */
    FP_MATCH_DEPTH_MAX = 10000,
    FP_MATCH_HEAP_MAX_KIB = 4096,
    FP_MATCH_GROUPS = 5 /* the whole and captures 1 to 4 */
};

typedef struct fp_pattern fp_pattern;

/* `where` of the diag: offset in the pattern. FP_FORMAT: PCRE2's words, or the pattern matches the
 * empty string, which would make every record a hit. */
FP_MUST_CHECK fp_status fp_pattern_new(fp_str pattern, fp_pattern **out, fp_diag *d);
void fp_pattern_free(fp_pattern *pattern); /* NULL is fine */

/* What matching needs and a pattern shared between threads must not hold. */
typedef struct fp_matcher fp_matcher;
FP_MUST_CHECK fp_matcher *fp_matcher_new(void); /* NULL: no memory */
void fp_matcher_free(fp_matcher *matcher);      /* NULL is fine */

typedef enum fp_match {
    FP_MATCH_UNKNOWN = 0, /* a bound was reached */
    FP_MATCH_NO,
    FP_MATCH_YES
} fp_match;

typedef struct fp_captures { /* of a FP_MATCH_YES; inside the text; empty where a group took no part
                              */
    fp_str group[FP_MATCH_GROUPS];
    fp_str update; /* the group of that name */
} fp_captures;

fp_match fp_pattern_match(const fp_pattern *pattern, fp_matcher *matcher, fp_str text,
                          fp_captures *out);

#endif
