/* SPDX-License-Identifier: MIT */
/*
 * A registry view with everything a test wants to see of it: the problems that were told, answers
 * in one word, files of the corpus.
 */
#ifndef FP_TESTS_REGISTRY_PROBE_H
#define FP_TESTS_REGISTRY_PROBE_H

#include "inventory/registry/registry.h"

enum { PROBE_PROBLEMS_MAX = 80, PROBE_BUDGET = 256 * 1024 * 1024 };

typedef struct registry_probe {
    fp_arena *arena;
    fp_registry *reg;
    fp_registry_soundness soundness; /* of the item added last */
    size_t problem_count;
    uint64_t where[PROBE_PROBLEMS_MAX];
    char message[PROBE_PROBLEMS_MAX][FP_DIAG_MESSAGE];
} registry_probe;

/* Aborts the test program when there is no memory for the probe itself. */
registry_probe *probe_new(size_t budget);
void probe_free(registry_probe *p);

fp_status probe_export(registry_probe *p, fp_span content, const char *code_page);
/* With a survey, so that all its problems are told at once. */
fp_status probe_hive(registry_probe *p, fp_span content, const char *name_hint);
/* Text as it is, and as UTF-16LE behind its mark (in the probe's arena). */
fp_status probe_export_text(registry_probe *p, const char *text);
fp_span probe_utf16(registry_probe *p, const char *text);

/* "yes", "no", "not supplied", "incomplete" ... */
const char *probe_key(registry_probe *p, const char *path);
const char *probe_value(registry_probe *p, const char *path, const char *name, fp_reg_value *value);
/* As probe_value; the text of a TRUE answer instead of "yes" ("suspect" when it is marked). */
const char *probe_text(registry_probe *p, const char *path, const char *name);
/* "a, b, c: yes" */
const char *probe_subkeys(registry_probe *p, const char *path);
const char *probe_values(registry_probe *p, const char *path);

/* Below the folder that FIXPROOF_CORPUS names. NULL and a message when it is not set. */
const char *corpus_folder(void);
/* The file's bytes, or an empty span; in `arena`. */
fp_span corpus_file(const char *path, fp_arena *arena);

#endif
