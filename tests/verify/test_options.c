/* SPDX-License-Identifier: MIT */
/* Command lines, parsed: each row is one line and what comes of it. */
#include "tests/support/check.h"
#include "verify/cli/options.h"

static const uint64_t ACCEPTED = FP_OPTS_EVIDENCE | FP_OPTS_ALWAYS | FP_OPT_BIT(FP_OPT_ADVISORY);

typedef struct row {
    const char *name;
    const char *argv[8];
    fp_status status;
    uint64_t where;       /* index of the argument that is wrong */
    const char *operands; /* joined by spaces */
    const char *given;    /* "name=value name", joined by spaces */
} row;

static const row rows[] = {
    {"nothing", {NULL}, FP_OK, 0, "", ""},
    {"operands keep their order", {"b", "a", NULL}, FP_OK, 0, "b a", ""},
    {"value behind a blank", {"--data", "d", "a"}, FP_OK, 0, "a", "data=d"},
    {"value behind an equals sign", {"a", "--data=d=e"}, FP_OK, 0, "a", "data=d=e"},
    {"value that looks like an option", {"--data", "--quiet"}, FP_OK, 0, "", "data=--quiet"},
    {"flag", {"--quiet", "a"}, FP_OK, 0, "a", "quiet"},
    {"flag twice", {"--quiet", "--quiet"}, FP_OK, 0, "", "quiet quiet"},
    {"repeatable", {"--advisory", "a", "--advisory=b"}, FP_OK, 0, "", "advisory=a advisory=b"},
    {"two dashes end options", {"--", "--quiet", "-x", "--"}, FP_OK, 0, "--quiet -x --", ""},
    {"a dash is an operand", {"-"}, FP_OK, 0, "-", ""},
    {"an empty operand is kept", {""}, FP_OK, 0, "", ""},
    {"-h", {"-h"}, FP_OK, 0, "", "help"},
    {"unknown", {"a", "--frmat", "json"}, FP_FORMAT, 1, NULL, NULL},
    {"unknown and far from any", {"--zzzzzzzzzzzzzzzz"}, FP_FORMAT, 0, NULL, NULL},
    {"no abbreviations", {"--advis", "x"}, FP_FORMAT, 0, NULL, NULL},
    {"of another command", {"--before", "x"}, FP_FORMAT, 0, NULL, NULL},
    {"short and unknown", {"-x"}, FP_FORMAT, 0, NULL, NULL},
    {"value missing at the end", {"a", "--data"}, FP_FORMAT, 1, NULL, NULL},
    {"value empty", {"--data="}, FP_FORMAT, 0, NULL, NULL},
    {"value empty behind a blank", {"--data", ""}, FP_FORMAT, 1, NULL, NULL},
    {"flag with a value", {"--quiet=yes"}, FP_FORMAT, 0, NULL, NULL},
    {"given twice", {"--data", "a", "--data", "b"}, FP_FORMAT, 2, NULL, NULL},
    {"no name at all", {"--=x"}, FP_FORMAT, 0, NULL, NULL},
};

static void joined_operands(const fp_options *options, char *out)
{
    *out = '\0';
    for (size_t i = 0; i < options->operand_count; i++)
        strcat(strcat(out, i > 0 ? " " : ""), options->operands[i]);
}

static void joined_given(const fp_options *options, char *out)
{
    *out = '\0';
    for (size_t i = 0; i < options->given_count; i++) {
        strcat(strcat(out, i > 0 ? " " : ""), fp_option_table[options->given[i].id].name);
        if (options->given[i].value != NULL)
            strcat(strcat(out, "="), options->given[i].value);
    }
}

static void check_row(void **state)
{
    const row *r = *state;
    int argc = 0;
    while (r->argv[argc] != NULL)
        argc++;
    fp_arena *arena = fp_arena_new(64 * 1024);
    fp_options options = {0};
    fp_diag d = {0};
    char *const *argv = (char *const *)(uintptr_t)r->argv;
    assert_int_equal(fp_options_parse(argc, argv, 0, ACCEPTED, arena, &options, &d), r->status);
    if (r->status != FP_OK) {
        assert_int_equal(d.where, r->where);
        assert_true(*d.message != '\0');
    } else {
        char text[256];
        joined_operands(&options, text);
        assert_string_equal(text, r->operands);
        joined_given(&options, text);
        assert_string_equal(text, r->given);
    }
    fp_arena_free(arena);
}

static void the_nearest_name_is_offered(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(64 * 1024);
    fp_options options;
    fp_diag d = {0};
    char word[] = "--frmat";
    char *argv[] = {word, NULL};
    assert_int_equal(fp_options_parse(1, argv, 0, ACCEPTED, arena, &options, &d), FP_FORMAT);
    assert_non_null(strstr(d.message, "--format"));
    fp_arena_free(arena);
}

static void values_are_found_again(void **state)
{
    (void)state;
    fp_arena *arena = fp_arena_new(64 * 1024);
    fp_options options;
    const char *argv[] = {"--advisory", "a", "--data", "d", "--advisory", "b", NULL};
    assert_int_equal(
        fp_options_parse(6, (char *const *)(uintptr_t)argv, 0, ACCEPTED, arena, &options, NULL),
        FP_OK);
    assert_int_equal(fp_option_times(&options, FP_OPT_ADVISORY), 2);
    assert_string_equal(fp_option_nth(&options, FP_OPT_ADVISORY, 0), "a");
    assert_string_equal(fp_option_value(&options, FP_OPT_ADVISORY), "b");
    assert_null(fp_option_nth(&options, FP_OPT_ADVISORY, 2));
    assert_null(fp_option_value(&options, FP_OPT_FORMAT));
    assert_true(fp_option_is_given(&options, FP_OPT_DATA));
    assert_false(fp_option_is_given(&options, FP_OPT_QUIET));
    fp_arena_free(arena);
}

static void too_little_memory_is_told(void **state)
{
    (void)state;
    const char *argv[] = {"--advisory", "a", "--frmat", "x", NULL};
    fp_status status = FP_NOMEM;
    for (size_t budget = 0; status == FP_NOMEM; budget += 64) {
        assert_true(budget < 64 * 1024);
        fp_arena *arena = fp_arena_new(budget);
        fp_options options;
        fp_diag d = {0};
        status =
            fp_options_parse(4, (char *const *)(uintptr_t)argv, 0, ACCEPTED, arena, &options, &d);
        fp_arena_free(arena);
    }
    assert_int_equal(status, FP_FORMAT);
}

int main(void)
{
    enum { ROWS = sizeof rows / sizeof *rows, MORE = 3 };
    struct CMUnitTest tests[ROWS + MORE];
    for (size_t i = 0; i < ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)(uintptr_t)&rows[i]};
    const struct CMUnitTest more[MORE] = {
        cmocka_unit_test(the_nearest_name_is_offered),
        cmocka_unit_test(values_are_found_again),
        cmocka_unit_test(too_little_memory_is_told),
    };
    memcpy(tests + ROWS, more, sizeof more);
    return RUN_TESTS(tests);
}
