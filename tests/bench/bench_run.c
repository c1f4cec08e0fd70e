/* SPDX-License-Identifier: MIT */
/*
 *   bench_run COMMAND...
 *
 * Runs it and prints to standard error: seconds that passed, seconds of the processor, and the
 * most kilobytes that it (or one of its children) held.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(void)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int run(char **command)
{
    const double begin = seconds();
    const pid_t child = fork();
    if (child == 0) {
        (void)execvp(command[0], command);
        _exit(127);
    }
    int how = 0;
    struct rusage used;
    if (child < 0 || wait4(child, &how, 0, &used) != child)
        return 1;
    const double passed = seconds() - begin;
    const double user = (double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec / 1e6;
    const double system = (double)used.ru_stime.tv_sec + (double)used.ru_stime.tv_usec / 1e6;
    (void)fprintf(stderr, "%.3f %.3f %ld\n", passed, user + system, used.ru_maxrss);
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
