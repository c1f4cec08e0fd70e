/* SPDX-License-Identifier: MIT */
#include "verify/cli/key_file.h"

#include "verify/cli/data.h"
#include "verify/cli/passphrase.h"

#include <string.h>
#include <unistd.h>

int fp_key_file_private(const fp_options *options, fp_key **out)
{
    const char *path = fp_option_value(options, FP_OPT_KEY);
    fp_passphrase_source phrase = {.file = fp_option_value(options, FP_OPT_PASSPHRASE_FILE)};
    char pem[FP_KEY_FILE_MAX];
    size_t size = 0;
    int fd;
    fp_diag d = {0};
    if (fp_secret_open(path, &fd, &d) != FP_OK) {
        fp_console_diag(path, &d);
        return FP_EXIT_NOINPUT;
    }
    fp_status status = fp_secret_read(fd, pem, sizeof pem, &size, &d);
    if (fd != STDIN_FILENO)
        (void)close(fd);
    if (status == FP_OK)
        status = fp_key_read_private(fp_span_of(pem, size), fp_passphrase_read, &phrase, out, &d);
    explicit_bzero(pem, sizeof pem);
    if (status == FP_OK)
        return 0;
    fp_console_diag(path, &d);
    return phrase.failed ? FP_EXIT_NOINPUT : (int)fp_console_exit_of(status);
}

int fp_key_file_public(const fp_options *options, fp_key **out)
{
    enum { MEMORY_MAX = 4 * FP_KEY_FILE_MAX };
    const char *path = fp_option_value(options, FP_OPT_KEY);
    fp_arena *arena = fp_arena_new(MEMORY_MAX);
    fp_span pem;
    fp_diag d = {0};
    if (arena == NULL)
        return FP_EXIT_SOFTWARE;
    fp_status status = fp_data_read_file(path, FP_KEY_FILE_MAX, arena, &pem, &d);
    if (status == FP_OK)
        status = fp_key_read_public(pem, out, &d);
    fp_arena_free(arena);
    return status == FP_OK ? 0 : fp_data_told(path, status, &d);
}
