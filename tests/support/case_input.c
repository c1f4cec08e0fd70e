/* SPDX-License-Identifier: MIT */
#include "tests/support/case_input.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ARCHIVE_BYTES_MAX = 4 * 1024 * 1024 };

typedef struct piece { /* one item of evidence, made */
    char name[CASE_NAME_MAX];
    char *bytes;
    size_t size;
} piece;

typedef struct maker { /* what every step needs */
    const char *folder;
    bool skipped;
} maker;

bool case_ends_with(const char *text, const char *tail)
{
    const size_t a = strlen(text);
    const size_t b = strlen(tail);
    return a >= b && strcmp(text + a - b, tail) == 0;
}

static bool complain(const char *what, fp_str about)
{
    fprintf(stderr, "case: %s: %.*s\n", what, FP_STR_ARG(about));
    return false;
}

/* Relative to the cases' folder; "data/..." to the source; "corpus:..." to FIXPROOF_CORPUS. */
static bool resolve(maker *m, fp_str file, char *out, size_t size)
{
    const fp_str corpus = FP_STR("corpus:");
    if (fp_str_starts(file, corpus)) {
        const char *root = getenv("FIXPROOF_CORPUS");
        m->skipped |= root == NULL || root[0] == '\0';
        snprintf(out, size, "%s/%.*s", root == NULL ? "" : root, (int)(file.size - corpus.size),
                 file.data + corpus.size);
    } else if (file.size > 0 && file.data[0] == '/') {
        snprintf(out, size, "%.*s", FP_STR_ARG(file));
    } else if (fp_str_starts(file, FP_STR("data/"))) {
        snprintf(out, size, "%s/%.*s", FIXPROOF_SOURCE_DIR, FP_STR_ARG(file));
    } else {
        snprintf(out, size, "%s/%.*s", m->folder, FP_STR_ARG(file));
    }
    return !m->skipped;
}

static void name_piece(fp_str file, const fp_json *as, piece *out)
{
    fp_str name = fp_json_string(as);
    if (name.size == 0) {
        name = file;
        for (size_t i = 0; i < file.size; i++)
            if (file.data[i] == '/')
                name = (fp_str){file.data + i + 1, file.size - i - 1};
    }
    snprintf(out->name, sizeof out->name, "%.*s", FP_STR_ARG(name));
}

/* "truncate" keeps so many bytes, "cut" takes so many off the end, "flip" inverts the bits of one
 * byte. */
static bool damage(const fp_json *json, piece *p)
{
    uint64_t n = 0;
    if (fp_json_u64(fp_json_get(json, "truncate"), &n)) {
        if (n >= p->size)
            return complain("truncate takes nothing away", fp_str_of(p->name));
        p->size = (size_t)n;
    }
    if (fp_json_u64(fp_json_get(json, "cut"), &n)) {
        if (n == 0 || n >= p->size)
            return complain("cut takes nothing or all", fp_str_of(p->name));
        p->size -= (size_t)n;
    }
    if (fp_json_u64(fp_json_get(json, "flip"), &n)) {
        if (n >= p->size)
            return complain("flip lies behind the end", fp_str_of(p->name));
        p->bytes[n] = (char)~p->bytes[n];
    }
    return true;
}

static bool make_piece(maker *m, const fp_json *json, piece *out);

static bool add_member(maker *m, struct archive *a, const fp_json *json)
{
    piece member = {0};
    bool ok = make_piece(m, json, &member);
    struct archive_entry *entry = ok ? archive_entry_new() : NULL;
    ok = entry != NULL;
    if (ok) {
        archive_entry_set_pathname(entry, member.name);
        archive_entry_set_size(entry, (la_int64_t)member.size);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_mtime(entry, 1213344000, 0); /* any fixed moment */
        ok = archive_write_header(a, entry) == ARCHIVE_OK &&
             archive_write_data(a, member.bytes, member.size) == (la_ssize_t)member.size;
        archive_entry_free(entry);
    }
    free(member.bytes);
    return ok;
}

static bool choose_format(struct archive *a, fp_str format)
{
    if (fp_str_eq(format, FP_STR("zip")))
        return archive_write_set_format_zip(a) == ARCHIVE_OK;
    if (fp_str_eq(format, FP_STR("7z")))
        return archive_write_set_format_7zip(a) == ARCHIVE_OK;
    if (fp_str_eq(format, FP_STR("tar")))
        return archive_write_set_format_pax_restricted(a) == ARCHIVE_OK;
    if (fp_str_eq(format, FP_STR("tar.gz")))
        return archive_write_set_format_pax_restricted(a) == ARCHIVE_OK &&
               archive_write_add_filter_gzip(a) == ARCHIVE_OK &&
               archive_write_set_filter_option(a, "gzip", "timestamp", NULL) == ARCHIVE_OK;
    return complain("archive knows zip, 7z, tar, tar.gz", format);
}

static bool make_archive(maker *m, const fp_json *json, piece *out)
{
    const fp_json *members = fp_json_get(json, "members");
    struct archive *a = archive_write_new();
    out->bytes = malloc(ARCHIVE_BYTES_MAX);
    bool ok = a != NULL && out->bytes != NULL &&
              choose_format(a, fp_json_string(fp_json_get(json, "archive"))) &&
              archive_write_set_bytes_in_last_block(a, 1) == ARCHIVE_OK &&
              archive_write_open_memory(a, out->bytes, ARCHIVE_BYTES_MAX, &out->size) == ARCHIVE_OK;
    for (size_t i = 0; ok && i < fp_json_size(members); i++)
        ok = add_member(m, a, fp_json_at(members, i));
    if (a != NULL) {
        ok = archive_write_close(a) == ARCHIVE_OK && ok;
        archive_write_free(a);
    }
    return ok;
}

static bool read_piece(maker *m, fp_str file, piece *out)
{
    char path[1024];
    if (!resolve(m, file, path, sizeof path))
        return false;
    out->bytes = slurp_file(path, &out->size);
    return out->bytes != NULL || complain("cannot read", file);
}

/* A file, a text written in the case itself, or an archive of such; then damaged as asked. */
static bool make_piece(maker *m, const fp_json *json, piece *out)
{
    const fp_json *text = fp_json_get(json, "text");
    const bool bare = fp_json_is(json, FP_JSON_STRING);
    const fp_str file = fp_json_string(bare ? json : fp_json_get(json, "file"));
    name_piece(file, fp_json_get(json, "as"), out);
    if (fp_json_get(json, "archive") != NULL) {
        if (!make_archive(m, json, out))
            return false;
    } else if (text != NULL) {
        const fp_str s = fp_json_string(text);
        out->size = s.size;
        out->bytes = malloc(s.size + 1);
        if (out->bytes == NULL)
            return false;
        memcpy(out->bytes, s.data, s.size);
    } else if (!read_piece(m, file, out)) {
        return false;
    }
    return damage(json, out);
}

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t done = write(fd, bytes, size);
        if (done <= 0)
            return false;
        bytes += done;
        size -= (size_t)done;
    }
    return true;
}

static int piece_fd(maker *m, const fp_json *json, char *name)
{
    piece p = {0};
    int fd = -1;
    if (make_piece(m, json, &p)) {
        fd = memfd_create("case", MFD_CLOEXEC);
        if (fd >= 0 && (!write_all(fd, p.bytes, p.size) || lseek(fd, 0, SEEK_SET) != 0)) {
            close(fd);
            fd = -1;
        }
    }
    memcpy(name, p.name, sizeof p.name);
    free(p.bytes);
    return fd;
}

/* Whatever exists is opened as it is: a file, a folder, a device. */
static int path_fd(maker *m, fp_str file, char *name)
{
    char path[1024];
    if (!resolve(m, file, path, sizeof path))
        return -1;
    snprintf(name, CASE_NAME_MAX, "%.*s", FP_STR_ARG(file));
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        complain("cannot open", file);
    return fd;
}

case_fate case_inputs_open(const fp_json *evidence, const char *folder, case_inputs *out)
{
    maker m = {.folder = folder};
    if (fp_json_size(evidence) == 0 || fp_json_size(evidence) > CASE_INPUTS_MAX) {
        complain("\"evidence\" is no list, is empty, or too long", (fp_str){0});
        return CASE_BROKEN;
    }
    for (size_t i = 0; i < fp_json_size(evidence); i++) {
        const fp_json *item = fp_json_at(evidence, i);
        char *name = out->names[i];
        const int fd = fp_json_is(item, FP_JSON_STRING) ? path_fd(&m, fp_json_string(item), name)
                                                        : piece_fd(&m, item, name);
        if (fd < 0)
            return m.skipped ? CASE_SKIPPED : CASE_BROKEN;
        out->at[out->count++] = (fp_case_input){.fd = fd, .name = name};
    }
    return CASE_READY;
}

void case_inputs_close(case_inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++)
        close(inputs->at[i].fd);
    inputs->count = 0;
}
