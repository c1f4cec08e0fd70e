/* SPDX-License-Identifier: MIT */
/*
 * Keys in files, and the pass phrase of one that is encrypted.
 *
 * A private key that others can read is refused, as ssh does it: a signature by it would prove
 * nothing. What was read of it is wiped.
 */
#ifndef FP_CLI_KEY_FILE_H
#define FP_CLI_KEY_FILE_H

#include "verify/attest/key.h"
#include "verify/cli/options.h"

/*
 * These tell the user what is wrong and return the exit status, or 0; then the key is freed by
 * fp_key_free. The private one is asked for its pass phrase only when it is encrypted: it is in the
 * first line of --passphrase-file, or else the user types it, unseen.
 */
int fp_key_file_private(const fp_options *options, fp_key **out);
int fp_key_file_public(const fp_options *options, fp_key **out);

#endif
