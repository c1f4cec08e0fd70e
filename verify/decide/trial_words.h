/* SPDX-License-Identifier: MIT */
/* What the lines of a case are made of: see trial.h. */
#ifndef FP_DECIDE_TRIAL_WORDS_H
#define FP_DECIDE_TRIAL_WORDS_H

#include "verify/decide/casefile.h"

bool fp_trial_is_blank(char c);
/* The next word; *rest moves behind it and the blanks that follow. Empty at the end. */
fp_str fp_trial_word(fp_str *rest);
FP_MUST_CHECK bool fp_trial_u32(fp_str word, uint32_t *out);

/* A line below `catalog`. False: it is none, and *wrong is where. What it holds lives as the text.
 */
FP_MUST_CHECK bool fp_trial_update_read(fp_str text, fp_described_update *out, fp_str *wrong);

#endif
