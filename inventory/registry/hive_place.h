/* SPDX-License-Identifier: MIT */
/*
 * Where in the registry a hive belongs. The format does not store that: it is told from the root's
 * subkeys. HKLM\SOFTWARE has Microsoft; HKLM\SYSTEM has Select and a ControlSet.
 *
 * But other keys look like HKLM\SOFTWARE once they are saved on their own (its Wow6432Node, a
 * user's Software), so that place is *sure* only when Classes and Wow6432Node are there too, or a
 * name confirms it: that of the file, or the one in the base block. SOFTWARE.SAV and
 * RegBack\SOFTWARE are older states and have no place: mixed with the live hive they would mislead.
 */
#ifndef FP_REGISTRY_HIVE_PLACE_H
#define FP_REGISTRY_HIVE_PLACE_H

#include "inventory/registry/hive.h"

typedef struct fp_hive_place {
    fp_str mount;    /* "HKEY_LOCAL_MACHINE\SOFTWARE"; empty: not known */
    bool system;     /* it is HKLM\SYSTEM */
    bool sure;       /* if not, absence in it proves nothing */
    const char *why; /* it is not sure, or not known */
} fp_hive_place;

/* `hint`: the file's name, with as much of its path as is known. */
fp_hive_place fp_hive_find_place(const fp_hive *hive, const fp_hive_key *root, fp_str hint,
                                 fp_arena *arena);

#endif
