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
const char *fp_text_time(fp_page *p, fp_time t);              /* "not known" for FP_TIME_NONE */
const char *fp_text_bytes(fp_page *p, uint64_t bytes);        /* "12,345 bytes" */
const char *fp_text_number(fp_page *p, uint64_t n);           /* "12,345" */
const char *fp_text_verdicts(fp_page *p, fp_verdict_set set); /* "affected or fixed" */
const char *fp_text_product(fp_page *p, const fp_product *product);
const char *fp_text_site(fp_page *p, const fp_product *product); /* "ABC, primary site", or "" */
const char *fp_text_reference(fp_page *p, const fp_reference *reference); /* "title: address" */
/* The folder that all paths lie in, with its slash; empty when there is none worth a mention. Not
 * cleaned: a part of the first path. */
fp_str fp_text_folder(const fp_report *report);

#endif
