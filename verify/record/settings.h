/* SPDX-License-Identifier: MIT */
/*
 * What a verdict depends on besides the evidence, what was declared, and the program: the settings
 * of the run, and the data that it judged with. Two reports that differ in verdicts and not in
 * these differ because the server does.
 *
 * Nothing here depends on where data or evidence lie: files are told by their content.
 */
#ifndef FP_RECORD_SETTINGS_H
#define FP_RECORD_SETTINGS_H

#include "inventory/base/digest.h"
#include "verify/decide/form.h"

enum { FP_SETTINGS_LIST_MAX = 65536 /* elements of a list that is read back */ };

typedef struct fp_named_digest {
    fp_str name;   /* or empty */
    fp_str sha256; /* hex */
} fp_named_digest;

typedef struct fp_settings {
    bool known;             /* false: a report of an earlier version, which does not tell */
    bool accept_weak;       /* --accept-weak */
    bool trust_any_root;    /* --trust-any-root */
    fp_str code_page;       /* --code-page, or empty */
    fp_named_digest *roots; /* thumbprints of all root certificates believed, ascending */
    size_t root_count;
    fp_named_digest *expected; /* --expect-sha256, in the order given */
    size_t expected_count;
    fp_str advisories; /* digests of the data, as fp_settings_digest makes them: the advisories */
    fp_str products;   /* ... that were asked (empty: none was), products/ and trust/ */
    fp_str trust;
} fp_settings;

/*
 * One digest of many files, hex, in the arena: of the lines "HEX  NAME" sorted by name, which is
 * what `sha256sum NAME... | sha256sum` gives in their folder. FP_CRYPTO, FP_NOMEM. Sorts `files`.
 */
FP_MUST_CHECK fp_status fp_settings_digest(fp_named_digest *files, size_t count, fp_arena *arena,
                                           fp_str *out);

/* The member "settings" of a report or an attestation; `node` NULL: not known. */
void fp_settings_fill(fp_form *form, const fp_place *at, const fp_json *node, fp_settings *out);

typedef struct fp_setting_change {
    const char *setting;  /* "accept_weak", "advisory", "declared" ...: published */
    fp_str advisory;      /* of "advisory", whose data changed: its id; else empty */
    fp_str before, after; /* in words, or empty: none; of "advisory": not told */
} fp_setting_change;
enum { FP_SETTING_CHANGES = 7 }; /* besides one for each advisory */

/* *out has room for FP_SETTING_CHANGES; nothing is told where either is not known. FP_NOMEM. */
FP_MUST_CHECK fp_status fp_settings_compare(const fp_settings *before, const fp_settings *after,
                                            fp_arena *arena, fp_setting_change *out, size_t *count);

#endif
