/* SPDX-License-Identifier: MIT */
/*
 * The commands: one cmd_<verb>.c each, which holds all there is to the verb, its help included. The
 * table of them is in command.c.
 */
#ifndef FP_CLI_COMMAND_H
#define FP_CLI_COMMAND_H

#include "verify/cli/console.h"

typedef struct fp_command_word { /* what the first operand may be, as "show" of `advisory` */
    const char *name;
    const char *operand; /* what follows it, named as in fp_option.argument; NULL: nothing */
    const char *formats; /* as fp_command.formats: which of these; NULL: all of them */
} fp_command_word;

typedef struct fp_option_meaning { /* a list of them ends with FP_OPT_COUNT */
    fp_option_id id;
    const char *help; /* as fp_option.help */
} fp_option_meaning;

typedef struct fp_command {
    const char *name;
    const char *arguments; /* "EVIDENCE... [OPTION]..." */
    const char *summary;   /* one line for the overview; NULL: not listed there */
    const char *help;      /* paragraphs */
    const char *examples;
    uint64_t options;                  /* bits of FP_OPT_BIT, besides FP_OPTS_ALWAYS */
    const fp_option_meaning *meanings; /* of options that are not what the table says; or NULL */
    bool reads_evidence;               /* the help names the limits */
    unsigned operands_min;             /* else a usage error that names `operand_words` */
    unsigned operands_max;             /* 0: any number */
    const char *operand_words;
    const fp_command_word *(*word_at)(size_t index); /* NULL past the end; NULL: files are named */
    fp_report_view view;        /* of the reports that a command writes which takes --format */
    const char *formats;        /* else: the names of those it takes, "text json" */
    const char *const *answers; /* what exit status 0, 1 and 2 say (NULL: is not given); NULL: what
                                   they say of verdicts */
    int (*run)(const struct fp_command *command, const fp_options *options); /* exit status */
} fp_command;

extern const fp_command fp_command_assess;
extern const fp_command fp_command_confirm;
extern const fp_command fp_command_diff;
extern const fp_command fp_command_checklist;
extern const fp_command fp_command_explain;
extern const fp_command fp_command_inventory;
extern const fp_command fp_command_logs;
extern const fp_command fp_command_catalog;
extern const fp_command fp_command_advisory;
extern const fp_command fp_command_export;
extern const fp_command fp_command_attest;
extern const fp_command fp_command_verify_attestation;
extern const fp_command fp_command_complete;

/* All of them, in the order of the overview. */
const fp_command *fp_command_at(size_t index);       /* NULL past the end */
const fp_command *fp_command_find(const char *name); /* NULL: none */

/* fp_option.help, as the command means it (NULL: whatever the command). */
const char *fp_command_option_help(const fp_command *command, fp_option_id id);

bool fp_command_takes_format(const fp_command *command, const fp_report_format *format);
/* ... and this word of it, of those that the command takes. */
bool fp_command_word_takes_format(const fp_command_word *word, const fp_report_format *format);

/* help.c: what --help prints. */
void fp_help_overview(fp_out *out);
void fp_help_command(fp_out *out, const fp_command *command);

/* Tells of a usage error and returns FP_EXIT_USAGE. */
int fp_command_misused(const fp_command *command, const char *format, ...) FP_PRINTF(2, 3);
/* Writes to standard output and returns 0, or tells why not and returns FP_EXIT_CANTCREAT. Frees
 * `out`. */
int fp_command_print(fp_out *out);

#endif
