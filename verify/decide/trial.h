/* SPDX-License-Identifier: MIT */
/*
 * A case of an advisory, as its author writes it: a server in a few lines, and the verdict that is
 * right for it. What the evidence would hold is described, not supplied.
 *
 *     about     SP1 without the hotfix, and the legacy step fails
 *
 *     registry  HKLM\SOFTWARE
 *       Microsoft\SMS\Setup
 *         Full Version = 4.00.6221.1000
 *         TYPE = dword:00000001
 *       Microsoft\Updates
 *
 *     log       wsyncmgr.log SMS_WSUS_SYNC_MANAGER
 *       2008-06-13T00:03:11Z Performing legacy sync
 *
 *     file      smsprov.dll version 5.00.9128.1034
 *     declare   sms2003-clients = yes
 *     confirm   2008-06-19T12:00:00Z
 *
 *     expect    undetermined marker_conflict
 *     possible  affected fixed
 *     missing   fix-marker-conflict
 *     checklist failed installed
 *
 * A line begins with a keyword; lines that begin with a blank belong to the one before them. '#' in
 * the first column begins a comment. Each keyword but `about`, `confirm` and those from `expect` on
 * may come again.
 *
 * registry: the subtree below the key was exported whole, and holds these keys and values. A line
 * with " = " is a value of the key above it (text, or dword:<hexadecimal>; the name "@" is the
 * default value), any other a key, named from the subtree's root. Keys between are made.
 * log: the lines as they stand. One that begins with an RFC 3339 time is written as a site server
 * writes it, by the component named behind the log's name.
 * site-updates: "Updates and Servicing" was exported whole; a package a line,
 * NAME = STATE [VERSION [GUID]].
 * file: `version V`, `sha256 HEX`, or both.
 * collected: `TIME HOST`, the collector's record.
 * catalog: `damaged`, or a state and behind it the RevisionIds of updates that it holds: `whole`
 * (and signed by its publisher), or what its signature is (fp_authentic_result_name). Of which more
 * is told stands in a line of its own below: pairs of `revision N`, `update_id GUID`,
 * `revision_number N`, `deployment_action NAME`, `kb KB`, `superseded_by N`.
 * expect: verdict and reason; then, if they are to be as said: assurance, caveats (how many).
 * Of an undetermined one `possible` and `missing` must be given: the tests, the first to collect
 * first, the others in any order, or "none".
 * checklist: the items of the checklist that are so (ticked, declared, failed, open, aside), all of
 * them in any order, or "none".
 */
#ifndef FP_DECIDE_TRIAL_H
#define FP_DECIDE_TRIAL_H

#include "verify/decide/assess.h"

enum {
    FP_TRIAL_SIZE_MAX = 256 * 1024, /* bytes of the text */
    FP_TRIAL_ITEMS_MAX = 16,        /* exports, logs, lists, records */
    FP_TRIAL_FILES_MAX = 32,
    FP_TRIAL_CATALOGS_MAX = 4,
    FP_TRIAL_UPDATES_MAX = 64, /* of one catalogue */
    FP_TRIAL_DECLARED_MAX = 16,
    FP_TRIAL_KEYS_MAX = 512,                /* of one export */
    FP_TRIAL_NAMES_MAX = 64,                /* behind `missing` or `checklist` */
    FP_TRIAL_EVIDENCE_MAX = 4 * 1024 * 1024 /* bytes that are made of one case */
};

typedef struct fp_trial_item { /* evidence as a server would have given it */
    const char *name;
    fp_str content;
} fp_trial_item;

typedef struct fp_trial_names {
    bool given; /* else any will do */
    fp_str at[FP_TRIAL_NAMES_MAX];
    size_t count;
} fp_trial_names;

typedef struct fp_trial {
    fp_str about;
    fp_trial_item items[FP_TRIAL_ITEMS_MAX];
    size_t item_count;
    fp_described_file files[FP_TRIAL_FILES_MAX];
    size_t file_count;
    fp_described_catalog catalogs[FP_TRIAL_CATALOGS_MAX];
    size_t catalog_count;
    fp_statement declared[FP_TRIAL_DECLARED_MAX];
    size_t declared_count;
    bool confirm;
    fp_time since; /* of confirm, else FP_TIME_NONE */
    /* What is expected. */
    fp_verdict verdict;
    fp_str reason;
    fp_str assurance; /* empty: any */
    fp_verdict_set possible;
    fp_trial_names missing;
    bool counts_caveats;
    uint64_t caveats;
    fp_trial_names checklist[FP_TICKS];
} fp_trial;

/*
 * `text` must outlive *out. FP_FORMAT when there was at least one error: each is told to `lint`
 * (may be NULL) with its line and column, the first is in `d` too (module "case", `where` = line).
 * FP_LIMIT: larger than FP_TRIAL_SIZE_MAX. FP_NOMEM.
 */
FP_MUST_CHECK fp_status fp_trial_read(fp_span text, fp_arena *arena, fp_lint_fn *lint,
                                      void *context, const fp_trial **out, fp_diag *d);

#endif
