/* SPDX-License-Identifier: MIT */
/*
 * The child's side: libarchive, used with discipline. Stop at the first error, read every member to
 * its end, never skip, never go on after a failure. libarchive's types stay inside decoder.c.
 *
 * A member that is an archive itself is pulled through a second reader, which hands its raw bytes
 * on before it decodes them; no temporary file is made. When the nested reader ends or fails, the
 * rest of the member is read and handed on, and the outer archive goes on.
 */
#ifndef FP_ARCHIVE_DECODER_H
#define FP_ARCHIVE_DECODER_H

#include "inventory/archive/archive.h"

typedef struct fp_decoder_job {
    const fp_archive_limits *limits;
    bool (*descend)(void *context, const char *name, unsigned level); /* NULL: always */
    bool (*wants)(void *context, const char *name, unsigned level);   /* NULL: always */
    void *context;
} fp_decoder_job;

/* An fp_jail_entry: `context` is an fp_decoder_job. 0 when the last frame was sent, whatever it
 * says. */
int fp_decoder_run(void *context, int in, int out);

#endif
