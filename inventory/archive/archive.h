/* SPDX-License-Identifier: MIT */
/*
 * Archives and cabinets, listed and streamed from a jailed child process; nothing is written to
 * disk.
 *
 * libarchive runs in a child that gets one read-only descriptor in and one pipe out, and drops
 * everything else (jail.h). The child reads every member to its end, stops at the first error, and
 * descends into members that are archives themselves: the raw bytes of such a member and, one level
 * deeper, its own members are both delivered. The parent (this side) believes nothing: frames are
 * checked, names are data, and a member counts as complete only when its declared size arrived, the
 * child said so, and the child ended well.
 *
 * An archive that holds many archives may be read by several children at a time, which deal them
 * out (fp_archive_read_several). There are no threads: the parent listens to all of them in turn.
 *
 * A child that dies, stalls or lies is a *result* (fp_decoder_fate), never a failed run.
 */
#ifndef FP_ARCHIVE_ARCHIVE_H
#define FP_ARCHIVE_ARCHIVE_H

#include "inventory/base/text.h"
#include "inventory/base/time.h"

enum {
    FP_ARCHIVE_NESTING_MAX =
        8, /* levels: higher values of fp_archive_limits.nesting count as this */
    FP_ARCHIVE_NAME_MAX = 4096, /* bytes of a member's name */
    FP_ARCHIVE_DECODERS_MAX = 4 /* of one archive at a time: some 8 MB each */
};

/* Named limits; each one hit is told in fp_archive_result, or in the member's `nested` when it was
 * hit inside a nested archive and the outer one can go on (member_bytes, nesting). */
typedef struct fp_archive_limits {
    uint64_t members;        /* all levels together */
    uint64_t member_bytes;   /* one member, expanded */
    uint64_t total_bytes;    /* all levels together, expanded */
    unsigned nesting;        /* levels of archives inside archives; 1 = do not descend */
    unsigned stall_seconds;  /* without a frame from the child */
    unsigned cpu_seconds;    /* of the child */
    uint64_t decoder_memory; /* bytes of data the child may allocate */
} fp_archive_limits;

extern const fp_archive_limits fp_archive_default_limits;

typedef enum fp_decoder_fate {
    FP_FATE_UNKNOWN = 0,
    FP_FATE_ENDED,   /* read to the end without an error */
    FP_FATE_REFUSED, /* libarchive said no: message holds its words */
    FP_FATE_LIMIT,   /* one of our limits: message names it */
    FP_FATE_DIED,    /* killed by a signal, or exited on its own */
    FP_FATE_STALLED, /* no frame within stall_seconds: killed by us */
    FP_FATE_LIED,    /* frames that contradict the protocol: killed by us */
    FP_FATE_ENOUGH   /* all that was wanted had come, whole: killed by us (events.enough) */
} fp_decoder_fate;

/* Nothing that was read of it is in doubt? */
static inline bool fp_decoder_fate_is_good(fp_decoder_fate fate)
{
    return fate == FP_FATE_ENDED || fate == FP_FATE_ENOUGH;
}

const char *fp_decoder_fate_name(fp_decoder_fate fate);

typedef struct fp_archive_member {
    unsigned level;   /* 1 = member of the archive that was opened, 2 = of an archive in it ... */
    uint64_t index;   /* 0, 1, ... over all levels, in order of begin */
    fp_str name;      /* as stored, bytes may be anything; '/' and '\\' both separate folders;
                       * empty when its bytes contradict the encoding it claims */
    bool size_known;  /* size below was declared */
    uint64_t size;    /* declared */
    fp_time modified; /* or FP_TIME_NONE */
    bool regular;     /* false: a folder, link or special entry; no data follow */
    bool is_archive;  /* its first bytes are an archive's and it is descended into */
    bool withheld;    /* its bytes do not come: see events.wants */

    /* At `end` of an archive member: how reading the archive in it went. FP_FATE_ENDED when all its
     * members came; FP_FATE_REFUSED or FP_FATE_LIMIT when not, with the reason. That is no failure
     * of the outer archive, which goes on. Before, and for other members: FP_FATE_UNKNOWN and
     * empty. */
    fp_decoder_fate nested;
    fp_str nested_message;
} fp_archive_member;

/*
 * Events, in order: begin, data..., [begin/data/end of deeper members between data], end. `member`
 * and spans are valid during the call only. Every member that was begun is ended: when the child
 * ends badly, the open ones are, the deepest first, as not complete. Returning anything but FP_OK
 * stops the child, ends the events, and becomes the status of fp_archive_read.
 */
typedef struct fp_archive_events {
    void *context;
    fp_status (*begin)(void *context, const fp_archive_member *member);
    fp_status (*data)(void *context, const fp_archive_member *member, fp_span bytes);
    /* complete: the declared size arrived (withheld: in the child) and the member's end was
     * reached. What is said of members before the fate is known is provisional: see
     * fp_archive_result. */
    fp_status (*end)(void *context, const fp_archive_member *member, bool complete);
    /* Runs in the child: descend into this member, whose first bytes are an archive's? NULL:
     * always. */
    bool (*descend)(void *context, const char *name, unsigned level);
    /* Runs in the child: are this member's bytes wanted? Else it is read to its end there, and only
     * its begin and end are told. For members of declared size, unless they are so large that the
     * silence could be taken for a stall. NULL: always. */
    bool (*wants)(void *context, const char *name, unsigned level);
    /* Asked at the end of each complete member of level 1: was that all that is wanted? Then the
     * child is stopped. NULL: everything is wanted. */
    bool (*enough)(void *context);
} fp_archive_events;

typedef struct fp_archive_result {
    fp_decoder_fate fate;
    bool confined; /* the seccomp filter and the resource limits were in force; set whenever a child
                      ran, also when an event's failure becomes the status of fp_archive_read */
    int signal;    /* FP_FATE_DIED: the signal, or 0 and ... */
    int exit_code; /* ... the exit code */
    uint64_t members;        /* begun */
    uint64_t bytes;          /* of all members that came */
    uint64_t nested_members; /* the same, below level 1 alone */
    uint64_t nested_bytes;
    char member[256];  /* the member that was being decoded when it ended badly, escaped, cut */
    char message[200]; /* libarchive's words, or ours */
} fp_archive_result;

/*
 * What is read: cab, zip, 7z, tar, and a tar compressed by one of the filters built into libarchive
 * (never an external program). A zip at level 1 is read by its central directory, which must be
 * whole; a nested one in the order of its bytes. A nested 7z is refused: it needs seeking. A tar
 * that is not compressed must have its end marker, or it may have been cut off.
 */

/* Do these first bytes (give at least 512 where there are) look like zip, 7z, tar, cab, or a
 * compressed tar (gzip, bzip2, xz, zstd, lz4, compress)? */
bool fp_archive_probe(fp_span head);

/*
 * Reads the archive behind `fd` (a seekable file, from its start; stays open and is the caller's).
 * FP_OK whenever a result could be had, however bad its fate; FP_IO when no child could be made (no
 * event came then); FP_UNSUPPORTED when `require_jail` and the kernel cannot confine. Must be
 * called while the process has one thread.
 */
FP_MUST_CHECK fp_status fp_archive_read(int fd, const fp_archive_limits *limits, bool require_jail,
                                        const fp_archive_events *events, fp_archive_result *result,
                                        fp_diag *d);

/*
 * The same by `count` decoders (at most FP_ARCHIVE_DECODERS_MAX) at a time, each a child that reads
 * all of level 1 and descends where its own events say: so nested archives are dealt out. Events
 * come in the caller's thread, each decoder's in the archive's order, those of several in any.
 * Every decoder is heard to its own end, whatever becomes of the others: no result depends on which
 * is faster. The first failure of an event, in the order of the decoders, is the status. Limits
 * are each decoder's; fp_archive_sum tells whether all together kept them.
 */
FP_MUST_CHECK fp_status fp_archive_read_several(int fd, const fp_archive_limits *limits,
                                                bool require_jail, const fp_archive_events *events,
                                                fp_archive_result *results, size_t count,
                                                fp_diag *d);
/*
 * What several results that divide one archive's nested archives amount to: the first of them that
 * is not good, else the first; FP_FATE_LIMIT where all together are more than one decoder may read.
 */
fp_archive_result fp_archive_sum(const fp_archive_result *results, size_t count,
                                 const fp_archive_limits *limits);

#endif
