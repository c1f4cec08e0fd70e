/* SPDX-License-Identifier: MIT */
/*
 * The protocol between the jailed decoder and its parent: frames over a pipe.
 *
 *     u32 payload size   u8 type   u8 level   u16 zero   payload            (little-endian)
 *
 *     BEGIN    level  u64 declared size, u64 modified, u8 flags, name      opens a member at level
 *     DATA    level  1 to FP_FRAME_DATA_MAX bytes                          of the open member at
 * level END     level  u8 complete, u8 nested fate, message                  closes the deepest
 * member OVER    0      u8 fate, message                                      the last frame
 *
 * The parent's side believes nothing. A member opens only one level below the deepest open one, and
 * only inside a member announced as an archive; data never exceed a declared size; "complete" needs
 * exactly that size; a member that is withheld has one and no data; nothing follows OVER. A frame
 * that says otherwise is a lie and ends the reading.
 */
#ifndef FP_ARCHIVE_FRAME_H
#define FP_ARCHIVE_FRAME_H

#include "inventory/archive/archive.h"
#include "inventory/archive/jail.h"

enum {
    FP_FRAME_HEADER = 8,
    FP_FRAME_BEGIN_FIXED = 17, /* of BEGIN's payload, before the name */
    FP_FRAME_DATA_MAX = 64 * 1024,
    FP_FRAME_MESSAGE_MAX = 160
};

typedef enum fp_frame_type {
    FP_FRAME_BEGIN = 1,
    FP_FRAME_DATA = 2,
    FP_FRAME_END = 3,
    FP_FRAME_OVER = 4
} fp_frame_type;

enum { /* flags of BEGIN */
       FP_FRAME_SIZE_KNOWN = 1,
       FP_FRAME_REGULAR = 2,
       FP_FRAME_IS_ARCHIVE = 4,
       FP_FRAME_MODIFIED_KNOWN = 8,
       FP_FRAME_WITHHELD = 16,
       FP_FRAME_FLAGS = 31
};

/* ---- the child's side: a buffered writer whose first failure sticks
 * ------------------------------ */

typedef struct fp_frame_writer {
    int fd;
    bool failed;
    size_t used;
    uint8_t buffer[4 * FP_FRAME_DATA_MAX];
} fp_frame_writer;

void fp_frame_begin(fp_frame_writer *w, const fp_archive_member *member);
void fp_frame_data(fp_frame_writer *w, unsigned level, fp_span bytes); /* of any size */
void fp_frame_end(fp_frame_writer *w, unsigned level, bool complete, fp_decoder_fate nested,
                  const char *message);
void fp_frame_over(fp_frame_writer *w, fp_decoder_fate fate, const char *message); /* and flushes */
void fp_frame_flush(fp_frame_writer *w); /* what was said is heard now */

/* ---- the parent's side: frames become events
 * ----------------------------------------------------- */

typedef struct fp_frames fp_frames;

/* NULL: no memory. `limits` and `events` must outlive it. */
FP_MUST_CHECK fp_frames *fp_frames_new(const fp_archive_limits *limits,
                                       const fp_archive_events *events);
void fp_frames_free(fp_frames *f); /* NULL is fine */

/* Where to put the next bytes from the pipe: never empty while fp_frames_take returned true. */
uint8_t *fp_frames_room(fp_frames *f, size_t *size);
/* `size` bytes were put there. False: enough was heard (a lie, a limit, or an event's failure). */
FP_MUST_CHECK bool fp_frames_take(fp_frames *f, size_t size);
uint64_t fp_frames_count(const fp_frames *f); /* whole frames so far: progress against a stall */

/*
 * No more bytes come. `stalled`: because the child was too slow; otherwise `end` is how it ended.
 * Ends the open members, fills `result` (not `confined`) and returns the first failure of an event.
 */
FP_MUST_CHECK fp_status fp_frames_finish(fp_frames *f, bool stalled, fp_jail_exit end,
                                         fp_archive_result *result);

typedef struct fp_archive_lane { /* one of the children that read an archive at a time */
    void *context;               /* of its entry */
    const fp_archive_events *events;
    fp_archive_result *result;
} fp_archive_lane;

/* fp_archive_read_several with any child in place of the decoder: for tests of what a bad child may
 * do. */
FP_MUST_CHECK fp_status fp_archive_read_children(fp_jail_entry *entry, const fp_archive_lane *lanes,
                                                 size_t count, int fd,
                                                 const fp_archive_limits *limits, bool require_jail,
                                                 fp_diag *d);

#endif
