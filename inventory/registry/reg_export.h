/* SPDX-License-Identifier: MIT */
/*
 * Registry exports (.reg): what regedit, reg.exe, Wine and hivexregedit write, and hand-made ones.
 *
 * Forms: "Windows Registry Editor Version 5.00" and "REGEDIT4", in UTF-16LE with its mark, UTF-8,
 * or single bytes of a named code page. Other headers import nothing on Windows and give nothing
 * here.
 *
 * What counts as evidence is stricter than what Windows imports:
 *  - An export is SOUND only when every line of it is one that an exporter writes and it ends as
 *    exporters end it, with an empty line. A line that is not understood, a deletion, a key below
 * an exported root whose parent has no line, a cut last line: each makes it PARTLY, for the lost
 *    bytes may have been any key.
 *  - A string, name or key line that is not closed on its line ends the reading: a value's text
 * could forge "[keys]" from there on.
 *  - The first [key] of each subtree is a root: below it everything was exported, elsewhere
 * nothing.
 *
 *  - Behind its last key it may have been cut off, exactly at the empty line between two keys: what
 *    exporters, who keep the order of the names, would write only there is not absent.
 *
 *  - The Wow6432Node of a SOFTWARE key is absent behind the last one only when the rest shows a
 *    32-bit Windows.
 *
 * One thing no reader can see in the bytes: an export made with /reg:32, which shows the 32-bit
 * view under the plain path. The collector's record settles it.
 */
#ifndef FP_REGISTRY_REG_EXPORT_H
#define FP_REGISTRY_REG_EXPORT_H

#include "inventory/registry/reg_tree.h"
#include "inventory/registry/source.h"

enum { FP_REG_EXPORT_MAX = 512 * 1024 * 1024 }; /* bytes of one export */

typedef struct fp_reg_export {
    fp_reg_tree *tree;
    fp_registry_soundness soundness;
    uint64_t bad_lines; /* lines that no exporter writes */
    bool lossy;         /* characters that no known code page explains are U+FFFD, in names too */
} fp_reg_export;

/*
 * `content` may be referred to for as long as `arena` lives. Problems are told with the line's
 * number. FP_OK whatever the state of the content (see soundness), FP_NOMEM.
 */
FP_MUST_CHECK fp_status fp_reg_export_read(fp_span content, const char *code_page, fp_arena *arena,
                                           fp_reg_problems *problems, fp_reg_export **out);

extern const fp_reg_source_ops fp_reg_export_ops; /* the source is a fp_reg_export */

#endif
