/* SPDX-License-Identifier: MIT */
#include "verify/cli/expected.h"

#include <string.h>

enum { SHOWN_MAX = 20 /* lines of a list in an error */ };

int fp_expected_parse(fp_session *s)
{
    const size_t count = fp_option_times(s->options, FP_OPT_EXPECT_SHA256);
    s->expected = fp_arena_alloc_array(s->arena, count + 1, sizeof *s->expected);
    if (s->expected == NULL)
        return fp_console_out_of_memory();
    for (size_t i = 0; i < count; i++) {
        const char *text = fp_option_nth(s->options, FP_OPT_EXPECT_SHA256, i);
        const char *equals = strrchr(text, '='); /* a name may hold one, a digest none */
        const char *digest = equals == NULL ? text : equals + 1;
        fp_expected_file *e = &s->expected[i];
        if (equals != NULL)
            e->name = (fp_str){text, (size_t)(equals - text)};
        if (equals == text || !fp_unhex(fp_str_of(digest), FP_SHA256_SIZE, e->sha256))
            return fp_command_misused(s->command,
                                      "--expect-sha256 takes the %d hexadecimal digits of a "
                                      "SHA-256, or NAME=DIGITS, not '%s'",
                                      2 * FP_SHA256_SIZE, text);
    }
    s->expected_count = count;
    return 0;
}

static const char *what_it_is(const fp_item *item, char hex[FP_SHA256_HEX_SIZE])
{
    if (!item->hashed)
        return "not known: not all of it could be read";
    fp_hex(item->sha256, FP_SHA256_SIZE, hex);
    return hex;
}

/* False: told. */
static bool is_met(const fp_session *s, const fp_expected_file *e)
{
    char wanted[FP_SHA256_HEX_SIZE];
    char seen[FP_SHA256_HEX_SIZE];
    size_t right = 0;
    size_t wrong = 0;
    fp_hex(e->sha256, FP_SHA256_SIZE, wanted);
    for (size_t i = 0; i < s->report.item_count; i++) {
        const fp_item *item = s->report.items[i];
        if (fp_case_is_expected(e, item))
            right++;
        else if (fp_case_is_named(e, item) && wrong++ < SHOWN_MAX)
            fp_console_error(NULL, "%.*s: its SHA-256 is %s, and %s was expected",
                             FP_STR_ARG(item->path), what_it_is(item, seen), wanted);
    }
    if (right + wrong == 0)
        fp_console_error(NULL, "no item of the evidence %s%.*s: SHA-256 %s was expected",
                         e->name.size > 0 ? "is named " : "has this digest", FP_STR_ARG(e->name),
                         wanted);
    return right > 0 && wrong == 0;
}

int fp_expected_check(const fp_session *s)
{
    bool met = true;
    for (size_t i = 0; i < s->expected_count; i++)
        met = is_met(s, &s->expected[i]) && met;
    return met ? 0 : FP_EXIT_DATA;
}
