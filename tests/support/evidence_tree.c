/* SPDX-License-Identifier: MIT */
#include "tests/support/evidence_tree.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- folders ---- */

bool tree_make(tree *t)
{
    const char *tmp = getenv("TMPDIR");
    (void)snprintf(t->root, sizeof t->root, "%s/fixproof-XXXXXX",
                   tmp != NULL && strlen(tmp) < 40 ? tmp : "/tmp");
    return mkdtemp(t->root) != NULL;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void tree_remove(const tree *t)
{
    if (t->root[0] != '\0')
        (void)nftw(t->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static bool full_path(const tree *t, const char *path, char out[PATH_MAX])
{
    const int size = snprintf(out, PATH_MAX, "%s%s%s", t->root, path[0] == '\0' ? "" : "/", path);
    return size > 0 && size < PATH_MAX;
}

static bool make_parents(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        const bool made = mkdir(path, 0755) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made)
            return false;
    }
    return true;
}

static bool write_bytes(int fd, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    while (size > 0) {
        const ssize_t put = write(fd, at, size);
        if (put <= 0)
            return false;
        at += put;
        size -= (size_t)put;
    }
    return true;
}

bool tree_file(const tree *t, const char *path, const void *bytes, size_t size)
{
    char full[PATH_MAX];
    if (!full_path(t, path, full) || !make_parents(full))
        return false;
    const int fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return false;
    const bool written = write_bytes(fd, bytes, size);
    return close(fd) == 0 && written;
}

bool tree_folder(const tree *t, const char *path)
{
    char full[PATH_MAX];
    return full_path(t, path, full) && make_parents(full) && mkdir(full, 0755) == 0;
}

bool tree_link(const tree *t, const char *path, const char *target)
{
    char full[PATH_MAX];
    return full_path(t, path, full) && make_parents(full) && symlink(target, full) == 0;
}

bool tree_pipe(const tree *t, const char *path)
{
    char full[PATH_MAX];
    return full_path(t, path, full) && make_parents(full) && mkfifo(full, 0644) == 0;
}

int tree_open(const tree *t, const char *path)
{
    char full[PATH_MAX];
    return full_path(t, path, full) ? open(full, O_RDONLY | O_CLOEXEC) : -1;
}

/* ---- anonymous files ---- */

int blob(const void *bytes, size_t size)
{
    const int fd = memfd_create("fixproof-test", MFD_CLOEXEC);
    if (fd >= 0 && !write_bytes(fd, bytes, size)) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

void *slurp(int fd, size_t *size)
{
    struct stat st;
    void *bytes = NULL;
    if (fstat(fd, &st) == 0) {
        *size = (size_t)st.st_size;
        bytes = malloc(*size + 1);
    }
    if (bytes != NULL && pread(fd, bytes, *size, 0) != (ssize_t)*size) {
        free(bytes);
        bytes = NULL;
    }
    (void)close(fd);
    return bytes;
}

/* ---- archives ---- */

static bool set_format(struct archive *a, const char *format)
{
    static const struct {
        const char *name;
        int (*format)(struct archive *);
        int (*filter)(struct archive *);
    } formats[] = {
        {"zip", archive_write_set_format_zip, archive_write_add_filter_none},
        {"tar", archive_write_set_format_ustar, archive_write_add_filter_none},
        {"tar.gz", archive_write_set_format_ustar, archive_write_add_filter_gzip},
        {"7zip", archive_write_set_format_7zip, archive_write_add_filter_none},
    };
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(formats[i].name, format) == 0)
            return formats[i].format(a) == ARCHIVE_OK && formats[i].filter(a) == ARCHIVE_OK;
    return false;
}

static bool write_zeros(struct archive *a, size_t size)
{
    static const uint8_t zeros[64 * 1024];
    while (size > 0) {
        const size_t piece = size < sizeof zeros ? size : sizeof zeros;
        if (archive_write_data(a, zeros, piece) != (la_ssize_t)piece)
            return false;
        size -= piece;
    }
    return true;
}

static bool write_member(struct archive *a, const member *m)
{
    static const unsigned types[] = {
        [MEMBER_FILE] = AE_IFREG, [MEMBER_FOLDER] = AE_IFDIR, [MEMBER_LINK] = AE_IFLNK};
    struct archive_entry *entry = archive_entry_new();
    if (entry == NULL)
        return false;
    archive_entry_set_pathname(entry, m->name);
    archive_entry_set_filetype(entry, types[m->kind]);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 1213329906, 0);
    archive_entry_set_size(entry, (la_int64_t)m->size);
    if (m->kind == MEMBER_LINK)
        archive_entry_set_symlink(entry, m->data);
    bool good = archive_write_header(a, entry) == ARCHIVE_OK;
    if (good && m->kind == MEMBER_FILE && m->size > 0)
        good = m->data == NULL ? write_zeros(a, m->size)
                               : archive_write_data(a, m->data, m->size) == (la_ssize_t)m->size;
    archive_entry_free(entry);
    return good;
}

int pack(const char *format, const member *members, size_t count)
{
    const int fd = memfd_create("fixproof-test", MFD_CLOEXEC);
    struct archive *a = archive_write_new();
    bool good =
        fd >= 0 && a != NULL && set_format(a, format) && archive_write_open_fd(a, fd) == ARCHIVE_OK;
    for (size_t i = 0; good && i < count; i++)
        good = write_member(a, &members[i]);
    good = good && archive_write_close(a) == ARCHIVE_OK;
    (void)archive_write_free(a);
    if (!good && fd >= 0)
        (void)close(fd);
    return good ? fd : -1;
}

/* ---- cabinets ([MS-CAB] 2) ---- */

enum { CAB_HEADER = 36, CAB_FOLDER = 8, CAB_FILE = 16, CAB_DATA = 8, CAB_BLOCK_MAX = 32768 };

static void put16(uint8_t *at, size_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

static void put32(uint8_t *at, size_t value)
{
    put16(at, value);
    put16(at + 2, value >> 16);
}

/* 2.6: XOR of the words; a rest of one to three bytes is read as one big-endian number. */
static uint32_t cab_sum(const uint8_t *at, size_t size, uint32_t sum)
{
    for (; size >= 4; at += 4, size -= 4)
        sum ^=
            (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    uint32_t rest = 0;
    for (; size > 0; at++, size--)
        rest = rest << 8 | *at;
    return sum ^ rest;
}

int pack_cabinet(const member *members, size_t count)
{
    size_t table = 0, content = 0;
    for (size_t i = 0; i < count; i++) {
        table += CAB_FILE + strlen(members[i].name) + 1;
        content += members[i].size;
    }
    if (content > CAB_BLOCK_MAX)
        return -1;
    const size_t data_at = CAB_HEADER + CAB_FOLDER + table;
    const size_t total = data_at + CAB_DATA + content;
    uint8_t *cab = calloc(1, total);
    if (cab == NULL)
        return -1;

    memcpy(cab, "MSCF", 4);
    put32(cab + 8, total);
    put32(cab + 16, CAB_HEADER + CAB_FOLDER);
    cab[24] = 3;
    cab[25] = 1;
    put16(cab + 26, 1);
    put16(cab + 28, count);
    put32(cab + CAB_HEADER, data_at);
    put16(cab + CAB_HEADER + 4, 1);

    uint8_t *file = cab + CAB_HEADER + CAB_FOLDER;
    uint8_t *data = cab + data_at + CAB_DATA;
    size_t offset = 0;
    for (size_t i = 0; i < count; i++) {
        put32(file, members[i].size);
        put32(file + 4, offset);
        put16(file + 10, 0x38CD); /* 2008-06-13 */
        put16(file + 12, 0x20A3);
        put16(file + 14, 0x20);
        strcpy((char *)file + CAB_FILE, members[i].name);
        file += CAB_FILE + strlen(members[i].name) + 1;
        if (members[i].data != NULL)
            memcpy(data + offset, members[i].data, members[i].size);
        offset += members[i].size;
    }
    put16(cab + data_at + 4, content);
    put16(cab + data_at + 6, content);
    put32(cab + data_at, cab_sum(cab + data_at + 4, 4, cab_sum(data, content, 0)));

    const int fd = blob(cab, total);
    free(cab);
    return fd;
}
