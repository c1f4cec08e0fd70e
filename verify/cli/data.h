/* SPDX-License-Identifier: MIT */
/*
 * The data the program decides with: advisories/, products/ and trust/ of one data directory, and
 * advisories from files that the user names.
 */
#ifndef FP_CLI_DATA_H
#define FP_CLI_DATA_H

#include "verify/cli/console.h"
#include "verify/record/record.h"

enum {
    FP_DATA_FILES_MAX = 4096,             /* of one folder */
    FP_DATA_BUNDLE_MAX = 4 * 1024 * 1024, /* bytes of a bundle of certificates */
};

typedef struct fp_data_source { /* an advisory and where it came from */
    const char *path;
    fp_span text; /* the file as it is */
    const fp_advisory *advisory;
} fp_data_source;

typedef struct fp_data { /* in the arena given */
    const char *directory;
    fp_releases *releases;
    fp_str products_sha256; /* of products/ and of trust/, as fp_settings_digest makes them */
    fp_str trust_sha256;
    fp_trust *trust;                /* freed by fp_data_free */
    fp_data_source *sources;        /* sorted by file name, or in the order asked for */
    const fp_advisory **advisories; /* the same, as fp_case_options takes them */
    size_t count;
} fp_data;

/* A regular file, whole: module "input"; FP_IO, FP_LIMIT, FP_NOMEM. "-" is standard input. */
FP_MUST_CHECK fp_status fp_data_read_file(const char *path, size_t limit, fp_arena *arena,
                                          fp_span *out, fp_diag *d);

/* Tells what became of reading `path` and returns the exit status. */
int fp_data_told(const char *path, fp_status status, const fp_diag *d);

/* A JSON report of ours: tells the user what is wrong with it and returns the exit status, or 0. */
int fp_data_read_record(const char *path, fp_arena *arena, fp_record *out);

/* These tell the user what is wrong and return the exit status, or 0. */
int fp_data_find_directory(const fp_options *options, fp_arena *arena, const char **out);
int fp_data_load_releases(fp_data *data, fp_arena *arena);
/* The pinned roots of trust/, and of the bundles there, in the folder of roots ($FIXPROOF_ROOTS, or
 * that of the installation) and in --roots those that are pinned. */
int fp_data_load_trust(fp_data *data, const fp_options *options, fp_arena *arena);
void fp_data_free(fp_data *data); /* what is not in the arena */
/* The advisories named with --advisory, or all of the directory. */
int fp_data_load_advisories(fp_data *data, const fp_options *options, fp_arena *arena);
/* The files *.case of a folder, by name; none when there is no such folder. */
int fp_data_list_cases(const char *folder, fp_arena *arena, const char *const **out, size_t *count);
/* Does --advisory take this for the path of a file? Otherwise it is an id. */
bool fp_data_is_path(const char *id_or_path);
/* One advisory by id or path. */
int fp_data_load_advisory(fp_data *data, const char *id_or_path, fp_arena *arena,
                          fp_data_source *out);
/* Reads and checks one file; every error and warning goes to standard error, or to `lint`. */
fp_status fp_data_read_advisory(const char *path, fp_arena *arena, fp_lint_fn *lint, void *context,
                                fp_data_source *out, fp_diag *d);

#endif
