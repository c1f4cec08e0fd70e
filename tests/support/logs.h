/* SPDX-License-Identifier: MIT */
/* Logs made by tests, and the way from files to a history in one call. */
#ifndef FP_TESTS_LOGS_H
#define FP_TESTS_LOGS_H

#include "detect/episode.h"
#include "inventory/base/json.h"
#include "inventory/base/out.h"

#include <stdio.h>

/* Bytes grow in a fp_out; every function adds one record or line with CR LF at its end. */
void log_plain(fp_out *log, const char *message);
/* "message  $$<SMS_WSUS_SYNC_MANAGER><06-13-2008 hh:mm:ss.mmm+000><thread=5976 (0x1758)>"; `ms` =
 * time of that day in milliseconds; 86400000 and more are the days after. */
void log_site(fp_out *log, long ms, const char *message);
void log_site_as(fp_out *log, long ms, const char *component, const char *message);
void log_client(fp_out *log, long ms, const char *message);
fp_time log_time(long ms); /* the UTC time of such a record */

/* The UTF-8 text of `log` in another encoding, with a byte-order mark. */
void log_utf16(fp_out *log, bool big_endian);
/* Each character outside ASCII becomes one byte, as in a code page; which byte, no code page says.
 */
void log_bytes(fp_out *log);

/* The activities of data/advisories/954474.json, as the program reads them; NULL and a message on
 * stderr when that fails. */
fp_activity *legacy_sync_activity(void);
/* Its literals, one a line; 0 or 1. */
int legacy_sync_literals(FILE *out);

typedef struct scanned_file {
    const char *name;
    fp_str bytes;
    bool cut;      /* the file is not complete */
    bool cut_late; /* ... which is known only after all scans */
    size_t step;   /* bytes fed at once; 0 = all */
} scanned_file;

/* Items are numbered from 1. The history lives in `arena`. */
fp_status scan_files(fp_arena *arena, const fp_activity *activity, const scanned_file *files,
                     size_t count, const fp_history **out);

#endif
