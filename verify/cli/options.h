/* SPDX-License-Identifier: MIT */
/*
 * Command-line options: one table of all of them, and a bit set per command of those it takes.
 *
 * `--name value` and `--name=value`; `--` ends the options; `-` is an operand. Names are not
 * abbreviated, and an option that is not repeatable may be given once: a script that says two
 * things is told so.
 */
#ifndef FP_CLI_OPTIONS_H
#define FP_CLI_OPTIONS_H

#include "inventory/base/text.h"

typedef enum fp_option_id {
    FP_OPT_ADVISORY = 0,
    FP_OPT_DECLARE,
    FP_OPT_BEFORE,
    FP_OPT_SINCE,
    FP_OPT_CHANGE,
    FP_OPT_RECORDS,
    FP_OPT_REVISION,
    FP_OPT_UPDATE,
    FP_OPT_EXPECT_ACTION,
    FP_OPT_LANGUAGE,
    FP_OPT_CHECK,
    FP_OPT_MEMBERS,
    FP_OPT_DETAILS,
    FP_OPT_KB,
    FP_OPT_PRODUCT,
    FP_OPT_RELEASE,
    FP_OPT_FILE_VERSION,
    FP_OPT_SITE_UPDATE,
    FP_OPT_PUBLISHED,
    FP_OPT_TITLE,
    FP_OPT_INTO,
    FP_OPT_KEY,
    FP_OPT_PASSPHRASE_FILE,
    FP_OPT_OUTPUT,
    FP_OPT_REPORT,
    FP_OPT_REPRODUCE,
    FP_OPT_FORMAT,
    FP_OPT_COLOR,
    FP_OPT_QUIET,
    FP_OPT_NO_PROGRESS,
    FP_OPT_DATA,
    FP_OPT_CODE_PAGE,
    FP_OPT_REQUIRE_JAIL,
    FP_OPT_ROOTS,
    FP_OPT_TRUST_ANY_ROOT,
    FP_OPT_ACCEPT_WEAK,
    FP_OPT_EXPECT_SHA256,
    FP_OPT_VERSION,
    FP_OPT_HELP,
    FP_OPT_COUNT
} fp_option_id;

#define FP_OPT_BIT(id) (UINT64_C(1) << (id))
/* What every command takes, and what every command that reads evidence takes besides. */
#define FP_OPTS_ALWAYS (FP_OPT_BIT(FP_OPT_HELP) | FP_OPT_BIT(FP_OPT_VERSION))
#define FP_OPTS_OUTPUT                                                                             \
    (FP_OPT_BIT(FP_OPT_FORMAT) | FP_OPT_BIT(FP_OPT_COLOR) | FP_OPT_BIT(FP_OPT_QUIET) |             \
     FP_OPT_BIT(FP_OPT_DATA))
#define FP_OPTS_EVIDENCE                                                                           \
    (FP_OPTS_OUTPUT | FP_OPT_BIT(FP_OPT_NO_PROGRESS) | FP_OPT_BIT(FP_OPT_CODE_PAGE) |              \
     FP_OPT_BIT(FP_OPT_REQUIRE_JAIL) | FP_OPT_BIT(FP_OPT_ROOTS) |                                  \
     FP_OPT_BIT(FP_OPT_TRUST_ANY_ROOT) | FP_OPT_BIT(FP_OPT_ACCEPT_WEAK) |                          \
     FP_OPT_BIT(FP_OPT_EXPECT_SHA256))

typedef struct fp_option {
    const char *name;     /* without the dashes */
    const char *argument; /* "FILE"; NULL: a flag */
    bool repeatable;
    const char *help; /* lines of at most 54 columns */
} fp_option;

extern const fp_option fp_option_table[FP_OPT_COUNT];

typedef struct fp_option_given {
    fp_option_id id;
    const char *value; /* NULL for a flag */
} fp_option_given;

typedef struct fp_options { /* in the arena; strings are those of argv */
    fp_option_given *given;
    size_t given_count;
    const char **operands;
    size_t operand_count;
} fp_options;

/*
 * argv[first ...]. FP_FORMAT: a usage error in words, `where` = its index in argv; FP_NOMEM. Module
 * "usage". `accepted`: bit set of what the command takes.
 */
FP_MUST_CHECK fp_status fp_options_parse(int argc, char *const *argv, int first, uint64_t accepted,
                                         fp_arena *arena, fp_options *out, fp_diag *d);

/* The option of this name (without the dashes), if it is among `accepted`. */
FP_MUST_CHECK bool fp_option_find(fp_str name, uint64_t accepted, fp_option_id *out);

bool fp_option_is_given(const fp_options *options, fp_option_id id);
/* The value (of the last one given), or NULL. */
const char *fp_option_value(const fp_options *options, fp_option_id id);
size_t fp_option_times(const fp_options *options, fp_option_id id);
/* Value number `index` of a repeatable option, or NULL past the end. */
const char *fp_option_nth(const fp_options *options, fp_option_id id, size_t index);

#endif
