/* SPDX-License-Identifier: MIT */
/*
 * Many literals looked for in one pass over the text, ASCII letters without case.
 *
 * Wu-Manber: the last two bytes of a window as wide as the shortest literal tell how far it can
 * move on, mostly by its whole width. The longer the shortest literal, the faster: ten characters
 * and more search at several GB/s, two still work. A literal holds no line end, so that none spans
 * two lines.
 */
#ifndef FP_DETECT_LITERAL_H
#define FP_DETECT_LITERAL_H

#include "inventory/base/text.h"

enum { FP_LITERAL_SIZE_MIN = 2, FP_LITERAL_SIZE_MAX = 200, FP_LITERALS_MAX = 4096 };

typedef struct fp_literal {
    fp_str text;    /* copied */
    uint32_t owner; /* the caller's number of what it stands for */
} fp_literal;

typedef struct fp_literals fp_literals;

/* `where` of the diag: index of the bad literal. FP_FORMAT: too short, or holds a line end;
 * FP_LIMIT. */
FP_MUST_CHECK fp_status fp_literals_new(const fp_literal *literals, size_t count, fp_literals **out,
                                        fp_diag *d);
void fp_literals_free(fp_literals *literals); /* NULL is fine */

/* May this text be one of the literals? FP_FORMAT or FP_LIMIT when not. */
fp_status fp_literal_check(fp_str text);

/* Where the first occurrence that begins at or after `from` begins; text.size when there is none.
 */
size_t fp_literals_find(const fp_literals *literals, fp_str text, size_t from);
/* Sets owners[owner] of each literal that occurs in `text`; leaves the others. */
void fp_literals_owners(const fp_literals *literals, fp_str text, bool *owners);

#endif
