/* SPDX-License-Identifier: MIT */
/*
 * Every item of every sample (data/samples) and case (tests/cases), and every sample as an archive,
 * cut at every 4 KiB, small ones at every 512 bytes, text behind every line: less evidence never
 * settles the question otherwise.
 *
 *   - A definite verdict stays, or becomes undetermined and stays possible.
 *   - An undetermined one stays, or becomes one that it left open: where items contradict each
 *     other, the one that is gone does so no longer.
 *   - `assess` takes an installed fix on trust, under a caveat; `confirm` does not.
 *
 * Cuts that nothing in the evidence shows are rows of `exceptions`, with the reason.
 */
#include "tests/support/case_input.h"
#include "tests/support/case_world.h"
#include "tests/support/check.h"
#include "tests/support/evidence_tree.h"
#include "tests/support/slurp.h"
#include "verify/decide/assess.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SAMPLES FIXPROOF_SOURCE_DIR "/data/samples"
#define CASES   FIXPROOF_SOURCE_DIR "/tests/cases"

enum {
    TESTS_MAX = 1024,
    FILES_MAX = CASE_INPUTS_MAX,
    BLOCK = 4096,
    SMALL = 16 * 1024, /* bytes: a smaller file is cut at every PIECE too */
    PIECE = 512
};

/* ---- evidence in memory -----------------------------------------------------------------------
 */

typedef struct evidence {
    char names[FILES_MAX][CASE_NAME_MAX];
    member files[FILES_MAX]; /* data: malloc'd */
    size_t count;
} evidence;

static void add_file(evidence *e, const char *name, void *bytes, size_t size)
{
    assert_non_null(bytes);
    assert_true(e->count < FILES_MAX);
    (void)snprintf(e->names[e->count], CASE_NAME_MAX, "%s", name);
    e->files[e->count] = (member){.name = e->names[e->count], .data = bytes, .size = size};
    e->count++;
}

/* In the order of the names, as a folder is read. */
static void add_folder(evidence *e, const char *folder, const char *prefix)
{
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, NULL, alphasort);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        char path[1024], name[CASE_NAME_MAX];
        struct stat st;
        size_t size = 0;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        (void)snprintf(name, sizeof name, "%s%s", prefix, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && stat(path, &st) == 0) {
            void *bytes = S_ISDIR(st.st_mode) ? NULL : slurp_file(path, &size);
            if (S_ISDIR(st.st_mode))
                add_folder(e, path, strcat(name, "/"));
            else
                add_file(e, name, bytes, size);
        }
        free(entries[i]);
    }
    free(entries);
}

/* False: not everything in it is a file, or it needs what is not there. */
static bool add_case(evidence *e, const fp_json *json)
{
    case_inputs inputs = {0};
    bool files = case_inputs_open(fp_json_get(json, "evidence"), CASES, &inputs) == CASE_READY;
    for (size_t i = 0; files && i < inputs.count; i++) {
        struct stat st;
        files = fstat(inputs.at[i].fd, &st) == 0 && S_ISREG(st.st_mode);
    }
    for (size_t i = 0; files && i < inputs.count; i++) {
        size_t size = 0;
        void *bytes = slurp(dup(inputs.at[i].fd), &size);
        add_file(e, inputs.at[i].name, bytes, size);
    }
    case_inputs_close(&inputs);
    return files;
}

static void evidence_free(evidence *e)
{
    for (size_t i = 0; i < e->count; i++)
        free((void *)e->files[i].data);
}

/* ---- what is said of it -----------------------------------------------------------------------
 */

typedef enum mode { ASSESS = 0, CONFIRM, MODES } mode;
static const char *const mode_names[MODES] = {"assess", "confirm"};

typedef struct answer {
    fp_verdict verdict;
    fp_verdict_set possible; /* all of them, when nothing could be made of the evidence */
    bool on_trust;           /* under a caveat */
    char reason[64];
} answer;

typedef struct answers {
    answer of[MODES];
} answers;

static answer ask(fp_case *c, const fp_case_options *options, mode how)
{
    const fp_assess_options asked = {.strict = how == CONFIRM, .since = FP_TIME_NONE};
    fp_result result = {.verdict = FP_UNDETERMINED};
    answer a = {.verdict = FP_UNDETERMINED, .possible = ~(fp_verdict_set)0};
    if (c == NULL || !fp_case_usable(c) || c->host_conflict)
        return a;
    assert_int_equal(fp_assess(c, options, 0, &asked, &result), FP_OK);
    a.verdict = result.verdict;
    a.possible = result.possible;
    a.on_trust = result.caveat_count > 0;
    (void)snprintf(a.reason, sizeof a.reason, "%.*s", FP_STR_ARG(result.reason));
    return a;
}

static answers decide(const fp_case_input *inputs, size_t count)
{
    const fp_case_options options = {
        .advisories = &world.advisory, .advisory_count = 1, .releases = world.releases};
    fp_case *c = NULL;
    fp_diag d = {0};
    answers out;
    if (fp_case_open(inputs, count, &options, &c, &d) != FP_OK)
        c = NULL;
    for (mode m = ASSESS; m < MODES; m++)
        out.of[m] = ask(c, &options, m);
    fp_case_free(c);
    return out;
}

static int open_bytes(const void *bytes, size_t size)
{
    const int fd = blob(bytes, size);
    assert_true(fd >= 0 && lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

/* Of file `cut` there are only `size` bytes; FILES_MAX: all are whole. */
static answers decide_files(const evidence *e, size_t cut, size_t size)
{
    fp_case_input inputs[FILES_MAX];
    for (size_t i = 0; i < e->count; i++)
        inputs[i] =
            (fp_case_input){.fd = open_bytes(e->files[i].data, i == cut ? size : e->files[i].size),
                            .name = e->files[i].name};
    const answers out = decide(inputs, e->count);
    for (size_t i = 0; i < e->count; i++)
        (void)close(inputs[i].fd);
    return out;
}

static answers decide_archive(const char *name, const void *bytes, size_t size)
{
    const fp_case_input input = {.fd = open_bytes(bytes, size), .name = name};
    const answers out = decide(&input, 1);
    (void)close(input.fd);
    return out;
}

/* ---- the property -----------------------------------------------------------------------------
 */

/* A log that ends early is what the log was at an earlier time, and the verdict is about that time.
 */
static const struct {
    const char *set, *item;
    size_t from, to; /* bytes kept */
    const char *why;
} exceptions[] = {
    {"fix_not_effective/completes-then-fails.json", "evidence/logs/after-ok-then-fail.log", 1935,
     3156, "the log ends between a block that completes and the next one's first line"},
    {"fix_effective/fails-then-completes.json", "evidence/logs/after-fail-then-ok.log", 1963, 4323,
     "a failure stands until a later block is known to have completed"},
};

enum { EXCEPTIONS = sizeof exceptions / sizeof exceptions[0] };
static bool needed[EXCEPTIONS];

static bool is_exception(const char *set, const char *item, size_t kept)
{
    for (size_t i = 0; i < EXCEPTIONS; i++) {
        if (strcmp(exceptions[i].set, set) == 0 && strcmp(exceptions[i].item, item) == 0 &&
            kept >= exceptions[i].from && kept <= exceptions[i].to) {
            needed[i] = true;
            return true;
        }
    }
    return false;
}

static void test_exceptions(void **state)
{
    (void)state;
    for (size_t i = 0; i < EXCEPTIONS; i++)
        if (!needed[i])
            fail_msg("no longer an exception: %s (%s)", exceptions[i].set, exceptions[i].why);
}

static bool allowed(mode m, const answer *whole, const answer *got)
{
    if (got->verdict == FP_UNDETERMINED)
        return whole->verdict == FP_UNDETERMINED || (whole->possible & ~got->possible) == 0;
    if (whole->verdict == FP_UNDETERMINED && (whole->possible & fp_verdict_bit(got->verdict)) != 0)
        return true;
    return got->verdict == whole->verdict ||
           (m == ASSESS && got->verdict == FP_FIXED && got->on_trust &&
            strcmp(whole->reason, "fix_not_effective") == 0);
}

/* How many of the answers break it. */
static size_t broken(const char *set, const char *item, size_t kept, const answers *whole,
                     const answers *got)
{
    size_t wrong = 0;
    for (mode m = ASSESS; m < MODES; m++) {
        const answer *w = &whole->of[m];
        const answer *g = &got->of[m];
        if (allowed(m, w, g) || is_exception(set, item, kept))
            continue;
        print_error("%s: %s cut to %zu bytes, %s: %s (%s) became %s (%s)\n", set, item, kept,
                    mode_names[m], fp_verdict_name(w->verdict), w->reason,
                    fp_verdict_name(g->verdict), g->reason);
        wrong++;
    }
    return wrong;
}

static bool ends_line(const char *bytes, size_t at)
{
    return at >= 2 && (bytes[at - 1] == '\n' || (bytes[at - 2] == '\n' && bytes[at - 1] == '\0'));
}

static bool is_text(const member *file)
{
    const char *bytes = file->data;
    return memchr(bytes, '\0', file->size) == NULL || memcmp(bytes, "\xFF\xFE", 2) == 0;
}

static size_t cut_files(const char *set, const evidence *e, const answers *whole, size_t *wrong)
{
    size_t cuts = 0;
    for (size_t i = 0; i < e->count; i++) {
        const member *file = &e->files[i];
        for (size_t at = 0; at < file->size; at++) {
            const bool edge = at % BLOCK == 0 || (file->size < SMALL && at % PIECE == 0);
            if (!edge && !(is_text(file) && ends_line(file->data, at)))
                continue;
            const answers got = decide_files(e, i, at);
            *wrong += broken(set, file->name, at, whole, &got);
            cuts++;
        }
    }
    return cuts;
}

static void cut_archive(const char *set, const evidence *e, const char *format,
                        const answers *whole, size_t *wrong)
{
    size_t size = 0;
    const int fd = pack(format, e->files, e->count);
    char *bytes = fd < 0 ? NULL : slurp(fd, &size);
    assert_non_null(bytes);
    const answers all = decide_archive(format, bytes, size);
    assert_int_equal(all.of[ASSESS].verdict, whole->of[ASSESS].verdict);
    for (size_t at = 0; at < size; at += size < SMALL ? PIECE : BLOCK) {
        const answers got = decide_archive(format, bytes, at);
        *wrong += broken(set, format, at, whole, &got);
    }
    free(bytes);
}

static void test_sample(void **state)
{
    const char *name = *state;
    char folder[1024];
    evidence e = {.count = 0};
    size_t wrong = 0;
    (void)snprintf(folder, sizeof folder, SAMPLES "/%s/evidence", name);
    add_folder(&e, folder, "");
    const answers whole = decide_files(&e, FILES_MAX, 0);
    assert_true(cut_files(name, &e, &whole, &wrong) > 10);
    cut_archive(name, &e, "zip", &whole, &wrong);
    cut_archive(name, &e, "tar", &whole, &wrong);
    evidence_free(&e);
    assert_int_equal(wrong, 0);
}

/* What was declared is not evidence; sets that are an error have no verdict to keep. */
static void test_case(void **state)
{
    char path[1024];
    size_t size = 0;
    size_t wrong = 0;
    evidence e = {.count = 0};
    fp_json *json = NULL;
    fp_diag d = {0};
    (void)snprintf(path, sizeof path, CASES "/%s", (const char *)*state);
    char *text = slurp_file(path, &size);
    assert_non_null(text);
    assert_int_equal(fp_json_parse(fp_span_of(text, size), &json, &d), FP_OK);
    if (fp_json_get(json, "declare") == NULL &&
        fp_json_get(fp_json_get(json, "expect"), "error") == NULL && add_case(&e, json)) {
        const answers whole = decide_files(&e, FILES_MAX, 0);
        (void)cut_files(*state, &e, &whole, &wrong);
    }
    evidence_free(&e);
    fp_json_free(json);
    free(text);
    assert_int_equal(wrong, 0);
}

/* ---- the list ---------------------------------------------------------------------------------
 */

static struct CMUnitTest tests[TESTS_MAX];
static size_t test_count;

static void add_test(CMUnitTestFunction test, const char *folder, const char *name)
{
    char full[CASE_NAME_MAX];
    (void)snprintf(full, sizeof full, "%s%s%s", folder, folder[0] == '\0' ? "" : "/", name);
    char *copy = strdup(full);
    if (copy == NULL || test_count == TESTS_MAX) {
        fprintf(stderr, "too many tests, or no memory\n");
        exit(1);
    }
    tests[test_count++] =
        (struct CMUnitTest){.name = copy, .test_func = test, .initial_state = copy};
}

static void add_tests(CMUnitTestFunction test, const char *top, const char *folder,
                      const char *tail)
{
    char path[1024];
    struct dirent **entries = NULL;
    (void)snprintf(path, sizeof path, "%s/%s", top, folder);
    const int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        struct stat st;
        (void)snprintf(path, sizeof path, "%s/%s/%s", top, folder, entries[i]->d_name);
        const bool is_folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
        if (entries[i]->d_name[0] != '.') {
            if (case_ends_with(entries[i]->d_name, tail) && is_folder == (tail[0] == '\0'))
                add_test(test, folder, entries[i]->d_name);
            else if (is_folder && folder[0] == '\0' && strcmp(entries[i]->d_name, "evidence") != 0)
                add_tests(test, top, entries[i]->d_name, tail);
        }
        free(entries[i]);
    }
    free(entries);
}

int main(void)
{
    add_tests(test_sample, SAMPLES, "", "");
    add_tests(test_case, CASES, "", ".json");
    add_test(test_exceptions, "", "every exception is one");
    if (test_count == 0)
        return 1;
    const int failed = _cmocka_run_group_tests("cut items", tests, test_count, case_world_setup,
                                               case_world_teardown);
    for (size_t i = 0; i < test_count; i++)
        free((void *)tests[i].name);
    return failed != 0;
}
