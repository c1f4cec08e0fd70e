/* SPDX-License-Identifier: MIT */
/* Names as a hive stores them, Latin-1 or UTF-16LE, compared in place where that is possible. */
#ifndef FP_REGISTRY_HIVE_NAME_H
#define FP_REGISTRY_HIVE_NAME_H

#include "inventory/base/text.h"
#include "inventory/base/tri.h"
#include "inventory/registry/hive.h"

typedef struct fp_hive_wanted { /* a name that is looked for */
    fp_str name;
    bool ascii;
} fp_hive_wanted;

fp_hive_wanted fp_hive_wanted_name(fp_str name);

/* Names that match have the same one: it is made of their ASCII characters alone. */
uint32_t fp_hive_name_hash(fp_span raw, size_t width); /* bytes of a unit: 1 or 2 */
uint32_t fp_hive_wanted_hash(const fp_hive_wanted *wanted);

typedef struct fp_hive_search { /* of one name among all names of a list */
    fp_hive_wanted wanted;
    unsigned found;
    bool nomem;
} fp_hive_search;

/* Takes the next name of the list: is it the first that matches? */
bool fp_hive_search_first(fp_hive_search *search, fp_span raw, bool latin1);
/* After the list; `whole`: all of it could be read. */
fp_hive_found fp_hive_search_result(const fp_hive_search *search, bool whole);

#endif
