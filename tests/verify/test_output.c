/* SPDX-License-Identifier: MIT */
/* Output files: whole, or the old one. */
#include "tests/support/check.h"
#include "verify/cli/output.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct folder {
    char path[64];
    char file[128];
} folder;

static void make(folder *f)
{
    strcpy(f->path, "/tmp/fixproof-output-XXXXXX");
    assert_non_null(mkdtemp(f->path));
    snprintf(f->file, sizeof f->file, "%s/report.json", f->path);
}

static size_t entries(const folder *f)
{
    DIR *dir = opendir(f->path);
    size_t count = 0;
    const struct dirent *e;
    while ((e = readdir(dir)) != NULL)
        count += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(dir);
    return count;
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void assert_holds(const char *path, const char *text)
{
    char got[256] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    got[fread(got, 1, sizeof got - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(got, text);
}

static void destroy(folder *f)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", f->path);
    assert_int_equal(system(command), 0);
}

static fp_status write_to(const char *path, const char *text)
{
    fp_diag d = {0};
    const fp_status status = fp_output_to_file(path, fp_str_of(text), &d);
    assert_true(status == FP_OK || *d.message != '\0');
    return status;
}

static void a_new_file_is_made(void **state)
{
    (void)state;
    folder f;
    make(&f);
    const mode_t mask = umask(027);
    assert_int_equal(write_to(f.file, "new"), FP_OK);
    umask(mask);
    struct stat st;
    assert_int_equal(stat(f.file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_holds(f.file, "new");
    assert_int_equal(entries(&f), 1);
    destroy(&f);
}

static void an_old_file_is_replaced_and_keeps_its_mode(void **state)
{
    (void)state;
    folder f;
    make(&f);
    put(f.file, "old and longer");
    assert_int_equal(chmod(f.file, 0604), 0);
    assert_int_equal(write_to(f.file, "new"), FP_OK);
    struct stat st;
    assert_int_equal(stat(f.file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0604);
    assert_holds(f.file, "new");
    assert_int_equal(entries(&f), 1);
    destroy(&f);
}

static void a_link_stays_a_link(void **state)
{
    (void)state;
    folder f;
    make(&f);
    char link[160];
    snprintf(link, sizeof link, "%s/link", f.path);
    put(f.file, "old");
    assert_int_equal(symlink("report.json", link), 0);
    assert_int_equal(write_to(link, "new"), FP_OK);
    struct stat st;
    assert_int_equal(lstat(link, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_holds(f.file, "new");
    destroy(&f);
}

static void a_disk_that_is_full_leaves_the_old_file(void **state)
{
    (void)state;
    folder f;
    make(&f);
    put(f.file, "old");
    /* A limit on the size of files fails a write as a full disk does: with SIGXFSZ ignored, EFBIG.
     */
    static char big[65536];
    memset(big, 'x', sizeof big - 1);
    const pid_t child = fork();
    if (child == 0) {
        const struct rlimit limit = {4096, 4096};
        signal(SIGXFSZ, SIG_IGN);
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
            _exit(2);
        _exit(fp_output_to_file(f.file, fp_str_of(big), NULL) == FP_IO ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_holds(f.file, "old");
    assert_int_equal(entries(&f), 1);
    destroy(&f);
}

/* Root may write everything, so a child does it as somebody else. */
static void a_protected_file_is_not_replaced(void **state)
{
    (void)state;
    folder f;
    make(&f);
    put(f.file, "old");
    assert_int_equal(chmod(f.path, 0777), 0);
    assert_int_equal(chmod(f.file, 0444), 0);
    const pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(2);
        _exit(fp_output_to_file(f.file, FP_STR("new"), NULL) == FP_IO ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_holds(f.file, "old");
    assert_int_equal(entries(&f), 1);
    destroy(&f);
}

static void places_that_cannot_be_written_are_told(void **state)
{
    (void)state;
    folder f;
    make(&f);
    char path[256];
    assert_int_equal(write_to(f.path, "x"), FP_IO); /* a folder */
    snprintf(path, sizeof path, "%s/none/report.json", f.path);
    assert_int_equal(write_to(path, "x"), FP_IO);
    snprintf(path, sizeof path, "%s/dangling", f.path);
    assert_int_equal(symlink("/nonexistent/file", path), 0);
    assert_int_equal(write_to(path, "x"), FP_IO);
    assert_int_equal(write_to("/dev/full", "x"), FP_IO);
    assert_int_equal(write_to("/dev/null", "x"), FP_OK);
    assert_int_equal(write_to("", "x"), FP_IO);
    destroy(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_file_is_made),
        cmocka_unit_test(an_old_file_is_replaced_and_keeps_its_mode),
        cmocka_unit_test(a_link_stays_a_link),
        cmocka_unit_test(a_disk_that_is_full_leaves_the_old_file),
        cmocka_unit_test(a_protected_file_is_not_replaced),
        cmocka_unit_test(places_that_cannot_be_written_are_told),
    };
    return RUN_TESTS(tests);
}
