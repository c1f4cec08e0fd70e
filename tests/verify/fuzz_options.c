/* SPDX-License-Identifier: MIT */
/* A command line, one argument per line: nothing is lost, nothing is made up. */
#include "verify/cli/options.h"

#include "tests/support/fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { ARGS_MAX = 64 };

static void check(bool good)
{
    if (!good)
        abort();
}

static bool is_argument(const char *value, int argc, char *const *argv)
{
    for (int i = 0; i < argc; i++)
        if (value >= argv[i] && value <= argv[i] + strlen(argv[i]))
            return true;
    return false;
}

static void check_options(const fp_options *o, int argc, char *const *argv)
{
    check(o->given_count + o->operand_count <= (size_t)argc);
    for (size_t i = 0; i < o->operand_count; i++)
        check(is_argument(o->operands[i], argc, argv));
    for (size_t i = 0; i < o->given_count; i++) {
        const fp_option *option = &fp_option_table[o->given[i].id];
        check((option->argument == NULL) == (o->given[i].value == NULL));
        check(o->given[i].value == NULL || is_argument(o->given[i].value, argc, argv));
        check(option->argument == NULL || option->repeatable ||
              fp_option_times(o, o->given[i].id) == 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *argv[ARGS_MAX + 1];
    int argc = 0;
    char *copy = malloc(size + 1);
    if (copy == NULL)
        return 0;
    memcpy(copy, data, size);
    copy[size] = '\0';
    for (char *at = copy; at <= copy + size && argc < ARGS_MAX; at += strlen(at) + 1) {
        at[strcspn(at, "\n")] = '\0';
        argv[argc++] = at;
    }
    argv[argc] = NULL;

    fp_arena *arena = fp_arena_new(1024 * 1024);
    fp_options options;
    fp_diag d = {0};
    const uint64_t accepted = size > 0 ? data[0] * UINT64_C(0x0101010101010101) : 0;
    const fp_status status = fp_options_parse(argc, argv, 0, accepted, arena, &options, &d);
    if (status == FP_OK)
        check_options(&options, argc, argv);
    else
        check(status == FP_FORMAT && d.where < (uint64_t)argc && *d.message != '\0');
    fp_arena_free(arena);
    free(copy);
    return 0;
}
