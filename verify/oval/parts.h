/* SPDX-License-Identifier: MIT */
/*
 * The parts of an OVAL document that are referred to by id: tests, objects, states, variables. An
 * id is a digest of the part itself, so equal parts are one, and an id never changes its meaning.
 */
#ifndef FP_OVAL_PARTS_H
#define FP_OVAL_PARTS_H

#include "verify/decide/claim.h"
#include "verify/report/markup.h"

enum { FP_OVAL_ID_SIZE = 48 };

typedef enum fp_oval_section {
    FP_OVAL_TESTS = 0,
    FP_OVAL_OBJECTS,
    FP_OVAL_STATES,
    FP_OVAL_VARIABLES,
    FP_OVAL_SECTIONS
} fp_oval_section;

typedef struct fp_oval_part {
    char id[FP_OVAL_ID_SIZE];
    fp_str element; /* its name */
    fp_str rest;    /* attributes besides id and version, and content, with the end tag */
} fp_oval_part;

typedef struct fp_oval_parts {
    fp_arena *arena;
    struct {
        fp_oval_part *at;
        size_t count, capacity;
    } sections[FP_OVAL_SECTIONS];
    fp_status status; /* the first failure sticks */
} fp_oval_parts;

/* The id of `element` with this `rest`, which is kept; "" after a failure. `rest` is freed. */
const char *fp_oval_part_add(fp_oval_parts *parts, fp_oval_section section, const char *element,
                             fp_out *rest);
/* <tests>...</tests> and so on; nothing for a section without parts. */
void fp_oval_parts_write(const fp_oval_parts *parts, fp_oval_section section, fp_out *out);

/* Can OVAL look at it? Registry keys need one of its five hives, and a key below it. */
bool fp_oval_can_look(const fp_look *look);
/* A registry path in two; false: it is not one of OVAL's. */
bool fp_oval_split_path(fp_str path, fp_str *hive, fp_str *key);
/* The id of the object, which is added. */
const char *fp_oval_object(fp_oval_parts *parts, const fp_look *look);
/* ... and of the variable behind an FP_LOOK_ANSWER. */
const char *fp_oval_variable(fp_oval_parts *parts, const fp_look *look);
/* The id of the test that this claim is: EXISTS, ONE, VERSION, WITHIN, OUTSIDE, TEXT, EQUALS or
 * OPEN. */
const char *fp_oval_test(fp_oval_parts *parts, const fp_claim *claim);

/* A page that writes to `out`, for markup. */
fp_page fp_oval_page(fp_oval_parts *parts, fp_out *out);
/* <generator>...</generator> */
void fp_oval_generator_write(fp_page *p, const char *tool_version, fp_time now);

#endif
