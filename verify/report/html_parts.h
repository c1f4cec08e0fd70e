/* SPDX-License-Identifier: MIT */
/*
 * The HTML report in its parts; internal to verify/report.
 *
 * One file that needs nothing else: no script, no request (its own content security policy forbids
 * both), readable on a screen, on a phone, on paper and by a screen reader. Colour never carries
 * meaning alone. Only addresses of advisory data become links, never text from evidence. The
 * document is well-formed XML too, so that a strict parser can be held to it.
 */
#ifndef FP_REPORT_HTML_PARTS_H
#define FP_REPORT_HTML_PARTS_H

#include "verify/report/markup.h"
#include "verify/report/words.h"

enum {
    FP_HTML_ITEMS_MAX = 2000,   /* rows of the evidence table; the others are counted */
    FP_HTML_EPISODES_MAX = 200, /* drawn and listed, the last ones; the others are counted */
    FP_HTML_INSTALLS_MAX = 8    /* fixes whose installation is drawn */
};

fp_status fp_html_write(const fp_report *report, const fp_report_style *style, fp_out *out);

extern const char *const fp_html_style[]; /* the style sheet in pieces, then NULL */

/* One advisory: the verdict, what to do, why, when. `index` of the result tells apart what several
 * have. */
void fp_html_result(fp_page *p, const fp_report *report, size_t index);
/* ... and, at the end, every rule with its tree, every other question, the references. */
void fp_html_annex(fp_page *p, const fp_report *report, size_t index);
/* Those that do not concern the server (fp_report_is_aside): a line each, the rest folded. */
void fp_html_asides(fp_page *p, const fp_report *report);
/* Its verdict in words and colour: the first of an article. */
void fp_html_banner(fp_page *p, const fp_report *report, size_t index);
/* confirm: what became of the change, before the verdicts; and behind them what changed since the
 * report before. */
void fp_html_conclusion(fp_page *p, const fp_report *report);
void fp_html_changes(fp_page *p, const fp_report *report);
/* Of a change record: one advisory that concerns the server; the others, a line each. */
void fp_html_change(fp_page *p, const fp_report *report, size_t index);
void fp_html_unconcerned(fp_page *p, const fp_report *report);
/* The episodes of the advisory's activities around the installation, as a picture and a table. */
void fp_html_timeline(fp_page *p, const fp_report *report, size_t index);
/* Declared facts, findings, the evidence with its digests, the lines to sign. */
void fp_html_record(fp_page *p, const fp_report *report);

/* Shared by the parts. Folds of class "whole" are open on paper, whatever they are on the screen;
 * of the others only the summary is printed, unless the reader opened them. */
void fp_html_reasoning(fp_page *p, const fp_report *report, size_t index); /* without its heading */
void fp_html_test(fp_page *p, const fp_report *report, size_t index, const fp_because *b,
                  bool whole);
/* Ids of tests: their place in the advisory, as their names are data. */
void fp_html_test_id(fp_page *p, const fp_report *report, size_t index, const fp_test *test);
/* Opens a section of an advisory, its heading below that of the advisory. */
void fp_html_section(fp_page *p, const fp_report *report, size_t index, const char *heading);
void fp_html_paper_note(fp_page *p, const fp_report *report); /* on paper: what was left out */
const char *fp_html_answer(fp_tri is);                        /* the class that colours it */
void fp_html_origin(fp_page *p, const fp_report *report, fp_origin origin); /* a link to its item */
void fp_html_observations(fp_page *p, const fp_report *report, const fp_observations *list);
void fp_html_prose(fp_page *p, fp_str text); /* one paragraph per line */
const char *fp_html_tone(fp_tone tone);      /* the class that colours it */

#endif
