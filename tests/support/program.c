/* SPDX-License-Identifier: MIT */
#include "tests/support/program.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char program[] = FIXPROOF_PROGRAM;
static const char samples[] = FIXPROOF_SOURCE_DIR "/data/samples";

outcome got;
char folder[64];
int extra_stdout;
int extra_stdin;
bool close_stdin;
bool close_stdout;
bool ignore_children;

void slurp(const char *path, char *text)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, TEXT_MAX - 1, file)] = '\0';
    fclose(file);
}

const char *in_folder(const char *name)
{
    static char paths[8][256];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

const char *sample(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s/evidence", samples, name);
    return path;
}

void put_file(const char *name, const char *text)
{
    FILE *file = fopen(in_folder(name), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

const char *json_to(const char *name)
{
    static char targets[4][300];
    static unsigned next;
    char *target = targets[next++ % 4];
    snprintf(target, sizeof targets[0], "json=%s", in_folder(name));
    return target;
}

static void redirect(const char *path, int fd)
{
    const int to = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (to < 0 || dup2(to, fd) < 0)
        _exit(126);
}

static void child(char **argv, const char *out, const char *err)
{
    if (extra_stdin > 0)
        dup2(extra_stdin, STDIN_FILENO);
    else
        redirect("/dev/null", STDIN_FILENO);
    redirect(err, STDERR_FILENO);
    if (extra_stdout > 0)
        dup2(extra_stdout, STDOUT_FILENO);
    else
        redirect(out, STDOUT_FILENO);
    if (close_stdin)
        close(STDIN_FILENO);
    if (close_stdout)
        close(STDOUT_FILENO);
    if (ignore_children)
        signal(SIGCHLD, SIG_IGN);
    execv(program, argv);
    _exit(127);
}

/* "1 files": English for nobody. */
static void check_english(const char *text)
{
    static const char *const nouns[] = {
        "advisories", "blocks",   "bytes",     "cabinets", "cases",    "certificates",
        "characters", "episodes", "errors",    "facts",    "fields",   "files",
        "findings",   "gaps",     "hotfixes",  "items",    "lines",    "members",
        "pages",      "problems", "questions", "records",  "rules",    "runs",
        "steps",      "tests",    "times",     "updates",  "warnings", "words"};
    for (size_t i = 0; i < sizeof nouns / sizeof *nouns; i++) {
        char wrong[2][32];
        snprintf(wrong[0], sizeof wrong[0], "1 %s", nouns[i]);
        snprintf(wrong[1], sizeof wrong[1], "1 more %s", nouns[i]);
        for (size_t w = 0; w < 2; w++)
            for (const char *at = strstr(text, wrong[w]); at != NULL; at = strstr(at + 1, wrong[w]))
                if (at == text || strchr("0123456789.,", at[-1]) == NULL)
                    fail_msg("not English: %.80s", at);
    }
}

int run(const char *first, ...)
{
    const char *argv[ARGS_MAX + 2] = {program};
    size_t argc = 1;
    va_list args;
    va_start(args, first);
    for (const char *a = first; a != NULL; a = va_arg(args, const char *)) {
        assert_true(argc < ARGS_MAX);
        argv[argc++] = a;
    }
    va_end(args);

    char out[128];
    char err[128];
    snprintf(out, sizeof out, "%s.out", folder);
    snprintf(err, sizeof err, "%s.err", folder);
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        alarm(60);
        child((char **)(uintptr_t)argv, out, err);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    got.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1 - WTERMSIG(status);
    got.out[0] = '\0';
    if (!close_stdout && extra_stdout == 0)
        slurp(out, got.out);
    slurp(err, got.err);
    check_english(got.out);
    check_english(got.err);
    return got.status;
}

void assert_status(int expected)
{
    if (got.status != expected)
        fail_msg("exit status %d, not %d\nstdout: %.2000s\nstderr: %.2000s", got.status, expected,
                 got.out, got.err);
}

void assert_in(const char *text, const char *needle)
{
    if (strstr(text, needle) == NULL)
        fail_msg("'%s' is not in:\n%.4000s", needle, text);
}

void assert_failed(int status)
{
    assert_status(status);
    assert_string_equal(got.out, "");
    assert_true(*got.err != '\0');
    for (const char *line = got.err; *line != '\0'; line = strchr(line, '\n') + 1) {
        assert_int_equal(strncmp(line, "fixproof: ", 10), 0);
        assert_non_null(strchr(line, '\n'));
    }
}

size_t entries(const char *path)
{
    DIR *dir = opendir(path);
    assert_non_null(dir);
    size_t count = 0;
    const struct dirent *e;
    while ((e = readdir(dir)) != NULL)
        count += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(dir);
    return count;
}

int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/fixproof-cli-XXXXXX");
    extra_stdout = extra_stdin = 0;
    close_stdin = close_stdout = ignore_children = false;
    setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("FIXPROOF_DATA", FIXPROOF_ONE_ADVISORY, 1);
    unsetenv("NO_COLOR");
    unsetenv("FIXPROOF_ROOTS");
    return mkdtemp(folder) == NULL;
}

int tear_down(void **state)
{
    (void)state;
    char command[256];
    snprintf(command, sizeof command, "rm -rf %s %s.out %s.err", folder, folder, folder);
    return system(command) != 0;
}
