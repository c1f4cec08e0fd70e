/* SPDX-License-Identifier: MIT */
/*
 * What changed on one server from one record to a later one, and what that makes of its advisories:
 * what a change was to bring, what should have stayed as it was, and what got worse.
 *
 * What a record does not show is not shown, never gone: a hotfix is gone only where every place
 * that would record it was read, or its record says that it was removed; a file or a catalogue that
 * is not in the evidence says nothing.
 */
#ifndef FP_RECORD_CHANGES_H
#define FP_RECORD_CHANGES_H

#include "verify/record/record.h"

typedef enum fp_delta {                       /* of one thing */
                        FP_DELTA_UNKNOWN = 0, /* one of the two does not show it */
                        FP_DELTA_SAME,
                        FP_DELTA_NEW,
                        FP_DELTA_CHANGED,
                        FP_DELTA_GONE,
                        FP_DELTAS
} fp_delta;

const char *fp_delta_name(fp_delta delta); /* "not_shown", "same" ...: published */

typedef struct fp_fact_change { /* of the installation: product, release, version, role */
    const char *name;
    fp_str before, after; /* empty: not known */
    fp_delta change;
    bool worse;
} fp_fact_change;
enum { FP_FACT_CHANGES = 4 };

typedef struct fp_marker_change {
    const fp_record_marker *before, *after; /* NULL: not listed */
    fp_delta change;
    bool worse;
} fp_marker_change;

typedef struct fp_file_change { /* files that an installer put aside do not count */
    const fp_record_file *before, *after;
    fp_delta change;
    bool worse;
} fp_file_change;

typedef struct fp_catalog_change { /* the newest one of each */
    const fp_record_catalog *before, *after;
    fp_delta change;
    bool worse;
} fp_catalog_change;

/* What became of an advisory. */
typedef enum fp_outcome {
    FP_OUTCOME_NOT_SETTLED = 0, /* the evidence leaves it open: result->missing */
    FP_OUTCOME_FIXED,           /* the remedy is there and shown to be in effect */
    FP_OUTCOME_NOT_SHOWN,       /* it is there, and not yet shown to work: result->proof */
    FP_OUTCOME_NOT_EFFECTIVE,   /* affected although a remedy of it is recorded */
    FP_OUTCOME_NOT_INSTALLED,   /* affected, and none is */
    FP_OUTCOME_AFFECTED,        /* affected, and that is not known */
    FP_OUTCOME_WORSE,           /* affected, and was not before */
    FP_OUTCOME_NOT_APPLICABLE,
    FP_OUTCOME_NOT_ASKED, /* only the record before asked it */
    FP_OUTCOMES
} fp_outcome;

const char *fp_outcome_name(fp_outcome outcome); /* "fixed", "installed_not_shown" ...: published */

typedef struct fp_result_change {
    const fp_record_result *before, *after; /* NULL: not asked */
    fp_outcome outcome;
    bool was_open; /* before it affected the server, or may have: what the change was about */
    bool open;     /* it does now, or may, or was not asked */
} fp_result_change;

typedef enum fp_order { /* does time run from the record before to the later evidence? */
                        FP_ORDER_UNKNOWN = 0, /* nothing tells when the evidence was taken */
                        FP_ORDER_FORWARD,
                        FP_ORDER_BACKWARDS /* nothing can be confirmed by it */
} fp_order;

const char *fp_order_name(fp_order order); /* "not_shown", "forward", "backwards": published */

typedef enum fp_conclusion {
    FP_CONCLUSION_NOT_SETTLED = 0, /* evidence is missing, or older than the change */
    FP_CONCLUSION_CONFIRMED,       /* nothing is open and nothing got worse */
    FP_CONCLUSION_NOT_SHOWN,       /* all is installed, and something not yet shown to work */
    FP_CONCLUSION_NOT_FIXED,       /* something still affects the server */
    FP_CONCLUSION_WORSE,           /* something got worse */
    FP_CONCLUSIONS
} fp_conclusion;

int fp_conclusion_exit_status(fp_conclusion conclusion);  /* 0, 1 or 2 */
const char *fp_conclusion_name(fp_conclusion conclusion); /* "confirmed" ...: published */

typedef struct fp_regression {
    const char *kind; /* "fact", "hotfix", "file", "catalogue", "advisory": published */
    fp_str name;      /* "KB954474", "release" */
    fp_str text;      /* a sentence */
} fp_regression;

typedef struct fp_changes {
    const fp_record *before; /* NULL: the change is known by the time of its beginning alone */
    const fp_record *after;
    fp_time since;      /* when the change began */
    fp_tri same_server; /* TRUE, or UNKNOWN: not all that names them is known of both */
    fp_order order;
    fp_str order_text; /* a sentence */
    fp_conclusion conclusion;
    fp_setting_change *settings; /* what the records were judged with otherwise, as far as both
                                    tell, and what was declared otherwise ("declared"); a verdict
                                    may differ for that alone */
    size_t setting_count;
    fp_fact_change facts[FP_FACT_CHANGES];
    size_t fact_count;
    fp_marker_change *markers; /* but for those that are known to be in neither */
    size_t marker_count;
    fp_file_change *files; /* by name */
    size_t file_count;
    fp_catalog_change catalogs[1];
    size_t catalog_count;               /* 0: neither has one */
    const fp_record_episode **episodes; /* of the record after: those since the one before */
    size_t episode_count;
    fp_result_change *results; /* those of the record after, then those only asked before */
    size_t result_count;
    fp_regression *regressions;
    size_t regression_count;
} fp_changes;

/* FP_FALSE: another computer or site, and *d says which (module "report"). Names of computers are
 * compared without their domains; what is not known of one of them says nothing. */
fp_tri fp_record_same_server(const fp_record *before, const fp_record *after, fp_diag *d);

/* `before` may be NULL. `text` is set to a sentence of ours, not in any arena. */
fp_order fp_record_order(const fp_record *before, const fp_record *after, fp_time since,
                         fp_str *text);

/*
 * Both records are of one server (fp_record_same_server is not FP_FALSE) and outlive *out, whose
 * lists are in the arena. `before` may be NULL. FP_NOMEM.
 */
FP_MUST_CHECK fp_status fp_changes_find(const fp_record *before, const fp_record *after,
                                        fp_time since, fp_arena *arena, fp_changes *out);

/* What the records tell of an installed hotfix: gone for sure, there, or FP_UNKNOWN. */
fp_tri fp_record_marker_there(const fp_record *record, const fp_record_marker *marker);

#endif
