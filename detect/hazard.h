/* SPDX-License-Identifier: MIT */
/*
 * What looks in a pattern as if matching could run away. Matching is bounded (signature.h), so this
 * costs no time; but a record on which it gives up proves nothing, and hostile logs can be made of
 * such records.
 */
#ifndef FP_DETECT_HAZARD_H
#define FP_DETECT_HAZARD_H

#include "inventory/base/text.h"

/* One sentence, or NULL. `pattern` is one that fp_pattern_new accepted; a rule of thumb, linear in
 * its size. */
const char *fp_pattern_hazard(fp_str pattern);

#endif
