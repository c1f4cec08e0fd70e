/* SPDX-License-Identifier: MIT */
/*
 * Facts in words: what the formats for people say alike. All text returned is clean
 * (fp_page_clean), lives in the page's arena and is never NULL.
 */
#ifndef FP_REPORT_WORDS_H
#define FP_REPORT_WORDS_H

#include "verify/report/page.h"

typedef struct fp_headline { /* what a verdict is called, and what it means for the reader */
    const char *words;       /* "FIXED" */
    const char *meaning;     /* a sentence */
    fp_tone tone;
} fp_headline;

fp_headline fp_text_headline(fp_page *p, const fp_result *result);
/* "[2] sms.reg, HKEY_LOCAL_MACHINE\SOFTWARE\...", or "" for nothing. Clean. */
const char *fp_text_origin(fp_page *p, const fp_report *report, fp_origin origin);
/* Where it was seen, without a key path that what was seen begins with. */
fp_origin fp_text_seen_at(const fp_observation *seen);
const char *fp_text_time(fp_page *p, fp_time t);              /* "not known" for FP_TIME_NONE */
const char *fp_text_bytes(fp_page *p, uint64_t bytes);        /* "12,345 bytes" */
const char *fp_text_number(fp_page *p, uint64_t n);           /* "12,345" */
const char *fp_text_verdict(fp_verdict verdict);              /* "not applicable" */
const char *fp_text_verdicts(fp_page *p, fp_verdict_set set); /* "affected or fixed" */
const char *fp_text_product(fp_page *p, const fp_product *product);
const char *fp_text_site(fp_page *p, const fp_product *product); /* "ABC, primary site", or "" */
const char *fp_text_reference(fp_page *p, const fp_reference *reference); /* "title: address" */
/* The folder that all paths lie in, with its slash; empty when there is none worth a mention. Not
 * cleaned: a part of the first path. */
fp_str fp_text_folder(const fp_report *report);

/* What the report is about, label and value; an empty value is not shown. */
typedef struct fp_fact {
    const char *label, *value;
} fp_fact;
enum { FP_SUBJECT_FACTS = 6 };
void fp_text_subject_facts(fp_page *p, const fp_report *report, fp_fact facts[FP_SUBJECT_FACTS]);
/* "3 of 12 advisories" */
const char *fp_text_of_advisories(fp_page *p, size_t count, size_t all);
/* "declared by Jane Doe on 2008-06-12, on the command line" */
const char *fp_text_declared(fp_page *p, const fp_report *report, const fp_statement *statement);

typedef struct fp_next { /* what the reader has to do now */
    const char *heading;
    const char *text; /* or NULL */
    bool remedy;      /* the advisory's remediation and references belong here */
    bool missing;     /* ... the list of missing evidence */
    const char *also; /* at the end, or NULL */
} fp_next;
fp_next fp_text_next_step(const fp_result *result);

/* words_changes.c */
/* "signatures by weak algorithms accepted", "data of the advisory 954474", ... of a change. */
const char *fp_text_setting(fp_page *p, const fp_setting_change *change);
/* One side of it, its before or after: "no", "none", "not told". */
const char *fp_text_setting_side(fp_page *p, const fp_setting_change *change, fp_str side);
fp_headline fp_text_conclusion(const fp_changes *changes);
/* Why one cannot be later than the other, or that it is not known. Empty where there is nothing to
 * say of it, or the conclusion says it. */
fp_str fp_text_order(const fp_changes *changes);
fp_headline fp_text_outcome_words(fp_outcome outcome);
/* What to wait for, run or collect, and so where it will show. */
const fp_record_need *fp_text_needs(const fp_result_change *r, size_t *count);
const char *fp_text_not_same_server(void); /* fp_changes.same_server is unknown: a sentence */
/* "assess of 2008-06-13 ..., collected 2008-06-13 ..." */
const char *fp_text_record_made(fp_page *p, const fp_record *record);
const char *fp_text_recorded(fp_page *p, const fp_record_result *r); /* "affected (unpatched)" */
/* Neither before nor now about the server, or not open before and not asked again: a line for all
 * of them is enough. */
bool fp_text_outcome_is_aside(const fp_result_change *r);
size_t fp_text_outcome_asides(const fp_changes *c, fp_outcome outcome); /* how many */

typedef enum fp_changes_list {
    FP_LIST_FIRST = 0, /* what to do about the change as a whole */
    FP_LIST_WORSE,     /* from here on: what is told of it, in this order */
    FP_LIST_CHANGED,
    FP_LIST_SETTINGS, /* what the two were judged with otherwise: it alone may change a verdict */
    FP_LIST_EPISODES,
    FP_LIST_STAYED,
    FP_LIST_NOT_SHOWN,
    FP_CHANGES_LISTS
} fp_changes_list;

enum { FP_LINES_MAX = 40 /* of a list; JSON has all */ };
typedef struct fp_lines {
    const char *at[FP_LINES_MAX]; /* clean; the last one counts those that found no room */
    size_t count;
    size_t more; /* how many found none */
} fp_lines;

const char *fp_changes_heading(fp_changes_list which);
void fp_changes_lines(fp_page *p, const fp_changes *c, fp_changes_list which, fp_lines *out);

/* Clean, without the full stop at its end: more follows in the same sentence. */
const char *fp_text_phrase(fp_page *p, fp_str sentence);
fp_str fp_text_question(const fp_test *test); /* its title, or its name; not cleaned */
/* What an item of missing evidence settles: "Is it installed? (not supplied)", or the verdict. */
const char *fp_text_settles(fp_page *p, const fp_result *result, const fp_missing *m);

const char *fp_text_answer(fp_tri is); /* to a question: "yes", "no", "unknown" */
const char *fp_text_truth(fp_tri is);  /* of a rule: "TRUE", "FALSE", "UNKNOWN" */
/* What became of a rule: "decides", "not reached", "stays possible", "does not decide", or "". */
const char *fp_text_rule_note(const fp_result *result, size_t index);
/* It reads FALSE while its tree is UNKNOWN: caveat tests were counted as FALSE. */
bool fp_text_counts_caveat(const fp_rule_outcome *outcome);
const char *fp_text_outcome(fp_episode_outcome outcome); /* "completed" ... */

#endif
