/* SPDX-License-Identifier: MIT */
#include "verify/cli/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static fp_status io_failed(fp_diag *d)
{
    return fp_fail(d, FP_IO, NULL, 0, "%s", strerror(errno));
}

/* ---- files with secrets ---- */

/* What is wrong with it; FP_OK for a pipe or a device: nobody else sees what goes through. */
static fp_status check_secret(const struct stat *st, fp_diag *d)
{
    /* Of somebody else's file its owner decides who is in the group; the world is never. */
    const mode_t loose = st->st_uid == geteuid() ? 077 : 007;
    if (S_ISDIR(st->st_mode))
        return fp_fail(d, FP_IO, NULL, 0, "a folder, not a file");
    if (S_ISREG(st->st_mode) && (st->st_mode & loose) != 0)
        return fp_fail(d, FP_UNSUPPORTED, NULL, 0,
                       "others can read it (permissions %04o): chmod 600 keeps it to its owner",
                       (unsigned)(st->st_mode & 07777));
    return FP_OK;
}

fp_status fp_secret_open(const char *path, int *fd, fp_diag *d)
{
    struct stat st;
    if (strcmp(path, "-") == 0) {
        *fd = STDIN_FILENO;
        return FP_OK;
    }
    const int opened = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (opened < 0)
        return io_failed(d);
    const fp_status status = fstat(opened, &st) == 0 ? check_secret(&st, d) : io_failed(d);
    if (status == FP_OK)
        *fd = opened;
    else
        (void)close(opened);
    return status;
}

fp_status fp_secret_read(int fd, char *out, size_t room, size_t *size, fp_diag *d)
{
    size_t used = 0;
    for (;;) {
        char more;
        const ssize_t n =
            used < room ? read(fd, out + used, room - used) : read(fd, &more, sizeof more);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return io_failed(d);
        if (n == 0)
            break;
        if (used == room)
            return fp_fail(d, FP_LIMIT, NULL, 0, "more than %zu bytes", room);
        used += (size_t)n;
    }
    *size = used;
    return FP_OK;
}

/* ---- pass phrases ---- */

/* The first line; what is behind it is somebody's note. */
static fp_status first_line(const char *text, size_t *size, fp_diag *d)
{
    const char *end = memchr(text, '\n', *size);
    if (end != NULL)
        *size = (size_t)(end - text);
    if (*size > 0 && text[*size - 1] == '\r')
        (*size)--;
    return *size > 0 ? FP_OK : fp_fail(d, FP_FORMAT, NULL, 0, "there is no pass phrase");
}

static fp_status from_file(const char *path, char *out, size_t *size, fp_diag *d)
{
    int fd;
    fp_diag found = {0};
    fp_status status = fp_secret_open(path, &fd, &found);
    if (status == FP_OK) {
        status = fp_secret_read(fd, out, FP_PASSPHRASE_MAX, size, &found);
        if (fd != STDIN_FILENO)
            (void)close(fd);
    }
    if (status == FP_OK)
        status = first_line(out, size, &found);
    if (status == FP_OK)
        return FP_OK;
    return fp_fail(d, status, NULL, 0, "its pass phrase is to be in %s: %s", path, found.message);
}

/* A line, or the signal that ends the waiting for it. */
static fp_status wait_for_line(int terminal, int signals, char *out, size_t *size, fp_diag *d)
{
    struct pollfd ready[] = {{.fd = signals, .events = POLLIN}, {.fd = terminal, .events = POLLIN}};
    while (poll(ready, 2, -1) < 0)
        if (errno != EINTR)
            return io_failed(d);
    if (ready[0].revents != 0)
        return fp_fail(d, FP_IO, NULL, 0, "interrupted");
    const ssize_t n = read(terminal, out, FP_PASSPHRASE_MAX);
    if (n < 0)
        return io_failed(d);
    *size = (size_t)n;
    if (*size == FP_PASSPHRASE_MAX && out[*size - 1] != '\n')
        return fp_fail(d, FP_LIMIT, NULL, 0, "a pass phrase of more than %d bytes",
                       FP_PASSPHRASE_MAX - 1);
    return first_line(out, size, d);
}

static void put(int terminal, const char *text)
{
    if (write(terminal, text, strlen(text)) < 0)
        (void)0; /* nobody is there to be told */
}

/* With the echo off; it is on again before a signal that came meanwhile ends the program. */
static fp_status ask(int terminal, int signals, char *out, size_t *size, fp_diag *d)
{
    struct termios before;
    if (tcgetattr(terminal, &before) != 0)
        return io_failed(d);
    struct termios silent = before;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    if (tcsetattr(terminal, TCSAFLUSH, &silent) != 0)
        return io_failed(d);
    put(terminal, "Pass phrase of the key: ");
    const fp_status status = wait_for_line(terminal, signals, out, size, d);
    put(terminal, "\n");
    (void)tcsetattr(terminal, TCSAFLUSH, &before);
    return status;
}

static fp_status from_terminal(char *out, size_t *size, fp_diag *d)
{
    const int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0)
        return fp_fail(d, FP_NOT_FOUND, NULL, 0,
                       "it is encrypted, and there is no terminal to ask for its pass phrase at: "
                       "see --passphrase-file");
    sigset_t ending;
    sigset_t before;
    (void)sigemptyset(&ending);
    (void)sigaddset(&ending, SIGINT);
    (void)sigaddset(&ending, SIGQUIT);
    (void)sigaddset(&ending, SIGTERM);
    (void)sigaddset(&ending, SIGHUP);
    (void)sigaddset(&ending, SIGTSTP);
    (void)sigprocmask(SIG_BLOCK, &ending, &before);
    const int signals = signalfd(-1, &ending, SFD_CLOEXEC);
    const fp_status status = signals < 0 ? io_failed(d) : ask(terminal, signals, out, size, d);
    if (signals >= 0)
        (void)close(signals);
    (void)close(terminal);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return status;
}

fp_status fp_passphrase_read(void *context, char *out, size_t *size, fp_diag *d)
{
    fp_passphrase_source *from = context;
    const fp_status status =
        from->file != NULL ? from_file(from->file, out, size, d) : from_terminal(out, size, d);
    from->failed = status != FP_OK;
    return status;
}
