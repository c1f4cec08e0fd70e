/* SPDX-License-Identifier: MIT */
/*
 * The same bytes give the same records wherever they were cut; records lie in their block, in
 * order, and their text is valid UTF-8.
 */
#include "detect/logline.h"

#include "tests/support/fuzz.h"

#include <string.h>

enum { INPUT_MAX = 1 << 13 };

typedef struct watcher {
    uint64_t hash, records, last_line;
    fp_str block;
    size_t at;
} watcher;

static void mix(watcher *w, const void *bytes, size_t size)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < size; i++)
        w->hash = (w->hash ^ p[i]) * UINT64_C(0x100000001B3);
}

static void mix_text(watcher *w, fp_str s)
{
    mix(w, &s.size, sizeof s.size);
    if (s.size > INPUT_MAX)
        return; /* the line that fills the head */
    mix(w, s.data, s.size);
    fp_str part;
    while (fp_str_split(&s, '\0', &part))
        require(part.size == 0 || fp_text_is_utf8(part));
}

static void on_block(void *context, fp_str block)
{
    watcher *w = context;
    w->block = block;
    w->at = 0;
}

static fp_status on_record(void *context, const fp_log_record *r)
{
    watcher *w = context;
    require(r->raw.data >= w->block.data + w->at);
    w->at = (size_t)(r->raw.data - w->block.data) + r->raw.size;
    require(w->at <= w->block.size && r->raw.size > 0);
    require(r->line >= w->last_line && r->lines >= 1);
    require(r->time == FP_TIME_NONE || r->local != FP_TIME_NONE);
    require(r->framing != FP_LOG_PLAIN || r->time == FP_TIME_NONE);
    require(r->message.size <= r->raw.size);
    w->last_line = r->line;
    w->records++;
    mix_text(w, r->message);
    mix_text(w, r->component);
    mix(w, &r->framing, sizeof r->framing);
    mix(w, &r->time, sizeof r->time);
    mix(w, &r->local, sizeof r->local);
    mix(w, &r->thread, sizeof r->thread);
    mix(w, &r->line, sizeof r->line);
    mix(w, &r->lines, sizeof r->lines);
    const bool flags[] = {r->cut, r->nul, r->stamp_bad, r->statmsg != NULL};
    mix(w, flags, sizeof flags);
    return FP_OK;
}

/* A head filled by one line lets the pieces behind it be as small as `step`. */
static watcher read_all(fp_span bytes, size_t step, bool behind_head, fp_log_counts *counts)
{
    static char head[FP_LOG_HEAD];
    watcher w = {.hash = UINT64_C(0xCBF29CE484222325)};
    fp_log_reader *r = fp_log_reader_new("CP1252", on_record, &w);
    require(r != NULL);
    fp_log_reader_on_block(r, on_block);
    if (behind_head) {
        memset(head, 'x', sizeof head);
        head[sizeof head - 1] = '\n';
        require(fp_log_feed(r, fp_span_of(head, sizeof head)) == FP_OK);
    }
    for (size_t at = 0; at < bytes.size; at += step) {
        const size_t left = bytes.size - at;
        require(fp_log_feed(r, fp_span_of(bytes.data + at, left < step ? left : step)) == FP_OK);
    }
    require(fp_log_end(r, counts) == FP_OK);
    fp_log_reader_free(r);
    require(counts->records == w.records);
    require(counts->site + counts->client + counts->plain + counts->rotated + counts->old ==
            w.records);
    require((counts->first == FP_TIME_NONE) == (counts->latest == FP_TIME_NONE));
    require(counts->earliest <= counts->latest);
    return w;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > INPUT_MAX)
        return 0;
    const size_t step = 1 + data[0] % 16;
    const bool behind_head = (data[0] & 0x80) != 0;
    const fp_span bytes = fp_span_of(data + 1, size - 1);

    fp_log_counts whole, pieces;
    const watcher a = read_all(bytes, bytes.size + 1, behind_head, &whole);
    const watcher b = read_all(bytes, step, behind_head, &pieces);
    require(a.hash == b.hash && a.records == b.records);
    require(whole.lines == pieces.lines && whole.undecodable == pieces.undecodable &&
            whole.nul == pieces.nul && whole.backwards == pieces.backwards);

    fp_log_record record;
    fp_log_parse_line(fp_str_from_span(bytes), &record);
    fp_statmsg statmsg;
    require(!fp_statmsg_parse(fp_str_from_span(bytes), &statmsg) ||
            statmsg.system.size < bytes.size);
    return 0;
}
