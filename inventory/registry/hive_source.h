/* SPDX-License-Identifier: MIT */
/*
 * A hive in its place in the registry.
 *
 * The format does not store the place: it is told from the root's subkeys. HKLM\SOFTWARE has
 * Microsoft; HKLM\SYSTEM has Select and a ControlSet. But other keys look like HKLM\SOFTWARE once
 * they are saved on their own (its Wow6432Node, a user's Software), so SOFTWARE is believed whole
 * only when Classes and Wow6432Node are there too, or a name confirms it: that of the file, or the
 * one in the base block. Otherwise what is there counts and absence proves nothing.
 */
#ifndef FP_REGISTRY_HIVE_SOURCE_H
#define FP_REGISTRY_HIVE_SOURCE_H

#include "inventory/registry/hive.h"
#include "inventory/registry/source.h"

typedef struct fp_hive_source {
    fp_arena *arena;
    fp_hive *hive; /* NULL: not one that can be read */
    fp_str mount;  /* "HKEY_LOCAL_MACHINE\\SOFTWARE"; empty: its place is not known */
    bool system;   /* mounted as HKLM\SYSTEM: CurrentControlSet is one of its control sets */
    fp_registry_soundness soundness;
} fp_hive_source;

/* FP_OK whatever the hive's state; FP_NOMEM. Problems are told with the file offset. */
FP_MUST_CHECK fp_status fp_hive_source_read(fp_span content, fp_str name_hint, fp_arena *arena,
                                            fp_reg_problems *problems, fp_hive_source **out);

extern const fp_reg_source_ops fp_hive_source_ops;

#endif
