/* SPDX-License-Identifier: MIT */
/* Names as a hive stores them, Latin-1 or UTF-16LE, compared in place where that is possible. */
#ifndef FP_REGISTRY_HIVE_NAME_H
#define FP_REGISTRY_HIVE_NAME_H

#include "inventory/base/text.h"
#include "inventory/base/tri.h"

typedef struct fp_hive_wanted { /* a name that is looked for */
    fp_str name;
    bool ascii;
} fp_hive_wanted;

fp_hive_wanted fp_hive_wanted_name(fp_str name);

/* Without case, as fp_str_casecmp. FP_UNKNOWN: no memory to decode a name outside ASCII. */
fp_tri fp_hive_name_matches(const fp_hive_wanted *wanted, fp_span raw, bool latin1);

#endif
