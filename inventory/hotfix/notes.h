/* SPDX-License-Identifier: MIT */
/* What is odd about the traces of a hotfix, in words for a reader. */
#ifndef FP_HOTFIX_NOTES_H
#define FP_HOTFIX_NOTES_H

#include "inventory/hotfix/hotfix.h"

/* Adds to hotfix->notes; `present` and `elsewhere` are concluded already. `product`: the one asked
 * for, or empty for any. */
void fp_hotfix_note(fp_hotfix *hotfix, fp_str product, fp_arena *arena);

#endif
