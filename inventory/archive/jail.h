/* SPDX-License-Identifier: MIT */
/*
 * A child process that can read one descriptor, write one pipe, use memory, and end.
 *
 * Everything else is dropped before it runs: other descriptors, signal handlers, new privileges,
 * and, by a seccomp filter, every system call that is not on a short list. The resource limits
 * bound its data, its CPU time, and forbid files and core dumps. The child never returns into the
 * caller's code and runs no exit handlers. Its locale is C.UTF-8 and its time zone UTC.
 *
 * Under a sanitizer or valgrind, standard error stays open for their reports and the limits on
 * data, files and descriptors are left out; under valgrind the ban on executable memory too (its
 * translations need it). Such a child still counts as confined.
 */
#ifndef FP_ARCHIVE_JAIL_H
#define FP_ARCHIVE_JAIL_H

#include "inventory/base/status.h"

#include <sys/types.h>

typedef struct fp_jail_limits {
    uint64_t memory_bytes; /* of data, beyond what the parent had when it forked */
    unsigned cpu_seconds;  /* past them: SIGXCPU */
} fp_jail_limits;

/* Runs in the child; returns its exit code. `in` can be read and moved in, `out` written. */
typedef int fp_jail_entry(void *context, int in, int out);

typedef struct fp_jail {
    pid_t pid;
    int from_child; /* what the child writes */
    bool confined;  /* filter and limits were in force before the child read anything */
} fp_jail;

/*
 * Starts the child. `fd` stays the caller's; its file offset is shared, so use pread. FP_IO: no
 * child, or `fd` cannot be had read-only; FP_UNSUPPORTED: `require` and the kernel cannot confine.
 */
FP_MUST_CHECK fp_status fp_jail_start(fp_jail_entry *entry, void *context, int fd,
                                      const fp_jail_limits *limits, bool require, fp_jail *jail,
                                      fp_diag *d);

typedef struct fp_jail_exit {
    int signal; /* that ended it, or 0 */
    int code;   /* exit code; -1 when it could not be learnt */
} fp_jail_exit;

/* Kills the child if it still runs, reaps it, closes the pipe. */
fp_jail_exit fp_jail_stop(fp_jail *jail);

#endif
