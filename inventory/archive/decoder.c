/* SPDX-License-Identifier: MIT */
#include "inventory/archive/decoder.h"

#include "inventory/archive/frame.h"
#include "inventory/archive/probe.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    INPUT_SIZE = 256 * 1024,
    SILENCE_MAX = 16 * 1024 * 1024 /* bytes that are decoded without a word to the parent */
};

static const uint8_t zeros[FP_FRAME_DATA_MAX]; /* what a hole of a sparse member holds */

/* Why an archive ended badly. Fatal: nothing further is read at any level. */
typedef struct failure {
    fp_decoder_fate fate; /* FP_FATE_UNKNOWN: no failure */
    bool fatal;
    char message[FP_FRAME_MESSAGE_MAX + 1];
} failure;

typedef struct decoder {
    const fp_decoder_job *job;
    fp_frame_writer *out;
    uint64_t members;
    uint64_t total_bytes;
    uint64_t silent_bytes; /* withheld since the last flush */
} decoder;

/* The archive that was opened, behind a descriptor whose offset is shared with the parent: pread
 * only. */
typedef struct input {
    int fd;
    int64_t offset;
    uint8_t buffer[INPUT_SIZE];
} input;

typedef enum member_state { MEMBER_MORE = 0, MEMBER_ENDED, MEMBER_FAILED } member_state;

/* A member while it is read: its bytes come in the order head, rest, hole, behind, then from
 * libarchive. */
typedef struct member {
    decoder *d;
    struct archive *archive;
    fp_archive_member told;
    uint64_t pulled; /* bytes taken from libarchive, holes included */
    uint64_t got;    /* bytes handed on */
    uint64_t hole;   /* zeros before `behind` */
    fp_span behind;
    fp_span rest; /* of the block that the head was cut from */
    size_t head_size;
    bool head_given;
    member_state state;
    failure *why;
    uint8_t head[FP_PROBE_SIZE];
} member;

static bool fail(failure *why, fp_decoder_fate fate, bool fatal, const char *message)
{
    why->fate = fate;
    why->fatal = fatal;
    (void)snprintf(why->message, sizeof why->message, "%s", message);
    return false;
}

/* libarchive's own words. Memory is a limit of ours, not the archive's fault. */
static bool fail_archive(failure *why, struct archive *a)
{
    const char *words = archive_error_string(a);
    if (archive_errno(a) == ENOMEM)
        return fail(why, FP_FATE_LIMIT, false, "the decoder's memory is used up");
    return fail(why, FP_FATE_REFUSED, false, words != NULL ? words : "the decoder gave no reason");
}

/* ---- the bytes of a member ------------------------------------------------------------ */

static bool pull_failed(member *m, bool already_told)
{
    if (!already_told)
        (void)fail_archive(m->why, m->archive);
    m->state = MEMBER_FAILED;
    return false;
}

/* Takes the next block from libarchive: sets hole and behind, or ends the member. */
static bool pull(member *m)
{
    const void *block = NULL;
    size_t size = 0;
    la_int64_t offset = 0;
    const int r = archive_read_data_block(m->archive, &block, &size, &offset);
    if (r != ARCHIVE_OK &&
        r != ARCHIVE_EOF) /* a warning is a failure too: it tells of a wrong CRC */
        return pull_failed(m, false);
    if (offset < 0 || (uint64_t)offset < m->pulled) {
        if (r == ARCHIVE_EOF) { /* some readers give no offset at the end */
            m->state = MEMBER_ENDED;
            return true;
        }
        (void)fail(m->why, FP_FATE_REFUSED, false, "a member's pieces overlap");
        return pull_failed(m, true);
    }
    m->hole = (uint64_t)offset - m->pulled;
    m->behind = fp_span_of(block, r == ARCHIVE_OK ? size : 0);
    m->pulled = (uint64_t)offset + m->behind.size;
    if (r == ARCHIVE_EOF)
        m->state = MEMBER_ENDED;
    return true;
}

static fp_span cut(fp_span *from, size_t size)
{
    const fp_span piece = fp_span_of(from->data, size < from->size ? size : from->size);
    *from = fp_span_of(from->data + piece.size, from->size - piece.size);
    return piece;
}

/* The next bytes as libarchive gives them; empty at the member's end or failure. */
static fp_span next_raw(member *m)
{
    /* Blocks of no bytes: the CPU limit bounds a reader that would give them for ever. */
    while (m->hole == 0 && m->behind.size == 0 && m->state == MEMBER_MORE) {
        if (!pull(m))
            return fp_span_of(NULL, 0);
    }
    if (m->hole > 0) {
        const size_t size = m->hole < sizeof zeros ? (size_t)m->hole : sizeof zeros;
        m->hole -= size;
        return fp_span_of(zeros, size);
    }
    const fp_span block = m->behind;
    m->behind = fp_span_of(NULL, 0);
    return block;
}

/* Enough of the first bytes to tell what the member is, before it is told of. */
static fp_span read_head(member *m)
{
    while (m->head_size < sizeof m->head && m->rest.size == 0) {
        m->rest = next_raw(m);
        if (m->rest.size == 0)
            break;
        const fp_span piece = cut(&m->rest, sizeof m->head - m->head_size);
        memcpy(m->head + m->head_size, piece.data, piece.size);
        m->head_size += piece.size;
    }
    return fp_span_of(m->head, m->head_size);
}

static fp_span next_of_member(member *m)
{
    if (!m->head_given && m->head_size > 0) {
        m->head_given = true;
        return fp_span_of(m->head, m->head_size);
    }
    if (m->rest.size > 0)
        return cut(&m->rest, m->rest.size);
    return next_raw(m);
}

static bool count_bytes(member *m, size_t size)
{
    const fp_archive_limits *limits = m->d->job->limits;
    if (size > limits->total_bytes - m->d->total_bytes)
        return fail(m->why, FP_FATE_LIMIT, true, "the members together are too large");
    if (size > limits->member_bytes - m->got)
        return fail(m->why, FP_FATE_LIMIT, false, "a member is too large");
    if (m->told.size_known && m->told.regular && size > m->told.size - m->got)
        return fail(m->why, FP_FATE_REFUSED, false, "a member is longer than declared");
    m->d->total_bytes += size;
    m->got += size;
    return true;
}

/* The next bytes, handed on to the parent before anyone else sees them. Empty at the end or a
 * failure. */
static fp_span next_told(member *m)
{
    const fp_span bytes = next_of_member(m);
    if (bytes.size == 0)
        return bytes;
    if (!count_bytes(m, bytes.size)) {
        m->state = MEMBER_FAILED;
        m->behind = m->rest = fp_span_of(NULL, 0);
        m->hole = 0;
        return fp_span_of(NULL, 0);
    }
    if (m->told.regular && !m->told.withheld)
        fp_frame_data(m->d->out, m->told.level, bytes);
    return bytes;
}

static bool finish_member(member *m)
{
    while (next_told(m).size > 0 && !m->d->out->failed)
        continue;
    if (m->state == MEMBER_FAILED)
        return false;
    if (m->told.regular && m->told.size_known && m->got != m->told.size)
        return fail(m->why, FP_FATE_REFUSED, false, "a member is shorter than declared");
    return true;
}

/* ---- readers -------------------------------------------------------------------------- */

static la_ssize_t read_input(struct archive *a, void *context, const void **block)
{
    input *in = context;
    ssize_t n;
    do {
        n = pread(in->fd, in->buffer, sizeof in->buffer, in->offset);
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
        archive_set_error(a, errno, "reading the archive failed: %s", strerror(errno));
        return -1;
    }
    in->offset += n;
    *block = in->buffer;
    return n;
}

static la_int64_t seek_input(struct archive *a, void *context, la_int64_t offset, int whence)
{
    input *in = context;
    int64_t from = 0;
    if (whence == SEEK_CUR)
        from = in->offset;
    else if (whence == SEEK_END)
        from = lseek(in->fd, 0, SEEK_END);
    int64_t to;
    if (from < 0 || __builtin_add_overflow(from, offset, &to) || to < 0) {
        archive_set_error(a, EINVAL, "the archive points outside itself");
        return ARCHIVE_FATAL;
    }
    in->offset = to;
    return to;
}

static la_ssize_t read_member(struct archive *a, void *context, const void **block)
{
    member *m = context;
    const fp_span bytes = next_told(m);
    if (bytes.size == 0 && m->state == MEMBER_FAILED) {
        archive_set_error(a, EIO, "the outer archive failed");
        return -1;
    }
    *block = bytes.data;
    return (la_ssize_t)bytes.size;
}

typedef int enable(struct archive *);

/* One format each, and no filter that would start a program (those answer ARCHIVE_WARN: refused).
 */
static const struct {
    fp_archive_kind kind;
    enable *filter; /* NULL: none */
    enable *format;
    enable *nested_format; /* without seeking; NULL: cannot */
} readers[] = {
    {FP_ARCHIVE_CAB, NULL, archive_read_support_format_cab, archive_read_support_format_cab},
    {FP_ARCHIVE_ZIP, NULL, archive_read_support_format_zip_seekable,
     archive_read_support_format_zip_streamable},
    {FP_ARCHIVE_7Z, NULL, archive_read_support_format_7zip, NULL},
    {FP_ARCHIVE_TAR, NULL, archive_read_support_format_tar, archive_read_support_format_tar},
    {FP_ARCHIVE_GZIP, archive_read_support_filter_gzip, archive_read_support_format_tar,
     archive_read_support_format_tar},
    {FP_ARCHIVE_BZIP2, archive_read_support_filter_bzip2, archive_read_support_format_tar,
     archive_read_support_format_tar},
    {FP_ARCHIVE_XZ, archive_read_support_filter_xz, archive_read_support_format_tar,
     archive_read_support_format_tar},
    {FP_ARCHIVE_ZSTD, archive_read_support_filter_zstd, archive_read_support_format_tar,
     archive_read_support_format_tar},
    {FP_ARCHIVE_LZ4, archive_read_support_filter_lz4, archive_read_support_format_tar,
     archive_read_support_format_tar},
    {FP_ARCHIVE_COMPRESS, archive_read_support_filter_compress, archive_read_support_format_tar,
     archive_read_support_format_tar},
};

static bool enable_kind(struct archive *a, fp_archive_kind kind, bool nested, failure *why)
{
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        if (readers[i].kind != kind)
            continue;
        enable *format = nested ? readers[i].nested_format : readers[i].format;
        if (format == NULL)
            return fail(why, FP_FATE_REFUSED, false,
                        "a 7z archive inside another archive is not read");
        if ((readers[i].filter != NULL && readers[i].filter(a) != ARCHIVE_OK) ||
            format(a) != ARCHIVE_OK)
            return fail(why, FP_FATE_REFUSED, false,
                        "this build of libarchive does not read this kind of archive");
        return true;
    }
    return fail(why, FP_FATE_REFUSED, false, "not an archive of a kind that is read");
}

/* ---- archives and their members ------------------------------------------------------- */

static bool decode(decoder *d, struct archive *a, unsigned level, failure *why);

static void decode_nested(member *outer, fp_archive_kind kind, failure *why)
{
    decoder *d = outer->d;
    const unsigned level = outer->told.level + 1;
    if (outer->told.level >= d->job->limits->nesting ||
        outer->told.level >= FP_ARCHIVE_NESTING_MAX) {
        (void)fail(why, FP_FATE_LIMIT, false, "archives are nested too deep");
        return;
    }
    struct archive *a = archive_read_new();
    if (a == NULL) {
        (void)fail(why, FP_FATE_LIMIT, false, "the decoder's memory is used up");
        return;
    }
    if (enable_kind(a, kind, true, why)) {
        if (archive_read_open(a, outer, NULL, read_member, NULL) != ARCHIVE_OK)
            (void)fail_archive(why, a);
        else
            (void)decode(d, a, level, why);
    }
    (void)archive_read_free(a);
}

/* Names are data: '..', drive letters and control characters too. libarchive has none for a name
 * whose bytes contradict its encoding: the member is then told of without a name, or one such name
 * in an archive would hide all the rest of it. */
static const char *name_of(struct archive_entry *entry)
{
    const char *name = archive_entry_pathname(entry);
    if (name == NULL)
        name = archive_entry_pathname_utf8(entry);
    return name != NULL ? name : "";
}

static bool describe(struct archive_entry *entry, member *m)
{
    const char *name = name_of(entry);
    const size_t size = strnlen(name, FP_ARCHIVE_NAME_MAX + 1);
    if (size > FP_ARCHIVE_NAME_MAX)
        return fail(m->why, FP_FATE_LIMIT, false, "a member's name is too long");

    const la_int64_t declared = archive_entry_size(entry);
    m->told.name = (fp_str){name, size};
    m->told.regular =
        archive_entry_filetype(entry) == AE_IFREG && archive_entry_hardlink(entry) == NULL;
    m->told.size_known = archive_entry_size_is_set(entry) != 0 && declared >= 0;
    m->told.size = m->told.size_known ? (uint64_t)declared : 0;
    m->told.modified = FP_TIME_NONE;
    if (archive_entry_mtime_is_set(entry)) {
        int64_t ms;
        if (!__builtin_mul_overflow((int64_t)archive_entry_mtime(entry), 1000, &ms))
            m->told.modified = ms;
    }
    return true;
}

static bool wanted(const member *m, fp_archive_kind kind)
{
    const fp_decoder_job *job = m->d->job;
    return kind != FP_ARCHIVE_NONE && m->told.regular && job->limits->nesting > 1 &&
           (job->descend == NULL || job->descend(job->context, m->told.name.data, m->told.level));
}

/* Only its size stands for its bytes then: without one they are told. */
static bool withholds(const member *m)
{
    const fp_decoder_job *job = m->d->job;
    return job->wants != NULL && m->told.regular && m->told.size_known &&
           m->told.size <= SILENCE_MAX &&
           !job->wants(job->context, m->told.name.data, m->told.level);
}

/* The parent may have enough with the member before, or wait for a sign of life: frames are not to
 * wait for data that do not come. */
static void break_silence(decoder *d, const member *m)
{
    if (!m->told.withheld)
        return;
    d->silent_bytes += m->told.size;
    if (m->told.level > 1 && d->silent_bytes <= SILENCE_MAX)
        return;
    fp_frame_flush(d->out);
    d->silent_bytes = 0;
}

static bool decode_member(decoder *d, struct archive *a, struct archive_entry *entry,
                          unsigned level, failure *why)
{
    if (d->members == d->job->limits->members)
        return fail(why, FP_FATE_LIMIT, true, "too many members");
    d->members++;

    member m = {.d = d, .archive = a, .told.level = level, .why = why};
    if (!describe(entry, &m))
        return false;
    const fp_archive_kind kind = fp_archive_kind_of(read_head(&m));
    m.told.is_archive = wanted(&m, kind);
    m.told.withheld = withholds(&m);
    fp_frame_begin(d->out, &m.told);
    break_silence(d, &m);

    failure nested = {0};
    if (m.told.is_archive)
        decode_nested(&m, kind, &nested);
    if (nested.fatal) {
        *why = nested;
        return false;
    }
    const bool complete = finish_member(&m);
    if (why->fatal)
        return false;
    if (m.told.is_archive && nested.fate == FP_FATE_UNKNOWN)
        nested.fate = FP_FATE_ENDED;
    fp_frame_end(d->out, level, complete, nested.fate, nested.message);
    return complete;
}

/* A tar cut off between two members looks whole to libarchive: but only an end marker is consumed
 * after the last member. */
static bool has_end_marker(struct archive *a)
{
    const bool tar = (archive_format(a) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
    return !tar || archive_filter_bytes(a, 0) > archive_read_header_position(a);
}

/* Every member of one archive, to its end. False with the reason in `why`. */
static bool decode(decoder *d, struct archive *a, unsigned level, failure *why)
{
    while (!d->out->failed) { /* bounded by limits->members */
        struct archive_entry *entry = NULL;
        const int r = archive_read_next_header(a, &entry);
        if (r == ARCHIVE_EOF && !has_end_marker(a))
            return fail(why, FP_FATE_REFUSED, false,
                        "the tar ends without its end marker: it may have been cut off");
        if (r == ARCHIVE_EOF)
            return true;
        /* A warning here is about a name's characters or a field we do not use; a member's content
         * is checked when it is read. */
        if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
            return fail_archive(why, a);
        if (!decode_member(d, a, entry, level, why))
            return false;
    }
    return fail(why, FP_FATE_LIMIT, true, "the parent is gone");
}

static bool decode_input(decoder *d, input *in, struct archive *a, failure *why)
{
    uint8_t head[FP_PROBE_SIZE];
    const ssize_t n = pread(in->fd, head, sizeof head, 0);
    if (n < 0)
        return fail(why, FP_FATE_REFUSED, true, "the archive cannot be read");
    const fp_archive_kind kind = fp_archive_kind_of(fp_span_of(head, (size_t)n));
    if (!enable_kind(a, kind, false, why))
        return false;
    if (archive_read_set_read_callback(a, read_input) != ARCHIVE_OK ||
        archive_read_set_seek_callback(a, seek_input) != ARCHIVE_OK ||
        archive_read_set_callback_data(a, in) != ARCHIVE_OK || archive_read_open1(a) != ARCHIVE_OK)
        return fail_archive(why, a);
    return decode(d, a, 1, why);
}

int fp_decoder_run(void *context, int in, int out)
{
    decoder d = {.job = context, .out = malloc(sizeof *d.out)};
    input *source = malloc(sizeof *source);
    struct archive *a = archive_read_new();
    int code = 1;
    if (d.out == NULL || source == NULL || a == NULL)
        goto out;

    d.out->fd = out;
    d.out->failed = false;
    d.out->used = 0;
    source->fd = in;
    source->offset = 0;
    failure why = {0};
    const fp_decoder_fate fate = decode_input(&d, source, a, &why) ? FP_FATE_ENDED : why.fate;
    fp_frame_over(d.out, fate, why.message);
    code = d.out->failed ? 1 : 0;
out:
    (void)archive_read_free(a); /* NULL is fine */
    free(source);
    free(d.out);
    return code;
}
