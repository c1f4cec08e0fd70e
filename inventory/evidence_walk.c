/* SPDX-License-Identifier: MIT */
#include "inventory/evidence_set.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAMES_MEMORY = 512 * 1024 * 1024 }; /* of one folder; FP_EVIDENCE_FOLDER_ENTRIES_MAX fit */

/* O_NONBLOCK: opening a pipe that was put in a file's place must not wait for its other end. */
static const int open_flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

typedef struct folder {
    fp_evidence *set;
    DIR *dir;
    fp_str path; /* as shown */
    unsigned depth;
} folder;

static fp_status walk(fp_evidence *set, int fd, fp_str path, unsigned depth, fp_diag *d);

/* ---- names ---- */

typedef struct name_list {
    fp_arena *arena;
    const char **at;
    size_t count;
    size_t capacity;
} name_list;

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static fp_status add_name(name_list *names, const char *name)
{
    if (names->count >= FP_EVIDENCE_FOLDER_ENTRIES_MAX)
        return FP_LIMIT;
    const char **at =
        fp_arena_grow(names->arena, names->at, names->count, &names->capacity, sizeof *at);
    if (at == NULL)
        return FP_NOMEM;
    names->at = at;
    at[names->count] = fp_arena_string(names->arena, name, strlen(name));
    if (at[names->count] == NULL)
        return FP_NOMEM;
    names->count++;
    return FP_OK;
}

/* All names, sorted by their bytes: the order a folder gives them in is no one's. FP_IO: see errno.
 */
static fp_status list_names(DIR *dir, name_list *names)
{
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (entry == NULL)
            break;
        const fp_status status = is_dots(entry->d_name) ? FP_OK : add_name(names, entry->d_name);
        if (status != FP_OK)
            return status;
    }
    const int error = errno;
    if (names->count > 1)
        qsort(names->at, names->count, sizeof names->at[0], compare_names);
    errno = error;
    return error == 0 ? FP_OK : FP_IO;
}

/* ---- entries ---- */

/* A folder is listed only when there is something to say about it. */
static fp_status list_folder_problem(fp_evidence *set, fp_str path, const char *problem)
{
    /* Its path is shown already: escaping it once more would change nothing but backslashes. */
    const fp_place place = {.folder = path, .separator = ""};
    fp_item *item = NULL;
    const fp_status status = fp_evidence_list(set, &place, &item);
    if (status == FP_OK)
        fp_evidence_spoil(set, item, "%s", problem);
    return status;
}

static fp_status list_problem(const folder *in, const fp_place *place, const char *problem)
{
    fp_item *item = NULL;
    const fp_status status = fp_evidence_list(in->set, place, &item);
    if (status == FP_OK)
        fp_evidence_spoil(in->set, item, "%s", problem);
    return status;
}

/* Links are told, not followed, wherever they point: evidence must not reach beyond its folder, and
 * what lies inside is listed under its own name. */
static fp_status list_link(const folder *in, const fp_place *place, const char *name)
{
    fp_item *item = NULL;
    const fp_status status = fp_evidence_list(in->set, place, &item);
    if (status != FP_OK)
        return status;
    char target[PATH_MAX];
    const ssize_t size = readlinkat(dirfd(in->dir), name, target, sizeof target);
    fp_evidence_spoil(in->set, item, "a symbolic link to \"%.*s\": not followed",
                      size < 0 ? 1 : (int)size, size < 0 ? "?" : target);
    return FP_OK;
}

static fp_status read_entry(const folder *in, const fp_place *place, int fd)
{
    fp_item *item = NULL;
    const fp_status status = fp_evidence_list(in->set, place, &item);
    return status != FP_OK ? status : fp_evidence_read_file(in->set, item, fd, false);
}

static fp_status walk_entry(const folder *in, const fp_place *place, int fd)
{
    fp_shown_path path;
    const fp_status status = fp_evidence_show(place, &path);
    if (status != FP_OK)
        return status;
    return walk(in->set, fd, (fp_str){path.text, path.size}, in->depth + 1, NULL);
}

static fp_status open_entry(const folder *in, const fp_place *place, const char *name,
                            const struct stat *seen)
{
    const int fd = openat(dirfd(in->dir), name, open_flags);
    if (fd < 0)
        return list_problem(in, place, strerror(errno));

    /* Between the look and the opening another thing may have been put in its place. */
    struct stat st;
    fp_status status;
    if (fstat(fd, &st) != 0)
        status = list_problem(in, place, strerror(errno));
    else if (st.st_dev != seen->st_dev || st.st_ino != seen->st_ino ||
             (st.st_mode & S_IFMT) != (seen->st_mode & S_IFMT))
        status = list_problem(in, place, "it was replaced while the folder was read");
    else if (S_ISDIR(st.st_mode))
        status = walk_entry(in, place, fd);
    else
        status = read_entry(in, place, fd);
    (void)close(fd);
    return status;
}

static const char *special_file(mode_t mode)
{
    static const struct {
        mode_t type;
        const char *problem;
    } kinds[] = {
        {S_IFIFO, "a named pipe: not read"},
        {S_IFSOCK, "a socket: not read"},
        {S_IFCHR, "a character device: not read"},
        {S_IFBLK, "a block device: not read"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if ((mode & S_IFMT) == kinds[i].type)
            return kinds[i].problem;
    return "a special file: not read";
}

/* Special files are told from a look and never opened: opening a device can already do something.
 */
static fp_status visit(const folder *in, const char *name)
{
    const fp_place place = {.folder = in->path, .separator = "/", .name = fp_str_of(name)};
    struct stat st;
    if (fstatat(dirfd(in->dir), name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return list_problem(in, &place, strerror(errno));
    if (S_ISLNK(st.st_mode))
        return list_link(in, &place, name);
    if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return list_problem(in, &place, special_file(st.st_mode));
    return open_entry(in, &place, name, &st);
}

/* ---- folders ---- */

static fp_status visit_all(const folder *in)
{
    name_list names = {.arena = fp_arena_new(NAMES_MEMORY)};
    if (names.arena == NULL)
        return FP_NOMEM;
    fp_status status = list_names(in->dir, &names);
    if (status == FP_LIMIT) {
        names.count = 0; /* which ones came first is chance */
        status = list_folder_problem(in->set, in->path, "a folder of too many entries: not read");
    } else if (status == FP_IO) {
        status = list_folder_problem(in->set, in->path, "a folder that could not be listed whole");
    }
    for (size_t i = 0; status == FP_OK && i < names.count; i++)
        status = visit(in, names.at[i]);
    fp_arena_free(names.arena);
    return status;
}

static fp_status walk(fp_evidence *set, int fd, fp_str path, unsigned depth, fp_diag *d)
{
    if (depth > set->options.limits.folder_depth)
        return list_folder_problem(set, path, "folders are nested too deep: not read");
    if (++set->folders > set->options.limits.items)
        return list_folder_problem(set, path, "the limit on folders is reached: not read");

    /* A descriptor of its own: reading moves the position that the caller's shares with others. */
    const int own = openat(fd, ".", open_flags | O_DIRECTORY);
    DIR *dir = own < 0 ? NULL : fdopendir(own);
    if (dir == NULL) {
        const int error = errno;
        if (own >= 0)
            (void)close(own);
        const fp_status status = list_folder_problem(set, path, strerror(error));
        if (status != FP_OK)
            return status;
        return depth > 1 ? FP_OK : fp_fail(d, FP_IO, "evidence", 0, "%s", strerror(error));
    }
    const folder in = {set, dir, path, depth};
    const fp_status status = visit_all(&in);
    (void)closedir(dir);
    return status;
}

fp_status fp_evidence_walk(fp_evidence *set, int fd, fp_str path, fp_diag *d)
{
    const fp_status status = walk(set, fd, path, 1, d);
    return status == FP_LIMIT ? FP_OK : status; /* the limit on items: told in the listing */
}
