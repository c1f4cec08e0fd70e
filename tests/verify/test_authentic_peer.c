/* SPDX-License-Identifier: MIT */
/*
 * A second opinion: files that osslsigncode signed in many ways (tests/support/sign-variants), and
 * copies of them with one byte altered. Its digests must be ours; what it refuses must not be valid
 * here; and where only we refuse, it is for a rule that authentic.h names. Skipped where openssl or
 * osslsigncode is not installed.
 */
#include "tests/support/check.h"
#include "tests/support/slurp.h"

#include "verify/authentic/authentic.h"

#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BUDGET = 16 << 20, VARIANTS_LEAST = 50, ALTERED = 100 };

static char folder[] = "/tmp/fixproof-peer-XXXXXX";
static bool made;
static fp_trust *trust;
static fp_authentic_policy policy;

typedef struct content {
    uint8_t *data;
    size_t size;
} content;

static content read_file(const char *name)
{
    char path[512];
    content file = {0};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file.data = slurp_file(path, &file.size);
    assert_non_null(file.data);
    return file;
}

/* In the folder; the exit status. */
static int run(const char *command)
{
    char line[2048];
    snprintf(line, sizeof line, "cd '%s' && %s", folder, command);
    const int status = system(line);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int make_variants(void **state)
{
    (void)state;
    fp_trust_added added;
    assert_non_null(mkdtemp(folder));
    const int status = run("'" FIXPROOF_SOURCE_DIR
                           "/tests/support/sign-variants' \"$PWD\" '" MAKE_CAB "' '" MAKE_PE "'");
    if (status == 77)
        return 0;
    assert_int_equal(status, 0);
    content roots = read_file("roots.pem");
    trust = fp_trust_new();
    assert_int_equal(
        fp_trust_add_pem(trust, fp_span_of(roots.data, roots.size), true, &added, NULL), FP_OK);
    free(roots.data);
    policy = (fp_authentic_policy){.trust = trust, .now = (fp_time)time(NULL) * 1000};
    made = true;
    return 0;
}

static int remove_variants(void **state)
{
    (void)state;
    fp_trust_free(trust);
    return run("rm -rf \"$PWD\"");
}

static void need_variants(void)
{
    if (made)
        return;
    print_message("skipped: openssl or osslsigncode is not installed\n");
    skip();
}

static bool is_believed(fp_authentic_result result)
{
    return result == FP_AUTHENTIC_VALID || result == FP_AUTHENTIC_WEAK;
}

static void check_digests(const char *name, const fp_authenticity *got, char *theirs)
{
    char *rest = theirs;
    for (size_t i = 0; i < got->signature_count; i++) {
        const char *digest = strsep(&rest, ",");
        char ours[2 * FP_SHA256_SIZE + 1];
        const fp_authentic_signature *s = &got->signatures[i];
        if (s->digest_size == 0) /* SHA-384 */
            continue;
        fp_hex(s->digest, s->digest_size, ours);
        if (digest == NULL || strcmp(ours, digest) != 0)
            print_error("%s: signature %zu: %s, not %s\n", name, i, ours, digest);
        assert_non_null(digest);
        assert_string_equal(ours, digest);
    }
}

static void check_variant(const char *name, char *digests, bool succeeds)
{
    content file = read_file(name);
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_authenticity got;
    assert_int_equal(
        fp_authentic_span(fp_span_of(file.data, file.size), &policy, arena, &got, NULL), FP_OK);
    const bool sha384 = strncmp(name, "sha384", 6) == 0; /* not examined: authentic.h */
    if (is_believed(got.result) != (succeeds && !sha384))
        print_error("%s: %s (%.*s)\n", name, fp_authentic_result_name(got.result),
                    FP_STR_ARG(got.reason));
    assert_int_equal(is_believed(got.result), succeeds && !sha384);
    check_digests(name, &got, digests);
    fp_arena_free(arena);
    free(file.data);
}

static void signed_in_many_ways(void **state)
{
    (void)state;
    need_variants();
    content list = read_file("list");
    size_t count = 0;
    char *rest = (char *)list.data;
    for (char *line; (line = strsep(&rest, "\n")) != NULL && *line != '\0'; count++) {
        const char *name = strsep(&line, "\t");
        char *digests = strsep(&line, "\t");
        assert_non_null(line);
        check_variant(name, digests, strcmp(line, "succeeds") == 0);
    }
    assert_true(count >= VARIANTS_LEAST);
    free(list.data);
}

static bool osslsigncode_succeeds(const content *file)
{
    char path[512];
    snprintf(path, sizeof path, "%s/altered", folder);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(file->data, 1, file->size, out), file->size);
    fclose(out);
    return run("'" FIXPROOF_SOURCE_DIR
               "/tests/support/osslsigncode-verify' roots.pem altered >said 2>&1") == 0;
}

/* The rules that are ours alone: the header's form, DER throughout, one digest throughout, a time
 * stamp that holds, and every signature that is nested too. */
static bool is_stricter_rule(const fp_authenticity *got)
{
    if (got->decisive == NULL)
        return got->result == FP_AUTHENTIC_FORGED;
    if (is_believed(got->result))
        return false;
    const fp_authentic_check failed = got->decisive->failed;
    return got->signature_count > 1 || failed == FP_CHECK_STRUCTURE ||
           failed == FP_CHECK_ALGORITHM || failed == FP_CHECK_TIME_STAMP;
}

static void check_altered(const char *name, const content *file, size_t at)
{
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_authenticity got;
    assert_int_equal(
        fp_authentic_span(fp_span_of(file->data, file->size), &policy, arena, &got, NULL), FP_OK);
    const bool agreed = is_believed(got.result) == osslsigncode_succeeds(file);
    if (!agreed && !is_stricter_rule(&got))
        print_error("%s, byte %zu: %s (%.*s)\n", name, at, fp_authentic_result_name(got.result),
                    FP_STR_ARG(got.reason));
    assert_true(agreed || is_stricter_rule(&got));
    fp_arena_free(arena);
}

static void one_byte_altered(void **state)
{
    static const char *const names[] = {"stamped-packed.cab", "dual-stamped-wide.exe"};
    (void)state;
    need_variants();
    for (size_t i = 0; i < 2; i++) {
        content file = read_file(names[i]);
        for (size_t n = 0; n < ALTERED; n++) {
            const size_t at = n < 60 && i == 0 ? n : n * file.size / ALTERED;
            file.data[at] ^= 0x10;
            check_altered(names[i], &file, at);
            file.data[at] ^= 0x10;
        }
        free(file.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signed_in_many_ways),
        cmocka_unit_test(one_byte_altered),
    };
    return cmocka_run_group_tests_name(__FILE__, tests, make_variants, remove_variants) != 0;
}
