/* SPDX-License-Identifier: MIT */
/* When was a hotfix installed? */
#ifndef FP_HOTFIX_WINDOW_H
#define FP_HOTFIX_WINDOW_H

#include "inventory/hotfix/hotfix.h"

/*
 * Between these two; either may be FP_TIME_NONE: not known. The date text alone gives no window;
 * together with a key's last write in a hive on the same day (either order of month and day) it
 * does: from that day's earliest instant anywhere on earth (UTC+14) to the write. The last write
 * alone gives only `latest`. Several marker keys of the product asked for give the window that
 * holds all of theirs.
 */
typedef struct fp_install_window {
    fp_time earliest;
    fp_time latest;
} fp_install_window;
fp_install_window fp_hotfix_window(const fp_hotfix *hotfix);

#endif
