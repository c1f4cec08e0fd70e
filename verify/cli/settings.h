/* SPDX-License-Identifier: MIT */
/*
 * What the verdicts of a run will depend on besides the evidence: the options that can change one,
 * and the data.
 */
#ifndef FP_CLI_SETTINGS_H
#define FP_CLI_SETTINGS_H

#include "verify/cli/session.h"

/* Into the report of the session, whose data are loaded. Tells the user what is wrong and returns
 * the exit status, or 0. */
int fp_settings_tell(fp_session *s);

#endif
