/* SPDX-License-Identifier: MIT */
/*
 * A pass phrase: the first line of a file, or what the user types at the terminal, which does not
 * show it. The caller wipes it.
 */
#ifndef FP_CLI_PASSPHRASE_H
#define FP_CLI_PASSPHRASE_H

#include "verify/attest/key.h"

typedef struct fp_passphrase_source {
    const char *file; /* "-" is standard input; NULL: the terminal */
    bool failed;      /* it was asked for and could not be had */
} fp_passphrase_source;

/* An fp_passphrase_fn; `context` is an fp_passphrase_source. FP_IO, FP_FORMAT; FP_NOT_FOUND: there
 * is no terminal. */
FP_MUST_CHECK fp_status fp_passphrase_read(void *context, char *out, size_t *size, fp_diag *d);

/*
 * Opens a file that holds a secret; "-" is standard input. A pipe is fine; of a file, nobody but
 * its owner may have permissions. FP_IO, FP_UNSUPPORTED: others can read it (`d` says what to do).
 */
FP_MUST_CHECK fp_status fp_secret_open(const char *path, int *fd, fp_diag *d);
/* Reads to the end, at most `room` bytes. FP_IO, FP_LIMIT: there is more. */
FP_MUST_CHECK fp_status fp_secret_read(int fd, char *out, size_t room, size_t *size, fp_diag *d);

#endif
