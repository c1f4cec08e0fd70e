/* SPDX-License-Identifier: MIT */
#include "inventory/archive/frame.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the child's side ----------------------------------------------------------------- */

static void store_u32le(uint8_t *p, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(value >> (8 * i));
}

static void store_u64le(uint8_t *p, uint64_t value)
{
    store_u32le(p, (uint32_t)value);
    store_u32le(p + 4, (uint32_t)(value >> 32));
}

void fp_frame_flush(fp_frame_writer *w)
{
    for (size_t done = 0; done < w->used && !w->failed;) {
        const ssize_t n = write(w->fd, w->buffer + done, w->used - done);
        if (n > 0)
            done += (size_t)n;
        else if (n == 0 || errno != EINTR)
            w->failed = true;
    }
    w->used = 0;
}

/* One frame: `fixed`, then `rest`, as its payload. Together at most FP_FRAME_DATA_MAX bytes. */
static void put(fp_frame_writer *w, fp_frame_type type, unsigned level, fp_span fixed, fp_span rest)
{
    const size_t payload = fixed.size + rest.size;
    if (FP_FRAME_HEADER + payload > sizeof w->buffer - w->used)
        fp_frame_flush(w);
    uint8_t *p = w->buffer + w->used;
    store_u32le(p, (uint32_t)payload);
    p[4] = (uint8_t)type;
    p[5] = (uint8_t)level;
    p[6] = 0;
    p[7] = 0;
    if (fixed.size > 0)
        memcpy(p + FP_FRAME_HEADER, fixed.data, fixed.size);
    if (rest.size > 0)
        memcpy(p + FP_FRAME_HEADER + fixed.size, rest.data, rest.size);
    w->used += FP_FRAME_HEADER + payload;
}

void fp_frame_begin(fp_frame_writer *w, const fp_archive_member *member)
{
    uint8_t fixed[FP_FRAME_BEGIN_FIXED];
    const bool dated = member->modified != FP_TIME_NONE;
    store_u64le(fixed, member->size_known ? member->size : 0);
    store_u64le(fixed + 8, dated ? (uint64_t)member->modified : 0);
    fixed[16] = (uint8_t)((member->size_known ? FP_FRAME_SIZE_KNOWN : 0) |
                          (member->regular ? FP_FRAME_REGULAR : 0) |
                          (member->is_archive ? FP_FRAME_IS_ARCHIVE : 0) |
                          (member->withheld ? FP_FRAME_WITHHELD : 0) |
                          (dated ? FP_FRAME_MODIFIED_KNOWN : 0));
    put(w, FP_FRAME_BEGIN, member->level, fp_span_of(fixed, sizeof fixed),
        fp_span_of(member->name.data, member->name.size));
}

void fp_frame_data(fp_frame_writer *w, unsigned level, fp_span bytes)
{
    while (bytes.size > 0) {
        const size_t n = bytes.size < FP_FRAME_DATA_MAX ? bytes.size : FP_FRAME_DATA_MAX;
        put(w, FP_FRAME_DATA, level, fp_span_of(NULL, 0), fp_span_of(bytes.data, n));
        bytes = fp_span_of(bytes.data + n, bytes.size - n);
    }
}

static fp_span message_span(const char *message)
{
    return fp_span_of(message, strnlen(message, FP_FRAME_MESSAGE_MAX));
}

void fp_frame_end(fp_frame_writer *w, unsigned level, bool complete, fp_decoder_fate nested,
                  const char *message)
{
    const uint8_t fixed[2] = {complete ? 1 : 0, (uint8_t)nested};
    put(w, FP_FRAME_END, level, fp_span_of(fixed, sizeof fixed), message_span(message));
}

void fp_frame_over(fp_frame_writer *w, fp_decoder_fate fate, const char *message)
{
    const uint8_t fixed[1] = {(uint8_t)fate};
    put(w, FP_FRAME_OVER, 0, fp_span_of(fixed, sizeof fixed), message_span(message));
    fp_frame_flush(w);
}

/* ---- the parent's side ---------------------------------------------------------------- */

typedef struct open_member {
    fp_archive_member member; /* its name points to `name` */
    uint64_t got;
    char name[FP_ARCHIVE_NAME_MAX];
} open_member;

struct fp_frames {
    const fp_archive_limits *limits;
    const fp_archive_events *events;
    open_member open[FP_ARCHIVE_NESTING_MAX];
    unsigned depth; /* members open */
    uint64_t members;
    uint64_t nested_members; /* below level 1 */
    uint64_t total_bytes;
    uint64_t nested_bytes;
    uint64_t frames;
    bool over;                              /* OVER was heard */
    fp_decoder_fate over_fate;              /* ... and what it said */
    fp_decoder_fate fate;                   /* what we found: LIED or LIMIT, or still UNKNOWN */
    fp_status event_status;                 /* the first failure of an event */
    char message[FP_FRAME_MESSAGE_MAX + 1]; /* of OVER, or ours */
    bool damaged; /* the last member of level 1 ended without being complete: it is still open[0] */
    size_t used;
    uint8_t buffer[4 * FP_FRAME_DATA_MAX];
};

fp_frames *fp_frames_new(const fp_archive_limits *limits, const fp_archive_events *events)
{
    fp_frames *f = calloc(1, sizeof *f);
    if (f == NULL)
        return NULL;
    f->limits = limits;
    f->events = events;
    return f;
}

void fp_frames_free(fp_frames *f)
{
    free(f);
}

uint64_t fp_frames_count(const fp_frames *f)
{
    return f->frames;
}

uint8_t *fp_frames_room(fp_frames *f, size_t *size)
{
    *size = sizeof f->buffer - f->used;
    return f->buffer + f->used;
}

static bool ended(fp_frames *f, fp_decoder_fate fate, const char *message)
{
    f->fate = fate;
    (void)snprintf(f->message, sizeof f->message, "%s", message);
    return false;
}

static bool lied(fp_frames *f, const char *message)
{
    return ended(f, FP_FATE_LIED, message);
}

static bool event_said(fp_frames *f, fp_status status)
{
    f->event_status = status;
    return status == FP_OK;
}

static open_member *deepest(fp_frames *f)
{
    return f->depth == 0 ? NULL : &f->open[f->depth - 1];
}

/* Those that came, and those that were withheld: limits hold for both. */
static bool count_bytes(fp_frames *f, open_member *o, uint64_t size)
{
    if (size > f->limits->member_bytes || o->got > f->limits->member_bytes - size)
        return ended(f, FP_FATE_LIMIT, "a member is too large");
    if (size > f->limits->total_bytes || f->total_bytes > f->limits->total_bytes - size)
        return ended(f, FP_FATE_LIMIT, "the members together are too large");
    o->got += size;
    f->total_bytes += size;
    f->nested_bytes += o->member.level > 1 ? size : 0;
    return true;
}

static bool take_begin(fp_frames *f, unsigned level, fp_reader *r)
{
    const uint64_t size = fp_read_u64le(r);
    const uint64_t modified = fp_read_u64le(r);
    const uint8_t flags = fp_read_u8(r);
    if (!fp_reader_ok(r) || (flags & ~FP_FRAME_FLAGS) != 0)
        return lied(f, "the decoder sent a malformed begin");
    const fp_span name = fp_read_span(r, fp_reader_left(r));
    if (name.size > FP_ARCHIVE_NAME_MAX)
        return lied(f, "the decoder sent a name that is too long");
    const open_member *outer = deepest(f);
    if (level != f->depth + 1 || f->depth == FP_ARCHIVE_NESTING_MAX || level > f->limits->nesting ||
        (outer != NULL && !outer->member.is_archive))
        return lied(f, "the decoder began a member where none can be");
    if (f->members == f->limits->members)
        return ended(f, FP_FATE_LIMIT, "too many members");

    open_member *o = &f->open[f->depth];
    if (name.size > 0)
        memcpy(o->name, name.data, name.size);
    o->got = 0;
    o->member = (fp_archive_member){
        .level = level,
        .index = f->members,
        .name = {o->name, name.size},
        .size_known = (flags & FP_FRAME_SIZE_KNOWN) != 0,
        .size = size,
        .modified = (flags & FP_FRAME_MODIFIED_KNOWN) != 0 ? (fp_time)modified : FP_TIME_NONE,
        .regular = (flags & FP_FRAME_REGULAR) != 0,
        .is_archive = (flags & FP_FRAME_IS_ARCHIVE) != 0,
        .withheld = (flags & FP_FRAME_WITHHELD) != 0,
    };
    if (o->member.withheld && (!o->member.size_known || !o->member.regular))
        return lied(f, "the decoder withheld a member without a size");
    if (o->member.withheld && !count_bytes(f, o, size))
        return false;
    f->depth++;
    f->members++;
    f->nested_members += level > 1 ? 1 : 0;
    return event_said(f, f->events->begin(f->events->context, &o->member));
}

static bool take_data(fp_frames *f, unsigned level, fp_span bytes)
{
    if (level == 0 || level > f->depth || bytes.size == 0)
        return lied(f, "the decoder sent data of no open member");
    open_member *o = &f->open[level - 1];
    if (!o->member.regular || o->member.withheld)
        return lied(f, "the decoder sent data of a member that has none");
    if (o->member.size_known && bytes.size > o->member.size - o->got)
        return lied(f, "the decoder sent more than was declared");
    if (!count_bytes(f, o, bytes.size))
        return false;
    return event_said(f, f->events->data(f->events->context, &o->member, bytes));
}

static bool is_nested_fate(const fp_archive_member *member, uint8_t fate)
{
    if (!member->is_archive)
        return fate == FP_FATE_UNKNOWN;
    return fate == FP_FATE_ENDED || fate == FP_FATE_REFUSED || fate == FP_FATE_LIMIT;
}

static bool take_end(fp_frames *f, unsigned level, fp_reader *r)
{
    const uint8_t complete = fp_read_u8(r);
    const uint8_t nested = fp_read_u8(r);
    if (!fp_reader_ok(r) || complete > 1 || fp_reader_left(r) > FP_FRAME_MESSAGE_MAX)
        return lied(f, "the decoder sent a malformed end");
    open_member *o = deepest(f);
    if (o == NULL || level != f->depth)
        return lied(f, "the decoder ended a member that is not the deepest");
    if (complete == 1 && o->member.size_known && o->member.regular && o->got != o->member.size)
        return lied(f, "the decoder called a member complete that is not");
    /* An archive whose own end was not reached may say nothing of what is in it. */
    if (!is_nested_fate(&o->member, nested) && !(complete == 0 && nested == FP_FATE_UNKNOWN))
        return lied(f, "the decoder ended a member with an impossible fate");

    o->member.nested = (fp_decoder_fate)nested;
    o->member.nested_message = fp_str_from_span(fp_read_span(r, fp_reader_left(r)));
    f->depth--;
    f->damaged = f->depth == 0 && complete == 0;
    if (!event_said(f, f->events->end(f->events->context, &o->member, complete == 1)))
        return false;
    if (f->depth > 0 || complete == 0 || f->events->enough == NULL ||
        !f->events->enough(f->events->context))
        return true;
    return ended(f, FP_FATE_ENOUGH, "");
}

static bool take_over(fp_frames *f, unsigned level, fp_reader *r)
{
    const uint8_t fate = fp_read_u8(r);
    if (!fp_reader_ok(r) || level != 0 || fp_reader_left(r) > FP_FRAME_MESSAGE_MAX ||
        (fate != FP_FATE_ENDED && fate != FP_FATE_REFUSED && fate != FP_FATE_LIMIT))
        return lied(f, "the decoder sent a malformed last frame");
    if (fate == FP_FATE_ENDED && f->depth > 0)
        return lied(f, "the decoder said it was done inside a member");
    const fp_span message = fp_read_span(r, fp_reader_left(r));
    if (message.size > 0)
        memcpy(f->message, message.data, message.size);
    f->message[message.size] = '\0';
    f->over = true;
    f->over_fate = (fp_decoder_fate)fate;
    return true;
}

static bool take_frame(fp_frames *f, uint8_t type, unsigned level, fp_span payload)
{
    if (f->over)
        return lied(f, "the decoder went on after its last frame");
    fp_reader r = fp_reader_at(payload, 0);
    switch (type) {
    case FP_FRAME_BEGIN:
        return take_begin(f, level, &r);
    case FP_FRAME_DATA:
        return take_data(f, level, payload);
    case FP_FRAME_END:
        return take_end(f, level, &r);
    case FP_FRAME_OVER:
        return take_over(f, level, &r);
    default: /* not an enum yet: a byte from the child */
        return lied(f, "the decoder sent a frame of no known type");
    }
}

/* The next whole frame at `at`. *size is 0 when it is not all there yet; false for a lie. */
static bool next_frame(fp_frames *f, size_t at, size_t *size)
{
    *size = 0;
    const size_t left = f->used - at;
    if (left < FP_FRAME_HEADER)
        return true;
    const uint8_t *p = f->buffer + at;
    const uint32_t payload = fp_load_u32le(p);
    if (payload > FP_FRAME_DATA_MAX || fp_load_u16le(p + 6) != 0)
        return lied(f, "the decoder sent a malformed frame");
    if (left - FP_FRAME_HEADER >= payload)
        *size = FP_FRAME_HEADER + (size_t)payload;
    return true;
}

bool fp_frames_take(fp_frames *f, size_t size)
{
    f->used += size;
    size_t at = 0;
    for (;;) {
        size_t whole;
        if (!next_frame(f, at, &whole))
            return false;
        if (whole == 0)
            break;
        const uint8_t *p = f->buffer + at;
        const fp_span payload = fp_span_of(p + FP_FRAME_HEADER, whole - FP_FRAME_HEADER);
        if (!take_frame(f, p[4], p[5], payload))
            return false;
        f->frames++;
        at += whole;
    }
    f->used -= at;
    if (at > 0 && f->used > 0)
        memmove(f->buffer, f->buffer + at, f->used);
    return true;
}

/* The number tells apart who did it: the jail (SIGSYS), the kernel for want of memory (SIGKILL),
 * its own defect (SIGSEGV, SIGABRT). */
static void died(fp_frames *f, fp_jail_exit end)
{
    f->fate = FP_FATE_DIED;
    (void)snprintf(f->message, sizeof f->message,
                   end.signal != 0 ? "by signal %d" : "with exit status %d",
                   end.signal != 0 ? end.signal : end.code);
}

/* What all that was heard amounts to. Our own finding comes first, then the child's death, then its
 * word. */
static fp_decoder_fate judge(fp_frames *f, bool stalled, fp_jail_exit end)
{
    if (f->fate != FP_FATE_UNKNOWN)
        return f->fate;
    if (stalled) {
        (void)ended(f, FP_FATE_STALLED, "the decoder made no progress");
    } else if (end.signal == SIGXCPU) {
        (void)ended(f, FP_FATE_LIMIT, "the decoder used up its CPU time");
    } else if (end.signal != 0 || end.code != 0) {
        died(f, end);
    } else if (!f->over) {
        (void)lied(f, "the decoder ended without its last frame");
    } else if (f->used > 0) {
        (void)lied(f, "the decoder's last frame was followed by more");
    } else {
        f->fate = f->over_fate;
    }
    return f->fate;
}

/* What came out of the child is hostile text: made safe to show, and cut at a whole character. */
static void show(fp_str s, char *out, size_t out_size)
{
    enum { ROOM = 16 * (FP_ARCHIVE_NAME_MAX + 1) }; /* more than escaping can make of a name */
    out[0] = '\0';
    fp_arena *arena = fp_arena_new(ROOM);
    fp_str shown;
    if (arena != NULL && fp_text_display(s, arena, &shown) == FP_OK) {
        size_t size = shown.size < out_size - 1 ? shown.size : out_size - 1;
        while (size > 0 && size < shown.size && ((uint8_t)shown.data[size] & 0xC0) == 0x80)
            size--;
        if (size > 0)
            memcpy(out, shown.data, size);
        out[size] = '\0';
    }
    fp_arena_free(arena);
}

static void end_open_members(fp_frames *f)
{
    while (f->depth > 0 && f->event_status == FP_OK) {
        const open_member *o = deepest(f);
        f->depth--;
        f->event_status = f->events->end(f->events->context, &o->member, false);
    }
}

fp_status fp_frames_finish(fp_frames *f, bool stalled, fp_jail_exit end, fp_archive_result *result)
{
    if (f->event_status != FP_OK)
        return f->event_status; /* we stopped the child: how it ended says nothing */

    *result = (fp_archive_result){.fate = judge(f, stalled, end),
                                  .members = f->members,
                                  .bytes = f->total_bytes,
                                  .nested_members = f->nested_members,
                                  .nested_bytes = f->nested_bytes};
    if (result->fate == FP_FATE_DIED) {
        result->signal = end.signal;
        result->exit_code = end.code;
    }
    const open_member *o = f->depth == 0 && f->damaged ? &f->open[0] : deepest(f);
    if (o != NULL && result->fate != FP_FATE_ENDED)
        show(o->member.name, result->member, sizeof result->member);
    show(fp_str_of(f->message), result->message, sizeof result->message);
    end_open_members(f);
    return f->event_status;
}
