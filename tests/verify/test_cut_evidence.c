/* SPDX-License-Identifier: MIT */
/*
 * Evidence that is cut anywhere never settles the question otherwise: promise 3, "sound with
 * partial evidence".
 *
 * Each row hands in a registry that is cut at one offset after another (and whole files beside it).
 * Whatever is left, a definite verdict must be the one that the whole registry gives, or there is
 * none.
 */
#include "tests/support/case_input.h"
#include "tests/support/case_world.h"
#include "tests/support/check.h"
#include "verify/decide/assess.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define EVIDENCE FIXPROOF_SOURCE_DIR "/tests/cases/evidence/"

typedef struct row {
    const char *registry; /* cut */
    const char *log;      /* whole; or NULL */
    fp_verdict whole;     /* what the whole registry gives */
    size_t step;          /* of the offsets; odd, so that no alignment hides anything */
} row;

static int memory_file(const char *bytes, size_t size)
{
    const int fd = memfd_create("cut", MFD_CLOEXEC);
    if (fd >= 0 && write(fd, bytes, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* FP_UNDETERMINED also when nothing could be made of it. */
static fp_verdict decide(const char *registry, size_t size, const char *log, size_t log_size)
{
    const fp_case_options options = {
        .advisories = &world.advisory, .advisory_count = 1, .releases = world.releases};
    const fp_assess_options how = {.since = FP_TIME_NONE};
    const fp_case_input inputs[] = {{.fd = memory_file(registry, size), .name = "SOFTWARE"},
                                    {.fd = memory_file(log, log_size), .name = "wsyncmgr.log"}};
    fp_case *c = NULL;
    fp_diag d = {0};
    fp_result result = {0};
    if (fp_case_open(inputs, log == NULL ? 1 : 2, &options, &c, &d) == FP_OK)
        assert_int_equal(fp_assess(c, &options, 0, &how, &result), FP_OK);
    fp_case_free(c);
    close(inputs[0].fd);
    close(inputs[1].fd);
    return result.verdict;
}

static void cut_everywhere(void **state)
{
    const row *r = *state;
    char path[1024];
    size_t size = 0, log_size = 0;
    snprintf(path, sizeof path, EVIDENCE "%s", r->registry);
    char *registry = slurp_file(path, &size);
    snprintf(path, sizeof path, EVIDENCE "%s", r->log == NULL ? r->registry : r->log);
    char *log = slurp_file(path, &log_size);
    assert_non_null(registry);
    assert_non_null(log);
    const char *beside = r->log == NULL ? NULL : log;

    assert_int_equal(decide(registry, size, beside, log_size), r->whole);
    size_t wrong = 0;
    for (size_t cut = 0; cut < size; cut += r->step) {
        const fp_verdict got = decide(registry, cut, beside, log_size);
        if (got != FP_UNDETERMINED && got != r->whole) {
            print_error("%s cut to %zu of %zu bytes: %s\n", r->registry, cut, size,
                        fp_verdict_name(got));
            wrong++;
        }
    }
    free(registry);
    free(log);
    assert_int_equal(wrong, 0);
}

static const row rows[] = {
    {"registry/none.reg", NULL, FP_NOT_APPLICABLE, 1},
    {"registry/sp2.reg", NULL, FP_NOT_APPLICABLE, 1},
    {"registry/sp1-kb.reg", NULL, FP_FIXED, 1},
    {"registry/sp1-wow64-kb.reg", NULL, FP_FIXED, 3},
    {"registry/sp1-kb.utf16.reg", NULL, FP_FIXED, 3},
    {"registry/sp1-kb.reg", "logs/failing.log", FP_UNDETERMINED, 3},
    {"registry/sp1.reg", "logs/failing.log", FP_AFFECTED, 3},
    {"registry/sp1.reg", "logs/whole-run-no-legacy.log", FP_NOT_APPLICABLE, 3},
    {"registry/views-disagree.reg", NULL, FP_UNDETERMINED, 3},
    {"hives/none", NULL, FP_NOT_APPLICABLE, 13},
    {"hives/sp2", NULL, FP_NOT_APPLICABLE, 13},
    {"hives/sp1-kb", NULL, FP_FIXED, 13},
    {"hives/sp1-kb", "logs/after-fail.log", FP_AFFECTED, 29},
    {"hives/sp1", "logs/failing.log", FP_AFFECTED, 29},
};
enum { ROWS = sizeof rows / sizeof *rows };

int main(void)
{
    struct CMUnitTest tests[ROWS];
    char names[ROWS][160];
    for (size_t i = 0; i < ROWS; i++) {
        snprintf(names[i], sizeof names[i], "%s cut, %s", rows[i].registry,
                 rows[i].log == NULL ? "alone" : rows[i].log);
        tests[i] = (struct CMUnitTest){
            .name = names[i], .test_func = cut_everywhere, .initial_state = (void *)&rows[i]};
    }
    return _cmocka_run_group_tests("cut evidence", tests, ROWS, case_world_setup,
                                   case_world_teardown) != 0;
}
