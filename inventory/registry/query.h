/* SPDX-License-Identifier: MIT */
/*
 * Questions to the registry as product and marker ask them: of one view at a time, with whatever
 * stays unknown gathered until the end.
 */
#ifndef FP_REGISTRY_QUERY_H
#define FP_REGISTRY_QUERY_H

#include "inventory/registry/registry.h"

/* The two views of HKEY_LOCAL_MACHINE\SOFTWARE on 64-bit Windows. */
typedef enum fp_view { FP_VIEW_NATIVE = 0, FP_VIEW_WOW64, FP_VIEWS } fp_view;

enum {
    FP_KEY_PATH_MAX = 4096
}; /* bytes of a path that is asked for; the keys wanted are far shorter */

/* A full path, built piece by piece without memory. */
typedef struct fp_key_path {
    char text[FP_KEY_PATH_MAX];
    size_t size;
} fp_key_path;

/* The path `below` HKEY_LOCAL_MACHINE\SOFTWARE as this view has it; `below` is a literal,
 * "Microsoft\\SMS". */
void fp_key_path_in(fp_key_path *path, fp_view view, const char *below);
/* Goes down to the subkey `name`; false, and nothing changed, when it does not fit. To come back
 * up, restore `size`. */
FP_MUST_CHECK bool fp_key_path_down(fp_key_path *path, fp_str name);
fp_str fp_key_path_str(const fp_key_path *path);

/* What stays unknown, gathered from the answers to several questions. Starts zeroed. */
enum { FP_DOUBT_PATHS_MAX = 4 };
typedef struct fp_doubt {
    bool any;
    bool some_known;
    fp_unknown_why why; /* the most alarming reason */
    fp_str path[FP_DOUBT_PATHS_MAX];
    size_t path_count;
    bool no_memory;
} fp_doubt;

/* Notes the answer to a question that an export of `path` would settle. */
void fp_doubt_note(fp_doubt *doubt, fp_arena *arena, const fp_reg_answer *answer, fp_str path);
/*
 * Why the whole is unknown: the most alarming reason, and "incomplete" where some questions had an
 * answer and evidence for the others was not supplied.
 */
fp_unknown_why fp_doubt_why(const fp_doubt *doubt);
/* The paths whose export would settle it, joined by " and "; empty when nothing is unknown. */
FP_MUST_CHECK fp_status fp_doubt_where(const fp_doubt *doubt, fp_arena *arena, fp_str *out);

typedef enum fp_text_state {
    FP_TEXT_UNKNOWN = 0, /* see the answer */
    FP_TEXT_ABSENT,
    FP_TEXT_FOUND,
    FP_TEXT_UNUSABLE /* there, but not a text, or marked by its source as cut or damaged */
} fp_text_state;

enum { FP_QUERY_TEXT_MAX = 1024 }; /* bytes of a stored text; longer ones are unusable */

typedef struct fp_text_value {
    fp_text_state state;
    fp_str text; /* FOUND: trimmed; UNUSABLE: what can be shown, or empty; in the arena */
    fp_reg_answer answer;
} fp_text_value;

/* A text value (REG_SZ, REG_EXPAND_SZ). FP_NOMEM. */
FP_MUST_CHECK fp_status fp_query_text(fp_registry *reg, fp_str path, const char *name,
                                      fp_arena *arena, fp_text_value *out);

typedef struct fp_uninstall_entry { /* valid during the call */
    fp_str path;
    const fp_reg_subkey *key;
    fp_view view;
    fp_str display_name; /* or empty */
} fp_uninstall_entry;
/* FP_OK goes on, anything else ends the listing and is handed through. */
typedef fp_status fp_uninstall_fn(void *context, const fp_uninstall_entry *entry);
/*
 * Every uninstall entry of both views. `doubt` gathers what was not to be seen: without any, an
 * entry that was not listed is not there.
 */
FP_MUST_CHECK fp_status fp_query_uninstall(fp_registry *reg, fp_arena *arena, fp_doubt *doubt,
                                           fp_uninstall_fn *each, void *context);

#endif
