/* SPDX-License-Identifier: MIT */
/* KB numbers in the names that hotfixes leave behind. */
#ifndef FP_HOTFIX_KB_H
#define FP_HOTFIX_KB_H

#include "inventory/base/text.h"

enum { FP_KB_DIGITS_MAX = 10 };

/* "KB954474" or "954474", and nothing else. */
FP_MUST_CHECK bool fp_kb_parse(fp_str text, uint64_t *number);

/*
 * A hotfix's name and nothing else: "KB954474", "KB954474-v2". Behind the number may stand
 * letters, digits, '-' and '_'; anything else may hide more of it ("KB95447...").
 */
FP_MUST_CHECK bool fp_kb_name(fp_str text, uint64_t *number);

/*
 * The next "KB<number>" that stands in `text` as a whole word, from *at on, which moves behind it;
 * false when there is none. Letters and digits continue a word, but a version such as "v2" right
 * behind the number does not.
 */
FP_MUST_CHECK bool fp_kb_next(fp_str text, size_t *at, uint64_t *number);

/*
 * Of the packages of Component Based Servicing, a KB's own: "Package_for_KB4013429~31bf...", with
 * nothing but the number before the '~'. Others are what it is made of: "Package_1_for_KB4013429~".
 */
FP_MUST_CHECK bool fp_kb_own_package(fp_str name);

#endif
