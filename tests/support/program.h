/* SPDX-License-Identifier: MIT */
/*
 * The program itself, run as a user runs it, each test in a scratch folder of its own. What a run
 * left is in `got`. FIXPROOF_PROGRAM and FIXPROOF_ONE_ADVISORY are compiled in.
 */
#ifndef FP_TESTS_PROGRAM_H
#define FP_TESTS_PROGRAM_H

#include "tests/support/check.h"
#include <stdbool.h>

enum { ARGS_MAX = 24, TEXT_MAX = 1024 * 1024 };

typedef struct outcome {
    int status; /* exit status, or -1 - signal */
    char out[TEXT_MAX];
    char err[TEXT_MAX];
} outcome;

extern outcome got;      /* of the last run */
extern char folder[64];  /* scratch, made anew for every test */
extern int extra_stdout; /* a descriptor to use as standard output instead; 0: captured */
extern int extra_stdin;  /* the same as standard input; 0: nothing comes */
extern bool close_stdin;
extern bool close_stdout;
extern bool ignore_children; /* SIGCHLD, from the start */

int set_up(void **state);
int tear_down(void **state);

/* Paths: the last eight results stay. */
const char *in_folder(const char *name);
const char *json_to(const char *name); /* a target: JSON into a file of the folder */
const char *sample(const char *name);  /* its evidence */
void put_file(const char *name, const char *text);
/* A whole file, at most TEXT_MAX - 1 bytes. */
void slurp(const char *path, char *text);
size_t entries(const char *path); /* of a folder */

/* Runs the program with these arguments (up to NULL) and fills `got`. A run that hangs is a
 * failure. */
int run(const char *first, ...);

void assert_status(int expected);
void assert_in(const char *text, const char *needle);
/* A failure: nothing on standard output, and every line of standard error says who speaks. */
void assert_failed(int status);

#endif
