/* SPDX-License-Identifier: MIT */
/* What --help shows of each command: examples that the program would take, and options that fit. */
#include "tests/support/check.h"
#include "verify/cli/command.h"

#include <stdio.h>

enum { COMMANDS_MAX = 64, WORDS_MAX = 64, EXAMPLE_MAX = 1024, COLUMNS_MAX = 80 };

typedef struct example {
    char text[EXAMPLE_MAX]; /* taken apart at its blanks */
    char *words[WORDS_MAX];
    int count;
} example;

/* The words of a command line as far as a pipe or a file to write to; quotes hold nothing but
 * themselves here. */
static void take_apart(example *e)
{
    char *rest = NULL;
    e->count = 0;
    for (char *word = strtok_r(e->text, " \n", &rest); word != NULL && *word != '|' && *word != '>';
         word = strtok_r(NULL, " \n", &rest)) {
        assert_true(e->count < WORDS_MAX - 1);
        if (strcmp(word, "\\") != 0) /* the line goes on */
            e->words[e->count++] = strcmp(word, "''") == 0 ? word + 2 : word;
    }
    e->words[e->count] = NULL;
}

/* The next example: a line that begins with "  fixproof ", and those that it goes on in. */
static bool next_example(const char **rest, example *out)
{
    size_t size = 0;
    while (**rest != '\0' && strncmp(*rest, "  fixproof ", 11) != 0) {
        assert_int_equal(strncmp(*rest, "  ", 2), 0); /* another program, which goes on with it */
        *rest += strcspn(*rest, "\n");
        *rest += **rest == '\n';
    }
    if (**rest == '\0')
        return false;
    do {
        const size_t line = strcspn(*rest, "\n") + 1;
        assert_int_equal((*rest)[line - 1], '\n');
        assert_true(line <= COLUMNS_MAX + 1 && size + line < EXAMPLE_MAX);
        memcpy(out->text + size, *rest, line);
        *rest += line;
        size += line;
    } while (out->text[size - 2] == '\\');
    out->text[size] = '\0';
    take_apart(out);
    return true;
}

static void formats_are_taken(const fp_command *command, const fp_options *options)
{
    const char *value;
    for (size_t i = 0; (value = fp_option_nth(options, FP_OPT_FORMAT, i)) != NULL; i++) {
        char name[32];
        assert_true(snprintf(name, sizeof name, "%.*s", (int)strcspn(value, "="), value) > 0);
        /* An empty one is being completed. */
        assert_true(*name == '\0' ||
                    (fp_report_format_find(name) != NULL &&
                     fp_command_takes_format(command, fp_report_format_find(name))));
    }
}

static void is_taken(const fp_command *command, example *e)
{
    fp_arena *arena = fp_arena_new(64 * 1024);
    fp_options options = {0};
    fp_diag d = {0};
    assert_true(e->count >= 3);
    assert_string_equal(e->words[1], command->name);
    if (fp_options_parse(e->count, e->words, 2, command->options | FP_OPTS_ALWAYS, arena, &options,
                         &d) != FP_OK)
        fail_msg("%s: %s", command->name, d.message);
    assert_true(options.operand_count >= command->operands_min);
    assert_true(command->operands_max == 0 || options.operand_count <= command->operands_max);
    formats_are_taken(command, &options);
    fp_arena_free(arena);
}

static void examples_are_real(void **state)
{
    const fp_command *command = *state;
    const char *rest = command->examples;
    example e;
    size_t count = 0;
    for (; next_example(&rest, &e); count++)
        is_taken(command, &e);
    if (count < 2)
        fail_msg("%s: %zu examples", command->name, count);
}

static void every_word_has_an_example(void **state)
{
    const fp_command *command = *state;
    const fp_command_word *word;
    for (size_t i = 0; command->word_at != NULL && (word = command->word_at(i)) != NULL; i++) {
        char start[64];
        assert_true(snprintf(start, sizeof start, "  fixproof %s %s", command->name, word->name) >
                    0);
        if (strstr(command->examples, start) == NULL)
            fail_msg("no example of%s", start);
    }
}

static void lines_are_of_a_terminals_width(void **state)
{
    const fp_command *command = *state;
    fp_out out = {0};
    fp_help_command(&out, command);
    fp_str rest = {out.data, out.size};
    fp_str line;
    while (fp_str_split(&rest, '\n', &line))
        if (line.size > COLUMNS_MAX)
            fail_msg("%s: a line of %zu: %.*s", command->name, line.size, FP_STR_ARG(line));
    fp_out_free(&out);
}

int main(void)
{
    static const struct {
        const char *name;
        CMUnitTestFunction check;
    } checks[] = {{"examples", examples_are_real},
                  {"words", every_word_has_an_example},
                  {"lines", lines_are_of_a_terminals_width}};
    enum { CHECKS = sizeof checks / sizeof *checks };
    static char names[COMMANDS_MAX * CHECKS][64];
    static struct CMUnitTest tests[COMMANDS_MAX * CHECKS];
    const fp_command *command;
    size_t count = 0;
    for (size_t i = 0; i < COMMANDS_MAX && (command = fp_command_at(i)) != NULL; i++) {
        for (size_t k = 0; k < CHECKS; k++, count++) {
            if (snprintf(names[count], sizeof names[count], "%s: %s", command->name,
                         checks[k].name) < 0)
                return 1;
            tests[count] = (struct CMUnitTest){.name = names[count],
                                               .test_func = checks[k].check,
                                               .initial_state = (void *)(uintptr_t)command};
        }
    }
    /* The macro counts the array's elements: here only the first of them are tests. */
    return _cmocka_run_group_tests("help", tests, count, NULL, NULL) != 0;
}
