/* SPDX-License-Identifier: MIT */
/*
 * Reports: one file per format behind one table. A writer turns the model below into bytes and does
 * nothing else; two runs on the same model give the same bytes.
 */
#ifndef FP_REPORT_REPORT_H
#define FP_REPORT_REPORT_H

#include "inventory/base/out.h"
#include "inventory/hotfix/restart.h"
#include "verify/decide/assess.h"
#include "verify/record/changes.h"

typedef enum fp_report_view { /* which command asked: what is shown, in which depth */
                              FP_VIEW_ASSESS = 0,
                              FP_VIEW_CONFIRM,
                              FP_VIEW_EXPLAIN,
                              FP_VIEW_INVENTORY,
                              FP_VIEW_LOGS,
                              FP_VIEW_CATALOG,
                              FP_VIEW_CHECKLIST,
                              FP_VIEW_DIFF, /* two reports, no evidence: `changes` and no case */
                              FP_VIEWS
} fp_report_view;

const char *fp_report_view_name(fp_report_view view); /* "assess" ...: published as "command" */

typedef struct fp_report {
    fp_report_view view;
    const char *tool_version;
    fp_time generated; /* the one clock reading */
    const fp_case *casefile;
    /* The evidence, listed: items[i] has the id i + 1. */
    const fp_item *const *items;
    size_t item_count;
    bool confined; /* every decoder ran in the jail */
    fp_settings settings;

    /* assess, confirm, explain */
    const fp_result *results;
    size_t result_count;
    fp_time since; /* confirm */

    const fp_changes *changes; /* confirm, diff; NULL: nothing was compared */

    /* logs: whose activities the episodes are, as the case was opened with */
    const fp_advisory *const *advisories;
    size_t advisory_count;

    /* inventory, and the state of the views that give verdicts */
    const fp_hotfix *hotfixes;
    size_t hotfix_count;
    fp_tri hotfixes_complete; /* FP_TRUE: there are no others */
    const fp_restart *restart;
    bool details; /* text: every trace, and where everything was read */

    bool members; /* catalog: list the members too */

    fp_str change;           /* checklist: id of the change */
    const fp_record *before; /* checklist, confirm: the report from before it, or NULL */
} fp_report;

typedef struct fp_report_style { /* of text on a terminal */
    bool color;
    bool utf8;      /* box-drawing characters can be shown */
    unsigned width; /* columns; 0 = do not wrap */
} fp_report_style;

typedef struct fp_report_format {
    const char *name; /* "text", "json" */
    const char *what; /* for --help */
    /* FP_NOMEM, FP_CRYPTO. Only for a view that is in `views`. */
    fp_status (*write)(const fp_report *report, const fp_report_style *style, fp_out *out);
    unsigned views; /* bit per fp_report_view that it can write */
    bool plugin;    /* on standard output the exit status is fp_report_monitor_status too */
} fp_report_format;

enum { FP_REPORT_MEMORY_MAX = 512 * 1024 * 1024 }; /* what a writer may use, in bytes */

const fp_report_format *fp_report_format_find(const char *name); /* NULL: none */
const fp_report_format *fp_report_format_at(size_t index);       /* NULL past the end */

static inline bool fp_report_format_can(const fp_report_format *format, fp_report_view view)
{
    return (format->views >> view & 1U) != 0;
}

/* The advisory activity with this index in the history of the case, or NULL. */
const fp_advisory_activity *fp_report_activity(const fp_report *report, uint32_t index);
/* The same with the advisory whose it is, or NULL. */
const fp_advisory_activity *fp_report_activity_of(const fp_report *report, uint32_t index,
                                                  const fp_advisory **advisory);
const char *fp_report_role_name(fp_site_role role); /* "primary", "secondary", or "": published */
/* Not so of items of unknown content with nothing to be said of them: they are counted, and the
 * JSON report lists them. */
bool fp_report_is_told(const fp_item *item);
/* The item with this id, or NULL. */
const fp_item *fp_report_item(const fp_report *report, uint32_t id);
/* The tests of a result, each once, with its outcome, in the order in which they stand. */
typedef struct fp_report_tests {
    const fp_because *at[FP_ADVISORY_TESTS_MAX];
    size_t count;
} fp_report_tests;
/* What the verdict rests on: the deciding rule's tests, or, when that rule is unconditional, those
 * that ruled out every rule before it. */
void fp_report_tests_behind(const fp_result *result, fp_report_tests *out);
void fp_report_tests_all(const fp_result *result, fp_report_tests *out);
/* Those that alone make the tree what it is: of an `any` that is TRUE, its TRUE members ... */
void fp_report_tests_deciding(const fp_because *because, fp_report_tests *out);
bool fp_report_tests_hold(const fp_report_tests *list, const fp_test *test);
size_t fp_report_count(const fp_report *report, fp_verdict verdict); /* results with it */
/* Of several advisories one that is not about this server: a line is enough, where nothing but what
 * was seen says so. */
bool fp_report_is_aside(const fp_report *report, const fp_result *result);
size_t fp_report_asides(const fp_report *report); /* how many */
/*
 * What to collect first: the missing evidence that the most results ask for, and how many do;
 * NULL when no two undetermined results ask for the same.
 */
const fp_missing *fp_report_shared_need(const fp_report *report, size_t *wanted_by);
/* What a monitoring plugin ends with: 0 all is well, 2 affected, 3 undetermined (report_nagios.c).
 */
int fp_report_plugin_status(const fp_result *results, size_t count);
int fp_report_monitor_status(const fp_report *report); /* the same of all that it compares, too */
/* No verdict still possible needs action: every one is fixed or not_applicable. */
bool fp_report_no_action(const fp_result *result);

#endif
