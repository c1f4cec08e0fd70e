/* SPDX-License-Identifier: MIT */
/*
 * The parent's side of the pipe, fed with what a decoder that was taken over might send. First
 * byte: the size of the pieces; second: how the child ends; the rest: frames. What must hold,
 * whatever comes: events keep their order, limits hold, "complete" means the declared size, and
 * everything begun is ended.
 */
#include "inventory/archive/frame.h"

#include "tests/support/fuzz.h"

#include <signal.h>
#include <string.h>

static const fp_archive_limits limits = {
    .members = 20, .member_bytes = 100000, .total_bytes = 150000, .nesting = 3};

typedef struct witness {
    unsigned depth;
    uint64_t begun;
    uint64_t ended;
    uint64_t total;
    uint64_t got[FP_ARCHIVE_NESTING_MAX + 1];
    bool incomplete;
    uint64_t enough; /* say so once so many have ended; 0: never */
    bool sated;      /* it was said: no event follows */
} witness;

static fp_status on_begin(void *context, const fp_archive_member *m)
{
    witness *w = context;
    require(!w->sated && m->level == w->depth + 1 && m->level <= limits.nesting);
    require(m->index == w->begun && m->name.size <= FP_ARCHIVE_NAME_MAX);
    require(m->nested == FP_FATE_UNKNOWN && m->nested_message.size == 0);
    w->begun++;
    w->depth++;
    w->got[m->level] = m->withheld ? m->size : 0;
    w->total += w->got[m->level];
    require(!m->withheld || (m->regular && m->size_known));
    require(w->total <= limits.total_bytes);
    require(w->begun <= limits.members);
    return FP_OK;
}

static fp_status on_data(void *context, const fp_archive_member *m, fp_span bytes)
{
    witness *w = context;
    require(m->level >= 1 && m->level <= w->depth && bytes.size > 0 && m->regular);
    require(!m->withheld);
    w->got[m->level] += bytes.size;
    w->total += bytes.size;
    require(!m->size_known || w->got[m->level] <= m->size);
    require(w->got[m->level] <= limits.member_bytes && w->total <= limits.total_bytes);
    return FP_OK;
}

static fp_status on_end(void *context, const fp_archive_member *m, bool complete)
{
    witness *w = context;
    require(m->level == w->depth);
    require(!complete || !m->regular || !m->size_known || w->got[m->level] == m->size);
    require(m->nested == FP_FATE_UNKNOWN || m->is_archive);
    require(!complete || !m->is_archive || m->nested != FP_FATE_UNKNOWN);
    w->depth--;
    w->ended++;
    w->incomplete = w->incomplete || !complete;
    return FP_OK;
}

static bool enough(void *context)
{
    witness *w = context;
    require(w->depth == 0 && w->ended > 0 && !w->sated);
    w->sated = w->enough > 0 && w->ended >= w->enough;
    return w->sated;
}

static bool feed(fp_frames *f, fp_span bytes, size_t piece)
{
    for (size_t at = 0; at < bytes.size;) {
        size_t room;
        uint8_t *to = fp_frames_room(f, &room);
        require(room > 0);
        size_t size = bytes.size - at;
        size = size < piece ? size : piece;
        size = size < room ? size : room;
        memcpy(to, bytes.data + at, size);
        at += size;
        if (!fp_frames_take(f, size))
            return false;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const fp_jail_exit ends[] = {{0, 0},       {0, 0}, {SIGSEGV, 0},
                                        {SIGXCPU, 0}, {0, 1}, {0, -1}};
    if (size < 2)
        return 0;
    const size_t piece = data[0] == 0 ? 100000 : data[0];
    const fp_jail_exit end = ends[data[1] % (sizeof ends / sizeof ends[0])];
    const bool stalled = data[1] >= 250;

    witness w = {.enough = data[1] >> 5}; /* 0: never */
    const fp_archive_events events = {
        .context = &w, .begin = on_begin, .data = on_data, .end = on_end, .enough = enough};
    fp_frames *f = fp_frames_new(&limits, &events);
    require(f != NULL);
    const bool heard_all = feed(f, fp_span_of(data + 2, size - 2), piece);
    fp_archive_result result = {0};
    require(fp_frames_finish(f, stalled && heard_all, end, &result) == FP_OK);
    fp_frames_free(f);

    require(w.depth == 0 && w.begun == w.ended && result.members == w.begun);
    require(result.fate != FP_FATE_UNKNOWN);
    require(memchr(result.message, 0, sizeof result.message) != NULL);
    require(fp_text_is_utf8(fp_str_of(result.message)) || result.message[0] == '\0');
    require(fp_text_is_utf8(fp_str_of(result.member)) || result.member[0] == '\0');
    if (result.fate == FP_FATE_ENDED)
        require(heard_all && !stalled && end.signal == 0 && end.code == 0);
    require((result.fate == FP_FATE_ENOUGH) == w.sated);
    require(!w.sated || !heard_all);
    return 0;
}
