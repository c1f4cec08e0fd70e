/* SPDX-License-Identifier: MIT */
/*
 * A record: what one report says of one server, as whatever comes after it needs it (a comparison,
 * a change record, an attestation).
 *
 * It comes from a run (verify/report/recorded.h) or from a JSON report of ours read back:
 * fixproof/report/v1, written by assess, confirm and explain (data/schema/report.schema.json).
 *
 * Reading is strict: a member of the wrong type, a required one that is missing, an unknown word,
 * an evidence id that is none, a verdict that its own list of possible ones contradicts. Members
 * that are not known here are passed over, as later versions may add some under the same schema.
 * What reports of earlier versions did not say yet (`settings`, `state`, `in_place`, `proof`,
 * `kbs`) is not known then. Explanations and problems of items are not kept.
 *
 * A report can have been altered by whoever holds it: a record is as good as the file it was read
 * from, and `sha256` says which one that was.
 */
#ifndef FP_RECORD_RECORD_H
#define FP_RECORD_RECORD_H

#include "inventory/evidence.h"
#include "inventory/hotfix/hotfix.h"
#include "verify/decide/assess.h"
#include "verify/record/settings.h"

enum {
    FP_RECORD_LIST_MAX = 65536,  /* elements of any list of a report that is read back */
    FP_RECORD_EPISODES_MAX = 16, /* kept of one activity: the last ones */
    FP_RECORD_ASKED_MAX = 64     /* hotfixes looked for because an earlier report has them */
};

typedef struct fp_record_subject { /* empty: not known */
    fp_str host, site_code, product, release, version, role;
} fp_record_subject;

typedef struct fp_record_item { /* evidence; items[i] has the id i + 1 */
    uint32_t parent;            /* id of the archive it lies in, or 0 */
    fp_str path;
    fp_kind kind;
    bool hashed;
    uint8_t sha256[FP_SHA256_SIZE];
    uint64_t size; /* bytes */
    bool complete;
} fp_record_item;

typedef struct fp_record_marker { /* a hotfix: one with a trace, or asked for */
    fp_str kb;
    fp_hotfix_state state;
    fp_hotfix_ground ground;
    fp_tri present;  /* by the places below Updates: fp_hotfix.present */
    fp_str date;     /* of its installation, as recorded: in no known format; or empty */
    fp_time written; /* last write of a key of it; FP_TIME_NONE */
    fp_origin origin;
} fp_record_marker;

typedef struct fp_record_file { /* a program file in the evidence */
    uint32_t item;
    fp_str name;    /* its original one, where its version resource tells; without a folder */
    fp_str version; /* "4.0.6221.1019", or empty */
} fp_record_file;

typedef struct fp_record_catalog {
    uint32_t item;
    fp_str package_id, package_version; /* or empty */
    fp_time created;                    /* FP_TIME_NONE */
    bool damaged;
} fp_record_catalog;

typedef struct fp_record_log {
    uint32_t item;
    fp_time earliest, latest; /* of its records; FP_TIME_NONE */
} fp_record_log;

typedef struct fp_record_episode { /* of an advisory's activity, in the order of the history */
    fp_str advisory, activity;     /* id and name */
    fp_str title;                  /* of the activity */
    fp_episode_outcome outcome;
    fp_time begin, end; /* FP_TIME_NONE */
    fp_str update;      /* the number that its failure names, or empty */
    fp_origin origin;   /* of its failure, else of its beginning */
} fp_record_episode;

typedef struct fp_record_state { /* what the evidence says of the server, apart from verdicts */
    fp_time collected_at;        /* as the collection says; FP_TIME_NONE */
    fp_tri site_server;          /* installed? */
    fp_record_marker *markers;   /* in the order of their numbers */
    size_t marker_count;
    bool markers_complete; /* a hotfix that is not listed left no trace */
    fp_record_file *files;
    size_t file_count;
    fp_record_catalog *catalogs;
    size_t catalog_count;
    fp_record_log *logs;
    size_t log_count;
    fp_record_episode *episodes;
    size_t episode_count;
} fp_record_state;

typedef struct fp_record_need { /* evidence that would settle or show something */
    fp_str test, title, needs, collect, why;
} fp_record_need;

typedef struct fp_record_result {
    fp_str advisory, title;
    fp_str advisory_sha256; /* of its data, hex; empty: not known */
    fp_verdict verdict;
    fp_verdict_set possible;
    fp_str reason, reason_text, assurance; /* assurance may be empty */
    fp_str remediation;                    /* or empty */
    fp_texts kbs;
    bool caveats_known;      /* false: an earlier version wrote it */
    fp_texts caveats;        /* what the verdict is to be taken with */
    bool in_place;           /* fp_result.in_place */
    fp_record_need *missing; /* fp_result.missing */
    size_t missing_count;
    fp_record_need *proof; /* fp_result.proof */
    size_t proof_count;
} fp_record_result;

typedef struct fp_record {
    uint8_t sha256[FP_SHA256_SIZE]; /* of the file; zeros for a run that is not written yet */
    fp_str tool_version, command;   /* "0.1.0", "assess" */
    fp_time generated;
    fp_time since; /* confirm: when the change began; FP_TIME_NONE */
    fp_settings settings;
    fp_record_subject subject;
    fp_record_item *items;
    size_t item_count;
    fp_statement *statements; /* key, value and item */
    size_t statement_count;
    bool has_state; /* false: an earlier version wrote it, and nothing of `state` is known */
    fp_record_state state;
    fp_record_result *results;
    size_t result_count;
} fp_record;

/*
 * Everything in *out lives in the arena, not in `json`. FP_UNSUPPORTED: not fixproof/report/v1 but
 * another document or version of ours; FP_FORMAT: module "json" or "report", `where` = line;
 * FP_LIMIT: more than FP_JSON_SIZE_MAX bytes, or nested too deep; FP_CRYPTO; FP_NOMEM.
 */
FP_MUST_CHECK fp_status fp_record_read(fp_span json, fp_arena *arena, fp_record *out, fp_diag *d);

/*
 * Parts of a report that stand in other documents too. `node` is an object. Members: those of
 * fp_record_subject; "verdict", "possible", "reason", "assurance", and "caveats", which may be
 * missing.
 */
void fp_record_fill_subject(fp_form *form, const fp_place *at, const fp_json *node,
                            fp_record_subject *out);
void fp_record_fill_verdict(fp_form *form, const fp_place *at, const fp_json *node,
                            fp_record_result *out);

/* What the two were judged with otherwise: settings, then the data of advisories that both have,
 * and those of which one that tells its settings does not tell the data. *out is in the arena.
 * FP_NOMEM. */
FP_MUST_CHECK fp_status fp_record_compare_settings(const fp_record *before, const fp_record *after,
                                                   fp_arena *arena, fp_setting_change **out,
                                                   size_t *count);

/* The item with this id, or NULL. */
const fp_record_item *fp_record_find_item(const fp_record *record, uint32_t id);
uint64_t fp_record_kb_number(fp_str kb); /* what markers are in the order of; 0: none */
const fp_record_marker *fp_record_find_marker(const fp_record *record, fp_str kb);
const fp_record_result *fp_record_find_result(const fp_record *record, fp_str advisory);

#endif
