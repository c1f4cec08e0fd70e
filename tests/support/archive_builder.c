/* SPDX-License-Identifier: MIT */
#include "archive_builder.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MARGIN = 1 << 20, PER_FILE = 4096 };

static void must(bool condition, const char *what)
{
    if (!condition) {
        (void)fprintf(stderr, "test support: %s failed\n", what);
        abort();
    }
}

static void put_file(struct archive *a, const packed_file *file)
{
    struct archive_entry *entry = archive_entry_new();
    must(entry != NULL, "archive_entry_new");
    archive_entry_set_pathname(entry, file->name);
    archive_entry_set_size(entry, (la_int64_t)file->content.size);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 1213329906, 0); /* 2008-06-13T04:05:06Z */
    must(archive_write_header(a, entry) >= ARCHIVE_WARN, "archive_write_header");
    if (file->content.size > 0)
        must(archive_write_data(a, file->content.data, file->content.size) ==
                 (la_ssize_t)file->content.size,
             "archive_write_data");
    archive_entry_free(entry);
}

packed pack(const char *format, const char *filter, const packed_file *files, size_t count)
{
    size_t room = MARGIN;
    for (size_t i = 0; i < count; i++)
        room += files[i].content.size + PER_FILE;
    packed out = {.data = malloc(room)};
    struct archive *a = archive_write_new();
    must(out.data != NULL && a != NULL, "archive_write_new");
    must(archive_write_set_format_by_name(a, format) == ARCHIVE_OK, format);
    if (filter != NULL)
        must(archive_write_add_filter_by_name(a, filter) == ARCHIVE_OK, filter);
    must(archive_write_open_memory(a, out.data, room, &out.size) == ARCHIVE_OK, "open_memory");
    for (size_t i = 0; i < count; i++)
        put_file(a, &files[i]);
    must(archive_write_close(a) == ARCHIVE_OK, "archive_write_close");
    (void)archive_write_free(a);
    return out;
}

int descriptor_of(fp_span bytes)
{
    const int fd = memfd_create("fixture", MFD_CLOEXEC);
    must(fd >= 0, "memfd_create");
    for (size_t at = 0; at < bytes.size;) {
        const ssize_t n = write(fd, bytes.data + at, bytes.size - at);
        must(n > 0, "write");
        at += (size_t)n;
    }
    return fd;
}

/* ---- the recorder --------------------------------------------------------------------- */

record *record_new(void)
{
    record *r = calloc(1, sizeof *r);
    must(r != NULL, "calloc");
    r->stop_at_byte = UINT64_MAX;
    return r;
}

void record_free(record *r)
{
    for (size_t i = 0; i < r->count && i < RECORD_MAX; i++)
        free(r->members[i].content);
    free(r);
}

static recorded_member *open_one(record *r, const fp_archive_member *m)
{
    if (m->level == 0 || m->level > r->depth)
        return NULL;
    const size_t i = r->open[m->level];
    return i < RECORD_MAX ? &r->members[i] : NULL;
}

static fp_status on_begin(void *context, const fp_archive_member *m)
{
    record *r = context;
    r->disorder += m->level != r->depth + 1 || m->index != r->count ? 1 : 0;
    r->depth = m->level;
    r->open[m->level] = r->count;
    const size_t i = r->count++;
    if (i >= RECORD_MAX)
        return FP_OK;
    recorded_member *k = &r->members[i];
    k->level = m->level;
    k->index = m->index;
    k->regular = m->regular;
    k->is_archive = m->is_archive;
    k->withheld = m->withheld;
    k->size_known = m->size_known;
    k->size = m->size;
    k->modified = m->modified;
    (void)snprintf(k->name, sizeof k->name, "%.*s", FP_STR_ARG(m->name));
    return FP_OK;
}

static void keep(recorded_member *k, fp_span bytes)
{
    k->content_size += bytes.size;
    if (k->content_size > CONTENT_MAX)
        return;
    k->content = realloc(k->content, (size_t)k->content_size);
    must(k->content != NULL, "realloc");
    memcpy(k->content + k->content_size - bytes.size, bytes.data, bytes.size);
}

static fp_status on_data(void *context, const fp_archive_member *m, fp_span bytes)
{
    record *r = context;
    r->disorder += m->level == 0 || m->level > r->depth || bytes.size == 0 ? 1 : 0;
    r->bytes += bytes.size;
    recorded_member *k = open_one(r, m);
    if (k != NULL)
        keep(k, bytes);
    return r->bytes >= r->stop_at_byte ? r->stop_with : FP_OK;
}

static fp_status on_end(void *context, const fp_archive_member *m, bool complete)
{
    record *r = context;
    r->disorder += m->level != r->depth ? 1 : 0;
    recorded_member *k = open_one(r, m);
    r->depth = m->level - 1;
    if (k == NULL)
        return FP_OK;
    k->ended = true;
    k->complete = complete;
    k->nested = m->nested;
    (void)snprintf(k->nested_message, sizeof k->nested_message, "%.*s",
                   FP_STR_ARG(m->nested_message));
    return FP_OK;
}

fp_archive_events record_events(record *r)
{
    return (fp_archive_events){
        .context = r, .begin = on_begin, .data = on_data, .end = on_end, .descend = NULL};
}

const recorded_member *record_find(const record *r, const char *name)
{
    for (size_t i = 0; i < r->count && i < RECORD_MAX; i++) {
        if (strcmp(r->members[i].name, name) == 0)
            return &r->members[i];
    }
    return NULL;
}
