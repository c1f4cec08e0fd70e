/* SPDX-License-Identifier: MIT */
/*
 *   bench_run COMMAND...
 *
 * Runs it and prints to standard error: seconds that passed, seconds of the processor, and the
 * most kilobytes that it and its children held together. That is looked up a hundred times a second
 * (what two share is counted twice), and is never less than the most that one of them held.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DEPTH_MAX = 8 };

static double seconds(void)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- memory ---- */

typedef struct watch {
    pid_t pid;
    atomic_bool over;
    long most; /* kilobytes */
} watch;

static FILE *open_proc(long pid, const char *name)
{
    char path[96];
    (void)snprintf(path, sizeof path, "/proc/%ld/%s", pid, name);
    return fopen(path, "r");
}

static long held_by(long pid)
{
    long pages = 0;
    char text[128] = "";
    FILE *statm = open_proc(pid, "statm");
    if (statm == NULL)
        return 0;
    if (fgets(text, sizeof text, statm) != NULL) {
        char *rest = text;
        (void)strtol(rest, &rest, 10); /* size: not what is resident */
        pages = strtol(rest, NULL, 10);
    }
    (void)fclose(statm);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Children of its first thread: here nobody forks from another. */
static long held_together(long pid, unsigned depth) // NOLINT(misc-no-recursion): DEPTH_MAX
{
    char name[64];
    char number[32];
    long sum = held_by(pid);
    (void)snprintf(name, sizeof name, "task/%ld/children", pid);
    FILE *children = depth < DEPTH_MAX ? open_proc(pid, name) : NULL;
    if (children == NULL)
        return sum;
    while (fscanf(children, "%31s", number) == 1)
        sum += held_together(strtol(number, NULL, 10), depth + 1);
    (void)fclose(children);
    return sum;
}

static void *keep_watch(void *argument)
{
    static const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
    watch *w = argument;
    while (!atomic_load(&w->over)) {
        const long now = held_together(w->pid, 0);
        w->most = now > w->most ? now : w->most;
        (void)nanosleep(&pause, NULL);
    }
    return NULL;
}

/* ---- the command ---- */

static void tell(double passed, const struct rusage *used, long most)
{
    const double user = (double)used->ru_utime.tv_sec + (double)used->ru_utime.tv_usec / 1e6;
    const double system = (double)used->ru_stime.tv_sec + (double)used->ru_stime.tv_usec / 1e6;
    (void)fprintf(stderr, "%.3f %.3f %ld\n", passed, user + system,
                  most > used->ru_maxrss ? most : used->ru_maxrss);
}

static int run(char **command)
{
    const double begin = seconds();
    watch w = {.pid = fork()};
    if (w.pid == 0) {
        (void)execvp(command[0], command);
        _exit(127);
    }
    pthread_t watcher;
    if (w.pid < 0 || pthread_create(&watcher, NULL, keep_watch, &w) != 0)
        return 1;
    int how = 0;
    struct rusage used;
    const bool waited = wait4(w.pid, &how, 0, &used) == w.pid;
    const double passed = seconds() - begin;
    atomic_store(&w.over, true);
    if (pthread_join(watcher, NULL) != 0 || !waited)
        return 1;
    tell(passed, &used, w.most);
    return WIFEXITED(how) && WEXITSTATUS(how) < 64 ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        (void)fprintf(stderr, "usage: bench_run COMMAND...\n");
        return 64;
    }
    return run(argv + 1);
}
