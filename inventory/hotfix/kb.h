/* SPDX-License-Identifier: MIT */
/* KB numbers in the names that hotfixes leave behind. */
#ifndef FP_HOTFIX_KB_H
#define FP_HOTFIX_KB_H

#include "inventory/base/text.h"

enum { FP_KB_DIGITS_MAX = 10 };

/* "KB954474" or "954474", and nothing else. */
FP_MUST_CHECK bool fp_kb_parse(fp_str text, uint64_t *number);

/*
 * A hotfix's name and nothing else: "KB954474", "KB954474-v2". Anything but letters, digits, '-'
 * and
 * '_' behind the number may hide more of it ("KB95447...").
 */
FP_MUST_CHECK bool fp_kb_name(fp_str text, uint64_t *number);

/*
 * The next "KB<number>" that stands in `text` as a whole word, from *at on, which moves behind it;
 * false when there is none. Letters and digits continue a word, but a version such as "v2" right
 * behind the number does not.
 */
FP_MUST_CHECK bool fp_kb_next(fp_str text, size_t *at, uint64_t *number);

#endif
