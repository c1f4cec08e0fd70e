/* SPDX-License-Identifier: MIT */
/* cmocka with its prerequisites, and comparisons for our own types. */
#ifndef FP_TESTS_CHECK_H
#define FP_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "inventory/base/text.h"

/* Fails with both texts shown. */
#define assert_str(actual, expected) check_str((actual), (expected), __FILE__, __LINE__)

static inline void check_str(fp_str actual, const char *expected, const char *file, int line)
{
    if (!fp_str_eq(actual, fp_str_of(expected))) {
        print_error("\"%.*s\" is not \"%s\"\n", FP_STR_ARG(actual), expected);
        _fail(file, line);
    }
}

static inline size_t check_times(const char *text, const char *needle)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, needle)) != NULL; at += strlen(needle))
        count++;
    return count;
}

/* The needles, ended by NULL, stand in this order. */
static inline void assert_order(const char *text, const char *const *needles)
{
    const char *at = text;
    for (size_t i = 0; needles[i] != NULL; i++) {
        const char *found = strstr(at, needles[i]);
        if (found == NULL)
            fail_msg("'%s' is not there, or not behind '%s'", needles[i],
                     i > 0 ? needles[i - 1] : "the start");
        at = found;
    }
}

/* Where the third-party files are; without them the test is skipped and says so. */
static inline const char *corpus_or_skip(void)
{
    const char *corpus = getenv("FIXPROOF_CORPUS");
    if (corpus == NULL) {
        print_message("skipped: set FIXPROOF_CORPUS to run the corpus tests\n");
        skip();
    }
    return corpus;
}

/* cmocka 1.1.5 exits with 0 after 256 failures when main returns the count. */
#define RUN_TESTS(tests) (cmocka_run_group_tests_name(__FILE__, (tests), NULL, NULL) != 0)

#endif
