/* SPDX-License-Identifier: MIT */
/*
 * One read-only view of a server's registry over everything that was supplied: .reg exports and
 * hive files. It knows which subtrees were supplied and sound, so that *absent* and *not known*
 * differ.
 *
 * Paths are full and backslash-separated: "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SMS\\Setup";
 * names compare without case (fp_str_casecmp). A key is *absent* only when a sound source holds the
 * whole subtree it would lie in; when one source has it and another sound one, which covers it,
 * does not, or when the values differ, the answer is unknown: conflicting.
 *
 * WOW64: a 64-bit Windows has two views of HKLM\SOFTWARE; the 32-bit one lies below
 * HKLM\SOFTWARE\Wow6432Node. Ask each view on its own, or fp_registry_wow64_path for the other's
 * name. A path in an export does not tell the view: "reg export /reg:32" writes the 32-bit one
 * under the plain path. Nothing in the file shows it, so such an export passes for the native view
 * here.
 *
 * Names, data and origins in answers live as long as the arena and the content they were read from.
 * When memory runs out, answers become unknown and `where` empty; a look-up never fails.
 */
#ifndef FP_REGISTRY_REGISTRY_H
#define FP_REGISTRY_REGISTRY_H

#include "inventory/base/fact.h"
#include "inventory/base/paged.h"
#include "inventory/base/time.h"
#include "inventory/base/tri.h"

enum {
    FP_REGISTRY_DEPTH_MAX = 512,    /* Windows' own limit */
    FP_REGISTRY_KEY_NAME_MAX = 255, /* UTF-16 units */
    FP_REGISTRY_VALUE_NAME_MAX = 16383
};

/* As stored; other numbers occur. */
typedef enum fp_reg_type {
    FP_REG_NONE = 0,
    FP_REG_SZ = 1,
    FP_REG_EXPAND_SZ = 2,
    FP_REG_BINARY = 3,
    FP_REG_DWORD = 4,
    FP_REG_DWORD_BE = 5,
    FP_REG_LINK = 6,
    FP_REG_MULTI_SZ = 7,
    FP_REG_QWORD = 11
} fp_reg_type;

typedef struct fp_reg_value {
    fp_str name;   /* empty = the default value */
    uint32_t type; /* fp_reg_type or another number */
    fp_span data;  /* raw bytes; strings are UTF-16LE here whatever the source */
    bool suspect;  /* the source marks it: cut, wrong encoding, unreadable data ... */
    fp_origin origin;
} fp_reg_value;

typedef struct fp_registry fp_registry;

/* Everything lives in `arena`. NULL: no memory. */
FP_MUST_CHECK fp_registry *fp_registry_new(fp_arena *arena);

typedef struct fp_registry_problem { /* told about a source when it is met */
    uint64_t where;                  /* line (export) or file offset (hive) */
    const char *message;             /* valid during the call */
} fp_registry_problem;
typedef void fp_registry_problem_fn(void *context, const fp_registry_problem *problem);

/* How far one source can be believed. */
typedef enum fp_registry_soundness {
    FP_REG_UNREADABLE = 0, /* nothing usable, or a hive whose place is not known */
    FP_REG_PARTLY,         /* what is there counts; absence in it proves nothing */
    FP_REG_DIRTY,          /* a hive that lags (fp_registry_lags): as PARTLY */
    FP_REG_SOUND           /* absence below its roots is absence, but where a hive is unreadable */
} fp_registry_soundness;

/*
 * Adds one item. `content` must outlive the registry. `code_page` (iconv name or NULL) is for
 * single-byte exports. `name_hint` is the item's file name. FP_OK whatever the item's state (see
 * *soundness); FP_NOMEM.
 *
 * Of a hive only what is asked for is read: its place and soundness now, its keys and values when
 * they are looked up. Damage is told when it is met, so its `context` must outlive the registry.
 */
FP_MUST_CHECK fp_status fp_registry_add_export(fp_registry *reg, uint32_t item, fp_span content,
                                               const char *code_page,
                                               fp_registry_problem_fn *problem, void *context,
                                               fp_registry_soundness *soundness);
FP_MUST_CHECK fp_status fp_registry_add_hive(fp_registry *reg, uint32_t item, fp_span content,
                                             fp_str name_hint, fp_registry_problem_fn *problem,
                                             void *context, fp_registry_soundness *soundness);

/* ---- hives caught between two writes ----------------------------------------------------------
 */

enum { FP_REGISTRY_RECOVERED_MAX = 256 * 1024 * 1024 }; /* bytes of all recovered copies together */

/* What became of a log that was offered to a hive. */
typedef enum fp_registry_log_fate {
    FP_REG_LOG_UNASKED = 0, /* the hive is clean and it holds nothing newer, or the hive is not one
                               that can be read */
    FP_REG_LOG_OTHER,       /* nothing ties it to this hive */
    FP_REG_LOG_DAMAGED,     /* nothing in it can be applied: `why` */
    FP_REG_LOG_OLDER,       /* of an earlier write: passed over, as Windows does */
    FP_REG_LOG_NEWER,       /* of a later write than the hive: they contradict each other */
    FP_REG_LOG_CONFLICT,    /* it applies and so does another, with another result */
    FP_REG_LOG_UNUSED,      /* sound, but not needed, or it does not go on where the others end */
    FP_REG_LOG_APPLIED
} fp_registry_log_fate;

typedef struct fp_registry_log {
    uint32_t item;
    fp_str name;     /* its file name: decides only where nothing in the files does */
    fp_span content; /* may be empty: a log that holds nothing */
    bool cut;        /* its end is missing */
    /* Set by fp_registry_add_hive_with_logs: */
    fp_registry_log_fate fate;
    fp_diag why; /* DAMAGED, or APPLIED up to this damage; `where` = offset in the log */
} fp_registry_log;

typedef enum fp_registry_recovery_state {
    FP_REG_RECOVERY_UNKNOWN = 0, /* not a hive that can be read */
    FP_REG_CLEAN,                /* no log is needed, and none is applied */
    FP_REG_RECOVERED,            /* read from a copy with pages of the logs in it */
    FP_REG_NOT_RECOVERED         /* dirty, and no log applies */
} fp_registry_recovery_state;

typedef struct fp_registry_recovery {
    fp_registry_recovery_state state;
    uint64_t pages;    /* RECOVERED: applied */
    const char *doubt; /* CLEAN, RECOVERED: why newer changes are, or may be, missing, so that it
                          is DIRTY; else NULL. NOT_RECOVERED: a reason besides the logs' fates, or
                          NULL */
    bool lags;         /* fp_registry_lags */
} fp_registry_recovery;

/*
 * As fp_registry_add_hive, with the transaction logs that lie beside it. A dirty hive is recovered
 * in memory, as Windows does when it loads it; see hive_recovery.h for which log applies. When that
 * leaves no doubt it is as sound as a clean one. Offsets in answers are then those of the recovered
 * copy. The evidence itself is never changed.
 */
FP_MUST_CHECK fp_status fp_registry_add_hive_with_logs(
    fp_registry *reg, uint32_t item, fp_paged content, fp_str name_hint, fp_registry_log *logs,
    size_t log_count, fp_registry_problem_fn *problem, void *context,
    fp_registry_soundness *soundness, fp_registry_recovery *recovery);

/*
 * Is this item a hive of which the newest changes are, or may be, missing? What it shows was so
 * before them, and may since have gone or become otherwise, as what it lacks may since have come.
 * An answer has its origin in such an item only when no other item gives it.
 * `reg` NULL: there is none.
 */
bool fp_registry_lags(const fp_registry *reg, uint32_t item);

/* Reads every hive in the view from end to end, so that all that is unreadable in them is told now
 * instead of what look-ups meet. Changes no answer. FP_NOMEM. */
FP_MUST_CHECK fp_status fp_registry_survey(fp_registry *reg);

/* The item's end is missing (its archive was damaged, reading it failed): nothing is absent from
 * it, however sound what there is of it looks. */
void fp_registry_cut(fp_registry *reg, uint32_t item);

/* An answer about existence. */
typedef struct fp_reg_answer {
    fp_tri exists;
    fp_unknown_why why; /* when unknown */
    fp_origin origin;   /* TRUE: where it was seen; FALSE: which source covers it */
} fp_reg_answer;

fp_reg_answer fp_registry_key(fp_registry *reg, fp_str path);
/* As fp_registry_key, of a key that Windows may keep in memory only ([MS-RRP] 3.1.1.2, a volatile
 * key): a hive that does not hold it proves nothing. */
fp_reg_answer fp_registry_volatile_key(fp_registry *reg, fp_str path);
/* *value is set only when the answer is TRUE. The name "" is the default value. */
fp_reg_answer fp_registry_value(fp_registry *reg, fp_str path, fp_str name, fp_reg_value *value);
/*
 * Calls `each` for every subkey of `path` (once per name, sorted without case, each with its
 * last-written time or FP_TIME_NONE); names live until the listing ends, and where a key was seen
 * fp_registry_key tells: a key may have a million. Returns TRUE when the listing is complete, FALSE
 * when the key is absent (then complete and empty), UNKNOWN when there may be more. `each`
 * returning false stops.
 */
typedef struct fp_reg_subkey {
    fp_str name;
    fp_time written; /* from a hive, else FP_TIME_NONE */
} fp_reg_subkey;
typedef bool fp_registry_subkey_fn(void *context, const fp_reg_subkey *key);
fp_reg_answer fp_registry_subkeys(fp_registry *reg, fp_str path, fp_registry_subkey_fn *each,
                                  void *context);
typedef bool fp_registry_value_fn(void *context, const fp_reg_value *value);
fp_reg_answer fp_registry_values(fp_registry *reg, fp_str path, fp_registry_value_fn *each,
                                 void *context);
/* Last-written time of a key, from a hive; FP_TIME_NONE otherwise. */
fp_time fp_registry_written(fp_registry *reg, fp_str path);

/* HKEY_LOCAL_MACHINE\SOFTWARE\x -> HKEY_LOCAL_MACHINE\SOFTWARE\Wow6432Node\x; false for other
 * paths. */
FP_MUST_CHECK bool fp_registry_wow64_path(fp_registry *reg, fp_str path, fp_str *out);

/* Text of SZ, EXPAND_SZ and LINK (up to the first NUL), decimal of DWORD and QWORD; false
 * otherwise. */
FP_MUST_CHECK bool fp_reg_value_text(const fp_reg_value *value, fp_arena *arena, fp_str *out);
FP_MUST_CHECK bool fp_reg_value_u64(const fp_reg_value *value, uint64_t *out); /* DWORD(s), QWORD */

#endif
