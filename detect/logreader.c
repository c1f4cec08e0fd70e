/* SPDX-License-Identifier: MIT */
/*
 * Bytes to records. Text gathers in a window; its finished lines become records where they stand,
 * the unfinished rest moves to the window's front. A client record stays in the window until its
 * end comes.
 */
#include "detect/line.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHUNK = 128 * 1024,       /* bytes decoded at once: window and chunk stay in the cache */
    MARKDOWN_ESCAPES_MIN = 3, /* one "\_" alone may be a path */
    CODE_PAGE_NAME_MAX = 64
};

struct fp_log_reader {
    fp_log_record_fn *record;
    fp_log_block_fn *block;
    void *context;
    char code_page[CODE_PAGE_NAME_MAX];
    fp_status status; /* the first failure */

    uint8_t *head; /* until encoding and Markdown are told from it */
    size_t head_size;
    fp_text_decoder *decoder;
    bool markdown;

    char *window;
    size_t size;
    size_t capacity;
    size_t resume; /* the first line that was not looked at yet begins here */
    size_t known;  /* no line ends between `resume` and here */
    bool skipping; /* dropping the rest of a line that was too long */

    bool open; /* a client record began and has not ended */
    size_t open_at;
    uint64_t open_line;

    char *scratch; /* a plain message made readable */
    size_t scratch_capacity;
    fp_line_cache lines;
    fp_time last_local;
    fp_log_counts counts;
};

fp_log_reader *fp_log_reader_new(const char *code_page, fp_log_record_fn *record, void *context)
{
    fp_log_reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        return NULL;
    r->record = record;
    r->context = context;
    r->last_local = FP_TIME_NONE;
    r->counts = (fp_log_counts){.first = FP_TIME_NONE,
                                .last = FP_TIME_NONE,
                                .earliest = FP_TIME_NONE,
                                .latest = FP_TIME_NONE};
    if (code_page != NULL && strlen(code_page) < sizeof r->code_page)
        memcpy(r->code_page, code_page, strlen(code_page) + 1);
    r->head = malloc(FP_LOG_HEAD);
    if (r->head == NULL) {
        free(r);
        return NULL;
    }
    return r;
}

void fp_log_reader_on_block(fp_log_reader *r, fp_log_block_fn *block)
{
    r->block = block;
}

void fp_log_reader_free(fp_log_reader *r)
{
    if (r == NULL)
        return;
    fp_text_decoder_free(r->decoder);
    free(r->head);
    free(r->window);
    free(r->scratch);
    free(r);
}

/* ---- a record leaves ---- */

static fp_time later(fp_time a, fp_time b)
{
    return a > b ? a : b; /* FP_TIME_NONE is less than any time */
}

static void count_time(fp_log_reader *r, const fp_log_record *record)
{
    fp_log_counts *c = &r->counts;
    if (record->time != FP_TIME_NONE) {
        c->backwards += c->last != FP_TIME_NONE && record->time < c->last - FP_LOG_BACKWARDS_MS;
        if (c->first == FP_TIME_NONE)
            c->first = c->earliest = record->time;
        if (record->time < c->earliest)
            c->earliest = record->time;
        c->latest = later(c->latest, record->time);
        c->last = record->time;
    } else if (record->local != FP_TIME_NONE) {
        c->backwards +=
            r->last_local != FP_TIME_NONE && record->local < r->last_local - FP_LOG_BACKWARDS_MS;
        r->last_local = record->local;
    }
}

static void count_framing(fp_log_counts *c, fp_log_framing framing)
{
    switch (framing) {
    case FP_LOG_PLAIN:
        c->plain++;
        break;
    case FP_LOG_SITE:
        c->site++;
        break;
    case FP_LOG_CLIENT:
        c->client++;
        break;
    case FP_LOG_ROTATED:
        c->rotated++;
        break;
    case FP_LOG_OLD:
        c->old++;
        break;
    }
}

/* A STATMSG carries its own UTC time: a stamp that says otherwise is a finding about the log. */
static void check_gmt(fp_log_reader *r, const fp_log_record *record, fp_time gmt)
{
    if (record->time == FP_TIME_NONE || gmt == FP_TIME_NONE)
        return;
    const fp_time apart = record->time > gmt ? record->time - gmt : gmt - record->time;
    r->counts.mismatch += apart > FP_LOG_GMT_SLACK_MS;
}

static fp_status deliver(fp_log_reader *r, fp_log_record *record, uint64_t line, bool cut)
{
    record->line = line;
    record->lines = r->counts.lines - line + 1;
    record->cut = cut;
    record->nul = r->counts.nul > 0 && record->raw.size > 0 &&
                  memchr(record->raw.data, '\0', record->raw.size) != NULL;

    fp_statmsg statmsg;
    if (fp_statmsg_parse(record->message, &statmsg)) {
        record->statmsg = &statmsg;
        check_gmt(r, record, statmsg.gmt);
    }
    r->counts.records++;
    r->counts.cut_lines += cut;
    r->counts.bad_stamps += record->stamp_bad;
    r->counts.rotated_last = record->framing == FP_LOG_ROTATED;
    count_framing(&r->counts, record->framing);
    count_time(r, record);
    return r->record(r->context, record);
}

/* ---- plain text made readable ---- */

static bool scratch_reserve(fp_log_reader *r, size_t size)
{
    if (size <= r->scratch_capacity)
        return true;
    char *grown = realloc(r->scratch, size);
    if (grown == NULL)
        return false;
    r->scratch = grown;
    r->scratch_capacity = size;
    return true;
}

static bool is_curly_quote(fp_str s)
{
    return fp_str_starts(s, FP_STR("\xE2\x80\x9C")) || fp_str_starts(s, FP_STR("\xE2\x80\x9D"));
}

static bool is_escape(const fp_log_reader *r, fp_str s)
{
    return r->markdown && s.size >= 2 && s.data[0] == '\\' &&
           (s.data[1] == '_' || s.data[1] == '\\');
}

/* Straight quotes, and without Markdown's backslashes; most lines have neither and stay where they
 * are. */
static fp_status make_readable(fp_log_reader *r, fp_str *s)
{
    const bool quotes = s->size > 0 && memchr(s->data, '\xE2', s->size) != NULL;
    const bool escapes = r->markdown && s->size > 0 && memchr(s->data, '\\', s->size) != NULL;
    if (!quotes && !escapes)
        return FP_OK;
    if (!scratch_reserve(r, s->size))
        return FP_NOMEM;

    size_t size = 0;
    fp_str rest = *s;
    while (rest.size > 0) {
        size_t used = 1;
        char c = rest.data[0];
        if (is_curly_quote(rest)) {
            c = '"';
            used = 3;
        } else if (is_escape(r, rest)) {
            c = rest.data[1];
            used = 2;
        }
        r->scratch[size++] = c;
        rest = fp_str_tail(rest, used);
    }
    *s = (fp_str){r->scratch, size};
    return FP_OK;
}

/* ---- lines to records ---- */

static fp_status emit_plain(fp_log_reader *r, fp_log_record *record, bool cut)
{
    const fp_status status = make_readable(r, &record->message);
    return status == FP_OK ? deliver(r, record, r->counts.lines, cut) : status;
}

/* What of `text` is left when blanks and line ends behind it are gone. */
static fp_str trim_lines(fp_str s)
{
    while (s.size > 0 && memchr(" \t\r\n", s.data[s.size - 1], 4) != NULL)
        s.size--;
    return s;
}

/* A client record whose end did not come: what is there of it, without a time. */
static fp_status emit_unended(fp_log_reader *r, size_t end)
{
    const fp_str text = {r->window + r->open_at, end - r->open_at};
    fp_log_record record = {.framing = FP_LOG_CLIENT,
                            .time = FP_TIME_NONE,
                            .local = FP_TIME_NONE,
                            .stamp_bad = true,
                            .message = trim_lines(fp_str_tail(text, sizeof FP_CLIENT_OPEN - 1)),
                            .raw = text};
    r->open = false;
    return deliver(r, &record, r->open_line, true);
}

static fp_str without_mark(fp_str s)
{
    return fp_str_starts(s, FP_STR("\xEF\xBB\xBF")) ? fp_str_tail(s, 3) : s;
}

/* A line that does not begin as a client record: a site record, or plain text, behind which (after
 * an interrupted write) a client record may begin: *rest. */
static fp_status take_other(fp_log_reader *r, fp_str line, bool cut, fp_str *rest)
{
    *rest = (fp_str){NULL, 0};
    fp_log_record record;
    fp_line_parse(line, &r->lines, &record);
    if (record.framing != FP_LOG_PLAIN)
        return deliver(r, &record, r->counts.lines, cut);

    const ptrdiff_t start = fp_str_find(line, FP_STR(FP_CLIENT_OPEN));
    if (start > 0) {
        *rest = fp_str_tail(line, (size_t)start);
        fp_line_parse((fp_str){line.data, (size_t)start}, &r->lines, &record);
    }
    if (fp_str_trim(record.raw).size == 0)
        return FP_OK; /* a blank line is no record */
    return emit_plain(r, &record, cut && start <= 0);
}

/* A line that begins as a client record. */
static fp_status take_client(fp_log_reader *r, fp_str line, bool cut, fp_str *rest)
{
    *rest = (fp_str){NULL, 0};
    fp_log_record record;
    const ptrdiff_t end = fp_str_find(line, FP_STR(FP_CLIENT_CLOSE));
    if (end >= 0) {
        const size_t used = fp_line_parse_client(line, (size_t)end, &record);
        *rest = fp_str_tail(line, used);
        return deliver(r, &record, r->counts.lines, cut && used == line.size);
    }
    fp_line_parse(line, &r->lines, &record);
    if (record.framing ==
        FP_LOG_SITE) /* its message quotes an opening: it must not swallow what follows */
        return deliver(r, &record, r->counts.lines, cut);

    r->open = true;
    r->open_at = (size_t)(line.data - r->window);
    r->open_line = r->counts.lines;
    return cut ? emit_unended(r, r->open_at + line.size) : FP_OK;
}

/* Everything that begins on this line: every turn takes at least the opening of a client record. */
static fp_status take_units(fp_log_reader *r, fp_str line, bool cut)
{
    fp_status status = FP_OK;
    while (status == FP_OK && line.size > 0) {
        fp_str rest;
        status = fp_str_starts(line, FP_STR(FP_CLIENT_OPEN)) ? take_client(r, line, cut, &rest)
                                                             : take_other(r, line, cut, &rest);
        line = rest;
    }
    return status;
}

/* One more line of an open client record. Not *taken: the record was given up and the line stands
 * for itself. */
static fp_status continue_client(fp_log_reader *r, fp_str line, bool cut, bool *taken)
{
    const size_t line_at = (size_t)(line.data - r->window);
    const bool over = line_at + line.size - r->open_at > FP_LOG_LINE_MAX ||
                      r->counts.lines - r->open_line >= FP_LOG_RECORD_LINES_MAX;
    /* A second opening at the front of a line: the first record was never finished. */
    const bool next = fp_str_starts(line, FP_STR(FP_CLIENT_OPEN));
    *taken = !over && !next;
    if (!*taken) {
        r->counts.lines--; /* this line is not of that record */
        const fp_status status = emit_unended(r, line_at);
        r->counts.lines++;
        return status;
    }
    const ptrdiff_t end = fp_str_find(line, FP_STR(FP_CLIENT_CLOSE));
    if (end < 0)
        return cut ? emit_unended(r, line_at + line.size) : FP_OK;

    const fp_str text = {r->window + r->open_at, line_at + line.size - r->open_at};
    fp_log_record record;
    const size_t used = fp_line_parse_client(text, line_at - r->open_at + (size_t)end, &record);
    r->open = false;
    const fp_status status = deliver(r, &record, r->open_line, cut && used == text.size);
    return status == FP_OK ? take_units(r, fp_str_tail(text, used), cut) : status;
}

static fp_status take_line(fp_log_reader *r, fp_str line, bool cut)
{
    r->counts.lines++;
    line = without_mark(line);
    if (r->open) {
        bool taken;
        const fp_status status = continue_client(r, line, cut, &taken);
        if (status != FP_OK || taken)
            return status;
    }
    return take_units(r, line, cut);
}

/* ---- the window to lines ---- */

/* Lines of the window from `at` on; `feed` is where the next LF is, so that a text of lone CRs is
 * not searched for it again and again. */
typedef struct line_ends {
    const char *data;
    size_t size;
    size_t at;
    size_t known; /* no line end in [at, known) */
    size_t feed;  /* position of the first LF at or after `known`; size when there is none */
    bool fed;
} line_ends;

/* Finds the end of the line at `at`: its text is [at, *end), the next begins at *next. False: not
 * here yet. */
static bool find_end(line_ends *l, bool final, size_t *end, size_t *next)
{
    if (!l->fed || l->feed < l->known) {
        const char *lf =
            l->known < l->size ? memchr(l->data + l->known, '\n', l->size - l->known) : NULL;
        l->feed = lf == NULL ? l->size : (size_t)(lf - l->data);
        l->fed = true;
    }
    const char *cr =
        l->known < l->feed ? memchr(l->data + l->known, '\r', l->feed - l->known) : NULL;
    if (cr != NULL) {
        *end = (size_t)(cr - l->data);
        if (*end + 1 < l->size || final) { /* else an LF may follow */
            *next = *end + 1 + (*end + 1 == l->feed && l->feed < l->size);
            return true;
        }
        l->known = *end;
        return false;
    }
    *end = l->feed;
    *next = l->feed + 1;
    if (l->feed < l->size)
        return true;
    l->known = l->size;
    *next = l->size;
    return final && l->at < l->size;
}

/* No character is cut in two. */
static size_t whole_characters(const char *data, size_t size)
{
    size_t n = size;
    while (n > 0 && size - n < 3 && ((unsigned char)data[n] & 0xC0) == 0x80)
        n--;
    return n;
}

static fp_status take_found(fp_log_reader *r, size_t at, size_t end)
{
    if (r->skipping) { /* the rest of a line whose first part was taken */
        r->skipping = false;
        return FP_OK;
    }
    const size_t size = end - at;
    if (size <= FP_LOG_LINE_MAX)
        return take_line(r, (fp_str){r->window + at, size}, false);
    return take_line(r, (fp_str){r->window + at, whole_characters(r->window + at, FP_LOG_LINE_MAX)},
                     true);
}

/* Drops what no record needs any more. A line over the limit is taken without its rest, which is
 * dropped as it comes. */
static fp_status settle(fp_log_reader *r, size_t at, size_t known)
{
    fp_status status = FP_OK;
    if (!r->skipping && r->size - at > FP_LOG_LINE_MAX + 1) {
        status = take_found(r, at, r->size);
        r->skipping = true;
    }
    if (r->skipping)
        at = known; /* at most a CR that may be followed by LF is kept */
    const size_t keep = r->open ? r->open_at : at;
    if (keep > 0)
        memmove(r->window, r->window + keep, r->size - keep);
    r->size -= keep;
    r->open_at -= r->open ? keep : 0;
    r->resume = at - keep;
    r->known = (known > at ? known : at) - keep;
    return status;
}

static fp_status take_window(fp_log_reader *r, bool final)
{
    line_ends l = {.data = r->window, .size = r->size, .at = r->resume, .known = r->known};
    if (r->block != NULL)
        r->block(r->context, (fp_str){r->window, r->size});
    size_t end, next;
    while (find_end(&l, final, &end, &next)) {
        const fp_status status = take_found(r, l.at, end);
        if (status != FP_OK)
            return status;
        l.at = l.known = next;
    }
    if (final)
        return r->open ? emit_unended(r, r->size) : FP_OK;
    return settle(r, l.at, l.known);
}

static bool window_reserve(fp_log_reader *r, size_t more)
{
    size_t needed;
    if (!fp_size_add(r->size, more, &needed))
        return false;
    if (needed <= r->capacity)
        return true;
    const size_t capacity = needed < 2 * CHUNK ? 2 * CHUNK : needed + needed / 2;
    char *grown = realloc(r->window, capacity);
    if (grown == NULL)
        return false;
    r->window = grown;
    r->capacity = capacity;
    return true;
}

/* ---- bytes to the window ---- */

/* Markdown: several escaped underscores, and no framed record whose text could hold them. */
static bool looks_like_markdown(fp_str text)
{
    size_t escapes = 0;
    fp_str rest = text;
    ptrdiff_t at;
    while (escapes < MARKDOWN_ESCAPES_MIN && (at = fp_str_find(rest, FP_STR("\\_"))) >= 0) {
        escapes++;
        rest = fp_str_tail(rest, (size_t)at + 2);
    }
    if (escapes < MARKDOWN_ESCAPES_MIN || fp_str_find(text, FP_STR(FP_CLIENT_CLOSE)) >= 0)
        return false;
    fp_str line;
    while (fp_str_split(&text, '\n', &line)) {
        if (fp_line_is_site(line))
            return false;
    }
    return true;
}

static fp_status take_text(fp_log_reader *r, fp_str text, bool is_head)
{
    if (is_head)
        r->markdown = looks_like_markdown(text);
    while (text.size > 0) {
        const size_t size = text.size < CHUNK ? text.size : CHUNK;
        if (!window_reserve(r, size))
            return FP_NOMEM;
        memcpy(r->window + r->size, text.data, size);
        r->size += size;
        text = fp_str_tail(text, size);
        const fp_status status = take_window(r, false);
        if (status != FP_OK)
            return status;
    }
    return FP_OK;
}

static fp_status take_bytes(fp_log_reader *r, fp_span bytes, bool is_head)
{
    while (bytes.size > 0) {
        const size_t size = bytes.size < CHUNK ? bytes.size : CHUNK;
        fp_str text;
        fp_status status = fp_text_decode_piece(r->decoder, fp_span_of(bytes.data, size), &text);
        if (status != FP_OK)
            return status;
        const fp_text_counts counts = fp_text_decoder_counts(r->decoder);
        r->counts.undecodable = counts.bad;
        r->counts.nul = counts.nul;
        status = take_text(r, text, is_head);
        if (status != FP_OK)
            return status;
        bytes = fp_span_of(bytes.data + size, bytes.size - size);
    }
    return FP_OK;
}

/* The head is full, or the item is shorter than it. */
static fp_status start(fp_log_reader *r)
{
    const fp_span head = fp_span_of(r->head, r->head_size);
    fp_text_format format = fp_text_sniff(head);
    if (format.encoding == FP_ENCODING_UNKNOWN && r->code_page[0] != '\0') {
        format.encoding = FP_ENCODING_CODE_PAGE;
        format.code_page = r->code_page;
    }
    const fp_status status = fp_text_decoder_new(format, &r->decoder, NULL);
    return status == FP_OK ? take_bytes(r, head, true) : status;
}

static fp_status feed(fp_log_reader *r, fp_span bytes)
{
    if (r->decoder == NULL) {
        const size_t room = FP_LOG_HEAD - r->head_size;
        const size_t size = bytes.size < room ? bytes.size : room;
        if (size > 0)
            memcpy(r->head + r->head_size, bytes.data, size);
        r->head_size += size;
        if (r->head_size < FP_LOG_HEAD)
            return FP_OK;
        const fp_status status = start(r);
        if (status != FP_OK)
            return status;
        bytes = fp_span_of(bytes.data + size, bytes.size - size);
    }
    return take_bytes(r, bytes, false);
}

fp_status fp_log_feed(fp_log_reader *r, fp_span bytes)
{
    if (r->status == FP_OK && bytes.size > 0)
        r->status = feed(r, bytes);
    return r->status;
}

static fp_status finish(fp_log_reader *r)
{
    fp_status status = r->decoder == NULL ? start(r) : FP_OK;
    if (status != FP_OK)
        return status;
    fp_str tail;
    status = fp_text_decode_end(r->decoder, &tail);
    if (status != FP_OK)
        return status;
    r->counts.undecodable = fp_text_decoder_counts(r->decoder).bad;
    status = take_text(r, tail, false);
    return status == FP_OK ? take_window(r, true) : status;
}

fp_status fp_log_end(fp_log_reader *r, fp_log_counts *counts)
{
    if (r->status == FP_OK)
        r->status = finish(r);
    if (r->status == FP_OK)
        *counts = r->counts;
    return r->status;
}
