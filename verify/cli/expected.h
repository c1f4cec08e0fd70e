/* SPDX-License-Identifier: MIT */
/*
 * --expect-sha256: files whose digest the user has from elsewhere, from a colleague or a publisher.
 * Evidence that is not what it was said to be is not reported on.
 */
#ifndef FP_CLI_EXPECTED_H
#define FP_CLI_EXPECTED_H

#include "verify/cli/session.h"

/* Both tell the user what is wrong and return the exit status, or 0. */
int fp_expected_parse(fp_session *s);
/* Every item of a NAME that was given has its digest, and there is one; of a digest without a name,
 * some item has it. */
int fp_expected_check(const fp_session *s);

#endif
