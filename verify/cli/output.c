/* SPDX-License-Identifier: MIT */
#include "verify/cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool fp_output_is_file(const char *one, const char *other)
{
    struct stat a;
    struct stat b;
    return stat(one, &a) == 0 && stat(other, &b) == 0 && S_ISREG(a.st_mode) &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static fp_status failed(fp_diag *d, const char *act)
{
    return fp_fail(d, FP_IO, "output", 0, "%s: %s", act, strerror(errno));
}

static bool write_all(int fd, fp_str bytes)
{
    size_t at = 0;
    while (at < bytes.size) {
        const ssize_t n = write(fd, bytes.data + at, bytes.size - at);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            at += (size_t)n;
    }
    return true;
}

/* A device, a pipe: nothing to replace, the bytes simply go there. */
static fp_status to_special(const char *path, fp_str bytes, fp_diag *d)
{
    const int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return failed(d, "cannot open for writing");
    const bool written = write_all(fd, bytes);
    const int error = errno;
    const bool closed = close(fd) == 0;
    if (!written)
        errno = error;
    return written && closed ? FP_OK : failed(d, "cannot write");
}

/* The temporary name: in the target's folder, so that the rename stays inside one file system. */
static bool temporary_name(const char *target, char *out, size_t size)
{
    const char *slash = strrchr(target, '/');
    const int folder = slash == NULL ? 0 : (int)(slash - target + 1);
    const int n = snprintf(out, size, "%.*s.fixproof-XXXXXX", folder, target);
    return n > 0 && (size_t)n < size;
}

/* A new file gets what open() would have given it, a replaced one keeps its permissions. */
static mode_t mode_for(const struct stat *old)
{
    if (old != NULL)
        return old->st_mode & 0777;
    const mode_t mask = umask(0);
    (void)umask(mask);
    return 0666 & ~mask;
}

static bool fill(int fd, mode_t mode, fp_str bytes)
{
    return write_all(fd, bytes) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
}

/* The rename itself is on disk only when the folder is. Folders that cannot be synced are let be.
 */
static void sync_folder(const char *target)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(target, '/');
    const size_t size = slash == NULL ? 1 : slash == target ? 1 : (size_t)(slash - target);
    if (size >= sizeof folder)
        return;
    memcpy(folder, slash == NULL ? "." : target, size);
    folder[size] = '\0';
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    (void)close(fd);
}

static fp_status replace(const char *target, const struct stat *old, fp_str bytes, fp_diag *d)
{
    char name[PATH_MAX];
    if (!temporary_name(target, name, sizeof name)) {
        errno = ENAMETOOLONG;
        return failed(d, "cannot create");
    }
    const int fd = mkostemp(name, O_CLOEXEC);
    if (fd < 0)
        return failed(d, "cannot create a file beside it");
    bool good = fill(fd, mode_for(old), bytes);
    int error = errno;
    if (close(fd) != 0 && good) {
        good = false;
        error = errno;
    }
    if (good && rename(name, target) != 0) {
        good = false;
        error = errno;
    }
    if (!good) {
        (void)unlink(name);
        errno = error;
        return failed(d, "cannot write");
    }
    sync_folder(target);
    return FP_OK;
}

fp_status fp_output_to_file(const char *path, fp_str bytes, fp_diag *d)
{
    struct stat old;
    const bool exists = stat(path, &old) == 0;
    if (!exists && errno != ENOENT)
        return failed(d, "cannot write");
    if (!exists && lstat(path, &old) == 0) /* a rename would replace the link, not what it means */
        return fp_fail(d, FP_IO, "output", 0, "cannot write: a symbolic link that leads nowhere");
    if (exists && S_ISDIR(old.st_mode))
        return fp_fail(d, FP_IO, "output", 0, "cannot write: it is a folder");
    if (exists && !S_ISREG(old.st_mode))
        return to_special(path, bytes, d);
    if (exists && access(path, W_OK) != 0) /* a rename would get round a write protection */
        return failed(d, "cannot write");

    /* Through a symbolic link to the file itself: a rename would put a file where the link was. */
    char target[PATH_MAX];
    if (exists && realpath(path, target) == NULL)
        return failed(d, "cannot write");

    /* An interruption between creating and renaming would leave the temporary file behind. */
    sigset_t interruptions;
    sigset_t before;
    (void)sigemptyset(&interruptions);
    (void)sigaddset(&interruptions, SIGINT);
    (void)sigaddset(&interruptions, SIGTERM);
    (void)sigaddset(&interruptions, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &interruptions, &before);
    const fp_status status = replace(exists ? target : path, exists ? &old : NULL, bytes, d);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return status;
}

fp_status fp_output_to_stdout(fp_str bytes, fp_diag *d)
{
    return write_all(STDOUT_FILENO, bytes) ? FP_OK : failed(d, "cannot write");
}

fp_status fp_output_close_stdout(fp_diag *d)
{
    /* Network file systems tell of a full disk at close. EBADF: nothing was ever written. */
    if (close(STDOUT_FILENO) != 0 && errno != EBADF)
        return failed(d, "cannot write");
    return FP_OK;
}
