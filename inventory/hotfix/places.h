/* SPDX-License-Identifier: MIT */
/*
 * The places that can hold traces of hotfixes: one file and one row of the table in places.c each.
 */
#ifndef FP_HOTFIX_PLACES_H
#define FP_HOTFIX_PLACES_H

#include "inventory/hotfix/search.h"

struct fp_hotfix_place {
    const char *name;  /* published */
    const char *title; /* for a reader */
    void (*search)(fp_search *s);
    fp_trace_place place;
    bool makes_known; /* fp_hotfix_list lists a hotfix because of a trace here */
};

/* By fp_trace_place; NULL past the end. */
const fp_hotfix_place *fp_hotfix_place_at(size_t index);

void fp_place_updates(fp_search *s);
void fp_place_hotfix_key(fp_search *s);
void fp_place_uninstall(fp_search *s);
void fp_place_cbs(fp_search *s);
void fp_place_msi(fp_search *s);
void fp_place_listing(fp_search *s);
void fp_place_log(fp_search *s);
void fp_place_folder(fp_search *s);

#endif
