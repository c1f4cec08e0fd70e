/* SPDX-License-Identifier: MIT */
#include "inventory/evidence.h"

#include "tests/support/check.h"
#include "tests/support/evidence_recorder.h"
#include "tests/support/evidence_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char hive[64] = "regf";
static const char log_text[] = "Started  $$<A><06-13-2008 04:05:06.789+300><thread=1 (0x1)>\r\n";
static const char statements[] = "{\"schema\":\"fixproof/statements/v1\",\"statements\":[]}";
static const char export_utf16[] = "\xFF\xFEW\0i\0n\0d\0o\0w\0s\0 \0R\0e\0g\0i\0s\0t\0r\0y\0 \0"
                                   "E\0d\0i\0t\0o\0r\0 \0V\0e\0r\0s\0i\0o\0n\0 \0005\0.\0000\0\n\0";

typedef struct fixture {
    tree tree;
    recorder recorder;
    fp_evidence_options options;
    fp_evidence *set;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    *state = f;
    if (f == NULL || !tree_make(&f->tree))
        return -1;
    f->options = recorder_options(&f->recorder);
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    const bool leaked = f->recorder.open_streams != 0;
    fp_evidence_free(f->set);
    tree_remove(&f->tree);
    free(f);
    return leaked ? -1 : 0;
}

static void open_set(fixture *f)
{
    assert_int_equal(fp_evidence_new(&f->options, &f->set), FP_OK);
}

static fp_status add(fixture *f, const char *path, const char *name)
{
    if (f->set == NULL)
        open_set(f);
    const int fd = tree_open(&f->tree, path);
    assert_true(fd >= 0);
    fp_diag d = {0};
    const fp_status status = fp_evidence_add(f->set, fd, name, false, &d);
    (void)close(fd);
    assert_int_equal(d.status, status);
    return status;
}

static void add_root(fixture *f)
{
    assert_int_equal(add(f, "", "set"), FP_OK);
}

static const fp_item *item_at(const fixture *f, uint32_t id)
{
    const fp_item *item = fp_evidence_item(f->set, id);
    assert_non_null(item);
    assert_int_equal(item->id, id);
    return item;
}

static void put(const fixture *f, const char *path, const void *bytes, size_t size)
{
    assert_true(tree_file(&f->tree, path, bytes, size));
}

static void put_text(const fixture *f, const char *path, const char *text)
{
    put(f, path, text, strlen(text));
}

/* It is listed, it was not read, and it says why. */
static void check_refused(const fixture *f, const char *ending, const char *problem)
{
    const fp_item *item = find_item(f->set, ending);
    if (item == NULL || !has_problem(item, problem))
        print_items(f->set);
    assert_non_null(item);
    assert_true(has_problem(item, problem));
    assert_int_equal(item->kind, FP_KIND_UNKNOWN);
    assert_false(item->complete);
    assert_false(item->hashed);
    assert_int_equal(item->size, 0);
    assert_null(recorder_find(&f->recorder, item->id));
}

/* Read whole, hashed, and given to its handler as it is. */
static void check_read(const fixture *f, const char *ending, fp_kind kind, uint64_t size)
{
    const fp_item *item = find_item(f->set, ending);
    assert_non_null(item);
    assert_int_equal(item->kind, kind);
    assert_int_equal(item->size, size);
    assert_int_equal(item->problem_count, 0);
    assert_true(item->complete);
    assert_true(item->hashed);
    const record *r = recorder_find(&f->recorder, item->id);
    if (kind == FP_KIND_UNKNOWN) {
        assert_null(r);
        return;
    }
    assert_non_null(r);
    assert_true(r->complete);
    assert_int_equal(r->kind, kind);
    assert_int_equal(r->size, size);
    assert_memory_equal(r->sha256, item->sha256, FP_SHA256_SIZE);
}

/* ---- folders ---- */

static void put_usual(const fixture *f)
{
    put(f, "b/hive.reg", hive, sizeof hive);
    put(f, "b/a/export.reg", export_utf16, sizeof export_utf16 - 1);
    put_text(f, "wsyncmgr.log", log_text);
    put_text(f, "a.json", statements);
    put_text(f, "notes.txt", "nothing\n");
}

static void test_folder(void **state)
{
    fixture *f = *state;
    put_usual(f);
    add_root(f);
    static const char *const paths[] = {"set/a.json", "set/b/a/export.reg", "set/b/hive.reg",
                                        "set/notes.txt", "set/wsyncmgr.log"};
    static const char *const names[] = {"a.json", "export.reg", "hive.reg", "notes.txt",
                                        "wsyncmgr.log"};
    assert_int_equal(fp_evidence_count(f->set), 5);
    for (uint32_t i = 0; i < 5; i++) {
        assert_str(item_at(f, i + 1)->path, paths[i]);
        assert_str(item_at(f, i + 1)->name, names[i]);
        assert_int_equal(item_at(f, i + 1)->parent, 0);
    }
    check_read(f, "a.json", FP_KIND_STATEMENTS, sizeof statements - 1);
    check_read(f, "export.reg", FP_KIND_REGISTRY_EXPORT, sizeof export_utf16 - 1);
    check_read(f, "hive.reg", FP_KIND_REGISTRY_HIVE, sizeof hive);
    check_read(f, "notes.txt", FP_KIND_UNKNOWN, 8);
    check_read(f, "wsyncmgr.log", FP_KIND_LOG, sizeof log_text - 1);
    assert_null(fp_evidence_item(f->set, 0));
    assert_null(fp_evidence_item(f->set, 6));
    assert_true(fp_evidence_confined(f->set));
}

static void test_known_digest(void **state)
{
    fixture *f = *state;
    put_text(f, "abc", "abc");
    add_root(f);
    char hex[FP_SHA256_HEX_SIZE];
    fp_hex(item_at(f, 1)->sha256, FP_SHA256_SIZE, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void test_trailing_slash_in_the_name(void **state)
{
    fixture *f = *state;
    put_text(f, "x", "x");
    assert_int_equal(add(f, "", "set//"), FP_OK);
    assert_str(item_at(f, 1)->path, "set/x");
}

/* The second reading of a descriptor must see the same: its position is not ours to move. */
static void test_same_folder_twice(void **state)
{
    fixture *f = *state;
    put_usual(f);
    open_set(f);
    const int fd = tree_open(&f->tree, "");
    assert_int_equal(fp_evidence_add(f->set, fd, "set", false, NULL), FP_OK);
    assert_int_equal(fp_evidence_add(f->set, fd, "set", false, NULL), FP_OK);
    (void)close(fd);
    assert_int_equal(fp_evidence_count(f->set), 10);
    for (uint32_t i = 1; i <= 5; i++) {
        assert_true(fp_str_eq(item_at(f, i)->path, item_at(f, i + 5)->path));
        assert_memory_equal(item_at(f, i)->sha256, item_at(f, i + 5)->sha256, FP_SHA256_SIZE);
    }
}

static void test_empty_file(void **state)
{
    fixture *f = *state;
    put(f, "empty.log", "", 0);
    add_root(f);
    const fp_item *item = item_at(f, 1);
    assert_int_equal(item->kind, FP_KIND_UNKNOWN);
    assert_true(has_problem(item, "empty"));
    assert_true(item->hashed);
    assert_int_equal(f->recorder.count, 0);
}

static void test_empty_folder(void **state)
{
    fixture *f = *state;
    add_root(f);
    assert_int_equal(fp_evidence_count(f->set), 0);
}

static void test_links_are_not_followed(void **state)
{
    fixture *f = *state;
    put_text(f, "a/real.log", log_text);
    assert_true(tree_link(&f->tree, "inside.log", "a/real.log"));
    assert_true(tree_link(&f->tree, "outside", "/etc/passwd"));
    assert_true(tree_link(&f->tree, "dangling", "nowhere"));
    assert_true(tree_link(&f->tree, "loop", "."));
    assert_true(tree_link(&f->tree, "folder", "a"));
    add_root(f);
    assert_int_equal(fp_evidence_count(f->set), 6);
    check_refused(f, "set/inside.log", "a symbolic link to \"a/real.log\": not followed");
    check_refused(f, "set/outside", "/etc/passwd");
    check_refused(f, "set/dangling", "nowhere");
    check_refused(f, "set/loop", "not followed");
    check_refused(f, "set/folder", "not followed");
    check_read(f, "real.log", FP_KIND_LOG, sizeof log_text - 1);
}

/* With nobody at the other end, opening or reading the pipe would wait for ever. */
static void test_special_files_are_refused(void **state)
{
    fixture *f = *state;
    assert_true(tree_pipe(&f->tree, "pipe.log"));
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", f->tree.root);
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    add_root(f);
    (void)close(fd);
    check_refused(f, "pipe.log", "a named pipe: not read");
    check_refused(f, "socket", "a socket: not read");
}

static void test_unreadable_file_and_folder(void **state)
{
    fixture *f = *state;
    put_text(f, "closed.log", log_text);
    put_text(f, "folder/x.log", log_text);
    put_text(f, "open.log", log_text);
    char path[128];
    (void)snprintf(path, sizeof path, "%s/closed.log", f->tree.root);
    assert_int_equal(chmod(path, 0), 0);
    (void)snprintf(path, sizeof path, "%s/folder", f->tree.root);
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(chmod(f->tree.root, 0755), 0);

    const bool root = geteuid() == 0; /* modes do not bind root: become somebody else */
    if (root && seteuid(65534) != 0)
        skip();
    const fp_status status = add(f, "", "set");
    if (root)
        assert_int_equal(seteuid(0), 0);
    (void)chmod(path, 0755);

    assert_int_equal(status, FP_OK);
    assert_int_equal(fp_evidence_count(f->set), 3);
    check_refused(f, "closed.log", strerror(EACCES));
    check_refused(f, "folder", strerror(EACCES));
    check_read(f, "open.log", FP_KIND_LOG, sizeof log_text - 1);
}

static void test_names_are_escaped(void **state)
{
    fixture *f = *state;
    put_text(f, "a\x1B[31m.log", log_text);
    put_text(f, "b\xFF\n", "x");
    put_text(f,
             "c\xE2\x80\xAE"
             "d",
             "x"); /* right-to-left override */
    put_text(f, "d\\e", "x");
    assert_true(tree_link(&f->tree, "e", "to\x1B[2J"));
    add_root(f);
    assert_str(item_at(f, 1)->path, "set/a\\x1b[31m.log");
    assert_str(item_at(f, 1)->name, "a\\x1b[31m.log");
    check_read(f, "31m.log", FP_KIND_LOG, sizeof log_text - 1);
    assert_str(item_at(f, 2)->path, "set/b\\xff\\x0a");
    assert_str(item_at(f, 4)->name, "d\\e"); /* no separator here */
    for (uint32_t id = 1; id <= 5; id++) {
        const fp_str path = item_at(f, id)->path;
        assert_true(fp_text_is_utf8(path));
        for (size_t i = 0; i < path.size; i++)
            assert_in_range((unsigned char)path.data[i], 0x20, 0x7E);
    }
    assert_null(strchr(item_at(f, 5)->problems[0], '\x1B'));
}

static void test_long_paths_are_cut(void **state)
{
    fixture *f = *state;
    enum { DEPTH = 20, NAME = 250 };
    char name[NAME + 1];
    memset(name, 'n', NAME);
    name[NAME] = '\0';
    int fd = tree_open(&f->tree, "");
    for (int i = 0; i < DEPTH; i++) {
        assert_int_equal(mkdirat(fd, name, 0755), 0);
        const int next = openat(fd, name, O_RDONLY | O_DIRECTORY);
        (void)close(fd);
        assert_true(next >= 0);
        fd = next;
    }
    const int file = openat(fd, "the.log", O_WRONLY | O_CREAT, 0644);
    assert_int_equal(write(file, log_text, sizeof log_text - 1), sizeof log_text - 1);
    (void)close(file);
    (void)close(fd);
    add_root(f);
    assert_int_equal(fp_evidence_count(f->set), 1);
    const fp_item *item = item_at(f, 1);
    assert_true(item->path.size <= 4096);
    assert_str(item->name, "the.log");
    assert_true(fp_str_iends(item->path, FP_STR("the.log")));
    assert_true(has_problem(item, "too long"));
    assert_int_equal(item->kind, FP_KIND_LOG);
    assert_true(item->complete);
}

static void test_folder_depth(void **state)
{
    fixture *f = *state;
    put_text(f, "1/a", "x");
    put_text(f, "1/2/b", "x");
    put_text(f, "1/2/3/c", "x");
    f->options.limits.folder_depth = 3;
    add_root(f);
    assert_int_equal(fp_evidence_count(f->set), 3);
    check_refused(f, "set/1/2/3", "nested too deep");
    assert_str(find_item(f->set, "set/1/2/3")->name, "3");
    check_read(f, "set/1/2/b", FP_KIND_UNKNOWN, 1);
}

static void test_item_limit(void **state)
{
    fixture *f = *state;
    for (char c = 'a'; c <= 'e'; c++) {
        const char name[] = {'1', '/', c, '\0'};
        put_text(f, name, "x");
    }
    put_text(f, "2/z", "x");
    f->options.limits.items = 3;
    add_root(f);
    assert_int_equal(fp_evidence_count(f->set), 4);
    check_refused(f, "set/1/d", "the limit of 3 items");
    for (uint32_t id = 1; id <= 3; id++)
        assert_int_equal(item_at(f, id)->problem_count, 0);
    /* Said once: what is added now is part of "everything after it". */
    add_root(f);
    assert_int_equal(fp_evidence_count(f->set), 4);
    assert_int_equal(fp_evidence_add_unopened(f->set, "later", "no such file"), FP_OK);
    assert_int_equal(fp_evidence_count(f->set), 4);
}

static void test_folder_limit(void **state)
{
    fixture *f = *state;
    assert_true(tree_folder(&f->tree, "a"));
    assert_true(tree_folder(&f->tree, "b"));
    assert_true(tree_folder(&f->tree, "c"));
    f->options.limits.items = 3; /* the root, a and b */
    add_root(f);
    check_refused(f, "set/c", "the limit on folders");
}

static void test_unopened(void **state)
{
    fixture *f = *state;
    open_set(f);
    assert_int_equal(fp_evidence_add_unopened(f->set, "gone\x01.log", "No such\tfile"), FP_OK);
    const fp_item *item = item_at(f, 1);
    assert_str(item->path, "gone\\x01.log");
    assert_int_equal(item->problem_count, 1);
    assert_false(item->complete);
}

/* ---- single files and pipes ---- */

static void test_one_file(void **state)
{
    fixture *f = *state;
    put_text(f, "x.log", log_text);
    assert_int_equal(add(f, "x.log", "some/where/x.log"), FP_OK);
    assert_str(item_at(f, 1)->path, "some/where/x.log");
    assert_str(item_at(f, 1)->name, "x.log");
    check_read(f, "x.log", FP_KIND_LOG, sizeof log_text - 1);
}

/* The position of the descriptor is somewhere: reading starts at the file's start all the same. */
static void test_position_does_not_matter(void **state)
{
    fixture *f = *state;
    open_set(f);
    const int fd = blob(log_text, sizeof log_text - 1);
    assert_int_equal(lseek(fd, 0, SEEK_CUR), sizeof log_text - 1);
    assert_int_equal(fp_evidence_add(f->set, fd, "x.log", false, NULL), FP_OK);
    assert_int_equal(lseek(fd, 0, SEEK_CUR), sizeof log_text - 1);
    (void)close(fd);
    check_read(f, "x.log", FP_KIND_LOG, sizeof log_text - 1);
}

static void test_special_file_named_by_the_user(void **state)
{
    fixture *f = *state;
    open_set(f);
    const int fd = open("/dev/null", O_RDONLY);
    fp_diag d = {0};
    assert_int_equal(fp_evidence_add(f->set, fd, "/dev/null", false, &d), FP_UNSUPPORTED);
    assert_int_equal(d.status, FP_UNSUPPORTED);
    (void)close(fd);
    check_refused(f, "/dev/null", "neither a file nor a folder");
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fp_evidence_add(f->set, ends[0], "a pipe", false, NULL), FP_UNSUPPORTED);
    (void)close(ends[0]);
    (void)close(ends[1]);
    check_refused(f, "a pipe", "neither a file nor a folder");
}

/* A file by its type, and nothing can be read from where it starts. */
static void test_unreadable_bytes(void **state)
{
    fixture *f = *state;
    open_set(f);
    const int fd = open("/proc/self/mem", O_RDONLY);
    fp_diag d = {0};
    assert_int_equal(fp_evidence_add(f->set, fd, "mem", false, &d), FP_IO);
    assert_int_equal(d.status, FP_IO);
    (void)close(fd);
    check_refused(f, "mem", strerror(EIO));
}

static void test_huge_sparse_file(void **state)
{
    fixture *f = *state;
    put(f, "huge", "x", 1);
    char path[128];
    (void)snprintf(path, sizeof path, "%s/huge", f->tree.root);
    if (truncate(path, (off_t)1 << 40) != 0)
        skip(); /* a file system that cannot */
    add_root(f);
    const fp_item *item = item_at(f, 1);
    assert_int_equal(item->size, (uint64_t)1 << 40);
    assert_true(has_problem(item, "on a file: not read"));
    assert_false(item->complete);
    assert_false(item->hashed);
}

static void test_bad_descriptor(void **state)
{
    fixture *f = *state;
    open_set(f);
    fp_diag d = {0};
    assert_int_equal(fp_evidence_add(f->set, -1, "x", false, &d), FP_IO);
    assert_int_equal(d.status, FP_IO);
    check_refused(f, "x", strerror(EBADF));
}

static void add_pipe(fixture *f, const void *bytes, size_t size, fp_status expected)
{
    int ends[2];
    open_set(f);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], bytes, size), (ssize_t)size); /* fits: a pipe holds 64 KiB */
    (void)close(ends[1]);
    assert_int_equal(fp_evidence_add(f->set, ends[0], "-", true, NULL), expected);
    (void)close(ends[0]);
}

static void test_standard_input(void **state)
{
    fixture *f = *state;
    add_pipe(f, log_text, sizeof log_text - 1, FP_OK);
    assert_int_equal(fp_evidence_count(f->set), 1);
    check_read(f, "-", FP_KIND_LOG, sizeof log_text - 1);
}

static void test_standard_input_that_is_empty(void **state)
{
    fixture *f = *state;
    add_pipe(f, "", 0, FP_OK);
    assert_true(has_problem(item_at(f, 1), "empty"));
}

static void test_standard_input_over_its_limit(void **state)
{
    fixture *f = *state;
    f->options.limits.whole_item = sizeof log_text + 10;
    char twice[2 * sizeof log_text];
    (void)snprintf(twice, sizeof twice, "%s%s", log_text, log_text);
    add_pipe(f, twice, strlen(twice), FP_OK);
    const fp_item *item = item_at(f, 1);
    assert_int_equal(item->size, sizeof log_text + 10);
    assert_true(has_problem(item, "cut at the limit"));
    assert_false(item->complete);
    assert_false(item->hashed); /* what was hashed is not what came in */
    const record *r = recorder_find(&f->recorder, 1);
    assert_non_null(r);
    assert_false(r->complete);
}

static void test_standard_input_at_its_limit(void **state)
{
    fixture *f = *state;
    f->options.limits.whole_item = sizeof log_text - 1;
    add_pipe(f, log_text, sizeof log_text - 1, FP_OK);
    check_read(f, "-", FP_KIND_LOG, sizeof log_text - 1);
}

/* ---- files that change while they are read ---- */

enum { LONG_LOG = 3 * 1024 * 1024 + 17 };

static char *long_log(size_t size)
{
    char *text = malloc(size);
    assert_non_null(text);
    for (size_t at = 0; at < size; at += sizeof log_text - 1) {
        const size_t left = size - at;
        memcpy(text + at, log_text, left < sizeof log_text - 1 ? left : sizeof log_text - 1);
    }
    return text;
}

static void put_long_log(fixture *f, const char *path, size_t size)
{
    char *text = long_log(size);
    put(f, path, text, size);
    free(text);
}

static int open_long(const fixture *f)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/long.log", f->tree.root);
    return open(path, O_RDWR);
}

static void truncate_it(void *context)
{
    const int fd = open_long(context);
    (void)!ftruncate(fd, 1024 * 1024 + 1000);
    (void)close(fd);
}

static void truncate_to_nothing(void *context)
{
    const int fd = open_long(context);
    (void)!ftruncate(fd, 0);
    (void)close(fd);
}

static void grow_it(void *context)
{
    const int fd = open_long(context);
    (void)!ftruncate(fd, 10 * 1024 * 1024);
    (void)close(fd);
}

static void rewrite_it(void *context)
{
    const struct timespec then[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = 1000000000}};
    const int fd = open_long(context);
    (void)!pwrite(fd, "X", 1, LONG_LOG - 1);
    (void)futimens(fd, then);
    (void)close(fd);
}

/* As a copy tool would, or somebody who hides: the time of the last write is set back. */
static void rewrite_in_secret(void *context)
{
    struct stat st = {0};
    const int fd = open_long(context);
    (void)fstat(fd, &st);
    (void)usleep(50 * 1000); /* more than the clock's grain */
    (void)!pwrite(fd, "X", 1, LONG_LOG - 1);
    const struct timespec then[2] = {{.tv_nsec = UTIME_OMIT}, st.st_mtim};
    (void)futimens(fd, then);
    (void)close(fd);
}

typedef struct change_row {
    const char *what;
    void (*change)(void *context);
    uint64_t size;
} change_row;

static const change_row changes[] = {
    {"a file cut while it is read", truncate_it, 1024 * 1024 + 1000},
    {"a file emptied while it is read", truncate_to_nothing, 1024 * 1024},
    {"a file that grows while it is read", grow_it, LONG_LOG},
    {"a file rewritten while it is read", rewrite_it, LONG_LOG},
    {"a file rewritten, its time set back", rewrite_in_secret, LONG_LOG},
};

static void test_change(void **state)
{
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        print_message("           %s\n", changes[i].what);
        void *own = NULL;
        assert_int_equal(set_up(&own), 0);
        fixture *f = own;
        put_long_log(f, "long.log", LONG_LOG);
        f->recorder.during = changes[i].change;
        f->recorder.during_context = f;
        add_root(f);
        const fp_item *item = item_at(f, 1);
        assert_int_equal(item->kind, FP_KIND_LOG);
        assert_int_equal(item->size, changes[i].size);
        assert_true(has_problem(item, "it changed while it was read"));
        assert_false(item->complete);
        assert_false(item->hashed);
        const record *r = recorder_find(&f->recorder, 1);
        assert_non_null(r);
        assert_false(r->complete);
        assert_int_equal(r->size, changes[i].size);
        assert_int_equal(tear_down(&own), 0);
    }
    (void)state;
}

/* ---- limits on memory, large items ---- */

static void test_item_too_large_to_hold(void **state)
{
    fixture *f = *state;
    char large[1000] = "regf";
    f->options.limits.whole_item = sizeof large - 1;
    put(f, "a.hiv", large, sizeof large);
    put(f, "b.reg", export_utf16, sizeof export_utf16 - 1);
    add_root(f);
    const fp_item *item = item_at(f, 1);
    assert_int_equal(item->kind, FP_KIND_REGISTRY_HIVE);
    assert_int_equal(item->size, sizeof large);
    assert_true(item->hashed);
    assert_false(item->complete);
    assert_true(has_problem(item, "not examined"));
    assert_null(recorder_find(&f->recorder, 1));
    check_read(f, "b.reg", FP_KIND_REGISTRY_EXPORT, sizeof export_utf16 - 1);
}

/* What was given up does not count: the third one still fits beside the first. */
static void test_memory_of_all_items(void **state)
{
    fixture *f = *state;
    f->options.limits.memory = 2 * sizeof hive + 10;
    char large[2 * sizeof hive] = "regf";
    put(f, "1", hive, sizeof hive);
    put(f, "2", large, sizeof large);
    put(f, "3", hive, sizeof hive);
    put(f, "4", hive, sizeof hive);
    add_root(f);
    check_read(f, "set/1", FP_KIND_REGISTRY_HIVE, sizeof hive);
    assert_true(has_problem(item_at(f, 2), "of all items is reached"));
    check_read(f, "set/3", FP_KIND_REGISTRY_HIVE, sizeof hive);
    assert_true(has_problem(item_at(f, 4), "of all items is reached"));
    assert_int_equal(f->recorder.count, 2);
}

static void test_memory_is_given_back(void **state)
{
    fixture *f = *state;
    enum { MIB = 1 << 20 };
    f->options.limits.memory = 2 * MIB + MIB / 2;
    uint8_t *large = calloc(3, MIB);
    assert_non_null(large);
    memcpy(large, hive, sizeof hive);
    put(f, "1", large, 3 * MIB); /* given up after two chunks */
    put(f, "2", large, 2 * MIB);
    free(large);
    add_root(f);
    assert_true(has_problem(item_at(f, 1), "of all items is reached"));
    check_read(f, "set/2", FP_KIND_REGISTRY_HIVE, 2 * MIB);
}

/* Large enough for the second thread; sizes around the chunk and the recognised head as well. */
static void test_sizes(void **state)
{
    static const size_t sizes[] = {1000,    65535,   65536,   65537,        1048575,
                                   1048576, 1048577, 2097152, 33554432 - 1, 33554432 + 5};
    fixture *f = *state;
    char *text = long_log(33554432 + 5);
    open_set(f);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        put(f, "x.log", text, sizes[i]);
        assert_int_equal(add(f, "x.log", "x.log"), FP_OK);
        const fp_item *item = item_at(f, (uint32_t)i + 1);
        uint8_t expected[FP_SHA256_SIZE];
        assert_int_equal(fp_digest_span(FP_SHA256, fp_span_of(text, sizes[i]), expected), FP_OK);
        assert_true(item->complete);
        assert_int_equal(item->size, sizes[i]);
        assert_memory_equal(item->sha256, expected, FP_SHA256_SIZE);
        const record *r = recorder_find(&f->recorder, item->id);
        assert_non_null(r);
        assert_memory_equal(r->sha256, expected, FP_SHA256_SIZE);
    }
    free(text);
    assert_false(f->recorder.progress_backward);
    assert_false(f->recorder.progress_beyond);
    assert_true(f->recorder.progress > 70 * 1000 * 1000);
    assert_int_equal(f->recorder.progress_total, item_at(f, sizeof sizes / sizeof sizes[0])->size);
}

/* ---- problems ---- */

static void test_problems_are_capped(void **state)
{
    fixture *f = *state;
    open_set(f);
    assert_int_equal(fp_evidence_add_unopened(f->set, "x", "first"), FP_OK);
    char text[5000];
    memset(text, 'p', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    fp_evidence_problem(f->set, 1, "%s\xE2\x82", text);
    fp_evidence_problem(f->set, 1, "bad \xFF byte and \x07");
    for (int i = 0; i < 100; i++)
        fp_evidence_problem(f->set, 1, "problem %d", i);
    fp_evidence_problem(f->set, 0, "nobody's");
    fp_evidence_problem(f->set, 2, "nobody's");
    const fp_item *item = item_at(f, 1);
    assert_int_equal(item->problem_count, 103);
    assert_true(strlen(item->problems[1]) <= 1000);
    assert_string_equal(item->problems[2], "bad \\xff byte and \\x07");
    assert_string_equal(item->problems[FP_ITEM_PROBLEMS_MAX - 1], "problem 28");
}

/* However many there are, hostile items cannot use up the memory for them. */
static void test_problems_without_end(void **state)
{
    fixture *f = *state;
    open_set(f);
    char text[901];
    memset(text, 1, sizeof text - 1); /* four bytes each when shown */
    text[sizeof text - 1] = '\0';
    for (uint32_t id = 1; id <= 1500; id++) {
        assert_int_equal(fp_evidence_add_unopened(f->set, "x", text), FP_OK);
        for (int i = 1; i < FP_ITEM_PROBLEMS_MAX; i++)
            fp_evidence_problem(f->set, id, "%s", text);
    }
    const fp_item *last = item_at(f, 1500);
    assert_int_equal(last->problem_count, FP_ITEM_PROBLEMS_MAX);
    assert_true(has_problem(last, "no memory"));
}

/* ---- the run's own failures ---- */

static void test_handler_without_memory(void **state)
{
    fixture *f = *state;
    put_text(f, "x.log", log_text);
    put(f, "y", hive, sizeof hive);
    f->recorder.fail_with = FP_NOMEM;
    open_set(f);
    const int fd = tree_open(&f->tree, "");
    assert_int_equal(fp_evidence_add(f->set, fd, "set", false, NULL), FP_NOMEM);
    (void)close(fd);
}

static void test_no_handlers(void **state)
{
    fixture *f = *state;
    put_usual(f);
    f->options.handler_count = 0;
    f->options.progress = NULL;
    add_root(f);
    assert_int_equal(fp_evidence_count(f->set), 5);
    for (uint32_t id = 1; id <= 5; id++) {
        assert_true(item_at(f, id)->hashed);
        assert_true(item_at(f, id)->complete);
    }
    assert_int_equal(item_at(f, 3)->kind, FP_KIND_REGISTRY_HIVE);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    static const struct CMUnitTest tests[] = {
        TEST(test_folder),
        TEST(test_known_digest),
        TEST(test_trailing_slash_in_the_name),
        TEST(test_same_folder_twice),
        TEST(test_empty_file),
        TEST(test_empty_folder),
        TEST(test_links_are_not_followed),
        TEST(test_special_files_are_refused),
        TEST(test_unreadable_file_and_folder),
        TEST(test_names_are_escaped),
        TEST(test_long_paths_are_cut),
        TEST(test_folder_depth),
        TEST(test_item_limit),
        TEST(test_folder_limit),
        TEST(test_unopened),
        TEST(test_one_file),
        TEST(test_position_does_not_matter),
        TEST(test_special_file_named_by_the_user),
        TEST(test_unreadable_bytes),
        TEST(test_huge_sparse_file),
        TEST(test_bad_descriptor),
        TEST(test_standard_input),
        TEST(test_standard_input_that_is_empty),
        TEST(test_standard_input_over_its_limit),
        TEST(test_standard_input_at_its_limit),
        cmocka_unit_test(test_change),
        TEST(test_item_too_large_to_hold),
        TEST(test_memory_of_all_items),
        TEST(test_memory_is_given_back),
        TEST(test_sizes),
        TEST(test_problems_are_capped),
        TEST(test_problems_without_end),
        TEST(test_handler_without_memory),
        TEST(test_no_handlers),
    };
    return RUN_TESTS(tests);
}
